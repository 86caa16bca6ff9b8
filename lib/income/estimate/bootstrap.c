/* The Gini in each replicate of a bootstrap of rows. */
#include "income/estimate/bootstrap_priv.h"

fm_status fm__gini_replicates(double *gini, const fm__dist *d, const fm__resample *rows, size_t n_replicates,
                              const fm_run *run, fm_error *err)
{
  fm__resample r = *rows;
  r.n = (size_t)d->n;
  r.n_beside = rows->n - r.n;
  const fm__resample_rows members = {.data = d->data,
                                     .stride = d->stride,
                                     .n_records = d->n_members,
                                     .count_at = offsetof(fm__member, count),
                                     .x_scale = d->x_scale,
                                     .w_scale = d->w_scale};
  return fm__resample_gini(gini, &r, &members, n_replicates, run, err);
}
