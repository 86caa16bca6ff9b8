#include "support/support.h"

#include <string.h>

static fm_status make(const char *list, const char *column, const char *first, const char *second, fm_error *err)
{
  const char *const columns[] = {"code:code", column}, *const cells[] = {"a", first, "b", second};
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, 2, cells, 2);
  fm_status status = fm_codes_from_table(&c, list, t, err);
  ck_assert_int_eq(status == FM_OK, c != NULL);
  fm_codes_destroy(c);
  fm_table_destroy(t);
  return status;
}

START_TEST(rules)
{
  static const struct {
    const char *list, *column, *first, *second;
    fm_status status;
    const char *says;
  } row[] = {
      {"placement_kind", "work:code", "yes", "no", FM_OK, NULL},
      {"placement_kind", "work:bool", "1", "0", FM_OK, NULL},
      {"placement_kind", "work:code", "yes", "ja", FM_ERR_VALUE, "expected one of yes|no"},
      {"placement_kind", "work:code", "yes", "ye", FM_ERR_VALUE, "expected one of yes|no"},
      {"placement_kind", "work:code", "yes", "", FM_ERR_VALUE, "blank"},
      {"placement_kind", "job:code", "yes", "no", FM_ERR_NOT_FOUND, "no column work"},
      {"benefit_state", "pay:code", "yes", "no", FM_ERR_NOT_FOUND, "no column work"},
      {"firm_size", "headcount_below:i64", "10", "", FM_OK, NULL},
      {"firm_size", "headcount_below:code", "10", "ten", FM_ERR_VALUE, "whole number"},
      {"firm_size", "headcount_below:i32", "10", "-1", FM_ERR_VALUE, "whole number"},
      {"firm_size", "headcount_below:code", "10", "1234567890123456789", FM_ERR_VALUE, "whole number"},
      {"firm_size", "limit:i64", "10", "20", FM_ERR_NOT_FOUND, "no column headcount_below"},
      {"target_group", "part_of:code", "", "a", FM_OK, NULL},
      {"target_group", "part_of:code", "", "c", FM_ERR_VALUE, "code of the same list"},
      {"sector", "label_en:code", "", "", FM_ERR_VALUE, "private|public|unknown"},
      {"benefit_rate", "amount:f64", "10.5", "", FM_OK, NULL},
      {"benefit_rate", "amount:code", "10.5", "10,5", FM_ERR_VALUE, "with a point before decimals"},
      {"benefit_rate", "amount:code", "20670", "20.670", FM_ERR_VALUE, "without a sign between thousands"},
      {"benefit_rate", "amount:code", "4695.125", "0.125", FM_OK, NULL},
      {"benefit_rate", "amount:f64", "20.67", "20.125", FM_OK, NULL},
      {"benefit_rate", "amount:f64", "10.5", "-1", FM_ERR_VALUE, "of at least 0"},
      {"own", "work:code", "maybe", "ja", FM_OK, NULL},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_status status = make(row[i].list, row[i].column, row[i].first, row[i].second, &err);
    ck_assert_msg(status == row[i].status, "%s %s: %s: %s", row[i].list, row[i].column, fm_status_name(status),
                  err.message);
    if (row[i].says != NULL)
      ck_assert_msg(strstr(err.message, row[i].says) != NULL, "%s: %s", row[i].column, err.message);
    if (status == FM_ERR_VALUE && strcmp(row[i].list, "sector") != 0) {
      ck_assert_int_eq(err.row, 1);
      ck_assert_int_eq(err.column_index, 1);
      ck_assert_int_eq(strncmp(err.column, row[i].column, strlen(err.column)), 0);
      ck_assert_str_eq(err.value, row[i].second);
    }
  }
}
END_TEST

/* Steps of one scheme may not have days and weeks in common; both rows are named. */
static const struct steps {
  const char *from, *to, *week_from, *week_to, *scheme, *share, *says;
} steps[] = {{"2024-01-01", "2024-12-31", "5", "", "ladder", "0.4", NULL},
             {"2025-01-01", "", "1", "4", "ladder", "0.4", NULL},
             {"2024-06-01", "", "4", "9", "ladder", "0.4", "the row on row 0 has days and numbers from week_from"},
             {"", "", "1", "", "ladder", "0.4", "the row on row 0 has days and numbers"},
             {"", "", "1", "", "other", "0.4", NULL},
             {"", "", "9", "5", "other", "0.4", "week_to lies below week_from"},
             {"", "", "1", "", "other", "40", "such as 0.40 for 40 per cent"},
             {"", "", "1", "", "", "0.4", "the cell is blank"},
             {"", "", "", "", "other", "0.4", "the cell is blank"}};

START_TEST(overlaps)
{
  static const char *const columns[] = {"code:code",     "valid_from:code", "valid_to:code",  "scheme:code",
                                        "week_from:i64", "week_to:i64",     "state_share:f64"};
  const struct steps *s = &steps[_i];
  const char *const cells[] = {"a", "2024-01-01", "2024-12-31", "ladder",  "1",          "4",        "0.8", /**/
                               "b", s->from,      s->to,        s->scheme, s->week_from, s->week_to, s->share};
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, 7, cells, 2);
  fm_status status = fm_codes_from_table(&c, "reimbursement_step", t, &err);
  ck_assert_int_eq(status, s->says == NULL ? FM_OK : FM_ERR_VALUE);
  ck_assert_msg(s->says == NULL || strstr(err.message, s->says) != NULL, "%s", err.message);
  ck_assert_int_eq(err.row, s->says == NULL ? -1 : 1);
  fm_codes_destroy(c);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-rules");
  TCase *tests = tcase_create("rules");
  tcase_add_test(tests, rules);
  tcase_add_loop_test(tests, overlaps, 0, FM_COUNT(steps));
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
