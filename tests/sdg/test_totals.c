/* sdg.totals: cases by hand, the published rates of 58 countries, states, refusals, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

/* ---- by hand: ratio_cases of the definitions ---- */

enum { MOST = 8 };
static const struct hand {
  const char *indicator, *columns[4], *cells[MOST];
  size_t n_rows;
  const char *quantity, *period;
  double expected;
} hands[] = {
    /* (104.04 / 51) / (100 / 50) - 1 */
    {"8.1.1",
     {"period:f64", "gdp:f64", "population:f64"},
     {"2020", "100", "50", "2021", "104.04", "51"},
     2,
     "growth_per_head",
     "2021",
     0.02},
    /* (103 / 50.5) / (100 / 50) - 1 */
    {"8.2.1",
     {"period:f64", "gdp:f64", "employed:f64"},
     {"2021", "103", "50.5", "2020", "100", "50"},
     2,
     "growth_per_employed",
     "2021",
     0.01980198019802},
    {"8.9.1",
     {"period:f64", "tourism_gdp:f64", "gdp:f64"},
     {"2020", "30", "", "2021", "33", "1100"},
     2,
     "tourism_share",
     "2021",
     0.03},
    {"8.9.1", {"period:f64", "tourism_gdp:f64"}, {"2020", "30", "2021", "33"}, 2, "tourism_growth", "2021", 0.1},
    {"8.10.1", {"period:f64", "adults:f64", "branches:f64"}, {"2020", "40000", "6"}, 1, "branches", "2020", 15},
    {"8.10.1", {"period:f64", "adults:f64", "machines:f64"}, {"2020", "40000", "10"}, 1, "machines", "2020", 25},
    /* Sri Lanka with its fractional year: published 3.65 */
    {"10.1.1",
     {"period:f64", "bottom_mean:f64", "mean:f64"},
     {"2012.5", "3.36", "7.38", "2016", "3.81", "8.5"},
     2,
     "growth_bottom",
     "2016",
     0.03656350386867},
    {"10.4.1",
     {"period:f64", "gdp:f64", "compensation:f64", "self_employed_income:f64"},
     {"2020", "1000", "520", "80"},
     1,
     "labour_share",
     "2020",
     0.6},
    {"10.4.1",
     {"period:f64", "gdp:f64", "compensation:f64"},
     {"2020", "1000", "520"},
     1,
     "unadjusted_labour_share",
     "2020",
     0.52},
    {"10.4.2",
     {"period:f64", "gini_prefiscal:f64", "gini_disposable:f64"},
     {"2020", "0.4", "0.32"},
     1,
     "redistribution_disposable",
     "2020",
     0.08},
    {"10.4.2",
     {"period:f64", "gini_prefiscal:f64", "gini_consumable:f64"},
     {"2020", "0.4", "0.35"},
     1,
     "redistribution_consumable",
     "2020",
     0.05},
    {"10.7.4", {"period:f64", "refugees:f64", "population:f64"}, {"2020", "250", "99750"}, 1, "refugees", "2020", 250},
};

static size_t n_columns(const char *const *columns)
{
  size_t n = 0;
  while (n < 4 && columns[n] != NULL)
    n++;
  return n;
}

static fm_table *run(const fm_table *frame, const char *indicator, const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_sdg_totals_spec spec;
  fm_table *t;
  fm_sdg_totals_spec_init(&spec, sizeof spec);
  spec.indicator = indicator;
  spec.by = by;
  fm_assert_ok(fm_sdg_totals(&t, frame, &spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

START_TEST(by_hand)
{
  const struct hand *h = &hands[_i];
  fm_table *frame = fm_test_table(h->columns, n_columns(h->columns), h->cells, h->n_rows);
  fm_table *t = run(frame, h->indicator, NULL);
  size_t row = 0;
  while (row < fm_table_n_rows(t) && (strcmp(fm_test_text(t, "quantity", row), h->quantity) != 0 ||
                                      fm_test_number(t, "period", row) != strtod(h->period, NULL)))
    row++;
  ck_assert_msg(row < fm_table_n_rows(t), "%s: no %s", h->indicator, h->quantity);
  fm_assert_close(h->indicator, fm_test_number(t, "value", row), h->expected, 0, 1e-12);
  ck_assert_str_eq(fm_test_text(t, "state", row), "ok");
  ck_assert_str_eq(fm_test_text(t, "definition", row), h->indicator);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- published: World Development Indicators, 2021-09-15; means have two decimals, rates too ---- */

static void within(const char *label, double found, double published, double slack)
{
  ck_assert_msg(fabs(100 * found - published) <= slack, "%s: %.6f, published %.2f", label, 100 * found, published);
}

/* The most a rate moves when its means move by the half of a last digit, and the half of its own last digit. */
static double rounding(double first, double last, double years)
{
  double low = pow((last - 0.005) / (first + 0.005), 1 / years),
         high = pow((last + 0.005) / (first - 0.005), 1 / years);
  return 100 * (high - low) / 2 + 0.0051;
}

START_TEST(published)
{
  static const char *const columns[] = {"period:f64", "bottom_mean:f64", "mean:f64"};
  fm_oracle *o = fm_oracle_open("income/gdsp_wdi2021.csv");
  int met = 0, fractional = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *cells[] = {fm_oracle_text(o, i, "year0"),         fm_oracle_text(o, i, "mean_b40_y0"),
                           fm_oracle_text(o, i, "mean_total_y0"), fm_oracle_text(o, i, "year1"),
                           fm_oracle_text(o, i, "mean_b40_y1"),   fm_oracle_text(o, i, "mean_total_y1")};
    const char *country = fm_oracle_text(o, i, "iso3");
    double years = fm_oracle_number(o, i, "year1") - fm_oracle_number(o, i, "year0");
    if (strcmp(fm_oracle_text(o, i, "integer_years_reproduce"), "yes") != 0) {
      fractional++;
      continue;
    }
    fm_table *frame = fm_test_table(columns, 3, cells, 2), *t = run(frame, "10.1.1", NULL);
    double bottom = rounding(fm_oracle_number(o, i, "mean_b40_y0"), fm_oracle_number(o, i, "mean_b40_y1"), years);
    double mean = rounding(fm_oracle_number(o, i, "mean_total_y0"), fm_oracle_number(o, i, "mean_total_y1"), years);
    ck_assert_uint_eq(fm_table_n_rows(t), 3);
    within(country, fm_test_number(t, "value", 0), fm_oracle_number(o, i, "growth_b40_pct"), bottom);
    within(country, fm_test_number(t, "value", 1), fm_oracle_number(o, i, "growth_total_pct"), mean);
    within(country, fm_test_number(t, "value", 2), fm_oracle_number(o, i, "premium_pp"), bottom + mean);
    if (strcmp(country, "DNK") == 0)
      fm_assert_close("Denmark", fm_test_number(t, "value", 2), 0.00141153943461, 0, 1e-10);
    met++;
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  ck_assert_int_eq(met, 52);
  ck_assert_int_eq(fractional, 6);
  fm_oracle_close(o);
}
END_TEST

/* ---- states ---- */

START_TEST(nothing_is_guessed)
{
  static const char *const columns[] = {"area:code", "period:f64", "gdp:f64", "population:f64"};
  static const char *const cells[] = {"n", "2020",   "100", "50", "n", "2022", "110", "50", "n", "2023", "",    "50",
                                      "n", "2024",   "120", "50", "n", "2025", "130", "0",  "s", "2019", "100", "50",
                                      "s", "2019.5", "101", "50", "s", "2020", "102", "50"};
  static const struct {
    const char *state;
    double value, since, period;
  } expected[] = {{"not_given", NAN, NAN, 2020},   {"not_given", NAN, NAN, 2022},  {"not_given", NAN, 2022, 2023},
                  {"not_given", NAN, 2023, 2024},  {"undefined", NAN, 2024, 2025}, {"not_given", NAN, NAN, 2019},
                  {"not_given", NAN, NAN, 2019.5}, {"ok", 0.02, 2019, 2020}};
  fm_table *frame = fm_test_table(columns, 4, cells, 8), *t = run(frame, "8.1.1", "area");
  ck_assert_uint_eq(fm_table_n_rows(t), FM_COUNT(expected));
  for (size_t i = 0; i < FM_COUNT(expected); i++) {
    ck_assert_str_eq(fm_test_text(t, "state", i), expected[i].state);
    ck_assert_str_eq(fm_test_text(t, "area", i), i < 5 ? "n" : "s");
    fm_assert_close("value", fm_test_number(t, "value", i), expected[i].value, 1e-14, 0);
    fm_assert_close("since", fm_test_number(t, "since", i), expected[i].since, 0, 0);
    fm_assert_close("period", fm_test_number(t, "period", i), expected[i].period, 0, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* A mean of the bottom that is not above 0 has no growth; the other has. */
START_TEST(losses)
{
  static const char *const columns[] = {"period:f64", "bottom_mean:f64", "mean:f64"};
  static const char *const cells[] = {"2015", "-1", "10", "2020", "2", "20"};
  fm_table *frame = fm_test_table(columns, 3, cells, 2), *t = run(frame, "10.1.1", NULL);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "undefined");
  ck_assert_str_eq(fm_test_text(t, "state", 1), "ok");
  ck_assert_str_eq(fm_test_text(t, "state", 2), "undefined");
  fm_assert_close("mean", fm_test_number(t, "value", 1), pow(2, 0.2) - 1, 1e-15, 1e-14);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Two years apart is no spell; a country beside it has one. */
START_TEST(no_spell)
{
  static const char *const columns[] = {"area:code", "period:f64", "bottom_mean:f64", "mean:f64"};
  static const char *const cells[] = {"n", "2020", "1", "2", "n", "2022", "1", "2",
                                      "s", "2017", "1", "2", "s", "2022", "1", "2"};
  fm_table *frame = fm_test_table(columns, 4, cells, 4), *t = run(frame, "10.1.1", "area");
  ck_assert_uint_eq(fm_table_n_rows(t), 6);
  for (size_t i = 0; i < 6; i++) {
    ck_assert_str_eq(fm_test_text(t, "state", i), i < 3 ? "not_given" : "ok");
    fm_assert_close("period", fm_test_number(t, "period", i), i < 3 ? NAN : 2022, 0, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- refusals ---- */

static const struct refusal {
  const char *indicator, *columns[4], *cells[MOST];
  size_t n_rows;
  const char *said;
} refusals[] = {
    {NULL, {"period:f64", "gdp:f64"}, {"2020", "1"}, 1, "indicator: expected one that is computed from totals, 8.1.1"},
    {"8.4.1", {"period:f64", "gdp:f64"}, {"2020", "1"}, 1, "found \"8.4.1\""},
    {"8.1.1", {"period:f64", "gdp:f64"}, {"2020", "1"}, 1, "computed from gdp, population"},
    {"8.10.1", {"period:f64", "adults:f64"}, {"2020", "1"}, 1, "adults, branches, machines"},
    {"8.1.1", {"gdp:f64", "population:f64"}, {"1", "1"}, 1, "period"},
    {"8.1.1", {"period:f64", "gdp:f64", "population:f64"}, {"", "1", "1"}, 1, "a decimal year"},
    {"8.1.1", {"period:f64", "gdp:f64", "population:f64"}, {"2020", "-1", "1"}, 1, "gdp, row 0: expected a finite"},
    {"8.1.1",
     {"period:f64", "gdp:f64", "population:f64"},
     {"2020", "1", "1", "2020", "2", "1"},
     2,
     "period 2020 is there twice"},
    {"8.1.1", {"period:f64", "gdp:f64", "population:f64"}, {"2020", "1", "1", "2020", "1", "1"}, 2, "there twice"},
    {"10.4.2", {"period:f64", "gini_prefiscal:f64", "gini_disposable:f64"}, {"2020", "40", "32"}, 1, "from 0 to 1"},
    {"10.1.1", {"period:f64", "bottom_mean:f64", "mean:f64"}, {"2020", "1", "inf"}, 1, "a finite number"},
};

START_TEST(refused)
{
  const struct refusal *f = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_sdg_totals_spec spec = FM_SDG_TOTALS_SPEC_INIT;
  fm_table *frame = fm_test_table(f->columns, n_columns(f->columns), f->cells, f->n_rows), *t;
  spec.indicator = f->indicator;
  ck_assert_int_ne(fm_sdg_totals(&t, frame, &spec, NULL, &err), FM_OK);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, f->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs_refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_sdg_totals_spec spec = FM_SDG_TOTALS_SPEC_INIT;
  fm_tally *t;
  spec.indicator = "8.1.1";
  spec.spell = &rule;
  ck_assert_int_eq(fm_sdg_totals_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "each year and the one before"));
  fm_error_clear(&err);
  spec.indicator = "10.1.1";
  rule.breaks = "then";
  ck_assert_int_eq(fm_sdg_totals_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "breaks"));
  fm_error_clear(&err);
  rule.breaks = NULL;
  rule.struct_size = 1;
  ck_assert_int_eq(fm_sdg_totals_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  spec.spell = NULL;
  spec.period = "";
  ck_assert_int_eq(fm_sdg_totals_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "period"));
  ck_assert_ptr_null(t);
}
END_TEST

/* By the number of the indicator, with the options of the rule. */
START_TEST(by_its_number)
{
  static const char *const columns[] = {"period:f64", "bottom_mean:f64", "mean:f64"};
  static const char *const cells[] = {"2010", "1", "2", "2014", "16", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 2), *t;
  spec.options = "indicator=10.1.1;not_after=2014;spell_years=4;spell_tolerance=0";
  fm_assert_ok(fm_catalogue_compute_frame(&t, frame, "sdg.totals", &spec, NULL, &err), &err);
  fm_assert_close("growth", fm_test_number(t, "value", 0), 1, 1e-14, 0);
  fm_table_destroy(t);
  spec.options = NULL;
  spec.weight = "w";
  ck_assert_int_eq(fm_catalogue_compute_frame(&t, frame, "8.1.1", &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "has no weights; found \"w\""));
  fm_table_destroy(frame);
}
END_TEST

/* ---- a tally ---- */

static const char *const surveys[] = {"area:code", "period:f64", "bottom_mean:f64", "mean:f64"};
static const char *const means[] = {"n", "2010", "1", "2",    "s", "2012", "3",   "4",   "n", "2013", "1.5", "2.25",
                                    "n", "2016", "2", "2.75", "s", "2017", "3.5", "4.5", "s", "2008", "2",   ""};

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_sdg_totals_spec spec = FM_SDG_TOTALS_SPEC_INIT;
  fm_tally *t;
  (void)ctx;
  rule.breaks = "2011,2030";
  spec.indicator = "10.1.1";
  spec.by = "area";
  spec.spell = &rule;
  fm_assert_ok(fm_sdg_totals_tally(&t, &spec, &err), &err);
  return t;
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_sdg_totals_spec spec = FM_SDG_TOTALS_SPEC_INIT;
  (void)ctx;
  rule.breaks = "2011";
  spec.indicator = "10.1.1";
  spec.by = "area";
  spec.spell = &rule;
  return fm_sdg_totals_tally(out, &spec, err);
}

START_TEST(a_tally)
{
  fm_test_tally(make, NULL, surveys, 4, means, 6);
}
END_TEST

/* One call with every allocation failing in turn; merging the frame with itself would give each survey twice. */
static fm_status once(void *ctx, fm_error *err)
{
  fm_tally *t;
  fm_table *out = NULL;
  fm_status status = create(&t, NULL, err);
  if (status == FM_OK)
    status = fm_tally_add(t, ctx, NULL, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, t, NULL, err);
  fm_table_destroy(out);
  fm_tally_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  fm_table *frame = fm_test_table(surveys, 4, means, 6);
  ck_assert_int_gt(fm_test_allocations(once, frame), 20);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdg totals");
  TCase *c = tcase_create("totals");
  tcase_add_loop_test(c, by_hand, 0, FM_COUNT(hands));
  tcase_add_test(c, published);
  tcase_add_test(c, nothing_is_guessed);
  tcase_add_test(c, losses);
  tcase_add_test(c, no_spell);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, specs_refused);
  tcase_add_test(c, by_its_number);
  tcase_add_test(c, a_tally);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
