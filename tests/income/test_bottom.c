/* fm_income_bottom: hand-worked cases, ties, weights, order of the rows, memory, errors. */
#include "support/support.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "flexmetrics/income.h"

#define NONE NAN

/* Numbers separated by blanks; "" is nothing. */
static size_t parse(const char *text, double out[32])
{
  size_t n = 0;
  for (char *end = NULL; n < 32; text = end) {
    out[n] = strtod(text, &end);
    if (end == text)
      break;
    n++;
  }
  return n;
}

static const struct hand {
  const char *label, *x, *w;
  double p, mean, share, cut;
} hand[] = {
    {"all equal", "5 5 5 5 5", "", 0.4, 5, 0.4, 5},
    {"one owner", "0 0 0 1", "", 0.4, 0, 0, 0},
    /* 1.6 people: (1 + 0.6 x 2) / 1.6 = 1.375; 2.2 of 10 */
    {"part of a person", "1 2 3 4", "", 0.4, 1.375, 0.22, 2},
    {"not in order", "4 1 3 2", "", 0.4, 1.375, 0.22, 2},
    {"weights are repeated rows", "1 2 3", "2 1 1", 0.4, 1, 1.6 / 7, 1},
    {"weights below 1", "1 2 3", "0.2 0.1 0.1", 0.4, 1, 1.6 / 7, 1},
    /* 2 of 5: the 1 and one of the three 2s; 3 of 17 */
    {"ties at the cut", "1 2 2 2 10", "", 0.4, 1.5, 3.0 / 17, 2},
    {"ties with other weights", "1 2 2 10", "1 2 1 1", 0.4, 1.5, 3.0 / 17, 2},
    {"ties the other way", "2 10 1 2", "1 1 1 2", 0.4, 1.5, 3.0 / 17, 2},
    /* 4 of 10 persons: (3 x 10 + 1 x 20) / 4; 50 of 260 */
    {"the household at the cut is split", "10 20 50", "3 4 3", 0.4, 12.5, 5.0 / 26, 20},
    {"one row", "7", "3", 0.4, 7, 0.4, 7},
    /* 23.6 of 59: 9 below 10, 14.6 of the 40 at 10: (45 + 146) / 23.6 */
    {"one heavy row", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20", "1 1 1 1 1 1 1 1 1 40 1 1 1 1 1 1 1 1 1 1",
     0.4, 191 / 23.6, 191.0 / 600, 10},
    /* 1.2 of 3: (-5 + 0.2 x 0) / 1.2; -5 of 5 */
    {"losses are kept", "-5 0 10", "", 0.4, -5 / 1.2, -1, 0},
    {"a negative total has no share", "-5 -1 2", "", 0.4, (-5 - 0.2) / 1.2, NONE, -1},
    {"a total of 0 has no share", "-2 0 2", "", 0.4, -2 / 1.2, NONE, 0},
    {"the cut is hit exactly", "1 2 3 4 5", "", 0.4, 1.5, 0.2, 2},
    {"weight 0 leaves no trace", "99 1 2 -7 3 4", "0 1 1 0 1 1", 0.4, 1.375, 0.22, 2},
    {"minus zero", "-0 0 1", "", 0.4, 0, 0, 0},
    {"another share", "1 2 3 4", "", 0.75, 2, 0.6, 3},
    {"nobody", "", "", 0.4, NONE, NONE, NONE},
    {"nobody with a weight", "1 2", "0 0", 0.4, NONE, NONE, NONE},
};

START_TEST(by_hand)
{
  const struct hand *h = &hand[_i];
  double x[32], w[32], mean = 0, share = 0, cut = 0;
  fm_error err = FM_ERROR_INIT;
  size_t n = parse(h->x, x), n_w = parse(h->w, w);
  ck_assert(n_w == 0 || n_w == n);
  fm_assert_ok(fm_income_bottom(&mean, &share, &cut, x, n_w > 0 ? w : NULL, n, h->p, NULL, &err), &err);
  fm_assert_close(h->label, mean, h->mean, 1e-15, 0);
  fm_assert_close(h->label, share, h->share, 1e-15, 0);
  fm_assert_close(h->label, cut, h->cut, 0, 0);
  ck_assert_msg(!(cut == 0 && signbit(cut)), "%s: -0", h->label);
  fm_assert_ok(fm_income_bottom(NULL, NULL, NULL, x, NULL, n, h->p, NULL, &err), &err);
}
END_TEST

static const struct bad {
  const char *label, *x, *w;
  double p;
  fm_status status;
  int64_t row;
  const char *column, *message;
} bad[] = {
    {"income not a number", "1 nan 2", "", 0.4, FM_ERR_VALUE, 1, "income", "finite number"},
    {"income infinite", "1 2 -inf", "", 0.4, FM_ERR_VALUE, 2, "income", "finite number"},
    {"weight negative", "1 2", "-1 1", 0.4, FM_ERR_VALUE, 0, "weight", "at least 0"},
    {"weight not a number", "1 2", "1 nan", 0.4, FM_ERR_VALUE, 1, "weight", "at least 0"},
    {"weight infinite", "1 2", "1 inf", 0.4, FM_ERR_VALUE, 1, "weight", "at least 0"},
    {"share 0", "1", "", 0, FM_ERR_ARGUMENT, -1, "", "p_share"},
    {"share 1", "1", "", 1, FM_ERR_ARGUMENT, -1, "", "p_share"},
    {"share not a number", "1", "", NAN, FM_ERR_ARGUMENT, -1, "", "p_share"},
    {"products too large", "1e300 1e300", "1e300 1e300", 0.4, FM_ERR_LIMIT, -1, "", "range"},
};

START_TEST(errors)
{
  const struct bad *b = &bad[_i];
  double x[32], w[32], mean = 0, share = 0, cut = 0;
  fm_error err = FM_ERROR_INIT;
  size_t n = parse(b->x, x), n_w = parse(b->w, w);
  fm_status status = fm_income_bottom(&mean, &share, &cut, x, n_w > 0 ? w : NULL, n, b->p, NULL, &err);
  ck_assert_msg(status == b->status, "%s: %s", b->label, fm_status_name(status));
  ck_assert_msg(err.row == b->row, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strcmp(err.column, b->column) == 0, "%s: column %s", b->label, err.column);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_msg(isnan(mean) && isnan(share) && isnan(cut), "%s: an output was left", b->label);
}
END_TEST

START_TEST(no_array)
{
  double mean;
  fm_error err = FM_ERROR_INIT;
  fm_run run = FM_RUN_INIT;
  run.struct_size = 1;
  ck_assert_int_eq(fm_income_bottom(&mean, NULL, NULL, NULL, NULL, 2, 0.4, NULL, &err), FM_ERR_ARGUMENT);
  fm_assert_ok(fm_income_bottom(&mean, NULL, NULL, NULL, NULL, 0, 0.4, NULL, NULL), &err);
  ck_assert_int_ne(fm_income_bottom(&mean, NULL, NULL, &mean, NULL, 0, 0.4, &run, NULL), FM_OK);
}
END_TEST

static uint64_t next(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return *state >> 33;
}

static void draw(double *x, double *w, size_t n)
{
  uint64_t state = 40;
  for (size_t i = 0; i < n; i++) {
    uint64_t r = next(&state);
    x[i] = r % 5 == 0 ? 0 : (double)(next(&state) % 1000003) * 0.01 + (double)(r % 7) * 1e4;
    w[i] = (double)(1 + next(&state) % 1000) * 0.013;
  }
}

/* Turned round, in threads, and with weights times a power of two: the same bits. */
START_TEST(same_bits)
{
  enum { N = 300000 };
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w), *y = calloc(N, sizeof *y), *v = calloc(N, sizeof *v);
  double a[3], b[3];
  fm_error err = FM_ERROR_INIT;
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  draw(x, w, N);
  fm_assert_ok(fm_income_bottom(&a[0], &a[1], &a[2], x, w, N, 0.4, NULL, &err), &err);
  for (size_t i = 0; i < N; i++) {
    y[i] = x[N - 1 - i];
    v[i] = w[N - 1 - i];
  }
  fm_assert_ok(fm_income_bottom(&b[0], &b[1], &b[2], y, v, N, 0.4, &run, &err), &err);
  ck_assert_mem_eq(a, b, sizeof a);
  for (size_t i = 0; i < N; i++)
    v[i] *= 0x1p-20;
  fm_assert_ok(fm_income_bottom(&b[0], &b[1], &b[2], y, v, N, 0.4, NULL, &err), &err);
  ck_assert_mem_eq(a, b, sizeof a);
  ck_assert(a[1] > 0 && a[1] < 0.4);
  free(x);
  free(w);
  free(y);
  free(v);
}
END_TEST

/* Peak of the bytes in use; each block carries its size in front. */
typedef struct meter {
  size_t now, peak;
} meter;

static void *metered(void *ctx, void *ptr, size_t size)
{
  meter *m = ctx;
  size_t *block = ptr != NULL ? (size_t *)ptr - 2 : NULL;
  m->now -= block != NULL ? block[0] : 0;
  if (size == 0) {
    free(block);
    return NULL;
  }
  block = realloc(block, size + 2 * sizeof *block);
  block[0] = size;
  m->now += size;
  m->peak = m->now > m->peak ? m->now : m->peak;
  return block + 2;
}

static const struct memory {
  const char *label;
  bool weighted;
  int32_t tied; /* rows of ten that have the value at the cut */
} memory[] = {{"weights", true, 0},
              {"no weights", false, 0},
              {"most tied", true, 6},
              {"all tied", true, 10},
              {"all tied, no weights", false, 10}};

START_TEST(memory_a_row)
{
  enum { N = 1000000 };
  const struct memory *c = &memory[_i];
  double *x = calloc(N, sizeof *x), *w = calloc(N, sizeof *w), mean;
  meter m = {0};
  fm_allocator hooks = {.resize = metered, .ctx = &m};
  fm_error err = FM_ERROR_INIT;
  draw(x, w, N);
  for (size_t i = 0; i < N; i++)
    if ((int32_t)(i % 10) < c->tied)
      x[i] = 0;
  fm_set_allocator(&hooks);
  fm_status status = fm_income_bottom(&mean, NULL, NULL, x, c->weighted ? w : NULL, N, 0.4, NULL, &err);
  fm_set_allocator(NULL);
  fm_assert_ok(status, &err);
  ck_assert_msg(m.now == 0, "%s: %zu bytes left", c->label, m.now);
  ck_assert_msg(m.peak > 0 && m.peak <= (size_t)24 * N, "%s: %zu bytes", c->label, m.peak);
  free(x);
  free(w);
}
END_TEST

static fm_status body(void *ctx, fm_error *err)
{
  double *x = ctx, mean;
  return fm_income_bottom(&mean, NULL, NULL, x, x + 3000, 3000, 0.4, NULL, err);
}

START_TEST(allocations)
{
  double *x = calloc(6000, sizeof *x);
  draw(x, x + 3000, 3000);
  ck_assert_int_gt(fm_test_allocations(body, x), 0);
  free(x);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-bottom");
  TCase *t = tcase_create("bottom");
  tcase_add_loop_test(t, by_hand, 0, FM_COUNT(hand));
  tcase_add_loop_test(t, errors, 0, FM_COUNT(bad));
  tcase_add_test(t, no_array);
  tcase_add_test(t, same_bits);
  tcase_add_loop_test(t, memory_a_row, 0, FM_COUNT(memory));
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
