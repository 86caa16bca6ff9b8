#include <math.h>
#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

START_TEST(macro_and_function_agree)
{
  fm_survey_design_spec a = FM_SURVEY_DESIGN_SPEC_INIT, b;
  memset(&b, 0xff, sizeof b);
  fm_survey_design_spec_init(&b, sizeof b);
  ck_assert_uint_eq(b.struct_size, sizeof b);
  ck_assert(b.strata == NULL && b.psu == NULL && b.fpc == NULL && b.replicates == NULL && b.auxiliaries == NULL);
  ck_assert(isnan(a.scale) && isnan(b.scale) && isnan(a.degrees_of_freedom) && isnan(b.degrees_of_freedom));
  ck_assert_uint_eq(a.seed, b.seed);
  ck_assert_int_eq(a.n_replicates, b.n_replicates);
  ck_assert_int_eq(a.combined, b.combined);
  ck_assert_int_eq(b.method + b.lonely + b.fpc_kind + b.replicate_kind + b.mse + b.bootstrap, 0);
}
END_TEST

START_TEST(ranges)
{
  static const double negative[] = {1, -1};
  static const double fine[] = {1, 0.5};
  const struct {
    const char *label;
    fm_survey_design_spec spec;
    const char *word; /* of the message; NULL: accepted */
  } cases[] = {
      {"default", {.scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 1000}, NULL},
      {"method", {.method = 4, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "method must be 0 to 3"},
      {"lonely", {.lonely = -1, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "lonely must be"},
      {"fpc", {.fpc_kind = 2, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "fpc_kind must be"},
      {"kind",
       {.replicate_kind = 6, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9},
       "replicate_kind must"},
      {"mse", {.mse = 2, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "mse must be 0 to 1"},
      {"combined", {.combined = 2, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "combined must be"},
      {"bootstrap", {.bootstrap = 4, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "bootstrap must be"},
      {"one replicate", {.scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 1}, "n_replicates must be"},
      {"scale", {.scale = 0, .degrees_of_freedom = NAN, .n_replicates = 9}, "scale must be a number above 0"},
      {"df", {.scale = NAN, .degrees_of_freedom = 0, .n_replicates = 9}, "degrees_of_freedom must be above 0"},
      {"infinite df", {.scale = NAN, .degrees_of_freedom = INFINITY, .n_replicates = 9}, NULL},
      {"no rscales", {.scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9, .n_rscales = 2}, "given together"},
      {"rscales",
       {.scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9, .rscales = negative, .n_rscales = 2},
       "number 2 is not"},
      {"other without", {.method = 1, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9}, "scale and rscales"},
      {"other with",
       {.method = 1, .scale = 1, .degrees_of_freedom = NAN, .n_replicates = 9, .rscales = fine, .n_rscales = 2},
       NULL},
      {"jkn without",
       {.method = 1, .replicate_kind = 4, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9},
       "JKn"},
      {"rho of 1",
       {.method = 1, .replicate_kind = 2, .fay_rho = 1, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9},
       "below 1"},
      {"rho without fay",
       {.method = 1, .replicate_kind = 1, .fay_rho = 0.5, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9},
       "belongs to"},
      {"fay",
       {.method = 1, .replicate_kind = 2, .fay_rho = 0.5, .scale = NAN, .degrees_of_freedom = NAN, .n_replicates = 9},
       NULL},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status = fm__design_spec_check(&cases[k].spec, &err), expected = FM_OK;
    if (cases[k].word != NULL)
      expected = FM_ERR_ARGUMENT;
    ck_assert_msg(status == expected, "%s: %s", cases[k].label, err.message);
    ck_assert_msg(cases[k].word == NULL || strstr(err.message, cases[k].word) != NULL, "%s: %s", cases[k].label,
                  err.message);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-spec");
  TCase *tests = tcase_create("spec");
  tcase_add_test(tests, macro_and_function_agree);
  tcase_add_test(tests, ranges);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
