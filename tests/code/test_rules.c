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

int main(void)
{
  Suite *suite = suite_create("code-rules");
  TCase *tests = tcase_create("rules");
  tcase_add_test(tests, rules);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
