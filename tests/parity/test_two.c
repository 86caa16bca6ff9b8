/* Two shares compared: R's figures, edges, refusals. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static double expected(const fm_oracle *o, const char *of, const char *quantity)
{
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), of) == 0 && strcmp(fm_oracle_text(o, i, "quantity"), quantity) == 0)
      return fm_oracle_number(o, i, "value");
  ck_abort_msg("%s: no %s", of, quantity);
  return NAN;
}

static const char *const cases[] = {"parity_foreign", "parity_youngkids", "parity_ucb", "parity_small"};

START_TEST(as_r_has_it)
{
  const char *of = cases[_i];
  fm_oracle *o = fm_oracle_open("parity/parity.csv");
  fm_parity_two t = {.struct_size = sizeof t};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_parity_compare(&t, (int64_t)expected(o, of, "x1"), (int64_t)expected(o, of, "n1"),
                                 (int64_t)expected(o, of, "x0"), (int64_t)expected(o, of, "n0"), 0.95, &err),
               &err);
  const struct {
    const char *quantity;
    double found, tolerance;
  } figures[] = {{"p1", t.share, 1e-12},
                 {"p0", t.reference, 1e-12},
                 {"rd", t.difference, 1e-12},
                 {"rd_wald_lo", t.wald[0], 1e-12},
                 {"rd_wald_hi", t.wald[1], 1e-12},
                 {"rd_newcombe_lo", t.newcombe[0], 1e-12},
                 {"rd_newcombe_hi", t.newcombe[1], 1e-12},
                 {"rd_mn_lo", t.score[0], 1e-9},
                 {"rd_mn_hi", t.score[1], 1e-9},
                 {"rr", t.ratio, 1e-12},
                 {"rr_katz_lo", t.katz[0], 1e-12},
                 {"rr_katz_hi", t.katz[1], 1e-12},
                 {"or", t.odds_ratio, 1e-12},
                 {"or_woolf_lo", t.woolf[0], 1e-12},
                 {"or_woolf_hi", t.woolf[1], 1e-12},
                 {"impact_ratio", t.impact_ratio, 1e-12},
                 {"z_pooled", t.z, 1e-12},
                 {"p_pooled", t.p_value, 1e-10},
                 {"p_fisher", t.p_fisher, 1e-9},
                 {"shortfall_persons", t.shortfall, 1e-12}};
  for (size_t k = 0; k < FM_COUNT(figures); k++)
    fm_assert_close(figures[k].quantity, figures[k].found, expected(o, of, figures[k].quantity), 0,
                    figures[k].tolerance);
  fm_oracle_close(o);
}
END_TEST

static fm_parity_two compare(int64_t x1, int64_t n1, int64_t x0, int64_t n0)
{
  fm_parity_two t = {.struct_size = sizeof t};
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_parity_compare(&t, x1, n1, x0, n0, 0.95, &err), &err);
  return t;
}

/* 1 of 2 against 1 of 4. Fisher: tables with 2 yes among 6, of the group 0, 1 or 2 of them: 6/15, 8/15, 1/15. */
START_TEST(by_hand)
{
  fm_parity_two t = compare(1, 2, 1, 4);
  fm_assert_close("difference", t.difference, 0.25, 0, 1e-15);
  fm_assert_close("ratio", t.ratio, 2, 0, 1e-15);
  fm_assert_close("odds", t.odds_ratio, 3, 0, 1e-15);
  fm_assert_close("shortfall", t.shortfall, -0.5, 0, 1e-15);
  fm_assert_close("fisher", t.p_fisher, 1, 0, 1e-15);
  fm_assert_close("fisher", compare(2, 2, 0, 4).p_fisher, 1 / 15.0, 0, 1e-14);
  fm_assert_close("fisher", compare(0, 2, 2, 4).p_fisher, 7 / 15.0, 0, 1e-14);
}
END_TEST

/* The two groups changed over: the same but for the sign. */
START_TEST(changed_over)
{
  for (int64_t x1 = 0; x1 <= 7; x1++)
    for (int64_t x0 = 0; x0 <= 4; x0++) {
      fm_parity_two a = compare(x1, 7, x0, 4), b = compare(x0, 4, x1, 7);
      fm_assert_close("newcombe", a.newcombe[0], -b.newcombe[1], 1e-15, 1e-12);
      fm_assert_close("score", a.score[0], -b.score[1], 1e-12, 1e-9);
      fm_assert_close("score", a.score[1], -b.score[0], 1e-12, 1e-9);
      fm_assert_close("fisher", a.p_fisher, b.p_fisher, 0, 1e-12);
      fm_assert_close("impact", a.impact_ratio, b.impact_ratio, 0, 0);
      ck_assert(a.score[0] <= a.difference && a.difference <= a.score[1]);
      ck_assert(a.score[0] >= -1 && a.score[1] <= 1);
      ck_assert(a.p_fisher > 0 && a.p_fisher <= 1);
    }
}
END_TEST

START_TEST(none_and_all)
{
  fm_parity_two none = compare(0, 5, 0, 9), all = compare(5, 5, 9, 9), one = compare(1, 1, 0, 1);
  ck_assert(isnan(none.ratio) && isnan(none.odds_ratio) && isnan(none.impact_ratio) && isnan(none.z));
  ck_assert(isnan(none.p_value) && isnan(none.katz[0]) && isnan(none.woolf[1]));
  fm_assert_close("none", none.p_fisher, 1, 0, 0);
  fm_assert_close("all", all.ratio, 1, 0, 0);
  fm_assert_close("all", all.katz[0], 1, 0, 1e-15);
  ck_assert(isnan(all.odds_ratio) && isnan(all.z));
  fm_assert_close("one", one.difference, 1, 0, 0);
  fm_assert_close("one", one.score[1], 1, 1e-12, 0);
  fm_assert_close("many", compare(500000, 1000000, 500000, 1000000).p_fisher, 1, 0, 1e-9);
}
END_TEST

/* Among N yes of N and none of N the tables are C(N, k)^2, of which two are the rarest: p = 2 / C(2 N, N). Sums of
 * binomials as whole numbers gave the other one. Below the least normal number p is 0, not 1. */
START_TEST(far_apart)
{
  fm_assert_close("500", compare(0, 500, 500, 500).p_fisher, 7.399507995628054e-300, 0, 1e-311);
  fm_assert_close("tenth", compare(100, 1000, 500, 1000).p_fisher, 5.125028512527548e-90, 0, 1e-99);
  fm_assert_close("10000", compare(0, 10000, 10000, 10000).p_fisher, 0, 0, 0);
  fm_assert_close("10000", compare(10000, 10000, 0, 10000).p_fisher, 0, 0, 0);
  fm_assert_close("5000", compare(100, 5000, 2500, 5000).p_fisher, 0, 0, 0);
  fm_assert_close("many", compare(400000000, 1000000000, 600000000, 1000000000).p_fisher, 0, 0, 0);
}
END_TEST

static const struct refusal {
  int64_t x1, n1, x0, n0;
  double level;
  size_t size;
} refusals[] = {{-1, 2, 1, 2, 0.95, sizeof(fm_parity_two)},
                {3, 2, 1, 2, 0.95, sizeof(fm_parity_two)},
                {1, 2, -1, 2, 0.95, sizeof(fm_parity_two)},
                {1, 2, 3, 2, 0.95, sizeof(fm_parity_two)},
                {0, 0, 1, 2, 0.95, sizeof(fm_parity_two)},
                {1, 2, 0, 0, 0.95, sizeof(fm_parity_two)},
                {1, 2000000000, 1, 2, 0.95, sizeof(fm_parity_two)},
                {1, 2, 1, 2000000000, 0.95, sizeof(fm_parity_two)},
                {1, 2, 1, 2, 1, sizeof(fm_parity_two)},
                {1, 2, 1, 2, NAN, sizeof(fm_parity_two)},
                {1, 2, 1, 2, 0.95, 0},
                {1, 2, 1, 2, 0.95, sizeof(fm_parity_two) + 8}};

START_TEST(refused)
{
  const struct refusal *f = &refusals[_i];
  fm_parity_two t = {.struct_size = f->size};
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_parity_compare(&t, f->x1, f->n1, f->x0, f->n0, f->level, &err), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity two");
  TCase *c = tcase_create("two");
  tcase_add_loop_test(c, as_r_has_it, 0, FM_COUNT(cases));
  tcase_add_test(c, by_hand);
  tcase_add_test(c, changed_over);
  tcase_add_test(c, none_and_all);
  tcase_add_test(c, far_apart);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
