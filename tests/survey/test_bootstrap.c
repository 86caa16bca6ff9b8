#include <math.h>

#include "sample.h"

/* Seeds are fixed; bounds of random figures are 5 standard errors, passed once in 2 million by a wrong step of chance.
 */

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

static fm_survey_design_spec bootstrap(int32_t kind, int32_t n_replicates)
{
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  spec.method = FM_SURVEY_BOOTSTRAP;
  spec.bootstrap = kind;
  spec.n_replicates = n_replicates;
  return spec;
}

static void draw(double *factor, const fm__design *d, size_t r)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__design_replicate(factor, d, r, &err), &err);
}

/* Three units of a stratum of unknown size: two are drawn, and each counts 3/2 times. Two of four: c = sqrt(1/2), one
 * is drawn: 1 - c for one unit and 1 - c + 2c = 1 + c for the other. */
START_TEST(hand_worked)
{
  enum { REPLICATES = 4000 };
  static const uint32_t stratum[] = {0, 0, 0, 1, 1}, psu[] = {0, 1, 2, 0, 1};
  static const double sizes[] = {1e300, 1e300, 1e300, 4, 4}; /* so large that nothing of it is sampled */
  fm_survey_design_spec spec = bootstrap(FM_SURVEY_AUTO, REPLICATES);
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {stratum}, .cluster = {psu}, .fpc = {sizes}};
  fm__design *d = make(&spec, &in, NULL);
  double factor[5], twice = 0, second = 0, c = sqrt(0.5);
  ck_assert_str_eq(fm__design_name(d), "rao_wu");
  ck_assert_uint_eq(fm__design_n_replicates(d), REPLICATES);
  for (size_t r = 0; r < REPLICATES; r++) {
    draw(factor, d, r);
    double sum = 0;
    for (size_t i = 0; i < 3; i++) {
      double k = factor[i] / 1.5;
      ck_assert(k == 0 || k == 1 || k == 2);
      sum += factor[i];
      twice += k == 2;
    }
    ck_assert_double_eq(sum, 3);
    bool last = factor[4] > factor[3];
    fm_assert_close("drawn", factor[3 + last], 1 + c, 1e-15, 0);
    fm_assert_close("not drawn", factor[4 - last], 1 - c, 1e-15, 0);
    second += last;
  }
  /* both draws on the same unit: 1/3; the second unit of the other stratum: 1/2 */
  ck_assert_double_eq_tol(twice / REPLICATES, 1.0 / 3, 5 * sqrt(2.0 / 9 / REPLICATES));
  ck_assert_double_eq_tol(second / REPLICATES, 0.5, 2.5 / sqrt(REPLICATES));
  fm__design_destroy(d);
}
END_TEST

/* ---- the variance of a total over many replicates is that of linearisation ---- */

static const struct {
  const char *label;
  bool strata, clusters, later, fpc, pooled;
  int32_t kind;
} designs[] = {
    {"rows", false, false, false, false, false, FM_SURVEY_RAO_WU},
    {"strata", true, false, false, false, false, FM_SURVEY_AUTO},
    {"strata and units", true, true, false, false, false, FM_SURVEY_AUTO},
    {"with population sizes", true, true, false, true, false, FM_SURVEY_AUTO},
    {"two stages", true, true, true, true, false, FM_SURVEY_AUTO},
    {"two stages of unknown size", true, true, true, false, false, FM_SURVEY_AUTO},
    {"pooled rows", true, false, false, false, true, FM_SURVEY_AUTO},
};

static fm__design_input input_of(const sample *s, int k, const uint64_t *count)
{
  fm__design_input in = {.n = s->n, .n_stages = designs[k].later ? 2 : 1};
  if (designs[k].strata)
    in.stratum[0] = s->stratum;
  if (designs[k].clusters)
    in.cluster[0] = s->psu;
  if (designs[k].later)
    in.cluster[1] = s->ssu;
  if (designs[k].fpc) {
    in.fpc[0] = s->n1;
    in.fpc[1] = designs[k].later ? s->n2 : NULL;
  }
  in.count = designs[k].pooled ? count : NULL;
  return in;
}

START_TEST(variance_is_that_of_linearisation)
{
  enum { REPLICATES = 12000 };
  static sample s;
  static double total[REPLICATES], mean[SAMPLE_ROWS];
  double z[SAMPLE_ROWS], v[SAMPLE_ROWS], factor[SAMPLE_ROWS], exact = 0, all = 0, fourth = 0;
  uint32_t unit[SAMPLE_ROWS];
  uint64_t count[SAMPLE_ROWS];
  fm_error err = FM_ERROR_INIT;
  const char *label = designs[_i].label;
  read_sample(&s, NULL);
  influences(v, &s, s.w, s.x, NULL, true);
  for (size_t i = 0; i < s.n; i++) {
    count[i] = designs[_i].pooled ? 1 + i % 3 : 1;
    v[i] *= (double)count[i];
  }
  fm__design_input in = input_of(&s, _i, count);
  fm_survey_design_spec spec = bootstrap(designs[_i].kind, REPLICATES), taylor = spec;
  taylor.method = FM_SURVEY_TAYLOR;
  spec.lonely = taylor.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design *d = make(&taylor, &in, unit);
  by_unit(z, v, unit, s.n);
  fm_assert_ok(fm__design_variance(&exact, d, z, &err), &err);
  fm__design_destroy(d);
  d = make(&spec, &in, unit);
  size_t n_units = fm__design_n_units(d);
  by_unit(z, v, unit, s.n);
  for (size_t i = 0; i < n_units; i++) {
    all += z[i];
    mean[i] = 0;
  }
  for (size_t r = 0; r < REPLICATES; r++) {
    draw(factor, d, r);
    total[r] = 0;
    for (size_t i = 0; i < n_units; i++) {
      ck_assert_msg(factor[i] >= 0, "%s: a weight below 0", label);
      total[r] += factor[i] * z[i];
      mean[i] += factor[i] / REPLICATES;
    }
    fourth += pow(total[r] - all, 4) / REPLICATES;
  }
  double kurtosis = fourth / (exact * exact), n = REPLICATES;
  ck_assert_msg(kurtosis < 10, "%s: kurtosis %g", label, kurtosis);
  for (size_t i = 0; i < n_units; i++) /* factors have variance of at most 2 */
    ck_assert_msg(fabs(mean[i] - 1) < 5 * sqrt(2 / n), "%s: the mean factor of unit %zu is %g", label, i, mean[i]);
  fm_assert_close(label, fm__design_combine(d, all, total), exact, 5 * sqrt((kurtosis - 1) / n), 0);
  fm__design_destroy(d);
}
END_TEST

/* ---- bootstraps of rows ---- */

/* n rows drawn anew: their number is n; single rows and pooled ones. A Poisson number is any. */
START_TEST(bootstraps_of_rows)
{
  enum { ROWS = 40, REPLICATES = 6000 };
  const bool pooled = _i % 3 > 0, poisson = _i / 3 == 1;
  const uint64_t equal = _i % 3 == 2 ? 50 : 1; /* many equal rows: only their number is drawn */
  uint64_t count[ROWS];
  double factor[ROWS], rows = 0, sum = 0, squares = 0, first = 0, first_squares = 0;
  for (size_t i = 0; i < ROWS; i++)
    rows += (double)(count[i] = pooled ? equal * (1 + i % 4) : 1);
  fm_survey_design_spec spec = bootstrap(poisson ? FM_SURVEY_POISSON : FM_SURVEY_AUTO, REPLICATES);
  fm__design_input in = {.n = ROWS, .n_stages = 1, .count = pooled ? count : NULL};
  fm__design *d = make(&spec, &in, NULL);
  ck_assert_str_eq(fm__design_name(d), poisson ? "poisson" : "multinomial");
  fm__resample drawn = {.n = 0};
  ck_assert(fm__design_resample(&drawn, d) == (equal == 1));
  ck_assert(equal > 1 || (double)drawn.n == rows);
  for (size_t r = 0; r < REPLICATES; r++) {
    double total = 0, last = factor[ROWS - 1] = 0;
    draw(factor, d, r);
    for (size_t i = 0; i < ROWS; i++) {
      double k = factor[i] * (double)count[i];
      ck_assert_double_eq_tol(k, floor(k + 0.5), 1e-10);
      total += k;
      last = k;
    }
    if (!poisson)
      ck_assert_double_eq_tol(total, rows, 1e-9);
    sum += total - rows;
    squares += (total - rows) * (total - rows);
    first += last - (double)count[ROWS - 1];
    first_squares += (last - (double)count[ROWS - 1]) * (last - (double)count[ROWS - 1]);
  }
  /* the last row: binomial(rows, count / rows), or Poisson(count) */
  double size = (double)count[ROWS - 1], variance = poisson ? size : size * (1 - size / rows);
  ck_assert_double_eq_tol(first / REPLICATES, 0, 5 * sqrt(variance / REPLICATES));
  ck_assert_double_eq_tol(first_squares / REPLICATES / variance, 1, 5 * sqrt((2 + 1 / variance) / REPLICATES));
  if (poisson) {
    ck_assert_double_eq_tol(sum / REPLICATES, 0, 5 * sqrt(rows / REPLICATES));
    ck_assert_double_eq_tol(squares / REPLICATES / rows, 1, 5 * sqrt(2.1 / REPLICATES));
  }
  fm__design_destroy(d);
}
END_TEST

/* ---- what a draw depends on ---- */

START_TEST(draws_do_not_depend_on_the_order_of_rows)
{
  static sample s;
  uint32_t stratum[SAMPLE_ROWS], psu[SAMPLE_ROWS], unit[SAMPLE_ROWS], other_unit[SAMPLE_ROWS];
  double factor[SAMPLE_ROWS], other[SAMPLE_ROWS], again[SAMPLE_ROWS], seeded[SAMPLE_ROWS];
  read_sample(&s, NULL);
  for (size_t i = 0; i < s.n; i++) {
    stratum[i] = s.stratum[(i * 13 + 5) % s.n]; /* 13 and 56 have no common divisor */
    psu[i] = s.psu[(i * 13 + 5) % s.n];
  }
  fm_survey_design_spec spec = bootstrap(FM_SURVEY_RAO_WU, 50), more = bootstrap(FM_SURVEY_RAO_WU, 90);
  spec.lonely = more.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design_input in = {.n = s.n, .n_stages = 1, .stratum = {s.stratum}, .cluster = {s.psu}};
  fm__design_input moved = {.n = s.n, .n_stages = 1, .stratum = {stratum}, .cluster = {psu}};
  fm__design *a = make(&spec, &in, unit), *b = make(&more, &moved, other_unit);
  more.seed = 2;
  fm__design *c = make(&more, &in, NULL);
  bool differs = false;
  for (size_t r = 50; r-- > 0;) {
    draw(factor, a, r);
    draw(other, b, r);
    draw(seeded, c, r);
    draw(again, a, r);
    for (size_t i = 0; i < s.n; i++) {
      ck_assert(factor[unit[(i * 13 + 5) % s.n]] == other[other_unit[i]]);
      differs = differs || seeded[unit[i]] != factor[unit[i]];
    }
    ck_assert(memcmp(factor, again, fm__design_n_units(a) * sizeof *factor) == 0);
  }
  ck_assert(differs);
  fm_error err = FM_ERROR_INIT;
  ck_assert_int_eq(fm__design_replicate(factor, a, 50, &err), FM_ERR_STATE);
  fm__design_destroy(a);
  fm__design_destroy(b);
  fm__design_destroy(c);
}
END_TEST

/* ---- edges ---- */

/* A stratum of one unit, and one that is its whole population, keep their weights. */
START_TEST(units_that_are_not_drawn)
{
  static const uint32_t stratum[] = {0, 1, 1, 2, 2}, psu[] = {0, 1, 2, 3, 4};
  static const double sizes[] = {9, 2, 2, 10, 10};
  fm_survey_design_spec spec = bootstrap(FM_SURVEY_RAO_WU, 40);
  fm__resample none;
  spec.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {stratum}, .cluster = {psu}, .fpc = {sizes}};
  fm__design *d = make(&spec, &in, NULL);
  double factor[5];
  ck_assert(!fm__design_resample(&none, d));
  for (size_t r = 0; r < 40; r++) {
    draw(factor, d, r);
    ck_assert(factor[0] == 1 && factor[1] == 1 && factor[2] == 1 && factor[3] != 1);
  }
  fm__design_destroy(d);
}
END_TEST

START_TEST(nothing_to_say)
{
  static const uint32_t apart[] = {0, 1, 2};
  const struct {
    const char *label;
    fm__design_input in;
    int32_t kind;
  } cases[] = {{"one row", {.n = 1, .n_stages = 1}, FM_SURVEY_MULTINOMIAL},
               {"one row, Poisson", {.n = 1, .n_stages = 1}, FM_SURVEY_POISSON},
               {"one unit", {.n = 3, .n_stages = 1, .cluster = {(const uint32_t[3]){4, 4, 4}}}, FM_SURVEY_AUTO},
               {"lonely strata", {.n = 3, .n_stages = 1, .stratum = {apart}}, FM_SURVEY_AUTO}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = bootstrap(cases[k].kind, 2);
    spec.lonely = FM_SURVEY_LONELY_REMOVE;
    fm__design *d = make(&spec, &cases[k].in, NULL);
    double factor[3] = {0, 0, 0}, estimate[2];
    for (size_t r = 0; r < 2; r++) {
      draw(factor, d, r);
      estimate[r] = factor[0];
    }
    ck_assert_msg(isnan(factor[0]), "%s: factor %g", cases[k].label, factor[0]);
    ck_assert_msg(isnan(fm__design_combine(d, 1, estimate)), "%s", cases[k].label);
    fm__design_destroy(d);
  }
}
END_TEST

START_TEST(refused)
{
  static const uint32_t stratum[] = {0, 0, 1};
  static const double column[] = {1, 2, 3}, *const columns[] = {column};
  const struct {
    const char *label;
    const uint32_t *stratum;
    size_t n_auxiliaries;
    int32_t kind, lonely;
    fm_status code;
    const char *words;
  } cases[] = {
      {"lonely fail", stratum, 0, FM_SURVEY_AUTO, FM_SURVEY_LONELY_FAIL, FM_ERR_VALUE,
       "1 of the design's strata has a single sampled unit"},
      {"lonely adjust", stratum, 0, FM_SURVEY_AUTO, FM_SURVEY_LONELY_ADJUST, FM_ERR_VALUE, "lonely = remove"},
      {"lonely average", stratum, 0, FM_SURVEY_RAO_WU, FM_SURVEY_LONELY_AVERAGE, FM_ERR_VALUE, "lonely = remove"},
      {"rows of strata", stratum, 0, FM_SURVEY_MULTINOMIAL, FM_SURVEY_LONELY_REMOVE, FM_ERR_ARGUMENT,
       "the multinomial bootstrap draws single rows"},
      {"rows of strata, Poisson", stratum, 0, FM_SURVEY_POISSON, FM_SURVEY_LONELY_REMOVE, FM_ERR_ARGUMENT,
       "the poisson bootstrap draws single rows"},
      {"auxiliaries", NULL, 1, FM_SURVEY_AUTO, FM_SURVEY_LONELY_REMOVE, FM_ERR_ARGUMENT, "weights as fixed"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = bootstrap(cases[k].kind, 10);
    spec.lonely = cases[k].lonely;
    fm__design_input in = {.n = 3, .n_stages = 1, .stratum = {cases[k].stratum}};
    in.n_auxiliaries = cases[k].n_auxiliaries;
    in.auxiliary = columns;
    fm__design *d = NULL;
    uint32_t *unit = NULL;
    fm_error err = FM_ERROR_INIT;
    ck_assert_int_eq(fm__design_create(&d, &unit, &in, &spec, &err), cases[k].code);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(d == NULL && unit == NULL);
  }
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  static const uint32_t stratum[] = {0, 0, 1, 1}, psu[] = {0, 1, 2, 3}, ssu[] = {0, 0, 1, 1};
  static const double sizes[] = {9, 9, 9, 9};
  static const uint64_t count[] = {1, 2, 3, 4}, many[] = {100, 200, 1, 2};
  const int kind = *(const int *)ctx;
  fm_survey_design_spec spec = bootstrap(kind == 0 || kind == 3 ? FM_SURVEY_RAO_WU : FM_SURVEY_MULTINOMIAL, 2);
  fm__design_input in = {.n = 4, .n_stages = 1};
  if (kind == 0)
    in = (fm__design_input){.n = 4, .n_stages = 2, .stratum = {stratum}, .cluster = {psu, ssu}, .fpc = {sizes, sizes}};
  if (kind > 1)
    in.count = kind == 4 ? many : count;
  spec.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  double factor[4];
  fm_status status = fm__design_create(&d, &unit, &in, &spec, err);
  if (status == FM_OK)
    status = fm__design_replicate(factor, d, 1, err);
  fm__design_destroy(d);
  fm__free(unit);
  return status;
}

START_TEST(allocations)
{
  int kind = _i; /* stages, rows, pooled rows, pooled rows rescaled, many equal rows */
  ck_assert_int_gt(fm_test_allocations(life, &kind), 5);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("survey-bootstrap");
  TCase *c = tcase_create("bootstrap");
  suite_add_tcase(s, c);
  tcase_add_test(c, hand_worked);
  tcase_add_loop_test(c, variance_is_that_of_linearisation, 0, FM_COUNT(designs));
  tcase_add_loop_test(c, bootstraps_of_rows, 0, 6);
  tcase_add_test(c, draws_do_not_depend_on_the_order_of_rows);
  tcase_add_test(c, units_that_are_not_drawn);
  tcase_add_test(c, nothing_to_say);
  tcase_add_test(c, refused);
  tcase_add_loop_test(c, allocations, 0, 5);
  return fm_test_main(s);
}
