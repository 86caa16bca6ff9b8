/* retention.discrete_hazard against life tables and R's glm on person-periods. Sources:
 * tests/oracle/retention/README.md. Log-likelihoods to 1e-11; coefficients of fits run to their end to 1e-7 standard
 * errors, and these to 1e-7; life tables to 1e-12. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

enum { MOST_COLUMNS = 8 };

/* The frame of a file: columns[k] of it as types[k]; an event is a cause above 0. Rows whose entry is not before the
 * exit are left out, as R leaves them out, and those of weight 0. */
static fm_table *frame_of(const char *file, const char *const *columns, const char *const *types, size_t n)
{
  fm_oracle *o = fm_oracle_open(file);
  size_t n_file = fm_oracle_n_rows(o), rows = 0;
  const char **cells = calloc(n_file * MOST_COLUMNS, sizeof *cells);
  for (size_t i = 0; i < n_file; i++) {
    if (strcmp(columns[1], "entry") == 0 &&
        (fm_oracle_number(o, i, "entry") >= fm_oracle_number(o, i, "exit") || fm_oracle_number(o, i, "weight") == 0))
      continue;
    for (size_t k = 0; k < n; k++) {
      const char *text = fm_oracle_text(o, i, columns[k]);
      if (strcmp(types[k], "event:bool") == 0)
        text = strcmp(text, "0") == 0 ? "0" : "1";
      cells[rows * n + k] = strcmp(text, "NA") == 0 ? "" : text;
    }
    rows++;
  }
  fm_table *t = fm_test_table(types, n, cells, rows);
  free((void *)cells);
  fm_oracle_close(o);
  return t;
}

static fm_table *unempdur(void)
{
  static const char *const columns[] = {"time", "cause", "cause", "ui", "ui", "age", "logwage"};
  static const char *const types[] = {"time_weeks:i32", "event:bool", "cause:code", "ui:f64",
                                      "group:code",     "age:f64",    "logwage:f64"};
  return frame_of("retention/in_unempdur.csv", columns, types, 7);
}

static fm_table *placements(void)
{
  static const char *const columns[] = {"exit", "entry", "cause", "aftercare", "female", "age", "weight", "trio"};
  static const char *const types[] = {"time_weeks:i32", "entry_weeks:i32", "event:bool", "aftercare_weeks:i32",
                                      "female:f64",     "age:f64",         "weight:f64", "trio:code"};
  return frame_of("retention/in_placements.csv", columns, types, 8);
}

static fm_retention_discrete_hazard_spec usual(void)
{
  fm_retention_discrete_hazard_spec spec = FM_RETENTION_DISCRETE_HAZARD_SPEC_INIT;
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

/* ---- life tables ---- */

static double cell(const fm_table *t, const char *quantity, const char *group, const char *cause, double period,
                   const char *column)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *own = fm_test_text(t, "cause", i);
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && fm_test_number(t, "period", i) == period &&
        (group == NULL || strcmp(fm_test_text(t, "group", i), group) == 0) &&
        (cause == NULL ? own == NULL : own != NULL && strcmp(own, cause) == 0))
      return fm_test_number(t, column, i);
  }
  ck_abort_msg("no %s in period %g", quantity, period);
}

START_TEST(test_life_table)
{
  static const struct {
    const char *expected, *quantity, *cause, *column;
  } of[] = {{"at_risk", "at_risk", NULL, "value"},      {"exits", "exits", NULL, "value"},
            {"hazard", "hazard", NULL, "value"},        {"se_hazard", "hazard", NULL, "std_error"},
            {"survivor", "survival", NULL, "value"},    {"h_cause1", "cause_hazard", "1", "value"},
            {"h_cause2", "cause_hazard", "2", "value"}, {"h_cause3", "cause_hazard", "3", "value"}};
  fm_retention_discrete_hazard_spec spec = usual();
  spec.cause = "cause";
  fm_table *frame = unempdur(), *all = result_of(frame, &spec);
  spec.by = "group";
  fm_table *groups = result_of(frame, &spec);
  fm_oracle *o = fm_oracle_open("retention/discrete_lifetable.csv");
  size_t compared = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *group = fm_oracle_text(o, i, "group");
    bool one = strcmp(group, "all") == 0;
    double period = fm_oracle_number(o, i, "period");
    for (int k = 0; k < FM_COUNT(of) && fm_oracle_number(o, i, "at_risk") > 0; k++, compared++)
      fm_assert_close(of[k].expected,
                      cell(one ? all : groups, of[k].quantity, one ? NULL : group, of[k].cause, period, of[k].column),
                      fm_oracle_number(o, i, of[k].expected), 1e-12, 0);
  }
  ck_assert_uint_eq(compared, 8 * 83);
  fm_oracle_close(o);
  fm_table_destroy(all);
  fm_table_destroy(groups);
  fm_table_destroy(frame);
}
END_TEST

/* ---- regressions ---- */

static int32_t link_of(const char *name)
{
  return strcmp(name, "logit") == 0     ? FM_RETENTION_LOGIT
         : strcmp(name, "cloglog") == 0 ? FM_RETENTION_CLOGLOG
                                        : FM_RETENTION_PROBIT;
}

/* The name here of a term of the oracle. */
static const char *term_of(const char *term, const char *const *bands)
{
  if (strcmp(term, "(Intercept)") == 0)
    return "baseline";
  return strncmp(term, "band", 4) == 0 ? bands[atoi(term + 4) - 2] : term;
}

static void compare(const fm_table *t, const fm_oracle *o, size_t i, const char *const *bands, double rel)
{
  const char *term = term_of(fm_oracle_text(o, i, "term"), bands);
  size_t at = fm_test_row(t, "quantity", "coefficient", "term", term, NULL, NULL);
  double se = fm_oracle_number(o, i, "se");
  fm_assert_close(term, fm_test_number(t, "value", at), fm_oracle_number(o, i, "coef"), 0, rel * se);
  fm_assert_close(term, fm_test_number(t, "std_error", at), se, rel, 0);
  at = fm_test_row(t, "quantity", "log_likelihood", NULL, NULL, NULL, NULL);
  fm_assert_close("loglik", fm_test_number(t, "value", at), fm_oracle_number(o, i, "loglik"), 1e-11, 0);
}

/* glm stopped there when the deviance had come to rest: its coefficients are up to 1.1e-7 standard errors from where
 * it would have gone, and its errors, of the step before, up to 4e-7. */
START_TEST(test_regression)
{
  static const char *const bands[] = {"period=2",     "period=3",     "period=4",    "period=5",
                                      "period=6",     "period=7",     "period=8",    "period=9-10",
                                      "period=11-13", "period=14-20", "period=21-28"};
  fm_oracle *o = fm_oracle_open("retention/discrete_regression.csv");
  fm_table *frame = unempdur(), *t = NULL;
  int32_t link = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (link != link_of(fm_oracle_text(o, i, "link"))) {
      fm_retention_discrete_hazard_spec spec = usual();
      fm_table_destroy(t);
      spec.link = link = link_of(fm_oracle_text(o, i, "link"));
      spec.covariates = "ui,age,logwage";
      spec.bands = "1,2,3,4,5,6,7,8,10,13,20,28";
      t = result_of(frame, &spec);
    }
    compare(t, o, i, bands, 1e-6);
    size_t at = fm_test_row(t, "quantity", "person_periods", NULL, NULL, NULL, NULL);
    fm_assert_close("rows", fm_test_number(t, "value", at), fm_oracle_number(o, i, "rows"), 0, 0);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 45);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* Late entry, help that begins in a week, robust errors of rows and clusters, weights. */
START_TEST(test_robust)
{
  static const char *const bands[] = {"period=5-13", "period=14-26", "period=27-52", "period=53+"};
  fm_oracle *o = fm_oracle_open("retention/discrete_robust.csv");
  fm_table *frame = placements(), *t = NULL;
  const char *link = "", *kind = "";
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(link, fm_oracle_text(o, i, "link")) != 0 || strcmp(kind, fm_oracle_text(o, i, "kind")) != 0) {
      fm_retention_discrete_hazard_spec spec = usual();
      fm_error err = FM_ERROR_INIT;
      link = fm_oracle_text(o, i, "link");
      kind = fm_oracle_text(o, i, "kind");
      spec.link = link_of(link);
      spec.covariates = "female,age";
      spec.dated = "aftercare";
      spec.bands = "4,13,26,52";
      spec.robust = strcmp(kind, "rows") == 0 ? 1 : 0;
      spec.weight = strcmp(kind, "weighted") == 0 ? "weight" : NULL;
      spec.cluster = strcmp(kind, "weighted") == 0 || strcmp(kind, "clusters") == 0 ? "trio" : NULL;
      fm_table_destroy(t);
      fm_assert_ok(fm_retention_discrete_hazard(&t, frame, &spec, NULL, &err), &err);
    }
    compare(t, o, i, bands, 1e-7);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 96);
  fm_oracle_close(o);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-discrete_oracle");
  TCase *tcase = tcase_create("discrete_oracle");
  tcase_set_timeout(tcase, 240);
  tcase_add_test(tcase, test_life_table);
  tcase_add_test(tcase, test_regression);
  tcase_add_test(tcase, test_robust);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
