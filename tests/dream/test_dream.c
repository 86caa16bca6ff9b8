/* Wide files of weekly codes, each case by its spells. Invented people. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dream/spells.h"

#define DAY(y, m, d) fm_date_from_ymd(y, m, d)

/* One person of 58 weeks, 2020-W30 to 2021-W34; a record of employment in the months from 2020-12 to 2021-07.
 *   730 x 15, 737 x 4, blank x 11 (over week 53), 890 x 2, blank x 12, 121 x 1, blank x 9, 130 x 4
 * Eight runs, 15 + 4 + 11 + 2 + 12 + 1 + 9 + 4 = 58. */
static size_t worked_example(char *out)
{
  static const struct {
    const char *code;
    int weeks;
  } runs[] = {{"730", 15}, {"737", 4}, {"", 11}, {"890", 2}, {"", 12}, {"121", 1}, {"", 9}, {"130", 4}};
  int n = sprintf(out, "PNR,kon");
  for (int w = 0; w < 58; w++) /* W30 to W53 are 24 weeks */
    n += sprintf(out + n, ",y_%s%02d", w < 24 ? "20" : "21", w < 24 ? 30 + w : w - 23);
  for (int m = 7; m <= 20; m++)
    n += sprintf(out + n, ",branche_%d_%02d", m <= 12 ? 2020 : 2021, m <= 12 ? m : m - 12);
  n += sprintf(out + n, "\nP1,2");
  for (int r = 0; r < FM_COUNT(runs); r++)
    for (int w = 0; w < runs[r].weeks; w++)
      n += sprintf(out + n, ",%s", runs[r].code);
  for (int m = 7; m <= 20; m++)
    n += sprintf(out + n, ",%s", m >= 12 && m <= 19 ? "471110" : "");
  return (size_t)(n + sprintf(out + n, "\n"));
}

START_TEST(test_worked_example)
{
  char file[4096];
  printed p;
  print_spells(&p, file, worked_example(file), NULL, 0);
  fm_assert_ok(p.status, &p.err);
  ck_assert_str_eq(p.text, "P1 2020-07-20 2020-11-01 730;P1 2020-11-02 2020-11-29 737;P1 2020-11-30 2021-02-14 100;"
                           "P1 2021-02-15 2021-02-28 890;P1 2021-03-01 2021-05-23 100;P1 2021-05-24 2021-05-30 121;"
                           "P1 2021-05-31 2021-08-01 100;P1 2021-08-02 open 130;");
  ck_assert_int_eq(p.summary.n_rows, 1);
  ck_assert_int_eq(p.summary.n_persons, 1);
  ck_assert_int_eq(p.summary.n_spells, 8);
  ck_assert_int_eq(p.summary.n_weeks, 58);
  ck_assert_int_eq(p.summary.first_monday, DAY(2020, 7, 20));
  ck_assert_int_eq(p.summary.as_of, DAY(2021, 8, 30));
  ck_assert_int_eq(p.summary.last_code, DAY(2021, 8, 23));
  ck_assert_int_eq((int64_t)fm_table_n_rows(p.problems), 0);
  printed_free(&p);
}
END_TEST

/* Files that are read: spells, and the notes with their lines. */
static const struct {
  const char *label, *file, *spells, *notes;
} good[] = {
    {"week 53 and week 1 that begins in December", "pnr,y_2053,y_2101\na,730,730\nb,730,731\n",
     "a 2020-12-28 open 730;b 2020-12-28 2021-01-03 730;b 2021-01-04 open 731;", ""},
    {"two digits: 90 to 99 and 00 to 89", "pnr,y_9952,y_0001\na,111,112\n",
     "a 1999-12-27 2000-01-02 111;a 2000-01-03 open 112;", ""},
    {"weeks in any order of columns", "y_2002,pnr,y_2001\n731,a,730\n",
     "a 2019-12-30 2020-01-05 730;a 2020-01-06 open 731;", ""},
    {"blank before 2008 is not known, whatever a column says",
     "pnr,y_0750,y_0803,branche_2007_12,branche_2008_01\n"
     "a,,,x,x\nb,,730,,\n",
     "a 2007-12-10 2007-12-16 not_known;a 2008-01-14 open 100;b 2007-12-10 2007-12-16 not_known;"
     "b 2008-01-14 open 730;",
     "FM-H06:- "},
    {"blank without a column of the month is not known", "pnr,y_2005\na,\nb,730\n",
     "a 2020-01-27 open not_known;b 2020-01-27 open 730;", ""},
    {"the month of the Thursday: 2021-W05 and W09 end in the next month",
     "pnr,y_2104,y_2105,branche_2021_01,branche_2021_02\na,,,5,\nb,,,,5\nc,730,730,,\n",
     "a 2021-01-25 2021-01-31 100;a 2021-02-01 open 0;b 2021-01-25 2021-01-31 0;b 2021-02-01 open 100;"
     "c 2021-01-25 open 730;",
     ""},
    {"rates above 0 are work, also beside an empty industry",
     "pnr,y_2105,grad_2021_02,branche_2021_02\na,,0.4,\nb,,0,\nc,,,\nd,,0.0,7\ne,730,1,7\n",
     "a 2021-02-01 open 100;b 2021-02-01 open 0;c 2021-02-01 open 0;d 2021-02-01 open 100;e 2021-02-01 open 730;", ""},
    {"blanks of spaces; numbers as text, with zeros, with a fraction of zeros",
     "pnr;y_2101;y_2102;y_2103;y_2104;y_2105;y_2106\na;\" 730 \";0730;730.0;730,00;730;\"730\"\nb;  ;\t;   ;\"\";;\n"
     "c;730;730;730;730;730;730\n",
     "a 2021-01-04 open 730;b 2021-01-04 open not_known;c 2021-01-04 open 730;", ""},
    {"0 and 100 that somebody derived, the list's own words",
     "pnr,y_2101,y_2102,y_2103\na,0,100,(blank)\n"
     "b,fleksjob,Fleksjob,771\n",
     "a 2021-01-04 2021-01-10 0;a 2021-01-11 2021-01-17 100;a 2021-01-18 open not_known;"
     "b 2021-01-04 2021-01-17 fleksjob;b 2021-01-18 open 771;",
     ""},
    {"codes that the list does not know are another benefit",
     "pnr,y_2101,y_2102,y_2103\na,730,555,9999\nb,,,\nc,555,,\n",
     "a 2021-01-04 2021-01-10 730;a 2021-01-11 open other_benefit;b 2021-01-04 open not_known;"
     "c 2021-01-04 2021-01-10 other_benefit;c 2021-01-11 open not_known;",
     "FM-C01:2 FM-C01:2 "},
    {"weeks without a column between others", "pnr,y_2101,y_2102,y_2104\na,730,730,730\n",
     "a 2021-01-04 2021-01-17 730;a 2021-01-25 open 730;", "FM-H06:- "},
    {"weeks at the end in which nobody has a code", "pnr,y_2101,y_2102,y_2103\na,730,,\nb,,,\n",
     "a 2021-01-04 2021-01-10 730;a 2021-01-11 open not_known;b 2021-01-04 open not_known;", "FM-C06:- "},
    {"names of columns in capitals; keys of other names; columns that are passed over",
     "Y_2101,LOBENR,AK21,BRANCHE_2021_01,y_21,y_2101x,branche_2021\n,7,1,2,3,4,5\n730,8,,,,,\n",
     "7 2021-01-04 open 100;8 2021-01-04 open 730;", ""},
    {"an id in quotes, with quotes", "person_id,y_2101\n\"a \"\"b\"\",\",730\n", "a \"b\", 2021-01-04 open 730;", ""},
    {"no rows", "pnr,y_2101\n", "", ""},
    {"no end of line, CRLF, empty lines", "pnr,y_2101\r\n\r\na,730\r\n\r\nb,731",
     "a 2021-01-04 open 730;b 2021-01-04 open 731;", ""},
};

START_TEST(test_good)
{
  for (int k = 0; k < FM_COUNT(good); k++) {
    printed p;
    char problems[256];
    print_spells(&p, good[k].file, strlen(good[k].file), NULL, 0);
    ck_assert_msg(p.status == FM_OK, "%s: %s", good[k].label, p.err.message);
    print_problems(problems, sizeof problems, &p);
    ck_assert_msg(strcmp(p.text, good[k].spells) == 0, "%s: %s", good[k].label, p.text);
    ck_assert_msg(strcmp(problems, good[k].notes) == 0, "%s: %s", good[k].label, problems);
    printed_free(&p);
  }
}
END_TEST

/* Files with errors: the problems; what is read when bad rows are left out (NULL: still nothing). */
static const struct {
  const char *label, *file, *problems, *rest;
} bad[] = {
    {"too many and too few cells", "pnr,y_2101,y_2102\na,1,1,1\nb,730,730\nc,730\n", "FM-S01:2 FM-S01:4 ",
     "b 2021-01-04 open 730;"},
    {"a cell that is no code", "pnr,y_2101,y_2102\na,730,7x0\nb,730,730\nc,-1,12345\n", "FM-C05:2 FM-C05:4 FM-C05:4 ",
     "b 2021-01-04 open 730;"},
    {"a person twice", "pnr,y_2101\na,730\nb,730\na,731\n", "FM-R01:4 ",
     "a 2021-01-04 open 730;b 2021-01-04 open 730;"},
    {"a person twice, but the first row is bad", "pnr,y_2101\na,x?\na,731\n", "FM-C05:2 ", "a 2021-01-04 open 731;"},
    {"no key", "pnr,y_2101\n,730\nb,730\n  ,730\n", "FM-V01:2 FM-V01:4 ", "b 2021-01-04 open 730;"},
    {"a rate that is no number", "pnr,y_2101,grad_2021_01\na,,half\nb,,1\nc,730,\n", "FM-N01:2 ",
     "b 2021-01-04 open 100;c 2021-01-04 open 730;"},
    {"text after a quote", "pnr,y_2101,y_2102\n\"a\"b,730,730\nc,\"730\"0,730\nd,730,730\n", "FM-S03:2 FM-S03:3 ",
     "d 2021-01-04 open 730;"},
    {"an id that is not UTF-8", "pnr,y_2101\n\xE6,730\nb,730\n", "FM-E01:2 ", "b 2021-01-04 open 730;"},
    {"a quote that is not closed", "pnr,y_2101\na,\"730\nb,730\n", "FM-S02:2 ", NULL},
    {"no key column", "id,y_2101\na,730\n", "FM-H01:- ", NULL},
    {"no week", "pnr,week1\na,730\n", "FM-H01:- ", NULL},
    {"a week that is not there", "pnr,y_2153\na,730\n", "FM-H05:1 ", NULL},
    {"week 0 and month 13", "pnr,y_2100,y_2101,branche_2021_13\na,730,730,1\n", "FM-H05:1 FM-H05:1 ", NULL},
    {"a week twice", "pnr,y_2101,Y_2101\na,730,731\n", "FM-H02:1 ", NULL},
    {"a name twice", "pnr,y_2101,y_2101\na,730,731\n", "FM-H02:1 ", NULL},
    {"nothing", "", "FM-S06:- ", NULL},
};

START_TEST(test_bad)
{
  for (int k = 0; k < FM_COUNT(bad); k++)
    for (int skip = 0; skip < 2; skip++) {
      fm_dream_spec spec = FM_DREAM_SPEC_INIT;
      printed p;
      char problems[256];
      spec.skip_bad = skip;
      print_spells(&p, bad[k].file, strlen(bad[k].file), &spec, 0);
      print_problems(problems, sizeof problems, &p);
      ck_assert_msg(strcmp(problems, bad[k].problems) == 0, "%s: %s", bad[k].label, problems);
      ck_assert_msg(p.status == (skip && bad[k].rest != NULL ? FM_OK : FM_ERR_DATA), "%s: %s", bad[k].label,
                    p.err.message);
      if (skip && bad[k].rest != NULL)
        ck_assert_msg(strcmp(p.text, bad[k].rest) == 0, "%s: %s", bad[k].label, p.text);
      printed_free(&p);
    }
}
END_TEST

/* Line, column and value of a bad cell, but never the key, nor a value that may be one. */
START_TEST(test_place)
{
  static const char file[] = "pnr,y_2101,y_2102\n0101701234,730,7x0\n0101701234,0101701234,730\n,731,731\n";
  printed p;
  print_spells(&p, file, strlen(file), NULL, 0);
  ck_assert_int_eq(p.status, FM_ERR_DATA);
  ck_assert_int_eq(p.err.line, 2);
  ck_assert_str_eq(p.err.column, "y_2102");
  ck_assert_str_eq(p.err.value, "7x0");
  ck_assert_str_eq(fm_test_text(p.problems, "cell", 0), "C2");
  for (size_t i = 0; i < fm_table_n_rows(p.problems); i++)
    for (size_t k = 0; k < fm_table_n_columns(p.problems); k++) {
      const char *cell = fm_table_column_type(p.problems, k) == FM_CODE ? fm_table_text(p.problems, k, i, NULL) : NULL;
      ck_assert(cell == NULL || strstr(cell, "0101701234") == NULL);
    }
  ck_assert_ptr_null(strstr(p.err.message, "0101701234"));
  printed_free(&p);
}
END_TEST

START_TEST(test_unknown_codes)
{
  static const char file[] = "pnr,y_2101,y_2102,y_2103\na,730,555,555\nb,,556,\nx,555,y?,\nc,555,,555\n";
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  printed p;
  spec.skip_bad = 1;
  spec.as_of = DAY(2021, 1, 18); /* two weeks are observed */
  print_spells(&p, file, strlen(file), &spec, 0);
  fm_assert_ok(p.status, &p.err);
  ck_assert_int_eq(p.summary.n_unknown_codes, 2);
  ck_assert_int_eq(p.summary.n_unknown_weeks, 3); /* a: W02, b: W02, c: W01; the row of x is left out */
  ck_assert_int_eq(p.summary.n_left_out, 1);
  size_t row = fm_test_row(p.problems, "value", "555", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(p.problems, "what", row), "unknown code in 2 weeks");
  ck_assert_str_eq(fm_test_text(p.problems, "column", row), "y_2102");
  fm_assert_close("line", fm_test_number(p.problems, "line", row), 2, 0, 0);
  printed_free(&p);
}
END_TEST

START_TEST(test_as_of)
{
  static const struct {
    int32_t day; /* of January 2021 */
    const char *spells;
    int weeks;
  } cases[] = {
      {4, "", 0},
      {10, "", 0}, /* the Sunday of W01 is not known yet */
      {11, "a 2021-01-04 open 730;", 1},
      {17, "a 2021-01-04 open 730;", 1},
      {18, "a 2021-01-04 2021-01-10 730;a 2021-01-11 open 731;", 2},
      {31, "a 2021-01-04 2021-01-10 730;a 2021-01-11 2021-01-17 731;a 2021-01-18 open 730;", 3},
  };
  static const char file[] = "pnr,y_2101,y_2102,y_2103\na,730,731,730\n";
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_dream_spec spec = FM_DREAM_SPEC_INIT;
    printed p;
    spec.as_of = DAY(2021, 1, cases[k].day);
    print_spells(&p, file, strlen(file), &spec, 0);
    fm_assert_ok(p.status, &p.err);
    ck_assert_msg(strcmp(p.text, cases[k].spells) == 0, "%d: %s", cases[k].day, p.text);
    ck_assert_int_eq(p.summary.n_weeks, cases[k].weeks);
    printed_free(&p);
  }
}
END_TEST

/* The third week has no column and the fourth is not known yet: the second is the last observed one, and a still runs.
 */
START_TEST(test_as_of_after_gap)
{
  static const char file[] = "pnr,y_2101,y_2102,y_2104\na,730,730,730\n";
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  printed p;
  spec.as_of = DAY(2021, 1, 26);
  print_spells(&p, file, strlen(file), &spec, 0);
  fm_assert_ok(p.status, &p.err);
  ck_assert_str_eq(p.text, "a 2021-01-04 open 730;");
  ck_assert_int_eq(p.summary.n_weeks, 2);
  ck_assert_int_eq(p.summary.as_of, DAY(2021, 1, 18));
  printed_free(&p);
}
END_TEST

START_TEST(test_carry)
{
  static const char file[] = "pnr,y_2104,y_2105,y_2106,branche_2021_01,branche_2021_02,grad_2021_01,grad_2021_02\n"
                             "a,,,,\"4,7\",48,1,1\nb,730,730,730,,,0.5,0.25\nc,730,730,730,9,9,,\n";
  static const struct {
    int32_t carry;
    const char *spells;
  } cases[] = {
      {0, "a 2021-01-25 open 100;b 2021-01-25 open 730;c 2021-01-25 open 730;"},
      {FM_DREAM_INDUSTRY, "a 2021-01-25 2021-01-31 100 4,7;a 2021-02-01 open 100 48;b 2021-01-25 open 730 ;"
                          "c 2021-01-25 open 730 9;"},
      {FM_DREAM_RATE, "a 2021-01-25 open 100 1;b 2021-01-25 2021-01-31 730 0.5;b 2021-02-01 open 730 0.25;"
                      "c 2021-01-25 open 730 ;"},
      {FM_DREAM_INDUSTRY | FM_DREAM_RATE,
       "a 2021-01-25 2021-01-31 100 4,7 1;a 2021-02-01 open 100 48 1;b 2021-01-25 2021-01-31 730  0.5;"
       "b 2021-02-01 open 730  0.25;c 2021-01-25 open 730 9 ;"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_dream_spec spec = FM_DREAM_SPEC_INIT;
    printed p;
    spec.carry = cases[k].carry;
    print_spells(&p, file, strlen(file), &spec, 0);
    fm_assert_ok(p.status, &p.err);
    ck_assert_msg(strcmp(p.text, cases[k].spells) == 0, "%d: %s", cases[k].carry, p.text);
    printed_free(&p);
  }
}
END_TEST

START_TEST(test_own_codes)
{
  static const char *const columns[] = {"code:code", "work:code"};
  static const char *const cells[] = {"0", "no", "100", "yes", "other_benefit", "no", "not_known", "no", "555", "no"};
  static const char file[] = "pnr,y_2101,y_2102\na,555,730\n";
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_codes *codes;
  printed p;
  for (size_t n = 5; n >= 3; n--) { /* with 555, without it, without not_known: that one is needed */
    fm_table *t = fm_test_table(columns, 2, cells, n);
    fm_assert_ok(fm_codes_from_table(&codes, "benefit_state", t, &err), &err);
    spec.codes = codes;
    print_spells(&p, file, strlen(file), &spec, 0);
    ck_assert_int_eq(p.status, n == 3 ? FM_ERR_NOT_FOUND : FM_OK);
    ck_assert_str_eq(p.text, n == 5   ? "a 2021-01-04 2021-01-10 555;a 2021-01-11 open other_benefit;"
                             : n == 4 ? "a 2021-01-04 open other_benefit;"
                                      : "");
    printed_free(&p);
    fm_codes_destroy(codes);
    fm_table_destroy(t);
  }
}
END_TEST

START_TEST(test_arguments)
{
  fm_dream_spec spec, plain = FM_DREAM_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  printed p;
  fm_dream_spec_init(&spec, sizeof spec);
  ck_assert_int_eq(memcmp(&spec, &plain, sizeof spec), 0);
  ck_assert_int_eq(spec.employment_from, DAY(2008, 1, 1));
  spec.carry = 4;
  print_spells(&p, "", 0, &spec, 0);
  ck_assert_int_eq(p.status, FM_ERR_ARGUMENT);
  printed_free(&p);
  ck_assert_int_eq(fm_dream_stream(NULL, NULL, NULL, NULL, "x", NULL, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_write("x.csv", NULL, NULL, "x.csv", NULL, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_dream_write("x.csv", NULL, NULL, "dream-not-there.csv", NULL, NULL, &err), FM_ERR_NOT_FOUND);
}
END_TEST

/* A key found by another name than the usual ones, and 2007 with a usable record of employment. */
START_TEST(test_choices)
{
  static const char file[] = "pnr,cpr_hash,y_0750,branche_2007_12\n1,a,,5\n2,b,730,\n";
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  printed p;
  spec.id_column = "cpr_hash";
  spec.employment_from = DAY(2007, 1, 1);
  print_spells(&p, file, strlen(file), &spec, 0);
  fm_assert_ok(p.status, &p.err);
  ck_assert_str_eq(p.text, "a 2007-12-10 open 100;b 2007-12-10 open 730;");
  printed_free(&p);
  spec.id_column = "CPR";
  print_spells(&p, file, strlen(file), &spec, 0);
  ck_assert_int_eq(p.status, FM_ERR_DATA);
  printed_free(&p);
}
END_TEST

static int32_t nothing(void *ctx, const fm_dream_person *person)
{
  *(size_t *)ctx += person->n_spells;
  return 0;
}

static int32_t refuse(void *ctx, const fm_dream_person *person)
{
  (void)person;
  return ++*(size_t *)ctx == 1;
}

START_TEST(test_stopped)
{
  static const char file[] = "pnr,y_2101\na,730\nb,730\n";
  fm_error err = FM_ERROR_INIT;
  fm_table *problems;
  size_t calls = 0;
  ck_assert_int_eq(fm__dream_read_memory(refuse, &calls, NULL, &problems, file, strlen(file), NULL, 0, &err),
                   FM_ERR_CANCELLED);
  ck_assert_uint_eq(calls, 1);
  ck_assert_ptr_null(problems);
}
END_TEST

static fm_status read_all(void *ctx, fm_error *err)
{
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  fm_table *problems = NULL;
  char file[4096];
  size_t n = worked_example(file);
  (void)ctx;
  spec.carry = FM_DREAM_INDUSTRY | FM_DREAM_RATE;
  spec.skip_bad = 1;
  n += (size_t)sprintf(file + n, "P2,2\n");
  size_t n_spells = 0;
  fm_status status = fm__dream_read_memory(nothing, &n_spells, NULL, &problems, file, n, &spec, 100, err);
  ck_assert(status != FM_OK || n_spells == 8);
  fm_table_destroy(problems);
  return status;
}

static void make_file(const char *path)
{
  char file[4096];
  size_t n = worked_example(file);
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(file, 1, n, f), n);
  ck_assert_int_eq(fclose(f), 0);
}

static bool is_there(const char *path)
{
  FILE *f = fopen(path, "rb");
  if (f != NULL)
    fclose(f);
  return f != NULL;
}

typedef struct places {
  char folder[256], in[300], out[300], part[300];
} places;

static void make_places(places *p)
{
  const char *root = getenv("TMPDIR");
  snprintf(p->folder, sizeof p->folder, "%s/fm-dream-XXXXXX", root != NULL ? root : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(p->folder));
  snprintf(p->in, sizeof p->in, "%s/in.csv", p->folder);
  snprintf(p->out, sizeof p->out, "%s/out.csv", p->folder);
  snprintf(p->part, sizeof p->part, "%s/out.csv.part", p->folder);
}

static fm_status write_all(void *ctx, fm_error *err)
{
  const places *p = ctx;
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  fm_table *problems = NULL;
  spec.carry = FM_DREAM_INDUSTRY | FM_DREAM_RATE;
  fm_status status = fm_dream_write(p->out, NULL, &problems, p->in, &spec, NULL, err);
  ck_assert(status == FM_OK || !is_there(p->out));
  ck_assert(!is_there(p->part));
  fm_table_destroy(problems);
  return status;
}

/* The file of spells is whole or not there; it is read back, and its cells are those of the spells. */
START_TEST(test_write)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  places p;
  make_places(&p);
  make_file(p.in);
  ck_assert_int_gt(fm_test_allocations(write_all, &p), 50);
  fm_assert_ok(fm_csv_read_file(&t, NULL, p.out, NULL, NULL, 0, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 8);
  ck_assert_str_eq(fm_test_text(t, "person_id", 2), "P1");
  ck_assert_str_eq(fm_test_text(t, "state", 2), "100");
  ck_assert_str_eq(fm_test_text(t, "industry", 2), "471110");
  ck_assert_ptr_null(fm_test_text(t, "end", fm_table_n_rows(t) - 1));
  fm_table_destroy(t);
  remove(p.in);
  remove(p.out);
  ck_assert_int_eq(rmdir(p.folder), 0); /* nothing else was left there */
}
END_TEST

START_TEST(test_memory)
{
  ck_assert_int_gt(fm_test_allocations(read_all, NULL), 50);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("dream");
  TCase *tcase = tcase_create("dream");
  tcase_add_test(tcase, test_worked_example);
  tcase_add_test(tcase, test_good);
  tcase_add_test(tcase, test_bad);
  tcase_add_test(tcase, test_place);
  tcase_add_test(tcase, test_unknown_codes);
  tcase_add_test(tcase, test_as_of);
  tcase_add_test(tcase, test_as_of_after_gap);
  tcase_add_test(tcase, test_carry);
  tcase_add_test(tcase, test_own_codes);
  tcase_add_test(tcase, test_arguments);
  tcase_add_test(tcase, test_choices);
  tcase_add_test(tcase, test_stopped);
  tcase_add_test(tcase, test_write);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
