#include <math.h>

#include "sample.h"

enum { MOST = 16 };

typedef struct given {
  double weight[MOST][SAMPLE_ROWS], rscale[MOST];
  const double *column[MOST];
  size_t n;
} given;

/* The replicate weights of one kind, for the rows of the sample in their order. */
static void read_given(given *g, const char *kind, const sample *s)
{
  fm_oracle *o = fm_oracle_open("survey/replicates.csv");
  memset(g, 0, sizeof *g);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), kind) != 0)
      continue;
    size_t r = (size_t)fm_oracle_number(o, i, "replicate") - 1, row = 0;
    while (s->row[row] != fm_oracle_number(o, i, "row"))
      row++;
    ck_assert(r < MOST && row < s->n);
    g->weight[r][row] = fm_oracle_number(o, i, "weight");
    g->rscale[r] = fm_oracle_number(o, i, "rscale");
    g->n = r + 1 > g->n ? r + 1 : g->n;
  }
  fm_oracle_close(o);
  for (size_t r = 0; r < g->n; r++)
    g->column[r] = g->weight[r];
}

static const struct {
  const char *name, *only;
  int32_t kind;
} kinds[] = {{"jk1", NULL, FM_SURVEY_JK1},   {"jkn", NULL, FM_SURVEY_JKN},   {"brr", "pair", FM_SURVEY_BRR},
             {"fay", "pair", FM_SURVEY_FAY}, {"boot", NULL, FM_SURVEY_BOOT}, {"other", NULL, FM_SURVEY_OTHER}};

/* An estimate with the weights of each replicate, taken as factors of the weight. */
static double estimate_of(const sample *s, const double *factor, bool mean)
{
  double w[SAMPLE_ROWS], z[SAMPLE_ROWS];
  for (size_t i = 0; i < s->n; i++)
    w[i] = s->w[i] * factor[i];
  return influences(z, s, w, s->x, NULL, mean);
}

static void compare(const fm_oracle *o, const char *name, const fm__design *d, const sample *s, int32_t mse)
{
  double factor[SAMPLE_ROWS], ones[SAMPLE_ROWS], estimate[MOST];
  for (size_t i = 0; i < s->n; i++)
    ones[i] = 1;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0 || (int32_t)fm_oracle_number(o, i, "mse") != mse)
      continue;
    bool mean = strcmp(fm_oracle_text(o, i, "statistic"), "mean_x") == 0;
    fm_error err = FM_ERROR_INIT;
    for (size_t r = 0; r < fm__design_n_replicates(d); r++) {
      fm_assert_ok(fm__design_replicate(factor, d, r, &err), &err);
      estimate[r] = estimate_of(s, factor, mean);
    }
    double value = estimate_of(s, ones, mean), se = fm_oracle_number(o, i, "se");
    fm_assert_close(name, value, fm_oracle_number(o, i, "value"), 1e-13, 0);
    fm_assert_close(name, fm__design_combine_std_error(d, value, estimate), se, 1e-12, 0);
    fm_assert_close(name, fm__design_combine(d, value, estimate), se * se, 1e-12, 0);
  }
}

/* The variances of one kind around the mean or the estimate, the columns taken as weights or as factors. */
static void compare_kind(const fm_oracle *o, int k, const sample *s, given *g, int32_t mse, int32_t combined)
{
  double factors[MOST][SAMPLE_ROWS];
  const double *columns[MOST];
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  for (size_t r = 0; r < g->n; r++) {
    for (size_t i = 0; i < s->n; i++)
      factors[r][i] = g->weight[r][i] / s->w[i];
    columns[r] = combined != 0 ? g->column[r] : factors[r];
  }
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = kinds[k].kind;
  spec.mse = mse;
  spec.combined = combined;
  spec.fay_rho = kinds[k].kind == FM_SURVEY_FAY ? 0.3 : 0;
  if (kinds[k].kind == FM_SURVEY_JKN || kinds[k].kind == FM_SURVEY_OTHER) {
    spec.rscales = g->rscale;
    spec.n_rscales = g->n;
  }
  spec.scale = kinds[k].kind == FM_SURVEY_OTHER ? 0.7 : NAN;
  fm__design_input in = {.n = s->n, .n_stages = 1, .n_replicates = g->n, .replicate = columns, .weight = s->w};
  fm_assert_ok(fm__design_create(&d, &unit, &in, &spec, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(d), s->n);
  ck_assert_uint_eq(fm__design_n_replicates(d), g->n);
  ck_assert_double_eq(fm__design_degrees_of_freedom(d, NULL), (double)g->n - 1);
  compare(o, kinds[k].name, d, s, mse);
  fm__design_destroy(d);
  fm__free(unit);
}

START_TEST(r_agrees)
{
  fm_oracle *o = fm_oracle_open("survey/replicate_variance.csv");
  for (int k = 0; k < FM_COUNT(kinds); k++) {
    sample s;
    given g;
    read_sample(&s, kinds[k].only);
    read_given(&g, kinds[k].name, &s);
    for (int32_t mse = 0; mse < 2; mse++)
      for (int32_t combined = 0; combined < 2; combined++)
        compare_kind(o, k, &s, &g, mse, combined);
  }
  ck_assert_uint_eq(fm_oracle_n_rows(o), FM_COUNT(kinds) * 4);
  fm_oracle_close(o);
}
END_TEST

/* Estimates 2, 4, 9 around 5: mean 5, squares 9 + 1 + 16 = 26; times (3 - 1) / 3. Around 4: 4 + 0 + 25 = 29. */
START_TEST(hand_worked)
{
  static const double weight[] = {1, 1}, estimates[] = {2, 4, 9}, broken[] = {2, NAN, 9};
  const double *columns[] = {weight, weight, weight};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_JK1;
  fm__design_input in = {.n = 2, .n_stages = 1, .n_replicates = 3, .replicate = columns};
  for (spec.mse = 0; spec.mse < 2; spec.mse++) {
    fm_error err = FM_ERROR_INIT;
    fm__design *d = NULL;
    uint32_t *unit = NULL;
    fm_assert_ok(fm__design_create(&d, &unit, &in, &spec, &err), &err);
    double expected = (spec.mse == 1 ? 29.0 : 26.0) * 2 / 3;
    fm_assert_close("variance", fm__design_combine(d, 4, estimates), expected, 1e-15, 0);
    ck_assert(isnan(fm__design_combine(d, 4, broken)));
    double large[] = {0x1p1000 * 2, 0x1p1000 * 4, 0x1p1000 * 9}, factor[2];
    fm_assert_close("large", fm__design_combine_std_error(d, 0x1p1000 * 4, large) * 0x1p-1000, sqrt(expected), 1e-15,
                    0);
    ck_assert_int_eq(fm__design_replicate(factor, d, 3, &err), FM_ERR_STATE);
    fm__design_destroy(d);
    fm__free(unit);
  }
}
END_TEST

START_TEST(refused)
{
  static const double w[] = {1, 0}, r[] = {1, 2}, same[] = {2, 0}, rscales[] = {1, 1, 1};
  const double *fine[] = {same, same}, *bad[] = {same, r};
  const struct {
    const char *label;
    size_t n;
    const double *const *columns;
    size_t n_rscales;
    fm_status status;
    const char *words;
  } cases[] = {{"fine", 2, fine, 0, FM_OK, NULL},
               {"one", 1, fine, 0, FM_ERR_ARGUMENT, "at least 2 of them, not 1"},
               {"rscales", 2, fine, 3, FM_ERR_ARGUMENT, "2 replicate weights and 3 rscales"},
               {"zero", 2, bad, 0, FM_ERR_VALUE, "replicate 2 has a weight above 0 in a row whose weight is 0"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm__design *d = NULL;
    uint32_t *unit = NULL;
    spec.method = FM_SURVEY_REPLICATES;
    spec.replicate_kind = FM_SURVEY_BRR;
    spec.n_rscales = cases[k].n_rscales;
    spec.rscales = cases[k].n_rscales > 0 ? rscales : NULL;
    fm__design_input in = {.n = 2, .n_stages = 1, .weight = w};
    in.n_replicates = cases[k].n;
    in.replicate = cases[k].columns;
    ck_assert_msg(fm__design_create(&d, &unit, &in, &spec, &err) == cases[k].status, "%s: %s", cases[k].label,
                  err.message);
    ck_assert(cases[k].words == NULL || strstr(err.message, cases[k].words) != NULL);
    fm__design_destroy(d);
    fm__free(unit);
  }
}
END_TEST

static fm_status create_once(void *ctx, fm_error *err)
{
  static const double w[] = {1, 2, 3}, rscales[] = {1, 1};
  static const uint64_t count[] = {1, 2, 1};
  const double *columns[] = {w, w};
  (void)ctx;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_JKN;
  spec.rscales = rscales;
  spec.n_rscales = 2;
  fm__design_input in = {.n = 3, .n_stages = 1, .n_replicates = 2, .replicate = columns, .count = count};
  fm_status status = fm__design_create(&d, &unit, &in, &spec, err);
  fm__design_destroy(d);
  fm__free(unit);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(create_once, NULL), 6);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-replicates");
  TCase *tests = tcase_create("replicates");
  tcase_add_test(tests, r_agrees);
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
