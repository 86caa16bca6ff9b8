/* target.track through the catalogue against its spec: the same frame, the same bits. */
#include "support/support.h"

static fm_register *reg;

static fm_table *frame_of(fm_frame_spec f)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame;
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_register_frame(&frame, reg, &f, NULL, &err), &err);
  return frame;
}

/* Compares with what the catalogue computes and drops both. */
static void same(const char *options, fm_table *by_hand, fm_table *frame)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *made;
  spec.options = options;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_catalogue_compute(&made, reg, "target.track", &spec, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 0);
  fm_assert_same_table(options, made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}

START_TEST(track)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_target_track_spec s = FM_TARGET_TRACK_SPEC_INIT;
  fm_table *out;
  fm_assert_ok(fm_register_read(&reg, NULL, FM_PROJECT_DIR "/examples/data/demo-municipality", NULL, NULL, &err), &err);
  f.kind = "goals";
  s.as_of = fm_date_from_ymd(2026, 1, 1);
  s.prior_shape = 2;
  s.prior_days = 30;
  s.on_course = 0.9;
  s.behind = 0.1;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_target_track(&out, frame, &s, NULL, &err), &err);
  same("prior_shape=2;prior_days=30;on_course=0.9;behind=0.1", out, frame);
  f.earlier_years = 1;
  s = (fm_target_track_spec)FM_TARGET_TRACK_SPEC_INIT;
  s.as_of = fm_date_from_ymd(2026, 1, 1);
  s.season = FM_TARGET_SEASON_KNOWN;
  s.dispersion = 0;
  s.prior_years = 0.5;
  s.scenarios = "more@2025-11-01*2,few@2025-11-01+1";
  s.net = s.months = 1;
  s.private_share = 0.5;
  s.late_months = 2;
  frame = frame_of(f);
  fm_assert_ok(fm_target_track(&out, frame, &s, NULL, &err), &err);
  same("earlier_years=1;season=known;dispersion=no;prior_years=0.5;scenarios=more@2025-11-01*2,few@2025-11-01+1;"
       "net=yes;months=yes;private_share=0.5;late_months=2",
       out, frame);
  fm_register_destroy(reg);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-recipe_track");
  TCase *t = tcase_create("track");
  tcase_add_test(t, track);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
