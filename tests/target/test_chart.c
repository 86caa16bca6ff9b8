/* Limits and signals of plain arrays against R, and by hand. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const double months[24] = {11, 9, 12, 10, 8, 7, 2, 9, 14, 13, 9, 4, 9, 10, 13, 8, 9, 8, 3, 10, 15, 12, 10, 5};
static const double caseload[12] = {210, 205, 208, 214, 220, 219, 215, 212, 209, 211, 216, 218};

static double expected(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", of, quantity);
  return NAN;
}

static fm_target_limits xmr(const double *x, size_t n, int32_t screened)
{
  fm_error err = FM_ERROR_INIT;
  fm_target_limits l = {.struct_size = sizeof l};
  fm_assert_ok(fm_target_xmr_limits(&l, x, n, screened, &err), &err);
  return l;
}

static void same_xmr(const fm_oracle *o, const char *of, const fm_target_limits *l)
{
  fm_assert_close("centre", l->centre, expected(o, of, "centre"), 1e-12, 0);
  fm_assert_close("mean_mr", l->mean_moving_range, expected(o, of, "mean_mr"), 1e-12, 0);
  fm_assert_close("unpl", l->upper, expected(o, of, "unpl"), 1e-12, 0);
  fm_assert_close("lnpl", l->lower, expected(o, of, "lnpl"), 1e-12, 1e-12);
}

START_TEST(values)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  static const double published[18] = {1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1};
  fm_target_limits l = xmr(months, 24, 0);
  same_xmr(o, "spc_xmr", &l);
  fm_assert_close("ucl_mr", l.moving_range_limit, expected(o, "spc_xmr", "ucl_mr"), 1e-12, 0);
  ck_assert(l.n == 24 && l.n_ranges == 23 && l.n_screened == 0);
  l = xmr(published, 18, 1);
  same_xmr(o, "spc_xmr_screened", &l);
  ck_assert(l.n == 18 && l.n_ranges == 15 && l.n_screened == 2);
  l = xmr(published, 18, 0);
  same_xmr(o, "spc_xmr_unscreened", &l);
  fm_oracle_close(o);
}
END_TEST

START_TEST(counts)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm_error err = FM_ERROR_INIT;
  fm_target_limits l = {.struct_size = sizeof l};
  fm_assert_ok(fm_target_c_limits(&l, months, 24, &err), &err);
  fm_assert_close("centre", l.centre, expected(o, "spc_c", "centre"), 1e-12, 0);
  fm_assert_close("ucl", l.upper, expected(o, "spc_c", "ucl"), 1e-12, 0);
  fm_assert_close("lcl", l.lower, expected(o, "spc_c", "lcl"), 1e-12, 1e-14);
  fm_assert_close("exact_ucl", l.exact_upper, expected(o, "spc_c", "exact_ucl"), 0, 0);
  fm_assert_close("exact_lcl", l.exact_lower, expected(o, "spc_c", "exact_lcl"), 0, 0);
  fm_oracle_close(o);
}
END_TEST

START_TEST(rates)
{
  fm_oracle *o = fm_oracle_open("target/targets.csv");
  fm_error err = FM_ERROR_INIT;
  double centre, lower[12], upper[12];
  fm_assert_ok(fm_target_u_limits(&centre, lower, upper, months + 12, caseload, 12, 0, &err), &err);
  fm_assert_close("centre", centre, expected(o, "spc_u", "centre"), 1e-12, 0);
  for (int m = 0; m < 12; m++) {
    char name[16];
    snprintf(name, sizeof name, "ucl_m%d", m + 1);
    fm_assert_close(name, upper[m], expected(o, "spc_u", name), 1e-12, 0);
    snprintf(name, sizeof name, "lcl_m%d", m + 1);
    fm_assert_close(name, fmax(0, lower[m]), expected(o, "spc_u", name), 1e-12, 1e-15);
  }
  /* exact: 112 of 2557, on 210 a Poisson mean of 9.198, from 2 to 19 as qpois(0.00135) and qpois(0.99865) say */
  fm_assert_ok(fm_target_u_limits(&centre, lower, upper, months + 12, caseload, 12, 1, &err), &err);
  fm_assert_close("exact lower", lower[0], 2 / 210.0, 1e-15, 0);
  fm_assert_close("exact upper", upper[0], 20 / 210.0, 1e-15, 0);
  fm_oracle_close(o);
}
END_TEST

/* By hand: 4, 6, gap, 8, 7: mean 6.25; ranges 2 and 1, mean 1.5; 6.25 -+ 3.99. */
START_TEST(gaps)
{
  static const double x[] = {4, 6, NAN, 8, 7}, none[] = {NAN, NAN}, counted[] = {4, NAN}, on[] = {10, NAN};
  fm_error err = FM_ERROR_INIT;
  double centre, lower[2], upper[2];
  fm_target_limits l = xmr(x, 5, 0);
  fm_assert_close("centre", l.centre, 6.25, 1e-15, 0);
  fm_assert_close("lower", l.lower, 2.26, 1e-14, 0);
  fm_assert_close("upper", l.upper, 10.24, 1e-14, 0);
  ck_assert(l.n == 4 && l.n_ranges == 2 && isnan(l.exact_lower));
  l = xmr(x + 1, 2, 1);
  ck_assert(l.centre == 6 && isnan(l.upper) && isnan(l.mean_moving_range) && l.n_ranges == 0);
  l = xmr(NULL, 0, 1);
  ck_assert(isnan(l.centre) && l.n == 0);
  fm_assert_ok(fm_target_c_limits(&l, none, 2, &err), &err);
  ck_assert(isnan(l.centre) && isnan(l.upper) && isnan(l.exact_upper));
  fm_assert_ok(fm_target_u_limits(&centre, lower, upper, counted, on, 2, 1, &err), &err);
  ck_assert(centre == 0.4 && isnan(lower[1]) && isnan(upper[1]) && upper[0] > 1);
  fm_assert_ok(fm_target_u_limits(&centre, lower, upper, none, none, 2, 0, &err), &err);
  ck_assert(isnan(centre) && isnan(upper[0]));
}
END_TEST

/* ---- signals; centre 10, limits 4 and 16, so that 14 and 6 are the edges of the outer thirds ---- */

enum { A = FM_TARGET_ABOVE, B = FM_TARGET_BELOW, RA = FM_TARGET_RUN_ABOVE, RB = FM_TARGET_RUN_BELOW };
enum { UP = FM_TARGET_RISING, DOWN = FM_TARGET_FALLING, NU = FM_TARGET_NEAR_UPPER, NL = FM_TARGET_NEAR_LOWER };

static const struct signal_case {
  const char *label;
  double x[10];
  int32_t expected[10];
  size_t n;
} signal_cases[] = {
    {"on the limits", {16, 10, 4, 10}, {0}, 4},
    {"outside", {16.5, 10, 3, 10}, {A, 0, B, 0}, 4},
    {"seven above", {11, 12, 11, 12, 11, 12, 11, 9}, {RA, RA, RA, RA, RA, RA, RA, 0}, 8},
    {"six above", {11, 12, 11, 12, 11, 12, 10, 11}, {0}, 8},
    {"a gap ends a run", {11, 12, 11, NAN, 11, 12, 11, 12}, {0}, 8},
    {"eight below", {9, 8, 9, 8, 9, 8, 9, 8}, {RB, RB, RB, RB, RB, RB, RB, RB}, 8},
    {"seven rising", {7, 8, 9, 10, 11, 12, 13, 10}, {UP, UP, UP, UP, UP, UP, UP, 0}, 8},
    {"six rising", {7, 8, 9, 10, 11, 12, 12, 13}, {0}, 8},
    {"falling from a top", {7, 13, 12, 11, 10, 9, 8, 7}, {0, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN, DOWN}, 8},
    {"two of three", {10, 15, 10, 15, 10, 10}, {0, NU, 0, NU, 0, 0}, 6},
    {"two of four", {10, 15, 10, 10, 15, 10}, {0}, 6},
    {"on the edge", {10, 14, 14, 10}, {0}, 4},
    {"two sides", {15, 5, 10, 10}, {0}, 4},
    {"low and beyond", {5, 3, 10}, {NL, NL | B, 0}, 3},
    {"none", {0}, {0}, 0},
};

START_TEST(signals)
{
  const struct signal_case *c = &signal_cases[_i];
  fm_error err = FM_ERROR_INIT;
  int32_t got[10];
  double centre[10], lower[10], upper[10];
  for (size_t i = 0; i < 10; i++)
    centre[i] = 10, lower[i] = 4, upper[i] = 16;
  fm_assert_ok(fm_target_signals(got, c->x, centre, lower, upper, c->n, NULL, &err), &err);
  for (size_t i = 0; i < c->n; i++)
    ck_assert_msg(got[i] == c->expected[i], "%s: point %zu has %d, expected %d", c->label, i, got[i], c->expected[i]);
}
END_TEST

START_TEST(other_rules)
{
  static const double x[] = {11, 12, 15, 15, 10}, centre[] = {10, 10, 10, 10, 10}, lower[] = {4, 4, 4, 4, 4},
                      upper[] = {16, 16, 16, 16, 16};
  fm_error err = FM_ERROR_INIT;
  fm_target_signal_rules r;
  int32_t got[5];
  fm_target_signal_rules_init(&r, sizeof r);
  ck_assert(r.run == 7 && r.trend == 7 && r.near_limit == 2 && r.near_of == 3);
  r.run = 4;
  r.trend = 3;
  r.near_limit = 0;
  fm_assert_ok(fm_target_signals(got, x, centre, lower, upper, 5, &r, &err), &err);
  ck_assert(got[0] == (RA | UP) && got[2] == (RA | UP) && got[3] == RA && got[4] == 0);
  r.run = r.trend = 0;
  fm_assert_ok(fm_target_signals(got, x, centre, lower, upper, 5, &r, &err), &err);
  ck_assert(got[0] == 0 && got[2] == 0);
  /* without variation nothing is near a limit; what differs is outside */
  static const double flat[] = {10, 11, 9}, none[] = {10, 10, 10};
  fm_assert_ok(fm_target_signals(got, flat, none, none, none, 3, NULL, &err), &err);
  ck_assert(got[0] == 0 && got[1] == A && got[2] == B);
  /* without limits runs are told alone */
  static const double unknown[] = {NAN, NAN, NAN, NAN, NAN};
  r.run = 4;
  r.near_limit = 2;
  fm_assert_ok(fm_target_signals(got, x, centre, unknown, unknown, 5, &r, &err), &err);
  ck_assert(got[0] == RA && got[3] == RA && got[4] == 0);
}
END_TEST

/* A series turned upside down has the signals of the other side; moved or stretched it keeps its own. */
START_TEST(mirrored)
{
  fm_error err = FM_ERROR_INIT;
  double x[24], mirror[24], stretched[24], centre[24], lower[24], upper[24];
  int32_t a[24], b[24], c[24];
  for (int i = 0; i < 24; i++) {
    x[i] = months[i] + (i > 15 ? 6 : 0);
    mirror[i] = -x[i];
    stretched[i] = 4 * x[i] + 8;
  }
  const double *const of[] = {x, mirror, stretched};
  int32_t *const to[] = {a, b, c};
  for (int k = 0; k < 3; k++) {
    fm_target_limits l = xmr(of[k], 16, 0);
    for (int i = 0; i < 24; i++)
      centre[i] = l.centre, lower[i] = l.lower, upper[i] = l.upper;
    fm_assert_ok(fm_target_signals(to[k], of[k], centre, lower, upper, 24, NULL, &err), &err);
  }
  int32_t any = 0;
  for (int i = 0; i < 24; i++) {
    int32_t up = a[i] & (A | RA | UP | NU), down = a[i] & (B | RB | DOWN | NL);
    ck_assert_int_eq(b[i], up << 1 | down >> 1);
    ck_assert_int_eq(c[i], a[i]);
    any |= a[i];
  }
  ck_assert_int_ne(any, 0);
}
END_TEST

START_TEST(refused)
{
  static const double infinite[] = {1, INFINITY}, negative[] = {-1}, half[] = {0.5}, many[] = {2e9}, one[] = {1},
                      zero[] = {0}, gap[] = {NAN};
  fm_error err = FM_ERROR_INIT;
  fm_target_limits l = {.struct_size = sizeof l}, none = {.struct_size = 1};
  double centre, lower[1], upper[1];
  int32_t got[1];
  ck_assert_int_eq(fm_target_xmr_limits(&l, infinite, 2, 0, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "value 1: expected a finite number"));
  const double *const bad[] = {negative, half, many};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    ck_assert_int_eq(fm_target_c_limits(&l, bad[i], 1, NULL), FM_ERR_ARGUMENT);
    ck_assert_int_eq(fm_target_u_limits(&centre, lower, upper, bad[i], one, 1, 0, NULL), FM_ERR_ARGUMENT);
  }
  const double *const exposures[] = {zero, negative, infinite + 1, gap};
  for (int i = 0; i < FM_COUNT(exposures); i++)
    ck_assert_int_eq(fm_target_u_limits(&centre, lower, upper, one, exposures[i], 1, 0, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_target_u_limits(&centre, lower, upper, gap, zero, 1, 0, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_target_c_limits(&none, one, 1, NULL), FM_ERR_ARGUMENT);
  none.struct_size = 4096;
  ck_assert_int_eq(fm_target_xmr_limits(&none, one, 1, 0, NULL), FM_ERR_ARGUMENT);
  const fm_target_signal_rules wrong[] = {{sizeof *wrong, -1, 7, 2, 3},
                                          {sizeof *wrong, 7, -1, 2, 3},
                                          {sizeof *wrong, 7, 7, -1, 3},
                                          {sizeof *wrong, 7, 7, 3, 2},
                                          {0, 7, 7, 2, 3}};
  for (int i = 0; i < FM_COUNT(wrong); i++)
    ck_assert_int_eq(fm_target_signals(got, one, one, one, one, 1, &wrong[i], NULL), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("target chart");
  TCase *c = tcase_create("arrays");
  tcase_add_test(c, values);
  tcase_add_test(c, counts);
  tcase_add_test(c, rates);
  tcase_add_test(c, gaps);
  tcase_add_loop_test(c, signals, 0, FM_COUNT(signal_cases));
  tcase_add_test(c, other_rules);
  tcase_add_test(c, mirrored);
  tcase_add_test(c, refused);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
