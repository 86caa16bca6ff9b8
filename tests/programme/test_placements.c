#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "kind:code",          "sector:code",
                                      "sme:bool",       "hours_per_week:f64", "running:bool"};
/* Six starts of five people. Private 3 (1 small, 1 large, 1 of unknown size), public 1, unknown 2 (one blank).
 * Running: 4 placements of 3 people, hours known for three of them: 37 + 12.5 + 10 = 59.5, mean 19.8333..., FTE
 * 59.5 / 37 = 1.6081... */
static const char *const cells[] = {
    "p1", "fleksjob", "private", "1", "12.5", "1", /**/
    "p1", "fleksjob", "private", "0", "10",   "1", /**/
    "p2", "ordinary", "private", "",  "30",   "0", /**/
    "p3", "ordinary", "public",  "0", "37",   "1", /**/
    "p4", "ordinary", "unknown", "",  "",     "1", /**/
    "p5", "fleksjob", "",        "",  "",     "0",
};
enum { N_COLUMNS = 6, N = 6 };

static double value(const fm_table *t, const char *kind, const char *quantity, const char *column)
{
  const char *key = kind != NULL ? "kind" : NULL;
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, key, kind, NULL, NULL));
}

START_TEST(hand_worked)
{
  static const struct {
    const char *quantity;
    double value;
  } expected[] = {{"placements", 6},     {"people", 5},           {"private", 3},     {"public", 1},
                  {"unknown_sector", 2}, {"private_share", 0.75}, {"sme", 1},         {"size_unknown", 1},
                  {"running", 4},        {"running_people", 3},   {"hours_known", 3}, {"hours_mean", 59.5 / 3},
                  {"fte", 59.5 / 37}};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N), *out;
  fm_assert_ok(fm_programme_placements(&out, frame, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), sizeof expected / sizeof expected[0]);
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
    fm_assert_close(expected[i].quantity, value(out, NULL, expected[i].quantity, "value"), expected[i].value, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(by_kind)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N), *out;
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = "kind";
  fm_assert_ok(fm_programme_placements(&out, frame, &spec, NULL, &err), &err);
  fm_assert_close("fleksjob", value(out, "fleksjob", "placements", "value"), 3, 0, 0);
  fm_assert_close("people in fleksjob", value(out, "fleksjob", "people", "value"), 2, 0, 0);
  fm_assert_close("running fleksjob people", value(out, "fleksjob", "running_people", "value"), 1, 0, 0);
  fm_assert_close("all private where known", value(out, "fleksjob", "private_share", "value"), 1, 0, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(nothing)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 0), *out;
  fm_assert_ok(fm_programme_placements(&out, frame, NULL, NULL, &err), &err);
  fm_assert_close("none", value(out, NULL, "placements", "value"), 0, 0, 0);
  ck_assert(isnan(value(out, NULL, "fte", "value")));
  ck_assert_str_eq(fm_test_text(out, "state", fm_test_row(out, "quantity", "fte", NULL, NULL, NULL, NULL)), "empty");
  ck_assert_str_eq(fm_test_text(out, "state", fm_test_row(out, "quantity", "private_share", NULL, NULL, NULL, NULL)),
                   "empty");
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(impossible_hours)
{
  static const char *const hours[] = {"-1", "169", "nan"};
  const char *row[] = {"p1", "ordinary", "private", "1", hours[_i], "1"};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, row, 1), *out;
  ck_assert_int_eq(fm_programme_placements(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "column hours_per_week, row 0: expected hours from 0 to 168");
  fm_table_destroy(frame);
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_spec spec = FM_PROGRAMME_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_placements_tally(out, &spec, err);
}

START_TEST(promises)
{
  char by[] = "kind,sector";
  fm_test_promises(&(fm_test_measure){create, NULL, columns, N_COLUMNS, cells, N});
  fm_test_promises(&(fm_test_measure){create, by, columns, N_COLUMNS, cells, N});
}
END_TEST

int main(void)
{
  Suite *s = suite_create("programme-placements");
  TCase *t = tcase_create("placements");
  tcase_add_test(t, hand_worked);
  tcase_add_test(t, by_kind);
  tcase_add_test(t, nothing);
  tcase_add_loop_test(t, impossible_hours, 0, 3);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
