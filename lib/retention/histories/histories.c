/* A row a person and period as the state of a tally. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "flexmetrics/calendar.h"
#include "retention/histories/histories_priv.h"
#include "retention/retention_priv.h"

void fm__histories_destroy(void *state)
{
  fm__histories *h = state;
  fm__free(h->by);
  fm__free(h->weight);
  fm__free(h->person);
  fm__free(h->definition);
  fm__kept_destroy(h);
}

/* ---- periods ---- */

static int32_t floor_of(int32_t a, int32_t b)
{
  return a / b - (a % b < 0 ? 1 : 0);
}

int32_t fm__period_of(int32_t clock, int32_t date)
{
  int32_t year, month, day;
  if (clock == FM__NO_CLOCK || clock == FM__BY_DAY)
    return date;
  if (clock == FM__BY_WEEK) /* day 0 is a Thursday; weeks begin on Mondays */
    return floor_of(date + 3, 7);
  fm_date_to_ymd(date, &year, &month, &day);
  return clock == FM__BY_YEAR ? year : clock == FM__BY_QUARTER ? year * 4 + (month - 1) / 3 : year * 12 + month - 1;
}

int32_t fm__period_start(int32_t clock, int32_t period)
{
  if (clock == FM__NO_CLOCK || clock == FM__BY_DAY)
    return period;
  if (clock == FM__BY_WEEK)
    return period * 7 - 3;
  int32_t parts = clock == FM__BY_YEAR ? 1 : clock == FM__BY_QUARTER ? 4 : 12, year = floor_of(period, parts);
  return fm_date_from_ymd(year, (period - year * parts) * (12 / parts) + 1, 1);
}

/* ---- adding ---- */

static bool is_period(const fm__histories *h, double x)
{
  if (!(x >= -INT32_MAX && x < INT32_MAX && x == floor(x)))
    return false;
  return h->clock == FM__NO_CLOCK ||
         (x >= fm__period_of(h->clock, FM__DATE_MIN) && x <= fm__period_of(h->clock, FM__DATE_MAX));
}

static bool is_weight(double x)
{
  return x >= 0 && !isinf(x);
}

static bool fits(const void *context, const double *v)
{
  const fm__histories *h = context;
  return is_period(h, v[FM__HISTORIES_PERIOD_NUMBER]) &&
         (h->weight != NULL ? is_weight(v[FM__HISTORIES_WEIGHT_NUMBER]) : v[FM__HISTORIES_WEIGHT_NUMBER] == 1);
}

static fm_status take(void *context, double *v, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__histories *h = context;
  size_t length = 0;
  fm__rows_place_text(place, FM__HISTORIES_STATE, &length);
  double *period = &v[FM__HISTORIES_PERIOD_NUMBER];
  if (h->clock != FM__NO_CLOCK && *period >= FM__DATE_MIN && *period <= FM__DATE_MAX)
    *period = fm__period_of(h->clock, (int32_t)*period);
  if (!is_period(h, *period))
    return fm__rows_bad(place, FM__HISTORIES_PERIOD_NUMBER, h->clock == FM__NO_CLOCK ? "a whole number" : "a date",
                        err);
  if (h->weight == NULL)
    v[FM__HISTORIES_WEIGHT_NUMBER] = 1;
  else if (!is_weight(v[FM__HISTORIES_WEIGHT_NUMBER]))
    return fm__rows_bad(place, FM__HISTORIES_WEIGHT_NUMBER, "a weight of 0 or more", err);
  *keep = length > 0;
  return FM_OK;
}

static fm_status check_type(const fm__histories *h, const fm_table *frame, fm_error *err)
{
  size_t period;
  fm_status status = fm__retention_column(frame, "period", 0, &period, err);
  bool dates = status == FM_OK && fm_table_column_type(frame, period) == FM_DATE;
  if (status != FM_OK || fm_table_n_rows(frame) == 0 || dates == (h->clock != FM__NO_CLOCK))
    return status;
  return fm__fail(err, FM_ERR_TYPE,
                  h->clock != FM__NO_CLOCK
                      ? "column period: expected dates, because a clock is given"
                      : "column period: found dates; a clock such as months says what a period is");
}

static fm_status check_frame(const void *state, const fm_table *frame, fm_error *err)
{
  const fm__histories *h = state;
  size_t person, column;
  fm_status status = fm__retention_column(frame, h->person, 0, &person, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "state", FM_CODE, &column, err);
  return status == FM_OK ? check_type(h, frame, err) : status;
}

/* ---- creating ---- */

static fm_status find_clock(int32_t *out, const char *text, const char *id, fm_error *err)
{
  static const char *const names[] = {"", "days", "weeks", "months", "quarters", "years"};
  for (size_t k = 0; k < FM__COUNT(names); k++)
    if (strcmp(text != NULL ? text : "", names[k]) == 0) {
      *out = (int32_t)k;
      return FM_OK;
    }
  return fm__fail(err, FM_ERR_ARGUMENT, "%s: clock is \"%s\", expected days, weeks, months, quarters, years or none",
                  id, text);
}

static fm_status create_rows(fm__histories *h, fm_error *err)
{
  /* Without a weight any other column will do: `take` sets 1. */
  const fm__rows_number numbers[FM__HISTORIES_NUMBERS] = {{"period", 0}, {h->weight != NULL ? h->weight : "period", 0}};
  const char *const ids[FM__HISTORIES_SETS] = {h->person, h->by, "state"};
  h->kind = (fm__rows_kind){.measure = h->id, .check = check_frame, .take = take, .fits = fits};
  return fm__rows_keep(&h->rows, &h->kind, numbers, FM__HISTORIES_NUMBERS, ids, FM__HISTORIES_SETS, err);
}

fm_status fm__histories_open(fm__histories *h, const fm__histories_spec *spec, fm_error *err)
{
  h->id = spec->id;
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", h->id);
  fm_status status = find_clock(&h->clock, spec->clock, h->id, err);
  if (status == FM_OK)
    status = fm__retention_text(&h->by, spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&h->weight, spec->weight, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&h->person, spec->person, "person_id", err);
  if (status == FM_OK)
    status = fm__retention_text(&h->definition, spec->definition, spec->fallback, err);
  return status == FM_OK ? create_rows(h, err) : status;
}
