#include "support/support.h"

#include <string.h>

#include "tally/tally_priv.h"

/* The smallest measure: it counts rows. */
typedef struct counter {
  uint64_t n;
} counter;

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  (void)run;
  (void)err;
  ((counter *)state)->n += fm_table_n_rows(frame);
  return FM_OK;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  (void)err;
  ((counter *)state)->n += ((const counter *)other)->n;
  return FM_OK;
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  (void)err;
  fm__bytes_u64(b, ((counter *)state)->n);
  return FM_OK;
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  (void)err;
  ((counter *)state)->n = fm__read_u64(r);
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  (void)run;
  fm__result *r;
  fm_status status = fm__result_create(&r, "test.count", "rows", NULL, 0, err);
  if (status != FM_OK)
    return status;
  fm__figure f = fm__figure_of("rows", "count");
  f.value = (double)((counter *)state)->n;
  fm__result_add(r, &f);
  return fm__result_finish(r, out, err);
}

static bool is_empty(const void *state)
{
  return ((const counter *)state)->n == 0;
}

static fm__measure measure = {"test.count", 3, add, merge, save, load, result, is_empty, fm__free};

static fm_status create(fm_tally **out, const char *spec, fm_error *err)
{
  *out = NULL;
  counter *c = fm__array(1, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  fm_status status = fm__tally_create(out, &measure, c, spec, err);
  if (status != FM_OK)
    fm__free(c);
  return status;
}

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

static const char *const columns[] = {"x:f64"};
static const char *const cells[] = {"1", "2", "3", "4", "5", "6", "7"};

START_TEST(promises)
{
  char spec[] = "level=1";
  fm_test_tally(make, spec, columns, 1, cells, 7);
}
END_TEST

START_TEST(one_call)
{
  fm_error err = FM_ERROR_INIT;
  char spec[] = "";
  fm_table *frame = fm_test_table(columns, 1, cells, 7), *out;
  fm_assert_ok(fm__tally_once(make(spec), &out, frame, NULL, &err), &err);
  ck_assert(fm_test_number(out, "value", 0) == 7);
  fm_table_destroy(out);
  fm_run bad = {0};
  ck_assert_int_eq(fm__tally_once(make(spec), &out, frame, &bad, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
  fm_table *open;
  fm_assert_ok(fm_table_create(&open, "open", NULL), &err);
  fm_error_clear(&err);
  ck_assert_int_eq(fm__tally_once(make(spec), &out, open, NULL, &err), FM_ERR_STATE);
  ck_assert_str_eq(err.message, "table open is not sealed; call fm_table_seal first");
  fm_table_destroy(open);
}
END_TEST

START_TEST(strangers_are_told_by_name)
{
  fm_error err = FM_ERROR_INIT;
  char plain[] = "", other[] = "level=2";
  fm_tally *a = make(plain), *b = make(other);
  ck_assert_str_eq(fm_tally_measure(a), "test.count");
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the tallies of test.count have different specs: \"\" and \"level=2\"");
  ck_assert_int_eq(fm_tally_merge(a, a, NULL), FM_ERR_ARGUMENT);
  void *bytes;
  size_t n;
  fm_error_clear(&err);
  fm_assert_ok(fm_tally_save(&bytes, &n, b, &err), &err);
  ck_assert_int_eq(fm_tally_load(a, bytes, n, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the saved tally of test.count has spec \"level=2\", expected \"\"");
  fm_error_clear(&err);
  measure.state_version = 4;
  ck_assert_int_eq(fm_tally_load(a, bytes, n, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the saved tally of test.count has state version 3, this library reads 4");
  fm_error_clear(&err);
  measure.state_version = 3;
  measure.id = "test.other";
  ck_assert_int_eq(fm_tally_load(a, bytes, n, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the saved tally is of measure test.count, expected test.other");
  fm_free(bytes);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  fm_tally_destroy(NULL);
}
END_TEST

static fm_status load_short(void *state, fm__reader *r, fm_error *err)
{
  (void)err;
  ((counter *)state)->n = fm__read_u32(r);
  return FM_OK;
}

START_TEST(a_state_of_another_length)
{
  fm_error err = FM_ERROR_INIT;
  char plain[] = "";
  fm_tally *a = make(plain);
  void *bytes;
  size_t n;
  fm_assert_ok(fm_tally_save(&bytes, &n, a, &err), &err);
  measure.load = load_short;
  ck_assert_int_eq(fm_tally_load(a, bytes, n, &err), FM_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(err.message, "its state has another length"));
  fm_free(bytes);
  fm_tally_destroy(a);
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  fm_tally *a = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = create(&a, "x=1", err);
  if (status == FM_OK)
    status = fm_tally_add(a, ctx, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, a, err);
  fm_free(bytes);
  fm_tally_destroy(a);
  return status;
}

START_TEST(allocations)
{
  fm_table *frame = fm_test_table(columns, 1, cells, 7);
  ck_assert_int_ge(fm_test_allocations(everything, frame), 5);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally-tally");
  TCase *t = tcase_create("tally");
  tcase_add_test(t, promises);
  tcase_add_test(t, one_call);
  tcase_add_test(t, strangers_are_told_by_name);
  tcase_add_test(t, a_state_of_another_length);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
