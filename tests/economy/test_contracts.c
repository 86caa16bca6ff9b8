/* economy.contracts: sums over contracts, what is not given, promises of a tally. */
#include "economy/look.h"

static const char *const columns[] = {"contract_id:code", "clause:code", "value:f64",   "start:date",   "end:date",
                                      "wage_share:f64",   "agreed:f64",  "started:f64", "delivered:f64"};
static const char *const cells[] = {
    "a", "training",   "25000000", "2024-01-01", "2025-06-30", "0.4", "3848", "1924", "962",
    "b", "training",   "1000000",  "2024-01-01", "2024-12-31", "0.4", "1924", "",     "",
    "c", "employment", "6000000",  "2024-03-01", "2024-08-31", "",    "",     "0",    "0",
    "d", "employment", "4500000",  "2024-03-01", "2024-12-31", "",    "0",    "",     ""};
enum { N_COLUMNS = 9, N_ROWS = 4 };

static fm_table *compute(const fm_economy_contracts_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  fm_assert_ok(fm_economy_contracts(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  fm_table_destroy(frame);
  return t;
}

/* Contract a is example G. Started: 1924 / 1924 = 1; of the agreed (3848 + 1924 + 0) / 1924 = 3, a third. */
START_TEST(all)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  s.quota = 0.06;
  s.purchasing = 1e9;
  s.wage_share = NAN;
  fm_table *t = compute(&s);
  static const struct {
    const char *quantity;
    double value;
  } row[] = {{"contracts", 4},
             {"contract_value", 36.5e6},
             {"wage_sum", 10.4e6},
             {"trigger_met", 2},
             {"trigger_unknown", 1},
             {"fte_years", 20.8},
             {"expected_fte_years", 1.2},
             {"expected_person_years", 1.2},
             {"expected_places", 0.8},
             {"agreed", 3},
             {"started", 1},
             {"delivered", 0.5},
             {"started_share", 1 / 3.0},
             {"delivered_share", 1 / 6.0}};
  for (int k = 0; k < FM_COUNT(row); k++)
    fm_assert_close(row[k].quantity, value_with(t, row[k].quantity, ""), row[k].value, 1e-14, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "potential_places", "")), "not_given");
  ck_assert_int_eq((int)fm_test_number(t, "n", row_with(t, "wage_sum", "")), 2);
  ck_assert_str_eq(fm_table_note(t, "fte_cost"), "500000");
  fm_table_destroy(t);
}
END_TEST

/* 1,000 million x 0.30 of wages x a quarter of it / 500,000 x 6 % x 37 / 12 hours = 27.75 places a year. */
START_TEST(potential)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  s.quota = 0.06;
  s.purchasing = 1e9;
  s.wage_share = 0.30;
  s.clause_share = 0.25;
  s.hours = 12;
  fm_table *t = compute(&s);
  fm_assert_close("potential", value_with(t, "potential_places", ""), 27.75, 1e-14, 0);
  fm_assert_close("now with wages", value_with(t, "trigger_unknown", ""), 0, 0, 0);
  fm_table_destroy(t);
}
END_TEST

START_TEST(by_clause)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  s.by = "clause";
  fm_table *t = compute(&s);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "expected_fte_years", "clause=training")), "not_given");
  fm_assert_close("agreed", value_with(t, "agreed", "clause=training"), 3, 0, 0);
  fm_assert_close("hours of none", value_with(t, "started", "clause=employment"), 0, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "started_share", "clause=employment")), "undefined");
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "wage_sum", "clause=employment")), "not_given");
  fm_table_destroy(t);
  s.by = "contract_id";
  s.quota = 0.06;
  t = compute(&s);
  fm_assert_close("no trigger, nothing expected", value_with(t, "expected_fte_years", "contract_id=b"), 0, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "expected_fte_years", "contract_id=c")), "not_given");
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "delivered_share", "contract_id=b")), "not_given");
  /* d's missing wage share decides whether there are 4 million of wages among its 4.5 million: nobody can say */
  fm_assert_close("unknown", value_with(t, "trigger_unknown", "contract_id=d"), 1, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_with(t, "expected_fte_years", "contract_id=d")), "not_given");
  ck_assert_int_eq((int)fm_test_number(t, "n", row_with(t, "expected_fte_years", "contract_id=c")), 0);
  fm_table_destroy(t);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  (void)ctx;
  s.by = "clause";
  s.quota = 0.1;
  return fm_economy_contracts_tally(out, &s, err);
}

static fm_test_measure measure = {create, NULL, columns, N_COLUMNS, cells, N_ROWS};

static const fm_test_refusal refusals[] = {
    {5, "40", "column wage_share, row 1: expected a share from 0 to 1, such as 0.40 for 40 per cent; found 40"},
    {2, "-1", "column value, row 1: expected an amount from 0 to 1e15; found -1"},
    {2, "1e200", "expected an amount from 0 to 1e15; found 1e+200"},
    {2, "", "column value, row 1"},
    {3, "", "column start, row 1: expected a date"},
    {4, "2023-12-31", "column end, row 1: expected a date on or after the start; found 2023-12-31"},
    {6, "-5", "column agreed, row 1: expected hours from 0 to 1e15; found -5"},
    {8, "-5", "column delivered, row 1"}};

START_TEST(refused)
{
  fm_test_refused(&measure, 1, refusals[_i]);
}
END_TEST

START_TEST(a_year_without_a_rule)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *t;
  s.rule = "none";
  ck_assert_int_eq(fm_economy_contracts(&t, frame, &s, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  s.rule = "common";
  s.quota = 2;
  ck_assert_int_eq(fm_economy_contracts(&t, frame, &s, NULL, &err), FM_ERR_ARGUMENT);
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
  Suite *suite = suite_create("economy-contracts");
  TCase *tests = tcase_create("contracts");
  tcase_add_test(tests, all);
  tcase_add_test(tests, potential);
  tcase_add_test(tests, by_clause);
  tcase_add_loop_test(tests, refused, 0, FM_COUNT(refusals));
  tcase_add_test(tests, a_year_without_a_rule);
  tcase_add_test(tests, promises);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
