/* Errors from parts that touch some units, beside those from all units. */
#include <math.h>
#include <string.h>

#include "income/estimate/estimate_priv.h"
#include "income/measure/influence_priv.h"
#include "support/support.h"

/* Five groups, the fourth with a single row and the fifth empty; a population with everyone's rows; everyone. */
enum { ROWS = 400, GROUPS = 5, ONE = 3, EMPTY = 4, TWIN = GROUPS, EVERYONE, N_POPULATIONS, MAX_PARTS = 4 };

typedef struct sample {
  fm__design *design;
  uint32_t *unit;
  fm__dist dist[N_POPULATIONS];
  const fm__dist *populations[N_POPULATIONS];
} sample;

static bool belongs(size_t population, uint32_t group)
{
  return population >= TWIN || (population != EMPTY && group == population);
}

static uint32_t below(uint64_t *seed, uint32_t n)
{
  *seed = *seed * 6364136223846793005U + 1442695040888963407U;
  return (uint32_t)((*seed >> 33) % n);
}

/* Strata of clusters, or rows drawn independently. */
static fm_status make(sample *s, bool clusters, fm_error *err)
{
  static uint32_t stratum[ROWS], cluster[ROWS], group[ROWS];
  static double x[ROWS], w[ROWS];
  uint64_t seed = 7;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = ROWS, .n_stages = 1};
  *s = (sample){.design = NULL};
  for (size_t i = 0; i < ROWS; i++) {
    stratum[i] = below(&seed, 6);
    cluster[i] = below(&seed, 60);
    group[i] = i == 17 ? ONE : below(&seed, ONE);
    x[i] = (double)below(&seed, 1000) + 20 * group[i];
    w[i] = 1 + (double)below(&seed, 90) / 10;
  }
  in.stratum[0] = clusters ? stratum : NULL;
  in.cluster[0] = clusters ? cluster : NULL;
  fm_status status = fm__design_create(&s->design, &s->unit, &in, &spec, err);
  for (size_t k = 0; k < N_POPULATIONS && status == FM_OK; k++) {
    size_t n = 0;
    fm__member *members = fm__array(ROWS, sizeof *members);
    if (members == NULL)
      return fm__no_memory(err);
    for (size_t i = 0; i < ROWS; i++)
      if (belongs(k, group[i]))
        members[n++] = (fm__member){x[i], w[i], s->unit[i], 1};
    status = fm__dist_of_members(&s->dist[k], members, n, NULL, err);
    s->populations[k] = &s->dist[k];
  }
  return status;
}

static void unmake(sample *s)
{
  for (size_t k = 0; k < N_POPULATIONS; k++)
    fm__dist_free(&s->dist[k]);
  fm__design_destroy(s->design);
  fm__free(s->unit);
}

/* A line's influence in the rows of one population, times `factor`. */
static fm__part line(size_t population, double factor)
{
  fm__part part = {.population = population};
  fm__influence_term(&part.influence, FM__TERM_ONE, -0.375 * factor, 0);
  fm__influence_term(&part.influence, FM__TERM_BELOW, factor, 400);
  return part;
}

/* A mean's. */
static fm__part mean(const sample *s, size_t population, double sign)
{
  fm__part part = {.population = population};
  fm__influence_term(&part.influence, FM__TERM_GAP, sign, s->dist[population].mean);
  return part;
}

static double from_all_units(const sample *s, const fm__part *parts, size_t n_parts)
{
  fm_error err = FM_ERROR_INIT;
  double z[ROWS] = {0}, error = -1;
  for (size_t k = 0; k < n_parts; k++)
    fm__influence_spread(z, &parts[k].influence, s->populations[parts[k].population], 1);
  fm_assert_ok(fm__design_std_error(&error, s->design, z, &err), &err);
  return error;
}

static void compare(const sample *s, fm__errors *errors, const char *label, const fm__part *parts, size_t n, double rel)
{
  fm_error err = FM_ERROR_INIT;
  double error = -1, expected = from_all_units(s, parts, n);
  fm_assert_ok(fm__errors_of_parts(&error, errors, parts, n, &err), &err);
  fm_assert_close(label, error, expected, rel, 0);
}

static void compare_all(const sample *s, fm__errors *errors)
{
  fm_error err = FM_ERROR_INIT;
  const double rounding = 1e-14;
  for (size_t k = 0; k < N_POPULATIONS; k++) {
    if (k == EMPTY)
      continue;
    const fm__part own = mean(s, k, 1), poor = line(EVERYONE, -3);
    compare(s, errors, "of one population", &own, 1, 0);
    compare(s, errors, "with the line", (const fm__part[]){own, poor}, 2, rounding);
    compare(s, errors, "line first", (const fm__part[]){poor, own}, 2, rounding);
    compare(s, errors, "twice the same population", (const fm__part[]){own, line(k, 2)}, 2,
            k == EVERYONE ? rounding : 0);
    for (size_t other = 0; other < N_POPULATIONS; other++) {
      const fm__part parts[MAX_PARTS] = {own, poor, mean(s, other, -1), line(EVERYONE, 1.5)};
      if (other == EMPTY || other == k || (other >= TWIN && k >= TWIN)) /* nothing is left of twins */
        continue;
      compare(s, errors, "difference", (const fm__part[]){own, parts[2]}, 2, rounding);
      compare(s, errors, "difference with lines", parts, MAX_PARTS, rounding);
    }
  }
  const fm__part apart[] = {line(TWIN, 1), line(EVERYONE, -1)}, alone = line(EVERYONE, -2);
  double error = -1;
  compare(s, errors, "the line alone", &alone, 1, rounding);
  fm_assert_ok(fm__errors_of_parts(&error, errors, apart, 2, &err), &err);
  ck_assert_double_eq(error, 0); /* all of it cancels */
}

static void compare_df(const sample *s, fm__errors *errors)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t k = 0; k < N_POPULATIONS; k++) {
    uint8_t in_domain[ROWS] = {0};
    double df = -1;
    for (size_t i = 0; i < s->dist[k].n_members; i++)
      in_domain[fm__dist_member(&s->dist[k], i)->unit] = 1;
    fm_assert_ok(fm__errors_df(&df, errors, k, &err), &err);
    fm_assert_close("df", df, fm__design_degrees_of_freedom(s->design, in_domain), 0, 0);
  }
}

START_TEST(as_from_all_units)
{
  for (int clusters = 0; clusters < 2; clusters++) {
    fm_error err = FM_ERROR_INIT;
    sample s;
    fm__shared shared = {.dist = NULL};
    fm_assert_ok(make(&s, clusters != 0, &err), &err);
    const fm__part part = line(EVERYONE, 1);
    fm_assert_ok(fm__shared_make(&shared, &part, &s.dist[EVERYONE], s.design, &err), &err);
    ck_assert(shared.common.gradient != NULL);
    for (size_t n_shared = 0; n_shared < 2; n_shared++) {
      fm__estimator e = {.shared = &shared, .n_shared = n_shared};
      fm__errors errors = {&e, s.populations, N_POPULATIONS, s.design, NULL};
      fm_assert_ok(fm__errors_make(&errors, &err), &err);
      compare_all(&s, &errors);
      compare_df(&s, &errors);
      ck_assert(errors.reach[0].unit != NULL && errors.reach[0].n < fm__design_n_units(s.design));
      ck_assert(errors.reach[EVERYONE].unit == NULL);
      fm__errors_free(&errors);
    }
    fm__shared_free(&shared);
    unmake(&s);
  }
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  const bool *sharing = ctx;
  sample s;
  fm__shared shared = {.dist = NULL};
  double v;
  fm_status status = make(&s, true, err);
  const fm__part part = line(EVERYONE, 1);
  if (status == FM_OK)
    status = fm__shared_make(&shared, &part, &s.dist[EVERYONE], s.design, err);
  fm__estimator e = {.shared = &shared, .n_shared = *sharing ? 1 : 0};
  fm__errors errors = {&e, s.populations, N_POPULATIONS, s.design, NULL};
  if (status == FM_OK)
    status = fm__errors_make(&errors, err);
  const fm__part parts[] = {mean(&s, 0, 1), mean(&s, 1, -1), part};
  if (status == FM_OK)
    status = fm__errors_of_parts(&v, &errors, parts, 3, err);
  if (status == FM_OK)
    status = fm__errors_df(&v, &errors, EVERYONE, err);
  fm__errors_free(&errors);
  fm__shared_free(&shared);
  unmake(&s);
  return status;
}

START_TEST(allocations)
{
  bool sharing = false;
  ck_assert_int_gt(fm_test_allocations(whole_life, &sharing), 20);
  sharing = true;
  ck_assert_int_gt(fm_test_allocations(whole_life, &sharing), 20);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-estimate_error");
  TCase *t = tcase_create("errors");
  tcase_add_test(t, as_from_all_units);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
