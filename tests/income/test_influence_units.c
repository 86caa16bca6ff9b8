/* Sums by sampling unit from incomes with their units beside them: the same bits for any order, split and number of
 * threads, and those of members that carry their units. */
#include <math.h>
#include <string.h>

#include "income/dist/dist_build_priv.h"
#include "income/measure/influence_priv.h"
#include "num/random.h"
#include "support/support.h"

enum { LARGE = 120000, UNITS = 300, KINDS = 7 };

static const char *const kind_names[KINDS] = {"lognormal",       "cents",  "zeros and a tail",       "constant",
                                              "thousand values", "narrow", "two clusters, far apart"};

static double income_of(int kind, uint64_t *s)
{
  double u = random_unit(s), z = random_normal(s);
  switch (kind) {
  case 0:
    return exp(12.5 + 0.6 * z);
  case 1:
    return floor(100 * exp(9.5 + 0.6 * z)) / 100;
  case 2:
    return u < 0.3 ? (u < 0.1 ? -0.0 : 0.0) : 1e4 / sqrt(1 - random_unit(s));
  case 3:
    return 250000.5;
  case 4:
    return 1000 + 250.25 * floor(1000 * u);
  case 5:
    return u < 1e-4 ? fabs(z) * 1e12 : 1e6 + u * 1e-3;
  default: /* crowds far narrower than any cell of a table over the whole range */
    return u < 0.5 ? 1 + floor(u * 0x1p40) * 0x1p-52 : u < 0.9 ? 1e80 * (1 + floor(u * 0x1p40) * 0x1p-52) : u;
  }
}

typedef struct rows {
  double *x, *w;
  uint32_t *unit;
  size_t n;
} rows;

/* Weights in 1/16, so that parts add exactly; some are 0. */
static void make(rows *r, int kind)
{
  uint64_t s = 7 + (uint64_t)kind;
  *r = (rows){fm__array(2 * LARGE, sizeof(double)), fm__array(2 * LARGE, sizeof(double)),
              fm__array(2 * LARGE, sizeof(uint32_t)), LARGE};
  for (size_t i = 0; i < LARGE; i++) {
    r->x[i] = income_of(kind, &s);
    r->w[i] = floor(200 * random_unit(&s)) / 16;
    r->unit[i] = (uint32_t)random_below(&s, UNITS);
  }
}

static void unmake(rows *r)
{
  fm__free(r->x);
  fm__free(r->w);
  fm__free(r->unit);
}

static void shuffle(rows *r, uint64_t seed)
{
  for (size_t i = r->n; i > 1; i--) {
    size_t j = random_below(&seed, i);
    double x = r->x[i - 1], w = r->w[i - 1];
    uint32_t unit = r->unit[i - 1];
    r->x[i - 1] = r->x[j], r->w[i - 1] = r->w[j], r->unit[i - 1] = r->unit[j];
    r->x[j] = x, r->w[j] = w, r->unit[j] = unit;
  }
}

/* Of each kind of term, through measures: of the income, of the sums below it, and those read one income at a time. */
static const char *const measures = "mean,median,gini,hoover,s80s20,at_risk_of_poverty(0.6),lorenz(0.3),"
                                    "fgt(1),fgt(2),wolfson,zenga,theil,sen";
enum { MEASURES = 13 };
/* A bandwidth follows the number of records. */
static const bool needs_density[MEASURES] = {[1] = true, [5] = true, [7] = true, [8] = true, [9] = true, [12] = true};

static void influence_of(fm__influence *f, const fm__call *call, const fm__dist *d)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_rules rules;
  fm__influence line;
  fm_assert_ok(fm__income_rules_take(&rules, NULL, &err), &err);
  fm__income_context c = {.rules = &rules, .own = d, .line_from = d};
  fm_assert_ok(fm__call_influence(f, &line, call, &c, &err), &err);
}

/* The sums of all measures, n_units of each. */
static void spread(double *z, const rows *r, size_t threads)
{
  fm_error err = FM_ERROR_INIT;
  fm_threads pool = {sizeof pool, threads};
  fm_run run = FM_RUN_INIT;
  fm__dist d;
  fm__dist_units units;
  fm__call *calls;
  size_t n;
  run.execute = fm_execute_threads;
  run.execute_ctx = &pool;
  fm_assert_ok(fm__calls_create(&calls, &n, measures, &err), &err);
  ck_assert(n == MEASURES);
  fm_assert_ok(fm__dist_of_units(&d, &units, r->x, r->w, r->unit, r->n, UNITS, threads > 0 ? &run : NULL, &err), &err);
  memset(z, 0, MEASURES * UNITS * sizeof *z);
  for (size_t k = 0; k < n; k++) {
    fm__influence f;
    influence_of(&f, &calls[k], &d);
    fm__influence_spread_units(z + k * UNITS, &f, &d, &units);
  }
  fm__dist_units_free(&units);
  fm__dist_free(&d);
  fm__free(calls);
}

static void spread_members(double *z, const rows *r)
{
  fm_error err = FM_ERROR_INIT;
  fm__dist d;
  fm__call *calls;
  size_t n;
  fm__member *m = fm__array(r->n, sizeof *m);
  for (size_t i = 0; i < r->n; i++)
    m[i] = (fm__member){r->x[i], r->w[i], r->unit[i], 1};
  fm_assert_ok(fm__calls_create(&calls, &n, measures, &err), &err);
  fm_assert_ok(fm__dist_of_members(&d, m, r->n, NULL, &err), &err);
  memset(z, 0, MEASURES * UNITS * sizeof *z);
  for (size_t k = 0; k < n; k++) {
    fm__influence f;
    influence_of(&f, &calls[k], &d);
    fm__influence_spread(z + k * UNITS, &f, &d, 1);
  }
  fm__dist_free(&d);
  fm__free(calls);
}

/* Each unit's sum against the other way's, within rounding of what all units have. */
static void compare(const char *kind, const double *z, const double *expected)
{
  for (size_t k = 0; k < MEASURES; k++) {
    double all = 0;
    for (size_t i = 0; i < UNITS; i++)
      all += fabs(expected[k * UNITS + i]);
    for (size_t i = 0; i < UNITS; i++) {
      double a = z[k * UNITS + i], b = expected[k * UNITS + i];
      ck_assert_msg(fabs(a - b) <= 1e-12 * all || (isnan(a) && isnan(b)), "%s, measure %zu, unit %zu: %.17g, %.17g",
                    kind, k, i, a, b);
    }
  }
}

START_TEST(same_sums)
{
  static double z[MEASURES * UNITS], again[MEASURES * UNITS];
  const char *name = kind_names[_i];
  rows r;
  make(&r, _i);
  spread(z, &r, 0);
  spread_members(again, &r);
  compare(name, z, again);
  for (size_t threads = 1; threads <= 3; threads++) {
    spread(again, &r, threads);
    ck_assert_msg(memcmp(z, again, sizeof z) == 0, "%s: %zu threads", name, threads);
  }
  shuffle(&r, 5);
  spread(again, &r, 2);
  ck_assert_msg(memcmp(z, again, sizeof z) == 0, "%s: order", name);
  for (size_t i = 0; i < LARGE; i++) { /* two records instead of one */
    r.x[LARGE + i] = r.x[i];
    r.unit[LARGE + i] = r.unit[i];
    r.w[LARGE + i] = 0.25 * r.w[i];
    r.w[i] *= 0.75;
  }
  r.n = 2 * LARGE;
  shuffle(&r, 6);
  spread(again, &r, 2);
  for (size_t k = 0; k < MEASURES; k++)
    if (!needs_density[k])
      ck_assert_msg(memcmp(z + k * UNITS, again + k * UNITS, UNITS * sizeof *z) == 0, "%s: splitting, %zu", name, k);
  unmake(&r);
}
END_TEST

/* Incomes 1, 2, 2, 5 with weights 1, 1, 2, 1 in the units 0, 1, 1, 0, the row of 2 in unit 2 without weight. The area
 * x C - S: 1 * 1 - 1 = 0; 2 * 4 - 7 = 1; 5 * 5 - 12 = 13. */
START_TEST(by_hand)
{
  static const double x[] = {5, 2, 1, 2, 2}, w[] = {1, 2, 1, 1, 0};
  static const uint32_t unit[] = {0, 1, 0, 1, 2};
  static const struct {
    const char *label;
    fm__term term;
    double z[3];
  } cases[] = {
      {"weight", {.kind = FM__TERM_ONE, .a = 1}, {2, 3, 0}},
      {"income", {.kind = FM__TERM_X, .a = 0.5}, {3, 3, 0}},
      {"below 2", {.kind = FM__TERM_BELOW, .a = 1, .at = 2}, {1, 0, 0}},
      {"up to 2", {.kind = FM__TERM_BELOW, .a = 1, .at = 2, .closed = 1}, {1, 3, 0}},
      {"income below 3", {.kind = FM__TERM_X_BELOW, .a = 1, .at = 3}, {1, 6, 0}},
      {"gap to 4", {.kind = FM__TERM_GAP, .a = 1, .at = 4}, {-2, -6, 0}},
      {"gap below 4", {.kind = FM__TERM_GAP_BELOW, .a = 1, .at = 4}, {-3, -6, 0}},
      {"area", {.kind = FM__TERM_AREA, .a = 1}, {13, 3, 0}},
      {"area below 5", {.kind = FM__TERM_AREA_BELOW, .a = 2, .at = 5}, {0, 6, 0}},
      {"square gap below 3", {.kind = FM__TERM_GAP_POWER, .a = 9, .at = 3, .power = 2}, {4, 3, 0}},
      {"incomes lifted to 3", {.kind = FM__TERM_X, .a = 1, .nonpos = 3}, {6, 6, 0}},
  };
  fm_error err = FM_ERROR_INIT;
  fm__dist d;
  fm__dist_units units;
  fm_assert_ok(fm__dist_of_units(&d, &units, x, w, unit, FM_COUNT(x), 3, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm__influence f = {1, {cases[k].term}};
    double z[3] = {0, 0, 0};
    fm__influence_spread_units(z, &f, &d, &units);
    for (int i = 0; i < 3; i++)
      fm_assert_close(cases[k].label, z[i], cases[k].z[i], 1e-15, 0);
  }
  fm__dist_units_free(&units);
  fm__dist_free(&d);
}
END_TEST

/* More rows than a bucket may hold, sorted as one. */
START_TEST(many_rows)
{
  enum { N = 70000 };
  static fm__pair data[N], scratch[FM__BUCKET_MOST], tie[FM__BUCKET_MOST];
  static uint32_t unit[N], spare[FM__BUCKET_MOST];
  static uint16_t cells[FM__BUCKET_CELLS];
  static double sums[UNITS], expected[UNITS];
  uint64_t s = 3;
  fm__stretch stretch = {.from = 11};
  for (size_t i = 0; i < N; i++) {
    double x = floor(1e4 * random_unit(&s));
    data[i] = (fm__pair){fm__key_of(x), 1 + (double)(i % 4)};
    unit[i] = (uint32_t)random_below(&s, UNITS);
    expected[unit[i]] += x * data[i].value;
  }
  ck_assert(fm__dist_sort_rows(&stretch, data, unit, N, &(fm__sort_room){scratch, tie, spare, cells, NULL, NULL}) ==
            FM_OK);
  const fm__xw *to = (const fm__xw *)(const void *)data;
  ck_assert(stretch.from == 11 && stretch.n <= N && stretch.n_atoms <= 10000 && stretch.w != NULL);
  size_t at = SIZE_MAX;
  for (size_t i = 0; i < stretch.n; i++) {
    at += unit[i] / FM__UNIT_FIRST;
    ck_assert(at < stretch.n_atoms && (at == 0 || to[at - 1].x < to[at].x));
    sums[unit[i] % FM__UNIT_FIRST] += to[at].x * stretch.w[i];
  }
  ck_assert(at == stretch.n_atoms - 1);
  ck_assert(memcmp(sums, expected, sizeof sums) == 0); /* whole numbers: exact */
  fm__free(stretch.w);
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  const rows *r = ctx;
  fm__dist d;
  fm__dist_units units;
  fm_status status = fm__dist_of_units(&d, &units, r->x, r->w, r->unit, r->n, UNITS, NULL, err);
  if (status == FM_OK) {
    fm__dist_units_free(&units);
    fm__dist_free(&d);
  }
  return status;
}

START_TEST(allocations)
{
  for (int kind = 1; kind < 4; kind++) { /* ties in few and many rows, and one income */
    rows r;
    make(&r, kind);
    r.n = 40000;
    ck_assert_int_ge(fm_test_allocations(life, &r), 10);
    unmake(&r);
  }
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income influence by units");
  TCase *c = tcase_create("units");
  tcase_add_test(c, by_hand);
  tcase_add_loop_test(c, same_sums, 0, KINDS);
  tcase_add_test(c, many_rows);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
