/* Measures of a distribution that is only known as a prefix histogram: each is a range that holds the exact value. */
#ifndef FM_INCOME_BOUNDED_PRIV_H
#define FM_INCOME_BOUNDED_PRIV_H

#include "income/estimate/records_priv.h"
#include "income/measure/measure_priv.h"
#include "num/prefix_priv.h"
#include "tally/tally_priv.h"

typedef struct fm__bounded_context {
  const fm_income_rules *rules;
  const fm__bars *own, *line_from;
} fm__bounded_context;

/* FM_ERR_ARGUMENT names what has no bounds: a measure, or a rule that one would need. */
fm_status fm__bounded_check(const fm__call *calls, size_t n, const fm_income_rules *rules, fm_error *err);
/* In the caller's units, in per cent where the rules say so. NaN with a state when there is no value, or when the
 * bounds do not settle that there is one. */
fm__range fm__bounded_value(const fm__call *call, const fm__bounded_context *c, const char **state);

/* Marks the cells whose rows make the figure exact, as far as it depends on places: for a Gini none. own and line_from
 * are the same. */
void fm__bounded_wanted(fm__second *s, const fm__call *call, const fm__bounded_context *c);
bool fm__bounded_needs_area(const fm__call *call); /* a Gini: every cell's part is wanted */

/* ---- the tally ---- */

/* Rows of a group, told apart as the populations need them: in the domain, once for everybody; further rows of a
 * person; rows that are not in the domain. */
enum { FM__BOUNDED_FIRST, FM__BOUNDED_FURTHER, FM__BOUNDED_OUTSIDE, FM__N_BOUNDED_PARTS };
typedef struct fm__bounded_group {
  fm__prefix part[FM__N_BOUNDED_PARTS];
} fm__bounded_group;

enum { FM__BOUNDED_INCOME, FM__BOUNDED_WEIGHT, FM__BOUNDED_DOMAIN, FM__BOUNDED_FIRST_ROW, FM__N_BOUNDED_NAMES };
typedef struct fm__bounded {
  char *name[FM__N_BOUNDED_NAMES]; /* columns; NULL: not given */
  fm_income_rules rules;
  fm__call *calls;
  size_t n_calls;
  bool total;
  fm__groups *groups;
  fm__bounded_group *group; /* of each of them */
  size_t n_made, capacity;
  fm__dropped dropped; /* among the rows that count once for everybody, in the domain */
} fm__bounded;
extern const fm__measure fm__bounded_measure;
void fm__bounded_destroy(void *state);
bool fm__bounded_make_groups(fm__bounded *t); /* makes the histograms of groups that have none yet */
fm_status fm__bounded_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

/* What both measures of income.distribution take: defaults, and what is refused for either. */
extern const fm_income_distribution_spec fm__distribution_defaults;
fm_status fm__distribution_check(const fm_income_distribution_spec *s, fm_error *err);
fm_status fm__bounded_open(void *state, const void *spec, fm__bytes *text, fm_error *err);

#endif
