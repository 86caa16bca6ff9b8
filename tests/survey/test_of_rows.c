#include <math.h>
#include <string.h>

#include "support/support.h"
#include "survey/design_priv.h"

/* Rows of a frame, reduced, and their design. Numbers: x, w, then the design's. */
static const char *const columns[] = {"x:f64",  "w:f64",  "region:code", "area:i64", "areas:f64",
                                      "r1:f64", "r2:f64", "one:f64",     "w0:f64"};
enum { N_COLUMNS = 9, N_ROWS = 7 };
/* two equal rows; regions b before a; the same area number in both */
static const char *const cells[] = {
    "4", "2", "b", "1", "8", "2", "3", "1", "1", /* */
    "4", "2", "b", "1", "8", "2", "3", "1", "1", /* */
    "1", "1", "b", "2", "8", "0", "2", "1", "2", /* */
    "9", "3", "a", "1", "6", "6", "0", "1", "3", /* */
    "2", "1", "a", "3", "6", "1", "1", "1", "1", /* */
    "5", "1", "a", "3", "6", "1", "1", "1", "1", /* */
    "7", "2", "a", "4", "6", "2", "2", "1", "2",
};

typedef struct made {
  fm__design_columns *c;
  fm__rows *rows;
  fm__design *d;
  uint32_t *unit;
} made;

static void unmake(made *m)
{
  fm__design_destroy(m->d);
  fm__free(m->unit);
  fm__rows_destroy(m->rows);
  fm__design_columns_destroy(m->c);
}

static fm_status take(void *context, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err)
{
  (void)keep;
  return fm__design_columns_take(context, numbers, place, err);
}

static fm_status make(made *m, const fm_survey_design_spec *spec, const fm_table *frame, fm_error *err)
{
  fm__rows_number numbers[8] = {{"x", 0}, {"w", 0}};
  const char *ids[4];
  *m = (made){.c = NULL};
  fm_status status = fm__design_columns_create(&m->c, spec, 2, 0, err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < m->c->n_numbers; k++)
    numbers[2 + k] = m->c->numbers[k];
  for (size_t k = 0; k < m->c->n_ids; k++)
    ids[k] = m->c->ids[k];
  status = fm__rows_create(&m->rows, numbers, 2 + m->c->n_numbers, ids, m->c->n_ids, err);
  if (status == FM_OK)
    status = fm__rows_add(m->rows, frame, take, m->c, err);
  if (status == FM_OK)
    status = fm__rows_reduce(m->rows, err);
  if (status == FM_OK)
    status = fm__design_of_rows(&m->d, &m->unit, m->c, m->rows, 1, err);
  return status;
}

/* Standard error of the total of w x. */
static double error_of(const made *m)
{
  fm_error err = FM_ERROR_INIT;
  double z[N_ROWS] = {0}, error = 0;
  for (size_t i = 0; i < fm__rows_n(m->rows); i++) {
    const double *numbers = fm__rows_numbers(m->rows, i);
    z[m->unit[i]] += (double)fm__rows_count(m->rows, i) * numbers[0] * numbers[1];
  }
  fm_assert_ok(fm__design_std_error(&error, m->d, z, &err), &err);
  return error;
}

/* Areas: b1 16, b2 1; a1 27, a3 7, a4 14. Means 8.5 and 16: squares 2 * 7.5^2 = 112.5 and 121 + 81 + 4 = 206;
 * 2 * 112.5 * 6/8 + 3/2 * 206 * 3/6 = 168.75 + 154.5 = 323.25.
 * Regions alone: b 8, 8, 1 with mean 17/3, squares (7/3)^2 + (7/3)^2 + (14/3)^2 = 294/9, times 3/2 = 49;
 * a 27, 2, 5, 14 with mean 12, squares 225 + 100 + 49 + 4 = 378, times 4/3 = 504; together 553. */
START_TEST(hand_worked)
{
  const struct {
    const char *label, *strata, *psu, *fpc;
    double variance;
    size_t n_units;
  } cases[] = {{"areas", "region", "area", "areas", 323.25, 5}, {"rows", "region", NULL, NULL, 553, 6}};
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    made m;
    spec.strata = cases[k].strata;
    spec.psu = cases[k].psu;
    spec.fpc = cases[k].fpc;
    fm_assert_ok(make(&m, &spec, frame, &err), &err);
    ck_assert_uint_eq(fm__rows_n(m.rows), 6);
    ck_assert_uint_eq(fm__design_n_units(m.d), cases[k].n_units);
    fm_assert_close(cases[k].label, error_of(&m), sqrt(cases[k].variance), 1e-14, 0);
    unmake(&m);
  }
  fm_table_destroy(frame);
}
END_TEST

/* Replicate totals of w x: r1 8 + 8 + 0 + 54 + 2 + 5 + 14 = 91, r2 12 + 12 + 2 + 0 + 2 + 5 + 14 = 47. */
START_TEST(replicates)
{
  static const double expected[] = {91, 47};
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  made m;
  spec.method = FM_SURVEY_REPLICATES;
  spec.replicate_kind = FM_SURVEY_BRR;
  spec.replicates = "r1:r2";
  fm_assert_ok(make(&m, &spec, frame, &err), &err);
  for (size_t r = 0; r < fm__design_n_replicates(m.d); r++) {
    double factor[N_ROWS], total = 0;
    fm_assert_ok(fm__design_replicate(factor, m.d, r, &err), &err);
    for (size_t i = 0; i < fm__rows_n(m.rows); i++) {
      const double *numbers = fm__rows_numbers(m.rows, i);
      total += (double)fm__rows_count(m.rows, i) * numbers[0] * numbers[1] * factor[m.unit[i]];
    }
    fm_assert_close("total", total, expected[r], 1e-15, 0);
  }
  ck_assert_uint_eq(fm__design_n_replicates(m.d), 2);
  unmake(&m);
  fm_table_destroy(frame);
}
END_TEST

/* On a constant, base weights 1, 1, 2, 3, 1, 1, 2 (sum 11): mean (4 + 4 + 2 + 27 + 2 + 5 + 14) / 11 = 58/11;
 * residuals times w by area, in elevenths: b1 4 * (-14) = -56, b2 -47, a1 3 * 41 = 123, a3 -36 - 3 = -39,
 * a4 2 * 19 = 38. b: mean -51.5, squares 2 * 4.5^2 = 40.5, times 2 = 81; a: mean 122/3, squares (247/3)^2 +
 * (239/3)^2 + (8/3)^2 = 118194/9, times 3/2 = 19699. */
START_TEST(auxiliaries)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  made m;
  spec.strata = "region";
  spec.psu = "area";
  spec.auxiliaries = "one";
  spec.base_weight = "w0";
  fm_assert_ok(make(&m, &spec, frame, &err), &err);
  ck_assert_uint_eq(fm__design_n_units(m.d), 6);
  fm_assert_close("residuals", error_of(&m), sqrt(81 + 19699) / 11, 1e-14, 0);
  unmake(&m);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *label;
    size_t column;
    const char *cell;
    int32_t kind; /* 1: replicates, 2: auxiliaries */
    const char *words;
  } cases[] = {{"no region", 2, "", 0, "column region, row 0: expected the stratum of each row"},
               {"no area", 3, "", 0, "column area, row 0: expected the sampling unit"},
               {"no areas", 4, "", 0, "column areas, row 0: expected a population size above 0"},
               {"few areas", 4, "-1", 0, "column areas, row 0: expected a population size above 0"},
               {"no replicate", 5, "", 1, "column r1, row 0: expected a finite replicate weight of at least 0"},
               {"negative", 6, "-2", 1, "column r2, row 0: expected a finite replicate weight"},
               {"no auxiliary", 7, "", 2, "column one, row 0: expected a finite number"},
               {"base", 8, "-1", 2, "column w0, row 0: expected a weight of at least 0"}};
  for (int k = 0; k < FM_COUNT(cases); k++) {
    const char *changed[N_COLUMNS * N_ROWS];
    memcpy(changed, cells, sizeof changed);
    changed[cases[k].column] = cases[k].cell;
    fm_table *frame = fm_test_table(columns, N_COLUMNS, changed, N_ROWS);
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    made m;
    spec.strata = "region";
    spec.psu = "area";
    spec.fpc = "areas";
    if (cases[k].kind == 2) {
      spec.auxiliaries = "one";
      spec.base_weight = "w0";
    }
    if (cases[k].kind == 1) {
      spec.method = FM_SURVEY_REPLICATES;
      spec.replicate_kind = FM_SURVEY_BRR;
      spec.replicates = "r1,r2";
    }
    ck_assert_int_eq(make(&m, &spec, frame, &err), FM_ERR_VALUE);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    size_t length = strcspn(columns[cases[k].column], ":");
    ck_assert_int_eq(err.row, 0);
    ck_assert(strlen(err.column) == length && memcmp(err.column, columns[cases[k].column], length) == 0);
    ck_assert(m.d == NULL && m.unit == NULL);
    unmake(&m);
    fm_table_destroy(frame);
  }
}
END_TEST

/* Rows that came in unchecked, as those of a damaged state. */
START_TEST(unchecked)
{
  for (size_t column = 2; column < 4; column++) {
    const char *changed[N_COLUMNS * N_ROWS], *const ids[] = {"region", "area"};
    const fm__rows_number numbers[] = {{"x", 0}, {"w", 0}};
    memcpy(changed, cells, sizeof changed);
    changed[column] = "";
    fm_table *frame = fm_test_table(columns, N_COLUMNS, changed, N_ROWS);
    fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    made m = {.c = NULL};
    spec.strata = "region";
    spec.psu = "area";
    fm_assert_ok(fm__design_columns_create(&m.c, &spec, 2, 0, &err), &err);
    fm_assert_ok(fm__rows_create(&m.rows, numbers, 2, ids, 2, &err), &err);
    fm_assert_ok(fm__rows_add(m.rows, frame, NULL, NULL, &err), &err);
    fm_assert_ok(fm__rows_reduce(m.rows, &err), &err);
    ck_assert_int_eq(fm__design_of_rows(&m.d, &m.unit, m.c, m.rows, 1, &err), FM_ERR_VALUE);
    ck_assert_str_eq(err.column, ids[column - 2]);
    ck_assert_msg(strstr(err.message, "has a missing value") != NULL, "%s", err.message);
    unmake(&m);
    fm_table_destroy(frame);
  }
}
END_TEST

static fm_status whole_life(void *ctx, fm_error *err)
{
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  made m;
  spec.strata = "region";
  spec.fpc = "areas";
  spec.auxiliaries = "one";
  fm_status status = make(&m, &spec, ctx, err);
  unmake(&m);
  return status;
}

START_TEST(allocations)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  ck_assert_int_gt(fm_test_allocations(whole_life, frame), 25);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-of_rows");
  TCase *tests = tcase_create("of_rows");
  tcase_add_test(tests, hand_worked);
  tcase_add_test(tests, replicates);
  tcase_add_test(tests, auxiliaries);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, unchecked);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
