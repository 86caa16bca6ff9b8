/* Labour measures as tallies: any split, order and merge; saved bytes and damage; failing allocations. */
#include "lfs.h"

#include <math.h>
#include <string.h>

#include "base/base_priv.h"

/* Weights that no binary fraction holds, a weight of 0, missing answers, ages outside the bands. */
static const char *const columns[] = {
    "age:i32",     "paid_hours:f64", "absent_job:bool",      "seeking:bool",        "available:bool",
    "sex:code",    "w:f64",          "hourly_earnings:f64",  "status:code",         "fatal_injuries:i64",
    "stratum:i64", "psu:i64",        "recruitment_cost:f64", "monthly_earnings:f64"};
enum { N_COLUMNS = 14, N_ROWS = 14 };
static const char *const cells[] = {
    "30", "37",  "0", "0", "0", "F", "2.1", "101.7", "employee", "0", "1", "1", "100", "300",  /**/
    "30", "37",  "0", "0", "0", "F", "2.1", "101.7", "employee", "0", "1", "1", "100", "300",  /**/
    "40", "",    "0", "0", "0", "M", "1.3", "99.1",  "employee", "1", "1", "1", "500", "0",    /**/
    "50", "20",  "0", "0", "0", "M", "0.7", "170.2", "employee", "0", "1", "2", "700", "250",  /**/
    "20", "0",   "1", "0", "0", "M", "0.1", "",      "family",   "0", "1", "2", "",    "1000", /**/
    "22", "0",   "0", "1", "1", "F", "3.3", "",      "",         "0", "1", "2", "50",  "100",  /**/
    "23", "0",   "0", "1", "0", "",  "3.3", "",      "",         "0", "2", "3", "50",  "10",   /**/
    "70", "0",   "0", "0", "0", "F", "5.9", "",      "",         "0", "2", "3", "50",  "20",   /**/
    "80", "0",   "0", "0", "0", "M", "0",   "",      "",         "0", "2", "3", "50",  "20",   /**/
    "12", "0",   "0", "0", "0", "M", "1",   "",      "",         "0", "2", "3", "50",  "30",   /**/
    "",   "40",  "0", "0", "0", "M", "1.9", "88.8",  "employee", "",  "2", "4", "50",  "40",   /**/
    "33", "0.5", "0", "1", "1", "F", "1.9", "",      "",         "2", "2", "4", "50",  "50",   /**/
    "64", "12",  "0", "1", "1", "F", "1.1", "77.1",  "employee", "0", "2", "4", "51",  "60",   /**/
    "65", "12",  "0", "1", "1", "F", "1.1", "77.1",  "employee", "0", "2", "5", "52",  "70",
};

static fm_survey_design_spec design_of(int k)
{
  fm_survey_design_spec d = FM_SURVEY_DESIGN_SPEC_INIT;
  d.strata = "stratum";
  d.psu = "psu";
  if (k == 4) {
    d.method = FM_SURVEY_BOOTSTRAP;
    d.n_replicates = 7;
  }
  return d;
}

typedef struct made {
  fm_labour_spec spec;
  fm_survey_design_spec design;
} made;

static made spec_of(int k)
{
  made m = {.spec = FM_LABOUR_SPEC_INIT};
  m.spec.icls = 19;
  m.design = design_of(k);
  if (k >= 1) {
    m.spec.weight = "w";
    m.spec.by = "sex, age";
    m.spec.age_bands = "15-24,25-64";
    m.spec.margins = 1;
  }
  if (k >= 2)
    m.spec.indicators = "unemployment_rate,hourly_earnings,pay_gap,fatal_injuries";
  if (k == 5)
    m.spec.indicators = "recruitment_cost";
  return m;
}

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  made m = spec_of(*(const int *)ctx);
  if (*(const int *)ctx >= 3)
    m.spec.design = &m.design;
  return fm_labour_tally(out, &m.spec, err);
}

static fm_tally *make(void *ctx)
{
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_assert_ok(create(&t, ctx, &err), &err);
  return t;
}

START_TEST(any_split_and_order)
{
  fm_test_tally(make, &_i, columns, N_COLUMNS, cells, N_ROWS);
}
END_TEST

START_TEST(no_memory)
{
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  ck_assert_int_gt(fm_test_tally_allocations(create, &_i, frame), 20);
  fm_table_destroy(frame);
}
END_TEST

/* Weights far apart, and pay of nothing at first: exact all the same, in any order and split. */
static const char *const wide_columns[] = {"age:i32", "ls:code", "w:f64", "hourly_earnings:f64"};
static const char *const wide[] = {"30", "employed",   "3",      "",     "31", "employed",   "0.1",    "0",
                                   "32", "unemployed", "1e30",   "1e9",  "33", "unemployed", "1e-30",  "2.3",
                                   "34", "employed",   "1e-310", "1e-3", "35", "employed",   "1e300",  "0.7",
                                   "36", "employed",   "0.7",    "12.1", "37", "unemployed", "123.45", "7e5"};

static fm_tally *make_wide(void *ctx)
{
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  (void)ctx;
  spec.indicators = "unemployment_rate,hourly_earnings";
  spec.labour_status = "ls";
  spec.weight = "w";
  spec.icls = 19;
  fm_assert_ok(fm_labour_tally(&t, &spec, &err), &err);
  return t;
}

START_TEST(weights_of_any_size)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(wide_columns, 4, wide, 8), *t;
  fm_tally *tally = make_wide(NULL);
  fm_test_tally(make_wide, NULL, wide_columns, 4, wide, 8);
  fm_assert_ok(fm_tally_add(tally, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&t, tally, NULL, &err), &err);
  fm_assert_close("numerator", fm_test_number(t, "numerator", 0), 1e30, 0, 0); /* 1e30 + 123.45 + 1e-30 */
  fm_assert_close("denominator", fm_test_number(t, "denominator", 0), 1e300, 0, 0);
  fm_assert_close("pay", fm_test_number(t, "value", 1), 0.7, 1e-15, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_tally_destroy(tally);
}
END_TEST

START_TEST(measures_have_their_own_names)
{
  int several = 2, one = 5;
  fm_error err = FM_ERROR_INIT;
  fm_tally *a = make(&several), *b = make(&one);
  ck_assert_str_eq(fm_tally_measure(a), "labour.rates");
  ck_assert_str_eq(fm_tally_measure(b), "labour.recruitment_cost");
  ck_assert_int_eq(fm_tally_merge(a, b, &err), FM_ERR_MISMATCH);
  fm_tally_destroy(a);
  fm_tally_destroy(b);
}
END_TEST

/* ---- damage behind the check sum ---- */

/* Where a state begins in saved bytes, its hash just before. */
static size_t state_at(const unsigned char *bytes)
{
  size_t at = 8;
  for (int k = 0; k < 2; k++) { /* measure and version, then spec */
    uint32_t length = (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16;
    at += 4 + length + (k == 0 ? 4 : 0);
  }
  return at + 8 + 16;
}

static void put_hash(unsigned char *bytes, size_t at, size_t n)
{
  fm__hash128 hash = fm__hash(bytes + at, n - at);
  for (int i = 0; i < 8; i++) {
    bytes[at - 16 + (size_t)i] = (unsigned char)(hash.low >> (8 * i));
    bytes[at - 8 + (size_t)i] = (unsigned char)(hash.high >> (8 * i));
  }
}

/* Every byte of the state changed in turn, under a check sum that agrees: refused, or another state, never a fault. */
START_TEST(damaged_states_are_refused_or_read)
{
  int k = _i == 0 ? 1 : _i == 1 ? 2 : 3, refused = 0;
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_tally *t = make(&k);
  void *saved;
  size_t n;
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_save(&saved, &n, t, &err), &err);
  fm_tally_destroy(t);
  size_t first = state_at(saved);
  unsigned char *bytes = malloc(n);
  for (size_t at = first; at < n; at++)
    for (int flip = 0; flip < 3; flip++) {
      static const unsigned char flips[] = {0x01, 0x80, 0xff};
      memcpy(bytes, saved, n);
      bytes[at] ^= flips[flip];
      put_hash(bytes, first, n);
      t = make(&k);
      fm_error_clear(&err);
      fm_status status = fm_tally_load(t, bytes, n, &err);
      fm_table *result = NULL;
      if (status == FM_OK)
        ck_assert_int_ne(fm_tally_result(&result, t, NULL, &err), FM_ERR_MEMORY);
      else
        ck_assert_msg(status == FM_ERR_FORMAT, "byte %zu: %s", at, fm_status_name(status));
      refused += status != FM_OK;
      fm_table_destroy(result);
      fm_tally_destroy(t);
    }
  ck_assert_int_gt(refused, 50);
  free(bytes);
  fm_free(saved);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-state");
  TCase *c = tcase_create("state");
  tcase_set_timeout(c, 120);
  tcase_add_loop_test(c, any_split_and_order, 0, 6);
  tcase_add_loop_test(c, no_memory, 0, 6);
  tcase_add_test(c, weights_of_any_size);
  tcase_add_test(c, measures_have_their_own_names);
  tcase_add_loop_test(c, damaged_states_are_refused_or_read, 0, 3);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
