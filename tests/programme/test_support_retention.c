/* programme.support_retention by hand. */
#include "support/support.h"

#include <math.h>
#include <string.h>

static const char *const columns[] = {"person_id:code", "support:code", "horizon_months:i32", "received:bool",
                                      "dose_above:i32", "status:bool",  "in_rate:bool",       "sex:code"};
/* After 6 months: with aftercare a and b (two jobs, one kept) are in work, c is not known; of those without, d is and e
 * is not. a had more than 1 support. After 12 months of the two known, one with, none without. */
static const char *const cells[] = {
    "a", "aftercare", "6",  "1", "1", "1", "1", "f", "b", "aftercare", "6",  "1", "0", "1", "1", "m",
    "b", "aftercare", "6",  "1", "0", "0", "1", "m", "c", "aftercare", "6",  "1", "0", "",  "0", "f",
    "d", "aftercare", "6",  "0", "",  "1", "1", "f", "e", "aftercare", "6",  "0", "",  "0", "1", "m",
    "a", "aftercare", "12", "1", "1", "1", "1", "f", "b", "aftercare", "12", "1", "0", "",  "0", "m",
    "e", "mentor",    "6",  "0", "",  "0", "1", "m"};
enum { WIDE = FM_COUNT(columns), N = FM_COUNT(cells) / WIDE };

static const struct {
  double months;
  const char *received, *dose, *quantity;
  double value, n, people;
} by_hand[] = {
    {6, "no", NULL, "retained", 1, 1, 1},
    {6, "no", NULL, "not_retained", 1, 1, 1},
    {6, "no", NULL, "retention_unknown", 0, 0, 0},
    {6, "no", NULL, "retained_share", 0.5, 2, 2},
    {6, "yes", NULL, "retained", 2, 2, 2},
    {6, "yes", NULL, "not_retained", 1, 1, 1},
    {6, "yes", NULL, "retention_unknown", 1, 1, 1},
    {6, "yes", NULL, "retained_share", 2.0 / 3, 3, 2},
    {6, NULL, NULL, "retained_difference", 2.0 / 3 - 0.5, 5, NAN},
    {6, NULL, "0", "retained", 1, 1, 1},
    {6, NULL, "0", "not_retained", 1, 1, 1},
    {6, NULL, "0", "retention_unknown", 1, 1, 1},
    {6, NULL, "0", "retained_share", 0.5, 2, 1},
    {6, NULL, "1", "retained", 1, 1, 1},
    {6, NULL, "1", "not_retained", 0, 0, 0},
    {6, NULL, "1", "retention_unknown", 0, 0, 0},
    {6, NULL, "1", "retained_share", 1, 1, 1},
    {12, "yes", NULL, "retained", 1, 1, 1},
    {12, "yes", NULL, "not_retained", 0, 0, 0},
    {12, "yes", NULL, "retention_unknown", 1, 1, 1},
    {12, "yes", NULL, "retained_share", 1, 1, 1},
    {12, NULL, NULL, "retained_difference", NAN, 1, NAN},
};

START_TEST(by_landmark)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, WIDE, cells, N), *out;
  fm_assert_ok(fm_programme_support_retention(&out, frame, NULL, NULL, &err), &err);
  for (size_t i = 0; i < FM_COUNT(by_hand); i++) {
    const char *received = fm_test_text(out, "received", i);
    double dose = fm_test_number(out, "dose_above", i);
    ck_assert_str_eq(fm_test_text(out, "quantity", i), by_hand[i].quantity);
    ck_assert(received == NULL ? by_hand[i].received == NULL : strcmp(received, by_hand[i].received) == 0);
    fm_assert_close("dose", dose, by_hand[i].dose == NULL ? (double)NAN : atof(by_hand[i].dose), 0, 0);
    fm_assert_close("months", fm_test_number(out, "horizon_months", i), by_hand[i].months, 0, 0);
    fm_assert_close(by_hand[i].quantity, fm_test_number(out, "value", i), by_hand[i].value, 1e-15, 0);
    fm_assert_close("n", fm_test_number(out, "n", i), by_hand[i].n, 0, 0);
    fm_assert_close("people", fm_test_number(out, "people", i), by_hand[i].people, 0, 0);
  }
  ck_assert_str_eq(fm_test_text(out, "state", 21), "empty");
  /* Wilson 2 of 3: 0.2076596 to 0.9385081; 1 of 2: 0.0945312 to 0.9054688. Newcombe: 1/6 - sqrt(0.4590071^2 +
   * 0.4054688^2), 1/6 + sqrt(0.2718414^2 + 0.4054688^2). */
  fm_assert_close("low", fm_test_number(out, "ci_low", 8), 1.0 / 6 - 0.6124478995285911, 1e-12, 0);
  fm_assert_close("high", fm_test_number(out, "ci_high", 8), 1.0 / 6 + 0.4881625586690837, 1e-12, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(bad_frames)
{
  static const struct {
    const char *row[8], *column;
  } bad[] = {{{"a", "mentor", "", "1", "0", "1", "1", "f"}, "horizon_months"},
             {{"a", "mentor", "6", "", "0", "1", "1", "f"}, "received"},
             {{"a", "mentor", "6", "1", "0", "", "1", "f"}, "in_rate"},
             {{"", "mentor", "6", "1", "0", "1", "1", "f"}, "person_id"}};
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_table *frame = fm_test_table(columns, WIDE, bad[i].row, 1);
    ck_assert_int_eq(fm_programme_support_retention(&out, frame, NULL, NULL, &err), FM_ERR_VALUE);
    ck_assert_str_eq(err.column, bad[i].column);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  for (size_t k = 1; k < 7; k++) {
    fm_table *frame = fm_test_table(columns, k, cells, 0);
    ck_assert_int_eq(fm_programme_support_retention(&out, frame, NULL, NULL, &err), FM_ERR_NOT_FOUND);
    fm_error_clear(&err);
    fm_table_destroy(frame);
  }
  static const char *const taken[] = {"support", "sex,horizon_months", "received", "dose_above"};
  for (int i = 0; i < FM_COUNT(taken); i++) {
    fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
    fm_tally *t;
    spec.by = taken[i];
    ck_assert_int_eq(fm_programme_support_retention_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(err.message, "is always by"));
    fm_error_clear(&err);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_initiatives_spec spec = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_support_retention_tally(out, &spec, err);
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
  Suite *s = suite_create("programme-support_retention");
  TCase *t = tcase_create("support_retention");
  tcase_add_test(t, by_landmark);
  tcase_add_test(t, bad_frames);
  tcase_add_test(t, promises);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
