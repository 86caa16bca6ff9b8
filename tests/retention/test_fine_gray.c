/* retention.fine_gray: a worked example, states, refusals, options, merging, what follows from Cox's model, arrays. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static const char *const simple[] = {"time_weeks:i32", "cause:code", "x:f64"};
static const char *const wide[] = {"time_weeks:i32", "cause:code",          "entry_weeks:i32", "x:f64",
                                   "group:code",     "aftercare_weeks:i32", "person:code",     "weight:f64"};

static fm_retention_fine_gray_spec spec_of(const char *covariates)
{
  fm_retention_fine_gray_spec spec;
  fm_retention_fine_gray_spec_init(&spec, sizeof spec);
  spec.covariates = covariates;
  spec.clock = "weeks";
  return spec;
}

static fm_table *result_of(const fm_table *frame, const fm_retention_fine_gray_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out;
  fm_assert_ok(fm_retention_fine_gray(&out, frame, spec, NULL, &err), &err);
  return out;
}

static bool is_text(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *own = fm_test_text(t, column, row);
  return text == NULL ? own == NULL : own != NULL && strcmp(own, text) == 0;
}

/* The row of a quantity of a cause at a time (-1: none), of the model or of a term or profile. */
static size_t row_of(const fm_table *t, const char *quantity, const char *cause, const char *term, int time)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double at = fm_test_number(t, "time_weeks", i);
    if (is_text(t, "quantity", i, quantity) && is_text(t, "cause", i, cause) && (time < 0 ? isnan(at) : at == time) &&
        (is_text(t, "term", i, term) || (term != NULL && is_text(t, "profile", i, term))))
      return i;
  }
  ck_abort_msg("no %s of %s", quantity, cause != NULL ? cause : "none");
}

static double value(const fm_table *t, const char *quantity, const char *cause, const char *term, const char *column)
{
  return fm_test_number(t, column, row_of(t, quantity, cause, term, -1));
}

/* Five people; b left for another cause. Not yet censored before 4: of the three at risk at 3 one was censored, G =
 * 2/3. With y = exp(beta), at 1 everyone is at risk: 3 y + 2; at 4 d, e and 2/3 of b: 1 + y + 2/3 y. Means of x there:
 * m1 = 3 y / (3 y + 2), m4 = 5 y / (3 + 5 y). Score 1 - m1 - m4 = 0: 15 y^2 = 6, y = sqrt(0.4), and m4 = 1 - m1.
 * Information m1 (1 - m1) + m4 (1 - m4) = 2 m1 m4. Hazards h1 = 1 / (3 y + 2), h4 = 1 / (1 + 5/3 y). Censoring at 3
 * takes b away: q = 2/3 y h4 (1 - m4); c: q/3 - q/9, d and e: - q/9. */
static const char *const five[] = {"1", "work", "1", "2", "ill", "1", "3", "", "0", "4", "work", "0", "5", "", "1"};

START_TEST(test_worked_example)
{
  fm_retention_fine_gray_spec spec = spec_of("x");
  spec.baseline = 1;
  spec.profiles = "x=1";
  spec.causes = " work ";
  fm_table *frame = fm_test_table(simple, 3, five, 5), *t = result_of(frame, &spec);
  double y = sqrt(0.4), m1 = 3 * y / (3 * y + 2), m4 = 1 - m1, h1 = 1 / (3 * y + 2), h4 = 1 / (1 + 5 * y / 3);
  double q = 2. / 3 * y * h4 * (1 - m4);
  double a = (1 - m1) - y * h1 * (1 - m1), b = -y * h1 * (1 - m1) - 2. / 3 * y * h4 * (1 - m4);
  double c = h1 * m1 + q / 3 - q / 9, d = -m4 + h1 * m1 + h4 * m4 - q / 9;
  double e = -y * h1 * (1 - m1) - y * h4 * (1 - m4) - q / 9, info = 2 * m1 * m4;
  double error = sqrt(a * a + b * b + c * c + d * d + e * e) / info, beta = log(y), z = 1.959963984540054;
  fm_assert_close("coefficient", value(t, "coefficient", "work", "x", "value"), beta, 1e-9, 0);
  fm_assert_close("error", value(t, "coefficient", "work", "x", "std_error"), error, 1e-9, 0);
  fm_assert_close("p", value(t, "coefficient", "work", "x", "p_value"), erfc(fabs(beta) / error / sqrt(2)), 1e-9, 0);
  fm_assert_close("ratio", value(t, "subhazard_ratio", "work", "x", "value"), y, 1e-9, 0);
  fm_assert_close("low", value(t, "subhazard_ratio", "work", "x", "ci_low"), exp(beta - z * error), 1e-9, 0);
  double null = -log(5) - log(1 + 5. / 3), loglik = beta - log(3 * y + 2) - log(1 + 5 * y / 3);
  fm_assert_close("null", value(t, "log_likelihood_null", "work", NULL, "value"), null, 1e-14, 0);
  fm_assert_close("loglik", value(t, "log_likelihood", "work", NULL, "value"), loglik, 1e-14, 0);
  fm_assert_close("lr", value(t, "likelihood_ratio", "work", NULL, "value"), 2 * (loglik - null), 1e-12, 0);
  fm_assert_close("wald", value(t, "wald", "work", NULL, "value"), beta * beta / error / error, 1e-8, 0);
  fm_assert_close("events", value(t, "events", "work", NULL, "value"), 2, 0, 0);
  fm_assert_close("others", value(t, "other_events", "work", NULL, "value"), 1, 0, 0);
  size_t i = row_of(t, "cumulative_subhazard", "work", NULL, 4),
         k = row_of(t, "cumulative_incidence", "work", "x=1", 4);
  fm_assert_close("baseline", fm_test_number(t, "value", i), h1 + h4, 1e-9, 0);
  i = row_of(t, "cumulative_incidence", "work", NULL, 1);
  fm_assert_close("incidence", fm_test_number(t, "value", i), 1 - exp(-h1), 1e-9, 0);
  fm_assert_close("profile", fm_test_number(t, "value", k), 1 - exp(-y * (h1 + h4)), 1e-9, 0);
  for (size_t r = 0; r < fm_table_n_rows(t); r++)
    ck_assert(is_text(t, "cause", r, "work") && fm_test_number(t, "n", r) == 5);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Each cause is fitted when none is named; that of ill has events with x = 1 alone. */
START_TEST(test_causes_and_states)
{
  static const char *const nobody[] = {"3", "", "1", "4", "", "0"};
  fm_retention_fine_gray_spec spec = spec_of("x");
  fm_table *frame = fm_test_table(simple, 3, five, 5), *t = result_of(frame, &spec);
  size_t i = row_of(t, "coefficient", "ill", "x", -1);
  ck_assert_str_eq(fm_test_text(t, "state", i), "separated");
  ck_assert(isnan(fm_test_number(t, "value", i)) && isnan(fm_test_number(t, "std_error", i)));
  /* The limit: a has left for work and counts as G(2-) = 1 with b and e, all x = 1. */
  fm_assert_close("limit", value(t, "log_likelihood", "ill", NULL, "value"), -log(3), 1e-9, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "wald", "ill", NULL, -1)), "separated");
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "coefficient", "work", "x", -1)), "ok");
  fm_table_destroy(t);
  fm_table_destroy(frame);
  frame = fm_test_table(simple, 3, nobody, 2);
  spec.baseline = 1;
  spec.profiles = "x=1";
  spec.causes = "work"; /* nobody has left at all: no name can be wrong */
  t = result_of(frame, &spec);
  i = row_of(t, "coefficient", NULL, "x", -1);
  ck_assert_str_eq(fm_test_text(t, "state", i), "empty");
  ck_assert(isnan(fm_test_number(t, "value", i)));
  fm_assert_close("events", value(t, "events", NULL, NULL, "value"), 0, 0, 0);
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "cumulative_subhazard", NULL, NULL, -1)), "empty");
  ck_assert_str_eq(fm_test_text(t, "state", row_of(t, "cumulative_incidence", NULL, "x=1", -1)), "empty");
  fm_table_destroy(t);
  t = fm_test_table(simple, 3, nobody, 0);
  fm_table *none = result_of(t, &spec);
  fm_table_destroy(none);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(test_missing)
{
  static const char *const cells[] = {"1", "a", "1", "2", "b", "", "3", "", "0", "4", "a", "2", "5", "b", "1"};
  fm_retention_fine_gray_spec spec = spec_of("x");
  fm_table *frame = fm_test_table(simple, 3, cells, 5), *t = result_of(frame, &spec);
  fm_assert_close("missing", value(t, "rows_missing", "a", NULL, "value"), 1, 0, 0);
  fm_assert_close("others", value(t, "other_events", "a", NULL, "value"), 1, 0, 0);
  fm_assert_close("n", fm_test_number(t, "n", 0), 4, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- what is refused ---- */

START_TEST(test_refusals)
{
  static const char *const base[] = {"1", "a", "", "1", "g", "", "p", "1", "2", "b", "", "0", "h", "", "q", "1",
                                     "3", "a", "", "2", "g", "", "r", "1", "4", "",  "", "1", "h", "", "s", "1"};
  static const struct {
    const char *label;
    size_t cell;
    const char *text;
    fm_retention_fine_gray_spec spec;
    fm_status status;
    const char *message;
  } cases[] = {
      {"late entry", 2 + 8, "1", {.covariates = "x"}, FM_ERR_VALUE, "distribution of entries"},
      {"after the landmark", 2 + 24, "2", {.covariates = "x", .landmark = 1}, FM_ERR_VALUE, "from the landmark"},
      {"time", 0, "-1", {.covariates = "x"}, FM_ERR_VALUE, "a whole time of 0 or more"},
      {"weight", 7, "-1", {.covariates = "x", .weight = "weight"}, FM_ERR_VALUE, "a weight of 0 or more"},
      {"frequency", 7, "1.5", {.covariates = "x", .weight = "weight", .weights = 2}, FM_ERR_VALUE, "a frequency"},
      {"no covariates", 0, "1", {.covariates = ""}, FM_ERR_ARGUMENT, "expected covariates"},
      {"dated", 0, "1", {.covariates = "x", .dated = "aftercare"}, FM_ERR_ARGUMENT, "expected a landmark with it"},
      {"ever", 0, "1", {.covariates = "x", .ever = "aftercare"}, FM_ERR_ARGUMENT, "immortal time"},
      {"fixed", 0, "1", {.covariates = "x,aftercare"}, FM_ERR_ARGUMENT, "immortal time"},
      {"weights", 0, "1", {.covariates = "x", .weights = 3}, FM_ERR_ARGUMENT, "weights is 3, expected 1 to 2"},
      {"landmark", 0, "1", {.covariates = "x", .landmark = -2}, FM_ERR_ARGUMENT, "landmark is -2"},
      {"baseline", 0, "1", {.covariates = "x", .baseline = 2}, FM_ERR_ARGUMENT, "baseline is 2"},
      {"level", 0, "1", {.covariates = "x", .level = 1}, FM_ERR_ARGUMENT, "level"},
      {"cause", 0, "1", {.covariates = "x", .cause = "cause,group"}, FM_ERR_ARGUMENT, "expected one column"},
      {"no cause", 0, "1", {.covariates = "x", .cause = ""}, FM_ERR_ARGUMENT, "expected one column"},
      {"no such cause", 0, "1", {.covariates = "x", .causes = "a, c"}, FM_ERR_NOT_FOUND, "nobody has left by \"c\""},
      {"profile", 0, "1", {.covariates = "x", .causes = "a", .profiles = "y=1"}, FM_ERR_ARGUMENT, "is not a covariate"},
      {"constant", 0, "1", {.covariates = "weight"}, FM_ERR_VALUE, "constant column"},
      {"collinear", 3 + 24, "1", {.covariates = "x,group:g,again"}, FM_ERR_NOT_FOUND, "again"},
  };
  const char *cells[FM_COUNT(base)];
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_retention_fine_gray_spec spec = cases[k].spec, usual = spec_of(NULL);
    spec.struct_size = sizeof spec;
    spec.clock = "weeks";
    spec.level = spec.level == 0 ? usual.level : spec.level;
    spec.weights = spec.weights == 0 ? 1 : spec.weights;
    spec.landmark = spec.landmark == 0 ? -1 : spec.landmark;
    memcpy(cells, base, sizeof cells);
    cells[cases[k].cell] = cases[k].text;
    fm_table *frame = fm_test_table(wide, 8, cells, 4), *out;
    ck_assert_msg(fm_retention_fine_gray(&out, frame, &spec, NULL, &err) == cases[k].status, "%s: %s", cases[k].label,
                  err.message);
    ck_assert_msg(strstr(err.message, cases[k].message) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert_ptr_null(out);
    fm_table_destroy(frame);
  }
}
END_TEST

/* ---- options on frames ---- */

enum { N_PEOPLE = 24 };
static char texts[N_PEOPLE][8][12];
static const char *people[N_PEOPLE * 8];

static void make_people(void)
{
  static const char *const causes[] = {"a", "b", "", "a", "b"}, *const groups[] = {"g", "h", "i"};
  for (int i = 0; i < N_PEOPLE; i++) {
    const char *const cause = causes[i * 7 % 5], *const group = groups[i % 3];
    snprintf(texts[i][0], 12, "%d", 1 + i * 5 % 11);
    snprintf(texts[i][1], 12, "%s", cause);
    snprintf(texts[i][2], 12, "%s", i % 4 == 0 ? "0" : "");
    snprintf(texts[i][3], 12, "%d", i * i % 7);
    snprintf(texts[i][4], 12, "%s", group);
    texts[i][5][0] = '\0';
    if (i % 4 != 3)
      snprintf(texts[i][5], 12, "%d", i % 5);
    snprintf(texts[i][6], 12, "p%d", i / 2);
    snprintf(texts[i][7], 12, "%d", 1 + i % 3);
    for (int k = 0; k < 8; k++)
      people[i * 8 + k] = texts[i][k];
  }
}

/* Each row as often as its frequency says. */
START_TEST(test_frequencies)
{
  size_t rows[N_PEOPLE * 3], n = 0;
  fm_retention_fine_gray_spec spec = spec_of("x");
  spec.cluster = _i == 1 ? "person" : NULL;
  spec.causes = "a";
  spec.profiles = "x=2";
  for (size_t i = 0; i < N_PEOPLE; i++)
    for (size_t k = 0; k <= i % 3; k++)
      rows[n++] = i;
  fm_table *once = fm_test_table(wide, 8, people, N_PEOPLE), *repeated = fm_test_rows(wide, 8, people, rows, n);
  fm_table *expected = result_of(repeated, &spec);
  spec.weight = "weight";
  spec.weights = 2;
  fm_table *t = result_of(once, &spec);
  ck_assert_uint_eq(fm_table_n_rows(t), fm_table_n_rows(expected));
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    fm_assert_close("value", fm_test_number(t, "value", i), fm_test_number(expected, "value", i), 1e-12, 1e-13);
    fm_assert_close("error", fm_test_number(t, "std_error", i), fm_test_number(expected, "std_error", i), 1e-12, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(expected);
  fm_table_destroy(once);
  fm_table_destroy(repeated);
}
END_TEST

/* Only those at risk after 3 count, dated covariates as they are by then. */
START_TEST(test_landmark)
{
  fm_retention_fine_gray_spec spec = spec_of("x"), plain = spec_of("x,begun");
  const char *columns[8], *cells[N_PEOPLE * 8];
  size_t n = 0;
  memcpy(columns, wide, sizeof columns);
  columns[2] = "begun:f64";
  columns[5] = "spare:i32";
  for (int i = 0; i < N_PEOPLE; i++) {
    if (atoi(people[i * 8]) <= 3)
      continue;
    memcpy(cells + n * 8, people + i * 8, 8 * sizeof *cells);
    cells[n * 8 + 2] = people[i * 8 + 5][0] != '\0' && atoi(people[i * 8 + 5]) <= 3 ? "1" : "0";
    n++;
  }
  fm_table *all = fm_test_table(wide, 8, people, N_PEOPLE), *late = fm_test_table(columns, 8, cells, n);
  spec.landmark = 3;
  spec.dated = "aftercare";
  fm_table *t = result_of(all, &spec), *expected = result_of(late, &plain);
  static const char *const terms[2][2] = {{"x", "x"}, {"aftercare", "begun"}};
  for (int k = 0; k < 2; k++) {
    fm_assert_close("value", value(t, "coefficient", "b", terms[k][0], "value"),
                    value(expected, "coefficient", "b", terms[k][1], "value"), 1e-12, 0);
    fm_assert_close("error", value(t, "coefficient", "b", terms[k][0], "std_error"),
                    value(expected, "coefficient", "b", terms[k][1], "std_error"), 1e-12, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(expected);
  fm_table_destroy(all);
  fm_table_destroy(late);
}
END_TEST

/* Groups have models of their own, with the bits of their rows alone; what is accepted is noted. */
START_TEST(test_groups)
{
  fm_retention_fine_gray_spec spec = spec_of("x"), alone = spec_of("x");
  spec.by = "group";
  spec.ever = spec.accepted = alone.ever = alone.accepted = "aftercare";
  fm_table *all = fm_test_table(wide, 8, people, N_PEOPLE), *t = result_of(all, &spec);
  size_t rows[N_PEOPLE], n = 0, first = fm_test_row(t, "group", "h", NULL, NULL, NULL, NULL);
  for (size_t i = 1; i < N_PEOPLE; i += 3)
    rows[n++] = i;
  fm_table *some = fm_test_rows(wide, 8, people, rows, n), *expected = result_of(some, &alone);
  for (size_t i = 0; i < fm_table_n_rows(expected); i++) {
    ck_assert_str_eq(fm_test_text(t, "group", first + i), "h");
    fm_assert_close("value", fm_test_number(t, "value", first + i), fm_test_number(expected, "value", i), 0, 0);
  }
  fm_table_destroy(t);
  fm_table_destroy(expected);
  fm_table_destroy(all);
  fm_table_destroy(some);
}
END_TEST

/* ---- any order, split, save and merge gives the same bits; every allocation may fail ---- */

static const fm_retention_fine_gray_spec shapes[] = {
    {.covariates = "x"},
    {.covariates = "x", .weight = "weight", .cluster = "person", .censoring = "group"},
    {.covariates = "x", .strata = "group", .weight = "weight", .weights = 2, .causes = "b"},
    {.covariates = "group:g", .dated = "aftercare", .landmark = 2}};

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_retention_fine_gray_spec spec = shapes[*(int *)ctx];
  spec.struct_size = sizeof spec;
  spec.clock = "weeks";
  spec.level = 0.95;
  spec.weights = spec.weights == 0 ? 1 : spec.weights;
  spec.landmark = spec.landmark == 0 ? -1 : spec.landmark;
  spec.baseline = 1;
  spec.profiles = spec.dated == NULL ? "x=1 | x=2" : "group=h aftercare=1 | group=g";
  return fm_retention_fine_gray_tally(out, &spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

START_TEST(test_tally)
{
  fm_test_tally(make, &_i, wide, 8, people, N_PEOPLE);
}
END_TEST

START_TEST(test_allocations)
{
  fm_table *frame = fm_test_table(wide, 8, people, N_PEOPLE);
  ck_assert_int_gt(fm_test_tally_allocations(create, &_i, frame), 40);
  fm_table_destroy(frame);
}
END_TEST

static Suite *suite(void)
{
  Suite *s = suite_create("retention-fine_gray");
  TCase *t = tcase_create("fine_gray");
  make_people();
  tcase_set_timeout(t, 120);
  tcase_add_test(t, test_worked_example);
  tcase_add_test(t, test_causes_and_states);
  tcase_add_test(t, test_missing);
  tcase_add_test(t, test_refusals);
  tcase_add_loop_test(t, test_frequencies, 0, 2);
  tcase_add_test(t, test_landmark);
  tcase_add_test(t, test_groups);
  tcase_add_loop_test(t, test_tally, 0, FM_COUNT(shapes));
  tcase_add_loop_test(t, test_allocations, 0, FM_COUNT(shapes));
  suite_add_tcase(s, t);
  return s;
}

int main(void)
{
  return fm_test_main(suite());
}
