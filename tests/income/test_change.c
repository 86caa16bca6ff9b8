/* income.change: SDG 10.1.1 and any measure in two periods; errors by design and overlap. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/periods.h"
#include "support/support.h"

static size_t find(const fm_table *t, const char *quantity, const char *comparison)
{
  return fm_test_row(t, "quantity", quantity, "comparison", comparison, NULL, NULL);
}

/* ---- the golden file ---- */

static fm_table *synth(void)
{
  static const char *const from[] = {"period", "stratum", "psu", "Nh", "w", "income"};
  static const char *const to[] = {"period:f64", "stratum:i32", "psu:i32", "Nh:f64", "w:f64", "income:f64"};
  fm_oracle *o = fm_oracle_open("income/synth.csv");
  size_t n = fm_oracle_n_rows(o);
  const char **cells = calloc(n * 6, sizeof *cells);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < 6; k++)
      cells[i * 6 + k] = fm_oracle_text(o, i, from[k]);
  fm_table *t = fm_test_table(to, 6, cells, n);
  free(cells);
  fm_oracle_close(o);
  return t;
}

static const struct golden_design {
  const char *name, *strata, *psu, *fpc;
} designs[] = {{"srs", NULL, NULL, NULL},
               {"strat", "stratum", NULL, NULL},
               {"clus", NULL, "psu", NULL},
               {"stclus", "stratum", "psu", NULL},
               {"stclusfpc", "stratum", "psu", "Nh"}};

START_TEST(golden)
{
  static const char *const names[][2] = {
      {"growth_b40", "growth_bottom"}, {"growth_mean", "growth_mean"}, {"growth_premium", "growth_premium"}};
  const struct golden_design *d = &designs[_i];
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *frame = synth(), *t;
  design.strata = d->strata;
  design.psu = d->psu;
  design.fpc = d->fpc;
  spec.design = &design;
  spec.weight = "w";
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  fm_oracle *o = fm_oracle_open("income/golden_synth.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int k = 0; k < FM_COUNT(names); k++) {
      if (strcmp(fm_oracle_text(o, i, "design"), d->name) != 0 ||
          strcmp(fm_oracle_text(o, i, "measure"), names[k][0]) != 0)
        continue;
      size_t row = find(t, names[k][1], "annual_growth");
      fm_assert_close(names[k][0], fm_test_number(t, "value", row), fm_oracle_number(o, i, "value"), 1e-11, 0);
      fm_assert_close(names[k][0], fm_test_number(t, "std_error", row), fm_oracle_number(o, i, "se"), 1e-11, 0);
      ck_assert_str_eq(fm_test_text(t, "unit", row), "per_year");
      n++;
    }
  ck_assert_int_eq(n, 3);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- published rates ---- */

/* Two people who hold 40 and 60 per cent of the weight: the bottom is the first, the mean is as given. */
static fm_table *two_people(const double bottom[2], const double mean[2], const double period[2],
                            fm_income_change_spec *s)
{
  fm_error err = FM_ERROR_INIT;
  double income[4], weight[4] = {2, 3, 2, 3}, periods[4] = {period[0], period[0], period[1], period[1]};
  for (int k = 0; k < 2; k++) {
    income[2 * k] = bottom[k];
    income[2 * k + 1] = (5 * mean[k] - 2 * bottom[k]) / 3;
  }
  fm_table *frame, *t;
  fm_assert_ok(fm_table_create(&frame, "two", &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "income", income, NULL, 4, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "weight", weight, NULL, 4, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "period", periods, NULL, 4, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(frame, &err), &err);
  s->weight = "weight";
  fm_assert_ok(fm_income_change(&t, frame, s, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Denmark: (31.50 / 29.25)^(1/5) - 1 = 1.4932 per cent, (55.74 / 52.12)^(1/5) - 1 = 1.3520; published 1.49, 1.35, 0.14.
 */
START_TEST(denmark)
{
  const double bottom[2] = {29.25, 31.5}, mean[2] = {52.12, 55.74}, period[2] = {2013, 2018};
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *t = two_people(bottom, mean, period, &spec);
  fm_assert_close("bottom", 100 * fm_test_number(t, "value", find(t, "growth_bottom", "annual_growth")), 1.493197894539,
                  1e-12, 0);
  fm_assert_close("premium", 100 * fm_test_number(t, "value", find(t, "growth_premium", "annual_growth")),
                  0.141153943461, 0, 1e-12);
  ck_assert_str_eq(fm_table_note(t, "years"), "5");
  fm_table_destroy(t);
}
END_TEST

/* Means are printed with two decimals: any rate within their rounding counts. */
START_TEST(world_bank)
{
  fm_oracle *o = fm_oracle_open("income/gdsp_wdi2021.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "integer_years_reproduce"), "yes") != 0)
      continue;
    const double bottom[2] = {fm_oracle_number(o, i, "mean_b40_y0"), fm_oracle_number(o, i, "mean_b40_y1")};
    const double mean[2] = {fm_oracle_number(o, i, "mean_total_y0"), fm_oracle_number(o, i, "mean_total_y1")};
    const double period[2] = {fm_oracle_number(o, i, "year0"), fm_oracle_number(o, i, "year1")};
    const double printed[2] = {fm_oracle_number(o, i, "growth_b40_pct"), fm_oracle_number(o, i, "growth_total_pct")};
    fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
    fm_table *t = two_people(bottom, mean, period, &spec);
    const char *country = fm_oracle_text(o, i, "iso3");
    double years = period[1] - period[0];
    fm_assert_close(country, 100 * fm_test_number(t, "value", find(t, "growth_bottom", "annual_growth")), printed[0], 0,
                    0.005 + 100 * 0.005 * (1 / bottom[0] + 1 / bottom[1]) / years * 1.2);
    fm_assert_close(country, 100 * fm_test_number(t, "value", find(t, "growth_mean", "annual_growth")), printed[1], 0,
                    0.005 + 100 * 0.005 * (1 / mean[0] + 1 / mean[1]) / years * 1.2);
    fm_table_destroy(t);
    n++;
  }
  ck_assert_int_eq(n, 52);
  fm_oracle_close(o);
}
END_TEST

/* Incomes 10, 20 and then 15, 21: means 15 and 18, a fifth more, 3 in 4 years: 1.2^(1/4) - 1. Gini of two: difference
 * over four times the mean: 10 / 60 and 6 / 72. */
START_TEST(by_hand)
{
  static const char *const columns[] = {"income:f64", "period:i64"};
  static const char *const cells[] = {"10", "2010", "20", "2010", "21", "2014", "15", "2014"};
  static const struct {
    const char *quantity, *comparison;
    double value;
  } expected[] = {{"mean", "first", 15},
                  {"mean", "last", 18},
                  {"mean", "difference", 3},
                  {"mean", "relative_change", 0.2},
                  {"mean", "annual_growth", 0.04663513939210562},
                  {"gini", "first", 1.0 / 6},
                  {"gini", "last", 1.0 / 12},
                  {"gini", "difference", -1.0 / 12},
                  {"gini", "relative_change", -0.5}};
  fm_error err = FM_ERROR_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 4), *t;
  spec.measures = "mean, gini";
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), FM_COUNT(expected));
  for (int k = 0; k < FM_COUNT(expected); k++)
    fm_assert_close(expected[k].quantity,
                    fm_test_number(t, "value", find(t, expected[k].quantity, expected[k].comparison)),
                    expected[k].value, 2e-15, 0);
  /* Variance of each mean: sum (x - mean)^2 / (n (n - 1)) = 50 / 2 and 18 / 2; independent: sqrt(34). */
  fm_assert_close("error", fm_test_number(t, "std_error", find(t, "mean", "difference")), sqrt(34), 1e-14, 0);
  fm_assert_close("units less strata", fm_test_number(t, "df", find(t, "mean", "difference")), 2, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors against differences ---- */

#define MEASURES                                                                                                       \
  "growth_bottom(0.3),growth_mean,growth_premium(0.3),bottom_mean(0.4),mean,total,gini,mld,theil,s80s20,atkinson(0.5)" \
  ","                                                                                                                  \
  "fgt(1),fgt(2)"

static fm_status compute(fm_table **out, const fm_table *frame, void *ctx, fm_error *err)
{
  return fm_income_change(out, frame, ctx, NULL, err);
}

static fm_income_rules fixed_line(void)
{
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  rules.line = 350;
  return rules;
}

enum { ROWS_APART, PSUS_APART, PSUS_SHARED, PEOPLE_SHARED };
START_TEST(differences)
{
  fm_periods p;
  int32_t unit[FM_PERIOD_ROWS], stratum[FM_PERIOD_ROWS], none[FM_PERIOD_ROWS] = {0}, n_units = 200;
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = fixed_line();
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_periods_make(&p);
  spec.measures = MEASURES;
  spec.weight = "weight";
  spec.rules = &rules;
  spec.design = &design;
  if (_i == PSUS_APART || _i == PSUS_SHARED) {
    design.strata = "stratum";
    design.psu = "psu";
  }
  if (_i == PSUS_SHARED)
    spec.overlap = FM_INCOME_OVERLAP_UNITS;
  if (_i == PEOPLE_SHARED) {
    spec.overlap = FM_INCOME_OVERLAP_PERSONS;
    spec.person = "person_id";
  }
  for (size_t i = 0; i < p.n; i++) {
    bool last = p.period[i] > 2020;
    unit[i] = _i == ROWS_APART ? (int32_t)i : _i == PEOPLE_SHARED ? p.person[i] : p.psu[i];
    if (_i == PSUS_APART)
      unit[i] += last ? 100 : 0;
    stratum[i] = _i == ROWS_APART ? last : _i == PSUS_APART ? p.stratum[i] + (last ? 3 : 0) : p.stratum[i];
  }
  fm_table *frame = fm_periods_frame(&p), *t;
  size_t n;
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  double *z = fm_periods_gradient(&n, &p, compute, &spec);
  ck_assert_uint_eq(n, fm_table_n_rows(t));
  ck_assert_int_eq(fm_periods_check(t, z, &p, unit, _i == PEOPLE_SHARED ? none : stratum, n_units, NULL), (int)n);
  free(z);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Deleting one shared unit at a time: sqrt((n - 1) / n sum (theta_r - mean)^2), n = 35. */
START_TEST(jackknife)
{
  fm_periods all, part;
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  enum { N = 35, FIGURES = 3 };
  double value[N][FIGURES];
  design.psu = "psu";
  spec.design = &design;
  spec.overlap = FM_INCOME_OVERLAP_UNITS;
  spec.weight = "weight";
  spec.measures = "growth_bottom(0.4),growth_mean,growth_premium(0.4)";
  fm_periods_make(&all);
  for (int u = 0; u < N; u++) {
    part = all;
    part.n = 0;
    for (size_t i = 0; i < all.n; i++)
      if (all.psu[i] != u) {
        part.income[part.n] = all.income[i];
        part.weight[part.n] = all.weight[i];
        part.period[part.n] = all.period[i];
        part.psu[part.n++] = all.psu[i];
      }
    fm_table *frame = fm_periods_frame(&part), *t;
    fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
    for (size_t f = 0; f < FIGURES; f++)
      value[u][f] = fm_test_number(t, "value", f);
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  fm_table *frame = fm_periods_frame(&all), *t, *apart;
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  spec.overlap = FM_INCOME_OVERLAP_INDEPENDENT;
  fm_assert_ok(fm_income_change(&apart, frame, &spec, NULL, &err), &err);
  for (size_t f = 0; f < FIGURES; f++) {
    double mean = 0, squares = 0;
    for (int u = 0; u < N; u++)
      mean += value[u][f] / N;
    for (int u = 0; u < N; u++)
      squares += (value[u][f] - mean) * (value[u][f] - mean);
    fm_assert_close("shared units", fm_test_number(t, "std_error", f), sqrt(squares * (N - 1) / N), 0.06, 0);
  }
  /* The same people earn alike in both periods: growth of the mean is known better than from two samples. */
  ck_assert(fm_test_number(t, "std_error", 1) < 0.8 * fm_test_number(apart, "std_error", 1));
  fm_table_destroy(t);
  fm_table_destroy(apart);
  fm_table_destroy(frame);
}
END_TEST

/* Drawing people anew, with both their rows, has the same spread. */
START_TEST(bootstrap)
{
  fm_periods p;
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_periods_make(&p);
  fm_table *frame = fm_periods_frame(&p), *taylor, *drawn;
  spec.design = &design;
  spec.overlap = FM_INCOME_OVERLAP_PERSONS;
  spec.person = "person_id";
  spec.weight = "weight";
  fm_assert_ok(fm_income_change(&taylor, frame, &spec, NULL, &err), &err);
  design.method = FM_SURVEY_BOOTSTRAP;
  fm_assert_ok(fm_income_change(&drawn, frame, &spec, NULL, &err), &err);
  for (size_t f = 0; f < fm_table_n_rows(taylor); f++)
    fm_assert_close(fm_test_text(taylor, "quantity", f), fm_test_number(drawn, "std_error", f),
                    fm_test_number(taylor, "std_error", f), 0.15, 0);
  fm_table_destroy(taylor);
  fm_table_destroy(drawn);
  fm_table_destroy(frame);
}
END_TEST

/* ---- prices, groups, periods ---- */

static fm_table *change_of(const fm_periods *p, const fm_income_change_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_periods_frame(p), *t;
  fm_assert_ok(fm_income_change(&t, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return t;
}

START_TEST(prices)
{
  fm_periods plain, dear;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT, real = FM_INCOME_CHANGE_SPEC_INIT;
  fm_periods_make(&plain);
  dear = plain;
  for (size_t i = 0; i < dear.n; i++) {
    dear.income[i] *= dear.period[i] > 2020 ? 8 : 4;
    dear.weight[i] *= 0x1p40;
  }
  spec.weight = real.weight = "weight";
  real.deflator_0 = 2;
  real.deflator_1 = 4;
  real.ppp = 2;
  fm_table *a = change_of(&plain, &spec), *b = change_of(&dear, &real);
  for (size_t i = 0; i < fm_table_n_rows(a); i++) {
    fm_assert_close("value", fm_test_number(b, "value", i), fm_test_number(a, "value", i), 0, 0);
    fm_assert_close("error", fm_test_number(b, "std_error", i), fm_test_number(a, "std_error", i), 0, 0);
  }
  ck_assert_str_eq(fm_table_note(b, "deflator_1"), "4");
  ck_assert_str_eq(fm_table_note(b, "ppp"), "2");
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* Records split in two halves, in any order: the same bits of every value; a weight of 0 leaves no trace. */
START_TEST(split)
{
  fm_periods all, whole, halves;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_periods_make(&all);
  whole = halves = all;
  whole.n = halves.n = 0;
  for (size_t i = 0; i + 1 < all.n; i += 3) {
    whole.income[whole.n] = all.income[i];
    whole.weight[whole.n] = all.weight[i];
    whole.period[whole.n++] = all.period[i];
  }
  for (size_t k = 0; k < 2 * whole.n; k++) {
    size_t i = k % whole.n, from = k < whole.n ? i : whole.n - 1 - i;
    halves.income[halves.n] = whole.income[from];
    halves.weight[halves.n] = whole.weight[from] / 2;
    halves.period[halves.n++] = whole.period[from];
  }
  halves.income[halves.n] = 1e6;
  halves.weight[halves.n] = 0;
  halves.period[halves.n++] = 2018;
  spec.weight = "weight";
  spec.measures = MEASURES ",quantile(0.3),at_risk_of_poverty(0.6)";
  fm_table *a = change_of(&whole, &spec), *b = change_of(&halves, &spec);
  for (size_t i = 0; i < fm_table_n_rows(a); i++)
    fm_assert_close(fm_test_text(a, "quantity", i), fm_test_number(b, "value", i), fm_test_number(a, "value", i), 0, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_income_incidence_spec curve = FM_INCOME_INCIDENCE_SPEC_INIT;
  curve.weight = "weight";
  fm_table *first = fm_periods_frame(&whole), *second = fm_periods_frame(&halves);
  fm_assert_ok(fm_income_incidence(&a, first, &curve, NULL, &err), &err);
  fm_assert_ok(fm_income_incidence(&b, second, &curve, NULL, &err), &err);
  for (size_t i = 0; i < fm_table_n_rows(a); i++)
    fm_assert_close(fm_test_text(a, "quantity", i), fm_test_number(b, "value", i), fm_test_number(a, "value", i), 0, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(first);
  fm_table_destroy(second);
}
END_TEST

/* A group alone and as a domain: the same values; the national line makes a difference where a measure has a line. */
START_TEST(groups)
{
  fm_periods all, part;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.line_kind = FM_INCOME_LINE_DOMAIN;
  fm_periods_make(&all);
  part = all;
  part.n = 0;
  for (size_t i = 0; i < all.n; i++)
    if (all.area[i] == 1) {
      part.income[part.n] = all.income[i];
      part.weight[part.n] = all.weight[i];
      part.period[part.n++] = all.period[i];
    }
  spec.weight = "weight";
  spec.measures = "growth_bottom(0.4),gini,fgt(1)";
  spec.rules = &rules;
  fm_table *alone = change_of(&part, &spec);
  spec.by = "area";
  fm_table *domain = change_of(&all, &spec);
  rules.line_kind = FM_INCOME_LINE_NATIONAL;
  fm_table *national = change_of(&all, &spec);
  size_t n = fm_table_n_rows(alone), same = 0;
  ck_assert_uint_eq(fm_table_n_rows(domain), 2 * n);
  for (size_t i = 0; i < n; i++) {
    double value = fm_test_number(alone, "value", i);
    fm_assert_close("domain", fm_test_number(domain, "value", n + i), value, 1e-14, 0);
    same += fm_close(fm_test_number(national, "value", n + i), value, 1e-14, 0);
    ck_assert(fm_test_number(national, "std_error", n + i) > 0);
  }
  ck_assert_uint_eq(same, n - 4); /* all but the four comparisons of the poverty gap */
  ck_assert(fm_test_number(domain, "df", n) < fm_test_number(domain, "df", 0) + 40);
  fm_table_destroy(alone);
  fm_table_destroy(domain);
  fm_table_destroy(national);
}
END_TEST

/* Calibrated weights: each period has its own regression, so that its errors are those of the period alone, and the
 * variances of independent periods add up. */
START_TEST(calibrated)
{
  fm_error err = FM_ERROR_INIT;
  fm_periods all;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_distribution_spec alone = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_periods_make(&all);
  design.auxiliaries = "age";
  spec.weight = alone.weight = "weight";
  spec.measures = alone.measures = "mean";
  spec.design = alone.design = &design;
  fm_table *both = change_of(&all, &spec);
  double variance = 0;
  for (int wave = 0; wave < 2; wave++) {
    fm_periods part = all;
    part.n = 0;
    for (size_t i = 0; i < all.n; i++)
      if ((all.period[i] == all.period[0]) == (wave == 0)) {
        part.income[part.n] = all.income[i];
        part.weight[part.n] = all.weight[i];
        part.age[part.n++] = all.age[i];
      }
    fm_table *frame = fm_periods_frame(&part), *t;
    fm_assert_ok(fm_income_distribution(&t, frame, &alone, NULL, &err), &err);
    double error = fm_test_number(t, "std_error", 0);
    fm_assert_close("error", fm_test_number(both, "std_error", find(both, "mean", wave == 0 ? "first" : "last")), error,
                    1e-12, 0);
    variance += error * error;
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  fm_assert_close("difference", fm_test_number(both, "std_error", find(both, "mean", "difference")), sqrt(variance),
                  1e-12, 0);
  fm_table_destroy(both);
}
END_TEST

/* Rates in per cent are the same figures times 100, limits by the logit too, and say so. */
START_TEST(per_cent)
{
  static const char *const columns[] = {"value", "std_error", "ci_low", "ci_high"};
  fm_periods all;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_periods_make(&all);
  spec.weight = "weight";
  spec.measures = "at_risk_of_poverty,bottom_share(0.4)";
  spec.rules = &rules;
  fm_table *fraction = change_of(&all, &spec);
  rules.percent = 1;
  fm_table *percent = change_of(&all, &spec);
  size_t n = fm_table_n_rows(fraction), scaled = 0;
  for (size_t i = 0; i < n; i++) {
    bool is_percent = strcmp(fm_test_text(percent, "unit", i), "percent") == 0;
    ck_assert(is_percent || strcmp(fm_test_text(percent, "unit", i), fm_test_text(fraction, "unit", i)) == 0);
    for (int k = 0; k < FM_COUNT(columns); k++)
      fm_assert_close(columns[k], fm_test_number(percent, columns[k], i),
                      fm_test_number(fraction, columns[k], i) * (is_percent ? 100 : 1), 1e-13, 1e-15);
    scaled += is_percent;
  }
  ck_assert_uint_eq(scaled, 6); /* first, last and difference of two measures */
  fm_table_destroy(fraction);
  fm_table_destroy(percent);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-change");
  TCase *t = tcase_create("change");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, golden, 0, FM_COUNT(designs));
  tcase_add_test(t, denmark);
  tcase_add_test(t, world_bank);
  tcase_add_test(t, by_hand);
  tcase_add_loop_test(t, differences, ROWS_APART, PEOPLE_SHARED + 1);
  tcase_add_test(t, jackknife);
  tcase_add_test(t, bootstrap);
  tcase_add_test(t, prices);
  tcase_add_test(t, per_cent);
  tcase_add_test(t, calibrated);
  tcase_add_test(t, split);
  tcase_add_test(t, groups);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
