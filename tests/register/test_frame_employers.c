/* Frames of employers: starts by hand, employers without any, sections of industries, what is refused. */
#include "register/frame_data.h"
#include "register/frame_priv.h"

/* As of 1 July 2024. P hires A in 2022 and C in 2024, and takes on an intern before that; Q hires once; R never, and
 * its intern is no hire; the start with S is still to come. One start names no employer. */
static const source hires[] = {
    {"persons", "person_id,sex\nA,f\nB,m\nC,f\nD,m\n"},
    {"employers", "employer_id,sector,headcount,industry,municipality\n"
                  "P,private,249,471110,Demo\nQ,public,300,O,Demo\nR,private,5,47.11,Other\nS,,,,Demo\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end\n"
                   "1,A,P,fleksjob,2022-03-01,2022-12-31\n"
                   "2,C,P,ordinary,2024-02-01,\n"
                   "3,B,P,internship,2021-01-01,2021-01-31\n"
                   "4,B,Q,wage_subsidy,2024-03-01,\n"
                   "5,B,R,internship,2023-01-01,2023-01-31\n"
                   "6,D,S,ordinary,2024-08-01,\n"
                   "7,D,,ordinary,2024-05-01,\n"},
};
#define HIRES hires, FM_COUNT(hires)
#define HEAD                                                                                                           \
  "employer_id,person_id,start,employer_since,sector,size_class,sme,headcount,social_enterprise,target_group_staff"

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("employers", 2024, 7, 1);
  expect_frame("paid work", HIRES, &s,
               HEAD "\n"
                    "-,D,2024-05-01,-,unknown,-,-,-,-,-\n"
                    "P,A,2022-03-01,2022-03-01,private,medium,yes,249,-,-\n"
                    "P,C,2024-02-01,2022-03-01,private,medium,yes,249,-,-\n"
                    "Q,B,2024-03-01,2024-03-01,public,large,no,300,-,-\n"
                    "R,-,-,-,private,micro,yes,5,-,-\n"
                    "S,-,-,-,unknown,-,-,-,-,-\n");
  s.states = "internship";
  s.by = "industry_section,sex";
  s.filter = "start <= 2022-12-31";
  expect_frame("interns", HIRES, &s,
               HEAD ",industry_section,sex\nP,B,2021-01-01,2021-01-01,private,medium,yes,249,-,-,G,male\n");
  fm_register *r = register_of(HIRES, false);
  s = frame_spec("employers", 2024, 7, 1);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_of_other_kinds", "2");
  expect_note(t, "rows_after_as_of", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* Employers are told apart by what placements call them where there is no table of them. */
START_TEST(without_table)
{
  const source some[] = {hires[0], hires[2]};
  fm_frame_spec s = frame_spec("employers", 2024, 7, 1);
  expect_frame("no table", some, 2, &s,
               HEAD "\n"
                    "-,D,2024-05-01,-,unknown,-,-,-,-,-\n"
                    "P,A,2022-03-01,2022-03-01,unknown,-,-,-,-,-\n"
                    "P,C,2024-02-01,2022-03-01,unknown,-,-,-,-,-\n"
                    "Q,B,2024-03-01,2024-03-01,unknown,-,-,-,-,-\n");
  const source bare[] = {hires[0], {"placements", "placement_id,person_id,kind,start\n1,A,ordinary,2024-01-01\n"}};
  expect_frame("no column", bare, 2, &s, HEAD "\n-,A,2024-01-01,-,unknown,-,-,-,-,-\n");
}
END_TEST

START_TEST(sections)
{
  static const struct {
    const char *text, *section;
  } row[] = {{"A", "A"},   {"u", "U"},      {"01", "A"},      {"03.11", "A"}, {"0111", "A"},   {"04", NULL},
             {"00", NULL}, {"10", "C"},     {"33", "C"},      {"34", NULL},   {"471110", "G"}, {"47.11.10", "G"},
             {"64", "K"},  {"63", "J"},     {"99", "U"},      {"1", NULL},    {"47111", NULL}, {"4711100", NULL},
             {"G47", "G"}, {"G47.11", "G"}, {"Handel", NULL}, {"Z", NULL},    {"84x", NULL},   {"Z9", NULL}};
  fm_register *r = register_of(HIRES, false);
  const fm_codes *codes = fm_register_codes(r, "industry_section");
  for (int k = 0; k < FM_COUNT(row); k++) {
    int64_t entry = fm__industry_section(codes, row[k].text, strlen(row[k].text), FM_NO_DATE);
    const char *got = entry >= 0 ? fm_codes_code(codes, entry) : NULL;
    ck_assert_msg(row[k].section == NULL ? got == NULL : got != NULL && strcmp(got, row[k].section) == 0, "%s: got %s",
                  row[k].text, got == NULL ? "none" : got);
  }
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *states, *message;
    fm_status status;
  } row[] = {{"flexyjob", "no code list has \"flexyjob\"", FM_ERR_NOT_FOUND},
             {"ordinary !ordinary", "leaves no word of the code list placement_kind", FM_ERR_NOT_FOUND}};
  fm_register *r = register_of(HIRES, false), *without = register_of(hires, 2, false);
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec s = frame_spec("employers", 2024, 7, 1);
  fm_table *t = NULL;
  for (int k = 0; k < FM_COUNT(row); k++) {
    s.states = row[k].states;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), row[k].status);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%s", err.message);
    fm_error_clear(&err);
  }
  s.states = NULL;
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table placements"));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("employers", 2024, 7, 1);
  s.by = "industry_section";
  expect_memory(HIRES, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_employers");
  TCase *t = tcase_create("employers");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, without_table);
  tcase_add_test(t, sections);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
