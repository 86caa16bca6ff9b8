/* A measure that is its columns, its spec and its result: what it says of a row is what is refused, filled, left out.
 */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* Hours of people; without hours there are none, above 37 they are the spec's `most`. */
typedef struct hours {
  fm__rows *rows;
  double most;
} hours;
typedef struct hours_spec {
  size_t struct_size;
  double most;
} hours_spec;
static const hours_spec defaults = {sizeof defaults, 37};

enum { HOURS, DAYS };
enum { BY, PERSON };

static bool fill(const void *state, double *x)
{
  const hours *t = state;
  x[HOURS] = isnan(x[HOURS]) ? 0 : fmin(x[HOURS], t->most);
  return x[DAYS] != 0;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  const hours *t = state;
  *at = HOURS;
  if (!(x[HOURS] >= 0 && x[HOURS] <= t->most))
    return "hours of 0 or more";
  *at = DAYS;
  return x[DAYS] > 0 ? NULL : "days of 0 or more";
}

static fm_status check(const void *state, const fm_table *frame, fm_error *err)
{
  (void)state;
  if (fm_table_column_index(frame, "late") < 0)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "column late: expected none");
}

static const fm__rows_kind kind = {
    .measure = "test.hours", .check = check, .wrong = wrong, .fill = fill, .id_expected = "a person", .id = PERSON};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[] = {{"hours", 0}, {"days", 0}};
  static const char *const ids[] = {"region", "person_id"};
  (void)text;
  ((hours *)state)->most = ((const hours_spec *)spec)->most;
  return fm__rows_keep(&((hours *)state)->rows, &kind, numbers, 2, ids, 2, err);
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const fm__rows *rows = ((hours *)state)->rows;
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(((hours *)state)->rows, err);
  (void)run;
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "test.hours", "rows", fm__rows_ids(rows, BY), NULL, 0, err);
  for (size_t i = 0; i < fm__rows_n(rows) && status == FM_OK; i++) {
    fm__figure f = fm__figure_of("hours", "hours");
    fm__result_group(r, fm__rows_ids(rows, BY), fm__rows_id(rows, i, BY));
    f.value = fm__rows_numbers(rows, i)[HOURS] * fm__rows_numbers(rows, i)[DAYS];
    f.n = (int64_t)fm__rows_count(rows, i);
    fm__result_add(r, &f);
  }
  if (status == FM_OK)
    return fm__result_finish(r, out, err);
  fm__result_destroy(r);
  return status;
}

static const fm__field fields[] = {FM__FIELD(hours_spec, most, FM__FIELD_F64)};
static const fm__measure measure = {.id = "test.hours",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(hours_spec, hours),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = fm__kept_destroy};

static const char *const columns[] = {"region:code", "person_id:code", "hours:f64", "days:f64"};

static fm_status create(fm_tally **out, void *spec, fm_error *err)
{
  return fm__measure_tally(out, &measure, spec, err);
}

static fm_tally *make(void *spec)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(create(&t, spec, &err), &err);
  return t;
}

/* By hand: b of A works 10 x 2 = 20; a of A, without hours, 0 x 3; c of B 40 hours, of which 37 count, on 1 day. d has
 * no days and is left out, before it is seen that nobody is named. */
START_TEST(promises)
{
  static const char *const cells[] = {"A", "b", "10", "2", "A", "a", "", "3", "B", "c", "40", "1", "B", "", "5", "0"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 4, cells, 4), *out;
  fm_assert_ok(fm__measure_once(&out, &measure, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 3);
  static const double expected[] = {0, 20, 37};
  for (size_t i = 0; i < 3; i++)
    ck_assert(fm_test_number(out, "value", i) == expected[i]);
  fm_table_destroy(out);
  fm_test_tally(make, NULL, columns, 4, cells, 4);
  ck_assert_int_ge(fm_test_tally_allocations(create, NULL, frame), 10);
  fm_table_destroy(frame);
}
END_TEST

static const struct {
  const char *label, *cells[4], *column, *expected;
} refused[] = {
    {"a number", {"A", "a", "-1", "2"}, "hours", "column hours, row 0: expected hours of 0 or more; found -1"},
    {"a further number", {"A", "a", "1", "-2"}, "days", "column days, row 0: expected days of 0 or more; found -2"},
    {"no number", {"A", "a", "1", ""}, "days", "column days, row 0: expected days of 0 or more; found no value"},
    {"nobody", {"A", "", "1", "2"}, "person_id", "column person_id, row 0: expected a person; found no value"},
};

START_TEST(bad_rows)
{
  static const char *const good[] = {"A", "a", "1", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 4, refused[_i].cells, 1), *first = fm_test_table(columns, 4, good, 1);
  fm_tally *t = make(NULL), *same = make(NULL);
  fm_table *out, *expected;
  fm_assert_ok(fm_tally_add(t, first, NULL, &err), &err);
  ck_assert_int_eq(fm_tally_add(t, frame, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strcmp(err.message, refused[_i].expected) == 0, "%s: %s", refused[_i].label, err.message);
  ck_assert_str_eq(err.column, refused[_i].column);
  ck_assert_int_eq(err.row, 0);
  fm_assert_ok(fm_tally_add(same, first, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&out, t, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&expected, same, NULL, &err), &err);
  fm_assert_same_table(refused[_i].label, out, expected);
  fm_table_destroy(out);
  fm_table_destroy(expected);
  fm_table_destroy(frame);
  fm_table_destroy(first);
  fm_tally_destroy(t);
  fm_tally_destroy(same);
}
END_TEST

/* A frame can be refused as a whole. */
START_TEST(bad_frame)
{
  static const char *const more[] = {"region:code", "person_id:code", "hours:f64", "days:f64", "late:f64"};
  static const char *const cells[] = {"A", "a", "1", "2", "1"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(more, 5, cells, 1);
  fm_tally *t = make(NULL);
  ck_assert_int_eq(fm_tally_add(t, frame, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert(fm__tally_is_empty(t));
  fm_table_destroy(frame);
  fm_tally_destroy(t);
}
END_TEST

/* The state, as it is saved, read into one of another spec: 37 hours are above its most. */
START_TEST(impossible_bytes)
{
  static const char *const cells[] = {"A", "a", "38", "2"};
  const hours_spec less = {sizeof less, 30};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 4, cells, 1);
  fm_tally *t = make(NULL), *other = make((void *)(uintptr_t)&less);
  fm__bytes b = {0};
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm__kept_save(fm__tally_state(t), &b, &err), &err);
  fm__reader r = {.data = b.data, .size = b.size};
  ck_assert_int_eq(fm__kept_load(fm__tally_state(other), &r, &err), FM_ERR_FORMAT);
  ck_assert_str_eq(err.message, "the saved tally of test.hours is damaged: row 0 is impossible");
  fm__bytes_free(&b);
  fm_table_destroy(frame);
  fm_tally_destroy(t);
  fm_tally_destroy(other);
  fm__kept_destroy(NULL);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally rows_measure");
  TCase *t = tcase_create("rows_measure");
  tcase_add_test(t, promises);
  tcase_add_loop_test(t, bad_rows, 0, FM_COUNT(refused));
  tcase_add_test(t, bad_frame);
  tcase_add_test(t, impossible_bytes);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
