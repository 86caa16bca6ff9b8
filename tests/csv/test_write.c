/* Writing: exact bytes, round trip, nothing that a spreadsheet would run, whole file or none. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

static fm_table *sample(void)
{
  static const char *const columns[] = {"name:code", "day:date", "value:f64", "n:i32", "big:i64", "yes:bool"};
  static const char *const cells[] = {
      "plain",
      "2025-12-31",
      "184250.5",
      "37",
      "-9000000000",
      "1", /* */
      "a,b;c",
      "",
      "-0.1",
      "-1",
      "",
      "0", /* */
      "q\"q",
      "1969-12-31",
      "1e300",
      "",
      "0",
      "", /* */
      "=1+1",
      "",
      "",
      "",
      "",
      "", /* */
      "l1\nl2",
      "",
      "5e-324",
      "",
      "",
      "", /* */
      "\xC3\xA6 -1 ",
      "",
      "-5",
      "-5",
      "",
      "",
  };
  return fm_test_table(columns, 6, cells, 6);
}

static void check_text(const fm_table *t, const fm_csv_style *style, const char *expected)
{
  fm_error err = FM_ERROR_INIT;
  char *text;
  size_t size;
  fm_assert_ok(fm_csv_write_memory(&text, &size, t, style, &err), &err);
  ck_assert_str_eq(text, expected);
  ck_assert_uint_eq(size, strlen(expected));
  fm_free(text);
}

START_TEST(test_styles)
{
  fm_table *t = sample();
  check_text(t, NULL,
             "name,day,value,n,big,yes\n"
             "plain,2025-12-31,184250.5,37,-9000000000,1\n"
             "\"a,b;c\",,-0.1,-1,,0\n"
             "\"q\"\"q\",1969-12-31,1e+300,,0,\n"
             "\"'=1+1\",,,,,\n"
             "\"l1\nl2\",,5e-324,,,\n"
             "\xC3\xA6 -1 ,,-5,-5,,\n");
  fm_csv_style danish = FM_CSV_STYLE_DANISH_INIT;
  static const char *const headers[] = {"navn", NULL, "v\xC3\xA6rdi", "=n", "stor;", NULL};
  danish.headers = headers;
  danish.crlf = 1;
  check_text(t, &danish,
             "\xEF\xBB\xBFnavn;day;v\xC3\xA6rdi;\"'=n\";\"stor;\";yes\r\n"
             "plain;2025-12-31;184250,5;37;-9000000000;1\r\n"
             "\"a,b;c\";;-0,1;-1;;0\r\n"
             "\"q\"\"q\";1969-12-31;1e+300;;0;\r\n"
             "\"'=1+1\";;;;;\r\n"
             "\"l1\nl2\";;5e-324;;;\r\n"
             "\xC3\xA6 -1 ;;-5;-5;;\r\n");
  fm_csv_style exact = FM_CSV_STYLE_INIT;
  exact.guard_formulas = 0;
  exact.decimal = ',';
  check_text(t, &exact,
             "name,day,value,n,big,yes\n"
             "plain,2025-12-31,\"184250,5\",37,-9000000000,1\n"
             "\"a,b;c\",,\"-0,1\",-1,,0\n"
             "\"q\"\"q\",1969-12-31,1e+300,,0,\n"
             "=1+1,,,,,\n"
             "\"l1\nl2\",,5e-324,,,\n"
             "\xC3\xA6 -1 ,,-5,-5,,\n");
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_special)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  static const double values[] = {NAN, INFINITY, -INFINITY, -0.0};
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "x", values, NULL, 4, NULL, NULL, &err), &err);
  char *text;
  size_t size;
  ck_assert_int_eq(fm_csv_write_memory(&text, &size, t, NULL, &err), FM_ERR_STATE);
  ck_assert_ptr_null(text);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  check_text(t, NULL, "x\n\"\"\nInf\n-Inf\n-0\n");
  fm_table_destroy(t);

  static const char *const guarded[] = {"=x", "+x", "-x", "@x", "\tx", "\rx", "x=", "'x", ""};
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_text(t, "x", guarded, 9, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  check_text(t, NULL, "x\n\"'=x\"\n\"'+x\"\n\"'-x\"\n\"'@x\"\n\"'\tx\"\n\"'\rx\"\nx=\n'x\n\"\"\n");
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_arguments)
{
  fm_table *t = sample();
  fm_csv_style styles[] = {FM_CSV_STYLE_INIT, FM_CSV_STYLE_INIT, FM_CSV_STYLE_INIT};
  styles[0].delimiter = '|';
  styles[1].decimal = ';';
  styles[2].struct_size = 0;
  char *text;
  size_t size;
  for (int k = 0; k < 3; k++)
    ck_assert_int_eq(fm_csv_write_memory(&text, &size, t, &styles[k], NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_write_memory(&text, &size, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_write_file(t, NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_write_file(NULL, "x", NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_write_file(t, "no/such/folder/x.csv", NULL, NULL), FM_ERR_NOT_FOUND);
  fm_csv_style made, plain = FM_CSV_STYLE_INIT, danish = FM_CSV_STYLE_DANISH_INIT;
  fm_csv_style_init(&made, sizeof made);
  ck_assert(memcmp(&made, &plain, sizeof made) == 0);
  fm_csv_style_init_danish(&made, sizeof made);
  ck_assert(memcmp(&made, &danish, sizeof made) == 0);
  fm_table_destroy(t);
}
END_TEST

static uint64_t draw(uint64_t *state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return *state >> 20;
}

enum { ROWS = 700 };

typedef struct random_table {
  char texts[ROWS][24];
  const char *text_of[ROWS];
  double f64[ROWS];
  int64_t i64[ROWS];
  int32_t i32[ROWS], day[ROWS];
  uint8_t yes[ROWS], valid[5][ROWS / 8 + 1];
} random_table;

static fm_table *random_rows(random_table *r, uint64_t seed)
{
  static const char *const parts[] = {"\"", ",", ";", "\n", "\r", "a", "b ", "\t", "=", "\xC3\xB8", "-", "'"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  uint64_t s = seed;
  for (size_t i = 0; i < ROWS; i++) {
    r->texts[i][0] = '\0';
    for (uint64_t n = draw(&s) % 8; n > 0; n--)
      strcat(r->texts[i], parts[draw(&s) % 12]);
    r->text_of[i] = r->texts[i][0] != '\0' ? r->texts[i] : NULL;
    uint64_t bits = draw(&s) << 40 ^ draw(&s) << 20 ^ draw(&s);
    memcpy(&r->f64[i], &bits, 8);
    if (!isfinite(r->f64[i]) || draw(&s) % 2)
      r->f64[i] = (double)(draw(&s) % 1000000) / 100;
    r->i64[i] = (int64_t)(draw(&s) << 40 ^ draw(&s) << 20 ^ draw(&s));
    r->i32[i] = (int32_t)(uint32_t)draw(&s);
    r->day[i] = (int32_t)(draw(&s) % 3652000) - 719162;
    r->yes[i] = draw(&s) % 2;
    for (int k = 0; k < 5; k++)
      if (draw(&s) % 4)
        r->valid[k][i / 8] |= (uint8_t)(1U << i % 8);
  }
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_text(t, "text", r->text_of, ROWS, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "f64", r->f64, r->valid[0], ROWS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "i64", r->i64, r->valid[1], ROWS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "i32", r->i32, r->valid[2], ROWS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "date", r->day, r->valid[3], ROWS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_bool(t, "bool", r->yes, r->valid[4], ROWS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

static void check_same(const fm_table *a, const fm_table *b)
{
  ck_assert_uint_eq(fm_table_n_rows(a), fm_table_n_rows(b));
  for (size_t k = 0; k < fm_table_n_columns(a); k++)
    for (size_t i = 0; i < fm_table_n_rows(a); i++) {
      ck_assert_int_eq(fm_table_is_null(a, k, i), fm_table_is_null(b, k, i));
      if (fm_table_is_null(a, k, i))
        continue;
      switch (fm_table_column_type(a, k)) {
      case FM_CODE:
        ck_assert_str_eq(fm_table_text(a, k, i, NULL), fm_table_text(b, k, i, NULL));
        break;
      case FM_F64:
        ck_assert(memcmp(&fm_table_f64(a, k)[i], &fm_table_f64(b, k)[i], 8) == 0);
        break;
      case FM_I64:
        ck_assert_int_eq(fm_table_i64(a, k)[i], fm_table_i64(b, k)[i]);
        break;
      case FM_BOOL:
        ck_assert_int_eq(fm_table_bool(a, k)[i], fm_table_bool(b, k)[i]);
        break;
      default:
        ck_assert_int_eq(fm_table_i32(a, k)[i], fm_table_i32(b, k)[i]);
      }
    }
}

/* What is written is what is read, in every style and in pieces of any size. */
START_TEST(test_round_trip)
{
  static const fm_csv_column columns[] = {{"text", NULL, FM_CODE, 1, 0, 0}, {"f64", NULL, FM_F64, 1, 0, 0},
                                          {"i64", NULL, FM_I64, 1, 0, 0},   {"i32", NULL, FM_I32, 1, 0, 0},
                                          {"date", NULL, FM_DATE, 1, 0, 0}, {"bool", NULL, FM_BOOL, 1, 0, 0}};
  for (uint64_t seed = 1; seed <= 24; seed++) {
    random_table *r = calloc(1, sizeof *r);
    fm_error err = FM_ERROR_INIT;
    fm_table *t = random_rows(r, seed), *back;
    fm_csv_style style = FM_CSV_STYLE_INIT;
    fm_csv_format format = FM_CSV_FORMAT_INIT;
    fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
    style.delimiter = format.delimiter = (int32_t[]){',', ';', '\t'}[seed % 3];
    style.decimal = format.decimal = seed % 2 ? '.' : ',';
    style.bom = seed % 4 > 1;
    style.crlf = seed % 5 > 2;
    style.guard_formulas = 0;
    schema.columns = columns;
    schema.n_columns = 6;
    char *text;
    size_t size;
    fm_assert_ok(fm_csv_write_memory(&text, &size, t, &style, &err), &err);
    fm__problems *problems = fm__problems_create();
    fm_assert_ok(
        fm__csv_read_memory(&back, problems, text, size, "t", &schema, &format, 0, seed * 37 % 500, NULL, &err), &err);
    check_same(t, back);
    fm__problems_destroy(problems);
    fm_table_destroy(back);
    fm_table_destroy(t);
    fm_free(text);
    free(r);
  }
}
END_TEST

/* More than one piece of output; the file is the same as the memory. */
START_TEST(test_file)
{
  const char *path = "csv-write-test.csv";
  enum { N = 200000 };
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  double *values = malloc(N * sizeof *values);
  for (size_t i = 0; i < N; i++)
    values[i] = (double)i / 7;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "x", values, NULL, N, free, values, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  char *text;
  size_t size;
  fm_assert_ok(fm_csv_write_memory(&text, &size, t, NULL, &err), &err);
  ck_assert_uint_gt(size, 2U << 20);
  fm_assert_ok(fm_csv_write_file(t, path, NULL, &err), &err);
  FILE *f = fopen(path, "rb");
  ck_assert_ptr_nonnull(f);
  char *got = malloc(size + 1);
  ck_assert_uint_eq(fread(got, 1, size + 1, f), size);
  fclose(f);
  ck_assert(memcmp(got, text, size) == 0);
  remove(path);
  free(got);
  fm_free(text);
  fm_table_destroy(t);
}
END_TEST

static fm_status write_both(void *ctx, fm_error *err)
{
  char *text;
  size_t size;
  fm_status status = fm_csv_write_memory(&text, &size, ctx, NULL, err);
  fm_free(text);
  if (status == FM_OK)
    status = fm_csv_write_file(ctx, "csv-write-memory.csv", NULL, err);
  remove("csv-write-memory.csv");
  return status;
}

START_TEST(test_memory)
{
  fm_table *t = sample();
  ck_assert_int_gt(fm_test_allocations(write_both, t), 3);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-write");
  TCase *tcase = tcase_create("write");
  tcase_add_test(tcase, test_styles);
  tcase_add_test(tcase, test_special);
  tcase_add_test(tcase, test_arguments);
  tcase_add_test(tcase, test_round_trip);
  tcase_add_test(tcase, test_file);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
