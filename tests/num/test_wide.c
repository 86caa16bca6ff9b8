#include "num/wide_priv.h"

#include "num/num_priv.h"
#include "num/random.h"
#include "support/support.h"

/* 3 * 2^0 - 5 * 2^-1 = 0.5, and so on: small enough to see. */
START_TEST(worked_example)
{
  fm__wide s = {.first = 0};
  const uint64_t three[1] = {3}, five[1] = {5}, large[2] = {0, 1};
  ck_assert_int_eq(fm__wide_sign(&s), 0);
  ck_assert_int_eq(fm__wide_exponent(&s), INT32_MIN);
  ck_assert_double_eq(fm__wide_value(&s, 0), 0);
  fm__wide_add(&s, three, 1, 0, false);
  fm__wide_add(&s, five, 1, -1, true);
  ck_assert_double_eq(fm__wide_value(&s, 0), 0.5);
  ck_assert_int_eq(fm__wide_exponent(&s), 0); /* 0.5 <= 0.5 < 1 */
  fm__wide_add(&s, three, 1, 0, true);
  ck_assert_double_eq(fm__wide_value(&s, 0), -2.5);
  ck_assert_int_eq(fm__wide_sign(&s), -1);
  fm__wide_add(&s, large, 2, 0, false); /* 2^64 - 2.5 needs 65 bits and rounds to 2^64 */
  ck_assert_double_eq(fm__wide_value(&s, 0), 0x1p64);
  ck_assert_int_eq(fm__wide_exponent(&s), 64);
  fm__wide_add(&s, large, 2, 0, true);
  fm__wide_add(&s, five, 1, -1, false);
  ck_assert_int_eq(fm__wide_sign(&s), 0);
}
END_TEST

/* Halves go to even, and the least bit below decides. */
START_TEST(rounds_once)
{
  const uint64_t one[1] = {1}, half[1] = {(UINT64_C(1) << 53) + 1}, odd[1] = {(UINT64_C(1) << 53) + 3};
  fm__wide s = {.first = 0};
  fm__wide_add(&s, half, 1, 0, false);
  ck_assert_double_eq(fm__wide_value(&s, 0), 0x1p53);
  fm__wide_add(&s, one, 1, -2148, false);
  ck_assert_double_eq(fm__wide_value(&s, 0), 0x1.0000000000001p53);
  fm__wide_add(&s, one, 1, -2148, true);
  fm__wide_add(&s, one, 1, -2147, true);
  ck_assert_double_eq(fm__wide_value(&s, 0), 0x1p53);
  s = (fm__wide){.first = 0};
  fm__wide_add(&s, odd, 1, 1900, true);
  ck_assert_double_eq(fm__wide_value(&s, 1900), -0x1.0000000000002p53);
}
END_TEST

/* Doubles of all sizes: the same as the exact sums of lib/num/sum.c. */
START_TEST(agrees_with_exact_sums)
{
  uint64_t state = 7;
  for (int round = 0; round < 200; round++) {
    fm__wide s = {.first = 0};
    fm__sum sum = {.pending = 0};
    for (int i = 0; i < 50; i++) {
      uint64_t whole[1] = {random_u64(&state) >> 11};
      int exponent = (int)random_below(&state, round % 2 == 0 ? 60 : 1900) - 1000;
      bool minus = (random_u64(&state) & 1) != 0;
      double x = ldexp((double)whole[0], exponent);
      fm__wide_add(&s, whole, 1, exponent, minus);
      fm__sum_add(&sum, minus ? -x : x);
      ck_assert_double_eq(fm__wide_value(&s, 0), fm__sum_value(&sum));
    }
  }
}
END_TEST

START_TEST(products_by_halves)
{
  static const uint64_t cases[][4] = {/* a, b, low, high */
                                      {0, 5, 0, 0},
                                      {UINT64_MAX, UINT64_MAX, 1, UINT64_MAX - 1},
                                      {UINT64_C(1) << 63, 6, 0, 3},
                                      {UINT64_C(0xffffffff), UINT64_C(0x100000001), UINT64_MAX, 0}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    uint64_t low, high;
    fm__multiply_halves(&low, &high, cases[i][0], cases[i][1]);
    ck_assert_msg(low == cases[i][2] && high == cases[i][3], "case %d", i);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("num-wide");
  TCase *t = tcase_create("wide");
  tcase_add_test(t, worked_example);
  tcase_add_test(t, rounds_once);
  tcase_add_test(t, agrees_with_exact_sums);
  tcase_add_test(t, products_by_halves);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
