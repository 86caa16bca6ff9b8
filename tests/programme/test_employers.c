/* Employers: by hand with and without a period, what is not given, what is refused, any split and order. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"employer_id:code",
                                      "person_id:code",
                                      "start:date",
                                      "employer_since:date",
                                      "sector:code",
                                      "sme:bool",
                                      "headcount:i64",
                                      "social_enterprise:bool",
                                      "target_group_staff:i64",
                                      "region:code"};
/* In 2024: P hires a and b, having hired in 2022; Q hires c twice, for the first time; R and U hire for the first time;
 * one start names nobody. S hired in 2023, T never. Starts 2 + 2 + 1 + 1 + 1 = 7 of people a, b, c, d, f; employers P,
 * Q, R, U; new Q, R, U; again P, Q (on a later day than the first). Local firms P, Q, R, S, T, U: 100 * 4 / 6. Private
 * P, R, of which R of unknown size. Social P, U: 12 + 3 of 20 + 10 staff. Largest 2 of 6 starts with an employer. */
static const char *const cells[] = {
    "P", "a", "2024-02-01", "2022-05-01", "private", "1", "20",  "1", "12", "n", /**/
    "P", "b", "2024-03-01", "2022-05-01", "private", "1", "20",  "1", "12", "n", /**/
    "Q", "c", "2024-04-01", "2024-04-01", "public",  "0", "300", "0", "",   "n", /**/
    "Q", "c", "2024-06-01", "2024-04-01", "public",  "0", "300", "0", "",   "n", /**/
    "R", "d", "2024-05-01", "2024-05-01", "private", "",  "",    "",  "",   "s", /**/
    "S", "e", "2023-12-01", "2023-12-01", "private", "",  "",    "1", "4",  "s", /**/
    "T", "",  "",           "",           "private", "1", "9",   "0", "0",  "s", /**/
    "",  "a", "2024-07-01", "",           "unknown", "",  "",    "",  "",   "s", /**/
    "U", "f", "2024-08-01", "2024-08-01", "unknown", "1", "10",  "1", "3",  "s",
};
enum { N_COLUMNS = 10, N = 9 };

typedef struct expectation {
  const char *quantity;
  double value, n, people; /* -1: null */
  const char *state;
} expectation;

static fm_programme_employers_spec year_2024(void)
{
  fm_programme_employers_spec s = FM_PROGRAMME_EMPLOYERS_SPEC_INIT;
  s.period_start = fm_date_from_ymd(2024, 1, 1);
  s.period_end = fm_date_from_ymd(2024, 12, 31);
  return s;
}

static fm_table *figures(const fm_programme_employers_spec *spec, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, n), *out;
  fm_assert_ok(fm_programme_employers(&out, frame, spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static void expect(const fm_table *t, const expectation *e, int n)
{
  for (int k = 0; k < n; k++) {
    size_t row = fm_test_row(t, "quantity", e[k].quantity, NULL, NULL, NULL, NULL);
    fm_assert_close(e[k].quantity, fm_test_number(t, "value", row), e[k].value, 1e-15, 0);
    fm_assert_close(e[k].quantity, fm_test_number(t, "n", row), e[k].n >= 0 ? e[k].n : (double)NAN, 0, 0);
    fm_assert_close(e[k].quantity, fm_test_number(t, "people", row), e[k].people >= 0 ? e[k].people : (double)NAN, 0,
                    0);
    ck_assert_msg(strcmp(fm_test_text(t, "state", row), e[k].state) == 0, "%s: %s", e[k].quantity,
                  fm_test_text(t, "state", row));
  }
}

START_TEST(hand_worked)
{
  static const expectation expected[] = {{"starts", 7, 7, 5, "ok"},
                                         {"people", 5, 7, 5, "ok"},
                                         {"starts_without_employer", 1, 1, 1, "ok"},
                                         {"employers", 4, 4, 5, "ok"},
                                         {"new_employers", 3, 3, 3, "ok"},
                                         {"new_share", 0.75, 4, 5, "ok"},
                                         {"hiring_again", 2, 2, 3, "ok"},
                                         {"hiring_again_share", 0.5, 4, 5, "ok"},
                                         {"local_firms", 6, 6, -1, "ok"},
                                         {"employers_per_100_local", 100 * 4.0 / 6, 6, 5, "ok"},
                                         {"private", 2, 2, 3, "ok"},
                                         {"public", 1, 1, 1, "ok"},
                                         {"unknown_sector", 1, 1, 1, "ok"},
                                         {"sme", 1, 1, 2, "ok"},
                                         {"size_unknown", 1, 1, 1, "ok"},
                                         {"sme_share", 1, 1, 3, "ok"},
                                         {"social_enterprises", 2, 2, 3, "ok"},
                                         {"social_unknown", 1, 1, 1, "ok"},
                                         {"social_staff_unknown", 0, 0, 0, "ok"},
                                         {"social_staff", 30, 30, 3, "ok"},
                                         {"social_target_staff", 15, 15, 3, "ok"},
                                         {"target_group_share", 0.5, 30, 3, "ok"},
                                         {"largest_share", 2.0 / 6, 6, 5, "ok"},
                                         {"five_largest_share", 1, 6, 5, "ok"}};
  fm_programme_employers_spec spec = year_2024();
  spec.table_is_local = 1;
  fm_table *out = figures(&spec, N);
  ck_assert_uint_eq(fm_table_n_rows(out), sizeof expected / sizeof expected[0]);
  expect(out, expected, FM_COUNT(expected));
  size_t start = (size_t)fm_table_column_index(out, "period_start"),
         end = (size_t)fm_table_column_index(out, "period_end");
  for (size_t i = 0; i < fm_table_n_rows(out); i++) {
    ck_assert_int_eq(fm_table_i32(out, start)[i], spec.period_start);
    ck_assert_int_eq(fm_table_i32(out, end)[i], spec.period_end);
  }
  fm_table_destroy(out);
}
END_TEST

/* Without a period all starts count and nobody is new; without a number of firms there is no figure per 100. */
START_TEST(not_given)
{
  static const expectation expected[] = {{"starts", 8, 8, 6, "ok"},
                                         {"employers", 5, 5, 6, "ok"},
                                         {"new_employers", NAN, 0, 0, "not_given"},
                                         {"new_share", NAN, 0, 6, "not_given"},
                                         {"hiring_again", 2, 2, 3, "ok"},
                                         {"local_firms", NAN, -1, -1, "not_given"},
                                         {"employers_per_100_local", NAN, -1, 6, "not_given"},
                                         {"social_staff_unknown", 1, 1, 1, "ok"}};
  fm_table *out = figures(NULL, N);
  expect(out, expected, FM_COUNT(expected));
  fm_table_destroy(out);
  fm_programme_employers_spec spec = FM_PROGRAMME_EMPLOYERS_SPEC_INIT;
  spec.local_firms = 250;
  static const expectation local[] = {{"local_firms", 250, 250, -1, "ok"},
                                      {"employers_per_100_local", 2, 250, 6, "ok"}};
  out = figures(&spec, N);
  expect(out, local, FM_COUNT(local));
  fm_table_destroy(out);
}
END_TEST

/* R alone tells neither its size nor whether it is a social enterprise; columns may be absent altogether. */
START_TEST(untold)
{
  static const char *const few[] = {"employer_id:code", "person_id:code", "start:date", "employer_since:date",
                                    "sector:code"};
  static const char *const row[] = {"R", "d", "2024-05-01", "2024-05-01", "private"};
  static const expectation expected[] = {
      {"sme", NAN, 0, 0, "not_given"},          {"size_unknown", 1, 1, 1, "ok"},
      {"sme_share", NAN, 0, 1, "not_given"},    {"social_enterprises", NAN, 0, 0, "not_given"},
      {"social_unknown", 1, 1, 1, "ok"},        {"social_staff_unknown", NAN, 0, 0, "not_given"},
      {"social_staff", NAN, 0, 0, "not_given"}, {"target_group_share", NAN, 0, 0, "not_given"},
      {"largest_share", 1, 1, 1, "ok"}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(few, 5, row, 1), *out;
  fm_assert_ok(fm_programme_employers(&out, frame, NULL, NULL, &err), &err);
  expect(out, expected, FM_COUNT(expected));
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

/* Q alone is no social enterprise; S tells no headcount, T's staff of 0 has no share. */
START_TEST(empty_ones)
{
  static const expectation none[] = {{"starts", 0, 0, 0, "ok"},
                                     {"employers", 0, 0, 0, "ok"},
                                     {"new_share", NAN, 0, 0, "empty"},
                                     {"sme", 0, 0, 0, "ok"},
                                     {"sme_share", NAN, 0, 0, "empty"},
                                     {"social_enterprises", NAN, 0, 0, "empty"},
                                     {"social_staff", NAN, 0, 0, "empty"},
                                     {"largest_share", NAN, 0, 0, "empty"}};
  static const expectation public[] = {{"social_enterprises", 0, 0, 0, "ok"},
                                       {"social_staff", NAN, 0, 0, "empty"},
                                       {"target_group_share", NAN, 0, 0, "empty"},
                                       {"sme", 0, 0, 0, "ok"},
                                       {"sme_share", NAN, 0, 0, "empty"}};
  static const char *const nobody[] = {"T", "a", "2024-05-01", "2024-05-01", "private", "1", "0", "1", "0", "n"};
  static const expectation zero[] = {{"social_staff", 0, 0, 1, "ok"}, {"target_group_share", NAN, 0, 1, "empty"}};
  fm_programme_employers_spec spec = year_2024();
  fm_error err = FM_ERROR_INIT;
  fm_table *out = figures(&spec, 0), *frame = fm_test_table(columns, N_COLUMNS, cells + 2 * N_COLUMNS, 2);
  expect(out, none, FM_COUNT(none));
  fm_table_destroy(out);
  fm_assert_ok(fm_programme_employers(&out, frame, &spec, NULL, &err), &err);
  expect(out, public, FM_COUNT(public));
  fm_table_destroy(out);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, N_COLUMNS, nobody, 1);
  fm_assert_ok(fm_programme_employers(&out, frame, &spec, NULL, &err), &err);
  expect(out, zero, FM_COUNT(zero));
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    int column;
    const char *cell, *message;
  } row[] = {{3, "2024-02-02", "column employer_since, row 0: expected the employer's first start"},
             {6, "-1", "column headcount, row 0: expected a whole number of people"},
             {8, "-2", "column target_group_staff, row 0: expected a whole number of people"},
             {8, "21", "column target_group_staff, row 0: expected at most the headcount"}};
  const char *one[N_COLUMNS];
  memcpy(one, cells, sizeof one);
  one[row[_i].column] = row[_i].cell;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, one, 1), *out = NULL;
  ck_assert_int_eq(fm_programme_employers(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_msg(strstr(err.message, row[_i].message) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_spec)
{
  fm_programme_employers_spec start;
  fm_programme_employers_spec_init(&start, sizeof start);
  ck_assert(isnan(start.local_firms));
  fm_programme_employers_spec specs[6] = {start, start, start, start, start, start};
  static const char *const messages[] = {"the period ends before it begins",
                                         "table_is_local must be 0 or 1",
                                         "local_firms: expected a whole number",
                                         "local_firms is one number for all employers",
                                         "local_firms is one number for all employers",
                                         "level is expected between 0 and 1"};
  specs[0].period_start = 10;
  specs[0].period_end = 9;
  specs[1].table_is_local = 2;
  specs[2].local_firms = 0.5;
  specs[3].local_firms = 10;
  specs[3].by = "sector";
  specs[4].local_firms = 10;
  specs[4].table_is_local = 1;
  specs[5].level = NAN;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = NULL;
  ck_assert_int_eq(fm_programme_employers_tally(&t, &specs[_i], &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, messages[_i]) != NULL, "%s", err.message);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_employers_spec spec = year_2024();
  spec.by = ctx;
  spec.table_is_local = 1;
  return fm_programme_employers_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "region,sector";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, N_COLUMNS, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-employers");
  TCase *t = tcase_create("employers");
  tcase_add_test(t, hand_worked);
  tcase_add_test(t, not_given);
  tcase_add_test(t, untold);
  tcase_add_test(t, empty_ones);
  tcase_add_loop_test(t, wrong, 0, 4);
  tcase_add_loop_test(t, bad_spec, 0, 6);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
