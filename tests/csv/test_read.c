/* Reading good files: every type, every way to write them, the same table in any chunk size. */
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

static const fm_csv_column columns[] = {
    {"person_id", "Person", FM_CODE, 1, 1, 1}, {"start", NULL, FM_DATE, 1, 0, 0}, {"income", NULL, FM_F64, 0, 0, 0},
    {"hours", NULL, FM_I32, 0, 0, 0},          {"total", NULL, FM_I64, 0, 0, 0},  {"active", NULL, FM_BOOL, 0, 0, 0},
    {"kind", NULL, FM_CODE, 0, 0, 0},          {"gone", NULL, FM_F64, 0, 0, 0},
};

static fm_table *read_text(const char *text, size_t size, const fm_csv_format *format, size_t chunk)
{
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  schema.columns = columns;
  schema.n_columns = sizeof columns / sizeof columns[0];
  fm__problems *problems = fm__problems_create();
  fm_assert_ok(fm__csv_read_memory(&t, problems, text, size, "p.csv", &schema, format, 0, chunk, NULL, &err), &err);
  fm__problems_destroy(problems);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

/* One row each: p1 2025-03-04 184250.5 37 -9000000000 true "a;b" and p2, all missing but the id. */
static void check_two_rows(const char *label, const fm_table *t)
{
  ck_assert_msg(fm_table_n_rows(t) == 2, "%s: %zu rows", label, fm_table_n_rows(t));
  ck_assert_msg(fm_table_n_columns(t) == 7, "%s: %zu columns", label, fm_table_n_columns(t));
  ck_assert_str_eq(fm_test_text(t, "person_id", 0), "p1");
  ck_assert_str_eq(fm_test_text(t, "person_id", 1), "p2");
  ck_assert_msg(fm_test_number(t, "start", 0) == fm_date_from_ymd(2025, 3, 4), "%s: start", label);
  ck_assert_msg(fm_test_number(t, "income", 0) == 184250.5, "%s: income", label);
  ck_assert_msg(fm_test_number(t, "hours", 0) == 37, "%s: hours", label);
  ck_assert_msg(fm_test_number(t, "total", 0) == -9e9, "%s: total", label);
  ck_assert_msg(fm_test_number(t, "active", 0) == 1, "%s: active", label);
  ck_assert_str_eq(fm_test_text(t, "kind", 0), "a;\"b\"");
  for (size_t k = 1; k < 7; k++)
    ck_assert_msg(fm_table_is_null(t, k, 1) && !fm_table_is_null(t, k, 0), "%s: column %zu", label, k);
  ck_assert_int_eq(fm_table_column_index(t, "gone"), -1);
}

START_TEST(test_forms)
{
  static const struct {
    const char *label, *text;
    fm_csv_format format;
  } forms[] = {
      {"plain",
       "Person,start,income,hours,total,active,kind\n"
       "p1,2025-03-04,184250.5,37,-9000000000,1,\"a;\"\"b\"\"\"\n"
       "p2,,,,,,\n",
       FM_CSV_FORMAT_INIT},
      {"CRLF, no last line end, order, columns that are not read, spaces, mark",
       "\xEF\xBB\xBFkind,x, start ,Person,\"income\",hours,total,y,active\r\n"
       "\"a;\"\"b\"\"\",1, 2025-03-04 ,p1, 184250.50 , 37, -9000000000 ,\"\n\n\", yes \r\n"
       "\"\",,\"\", p2,  ,,,,",
       FM_CSV_FORMAT_INIT},
      {"Danish",
       "Person;start;income;hours;total;active;kind\r\r"
       "p1;04-03-2025;184.250,50;37;-9.000.000.000;ja;\"a;\"\"b\"\"\"\r"
       "p2;;;;;;\r",
       {.struct_size = sizeof(fm_csv_format), .decimal = ',', .thousands = '.', .date_pattern = "DD-MM-YYYY"}},
      {"spaces, no-break spaces, tabs, a word for missing",
       "Person\tstart\tincome\thours\ttotal\tactive\tkind\n"
       "p1\t2025/03/04\t184 250.5\t37\t-9\xC2\xA0"
       "000\xE2\x80\xAF"
       "000 000\tSAND\t\"a;\"\"b\"\"\"\n"
       "p2\tNA\tNA\tNA\tNA\tNA\tNA\n",
       {.struct_size = sizeof(fm_csv_format),
        .delimiter = '\t',
        .decimal = '.',
        .thousands = ' ',
        .date_pattern = "YYYY/MM/DD",
        .missing = "NA"}},
  };
  for (int k = 0; k < FM_COUNT(forms); k++)
    for (size_t chunk = 0; chunk < 40; chunk++) {
      char text[512] = "";
      size_t n = strlen(forms[k].text);
      memcpy(text, forms[k].text, n);
      if (k == 1) { /* the id column is text and keeps its spaces: mended here, so that the rows are the same */
        char *space = strstr(text, " p2");
        memmove(space, space + 1, strlen(space));
        n--;
      }
      fm_table *t = read_text(text, n, &forms[k].format, chunk);
      check_two_rows(forms[k].label, t);
      fm_table_destroy(t);
    }
}
END_TEST

/* Text is kept byte for byte; a quote inside an unquoted cell is a character like others. */
START_TEST(test_texts)
{
  static const struct {
    const char *cell, *expected;
  } texts[] = {
      {"a", "a"},
      {" a ", " a "},
      {"\"a\"", "a"},
      {"\"a,b\"", "a,b"},
      {"\"a\"\"b\"", "a\"b"},
      {"\"\"\"\"", "\""},
      {"\"\"\"\"\"\"", "\"\""},
      {"5\" pipe", "5\" pipe"},
      {" \"a\"", " \"a\""},
      {"\"a\r\nb\"", "a\r\nb"},
      {"\"\r\"", "\r"},
      {"sm\xC3\xB8rrebr\xC3\xB8"
       "d",
       "sm\xC3\xB8rrebr\xC3\xB8"
       "d"},
      {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
      {"\"\"", NULL},
      {"", NULL},
  };
  for (int k = 0; k < FM_COUNT(texts); k++)
    for (size_t chunk = 1; chunk < 24; chunk++) {
      char text[128];
      fm_error err = FM_ERROR_INIT;
      fm_table *t;
      int n = snprintf(text, sizeof text, "x,y\n%s,1\n2,%s", texts[k].cell, texts[k].cell);
      fm__problems *problems = fm__problems_create();
      fm_assert_ok(fm__csv_read_memory(&t, problems, text, (size_t)n, NULL, NULL, NULL, 0, chunk, NULL, &err), &err);
      const char *got[] = {fm_test_text(t, "x", 0), fm_test_text(t, "y", 1)};
      for (int j = 0; j < 2; j++)
        ck_assert_msg(texts[k].expected == NULL ? got[j] == NULL : strcmp(got[j], texts[k].expected) == 0,
                      "%s is read as %s", texts[k].cell, got[j] != NULL ? got[j] : "(none)");
      ck_assert_str_eq(fm_table_name(t), "memory");
      fm__problems_destroy(problems);
      fm_table_destroy(t);
    }
}
END_TEST

START_TEST(test_windows_1252)
{
  static const char text[] = "navn\nS\xF8ren \xC5se \x80 \x9F\n";
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  format.encoding = "windows-1252";
  for (size_t chunk = 0; chunk < 12; chunk++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    fm__problems *problems = fm__problems_create();
    fm_assert_ok(fm__csv_read_memory(&t, problems, text, sizeof text - 1, "n", NULL, &format, 0, chunk, NULL, &err),
                 &err);
    ck_assert_str_eq(fm_test_text(t, "navn", 0), "S\xC3\xB8ren \xC3\x85se \xE2\x82\xAC \xC5\xB8");
    fm__problems_destroy(problems);
    fm_table_destroy(t);
  }
}
END_TEST

/* Lines are those on which rows begin, whatever lies between. */
START_TEST(test_lines)
{
  static const struct {
    const char *text;
    int n, lines[4];
  } files[] = {
      {"x\n1\n2\n3\n", 3, {2, 3, 4}},
      {"x\r\n1\r\n2\r\n3", 3, {2, 3, 4}},
      {"\n\nx\n1\n2\n", 2, {4, 5}},
      {"\"x\ny\"\n1\n2\n", 2, {3, 4}},
      {"x\n1\n\n2\n", 2, {2, 4}},
      {"x\n\"1\r\n\r2\n3\"\n4\r5\r\n", 3, {2, 6, 7}},
      {"x\n\n\n", 0, {0}},
      {"x", 0, {0}},
  };
  for (int k = 0; k < FM_COUNT(files); k++)
    for (size_t chunk = 1; chunk < 24; chunk++) {
      fm_error err = FM_ERROR_INIT;
      fm_table *t;
      fm__problems *problems = fm__problems_create();
      fm_assert_ok(fm__csv_read_memory(&t, problems, files[k].text, strlen(files[k].text), "n", NULL, NULL, 0, chunk,
                                       NULL, &err),
                   &err);
      ck_assert_msg((int)fm_table_n_rows(t) == files[k].n, "%d: %zu rows", k, fm_table_n_rows(t));
      ck_assert_uint_eq(fm_table_n_columns(t), 1);
      for (int i = 0; i < files[k].n; i++)
        ck_assert_msg(fm_table_line(t, (size_t)i) == files[k].lines[i], "%d: row %d is on line %lld", k, i,
                      (long long)fm_table_line(t, (size_t)i));
      fm__problems_destroy(problems);
      fm_table_destroy(t);
    }
}
END_TEST

/* Many rows with bad ones and missing ones between: several batches and chunks; each cell is checked. */
static char *many_rows(size_t n, size_t *size)
{
  char *text = malloc(n * 80 + 100);
  *size = (size_t)sprintf(text, "id,value,day,name\n");
  for (size_t i = 0; i < n; i++) {
    *size += (size_t)sprintf(text + *size, "id%zu,", i);
    *size += i % 7 == 3 ? 0 : (size_t)sprintf(text + *size, "%zu.%02zu", i, i % 100);
    *size +=
        (size_t)sprintf(text + *size, i % 11 == 5 ? ",oops" : ",20%02zu-%02zu-%02zu", i % 100, i % 12 + 1, i % 28 + 1);
    *size += (size_t)sprintf(text + *size, i % 5 == 0 ? ",\"name\n%zu\"\n" : ",n%zu\n", i % 1000);
  }
  return text;
}

START_TEST(test_many)
{
  static const fm_csv_column four[] = {{"id", NULL, FM_CODE, 1, 1, 1},
                                       {"value", NULL, FM_F64, 1, 0, 0},
                                       {"day", NULL, FM_DATE, 1, 0, 0},
                                       {"name", NULL, FM_CODE, 1, 0, 0}};
  enum { N = 60000 };
  size_t size;
  char *text = many_rows(N, &size);
  for (int pass = 0; pass < 2; pass++) {
    fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    fm__problems *problems = fm__problems_create();
    schema.columns = four;
    schema.n_columns = 4;
    fm_assert_ok(fm__csv_read_memory(&t, problems, text, size, "n", &schema, NULL, 1, pass == 0 ? 0 : 1000, NULL, &err),
                 &err);
    fm_assert_ok(fm_table_check(t, &err), &err);
    size_t row = 0;
    int64_t line = 2;
    for (size_t i = 0; i < N; i++) {
      if (i % 11 != 5) {
        char id[32], name[32];
        sprintf(id, "id%zu", i);
        sprintf(name, i % 5 == 0 ? "name\n%zu" : "n%zu", i % 1000);
        ck_assert_str_eq(fm_table_text(t, 0, row, NULL), id);
        ck_assert_str_eq(fm_table_text(t, 3, row, NULL), name);
        ck_assert_int_eq(fm_table_is_null(t, 1, row), i % 7 == 3);
        ck_assert(i % 7 == 3 || fm_table_f64(t, 1)[row] == ((double)(i * 100) + (double)(i % 100)) / 100.0);
        ck_assert_int_eq(fm_table_i32(t, 2)[row],
                         fm_date_from_ymd(2000 + (int)(i % 100), (int)(i % 12) + 1, (int)(i % 28) + 1));
        ck_assert_int_eq(fm_table_line(t, row), line);
        row++;
      }
      line += i % 5 == 0 ? 2 : 1;
    }
    ck_assert_uint_eq(fm_table_n_rows(t), row);
    ck_assert_uint_eq(fm_table_n_texts(t, 0), row);
    ck_assert_int_eq(fm__problems_count(problems, FM__ERROR), (int64_t)(N - row));
    fm__problems_destroy(problems);
    fm_table_destroy(t);
  }
  free(text);
}
END_TEST

/* Files wider than a batch is long. */
START_TEST(test_wide)
{
  enum { COLUMNS = 3000, ROWS = 300 };
  char *text = malloc((size_t)COLUMNS * (ROWS + 1) * 8);
  size_t size = 0;
  for (size_t i = 0; i <= ROWS; i++)
    for (size_t k = 0; k < COLUMNS; k++)
      size += (size_t)sprintf(text + size, i == 0 ? "c%zu%c" : "%zu%c", i == 0 ? k : (k * i) % 97,
                              k + 1 < COLUMNS ? ';' : '\n');
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_csv_read_memory(&t, NULL, text, size, "n", NULL, NULL, 0, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_columns(t), COLUMNS);
  ck_assert_uint_eq(fm_table_n_rows(t), ROWS);
  for (size_t i = 0; i < ROWS; i += 7)
    for (size_t k = 0; k < COLUMNS; k += 13)
      ck_assert_uint_eq((size_t)atoi(fm_table_text(t, k, i, NULL)), (k * (i + 1)) % 97);
  fm_table_destroy(t);
  free(text);
}
END_TEST

static int32_t stop_at_half(void *ctx, double done)
{
  double *last = ctx;
  ck_assert(done >= *last && done <= 1);
  *last = done;
  return done >= 0.5;
}

static int32_t never_stop(void *ctx, double done)
{
  *(double *)ctx = done;
  return 0;
}

START_TEST(test_progress)
{
  size_t size;
  char *text = many_rows(120000, &size);
  double last = 0;
  fm_run run = FM_RUN_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *problems;
  run.progress = stop_at_half;
  run.progress_ctx = &last;
  ck_assert_uint_gt(size, 3U << 20);
  ck_assert_int_eq(fm_csv_read_memory(&t, &problems, text, size, "n", NULL, NULL, 0, &run, &err), FM_ERR_CANCELLED);
  ck_assert_ptr_null(t);
  ck_assert_ptr_null(problems);
  ck_assert(last >= 0.5 && last < 1);
  run.progress = never_stop;
  fm_error_clear(&err);
  fm_assert_ok(fm_csv_read_memory(&t, &problems, text, size, "n", NULL, NULL, 0, &run, &err), &err);
  ck_assert(last == 1);
  fm_table_destroy(t);
  fm_table_destroy(problems);
  free(text);
}
END_TEST

START_TEST(test_file)
{
  const char *path = "csv-read-test.csv";
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *problems;
  size_t size;
  char *text = many_rows(40000, &size);
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(text, 1, size, f), size);
  fclose(f);
  double last = 0;
  fm_run run = FM_RUN_INIT;
  run.progress = never_stop;
  run.progress_ctx = &last;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  schema.table = "things";
  fm_assert_ok(fm_csv_read_file(&t, &problems, path, &schema, NULL, 0, &run, &err), &err);
  ck_assert(last == 1);
  ck_assert_uint_eq(fm_table_n_rows(t), 40000);
  ck_assert_str_eq(fm_table_name(t), "things");
  ck_assert_str_eq(fm_table_note(t, "file"), path);
  ck_assert_str_eq(fm_table_note(t, "delimiter"), ",");
  ck_assert_str_eq(fm_table_note(t, "columns_skipped"), "0");
  ck_assert_uint_eq(fm_table_n_rows(problems), 0);
  fm_table_destroy(t);
  fm_table_destroy(problems);
  remove(path);
  ck_assert_int_eq(fm_csv_read_file(&t, &problems, path, NULL, NULL, 0, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(problems);
  ck_assert_str_eq(err.detail, "FM-F01");
  fm_error_clear(&err);
  ck_assert_int_eq(fm_csv_read_file(&t, NULL, FM_PROJECT_DIR, NULL, NULL, 0, NULL, &err), FM_ERR_IO);
  ck_assert_int_eq(fm_csv_read_file(&t, NULL, NULL, NULL, NULL, 0, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_read_memory(&t, NULL, NULL, 3, NULL, NULL, NULL, 0, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_csv_read_memory(&t, NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, NULL), FM_ERR_DATA);
  free(text);
}
END_TEST

/* The library reads numbers the same way under a locale with a decimal comma. */
START_TEST(test_locale)
{
  static const char text[] = "Person,start,income\np1,2025-03-04,12345678901234567890.25\n";
  const char *set = setlocale(LC_ALL, "da_DK.UTF-8");
  if (set == NULL)
    set = setlocale(LC_ALL, "de_DE.UTF-8");
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_table *t = read_text(text, sizeof text - 1, &format, 0);
  ck_assert(fm_test_number(t, "income", 0) == 12345678901234567890.25);
  fm_table_destroy(t);
  setlocale(LC_ALL, "C");
}
END_TEST

static fm_status read_all(void *ctx, fm_error *err)
{
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_table *t, *problems;
  const char *text = ctx;
  format.encoding = text[0] == 'x' ? "windows-1252" : NULL;
  if (text[0] == 'P') {
    schema.columns = columns;
    schema.n_columns = sizeof columns / sizeof columns[0];
  }
  fm_status status = fm_csv_read_memory(&t, &problems, text, strlen(text), "n", &schema, &format, 0, NULL, err);
  if (status != FM_OK) {
    ck_assert_ptr_null(t);
    ck_assert_ptr_null(problems);
  }
  fm_table_destroy(t);
  fm_table_destroy(problems);
  return status;
}

START_TEST(test_memory)
{
  static const char *const texts[] = {"Person,start,income,hours,total,active,kind,other\np1,2025-01-01,1,2,3,1,a,b\n"
                                      "p2,,,,,,,\n\np3,,,,,,\"a\"\"\",\n",
                                      "x,y\n1,2\n3,\xE5\n"};
  for (int k = 0; k < FM_COUNT(texts); k++)
    ck_assert_int_gt(fm_test_allocations(read_all, (void *)(uintptr_t)texts[k]), 20);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-read");
  TCase *tcase = tcase_create("read");
  tcase_add_test(tcase, test_forms);
  tcase_add_test(tcase, test_texts);
  tcase_add_test(tcase, test_windows_1252);
  tcase_add_test(tcase, test_lines);
  tcase_add_test(tcase, test_many);
  tcase_add_test(tcase, test_wide);
  tcase_add_test(tcase, test_progress);
  tcase_add_test(tcase, test_file);
  tcase_add_test(tcase, test_locale);
  tcase_add_test(tcase, test_memory);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
