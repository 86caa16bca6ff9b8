/* Weeks as numbers that rise by one, and the counter of weeks on benefits. */
#ifndef FM_ECONOMY_WEEKS_PRIV_H
#define FM_ECONOMY_WEEKS_PRIV_H

#include "base/base_priv.h"

int32_t fm__week_number(int32_t date); /* equal for the days of one ISO week */
int32_t fm__week_monday(int32_t week);
int32_t fm__week_thursday(int32_t week);

typedef struct fm__week_span {
  int32_t from, to; /* half-open */
} fm__week_span;

/* All zero but what is known beforehand. Weeks must be told in rising order; those left out between two told ones are
 * self-support, and `reset` of them within `window` weeks start the counter anew. */
typedef struct fm__week_count {
  int64_t weeks;         /* accumulated */
  int32_t reset, window; /* reset 0: never */
  int32_t last;          /* last week told */
  bool told, failed;
  fm__week_span *gaps; /* since the last reset */
  size_t n, capacity;
} fm__week_count;
/* Tells of a week. Gives its place among the accumulated ones: of a week that does not count, the place it would have.
 */
int64_t fm__week_count_next(fm__week_count *c, int32_t week, bool counts);
void fm__week_count_close(fm__week_count *c);

#endif
