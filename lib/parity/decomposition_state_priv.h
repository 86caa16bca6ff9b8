/* The state of parity.decomposition. */
#ifndef FM_PARITY_DECOMPOSITION_STATE_PRIV_H
#define FM_PARITY_DECOMPOSITION_STATE_PRIV_H

#include "flexmetrics/parity_decomposition.h"
#include "parity/decomposition_priv.h"
#include "tally/people_priv.h"

/* A covariate: a number, or a category compared with its base. */
typedef struct fm__term {
  const char *name, *base;
} fm__term;

enum { FM__DECOMPOSITION_TEXTS = 10 };
typedef struct fm__decomposition {
  fm_parity_decomposition_spec spec; /* its texts are those below */
  char *texts[FM__DECOMPOSITION_TEXTS];
  fm__term *terms;
  size_t n_terms, n_numbers, n_categories;
  size_t n_by, n_group; /* columns */
  bool weighted, logarithm;
  uint32_t chosen; /* bits of coefficients */
  int64_t n_missing;
  fm__groups *cells; /* by, group, categories */
  fm__parity_grams grams;
  fm__people people;
} fm__decomposition;

fm_status fm__decomposition_open(fm__decomposition *t, const fm_parity_decomposition_spec *spec, fm_error *err);
const char *fm__decomposition_columns(const fm__decomposition *t); /* of the cells */
const char *fm__decomposition_coefficients(int32_t which);
fm_status fm__decomposition_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
