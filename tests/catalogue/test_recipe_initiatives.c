/* Initiatives, decisions and journeys by id: what their options do. */
#include "catalogue/bare.h"

#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *demo;

static void open_register(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_register_read(&demo, NULL, DEMO, NULL, NULL, &err), &err);
}

static void close_register(void)
{
  fm_register_destroy(demo);
}

static fm_table *computed(const char *id, const char *options)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.options = options;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_catalogue_compute(&out, demo, id, &spec, NULL, &err), &err);
  return out;
}

static double figure(fm_table *t, const char *column, const char *key, const char *quantity)
{
  double out = fm_test_number(t, "value", fm_test_row(t, column, key, "quantity", quantity, NULL, NULL));
  fm_table_destroy(t);
  return out;
}

/* The figures without options are recomputed in bindings/python/tests/test_initiatives.py. */
START_TEST(initiatives)
{
  static const char *const id = "programme.initiatives";
  double usual = figure(computed(id, NULL), "initiative_id", "task-force", "eligible");
  fm_assert_close("usual", usual, 143, 0, 0);
  double bridged = figure(computed(id, "unemployment=statistics_denmark"), "initiative_id", "task-force", "eligible");
  ck_assert_msg(bridged >= usual, "bridging leaves nobody out");
  double first = figure(computed(id, "eligible_on=start"), "initiative_id", "task-force", "eligible");
  ck_assert(first != usual);
  fm_table *t = computed(id, "horizons=4;employer=same");
  fm_assert_close("months",
                  fm_test_number(t, "horizon_months", fm_test_row(t, "quantity", "retained", NULL, NULL, NULL, NULL)),
                  4, 0, 0);
  double same = figure(t, "initiative_id", "way-to-work", "retained");
  double any = figure(computed(id, "horizons=4"), "initiative_id", "way-to-work", "retained");
  double gap = figure(computed(id, "horizons=4;gap_days=60"), "initiative_id", "way-to-work", "retained");
  ck_assert_msg(same <= any && any <= gap, "with one employer %g, with any %g, over pauses %g", same, any, gap);
  double none = figure(computed(id, "states=cash_benefit"), "initiative_id", "task-force", "eligible");
  ck_assert(none < usual);
}
END_TEST

START_TEST(decisions)
{
  fm_assert_close("rejected", figure(computed("programme.decisions", NULL), "quantity", "rejected", "rejected"), 23, 0,
                  0);
}
END_TEST

START_TEST(journeys)
{
  static const char *const id = "programme.journeys", *const leg = "referral_to_start";
  fm_assert_close("median", figure(computed(id, NULL), "leg", leg, "median"), 226, 0, 0);
  fm_assert_close("independent", figure(computed(id, "cluster=none"), "leg", leg, "median"), 226, 0, 0);
  fm_table *plain = computed(id, "curve=yes;conf_type=plain"), *few = computed(id, "quantiles=0.1;times=30");
  ck_assert_uint_gt(fm_table_n_rows(plain), 100);
  ck_assert_uint_eq(fm_table_n_rows(few), 5 * 2);
  fm_test_row(few, "quantity", "survival_at", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(few, "indicator", 0), id);
  fm_table_destroy(plain);
  fm_table_destroy(few);
}
END_TEST

static const struct {
  const char *id, *options, *by, *weight, *message;
} refusals[] = {
    {"programme.initiatives", NULL, NULL, "weight", "programme.initiatives counts people and takes no weight"},
    {"programme.decisions", NULL, NULL, "weight", "programme.decisions counts people and takes no weight"},
    {"programme.initiatives", NULL, "initiative_id", NULL, "is always by initiative_id"},
    {"programme.journeys", NULL, "sex,,age", NULL, "by: expected one to"},
    {"programme.journeys", "curve=perhaps", NULL, NULL, "curve"},
    {"programme.journeys", "conf_type=wide", NULL, NULL, "conf_type"},
};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = refusals[_i].options;
  spec.by = refusals[_i].by;
  spec.weight = refusals[_i].weight;
  ck_assert_int_eq(fm_catalogue_tally(&t, refusals[_i].id, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, refusals[_i].message) != NULL, "%s", err.message);
  ck_assert_ptr_null(t);
}
END_TEST

START_TEST(refused_frames)
{
  static const char *const options[] = {"employer=other", "gap_days=-1", "unemployment=weekly", "eligible_on=never"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.options = options[_i];
  ck_assert_int_eq(fm_catalogue_compute(&out, demo, "programme.initiatives", &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
}
END_TEST

static fm_status create(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t = NULL;
  spec.by = "sex";
  fm_status status = fm_catalogue_tally(&t, ctx, &spec, err);
  fm_tally_destroy(t);
  return status;
}

START_TEST(memory)
{
  char id[] = "programme.journeys";
  ck_assert_int_gt(fm_test_allocations(create, id), 3);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe_initiatives");
  TCase *c = tcase_create("initiatives");
  tcase_add_checked_fixture(c, open_register, close_register);
  tcase_add_test(c, initiatives);
  tcase_add_test(c, decisions);
  tcase_add_test(c, journeys);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_loop_test(c, refused_frames, 0, 4);
  tcase_add_test(c, memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
