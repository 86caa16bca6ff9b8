/* retention.cumulative_incidence: by hand, the jackknife against R and against its definition, horizons, promises of a
 * tally. Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static fm_table *run(const fm_table *frame, const fm_retention_cumulative_incidence_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_cumulative_incidence(&out, frame, spec, NULL, &err), &err);
  return out;
}

static const char *cell(const fm_table *t, const char *column, size_t row)
{
  size_t k = (size_t)fm_table_column_index(t, column);
  return fm_table_is_null(t, k, row) ? "" : fm_table_text(t, k, row, NULL);
}

/* The row of a quantity at a time (NaN: none), cause ("": none) and group (NULL: any). */
static size_t row_of(const fm_table *t, const char *quantity, const char *clock, double time, const char *cause,
                     const char *group)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double here = fm_test_number(t, clock, i);
    bool same = isnan(time) ? isnan(here) : here == time;
    if (same && strcmp(cell(t, "quantity", i), quantity) == 0 && strcmp(cell(t, "cause", i), cause) == 0 &&
        (group == NULL || strcmp(cell(t, "group", i), group) == 0))
      return i;
  }
  ck_abort_msg("no %s at %g of cause %s", quantity, time, cause);
  return 0;
}

/* Four people by hand as in test_exits.c, in group a; in group b one leaves at 1, one is lost at 3. */
static const char *const columns[] = {"group:code", "time_weeks:i32", "cause:code", "weight:f64", "person_id:code"};
static const char *const cells[] = {"a", "1", "other_job", "1", "p", "a", "1", "",          "1", "q",
                                    "a", "2", "other_job", "1", "r", "a", "2", "education", "1", "s",
                                    "b", "1", "education", "1", "t", "b", "3", "",          "1", "u"};

static fm_retention_cumulative_incidence_spec spec_of(const char *by)
{
  fm_retention_cumulative_incidence_spec spec = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;
  spec.by = by;
  spec.clock = "weeks";
  return spec;
}

START_TEST(test_by_hand)
{
  fm_table *frame = fm_test_table(columns, 5, cells, 6);
  fm_retention_cumulative_incidence_spec spec = spec_of("group");
  spec.times = "2, 3";
  spec.reference = "b";
  spec.conf_type = 1;
  fm_table *t = run(frame, &spec);
  size_t i = row_of(t, "cumulative_incidence", "time_weeks", 2, "other_job", "a");
  fm_assert_close("F", fm_test_number(t, "value", i), 0.625, 0, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", i), sqrt(21.0 / 256), 1e-15, 0);
  ck_assert_int_eq((int)fm_test_number(t, "n", i), 2);
  fm_assert_close("survival", fm_test_number(t, "value", row_of(t, "survival", "time_weeks", 1, "", "a")), 0.75, 0, 0);
  fm_assert_close("n_censor", fm_test_number(t, "value", row_of(t, "n_censor", "time_weeks", 1, "", "a")), 1, 0, 0);
  fm_assert_close("n_event", fm_test_number(t, "value", row_of(t, "n_event", "time_weeks", 1, "other_job", "a")), 1, 0,
                  0);
  /* education: a 3/8 with variance 21/256, b 1/2 with variance 1/8; z = 1.959964 */
  i = row_of(t, "incidence_difference", "time_weeks", 2, "education", "a");
  fm_assert_close("difference", fm_test_number(t, "value", i), -0.125, 0, 0);
  fm_assert_close("its error", fm_test_number(t, "std_error", i), sqrt(21.0 / 256 + 1.0 / 8), 1e-15, 0);
  fm_assert_close("its limit", fm_test_number(t, "ci_low", i), -0.125 - 1.9599639845400545 * sqrt(21.0 / 256 + 1.0 / 8),
                  1e-14, 0);
  /* At 3 in a all have left; in b one is still there. */
  ck_assert_str_eq(cell(t, "state", row_of(t, "cumulative_incidence_at", "time_weeks", 3, "education", "a")), "ok");
  ck_assert_str_eq(fm_table_note(t, "variance"), "greenwood");
  fm_table_destroy(t);
  spec.times = "4";
  t = run(frame, &spec);
  i = row_of(t, "cumulative_incidence_at", "time_weeks", 4, "education", "b");
  ck_assert_str_eq(cell(t, "state", i), "censored");
  ck_assert(isnan(fm_test_number(t, "value", i)));
  i = row_of(t, "incidence_difference", "time_weeks", 4, "education", "a");
  ck_assert_str_eq(cell(t, "state", i), "censored");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_limits)
{
  fm_table *frame = fm_test_table(columns, 5, cells, 6);
  fm_retention_cumulative_incidence_spec spec = spec_of("group");
  double f = 0.25, s = sqrt(3.0) / 8, z = 1.9599639845400545;
  double angle = asin(sqrt(f)) - z * s / (2 * sqrt(f * (1 - f)));
  const double low[] = {0, f * exp(-z * s / f), pow(f, exp(z * s / (f * -log(f)))),
                        1 / (1 + 3 * exp(z * s / (f * (1 - f)))), sin(angle) * sin(angle)};
  for (int32_t kind = 1; kind <= 5; kind++) {
    spec.conf_type = kind;
    fm_table *t = run(frame, &spec);
    size_t i = row_of(t, "cumulative_incidence", "time_weeks", 1, "other_job", "a");
    fm_assert_close("low", fm_test_number(t, "ci_low", i), low[kind - 1], 1e-12, 1e-15);
    ck_assert(fm_test_number(t, "ci_high", i) > f);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

/* ---- the jackknife ---- */

/* 600 placements; cluster: each its own (person_id), or by threes (trio). */
static fm_table *placements(bool trios)
{
  static const char *const names[] = {"time_days:i32", "entry_days:i32", "cause:code", "weight:f64", "person_id:code"};
  static char number[600][24];
  fm_oracle *o = fm_oracle_open("retention/in_placements.csv");
  size_t n = fm_oracle_n_rows(o), m = 0;
  ck_assert(n == 600);
  const char **texts = calloc(n * 5, sizeof *texts);
  for (size_t i = 0; i < n; i++) {
    const char *cause = fm_oracle_text(o, i, "cause");
    snprintf(number[i], sizeof number[i], "%zu", trios ? i / 3 : i);
    texts[m++] = fm_oracle_text(o, i, "exit");
    texts[m++] = fm_oracle_text(o, i, "entry");
    texts[m++] = strcmp(cause, "0") == 0 ? "" : cause;
    texts[m++] = fm_oracle_text(o, i, "weight");
    texts[m++] = number[i];
  }
  fm_table *t = fm_test_table(names, 5, texts, n);
  free(texts);
  fm_oracle_close(o);
  return t;
}

START_TEST(test_jackknife_oracle)
{
  char column[32], cause[8];
  fm_table *frame = placements(false);
  fm_retention_cumulative_incidence_spec spec = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;
  spec.cluster = "person_id";
  fm_table *t = run(frame, &spec);
  ck_assert_str_eq(fm_table_note(t, "variance"), "jackknife");
  fm_oracle *o = fm_oracle_open("retention/cif_placements_truncated.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    for (int j = 0; j <= 4; j++) {
      snprintf(cause, sizeof cause, "%.0d", j);
      size_t k = row_of(t, j == 0 ? "survival" : "cumulative_incidence", "time_days", fm_oracle_number(o, i, "time"),
                        cause, NULL);
      snprintf(column, sizeof column, "p_%d", j);
      fm_assert_close(column, fm_test_number(t, "value", k), fm_oracle_number(o, i, column), 1e-12, 0);
      snprintf(column, sizeof column, "se_ij_%d", j);
      fm_assert_close(column, fm_test_number(t, "std_error", k), fm_oracle_number(o, i, column), 1e-12, 0);
    }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 98);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

enum { LAST = 160, CAUSES = 4 };

/* The definition: the derivative of each share by the weight of each row, added up within clusters. */
static void definition(double variance[LAST + 1][CAUSES + 1], const fm_table *frame)
{
  size_t n = fm_table_n_rows(frame), clusters = 0;
  static double moved[600][CAUSES + 1];
  memset(moved, 0, sizeof moved);
  double share[CAUSES + 1] = {1};
  const int32_t *time = fm_table_i32(frame, 0), *entry = fm_table_i32(frame, 1);
  const double *weight = fm_table_f64(frame, 3);
  for (int32_t t = 0; t <= LAST; t++) {
    double risk = 0, exits[CAUSES + 1] = {0}, stay = share[0], h[CAUSES + 1] = {0};
    for (size_t i = 0; i < n; i++) {
      risk += entry[i] < t && t <= time[i] ? weight[i] : 0;
      if (time[i] == t && !fm_table_is_null(frame, 2, i))
        exits[atoi(fm_table_text(frame, 2, i, NULL))] += weight[i];
    }
    for (int j = 1; j <= CAUSES && risk > 0; j++) {
      h[j] = exits[j] / risk;
      h[0] += h[j];
    }
    for (size_t c = 0; c < n; c++) { /* the carried part */
      for (int j = 1; j <= CAUSES; j++)
        moved[c][j] += h[j] * moved[c][0];
      moved[c][0] *= 1 - h[0];
    }
    for (size_t i = 0; i < n && risk > 0; i++) { /* the new part */
      size_t c = (size_t)atoi(fm_test_text(frame, "person_id", i));
      int left = time[i] == t && !fm_table_is_null(frame, 2, i) ? atoi(fm_table_text(frame, 2, i, NULL)) : 0;
      clusters = c >= clusters ? c + 1 : clusters;
      for (int j = 1; j <= CAUSES && entry[i] < t && t <= time[i]; j++) {
        double d = stay * weight[i] * ((double)(left == j) - h[j]) / risk;
        moved[c][j] += d;
        moved[c][0] -= d;
      }
    }
    share[0] *= 1 - h[0];
    for (int j = 0; j <= CAUSES; j++) {
      variance[t][j] = 0;
      for (size_t c = 0; c < clusters; c++)
        variance[t][j] += moved[c][j] * moved[c][j];
    }
  }
}

START_TEST(test_jackknife_definition)
{
  static double variance[LAST + 1][CAUSES + 1];
  fm_table *frame = placements(true);
  fm_retention_cumulative_incidence_spec spec = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;
  spec.cluster = "person_id";
  spec.weight = "weight";
  fm_table *t = run(frame, &spec);
  definition(variance, frame);
  size_t compared = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *quantity = cell(t, "quantity", i);
    if (strcmp(quantity, "survival") != 0 && strcmp(quantity, "cumulative_incidence") != 0)
      continue;
    size_t time = (size_t)fm_test_number(t, "time_days", i), j = (size_t)atoi(cell(t, "cause", i));
    fm_assert_close(quantity, fm_test_number(t, "std_error", i), sqrt(variance[time][j]), 1e-11, 1e-15);
    compared++;
  }
  ck_assert_uint_gt(compared, 400);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors and edges ---- */

START_TEST(test_refused)
{
  static const struct {
    const char *by, *weight, *cluster, *horizons, *reference, *clock;
    double level;
    int32_t conf_type, variance, curve;
  } bad[] = {
      {NULL, NULL, NULL, NULL, NULL, "days", 1, 3, 1, 1},
      {NULL, NULL, NULL, NULL, NULL, "days", 0.95, 6, 1, 1},
      {NULL, NULL, NULL, NULL, NULL, "days", 0.95, 3, 3, 1},
      {NULL, NULL, NULL, NULL, NULL, "days", 0.95, 3, 1, 2},
      {NULL, "w", NULL, NULL, NULL, "days", 0.95, 3, 2, 1},
      {NULL, NULL, "c", NULL, NULL, "days", 0.95, 3, 2, 1},
      {NULL, NULL, NULL, "3", "a", "days", 0.95, 3, 1, 1},
      {"g,h", NULL, NULL, "3", "a", "days", 0.95, 3, 1, 1},
      {"g", NULL, NULL, NULL, "a", "days", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, "3,,4", NULL, "days", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, "3,3", NULL, "days", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, "-3", NULL, "days", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, "x", NULL, "days", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, NULL, NULL, "years", 0.95, 3, 1, 1},
      {NULL, NULL, NULL, "2147483648", NULL, "days", 0.95, 3, 1, 1},
  };
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    fm_retention_cumulative_incidence_spec spec;
    fm_retention_cumulative_incidence_spec_init(&spec, sizeof spec);
    spec.by = bad[i].by;
    spec.weight = bad[i].weight;
    spec.cluster = bad[i].cluster;
    spec.times = bad[i].horizons;
    spec.reference = bad[i].reference;
    spec.clock = bad[i].clock;
    spec.level = bad[i].level;
    spec.conf_type = bad[i].conf_type;
    spec.variance = bad[i].variance;
    spec.curve = bad[i].curve;
    fm_status status = fm_retention_cumulative_incidence_tally(&t, &spec, &err);
    ck_assert_msg(status == FM_ERR_ARGUMENT, "spec %d: %s", i, fm_status_name(status));
    ck_assert_ptr_null(t);
  }
}
END_TEST

START_TEST(test_edges)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t, *frame = fm_test_table(columns, 5, cells, 6), *nobody = fm_test_table(columns, 5, cells, 0);
  fm_retention_cumulative_incidence_spec spec = spec_of(NULL);
  spec.times = "1";
  t = run(nobody, &spec);
  ck_assert_str_eq(cell(t, "state", row_of(t, "survival", "time_weeks", NAN, "", NULL)), "empty");
  ck_assert_str_eq(cell(t, "state", row_of(t, "survival_at", "time_weeks", 1, "", NULL)), "empty");
  fm_table_destroy(t);
  spec = spec_of("group");
  spec.times = "1";
  spec.reference = "c";
  ck_assert_int_eq(fm_retention_cumulative_incidence(&t, frame, &spec, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(t);
  /* Nobody has left yet: a curve without causes. */
  fm_table *still = fm_test_table(columns, 5, cells + 25, 1);
  spec = spec_of(NULL);
  t = run(still, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 3);
  fm_assert_close("in", fm_test_number(t, "value", row_of(t, "survival", "time_weeks", 3, "", NULL)), 1, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(still);
  fm_table_destroy(nobody);
  fm_table_destroy(frame);
}
END_TEST

/* All have left for one cause: its share is 1 without error, however the terms of the variance round. */
START_TEST(test_all_gone)
{
  static const char *const names[] = {"time_weeks:i32", "cause:code", "weight:f64"};
  const char *const rows[] = {"7",  "u", "1", "17", "", "10",   "20", "",  "0.1",  "20", "",  "0.1",
                              "22", "",  "1", "25", "", "0.01", "25", "u", "0.01", "40", "u", "10"};
  fm_table *frame = fm_test_table(names, 3, rows, 8);
  fm_retention_cumulative_incidence_spec spec = spec_of(NULL);
  spec.weight = "weight";
  spec.conf_type = 1;
  fm_table *t = run(frame, &spec);
  size_t last = row_of(t, "cumulative_incidence", "time_weeks", 40, "u", NULL);
  fm_assert_close("share", fm_test_number(t, "value", last), 1, 1e-15, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", last), 0, 0, 1e-8);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- promises of a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_retention_cumulative_incidence_spec spec = spec_of("group");
  bool robust = *(const bool *)ctx;
  spec.weight = "weight";
  spec.cluster = robust ? "person_id" : NULL;
  spec.times = "1,2";
  spec.reference = "a";
  return fm_retention_cumulative_incidence_tally(out, &spec, err);
}

START_TEST(promises)
{
  bool robust = _i == 1;
  fm_test_promises(&(fm_test_measure){create, &robust, columns, 5, cells, 6});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-cumulative_incidence");
  TCase *tests = tcase_create("cumulative incidence");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_limits);
  tcase_add_test(tests, test_jackknife_oracle);
  tcase_add_test(tests, test_jackknife_definition);
  tcase_add_test(tests, test_refused);
  tcase_add_test(tests, test_edges);
  tcase_add_test(tests, test_all_gone);
  tcase_add_loop_test(tests, promises, 0, 2);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
