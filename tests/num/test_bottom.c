#include "num/bottom_priv.h"
#include "num/random.h"
#include "support/support.h"

static void check_same(const char *label, const fm__bottom *a, const fm__bottom *b)
{
  const double *p = (const double *)a, *q = (const double *)b;
  static const char *const names[] = {"weight",      "total",      "cut",       "below_weight",
                                      "below_total", "cut_weight", "cut_share", "bottom_total"};
  for (int i = 0; i < FM_COUNT(names); i++)
    ck_assert_msg(same_bits(p[i], q[i]) || (isnan(p[i]) && isnan(q[i])), "%s: %s is %a, expected %a", label, names[i],
                  p[i], q[i]);
}

static fm__bottom share_of(const double *x, const double *w, size_t n, double p)
{
  fm_error err = FM_ERROR_INIT;
  fm__bottom out;
  fm_assert_ok(fm__bottom_share(&out, x, w, n, p, NULL, &err), &err);
  return out;
}

static fm__bottom sorted_of(const double *x, const double *w, size_t n, double p)
{
  fm_error err = FM_ERROR_INIT;
  fm__bottom out;
  fm_assert_ok(fm__bottom_sorted(&out, x, w, n, p, &err), &err);
  return out;
}

/* 1 2 3 4 5 with weight 1: 40 % of 5 is 2, so the bottom is 1 + 2. With p = 0.5 the target is 2.5: the value 3 is the
 * cut, half of it inside, 1 + 2 + 0.5 * 3 = 4.5. */
START_TEST(worked_example)
{
  static const double x[] = {5, 3, 1, 2, 4};
  fm__bottom b = share_of(x, NULL, 5, 0.4);
  ck_assert_double_eq(b.weight, 5);
  ck_assert_double_eq(b.total, 15);
  ck_assert_double_eq(b.cut, 2);
  ck_assert_double_eq(b.below_weight, 1);
  ck_assert_double_eq(b.below_total, 1);
  ck_assert_double_eq(b.cut_weight, 1);
  ck_assert_double_eq(b.cut_share, 1);
  ck_assert_double_eq(b.bottom_total, 3);
  b = share_of(x, NULL, 5, 0.5);
  ck_assert_double_eq(b.cut, 3);
  ck_assert_double_eq(b.cut_share, 0.5);
  ck_assert_double_eq(b.bottom_total, 4.5);
}
END_TEST

START_TEST(oracle_agrees)
{
  fm_oracle *rows = fm_oracle_open("num/bottom_rows.csv"), *values = fm_oracle_open("num/bottom_values.csv");
  ck_assert_uint_gt(fm_oracle_n_rows(values), 40);
  for (size_t i = 0; i < fm_oracle_n_rows(values); i++) {
    const char *name = fm_oracle_text(values, i, "case");
    double x[100], w[100];
    size_t n = 0;
    for (size_t k = 0; k < fm_oracle_n_rows(rows); k++)
      if (strcmp(fm_oracle_text(rows, k, "case"), name) == 0) {
        x[n] = fm_oracle_number(rows, k, "x");
        w[n++] = fm_oracle_number(rows, k, "w");
      }
    ck_assert_uint_eq(n, (size_t)fm_oracle_number(values, i, "n"));
    fm__bottom expected = {
        .weight = fm_oracle_number(values, i, "weight"),
        .total = fm_oracle_number(values, i, "total"),
        .cut = fm_oracle_number(values, i, "cut"),
        .below_weight = fm_oracle_number(values, i, "below_weight"),
        .below_total = fm_oracle_number(values, i, "below_total"),
        .cut_weight = fm_oracle_number(values, i, "cut_weight"),
        .cut_share = fm_oracle_number(values, i, "cut_share"),
        .bottom_total = fm_oracle_number(values, i, "bottom_total"),
    };
    fm__bottom b = share_of(x, w, n, fm_oracle_number(values, i, "p"));
    check_same(name, &b, &expected);
  }
  fm_oracle_close(rows);
  fm_oracle_close(values);
}
END_TEST

START_TEST(empty_and_weightless)
{
  static const double x[] = {1, 2}, w[] = {0, 0};
  fm__bottom none = {0, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
  fm__bottom b = share_of(x, NULL, 0, 0.4);
  check_same("empty", &b, &none);
  b = share_of(x, w, 2, 0.4);
  check_same("weightless", &b, &none);
  double *many = calloc(5000, sizeof *many);
  b = share_of(many, many, 5000, 0.4);
  check_same("many weightless", &b, &none);
  free(many);
}
END_TEST

/* ---- kinds of data, each above the size that is sorted at once ---- */
enum { KINDS = 14, N = 40000 };
static const char *const kind_names[KINDS] = {
    "lognormal",
    "cents",
    "whole",
    "zeros, negatives, tail",
    "constant",
    "thousand values",
    "normal",
    "sorted",
    "cluster with outliers",
    "half at the cut",
    "cut between two values",
    "one heavy row",
    "zero weights",
    "huge",
};

static double value_of(int kind, size_t i, uint64_t *state)
{
  double u = random_unit(state);
  switch (kind) {
  case 0:
  case 11:
  case 12:
    return exp(12.5 + 0.6 * random_normal(state));
  case 1:
    return floor(100 * exp(12.5 + 0.6 * random_normal(state))) / 100;
  case 2:
    return floor(exp(12.5 + 0.6 * random_normal(state)));
  case 3:
    return u < 0.3 ? (u < 0.1 ? -0.0 : 0) : u < 0.35 ? -1e4 * random_unit(state) : 1e4 / sqrt(1 - random_unit(state));
  case 4:
    return -42;
  case 5:
    return floor(u * 1000);
  case 6:
    return random_normal(state);
  case 7:
    return (double)i / 3;
  case 8:
    return i % 997 == 5 ? (u - 0.5) * 1e300 : 1e6 + u * 1e-3;
  case 9:
    return i % 2 == 0 ? 5 : u * 10;
  case 10:
    return i % 5 < 2 ? 1 : 2;
  default:
    return (u - 0.5) * 1e308;
  }
}

static void fill(int kind, double *x, double *w, size_t n)
{
  uint64_t state = 99 + (uint64_t)kind;
  for (size_t i = 0; i < n; i++) {
    x[i] = value_of(kind, i, &state);
    w[i] = kind == 10 || kind == 4 ? 1 : 0.5 + 10 * random_unit(&state);
    if (kind == 11)
      w[i] = i == 17 ? 1e9 : w[i];
    if (kind == 12 && i % 3 == 0) {
      w[i] = 0;
      x[i] = -1e9;
    }
    if (kind == 13)
      w[i] *= 1e-6; /* keeps the totals finite */
  }
}

static const double shares[] = {0, 1e-4, 0.1, 0.3, 0.4, 0.5, 0.9, 1};

START_TEST(bracket_agrees_with_sorting)
{
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w);
  fill(_i, x, w, N);
  for (int k = 0; k < FM_COUNT(shares); k++) {
    fm__bottom got = share_of(x, w, N, shares[k]), expected = sorted_of(x, w, N, shares[k]);
    check_same(kind_names[_i], &got, &expected);
    got = share_of(x, NULL, N, shares[k]);
    expected = sorted_of(x, NULL, N, shares[k]);
    check_same(kind_names[_i], &got, &expected);
  }
  free(x);
  free(w);
}
END_TEST

static void shuffle(double *x, double *w, size_t n, uint64_t *state)
{
  for (size_t i = n; i > 1; i--) {
    size_t k = random_below(state, i);
    double a = x[i - 1], b = w[i - 1];
    x[i - 1] = x[k];
    w[i - 1] = w[k];
    x[k] = a;
    w[k] = b;
  }
}

START_TEST(row_order_does_not_matter)
{
  uint64_t state = 1;
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w);
  fill(_i, x, w, N);
  fm__bottom expected = share_of(x, w, N, 0.4);
  for (int round = 0; round < 5; round++) {
    shuffle(x, w, N, &state);
    fm__bottom got = share_of(x, w, N, 0.4);
    check_same(kind_names[_i], &got, &expected);
  }
  free(x);
  free(w);
}
END_TEST

START_TEST(weights_times_a_power_of_two)
{
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w);
  fill(_i, x, w, N);
  fm__bottom expected = share_of(x, w, N, 0.4);
  for (size_t i = 0; i < N; i++)
    w[i] *= 0x1p-20;
  fm__bottom got = share_of(x, w, N, 0.4);
  expected.weight *= 0x1p-20;
  expected.total *= 0x1p-20;
  expected.below_weight *= 0x1p-20;
  expected.below_total *= 0x1p-20;
  expected.cut_weight *= 0x1p-20;
  expected.bottom_total *= 0x1p-20;
  check_same(kind_names[_i], &got, &expected);
  free(x);
  free(w);
}
END_TEST

/* Rows of weight zero may be dropped or kept. */
START_TEST(zero_weights_leave_no_trace)
{
  double *x = calloc(2 * N, sizeof *x), *w = calloc(2 * N, sizeof *w);
  fill(_i, x, w, N);
  fm__bottom expected = share_of(x, w, N, 0.4);
  for (size_t i = N; i < 2 * N; i++)
    x[i] = x[i % 7];
  fm__bottom got = share_of(x, w, 2 * N, 0.4);
  check_same(kind_names[_i], &got, &expected);
  free(x);
  free(w);
}
END_TEST

static void check_group(const char *label, const fm__group *a, const fm__group *b)
{
  ck_assert_msg(same_bits(fm__sum_value(&a->weight), fm__sum_value(&b->weight)), "%s: weight", label);
  ck_assert_msg(same_bits(fm__sum_value(&a->total), fm__sum_value(&b->total)), "%s: total", label);
}

START_TEST(passes_agree)
{
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w);
  fill(_i, x, w, N);
  static const double brackets[][2] = {{1e5, 2e5}, {0, 0}, {-INFINITY, INFINITY}, {5, 5}, {-42, 1}, {1e9, 1e9}};
  for (int k = 0; k < 4 * FM_COUNT(brackets); k++) {
    fm__bracket b = {.low = brackets[k / 4][0], .high = brackets[k / 4][1], .ties = k / 2 % 2 == 1};
    double *v = k % 2 == 0 ? w : NULL;
    fm__part fast = {0}, scalar = {0};
    ck_assert(fm__bottom_pass(&fast, x, v, N - 1, &b));
    ck_assert(fm__bottom_pass_scalar(&scalar, x, v, N - 1, &b));
    check_group("all", &fast.all, &scalar.all);
    check_group("below", &fast.below, &scalar.below);
    check_group("at low", &fast.at_low, &scalar.at_low);
    ck_assert_uint_eq(fast.inside.n, scalar.inside.n);
    size_t bytes = fast.inside.n * sizeof(double);
    ck_assert(bytes == 0 || memcmp(fast.inside.x, scalar.inside.x, bytes) == 0);
    ck_assert(bytes == 0 || v == NULL || memcmp(fast.inside.w, scalar.inside.w, bytes) == 0);
    fm__rows_free(&fast.inside);
    fm__rows_free(&scalar.inside);
  }
  free(x);
  free(w);
}
END_TEST

#if defined(FM__BOTTOM_AVX2)
/* On a machine with AVX2 the pass takes no other form, so SSE2 is compared with it here. */
START_TEST(widths_agree)
{
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w);
  fill(_i, x, w, N);
  for (size_t from = 0; __builtin_cpu_supports("avx2") && from + FM__SUM_BLOCK <= N; from += FM__SUM_BLOCK)
    for (int k = 0; k < 4; k++) {
      const double *v = k % 2 == 0 ? w + from : NULL;
      fm__bracket b = {.low = x[from + 5], .high = x[from + 5] + 1e5, .ties = k / 2 == 1};
      fm__window weight = v != NULL ? fm__window_of(v, NULL, FM__SUM_BLOCK) : (fm__window){.found = true};
      fm__window total = fm__window_of(x + from, v, FM__SUM_BLOCK);
      fm__part part[2] = {{.all = {.weight = {.pending = 0}}}};
      bool fits[2];
      for (int i = 0; i < 2; i++)
        ck_assert(fm__rows_reserve(&part[i].inside, FM__SUM_BLOCK, v != NULL));
      fits[0] = fm__bottom_block_sse2(&part[0], weight, total, x + from, v, FM__SUM_BLOCK, &b);
      fits[1] = fm__bottom_block_avx2(&part[1], weight, total, x + from, v, FM__SUM_BLOCK, &b);
      ck_assert_msg(fits[0] == fits[1] && fits[0] == (weight.found && total.found), "%s", kind_names[_i]);
      check_group("all", &part[0].all, &part[1].all);
      check_group("below", &part[0].below, &part[1].below);
      check_group("at low", &part[0].at_low, &part[1].at_low);
      ck_assert_uint_eq(part[0].inside.n, part[1].inside.n);
      size_t bytes = part[0].inside.n * sizeof(double);
      ck_assert(bytes == 0 || memcmp(part[0].inside.x, part[1].inside.x, bytes) == 0);
      for (int i = 0; i < 2; i++)
        fm__rows_free(&part[i].inside);
    }
  free(x);
  free(w);
}
END_TEST
#endif

/* Sizes that the stretches of the sample do not divide. */
START_TEST(brackets_of_sorted_rows_hold)
{
  for (size_t n = 1025; n < 60000; n += n / 7) {
    double *x = calloc(n, sizeof *x);
    for (size_t i = 0; i < n; i++)
      x[i] = (double)i;
    for (int k = 0; k < FM_COUNT(shares); k++) {
      fm__bottom got = share_of(x, NULL, n, shares[k]), expected = sorted_of(x, NULL, n, shares[k]);
      check_same("sorted rows", &got, &expected);
    }
    free(x);
  }
}
END_TEST

START_TEST(threads_do_not_matter)
{
  enum { MANY = 400000 };
  double *x = calloc(MANY, sizeof *x), *w = calloc(MANY, sizeof *w);
  fill(3, x, w, MANY);
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  fm_error err = FM_ERROR_INIT;
  fm__bottom got, expected = share_of(x, w, MANY, 0.4);
  fm_assert_ok(fm__bottom_share(&got, x, w, MANY, 0.4, &run, &err), &err);
  check_same("threads", &got, &expected);
  free(x);
  free(w);
}
END_TEST

typedef struct data {
  double *x, *w;
  size_t n;
} data;

static fm_status run_once(void *ctx, fm_error *err)
{
  const data *d = ctx;
  fm__bottom out;
  return fm__bottom_share(&out, d->x, d->w, d->n, 0.4, NULL, err);
}

START_TEST(allocation_failures)
{
  data d = {.x = calloc(N, sizeof(double)), .w = calloc(N, sizeof(double)), .n = N};
  fill(0, d.x, d.w, N);
  ck_assert_int_gt(fm_test_allocations(run_once, &d), 5);
  d.n = 100;
  ck_assert_int_eq(fm_test_allocations(run_once, &d), 1);
  fill(11, d.x, d.w, N);
  d.n = N;
  ck_assert_int_gt(fm_test_allocations(run_once, &d), 5);
  free(d.x);
  free(d.w);
}
END_TEST

/* Each group as its rows alone; group -1 and group 3 of 3 are left out. */
START_TEST(groups_one_by_one)
{
  enum { ROWS = 30000, GROUPS = 3, SHARES = 2 };
  static double x[ROWS], w[ROWS], one[ROWS], its[ROWS];
  static int32_t group[ROWS];
  static const double p[SHARES] = {0.4, 0.9};
  fm__bottom out[GROUPS * SHARES];
  fm_error err = FM_ERROR_INIT;
  uint64_t state = 7;
  for (int i = 0; i < ROWS; i++) {
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    x[i] = (double)(state >> 40) / 3;
    w[i] = (double)((state >> 20) % 7) / 3;
    group[i] = (int32_t)((state >> 34) % 5) - 1;
  }
  for (int weighted = 0; weighted < 2; weighted++) {
    fm_assert_ok(fm__bottom_groups(out, x, weighted ? w : NULL, group, ROWS, GROUPS, p, SHARES, NULL, &err), &err);
    for (int32_t g = 0; g < GROUPS; g++) {
      size_t n = 0;
      for (int i = 0; i < ROWS; i++)
        if (group[i] == g) {
          one[n] = x[i];
          its[n++] = w[i];
        }
      for (int k = 0; k < SHARES; k++) {
        fm__bottom expected = sorted_of(one, weighted ? its : NULL, n, p[k]);
        check_same(weighted ? "weighted" : "not weighted", &out[g * SHARES + k], &expected);
      }
    }
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-bottom");
  TCase *c = tcase_create("bottom");
  suite_add_tcase(s, c);
  tcase_add_test(c, worked_example);
  tcase_add_test(c, oracle_agrees);
  tcase_add_test(c, empty_and_weightless);
  tcase_add_loop_test(c, bracket_agrees_with_sorting, 0, KINDS);
  tcase_add_loop_test(c, row_order_does_not_matter, 0, KINDS);
  tcase_add_loop_test(c, weights_times_a_power_of_two, 0, KINDS);
  tcase_add_loop_test(c, zero_weights_leave_no_trace, 0, KINDS);
#if defined(FM__BOTTOM_AVX2)
  tcase_add_loop_test(c, widths_agree, 0, KINDS);
#endif
  tcase_add_loop_test(c, passes_agree, 0, KINDS);
  tcase_add_test(c, brackets_of_sorted_rows_hold);
  tcase_add_test(c, threads_do_not_matter);
  tcase_add_test(c, groups_one_by_one);
  tcase_add_test(c, allocation_failures);
  return fm_test_main(s);
}
