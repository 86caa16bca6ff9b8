/* retention.states: moves between states as a mergeable tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/curve_priv.h"
#include "retention/retention_priv.h"
#include "retention/states/states_result_priv.h"

static const char id[] = "retention.states";
static const fm_retention_states_spec defaults = FM_RETENTION_STATES_SPEC_INIT;

static void destroy(void *state)
{
  fm__states *s = state;
  fm__free(s->by);
  fm__free(s->weight);
  fm__free(s->person);
  fm__free(s->definition);
  fm__free(s->clock);
  fm__kept_destroy(s);
}

/* ---- adding ---- */

static bool is_time(double x)
{
  return x >= INT32_MIN && x <= INT32_MAX && x == floor(x);
}

static bool is_weight(double x)
{
  return x > 0 && !isinf(x);
}

static bool fits(const void *context, const double *v)
{
  const fm__states *s = context;
  return is_time(v[FM__STATES_ENTRY]) && is_time(v[FM__STATES_TIME]) && v[FM__STATES_ENTRY] < v[FM__STATES_TIME] &&
         (s->weight != NULL ? is_weight(v[FM__STATES_WEIGHT]) : v[FM__STATES_WEIGHT] == 1);
}

static fm_status take(void *context, double *v, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__states *s = context;
  if (isnan(v[FM__STATES_ENTRY]))
    v[FM__STATES_ENTRY] = 0;
  if (!is_time(v[FM__STATES_TIME]))
    return fm__rows_bad(place, FM__STATES_TIME, "a whole number", err);
  if (!is_time(v[FM__STATES_ENTRY]) || !(v[FM__STATES_ENTRY] < v[FM__STATES_TIME]))
    return fm__rows_bad(place, FM__STATES_ENTRY, "a whole number before the time", err);
  if (s->weight == NULL)
    v[FM__STATES_WEIGHT] = 1;
  else if (v[FM__STATES_WEIGHT] != 0 && !is_weight(v[FM__STATES_WEIGHT]))
    return fm__rows_bad(place, FM__STATES_WEIGHT, "a weight of 0 or more", err);
  *keep = v[FM__STATES_WEIGHT] > 0;
  return FM_OK;
}

/* Nobody moves to where they are. */
static fm_status check_moves(const fm_table *frame, size_t from, size_t to, fm_error *err)
{
  if (fm_table_column_type(frame, from) != FM_CODE || fm_table_column_type(frame, to) != FM_CODE)
    return fm__fail(err, FM_ERR_TYPE, "columns from and to are expected to be text");
  for (size_t i = 0; i < fm_table_n_rows(frame); i++) {
    size_t n, m;
    const char *a = fm_table_text(frame, from, i, &n);
    if (fm_table_is_null(frame, to, i))
      continue;
    const char *b = fm_table_text(frame, to, i, &m);
    if (n > 0 && (n != m || memcmp(a, b, n) != 0))
      continue;
    fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: %s", n == 0 ? "from" : "to", i,
             n == 0 ? "a state is expected, the text is empty" : "a state other than from is expected");
    fm__error_place(err, fm_table_name(frame), n == 0 ? "from" : "to", (int64_t)(n == 0 ? from : to), (int64_t)i,
                    fm_table_line(frame, i));
    return FM_ERR_VALUE;
  }
  return FM_OK;
}

static fm_status check_frame(const void *state, const fm_table *frame, fm_error *err)
{
  const fm__states *s = state;
  size_t person, from, to;
  fm_status status = fm__retention_column(frame, s->person, 0, &person, err);
  if (status == FM_OK)
    status = fm__retention_column(frame, "from", 0, &from, err);
  if (status == FM_OK)
    status = fm__table_find(frame, "to", 0, &to, err);
  return status == FM_OK ? check_moves(frame, from, to, err) : status;
}

static const fm__rows_kind kind = {.measure = id, .check = check_frame, .take = take, .fits = fits};

/* ---- creating ---- */

static fm_status check_spec(const fm_retention_states_spec *spec, fm_error *err)
{
  const char *clock = spec->clock;
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", id);
  if (spec->conf_type < FM__CONF_PLAIN || spec->conf_type > FM__CONF_ARCSIN)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: conf_type is %d, expected 1 to 5", id, (int)spec->conf_type);
  if (spec->fixed_start != 0 && spec->fixed_start != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: fixed_start is %d, expected 0 or 1", id, (int)spec->fixed_start);
  if (clock != NULL && strcmp(clock, "") != 0 && strcmp(clock, "days") != 0 && strcmp(clock, "weeks") != 0 &&
      strcmp(clock, "months") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: clock is \"%s\", expected days, weeks or months", id, clock);
  return FM_OK;
}

static fm_status create_rows(fm__states *s, fm_error *err)
{
  char entry[16];
  snprintf(s->time_column, sizeof s->time_column, "time_%s", s->clock);
  snprintf(entry, sizeof entry, "entry_%s", s->clock);
  /* Without a weight any other column will do: `take` sets 1. */
  const fm__rows_number numbers[FM__STATES_NUMBERS] = {
      {entry, FM__OPTIONAL}, {s->time_column, 0}, {s->weight != NULL ? s->weight : s->time_column, 0}};
  const char *const ids[FM__STATES_SETS] = {s->by, s->person, "from", "to"};
  return fm__rows_keep(&s->rows, &kind, numbers, FM__STATES_NUMBERS, ids, FM__STATES_SETS, err);
}

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  fm__states *s = of;
  const fm_retention_states_spec *spec = given_spec;
  (void)text;
  s->spec = *spec;
  fm_status status = check_spec(spec, err);
  if (status == FM_OK)
    status = fm__horizons_read(s->times, &s->n_times, spec->times, id, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->by, spec->by, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->weight, spec->weight, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->person, spec->person, defaults.person, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->clock, spec->clock, defaults.clock, err);
  if (status == FM_OK)
    status = create_rows(s, err);
  for (size_t k = 0; k < s->n_times && status == FM_OK; k++)
    if (s->times[k] <= spec->start)
      status = fm__fail(err, FM_ERR_ARGUMENT, "%s: times are expected after start, %d", id, (int)spec->start);
  return status;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_states_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, person, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, times, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_states_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_retention_states_spec, conf_type, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_states_spec, start, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_states_spec, until, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_states_spec, fixed_start, FM__FIELD_I32)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_states_spec, fm__states),
    FM__MEASURE_KEEPS_ROWS,
    .result = fm__states_result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_states)
