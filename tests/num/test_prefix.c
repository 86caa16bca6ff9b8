#include "num/prefix_rows.h"

static fm__bytes bytes_of(const fm__prefix *p)
{
  fm_error err = FM_ERROR_INIT;
  fm__bytes b = {.data = NULL};
  fm_assert_ok(fm__prefix_save(p, &b, &err), &err);
  ck_assert(!b.failed);
  return b;
}

static void assert_same_state(const char *label, const fm__prefix *p, const fm__bytes *expected)
{
  fm__bytes b = bytes_of(p);
  ck_assert_msg(b.size == expected->size && memcmp(b.data, expected->data, b.size) == 0, "%s: other bytes", label);
  fm__bytes_free(&b);
}

/* 1, 1, 1.5 (weight 2), 2: the cells of 16 bits are a 16th wide, all values lie at the lower end of theirs, and the
 * bounds meet. W = 5, Y = 7; C (W - C) dx = 2 * 3 * 0.5 + 4 * 1 * 0.5 = 5, Gini 5 / 35. */
START_TEST(worked_example)
{
  static const double x[] = {1.5, 1, 2, 1}, w[] = {2, 1, 1, 1};
  fm_error err = FM_ERROR_INIT;
  fm__prefix p = histogram(x, w, 4, 16);
  fm__bars b;
  fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
  ck_assert_uint_eq(b.n, 3);
  ck_assert_int_eq(b.count, 4);
  ck_assert_double_eq(ldexp(b.weight, b.w_scale), 5);
  ck_assert_double_eq(ldexp(b.total, b.w_scale + b.x_scale), 7);
  fm__range area = fm__bars_gini_area(&b);
  fm_assert_close("low", area.low / (b.weight * b.total), 5.0 / 35, 1e-14, 0);
  fm_assert_close("high", area.high / (b.weight * b.total), 5.0 / 35, 1e-14, 0);
  /* Poorest 0.5: 2.5 of 5: 1 + 1 + 0.5 * 1.5. */
  fm__range poorest = fm__bars_poorest(&b, 0.5);
  fm_assert_close("poorest", ldexp(poorest.low, b.w_scale + b.x_scale), 2.75, 1e-14, 0);
  fm_assert_close("poorest", ldexp(poorest.high, b.w_scale + b.x_scale), 2.75, 1e-14, 0);
  fm__bars_free(&b);
  fm__prefix_free(&p);
  /* 1 and 1.0625 - 2^-10 in one cell [1, 1.0625) of 16 bits, b - a nearly 2^-4: the upper bound is that of the ends. */
  static const double two[] = {1, 0x1.0fcp0};
  p = histogram(two, NULL, 2, 16);
  fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
  area = fm__bars_gini_area(&b);
  double rise = (0x1.0fcp0 - 1) / 2, width = 0x1.0ffffffffffffp0 - 1;
  ck_assert_double_eq(area.low, 0);
  fm_assert_close("high", ldexp(area.high, 2 * b.w_scale + b.x_scale), 4 * rise * (width - rise) / width, 1e-13, 0);
  fm__bars_free(&b);
  fm__prefix_free(&p);
}
END_TEST

static fm_status backwards(void *ctx, fm_task task, void *task_ctx, size_t n_tasks)
{
  (void)ctx;
  for (size_t i = n_tasks; i-- > 0;)
    if (task(task_ctx, i) != FM_OK)
      return FM_ERR_MEMORY;
  return FM_OK;
}

/* All at once, row by row, in the other order, in parts merged, by tasks, saved and loaded: the same bytes. */
START_TEST(any_order_split_and_merge)
{
  static double x[N], w[N], reversed_x[N], reversed_w[N];
  fm_error err = FM_ERROR_INIT;
  for (int kind = 0; kind < KINDS; kind++) {
    int weights = (kind + _i) % 5;
    uint32_t bits = 16 + 2 * (uint32_t)((kind + _i) % 5);
    make(x, w, N, kind, weights, (uint64_t)(100 * _i + kind));
    fm__prefix all = histogram(x, weights == 0 ? NULL : w, N, bits), rows = FM__PREFIX_INIT(bits), parts = rows;
    fm__bytes expected = bytes_of(&all);
    for (size_t i = 0; i < N; i++) {
      reversed_x[N - 1 - i] = x[i];
      reversed_w[N - 1 - i] = w[i];
      fm__prefix_reserve(&rows, 1);
      fm__prefix_take_row(&rows, x[i], w[i]);
    }
    assert_same_state("row by row", &rows, &expected);
    for (size_t from = 0, n = 1; from < N; from += n, n = n * 3 + 1) {
      fm__prefix part = histogram(reversed_x + from, reversed_w + from, N - from < n ? N - from : n, bits);
      fm_assert_ok(fm__prefix_merge(&parts, &part, &err), &err);
      fm__prefix_free(&part);
    }
    assert_same_state("parts", &parts, &expected);
    fm__prefix_free(&parts);
    fm__reader r = {.data = expected.data, .size = expected.size};
    fm_assert_ok(fm__prefix_load(&parts, &r, &err), &err);
    ck_assert_uint_eq(r.at, r.size);
    assert_same_state("loaded", &parts, &expected);
    fm_assert_ok(fm__prefix_merge(&parts, &rows, &err), &err);
    fm_assert_ok(fm__prefix_add(&rows, reversed_x, reversed_w, N, NULL, &err), &err);
    fm__bytes twice = bytes_of(&rows);
    assert_same_state("twice", &parts, &twice);
    fm__bytes_free(&twice);
    fm__bytes_free(&expected);
    fm__prefix_free(&all);
    fm__prefix_free(&rows);
    fm__prefix_free(&parts);
  }
}
END_TEST

START_TEST(tasks_and_long_runs)
{
  enum { LONG = 2200000 };
  double *x = fm__array(LONG, sizeof *x), *w = fm__array(LONG, sizeof *w);
  ck_assert(x != NULL && w != NULL);
  make(x, w, LONG, 0, 1, 5);
  fm_error err = FM_ERROR_INIT;
  fm_run run = FM_RUN_INIT;
  run.execute = backwards;
  fm__prefix one = histogram(x, w, LONG, 16), tasks = FM__PREFIX_INIT(16);
  fm__bytes expected = bytes_of(&one);
  fm_assert_ok(fm__prefix_add(&tasks, x, w, LONG, &run, &err), &err);
  assert_same_state("tasks", &tasks, &expected);
  fm__bytes_free(&expected);
  fm__prefix_free(&one);
  fm__prefix_free(&tasks);
  fm__free(x);
  fm__free(w);
}
END_TEST

static void check_bounds(const exact *e, const fm__bars *b, int kind)
{
  static const double shares[] = {1e-6, 0.01, 0.1, 0.2, 0.4, 0.5, 0.8, 0.9, 0.999, 1 - 1e-9};
  long double ws = ldexpl(1, b->w_scale), xs = ldexpl(1, b->x_scale);
  inside("area", kind, b->bits, e->area, fm__bars_gini_area(b), ws * ws * xs);
  for (int i = 0; i < FM_COUNT(shares); i++) {
    double p = shares[i];
    long double below, total;
    size_t at = cut_of(e, p, &below, &total);
    double z = e->rows[at].x;
    fm__range q = fm__bars_quantile(b, p, FM__BARS_LEFT, 0), line = {z, z};
    inside("quantile", kind, b->bits, z, q, 1);
    fm__bars_span wanted = fm__bars_wanted(b, p, 0);
    ck_assert(wanted.first <= wanted.last && wanted.last < b->n);
    uint32_t cell = fm__prefix_cell_of(z, b->bits);
    ck_assert(b->bar[wanted.first].cell <= cell && cell <= b->bar[wanted.last].cell);
    inside("poorest", kind, b->bits, total + (p * e->weight - below) * z, fm__bars_poorest(b, p), ws * xs);
    long double less = 0, upto = 0;
    for (size_t k = 0; k < e->n; k++) {
      less += e->rows[k].x < z ? e->rows[k].w : 0;
      upto += e->rows[k].x <= z ? e->rows[k].w : 0;
    }
    inside("below", kind, b->bits, less, fm__bars_below(b, line, false), ws);
    inside("up to", kind, b->bits, upto, fm__bars_below(b, line, true), ws);
  }
}

START_TEST(bounds_hold)
{
  static double x[N], w[N];
  static exact e;
  fm_error err = FM_ERROR_INIT;
  int kind = _i;
  double before = INFINITY;
  for (int weights = 0; weights < 5; weights++) {
    make(x, w, N, kind, weights, (uint64_t)(7 + kind));
    set_exact(&e, x, w);
    for (uint32_t bits = FM__PREFIX_LEAST_BITS; bits <= FM__PREFIX_MOST_BITS; bits += 2) {
      fm__prefix p = histogram(x, weights == 0 ? NULL : w, N, bits);
      fm__bars b;
      fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
      ck_assert_int_eq(b.count, (int64_t)e.n);
      check_bounds(&e, &b, kind);
      fm__range area = fm__bars_gini_area(&b);
      if (kind == 0 && weights == 1) { /* finer cells, closer bounds */
        double width = (area.high - area.low) / (b.weight * b.total);
        ck_assert_double_lt(width, before / 8);
        ck_assert(bits != 20 || width <= 1e-6);
        before = width;
      }
      fm__bars_free(&b);
      fm__prefix_free(&p);
    }
  }
}
END_TEST

/* Incomes and weights times powers of two give the same bits; so does weight 2 for a row given twice. */
START_TEST(scales_and_replication)
{
  static double x[N], w[N], more_x[2 * N];
  fm_error err = FM_ERROR_INIT;
  make(x, w, N, 3, 1, 11);
  fm__prefix p = histogram(x, w, N, 20);
  fm__bars a, b;
  fm_assert_ok(fm__bars_create(&a, &p, &err), &err);
  fm__prefix_free(&p);
  for (size_t i = 0; i < N; i++) {
    x[i] = ldexp(x[i], 700);
    w[i] = ldexp(w[i], -900);
  }
  p = histogram(x, w, N, 20);
  fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
  fm__range one = fm__bars_gini_area(&a), two = fm__bars_gini_area(&b);
  ck_assert(same_bits(one.low, two.low) && same_bits(one.high, two.high) && same_bits(a.total, b.total));
  fm__bars_free(&a);
  fm__bars_free(&b);
  fm__prefix_free(&p);
  for (size_t i = 0; i < 2 * N; i++)
    more_x[i] = x[i % N];
  for (size_t i = 0; i < N; i++)
    w[i] = 2;
  fm__prefix doubled = histogram(more_x, NULL, 2 * N, 18);
  p = histogram(x, w, N, 18);
  fm_assert_ok(fm__bars_create(&a, &p, &err), &err);
  fm_assert_ok(fm__bars_create(&b, &doubled, &err), &err);
  ck_assert(same_bits(a.weight, b.weight) && same_bits(a.total, b.total) && same_bits(a.mean, b.mean));
  ck_assert_int_eq(2 * a.count, b.count);
  fm__bars_free(&a);
  fm__bars_free(&b);
  fm__prefix_free(&p);
  fm__prefix_free(&doubled);
}
END_TEST

START_TEST(nothing_and_one)
{
  fm_error err = FM_ERROR_INIT;
  static const double x[] = {-3, 7}, w[] = {0, 2};
  fm__prefix p = FM__PREFIX_INIT(20);
  fm__bars b;
  fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
  ck_assert(b.n == 0 && b.weight == 0 && isnan(b.mean));
  fm__bars_free(&b);
  fm_assert_ok(fm__prefix_add(&p, x, w, 2, NULL, &err), &err);
  fm_assert_ok(fm__bars_create(&b, &p, &err), &err);
  ck_assert_uint_eq(b.n, 1); /* one row: its income is known */
  ck_assert_double_eq(b.bar[0].least, 7);
  ck_assert_double_eq(b.bar[0].most, 7);
  ck_assert_double_le(fm__bars_gini_area(&b).high, 1e-300);
  fm__bars_free(&b);
  fm__prefix other = FM__PREFIX_INIT(18);
  ck_assert_int_eq(fm__prefix_merge(&other, &p, &err), FM_ERR_MISMATCH);
  fm__prefix_free(&p);
}
END_TEST

/* Bytes that load must be those that are saved; cut ones never load. */
START_TEST(damaged_bytes)
{
  double x[60], w[60];
  make(x, w, 60, 3, 3, 21);
  fm__prefix p = histogram(x, w, 60, 20);
  fm__bytes b = bytes_of(&p);
  size_t refused = 0;
  for (size_t i = 0; i < b.size; i++) {
    fm_error err = FM_ERROR_INIT;
    fm__prefix in = FM__PREFIX_INIT(20);
    fm__reader cut = {.data = b.data, .size = i};
    ck_assert_int_eq(fm__prefix_load(&in, &cut, &err), FM_ERR_FORMAT);
    for (uint8_t bit = 1; bit != 0; bit = (uint8_t)(bit << 1)) {
      b.data[i] ^= bit;
      fm__reader r = {.data = b.data, .size = b.size};
      fm_status status = fm__prefix_load(&in, &r, &err);
      refused += status == FM_ERR_FORMAT;
      if (status == FM_OK && r.at == r.size)
        assert_same_state("changed", &in, &b);
      fm__prefix_free(&in);
      b.data[i] ^= bit;
    }
  }
  ck_assert_uint_gt(refused, b.size);
  fm__bytes_free(&b);
  fm__prefix_free(&p);
}
END_TEST

typedef struct rows {
  double *x, *w;
} rows;

static fm_status life(void *ctx, fm_error *err)
{
  const rows *d = ctx;
  fm__prefix p = FM__PREFIX_INIT(20), q = p;
  fm__bars b = {.n = 0};
  fm__bytes bytes = {.data = NULL};
  fm_status status = fm__prefix_add(&p, d->x, d->w, 100, NULL, err);
  size_t before = p.n;
  if (status == FM_OK) {
    status = fm__prefix_add(&p, d->x, d->w, N, NULL, err);
    ck_assert(status == FM_OK || p.n == before);
  }
  if (status == FM_OK)
    status = fm__prefix_save(&p, &bytes, err);
  if (status == FM_OK && bytes.failed)
    status = FM_ERR_MEMORY;
  fm__reader r = {.data = bytes.data, .size = bytes.size};
  if (status == FM_OK)
    status = fm__prefix_load(&q, &r, err);
  if (status == FM_OK)
    status = fm__prefix_merge(&q, &p, err);
  if (status == FM_OK)
    status = fm__bars_create(&b, &q, err);
  fm__bars_free(&b);
  fm__bytes_free(&bytes);
  fm__prefix_free(&p);
  fm__prefix_free(&q);
  return status;
}

START_TEST(allocation_failures)
{
  static double x[N], w[N];
  make(x, w, N, 6, 3, 3);
  ck_assert_int_gt(fm_test_allocations(life, &(rows){x, w}), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("num-prefix");
  TCase *t = tcase_create("prefix");
  tcase_set_timeout(t, 120);
  tcase_add_test(t, worked_example);
  tcase_add_loop_test(t, any_order_split_and_merge, 0, 5);
  tcase_add_test(t, tasks_and_long_runs);
  tcase_add_loop_test(t, bounds_hold, 0, KINDS);
  tcase_add_test(t, scales_and_replication);
  tcase_add_test(t, nothing_and_one);
  tcase_add_test(t, damaged_bytes);
  tcase_add_test(t, allocation_failures);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
