/* fm_retention_km: against R, and against the definition row by row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cases.h"

enum { MOST = 4096 };

typedef struct sample {
  int32_t time[MOST], entry[MOST];
  uint8_t event[MOST];
  double weight[MOST];
  size_t n;
} sample;

typedef struct curve {
  double n_risk[MOST], n_event[MOST], n_censor[MOST], survival[MOST], std_error[MOST];
} curve;

static const struct {
  const char *name, *file, *entry, *time, *event, *weight;
  bool sum; /* the time is entry + time */
} sets[] = {{"mvad_job", "in_mvad_first_job.csv", NULL, "time", "cause", NULL, false},
            {"mvad_job_weighted", "in_mvad_first_job.csv", NULL, "time", "cause", "weight", false},
            {"mvad_calendar", "in_mvad_first_job.csv", "start", "time", "cause", NULL, true},
            {"mvad_days", "in_mvad_days.csv", NULL, "time_days", "event", NULL, false},
            {"romeo", "in_romeo.csv", NULL, "time", "event", NULL, false},
            {"placements", "in_placements.csv", "entry", "exit", "cause", NULL, false},
            {"placements_weighted", "in_placements.csv", "entry", "exit", "cause", "weight", false}};

static int32_t read_set(sample *s, int set)
{
  char name[128];
  int32_t last = 0;
  snprintf(name, sizeof name, "retention/%s", sets[set].file);
  fm_oracle *o = fm_oracle_open(name);
  s->n = fm_oracle_n_rows(o);
  ck_assert_uint_le(s->n, MOST);
  for (size_t i = 0; i < s->n; i++) {
    s->entry[i] = sets[set].entry != NULL ? (int32_t)fm_oracle_number(o, i, sets[set].entry) : 0;
    s->time[i] = (int32_t)fm_oracle_number(o, i, sets[set].time) + (sets[set].sum ? s->entry[i] : 0);
    s->event[i] = fm_oracle_number(o, i, sets[set].event) > 0;
    s->weight[i] = sets[set].weight != NULL ? fm_oracle_number(o, i, sets[set].weight) : 1;
    last = s->time[i] > last ? s->time[i] : last;
  }
  fm_oracle_close(o);
  return last;
}

START_TEST(test_oracle)
{
  static sample s;
  static curve c;
  char name[128];
  fm_error err = FM_ERROR_INIT;
  int32_t last = read_set(&s, _i);
  ck_assert_int_lt(last + 2, MOST);
  fm_assert_ok(fm_retention_km(c.n_risk, c.n_event, c.n_censor, c.survival, c.std_error, s.time, s.event,
                               sets[_i].entry != NULL ? s.entry : NULL, sets[_i].weight != NULL ? s.weight : NULL, s.n,
                               last + 2, NULL, &err),
               &err);
  snprintf(name, sizeof name, "retention/km_%s.csv", sets[_i].name);
  fm_oracle *o = fm_oracle_open(name);
  double survival = 1, std_error = 0;
  size_t row = 0;
  for (int32_t t = 0; t <= last + 2; t++) {
    if (row < fm_oracle_n_rows(o) && fm_oracle_number(o, row, "time") == t) {
      survival = fm_oracle_number(o, row, "surv");
      std_error = fm_oracle_number(o, row, "se_surv");
      fm_assert_close("at risk", c.n_risk[t], fm_oracle_number(o, row, "n_risk"), 1e-12, 0);
      fm_assert_close("events", c.n_event[t], fm_oracle_number(o, row, "n_event"), 1e-12, 0);
      fm_assert_close("censored", c.n_censor[t], fm_oracle_number(o, row, "n_censor"), 1e-12, 0);
      row++;
    } else {
      ck_assert(c.n_event[t] == 0 && c.n_censor[t] == 0);
    }
    fm_assert_close(sets[_i].name, c.survival[t], survival, 1e-12, 0);
    fm_assert_close(sets[_i].name, c.std_error[t], std_error, 1e-12, 0);
  }
  ck_assert_uint_eq(row, fm_oracle_n_rows(o));
  fm_oracle_close(o);
}
END_TEST

/* The definition, in rows x times steps; weights are small multiples of 1/4, so that plain sums are exact. */
static void define(curve *c, const sample *s, int32_t max_time)
{
  double survival = 1, variance = 0;
  for (int32_t t = 0; t <= max_time; t++) {
    double risk = 0, events = 0, censored = 0;
    for (size_t i = 0; i < s->n; i++) {
      int32_t time = s->time[i] < max_time ? s->time[i] : max_time;
      bool event = s->event[i] != 0 && s->time[i] <= max_time;
      bool in = t == 0 ? s->entry[i] <= 0 : s->entry[i] < t;
      if (!in || time < t)
        continue;
      risk += s->weight[i];
      events += time == t && event ? s->weight[i] : 0;
      censored += time == t && !event ? s->weight[i] : 0;
    }
    if (events > 0) {
      survival *= (risk - events) / risk;
      variance += events / risk / (risk - events);
    }
    c->n_risk[t] = risk;
    c->n_event[t] = events;
    c->n_censor[t] = censored;
    c->survival[t] = survival;
    c->std_error[t] = survival > 0 ? survival * sqrt(variance) : NAN;
  }
}

START_TEST(test_definition)
{
  static sample s;
  static curve c, expected;
  fm_error err = FM_ERROR_INIT;
  uint64_t state = (uint64_t)_i + 1;
  bool entries = (_i & 1) != 0, weights = (_i & 2) != 0, sparse = (_i & 4) != 0;
  int32_t max_time = (int32_t)next_random(&state, sparse ? 3000 : 60) + 1;
  s.n = 1 + next_random(&state, 200);
  for (size_t i = 0; i < s.n; i++) {
    s.time[i] = (int32_t)next_random(&state, sparse ? 200000 : 80);
    if (sparse && (i & 1) != 0)
      s.time[i] = (int32_t)next_random(&state, 3000);
    s.entry[i] = entries && s.time[i] > 0 ? (int32_t)next_random(&state, (size_t)s.time[i] + 3) - 3 : 0;
    s.event[i] = (uint8_t)next_random(&state, 2);
    s.weight[i] = weights ? (double)next_random(&state, 9) / 4 : 1;
    s.entry[i] = s.entry[i] < s.time[i] ? s.entry[i] : 0;
  }
  define(&expected, &s, max_time);
  fm_assert_ok(fm_retention_km(c.n_risk, c.n_event, c.n_censor, c.survival, c.std_error, s.time, s.event,
                               entries ? s.entry : NULL, weights ? s.weight : NULL, s.n, max_time, NULL, &err),
               &err);
  for (int32_t t = 0; t <= max_time; t++) {
    fm_assert_close("at risk", c.n_risk[t], expected.n_risk[t], 0, 0);
    fm_assert_close("events", c.n_event[t], expected.n_event[t], 0, 0);
    fm_assert_close("censored", c.n_censor[t], expected.n_censor[t], 0, 0);
    fm_assert_close("survival", c.survival[t], expected.survival[t], 1e-13, 0);
    fm_assert_close("error", c.std_error[t], expected.std_error[t], 1e-13, 0);
  }
}
END_TEST

/* Enough rows for several tasks: threads and neighbours change nothing. */
START_TEST(test_threads)
{
  enum { ROWS = 3 << 20, LAST = 400 };
  int32_t *time = malloc(ROWS * sizeof *time);
  uint8_t *event = malloc(ROWS);
  double one[LAST + 1], many[LAST + 1], error_one[LAST + 1], error_many[LAST + 1], at_risk[LAST + 1];
  uint64_t state = 3;
  for (size_t i = 0; i < ROWS; i++) {
    time[i] = (int32_t)next_random(&state, LAST + 50);
    event[i] = (uint8_t)next_random(&state, 3); /* any number but 0 is an event */
  }
  fm_error err = FM_ERROR_INIT;
  fm_threads threads = {sizeof threads, 3};
  fm_run run = FM_RUN_INIT;
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  fm_assert_ok(fm_retention_km(NULL, NULL, NULL, one, error_one, time, event, NULL, NULL, ROWS, LAST, NULL, &err),
               &err);
  fm_assert_ok(fm_retention_km(at_risk, NULL, NULL, many, error_many, time, event, NULL, NULL, ROWS, LAST, &run, &err),
               &err);
  ck_assert(memcmp(one, many, sizeof one) == 0 && memcmp(error_one, error_many, sizeof one) == 0);
  ck_assert(at_risk[0] == ROWS && one[LAST] > 0 && one[LAST] < one[LAST - 1]);
  free(time);
  free(event);
}
END_TEST

START_TEST(test_errors)
{
  static const struct {
    const char *label;
    int32_t time, entry;
    double weight;
    fm_status status;
  } rows[] = {{"good", 5, 4, 1, FM_OK},
              {"time 0", 0, 0, 1, FM_OK},
              {"entry before 0", 0, -2, 1, FM_OK},
              {"negative time", -1, -5, 1, FM_ERR_VALUE},
              {"entry at the time", 5, 5, 1, FM_ERR_VALUE},
              {"entry after time 0", 0, 1, 1, FM_ERR_VALUE},
              {"negative weight", 5, 0, -1, FM_ERR_VALUE},
              {"infinite weight", 5, 0, INFINITY, FM_ERR_VALUE},
              {"no weight", 5, 0, NAN, FM_ERR_VALUE}};
  double survival[11];
  int32_t time[] = {3, rows[_i].time}, entry[] = {0, rows[_i].entry};
  uint8_t event[] = {1, 1};
  double weight[] = {1, rows[_i].weight};
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_retention_km(NULL, NULL, NULL, survival, NULL, time, event, entry, weight, 2, 10, NULL, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s", rows[_i].label, fm_status_name(status));
  ck_assert_int_eq(err.row, status == FM_OK ? -1 : 1);
}
END_TEST

START_TEST(test_arguments)
{
  fm_error err = FM_ERROR_INIT;
  double survival[3];
  int32_t time[] = {1};
  uint8_t event[] = {1};
  ck_assert_int_eq(fm_retention_km(NULL, NULL, NULL, survival, NULL, NULL, event, NULL, NULL, 1, 2, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_km(NULL, NULL, NULL, survival, NULL, time, NULL, NULL, NULL, 1, 2, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_retention_km(NULL, NULL, NULL, survival, NULL, time, event, NULL, NULL, 1, -1, NULL, &err),
                   FM_ERR_ARGUMENT);
  fm_run run = {0};
  ck_assert_int_eq(fm_retention_km(NULL, NULL, NULL, survival, NULL, time, event, NULL, NULL, 1, 2, &run, &err),
                   FM_ERR_ARGUMENT);
  fm_assert_ok(fm_retention_km(NULL, NULL, NULL, survival, NULL, NULL, NULL, NULL, NULL, 0, 2, NULL, NULL), &err);
  ck_assert(survival[0] == 1 && survival[2] == 1);
  fm_assert_ok(fm_retention_km(NULL, NULL, NULL, NULL, NULL, time, event, NULL, NULL, 1, 2, NULL, NULL), &err);
}
END_TEST

static fm_status run_km(void *ctx, fm_error *err)
{
  static const int32_t time[] = {1, 2, 200000}, entry[] = {0, 1, 5};
  static const uint8_t event[] = {1, 0, 1};
  static const double weight[] = {1, 2, 0.5};
  double *survival = ctx;
  fm_status status = fm_retention_km(NULL, NULL, NULL, survival, NULL, time, event, entry, weight, 3, 10, NULL, err);
  return status == FM_OK
             ? fm_retention_km(NULL, NULL, NULL, survival, NULL, time, event, entry, weight, 3, 200000, NULL, err)
             : status;
}

START_TEST(test_allocations)
{
  double *survival = malloc(200001 * sizeof *survival);
  ck_assert_int_gt(fm_test_allocations(run_km, survival), 8);
  free(survival);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-km");
  TCase *tests = tcase_create("km");
  tcase_add_loop_test(tests, test_oracle, 0, FM_COUNT(sets));
  tcase_add_loop_test(tests, test_definition, 0, 200);
  tcase_add_test(tests, test_threads);
  tcase_add_loop_test(tests, test_errors, 0, 9);
  tcase_add_test(tests, test_arguments);
  tcase_add_test(tests, test_allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
