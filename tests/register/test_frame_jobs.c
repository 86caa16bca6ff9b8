/* Frames of jobs: answers given and not, shortage by a dated list, what is refused. */
#include "register/frame_data.h"

/* As of 1 July 2024. The list of shortage occupations holds 5322 from 2024 on, and 7112. */
static const source tables[] = {
    {"persons", "person_id,observed_to\nA,\nB,\nC,\nD,2024-03-31\n"},
    {"employers", "employer_id,industry\nP,Q\nR,25\nS,\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end,hours_per_week,contract_type,occupation\n"
                   "1,A,P,fleksjob,2023-06-01,2023-12-31,10,permanent,5322\n"
                   "2,A,P,fleksjob,2024-01-01,,12,fast,5322\n"
                   "3,B,R,ordinary,2024-02-01,,37,fixed_term,9999\n"
                   "4,C,S,ordinary,2024-03-01,,,,\n"
                   "5,C,,internship,2024-01-01,2024-01-28,30,,5322\n"
                   "6,D,S,ordinary,2024-03-01,,20,handshake,7112\n"
                   "7,B,R,ordinary,2024-08-01,,37,,\n"},
};
#define HEAD                                                                                                           \
  "person_id,kind,start,hours_per_week,hours_wanted,reduced,permanent,agreement,new_position,shortage,services,"       \
  "running\n"

START_TEST(without_list)
{
  fm_frame_spec s = frame_spec("jobs", 2024, 7, 1);
  expect_frame("no list", tables, FM_COUNT(tables), &s,
               HEAD "A,fleksjob,2023-06-01,10,-,yes,yes,-,-,-,yes,no\n"
                    "A,fleksjob,2024-01-01,12,-,yes,yes,-,-,-,yes,yes\n"
                    "B,ordinary,2024-02-01,37,-,no,no,-,-,-,no,yes\n"
                    "C,ordinary,2024-03-01,-,-,no,-,-,-,-,-,yes\n"
                    "D,ordinary,2024-03-01,20,-,no,-,-,-,-,-,no\n");
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "shortage_list", "not_given");
  expect_note(t, "rows_of_other_kinds", "1");
  expect_note(t, "rows_after_as_of", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
  const source bare[] = {tables[0], {"placements", "placement_id,person_id,kind,start\n1,A,small_job,2024-01-01\n"}};
  expect_frame("bare", bare, 2, &s, HEAD "A,small_job,2024-01-01,-,-,no,-,-,-,-,-,yes\n");
}
END_TEST

static fm_register *with_list(void)
{
  static const char *const columns[] = {"code:code", "valid_from:date"}, *const cells[] = {"5322", "2024-01-01", "7112",
                                                                                           ""};
  fm_error err = FM_ERROR_INIT;
  fm_table *list = fm_test_table(columns, 2, cells, 2), *given[3];
  fm_codes *codes = NULL;
  fm_register *r = NULL;
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_assert_ok(fm_codes_from_table(&codes, "shortage_occupation", list, &err), &err);
  const fm_codes *lists[] = {codes};
  spec.codes = lists;
  spec.n_codes = 1;
  for (size_t k = 0; k < 3; k++)
    given[k] = table_of(&tables[k], false);
  fm_assert_ok(fm_register_from_tables(&r, NULL, (const fm_table *const *)given, 3, &spec, NULL, &err), &err);
  for (size_t k = 0; k < 3; k++)
    fm_table_destroy(given[k]);
  fm_codes_destroy(codes);
  fm_table_destroy(list);
  return r;
}

/* On the first day of each job; a blank occupation stays unknown. */
START_TEST(dated_list)
{
  fm_register *r = with_list();
  fm_frame_spec s = frame_spec("jobs", 2024, 7, 1);
  s.states = "ordinary fleksjob internship";
  fm_table *t = frame_of(r, &s);
  expect_note(t, "shortage_list", "given");
  static const int expected[] = {0, 1, 0, -1, 1, 1};
  size_t column = (size_t)fm_table_column_index(t, "shortage");
  ck_assert_uint_eq(fm_table_n_rows(t), 6);
  for (size_t i = 0; i < 6; i++) {
    ck_assert_int_eq(fm_table_is_null(t, column, i), expected[i] < 0);
    ck_assert(expected[i] < 0 || fm_table_bool(t, column)[i] == expected[i]);
  }
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  fm_register *r = register_of(tables, FM_COUNT(tables), false), *without = register_of(tables, 2, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  fm_frame_spec s = frame_spec("jobs", 2024, 7, 1);
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table placements"));
  fm_error_clear(&err);
  s.states = "nojob";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "no code list has \"nojob\""));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("jobs", 2024, 7, 1);
  expect_memory(tables, FM_COUNT(tables), &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_jobs");
  TCase *t = tcase_create("jobs");
  tcase_add_test(t, without_list);
  tcase_add_test(t, dated_list);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
