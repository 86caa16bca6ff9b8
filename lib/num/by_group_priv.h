/* Rows by group: how many there are, and where each goes in an array in which groups follow each other. */
#ifndef FM_NUM_BY_GROUP_PRIV_H
#define FM_NUM_BY_GROUP_PRIV_H

#include "num/num_priv.h"

typedef struct fm__by_group {
  const int32_t *group;
  const double *w; /* rows of weight 0 are left out; NULL: none is */
  size_t n, n_groups, n_slices;
  size_t *places; /* of each slice and group: where its next row goes */
  size_t *start;  /* of each group, and the end */
} fm__by_group;
/* Rows of other groups are left out. Needs group to n_groups; afterwards free it, on failure too. Memory: 8
 * bytes a group for every 65,536 rows, at most 32 times. */
fm_status fm__by_group_count(fm__by_group *b, const fm_run *run, fm_error *err);
void fm__by_group_free(fm__by_group *b);
/* Rows [from, end) of slice k; they go to places[k * n_groups + group], which rises with each. */
void fm__by_group_slice(const fm__by_group *b, size_t k, size_t *from, size_t *end);
static inline bool fm__by_group_takes(const fm__by_group *b, size_t i)
{
  return b->group[i] >= 0 && (size_t)b->group[i] < b->n_groups && (b->w == NULL || b->w[i] > 0);
}
/* The groups that begin in stretch `task` of n_tasks equal ones of the rows, and the rows of the largest. */
void fm__by_group_share(const fm__by_group *b, size_t task, size_t n_tasks, size_t *first, size_t *end, size_t *most);

#endif
