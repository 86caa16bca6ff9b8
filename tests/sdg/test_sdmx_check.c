/* What is refused before anything is written: unknown codes, impossible keys, keys twice, values against their status.
 */
#include <stdio.h>
#include <string.h>

#include "sdg/sdg_support.h"

static void check(char listed[LISTED], const fm_table *t, const fm_sdmx_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *problems;
  fm_status status = fm_sdmx_observations(&out, &problems, t, spec, &err);
  listed[0] = '\0';
  ck_assert_msg(status == FM_OK || status == FM_ERR_DATA, "%s", err.message);
  ck_assert_int_eq(out != NULL, status == FM_OK);
  list_problems(listed, problems);
  ck_assert_int_eq(status == FM_OK, listed[0] == '\0');
  fm_table_destroy(out);
  fm_table_destroy(problems);
}

typedef struct limit_case {
  const char *series, *component, *code;
  const char *listed; /* "" for a possible key */
} limit_case;

/* One component besides the series. */
static void check_limit(const limit_case *c)
{
  char column[64], listed[LISTED];
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  snprintf(column, sizeof column, "%s:code", c->component);
  const char *const columns[] = {"SERIES:code", column, "OBS_VALUE:f64"};
  const char *const cells[] = {c->series, c->code, "1"};
  fm_table *t = fm_test_table(columns, 3, cells, 1);
  spec.area = "208";
  spec.period = "2024";
  spec.set = strcmp(c->series, "SI_DST_FISP") == 0 && strcmp(c->component, "COMPOSITE_BREAKDOWN") != 0
                 ? "COMPOSITE_BREAKDOWN=FIS_PREFIS_INC"
                 : NULL;
  check(listed, t, &spec);
  ck_assert_str_eq(listed, c->listed);
  fm_table_destroy(t);
}

START_TEST(test_limits)
{
  static const limit_case cases[] = {
      {"SL_TLF_UEM", "DISABILITY_STATUS", "PD",
       "FM-K02 1 DISABILITY_STATUS PD: the content constraints of series SL_TLF_UEM forbid this DISABILITY_STATUS; "
       "_T\n"},
      {"SL_TLF_UEMDIS", "DISABILITY_STATUS", "PD", ""},
      {"SL_TLF_UEMDIS", "DISABILITY_STATUS", "", ""},
      {"SL_TLF_UEM_19ICLS", "DISABILITY_STATUS", "PWD",
       "FM-K02 1 DISABILITY_STATUS PWD: the content constraints of series SL_TLF_UEM_19ICLS forbid this "
       "DISABILITY_STATUS; _T\n"},
      {"SL_EMP_RCOST", "SEX", "F",
       "FM-K02 1 COMPOSITE_BREAKDOWN _T: the content constraints of series SL_EMP_RCOST forbid this "
       "COMPOSITE_BREAKDOWN; MS_MIGRANT MS_EUMIGRANT\n"},
      {"SL_EMP_RCOST", "COMPOSITE_BREAKDOWN", "MS_MIGRANT", ""},
      {"SI_DST_FISP", "COMPOSITE_BREAKDOWN", "",
       "FM-K02 1 COMPOSITE_BREAKDOWN _T: the content constraints of series SI_DST_FISP forbid this "
       "COMPOSITE_BREAKDOWN; FIS_PREFIS_INC FIS_POSTFIS_DIS_INC FIS_POSTFIS_CON_INC\n"},
      {"SI_DST_FISP", "COMPOSITE_BREAKDOWN", "FIS_PREFIS_INC", ""},
      {"SI_DST_FISP", "SEX", "M",
       "FM-K02 1 SEX M: the content constraints of series SI_DST_FISP forbid this SEX; _T\n"},
      {"FB_BNK_ACCSS", "AGE", "Y15T24",
       "FM-K02 1 AGE Y15T24: the content constraints of series FB_BNK_ACCSS forbid this AGE; Y_GE15\n"},
      {"FB_BNK_ACCSS", "AGE", "Y_GE15", ""},
      {"SI_HEI_TOTL", "SEX", "F",
       "FM-K02 1 SEX F: the content constraints of series SI_HEI_TOTL forbid this SEX; _T\n"},
      {"SI_HEI_TOTL", "INCOME_WEALTH_QUANTILE", "B40", ""},
      {"SL_TLF_UEM", "UNIT_MEASURE", "RO",
       "FM-K02 1 UNIT_MEASURE RO: the content constraints of series SL_TLF_UEM forbid this UNIT_MEASURE; PT\n"},
      {"SL_TLF_UEM", "UNIT_MULT", "3",
       "FM-K02 1 UNIT_MULT 3: the content constraints of series SL_TLF_UEM forbid this UNIT_MULT; 0\n"},
      {"SL_ISV_IFEM", "ACTIVITY", "ISIC4_BTU", ""},
      {"SL_TLF_UEM", "AGE", "Y15T16",
       "FM-K01 1 AGE Y15T16: IAEG-SDGs:CL_AGE(1.1) does not have this code; a code of IAEG-SDGs:CL_AGE(1.1)\n"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++)
    check_limit(&cases[i]);
}
END_TEST

/* Everything wrong with a table at once, each with its row. */
START_TEST(test_all_problems)
{
  static const char *const columns[] = {"SERIES:code",         "SEX:code",         "DISABILITY_STATUS:code",
                                        "CUST_BREAKDOWN:code", "TIME_PERIOD:code", "OBS_VALUE:code",
                                        "OBS_STATUS:code",     "colour:code"};
  static const char *const unknown[] = {"SL_TLF_UEM", "", "", "", "2024", "1",    "", "red",
                                        "SL_TLF_UEM", "", "", "", "2023", "five", "", ""};
  static const char *const cells[] = {
      "SL_TLF_UEM", "F", "PD", "",   "2024",    "1",   "",  "", "SL_TLF_UEM", "X", "",   "",    "2024", "1", "",  "",
      "SL_TLF_UEM", "M", "",   "",   "2024",    "1",   "Q", "", "SL_TLF_UEM", "M", "",   "",    "2023", "",  "A", "",
      "SL_TLF_UEM", "M", "",   "",   "2022",    "",    "",  "", "SL_TLF_UEM", "",  "",   "C01", "2024", "1", "",  "",
      "SL_TLF_UEM", "",  "",   "",   "2024-Q1", "1",   "",  "", "SL_TLF_UEM", "F", "_T", "",    "2020", "1", "",  "",
      "SL_TLF_UEM", "F", "",   "_T", "2020",    "2",   "",  "", "",           "F", "",   "",    "2021", "2", "",  "",
      "JOBS",       "",  "PD", "",   "2021",    "NaN", "O", ""};
  char listed[LISTED];
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  spec.area = "208";
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), unknown, 2);
  check(listed, t, &spec);
  ck_assert_str_eq(listed,
                   "FM-K05 - colour colour: a column that is no component of the structure; a dimension, measure "
                   "or attribute\nFM-N01 2 OBS_VALUE five: not a number; a number with a point\n");
  fm_table_destroy(t);
  t = fm_test_table(columns, FM_COUNT(columns), cells, FM_COUNT(cells) / FM_COUNT(columns));
  spec.keep = "colour";
  check(listed, t, &spec);
  ck_assert_str_eq(
      listed,
      "FM-K02 1 DISABILITY_STATUS PD: the content constraints of series SL_TLF_UEM forbid this DISABILITY_STATUS; _T\n"
      "FM-K01 2 SEX X: IAEG-SDGs:CL_SEX(1.1) does not have this code; a code of IAEG-SDGs:CL_SEX(1.1)\n"
      "FM-K07 3 OBS_STATUS Q: a value beside a status that says there is none; no value, or another status\n"
      "FM-K07 4 OBS_STATUS A: no value beside a status that says there is one; a value, or a status such as O or Q\n"
      "FM-V01 5 OBS_STATUS -: no value; a status that says why there is no value, such as O or Q\n"
      "FM-V01 6 CUST_BREAKDOWN_LB -: no value; what the code of CUST_BREAKDOWN stands for\n"
      "FM-D03 7 TIME_PERIOD 2024-Q1: not a period of its frequency; such as 2024 (A), 2024-S1 (S), 2024-Q1 (Q), "
      "2024-01 "
      "(M), 2024-W01 (W)\n"
      "FM-R01 9 - A.N.SL_TLF_UEM.208.F._T._T._T._T._T._T._T._T._T._T.2020: the key of row 8 once more; each key once\n"
      "FM-V01 10 SERIES -: no value; a value in each row, or one for all rows\n"
      "FM-V01 10 UNIT_MEASURE -: no value; a value in each row, or one for all rows\n"
      "FM-K01 11 SERIES JOBS: IAEG-SDGs:CL_SERIES(1.25) does not have this code; a code of IAEG-SDGs:CL_SERIES(1.25)\n"
      "FM-V01 11 UNIT_MEASURE -: no value; a value in each row, or one for all rows\n");
  fm_table_destroy(t);
}
END_TEST

/* A version that does not know a code yet says from which on it is known. */
START_TEST(test_versions)
{
  static const char *const columns[] = {"SERIES:code", "URBANISATION:code", "OBS_VALUE:i64"};
  static const char *const cells[] = {"SL_TLF_UEM_19ICLS", "", "1", "SL_TLF_UEM", "CITY", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  fm_sdmx_codes *codes;
  fm_table *t = fm_test_table(columns, 3, cells, 2), *out, *problems;
  fm_assert_ok(fm_sdmx_codes_create(&codes, NULL, 0, "CL_SERIES(1.4),CL_URBANISATION(1.0)", &err), &err);
  spec.codes = codes;
  spec.area = "208";
  spec.period = "2024";
  ck_assert_int_eq(fm_sdmx_observations(&out, &problems, t, &spec, &err), FM_ERR_DATA);
  ck_assert_uint_eq(fm_table_n_rows(problems), 2);
  ck_assert_str_eq(fm_test_text(problems, "what", 0), "IAEG-SDGs:CL_SERIES(1.4) does not have this code");
  ck_assert_str_eq(fm_test_text(problems, "hint", 0), "it is known from version 1.25 on");
  ck_assert_str_eq(fm_test_text(problems, "value", 1), "CITY");
  ck_assert_str_eq(fm_test_text(problems, "hint", 1), "it is known from version 1.10 on");
  fm_table_destroy(problems);
  spec.codes = NULL;
  fm_error_clear(&err);
  fm_assert_ok(fm_sdmx_observations(&out, NULL, t, &spec, &err), &err);
  fm_table_destroy(out);
  fm_table_destroy(t);
  fm_sdmx_codes_destroy(codes);
}
END_TEST

START_TEST(test_periods)
{
  static const struct {
    const char *frequency, *period;
    bool good;
  } cases[] = {
      {"A", "2024", true},       {"A", "24", false},         {"A", "2024-01", false},      {"S", "2024-S2", true},
      {"S", "2024-S3", false},   {"Q", "2024-Q4", true},     {"Q", "2024-05", false},      {"M", "2024-05", true},
      {"M", "2024-M12", true},   {"M", "2024-13", false},    {"W", "2024-W53", true},      {"W", "2024-W54", false},
      {"D", "2024-02-29", true}, {"D", "2023-02-29", false}, {"H", "2024-02-29T05", true}, {"A", "x024", false}};
  static const char *const columns[] = {"SERIES:code", "FREQ:code", "TIME_PERIOD:code", "OBS_VALUE:f64"};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    const char *const cells[] = {"SL_TLF_UEM", cases[i].frequency, cases[i].period, "1"};
    char listed[LISTED];
    fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
    spec.area = "208";
    fm_table *t = fm_test_table(columns, 4, cells, 1);
    check(listed, t, &spec);
    ck_assert_msg((listed[0] == '\0') == cases[i].good, "%s: %s", cases[i].period, listed);
    fm_table_destroy(t);
  }
}
END_TEST

/* What rows leave open is filled; a range of years is dated by its last. */
START_TEST(test_filled)
{
  static const char *const columns[] = {"SERIES:code", "TIME_PERIOD:i32", "OBS_VALUE:f64", "UPPER_BOUND:f64"};
  static const char *const cells[] = {"SI_HEI_TOTL", "", "1.5", "2.5", "SL_EMP_EARN", "2020", "", ""};
  char listed[LISTED];
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 4, cells, 2), *out;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  spec.area = "208";
  spec.period = "2013-2018";
  spec.reporting_type = "R";
  spec.source = "Register; all jobs";
  spec.set = "OBS_STATUS=P; NATURE=C;";
  ck_assert_int_eq(fm_sdmx_observations(&out, NULL, t, &spec, &err),
                   FM_ERR_DATA); /* a missing value without a status */
  ck_assert_ptr_nonnull(strstr(err.message, "such as O or Q"));
  fm_table_destroy(t);
  t = fm_test_table(columns, 4, cells, 1);
  fm_error_clear(&err);
  fm_assert_ok(fm_sdmx_observations(&out, NULL, t, &spec, &err), &err);
  list_cells(listed, out, 0);
  ck_assert_str_eq(listed,
                   "A|R|SI_HEI_TOTL|208|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|2018|1.5|P|0|PT|C|2013-2018|Register; all "
                   "jobs|2.5\n");
  ck_assert_str_eq(fm_table_column_name(out, 23), "UPPER_BOUND");
  ck_assert_int_eq(fm_table_column_type(out, 16), FM_F64);
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

/* In 2.1 an attribute may be missing on purpose, and a row may be about part of a key. */
START_TEST(test_missing_on_purpose)
{
  static const char *const columns[] = {"SERIES:code",   "SEX:code",    "TIME_PERIOD:code",
                                        "OBS_VALUE:f64", "NATURE:code", "COMMENT_TS:code"};
  static const char *const cells[] = {"SL_TLF_UEM", "F", "2024", "1", "#N/A", "",
                                      "SL_TLF_UEM", "F", "~",    "",  "",     "by sex"};
  char listed[LISTED];
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 2), *out;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  spec.area = "208";
  spec.version = "2.1";
  fm_assert_ok(fm_sdmx_observations(&out, NULL, t, &spec, &err), &err);
  list_cells(listed, out, 0);
  ck_assert_str_eq(listed, "A|N|SL_TLF_UEM|208|F|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|1|A|0|PT|#N/A|\n"
                           "||SL_TLF_UEM||F|||||||||||~||||||by sex\n");
  fm_table_destroy(out);
  spec.version = "2.0"; /* neither is known there */
  check(listed, t, &spec);
  ck_assert_ptr_nonnull(strstr(listed, "FM-D03 2 TIME_PERIOD ~"));
  ck_assert_ptr_null(strstr(listed, "#N/A"));
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_infinite)
{
  static const char *const columns[] = {"SERIES:code", "OBS_VALUE:f64"};
  static const char *const cells[] = {"SL_TLF_UEM", "1e999"};
  char listed[LISTED];
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  fm_table *t = fm_test_table(columns, 2, cells, 1);
  check(listed, t, &spec);
  ck_assert_ptr_nonnull(strstr(listed, "FM-N02 1 OBS_VALUE"));
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_check");
  TCase *tcase = tcase_create("check");
  tcase_add_test(tcase, test_limits);
  tcase_add_test(tcase, test_all_problems);
  tcase_add_test(tcase, test_versions);
  tcase_add_test(tcase, test_periods);
  tcase_add_test(tcase, test_filled);
  tcase_add_test(tcase, test_missing_on_purpose);
  tcase_add_test(tcase, test_infinite);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
