/* Sustained employment through the catalogue: the measure called by hand gives the same bits; what is refused. */
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

static const char *const ids[] = {"retention.weeks", "retention.hours", "retention.unemployment"};
static const char *const options[] = {"definition=strict,grace_4_weeks;horizons=4,26;index=first;cluster=none",
                                      "kind=work=yes;most_hours=20;horizons=3,6;cluster=person_id",
                                      "definition=statistics_denmark;states=cash_benefit;gap_counts=no"};

static fm_table *frame_of(const fm_register *r, int k)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_table *out = NULL;
  f.by = "sex";
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  f.kind = k == 0 ? "weeks" : k == 1 ? "hours" : "unemployment";
  f.definitions = k == 0 ? "strict,grace_4_weeks" : k == 1 ? NULL : "statistics_denmark";
  f.horizons = k == 0 ? "4,26" : k == 1 ? "3,6" : NULL;
  f.index = k == 0 ? "first" : NULL;
  f.states = k == 0 ? NULL : k == 1 ? "work=yes" : "cash_benefit";
  f.most_hours = 20;
  f.gap_skipped = k == 2;
  fm_assert_ok(fm_register_frame(&out, r, &f, NULL, &err), &err);
  return out;
}

static fm_table *by_hand(const fm_table *frame, int k)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_retention_weeks_spec w = FM_RETENTION_WEEKS_SPEC_INIT;
  fm_retention_hours_spec h = FM_RETENTION_HOURS_SPEC_INIT;
  fm_retention_unemployment_spec u = FM_RETENTION_UNEMPLOYMENT_SPEC_INIT;
  w.by = h.by = u.by = "sex";
  w.level = h.level = u.level = 0.9;
  w.cluster = "";
  if (k == 0)
    fm_assert_ok(fm_retention_weeks(&out, frame, &w, NULL, &err), &err);
  else if (k == 1)
    fm_assert_ok(fm_retention_hours(&out, frame, &h, NULL, &err), &err);
  else
    fm_assert_ok(fm_retention_unemployment(&out, frame, &u, NULL, &err), &err);
  return out;
}

START_TEST(same_bits)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = demo();
  fm_table *made = NULL, *frame = frame_of(r, _i), *hand = by_hand(frame, _i);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = "sex";
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.level = 0.9;
  spec.options = options[_i];
  fm_assert_ok(fm_catalogue_compute(&made, r, ids[_i], &spec, NULL, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(made), 10);
  fm_assert_same_table(ids[_i], made, hand);
  fm_table_destroy(made);
  made = NULL;
  spec.options = _i == 0 ? "cluster=none" : NULL; /* of a bare frame */
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, ids[_i], &spec, NULL, &err), &err);
  fm_assert_same_table(ids[_i], made, hand);
  fm_table_destroy(made);
  fm_table_destroy(hand);
  fm_table_destroy(frame);
  fm_register_destroy(r);
}
END_TEST

START_TEST(columns)
{
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < FM_COUNT(ids); k++) {
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_table *t = NULL;
    fm_assert_ok(fm_catalogue_columns(&t, ids[k], &spec, &err), &err);
    size_t i = fm_test_row(t, "name", "person_id", NULL, NULL, NULL, NULL);
    ck_assert(fm_test_number(t, "required", i) == 1 && fm_test_number(t, "is_id", i) == 1);
    fm_table_destroy(t);
  }
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    int id;
    const char *options, *message;
  } row[] = {
      {0, "index=exit", "index"},          {0, "definition=strong", "strong"},      {1, "most_hours=ten", "most_hours"},
      {1, "kind=flexyjob", "flexyjob"},    {2, "gap_counts=perhaps", "gap_counts"}, {2, "definition=ilo", "ilo"},
      {2, "horizons=12", "has no option"},
  };
  fm_register *r = demo();
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_table *t = NULL;
    spec.options = row[k].options;
    ck_assert_int_ne(fm_catalogue_compute(&t, r, ids[row[k].id], &spec, NULL, &err), FM_OK);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue-recipe_sustained");
  TCase *t = tcase_create("sustained");
  tcase_add_loop_test(t, same_bits, 0, FM_COUNT(ids));
  tcase_add_test(t, columns);
  tcase_add_test(t, wrong);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
