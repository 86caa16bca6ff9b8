/* Exact after one more pass: what the rows of some cells settle. */
#include "num/prefix_rows.h"

static const double shares[] = {1e-6, 0.01, 0.1, 0.4, 0.5, 0.9, 0.999, 1 - 1e-9};

static fm__bars bars_of(const fm__prefix *p)
{
  fm_error err = FM_ERROR_INIT;
  fm__bars b;
  fm_assert_ok(fm__bars_create(&b, p, &err), &err);
  return b;
}

static void want(fm__second *s, const fm__bars *b, fm__bars_span span)
{
  for (size_t i = span.first; i <= span.last; i++)
    fm__second_want(s, b->bar[i].cell);
}

static void check_places(const exact *e, const fm__bars *b, int kind)
{
  const double slack = 1e-15 + 1e-14 * fabs(b->total); /* sums of both signs: of the largest, which is about 1 */
  long double scale = ldexpl(1, b->w_scale) * ldexpl(1, b->x_scale);
  for (int i = 0; i < FM_COUNT(shares); i++) {
    double p = shares[i];
    long double below, total, less = 0;
    double z = e->rows[cut_of(e, p, &below, &total)].x;
    fm__range q = fm__bars_quantile(b, p, FM__BARS_LEFT, 0), poorest = fm__bars_poorest(b, p);
    ck_assert_msg(q.low == z && q.high == z, "distribution %d, p %g: %.17g to %.17g, expected %.17g", kind, p, q.low,
                  q.high, z);
    ck_assert(poorest.low == poorest.high);
    inside("poorest", kind, b->bits, total + (p * e->weight - below) * z,
           (fm__range){poorest.low - slack, poorest.high + slack}, scale);
    for (size_t k = 0; k < e->n; k++)
      less += e->rows[k].x < z ? e->rows[k].w : 0;
    fm__range line = {z, z}, part = fm__bars_below(b, line, false);
    ck_assert(part.low == part.high);
    inside("below", kind, b->bits, less, part, ldexpl(1, b->w_scale));
  }
}

/* The cells of the cuts alone make quantiles, shares and rates exact. */
START_TEST(cuts_become_exact)
{
  static double x[N], w[N];
  static exact e;
  fm_error err = FM_ERROR_INIT;
  for (int weights = 0; weights < 5; weights++) {
    make(x, w, N, _i, weights, (uint64_t)(7 + _i));
    set_exact(&e, x, w);
    const double *given = weights == 0 ? NULL : w;
    fm__prefix p = histogram(x, given, N, 18);
    fm__bars b = bars_of(&p);
    fm__second one, two;
    fm_assert_ok(fm__second_create(&one, 18, &err), &err);
    fm_assert_ok(fm__second_create(&two, 18, &err), &err);
    for (int i = 0; i < FM_COUNT(shares); i++) {
      want(&one, &b, fm__bars_wanted(&b, shares[i], 0));
      want(&two, &b, fm__bars_wanted(&b, shares[i], 0));
    }
    fm_assert_ok(fm__second_add(&one, x + 5000, given != NULL ? w + 5000 : NULL, N - 5000, &err), &err);
    fm_assert_ok(fm__second_add(&two, x, given, 5000, &err), &err);
    fm_assert_ok(fm__second_merge(&one, &two, &err), &err);
    fm_assert_ok(fm__bars_refine(&b, &p, &one, true, &err), &err);
    check_places(&e, &b, _i);
    fm__second_free(&one);
    fm__second_free(&two);
    fm__bars_free(&b);
    fm__prefix_free(&p);
  }
}
END_TEST

/* Passes over ranges of cells, none with many more rows than asked for: the bounds of the Gini close in and meet. */
START_TEST(gini_by_ranges)
{
  static double x[N], w[N];
  static exact e;
  fm_error err = FM_ERROR_INIT;
  make(x, w, N, _i, 1, (uint64_t)(7 + _i));
  set_exact(&e, x, w);
  fm__prefix p = histogram(x, w, N, 16);
  fm__bars b = bars_of(&p);
  long double scale = ldexpl(1, 2 * b.w_scale) * ldexpl(1, b.x_scale);
  double width = INFINITY;
  for (size_t i = 0; i < b.n;) {
    fm__second s;
    int64_t rows = 0;
    fm_assert_ok(fm__second_create(&s, 16, &err), &err);
    for (; i < b.n && (rows == 0 || rows + b.bar[i].count <= N / 4); i++) {
      rows += b.bar[i].count;
      fm__second_want(&s, b.bar[i].cell);
    }
    fm_assert_ok(fm__second_add(&s, x, w, N, &err), &err);
    ck_assert_int_eq((int64_t)s.n, rows);
    fm_assert_ok(fm__bars_refine(&b, &p, &s, false, &err), &err);
    fm__second_free(&s);
    fm__range area = fm__bars_gini_area(&b);
    inside("area", _i, 16, e.area, area, scale);
    ck_assert_double_le(area.high - area.low, width);
    width = area.high - area.low;
  }
  fm__range area = fm__bars_gini_area(&b);
  ck_assert_msg(area.high - area.low <= 1e-10 * area.high + 1e-300, "distribution %d: %g to %g", _i, area.low,
                area.high);
  fm__bars_free(&b);
  fm__prefix_free(&p);
}
END_TEST

/* 1, 2, 3, 4: half is hit by 2: between 2 and 3, exactly once both cells are known. */
START_TEST(hits_look_further)
{
  static const double x[] = {4, 3, 2.001, 2, 1, 3.001};
  fm_error err = FM_ERROR_INIT;
  fm__prefix p = histogram(x, NULL, 6, 16);
  fm__bars b = bars_of(&p);
  fm__second s;
  fm_assert_ok(fm__second_create(&s, 16, &err), &err);
  fm__bars_span span = fm__bars_wanted(&b, 0.5, 1e-12); /* 1, 2, 2.001 | 3, 3.001, 4 */
  ck_assert_uint_eq(span.last - span.first, 1);
  want(&s, &b, span);
  fm_assert_ok(fm__second_add(&s, x, NULL, 6, &err), &err);
  fm_assert_ok(fm__bars_refine(&b, &p, &s, true, &err), &err);
  fm__range average = fm__bars_quantile(&b, 0.5, FM__BARS_AVERAGE, 1e-12);
  fm__range right = fm__bars_quantile(&b, 0.5, FM__BARS_RIGHT, 1e-12);
  ck_assert_double_eq(average.low, 0.5 * 2.001 + 1.5);
  ck_assert_double_eq(average.high, average.low);
  ck_assert_double_eq(right.low, 3);
  ck_assert_double_eq(right.high, 3);
  fm__range line = {2.0005, 2.0005}; /* 1 and 2 of six */
  fm__bars_span cells = fm__bars_wanted_below(&b, line);
  ck_assert_uint_eq(cells.first, cells.last);
  ck_assert_double_eq(fm__bars_below(&b, line, false).low / b.weight, 2.0 / 6);
  ck_assert_double_eq(fm__bars_below(&b, line, false).high / b.weight, 2.0 / 6);
  line = (fm__range){50, 50};
  cells = fm__bars_wanted_below(&b, line);
  ck_assert_uint_gt(cells.first, cells.last);
  fm__second_free(&s);
  fm__bars_free(&b);
  fm__prefix_free(&p);
}
END_TEST

START_TEST(other_rows_are_refused)
{
  static double x[N], w[N];
  fm_error err = FM_ERROR_INIT;
  make(x, w, N, 0, 1, 3);
  fm__prefix p = histogram(x, w, N, 18);
  fm__bars b = bars_of(&p);
  size_t at = b.n / 2, k = 0;
  while (fm__prefix_cell_of(x[k], 18) != b.bar[at].cell)
    k++;
  for (int change = 0; change < 3; change++) {
    double x_was = x[k], w_was = w[k];
    x[k] = change == 0 ? 1 : change == 1 ? x_was + x_was * 0x1p-50 : x_was;
    w[k] = change == 2 ? w_was * (1 + 0x1p-50) : w_was;
    fm__second s;
    fm_assert_ok(fm__second_create(&s, 18, &err), &err);
    fm__second_want(&s, b.bar[at].cell);
    fm_assert_ok(fm__second_add(&s, x, w, N, &err), &err);
    fm_error refused = FM_ERROR_INIT;
    ck_assert_int_eq(fm__bars_refine(&b, &p, &s, true, &refused), FM_ERR_MISMATCH);
    ck_assert_ptr_null(b.bar[at].known);
    x[k] = x_was;
    w[k] = w_was;
    fm__second other;
    fm_assert_ok(fm__second_create(&other, 18, &err), &err);
    ck_assert_int_eq(fm__second_merge(&s, &other, &refused), FM_ERR_MISMATCH);
    fm__second_free(&other);
    fm__second_free(&s);
  }
  fm__bars_free(&b);
  fm__prefix_free(&p);
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  static const double x[] = {1, 2, 2.5, 2.25, 1e9};
  (void)ctx;
  fm__prefix p = FM__PREFIX_INIT(20);
  fm__bars b = {.n = 0};
  fm__second s = {.n = 0}, t = {.n = 0};
  fm_status status = fm__prefix_add(&p, x, NULL, 5, NULL, err);
  if (status == FM_OK)
    status = fm__bars_create(&b, &p, err);
  if (status == FM_OK)
    status = fm__second_create(&s, 20, err);
  if (status == FM_OK)
    status = fm__second_create(&t, 20, err);
  if (status == FM_OK) {
    want(&s, &b, (fm__bars_span){0, b.n - 1});
    want(&t, &b, (fm__bars_span){0, b.n - 1});
    status = fm__second_add(&s, x, NULL, 2, err);
  }
  if (status == FM_OK)
    status = fm__second_add(&t, x + 2, NULL, 3, err);
  if (status == FM_OK)
    status = fm__second_merge(&s, &t, err);
  if (status == FM_OK)
    status = fm__bars_refine(&b, &p, &s, true, err);
  fm__second_free(&s);
  fm__second_free(&t);
  fm__bars_free(&b);
  fm__prefix_free(&p);
  return status;
}

START_TEST(allocation_failures)
{
  ck_assert_int_gt(fm_test_allocations(life, NULL), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("num-prefix-second");
  TCase *t = tcase_create("second");
  tcase_set_timeout(t, 120);
  tcase_add_loop_test(t, cuts_become_exact, 0, KINDS);
  tcase_add_loop_test(t, gini_by_ranges, 0, KINDS);
  tcase_add_test(t, hits_look_further);
  tcase_add_test(t, other_rows_are_refused);
  tcase_add_test(t, allocation_failures);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
