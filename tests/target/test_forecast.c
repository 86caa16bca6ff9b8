#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "target/track_priv.h"

static const struct oracle_case {
  const char *name;
  double goal, done, elapsed, total, shape, exposure;
} cases[] = {
    {"ex1_day_exclusive", 164, 50, 90, 365, 0.5, 0},
    {"ex1_day_inclusive", 164, 50, 91, 365, 0.5, 0},
    {"ex1_months", 164, 50, 3, 12, 0.5, 0},
    {"ex1_prior", 164, 50, 90, 365, 30, 91.25},
    {"ex2_flat", 120, 38, 5, 12, 0.5, 0},
    {"ex2_seasonal", 120, 38, 0, 1, 0.5, 0}, /* elapsed: the cumulative seasonal share, read from the file */
};

static double expected(const fm_oracle *o, const char *name, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("no %s of %s", quantity, name);
  return NAN;
}

START_TEST(agrees_with_oracle)
{
  const struct oracle_case *c = &cases[_i];
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm__pace pace = {.goal = c->goal,
                   .done = c->done,
                   .elapsed = c->elapsed,
                   .total = c->total,
                   .prior_shape = c->shape,
                   .prior_exposure = c->exposure,
                   .level = 0.9};
  if (strcmp(c->name, "ex2_seasonal") == 0)
    pace.elapsed = expected(o, c->name, "cumulative_share_to_date");
  fm__forecast at90 = fm__forecast_of(&pace);
  pace.level = 0.8;
  fm__forecast at80 = fm__forecast_of(&pace);
  pace.level = 1e-15;
  fm__forecast at0 = fm__forecast_of(&pace);
  pace.level = 0.95;
  fm__forecast at95 = fm__forecast_of(&pace);
  const struct {
    const char *quantity;
    double value, rel;
  } checks[] = {
      {"run_rate", at90.run_rate, 1e-12},
      {"required_rate", at90.required_rate, 1e-12},
      {"required_over_run", at90.required_over_run, 1e-12},
      {"projected_total", at90.projection, 1e-12},
      {"projected_finish_time", at90.finish, 1e-12},
      {"run_rate_exact95_lo", at95.run_low, 1e-10},
      {"run_rate_exact95_hi", at95.run_high, 1e-10},
      {"p_meet_gamma_poisson", at90.probability, 1e-10},
      {"pred_mean", at90.total_mean - pace.done, 1e-12},
      {"pred_sd", at90.total_sd, 1e-12},
      {"pred90_lo_total", at90.total_low, 0},
      {"pred90_hi_total", at90.total_high, 0},
      {"pred_median_total", at90.total_median, 0},
      {"finish_time_p10", at80.finish_low, 1e-10},
      {"finish_time_p50", at0.finish_low, 1e-10},
      {"finish_time_p90", at80.finish_high, 1e-10},
      {"pace_index", at90.pace_index, 1e-12},
      {"time_ahead", at90.time_ahead, 1e-12},
      {"p_meet_poisson_plugin", at90.known_probability, 1e-10},
      {"poisson90_lo_total", at90.known_low, 0},
      {"poisson90_hi_total", at90.known_high, 0},
      {"conditional90_lo_total", at90.exact_low, 0},
      {"conditional90_hi_total", at90.exact_high, 0},
  };
  for (size_t k = 0; k < sizeof checks / sizeof checks[0]; k++) {
    char label[96];
    snprintf(label, sizeof label, "%s %s", c->name, checks[k].quantity);
    fm_assert_close(label, checks[k].value, expected(o, c->name, checks[k].quantity), checks[k].rel, 0);
  }
  fm_oracle_close(o);
}
END_TEST

/* The goal is met by the end exactly when the N-th start comes before the end: two forms of one probability. */
START_TEST(finish_and_probability_agree)
{
  fm__pace pace = {.goal = 164, .done = 50, .elapsed = 90, .total = 365, .prior_shape = 0.5};
  pace.level =
      2 * fm__forecast_of(
              &(fm__pace){.goal = 164, .done = 50, .elapsed = 90, .total = 365, .prior_shape = 0.5, .level = 0.9})
              .probability -
      1;
  fm_assert_close("upper limit of the finish at twice the chance", fm__forecast_of(&pace).finish_high, 365, 1e-9, 0);
}
END_TEST

/* Limits found one by one: every further count between them has both tails above 5 per cent, the next ones have not. */
START_TEST(exact_limits)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm__pace pace = {.goal = 120, .done = 38, .elapsed = 5, .total = 12, .prior_shape = 0.5, .level = 0.9};
  double phi = expected(o, "ex2_dispersion", "phi_previous"), sd;
  fm__forecast f = fm__forecast_of(&pace);
  ck_assert(f.exact_low == 74 && f.exact_high == 112);
  pace.elapsed = expected(o, "ex2_seasonal", "cumulative_share_to_date");
  pace.total = 1;
  double p = fm__normal_probability(&sd, &pace, phi);
  fm_assert_close("normal", p, expected(o, "ex2_dispersion", "p_meet_normal_cc"), 1e-10, 0);
  fm_assert_close("normal sd", sd, expected(o, "ex2_dispersion", "normal_pred_sd"), 1e-12, 0);
  p = fm__normal_probability(&sd, &pace, 4); /* twice the standard deviation */
  fm_assert_close("dispersed", sd, 2 * expected(o, "ex2_dispersion", "normal_pred_sd"), 1e-12, 0);
  pace.done = 0;
  ck_assert(isnan(fm__normal_probability(&sd, &pace, 1)));
  fm_oracle_close(o);
}
END_TEST

START_TEST(edges)
{
  fm__pace none = {.goal = 10, .done = 0, .elapsed = 30, .total = 365, .prior_shape = 0.5, .level = 0.95};
  fm__forecast f = fm__forecast_of(&none);
  ck_assert(f.run_rate == 0 && f.run_low == 0 && f.run_high > 0);
  ck_assert(isnan(f.required_over_run) && isnan(f.finish) && f.finish_low > 30);
  ck_assert(f.probability > 0 && f.probability < 0.2);
  ck_assert(f.known_probability == 0 && f.known_high == 0 && f.exact_low == 0 && f.exact_high > 0);
  fm__pace met = {.goal = 10, .done = 12, .elapsed = 30, .total = 365, .prior_shape = 0.5, .level = 0.95};
  f = fm__forecast_of(&met);
  ck_assert(f.probability == 1 && f.required_rate == 0 && isnan(f.finish) && isnan(f.finish_low));
  fm__pace over = {.goal = 10, .done = 9, .elapsed = 365, .total = 365, .prior_shape = 0.5, .level = 0.95};
  f = fm__forecast_of(&over);
  ck_assert(f.probability == 0 && isnan(f.required_rate) && f.total_low == 9 && f.total_high == 9);
  ck_assert(f.known_probability == 0 && f.known_low == 9 && f.exact_low == 9 && f.exact_high == 9);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-forecast");
  TCase *t = tcase_create("forecast");
  tcase_add_loop_test(t, agrees_with_oracle, 0, FM_COUNT(cases));
  tcase_add_test(t, finish_and_probability_agree);
  tcase_add_test(t, exact_limits);
  tcase_add_test(t, edges);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
