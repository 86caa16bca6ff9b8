#include "num/num_priv.h"
#include "num/random.h"
#include "support/support.h"

#include <float.h>

START_TEST(keys_sort_as_doubles_do)
{
  static const double rising[] = {-INFINITY, -DBL_MAX, -1.5, -1,  -DBL_MIN, -5e-324, 0,
                                  5e-324,    DBL_MIN,  1,    1.5, DBL_MAX,  INFINITY};
  for (int i = 0; i < FM_COUNT(rising); i++) {
    ck_assert(same_bits(fm__order_value(fm__order_key(rising[i])), rising[i]));
    if (i > 0)
      ck_assert_msg(fm__order_key(rising[i - 1]) < fm__order_key(rising[i]), "%g", rising[i]);
  }
  ck_assert(fm__order_key(-0.0) == fm__order_key(0.0));
  ck_assert(same_bits(fm__order_value(fm__order_key(-0.0)), 0.0));
}
END_TEST

enum { KINDS = 12 };
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
    "any bits",
    "two values far apart",
    "falling",
};

static uint64_t key_of(int kind, size_t i, size_t n, uint64_t *state)
{
  double u = random_unit(state);
  switch (kind) {
  case 0:
    return fm__order_key(exp(12.5 + 0.6 * random_normal(state)));
  case 1:
    return fm__order_key(floor(100 * exp(12.5 + 0.6 * random_normal(state))) / 100);
  case 2:
    return fm__order_key(floor(exp(12.5 + 0.6 * random_normal(state))));
  case 3:
    return fm__order_key(u < 0.3 ? 0 : u < 0.35 ? -1e4 * random_unit(state) : 1e4 / pow(1 - random_unit(state), 0.5));
  case 4:
    return fm__order_key(42);
  case 5:
    return fm__order_key(floor(u * 1000));
  case 6:
    return fm__order_key(random_normal(state));
  case 7:
    return fm__order_key((double)i / 3);
  case 8:
    return fm__order_key(i % 997 == 5 ? (u - 0.5) * 1e300 : 1e6 + u * 1e-3);
  case 9:
    return random_u64(state);
  case 10:
    return u < 0.5 ? 1 : UINT64_MAX;
  default:
    return n - i / 4;
  }
}

static int by_key_then_place(const void *a, const void *b)
{
  const fm__item *p = a, *q = b;
  if (p->key != q->key)
    return p->key < q->key ? -1 : 1;
  return p->value < q->value ? -1 : p->value > q->value;
}

static void check_kind(int kind, size_t n)
{
  uint64_t state = n + (uint64_t)kind;
  fm__item *expected = calloc(n + 1, sizeof *expected), *items = calloc(2 * n + 1, sizeof *items);
  fm__pair *pairs = calloc(2 * n + 1, sizeof *pairs);
  uint64_t *keys = calloc(2 * n + 1, sizeof *keys);
  for (size_t i = 0; i < n; i++) {
    expected[i] = (fm__item){.key = key_of(kind, i, n, &state), .value = i};
    items[i] = expected[i];
    pairs[i] = (fm__pair){.key = expected[i].key, .value = (double)i};
    keys[i] = expected[i].key;
  }
  qsort(expected, n, sizeof *expected, by_key_then_place);
  fm__sort_items(items, items + n, n);
  fm__sort_pairs(pairs, pairs + n, n);
  fm__sort_u64(keys, keys + n, n);
  size_t wrong = n; /* the first one; an assertion a row would be slow */
  for (size_t i = n; i-- > 0;) {
    bool item = items[i].key == expected[i].key && items[i].value == expected[i].value;
    bool pair = pairs[i].key == expected[i].key && pairs[i].value == (double)expected[i].value;
    if (!item || !pair || keys[i] != expected[i].key)
      wrong = i;
  }
  ck_assert_msg(wrong == n, "%s: row %zu of %zu", kind_names[kind], wrong, n);
  free(expected);
  free(items);
  free(pairs);
  free(keys);
}

START_TEST(sorts_small_arrays)
{
  for (size_t n = 0; n < 300; n += n < 70 ? 1 : 37)
    check_kind(_i, n);
}
END_TEST

START_TEST(sorts_large_arrays)
{
  check_kind(_i, 5000);
  check_kind(_i, 100000);
  check_kind(_i, 250000);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-sort");
  TCase *c = tcase_create("sort");
  suite_add_tcase(s, c);
  tcase_add_test(c, keys_sort_as_doubles_do);
  tcase_add_loop_test(c, sorts_small_arrays, 0, KINDS);
  tcase_add_loop_test(c, sorts_large_arrays, 0, KINDS);
  return fm_test_main(s);
}
