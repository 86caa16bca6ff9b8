/* The built-in tables, own ones in their place, versions of lists. */
#include <stdio.h>
#include <string.h>

#include "sdg/sdg_support.h"
#include "sdg/sdmx_priv.h"

static const char *const code_columns[] = {"list:code", "code:code", "since:code", "until:code", "value:code"};
static const char *const series_columns[] = {"code:code", "since:code", "until:code", "SEX:code"};
static const char *const group_columns[] = {"column:code", "value:code", "component:code", "code:code"};
static const char *const measure_columns[] = {"series:code", "indicator:code", "quantity:code", "definition:code",
                                              "when:code",   "needs:code",     "set:code",      "shift:code"};
static const char *const component_columns[] = {"component:code", "role:code",    "required:code",
                                                "list:code",      "default:code", "type:code"};

/* fm_test_table with the name that tells which table it is. */
static fm_table *own(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                     size_t n_rows)
{
  fm_table *plain = fm_test_table(columns, n_columns, cells, n_rows), *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < n_columns; k++)
    fm_assert_ok(fm__table_share(t, fm_table_column_name(plain, k), plain, k, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_table_destroy(plain);
  return t;
}
#define OWN(name, columns, cells) own(name, columns, FM_COUNT(columns), cells, FM_COUNT(cells) / FM_COUNT(columns))

static int64_t find(const fm_sdmx_codes *c, const char *component, const char *code)
{
  size_t part = fm__sdmx_part_called(c, component, strlen(component));
  int64_t entry = fm__sdmx_find(c, c->parts[part].list, code, strlen(code));
  return entry >= 0 && fm__sdmx_in_force(c, c->parts[part].list, entry) ? entry : -1;
}

START_TEST(test_builtin)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_sdmx_codes *c;
  static const char *const there[][2] = {{"SEX", "_T"},
                                         {"AGE", "Y_GE15"},
                                         {"REF_AREA", "208"},
                                         {"CUST_BREAKDOWN", "C01"},
                                         {"CUST_BREAKDOWN", "C999"},
                                         {"URBANISATION", "CITY"},
                                         {"SERIES", "SL_TLF_UEM_19ICLS"},
                                         {"UNIT_MULT", "-9"},
                                         {"OBS_STATUS", "Q"}};
  static const char *const not_there[][2] = {{"SEX", "f"},   {"REF_AREA", "0208"},      {"CUST_BREAKDOWN", "C1000"},
                                             {"AGE", "C01"}, {"SERIES", "SI_POV_DAY1"}, {"CUST_BREAKDOWN", "C{01-99}"}};
  for (size_t i = 0; fm_sdmx_builtin_name(i) != NULL; i++) {
    fm_assert_ok(fm_sdmx_builtin(&t, fm_sdmx_builtin_name(i), &err), &err);
    ck_assert_str_eq(fm_table_name(t), fm_sdmx_builtin_name(i));
    for (size_t k = 0; k < fm_table_n_columns(t); k++)
      ck_assert_int_eq(fm_table_column_type(t, k), FM_CODE);
    ck_assert_uint_gt(fm_table_n_rows(t), 15);
    fm_table_destroy(t);
  }
  ck_assert_ptr_null(fm_sdmx_builtin_name(5));
  ck_assert_int_eq(fm_sdmx_builtin(&t, "sdmx_colours", NULL), FM_ERR_NOT_FOUND);
  ck_assert_int_eq(fm_sdmx_builtin(&t, NULL, NULL), FM_ERR_NOT_FOUND);
  fm_assert_ok(fm_sdmx_codes_create(&c, NULL, 0, NULL, &err), &err);
  ck_assert_uint_eq(c->n_parts, 33);
  ck_assert_str_eq(c->parts[0].name, "FREQ");
  ck_assert_str_eq(c->parts[15].name, "TIME_PERIOD");
  for (int i = 0; i < FM_COUNT(there); i++)
    ck_assert_msg(find(c, there[i][0], there[i][1]) >= 0, "%s", there[i][1]);
  for (int i = 0; i < FM_COUNT(not_there); i++)
    ck_assert_msg(find(c, not_there[i][0], not_there[i][1]) < 0, "%s", not_there[i][1]);
  char longest[300];
  memset(longest, 'x', sizeof longest);
  ck_assert_int_eq((int)fm__sdmx_find(c, 0, longest, sizeof longest), -1);
  fm_sdmx_codes_destroy(c);
  fm_sdmx_codes_destroy(NULL);
}
END_TEST

START_TEST(test_versions)
{
  static const struct {
    const char *versions, *component, *code;
    bool there;
  } cases[] = {
      {NULL, "URBANISATION", "CITY", true},
      {"CL_URBANISATION(1.0)", "URBANISATION", "CITY", false},
      {"IAEG-SDGs:CL_URBANISATION(1.10)", "URBANISATION", "CITY", true},
      {"CL_URBANISATION(1.0), CL_SERIES(1.4)", "SERIES", "SL_TLF_UEM_19ICLS", false},
      {"CL_SERIES(1.4),", "SERIES", "SL_TLF_UEM", true},
      {"CL_SERIES(1.25),CL_SERIES(1.4)", "SERIES", "SL_TLF_NEET_19ICLS", false},
      {"CL_AGE(1.0)", "AGE", "Y_GE15", false},
  };
  static const char *const bad[] = {"CL_AGE",      "CL_AGE(",        "(1.1)",     "CL_AGE()",
                                    "CL_AGE(new)", "CL_COLOUR(1.0)", "CL_AGE(1.1"};
  fm_sdmx_codes *c;
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_assert_ok(fm_sdmx_codes_create(&c, NULL, 0, cases[i].versions, &err), &err);
    ck_assert_msg((find(c, cases[i].component, cases[i].code) >= 0) == cases[i].there, "case %d", i);
    fm_sdmx_codes_destroy(c);
  }
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status = fm_sdmx_codes_create(&c, NULL, 0, bad[i], &err);
    ck_assert_msg(status == (strstr(bad[i], "COLOUR") != NULL ? FM_ERR_NOT_FOUND : FM_ERR_FORMAT), "%s", bad[i]);
    ck_assert_ptr_null(c);
  }
}
END_TEST

/* An own list stands in place of the built-in one; own series and mappings come before the built-in ones. */
START_TEST(test_own)
{
  static const char *const codes[] = {"IAEG-SDGs:CL_SEX", "F",   "2.0", "",    "",
                                      "IAEG-SDGs:CL_SEX", "OLD", "1.0", "1.9", "",
                                      "NOT:THERE",        "X",   "1",   "",    ""};
  static const char *const series[] = {"SL_TLF_UEM", "1.30", "", "F", "DK_NEW", "1.30", "", "ALL"};
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_codes *c;
  const fm_table *tables[] = {OWN("sdmx_codes", code_columns, codes), OWN("sdmx_series", series_columns, series)};
  fm_assert_ok(fm_sdmx_codes_create(&c, tables, 2, NULL, &err), &err);
  ck_assert_int_ge(find(c, "SEX", "F"), 0);
  ck_assert_int_lt(find(c, "SEX", "M"), 0);
  ck_assert_int_lt(find(c, "SEX", "OLD"), 0);
  ck_assert_int_ge(find(c, "AGE", "Y_GE15"), 0);
  ck_assert_str_eq(fm__sdmx_limit(c, find(c, "SERIES", "SL_TLF_UEM"), 4), "F");
  ck_assert_str_eq(fm__sdmx_limit(c, find(c, "SERIES", "SL_TLF_UEM"), 5), ""); /* own series say nothing of ages */
  ck_assert_str_eq(fm__sdmx_limit(c, find(c, "SERIES", "DK_NEW"), 4), "");
  ck_assert_int_ge(find(c, "SERIES", "SI_POV_50MI"), 0);
  fm_sdmx_codes_destroy(c);
  fm_assert_ok(fm_sdmx_codes_create(&c, tables, 1, "CL_SEX(1.5)", &err), &err);
  ck_assert_int_ge(find(c, "SEX", "OLD"), 0);
  ck_assert_int_lt(find(c, "SEX", "F"), 0);
  fm_sdmx_codes_destroy(c);
  for (int i = 0; i < 2; i++)
    fm_table_destroy((fm_table *)(uintptr_t)tables[i]);
}
END_TEST

typedef struct bad_table {
  const char *name;
  const char *const *columns;
  size_t n_columns;
  const char *cells[8];
  fm_status status;
  const char *message;
} bad_table;

START_TEST(test_bad_tables)
{
  static const char *const numbers[] = {"list:code", "code:code", "since:f64", "until:code", "value:code"};
  static const bad_table cases[] = {
      {"sdmx_colours", group_columns, 4, {"a", "b", "SEX", "F"}, FM_ERR_NOT_FOUND, "table 1 is called sdmx_colours"},
      {"sdmx_groups", group_columns, 3, {"a", "b", "SEX"}, FM_ERR_NOT_FOUND, "code"},
      {"sdmx_codes", numbers, 5, {"IAEG-SDGs:CL_SEX", "F", "1.10", "", ""}, FM_ERR_TYPE, "since"},
      {"sdmx_codes",
       code_columns,
       5,
       {"IAEG-SDGs:CL_SEX", "", "1", "", ""},
       FM_ERR_VALUE,
       "expected a code of 1 to 200"},
      {"sdmx_groups",
       group_columns,
       4,
       {"a", "b", "COLOUR", "F"},
       FM_ERR_VALUE,
       "table sdmx_groups, row 1, column component: \"COLOUR\"; expected a component"},
      {"sdmx_measures",
       measure_columns,
       8,
       {"A", "b", "c", "", "", "", "", "x"},
       FM_ERR_VALUE,
       "expected places to move"},
      {"sdmx_measures",
       measure_columns,
       8,
       {"A", "b", "c", "", "", "", "", "12"},
       FM_ERR_VALUE,
       "expected places to move"},
      {"sdmx_components",
       component_columns,
       6,
       {"SEX", "axis", "yes", "L", "", "code"},
       FM_ERR_VALUE,
       "expected dimension, measure or attribute"},
      {"sdmx_components",
       component_columns,
       6,
       {"SEX", "dimension", "yes", "", "", "code"},
       FM_ERR_VALUE,
       "expected code with a list"},
      {"sdmx_components",
       component_columns,
       6,
       {"", "dimension", "yes", "L", "", "code"},
       FM_ERR_VALUE,
       "expected each component once"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_sdmx_codes *c;
    const fm_table *t = own(cases[i].name, cases[i].columns, cases[i].n_columns, cases[i].cells, 1);
    fm_status status = fm_sdmx_codes_create(&c, &t, 1, NULL, &err);
    ck_assert_msg(status == cases[i].status && strstr(err.message, cases[i].message) != NULL, "case %d: %s", i,
                  err.message);
    const fm_table *twice[] = {t, t};
    ck_assert_int_ne(fm_sdmx_codes_create(&c, twice, 2, NULL, NULL), FM_OK);
    fm_table_destroy((fm_table *)(uintptr_t)t);
  }
  const fm_table *none = NULL;
  fm_sdmx_codes *c;
  ck_assert_int_eq(fm_sdmx_codes_create(&c, &none, 1, NULL, NULL), FM_ERR_ARGUMENT);
}
END_TEST

/* A structure of its own, without the components that the library speaks of. */
START_TEST(test_own_structure)
{
  static const char *const parts[] = {
      "PLACE", "dimension",    "yes",       "DK:CL_PLACE", "",     "code",      "SERIES", "dimension",
      "yes",   "DK:CL_SERIES", "",          "code",        "WHEN", "dimension", "yes",    "",
      "",      "period",       "OBS_VALUE", "measure",     "no",   "",          "",       "number"};
  static const char *const codes[] = {"DK:CL_PLACE", "101", "1.0", "", "", "DK:CL_SERIES", "JOBS", "1.0", "", ""};
  static const char *const columns[] = {"SERIES:code", "PLACE:code", "WHEN:code", "OBS_VALUE:f64"};
  static const char *const cells[] = {"JOBS", "101", "2024-05", "12"};
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_codes *c;
  fm_sdmx_spec spec;
  char *bytes;
  size_t size;
  const fm_table *tables[] = {OWN("sdmx_components", component_columns, parts), OWN("sdmx_codes", code_columns, codes)};
  fm_table *t = fm_test_table(columns, 4, cells, 1);
  fm_assert_ok(fm_sdmx_codes_create(&c, tables, 2, NULL, &err), &err);
  fm_sdmx_spec_init(&spec, sizeof spec);
  spec.codes = c;
  spec.structure = "DK:JOBS(1.0)";
  fm_assert_ok(fm_sdmx_write_memory(&bytes, &size, NULL, t, &spec, &err), &err);
  ck_assert_str_eq(bytes, "STRUCTURE,STRUCTURE_ID,ACTION,PLACE,SERIES,WHEN,OBS_VALUE\r\n"
                          "datastructure,DK:JOBS(1.0),I,101,JOBS,2024-05,12\r\n");
  fm_free(bytes);
  fm_sdmx_codes_destroy(c);
  fm_table_destroy(t);
  for (int i = 0; i < 2; i++)
    fm_table_destroy((fm_table *)(uintptr_t)tables[i]);
}
END_TEST

static void write_text(const char *path, const char *text)
{
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  fputs(text, f);
  fclose(f);
}

START_TEST(test_folder)
{
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_codes *c;
  write_text("sdmx_codes.csv", "list,code,since,until,value\nIAEG-SDGs:CL_AREA,0101,1.10,,\n");
  fm_assert_ok(fm_sdmx_codes_read(&c, ".", NULL, &err), &err);
  ck_assert_int_ge(find(c, "REF_AREA", "0101"), 0);
  ck_assert_int_lt(find(c, "REF_AREA", "208"), 0);
  ck_assert_str_eq(fm__sdmx_since(c, find(c, "REF_AREA", "0101")), "1.10");
  fm_sdmx_codes_destroy(c);
  write_text("sdmx_codes.csv", "list,code,since\nIAEG-SDGs:CL_AREA,\"0101,1.10\n");
  ck_assert_int_eq(fm_sdmx_codes_read(&c, ".", NULL, &err), FM_ERR_DATA);
  remove("sdmx_codes.csv");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_sdmx_codes_read(&c, "no/such/folder", NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "there is none of the tables in folder"));
  ck_assert_ptr_null(c);
  fm_error_clear(&err);
  fm_assert_ok(fm_sdmx_codes_read(&c, NULL, NULL, &err), &err);
  fm_sdmx_codes_destroy(c);
}
END_TEST

static fm_status make(void *ctx, fm_error *err)
{
  fm_sdmx_codes *c;
  const fm_table *t = ctx;
  fm_status status = fm_sdmx_codes_create(&c, &t, 1, "CL_SEX(2.0)", err);
  fm_sdmx_codes_destroy(c);
  return status;
}

START_TEST(test_no_memory)
{
  static const char *const codes[] = {"IAEG-SDGs:CL_SEX", "F", "2.0", "", ""};
  fm_table *t = OWN("sdmx_codes", code_columns, codes);
  ck_assert_int_gt(fm_test_allocations(make, t), 20);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_codes");
  TCase *tcase = tcase_create("codes");
  tcase_add_test(tcase, test_builtin);
  tcase_add_test(tcase, test_versions);
  tcase_add_test(tcase, test_own);
  tcase_add_test(tcase, test_bad_tables);
  tcase_add_test(tcase, test_own_structure);
  tcase_add_test(tcase, test_folder);
  tcase_add_test(tcase, test_no_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
