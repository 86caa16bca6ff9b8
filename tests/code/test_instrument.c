/* Questionnaires by a list: scores, the highest one, which scales are alike, the row of a fault. */
#include <math.h>

#include "base/base_priv.h"
#include "code/instrument_priv.h"
#include "support/support.h"

static const char *const columns[] = {"code:code",  "items:i32",  "least:i32",   "most:i32",  "total:code",
                                      "factor:f64", "needed:i32", "better:code", "bands:code"};
enum { N = 9 };

static fm_codes *list_of(const char *const *cells, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c;
  fm_table *t = fm_test_table(columns, N, cells, n);
  fm_assert_ok(fm_codes_from_table(&c, "instrument", t, &err), &err);
  fm_table_destroy(t);
  return c;
}

/* a: the sum of three items 1 to 5, two of which are enough; b: ten times the mean of them; c: a with other words for
 * its bands. (4 + 5) / 2 3 = 13.5; 10 (4 + 5 + 3) / 3 = 40. */
static const char *const cells[] = {"a", "3", "1", "5", "sum",  "1",  "2", "higher", "low:7 high:15",
                                    "b", "3", "1", "5", "mean", "10", "3", "lower",  "",
                                    "c", "3", "1", "5", "sum",  "1",  "1", "higher", "all:20"};

START_TEST(by_hand)
{
  static const double two[] = {4, 5}, three[] = {4, 5, 3};
  fm_error err = FM_ERROR_INIT;
  fm_codes *codes = list_of(cells, 3);
  fm__instrument *m;
  fm_assert_ok(fm__instruments_read(&m, codes, &err), &err);
  fm_assert_close("two of three", fm__instrument_score(&m[0], two, 2), 13.5, 0, 0);
  fm_assert_close("three of three", fm__instrument_score(&m[0], three, 3), 12, 0, 0);
  fm_assert_close("mean", fm__instrument_score(&m[1], three, 3), 40, 0, 0);
  ck_assert(isnan(fm__instrument_score(&m[1], two, 2)));
  fm_assert_close("top of a sum", fm__instrument_top(&m[0]), 15, 0, 0);
  fm_assert_close("top of a mean", fm__instrument_top(&m[1]), 50, 0, 0);
  ck_assert(fm__instrument_is_alike(&m[0], &m[2]));
  ck_assert(!fm__instrument_is_alike(&m[0], &m[1]));
  fm__free(m);
  fm_codes_destroy(codes);
}
END_TEST

static fm_status read_list(void *codes, fm_error *err)
{
  fm__instrument *m = NULL;
  fm_status status = fm__instruments_read(&m, codes, err);
  fm__free(m);
  return status;
}

START_TEST(refused)
{
  const char *broken[N * 3];
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < N * 3; k++)
    broken[k] = cells[k];
  broken[2 * N + 8] = "all:14";
  fm_codes *codes = list_of(broken, 3);
  ck_assert_int_eq(read_list(codes, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "instruments: c has bands \"all:14\", expected the last one up to the highest score at "
                                "least, so that nobody is in none");
  ck_assert_str_eq(err.column, "bands");
  ck_assert_int_eq(err.row, 2);
  fm_codes_destroy(codes);
}
END_TEST

START_TEST(without_memory)
{
  fm_codes *codes = list_of(cells, 3);
  ck_assert_int_gt(fm_test_allocations(read_list, codes), 0);
  fm_codes_destroy(codes);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code instrument");
  TCase *c = tcase_create("instrument");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, refused);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
