/* One contract and one host: denmark's worked examples G and H, triggers, refusals. */
#include "economy/look.h"

static fm_economy_contract of(double value, double share, int32_t start, int32_t end,
                              const fm_economy_contracts_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_economy_contract c = {.struct_size = sizeof c};
  fm_assert_ok(fm_economy_contract_of(&c, value, share, start, end, spec, &err), &err);
  return c;
}

/* 25 million, wages 40 %, 500,000 an FTE-year, 18 months: 25,000,000 x 0.40 / 500,000 = 20. 6 % of 20 = 1.2 FTE-years,
 * 1.2 / 1.5 years = 0.8 people at a time; at 12 hours 1.2 x 37 / 12 = 3.7 person-years, 3.7 / 1.5 = 2.47 people. 1 in
 * 10 is 2.0 FTE-years. */
START_TEST(by_hand)
{
  fm_economy_contracts_spec s;
  fm_economy_contracts_spec_init(&s, sizeof s);
  s.quota = 0.06;
  fm_economy_contract c = of(25e6, 0.40, day(2024, 1, 1), day(2025, 6, 30), &s);
  fm_assert_close("months", c.months, 18, 0, 0);
  fm_assert_close("wages", c.wage_sum, 10e6, 0, 0);
  fm_assert_close("fte years", c.fte_years, 20, 0, 0);
  fm_assert_close("expected", c.expected, 1.2, 1e-15, 0);
  fm_assert_close("places", c.places, 0.8, 1e-15, 0);
  ck_assert_int_eq(c.trigger, 1);
  s.hours = 12;
  c = of(25e6, 0.40, day(2024, 1, 1), day(2025, 6, 30), &s);
  fm_assert_close("person years", c.person_years, 3.7, 1e-15, 0);
  fm_assert_close("places", c.places, 2.47, 0, 0.005);
  s.quota = NAN;
  s.rule = "gentofte";
  c = of(25e6, 0.40, day(2024, 1, 1), day(2025, 6, 30), &s);
  fm_assert_close("1 in 10", c.expected, 2, 1e-15, 0);
}
END_TEST

/* At least 6 months, and 5 million or wages of 4 million. */
START_TEST(triggers)
{
  static const struct {
    const char *rule;
    double value, share;
    int32_t end[3];
    int32_t trigger;
  } row[] = {{"common", 5e6, 0.1, {2024, 6, 30}, 1},
             {"common", 5e6, 0.1, {2024, 6, 29}, 0},
             {"common", 4.9e6, 0.9, {2024, 6, 30}, 1},
             {"common", 4.9e6, 0.8, {2024, 6, 30}, 0},
             {"common", 4.9e6, NAN, {2024, 6, 30}, -1},
             {"common", 3.9e6, NAN, {2024, 6, 30}, 0}, /* wages are a part of the value */
             {"common", 5e6, NAN, {2024, 6, 30}, 1},
             {"gentofte", 9e6, 0.4, {2024, 12, 31}, 0},
             {"gentofte", 10e6, 0.4, {2024, 12, 31}, 1},
             {"gentofte", 10e6, NAN, {2024, 12, 31}, -1},
             {"gentofte", 10e6, NAN, {2024, 2, 1}, 0},
             {"gentofte", 3.9e6, NAN, {2024, 12, 31}, 0},
             {"schools", 1e6, NAN, {2024, 1, 31}, 1},
             {"copenhagen_renovation", 5e6, NAN, {2024, 1, 1}, 1},
             {"copenhagen_renovation", 4e6, 0.5, {2024, 12, 31}, 0}};
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  for (int k = 0; k < FM_COUNT(row); k++) {
    s.rule = row[k].rule;
    fm_economy_contract c =
        of(row[k].value, row[k].share, day(2024, 1, 1), day(row[k].end[0], row[k].end[1], row[k].end[2]), &s);
    ck_assert_msg(c.trigger == row[k].trigger, "row %d: %d", k, (int)c.trigger);
  }
  s.rule = "schools";
  s.wage_share = 0.5;
  fm_assert_close("the spec's share, the rule's quota", of(1e6, NAN, day(2024, 1, 1), day(2024, 1, 31), &s).expected,
                  1e6 * 0.5 / 500000 * 0.06, 1e-15, 0);
}
END_TEST

START_TEST(a_rule_of_one_limit)
{
  static const char *const columns[] = {"code:code",        "min_months:f64", "min_contract:f64",
                                        "min_wage_sum:f64", "trigger:code",   "quota:f64"};
  static const char *const cells[] = {"large", "", "5000000", "", "or", "0.1", "wages", "", "", "4000000", "or", "0.1"};
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  fm_codes *own = list_of("procurement_clause", columns, 6, cells, 2);
  s.clauses = own;
  s.rule = "large";
  ck_assert_int_eq(of(5e6, 0.1, day(2024, 1, 1), day(2024, 1, 1), &s).trigger, 1);
  ck_assert_int_eq(of(4e6, 0.9, day(2024, 1, 1), day(2024, 1, 1), &s).trigger, 0);
  s.rule = "wages";
  ck_assert_int_eq(of(9e6, 0.1, day(2024, 1, 1), day(2024, 1, 1), &s).trigger, 0);
  ck_assert_int_eq(of(9e6, 0.5, day(2024, 1, 1), day(2024, 1, 1), &s).trigger, 1);
  fm_codes_destroy(own);
}
END_TEST

/* n ordinary employees: 1 for each 5 up to 50, at least 1; above 50 one more for each 10. */
START_TEST(hosts)
{
  static const int64_t row[][2] = {{0, 1}, {4, 1}, {14, 2}, {24, 4}, {50, 10}, {59, 10}, {60, 11}, {63, 11}, {250, 30}};
  fm_error err = FM_ERROR_INIT;
  int64_t n, before = 0;
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_assert_ok(fm_economy_host_capacity(&n, row[k][0], &err), &err);
    ck_assert_int_eq(n, row[k][1]);
  }
  for (int64_t e = 0; e < 400; e++) {
    fm_assert_ok(fm_economy_host_capacity(&n, e, &err), &err);
    ck_assert(n >= before && n <= before + 1 + (e == 0));
    before = n;
  }
  ck_assert_int_eq(fm_economy_host_capacity(&n, -1, &err), FM_ERR_ARGUMENT);
}
END_TEST

START_TEST(refused)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_economy_contract c = {.struct_size = sizeof c};
  int32_t start = day(2024, 1, 1), end = day(2024, 12, 31);
  ck_assert_int_eq(fm_economy_contract_of(&c, 1e6, 40, start, end, &s, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "wage_share: expected a share from 0 to 1, such as 0.40 for 40 per cent"));
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_contract_of(&c, 1e6, 0.4, end, start, &s, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_contract_of(&c, -1, 0.4, start, end, &s, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_economy_contract_of(&c, 1e6, 0.4, day(2015, 1, 1), end, &s, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "procurement_clause.csv has no row \"common\" for 2015"));
  fm_error_clear(&err);
  fm_economy_contracts_spec wrong[] = {s, s, s, s, s, s, s};
  wrong[0].quota = 6;
  wrong[1].fte_cost = 0;
  wrong[2].hours = -1;
  wrong[3].rule = "";
  wrong[4].clause_share = NAN;
  wrong[5].purchasing = 0;
  wrong[6].wage_share = 1.5;
  for (int k = 0; k < FM_COUNT(wrong); k++) {
    ck_assert_int_eq(fm_economy_contract_of(&c, 1e6, 0.4, start, end, &wrong[k], &err), FM_ERR_ARGUMENT);
    fm_error_clear(&err);
  }
}
END_TEST

static fm_status all(void *ctx, fm_error *err)
{
  fm_economy_contract c = {.struct_size = sizeof c};
  (void)ctx;
  return fm_economy_contract_of(&c, 1e6, 0.4, day(2024, 1, 1), day(2024, 12, 31), NULL, err);
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(all, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-contract");
  TCase *tests = tcase_create("contract");
  tcase_add_test(tests, by_hand);
  tcase_add_test(tests, triggers);
  tcase_add_test(tests, a_rule_of_one_limit);
  tcase_add_test(tests, hosts);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
