/* From result tables: series by indicator and definition, groups, states, national breakdowns. */
#include <stdio.h>
#include <string.h>

#include "sdg/sdg_support.h"

typedef struct made {
  fm_table *t, *problems;
  fm_status status;
  fm_error err;
  char cells[LISTED], listed[LISTED];
} made;

static void make(made *m, const fm_table *t, const fm_sdmx_spec *spec)
{
  fm_error_init(&m->err, sizeof m->err);
  m->status = fm_sdmx_observations(&m->t, &m->problems, t, spec, &m->err);
  m->cells[0] = m->listed[0] = '\0';
  if (m->problems != NULL)
    list_problems(m->listed, m->problems);
  if (m->t != NULL)
    list_cells(m->cells, m->t, 0);
}

static void made_free(made *m)
{
  fm_table_destroy(m->t);
  fm_table_destroy(m->problems);
}

static fm_sdmx_spec denmark(void)
{
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  spec.area = "208";
  spec.period = "2024";
  return spec;
}

static const char *const labour[] = {"indicator:code",  "definition:code", "sex:code",        "age:code",
                                     "disability:code", "quantity:code",   "value:f64",       "ci_low:f64",
                                     "ci_high:f64",     "state:code",      "reliability:code"};

/* By hand: of 2,360 women in the labour force 550 are unemployed, 550 / 2360 = 0.2330508474576271, per cent
 * 23.30508474576271. The total is of people of 15 and more; with disability the series is another. */
START_TEST(test_unemployment)
{
  static const char *const cells[] = {"labour.unemployment_rate",
                                      "icls_13",
                                      "",
                                      "",
                                      "",
                                      "share",
                                      "0.25",
                                      "0.2",
                                      "0.3",
                                      "ok",
                                      "ok",
                                      "labour.unemployment_rate",
                                      "icls_13",
                                      "female",
                                      "",
                                      "",
                                      "share",
                                      "0.23305084745762711",
                                      "",
                                      "",
                                      "ok",
                                      "unreliable",
                                      "labour.unemployment_rate",
                                      "icls_13",
                                      "M",
                                      "15-24",
                                      "",
                                      "share",
                                      "0.07",
                                      "0.01",
                                      "0.2",
                                      "suppressed",
                                      "ok",
                                      "labour.unemployment_rate",
                                      "icls_13",
                                      "kvinde",
                                      "25+",
                                      "",
                                      "share",
                                      "0.5",
                                      "",
                                      "",
                                      "preliminary",
                                      "ok",
                                      "labour.unemployment_rate",
                                      "icls_13",
                                      "",
                                      "",
                                      "yes",
                                      "share",
                                      "0.56310679611650483",
                                      "",
                                      "",
                                      "ok",
                                      "ok",
                                      "labour.unemployment_rate",
                                      "icls_13;survey",
                                      "",
                                      "",
                                      "no",
                                      "share",
                                      "",
                                      "",
                                      "",
                                      "undefined",
                                      "ok"};
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(labour, FM_COUNT(labour), cells, 6);
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(m.cells,
                   "A|N|SL_TLF_UEM|208|_T|Y_GE15|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|25|A|0|PT|30|20\n"
                   "A|N|SL_TLF_UEM|208|F|Y_GE15|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|23.30508474576271|U|0|PT||\n"
                   "A|N|SL_TLF_UEM|208|M|Y15T24|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024||Q|0|PT||\n"
                   "A|N|SL_TLF_UEM|208|F|Y_GE25|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|50|P|0|PT||\n"
                   "A|N|SL_TLF_UEMDIS|208|_T|Y_GE15|_T|_T|_T|_T|_T|_T|PD|_T|_T|2024|56.31067961165048|A|0|PT||\n"
                   "A|N|SL_TLF_UEMDIS|208|_T|Y_GE15|_T|_T|_T|_T|_T|_T|PWD|_T|_T|2024||M|0|PT||\n");
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

/* The 13th or the 19th conference is never guessed; the caller may say what the rows do not. */
START_TEST(test_icls)
{
  static const char *const cells[] = {
      "labour.unemployment_rate", "icls_19",  "",  "", "",    "share", "0.2", "", "", "ok", "ok",
      "labour.unemployment_rate", "register", "F", "", "",    "share", "0.1", "", "", "ok", "ok",
      "labour.unemployment_rate", "icls_199", "",  "", "yes", "share", "0.1", "", "", "ok", "ok"};
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(labour, FM_COUNT(labour), cells, 3);
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_DATA);
  ck_assert_str_eq(m.listed, "FM-K03 2 definition register: a definition that does not decide the series; a definition "
                             "that says icls_13 or icls_19\n"
                             "FM-K03 3 definition icls_199: a definition that does not decide the series; a definition "
                             "that says icls_13 or icls_13 or icls_19 or icls_19\n");
  made_free(&m);
  spec.definition = "register, icls_13";
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(fm_test_text(m.t, "SERIES", 0), "SL_TLF_UEM_19ICLS");
  ck_assert_str_eq(fm_test_text(m.t, "SERIES", 1), "SL_TLF_UEM");
  ck_assert_str_eq(fm_test_text(m.t, "SERIES", 2), "SL_TLF_UEMDIS");
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

static const char *const income[] = {"indicator:code",  "definition:code", "region:code",       "parameter:code",
                                     "comparison:code", "df:f64",          "period_start:date", "period_end:date",
                                     "quantity:code",   "value:f64",       "unit:code",         "state:code"};

/* 10.1.1, 10.2.1 and 10.4.2 of one table each; other figures are left out and noted. */
START_TEST(test_income)
{
  static const char *const change[] = {"income.change",  "anonymous", "",           "0.4",
                                       "annual_growth",  "5",         "2013-01-01", "2018-12-31",
                                       "growth_bottom",  "0.0149",    "per_year",   "ok",
                                       "income.change",  "anonymous", "",           "",
                                       "annual_growth",  "5",         "2013-01-01", "2018-12-31",
                                       "growth_mean",    "0.0135",    "per_year",   "ok",
                                       "income.change",  "anonymous", "",           "0.4",
                                       "annual_growth",  "5",         "2013-01-01", "2018-12-31",
                                       "growth_premium", "0.0014",    "per_year",   "ok",
                                       "income.change",  "anonymous", "",           "0.3",
                                       "annual_growth",  "5",         "2013-01-01", "2018-12-31",
                                       "growth_bottom",  "0.01",      "per_year",   "ok"};
  static const char *const one[] = {"income.distribution",
                                    "default",
                                    "",
                                    "0.50",
                                    "",
                                    "",
                                    "2024-01-01",
                                    "2024-12-31",
                                    "at_risk_of_poverty",
                                    "0.08",
                                    "share",
                                    "ok",
                                    "income.distribution",
                                    "default",
                                    "",
                                    "",
                                    "",
                                    "",
                                    "2024-01-01",
                                    "",
                                    "gini",
                                    "0.249",
                                    "index",
                                    "ok"};
  made m;
  fm_sdmx_spec spec = denmark();
  spec.period = NULL;
  fm_table *t = fm_test_table(income, FM_COUNT(income), change, 4);
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(m.cells, "A|N|SI_HEI_TOTL|208|_T|_T|_T|B40|_T|_T|_T|_T|_T|_T|_T|2018|1.49|A|0|PT|2013-2018\n"
                            "A|N|SI_HEI_TOTL|208|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|2018|1.35|A|0|PT|2013-2018\n");
  ck_assert_str_eq(m.listed, "FM-K06 3 - -: 2 rows that belong to no series asked for are left out; -\n");
  made_free(&m);
  fm_table_destroy(t);
  t = fm_test_table(income, FM_COUNT(income), one, 2);
  make(&m, t, &spec); /* a Gini of which stage? */
  ck_assert_int_eq(m.status, FM_ERR_DATA);
  ck_assert_ptr_nonnull(
      strstr(m.listed, "FM-K02 2 COMPOSITE_BREAKDOWN _T: the content constraints of series SI_DST_FISP"));
  made_free(&m);
  spec.series = "SI_DST_FISP";
  spec.set = "COMPOSITE_BREAKDOWN=FIS_POSTFIS_DIS_INC";
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(m.cells, "A|N|SI_DST_FISP|208|_T|_T|_T|_T|_T|_T|_T|FIS_POSTFIS_DIS_INC|_T|_T|_T|2024|24.9|A|0|PT\n");
  made_free(&m);
  spec.series = "SI_POV_50MI";
  spec.set = NULL;
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(m.cells, "A|N|SI_POV_50MI|208|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|8|A|0|PT\n");
  made_free(&m);
  spec.series = "SL_TLF_UEM";
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_DATA);
  ck_assert_ptr_nonnull(strstr(m.listed, "FM-K03 - indicator -: no row belongs to a series asked for"));
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

static const char *const groups[] = {"indicator:code", "definition:code", "municipality:code", "target_group:code",
                                     "sex:code",       "quantity:code",   "value:f64",         "state:code"};

/* A group of no dimension goes to a national breakdown only when its column is named. */
START_TEST(test_national)
{
  static const char *const cells[] = {"labour.neet_rate", "icls_13", "Tønder", "",        "",  "share", "0.1", "ok",
                                      "labour.neet_rate", "icls_13", "Aarhus", "",        "f", "share", "0.2", "ok",
                                      "labour.neet_rate", "icls_13", "Aarhus", "refugee", "",  "share", "0.3", "ok",
                                      "labour.neet_rate", "icls_13", "",       "",        "",  "share", "0.4", "ok",
                                      "labour.neet_rate", "icls_13", "Tønder", "",        "m", "share", "",    "empty"};
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(groups, FM_COUNT(groups), cells, 5);
  spec.custom = "municipality";
  make(&m, t, &spec);
  ck_assert_str_eq(m.listed,
                   "FM-K04 3 target_group refugee: a group without a code of the structure; a column and value "
                   "of the table sdmx_groups\n");
  made_free(&m);
  spec.custom = "municipality, target_group";
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(
      m.cells,
      "A|N|SL_TLF_NEET|208|_T|Y15T24|_T|_T|_T|_T|C03|_T|_T|_T|_T|2024|10|A|0|PT|municipality: Tønder\n"
      "A|N|SL_TLF_NEET|208|F|Y15T24|_T|_T|_T|_T|C01|_T|_T|_T|_T|2024|20|A|0|PT|municipality: Aarhus\n"
      "A|N|SL_TLF_NEET|208|_T|Y15T24|_T|_T|_T|_T|C02|_T|_T|_T|_T|2024|30|A|0|PT|municipality: Aarhus; target_group: "
      "refugee\n"
      "A|N|SL_TLF_NEET|208|_T|Y15T24|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|40|A|0|PT|\n"
      "A|N|SL_TLF_NEET|208|M|Y15T24|_T|_T|_T|_T|C03|_T|_T|_T|_T|2024||O|0|PT|municipality: Tønder\n");
  made_free(&m);
  spec.custom = "region";
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_NOT_FOUND);
  made_free(&m);
  spec.custom = "quantity";
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_NOT_FOUND);
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

/* Own tables give codes to groups and series to figures. */
START_TEST(test_own_tables)
{
  static const char *const cells[] = {"labour.neet_rate", "icls_13", "Aarhus", "", "", "share", "0.2", "ok",
                                      "labour.neet_rate", "icls_13", "Tønder", "", "", "share", "0.3", "ok",
                                      "dk.jobs",          "",        "",       "", "", "n",     "7",   "ok"};
  static const char *const group_columns[] = {"column:code", "value:code", "component:code", "code:code"};
  static const char *const own_groups[] = {"municipality", "aarhus", "CUST_BREAKDOWN", "C01"};
  static const char *const measure_columns[] = {"series:code", "indicator:code", "quantity:code", "definition:code",
                                                "when:code",   "needs:code",     "set:code",      "shift:code"};
  static const char *const own_measures[] = {"SL_CPA_YEMP",   "dk.jobs", "m|n",         "",
                                             "municipality=", "",        "UNIT_MULT=3", "0"};
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_codes *codes;
  const char *const *columns[] = {group_columns, measure_columns}, *const * rows[] = {own_groups, own_measures};
  static const char *const names[] = {"sdmx_groups", "sdmx_measures"};
  const fm_table *tables[2];
  for (int i = 0; i < 2; i++) { /* text tables of their names */
    fm_table *own;
    fm_assert_ok(fm_table_create(&own, names[i], &err), &err);
    for (size_t k = 0; k < (i == 0 ? 4U : 8U); k++) {
      char column[32];
      snprintf(column, sizeof column, "%.*s", (int)strcspn(columns[i][k], ":"), columns[i][k]);
      fm_assert_ok(fm_table_add_text(own, column, &rows[i][k], 1, &err), &err);
    }
    fm_assert_ok(fm_table_seal(own, &err), &err);
    tables[i] = own;
  }
  fm_assert_ok(fm_sdmx_codes_create(&codes, tables, 2, NULL, &err), &err);
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(groups, FM_COUNT(groups), cells, 3);
  spec.codes = codes;
  spec.custom = "municipality";
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(m.cells,
                   "A|N|SL_TLF_NEET|208|_T|Y15T24|_T|_T|_T|_T|C01|_T|_T|_T|_T|2024|20|A|0|PT|municipality: Aarhus\n"
                   "A|N|SL_TLF_NEET|208|_T|Y15T24|_T|_T|_T|_T|C02|_T|_T|_T|_T|2024|30|A|0|PT|municipality: Tønder\n"
                   "A|N|SL_CPA_YEMP|208|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|_T|2024|7|A|3|NUMBER|\n");
  made_free(&m);
  fm_table_destroy(t);
  fm_sdmx_codes_destroy(codes);
  for (int i = 0; i < 2; i++)
    fm_table_destroy((fm_table *)(uintptr_t)tables[i]);
}
END_TEST

/* Groups of all kinds, also as codes themselves; two of one component contradict. */
START_TEST(test_groups)
{
  static const char *const columns[] = {
      "indicator:code", "definition:code", "sex:code",    "age:code", "disability:bool", "migrant:bool", "isco:i64",
      "activity:code",  "education:code",  "gender:code", "year:i64", "quantity:code",   "value:code"};
  static const char *const cells[] = {"labour.hourly_earnings",
                                      "",
                                      "SEX",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "2020",
                                      "mean",
                                      "100",
                                      "labour.hourly_earnings",
                                      "",
                                      "_O",
                                      "Y15T24",
                                      "1",
                                      "0",
                                      "5",
                                      "",
                                      "6",
                                      "",
                                      "2021",
                                      "mean",
                                      "123.5",
                                      "labour.informal_share",
                                      "icls_13",
                                      "f",
                                      "15+",
                                      "0",
                                      "1",
                                      "",
                                      "non_agriculture",
                                      "AGG_5T8",
                                      "",
                                      "2021",
                                      "share",
                                      "0.5",
                                      "labour.informal_share",
                                      "icls_13",
                                      "f",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "q",
                                      "",
                                      "",
                                      "2021",
                                      "share",
                                      "0.5",
                                      "labour.informal_share",
                                      "icls_13",
                                      "f",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "a",
                                      "",
                                      "m",
                                      "2021",
                                      "share",
                                      "0.5",
                                      "labour.hourly_earnings",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "",
                                      "2019",
                                      "mean",
                                      "many"};
  made m;
  fm_sdmx_spec spec = denmark();
  spec.period = NULL;
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 6);
  make(&m, t, &spec);
  ck_assert_str_eq(m.listed,
                   "FM-K04 1 sex SEX: a group without a code of the structure; a column and value of the table "
                   "sdmx_groups\nFM-K04 5 gender m: a second breakdown of one component; SEX\n"
                   "FM-N01 6 value many: not a number; a number with a point\n");
  made_free(&m);
  fm_table_destroy(t);
  t = fm_test_table(columns, FM_COUNT(columns), cells + FM_COUNT(columns), 3);
  make(&m, t, &spec);
  fm_assert_ok(m.status, &m.err);
  ck_assert_str_eq(
      m.cells,
      "A|N|SL_EMP_EARN|208|_O|Y15T24|_T|_T|ISCED11_6|ISCO08_5|_T|MS_NOMIGRANT|PD|_T|_T|2021|123.5|A|0|CUR_LCU\n"
      "A|N|SL_ISV_IFEM|208|F|Y_GE15|_T|_T|AGG_5T8|_T|_T|MS_MIGRANT|PWD|ISIC4_BTU|_T|2021|50|A|0|PT\n"
      "A|N|SL_ISV_IFEM|208|F|Y_GE15|_T|_T|_T|_T|_T|_T|_T|ISIC4_Q|_T|2021|50|A|0|PT\n");
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

/* The result of a measure as it comes: rows that differ only in what has no dimension are told. */
START_TEST(test_twice)
{
  static const char *const cells[] = {"labour.neet_rate", "icls_13", "", "", "", "share", "0.1", "ok",
                                      "labour.neet_rate", "icls_13", "", "", "", "share", "0.2", "ok"};
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(groups, FM_COUNT(groups), cells, 2);
  make(&m, t, &spec);
  ck_assert_str_eq(m.listed,
                   "FM-R01 2 - A.N.SL_TLF_NEET.208._T.Y15T24._T._T._T._T._T._T._T._T._T.2024: the key of row 1 "
                   "once more; each key once\n");
  made_free(&m);
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_bad_tables)
{
  static const char *const no_value[] = {"indicator:code", "definition:code", "quantity:code"};
  static const char *const no_text[] = {"indicator:i64", "definition:code", "quantity:code", "value:f64"};
  static const char *const cells[] = {"1", "", "a", "2"};
  made m;
  fm_sdmx_spec spec = denmark();
  fm_table *t = fm_test_table(no_value, 3, cells, 1), *open;
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_NOT_FOUND);
  fm_table_destroy(t);
  t = fm_test_table(no_text, 4, cells, 1);
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_TYPE);
  spec.keep = "a";
  make(&m, t, &spec);
  ck_assert_int_eq(m.status, FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(m.err.message, "keep is not for a table of results"));
  fm_table_destroy(t);
  ck_assert_int_eq(fm_table_create(&open, "open", NULL), FM_OK);
  make(&m, open, NULL);
  ck_assert_int_eq(m.status, FM_ERR_STATE);
  fm_table_destroy(open);
  make(&m, NULL, NULL);
  ck_assert_int_eq(m.status, FM_ERR_ARGUMENT);
}
END_TEST

typedef struct whole {
  const fm_table *t;
  fm_sdmx_codes *codes;
} whole;

static fm_status observe(void *ctx, fm_error *err)
{
  const whole *w = ctx;
  fm_table *out, *problems;
  fm_sdmx_spec spec = denmark();
  spec.custom = "municipality,target_group";
  spec.codes = w->codes;
  fm_status status = fm_sdmx_observations(&out, &problems, w->t, &spec, err);
  fm_table_destroy(out);
  fm_table_destroy(problems);
  return status;
}

START_TEST(test_no_memory)
{
  static const char *const cells[] = {"labour.neet_rate", "icls_13", "Tønder", "", "", "share", "0.1", "ok",
                                      "labour.other",     "",        "",       "", "", "share", "0.1", "ok"};
  fm_table *t = fm_test_table(groups, FM_COUNT(groups), cells, 2);
  whole w = {t, NULL};
  ck_assert_int_eq(fm_sdmx_codes_create(&w.codes, NULL, 0, NULL, NULL), FM_OK);
  ck_assert_int_gt(fm_test_allocations(observe, &w), 50);
  fm_sdmx_codes_destroy(w.codes);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_result");
  TCase *tcase = tcase_create("result");
  tcase_add_test(tcase, test_unemployment);
  tcase_add_test(tcase, test_icls);
  tcase_add_test(tcase, test_income);
  tcase_add_test(tcase, test_national);
  tcase_add_test(tcase, test_own_tables);
  tcase_add_test(tcase, test_groups);
  tcase_add_test(tcase, test_twice);
  tcase_add_test(tcase, test_bad_tables);
  tcase_add_test(tcase, test_no_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
