/* The sort of one bucket: rows that only the whole weight tells apart, and exact sums of tied weights. */
#include <stdlib.h>
#include <string.h>

#include "num/buckets_priv.h"
#include "num/random.h"
#include "support/support.h"

static int by_x_unit_w(const void *a, const void *b)
{
  const fm__xwu *p = a, *q = b;
  if (p->x != q->x)
    return p->x < q->x ? -1 : 1;
  if (p->unit != q->unit)
    return p->unit < q->unit ? -1 : 1;
  return p->w < q->w ? -1 : p->w > q->w;
}

/* The weights 1, 1 + 2^-52, ...: their keys differ in the lower half alone, which the cells do not look at. */
static void close_weights(fm__xwu *row, size_t i, uint64_t *state)
{
  *row = (fm__xwu){.x = (double)(i % 3), .unit = (uint32_t)(i % 5)};
  row->w = 1 + (double)(random_u64(state) % 1000) * 0x1p-52;
}

/* One income and one unit, any weights. */
static void one_tie(fm__xwu *row, size_t i, uint64_t *state)
{
  *row = (fm__xwu){.x = 1e5, .unit = 7};
  row->w = i % 4 == 0 ? 0 : random_unit(state) * (i % 3 == 0 ? 1e300 : 1e-300);
}

static void spread_out(fm__xwu *row, size_t i, uint64_t *state)
{
  *row =
      (fm__xwu){.x = floor(random_normal(state) * 40), .unit = (uint32_t)(random_u64(state) >> (i % 2 == 0 ? 32 : 60))};
  row->w = random_unit(state);
}

/* Crowds within crowds, each far narrower than a cell. */
static void crowds(fm__xwu *row, size_t i, uint64_t *state)
{
  double u = random_unit(state), inner = random_u64(state) % 2 == 0 ? 1 + floor(u * 0x1p10) * 0x1p-52 : 1 + u * 1e-6;
  *row = (fm__xwu){.x = i % 3 == 0 ? 1e80 * u : i % 3 == 1 ? inner : -1e-80 * inner, .unit = (uint32_t)(i % 11)};
  row->w = 0.5 + u;
}

/* All weights equal in a tie: nothing to put in order. */
static void same_rows(fm__xwu *row, size_t i, uint64_t *state)
{
  (void)state;
  *row = (fm__xwu){.x = -1, .w = 2.5, .unit = (uint32_t)(i % 2)};
}

static const struct unit_case {
  const char *label;
  void (*make)(fm__xwu *row, size_t i, uint64_t *state);
  size_t n;
} unit_cases[] = {
    {"one row", one_tie, 1},
    {"close weights, few", close_weights, 60},
    {"close weights", close_weights, 3000},
    {"close weights, more than can be sorted at once", close_weights, 70000},
    {"one tie", one_tie, 5000},
    {"one tie, more than can be sorted at once", one_tie, FM__BUCKET_MOST + 1},
    {"same rows", same_rows, 2000},
    {"same rows, more than can be sorted at once", same_rows, 3 * (size_t)FM__BUCKET_MOST},
    {"crowds", crowds, 30000},
    {"crowds, few", crowds, 40},
    {"spread out", spread_out, 20000},
    {"spread out, more than can be sorted at once", spread_out, 90000},
};

START_TEST(units)
{
  const struct unit_case *c = &unit_cases[_i];
  uint64_t state = 5;
  fm__xwu *data = calloc(c->n, sizeof *data), *to = calloc(c->n, sizeof *to), *expected = calloc(c->n, sizeof *data);
  uint16_t *cells = calloc(FM__BUCKET_CELLS, sizeof *cells);
  for (size_t i = 0; i < c->n; i++)
    c->make(&data[i], i, &state);
  memcpy(expected, data, c->n * sizeof *data);
  qsort(expected, c->n, sizeof *expected, by_x_unit_w);
  fm__bucket_sort_units(to, data, c->n, cells);
  size_t wrong = c->n;
  for (size_t i = c->n; i-- > 0;)
    if (by_x_unit_w(&to[i], &expected[i]) != 0)
      wrong = i;
  ck_assert_msg(wrong == c->n, "%s: row %zu of %zu", c->label, wrong, c->n);
  free(data);
  free(to);
  free(expected);
  free(cells);
}
END_TEST

/* Pairs and the units beside them: every row keeps its own, and ties are counted. */
START_TEST(rows_with_units)
{
  const struct unit_case *c = &unit_cases[_i];
  uint64_t state = 5;
  size_t ties = 0;
  if (c->n > FM__BUCKET_MOST)
    return;
  fm__xwu *expected = calloc(c->n, sizeof *expected), *sorted = calloc(c->n, sizeof *sorted);
  fm__pair *data = calloc(c->n, sizeof *data), *scratch = calloc(c->n, sizeof *scratch);
  uint32_t *unit = calloc(c->n, sizeof *unit), *spare = calloc(c->n, sizeof *spare);
  uint16_t *cells = calloc(FM__BUCKET_CELLS, sizeof *cells);
  for (size_t i = 0; i < c->n; i++) {
    c->make(&expected[i], i, &state);
    data[i] = (fm__pair){fm__key_of(expected[i].x), expected[i].w};
    unit[i] = expected[i].unit;
  }
  fm__xw *to = (fm__xw *)(void *)data;
  size_t found = fm__bucket_sort_rows(to, unit, data, scratch, spare, c->n, cells);
  for (size_t i = 0; i < c->n; i++) {
    sorted[i] = (fm__xwu){to[i].x, to[i].w, unit[i], 0};
    ck_assert_msg(i == 0 || to[i - 1].x <= to[i].x, "%s: row %zu", c->label, i);
    ties += i > 0 && to[i - 1].x == to[i].x;
  }
  ck_assert_msg(found == ties, "%s: %zu ties, expected %zu", c->label, found, ties);
  qsort(expected, c->n, sizeof *expected, by_x_unit_w);
  qsort(sorted, c->n, sizeof *sorted, by_x_unit_w);
  for (size_t i = 0; i < c->n; i++)
    ck_assert_msg(by_x_unit_w(&sorted[i], &expected[i]) == 0, "%s: row %zu of %zu", c->label, i, c->n);
  free(expected);
  free(sorted);
  free(data);
  free(scratch);
  free(unit);
  free(spare);
  free(cells);
}
END_TEST

/* Pools n pairs of `n_values` incomes with `weights` in turn, against sums in the order given. */
static void check_pool(const char *label, const double *weights, size_t n_weights, size_t n, size_t n_values)
{
  fm__pair *data = calloc(n, sizeof *data), *scratch = calloc(n, sizeof *scratch);
  fm__xw *to = calloc(n, sizeof *to);
  fm__sum *sums = calloc(n_values, sizeof *sums);
  uint16_t *cells = calloc(FM__BUCKET_CELLS, sizeof *cells);
  for (size_t i = 0; i < n; i++) {
    size_t value = i * 7 % n_values;
    double w = weights[(i / n_values + value) % n_weights];
    data[i] = (fm__pair){.key = fm__key_of((double)value - 2), .value = w};
    fm__sum_add(&sums[value], w);
  }
  size_t pooled = fm__bucket_sort(to, data, scratch, n, cells);
  ck_assert_msg(pooled == n_values, "%s: %zu incomes", label, pooled);
  for (size_t k = 0; k < n_values; k++) {
    double sum = fm__sum_value(&sums[k]);
    ck_assert_msg(to[k].x == (double)k - 2 && same_bits(to[k].w, sum), "%s, income %zu: %.17g, expected %.17g", label,
                  k, to[k].w, sum);
  }
  free(data);
  free(scratch);
  free(to);
  free(sums);
  free(cells);
}

/* 1 + 2^-70 + 2^-140 does not fit into two doubles; nor do tenths at many scales. The sum is rounded once. */
START_TEST(exact_ties)
{
  static const double far_apart[] = {1, 0x1p-70, 0x1p-140, 0x1p70, 0x1p-53, 0.1};
  static const double halves[] = {0.5, 1.5, 2.25}, extreme[] = {1e300, 1e-300, 3, 0x1p-1074};
  check_pool("far apart", far_apart, FM_COUNT(far_apart), 3000, 5);
  check_pool("far apart, few ties", far_apart, FM_COUNT(far_apart), 1050, 1000);
  check_pool("far apart, one income", far_apart, FM_COUNT(far_apart), 77, 1);
  check_pool("extremes", extreme, FM_COUNT(extreme), 640, 9);
  check_pool("halves", halves, FM_COUNT(halves), 900, 11);
}
END_TEST

/* Equal incomes that meet by insertion are pooled too, though they be the only ones of the bucket: five rows of one
 * cell in every order, with every repetition. */
START_TEST(one_tie_out_of_order)
{
  enum { N = 100, ROWS = 5 };
  fm__pair *data = calloc(N, sizeof *data), *scratch = calloc(N, sizeof *scratch);
  fm__xw *to = calloc(N, sizeof *to);
  uint16_t *cells = calloc(FM__BUCKET_CELLS, sizeof *cells);
  const uint64_t start = fm__key_of(1), step = UINT64_C(1) << 30;
  for (int order = 0; order < 3125; order++) {
    int digits = order;
    for (size_t i = 0; i < N; i++)
      data[i] = (fm__pair){.key = start + i * step, .value = 1};
    size_t distinct = N - ROWS;
    bool there[ROWS] = {false};
    for (size_t i = 0; i < ROWS; i++, digits /= ROWS) {
      int at = digits % ROWS;
      data[50 + i].key = start + 50 * step + (uint64_t)at;
      distinct += !there[at];
      there[at] = true;
    }
    ck_assert_msg(fm__bucket_sort(to, data, scratch, N, cells) == distinct, "order %d", order);
    double sum = 0;
    bool rises = true;
    for (size_t i = 0; i < distinct; i++) {
      rises = rises && (i == 0 || to[i - 1].x < to[i].x);
      sum += to[i].w;
    }
    ck_assert_msg(rises && sum == N, "order %d", order);
  }
  free(data);
  free(scratch);
  free(to);
  free(cells);
}
END_TEST

/* Weights of one size, of sizes at the limit of what plain sums hold and beyond it, of 0, and one that is far larger
 * than the others at the first, a middle or the last place. */
START_TEST(pooled_weights_are_exact)
{
  enum { ROWS = 999, MOST_TIES = 40 };
  static const double spread[] = {10, 0x1p21, 0x1p22, 0x1p60, 1e290};
  uint64_t state = 3;
  for (int k = 0; k < 4 * FM_COUNT(spread); k++)
    for (uint64_t ties = 1; ties <= MOST_TIES; ties += 13) {
      static fm__xw rows[ROWS], given[ROWS];
      double x = -3;
      size_t at = 0, n = ROWS - (size_t)(k % 2);
      for (size_t i = 0; i < n; i++) {
        x += random_u64(&state) % ties == 0 ? 0.5 : 0;
        given[i] = (fm__xw){x, 1 + random_unit(&state) * (k < FM_COUNT(spread) ? spread[k] : 1)};
      }
      given[k % 4 == 0 ? 0 : k % 4 == 1 ? n / 2 : n - 1].w *= k < FM_COUNT(spread) ? 1 : spread[k % FM_COUNT(spread)];
      given[5].w = k % 7 == 6 ? 0 : given[5].w;
      memcpy(rows, given, sizeof rows);
      size_t pooled = fm__bucket_pool(rows, n, n / (size_t)ties);
      for (size_t i = 0, end; i < n; i = end, at++) {
        fm__sum sum = {.pending = 0};
        for (end = i; end < n && given[end].x == given[i].x; end++)
          fm__sum_add(&sum, given[end].w);
        ck_assert(same_bits(rows[at].x, given[i].x));
        ck_assert_msg(same_bits(rows[at].w, fm__sum_value(&sum)), "case %d, ties %llu, income %g: %a", k,
                      (unsigned long long)ties, given[i].x, rows[at].w);
      }
      ck_assert_uint_eq(pooled, at);
    }
}
END_TEST

/* Parts rise and hold the rows that were there. */
START_TEST(split)
{
  enum { N = FM__BUCKET_MOST + 500 };
  size_t end[256];
  uint64_t state = 3, sum = 0, after = 0;
  fm__pair *data = calloc(N, sizeof *data);
  for (size_t i = 0; i < N; i++) {
    data[i] = (fm__pair){.key = random_u64(&state) >> (_i == 0 ? 4 : 50), .value = (double)i};
    sum += data[i].key * (i + 1);
  }
  ck_assert(fm__bucket_split(data, N, end));
  uint64_t most = 0;
  for (size_t c = 0, i = 0; c < 256; c++) {
    uint64_t highest = most;
    for (; i < end[c]; i++) {
      ck_assert(data[i].key >= most);
      highest = data[i].key > highest ? data[i].key : highest;
      after += data[i].key * ((uint64_t)data[i].value + 1);
    }
    most = highest;
  }
  ck_assert_uint_eq(end[255], N);
  ck_assert(after == sum);
  for (size_t i = 0; i < N; i++)
    data[i].key = 9;
  ck_assert(!fm__bucket_split(data, N, end));
  free(data);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-bucket_sort");
  TCase *c = tcase_create("bucket sort");
  suite_add_tcase(s, c);
  tcase_add_loop_test(c, units, 0, FM_COUNT(unit_cases));
  tcase_add_loop_test(c, rows_with_units, 0, FM_COUNT(unit_cases));
  tcase_add_test(c, exact_ties);
  tcase_add_test(c, pooled_weights_are_exact);
  tcase_add_test(c, one_tie_out_of_order);
  tcase_add_loop_test(c, split, 0, 2);
  return fm_test_main(s);
}
