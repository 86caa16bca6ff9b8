/* Errors of figures, on four incomes by hand, and the promises of the engine. */
#include "income/estimate/estimate_priv.h"

#include <math.h>
#include <string.h>

#include "income/measure/influence_priv.h"
#include "support/support.h"

/* Everyone has incomes 1, 2, 4, 5; one group has 4 and 5. */
static const double incomes[] = {1, 2, 4, 5};
enum { GROUP, EVERYONE, N_POPULATIONS };
enum { MEAN, DIFFERENCE, LOW_SHARE, UNDEFINED, BARE, N_FIGURES };

static double value(const void *context, size_t k, const fm__dist *const *p, const char **state)
{
  (void)context;
  switch (k) {
  case MEAN:
    return p[EVERYONE]->mean;
  case DIFFERENCE:
    return p[GROUP]->mean - p[EVERYONE]->mean;
  case LOW_SHARE:
    return fm__dist_below(p[EVERYONE], 3, false).weight / p[EVERYONE]->weight;
  case UNDEFINED:
    *state = FM__UNDEFINED;
    return NAN;
  default:
    return p[EVERYONE]->most;
  }
}

static void add_mean(fm__part *part, size_t population, const fm__dist *const *p, double sign)
{
  const fm__dist *d = p[population];
  *part = (fm__part){.population = population};
  fm__influence_term(&part->influence, FM__TERM_GAP, sign / d->weight, d->mean);
}

static fm_status influence(fm__part *parts, size_t *n_parts, const void *context, size_t k, const fm__dist *const *p,
                           double of, fm_error *err)
{
  (void)context;
  (void)err;
  *n_parts = 0;
  if (k == DIFFERENCE)
    add_mean(&parts[(*n_parts)++], GROUP, p, 1);
  if (k == MEAN || k == DIFFERENCE)
    add_mean(&parts[(*n_parts)++], EVERYONE, p, k == MEAN ? 1 : -1);
  if (k == LOW_SHARE) {
    fm__part *part = &parts[(*n_parts)++];
    *part = (fm__part){.population = EVERYONE};
    fm__influence_term(&part->influence, FM__TERM_BELOW, 1 / p[EVERYONE]->weight, 3);
    fm__influence_term(&part->influence, FM__TERM_ONE, -of / p[EVERYONE]->weight, 0);
  }
  return FM_OK;
}

static bool is_rate(const void *context, size_t k)
{
  (void)context;
  return k == LOW_SHARE;
}

static bool is_total(const void *context, size_t k)
{
  return context != NULL && k == MEAN;
}

static fm__estimator estimator(void)
{
  return (fm__estimator){.n_figures = N_FIGURES,
                         .value = value,
                         .max_parts = 2,
                         .influence = influence,
                         .is_rate = is_rate,
                         .is_total = is_total,
                         .nested = true};
}

typedef struct sample {
  fm__design *design;
  fm__dist group, everyone;
  const fm__dist *populations[N_POPULATIONS];
} sample;

/* Incomes times `unit`; clusters and replicates may be NULL. */
static fm_status make(sample *s, const uint32_t *cluster, const double *const *replicates, size_t n_replicates,
                      const fm_survey_design_spec *spec, double unit, fm_error *err)
{
  fm__design_input in = {.n = 4, .n_stages = 1, .n_replicates = n_replicates, .replicate = replicates};
  uint32_t *unit_of = NULL;
  in.cluster[0] = cluster;
  *s = (sample){.design = NULL};
  fm_status status = fm__design_create(&s->design, &unit_of, &in, spec, err);
  fm__member *all = fm__array(4, sizeof *all), *some = fm__array(2, sizeof *some);
  if (status == FM_OK && (all == NULL || some == NULL))
    status = fm__no_memory(err);
  for (size_t i = 0; i < 4 && status == FM_OK; i++) {
    all[i] = (fm__member){incomes[i] * unit, 1, unit_of[i], 1};
    if (i >= 2)
      some[i - 2] = all[i];
  }
  fm__free(unit_of);
  if (status != FM_OK) {
    fm__free(all);
    fm__free(some);
    return status;
  }
  status = fm__dist_of_members(&s->group, some, 2, NULL, err);
  if (status == FM_OK)
    status = fm__dist_of_members(&s->everyone, all, 4, NULL, err);
  else
    fm__free(all);
  s->populations[GROUP] = &s->group;
  s->populations[EVERYONE] = &s->everyone;
  return status;
}

static void unmake(sample *s)
{
  fm__design_destroy(s->design);
  fm__dist_free(&s->group);
  fm__dist_free(&s->everyone);
}

/* Rows drawn independently, n = 4. Mean 3: z = (x - 3) / 4 = -1/2, -1/4, 1/4, 1/2; V = 4/3 * 10/16 = 5/6.
 * Difference 4.5 - 3: z = -(x - 3) / 4, and (x - 4.5) / 2 more in the group: 1/2, 1/4, -1/2, -1/4; V = 5/6 again.
 * Share below 3, 1/2: z = +-1/8; V = 4/3 * 4/64 = 1/12. Limits by t of 3 degrees, 3.182446305283706. */
START_TEST(independent_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__estimator e = estimator();
  fm__estimate out[N_FIGURES];
  sample s;
  fm_assert_ok(make(&s, NULL, NULL, 0, &spec, 1, &err), &err);
  fm_assert_ok(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, &err), &err);
  const double t = 3.182446305283706;
  fm_assert_close("mean", out[MEAN].value, 3, 0, 0);
  fm_assert_close("its error", out[MEAN].std_error, sqrt(5.0 / 6), 1e-15, 0);
  fm_assert_close("df", out[MEAN].df, 3, 0, 0);
  fm_assert_close("low", out[MEAN].ci_low, 3 - t * sqrt(5.0 / 6), 1e-12, 0);
  fm_assert_close("high", out[MEAN].ci_high, 3 + t * sqrt(5.0 / 6), 1e-12, 0);
  fm_assert_close("deff", out[MEAN].design_effect, 1, 1e-15, 0);
  fm_assert_close("difference", out[DIFFERENCE].value, 1.5, 0, 0);
  fm_assert_close("its error", out[DIFFERENCE].std_error, sqrt(5.0 / 6), 1e-15, 0);
  fm_assert_close("deff of two populations", out[DIFFERENCE].design_effect, 1, 1e-15, 0);
  fm_assert_close("share", out[LOW_SHARE].std_error, sqrt(1.0 / 12), 1e-15, 0);
  /* logit: se / (p (1 - p)) = 4 se on both sides of 0 */
  double away = exp(t * 4 * sqrt(1.0 / 12));
  fm_assert_close("share, high", out[LOW_SHARE].ci_high, away / (1 + away), 1e-12, 0);
  fm_assert_close("share, low", out[LOW_SHARE].ci_low, 1 / (1 + away), 1e-12, 0);
  ck_assert(isnan(out[UNDEFINED].value) && isnan(out[UNDEFINED].std_error) && isnan(out[UNDEFINED].df));
  ck_assert_str_eq(out[UNDEFINED].state, FM__UNDEFINED);
  fm_assert_close("without influence", out[BARE].value, 5, 0, 0);
  ck_assert(isnan(out[BARE].std_error) && isnan(out[BARE].ci_low) && isnan(out[BARE].design_effect));
  e.rate_unit = 1 / 0.01;
  e.nested = false;
  fm_assert_ok(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, GROUP, s.design, 0.95, NULL, &err), &err);
  fm_assert_close("df of the group", out[MEAN].df, 1, 0, 0);
  fm_assert_close("limits in per cent of half a per cent", out[LOW_SHARE].ci_high < 100, 1, 0, 0);
  ck_assert(isnan(out[DIFFERENCE].design_effect));
  unmake(&s);
}
END_TEST

/* Two clusters, {1, 2} and {4, 5}: z = -3/4, 3/4; V = 2 * 2 * 9/16 = 9/4, 2.7 times 5/6. */
START_TEST(clusters)
{
  static const uint32_t cluster[] = {0, 0, 1, 1};
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__estimator e = estimator();
  fm__estimate out[N_FIGURES];
  for (int power = -400; power <= 400; power += 400) {
    double unit = ldexp(1, power);
    sample s;
    fm_assert_ok(make(&s, cluster, NULL, 0, &spec, unit, &err), &err);
    e.n_figures = 1;
    fm_assert_ok(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, &err), &err);
    double scale = s.everyone.x_scale; /* the figure is in scaled units here */
    fm_assert_close("error", out[MEAN].std_error, 1.5 * unit * scale, 1e-15, 0);
    fm_assert_close("deff", out[MEAN].design_effect, 2.7, 1e-14, 0);
    fm_assert_close("df", out[MEAN].df, 1, 0, 0);
    unmake(&s);
  }
  sample s;
  spec.method = FM_SURVEY_NONE;
  fm_assert_ok(make(&s, cluster, NULL, 0, &spec, 1, &err), &err);
  fm_assert_ok(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, &err), &err);
  ck_assert(out[MEAN].value == 3 && isnan(out[MEAN].std_error) && isnan(out[MEAN].df));
  unmake(&s);
}
END_TEST

/* ---- replicates ---- */

/* Leaving out each row in turn: the jackknife variance of a mean is s^2 / n = (10/3) / 4 = 5/6. */
START_TEST(jackknife)
{
  static const double factors[4][4] = {{0, 4.0 / 3, 4.0 / 3, 4.0 / 3},
                                       {4.0 / 3, 0, 4.0 / 3, 4.0 / 3},
                                       {4.0 / 3, 4.0 / 3, 0, 4.0 / 3},
                                       {4.0 / 3, 4.0 / 3, 4.0 / 3, 0}};
  static const double *const columns[] = {factors[0], factors[1], factors[2], factors[3]};
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__estimator e = estimator();
  fm__estimate out[N_FIGURES];
  sample s;
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_JK1;
  spec.combined = 0;
  fm_assert_ok(make(&s, NULL, columns, 4, &spec, 1, &err), &err);
  fm_assert_ok(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, &err), &err);
  fm_assert_close("mean", out[MEAN].std_error, sqrt(5.0 / 6), 1e-14, 0);
  fm_assert_close("deff", out[MEAN].design_effect, 1, 1e-14, 0);
  fm_assert_close("df", out[MEAN].df, 3, 0, 0);
  /* largest income 5, 5, 5, 4: 3/4 * (3 * 1/16 + 9/16) = 9/16, though it has no influence */
  fm_assert_close("largest", out[BARE].std_error, 0.75, 1e-14, 0);
  ck_assert(isnan(out[BARE].design_effect) && isnan(out[UNDEFINED].std_error));
  unmake(&s);
}
END_TEST

enum { MANY = 150 };
static double random_factors[MANY][4];
static const double *random_columns[MANY];

static void draw_factors(void)
{
  unsigned seed = 40;
  for (size_t r = 0; r < MANY; r++) {
    random_columns[r] = random_factors[r];
    for (size_t i = 0; i < 4; i++) {
      seed = seed * 1103515245U + 12345U;
      random_factors[r][i] = (double)((seed >> 8) % 1000) / 500;
    }
  }
}

static int32_t stop_soon(void *ctx, double done)
{
  double *last = ctx;
  ck_assert(done > *last && done <= 1);
  *last = done;
  return done > 0.5;
}

START_TEST(threads_and_cancelling)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__estimator e = estimator();
  fm__estimate one[N_FIGURES], three[N_FIGURES];
  fm_threads threads = {sizeof threads, 3};
  fm_run run = FM_RUN_INIT;
  sample s;
  draw_factors();
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_BOOT;
  spec.combined = 0;
  fm_assert_ok(make(&s, NULL, random_columns, MANY, &spec, 1, &err), &err);
  fm_assert_ok(fm__estimate_all(one, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.9, NULL, &err), &err);
  run.execute = fm_execute_threads;
  run.execute_ctx = &threads;
  fm_assert_ok(fm__estimate_all(three, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.9, &run, &err), &err);
  for (size_t f = 0; f < N_FIGURES; f++) {
    ck_assert(memcmp(&one[f].std_error, &three[f].std_error, sizeof(double)) == 0);
    ck_assert(memcmp(&one[f].ci_low, &three[f].ci_low, sizeof(double)) == 0);
  }
  ck_assert(one[MEAN].std_error > 0);
  double last = 0;
  run.progress = stop_soon;
  run.progress_ctx = &last;
  ck_assert_int_eq(fm__estimate_all(three, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.9, &run, &err),
                   FM_ERR_CANCELLED);
  ck_assert(last > 0.5 && last < 1);
  unmake(&s);
}
END_TEST

START_TEST(poisson_and_totals)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__estimator e = estimator();
  fm__estimate out[N_FIGURES];
  sample s;
  spec.method = FM_SURVEY_BOOTSTRAP;
  spec.bootstrap = FM_SURVEY_POISSON;
  e.context = &spec; /* says that the mean is a total */
  fm_assert_ok(make(&s, NULL, NULL, 0, &spec, 1, &err), &err);
  ck_assert_int_eq(fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "Poisson"));
  unmake(&s);
}
END_TEST

/* ---- */

START_TEST(cells)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  sample s;
  fm_assert_ok(make(&s, NULL, NULL, 0, &spec, 1, &err), &err);
  fm__estimate e = {3, 0.5, 3, 1, 5, 1, FM__OK};
  fm__figure f = fm__estimate_figure("mean", "money", &e, &s.group, 0.9);
  ck_assert(f.value == 3 && f.std_error == 0.5 && f.ci_low == 1 && f.ci_high == 5 && f.level == 0.9);
  ck_assert(f.n == 2 && f.weight == 2 && f.people == -1);
  e.ci_low = e.ci_high = NAN;
  ck_assert(isnan(fm__estimate_figure("mean", "money", &e, &s.group, 0.9).level));
  unmake(&s);
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  fm__estimator e = estimator();
  fm__estimate out[N_FIGURES];
  sample s;
  const fm_survey_design_spec *spec = ctx;
  size_t n = spec->method == FM_SURVEY_REPLICATES ? 3 : 0;
  fm_status status = make(&s, NULL, n > 0 ? random_columns : NULL, n, spec, 1, err);
  if (status == FM_OK)
    status = fm__estimate_all(out, &e, s.populations, N_POPULATIONS, EVERYONE, s.design, 0.95, NULL, err);
  unmake(&s);
  return status;
}

START_TEST(allocations)
{
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  ck_assert_int_gt(fm_test_allocations(whole_life, &spec), 10);
  draw_factors();
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_BOOT;
  spec.combined = 0;
  ck_assert_int_gt(fm_test_allocations(whole_life, &spec), 10);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-estimate");
  TCase *t = tcase_create("estimate");
  tcase_add_test(t, independent_rows);
  tcase_add_test(t, clusters);
  tcase_add_test(t, jackknife);
  tcase_add_test(t, threads_and_cancelling);
  tcase_add_test(t, poisson_and_totals);
  tcase_add_test(t, cells);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
