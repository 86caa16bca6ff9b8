/* The distinct times of events, stratum by stratum. */
#ifndef FM_RETENTION_COX_DAYS_PRIV_H
#define FM_RETENTION_COX_DAYS_PRIV_H

#include "retention/cox/cox_priv.h"

typedef struct fm__cox_days {
  size_t *first;   /* n_strata + 1 */
  int32_t *time;   /* of each day */
  size_t n, width; /* days; times a stratum in the table */
  uint32_t *table; /* days up to each time; NULL: times are spread too far, and are searched for */
} fm__cox_days;

/* Events of rows of weight above 0; times are not negative, strata in range. */
fm_status fm__cox_days_create(fm__cox_days *d, const fm__cox_rows *rows, fm_error *err);
size_t fm__cox_days_search(const fm__cox_days *d, size_t stratum, int32_t time);
/* Number of the first day after `time` in a stratum. */
static inline size_t fm__cox_days_at(const fm__cox_days *d, size_t stratum, int32_t time)
{
  if (time < 0)
    return d->first[stratum];
  if (d->table != NULL && (size_t)time < d->width)
    return d->table[stratum * d->width + (size_t)time];
  return fm__cox_days_search(d, stratum, time);
}
void fm__cox_days_free(fm__cox_days *d);

#endif
