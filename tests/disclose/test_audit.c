#include "support/support.h"

#include <string.h>

/* Every whole table with the same sums and shown cells, tried one by one: the bounds no cleverness can beat. */
typedef struct trial {
  const int64_t *counts;
  const uint8_t *hidden;
  size_t rows, columns;
  int64_t floor, row_left[4], column_left[4], value[16], low[16], high[16];
} trial;

static void try_cell(trial *t, size_t i)
{
  size_t n = t->rows * t->columns;
  if (i == n) {
    for (size_t k = 0; k < t->rows; k++)
      if (t->row_left[k] != 0)
        return;
    for (size_t k = 0; k < t->columns; k++)
      if (t->column_left[k] != 0)
        return;
    for (size_t k = 0; k < n; k++) {
      t->low[k] = t->value[k] < t->low[k] ? t->value[k] : t->low[k];
      t->high[k] = t->value[k] > t->high[k] ? t->value[k] : t->high[k];
    }
    return;
  }
  size_t r = i / t->columns, c = i % t->columns;
  int64_t from = t->hidden[i] ? t->floor : t->counts[i], to = t->hidden[i] ? t->row_left[r] : t->counts[i];
  for (int64_t v = from; v <= to && v <= t->row_left[r] && v <= t->column_left[c]; v++) {
    t->value[i] = v;
    t->row_left[r] -= v;
    t->column_left[c] -= v;
    try_cell(t, i + 1);
    t->row_left[r] += v;
    t->column_left[c] += v;
  }
}

static unsigned seed = 1;
static unsigned draw(unsigned n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 16) % n;
}

START_TEST(equals_trying_every_table)
{
  seed = (unsigned)_i + 1;
  trial t = {.rows = 2 + draw(2), .columns = 2 + draw(2), .floor = 1};
  int64_t counts[16] = {0}, low[16], high[16];
  uint8_t hidden[16] = {0};
  size_t n = t.rows * t.columns;
  for (size_t i = 0; i < n; i++) {
    counts[i] = draw(7);
    hidden[i] = draw(10) < 7;
    if (hidden[i] && counts[i] == 0)
      t.floor = 0;
    t.row_left[i / t.columns] += counts[i];
    t.column_left[i % t.columns] += counts[i];
    t.low[i] = 1000;
    t.high[i] = -1;
  }
  t.counts = counts;
  t.hidden = hidden;
  try_cell(&t, 0);
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, t.rows, t.columns, &err), &err);
  for (size_t i = 0; i < n; i++)
    ck_assert_msg(low[i] == t.low[i] && high[i] == t.high[i], "table %d cell %zu: %d-%d, by trial %d-%d", _i, i,
                  (int)low[i], (int)high[i], (int)t.low[i], (int)t.high[i]);
}
END_TEST

/* The same four hidden cells: safe when an outsider must allow for 0, worked out when each is at least 1. */
START_TEST(published_zeros_tell)
{
  const int64_t with_zero[] = {1, 0, 0, 1}, ones[] = {1, 1, 1, 1};
  const uint8_t hidden[] = {1, 1, 1, 1};
  int64_t low[4], high[4];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_audit(low, high, with_zero, hidden, 2, 2, &err), &err);
  ck_assert(low[0] == 0 && high[0] == 1);
  fm_assert_ok(fm_disclose_audit(low, high, ones, hidden, 2, 2, &err), &err);
  ck_assert(low[0] == 1 && high[0] == 1);
}
END_TEST

START_TEST(parts_of_a_total)
{
  const int64_t counts[] = {3, 20, 6, 4};
  const uint8_t hidden[] = {1, 0, 0, 1}, one[] = {1, 0, 0, 0};
  int64_t low[4], high[4];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_disclose_audit(low, high, counts, hidden, 4, 1, &err), &err);
  ck_assert(low[0] == 1 && high[0] == 6 && low[3] == 1 && high[3] == 6 && low[1] == 20 && high[1] == 20);
  fm_assert_ok(fm_disclose_audit(low, high, counts, one, 1, 4, &err), &err);
  ck_assert(low[0] == 3 && high[0] == 3);
}
END_TEST

START_TEST(refusals)
{
  const int64_t negative[] = {1, -1};
  const uint8_t hidden[] = {1, 1};
  int64_t low[2], high[2];
  ck_assert_int_eq(fm_disclose_audit(low, high, negative, hidden, 2, 1, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_disclose_audit(low, high, negative, hidden, SIZE_MAX, 2, NULL), FM_ERR_LIMIT);
}
END_TEST

static fm_status audit_once(void *ctx, fm_error *err)
{
  (void)ctx;
  const int64_t counts[] = {1, 2, 3, 4};
  const uint8_t hidden[] = {1, 1, 1, 1};
  int64_t low[4], high[4];
  return fm_disclose_audit(low, high, counts, hidden, 2, 2, err);
}

START_TEST(allocations)
{
  ck_assert_int_ge(fm_test_allocations(audit_once, NULL), 3);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("disclose-audit");
  TCase *t = tcase_create("audit");
  tcase_add_loop_test(t, equals_trying_every_table, 0, 200);
  tcase_add_test(t, published_zeros_tell);
  tcase_add_test(t, parts_of_a_total);
  tcase_add_test(t, refusals);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
