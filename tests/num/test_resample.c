#include "num/num_priv.h"
#include "num/random.h"
#include "num/resample_priv.h"
#include "support/support.h"

#include <stdio.h>

enum { GROUP = FM__RESAMPLE_GROUP };

/* ---- lanes ---- */

/* The first ten words of xoshiro128++ from the state 1, 2, 3, 4, as in the tests of the Rust crate rand_xoshiro. */
START_TEST(known_words)
{
  static const uint32_t expected[] = {641,        1573767,    3222811527, 3517856514, 836907274,
                                      4247214768, 3867114732, 1355841295, 495546011,  621204420};
  uint32_t state[4][FM__RESAMPLE_LANES] = {{0}};
  for (uint32_t k = 0; k < 4; k++)
    state[k][3] = k + 1;
  for (int i = 0; i < FM_COUNT(expected); i++)
    ck_assert_uint_eq(fm__lanes_word(state, 3), expected[i]);
}
END_TEST

/* The cells and what is left of them add up to the probabilities. */
START_TEST(tables_hold_the_probabilities)
{
  static const double means[] = {1, 0.98, 0.5, 0.001};
  double mean = means[_i], p = exp(-mean);
  fm__poisson_table t;
  fm__poisson_table_make(&t, mean);
  ck_assert_int_gt(t.n_rare, 2);
  ck_assert_int_lt(t.n_rare, FM__POISSON_RARE);
  for (int32_t k = 0; k < t.n_rare; k++) {
    int32_t cells = 0;
    if (k < FM__POISSON_CELLS)
      cells = t.last[k] - (k > 0 ? t.last[k - 1] : -32769);
    int32_t at = t.n_rare - 1 - k; /* the largest count comes first */
    ck_assert_int_eq(t.count[at], k);
    uint64_t below = at > 0 ? t.rare[at - 1] : 0;
    /* 0 takes what rounding leaves */
    uint64_t upto = k > 0 ? t.rare[at] : (uint64_t)(32767 - t.last[FM__POISSON_CELLS - 1]) << 48;
    fm_assert_close("probability", cells / 65536.0 + ldexp((double)(upto - below), -64), p, 1e-14, 0x1p-63);
    p *= mean / (k + 1);
  }
}
END_TEST

/* A cell that is left over stands for k with the chance of what the cells of k lack. */
START_TEST(cells_left_over)
{
  enum { DRAWS = 200000 };
  fm__poisson_table t;
  fm__poisson_table_make(&t, 1);
  const uint32_t n_cells = (uint32_t)(32767 - t.last[FM__POISSON_CELLS - 1]);
  double seen[FM__POISSON_RARE] = {0}, p = exp(-1), chi = 0;
  fm__lanes lanes;
  fm__random r;
  fm__random_start(&r, 26, FM__RANDOM_UNITS, 0, 0);
  for (uint32_t k = 0; k < DRAWS; k++) {
    if (k % (FM__RESAMPLE_BLOCK * GROUP) == 0)
      fm__lanes_start(&lanes, 27, 0, k);
    lanes.row = k / GROUP % FM__RESAMPLE_BLOCK;
    seen[fm__lanes_rare(&lanes, &t, (uint32_t)fm__random_below(&r, n_cells), k % GROUP)]++;
  }
  int32_t used = 0;
  for (int32_t k = 0; k <= 9; k++, p /= k) {
    int32_t cells = k < FM__POISSON_CELLS ? t.last[k] - (k > 0 ? t.last[k - 1] : -32769) : 0;
    double expected = DRAWS * (p * 65536 - cells) / n_cells;
    chi += (seen[k] - expected) * (seen[k] - expected) / expected;
    used++;
  }
  ck_assert_msg(chi <= fm__chi2_quantile(used, 1 - 1e-6), "chi-square %g of %d cells", chi, used);
}
END_TEST

START_TEST(vectors_give_the_bits_of_the_scalar_form)
{
  enum { ROWS = 1024 };
  static uint8_t count[ROWS * GROUP], other[ROWS * GROUP];
  static double w_dx[4 * ROWS];
  uint64_t state = 5, rare = 0;
  fm__poisson_table t;
  fm__gini_sums s = {.a = {0}}, plain = {.a = {0}};
  for (uint32_t block = 0; block < 40; block++) {
    fm__lanes a, b;
    fm__poisson_table_make(&t, block % 2 == 0 ? 1 : 0.9);
    fm__lanes_start(&a, 11, block, 7 * block);
    b = a;
    size_t n = 0;
    for (size_t more; n < ROWS; n += more) { /* in pieces of any length */
      more = 1 + random_below(&state, 300);
      more = more < ROWS - n ? more : ROWS - n;
      fm__lanes_draw(count + n * GROUP, &a, &t, more);
      fm__lanes_draw_scalar(other + n * GROUP, &b, &t, more);
    }
    ck_assert(memcmp(count, other, sizeof count) == 0);
    ck_assert(memcmp(a.state, b.state, sizeof a.state) == 0 && a.row == b.row);
    for (size_t i = 0; i < sizeof count; i++)
      rare += count[i] >= FM__POISSON_CELLS;
    uint32_t total[GROUP] = {1, 2}, sum[GROUP] = {1, 2};
    uint8_t most[GROUP] = {9}, largest[GROUP] = {9};
    fm__lanes_total(total, most, count, n);
    fm__lanes_total_scalar(sum, largest, count, n);
    ck_assert(memcmp(total, sum, sizeof sum) == 0 && memcmp(most, largest, sizeof most) == 0);
    for (size_t i = 0; i < ROWS; i++) {
      w_dx[4 * i] = w_dx[4 * i + 1] = random_unit(&state) * 10;
      w_dx[4 * i + 2] = w_dx[4 * i + 3] = exp(20 * random_normal(&state));
    }
    fm__gini_add(&s, count, w_dx, ROWS - block);
    fm__gini_add_scalar(&plain, count, w_dx, ROWS - block);
    ck_assert(memcmp(&s, &plain, sizeof s) == 0);
  }
  ck_assert_uint_gt(rare, 0);
}
END_TEST

/* ---- counts; seeds are fixed, bounds are 5 standard errors or a chance of one in 10^6 ---- */

/* Counts of all rows, 16 a row. */
static void all_counts(uint8_t *count, const fm__resample *r, uint32_t group)
{
  fm__resample_counts c;
  fm__resample_start(&c, r, group);
  static uint8_t part[FM__RESAMPLE_STRETCH * GROUP];
  for (size_t n; (n = fm__resample_next(part, &c)) > 0; count += n * GROUP)
    memcpy(count, part, n * GROUP);
}

static void check_chi_square(const char *label, const double *seen, const double *expected, size_t n)
{
  double sum = 0;
  for (size_t k = 0; k < n; k++)
    sum += (seen[k] - expected[k]) * (seen[k] - expected[k]) / expected[k];
  double most = fm__chi2_quantile((double)n - 1, 1 - 1e-6);
  ck_assert_msg(sum <= most, "%s: chi-square %g, at most %g expected", label, sum, most);
}

static const size_t sizes[] = {1, 2, 3, 4, 5, 24, 25, 100, 1023, 1024, 1025, 16384, 16385, 40000};

/* Mean, variance and the chance of each count: binomial(n, 1/n), or Poisson. Two rows have covariance -1/n, or 0, so
 * that the first half of the rows has variance n/4 or n/2. */
static void check_counts(size_t n, int32_t kind, uint64_t seed)
{
  enum { CELLS = 6 };
  const bool exact = kind == FM__RESAMPLE_MULTINOMIAL;
  const fm__resample r = {.kind = kind, .seed = seed, .n = n};
  uint8_t *count = malloc(n * GROUP);
  double seen[CELLS] = {0}, expected[CELLS] = {0}, halves = 0, squares = 0, rows = (double)n;
  uint32_t n_groups = (uint32_t)(200000 / (n * GROUP) + 40);
  double replicates = (double)n_groups * GROUP;
  for (uint32_t g = 0; g < n_groups; g++) {
    all_counts(count, &r, g);
    for (size_t k = 0; k < GROUP; k++) {
      double total = 0, half = 0;
      for (size_t i = 0; i < n; i++) {
        double c = count[i * GROUP + k];
        total += c;
        half += i < n / 2 ? c : 0;
        seen[c < CELLS ? (size_t)c : CELLS - 1]++;
      }
      if (exact)
        ck_assert_msg(total == rows, "%zu rows: %g draws", n, total);
      halves += half - (double)(n / 2);
      squares += (half - (double)(n / 2)) * (half - (double)(n / 2));
    }
  }
  free(count);
  char label[48];
  snprintf(label, sizeof label, "%zu rows, %s", n, exact ? "multinomial" : "Poisson");
  double half = (double)(n / 2), variance = exact ? half * (1 - half / rows) : half;
  ck_assert_msg(fabs(halves / replicates) <= 5 * sqrt(variance / replicates), "%s: mean off by %g", label,
                halves / replicates);
  ck_assert_msg(fabs(squares / replicates - variance) <= variance * (5 * sqrt(2.5 / replicates)) + 1e-300,
                "%s: variance of half the rows %g, expected %g", label, squares / replicates, variance);
  if (exact && n < 100)
    return; /* rows of one replicate depend too much for the chi-square; the vectors are counted below */
  double p = exact ? exp(rows * log1p(-1 / rows)) : exp(-1), left = 1;
  for (int k = 0; k + 1 < CELLS; k++) {
    expected[k] = p * rows * replicates;
    left -= p;
    p *= exact ? (rows - k) / (k + 1) / (rows - 1) : 1.0 / (k + 1);
  }
  expected[CELLS - 1] = left * rows * replicates;
  check_chi_square(label, seen, expected, CELLS);
}

START_TEST(counts_of_both_kinds)
{
  check_counts(sizes[_i / 2], _i % 2, 17);
}
END_TEST

/* Every vector of n counts that add up to n, with its multinomial chance n! / (prod c!) / n^n. */
START_TEST(every_vector_has_its_chance)
{
  enum { MOST = 4000 };
  const size_t n = (size_t)_i;
  static double seen[MOST], expected[MOST];
  static uint8_t count[16 * GROUP];
  const fm__resample r = {.kind = FM__RESAMPLE_MULTINOMIAL, .seed = 19, .n = n};
  const uint32_t n_groups = 20000;
  size_t code_of[MOST], n_codes = 0, codes = 1;
  for (size_t i = 0; i < n; i++)
    codes *= n + 1;
  for (size_t code = 0; code < codes; code++) {
    size_t rest = code, total = 0;
    double chance = lgamma((double)n + 1) - (double)n * log((double)n);
    for (size_t i = 0; i < n; i++, rest /= n + 1) {
      total += rest % (n + 1);
      chance -= lgamma((double)(rest % (n + 1)) + 1);
    }
    if (total == n) {
      expected[n_codes] = exp(chance) * n_groups * GROUP;
      seen[n_codes] = 0;
      code_of[n_codes++] = code;
    }
  }
  for (uint32_t g = 0; g < n_groups; g++) {
    all_counts(count, &r, g);
    for (size_t k = 0; k < GROUP; k++) {
      size_t code = 0, at = 0;
      for (size_t i = n; i-- > 0;)
        code = code * (n + 1) + count[i * GROUP + k];
      while (at < n_codes && code_of[at] != code)
        at++;
      ck_assert_msg(at < n_codes, "%zu rows: counts that do not add up", n);
      seen[at]++;
    }
  }
  char label[32];
  snprintf(label, sizeof label, "vectors of %zu", n);
  check_chi_square(label, seen, expected, n_codes);
}
END_TEST

/* Draws added to or taken from the numbers of 6 draws in 3 rows leave those of `wanted` draws: c of wanted in the first
 * row and d in the second have the chance wanted! / (c! d! (wanted - c - d)!) / 3^wanted. */
START_TEST(settling_keeps_the_chances)
{
  enum { TRIES = 200000, SIDE = 16 };
  static const uint64_t all_wanted[] = {0, 1, 3, 5, 6, 8, 15};
  const uint64_t wanted = all_wanted[_i];
  double seen[SIDE * SIDE] = {0}, expected[SIDE * SIDE] = {0}, chi = 0, cells = 0;
  fm__random r;
  fm__random_start(&r, 25, FM__RANDOM_UNITS, 0, (uint32_t)_i);
  for (int k = 0; k < TRIES; k++) {
    uint64_t drawn[3], most = 0;
    uint8_t count[3 * GROUP] = {0};
    fm__random_multinomial(drawn, &r, 6, NULL, 3);
    for (size_t i = 0; i < 3; i++) {
      count[i * GROUP] = (uint8_t)drawn[i];
      most = drawn[i] > most ? drawn[i] : most;
    }
    fm__resample_settle(count, 6, wanted, (uint32_t)most, 3, &r);
    ck_assert_uint_eq((uint64_t)count[0] + count[GROUP] + count[2 * GROUP], wanted);
    seen[count[0] * SIDE + count[GROUP]]++;
  }
  double n = (double)wanted;
  for (int c = 0; c <= n; c++)
    for (int d = 0; c + d <= n; d++)
      expected[c * SIDE + d] =
          TRIES * exp(lgamma(n + 1) - lgamma(c + 1) - lgamma(d + 1) - lgamma(n - c - d + 1) - n * log(3));
  for (int k = 0; k < SIDE * SIDE; k++)
    if (expected[k] >= 5) {
      chi += (seen[k] - expected[k]) * (seen[k] - expected[k]) / expected[k];
      cells++;
    }
  ck_assert_msg(chi <= (cells > 1 ? fm__chi2_quantile(cells - 1, 1 - 1e-6) : 1e-9), "%g draws: chi-square %g of %g", n,
                chi, cells);
}
END_TEST

/* Of n draws a share n / (n + beside) falls to the population; with all rows beside, none does. */
START_TEST(rows_beside_take_their_draws)
{
  enum { ROWS = 20000, BESIDE = 30000, GROUPS = 30 };
  static uint8_t count[ROWS * GROUP];
  const fm__resample r = {.kind = FM__RESAMPLE_MULTINOMIAL, .seed = 20, .n = ROWS, .n_beside = BESIDE};
  double off = 0, squares = 0, variance = ROWS * (1 - (double)ROWS / (ROWS + BESIDE)), n = GROUPS * GROUP;
  for (uint32_t g = 0; g < GROUPS; g++) {
    all_counts(count, &r, g);
    for (size_t k = 0; k < GROUP; k++) {
      double total = 0;
      for (size_t i = 0; i < ROWS; i++)
        total += count[i * GROUP + k];
      off += total - ROWS;
      squares += (total - ROWS) * (total - ROWS);
    }
  }
  ck_assert_msg(fabs(off / n) < 5 * sqrt(variance / n), "mean off by %g", off / n);
  ck_assert_msg(fabs(squares / n / variance - 1) < 5 * sqrt(2 / n), "variance %g, expected %g", squares / n, variance);
}
END_TEST

/* Counts of different replicates, blocks, groups and seeds have nothing to do with each other. */
START_TEST(replicates_are_independent)
{
  enum { ROWS = 8192 };
  static uint8_t a[ROWS * GROUP], b[ROWS * GROUP], c[ROWS * GROUP];
  const fm__resample r = {.kind = _i, .seed = 21, .n = ROWS}, other = {.kind = _i, .seed = 22, .n = ROWS};
  all_counts(a, &r, 0);
  all_counts(b, &r, 1);
  all_counts(c, &other, 0);
  for (size_t k = 0; k < GROUP; k++) {
    double with[4] = {0}; /* next replicate, next block, next group, next seed */
    for (size_t i = 0; i < ROWS; i++) {
      double x = a[i * GROUP + k] - 1.0;
      with[0] += x * (a[i * GROUP + (k + 1) % GROUP] - 1.0);
      with[1] += x * (a[(i + FM__RESAMPLE_BLOCK) % ROWS * GROUP + k] - 1.0);
      with[2] += x * (b[i * GROUP + k] - 1.0);
      with[3] += x * (c[i * GROUP + k] - 1.0);
    }
    for (int j = 0; j < 4; j++)
      ck_assert_msg(fabs(with[j]) < 5 * sqrt(ROWS), "replicate %zu, %d: %g", k, j, with[j]);
  }
}
END_TEST

/* ---- the Gini ---- */

typedef struct sample {
  double cell[5000][2];
  fm__resample r;
  fm__resample_rows rows;
} sample;

static int by_income(const void *a, const void *b)
{
  double p = *(const double *)a, q = *(const double *)b;
  return p < q ? -1 : p > q;
}

static void make_sample(sample *s, size_t n, int32_t kind, bool ties)
{
  uint64_t state = 23;
  for (size_t i = 0; i < n; i++) {
    double x = exp(10 + 0.6 * random_normal(&state));
    s->cell[i][0] = ties ? floor(x / 1000) : x;
    s->cell[i][1] = 0.5 + 10 * random_unit(&state);
  }
  qsort(s->cell, n, sizeof s->cell[0], by_income);
  s->r = (fm__resample){.kind = kind, .seed = 24, .n = n};
  s->rows = (fm__resample_rows){.data = (const unsigned char *)s->cell, .stride = sizeof s->cell[0], n, 0, 1, 1};
}

/* sum of C (W - C) dx / (W Y), as defined, from the counts themselves. */
static double gini_of(const sample *s, const uint8_t *count, size_t k)
{
  long double all = 0, total = 0, below = 0, area = 0;
  size_t n = s->r.n;
  for (size_t i = 0; i < n; i++) { /* the first row of the counts has the largest income */
    all += count[(n - 1 - i) * GROUP + k] * s->cell[i][1];
    total += count[(n - 1 - i) * GROUP + k] * s->cell[i][1] * (long double)s->cell[i][0];
  }
  for (size_t i = 0; i + 1 < n; i++) {
    below += count[(n - 1 - i) * GROUP + k] * s->cell[i][1];
    area += below * (all - below) * ((long double)s->cell[i + 1][0] - s->cell[i][0]);
  }
  return all > 0 && total > 0 ? (double)(area / (all * total)) : NAN;
}

static const struct {
  const char *label;
  size_t n;
  int32_t kind;
  bool ties;
} samples[] = {
    {"Poisson", 5000, FM__RESAMPLE_POISSON, false},     {"multinomial", 5000, FM__RESAMPLE_MULTINOMIAL, false},
    {"ties", 3000, FM__RESAMPLE_MULTINOMIAL, true},     {"one block and a row", 1025, FM__RESAMPLE_POISSON, true},
    {"two rows", 2, FM__RESAMPLE_MULTINOMIAL, false},   {"one row", 1, FM__RESAMPLE_MULTINOMIAL, false},
    {"one row or none", 1, FM__RESAMPLE_POISSON, false}};

START_TEST(gini_of_each_replicate)
{
  enum { REPLICATES = 40 };
  static sample s;
  static uint8_t count[5000 * GROUP];
  double gini[REPLICATES];
  fm_error err = {0};
  make_sample(&s, samples[_i].n, samples[_i].kind, samples[_i].ties);
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  for (size_t k = 0; k < REPLICATES; k++) {
    if (k % GROUP == 0)
      all_counts(count, &s.r, (uint32_t)(k / GROUP));
    fm_assert_close(samples[_i].label, gini[k], gini_of(&s, count, k % GROUP), 1e-13, 0);
  }
}
END_TEST

/* By hand: incomes 1, 2 and 4 with weights 1, 2 and 1. Drawn 2, 0 and 1 times: W = 3, Y = 2 * 1 + 4 = 6, C = 2 over the
 * whole step from 1 to 4: 2 * (3 - 2) * 3 / (3 * 6) = 1/3. */
START_TEST(worked_example)
{
  const uint8_t count[3 * GROUP] = {[0] = 1, [GROUP] = 0, [2 * GROUP] = 2}; /* from the largest down */
  const double w_dx[] = {1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 0, 0};
  fm__gini_sums s = {.a = {0}};
  fm__gini_add(&s, count, w_dx, 3);
  double weight = s.above[0], total = weight * 1 + s.a[0];
  ck_assert_double_eq(weight, 3);
  ck_assert_double_eq(total, 6);
  ck_assert_double_eq((weight * s.a[0] - s.b[0]) / (weight * total), 6.0 / 18);
}
END_TEST

START_TEST(same_bits_for_threads_scales_and_numbers)
{
  enum { REPLICATES = 70 };
  static sample s;
  double gini[REPLICATES], other[REPLICATES];
  fm_error err = {0};
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  make_sample(&s, 5000, _i, true);
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  fm_assert_ok(fm__resample_gini(other, &s.r, &s.rows, REPLICATES, &run, &err), &err);
  ck_assert(memcmp(gini, other, sizeof gini) == 0);
  /* fewer replicates are the first of more */
  fm_assert_ok(fm__resample_gini(other, &s.r, &s.rows, 5, NULL, &err), &err);
  ck_assert(memcmp(gini, other, 5 * sizeof *gini) == 0);
  s.rows.x_scale = 0x1p-290;
  s.rows.w_scale = 0x1p200;
  fm_assert_ok(fm__resample_gini(other, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  ck_assert(memcmp(gini, other, sizeof gini) == 0);
}
END_TEST

/* Records of several equal rows are those rows. */
START_TEST(pooled_records)
{
  enum { REPLICATES = 20, RECORDS = 300 };
  static sample s;
  struct {
    double x, w;
    uint32_t other, count;
  } pooled[RECORDS];
  double gini[REPLICATES], other[REPLICATES];
  fm_error err = {0};
  size_t n = 0;
  make_sample(&s, RECORDS, _i, false);
  for (size_t i = 0; i < RECORDS; i++) {
    pooled[i].x = s.cell[i][0];
    pooled[i].w = s.cell[i][1];
    pooled[i].count = 1 + (uint32_t)(i * i % 7);
    pooled[i].other = 99;
    n += pooled[i].count;
  }
  s.r.n = s.rows.n_records = n;
  ck_assert_uint_lt(n, 5000);
  for (size_t i = RECORDS, at = n; i-- > 0;)
    for (uint32_t k = 0; k < pooled[i].count; k++) {
      s.cell[--at][0] = pooled[i].x;
      s.cell[at][1] = pooled[i].w;
    }
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  s.rows = (fm__resample_rows){.data = (const unsigned char *)pooled,
                               .stride = sizeof pooled[0],
                               .n_records = RECORDS,
                               .count_at = 2 * sizeof(double) + sizeof(uint32_t),
                               .x_scale = 1,
                               .w_scale = 1};
  fm_assert_ok(fm__resample_gini(other, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  ck_assert(memcmp(gini, other, sizeof gini) == 0);
}
END_TEST

/* An income of 10^300 is in some replicates; those without it are as if it were not there. */
START_TEST(one_huge_income)
{
  enum { REPLICATES = 64 };
  static sample s;
  static uint8_t count[1000 * GROUP];
  double gini[REPLICATES];
  fm_error err = {0};
  int without = 0;
  make_sample(&s, 1000, FM__RESAMPLE_MULTINOMIAL, false);
  s.cell[999][0] = 1e300;
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, REPLICATES, NULL, &err), &err);
  for (size_t k = 0; k < REPLICATES; k++) {
    if (k % GROUP == 0)
      all_counts(count, &s.r, (uint32_t)(k / GROUP));
    fm_assert_close("huge", gini[k], gini_of(&s, count, k % GROUP), 1e-12, 0);
    without += gini[k] < 0.5;
  }
  ck_assert(without > 5 && without < 60);
}
END_TEST

START_TEST(no_value_is_nan)
{
  static sample s;
  double gini[3];
  fm_error err = {0};
  make_sample(&s, 50, FM__RESAMPLE_MULTINOMIAL, false);
  for (size_t i = 0; i < 50; i++)
    s.cell[i][0] -= 1e9; /* all incomes below 0 */
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, 3, NULL, &err), &err);
  ck_assert(isnan(gini[0]) && isnan(gini[2]));
  s.r.n = s.rows.n_records = 0;
  gini[2] = 0;
  fm_assert_ok(fm__resample_gini(gini, &s.r, &s.rows, 3, NULL, &err), &err);
  ck_assert(isnan(gini[0]) && isnan(gini[2]));
}
END_TEST

/* The variance of the mean over all samples is sum (x - mean)^2 / n^2 exactly; that of R replicates' spread is off by
 * sqrt(2 / R) of it, so that 5 of these are expected once in 2 million. */
START_TEST(standard_error_of_the_mean)
{
  enum { ROWS = 500, GROUPS = 250 };
  static uint8_t count[ROWS * GROUP];
  static sample s;
  make_sample(&s, ROWS, FM__RESAMPLE_MULTINOMIAL, false);
  double mean = 0, exact = 0, sum = 0, squares = 0, n = GROUPS * GROUP;
  for (size_t i = 0; i < ROWS; i++)
    mean += s.cell[i][0] / ROWS;
  for (size_t i = 0; i < ROWS; i++)
    exact += (s.cell[i][0] - mean) * (s.cell[i][0] - mean) / ((double)ROWS * ROWS);
  for (uint32_t g = 0; g < GROUPS; g++) {
    all_counts(count, &s.r, g);
    for (size_t k = 0; k < GROUP; k++) {
      double drawn = 0;
      for (size_t i = 0; i < ROWS; i++)
        drawn += count[i * GROUP + k] * (s.cell[i][0] - mean) / ROWS;
      sum += drawn;
      squares += drawn * drawn;
    }
  }
  fm_assert_close("variance of the mean", (squares - sum * sum / n) / (n - 1), exact, 5 * sqrt(2 / n), 0);
}
END_TEST

/* ---- stopping ---- */

static int32_t stop_after_two(void *ctx, double done)
{
  int *n = ctx;
  ck_assert(done > 0 && done <= 1);
  return ++*n == 2;
}

START_TEST(progress_can_stop)
{
  static sample s;
  static double gini[2000];
  fm_error err = {0};
  int n = 0;
  fm_run run = FM_RUN_INIT;
  run.progress = stop_after_two;
  run.progress_ctx = &n;
  make_sample(&s, 10, FM__RESAMPLE_POISSON, false);
  ck_assert_int_eq(fm__resample_gini(gini, &s.r, &s.rows, 2000, &run, &err), FM_ERR_CANCELLED);
  ck_assert_int_eq(n, 2);
}
END_TEST

static fm_status replicates(void *ctx, fm_error *err)
{
  const sample *s = ctx;
  double gini[20];
  return fm__resample_gini(gini, &s->r, &s->rows, 20, NULL, err);
}

START_TEST(allocations)
{
  static sample s;
  make_sample(&s, 10, FM__RESAMPLE_MULTINOMIAL, false);
  ck_assert_int_eq(fm_test_allocations(replicates, &s), 2);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-resample");
  TCase *t = tcase_create("resample");
  tcase_add_test(t, known_words);
  tcase_add_loop_test(t, tables_hold_the_probabilities, 0, 4);
  tcase_add_test(t, cells_left_over);
  tcase_add_test(t, vectors_give_the_bits_of_the_scalar_form);
  tcase_add_loop_test(t, counts_of_both_kinds, 0, 2 * FM_COUNT(sizes));
  tcase_add_loop_test(t, every_vector_has_its_chance, 2, 6);
  tcase_add_loop_test(t, settling_keeps_the_chances, 0, 7);
  tcase_add_test(t, rows_beside_take_their_draws);
  tcase_add_loop_test(t, replicates_are_independent, 0, 2);
  tcase_add_loop_test(t, gini_of_each_replicate, 0, FM_COUNT(samples));
  tcase_add_test(t, worked_example);
  tcase_add_loop_test(t, same_bits_for_threads_scales_and_numbers, 0, 2);
  tcase_add_loop_test(t, pooled_records, 0, 2);
  tcase_add_test(t, one_huge_income);
  tcase_add_test(t, no_value_is_nan);
  tcase_add_test(t, standard_error_of_the_mean);
  tcase_add_test(t, progress_can_stop);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
