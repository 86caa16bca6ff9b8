/* Bytes that are whole but cannot be: states no tally ever saves. Limits far outside what data give. */
#include <math.h>

#include "retention/answers_priv.h"
#include "retention/curve_priv.h"
#include "support/support.h"

typedef struct cell {
  uint64_t key, count;
} cell;

START_TEST(test_cells)
{
  static const struct {
    const char *label;
    uint64_t n;
    cell cells[2];
    fm_status status;
  } rows[] = {
      {"good", 2, {{(1 << 8) + 2, 1}, {(2 << 8) + 1, 3}}, FM_OK},
      {"enters and ends", 2, {{1 << 8, 3}, {(2 << 8) + 3, 3}}, FM_OK},
      {"more cells than bytes", 3, {{(1 << 8) + 2, 1}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"falling", 2, {{(2 << 8) + 2, 1}, {(1 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"twice the same", 2, {{(1 << 8) + 2, 1}, {(1 << 8) + 2, 3}}, FM_ERR_FORMAT},
      {"no rows", 2, {{(1 << 8) + 2, 0}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"too many rows", 2, {{(1 << 8) + 2, UINT64_MAX}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"third cause", 2, {{(1 << 8) + 4, 1}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"no such group", 2, {{(1 << 8) + 2, 1}, {(UINT64_C(1) << 39) + 1, 3}}, FM_ERR_FORMAT},
      {"enters at 0", 2, {{0, 1}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"more enter than end", 2, {{1 << 8, 4}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
      {"enters when others end", 2, {{2 << 8, 1}, {(2 << 8) + 1, 3}}, FM_ERR_FORMAT},
  };
  fm__bytes b = {0};
  fm__cells cells;
  fm_error err = FM_ERROR_INIT;
  fm__bytes_u64(&b, rows[_i].n);
  for (int k = 0; k < 2; k++) {
    fm__bytes_u64(&b, rows[_i].cells[k].key);
    fm__bytes_u64(&b, rows[_i].cells[k].count);
  }
  fm__reader r = {.data = b.data, .size = b.size};
  fm_status status = fm__cells_load(&cells, false, 1, 2, &r, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s", rows[_i].label, fm_status_name(status));
  ck_assert((cells.keys != NULL) == (status == FM_OK));
  fm__cells_free(&cells);
  fm__bytes_free(&b);
}
END_TEST

/* Entries weigh less than nothing, ends more. */
START_TEST(test_cell_weights)
{
  for (uint32_t kind = FM__CELL_ENTER; kind <= FM__CELL_EVENT; kind++)
    for (int sign = -1; sign <= 1; sign++) {
      fm__bytes b = {0};
      fm__cells cells;
      fm__sum sum = {0}, later = {0};
      fm_error err = FM_ERROR_INIT;
      fm__sum_add(&sum, sign);
      fm__sum_add(&later, 1);
      fm__bytes_u64(&b, 2);
      fm__bytes_u64(&b, fm__cell_key(0, 5, kind));
      fm__bytes_u64(&b, 1);
      fm__sum_save(&sum, &b);
      fm__bytes_u64(&b, fm__cell_key(0, 6, FM__CELL_CENSOR));
      fm__bytes_u64(&b, 1);
      fm__sum_save(&later, &b);
      fm__reader r = {.data = b.data, .size = b.size};
      bool good = sign == (kind == FM__CELL_ENTER ? -1 : 1);
      ck_assert_int_eq(fm__cells_load(&cells, true, 1, 1, &r, &err), good ? FM_OK : FM_ERR_FORMAT);
      fm__cells_free(&cells);
      fm__bytes_free(&b);
    }
}
END_TEST

START_TEST(test_answers)
{
  static const struct {
    const char *label;
    uint64_t n, low, tag, count;
    double weight;
    fm_status status;
  } rows[] = {
      {"good", 2, 7, 3 << 3, 1, 1, FM_OK},
      {"more answers than bytes", 4, 7, 3 << 3, 1, 1, FM_ERR_FORMAT},
      {"falling", 2, 4, 3 << 3, 1, 1, FM_ERR_FORMAT},
      {"no such kind", 2, 7, (3 << 3) + 5, 1, 1, FM_ERR_FORMAT},
      {"no such group", 2, 7, 1 << 19, 1, 1, FM_ERR_FORMAT},
      {"none", 2, 7, 3 << 3, 0, 1, FM_ERR_FORMAT},
      {"too many", 2, 7, 3 << 3, UINT64_MAX, 1, FM_ERR_FORMAT},
      {"weight 0", 2, 7, 3 << 3, 1, 0, FM_ERR_FORMAT},
      {"weight infinite", 2, 7, 3 << 3, 1, INFINITY, FM_ERR_FORMAT},
      {"weight not a number", 2, 7, 3 << 3, 1, NAN, FM_ERR_FORMAT},
  };
  fm__bytes b = {0};
  fm__answers answers;
  fm_error err = FM_ERROR_INIT;
  fm__bytes_u64(&b, rows[_i].n);
  for (int k = 0; k < 2; k++) {
    fm__bytes_u64(&b, k == 0 ? 5 : rows[_i].low);
    fm__bytes_u64(&b, 9);
    fm__bytes_u64(&b, k == 0 ? 6 << 3 : rows[_i].tag);
    fm__bytes_u64(&b, k == 0 ? 1 : rows[_i].count);
    fm__bytes_f64(&b, k == 0 ? 1 : rows[_i].weight);
  }
  fm__reader r = {.data = b.data, .size = b.size};
  fm_status status = fm__answers_load(&answers, true, 1, &r, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s", rows[_i].label, fm_status_name(status));
  fm__answers_free(&answers);
  fm__bytes_free(&b);
}
END_TEST

/* Two people whose hashes share the lower half stay apart, in order of the upper half. */
START_TEST(test_same_lower_half)
{
  static const uint64_t high[] = {3, 1, 3, 2};
  fm__answers answers = {.items = fm__array(4, sizeof *answers.items), .n = 4};
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < 4; i++) {
    answers.items[i] = (fm__answer){.weight = 1, .count = 1, .tag = fm__answer_tag(0, 3, FM__YES)};
    answers.items[i].person = (fm__hash128){.low = 8, .high = high[i]};
  }
  fm_assert_ok(fm__answers_order(&answers, &err), &err);
  ck_assert_uint_eq(answers.n, 3);
  for (size_t i = 0; i < 3; i++) {
    ck_assert_uint_eq(answers.items[i].person.high, i + 1);
    ck_assert_uint_eq(answers.items[i].count, i == 2 ? 2 : 1);
  }
  fm__answers_free(&answers);
}
END_TEST

START_TEST(test_wide_limits)
{
  static const double errors[] = {0.01, 1, 40, 1e4, 1e200};
  for (int32_t kind = FM__CONF_PLAIN; kind <= FM__CONF_ARCSIN; kind++)
    for (int p = 1; p < 100; p += 7)
      for (int e = 0; e < FM_COUNT(errors); e++) {
        double low, high, survival = p / 100.;
        fm__survival_limits(survival, errors[e], kind, 1.96, &low, &high);
        if (!(low >= 0 && low <= survival && survival <= high && high <= 1))
          ck_abort_msg("kind %d, S %g, error %g: %g to %g", kind, survival, errors[e], low, high);
      }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-bytes");
  TCase *tests = tcase_create("bytes");
  tcase_add_loop_test(tests, test_cells, 0, 12);
  tcase_add_test(tests, test_cell_weights);
  tcase_add_loop_test(tests, test_answers, 0, 10);
  tcase_add_test(tests, test_same_lower_half);
  tcase_add_test(tests, test_wide_limits);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
