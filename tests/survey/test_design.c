#include <math.h>

#include "sample.h"

static fm_status create(fm__design **d, uint32_t **unit, const fm__design_input *in, const fm_survey_design_spec *spec,
                        fm_error *err)
{
  fm_error_clear(err);
  return fm__design_create(d, unit, in, spec, err);
}

/* Units are numbered by stratum, then unit; the same id in two strata is two units; rows of a unit share its number. */
START_TEST(units_are_nested)
{
  static const uint32_t stratum[] = {1, 0, 1, 0, 0}, psu[] = {5, 5, 5, 2, 5}, expected[] = {2, 1, 2, 0, 1};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  spec.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {stratum}, .cluster = {psu}};
  fm_assert_ok(create(&d, &unit, &in, &spec, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(d), 3);
  for (size_t i = 0; i < 5; i++)
    ck_assert_uint_eq(unit[i], expected[i]);
  fm__design_destroy(d);
  fm__free(unit);
}
END_TEST

/* Two strata of two areas, households within: ranges of each stage. Without the population size of the first stage the
 * second adds nothing, and the areas are the units. */
START_TEST(stages)
{
  static const uint32_t stratum[] = {0, 0, 0, 0, 1, 1, 1}, area[] = {0, 0, 1, 1, 0, 1, 1};
  static const uint32_t household[] = {0, 1, 0, 0, 4, 4, 7};
  static const double areas[] = {4, 4, 4, 4, 8, 8, 8}, households[] = {3, 3, 2, 2, 1, 5, 5};
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  spec.lonely = FM_SURVEY_LONELY_REMOVE;
  fm__design_input in = {.n = 7, .n_stages = 2, .stratum = {stratum}, .cluster = {area, household}};
  fm_assert_ok(create(&d, &unit, &in, &spec, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(d), 4);
  fm__design_destroy(d);
  fm__free(unit);
  in.fpc[0] = areas;
  in.fpc[1] = households;
  fm_assert_ok(create(&d, &unit, &in, &spec, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(d), 6);
  ck_assert_uint_eq(d->n_stages, 2);
  static const size_t cells[] = {0, 2, 3, 4, 6}, first[] = {0, 2, 3, 4, 6};
  static const double rest[] = {1.0 / 3, 0.5, 0, 0.6}, fraction[] = {0.5, 0.5, 0.25, 0.25};
  for (size_t i = 0; i < 5; i++) {
    ck_assert_uint_eq(d->stage[0].cells[i], cells[i]);
    ck_assert_uint_eq(d->stage[1].first[i], first[i]);
    ck_assert_uint_eq(d->stage[1].parent[i], i);
  }
  for (size_t i = 0; i < 4; i++) {
    fm_assert_close("rest", d->stage[1].rest[i], rest[i], 1e-15, 0);
    fm_assert_close("fraction", d->stage[1].fraction[i], fraction[i] * (1 - rest[i]), 1e-15, 0);
  }
  ck_assert_uint_eq(d->n_lonely, 1); /* one of two households of the second area; one of one is all of them */
  fm__design_destroy(d);
  fm__free(unit);
}
END_TEST

START_TEST(refused)
{
  static const uint32_t stratum[] = {0, 0, 0, 1, 1}, lone[] = {0, 0, 0, 0, 1};
  static const double few[] = {2, 2, 2, 9, 9}, mixed[] = {9, 9, 8, 9, 9}, zero[] = {9, 9, 9, 0, 0};
  static const double large[] = {0.5, 0.5, 0.5, 1.5, 1.5}, unknown[] = {9, 9, 9, NAN, NAN};
  const struct {
    const char *label;
    const uint32_t *stratum;
    const double *fpc;
    int32_t kind;
    const char *words;
  } cases[] = {{"lonely", lone, NULL, 0, "1 of the design's strata has a single sampled unit, expected at least 2"},
               {"too few", stratum, few, 0, "has 3 units in the sample, more than"},
               {"mixed", stratum, mixed, 0, "differ within a stratum"},
               {"zero", stratum, zero, 0, "is not a number above 0"},
               {"unknown", stratum, unknown, 0, "is not a number above 0"},
               {"share", stratum, large, 1, "is not a share above 0 and at most 1"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm__design *d = (fm__design *)1;
    uint32_t *unit = NULL;
    spec.fpc_kind = cases[k].kind;
    fm__design_input in = {.n = 5, .n_stages = 1, .stratum = {cases[k].stratum}, .fpc = {cases[k].fpc}};
    ck_assert_int_eq(create(&d, &unit, &in, &spec, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(d == NULL && unit == NULL);
  }
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm__design *d = NULL;
  uint32_t *unit = NULL;
  spec.method = 9;
  fm__design_input in = {.n = 5, .n_stages = 1};
  ck_assert_int_eq(create(&d, &unit, &in, &spec, &err), FM_ERR_ARGUMENT);
  fm__design_destroy(NULL);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-design");
  TCase *tests = tcase_create("design");
  tcase_add_test(tests, units_are_nested);
  tcase_add_test(tests, stages);
  tcase_add_test(tests, refused);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
