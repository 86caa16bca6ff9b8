#include "num/random.h"
#include "num/sum_priv.h"
#include "support/support.h"

#include <float.h>

/* Terms of one case of sum_terms.csv; the caller frees. */
static double *terms_of(const fm_oracle *terms, const char *name, size_t n)
{
  double *x = calloc(n + 1, sizeof *x);
  size_t at = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(terms); i++)
    if (strcmp(fm_oracle_text(terms, i, "case"), name) == 0)
      x[at++] = fm_oracle_number(terms, i, "term");
  ck_assert_msg(at == n, "%s: %zu terms, expected %zu", name, at, n);
  return x;
}

static double sum_one_by_one(const double *x, size_t n)
{
  fm__sum s = {0};
  for (size_t i = 0; i < n; i++)
    fm__sum_add(&s, x[i]);
  return fm__sum_value(&s);
}

static double sum_array(const double *x, size_t n)
{
  fm__sum s = {0};
  fm__sum_add_n(&s, x, n);
  return fm__sum_value(&s);
}

static void check_sum(const char *label, double actual, double expected)
{
  if (expected == 0)
    expected = 0; /* an empty or cancelled sum is +0 */
  ck_assert_msg(same_bits(actual, expected) || (isnan(actual) && isnan(expected)), "%s: got %a, expected %a", label,
                actual, expected);
}

START_TEST(oracle_agrees)
{
  fm_oracle *terms = fm_oracle_open("num/sum_terms.csv"), *values = fm_oracle_open("num/sum_values.csv");
  ck_assert_uint_gt(fm_oracle_n_rows(values), 40);
  for (size_t i = 0; i < fm_oracle_n_rows(values); i++) {
    const char *name = fm_oracle_text(values, i, "case");
    size_t n = (size_t)fm_oracle_number(values, i, "n");
    double *x = terms_of(terms, name, n);
    double expected = fm_oracle_number(values, i, "sum");
    check_sum(name, sum_one_by_one(x, n), expected);
    check_sum(name, sum_array(x, n), expected);
    fm__sum s = {0};
    fm__sum_add_products(&s, x, x, n);
    check_sum(name, fm__sum_value(&s), fm_oracle_number(values, i, "squares"));
    free(x);
  }
  fm_oracle_close(terms);
  fm_oracle_close(values);
}
END_TEST

/* ---- kinds of data for the array form ---- */
enum { KINDS = 16 };
static const char *const kind_names[KINDS] = {
    "whole",      "money",        "lognormal",          "normal", "any finite bits", "subnormal",
    "cancelling", "one outlier",  "grid then fraction", "zeros",  "minus zeros",     "largest",
    "one NaN",    "one infinity", "edge of the grid",   "noise",
};

static double term(int kind, size_t i, size_t n, uint64_t *state)
{
  double u = random_unit(state);
  switch (kind) {
  case 0:
    return floor(u * 1e7) - 1e6;
  case 1:
    return floor(u * 1e9) / 100;
  case 2:
    return exp(12.5 + 0.6 * random_normal(state));
  case 3:
    return random_normal(state);
  case 4: {
    uint64_t bits = random_u64(state);
    return (bits >> 52 & 0x7ff) == 0x7ff ? 1 : fm__from_bits(bits);
  }
  case 5:
    return fm__from_bits(random_u64(state) >> 12 | (random_u64(state) & UINT64_C(1) << 63));
  case 6:
    return (i % 2 == 0 ? 1 : -1) * 1e300 * (double)(1 + i / 2) + (i == n / 2 ? 1 : 0);
  case 7:
    return i == n / 3 ? 1e300 : u;
  case 8:
    return i < n / 2 ? floor(u * 100) : u;
  case 9:
    return 0.0;
  case 10:
    return -0.0;
  case 11:
    return (i % 3 == 0 ? -1 : 1) * DBL_MAX;
  case 12:
    return i == n / 2 ? NAN : u;
  case 13:
    return i == n / 2 ? -INFINITY : u;
  case 14:
    return (i % 2 == 0 ? 0x1p51 : -0x1p51) + (u < 0.5 ? 1 : -1) * (double)(i % 3);
  default:
    return i % 10 == 0 ? u * 0x1p-200 : u * 1e6;
  }
}

static void fill(double *x, size_t n, int kind, uint64_t *state)
{
  for (size_t i = 0; i < n; i++)
    x[i] = term(kind, i, n, state);
}

static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 2047, 2048, 2049, 9001};

START_TEST(arrays_agree_with_single_terms)
{
  uint64_t state = 7;
  double *x = calloc(9001, sizeof *x);
  for (int k = 0; k < FM_COUNT(sizes); k++) {
    fill(x, sizes[k], _i, &state);
    check_sum(kind_names[_i], sum_array(x, sizes[k]), sum_one_by_one(x, sizes[k]));
  }
  free(x);
}
END_TEST

START_TEST(blocks_agree)
{
  uint64_t state = 11;
  double *x = calloc(FM__SUM_BLOCK, sizeof *x);
  int taken = 0;
  for (int k = 1; k < FM_COUNT(sizes) && sizes[k] <= FM__SUM_BLOCK; k++) {
    fill(x, sizes[k], _i, &state);
    for (int32_t grid_k = -60; grid_k <= 60; grid_k++)
      for (int32_t n_bins = 1; n_bins <= 2; n_bins++) {
        fm__grid grid = {.k = grid_k, .n_bins = n_bins};
        fm__sum fast = {0}, scalar = {0};
        bool fits = fm__sum_block_scalar(&scalar, x, sizes[k], grid);
        ck_assert_msg(fm__sum_block(&fast, x, sizes[k], grid) == fits, "%s: grid %d", kind_names[_i], grid_k);
        ck_assert(memcmp(&fast, &scalar, sizeof fast) == 0);
        if (fits)
          check_sum(kind_names[_i], fm__sum_value(&fast), sum_one_by_one(x, sizes[k]));
        taken += fits;
      }
  }
  /* Plain data must find a grid; else the test would compare nothing. */
  if (_i <= 3 || _i == 9)
    ck_assert_int_gt(taken, 0);
  free(x);
}
END_TEST

/* Blocks that are added up in plain doubles, and those that must not be. */
START_TEST(plain_blocks_agree)
{
  static const struct {
    const char *label;
    double base, odd; /* `odd` takes the place of one term */
    bool fits;
  } cases[] = {
      {"whole", 1000, 7, true},
      {"half", 1000, 0.5, false},
      {"minus", 1000, -7, false},
      {"minus zero", 1000, -0.0, false},
      {"large", 1000, 1e300, false},
      {"infinite", 1000, INFINITY, false},
      {"NaN", 1000, NAN, false},
      {"one NaN bit", 1000, -NAN, false},
      {"near the limit", 0x1p40, 3, true},
      {"beyond it", 0x1p43, 3, false},
      {"one term beyond it", 5, 0x1p53, false},
      {"tiny", 1000, 0x1p-1074, false},
  };
  double x[FM__SUM_BLOCK];
  for (int k = 0; k < FM_COUNT(cases); k++)
    for (int size = 0; size < FM_COUNT(sizes) && sizes[size] <= FM__SUM_BLOCK; size++)
      for (size_t place = 0; place < sizes[size]; place += 1 + sizes[size] / 9) {
        for (size_t i = 0; i < sizes[size]; i++)
          x[i] = i == place ? cases[k].odd : cases[k].base + (double)(i % 5);
        fm__sum fast = {0};
        bool fits = fm__sum_block(&fast, x, sizes[size], (fm__grid){.k = 0, .n_bins = 1, .plain = true});
#if defined(FM__SUM_SSE2)
        if (cases[k].base < 0x1p41) /* the last limit is one of many terms */
          ck_assert_msg(fits == cases[k].fits, "%s, %zu terms", cases[k].label, sizes[size]);
#endif
        check_sum(cases[k].label, fits ? fm__sum_value(&fast) : 0, fits ? sum_one_by_one(x, sizes[size]) : 0);
      }
}
END_TEST

START_TEST(grids_are_plain_without_minus_signs)
{
  double x[FM__SUM_BLOCK];
  for (size_t i = 0; i < FM__SUM_BLOCK; i++)
    x[i] = (double)(i % 1000);
  ck_assert(fm__grid_of(x, FM__SUM_BLOCK).plain);
  x[FM__SUM_BLOCK - 1] = -1;
  ck_assert(!fm__grid_of(x, FM__SUM_BLOCK).plain);
  x[FM__SUM_BLOCK - 1] = 0x1p40;
  ck_assert(!fm__grid_of(x, FM__SUM_BLOCK).plain);
}
END_TEST

/* A grid that is found must hold the block, except at the far ends of the range. */
START_TEST(grids_hold_what_they_were_made_for)
{
  uint64_t state = 3;
  double *x = calloc(FM__SUM_BLOCK, sizeof *x);
  fill(x, FM__SUM_BLOCK, _i, &state);
  fm__grid grid = fm__grid_of(x, FM__SUM_BLOCK);
  fm__sum s = {0};
  if (_i <= 3 || _i == 5 || _i == 8 || _i == 9 || _i == 10 || _i == 14)
    ck_assert_int_gt(grid.n_bins, 0);
  if (_i == 4 || _i == 7 || _i == 12 || _i == 13 || _i == 15)
    ck_assert_int_eq(grid.n_bins, 0);
  if (grid.n_bins > 0 && _i != 11 && _i != 6)
    ck_assert_msg(fm__sum_block_scalar(&s, x, FM__SUM_BLOCK, grid), "%s", kind_names[_i]);
  free(x);
}
END_TEST

static void shuffle(double *x, size_t n, uint64_t *state)
{
  for (size_t i = n; i > 1; i--) {
    size_t k = random_below(state, i);
    double swap = x[i - 1];
    x[i - 1] = x[k];
    x[k] = swap;
  }
}

/* Any order, any split, merged in any way: the same bits and the same bytes. */
START_TEST(order_and_partition_do_not_matter)
{
  enum { N = 5000 };
  uint64_t state = 5;
  double *x = calloc(N, sizeof *x);
  fill(x, N, _i, &state);
  fm__sum whole = {0};
  fm__sum_add_n(&whole, x, N);
  fm__bytes expected = {0};
  fm__sum_save(&whole, &expected);
  for (int round = 0; round < 5; round++) {
    shuffle(x, N, &state);
    size_t cut = random_below(&state, N);
    fm__sum a = {0}, b = {0}, loaded = {0};
    fm__sum_add_n(&a, x, cut);
    fm__sum_add_n(&b, x + cut, N - cut);
    fm__bytes bytes = {0};
    fm__sum_save(&b, &bytes);
    fm__reader r = {.data = bytes.data, .size = bytes.size};
    ck_assert(fm__sum_load(&loaded, &r) && r.at == r.size);
    fm__sum_merge(&loaded, &a);
    check_sum(kind_names[_i], fm__sum_value(&loaded), fm__sum_value(&whole));
    fm__bytes_free(&bytes);
    fm__sum_save(&loaded, &bytes);
    ck_assert_msg(bytes.size == expected.size && memcmp(bytes.data, expected.data, bytes.size) == 0, "%s",
                  kind_names[_i]);
    fm__bytes_free(&bytes);
  }
  fm__bytes_free(&expected);
  free(x);
}
END_TEST

START_TEST(saved_bytes_are_small_and_canonical)
{
  fm__sum a = {0}, b = {0};
  fm__bytes bytes = {0};
  fm__sum_save(&a, &bytes);
  ck_assert_uint_eq(bytes.size, 2);
  fm__sum_add(&b, 1e300);
  fm__sum_add(&b, 5);
  fm__sum_add(&b, -1e300);
  fm__bytes_free(&bytes);
  fm__sum_save(&b, &bytes);
  ck_assert_uint_eq(bytes.size, 2 + 5);
  fm__sum_add(&a, 5);
  fm__bytes other = {0};
  fm__sum_save(&a, &other);
  ck_assert(bytes.size == other.size && memcmp(bytes.data, other.data, other.size) == 0);
  fm__bytes_free(&bytes);
  fm__bytes_free(&other);
}
END_TEST

static const struct {
  const char *label;
  size_t size;
  uint8_t bytes[16];
} damaged[] = {
    {"nothing", 0, {0}},
    {"no count", 1, {0}},
    {"unknown flag", 2, {4, 0}},
    {"negative zero", 2, {1, 0}},
    {"short cell", 6, {0, 1, 3, 1, 0, 0}},
    {"no such cell", 7, {0, 1, 68, 1, 0, 0, 0}},
    {"zero cell", 7, {0, 1, 3, 0, 0, 0, 0}},
    {"more cells than there are", 7, {0, 69, 3, 1, 0, 0, 0}},
    {"same cell twice", 12, {0, 2, 3, 1, 0, 0, 0, 3, 1, 0, 0, 0}},
    {"falling cells", 12, {0, 2, 4, 1, 0, 0, 0, 3, 1, 0, 0, 0}},
    {"larger than any sum", 7, {0, 1, 67, 1, 0, 4, 0}},
    {"short special terms", 6, {2, 1, 0, 0, 0, 0}},
};

START_TEST(damaged_bytes_are_refused)
{
  fm__sum s = {0};
  fm__sum_add(&s, 2);
  fm__reader r = {.data = damaged[_i].bytes, .size = damaged[_i].size};
  ck_assert_msg(!fm__sum_load(&s, &r), "%s", damaged[_i].label);
  ck_assert_double_eq(fm__sum_value(&s), 2);
}
END_TEST

START_TEST(special_counts_of_zero_are_refused)
{
  uint8_t bytes[26] = {2};
  fm__sum s = {0};
  fm__reader r = {.data = bytes, .size = sizeof bytes};
  ck_assert(!fm__sum_load(&s, &r));
}
END_TEST

START_TEST(counts_of_special_terms_do_not_wrap)
{
  fm__sum a = {.n_nan = UINT64_MAX}, b = {.n_nan = 1};
  fm__sum_merge(&a, &b);
  ck_assert(isnan(fm__sum_value(&a)));
}
END_TEST

/* The carry must come before a cell overflows: start just below it. */
START_TEST(carries_in_time)
{
  fm__sum s = {0}, expected = {0};
  s.pending = (UINT64_C(1) << 29) - 3;
  for (int i = 0; i < 10; i++) {
    fm__sum_add(&s, -DBL_MAX);
    fm__sum_add(&expected, -DBL_MAX);
  }
  ck_assert_uint_lt(s.pending, 10);
  for (int i = 0; i < 9; i++) {
    fm__sum_add(&s, DBL_MAX);
    fm__sum_add(&expected, DBL_MAX);
  }
  check_sum("carry", fm__sum_value(&s), -DBL_MAX);
  check_sum("no carry", fm__sum_value(&expected), -DBL_MAX);
}
END_TEST

START_TEST(products_are_rounded_once)
{
  /* 0.1 * 3 rounds to 0.30000000000000004; ten of them, exactly summed and rounded, give 3.0000000000000004. */
  double x[100], w[100];
  for (int i = 0; i < 100; i++) {
    x[i] = 0.1;
    w[i] = 3;
  }
  fm__sum few = {0}, many = {0};
  fm__sum_add_products(&few, x, w, 10);
  fm__sum_add_products(&many, x, w, 100);
  check_sum("ten", fm__sum_value(&few), 3.0000000000000004);
  for (int i = 0; i < 100; i++)
    x[i] = x[i] * w[i];
  check_sum("hundred", fm__sum_value(&many), sum_one_by_one(x, 100));
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-sum");
  TCase *c = tcase_create("sum");
  suite_add_tcase(s, c);
  tcase_add_test(c, oracle_agrees);
  tcase_add_loop_test(c, arrays_agree_with_single_terms, 0, KINDS);
  tcase_add_loop_test(c, blocks_agree, 0, KINDS);
  tcase_add_test(c, plain_blocks_agree);
  tcase_add_test(c, grids_are_plain_without_minus_signs);
  tcase_add_loop_test(c, grids_hold_what_they_were_made_for, 0, KINDS);
  tcase_add_loop_test(c, order_and_partition_do_not_matter, 0, KINDS);
  tcase_add_test(c, saved_bytes_are_small_and_canonical);
  tcase_add_loop_test(c, damaged_bytes_are_refused, 0, FM_COUNT(damaged));
  tcase_add_test(c, special_counts_of_zero_are_refused);
  tcase_add_test(c, counts_of_special_terms_do_not_wrap);
  tcase_add_test(c, carries_in_time);
  tcase_add_test(c, products_are_rounded_once);
  return fm_test_main(s);
}
