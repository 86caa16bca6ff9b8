/* retention.cox: a worked example, dated covariates, refusals, merging, bytes, errors. */
#include <math.h>
#include <string.h>

#include "retention/cox/kernel_priv.h"
#include "support/support.h"

static const char *const simple[] = {"time_days:i32", "event:bool", "x:f64"};
static const char *const wide[] = {"time_days:i32", "event:bool",         "entry_days:i32", "x:f64",
                                   "group:code",    "aftercare_days:i32", "person:code",    "weight:f64"};

static fm_retention_cox_spec spec_of(const char *covariates)
{
  fm_retention_cox_spec spec;
  fm_retention_cox_spec_init(&spec, sizeof spec);
  spec.covariates = covariates;
  return spec;
}

static fm_table *result_of(const fm_table *frame, const fm_retention_cox_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_cox(&out, frame, spec, NULL, &err), &err);
  return out;
}

static double value(const fm_table *t, const char *quantity, const char *term, const char *column)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *own = fm_test_text(t, "term", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 &&
        (term == NULL ? own == NULL : own != NULL && strcmp(own, term) == 0))
      return fm_test_number(t, column, i);
  }
  ck_abort_msg("no %s of %s", quantity, term != NULL ? term : "the model");
}

/* Four people leave on days 1, 2, 3, 4; x = 1, 0, 1, 0. With r = exp(b) the partial likelihood is
 *   r / (2r + 2) * 1 / (r + 2) * r / (r + 1) * 1.
 * Its log is 2b - 2 log(r + 1) - log(r + 2) - log 2, whose slope 2 - 2r/(r + 1) - r/(r + 2) is 0 where
 * 2(r + 1)(r + 2) - 2r(r + 2) - r(r + 1) = 0: 4 + r - r^2 = 0, r = (1 + sqrt(17)) / 2. The information is
 * 2r/(r + 1)^2 + 2r/(r + 2)^2. At b = 0: log L = -log 24, slope 2 - 1 - 1/3 = 2/3, information 1/2 + 2/9 = 13/18, so
 * the score test is (4/9) / (13/18) = 8/13. Pairs: the one who leaves first has the higher x in 1 against 2 and 4, 3
 * against 4; equal in 1 against 3 and 2 against 4; lower in 2 against 3: concordance (3 + 2/2) / 6. */
START_TEST(test_worked_example)
{
  const char *const cells[] = {"1", "1", "1", "2", "1", "0", "3", "1", "1", "4", "1", "0"};
  double r = (1 + sqrt(17)) / 2, b = log(r), info = 2 * r / (r + 1) / (r + 1) + 2 * r / (r + 2) / (r + 2);
  fm_retention_cox_spec spec = spec_of("x");
  fm_table *frame = fm_test_table(simple, 3, cells, 4), *t = result_of(frame, &spec);
  fm_assert_close("coefficient", value(t, "coefficient", "x", "value"), b, 1e-9, 0);
  fm_assert_close("error", value(t, "coefficient", "x", "std_error"), 1 / sqrt(info), 1e-9, 0);
  fm_assert_close("ratio", value(t, "hazard_ratio", "x", "value"), r, 1e-9, 0);
  fm_assert_close("low", value(t, "hazard_ratio", "x", "ci_low"), exp(b - 1.959963984540054 / sqrt(info)), 1e-9, 0);
  fm_assert_close("null", value(t, "log_likelihood_null", NULL, "value"), -log(24), 1e-14, 0);
  fm_assert_close("loglik", value(t, "log_likelihood", NULL, "value"), 2 * b - 2 * log(r + 1) - log(r + 2) - log(2),
                  1e-13, 0);
  fm_assert_close("score", value(t, "score", NULL, "value"), 8. / 13, 1e-13, 0);
  fm_assert_close("wald", value(t, "wald", NULL, "value"), b * b * info, 1e-8, 0);
  fm_assert_close("concordance", value(t, "concordance", NULL, "value"), 4. / 6, 1e-14, 0);
  fm_assert_close("events", value(t, "events", NULL, "value"), 4, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- the same figures another way ---- */

static void same_fit(const fm_table *a, const fm_table *b, const char *term)
{
  static const char *const of[] = {"coefficient", "hazard_ratio"};
  for (int k = 0; k < FM_COUNT(of); k++) {
    fm_assert_close(of[k], value(a, of[k], term, "value"), value(b, of[k], term, "value"), 1e-9, 0);
    fm_assert_close(of[k], value(a, of[k], term, "ci_low"), value(b, of[k], term, "ci_low"), 1e-9, 0);
  }
  fm_assert_close("loglik", value(a, "log_likelihood", NULL, "value"), value(b, "log_likelihood", NULL, "value"), 1e-12,
                  0);
}

static const char *const people[] = {
    "5", "1", "0",  "1.5", "a", "2", "p1", "2",  "9", "0", "1",  "0.5", "b", "",  "p2", "1",   "7", "1", "0",  "2",
    "a", "7", "p3", "1",   "3", "1", "0",  "-1", "c", "1", "p1", "3",   "3", "1", "2",  "0",   "b", "0", "p4", "1",
    "8", "1", "0",  "1",   "a", "9", "p5", "2",  "6", "1", "0",  "3",   "b", "4", "p6", "1",   "9", "1", "4",  "-2",
    "c", "6", "p7", "1",   "4", "0", "0",  "1",  "a", "",  "p8", "2",   "2", "1", "0",  "0.2", "c", "1", "p2", "1"};
enum { N_PEOPLE = sizeof people / sizeof people[0] / 8 };

/* A person whose help begins on day 2 is two rows: (0, 2] without and (2, 5] with. */
START_TEST(test_dated_is_split)
{
  static const char *const split[] = {"time_days:i32", "entry_days:i32", "event:bool", "helped:f64"};
  static const char *const columns[] = {"time_days:i32", "entry_days:i32", "event:bool", "aftercare_days:i32"};
  const char *const whole[] = {"5", "0", "1", "2", "9", "1", "0", "",  "7", "0", "1", "7", "6", "0", "1", "",
                               "4", "3", "1", "1", "8", "0", "1", "4", "8", "2", "0", "3", "3", "0", "1", ""};
  const char *const cut[] = {"2", "0", "0", "0", "5", "2", "1", "1", "9", "1", "0", "0", "7", "0", "1",
                             "0", "6", "0", "1", "0", "4", "3", "1", "1", "4", "0", "0", "0", "8", "4",
                             "1", "1", "3", "2", "0", "0", "8", "3", "0", "1", "3", "0", "1", "0"};
  fm_retention_cox_spec dated = spec_of(NULL), fixed = spec_of("helped");
  dated.dated = "aftercare";
  fm_table *a = fm_test_table(columns, 4, whole, 8), *b = fm_test_table(split, 4, cut, 11);
  fm_table *x = result_of(a, &dated), *y = result_of(b, &fixed);
  fm_assert_close("coefficient", value(x, "coefficient", "aftercare", "value"),
                  value(y, "coefficient", "helped", "value"), 1e-9, 0);
  fm_assert_close("error", value(x, "coefficient", "aftercare", "std_error"),
                  value(y, "coefficient", "helped", "std_error"), 1e-9, 0);
  fm_assert_close("people", fm_test_number(x, "n", 0), 8, 0, 0);
  fm_table_destroy(x);
  fm_table_destroy(y);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* A frequency of 2 is the row twice; a sampling weight is not. */
START_TEST(test_frequencies)
{
  const char *cells[2 * N_PEOPLE * 8 * 2];
  size_t n = 0;
  for (size_t i = 0; i < N_PEOPLE; i++)
    for (int k = 0; k < atoi(people[i * 8 + 7]); k++, n++)
      memcpy(cells + n * 8, people + i * 8, 8 * sizeof *cells);
  fm_retention_cox_spec once = spec_of("x"), twice = once;
  twice.weight = "weight";
  twice.weights = 2;
  fm_table *a = fm_test_table(wide, 8, cells, n), *b = fm_test_table(wide, 8, people, N_PEOPLE);
  fm_table *x = result_of(a, &once), *y = result_of(b, &twice);
  same_fit(x, y, "x");
  twice.weights = 1;
  fm_table *z = result_of(b, &twice);
  ck_assert(fabs(value(z, "coefficient", "x", "std_error") - value(y, "coefficient", "x", "std_error")) > 1e-3);
  fm_table_destroy(x);
  fm_table_destroy(y);
  fm_table_destroy(z);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* ---- refusals ---- */
START_TEST(test_refusals)
{
  static const struct {
    const char *label, *covariates, *dated, *ever, *accepted;
    fm_status status;
    const char *message;
  } rows[] = {
      {"ever", "x", NULL, "aftercare", NULL, FM_ERR_ARGUMENT, "immortal time"},
      {"ever and dated", NULL, "aftercare", "aftercare", "aftercare", FM_ERR_ARGUMENT, "named twice"},
      {"fixed and dated", "aftercare", "aftercare", NULL, NULL, FM_ERR_ARGUMENT, "immortal time"},
      {"fixed beside its date", "aftercare", NULL, NULL, NULL, FM_ERR_ARGUMENT, "immortal time"},
      {"nothing", NULL, NULL, NULL, NULL, FM_ERR_ARGUMENT, "expected covariates"},
      {"twice", "x,x", NULL, NULL, NULL, FM_ERR_ARGUMENT, "named twice"},
      {"text without reference", "group", NULL, NULL, NULL, FM_ERR_TYPE, "group:TEXT"},
      {"no such reference", "group:z", NULL, NULL, NULL, FM_ERR_VALUE, "no row has the reference \"z\""},
      {"no such column", "y", NULL, NULL, NULL, FM_ERR_NOT_FOUND, "y"},
      {"constant", "one", NULL, NULL, NULL, FM_ERR_VALUE, "one is the same"},
      {"collinear", "x,double", NULL, NULL, NULL, FM_ERR_VALUE, "double follows from"},
  };
  static const char *const columns[] = {"time_days:i32", "event:bool", "x:f64",          "group:code",
                                        "one:f64",       "double:f64", "aftercare:bool", "aftercare_days:i32"};
  const char *const cells[] = {"1", "1", "1", "a", "1", "3", "1",   "0", "2", "1", "3", "b", "1", "7",
                               "0", "",  "3", "0", "2", "a", "1",   "5", "1", "1", "4", "1", "0", "b",
                               "1", "1", "0", "",  "5", "1", "2.5", "a", "1", "6", "1", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_spec spec = spec_of(rows[_i].covariates);
  spec.dated = rows[_i].dated;
  spec.ever = rows[_i].ever;
  spec.accepted = rows[_i].accepted;
  fm_table *frame = fm_test_table(columns, 8, cells, 5), *t;
  ck_assert_msg(fm_retention_cox(&t, frame, &spec, NULL, &err) == rows[_i].status, "%s: %s", rows[_i].label,
                err.message);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, rows[_i].message) != NULL, "%s: %s", rows[_i].label, err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_accepted)
{
  fm_retention_cox_spec spec = spec_of("x");
  spec.ever = spec.accepted = "aftercare";
  fm_table *frame = fm_test_table(wide, 8, people, N_PEOPLE), *t = result_of(frame, &spec);
  ck_assert_str_eq(fm_table_note(t, "immortal_time"), "aftercare");
  fm_table_destroy(t);
  spec.ever = spec.accepted = NULL;
  t = result_of(frame, &spec);
  ck_assert_ptr_null(fm_table_note(t, "immortal_time"));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- bad rows ---- */
START_TEST(test_bad_rows)
{
  static const struct {
    const char *label;
    const char *row[8];
    const char *message;
  } rows[] = {{"time", {"-1", "1", "0", "1", "a", "", "p", "1"}, "a whole time of 0 or more"},
              {"no time", {"", "1", "0", "1", "a", "", "p", "1"}, "a whole time of 0 or more"},
              {"entry", {"3", "1", "3", "1", "a", "", "p", "1"}, "a whole time before the exit"},
              {"weight", {"3", "1", "0", "1", "a", "", "p", "-1"}, "a weight of 0 or more"},
              {"no weight", {"3", "1", "0", "1", "a", "", "p", ""}, "a weight of 0 or more"},
              {"event", {"3", "", "0", "1", "a", "", "p", "1"}, "true or false"},
              {"large", {"3", "1", "0", "1e101", "a", "", "p", "1"}, "1e100"}};
  const char *cells[16];
  memcpy(cells, people, 8 * sizeof *cells);
  memcpy(cells + 8, rows[_i].row, 8 * sizeof *cells);
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_spec spec = spec_of("x");
  spec.weight = "weight";
  fm_table *frame = fm_test_table(wide, 8, cells, 2), *t;
  ck_assert_msg(fm_retention_cox(&t, frame, &spec, NULL, &err) == FM_ERR_VALUE, "%s", rows[_i].label);
  ck_assert_msg(strstr(err.message, rows[_i].message) != NULL, "%s: %s", rows[_i].label, err.message);
  ck_assert_int_eq(err.row, 1);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_arrays_refused)
{
  static const int32_t time[] = {1, 2, 3};
  static const uint8_t event[] = {1, 0, 1};
  static const double x[] = {1, 2, 4};
  static const double *const columns[] = {x}, *const none[] = {NULL};
  static const char *const no_names[] = {NULL};
  static const struct {
    const char *label;
    const double *const *covariates;
    const char *const *names;
    size_t size;
  } cases[] = {{"column", none, NULL, sizeof(fm_retention_cox_model)},
               {"name", columns, no_names, sizeof(fm_retention_cox_model)},
               {"model", columns, NULL, 0}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_retention_cox_model model = {.struct_size = cases[i].size};
    fm_retention_cox_rows rows = {.struct_size = sizeof rows, .n = 3, .n_covariates = 1, .time = time, .event = event};
    rows.covariates = cases[i].covariates;
    rows.names = cases[i].names;
    ck_assert_msg(fm_retention_cox_fit(&model, NULL, NULL, NULL, &rows, NULL, NULL, &err) == FM_ERR_ARGUMENT, "%s: %s",
                  cases[i].label, err.message);
  }
}
END_TEST

START_TEST(test_missing_and_empty)
{
  const char *const cells[] = {"1", "1", "1", "2", "1", "", "3", "1", "0", "4", "1", "2", "5", "0", "1"};
  const char *const unseen[] = {"1", "0", "1", "2", "0", "3"};
  fm_retention_cox_spec spec = spec_of("x");
  fm_table *frame = fm_test_table(simple, 3, cells, 5), *t = result_of(frame, &spec);
  fm_assert_close("missing", value(t, "rows_missing", NULL, "value"), 1, 0, 0);
  fm_assert_close("n", fm_test_number(t, "n", 0), 4, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(simple, 3, unseen, 2);
  t = result_of(frame, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", 0), "empty");
  ck_assert(isnan(value(t, "coefficient", "x", "value")));
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- any order, split, save and merge gives the same bits; every allocation may fail ---- */

static const struct {
  const char *covariates, *dated, *strata, *weight, *cluster, *by;
  int32_t landmark;
} shapes[] = {{"x", NULL, NULL, NULL, NULL, NULL, -1},
              {"x", "aftercare", NULL, "weight", "person", NULL, -1},
              {"x", "aftercare", "group", NULL, NULL, NULL, -1},
              {"x", "aftercare", NULL, NULL, NULL, NULL, 2}};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  int shape = *(int *)ctx;
  fm_retention_cox_spec spec = spec_of(shapes[shape].covariates);
  spec.dated = shapes[shape].dated;
  spec.strata = shapes[shape].strata;
  spec.weight = shapes[shape].weight;
  spec.cluster = shapes[shape].cluster;
  spec.landmark = shapes[shape].landmark;
  spec.baseline = 1;
  spec.profiles = "x=1 | x=2";
  return fm_retention_cox_tally(out, &spec, err);
}

/* 24 doublings of two equal exits: 2^25 at one time, held as a count. Efron's form would take a step for each. */
START_TEST(test_many_ties)
{
  static const char *const rows[] = {"5", "1", "0", "1", "a", "",  "p", "1", "5", "1", "0", "1",
                                     "a", "",  "p", "1", "9", "0", "0", "2", "a", "",  "q", "1"};
  int shape = 0;
  fm_table *frame = fm_test_table(wide, 8, rows, 3), *out;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t = fm_test_make(create, &shape);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  for (int k = 0; k < 24; k++) {
    void *bytes;
    size_t size;
    fm_tally *same = fm_test_make(create, &shape);
    fm_assert_ok(fm_tally_save(&bytes, &size, t, &err), &err);
    fm_assert_ok(fm_tally_load(same, bytes, size, &err), &err);
    fm_assert_ok(fm_tally_merge(t, same, &err), &err);
    fm_tally_destroy(same);
    fm_free(bytes);
  }
  ck_assert_int_eq(fm_tally_result(&out, t, NULL, &err), FM_ERR_LIMIT);
  ck_assert_msg(strstr(err.message, "more than 16777216 exits at one time") != NULL, "%s", err.message);
  ck_assert_ptr_null(out);
  fm_tally_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- plain arrays ---- */

enum { ROWS = 40000, COVARIATES = 5 };
typedef struct arrays {
  double x[COVARIATES][ROWS], weight[ROWS];
  const double *columns[COVARIATES];
  int32_t time[ROWS], entry[ROWS], stratum[ROWS], cluster[ROWS];
  uint8_t event[ROWS];
} arrays;

static double unit(uint64_t *state)
{
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (double)(*state >> 11) * 0x1p-53;
}

/* The same rows in an order that `step` gives. */
static void fill(arrays *a, size_t step)
{
  uint64_t state = 3;
  for (size_t k = 0; k < ROWS; k++) {
    size_t i = k * step % ROWS;
    double eta = 0;
    for (size_t j = 0; j < COVARIATES; j++) {
      a->x[j][i] = j < 2 ? floor(2 * unit(&state)) : unit(&state) * (double)j;
      eta += (0.3 - 0.2 * (double)j) * a->x[j][i];
    }
    double t = -400 * log(1 - unit(&state)) / exp(eta);
    a->time[i] = t < 1500 ? (int32_t)t + 1 : 1500;
    a->event[i] = t < 1500 && unit(&state) < 0.7;
    a->entry[i] = unit(&state) < 0.3 ? a->time[i] / 3 : 0;
    a->weight[i] = 0.5 + unit(&state);
    a->stratum[i] = (int32_t)(4 * unit(&state));
    a->cluster[i] = (int32_t)(900 * unit(&state));
  }
  for (size_t j = 0; j < COVARIATES; j++)
    a->columns[j] = a->x[j];
}

static fm_retention_cox_rows rows_of(const arrays *a)
{
  return (fm_retention_cox_rows){.struct_size = sizeof(fm_retention_cox_rows),
                                 .n = ROWS,
                                 .n_covariates = COVARIATES,
                                 .n_strata = 4,
                                 .n_clusters = 900,
                                 .time = a->time,
                                 .entry = a->entry,
                                 .event = a->event,
                                 .covariates = a->columns,
                                 .weight = a->weight,
                                 .stratum = a->stratum,
                                 .cluster = a->cluster};
}

START_TEST(test_order_and_threads)
{
  static arrays a;
  static const size_t steps[] = {1, 39999, 7919, 12347};
  fm_retention_cox_model first = {.struct_size = sizeof first}, model = first;
  double beta[2][COVARIATES], variance[2][COVARIATES * COVARIATES];
  for (int k = 0; k < FM_COUNT(steps); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_threads threads = {.struct_size = sizeof threads, .n_threads = (size_t)k + 1};
    fm_run run = FM_RUN_INIT;
    run.execute = fm_execute_threads;
    run.execute_ctx = &threads;
    fill(&a, steps[k]);
    fm_retention_cox_rows rows = rows_of(&a);
    fm_assert_ok(fm_retention_cox_fit(&model, beta[k > 0], NULL, variance[k > 0], &rows, NULL, &run, &err), &err);
    ck_assert_int_eq(model.state, FM_RETENTION_COX_FITTED);
    if (k == 0)
      first = model;
    ck_assert(memcmp(&first, &model, sizeof model) == 0);
    ck_assert(memcmp(beta[0], beta[k > 0], sizeof beta[0]) == 0);
    ck_assert(memcmp(variance[0], variance[k > 0], sizeof variance[0]) == 0);
  }
  for (int j = 0; j < COVARIATES; j++) /* the law they were drawn by */
    fm_assert_close("true coefficient", beta[0][j], 0.3 - 0.2 * j, 0, 6 * sqrt(variance[0][j * COVARIATES + j]));
}
END_TEST

/* Both kernels give the same bits, and those of the plain sums to rounding. */
START_TEST(test_kernels)
{
  static double x[4 * FM__COX_BLOCK], weight[FM__COX_BLOCK], risk[2][FM__COX_BLOCK];
  double beta[4] = {0.5, -200, 0.25, 0}, gram[2][16] = {{0}}, sums[2][5] = {{0}};
  const fm__cox_kernel *kernels[2] = {&fm__cox_kernel_plain, fm__cox_kernel_best()};
  uint64_t state = 9;
  for (size_t i = 0; i < 3 * FM__COX_BLOCK; i++)
    x[i] = 8 * unit(&state) - 4;
  for (size_t i = 0; i < FM__COX_BLOCK; i++)
    weight[i] = unit(&state);
  for (int k = 0; k < 2; k++) {
    kernels[k]->risk(risk[k], x, weight, beta, 4);
    kernels[k]->add(sums[k], x, weight, 3, 250, 4);
    kernels[k]->gram(gram[k], x, weight, 4);
  }
  ck_assert(memcmp(risk[0], risk[1], sizeof risk[0]) == 0);
  ck_assert(memcmp(sums[0], sums[1], sizeof sums[0]) == 0);
  ck_assert(memcmp(gram[0], gram[1], sizeof gram[0]) == 0);
  double square = 0, sum = 0;
  for (size_t i = 0; i < FM__COX_BLOCK; i++) {
    double eta = 0;
    for (size_t j = 0; j < 4; j++)
      eta += beta[j] * x[j * FM__COX_BLOCK + i];
    eta = eta > 700 ? 700 : eta < -700 ? -700 : eta;
    fm_assert_close("risk", risk[0][i], weight[i] * exp(eta), 1e-13, 0);
    square += weight[i] * x[FM__COX_BLOCK + i] * x[i];
    sum += i >= 3 && i < 250 ? weight[i] * x[2 * FM__COX_BLOCK + i] : 0;
  }
  fm_assert_close("square", gram[0][4], square, 1e-12, 0);
  fm_assert_close("sum", sums[0][3], sum, 1e-12, 0);
}
END_TEST

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, &_i, wide, 8, people, N_PEOPLE});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-cox");
  TCase *tcase = tcase_create("cox");
  tcase_set_timeout(tcase, 240);
  tcase_add_test(tcase, test_worked_example);
  tcase_add_test(tcase, test_dated_is_split);
  tcase_add_test(tcase, test_frequencies);
  tcase_add_loop_test(tcase, test_refusals, 0, 11);
  tcase_add_test(tcase, test_accepted);
  tcase_add_loop_test(tcase, test_bad_rows, 0, 7);
  tcase_add_test(tcase, test_arrays_refused);
  tcase_add_test(tcase, test_missing_and_empty);
  tcase_add_test(tcase, test_many_ties);
  tcase_add_loop_test(tcase, promises, 0, FM_COUNT(shapes));
  tcase_add_test(tcase, test_order_and_threads);
  tcase_add_test(tcase, test_kernels);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
