/* What check says of answers to questionnaires, of days in an order that cannot be, and of a list of instruments. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "register/folder.h"

#define PEOPLE                                                                                                         \
  {                                                                                                                    \
    "persons.csv", "person_id,birth_date,observed_from\nP1,1980-05-01,2024-01-01\nP2,,2024-01-01\n", 0                 \
  }
#define ANSWERS(rows)                                                                                                  \
  {                                                                                                                    \
    "progress.csv", "person_id,date,instrument,item,score\n" rows, 0                                                   \
  }
#define FIVE(person, day)                                                                                              \
  person "," day ",who5,1,2\n" person "," day ",who5,2,2\n" person "," day ",who5,3,2\n" person "," day                \
         ",who5,4,2\n" person "," day ",who5,5,2\n"
#define INITIATIVE                                                                                                     \
  {                                                                                                                    \
    "initiatives.csv", "initiative_id,name,kind,start\nI,I,programme,2024-02-01\n", 0                                  \
  }
#define JOINED(row)                                                                                                    \
  {                                                                                                                    \
    "participants.csv", "initiative_id,person_id,referred_on,first_contact_on,joined_on\n" row, 0                      \
  }
#define LIST(rows)                                                                                                     \
  {                                                                                                                    \
    "codes/instrument.csv",                                                                                            \
        "code,items,least,most,total,factor,needed,better,bands,relevant,reliability,valid_from,valid_to\n" rows, 0    \
  }

static const struct one {
  const char *label;
  test_file files[5];
  fm_status status;
  test_problem problem;
  int problems; /* with this code */
} cases[] = {
    {"a score too high, after rows that are left out",
     {PEOPLE, ANSWERS("P1,2024-01-01,zodiac,1,12\nP1,2024-01-01,who5,1,6\n")},
     FM_ERR_DATA,
     {"error", "FM-N05", "progress", 3, "score", "E3", "6", "number outside its range",
      "a number from 0 to 5, the range of the questionnaire", NULL, 1},
     1},
    {"every score too low",
     {PEOPLE, ANSWERS("P1,2024-01-01,bip,1,0\nP1,2024-01-01,bip,2,5\nP2,2024-01-01,bip,1,-1\n")},
     FM_ERR_DATA,
     {"error", "FM-N05", "progress", 2, "score", "E2", "0", NULL,
      "a number from 1 to 5, the range of the questionnaire", NULL, 2},
     2},
    {"a total among the items",
     {PEOPLE, ANSWERS(FIVE("P1", "2024-01-01") FIVE("P2", "2024-01-01") "P1,2024-01-01,who5,total,5\n")},
     FM_ERR_DATA,
     {"error", "FM-R05", "progress", 12, "item", "D12", "total", "more items than the questionnaire has",
      "at most 5 items by a person on a day", "take out what is no item, such as a total", 1},
     1},
    {"a score by the list of its day",
     {PEOPLE,
      ANSWERS("P1,2023-12-31,q,1,7\nP1,2024-01-01,q,1,7\n"),
      LIST("q,1,0,9,sum,1,1,higher,,,,,2023-12-31\nq,1,0,5,sum,1,1,higher,,,,2024-01-01,\n"),
      {"datapackage.json", "{\"codes\": \"codes\"}", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "progress", 3, "score", "E3", "7", NULL,
      "a number from 0 to 5, the range of the questionnaire", NULL, 1},
     1},
    {"bands that leave high scores out",
     {PEOPLE,
      LIST("a,1,0,5,sum,1,1,higher,low:5,,,,\nb,2,0,5,sum,4,1,higher,low:5 high:30,,,,\n"),
      {"datapackage.json", "{\"codes\": \"codes\"}", 0}},
     FM_ERR_DATA,
     {"error", "FM-C03", "instrument.csv", 3, NULL, NULL, NULL,
      "instruments: b has bands \"low:5 high:30\", expected the last one up to the highest score at least, so that "
      "nobody "
      "is in none",
      NULL, NULL, 1},
     1},
    {"more staff from target groups than staff",
     {{"employers.csv", "employer_id,headcount,target_group_staff\nE1,9,9\nE2,9,10\nE3,,4\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "employers", 3, "target_group_staff", "C3", "10", NULL,
      "at most the count in \"headcount\" of the same row", NULL, 1},
     1},
    {"observed before birth",
     {{"persons.csv", "person_id,birth_date,observed_from,unemployed_since\nP1,2024-03-01,2024-01-01,2024-03-01\n", 0}},
     FM_OK,
     {"note", "FM-D06", "persons", 2, "observed_from", "C2", "2024-01-01", "before the person was born",
      "the day of birth or later", NULL, 1},
     1},
    {"a job before birth",
     {PEOPLE,
      {"placements.csv",
       "placement_id,person_id,kind,start\n1,P2,ordinary,1900-01-01\n2,P1,ordinary,1980-04-30\n3,P1,ordinary,1980-05-"
       "01\n",
       0}},
     FM_OK,
     {"note", "FM-D06", "placements", 3, "start", "D3", "1980-04-30", NULL, NULL, NULL, 1},
     1},
    {"contact before referral",
     {PEOPLE, INITIATIVE, JOINED("I,P1,2024-03-02,2024-03-01,2024-03-02\nI,P2,2024-03-02,2024-03-02,\n")},
     FM_OK,
     {"note", "FM-D07", "participants", 2, "first_contact_on", "D2", "2024-03-01", "before the referral",
      "2024-03-02 or later, the day in \"referred_on\"; journey times leave the row out", NULL, 1},
     1},
    {"joined before it begins",
     {PEOPLE, INITIATIVE, JOINED("I,P1,2024-01-31,2024-02-01,2024-01-31\nI,P2,,,2024-02-01\n")},
     FM_OK,
     {"note", "FM-D07", "participants", 2, "joined_on", "E2", "2024-01-31", "before the initiative begins",
      "2024-02-01 or later, when it begins", NULL, 1},
     2},
};

START_TEST(each)
{
  const struct one *c = &cases[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  test_file files[8] = {{0}};
  size_t n = 0;
  for (size_t k = 0; k < 5 && c->files[k].name != NULL; k++) {
    if (strncmp(c->files[k].name, "codes/", 6) == 0)
      files[n++] = (test_file){"codes/", NULL, 0};
    files[n++] = c->files[k];
  }
  char *folder = test_folder(files);
  fm_status status = fm_register_read(&r, &problems, folder, NULL, NULL, &err);
  ck_assert_msg(status == c->status, "%s: %s: %s", c->label, fm_status_name(status), err.message);
  test_has_problem(c->label, problems, &c->problem);
  ck_assert_msg(test_count_code(problems, c->problem.code) == c->problems, "%s: %d", c->label,
                test_count_code(problems, c->problem.code));
  fm_table_destroy(problems);
  fm_register_destroy(r);
  test_folder_remove(folder);
}
END_TEST

/* With skip_bad the answers that cannot be are left out and the others stay. */
START_TEST(skipped)
{
  static const test_file files[] = {
      PEOPLE, ANSWERS(FIVE("P1", "2024-01-01") "P1,2024-01-01,who5,6,2\nP2,2024-01-01,who5,1,9\n"), {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  spec.skip_bad = 1;
  fm_assert_ok(fm_register_read(&r, &problems, folder, &spec, NULL, &err), &err);
  ck_assert_int_eq((int)fm_table_n_rows(fm_register_table(r, "progress")), 5);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  test_folder_remove(folder);
}
END_TEST

static fm_status read_all(void *folder, fm_error *err)
{
  fm_register *r = NULL;
  fm_status status = fm_register_read(&r, NULL, folder, NULL, NULL, err);
  fm_register_destroy(r);
  return status;
}

START_TEST(without_memory)
{
  static const test_file files[] = {PEOPLE,
                                    ANSWERS(FIVE("P1", "2024-01-01")),
                                    INITIATIVE,
                                    JOINED("I,P1,2024-03-02,2024-03-01,2024-01-02\n"),
                                    {NULL, NULL, 0}};
  char *folder = test_folder(files);
  ck_assert_int_gt(fm_test_allocations(read_all, folder), 100);
  test_folder_remove(folder);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register answers");
  TCase *c = tcase_create("answers");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, each, 0, FM_COUNT(cases));
  tcase_add_test(c, skipped);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
