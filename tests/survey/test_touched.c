/* Errors of figures that reach some units only, beside those from all units. */
#include <math.h>
#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

static fm__design *make(const fm_survey_design_spec *spec, const fm__design_input *in)
{
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  fm_assert_ok(fm__design_create(&d, &unit, in, spec, &err), &err);
  fm__free(unit);
  return d;
}

static double error_of(const fm__design *d, const uint32_t *unit, const double *z, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  double error = -1;
  fm_assert_ok(fm__design_std_error_of(&error, d, &(fm__touched){n, unit, z}, &err), &err);
  return error;
}

/* Four units, of which one has 8: mean 2, squares 36 + 3 * 4 = 48, V = 4/3 * 48 = 64. With a second stratum of three
 * and 3 in one of them: mean 1, squares 4 + 1 + 1 = 6, 3/2 * 6 = 9 more. */
START_TEST(hand_worked)
{
  static const uint32_t strata[] = {0, 0, 0, 0, 1, 1, 1}, units[] = {2, 5};
  static const double z[] = {8, 3};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 7, .n_stages = 1, .stratum = {strata}};
  fm__design *d = make(&spec, &in);
  double df = -1;
  ck_assert_double_eq(error_of(d, units, z, 1), 8);
  ck_assert_double_eq(error_of(d, units, z, 2), sqrt(73));
  ck_assert_double_eq(error_of(d, units, z, 0), 0);
  ck_assert_int_eq(fm__design_degrees_of_freedom_of(&df, d, units, 2, NULL), FM_OK);
  ck_assert_double_eq(df, 0);
  fm__design_destroy(d);
}
END_TEST

/* The lonely unit of 0 counts through the mean of all five, 4/5: 16/25 more; the good stratum has 4 * 4 / 3 * 3 = 16.
 */
START_TEST(lonely_unit_out_of_reach)
{
  static const uint32_t strata[] = {0, 0, 0, 0, 1}, units[] = {0};
  static const double z[] = {4}, expected[] = {16, 16.64, 32};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {strata}};
  const int32_t rules[] = {FM_SURVEY_LONELY_REMOVE, FM_SURVEY_LONELY_ADJUST, FM_SURVEY_LONELY_AVERAGE};
  for (int k = 0; k < FM_COUNT(rules); k++) {
    spec.lonely = rules[k];
    fm__design *d = make(&spec, &in);
    fm_assert_close("lonely", error_of(d, units, z, 1), sqrt(expected[k]), 1e-15, 0);
    fm__design_destroy(d);
  }
}
END_TEST

/* ---- random designs ---- */

enum { ROWS = 60, STAGES = 3 };

typedef struct drawn {
  size_t n;
  uint32_t stratum[STAGES][ROWS], cluster[STAGES][ROWS];
  double fpc[STAGES][ROWS], z[ROWS], packed[ROWS];
  uint64_t count[ROWS];
  uint32_t unit[ROWS];
  size_t n_touched;
} drawn;

static uint32_t below(uint64_t *seed, uint32_t n)
{
  *seed = *seed * 6364136223846793005U + 1442695040888963407U;
  return (uint32_t)((*seed >> 33) % n);
}

static void draw_rows(drawn *s, fm__design_input *in, fm_survey_design_spec *spec, uint64_t *seed)
{
  uint32_t n_strata = 1 + below(seed, 6), n_clusters = 1 + below(seed, 5), kinds = below(seed, 64);
  s->n = 1 + below(seed, ROWS);
  *in = (fm__design_input){.n = s->n, .n_stages = 1 + below(seed, STAGES)};
  const int32_t rules[] = {FM_SURVEY_LONELY_FAIL, FM_SURVEY_LONELY_REMOVE, FM_SURVEY_LONELY_ADJUST,
                           FM_SURVEY_LONELY_AVERAGE};
  spec->lonely = rules[below(seed, 4)];
  spec->fpc_kind = FM_SURVEY_FPC_COUNT;
  for (size_t k = 0; k < STAGES; k++)
    for (size_t i = 0; i < s->n; i++) {
      s->stratum[k][i] = k == 0 ? below(seed, n_strata) : below(seed, 2);
      s->cluster[k][i] = below(seed, n_clusters);
      s->fpc[k][i] = 300 + 10 * s->stratum[k][i]; /* pooled rows stay below */
    }
  for (size_t k = 0; k < in->n_stages; k++) {
    bool last = k + 1 == in->n_stages;
    in->stratum[k] = (kinds & 1) != 0 && (k == 0 || (kinds & 2) != 0) ? s->stratum[k] : NULL;
    in->cluster[k] = !last || (kinds & 4) != 0 ? s->cluster[k] : NULL;
    in->fpc[k] = !last || (kinds & 8) != 0 ? s->fpc[k] : NULL;
    for (size_t i = 0; i < s->n && in->stratum[k] == NULL; i++)
      s->fpc[k][i] = 300;
  }
  for (size_t i = 0; i < s->n; i++)
    s->count[i] = 1 + below(seed, 4);
  in->count = (kinds & 16) != 0 ? s->count : NULL;
}

/* Some units, none or all of them. */
static void draw_domain(drawn *s, const fm__design *d, uint64_t *seed)
{
  uint32_t share = below(seed, 5);
  s->n_touched = 0;
  memset(s->z, 0, sizeof s->z);
  for (uint32_t i = 0; i < fm__design_n_units(d); i++) {
    if (below(seed, 4) >= share)
      continue;
    s->z[i] = ((double)below(seed, 2000001) - 800000) / 7;
    s->unit[s->n_touched] = i;
    s->packed[s->n_touched++] = s->z[i];
  }
}

static bool same_bits_or_nan(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

static void compare_common(const drawn *s, const fm__design *d, uint64_t *seed)
{
  fm_error err = FM_ERROR_INIT;
  fm__common c = {NULL, 0, NAN};
  double line[ROWS], sum[ROWS], error, together, of_y, of_line, factor = ((double)below(seed, 2001) - 1000) / 300;
  size_t n = fm__design_n_units(d);
  bool cancels;
  for (size_t i = 0; i < n; i++) {
    line[i] = ((double)below(seed, 2001) - 900) * 31;
    sum[i] = s->z[i] + factor * line[i];
  }
  fm_assert_ok(fm__common_make(&c, d, line, &err), &err);
  fm_assert_ok(fm__design_std_error(&of_line, d, line, &err), &err);
  ck_assert(same_bits_or_nan(c.std_error, of_line));
  fm_assert_ok(fm__design_std_error(&together, d, sum, &err), &err);
  of_y = error_of(d, s->unit, s->packed, s->n_touched);
  if (isnan(of_line)) {
    ck_assert(c.gradient == NULL && isnan(of_y) && isnan(together));
    return;
  }
  fm__touched y = {s->n_touched, s->unit, s->packed};
  fm_assert_ok(fm__common_std_error(&error, &cancels, &c, factor, d, &y, &err), &err);
  double parts = of_y * of_y + factor * factor * (of_line * of_line);
  if (cancels) {
    ck_assert(isnan(error));
    ck_assert(together * together < 0.1251 * parts);
  } else {
    fm_assert_close("with a common part", error, together, 1e-14, 0);
  }
  fm__common_free(&c);
}

START_TEST(random_designs)
{
  uint64_t seed = 20;
  int n_made = 0, n_one = 0, n_lonely = 0, n_empty = 0, n_deep = 0;
  for (int k = 0; k < 5000; k++) {
    static drawn s;
    fm_error err = FM_ERROR_INIT;
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm__design_input in;
    fm__design *d = NULL;
    uint32_t *unit = NULL;
    draw_rows(&s, &in, &spec, &seed);
    fm_status status = fm__design_create(&d, &unit, &in, &spec, &err);
    fm__free(unit);
    if (status != FM_OK) {
      ck_assert(status == FM_ERR_VALUE); /* lonely strata that may not be, or sizes that differ in a stratum */
      continue;
    }
    draw_domain(&s, d, &seed);
    double all = -1, of_all, of_units = -1;
    fm_assert_ok(fm__design_std_error(&all, d, s.z, &err), &err);
    double some = error_of(d, s.unit, s.packed, s.n_touched);
    ck_assert_msg(same_bits_or_nan(all, some), "design %d: %.17g of all units, %.17g of %zu", k, all, some,
                  s.n_touched);
    uint8_t in_domain[ROWS] = {0};
    for (size_t i = 0; i < s.n_touched; i++)
      in_domain[s.unit[i]] = 1;
    of_all = fm__design_degrees_of_freedom(d, in_domain);
    fm_assert_ok(fm__design_degrees_of_freedom_of(&of_units, d, s.unit, s.n_touched, &err), &err);
    ck_assert_double_eq(of_units, of_all);
    compare_common(&s, d, &seed);
    n_made++;
    n_one += s.n_touched == 1;
    n_empty += s.n_touched == 0;
    n_lonely += d->n_lonely > 0;
    n_deep += d->n_stages > 1;
    fm__design_destroy(d);
  }
  ck_assert(n_made > 2500 && n_one > 25 && n_empty > 250 && n_lonely > 250 && n_deep > 250);
}
END_TEST

/* ---- a common part ---- */

/* -1/2 of the same leaves half; all of it leaves nothing, which must be summed first. Powers of two go through. */
START_TEST(cancelling_and_scales)
{
  static const uint32_t strata[] = {0, 0, 0, 1, 1}, units[] = {0, 1, 2, 3, 4};
  static const double z[] = {1, 3, 5, 10, 20};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {strata}};
  fm__design *d = make(&spec, &in);
  for (int power = -1000; power <= 1000; power += 500) {
    fm_error err = FM_ERROR_INIT;
    fm__common c = {NULL, 0, NAN};
    double scaled[5], error = -1;
    bool cancels = true;
    for (size_t i = 0; i < 5; i++)
      scaled[i] = ldexp(z[i], power);
    fm__touched y = {5, units, scaled};
    fm_assert_ok(fm__common_make(&c, d, scaled, &err), &err);
    fm_assert_ok(fm__common_std_error(&error, &cancels, &c, -0.5, d, &y, &err), &err);
    ck_assert(!cancels);
    fm_assert_close("half", error, ldexp(sqrt(112) / 2, power), 1e-15, 0);
    fm_assert_ok(fm__common_std_error(&error, &cancels, &c, -1, d, &y, &err), &err);
    ck_assert(cancels && isnan(error));
    fm_assert_ok(fm__common_std_error(&error, &cancels, &c, 0, d, &y, &err), &err);
    fm_assert_close("nothing of it", error, ldexp(sqrt(112), power), 1e-15, 0);
    fm__common_free(&c);
  }
  fm__design_destroy(d);
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  static const uint32_t units[] = {1, 4};
  static const double some[] = {3, 2};
  drawn *s = ctx;
  uint64_t seed = 4;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  fm__common c = {NULL, 0, NAN};
  double v;
  bool cancels;
  draw_rows(s, &in, &spec, &seed);
  in = (fm__design_input){.n = 12, .n_stages = 2, .cluster = {s->cluster[0]}, .fpc = {s->fpc[0]}};
  for (size_t i = 0; i < 12; i++) {
    s->cluster[0][i] = (uint32_t)i / 3;
    s->fpc[0][i] = 30;
  }
  fm__touched y = {2, units, some};
  fm_status status = fm__design_create(&d, &unit, &in, &spec, err);
  if (status == FM_OK)
    status = fm__common_make(&c, d, s->fpc[0], err);
  if (status == FM_OK)
    status = fm__common_std_error(&v, &cancels, &c, 0.5, d, &y, err);
  if (status == FM_OK)
    status = fm__design_degrees_of_freedom_of(&v, d, units, 2, err);
  fm__common_free(&c);
  fm__design_destroy(d);
  fm__free(unit);
  return status;
}

START_TEST(allocations)
{
  static drawn s;
  ck_assert_int_gt(fm_test_allocations(whole_life, &s), 12);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-touched");
  TCase *tests = tcase_create("touched");
  tcase_set_timeout(tests, 60);
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, lonely_unit_out_of_reach);
  tcase_add_test(tests, random_designs);
  tcase_add_test(tests, cancelling_and_scales);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
