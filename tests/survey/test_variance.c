#include <math.h>

#include "sample.h"

/* Two strata: totals by unit 1, 3, 5 and 10, 20. Means 3 and 15; squares 4 + 0 + 4 = 8 and 25 + 25 = 50;
 * 3/2 * 8 + 2/1 * 50 = 112. With population sizes 6 and 4, half is sampled in each: 56.
 * Second variable 2, 2, 5 and 1, 0: mean 3; products (-2)(-1) + 0 + 2 * 2 = 6 and (-5)(0.5) + 5 (-0.5) = -5;
 * 3/2 * 6 - 2 * 5 = -1. */
static const uint32_t strata[] = {0, 0, 0, 1, 1}, psus[] = {0, 1, 2, 0, 1};
static const double first[] = {1, 3, 5, 10, 20}, second[] = {2, 2, 5, 1, 0};

static fm__design *make(const fm_survey_design_spec *spec, const fm__design_input *in, uint32_t *unit)
{
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *units = NULL;
  fm_assert_ok(fm__design_create(&d, &units, in, spec, &err), &err);
  if (unit != NULL)
    memcpy(unit, units, in->n * sizeof *unit);
  fm__free(units);
  return d;
}

static double variance_of(const fm__design *d, const double *z)
{
  fm_error err = FM_ERROR_INIT;
  double v = -1;
  fm_assert_ok(fm__design_variance(&v, d, z, &err), &err);
  return v;
}

START_TEST(hand_worked)
{
  static const double sizes[] = {6, 6, 6, 4, 4}, shares[] = {0.5, 0.5, 0.5, 0.5, 0.5};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {strata}, .cluster = {psus}};
  fm_error err = FM_ERROR_INIT;
  double covariance = 0, error = 0;
  fm__design *d = make(&spec, &in, NULL);
  ck_assert_double_eq(variance_of(d, first), 112);
  fm_assert_ok(fm__design_covariance(&covariance, d, first, second, &err), &err);
  ck_assert_double_eq(covariance, -1);
  fm_assert_ok(fm__design_std_error(&error, d, first, &err), &err);
  ck_assert_double_eq(error, sqrt(112));
  fm__design_destroy(d);
  in.fpc[0] = sizes;
  d = make(&spec, &in, NULL);
  ck_assert_double_eq(variance_of(d, first), 56);
  fm__design_destroy(d);
  in.fpc[0] = shares;
  spec.fpc_kind = FM_SURVEY_FPC_SHARE;
  d = make(&spec, &in, NULL);
  ck_assert_double_eq(variance_of(d, first), 56);
  fm__design_destroy(d);
}
END_TEST

/* Units 1, 3, 5 in a stratum and 10 alone: 12 from the first; the mean over all units is 19 / 4, so `adjust` adds
 * (10 - 4.75)^2 = 27.5625; `average` counts the one good stratum twice. */
START_TEST(lonely_rules)
{
  static const double z[] = {1, 3, 5, 10};
  static const struct {
    int32_t rule;
    double expected;
  } cases[] = {{FM_SURVEY_LONELY_REMOVE, 12}, {FM_SURVEY_LONELY_ADJUST, 39.5625}, {FM_SURVEY_LONELY_AVERAGE, 24}};
  fm__design_input in = {.n = 4, .n_stages = 1, .stratum = {strata}, .cluster = {psus}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    spec.lonely = cases[k].rule;
    fm__design *d = make(&spec, &in, NULL);
    ck_assert_double_eq(variance_of(d, z), cases[k].expected);
    fm__design_destroy(d);
  }
}
END_TEST

/* What a design cannot tell is NaN, and what it knows to be nothing is 0. */
START_TEST(nothing_to_say)
{
  static const uint32_t apart[] = {0, 1, 2};
  static const double z[] = {1, 2, 4}, census[] = {1, 1, 1}, odd[] = {1, NAN, 2}, endless[] = {1, INFINITY, 2};
  static const uint64_t count[] = {3};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 1, .n_stages = 1};
  fm__design *d = make(&spec, &in, NULL);
  ck_assert(isnan(variance_of(d, z)));
  fm__design_destroy(d);
  in.count = count; /* three equal rows: they do not vary */
  d = make(&spec, &in, NULL);
  ck_assert_double_eq(variance_of(d, z), 0);
  fm__design_destroy(d);
  in = (fm__design_input){.n = 0, .n_stages = 1};
  d = make(&spec, &in, NULL);
  ck_assert(isnan(variance_of(d, z)));
  fm__design_destroy(d);
  in = (fm__design_input){.n = 3, .n_stages = 1};
  d = make(&spec, &in, NULL);
  ck_assert(isnan(variance_of(d, odd)) && isnan(variance_of(d, endless)));
  fm__design_destroy(d);
  in.stratum[0] = apart;
  for (spec.lonely = FM_SURVEY_LONELY_REMOVE; spec.lonely <= FM_SURVEY_LONELY_AVERAGE; spec.lonely++) {
    d = make(&spec, &in, NULL);
    ck_assert(isnan(variance_of(d, z)) == (spec.lonely != FM_SURVEY_LONELY_ADJUST));
    fm__design_destroy(d);
  }
  spec.lonely = FM_SURVEY_LONELY_FAIL;
  in.fpc[0] = census;
  d = make(&spec, &in, NULL);
  ck_assert_double_eq(variance_of(d, z), 0);
  fm__design_destroy(d);
  in.fpc[0] = NULL;
  spec.method = FM_SURVEY_NONE;
  d = make(&spec, &in, NULL);
  ck_assert(isnan(variance_of(d, z)));
  fm__design_destroy(d);
  spec.method = FM_SURVEY_BOOTSTRAP;
  spec.lonely = FM_SURVEY_LONELY_REMOVE;
  d = make(&spec, &in, NULL);
  double v = 0;
  ck_assert_int_eq(fm__design_variance(&v, d, z, NULL), FM_ERR_STATE);
  ck_assert(isnan(v));
  fm__design_destroy(d);
}
END_TEST

/* ---- R's survey ---- */

typedef struct design_case {
  const char *name, *only; /* only the rows where this column is 1 */
  bool strata, area, psu, ssu, s2;
  const char *fpc; /* "n1", "n1 n2", "f1", ... */
  int32_t lonely;
} design_case;

static const design_case designs[] = {
    {.name = "plain"},
    {.name = "strat", .strata = true},
    {.name = "clus", .area = true},
    {.name = "stclus", .strata = true, .psu = true},
    {.name = "stclus_fpc", .strata = true, .psu = true, .fpc = "n1"},
    {.name = "stclus_share", .strata = true, .psu = true, .fpc = "f1"},
    {.name = "two_stage", .strata = true, .psu = true, .ssu = true, .fpc = "n1 n2"},
    {.name = "two_stage_share", .strata = true, .psu = true, .ssu = true, .fpc = "f1 f2"},
    {.name = "single_remove", .only = "single", .strata = true, .psu = true, .lonely = FM_SURVEY_LONELY_REMOVE},
    {.name = "single_adjust", .only = "single", .strata = true, .psu = true, .lonely = FM_SURVEY_LONELY_ADJUST},
    {.name = "single_average", .only = "single", .strata = true, .psu = true, .lonely = FM_SURVEY_LONELY_AVERAGE},
    {"single_fpc_remove", "single", true, false, true, false, false, "n1", FM_SURVEY_LONELY_REMOVE},
    {"single_fpc_adjust", "single", true, false, true, false, false, "n1", FM_SURVEY_LONELY_ADJUST},
    {"single_fpc_average", "single", true, false, true, false, false, "n1", FM_SURVEY_LONELY_AVERAGE},
    {"strata_of_stage_2_remove", NULL, true, false, true, true, true, "n1 n2s", FM_SURVEY_LONELY_REMOVE},
};

static fm__design_input input_of(const design_case *c, const sample *s, fm_survey_design_spec *spec)
{
  fm__design_input in = {.n = s->n, .n_stages = c->ssu ? 2 : 1};
  spec->lonely = c->lonely;
  if (c->strata)
    in.stratum[0] = s->stratum;
  if (c->s2)
    in.stratum[1] = s->s2;
  if (c->psu || c->area)
    in.cluster[0] = c->area ? s->area : s->psu;
  if (c->ssu)
    in.cluster[1] = s->ssu;
  if (c->fpc == NULL)
    return in;
  bool share = c->fpc[0] == 'f';
  spec->fpc_kind = share ? FM_SURVEY_FPC_SHARE : FM_SURVEY_FPC_COUNT;
  in.fpc[0] = share ? s->f1 : s->n1;
  if (strlen(c->fpc) > 2)
    in.fpc[1] = share ? s->f2 : strcmp(c->fpc, "n1 n2s") == 0 ? s->n2s : s->n2;
  return in;
}

static int compare_case(const fm_oracle *o, const char *name, const fm__design *d, const uint32_t *unit,
                        const sample *s, const double *domain)
{
  double zx[SAMPLE_ROWS], zy[SAMPLE_ROWS], ux[SAMPLE_ROWS], uy[SAMPLE_ROWS];
  int n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    if (strcmp(fm_oracle_text(o, i, "case"), name) != 0)
      continue;
    const char *statistic = fm_oracle_text(o, i, "statistic");
    bool mean = strstr(statistic, "mean") != NULL;
    double value = influences(zx, s, s->w, s->x, domain, mean), error, covariance;
    influences(zy, s, s->w, s->y, domain, mean);
    by_unit(ux, zx, unit, s->n);
    by_unit(uy, zy, unit, s->n);
    fm_error err = FM_ERROR_INIT;
    fm_assert_ok(fm__design_std_error(&error, d, ux, &err), &err);
    fm_assert_ok(fm__design_covariance(&covariance, d, ux, uy, &err), &err);
    if (strncmp(statistic, "covariance", 10) == 0) {
      fm_assert_close(name, covariance, fm_oracle_number(o, i, "value"), 1e-12, 0);
    } else {
      fm_assert_close(name, value, fm_oracle_number(o, i, "value"), 1e-13, 0);
      fm_assert_close(name, error, fm_oracle_number(o, i, "se"), 1e-12, 0);
    }
    n++;
  }
  return n;
}

START_TEST(r_agrees)
{
  fm_oracle *o = fm_oracle_open("survey/variance.csv");
  int n = 0;
  for (int k = 0; k < FM_COUNT(designs); k++) {
    const design_case *c = &designs[k];
    sample s;
    uint32_t unit[SAMPLE_ROWS];
    char name[64] = "";
    read_sample(&s, c->only);
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm__design_input in = input_of(c, &s, &spec);
    fm__design *d = make(&spec, &in, unit);
    n += compare_case(o, c->name, d, unit, &s, NULL);
    strcat(strcat(name, c->name), "_domain");
    n += compare_case(o, name, d, unit, &s, s.domain);
    fm__design_destroy(d);
  }
  ck_assert_uint_eq((size_t)n, fm_oracle_n_rows(o));
  fm_oracle_close(o);
}
END_TEST

/* ---- properties ---- */

/* Any order of the rows and any numbering of strata and units; powers of two: the same bits. */
START_TEST(same_bits)
{
  for (int k = 0; k < FM_COUNT(designs); k++) {
    sample s;
    read_sample(&s, designs[k].only);
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm__design_input in = input_of(&designs[k], &s, &spec);
    uint32_t unit[SAMPLE_ROWS];
    double z[SAMPLE_ROWS], u[SAMPLE_ROWS], scaled[SAMPLE_ROWS];
    fm__design *d = make(&spec, &in, unit);
    influences(z, &s, s.w, s.x, NULL, true);
    by_unit(u, z, unit, s.n);
    double expected = variance_of(d, u), error;
    for (int e = -1000; e <= 1000; e += 500) {
      fm_error err = FM_ERROR_INIT;
      for (size_t i = 0; i < fm__design_n_units(d); i++)
        scaled[i] = ldexp(u[i], e);
      fm_assert_ok(fm__design_std_error(&error, d, scaled, &err), &err);
      ck_assert_double_eq(error, ldexp(sqrt(expected), e));
    }
    fm__design_destroy(d);
    for (size_t i = 0; i < s.n; i++) { /* ids in falling order */
      s.stratum[i] = 9 - s.stratum[i];
      s.psu[i] = 9 - s.psu[i];
      s.ssu[i] = 9 - s.ssu[i];
      s.area[i] = 99 - s.area[i];
    }
    uint32_t other[SAMPLE_ROWS];
    d = make(&spec, &in, other);
    double moved[SAMPLE_ROWS];
    for (size_t i = 0; i < s.n; i++)
      moved[other[i]] = u[unit[i]];
    ck_assert_double_eq(variance_of(d, moved), expected);
    fm__design_destroy(d);
  }
}
END_TEST

/* Three rows of one value and two of another, pooled or not, with and without strata. */
START_TEST(pooled_rows_are_rows)
{
  static const uint64_t count[] = {3, 2, 1, 2};
  static const double z[] = {0.3, -0.7, 1.1, 0.9};
  static const uint32_t stratum[] = {0, 0, 1, 1};
  for (int stratified = 0; stratified < 2; stratified++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    double pooled[4], single[8];
    uint32_t strata_of[8];
    size_t n = 0;
    for (size_t i = 0; i < 4; i++) {
      pooled[i] = (double)count[i] * z[i];
      for (uint64_t k = 0; k < count[i]; k++) {
        strata_of[n] = stratum[i];
        single[n++] = z[i];
      }
    }
    fm__design_input in = {.n = 4, .n_stages = 1, .count = count};
    fm__design_input each = {.n = n, .n_stages = 1};
    in.stratum[0] = stratified != 0 ? stratum : NULL;
    each.stratum[0] = stratified != 0 ? strata_of : NULL;
    fm__design *a = make(&spec, &in, NULL), *b = make(&spec, &each, NULL);
    fm_assert_close("pooled", variance_of(a, pooled), variance_of(b, single), 1e-15, 0);
    fm__design_destroy(a);
    fm__design_destroy(b);
  }
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  const sample *s = ctx;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = input_of(&designs[6], s, &spec);
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  double v;
  fm_status status = fm__design_create(&d, &unit, &in, &spec, err);
  if (status == FM_OK)
    status = fm__design_covariance(&v, d, s->x, s->y, err);
  fm__design_destroy(d);
  fm__free(unit);
  return status;
}

START_TEST(allocations)
{
  sample s;
  read_sample(&s, NULL);
  ck_assert_int_gt(fm_test_allocations(whole_life, &s), 12);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-variance");
  TCase *tests = tcase_create("variance");
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, lonely_rules);
  tcase_add_test(tests, nothing_to_say);
  tcase_add_test(tests, r_agrees);
  tcase_add_test(tests, same_bits);
  tcase_add_test(tests, pooled_rows_are_rows);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
