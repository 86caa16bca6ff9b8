/* Files as they are written: the samples byte for byte, versions, structures, actions, missing values, whole or
 * nothing. */
#include "sdg/sdg_support.h"

#include <stdio.h>
#include <string.h>

typedef struct written {
  char *bytes;
  size_t size;
  fm_table *problems;
  fm_status status;
  fm_error err;
} written;

static void write_it(written *w, const fm_table *t, const fm_sdmx_spec *spec)
{
  fm_error_init(&w->err, sizeof w->err);
  w->status = fm_sdmx_write_memory(&w->bytes, &w->size, &w->problems, t, spec, &w->err);
}

static void written_free(written *w)
{
  fm_free(w->bytes);
  fm_table_destroy(w->problems);
}

/* Both samples from one table of observations. */
START_TEST(test_samples)
{
  static const char *const cases[][2] = {{"1.0", "sdmx_csv_v1_example.csv"}, {"2.0", "sdmx_csv_v2_example.csv"}};
  fm_table *t = sample_observations();
  for (int i = 0; i < FM_COUNT(cases); i++) {
    size_t size;
    written w;
    char *expected = oracle_bytes(cases[i][1], &size);
    fm_sdmx_spec spec = sample_spec(cases[i][0]);
    write_it(&w, t, &spec);
    fm_assert_ok(w.status, &w.err);
    ck_assert_str_eq(w.bytes, expected);
    ck_assert_uint_eq(w.size, size);
    ck_assert_uint_eq(fm_table_n_rows(w.problems), 0);
    free(expected);
    written_free(&w);
  }
  fm_table_destroy(t);
}
END_TEST

static const char *const few[] = {"SERIES:code",     "REPORTING_TYPE:code", "OBS_VALUE:f64",
                                  "OBS_STATUS:code", "COMMENT_OBS:code",    "batch:i64"};
static const char *const few_cells[] = {"SL_TLF_UEM", "",  "5.5", "", "said \"about\"\nfive", "1", "SL_TLF_UEM", "G",
                                        "",           "O", "",    "2"};

/* Only what is asked differs between versions: the front, the action, what stands for a missing value. */
START_TEST(test_versions)
{
  static const struct {
    const char *version, *type, *structure, *action, *keep, *expected;
  } cases[] = {
      {"1.0", NULL, "1.20", NULL, "batch",
       "IAEG-SDGs:DF_SDG_GLC(1.20),A,N,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,5.5,A,0,PT,\"said "
       "\"\"about\"\"\nfive\",1\r\n"
       "IAEG-SDGs:DF_SDG_GLH(1.20),A,G,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,,O,0,PT,,2\r\n"},
      {NULL, "dataflow", "1.20", "R", "batch",
       "dataflow,IAEG-SDGs:DF_SDG_GLC(1.20),R,A,N,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,5.5,A,0,PT,"
       "\"said \"\"about\"\"\nfive\",1\r\n"
       "dataflow,IAEG-SDGs:DF_SDG_GLH(1.20),R,A,G,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,,O,0,PT,,2\r\n"},
      {"2.1", NULL, "DK1:SDG_DK(2.0)", NULL, "batch",
       "datastructure,DK1:SDG_DK(2.0),M,A,N,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,5.5,A,0,PT,\"said "
       "\"\"about\"\"\nfive\",1\r\n"
       "datastructure,DK1:SDG_DK(2.0),M,A,G,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,NaN,O,0,PT,,2\r\n"},
      {"2.1", "dataprovision", "DK1:DPA(1.0)", "D", "batch",
       "dataprovision,DK1:DPA(1.0),D,A,N,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,5.5,A,0,PT,\"said "
       "\"\"about\"\"\nfive\",1\r\n"
       "dataprovision,DK1:DPA(1.0),D,A,G,SL_TLF_UEM,208,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,_T,2024,NaN,O,0,PT,,2\r\n"},
  };
  fm_table *t = fm_test_table(few, FM_COUNT(few), few_cells, 2);
  for (int i = 0; i < FM_COUNT(cases); i++) {
    written w;
    fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
    spec.version = cases[i].version;
    spec.structure = cases[i].structure;
    spec.structure_type = cases[i].type;
    spec.action = cases[i].action;
    spec.keep = cases[i].keep;
    spec.area = "208";
    spec.period = "2024";
    write_it(&w, t, &spec);
    fm_assert_ok(w.status, &w.err);
    ck_assert_str_eq(strchr(w.bytes, '\n') + 1, cases[i].expected);
    written_free(&w);
  }
  fm_table_destroy(t);
}
END_TEST

/* What cannot be meant is refused before anything is read. */
START_TEST(test_bad_specs)
{
  static const struct {
    fm_sdmx_spec spec;
    const char *message;
  } cases[] = {
      {{.version = "3.0", .structure = "1.8"}, "there is no version 3.0 of SDMX-CSV; expected 1.0, 2.0 or 2.1"},
      {{.version = "2.0"}, "no structure is given; expected the version of the global structure, such as 1.8"},
      {{.structure = "newest"}, "the structure is \"newest\"; expected the version"},
      {{.structure = "1.8", .structure_type = "flow"}, "there is no structure type flow"},
      {{.structure_type = "dataflow"}, "a structure type is given, but no structure"},
      {{.structure = "1.8", .structure_type = "dataprovision"}, "expected the version of the global structure"},
      {{.version = "1.0", .structure = "1.8", .structure_type = "datastructure"}, "1.0 names a dataflow"},
      {{.version = "1.0", .structure = "1.8", .action = "R"}, "SDMX-CSV 1.0 has no actions"},
      {{.structure = "1.8", .action = "M"}, "there is no action M in SDMX-CSV 2.0; expected one of I A R D"},
      {{.version = "2.1", .structure = "1.8", .action = "X"}, "there is no action X in SDMX-CSV 2.1"},
      {{.structure = "1.8", .set = "COLOUR=red"}, "set: \"COLOUR=red\"; expected COMPONENT=value"},
      {{.structure = "1.8", .set = "OBS_VALUE=3"}, "set: \"OBS_VALUE=3\""},
      {{.structure = "1.8", .set = ";SEX"}, "set: \"SEX\""},
      {{.structure = "1.8", .keep = "nothing"}, "keep: table test has no column nothing"},
      {{.structure = "1.8", .custom = "batch"}, "custom is not for a table of observations"},
      {{.structure = "1.8", .series = "SL_TLF_UEM"}, "series is not for"},
      {{.structure = "1.8", .definition = "icls_13"}, "definition is not for"},
  };
  fm_table *t = fm_test_table(few, FM_COUNT(few), few_cells, 2);
  for (int i = 0; i < FM_COUNT(cases); i++) {
    written w;
    fm_sdmx_spec spec = cases[i].spec;
    spec.struct_size = sizeof spec;
    write_it(&w, t, &spec);
    ck_assert_msg(w.status != FM_OK && strstr(w.err.message, cases[i].message) != NULL, "case %d: %s", i,
                  w.err.message);
    ck_assert_ptr_null(w.bytes);
    ck_assert_ptr_null(w.problems);
  }
  written w;
  write_it(&w, NULL, NULL);
  ck_assert_int_eq(w.status, FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_sdmx_write_file(NULL, t, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  fm_table_destroy(t);
}
END_TEST

/* Structure, action and dataflow may stand in the table itself. */
START_TEST(test_structures_of_rows)
{
  static const char *const columns[] = {"STRUCTURE:code", "STRUCTURE_ID:code", "ACTION:code",
                                        "SERIES:code",    "TIME_PERIOD:code",  "OBS_VALUE:f64"};
  static const char *const good[] = {"dataflow",      "A:B(1)", "A", "SL_TLF_UEM", "2024", "1",
                                     "datastructure", "A:C(1)", "",  "SL_TLF_UEM", "2023", "2",
                                     "dataflow",      "A:B(1)", "D", "SL_TLF_UEM", "",     ""};
  static const char *const bad[] = {"table", "", "M", "SL_TLF_UEM", "2024", "1"};
  char listed[LISTED];
  written w;
  fm_sdmx_spec spec = FM_SDMX_SPEC_INIT;
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), good, 3);
  spec.area = "208";
  write_it(&w, t, &spec);
  fm_assert_ok(w.status, &w.err);
  ck_assert_ptr_nonnull(strstr(w.bytes, "\ndataflow,A:B(1),A,A,N,SL_TLF_UEM,208,"));
  ck_assert_ptr_nonnull(strstr(w.bytes, "\ndatastructure,A:C(1),I,A,N,SL_TLF_UEM,208,"));
  ck_assert_ptr_nonnull(strstr(w.bytes, "\ndataflow,A:B(1),D,,,SL_TLF_UEM,,,,,,,,,,,,,,,,,\r\n"));
  written_free(&w);
  spec.version = "1.0"; /* a data structure is no dataflow */
  write_it(&w, t, &spec);
  ck_assert_int_eq(w.status, FM_ERR_DATA);
  list_problems(listed, w.problems);
  ck_assert_str_eq(listed, "FM-K08 2 STRUCTURE datastructure: not a structure of this version; dataflow\n");
  written_free(&w);
  fm_table_destroy(t);
  t = fm_test_table(columns, FM_COUNT(columns), bad, 1);
  spec.version = "2.0";
  write_it(&w, t, &spec);
  list_problems(listed, w.problems);
  ck_assert_str_eq(listed, "FM-K08 1 STRUCTURE table: not a structure of this version; datastructure, dataflow or "
                           "dataprovision\n"
                           "FM-V01 1 STRUCTURE_ID -: no value; a structure, such as IAEG-SDGs:SDG(1.8)\n"
                           "FM-K08 1 ACTION M: not an action of this version; I, A, R or D\n");
  written_free(&w);
  fm_table_destroy(t);
}
END_TEST

static const char path[] = "sdmx-test.csv";

/* A file is whole or not there; an old one stays when a new one fails. */
START_TEST(test_whole_or_nothing)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = sample_observations(), *problems = NULL;
  fm_sdmx_spec spec = sample_spec("2.0");
  char bytes[LISTED];
  size_t size;
  char *expected = oracle_bytes("sdmx_csv_v2_example.csv", &size);
  fm_assert_ok(fm_sdmx_write_file(NULL, t, path, &spec, &err), &err);
  spec.area = "999999"; /* no such area */
  ck_assert_int_eq(fm_sdmx_write_file(&problems, t, path, &spec, &err), FM_ERR_DATA);
  ck_assert_uint_gt(fm_table_n_rows(problems), 0);
  fm_table_destroy(problems);
  FILE *f = fopen(path, "rb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fread(bytes, 1, sizeof bytes, f), size);
  ck_assert_mem_eq(bytes, expected, size);
  fclose(f);
  remove(path);
  spec.area = "208";
  fm_error_clear(&err);
  ck_assert_int_eq(fm_sdmx_write_file(&problems, t, "no/such/folder.csv", &spec, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(problems);
  free(expected);
  fm_table_destroy(t);
}
END_TEST

typedef struct whole {
  const fm_table *t;
  fm_sdmx_codes *codes;
} whole;

static fm_status all_of_it(void *ctx, fm_error *err)
{
  const whole *w = ctx;
  char *bytes;
  size_t size;
  fm_table *problems = NULL;
  fm_sdmx_spec spec = sample_spec("2.1");
  spec.codes = w->codes;
  fm_status status = fm_sdmx_write_memory(&bytes, &size, &problems, w->t, &spec, err);
  fm_table_destroy(problems);
  fm_free(bytes);
  return status;
}

START_TEST(test_no_memory)
{
  fm_table *t = sample_observations();
  whole w = {t, NULL};
  ck_assert_int_eq(fm_sdmx_codes_create(&w.codes, NULL, 0, NULL, NULL), FM_OK);
  ck_assert_int_gt(fm_test_allocations(all_of_it, &w), 50);
  fm_sdmx_codes_destroy(w.codes);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_write");
  TCase *tcase = tcase_create("write");
  tcase_add_test(tcase, test_samples);
  tcase_add_test(tcase, test_versions);
  tcase_add_test(tcase, test_bad_specs);
  tcase_add_test(tcase, test_structures_of_rows);
  tcase_add_test(tcase, test_whole_or_nothing);
  tcase_add_test(tcase, test_no_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
