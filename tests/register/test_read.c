/* Reading a folder: options, own columns and code lists, rows left out, personal numbers, cancelling, memory. */
#include <string.h>

#include "folder.h"

#define END_OF_FILES                                                                                                   \
  {                                                                                                                    \
    NULL, NULL, 0                                                                                                      \
  }

static fm_status read_status(const test_file *files, const fm_register_spec *spec, fm_register **r, fm_table **problems,
                             fm_error *err)
{
  char *folder = test_folder(files);
  fm_status status = fm_register_read(r, problems, folder, spec, NULL, err);
  test_folder_remove(folder);
  return status;
}

START_TEST(test_skip_bad)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,weight\nP1,1\nP2,-1\nP3,x\nP1,2\nP4,1\n", 0},
      {"placements.csv",
       "placement_id,person_id,kind,start,end\nJ1,P1,ordinary,2024-01-01,\nJ2,P2,ordinary,2024-01-01,\n"
       "J3,P3,ordinary,2024-01-01,\nJ4,P4,ordinary,2024-01-02,2024-01-01\nJ5,P4,ordinary,2024-01-01,\n",
       0},
      {"supports.csv", "person_id,kind,start,placement_id\nP4,mentor,2024-01-01,J4\nP4,mentor,2024-01-01,J5\n", 0},
      END_OF_FILES};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  spec.skip_bad = 1;
  ck_assert_int_eq(read_status(files, &spec, &r, &problems, &err), FM_OK);
  const fm_table *t = fm_register_table(r, "placements");
  ck_assert_uint_eq(fm_table_n_rows(fm_register_table(r, "persons")), 2);
  ck_assert_uint_eq(fm_table_n_rows(t), 2);
  ck_assert_str_eq(fm_test_text(t, "placement_id", 0), "J1");
  ck_assert_str_eq(fm_test_text(t, "placement_id", 1), "J5");
  ck_assert_int_eq((int)fm_table_line(t, 1), 6);
  ck_assert_uint_eq(fm_table_n_rows(fm_register_table(r, "supports")), 1);
  ck_assert_uint_eq(fm_table_n_rows(problems), 7);
  test_has_problem("read", problems, &(test_problem){.code = "FM-N01", .table = "persons", .line = 4});
  test_has_problem("weight", problems, &(test_problem){.code = "FM-N04", .table = "persons", .line = 3});
  test_has_problem("twice", problems, &(test_problem){.code = "FM-R01", .table = "persons", .line = 5});
  test_has_problem("depends", problems,
                   &(test_problem){.code = "FM-R02",
                                   .table = "placements",
                                   .line = 3,
                                   .cell = "B3",
                                   .hint = "rows of persons that have errors were left out"});
  test_has_problem("depends on an unread row", problems,
                   &(test_problem){.code = "FM-R02", .table = "placements", .line = 4});
  test_has_problem("reversed", problems, &(test_problem){.code = "FM-D04", .table = "placements", .line = 5});
  test_has_problem("depends on a placement", problems,
                   &(test_problem){.code = "FM-R02", .table = "supports", .line = 2, .column = "placement_id"});
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

/* What leaving rows out does not mend. */
START_TEST(test_skip_bad_in_vain)
{
  static const test_file files[][3] = {
      {{"placements.csv", "placement_id,person_id,kind,start\nJ1,P1,ordinary,2024-01-01\n", 0}, END_OF_FILES},
      {{"persons.csv", "sex\nmale\n", 0}, END_OF_FILES},
      {{"persons.csv", "person_id\nP1\n", 0}, {"datapackage.json", "{", 0}, END_OF_FILES},
  };
  for (size_t i = 0; i < FM_COUNT(files); i++) {
    fm_register_spec spec = FM_REGISTER_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_register *r;
    fm_table *problems;
    spec.skip_bad = 1;
    ck_assert_int_eq(read_status(files[i], &spec, &r, &problems, &err), FM_ERR_DATA);
    ck_assert_ptr_null(r);
    fm_table_destroy(problems);
  }
}
END_TEST

/* A table with an error is not called upon to know its ids. */
START_TEST(test_no_false_alarm)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,weight\nP1,x\nP2,1\n", 0},
      {"spells.csv", "person_id,start,state\nP1,2024-01-01,employment\nP9,2024-01-01,employment\n", 0},
      END_OF_FILES};
  fm_register *r;
  fm_table *problems;
  ck_assert_int_eq(read_status(files, NULL, &r, &problems, NULL), FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), 1);
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_own_columns)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,team,K\xC3\xB8n,target group\nP1,north,kvinde,refugee\nP2,,m,\n", 0},
      {"employers.csv", "employer_id,cvr\nE1,1\n", 0},
      {"spells.csv", "person_id,start,state,source\nP1,2024-01-01,employment,x\n", 0},
      END_OF_FILES};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  spec.columns = " persons.sex = K\xC3\xB8n ;\n persons.target_group=target group;";
  ck_assert_int_eq(read_status(files, &spec, &r, &problems, &err), FM_OK);
  const fm_table *t = fm_register_table(r, "persons");
  ck_assert_str_eq(fm_test_text(t, "team", 0), "north");
  ck_assert_ptr_null(fm_test_text(t, "team", 1));
  ck_assert_str_eq(fm_test_text(t, "sex", 0), "female");
  ck_assert_str_eq(fm_test_text(t, "sex", 1), "male");
  ck_assert_str_eq(fm_test_text(t, "target_group", 0), "refugee");
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "employers"), "cvr", 0), "1");
  ck_assert_int_eq((int)fm_table_column_index(fm_register_table(r, "spells"), "source"), -1);
  ck_assert_uint_eq(fm_table_n_rows(problems), 1);
  test_has_problem("not kept", problems,
                   &(test_problem){.severity = "note", .code = "FM-H03", .table = "spells", .column = "source"});
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

static const struct bad_spec {
  const char *label, *columns;
  int32_t skip_bad, id_width;
  fm_status status;
  const char *message;
} bad_specs[] = {
    {"no sign", "persons.sex", 0, 0, FM_ERR_ARGUMENT,
     "columns: \"persons.sex\" has no =, expected table.column=header"},
    {"no header", "persons.sex= ", 0, 0, FM_ERR_ARGUMENT, "columns: no header after persons.sex="},
    {"no such column", "persons.height=H", 0, 0, FM_ERR_NOT_FOUND,
     "columns: the schema has no column \"persons.height\", expected such as placements.start"},
    {"no such table", "people.sex=S", 0, 0, FM_ERR_NOT_FOUND,
     "columns: the schema has no column \"people.sex\", expected such as placements.start"},
    {"no table", "sex=S", 0, 0, FM_ERR_NOT_FOUND,
     "columns: the schema has no column \"sex\", expected such as placements.start"},
    {"width", NULL, 0, -1, FM_ERR_ARGUMENT, "id_width is -1, expected 0 to 64"},
    {"wide", NULL, 0, 65, FM_ERR_ARGUMENT, "id_width is 65, expected 0 to 64"},
    {"skip", NULL, 2, 0, FM_ERR_ARGUMENT, "skip_bad is 2, expected 0 or 1"},
};

START_TEST(test_bad_spec)
{
  static const test_file files[] = {{"persons.csv", "person_id\nP1\n", 0}, END_OF_FILES};
  const struct bad_spec *c = &bad_specs[_i];
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  spec.columns = c->columns;
  spec.skip_bad = c->skip_bad;
  spec.id_width = c->id_width;
  ck_assert_msg(read_status(files, &spec, &r, &problems, &err) == c->status, "%s: %s", c->label, err.message);
  ck_assert_str_eq(err.message, c->message);
  ck_assert_ptr_null(r);
  ck_assert_ptr_null(problems);
}
END_TEST

START_TEST(test_init)
{
  fm_register_spec spec, same = FM_REGISTER_SPEC_INIT;
  memset(&spec, 0xFF, sizeof spec);
  fm_register_spec_init(&spec, sizeof spec);
  ck_assert_mem_eq(&spec, &same, sizeof spec);
}
END_TEST

START_TEST(test_id_width)
{
  static const test_file files[] = {
      {"persons.csv", "person_id\n0012\nX1\n", 0},
      {"spells.csv", "person_id,start,state\n12,2024-01-01,employment\nX1,2024-01-01,employment\n", 0},
      END_OF_FILES};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  spec.id_width = 4;
  ck_assert_int_eq(read_status(files, &spec, &r, NULL, &err), FM_OK);
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "spells"), "person_id", 0), "0012");
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "spells"), "person_id", 1), "X1");
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_code_lists)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,education,target_group\nP1,high,ours\nP2,none,refugee\n", 0},
      {"lists/", NULL, 0},
      {"lists/education.csv", "code;aliases;label_en\nhigher;high;Higher\n", 0},
      {"lists/target_group.csv", "code,label_en\nours,Ours\n", 0},
      {"lists/README.md", "x", 0},
      END_OF_FILES};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  char *folder = test_folder(files), *lists = test_path(folder, "lists");
  fm_codes *builtin;
  fm_assert_ok(fm_codes_builtin(&builtin, "target_group", &err), &err);
  spec.codes_folder = lists;
  fm_assert_ok(fm_register_read(&r, &problems, folder, &spec, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "persons"), "education", 0), "higher");
  ck_assert_int_eq(test_count_code(problems, "FM-C01"), 2);
  test_has_problem(
      "list", problems,
      &(test_problem){.code = "FM-C01", .column = "education", .value = "none", .expected = "one of: higher"});
  test_has_problem("list", problems, &(test_problem){.code = "FM-C01", .column = "target_group", .value = NULL});
  ck_assert_str_eq(fm_codes_label(fm_register_codes(r, "education"), 0, "en"), "Higher");
  fm_table_destroy(problems);
  fm_register_destroy(r);
  const fm_codes *given[] = {builtin}; /* a list handed over goes before one in the folder */
  spec.codes = given;
  spec.n_codes = 1;
  fm_assert_ok(fm_register_read(&r, &problems, folder, &spec, NULL, &err), &err);
  ck_assert_ptr_eq(fm_register_codes(r, "target_group"), builtin);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  given[0] = NULL;
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, &spec, NULL, &err), FM_ERR_ARGUMENT);
  fm_codes_destroy(builtin);
  free(lists);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_bad_code_lists)
{
  static const test_file files[] = {{"persons.csv", "person_id\nP1\n", 0},
                                    {"codes/", NULL, 0},
                                    {"codes/placement_kind.csv", "code\nordinary\n", 0},
                                    {"codes/sector.csv", "code\nprivate\nmilitary\n", 0},
                                    {"codes/education.csv", "", 0},
                                    {"datapackage.json", "{\"codes\": \"codes\"}", 0},
                                    END_OF_FILES};
  fm_register *r;
  fm_table *problems;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(read_status(files, NULL, &r, &problems, &err), FM_ERR_DATA);
  test_has_problem("work", problems,
                   &(test_problem){"error", "FM-C03", "placement_kind.csv", -1, "", "", "",
                                   "code list placement_kind has no column work, which the library reads",
                                   "a code list", NULL, 1});
  test_has_problem("sector", problems, &(test_problem){.code = "FM-C03", .table = "sector.csv", .line = 3});
  test_has_problem("empty", problems, &(test_problem){.code = "FM-S06", .table = "education"});
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_no_code_folder)
{
  static const test_file files[] = {
      {"persons.csv", "person_id\nP1\n", 0}, {"datapackage.json", "{\"codes\": \"lists\"}", 0}, END_OF_FILES};
  fm_register *r;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(read_status(files, NULL, &r, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "lists: cannot be opened as a folder: there is no such folder");
}
END_TEST

/* Noted, with how to mend it, and without a single digit of any of them. */
START_TEST(test_personal_numbers)
{
  static const test_file files[] = {{"persons.csv",
                                     "person_id,household_id,municipality,education\n"
                                     "0101901234,311290-1234,101901234,3213901234\n"
                                     "1502851111,x,0115901234,1234567890\n"
                                     "3112991234,010190-1234,0101901234,12345678901\n",
                                     0},
                                    {"spells.csv", "person_id,start,state\n0909901234,2024-01-01,0101901234\n", 0},
                                    END_OF_FILES};
  fm_register *r;
  fm_table *problems;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(read_status(files, NULL, &r, &problems, &err), FM_ERR_DATA);
  for (size_t i = 0; i < fm_table_n_rows(problems); i++) {
    ck_assert_ptr_null(fm_test_text(problems, "value", i));
    for (size_t k = 0; k < fm_table_n_columns(problems); k++)
      if (fm_table_column_type(problems, k) == FM_CODE && fm_table_text(problems, k, i, NULL) != NULL)
        ck_assert_msg(strstr(fm_table_text(problems, k, i, NULL), "1234") == NULL, "shown");
  }
  ck_assert_ptr_null(strstr(err.message, "1234"));
  test_has_problem("id", problems,
                   &(test_problem){"note", "FM-P01", "persons", 1, "person_id", "A1", "",
                                   "this column looks like civil registration (CPR) numbers", "keys that name nobody",
                                   "replace them by keyed hashes", 1});
  ck_assert_int_eq(test_count_code(problems, "FM-P01"), 5); /* persons: three columns; spells: two */
  fm_table_destroy(problems);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  double *last = ctx;
  ck_assert(done >= *last && done <= 1);
  *last = done;
  return done > 0.5;
}

START_TEST(test_cancel)
{
  static const test_file files[] = {{"persons.csv", "person_id\nP1\n", 0},
                                    {"group_spells.csv", "person_id,target_group,start\nP1,refugee,2024-01-01\n", 0},
                                    END_OF_FILES};
  double last = 0;
  fm_run run = FM_RUN_INIT;
  fm_register *r;
  fm_table *problems;
  run.progress = stop;
  run.progress_ctx = &last;
  char *folder = test_folder(files);
  ck_assert_int_eq(fm_register_read(&r, &problems, folder, NULL, &run, NULL), FM_ERR_CANCELLED);
  ck_assert_ptr_null(r);
  ck_assert_ptr_null(problems);
  test_folder_remove(folder);
}
END_TEST

START_TEST(test_unnamed_column)
{
  static const test_file files[] = {{"persons.csv", "person_id,,weight,team\nP1,x,-1,a\n", 0}, END_OF_FILES};
  fm_register *r;
  fm_table *problems;
  ck_assert_int_eq(read_status(files, NULL, &r, &problems, NULL), FM_ERR_DATA);
  test_has_problem("no cell is named rather than a wrong one", problems,
                   &(test_problem){.code = "FM-N04", .line = 2, .column = "weight", .cell = ""});
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_quoted_lines)
{
  static const test_file files[] = {
      {"persons.csv", "\n\"person_id\",\"municipality\",weight\nP1,\"two\nlines\",1\n\nP2,x,-1\n", 0}, END_OF_FILES};
  fm_register *r;
  fm_table *problems;
  ck_assert_int_eq(read_status(files, NULL, &r, &problems, NULL), FM_ERR_DATA);
  test_has_problem("the line is told, the cell is not guessed", problems,
                   &(test_problem){.code = "FM-N04", .line = 6, .cell = ""});
  fm_table_destroy(problems);
}
END_TEST

static fm_status read_once(void *ctx, fm_error *err)
{
  fm_register *r;
  fm_table *problems;
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  spec.skip_bad = 1;
  spec.id_width = 3;
  spec.columns = "persons.sex=gender";
  fm_status status = fm_register_read(&r, &problems, ctx, &spec, NULL, err);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  return status;
}

START_TEST(test_memory)
{
  static const test_file files[] = {
      {"persons.csv", "person_id,gender,team\n1,kvinde,a\n2,m,b\n2,m,b\n", 0},
      {"spells.csv", "person_id,start,end,state\n01,2024-01-01,,employment\n1,2024-02-01,,job\n9,2024-01-01,,x\n", 0},
      {"goals.csv", "goal_id,measure,goal,start,deadline,filter\ng,m,1,2024-01-01,2024-12-31,kind = \"a b\"\n", 0},
      {"codes/", NULL, 0},
      {"codes/education.csv", "code\nhigher\n", 0},
      {"other.csv", "x", 0},
      {"datapackage.json",
       "{\"title\": \"x\", \"codes\": \"codes\", \"format\": {\"encoding\": \"utf-8\"}, \"columns\": "
       "{\"goals\": {\"counts\": \"c\"}}}",
       0},
      END_OF_FILES};
  char *folder = test_folder(files);
  ck_assert_int_gt(fm_test_allocations(read_once, folder), 100);
  test_folder_remove(folder);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-read");
  TCase *tc = tcase_create("read");
  tcase_add_test(tc, test_skip_bad);
  tcase_add_test(tc, test_skip_bad_in_vain);
  tcase_add_test(tc, test_no_false_alarm);
  tcase_add_test(tc, test_own_columns);
  tcase_add_loop_test(tc, test_bad_spec, 0, FM_COUNT(bad_specs));
  tcase_add_test(tc, test_init);
  tcase_add_test(tc, test_id_width);
  tcase_add_test(tc, test_code_lists);
  tcase_add_test(tc, test_bad_code_lists);
  tcase_add_test(tc, test_no_code_folder);
  tcase_add_test(tc, test_personal_numbers);
  tcase_add_test(tc, test_cancel);
  tcase_add_test(tc, test_unnamed_column);
  tcase_add_test(tc, test_quoted_lines);
  tcase_add_test(tc, test_memory);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
