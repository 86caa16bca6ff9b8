/* income.incidence: who gained from growth, by place in the distribution and by person; growth and poverty. */
#include "income/change/incidence_priv.h"

#include <math.h>
#include <string.h>

static const fm_income_incidence_spec defaults = FM_INCOME_INCIDENCE_SPEC_INIT;

static void destroy(void *state)
{
  fm__incidence *c = state;
  if (c == NULL)
    return;
  fm__waves_free(&c->waves);
  fm__free(c);
}

/* ---- the result ---- */

enum { PERCENTILE, PARAMETER, BAND_LOW, BAND_HIGH, DF, N_KEYS };
static const fm__key keys[N_KEYS] = {
    {"percentile", FM_F64}, {"parameter", FM_CODE}, {"band_low", FM_F64}, {"band_high", FM_F64}, {"df", FM_F64}};

static void key_number(fm__result *r, size_t key, double value)
{
  if (isfinite(value))
    fm__result_key_f64(r, key, value);
  else
    fm__result_key_null(r, key);
}

void fm__incidence_put(const fm__incidence_page *p, const fm__incidence_keys *k, const fm__figure *f, double df)
{
  fm__result_key_text(p->r, p->first_key + PARAMETER, k->parameter, k->parameter != NULL ? strlen(k->parameter) : 0);
  key_number(p->r, p->first_key + PERCENTILE, k->percentile);
  key_number(p->r, p->first_key + BAND_LOW, k->band_low);
  key_number(p->r, p->first_key + BAND_HIGH, k->band_high);
  key_number(p->r, p->first_key + DF, isnan(f->std_error) ? NAN : df);
  fm__result_add(p->r, f);
}

static fm_status put_group(fm__incidence_page *p, size_t group, const fm__dist *national, const fm__match *m,
                           const fm_run *run, fm_error *err)
{
  fm__wave_dists d;
  fm__subrun part;
  bool grouped = p->c->waves.grouped;
  fm_status status = fm__wave_dists_create(&d, p->two, grouped ? group : FM__EVERY_GROUP, national, run, err);
  if (status != FM_OK)
    return status;
  p->dists = &d;
  p->national = national != NULL;
  fm__result_group(p->r, fm__two_groups(p->two), group);
  status = fm__incidence_curve(p, fm__run_within(&part, run, 0, 0.6), err);
  if (status == FM_OK && p->c->waves.has_person && m->other != NULL)
    status = fm__incidence_panel(p, m, group, fm__run_within(&part, run, 0.6, 0.8), err);
  if (status == FM_OK && !p->c->curve_only)
    status = fm__incidence_poverty(p, fm__run_within(&part, run, 0.8, 1), err);
  fm__wave_dists_free(&d);
  return status;
}

static void add_notes(fm__result *r, const fm__two *t, bool people)
{
  bool drawn = fm__design_method(t->prepared.design) == FM_SURVEY_BOOTSTRAP;
  fm__two_notes(r, t);
  fm__result_note(r, "anonymous",
                  "quantile_growth and slice_growth compare places in two distributions: the people "
                  "need not be the same");
  if (people)
    fm__result_note(r, "panel",
                    "panel_slice_growth follows the people with both incomes, in slices by the first and with its "
                    "weight: low first incomes tend back to the middle");
  fm__result_note(r, "band",
                  drawn ? "holds for all points of the curve at once: the largest deviation in the replicates "
                          "(panel_slice_growth: Sidak)"
                        : "holds for all points of the curve at once (Sidak)");
  fm__result_note(r, "anchored_line", "both periods have the poverty line of the first");
}

static fm_status put_all(fm__result *r, fm__incidence *c, fm__two *t, const fm_run *run, fm_error *err)
{
  fm__dist national[2] = {{.n = 0}, {.n = 0}};
  fm__match m = {.other = NULL};
  fm__subrun part;
  fm__incidence_page page = {.r = r,
                             .first_key = fm__groups_n_columns(fm__two_groups(t)),
                             .c = c,
                             .two = t,
                             .years = c->total ? NAN : t->years};
  int32_t kind = c->waves.records.rules.line_kind;
  bool lines = c->waves.grouped && (kind == FM_INCOME_LINE_NATIONAL || kind == FM_INCOME_LINE_NATIONAL_MEAN);
  fm_status status = c->waves.has_person ? fm__match_create(&m, t, err) : FM_OK;
  t->dropped[0] = t->dropped[1] = (fm__dropped){0, 0, 0}; /* counted with the populations of all rows */
  if (status == FM_OK && c->waves.grouped)
    status = fm__wave_national(national, t, run, err);
  for (size_t g = 0; g < t->n_groups && status == FM_OK; g++) {
    const fm_run *one =
        fm__run_within(&part, run, (double)g / (double)t->n_groups, (double)(g + 1) / (double)t->n_groups);
    status = put_group(&page, g, lines ? national : NULL, &m, one, err);
    if (status == FM_OK)
      status = fm__run_progress(one, 1, err);
  }
  fm__match_free(&m);
  fm__dist_free(&national[0]);
  fm__dist_free(&national[1]);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__incidence *c = state;
  fm__two t;
  fm__result *r = NULL;
  fm_status status = fm__two_prepare(&t, &c->waves, false, err);
  if (status != FM_OK)
    return status;
  status = fm__result_create_grouped(&r, "income.incidence", c->total ? "total" : "annualised", fm__two_groups(&t),
                                     keys, N_KEYS, err);
  if (status == FM_OK)
    status = put_all(r, c, &t, run, err);
  if (status == FM_OK) {
    add_notes(r, &t, c->waves.has_person);
    status = fm__result_finish(r, out, err);
  } else {
    fm__result_destroy(r);
  }
  fm__two_free(&t);
  return status;
}

/* ---- the measure ---- */

static fm__waves_spec waves_of(const fm_income_incidence_spec *s)
{
  return (fm__waves_spec){.measure = "income.incidence",
                          .income = s->income,
                          .period = s->period,
                          .weight = s->weight,
                          .by = s->by,
                          .first_row = s->first_row,
                          .person = s->person,
                          .rules = s->rules,
                          .design = s->design,
                          .period_0 = s->period_0,
                          .period_1 = s->period_1,
                          .deflator_0 = s->deflator_0,
                          .deflator_1 = s->deflator_1,
                          .ppp = s->ppp,
                          .level = s->level,
                          .overlap = s->overlap};
}

static fm_status one_call(fm__call *out, const char *text, fm_error *err)
{
  fm__call *calls;
  size_t n;
  fm_status status = fm__calls_create(&calls, &n, text, err);
  if (status != FM_OK)
    return status;
  *out = calls[0];
  fm__free(calls);
  return FM_OK;
}

static fm_status make_calls(fm__incidence *c, fm_error *err)
{
  static const char *const texts[FM__N_POVERTY] = {"fgt(0)", "fgt(1)", "fgt(2)", "watts"};
  fm_status status = one_call(&c->quantile, "quantile(0.5)", err);
  if (status == FM_OK)
    status = one_call(&c->mean, "mean", err);
  for (size_t k = 0; k < FM__N_POVERTY && status == FM_OK; k++)
    status = one_call(&c->poverty[k], texts[k], err);
  return status;
}

static fm_status check(const fm_income_incidence_spec *s, fm_error *err)
{
  if (s->n_points < 2 || s->n_points > 1000)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_points: expected 2 to 1000");
  if (s->total != (s->total != 0) || s->curve_only != (s->curve_only != 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "total, curve_only: expected 0 or 1");
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_income_incidence_spec, n_points, FM__FIELD_I32),
                                   FM__FIELD(fm_income_incidence_spec, total, FM__FIELD_I32),
                                   FM__FIELD(fm_income_incidence_spec, curve_only, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__incidence *c = state;
  const fm_income_incidence_spec *s = spec;
  fm_status status = check(s, err);
  if (status != FM_OK)
    return status;
  const fm__waves_spec waves = waves_of(s);
  c->level = s->level;
  c->n_points = s->n_points;
  c->total = s->total != 0;
  c->curve_only = s->curve_only != 0;
  status = fm__waves_create(&c->waves, &waves, err);
  if (status == FM_OK)
    status = make_calls(c, err);
  if (status == FM_OK)
    fm__waves_text(&c->waves, &waves, text);
  return status;
}

static const fm__measure measure = {.id = "income.incidence",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_incidence_spec, fm__incidence),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_incidence)
