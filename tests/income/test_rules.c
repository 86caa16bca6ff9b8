/* The definitional choices: checks, presets, tables. */
#include <math.h>
#include <string.h>

#include "income/measure/measure_priv.h"
#include "support/support.h"

static const struct bad {
  const char *message;
  fm_income_rules rules;
} bad[] = {
    {"rules.quantile is 4: expected 0 (avg) to 3 (interp)", {.quantile = 4}},
    {"rules.poor is -1", {.poor = -1}},
    {"rules.percent is 2: expected 0 (fraction) to 1 (percent)", {.percent = 2}},
    {"rules.line_kind is 5", {.line_kind = 5}},
    {"nonpos_floor must be a number above 0", {.nonpos = FM_INCOME_NONPOS_FLOOR}},
    {"rules.hit_tolerance must be", {.hit_tolerance = 0.5}},
    {"rules.hit_tolerance must be", {.hit_tolerance = NAN}},
    {"rules.line must be a number", {.line_kind = FM_INCOME_LINE_ABSOLUTE, .line = NAN}},
    {"rules.line_share must be", {.line_share = -1}},
};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = bad[_i].rules, taken;
  rules.struct_size = sizeof rules;
  if (rules.line_share == 0)
    rules.line_share = 0.6;
  ck_assert_int_eq(fm__income_rules_take(&taken, &rules, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, bad[_i].message) != NULL, "%s", err.message);
}
END_TEST

START_TEST(defaults)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_rules macro = FM_INCOME_RULES_INIT, filled, preset, taken;
  fm_income_rules_init(&filled, sizeof filled);
  fm_assert_ok(fm_income_rules_preset(&preset, sizeof preset, "default", &err), &err);
  fm_assert_ok(fm__income_rules_take(&taken, NULL, &err), &err);
  fm_income_rules *all[] = {&macro, &filled, &preset, &taken};
  for (int i = 0; i < FM_COUNT(all); i++) {
    ck_assert(isnan(all[i]->nonpos_floor) && isnan(all[i]->line));
    all[i]->nonpos_floor = all[i]->line = 0; /* NaN has more than one form */
    ck_assert_mem_eq(all[i], &macro, sizeof macro);
  }
  ck_assert_int_eq(fm_income_rules_preset(&preset, sizeof preset, "oecd", &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "no preset is named \"oecd\": expected one of default, eurostat, sdg, pip, convey, "
                                "laeken, laeken_0_5");
}
END_TEST

START_TEST(presets)
{
  static const char *const expected[][8] = {
      {"default", "avg", "lt", "fractional", "population", "error", "keep", "fraction"},
      {"eurostat", "avg", "lt", "step", "population", "error", "keep", "percent"},
      {"sdg", "avg", "lt", "fractional", "population", "error", "keep", "percent"},
      {"pip", "left", "lt", "fractional", "population", "floor", "drop", "fraction"},
      {"convey", "left", "le", "step", "unit_block", "error", "keep", "fraction"},
      {"laeken", "avg", "lt", "step", "population", "error", "keep", "percent"},
      {"laeken_0_5", "right", "lt", "step", "population", "error", "keep", "percent"},
  };
  static const char *const columns[] = {"preset", "quantile", "poor", "share", "gini", "nonpos", "negative", "percent"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_income_presets(&t, &err), &err);
  ck_assert_int_eq((int)fm_table_n_rows(t), FM_COUNT(expected));
  for (size_t i = 0; i < FM_COUNT(expected); i++) {
    fm_income_rules rules, taken;
    for (int k = 0; k < FM_COUNT(columns); k++)
      ck_assert_str_eq(fm_test_text(t, columns[k], i), expected[i][k]);
    ck_assert_str_eq(fm_test_text(t, "density", i), i == 4 ? "osier" : "silverman");
    ck_assert_ptr_nonnull(fm_test_text(t, "used_by", i));
    fm_assert_close("line", fm_test_number(t, "line_share", i), i == 2 ? 0.5 : 0.6, 0, 0);
    fm_assert_close("floor", fm_test_number(t, "nonpos_floor", i), i == 3 ? 1 : NAN, 0, 0);
    fm_assert_ok(fm_income_rules_preset(&rules, sizeof rules, expected[i][0], &err), &err);
    fm_assert_ok(fm__income_rules_take(&taken, &rules, &err), &err);
  }
  fm_table_destroy(t);
}
END_TEST

START_TEST(measures)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_income_measures(&t, &err), &err);
  for (size_t i = 0; i < (size_t)fm_table_n_rows(t); i++)
    ck_assert_str_eq(fm_test_text(t, "measure", i), fm__income_measure_at(i)->name);
  ck_assert_ptr_null(fm__income_measure_at((size_t)fm_table_n_rows(t)));
  size_t row = fm_test_row(t, "measure", "share_ratio", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(t, "parameters", row), "p,q");
  ck_assert_str_eq(fm_test_text(t, "unit", row), "ratio");
  fm_table_destroy(t);
}
END_TEST

static fm_status tables(void *ctx, fm_error *err)
{
  fm_table *t = NULL;
  (void)ctx;
  fm_status status = fm_income_presets(&t, err);
  fm_table_destroy(t);
  t = NULL;
  if (status == FM_OK)
    status = fm_income_measures(&t, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(tables, NULL), 20);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income rules");
  TCase *c = tcase_create("rules");
  tcase_add_loop_test(c, refused, 0, FM_COUNT(bad));
  tcase_add_test(c, defaults);
  tcase_add_test(c, presets);
  tcase_add_test(c, measures);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
