/* Incomes in the same prices: joined by year and region, and what is refused. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/income_household.h"

static const char *const income_columns[] = {"year:i32", "region:code", "income:f64", "tax:i64"};
static const char *const factor_columns[] = {"region:code", "year:i64", "index:f64"};

static fm_table *table_of(const char *const *columns, size_t n_columns, const char *text)
{
  static char copy[1024];
  const char *cells[128];
  size_t n = 0;
  strcpy(copy, text);
  for (char *cell = strtok(copy, " ;"); cell != NULL; cell = strtok(NULL, " ;"))
    cells[n++] = strcmp(cell, "-") == 0 ? "" : cell;
  return fm_test_table(columns, n_columns, cells, n / n_columns);
}

static const char incomes[] = "2018 n 110 11;2019 n 242 0;2018 s 60 6;2019 n - -2";
static const char factors[] = "n 2018 110;n 2019 121;s 2018 120;s 2019 130";

/* In prices of index 100: 110 / 1.1 = 100, 242 / 1.21 = 200, 60 / 1.2 = 50. */
START_TEST(by_hand)
{
  fm_table *in = table_of(income_columns, 4, incomes), *list = table_of(factor_columns, 3, factors), *out;
  fm_error err = FM_ERROR_INIT;
  fm_income_deflate_spec spec;
  fm_income_deflate_spec_init(&spec, sizeof spec);
  spec.incomes = "income, tax";
  spec.by = "year,region";
  spec.base = 100;
  fm_assert_ok(fm_income_deflate(&out, in, list, &spec, NULL, &err), &err);
  fm_table_destroy(in);
  fm_table_destroy(list);
  fm_assert_ok(fm_table_check(out, &err), &err);
  static const double income[] = {100, 200, 50, NAN}, tax[] = {10, 0, 5, -2 / 1.21};
  for (size_t i = 0; i < 4; i++) {
    fm_assert_close("income", fm_test_number(out, "income_real", i), income[i], 1e-15, 0);
    fm_assert_close("tax", fm_test_number(out, "tax_real", i), tax[i], 1e-15, 0);
  }
  fm_assert_close("as it was", fm_test_number(out, "income", 0), 110, 0, 0);
  ck_assert_str_eq(fm_table_note(out, "prices_by"), "year,region");
  ck_assert_str_eq(fm_table_note(out, "prices_base"), "100");
  fm_table_destroy(out);
}
END_TEST

static const struct bad {
  const char *label, *incomes, *factors, *columns, *by;
  double base;
  fm_status status;
  int64_t row;
  const char *message;
} bad[] = {
    {"a year without an index", "2018 n 1 1;2020 n 1 1", factors, "income", "year,region", 1, FM_ERR_VALUE, 1,
     "row 1: no factor for year 2020, region n; expected one in the table"},
    {"no year", "- n 1 1", factors, "income", "year,region", 1, FM_ERR_VALUE, 0,
     "column year, row 0: expected a value"},
    {"an infinite income", "2018 n inf 1", factors, "income", "year,region", 1, FM_ERR_VALUE, 0, "a finite income"},
    {"a key twice", incomes, "n 2018 1;s 2018 2;n 2018 1", "income", "year,region", 1, FM_ERR_VALUE, 2,
     "one row for each key"},
    {"an index of 0", incomes, "n 2018 0", "income", "year,region", 1, FM_ERR_VALUE, 0, "a finite number above 0"},
    {"no index", incomes, "n 2018 -", "income", "year,region", 1, FM_ERR_VALUE, 0, "a finite number above 0"},
    {"no key in the list", incomes, "- 2018 1", "income", "year,region", 1, FM_ERR_VALUE, 0, "as it is a key"},
    {"no such column", incomes, factors, "wage", "year,region", 1, FM_ERR_NOT_FOUND, -1, "wage"},
    {"no such key", incomes, factors, "income", "country", 1, FM_ERR_NOT_FOUND, -1, "country"},
    {"text", incomes, factors, "region", "year,region", 1, FM_ERR_TYPE, -1, "expected numbers"},
    {"an empty name", incomes, factors, "income,", "year,region", 1, FM_ERR_ARGUMENT, -1, "incomes"},
    {"no columns", incomes, factors, "", "year,region", 1, FM_ERR_ARGUMENT, -1, "incomes"},
    {"no keys", incomes, factors, "income", "", 1, FM_ERR_ARGUMENT, -1, "by"},
    {"base 0", incomes, factors, "income", "year,region", 0, FM_ERR_ARGUMENT, -1, "base"},
};

START_TEST(refused)
{
  const struct bad *b = &bad[_i];
  fm_table *in = table_of(income_columns, 4, b->incomes), *list = table_of(factor_columns, 3, b->factors), *out;
  fm_error err = FM_ERROR_INIT;
  fm_income_deflate_spec spec = FM_INCOME_DEFLATE_SPEC_INIT;
  spec.incomes = b->columns;
  spec.by = b->by;
  spec.base = b->base;
  fm_status status = fm_income_deflate(&out, in, list, &spec, NULL, &err);
  ck_assert_msg(status == b->status, "%s: %s, %s", b->label, fm_status_name(status), err.message);
  ck_assert_msg(err.row == b->row, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_ptr_null(out);
  fm_table_destroy(in);
  fm_table_destroy(list);
}
END_TEST

typedef struct pair {
  fm_table *in, *list;
} pair;

static fm_status once(void *ctx, fm_error *err)
{
  const pair *p = ctx;
  fm_table *out;
  fm_income_deflate_spec spec = FM_INCOME_DEFLATE_SPEC_INIT;
  spec.by = "year,region";
  fm_status status = fm_income_deflate(&out, p->in, p->list, &spec, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  pair p = {table_of(income_columns, 4, incomes), table_of(factor_columns, 3, factors)};
  ck_assert_int_gt(fm_test_allocations(once, &p), 15);
  fm_table_destroy(p.in);
  fm_table_destroy(p.list);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-household_prices");
  TCase *t = tcase_create("prices");
  tcase_add_test(t, by_hand);
  tcase_add_loop_test(t, refused, 0, FM_COUNT(bad));
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
