#include <math.h>
#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

START_TEST(places)
{
  static const double rscales[] = {1, 1, 1, 1};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design_columns *c = NULL;
  spec.strata = "region, -";
  spec.psu = "area,household";
  spec.fpc = "areas , households";
  spec.replicates = "first,w08:w10";
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_JKN;
  spec.rscales = rscales;
  spec.n_rscales = 4;
  fm_assert_ok(fm__design_columns_create(&c, &spec, 2, 1, &err), &err);
  static const char *const numbers[] = {"areas", "households", "first", "w08", "w09", "w10"};
  static const char *const ids[] = {"region", "area", "household"};
  ck_assert_uint_eq(c->n_stages, 2);
  ck_assert_uint_eq(c->n_replicates, 4);
  ck_assert_uint_eq(c->n_numbers, 6);
  ck_assert_uint_eq(c->n_ids, 3);
  ck_assert_uint_eq(c->first_number, 2);
  ck_assert_uint_eq(c->first_id, 1);
  for (size_t k = 0; k < 6; k++)
    ck_assert_str_eq(c->numbers[k].name, numbers[k]);
  for (size_t k = 0; k < 3; k++)
    ck_assert_str_eq(c->ids[k], ids[k]);
  ck_assert(c->stratum_id[0] == 0 && c->stratum_id[1] == SIZE_MAX && c->cluster_id[1] == 2);
  fm__bytes b = {0};
  fm__design_columns_text(c, &b);
  ck_assert_str_eq(fm__spec_text_end(&b),
                   "design_strata=region, -;design_psu=area,household;design_fpc=areas , households;"
                   "design_replicates=first,w08:w10;design_rscale=0x3ff0000000000000;"
                   "design_rscale=0x3ff0000000000000;design_rscale=0x3ff0000000000000;"
                   "design_rscale=0x3ff0000000000000;design_method=1;design_replicate_kind=4");
  fm__bytes_free(&b);
  fm__design_columns_destroy(c);
  fm_assert_ok(fm__design_columns_create(&c, NULL, 0, 0, &err), &err);
  ck_assert(c->n_stages == 1 && c->n_numbers == 0 && c->n_ids == 0);
  fm__design_columns_text(c, &b);
  ck_assert_str_eq(fm__spec_text_end(&b), "");
  fm__bytes_free(&b);
  fm__design_columns_destroy(c);
  fm__design_columns_destroy(NULL);
}
END_TEST

START_TEST(refused)
{
  static const double one[] = {1};
  static const struct {
    const char *label, *strata, *psu, *fpc, *replicates, *auxiliaries, *base;
    int32_t method;
    size_t n_rscales;
    const char *words;
  } cases[] = {
      {.label = "empty name", .strata = "a,,b", .words = "the design's strata: expected column names"},
      {.label = "no text", .psu = "", .words = "the design's psu: expected column names"},
      {.label = "gap in psu", .psu = "-,b", .words = "each stage named needs a unit column"},
      {.label = "gap in fpc", .psu = "a,b", .fpc = "-,b", .words = "without gaps"},
      {.label = "too few units", .strata = "a,b,c", .psu = "a", .words = "3 stages but 1 unit columns"},
      {.label = "too deep", .psu = "a,b,c,d,e", .words = "at most 4 stages, not 5"},
      {.label = "no replicates", .method = 1, .words = "its method, replicates, must be given together"},
      {.label = "no method", .replicates = "a,b", .words = "must be given together"},
      {.label = "one replicate", .method = 1, .replicates = "a", .words = "1 replicate weights"},
      {.label = "rscales", .method = 1, .replicates = "a,b", .n_rscales = 1, .words = "2 replicate weights and 1"},
      {.label = "range", .method = 1, .replicates = "a1:b4", .words = "expected a range as in r1:r48"},
      {.label = "falling", .method = 1, .replicates = "a4:a1", .words = "expected a range"},
      {.label = "no number", .method = 1, .replicates = "a:b", .words = "expected a range"},
      {.label = "endless", .method = 1, .replicates = "a1:a999999", .words = "expected a range"},
      {.label = "auxiliaries", .method = 2, .auxiliaries = "a", .words = "the method taylor only"},
      {.label = "base", .base = "a", .words = "base_weight goes with auxiliaries only"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm__design_columns *c = (fm__design_columns *)1;
    spec.strata = cases[k].strata;
    spec.psu = cases[k].psu;
    spec.fpc = cases[k].fpc;
    spec.replicates = cases[k].replicates;
    spec.auxiliaries = cases[k].auxiliaries;
    spec.base_weight = cases[k].base;
    spec.method = cases[k].method;
    spec.replicate_kind = FM_SURVEY_BRR;
    spec.n_rscales = cases[k].n_rscales;
    spec.rscales = cases[k].n_rscales > 0 ? one : NULL;
    ck_assert_int_eq(fm__design_columns_create(&c, &spec, 0, 0, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(c == NULL);
  }
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design_columns *c = NULL;
  spec.struct_size = 0;
  ck_assert_int_eq(fm__design_columns_create(&c, &spec, 0, 0, &err), FM_ERR_ARGUMENT);
}
END_TEST

static fm_status create(void *ctx, fm_error *err)
{
  (void)ctx;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_columns *c = NULL;
  spec.strata = "region";
  spec.psu = "area";
  spec.auxiliaries = "age,sex";
  spec.base_weight = "w0";
  fm_status status = fm__design_columns_create(&c, &spec, 0, 0, err);
  fm__design_columns_destroy(c);
  return status;
}

static fm_status create_replicates(void *ctx, fm_error *err)
{
  static const double rscales[] = {1, 1, 1};
  (void)ctx;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_columns *c = NULL;
  spec.replicates = "r1:r3";
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_JKN;
  spec.rscales = rscales;
  spec.n_rscales = 3;
  fm_status status = fm__design_columns_create(&c, &spec, 0, 0, err);
  fm__design_columns_destroy(c);
  return status;
}

START_TEST(allocations)
{
  ck_assert_int_gt(fm_test_allocations(create, NULL), 12);
  ck_assert_int_gt(fm_test_allocations(create_replicates, NULL), 7);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-columns");
  TCase *tests = tcase_create("columns");
  tcase_add_test(tests, places);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
