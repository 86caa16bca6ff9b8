/* Files of this library and of others as tables, and back. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sdg/sdg_support.h"

typedef struct read {
  fm_table *t, *problems;
  fm_status status;
  fm_error err;
} read;

static void read_text(read *r, const char *text)
{
  fm_error_init(&r->err, sizeof r->err);
  r->status = fm_sdmx_read_memory(&r->t, &r->problems, text, strlen(text), "file.csv", NULL, &r->err);
}

static void read_free(read *r)
{
  fm_table_destroy(r->t);
  fm_table_destroy(r->problems);
}

/* Written, read, written: the same bytes in every version; and the observations are the same. */
START_TEST(test_round_trip)
{
  static const char *const versions[] = {"1.0", "2.0", "2.1"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = sample_observations(), *first;
  fm_sdmx_spec spec = sample_spec("2.0"), plain = FM_SDMX_SPEC_INIT;
  fm_assert_ok(fm_sdmx_observations(&first, NULL, t, &spec, &err), &err);
  for (int i = 0; i < FM_COUNT(versions); i++) {
    char *bytes[2];
    size_t size[2];
    fm_table *again;
    read r;
    spec = sample_spec(versions[i]);
    fm_assert_ok(fm_sdmx_write_memory(&bytes[0], &size[0], NULL, t, &spec, &err), &err);
    read_text(&r, bytes[0]);
    fm_assert_ok(r.status, &r.err);
    ck_assert_str_eq(fm_table_note(r.t, "sdmx_csv"), versions[i]);
    ck_assert_str_eq(fm_table_note(r.t, "file"), "file.csv");
    plain.version = versions[i];
    fm_assert_ok(fm_sdmx_write_memory(&bytes[1], &size[1], NULL, r.t, &plain, &err), &err);
    ck_assert_str_eq(bytes[1], bytes[0]);
    fm_assert_ok(fm_sdmx_observations(&again, NULL, r.t, &plain, &err), &err);
    fm_assert_same_table("observations", first, again);
    fm_table_destroy(again);
    fm_free(bytes[0]);
    fm_free(bytes[1]);
    read_free(&r);
  }
  fm_table_destroy(first);
  fm_table_destroy(t);
}
END_TEST

/* The examples of the field guides: semicolons, decimal commas, ids with labels, keys, brackets, any order. */
START_TEST(test_others)
{
  static const struct {
    const char *file, *cells, *note;
  } cases[] = {
      {"DATAFLOW;DIM_1: Dimension 1;DIM_2: Dimension 2;DIM_3: Dimension 3;OBS_VALUE;ATTR_2: Attribut 2;ATTR_3: "
       "Attribut "
       "3;ATTR_1: Attribut 1;SERIESKEY\n"
       "ESTAT:NA_MAIN(1.6): Principaux agrégats;A: Value A;B: Value B;2014-01;12,4;Y: Oui;Normal, special and other "
       "values;N: Non;A.B\n"
       "ESTAT:NA_MAIN(1.6): Principaux agrégats;A: Value A;B: Value: B;2014-02;10,8;Y: Oui;;N: Non;A.B\n",
       "ESTAT:NA_MAIN(1.6)|A|B|2014-01|12.4|Y|Normal, special and other values|N|A.B\n"
       "ESTAT:NA_MAIN(1.6)|A|B|2014-02|10.8|Y||N|A.B\n",
       "1.0"},
      {"\xEF\xBB\xBFSTRUCTURE[|];STRUCTURE_ID;ACTION;SERIES_KEY;OBS_KEY;SEX: Sex;TIME_PERIOD: Time;OBS_VALUE: "
       "Observation "
       "value;COMMENT_OBS: Comment;NATURE: Nature\r\n"
       "dataflow;ESTAT:NA_MAIN(1.6.0): Principaux;M;A.B;A.B.2014-01;F: Female;2014-01: 2014-01;12,4;see: below;C: "
       "Country\r\n",
       "dataflow|ESTAT:NA_MAIN(1.6.0)|M|A.B|A.B.2014-01|F|2014-01|12.4|see: below|C\n", "2.1"},
      {"STRUCTURE[;],STRUCTURE_ID,ACTION,OBS_VALUE,ATTR_3,ATTR_1[],DIM_2\n"
       "dataflow,ESTAT:NA_MAIN(1.6.0),I,12.4,\"a, \"\"b\"\"\nc\",X;Y,B\n"
       "dataflow,ESTAT:NA_MAIN(1.6.0),,-,,,B",
       "dataflow|ESTAT:NA_MAIN(1.6.0)|I|12.4|a, \"b\"\nc|X;Y|B\ndataflow|ESTAT:NA_MAIN(1.6.0)|||||B\n", "2.0"},
      {"\"STRUCTURE\"\t\"STRUCTURE_ID\"\tOBS_VALUE\tUPPER_BOUND\ndatastructure\tA:B\tNaN\t1.5\n",
       "datastructure|A:B|nan|1.5\n", "2.1"},
      {"STRUCTURE,STRUCTURE_ID,DIM_1,NOTE: Note\ndataprovision,A:B(1),~,a: b\ndataprovision,A:B(1),x,no label\n",
       "dataprovision|A:B(1)|~|a: b\ndataprovision|A:B(1)|x|no label\n", "2.1"},
      {"DATAFLOW\nA:B(1)\n", "A:B(1)\n", "1.0"},
      {"DATAFLOW,SEX: Sex,: none\nA:B(1),: F,: x\n", "A:B(1)|: F|: x\n", "1.0"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    read r;
    char cells[LISTED];
    read_text(&r, cases[i].file);
    fm_assert_ok(r.status, &r.err);
    list_cells(cells, r.t, 0);
    ck_assert_str_eq(cells, cases[i].cells);
    ck_assert_str_eq(fm_table_note(r.t, "sdmx_csv"), cases[i].note);
    read_free(&r);
  }
  read r;
  read_text(&r, cases[2].file);
  ck_assert_str_eq(fm_table_column_name(r.t, 0), "STRUCTURE");
  ck_assert_str_eq(fm_table_note(r.t, "sub_separator"), ";");
  read_free(&r);
  read_text(&r, cases[3].file);
  ck_assert_int_eq(fm_table_is_null(r.t, 2, 0), 0); /* missing on purpose is not left out */
  read_free(&r);
}
END_TEST

START_TEST(test_bad_files)
{
  static const struct {
    const char *file, *listed;
  } cases[] = {
      {"FREQ,SERIES\nA,B\n",
       "FM-H01 - STRUCTURE -: the first column is neither DATAFLOW nor STRUCTURE; a file of SDMX-CSV "
       "1.0, 2.0 or 2.1\n"},
      {"STRUCTURE|STRUCTURE_ID\n",
       "FM-H01 - STRUCTURE -: the first column is neither DATAFLOW nor STRUCTURE; a file of "
       "SDMX-CSV 1.0, 2.0 or 2.1\n"},
      {"STRUCTURE[;\na\n",
       "FM-H01 - STRUCTURE -: the first column is neither DATAFLOW nor STRUCTURE; a file of SDMX-CSV "
       "1.0, 2.0 or 2.1\n"},
      {"STRUCTURE,ACTION,OBS_VALUE\ndataflow,I,1\n",
       "FM-H01 - STRUCTURE_ID -: the column \"STRUCTURE_ID\" is not there; this column\n"},
      {"STRUCTURE,STRUCTURE_ID,ACTION,OBS_VALUE\ntable,A:B,I,1\ndataflow,A:B,X,1.5\ndataflow,A:B,I,\"1,5\"\n",
       "FM-K08 1 STRUCTURE table: not one of SDMX-CSV; dataflow, datastructure or dataprovision\n"
       "FM-K08 2 ACTION X: not one of SDMX-CSV; I, A, M, R or D\nFM-N01 3 OBS_VALUE 1,5: not a number; a number with a "
       "point\n"},
      {"DATAFLOW,OBS_VALUE\nA,1e999\n", "FM-N01 1 OBS_VALUE 1e999: not a number; a number with a point\n"},
      {"DATAFLOW;OBS_VALUE\nA;1,5\nA;2.5\n", "FM-N01 2 OBS_VALUE 2.5: not a number; a number with a comma\n"},
      {"DATAFLOW,SEX: Sex,SEX: Gender\nA,F,F\n", "FM-H02 - SEX: Gender -: a column name that is there twice; each name "
                                                 "once\n"},
      {"DATAFLOW,OBS_VALUE\nA\n", "FM-S01 1 - -: 1 cell; 2 cells\n"},
      {"", "FM-S06 - - -: the file is empty; a line with the column names\n"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    read r;
    char listed[LISTED];
    read_text(&r, cases[i].file);
    ck_assert_int_eq(r.status, FM_ERR_DATA);
    ck_assert_ptr_null(r.t);
    list_problems(listed, r.problems);
    if (strncmp(cases[i].listed, "FM-S", 4) == 0)
      ck_assert_mem_eq(listed, cases[i].listed, 6);
    else
      ck_assert_str_eq(listed, cases[i].listed);
    read_free(&r);
  }
  read r;
  read_text(&r, "STRUCTURE,STRUCTURE_ID,ACTION,OBS_VALUE\n\ndataflow,A:B,I,x\n");
  ck_assert_int_eq((int)fm_table_i64(r.problems, (size_t)fm_table_column_index(r.problems, "line"))[0], 3);
  ck_assert_str_eq(fm_test_text(r.problems, "cell", 0), "D3");
  read_free(&r);
}
END_TEST

static const char path[] = "sdmx-read-test.csv";

START_TEST(test_files)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = sample_observations(), *back, *problems;
  fm_sdmx_spec spec = sample_spec(NULL);
  fm_assert_ok(fm_sdmx_write_file(&problems, t, path, &spec, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(problems), 0);
  fm_table_destroy(problems);
  fm_assert_ok(fm_sdmx_read_file(&back, &problems, path, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(back), 6);
  ck_assert_str_eq(fm_test_text(back, "STRUCTURE_ID", 5), "IAEG-SDGs:SDG(1.8)");
  ck_assert(fm_close(fm_test_number(back, "OBS_VALUE", 0), 1.49, 0, 0));
  ck_assert(isnan(fm_test_number(back, "OBS_VALUE", 3)));
  fm_table_destroy(back);
  fm_table_destroy(problems);
  remove(path);
  ck_assert_int_eq(fm_sdmx_read_file(&back, &problems, path, NULL, NULL), FM_ERR_NOT_FOUND);
  ck_assert_int_eq(fm_sdmx_read_file(&back, NULL, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_sdmx_read_memory(&back, NULL, NULL, 1, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  fm_table_destroy(t);
}
END_TEST

/* A whole number of rows times any sign: what is written is read back. */
START_TEST(test_any_text)
{
  static const char *const comments[] = {"=1+1", "a;b", "\"", "\r\n", " spaces ", "æøå €", "-", "~~", "a: b", "#N/A "};
  static const char *const columns[] = {"SERIES:code", "TIME_PERIOD:code", "OBS_VALUE:f64", "COMMENT_OBS:code"};
  for (int i = 0; i < FM_COUNT(comments); i++) {
    const char *const cells[] = {"SL_TLF_UEM", "2024", "1e-300", comments[i]};
    fm_error err = FM_ERROR_INIT;
    fm_table *t = fm_test_table(columns, 4, cells, 1);
    fm_sdmx_spec spec = sample_spec("1.0");
    char *bytes;
    size_t size;
    read r;
    fm_assert_ok(fm_sdmx_write_memory(&bytes, &size, NULL, t, &spec, &err), &err);
    read_text(&r, bytes);
    fm_assert_ok(r.status, &r.err);
    ck_assert_str_eq(fm_test_text(r.t, "COMMENT_OBS", 0), comments[i]);
    ck_assert(fm_close(fm_test_number(r.t, "OBS_VALUE", 0), 1e-300, 0, 0));
    read_free(&r);
    fm_free(bytes);
    fm_table_destroy(t);
  }
}
END_TEST

static fm_status read_it(void *ctx, fm_error *err)
{
  fm_table *t, *problems;
  const char *text = ctx;
  fm_status status = fm_sdmx_read_memory(&t, &problems, text, strlen(text), NULL, NULL, err);
  fm_table_destroy(t);
  fm_table_destroy(problems);
  return status;
}

START_TEST(test_no_memory)
{
  char text[] = "STRUCTURE[|];STRUCTURE_ID;SEX: Sex;X: Y;OBS_VALUE\ndataflow;A:B;F: Female;a: b;1,5\n";
  ck_assert_int_gt(fm_test_allocations(read_it, text), 50);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_read");
  TCase *tcase = tcase_create("read");
  tcase_add_test(tcase, test_round_trip);
  tcase_add_test(tcase, test_others);
  tcase_add_test(tcase, test_bad_files);
  tcase_add_test(tcase, test_files);
  tcase_add_test(tcase, test_any_text);
  tcase_add_test(tcase, test_no_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
