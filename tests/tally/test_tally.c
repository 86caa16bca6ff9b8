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

typedef struct counter_spec {
  size_t struct_size;
  const char *by;
  double level;
  int32_t kind;
} counter_spec;
static const counter_spec defaults = {sizeof defaults, NULL, 0.95, 0};
static const fm__field fields[] = {FM__FIELD(counter_spec, kind, FM__FIELD_I32),
                                   FM__FIELD(counter_spec, level, FM__FIELD_F64),
                                   FM__FIELD(counter_spec, by, FM__FIELD_TEXT)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  const counter_spec *s = spec;
  ck_assert(((counter *)state)->n == 0);
  if (s->kind < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "kind: expected 0 or more");
  fm__spec_text_i64(text, "twice", 2 * s->kind, 0);
  return FM_OK;
}

static fm__measure measure = {.id = "test.count",
                              .state_version = 3,
                              .spec_name = "counter_spec",
                              .defaults = &defaults,
                              .spec_size = sizeof defaults,
                              .state_size = sizeof(counter),
                              .fields = fields,
                              .n_fields = FM_COUNT(fields),
                              .open = open,
                              .add = add,
                              .merge = merge,
                              .save = save,
                              .load = load,
                              .result = result,
                              .is_empty = is_empty,
                              .destroy = fm__free};

static fm_status create(fm_tally **out, const counter_spec *spec, fm_error *err)
{
  return fm__measure_tally(out, &measure, spec, err);
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
  counter_spec spec = defaults;
  spec.level = 0.5;
  fm_test_tally(make, &spec, columns, 1, cells, 7);
}
END_TEST

START_TEST(one_call)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, 1, cells, 7), *out;
  fm_assert_ok(fm__measure_once(&out, &measure, frame, NULL, NULL, &err), &err);
  ck_assert(fm_test_number(out, "value", 0) == 7);
  fm_table_destroy(out);
  fm_run bad = {0};
  ck_assert_int_eq(fm__measure_once(&out, &measure, frame, NULL, &bad, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
  fm_table_destroy(frame);
  fm_table *unsealed;
  fm_assert_ok(fm_table_create(&unsealed, "open", NULL), &err);
  fm_error_clear(&err);
  ck_assert_int_eq(fm__measure_once(&out, &measure, unsealed, NULL, NULL, &err), FM_ERR_STATE);
  ck_assert_str_eq(err.message, "table open is not sealed; call fm_table_seal first");
  fm_table_destroy(unsealed);
}
END_TEST

/* What differs from the defaults, in the order of the fields, then what the measure adds. */
START_TEST(a_spec_is_its_text)
{
  fm_error err = FM_ERROR_INIT;
  counter_spec spec = {sizeof spec, "a,b", 0.5, 2};
  fm_tally *plain = make(NULL), *own = make(&spec);
  ck_assert_int_eq(fm_tally_merge(plain, own, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the tallies of test.count have different specs: \"\" and "
                                "\"kind=2;level=0x3fe0000000000000;by=a,b;twice=4\"");
  fm_tally_destroy(plain);
  fm_tally_destroy(own);
  fm_error_clear(&err);
  spec.kind = -1;
  ck_assert_int_eq(create(&own, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "kind: expected 0 or more");
  ck_assert_ptr_null(own);
  fm_error_clear(&err);
  spec.struct_size = 0;
  ck_assert_int_eq(create(&own, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "counter_spec: struct_size is not set"));
  ck_assert_ptr_null(own);
}
END_TEST

static fm_status two_rows_then_fail(void *fresh, const fm_table *frame, fm_error *err)
{
  ((counter *)fresh)->n += 2;
  return fm_table_n_rows(frame) == 7 ? FM_OK : fm__fail(err, FM_ERR_VALUE, "expected 7 rows");
}

START_TEST(added_apart)
{
  fm_error err = FM_ERROR_INIT;
  counter state = {5};
  fm_table *seven = fm_test_table(columns, 1, cells, 7), *three = fm_test_table(columns, 1, cells, 3);
  fm_assert_ok(fm__measure_add_apart(&state, &measure, &defaults, two_rows_then_fail, seven, &err), &err);
  ck_assert_uint_eq(state.n, 7);
  ck_assert_int_eq(fm__measure_add_apart(&state, &measure, &defaults, two_rows_then_fail, three, &err), FM_ERR_VALUE);
  ck_assert_uint_eq(state.n, 7);
  fm_table_destroy(seven);
  fm_table_destroy(three);
}
END_TEST

START_TEST(strangers_are_told_by_name)
{
  fm_error err = FM_ERROR_INIT;
  counter_spec spec = defaults;
  spec.by = "year";
  fm_tally *a = make(NULL), *b = make(&spec);
  ck_assert_str_eq(fm_tally_measure(a), "test.count");
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the tallies of test.count have different specs: \"\" and \"by=year\"");
  ck_assert_int_eq(fm_tally_merge(a, a, NULL), FM_ERR_ARGUMENT);
  void *bytes;
  size_t n;
  fm_error_clear(&err);
  fm_assert_ok(fm_tally_save(&bytes, &n, b, &err), &err);
  ck_assert_int_eq(fm_tally_load(a, bytes, n, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(err.message, "the saved tally of test.count has spec \"by=year\", expected \"\"");
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
  fm_tally *a = make(NULL);
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
  fm_status status = create(&a, NULL, err);
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
  tcase_add_test(t, a_spec_is_its_text);
  tcase_add_test(t, added_apart);
  tcase_add_test(t, strangers_are_told_by_name);
  tcase_add_test(t, a_state_of_another_length);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
