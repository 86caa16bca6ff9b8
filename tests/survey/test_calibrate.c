#include <math.h>

#include "sample.h"

static fm_status calibrate(double *out, double *g, const double *w, const double *const *x, const double *totals,
                           size_t k, size_t n, const fm_survey_calibrate_spec *spec, fm_error *err)
{
  fm_error_clear(err);
  return fm_survey_calibrate(out, g, w, x, totals, k, n, spec, err);
}

START_TEST(macro_and_function_agree)
{
  fm_survey_calibrate_spec a = FM_SURVEY_CALIBRATE_SPEC_INIT, b;
  memset(&b, 0xff, sizeof b);
  fm_survey_calibrate_spec_init(&b, sizeof b);
  ck_assert(a.struct_size == b.struct_size && isnan(b.low) && isnan(b.high) && a.tolerance == b.tolerance);
  ck_assert(a.distance == b.distance && a.max_iterations == b.max_iterations);
}
END_TEST

/* x = 1, 2 with weights 1, 1 come to 3, wanted 8: lambda = (8 - 3) / (1 + 4) = 1, g = 1 + x = 2, 3: 2 + 2 * 3 = 8.
 * Raking to a count of 6 doubles three weights of 1. */
START_TEST(hand_worked)
{
  static const double x[] = {1, 2}, wanted[] = {8}, ones[] = {1, 1, 1}, six[] = {6};
  const double *columns[] = {x}, *constant[] = {ones};
  double out[3], g[3];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(calibrate(out, g, NULL, columns, wanted, 1, 2, NULL, &err), &err);
  fm_assert_close("first", out[0], 2, 1e-15, 0);
  fm_assert_close("second", g[1], 3, 1e-15, 0);
  fm_survey_calibrate_spec raking = FM_SURVEY_CALIBRATE_SPEC_INIT;
  raking.distance = FM_SURVEY_RAKING;
  fm_assert_ok(calibrate(out, NULL, NULL, constant, six, 1, 3, &raking, &err), &err);
  for (size_t i = 0; i < 3; i++)
    fm_assert_close("doubled", out[i], 2, 1e-14, 0);
}
END_TEST

/* ---- R's survey ---- */

static double total_of(const char *name)
{
  fm_oracle *o = fm_oracle_open("survey/totals.csv");
  double total = NAN;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "name"), name) == 0)
      total = fm_oracle_number(o, i, "total");
  fm_oracle_close(o);
  return total;
}

typedef struct setting {
  sample s;
  double one[SAMPLE_ROWS], sex2[SAMPLE_ROWS], cell[6][SAMPLE_ROWS];
  const double *columns[3], *cells[6];
  double totals[3], cell_totals[6];
} setting;

static void set_up(setting *t)
{
  read_sample(&t->s, NULL);
  for (size_t i = 0; i < t->s.n; i++) {
    t->one[i] = 1;
    t->sex2[i] = t->s.sex[i] == 2;
    for (int k = 0; k < 6; k++)
      t->cell[k][i] = t->s.sex[i] == 1 + k % 2 && t->s.age[i] == 1 + k / 2;
  }
  t->columns[0] = t->one;
  t->columns[1] = t->s.x;
  t->columns[2] = t->sex2;
  t->totals[0] = total_of("constant");
  t->totals[1] = total_of("x");
  t->totals[2] = total_of("sex2");
  for (int k = 0; k < 6; k++) {
    char name[] = "cell:11";
    name[5] = (char)('1' + k % 2);
    name[6] = (char)('1' + k / 2);
    t->cells[k] = t->cell[k];
    t->cell_totals[k] = total_of(name);
  }
}

START_TEST(r_agrees)
{
  const struct {
    const char *name;
    int32_t distance;
    double low, high;
    bool cells;
  } cases[] = {{"linear", FM_SURVEY_LINEAR, NAN, NAN, false},
               {"raking", FM_SURVEY_RAKING, NAN, NAN, false},
               {"bounded", FM_SURVEY_LINEAR, 0.85, 1.4, false},
               {"post", FM_SURVEY_LINEAR, NAN, NAN, true},
               {"post", FM_SURVEY_RAKING, NAN, NAN, true}};
  fm_oracle *o = fm_oracle_open("survey/calibration.csv");
  setting t;
  set_up(&t);
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_calibrate_spec spec = FM_SURVEY_CALIBRATE_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    double out[SAMPLE_ROWS];
    size_t n = 0;
    spec.distance = cases[k].distance;
    spec.low = cases[k].low;
    spec.high = cases[k].high;
    if (cases[k].cells)
      fm_assert_ok(calibrate(out, NULL, t.s.w, t.cells, t.cell_totals, 6, t.s.n, &spec, &err), &err);
    else
      fm_assert_ok(calibrate(out, NULL, t.s.w, t.columns, t.totals, 3, t.s.n, &spec, &err), &err);
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
      if (strcmp(fm_oracle_text(o, i, "case"), cases[k].name) == 0)
        fm_assert_close(cases[k].name, out[n++], fm_oracle_number(o, i, "weight"), 1e-12, 0);
    ck_assert_uint_eq(n, SAMPLE_ROWS);
  }
  fm_oracle_close(o);
}
END_TEST

/* Raking to the columns of two margins, less one that the others add up to, is R's rake(). */
START_TEST(margins_as_columns)
{
  static const char *const names[] = {"sex:1", "sex:2", "age:1", "age:2"};
  double column[4][SAMPLE_ROWS], totals[4], out[SAMPLE_ROWS];
  const double *columns[4];
  setting t;
  set_up(&t);
  for (int k = 0; k < 4; k++) {
    for (size_t i = 0; i < t.s.n; i++)
      column[k][i] = (k < 2 ? t.s.sex[i] : t.s.age[i]) == 1 + k % 2;
    columns[k] = column[k];
    totals[k] = total_of(names[k]);
  }
  fm_survey_calibrate_spec raking = FM_SURVEY_CALIBRATE_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  raking.distance = FM_SURVEY_RAKING;
  fm_assert_ok(calibrate(out, NULL, t.s.w, columns, totals, 4, t.s.n, &raking, &err), &err);
  fm_oracle *o = fm_oracle_open("survey/calibration.csv");
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), "rake") == 0)
      fm_assert_close("rake", out[n++], fm_oracle_number(o, i, "weight"), 1e-12, 0);
  ck_assert_uint_eq(n, SAMPLE_ROWS);
  fm_oracle_close(o);
}
END_TEST

/* ---- properties ---- */

/* The totals are met; rows in another order, weights and totals times a power of two: the same bits; a row of weight 0
 * leaves no trace. */
START_TEST(same_bits)
{
  setting t;
  set_up(&t);
  for (int32_t distance = 0; distance < 2; distance++)
    for (int bounded = 0; bounded < 2; bounded++) {
      fm_survey_calibrate_spec spec = FM_SURVEY_CALIBRATE_SPEC_INIT;
      fm_error err = FM_ERROR_INIT;
      double out[SAMPLE_ROWS], turned[SAMPLE_ROWS + 1] = {0}, one[SAMPLE_ROWS + 1], x[SAMPLE_ROWS + 1];
      double sex2[SAMPLE_ROWS + 1], again[SAMPLE_ROWS + 1], totals[3];
      const double *columns[] = {one, x, sex2};
      spec.distance = distance;
      spec.low = bounded != 0 ? 0.8 : NAN;
      spec.high = bounded != 0 ? 1.5 : NAN;
      fm_assert_ok(calibrate(out, NULL, t.s.w, t.columns, t.totals, 3, t.s.n, &spec, &err), &err);
      for (size_t k = 0; k < 3; k++) {
        double sum = 0;
        for (size_t i = 0; i < t.s.n; i++)
          sum += out[i] * t.columns[k][i];
        fm_assert_close("total", sum, t.totals[k], 1e-13, 0);
        totals[k] = ldexp(t.totals[k], 900);
      }
      for (size_t i = 0; i < t.s.n; i++) {
        size_t from = t.s.n - 1 - i;
        turned[i] = ldexp(t.s.w[from], 900);
        one[i] = 1;
        x[i] = t.s.x[from];
        sex2[i] = t.sex2[from];
      }
      one[t.s.n] = NAN;
      x[t.s.n] = INFINITY;
      sex2[t.s.n] = 1e300;
      fm_assert_ok(calibrate(again, NULL, turned, columns, totals, 3, t.s.n + 1, &spec, &err), &err);
      for (size_t i = 0; i < t.s.n; i++)
        ck_assert_double_eq(again[i], ldexp(out[t.s.n - 1 - i], 900));
      ck_assert_double_eq(again[t.s.n], 0);
    }
}
END_TEST

/* Raking to totals far away takes steps that must be halved, and bounds hold exactly. */
START_TEST(hard_cases)
{
  static const double x[] = {1, 2, 3, 4}, ones[] = {1, 1, 1, 1}, far[] = {1000, 3900}, near[] = {4.2, 11};
  const double *columns[] = {ones, x};
  double out[4], g[4];
  fm_error err = FM_ERROR_INIT;
  fm_survey_calibrate_spec spec = FM_SURVEY_CALIBRATE_SPEC_INIT;
  spec.distance = FM_SURVEY_RAKING;
  fm_assert_ok(calibrate(out, g, NULL, columns, far, 2, 4, &spec, &err), &err);
  fm_assert_close("count", out[0] + out[1] + out[2] + out[3], 1000, 1e-13, 0);
  fm_assert_close("x", out[0] + 2 * out[1] + 3 * out[2] + 4 * out[3], 3900, 1e-13, 0);
  for (size_t i = 0; i < 4; i++)
    ck_assert(g[i] > 0);
  spec.low = 0.9;
  spec.high = 1.2;
  spec.distance = FM_SURVEY_LINEAR;
  fm_assert_ok(calibrate(out, g, NULL, columns, near, 2, 4, &spec, &err), &err);
  fm_assert_close("x", out[0] + 2 * out[1] + 3 * out[2] + 4 * out[3], 11, 1e-13, 0);
  for (size_t i = 0; i < 4; i++)
    ck_assert(g[i] >= 0.9 && g[i] <= 1.2);
}
END_TEST

START_TEST(refused)
{
  static const double x[] = {1, 2, 3}, ones[] = {1, 1, 1}, nothing[] = {0, 0, 0}, odd[] = {1, NAN, 1};
  static const double negative[] = {1, -1, 1}, totals[] = {6, 14}, endless[] = {6, INFINITY}, far[] = {6, 60};
  const double *columns[] = {ones, x}, *empty[] = {ones, nothing}, *broken[] = {ones, odd};
  const struct {
    const char *label;
    const double *w, *const *x, *totals;
    size_t k;
    double low, high, tolerance;
    int32_t distance, iterations;
    fm_status status;
    const char *words;
  } cases[] = {
      {"fine", ones, columns, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_OK, ""},
      {"none", ones, columns, totals, 0, NAN, NAN, 1e-10, 0, 9, FM_ERR_ARGUMENT, "at least 1 auxiliary"},
      {"negative", negative, columns, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "the weight of row 1"},
      {"odd weight", odd, columns, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "the weight of row 1"},
      {"no weight", nothing, columns, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "all weights are 0"},
      {"odd x", ones, broken, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "auxiliary 2 is not a finite number in "},
      {"endless", ones, columns, endless, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "total 2 is not a finite number"},
      {"nobody", ones, empty, totals, 2, NAN, NAN, 1e-10, 0, 9, FM_ERR_VALUE, "total 2 comes to 0, expected 14"},
      {"too far", ones, columns, far, 2, NAN, NAN, 1e-10, 1, 50, FM_ERR_VALUE, "total"},
      {"bounds", ones, columns, far, 2, 0.5, 2, 1e-10, 0, 50, FM_ERR_VALUE, "cannot meet the totals within the bounds"},
      {"low", ones, columns, totals, 2, 1, NAN, 1e-10, 0, 9, FM_ERR_ARGUMENT, "low must be"},
      {"high", ones, columns, totals, 2, NAN, 1, 1e-10, 0, 9, FM_ERR_ARGUMENT, "high above 1"},
      {"tolerance", ones, columns, totals, 2, NAN, NAN, 0, 0, 9, FM_ERR_ARGUMENT, "tolerance must be"},
      {"distance", ones, columns, totals, 2, NAN, NAN, 1e-10, 2, 9, FM_ERR_ARGUMENT, "distance must be 0 or 1, not 2"},
      {"iterations", ones, columns, totals, 2, NAN, NAN, 1e-10, 0, 0, FM_ERR_ARGUMENT, "at least 1, not 0"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_calibrate_spec spec = FM_SURVEY_CALIBRATE_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    double out[3] = {-7, -7, -7};
    spec.low = cases[k].low;
    spec.high = cases[k].high;
    spec.tolerance = cases[k].tolerance;
    spec.distance = cases[k].distance;
    spec.max_iterations = cases[k].iterations;
    fm_status status = calibrate(out, NULL, cases[k].w, cases[k].x, cases[k].totals, cases[k].k, 3, &spec, &err);
    ck_assert_msg(status == cases[k].status, "%s: %s %s", cases[k].label, fm_status_name(status), err.message);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(status == FM_OK || out[0] == -7);
  }
  fm_survey_calibrate_spec unset = {.struct_size = 0};
  double out[3];
  ck_assert_int_eq(fm_survey_calibrate(out, NULL, ones, columns, totals, 2, 3, &unset, NULL), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  setting *t = ctx;
  double out[SAMPLE_ROWS];
  return fm_survey_calibrate(out, NULL, t->s.w, t->columns, t->totals, 3, t->s.n, NULL, err);
}

START_TEST(allocations)
{
  setting t;
  set_up(&t);
  ck_assert_int_gt(fm_test_allocations(once, &t), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-calibrate");
  TCase *tests = tcase_create("calibrate");
  tcase_add_test(tests, macro_and_function_agree);
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, r_agrees);
  tcase_add_test(tests, margins_as_columns);
  tcase_add_test(tests, same_bits);
  tcase_add_test(tests, hard_cases);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
