/* Figures of each person's sequence: by hand, against TraMineR and their definitions, edges. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

typedef struct found {
  int32_t n_transition, time[32];
  double entropy, turbulence, complexity;
} found;

static found figures(const int32_t *state, size_t n_periods, int32_t n_states)
{
  found f;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_sequence_figures(&f.n_transition, &f.entropy, &f.turbulence, &f.complexity, f.time, state,
                                             1, n_periods, n_states, NULL, &err),
               &err);
  return f;
}

/* 0 0 1 0 - 2 2 2 of three states: spells 2 1 1 3, seven periods. Entropy -(3/7 ln 3/7 + 1/7 ln 1/7 + 3/7 ln 3/7) /
 * ln 3. 0 1 0 2 has 14 distinct subsequences: 1, 2, 4, 2 x 4 - 1 = 7, 14. Lengths have mean 7/4 and variance 15/4 -
 * 49/16 = 11/16, at most 3 (3/4)² = 27/16: turbulence log2(14 (43/16) / (27/16)). Three changes in six. */
static const int32_t history[] = {0, 0, 1, 0, -1, 2, 2, 2};

START_TEST(test_by_hand)
{
  found f = figures(history, 8, 3);
  ck_assert_int_eq(f.n_transition, 3);
  ck_assert(f.time[0] == 3 && f.time[1] == 1 && f.time[2] == 3);
  double entropy = -(6.0 / 7 * log(3.0 / 7) + log(1.0 / 7) / 7) / log(3);
  fm_assert_close("entropy", f.entropy, entropy, 1e-14, 0);
  fm_assert_close("turbulence", f.turbulence, log2(14.0 * 43 / 27), 1e-14, 0);
  fm_assert_close("complexity", f.complexity, sqrt(entropy / 2), 1e-14, 0);
}
END_TEST

static const char letters[] = "SFETJH";

START_TEST(test_oracle)
{
  enum { N = 712, MONTHS = 72 };
  static int32_t wide[N * MONTHS], changes[N], time[N * 6];
  static double entropy[N], turbulence[N], complexity[N];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("../../examples/data/school-to-work/source/mvad_monthly.csv");
  ck_assert_int_eq((int)fm_oracle_n_rows(o), N);
  for (size_t i = 0; i < N * MONTHS; i++)
    wide[i] = (int32_t)(strchr(letters, fm_oracle_text(o, i / MONTHS, "states")[i % MONTHS]) - letters);
  fm_oracle_close(o);
  fm_assert_ok(
      fm_retention_sequence_figures(changes, entropy, turbulence, complexity, time, wide, N, MONTHS, 6, NULL, &err),
      &err);
  o = fm_oracle_open("retention/mvad_sequences.csv");
  ck_assert_int_eq((int)fm_oracle_n_rows(o), N);
  for (size_t i = 0; i < N; i++) {
    fm_assert_close("transitions", changes[i], fm_oracle_number(o, i, "transitions"), 0, 0);
    fm_assert_close("entropy", entropy[i], fm_oracle_number(o, i, "entropy"), 1e-12, 0);
    fm_assert_close("turbulence", turbulence[i], fm_oracle_number(o, i, "turbulence"), 1e-12, 0);
    fm_assert_close("complexity", complexity[i], fm_oracle_number(o, i, "complexity"), 1e-12, 0);
    fm_assert_close("months", time[i * 6 + 2], fm_oracle_number(o, i, "months_E"), 0, 0);
  }
  fm_oracle_close(o);
}
END_TEST

/* All subsets of the periods, written out and told apart: 2^10 at most. */
static int subsequences(const int32_t *state, int n)
{
  int distinct = 0;
  int64_t *seen = malloc(((size_t)1 << n) * sizeof *seen);
  for (int set = 0; set < 1 << n; set++) {
    int64_t text = 1;
    for (int t = 0; t < n; t++)
      if ((set >> t & 1) != 0)
        text = text * 4 + state[t];
    int k = 0;
    while (k < distinct && seen[k] != text)
      k++;
    if (k == distinct)
      seen[distinct++] = text;
  }
  free(seen);
  return distinct;
}

/* Spells of one period each: turbulence is log2 of the number of subsequences times the largest variance + 1, which is
 * 1. */
START_TEST(test_subsequences)
{
  uint64_t draw = 7;
  for (int round = 0; round < 40; round++) {
    int32_t state[10];
    for (int t = 0; t < 10; t++)
      do {
        draw = draw * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        state[t] = (int32_t)(draw >> 62);
      } while (t > 0 && state[t] == state[t - 1]);
    fm_assert_close("turbulence", figures(state, 10, 4).turbulence, log2(subsequences(state, 10)), 1e-13, 0);
  }
}
END_TEST

/* 0 1 0 1 ..: the numbers of subsequences are 1, 2, 4, 7, 12, .. = Fibonacci(n + 3) - 1, far beyond a double's range.
 */
START_TEST(test_long)
{
  enum { N = 100000 };
  int32_t *state = malloc(N * sizeof *state);
  for (int t = 0; t < N; t++)
    state[t] = t % 2;
  double golden = (1 + sqrt(5)) / 2;
  fm_assert_close("long", figures(state, N, 2).turbulence, (N + 3) * log2(golden) - log2(sqrt(5)), 1e-12, 0);
  fm_assert_close("entropy", figures(state, N, 2).entropy, 1, 1e-15, 0);
  fm_assert_close("complexity", figures(state, N, 2).complexity, 1, 1e-15, 0);
  free(state);
}
END_TEST

/* Names of states and periods not seen do not matter: the same bits. */
START_TEST(test_same_bits)
{
  static const int32_t turned[] = {-5, 2, 2, 0, 2, 1, 1, 1};
  found a = figures(history, 8, 3), b = figures(turned, 8, 3);
  ck_assert(a.n_transition == b.n_transition && memcmp(&a.entropy, &b.entropy, sizeof a.entropy) == 0);
  ck_assert(memcmp(&a.turbulence, &b.turbulence, sizeof a.turbulence) == 0);
  ck_assert(memcmp(&a.complexity, &b.complexity, sizeof a.complexity) == 0);
}
END_TEST

START_TEST(test_edges)
{
  static const int32_t never[] = {-1, -1, -1}, once[] = {-1, 1, -1}, same[] = {1, 1, 1};
  found f = figures(never, 3, 2);
  ck_assert_int_eq(f.n_transition, -1);
  ck_assert(isnan(f.entropy) && isnan(f.turbulence) && isnan(f.complexity) && f.time[0] == 0);
  f = figures(NULL, 0, 2); /* no period at all */
  ck_assert(f.n_transition == -1 && isnan(f.entropy));
  f = figures(once, 3, 2);
  ck_assert(f.n_transition == 0 && f.entropy == 0 && f.turbulence == 1 && isnan(f.complexity));
  f = figures(same, 3, 2);
  ck_assert(f.n_transition == 0 && f.entropy == 0 && !signbit(f.entropy) && f.turbulence == 1 && f.complexity == 0);
  static const int32_t zeros[] = {0, 0};
  f = figures(zeros, 2, 1);
  ck_assert(isnan(f.entropy) && isnan(f.complexity) && f.turbulence == 1);
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_sequence_figures(NULL, NULL, NULL, NULL, NULL, history, 1, 8, 3, NULL, &err), &err);
  fm_assert_ok(fm_retention_sequence_figures(NULL, NULL, NULL, NULL, NULL, NULL, 0, 8, 3, NULL, &err), &err);
}
END_TEST

START_TEST(test_refused)
{
  double x[4];
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_retention_sequence_figures(NULL, x, NULL, NULL, NULL, history, 4, 2, 2, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_int_eq((int)err.row, 2);
  ck_assert_msg(strstr(err.message, "period 1: state 2") != NULL, "%s", err.message);
  for (int32_t n_states = 0; n_states <= 33; n_states += 33)
    ck_assert_int_eq(fm_retention_sequence_figures(NULL, x, NULL, NULL, NULL, history, 1, 8, n_states, NULL, &err),
                     FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_sequence_figures(NULL, x, NULL, NULL, NULL, NULL, 1, 8, 3, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_sequence_figures(NULL, x, NULL, NULL, NULL, history, 1, 1000001, 3, NULL, &err),
                   FM_ERR_ARGUMENT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-sequence");
  TCase *tests = tcase_create("sequence");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_oracle);
  tcase_add_test(tests, test_subsequences);
  tcase_add_test(tests, test_long);
  tcase_add_test(tests, test_same_bits);
  tcase_add_test(tests, test_edges);
  tcase_add_test(tests, test_refused);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
