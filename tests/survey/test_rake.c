#include <math.h>
#include <stdio.h>

#include "sample.h"

static const char *const people[] = {"sex:code", "age:i64", "w:f64"};
static const char *const rows[] = {"m", "1", "1", "m", "2", "2", "f", "1", "5", "f", "2", "2"};
static const char *const by_sex[] = {"sex:code", "total:f64"};
static const char *const by_age[] = {"age:i64", "total:f64"};
static const char *const by_both[] = {"age:i64", "total:f64", "sex:code"};

/* Men weigh 3, women 7; wanted 30 and 14: factors 10 and 2. */
START_TEST(one_margin)
{
  static const char *const cells[] = {"f", "14", "m", "30", "x", "0"};
  static const double expected[] = {10, 20, 10, 4}, factor[] = {10, 10, 2, 2};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(people, 3, rows, 4), *margin = fm_test_table(by_sex, 2, cells, 3), *out = NULL;
  const fm_table *margins[] = {margin};
  fm_assert_ok(fm_survey_rake(&out, frame, "w", margins, 1, NULL, &err), &err);
  for (size_t i = 0; i < 4; i++) {
    fm_assert_close("weight", fm_test_number(out, "weight", i), expected[i], 1e-15, 0);
    fm_assert_close("g", fm_test_number(out, "g", i), factor[i], 1e-15, 0);
  }
  ck_assert_str_eq(fm_table_note(out, "least_g"), "2");
  ck_assert_str_eq(fm_table_note(out, "largest_g"), "10");
  ck_assert_str_eq(fm_table_note(out, "iterations"), "1");
  ck_assert_str_eq(fm_table_note(out, "worst"), "0");
  fm_table_destroy(out);
  fm_table_destroy(frame);
  fm_table_destroy(margin);
}
END_TEST

/* A margin of 0 takes its people out; weights of one row each are 1 without a column. */
START_TEST(cells_and_no_weights)
{
  static const char *const cells[] = {"1", "3", "m", "2", "5", "m", "1", "0", "f", "2", "4", "f"};
  static const double expected[] = {3, 5, 0, 4};
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(people, 3, rows, 4), *margin = fm_test_table(by_both, 3, cells, 4), *out = NULL;
  const fm_table *margins[] = {margin};
  fm_assert_ok(fm_survey_rake(&out, frame, NULL, margins, 1, NULL, &err), &err);
  for (size_t i = 0; i < 4; i++)
    fm_assert_close("weight", fm_test_number(out, "weight", i), expected[i], 1e-15, 0);
  fm_table_destroy(out);
  fm_table_destroy(frame);
  fm_table_destroy(margin);
}
END_TEST

/* ---- R's survey, rake() ---- */

enum { TEXT = 32 };

static fm_table *margin_of(const char *column, const char *prefix)
{
  static char text[8][TEXT];
  const char *cells[8], *columns[2];
  char typed[TEXT];
  fm_oracle *o = fm_oracle_open("survey/totals.csv");
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    const char *name = fm_oracle_text(o, i, "name");
    if (strncmp(name, prefix, strlen(prefix)) != 0)
      continue;
    snprintf(text[n], TEXT, "%s", name + strlen(prefix));
    cells[n] = text[n];
    n++;
    snprintf(text[n], TEXT, "%s", fm_oracle_text(o, i, "total"));
    cells[n] = text[n];
    n++;
  }
  fm_oracle_close(o);
  snprintf(typed, sizeof typed, "%s:i64", column);
  columns[0] = typed;
  columns[1] = "total:f64";
  return fm_test_table(columns, 2, cells, n / 2);
}

/* The people of the sample in a given order; weights times 2^e. */
static fm_table *sample_of(const sample *s, bool turned, int e)
{
  static const char *const columns[] = {"sex:i64", "age:i64", "w:f64"};
  static char text[3 * SAMPLE_ROWS][TEXT];
  const char *cells[3 * SAMPLE_ROWS];
  for (size_t i = 0; i < s->n; i++) {
    size_t from = turned ? s->n - 1 - i : i;
    snprintf(text[3 * i], TEXT, "%.0f", s->sex[from]);
    snprintf(text[3 * i + 1], TEXT, "%.0f", s->age[from]);
    snprintf(text[3 * i + 2], TEXT, "%.17g", ldexp(s->w[from], e));
    for (size_t k = 0; k < 3; k++)
      cells[3 * i + k] = text[3 * i + k];
  }
  return fm_test_table(columns, 3, cells, s->n);
}

START_TEST(r_agrees)
{
  fm_error err = FM_ERROR_INIT;
  sample s;
  read_sample(&s, NULL);
  fm_table *people_of = sample_of(&s, false, 0), *turned = sample_of(&s, true, 40), *out = NULL, *again = NULL;
  fm_table *sex = margin_of("sex", "sex:"), *age = margin_of("age", "age:");
  const fm_table *margins[] = {sex, age};
  fm_assert_ok(fm_survey_rake(&out, people_of, "w", margins, 2, NULL, &err), &err);
  fm_oracle *o = fm_oracle_open("survey/calibration.csv");
  size_t n = 0;
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++)
    if (strcmp(fm_oracle_text(o, i, "case"), "rake") == 0) {
      fm_assert_close("weight", fm_test_number(out, "weight", n), fm_oracle_number(o, i, "weight"), 1e-12, 0);
      n++;
    }
  ck_assert_uint_eq(n, SAMPLE_ROWS);
  fm_oracle_close(o);
  /* any order of the rows, weights times a power of two: the same bits */
  fm_assert_ok(fm_survey_rake(&again, turned, "w", margins, 2, NULL, &err), &err);
  for (size_t i = 0; i < SAMPLE_ROWS; i++)
    ck_assert_double_eq(fm_test_number(again, "weight", SAMPLE_ROWS - 1 - i), fm_test_number(out, "weight", i));
  fm_table_destroy(people_of);
  fm_table_destroy(turned);
  fm_table_destroy(out);
  fm_table_destroy(again);
  fm_table_destroy(sex);
  fm_table_destroy(age);
}
END_TEST

/* ---- refusals ---- */

static const char *const sex_cells[] = {"f", "14", "m", "30"};
static const char *const age_cells[] = {"1", "20", "2", "24"};

START_TEST(refused)
{
  static const char *const no_men[] = {"f", "14"}, *const twice[] = {"f", "14", "f", "30"};
  static const char *const more[] = {"f", "14", "m", "30", "x", "2"}, *const bad[] = {"f", "14", "m", "-30"};
  static const char *const gone[] = {"f", "14", "m", ""}, *const other[] = {"1", "20", "2", "25"};
  static const char *const only[] = {"total:f64"}, *const lone[] = {"1"};
  static const char *const half[] = {"m", "1", "1", "m", "2", "2", "f", "1", "5", "f", "2", ""};
  /* everyone of one sex has one age: only equal totals could be met */
  static const char *const tied[] = {"m", "1", "1", "m", "1", "2", "f", "2", "5", "f", "2", "2"};
  const struct {
    const char *label, *weight;
    const char *const *rows, *const *sex_columns, *const *cells;
    size_t n_columns, n_cells;
    const char *const *ages;
    fm_status status;
    const char *words;
  } cases[] = {
      {"no total", "w", rows, by_sex, no_men, 2, 1, NULL, FM_ERR_VALUE, "category sex = m of the sample has no total"},
      {"twice", "w", rows, by_sex, twice, 2, 2, NULL, FM_ERR_VALUE, "category sex = f is there twice"},
      {"nobody", "w", rows, by_sex, more, 2, 3, NULL, FM_ERR_VALUE, "category sex = x has a total but no weight"},
      {"negative", "w", rows, by_sex, bad, 2, 2, NULL, FM_ERR_VALUE, "category sex = m has a total that is not"},
      {"missing", "w", rows, by_sex, gone, 2, 2, NULL, FM_ERR_VALUE, "category sex = m has a total that is not"},
      {"sums", "w", rows, by_sex, sex_cells, 2, 2, other, FM_ERR_VALUE, "margin 1 adds up to 44 and margin 2 to 45"},
      {"no keys", "w", rows, only, lone, 1, 1, NULL, FM_ERR_ARGUMENT, "needs a category column beside total"},
      {"no column", "v", rows, by_sex, sex_cells, 2, 2, NULL, FM_ERR_NOT_FOUND, "v"},
      {"type", "sex", rows, by_sex, sex_cells, 2, 2, NULL, FM_ERR_TYPE, "sex"},
      {"no weight", "w", half, by_sex, sex_cells, 2, 2, NULL, FM_ERR_VALUE, "the weight of row 3"},
      {"cannot", "w", tied, by_sex, sex_cells, 2, 2, age_cells, FM_ERR_VALUE, "do not meet the totals after 1000"},
  };
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *frame = fm_test_table(people, 3, cases[k].rows, 4), *out = frame, *age = NULL;
    fm_table *sex = fm_test_table(cases[k].sex_columns, cases[k].n_columns, cases[k].cells, cases[k].n_cells);
    const fm_table *margins[] = {sex, NULL};
    if (cases[k].ages != NULL)
      margins[1] = age = fm_test_table(by_age, 2, cases[k].ages, 2);
    fm_status status = fm_survey_rake(&out, frame, cases[k].weight, margins, age != NULL ? 2 : 1, NULL, &err);
    ck_assert_msg(status == cases[k].status, "%s: %s %s", cases[k].label, fm_status_name(status), err.message);
    ck_assert_msg(strstr(err.message, cases[k].words) != NULL, "%s: %s", cases[k].label, err.message);
    ck_assert(out == NULL);
    fm_table_destroy(frame);
    fm_table_destroy(sex);
    fm_table_destroy(age);
  }
}
END_TEST

START_TEST(refused_specs)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(people, 3, rows, 4), *sex = fm_test_table(by_sex, 2, sex_cells, 2), *out = NULL;
  const fm_table *margins[] = {sex};
  fm_survey_calibrate_spec spec = FM_SURVEY_CALIBRATE_SPEC_INIT;
  ck_assert_int_eq(fm_survey_rake(&out, frame, "w", margins, 0, NULL, &err), FM_ERR_ARGUMENT);
  spec.low = 0.5;
  ck_assert_int_eq(fm_survey_rake(&out, frame, "w", margins, 1, &spec, &err), FM_ERR_ARGUMENT);
  spec.low = NAN;
  spec.tolerance = -1;
  ck_assert_int_eq(fm_survey_rake(&out, frame, "w", margins, 1, &spec, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(frame);
  fm_table_destroy(sex);
}
END_TEST

typedef struct tables {
  fm_table *sample, *sex, *age;
} tables;

static fm_status once(void *ctx, fm_error *err)
{
  tables *t = ctx;
  const fm_table *margins[] = {t->sex, t->age};
  fm_table *out = NULL;
  fm_status status = fm_survey_rake(&out, t->sample, "w", margins, 2, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  tables t = {fm_test_table(people, 3, rows, 4), fm_test_table(by_sex, 2, sex_cells, 2),
              fm_test_table(by_age, 2, age_cells, 2)};
  ck_assert_int_gt(fm_test_allocations(once, &t), 30);
  fm_table_destroy(t.sample);
  fm_table_destroy(t.sex);
  fm_table_destroy(t.age);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("survey-rake");
  TCase *tests = tcase_create("rake");
  tcase_add_test(tests, one_margin);
  tcase_add_test(tests, cells_and_no_weights);
  tcase_add_test(tests, r_agrees);
  tcase_add_test(tests, refused);
  tcase_add_test(tests, refused_specs);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
