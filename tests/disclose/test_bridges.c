/* Exactly known cells: the same as bounds that meet. */
#include "disclose/tables.h"

START_TEST(as_linear_programs_have_it)
{
  const char *const cases[] = {"sdc_t1_min_number",    "sdc_t1_min_value",    "sdc_t2_min_number", "sdc_t2_min_value",
                               "sdc_occ_3_min_number", "sdc_occ_3_min_value", "sdc_ones_lower0",   "sdc_ones_lower1"};
  const struct known *t = &known_tables[_i / 2];
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  uint8_t hidden[64], known[64];
  int64_t low[64], high[64], least[64], most[64];
  int32_t floor = _i == 7;
  fm_error err = FM_ERROR_INIT;
  ck_assert_uint_ge(golden_pattern(o, cases[_i], t->rows, t->columns, hidden, low, high), 4);
  fm_assert_ok(fm_disclose_ranges(least, most, t->counts, hidden, t->rows, t->columns, NULL, floor, &err), &err);
  fm_assert_ok(fm_disclose_bridges(known, t->counts, hidden, t->rows, t->columns, floor, &err), &err);
  for (size_t i = 0; i < t->rows * t->columns; i++) {
    ck_assert(!hidden[i] || (least[i] == low[i] && most[i] == high[i]));
    ck_assert(known[i] == (hidden[i] && low[i] == high[i]));
  }
  fm_oracle_close(o);
}
END_TEST

/* Each small count of the golden tables is known when it alone is hidden. */
START_TEST(small_ones_alone)
{
  const struct known *t = &known_tables[_i];
  fm_oracle *o = fm_oracle_open("disclose/sdc.csv");
  uint8_t hidden[64], known[64];
  int64_t n = 0, threshold = (int64_t)golden(o, t->name, "threshold");
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < t->rows * t->columns; i++)
    hidden[i] = t->counts[i] > 0 && t->counts[i] < threshold;
  fm_assert_ok(fm_disclose_bridges(known, t->counts, hidden, t->rows, t->columns, 0, &err), &err);
  for (size_t i = 0; i < t->rows * t->columns; i++)
    n += known[i];
  ck_assert_int_eq(n, (int64_t)golden(o, t->name, "primary_only_n_disclosed"));
  fm_oracle_close(o);
}
END_TEST

START_TEST(equals_bounds)
{
  tables_seed = (unsigned)_i + 11;
  size_t rows = 2 + draw(5), columns = 2 + draw(5), n = rows * columns;
  int64_t counts[36], low[36], high[36];
  uint8_t hidden[36], known[36];
  int32_t floor = (int32_t)draw(2);
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < n; i++) {
    counts[i] = floor + (_i % 2 == 0) + (int64_t)draw(4); /* above the floor, and also on it */
    hidden[i] = draw(3) != 0;
  }
  fm_assert_ok(fm_disclose_bridges(known, counts, hidden, rows, columns, floor, &err), &err);
  fm_assert_ok(fm_disclose_ranges(low, high, counts, hidden, rows, columns, NULL, floor, &err), &err);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(known[i] == (hidden[i] && low[i] == high[i]), "table %d, cell %zu", _i, i);
}
END_TEST

START_TEST(refusals)
{
  const int64_t counts[] = {0, 1, 2, 3};
  const uint8_t hidden[] = {1, 1, 1, 1}, structural[] = {1, 0, 0, 0};
  uint8_t known[4];
  int64_t low[4], high[4];
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_disclose_bridges(known, counts, hidden, 2, 2, 2, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_bridges(known, counts, hidden, 2, 2, 1, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_bridges(known, counts, hidden, SIZE_MAX, 2, 0, NULL), FM_ERR_LIMIT);
  ck_assert_int_eq(fm_disclose_ranges(low, high, counts, hidden, 2, 2, NULL, 1, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_ranges(low, high, counts, hidden, 2, 2, NULL, -2, NULL), FM_ERR_ARGUMENT);
  fm_assert_ok(fm_disclose_ranges(low, high, counts, hidden, 2, 2, structural, -1, &err), &err);
  ck_assert(low[0] == 0 && high[0] == 0 && low[1] == 1 && high[1] == 1); /* the rest is worked out */
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  const int64_t counts[] = {2, 3, 4, 5};
  const uint8_t hidden[] = {1, 1, 1, 1}, structural[] = {0, 0, 0, 0};
  uint8_t known[4];
  int64_t low[4], high[4];
  (void)ctx;
  fm_status status = fm_disclose_bridges(known, counts, hidden, 2, 2, 0, err);
  return status != FM_OK ? status : fm_disclose_ranges(low, high, counts, hidden, 2, 2, structural, 0, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 8);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-bridges");
  TCase *t = tcase_create("bridges");
  tcase_add_loop_test(t, as_linear_programs_have_it, 0, 8);
  tcase_add_loop_test(t, small_ones_alone, 0, 3);
  tcase_add_loop_test(t, equals_bounds, 0, 300);
  tcase_add_test(t, refusals);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
