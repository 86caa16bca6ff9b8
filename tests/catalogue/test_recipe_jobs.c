/* Employers, steps, offers and jobs through the catalogue are the measures called by hand; what is refused. */
#include "support/support.h"

#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *reg;

static void open_register(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_register_read(&reg, NULL, DEMO, NULL, NULL, &err), &err);
}

static void close_register(void)
{
  fm_register_destroy(reg);
}

static fm_frame_spec frame_spec(const char *kind)
{
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  f.kind = kind;
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  return f;
}

static fm_table *frame_of(const fm_frame_spec *f)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame;
  fm_assert_ok(fm_register_frame(&frame, reg, f, NULL, &err), &err);
  return frame;
}

/* Compares with what the catalogue makes, and drops both tables. */
static void same(const char *id, const char *by, const char *options, fm_table *by_hand, fm_table *frame)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.by = by;
  spec.options = options;
  spec.level = 0.9;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_catalogue_compute(&out, reg, id, &spec, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(out), 0);
  fm_assert_same_table(id, out, by_hand);
  fm_table_destroy(out);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}

START_TEST(employers)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *frame;
  fm_frame_spec f = frame_spec("employers");
  fm_programme_employers_spec s = FM_PROGRAMME_EMPLOYERS_SPEC_INIT;
  f.by = s.by = "sector";
  f.states = "fleksjob";
  s.level = 0.9;
  s.table_is_local = 1;
  s.period_start = fm_date_from_ymd(2025, 1, 1);
  s.period_end = fm_date_from_ymd(2025, 12, 31);
  frame = frame_of(&f);
  fm_assert_ok(fm_programme_employers(&out, frame, &s, NULL, &err), &err);
  same("programme.employers", "sector", "kind=fleksjob;period_start=2025-01-01;period_end=2025-12-31;local_firms=table",
       out, frame);
  f.by = s.by = NULL;
  f.states = NULL;
  s = (fm_programme_employers_spec)FM_PROGRAMME_EMPLOYERS_SPEC_INIT;
  s.level = 0.9;
  s.local_firms = 1200;
  frame = frame_of(&f);
  fm_assert_ok(fm_programme_employers(&out, frame, &s, NULL, &err), &err);
  same("programme.employers", NULL, "local_firms=1200", out, frame);
}
END_TEST

START_TEST(steps)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *frame;
  fm_frame_spec f = frame_spec("steps");
  fm_programme_steps_spec s = FM_PROGRAMME_STEPS_SPEC_INIT;
  f.by = s.by = "target_group";
  f.states = "internship work=yes";
  f.between = "sector";
  f.count_from = "end";
  f.horizons = "3,6";
  s.definition = "first_of_each_sector_from_end";
  s.level = 0.9;
  frame = frame_of(&f);
  fm_assert_ok(fm_programme_steps(&out, frame, &s, NULL, &err), &err);
  same("programme.steps", "target_group", "kind=internship work=yes;between=sector;count_from=end;horizons=3,6", out,
       frame);
}
END_TEST

START_TEST(offers)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *frame;
  fm_frame_spec f = frame_spec("offers");
  fm_programme_offers_spec s = FM_PROGRAMME_OFFERS_SPEC_INIT;
  s.by = "month";
  f.states = "cash_benefit";
  f.offers = "internship";
  s.definition = "internship";
  s.level = 0.9;
  frame = frame_of(&f);
  fm_assert_ok(fm_programme_offers(&out, frame, &s, NULL, &err), &err);
  same("programme.offers", "month", "states=cash_benefit;offers=internship", out, frame);
}
END_TEST

START_TEST(jobs)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out, *frame;
  fm_frame_spec f = frame_spec("jobs");
  fm_programme_jobs_spec s = FM_PROGRAMME_JOBS_SPEC_INIT;
  f.by = s.by = "industry_section";
  f.states = "fleksjob";
  s.bands = "12,24";
  s.full_time_hours = 40;
  s.level = 0.9;
  frame = frame_of(&f);
  fm_assert_ok(fm_programme_jobs(&out, frame, &s, NULL, &err), &err);
  same("programme.jobs", "industry_section", "kind=fleksjob;bands=12,24;full_time_hours=40", out, frame);
}
END_TEST

static const struct refusal {
  const char *id, *weight, *options, *message;
} refusals[] = {
    {"programme.employers", "weight", NULL, "programme.employers counts people and takes no weight; found \"weight\""},
    {"programme.steps", "weight", NULL, "programme.steps counts people and takes no weight"},
    {"programme.offers", "weight", NULL, "programme.offers counts people and takes no weight"},
    {"programme.jobs", "weight", NULL, "programme.jobs counts people and takes no weight"},
    {"programme.employers", NULL, "period_start=01-01-2025",
     "option period_start: expected a date YYYY-MM-DD, found \"01-01-2025\""},
    {"programme.employers", NULL, "period_end=soon", "option period_end: expected a date YYYY-MM-DD"},
    {"programme.employers", NULL, "local_firms=some", "option local_firms: expected a number"},
    {"programme.jobs", NULL, "bands=30,20", "bands: expected 1 to 16 rising hours"},
    {"programme.jobs", NULL, "full_time_hours=x", "option full_time_hours: expected a number"},
};

START_TEST(refused)
{
  const struct refusal *q = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.weight = q->weight;
  spec.options = q->options;
  ck_assert_int_eq(fm_catalogue_tally(&t, q->id, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, q->message) != NULL, "%s", err.message);
  ck_assert_ptr_null(t);
  spec.weight = "";
  spec.options = "";
  fm_error_clear(&err);
  fm_assert_ok(fm_catalogue_tally(&t, q->id, &spec, &err), &err);
  fm_tally_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-recipe_jobs");
  TCase *c = tcase_create("recipe_jobs");
  tcase_add_checked_fixture(c, open_register, close_register);
  tcase_add_test(c, employers);
  tcase_add_test(c, steps);
  tcase_add_test(c, offers);
  tcase_add_test(c, jobs);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
