#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "target_group:code", "began:bool"};
/* Four people in refugee (p1 listed twice, begun on one of the rows), three in cash_benefit, p1 in both; one without a
 * group. Distinct people: 7; begun: p1, p2, p5 = 3. */
static const char *const cells[] = {
    "p1", "refugee",
    "0", /**/
    "p1", "refugee",
    "1", /**/
    "p2", "refugee",
    "1", /**/
    "p3", "refugee",
    "0", /**/
    "p4", "refugee",
    "0", /**/
    "p1", "cash_benefit",
    "1", /**/
    "p5", "cash_benefit",
    "1", /**/
    "p6", "cash_benefit",
    "0", /**/
    "p7", "",
    "",
};
enum { N = 9 };

static double value(const fm_table *t, const char *group, const char *quantity, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, "target_group", group, NULL, NULL));
}

START_TEST(by_group)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, N), *out;
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = "target_group";
  fm_assert_ok(fm_programme_people(&out, frame, &spec, NULL, &err), &err);
  fm_assert_close("refugees", value(out, "refugee", "people", "value"), 4, 0, 0);
  fm_assert_close("begun", value(out, "refugee", "began", "value"), 2, 0, 0);
  fm_assert_close("share", value(out, "refugee", "began_share", "value"), 0.5, 0, 0);
  fm_assert_close("cash benefit", value(out, "cash_benefit", "people", "value"), 3, 0, 0);
  /* Wilson 2 of 4, z = 1.959964: (2 + z^2/2 -+ z sqrt(2*2/4 + z^2/4)) / (4 + z^2) = 0.15004 to 0.84996 */
  fm_assert_close("low", value(out, "refugee", "began_share", "ci_low"), 0.15003898915214947, 1e-12, 0);
  fm_assert_close("high", value(out, "refugee", "began_share", "ci_high"), 0.84996101084785053, 1e-12, 0);
  ck_assert_str_eq(fm_test_text(out, "target_group", 0), "cash_benefit");
  ck_assert_ptr_null(fm_test_text(out, "target_group", 6)); /* missing comes last */
  fm_table_destroy(out);
  spec.by = NULL;
  fm_assert_ok(fm_programme_people(&out, frame, &spec, NULL, &err), &err);
  fm_assert_close("each person once", fm_test_number(out, "value", 0), 7, 0, 0);
  fm_assert_close("begun once", fm_test_number(out, "value", 1), 3, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(nobody)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 0), *out;
  fm_assert_ok(fm_programme_people(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 3);
  fm_assert_close("nobody", fm_test_number(out, "value", 0), 0, 0, 0);
  ck_assert_str_eq(fm_test_text(out, "state", 2), "empty");
  ck_assert(isnan(fm_test_number(out, "value", 2)));
  fm_table_destroy(out);
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = "target_group";
  fm_assert_ok(fm_programme_people(&out, frame, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_frames)
{
  static const char *const without_id[] = {"", "refugee", "1"};
  static const char *const no_began[] = {"person_id:code", "began:i32"};
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *frame = fm_test_table(columns, 3, without_id, 1);
  ck_assert_int_eq(fm_programme_people(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.column, "person_id");
  ck_assert_int_eq(err.row, 0);
  fm_table_destroy(frame);
  fm_error_clear(&err);
  frame = fm_test_table(no_began, 2, without_id + 1, 1);
  ck_assert_int_eq(fm_programme_people(&out, frame, NULL, NULL, &err), FM_ERR_TYPE);
  fm_table_destroy(frame);
  fm_error_clear(&err);
  frame = fm_test_table(columns, 1, cells, 1);
  ck_assert_int_eq(fm_programme_people(&out, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "began"));
  fm_table_destroy(frame);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_people_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "target_group";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, 3, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, 3, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-people");
  TCase *t = tcase_create("people");
  tcase_add_test(t, by_group);
  tcase_add_test(t, nobody);
  tcase_add_test(t, promises);
  tcase_add_test(t, bad_frames);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
