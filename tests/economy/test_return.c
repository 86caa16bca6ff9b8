/* Social return on investment against R. */
#include <stdio.h>

#include "economy/look.h"

static const fm_economy_outcome outcomes[] = {
    {39, 88000, .32, .1, .25, .15, 5, 1}, {39, 61000, .32, 0, .25, .15, 5, 1}, {50, 12500, .2, 0, .4, .5, 2, 1}};
enum { N = 3, YEARS = 5 };

static fm_economy_return of(const fm_economy_outcome *o, const double *inputs, size_t n_inputs, double rate,
                            double *impact, double *values, double *present)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_return r = {.struct_size = sizeof r};
  fm_assert_ok(
      fm_economy_return_of(&r, impact, values, present, values != NULL ? YEARS : 0, o, N, inputs, n_inputs, rate, &err),
      &err);
  return r;
}

static const struct oracle_case {
  const char *name;
  double inputs[2], rate;
  size_t n_inputs;
  bool delayed;
} cases[] = {{"sroi_1", {2100000}, .035, 1, false},
             {"sroi_2", {1200000, 900000}, .035, 2, true},
             {"sroi_0", {2100000}, 0, 1, false}};

START_TEST(oracle)
{
  static const char *const names[N] = {"wage", "benefit", "wellbeing"};
  const struct oracle_case *c = &cases[_i];
  fm_economy_outcome own[N];
  double impact[N], values[YEARS], present[YEARS];
  char name[48];
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  memcpy(own, outcomes, sizeof own);
  if (c->delayed) {
    own[0].first_year = own[1].first_year = 2;
    own[0].years = 3;
    own[1].years = 4;
    own[2].years = 1;
  }
  fm_economy_return r = of(own, c->inputs, c->n_inputs, c->rate, impact, values, present);
  const struct {
    const char *quantity;
    double value;
  } figures[] = {{"total_present_value", r.present_value},
                 {"present_value_inputs", r.inputs},
                 {"net_present_value", r.net},
                 {"sroi_ratio", r.ratio},
                 {"net_sroi_ratio", r.net_ratio},
                 {"payback_year_index", r.payback_year},
                 {"payback_years_interpolated", r.payback_years}};
  for (int k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].quantity, figures[k].value, expected_of(o, c->name, figures[k].quantity), 1e-12, 0);
  for (int k = 0; k < N; k++) {
    snprintf(name, sizeof name, "impact_year1_%s", names[k]);
    fm_assert_close(name, impact[k], expected_of(o, c->name, name), 1e-12, 0);
  }
  for (int y = 0; y < YEARS; y++) {
    snprintf(name, sizeof name, "undiscounted_y%d", y + 1);
    fm_assert_close(name, values[y], expected_of(o, c->name, name), 1e-12, 0);
    snprintf(name, sizeof name, "pv_y%d", y + 1);
    fm_assert_close(name, present[y], expected_of(o, c->name, name), 1e-12, 0);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(sensitivity)
{
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  fm_economy_outcome own[N];
  const double inputs[] = {2100000};
  fm_economy_return r = of(outcomes, inputs, 1, .035, NULL, NULL, NULL);
  fm_assert_close("0.8", r.ratio_high, expected_of(o, "sroi_sens_deadweight_0.8", "sroi_ratio"), 1e-12, 0);
  fm_assert_close("1.2", r.ratio_low, expected_of(o, "sroi_sens_deadweight_1.2", "sroi_ratio"), 1e-12, 0);
  fm_assert_close("break-even", r.break_even, expected_of(o, "sroi_breakeven_deadweight", "value"), 1e-9, 0);
  memcpy(own, outcomes, sizeof own);
  for (int k = 0; k < N; k++)
    own[k].deadweight = r.break_even;
  fm_assert_close("ratio there", of(own, inputs, 1, .035, NULL, NULL, NULL).ratio, 1, 1e-13, 0);
  fm_oracle_close(o);
}
END_TEST

START_TEST(edges)
{
  fm_economy_outcome own[N];
  const double little[] = {1, 0, 0}, much[] = {1e9};
  fm_economy_return r = of(outcomes, much, 1, .035, NULL, NULL, NULL);
  ck_assert(isnan(r.payback_year) && isnan(r.payback_years) && isnan(r.break_even));
  memcpy(own, outcomes, sizeof own);
  for (int k = 0; k < N; k++)
    own[k].deadweight = 1;
  r = of(own, little, 3, 0, NULL, NULL, NULL);
  fm_assert_close("nothing", r.present_value, 0, 0, 0);
  fm_assert_close("all of it deadweight", r.ratio_low, 0, 0, 0);
  ck_assert(r.ratio_high > 0 && r.break_even > 0.999);
}
END_TEST

START_TEST(refused)
{
  fm_economy_outcome own[N];
  fm_error err = FM_ERROR_INIT;
  fm_economy_return r = {.struct_size = sizeof r};
  const double inputs[] = {2100000, -1}, none[] = {0};
  double present[YEARS];
  memcpy(own, outcomes, sizeof own);
  own[1].deadweight = 32;
  const struct {
    const fm_economy_outcome *o;
    size_t n, n_inputs, n_years;
    const double *in;
    double rate;
    const char *says;
  } row[] = {{own, N, 1, YEARS, inputs, .035, "outcome 1"},
             {outcomes, 0, 1, YEARS, inputs, .035, "at least one"},
             {outcomes, N, 2, YEARS, inputs, .035, "inputs, year 1"},
             {outcomes, N, 1, YEARS, none, .035, "above 0"},
             {outcomes, N, 1, YEARS, inputs, 3.5, "rate"},
             {outcomes, N, 1, 4, inputs, .035, "at least 5"}};
  for (int k = 0; k < FM_COUNT(row); k++) {
    ck_assert_int_eq(fm_economy_return_of(&r, NULL, NULL, present, row[k].n_years, row[k].o, row[k].n, row[k].in,
                                          row[k].n_inputs, row[k].rate, &err),
                     FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, row[k].says) != NULL, "%s", err.message);
    fm_error_clear(&err);
  }
  own[1].deadweight = 0;
  own[2].years = 0;
  ck_assert_int_eq(fm_economy_return_of(&r, NULL, NULL, NULL, 0, own, N, inputs, 1, 0, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status all(void *ctx, fm_error *err)
{
  fm_economy_return r = {.struct_size = sizeof r};
  const double inputs[] = {2100000};
  (void)ctx;
  return fm_economy_return_of(&r, NULL, NULL, NULL, 0, outcomes, N, inputs, 1, 0, err);
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(all, NULL), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-return");
  TCase *tests = tcase_create("return");
  tcase_add_loop_test(tests, oracle, 0, FM_COUNT(cases));
  tcase_add_test(tests, sensitivity);
  tcase_add_test(tests, edges);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
