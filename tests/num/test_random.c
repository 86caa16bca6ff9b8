#include "num/num_priv.h"
#include "num/random.h"
#include "num/random_priv.h"
#include "support/support.h"

#include <stdio.h>

/* ---- words ---- */

/* Random123 1.14, tests/kat_vectors, the lines "philox4x32 10": counter, key, answer. */
static const struct {
  const char *label;
  uint32_t counter[4], key[2], answer[4];
} known[] = {
    {"zeros", {0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {"ones",
     {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {"pi",
     {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(known_answers)
{
  uint32_t out[4];
  fm__philox(out, known[_i].counter, (uint64_t)known[_i].key[1] << 32 | known[_i].key[0]);
  for (int k = 0; k < 4; k++)
    ck_assert_msg(out[k] == known[_i].answer[k], "%s: word %d is %08x", known[_i].label, k, (unsigned)out[k]);
}
END_TEST

START_TEST(a_stream_is_the_words_at_its_counters)
{
  fm__random r, again;
  fm__random_start(&r, 77, FM__RANDOM_UNITS, 5, 9);
  for (uint32_t step = 0; step < 3; step++) {
    uint32_t word[4];
    fm__philox(word, (const uint32_t[4]){step, FM__RANDOM_UNITS, 5, 9}, 77);
    for (int k = 0; k < 4; k++)
      ck_assert_uint_eq(fm__random_u32(&r), word[k]);
  }
  fm__random_start(&r, 77, FM__RANDOM_UNITS, 5, 9);
  fm__random_start(&again, 77, FM__RANDOM_UNITS, 5, 9);
  uint64_t low = fm__random_u32(&again), high = fm__random_u32(&again);
  ck_assert_uint_eq(fm__random_u64(&r), high << 32 | low);
  /* a stream of 2^34 words goes on behind all purposes */
  r.counter[0] = UINT32_MAX;
  r.n_left = 0;
  fm__random_u32(&r);
  ck_assert_uint_eq(r.counter[0], 0);
  ck_assert_uint_eq(r.counter[1], FM__RANDOM_UNITS + 256);
}
END_TEST

/* ---- numbers: fixed seeds, bounds that a right generator passes but for one chance in 10^6 ---- */

static void check_chi_square(const char *label, const double *seen, const double *expected, size_t n)
{
  double sum = 0, left_seen = 0, left = 0, cells = 0;
  for (size_t k = 0; k < n; k++) {
    left_seen += seen[k];
    left += expected[k];
    if (left < 10 && k + 1 < n)
      continue; /* small cells together */
    if (left > 0)
      sum += (left_seen - left) * (left_seen - left) / left;
    else
      ck_assert_msg(left_seen == 0, "%s: %g draws where none can be", label, left_seen);
    cells += left > 0;
    left = left_seen = 0;
  }
  double most = cells > 1 ? fm__chi2_quantile(cells - 1, 1 - 1e-6) : 1e-9;
  ck_assert_msg(sum <= most, "%s: chi-square %g of %g cells, at most %g expected", label, sum, cells, most);
}

static const uint64_t below_n[] = {1, 2, 3, 10, 1000, 65537, 3000000000U, UINT64_C(5000000000), UINT64_C(1) << 63};

START_TEST(numbers_below)
{
  enum { DRAWS = 200000, CELLS = 10 };
  uint64_t n = below_n[_i], cells = n < CELLS ? n : CELLS;
  double seen[CELLS] = {0}, expected[CELLS] = {0};
  fm__random r;
  char label[64];
  snprintf(label, sizeof label, "below %llu", (unsigned long long)n);
  fm__random_start(&r, 1, FM__RANDOM_UNITS, 0, (uint32_t)_i);
  for (int i = 0; i < DRAWS; i++) {
    uint64_t v = fm__random_below(&r, n);
    ck_assert_msg(v < n, "%s: got %llu", label, (unsigned long long)v);
    seen[n <= CELLS ? v : v / (n / CELLS + 1)]++;
  }
  for (uint64_t k = 0; k < cells; k++) {
    uint64_t from = n <= CELLS ? k : k * (n / CELLS + 1), to = n <= CELLS ? k + 1 : from + n / CELLS + 1;
    expected[k] = DRAWS * ((double)((to < n ? to : n) - from) / (double)n);
  }
  check_chi_square(label, seen, expected, (size_t)cells);
}
END_TEST

START_TEST(units)
{
  enum { DRAWS = 200000, CELLS = 64 };
  double seen[CELLS] = {0}, expected[CELLS], least = 1, most = 0;
  fm__random r;
  fm__random_start(&r, 2, FM__RANDOM_UNITS, 0, 0);
  for (int i = 0; i < DRAWS; i++) {
    double u = fm__random_unit(&r);
    least = fmin(least, u);
    most = fmax(most, u);
    seen[(size_t)(u * CELLS)]++;
  }
  for (int k = 0; k < CELLS; k++)
    expected[k] = (double)DRAWS / CELLS;
  ck_assert(least > 0 && most < 1);
  check_chi_square("units", seen, expected, CELLS);
}
END_TEST

/* Counts against their probabilities, mean and variance. */
enum { COUNTS = 2000 };
typedef struct tally {
  double seen[COUNTS], expected[COUNTS], sum, squares, draws;
} tally;

static void take(tally *t, uint64_t k, double mean)
{
  t->seen[k < COUNTS ? k : COUNTS - 1]++;
  t->sum += (double)k - mean;
  t->squares += ((double)k - mean) * ((double)k - mean);
  t->draws++;
}

/* A mean is off by 5 standard errors once in 2 million; kurtosis: the fourth central moment over the variance^2. */
static void check_moments(const char *label, const tally *t, double variance, double kurtosis)
{
  double off = t->sum / t->draws, spread = t->squares / t->draws;
  ck_assert_msg(fabs(off) <= 5 * sqrt(variance / t->draws), "%s: mean off by %g", label, off);
  ck_assert_msg(fabs(spread - variance) <= 5 * variance * sqrt((kurtosis - 1) / t->draws),
                "%s: variance %g, expected %g", label, spread, variance);
}

static const double means[] = {0, 0.3, 1, 3.7, 9.99, 10, 15.5, 47, 600, 1e6, 3e12};

START_TEST(poisson)
{
  enum { DRAWS = 100000 };
  static tally t;
  double mean = means[_i];
  char label[64];
  snprintf(label, sizeof label, "Poisson %g", mean);
  fm__random r;
  t = (tally){.draws = 0};
  fm__random_start(&r, 3, FM__RANDOM_UNITS, 0, (uint32_t)_i);
  for (int i = 0; i < DRAWS; i++)
    take(&t, fm__random_poisson(&r, mean), mean);
  if (mean < 1000) {
    for (int k = 0; k < COUNTS; k++)
      t.expected[k] = DRAWS * (mean == 0 ? k == 0 : exp(k * log(mean) - mean - lgamma(k + 1)));
    check_chi_square(label, t.seen, t.expected, COUNTS);
  }
  check_moments(label, &t, mean, mean > 0 ? 3 + 1 / mean : 3);
}
END_TEST

static const struct {
  uint64_t n;
  double p;
} trials[] = {{0, 0.5},         {5, 0},      {5, 1},       {1, 0.5},      {10, 0.3},
              {12, 0.97},       {30, 0.5},   {100, 0.08},  {100, 0.5},    {100, 0.93},
              {1000, 0.0163},   {1000, 0.3}, {1000, 1e-4}, {1000, 0.999}, {1000000, 0.016384},
              {1000000000, 0.3}};

START_TEST(binomial)
{
  enum { DRAWS = 100000 };
  static tally t;
  double n = (double)trials[_i].n, p = trials[_i].p, variance = n * p * (1 - p);
  char label[64];
  snprintf(label, sizeof label, "binomial %g %g", n, p);
  fm__random r;
  t = (tally){.draws = 0};
  fm__random_start(&r, 4, FM__RANDOM_UNITS, 0, (uint32_t)_i);
  for (int i = 0; i < DRAWS; i++) {
    uint64_t k = fm__random_binomial(&r, trials[_i].n, p);
    ck_assert_msg(k <= trials[_i].n, "%s: got %llu", label, (unsigned long long)k);
    take(&t, k, n * p);
  }
  if (n <= 1000) {
    for (int k = 0; k < COUNTS && k <= n; k++)
      t.expected[k] =
          DRAWS * (variance == 0
                       ? k == n * p
                       : exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log1p(-p)));
    check_chi_square(label, t.seen, t.expected, COUNTS);
  }
  check_moments(label, &t, variance, variance > 0 ? 3 + 1 / variance : 3);
}
END_TEST

/* Balls in cells of sizes 1, 2, 3 and 4: of 10 balls 1, 2, 3, 4 are expected in each, with variances n p (1 - p) =
 * 0.9, 1.6, 2.1, 2.4 and the covariance of the last two -n p q = -10 * 0.3 * 0.4 = -1.2. */
START_TEST(multinomial)
{
  enum { DRAWS = 100000 };
  static const uint64_t size[] = {1, 2, 3, 4};
  const double variance[] = {0.9, 1.6, 2.1, 2.4};
  static tally t[4];
  double product = 0;
  fm__random r;
  fm__random_start(&r, 5, FM__RANDOM_UNITS, 0, 0);
  memset(t, 0, sizeof t);
  for (int i = 0; i < DRAWS; i++) {
    uint64_t count[4];
    fm__random_multinomial(count, &r, 10, size, 4);
    ck_assert_uint_eq(count[0] + count[1] + count[2] + count[3], 10);
    for (int k = 0; k < 4; k++)
      take(&t[k], count[k], k + 1);
    product += ((double)count[2] - 3) * ((double)count[3] - 4);
  }
  for (int k = 0; k < 4; k++)
    check_moments("cell", &t[k], variance[k], 3 + 1 / variance[k]);
  ck_assert_msg(fabs(product / DRAWS + 1.2) < 0.05, "covariance %g, expected -1.2", product / DRAWS);
}
END_TEST

/* Cells of size 1 are those without sizes; a ball for each cell of 5 falls into it with chance 1/5. */
START_TEST(multinomial_of_equal_cells)
{
  enum { DRAWS = 50000 };
  static const uint64_t ones[] = {1, 1, 1, 1, 1};
  static tally t;
  fm__random a, b;
  fm__random_start(&a, 6, FM__RANDOM_UNITS, 0, 0);
  b = a;
  t = (tally){.draws = 0};
  for (int i = 0; i < DRAWS; i++) {
    uint64_t count[5], other[5];
    fm__random_multinomial(count, &a, 5, NULL, 5);
    fm__random_multinomial(other, &b, 5, ones, 5);
    ck_assert(memcmp(count, other, sizeof count) == 0);
    ck_assert_uint_eq(count[0] + count[1] + count[2] + count[3] + count[4], 5);
    take(&t, count[i % 5], 1);
  }
  for (int k = 0; k <= 5; k++)
    t.expected[k] = DRAWS * exp(lgamma(6) - lgamma(k + 1) - lgamma(6 - k)) * pow(0.2, k) * pow(0.8, 5 - k);
  check_chi_square("5 balls, 5 cells", t.seen, t.expected, COUNTS);
  fm__random_multinomial(NULL, &a, 0, NULL, 0);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("num-random");
  TCase *t = tcase_create("random");
  tcase_add_loop_test(t, known_answers, 0, FM_COUNT(known));
  tcase_add_test(t, a_stream_is_the_words_at_its_counters);
  tcase_add_loop_test(t, numbers_below, 0, FM_COUNT(below_n));
  tcase_add_test(t, units);
  tcase_add_loop_test(t, poisson, 0, FM_COUNT(means));
  tcase_add_loop_test(t, binomial, 0, FM_COUNT(trials));
  tcase_add_test(t, multinomial);
  tcase_add_test(t, multinomial_of_equal_cells);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
