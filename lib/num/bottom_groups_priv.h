/* Inside of the bottom p of groups: the two ways to it, which give the same bits. */
#ifndef FM_NUM_BOTTOM_GROUPS_PRIV_H
#define FM_NUM_BOTTOM_GROUPS_PRIV_H

#include "num/bottom_priv.h"

/* Rows are moved so that each group's lie together; as fm__bottom_groups. */
fm_status fm__bottom_groups_moved(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                                  size_t n_groups, const double *p, size_t n_p, const fm_run *run, fm_error *err);
#if defined(FM__SUM_SSE2)
/* Rows stay where they are; for one share, into out[group * n_p]. 0 < n_groups; n / n_groups large enough for a sample
 * of each. */
fm_status fm__bottom_groups_brackets(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                                     size_t n_groups, double p, size_t n_p, const fm_run *run, fm_error *err);
bool fm__bottom_brackets_suit(size_t n, size_t n_groups, size_t n_p);
#endif

#endif
