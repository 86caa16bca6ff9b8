/* Published tables with invented figures. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "series/series_priv.h"
#include "support/support.h"

static const char path[] = "series-test.csv";

typedef struct read {
  fm_table *t, *problems;
  fm_status status;
  fm_error err;
} read;

static void read_text(read *r, const char *text, const fm_series_spec *spec)
{
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  fputs(text, f);
  ck_assert_int_eq(fclose(f), 0);
  fm_error_init(&r->err, sizeof r->err);
  r->status = fm_series_read(&r->t, &r->problems, path, spec, NULL, &r->err);
}

static void read_free(read *r)
{
  fm_table_destroy(r->t);
  fm_table_destroy(r->problems);
  remove(path);
}

/* area;measure;period;value;state;subtotal of each row */
static void print_rows(char *out, size_t size, const fm_table *t)
{
  size_t n = 0;
  out[0] = '\0';
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    char value[32] = "-";
    double v = fm_test_number(t, "value", i);
    const char *area = fm_test_text(t, "area", i);
    if (!isnan(v))
      snprintf(value, sizeof value, "%g", v);
    int total = fm_table_bool(t, (size_t)fm_table_column_index(t, "subtotal"))[i];
    n += (size_t)snprintf(out + n, size - n, "%s;%s;%s;%s;%s%s\n", area != NULL ? area : "",
                          fm_test_text(t, "measure", i), fm_test_text(t, "period", i), value,
                          fm_test_text(t, "state", i), total ? ";sum" : "");
    ck_assert_uint_lt(n, size);
  }
}

/* Hidden stays hidden, not given stays not given, neither is 0; the newest month is preliminary. */
START_TEST(test_jobindsats)
{
  read r;
  char rows[2048];
  read_text(&r,
            "\xEF\xBB\xBFOmråde;Periode;Visitationskategori;Antal personer;Fuldtidspersoner\n"
            "Tønder;2024M02;Uddannelsesparat;1;0,5\nTønder;2024M03;Uddannelsesparat;2;..\n"
            "Tønder;2024M03;Alle uddannelsesparate;0;*\nHele landet;2024M02;Aktivitetsparat;<5;\n"
            "Tønder;2024M01;Åbenlys uddannelsesparat;12;10,25\n",
            NULL);
  fm_assert_ok(r.status, &r.err);
  print_rows(rows, sizeof rows, r.t);
  ck_assert_str_eq(rows, "Tønder;Antal personer;2024M02;1;ok\nTønder;Fuldtidspersoner;2024M02;0.5;ok\n"
                         "Tønder;Antal personer;2024M03;2;preliminary\nTønder;Fuldtidspersoner;2024M03;-;not_given\n"
                         "Tønder;Antal personer;2024M03;0;preliminary;sum\n"
                         "Tønder;Fuldtidspersoner;2024M03;-;suppressed;sum\n"
                         "Hele landet;Antal personer;2024M02;-;suppressed;sum\n"
                         "Hele landet;Fuldtidspersoner;2024M02;-;not_given;sum\n"
                         "Tønder;Antal personer;2024M01;12;ok\nTønder;Fuldtidspersoner;2024M01;10.25;ok\n");
  ck_assert_str_eq(fm_test_text(r.t, "Visitationskategori", 4), "Alle uddannelsesparate");
  ck_assert_str_eq(fm_test_text(r.t, "period_kind", 0), "month");
  ck_assert_int_eq(fm_table_i32(r.t, (size_t)fm_table_column_index(r.t, "period_end"))[0],
                   fm_date_from_ymd(2024, 2, 29));
  ck_assert_int_eq(fm_table_i32(r.t, (size_t)fm_table_column_index(r.t, "period_start"))[0],
                   fm_date_from_ymd(2024, 2, 1));
  read_free(&r);
}
END_TEST

/* The dimension of FTM and DEL is the measure: adding over it would count everybody twice. */
START_TEST(test_statbank)
{
  read r;
  char rows[2048];
  read_text(&r,
            "OMRÅDE;YDELSESTYPE;MÅLING;TID;INDHOLD\n000;TOT;FTM;2024K1;700,5\n000;TOT;DEL;2024K1;900\n"
            "550;DP;FTM;2024K1;..\n550;TOTUSU;DEL;2024K2;0\n550;Dagpenge i alt;FTM;2024K2;3\n",
            NULL);
  fm_assert_ok(r.status, &r.err);
  print_rows(rows, sizeof rows, r.t);
  ck_assert_str_eq(rows, "000;FTM;2024K1;700.5;ok;sum\n000;DEL;2024K1;900;ok;sum\n550;FTM;2024K1;-;not_given\n"
                         "550;DEL;2024K2;0;ok;sum\n550;FTM;2024K2;3;ok;sum\n");
  ck_assert_int_eq((int)fm_table_column_index(r.t, "MÅLING"), -1);
  read_free(&r);
}
END_TEST

START_TEST(test_choices)
{
  fm_series_spec spec;
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  read r;
  char rows[2048];
  static const char file[] = "by;aar;tid;n\nA;1;2020U53;1.5\nA;2;2021U01;hidden\n";
  format.delimiter = ';';
  fm_series_spec_init(&spec, sizeof spec);
  spec.format = &format;
  spec.area = "by";
  spec.period = "tid";
  spec.dimensions = "by, aar";
  spec.suppressed = "Hidden";
  spec.preliminary = 2;
  read_text(&r, file, &spec);
  fm_assert_ok(r.status, &r.err);
  print_rows(rows, sizeof rows, r.t);
  ck_assert_str_eq(rows, "A;n;2020U53;1.5;preliminary\nA;n;2021U01;-;suppressed\n");
  ck_assert_str_eq(fm_test_text(r.t, "aar", 1), "2");
  read_free(&r);
  spec.dimensions = NULL; /* then the years are figures too */
  read_text(&r, file, &spec);
  fm_assert_ok(r.status, &r.err);
  ck_assert_uint_eq(fm_table_n_rows(r.t), 4);
  read_free(&r);
  spec.preliminary = 13;
  read_text(&r, file, &spec);
  ck_assert_int_eq(r.status, FM_ERR_ARGUMENT);
  read_free(&r);
}
END_TEST

START_TEST(test_bad)
{
  static const struct {
    const char *label, *file, *code;
    int line;
  } cases[] = {
      {"a text in the figures", "Område;Periode;n\nA;2024M01;1\nA;2024M02;under fem\n", "FM-N01", 3},
      {"a decimal point", "Område;Periode;n\nA;2024M01;1,5\nA;2024M02;1.5\n", "FM-N01", 3},
      {"a dash, which may be nothing or hidden", "Område;Periode;n\nA;2024M01;1\nA;2024M02;-\n", "FM-N01", 3},
      {"no time code", "Område;Periode;n\nA;marts 2024;1\n", "FM-D03", 2},
      {"no such week", "TID;n\n2021U53;1\n", "FM-D02", 2},
      {"no period", "Område;n\nA;1\n", "FM-H01", -1},
      {"no figures", "Område;Periode;k\nA;2024;B\n", "FM-H01", -1},
      {"a name of the table", "Område;Periode;state;n\nA;2024;B;1\n", "FM-H02", -1},
      {"another number of cells", "Område;Periode;n\nA;2024\n", "FM-S01", 2},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    read r;
    read_text(&r, cases[k].file, NULL);
    ck_assert_msg(r.status == FM_ERR_DATA && r.t == NULL, "%s: %s", cases[k].label, r.err.message);
    ck_assert_msg(strcmp(fm_test_text(r.problems, "code", 0), cases[k].code) == 0, "%s: %s", cases[k].label,
                  fm_test_text(r.problems, "code", 0));
    if (cases[k].line > 0)
      fm_assert_close(cases[k].label, fm_test_number(r.problems, "line", 0), cases[k].line, 0, 0);
    read_free(&r);
  }
}
END_TEST

START_TEST(test_dimensions)
{
  static const struct {
    const char *dimensions;
    fm_status status;
  } cases[] = {{"Alder, Område", FM_OK}, {" Alder ,", FM_OK}, {"Alder,Kon", FM_ERR_DATA}, {"alder", FM_ERR_DATA}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    read r;
    fm_series_spec spec = FM_SERIES_SPEC_INIT;
    spec.dimensions = cases[k].dimensions;
    read_text(&r, "Område;Periode;Alder;n\nA;2024M01;16;1\n", &spec);
    ck_assert_msg(r.status == cases[k].status, "%s: %s", cases[k].dimensions, r.err.message);
    if (r.status != FM_OK)
      ck_assert_str_eq(fm_test_text(r.problems, "code", 0), "FM-H01");
    read_free(&r);
  }
}
END_TEST

START_TEST(test_words)
{
  static const char *const totals[] = {"TOT",         "totusu",     "I ALT", "Alle uddannelsesparate", "Sektorer i alt",
                                       "Hele landet", "All sectors"},
                           *const parts[] = {"", "alt", "Allerød", "DP", "Total stop", "Tot-1", "i alts"};
  for (int k = 0; k < FM_COUNT(totals); k++)
    ck_assert_msg(fm__series_is_total(totals[k], strlen(totals[k])), "%s", totals[k]);
  for (int k = 0; k < FM_COUNT(parts); k++)
    ck_assert_msg(!fm__series_is_total(parts[k], strlen(parts[k])), "%s", parts[k]);
  ck_assert(fm__series_same("OMRÅDE", strlen("OMRÅDE"), "område"));
  ck_assert(!fm__series_same("OMRÆDE", strlen("OMRÆDE"), "område"));
}
END_TEST

static fm_status run(void *ctx, fm_error *err)
{
  fm_table *t, *problems;
  (void)ctx;
  fm_status status = fm_series_read(&t, &problems, path, NULL, NULL, err);
  fm_table_destroy(t);
  fm_table_destroy(problems);
  return status;
}

START_TEST(test_memory)
{
  read r;
  read_text(&r, "Område;Periode;k;n;m\nA;2024M01;x y;1;2\nB;2024M02;z;..;*\n", NULL);
  fm_table_destroy(r.t);
  fm_table_destroy(r.problems);
  ck_assert_int_gt(fm_test_allocations(run, NULL), 30);
  remove(path);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("series");
  TCase *tcase = tcase_create("series");
  tcase_add_test(tcase, test_jobindsats);
  tcase_add_test(tcase, test_statbank);
  tcase_add_test(tcase, test_choices);
  tcase_add_test(tcase, test_bad);
  tcase_add_test(tcase, test_dimensions);
  tcase_add_test(tcase, test_words);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
