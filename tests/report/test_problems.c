#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue_priv.h"

static const char *const columns[] = {"severity:code", "code:code",     "table:code", "row:i64",
                                      "line:i64",      "column:code",   "cell:code",  "value:code",
                                      "what:code",     "expected:code", "hint:code",  "count:i64"};
static const char *const cells[] = {
    "error",
    "FM-D01",
    "placements.csv",
    "12",
    "14",
    "start",
    "E14",
    "31-12-2025",
    "not a date",
    "year-month-day such as 2025-12-31",
    ("all 288 dates of this column look like day-month-year; declare the date form DD-MM-YYYY (not guessed: 03-04-2025 "
     "could be either)"),
    "288",
    "error",
    "FM-R02",
    "placements.csv",
    "29",
    "31",
    "person_id",
    "B31",
    "",
    "unknown: this person is not in persons.csv",
    "one of the 401 ids in persons.csv",
    "",
    "1",
    "error",
    "FM-N01",
    "incomes.csv",
    "0",
    "2",
    "income",
    "C2",
    "184.250,50",
    "not a number",
    "digits with a decimal point such as 184250.50",
    "the file looks Danish; declare the decimal comma and the thousands point",
    "1",
    "note",
    "FM-F02",
    "notes.txt",
    "",
    "",
    "",
    "",
    "",
    "this file is not read",
    "",
    "",
    "1"};

static char *text_of(const fm_table *t, const char *lang)
{
  fm_error err = FM_ERROR_INIT;
  char *text;
  fm_assert_ok(fm_report_problems(&text, t, lang, &err), &err);
  return text;
}

START_TEST(english)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  char *text = text_of(t, "en");
  ck_assert_str_eq(text, "placements.csv, line 14, column \"start\" (cell E14): not a date  [FM-D01]\n"
                         "  found 31-12-2025, expected year-month-day such as 2025-12-31\n"
                         "  mend: all 288 dates of this column look like day-month-year; declare the date\n"
                         "        form DD-MM-YYYY (not guessed: 03-04-2025 could be either)\n"
                         "  ... and 287 more of this kind in this column\n\n"
                         "placements.csv, line 31, column \"person_id\" (cell B31): unknown: this person is\n"
                         "  not in persons.csv  [FM-R02]\n"
                         "  expected one of the 401 ids in persons.csv\n\n"
                         "incomes.csv, line 2, column \"income\" (cell C2): not a number  [FM-N01]\n"
                         "  found 184.250,50, expected digits with a decimal point such as 184250.50\n"
                         "  mend: the file looks Danish; declare the decimal comma and the thousands point\n\n"
                         "note: notes.txt: this file is not read  [FM-F02]\n\n"
                         "1 note in 1 file (notes.txt 1).\n"
                         "290 problems in 2 files (placements.csv 289, incomes.csv 1). Nothing was\n"
                         "computed.\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

START_TEST(danish)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  char *text = text_of(t, "da");
  ck_assert_str_eq(text, "placements.csv, linje 14, kolonne \"start\" (celle E14): ikke en dato  [FM-D01]\n"
                         "  fundet 31-12-2025, ventet \xC3\xA5r-m\xC3\xA5ned-dag, f.eks. 2025-12-31\n"
                         "  ret:    alle 288 datoer i kolonnen ligner dag-m\xC3\xA5ned-\xC3\xA5r; angiv datoformen\n"
                         "          DD-MM-YYYY (ikke g\xC3\xA6ttet: 03-04-2025 kan v\xC3\xA6re begge)\n"
                         "  ... og 287 mere af denne slags i kolonnen\n\n"
                         "placements.csv, linje 31, kolonne \"person_id\" (celle B31): ukendt: personen\n"
                         "  findes ikke i persons.csv  [FM-R02]\n"
                         "  ventet et af de 401 id'er i persons.csv\n\n"
                         "incomes.csv, linje 2, kolonne \"income\" (celle C2): ikke et tal  [FM-N01]\n"
                         "  fundet 184.250,50, ventet cifre med decimalpunktum, f.eks. 184250.50\n"
                         "  ret:    filen ser dansk ud; angiv decimalkomma og tusindtalspunktum\n\n"
                         "bem\xC3\xA6rk: notes.txt: filen l\xC3\xA6ses ikke  [FM-F02]\n\n"
                         "1 bem\xC3\xA6rkning i 1 fil (notes.txt 1).\n"
                         "290 problemer i 2 filer (placements.csv 289, incomes.csv 1). Intet er beregnet.\n");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

/* Frames have tables, not files; a kind beyond 20 is counted once, in its last line. */
START_TEST(tables_and_many_of_a_kind)
{
  enum { LISTED = 20, COLUMNS = FM_COUNT(columns) };
  const char *many[LISTED * COLUMNS];
  char rows[LISTED][16];
  for (size_t i = 0; i < LISTED; i++) {
    static const char *const row[] = {"error", "FM-V01", "persons", "", "", "sex", "", "", "no value", "", "", "1000"};
    memcpy(many + i * COLUMNS, row, sizeof row);
    snprintf(rows[i], sizeof rows[i], "%d", (int)i);
    many[i * COLUMNS + 3] = rows[i];
  }
  fm_table *t = fm_test_table(columns, COLUMNS, many, LISTED);
  char *text = text_of(t, "en");
  ck_assert_ptr_nonnull(strstr(text, "persons, column \"sex\": no value  [FM-V01]\n  ... and 980 more of this kind"));
  ck_assert_ptr_nonnull(strstr(text, "1,000 problems in 1 table (persons 1,000). Nothing was computed.\n"));
  size_t n = 0;
  for (const char *at = text; (at = strstr(at, "more of this kind")) != NULL; at++)
    n++;
  ck_assert_uint_eq(n, 1);
  fm_free(text);
  fm_table_destroy(t);
  t = fm_test_table(columns, COLUMNS, many, 0);
  text = text_of(t, "en");
  ck_assert_str_eq(text, "");
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

/* A Danish sentence has a place for each of the words its English one lets through, and no other. */
START_TEST(sentences_have_the_same_places)
{
  const fm__catalogue_label *label = &fm__catalogue_labels[_i];
  for (char k = '1'; k <= '9'; k++) {
    char place[] = {'{', k, '}', '\0'};
    ck_assert_msg((strstr(label->en, place) != NULL) == (strstr(label->da, place) != NULL) ||
                      strncmp(label->key, "date.", 5) == 0,
                  "%s: %s", label->key, place);
  }
}
END_TEST

START_TEST(faults)
{
  static const char *const few[] = {"severity:code", "code:code"};
  static const char *const one[] = {"error", "FM-V01"};
  fm_error err = FM_ERROR_INIT;
  char *text;
  fm_table *t = fm_test_table(few, 2, one, 1);
  ck_assert_int_eq(fm_report_problems(&text, t, "en", &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_report_problems(&text, t, "", &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(text);
  fm_table_destroy(t);
}
END_TEST

static fm_status write_once(void *ctx, fm_error *err)
{
  char *text;
  fm_status status = fm_report_problems(&text, ctx, "da", err);
  if (status == FM_OK)
    fm_free(text);
  return status;
}

START_TEST(memory_may_run_out)
{
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 4);
  ck_assert_int_gt(fm_test_allocations(write_once, t), 0);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-problems");
  TCase *c = tcase_create("problems");
  tcase_add_test(c, english);
  tcase_add_test(c, danish);
  tcase_add_test(c, tables_and_many_of_a_kind);
  tcase_add_loop_test(c, sentences_have_the_same_places, 0, (int)fm__catalogue_n_labels);
  tcase_add_test(c, faults);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
