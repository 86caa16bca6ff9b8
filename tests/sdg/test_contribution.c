/* sdg.contribution: by hand, likeness with what is cited, edges, refusals, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const char *const columns[] = {"income_0:f64",    "income_1:f64",     "employed_0:bool",
                                      "employed_1:bool", "hours_0:f64",      "hours_1:f64",
                                      "area:code",       "participant:bool", "weight:f64"};
enum { N_COLUMNS = 9, N_ROWS = 6 };
static const char *const cells[] = {"100", "140", "0", "1", "",   "20", "n", "1", "1", /**/
                                    "150", "170", "0", "0", "",   "",   "n", "1", "1", /**/
                                    "180", "180", "1", "1", "15", "18", "s", "1", "2", /**/
                                    "200", "230", "0", "1", "",   "30", "s", "1", "1", /**/
                                    "260", "270", "1", "1", "37", "37", "n", "1", "1", /**/
                                    "120", "",    "0", "1", "0",  "10", "n", "1", "1"};

static const char *const national_columns[] = {"indicator:code", "quantity:code", "value:f64",        "unit:code",
                                               "concept:code",   "since:f64",     "year:i32",         "prices:code",
                                               "currency:code",  "source:code",   "period_months:i64"};
enum { N_NATIONAL = 11 };
#define LINE                                                                                                           \
  "10.1.1", "bottom40_line", "200", "person", "disposable", "", "2020", "current", "DKK", "Office, 2021", "12"
#define GROWTH "10.1.1", "growth_bottom", "0.0149", "person", "disposable", "2020", "2022", "current", "", "Office", ""
#define RATE "8.5.2", "employment_rate", "0.75", "person", "", "", "2022", "", "", "Office", ""
static const char *const national_cells[] = {LINE, GROWTH, RATE};

static void done(fm_table *t, fm_table *frame, fm_table *cited)
{
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_table_destroy(cited);
}

static fm_table *national(const char *const *rows, size_t n)
{
  return fm_test_table(national_columns, N_NATIONAL, rows, n);
}

/* What is said of the participants' incomes. */
static fm_sdg_contribution_spec told(const fm_table *cited)
{
  fm_sdg_contribution_spec spec;
  fm_sdg_contribution_spec_init(&spec, sizeof spec);
  spec.national = cited;
  spec.concept = "disposable";
  spec.unit = "person";
  spec.currency = "DKK";
  spec.prices = "current";
  spec.period_months = 12;
  spec.period_0 = 2020;
  spec.period_1 = 2022;
  return spec;
}

static fm_table *run(const fm_table *frame, const fm_sdg_contribution_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_sdg_contribution(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static size_t row(const fm_table *t, const char *quantity)
{
  return fm_test_row(t, "quantity", quantity, NULL, NULL, NULL, NULL);
}

static double value(const fm_table *t, const char *quantity, const char *column)
{
  return fm_test_number(t, column, row(t, quantity));
}

static const char *state(const fm_table *t, const char *quantity)
{
  return fm_test_text(t, "state", row(t, quantity));
}

/* Line 200: a, b, c and f are under it, d is at it. Gains 40, 20, 0 | 30, 10 and f's is not known. */
static const struct hand {
  const char *quantity, *unit;
  double value, std_error;
  double n;
} hands[] = {
    {"participants", "people", 6, NAN, 6},
    {"below_line", "people", 4, NAN, 4},
    {"not_below_line", "people", 2, NAN, 2},
    {"below_line_share", "share", 4 / 6.0, 0.21081851067789195, 6}, /* sqrt(2/3 x 1/3 / 5) */
    {"participants_income_before", "money", 178, 26.532998322843198, 5},
    {"below_line_income_before", "money", 430 / 3.0, 23.333333333333332, 3},
    {"below_line_income_after", "money", 490 / 3.0, 12.018504251546631, 3},
    {"below_line_gain_mean", "money", 20, 11.547005383792516, 3}, /* sqrt(3/2 x 2 (20/3)^2) */
    {"below_line_gain_yearly", "money", 10, 5.773502691896258, 3},
    {"below_line_gain_total", "money", 60, 34.641016151377549, 3},
    {"below_line_growth_same_people", "per_year", 0.0674899923282326, NAN, 3}, /* sqrt(490/430) - 1 */
    {"below_line_employed_before", "share", 0.25, 0.25, 4},
    {"below_line_employed_after", "share", 0.75, 0.25, 4},
    {"below_line_employed_change", "share", 0.5, 0.28867513459481287, 4}, /* sqrt(4/3 x 4 x (1/8)^2) */
    {"below_line_employed_gained", "people", 2, 1.1547005383792515, 4},
    {"below_line_hours_before", "hours", 3.75, 3.75, 4},
    {"below_line_hours_after", "hours", 12, 4.5460605656619517, 4},
    {"below_line_hours_change", "hours", 8.25, 4.44175265707881, 4},
    {"below_line_hours_gained", "hours", 33, 17.76701062831524, 4},
    {"participants_gain_mean", "money", 20, 7.0710678118654755, 5},
    {"participants_gain_yearly", "money", 10, 3.5355339059327378, 5},
    {"participants_gain_total", "money", 100, 35.355339059327378, 5},
    {"participants_employed_gained", "people", 3, 1.3416407864998738, 6},
    {"participants_hours_gained", "hours", 63, 29.949958263743877, 6},
    {"below_line_share_of_gain", "ratio", 0.6, NAN, 5},
    {"missing_income_before", "count", 0, NAN, 0},
    {"missing_income_after", "count", 1, NAN, 1},
    {"missing_employed", "count", 0, NAN, 0},
    {"missing_hours", "count", 0, NAN, 0},
    {"cited_bottom40_line", "money", 200, NAN, NAN},
    {"cited_growth_bottom", "per_year", 0.0149, NAN, NAN},
    {"cited_employment_rate", "share", 0.75, NAN, NAN},
};

START_TEST(by_hand)
{
  fm_table *cited = national(national_cells, 3), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_sdg_contribution_spec spec = told(cited);
  fm_table *t = run(frame, &spec);
  for (int k = 0; k < FM_COUNT(hands); k++) {
    const struct hand *h = &hands[k];
    fm_assert_close(h->quantity, value(t, h->quantity, "value"), h->value, 1e-15, 1e-14);
    fm_assert_close(h->quantity, value(t, h->quantity, "std_error"), h->std_error, 1e-14, 1e-14);
    fm_assert_close(h->quantity, value(t, h->quantity, "n"), h->n, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "unit", row(t, h->quantity)), h->unit);
  }
  /* Student's 4.302652729911275 with 2 degrees of freedom */
  fm_assert_close("low", value(t, "below_line_gain_mean", "ci_low"), 20 - 49.682754, 1e-6, 0);
  fm_assert_close("level", value(t, "below_line_gain_mean", "level"), 0.95, 0, 0);
  ck_assert(value(t, "below_line_share", "ci_low") > 0 && value(t, "below_line_share", "ci_high") < 1);
  ck_assert_str_eq(fm_test_text(t, "definition", row(t, "below_line")), "contribution");
  ck_assert_str_eq(fm_test_text(t, "definition", row(t, "cited_bottom40_line")), "cited");
  ck_assert_str_eq(fm_test_text(t, "source", row(t, "cited_bottom40_line")), "Office, 2021");
  ck_assert_str_eq(fm_test_text(t, "goal", row(t, "below_line_gain_mean")), "10.1.1");
  ck_assert_str_eq(fm_test_text(t, "goal", row(t, "cited_employment_rate")), "8.5.2");
  ck_assert_str_eq(state(t, "cited_premium"), "not_given");
  ck_assert(fm_table_note(t, "contribution") != NULL && fm_table_note(t, "association") != NULL);
  ck_assert_ptr_null(fm_table_note(t, "differences"));
  done(t, frame, cited);
}
END_TEST

/* Weight 2 is the same as the row twice, but for the number of people and so the error. */
START_TEST(weights)
{
  fm_table *cited = national(national_cells, 1), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_sdg_contribution_spec spec = told(cited);
  spec.weight = "weight";
  fm_table *t = run(frame, &spec);
  fm_assert_close("below", value(t, "below_line", "value"), 5, 0, 0);
  fm_assert_close("share", value(t, "below_line_share", "value"), 5 / 7.0, 1e-15, 0);
  fm_assert_close("gain", value(t, "below_line_gain_mean", "value"), 15, 1e-15, 0); /* (40 + 20 + 2 x 0) / 4 */
  fm_assert_close("total", value(t, "below_line_gain_total", "value"), 60, 1e-15, 0);
  /* z = 25/4, 5/4, -30/4: n / (n - 1) sum z^2 = 3/2 x 1550/16 */
  fm_assert_close("error", value(t, "below_line_gain_mean", "std_error"), sqrt(1.5 * 1550 / 16), 1e-14, 0);
  fm_assert_close("weight", value(t, "below_line_gain_mean", "weight"), 4, 0, 0);
  fm_assert_close("hours", value(t, "below_line_hours_gained", "value"), 36, 1e-15, 0);
  done(t, frame, cited);
}
END_TEST

START_TEST(groups)
{
  fm_table *cited = national(national_cells, 1), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_sdg_contribution_spec spec = told(cited);
  spec.by = "area";
  fm_table *t = run(frame, &spec);
  size_t north = fm_test_row(t, "area", "n", "quantity", "below_line", NULL, NULL);
  size_t south = fm_test_row(t, "area", "s", "quantity", "below_line_gain_mean", NULL, NULL);
  fm_assert_close("north", fm_test_number(t, "value", north), 3, 0, 0);
  fm_assert_close("south", fm_test_number(t, "value", south), 0, 0, 0);
  ck_assert(isnan(fm_test_number(t, "std_error", south))); /* one person */
  ck_assert_ptr_null(fm_test_text(t, "area", row(t, "cited_bottom40_line")));
  done(t, frame, cited);
}
END_TEST

START_TEST(nobody_below)
{
  static const char *const rich[] = {"300", "310", "", "", "", "", "n", "1", "1", /**/
                                     "400", "380", "", "", "", "", "n", "1", "1"};
  fm_table *cited = national(national_cells, 1), *frame = fm_test_table(columns, N_COLUMNS, rich, 2);
  fm_sdg_contribution_spec spec = told(cited);
  fm_table *t = run(frame, &spec);
  fm_assert_close("nobody", value(t, "below_line", "value"), 0, 0, 0);
  ck_assert_str_eq(state(t, "below_line"), "ok");
  fm_assert_close("share", value(t, "below_line_share", "value"), 0, 0, 0);
  fm_assert_close("low", value(t, "below_line_share", "ci_low"), 0, 0, 0);
  ck_assert(value(t, "below_line_share", "ci_high") > 0.5);
  ck_assert_str_eq(state(t, "below_line_gain_mean"), "empty");
  ck_assert_str_eq(state(t, "below_line_growth_same_people"), "empty");
  fm_assert_close("a loss", value(t, "participants_gain_mean", "value"), -5, 0, 0);
  ck_assert_str_eq(state(t, "below_line_share_of_gain"), "undefined"); /* those above lost */
  ck_assert_str_eq(state(t, "participants_employed_after"), "not_given");
  done(t, frame, cited);
}
END_TEST

/* Losses are kept; growth from a mean of 0 or less has no value. */
START_TEST(losses)
{
  static const char *const poor[] = {"-50", "10", "", "", "", "", "n", "1", "1", /**/
                                     "20",  "5",  "", "", "", "", "n", "1", "1"};
  fm_table *cited = national(national_cells, 1), *frame = fm_test_table(columns, N_COLUMNS, poor, 2);
  fm_sdg_contribution_spec spec = told(cited);
  fm_table *t = run(frame, &spec);
  fm_assert_close("gain", value(t, "below_line_gain_total", "value"), 45, 0, 0);
  ck_assert_str_eq(state(t, "below_line_growth_same_people"), "undefined");
  fm_assert_close("all of it", value(t, "below_line_share_of_gain", "value"), 1, 0, 0);
  done(t, frame, cited);
}
END_TEST

/* Without a line nothing is said of who was under it; without years nothing is a year. */
START_TEST(not_given)
{
  static const char *const absent[] = {"below_line",
                                       "not_below_line",
                                       "below_line_share",
                                       "below_line_gain_mean",
                                       "below_line_growth_same_people",
                                       "below_line_share_of_gain",
                                       "below_line_hours_gained",
                                       "participants_gain_yearly",
                                       "cited_bottom40_line"};
  fm_sdg_contribution_spec spec;
  fm_sdg_contribution_spec_init(&spec, sizeof spec);
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t = run(frame, &spec);
  for (int k = 0; k < FM_COUNT(absent); k++) {
    ck_assert_str_eq(state(t, absent[k]), "not_given");
    ck_assert(isnan(value(t, absent[k], "value")));
  }
  ck_assert_str_eq(fm_test_text(t, "unit", row(t, "participants_growth_same_people")), "total");
  fm_assert_close("growth", value(t, "participants_growth_same_people", "value"), 990 / 890.0 - 1, 1e-14, 0);
  done(t, frame, NULL);
}
END_TEST

/* Incomes of nobody, and no rows at all. */
START_TEST(nothing_there)
{
  static const char *const blank[] = {"", "", "1", "1", "", "", "n", "1", "1"};
  fm_table *cited = national(national_cells, 1), *frame = fm_test_table(columns, N_COLUMNS, blank, 1);
  fm_sdg_contribution_spec spec = told(cited);
  fm_table *t = run(frame, &spec);
  ck_assert_str_eq(state(t, "below_line"), "not_given");
  ck_assert_str_eq(state(t, "participants_gain_mean"), "not_given");
  fm_assert_close("missing", value(t, "missing_income_before", "value"), 1, 0, 0);
  fm_assert_close("missing hours", value(t, "missing_hours", "value"), 1, 0, 0);
  ck_assert_str_eq(state(t, "participants_employed_after"), "ok");
  done(t, frame, NULL);
  frame = fm_test_table(columns, N_COLUMNS, blank, 0);
  t = run(frame, &spec);
  ck_assert_str_eq(state(t, "below_line"), "empty");
  ck_assert_str_eq(state(t, "participants"), "empty");
  ck_assert_str_eq(state(t, "below_line_share"), "empty");
  done(t, frame, cited);
}
END_TEST

/* Rows of others and of who is not known to be a participant are left out and counted; weight 0 leaves no trace. */
START_TEST(participants)
{
  static const char *const some[] = {"100", "140", "", "", "", "", "n", "1", "1", /**/
                                     "100", "900", "", "", "", "", "n", "0", "1", /**/
                                     "100", "900", "", "", "", "", "n", "",  "1", /**/
                                     "100", "900", "", "", "", "", "n", "1", "0"};
  fm_sdg_contribution_spec spec;
  fm_sdg_contribution_spec_init(&spec, sizeof spec);
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, some, 4), *t = run(frame, &spec);
  fm_assert_close("one", value(t, "participants", "value"), 1, 0, 0);
  fm_assert_close("gain", value(t, "participants_gain_mean", "value"), 40, 0, 0);
  ck_assert_str_eq(fm_table_note(t, "others_left_out"), "1");
  ck_assert_str_eq(fm_table_note(t, "unknown_left_out"), "1");
  done(t, frame, NULL);
  frame = fm_test_table(columns, 2, (const char *const[]){"1", "2", "3", "5"}, 2); /* all are participants */
  spec.weight = "";
  t = run(frame, &spec);
  fm_assert_close("two", value(t, "participants", "value"), 2, 0, 0);
  done(t, frame, NULL);
}
END_TEST

static const struct likeness {
  const char *label, *field, *said; /* NULL: alike */
  size_t cell;                      /* of the national row, and what stands there instead */
  const char *instead;
  bool growth;
} likenesses[] = {
    {"alike", NULL, NULL, 3, "person", false},
    {"unit", "unit", "unit of the cited 10.1.1 bottom40_line is equivalised, of the participants' incomes person", 3,
     "equivalised", false},
    {"concept", "concept",
     "concept of the cited 10.1.1 bottom40_line is gross, of the participants' incomes disposable", 4, "gross", false},
    {"year", "year", "is 2019, of the participants' incomes 2020", 6, "2019", false},
    {"prices", "prices", "is 2015, of the participants' incomes current", 7, "2015", false},
    {"currency", "currency", "is EUR, of the participants' incomes DKK", 8, "EUR", false},
    {"no currency", "currency", "is not said, of the participants' incomes DKK", 8, "", false},
    {"months", "period_months", "is 1, of the participants' incomes 12", 10, "1", false},
    {"growth alike", NULL, NULL, 7, "nominal", true},
    {"growth unit", "unit", "is per_head", 3, "per_head", true},
    {"growth since", "since", "is 2019, of the participants' incomes 2020", 5, "2019", true},
    {"growth year", "year", "is 2021, of the participants' incomes 2022", 6, "2021", true},
    {"growth prices", "prices", "is fixed, of the participants' incomes current", 7, "2011", true},
    {"growth without prices", "prices", "is not said", 7, "", true},
};

START_TEST(alike)
{
  static const char *const line[] = {LINE}, *const growth[] = {GROWTH};
  const struct likeness *l = &likenesses[_i];
  const char *given[N_NATIONAL];
  fm_error err = FM_ERROR_INIT;
  memcpy(given, l->growth ? growth : line, sizeof given);
  given[l->cell] = l->instead;
  fm_table *cited = national(given, 1), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  fm_sdg_contribution_spec spec = told(cited);
  fm_status status = fm_sdg_contribution(&t, frame, &spec, NULL, &err);
  ck_assert_msg(status == (l->field == NULL ? FM_OK : FM_ERR_VALUE), "%s: %s", l->label, err.message);
  if (l->field != NULL) {
    ck_assert_ptr_null(t);
    ck_assert_str_eq(err.column, l->field);
    ck_assert_msg(strstr(err.message, l->said) != NULL, "%s: %s", l->label, err.message);
    spec.force = 1;
    t = run(frame, &spec);
    ck_assert_ptr_nonnull(strstr(fm_table_note(t, "differences"), l->said));
  }
  done(t, frame, cited);
}
END_TEST

/* Published real growth of Denmark 2013-2018 (World Bank, CC BY 4.0) is not that of incomes 2020-2022: all is told. */
START_TEST(forced)
{
  static const char *const world_bank[] = {
      "10.1.1", "growth_bottom",  "0.0149", "per_head", "disposable",     "2013",   "2018",     "2011",
      "",       "WDI 2021-09-15", "",       "10.1.1",   "premium",        "0.0014", "per_head", "disposable",
      "2013",   "2018",           "2011",   "",         "WDI 2021-09-15", "",       "8.5.2",    "unemployment_rate",
      "0.05",   "household",      "",       "",         "2018",           "",       "",         "Office",
      ""};
  fm_table *cited = national(world_bank, 3), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_sdg_contribution_spec spec = told(cited);
  spec.force = 1;
  spec.unit = NULL;
  fm_table *t = run(frame, &spec);
  const char *all = fm_table_note(t, "differences");
  static const char *const parts[] = {
      "unit of the cited 10.1.1 growth_bottom is per_head, of the participants' incomes not said",
      "prices of the cited 10.1.1 premium is fixed", "year of the cited 10.1.1 growth_bottom is 2018",
      "unit of the cited 8.5.2 unemployment_rate is household"};
  for (int k = 0; k < FM_COUNT(parts); k++)
    ck_assert_msg(strstr(all, parts[k]) != NULL, "%s", all);
  ck_assert_str_eq(state(t, "below_line"), "not_given");
  fm_assert_close("premium", value(t, "cited_premium", "value"), 0.0014, 0, 0);
  done(t, frame, cited);
}
END_TEST

static const struct bad_national {
  size_t cell;
  const char *instead, *column, *said;
} bad_nationals[] = {{9, "", "source", "where the figure was published"},
                     {1, "median", "quantity", "bottom40_line, bottom40_mean"},
                     {0, "1.1.1", "quantity", "unemployment_rate or employment_rate"},
                     {0, "", "quantity", "employment_rate"},
                     {2, "", "value", "a number"},
                     {2, "inf", "value", "a finite number"}};

START_TEST(bad_national)
{
  static const char *const line[] = {LINE};
  const struct bad_national *b = &bad_nationals[_i];
  const char *given[N_NATIONAL];
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  memcpy(given, line, sizeof given);
  given[b->cell] = b->instead;
  fm_table *cited = national(given, 1);
  fm_sdg_contribution_spec spec = told(cited);
  ck_assert_int_eq(fm_sdg_contribution_tally(&t, &spec, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.column, b->column);
  ck_assert_int_eq(err.row, 0);
  ck_assert_msg(strstr(err.message, b->said) != NULL, "%s", err.message);
  fm_table_destroy(cited);
}
END_TEST

/* Per cent for a share, a figure twice, columns of other types. */
START_TEST(bad_values)
{
  static const char *const twice[] = {LINE, LINE};
  static const char *const growth[] = {"10.1.1", "growth_mean", "1.49", "", "", "", "", "", "", "Office", ""};
  static const char *const rate[] = {"8.5.2", "employment_rate", "75.2", "", "", "", "", "", "", "Office", ""};
  static const struct {
    const char *const *rows;
    size_t n;
    const char *said;
  } tables[] = {{twice, 2, "each figure once"}, {growth, 1, "0.0149 for 1.49 per cent"}, {rate, 1, "0.752"}};
  fm_error err;
  fm_tally *t;
  for (int k = 0; k < FM_COUNT(tables); k++) {
    fm_error_init(&err, sizeof err);
    fm_table *cited = national(tables[k].rows, tables[k].n);
    fm_sdg_contribution_spec spec = told(cited);
    ck_assert_int_eq(fm_sdg_contribution_tally(&t, &spec, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, tables[k].said) != NULL, "%s", err.message);
    fm_table_destroy(cited);
  }
  fm_error_init(&err, sizeof err);
  static const char *const few[] = {"indicator:code", "quantity:code", "value:code"};
  fm_table *cited = fm_test_table(few, 3, (const char *const[]){"10.1.1", "mean", "1"}, 1);
  fm_sdg_contribution_spec spec = told(cited);
  ck_assert_int_eq(fm_sdg_contribution_tally(&t, &spec, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "source"));
  fm_table_destroy(cited);
}
END_TEST

/* Numbers may be texts and texts numbers, as a reader that guesses has them. */
START_TEST(types)
{
  static const char *const other[] = {"indicator:code", "quantity:code",     "value:code", "unit:code",
                                      "concept:code",   "year:f64",          "prices:i64", "currency:code",
                                      "source:i32",     "period_months:code"};
  static const char *const row_of[] = {"10.1.1", "bottom40_line", "200", "person", "disposable",
                                       "2020",   "2015",          "DKK", "2021",   "12"};
  fm_error err = FM_ERROR_INIT;
  fm_table *cited = fm_test_table(other, 10, row_of, 1), *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_sdg_contribution_spec spec = told(cited);
  spec.prices = "2015";
  fm_table *t = run(frame, &spec);
  ck_assert_str_eq(fm_test_text(t, "source", row(t, "cited_bottom40_line")), "2021");
  fm_table_destroy(t);
  fm_table_destroy(cited);
  fm_tally *none;
  static const char *const wrong[] = {"indicator:code", "quantity:code", "value:bool", "source:code"};
  cited = fm_test_table(wrong, 4, (const char *const[]){"10.1.1", "mean", "1", "Office"}, 1);
  spec = told(cited);
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_sdg_contribution_tally(&none, &spec, &err), FM_ERR_VALUE);
  fm_table_destroy(cited);
  static const char *const words[] = {"indicator:code", "quantity:code", "value:code", "source:code"};
  cited = fm_test_table(words, 4, (const char *const[]){"10.1.1", "mean", "much", "Office"}, 1);
  spec = told(cited);
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_sdg_contribution_tally(&none, &spec, &err), FM_ERR_VALUE);
  fm_table_destroy(cited);
  fm_table_destroy(frame);
}
END_TEST

static const struct bad_row {
  size_t cell;
  const char *instead, *column, *said;
} bad_rows[] = {{0, "inf", "income_0", "a finite income"},
                {5, "169", "hours_1", "0 to 168"},
                {4, "-1", "hours_0", "0 to 168"},
                {8, "-1", "weight", "a finite weight"},
                {8, "", "weight", "a finite weight"}};

START_TEST(bad_row)
{
  const struct bad_row *b = &bad_rows[_i];
  const char *given[N_COLUMNS];
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  memcpy(given, cells, sizeof given);
  given[b->cell] = b->instead;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, given, 1);
  fm_sdg_contribution_spec spec = told(NULL);
  spec.weight = "weight";
  ck_assert_int_eq(fm_sdg_contribution(&t, frame, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.column, b->column);
  ck_assert_msg(strstr(err.message, b->said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_frame)
{
  fm_error err;
  fm_table *t, *frame = fm_test_table(columns, 3, cells, 1);
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_sdg_contribution(&t, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no column employed_1 beside employed_0"));
  fm_table_destroy(frame);
  frame = fm_test_table((const char *const[]){"area:code"}, 1, (const char *const[]){"n"}, 1);
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_sdg_contribution(&t, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "before and after"));
  fm_table_destroy(frame);
  frame =
      fm_test_table((const char *const[]){"employed_0:f64", "employed_1:f64"}, 2, (const char *const[]){"0", "0.5"}, 1);
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_sdg_contribution(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.column, "employed_1");
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_sdg_contribution_spec specs[7];
  for (int k = 0; k < FM_COUNT(specs); k++)
    specs[k] = told(NULL);
  specs[0].period_1 = NAN;
  specs[1].period_1 = 2020;
  specs[2].period_0 = -INFINITY;
  specs[3].period_months = 0;
  specs[4].level = 1;
  specs[5].force = 2;
  specs[6].by = ",";
  for (int k = 0; k < FM_COUNT(specs); k++)
    ck_assert_int_eq(fm_sdg_contribution_tally(&t, &specs[k], &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_sdg_contribution_spec spec = told(ctx);
  spec.weight = "weight";
  spec.by = "area";
  return fm_sdg_contribution_tally(out, &spec, err);
}

/* Tallies of other national figures are not merged. */
START_TEST(other_figures)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *one = national(national_cells, 1), *two = national(national_cells, 2);
  fm_tally *a = fm_test_make(create, one), *b = fm_test_make(create, two);
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  done(NULL, one, two);
}
END_TEST

START_TEST(promises)
{
  fm_table *cited = national(national_cells, 3);
  fm_test_promises(&(fm_test_measure){create, cited, columns, N_COLUMNS, cells, N_ROWS});
  fm_table_destroy(cited);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdg contribution");
  TCase *c = tcase_create("contribution");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, weights);
  tcase_add_test(c, groups);
  tcase_add_test(c, nobody_below);
  tcase_add_test(c, losses);
  tcase_add_test(c, not_given);
  tcase_add_test(c, nothing_there);
  tcase_add_test(c, participants);
  tcase_add_loop_test(c, alike, 0, FM_COUNT(likenesses));
  tcase_add_test(c, forced);
  tcase_add_loop_test(c, bad_national, 0, FM_COUNT(bad_nationals));
  tcase_add_test(c, bad_values);
  tcase_add_test(c, types);
  tcase_add_loop_test(c, bad_row, 0, FM_COUNT(bad_rows));
  tcase_add_test(c, bad_frame);
  tcase_add_test(c, bad_spec);
  tcase_add_test(c, promises);
  tcase_add_test(c, other_figures);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
