/* Budgets of programmes and unit costs against R. */
#include <stdio.h>

#include "economy/look.h"

enum { YEARS = 6, PAYERS = 3 };
static const double cost[YEARS] = {38000, 12000};
static const double consequences[PAYERS * YEARS] = {0,    42000, 46000, 40000, 30000, 22000, 0,     1500,  1500,
                                                    1200, 900,   700,   0,     18000, 21000, 20000, 17000, 15000};

static fm_economy_budget_spec budget(double without, double *factors)
{
  factors[0] = 1;
  for (size_t t = 1; t < YEARS; t++)
    factors[t] = factors[t - 1] / 1.035;
  return (fm_economy_budget_spec){.struct_size = sizeof(fm_economy_budget_spec),
                                  .cost = cost,
                                  .consequences = consequences,
                                  .factors = factors,
                                  .n_years = YEARS,
                                  .n_payers = PAYERS,
                                  .participants = 50,
                                  .success = 0.44,
                                  .without = without,
                                  .level = 0.95};
}

START_TEST(oracle)
{
  static const char *const cases[] = {"budget_1", "budget_2"}, *const names[] = {"municipality", "region", "state"};
  static const double without[] = {0.27, 0.40};
  const char *of = cases[_i];
  double factors[YEARS], by_payer[PAYERS], cumulated[YEARS];
  char name[48];
  fm_error err = FM_ERROR_INIT;
  fm_economy_budget b = {.struct_size = sizeof b};
  fm_economy_budget_spec s = budget(without[_i], factors);
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  fm_assert_ok(fm_economy_budget_of(&b, by_payer, cumulated, &s, &err), &err);
  const struct {
    const char *quantity;
    double value;
  } figures[] = {{"participants_with_effect", b.with_effect},
                 {"pv_cost", b.cost},
                 {"pv_consequence", b.consequence},
                 {"net_result", b.net},
                 {"net_result_per_participant", b.net_per_participant},
                 {"cost_per_additional_success", b.cost_per_success},
                 {"break_even_success_difference", b.break_even}};
  for (int k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].quantity, figures[k].value, expected_of(o, of, figures[k].quantity), 1e-12, 0);
  for (int p = 0; p < PAYERS; p++) {
    snprintf(name, sizeof name, "pv_consequence_%s", names[p]);
    fm_assert_close(name, by_payer[p], expected_of(o, of, name), 1e-12, 0);
  }
  for (int t = 0; t < YEARS; t++) {
    snprintf(name, sizeof name, "cumulative_net_y%d", t);
    fm_assert_close(name, cumulated[t], expected_of(o, of, name), 1e-12, 0);
  }
  ck_assert(isnan(b.net_limits[0]) && isnan(b.net_limits[1]));
  fm_oracle_close(o);
}
END_TEST

/* An effect of 0.17 with an error of 0.05: the net result's error is 0.05 x what all are worth with an effect of 1. */
START_TEST(error_of_the_effect)
{
  double factors[YEARS];
  fm_error err = FM_ERROR_INIT;
  fm_economy_budget b = {.struct_size = sizeof b}, at = {.struct_size = sizeof at};
  fm_economy_budget_spec s = budget(0.27, factors);
  s.std_error = 0.05;
  fm_assert_ok(fm_economy_budget_of(&b, NULL, NULL, &s, &err), &err);
  double half = 1.959963984540054 * 0.05 * b.consequence / 0.17;
  fm_assert_close("low", b.net_limits[0], b.net - half, 1e-12, 0);
  fm_assert_close("high", b.net_limits[1], b.net + half, 1e-12, 0);
  s.without = s.success - b.break_even;
  s.factors = factors;
  fm_assert_ok(fm_economy_budget_of(&at, NULL, NULL, &s, &err), &err);
  fm_assert_close("nothing at the break-even", at.net, 0, 0, 1e-8);
  s.without = s.success;
  s.factors = NULL;
  fm_assert_ok(fm_economy_budget_of(&at, NULL, NULL, &s, &err), &err);
  ck_assert(isnan(at.cost_per_success));
  fm_assert_close("cost", at.cost, 50 * 50000.0, 0, 0);
}
END_TEST

START_TEST(refused)
{
  double factors[YEARS], bad[YEARS] = {NAN};
  fm_error err = FM_ERROR_INIT;
  fm_economy_budget b = {.struct_size = sizeof b};
  fm_economy_budget_spec s = budget(0.27, factors), wrong[] = {s, s, s, s, s, s, s};
  wrong[0].participants = 0;
  wrong[1].success = 44;
  wrong[2].n_years = 0;
  wrong[3].std_error = -1;
  wrong[4].cost = bad;
  wrong[5].level = 1;
  wrong[6].struct_size = 0;
  for (int k = 0; k < FM_COUNT(wrong); k++) {
    ck_assert_int_eq(fm_economy_budget_of(&b, NULL, NULL, &wrong[k], &err), FM_ERR_ARGUMENT);
    fm_error_clear(&err);
  }
  b.struct_size = 1000;
  ck_assert_int_eq(fm_economy_budget_of(&b, NULL, NULL, &s, &err), FM_ERR_ARGUMENT);
}
END_TEST

START_TEST(unit_costs)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_unit_cost c = {.struct_size = sizeof c};
  fm_oracle *o = fm_oracle_open("economy/value.csv");
  fm_assert_ok(fm_economy_unit_cost_of(&c, 2500000, 212, 180, 96, 74, 0.38, &err), &err);
  const struct {
    const char *quantity;
    double value;
  } figures[] = {{"cost_per_served", c.per_served},
                 {"cost_per_exit", c.per_exit},
                 {"cost_per_job_q2", c.per_job},
                 {"cost_per_sustained_job_q4", c.per_sustained_job},
                 {"cost_per_additional_job", c.per_additional_job}};
  for (int k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].quantity, figures[k].value, expected_of(o, "unit_cost", figures[k].quantity), 1e-12, 0);
  fm_oracle_close(o);
  fm_assert_ok(fm_economy_unit_cost_of(&c, 100, 10, 5, 2, 0, 0.5, &err), &err);
  ck_assert(isnan(c.per_sustained_job) && isnan(c.per_additional_job));
  static const int64_t counts[][4] = {{-1, 0, 0, 0}, {5, 6, 0, 0}, {9, 5, 6, 0}, {9, 5, 5, 6}, {9, 5, 5, -1}};
  for (int k = 0; k < FM_COUNT(counts); k++) {
    ck_assert_int_eq(fm_economy_unit_cost_of(&c, 1, counts[k][0], counts[k][1], counts[k][2], counts[k][3], 0, &err),
                     FM_ERR_ARGUMENT);
    fm_error_clear(&err);
  }
  ck_assert_int_eq(fm_economy_unit_cost_of(&c, 1, 9, 5, 5, 5, 38, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_unit_cost_of(&c, -1, 9, 5, 5, 5, 0.38, &err), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-budget");
  TCase *tests = tcase_create("budget");
  tcase_add_loop_test(tests, oracle, 0, 2);
  tcase_add_test(tests, error_of_the_effect);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, unit_costs);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
