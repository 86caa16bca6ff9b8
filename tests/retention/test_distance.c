/* Distances between sequences of states: by hand, against TraMineR and a plain table of costs, edges. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

enum { OM = FM_RETENTION_DISTANCE_OPTIMAL_MATCHING, HAMMING, LCS, LCP };

static fm_retention_distance_spec by(int32_t method, double indel, double substitution)
{
  fm_retention_distance_spec spec = FM_RETENTION_DISTANCE_SPEC_INIT;
  spec.method = method;
  spec.indel = indel;
  spec.substitution = substitution;
  return spec;
}

static void distances(double *out, const int32_t *state, size_t n, size_t n_periods, fm_retention_distance_spec spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_sequence_distances(out, state, n, n_periods, 32, &spec, NULL, &err), &err);
}

/* a: 0 0 1 2; b: 0 1 2 2; c: 0 - 1 -; d: never seen. a to b: take a 0 out, put a 2 in; two periods differ; 0 1 2 is
 * common, 0 at the beginning. c is 0 1: all of it common with a (0 at the beginning) and with b (all of it). */
static const int32_t people[] = {0, 0, 1, 2, 0, 1, 2, 2, 0, -1, 1, -1, -1, -1, -1, -1};
static const struct {
  int32_t method;
  double indel, substitution, ab, ac, bc;
} hand[] = {{OM, 1, 2, 2, 2, 2},          {OM, 1, 0.5, 1, 2, 2}, {OM, 0.75, 5, 1.5, 1.5, 1.5},
            {HAMMING, 1, 2, 2, NAN, NAN}, {LCS, 1, 2, 2, 2, 2},  {LCP, 1, 2, 6, 4, 2}};

START_TEST(test_by_hand)
{
  double d[6];
  distances(d, people, 4, 4, by(hand[_i].method, hand[_i].indel, hand[_i].substitution));
  fm_assert_close("a b", d[0], hand[_i].ab, 0, 0);
  fm_assert_close("a c", d[1], hand[_i].ac, 0, 0);
  fm_assert_close("b c", d[3], hand[_i].bc, 0, 0);
  ck_assert(isnan(d[2]) && isnan(d[4]) && isnan(d[5]));
}
END_TEST

/* ---- TraMineR ---- */

START_TEST(test_oracle)
{
  enum { N = 25, MONTHS = 72, PAIRS = N * (N - 1) / 2 };
  static const char letters[] = "SFETJH";
  static const char *const columns[] = {"om", "hamming", "lcs", "lcp"};
  static int32_t wide[N * MONTHS];
  double d[PAIRS];
  fm_oracle *o = fm_oracle_open("../../examples/data/school-to-work/source/mvad_monthly.csv");
  for (size_t i = 0; i < N * MONTHS; i++)
    wide[i] = (int32_t)(strchr(letters, fm_oracle_text(o, i / MONTHS, "states")[i % MONTHS]) - letters);
  fm_oracle_close(o);
  o = fm_oracle_open("retention/mvad_distances.csv");
  ck_assert_int_eq((int)fm_oracle_n_rows(o), PAIRS);
  for (int32_t method = OM; method <= LCP; method++) {
    distances(d, wide, N, MONTHS, by(method, 1, 2));
    for (size_t k = 0; k < PAIRS; k++) {
      size_t i = (size_t)fm_oracle_number(o, k, "i") - 1, j = (size_t)fm_oracle_number(o, k, "j") - 1;
      fm_assert_close(columns[method - 1], d[i * (2 * N - i - 1) / 2 + j - i - 1],
                      fm_oracle_number(o, k, columns[method - 1]), 0, 0);
    }
  }
  fm_oracle_close(o);
}
END_TEST

/* ---- a plain table of costs ---- */

enum { MANY = 40, LONG = 200, ALL_PAIRS = MANY * (MANY - 1) / 2 };

/* Sequences in which a state is kept more often than not, some periods not seen; lengths around multiples of 64. */
static void draw(int32_t *state, int32_t n_states, uint64_t seed)
{
  uint64_t x = seed;
  for (size_t i = 0; i < MANY; i++)
    for (size_t t = 0; t < LONG; t++) {
      x = x * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      int32_t fresh = (int32_t)((x >> 33) % (uint64_t)n_states), *at = state + i * LONG + t;
      *at = t > 0 && x >> 62 != 0 && at[-1] >= 0 ? at[-1] : fresh;
      if (t >= 60 + i * 7 % 140 || x >> 58 == 1)
        *at = -1;
    }
}

static size_t seen(int32_t *out, const int32_t *state)
{
  size_t n = 0;
  for (size_t t = 0; t < LONG; t++)
    if (state[t] >= 0)
      out[n++] = state[t];
  return n;
}

static double least(double a, double b)
{
  return a < b ? a : b;
}

static double plain(const int32_t *a, const int32_t *b, double indel, double other)
{
  static double cost[LONG + 1][LONG + 1];
  int32_t x[LONG], y[LONG];
  size_t n = seen(x, a), m = seen(y, b);
  for (size_t i = 0; i <= n; i++)
    for (size_t j = 0; j <= m; j++) {
      cost[i][j] = i == 0 ? (double)j * indel : j == 0 ? (double)i * indel : INFINITY;
      if (i > 0 && j > 0)
        cost[i][j] = least(cost[i - 1][j - 1] + (x[i - 1] == y[j - 1] ? 0 : other),
                           least(cost[i - 1][j], cost[i][j - 1]) + indel);
    }
  return cost[n][m];
}

START_TEST(test_plain)
{
  static const double substitution[] = {2, 1.5, 0.75, 2.5};
  static int32_t state[MANY * LONG];
  static double d[ALL_PAIRS], kept[ALL_PAIRS];
  int32_t n_states = _i == 0 ? 2 : _i == 1 ? 3 : _i == 2 ? 8 : 32;
  draw(state, n_states, (uint64_t)_i + 1);
  distances(d, state, MANY, LONG, by(OM, 1, substitution[_i]));
  distances(kept, state, MANY, LONG, by(LCS, 1, 2));
  size_t k = 0;
  for (size_t i = 0; i < MANY; i++)
    for (size_t j = i + 1; j < MANY; j++, k++) {
      fm_assert_close("cheapest", d[k], plain(state + i * LONG, state + j * LONG, 1, substitution[_i]), 0, 0);
      fm_assert_close("common", kept[k], plain(state + i * LONG, state + j * LONG, 1, 2), 0, 0);
    }
}
END_TEST

/* People the other way round, and on threads: the same bits. */
START_TEST(test_same_bits)
{
  static int32_t state[MANY * LONG], turned[MANY * LONG];
  static double d[ALL_PAIRS], other[ALL_PAIRS];
  fm_threads threads = {sizeof threads, 3};
  fm_error err = FM_ERROR_INIT;
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  draw(state, 5, 11);
  for (size_t i = 0; i < MANY; i++)
    memcpy(turned + (MANY - 1 - i) * LONG, state + i * LONG, LONG * sizeof *state);
  fm_retention_distance_spec spec = by(_i + 1, 0.3, 0.47);
  distances(d, state, MANY, LONG, spec);
  fm_assert_ok(fm_retention_sequence_distances(other, state, MANY, LONG, 5, &spec, &run, &err), &err);
  ck_assert(memcmp(d, other, sizeof d) == 0);
  distances(other, turned, MANY, LONG, spec);
  for (size_t i = 0, k = 0; i < MANY; i++)
    for (size_t j = i + 1; j < MANY; j++, k++) {
      size_t a = MANY - 1 - j, b = MANY - 1 - i, at = a * (2 * MANY - a - 1) / 2 + b - a - 1;
      ck_assert((isnan(d[k]) && isnan(other[at])) || memcmp(&d[k], &other[at], sizeof d[k]) == 0);
    }
}
END_TEST

START_TEST(test_refused)
{
  static const struct {
    int32_t method;
    double indel, substitution;
  } bad[] = {{0, 1, 2},         {5, 1, 2},   {OM, 0, 2},        {OM, NAN, 2},
             {OM, INFINITY, 2}, {OM, 1, -1}, {OM, 1, INFINITY}, {OM, 1, NAN}};
  double d[6];
  fm_error err = FM_ERROR_INIT;
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_retention_distance_spec spec = by(bad[i].method, bad[i].indel, bad[i].substitution);
    ck_assert_int_eq(fm_retention_sequence_distances(d, people, 4, 4, 3, &spec, NULL, &err), FM_ERR_ARGUMENT);
  }
  ck_assert_int_eq(fm_retention_sequence_distances(NULL, people, 4, 4, 3, NULL, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_sequence_distances(d, NULL, 4, 4, 3, NULL, NULL, &err), FM_ERR_ARGUMENT);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_retention_sequence_distances(d, people, 4, 4, 2, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_int_eq((int)err.row, 0);
  fm_error_clear(&err);
  fm_assert_ok(fm_retention_sequence_distances(NULL, people, 1, 4, 3, NULL, NULL, &err), &err);
  fm_assert_ok(fm_retention_sequence_distances(NULL, NULL, 0, 0, 3, NULL, NULL, &err), &err);
  fm_retention_distance_spec spec;
  fm_retention_distance_spec_init(&spec, sizeof spec);
  ck_assert(spec.method == OM && spec.indel == 1 && spec.substitution == 2);
}
END_TEST

static fm_status all_pairs(void *ctx, fm_error *err)
{
  double d[6];
  (void)ctx;
  return fm_retention_sequence_distances(d, people, 4, 4, 3, NULL, NULL, err);
}

START_TEST(test_memory)
{
  ck_assert_int_eq(fm_test_allocations(all_pairs, NULL), 11); /* two, and three for each person but the last */
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-distance");
  TCase *tests = tcase_create("distance");
  tcase_add_loop_test(tests, test_by_hand, 0, FM_COUNT(hand));
  tcase_add_test(tests, test_oracle);
  tcase_add_loop_test(tests, test_plain, 0, 4);
  tcase_add_loop_test(tests, test_same_bits, 0, 4);
  tcase_add_test(tests, test_refused);
  tcase_add_test(tests, test_memory);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
