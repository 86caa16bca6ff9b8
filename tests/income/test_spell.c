/* The rule of SDG 10.1.1: which two surveys are compared, alone and inside income.change. */
#include <math.h>
#include <string.h>

#include "income/periods.h"
#include "support/support.h"

enum { MOST = 8 };
typedef struct rule_case {
  const char *label;
  double periods[MOST];
  size_t n;
  const char *breaks;
  double not_before, not_after, first, last;
} rule_case;

static const rule_case cases[] = {
    {"five years before", {2008, 2013, 2018}, 3, NULL, NAN, NAN, 2013, 2018},
    {"no order", {2018, 2008, 2013}, 3, NULL, NAN, NAN, 2013, 2018},
    {"nearest to five", {2010, 2012, 2015, 2018}, 4, NULL, NAN, NAN, 2012, 2018},
    {"of two as near the later", {2011, 2015, 2018}, 3, NULL, NAN, NAN, 2015, 2018},
    {"the same of fractions", {2011.1, 2015.1, 2018.1}, 3, NULL, NAN, NAN, 2015.1, 2018.1},
    {"three years are enough", {2015, 2018}, 2, NULL, NAN, NAN, 2015, 2018},
    {"seven years are", {2011, 2018}, 2, NULL, NAN, NAN, 2011, 2018},
    {"of 2015.31, three", {2012.31, 2015.31}, 2, NULL, NAN, NAN, 2012.31, 2015.31},
    {"an earlier last one when the latest has none", {2008, 2013, 2022}, 3, NULL, NAN, NAN, 2008, 2013},
    {"not younger", {2008, 2013, 2018}, 3, NULL, NAN, 2017.5, 2008, 2013},
    {"not older", {2008, 2013, 2022}, 3, NULL, 2014, NAN, NAN, NAN},
    {"a break: the next best", {2012, 2013, 2015, 2018}, 4, "2014", NAN, NAN, 2015, 2018},
    {"a break on the survey's own date", {2013, 2018}, 2, "2018", NAN, NAN, NAN, NAN},
    {"a break at the first one", {2013, 2018}, 2, "2013", NAN, NAN, 2013, 2018},
    {"breaks in any order, with blanks", {2008, 2013, 2018}, 3, " 2016 , 2003", NAN, NAN, 2008, 2013},
    {"too near", {2016, 2018}, 2, NULL, NAN, NAN, NAN, NAN},
    {"too far", {2010, 2018}, 2, NULL, NAN, NAN, NAN, NAN},
    {"one alone, told twice", {2018, 2018}, 2, NULL, NAN, NAN, NAN, NAN},
    {"none", {0}, 0, NULL, NAN, NAN, NAN, NAN},
};

static void same(const char *label, double found, double expected)
{
  ck_assert_msg(found == expected || (isnan(found) && isnan(expected)), "%s: %g, expected %g", label, found, expected);
}

START_TEST(the_rule)
{
  const rule_case *c = &cases[_i];
  fm_error err = FM_ERROR_INIT;
  fm_income_spell_spec spec = FM_INCOME_SPELL_SPEC_INIT;
  double first, last;
  spec.breaks = c->breaks;
  spec.not_before = c->not_before;
  spec.not_after = c->not_after;
  fm_status status = fm_income_spell(&first, &last, c->periods, c->n, &spec, &err);
  ck_assert_msg(status == (isnan(c->last) ? FM_ERR_NOT_FOUND : FM_OK), "%s: %s", c->label, err.message);
  same(c->label, first, c->first);
  same(c->label, last, c->last);
  double turned[MOST]; /* any order, any survey named twice */
  size_t n = 0;
  for (size_t i = c->n; i-- > 0 && n < MOST;)
    turned[n++] = c->periods[i];
  if (n > 0 && n < MOST)
    turned[n++] = c->periods[0];
  ck_assert_int_eq(fm_income_spell(&first, &last, turned, n, &spec, NULL), status);
  same(c->label, first, c->first);
  same(c->label, last, c->last);
}
END_TEST

START_TEST(refused)
{
  static const double periods[] = {2013, NAN};
  const struct {
    fm_income_spell_spec spec;
    const char *said;
  } specs[] = {{{.breaks = "2012,"}, "breaks"},    {{.breaks = "x"}, "breaks"},
               {{.breaks = ",2012"}, "breaks"},    {{.breaks = "1e999"}, "breaks"},
               {{.years = INFINITY}, "years"},     {{.years = -1}, "years"},
               {{.tolerance = 5}, "tolerance"},    {{.tolerance = -1}, "tolerance"},
               {{.not_before = INFINITY}, "not_"}, {{.not_before = 2, .not_after = 1}, "not_"}};
  fm_error err = FM_ERROR_INIT;
  double first, last;
  for (size_t k = 0; k < FM_COUNT(specs); k++) {
    fm_error_init(&err, sizeof err);
    fm_income_spell_spec s = FM_INCOME_SPELL_SPEC_INIT;
    s.breaks = specs[k].spec.breaks;
    s.years = specs[k].spec.years != 0 ? specs[k].spec.years : s.years;
    s.tolerance = specs[k].spec.tolerance != 0 ? specs[k].spec.tolerance : s.tolerance;
    s.not_before = specs[k].spec.not_before != 0 ? specs[k].spec.not_before : s.not_before;
    s.not_after = specs[k].spec.not_after != 0 ? specs[k].spec.not_after : s.not_after;
    ck_assert_int_eq(fm_income_spell(&first, &last, periods, 1, &s, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, specs[k].said) != NULL, "%s", err.message);
    ck_assert(isnan(first) && isnan(last));
  }
  fm_error_init(&err, sizeof err);
  ck_assert_int_eq(fm_income_spell(&first, &last, periods, 2, NULL, &err), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  ck_assert_str_eq(err.column, "period");
}
END_TEST

static fm_status choose(void *ctx, fm_error *err)
{
  static const double periods[] = {2013, 2018};
  fm_income_spell_spec s;
  double first, last;
  (void)ctx;
  fm_income_spell_spec_init(&s, sizeof s);
  s.breaks = "2010,2019";
  return fm_income_spell(&first, &last, periods, 2, &s, err);
}

START_TEST(without_memory)
{
  ck_assert_int_ge(fm_test_allocations(choose, NULL), 1);
}
END_TEST

/* Four surveys of five people. Of 2018.5 the nearest to five years before is 2014: 4.5 years. Bottom 40 per cent:
 * (10 + 20) / 2 = 15 and (12 + 24) / 2 = 18; growth (18 / 15)^(1 / 4.5) - 1 = 0.0413467..; of all, (30, 33):
 * (33 / 30)^(1 / 4.5) - 1 = 0.0214060.. */
static const char *const columns[] = {"income:f64", "period:f64"};
static const char *const cells[] = {
    "1",  "2008",   "2",  "2008",   "3",  "2008",   "4",  "2008",   "5",  "2008",   /**/
    "10", "2014",   "20", "2014",   "30", "2014",   "40", "2014",   "50", "2014",   /**/
    "7",  "2017",   "7",  "2017",   "7",  "2017",   "7",  "2017",   "7",  "2017",   /**/
    "12", "2018.5", "24", "2018.5", "33", "2018.5", "44", "2018.5", "52", "2018.5", /**/
};

START_TEST(in_a_change)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 20), *t;
  spec.spell = &rule;
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  size_t bottom = fm_test_row(t, "quantity", "growth_bottom", NULL, NULL, NULL, NULL);
  size_t mean = fm_test_row(t, "quantity", "growth_mean", NULL, NULL, NULL, NULL);
  fm_assert_close("bottom", fm_test_number(t, "value", bottom), pow(18.0 / 15, 1 / 4.5) - 1, 1e-14, 0);
  fm_assert_close("mean", fm_test_number(t, "value", mean), pow(33.0 / 30, 1 / 4.5) - 1, 1e-14, 0);
  ck_assert_str_eq(fm_table_note(t, "period_0"), "2014");
  ck_assert_str_eq(fm_table_note(t, "period_1"), "2018.5");
  ck_assert_str_eq(fm_table_note(t, "rows_of_other_periods"), "10");
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "spell"), "no break in the surveys was named"));
  fm_table_destroy(t);
  rule.breaks = "2016";
  rule.not_after = 2017;
  fm_assert_ok(fm_income_change(&t, frame, &spec, NULL, &err), &err);
  ck_assert_str_eq(fm_table_note(t, "period_0"), "2008");
  ck_assert_str_eq(fm_table_note(t, "period_1"), "2014");
  ck_assert_ptr_nonnull(strstr(fm_table_note(t, "spell"), "no break lies between"));
  fm_table_destroy(t);
  rule.not_before = 2015;
  ck_assert_int_eq(fm_income_change(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(t);
  ck_assert_ptr_nonnull(strstr(err.message, "3 to 7 years apart"));
  fm_table_destroy(frame);
}
END_TEST

START_TEST(too_many_periods)
{
  enum { N = 1001 };
  static double income[N], period[N];
  fm_error err = FM_ERROR_INIT;
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *frame, *t;
  for (int i = 0; i < N; i++) {
    income[i] = i;
    period[i] = 1000 + i;
  }
  fm_assert_ok(fm_table_create(&frame, "incomes", &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "income", income, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "period", period, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(frame, &err), &err);
  spec.spell = &rule;
  ck_assert_int_eq(fm_income_change(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  fm_table_destroy(frame);
}
END_TEST

static fm_status make_tally(fm_tally **out, void *ctx, fm_error *err)
{
  fm_income_spell_spec rule = FM_INCOME_SPELL_SPEC_INIT;
  fm_income_change_spec spec = FM_INCOME_CHANGE_SPEC_INIT;
  (void)ctx;
  rule.breaks = "2009";
  spec.measures = "growth_bottom";
  spec.spell = &rule;
  return fm_income_change_tally(out, &spec, err);
}

/* The tally keeps a rule of its own, and its text tells it from a tally of another rule. */
START_TEST(in_a_tally)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_change_spec plain = FM_INCOME_CHANGE_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, 20);
  fm_tally *with, *without;
  plain.measures = "growth_bottom";
  fm_assert_ok(make_tally(&with, NULL, &err), &err);
  fm_assert_ok(fm_income_change_tally(&without, &plain, &err), &err);
  ck_assert_int_ne(fm_tally_merge(with, without, &err), FM_OK);
  fm_tally_destroy(with);
  fm_tally_destroy(without);
  ck_assert_int_gt(fm_periods_allocations(make_tally, NULL, frame), 10);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income spell");
  TCase *c = tcase_create("spell");
  tcase_add_loop_test(c, the_rule, 0, FM_COUNT(cases));
  tcase_add_test(c, refused);
  tcase_add_test(c, without_memory);
  tcase_add_test(c, in_a_change);
  tcase_add_test(c, too_many_periods);
  tcase_add_test(c, in_a_tally);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
