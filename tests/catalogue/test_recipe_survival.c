/* Time in work through the catalogue: the measure called by hand gives the same bits; columns read; what is refused. */
#include "support/support.h"

#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *demo(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_assert_ok(fm_register_read(&r, NULL, DEMO, NULL, NULL, &err), &err);
  return r;
}

static fm_table *computed(const char *id, const char *by, const char *options)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = demo();
  fm_table *out;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = by;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.options = options;
  fm_assert_ok(fm_catalogue_compute(&out, r, id, &spec, NULL, &err), &err);
  fm_register_destroy(r);
  return out;
}

static fm_table *frame_of(const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = demo();
  fm_table *out;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  f.kind = "survival";
  f.by = by;
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_register_frame(&out, r, &f, NULL, &err), &err);
  fm_register_destroy(r);
  return out;
}

START_TEST(survival)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *made = computed("retention.survival", "sex",
                            "cluster=person_id;estimator=nelson_aalen;variance=robust;hazard=yes;start_time=7;"
                            "quantiles=0.1,0.5;times=91,182;taus=182;reference=female;conf_type=log;curve=yes");
  fm_table *frame = frame_of("sex"), *by_hand;
  fm_retention_survival_spec s = FM_RETENTION_SURVIVAL_SPEC_INIT;
  s.by = "sex";
  s.cluster = "person_id";
  s.estimator = 2;
  s.variance = 2;
  s.hazard = 1;
  s.start_time = 7;
  s.quantiles = "0.1,0.5";
  s.times = "91,182";
  s.rmst = 1;
  s.taus = "182";
  s.reference = "female";
  s.conf_type = 2;
  fm_assert_ok(fm_retention_survival(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 40);
  fm_assert_same_table("survival", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(logrank)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *made = computed("retention.logrank", NULL,
                            "group=sex;strata=education;tests=logrank,fh(1:0);cluster=person_id;detail=yes");
  fm_table *frame = frame_of("sex,education"), *by_hand;
  fm_retention_logrank_spec s = FM_RETENTION_LOGRANK_SPEC_INIT;
  s.group = "sex";
  s.strata = "education";
  s.tests = "logrank,fh(1:0)";
  s.cluster = "person_id";
  s.detail = 1;
  fm_assert_ok(fm_retention_logrank(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(made, "state", 0), "ok");
  fm_assert_same_table("logrank", made, by_hand);
  fm_table_destroy(by_hand);
  fm_table_destroy(made);
  made = computed("retention.logrank", "sex", NULL); /* without group those of by are compared */
  s = (fm_retention_logrank_spec)FM_RETENTION_LOGRANK_SPEC_INIT;
  s.by = "sex";
  fm_assert_ok(fm_retention_logrank(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(made, "state", 0), "ok");
  fm_assert_same_table("by", made, by_hand);
  fm_table_destroy(by_hand);
  fm_table_destroy(made);
  fm_table_destroy(frame);
}
END_TEST

static bool reads(const char *id, const char *options, const char *column)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  spec.options = options;
  fm_assert_ok(fm_catalogue_columns(&t, id, &spec, &err), &err);
  bool found = false;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    found = found || strcmp(fm_test_text(t, "name", i), column) == 0;
  fm_table_destroy(t);
  return found;
}

START_TEST(columns)
{
  static const char *const ids[] = {"retention.survival", "retention.logrank"};
  for (int i = 0; i < 2; i++) {
    ck_assert(reads(ids[i], NULL, "time_days") && reads(ids[i], NULL, "entry_days") && reads(ids[i], NULL, "event"));
    ck_assert(reads(ids[i], "clock=months", "time_months") && !reads(ids[i], "clock=months", "time_days"));
    ck_assert(!reads(ids[i], NULL, "person_id") && reads(ids[i], "cluster=family", "family"));
  }
  ck_assert(reads(ids[1], "strata=a,b", "b") && reads(ids[1], "group=team", "team"));
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *id, *options, *message;
  } cases[] = {
      {"retention.logrank", "group=a;tests=wilcoxon", "tests is \"wilcoxon\""},
      {"retention.logrank", "group=a;variance=normal", "variance"},
      {"retention.logrank", "group=a;detail=perhaps", "detail"},
      {"retention.survival", "estimator=weibull", "estimator"},
      {"retention.survival", "times=soon", "times is \"soon\""},
      {"retention.survival", "taus=-1", "taus is \"-1\""},
      {"retention.survival", "rmst=perhaps", "rmst"},
      {"retention.survival", "start_time=soon", "start_time"},
      {"retention.survival", "clock=years", "clock"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_tally *t;
    spec.options = cases[i].options;
    ck_assert_int_eq(fm_catalogue_tally(&t, cases[i].id, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
    ck_assert_ptr_null(t);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe_survival");
  TCase *c = tcase_create("recipe_survival");
  tcase_add_test(c, survival);
  tcase_add_test(c, logrank);
  tcase_add_test(c, columns);
  tcase_add_test(c, refused);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
