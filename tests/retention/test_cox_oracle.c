/* retention.cox against R's coxph, basehaz, cox.zph and survfit. Sources: tests/oracle/retention/README.md.
 * Coefficients to 1e-7 standard errors, log-likelihoods to 1e-11, standard errors and what follows from them to 1e-7.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cases.h"

enum { MOST_CELLS = 16 };

typedef struct set {
  const char *name, *model, *file;
  const char *time, *entry; /* columns of the file */
  int cause;                /* the cause that is the event; 0: any */
  const char *columns[6];   /* others of the file, named alike; aftercare becomes aftercare_weeks */
  const char *covariates, *dated, *ever, *strata, *weight, *cluster;
  int robust, landmark;
} set;

#define UNEMPDUR "unempdur", .file = "in_unempdur.csv", .time = "time", .columns = {"ui", "age", "logwage", "tenure"}
#define UI_AND_MORE .covariates = "ui,age,logwage,tenure", .landmark = -1
#define JOB .file = "in_mvad_first_job.csv", .covariates = "male,gcse5eq,livboth", .landmark = -1
#define PLACEMENTS                                                                                                     \
  "placements", .file = "in_placements.csv", .time = "exit", .entry = "entry",                                         \
                .columns = {"aftercare", "female", "age", "group", "centre", "weight"}
#define AFTERCARE .covariates = "female,age", .dated = "aftercare"

static const set sets[] = {
    {UNEMPDUR, .model = "any_exit", UI_AND_MORE},
    {UNEMPDUR, .model = "cause1", .cause = 1, UI_AND_MORE},
    {UNEMPDUR, .model = "cause2", .cause = 2, UI_AND_MORE},
    {UNEMPDUR, .model = "cause3", .cause = 3, UI_AND_MORE},
    {UNEMPDUR, .model = "any_exit_strata_ageband", .covariates = "ui,logwage", .strata = "ageband", .landmark = -1},
    {UNEMPDUR, .model = "any_exit_robust", UI_AND_MORE, .robust = 1},
    {"romeo", "main", "in_romeo.csv", "time", .columns = {"female", "white", "pubemp"},
     .covariates = "female,white,pubemp", .landmark = -1},
    {"mvad_job", "main", JOB, .time = "time", .columns = {"male", "gcse5eq", "livboth", "weight"}},
    {"mvad_job", "weighted_robust", JOB, .time = "time", .columns = {"male", "gcse5eq", "livboth", "weight"},
     .weight = "weight"},
    {"mvad_calendar", "truncated", JOB, .time = "stop", .entry = "start", .columns = {"male", "gcse5eq", "livboth"}},
    {"channing", "male", "in_channing.csv", "exit", "entry", .columns = {"male"}, .covariates = "male", .landmark = -1},
    {PLACEMENTS, .model = "aftercare_timevarying", AFTERCARE, .landmark = -1},
    {"placements_rc", "female_age", "in_placements.csv", "exit", .columns = {"female", "age"},
     .covariates = "female,age", .landmark = -1},
    {PLACEMENTS, .model = "aftercare_immortal_time_bias", .covariates = "female,age", .ever = "aftercare",
     .landmark = -1},
    {PLACEMENTS, .model = "aftercare_timevarying_cluster", AFTERCARE, .cluster = "id", .landmark = -1},
    {PLACEMENTS, .model = "aftercare_timevarying_strata_cluster", AFTERCARE, .cluster = "id", .strata = "centre",
     .landmark = -1},
    {PLACEMENTS, .model = "aftercare_timevarying_weighted_cluster", AFTERCARE, .cluster = "id", .weight = "weight",
     .landmark = -1},
    {PLACEMENTS, .model = "cause1_timevarying", .cause = 1, AFTERCARE, .landmark = -1},
    {PLACEMENTS, .model = "group_dummies", .covariates = "group:other_unemployed,female", .landmark = -1},
    {PLACEMENTS, .model = "aftercare_landmark13", AFTERCARE, .landmark = 13},
};

/* ---- frames ---- */

typedef struct cells {
  const char **cell;
  char (*made)[24]; /* numbers written here */
  size_t n, n_made;
} cells;

static void put(cells *c, const char *text)
{
  c->cell[c->n++] = strcmp(text, "NA") == 0 ? "" : text;
}

static void put_number(cells *c, double v)
{
  snprintf(c->made[c->n_made], sizeof *c->made, "%.0f", v);
  put(c, c->made[c->n_made++]);
}

static const char *type_of(const char *column)
{
  if (strcmp(column, "group") == 0 || strcmp(column, "centre") == 0)
    return "code";
  return strcmp(column, "aftercare") == 0 ? "i32" : "f64";
}

static size_t columns_of(char (*names)[40], const set *s)
{
  size_t n = 0;
  snprintf(names[n++], 40, "time_weeks:i32");
  snprintf(names[n++], 40, "event:bool");
  snprintf(names[n++], 40, "id:code");
  if (s->entry != NULL)
    snprintf(names[n++], 40, "entry_weeks:i32");
  if (s->strata != NULL && strcmp(s->strata, "ageband") == 0)
    snprintf(names[n++], 40, "ageband:code");
  for (size_t k = 0; k < 6 && s->columns[k] != NULL; k++)
    snprintf(names[n++], 40, "%s%s:%s", s->columns[k], strcmp(s->columns[k], "aftercare") == 0 ? "_weeks" : "",
             type_of(s->columns[k]));
  return n;
}

static double stop_of(const fm_oracle *o, size_t row, const set *s)
{
  if (strcmp(s->time, "stop") != 0)
    return fm_oracle_number(o, row, s->time);
  return fm_oracle_number(o, row, "start") + fm_oracle_number(o, row, "time");
}

static void put_row(cells *c, const fm_oracle *o, size_t row, const set *s)
{
  double cause = fm_oracle_number(o, row, strstr(s->file, "romeo") || strstr(s->file, "channing") ? "event" : "cause");
  put_number(c, stop_of(o, row, s));
  put(c, (s->cause == 0 ? cause > 0 : cause == s->cause) ? "1" : "0");
  put(c, fm_oracle_text(o, row, "id"));
  if (s->entry != NULL)
    put_number(c, fm_oracle_number(o, row, s->entry));
  if (s->strata != NULL && strcmp(s->strata, "ageband") == 0) {
    double age = fm_oracle_number(o, row, "age");
    put(c, age <= 29 ? "1" : age <= 39 ? "2" : age <= 49 ? "3" : "4");
  }
  for (size_t k = 0; k < 6 && s->columns[k] != NULL; k++)
    put(c, fm_oracle_text(o, row, s->columns[k]));
}

static fm_table *frame_for(const set *s)
{
  char path[64], names[12][40];
  const char *columns[12];
  snprintf(path, sizeof path, "retention/%s", s->file);
  fm_oracle *o = fm_oracle_open(path);
  size_t n = fm_oracle_n_rows(o), n_columns = columns_of(names, s), n_rows = 0;
  cells c = {calloc(n * MOST_CELLS, sizeof(char *)), calloc(n * 4, sizeof *c.made), 0, 0};
  for (size_t k = 0; k < n_columns; k++)
    columns[k] = names[k];
  for (size_t i = 0; i < n; i++) {
    if (s->entry != NULL && fm_oracle_number(o, i, s->entry) >= stop_of(o, i, s))
      continue; /* R leaves them out */
    put_row(&c, o, i, s);
    n_rows++;
  }
  fm_table *t = fm_test_table(columns, n_columns, c.cell, n_rows);
  free((void *)c.cell);
  free(c.made);
  fm_oracle_close(o);
  return t;
}

static fm_table *fit(const set *s, const char *ties, int32_t transform, const char *profiles)
{
  fm_error err = FM_ERROR_INIT;
  fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
  fm_table *frame = frame_for(s), *out;
  spec.clock = "weeks";
  spec.covariates = s->covariates;
  spec.dated = s->dated;
  spec.ever = spec.accepted = s->ever;
  spec.strata = s->strata;
  spec.weight = s->weight;
  spec.cluster = s->cluster;
  spec.robust = s->robust;
  spec.landmark = s->landmark;
  spec.ties = strcmp(ties, "efron") == 0 ? 1 : 2;
  spec.proportional = transform;
  spec.baseline = 1;
  spec.profiles = profiles;
  fm_assert_ok(fm_retention_cox(&out, frame, &spec, NULL, &err), &err);
  fm_table_destroy(frame);
  return out;
}

static const set *set_of(const fm_oracle *o, size_t row)
{
  for (int k = 0; k < FM_COUNT(sets); k++)
    if (strcmp(sets[k].name, fm_oracle_text(o, row, "case")) == 0 &&
        strcmp(sets[k].model, fm_oracle_text(o, row, "model")) == 0)
      return &sets[k];
  return NULL;
}

/* The oracle's rows of one model stand together: one fit serves them all. */
typedef struct fitted {
  const set *of;
  char ties[16];
  int32_t transform;
  fm_table *table;
} fitted;

static const fm_table *fit_for(fitted *f, const set *s, const char *ties, int32_t transform)
{
  if (f->table != NULL && f->of == s && strcmp(f->ties, ties) == 0 && f->transform == transform)
    return f->table;
  fm_table_destroy(f->table);
  f->of = s;
  snprintf(f->ties, sizeof f->ties, "%s", ties);
  f->transform = transform;
  f->table = fit(s, ties, transform, NULL);
  return f->table;
}

/* The name here of a term of the oracle. */
static const char *term_of(const char *term)
{
  static char name[64];
  if (strncmp(term, "grp", 3) == 0)
    snprintf(name, sizeof name, "group=%s", term + 3);
  else
    snprintf(name, sizeof name, "%s",
             strcmp(term, "ever_ac") == 0 ? "ever=aftercare"
             : strcmp(term, "ac13") == 0  ? "aftercare"
                                          : term);
  return name;
}

static double model_value(const fm_table *t, const char *quantity, const char *column)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (strcmp(fm_test_text(t, "quantity", i), quantity) == 0 && fm_test_text(t, "term", i) == NULL)
      return fm_test_number(t, column, i);
  ck_abort_msg("no %s", quantity);
}

START_TEST(test_coefficients)
{
  fm_oracle *o = fm_oracle_open("retention/cox_coef.csv");
  fitted f = {0};
  size_t compared = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *ties = fm_oracle_text(o, i, "ties");
    const set *s = set_of(o, i);
    if (strcmp(ties, "exact") == 0)
      continue; /* another likelihood */
    ck_assert_ptr_nonnull(s);
    const fm_table *t = fit_for(&f, s, ties, 0);
    size_t at = fm_test_row(t, "quantity", "coefficient", "term", term_of(fm_oracle_text(o, i, "term")), NULL, NULL);
    double se = fm_oracle_number(o, i, "se"), robust = fm_oracle_number(o, i, "se_robust");
    fm_assert_close(s->model, fm_test_number(t, "value", at), fm_oracle_number(o, i, "coef"), 0, 1e-7 * se);
    fm_assert_close(s->model, fm_test_number(t, "std_error", at), isnan(robust) ? se : robust, 1e-7, 0);
    fm_assert_close(s->model, fm_test_number(t, "value", at + 1), fm_oracle_number(o, i, "hazard_ratio"), 1e-7, 0);
    compared++;
  }
  ck_assert_uint_eq(compared, 119);
  fm_table_destroy(f.table);
  fm_oracle_close(o);
}
END_TEST

static void check_model(const fm_table *t, const fm_oracle *o, size_t i, bool finite)
{
  static const struct {
    const char *column, *quantity, *of;
    double rel;
    bool always; /* without finite coefficients too */
  } of[] = {{"loglik0", "log_likelihood_null", "value", 1e-11, true},
            {"loglik1", "log_likelihood", "value", 1e-11, true},
            {"lr", "likelihood_ratio", "value", 1e-9, true},
            {"score", "score", "value", 1e-9, true},
            {"score_robust", "score_robust", "value", 1e-9, true},
            {"wald", "wald", "value", 1e-7, false},
            {"concordance", "concordance", "value", 1e-12, true},
            {"se_concordance", "concordance", "std_error", 1e-9, true},
            {"n_event", "events", "value", 0, true}};
  for (int k = 0; k < FM_COUNT(of); k++) {
    double expected = fm_oracle_number(o, i, of[k].column);
    if (!isnan(expected) && (finite || of[k].always))
      fm_assert_close(of[k].column, model_value(t, of[k].quantity, of[k].of), expected, of[k].rel, 1e-12);
  }
}

START_TEST(test_models)
{
  fm_oracle *o = fm_oracle_open("retention/cox_model.csv");
  fitted f = {0};
  size_t compared = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *ties = fm_oracle_text(o, i, "ties");
    if (strcmp(ties, "exact") == 0)
      continue;
    check_model(fit_for(&f, set_of(o, i), ties, 0), o, i, true);
    compared++;
  }
  ck_assert_uint_eq(compared, 37);
  fm_table_destroy(f.table);
  fm_oracle_close(o);
}
END_TEST

/* R repeats the hazard at times without an event; here are the times with one. */
START_TEST(test_baseline)
{
  fm_oracle *o = fm_oracle_open("retention/cox_basehaz.csv");
  fitted f = {0};
  size_t compared = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const fm_table *t = fit_for(&f, set_of(o, i), fm_oracle_text(o, i, "ties"), 0);
    const char *stratum = strchr(fm_oracle_text(o, i, "stratum"), '=');
    for (size_t k = 0; k < fm_table_n_rows(t); k++) {
      if (strcmp(fm_test_text(t, "quantity", k), "cumulative_hazard") != 0 ||
          fm_test_number(t, "time_weeks", k) != fm_oracle_number(o, i, "time") ||
          (stratum != NULL && strcmp(fm_test_text(t, "stratum", k), stratum + 1) != 0))
        continue;
      fm_assert_close("hazard", fm_test_number(t, "value", k), fm_oracle_number(o, i, "cumhaz0"), 1e-8, 0);
      compared++;
    }
  }
  ck_assert_uint_ge(compared, 1200);
  fm_table_destroy(f.table);
  fm_oracle_close(o);
}
END_TEST

START_TEST(test_proportional)
{
  static const char *const transforms[] = {"none", "km", "identity", "log", "rank"};
  fm_oracle *o = fm_oracle_open("retention/cox_zph.csv");
  fitted f = {0};
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    int32_t transform = 0;
    while (strcmp(transforms[transform], fm_oracle_text(o, i, "transform")) != 0)
      transform++;
    const fm_table *t = fit_for(&f, set_of(o, i), fm_oracle_text(o, i, "ties"), transform);
    const char *term = fm_oracle_text(o, i, "term");
    double expected = fm_oracle_number(o, i, "chisq"), value;
    if (strcmp(term, "GLOBAL") == 0) {
      value = model_value(t, "proportional", "value");
      fm_assert_close("p", model_value(t, "proportional", "p_value"), fm_oracle_number(o, i, "p"), 1e-6, 0);
    } else {
      value = fm_test_number(t, "value", fm_test_row(t, "quantity", "proportional", "term", term, NULL, NULL));
    }
    fm_assert_close(term, value, expected, 1e-7, 1e-9);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), 128);
  fm_table_destroy(f.table);
  fm_oracle_close(o);
}
END_TEST

START_TEST(test_predicted)
{
  fm_oracle *o = fm_oracle_open("retention/cox_predict.csv");
  const set *s = NULL;
  for (int k = 0; k < FM_COUNT(sets); k++)
    if (strcmp(sets[k].model, "aftercare_timevarying") == 0)
      s = &sets[k];
  fm_table *t = fit(s, "efron", 0, "age=42 | aftercare=1 female=0 age=42");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *profile =
        strcmp(fm_oracle_text(o, i, "profile"), "aftercare") == 0 ? "aftercare=1 female=0 age=42" : "age=42";
    size_t at = 0;
    for (size_t k = 0; k < fm_table_n_rows(t); k++)
      if (fm_test_text(t, "profile", k) != NULL && strcmp(fm_test_text(t, "profile", k), profile) == 0 &&
          fm_test_number(t, "time_weeks", k) <= fm_oracle_number(o, i, "time"))
        at = k; /* the last event so far */
    fm_assert_close("survival", fm_test_number(t, "value", at), fm_oracle_number(o, i, "surv"), 1e-8, 0);
    fm_assert_close("error", fm_test_number(t, "std_error", at), fm_oracle_number(o, i, "se"), 1e-7, 0);
    fm_assert_close("low", fm_test_number(t, "ci_low", at), fm_oracle_number(o, i, "lower"), 1e-7, 0);
    fm_assert_close("high", fm_test_number(t, "ci_high", at), fm_oracle_number(o, i, "upper"), 1e-7, 0);
  }
  fm_table_destroy(t);
  fm_oracle_close(o);
}
END_TEST

/* All are separated: no coefficient has a finite value, but the limits of the likelihood, the score and the concordance
 * do. R takes 0.3 and 0.30000000000000004 as one time: tenths are whole times here. */
START_TEST(test_tricky)
{
  static const char *const columns[] = {"time_days:i32", "entry_days:i32", "event:bool", "weight:f64", "b:bool"};
  fm_oracle *expected = fm_oracle_open("retention/tricky_cox_model.csv"),
            *o = fm_oracle_open("retention/in_tricky.csv");
  for (size_t m = 0; m < fm_oracle_n_rows(expected); m++) {
    const char *name = fm_oracle_text(expected, m, "case");
    char times[16][24];
    const char *cell[8 * 5];
    size_t n = 0, k = 0;
    bool weighted = false;
    for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
      if (strcmp(fm_oracle_text(o, i, "case"), name) != 0)
        continue;
      snprintf(times[2 * n], 24, "%.0f", 10 * fm_oracle_number(o, i, "exit"));
      snprintf(times[2 * n + 1], 24, "%.0f", 10 * fm_oracle_number(o, i, "entry"));
      cell[k++] = times[2 * n];
      cell[k++] = times[2 * n + 1];
      cell[k++] = fm_oracle_number(o, i, "cause") > 0 ? "1" : "0";
      cell[k++] = fm_oracle_text(o, i, "weight");
      cell[k++] = strcmp(fm_oracle_text(o, i, "group"), "b") == 0 ? "1" : "0";
      weighted |= fm_oracle_number(o, i, "weight") != 1;
      n++;
    }
    fm_error err = FM_ERROR_INIT;
    fm_retention_cox_spec spec = FM_RETENTION_COX_SPEC_INIT;
    fm_table *frame = fm_test_table(columns, 5, cell, n), *t;
    spec.covariates = "b";
    spec.weight = weighted ? "weight" : NULL;
    spec.ties = strcmp(fm_oracle_text(expected, m, "ties"), "efron") == 0 ? 1 : 2;
    fm_assert_ok(fm_retention_cox(&t, frame, &spec, NULL, &err), &err);
    size_t at = fm_test_row(t, "quantity", "coefficient", NULL, NULL, NULL, NULL);
    ck_assert_msg(strcmp(fm_test_text(t, "state", at), "separated") == 0, "%s", name);
    ck_assert(isnan(fm_test_number(t, "value", at)) && isnan(fm_test_number(t, "std_error", at)));
    check_model(t, expected, m, false);
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
  fm_oracle_close(o);
  fm_oracle_close(expected);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-cox_oracle");
  TCase *tcase = tcase_create("coxph");
  tcase_set_timeout(tcase, 240);
  tcase_add_test(tcase, test_coefficients);
  tcase_add_test(tcase, test_models);
  tcase_add_test(tcase, test_baseline);
  tcase_add_test(tcase, test_proportional);
  tcase_add_test(tcase, test_predicted);
  tcase_add_test(tcase, test_tricky);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
