/* The canonical order of a Cox regression's rows, and the loops over them: the same bits from any form and order. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "retention/cox/order_priv.h"
#include "support/support.h"

enum { ROWS = 5000, WIDE = 14 };

typedef struct arrays {
  double x[WIDE][ROWS], weight[ROWS];
  const double *columns[WIDE];
  int32_t time[ROWS], entry[ROWS], cluster[ROWS];
  uint8_t event[ROWS];
  fm__cox_rows rows;
} arrays;

static double unit(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*state >> 11) * 0x1p-53;
}

/* What the rows hold: `kinds` values of each covariate, `days` times, a share of rows that leave no trace. */
typedef struct law {
  const char *label;
  size_t p, kinds;
  int32_t days;
  double idle;
} law;
static const law laws[] = {
    {"few kinds of rows, all on one day", 3, 2, 1, 0},
    {"all rows differ, all on one day", 2, 1 << 20, 1, 0},
    {"few kinds of rows, few days", 5, 3, 4, 0.1},
    {"all rows differ, many days", 7, 1 << 20, 900, 0.02},
    {"wide", 14, 1 << 20, 30, 0.5},
    {"two kinds", 1, 2, 12, 0.9},
};

static void fill(arrays *a, const law *l, size_t step)
{
  uint64_t state = 3;
  for (size_t k = 0; k < ROWS; k++) {
    size_t i = k * step % ROWS;
    for (size_t j = 0; j < l->p; j++)
      a->x[j][i] = floor(unit(&state) * (double)l->kinds) / (double)l->kinds - (j % 2 == 0 ? 0.5 : 0);
    a->time[i] = 1 + (int32_t)(unit(&state) * l->days);
    a->event[i] = unit(&state) < 0.6;
    a->entry[i] = unit(&state) < 0.2 ? a->time[i] / 2 : 0;
    a->weight[i] = unit(&state) < l->idle ? 0 : 1 + floor(unit(&state) * 3);
    a->cluster[i] = (int32_t)(unit(&state) * 50);
  }
  for (size_t j = 0; j < l->p; j++)
    a->columns[j] = a->x[j];
  a->rows = (fm__cox_rows){.n = ROWS,
                           .p = l->p,
                           .time = a->time,
                           .entry = a->entry,
                           .event = a->event,
                           .x = a->columns,
                           .weight = a->weight,
                           .cluster = a->cluster,
                           .n_strata = 1,
                           .n_clusters = 50};
}

static void same_rows(const fm__cox *a, const fm__cox *b, const char *label)
{
  size_t padded = a->n_blocks * FM__COX_BLOCK;
  ck_assert_msg(a->n == b->n && a->n_days == b->n_days, "%s", label);
  ck_assert_msg(memcmp(a->cell, b->cell, (2 * a->n_days + 1) * sizeof *a->cell) == 0, "%s", label);
  ck_assert_msg(memcmp(a->x, b->x, padded * a->wide * sizeof *a->x) == 0, "%s", label);
  ck_assert_msg(memcmp(a->weight, b->weight, padded * sizeof *a->weight) == 0, "%s", label);
  ck_assert_msg(memcmp(a->cluster, b->cluster, a->n * sizeof *a->cluster) == 0, "%s", label);
  ck_assert_msg((a->from == NULL) == (b->from == NULL), "%s", label);
  ck_assert_msg(a->from == NULL || memcmp(a->from, b->from, a->n * sizeof *a->from) == 0, "%s", label);
  ck_assert_msg(memcmp(a->event_x, b->event_x, a->wide * sizeof *a->event_x) == 0, "%s", label);
  ck_assert_msg(memcmp(a->day_weight, b->day_weight, a->n_days * sizeof *a->day_weight) == 0, "%s", label);
}

/* Every row given that counts lies in its cell, once; the sums over rows and over events are theirs. */
static void check_sums(const fm__cox *c, const arrays *a, const char *label)
{
  double given = 0, laid = 0, given_x = 0, laid_x = 0, event_x = 0;
  for (size_t i = 0; i < ROWS; i++) {
    bool at_risk = a->weight[i] > 0 && a->time[i] >= c->day_time[0] && a->entry[i] < c->day_time[c->n_days - 1];
    size_t d = 0;
    while (at_risk && d < c->n_days && !(c->day_time[d] > a->entry[i] && c->day_time[d] <= a->time[i]))
      d++;
    if (!at_risk || d == c->n_days)
      continue;
    given += a->weight[i];
    given_x += a->weight[i] * a->x[0][i];
    event_x += a->event[i] != 0 ? a->weight[i] * (a->x[0][i] - c->centre[0]) * c->scale[0] : 0;
  }
  for (size_t i = 0; i < c->n; i++) {
    double x = fm__cox_block(c, i / FM__COX_BLOCK)[i % FM__COX_BLOCK];
    laid += c->weight[i];
    laid_x += c->weight[i] * (x / c->scale[0] + c->centre[0]);
  }
  fm_assert_close(label, laid, given, 1e-14, 0);
  fm_assert_close(label, laid_x, given_x, 1e-12, 1e-9);
  fm_assert_close(label, c->event_x[0], event_x, 1e-12, 1e-9);
}

START_TEST(test_any_order)
{
  static arrays a;
  static const size_t steps[] = {1, 4999, 1237, 3001};
  const law *l = &laws[_i];
  fm__cox first, c;
  for (int k = 0; k < FM_COUNT(steps); k++) {
    fm_error err = FM_ERROR_INIT;
    fill(&a, l, steps[k]);
    fm_assert_ok(fm__cox_prepare(k == 0 ? &first : &c, &a.rows, NULL, &err), &err);
    if (k == 0) {
      check_sums(&first, &a, l->label);
      continue;
    }
    same_rows(&first, &c, l->label);
    fm__cox_free(&c);
  }
  fm__cox_free(&first);
}
END_TEST

/* Rows of weight 0 change nothing, whatever they hold. */
START_TEST(test_no_trace)
{
  static arrays a, without;
  fm_error err = FM_ERROR_INIT;
  fm__cox c, d;
  size_t n = 0;
  fill(&a, &laws[2], 1);
  fill(&without, &laws[2], 1);
  for (size_t i = 0; i < ROWS; i++) {
    if (a.weight[i] == 0) {
      a.x[0][i] = 1e50;
      a.time[i] = 5000;
      continue;
    }
    for (size_t j = 0; j < laws[2].p; j++)
      without.x[j][n] = a.x[j][i];
    without.time[n] = a.time[i];
    without.entry[n] = a.entry[i];
    without.event[n] = a.event[i];
    without.weight[n] = a.weight[i];
    without.cluster[n++] = a.cluster[i];
  }
  without.rows.n = n;
  ck_assert_uint_lt(n, ROWS);
  fm_assert_ok(fm__cox_prepare(&c, &a.rows, NULL, &err), &err);
  fm_assert_ok(fm__cox_prepare(&d, &without.rows, NULL, &err), &err);
  same_rows(&c, &d, "without rows of weight 0");
  fm__cox_free(&c);
  fm__cox_free(&d);
}
END_TEST

/* Cells of a caller's own: rows of weight above 0, cell by cell, and their columns. */
START_TEST(test_own_cells)
{
  static arrays a;
  static uint32_t cell[ROWS];
  static double first[ROWS][2];
  static const size_t steps[] = {1, 4999, 1237};
  for (int k = 0; k < FM_COUNT(steps); k++) {
    fm_error err = FM_ERROR_INIT;
    fm__cox c = {.p = 3, .wide = 4};
    uint32_t *row;
    size_t kept = 0;
    fill(&a, &laws[2], steps[k]);
    a.rows.p = 3;
    for (size_t i = 0; i < ROWS; i++) {
      cell[i] = (uint32_t)(7 * a.time[i] + a.cluster[i] % 7);
      kept += a.weight[i] > 0;
    }
    fm_assert_ok(fm__cox_order(&row, &c.n, &a.rows, cell, 36, &err), &err);
    ck_assert_uint_eq(c.n, kept);
    c.n_blocks = (c.n + FM__COX_BLOCK - 1) / FM__COX_BLOCK;
    c.x = calloc(c.n_blocks * FM__COX_BLOCK * c.wide, sizeof *c.x);
    c.centre = calloc(c.wide, sizeof *c.centre);
    c.scale = calloc(c.wide, sizeof *c.scale);
    fm_assert_ok(fm__cox_place_columns(&c, &a.rows, row, &err), &err);
    for (size_t i = 0; i < c.n; i++) {
      const double *x = fm__cox_block(&c, i / FM__COX_BLOCK) + i % FM__COX_BLOCK;
      ck_assert(a.weight[row[i]] > 0 && (i == 0 || cell[row[i]] >= cell[row[i - 1]]));
      for (size_t j = 0; j < c.p; j++)
        fm_assert_close("x", x[j * FM__COX_BLOCK], (a.x[j][row[i]] - c.centre[j]) * c.scale[j], 0, 0);
      ck_assert(x[3 * FM__COX_BLOCK] == 0);
      if (k > 0)
        ck_assert(first[i][0] == x[0] && first[i][1] == x[2 * FM__COX_BLOCK]);
      first[i][0] = x[0];
      first[i][1] = x[2 * FM__COX_BLOCK];
    }
    fm_free(row);
    fm__cox_free(&c);
  }
}
END_TEST

static fm_status order_and_place(void *ctx, fm_error *err)
{
  arrays *a = ctx;
  static uint32_t cell[ROWS];
  static double x[2 * (ROWS + FM__COX_BLOCK)], centre[2], scale[2];
  fm__cox c = {.p = 1, .wide = 2, .x = x, .centre = centre, .scale = scale};
  uint32_t *row;
  a->rows.p = 1;
  fm_status status = fm__cox_order(&row, &c.n, &a->rows, cell, 1, err);
  c.n_blocks = (c.n + FM__COX_BLOCK - 1) / FM__COX_BLOCK;
  if (status == FM_OK)
    status = fm__cox_place_columns(&c, &a->rows, row, err);
  fm_free(row);
  return status;
}

START_TEST(test_bad_covariates)
{
  static arrays a;
  static const double bad[] = {NAN, INFINITY, -INFINITY, 1.1e100, -2e100};
  for (int k = 0; k < FM_COUNT(bad); k++) {
    fm_error err = FM_ERROR_INIT;
    fm__cox c;
    fill(&a, &laws[2], 1);
    a.x[1][4321] = bad[k];
    ck_assert_int_eq(fm__cox_prepare(&c, &a.rows, NULL, &err), FM_ERR_VALUE);
    ck_assert_int_eq(err.row, 4321);
    ck_assert_msg(strstr(err.message, "a finite number up to 1e100") != NULL, "%s", err.message);
  }
}
END_TEST

/* ---- both kernels, more columns than they take at a time, numbers of rows that fill no lane ---- */
START_TEST(test_kernels)
{
  enum { FROM = 3, TO = 250, TAIL = 131 };
  static double x[WIDE * FM__COX_BLOCK], g[FM__COX_BLOCK], beta[WIDE];
  static double risk[2][FM__COX_BLOCK], sums[2][WIDE + 1], gram[2][WIDE * WIDE];
  static uint64_t hash[2][TAIL];
  const fm__cox_kernel *kernels[2] = {&fm__cox_kernel_plain, fm__cox_kernel_best()};
  fm__cox_range range[2] = {{INFINITY, -INFINITY}, {INFINITY, -INFINITY}};
  uint64_t state = 9;
  for (size_t i = 0; i < WIDE * FM__COX_BLOCK; i++)
    x[i] = 8 * unit(&state) - 4;
  for (size_t i = 0; i < FM__COX_BLOCK; i++)
    g[i] = unit(&state);
  for (size_t j = 0; j < WIDE; j++)
    beta[j] = unit(&state) - 0.5;
  for (int k = 0; k < 2; k++) {
    kernels[k]->risk(risk[k], x, g, beta, WIDE);
    kernels[k]->add(sums[k], x, g, FROM, TO, WIDE);
    kernels[k]->gram(gram[k], x, g, WIDE);
    kernels[k]->hash(hash[k], x, TAIL, 12345677);
    ck_assert(kernels[k]->reach(&range[k], x, TAIL));
  }
  ck_assert(memcmp(risk[0], risk[1], sizeof risk[0]) == 0 && memcmp(sums[0], sums[1], sizeof sums[0]) == 0);
  ck_assert(memcmp(gram[0], gram[1], sizeof gram[0]) == 0 && memcmp(hash[0], hash[1], sizeof hash[0]) == 0);
  ck_assert(memcmp(&range[0], &range[1], sizeof range[0]) == 0);
  for (size_t a = 0; a < WIDE; a++) {
    double sum = 0;
    for (size_t i = FROM; i < TO; i++)
      sum += g[i] * x[a * FM__COX_BLOCK + i];
    fm_assert_close("sum", sums[0][1 + a], sum, 1e-12, 1e-12);
    for (size_t b = 0; b <= a; b++) {
      double square = 0;
      for (size_t i = 0; i < FM__COX_BLOCK; i++)
        square += g[i] * x[a * FM__COX_BLOCK + i] * x[b * FM__COX_BLOCK + i];
      fm_assert_close("square", gram[0][a * WIDE + b], square, 1e-12, 1e-11);
    }
  }
  for (int k = 0; k < 2; k++) {
    double zero[] = {0, -0.0}, holes[] = {1, 2, 3, 4, NAN}, inside[] = {1, NAN, 3, 4};
    uint64_t of[2] = {0, 0};
    kernels[k]->hash(of, zero, 2, 99);
    ck_assert_uint_eq(of[0], of[1]);
    ck_assert(!kernels[k]->reach(&range[k], holes, 5) && !kernels[k]->reach(&range[k], inside, 4));
  }
}
END_TEST

static fm_status prepare(void *ctx, fm_error *err)
{
  arrays *a = ctx;
  fm__cox c;
  fm_status status = fm__cox_prepare(&c, &a->rows, NULL, err);
  if (status == FM_OK)
    fm__cox_free(&c);
  return status;
}

START_TEST(test_allocations)
{
  static arrays a;
  fill(&a, &laws[3], 1);
  ck_assert_int_gt(fm_test_allocations(prepare, &a), 15);
  ck_assert_int_gt(fm_test_allocations(order_and_place, &a), 10);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-cox_order");
  TCase *tcase = tcase_create("order");
  tcase_set_timeout(tcase, 120);
  tcase_add_loop_test(tcase, test_any_order, 0, FM_COUNT(laws));
  tcase_add_test(tcase, test_no_trace);
  tcase_add_test(tcase, test_own_cells);
  tcase_add_test(tcase, test_bad_covariates);
  tcase_add_test(tcase, test_kernels);
  tcase_add_test(tcase, test_allocations);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
