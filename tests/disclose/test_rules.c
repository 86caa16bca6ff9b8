/* Single figures, by the golden values and by hand. */
#include <math.h>

#include "disclose/tables.h"

START_TEST(counts_and_shares)
{
  ck_assert(fm_disclose_count_is_shown(0, 5) && !fm_disclose_count_is_shown(1, 5));
  ck_assert(!fm_disclose_count_is_shown(4, 5) && fm_disclose_count_is_shown(5, 5));
  ck_assert(!fm_disclose_count_is_shown(-1, 5));
  const struct {
    int64_t part, whole, least;
    int32_t shown;
  } shares[] = {{41, 45, 0, 0},  {40, 45, 0, 1},  {4, 45, 0, 0},  {5, 45, 0, 1},   {0, 45, 0, 1},
                {45, 45, 0, 1},  {45, 45, 46, 0}, {0, 9, 10, 0},  {10, 10, 10, 1}, {5, 10, 10, 1},
                {5, 10, 100, 1}, {0, 0, 0, 0},    {-1, 10, 0, 0}, {11, 10, 0, 0}};
  for (int k = 0; k < FM_COUNT(shares); k++)
    ck_assert_msg(fm_disclose_share_is_shown(shares[k].part, shares[k].whole, 5, shares[k].least) == shares[k].shown,
                  "%d of %d", (int)shares[k].part, (int)shares[k].whole);
  ck_assert(fm_disclose_pair_is_shown(45, 40, 5) && !fm_disclose_pair_is_shown(41, 45, 5));
  ck_assert(fm_disclose_pair_is_shown(45, 45, 5) && !fm_disclose_pair_is_shown(-1, 45, 5));
}
END_TEST

START_TEST(quantiles)
{
  ck_assert(fm_disclose_quantile_is_shown(10, 0.5, 5) && !fm_disclose_quantile_is_shown(9, 0.5, 5));
  ck_assert(fm_disclose_quantile_is_shown(50, 0.1, 5) && fm_disclose_quantile_is_shown(50, 0.9, 5));
  ck_assert(!fm_disclose_quantile_is_shown(49, 0.1, 5) && !fm_disclose_quantile_is_shown(49, 0.9, 5));
  ck_assert(!fm_disclose_quantile_is_shown(100, 0, 5) && !fm_disclose_quantile_is_shown(100, 1, 5));
  ck_assert(!fm_disclose_quantile_is_shown(0, 0.5, 1) && !fm_disclose_quantile_is_shown(9, NAN, 1));
}
END_TEST

static fm_disclose_sum_answer sum(const double *x, size_t n, const fm_disclose_sum_spec *s)
{
  fm_disclose_sum_answer a = {.struct_size = sizeof a};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_sum(&a, x, n, s, &err), &err);
  return a;
}

START_TEST(sums_as_golden)
{
  const double a[] = {50, 500, 100, 50, 300}, b[] = {10, 60, 900, 30};
  const char *const cases[] = {"dominance_a", "dominance_b"};
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  fm_disclose_sum_spec s[2];
  for (int k = 0; k < 2; k++) {
    fm_disclose_sum_spec_init(&s[k], sizeof s[k]);
    s[k].n = k == 0 ? 2 : 1;
    s[k].k_share = k == 0 ? 0.75 : 0.85;
    s[k].p_share = k == 0 ? 0.15 : 0.10;
    fm_disclose_sum_answer found = sum(k == 0 ? a : b, k == 0 ? 5 : 4, &s[k]);
    fm_assert_close("total", found.total, golden(o, cases[k], "total"), 1e-12, 0);
    fm_assert_close("share", found.largest_share, golden(o, cases[k], "top_n_share"), 1e-12, 0);
    fm_assert_close("remainder", found.remainder, golden(o, cases[k], "p_remainder"), 1e-12, 0);
    ck_assert(found.dominated == (golden(o, cases[k], "nk_unsafe") == 1));
    ck_assert(found.within_p == (golden(o, cases[k], "p_unsafe") == 1));
    ck_assert(!found.is_shown && found.few == k); /* four contributors are few, five are not */
  }
  fm_oracle_close(o);
}
END_TEST

START_TEST(sums_at_the_edge)
{
  const double none[] = {0, 0}, even[] = {10, 10, 10, 10, 10, 10}, one[] = {3};
  fm_disclose_sum_answer a = sum(none, 2, NULL);
  ck_assert(a.is_shown && isnan(a.largest_share) && a.total == 0);
  a = sum(NULL, 0, NULL);
  ck_assert(a.is_shown && a.total == 0);
  a = sum(even, 6, NULL);
  ck_assert(a.is_shown && a.remainder == 40 && a.total == 60);
  a = sum(one, 1, NULL);
  ck_assert(a.few && a.dominated && a.within_p && !a.is_shown);
}
END_TEST

START_TEST(sums_refused)
{
  const double negative[] = {1, -1}, infinite[] = {INFINITY};
  fm_disclose_sum_answer a = {.struct_size = sizeof a}, unset = {0};
  fm_disclose_sum_spec good = FM_DISCLOSE_SUM_SPEC_INIT, s;
  ck_assert_int_eq(fm_disclose_sum(&a, negative, 2, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_sum(&a, infinite, 1, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_sum(&unset, NULL, 0, NULL, NULL), FM_ERR_ARGUMENT);
  s = good, s.least_contributors = 0;
  ck_assert_int_eq(fm_disclose_sum(&a, NULL, 0, &s, NULL), FM_ERR_ARGUMENT);
  s = good, s.k_share = 0;
  ck_assert_int_eq(fm_disclose_sum(&a, NULL, 0, &s, NULL), FM_ERR_ARGUMENT);
  s = good, s.p_share = -1;
  ck_assert_int_eq(fm_disclose_sum(&a, NULL, 0, &s, NULL), FM_ERR_ARGUMENT);
  s = good, s.struct_size = 0;
  ck_assert_int_eq(fm_disclose_sum(&a, NULL, 0, &s, NULL), FM_ERR_ARGUMENT);
}
END_TEST

/* Of 60, two leave each month: after the third month 6 have left, after the sixth 12 ... With 20 censored in month 8.
 */
START_TEST(curves)
{
  enum { N = 24 };
  int64_t risk[N], event[N], censored[N] = {0}, left = 60;
  uint8_t shown[N];
  fm_error err = FM_ERROR_INIT;
  censored[7] = 20;
  for (int t = 0; t < N; t++) {
    risk[t] = left;
    event[t] = left >= 2 ? 2 : 0;
    left -= event[t] + (left >= 22 ? censored[t] : 0);
    censored[t] = risk[t] - event[t] - left;
  }
  fm_assert_ok(fm_disclose_curve(shown, risk, event, censored, N, 5, &err), &err);
  const int expected[] = {2, 5, 8, 11}; /* after the 15th month 10 would be left, after the 16th 8 ... */
  int64_t events = 0, gone = 0;
  size_t k = 0;
  for (int t = 0; t < N; t++) {
    events += event[t];
    gone += censored[t];
    if (!shown[t])
      continue;
    ck_assert(k >= FM_COUNT(expected) || t == expected[k]);
    k++;
    ck_assert((events == 0 || events >= 5) && (gone == 0 || gone >= 5) && risk[t] - event[t] - censored[t] >= 5);
    events = gone = 0;
  }
  ck_assert_uint_ge(k, FM_COUNT(expected));
  fm_assert_ok(fm_disclose_curve(shown, NULL, NULL, NULL, 0, 5, &err), &err);
}
END_TEST

START_TEST(curves_cut_and_refused)
{
  const int64_t risk[] = {20, 15, 4}, event[] = {5, 11, 0}, none[] = {0, 0, 0}, much[] = {0, 0, 5};
  uint8_t shown[3];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_curve(shown, risk, event, none, 3, 5, &err), &err);
  ck_assert(shown[0] && !shown[1] && !shown[2]); /* four would be left */
  ck_assert_int_eq(fm_disclose_curve(shown, risk, event, none, 3, 0, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_curve(shown, risk, event, much, 3, 5, NULL), FM_ERR_ARGUMENT);
}
END_TEST

/* 41 of 45 have it: "at least 40" leaves 0 to 5 for the rest. */
START_TEST(bounds)
{
  ck_assert_int_eq(fm_disclose_at_least(41, 45, 5, 5), 40);
  ck_assert_int_eq(fm_disclose_at_least(45, 45, 5, 5), 40);
  ck_assert_int_eq(fm_disclose_at_least(38, 45, 5, 5), 35);
  ck_assert_int_eq(fm_disclose_at_least(43, 44, 5, 5), 35);
  ck_assert_int_eq(fm_disclose_at_least(4, 45, 5, 5), -1);
  ck_assert_int_eq(fm_disclose_at_least(9, 9, 5, 5), -1);
  ck_assert_int_eq(fm_disclose_at_most(4, 45, 5, 5), 5);
  ck_assert_int_eq(fm_disclose_at_most(7, 45, 5, 5), 10);
  ck_assert_int_eq(fm_disclose_at_most(3, 5, 5, 5), -1);
  ck_assert_int_eq(fm_disclose_at_most(46, 45, 5, 5), -1);
  ck_assert_int_eq(fm_disclose_at_least(-1, 45, 5, 5), -1);
  ck_assert_int_eq(fm_disclose_at_most(1, INT64_MAX, INT64_MAX, 10), -1);
}
END_TEST

START_TEST(additive)
{
  const int64_t counts[] = {1, 2, 3, 4, 5, 6}, rows[] = {6, 15}, columns[] = {5, 7, 9}, wrong_row[] = {6, 14};
  const int64_t wrong_column[] = {5, 8, 9}, negative[] = {1, 2, 3, -4, 5, 6}, large[] = {INT64_MAX, 1};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_additive(counts, 2, 3, rows, columns, 21, &err), &err);
  fm_assert_ok(fm_disclose_additive(counts, 2, 3, NULL, NULL, -1, &err), &err);
  ck_assert_int_eq(fm_disclose_additive(counts, 2, 3, wrong_row, columns, 21, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "the cells of row 2 add up to 15, its sum is 14");
  ck_assert(err.row == 1 && err.column_index == -1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_disclose_additive(counts, 2, 3, rows, wrong_column, 21, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "the cells of column 2 add up to 7, its sum is 8");
  ck_assert(err.row == -1 && err.column_index == 1);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_disclose_additive(counts, 2, 3, rows, columns, 20, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "all cells add up to 21, the total is 20");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_disclose_additive(negative, 2, 3, NULL, NULL, -1, &err), FM_ERR_VALUE);
  ck_assert(err.row == 1 && err.column_index == 0);
  ck_assert_int_eq(fm_disclose_additive(large, 1, 2, rows, NULL, -1, NULL), FM_ERR_LIMIT);
  ck_assert_int_eq(fm_disclose_additive(large, 1, 2, NULL, NULL, 1, NULL), FM_ERR_LIMIT);
  ck_assert_int_eq(fm_disclose_additive(large, SIZE_MAX, 2, NULL, NULL, 1, NULL), FM_ERR_LIMIT);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  const double x[] = {3, 1, 2};
  fm_disclose_sum_answer a = {.struct_size = sizeof a};
  (void)ctx;
  return fm_disclose_sum(&a, x, 3, NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 2);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-rules");
  TCase *t = tcase_create("rules");
  tcase_add_test(t, counts_and_shares);
  tcase_add_test(t, quantiles);
  tcase_add_test(t, sums_as_golden);
  tcase_add_test(t, sums_at_the_edge);
  tcase_add_test(t, sums_refused);
  tcase_add_test(t, curves);
  tcase_add_test(t, curves_cut_and_refused);
  tcase_add_test(t, bounds);
  tcase_add_test(t, additive);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
