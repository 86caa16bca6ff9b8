/* Options as text: how they are cut, what they may hold, what is said when they are wrong. */
#include "support/support.h"

#include <string.h>

#include "catalogue/catalogue_priv.h"

/* ---- cutting ---- */

static const struct cut {
  const char *label, *text, *name, *value; /* NULL: not given */
  size_t n;
} cuts[] = {
    {"nothing", NULL, "index", NULL, 0},
    {"blank", "", "index", NULL, 0},
    {"only signs between", " ; ;;", "index", NULL, 0},
    {"one", "index=first", "index", "first", 1},
    {"another", "index=first", "horizons", NULL, 1},
    {"two", "index=first;horizons=3,6", "horizons", "3,6", 2},
    {"spaces around", "  index = first ; horizons = 3,6  ", "index", "first", 2},
    {"sign at the end", "index=first;", "index", "first", 1},
    {"blank value is not given", "index=", "index", NULL, 1},
    {"equals in a value", "cluster=a=b", "cluster", "a=b", 1},
    {"all", "index=first;horizons=1;employer=same;gap_days=2;cluster=none", "gap_days", "2", 5},
};

START_TEST(cut)
{
  const struct cut *c = &cuts[_i];
  fm_error err = FM_ERROR_INIT;
  fm__options o;
  fm_assert_ok(fm__options_take(&o, "retention.status", c->text, &err), &err);
  const char *value = fm__options_text(&o, c->name);
  ck_assert_msg(o.n == c->n, "%s: %zu options", c->label, o.n);
  ck_assert_msg(c->value == NULL ? value == NULL : value != NULL && strcmp(value, c->value) == 0, "%s: got %s",
                c->label, value != NULL ? value : "nothing");
  fm__options_free(&o);
}
END_TEST

/* ---- wrong texts, through the public call ---- */

static const struct wrong {
  const char *label, *id, *options;
  fm_status status;
  const char *message;
} wrongs[] = {
    {"no equals sign", "retention.status", "index", FM_ERR_ARGUMENT, "options: expected name=value, found \"index\""},
    {"unknown", "retention.status", "horizon=3", FM_ERR_NOT_FOUND,
     "retention.status has no option \"horizon\"; it has index, horizons, employer, gap_days, definition, start, rule, "
     "clock, cluster"},
    {"unknown where there are none", "programme.people", "index=first", FM_ERR_NOT_FOUND,
     "programme.people has no option \"index\"; it has no options"},
    {"of another indicator", "target.track", "index=first", FM_ERR_NOT_FOUND,
     "target.track has no option \"index\"; it has prior_shape, prior_days, on_course, behind, earlier_years, "
     "season, dispersion, prior_years, scenarios, net, private_share, months, late_months"},
    {"twice", "retention.status", "index=first; index=placement", FM_ERR_ARGUMENT, "options: index is given twice"},
    {"after a good one", "retention.status", "index=first;x=1", FM_ERR_NOT_FOUND, "no option \"x\""},
    {"more than fit", "income.distribution", "strat=x", FM_ERR_NOT_FOUND, "it has measures, preset, quantile, "},
    {"more than fit, counted", "income.distribution", "strat=x", FM_ERR_NOT_FOUND, " more"},
    {"too large", "income.distribution", "seed=99999999999", FM_ERR_ARGUMENT, "a whole number from 0 to 2147483647"},
    {"blank name", "retention.status", "=1", FM_ERR_NOT_FOUND, "no option \"\""},
    {"not a number", "programme.placements", "full_time_hours=many", FM_ERR_ARGUMENT,
     "option full_time_hours: expected a number such as 0.5, found \"many\""},
    {"decimal comma", "programme.placements", "full_time_hours=37,5", FM_ERR_ARGUMENT, "found \"37,5\""},
    {"outside its range", "programme.placements", "full_time_hours=0", FM_ERR_ARGUMENT, "hours a week above 0"},
    {"not a choice", "retention.survival", "conf_type=wald", FM_ERR_ARGUMENT,
     "option conf_type: expected one of plain, log, log-log, logit, arcsine; found \"wald\""},
    {"neither no nor yes", "retention.survival", "curve=1", FM_ERR_ARGUMENT,
     "option curve: expected one of no, yes; found \"1\""},
    {"verdicts the wrong way", "target.track", "on_course=0.1;behind=0.9", FM_ERR_ARGUMENT, "behind <= on_course"},
    {"a share of 1", "income.bottom40", "p_share=1", FM_ERR_ARGUMENT, "p_share: expected a number between 0 and 1"},
    {"neither no nor yes", "income.bottom40", "population=perhaps", FM_ERR_ARGUMENT, "expected one of no, yes"},
    {"one period", "income.bottom40", "period_0=2024", FM_ERR_ARGUMENT, "expected both or neither"},
    {"unknown id", "retention.stat", NULL, FM_ERR_NOT_FOUND,
     "no indicator \"retention.stat\"; there are programme.people, "},
    {"no id", NULL, NULL, FM_ERR_NOT_FOUND, "no indicator \"\""},
};

START_TEST(wrong)
{
  const struct wrong *w = &wrongs[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = w->options;
  fm_status status = fm_catalogue_tally(&t, w->id, &spec, &err);
  ck_assert_msg(status == w->status, "%s: %s, %s", w->label, fm_status_name(status), err.message);
  ck_assert_msg(strstr(err.message, w->message) != NULL, "%s: %s", w->label, err.message);
  ck_assert_ptr_null(t);
}
END_TEST

/* ---- whole numbers ---- */

static const struct whole {
  const char *text;
  int32_t expected; /* -1: refused */
} wholes[] = {{"0", 0},    {"7", 7},      {"7.0", 7},   {"2147483647", INT32_MAX}, {"2147483648", -1}, {"-1", -1},
              {"1.5", -1}, {"seven", -1}, {"1e300", -1}};

START_TEST(whole)
{
  fm_error err = FM_ERROR_INIT;
  fm__options o;
  char text[64] = "gap_days=";
  int32_t value = -2;
  strcat(text, wholes[_i].text);
  fm_assert_ok(fm__options_take(&o, "retention.status", text, &err), &err);
  fm_status status = fm__options_whole(&o, "gap_days", &value, &err);
  ck_assert_msg((status == FM_OK) == (wholes[_i].expected >= 0), "%s: %s", text, err.message);
  ck_assert_int_eq(value, status == FM_OK ? wholes[_i].expected : -2);
  fm__options_free(&o);
}
END_TEST

START_TEST(what_is_not_given_is_left_alone)
{
  static const char *const choices[] = {"a", "b"};
  fm_error err = FM_ERROR_INIT;
  fm__options o;
  double real = 1.5;
  int32_t number = 7, choice = 1;
  fm_assert_ok(fm__options_take(&o, "retention.status", "index=first", &err), &err);
  fm_assert_ok(fm__options_real(&o, "gap_days", &real, &err), &err);
  fm_assert_ok(fm__options_whole(&o, "gap_days", &number, &err), &err);
  fm_assert_ok(fm__options_choice(&o, "employer", choices, 2, &choice, &err), &err);
  ck_assert(real == 1.5 && number == 7 && choice == 1);
  fm__options_free(&o);
}
END_TEST

static fm_status take(void *ctx, fm_error *err)
{
  fm__options o;
  (void)ctx;
  fm_status status = fm__options_take(&o, "retention.status", "index=first;horizons=3", err);
  fm__options_free(&o);
  return status;
}

START_TEST(without_memory)
{
  ck_assert_int_eq(fm_test_allocations(take, NULL), 1);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("options");
  TCase *c = tcase_create("options");
  tcase_add_loop_test(c, cut, 0, FM_COUNT(cuts));
  tcase_add_loop_test(c, wrong, 0, FM_COUNT(wrongs));
  tcase_add_loop_test(c, whole, 0, FM_COUNT(wholes));
  tcase_add_test(c, what_is_not_given_is_left_alone);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
