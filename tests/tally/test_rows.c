#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* The plainest measure over rows: its result is the rows. Negative x leave the row out, x of 99 is an error. */
static const fm__rows_number numbers[] = {{"x", 0}, {"more", FM__OPTIONAL}};
static const char *const sets[] = {"region,year", "unit", ""};

typedef struct kept {
  fm__rows *rows;
} kept;

static fm_status take(void *context, double *values, bool *keep, const fm__rows_place *place, fm_error *err)
{
  (void)context;
  if (values[0] == 99)
    return fm__rows_bad(place, 0, "an x other than 99", err);
  *keep = !(values[0] < 0);
  return FM_OK;
}

static bool fits(const void *context, const double *values)
{
  (void)context;
  return !(values[0] < 0);
}

static const fm__rows_kind kind = {.measure = "test.rows", .take = take, .fits = fits, .repeats = true};

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  static const fm__key extra[] = {{"of_unit", FM_CODE}, {"more", FM_F64}};
  fm__rows *rows = ((kept *)state)->rows;
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "test.rows", "rows", fm__rows_ids(rows, 0), extra, 2, err);
  for (size_t i = 0; i < fm__rows_n(rows) && status == FM_OK; i++) {
    size_t length = 0;
    fm__figure f = fm__figure_of("x", "money");
    fm__result_group(r, fm__rows_ids(rows, 0), fm__rows_id(rows, i, 0));
    const char *unit = fm__groups_text(fm__rows_ids(rows, 1), fm__rows_id(rows, i, 1), 0, &length);
    fm__result_key_text(r, 2, unit, length);
    fm__result_key_f64(r, 3, fm__rows_numbers(rows, i)[1]);
    if (isnan(fm__rows_numbers(rows, i)[1]))
      fm__result_key_null(r, 3);
    f.value = fm__rows_numbers(rows, i)[0];
    f.n = (int64_t)fm__rows_count(rows, i);
    fm__result_add(r, &f);
  }
  if (status == FM_OK)
    return fm__result_finish(r, out, err);
  fm__result_destroy(r);
  return status;
}

typedef struct nothing {
  size_t struct_size;
} nothing;
static const nothing defaults = {sizeof defaults};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  (void)spec;
  (void)text;
  return fm__rows_keep(&((kept *)state)->rows, &kind, numbers, 2, sets, 3, err);
}

static const fm__measure measure = {.id = "test.rows",
                                    .state_version = 1,
                                    .spec_name = "nothing",
                                    .defaults = &defaults,
                                    .spec_size = sizeof defaults,
                                    .state_size = sizeof(kept),
                                    .open = open,
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = fm__kept_destroy};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  return fm__measure_tally(out, &measure, NULL, err);
}

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

static const char *const columns[] = {"region:code", "year:i32", "unit:code", "x:f64", "more:i32"};
static const char *const cells[] = {
    "north", "2020", "b", "3",   "1", /**/
    "south", "2020", "a", "1.5", "",  /**/
    "north", "2020", "b", "3",   "1", /**/
    "",      "2020", "b", "",    "2", /* no region, no x */
    "north", "",     "b", "0",   "1", /**/
    "north", "2020", "a", "-1",  "1", /* left out */
    "east",  "2020", "c", "-1",  "1", /* left out, the only one of its group and unit */
    "north", "2020", "b", "-0",  "1", /**/
    "north", "2020", "b", "0",   "1", /**/
    "north", "2020", "b", "2",   "7", /**/
};

/* By hand: north 2020 (unit b: 0 twice, 2, 3 twice), north without a year, south, no region; missing keys and numbers
 * last; -0 is 0. */
START_TEST(canonical_order)
{
  static const struct {
    const char *region, *unit;
    double x, more, n;
  } expected[] = {{"north", "b", 0, 1, 2}, {"north", "b", 2, 7, 1},     {"north", "b", 3, 1, 2},
                  {"north", "b", 0, 1, 1}, {"south", "a", 1.5, NAN, 1}, {NULL, "b", NAN, 2, 1}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 5, cells, 10), *out;
  fm_tally *t = make(NULL);
  ck_assert(fm__rows_is_empty(((const kept *)fm__tally_state(t))->rows));
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&out, t, NULL, &err), &err);
  const fm__rows *rows = ((const kept *)fm__tally_state(t))->rows;
  ck_assert_uint_eq(fm_table_n_rows(out), 6);
  ck_assert_uint_eq(fm__groups_count(fm__rows_ids(rows, 0)), 5); /* east stays known */
  for (size_t i = 0; i < 6; i++) {
    const char *region = fm_test_text(out, "region", i);
    ck_assert(region == NULL ? expected[i].region == NULL : strcmp(region, expected[i].region) == 0);
    ck_assert_str_eq(fm_test_text(out, "of_unit", i), expected[i].unit);
    fm_assert_close("x", fm_test_number(out, "value", i), expected[i].x, 0, 0);
    fm_assert_close("more", fm_test_number(out, "more", i), expected[i].more, 0, 0);
    fm_assert_close("n", fm_test_number(out, "n", i), expected[i].n, 0, 0);
  }
  fm_table_destroy(out);
  fm_table_destroy(frame);
  fm_tally_destroy(t);
}
END_TEST

START_TEST(promises)
{
  fm_table *frame = fm_test_table(columns, 5, cells, 10);
  fm_test_tally(make, NULL, columns, 5, cells, 10);
  ck_assert_int_gt(fm_test_tally_allocations(create, NULL, frame), 20);
  fm_table_destroy(frame);
}
END_TEST

/* ---- many rows: long runs of equal leading fields, ties of every length ---- */

static const char *const names[] = {"k", "j", "w", "v"};

static fm_table *random_frame(unsigned *seed, size_t n, unsigned kinds)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "frame", &err), &err);
  for (size_t c = 0; c < 4; c++) {
    double *x = fm__array(n, sizeof *x);
    int32_t *y = fm__array(n, sizeof *y);
    for (size_t i = 0; i < n; i++) {
      *seed = *seed * 1103515245U + 12345U;
      unsigned v = (*seed >> 8) % kinds;
      x[i] = v == 0 ? NAN : (double)v * 0.25 - 3;
      y[i] = (int32_t)(v % 40);
    }
    fm_status status = c < 2 ? fm__table_own(t, names[c], FM_I32, y, NULL, n, &err)
                             : fm__table_own(t, names[c], FM_F64, x, NULL, n, &err);
    fm_assert_ok(status, &err);
    if (c < 2)
      fm__free(x);
    else
      fm__free(y);
  }
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static fm__rows *random_rows(void)
{
  static const fm__rows_number two[] = {{"w", 0}, {"v", 0}};
  static const char *const keys[] = {"k", "j"};
  fm_error err = FM_ERROR_INIT;
  fm__rows *rows;
  fm_assert_ok(fm__rows_create(&rows, two, 2, keys, 2, &err), &err);
  return rows;
}

/* Every pair of neighbours rises, nothing is lost, and adding twice is merging twice. */
START_TEST(many_rows)
{
  static const struct {
    size_t n;
    unsigned kinds;
  } cases[] = {{40, 2}, {3000, 3}, {3000, 1000}, {200000, 2}, {200000, 7}, {300000, 1u << 20}};
  fm_error err = FM_ERROR_INIT;
  unsigned seed = 20;
  fm_table *frame = random_frame(&seed, cases[_i].n, cases[_i].kinds);
  fm__rows *rows = random_rows(), *parts = random_rows();
  fm__bytes a = {0}, b = {0};
  fm_assert_ok(fm__rows_add(rows, frame, NULL, NULL, &err), &err);
  for (int round = 0; round < 2; round++) { /* the same twice, by merging: twice the counts */
    fm__rows *part = random_rows();
    fm_assert_ok(fm__rows_add(part, frame, NULL, NULL, &err), &err);
    fm_assert_ok(fm__rows_merge(parts, part, &err), &err);
    fm__rows_destroy(part);
  }
  fm_assert_ok(fm__rows_save(parts, &b, &err), &err);
  fm_assert_ok(fm__rows_add(rows, frame, NULL, NULL, &err), &err);
  fm_assert_ok(fm__rows_save(rows, &a, &err), &err);
  ck_assert(a.size == b.size && memcmp(a.data, b.data, a.size) == 0);
  uint64_t total = 0;
  for (size_t i = 0; i < fm__rows_n(rows); i++) {
    total += fm__rows_count(rows, i);
    ck_assert(fm__rows_count(rows, i) % 2 == 0);
    bool rising = i == 0;
    for (size_t k = 0; k < 2 && !rising; k++) {
      ck_assert(fm__rows_id(rows, i, k) >= fm__rows_id(rows, i - 1, k));
      rising = fm__rows_id(rows, i, k) > fm__rows_id(rows, i - 1, k);
    }
    for (size_t k = 0; k < 2 && !rising; k++) {
      uint64_t x = fm__order_key(fm__rows_numbers(rows, i - 1)[k]), y = fm__order_key(fm__rows_numbers(rows, i)[k]);
      ck_assert(y >= x);
      rising = y > x;
    }
    ck_assert(rising);
  }
  ck_assert_uint_eq(total, 2 * cases[_i].n);
  if (cases[_i].kinds == 2 && cases[_i].n > 1000)
    ck_assert_uint_eq(fm__rows_n(rows), 16);
  fm__reader r = {.data = a.data, .size = a.size};
  fm__rows *loaded = random_rows();
  fm__bytes c = {0};
  fm_assert_ok(fm__rows_load(loaded, &r, NULL, NULL, "test.rows", &err), &err);
  fm_assert_ok(fm__rows_save(loaded, &c, &err), &err);
  ck_assert(a.size == c.size && memcmp(a.data, c.data, a.size) == 0);
  fm__bytes_free(&a);
  fm__bytes_free(&b);
  fm__bytes_free(&c);
  fm__rows_destroy(rows);
  fm__rows_destroy(parts);
  fm__rows_destroy(loaded);
  fm_table_destroy(frame);
}
END_TEST

/* 31, 30, 31, 31, 30 of one unit are two rows as they come in, and 30 of another unit is a third; a frame that is
 * refused leaves the counts as they were. */
START_TEST(near_rows)
{
  static const char *const months[] = {"n", "1", "a", "31", "n", "1", "a", "30", "n", "1", "a", "31",
                                       "n", "1", "a", "31", "n", "1", "a", "30", "n", "1", "b", "30"};
  static const char *const refused[] = {"n", "1", "b", "30", "n", "1", "b", "99"};
  static const uint64_t counts[] = {3, 2, 1};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = make(NULL);
  fm_table *frame = fm_test_table(columns, 4, months, 6), *wrong = fm_test_table(columns, 4, refused, 2);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  ck_assert_int_eq(fm_tally_add(t, wrong, NULL, &err), FM_ERR_VALUE);
  const fm__rows *rows = ((const kept *)fm__tally_state(t))->rows;
  ck_assert_uint_eq(fm__rows_n(rows), 3);
  for (size_t i = 0; i < 3; i++)
    ck_assert_uint_eq(fm__rows_count(rows, i), counts[i]);
  fm_table_destroy(frame);
  fm_table_destroy(wrong);
  fm_tally_destroy(t);
}
END_TEST

/* ---- errors ---- */

START_TEST(bad_frames)
{
  static const struct {
    const char *label, *columns[4], *cells[8];
    fm_status status;
    int64_t row;
  } cases[] = {
      {"x 99",
       {"region:code", "year:i32", "unit:code", "x:i64"},
       {"n", "1", "a", "1", "s", "1", "b", "99"},
       FM_ERR_VALUE,
       1},
      {"x infinite",
       {"region:code", "year:i32", "unit:code", "x:f64"},
       {"n", "1", "a", "Inf", "s", "1", "b", "9"},
       FM_ERR_VALUE,
       0},
      {"x text",
       {"region:code", "year:i32", "unit:code", "x:code"},
       {"n", "1", "a", "1", "s", "1", "b", "9"},
       FM_ERR_TYPE,
       -1},
      {"no unit",
       {"region:code", "year:i32", "other:code", "x:f64"},
       {"n", "1", "a", "1", "s", "1", "b", "9"},
       FM_ERR_NOT_FOUND,
       -1},
      {"no x",
       {"region:code", "year:i32", "unit:code", "y:f64"},
       {"n", "1", "a", "1", "s", "1", "b", "9"},
       FM_ERR_NOT_FOUND,
       -1},
  };
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = make(NULL);
  fm_table *frame = fm_test_table(cases[_i].columns, 4, cases[_i].cells, 2);
  ck_assert_msg(fm_tally_add(t, frame, NULL, &err) == cases[_i].status, "%s: %s", cases[_i].label, err.message);
  ck_assert_int_eq(err.row, cases[_i].row);
  if (cases[_i].row >= 0)
    ck_assert_str_eq(err.column, "x");
  ck_assert(fm__rows_is_empty(((const kept *)fm__tally_state(t))->rows));
  fm_table_destroy(frame);
  fm_tally_destroy(t);
}
END_TEST

/* A column without a value is of no type: its numbers are missing. */
START_TEST(blank_column)
{
  static const char *const some[] = {"region:code", "year:i32", "unit:code", "x:code"};
  static const char *const blank[] = {"n", "1", "a", "", "s", "1", "b", ""};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = make(NULL);
  fm_table *frame = fm_test_table(some, 4, blank, 2);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  const fm__rows *rows = ((const kept *)fm__tally_state(t))->rows;
  ck_assert_uint_eq(fm__rows_n(rows), 2);
  ck_assert(isnan(fm__rows_numbers(rows, 0)[0]));
  fm_table_destroy(frame);
  fm_tally_destroy(t);
}
END_TEST

/* One id set, one number; two groups "a" and "b". */
START_TEST(impossible_bytes)
{
  static const struct {
    const char *label, *groups;
    uint32_t n_numbers, id[2];
    double x[2];
    uint64_t count, n;
  } cases[] = {
      {"as saved", "ab", 1, {0, 1}, {2, 1}, 1, 2},
      {"groups out of order", "ba", 1, {0, 1}, {2, 1}, 1, 2},
      {"other numbers", "ab", 2, {0, 1}, {2, 1}, 1, 2},
      {"rows out of order", "ab", 1, {1, 0}, {2, 1}, 1, 2},
      {"numbers out of order", "ab", 1, {0, 0}, {2, 1}, 1, 2},
      {"equal rows", "ab", 1, {0, 0}, {2, 2}, 1, 2},
      {"unknown group", "ab", 1, {0, 2}, {2, 1}, 1, 2},
      {"minus zero", "ab", 1, {0, 1}, {2, -0.0}, 1, 2},
      {"infinite", "ab", 1, {0, 1}, {2, INFINITY}, 1, 2},
      {"no count", "ab", 1, {0, 1}, {2, 1}, 0, 2},
      {"count beyond all", "ab", 1, {0, 1}, {2, 1}, UINT64_MAX, 2},
      {"does not fit", "ab", 1, {0, 1}, {2, -1}, 1, 2},
      {"fewer rows than promised", "ab", 1, {0, 1}, {2, 1}, 1, UINT64_MAX / 2},
  };
  static const fm__rows_number one[] = {{"x", 0}};
  static const char *const key[] = {"g"};
  fm_error err = FM_ERROR_INIT;
  fm__rows *rows;
  fm__bytes b = {0};
  fm_assert_ok(fm__rows_create(&rows, one, 1, key, 1, &err), &err);
  const uint32_t head[] = {cases[_i].n_numbers, 1, 1, 2};
  for (size_t i = 0; i < 4; i++)
    fm__bytes_u32(&b, head[i]);
  for (size_t i = 0; i < 2; i++) {
    fm__bytes_u8(&b, 1);
    fm__bytes_text(&b, cases[_i].groups + i, 1);
  }
  fm__bytes_u64(&b, cases[_i].n);
  for (size_t i = 0; i < 2; i++) {
    fm__bytes_u32(&b, cases[_i].id[i]);
    fm__bytes_f64(&b, cases[_i].x[i]);
    fm__bytes_u64(&b, cases[_i].count);
  }
  fm__reader r = {.data = b.data, .size = b.size};
  fm_status status = fm__rows_load(rows, &r, fits, NULL, "test.rows", &err);
  ck_assert_msg(status == (_i == 0 ? FM_OK : FM_ERR_FORMAT), "%s: %s", cases[_i].label, err.message);
  fm__bytes_free(&b);
  fm__rows_destroy(rows);
}
END_TEST

START_TEST(wrong_sets)
{
  static const char *const wrong[] = {"a,,b"};
  fm_error err = FM_ERROR_INIT;
  fm__rows *rows;
  ck_assert_int_eq(fm__rows_create(&rows, numbers, 2, wrong, 1, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(rows);
  fm__rows_destroy(NULL);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally-rows");
  TCase *t = tcase_create("rows");
  tcase_add_test(t, canonical_order);
  tcase_add_test(t, promises);
  tcase_add_test(t, blank_column);
  tcase_add_loop_test(t, many_rows, 0, 6);
  tcase_add_test(t, near_rows);
  tcase_add_loop_test(t, bad_frames, 0, 5);
  tcase_add_loop_test(t, impossible_bytes, 0, 13);
  tcase_add_test(t, wrong_sets);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
