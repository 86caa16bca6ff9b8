/* What a Cox regression is on, as named by its spec. */
#ifndef FM_RETENTION_COX_TERMS_PRIV_H
#define FM_RETENTION_COX_TERMS_PRIV_H

#include "retention/cox/spec_priv.h"
#include "table/table_priv.h"

enum { FM__COX_NUMBER, FM__COX_TEXT, FM__COX_DATED, FM__COX_EVER };
typedef struct fm__cox_term {
  char *name;      /* as in the spec */
  char *reference; /* of a text column */
  char *column;    /* in the frame */
  int32_t kind;
  size_t place; /* its number column or id set among the kept rows */
} fm__cox_term;

typedef struct fm__cox_terms {
  fm__cox_term *items;
  size_t n;
  char *time, *entry; /* columns */
  char **accepted;
  size_t n_accepted;
  const char *clock;
  const char *id; /* of the measure, borrowed, for messages */
} fm__cox_terms;

/* FM_ERR_ARGUMENT: a term named twice, a dated thing taken as fixed that is not accepted, a clock that is none.
 */
fm_status fm__cox_terms_create(fm__cox_terms *t, const fm_retention_cox_spec *spec, const char *id, fm_error *err);
void fm__cox_terms_free(fm__cox_terms *t);
bool fm__cox_terms_accept(const fm__cox_terms *t, const char *name);
/* FM_ERR_ARGUMENT: a covariate of the frame that has a dated column beside it; FM_ERR_TYPE: a text column without a
 * reference. */
fm_status fm__cox_terms_check(const fm__cox_terms *t, const fm_table *frame, fm_error *err);

#endif
