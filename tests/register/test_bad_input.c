/* Every fault a folder can have: one clear sentence each, with its place and what was expected. */
#define _XOPEN_SOURCE 700 /* seteuid */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "folder.h"

#define PEOPLE                                                                                                         \
  {                                                                                                                    \
    "persons.csv", "person_id,weight\nP1,1\nP2,2\n", 0                                                                 \
  }
#define JOBS(rows)                                                                                                     \
  {                                                                                                                    \
    "placements.csv", "placement_id,person_id,kind,start,end,hours_per_week\n" rows, 0                                 \
  }

static const struct bad_input {
  const char *label;
  test_file files[4];
  fm_status status;
  test_problem problem;
  const char *message; /* of the error; NULL when the call succeeds */
} cases[] = {
    {"empty file",
     {{"persons.csv", "", 0}},
     FM_ERR_DATA,
     {"error", "FM-S06", "persons", -1, "", "", "", "the file is empty", "a line with the column names", NULL, 1},
     "persons: the file is empty, expected a line with the column names"},
    {"header only",
     {{"persons.csv", "person_id\n", 0}},
     FM_OK,
     {"note", "FM-F05", "persons", -1, "", "", "", "the table has column names but no rows", "at least one row", NULL,
      1},
     NULL},
    {"missing column",
     {PEOPLE, {"placements.csv", "placement_id,person_id,start\nJ1,P1,2024-01-01\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-H01", "placements", 0, "kind", "", "", "the column \"kind\" is not there", "this column",
      "the file has: placement_id, person_id, start", 1},
     "placements, column \"kind\": the column \"kind\" is not there, expected this column"},
    {"a first line of data, which may name people",
     {{"persons.csv", "0101701234,P1\n0101701235,P2\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-H01", "persons", 0, "person_id", "", "", "the column \"person_id\" is not there", "this column",
      "none of the expected names stands in the first line; is it a header?", 1},
     "persons, column \"person_id\": the column \"person_id\" is not there, expected this column"},
    {"missing column, nearly there",
     {{"persons.csv", "Person ID\nP1\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-H01", "persons", 0, "person_id", NULL, NULL, NULL, NULL,
      "\"Person ID\" is there; names must be equal letter by letter", 1},
     "persons, column \"person_id\": the column \"person_id\" is not there, expected this column"},
    {"duplicate id",
     {{"persons.csv", "person_id\nP1\nP2\nP1\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-R01", "persons", 4, "person_id", "A4", "", "this id is there twice",
      "each id once; the first is in line 2", "take out one of the rows", 1},
     "persons, line 4, column \"person_id\" (cell A4): this id is there twice, expected each id once; the first is in "
     "line 2"},
    {"two incomes in a period",
     {PEOPLE, {"incomes.csv", "person_id,period,income\nP1,2024,1\nP2,2024,1\nP1,2024.0,2\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-R01", "incomes", 4, "period", "B4", "", "a second row with the same person_id,period",
      "each once; the first is in line 2", NULL, 1},
     "incomes, line 4, column \"period\" (cell B4): a second row with the same person_id,period, expected each once; "
     "the first is in line 2"},
    {"dangling person",
     {PEOPLE, JOBS("J1,P9,ordinary,2024-01-01,,\n")},
     FM_ERR_DATA,
     {"error", "FM-R02", "placements", 2, "person_id", "B2", "", "unknown: this person is not in persons",
      "one of the 2 ids in persons", "", 1},
     "placements, line 2, column \"person_id\" (cell B2): unknown: this person is not in persons, expected one of the "
     "2 "
     "ids in persons"},
    {"lost zero",
     {{"persons.csv", "person_id\n0101901234\n0202901234\n", 0}, JOBS("J1,101901234,ordinary,2024-01-01,,\n")},
     FM_ERR_DATA,
     {"error", "FM-R02", "placements", 2, "person_id", "B2", "", "unknown: this person is not in persons", NULL,
      "the id has 9 characters, in persons it has 10: a spreadsheet may have dropped a leading 0; format the column as "
      "text and save again, or use --id-width 10",
      1},
     "placements, line 2, column \"person_id\" (cell B2): unknown: this person is not in persons, expected one of the "
     "2 "
     "ids in persons"},
    {"lost zero on the other side",
     {{"persons.csv", "person_id\n12\n", 0}, JOBS("J1,0012,ordinary,2024-01-01,,\n")},
     FM_ERR_DATA,
     {"error", "FM-R02", "placements", 2, "person_id", NULL, "", NULL, NULL,
      "in persons it has 2: a spreadsheet may have dropped a leading 0 there; format the column as text and save "
      "again, "
      "or use --id-width 4",
      1},
     "placements, line 2, column \"person_id\" (cell B2): unknown: this person is not in persons, expected one of the "
     "1 "
     "ids in persons"},
    {"dangling goal is shown",
     {{"goals.csv", "goal_id,measure,goal,start,deadline\ng,m,1,2024-01-01,2024-12-31\n", 0},
      {"counts.csv", "goal_id,as_of,done\nh,2024-02-01,1\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-R02", "counts", 2, "goal_id", "A2", "h", "unknown: this id is not in goals",
      "one of the 1 ids in goals", NULL, 1},
     "counts, line 2, column \"goal_id\" (cell A2): unknown: this id is not in goals, found h, expected one of the 1 "
     "ids "
     "in goals"},
    {"no persons",
     {JOBS("J1,P1,ordinary,2024-01-01,,\n")},
     FM_ERR_DATA,
     {"error", "FM-R03", "placements", 1, "person_id", "B1", "", "there is no table persons",
      "a table persons with the column person_id, one row a person", "list every person", 1},
     "placements, line 1, column \"person_id\" (cell B1): there is no table persons, expected a table persons with the "
     "column person_id, one row a person"},
    {"end before start",
     {PEOPLE, JOBS("J1,P1,ordinary,2025-09-01,2025-03-01,\n")},
     FM_ERR_DATA,
     {"error", "FM-D04", "placements", 2, "end", "E2", "2025-03-01", "before the start",
      "2025-09-01 or later, the day in \"start\"", "leave the end empty while it is running", 1},
     "placements, line 2, column \"end\" (cell E2): before the start, found 2025-03-01, expected 2025-09-01 or later, "
     "the "
     "day in \"start\""},
    {"goal changed before its start",
     {{"goals.csv",
       "goal_id,measure,goal,start,deadline,changed_on\ng,target.track,5,2025-01-01,2025-12-31,\n"
       "g,target.track,6,2025-01-01,2025-12-31,2024-12-31\n",
       0}},
     FM_ERR_DATA,
     {"error", "FM-D04", "goals", 3, "changed_on", "F3", "2024-12-31", "before the start",
      "2025-01-01 or later, the day in \"start\"", "leave the day empty in the first row", 1},
     "goals, line 3, column \"changed_on\" (cell F3): before the start, found 2024-12-31, expected 2025-01-01 or "
     "later, "
     "the day in \"start\""},
    {"goal changed after its deadline",
     {{"goals.csv",
       "goal_id,measure,goal,start,deadline,changed_on\ng,target.track,5,2025-01-01,2025-12-31,2026-01-01\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-D04", "goals", 2, "changed_on", "F2", "2026-01-01", "after the deadline",
      "2025-12-31 or earlier, the day in \"deadline\"", NULL, 1},
     "goals, line 2, column \"changed_on\" (cell F2): after the deadline, found 2026-01-01, expected 2025-12-31 or "
     "earlier, the day in \"deadline\""},
    {"30 February",
     {PEOPLE, JOBS("J1,P1,ordinary,2024-02-30,,\n")},
     FM_ERR_DATA,
     {"error", "FM-D02", "placements", 2, "start", "D2", "2024-02-30", "no such day", "a day of the calendar", NULL, 1},
     "placements, line 2, column \"start\" (cell D2): no such day, found 2024-02-30, expected a day of the calendar"},
    {"Danish date",
     {PEOPLE, JOBS("J1,P1,ordinary,31-12-2024,,\n")},
     FM_ERR_DATA,
     {"error", "FM-D01", "placements", 2, "start", "D2", "31-12-2024", "not a date",
      "year-month-day such as 2025-12-31", "DD-MM-YYYY", 1},
     "placements, line 2, column \"start\" (cell D2): not a date, found 31-12-2024, expected year-month-day such as "
     "2025-12-31"},
    {"unknown code",
     {PEOPLE, JOBS("J1,P1,fleksjobb,2024-01-01,,\nJ2,P1,fleksjobb,2024-01-01,,\n")},
     FM_OK,
     {"note", "FM-C01", "placements", 2, "kind", "C2", "fleksjobb", "unknown code in 2 rows",
      "one of: ordinary, fleksjob, wage_subsidy, ...", "did you mean fleksjob?", 1},
     NULL},
    {"code not valid on the day",
     {PEOPLE, JOBS("J1,P1,fleksjob,1990-01-01,,\n")},
     FM_OK,
     {"note", "FM-C02", "placements", 2, "kind", "C2", "fleksjob", "a code that is not valid on the date of 1 row",
      "a date from 1998-01-01", "never counted as work", 1},
     NULL},
    {"text in a number",
     {PEOPLE, JOBS("J1,P1,ordinary,2024-01-01,,full\n")},
     FM_ERR_DATA,
     {"error", "FM-N01", "placements", 2, "hours_per_week", "F2", "full", "not a number",
      "digits with a decimal point such as 184250.50", NULL, 1},
     "placements, line 2, column \"hours_per_week\" (cell F2): not a number, found full, expected digits with a "
     "decimal "
     "point such as 184250.50"},
    {"part of a whole number",
     {{"employers.csv", "employer_id,headcount\nE1,5.5\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N03", "employers", 2, "headcount", "B2", "5.5", "not a whole number", "a whole number such as 37",
      NULL, 1},
     "employers, line 2, column \"headcount\" (cell B2): not a whole number, found 5.5, expected a whole number such "
     "as "
     "37"},
    {"no value",
     {PEOPLE, JOBS("J1,P1,,2024-01-01,,\n")},
     FM_ERR_DATA,
     {"error", "FM-V01", "placements", 2, "kind", "C2", "", "no value", "a value in every row of this column", NULL, 1},
     "placements, line 2, column \"kind\" (cell C2): no value, expected a value in every row of this column"},
    {"negative weight",
     {{"persons.csv", "person_id,weight\nP1,-0.5\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N04", "persons", 2, "weight", "B2", "-0.5", "a negative weight", "a weight of 0 or more", NULL, 1},
     "persons, line 2, column \"weight\" (cell B2): a negative weight, found -0.5, expected a weight of 0 or more"},
    {"too many hours",
     {PEOPLE, JOBS("J1,P1,ordinary,2024-01-01,,370\n")},
     FM_ERR_DATA,
     {"error", "FM-N05", "placements", 2, "hours_per_week", "F2", "370", "number outside its range",
      "hours from 0 to 168", NULL, 1},
     "placements, line 2, column \"hours_per_week\" (cell F2): number outside its range, found 370, expected hours "
     "from 0 "
     "to 168"},
    {"per cent for a share",
     {{"contracts.csv", "contract_id,value,start,end,wage_share\nC1,1,2024-01-01,2024-12-31,25\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "contracts", 2, "wage_share", "E2", "25", NULL, "a share from 0 to 1",
      "write 0.25 for 25 per cent", 1},
     "contracts, line 2, column \"wage_share\" (cell E2): number outside its range, found 25, expected a share from 0 "
     "to "
     "1"},
    {"per cent with decimals for a share",
     {{"contracts.csv", "contract_id,value,start,end,wage_share\nC1,1,2024-01-01,2024-12-31,12.3\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "contracts", 2, "wage_share", "E2", "12.3", NULL, "a share from 0 to 1",
      "write 0.123 for 12.3 per cent", 1},
     "contracts, line 2, column \"wage_share\" (cell E2): number outside its range, found 12.3, expected a share from "
     "0 to 1"},
    {"no per cent",
     {{"contracts.csv", "contract_id,value,start,end,wage_share\nC1,1,2024-01-01,2024-12-31,400\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "contracts", 2, "wage_share", "E2", "400", NULL, "a share from 0 to 1", NULL, 1},
     "contracts, line 2, column \"wage_share\" (cell E2): number outside its range, found 400, expected a share from 0 "
     "to "
     "1"},
    {"negative head count",
     {{"employers.csv", "employer_id,headcount\nE1,-3\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "employers", 2, "headcount", "B2", "-3", NULL, "0 or more", NULL, 1},
     "employers, line 2, column \"headcount\" (cell B2): number outside its range, found -3, expected 0 or more"},
    {"more private than done",
     {{"goals.csv", "goal_id,measure,goal,start,deadline\ng,target.track,9,2024-01-01,2024-12-31\n", 0},
      {"counts.csv", "goal_id,as_of,done,private\ng,2024-04-01,5,9\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "counts", 2, "private", "D2", "9", NULL, "at most the count in \"done\" of the same row", NULL,
      1},
     "counts, line 2, column \"private\" (cell D2): number outside its range, found 9, expected at most the count in "
     "\"done\" of the same row"},
    {"goal of nothing",
     {{"goals.csv", "goal_id,measure,goal,start,deadline\ng,target.track,0,2024-01-01,2024-12-31\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-N05", "goals", 2, "goal", "C2", "0", NULL, "a number above 0", NULL, 1},
     "goals, line 2, column \"goal\" (cell C2): number outside its range, found 0, expected a number above 0"},
    {"rule that is not clear",
     {{"goals.csv", "goal_id,measure,goal,start,deadline,filter\ng,m,1,2024-01-01,2024-12-31,kind is fleksjob\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-X01", "goals", 2, "filter", "F2", "kind is fleksjob",
      "the rule is not clear at character 5: expected an operator: = != < <= > >=",
      "column op value, joined by & and |", "such as kind = fleksjob", 1},
     "goals, line 2, column \"filter\" (cell F2): the rule is not clear at character 5: expected an operator: = != < "
     "<= > "
     ">=, found kind is fleksjob, expected column op value, joined by & and |"},
    {"NUL byte",
     {{"persons.csv", "person_id,sex\nP1,fe\0male\n", 26}},
     FM_ERR_DATA,
     {"error", "FM-E02", "persons", 2, "sex", "B2", NULL, "a NUL byte at offset 19", "text without NUL bytes",
      "damaged or in another encoding", 1},
     NULL},
    {"truncated quote",
     {{"persons.csv", "person_id,sex\nP1,\"female\nP2,male\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-S02", "persons", 2, NULL, NULL, NULL, NULL, "a closing quote", NULL, 1},
     NULL},
    {"wrong encoding",
     {{"persons.csv", "person_id,municipality\nP1,K\xF8ge\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-E01", "persons", 2, "municipality", "B2", NULL, "not UTF-8: byte 0xF8 at offset 27", "text in UTF-8",
      "declare the encoding windows-1252", 1},
     NULL},
    {"UTF-16",
     {{"persons.csv", "\xFF\xFEp\0e\0r\0", 8}},
     FM_ERR_DATA,
     {"error", "FM-E03", "persons", 1, "", "", "", "the file is UTF-16", "UTF-8 or windows-1252", "CSV UTF-8", 1},
     "persons, line 1: the file is UTF-16, expected UTF-8 or windows-1252"},
    {"a row too short",
     {{"persons.csv", "person_id,sex\nP1\n", 0}},
     FM_ERR_DATA,
     {"error", "FM-S01", "persons", 2, NULL, NULL, NULL, NULL, NULL, NULL, 1},
     NULL},
    {"other file",
     {PEOPLE, {"Placements.csv", "x\n", 0}, {"people.xlsx", "x", 0}},
     FM_OK,
     {"note", "FM-F02", "Placements.csv", -1, "", "", "", "this file is not read",
      "persons.csv, placements.csv or another name of the schema", "rename it to placements.csv", 1},
     NULL},
    {"spreadsheet",
     {PEOPLE, {"people.xlsx", "x", 0}},
     FM_OK,
     {"note", "FM-F02", "people.xlsx", -1, NULL, NULL, NULL, NULL, NULL, "save the sheets as CSV files", 1},
     NULL},
    {"overlapping spells",
     {PEOPLE,
      {"spells.csv",
       "person_id,start,end,state\nP1,2024-03-01,2024-04-30,cash_benefit\nP2,2024-01-01,,cash_benefit\n"
       "P1,2024-01-01,2024-03-01,cash_benefit\n",
       0}},
     FM_OK,
     {"note", "FM-D05", "spells", 2, "start", "B2", "", "this spell overlaps another of the same person and state",
      "spells of one state that do not overlap; see line 4", "counted once", 1},
     NULL},
    {"equal rows",
     {PEOPLE,
      {"supports.csv", "person_id,kind,start\nP1,mentor,2024-03-01\nP2,mentor,2024-03-01\nP1,mentor,2024-03-01\n", 0}},
     FM_OK,
     {"note", "FM-R04", "supports", 4, "", "", "", "this row is equal to an earlier one", "each row once; see line 2",
      NULL, 1},
     NULL},
    {"column nearly there",
     {{"persons.csv", "person_id,Sex\nP1,female\n", 0}},
     FM_OK,
     {"note", "FM-H03", "persons", 1, "Sex", "B1", "", "this column is not read", "", "did you mean \"sex\"?", 1},
     NULL},
};

START_TEST(test_case)
{
  const struct bad_input *c = &cases[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(c->files);
  fm_status status = fm_register_read(&r, &problems, folder, NULL, NULL, &err);
  ck_assert_msg(status == c->status, "%s: %s: %s", c->label, fm_status_name(status), err.message);
  ck_assert_msg((r != NULL) == (status == FM_OK), "%s: register", c->label);
  test_has_problem(c->label, problems, &c->problem);
  if (c->message != NULL)
    ck_assert_msg(strcmp(err.message, c->message) == 0, "%s: %s", c->label, err.message);
  if (status == FM_ERR_DATA)
    ck_assert_str_eq(err.detail, c->problem.code);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_long_line)
{
  size_t n = 10 << 20;
  char *text = malloc(n + 32);
  memcpy(text, "person_id,sex\nP1,", 17);
  memset(text + 17, 'x', n);
  memcpy(text + 17 + n, "\n", 2);
  test_file files[] = {{"persons.csv", text, n + 18}, {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, &err), FM_ERR_DATA);
  test_has_problem("10 MB line", problems,
                   &(test_problem){"error", "FM-S04", "persons", 2, NULL, NULL, "", NULL, NULL, NULL, 1});
  fm_table_destroy(problems);
  test_folder_remove(folder);
  free(text);
}
END_TEST

START_TEST(test_folder_for_file)
{
  static const test_file files[] = {{"persons.csv/", NULL, 0}, {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, &err), FM_ERR_IO);
  ck_assert_str_eq(err.message, "persons.csv: cannot be read: it is a folder, not a file");
  ck_assert_ptr_null(r);
  ck_assert_ptr_null(problems);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_no_permission)
{
  static const test_file files[] = {{"persons.csv", "person_id\nP1\n", 0}, {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files), *path = test_path(folder, "persons.csv");
  ck_assert_int_eq(chmod(path, 0), 0);
  bool root = geteuid() == 0; /* whom no permission stops */
  if (root)
    ck_assert_int_eq(seteuid(65534), 0);
  fm_status status = fm_register_read(&r, &problems, folder, NULL, NULL, &err);
  if (root)
    ck_assert_int_eq(seteuid(0), 0);
  ck_assert_int_eq(status, FM_ERR_IO);
  ck_assert_str_eq(err.message, "persons.csv: cannot be opened: permission denied");
  free(path);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_no_folder)
{
  static const test_file files[] = {{"notes.txt", "x", 0}, {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files), *path = test_path(folder, "none"), *file = test_path(folder, "notes.txt");
  ck_assert_int_eq(fm_register_read(&r, &problems, path, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "none: cannot be opened as a folder: there is no such folder");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_read(&r, &problems, file, NULL, NULL, &err), FM_ERR_IO);
  ck_assert_str_eq(err.message, "notes.txt: cannot be opened as a folder: it is not a folder");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.detail, "FM-F03");
  ck_assert_ptr_nonnull(strstr(err.message, "no table found, expected persons.csv, placements.csv or another file of"));
  ck_assert_ptr_null(problems);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_read(&r, NULL, NULL, NULL, NULL, &err), FM_ERR_ARGUMENT);
  free(path);
  free(file);
  test_folder_remove(folder);
}
END_TEST

/* All of them, not just the first; tables in the order of the schema, rows in that of the file. */
START_TEST(test_all_listed)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,birth_date,weight\nP1,1990-02-30,1\nP2,1990-01-01,-1\nP3,1990-01-01,1\nP3,,1\n", 0},
      {"placements.csv",
       "placement_id,person_id,kind,start,end\nJ1,P3,ordinary,2024-01-02,2024-01-01\n"
       "J2,P3,ordinary,x,\nJ3,P3,flex,2024-01-01,\n",
       0},
      {"employers.csv", "employer_id,headcount\nE1,-1\n", 0},
      {"spells.csv", "person_id,start\nP1,2024-01-01\n", 0},
      {NULL, NULL, 0}};
  static const char *const codes[] = {"FM-D02", "FM-N04", "FM-R01", "FM-H01", "FM-N05", "FM-D04", "FM-D01", "FM-C01"};
  static const char *const tables[] = {"persons",   "persons",    "persons",    "spells",
                                       "employers", "placements", "placements", "placements"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, &err), FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), FM_COUNT(codes));
  for (size_t i = 0; i < FM_COUNT(codes); i++) {
    ck_assert_str_eq(fm_test_text(problems, "code", i), codes[i]);
    ck_assert_str_eq(fm_test_text(problems, "table", i), tables[i]);
  }
  ck_assert_ptr_nonnull(strstr(err.message, "; 6 more"));
  fm_table_destroy(problems);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_twenty_of_a_kind)
{
  char text[4096] = "person_id,weight\n";
  size_t n = strlen(text);
  for (int i = 0; i < 100; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "P%d,-1\n", i);
  test_file files[] = {{"persons.csv", text, 0}, {NULL, NULL, 0}};
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, NULL), FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), 20);
  ck_assert(fm_test_number(problems, "count", 0) == 100);
  fm_table_destroy(problems);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_many_unknown_people)
{
  char text[4096] = "person_id,start,state\n";
  size_t n = strlen(text);
  for (int i = 0; i < 50; i++)
    n += (size_t)snprintf(text + n, sizeof text - n, "Q%d,2024-01-01,employment\n", i);
  test_file files[] = {PEOPLE, {"spells.csv", text, 0}, {NULL, NULL, 0}};
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, NULL, NULL), FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), 20);
  for (size_t i = 0; i < 20; i++) {
    ck_assert(fm_test_number(problems, "row", i) == (double)i);
    ck_assert(fm_test_number(problems, "count", i) == 50);
    ck_assert_str_eq(fm_test_text(problems, "what", i), "unknown: this person is not in persons");
  }
  fm_table_destroy(problems);
  test_folder_remove(folder);
}
END_TEST

/* A column of other things than codes: the first 20 words are told, all are counted, quickly. */
START_TEST(test_many_unknown_words)
{
  size_t n = 0, room = 4 << 20;
  char *text = malloc(room);
  n += (size_t)snprintf(text, room, "person_id,target_group\n");
  for (int i = 0; i < 100000; i++)
    n += (size_t)snprintf(text + n, room - n, "P%d,word %d\n", i, i);
  test_file files[] = {{"persons.csv", text, 0}, {NULL, NULL, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files);
  fm_assert_ok(fm_register_read(&r, &problems, folder, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(problems), 20);
  for (size_t i = 0; i < 20; i++) {
    ck_assert(fm_test_number(problems, "row", i) == (double)i);
    ck_assert(fm_test_number(problems, "count", i) == 100000);
    ck_assert_str_eq(fm_test_text(problems, "what", i), "unknown code in 1 row");
  }
  fm_table_destroy(problems);
  fm_register_destroy(r);
  test_folder_remove(folder);
  free(text);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-bad_input");
  TCase *tc = tcase_create("bad input");
  tcase_add_loop_test(tc, test_case, 0, FM_COUNT(cases));
  tcase_add_test(tc, test_long_line);
  tcase_add_test(tc, test_folder_for_file);
  tcase_add_test(tc, test_no_permission);
  tcase_add_test(tc, test_no_folder);
  tcase_add_test(tc, test_all_listed);
  tcase_add_test(tc, test_twenty_of_a_kind);
  tcase_add_test(tc, test_many_unknown_people);
  tcase_add_test(tc, test_many_unknown_words);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
