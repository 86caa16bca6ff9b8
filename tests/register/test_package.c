/* datapackage.json: strict JSON, facts, the format, own headers. */
#include <stdio.h>
#include <string.h>

#include "folder.h"
#include "register/json_priv.h"

typedef struct log {
  char text[2048];
  size_t n;
} log_text;

static fm_status keep(void *ctx, const char *path, const char *text, size_t length, int64_t line, fm_error *err)
{
  log_text *l = ctx;
  (void)line;
  (void)err;
  l->n += (size_t)snprintf(l->text + l->n, sizeof l->text - l->n, "%s=%.*s;", path, (int)length, text);
  return FM_OK;
}

#define DEEP10 "[[[[[[[[[["
static const struct json_case {
  const char *label, *text;
  const char *values;  /* NULL: refused */
  const char *message; /* of the refusal */
} json_cases[] = {
    {"empty object", "{}", "", NULL},
    {"byte order mark", "\xEF\xBB\xBF {\"a\":1} ", "a=1;", NULL},
    {"values", "{\"a\": \"x\", \"b\": -1.5e+3, \"c\": true, \"d\": false, \"e\": null, \"f\": 0}",
     "a=x;b=-1.5e+3;c=true;d=false;f=0;", NULL},
    {"nesting", "{\"a\": {\"b\": [1, {\"c\": \"x\"}, []]}, \"d\": 2}", "a.b.0=1;a.b.1.c=x;d=2;", NULL},
    {"escapes", "{\"a\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\"}", "a=\"\\/\b\f\n\r\t;", NULL},
    {"unicode", "{\"a\": \"\\u00e6\\u0041\\u20AC\\uD83D\\uDE00\"}",
     "a=\xC3\xA6"
     "A\xE2\x82\xAC\xF0\x9F\x98\x80;",
     NULL},
    {"exponents", "{\"a\": 1E5, \"b\": 1e-5, \"c\": 10.25}", "a=1E5;b=1e-5;c=10.25;", NULL},
    {"nothing", "", NULL, "not JSON in line 1: expected an object in braces"},
    {"an array", "[1]", NULL, "not JSON in line 1: expected an object in braces"},
    {"more after it", "{}\n{}", NULL, "not JSON in line 2: expected nothing after the closing brace"},
    {"not closed", "{\"a\": 1", NULL, "not JSON in line 1: expected a comma or a closing brace"},
    {"trailing comma", "{\"a\": 1,\n}", NULL, "not JSON in line 2: expected a name or text in double quotes"},
    {"comma missing", "{\"a\": 1 \"b\": 2}", NULL, "not JSON in line 1: expected a comma or a closing brace"},
    {"colon missing", "{\"a\" 1}", NULL, "not JSON in line 1: expected a colon after the name"},
    {"value missing", "{\"a\": }", NULL, "not JSON in line 1: expected a value"},
    {"value missing at the end", "{\"a\":", NULL, "not JSON in line 1: expected a value"},
    {"word", "{\"a\": yes}", NULL, "not JSON in line 1: expected a value"},
    {"comment", "{\"a\": 1 // x\n}", NULL, "not JSON in line 1: expected a comma or a closing brace"},
    {"leading zero", "{\"a\": 01}", NULL, "not JSON in line 1: expected a value"},
    {"no digits", "{\"a\": 1.}", NULL, "not JSON in line 1: expected digits after the point"},
    {"no exponent", "{\"a\": 1e}", NULL, "not JSON in line 1: expected digits in the exponent"},
    {"plus", "{\"a\": +1}", NULL, "not JSON in line 1: expected a value"},
    {"quote not closed", "{\"a\": \"x}", NULL, "not JSON in line 1: expected a closing quote"},
    {"line end in text", "{\"a\": \"x\n\"}", NULL, "not JSON in line 1: expected a closing quote"},
    {"escape at the end", "{\"a\": \"\\", NULL, "not JSON in line 1: expected a closing quote"},
    {"unknown escape", "{\"a\": \"\\x\"}", NULL,
     "not JSON in line 1: expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u"},
    {"short unicode", "{\"a\": \"\\u12\"}", NULL, "not JSON in line 1: expected four hexadecimal digits after \\u"},
    {"shorter unicode", "{\"a\": \"\\u1", NULL, "not JSON in line 1: expected four hexadecimal digits after \\u"},
    {"NUL", "{\"a\": \"\\u0000\"}", NULL, "not JSON in line 1: expected text without NUL"},
    {"half a pair", "{\"a\": \"\\uD83Dx\"}", NULL, "not JSON in line 1: expected the second half of a surrogate pair"},
    {"pair of firsts", "{\"a\": \"\\uD83D\\uD83D\"}", NULL,
     "not JSON in line 1: expected the second half of a surrogate pair"},
    {"second half alone", "{\"a\": \"\\uDE00\"}", NULL,
     "not JSON in line 1: expected the first half of a surrogate pair before the second"},
    {"name twice", "{\"a\": 1,\n \"a\": 2}", NULL, "not JSON in line 2: expected each name once in an object"},
    {"not UTF-8", "{\n\"a\": \"\xE6\"}", NULL, "not JSON in line 2: expected UTF-8 without NUL bytes"},
    {"array not closed", "{\"a\": [1", NULL, "not JSON in line 1: expected a comma or a closing bracket"},
    {"too deep", "{\"a\": " DEEP10 DEEP10 DEEP10 DEEP10 "1", NULL,
     "not JSON in line 1: expected fewer levels of nesting"},
};

START_TEST(test_json)
{
  const struct json_case *c = &json_cases[_i];
  log_text l = {.n = 0};
  fm__json_visit visit = {&l, keep};
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm__json_read(c->text, strlen(c->text), &visit, &err);
  ck_assert_msg(status == (c->values != NULL ? FM_OK : FM_ERR_FORMAT), "%s: %s", c->label, err.message);
  if (c->values != NULL)
    ck_assert_msg(strcmp(l.text, c->values) == 0, "%s: %s", c->label, l.text);
  else
    ck_assert_msg(strcmp(err.message, c->message) == 0, "%s: %s", c->label, err.message);
}
END_TEST

/* Every beginning of a file is refused, and none reads past its end. */
START_TEST(test_json_cut)
{
  static const char text[] = "{\"a\": [1, -2.5e3, \"\\u00e6\"], \"b\": {\"c\": true}}";
  for (size_t n = 0; n < sizeof text - 1; n++) {
    log_text l = {.n = 0};
    fm__json_visit visit = {&l, keep};
    char *copy = malloc(n + 1);
    memcpy(copy, text, n);
    ck_assert_int_eq(fm__json_read(copy, n, &visit, NULL), FM_ERR_FORMAT);
    free(copy);
  }
}
END_TEST

START_TEST(test_long_names)
{
  static char text[1000] = "{\"";
  log_text l = {.n = 0};
  fm__json_visit visit = {&l, keep};
  fm_error err = FM_ERROR_INIT;
  memset(text + 2, 'x', 900);
  memcpy(text + 902, "\":1}", 5);
  ck_assert_int_eq(fm__json_read(text, strlen(text), &visit, &err), FM_ERR_FORMAT);
  ck_assert_str_eq(err.message, "not JSON in line 1: expected shorter names");
}
END_TEST

static fm_register *read_with(const char *package, const char *persons, fm_table **problems, fm_status *status)
{
  test_file files[] = {{"persons.csv", persons, 0}, {"datapackage.json", package, 0}, {NULL, NULL, 0}};
  fm_register *r;
  char *folder = test_folder(files);
  *status = fm_register_read(&r, problems, folder, NULL, NULL, NULL);
  test_folder_remove(folder);
  return r;
}

START_TEST(test_facts)
{
  fm_table *problems;
  fm_status status;
  fm_register *r = read_with("{\"title\": \"Way\", \"title_da\": \"Vej\", \"invented\": true, \"observed_to\": "
                             "\"2024-12-31\", \"income_period_months\": 12, \"sources\": [{\"title\": \"x\"}]}",
                             "person_id,observed_from\nP1,2026-01-01\n", &problems, &status);
  ck_assert_int_eq(status, FM_OK);
  ck_assert_str_eq(fm_register_fact(r, "title"), "Way");
  ck_assert_str_eq(fm_register_fact(r, "title_da"), "Vej");
  ck_assert_str_eq(fm_register_fact(r, "invented"), "true");
  ck_assert_str_eq(fm_register_fact(r, "income_period_months"), "12");
  ck_assert_str_eq(fm_register_fact(r, "sources.0.title"), "x");
  ck_assert_ptr_null(fm_register_fact(r, "organisation"));
  ck_assert_ptr_null(fm_register_fact(r, NULL));
  ck_assert_int_eq(fm_register_data_end(r), fm_date_from_ymd(2025, 1, 1));
  ck_assert_uint_eq(fm_table_n_rows(problems), 0);
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

START_TEST(test_format_and_columns)
{
  fm_table *problems;
  fm_status status;
  fm_register *r =
      read_with("{\"format\": {\"delimiter\": \";\", \"decimal\": \"comma\", \"thousands\": \".\", \"date_pattern\": "
                "\"DD-MM-YYYY\", \"encoding\": \"windows-1252\", \"missing\": \"NA\"}, \"columns\": {\"persons\": "
                "{\"person_id\": "
                "\"Nummer\", \"birth_date\": \"F\\u00f8dt\", \"weight\": \"V\\u00e6gt\"}}}",
                "Nummer;F\xF8"
                "dt;V\xE6gt;sex\nP1;31-12-1990;1.234,5;NA\n",
                &problems, &status);
  ck_assert_int_eq(status, FM_OK);
  const fm_table *t = fm_register_table(r, "persons");
  ck_assert(fm_test_number(t, "birth_date", 0) == fm_date_from_ymd(1990, 12, 31));
  ck_assert(fm_test_number(t, "weight", 0) == 1234.5);
  ck_assert_ptr_null(fm_test_text(t, "sex", 0));
  fm_table_destroy(problems);
  fm_register_destroy(r);
}
END_TEST

static const struct odd {
  const char *label, *package;
  test_problem problem;
} odd[] = {
    {"not JSON",
     "{\n\"title\": }",
     {"error", "FM-F04", "datapackage.json", 2, "", "", "", "not JSON in line 2: expected a value", "",
      "mend the file, or take it away", 1}},
    {"delimiter",
     "{\"format\": {\"delimiter\": \"|\"}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "format.delimiter", "a sign that is not known",
      "one of , ; tab", NULL, 1}},
    {"decimal",
     "{\"format\": {\"decimal\": \"dot\"}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "format.decimal", NULL, "one of . ,", NULL, 1}},
    {"thousands",
     "{\"format\": {\"thousands\": \"\"}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "format.thousands", NULL, "one of . , space", NULL, 1}},
    {"unknown part",
     "{\"format\": {\"colour\": \"red\"}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "format.colour", "a part of the format that is not known",
      NULL, NULL, 1}},
    {"long text",
     "{\"format\": {\"encoding\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "format.encoding", "a text that is too long", NULL, NULL,
      1}},
    {"unknown encoding",
     "{\"format\": {\"encoding\": \"latin9\"}}",
     {"error", "FM-F04", "datapackage.json", -1, NULL, NULL, "format", NULL, "a format that can be read", NULL, 1}},
    {"unknown column",
     "{\"columns\": {\"persons\": {\"height\": \"H\"}}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "columns.persons.height",
      "a column that the schema does not have", NULL, NULL, 1}},
    {"unknown table",
     "{\"columns\": {\"people\": {\"sex\": \"H\"}}}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "columns.people.sex", NULL, NULL, NULL, 1}},
    {"no such day",
     "{\"observed_to\": \"2024-02-30\"}",
     {"error", "FM-F04", "datapackage.json", 1, NULL, NULL, "observed_to", "not a date",
      "year-month-day such as 2025-12-31", NULL, 1}},
};

START_TEST(test_odd)
{
  fm_table *problems;
  fm_status status;
  fm_register *r = read_with(odd[_i].package, "person_id\nP1\n", &problems, &status);
  ck_assert_msg(status == FM_ERR_DATA, "%s", odd[_i].label);
  ck_assert_ptr_null(r);
  test_has_problem(odd[_i].label, problems, &odd[_i].problem);
  ck_assert_uint_eq(fm_table_n_rows(problems), 1);
  fm_table_destroy(problems);
}
END_TEST

START_TEST(test_too_large)
{
  char *package = malloc((1 << 20) + 100);
  fm_table *problems;
  fm_status status;
  memset(package, ' ', (1 << 20) + 99);
  package[(1 << 20) + 99] = '\0';
  fm_register *r = read_with(package, "person_id\nP1\n", &problems, &status);
  ck_assert_int_eq(status, FM_ERR_DATA);
  ck_assert_ptr_null(r);
  test_has_problem("too large", problems,
                   &(test_problem){"error", "FM-F04", "datapackage.json", -1, NULL, NULL, NULL, "the file is too large",
                                   "at most 1 MiB", NULL, 1});
  fm_table_destroy(problems);
  free(package);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-package");
  TCase *tc = tcase_create("package");
  tcase_add_loop_test(tc, test_json, 0, FM_COUNT(json_cases));
  tcase_add_test(tc, test_json_cut);
  tcase_add_test(tc, test_long_names);
  tcase_add_test(tc, test_facts);
  tcase_add_test(tc, test_format_and_columns);
  tcase_add_loop_test(tc, test_odd, 0, FM_COUNT(odd));
  tcase_add_test(tc, test_too_large);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
