/* retention.discrete_hazard: worked examples, periods, refusals, states, merging, bytes, errors. */
#include <math.h>
#include <string.h>

#include "retention/discrete/discrete_priv.h"
#include "support/support.h"

static const char *const simple[] = {"time_weeks:i32", "event:bool", "x:f64"};
static const char *const wide[] = {"time_weeks:i32",      "event:bool",  "entry_weeks:i32", "x:f64",     "group:code",
                                   "aftercare_weeks:i32", "person:code", "weight:f64",      "cause:code"};

static fm_retention_discrete_hazard_spec spec_of(const char *covariates)
{
  fm_retention_discrete_hazard_spec spec;
  fm_retention_discrete_hazard_spec_init(&spec, sizeof spec);
  spec.covariates = covariates;
  spec.clock = "weeks";
  return spec;
}

static fm_table *result_of(const fm_table *frame, const fm_retention_discrete_hazard_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_discrete_hazard(&out, frame, spec, NULL, &err), &err);
  return out;
}

/* The row of a quantity of a term (NULL: none) in a period (0: none). */
static size_t row_of(const fm_table *t, const char *quantity, const char *term, int period)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *own = fm_test_text(t, "term", i);
    double at = fm_test_number(t, "period", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && (period == 0 ? isnan(at) : at == period) &&
        (term == NULL ? own == NULL : own != NULL && strcmp(own, term) == 0))
      return i;
  }
  ck_abort_msg("no %s of %s in period %d", quantity, term != NULL ? term : "the model", period);
}

static double value(const fm_table *t, const char *quantity, const char *term, int period, const char *column)
{
  return fm_test_number(t, column, row_of(t, quantity, term, period));
}

/* x = 0: exits in 1 and 2, one still there after 2: 5 person-periods, 2 exits. x = 1: exits in 1, 1 and 2: 4 and 3. */
static const char *const six[] = {"1", "1", "0", "2", "1", "0", "2", "0", "0",
                                  "1", "1", "1", "1", "1", "1", "2", "1", "1"};

/* Period 1: 6 at risk, 3 exits, h = 1/2, error sqrt(1/4 / 6). Period 2: 3 at risk, 2 exits, h = 2/3; S = 1/2 1/3 = 1/6
 * with Greenwood's error 1/6 sqrt(1/6 + 2/3). Limits of h in period 1: log odds 0 with error 2 / sqrt(6) ... */
START_TEST(test_life_table)
{
  fm_retention_discrete_hazard_spec spec = spec_of(NULL);
  fm_table *frame = fm_test_table(simple, 3, six, 6), *t = result_of(frame, &spec);
  double error = sqrt(1. / 24), z = 1.959963984540054;
  fm_assert_close("at risk", value(t, "at_risk", NULL, 1, "value"), 6, 0, 0);
  fm_assert_close("exits", value(t, "exits", NULL, 2, "value"), 2, 0, 0);
  fm_assert_close("hazard", value(t, "hazard", NULL, 1, "value"), 0.5, 0, 0);
  fm_assert_close("error", value(t, "hazard", NULL, 1, "std_error"), error, 1e-14, 0);
  fm_assert_close("low", value(t, "hazard", NULL, 1, "ci_low"), 1 / (1 + exp(z * 4 * error)), 1e-12, 0);
  fm_assert_close("high", value(t, "hazard", NULL, 1, "ci_high"), 1 / (1 + exp(-z * 4 * error)), 1e-12, 0);
  fm_assert_close("hazard 2", value(t, "hazard", NULL, 2, "value"), 2. / 3, 1e-15, 0);
  fm_assert_close("survival", value(t, "survival", NULL, 2, "value"), 1. / 6, 1e-14, 0);
  fm_assert_close("greenwood", value(t, "survival", NULL, 2, "std_error"), sqrt(5. / 6) / 6, 1e-14, 0);
  fm_assert_close("events", value(t, "events", NULL, 0, "value"), 5, 0, 0);
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert_ptr_null(fm_test_text(t, "term", i)); /* no regression without covariates */
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* One band: the hazard of x = 0 is 2/5, of x = 1 3/4, whatever the link g; the baseline is g(2/5), the coefficient
 * g(3/4) - g(2/5), its variance g'(2/5)^2 2/5 3/5 / 5 + g'(3/4)^2 3/4 1/4 / 4. With the logit g' = 1 / (p q). */
START_TEST(test_links)
{
  const double z0 = -0.25334710313579975, z1 = 0.67448975019608174, root = sqrt(2 * acos(-1)); /* quantiles of p */
  const struct {
    const char *label;
    double low, high, slope_low, slope_high; /* g and g' at 2/5 and 3/4 */
  } links[] = {{"logit", log(2. / 3), log(3), 1 / 0.24, 1 / 0.1875},
               {"cloglog", log(-log(0.6)), log(-log(0.25)), -1 / (0.6 * log(0.6)), -1 / (0.25 * log(0.25))},
               {"probit", z0, z1, root * exp(z0 * z0 / 2), root * exp(z1 * z1 / 2)}};
  int k = _i;
  fm_retention_discrete_hazard_spec spec = spec_of("x");
  spec.bands = "9";
  spec.link = k + 1;
  fm_table *frame = fm_test_table(simple, 3, six, 6), *t = result_of(frame, &spec);
  double v0 = links[k].slope_low * links[k].slope_low * 0.24 / 5;
  double v1 = links[k].slope_high * links[k].slope_high * 0.1875 / 4, b = links[k].high - links[k].low;
  fm_assert_close(links[k].label, value(t, "coefficient", "baseline", 0, "value"), links[k].low, 1e-8, 0);
  fm_assert_close("error", value(t, "coefficient", "baseline", 0, "std_error"), sqrt(v0), 1e-7, 0);
  fm_assert_close("x", value(t, "coefficient", "x", 0, "value"), b, 1e-8, 0);
  fm_assert_close("error of x", value(t, "coefficient", "x", 0, "std_error"), sqrt(v0 + v1), 1e-7, 0);
  double full = 2 * log(0.4) + 3 * log(0.6) + 3 * log(0.75) + log(0.25), null = 5 * log(5. / 9) + 4 * log(4. / 9);
  fm_assert_close("loglik", value(t, "log_likelihood", NULL, 0, "value"), full, 1e-13, 0);
  fm_assert_close("null", value(t, "log_likelihood_null", NULL, 0, "value"), null, 1e-13, 0);
  fm_assert_close("ratio", value(t, "likelihood_ratio", NULL, 0, "value"), 2 * (full - null), 1e-12, 0);
  fm_assert_close("wald", value(t, "wald", NULL, 0, "value"), b * b / (v0 + v1), 1e-7, 0);
  fm_assert_close("person-periods", value(t, "person_periods", NULL, 0, "value"), 9, 0, 0);
  if (k < 2)
    fm_assert_close("odds ratio", value(t, k == 0 ? "odds_ratio" : "hazard_ratio", "x", 0, "value"), exp(b), 1e-8, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* The links' derivatives against differences, and near their ends against what they tend to. */
START_TEST(test_link_values)
{
  static const double etas[] = {-40, -31, -30.0001, -29.9999, -8, -1, -1e-9, 0, 0.3, 1, 2.5, 3.2};
  for (int32_t link = 1; link <= 3; link++)
    for (int k = 0; k < FM_COUNT(etas); k++) {
      double eta = etas[k], h = 1e-5;
      fm__link at = fm__link_at(link, eta), up = fm__link_at(link, eta + h), down = fm__link_at(link, eta - h);
      fm_assert_close("slope p", at.slope_p, (up.log_p - down.log_p) / (2 * h), 1e-6, 1e-9);
      fm_assert_close("slope q", at.slope_q, (up.log_q - down.log_q) / (2 * h), 1e-6, 1e-9);
      ck_assert(at.log_p < 0 && at.log_q <= 0 && at.info >= 0);
      if (eta > -20) {
        double p = exp(at.log_p), q = exp(at.log_q), d = p * at.slope_p;
        fm_assert_close("sum", p + q, 1, 1e-13, 0);
        fm_assert_close("info", at.info, d * d / (p * q), 1e-9, 0);
        fm_assert_close("back", fm__link_of(link, p), eta, 1e-7, 1e-12);
      }
    }
  for (int32_t link = 1; link <= 3; link++) {
    fm__link far = fm__link_at(link, 1e4), low = fm__link_at(link, -1e4);
    ck_assert(far.log_p == 0 && far.slope_p == 0 && !isnan(far.log_q) && !isnan(far.info));
    ck_assert(isfinite(low.log_p) && low.log_q == 0 && isfinite(low.slope_p) && low.info >= 0);
  }
}
END_TEST

/* Days in periods of 30: an exit on day 30 is in period 1, on day 31 in 2; entry on day 30 is from period 2 on, on day
 * 29 from 1; day 0 is in period 1. */
START_TEST(test_periods)
{
  static const char *const columns[] = {"time_days:i32", "event:bool", "entry_days:i32"};
  const char *const cells[] = {"30", "1", "0", "31", "1", "0", "60", "0", "30", "45", "1", "29", "0", "1", "0"};
  fm_retention_discrete_hazard_spec spec = spec_of(NULL);
  spec.clock = "days";
  fm_table *frame = fm_test_table(columns, 3, cells, 5), *t = result_of(frame, &spec);
  fm_assert_close("at risk 1", value(t, "at_risk", NULL, 1, "value"), 4, 0, 0);
  fm_assert_close("exits 1", value(t, "exits", NULL, 1, "value"), 2, 0, 0);
  fm_assert_close("at risk 2", value(t, "at_risk", NULL, 2, "value"), 3, 0, 0);
  fm_assert_close("exits 2", value(t, "exits", NULL, 2, "value"), 2, 0, 0);
  fm_table_destroy(t);
  spec.length = 31;
  t = result_of(frame, &spec);
  fm_assert_close("longer", value(t, "exits", NULL, 1, "value"), 3, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Nobody is seen in period 1 or 4. */
START_TEST(test_gap)
{
  const char *const cells[] = {"3", "1",  "1", "1", "a", "",  "p1", "1", "x", "3", "0",  "1", "2", "a",
                               "",  "p2", "1", "",  "6", "1", "4",  "1", "a", "",  "p3", "1", "x"};
  fm_retention_discrete_hazard_spec spec = spec_of(NULL);
  fm_table *frame = fm_test_table(wide, 9, cells, 3), *t = result_of(frame, &spec);
  static const int empty[] = {1, 4};
  for (int k = 0; k < 2; k++) {
    size_t i = row_of(t, "hazard", NULL, empty[k]);
    ck_assert_str_eq(fm_test_text(t, "state", i), "not_at_risk");
    ck_assert(isnan(fm_test_number(t, "value", i)));
  }
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "survival", NULL, 3)), "not_at_risk");
  fm_assert_close("hazard", value(t, "hazard", NULL, 3, "value"), 0.5, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- states ---- */

/* In band 1 nobody leaves: its baseline has no value, the first band with exits is the baseline, x the same as
 * without. */
START_TEST(test_band_without_exits)
{
  const char *const shifted[] = {"2", "1", "0", "3", "1", "0", "3", "0", "0",
                                 "2", "1", "1", "2", "1", "1", "3", "1", "1"};
  fm_retention_discrete_hazard_spec spec = spec_of("x");
  fm_table *a = fm_test_table(simple, 3, six, 6), *b = fm_test_table(simple, 3, shifted, 6);
  fm_table *s = result_of(a, &spec), *t = result_of(b, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "coefficient", "period=1", 0)), "separated");
  ck_assert(isnan(value(t, "coefficient", "period=1", 0, "value")));
  fm_assert_close("x", value(t, "coefficient", "x", 0, "value"), value(s, "coefficient", "x", 0, "value"), 1e-14, 0);
  fm_assert_close("period", value(t, "odds_ratio", "period=3", 0, "value"),
                  value(s, "odds_ratio", "period=2", 0, "value"), 1e-14, 0);
  fm_assert_close("loglik", value(t, "log_likelihood", NULL, 0, "value"), value(s, "log_likelihood", NULL, 0, "value"),
                  1e-14, 0);
  fm_table_destroy(s);
  fm_table_destroy(t);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* All who leave have x = 1. */
START_TEST(test_separated)
{
  const char *const cells[] = {"1", "1", "1", "2", "1", "1", "2", "0", "0",
                               "3", "0", "1", "3", "1", "1", "3", "0", "0"};
  fm_table *frame = fm_test_table(simple, 3, cells, 6);
  for (int32_t link = 1; link <= 3; link++) {
    fm_retention_discrete_hazard_spec spec = spec_of("x");
    spec.link = link;
    spec.bands = "9";
    fm_table *t = result_of(frame, &spec);
    size_t i = row_of(t, "coefficient", "x", 0);
    ck_assert_str_eq(fm_test_text(t, "state", i), "separated");
    ck_assert(isnan(fm_test_number(t, "value", i)) && isnan(fm_test_number(t, "std_error", i)));
    /* The limit: 3 exits in 9 person-periods of x = 1 (1 + 2 + 3 + 3), none in those of x = 0. */
    fm_assert_close("limit", value(t, "log_likelihood", NULL, 0, "value"), 3 * log(3. / 9) + 6 * log(6. / 9), 1e-9, 0);
    ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "wald", NULL, 0)), "separated");
    fm_table_destroy(t);
  }
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_empty_and_missing)
{
  const char *const unseen[] = {"1", "0", "1", "2", "0", "3"};
  const char *const holes[] = {"1", "1", "1", "2", "1", "", "3", "1", "0", "2", "0", "1"};
  fm_retention_discrete_hazard_spec spec = spec_of("x");
  spec.bands = "9";
  fm_table *frame = fm_test_table(simple, 3, unseen, 2), *t = result_of(frame, &spec);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "coefficient", "x", 0)), "empty");
  ck_assert(isnan(value(t, "coefficient", "x", 0, "value")));
  fm_assert_close("hazard", value(t, "hazard", NULL, 1, "value"), 0, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(simple, 3, holes, 4);
  t = result_of(frame, &spec);
  fm_assert_close("missing", value(t, "rows_missing", NULL, 0, "value"), 1, 0, 0);
  fm_assert_close("at risk", value(t, "at_risk", NULL, 1, "value"), 3, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- refusals ---- */
START_TEST(test_refusals)
{
  static const struct {
    const char *label, *covariates, *bands, *cause;
    int32_t link, length;
    fm_status status;
    const char *message;
  } rows[] = {
      {"constant", "one", "9", NULL, 1, 1, FM_ERR_VALUE, "one follows from"},
      {"collinear", "x,double", "9", NULL, 1, 1, FM_ERR_VALUE, "double follows from"},
      {"no such reference", "group:z", NULL, NULL, 1, 1, FM_ERR_VALUE, "no row has the reference \"z\""},
      {"text without reference", "group", NULL, NULL, 1, 1, FM_ERR_TYPE, "group:TEXT"},
      {"fixed beside its date", "aftercare", NULL, NULL, 1, 1, FM_ERR_ARGUMENT, "immortal time"},
      {"twice", "x,x", NULL, NULL, 1, 1, FM_ERR_ARGUMENT, "retention.discrete_hazard: \"x\" is named twice"},
      {"bands fall", "x", "3,2", NULL, 1, 1, FM_ERR_ARGUMENT, "bands"},
      {"band of nothing", "x", "0,2", NULL, 1, 1, FM_ERR_ARGUMENT, "bands"},
      {"link", "x", NULL, NULL, 4, 1, FM_ERR_ARGUMENT, "link is 4, expected 1 to 3"},
      {"length", "x", NULL, NULL, 1, -1, FM_ERR_ARGUMENT, "length is -1"},
      {"causes", "x", NULL, "a,b", 1, 1, FM_ERR_ARGUMENT, "expected one column"},
      {"no cause", "x", NULL, "cause", 1, 1, FM_ERR_VALUE, "the cause of the exit"},
      {"no such column", "y", NULL, NULL, 1, 1, FM_ERR_NOT_FOUND, "y"},
  };
  static const char *const columns[] = {"time_weeks:i32", "event:bool", "x:f64",          "group:code",
                                        "one:f64",        "double:f64", "aftercare:bool", "aftercare_weeks:i32",
                                        "cause:code"};
  const char *const cells[] = {"1", "1", "1", "a", "1", "3", "1", "0", "q",   "2", "1", "3", "b", "1", "7",
                               "0", "",  "",  "3", "0", "2", "a", "1", "5",   "1", "1", "",  "4", "1", "0",
                               "b", "1", "1", "0", "",  "q", "5", "1", "2.5", "a", "1", "6", "1", "2", "q"};
  fm_error err = FM_ERROR_INIT;
  fm_retention_discrete_hazard_spec spec = spec_of(rows[_i].covariates);
  spec.bands = rows[_i].bands;
  spec.cause = rows[_i].cause;
  spec.link = rows[_i].link;
  spec.length = rows[_i].length;
  fm_table *frame = fm_test_table(columns, 9, cells, 5), *t;
  ck_assert_msg(fm_retention_discrete_hazard(&t, frame, &spec, NULL, &err) == rows[_i].status, "%s: %s", rows[_i].label,
                err.message);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, rows[_i].message) != NULL, "%s: %s", rows[_i].label, err.message);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_limits)
{
  const char *const cells[] = {"100001", "1", "1", "2", "0", "2", "1001", "0", "2"};
  fm_error err = FM_ERROR_INIT;
  fm_retention_discrete_hazard_spec spec = spec_of("x");
  fm_table *frame = fm_test_table(simple, 3, cells, 2), *t;
  ck_assert_int_eq(fm_retention_discrete_hazard(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  ck_assert(strstr(err.message, "greater length") != NULL);
  fm_table_destroy(frame);
  err = (fm_error)FM_ERROR_INIT;
  frame = fm_test_table(simple, 3, cells + 3, 2);
  ck_assert_int_eq(fm_retention_discrete_hazard(&t, frame, &spec, NULL, &err), FM_ERR_LIMIT);
  ck_assert(strstr(err.message, "bands=") != NULL);
  fm_table_destroy(frame);
}
END_TEST

/* ---- the same figures another way; any order, split, save and merge; every allocation may fail ---- */

static const char *const people[] = {"5",  "1", "0", "1.5", "a", "2", "p1", "2", "x", "9",   "0", "1", "0.5", "b", "",
                                     "p2", "1", "",  "7",   "1", "0", "2",  "a", "7", "p3",  "1", "y", "3",   "1", "0",
                                     "-1", "c", "1", "p1",  "3", "x", "3",  "1", "2", "0",   "b", "0", "p4",  "1", "x",
                                     "8",  "1", "0", "1",   "a", "9", "p5", "2", "y", "6",   "1", "0", "3",   "b", "4",
                                     "p6", "1", "y", "9",   "1", "4", "-2", "c", "6", "p7",  "1", "x", "4",   "0", "0",
                                     "1",  "a", "",  "p8",  "2", "",  "2",  "1", "0", "0.2", "c", "1", "p2",  "1", "y"};
enum { N_PEOPLE = sizeof people / sizeof people[0] / 9 };

/* A frequency of 2 is the row twice. */
START_TEST(test_frequencies)
{
  const char *cells[2 * N_PEOPLE * 9 * 2];
  size_t n = 0;
  for (size_t i = 0; i < N_PEOPLE; i++)
    for (int k = 0; k < atoi(people[i * 9 + 7]); k++, n++)
      memcpy(cells + n * 9, people + i * 9, 9 * sizeof *cells);
  fm_retention_discrete_hazard_spec once = spec_of("x"), twice;
  once.bands = "4";
  for (int robust = 1; robust <= 2; robust++) {
    once.robust = robust;
    twice = once;
    twice.weight = "weight";
    twice.weights = 2;
    fm_table *a = fm_test_table(wide, 9, cells, n), *b = fm_test_table(wide, 9, people, N_PEOPLE);
    fm_table *x = result_of(a, &once), *y = result_of(b, &twice);
    ck_assert_uint_eq(fm_table_n_rows(x), fm_table_n_rows(y));
    for (size_t i = 0; i < fm_table_n_rows(x); i++) {
      fm_assert_close("value", fm_test_number(x, "value", i), fm_test_number(y, "value", i), 1e-9, 1e-12);
      fm_assert_close("error", fm_test_number(x, "std_error", i), fm_test_number(y, "std_error", i), 1e-9, 1e-12);
    }
    fm_table_destroy(x);
    fm_table_destroy(y);
    fm_table_destroy(a);
    fm_table_destroy(b);
  }
}
END_TEST

static const struct {
  const char *covariates, *dated, *weight, *cluster, *by, *cause;
  int32_t link;
} shapes[] = {{NULL, NULL, NULL, NULL, NULL, NULL, 1},
              {"x", "aftercare", "weight", "person", NULL, NULL, 1},
              {"group:a", NULL, NULL, NULL, NULL, "cause", 2},
              {NULL, NULL, "weight", "person", "group", "cause", 1},
              {"x", "aftercare", "weight", NULL, NULL, NULL, 3}};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  int shape = *(int *)ctx;
  fm_retention_discrete_hazard_spec spec = spec_of(shapes[shape].covariates);
  spec.dated = shapes[shape].dated;
  spec.weight = shapes[shape].weight;
  spec.cluster = shapes[shape].cluster;
  spec.by = shapes[shape].by;
  spec.cause = shapes[shape].cause;
  spec.link = shapes[shape].link;
  spec.bands = "3,6";
  return fm_retention_discrete_hazard_tally(out, &spec, err);
}

START_TEST(promises)
{
  fm_test_promises(&(fm_test_measure){create, &_i, wide, 9, people, N_PEOPLE});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-discrete");
  TCase *tcase = tcase_create("discrete");
  tcase_set_timeout(tcase, 240);
  tcase_add_test(tcase, test_life_table);
  tcase_add_loop_test(tcase, test_links, 0, 3);
  tcase_add_test(tcase, test_link_values);
  tcase_add_test(tcase, test_periods);
  tcase_add_test(tcase, test_gap);
  tcase_add_test(tcase, test_band_without_exits);
  tcase_add_test(tcase, test_separated);
  tcase_add_test(tcase, test_empty_and_missing);
  tcase_add_loop_test(tcase, test_refusals, 0, 13);
  tcase_add_test(tcase, test_limits);
  tcase_add_test(tcase, test_frequencies);
  tcase_add_loop_test(tcase, promises, 0, FM_COUNT(shapes));
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
