/* The error of a mean in a made-up income sample under every design, from the columns of a frame to the error. The
 * expected values (tests/oracle/income) were computed with 256 bits. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

enum { MOST = 600, MOST_REPLICATES = 48 };

/* The rows of one period, or those of the single-unit set. */
typedef struct people {
  size_t n;
  size_t row[MOST]; /* in synth.csv */
} people;

static void choose(people *p, const fm_oracle *synth, const char *data)
{
  bool lonely = strstr(data, ";lonely") != NULL;
  fm_oracle *ids = fm_oracle_open("income/synth_lonely_ids.csv");
  double period = strstr(data, "period=5") != NULL ? 5 : 0;
  p->n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(synth); i++) {
    bool in = fm_oracle_number(synth, i, "period") == period;
    for (size_t k = 0, found = 0; in && lonely && found == 0; k++) {
      if (k == fm_oracle_n_rows(ids)) {
        in = false;
        break;
      }
      found = fm_oracle_number(ids, k, "id") == fm_oracle_number(synth, i, "id");
    }
    ck_assert_uint_lt(p->n, MOST);
    if (in)
      p->row[p->n++] = i;
  }
  fm_oracle_close(ids);
}

static double in_domain(const fm_oracle *synth, size_t row, const char *domain)
{
  char column[32];
  const char *value = strchr(domain, '=');
  if (value == NULL)
    return 1;
  snprintf(column, sizeof column, "%.*s", (int)(value - domain), domain);
  return strcmp(fm_oracle_text(synth, row, column), value + 1) == 0;
}

static void add_column(fm_table *t, const char *name, const double *values, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  double *copy = malloc((n + 1) * sizeof *copy);
  memcpy(copy, values, n * sizeof *copy);
  fm_assert_ok(fm_table_add_f64(t, name, copy, NULL, n, free, copy, &err), &err);
}

static void add_ids(fm_table *t, const char *name, const fm_oracle *synth, const people *p)
{
  fm_error err = FM_ERROR_INIT;
  int64_t *ids = malloc((p->n + 1) * sizeof *ids);
  for (size_t i = 0; i < p->n; i++)
    ids[i] = (int64_t)fm_oracle_number(synth, p->row[i], name);
  fm_assert_ok(fm_table_add_i64(t, name, ids, NULL, p->n, free, ids, &err), &err);
}

static fm_table *frame_of(const fm_oracle *synth, const people *p, const char *income, const char *domain,
                          const fm_oracle *replicates, size_t n_replicates)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  double x[MOST], w[MOST], in[MOST], areas[MOST], r[MOST];
  fm_assert_ok(fm_table_create(&t, "synth", &err), &err);
  for (size_t i = 0; i < p->n; i++) {
    x[i] = fm_oracle_number(synth, p->row[i], income);
    w[i] = fm_oracle_number(synth, p->row[i], "w");
    in[i] = in_domain(synth, p->row[i], domain);
    areas[i] = fm_oracle_number(synth, p->row[i], "Nh");
  }
  add_column(t, "x", x, p->n);
  add_column(t, "w", w, p->n);
  add_column(t, "in", in, p->n);
  add_column(t, "Nh", areas, p->n);
  add_ids(t, "stratum", synth, p);
  add_ids(t, "psu", synth, p);
  for (size_t k = 1; k <= n_replicates; k++) {
    char name[16];
    snprintf(name, sizeof name, "r%zu", k);
    for (size_t i = 0; i < p->n; i++) {
      ck_assert_double_eq(fm_oracle_number(replicates, i, "id"), fm_oracle_number(synth, p->row[i], "id"));
      r[i] = fm_oracle_number(replicates, i, name);
    }
    add_column(t, name, r, p->n);
  }
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

/* ---- the design by its name: "stclus;lonely=remove", "rep_jkn;mse=TRUE" ---- */

typedef struct given {
  fm_oracle *weights;
  double rscale[MOST_REPLICATES];
  char columns[16];
  size_t n;
} given;

static void read_replicates(given *g, fm_survey_design_spec *spec, const char *design)
{
  bool boot = strncmp(design, "rep_boot", 8) == 0;
  fm_oracle *scales = fm_oracle_open(boot ? "income/synth_rep_boot_scales.csv" : "income/synth_rep_jkn_scales.csv");
  g->weights = fm_oracle_open(boot ? "income/synth_rep_boot.csv" : "income/synth_rep_jkn.csv");
  g->n = fm_oracle_n_rows(scales);
  for (size_t k = 0; k < g->n; k++)
    g->rscale[k] = fm_oracle_number(scales, k, "rscale");
  fm_oracle_close(scales);
  snprintf(g->columns, sizeof g->columns, "r1:r%zu", g->n);
  spec->method = FM_SURVEY_REPLICATES;
  spec->replicate_kind = boot ? FM_SURVEY_BOOT : FM_SURVEY_JKN;
  spec->replicates = g->columns;
  spec->rscales = g->rscale;
  spec->n_rscales = g->n;
  spec->mse = strstr(design, "mse=TRUE") != NULL;
}

static void read_design(given *g, fm_survey_design_spec *spec, const char *design)
{
  *g = (given){.n = 0};
  if (strncmp(design, "rep_", 4) == 0)
    read_replicates(g, spec, design);
  if (strncmp(design, "st", 2) == 0)
    spec->strata = "stratum";
  if (strstr(design, "clus") != NULL)
    spec->psu = "psu";
  if (strstr(design, "fpc") != NULL)
    spec->fpc = "Nh";
  if (strstr(design, "lonely=remove") != NULL)
    spec->lonely = FM_SURVEY_LONELY_REMOVE;
  if (strstr(design, "lonely=adjust") != NULL)
    spec->lonely = FM_SURVEY_LONELY_ADJUST;
  if (strstr(design, "lonely=average") != NULL)
    spec->lonely = FM_SURVEY_LONELY_AVERAGE;
}

/* ---- the mean and its error ---- */

static double mean_of(const fm__rows *rows, const uint32_t *unit, const double *factor)
{
  double total = 0, weight = 0;
  for (size_t i = 0; i < fm__rows_n(rows); i++) {
    const double *v = fm__rows_numbers(rows, i);
    double w = (double)fm__rows_count(rows, i) * v[1] * v[2] * (factor != NULL ? factor[unit[i]] : 1);
    total += w * v[0];
    weight += w;
  }
  return total / weight;
}

static double error_of(const fm__rows *rows, const uint32_t *unit, const fm__design *d)
{
  fm_error err = FM_ERROR_INIT;
  double z[MOST] = {0}, mean = mean_of(rows, unit, NULL), weight = 0, error = 0, estimate[MOST_REPLICATES];
  if (fm__design_method(d) == FM_SURVEY_REPLICATES) {
    for (size_t r = 0; r < fm__design_n_replicates(d); r++) {
      fm_assert_ok(fm__design_replicate(z, d, r, &err), &err);
      estimate[r] = mean_of(rows, unit, z);
    }
    return fm__design_combine_std_error(d, mean, estimate);
  }
  for (size_t i = 0; i < fm__rows_n(rows); i++)
    weight += (double)fm__rows_count(rows, i) * fm__rows_numbers(rows, i)[1] * fm__rows_numbers(rows, i)[2];
  for (size_t i = 0; i < fm__rows_n(rows); i++) {
    const double *v = fm__rows_numbers(rows, i);
    z[unit[i]] += (double)fm__rows_count(rows, i) * v[1] * v[2] * (v[0] - mean) / weight;
  }
  fm_assert_ok(fm__design_std_error(&error, d, z, &err), &err);
  return error;
}

static void compare(const fm_oracle *golden, size_t row, const fm_oracle *synth)
{
  const char *design = fm_oracle_text(golden, row, "design");
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__rows_number numbers[4 + MOST_REPLICATES] = {{"x", 0}, {"w", 0}, {"in", 0}};
  fm__design_columns *c = NULL;
  fm__rows *rows = NULL;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  people p;
  given g;
  read_design(&g, &spec, design);
  choose(&p, synth, fm_oracle_text(golden, row, "data"));
  fm_table *frame =
      frame_of(synth, &p, fm_oracle_text(golden, row, "income"), fm_oracle_text(golden, row, "domain"), g.weights, g.n);
  fm_assert_ok(fm__design_columns_create(&c, &spec, 3, 0, &err), &err);
  for (size_t k = 0; k < c->n_numbers; k++)
    numbers[3 + k] = c->numbers[k];
  fm_assert_ok(fm__rows_create(&rows, numbers, 3 + c->n_numbers, (const char *const *)c->ids, c->n_ids, &err), &err);
  fm_assert_ok(fm__rows_add(rows, frame, NULL, NULL, &err), &err);
  fm_assert_ok(fm__rows_reduce(rows, &err), &err);
  fm_assert_ok(fm__design_of_rows(&d, &unit, c, rows, 1, &err), &err);
  fm_assert_close(design, mean_of(rows, unit, NULL), fm_oracle_number(golden, row, "value"), 1e-13, 0);
  fm_assert_close(design, error_of(rows, unit, d), fm_oracle_number(golden, row, "se"), 1e-12, 0);
  fm__design_destroy(d);
  fm__free(unit);
  fm__rows_destroy(rows);
  fm__design_columns_destroy(c);
  fm_table_destroy(frame);
  if (g.weights != NULL)
    fm_oracle_close(g.weights);
}

START_TEST(errors_of_means)
{
  fm_oracle *golden = fm_oracle_open("income/golden_synth.csv"), *synth = fm_oracle_open("income/synth.csv");
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(golden); i++) {
    const char *design = fm_oracle_text(golden, i, "design");
    if (strcmp(fm_oracle_text(golden, i, "measure"), "mean") != 0 || strcmp(design, "none") == 0 ||
        strcmp(fm_oracle_text(golden, i, "weight"), "w") != 0)
      continue;
    compare(golden, i, synth);
    n++;
  }
  ck_assert_int_eq(n, 32);
  fm_oracle_close(golden);
  fm_oracle_close(synth);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-golden");
  TCase *tests = tcase_create("golden");
  tcase_add_test(tests, errors_of_means);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
