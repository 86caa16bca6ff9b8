/* Economy through the catalogue: options become specs; the lists of the call, of the register, and built in. */
#include "catalogue/bare.h"

#include <math.h>
#include <string.h>

static fm_table *from_frame(const char *id, const char *by, const char *options)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out, *frame = bare_frame(id);
  spec.by = by;
  spec.options = options;
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  fm_assert_ok(fm_catalogue_compute_frame(&out, frame, id, &spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static void same(fm_table *a, fm_table *b)
{
  fm_assert_same_table("by hand", a, b);
  fm_table_destroy(a);
  fm_table_destroy(b);
}

START_TEST(as_by_hand)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = bare_frame("economy.net_result"), *out;
  fm_economy_reimbursement_spec r = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  r.by = "sex";
  r.period = "month";
  r.share_before = 0.5;
  r.granted_from = FM_NO_DATE;
  r.reset_weeks = 10;
  r.window_weeks = 20;
  fm_assert_ok(fm_economy_reimbursement(&out, frame, &r, NULL, &err), &err);
  same(out, from_frame("economy.reimbursement", "sex",
                       "scheme=ladder;period=month;share_before=0.5;granted_from=none;reset_weeks=10;window_weeks=20"));
  fm_economy_fleksloentilskud_spec f = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;
  f.period = "year";
  fm_assert_ok(fm_economy_fleksloentilskud_measure(&out, frame, &f, NULL, &err), &err);
  same(out, from_frame("economy.fleksloentilskud", NULL, "period=year"));
  fm_economy_net_result_spec n = FM_ECONOMY_NET_RESULT_SPEC_INIT;
  n.as_of = fm_date_from_ymd(2025, 1, 1);
  n.schedule = NULL;
  n.cost_payer = "state";
  n.state_share = 0.2;
  n.effect = 0.5;
  n.effect_error = 0.1;
  n.base_year = 2023;
  fm_assert_ok(fm_economy_net_result(&out, frame, &n, NULL, &err), &err);
  same(out, from_frame("economy.net_result", NULL,
                       "schedule=none;cost_payer=state;state_share=0.2;effect=0.5;effect_error=0.1;base_year=2023"));
  fm_economy_social_return_spec s = FM_ECONOMY_SOCIAL_RETURN_SPEC_INIT;
  s.inputs = "500,100";
  s.rate = 0.04;
  fm_assert_ok(fm_economy_social_return(&out, frame, &s, NULL, &err), &err);
  same(out, from_frame("economy.social_return", NULL, "inputs=500,100;rate=0.04"));
  fm_table_destroy(frame);
}
END_TEST

static const struct refusal {
  const char *id, *options, *weight, *says;
} refusals[] = {
    {"economy.reimbursement", "granted_from=July", NULL, "option granted_from: expected a date YYYY-MM-DD or none"},
    {"economy.reimbursement", NULL, "amount", "takes no weight; found \"amount\""},
    {"economy.fleksloentilskud", NULL, "amount", "takes no weight"},
    {"economy.net_result", NULL, "amount", "takes no weight"},
    {"economy.net_result", "deadweight=x", NULL, "deadweight"},
    {"economy.social_return", NULL, NULL, "inputs: expected"},
    {"economy.social_return", "inputs=1", "amount", "takes no weight"},
    {"economy.contracts", NULL, "amount", "takes no weight"},
    {"economy.contracts", "quota=6", NULL, "quota: expected a share from 0 to 1"},
    {"economy.contracts", "wage_share=40", NULL, "such as 0.40 for 40 per cent"}};

START_TEST(refused)
{
  const struct refusal *q = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = q->options;
  spec.weight = q->weight;
  ck_assert_int_eq(fm_catalogue_tally(&t, q->id, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, q->says) != NULL, "%s", err.message);
}
END_TEST

/* A list of one rule, "common" with this quota. */
static fm_codes *clauses(const char *quota)
{
  static const char *const columns[] = {"code:code",        "min_months:f64", "min_contract:f64",
                                        "min_wage_sum:f64", "trigger:code",   "quota:f64"};
  const char *const cells[] = {"common", "", "", "", "", quota};
  fm_error err = FM_ERROR_INIT;
  fm_codes *c;
  fm_table *t = fm_test_table(columns, 6, cells, 1);
  fm_assert_ok(fm_codes_from_table(&c, "procurement_clause", t, &err), &err);
  fm_table_destroy(t);
  return c;
}

static double expected(const fm_register *r, const fm_codes *own)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  const fm_codes *const given[] = {own};
  spec.codes = own != NULL ? given : NULL;
  spec.n_codes = own != NULL;
  fm_assert_ok(fm_catalogue_compute(&out, r, "economy.contracts", &spec, NULL, &err), &err);
  double value =
      fm_test_number(out, "value", fm_test_row(out, "quantity", "expected_fte_years", NULL, NULL, NULL, NULL));
  fm_table_destroy(out);
  return value;
}

START_TEST(lists)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *plain, *own;
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_codes *six = clauses("0.06"), *ten = clauses("0.1");
  const fm_codes *const given[] = {six};
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "contracts", &err), &err);
  const char *const id[] = {"C1"};
  const double value[] = {25e6}, share[] = {0.4};
  const int32_t start[] = {fm_date_from_ymd(2024, 1, 1)}, end[] = {fm_date_from_ymd(2025, 6, 30)};
  fm_assert_ok(fm_table_add_text(t, "contract_id", id, 1, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "value", value, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "start", start, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "end", end, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "wage_share", share, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  const fm_table *const tables[] = {t};
  fm_assert_ok(fm_register_from_tables(&plain, NULL, tables, 1, NULL, NULL, &err), &err);
  spec.codes = given;
  spec.n_codes = 1;
  fm_assert_ok(fm_register_from_tables(&own, NULL, tables, 1, &spec, NULL, &err), &err);
  ck_assert(isnan(expected(plain, NULL)));
  fm_assert_close("the register's", expected(own, NULL), 1.2, 1e-15, 0);
  fm_assert_close("the call's", expected(own, ten), 2, 1e-15, 0);
  fm_assert_close("the call's alone", expected(plain, ten), 2, 1e-15, 0);
  fm_register_destroy(own);
  fm_register_destroy(plain);
  fm_table_destroy(t);
  fm_codes_destroy(six);
  fm_codes_destroy(ten);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe_economy");
  TCase *c = tcase_create("recipe_economy");
  tcase_add_test(c, as_by_hand);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, lists);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
