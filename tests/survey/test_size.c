#include <math.h>

#include "support/support.h"
#include "survey/design_priv.h"

/* Two strata of two and three primary units; the second unit of the first stratum has two rows. */
static const uint32_t strata[] = {0, 0, 0, 1, 1, 1}, psus[] = {0, 1, 1, 0, 1, 2};

static fm__design *make(const fm_survey_design_spec *spec, const fm__design_input *in)
{
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  fm_assert_ok(fm__design_create(&d, &unit, in, spec, &err), &err);
  fm__free(unit);
  return d;
}

START_TEST(sizes_and_degrees_of_freedom)
{
  static const struct {
    const char *label;
    uint8_t in[5];
    double df;
  } cases[] = {{"all", {1, 1, 1, 1, 1}, 3},
               {"one stratum", {1, 1, 0, 0, 0}, 1},
               {"one unit of each", {1, 0, 0, 0, 1}, 0},
               {"one and two", {0, 1, 1, 0, 1}, 1},
               {"nobody", {0, 0, 0, 0, 0}, 0}};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 6, .n_stages = 1, .stratum = {strata}, .cluster = {psus}};
  fm__design *d = make(&spec, &in);
  size_t n_strata, n_primary;
  fm__design_size(d, &n_strata, &n_primary);
  ck_assert_uint_eq(n_strata, 2);
  ck_assert_uint_eq(n_primary, 5);
  ck_assert_uint_eq(fm__design_n_units(d), 5);
  ck_assert_double_eq(fm__design_degrees_of_freedom(d, NULL), 3);
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].label, fm__design_degrees_of_freedom(d, cases[k].in), cases[k].df, 0, 0);
  fm__design_destroy(d);
  spec.degrees_of_freedom = 7.5;
  d = make(&spec, &in);
  ck_assert_double_eq(fm__design_degrees_of_freedom(d, cases[1].in), 7.5);
  fm__design_destroy(d);
}
END_TEST

/* Rows pooled with a count are as many primary units. */
START_TEST(pooled_rows)
{
  static const uint64_t count[] = {3, 1, 2, 1, 1, 4};
  static const uint8_t domain[] = {1, 0, 1, 0, 0, 1};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input in = {.n = 6, .n_stages = 1, .stratum = {strata}, .count = count};
  fm__design *d = make(&spec, &in);
  size_t n_strata, n_primary;
  fm__design_size(d, &n_strata, &n_primary);
  ck_assert_uint_eq(n_primary, 12);
  ck_assert_double_eq(fm__design_degrees_of_freedom(d, NULL), 10);
  ck_assert_double_eq(fm__design_degrees_of_freedom(d, domain), 3 + 2 + 4 - 2);
  fm__design_destroy(d);
}
END_TEST

START_TEST(names_and_methods)
{
  static const struct {
    const char *name;
    int32_t method, kind, bootstrap;
  } cases[] = {{"taylor", FM_SURVEY_TAYLOR, 0, 0},
               {"none", FM_SURVEY_NONE, 0, 0},
               {"rao_wu", FM_SURVEY_BOOTSTRAP, 0, FM_SURVEY_AUTO},
               {"multinomial", FM_SURVEY_BOOTSTRAP, 0, FM_SURVEY_MULTINOMIAL},
               {"poisson", FM_SURVEY_BOOTSTRAP, 0, FM_SURVEY_POISSON},
               {"replicates", FM_SURVEY_REPLICATES, FM_SURVEY_OTHER, 0},
               {"brr", FM_SURVEY_REPLICATES, FM_SURVEY_BRR, 0},
               {"fay", FM_SURVEY_REPLICATES, FM_SURVEY_FAY, 0},
               {"jk1", FM_SURVEY_REPLICATES, FM_SURVEY_JK1, 0},
               {"jkn", FM_SURVEY_REPLICATES, FM_SURVEY_JKN, 0},
               {"bootstrap_weights", FM_SURVEY_REPLICATES, FM_SURVEY_BOOT, 0}};
  static const double weights[6] = {1, 1, 1, 1, 1, 1}, rscales[] = {1, 1};
  const double *columns[] = {weights, weights};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    spec.method = cases[k].method;
    spec.replicate_kind = cases[k].kind;
    spec.bootstrap = cases[k].bootstrap;
    spec.scale = 1;
    spec.rscales = rscales;
    spec.n_rscales = 2;
    fm__design_input in = {.n = 6, .n_stages = 1};
    bool rows = cases[k].bootstrap != FM_SURVEY_AUTO; /* bootstraps of single rows, 6 of them in one stratum */
    if (!rows) {
      in.stratum[0] = strata;
      in.cluster[0] = psus;
    }
    in.n_replicates = 2;
    in.replicate = columns;
    fm__design *d = make(&spec, &in);
    ck_assert_str_eq(fm__design_name(d), cases[k].name);
    ck_assert_int_eq(fm__design_method(d), cases[k].method);
    double df = cases[k].method == FM_SURVEY_REPLICATES ? 1 : cases[k].method == FM_SURVEY_NONE ? NAN : rows ? 5 : 3;
    fm_assert_close(cases[k].name, fm__design_degrees_of_freedom(d, NULL), df, 0, 0);
    fm__design_destroy(d);
  }
}
END_TEST

/* t(10) at 0.975 is 2.2281388519862739, the normal 1.959963984540054. Logit of 0.2: ln 0.25 = -1.3862943611198906,
 * its error 0.03 / 0.16 = 0.1875, limits at -1.3862943611198906 -/+ 2.2281388519862739 * 0.1875. */
START_TEST(limits)
{
  const struct {
    const char *label;
    double estimate, se, df, level;
    bool rate;
    double low, high;
  } cases[] = {
      {"t", 5, 2, 10, 0.95, false, 5 - 2 * 2.2281388519862739, 5 + 2 * 2.2281388519862739},
      {"normal", 5, 2, INFINITY, 0.95, false, 5 - 2 * 1.959963984540054, 5 + 2 * 1.959963984540054},
      {"unknown df", 5, 2, NAN, 0.95, false, 5 - 2 * 1.959963984540054, 5 + 2 * 1.959963984540054},
      {"logit", 0.2, 0.03, 10, 0.95, true, 1 / (1 + exp(1.3862943611198906 + 2.2281388519862739 * 0.1875)),
       1 / (1 + exp(1.3862943611198906 - 2.2281388519862739 * 0.1875))},
      {"no error", 5, 0, 10, 0.95, false, 5, 5},
      {"no error, rate", 0.5, 0, 10, 0.95, true, 0.5, 0.5},
      {"huge error, rate", 0.5, 1e6, 10, 0.95, true, 0, 1},
      {"rate of 0", 0, 0, 10, 0.95, true, NAN, NAN},
      {"rate of 1", 1, 0, 10, 0.95, true, NAN, NAN},
      {"no degrees", 5, 2, 0, 0.95, false, NAN, NAN},
      {"unknown error", 5, NAN, 10, 0.95, false, NAN, NAN},
      {"unknown", NAN, 2, 10, 0.95, false, NAN, NAN},
      {"level", 5, 2, 10, 1, false, NAN, NAN},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    double low, high;
    fm__survey_limits(&low, &high, cases[k].estimate, cases[k].se, cases[k].df, cases[k].level, cases[k].rate);
    fm_assert_close(cases[k].label, low, cases[k].low, 1e-13, 0);
    fm_assert_close(cases[k].label, high, cases[k].high, 1e-13, 0);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-size");
  TCase *tests = tcase_create("size");
  tcase_add_test(tests, sizes_and_degrees_of_freedom);
  tcase_add_test(tests, pooled_rows);
  tcase_add_test(tests, names_and_methods);
  tcase_add_test(tests, limits);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
