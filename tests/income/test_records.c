/* Rows that a measure over sampled incomes refuses or leaves out, by their place; saved rows that cannot be. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base_priv.h"
#include "support/support.h"

static const char *const columns[] = {"income:f64", "w:f64"};
enum { N_ROWS = 3 };

static const struct bad {
  const char *label, *income, *weight; /* of row 1 */
  int32_t missing, negative;
  const char *column, *said; /* NULL: taken */
  double mean;
} bad[] = {
    {"good", "3", "2", 0, 0, NULL, NULL, 3}, /* (1 + 2 x 3 + 5) / 4 */
    {"infinite", "inf", "2", 0, 0, "income", "a finite income", 0},
    {"minus infinite", "-inf", "2", 0, 0, "income", "a finite income", 0},
    {"infinite, weight 0", "inf", "0", 0, 0, "income", "a finite income", 0},
    {"no weight", "3", "", 0, 0, "w", "a weight, as there is an income", 0},
    {"neither", "", "", 0, 0, NULL, NULL, 3},
    {"neither, though missing is an error", "", "", FM_INCOME_MISSING_ERROR, 0, NULL, NULL, 3},
    {"negative weight", "3", "-1", 0, 0, "w", "a finite weight of at least 0", 0},
    {"infinite weight", "3", "inf", 0, 0, "w", "a finite weight of at least 0", 0},
    {"weight 0", "3", "0", 0, 0, NULL, NULL, 3},
    {"weight 0 and a negative income", "-3", "0", 0, FM_INCOME_NEGATIVE_ERROR, NULL, NULL, 3},
    {"missing, dropped", "", "2", 0, 0, NULL, NULL, 3},
    {"missing, refused", "", "2", FM_INCOME_MISSING_ERROR, 0, "income", "an income (missing = error)", 0},
    {"negative, kept", "-3", "2", 0, 0, NULL, NULL, 0}, /* (1 - 6 + 5) / 4 */
    {"negative, refused", "-3", "2", 0, FM_INCOME_NEGATIVE_ERROR, "income", "an income of at least 0", 0},
    {"negative, dropped", "-3", "2", 0, FM_INCOME_NEGATIVE_DROP, NULL, NULL, 3},
    {"negative, zero", "-3", "2", 0, FM_INCOME_NEGATIVE_ZERO, NULL, NULL, 1.5}, /* (1 + 0 + 5) / 4 */
};

START_TEST(rows)
{
  const struct bad *b = &bad[_i];
  const char *cells[] = {"1", "1", b->income, b->weight, "5", "1"};
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 2, cells, N_ROWS), *out;
  rules.missing = b->missing;
  rules.negative = b->negative;
  spec.weight = "w";
  spec.measures = "mean";
  spec.rules = &rules;
  fm_status status = fm_income_distribution(&out, frame, &spec, NULL, &err);
  if (b->said == NULL) {
    fm_assert_ok(status, &err);
    fm_assert_close(b->label, fm_test_number(out, "value", 0), b->mean, 1e-15, 0);
  } else {
    ck_assert_msg(status == FM_ERR_VALUE && out == NULL, "%s: %s", b->label, fm_status_name(status));
    ck_assert_msg(strstr(err.message, b->said) != NULL, "%s: %s", b->label, err.message);
    ck_assert_msg(err.row == 1 && strcmp(err.column, b->column) == 0, "%s: row %d, column %s", b->label, (int)err.row,
                  err.column);
  }
  fm_table_destroy(out);
  fm_table_destroy(frame);
}
END_TEST

static fm_tally *tally(const char *measures)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_tally *t;
  spec.weight = "w";
  spec.measures = measures;
  fm_assert_ok(fm_income_distribution_tally(&t, &spec, &err), &err);
  return t;
}

/* A saved income or weight is changed in its bytes: 12345.5 and 77.25 are nowhere else in them. */
static const struct damage {
  const char *label;
  double from, to;
  bool fits;
} damages[] = {
    {"another income", 12345.5, 12346, true},
    {"infinite income", 12345.5, INFINITY, false},
    {"minus infinite income", 12345.5, -INFINITY, false},
    {"another weight", 77.25, 78, true},
    {"weight 0", 77.25, 0, false},
    {"negative weight", 77.25, -1, false},
    {"infinite weight", 77.25, INFINITY, false},
    {"no weight", 77.25, NAN, false},
};

static size_t replace(unsigned char *bytes, size_t n, double from, double to)
{
  size_t found = 0;
  for (size_t i = 0; i + sizeof from <= n; i++)
    if (memcmp(bytes + i, &from, sizeof from) == 0) {
      memcpy(bytes + i, &to, sizeof to);
      found++;
    }
  return found;
}

/* The check sum of the changed state: after the head come its size as eight bytes, then low and high. */
static void sign(unsigned char *bytes, size_t n)
{
  for (size_t at = 0; at + 24 <= n; at++) {
    uint64_t size = n - at - 24;
    if (memcmp(bytes + at, &size, sizeof size) == 0) {
      fm__hash128 hash = fm__hash(bytes + at + 24, (size_t)size);
      memcpy(bytes + at + 8, &hash.low, sizeof hash.low);
      memcpy(bytes + at + 16, &hash.high, sizeof hash.high);
      return;
    }
  }
  ck_abort_msg("no size of the state");
}

START_TEST(saved)
{
  static const char *const cells[] = {"12345.5", "77.25"};
  const struct damage *d = &damages[_i];
  fm_error err = FM_ERROR_INIT;
  void *bytes;
  size_t n;
  fm_table *frame = fm_test_table(columns, 2, cells, 1);
  fm_tally *t = tally("mean"), *again = tally("mean");
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_save(&bytes, &n, t, &err), &err);
  ck_assert_uint_eq(replace(bytes, n, d->from, d->to), 1);
  sign(bytes, n);
  fm_status status = fm_tally_load(again, bytes, n, &err);
  ck_assert_msg(status == (d->fits ? FM_OK : FM_ERR_FORMAT), "%s: %s: %s", d->label, fm_status_name(status),
                err.message);
  fm_free(bytes);
  fm_tally_destroy(t);
  fm_tally_destroy(again);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income records");
  TCase *c = tcase_create("records");
  tcase_add_loop_test(c, rows, 0, FM_COUNT(bad));
  tcase_add_loop_test(c, saved, 0, FM_COUNT(damages));
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
