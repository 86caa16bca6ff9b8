/* A register from tables in memory: any type that holds the values exactly. */
#include <string.h>

#include "folder.h"
#include "register/register_priv.h"

static fm_table *start(const char *name)
{
  fm_table *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  return t;
}

static fm_table *people(size_t n)
{
  static const char *const ids[] = {"P1", "P2", "P3"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = start("persons");
  fm_assert_ok(fm_table_add_text(t, "person_id", ids, n, &err), &err);
  return t;
}

static fm_table *seal(fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static fm_status make(fm_register **r, fm_table **problems, fm_table *a, fm_table *b, fm_error *err)
{
  const fm_table *tables[] = {a, b};
  fm_status status = fm_register_from_tables(r, problems, tables, b != NULL ? 2 : 1, NULL, NULL, err);
  fm_table_destroy(a);
  fm_table_destroy(b);
  return status;
}

#define N 3
static const double reals[N] = {2023, 2024, 2025}, broken[N] = {1, 5.5, 2}, huge[N] = {1, 1e300, 2};
static const double gaps[N] = {1, 0.0 / 0.0, 2}, infinite[N] = {1, 2, 1.0 / 0.0};
static const int64_t longs[N] = {2023, 2024, 2025}, large[N] = {1, 2, INT64_C(9007199254740993)},
                     flags64[N] = {0, 1, 1};
static const int64_t twos[N] = {0, 1, 2};
static const int32_t ints[N] = {2023, 2024, 2025}, days[N] = {19000, 19001, 19002}, far[N] = {0, 1, INT32_MAX};
static const uint8_t bools[N] = {0, 1, 1}, second_missing[1] = {5};
static const char *const numbers[N] = {"2023", " 2024 ", "2025"}, *const words[N] = {"1", "", "many"};
static const char *const dates[N] = {"2022-01-08", "", "2022-01-10"}, *const odd_dates[N] = {"2022-01-08", "8/1/2022",
                                                                                             "2022-02-30"};
static const char *const yes[N] = {"yes", "nej", "TRUE"}, *const maybe[N] = {"yes", "maybe", "no"};

enum { F64, I64, I32, DATE, BOOL, TEXT };
static const struct conversion {
  const char *label, *column;
  int type;
  const void *values;
  const uint8_t *validity;
  const char *code; /* of the problem; NULL: none */
  int row;
  const char *value;
  double wanted[N]; /* NaN: missing */
} conversions[] = {
    {"real as real", "hours_per_week", F64, gaps, NULL, NULL, 0, NULL, {1, FM_NAN, 2}},
    {"long as real", "hourly_wage", I64, longs, NULL, NULL, 0, NULL, {2023, 2024, 2025}},
    {"int as real", "hourly_wage", I32, ints, second_missing, NULL, 0, NULL, {2023, FM_NAN, 2025}},
    {"bool as real", "hourly_wage", BOOL, bools, NULL, NULL, 0, NULL, {0, 1, 1}},
    {"text as real", "hourly_wage", TEXT, numbers, NULL, NULL, 0, NULL, {2023, 2024, 2025}},
    {"long that is no double", "hourly_wage", I64, large, NULL, "FM-N02", 2, "9007199254740993", {0}},
    {"infinite", "hourly_wage", F64, infinite, NULL, "FM-N02", 2, "Inf", {0}},
    {"text that is no number", "hourly_wage", TEXT, words, NULL, "FM-N01", 2, "many", {0}},
    {"real as bool", "agreement", F64, broken, NULL, "FM-B01", 1, "5.5", {0}},
    {"long as bool", "agreement", I64, flags64, NULL, NULL, 0, NULL, {0, 1, 1}},
    {"two as bool", "agreement", I64, twos, NULL, "FM-B01", 2, "2", {0}},
    {"bool as bool", "agreement", BOOL, bools, second_missing, NULL, 0, NULL, {0, FM_NAN, 1}},
    {"text as bool", "agreement", TEXT, yes, NULL, NULL, 0, NULL, {1, 0, 1}},
    {"word as bool", "agreement", TEXT, maybe, NULL, "FM-B01", 1, "maybe", {0}},
    {"date as date", "end", DATE, days, NULL, NULL, 0, NULL, {19000, 19001, 19002}},
    {"text as date", "end", TEXT, dates, NULL, NULL, 0, NULL, {19000, FM_NAN, 19002}},
    {"text of another form", "end", TEXT, odd_dates, NULL, "FM-D01", 1, "8/1/2022", {0}},
    {"no such day", "end", TEXT, odd_dates, NULL, "FM-D02", 2, "2022-02-30", {0}},
    {"no such day number", "end", DATE, far, NULL, "FM-D02", 2, NULL, {0}},
    {"number for a date", "end", I32, ints, NULL, "FM-T01", -1, NULL, {0}},
    {"date for a number", "hours_per_week", DATE, days, NULL, "FM-T01", -1, NULL, {0}},
};

static void add(fm_table *t, const char *name, int type, const void *values, const uint8_t *validity)
{
  fm_error err = FM_ERROR_INIT;
  fm_status s = type == F64    ? fm_table_add_f64(t, name, values, validity, N, NULL, NULL, &err)
                : type == I64  ? fm_table_add_i64(t, name, values, validity, N, NULL, NULL, &err)
                : type == I32  ? fm_table_add_i32(t, name, values, validity, N, NULL, NULL, &err)
                : type == DATE ? fm_table_add_date(t, name, values, validity, N, NULL, NULL, &err)
                : type == BOOL ? fm_table_add_bool(t, name, values, validity, N, NULL, NULL, &err)
                               : fm_table_add_text(t, name, values, N, &err);
  fm_assert_ok(s, &err);
}

static fm_table *placements(void)
{
  static const int64_t ids[N] = {7, 8, 9};
  static const char *const kinds[N] = {"ordinary", "ordinary", "ordinary"}, *const persons[N] = {"P1", "P2", "P3"};
  static const int32_t starts[N] = {10000, 10000, 10000};
  fm_table *t = start("placements");
  add(t, "placement_id", I64, ids, NULL);
  add(t, "person_id", TEXT, persons, NULL);
  add(t, "kind", TEXT, kinds, NULL);
  add(t, "start", DATE, starts, NULL);
  return t;
}

START_TEST(test_conversion)
{
  const struct conversion *c = &conversions[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t = placements();
  add(t, c->column, c->type, c->values, c->validity);
  fm_status status = make(&r, &problems, seal(people(3)), seal(t), &err);
  ck_assert_msg(status == (c->code != NULL ? FM_ERR_DATA : FM_OK), "%s: %s", c->label, err.message);
  if (c->code == NULL) {
    for (size_t i = 0; i < N; i++)
      fm_assert_close(c->label, fm_test_number(fm_register_table(r, "placements"), c->column, i), c->wanted[i], 0, 0);
  } else {
    size_t row = fm_test_row(problems, "code", c->code, "column", c->column, NULL, NULL);
    double at = fm_test_number(problems, "row", row);
    ck_assert_msg(c->row < 0 ? at != at : at == c->row, "%s: row %g", c->label, at);
    ck_assert_msg(fm_test_number(problems, "line", row) != fm_test_number(problems, "line", row), "%s", c->label);
    if (c->value != NULL)
      ck_assert_msg(strcmp(fm_test_text(problems, "value", row), c->value) == 0, "%s: %s", c->label,
                    fm_test_text(problems, "value", row));
  }
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_whole_numbers)
{
  static const struct {
    int type;
    const void *values;
    const char *code;
  } cases[] = {{F64, reals, NULL},    {I32, ints, NULL},         {I64, longs, NULL},
               {TEXT, numbers, NULL}, {BOOL, bools, NULL},       {F64, broken, "FM-N03"},
               {F64, huge, "FM-N02"}, {F64, infinite, "FM-N02"}, {TEXT, words, "FM-N01"}};
  static const char *const ids[N] = {"E1", "E2", "E3"};
  for (size_t i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_register *r;
    fm_table *problems, *t = start("employers");
    add(t, "employer_id", TEXT, ids, NULL);
    add(t, "headcount", cases[i].type, cases[i].values, NULL);
    fm_status status = make(&r, &problems, seal(t), NULL, &err);
    ck_assert_int_eq(status, cases[i].code != NULL ? FM_ERR_DATA : FM_OK);
    if (cases[i].code != NULL)
      ck_assert_str_eq(fm_test_text(problems, "code", 0), cases[i].code);
    else
      ck_assert_int_eq(fm_table_column_type(fm_register_table(r, "employers"), 1), FM_I64);
    fm_table_destroy(problems);
    fm_register_destroy(r);
  }
}
END_TEST

START_TEST(test_ids)
{
  static const struct {
    int type;
    const void *values;
    const char *first; /* NULL: refused */
    const char *code;
  } cases[] = {{I64, longs, "2023", NULL},       {I32, ints, "2023", NULL},     {F64, reals, "2023", NULL},
               {DATE, days, "2022-01-08", NULL}, {F64, broken, NULL, "FM-N03"}, {F64, gaps, NULL, "FM-V01"},
               {BOOL, bools, NULL, "FM-R01"},    {TEXT, dates, NULL, "FM-V01"}};
  for (size_t i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_register *r;
    fm_table *problems, *t = start("persons");
    add(t, "person_id", cases[i].type, cases[i].values, NULL);
    fm_status status = make(&r, &problems, seal(t), NULL, &err);
    ck_assert_int_eq(status, cases[i].first != NULL ? FM_OK : FM_ERR_DATA);
    if (cases[i].first != NULL)
      ck_assert_str_eq(fm_test_text(fm_register_table(r, "persons"), "person_id", 0), cases[i].first);
    else
      test_has_problem("id", problems,
                       &(test_problem){"error", cases[i].code, "persons", 0, "person_id", "", "", NULL, NULL, NULL, 1});
    fm_table_destroy(problems);
    fm_register_destroy(r);
  }
}
END_TEST

/* Ids given as numbers in one table and as text in another name the same people. */
START_TEST(test_mixed_ids)
{
  static const int64_t ids[N] = {1, 2, 3};
  static const char *const texts[N] = {"3", "1", "3"}, *const states[N] = {"employment", "job", "school"};
  static const int32_t starts[N] = {100, 200, 300};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *a = start("persons"), *b = start("spells");
  add(a, "person_id", I64, ids, NULL);
  add(b, "person_id", TEXT, texts, NULL);
  add(b, "state", TEXT, states, NULL);
  add(b, "start", DATE, starts, NULL);
  fm_assert_ok(make(&r, NULL, seal(b), seal(a), &err), &err);
  ck_assert_uint_eq(r->part[FM__SPELLS].person[0], 2);
  ck_assert_uint_eq(r->part[FM__SPELLS].person[1], 0);
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "spells"), "state", 1), "employment");
  ck_assert_int_eq(fm_register_data_end(r), 301);
  fm_register_destroy(r);
}
END_TEST

/* A dictionary may hold a text twice and texts that no row has. */
START_TEST(test_repeated_dictionary)
{
  static const int32_t codes[N] = {0, 2, 1};
  static const int64_t offsets[] = {0, 2, 4, 6, 8};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t = start("persons");
  fm_assert_ok(fm_table_add_code(t, "person_id", codes, NULL, N, offsets, "P1P2P1P9", 4, NULL, NULL, &err), &err);
  ck_assert_int_eq(make(&r, &problems, seal(t), NULL, &err), FM_ERR_DATA);
  test_has_problem("twice", problems,
                   &(test_problem){"error", "FM-R01", "persons", -1, "person_id", "", "", "this id is there twice",
                                   "each id once; the first is in row 0, from 0", NULL, 1});
  ck_assert(fm_test_number(problems, "row", 0) == 1);
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_further_columns)
{
  static const char *const teams[N] = {"a", "", "b"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *t = people(3);
  add(t, "team", TEXT, teams, NULL);
  add(t, "score", F64, reals, NULL);
  fm_assert_ok(make(&r, NULL, seal(t), NULL, &err), &err);
  const fm_table *made = fm_register_table(r, "persons");
  ck_assert_str_eq(fm_test_text(made, "team", 2), "b");
  ck_assert_ptr_null(fm_test_text(made, "team", 1));
  ck_assert_ptr_eq(fm_table_f64(made, 2), reals); /* shared, not copied */
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_own_headers)
{
  static const char *const ids[N] = {"a", "b", "c"}, *const others[N] = {"x", "y", "z"};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *t = start("persons");
  add(t, "Nummer", TEXT, ids, NULL);
  add(t, "person_id", TEXT, others, NULL);
  seal(t);
  const fm_table *tables[] = {t};
  spec.columns = "persons.person_id=Nummer";
  fm_assert_ok(fm_register_from_tables(&r, NULL, tables, 1, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_columns(fm_register_table(r, "persons")), 1);
  ck_assert_str_eq(fm_test_text(fm_register_table(r, "persons"), "person_id", 0), "a");
  fm_register_destroy(r);
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_facts)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *t = people(2);
  fm_assert_ok(fm_table_set_note(t, "title", "Way", &err), &err);
  fm_assert_ok(fm_table_set_note(t, "observed_to", "2024-12-31", &err), &err);
  fm_assert_ok(fm_table_set_note(t, "file", "x.csv", &err), &err);
  fm_assert_ok(make(&r, NULL, seal(t), NULL, &err), &err);
  ck_assert_str_eq(fm_register_fact(r, "title"), "Way");
  ck_assert_ptr_null(fm_register_fact(r, "file"));
  ck_assert_int_eq(fm_register_data_end(r), fm_date_from_ymd(2025, 1, 1));
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_weights)
{
  static const double negative[N] = {1, -1, 0};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t = people(3);
  add(t, "weight", F64, gaps, NULL);
  ck_assert_int_eq(make(&r, &problems, seal(t), NULL, &err), FM_ERR_DATA);
  test_has_problem("NaN", problems,
                   &(test_problem){"error", "FM-N04", "persons", -1, "weight", "", NULL, "not a number",
                                   "a weight of 0 or more", NULL, 1});
  fm_table_destroy(problems);
  fm_error_clear(&err);
  t = people(3);
  add(t, "weight", F64, negative, NULL);
  ck_assert_int_eq(make(&r, &problems, seal(t), NULL, &err), FM_ERR_DATA);
  ck_assert(fm_test_number(problems, "row", 0) == 1);
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_missing_column)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *t = start("persons");
  add(t, "id", F64, reals, NULL);
  add(t, "sex", F64, reals, NULL);
  ck_assert_int_eq(make(&r, &problems, seal(t), NULL, &err), FM_ERR_DATA);
  test_has_problem("missing", problems,
                   &(test_problem){"error", "FM-H01", "persons", -1, "person_id", "", "",
                                   "the column \"person_id\" is not there", "this column", "the table has: id, sex",
                                   1});
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_which_tables)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_table *other = start("patients");
  ck_assert_int_eq(make(&r, &problems, seal(people(2)), seal(people(2)), &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "the table persons is given twice");
  ck_assert_ptr_null(problems);
  fm_error_clear(&err);
  ck_assert_int_eq(make(&r, &problems, people(2), NULL, &err), FM_ERR_STATE);
  fm_error_clear(&err);
  fm_assert_ok(make(&r, &problems, seal(people(2)), fm_table_retain(seal(other)), &err), &err);
  test_has_problem("other", problems,
                   &(test_problem){"note", "FM-F02", "patients", -1, "", "", "", "this table is not read",
                                   "persons, placements or another name of the schema", NULL, 1});
  fm_table_destroy(problems);
  fm_register_destroy(r);
  ck_assert_int_eq(make(&r, &problems, other, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.detail, "FM-F03");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_from_tables(&r, NULL, NULL, 1, NULL, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_from_tables(&r, NULL, NULL, 0, NULL, NULL, &err), FM_ERR_NOT_FOUND);
}
END_TEST

START_TEST(test_skip_bad)
{
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *a = seal(people(3)), *b = placements();
  add(b, "hours_per_week", F64, reals, NULL);
  static const double rest[N] = {-1, 10, 20};
  add(b, "hourly_wage", F64, rest, NULL);
  static const char *const kinds[N] = {"a", "b", "c"};
  add(b, "end_reason", TEXT, kinds, second_missing);
  seal(b);
  const fm_table *tables[] = {a, b};
  spec.skip_bad = 1;
  fm_assert_ok(fm_register_from_tables(&r, &problems, tables, 2, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(fm_register_table(r, "placements")), 0);
  ck_assert_int_eq(test_count_code(problems, "FM-N05"), 4);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

static fm_status make_once(void *ctx, fm_error *err)
{
  fm_register *r;
  fm_table *problems;
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  spec.skip_bad = 1;
  fm_status status = fm_register_from_tables(&r, &problems, ctx, 2, &spec, NULL, err);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  return status;
}

START_TEST(test_memory)
{
  fm_table *a = seal(people(2)), *b = placements();
  add(b, "hours_per_week", TEXT, words, NULL);
  add(b, "employer_id", F64, reals, NULL);
  add(b, "extra", TEXT, words, NULL);
  seal(b);
  const fm_table *tables[] = {a, b};
  ck_assert_int_gt(fm_test_allocations(make_once, tables), 50);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-tables");
  TCase *tc = tcase_create("tables");
  tcase_add_loop_test(tc, test_conversion, 0, FM_COUNT(conversions));
  tcase_add_test(tc, test_whole_numbers);
  tcase_add_test(tc, test_ids);
  tcase_add_test(tc, test_mixed_ids);
  tcase_add_test(tc, test_repeated_dictionary);
  tcase_add_test(tc, test_further_columns);
  tcase_add_test(tc, test_own_headers);
  tcase_add_test(tc, test_facts);
  tcase_add_test(tc, test_weights);
  tcase_add_test(tc, test_missing_column);
  tcase_add_test(tc, test_which_tables);
  tcase_add_test(tc, test_skip_bad);
  tcase_add_test(tc, test_memory);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
