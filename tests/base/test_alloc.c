#include "support/support.h"

#include <string.h>

#include "base/base_priv.h"

static size_t calls;

static void *count_calls(void *ctx, void *ptr, size_t size)
{
  (void)ctx;
  calls++;
  if (size == 0) {
    free(ptr);
    return NULL;
  }
  return realloc(ptr, size);
}

START_TEST(hooks_see_every_call)
{
  fm_allocator hooks = {.resize = count_calls, .ctx = &calls}, read;
  calls = 0;
  fm_set_allocator(&hooks);
  fm_get_allocator(&read);
  ck_assert(read.resize == count_calls && read.ctx == &calls);
  char *p = fm__array(3, 2);
  ck_assert(p != NULL && p[0] == 0 && p[5] == 0);
  p = fm__resize(p, 100, 1);
  fm_free(p);
  fm_free(NULL);
  fm_set_allocator(NULL);
  ck_assert_uint_eq(calls, 3);
  fm_get_allocator(&read);
  ck_assert_ptr_null((void *)(uintptr_t)read.resize);
}
END_TEST

START_TEST(sizes_are_checked)
{
  size_t out;
  ck_assert(!fm__multiply(SIZE_MAX, 2, &out) && !fm__add(SIZE_MAX, 1, &out));
  ck_assert(fm__multiply(SIZE_MAX, 1, &out) && out == SIZE_MAX);
  ck_assert(fm__multiply(5, 0, &out) && out == 0);
  ck_assert_ptr_null(fm__array(SIZE_MAX, 8));
  ck_assert_ptr_null(fm__resize(NULL, SIZE_MAX, 8));
  ck_assert_ptr_null(fm__copy_text("", SIZE_MAX));
}
END_TEST

START_TEST(nothing_is_still_a_pointer)
{
  void *a = fm__alloc(0), *b = fm__array(0, 8), *c = fm__resize(NULL, 0, 8);
  char *d = fm__copy_text(NULL, 0);
  ck_assert(a != NULL && b != NULL && c != NULL && d != NULL && d[0] == '\0');
  fm__free(a);
  fm__free(b);
  fm__free(c);
  fm__free(d);
}
END_TEST

START_TEST(growing_keeps_what_is_there)
{
  int *items = NULL;
  size_t capacity = 0;
  for (size_t n = 0; n < 1000; n++) {
    ck_assert(fm__grow((void **)&items, &capacity, n + 1, sizeof *items));
    items[n] = (int)n;
  }
  for (size_t n = 0; n < 1000; n++)
    ck_assert_int_eq(items[n], (int)n);
  int *before = items;
  ck_assert(!fm__grow((void **)&items, &capacity, SIZE_MAX / 2, sizeof *items));
  ck_assert_ptr_eq(items, before);
  fm__free(items);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-alloc");
  TCase *t = tcase_create("alloc");
  tcase_add_test(t, hooks_see_every_call);
  tcase_add_test(t, sizes_are_checked);
  tcase_add_test(t, nothing_is_still_a_pointer);
  tcase_add_test(t, growing_keeps_what_is_there);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
