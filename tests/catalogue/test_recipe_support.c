/* Support by id: what its options do, and what is refused. */
#include "support/support.h"

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

static double figure(const char *options, const char *received, const char *quantity)
{
  fm_table *t = computed("programme.support_retention", options);
  double out = fm_test_number(t, "n", fm_test_row(t, "received", received, "quantity", quantity, NULL, NULL));
  fm_table_destroy(t);
  return out;
}

/* The figures are recomputed in bindings/python/tests/test_support.py. */
START_TEST(options)
{
  double some = figure("support=upskilling;horizons=6", "yes", "retained_share");
  double more = figure("support=upskilling;horizons=6;earlier=yes", "yes", "retained_share");
  double first = figure("support=upskilling;horizons=6;earlier=yes;index=first", "yes", "retained_share");
  double long_ago = figure("support=upskilling;horizons=6;earlier=yes;landmark=150", "yes", "retained_share");
  ck_assert_msg(some < more && first < more && long_ago < more, "%g %g %g %g", some, more, first, long_ago);
  double any = figure("support=aftercare;horizons=6", "yes", "retained");
  ck_assert(figure("support=aftercare;horizons=6;employer=same", "yes", "retained") <= any);
  ck_assert(figure("support=aftercare;horizons=6;gap_days=30", "yes", "retained") >= any);
  fm_table *t = computed("programme.support_retention", "support=aftercare;horizons=6;dose=hours;cuts=2,5");
  fm_assert_close("classes", fm_test_number(t, "dose_above", fm_table_n_rows(t) - 1), 5, 0, 0);
  fm_table_destroy(t);
  t = computed("programme.support", NULL);
  fm_assert_close("people", fm_test_number(t, "value", 0), 400, 0, 0);
  fm_table_destroy(t);
}
END_TEST

static const struct {
  const char *id, *options, *weight, *message;
} refusals[] = {
    {"programme.support", NULL, "weight", "programme.support counts people and takes no weight"},
    {"programme.support_retention", NULL, "weight", "counts people and takes no weight"},
    {"programme.support_retention", "ever=yes", NULL, "immortal time"},
    {"programme.support_retention", "landmark=0", NULL, "immortal time"},
    {"programme.support_retention", "landmark=soon", NULL, "landmark"},
    {"programme.support_retention", "earlier=perhaps", NULL, "earlier"},
    {"programme.support_retention", "index=referral", NULL, "index"},
    {"programme.support_retention", "employer=other", NULL, "employer"},
};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.options = refusals[_i].options;
  spec.weight = refusals[_i].weight;
  ck_assert_int_eq(fm_catalogue_compute(&out, demo, refusals[_i].id, &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, refusals[_i].message) != NULL, "%s", err.message);
  ck_assert_ptr_null(out);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe_support");
  TCase *c = tcase_create("support");
  tcase_add_checked_fixture(c, open_register, close_register);
  tcase_add_test(c, options);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
