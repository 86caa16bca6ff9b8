/* Parity from a register: which frame each subject takes, its rows, and what is refused. */
#include "register/frame_data.h"

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *read_demo(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_assert_ok(fm_register_read(&r, NULL, DEMO, NULL, NULL, &err), &err);
  return r;
}

static fm_table *computed(const fm_register *r, const char *id, const char *options, const char *weight)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  spec.options = options;
  spec.weight = weight;
  fm_assert_ok(fm_catalogue_compute(&t, r, id, &spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static double of(const fm_table *t, const char *quantity, const char *group, const char *column)
{
  return fm_test_number(t, column, fm_test_row(t, "quantity", quantity, "group", group, NULL, NULL));
}

/* The share in work at 12 months is that of retention.status for each person's first job. */
START_TEST(still_in_work)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = computed(r, "parity.rates", "of=retention.status;group=sex;reference=male", NULL), *plain;
  spec.by = "sex";
  spec.options = "index=first;horizons=12";
  fm_assert_ok(fm_catalogue_compute(&plain, r, "retention.status", &spec, NULL, &err), &err);
  size_t row = fm_test_row(plain, "sex", "female", "quantity", "rate", NULL, NULL);
  fm_assert_close("share", of(t, "share", "female", "value"), fm_test_number(plain, "value", row), 1e-15, 0);
  fm_assert_close("people", of(t, "share", "female", "people"), fm_test_number(plain, "people", row), 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(plain);
  t = computed(r, "parity.rates", "of=retention.status;group=sex;against=rest;index=placement;horizon=6", NULL);
  ck_assert(of(t, "share", "female", "n") > of(t, "share", "female", "people"));
  fm_table_destroy(t);
  t = computed(r, "parity.rates", "of=retention.status;group=sex;against=rest;definition=strict;horizon=6", NULL);
  ck_assert(of(t, "share", "female", "value") > 0);
  fm_table_destroy(t);
  t = computed(r, "parity.rates", "of=retention.status;group=sex;reference=male;strata=education", NULL);
  ck_assert(!isnan(of(t, "adjusted_difference", "female", "value")));
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* Who has begun a job: programme.people. */
START_TEST(job_starts)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = computed(r, "parity.rates", "of=placements;group=sex;against=population", NULL), *plain;
  spec.by = "sex";
  fm_assert_ok(fm_catalogue_compute(&plain, r, "programme.people", &spec, NULL, &err), &err);
  double people = of(t, "share", "female", "people");
  fm_assert_close("people", people,
                  fm_test_number(plain, "value", fm_test_row(plain, "sex", "female", "quantity", "people", NULL, NULL)),
                  0, 0);
  fm_table_destroy(t);
  fm_table_destroy(plain);
  fm_register_destroy(r);
}
END_TEST

/* Hours and wages of placements that are work; a person may have several. */
START_TEST(hours_and_wages)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_table *frame;
  f.kind = "placements";
  f.by = "sex,hourly_wage";
  fm_assert_ok(fm_register_frame(&frame, r, &f, NULL, &err), &err);
  double hours = 0, wage = 0, n_hours = 0, n_wage = 0;
  for (size_t i = 0; i < fm_table_n_rows(frame); i++) {
    double h = fm_test_number(frame, "hours_per_week", i), w = fm_test_number(frame, "hourly_wage", i);
    bool work = fm_test_number(frame, "work", i) == 1 && strcmp(fm_test_text(frame, "sex", i), "female") == 0;
    hours += work && !isnan(h) ? h : 0;
    n_hours += work && !isnan(h);
    wage += work && !isnan(w) ? w : 0;
    n_wage += work && !isnan(w);
  }
  fm_table_destroy(frame);
  fm_table *t = computed(r, "parity.means", "of=hours;group=sex;reference=male", NULL);
  fm_assert_close("hours", of(t, "mean", "female", "value"), hours / n_hours, 1e-13, 0);
  fm_assert_close("rows", of(t, "mean", "female", "n"), n_hours, 0, 0);
  ck_assert(of(t, "mean", "female", "people") < n_hours);
  fm_table_destroy(t);
  t = computed(r, "parity.means", "of=wages;group=sex;reference=male", NULL);
  fm_assert_close("wage", of(t, "mean", "female", "value"), wage / n_wage, 1e-13, 0);
  fm_table_destroy(t);
  t = computed(r, "parity.means", "of=wages;group=sex;reference=male;cluster=none", NULL);
  fm_assert_close("rows alone", of(t, "mean", "female", "people"), n_wage, 0, 0);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(gains)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_table *t =
      computed(r, "parity.means", "of=income_gain;group=sex;reference=male;period_0=2023;period_1=2025", "weight");
  ck_assert(of(t, "mean", "female", "n") > 5 && of(t, "mean", "female", "weight") > 0);
  fm_table_destroy(t);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = "of=income_gain;group=sex;reference=male;period_1=x";
  ck_assert_int_eq(fm_catalogue_compute(&t, r, "parity.means", &spec, NULL, &err), FM_ERR_ARGUMENT);
  fm_register_destroy(r);
}
END_TEST

/* What the frame of the register says of the same columns. */
START_TEST(decomposition)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_table *frame, *plain;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  f.kind = "placements";
  f.by = "sex,hourly_wage,education,headcount";
  f.filter = "work = true";
  fm_assert_ok(fm_register_frame(&frame, r, &f, NULL, &err), &err);
  spec.options = "value=hourly_wage;group=sex;reference=male;covariates=hours_per_week,education:basic,headcount;"
                 "cluster=person_id";
  fm_assert_ok(fm_catalogue_compute_frame(&plain, frame, "parity.decomposition", &spec, NULL, &err), &err);
  fm_table *t = computed(
      r, "parity.decomposition",
      "of=wages;group=sex;reference=male;covariates=hours_per_week,education:basic,headcount;logarithm=no", NULL);
  fm_assert_same_table("decomposition", t, plain);
  ck_assert(of(t, "difference", "female", "people") < of(t, "difference", "female", "n"));
  fm_table_destroy(t);
  fm_table_destroy(plain);
  fm_table_destroy(frame);
  fm_register_destroy(r);
}
END_TEST

static const struct refusal {
  const char *id, *options, *said;
} refusals[] = {
    {"parity.rates", "group=sex;reference=male", "parity.rates is computed from a table of its own"},
    {"parity.rates", "of=hours;group=sex;reference=male",
     "expected one of retention.status, placements; found \"hours\""},
    {"parity.means", "of=;group=sex;reference=male", "unless the option of says what of it: hours, wages, income_gain"},
    {"parity.rates", "of=retention.status;horizon=6,12;group=sex;reference=male", "one horizon; found \"6,12\""},
    {"parity.rates", "of=retention.status;definition=strict,self_support;horizon=26;group=sex;reference=male",
     "one definition at one horizon"},
    {"parity.rates", "of=retention.status;definition=strict;group=sex;reference=male", "option horizon: expected"},
    {"parity.rates", "of=placements;group=sex;reference=male;against=all", "one of reference, rest, population"},
    {"parity.means", "of=hours;group=sex;reference=male;against=all", "one of reference, rest, population"},
    {"parity.rates", "of=placements;group=sex;reference=male;least_ratio=x", "option least_ratio"},
    {"parity.means", "of=income_gain;group=sex;reference=male;period_0=x", "option period_0"},
    {"parity.decomposition", "of=wages;group=sex;reference=male", "covariates: expected"},
    {"parity.decomposition", "of=wages;group=sex;reference=male;covariates=hours_per_week;logarithm=2",
     "one of no, yes"},
    {"parity.decomposition", "of=placements;group=sex;reference=male;covariates=age", "hours, wages, income_gain"},
    {"parity.means", "of=hours;group=colour;reference=male", "colour"},
};

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  spec.options = refusals[_i].options;
  ck_assert_int_ne(fm_catalogue_compute(&t, r, refusals[_i].id, &spec, NULL, &err), FM_OK);
  ck_assert_msg(strstr(err.message, refusals[_i].said) != NULL, "%s", err.message);
  fm_register_destroy(r);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.options = "of=retention.status;group=sex;reference=male";
  spec.by = "disability";
  fm_status status = fm_catalogue_compute(&t, ctx, "parity.rates", &spec, NULL, err);
  fm_table_destroy(t);
  return status;
}

static fm_status parts(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.options = "of=hours;group=sex;reference=male;covariates=age,disability:1";
  fm_status status = fm_catalogue_compute(&t, ctx, "parity.decomposition", &spec, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  static const source data[] = {
      {"persons",
       "person_id,sex,disability,birth_date\nA,female,1,1980-01-01\nB,male,1,1990-01-01\nC,male,1,2000-01-01\n"},
      {"placements",
       "placement_id,person_id,kind,start,hours_per_week\n1,A,ordinary,2023-01-01,20\n2,B,ordinary,2023-02-01,30\n"
       "3,C,ordinary,2024-12-01,37\n"}};
  fm_register *r = register_of(data, 2, false);
  ck_assert_int_gt(fm_test_allocations(once, r), 50);
  ck_assert_int_gt(fm_test_allocations(parts, r), 50);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("parity of a register");
  TCase *c = tcase_create("parity");
  tcase_add_test(c, still_in_work);
  tcase_add_test(c, job_starts);
  tcase_add_test(c, hours_and_wages);
  tcase_add_test(c, gains);
  tcase_add_test(c, decomposition);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
