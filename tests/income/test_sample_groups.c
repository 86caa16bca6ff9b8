/* Measures by group against each group by itself. */
#include <math.h>
#include <string.h>

#include "support/support.h"

enum { N = 500, GROUPS = 7, MEASURES = 5 };
static double x[N], w[N];
static int32_t group[N];

static void make(void)
{
  uint64_t state = 5;
  for (int i = 0; i < N; i++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    x[i] = (double)(state >> 58);
    w[i] = (double)((state >> 40) % 5) / 4;
    group[i] = (int32_t)((state >> 33) % (GROUPS - 1)); /* the last group is empty */
  }
  x[3] = NAN;
}

static void check(const char *measures, const fm_income_rules *rules, bool own_line)
{
  double values[GROUPS * MEASURES], part[N], weight[N], expected[MEASURES], line;
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *s;
  fm_assert_ok(fm_income_grouped_values(values, MEASURES, x, w, group, N, GROUPS, measures, rules, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_create(&s, x, w, N, rules, NULL, &err), &err);
  fm_assert_ok(fm_income_sample_values(&line, NULL, 1, s, "poverty_line", NULL, &err), &err);
  fm_income_sample_destroy(s);
  for (int32_t g = 0; g < GROUPS; g++) {
    size_t n = 0;
    for (int i = 0; i < N; i++)
      if (group[i] == g) {
        part[n] = x[i];
        weight[n++] = w[i];
      }
    fm_income_rules r = *rules;
    if (!own_line) { /* the national line, as a number */
      r.line_kind = FM_INCOME_LINE_ABSOLUTE;
      r.line = line;
    }
    fm_assert_ok(fm_income_sample_create(&s, part, weight, n, &r, NULL, &err), &err);
    fm_assert_ok(fm_income_sample_values(expected, NULL, MEASURES, s, measures, NULL, &err), &err);
    for (int k = 0; k < MEASURES; k++) {
      double got = values[(size_t)g * MEASURES + (size_t)k];
      ck_assert_msg(isnan(got) ? isnan(expected[k]) : memcmp(&got, &expected[k], sizeof got) == 0,
                    "group %d measure %d: %.17g and %.17g", (int)g, k, got, expected[k]);
      ck_assert(isnan(got) == (g == GROUPS - 1));
    }
    fm_income_sample_destroy(s);
  }
}

START_TEST(groups)
{
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  make();
  check("gini,mean,at_risk_of_poverty,fgt(1),s80s20", &rules, false);
  rules.line_kind = FM_INCOME_LINE_NATIONAL_MEAN;
  check("sst,theil,at_risk_of_poverty,fgt(1),palma", &rules, false);
  rules.line_kind = FM_INCOME_LINE_DOMAIN;
  check("gini,mean,at_risk_of_poverty,fgt(1),s80s20", &rules, true);
}
END_TEST

/* Incomes that the rules leave out, lift or refuse, from one row on; as in one sample a group. */
START_TEST(policies)
{
  static const int32_t negative[] = {FM_INCOME_NEGATIVE_KEEP, FM_INCOME_NEGATIVE_DROP, FM_INCOME_NEGATIVE_ZERO};
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  for (int k = 0; k < FM_COUNT(negative); k++) {
    make();
    for (int i = 40; i < N; i += 9)
      x[i] = -x[i];
    rules.negative = negative[k];
    rules.line_kind = FM_INCOME_LINE_NATIONAL;
    check("mean,median,total,fgt(0),lorenz(0.4)", &rules, false);
    rules.line_kind = FM_INCOME_LINE_DOMAIN;
    check("mean,median,total,fgt(0),lorenz(0.4)", &rules, true);
  }
}
END_TEST

/* 1, -1, missing and 5 in one group, without weights: 6 / 3 with a zero for -1, (1 + 5) / 2 without it. */
START_TEST(policies_by_hand)
{
  const double income[] = {1, -1, NAN, 5}, expected[] = {5 / 3.0, NAN, 3, 2};
  const int32_t one[] = {0, 0, 0, 0};
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  for (int32_t k = 0; k < 4; k++) {
    double mean = 0;
    fm_error err = FM_ERROR_INIT;
    rules.negative = k;
    fm_status status = fm_income_grouped_values(&mean, 1, income, NULL, one, 4, 1, "mean", &rules, NULL, &err);
    ck_assert_int_eq(status, k == FM_INCOME_NEGATIVE_ERROR ? FM_ERR_VALUE : FM_OK);
    if (status == FM_OK)
      fm_assert_close("mean", mean, expected[k], 1e-15, 0);
  }
}
END_TEST

/* Bottom shares alone take another way; groups of 5,000 rows are large enough for it. */
START_TEST(bottom_alone)
{
  enum { ROWS = 20000, PARTS = 4 };
  static double income[ROWS], weight[ROWS], part[ROWS], part_weight[ROWS];
  static int32_t of[ROWS], none[ROWS];
  static const struct {
    const char *label;
    double x_unit, w_unit;
    bool weighted, whole;
  } cases[] = {
      {"plain", 1, 1, true, false},
      {"no weights", 1, 1, false, false},
      {"whole incomes", 1, 1, true, true},
      {"large incomes", 0x1p1000, 1, true, false},
      {"large both", 0x1p1000, 0x1p1000, true, false},
      {"small both", 0x1p-1000, 0x1p-1000, true, false},
  };
  static const char measures[] = "bottom_share(0.4),bottom_mean(0.4),lorenz(0.1),generalised_lorenz(0.1)";
  for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
    uint64_t state = 9;
    double values[PARTS * 4], alone[4], expected[4];
    fm_income_rules rules = FM_INCOME_RULES_INIT;
    fm_error err = FM_ERROR_INIT;
    rules.percent = c % 2;
    for (int i = 0; i < ROWS; i++) {
      state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      double u = (double)(state >> 11) * 0x1p-53;
      income[i] = (cases[c].whole ? floor(3000 * u) : 3000 * u) * cases[c].x_unit;
      weight[i] = (0.5 + (double)((state >> 20) % 1000) / 7) * cases[c].w_unit;
      of[i] = (int32_t)((state >> 33) % (PARTS - 1)); /* the last group is empty */
    }
    const double *w_all = cases[c].weighted ? weight : NULL;
    fm_assert_ok(fm_income_grouped_values(values, 4, income, w_all, of, ROWS, PARTS, measures, &rules, NULL, &err),
                 &err);
    for (int32_t g = 0; g < PARTS; g++) {
      size_t n = 0;
      fm_income_sample *s;
      for (size_t i = ROWS; i-- > 0;)
        if (of[i] == g) {
          part[n] = income[i];
          part_weight[n++] = weight[i];
        }
      const double *w_part = cases[c].weighted ? part_weight : NULL, *got = values + (size_t)g * 4;
      fm_assert_ok(fm_income_grouped_values(alone, 4, part, w_part, none, n, 1, measures, &rules, NULL, &err), &err);
      fm_assert_ok(fm_income_sample_create(&s, part, w_part, n, &rules, NULL, &err), &err);
      fm_assert_ok(fm_income_sample_values(expected, NULL, 4, s, measures, NULL, &err), &err);
      fm_income_sample_destroy(s);
      for (int k = 0; k < 4; k++) {
        ck_assert_msg(isnan(got[k]) ? g == PARTS - 1 && isnan(alone[k]) : memcmp(&got[k], &alone[k], sizeof *got) == 0,
                      "%s, group %d, measure %d: %.17g and alone %.17g", cases[c].label, (int)g, k, got[k], alone[k]);
        ck_assert_msg(isnan(got[k]) ? isnan(expected[k]) : fabs(got[k] - expected[k]) <= 1e-14 * fabs(expected[k]),
                      "%s, group %d, measure %d: %.17g and %.17g", cases[c].label, (int)g, k, got[k], expected[k]);
      }
    }
  }
}
END_TEST

START_TEST(refused)
{
  double values[4];
  const int32_t wrong[] = {0, 2}, below[] = {-1, 0};
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_income_grouped_values(values, 1, x, NULL, wrong, 2, 2, "mean", NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "row 1: the group is 2; expected 0 to 1");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_grouped_values(values, 1, x, NULL, below, 2, 2, "mean", NULL, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_income_grouped_values(values, 2, x, NULL, wrong, 2, 3, "mean", NULL, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "1 measures were asked for and n_measures is 2");
}
END_TEST

static fm_status bottom_life(void *ctx, fm_error *err)
{
  double values[GROUPS];
  (void)ctx;
  return fm_income_grouped_values(values, 1, x, w, group, N, GROUPS, "bottom_share(0.4)", NULL, NULL, err);
}

static fm_status life(void *ctx, fm_error *err)
{
  double values[GROUPS * 2];
  (void)ctx;
  return fm_income_grouped_values(values, 2, x, w, group, N, GROUPS, "gini,fgt(0)", NULL, NULL, err);
}

START_TEST(allocations)
{
  make();
  ck_assert_int_ge(fm_test_allocations(life, NULL), 5);
  ck_assert_int_ge(fm_test_allocations(bottom_life, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income grouped");
  TCase *c = tcase_create("grouped");
  tcase_add_test(c, groups);
  tcase_add_test(c, policies);
  tcase_add_test(c, policies_by_hand);
  tcase_add_test(c, bottom_alone);
  tcase_add_test(c, refused);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
