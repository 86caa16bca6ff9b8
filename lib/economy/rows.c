/* What tallies that keep every row share. */
#include "economy/economy_priv.h"

#include "calendar/calendar_priv.h"

static fm__rows *rows_of(const void *state)
{
  return *(fm__rows *const *)state;
}

bool fm__economy_is_empty(const void *state)
{
  return fm__rows_is_empty(rows_of(state));
}

fm_status fm__economy_merge(void *state, const void *other, fm_error *err)
{
  return fm__rows_merge(rows_of(state), rows_of(other), err);
}

fm_status fm__economy_save(void *state, fm__bytes *b, fm_error *err)
{
  return fm__rows_save(rows_of(state), b, err);
}

bool fm__economy_is_day(double x)
{
  return x >= fm_date_from_ymd(1900, 1, 1) && x < fm_date_from_ymd(2200, 1, 1);
}
