/* Columns whose cells decide their type: each form, all rows together, any order of rows and chunk size. */
#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "support/support.h"

static const fm_csv_format plain = FM_CSV_FORMAT_INIT;
static const fm_csv_format danish = {.struct_size = sizeof(fm_csv_format),
                                     .delimiter = ';',
                                     .decimal = ',',
                                     .thousands = '.',
                                     .date_pattern = "DD-MM-YYYY",
                                     .missing = "NA"};

typedef struct reading {
  fm_table *table, *problems;
  fm_status status;
  fm_error err;
} reading;

static reading read_as(const char *text, const fm_csv_column *columns, size_t n, int32_t others,
                       const fm_csv_format *format, int32_t skip_bad)
{
  reading r = {.err = FM_ERROR_INIT};
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  schema.columns = columns;
  schema.n_columns = n;
  schema.others = others;
  r.status =
      fm_csv_read_memory(&r.table, &r.problems, text, strlen(text), "t.csv", &schema, format, skip_bad, NULL, &r.err);
  if (r.table != NULL)
    fm_assert_ok(fm_table_check(r.table, &r.err), &r.err);
  return r;
}

static void drop(reading *r)
{
  fm_table_destroy(r->table);
  fm_table_destroy(r->problems);
}

/* The cells of one column "x", parted by |, and what it becomes; the value of the last row. */
START_TEST(each_form)
{
  static const struct {
    const char *label, *cells;
    const fm_csv_format *format;
    int32_t type;
    double last; /* NaN: missing, or text */
  } cases[] = {
      {"whole numbers", "1|-2|+30", &plain, FM_I64, 30},
      {"0 and 1 are whole numbers", "0|1", &plain, FM_I64, 1},
      {"64 bits", "-9223372036854775808|9223372036854775807", &plain, FM_I64, 9223372036854775807.0},
      {"beyond 64 bits: an id", "1|9223372036854775808", &plain, FM_CODE, FM_NAN},
      {"leading zeros: ids", "127|0128", &plain, FM_CODE, FM_NAN},
      {"a leading zero behind a sign", "-01|2", &plain, FM_CODE, FM_NAN},
      {"a leading zero before a decimal point", "00.5|2", &plain, FM_CODE, FM_NAN},
      {"a zero alone and before a point", "0|0.5", &plain, FM_F64, 0.5},
      {"one decimal makes them all decimals", "1|2|2.0", &plain, FM_F64, 2},
      {"exponents", "1e3|2", &plain, FM_F64, 2},
      {"beyond doubles", "1e999|2", &plain, FM_CODE, FM_NAN},
      {"a comma is no point", "1,5|2", &danish, FM_F64, 2},
      {"a point is no comma", "1.5|2", &danish, FM_CODE, FM_NAN},
      {"thousands", "1.500|2", &danish, FM_I64, 2},
      {"dates", "2025-12-31|1970-01-11", &plain, FM_DATE, 10},
      {"dates as declared", "31-12-2025|11-01-1970", &danish, FM_DATE, 10},
      {"dates of another form", "31-12-2025|11-01-1970", &plain, FM_CODE, FM_NAN},
      {"no such day", "2025-02-30|1970-01-11", &plain, FM_CODE, FM_NAN},
      {"a date and a number", "1970-01-11|5", &plain, FM_CODE, FM_NAN},
      {"true and false", "true|FALSE|True", &plain, FM_BOOL, 1},
      {"as Danish spreadsheets write them", "FALSK|SAND", &plain, FM_BOOL, 1},
      {"yes and no", "yes|no", &plain, FM_CODE, FM_NAN},
      {"true and 1", "true|1", &plain, FM_CODE, FM_NAN},
      {"begun like true", "true|tru", &plain, FM_CODE, FM_NAN},
      {"text", "a|b", &plain, FM_CODE, FM_NAN},
      {"one bad cell among numbers", "1|2|3x", &plain, FM_CODE, FM_NAN},
      {"a bad cell first", "3x|1|2", &plain, FM_CODE, FM_NAN},
      {"blank cells", "1|||2", &plain, FM_I64, 2},
      {"a blank at the end", "1|", &plain, FM_I64, FM_NAN},
      {"spaces around and spaces alone", " 1 |  ", &plain, FM_I64, FM_NAN},
      {"a word for missing, with spaces", "2|NA| NA ", &danish, FM_I64, FM_NAN},
      {"a word for missing that was not declared", "2|NA", &plain, FM_CODE, FM_NAN},
      {"nothing but blanks", "||", &plain, FM_CODE, FM_NAN},
      {"quoted", "\"1\"|\"2\"", &plain, FM_I64, 2},
  };
  char text[256];
  size_t n = 0;
  n = (size_t)snprintf(text, sizeof text, "k%cx\n", cases[_i].format == &danish ? ';' : ',');
  for (const char *p = cases[_i].cells; p != NULL;) {
    size_t length = strcspn(p, "|");
    n += (size_t)snprintf(text + n, sizeof text - n, "r%c%.*s\n", cases[_i].format == &danish ? ';' : ',', (int)length,
                          p);
    p = p[length] == '|' ? p + length + 1 : NULL;
  }
  reading r = read_as(text, NULL, 0, FM_CSV_READ, cases[_i].format, 0);
  ck_assert_msg(r.status == FM_OK, "%s: %s", cases[_i].label, r.err.message);
  ck_assert_msg(fm_table_column_type(r.table, 1) == cases[_i].type, "%s: became %s", cases[_i].label,
                fm_column_type_name(fm_table_column_type(r.table, 1)));
  if (cases[_i].type != FM_CODE)
    fm_assert_close(cases[_i].label, fm_test_number(r.table, "x", fm_table_n_rows(r.table) - 1), cases[_i].last, 0, 0);
  drop(&r);
}
END_TEST
enum { N_FORMS = 34 };

/* Groups: whole numbers written with .0 are whole, a fraction is an error with its place, text may hold anything. */
START_TEST(keys)
{
  static const fm_csv_column key[] = {{.name = "g", .type = FM_CSV_KEY, .required = 1}};
  reading r = read_as("g,y\n1.0,1\n,2\n12.00,3\n", key, 1, FM_CSV_SKIP, NULL, 0);
  fm_assert_ok(r.status, &r.err);
  ck_assert_int_eq(fm_table_column_type(r.table, 0), FM_I64);
  ck_assert_uint_eq(fm_table_n_columns(r.table), 1);
  ck_assert_uint_eq(fm_table_n_rows(r.problems), 0);
  fm_assert_close("12.00", fm_test_number(r.table, "g", 2), 12, 0, 0);
  ck_assert(fm_table_is_null(r.table, 0, 1));
  drop(&r);
  for (int32_t skip = 0; skip < 2; skip++) { /* the column is of no use: leaving rows out is no help */
    r = read_as("y,g\n\"a\nb\",1.0\n\n1,2.5\n1,3.5\n", key, 1, FM_CSV_SKIP, NULL, skip);
    ck_assert_int_eq(r.status, FM_ERR_DATA);
    ck_assert_uint_eq(fm_table_n_rows(r.problems), 1);
    ck_assert_str_eq(fm_test_text(r.problems, "code", 0), "FM-N03");
    ck_assert_str_eq(fm_test_text(r.problems, "cell", 0), "B4");
    ck_assert_str_eq(fm_test_text(r.problems, "value", 0), "2.5");
    fm_assert_close("line", fm_test_number(r.problems, "line", 0), 5, 0, 0);
    drop(&r);
  }
  r = read_as("g\n2.5\nx\n", key, 1, FM_CSV_SKIP, NULL, 0);
  fm_assert_ok(r.status, &r.err);
  ck_assert_int_eq(fm_table_column_type(r.table, 0), FM_CODE);
  ck_assert_str_eq(fm_test_text(r.table, "g", 0), "2.5");
  drop(&r);
}
END_TEST

/* Ids and what has the form of a personal number are shown in no message. */
START_TEST(no_ids_shown)
{
  static const fm_csv_column id[] = {{.name = "g", .type = FM_CSV_KEY, .is_id = 1}};
  reading r = read_as("g\n2.5\n", id, 1, FM_CSV_SKIP, NULL, 0);
  ck_assert_int_eq(r.status, FM_ERR_DATA);
  ck_assert_ptr_null(fm_test_text(r.problems, "value", 0));
  ck_assert_ptr_null(strstr(r.err.message, "2.5"));
  drop(&r);
}
END_TEST

/* What becomes of the columns that the schema does not list. */
START_TEST(others)
{
  static const fm_csv_column one[] = {{.name = "income", .header = "y", .type = FM_F64, .required = 1}};
  static const char text[] = "a,y,,b\n1,2,3,x\n";
  reading r = read_as(text, one, 1, FM_CSV_NOTE, NULL, 0);
  ck_assert_uint_eq(fm_table_n_rows(r.problems), 3);
  ck_assert_uint_eq(fm_table_n_columns(r.table), 1);
  drop(&r);
  r = read_as(text, one, 1, FM_CSV_SKIP, NULL, 0);
  ck_assert_uint_eq(fm_table_n_rows(r.problems), 0);
  ck_assert_uint_eq(fm_table_n_columns(r.table), 1);
  ck_assert_str_eq(fm_table_note(r.table, "columns_skipped"), "3");
  drop(&r);
  r = read_as(text, one, 1, FM_CSV_READ, NULL, 0);
  ck_assert_uint_eq(fm_table_n_rows(r.problems), 1); /* the column without a name */
  ck_assert_uint_eq(fm_table_n_columns(r.table), 3);
  ck_assert_str_eq(fm_table_column_name(r.table, 0), "income");
  ck_assert_int_eq(fm_table_column_type(r.table, 0), FM_F64);
  ck_assert_int_eq(fm_table_column_type(r.table, 1), FM_I64);
  ck_assert_int_eq(fm_table_column_type(r.table, 2), FM_CODE);
  drop(&r);
  r = read_as("a,y,a\n1,2,3\n", one, 1, FM_CSV_READ, NULL, 0);
  ck_assert_str_eq(fm_test_text(r.problems, "code", 0), "FM-H02");
  drop(&r);
  r = read_as("income,y\n1,2\n", one, 1, FM_CSV_READ, NULL, 0); /* another column of the name given to y */
  ck_assert_str_eq(fm_test_text(r.problems, "code", 0), "FM-H02");
  drop(&r);
  r = read_as(text, one, 1, 3, NULL, 0);
  ck_assert_int_eq(r.status, FM_ERR_ARGUMENT);
  drop(&r);
}
END_TEST

/* Rows left out have no say; neither has the order of rows or the size of the pieces read. */
START_TEST(same_for_all)
{
  static const fm_csv_column bad[] = {{.name = "y", .type = FM_F64, .required = 1}};
  reading r = read_as("y,g\nx,abc\n1,2\n", bad, 1, FM_CSV_READ, NULL, 1);
  fm_assert_ok(r.status, &r.err);
  ck_assert_int_eq(fm_table_column_type(r.table, 1), FM_I64);
  drop(&r);
  enum { N = 1000 };
  static char text[2][N * 16];
  for (int order = 0; order < 2; order++) {
    size_t n = (size_t)snprintf(text[order], sizeof text[order], "a,b\n");
    for (int i = 0; i < N; i++) {
      int k = order == 0 ? i : N - 1 - i;
      n += (size_t)snprintf(text[order] + n, sizeof text[order] - n, "%d,%s%d\n", k, k == 700 ? "0" : "", k + 1);
    }
  }
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  schema.others = FM_CSV_READ;
  for (size_t chunk = 1; chunk < 70000; chunk *= 41)
    for (int order = 0; order < 2; order++) {
      fm_error err = FM_ERROR_INIT;
      fm_table *t;
      fm__problems *problems = fm__problems_create();
      fm_assert_ok(fm__csv_read_memory(&t, problems, text[order], strlen(text[order]), "t", &schema, &plain, 0, chunk,
                                       NULL, &err),
                   &err);
      ck_assert_int_eq(fm_table_column_type(t, 0), FM_I64);
      ck_assert_int_eq(fm_table_column_type(t, 1), FM_CODE);
      for (int i = 0; i < N; i++)
        ck_assert_int_eq(fm_table_i64(t, 0)[i], order == 0 ? i : N - 1 - i);
      fm_table_destroy(t);
      fm__problems_destroy(problems);
    }
}
END_TEST

static fm_status read_all(void *ctx, fm_error *err)
{
  static const fm_csv_column key[] = {{.name = "g", .type = FM_CSV_KEY, .required = 1}};
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_table *t = NULL, *problems = NULL;
  (void)ctx;
  schema.columns = key;
  schema.n_columns = 1;
  schema.others = FM_CSV_READ;
  static const char text[] = "a,g,b,c,d\n1,1.0,x,2025-01-01,true\n ,2,y,,\n3,,z,2025-01-02,false\n";
  fm_status status = fm_csv_read_memory(&t, &problems, text, sizeof text - 1, NULL, &schema, &plain, 0, NULL, err);
  fm_table_destroy(t);
  fm_table_destroy(problems);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(read_all, NULL), 20);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("csv-decide");
  TCase *tests = tcase_create("decide");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, each_form, 0, N_FORMS);
  tcase_add_test(tests, keys);
  tcase_add_test(tests, no_ids_shown);
  tcase_add_test(tests, others);
  tcase_add_test(tests, same_for_all);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
