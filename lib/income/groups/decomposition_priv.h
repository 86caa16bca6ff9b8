/* Figures of a decomposition by group over the populations of the groups and of the whole. */
#ifndef FM_INCOME_DECOMPOSITION_PRIV_H
#define FM_INCOME_DECOMPOSITION_PRIV_H

#include "income/estimate/estimate_priv.h"

enum { FM__TOTAL, FM__WITHIN, FM__BETWEEN, FM__OVERLAP, FM__BETWEEN_SHARE, FM__N_WHOLE };
enum { FM__POPULATION_SHARE, FM__INCOME_SHARE, FM__OWN_VALUE, FM__WITHIN_PART, FM__N_GROUP };

/* Figure number: call * (FM__N_WHOLE + FM__N_GROUP * n_groups), plus the kind, or FM__N_WHOLE + group * FM__N_GROUP +
 * the group's kind. Populations: the groups, then the whole. */
typedef struct fm__decomposition {
  const fm__call *calls;
  size_t n_groups;
  fm_income_rules rules; /* fractions, not per cent */
} fm__decomposition;

double fm__decomposition_value(const void *context, size_t figure, const fm__dist *const *populations,
                               const char **state);
fm_status fm__decomposition_influence(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                                      const fm__dist *const *populations, double value, fm_error *err);
/* alpha of a measure of generalised entropy, by its name or parameter. */
double fm__decomposition_alpha(const fm__call *call, bool *gini);

#endif
