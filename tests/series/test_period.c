/* Time codes. */
#include <string.h>

#include "support/support.h"

static const struct {
  const char *text, *start, *end, *kind;
} good[] = {
    {"1982", "1982-01-01", "1982-12-31", "year"},
    {"2004H1", "2004-01-01", "2004-06-30", "half_year"},
    {"2004H2", "2004-07-01", "2004-12-31", "half_year"},
    {"1982Q4", "1982-10-01", "1982-12-31", "quarter"},
    {"1982K4", "1982-10-01", "1982-12-31", "quarter"},
    {"2024Q1", "2024-01-01", "2024-03-31", "quarter"},
    {"2024QMAT03", "2024-01-01", "2024-03-31", "rolling_quarter"},
    {"2024QMAT01", "2023-11-01", "2024-01-31", "rolling_quarter"},
    {"1982M12", "1982-12-01", "1982-12-31", "month"},
    {"2024M02", "2024-02-01", "2024-02-29", "month"},
    {"2004U27", "2004-06-28", "2004-07-04", "week"},
    {"2020U53", "2020-12-28", "2021-01-03", "week"},
    {"2021U01", "2021-01-04", "2021-01-10", "week"},
    {"9999", "9999-01-01", "9999-12-31", "year"},
    {"9999H2", "9999-07-01", "9999-12-31", "half_year"},
    {"9999Q4", "9999-10-01", "9999-12-31", "quarter"},
    {"9999M12", "9999-12-01", "9999-12-31", "month"},
    {"9999QMAT12", "9999-10-01", "9999-12-31", "rolling_quarter"},
    {"9999M12D31", "9999-12-31", "9999-12-31", "day"},
    {"9999U51", "9999-12-20", "9999-12-26", "week"},
    {"0001", "0001-01-01", "0001-12-31", "year"},
    {"1982M12D09", "1982-12-09", "1982-12-09", "day"},
};

START_TEST(test_good)
{
  for (int k = 0; k < FM_COUNT(good); k++) {
    int32_t start, end;
    const char *kind;
    char day[2][11];
    fm_error err = FM_ERROR_INIT;
    fm_assert_ok(fm_series_period(&start, &end, &kind, good[k].text, strlen(good[k].text), &err), &err);
    fm_date_format(day[0], start);
    fm_date_format(day[1], end);
    ck_assert_msg(strcmp(day[0], good[k].start) == 0 && strcmp(day[1], good[k].end) == 0, "%s: %s to %s", good[k].text,
                  day[0], day[1]);
    ck_assert_str_eq(kind, good[k].kind);
    fm_assert_ok(fm_series_period(NULL, NULL, NULL, good[k].text, strlen(good[k].text), &err), &err);
  }
}
END_TEST

START_TEST(test_bad)
{
  static const struct {
    const char *text;
    fm_status status;
  } bad[] = {
      {"", FM_ERR_FORMAT},          {"198", FM_ERR_FORMAT},       {"19820", FM_ERR_FORMAT},
      {"2024m03", FM_ERR_FORMAT},   {"2024M3", FM_ERR_FORMAT},    {"2024M003", FM_ERR_FORMAT},
      {"2024Q", FM_ERR_FORMAT},     {"2024QMAT3", FM_ERR_FORMAT}, {"marts", FM_ERR_FORMAT},
      {"2024Q1D09", FM_ERR_FORMAT}, {"2024M03D9", FM_ERR_FORMAT}, {"2024M03D", FM_ERR_FORMAT},
      {"2024M13", FM_ERR_VALUE},    {"2024M00", FM_ERR_VALUE},    {"2024Q5", FM_ERR_VALUE},
      {"2024H3", FM_ERR_VALUE},     {"2024QMAT13", FM_ERR_VALUE}, {"2021U53", FM_ERR_VALUE},
      {"2020U54", FM_ERR_VALUE},    {"2020U00", FM_ERR_VALUE},    {"2023M02D29", FM_ERR_VALUE},
      {"2024M02D00", FM_ERR_VALUE}, {"0000", FM_ERR_VALUE},       {"0000M00", FM_ERR_VALUE},
      {"0001QMAT01", FM_ERR_VALUE}, {"9999M12D32", FM_ERR_VALUE}, {"0000M01D01", FM_ERR_VALUE},
      {"9999U53", FM_ERR_VALUE},    {"9999U52", FM_ERR_VALUE},
  };
  for (int k = 0; k < FM_COUNT(bad); k++) {
    int32_t start = 1, end = 2;
    fm_error err = FM_ERROR_INIT;
    fm_status status = fm_series_period(&start, &end, NULL, bad[k].text, strlen(bad[k].text), &err);
    ck_assert_msg(status == bad[k].status && err.code == status, "%s: %s", bad[k].text, fm_status_name(status));
    ck_assert(start == 1 && end == 2);
  }
  ck_assert_int_eq(fm_series_period(NULL, NULL, NULL, NULL, 0, NULL), FM_ERR_FORMAT);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("period");
  TCase *tcase = tcase_create("period");
  tcase_add_test(tcase, test_good);
  tcase_add_test(tcase, test_bad);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
