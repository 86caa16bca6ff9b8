/* Two groups of one sample, told apart by a column: what income.gap and income.dominance share. */
#ifndef FM_INCOME_PAIR_PRIV_H
#define FM_INCOME_PAIR_PRIV_H

#include "income/estimate/estimate_priv.h"
#include "income/estimate/records_priv.h"

enum { FM__REFERENCE, FM__COMPARED, FM__EVERYONE, FM__N_PAIR };

typedef struct fm__pair_spec {
  const char *measure, *income, *weight, *by, *group, *reference, *compared, *first_row;
  const fm_income_rules *rules;
  const fm_survey_design_spec *design;
  double level;
} fm__pair_spec;

typedef struct fm__pair_state {
  fm__records records;  /* first: the outer functions of records apply */
  char *names[2];       /* texts of the two groups */
  size_t first_row;     /* place among the numbers; SIZE_MAX: every row is a first one */
  size_t n_populations; /* of the result: without everyone when no figure reads a national line */
  double level;
} fm__pair_state;

/* Checks the spec and fills *p, which is empty before; fm__pair_free after a failure too. */
fm_status fm__pair_create(fm__pair_state *p, const fm__pair_spec *spec, fm_error *err);
void fm__pair_free(fm__pair_state *p);
void fm__pair_text(const fm__pair_spec *spec, const fm__pair_state *p, fm__bytes *b);

/* For each group of `by`, in order: the two populations and everyone of the file (for a national line, when
 * `with_everyone`), handed to `each`, which writes the group's figures; the group's keys are set. */
typedef fm_status (*fm__pair_each)(void *context, fm__result *r, const fm__dist *const *populations,
                                   const fm__design *design, const fm_run *run, fm_error *err);
fm_status fm__pair_result(fm_table **out, fm__pair_state *p, const char *definition, const fm__key *keys, size_t n_keys,
                          bool with_everyone, fm__pair_each each, void *context, const fm_run *run, fm_error *err);

/* What a measure reads on one side. */
fm__income_context fm__pair_context(const fm__pair_state *p, const fm__dist *const *populations, size_t side);
/* Adds the parts of slope[0] times the call in the reference group plus slope[1] times it in the compared group; at
 * most FM__PAIR_PARTS, none for a slope of 0. */
enum { FM__PAIR_PARTS = 4 };
fm_status fm__pair_parts(fm__part *parts, size_t *n_parts, const fm__pair_state *p, const fm__call *call,
                         const fm__dist *const *populations, const double slope[2], fm_error *err);
/* Whether a call's line comes from everyone of the file. */
bool fm__pair_needs_everyone(const fm__pair_state *p, const fm__income_measure *measure);

#endif
