#include "support/support.h"

#include <string.h>

#include "base/base_priv.h"

static fm_status mark(void *ctx, size_t index)
{
  ((unsigned char *)ctx)[index]++;
  return index == 77 ? FM_ERR_VALUE : FM_OK;
}

static fm_status no_memory(void *ctx, size_t index)
{
  (void)ctx;
  (void)index;
  return FM_ERR_MEMORY;
}

static double seen;
static int32_t watch(void *ctx, double done)
{
  seen = done;
  return *(const int32_t *)ctx;
}

START_TEST(each_task_once)
{
  unsigned char done[50] = {0};
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = (size_t)_i};
  fm_run run = FM_RUN_INIT;
  run.execute = _i > 0 ? fm_execute_threads : NULL;
  run.execute_ctx = &threads;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__run_tasks(_i > 0 ? &run : NULL, mark, done, 50, &err), &err);
  for (size_t i = 0; i < 50; i++)
    ck_assert_uint_eq(done[i], 1);
}
END_TEST

START_TEST(failures_come_back)
{
  unsigned char done[100] = {0};
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm__run_tasks(NULL, mark, done, 100, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "a task failed with FM_ERR_VALUE");
  ck_assert_uint_eq(done[78], 0);
  fm_error_clear(&err);
  ck_assert_int_eq(fm__run_tasks(NULL, no_memory, NULL, 1, &err), FM_ERR_MEMORY);
  ck_assert_str_eq(err.message, "out of memory");
}
END_TEST

START_TEST(part_of_a_run)
{
  int32_t answer = 0;
  fm__subrun part, within;
  fm_run run = FM_RUN_INIT;
  fm_error err = FM_ERROR_INIT;
  ck_assert_ptr_null(fm__run_within(&part, NULL, 0, 1));
  fm_assert_ok(fm__run_progress(fm__run_within(&part, &run, 0, 0.5), 1, &err), &err); /* nobody watches */
  run.progress = watch;
  run.progress_ctx = &answer;
  const fm_run *half = fm__run_within(&part, &run, 0.5, 1);
  fm_assert_ok(fm__run_progress(half, 0.5, &err), &err);
  ck_assert(seen == 0.75);
  fm_assert_ok(fm__run_progress(fm__run_within(&within, half, 0.5, 1), 0.5, &err), &err);
  ck_assert(seen == 0.875);
  answer = 1;
  ck_assert_int_eq(fm__run_progress(half, 1, &err), FM_ERR_CANCELLED);
}
END_TEST

START_TEST(progress_and_cancel)
{
  int32_t answer = 0;
  fm_run run = FM_RUN_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__run_progress(NULL, 0.5, &err), &err);
  fm_assert_ok(fm__run_progress(&run, 0.5, &err), &err);
  run.progress = watch;
  run.progress_ctx = &answer;
  fm_assert_ok(fm__run_progress(&run, 0.25, &err), &err);
  ck_assert(seen == 0.25);
  answer = 1;
  ck_assert_int_eq(fm__run_progress(&run, 0.75, &err), FM_ERR_CANCELLED);
}
END_TEST

START_TEST(a_run_is_checked)
{
  fm_run macro = FM_RUN_INIT, function;
  fm_run_init(&function, sizeof function);
  ck_assert_mem_eq(&macro, &function, sizeof macro);
  ck_assert_int_eq(fm__run_check(NULL, NULL), FM_OK);
  ck_assert_int_eq(fm__run_check(&macro, NULL), FM_OK);
  macro.struct_size = 0;
  ck_assert_int_eq(fm__run_check(&macro, NULL), FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("base-run");
  TCase *t = tcase_create("run");
  tcase_add_loop_test(t, each_task_once, 0, 4);
  tcase_add_test(t, failures_come_back);
  tcase_add_test(t, part_of_a_run);
  tcase_add_test(t, progress_and_cancel);
  tcase_add_test(t, a_run_is_checked);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
