/* retention.survival against R's survfit, five kinds of limits, to 1e-12. Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cases.h"

typedef struct set {
  const char *name;
  frame_columns columns;
  int32_t start, variance, estimator;
} set;

static const set sets[] = {
    {"unempdur", {"in_unempdur.csv", "time", "cause", NULL, NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"unempdur_by_ui", {"in_unempdur.csv", "time", "cause", NULL, "ui", NULL, NULL, NULL}, 0, 0, 1},
    {"unempdur_fh1", {"in_unempdur.csv", "time", "cause", NULL, NULL, NULL, NULL, NULL}, 0, 0, 2},
    {"unempdur_fh2", {"in_unempdur.csv", "time", "cause", NULL, NULL, NULL, NULL, NULL}, 0, 0, 3},
    {"romeo", {"in_romeo.csv", "time", "event", NULL, NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"romeo_by_reason", {"in_romeo.csv", "time", "event", NULL, "reason", NULL, NULL, NULL}, 0, 0, 1},
    {"mvad_job", {"in_mvad_first_job.csv", "time", "cause", NULL, NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"mvad_job_by_gcse", {"in_mvad_first_job.csv", "time", "cause", NULL, "gcse5eq", NULL, NULL, NULL}, 0, 0, 1},
    {"mvad_job_weighted", {"in_mvad_first_job.csv", "time", "cause", NULL, NULL, "weight", NULL, NULL}, 0, 1, 1},
    {"mvad_job_weighted_robust", {"in_mvad_first_job.csv", "time", "cause", NULL, NULL, "weight", NULL, "id"}, 0, 0, 1},
    {"mvad_job_weighted_robust", {"in_mvad_first_job.csv", "time", "cause", NULL, NULL, "weight", NULL, NULL}, 0, 2, 1},
    {"mvad_calendar", {"in_mvad_first_job.csv", "stop", "cause", "start", NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"mvad_days", {"in_mvad_days.csv", "time_days", "event", NULL, NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"channing_by_male", {"in_channing.csv", "exit", "event", "entry", "male", NULL, NULL, NULL}, 0, 0, 1},
    {"channing_from_816", {"in_channing.csv", "exit", "event", "entry", "male", NULL, NULL, NULL}, 816, 0, 1},
    {"placements", {"in_placements.csv", "exit", "cause", "entry", NULL, NULL, NULL, NULL}, 0, 0, 1},
    {"placements_by_group", {"in_placements.csv", "exit", "cause", "entry", "group", NULL, NULL, NULL}, 0, 0, 1},
    {"placements_rc_by_group", {"in_placements.csv", "exit", "cause", NULL, "group", NULL, NULL, NULL}, 0, 0, 1},
    {"placements_weighted", {"in_placements.csv", "exit", "cause", "entry", NULL, "weight", NULL, NULL}, 0, 0, 1},
    {"placements_weighted_robust",
     {"in_placements.csv", "exit", "cause", "entry", NULL, "weight", NULL, "id"},
     0,
     0,
     1},
    {"placements_weighted_robust",
     {"in_placements.csv", "exit", "cause", "entry", NULL, "weight", NULL, NULL},
     0,
     2,
     1},
    {"placements_clustered", {"in_placements.csv", "exit", "cause", NULL, NULL, "weight", NULL, "trio"}, 0, 0, 1},
    {"placements_landmark13", {"in_placements.csv", "exit", "cause", "entry", NULL, NULL, NULL, NULL}, 13, 0, 1},
};
static const char *const tricky[] = {
    "all_censored",         "all_events_one_time",  "event_and_censor_tied", "zero_length_event",
    "zero_length_censored", "single_event",         "single_censored",       "last_censored_no_median",
    "flat_at_half",         "fractional_weights",   "entry_at_event_time",   "risk_set_empties",
    "zero_weights",         "causes_tied",          "only_cause2",           "group_of_one",
    "group_without_events", "risk_set_gap_censored"};
static const char *const kinds[] = {"plain", "log", "log-log", "logit", "arcsin"};
static const char *const suffixes[] = {"plain", "log", "loglog", "logit", "arcsin"};

/* Times of a case in an oracle file, as a list. */
static const char *times_of(char *list, size_t size, const char *file, const char *column, const char *name)
{
  fm_oracle *o = fm_oracle_open(file);
  double last = -1;
  list[0] = '\0';
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double time = strcmp(fm_oracle_text(o, i, "case"), name) == 0 ? fm_oracle_number(o, i, column) : -1;
    if (time > last)
      snprintf(list + strlen(list), size - strlen(list), "%s%.0f", list[0] != '\0' ? "," : "", time);
    last = time > last ? time : last;
  }
  fm_oracle_close(o);
  return list[0] != '\0' ? list : NULL;
}

static fm_table *survival(const fm_table *frame, int32_t conf_type, const char *name, const set *as)
{
  char horizons[128], taus[128];
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_retention_survival_spec spec = FM_RETENTION_SURVIVAL_SPEC_INIT;
  spec.by = fm_table_column_index(frame, "group") >= 0 ? "group" : NULL;
  spec.weight = fm_table_column_index(frame, "weight") >= 0 ? "weight" : NULL;
  spec.cluster = fm_table_column_index(frame, "cluster") >= 0 ? "cluster" : NULL;
  spec.conf_type = conf_type;
  spec.hazard = 1;
  spec.times = times_of(horizons, sizeof horizons, "retention/horizons.csv", "time", name);
  spec.taus = times_of(taus, sizeof taus, as != NULL ? "retention/rmst.csv" : "retention/tricky_rmst.csv", "tau", name);
  spec.rmst = spec.taus != NULL;
  if (as != NULL) {
    spec.start_time = as->start;
    spec.variance = as->variance;
    spec.estimator = as->estimator;
  }
  fm_assert_ok(fm_retention_survival(&out, frame, &spec, NULL, &err), &err);
  return out;
}

static bool in_group(const fm_table *t, size_t row, const char *group)
{
  return fm_table_column_index(t, "group") < 0 || strcmp(fm_test_text(t, "group", row), group) == 0;
}

/* Rows are asked for nearly in their order: the search goes on where the last one ended. */
static size_t find(const fm_table *t, const char *group, const char *quantity, double time)
{
  static size_t at;
  size_t n = fm_table_n_rows(t);
  for (size_t step = 0; step < n; step++) {
    at = at + 1 < n ? at + 1 : 0;
    double here = fm_test_number(t, "time_days", at);
    if ((isnan(time) ? isnan(here) : here == time) && strcmp(fm_test_text(t, "quantity", at), quantity) == 0 &&
        in_group(t, at, group))
      return at;
  }
  return SIZE_MAX;
}

/* R merely lists what weighs nothing; here such a row leaves no trace. */
static bool nothing_happens(const fm_oracle *o, size_t i)
{
  return fm_oracle_number(o, i, "n_event") == 0 && fm_oracle_number(o, i, "n_censor") == 0;
}

static void compare_curve(const char *label, const fm_table *t, const fm_oracle *o, size_t i, const char *suffix)
{
  const char *group = fm_oracle_text(o, i, "group");
  char low[32], high[32];
  snprintf(low, sizeof low, "lo_%s", suffix);
  snprintf(high, sizeof high, "hi_%s", suffix);
  double time = fm_oracle_number(o, i, "time");
  size_t k = find(t, group, "survival", time);
  if (nothing_happens(o, i)) {
    ck_assert_msg(k == SIZE_MAX, "%s: a row at %g, where nothing happens", label, time);
    return;
  }
  ck_assert_msg(k != SIZE_MAX, "%s: no row at %g", label, time);
  ck_assert_str_eq(fm_test_text(t, "state", k), "ok");
  fm_assert_close(label, fm_test_number(t, "value", k), fm_oracle_number(o, i, "surv"), 1e-12, 1e-15);
  fm_assert_close(label, fm_test_number(t, "std_error", k), fm_oracle_number(o, i, "se_surv"), 1e-12, 1e-15);
  fm_assert_close(label, fm_test_number(t, "ci_low", k), fm_oracle_number(o, i, low), 1e-12, 1e-14);
  fm_assert_close(label, fm_test_number(t, "ci_high", k), fm_oracle_number(o, i, high), 1e-12, 1e-14);
  size_t h = find(t, group, "cumulative_hazard", time);
  ck_assert(h != SIZE_MAX);
  fm_assert_close(label, fm_test_number(t, "value", h), fm_oracle_number(o, i, "cumhaz"), 1e-12, 1e-15);
  fm_assert_close(label, fm_test_number(t, "std_error", h), fm_oracle_number(o, i, "se_cumhaz"), 1e-12, 1e-15);
  static const char *const counts[] = {"n_risk", "n_event", "n_censor"};
  for (int c = 0; c < FM_COUNT(counts); c++)
    fm_assert_close(label, fm_test_number(t, "value", find(t, group, counts[c], time)),
                    fm_oracle_number(o, i, counts[c]), 1e-12, 1e-12);
}

static void compare_quantiles(const char *label, const char *name, const fm_table *t, const fm_oracle *o,
                              const char *kind)
{
  int found = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0 || strcmp(fm_oracle_text(o, i, "conf_type"), kind) != 0)
      continue;
    double p = fm_oracle_number(o, i, "p");
    size_t k = find(t, fm_oracle_text(o, i, "group"), p == 0.5 ? "median" : p < 0.5 ? "quartile_1" : "quartile_3", NAN);
    ck_assert_msg(k != SIZE_MAX, "%s: no quantile", label);
    fm_assert_close(label, fm_test_number(t, "value", k), fm_oracle_number(o, i, "quantile"), 0, 0);
    fm_assert_close(label, fm_test_number(t, "ci_low", k), fm_oracle_number(o, i, "lower"), 0, 0);
    fm_assert_close(label, fm_test_number(t, "ci_high", k), fm_oracle_number(o, i, "upper"), 0, 0);
    ck_assert_str_eq(fm_test_text(t, "state", k), isnan(fm_oracle_number(o, i, "quantile")) ? "undefined" : "ok");
    found++;
  }
  ck_assert_msg(found >= 3, "%s: %d quantiles", label, found);
}

/* The last value is carried forward where the data end before. */
static int compare_means(const char *label, const char *file, const char *name, const fm_table *t, bool robust)
{
  fm_oracle *o = fm_oracle_open(file);
  int found = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0)
      continue;
    size_t k = find(t, fm_oracle_text(o, i, "group"), "rmst", fm_oracle_number(o, i, "tau"));
    ck_assert_msg(k != SIZE_MAX, "%s: no restricted mean", label);
    fm_assert_close(label, fm_test_number(t, "value", k), fm_oracle_number(o, i, "rmst"), 1e-12, 0);
    fm_assert_close(label, fm_test_number(t, "std_error", k), fm_oracle_number(o, i, robust ? "se_robust" : "se"),
                    1e-12, 1e-15);
    found++;
  }
  fm_oracle_close(o);
  return found;
}

/* R gives the number at risk at the next exit or censoring, with those that enter between. */
static double next_at_risk(const fm_table *t, const char *group, double time)
{
  double next = INFINITY, n_risk = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    if (strcmp(fm_test_text(t, "quantity", i), "n_risk") != 0)
      continue;
    double here = fm_test_number(t, "time_days", i);
    if (!(here >= time && here < next) || !in_group(t, i, group))
      continue;
    next = here;
    n_risk = fm_test_number(t, "value", i);
  }
  return n_risk;
}

static int compare_horizons(const char *label, const char *name, const fm_table *t, const char *kind)
{
  fm_oracle *o = fm_oracle_open("retention/horizons.csv");
  int found = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0 || strcmp(fm_oracle_text(o, i, "conf_type"), kind) != 0)
      continue;
    double survival = fm_oracle_number(o, i, "surv");
    size_t k = find(t, fm_oracle_text(o, i, "group"), "survival_at", fm_oracle_number(o, i, "time"));
    ck_assert_msg(k != SIZE_MAX, "%s: no horizon", label);
    fm_assert_close(label, fm_test_number(t, "value", k), survival, 1e-12, 0);
    fm_assert_close(label, fm_test_number(t, "std_error", k), fm_oracle_number(o, i, "se_surv"), 1e-12, 1e-15);
    fm_assert_close(label, fm_test_number(t, "ci_low", k), fm_oracle_number(o, i, "lower"), 1e-12, 1e-14);
    fm_assert_close(label, fm_test_number(t, "ci_high", k), fm_oracle_number(o, i, "upper"), 1e-12, 1e-14);
    if (strcmp(kind, "plain") == 0)
      fm_assert_close(label, next_at_risk(t, fm_oracle_text(o, i, "group"), fm_oracle_number(o, i, "time")),
                      fm_oracle_number(o, i, "n_risk"), 1e-12, 0);
    found++;
  }
  fm_oracle_close(o);
  return found;
}

START_TEST(test_sets)
{
  char file[64], label[96];
  const char *name = sets[_i].name;
  snprintf(file, sizeof file, "retention/km_%s.csv", name);
  fm_oracle *curve = fm_oracle_open(file), *quantiles = fm_oracle_open("retention/quantiles.csv");
  fm_table *frame = frame_of(&sets[_i].columns);
  for (int32_t kind = 1; kind <= 5; kind++) {
    snprintf(label, sizeof label, "%s, %s", name, kinds[kind - 1]);
    fm_table *t = survival(frame, kind, name, &sets[_i]);
    size_t happening = 0, rows = 0;
    for (size_t i = 0; i < fm_oracle_n_rows(curve); i++) {
      compare_curve(label, t, curve, i, suffixes[kind - 1]);
      happening += !nothing_happens(curve, i);
    }
    for (size_t i = 0; i < fm_table_n_rows(t); i++)
      rows += strcmp(fm_test_text(t, "quantity", i), "survival") == 0;
    ck_assert_uint_eq(rows, happening);
    if (sets[_i].estimator == 1) {
      bool robust = sets[_i].variance == 2 || sets[_i].columns.cluster != NULL;
      compare_quantiles(label, name, t, quantiles, kinds[kind - 1]);
      ck_assert_int_gt(compare_means(label, "retention/rmst.csv", name, t, robust), 0);
      ck_assert_int_gt(compare_horizons(label, name, t, kinds[kind - 1]), 0);
    }
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
  fm_oracle_close(curve);
  fm_oracle_close(quantiles);
}
END_TEST

START_TEST(test_tricky)
{
  char label[96];
  fm_oracle *curve = fm_oracle_open("retention/tricky_km.csv");
  fm_oracle *quantiles = fm_oracle_open("retention/tricky_quantiles.csv");
  frame_columns columns = {"in_tricky.csv", "exit", "cause", "entry", NULL, "weight", tricky[_i], NULL};
  fm_table *frame = frame_of(&columns);
  for (int32_t kind = 1; kind <= 5; kind++) {
    int rows = 0;
    snprintf(label, sizeof label, "%s, %s", tricky[_i], kinds[kind - 1]);
    fm_table *t = survival(frame, kind, tricky[_i], NULL);
    for (size_t i = 0; i < fm_oracle_n_rows(curve); i++)
      if (strcmp(fm_oracle_text(curve, i, "case"), tricky[_i]) == 0) {
        compare_curve(label, t, curve, i, suffixes[kind - 1]);
        rows++;
      }
    ck_assert_msg(rows > 0, "%s: no rows", label);
    compare_quantiles(label, tricky[_i], t, quantiles, kinds[kind - 1]);
    ck_assert_int_eq(compare_means(label, "retention/tricky_rmst.csv", tricky[_i], t, false), 1);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
  fm_oracle_close(curve);
  fm_oracle_close(quantiles);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-survival_oracle");
  TCase *tests = tcase_create("oracle");
  tcase_add_loop_test(tests, test_sets, 0, FM_COUNT(sets));
  tcase_add_loop_test(tests, test_tricky, 0, FM_COUNT(tricky));
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
