/* retention.transitions: a row a person and period as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "flexmetrics/calendar.h"
#include "retention/curve_priv.h"
#include "retention/retention_priv.h"
#include "retention/transitions/transitions_priv.h"

static const char id[] = "retention.transitions";
static const fm_retention_transitions_spec defaults = FM_RETENTION_TRANSITIONS_SPEC_INIT;

void fm_retention_transitions_spec_init(fm_retention_transitions_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  fm__transitions *s = state;
  if (s == NULL)
    return;
  fm__rows_destroy(s->rows);
  fm__free(s->by);
  fm__free(s->weight);
  fm__free(s->person);
  fm__free(s->definition);
  fm__free(s);
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

static bool is_period(const fm__transitions *s, double x)
{
  if (!(x >= -INT32_MAX && x < INT32_MAX && x == floor(x)))
    return false;
  return s->clock == FM__NO_CLOCK ||
         (x >= fm__period_of(s->clock, FM__DATE_MIN) && x <= fm__period_of(s->clock, FM__DATE_MAX));
}

static bool is_weight(double x)
{
  return x >= 0 && !isinf(x);
}

static bool fits(const void *context, const double *v)
{
  const fm__transitions *s = context;
  return is_period(s, v[FM__TRANSITIONS_PERIOD]) &&
         (s->weight != NULL ? is_weight(v[FM__TRANSITIONS_WEIGHT]) : v[FM__TRANSITIONS_WEIGHT] == 1);
}

/* A frame on its way in: rows come in its order. */
typedef struct incoming {
  const fm__transitions *s;
  const fm_table *frame;
  size_t state, row;
} incoming;

static fm_status take(void *context, double *v, bool *keep, const fm__rows_place *place, fm_error *err)
{
  incoming *in = context;
  const fm__transitions *s = in->s;
  size_t length = 0, row = in->row++;
  if (!fm_table_is_null(in->frame, in->state, row))
    fm_table_text(in->frame, in->state, row, &length);
  double *period = &v[FM__TRANSITIONS_PERIOD];
  if (s->clock != FM__NO_CLOCK && *period >= FM__DATE_MIN && *period <= FM__DATE_MAX)
    *period = fm__period_of(s->clock, (int32_t)*period);
  if (!is_period(s, *period))
    return fm__rows_bad(place, FM__TRANSITIONS_PERIOD, s->clock == FM__NO_CLOCK ? "a whole number" : "a date", err);
  if (s->weight == NULL)
    v[FM__TRANSITIONS_WEIGHT] = 1;
  else if (!is_weight(v[FM__TRANSITIONS_WEIGHT]))
    return fm__rows_bad(place, FM__TRANSITIONS_WEIGHT, "a weight of 0 or more", err);
  *keep = length > 0;
  return FM_OK;
}

static fm_status check_type(const fm__transitions *s, const fm_table *frame, fm_error *err)
{
  size_t period;
  fm_status status = fm__retention_column(frame, "period", 0, &period, err);
  if (status != FM_OK || (fm_table_column_type(frame, period) == FM_DATE) == (s->clock != FM__NO_CLOCK))
    return status;
  return fm__fail(err, FM_ERR_TYPE,
                  s->clock != FM__NO_CLOCK
                      ? "column period: expected dates, because a clock is given"
                      : "column period: found dates; a clock such as months says what a period is");
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm__transitions *s = state;
  incoming in = {.s = s, .frame = frame};
  size_t person;
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__retention_column(frame, s->person, 0, &person, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "state", FM_CODE, &in.state, err);
  if (status == FM_OK)
    status = check_type(s, frame, err);
  return status == FM_OK ? fm__rows_add(s->rows, frame, take, &in, err) : status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  return fm__rows_merge(((fm__transitions *)state)->rows, ((const fm__transitions *)other)->rows, err);
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  return fm__rows_save(((fm__transitions *)state)->rows, b, err);
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  fm__transitions *s = state;
  return fm__rows_load(s->rows, r, fits, s, id, err);
}

static bool is_empty(const void *state)
{
  return fm__rows_is_empty(((const fm__transitions *)state)->rows);
}

/* ---- creating ---- */

static fm_status find_clock(int32_t *out, const char *text, fm_error *err)
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

static fm_status check_spec(const fm_retention_transitions_spec *spec, fm_error *err)
{
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", id);
  if (spec->conf_type < FM__CONF_PLAIN || spec->conf_type > FM__CONF_ARCSIN)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: conf_type is %d, expected 1 to 5", id, (int)spec->conf_type);
  if (spec->independent != 0 && spec->independent != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: independent is %d, expected 0 or 1", id, (int)spec->independent);
  return FM_OK;
}

static fm_status read_steps(fm__transitions *s, const char *text, fm_error *err)
{
  fm__numbers steps = {0};
  fm_status status = fm__retention_numbers(&steps, text != NULL && text[0] != '\0' ? text : defaults.steps, 1,
                                           FM__MOST_STEPS, true, "retention.transitions: steps", err);
  if (status == FM_OK && steps.n > FM__COUNT(s->steps))
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s: %zu steps, expected up to %zu", id, steps.n, FM__COUNT(s->steps));
  for (size_t k = 0; k < steps.n && status == FM_OK; k++)
    s->steps[s->n_steps++] = (int32_t)steps.of[k];
  fm__free(steps.of);
  return status;
}

static fm_status create_rows(fm__transitions *s, fm_error *err)
{
  /* Without a weight any other column will do: `take` sets 1. */
  const fm__rows_number numbers[FM__TRANSITIONS_NUMBERS] = {{"period", 0},
                                                            {s->weight != NULL ? s->weight : "period", 0}};
  const char *const ids[FM__TRANSITIONS_SETS] = {s->person, s->by, "state"};
  return fm__rows_create(&s->rows, numbers, FM__TRANSITIONS_NUMBERS, ids, FM__TRANSITIONS_SETS, err);
}

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  fm__transitions *s = of;
  const fm_retention_transitions_spec *spec = given_spec;
  (void)text;
  s->spec = *spec;
  fm_status status = check_spec(spec, err);
  if (status == FM_OK)
    status = find_clock(&s->clock, spec->clock, err);
  if (status == FM_OK)
    status = read_steps(s, spec->steps, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->by, spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->weight, spec->weight, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->person, spec->person, defaults.person, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  return status == FM_OK ? create_rows(s, err) : status;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_transitions_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, person, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, steps, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_retention_transitions_spec, conf_type, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_transitions_spec, independent, FM__FIELD_I32)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_transitions_spec, fm__transitions),
    .add = add,
    .merge = merge,
    .save = save,
    .load = load,
    .result = fm__transitions_result,
    .is_empty = is_empty,
    .destroy = destroy,
};

fm_status fm_retention_transitions_tally(fm_tally **out, const fm_retention_transitions_spec *spec, fm_error *err)
{
  return fm__measure_tally(out, &measure, spec, err);
}

fm_status fm_retention_transitions(fm_table **out, const fm_table *frame, const fm_retention_transitions_spec *spec,
                                   const fm_run *run, fm_error *err)
{
  return fm__measure_once(out, &measure, frame, spec, run, err);
}
