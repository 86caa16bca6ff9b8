/* Every measure of one distribution against 256-bit arithmetic: values, errors by design and by replicate weights. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/golden.h"
#include "num/num_priv.h"
#include "survey/survey_priv.h"

enum { MOST = 700 };

/* The rows of one sample, and which of them belong to the domain. */
typedef struct sample {
  size_t n;
  double x[MOST], w[MOST], fpc[MOST];
  uint32_t stratum[MOST], psu[MOST], id[MOST];
  bool in[MOST];
} sample;

static fm_oracle *synth, *lonely;
static sample s;

static bool is_kept(const char *id)
{
  for (size_t i = 0; i < fm_oracle_n_rows(lonely); i++)
    if (strcmp(fm_oracle_text(lonely, i, "id"), id) == 0)
      return true;
  return false;
}

static bool belongs(size_t row, const char *domain)
{
  char column[32];
  const char *equal = strchr(domain, '=');
  if (equal == NULL)
    return strcmp(domain, "all") == 0;
  snprintf(column, sizeof column, "%.*s", (int)(equal - domain), domain);
  return strcmp(fm_oracle_text(synth, row, column), equal + 1) == 0;
}

static void load(const char *data, const char *income, const char *weight, const char *domain)
{
  char period[2] = {data[strlen("synth;period=")], '\0'};
  bool few = strstr(data, "lonely") != NULL;
  s.n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(synth); i++) {
    if (strcmp(fm_oracle_text(synth, i, "period"), period) != 0 || (few && !is_kept(fm_oracle_text(synth, i, "id"))))
      continue;
    s.x[s.n] = fm_oracle_number(synth, i, income);
    s.w[s.n] = strcmp(weight, "one") == 0 ? 1 : fm_oracle_number(synth, i, weight);
    s.fpc[s.n] = fm_oracle_number(synth, i, "Nh");
    s.stratum[s.n] = (uint32_t)fm_oracle_number(synth, i, "stratum");
    s.psu[s.n] = (uint32_t)fm_oracle_number(synth, i, "psu");
    s.id[s.n] = (uint32_t)fm_oracle_number(synth, i, "id");
    s.in[s.n++] = belongs(i, domain);
  }
}

static void population(fm__dist *d, const uint32_t *unit, bool all)
{
  fm_error err = FM_ERROR_INIT;
  fm__member *members = fm__array(s.n, sizeof *members);
  size_t n = 0;
  for (size_t i = 0; i < s.n; i++)
    if (all || s.in[i])
      members[n++] = (fm__member){s.x[i], s.w[i], unit[i], 1};
  fm_assert_ok(fm__dist_of_members(d, members, n, NULL, &err), &err);
}

static void make_design(fm__design **design, uint32_t **unit, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input input = {.n = s.n, .n_stages = 1, .weight = s.w};
  bool both = strncmp(name, "stclus", 6) == 0;
  if (both || strcmp(name, "strat") == 0) {
    input.stratum[0] = s.stratum;
    spec.strata = "stratum";
  }
  if (both || strcmp(name, "clus") == 0) {
    input.cluster[0] = s.psu;
    spec.psu = "psu";
  }
  if (strcmp(name, "stclusfpc") == 0) {
    input.fpc[0] = s.fpc;
    spec.fpc = "Nh";
  }
  spec.lonely = strstr(name, "remove") != NULL    ? FM_SURVEY_LONELY_REMOVE
                : strstr(name, "adjust") != NULL  ? FM_SURVEY_LONELY_ADJUST
                : strstr(name, "average") != NULL ? FM_SURVEY_LONELY_AVERAGE
                                                  : FM_SURVEY_LONELY_FAIL;
  fm_assert_ok(fm__design_create(design, unit, &input, &spec, &err), &err);
}

static double taylor(const fm__call *call, const fm_income_rules *rules, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm__design *design;
  uint32_t *unit;
  fm__dist own, all;
  fm__influence mine, line;
  double error;
  make_design(&design, &unit, name);
  population(&own, unit, false);
  population(&all, unit, true);
  fm__income_context c = {rules, &own, &all};
  double *z = fm__array(fm__design_n_units(design), sizeof *z);
  fm_assert_ok(fm__call_influence(&mine, &line, call, &c, &err), &err);
  ck_assert_uint_gt(mine.n + line.n, 0);
  fm__influence_spread(z, &mine, &own, 1);
  fm__influence_spread(z, &line, &all, 1);
  fm_assert_ok(fm__design_std_error(&error, design, z, &err), &err);
  fm__free(z);
  fm__free(unit);
  fm__design_destroy(design);
  fm__dist_free(&own);
  fm__dist_free(&all);
  return error;
}

/* Replicate weights as they came with the data; only the whole sample has them. */
static double replicated(const fm__call *call, const fm_income_rules *rules, const char *name, double value)
{
  char file[64];
  const char *state;
  bool jackknife = strstr(name, "jkn") != NULL;
  snprintf(file, sizeof file, "income/synth_rep_%s.csv", jackknife ? "jkn" : "boot");
  fm_oracle *weights = fm_oracle_open(file);
  snprintf(file, sizeof file, "income/synth_rep_%s_scales.csv", jackknife ? "jkn" : "boot");
  fm_oracle *scales = fm_oracle_open(file);
  size_t n = fm_oracle_n_rows(scales);
  double values[64], mean = 0, sum = 0, scale = fm_oracle_number(scales, 0, "scale");
  ck_assert(n <= FM_COUNT(values) && fm_oracle_n_rows(weights) == s.n);
  for (size_t r = 0; r < n; r++) {
    char column[16];
    double w[MOST];
    fm_error err = FM_ERROR_INIT;
    fm__dist d;
    snprintf(column, sizeof column, "r%s", fm_oracle_text(scales, r, "replicate"));
    for (size_t i = 0; i < s.n; i++) {
      ck_assert_uint_eq((uint32_t)fm_oracle_number(weights, i, "id"), s.id[i]);
      w[i] = fm_oracle_number(weights, i, column);
    }
    fm_assert_ok(fm__dist_of_columns(&d, s.x, w, s.n, NULL, &err), &err);
    values[r] = fm__call_value(call, &(fm__income_context){rules, &d, &d}, &state);
    mean += values[r] / (double)n;
    fm__dist_free(&d);
  }
  double centre = strstr(name, "mse=TRUE") != NULL ? value : mean;
  for (size_t r = 0; r < n; r++)
    sum += scale * fm_oracle_number(scales, r, "rscale") * (values[r] - centre) * (values[r] - centre);
  fm_oracle_close(weights);
  fm_oracle_close(scales);
  return sqrt(sum);
}

static void check_row(fm_oracle *o, size_t i, const char *measure, const fm_income_rules *rules)
{
  fm_error err = FM_ERROR_INIT;
  fm__call *call;
  size_t n;
  const char *state, *design = fm_oracle_text(o, i, "design"), *method = fm_oracle_text(o, i, "se_method");
  uint32_t no_unit[MOST] = {0};
  char label[256];
  fm__dist own, all;
  snprintf(label, sizeof label, "row %u: %s %s %s %s %s", (unsigned)i + 2, fm_oracle_text(o, i, "data"),
           fm_oracle_text(o, i, "domain"), design, measure, fm_oracle_text(o, i, "convention"));
  load(fm_oracle_text(o, i, "data"), fm_oracle_text(o, i, "income"), fm_oracle_text(o, i, "weight"),
       fm_oracle_text(o, i, "domain"));
  fm_assert_ok(fm__calls_create(&call, &n, measure, &err), &err);
  population(&own, no_unit, false);
  population(&all, no_unit, true);
  double value = fm__call_value(call, &(fm__income_context){rules, &own, &all}, &state);
  fm_assert_close(label, value, fm_oracle_number(o, i, "value"), 1e-13, 0);
  ck_assert_str_eq(state, "ok");
  fm__dist_free(&own);
  fm__dist_free(&all);
  if (strncmp(method, "taylor", 6) == 0)
    fm_assert_close(label, taylor(call, rules, design), fm_oracle_number(o, i, "se"), 1e-11, 0);
  if (strcmp(method, "replicate") == 0)
    fm_assert_close(label, replicated(call, rules, design, value), fm_oracle_number(o, i, "se"), 1e-11, 0);
  fm__free(call);
}

/* All rows of golden_synth.csv but those of growth and of gaps between groups, which other measures give. */
START_TEST(exact)
{
  fm_oracle *o = fm_oracle_open("income/golden_synth.csv");
  size_t checked = 0, others = 0;
  synth = fm_oracle_open("income/synth.csv");
  lonely = fm_oracle_open("income/synth_lonely_ids.csv");
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    char measure[64];
    fm_income_rules rules;
    if (!fm_golden_call(measure, &rules, fm_oracle_text(o, i, "measure"), fm_oracle_text(o, i, "param"),
                        fm_oracle_text(o, i, "convention"), fm_oracle_text(o, i, "se_method"))) {
      others++;
      continue;
    }
    check_row(o, i, measure, &rules);
    checked++;
  }
  ck_assert_uint_eq(checked, 1657);
  ck_assert_uint_eq(others, 77);
  fm_oracle_close(o);
  fm_oracle_close(synth);
  fm_oracle_close(lonely);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("income golden");
  TCase *c = tcase_create("golden");
  tcase_set_timeout(c, 120);
  tcase_add_test(c, exact);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
