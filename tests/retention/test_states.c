/* retention.states: by hand, against R's survfit and etm, the jackknife against its definition, promises of a tally.
 * Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static fm_table *run(const fm_table *frame, const fm_retention_states_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_states(&out, frame, spec, NULL, &err), &err);
  return out;
}

static const char *cell(const fm_table *t, const char *column, size_t row)
{
  size_t k = (size_t)fm_table_column_index(t, column);
  return fm_table_is_null(t, k, row) ? "" : fm_table_text(t, k, row, NULL);
}

/* Time NaN: none; "" is no state. */
static size_t row_of(const fm_table *t, const char *quantity, double time, const char *from, const char *to)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double here = fm_test_number(t, "time_weeks", i);
    bool same = isnan(time) ? isnan(here) : here == time;
    if (same && strcmp(cell(t, "quantity", i), quantity) == 0 && strcmp(cell(t, "from_state", i), from) == 0 &&
        strcmp(cell(t, "to_state", i), to) == 0)
      return i;
  }
  ck_abort_msg("no %s at %g from \"%s\" to \"%s\"", quantity, time, from, to);
  return 0;
}

static fm_retention_states_spec spec_of(const char *times)
{
  fm_retention_states_spec spec = FM_RETENTION_STATES_SPEC_INIT;
  spec.clock = "weeks";
  spec.times = times;
  return spec;
}

/* ---- by hand: the three people of test_matrix.c ---- */
static const char *const columns[] = {"person_id:code", "from:code", "to:code", "entry_weeks:i32",
                                      "time_weeks:i32", "w:f64",     "g:code"};
static const char *const cells[] = {"a", "job", "out", "0", "1", "1",   "x", "b", "job", "out", "0", "2", "2",   "x",
                                    "c", "job", "",    "0", "3", "1.5", "y", "a", "out", "job", "1", "2", "1",   "x",
                                    "a", "job", "",    "2", "3", "1",   "x", "b", "out", "",    "2", "5", "0.5", "x"};

START_TEST(test_by_hand)
{
  fm_table *frame = fm_test_table(columns, 7, cells, 5);
  fm_retention_states_spec spec = spec_of("1,2,4");
  spec.until = 3;
  fm_table *t = run(frame, &spec);
  fm_assert_close("share", fm_test_number(t, "value", row_of(t, "occupation", 2, "", "job")), 2.0 / 3, 1e-15, 0);
  ck_assert_int_eq((int)fm_test_number(t, "n", row_of(t, "occupation", 2, "", "job")), 2);
  size_t i = row_of(t, "transition_probability", 2, "job", "out");
  fm_assert_close("P", fm_test_number(t, "value", i), 1.0 / 3, 1e-15, 0);
  fm_assert_close("its error", fm_test_number(t, "std_error", i), sqrt(2.0 / 27), 1e-14, 0);
  fm_assert_close("count", fm_test_number(t, "value", row_of(t, "n_transition", NAN, "job", "out")), 2, 0, 0);
  fm_assert_close("lost", fm_test_number(t, "value", row_of(t, "n_transition", NAN, "job", "")), 2, 0, 0);
  /* 1 in the first week, 2/3 in the second and third */
  i = row_of(t, "time_in_state", NAN, "", "job");
  fm_assert_close("time", fm_test_number(t, "value", i), 1 + 2.0 / 3 + 2.0 / 3, 1e-15, 0);
  ck_assert_str_eq(cell(t, "unit", i), "weeks");
  i = row_of(t, "occupation", 4, "", "job");
  ck_assert_str_eq(cell(t, "state", i), "censored");
  ck_assert(isnan(fm_test_number(t, "value", i)));
  ck_assert_str_eq(cell(t, "state", row_of(t, "transition_probability", 4, "out", "job")), "censored");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- R ---- */

/* Of the first so many people. */
static fm_table *histories(bool weights, double people)
{
  static const char *const names[] = {"person_id:code",  "from:code",      "to:code",
                                      "entry_weeks:i32", "time_weeks:i32", "w:f64"};
  static const char *const given[] = {"1", "0.5", "2.25"};
  fm_oracle *o = fm_oracle_open("retention/in_multistate.csv");
  size_t n = fm_oracle_n_rows(o), m = 0;
  const char **texts = calloc(n * 6, sizeof *texts);
  for (size_t i = 0; i < n; i++) {
    const char *to = fm_oracle_text(o, i, "to");
    if (fm_oracle_number(o, i, "id") > people)
      continue;
    texts[m++] = fm_oracle_text(o, i, "id");
    texts[m++] = fm_oracle_text(o, i, "from");
    texts[m++] = strcmp(to, "censored") == 0 ? "" : to;
    texts[m++] = fm_oracle_text(o, i, "start");
    texts[m++] = fm_oracle_text(o, i, "stop");
    texts[m++] = given[weights ? (size_t)fm_oracle_number(o, i, "id") % 3 : 0];
  }
  fm_table *t = fm_test_table(names, 6, texts, m / 6);
  free(texts);
  fm_oracle_close(o);
  return t;
}

START_TEST(test_oracle)
{
  fm_table *frame = histories(false, INFINITY);
  fm_retention_states_spec spec = spec_of("13,26,52,78,104");
  spec.fixed_start = 1; /* as survfit */
  fm_table *t = run(frame, &spec);
  fm_oracle *o = fm_oracle_open("retention/multistate_occupation.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    size_t k = row_of(t, "occupation", fm_oracle_number(o, i, "time"), "", fm_oracle_text(o, i, "state"));
    fm_assert_close("p", fm_test_number(t, "value", k), fm_oracle_number(o, i, "p"), 1e-12, 0);
    fm_assert_close("se", fm_test_number(t, "std_error", k), fm_oracle_number(o, i, "se_ij"), 1e-12, 0);
    ck_assert_int_eq((int)fm_test_number(t, "n", k), (int)fm_oracle_number(o, i, "n_risk"));
  }
  fm_oracle_close(o);
  o = fm_oracle_open("retention/multistate_sojourn.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    fm_assert_close("time",
                    fm_test_number(t, "value", row_of(t, "time_in_state", NAN, "", fm_oracle_text(o, i, "state"))),
                    fm_oracle_number(o, i, "rmean"), 1e-12, 0);
  fm_oracle_close(o);
  o = fm_oracle_open("retention/multistate_counts.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *from = fm_oracle_text(o, i, "from"), *to = fm_oracle_text(o, i, "to");
    if (strcmp(from, to) == 0 || strcmp(from, "retired") == 0) {
      fm_assert_close("nobody", fm_oracle_number(o, i, "count"), 0, 0, 0);
      continue;
    }
    size_t k = row_of(t, "n_transition", NAN, from, strcmp(to, "censored") == 0 ? "" : to);
    fm_assert_close("count", fm_test_number(t, "value", k), fm_oracle_number(o, i, "count"), 0, 0);
  }
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_matrices)
{
  fm_table *frame = histories(false, INFINITY);
  fm_oracle *o = fm_oracle_open("retention/multistate_transition_probs.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i += 16) {
    char times[16];
    snprintf(times, sizeof times, "%s", fm_oracle_text(o, i, "t"));
    fm_retention_states_spec spec = spec_of(times);
    spec.start = (int32_t)fm_oracle_number(o, i, "s");
    fm_table *t = run(frame, &spec);
    for (size_t j = i; j < i + 16; j++) {
      size_t k = row_of(t, "transition_probability", fm_oracle_number(o, j, "t"), fm_oracle_text(o, j, "from"),
                        fm_oracle_text(o, j, "to"));
      fm_assert_close("P", fm_test_number(t, "value", k), fm_oracle_number(o, j, "prob"), 1e-12, 1e-15);
      fm_assert_close("error", fm_test_number(t, "std_error", k), sqrt(fm_oracle_number(o, j, "var_greenwood")), 1e-12,
                      1e-12);
    }
    fm_table_destroy(t);
  }
  fm_oracle_close(o);
  fm_table_destroy(frame);
}
END_TEST

/* ---- the jackknife by its definition: shares with the weight of one person a little more and less ---- */

enum { SHARES = 8, PEOPLE = 60 };

/* Shares at 52, then time in state until then, from 4. */
static void shares(double *out, double *errors, const fm_table *frame)
{
  static const char *const states[] = {"education", "placed", "retired", "unemployed"};
  fm_retention_states_spec spec = spec_of("52");
  spec.weight = "w";
  spec.start = 4;
  fm_table *t = run(frame, &spec);
  for (size_t k = 0; k < SHARES; k++) {
    size_t row = row_of(t, k < 4 ? "occupation" : "time_in_state", k < 4 ? 52 : NAN, "", states[k % 4]);
    out[k] = fm_test_number(t, "value", row);
    if (errors != NULL)
      errors[k] = fm_test_number(t, "std_error", row);
  }
  fm_table_destroy(t);
}

/* The frame with other weights; its texts are shared. */
static fm_table *reweighted(const fm_table *frame, size_t person, double change)
{
  static const char *const names[] = {"person_id", "from", "to"};
  static double w[1000];
  static const char *texts[3][1000];
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  size_t n = fm_table_n_rows(frame);
  fm_assert_ok(fm_table_create(&t, "frame", &err), &err);
  for (size_t i = 0; i < n; i++) {
    w[i] = fm_table_f64(frame, 5)[i] * ((size_t)atoi(fm_test_text(frame, "person_id", i)) == person ? 1 + change : 1);
    for (size_t k = 0; k < 3; k++)
      texts[k][i] = fm_table_is_null(frame, k, i) ? NULL : fm_table_text(frame, k, i, NULL);
  }
  for (size_t k = 0; k < 3; k++)
    fm_assert_ok(fm_table_add_text(t, names[k], texts[k], n, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "entry_weeks", fm_table_i32(frame, 3), NULL, n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_i32(t, "time_weeks", fm_table_i32(frame, 4), NULL, n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "w", w, NULL, n, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

START_TEST(test_definition)
{
  double variance[SHARES] = {0}, more[SHARES], less[SHARES], now[SHARES], errors[SHARES];
  fm_table *frame = histories(true, PEOPLE);
  for (size_t person = 1; person <= PEOPLE; person++) {
    for (int side = 0; side < 2; side++) {
      fm_table *changed = reweighted(frame, person, side == 0 ? 1e-4 : -1e-4);
      shares(side == 0 ? more : less, NULL, changed);
      fm_table_destroy(changed);
    }
    for (size_t k = 0; k < SHARES; k++)
      variance[k] += pow((more[k] - less[k]) / 2e-4, 2);
  }
  shares(now, errors, frame);
  for (size_t k = 0; k < SHARES; k++)
    fm_assert_close("error", errors[k], sqrt(variance[k]), 1e-6, 0);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors and edges ---- */

START_TEST(test_bad_rows)
{
  static const struct {
    const char *cells[6];
    const char *message;
  } bad[] = {
      {{"a", "job", "out", "3", "3", "1"}, "entry_weeks"},
      {{"a", "job", "job", "0", "3", "1"}, "a state other than from"},
      {{"", "job", "out", "0", "3", "1"}, "person_id"},
      {{"a", "", "out", "0", "3", "1"}, "from"},
      {{"a", "job", "out", "0", "", "1"}, "time_weeks"},
      {{"a", "job", "out", "0", "3", "-1"}, "w"},
  };
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *out, *frame = fm_test_table(columns, 6, bad[i].cells, 1);
    fm_retention_states_spec spec = spec_of(NULL);
    spec.weight = "w";
    fm_status status = fm_retention_states(&out, frame, &spec, NULL, &err);
    ck_assert_msg(status == FM_ERR_VALUE, "case %d: %s", i, fm_status_name(status));
    ck_assert_msg(strstr(err.message, bad[i].message) != NULL, "%s", err.message);
    ck_assert_int_eq((int)err.row, 0);
    ck_assert_ptr_null(out);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_overlap)
{
  static const char *const two[] = {"a", "job", "out", "0", "3", "1", "a", "out", "", "2", "5", "1"};
  static const char *const twice[] = {"a", "job", "out", "0", "3", "1", "a", "job", "out", "0", "3", "1"};
  for (int i = 0; i < 2; i++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *out, *frame = fm_test_table(columns, 6, i == 0 ? two : twice, 2);
    fm_retention_states_spec spec = spec_of(NULL);
    ck_assert_int_eq(fm_retention_states(&out, frame, &spec, NULL, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, "overlap") != NULL, "%s", err.message);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_edges)
{
  fm_table *nobody = fm_test_table(columns, 7, cells, 0), *late = fm_test_table(columns, 7, cells + 21, 1);
  fm_retention_states_spec spec = spec_of("2");
  fm_table *t = run(nobody, &spec);
  ck_assert_str_eq(cell(t, "state", 0), "empty");
  fm_table_destroy(t);
  t = run(late, &spec); /* nobody is seen at 0 */
  ck_assert_str_eq(cell(t, "state", row_of(t, "occupation", 2, "", "job")), "empty");
  ck_assert_str_eq(cell(t, "state", row_of(t, "time_in_state", NAN, "", "job")), "empty");
  fm_assert_close("P", fm_test_number(t, "value", row_of(t, "transition_probability", 2, "out", "job")), 1, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(nobody);
  fm_table_destroy(late);
}
END_TEST

START_TEST(test_refused)
{
  static const struct {
    const char *times, *clock;
    double level;
    int32_t conf_type, start;
  } bad[] = {{"x", "weeks", 0.95, 3, 0},
             {"3", "years", 0.95, 3, 0},
             {"3", "weeks", 0, 3, 0},
             {"3", "weeks", 0.95, 0, 0},
             {"3", "weeks", 0.95, 3, 3}};
  for (int i = 0; i < FM_COUNT(bad); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_tally *t;
    fm_retention_states_spec spec;
    fm_retention_states_spec_init(&spec, sizeof spec);
    spec.times = bad[i].times;
    spec.clock = bad[i].clock;
    spec.level = bad[i].level;
    spec.conf_type = bad[i].conf_type;
    spec.start = bad[i].start;
    ck_assert_msg(fm_retention_states_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "spec %d", i);
    ck_assert_ptr_null(t);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_retention_states_spec spec = spec_of(*(const int *)ctx == 0 ? "1,2" : NULL);
  spec.by = "g";
  spec.weight = "w";
  return fm_retention_states_tally(out, &spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

/* A whole life; the other half is merged in, because nobody is in two states at once. */
typedef struct life {
  int kind;
  const fm_table *half, *rest;
} life;

static fm_status live(void *ctx, fm_error *err)
{
  life *l = ctx;
  fm_tally *t = NULL, *other = NULL;
  fm_table *out = NULL;
  void *bytes = NULL;
  size_t n;
  fm_status status = create(&t, &l->kind, err);
  if (status == FM_OK)
    status = create(&other, &l->kind, err);
  if (status == FM_OK)
    status = fm_tally_add(t, l->half, NULL, err);
  if (status == FM_OK)
    status = fm_tally_save(&bytes, &n, t, err);
  if (status == FM_OK)
    status = fm_tally_load(other, bytes, n, err);
  fm_tally_destroy(t);
  t = NULL;
  if (status == FM_OK)
    status = create(&t, &l->kind, err);
  if (status == FM_OK)
    status = fm_tally_add(t, l->rest, NULL, err);
  if (status == FM_OK)
    status = fm_tally_merge(other, t, err);
  if (status == FM_OK)
    status = fm_tally_result(&out, other, NULL, err);
  fm_tally_destroy(t);
  fm_tally_destroy(other);
  fm_free(bytes);
  fm_table_destroy(out);
  return status;
}

START_TEST(test_tally)
{
  fm_test_tally(make, &_i, columns, 7, cells, 6);
  life l = {_i, fm_test_table(columns, 7, cells, 3), fm_test_table(columns, 7, cells + 21, 3)};
  ck_assert_int_gt(fm_test_allocations(live, &l), 30);
  fm_table_destroy((fm_table *)(uintptr_t)l.half);
  fm_table_destroy((fm_table *)(uintptr_t)l.rest);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-states");
  TCase *tests = tcase_create("states");
  tcase_add_test(tests, test_by_hand);
  tcase_add_test(tests, test_oracle);
  tcase_add_test(tests, test_matrices);
  tcase_add_test(tests, test_definition);
  tcase_add_test(tests, test_bad_rows);
  tcase_add_test(tests, test_overlap);
  tcase_add_test(tests, test_edges);
  tcase_add_test(tests, test_refused);
  tcase_add_loop_test(tests, test_tally, 0, 2);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
