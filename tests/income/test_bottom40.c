/* income.bottom40: figures worked by hand, states, invariances, bad rows and specs. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/income.h"

static const char *const columns[] = {"person_id:code", "income_0:f64", "income_1:f64",    "weight_0:f64",
                                      "weight_1:f64",   "area:code",    "participant:bool"};
enum { N_COLUMNS = 7, NO_PARTICIPANT = 6 };

static fm_table *compute(const char *const *cells, size_t n_columns, size_t n, const fm_income_bottom40_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, n_columns, cells, n), *out;
  fm_assert_ok(fm_income_bottom40(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static double figure(const fm_table *t, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL));
}

static const char *state(const fm_table *t, const char *quantity)
{
  return fm_test_text(t, "state", fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL));
}

static const char *const five[] = {
    "a", "100",  "300", "1", "1", "n", "1", /**/
    "b", "200",  "200", "1", "1", "n", "0", /**/
    "c", "200",  "250", "1", "1", "n", "0", /**/
    "d", "200",  "500", "1", "1", "n", "1", /**/
    "e", "1000", "900", "1", "1", "n", "0",
};

/* Two of five. First period: a, and a third of each of b, c, d, who are tied at 200. Second period: b and c.
 * By the two-period mean (200, 200, 225, 350, 950): a and b. */
static const struct expected {
  const char *quantity, *unit;
  double value, n, weight;
} expected[] = {
    {"bottom_mean_0", "money", (100 + 200) / 2.0, 4, 2},
    {"mean_0", "money", 340, 5, 5},
    {"bottom_share_0", "share", 300 / 1700.0, 4, 2},
    {"cut_0", "money", 200, 4, 2},
    {"bottom_mean_1", "money", (200 + 250) / 2.0, 2, 2},
    {"mean_1", "money", 430, 5, 5},
    {"bottom_share_1", "share", 450 / 2150.0, 2, 2},
    {"cut_1", "money", 250, 2, 2},
    {"bottom_growth", "total", 225 / 150.0 - 1, 2, 2},
    {"mean_growth", "total", 430 / 340.0 - 1, 5, 5},
    {"premium", "total", 0.5 - 90 / 340.0, 2, 2},
    {"missing_0", "count", 0, 0, NAN},
    {"missing_1", "count", 0, 0, NAN},
    {"panel_people", "people", 5, 5, 5},
    {"panel_gain", "money", (200 + 0 + 50 + 300 - 100) / 5.0, 5, 5},
    {"panel_growth", "total", 90 / 340.0, 5, 5},
    {"panel_cut", "money", 200, 5, 5},
    {"panel_bottom_people", "people", 2, 4, 2},
    {"panel_bottom_mean_0", "money", 150, 4, 2},
    {"panel_bottom_mean_1", "money", (300 + 950 / 3.0) / 2, 4, 2},
    {"panel_bottom_gain", "money", (200 + 350 / 3.0) / 2, 4, 2},
    {"panel_bottom_growth", "total", (200 + 350 / 3.0) / 300, 4, 2},
    {"participant_bottom_people", "people", 4 / 3.0, 2, 4 / 3.0},
    {"participant_gain_total", "money", 200 + 300 / 3.0, 2, 4 / 3.0},
    {"participant_gain_mean", "money", 225, 2, 4 / 3.0},
    {"other_bottom_people", "people", 2 / 3.0, 2, 2 / 3.0},
    {"other_gain_total", "money", 50 / 3.0, 2, 2 / 3.0},
    {"other_gain_mean", "money", 25, 2, 2 / 3.0},
    {"unknown_bottom_people", "people", 0, 0, 0},
    {"participant_gain_share", "share", 300 / (300 + 50 / 3.0), 2, 4 / 3.0},
    {"meanrank_bottom_people", "people", 2, 2, 2},
    {"meanrank_bottom_mean_0", "money", 150, 2, 2},
    {"meanrank_bottom_mean_1", "money", 250, 2, 2},
    {"meanrank_bottom_gain", "money", 100, 2, 2},
    {"meanrank_bottom_growth", "total", 100 / 150.0, 2, 2},
    {"meanrank_participant_bottom_people", "people", 1, 1, 1},
    {"meanrank_participant_gain_total", "money", 200, 1, 1},
    {"meanrank_participant_gain_mean", "money", 200, 1, 1},
    {"meanrank_other_bottom_people", "people", 1, 1, 1},
    {"meanrank_other_gain_total", "money", 0, 1, 1},
    {"meanrank_other_gain_mean", "money", 0, 1, 1},
    {"meanrank_unknown_bottom_people", "people", 0, 0, 0},
    {"meanrank_participant_gain_share", "share", 1, 1, 1},
};

START_TEST(by_hand)
{
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.population = 1;
  fm_table *t = compute(five, N_COLUMNS, 5, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), sizeof expected / sizeof *expected);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const struct expected *e = &expected[i];
    ck_assert_str_eq(fm_test_text(t, "quantity", i), e->quantity);
    ck_assert_str_eq(fm_test_text(t, "unit", i), e->unit);
    ck_assert_str_eq(fm_test_text(t, "state", i), "ok");
    fm_assert_close(e->quantity, fm_test_number(t, "value", i), e->value, 1e-15, 0);
    fm_assert_close(e->quantity, fm_test_number(t, "n", i), e->n, 0, 0);
    fm_assert_close(e->quantity, fm_test_number(t, "people", i), e->n, 0, 0);
    fm_assert_close(e->quantity, fm_test_number(t, "weight", i), e->weight, 1e-15, 0);
  }
  ck_assert_str_eq(fm_test_text(t, "indicator", 0), "income.bottom40");
  ck_assert_str_eq(fm_table_note(t, "p_share"), "0.4");
  ck_assert_ptr_null(fm_table_note(t, "period_0"));
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "panel"), "regression to the mean"));
  fm_table_destroy(t);
}
END_TEST

/* Denmark 2013 to 2018, purchasing-power dollars a day: World Development Indicators of 2021-09-15. */
START_TEST(denmark)
{
  static const char *const cells[] = {
      "a",    "29.25",
      "31.5", "2",
      "2",    "n",
      "", /**/
      "b",    "67.3666666666666667",
      "71.9", "3",
      "3",    "n",
      "",
  };
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.period_0 = 2013;
  spec.period_1 = 2018;
  fm_table *t = compute(cells, N_COLUMNS, 2, &spec);
  fm_assert_close("mean 2013", figure(t, "mean_0", "value"), 52.12, 1e-15, 0);
  fm_assert_close("mean 2018", figure(t, "mean_1", "value"), 55.74, 1e-15, 0);
  ck_assert_int_eq(lround(1e4 * figure(t, "bottom_growth", "value")), 149);
  ck_assert_int_eq(lround(1e4 * figure(t, "mean_growth", "value")), 135);
  ck_assert_int_eq(lround(1e4 * figure(t, "premium", "value")), 14);
  /* (31.5 / 29.25)^(1/5) - 1 in 30 digits */
  fm_assert_close("growth", figure(t, "bottom_growth", "value"), 0.01493197894539374761376515516, 1e-13, 0);
  ck_assert_str_eq(fm_table_note(t, "period_1"), "2018");
  fm_table_destroy(t);
}
END_TEST

/* An external line takes incomes strictly below it; the mean ranking takes as large a share of the people. */
START_TEST(external_line)
{
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.line = 200;
  fm_table *t = compute(five, N_COLUMNS, 5, &spec);
  fm_assert_close("a", figure(t, "panel_bottom_people", "value"), 1, 0, 0);
  fm_assert_close("gain of a", figure(t, "panel_bottom_gain", "value"), 200, 0, 0);
  fm_assert_close("the line", figure(t, "panel_cut", "value"), 200, 0, 0);
  fm_assert_close("half of a and b", figure(t, "meanrank_bottom_gain", "value"), 100, 1e-15, 0);
  fm_assert_close("a fifth", figure(t, "meanrank_bottom_people", "value"), 1, 1e-15, 0);
  fm_assert_close("the periods keep their own cuts", figure(t, "cut_0", "value"), 200, 0, 0);
  fm_assert_close("no error from one person", figure(t, "panel_bottom_gain", "std_error"), NAN, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "line"), "200");
  fm_table_destroy(t);
  spec.line = 100;
  t = compute(five, N_COLUMNS, 5, &spec);
  fm_assert_close("nobody", figure(t, "panel_bottom_people", "value"), 0, 0, 0);
  ck_assert_str_eq(state(t, "panel_bottom_gain"), "empty");
  ck_assert_str_eq(state(t, "participant_gain_mean"), "empty");
  ck_assert_str_eq(state(t, "meanrank_bottom_gain"), "empty");
  fm_assert_close("a sum over nobody", figure(t, "participant_gain_total", "value"), 0, 0, 0);
  fm_table_destroy(t);
  spec.line = 1e6;
  t = compute(five, N_COLUMNS, 5, &spec);
  fm_assert_close("all", figure(t, "panel_bottom_gain", "value"), 90, 1e-15, 0);
  fm_assert_close("all by the mean", figure(t, "meanrank_bottom_gain", "value"), 90, 1e-15, 0);
  /* a set given by a line: the standard error of a mean of 200 0 50 300 -100, root of 100000 / 4 / 5 */
  fm_assert_close("error of a mean", figure(t, "panel_bottom_gain", "std_error"), sqrt(102000 / 20.0), 1e-14, 0);
  fm_table_destroy(t);
}
END_TEST

static const struct states {
  const char *label;
  const char *cells[4][N_COLUMNS];
  size_t n, n_columns;
  int32_t population;
  const char *quantity, *state;
  double value;
} states[] = {
    {"no rows", {{0}}, 0, N_COLUMNS, 1, "mean_0", "empty", NAN},
    {"no rows, panel", {{0}}, 0, N_COLUMNS, 1, "panel_people", "empty", NAN},
    {"no rows, participants", {{0}}, 0, N_COLUMNS, 1, "participant_gain_share", "empty", NAN},
    {"no second income", {{"a", "1", "", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_1", "empty", NAN},
    {"no second income, growth", {{"a", "1", "", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_growth", "empty", NAN},
    {"no second income, first", {{"a", "1", "", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_0", "ok", 1},
    {"no second income, lost", {{"a", "1", "", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "missing_1", "ok", 1},
    {"no second income, panel", {{"a", "1", "", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "panel_gain", "empty", NAN},
    {"weight 0", {{"a", "1", "5", "0", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_0", "empty", NAN},
    {"weight 0 loses nobody", {{"a", "", "5", "0", "1", "", "1"}}, 1, N_COLUMNS, 1, "missing_0", "ok", 0},
    {"weight 0, other period", {{"a", "1", "5", "0", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_1", "ok", 5},
    {"missing with a missing weight", {{"a", "", "5", "", "1", "", "1"}}, 1, N_COLUMNS, 1, "missing_0", "ok", 1},
    {"growth from 0", {{"a", "0", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "bottom_growth", "undefined", NAN},
    {"growth from a loss", {{"a", "-2", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_growth", "undefined", NAN},
    {"growth to a loss", {{"a", "2", "-1", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_growth", "undefined", NAN},
    {"growth to nothing", {{"a", "2", "0", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "mean_growth", "ok", -1},
    {"share of nothing", {{"a", "0", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "bottom_share_0", "undefined", NAN},
    {"participants not given",
     {{"a", "1", "5", "1", "1", "", ""}},
     1,
     NO_PARTICIPANT,
     1,
     "participant_gain_mean",
     "not_given",
     NAN},
    {"participants all unknown",
     {{"a", "1", "5", "1", "1", "", ""}},
     1,
     N_COLUMNS,
     1,
     "participant_gain_share",
     "not_given",
     NAN},
    {"all unknown, counted", {{"a", "1", "5", "1", "1", "", ""}}, 1, N_COLUMNS, 1, "unknown_bottom_people", "ok", 0.4},
    {"no others", {{"a", "1", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "other_gain_mean", "empty", NAN},
    {"no others, sum", {{"a", "1", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "other_gain_total", "ok", 0},
    {"share of all", {{"a", "1", "5", "1", "1", "", "1"}}, 1, N_COLUMNS, 1, "participant_gain_share", "ok", 1},
    {"not the population",
     {{"a", "1", "5", "1", "1", "", "1"}},
     1,
     N_COLUMNS,
     0,
     "participant_gain_share",
     "not_given",
     NAN},
    {"one unknown",
     {{"a", "1", "5", "1", "1", "", "1"}, {"b", "1", "5", "1", "1", "", ""}},
     2,
     N_COLUMNS,
     1,
     "participant_gain_share",
     "not_given",
     NAN},
    {"others lost",
     {{"a", "1", "5", "1", "1", "", "1"}, {"b", "1", "0", "1", "1", "", "0"}},
     2,
     N_COLUMNS,
     1,
     "participant_gain_share",
     "undefined",
     NAN},
    {"nobody gained",
     {{"a", "1", "1", "1", "1", "", "1"}, {"b", "1", "1", "1", "1", "", "0"}},
     2,
     N_COLUMNS,
     1,
     "participant_gain_share",
     "undefined",
     NAN},
};

START_TEST(states_of_figures)
{
  const struct states *c = &states[_i];
  const char *cells[4 * N_COLUMNS] = {0};
  for (size_t i = 0; i < c->n; i++)
    memcpy(cells + i * c->n_columns, c->cells[i], c->n_columns * sizeof *cells);
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.population = c->population;
  spec.period_0 = 2020;
  spec.period_1 = 2022;
  fm_table *t = compute(cells, c->n_columns, c->n, &spec);
  ck_assert_msg(strcmp(state(t, c->quantity), c->state) == 0, "%s: %s", c->label, state(t, c->quantity));
  fm_assert_close(c->label, figure(t, c->quantity, "value"), c->value, 1e-15, 0);
  fm_table_destroy(t);
}
END_TEST

/* ---- what must not change a bit ---- */

static const char *const weighted[] = {
    "a", "100.1", "130.7", "3",    "2",   "n", "1", /**/
    "b", "100.1", "90.3",  "1.25", "1",   "n", "0", /**/
    "c", "250.9", "",      "2",    "1.5", "s", "",  /**/
    "d", "",      "300.2", "1",    "4",   "s", "",  /**/
    "e", "-20.4", "77.7",  "0.5",  "0.5", "n", "0", /**/
    "f", "410.6", "400.5", "6",    "7",   "n", "1", /**/
    "g", "300.3", "310.1", "2.5",  "2.5", "n", "",
};

static void assert_same_values(const char *label, const fm_table *a, const fm_table *b, double weight_ratio)
{
  ck_assert_uint_eq(fm_table_n_rows(a), fm_table_n_rows(b));
  for (size_t i = 0; i < fm_table_n_rows(a); i++) {
    const char *quantity = fm_test_text(a, "quantity", i);
    bool sums_weights = strstr(quantity, "people") != NULL || strstr(quantity, "total") != NULL;
    if (strncmp(quantity, "missing", 7) == 0)
      continue;
    double x = fm_test_number(a, "value", i), y = fm_test_number(b, "value", i) / (sums_weights ? weight_ratio : 1);
    ck_assert_msg(isnan(x) ? isnan(y) : x == y, "%s: %s: %.17g, %.17g", label, quantity, x, y);
    ck_assert_str_eq(fm_test_text(a, "state", i), fm_test_text(b, "state", i));
  }
}

START_TEST(weights_times_a_power_of_two)
{
  static const char *const eighth[] = {"0.375", "0.25",   "0.15625", "0.125", "0.25",  "0.1875", "0.125",
                                       "0.5",   "0.0625", "0.0625",  "0.75",  "0.875", "0.3125", "0.3125"};
  const char *cells[7 * N_COLUMNS];
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  memcpy(cells, weighted, sizeof cells);
  for (size_t i = 0; i < 7; i++) {
    cells[i * N_COLUMNS + 3] = eighth[2 * i];
    cells[i * N_COLUMNS + 4] = eighth[2 * i + 1];
  }
  fm_table *a = compute(weighted, N_COLUMNS, 7, &spec), *b = compute(cells, N_COLUMNS, 7, &spec);
  assert_same_values("weights / 8", a, b, 0.125);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* a becomes three records of weight 1 and of 1, 0.5, 0.5; f becomes two halves: values stay, counts of people grow. */
START_TEST(split_records)
{
  static const char *const split[] = {
      "f", "410.6", "400.5", "3",    "3.5", "n", "1", /**/
      "a", "100.1", "130.7", "1",    "1",   "n", "1", /**/
      "b", "100.1", "90.3",  "1.25", "1",   "n", "0", /**/
      "c", "250.9", "",      "2",    "1.5", "s", "",  /**/
      "a", "100.1", "130.7", "1",    "0.5", "n", "1", /**/
      "d", "",      "300.2", "1",    "4",   "s", "",  /**/
      "e", "-20.4", "77.7",  "0.5",  "0.5", "n", "0", /**/
      "f", "410.6", "400.5", "3",    "3.5", "n", "1", /**/
      "g", "300.3", "310.1", "2.5",  "2.5", "n", "",  /**/
      "a", "100.1", "130.7", "1",    "0.5", "n", "1",
  };
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.population = 1;
  fm_table *a = compute(weighted, N_COLUMNS, 7, &spec), *b = compute(split, N_COLUMNS, 10, &spec);
  assert_same_values("split records", a, b, 1);
  fm_assert_close("people", figure(b, "mean_0", "n") - figure(a, "mean_0", "n"), 3, 0, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* Incomes and weights whose products leave the range of doubles. */
START_TEST(extreme_scales)
{
  const char *large[] = {"a", "1e307", "2e307",   "1e300", "1e300", "", "1",
                         "b", "4e307", "3e307",   "1e300", "1e300", "", "0",
                         "c", "9e307", "9.5e307", "1e300", "1e300", "", "0"};
  const char *small[] = {"a", "1e-307", "2e-307",   "1e-300", "1e-300", "", "1",
                         "b", "4e-307", "3e-307",   "1e-300", "1e-300", "", "0",
                         "c", "9e-307", "9.5e-307", "1e-300", "1e-300", "", "0"};
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.population = 1;
  for (int k = 0; k < 2; k++) {
    fm_table *t = compute(k == 0 ? large : small, N_COLUMNS, 3, &spec);
    double unit = k == 0 ? 1e307 : 1e-307;
    /* 1.2 of 3: (1 + 0.2 x 4) / 1.2, (2 + 0.2 x 3) / 1.2 */
    fm_assert_close("bottom", figure(t, "bottom_mean_0", "value") / unit, 1.5, 1e-14, 0);
    fm_assert_close("growth", figure(t, "bottom_growth", "value"), 2.6 / 1.8 - 1, 1e-14, 0);
    fm_assert_close("gain", figure(t, "panel_bottom_gain", "value") / unit, 0.8 / 1.2, 1e-14, 0);
    fm_assert_close("people", figure(t, "panel_people", "value"), k == 0 ? 3e300 : 3e-300, 1e-14, 0);
    if (k == 0)
      ck_assert_str_eq(state(t, "participant_gain_total"), "undefined");
    fm_table_destroy(t);
  }
}
END_TEST

/* ---- what is refused ---- */

static const struct bad {
  const char *label, *cells[N_COLUMNS], *column, *message;
} bad[] = {
    {"income not a number", {"a", "nan", "1", "1", "1", "", ""}, "income_0", "finite income"},
    {"income infinite", {"a", "1", "-inf", "1", "1", "", ""}, "income_1", "finite income"},
    {"weight negative", {"a", "1", "1", "-1", "1", "", ""}, "weight_0", "at least 0"},
    {"weight not a number", {"a", "1", "1", "1", "nan", "", ""}, "weight_1", "at least 0"},
    {"weight infinite", {"a", "1", "1", "1", "inf", "", ""}, "weight_1", "at least 0"},
    {"weight missing", {"a", "1", "1", "", "1", "", ""}, "weight_0", "there is an income"},
};

START_TEST(bad_rows)
{
  const struct bad *b = &bad[_i];
  const char *cells[2 * N_COLUMNS] = {"x", "1", "1", "1", "1", "new", ""};
  memcpy(cells + N_COLUMNS, b->cells, sizeof b->cells);
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  void *bytes[2];
  size_t n[2];
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  spec.by = "area";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 2), *good = fm_test_table(columns, N_COLUMNS, five, 5);
  fm_assert_ok(fm_income_bottom40_tally(&t, &spec, &err), &err);
  fm_assert_ok(fm_tally_add(t, good, NULL, &err), &err);
  fm_assert_ok(fm_tally_save(&bytes[0], &n[0], t, &err), &err);
  ck_assert_msg(fm_tally_add(t, frame, NULL, &err) == FM_ERR_VALUE, "%s", b->label);
  ck_assert_msg(strcmp(err.column, b->column) == 0, "%s: column %s", b->label, err.column);
  ck_assert_msg(err.row == 1, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  fm_assert_ok(fm_tally_save(&bytes[1], &n[1], t, &err), &err);
  ck_assert_msg(n[0] == n[1] && memcmp(bytes[0], bytes[1], n[0]) == 0, "%s: the tally changed", b->label);
  fm_free(bytes[0]);
  fm_free(bytes[1]);
  fm_tally_destroy(t);
  fm_table_destroy(frame);
  fm_table_destroy(good);
}
END_TEST

static const struct shape {
  const char *label, *columns[4], *cells[4];
  size_t n;
  fm_status status;
} shapes[] = {
    {"no second income", {"income_0:f64"}, {"1"}, 1, FM_ERR_NOT_FOUND},
    {"no first income", {"income_1:f64"}, {"1"}, 1, FM_ERR_NOT_FOUND},
    {"income as text", {"income_0:code", "income_1:f64"}, {"1", "1"}, 2, FM_ERR_TYPE},
    {"no weight", {"income_0:f64", "income_1:f64", "weight_0:f64"}, {"1", "1", "1"}, 3, FM_ERR_NOT_FOUND},
    {"participant not yes or no",
     {"income_0:f64", "income_1:f64", "participant:i32", "weight_0:f64"},
     {"1", "1", "1", "1"},
     4,
     FM_ERR_TYPE},
};

START_TEST(bad_frames)
{
  const struct shape *c = &shapes[_i];
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(c->columns, c->n, c->cells, 1), *out;
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  if (strcmp(c->label, "no weight") == 0)
    spec.weight = "weight";
  fm_status status = fm_income_bottom40(&out, frame, &spec, NULL, &err);
  ck_assert_msg(status == c->status, "%s: %s", c->label, fm_status_name(status));
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs)
{
  fm_error err = FM_ERROR_INIT;
  char longest[202];
  memset(longest, 'w', sizeof longest - 1);
  longest[201] = '\0';
  fm_income_bottom40_spec all[12], plain = FM_INCOME_BOTTOM40_SPEC_INIT;
  static const char *const named[12] = {"p_share",  "p_share", "p_share",    "period_0", "period_1", "period_1",
                                        "period_1", "line",    "population", "weight",   "weight",   "by"};
  for (int k = 0; k < FM_COUNT(all); k++)
    fm_income_bottom40_spec_init(&all[k], sizeof all[k]);
  fm_assert_close("default", all[0].p_share, plain.p_share, 0, 0);
  ck_assert(isnan(all[0].line) && isnan(all[0].period_0) && isnan(all[0].period_1));
  all[0].p_share = 0;
  all[1].p_share = 1;
  all[2].p_share = NAN;
  all[3].period_0 = 2020;
  all[4].period_0 = all[4].period_1 = 2020;
  all[5].period_0 = -INFINITY;
  all[5].period_1 = 2020;
  all[6].period_0 = 2020;
  all[6].period_1 = INFINITY;
  all[7].line = INFINITY;
  all[8].population = 2;
  all[9].weight = "";
  all[10].weight = longest;
  all[11].by = ",area";
  for (int k = 0; k < FM_COUNT(all); k++) {
    fm_tally *t;
    fm_error_clear(&err);
    ck_assert_msg(fm_income_bottom40_tally(&t, &all[k], &err) == FM_ERR_ARGUMENT, "spec %d", k);
    ck_assert_ptr_null(t);
    ck_assert_msg(strstr(err.message, named[k]) != NULL, "spec %d: %s", k, err.message);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-bottom40");
  TCase *t = tcase_create("bottom40");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, denmark);
  tcase_add_test(t, external_line);
  tcase_add_loop_test(t, states_of_figures, 0, FM_COUNT(states));
  tcase_add_test(t, weights_times_a_power_of_two);
  tcase_add_test(t, split_records);
  tcase_add_test(t, extreme_scales);
  tcase_add_loop_test(t, bad_rows, 0, FM_COUNT(bad));
  tcase_add_loop_test(t, bad_frames, 0, FM_COUNT(shapes));
  tcase_add_test(t, specs);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
