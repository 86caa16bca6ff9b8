#include "support/support.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/track_priv.h"

static fm__clock days;

/* The public goal, 164 in a year of 365 days with 50 after 90. */
static fm__outlook plain(void)
{
  days = fm__clock_of(fm_date_from_ymd(2019, 1, 1), NULL);
  return (fm__outlook){.pace = {.goal = 164, .done = 50, .elapsed = 90, .total = 365, .prior_shape = 0.5, .level = 0.9},
                       .clock = &days,
                       .now = 90,
                       .end = 365,
                       .dispersion = 1};
}

static void expect_same(const char *label, const fm__forecast *a, const fm__forecast *b, double rel)
{
  const double pairs[][2] = {{a->projection, b->projection},  {a->total_mean, b->total_mean},
                             {a->total_sd, b->total_sd},      {a->probability, b->probability},
                             {a->finish, b->finish},          {a->finish_low, b->finish_low},
                             {a->finish_high, b->finish_high}};
  for (int k = 0; k < FM_COUNT(pairs); k++)
    fm_assert_close(label, pairs[k][0], pairs[k][1], rel, 0);
  ck_assert_msg(a->total_low == b->total_low && a->total_high == b->total_high && a->total_median == b->total_median,
                "%s: limits", label);
}

/* Without season, dispersion or change the general way gives what the negative binomial itself gives. */
START_TEST(agrees_with_the_plain_forecast)
{
  fm__outlook o = plain();
  for (int k = 0; k < 4; k++) {
    o.pace.prior_shape = k == 1 ? 30 : 0.5;
    o.pace.prior_exposure = k == 1 ? 91.25 : 0;
    o.pace.goal = k == 2 ? 51 : 164;
    o.pace.done = k == 3 ? 3 : 50;
    fm__forecast f = fm__forecast_of(&o.pace), g = f;
    fm__outlook_put(&g, &o);
    expect_same("plain", &g, &f, 1e-6);
    fm__scenario none = {.from = fm_date_from_ymd(2019, 8, 1), .factor = 1};
    o.scenario = &none;
    g = f;
    fm__outlook_put(&g, &o);
    expect_same("no change", &g, &f, 1e-6);
    o.scenario = NULL;
  }
}
END_TEST

/* Beta(A, B) share, no prior exposure: starts to come are beta negative binomial, whose probabilities follow each other
 * by (r + s)(B + r) / ((r + 1)(A + B + s + r)) from the ratio of beta functions B(A + s, B) / B(A, B). */
START_TEST(uncertain_share)
{
  fm__outlook o = plain();
  const double shares[][2] = {{99, 121}, {20, 60}, {400, 40}};
  for (int k = 0; k < 3; k++) {
    double a = o.share_a = shares[k][0], b = o.share_b = shares[k][1], s = 50.5;
    o.pace.elapsed = 365 * a / (a + b);
    fm__forecast f = fm__forecast_of(&o.pace), known = f;
    fm__outlook_put(&f, &o);
    double p = fm__exp(fm__lgamma(a + s) + fm__lgamma(a + b) - fm__lgamma(a) - fm__lgamma(a + b + s)), below = 0;
    double total = 0, mean = 0, square = 0;
    for (double r = 0; r < 20000; r++) {
      below += r < 114 ? p : 0;
      total += p;
      mean += r * p;
      square += r * r * p;
      p *= (r + s) * (b + r) / ((r + 1) * (a + b + s + r));
    }
    fm_assert_close("all", total, 1, 1e-9, 0);
    fm_assert_close("chance", f.probability, 1 - below, 0, 2e-4);
    fm_assert_close("mean", f.total_mean - 50, mean, 1e-9, 0);
    fm_assert_close("sd", f.total_sd, sqrt(square - mean * mean), 1e-7, 0);
    ck_assert(f.total_low <= known.total_low && f.total_high >= known.total_high && f.total_sd > known.total_sd);
    fm_assert_close("same projection", f.projection, known.projection, 1e-12, 0);
  }
}
END_TEST

START_TEST(few_earlier_starts)
{
  fm__outlook o = plain();
  o.share_a = 1.5;
  o.share_b = 4.5;
  fm__forecast f = fm__forecast_of(&o.pace);
  fm__outlook_put(&f, &o);
  ck_assert(!isnan(f.total_mean) && isnan(f.total_sd) && f.total_high > f.total_low && f.probability < 1);
  o.share_a = 0.5;
  fm__outlook_put(&f, &o);
  ck_assert(isnan(f.total_mean) && f.total_high > f.total_low);
  o.pace.prior_shape = 30; /* with a prior exposure every value is finite */
  o.pace.prior_exposure = 91.25;
  fm__outlook_put(&f, &o);
  ck_assert(f.total_mean > 50 && f.total_sd > 0);
}
END_TEST

/* phi = 4: the same mean, twice the standard deviation, and a chance that is less sure. */
START_TEST(dispersed)
{
  fm__outlook o = plain();
  fm__forecast f = fm__forecast_of(&o.pace), g = f;
  o.dispersion = 4;
  fm__outlook_put(&g, &o);
  fm_assert_close("mean", g.total_mean, f.total_mean, 1e-12, 0);
  fm_assert_close("sd", g.total_sd, 2 * f.total_sd, 1e-12, 0);
  ck_assert(g.total_low < f.total_low && g.total_high > f.total_high && g.probability < f.probability);
  ck_assert(g.finish_low < f.finish_low && g.finish_high > f.finish_high);
  fm_assert_close("same pace", g.finish, f.finish, 1e-6, 0);
  o.dispersion = 0.5; /* less than chance narrows nothing */
  g = f;
  fm__outlook_put(&g, &o);
  fm_assert_close("not narrower", g.total_sd, f.total_sd, 1e-12, 0);
}
END_TEST

/* From 1 August (day 212) one and a half times the pace: 50 + 50/90 (122 + 1.5 * 153) = 245.3. Ten further starts a
 * month for five months: 202.8 + 50. */
START_TEST(scenarios)
{
  fm__outlook o = plain();
  fm__scenario s = {.from = fm_date_from_ymd(2019, 8, 1), .factor = 1.5};
  fm__forecast f = fm__forecast_of(&o.pace), g = f;
  o.scenario = &s;
  fm__outlook_put(&g, &o);
  fm_assert_close("factor", g.projection, 50 + 50 / 90.0 * (122 + 1.5 * 153), 1e-12, 0);
  ck_assert(g.probability > f.probability && g.finish < f.finish && g.finish_low > 200);
  s = (fm__scenario){.from = fm_date_from_ymd(2019, 8, 1), .factor = 1, .per_month = 10};
  fm__outlook_put(&g, &o);
  fm_assert_close("ten a month", g.projection, f.projection + 50, 1e-12, 0);
  fm_assert_close("mean", g.total_mean, f.total_mean + 50, 1e-12, 0);
  fm_assert_close("sd", g.total_sd, sqrt(f.total_sd * f.total_sd + 50), 1e-12, 0);
  s = (fm__scenario){.from = fm_date_from_ymd(2019, 3, 1), .factor = 0}; /* before as-of: from as-of on */
  fm__outlook_put(&g, &o);
  ck_assert(g.projection == 50 && g.probability == 0 && isnan(g.finish) && isnan(g.finish_high) && g.total_high == 50);
  s.per_month = 1; /* one a month alone is Poisson: nine months to come, 114 months to the goal */
  fm__outlook_put(&g, &o);
  fm_assert_close("alone", g.probability, fm__gamma_lower(114, 9), 1e-10, 0);
  fm_assert_close("sd alone", g.total_sd, 3, 1e-12, 0);
  fm_assert_close("finish", g.finish, fm_date_add_months(fm_date_from_ymd(2019, 4, 1), 114) - days.start, 1e-6, 0);
  s = (fm__scenario){.from = fm_date_from_ymd(2020, 2, 1), .factor = 2}; /* after the end: only the finish moves */
  o.pace.goal = 250;
  f = fm__forecast_of(&o.pace);
  fm__outlook_put(&g, &o);
  fm_assert_close("same total", g.total_mean, f.total_mean, 1e-12, 0);
  ck_assert(g.finish < f.finish);
}
END_TEST

START_TEST(edges)
{
  fm__outlook o = plain();
  o.pace.goal = 40;
  fm__forecast f = fm__forecast_of(&o.pace);
  fm__outlook_put(&f, &o);
  ck_assert(f.probability == 1 && isnan(f.finish));
  o = plain();
  o.now = o.pace.elapsed = 365;
  f = fm__forecast_of(&o.pace);
  fm__outlook_put(&f, &o);
  ck_assert(f.probability == 0 && f.total_high == 50 && f.projection == 50 && f.finish > 365);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-outlook");
  TCase *t = tcase_create("outlook");
  tcase_add_test(t, agrees_with_the_plain_forecast);
  tcase_add_test(t, uncertain_share);
  tcase_add_test(t, few_earlier_starts);
  tcase_add_test(t, dispersed);
  tcase_add_test(t, scenarios);
  tcase_add_test(t, edges);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
