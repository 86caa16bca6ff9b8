/* P(s, t) on plain arrays: by hand, against R's etm with its covariance, what is refused. Sources:
 * tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { MOST = 1000 };
static const char *const names[] = {"placed", "unemployed", "education", "retired"};

typedef struct sample {
  int32_t from[MOST], to[MOST], entry[MOST], time[MOST];
  double weight[MOST];
  size_t n;
} sample;

static int32_t state_of(const char *name)
{
  for (int32_t k = 0; k < 4; k++)
    if (strcmp(name, names[k]) == 0)
      return k;
  return -1;
}

static void read(sample *s)
{
  fm_oracle *o = fm_oracle_open("retention/in_multistate.csv");
  s->n = fm_oracle_n_rows(o);
  ck_assert_uint_eq(s->n, 877);
  for (size_t i = 0; i < s->n; i++) {
    s->from[i] = state_of(fm_oracle_text(o, i, "from"));
    s->to[i] = state_of(fm_oracle_text(o, i, "to"));
    s->entry[i] = (int32_t)fm_oracle_number(o, i, "start");
    s->time[i] = (int32_t)fm_oracle_number(o, i, "stop");
    s->weight[i] = 1 + (double)(i % 5) / 4;
  }
  fm_oracle_close(o);
}

/* Three people in state 0; at 1 one moves to 1; at 2 the one in 1 moves back and one of the two in 0 moves to 1.
 * M1: row 0 is (2/3, 1/3). M2: row 0 (1/2, 1/2), row 1 (1, 0). P_00 = 2/3 1/2 + 1/3 1 = 2/3, P_01 = 1/3.
 * Covariance of row 0: after time 1 Var P_01 = 2/27 = Var P_00 = -Cov. By M2 the move from 0 to 1 less the way back:
 * the share in 1 is 1/2 P_00: 1/4 2/27; and (2/3)^2 times the variance of the shares at 2, 1/2 1/2 / 2 = 1/8: 4/72.
 * Together 1/54 + 3/54 = 2/27. The move from 1 has all gone: no variance. */
START_TEST(test_by_hand)
{
  static const int32_t from[] = {0, 0, 0, 1, 0}, to[] = {1, 1, -1, 0, -1}, entry[] = {0, 0, 0, 1, 2},
                       time[] = {1, 2, 3, 2, 3};
  double p[4], c[16];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_transition_matrix(p, c, from, to, entry, time, NULL, 5, 2, 0, 2, NULL, &err), &err);
  fm_assert_close("P_00", p[0], 2.0 / 3, 1e-15, 0);
  fm_assert_close("P_01", p[1], 1.0 / 3, 1e-15, 0);
  fm_assert_close("P_10", p[2], 1, 1e-15, 0);
  fm_assert_close("variance", c[5], 2.0 / 27, 1e-14, 0);
  fm_assert_close("covariance", c[1], -2.0 / 27, 1e-14, 0);
  fm_assert_ok(fm_retention_transition_matrix(p, NULL, from, to, entry, time, NULL, 5, 2, 2, 2, NULL, &err), &err);
  ck_assert(p[0] == 1 && p[1] == 0 && p[2] == 0 && p[3] == 1);
}
END_TEST

START_TEST(test_oracle)
{
  static sample s;
  static double p[16], c[256];
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("retention/multistate_transition_probs.csv");
  read(&s);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    size_t at = (size_t)state_of(fm_oracle_text(o, i, "from")) * 4 + (size_t)state_of(fm_oracle_text(o, i, "to"));
    fm_assert_ok(fm_retention_transition_matrix(p, c, s.from, s.to, s.entry, s.time, NULL, s.n, 4,
                                                (int32_t)fm_oracle_number(o, i, "s"),
                                                (int32_t)fm_oracle_number(o, i, "t"), NULL, &err),
                 &err);
    fm_assert_close("prob", p[at], fm_oracle_number(o, i, "prob"), 1e-12, 1e-15);
    fm_assert_close("variance", c[at * 16 + at], fm_oracle_number(o, i, "var_greenwood"), 1e-12, 1e-17);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 128);
  fm_oracle_close(o);
}
END_TEST

/* P(0, 52) = P(0, 20) P(20, 52); rows add up to 1, so covariances within a row add up to 0; the order of rows leaves
 * all bits as they are; so does a stay cut in two at a time when nobody moves... it moves nothing at all. */
START_TEST(test_properties)
{
  static sample s, turned;
  static double p[16], q[16], r[16], c[256], d[256];
  fm_error err = FM_ERROR_INIT;
  read(&s);
  fm_assert_ok(fm_retention_transition_matrix(p, c, s.from, s.to, s.entry, s.time, s.weight, s.n, 4, 0, 52, NULL, &err),
               &err);
  fm_assert_ok(
      fm_retention_transition_matrix(q, NULL, s.from, s.to, s.entry, s.time, s.weight, s.n, 4, 0, 20, NULL, &err),
      &err);
  fm_assert_ok(
      fm_retention_transition_matrix(r, NULL, s.from, s.to, s.entry, s.time, s.weight, s.n, 4, 20, 52, NULL, &err),
      &err);
  for (size_t h = 0; h < 4; h++) {
    double sum = 0, spread = 0;
    for (size_t j = 0; j < 4; j++) {
      double product = 0;
      for (size_t g = 0; g < 4; g++)
        product += q[h * 4 + g] * r[g * 4 + j];
      fm_assert_close("product", p[h * 4 + j], product, 1e-13, 1e-16);
      sum += p[h * 4 + j];
      spread += c[(h * 4) * 16 + h * 4 + j];
    }
    fm_assert_close("sum", sum, 1, 1e-14, 0);
    fm_assert_close("covariances", spread, 0, 0, 1e-16);
  }
  for (size_t i = 0; i < 16; i++)
    for (size_t j = 0; j < 16; j++)
      fm_assert_close("symmetric", c[i * 16 + j], c[j * 16 + i], 1e-12, 1e-18);
  turned.n = s.n;
  for (size_t i = 0; i < s.n; i++) {
    size_t k = s.n - 1 - i;
    turned.from[i] = s.from[k];
    turned.to[i] = s.to[k];
    turned.entry[i] = s.entry[k];
    turned.time[i] = s.time[k];
    turned.weight[i] = s.weight[k];
  }
  fm_assert_ok(fm_retention_transition_matrix(q, d, turned.from, turned.to, turned.entry, turned.time, turned.weight,
                                              turned.n, 4, 0, 52, NULL, &err),
               &err);
  ck_assert(memcmp(p, q, sizeof p) == 0 && memcmp(c, d, sizeof c) == 0);
}
END_TEST

/* Two of four move: P = 1/2 and its variance 1/2 1/2 / (sum of weights), whatever the weights are. */
START_TEST(test_large_weights)
{
  static const int32_t from[] = {0, 0}, to[] = {1, -1}, time[] = {1, 2};
  static const double weights[] = {1, 1e-150, 1e150, 1e300};
  fm_error err = FM_ERROR_INIT;
  double p[4], c[16];
  for (int i = 0; i < FM_COUNT(weights); i++) {
    double weight[] = {weights[i], weights[i]};
    fm_assert_ok(fm_retention_transition_matrix(p, c, from, to, NULL, time, weight, 2, 2, 0, 2, NULL, &err), &err);
    fm_assert_close("probability", p[1], 0.5, 0, 0);
    fm_assert_close("variance", c[5], 0.25 / (2 * weights[i]), 1e-15, 0);
  }
  double most[] = {1.7e308, 1.7e308};
  ck_assert_int_eq(fm_retention_transition_matrix(p, c, from, to, NULL, time, most, 2, 2, 0, 2, NULL, &err),
                   FM_ERR_LIMIT);
}
END_TEST

START_TEST(test_refused)
{
  static const int32_t from[] = {0, 1}, bad[] = {0, 2}, to[] = {1, -1}, same[] = {1, 1}, time[] = {1, 2},
                       late[] = {0, 2};
  static const double weight[] = {1, -1}, endless[] = {INFINITY, 1};
  double p[4];
  const struct {
    const int32_t *from, *to, *entry, *time;
    const double *weight;
    int32_t n_states, s, t;
    fm_status status;
    int64_t row;
  } cases[] = {
      {bad, to, NULL, time, NULL, 2, 0, 1, FM_ERR_VALUE, 1},
      {from, same, NULL, time, NULL, 2, 0, 1, FM_ERR_VALUE, 1},
      {from, to, late, time, NULL, 2, 0, 1, FM_ERR_VALUE, 1},
      {from, to, NULL, time, weight, 2, 0, 1, FM_ERR_VALUE, 1},
      {from, to, NULL, time, endless, 2, 0, 1, FM_ERR_VALUE, 0},
      {from, to, NULL, time, NULL, 33, 0, 1, FM_ERR_ARGUMENT, -1},
      {from, to, NULL, time, NULL, 0, 0, 1, FM_ERR_ARGUMENT, -1},
      {from, to, NULL, time, NULL, 2, 2, 1, FM_ERR_ARGUMENT, -1},
      {NULL, to, NULL, time, NULL, 2, 0, 1, FM_ERR_ARGUMENT, -1},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status =
        fm_retention_transition_matrix(p, NULL, cases[i].from, cases[i].to, cases[i].entry, cases[i].time,
                                       cases[i].weight, 2, cases[i].n_states, cases[i].s, cases[i].t, NULL, &err);
    ck_assert_msg(status == cases[i].status, "case %d: %s", i, fm_status_name(status));
    ck_assert_int_eq(err.row, cases[i].row);
  }
}
END_TEST

static fm_status body(void *ctx, fm_error *err)
{
  static const int32_t from[] = {0, 1}, to[] = {1, 0}, time[] = {1, 2};
  double p[4], c[16];
  (void)ctx;
  return fm_retention_transition_matrix(p, c, from, to, NULL, time, NULL, 2, 2, 0, 3, NULL, err);
}

START_TEST(test_allocations)
{
  ck_assert_int_gt(fm_test_allocations(body, NULL), 8);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-matrix");
  TCase *tests = tcase_create("matrix");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_oracle);
  tcase_add_test(tests, test_properties);
  tcase_add_test(tests, test_large_weights);
  tcase_add_test(tests, test_refused);
  tcase_add_test(tests, test_allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
