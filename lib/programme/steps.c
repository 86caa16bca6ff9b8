/* programme.steps: from one kind of placement, or sector, to another within some months. */
#include "flexmetrics/programme_steps.h"
#include "programme/cases_priv.h"

#include <math.h>

enum { HORIZON, MOVED, SAME, N_NUMBERS, MOST_MONTHS = 65535 };

static const fm_programme_steps_spec defaults = FM_PROGRAMME_STEPS_SPEC_INIT;

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = HORIZON;
  if (!(x[HORIZON] >= 0 && x[HORIZON] <= MOST_MONTHS) || x[HORIZON] != floor(x[HORIZON]))
    return "a whole number of months from 0 to 65535";
  *at = MOVED;
  if (!fm__is_flag(x[MOVED]))
    return "yes, no, or a blank where it is not known";
  *at = SAME;
  if (!fm__is_flag(x[SAME]) || (!isnan(x[SAME]) && x[MOVED] != 1))
    return "yes or no of those who moved, else a blank";
  return NULL;
}

static double moved(const fm__cases *c, const double *x)
{
  (void)c;
  return x[MOVED];
}

static double not_known_yet(const fm__cases *c, const double *x)
{
  (void)c;
  return isnan(x[MOVED]) ? 1 : (double)NAN;
}

static double who_moved(const fm__cases *c, const double *x)
{
  (void)c;
  return x[MOVED] == 1 ? 1 : (double)NAN;
}

static double any(const fm__cases *c, const double *x)
{
  (void)c;
  (void)x;
  return 1;
}

static double same(const fm__cases *c, const double *x)
{
  (void)c;
  return x[MOVED] == 1 && x[SAME] == 1 ? 1 : (double)NAN;
}

static double another(const fm__cases *c, const double *x)
{
  (void)c;
  return x[MOVED] == 1 && x[SAME] == 0 ? 1 : (double)NAN;
}

static double untold(const fm__cases *c, const double *x)
{
  (void)c;
  return x[MOVED] == 1 && isnan(x[SAME]) ? 1 : (double)NAN;
}

static void put_count(fm__case_set *s, const char *quantity, fm__case_value value)
{
  fm__case_sum sum = fm__case_sum_of(s, value);
  fm__case_put(s, quantity, "count", (double)sum.n, sum.n, sum.people);
}

/* Where nobody's months are over it is not known how many moved. */
static fm__figure figure(const fm__case_set *s, const char *quantity, const char *unit, double value, bool known,
                         int64_t n, int64_t people)
{
  fm__figure f = fm__case_figure(s, quantity, unit, known ? value : (double)NAN, n, people);
  if (!known && s->n > 0)
    f.state = FM__CENSORED;
  return f;
}

static fm_status each(fm__case_set *s, fm_error *err)
{
  static const struct {
    const char *quantity;
    fm__case_value value;
  } counts[] = {
      {"moved", who_moved}, {"same_employer", same}, {"other_employer", another}, {"employer_not_told", untold}};
  fm__case_sum known = fm__case_sum_of(s, moved), yes = fm__case_sum_of(s, who_moved);
  (void)err;
  put_count(s, "first_placements", any);
  put_count(s, "not_known_yet", not_known_yet);
  fm__case_put(s, "known", "count", (double)known.n, known.n, known.people);
  for (size_t k = 0; k < FM__COUNT(counts); k++) {
    fm__case_sum sum = fm__case_sum_of(s, counts[k].value);
    fm__figure f = figure(s, counts[k].quantity, "count", (double)sum.n, known.n > 0, sum.n, sum.people);
    fm__result_add(s->result, &f);
  }
  double share = known.n > 0 ? (double)yes.n / (double)known.n : (double)NAN;
  fm__figure f = figure(s, "moved_share", "share", share, known.n > 0, known.n, known.people);
  if (known.n > 0) {
    f.level = s->cases->level;
    fm__wilson((double)yes.n, (double)known.n, f.level, &f.ci_low, &f.ci_high);
  }
  fm__result_add(s->result, &f);
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  return fm__cases_result(out, state, each, NULL, 0, run, err);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {{"horizon_months", 0}, {"moved", 0}, {"same_employer", 0}};
  static const char *const ids[] = {"person_id"};
  static const fm__cases_kind kind = {
      .rows = {.measure = "programme.steps", .wrong = wrong, .id_expected = "a person", .id = 1},
      .definition = "first_of_each_kind",
      .numbers = numbers,
      .n_numbers = N_NUMBERS,
      .keys = "from,to",
      .horizons = true,
      .ids = ids,
      .n_ids = FM__COUNT(ids)};
  const fm_programme_steps_spec *s = spec;
  (void)text;
  return fm__cases_open(state, &kind, s->by, s->definition, s->level, err);
}

static const fm__field fields[] = {FM__FIELD(fm_programme_steps_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_steps_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_steps_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "programme.steps",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_programme_steps_spec, fm__cases),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__cases_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_programme_steps)
