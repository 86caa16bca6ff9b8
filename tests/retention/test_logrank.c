/* retention.logrank: a worked example, R's numbers, merging, bytes, edges, errors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cases.h"

static const struct {
  const char *oracle, *name; /* its name in the oracle and as an option */
  int32_t weights;
  double rho, gamma;
} kinds[] = {{"logrank", "logrank", 1, 0, 0},         {"peto_fh_rho1", "peto_peto", 1, 1, 0},
             {"fh_rho0.5", "fh(0.5:0)", 1, 0.5, 0},   {"fh_0_1", "fh(0:1)", 1, 0, 1},
             {"fh_1_1", "fh(1:1)", 1, 1, 1},          {"gehan", "gehan", 2, 0, 0},
             {"tarone_ware", "tarone_ware", 3, 0, 0}, {"peto_peto_n1", "peto_peto_n1", 4, 0, 0}};
static const char all_tests[] = "logrank, peto_peto,fh(0.5:0),fh(0:1),fh(1:1),gehan,tarone_ware,peto_peto_n1";
enum { N_KINDS = FM_COUNT(kinds), MOST_GROUPS = 8 };

static fm_table *result_of(const fm_table *frame, const fm_retention_logrank_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_logrank(&out, frame, spec, NULL, &err), &err);
  return out;
}

static fm_retention_logrank_spec spec_by(const char *group)
{
  fm_retention_logrank_spec spec;
  fm_retention_logrank_spec_init(&spec, sizeof spec);
  spec.group = group;
  return spec;
}

/* Two of a leave at 1 and 2, of b one leaves at 3 and one is last seen at 5:
 *   time 1: 4 at risk, 2 of a   expected of a 2/4          variance 1/2 * 1/2
 *   time 2: 3 at risk, 1 of a   expected of a 1/3          variance 1/3 * 2/3
 *   time 3: 2 at risk, none     expected of a 0            variance 0
 * O - E of a: 2 - 5/6 = 7/6; variance 1/4 + 2/9 = 17/36; chi-square (49/36) / (17/36) = 49/17. */
START_TEST(test_worked_example)
{
  static const char *const columns[] = {"time_days:i32", "event:bool", "group:code"};
  const char *const cells[] = {"3", "1", "b", "1", "1", "a", "5", "0", "b", "2", "1", "a"};
  fm_retention_logrank_spec spec = spec_by("group");
  spec.detail = 1;
  fm_table *frame = fm_test_table(columns, 3, cells, 4), *t = result_of(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 3 + 2 * (3 + 2));
  ck_assert_str_eq(fm_table_note(t, "variance"), "hypergeometric");
  size_t at = fm_test_row(t, "quantity", "chi_square", "test", "logrank", NULL, NULL);
  fm_assert_close("chi-square", fm_test_number(t, "value", at), 49. / 17, 1e-14, 0);
  fm_assert_close("rows", fm_test_number(t, "n", at), 4, 0, 0);
  fm_assert_close("df", fm_test_number(t, "value", at + 1), 1, 0, 0);
  fm_assert_close("p", fm_test_number(t, "value", at + 2), erfc(sqrt(49. / 34)), 1e-13, 0);
  ck_assert(fm_test_text(t, "level_compared", at) == NULL);
  at = fm_test_row(t, "quantity", "observed", "level_compared", "a", NULL, NULL);
  fm_assert_close("observed", fm_test_number(t, "value", at), 2, 0, 0);
  fm_assert_close("expected", fm_test_number(t, "value", at + 1), 5. / 6, 1e-15, 0);
  fm_assert_close("score", fm_test_number(t, "value", at + 2), 7. / 6, 1e-15, 0);
  fm_assert_close("error", fm_test_number(t, "std_error", at + 2), sqrt(17. / 36), 1e-15, 0);
  at = fm_test_row(t, "quantity", "score_covariance", "level_compared", "a", "against", "b");
  fm_assert_close("covariance", fm_test_number(t, "value", at), -17. / 36, 1e-15, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- R's numbers; `cluster` is the stratum ---- */
static const struct {
  const char *name;
  frame_columns columns;
} sets[] = {
    {"unempdur_ui", {"in_unempdur.csv", "time", "cause", NULL, "ui", NULL, NULL, NULL}},
    {"unempdur_ui_strata_ageband", {"in_unempdur.csv", "time", "cause", NULL, "ui", NULL, NULL, "ageband"}},
    {"unempdur_ageband", {"in_unempdur.csv", "time", "cause", NULL, "ageband", NULL, NULL, NULL}},
    {"romeo_reason", {"in_romeo.csv", "time", "event", NULL, "reason", NULL, NULL, NULL}},
    {"romeo_female_strata_reason", {"in_romeo.csv", "time", "event", NULL, "female", NULL, NULL, "reason_number"}},
    {"mvad_job_gcse", {"in_mvad_first_job.csv", "time", "cause", NULL, "gcse5eq", NULL, NULL, NULL}},
    {"mvad_calendar_gcse_truncated", {"in_mvad_first_job.csv", "stop", "cause", "start", "gcse5eq", NULL, NULL, NULL}},
    {"channing_male_truncated", {"in_channing.csv", "exit", "event", "entry", "male", NULL, NULL, NULL}},
    {"placements_group_truncated", {"in_placements.csv", "exit", "cause", "entry", "group", NULL, NULL, NULL}},
    {"placements_group_truncated_strata_centre",
     {"in_placements.csv", "exit", "cause", "entry", "group", NULL, NULL, "centre"}},
    {"placements_rc_group", {"in_placements.csv", "exit", "cause", NULL, "group", NULL, NULL, NULL}},
    {"placements_rc_group_strata_centre", {"in_placements.csv", "exit", "cause", NULL, "group", NULL, NULL, "centre"}},
};
static const char *const tricky[] = {"all_events_one_time",   "causes_tied",          "entry_at_event_time",
                                     "event_and_censor_tied", "flat_at_half",         "group_of_one",
                                     "only_cause2",           "group_without_events", "last_censored_no_median",
                                     "risk_set_empties",      "zero_length_event",    "zero_length_censored",
                                     "risk_set_gap_censored"};

/* The frame as plain arrays; groups are numbered in the order of their texts. */
typedef struct plain {
  uint32_t *group, *stratum;
  const char *names[MOST_GROUPS];
  size_t n, n_groups, n_strata;
} plain;

static plain plain_of(const fm_table *frame)
{
  plain p = {.n = fm_table_n_rows(frame), .n_strata = 1};
  p.group = calloc(p.n, sizeof *p.group);
  p.stratum = calloc(p.n, sizeof *p.stratum);
  ck_assert(p.group != NULL && p.stratum != NULL);
  for (size_t i = 0; i < p.n; i++) {
    const char *name = fm_test_text(frame, "group", i);
    size_t at = 0;
    while (at < p.n_groups && strcmp(p.names[at], name) < 0)
      at++;
    if (at == p.n_groups || strcmp(p.names[at], name) != 0) {
      ck_assert(p.n_groups < MOST_GROUPS);
      memmove(p.names + at + 1, p.names + at, (p.n_groups++ - at) * sizeof *p.names);
      p.names[at] = name;
    }
  }
  int64_t column = fm_table_column_index(frame, "cluster");
  for (size_t i = 0; i < p.n; i++) {
    while (strcmp(p.names[p.group[i]], fm_test_text(frame, "group", i)) != 0)
      p.group[i]++;
    p.stratum[i] = column >= 0 ? (uint32_t)fm_table_i32(frame, (size_t)column)[i] : 0;
    p.n_strata = p.stratum[i] + 1 > p.n_strata ? p.stratum[i] + 1 : p.n_strata;
  }
  return p;
}

static void compare_detail(const char *label, const char *file, const char *name, int kind, const plain *p,
                           const double *observed, const double *expected, const double *score,
                           const double *covariance)
{
  fm_oracle *o = fm_oracle_open(file);
  size_t g = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0 ||
        strcmp(fm_oracle_text(o, i, "test"), kinds[kind].oracle) != 0)
      continue;
    double variance = fm_oracle_number(o, i, "var_diag");
    ck_assert_str_eq(fm_oracle_text(o, i, "group"), p->names[g]);
    fm_assert_close(label, observed[g], fm_oracle_number(o, i, "observed"), 0, 0);
    fm_assert_close(label, expected[g], fm_oracle_number(o, i, "expected"), 1e-12, 0);
    fm_assert_close(label, score[g], fm_oracle_number(o, i, "score"), 1e-12, 1e-12 * sqrt(variance) + 1e-15);
    fm_assert_close(label, covariance[g * p->n_groups + g], variance, 1e-12, 0);
    fm_assert_close(label, covariance[g], fm_oracle_number(o, i, "cov_first"), 1e-12, 1e-15);
    g++;
  }
  ck_assert_uint_eq(g, p->n_groups);
  fm_oracle_close(o);
}

static void compare_test(const char *label, const char *file, const char *name, int kind, const fm_logrank *got)
{
  fm_oracle *o = fm_oracle_open(file);
  int found = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0 ||
        strcmp(fm_oracle_text(o, i, "test"), kinds[kind].oracle) != 0)
      continue;
    double chi_square = fm_oracle_number(o, i, "chisq");
    fm_assert_close(label, got->chi_square, chi_square, 1e-12, 0);
    /* An error of chi-square is one of half its size in the logarithm of p. */
    fm_assert_close(label, got->p_value, fm_oracle_number(o, i, "p"), 1e-12 * (1 + (chi_square > 0 ? chi_square : 0)),
                    0);
    if (!isnan(chi_square))
      ck_assert_int_eq(got->df, (int)fm_oracle_number(o, i, "df"));
    found++;
  }
  ck_assert_int_eq(found, 1);
  fm_oracle_close(o);
}

/* Arrays against R, and the measure against the arrays: the same bits. */
static void compare_case(const char *name, const char *tests, const char *details, const fm_table *frame)
{
  plain p = plain_of(frame);
  int64_t entry = fm_table_column_index(frame, "entry_days");
  fm_retention_logrank_spec spec = spec_by("group");
  spec.strata = fm_table_column_index(frame, "cluster") >= 0 ? "cluster" : NULL;
  spec.tests = all_tests;
  fm_table *t = result_of(frame, &spec);
  for (int kind = 0; kind < N_KINDS; kind++) {
    fm_error err = FM_ERROR_INIT;
    fm_logrank got;
    double observed[MOST_GROUPS], expected[MOST_GROUPS], score[MOST_GROUPS], covariance[MOST_GROUPS * MOST_GROUPS];
    char label[96];
    snprintf(label, sizeof label, "%s, %s", name, kinds[kind].oracle);
    fm_assert_ok(fm_retention_logrank_arrays(
                     &got, observed, expected, score, covariance,
                     fm_table_i32(frame, (size_t)fm_table_column_index(frame, "time_days")),
                     fm_table_bool(frame, (size_t)fm_table_column_index(frame, "event")), p.group, p.n_groups,
                     entry >= 0 ? fm_table_i32(frame, (size_t)entry) : NULL, p.n_strata > 1 ? p.stratum : NULL,
                     p.n_strata, p.n, kinds[kind].weights, kinds[kind].rho, kinds[kind].gamma, NULL, &err),
                 &err);
    compare_detail(label, details, name, kind, &p, observed, expected, score, covariance);
    compare_test(label, tests, name, kind, &got);
    size_t at = fm_test_row(t, "quantity", "chi_square", "test", kinds[kind].name, NULL, NULL);
    fm_assert_close(label, fm_test_number(t, "value", at), got.chi_square, 1e-14, 0);
    fm_assert_close(label, fm_test_number(t, "value", at + 1), got.df, 0, 0);
    fm_assert_close(label, fm_test_number(t, "value", at + 2), got.p_value, 1e-11, 0);
    ck_assert_str_eq(fm_test_text(t, "state", at), isnan(got.chi_square) ? "undefined" : "ok");
    ck_assert(!isnan(got.chi_square) || got.df == 0);
  }
  fm_table_destroy(t);
  free(p.group);
  free(p.stratum);
}

START_TEST(test_sets)
{
  fm_table *frame = frame_of(&sets[_i].columns);
  compare_case(sets[_i].name, "retention/tests.csv", "retention/tests_detail.csv", frame);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_tricky)
{
  frame_columns columns = {"in_tricky.csv", "exit", "cause", "entry", "group", NULL, tricky[_i], NULL};
  fm_table *frame = frame_of(&columns);
  compare_case(tricky[_i], "retention/tricky_tests.csv", "retention/tricky_tests_detail.csv", frame);
  fm_table_destroy(frame);
}
END_TEST

/* Weights and clusters: the robust score test of coxph. */
START_TEST(test_robust)
{
  static const struct {
    const char *name;
    frame_columns columns;
    const char *strata, *cluster;
  } cases[] = {
      {"weighted", {"in_placements.csv", "exit", "cause", NULL, "group", "weight", NULL, NULL}, NULL, NULL},
      {"weighted", {"in_placements.csv", "exit", "cause", NULL, "group", "weight", NULL, "id"}, NULL, "cluster"},
      {"weighted_truncated",
       {"in_placements.csv", "exit", "cause", "entry", "group", "weight", NULL, NULL},
       NULL,
       NULL},
      {"weighted_truncated_strata",
       {"in_placements.csv", "exit", "cause", "entry", "group", "weight", NULL, "centre"},
       "cluster",
       NULL},
      {"weighted_clustered",
       {"in_placements.csv", "exit", "cause", NULL, "group", "weight", NULL, "trio"},
       NULL,
       "cluster"},
  };
  fm_retention_logrank_spec spec = spec_by("group");
  spec.weight = "weight";
  spec.strata = cases[_i].strata;
  spec.cluster = cases[_i].cluster;
  fm_table *frame = frame_of(&cases[_i].columns), *t = result_of(frame, &spec);
  fm_oracle *o = fm_oracle_open("retention/tests_robust.csv");
  int found = 0;
  ck_assert_str_eq(fm_table_note(t, "variance"), "robust");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), cases[_i].name) == 0) {
      fm_assert_close(cases[_i].name, fm_test_number(t, "value", 0), fm_oracle_number(o, i, "chisq"), 1e-10, 0);
      fm_assert_close(cases[_i].name, fm_test_number(t, "value", 1), fm_oracle_number(o, i, "df"), 0, 0);
      fm_assert_close(cases[_i].name, fm_test_number(t, "value", 2), fm_oracle_number(o, i, "p"), 1e-9, 0);
      found++;
    }
  ck_assert_int_eq(found, 1);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- edges ---- */
static const char *const columns[] = {"time_weeks:i32", "entry_weeks:i32", "event:bool", "weight:f64",
                                      "office:code",    "group:code",      "person:code"};
static const char *const cells[] = {
    "4", "0", "1", "2",   "n", "a", "p1", "6", "3", "0", "1", "n", "b", "p1", "5", "0", "1", "3", "n", "b", "p2", /**/
    "2", "0", "1", "1",   "s", "b", "p3", "7", "0", "1", "1", "s", "a", "p3", "9", "0", "0", "1", "s", "",  "p4", /**/
    "3", "0", "1", "0.5", "n", "a", "p5", "8", "0", "1", "0", "n", "b", "p6"};
enum { N_COLUMNS = FM_COUNT(columns), N_ROWS = FM_COUNT(cells) / N_COLUMNS };

static fm_status make_tally(fm_tally **out, int form, fm_error *err)
{
  fm_retention_logrank_spec spec = spec_by("group");
  spec.clock = "weeks";
  spec.by = form & 1 ? "office" : NULL;
  spec.strata = form & 1 ? NULL : "office";
  spec.weight = form & 2 ? "weight" : NULL;
  spec.cluster = form & 4 ? "person" : NULL;
  spec.variance = form & 8 ? 2 : 0;
  spec.tests = "logrank,gehan,fh(1:1)";
  spec.detail = 1;
  return fm_retention_logrank_tally(out, &spec, err);
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  return make_tally(out, *(int *)ctx, err);
}

/* Weights of one and clusters of one row each: the same robust figure; a constant factor of the weights changes none.
 */
START_TEST(test_scale_of_weights)
{
  static const char *const scaled[] = {"time_days:i32", "event:bool", "group:code", "one:f64", "many:f64", "id:i32"};
  const char *const rows[] = {"3",     "1", "b",     "1", "1e140", "1", "1",     "1", "a",     "1",
                              "1e140", "2", "5",     "0", "b",     "1", "1e140", "3", "2",     "1",
                              "a",     "1", "1e140", "4", "2",     "1", "b",     "1", "1e140", "5"};
  fm_table *frame = fm_test_table(scaled, 6, rows, 5);
  fm_retention_logrank_spec spec = spec_by("group");
  double values[4];
  for (int k = 0; k < 4; k++) {
    spec.weight = k == 1 ? "one" : k == 2 ? "many" : NULL;
    spec.cluster = k == 3 ? "id" : NULL;
    spec.variance = 2;
    fm_table *t = result_of(frame, &spec);
    values[k] = fm_test_number(t, "value", 0);
    fm_table_destroy(t);
  }
  ck_assert(values[0] > 0);
  const char *const huge[] = {"3", "1", "b", "1", "1e300", "1", "1", "1", "a", "1", "1e300", "2"};
  fm_table *beyond = fm_test_table(scaled, 6, huge, 2), *none;
  fm_error err = FM_ERROR_INIT;
  spec.cluster = NULL;
  spec.weight = "many";
  ck_assert_int_eq(fm_retention_logrank(&none, beyond, &spec, NULL, &err), FM_ERR_LIMIT);
  fm_table_destroy(beyond);
  for (int k = 1; k < 4; k++)
    fm_assert_close("robust", values[k], values[0], 1e-14, 0);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_states)
{
  static const char *const three[] = {"time_days:i32", "event:bool", "group:code"};
  static const struct {
    const char *label, *cells[9], *state;
    size_t n;
    double df;
  } rows[] = {{"nobody", {0}, "empty", 0, 0},
              {"one group", {"1", "1", "a", "2", "1", "a"}, "undefined", 2, 0},
              {"no exits", {"1", "0", "a", "2", "0", "b"}, "undefined", 2, 0},
              {"all at once", {"4", "1", "a", "4", "1", "b", "4", "1", "b"}, "undefined", 3, 0},
              {"apart", {"1", "1", "a", "2", "1", "b"}, "ok", 2, 1}};
  for (int32_t variance = 1; variance <= 2; variance++) {
    fm_retention_logrank_spec spec = spec_by("group");
    spec.variance = variance;
    fm_table *frame = fm_test_table(three, 3, rows[_i].cells, rows[_i].n), *t = result_of(frame, &spec);
    ck_assert_uint_eq(fm_table_n_rows(t), 3);
    ck_assert_msg(strcmp(fm_test_text(t, "state", 0), rows[_i].state) == 0, "%s", rows[_i].label);
    ck_assert(isnan(fm_test_number(t, "value", 0)) == (rows[_i].df == 0));
    fm_assert_close(rows[_i].label, fm_test_number(t, "value", 1), rows[_i].df, 0, 0);
    fm_table_destroy(t);
    spec.group = NULL; /* all are one group */
    t = result_of(frame, &spec);
    ck_assert_str_eq(fm_test_text(t, "state", 0), rows[_i].n == 0 ? "empty" : "undefined");
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
}
END_TEST

/* Weights of 1/4: two of them are no number of rows, so that n - 1 is below 0; alone at risk they have no variance. */
START_TEST(test_light_weights)
{
  static const char *const four[] = {"time_days:i32", "event:bool", "group:code", "weight:f64"};
  const char *const rows[] = {"1", "1", "a", "0.25", "2", "0", "b", "0.25", "3", "1", "b", "4", "4", "1", "b", "0.25"};
  fm_table *light = fm_test_table(four, 4, rows, 2), *alone = fm_test_table(four, 4, rows, 4), *t;
  fm_error err = FM_ERROR_INIT;
  fm_retention_logrank_spec spec = spec_by("group");
  spec.weight = "weight";
  spec.variance = 1;
  ck_assert_int_eq(fm_retention_logrank(&t, light, &spec, NULL, &err), FM_ERR_VALUE);
  ck_assert_ptr_null(t);
  ck_assert_ptr_nonnull(strstr(err.message, "at time 1 weigh 1 or less"));
  t = result_of(alone, &spec); /* 19/4 are at risk at 1; at 4 one of b, with whom nobody is compared */
  ck_assert_str_eq(fm_test_text(t, "state", 0), "ok");
  fm_table_destroy(t);
  spec.variance = 2;
  t = result_of(light, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "ok");
  fm_table_destroy(t);
  fm_table_destroy(light);
  fm_table_destroy(alone);
}
END_TEST

START_TEST(test_most_groups)
{
  enum { ALL_GROUPS = 1001 };
  static const char *const three[] = {"time_days:i32", "event:bool", "group:i32"};
  static char texts[ALL_GROUPS][8];
  static const char *rows[3 * ALL_GROUPS];
  for (int i = 0; i < ALL_GROUPS; i++) {
    snprintf(texts[i], sizeof texts[i], "%d", i);
    rows[3 * i] = i % 2 == 0 ? "1" : "2";
    rows[3 * i + 1] = "1";
    rows[3 * i + 2] = texts[i];
  }
  fm_table *frame = fm_test_table(three, 3, rows, ALL_GROUPS), *most = fm_test_table(three, 3, rows, ALL_GROUPS - 1),
           *t;
  fm_error err = FM_ERROR_INIT;
  fm_retention_logrank_spec spec = spec_by("group");
  ck_assert_int_eq(fm_retention_logrank(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  ck_assert_str_eq(err.message, "retention.logrank: 1001 groups of group to compare, expected at most 1000");
  t = result_of(most, &spec);
  fm_assert_close("df", fm_test_number(t, "value", 1), 999, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_table_destroy(most);
}
END_TEST

/* Two pairs of groups that never meet: two degrees of freedom, and the sum of two tests. */
START_TEST(test_parts)
{
  static const char *const three[] = {"time_days:i32", "entry_days:i32", "event:bool", "group:code"};
  const char *const rows[] = {"1",  "0",  "1", "a", "2",  "0",  "1", "b", "3",  "0",  "1", "a", "4",  "0",  "0", "b",
                              "11", "10", "1", "c", "12", "10", "1", "d", "13", "10", "1", "d", "14", "10", "0", "c"};
  fm_retention_logrank_spec spec = spec_by("group");
  fm_table *whole = fm_test_table(three, 4, rows, 8), *first = fm_test_table(three, 4, rows, 4);
  fm_table *second = fm_test_table(three, 4, rows + 16, 4), *t = result_of(whole, &spec);
  fm_table *a = result_of(first, &spec), *b = result_of(second, &spec);
  fm_assert_close("df", fm_test_number(t, "value", 1), 2, 0, 0);
  fm_assert_close("sum", fm_test_number(t, "value", 0), fm_test_number(a, "value", 0) + fm_test_number(b, "value", 0),
                  1e-12, 0);
  fm_table *all[] = {whole, first, second, t, a, b};
  for (int k = 0; k < FM_COUNT(all); k++)
    fm_table_destroy(all[k]);
}
END_TEST

START_TEST(test_spec_errors)
{
  static const struct {
    const char *label, *group, *tests, *cluster, *clock;
    int32_t variance, detail;
  } rows[] = {{"unknown test", "g", "wilcoxon", NULL, NULL, 0, 0}, {"no rho", "g", "fh(:1)", NULL, NULL, 0, 0},
              {"negative rho", "g", "fh(-1:1)", NULL, NULL, 0, 0}, {"open", "g", "fh(1:1", NULL, NULL, 0, 0},
              {"one power", "g", "fh(1)", NULL, NULL, 0, 0},       {"empty test", "g", "gehan,", NULL, NULL, 0, 0},
              {"variance 3", "g", NULL, NULL, NULL, 3, 0},         {"detail 2", "g", NULL, NULL, NULL, 0, 2},
              {"cluster", "g", NULL, "person", NULL, 1, 0},        {"clock", "g", NULL, NULL, "years", 0, 0},
              {"group twice", "g,g", NULL, NULL, NULL, 0, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_retention_logrank_spec spec = spec_by(rows[_i].group);
  fm_tally *t;
  if (rows[_i].tests != NULL)
    spec.tests = rows[_i].tests;
  spec.cluster = rows[_i].cluster;
  spec.clock = rows[_i].clock;
  spec.variance = rows[_i].variance;
  spec.detail = rows[_i].detail;
  ck_assert_msg(fm_retention_logrank_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "%s", rows[_i].label);
  ck_assert_ptr_null(t);
  ck_assert(err.message[0] != '\0');
}
END_TEST

START_TEST(test_array_errors)
{
  static const struct {
    const char *label;
    uint32_t group, stratum;
    int32_t time, weights;
    double rho;
    size_t n_groups, n_strata;
    fm_status status;
  } rows[] = {{"good", 1, 1, 3, 1, 0, 2, 2, FM_OK},
              {"group", 2, 1, 3, 1, 0, 2, 2, FM_ERR_VALUE},
              {"stratum", 1, 2, 3, 1, 0, 2, 2, FM_ERR_VALUE},
              {"time", 1, 1, -3, 1, 0, 2, 2, FM_ERR_VALUE},
              {"weights", 1, 1, 3, 5, 0, 2, 2, FM_ERR_ARGUMENT},
              {"rho", 1, 1, 3, 1, -1, 2, 2, FM_ERR_ARGUMENT},
              {"no groups", 0, 0, 3, 1, 0, 0, 1, FM_ERR_ARGUMENT},
              {"most groups", 999, 1, 3, 1, 0, 1000, 2, FM_OK},
              {"more groups", 1000, 1, 3, 1, 0, 1001, 2, FM_ERR_LIMIT},
              {"too many", 1, 1, 3, 1, 0, 1 << 14, 1 << 14, FM_ERR_LIMIT}};
  const int32_t time[] = {1, rows[_i].time};
  const uint8_t event[] = {1, 1};
  const uint32_t group[] = {0, rows[_i].group}, stratum[] = {0, rows[_i].stratum};
  fm_error err = FM_ERROR_INIT;
  fm_logrank out;
  fm_status status =
      fm_retention_logrank_arrays(&out, NULL, NULL, NULL, NULL, time, event, group, rows[_i].n_groups, NULL, stratum,
                                  rows[_i].n_strata, 2, rows[_i].weights, rows[_i].rho, 0, NULL, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s", rows[_i].label, fm_status_name(status));
  ck_assert_int_eq(err.row, status == FM_ERR_VALUE ? 1 : -1);
  ck_assert_int_eq(fm_retention_logrank_arrays(&out, NULL, NULL, NULL, NULL, NULL, event, group, 2, NULL, NULL, 1, 2, 1,
                                               0, 0, NULL, NULL),
                   FM_ERR_ARGUMENT);
}
END_TEST

enum { MANY = 300000, MANY_GROUPS = 6 };

/* Rows enough for short counters to be emptied; longest times first, then last, where no guess from the first rows has
 * room for them: the same bits. Counted one by one: an exit of group g at t = 1 + i % 97, plus 2000 for the last tenth.
 */
START_TEST(test_many_rows)
{
  int32_t *time = calloc(MANY, sizeof *time), *back = calloc(MANY, sizeof *back);
  uint8_t *event = calloc(MANY, 1), *event_back = calloc(MANY, 1);
  uint32_t *group = calloc(MANY, sizeof *group), *group_back = calloc(MANY, sizeof *group_back);
  double observed[2][MANY_GROUPS], counted[MANY_GROUPS] = {0};
  fm_logrank out[2];
  fm_error err = FM_ERROR_INIT;
  ck_assert(time != NULL && back != NULL && event != NULL && event_back != NULL && group != NULL && group_back != NULL);
  for (size_t i = 0; i < MANY; i++) {
    size_t j = MANY - 1 - i;
    time[i] = back[j] = (int32_t)(1 + i % 97 + (i >= MANY - MANY / 10 ? 2000 : 0));
    event[i] = event_back[j] = i % 3 != 0;
    group[i] = group_back[j] = (uint32_t)(i * i % 11 % MANY_GROUPS);
    counted[group[i]] += event[i];
  }
  fm_assert_ok(fm_retention_logrank_arrays(&out[0], observed[0], NULL, NULL, NULL, time, event, group, MANY_GROUPS,
                                           NULL, NULL, 1, MANY, 1, 0, 0, NULL, &err),
               &err);
  fm_assert_ok(fm_retention_logrank_arrays(&out[1], observed[1], NULL, NULL, NULL, back, event_back, group_back,
                                           MANY_GROUPS, NULL, NULL, 1, MANY, 1, 0, 0, NULL, &err),
               &err);
  ck_assert(out[0].chi_square > 0 && out[0].chi_square == out[1].chi_square && out[0].p_value == out[1].p_value);
  for (size_t g = 0; g < MANY_GROUPS; g++)
    ck_assert(observed[0][g] == counted[g] && observed[1][g] == counted[g]);
  group[200000] = MANY_GROUPS;
  ck_assert_int_eq(fm_retention_logrank_arrays(&out[0], NULL, NULL, NULL, NULL, time, event, group, MANY_GROUPS, NULL,
                                               NULL, 1, MANY, 1, 0, 0, NULL, &err),
                   FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 200000);
  ck_assert_str_eq(err.message, "row 200000: group is 6, expected 0 to 5");
  free(time);
  free(back);
  free(event);
  free(event_back);
  free(group);
  free(group_back);
}
END_TEST

START_TEST(promises)
{
  fm_tally *t = fm_test_make(create, &_i);
  ck_assert_str_eq(fm_tally_measure(t), "retention.logrank");
  fm_tally_destroy(t);
  fm_test_promises(&(fm_test_measure){create, &_i, columns, N_COLUMNS, cells, N_ROWS});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-logrank");
  TCase *tests = tcase_create("logrank");
  tcase_add_test(tests, test_worked_example);
  tcase_add_loop_test(tests, test_sets, 0, FM_COUNT(sets));
  tcase_add_loop_test(tests, test_tricky, 0, FM_COUNT(tricky));
  tcase_add_loop_test(tests, test_robust, 0, 5);
  tcase_add_loop_test(tests, promises, 0, 16);
  tcase_add_test(tests, test_scale_of_weights);
  tcase_add_loop_test(tests, test_states, 0, 5);
  tcase_add_test(tests, test_light_weights);
  tcase_add_test(tests, test_most_groups);
  tcase_add_test(tests, test_parts);
  tcase_add_test(tests, test_many_rows);
  tcase_add_loop_test(tests, test_spec_errors, 0, 11);
  tcase_add_loop_test(tests, test_array_errors, 0, 10);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
