/* programme.progress: answers to questionnaires. */
#include "flexmetrics/programme_progress.h"

#include <math.h>
#include <string.h>

#include "programme/progress_priv.h"

static const fm_programme_progress_spec defaults = FM_PROGRAMME_PROGRESS_SPEC_INIT;

static void destroy(void *state)
{
  fm__progress *t = state;
  fm_codes_destroy(t->codes);
  fm__free(t->instruments);
  fm__kept_destroy(t);
}

static bool is_day(double x)
{
  return x >= -1e6 && x <= 1e7 && x == floor(x);
}

static fm_status check_score(const fm__progress *t, const double *x, const fm__rows_place *place, fm_error *err)
{
  char expected[120], least[32], most[32];
  size_t length = 0;
  const char *text = fm__rows_place_text(place, FM__PROGRESS_INSTRUMENT, &length);
  int64_t entry = fm_codes_find(t->codes, text, length, (int32_t)x[FM__PROGRESS_DATE]);
  if (entry < 0)
    return fm__rows_bad_id(place, FM__PROGRESS_INSTRUMENT, "an instrument that the list has on the day", err);
  const fm__instrument *m = &t->instruments[entry];
  if (x[FM__PROGRESS_SCORE] >= m->least && x[FM__PROGRESS_SCORE] <= m->most)
    return FM_OK;
  fm__print_f64(least, m->least);
  fm__print_f64(most, m->most);
  strcpy(expected, "a number from ");
  strcat(strcat(strcat(expected, least), " to "), most);
  return fm__rows_bad(place, FM__PROGRESS_SCORE, expected, err);
}

static fm_status take(void *context, double *x, bool *keep, const fm__rows_place *place, fm_error *err)
{
  static const char *const expected[] = {NULL, "an instrument", "a person", "an item"};
  (void)keep;
  if (!is_day(x[FM__PROGRESS_DATE]))
    return fm__rows_bad(place, FM__PROGRESS_DATE, "a day", err);
  if (!isnan(x[FM__PROGRESS_JOB]) && !is_day(x[FM__PROGRESS_JOB]))
    return fm__rows_bad(place, FM__PROGRESS_JOB, "a day", err);
  for (size_t k = FM__PROGRESS_INSTRUMENT; k < FM__PROGRESS_IDS; k++)
    if (fm__rows_lacks_id(place, k))
      return fm__rows_bad_id(place, k, expected[k], err);
  return check_score(context, x, place, err);
}

static bool fits(const void *context, const double *x)
{
  (void)context;
  return is_day(x[FM__PROGRESS_DATE]) && isfinite(x[FM__PROGRESS_SCORE]) &&
         (isnan(x[FM__PROGRESS_JOB]) || is_day(x[FM__PROGRESS_JOB]));
}

static const fm__rows_kind kind = {.measure = "programme.progress", .take = take, .fits = fits};

/* Every row has an instrument that the list knows on its day. */
static bool known(const fm__progress *t)
{
  const fm__groups *names = fm__rows_ids(t->rows, FM__PROGRESS_INSTRUMENT);
  for (size_t i = 0; i < fm__rows_n(t->rows); i++) {
    size_t length = 0;
    const char *text = fm__groups_text(names, fm__rows_id(t->rows, i, FM__PROGRESS_INSTRUMENT), 0, &length);
    int32_t day = (int32_t)fm__rows_numbers(t->rows, i)[FM__PROGRESS_DATE];
    if (text == NULL || fm_codes_find(t->codes, text, length, day) < 0)
      return false;
  }
  return true;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  fm__progress *t = state;
  fm_status status = fm__kept_load(t, r, err);
  if (status == FM_OK && !known(t))
    status = fm__fail(err, FM_ERR_FORMAT, "the saved tally of programme.progress is damaged: an unknown instrument");
  return status;
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_programme_progress_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_progress_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_programme_progress_spec, reliability, FM__FIELD_F64)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[FM__PROGRESS_NUMBERS] = {{"date", 0}, {"score", 0}, {"job_start", FM__OPTIONAL}};
  fm__progress *t = state;
  const fm_programme_progress_spec *s = spec;
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (!isnan(s->reliability) && !(s->reliability >= 0 && s->reliability < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "reliability: expected from 0 to below 1");
  const char *const ids[FM__PROGRESS_IDS] = {s->by, "instrument", "person_id", "item"};
  fm_status status = FM_OK;
  t->level = s->level;
  t->reliability = s->reliability;
  if (s->instruments != NULL)
    t->codes = fm_codes_retain(s->instruments);
  else
    status = fm_codes_builtin(&t->codes, "instrument", err);
  if (status == FM_OK)
    status = fm__instruments_read(&t->instruments, t->codes, err);
  if (status != FM_OK)
    return status;
  fm__spec_text_text(text, "instruments", fm_codes_digest(t->codes), "");
  return fm__rows_keep(&t->rows, &kind, numbers, FM__PROGRESS_NUMBERS, ids, FM__PROGRESS_IDS, err);
}

static const fm__measure measure = {.id = "programme.progress",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_programme_progress_spec, fm__progress),
                                    .add = fm__kept_add,
                                    .merge = fm__kept_merge,
                                    .save = fm__kept_save,
                                    .load = load,
                                    .result = fm__progress_result,
                                    .is_empty = fm__kept_is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_programme_progress)
