/* Margins: sums of cells, totals as missing keys, rows without a value of a group, and who is counted as left out. */
#include "lfs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const by[] = {"sex", "age", "disability"};

static fm_table *compute(const fm_table *frame, const char *groups, const char *bands, int margins)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  spec.indicators = "unemployment_rate,neet_rate,hourly_earnings,child_labour";
  spec.weight = "weight";
  spec.by = groups;
  spec.age_bands = bands;
  spec.margins = margins;
  spec.icls = 19;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  return t;
}

/* When nothing is missing, the cells of a set of groups add up to the whole, in n, numerator and denominator. */
START_TEST(cells_add_up)
{
  static const char *const sums[] = {"numerator", "denominator", "n", "dropped"};
  fm_table *frame = fm_lfs_table(), *t = compute(frame, "sex,age,disability", "0-14,15-24,25+", 1);
  for (size_t total = 0; total < fm_table_n_rows(t); total++) {
    if (fm_test_text(t, by[0], total) != NULL || fm_test_text(t, by[1], total) != NULL ||
        fm_test_text(t, by[2], total) != NULL)
      continue;
    for (int set = 0; set < 8; set++) {
      double sum[4] = {0};
      for (size_t i = 0; i < fm_table_n_rows(t); i++) {
        bool same = strcmp(fm_test_text(t, "indicator", i), fm_test_text(t, "indicator", total)) == 0 &&
                    strcmp(fm_test_text(t, "quantity", i), fm_test_text(t, "quantity", total)) == 0;
        for (int k = 0; k < 3; k++)
          same = same && (fm_test_text(t, by[k], i) != NULL) == (set >> k & 1);
        for (int k = 0; k < 4 && same; k++)
          sum[k] += fm_test_number(t, sums[k], i);
      }
      for (int k = 0; k < 4; k++)
        fm_assert_close(sums[k], sum[k], fm_test_number(t, sums[k], total), 1e-14, 0);
    }
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Each margin is what its own groups give alone. */
START_TEST(margins_are_those_of_each_group_alone)
{
  fm_table *frame = fm_lfs_table(), *all = compute(frame, "sex,age,disability", "0-14,15-24,25+", 1);
  fm_table *one = compute(frame, "age", "0-14,15-24,25+", 0), *none = compute(frame, NULL, NULL, 0);
  for (size_t i = 0; i < fm_table_n_rows(one) + fm_table_n_rows(none); i++) {
    bool whole = i >= fm_table_n_rows(one);
    const fm_table *from = whole ? none : one;
    size_t row = whole ? i - fm_table_n_rows(one) : i;
    const char *keys[] = {NULL, whole ? NULL : fm_test_text(from, "age", row), NULL};
    size_t at = fm_lfs_row(all, fm_test_text(from, "indicator", row), fm_test_text(from, "quantity", row), keys, by, 3);
    fm_assert_close("value", fm_test_number(all, "value", at), fm_test_number(from, "value", row), 0, 0);
    fm_assert_close("weight", fm_test_number(all, "weight", at), fm_test_number(from, "weight", row), 0, 0);
    ck_assert_str_eq(fm_test_text(all, "state", at), fm_test_text(from, "state", row));
  }
  fm_table_destroy(all);
  fm_table_destroy(one);
  fm_table_destroy(none);
  fm_table_destroy(frame);
}
END_TEST

/* Weights times 4: the same figures, four times the weight. */
START_TEST(weights_may_have_any_scale)
{
  static const char *cells[FM_LFS_ROWS * FM_LFS_COLUMNS];
  static char weights[FM_LFS_ROWS][16];
  fm_oracle *o = fm_oracle_open("labour/lfs_example.csv");
  fm_lfs_cells(cells, o);
  for (size_t i = 0; i < FM_LFS_ROWS; i++) {
    snprintf(weights[i], sizeof weights[i], "%d", 4 * atoi(cells[i * FM_LFS_COLUMNS + 1]));
    cells[i * FM_LFS_COLUMNS + 1] = weights[i];
  }
  fm_table *frame = fm_lfs_table(), *scaled = fm_test_table(fm_lfs_columns, FM_LFS_COLUMNS, cells, FM_LFS_ROWS);
  fm_table *a = compute(frame, "sex", NULL, 1), *b = compute(scaled, "sex", NULL, 1);
  for (size_t i = 0; i < fm_table_n_rows(a); i++) {
    bool number = strcmp(fm_test_text(a, "quantity", i), "number") == 0;
    fm_assert_close("value", fm_test_number(b, "value", i), (number ? 4 : 1) * fm_test_number(a, "value", i), 0, 0);
    fm_assert_close("weight", fm_test_number(b, "weight", i), 4 * fm_test_number(a, "weight", i), 0, 0);
  }
  fm_oracle_close(o);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(frame);
  fm_table_destroy(scaled);
}
END_TEST

/* ---- by hand: rows without sex, without age, outside the bands, without an answer ---- */

static const char *const columns[] = {"age:i64", "ls:code", "sex:code"};
static const char *const cells[] = {
    "20", "unemployed", "F",          /**/ "21", "employed", "F", /**/ "22", "employed", "",        /**/ "", "employed",
    "M",  "70",         "unemployed", "M",       /**/ "30",  "",  "M",       /**/ "12",  "outside", "M",
};

START_TEST(missing_groups_leave_only_their_cells)
{
  static const struct {
    const char *sex, *age;
    double numerator, n, dropped;
    const char *state;
  } expected[] = {{NULL, NULL, 2, 4, 2, "ok"}, /* no age: not known whether of working age */
                  {"F", NULL, 1, 2, 0, "ok"},     {"M", NULL, 1, 1, 2, "ok"},
                  {NULL, "15-24", 1, 3, 0, "ok"}, {NULL, "25-64", 0, 0, 1, "undefined"},
                  {"F", "15-24", 1, 2, 0, "ok"},  {"M", "25-64", 0, 0, 1, "undefined"}};
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 7), *t;
  spec.indicators = "unemployment_rate";
  spec.labour_status = "ls";
  spec.by = "sex,age";
  spec.age_bands = "15-24, 25-64";
  spec.margins = 1;
  spec.icls = 13;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  for (int i = 0; i < FM_COUNT(expected); i++) {
    const char *keys[] = {expected[i].sex, expected[i].age};
    size_t row = fm_lfs_row(t, "labour.unemployment_rate", "share", keys, by, 2);
    fm_assert_close("numerator", fm_test_number(t, "numerator", row), expected[i].numerator, 0, 0);
    fm_assert_close("n", fm_test_number(t, "n", row), expected[i].n, 0, 0);
    fm_assert_close("dropped", fm_test_number(t, "dropped", row), expected[i].dropped, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "state", row), expected[i].state);
  }
  ck_assert_uint_eq(fm_table_n_rows(t), 7);
  ck_assert_str_eq(fm_table_note(t, "rows"), "7");
  ck_assert_str_eq(fm_table_note(t, "missing_sex"), "1");
  ck_assert_str_eq(fm_table_note(t, "missing_age"), "1");
  ck_assert_str_eq(fm_table_note(t, "age_outside_bands"), "2");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(single_years_and_nothing)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 3, cells, 7), *t;
  spec.indicators = "employment_rate";
  spec.labour_status = "ls";
  spec.by = "age";
  spec.icls = 13;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 6);
  ck_assert_str_eq(fm_test_text(t, "age", 1), "20");
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(columns, 3, cells, 0);
  spec.margins = 1;
  fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), 1);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  ck_assert(isnan(fm_test_number(t, "value", 0)));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-margins");
  TCase *c = tcase_create("margins");
  tcase_add_test(c, cells_add_up);
  tcase_add_test(c, margins_are_those_of_each_group_alone);
  tcase_add_test(c, weights_may_have_any_scale);
  tcase_add_test(c, missing_groups_leave_only_their_cells);
  tcase_add_test(c, single_years_and_nothing);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
