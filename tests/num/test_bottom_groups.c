#include "num/bottom_brackets_priv.h"
#include "num/bottom_groups_priv.h"
#include "num/random.h"
#include "support/support.h"

#if defined(FM__SUM_SSE2)
enum { GROUPS = 7, MOST = 30000, MANY = 5 * MOST };

typedef struct data {
  double x[MANY], w[MANY];
  int32_t group[MANY];
  size_t n;
} data;

static double unit(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*state >> 11) * 0x1p-53;
}

/* What the rows are like; each has another way through the pass. */
enum {
  PLAIN,      /* doubles of one size */
  WHOLE,      /* whole numbers, whole weights: the cut often lies on a limit */
  CONSTANT,   /* all rows at the low end */
  ZEROS,      /* many rows at the low end, some negative */
  FEW_VALUES, /* rows at both ends */
  AROUND_0,   /* terms below the fine grid now and then */
  TAILS,      /* 600 powers of ten: most terms are on no grid */
  SOME_TAILS, /* some are on none */
  HEAVY,      /* one row has most of the weight: the bracket misses it */
  SORTED,
  SKEWED, /* one group has nearly all rows, others none */
  ENDS,   /* products beyond the largest double and below the smallest */
  KINDS
};

static const char *const names[] = {"plain", "whole",      "constant", "zeros",  "few values", "around 0",
                                    "tails", "some tails", "heavy",    "sorted", "skewed",     "ends"};

static double value(int32_t kind, size_t i, uint64_t *state)
{
  static const double ends[] = {1e307, -1e307, 5e-324, 1e-310, 1, 0, -0.0, 3};
  double u = unit(state);
  switch (kind) {
  case WHOLE:
    return floor(1000 * u);
  case CONSTANT:
    return 1234.5;
  case ZEROS:
    return u < 0.05 ? -u : u < 0.5 ? 0 : 1 / u;
  case FEW_VALUES:
    return floor(4 * u) / 3;
  case AROUND_0:
    return (u - 0.4) * (u - 0.4) * (u - 0.4) * 1e-3;
  case TAILS:
    return ldexp(unit(state) - 0.3, (int)(2000 * u) - 1000);
  case SOME_TAILS:
    return u < 0.01 ? ldexp(u, (int)(i % 900) - 450) : u;
  case SORTED:
    return (double)i * 0.37;
  case ENDS:
    return ends[(size_t)(8 * u)];
  default:
    return 1e4 / (1.01 - u);
  }
}

static data *made_of(int32_t kind, size_t n)
{
  data *d = calloc(1, sizeof *d);
  uint64_t state = (uint64_t)kind + 1;
  ck_assert_ptr_nonnull(d);
  d->n = n;
  for (size_t i = 0; i < d->n; i++) {
    double u = unit(&state);
    d->x[i] = value(kind, i, &state);
    d->w[i] = kind == WHOLE ? floor(4 * u) : u < 0.02 ? 0 : kind == ENDS && u > 0.99 ? 1e300 : u * 10;
    d->group[i] =
        kind == SKEWED ? (u < 0.99 ? 2 : 5) : (int32_t)((GROUPS + 2) * unit(&state)) - 1; /* two of no group */
    if (kind == HEAVY && i >= n / 2 && i < n / 2 + GROUPS) {
      d->group[i] = (int32_t)(i - n / 2);
      d->w[i] = 1e7;
      d->x[i] = 5;
    }
  }
  return d;
}

static data *made(int32_t kind)
{
  return made_of(kind, MOST - 3); /* no whole number of blocks */
}

static void check_same(const char *label, const fm__bottom *out, const fm__bottom *expected)
{
  for (size_t k = 0; k < GROUPS; k++) {
    const double *a = (const double *)&out[k], *b = (const double *)&expected[k];
    for (size_t i = 0; i < sizeof *out / sizeof *a; i++)
      ck_assert_msg(same_bits(a[i], b[i]) || (isnan(a[i]) && isnan(b[i])),
                    "%s, group %zu: number %zu is %a, expected %a", label, k, i, a[i], b[i]);
  }
}

static void sorted(fm__bottom *out, const data *d, bool weighted, double p)
{
  double *x = calloc(d->n, sizeof *x), *w = calloc(d->n, sizeof *w);
  ck_assert_ptr_nonnull(x);
  ck_assert_ptr_nonnull(w);
  for (int32_t k = 0; k < GROUPS; k++) {
    fm_error err = FM_ERROR_INIT;
    size_t n = 0;
    for (size_t i = 0; i < d->n; i++)
      if (d->group[i] == k) {
        x[n] = d->x[i];
        w[n++] = d->w[i];
      }
    fm_assert_ok(fm__bottom_sorted(&out[k], x, weighted ? w : NULL, n, p, &err), &err);
  }
  free(x);
  free(w);
}

/* Rows where they are, rows moved, and each group sorted. */
START_TEST(ways_agree)
{
  static const double shares[] = {0.01, 0.4, 0.5, 0.999, 1};
  fm__bottom in_place[GROUPS], moved[GROUPS], expected[GROUPS];
  data *d = made(_i);
  for (int weighted = 0; weighted < 2; weighted++)
    for (int k = 0; k < FM_COUNT(shares); k++) {
      fm_error err = FM_ERROR_INIT;
      const double *w = weighted ? d->w : NULL;
      sorted(expected, d, weighted, shares[k]);
      fm_assert_ok(fm__bottom_groups_brackets(in_place, d->x, w, d->group, d->n, GROUPS, shares[k], 1, NULL, &err),
                   &err);
      check_same(names[_i], in_place, expected);
      fm_assert_ok(fm__bottom_groups_moved(moved, d->x, w, d->group, d->n, GROUPS, &shares[k], 1, NULL, &err), &err);
      check_same(names[_i], moved, expected);
    }
  free(d);
}
END_TEST

/* Two shares at once, rows in reverse, two threads that share the rows: the same bits. */
START_TEST(order_and_threads_do_not_matter)
{
  static const double p[2] = {0.4, 0.2};
  fm__bottom expected[2][GROUPS], out[2 * GROUPS];
  fm_error err = FM_ERROR_INIT;
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 2};
  fm_run run = FM_RUN_INIT;
  data *d = made_of(_i, MANY - 3), *turned = calloc(1, sizeof *turned);
  ck_assert_ptr_nonnull(turned);
  turned->n = d->n;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  for (size_t i = 0; i < d->n; i++) {
    turned->x[i] = d->x[d->n - 1 - i];
    turned->w[i] = d->w[d->n - 1 - i];
    turned->group[i] = d->group[d->n - 1 - i];
  }
  ck_assert(fm__bottom_brackets_suit(d->n, GROUPS, 2));
  for (int k = 0; k < 2; k++)
    sorted(expected[k], d, true, p[k]);
  for (int way = 0; way < 2; way++) {
    const data *of = way ? turned : d;
    fm_assert_ok(fm__bottom_groups(out, of->x, of->w, of->group, of->n, GROUPS, p, 2, way ? &run : NULL, &err), &err);
    for (int k = 0; k < 2; k++) {
      fm__bottom one[GROUPS];
      for (int g = 0; g < GROUPS; g++)
        one[g] = out[2 * g + k];
      check_same(names[_i], one, expected[k]);
    }
  }
  free(turned);
  free(d);
}
END_TEST

#if defined(FM__BOTTOM_AVX2)
/* Terms and cells of both widths are the same integers, for any number of rows of a block. */
START_TEST(widths_agree)
{
  static fm__terms a, b;
  static const double low_high[2 * (GROUPS + 1)] = {0.2, 0.5, 0, 0, 0,   3,   1,        1,
                                                    2,   9,   0, 1, 0.5, 0.5, INFINITY, INFINITY};
  data *d = made(_i);
  const fm__brackets of = {
      .low_high = low_high, .n_groups = GROUPS, .weight = {.coarse = -30}, .total = {.coarse = -25}};
  for (size_t n = 1; n <= FM__TERMS && __builtin_cpu_supports("avx2"); n++) {
    _Alignas(64) fm__cell cell[2][4 * (GROUPS + 1)] = {{{0}}};
    const double *x = d->x + n, *w = n % 2 == 0 ? d->w + n : NULL;
    bool fits = fm__terms_split_sse2(&a, &of, x, w, n);
    ck_assert(fm__terms_split_avx2(&b, &of, x, w, n) == fits);
    ck_assert_mem_eq(a.term, b.term, n * sizeof *a.term);
    fm__terms_add_sse2(cell[0], &a, &of, x, d->group + n, n);
    fm__terms_add_avx2(cell[1], &b, &of, x, d->group + n, n);
    ck_assert_mem_eq(cell[0], cell[1], sizeof cell[0]);
    ck_assert_uint_eq(a.n_inside, b.n_inside);
    ck_assert_mem_eq(a.inside, b.inside, a.n_inside);
  }
  free(d);
}
END_TEST
#endif

typedef struct guessed {
  const char *label;
  double x[6], w[6], wanted, cut;
} guessed;

/* Weights 1, 2, 3 at 10, 20, 30: 1 is reached at 10, 1.5 and 3 at 20, 6 at 30. */
START_TEST(guess_of_few)
{
  static const guessed cases[] = {
      {"first", {30, 10, 20}, {3, 1, 2}, 1, 10},
      {"inside", {30, 10, 20}, {3, 1, 2}, 1.5, 20},
      {"at a limit", {30, 10, 20}, {3, 1, 2}, 3, 20},
      {"last", {30, 10, 20}, {3, 1, 2}, 6, 30},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    double cut = 0, room_x[6], room_w[6];
    ck_assert(fm__bottom_guess(&cut, room_x, room_w, cases[i].x, cases[i].w, 3, cases[i].wanted));
    ck_assert_msg(cut == cases[i].cut, "%s: %g", cases[i].label, cut);
  }
}
END_TEST

/* Equal weights, wanted k + 0.5: the row of rank k. */
START_TEST(guess_finds_the_rank)
{
  enum { N = 3000 };
  static double x[N], w[N], room_x[N], room_w[N], rising[N];
  for (int32_t kind = 0; kind < KINDS; kind++) {
    uint64_t state = 5;
    for (size_t i = 0; i < N; i++) {
      double v = value(kind, i, &state);
      size_t at = i;
      for (; at > 0 && rising[at - 1] > v; at--)
        rising[at] = rising[at - 1];
      rising[at] = x[i] = v;
      w[i] = 1;
    }
    for (size_t k = 0; k < N; k += 97) {
      double cut;
      ck_assert(fm__bottom_guess(&cut, room_x, room_w, x, w, N, (double)k + 0.5));
      ck_assert_msg(cut == rising[k], "%s, rank %zu: %a, expected %a", names[kind], k, cut, rising[k]);
    }
  }
}
END_TEST

static fm_status run_once(void *ctx, fm_error *err)
{
  const data *d = ctx;
  fm__bottom out[GROUPS];
  return fm__bottom_groups_brackets(out, d->x, d->w, d->group, d->n, GROUPS, 0.4, 1, NULL, err);
}

START_TEST(allocation_failures)
{
  static const int32_t kinds[] = {PLAIN, SOME_TAILS, TAILS, HEAVY};
  for (int k = 0; k < FM_COUNT(kinds); k++) {
    data *d = made(kinds[k]);
    ck_assert_int_gt(fm_test_allocations(run_once, d), 8);
    free(d);
  }
}
END_TEST
#endif

int main(void)
{
  Suite *s = suite_create("num-bottom_groups");
  TCase *c = tcase_create("bottom_groups");
  suite_add_tcase(s, c);
#if defined(FM__SUM_SSE2)
  tcase_add_loop_test(c, ways_agree, 0, KINDS);
  tcase_add_loop_test(c, order_and_threads_do_not_matter, 0, KINDS);
#if defined(FM__BOTTOM_AVX2)
  tcase_add_loop_test(c, widths_agree, 0, KINDS);
#endif
  tcase_add_test(c, guess_of_few);
  tcase_add_test(c, guess_finds_the_rank);
  tcase_add_test(c, allocation_failures);
#endif
  return fm_test_main(s);
}
