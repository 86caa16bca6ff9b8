/* What frames read from a register: links, days, codes on a date, rows of a person. */
#include <string.h>

#include "folder.h"
#include "register/register_priv.h"

static const test_file files[] = {
    {"persons.csv",
     "person_id,observed_from,observed_to,target_group\nB,2023-01-01,2024-06-30,\nA,,,flygtning\n"
     "C,,,somebody\n",
     0},
    {"employers.csv", "employer_id,sector\nE2,kommunal\nE1,Privat\n", 0},
    {"initiatives.csv", "initiative_id,start\nI1,2024-01-01\n", 0},
    {"placements.csv",
     "placement_id,person_id,employer_id,kind,start,end,initiative_id\n"
     "J1,A,E1,Flexjob,2024-05-01,,I1\n"
     "J2,B,,ordinær ansættelse,2024-01-01,2024-01-31,\n"
     "J3,A,E2,internship,2024-01-01,2024-01-31,\n"
     "J4,A,E2,fleksjob,1990-01-01,1990-01-31,\n"
     "J5,A,E2,nonsense,2024-01-01,2024-01-15,\n",
     0},
    {"supports.csv", "person_id,kind,start,placement_id\nA,mentor,2024-01-01,J3\nB,mentor,2024-01-01,\n", 0},
    {"spells.csv",
     "person_id,start,end,state\nB,2024-01-01,,employment\nA,2024-02-01,,kontanthjælp\n"
     "A,2023-01-01,2023-12-31,fleksjob\n",
     0},
    {"participants.csv",
     "initiative_id,person_id,joined_on,decision\nI1,A,2024-01-01,bevilget\nI1,B,,Takket nej\nI1,C,,?\n", 0},
    {"goals.csv", "goal_id,measure,goal,start,deadline\ng1,m,3,2024-01-01,2024-12-31\ng2,m,3,2024-01-01,2024-12-31\n",
     0},
    {"counts.csv", "goal_id,as_of,done\ng2,2024-09-01,1\n", 0},
    {NULL, NULL, 0}};

static fm_register *read_folder(const test_file *list)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  char *folder = test_folder(list);
  fm_assert_ok(fm_register_read(&r, NULL, folder, NULL, NULL, &err), &err);
  test_folder_remove(folder);
  return r;
}

START_TEST(test_links)
{
  fm_register *r = read_folder(files);
  const fm__part *p = &r->part[FM__PLACEMENTS];
  static const uint32_t person[] = {1, 0, 1, 1, 1}, employer[] = {1, FM__NO_ROW, 0, 0, 0};
  for (size_t i = 0; i < 5; i++) {
    ck_assert_uint_eq(p->person[i], person[i]);
    ck_assert_uint_eq(p->employer[i], employer[i]);
    ck_assert_uint_eq(p->initiative[i], i == 0 ? 0 : FM__NO_ROW);
  }
  ck_assert_ptr_null(p->goal);
  ck_assert_uint_eq(r->part[FM__SUPPORTS].placement[0], 2);
  ck_assert_uint_eq(r->part[FM__SUPPORTS].placement[1], FM__NO_ROW);
  ck_assert_uint_eq(r->part[FM__COUNTS].goal[0], 1);
  ck_assert_uint_eq(r->part[FM__PERSONS].n_rows, 3);
  ck_assert_ptr_null(r->part[FM__MEMBERS].table);
  ck_assert_ptr_null(fm_register_table(r, "members"));
  ck_assert_ptr_null(fm_register_table(r, "nobody"));
  ck_assert_ptr_null(fm_register_table(r, NULL));
  ck_assert_ptr_eq(fm_register_table(r, "placements"), p->table);
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_codes)
{
  static const char *const kinds[] = {"fleksjob", "ordinary", "internship", "fleksjob", "nonsense"};
  static const bool work[] = {true, true, false, false, false}, subsidised[] = {true, false, false, false, false};
  fm_register *r = read_folder(files);
  const fm_table *t = fm_register_table(r, "placements");
  size_t kind = fm__register_column(r, FM__PLACEMENTS, "kind");
  const fm_codes *codes;
  for (size_t i = 0; i < 5; i++) {
    ck_assert_str_eq(fm_test_text(t, "kind", i), kinds[i]);
    ck_assert_msg(fm__placement_is_work(r, i) == work[i], "placement %zu", i);
    ck_assert_msg(fm__placement_is_subsidised(r, i) == subsidised[i], "placement %zu", i);
  }
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "employers"), "sector", 0), "public");
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "employers"), "sector", 1), "private");
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "persons"), "target_group", 1), "refugee");
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "persons"), "target_group", 2), "somebody");
  static const char *const decisions[] = {"accepted", "declined", "?"};
  for (size_t i = 0; i < 3; i++)
    ck_assert_str_eq(fm_test_text(fm_register_table(r, "participants"), "decision", i), decisions[i]);
  ck_assert(fm__spell_is_work(r, 0));
  ck_assert(!fm__spell_is_work(r, 1));
  ck_assert(fm__spell_is_work(r, 2) && fm__spell_is_subsidised(r, 2) && !fm__spell_is_subsidised(r, 0));
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "spells"), "state", 1), "cash_benefit");
  int64_t entry = fm__register_entry(r, FM__PLACEMENTS, kind, 0, fm_date_from_ymd(2024, 1, 1), &codes);
  ck_assert_str_eq(fm_codes_code(codes, entry), "fleksjob");
  ck_assert_int_eq(fm__register_entry(r, FM__PLACEMENTS, kind, 3, fm_date_from_ymd(1990, 1, 1), NULL),
                   FM_CODE_NOT_VALID);
  ck_assert_int_eq(fm__register_entry(r, FM__PLACEMENTS, kind, 4, FM_NO_DATE, NULL), FM_CODE_UNKNOWN);
  ck_assert_int_eq(fm__register_entry(r, FM__PLACEMENTS, FM__NO_COLUMN, 4, FM_NO_DATE, NULL), FM_CODE_UNKNOWN);
  ck_assert_int_eq(fm__register_entry(r, FM__PERSONS, 3, 0, FM_NO_DATE, NULL), FM_CODE_UNKNOWN);
  ck_assert_ptr_nonnull(fm_register_codes(r, "goal_counts"));
  ck_assert_ptr_nonnull(fm_register_codes(r, "firm_size"));
  ck_assert_ptr_null(fm_register_codes(r, "education"));
  ck_assert_ptr_null(fm_register_codes(r, NULL));
  fm_register_destroy(r);
}
END_TEST

/* A word that meant one thing before a reform and another after it. */
START_TEST(test_word_of_two_codes)
{
  static const test_file reform[] = {
      {"persons.csv", "person_id\nA\n", 0},
      {"group_spells.csv",
       "person_id,target_group,start,end\nA,ydelse,2024-12-31,2024-12-31\nA,ydelse,2025-01-01,\n"
       "A,ydelse,1999-01-01,1999-01-02\n",
       0},
      {"codes/", NULL, 0},
      {"codes/target_group.csv",
       "code,aliases,valid_from,valid_to\nold,ydelse,2020-01-01,2024-12-31\n"
       "new,ydelse,2025-01-01,\n",
       0},
      {"datapackage.json", "{\"codes\": \"codes\"}", 0},
      {NULL, NULL, 0}};
  fm_register *r = read_folder(reform);
  const fm_table *t = fm_register_table(r, "group_spells");
  ck_assert_str_eq(fm_test_text(t, "target_group", 0), "old");
  ck_assert_str_eq(fm_test_text(t, "target_group", 1), "new");
  ck_assert_str_eq(fm_test_text(t, "target_group", 2), "new"); /* noted: not valid on that day */
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_days)
{
  fm_register *r = read_folder(files);
  fm__days days = fm__register_days(r, FM__PLACEMENTS, 1);
  ck_assert_int_eq(days.first, fm_date_from_ymd(2024, 1, 1));
  ck_assert_int_eq(days.end, fm_date_from_ymd(2024, 2, 1));
  ck_assert_int_eq(fm__register_days(r, FM__PLACEMENTS, 0).end, INT32_MAX);
  days = fm__register_days(r, FM__PERSONS, 0);
  ck_assert_int_eq(days.end, fm_date_from_ymd(2024, 7, 1));
  days = fm__register_days(r, FM__PERSONS, 1);
  ck_assert_int_eq(days.first, INT32_MIN);
  ck_assert_int_eq(days.end, INT32_MAX);
  ck_assert_int_eq(fm_register_data_end(r), fm_date_from_ymd(2024, 9, 1)); /* the count, at the start of its day */
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_rows_by_person)
{
  static const uint32_t order[] = {1, 3, 4, 2, 0}; /* B: J2; A: J4, J5 and J3 from one day, J1 */
  fm_error err = FM_ERROR_INIT;
  uint32_t *first, *rows;
  fm_register *r = read_folder(files);
  fm_assert_ok(fm__rows_by_person(&first, &rows, r, FM__PLACEMENTS, &err), &err);
  ck_assert_uint_eq(first[0], 0);
  ck_assert_uint_eq(first[1], 1);
  ck_assert_uint_eq(first[2], 5);
  ck_assert_uint_eq(first[3], 5);
  for (size_t i = 0; i < 5; i++)
    ck_assert_uint_eq(rows[i], order[i]);
  fm__free(first);
  fm__free(rows);
  fm_assert_ok(fm__rows_by_person(&first, &rows, r, FM__MEMBERS, &err), &err);
  ck_assert_uint_eq(first[3], 0);
  fm__free(first);
  fm__free(rows);
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_no_dates)
{
  static const test_file only[] = {{"persons.csv", "person_id,birth_date\nA,1990-01-01\n", 0}, {NULL, NULL, 0}};
  fm_register *r = read_folder(only);
  ck_assert_int_eq(fm_register_data_end(r), FM_NO_DATE);
  ck_assert(!fm__placement_is_work(r, 0));
  fm_register_destroy(r);
  fm_register_destroy(NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-links");
  TCase *tc = tcase_create("links");
  tcase_add_test(tc, test_links);
  tcase_add_test(tc, test_codes);
  tcase_add_test(tc, test_word_of_two_codes);
  tcase_add_test(tc, test_days);
  tcase_add_test(tc, test_rows_by_person);
  tcase_add_test(tc, test_no_dates);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
