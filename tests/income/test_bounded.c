/* income.distribution with bounded = 1: bounds hold what the rows give, and the state keeps a tally's promises. */
#include <math.h>
#include <string.h>

#include "num/random.h"
#include "support/support.h"

static const char *const columns[] = {"region:code", "income:f64", "w:f64", "working:bool", "first:bool"};
static const char *const cells[] = {
    "north", "1",   "1", "1", "1", /**/
    "north", "1",   "1", "1", "1", /**/
    "north", "1.5", "2", "1", "1", /**/
    "north", "2",   "1", "1", "1", /**/
    "south", "-4",  "1", "1", "1", /**/
    "south", "8",   "2", "1", "0", /* the person is in another group, too */
    "south", "16",  "1", "0", "1", /* not in the domain */
    "south", "",    "1", "1", "1", /**/
    "west",  "",    "1", "1", "1", /**/
    "south", "99",  "0", "1", "1", /* weight 0 */
};
enum { N_COLUMNS = 5, N_ROWS = 10 };

static fm_table *result_of(const fm_table *frame, const fm_income_distribution_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_income_distribution(&out, frame, spec, NULL, &err), &err);
  return out;
}

static fm_income_distribution_spec spec_of(const char *measures)
{
  fm_income_distribution_spec s = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  s.weight = "w";
  s.by = "region";
  s.measures = measures;
  s.bounded = 1;
  s.total = 1;
  return s;
}

static size_t row_of(const fm_table *t, const char *quantity, const char *region)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *at = fm_test_text(t, "region", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 &&
        (region != NULL ? at != NULL && strcmp(at, region) == 0 : at == NULL))
      return i;
  }
  ck_abort_msg("no row of %s", quantity);
  return 0;
}

/* North: 1, 1, 1.5 (weight 2), 2: all at the least value of their cells, so that the bounds meet at C (W - C) dx =
 * 2 * 3 * 0.5 + 4 * 1 * 0.5 = 5 over W Y = 5 * 7. The whole: north, -4 (the 8 counts in the south alone). Its median:
 * W = 6, half is reached by -4, 1, 1: a hit, between 1 and 1.5; bounds of cells 1 and 1.5 are 2^-8 of them wide. */
START_TEST(by_hand)
{
  fm_income_distribution_spec s = spec_of("gini,mean,median,total");
  s.domain = "working";
  s.first_row = "first";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t = result_of(frame, &s);
  size_t gini = row_of(t, "gini", "north"), south = row_of(t, "total", "south"), west = row_of(t, "mean", "west");
  fm_assert_close("low", fm_test_number(t, "ci_low", gini), 1.0 / 7, 1e-13, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", gini), 1.0 / 7, 1e-13, 0);
  ck_assert_double_le(fm_test_number(t, "ci_low", gini), fm_test_number(t, "value", gini));
  ck_assert_double_eq(fm_test_number(t, "n", gini), 4);
  ck_assert_double_eq(fm_test_number(t, "weight", gini), 5);
  ck_assert_double_eq(fm_test_number(t, "value", row_of(t, "mean", "north")), 1.4);
  ck_assert_double_eq(fm_test_number(t, "value", south), 12);
  ck_assert_double_eq(fm_test_number(t, "ci_low", south), 12);
  ck_assert_str_eq(fm_test_text(t, "state", west), "empty");
  ck_assert(isnan(fm_test_number(t, "value", west)));
  ck_assert_double_eq(fm_test_number(t, "value", row_of(t, "total", NULL)), 3);
  size_t median = row_of(t, "median", NULL);
  double low = fm_test_number(t, "ci_low", median), high = fm_test_number(t, "ci_high", median);
  ck_assert_msg(low <= 1.25 && 1.25 <= high && low >= 0.99 && high <= 1.26, "%g to %g", low, high);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    ck_assert_str_eq(fm_test_text(t, "definition", i), "bounded");
    ck_assert(isnan(fm_test_number(t, "std_error", i)) && isnan(fm_test_number(t, "level", i)));
  }
  ck_assert_str_eq(fm_table_note(t, "bounded"), "prefix histogram of 20 bits");
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "ci_low"), "no confidence interval"));
  ck_assert_str_eq(fm_table_note(t, "missing_income"), "2");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- against the rows ---- */

static const char measures[] =
    "mean,total,median,quantile(0.1),quantile(0.999),quantile_ratio(0.9,0.1),lorenz(0.3),generalised_lorenz(0.7),"
    "bottom_share(0.4),top_share(0.01),bottom_mean(0.4),top_mean(0.1),s80s20,palma,share_ratio(0.05,0.5),gini,"
    "poverty_line(0.5),at_risk_of_poverty(0.6),relative_median_gap(0.6),median_of_poor,fgt(0)";

static fm_table *large_frame(size_t n, uint64_t seed, double size, double weights, bool losses)
{
  static const char *const regions[] = {"a", "b", "c"};
  fm_error err = FM_ERROR_INIT;
  double *x = malloc(n * sizeof *x), *w = malloc(n * sizeof *w);
  const char **region = malloc(n * sizeof *region);
  uint8_t *working = malloc(n);
  static uint8_t given[1 << 12];
  memset(given, 0, sizeof given);
  ck_assert(n <= 8 * sizeof given && x != NULL && w != NULL && region != NULL && working != NULL);
  for (size_t i = 0; i < n; i++) {
    double z = random_normal(&seed), u = random_unit(&seed);
    x[i] = size * exp(12 + 0.7 * z);
    if (losses && u < 0.1)
      x[i] = u < 0.05 ? 0 : -0.1 * x[i];
    if (u > 0.9)
      x[i] = size * floor(x[i] / size);
    w[i] = weights * (1 + floor(64 * random_unit(&seed)) / 16);
    region[i] = regions[random_unit(&seed) < 0.01 ? 2 : i % 2];
    working[i] = random_unit(&seed) < 0.8;
    if (random_unit(&seed) < 0.98)
      given[i >> 3] = (uint8_t)(given[i >> 3] | 1u << (i & 7));
  }
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "frame", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "income", x, given, n, free, x, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "w", w, NULL, n, free, w, &err), &err);
  fm_assert_ok(fm_table_add_bool(t, "working", working, NULL, n, free, working, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "region", region, n, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  free(region);
  return t;
}

static bool same_text(const char *a, const char *b)
{
  return (a == NULL && b == NULL) || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The row of `rows` with the keys of row i of `bounds`: poverty lines follow there. */
static size_t matching(const fm_table *rows, const fm_table *bounds, size_t i)
{
  static const char *const keys[] = {"region", "quantity", "parameter"};
  for (size_t k = 0; k < fm_table_n_rows(rows); k++) {
    bool same = true;
    for (int j = 0; j < FM_COUNT(keys); j++)
      same = same && same_text(fm_test_text(rows, keys[j], k), fm_test_text(bounds, keys[j], i));
    if (same)
      return k;
  }
  ck_abort_msg("row %zu has no match", i);
  return 0;
}

static double check_rows(const fm_table *rows, const fm_table *bounds)
{
  double widest = 0;
  for (size_t i = 0; i < fm_table_n_rows(bounds); i++) {
    size_t k = matching(rows, bounds, i);
    const char *name = fm_test_text(bounds, "quantity", i);
    double exact = fm_test_number(rows, "value", k), value = fm_test_number(bounds, "value", i);
    double low = fm_test_number(bounds, "ci_low", i), high = fm_test_number(bounds, "ci_high", i);
    ck_assert_msg(same_text(fm_test_text(bounds, "state", i), fm_test_text(rows, "state", k)), "%s: state %s", name,
                  fm_test_text(bounds, "state", i));
    ck_assert_double_eq(fm_test_number(bounds, "n", i), fm_test_number(rows, "n", k));
    fm_assert_close("weight", fm_test_number(bounds, "weight", i), fm_test_number(rows, "weight", k), 1e-15, 0);
    if (isnan(exact))
      continue;
    double slack = 1e-14 * fabs(exact);
    ck_assert_msg(low <= exact + slack && exact - slack <= high, "%s(%s): %.17g not in %.17g, %.17g", name,
                  fm_test_text(bounds, "parameter", i), exact, low, high);
    ck_assert(low <= value && value <= high);
    if (strcmp(name, "mean") == 0 || strcmp(name, "total") == 0)
      ck_assert_msg(value == exact, "%s: %.17g, rows %.17g", name, value, exact);
    widest = fmax(widest, (high - low) / fabs(exact));
  }
  return widest;
}

typedef struct choice {
  const char *label;
  int32_t quantile, poor, gini, line_kind, percent, negative;
  double size, weights; /* of incomes and weights */
  bool losses;
} choice;

static const choice choices[] = {
    {"default", 0, 0, 0, FM_INCOME_LINE_NATIONAL, 0, 0, 1, 1, false},
    {"left", FM_INCOME_QUANTILE_LEFT, FM_INCOME_POOR_LE, FM_INCOME_GINI_N_MINUS_1, FM_INCOME_LINE_DOMAIN, 1, 0, 1, 1,
     true},
    {"right", FM_INCOME_QUANTILE_RIGHT, 0, 0, FM_INCOME_LINE_DOMAIN_MEAN, 0, FM_INCOME_NEGATIVE_ZERO, 1, 1e-300, true},
    {"mean", 0, 0, 0, FM_INCOME_LINE_NATIONAL_MEAN, 1, FM_INCOME_NEGATIVE_DROP, 1e-290, 1e200, true},
    {"absolute", 0, FM_INCOME_POOR_LE, 0, FM_INCOME_LINE_ABSOLUTE, 0, 0, 1e290, 1, false},
};

START_TEST(bounds_hold_the_rows)
{
  const choice *c = &choices[_i];
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_income_distribution_spec s = spec_of(measures);
  rules.quantile = c->quantile;
  rules.poor = c->poor;
  rules.gini = c->gini;
  rules.line_kind = c->line_kind;
  rules.percent = c->percent;
  rules.negative = c->negative;
  if (c->line_kind == FM_INCOME_LINE_ABSOLUTE)
    rules.line = 1e5 * c->size;
  s.rules = &rules;
  s.domain = "working";
  fm_table *frame = large_frame(9000, 5 + (uint64_t)_i, c->size, c->weights, c->losses), *bounds, *rows;
  bounds = result_of(frame, &s);
  s.bounded = 0;
  rows = result_of(frame, &s);
  ck_assert_uint_eq(fm_table_n_rows(bounds), 4 * 21);
  double widest = check_rows(rows, bounds);
  ck_assert_msg(widest < 0.05, "%s: %g", c->label, widest);
  fm_table_destroy(frame);
  fm_table_destroy(bounds);
  fm_table_destroy(rows);
}
END_TEST

/* ---- a tally's promises ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return fm_income_distribution_tally(out, ctx, err);
}

static fm_income_distribution_spec promised(int i)
{
  fm_income_distribution_spec s = spec_of(i == 0 ? NULL : "gini,at_risk_of_poverty(0.6),top_share(0.1)");
  if (i == 1) {
    s.domain = "working";
    s.first_row = "first";
  } else if (i == 2) {
    s.by = s.weight = NULL;
  }
  return s;
}

/* ---- what is refused ---- */

static void refused(const fm_income_distribution_spec *s, const char *word)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = NULL;
  ck_assert_int_eq(fm_income_distribution_tally(&t, s, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, word) != NULL, "\"%s\" does not name %s", err.message, word);
}

START_TEST(refusals)
{
  static const char *const no_bounds[] = {"theil", "mld", "fgt", "sen", "hoover", "zenga"};
  static const char *const asked[] = {"theil", "gini,mld", "fgt(1)", "sen", "hoover", "zenga"};
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_income_distribution_spec s;
  for (int i = 0; i < FM_COUNT(asked); i++) {
    s = spec_of(asked[i]);
    refused(&s, no_bounds[i]);
  }
  s = spec_of("gini");
  s.design = &design;
  refused(&s, "design");
  s = spec_of("gini");
  s.reference = "north";
  refused(&s, "reference");
  s = spec_of("gini");
  s.imputed = "working";
  refused(&s, "imputed");
  s = spec_of("gini");
  s.top_coded = "working";
  refused(&s, "top_coded");
  s = spec_of("gini");
  s.bounded = 2;
  refused(&s, "bounded");
  s = spec_of("gini");
  s.income = "";
  refused(&s, "income");
  s = spec_of("bottom_share(0.4)");
  s.rules = &rules;
  rules.share = FM_INCOME_SHARE_STEP;
  refused(&s, "share");
  rules.gini = FM_INCOME_GINI_UNIT_BLOCK;
  s.measures = "gini";
  refused(&s, "gini");
  rules.quantile = FM_INCOME_QUANTILE_INTERP;
  s.measures = "median";
  refused(&s, "quantile");
}
END_TEST

START_TEST(exact_and_bounded_do_not_mix)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec s = spec_of("gini");
  fm_tally *bounded = fm_test_make(create, &s);
  s.bounded = 0;
  fm_tally *exact = fm_test_make(create, &s);
  ck_assert_int_eq(fm_tally_merge(bounded, exact, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(fm_tally_measure(bounded), "income.distribution.bounded");
  fm_tally_destroy(bounded);
  fm_tally_destroy(exact);
}
END_TEST

START_TEST(promises)
{
  fm_income_distribution_spec s = promised(_i);
  fm_test_promises(&(fm_test_measure){create, &s, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income-bounded");
  TCase *t = tcase_create("bounded");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, by_hand);
  tcase_add_loop_test(t, bounds_hold_the_rows, 0, FM_COUNT(choices));
  tcase_add_loop_test(t, promises, 0, 3);
  tcase_add_test(t, refusals);
  tcase_add_test(t, exact_and_bounded_do_not_mix);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
