#include "support/support.h"

static unsigned seed = 1;
static unsigned draw(unsigned n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 16) % n;
}

/* Whatever is answered must hold up under the audit: small cells hidden, wide, and able to reach the threshold. */
START_TEST(answers_hold_up)
{
  seed = (unsigned)_i + 7;
  size_t rows = 1 + draw(6), columns = 1 + draw(4), n = rows * columns;
  int64_t counts[24], low[24], high[24];
  uint8_t hidden[24] = {0};
  int32_t safe;
  for (size_t i = 0; i < n; i++)
    counts[i] = draw(4) == 0 ? draw(6) : draw(60);
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_table(hidden, &safe, counts, rows, columns, 5, &err), &err);
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, rows, columns, &err), &err);
  for (size_t i = 0; i < n; i++) {
    bool small = counts[i] >= 1 && counts[i] <= 4;
    ck_assert_msg(!small || hidden[i], "table %d: cell %zu holds %d and is shown", _i, i, (int)counts[i]);
    ck_assert_msg(!safe || !small || (high[i] >= 5 && high[i] - low[i] >= 4), "table %d: cell %zu is %d to %d", _i, i,
                  (int)low[i], (int)high[i]);
  }
}
END_TEST

static const struct named {
  const char *label;
  size_t rows, columns;
  int64_t counts[16];
  int32_t safe;
  uint8_t hidden[16];
} cases[] = {
    {"nothing small", 2, 2, {10, 20, 30, 40}, 1, {0, 0, 0, 0}},
    {"zeros are shown", 2, 2, {0, 20, 30, 0}, 1, {0, 0, 0, 0}},
    {"a list takes its smallest partner", 4, 1, {3, 40, 12, 8}, 1, {1, 0, 0, 1}},
    {"a list without a partner", 1, 1, {3}, 0, {1}},
    {"too few people to protect", 2, 2, {1, 1, 1, 1}, 0, {1, 1, 1, 1}},
    {"a rectangle in a table", 2, 3, {3, 20, 9, 8, 30, 9}, 1, {1, 0, 1, 1, 0, 1}},
};

START_TEST(named_cases)
{
  const struct named *c = &cases[_i];
  uint8_t hidden[16] = {0};
  int32_t safe;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_table(hidden, &safe, c->counts, c->rows, c->columns, 5, &err), &err);
  ck_assert_msg(safe == c->safe, "%s: safe is %d", c->label, (int)safe);
  for (size_t i = 0; i < c->rows * c->columns; i++)
    ck_assert_msg(hidden[i] == c->hidden[i], "%s: cell %zu", c->label, i);
}
END_TEST

START_TEST(what_is_hidden_stays_hidden)
{
  const int64_t counts[] = {10, 20, 30, 40};
  uint8_t hidden[] = {1, 0, 0, 0};
  int32_t safe;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_table(hidden, &safe, counts, 2, 2, 5, &err), &err);
  ck_assert(safe == 1 && hidden[0] == 1 && hidden[1] == 0);
  ck_assert_int_eq(fm_disclose_table(hidden, &safe, counts, 2, 2, 0, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  (void)ctx;
  const int64_t counts[] = {3, 20, 9, 8, 30, 9};
  uint8_t hidden[6] = {0};
  int32_t safe;
  return fm_disclose_table(hidden, &safe, counts, 2, 3, 5, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(once, NULL), 4);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-table");
  TCase *t = tcase_create("table");
  tcase_add_loop_test(t, answers_hold_up, 0, 300);
  tcase_add_loop_test(t, named_cases, 0, FM_COUNT(cases));
  tcase_add_test(t, what_is_hidden_stays_hidden);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
