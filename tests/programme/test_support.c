/* programme.support by hand: docs/methods/support.md. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "support:code", "days:i32",
                                      "hours:f64",      "cost:f64",     "sex:code"};
static const char *const cells[] = {"a", "",  "",          "",           "",  "f",  "a", "upskilling", "10", "10", "",
                                    "f", "a", "aftercare", "30",         "",  "",   "f", "b",          "",   "",   "",
                                    "",  "m", "b",         "upskilling", "1", "20", "",  "m",          "c",  "",   "",
                                    "",  "",  "f",         "d",          "",  "",   "",  "",           "m"};
enum { WIDE = FM_COUNT(columns), N = FM_COUNT(cells) / WIDE };

static const struct {
  const char *quantity, *state;
  double all, upskilling, aftercare;
} by_hand[] = {
    {"people", "ok", 4, 4, 4},
    {"reached", "ok", 2, 2, 1},
    {"reached_share", "ok", 0.5, 0.5, 0.25},
    {"supports", "ok", 3, 2, 1},
    {"supports_per_person", "ok", 1.5, 1, 1},
    {"days", "ok", 41, 11, 30},
    {"days_mean", "ok", 41.0 / 3, 5.5, 30},
    {"hours_known", "ok", 2, 2, 0},
    {"hours", NULL, 30, 30, NAN},
    {"hours_mean", NULL, 15, 15, NAN},
    {"cost_known", "ok", 0, 0, 0},
    {"cost", "not_given", NAN, NAN, NAN},
    {"cost_mean", "not_given", NAN, NAN, NAN},
};

START_TEST(reach_and_dose)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, cells, N), *out;
  fm_assert_ok(fm_programme_support(&out, frame, NULL, NULL, &err), &err);
  size_t wide = FM_COUNT(by_hand); /* all, aftercare, upskilling */
  ck_assert_uint_eq(fm_table_n_rows(out), 3 * wide);
  for (size_t i = 0; i < wide; i++) {
    const double values[3] = {by_hand[i].all, by_hand[i].aftercare, by_hand[i].upskilling};
    for (size_t k = 0; k < 3; k++) {
      size_t row = k * wide + i;
      ck_assert_str_eq(fm_test_text(out, "quantity", row), by_hand[i].quantity);
      fm_assert_close(by_hand[i].quantity, fm_test_number(out, "value", row), values[k], 1e-15, 0);
      ck_assert_str_eq(fm_test_text(out, "state", row), isnan(values[k]) ? "not_given" : "ok");
    }
  }
  ck_assert_ptr_null(fm_test_text(out, "support", 0));
  fm_assert_close("low", fm_test_number(out, "ci_low", 2), 0.15003898915214947, 1e-12, 0);
  fm_assert_close("high", fm_test_number(out, "ci_high", 2), 0.84996101084785053, 1e-12, 0);
  fm_table_destroy(out);
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = "sex";
  fm_assert_ok(fm_programme_support(&out, frame, &spec, NULL, &err), &err);
  size_t row = fm_test_row(out, "sex", "f", "support", "aftercare", "quantity", "reached_share");
  fm_assert_close("of two women", fm_test_number(out, "value", row), 0.5, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(nobody)
{
  fm_error err = FM_ERROR_INIT;
  static const char *const alone[] = {"a", "", "", "", "", "f"};
  for (size_t n = 0; n < 2; n++) { /* nobody at all; one without support */
    fm_table *frame = fm_test_table(columns, WIDE, alone, n), *out;
    fm_assert_ok(fm_programme_support(&out, frame, NULL, NULL, &err), &err);
    ck_assert_uint_eq(fm_table_n_rows(out), FM_COUNT(by_hand));
    fm_assert_close("people", fm_test_number(out, "value", 0), (double)n, 0, 0);
    ck_assert_str_eq(fm_test_text(out, "state", 2), n == 0 ? "empty" : "ok");
    ck_assert_str_eq(fm_test_text(out, "state", 4), "empty");
    ck_assert_str_eq(fm_test_text(out, "state", 8), "empty");
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(bad_frames)
{
  static const char *const bad[3][6] = {
      {"a", "mentor", "-1", "", "", "f"}, {"a", "mentor", "1", "-0.5", "", "f"}, {"a", "mentor", "1", "", "-2", "f"}};
  static const char *const names[] = {"days", "hours", "cost"};
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  for (size_t i = 0; i < 3; i++) {
    fm_table *frame = fm_test_table(columns, WIDE, bad[i], 1);
    ck_assert_int_eq(fm_programme_support(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_str_eq(err.column, names[i]);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  for (size_t k = 1; k < 5; k++) {
    fm_table *frame = fm_test_table(columns, k, cells, 0);
    ck_assert_int_eq(fm_programme_support(&out, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = "support";
  ck_assert_int_eq(fm_programme_support(&out, NULL, &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "always by support"));
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_support_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "sex";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, WIDE, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, WIDE, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-support");
  TCase *t = tcase_create("support");
  tcase_add_test(t, reach_and_dose);
  tcase_add_test(t, nobody);
  tcase_add_test(t, bad_frames);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
