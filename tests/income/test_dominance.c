/* income.dominance: worked by hand, the joint test, the TIP curve and its influence, errors, any split. */
#include "flexmetrics/income_groups.h"

#include <math.h>
#include <string.h>

#include "income/measure/measure_priv.h"
#include "support/support.h"

static const char *const columns[] = {"income:f64", "group:code", "w:f64"};
enum { N_COLUMNS = 3 };

static fm_table *compute(const char *const *cells, size_t n, const fm_income_dominance_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, n), *out;
  fm_assert_ok(fm_income_dominance(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

/* The first figure of this quantity at p; NaN: the figure of the whole. */
static double figure(const fm_table *t, double p, const char *quantity, const char *column)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double at = fm_test_number(t, "p", i);
    if ((at == p || (isnan(at) && isnan(p))) && strcmp(fm_test_text(t, "quantity", i), quantity) == 0)
      return fm_test_number(t, column, i);
  }
  ck_abort_msg("no %s at %g", quantity, p);
}

static fm_income_dominance_spec spec_of(int32_t curve, int32_t n_points)
{
  fm_income_dominance_spec spec;
  fm_income_dominance_spec_init(&spec, sizeof spec);
  spec.group = "group";
  spec.reference = "old";
  spec.compared = "new";
  spec.curve = curve;
  spec.n_points = n_points;
  return spec;
}

/* old: 1, 3, 4, 8 (mean 4); new: 3, 3, 3, 3. L(1/2): 4/16 and 1/2; GL(1/2): 1 and 1.5.
 * Line 4: gaps 3/4, 1/4, 0, 0 of the old, 1/4 each of the new. TIP(1/4) 3/16 and 1/16, TIP(1/2) and beyond 1/4;
 * TIP(1/2) of the new 1/8, TIP(1) 1/4. */
static const char *const cells[] = {"1", "old", "1", "3", "old", "1", "4", "old", "1", "8", "old", "1",
                                    "3", "new", "1", "3", "new", "1", "3", "new", "1", "3", "new", "1"};

START_TEST(worked_by_hand)
{
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  rules.line = 4;
  const struct {
    int32_t curve;
    double p, reference, compared;
  } expected[] = {
      {FM_INCOME_DOMINANCE_LORENZ, 0.5, 0.25, 0.5},      {FM_INCOME_DOMINANCE_GENERALISED_LORENZ, 0.5, 1, 1.5},
      {FM_INCOME_DOMINANCE_GENERALISED_LORENZ, 1, 4, 3}, {FM_INCOME_DOMINANCE_TIP, 0.25, 3 / 16.0, 1 / 16.0},
      {FM_INCOME_DOMINANCE_TIP, 0.5, 0.25, 1 / 8.0},     {FM_INCOME_DOMINANCE_TIP, 0.75, 0.25, 3 / 16.0},
      {FM_INCOME_DOMINANCE_TIP, 1, 0.25, 0.25}};
  for (int i = 0; i < FM_COUNT(expected); i++) {
    fm_income_dominance_spec spec = spec_of(expected[i].curve, 4);
    spec.rules = &rules;
    fm_table *t = compute(cells, 8, &spec);
    fm_assert_close("reference", figure(t, expected[i].p, "reference", "value"), expected[i].reference, 1e-15, 0);
    fm_assert_close("compared", figure(t, expected[i].p, "compared", "value"), expected[i].compared, 1e-15, 0);
    fm_assert_close("difference", figure(t, expected[i].p, "difference", "value"),
                    expected[i].compared - expected[i].reference, 1e-14, 1e-16);
    fm_table_destroy(t);
  }
}
END_TEST

/* Many copies of the same rows: differences far beyond their errors. 400 rows in each group. */
static fm_table *copies(int32_t curve, const char *const *old, const char *const *new)
{
  enum { ROWS = 400 };
  static const char *many[2 * ROWS * N_COLUMNS];
  for (size_t i = 0; i < ROWS; i++) {
    const char *row[] = {old[i % 4], "old", "1", new[i % 4], "new", "1"};
    memcpy(many + i * 2 * N_COLUMNS, row, sizeof row);
  }
  fm_income_dominance_spec spec = spec_of(curve, 4);
  return compute(many, 2 * ROWS, &spec);
}

START_TEST(joint_test)
{
  static const char *const old[] = {"1", "3", "4", "8"}, *const equal[] = {"4", "4", "4", "4.0"},
                           *const crossed[] = {"2", "2", "3", "9"};
  const struct {
    const char *label;
    const char *const *compared;
    double above, below, crossing;
  } cases[] = {{"more equal", equal, 1, 0, 0}, {"the same", old, 0, 0, 0}, {"crossing", crossed, 0, 0, 1}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_table *t = copies(FM_INCOME_DOMINANCE_LORENZ, old, cases[i].compared);
    fm_assert_close(cases[i].label, figure(t, NAN, "compared_above", "value"), cases[i].above, 0, 0);
    fm_assert_close(cases[i].label, figure(t, NAN, "reference_above", "value"), cases[i].below, 0, 0);
    fm_assert_close(cases[i].label, figure(t, NAN, "crossing", "value"), cases[i].crossing, 0, 0);
    /* three points: t quantile of (1 + .95^(1/3))/2 with 799 degrees of freedom; R: qt((1 + .95^(1/3))/2, 799) */
    fm_assert_close("critical", figure(t, NAN, "critical_t", "value"), 2.39275445382, 1e-11, 0);
    fm_table_destroy(t);
  }
}
END_TEST

/* ---- the influence of a TIP ordinate ---- */

enum { N = 40 };

static fm__dist population(const double *x, const double *w, size_t changed, double by)
{
  fm__dist d;
  fm_error err = FM_ERROR_INIT;
  fm__member *members = fm__array(N, sizeof *members);
  for (size_t i = 0; i < N; i++)
    members[i] = (fm__member){x[i], w[i] * (i == changed ? 1 + by : 1), (uint32_t)i, 1};
  fm_assert_ok(fm__dist_of_members(&d, members, N, NULL, &err), &err);
  return d;
}

START_TEST(tip_influence)
{
  double x[N], w[N];
  const double shares[] = {0.1, 0.33, 0.9};
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  rules.line = 21;
  for (size_t i = 0; i < N; i++) {
    x[i] = (double)(i * 17 % N) + 1;
    w[i] = 1 + (double)(i * 7 % 5) / 3;
  }
  for (int k = 0; k < FM_COUNT(shares); k++) {
    fm__call call = {.measure = fm__income_measure_of("tip"), .p = {shares[k], NAN}};
    fm__influence own = {.n = 0}, line = {.n = 0};
    fm_error err = FM_ERROR_INIT;
    const char *state;
    double z[N] = {0};
    fm__dist d = population(x, w, N, 0);
    fm__income_context c = {.rules = &rules, .own = &d, .line_from = &d};
    fm_assert_ok(fm__call_influence(&own, &line, &call, &c, &err), &err);
    fm__influence_spread(z, &own, &d, 1);
    fm__dist_free(&d);
    for (size_t i = 0; i < N; i++) {
      const double h = 1e-6;
      double of[2];
      for (int side = 0; side < 2; side++) {
        d = population(x, w, i, side == 0 ? -h : h);
        of[side] = fm__call_value(&call, &c, &state);
        fm__dist_free(&d);
      }
      fm_assert_close("slope", (of[1] - of[0]) / (2 * h), z[i], 1e-6, 1e-8);
    }
  }
}
END_TEST

START_TEST(refused)
{
  const struct {
    int32_t curve, n_points;
    const char *message;
  } cases[] = {{3, 20, "curve"}, {-1, 20, "curve"}, {0, 1, "n_points"}, {0, 1001, "n_points"}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_income_dominance_spec spec = spec_of(cases[i].curve, cases[i].n_points);
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    ck_assert(fm_income_dominance_tally(&t, &spec, &err) == FM_ERR_ARGUMENT && t == NULL);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_income_dominance_spec spec = spec_of(FM_INCOME_DOMINANCE_TIP, 3);
  spec.weight = "w";
  return fm_income_dominance_tally(out, &spec, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, 8});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income dominance");
  TCase *c = tcase_create("dominance");
  tcase_add_test(c, worked_by_hand);
  tcase_add_test(c, joint_test);
  tcase_add_test(c, tip_influence);
  tcase_add_test(c, refused);
  tcase_add_test(c, promises);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
