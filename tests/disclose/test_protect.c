/* Further cells to hide: the optima of integer programs and of trying every pattern, safety, options, refusals. */
#include "disclose/tables.h"

static fm_disclose_protected protect(uint8_t *hidden, const int64_t *counts, size_t rows, size_t columns,
                                     const fm_disclose_protect_spec *spec)
{
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_protect(&out, hidden, counts, rows, columns, spec, &err), &err);
  return out;
}

/* As the golden values have it: zeros stay shown, an outsider takes counts to be at least 0, and no small count may be
 * exactly known. */
static fm_disclose_protect_spec golden_spec(int64_t threshold, int32_t objective)
{
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  spec.threshold = threshold;
  spec.n_values = 2;
  spec.reaches_threshold = 0;
  spec.floor = 0;
  spec.hides_zeros = 0;
  spec.objective = objective;
  return spec;
}

START_TEST(as_integer_programs_have_it)
{
  const struct known *t = &known_tables[_i];
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  int64_t threshold = (int64_t)golden(o, t->name, "threshold"), low[64], high[64];
  fm_disclose_protect_spec by_number = golden_spec(threshold, FM_DISCLOSE_CELLS);
  fm_disclose_protect_spec by_sum = golden_spec(threshold, FM_DISCLOSE_SUM);
  uint8_t first[64] = {0}, second[64] = {0};
  fm_error err = FM_ERROR_INIT;
  fm_disclose_protected a = protect(first, t->counts, t->rows, t->columns, &by_number);
  fm_disclose_protected b = protect(second, t->counts, t->rows, t->columns, &by_sum);
  ck_assert(a.safe && a.optimal && b.safe && b.optimal);
  ck_assert_int_eq(a.n_small, (int64_t)golden(o, t->name, "n_primary"));
  ck_assert_int_eq(a.n_further, (int64_t)golden(o, t->name, "min_number_complementary"));
  ck_assert_int_eq(a.lower_bound, a.n_further);
  ck_assert_int_eq(b.sum_further, (int64_t)golden(o, t->name, "min_value_complementary_sum"));
  ck_assert_int_eq(b.n_further, (int64_t)golden(o, t->name, "min_value_complementary_number"));
  ck_assert_int_eq(b.lower_bound, b.sum_further);
  for (int k = 0; k < 2; k++) {
    fm_assert_ok(fm_disclose_ranges(low, high, t->counts, k == 0 ? first : second, t->rows, t->columns, NULL, 0, &err),
                 &err);
    for (size_t i = 0; i < t->rows * t->columns; i++)
      ck_assert(t->counts[i] == 0 || t->counts[i] >= threshold || low[i] < high[i]);
  }
  fm_oracle_close(o);
}
END_TEST

/* Hides 2 (and 1) with as many others as are needed for the total of 89 (50) to give nothing away. */
START_TEST(lists)
{
  const int64_t one[] = {2, 40, 11, 9, 27}, two[] = {2, 1, 11, 9, 27};
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  uint8_t a[5] = {0}, b[5] = {0};
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  ck_assert(protect(a, one, 5, 1, &spec).optimal && protect(b, two, 1, 5, &spec).optimal);
  int64_t sums[2] = {0};
  for (size_t i = 0; i < 5; i++) {
    sums[0] += a[i] ? one[i] : 0;
    sums[1] += b[i] ? two[i] : 0;
  }
  ck_assert(a[(size_t)golden(o, "sdc_1d", "case1_complement_index") - 1]);
  ck_assert(b[(size_t)golden(o, "sdc_1d", "case2_complement_index") - 1]);
  ck_assert_int_eq(sums[0], (int64_t)golden(o, "sdc_1d", "case1_hidden_sum"));
  ck_assert_int_eq(sums[1], (int64_t)golden(o, "sdc_1d", "case2_hidden_sum"));
  fm_oracle_close(o);
}
END_TEST

/* ---- trying every pattern ---- */

static bool holds(const int64_t *counts, const uint8_t *hidden, size_t rows, size_t columns,
                  const fm_disclose_protect_spec *s)
{
  int64_t low[16], high[16], values = s->n_values > 0 ? s->n_values : s->threshold;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_ranges(low, high, counts, hidden, rows, columns, s->structural, s->floor, &err), &err);
  for (size_t i = 0; i < rows * columns; i++)
    if (counts[i] > 0 && counts[i] < s->threshold &&
        (!hidden[i] || high[i] - low[i] + 1 < values || (s->reaches_threshold && high[i] < s->threshold)))
      return false;
  return true;
}

typedef struct found {
  bool zeros_shown, zeros_hidden; /* is there a safe pattern of either kind? */
  int64_t number[2], sum[2];      /* least, with zeros shown and hidden */
} found;

static found try_all(const int64_t *counts, size_t rows, size_t columns, const fm_disclose_protect_spec *s)
{
  size_t n = rows * columns;
  found f = {.number = {99, 99}, .sum = {9999, 9999}};
  for (unsigned pattern = 0; pattern < 1U << n; pattern++) {
    uint8_t hidden[16];
    int64_t number = 0, sum = 0;
    bool zero = false, wrong = false;
    for (size_t i = 0; i < n; i++) {
      hidden[i] = pattern >> i & 1;
      bool small = counts[i] > 0 && counts[i] < s->threshold;
      wrong = wrong || (small && !hidden[i]) || (hidden[i] && s->structural != NULL && s->structural[i]);
      zero = zero || (hidden[i] && counts[i] == 0);
      number += hidden[i] && !small;
      sum += hidden[i] && !small ? (counts[i] > 1 ? counts[i] : 1) : 0;
    }
    if (wrong || (zero && (!s->hides_zeros || s->floor == 1)) || !holds(counts, hidden, rows, columns, s))
      continue;
    f.zeros_shown = f.zeros_shown || !zero;
    f.zeros_hidden = f.zeros_hidden || zero;
    f.number[zero] = number < f.number[zero] ? number : f.number[zero];
    f.sum[zero] = sum < f.sum[zero] ? sum : f.sum[zero];
  }
  return f;
}

static void draw_table(int64_t *counts, uint8_t *structural, size_t n, fm_disclose_protect_spec *s)
{
  for (size_t i = 0; i < n; i++) {
    counts[i] = draw(3) == 0 ? draw(6) : draw(25);
    structural[i] = counts[i] == 0 && draw(3) == 0;
  }
  s->threshold = 2 + draw(5);
  s->n_values = draw(2) == 0 ? 0 : 2 + draw(6);
  s->reaches_threshold = (int32_t)draw(2);
  s->floor = (int32_t)draw(3) - 1;
  s->hides_zeros = draw(4) != 0;
  s->structural = draw(2) == 0 ? structural : NULL;
}

START_TEST(equals_trying_every_pattern)
{
  tables_seed = (unsigned)_i * 7 + 3;
  size_t rows = 1 + draw(3), columns = rows == 1 ? 2 + draw(6) : 2 + draw(3), n = rows * columns;
  int64_t counts[16];
  uint8_t structural[16];
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  draw_table(counts, structural, n, &s);
  found f = try_all(counts, rows, columns, &s);
  bool any_small = false;
  for (size_t i = 0; i < n; i++)
    any_small = any_small || (counts[i] > 0 && counts[i] < s.threshold);
  for (int32_t objective = FM_DISCLOSE_CELLS; objective <= FM_DISCLOSE_SUM; objective++) {
    uint8_t hidden[16] = {0};
    s.objective = objective;
    fm_disclose_protected out = protect(hidden, counts, rows, columns, &s);
    int64_t best = (objective == FM_DISCLOSE_CELLS ? f.number : f.sum)[f.zeros_shown ? 0 : 1];
    ck_assert_msg(out.safe == (f.zeros_shown || f.zeros_hidden), "table %d: safe is %d", _i, (int)out.safe);
    ck_assert_msg(!out.safe || (out.optimal && out.reached == best && out.lower_bound == best),
                  "table %d, objective %d: %d, by trial %d", _i, (int)objective, (int)out.reached, (int)best);
    ck_assert_msg(!out.safe || holds(counts, hidden, rows, columns, &s), "table %d is not safe", _i);
    ck_assert_msg(any_small || out.reached == 0, "table %d: nothing to protect", _i);
  }
}
END_TEST

/* ---- large tables ---- */

static void draw_large(int64_t *counts, size_t n, unsigned seed)
{
  tables_seed = seed;
  for (size_t i = 0; i < n; i++)
    counts[i] = draw(12) == 0 ? draw(6) : draw(5) * draw(60) + draw(40);
}

/* Safe by the exact audit, at least the bound, the same whatever the order of rows and columns. */
START_TEST(twenty_by_twenty)
{
  enum { SIDE = 20, N = SIDE * SIDE };
  static int64_t counts[N], turned[N], low[N], high[N];
  uint8_t hidden[N] = {0}, other[N] = {0};
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  draw_large(counts, N, (unsigned)_i + 5);
  s.objective = _i % 2;
  fm_disclose_protected a = protect(hidden, counts, SIDE, SIDE, &s);
  ck_assert(a.safe && 10 * a.reached <= 11 * a.lower_bound + 9);
  ck_assert(a.optimal == (a.reached == a.lower_bound));
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, SIDE, SIDE, &err), &err);
  for (size_t i = 0; i < N; i++)
    ck_assert(counts[i] == 0 || counts[i] > 4 || (hidden[i] && high[i] >= 5 && high[i] - low[i] >= 4));
  for (size_t i = 0; i < N; i++) /* rows shifted by 7, columns reversed, and turned over */
    turned[(SIDE - 1 - i % SIDE) * SIDE + (i / SIDE + 7) % SIDE] = counts[i];
  fm_disclose_protected b = protect(other, turned, SIDE, SIDE, &s);
  ck_assert(!a.optimal || !b.optimal || a.reached == b.reached);
  ck_assert(b.lower_bound <= a.reached && a.lower_bound <= b.reached);
}
END_TEST

/* Without effort the pattern is the first that was found: safe, and the bound is one of counting rows and columns. */
START_TEST(without_effort)
{
  enum { SIDE = 60, N = SIDE * SIDE };
  static int64_t counts[N], low[N], high[N];
  static uint8_t hidden[N];
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  size_t side = _i == 0 ? SIDE : 15, n = side * side; /* 3,600 cells are too many for programs */
  memset(hidden, 0, sizeof hidden);
  tables_seed = 3;
  for (size_t i = 0; i < n; i++)
    counts[i] = draw(40) == 0 ? draw(5) : 20 + draw(300);
  s.effort = 0;
  fm_disclose_protected a = protect(hidden, counts, side, side, &s);
  ck_assert(a.safe && a.lower_bound > 0 && a.lower_bound <= a.reached);
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, side, side, &err), &err);
  for (size_t i = 0; i < n; i++)
    ck_assert(counts[i] == 0 || counts[i] > 4 || (hidden[i] && high[i] >= 5 && high[i] - low[i] >= 4));
}
END_TEST

/* Too many parts and too wide a demand for exact steps: cells that fall most first, and a bound from parts of cells. */
START_TEST(long_list)
{
  enum { N = 200 };
  int64_t counts[N], low[N], high[N];
  uint8_t hidden[N] = {0};
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  tables_seed = 2;
  for (size_t i = 0; i < N; i++)
    counts[i] = 4 + draw(20000);
  counts[7] = 2;
  s.n_values = 1000000;
  s.reaches_threshold = 0;
  s.objective = FM_DISCLOSE_SUM;
  fm_disclose_protected a = protect(hidden, counts, N, 1, &s);
  ck_assert(a.safe && a.lower_bound > 900000 && a.lower_bound <= a.reached);
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, N, 1, &err), &err);
  ck_assert(hidden[7] && high[7] - low[7] + 1 >= 1000000);
}
END_TEST

START_TEST(what_is_hidden_stays)
{
  const int64_t counts[] = {3, 20, 9, 8, 30, 9, 0, 40, 50};
  uint8_t hidden[9] = {0, 0, 0, 0, 0, 0, 1, 0, 0};
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected a = protect(hidden, counts, 3, 3, &s);
  ck_assert(hidden[6] && a.safe && a.n_small == 1);
  int64_t n = 0;
  for (size_t i = 0; i < 9; i++)
    n += hidden[i];
  ck_assert_int_eq(n, a.n_further + 2);
}
END_TEST

/* Nobody could be in the first cell, and everyone knows: hiding it would protect nothing. Otherwise the 3 could be 0 to
 * 3, with as many in the first cell. */
START_TEST(structural_zeros)
{
  const int64_t counts[] = {0, 3, 20, 0};
  const uint8_t structural[] = {1, 0, 0, 0};
  uint8_t hidden[4] = {0};
  fm_disclose_protect_spec s = FM_DISCLOSE_PROTECT_SPEC_INIT;
  s.reaches_threshold = 0;
  s.n_values = 4;
  fm_disclose_protected a = protect(hidden, counts, 2, 2, &s);
  ck_assert(a.safe == 1 && a.n_further == 3 && a.sum_further == 20 && hidden[0] && hidden[3]);
  memset(hidden, 0, 4);
  s.structural = structural;
  ck_assert_int_eq(protect(hidden, counts, 2, 2, &s).safe, 0);
  ck_assert(!hidden[0] && hidden[1] && hidden[2] && hidden[3]);
}
END_TEST

/* ---- refusals ---- */

static fm_status with(fm_disclose_protect_spec s, int64_t first)
{
  const int64_t counts[] = {first, 6, 7, 8};
  const uint8_t structural[] = {1, 0, 0, 0};
  uint8_t hidden[4] = {first == 0};
  fm_disclose_protected out = {.struct_size = sizeof out};
  if (s.structural != NULL)
    s.structural = structural;
  return fm_disclose_protect(&out, hidden, counts, 2, 2, &s, NULL);
}

START_TEST(refusals)
{
  const uint8_t some[] = {0};
  uint8_t hidden[1] = {0};
  const int64_t counts[] = {1};
  fm_disclose_protect_spec good, s;
  fm_disclose_protect_spec_init(&good, sizeof good);
  ck_assert_int_eq(with(good, 5), FM_OK);
  s = good, s.threshold = 0;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.n_values = 1;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.floor = 2;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.floor = 1;
  ck_assert_int_eq(with(s, 0), FM_ERR_ARGUMENT);
  s = good, s.objective = 2;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.effort = -1;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.structural = some;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  s = good, s.struct_size = 0;
  ck_assert_int_eq(with(s, 5), FM_ERR_ARGUMENT);
  ck_assert_int_eq(with(good, -1), FM_ERR_ARGUMENT);
  ck_assert_int_eq(with(good, INT64_MAX), FM_ERR_ARGUMENT);
  fm_disclose_protected out = {0};
  ck_assert_int_eq(fm_disclose_protect(&out, hidden, counts, 1, 1, NULL, NULL), FM_ERR_ARGUMENT);
  out.struct_size = sizeof out;
  ck_assert_int_eq(fm_disclose_protect(&out, hidden, counts, SIZE_MAX, 2, NULL, NULL), FM_ERR_LIMIT);
  ck_assert_int_eq(fm_disclose_protect(&out, hidden, counts, 0, 5, NULL, NULL), FM_OK);
  ck_assert(out.safe == 1);
}
END_TEST

static fm_status table_once(void *ctx, fm_error *err)
{
  uint8_t hidden[64] = {0};
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_disclose_protect_spec s = golden_spec(9, FM_DISCLOSE_CELLS);
  (void)ctx;
  return fm_disclose_protect(&out, hidden, occupations, 8, 8, &s, err);
}

static fm_status list_once(void *ctx, fm_error *err)
{
  const int64_t counts[] = {2, 1, 11, 9, 27};
  uint8_t hidden[5] = {0};
  fm_disclose_protected out = {.struct_size = sizeof out};
  (void)ctx;
  return fm_disclose_protect(&out, hidden, counts, 5, 1, NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(table_once, NULL), 30);
  ck_assert_int_ge(fm_test_allocations(list_once, NULL), 20);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-protect");
  TCase *t = tcase_create("protect");
  tcase_add_loop_test(t, as_integer_programs_have_it, 0, 3);
  tcase_add_test(t, lists);
  tcase_add_loop_test(t, equals_trying_every_pattern, 0, 300);
  tcase_add_loop_test(t, twenty_by_twenty, 0, 6);
  tcase_add_loop_test(t, without_effort, 0, 2);
  tcase_add_test(t, long_list);
  tcase_add_test(t, what_is_hidden_stays);
  tcase_add_test(t, structural_zeros);
  tcase_add_test(t, refusals);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
