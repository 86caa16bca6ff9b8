/* Weeks as numbers, and the counter that starts anew after enough self-support. */
#include "economy/weeks_priv.h"

#include "economy/look.h"

START_TEST(numbers)
{
  for (int32_t date = day(1900, 1, 1); date < day(2030, 1, 1); date += 5) {
    int32_t week = fm__week_number(date), monday = fm__week_monday(week);
    ck_assert_int_eq(fm_date_weekday(monday), 1);
    ck_assert_int_eq(fm_date_weekday(fm__week_thursday(week)), 4);
    ck_assert(monday <= date && date < monday + 7);
  }
}
END_TEST

/* Each week asked alone: 52 weeks without benefit in the 156 before any week since the last start. */
static int64_t slowly(const uint8_t *on, int n, int reset, int window, int *start)
{
  int64_t weeks = 0;
  for (int w = *start; w <= n; w++) {
    int free_weeks = 0;
    for (int v = w - window < *start ? *start : w - window; v < w; v++)
      free_weeks += on[v] == 0;
    if (free_weeks >= reset && on[w] == 1) {
      weeks = 0;
      *start = w;
    }
    weeks += on[w] == 1;
  }
  return weeks;
}

START_TEST(starts_anew)
{
  static const struct {
    int32_t gap;
    int64_t next;
  } row[] = {{1, 11}, {51, 11}, {52, 1}, {500, 1}};
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm__week_count c = {.reset = 52, .window = 156};
    for (int32_t w = 0; w < 10; w++)
      ck_assert_int_eq(fm__week_count_next(&c, 100 + w, true), w + 1);
    ck_assert_int_eq(fm__week_count_next(&c, 110 + row[k].gap, true), row[k].next);
    fm__week_count_close(&c);
  }
  fm__week_count never = {.reset = 0};
  ck_assert_int_eq(fm__week_count_next(&never, 0, true), 1);
  ck_assert_int_eq(fm__week_count_next(&never, 1000, true), 2);
  ck_assert_int_eq(fm__week_count_next(&never, 1001, false), 3);
  ck_assert_int_eq(fm__week_count_next(&never, 1002, true), 3);
  fm__week_count_close(&never);
}
END_TEST

/* Against the slow count, weeks drawn by a fixed rule. A benefit week after a reset is the first of a new count, and
 * what went before it is forgotten. */
START_TEST(at_random)
{
  enum { WEEKS = 400 };
  uint8_t on[WEEKS];
  uint32_t x = 12345;
  for (int k = 0; k < 60; k++) {
    fm__week_count c = {.reset = 6, .window = 15};
    int start = -1;
    for (int w = 0; w < WEEKS; w++) {
      x = x * 1664525U + 1013904223U;
      on[w] = (uint8_t)((x >> 24) % 10 < 4 + (unsigned)k % 5);
      if (on[w] == 0)
        continue;
      start = start < 0 ? w : start;
      int64_t expected = slowly(on, w, 6, 15, &start);
      ck_assert_int_eq(fm__week_count_next(&c, w, true), expected);
    }
    fm__week_count_close(&c);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("economy-weeks");
  TCase *tests = tcase_create("weeks");
  tcase_add_test(tests, numbers);
  tcase_add_test(tests, starts_anew);
  tcase_add_test(tests, at_random);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
