#include "support/support.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static size_t total;

static fm_status add_index(void *ctx, size_t index)
{
  (void)ctx;
  pthread_mutex_lock(&lock);
  total += index;
  pthread_mutex_unlock(&lock);
  return FM_OK;
}

static fm_status fail_at_ten(void *ctx, size_t index)
{
  (void)ctx;
  return index == 10 ? FM_ERR_VALUE : FM_OK;
}

static void *refuse(void *ctx, void *ptr, size_t size)
{
  (void)ctx;
  (void)size;
  (void)ptr;
  return NULL;
}

START_TEST(any_number_of_threads)
{
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = (size_t)_i};
  total = 0;
  ck_assert_int_eq(fm_execute_threads(&threads, add_index, NULL, 1000), FM_OK);
  ck_assert_uint_eq(total, 999 * 1000 / 2);
  ck_assert_int_eq(fm_execute_threads(&threads, fail_at_ten, NULL, 1000), FM_ERR_VALUE);
  ck_assert_int_eq(fm_execute_threads(&threads, fail_at_ten, NULL, 0), FM_OK);
}
END_TEST

START_TEST(no_context_is_serial)
{
  ck_assert_int_eq(fm_execute_threads(NULL, fail_at_ten, NULL, 20), FM_ERR_VALUE);
}
END_TEST

/* Without memory for the list of threads the caller's own thread does the work. */
START_TEST(no_memory_is_slower_not_wrong)
{
  fm_allocator hooks = {.resize = refuse};
  fm_threads two = {.struct_size = sizeof two, .n_threads = 2};
  total = 0;
  fm_set_allocator(&hooks);
  fm_status status = fm_execute_threads(&two, add_index, NULL, 1000);
  fm_set_allocator(NULL);
  ck_assert_int_eq(status, FM_OK);
  ck_assert_uint_eq(total, 999 * 1000 / 2);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-threads");
  TCase *t = tcase_create("threads");
  tcase_add_loop_test(t, any_number_of_threads, 0, 5);
  tcase_add_test(t, no_context_is_serial);
  tcase_add_test(t, no_memory_is_slower_not_wrong);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
