#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "table/table_priv.h"

START_TEST(numbered_by_first_arrival)
{
  fm__texts *t = fm__texts_create();
  char text[32];
  for (int i = 0; i < 5000; i++) {
    size_t n = (size_t)snprintf(text, sizeof text, "id%d", i % 2500);
    ck_assert_int_eq(fm__texts_add(t, text, n), i % 2500);
  }
  ck_assert_uint_eq(fm__texts_count(t), 2500);
  size_t length;
  ck_assert_str_eq(fm__texts_at(t, 2499, &length), "id2499");
  ck_assert_uint_eq(length, 6);
  ck_assert_int_eq(fm__texts_find(t, "id7", 3), 7);
  ck_assert_int_eq(fm__texts_find(t, "id7", 2), -1);
  fm__texts_destroy(t);
}
END_TEST

START_TEST(the_empty_text_is_a_text)
{
  fm__texts *t = fm__texts_create();
  ck_assert_int_eq(fm__texts_find(t, "", 0), -1);
  ck_assert_int_eq(fm__texts_add(t, NULL, 0), 0);
  ck_assert_int_eq(fm__texts_add(t, "", 0), 0);
  ck_assert_str_eq(fm__texts_at(t, 0, NULL), "");
  fm__texts_destroy(t);
  fm__texts_destroy(NULL);
}
END_TEST

static fm_status many(void *ctx, fm_error *err)
{
  (void)ctx;
  fm__texts *t = fm__texts_create();
  bool failed = t == NULL;
  char text[16];
  for (int i = 0; i < 60 && !failed; i++)
    failed = fm__texts_add(t, text, (size_t)snprintf(text, sizeof text, "%d", i)) != i;
  fm__texts_destroy(t);
  return failed ? fm__no_memory(err) : FM_OK;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(many, NULL), 8);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("table-texts");
  TCase *t = tcase_create("texts");
  tcase_add_test(t, numbered_by_first_arrival);
  tcase_add_test(t, the_empty_text_is_a_text);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
