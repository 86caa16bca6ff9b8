/* States period by period through the catalogue: the options reach the measure. */
#include <string.h>

#include "support/support.h"

START_TEST(transitions)
{
  static const char *const names[] = {"who:code", "period:date", "state:code", "w:f64", "g:code"};
  static const char *const cells[] = {"a", "2024-01-31", "job", "1", "x", "a", "2024-02-01", "out", "1", "x",
                                      "b", "2024-01-01", "job", "2", "y", "b", "2024-02-29", "job", "2", "y",
                                      "b", "2024-03-01", "out", "2", "y", "b", "2024-04-01", "job", "2", "y"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *made, *by_hand, *frame = fm_test_table(names, 5, cells, 6);
  fm_retention_transitions_spec s = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  spec.level = s.level = 0.9;
  spec.weight = s.weight = "w";
  spec.by = s.by = "g";
  spec.options = "person=who;clock=months;steps=1,6;errors=moves;conf_type=plain";
  s.person = "who";
  s.clock = "months";
  s.steps = "1,6";
  s.independent = 1;
  s.conf_type = 1;
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, "retention.transitions", &spec, NULL, &err), &err);
  fm_assert_ok(fm_retention_transitions(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 12);
  fm_assert_same_table("transitions", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  spec.options = "person=who;clock=months;errors=both";
  ck_assert_int_eq(fm_catalogue_compute_frame(&made, frame, "retention.transitions", &spec, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, "people") != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(sequences)
{
  static const char *const names[] = {"who:code", "period:date", "state:code", "w:f64", "g:code"};
  static const char *const cells[] = {"a", "2024-01-31", "job", "1", "x", "a", "2024-02-01", "out", "1", "x",
                                      "b", "2024-01-01", "job", "2", "y", "b", "2024-02-29", "job", "2", "y"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *made, *by_hand, *frame = fm_test_table(names, 5, cells, 4);
  fm_retention_sequences_spec s = FM_RETENTION_SEQUENCES_SPEC_INIT;
  spec.level = s.level = 0.9;
  spec.weight = s.weight = "w";
  spec.by = s.by = "g";
  spec.options = "person=who;clock=months";
  s.person = "who";
  s.clock = "months";
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, "retention.sequences", &spec, NULL, &err), &err);
  fm_assert_ok(fm_retention_sequences(&by_hand, frame, &s, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 12);
  fm_assert_same_table("sequences", made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-recipe_sequences");
  TCase *c = tcase_create("recipe_sequences");
  tcase_add_test(c, transitions);
  tcase_add_test(c, sequences);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
