/* retention.status: worked examples, R's values, merging, bytes, edges, errors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cases.h"

static const char *const columns[] = {"person_id:code", "horizon_months:i32", "status:bool",
                                      "in_rate:bool",   "weight:f64",         "group:code"};
enum { N_COLUMNS = FM_COUNT(columns) };
static const double z = 1.959963984540054;

static fm_table *result_of(const fm_table *frame, const fm_retention_status_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_status(&out, frame, spec, NULL, &err), &err);
  return out;
}

static void figure_is(const fm_table *t, const char *months, const char *quantity, double value, double n,
                      double people, const char *state)
{
  size_t i = fm_test_row(t, "quantity", quantity, "horizon_months", months, NULL, NULL);
  fm_assert_close(quantity, fm_test_number(t, "value", i), value, 1e-15, 0);
  fm_assert_close(quantity, fm_test_number(t, "n", i), n, 0, 0);
  fm_assert_close(quantity, fm_test_number(t, "people", i), people, 0, 0);
  ck_assert_msg(strcmp(fm_test_text(t, "state", i), state) == 0, "%s: %s", quantity, fm_test_text(t, "state", i));
}

/* Ten people at 6 months: 6 in work and 2 not, fully observed; 1 known early not to be, not yet in the rate; 1 not
 * known. rate            6 / 8 = 0.75, standard error sqrt(0.75 * 0.25 / 8) = sqrt(3) / sqrt(128) Wilson          (p +
 * z^2/16 -+ z sqrt(p q / 8 + z^2/256)) / (1 + z^2/8) if none, all of the unknown are in work: 6 / 10 and 7 / 10 */
START_TEST(test_worked_example)
{
  const char *cells[10 * N_COLUMNS];
  char ids[10][4];
  for (int i = 0; i < 10; i++) {
    const char **row = cells + i * N_COLUMNS;
    snprintf(ids[i], sizeof ids[i], "p%d", i);
    row[0] = ids[i];
    row[1] = "6";
    row[2] = i < 6 ? "1" : i < 9 ? "0" : "";
    row[3] = i < 8 ? "1" : "0";
    row[4] = "";
    row[5] = "";
  }
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 10), *t = result_of(frame, NULL);
  ck_assert_uint_eq(fm_table_n_rows(t), 6);
  figure_is(t, "6", "yes", 6, 6, 6, "ok");
  figure_is(t, "6", "no", 3, 3, 3, "ok");
  figure_is(t, "6", "unknown", 1, 1, 1, "ok");
  figure_is(t, "6", "rate", 0.75, 8, 8, "ok");
  figure_is(t, "6", "rate_lowest", 0.6, 10, 10, "ok");
  figure_is(t, "6", "rate_highest", 0.7, 10, 10, "ok");
  size_t rate = fm_test_row(t, "quantity", "rate", NULL, NULL, NULL, NULL);
  double middle = 0.75 + z * z / 16, half = z * sqrt(0.75 * 0.25 / 8 + z * z / 256);
  fm_assert_close("error", fm_test_number(t, "std_error", rate), sqrt(3. / 128), 1e-15, 0);
  fm_assert_close("low", fm_test_number(t, "ci_low", rate), (middle - half) / (1 + z * z / 8), 1e-14, 0);
  fm_assert_close("high", fm_test_number(t, "ci_high", rate), (middle + half) / (1 + z * z / 8), 1e-14, 0);
  fm_assert_close("level", fm_test_number(t, "level", rate), 0.95, 0, 0);
  ck_assert(isnan(fm_test_number(t, "weight", rate)));
  ck_assert_str_eq(fm_test_text(t, "unit", rate), "share");
  ck_assert_str_eq(fm_test_text(t, "unit", 0), "count");
  ck_assert_str_eq(fm_test_text(t, "definition", 0), "any_employer");
  ck_assert_str_eq(fm_table_note(t, "interval"), "wilson");
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Four placements of three people, weights 1, 1, 2, 4; a: yes, no; b: yes; c: no. Share p = (1 + 2) / 8 = 3/8.
 *   sums of w (y - p): a 1 - 2 p = 1/4, b 2 - 2 p = 5/4, c -4 p = -3/2; squares 1/16 + 25/16 + 36/16 = 62/16
 *   variance 62/16 / 64 * (3/2) * (3/4) = 62 * 9 / (16 * 64 * 8) = 558 / 8192
 *   effective number (15/64) / (558/8192) = 1920 / 558 = 3.44... of 4
 * As independent units the factor is (4/3) (3/4) = 1 and the squares are (5/8)^2 + (3/8)^2 + (5/4)^2 + (3/2)^2 =
 * 278/64: variance 278/64 / 64; effective number 960 / 278 = 3.453... */
START_TEST(test_people)
{
  const char *const cells[] = {"a", "3", "1", "1", "1", "", "a", "3", "0", "1", "1", "",
                               "b", "3", "1", "1", "2", "", "c", "3", "0", "1", "4", ""};
  fm_retention_status_spec spec;
  fm_retention_status_spec_init(&spec, sizeof spec);
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 4);
  for (int people = 0; people < 2; people++) {
    spec.cluster = people ? "person_id" : "";
    fm_table *t = result_of(frame, &spec);
    size_t rate = fm_test_row(t, "quantity", "rate", NULL, NULL, NULL, NULL);
    figure_is(t, "3", "rate", 0.375, 4, people ? 3 : NAN, "ok");
    figure_is(t, "3", "yes", 3, 2, people ? 2 : NAN, "ok");
    double variance = people ? 558. / 8192 : 278. / 4096, n = 0.375 * 0.625 / variance;
    double middle = 0.375 + z * z / (2 * n), half = z * sqrt(0.375 * 0.625 / n + z * z / (4 * n * n));
    fm_assert_close("weight", fm_test_number(t, "weight", rate), 8, 0, 0);
    fm_assert_close("error", fm_test_number(t, "std_error", rate), sqrt(variance), 1e-15, 0);
    fm_assert_close("low", fm_test_number(t, "ci_low", rate), (middle - half) / (1 + z * z / n), 1e-13, 0);
    fm_assert_close("high", fm_test_number(t, "ci_high", rate), (middle + half) / (1 + z * z / n), 1e-13, 0);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

/* The four placements of test_people with weights times 2^900 and 2^-900, whose squares no double holds. */
START_TEST(test_weight_scale)
{
  static const char *const weights[][3] = {
      {"1", "2", "4"},
      {"8.452712498170644e+270", "1.6905424996341288e+271", "3.3810849992682576e+271"},
      {"1.1830521861667747e-271", "2.3661043723335494e-271", "4.732208744667099e-271"}};
  for (size_t k = 0; k < FM_COUNT(weights) * 2; k++) {
    const char *const *w = weights[k / 2];
    const char *const cells[] = {"a", "3", "1", "1", w[0], "", "a", "3", "0", "1", w[0], "",
                                 "b", "3", "1", "1", w[1], "", "c", "3", "0", "1", w[2], ""};
    fm_retention_status_spec spec;
    fm_retention_status_spec_init(&spec, sizeof spec);
    spec.weight = "weight";
    spec.cluster = k % 2 != 0 ? "person_id" : "";
    fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 4), *t = result_of(frame, &spec);
    size_t rate = fm_test_row(t, "quantity", "rate", NULL, NULL, NULL, NULL);
    double variance = k % 2 != 0 ? 558. / 8192 : 278. / 4096;
    fm_assert_close("rate", fm_test_number(t, "value", rate), 0.375, 0, 0);
    fm_assert_close("error", fm_test_number(t, "std_error", rate), sqrt(variance), 1e-15, 0);
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
}
END_TEST

START_TEST(test_weights_too_large)
{
  const char *const cells[] = {"a", "3", "1", "1", "1e308", "", "b", "3", "0", "1", "1e308", ""};
  fm_retention_status_spec spec;
  fm_retention_status_spec_init(&spec, sizeof spec);
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 2), *t;
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm_retention_status(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

static double limit(double p, double n, double sign)
{
  return (p + z * z / (2 * n) + sign * z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n);
}

/* Where the variance says nothing the effective number is Kish's over people. */
START_TEST(test_edges)
{
  static const struct {
    const char *label;
    const char *cells[4 * N_COLUMNS];
    size_t n;
    const char *state;
    double rate, effective;
  } rows[] = {
      {"no units", {0}, 0, "empty", NAN, NAN},
      {"all unknown", {"a", "3", "", "0", "1", "", "b", "3", "", "0", "1", ""}, 2, "censored", NAN, NAN},
      {"failed early, none in the rate",
       {"a", "3", "0", "0", "1", "", "b", "3", "", "0", "1", ""},
       2,
       "censored",
       NAN,
       NAN},
      {"one unit", {"a", "3", "1", "1", "1", ""}, 1, "ok", 1, 1},
      {"all yes, weights 1 and 3: 16/10", {"a", "3", "1", "1", "1", "", "b", "3", "1", "1", "3", ""}, 2, "ok", 1, 1.6},
      {"all no, 3 units of 2 people: 9/5",
       {"a", "3", "0", "1", "1", "", "a", "3", "0", "1", "1", "", "b", "3", "0", "1", "1", ""},
       3,
       "ok",
       0,
       1.8},
      {"one person twice", {"a", "3", "0", "1", "1", "", "a", "3", "1", "1", "1", ""}, 2, "ok", 0.5, 1},
      {"alike in the mean: no more than the units",
       {"a", "3", "0", "1", "1", "", "a", "3", "1", "1", "1", "",
        "b", "3", "0", "1", "1", "", "b", "3", "1", "1", "1", ""},
       4,
       "ok",
       0.5,
       4},
      {"a weight of 0 leaves no trace", {"a", "3", "1", "1", "0", "", "b", "3", "0", "1", "2", ""}, 2, "ok", 0, 1},
  };
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.weight = "weight";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, rows[_i].cells, rows[_i].n), *t = result_of(frame, &spec);
  size_t rate = fm_test_row(t, "quantity", "rate", NULL, NULL, NULL, NULL);
  ck_assert_msg(strcmp(fm_test_text(t, "state", rate), rows[_i].state) == 0, "%s: %s", rows[_i].label,
                fm_test_text(t, "state", rate));
  double p = rows[_i].rate, n = rows[_i].effective;
  fm_assert_close(rows[_i].label, fm_test_number(t, "value", rate), p, 0, 0);
  fm_assert_close(rows[_i].label, fm_test_number(t, "ci_low", rate), limit(p, n, -1), 1e-13, 1e-16);
  fm_assert_close(rows[_i].label, fm_test_number(t, "ci_high", rate), limit(p, n, 1), 1e-13, 0);
  if (rows[_i].n == 0) {
    ck_assert(isnan(fm_test_number(t, "horizon_months", rate)));
    ck_assert(isnan(fm_test_number(t, "value", fm_test_row(t, "quantity", "rate_lowest", NULL, NULL, NULL, NULL))));
    ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Every group has every horizon, in order; a pair without units is empty. Missing keys come last. */
START_TEST(test_groups)
{
  const char *const cells[] = {"a", "12", "1", "1", "", "",  "b", "3", "1", "1", "", "y",
                               "c", "12", "0", "1", "", "x", "a", "3", "1", "1", "", "y"};
  static const struct {
    const char *group;
    double months, rate, people;
  } rows[] = {{"x", 3, NAN, 0},  {"x", 12, 0, 1},   {"y", 3, 1, 2},
              {"y", 12, NAN, 0}, {NULL, 3, NAN, 0}, {NULL, 12, 1, 1}};
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.by = "group";
  spec.definition = "same_employer";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, 4), *t = result_of(frame, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), 6 * 6);
  for (size_t i = 0; i < 6; i++) {
    size_t at = 6 * i + 3;
    const char *group = fm_test_text(t, "group", at);
    ck_assert_str_eq(fm_test_text(t, "quantity", at), "rate");
    ck_assert(group == rows[i].group || strcmp(group, rows[i].group) == 0);
    fm_assert_close("months", fm_test_number(t, "horizon_months", at), rows[i].months, 0, 0);
    fm_assert_close("rate", fm_test_number(t, "value", at), rows[i].rate, 0, 0);
    fm_assert_close("people", fm_test_number(t, "people", at), rows[i].people, 0, 0);
    ck_assert_str_eq(fm_test_text(t, "state", at), isnan(rows[i].rate) ? "empty" : "ok");
    ck_assert_str_eq(fm_test_text(t, "definition", at), "same_employer");
  }
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- the example data, against R ---- */
static fm_table *mvad_frame(const size_t *order, size_t n)
{
  fm_oracle *o = fm_oracle_open("retention/in_mvad_status.csv");
  size_t n_rows = order != NULL ? n : fm_oracle_n_rows(o);
  static const char *const names[] = {"id:i64",       "horizon_months:i32", "status:bool",
                                      "in_rate:bool", "weight:f64",         "trio:code"};
  const char **cells = malloc((n_rows + 1) * N_COLUMNS * sizeof *cells);
  for (size_t k = 0; k < n_rows; k++) {
    size_t i = order != NULL ? order[k] : k;
    const char **row = cells + k * N_COLUMNS;
    row[0] = fm_oracle_text(o, i, "id");
    row[1] = fm_oracle_text(o, i, "horizon");
    row[2] = fm_oracle_text(o, i, "status");
    row[3] = row[2][0] != '\0' ? "1" : "0";
    row[4] = fm_oracle_text(o, i, "weight");
    row[5] = fm_oracle_text(o, i, "trio");
  }
  fm_table *t = fm_test_table(names, N_COLUMNS, cells, n_rows);
  free(cells);
  fm_oracle_close(o);
  return t;
}

START_TEST(test_oracle)
{
  fm_oracle *o = fm_oracle_open("retention/status_mvad.csv");
  fm_table *frame = mvad_frame(NULL, 0);
  ck_assert_uint_eq(fm_oracle_n_rows(o), 16);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
    bool weighted = fm_oracle_number(o, i, "weighted") != 0;
    spec.weight = weighted ? "weight" : NULL;
    spec.cluster = fm_oracle_text(o, i, "cluster");
    fm_table *t = result_of(frame, &spec);
    const char *months = fm_oracle_text(o, i, "horizon");
    size_t yes = fm_test_row(t, "quantity", "yes", "horizon_months", months, NULL, NULL);
    size_t unknown = fm_test_row(t, "quantity", "unknown", "horizon_months", months, NULL, NULL);
    size_t rate = fm_test_row(t, "quantity", "rate", "horizon_months", months, NULL, NULL);
    fm_assert_close("yes", fm_test_number(t, "n", yes), fm_oracle_number(o, i, "yes"), 0, 0);
    fm_assert_close("unknown", fm_test_number(t, "n", unknown), fm_oracle_number(o, i, "unknown"), 0, 0);
    fm_assert_close("n", fm_test_number(t, "n", rate), fm_oracle_number(o, i, "n"), 0, 0);
    fm_assert_close("people", fm_test_number(t, "people", rate), fm_oracle_number(o, i, "people"), 0, 0);
    fm_assert_close("share", fm_test_number(t, "value", rate), fm_oracle_number(o, i, "share"), 1e-12, 0);
    fm_assert_close("error", fm_test_number(t, "std_error", rate), fm_oracle_number(o, i, "std_error"), 1e-12, 0);
    fm_assert_close("low", fm_test_number(t, "ci_low", rate), fm_oracle_number(o, i, "low"), 1e-12, 0);
    fm_assert_close("high", fm_test_number(t, "ci_high", rate), fm_oracle_number(o, i, "high"), 1e-12, 0);
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
  fm_oracle_close(o);
}
END_TEST

/* ---- any order, split and merge gives the same bits ---- */
static const struct {
  const char *by, *weight, *cluster;
} specs[] = {{NULL, NULL, "id"},   {NULL, "weight", "trio"}, {"trio", NULL, "id"},
             {NULL, "weight", ""}, {"trio", "weight", "id"}, {NULL, NULL, ""}};

static fm_tally *tally_of(int k)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.by = specs[k].by;
  spec.weight = specs[k].weight;
  spec.cluster = specs[k].cluster;
  fm_assert_ok(fm_retention_status_tally(&t, &spec, &err), &err);
  ck_assert_str_eq(fm_tally_measure(t), "retention.status");
  return t;
}

static void shuffle(size_t *rows, size_t n, uint64_t *state)
{
  for (size_t i = n; i > 1; i--) {
    size_t j = next_random(state, i), held = rows[i - 1];
    rows[i - 1] = rows[j];
    rows[j] = held;
  }
}

START_TEST(test_order_free)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = mvad_frame(NULL, 0), *expected, *t;
  size_t n = fm_table_n_rows(frame), *rows = malloc(n * sizeof *rows);
  fm_tally *whole = tally_of(_i);
  fm_assert_ok(fm_tally_add(whole, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&expected, whole, NULL, &err), &err);
  uint64_t state = 11;
  for (size_t i = 0; i < n; i++)
    rows[i] = i;
  for (int round = 0; round < 5; round++) {
    shuffle(rows, n, &state);
    size_t first = 1 + next_random(&state, n - 2), second = first + 1 + next_random(&state, n - 1 - first);
    fm_table *parts[] = {mvad_frame(rows, first), mvad_frame(rows + first, second - first),
                         mvad_frame(rows + second, n - second)};
    fm_tally *a = tally_of(_i), *b = tally_of(_i);
    fm_assert_ok(fm_tally_add(a, parts[0], NULL, &err), &err);
    fm_assert_ok(fm_tally_add(b, parts[1], NULL, &err), &err);
    fm_assert_ok(fm_tally_add(b, parts[2], NULL, &err), &err);
    fm_tally *into = round % 2 ? a : b, *from = round % 2 ? b : a;
    fm_assert_ok(fm_tally_merge(into, from, &err), &err);
    fm_assert_ok(fm_tally_result(&t, into, NULL, &err), &err);
    assert_same_table("split", expected, t);
    assert_same_saved("split", whole, into);
    fm_table_destroy(t);
    for (int k = 0; k < 3; k++)
      fm_table_destroy(parts[k]);
    fm_tally_destroy(a);
    fm_tally_destroy(b);
  }
  free(rows);
  fm_table_destroy(expected);
  fm_table_destroy(frame);
  fm_tally_destroy(whole);
}
END_TEST

/* ---- bytes ---- */
static fm_table *small_frame(void)
{
  const char *const cells[] = {"a", "3", "1", "1", "1.5", "x", "b", "3", "",  "0", "2", "y",
                               "a", "6", "0", "1", "0.5", "x", "c", "3", "0", "0", "1", ""};
  return fm_test_table(columns, N_COLUMNS, cells, 4);
}

static fm_tally *small_tally(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.by = "group";
  spec.weight = "weight";
  fm_assert_ok(fm_retention_status_tally(&t, &spec, &err), &err);
  return t;
}

START_TEST(test_saved_bytes)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = small_frame();
  fm_tally *t = small_tally(), *none = small_tally();
  assert_saved(none, small_tally);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  assert_saved(t, small_tally);
  fm_tally_destroy(t);
  fm_tally_destroy(none);
  fm_table_destroy(frame);
}
END_TEST

/* ---- errors ---- */
START_TEST(test_spec_errors)
{
  static const struct {
    const char *label, *by;
    double level;
  } rows[] = {{"level 0", NULL, 0}, {"level 1", NULL, 1}, {"level NaN", NULL, NAN}, {"empty name", ",", 0.9}};
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = (fm_tally *)(void *)&err;
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.level = rows[_i].level;
  spec.by = rows[_i].by;
  ck_assert_msg(fm_retention_status_tally(&t, &spec, &err) == FM_ERR_ARGUMENT, "%s", rows[_i].label);
  ck_assert_ptr_null(t);
  fm_table *out;
  ck_assert_int_eq(fm_retention_status(&out, NULL, &spec, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
}
END_TEST

/* Every error leaves the tally as it was; no message has an id in it. */
START_TEST(test_frame_errors)
{
  static const struct {
    const char *column;           /* renamed, or given another type */
    const char *as;               /* what it becomes; NULL: the cells below */
    const char *cells[N_COLUMNS]; /* of row 1 */
    fm_status status;
  } rows[] = {
      {"person_id:code", "who:code", {0}, FM_ERR_NOT_FOUND},
      {"horizon_months:i32", "months:i32", {0}, FM_ERR_NOT_FOUND},
      {"status:bool", "state:bool", {0}, FM_ERR_NOT_FOUND},
      {"in_rate:bool", "rate:bool", {0}, FM_ERR_NOT_FOUND},
      {"weight:f64", "w:f64", {0}, FM_ERR_NOT_FOUND},
      {"group:code", "g:code", {0}, FM_ERR_NOT_FOUND},
      {"person_id:code", "person_id:bool", {0}, FM_ERR_TYPE},
      {"horizon_months:i32", "horizon_months:i64", {0}, FM_ERR_TYPE},
      {"status:bool", "status:i32", {0}, FM_ERR_TYPE},
      {"in_rate:bool", "in_rate:i32", {0}, FM_ERR_TYPE},
      {"weight:f64", "weight:i64", {0}, FM_ERR_TYPE},
      {"group:code", "group:f64", {0}, FM_ERR_TYPE},
      {"person_id", NULL, {"", "3", "1", "1", "1", "new"}, FM_ERR_VALUE},
      {"horizon_months", NULL, {"0101011234", "", "1", "1", "1", "new"}, FM_ERR_VALUE},
      {"horizon_months", NULL, {"0101011234", "-1", "1", "1", "1", "new"}, FM_ERR_VALUE},
      {"horizon_months", NULL, {"0101011234", "65536", "1", "1", "1", "new"}, FM_ERR_VALUE},
      {"in_rate", NULL, {"0101011234", "3", "1", "", "1", "new"}, FM_ERR_VALUE},
      {"in_rate", NULL, {"0101011234", "3", "", "1", "1", "new"}, FM_ERR_VALUE},
      {"weight", NULL, {"0101011234", "3", "1", "1", "", "new"}, FM_ERR_VALUE},
      {"weight", NULL, {"0101011234", "3", "1", "1", "-1", "new"}, FM_ERR_VALUE},
      {"weight", NULL, {"0101011234", "3", "1", "1", "inf", "new"}, FM_ERR_VALUE},
      {"weight", NULL, {"0101011234", "3", "1", "1", "nan", "new"}, FM_ERR_VALUE},
  };
  fm_error err = FM_ERROR_INIT, ok = FM_ERROR_INIT;
  const char *cells[2 * N_COLUMNS] = {"0101011234", "3", "1", "1", "1", "1"}, *names[N_COLUMNS];
  for (int k = 0; k < N_COLUMNS; k++) {
    names[k] = rows[_i].as != NULL && strcmp(columns[k], rows[_i].column) == 0 ? rows[_i].as : columns[k];
    cells[N_COLUMNS + k] = rows[_i].cells[k];
  }
  fm_table *good = small_frame(), *bad = fm_test_table(names, N_COLUMNS, cells, rows[_i].as != NULL ? 1 : 2);
  fm_tally *before = small_tally(), *t = small_tally();
  fm_assert_ok(fm_tally_add(before, good, NULL, &ok), &ok);
  fm_assert_ok(fm_tally_add(t, good, NULL, &ok), &ok);
  fm_status status = fm_tally_add(t, bad, NULL, &err);
  ck_assert_msg(status == rows[_i].status, "%s: %s: %s", rows[_i].column, fm_status_name(status), err.message);
  if (status == FM_ERR_VALUE) {
    ck_assert_int_eq(err.row, 1);
    ck_assert_str_eq(err.column, rows[_i].column);
  }
  ck_assert_ptr_null(strstr(err.message, "0101011234"));
  ck_assert_str_eq(err.value, "");
  assert_same_saved(rows[_i].column, before, t);
  fm_tally_destroy(before);
  fm_tally_destroy(t);
  fm_table_destroy(good);
  fm_table_destroy(bad);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)done;
  return --*(int *)ctx < 0;
}

START_TEST(test_cancelled)
{
  for (int allowed = 0; allowed < 4; allowed++) {
    int left = allowed;
    fm_error err = FM_ERROR_INIT;
    fm_table *frame = small_frame(), *out;
    fm_run run = FM_RUN_INIT;
    run.progress = stop;
    run.progress_ctx = &left;
    fm_status status = fm_retention_status(&out, frame, NULL, &run, &err);
    ck_assert_msg(status == (allowed < 3 ? FM_ERR_CANCELLED : FM_OK), "%d: %s", allowed, fm_status_name(status));
    ck_assert((out == NULL) == (status != FM_OK));
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  (void)ctx;
  fm_retention_status_spec spec = FM_RETENTION_STATUS_SPEC_INIT;
  spec.by = "group";
  spec.weight = "weight";
  return fm_retention_status_tally(out, &spec, err);
}

START_TEST(test_allocations)
{
  fm_table *frame = small_frame();
  ck_assert_int_gt(fm_test_tally_allocations(create, NULL, frame), 30);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-status");
  TCase *tests = tcase_create("status");
  tcase_add_test(tests, test_worked_example);
  tcase_add_test(tests, test_people);
  tcase_add_test(tests, test_weight_scale);
  tcase_add_test(tests, test_weights_too_large);
  tcase_add_loop_test(tests, test_edges, 0, 9);
  tcase_add_test(tests, test_groups);
  tcase_add_test(tests, test_oracle);
  tcase_add_loop_test(tests, test_order_free, 0, FM_COUNT(specs));
  tcase_add_test(tests, test_saved_bytes);
  tcase_add_loop_test(tests, test_spec_errors, 0, 4);
  tcase_add_loop_test(tests, test_frame_errors, 0, 22);
  tcase_add_test(tests, test_cancelled);
  tcase_add_test(tests, test_allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
