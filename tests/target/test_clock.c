#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "target/track_priv.h"

/* Monthly counts of the two years before, and of five months of this year (reference: impact.md, example 2). */
static const int earlier[2][12] = {{11, 9, 12, 10, 8, 7, 2, 9, 14, 13, 9, 4},
                                   {9, 10, 13, 8, 9, 8, 3, 10, 15, 12, 10, 5}};
static const double now[] = {8, 7, 9, 8, 6};

static double expected(const fm_oracle *o, const char *name, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), name) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("no %s of %s", quantity, name);
  return NAN;
}

/* The years 2017 and 2018 before a goal from `start` on; `turned`: taken in the other order. */
static fm__facts history(bool turned)
{
  fm__facts f = {0};
  for (int i = 0; i < 24; i++) {
    int k = turned ? 23 - i : i;
    ck_assert(fm__facts_month(&f, 12 * (2017 + k / 12) + k % 12, earlier[k / 12][k % 12]));
  }
  return f;
}

START_TEST(agrees_with_oracle)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  int32_t start = fm_date_from_ymd(2019, 1, 1);
  for (int turned = 0; turned < 2; turned++) {
    fm__facts f = history(turned != 0);
    fm__season s = fm__season_of(&f, start);
    ck_assert(s.years == 2 && s.starts == 220 && s.df == 11);
    for (int m = 0; m < 12; m++) {
      char name[32];
      snprintf(name, sizeof name, "share_m%d", m + 1);
      fm_assert_close(name, s.share[m], expected(o, "ex2_seasonal", name), 1e-12, 0);
    }
    fm__clock c = fm__clock_of(start, &s);
    double june = fm_date_from_ymd(2019, 6, 1) - start;
    fm_assert_close("passed by June", fm__clock_at(&c, june), expected(o, "ex2_seasonal", "cumulative_share_to_date"),
                    1e-12, 0);
    fm_assert_close("a year", fm__clock_at(&c, 365), 1, 1e-12, 0);
    fm_assert_close("three years", fm__clock_at(&c, 365 + 366 + 365), 3, 1e-12, 0);
    fm_assert_close("earlier years", s.dispersion, expected(o, "ex2_dispersion", "phi_previous"), 1e-12, 0);
    fm_assert_close("this year", fm__dispersion_of(now, s.share, 5), expected(o, "ex2_dispersion", "phi_current"),
                    1e-12, 0);
    fm__facts_free(&f);
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(clocks)
{
  int32_t start = fm_date_from_ymd(2019, 1, 1);
  fm__facts f = history(false);
  fm__season s = fm__season_of(&f, start);
  fm__clock days = fm__clock_of(start, NULL), c = fm__clock_of(start, &s);
  ck_assert(fm__clock_at(&days, 12.5) == 12.5);
  fm_assert_close("half of January", fm__clock_at(&c, 15.5), s.share[0] / 2, 1e-12, 0);
  fm_assert_close("months", fm__months_at(start, 31 + 14), 1.5, 1e-14, 0);
  fm_assert_close("months over a year", fm__months_at(fm_date_from_ymd(2019, 11, 16), 15 + 31 + 31), 2.5, 1e-14, 0);
  for (double d = 0; d < 800; d += 0.25)
    ck_assert(fm__clock_at(&c, d + 0.25) >= fm__clock_at(&c, d));
  /* The end of the calendar stands still. */
  fm__clock late = fm__clock_of(fm_date_from_ymd(9999, 12, 1), &s);
  ck_assert(fm__clock_at(&late, 5000) == fm__clock_at(&late, 50));
  fm__facts_free(&f);
}
END_TEST

START_TEST(little_is_known)
{
  int32_t start = fm_date_from_ymd(2019, 1, 15);
  fm__facts f = {0};
  fm__season s = fm__season_of(&f, start);
  ck_assert(s.years == 0 && isnan(s.dispersion));
  ck_assert(!fm__clock_of(start, &s).seasonal);
  ck_assert(fm__facts_month(&f, 12 * 2019, 3)); /* the month of the start is no earlier one */
  s = fm__season_of(&f, start);
  ck_assert_int_eq(s.years, 0);
  ck_assert(fm__facts_month(&f, 12 * 2018 + 11, 0)); /* a year without starts */
  s = fm__season_of(&f, start);
  ck_assert(s.years == 1 && s.starts == 0 && isnan(s.share[0]) && !fm__clock_of(start, &s).seasonal);
  ck_assert(fm__facts_month(&f, 12 * 2018 + 11, 5));
  s = fm__season_of(&f, start);
  ck_assert(s.years == 1 && s.share[11] == 1 && isnan(s.dispersion)); /* one year cannot vary */
  ck_assert(fm__facts_month(&f, 12 * 1800, 5));
  ck_assert_int_eq(fm__season_of(&f, start).years, 100); /* no further back */
  ck_assert(isnan(fm__dispersion_of(now, s.share, 1)) && isnan(fm__dispersion_of(now, s.share, 5)));
  fm__facts_free(&f);
}
END_TEST

/* 100 in 365 days, raised to 164 on 1 July (day 181), to 200 by the end of January (day 396) on 1 November (day 304).
 * By day 181: 100 * 181 / 365 = 49.589. Then to 164 by day 365: by day 304 49.589 + 114.411 * 123 / 184 = 126.070.
 * Then to 200 by day 396: by day 350 126.070 + 73.930 * 46 / 92 = 163.035. */
START_TEST(raised_goals)
{
  int32_t start = fm_date_from_ymd(2019, 1, 1), end = fm_date_from_ymd(2019, 12, 31);
  fm__version versions[] = {{FM_NO_DATE, start, end, 100},
                            {fm_date_from_ymd(2019, 7, 1), start, end, 164},
                            {fm_date_from_ymd(2019, 11, 1), start, end + 31, 200}};
  fm__facts f = {.versions = versions, .n_versions = 3};
  fm__clock c = fm__clock_of(start, NULL);
  int32_t late = end + 100, june = fm_date_from_ymd(2019, 7, 1), july = june + 1;
  fm_assert_close("before", fm__plan_at(&f, &c, late, 90), 100 * 90 / 365.0, 1e-14, 0);
  fm_assert_close("at the change", fm__plan_at(&f, &c, late, 181), 100 * 181 / 365.0, 1e-14, 0);
  double first = 100 * 181 / 365.0, second = first + (164 - first) * 123 / 184;
  fm_assert_close("second", fm__plan_at(&f, &c, late, 304), second, 1e-14, 0);
  fm_assert_close("third", fm__plan_at(&f, &c, late, 350), second + (200 - second) * 46 / 92, 1e-14, 0);
  fm_assert_close("end", fm__plan_at(&f, &c, late, 396), 200, 1e-14, 0);
  fm_assert_close("after", fm__plan_at(&f, &c, late, 500), 200, 1e-14, 0);
  ck_assert(fm__version_at(&f, june)->goal == 100); /* a change on the as-of day is not known yet */
  ck_assert(fm__version_at(&f, july)->goal == 164 && fm__version_at(&f, late)->goal == 200);
  fm_assert_close("not known yet", fm__plan_at(&f, &c, june, 365), 100, 1e-14, 0);
  /* Raised after its own deadline had passed: the plan waits there. */
  versions[0].deadline = fm_date_from_ymd(2019, 3, 31);
  fm_assert_close("waits", fm__plan_at(&f, &c, july, 181), 100, 1e-14, 0);
  fm_assert_close("goes on", fm__plan_at(&f, &c, july, 181 + 92), 132, 1e-14, 0);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("target-clock");
  TCase *t = tcase_create("clock");
  tcase_add_test(t, agrees_with_oracle);
  tcase_add_test(t, clocks);
  tcase_add_test(t, little_is_known);
  tcase_add_test(t, raised_goals);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
