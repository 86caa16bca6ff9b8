/* Counting rows on plain arrays: what is out of range is found wherever it stands, and strata are counted apart. */
#include <limits.h>
#include <string.h>

#include "support/support.h"

enum { ROWS = 77, GROUPS = 6, CAUSES = 200 }; /* lines of vectors and some rows more */

typedef struct rows {
  int32_t time[ROWS];
  uint8_t cause[ROWS];
  uint32_t group[ROWS], stratum[ROWS];
} rows;

static rows good_rows(void)
{
  rows r;
  for (size_t i = 0; i < ROWS; i++) {
    r.time[i] = (int32_t)(i % 7);
    r.cause[i] = (uint8_t)(i % (CAUSES + 1));
    r.group[i] = (uint32_t)(i % GROUPS);
    r.stratum[i] = 0;
  }
  return r;
}

static void refused(fm_status status, const fm_error *err, size_t row)
{
  ck_assert_msg(status == FM_ERR_VALUE, "row %zu: %s", row, fm_status_name(status));
  ck_assert_int_eq(err->row, (int64_t)row);
}

static fm_status curves(const rows *r, int32_t n_causes, fm_error *err)
{
  double survival[8];
  return fm_retention_incidence(survival, NULL, NULL, NULL, r->time, r->cause, NULL, NULL, ROWS, n_causes, 7,
                                FM_RETENTION_GREENWOOD, NULL, err);
}

static fm_status gray(const rows *r, bool stratified, fm_error *err)
{
  double statistic[CAUSES];
  return fm_retention_gray_test(statistic, NULL, NULL, r->time, r->cause, NULL, r->group,
                                stratified ? r->stratum : NULL, ROWS, CAUSES, GROUPS, 1, 0, NULL, err);
}

START_TEST(test_found_anywhere)
{
  static const uint8_t causes[] = {CAUSES + 1, CAUSES + 2, UINT8_MAX};
  static const uint32_t groups[] = {GROUPS, INT32_MAX, (uint32_t)INT32_MAX + 1, UINT32_MAX};
  size_t row = (size_t)_i;
  fm_error none = FM_ERROR_INIT;
  rows r = good_rows();
  fm_assert_ok(curves(&r, CAUSES, &none), &none);
  fm_assert_ok(gray(&r, false, &none), &none);
  for (size_t k = 0; k < FM_COUNT(causes); k++) {
    fm_error err = FM_ERROR_INIT;
    r = good_rows();
    r.cause[row] = causes[k];
    refused(curves(&r, CAUSES, &err), &err, row);
    fm_error_clear(&err);
    refused(gray(&r, false, &err), &err, row);
  }
  for (size_t k = 0; k < FM_COUNT(groups); k++) {
    fm_error err = FM_ERROR_INIT;
    r = good_rows();
    r.group[row] = groups[k];
    refused(gray(&r, false, &err), &err, row);
    fm_error_clear(&err);
    refused(gray(&r, true, &err), &err, row);
  }
  fm_error err = FM_ERROR_INIT;
  r = good_rows();
  r.time[row] = row % 2 == 0 ? -1 : INT32_MIN;
  refused(curves(&r, CAUSES, &err), &err, row);
  fm_error_clear(&err);
  refused(gray(&r, false, &err), &err, row);
  fm_error_clear(&err);
  r = good_rows();
  r.stratum[row] = 1;
  refused(gray(&r, true, &err), &err, row);
}
END_TEST

/* Matched pairs: of pair i one leaves at i % 5 + 1, in groups that alternate but for each seventh; the other stays
 * to 9. Numbers of strata with gaps, up to the most there can be, change nothing, nor does the order of rows. */
enum { PAIRS = 300, MOST_STRATA = 1 << 24 };

typedef struct pairs {
  int32_t time[2 * PAIRS];
  uint8_t event[2 * PAIRS];
  uint32_t group[2 * PAIRS], stratum[2 * PAIRS];
} pairs;

static void make_pairs(pairs *p, uint32_t step, bool backwards)
{
  for (uint32_t i = 0; i < 2 * PAIRS; i++) {
    uint32_t pair = i / 2, at = backwards ? 2 * PAIRS - 1 - i : i;
    bool leaves = i % 2 == 0;
    p->time[at] = leaves ? (int32_t)(pair % 5) + 1 : 9;
    p->event[at] = leaves;
    p->group[at] = leaves == (pair % 2 == 0 || pair % 7 == 0);
    p->stratum[at] = pair * step;
  }
}

START_TEST(test_gaps)
{
  static pairs p;
  fm_error err = FM_ERROR_INIT;
  fm_logrank first = {0};
  double covariance[4], statistic = 0;
  for (int form = 0; form < 3; form++) {
    fm_logrank got;
    double gray_statistic;
    uint32_t step = form == 0 ? 1 : (MOST_STRATA - 1) / (PAIRS - 1);
    make_pairs(&p, step, form == 2);
    fm_assert_ok(fm_retention_logrank_arrays(&got, NULL, NULL, NULL, covariance, p.time, p.event, p.group, 2, NULL,
                                             p.stratum, form == 0 ? PAIRS : MOST_STRATA, FM_COUNT(p.time),
                                             FM_LOGRANK_FLEMING_HARRINGTON, 0, 0, NULL, &err),
                 &err);
    fm_assert_ok(fm_retention_gray_test(&gray_statistic, NULL, NULL, p.time, p.event, NULL, p.group, p.stratum,
                                        FM_COUNT(p.time), 1, 2, form == 0 ? PAIRS : MOST_STRATA, 0, NULL, &err),
                 &err);
    if (form == 0) {
      first = got;
      statistic = gray_statistic;
    }
    ck_assert(memcmp(&got, &first, sizeof got) == 0 && gray_statistic == statistic);
  }
  /* McNemar: of 300 pairs the member of group 1 leaves in 150 + 21 (odd sevenths), so (171 - 129)^2 / 300; each pair's
   * variance is 1/4. */
  fm_assert_close("variance", covariance[0], 75, 1e-13, 0);
  fm_assert_close("chi-square", first.chi_square, 42. * 42 / 300, 1e-12, 0);
}
END_TEST

/* A group beyond its number is one, whether there are strata or not. */
START_TEST(test_no_stratum)
{
  static const int32_t time[] = {1, 2};
  static const uint8_t event[] = {1, 1};
  static const uint32_t group[] = {0, 2};
  fm_error err = FM_ERROR_INIT;
  fm_logrank out;
  fm_status status = fm_retention_logrank_arrays(&out, NULL, NULL, NULL, NULL, time, event, group, 2, NULL, NULL, 2, 2,
                                                 FM_LOGRANK_GEHAN, 0, 0, NULL, &err);
  refused(status, &err, 1);
}
END_TEST

static fm_status run_pairs(void *ctx, fm_error *err)
{
  const pairs *p = ctx;
  double statistic;
  fm_logrank out;
  fm_status status = fm_retention_logrank_arrays(&out, NULL, NULL, NULL, NULL, p->time, p->event, p->group, 2, NULL,
                                                 p->stratum, 2, 4, FM_LOGRANK_GEHAN, 0, 0, NULL, err);
  return status == FM_OK ? fm_retention_gray_test(&statistic, NULL, NULL, p->time, p->event, NULL, p->group, p->stratum,
                                                  4, 1, 2, 2, 0, NULL, err)
                         : status;
}

START_TEST(test_allocations)
{
  static pairs p;
  make_pairs(&p, 1, false);
  ck_assert_int_gt(fm_test_allocations(run_pairs, &p), 30);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-count");
  TCase *tests = tcase_create("count");
  tcase_add_loop_test(tests, test_found_anywhere, 0, ROWS);
  tcase_add_test(tests, test_gaps);
  tcase_add_test(tests, test_no_stratum);
  tcase_add_test(tests, test_allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
