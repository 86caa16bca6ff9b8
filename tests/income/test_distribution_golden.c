/* income.distribution from frame to result against 256-bit arithmetic: every design, domain and replicate row. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/golden.h"

enum { MOST = 700, N_JACKKNIFE = 48, N_BOOTSTRAP = 40, N_REPLICATES = N_JACKKNIFE + N_BOOTSTRAP };

/* One sample as a frame; columns are borrowed by the table. */
typedef struct sample {
  fm_table *frame;
  double income[MOST], raw[MOST], w[MOST], one[MOST], fpc[MOST], replicate[N_REPLICATES][MOST];
  uint8_t north[MOST];
  const char *stratum[MOST], *psu[MOST], *gender[MOST];
  size_t n;
} sample;

enum { EARLY, LATE, FEW, N_SAMPLES };
static const char *const names[N_SAMPLES] = {"synth;period=0", "synth;period=5", "synth;period=0;lonely"};
static sample samples[N_SAMPLES];
static double jackknife_scales[N_JACKKNIFE], bootstrap_scales[N_BOOTSTRAP];

static bool is_kept(fm_oracle *ids, const char *id)
{
  for (size_t i = 0; i < fm_oracle_n_rows(ids); i++)
    if (strcmp(fm_oracle_text(ids, i, "id"), id) == 0)
      return true;
  return false;
}

static void read_rows(sample *s, int which, fm_oracle *synth, fm_oracle *ids)
{
  for (size_t i = 0; i < fm_oracle_n_rows(synth); i++) {
    if (strcmp(fm_oracle_text(synth, i, "period"), which == LATE ? "5" : "0") != 0 ||
        (which == FEW && !is_kept(ids, fm_oracle_text(synth, i, "id"))))
      continue;
    s->income[s->n] = fm_oracle_number(synth, i, "income");
    s->raw[s->n] = fm_oracle_number(synth, i, "income_raw");
    s->w[s->n] = fm_oracle_number(synth, i, "w");
    s->one[s->n] = 1;
    s->fpc[s->n] = fm_oracle_number(synth, i, "Nh");
    s->north[s->n] = strcmp(fm_oracle_text(synth, i, "region"), "north") == 0;
    s->stratum[s->n] = fm_oracle_text(synth, i, "stratum");
    s->psu[s->n] = fm_oracle_text(synth, i, "psu");
    s->gender[s->n++] = fm_oracle_text(synth, i, "gender");
  }
}

static void read_replicates(sample *s, const char *kind, size_t first, size_t n, double *scales)
{
  char name[64];
  snprintf(name, sizeof name, "income/synth_rep_%s.csv", kind);
  fm_oracle *o = fm_oracle_open(name);
  ck_assert_uint_eq(fm_oracle_n_rows(o), s->n);
  for (size_t r = 0; r < n; r++) {
    snprintf(name, sizeof name, "r%zu", r + 1);
    for (size_t i = 0; i < s->n; i++)
      s->replicate[first + r][i] = fm_oracle_number(o, i, name);
  }
  fm_oracle_close(o);
  snprintf(name, sizeof name, "income/synth_rep_%s_scales.csv", kind);
  o = fm_oracle_open(name);
  ck_assert_uint_eq(fm_oracle_n_rows(o), n);
  for (size_t r = 0; r < n; r++)
    scales[r] = fm_oracle_number(o, r, "scale") * fm_oracle_number(o, r, "rscale");
  fm_oracle_close(o);
}

static void make_frame(sample *s)
{
  fm_error err = FM_ERROR_INIT;
  const struct {
    const char *name;
    const double *values;
  } numbers[] = {{"income", s->income}, {"income_raw", s->raw}, {"w", s->w}, {"one", s->one}, {"Nh", s->fpc}};
  const struct {
    const char *name;
    const char *const *values;
  } texts[] = {{"stratum", s->stratum}, {"psu", s->psu}, {"gender", s->gender}};
  fm_assert_ok(fm_table_create(&s->frame, "sample", &err), &err);
  for (int k = 0; k < FM_COUNT(numbers); k++)
    fm_assert_ok(fm_table_add_f64(s->frame, numbers[k].name, numbers[k].values, NULL, s->n, NULL, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(texts); k++)
    fm_assert_ok(fm_table_add_text(s->frame, texts[k].name, texts[k].values, s->n, &err), &err);
  fm_assert_ok(fm_table_add_bool(s->frame, "north", s->north, NULL, s->n, NULL, NULL, &err), &err);
  for (int r = 0; r < N_REPLICATES; r++) {
    char name[8];
    snprintf(name, sizeof name, r < N_JACKKNIFE ? "j%d" : "b%d", (r < N_JACKKNIFE ? r : r - N_JACKKNIFE) + 1);
    fm_assert_ok(fm_table_add_f64(s->frame, name, s->replicate[r], NULL, s->n, NULL, NULL, &err), &err);
  }
  fm_assert_ok(fm_table_seal(s->frame, &err), &err);
}

static void set_design(fm_survey_design_spec *d, const char *name)
{
  bool both = strncmp(name, "stclus", 6) == 0;
  *d = (fm_survey_design_spec)FM_SURVEY_DESIGN_SPEC_INIT;
  d->strata = both || strcmp(name, "strat") == 0 ? "stratum" : NULL;
  d->psu = both || strcmp(name, "clus") == 0 ? "psu" : NULL;
  d->fpc = strcmp(name, "stclusfpc") == 0 ? "Nh" : NULL;
  d->lonely = strstr(name, "remove") != NULL    ? FM_SURVEY_LONELY_REMOVE
              : strstr(name, "adjust") != NULL  ? FM_SURVEY_LONELY_ADJUST
              : strstr(name, "average") != NULL ? FM_SURVEY_LONELY_AVERAGE
                                                : FM_SURVEY_LONELY_FAIL;
  if (strncmp(name, "rep_", 4) == 0) {
    bool jackknife = strstr(name, "jkn") != NULL;
    d->method = FM_SURVEY_REPLICATES;
    d->replicates = jackknife ? "j1:j48" : "b1:b40";
    d->scale = 1;
    d->rscales = jackknife ? jackknife_scales : bootstrap_scales;
    d->n_rscales = jackknife ? N_JACKKNIFE : N_BOOTSTRAP;
    d->mse = strstr(name, "mse=TRUE") != NULL;
  }
}

/* Women by a group, the north by a domain: two ways to the same kind of figure. */
static void check_row(fm_oracle *o, size_t i, const char *measure, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_distribution_spec spec = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design;
  const char *data = fm_oracle_text(o, i, "data"), *domain = fm_oracle_text(o, i, "domain");
  const sample *s = NULL;
  fm_table *out;
  char label[256], quantity[64];
  snprintf(label, sizeof label, "row %u: %s %s %s %s", (unsigned)i + 2, data, domain, fm_oracle_text(o, i, "design"),
           measure);
  for (int k = 0; k < N_SAMPLES; k++)
    s = strcmp(data, names[k]) == 0 ? &samples[k] : s;
  ck_assert_msg(s != NULL, "%s", label);
  set_design(&design, fm_oracle_text(o, i, "design"));
  spec.income = fm_oracle_text(o, i, "income");
  spec.weight = strcmp(fm_oracle_text(o, i, "weight"), "one") == 0 ? NULL : "w";
  spec.measures = measure;
  spec.rules = rules;
  spec.design = &design;
  spec.by = strncmp(domain, "gender", 6) == 0 ? "gender" : NULL;
  spec.domain = strcmp(domain, "region=north") == 0 ? "north" : NULL;
  fm_status status = fm_income_distribution(&out, s->frame, &spec, NULL, &err);
  ck_assert_msg(status == FM_OK, "%s: %s", label, err.message);
  snprintf(quantity, sizeof quantity, "%.*s", (int)strcspn(measure, "("), measure);
  size_t row = spec.by != NULL
                   ? fm_test_row(out, "quantity", quantity, "gender", domain + strlen("gender="), NULL, NULL)
                   : fm_test_row(out, "quantity", quantity, NULL, NULL, NULL, NULL);
  fm_assert_close(label, fm_test_number(out, "value", row), fm_oracle_number(o, i, "value"), 1e-13, 0);
  fm_assert_close(label, fm_test_number(out, "std_error", row), fm_oracle_number(o, i, "se"), 1e-11, 0);
  fm_table_destroy(out);
}

/* Rows without a design have no error in the file; growth and gaps between groups are other measures. */
START_TEST(whole_path)
{
  fm_oracle *o = fm_oracle_open("income/golden_synth.csv");
  fm_oracle *synth = fm_oracle_open("income/synth.csv"), *ids = fm_oracle_open("income/synth_lonely_ids.csv");
  size_t checked = 0;
  for (int k = 0; k < N_SAMPLES; k++) {
    read_rows(&samples[k], k, synth, ids);
    if (k == EARLY) {
      read_replicates(&samples[k], "jkn", 0, N_JACKKNIFE, jackknife_scales);
      read_replicates(&samples[k], "boot", N_JACKKNIFE, N_BOOTSTRAP, bootstrap_scales);
    }
    make_frame(&samples[k]);
  }
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    char measure[64];
    fm_income_rules rules;
    if (strcmp(fm_oracle_text(o, i, "design"), "none") == 0 ||
        !fm_golden_call(measure, &rules, fm_oracle_text(o, i, "measure"), fm_oracle_text(o, i, "param"),
                        fm_oracle_text(o, i, "convention"), fm_oracle_text(o, i, "se_method")))
      continue;
    check_row(o, i, measure, &rules);
    checked++;
  }
  ck_assert_uint_eq(checked, 920);
  for (int k = 0; k < N_SAMPLES; k++)
    fm_table_destroy(samples[k].frame);
  fm_oracle_close(o);
  fm_oracle_close(synth);
  fm_oracle_close(ids);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income-distribution_golden");
  TCase *c = tcase_create("golden");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, whole_path);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
