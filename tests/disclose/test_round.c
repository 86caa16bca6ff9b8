/* Rounded counts: the golden neighbours and chances, repeatable, right on average. */
#include "disclose/tables.h"

static const char secret[] = "sixteen bytes, or more";

static int64_t rounded(int64_t count, int32_t base, const char *key)
{
  int64_t to;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_round(&to, count, base, key, secret, sizeof secret, &err), &err);
  return to;
}

/* Of 3,000 keys the share rounded up lies within five standard errors of its chance; the variance is the golden one. */
START_TEST(chances)
{
  enum { KEYS = 3000 };
  int32_t base = _i == 0 ? 3 : 5;
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  const char *of = _i == 0 ? "rr3" : "rr5";
  for (int64_t n = 0; n <= 12; n++) {
    char quantity[32], key[32];
    snprintf(quantity, sizeof quantity, "n%d_down", (int)n);
    int64_t down = (int64_t)golden(o, of, quantity), n_up = 0;
    snprintf(quantity, sizeof quantity, "n%d_up", (int)n);
    int64_t up = (int64_t)golden(o, of, quantity);
    snprintf(quantity, sizeof quantity, "n%d_p_up", (int)n);
    double chance = golden(o, of, quantity), squares = 0;
    for (int k = 0; k < KEYS; k++) {
      snprintf(key, sizeof key, "cell=%d", k);
      int64_t to = rounded(n, base, key);
      ck_assert(to == down || to == up);
      ck_assert_int_eq(to, rounded(n, base, key));
      n_up += to != n && to == up;
      squares += (double)((to - n) * (to - n)) / KEYS;
    }
    double error = (double)n_up / KEYS - chance;
    ck_assert_msg(error * error <= 25 * chance * (1 - chance) / KEYS, "%d is off by %g", (int)n, error);
    snprintf(quantity, sizeof quantity, "n%d_variance", (int)n);
    fm_assert_close("variance", squares, golden(o, of, quantity), 0.1, 0);
  }
  fm_oracle_close(o);
}
END_TEST

/* Another secret, base or cell draws anew; the golden draws below hold on every machine. */
START_TEST(same_everywhere)
{
  const int64_t expected[] = {102, 99, 102, 102, 102, 105, 105, 105};
  int same = 0;
  for (int k = 0; k < 8; k++) {
    char key[32];
    int64_t other;
    snprintf(key, sizeof key, "group=a;month=%d", k);
    ck_assert_int_eq(rounded(100 + k, 3, key), expected[k]);
    fm_error err = FM_ERROR_INIT;
    fm_assert_ok(fm_disclose_round(&other, 100 + k, 3, key, "another secret of bytes", 23, &err), &err);
    same += other == expected[k];
  }
  ck_assert_int_lt(same, 8);
}
END_TEST

START_TEST(nearest)
{
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  const int64_t tens[] = {0, 4, 5, 14, 15, 25, 164};
  for (int64_t n = 0; n <= 12; n++) {
    char quantity[32];
    snprintf(quantity, sizeof quantity, "n%d", (int)n);
    ck_assert_int_eq(fm_disclose_round_nearest(n, 3), (int64_t)golden(o, "round_nearest3", quantity));
  }
  for (int k = 0; k < FM_COUNT(tens); k++) {
    char quantity[32];
    snprintf(quantity, sizeof quantity, "n%d", (int)tens[k]);
    ck_assert_int_eq(fm_disclose_round_nearest(tens[k], 10), (int64_t)golden(o, "round_nearest10", quantity));
  }
  ck_assert_int_eq(fm_disclose_round_nearest(-1, 3), -1);
  ck_assert_int_eq(fm_disclose_round_nearest(1, 0), -1);
  ck_assert_int_eq(fm_disclose_round_nearest(INT64_MAX, 10), -1);
  fm_oracle_close(o);
}
END_TEST

START_TEST(refusals)
{
  int64_t to;
  ck_assert_int_eq(fm_disclose_round(&to, 7, 4, "a", secret, sizeof secret, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_round(&to, -1, 3, "a", secret, sizeof secret, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_round(&to, INT64_MAX, 3, "a", secret, sizeof secret, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_round(&to, 7, 3, "a", secret, 15, NULL), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  int64_t to;
  (void)ctx;
  return fm_disclose_round(&to, 7, 3, "a", secret, sizeof secret, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 1);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-round");
  TCase *t = tcase_create("round");
  tcase_add_loop_test(t, chances, 0, 2);
  tcase_add_test(t, same_everywhere);
  tcase_add_test(t, nearest);
  tcase_add_test(t, refusals);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
