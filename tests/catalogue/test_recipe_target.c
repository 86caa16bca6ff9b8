/* Options of control charts and comparisons against their specs: the same bits; what is refused. */
#include <string.h>

#include "catalogue/bare.h"

static void same(const char *id, const char *options, fm_table *hand)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *frame = bare_frame(id), *made;
  spec.level = 0.9;
  spec.options = options;
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, id, &spec, NULL, &err), &err);
  fm_assert_same_table(options, made, hand);
  fm_table_destroy(made);
  fm_table_destroy(hand);
  fm_table_destroy(frame);
}

/* Every option away from its default. */
START_TEST(charts)
{
  fm_error err = FM_ERROR_INIT;
  fm_target_charts_spec s = FM_TARGET_CHARTS_SPEC_INIT;
  fm_table *frame = bare_frame("target.charts"), *hand;
  s.n_preliminary = 1;
  s.n_baseline = 2;
  s.run = 2;
  s.trend = 3;
  s.near_limit = 1;
  s.near_of = 2;
  s.fewer_is_better = 1;
  s.target = 6.5;
  s.screened = s.floor = 1;
  const char *rules = "preliminary=1;baseline=2;run=2;trend=3;near=1;near_of=2;better=less;target=6.5;";
  char options[160];
  fm_assert_ok(fm_target_charts(&hand, frame, &s, NULL, &err), &err);
  strcat(strcpy(options, rules), "screened=yes;floor=yes");
  same("target.charts", options, hand);
  s.screened = s.floor = 0;
  s.chart = FM_TARGET_U;
  s.exact = 1;
  fm_assert_ok(fm_target_charts(&hand, frame, &s, NULL, &err), &err);
  strcat(strcpy(options, rules), "chart=u;limits=exact");
  same("target.charts", options, hand);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(compare)
{
  fm_error err = FM_ERROR_INIT;
  fm_target_compare_spec s = FM_TARGET_COMPARE_SPEC_INIT;
  fm_table *frame = bare_frame("target.compare"), *hand;
  s.kind = FM_TARGET_SHARE;
  s.reference = "c";
  s.reference_rate = 0.2;
  s.fewer_is_better = 1;
  s.least_units = 5;
  s.funnel_inner = 0.8;
  s.funnel_outer = 0.99;
  s.level = 0.9;
  fm_assert_ok(fm_target_compare(&hand, frame, &s, NULL, &err), &err);
  same("target.compare",
       "kind=share;reference=c;reference_rate=0.2;better=less;least_units=5;inner=0.8;outer=0.99;expected=no", hand);
  fm_target_compare_spec_init(&s, sizeof s);
  s.expected = "expected";
  s.strata = "unit";
  s.level = 0.9;
  fm_assert_ok(fm_target_compare(&hand, frame, &s, NULL, &err), &err);
  same("target.compare", "expected=yes;strata=unit", hand);
  fm_table_destroy(frame);
}
END_TEST

static const struct refused {
  const char *id, *options, *weight, *said;
} refusals[] = {
    {"target.charts", NULL, "value", "target.charts takes counts and values and no weight; found \"value\""},
    {"target.compare", NULL, "count", "target.compare takes counts and values and no weight; found \"count\""},
    {"target.charts", "chart=p", NULL, "option chart: expected one of xmr, c, u; found \"p\""},
    {"target.charts", "screened=maybe", NULL, "option screened"},
    {"target.charts", "limits=wide", NULL, "option limits: expected one of normal, exact"},
    {"target.charts", "floor=1", NULL, "option floor"},
    {"target.charts", "better=most", NULL, "option better: expected one of more, less"},
    {"target.charts", "run=-1", NULL, "option run: expected a whole number"},
    {"target.charts", "target=ten", NULL, "option target: expected a number"},
    {"target.compare", "kind=odds", NULL, "option kind: expected one of rate, share"},
    {"target.compare", "expected=column", NULL, "option expected"},
    {"target.compare", "better=most", NULL, "option better"},
    {"target.compare", "least_units=ten", NULL, "option least_units"},
    {"target.compare", "inner=most", NULL, "option inner"},
};

START_TEST(refuses)
{
  const struct refused *q = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = q->options;
  spec.weight = q->weight;
  ck_assert_int_eq(fm_catalogue_tally(&t, q->id, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, q->said) != NULL, "%s", err.message);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipes of target");
  TCase *c = tcase_create("target");
  tcase_add_test(c, charts);
  tcase_add_test(c, compare);
  tcase_add_loop_test(c, refuses, 0, FM_COUNT(refusals));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
