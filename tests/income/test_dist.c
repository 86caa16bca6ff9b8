/* A population against sums done the long way. */
#include "income/dist/dist_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "support/support.h"

enum { N = 3000 };

static uint64_t state;
static double draw(void)
{
  state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(state >> 11) * 0x1p-53;
}

/* Many ties, weights in quarters so that every sum is exact. */
static void make(double *x, double *w, size_t n, double levels)
{
  for (size_t i = 0; i < n; i++) {
    x[i] = floor(draw() * levels) - 3;
    w[i] = floor(draw() * 9) / 4;
  }
}

static void check_lookups(const fm__dist *d, const double *x, const double *w, size_t n)
{
  double all = 0, total = 0;
  for (size_t i = 0; i < n; i++) {
    all += w[i];
    total += w[i] * x[i];
  }
  fm_assert_close("weight", d->weight, all, 0, 0);
  fm_assert_close("total", d->total, total, 0, 0);
  for (double z = -5; z < 60; z += 0.5) {
    double below = 0, below_total = 0, upto = 0;
    for (size_t i = 0; i < n; i++) {
      below += x[i] < z ? w[i] : 0;
      below_total += x[i] < z ? w[i] * x[i] : 0;
      upto += x[i] <= z ? w[i] : 0;
    }
    fm__below lt = fm__dist_below(d, z, false), le = fm__dist_below(d, z, true);
    fm_assert_close("below", lt.weight, below, 0, 0);
    fm_assert_close("below total", lt.total, below_total, 0, 0);
    fm_assert_close("up to", le.weight, upto, 0, 0);
    fm__cut cut;
    fm__dist_cut(&cut, d, upto / all, 1e-12);
    if (upto > 0 && upto > below)
      ck_assert_msg(cut.hit && cut.x == z && cut.upto_weight == upto && cut.below_weight == below, "cut at %d", (int)z);
  }
}

START_TEST(lookups)
{
  static double x[N], w[N];
  const double levels[] = {2, 50, 1e6};
  fm__dist a, b;
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < FM_COUNT(levels); k++) {
    make(x, w, N, levels[k]);
    fm_assert_ok(fm__dist_of_columns(&a, x, w, N, NULL, &err), &err);
    check_lookups(&a, x, w, N);
    fm__member *members = fm__array(N, sizeof *members);
    for (size_t i = 0; i < N; i++)
      members[i] = (fm__member){x[i], w[i], (uint32_t)(i % 7), 1};
    fm_assert_ok(fm__dist_of_members(&b, members, N, NULL, &err), &err);
    check_lookups(&b, x, w, N);
    ck_assert(a.weight == b.weight && a.total == b.total && a.gini_area == b.gini_area && a.n == b.n);
    fm__dist_free(&a);
    fm__dist_free(&b);
  }
}
END_TEST

/* Gini of 1, 2, 2, 5: sum over pairs |x - y| = 2 (1 + 1 + 4 + 0 + 3 + 3) = 24, over 2 n^2 mean = 2 * 16 * 2.5 = 80. */
START_TEST(gini_by_hand)
{
  const double x[] = {5, 2, 1, 2};
  fm__dist d;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__dist_of_columns(&d, x, NULL, 4, NULL, &err), &err);
  fm_assert_close("gini", d.gini_area / (d.weight * d.total), 0.3, 1e-15, 0);
  fm_assert_close("poorest 0.4", fm__dist_poorest(&d, 0.4), 1 + 0.6 * 2, 1e-15, 0);
  fm_assert_close("median", fm__dist_quantile(&d, 0.5, FM__QUANTILE_AVG, 1e-12), 2, 0, 0);
  fm_assert_close("q.25", fm__dist_quantile(&d, 0.25, FM__QUANTILE_AVG, 1e-12), 1.5, 0, 0);
  fm_assert_close("hf7 .9", fm__dist_quantile(&d, 0.9, FM__QUANTILE_INTERP, 0), 4.1, 1e-15, 0);
  fm__dist_free(&d);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income dist");
  TCase *c = tcase_create("dist");
  tcase_add_test(c, lookups);
  tcase_add_test(c, gini_by_hand);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
