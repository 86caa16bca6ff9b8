/* economy.net_result: denmark's worked example F, years and discounting, deadweight and effects, promises of a tally.
 */
#include "economy/look.h"

static const char *const columns[] = {"sex:code",         "person_id:code",  "start:date", "end:date",
                                      "before:f64",       "after:f64",       "wage:f64",   "tax:f64",
                                      "state_before:f64", "state_after:f64", "cost:f64"};
enum { N_COLUMNS = 11, N_ROWS = 4 };
static const char *const cells[] = {
    "f", "a", "2024-01-01", "2024-12-31", "18120", "17252", "9000",  "",     "0.2", "0.2", "",     /**/
    "m", "b", "2024-07-01", "2025-06-30", "12000", "0",     "25000", "5000", "0.3", "",    "6000", /**/
    "m", "b", "2025-09-01", "",           "12000", "0",     "25000", "5000", "0.3", "",    "",     /**/
    "f", "c", "2024-02-15", "2024-02-29", "10000", "0",     "20000", "",     "",    "",    ""};

static fm_economy_net_result_spec usual(void)
{
  fm_economy_net_result_spec s;
  fm_economy_net_result_spec_init(&s, sizeof s);
  s.state_share = 0.2;
  s.as_of = day(2026, 1, 1);
  return s;
}

static fm_table *compute(size_t first, size_t n, const fm_economy_net_result_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells + first * N_COLUMNS, n), *t;
  fm_assert_ok(fm_economy_net_result(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* 0.80 x (18,120 - 17,252) = 694.40 a month, 8,332.80 a year; state 2,083.20; person 9,000 - 868 = 8,132 a month. */
START_TEST(by_hand)
{
  fm_economy_net_result_spec s = FM_ECONOMY_NET_RESULT_SPEC_INIT;
  fm_table *t = compute(0, 1, &s);
  fm_assert_close("municipality", value_with(t, "result", "payer=municipality;case=gross;period_start=2024-01-01"),
                  8332.80, 1e-13, 0);
  fm_assert_close("state", value_with(t, "result", "payer=state;case=gross;period_start="), 2083.20, 1e-12, 0);
  fm_assert_close("person", value_with(t, "result", "payer=person;case=gross;period_start="), 12 * 8132.0, 1e-15, 0);
  fm_assert_close("fund", value_with(t, "result", "payer=fund;case=gross;period_start="), 0, 0, 0);
  fm_assert_close("all", value_with(t, "result", "payer=;case=gross;period_start="), 108000, 1e-14, 0);
  fm_assert_close("each", value_with(t, "per_placement", "payer=municipality;case=gross"), 8332.80, 1e-13, 0);
  fm_assert_close("before", value_with(t, "benefit_before", "payer=;case=gross;period_start="), 12 * 18120, 1e-15, 0);
  fm_assert_close("after", value_with(t, "benefit_after", "payer=;case=gross;period_start="), 12 * 17252, 1e-15, 0);
  fm_assert_close("wage", value_with(t, "wage", "payer=;case=gross;period_start="), 108000, 1e-15, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "result", "payer=state;case=net;period_start=")), "not_given");
  fm_table_destroy(t);
}
END_TEST

/* b: 6 months in 2024; 6 and 4 in 2025. Municipality 0.7 x 12,000 = 8,400 a month, less 6,000 in 2024. */
START_TEST(years)
{
  fm_economy_net_result_spec s = usual();
  s.deadweight = 0.25;
  fm_table *t = compute(1, 2, &s);
  fm_assert_close("2024", value_with(t, "result", "payer=municipality;case=gross;period_start=2024-01-01"),
                  6 * 8400 - 6000, 1e-14, 0);
  fm_assert_close("2025", value_with(t, "result", "payer=municipality;case=gross;period_start=2025-01-01"), 84000,
                  1e-14, 0);
  fm_assert_close("net: the cost in full",
                  value_with(t, "result", "payer=municipality;case=net;period_start=2024-01-01"),
                  0.75 * 6 * 8400 - 6000, 1e-14, 0);
  fm_assert_close("discounted", value_with(t, "present_value", "payer=state;case=gross;period_start=2025-01-01"),
                  10 * 3600 / 1.035, 1e-14, 0);
  fm_assert_close("so far", value_with(t, "cumulated", "payer=state;case=net;period_start=2025-01-01"),
                  0.75 * (6 * 3600 + 10 * 3600 / 1.035), 1e-14, 0);
  fm_assert_close("tax", value_with(t, "result", "payer=tax;case=gross;period_start="), 80000, 1e-14, 0);
  fm_assert_close("person", value_with(t, "result", "payer=person;case=gross;period_start="), 16 * 8000, 1e-14, 0);
  fm_assert_close("all: wages less cost", value_with(t, "result", "payer=;case=gross;period_start="), 16 * 25000 - 6000,
                  1e-14, 0);
  fm_assert_close("wage of 2025", value_with(t, "wage", "payer=;case=gross;period_start=2025-01-01"), 250000, 1e-14, 0);
  fm_assert_close("wages, whatever is deadweight", value_with(t, "wage", "payer=;case=gross;period_start="), 400000,
                  1e-14, 0);
  size_t all = row_with(t, "per_placement", "payer=;case=gross");
  ck_assert_int_eq((int)fm_test_number(t, "n", all), 2);
  ck_assert_int_eq((int)fm_test_number(t, "people", all), 1);
  ck_assert_int_eq(strncmp(fm_table_note(t, "rates"), "discount_rate:", 14), 0);
  fm_table_destroy(t);
  s.base_year = 2023;
  t = compute(1, 2, &s);
  fm_assert_close("from 2023", value_with(t, "present_value", "payer=state;case=gross;period_start=2024-01-01"),
                  6 * 3600 / 1.035, 1e-14, 0);
  fm_table_destroy(t);
  s.schedule = NULL;
  t = compute(1, 2, &s);
  fm_assert_close("not discounted", value_with(t, "present_value", "payer=state;case=gross;period_start="), 16 * 3600,
                  1e-14, 0);
  fm_table_destroy(t);
}
END_TEST

/* An effect of 0.6 with error 0.1: net = 0.6 gross, error 0.1 gross, limits at 1.96 of it; the cost has none. */
START_TEST(effects)
{
  fm_economy_net_result_spec s = usual();
  s.effect = 0.6;
  s.effect_error = 0.1;
  fm_table *t = compute(1, 2, &s);
  size_t row = row_with(t, "result", "payer=municipality;case=net;period_start=");
  fm_assert_close("value", fm_test_number(t, "value", row), 0.6 * 16 * 8400 - 6000, 1e-14, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", row), 0.1 * 16 * 8400, 1e-14, 0);
  fm_assert_close("low", fm_test_number(t, "ci_low", row), 0.6 * 16 * 8400 - 6000 - 1.959963984540054 * 0.1 * 16 * 8400,
                  1e-13, 0);
  fm_assert_close("level", fm_test_number(t, "level", row), 0.95, 0, 0);
  ck_assert(isnan(fm_test_number(t, "std_error", row_with(t, "result", "payer=municipality;case=gross"))));
  fm_table_destroy(t);
}
END_TEST

/* Half of February, and all of the net result of groups adds up to that of all. */
START_TEST(parts)
{
  fm_economy_net_result_spec s = usual();
  s.deadweight = 0;
  fm_table *t = compute(3, 1, &s);
  fm_assert_close("15 of 29 days", value_with(t, "result", "payer=state;case=net;period_start="), 2000 * 15 / 29.0,
                  1e-14, 0);
  fm_table_destroy(t);
  fm_table *all = compute(0, N_ROWS, &s);
  s.by = "sex";
  t = compute(0, N_ROWS, &s);
  static const char *const payers[] = {"municipality", "state", "fund", "person", "tax", ""};
  for (int k = 0; k < FM_COUNT(payers); k++) {
    char keys[96] = "case=net;period_start=;payer=", f[128], m[128];
    strcat(keys, payers[k]);
    strcat(strcpy(f, keys), ";sex=f");
    strcat(strcpy(m, keys), ";sex=m");
    fm_assert_close(payers[k], value_with(t, "present_value", f) + value_with(t, "present_value", m),
                    value_with(all, "present_value", keys), 1e-13, 0);
  }
  fm_table_destroy(all);
  fm_table_destroy(t);
}
END_TEST

START_TEST(as_of)
{
  fm_economy_net_result_spec s = usual();
  s.as_of = day(2024, 10, 1);
  fm_table *t = compute(1, 2, &s);
  fm_assert_close("cut", value_with(t, "result", "payer=state;case=gross;period_start="), 3 * 3600, 1e-14, 0);
  ck_assert_int_eq((int)fm_test_number(t, "n", row_with(t, "per_placement", "payer=state;case=gross")), 1);
  fm_table_destroy(t);
  s.as_of = day(2023, 1, 1);
  t = compute(1, 2, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 0);
  fm_table_destroy(t);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_economy_net_result_spec s = usual();
  (void)ctx;
  s.by = "sex";
  s.deadweight = 0.3;
  s.cost_payer = "state";
  return fm_economy_net_result_tally(out, &s, err);
}

static fm_test_measure measure = {create, NULL, columns, N_COLUMNS, cells, N_ROWS};

static const fm_test_refusal refusals[] = {
    {1, "", "column person_id, row 1: expected the id of a person"},
    {2, "", "column start, row 1: expected a date"},
    {3, "2024-06-30", "column end, row 1: expected a date on or after the start"},
    {4, "-1", "column before, row 1: expected an amount from 0 to 1e15; found -1"},
    {6, "1e200", "column wage, row 1: expected an amount from 0 to 1e15; found 1e+200"},
    {5, "", "column after, row 1: expected an amount"},
    {6, "-1", "column wage, row 1"},
    {8, "30", "column state_before, row 1: expected a share from 0 to 1, such as 0.20 for 20 per cent"},
    {10, "-1", "column cost, row 1"}};

START_TEST(refused)
{
  fm_test_refused(&measure, 1, refusals[_i]);
}
END_TEST

START_TEST(shares_of_the_fund)
{
  static const char *const of_fund[] = {"person_id:code",   "start:date",      "end:date",
                                        "before:f64",       "after:f64",       "wage:f64",
                                        "state_before:f64", "fund_before:f64", "fund_after:f64"};
  static const char *const some[] = {"a", "2024-01-01", "2024-01-31", "20000", "0", "30000", "0.3", "0.5", ""};
  static const char *const too_much[] = {"a", "2024-01-01", "2024-01-31", "20000", "0", "30000", "0.3", "0.8", ""};
  fm_error err = FM_ERROR_INIT;
  fm_economy_net_result_spec s = usual();
  fm_table *frame = fm_test_table(of_fund, 9, some, 1), *t;
  fm_assert_ok(fm_economy_net_result(&t, frame, &s, NULL, &err), &err);
  fm_assert_close("fund", value_with(t, "result", "payer=fund;case=gross;period_start="), 10000, 0, 0);
  fm_assert_close("municipality", value_with(t, "result", "payer=municipality;case=gross;period_start="), 4000, 1e-14,
                  0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(of_fund, 9, too_much, 1);
  ck_assert_int_eq(fm_economy_net_result(&t, frame, &s, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "fund_before"));
  fm_error_clear(&err);
  s.state_share = NAN;
  fm_table_destroy(frame);
  frame = fm_test_table(of_fund, 9, some, 1);
  ck_assert_int_eq(fm_economy_net_result(&t, frame, &s, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "state_after, row 0: expected the state's share of the benefit, or state"));
  fm_table_destroy(frame);
}
END_TEST

START_TEST(specs_refused)
{
  fm_economy_net_result_spec s = usual(), wrong[] = {s, s, s, s, s, s, s, s, s, s, s, s, s};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_codes *other;
  fm_assert_ok(fm_codes_builtin(&other, "sector", &err), &err);
  wrong[0].deadweight = 32;
  wrong[1].deadweight = wrong[1].effect = 0.5;
  wrong[2].effect_error = 0.1;
  wrong[3].level = 95;
  wrong[4].as_of = day(1800, 1, 1);
  wrong[5].base_year = 24;
  wrong[6].cost_payer = "person";
  wrong[7].cost_payer = NULL;
  wrong[8].rates = other;
  wrong[9].state_share = 20;
  wrong[10].effect = 17;
  wrong[11].effect = 0.17;
  wrong[11].effect_error = 5;
  wrong[12].schedule = "own";
  for (int k = 0; k < FM_COUNT(wrong); k++) {
    ck_assert_int_eq(fm_economy_net_result_tally(&t, &wrong[k], &err), FM_ERR_ARGUMENT);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  fm_codes_destroy(other);
  s.as_of = FM_NO_DATE;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *result;
  ck_assert_int_eq(fm_economy_net_result(&result, frame, &s, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_nonnull(strstr(err.message, "column end, row 2: expected a date on or after the start, or as_of"));
  fm_error_clear(&err);
  s.as_of = day(2026, 1, 1);
  s.schedule = "own";
  ck_assert_int_eq(fm_economy_net_result(&result, frame, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "discount_rate.csv has no row of the schedule \"own\""));
  fm_error_clear(&err);
  s.schedule = "finance_ministry";
  s.as_of = day(2010, 1, 1);
  static const char *const early[] = {"f", "a", "2008-06-01", "2009-05-31", "9000", "0", "9000", "", "", "", ""};
  fm_table *old = fm_test_table(columns, N_COLUMNS, early, 1);
  ck_assert_int_eq(fm_economy_net_result(&result, old, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "discount_rate.csv has no rate of \"finance_ministry\" for 2009, year 1"));
  fm_table_destroy(old);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(promises)
{
  fm_test_promises(&measure);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-net_result");
  TCase *tests = tcase_create("net_result");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, years);
  tcase_add_test(tests, effects);
  tcase_add_test(tests, parts);
  tcase_add_test(tests, as_of);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, shares_of_the_fund);
  tcase_add_test(tests, specs_refused);
  tcase_add_test(tests, promises);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
