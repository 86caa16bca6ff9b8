/* income.bottom40 as a tally: any split, order and merge; saved bytes; cancelling; failing allocations. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "base/base_priv.h"
#include "flexmetrics/income.h"

static const char *const columns[] = {"person_id:code", "income_0:f64", "income_1:f64",    "weight_0:f64",
                                      "weight_1:f64",   "area:code",    "participant:bool"};
enum { N_COLUMNS = 7, N_ROWS = 14 };
static const char *const cells[] = {
    "a", "100.1", "130.7", "3",    "2",   "n", "1", /**/
    "b", "100.1", "90.3",  "1.25", "1",   "n", "0", /**/
    "c", "250.9", "",      "2",    "1.5", "s", "",  /**/
    "d", "",      "300.2", "1",    "4",   "s", "",  /**/
    "e", "-20.4", "77.7",  "0.5",  "0.5", "n", "0", /**/
    "f", "410.6", "400.5", "6",    "7",   "n", "1", /**/
    "g", "300.3", "310.1", "2.5",  "2.5", "n", "",  /**/
    "h", "0",     "0",     "1",    "1",   "s", "1", /**/
    "i", "-0",    "0",     "1",    "1",   "s", "1", /**/
    "j", "",      "",      "1",    "1",   "",  "",  /**/
    "k", "5",     "6",     "0",    "0",   "w", "1", /**/
    "l", "0",     "0",     "1",    "1",   "s", "1", /**/
    "m", "12.5",  "19",    "0.1",  "0.3", "s", "0", /**/
    "n", "99.7",  "12.5",  "0.7",  "0.3", "s", "0",
};

static fm_tally *make(void *ctx)
{
  fm_tally *t;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_bottom40_tally(&t, ctx, &err), &err);
  return t;
}

static fm_income_bottom40_spec spec_of(int k)
{
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  if (k >= 1)
    spec.weight = "weight";
  if (k >= 2) {
    spec.by = "area";
    spec.period_0 = 2018.31;
    spec.period_1 = 2023.5;
    spec.population = 1;
  }
  if (k >= 3)
    spec.line = 100.1;
  return spec;
}

START_TEST(any_split_and_order)
{
  fm_income_bottom40_spec spec = spec_of(_i);
  fm_test_tally(make, &spec, columns, N_COLUMNS, cells, N_ROWS);
}
END_TEST

START_TEST(other_specs_are_refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_bottom40_spec a = spec_of(2), b = spec_of(3);
  fm_tally *t = make(&a), *o = make(&b);
  void *bytes;
  size_t n;
  ck_assert_int_eq(fm_tally_merge(t, o, &err), FM_ERR_MISMATCH);
  ck_assert_ptr_nonnull(strstr(err.message, "line"));
  fm_assert_ok(fm_tally_save(&bytes, &n, o, &err), &err);
  ck_assert_int_eq(fm_tally_load(t, bytes, n, &err), FM_ERR_MISMATCH);
  ck_assert_str_eq(fm_tally_measure(t), "income.bottom40");
  fm_free(bytes);
  fm_tally_destroy(t);
  fm_tally_destroy(o);
}
END_TEST

/* Where a state begins in saved bytes, and its hash just before. */
static size_t state_at(const unsigned char *bytes)
{
  size_t at = 8;
  for (int text = 0; text < 2; text++) {
    uint32_t length;
    memcpy(&length, bytes + at, 4);
    at += 4 + length + (text == 0 ? 4 : 0); /* the state version follows the measure's name */
  }
  return at + 24;
}

/* Changes inside a row under a right check sum: each breaks one rule. Row 0: flags 3, then two incomes and weights. */
static const struct damage {
  const char *label;
  size_t at;   /* in the first row: 0 group, 4 flags, 8 x_0, 16 x_1, 24 w_0, 32 w_1, 40 count */
  double real; /* for 8 to 32 */
  uint32_t whole;
} damage[] = {
    {"group beyond the last", 0, 0, 9},
    {"no flags", 4, 0, 0},
    {"unknown flag", 4, 0, 64 + 3},
    {"has and misses", 4, 0, 1 + 2 + 4},
    {"both kinds", 4, 0, 3 + 16 + 32},
    {"a kind without both incomes", 4, 0, 1 + 32},
    {"a weight but no income", 4, 0, 1},
    {"income not finite", 8, INFINITY, 0},
    {"income -0", 8, -0.0, 0},
    {"out of order", 8, 1e9, 0},
    {"weight 0", 24, 0, 0},
    {"weight negative", 32, -1, 0},
    {"weight not finite", 24, INFINITY, 0},
    {"nobody", 40, 0, 0},
};

START_TEST(impossible_rows)
{
  const struct damage *d = &damage[_i];
  static const char *const rows[] = {"a", "1", "2", "1", "1", "n", "", "b", "3", "4", "1", "1", "n", ""};
  fm_error err = FM_ERROR_INIT;
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, rows, 2);
  fm_tally *t = make(&spec), *fresh = make(&spec);
  void *saved;
  size_t n;
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_save(&saved, &n, t, &err), &err);
  unsigned char *bytes = saved;
  size_t state = state_at(bytes), row = n - 2 * 48;
  if (d->at < 8 || d->at == 40) {
    memcpy(bytes + row + d->at, &d->whole, 4);
  } else {
    memcpy(bytes + row + d->at, &d->real, 8);
  }
  fm__hash128 hash = fm__hash(bytes + state, n - state);
  memcpy(bytes + state - 16, &hash.low, 8);
  memcpy(bytes + state - 8, &hash.high, 8);
  ck_assert_msg(fm_tally_load(fresh, bytes, n, &err) == FM_ERR_FORMAT, "%s", d->label);
  ck_assert_msg(strstr(err.message, "row") != NULL && strstr(err.message, "impossible") != NULL, "%s: %s", d->label,
                err.message);
  fm_free(saved);
  fm_tally_destroy(t);
  fm_tally_destroy(fresh);
  fm_table_destroy(frame);
}
END_TEST

/* Many merges of rows that repeat: pooled on the way, the same figures as one add. */
START_TEST(many_merges)
{
  enum { N = 40000 };
  double *x = calloc(N, sizeof *x), *y = calloc(N, sizeof *y);
  for (size_t i = 0; i < N; i++) {
    x[i] = (double)(i * 7919 % 1000) / 8;
    y[i] = (double)(i * 104729 % 500) / 8;
  }
  fm_error err = FM_ERROR_INIT;
  fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
  fm_table *frame, *results[2];
  fm_assert_ok(fm_table_create(&frame, "big", &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "income_0", x, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(frame, "income_1", y, NULL, N, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(frame, &err), &err);
  fm_tally *one = make(&spec), *merged = make(&spec), *part = make(&spec);
  fm_assert_ok(fm_tally_add(part, frame, NULL, &err), &err);
  void *bytes[2];
  size_t n[2];
  for (int k = 0; k < 4; k++) {
    fm_assert_ok(fm_tally_add(one, frame, NULL, &err), &err);
    fm_assert_ok(fm_tally_merge(merged, part, &err), &err);
  }
  fm_assert_ok(fm_tally_result(&results[0], one, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&results[1], merged, NULL, &err), &err);
  fm_assert_same_table("merged", results[1], results[0]);
  fm_assert_ok(fm_tally_save(&bytes[0], &n[0], one, &err), &err);
  fm_assert_ok(fm_tally_save(&bytes[1], &n[1], merged, &err), &err);
  ck_assert(n[0] == n[1] && memcmp(bytes[0], bytes[1], n[0]) == 0);
  ck_assert_msg(n[0] < 48 * 2000, "%zu bytes: equal rows are pooled", n[0]);
  /* The result of pooled rows is that of single rows. */
  fm_table_destroy(results[1]);
  fm_assert_ok(fm_tally_result(&results[1], one, NULL, &err), &err);
  fm_assert_same_table("pooled", results[1], results[0]);
  for (int k = 0; k < 2; k++) {
    fm_free(bytes[k]);
    fm_table_destroy(results[k]);
  }
  fm_tally_destroy(one);
  fm_tally_destroy(merged);
  fm_tally_destroy(part);
  fm_table_destroy(frame);
  free(x);
  free(y);
}
END_TEST

/* The tally and the call on arrays agree. */
START_TEST(same_as_arrays)
{
  enum { N = 20000 };
  static double x[N], w[N], ones[N];
  fm_error err = FM_ERROR_INIT;
  uint32_t state = 1;
  for (size_t i = 0; i < N; i++) {
    state = state * 1664525U + 1013904223U;
    x[i] = (double)(state >> 8) / 97;
    w[i] = (double)(1 + (state >> 4) % 900) / 7;
    ones[i] = 1;
  }
  for (int weighted = 0; weighted < 2; weighted++) {
    fm_table *frame, *t;
    fm_income_bottom40_spec spec = FM_INCOME_BOTTOM40_SPEC_INIT;
    spec.weight = weighted != 0 ? "weight" : NULL;
    fm_assert_ok(fm_table_create(&frame, "big", &err), &err);
    fm_assert_ok(fm_table_add_f64(frame, "income_0", x, NULL, N, NULL, NULL, &err), &err);
    fm_assert_ok(fm_table_add_f64(frame, "income_1", w, NULL, N, NULL, NULL, &err), &err);
    fm_assert_ok(fm_table_add_f64(frame, "weight_0", w, NULL, N, NULL, NULL, &err), &err);
    fm_assert_ok(fm_table_add_f64(frame, "weight_1", ones, NULL, N, NULL, NULL, &err), &err);
    fm_assert_ok(fm_table_seal(frame, &err), &err);
    fm_assert_ok(fm_income_bottom40(&t, frame, &spec, NULL, &err), &err);
    double mean, share, cut, rel = weighted != 0 ? 2e-15 : 2e-16;
    fm_assert_ok(fm_income_bottom(&mean, &share, &cut, x, weighted != 0 ? w : NULL, N, 0.4, NULL, &err), &err);
    static const char *const names[] = {"bottom_mean_0", "bottom_share_0", "cut_0"};
    const double values[] = {mean, share, cut};
    for (int k = 0; k < FM_COUNT(names); k++)
      fm_assert_close(names[k],
                      fm_test_number(t, "value", fm_test_row(t, "quantity", names[k], NULL, NULL, NULL, NULL)),
                      values[k], rel, 0);
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  *(double *)ctx = done;
  return 1;
}

START_TEST(cancelled)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_bottom40_spec spec = spec_of(2);
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), *out;
  double done = 0;
  fm_run run = FM_RUN_INIT;
  run.progress = stop;
  run.progress_ctx = &done;
  ck_assert_int_eq(fm_income_bottom40(&out, frame, &spec, &run, &err), FM_ERR_CANCELLED);
  ck_assert_ptr_null(out);
  fm_assert_close("after one of four groups", done, 0.25, 0, 0);
  fm_table_destroy(frame);
}
END_TEST

typedef struct call {
  fm_table *frame;
  fm_income_bottom40_spec spec;
} call;

static fm_status body(void *ctx, fm_error *err)
{
  const call *c = ctx;
  fm_tally *a = NULL, *b = NULL;
  fm_table *out = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = fm_income_bottom40_tally(&a, &c->spec, err);
  if (status == FM_OK)
    status = fm_tally_add(a, c->frame, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, a, err);
  if (status == FM_OK)
    status = fm_income_bottom40_tally(&b, &c->spec, err);
  if (status == FM_OK)
    status = fm_tally_load(b, bytes, n, err);
  if (status == FM_OK)
    status = fm_tally_merge(b, a, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, b, NULL, err);
  fm_table_destroy(out);
  fm_free(bytes);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
  if (status == FM_OK)
    status = fm_income_bottom40(&out, c->frame, &c->spec, NULL, err);
  if (status == FM_OK)
    fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  call c = {.frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS), .spec = spec_of(2)};
  ck_assert_int_gt(fm_test_allocations(body, &c), 20);
  fm_table_destroy(c.frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-state");
  TCase *t = tcase_create("state");
  tcase_add_loop_test(t, any_split_and_order, 0, 4);
  tcase_add_test(t, other_specs_are_refused);
  tcase_add_loop_test(t, impossible_rows, 0, FM_COUNT(damage));
  tcase_add_test(t, many_merges);
  tcase_add_test(t, same_as_arrays);
  tcase_add_test(t, cancelled);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
