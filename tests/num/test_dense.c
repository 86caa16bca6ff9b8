#include <math.h>
#include <string.h>

#include "num/dense_priv.h"
#include "support/support.h"

/* 4 2 / 2 5 = L L' with L = 2 0 / 1 2. For b = (8, 13): L y = b gives y = 4, 4.5 and L' x = y gives x2 = 2.25,
 * x1 = (4 - 2.25) / 2 = 0.875. */
START_TEST(hand_worked)
{
  double a[] = {4, 99, 2, 5}, b[] = {8, 13};
  ck_assert_uint_eq(fm__cholesky(a, 2, 1e-12), 2);
  ck_assert(a[0] == 2 && a[2] == 1 && a[3] == 2);
  fm__cholesky_solve(a, 2, b);
  ck_assert_double_eq(b[0], 0.875);
  ck_assert_double_eq(b[1], 2.25);
}
END_TEST

/* A row that others add up to is left out, and what is left is solved as if it were not there. */
START_TEST(dependent_rows)
{
  /* columns 1, a, 1 - a of three rows a = 0, 1, 1: the third depends on the first two */
  double m[] = {3, 0, 0, 2, 2, 0, 1, 0, 1}, b[] = {3, 2, 1}, zero[] = {0};
  ck_assert_uint_eq(fm__cholesky(m, 3, 1e-12), 2);
  ck_assert_double_eq(m[8], 0);
  fm__cholesky_solve(m, 3, b);
  fm_assert_close("first", b[0], 1, 1e-15, 0);
  fm_assert_close("second", b[1], 0, 0, 1e-15);
  ck_assert_double_eq(b[2], 0);
  ck_assert_uint_eq(fm__cholesky(zero, 1, 1e-12), 0);
  ck_assert_uint_eq(fm__cholesky(NULL, 0, 1e-12), 0);
}
END_TEST

/* A x = b for matrices of all sizes made from known factors. */
START_TEST(undoes_a_product)
{
  enum { MOST = 12 };
  for (size_t n = 1; n <= MOST; n++) {
    double l[MOST * MOST] = {0}, a[MOST * MOST] = {0}, x[MOST], b[MOST] = {0};
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j <= i; j++)
        l[i * n + j] = i == j ? 2 + (double)i : (double)((i * 7 + j * 3) % 5) - 2;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        for (size_t k = 0; k < n; k++)
          a[i * n + j] += l[i * n + k] * l[j * n + k];
    for (size_t i = 0; i < n; i++)
      x[i] = (double)(i + 1) - 4;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < n; j++)
        b[i] += a[i * n + j] * x[j];
    ck_assert_uint_eq(fm__cholesky(a, n, 1e-12), n);
    fm__cholesky_solve(a, n, b);
    for (size_t i = 0; i < n; i++)
      fm_assert_close("x", b[i], x[i], 1e-12, 1e-12);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("num-dense");
  TCase *tests = tcase_create("dense");
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, dependent_rows);
  tcase_add_test(tests, undoes_a_product);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
