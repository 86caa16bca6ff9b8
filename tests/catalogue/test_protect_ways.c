/* Disclosure control of a breakdown by two columns beside bands of hours, whose tables have figures in common. */
#include "catalogue/bare.h"

#include <stdio.h>
#include <string.h>

static bool is_hidden(const fm_table *t, size_t i)
{
  return strcmp(fm_test_text(t, "state", i), "suppressed") == 0;
}

/* Of 42 women with basic schooling 11 + 29 have up to 30 hours: with both shown, 42 - 11 - 29 = 2 have more. */
static const char *const banded[] = {"indicator:code", "definition:code", "sex:code",  "education:code",
                                     "band:code",      "quantity:code",   "value:f64", "unit:code",
                                     "n:i64",          "people:i64",      "state:code"};
static const int of_bands[2][2][3] = {{{11, 29, 2}, {10, 12, 10}}, {{20, 15, 18}, {9, 8, 14}}};

static fm_table *table_of_bands(void)
{
  static const char *const sexes[] = {"female", "male"}, *const schools[] = {"basic", "higher"};
  static const char *const bands[] = {"<=10", "10-30", ">30", NULL};
  static char numbers[16][16];
  const char *cells[16 * 11];
  for (size_t i = 0; i < 16; i++) {
    size_t s = i / 8, e = i / 4 % 2, b = i % 4;
    const int *of = of_bands[s][e];
    snprintf(numbers[i], sizeof numbers[i], "%d", b < 3 ? of[b] : of[0] + of[1] + of[2]);
    const char *number = numbers[i];
    const char *const of_row[11] = {
        "programme.jobs", "d",     sexes[s], schools[e], bands[b], b < 3 ? "reduced_jobs" : "reduced",
        number,           "count", number,   number,     "ok"};
    memcpy((void *)&cells[i * 11], of_row, sizeof of_row);
  }
  return fm_test_table(banded, 11, cells, 16);
}

START_TEST(bands)
{
  fm_error err = FM_ERROR_INIT;
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT;
  fm_table *t = table_of_bands(), *out;
  spec.by = _i == 0 ? "sex,education" : NULL;
  fm_assert_ok(fm_catalogue_protect(&out, t, &spec, &err), &err);
  for (size_t group = 0; group < 4; group++) { /* the bands of one group make up what is reduced in it */
    size_t hidden = 0;
    for (size_t b = 0; b < 3; b++)
      hidden += is_hidden(out, group * 4 + b);
    ck_assert(hidden != 1 || is_hidden(out, group * 4 + 3));
  }
  for (size_t b = 0; b < 3 && _i == 0;
       b++) /* the two groups of one sex, and of one education, make up what others publish */
    for (size_t k = 0; k < 2; k++) {
      ck_assert_int_eq(is_hidden(out, k * 8 + b), is_hidden(out, k * 8 + 4 + b));
      ck_assert_int_eq(is_hidden(out, k * 4 + b), is_hidden(out, 8 + k * 4 + b));
    }
  ck_assert(is_hidden(out, 2));
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

static fm_status protect(void *ctx, fm_error *err)
{
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT;
  fm_table *out = NULL;
  spec.by = "sex,education";
  fm_status status = fm_catalogue_protect(&out, ctx, &spec, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(memory)
{
  fm_table *t = table_of_bands();
  ck_assert_int_gt(fm_test_allocations(protect, t), 10);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("catalogue-protect-ways");
  TCase *c = tcase_create("ways");
  tcase_set_timeout(c, 60);
  tcase_add_loop_test(c, bands, 0, 2);
  tcase_add_test(c, memory);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
