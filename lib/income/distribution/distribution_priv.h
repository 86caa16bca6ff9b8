/* income.distribution: its state, and the steps from rows to populations to figures. */
#ifndef FM_INCOME_DISTRIBUTION_PRIV_H
#define FM_INCOME_DISTRIBUTION_PRIV_H

#include "income/estimate/estimate_priv.h"
#include "income/estimate/records_priv.h"

typedef struct fm__distribution {
  fm__records records; /* first: its outer functions take this state */
  fm__call *calls;     /* the measures asked for, then the poverty lines they read */
  size_t n_calls, n_asked;
  char *reference; /* NULL: none */
  double level;
  bool total;
  size_t domain, first_row, imputed, top_coded; /* places among a row's numbers; SIZE_MAX: not asked for */
} fm__distribution;

/* Rows of one group, of all groups in the domain, or of everybody. */
typedef struct fm__income_group {
  fm__dist dist;
  fm__dist doubled;          /* with top-coded incomes doubled; without members when there are none */
  double imputed, top_coded; /* weighted shares of the incomes; NaN: not asked for, or no incomes */
} fm__income_group;

typedef struct fm__income_groups {
  const fm__distribution *t;
  fm__prepared prepared;
  size_t *start;            /* rows of each group */
  fm__income_group *group;  /* groups, then the whole and everyone as far as wanted */
  const fm__dist **dists;   /* theirs */
  const fm__dist **doubled; /* the same, with top-coded incomes doubled */
  size_t n_groups, n;       /* groups, and all populations */
  size_t whole, everyone;   /* their places; SIZE_MAX: not wanted. Everyone counts for the poverty line */
  size_t reference;         /* SIZE_MAX: none */
  fm__dropped dropped;
  size_t first; /* of those in hand */
} fm__income_groups;

/* Into *g, which is empty before; fm__income_groups_free after a failure, too. */
fm_status fm__income_groups_make(fm__income_groups *g, fm__distribution *t, const fm_run *run, fm_error *err);
void fm__income_groups_free(fm__income_groups *g);
/* Runs `task` with `ctx` over n items in rounds, *first being the first of each, between which the call may be
 * cancelled; `from` and `to` are the shares done before and after. */
fm_status fm__in_rounds(size_t *first, fm_task task, void *ctx, size_t n, double from, double to, const fm_run *run,
                        fm_error *err);

fm_status fm__distribution_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
