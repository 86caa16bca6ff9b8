/* Two periods in one frame: choosing them, one design of both, populations in comparable prices. */
#include "income/change/waves_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"

enum { PERSON = 1 }; /* its place among the ids */
enum { MOST_PERIODS = 1000 };

/* ---- the spec ---- */

static fm_status check(const fm__waves_spec *s, fm_error *err)
{
  const struct {
    const char *name;
    double value;
  } prices[] = {{"deflator_0", s->deflator_0}, {"deflator_1", s->deflator_1}, {"ppp", s->ppp}};
  for (size_t k = 0; k < FM__COUNT(prices); k++)
    if (!(prices[k].value > 0) || isinf(prices[k].value))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a finite number above 0", prices[k].name);
  if (!fm__is_given(s->period))
    return fm__fail(err, FM_ERR_ARGUMENT, "period: expected the name of the column of periods");
  if (isinf(s->period_0) || isinf(s->period_1) || s->period_0 >= s->period_1)
    return fm__fail(err, FM_ERR_ARGUMENT, "period_0, period_1: expected decimal years, the first before the last");
  if (s->spell != NULL && !(isnan(s->period_0) && isnan(s->period_1)))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_0, period_1: expected none where a rule chooses the spell");
  if (s->spell != NULL && !(s->deflator_0 == 1 && s->deflator_1 == 1))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "deflator_0, deflator_1: expected none where a rule chooses the spell; deflate the incomes before");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (s->overlap < FM_INCOME_OVERLAP_INDEPENDENT || s->overlap > FM_INCOME_OVERLAP_PERSONS)
    return fm__fail(err, FM_ERR_ARGUMENT, "overlap: expected independent, units or persons");
  const fm_survey_design_spec *d = s->design;
  if (s->overlap == FM_INCOME_OVERLAP_PERSONS && !fm__is_given(s->person))
    return fm__fail(err, FM_ERR_ARGUMENT, "overlap = persons: expected person, the column with their ids");
  if (s->overlap == FM_INCOME_OVERLAP_PERSONS && d != NULL && fm__is_given(d->psu))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "overlap = persons takes people as units, but the design names psu; expected "
                    "overlap = units");
  if (s->overlap == FM_INCOME_OVERLAP_UNITS && (d == NULL || !fm__is_given(d->psu)) &&
      (d == NULL || d->method != FM_SURVEY_REPLICATES))
    return fm__fail(err, FM_ERR_ARGUMENT, "overlap = units: expected a design that names psu, or replicate weights");
  if (s->overlap != FM_INCOME_OVERLAP_UNITS && d != NULL && d->method == FM_SURVEY_REPLICATES)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "replicate weights of two periods: expected overlap = units, replicate r of both drawn together");
  return FM_OK;
}

static fm_status take(void *context, double *more, const fm__rows_place *place, fm_error *err)
{
  const fm__waves *w = context;
  if (isnan(more[0]))
    return fm__rows_bad(place, w->records.more, "a period", err);
  if (w->overlap == FM_INCOME_OVERLAP_PERSONS && fm__rows_lacks_id(place, PERSON))
    return fm__rows_bad_id(place, PERSON, "the person of each row of the sample (overlap = persons)", err);
  return FM_OK;
}

fm_status fm__waves_create(fm__waves *w, const fm__waves_spec *spec, fm_error *err)
{
  const char *ids[2] = {spec->by, spec->person};
  *w = (fm__waves){.period = {spec->period_0, spec->period_1},
                   .divisor = {spec->deflator_0 * spec->ppp, spec->deflator_1 * spec->ppp},
                   .deflator = {spec->deflator_0, spec->deflator_1},
                   .ppp = spec->ppp,
                   .overlap = spec->overlap,
                   .grouped = fm__is_given(spec->by),
                   .has_person = fm__is_given(spec->person),
                   .has_spell = spec->spell != NULL};
  fm_status status = check(spec, err);
  if (status == FM_OK && w->has_spell)
    status = fm__spell_rule_take(&w->spell, spec->spell, err);
  bool further = fm__is_given(spec->first_row);
  size_t before = further ? 2 : 1;
  fm__rows_number *more = fm__array(spec->n_more + 2, sizeof *more);
  if (status == FM_OK && more == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK) {
    more[0].name = spec->period;
    if (further)
      more[1].name = spec->first_row;
    for (size_t k = 0; k < spec->n_more; k++)
      more[before + k] = spec->more[k];
    const fm__records_spec records = {.measure = spec->measure,
                                      .income = spec->income,
                                      .weight = spec->weight,
                                      .more = more,
                                      .n_more = spec->n_more + before,
                                      .ids = ids,
                                      .n_ids = w->has_person ? 2 : 1,
                                      .rules = spec->rules,
                                      .design = spec->design,
                                      .take = take,
                                      .context = w};
    status = fm__records_create(&w->records, &records, err);
    w->first_row = further ? w->records.more + 1 : SIZE_MAX;
    w->own = w->records.more + before;
  }
  fm__free(more);
  return status;
}

void fm__waves_free(fm__waves *w)
{
  fm__records_free(&w->records);
  fm__spell_rule_free(&w->spell);
}

void fm__waves_text(const fm__waves *w, const fm__waves_spec *s, fm__bytes *b)
{
  fm__spec_text_text(b, "income", s->income, "income");
  fm__spec_text_text(b, "period", s->period, "period");
  fm__spec_text_text(b, "weight", s->weight, NULL);
  fm__spec_text_text(b, "person", s->person, NULL);
  fm__spec_text_text(b, "by", s->by, NULL);
  fm__spec_text_text(b, "first_row", s->first_row, NULL);
  fm__spec_text_f64(b, "period_0", s->period_0, NAN);
  fm__spec_text_f64(b, "period_1", s->period_1, NAN);
  fm__spec_text_f64(b, "deflator_0", s->deflator_0, 1);
  fm__spec_text_f64(b, "deflator_1", s->deflator_1, 1);
  fm__spec_text_f64(b, "ppp", s->ppp, 1);
  fm__spec_text_f64(b, "level", s->level, 0.95);
  fm__spec_text_i64(b, "overlap", s->overlap, FM_INCOME_OVERLAP_INDEPENDENT);
  if (w->has_spell) {
    fm__spec_text_text(b, "breaks", s->spell->breaks, NULL);
    fm__spec_text_f64(b, "spell_years", w->spell.spec.years, NAN);
    fm__spec_text_f64(b, "tolerance", w->spell.spec.tolerance, NAN);
    fm__spec_text_f64(b, "not_before", w->spell.spec.not_before, NAN);
    fm__spec_text_f64(b, "not_after", w->spell.spec.not_after, NAN);
  }
  fm__records_text(&w->records, b);
}

/* ---- the periods ---- */

static double period_of(const fm__waves *w, size_t row)
{
  return fm__rows_numbers(w->records.rows, row)[w->records.more];
}

/* The periods that the rule chooses among those of the rows. */
static fm_status choose_spell(double chosen[2], const fm__waves *w, fm_error *err)
{
  size_t n = fm__rows_n(w->records.rows), n_periods = 0, capacity = 0;
  double *periods = NULL;
  fm_status status = FM_OK;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double period = period_of(w, i);
    size_t k = 0;
    while (k < n_periods && periods[k] != period)
      k++;
    if (k < n_periods)
      continue;
    if (n_periods == MOST_PERIODS)
      status = fm__fail(err, FM_ERR_LIMIT, "period: expected at most %d different ones to choose from", MOST_PERIODS);
    else if (fm__grow((void **)&periods, &capacity, n_periods + 1, sizeof *periods))
      periods[n_periods++] = period;
    else
      status = fm__no_memory(err);
  }
  if (status == FM_OK)
    status = fm__spell_find(chosen, &w->spell, periods, n_periods, err);
  fm__free(periods);
  return status;
}

static fm_status choose_periods(fm__two *t, fm_error *err)
{
  const fm__waves *w = t->waves;
  size_t n = fm__rows_n(w->records.rows);
  double least = INFINITY, most = -INFINITY;
  if (w->has_spell && n > 0)
    return choose_spell(t->period, w, err);
  for (size_t i = 0; i < n; i++) {
    least = fmin(least, period_of(w, i));
    most = fmax(most, period_of(w, i));
  }
  t->period[0] = isnan(w->period[0]) && n > 0 ? least : w->period[0];
  t->period[1] = isnan(w->period[1]) && n > 0 ? most : w->period[1];
  return FM_OK;
}

static fm_status find_periods(fm__two *t, fm_error *err)
{
  const fm__waves *w = t->waves;
  const char *names[] = {"period_0", "period_1"};
  size_t n = fm__rows_n(w->records.rows);
  bool found[2] = {false, false};
  fm_status status = choose_periods(t, err);
  if (status != FM_OK)
    return status;
  t->years = t->period[1] - t->period[0];
  if (n > 0 && !(t->years > 0))
    return fm__fail(err, FM_ERR_VALUE, "a change needs two periods, the first before the last; the rows have one");
  for (size_t i = 0; i < n; i++) {
    double period = period_of(w, i);
    t->wave[i] = period == t->period[0] ? 0 : period == t->period[1] ? 1 : FM__OTHER_WAVE;
    if (t->wave[i] == FM__OTHER_WAVE)
      t->n_other += (int64_t)fm__rows_count(w->records.rows, i);
    else
      found[t->wave[i]] = true;
  }
  for (size_t k = 0; k < 2 && n > 0; k++)
    if (!isnan(w->period[k]) && !found[k]) {
      char text[32];
      fm__print_f64(text, w->period[k]);
      return fm__fail(err, FM_ERR_VALUE, "%s: no row is of the period %s", names[k], text);
    }
  return FM_OK;
}

/* ---- the result ---- */

void fm__two_free(fm__two *t)
{
  fm__prepared_free(&t->prepared);
  fm__free(t->wave);
  fm__free(t->start);
  for (size_t k = 0; k < FM__COUNT(t->kept); k++) {
    fm__free(t->kept[k]);
    t->kept[k] = NULL;
  }
  t->wave = NULL;
  t->start = NULL;
}

fm_status fm__two_prepare(fm__two *t, fm__waves *w, bool bases_only, fm_error *err)
{
  fm__rows *rows = w->records.rows;
  *t = (fm__two){.waves = w, .bases_only = bases_only, .prepared = {.records = &w->records}};
  fm_status status = fm__rows_reduce(rows, err);
  if (status == FM_OK && (t->wave = fm__array(fm__rows_n(rows), sizeof *t->wave)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = find_periods(t, err);
  if (status == FM_OK)
    status = fm__two_design(t, err);
  if (status == FM_OK)
    status = fm__prepared_starts(&t->start, &t->prepared, err);
  t->n_groups = fm__groups_count(fm__rows_ids(rows, 0));
  if (status != FM_OK)
    fm__two_free(t);
  return status;
}

const fm__groups *fm__two_groups(const fm__two *t)
{
  return fm__rows_ids(t->waves->records.rows, 0);
}

bool fm__two_is_first(const fm__two *t, size_t row)
{
  const fm__waves *w = t->waves;
  return w->first_row == SIZE_MAX || fm__rows_numbers(w->records.rows, row)[w->first_row] != 0;
}

bool fm__two_counts(const fm__two *t, size_t row)
{
  return t->waves->grouped || fm__two_is_first(t, row);
}

typedef struct wanted {
  const fm__two *t;
  int32_t which;
  bool first_only;
} wanted;

static bool belongs(const void *context, const fm__records *r, size_t row)
{
  const wanted *c = context;
  (void)r;
  return c->t->wave[row] == c->which && (!c->first_only || fm__two_is_first(c->t, row));
}

fm_status fm__two_population(fm__dist *out, fm__two *t, size_t group, int32_t wave, const fm_run *run, fm_error *err)
{
  bool every = group == FM__EVERY_GROUP;
  size_t first = every ? 0 : t->start[group], end = every ? fm__rows_n(t->waves->records.rows) : t->start[group + 1];
  t->prepared.prices = t->waves->divisor[wave];
  return fm__prepared_population(out, every ? &t->dropped[wave] : NULL, &t->prepared, first, end, belongs,
                                 &(wanted){t, wave, every}, run, err);
}

double fm__two_income(fm__two *t, size_t row)
{
  int32_t wave = t->wave[row];
  t->prepared.prices = t->waves->divisor[wave];
  return fm__prepared_income(&t->prepared, row, &t->dropped[wave]);
}

/* ---- notes ---- */

void fm__note_number(fm__result *r, const char *key, double value)
{
  char text[32];
  fm__print_f64(text, value);
  fm__result_note(r, key, text);
}

void fm__note_count(fm__result *r, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  fm__result_note(r, key, text);
}

static void spell_note(fm__result *r, const fm__waves *w)
{
  char years[32], tolerance[32], text[192];
  fm__print_f64(years, w->spell.spec.years);
  fm__print_f64(tolerance, w->spell.spec.tolerance);
  snprintf(text, sizeof text,
           "the latest survey, and the one nearest to %s years before it, within %s years of that; %s", years,
           tolerance, w->spell.n_breaks > 0 ? "no break lies between the two" : "no break in the surveys was named");
  fm__result_note(r, "spell", text);
}

void fm__two_notes(fm__result *r, const fm__two *t)
{
  static const char *const overlaps[] = {
      "independent: the samples of the two periods share no unit",
      "units: the same stratum and unit ids in both periods are the same units; their covariance is counted",
      "persons: the same person in both periods is one unit; their covariance is counted"};
  const fm__dropped *a = &t->dropped[0], *b = &t->dropped[1];
  const fm__waves *w = t->waves;
  fm__prepared_notes(r, &t->prepared,
                     &(fm__dropped){a->missing + b->missing, a->negative + b->negative, a->zeroed + b->zeroed});
  fm__note_count(r, "missing_income_0", a->missing);
  fm__note_count(r, "missing_income_1", b->missing);
  fm__result_note(r, "overlap",
                  t->bases_only ? "people in both periods, each with the unit of the first" : overlaps[w->overlap]);
  if (!isnan(t->years)) {
    fm__note_number(r, "period_0", t->period[0]);
    fm__note_number(r, "period_1", t->period[1]);
    fm__note_number(r, "years", t->years);
  }
  if (w->has_spell)
    spell_note(r, w);
  fm__note_count(r, "rows_of_other_periods", t->n_other);
  fm__note_number(r, "deflator_0", w->deflator[0]);
  fm__note_number(r, "deflator_1", w->deflator[1]);
  fm__note_number(r, "ppp", w->ppp);
}
