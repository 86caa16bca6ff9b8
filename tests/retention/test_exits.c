/* Cumulative incidence and Gray's test on plain arrays: by hand, against R's survival, cmprsk and etm, and what must
 * not matter. Sources: tests/oracle/retention/README.md. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/retention_exits.h"
#include "support/support.h"

enum { MOST = 4000, LAST = 200 };

typedef struct sample {
  int32_t time[MOST], entry[MOST];
  uint8_t cause[MOST];
  uint32_t group[MOST], stratum[MOST];
  double weight[MOST];
  size_t n;
  int32_t n_causes, n_groups, n_strata;
  bool late;
} sample;

static sample s;

/* The place of a text among the texts met so far. */
static uint32_t number_of(char names[][32], int32_t *n, const char *text)
{
  for (int32_t k = 0; k < *n; k++)
    if (strcmp(names[k], text) == 0)
      return (uint32_t)k;
  snprintf(names[*n], 32, "%s", text);
  return (uint32_t)(*n)++;
}

static void name_of(char *out, const fm_oracle *o, size_t row, const char *column)
{
  if (strcmp(column, "ageband") == 0) {
    double age = fm_oracle_number(o, row, "age");
    snprintf(out, 32, "%d", age <= 29 ? 1 : age <= 39 ? 2 : age <= 49 ? 3 : 4);
  } else {
    snprintf(out, 32, "%s", fm_oracle_text(o, row, column));
  }
}

typedef struct source {
  const char *file, *time, *entry, *group, *stratum, *only;
} source;

/* Rows of the file; with `group_is` only those of that group, all as group 0. */
static void read(const source *from, const char *group_is)
{
  char file[64], name[32], groups[16][32], strata[16][32];
  snprintf(file, sizeof file, "retention/%s", from->file);
  fm_oracle *o = fm_oracle_open(file);
  s.n = 0;
  s.n_causes = s.n_groups = s.n_strata = 0;
  s.late = from->entry != NULL;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (from->only != NULL && strcmp(fm_oracle_text(o, i, "case"), from->only) != 0)
      continue;
    name_of(name, o, i, from->group != NULL ? from->group : from->time);
    if (group_is != NULL && strcmp(name, group_is) != 0)
      continue;
    s.group[s.n] = from->group != NULL && group_is == NULL ? number_of(groups, &s.n_groups, name) : 0;
    if (from->stratum != NULL)
      name_of(name, o, i, from->stratum);
    s.stratum[s.n] = from->stratum != NULL ? number_of(strata, &s.n_strata, name) : 0;
    s.time[s.n] = (int32_t)fm_oracle_number(o, i, from->time);
    s.entry[s.n] = from->entry != NULL ? (int32_t)fm_oracle_number(o, i, from->entry) : 0;
    s.cause[s.n] = (uint8_t)fm_oracle_number(o, i, "cause");
    s.weight[s.n] = 1 + (double)(i % 7) / 4;
    s.n_causes = s.cause[s.n] > s.n_causes ? s.cause[s.n] : s.n_causes;
    s.n++;
  }
  s.n_groups += s.n_groups == 0;
  s.n_strata += s.n_strata == 0;
  fm_oracle_close(o);
  ck_assert(s.n > 0);
}

typedef struct curves {
  double survival[LAST + 1], survival_error[LAST + 1], incidence[(LAST + 1) * 4], error[(LAST + 1) * 4];
} curves;

static void incidence(curves *c, int32_t variance)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_incidence(c->survival, c->survival_error, c->incidence, c->error, s.time, s.cause,
                                      s.late ? s.entry : NULL, NULL, s.n, s.n_causes, LAST, variance, NULL, &err),
               &err);
}

/* Four people: 2 leaves at 1 by cause 1, one is lost at 1, at 2 one leaves by each cause.
 * At 1: n 4, F1 = 1/4, S = 3/4. At 2: n 2, F1 = 1/4 + 3/4 / 2 = 5/8, F2 = 3/8, S = 0.
 * Greenwood at 1: 3/64 = S (1 - S) / 4 for F1, and the covariance of S with F1 is -3/64. At 2: h1 = 1/2, S^2 / n^2 =
 * 9/64; F1: 3/64 + 1/2 (-6/64 + 1/2 * 3/64) + 9/64 * 1/2 * 1 = 105/1536... see below. */
START_TEST(test_by_hand)
{
  static const int32_t time[] = {1, 1, 2, 2};
  static const uint8_t cause[] = {1, 0, 1, 2};
  double survival[3], survival_error[3], gone[6], error[6];
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_incidence(survival, survival_error, gone, error, time, cause, NULL, NULL, 4, 2, 2,
                                      FM_RETENTION_GREENWOOD, NULL, &err),
               &err);
  static const double s_is[] = {1, 0.75, 0}, f_is[] = {0, 0, 0.25, 0, 0.625, 0.375};
  for (int t = 0; t < 3; t++)
    fm_assert_close("survival", survival[t], s_is[t], 0, 0);
  for (int t = 0; t < 6; t++)
    fm_assert_close("incidence", gone[t], f_is[t], 0, 0);
  /* F1 at 2: 3/64 + 1/2 (2 * -3/64 + 1/2 * 3/64) + (3/8)^2 * 1/2 * 1 = 3/64 - 9/256 + 18/256 = 21/256. */
  fm_assert_close("error 1", error[2] * error[2], 3.0 / 64, 1e-15, 0);
  fm_assert_close("error 2", error[4] * error[4], 21.0 / 256, 1e-15, 0);
  /* F2 at 2: covariance 0 before; 1/2 (0 + 1/2 * 3/64) + 9/128 = 3/256 + 18/256 = 21/256: S is 0, so F1 + F2 = 1. */
  fm_assert_close("error 3", error[5] * error[5], 21.0 / 256, 1e-15, 0);
  ck_assert(survival_error[2] == 0);
  /* Aalen: F1 at 1: S^2 d / n^2 = 1/16. At 2 the exits at 1 count with 1 - (3/8) / (3/4) = 1/2, and S^2 / n^2 = 9/64:
   * 1/4 * 1/16 + 9/64 = 10/64. */
  fm_assert_ok(
      fm_retention_incidence(NULL, NULL, NULL, error, time, cause, NULL, NULL, 4, 2, 2, FM_RETENTION_AALEN, NULL, &err),
      &err);
  fm_assert_close("Aalen 1", error[2] * error[2], 1.0 / 16, 1e-15, 0);
  fm_assert_close("Aalen 2", error[4] * error[4], 10.0 / 64, 1e-15, 0);
}
END_TEST

static const struct {
  const char *file, *name;
  source from;
} curve_sets[] = {
    {"cif_unempdur.csv", "unempdur", {"in_unempdur.csv", "time", NULL, NULL, NULL, NULL}},
    {"cif_unempdur.csv", "unempdur_by_ui", {"in_unempdur.csv", "time", NULL, "ui", NULL, NULL}},
    {"cif_mvad.csv", "mvad_job", {"in_mvad_first_job.csv", "time", NULL, NULL, NULL, NULL}},
    {"cif_mvad.csv", "mvad_job_by_male", {"in_mvad_first_job.csv", "time", NULL, "male", NULL, NULL}},
    {"cif_placements_rc.csv", "placements_rc", {"in_placements.csv", "exit", NULL, NULL, NULL, NULL}},
    {"cif_placements_rc.csv", "placements_rc_by_group", {"in_placements.csv", "exit", NULL, "group", NULL, NULL}},
};

static void compare_row(const char *label, const fm_oracle *o, size_t i, const curves *greenwood, const curves *aalen)
{
  size_t time = (size_t)fm_oracle_number(o, i, "time"), cause = (size_t)fm_oracle_number(o, i, "cause");
  size_t at = time * (size_t)s.n_causes + cause - 1;
  double g = greenwood->error[at], a = aalen->error[at], var = fm_oracle_number(o, i, "var_greenwood");
  fm_assert_close(label, greenwood->incidence[at], fm_oracle_number(o, i, "cif"), 1e-12, 0);
  fm_assert_close(label, g, fm_oracle_number(o, i, "se_ij"), 1e-12, 1e-15);
  fm_assert_close(label, a * a, fm_oracle_number(o, i, "var_aalen"), 1e-12, 1e-15);
  if (!isnan(var)) /* etm takes no time 0 */
    fm_assert_close(label, g * g, var, 1e-12, 1e-15);
}

START_TEST(test_curves)
{
  static curves greenwood, aalen;
  char path[64], group[32] = "";
  size_t compared = 0;
  snprintf(path, sizeof path, "retention/%s", curve_sets[_i].file);
  fm_oracle *o = fm_oracle_open(path);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), curve_sets[_i].name) != 0)
      continue;
    if (strcmp(group, fm_oracle_text(o, i, "group")) != 0) {
      snprintf(group, sizeof group, "%s", fm_oracle_text(o, i, "group"));
      read(&curve_sets[_i].from, curve_sets[_i].from.group != NULL ? group : NULL);
      s.n_causes = strcmp(curve_sets[_i].from.file, "in_placements.csv") == 0 ? 4 : 3;
      incidence(&greenwood, FM_RETENTION_GREENWOOD);
      incidence(&aalen, FM_RETENTION_AALEN);
    }
    compare_row(curve_sets[_i].name, o, i, &greenwood, &aalen);
    compared++;
  }
  ck_assert_uint_ge(compared, 28);
  fm_oracle_close(o);
}
END_TEST

START_TEST(test_tricky)
{
  static curves greenwood, aalen;
  char name[32] = "";
  fm_oracle *o = fm_oracle_open("retention/tricky_cif.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(name, fm_oracle_text(o, i, "case")) != 0) {
      snprintf(name, sizeof name, "%s", fm_oracle_text(o, i, "case"));
      source from = {"in_tricky.csv", "exit", NULL, NULL, NULL, name};
      read(&from, NULL);
      incidence(&greenwood, FM_RETENTION_GREENWOOD);
      incidence(&aalen, FM_RETENTION_AALEN);
    }
    compare_row(name, o, i, &greenwood, &aalen);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 26);
  fm_oracle_close(o);
}
END_TEST

/* Late entry against etm; the robust column is compared in test_cumulative_incidence.c. */
START_TEST(test_late)
{
  static curves c;
  char column[32];
  source from = {"in_placements.csv", "exit", "entry", NULL, NULL, NULL};
  read(&from, NULL);
  incidence(&c, FM_RETENTION_GREENWOOD);
  fm_oracle *o = fm_oracle_open("retention/cif_placements_truncated.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    size_t time = (size_t)fm_oracle_number(o, i, "time");
    fm_assert_close("p_0", c.survival[time], fm_oracle_number(o, i, "p_0"), 1e-12, 0);
    fm_assert_close("var_0", pow(c.survival_error[time], 2), fm_oracle_number(o, i, "var_greenwood_0"), 1e-12, 0);
    for (int j = 1; j <= 4; j++) {
      double error = c.error[time * 4 + (size_t)j - 1];
      snprintf(column, sizeof column, "p_%d", j);
      fm_assert_close(column, c.incidence[time * 4 + (size_t)j - 1], fm_oracle_number(o, i, column), 1e-12, 0);
      snprintf(column, sizeof column, "var_greenwood_%d", j);
      fm_assert_close(column, error * error, fm_oracle_number(o, i, column), 1e-12, 0);
    }
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 98);
  fm_oracle_close(o);
}
END_TEST

/* ---- Gray ---- */

static const struct {
  const char *name;
  source from;
} gray_sets[] = {
    {"unempdur_ui", {"in_unempdur.csv", "time", NULL, "ui", NULL, NULL}},
    {"unempdur_ageband", {"in_unempdur.csv", "time", NULL, "ageband", NULL, NULL}},
    {"unempdur_ui_strata_ageband", {"in_unempdur.csv", "time", NULL, "ui", "ageband", NULL}},
    {"mvad_job_male", {"in_mvad_first_job.csv", "time", NULL, "male", NULL, NULL}},
    {"placements_rc_group", {"in_placements.csv", "exit", NULL, "group", NULL, NULL}},
    {"placements_rc_group_strata_centre", {"in_placements.csv", "exit", NULL, "group", "centre", NULL}},
};

static void gray(double *statistic, int32_t *df, double *p_value, double rho)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_retention_gray_test(statistic, df, p_value, s.time, s.cause, s.late ? s.entry : NULL, s.group,
                                      s.stratum, s.n, s.n_causes, s.n_groups, s.n_strata, rho, NULL, &err),
               &err);
}

START_TEST(test_gray)
{
  fm_oracle *o = fm_oracle_open("retention/gray.csv");
  int compared = 0;
  read(&gray_sets[_i].from, NULL);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    double statistic[4], p_value[4];
    int32_t df[4];
    size_t cause = (size_t)fm_oracle_number(o, i, "cause") - 1;
    if (strcmp(fm_oracle_text(o, i, "case"), gray_sets[_i].name) != 0)
      continue;
    gray(statistic, df, p_value, fm_oracle_number(o, i, "rho"));
    fm_assert_close(gray_sets[_i].name, statistic[cause], fm_oracle_number(o, i, "stat"), 1e-12, 0);
    ck_assert_int_eq(df[cause], (int)fm_oracle_number(o, i, "df"));
    fm_assert_close(gray_sets[_i].name, p_value[cause], fm_oracle_number(o, i, "p"), 1e-9, 1e-15);
    compared++;
  }
  ck_assert_int_ge(compared, 6);
  fm_oracle_close(o);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-exits");
  TCase *tests = tcase_create("exits");
  tcase_add_test(tests, test_by_hand);
  tcase_add_loop_test(tests, test_curves, 0, FM_COUNT(curve_sets));
  tcase_add_test(tests, test_tricky);
  tcase_add_test(tests, test_late);
  tcase_add_loop_test(tests, test_gray, 0, FM_COUNT(gray_sets));
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
