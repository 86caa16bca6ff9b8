/* The rule language: what it keeps, and where it says a rule is not clear. */
#include <string.h>

#include "register/filter_priv.h"
#include "support/support.h"
#include "table/table_priv.h"

static const char *const columns[] = {"kind:code", "hours:f64", "n:i64", "months:i32", "start:date", "work:bool"};
static const char *const cells[] = {
    "fleksjob", "10",         "9007199254740993",
    "3",        "2024-01-01", "1", /* 0 */
    "ordinary", "37",         "-5",
    "12",       "2024-02-29", "0", /* 1 */
    "a & b",    "10.5",       "0",
    "",         "2023-12-31", "", /* 2 */
    "",         "",           "",
    "6",        "",           "1", /* 3 */
};

static const struct rule {
  const char *rule;
  const char *keep; /* one 0 or 1 a row; NULL: not to be applied */
} rules[] = {
    {"kind = fleksjob", "1000"},
    {"kind != fleksjob", "0110"},
    {"kind=fleksjob|kind=ordinary", "1100"},
    {"  kind  =  \"a & b\"  ", "0010"},
    {"kind = \"say \"\"x\"\"\"", "0000"},
    {"hours >= 10", "1110"},
    {"hours > 10", "0110"},
    {"hours < 10.5", "1000"},
    {"hours <= 10.5", "1010"},
    {"hours = 37", "0100"},
    {"hours != 37", "1010"},
    {"n = 9007199254740992", "0000"}, /* 2^53 + 1 is not 2^53 */
    {"n > 9007199254740992", "1000"},
    {"n < 0", "0100"},
    {"n >= -5.5", "1110"},
    {"n > 1e300", "0000"},
    {"n < 1e300", "1110"},
    {"n > -1e300", "1110"},
    {"n < -4.5", "0100"},
    {"n = 0.5", "0000"},
    {"months = 12", "0100"},
    {"months >= 3.5", "0101"},
    {"start > 2024-01-01", "0100"},
    {"start >= 2024-01-01", "1100"},
    {"start < 2024-01-01", "0010"},
    {"start != 2024-01-01", "0110"},
    {"work = yes", "1001"},
    {"work = 0", "0100"},
    {"work != true", "0100"},
    {"kind = fleksjob & hours >= 10 | months = 6", "1001"}, /* & before | */
    {"months = 6 | kind = fleksjob & hours > 10", "0001"},
    {"kind = ordinary & kind = fleksjob", "0000"},
    {"kind = fleksjob & kind = fleksjob & hours = 10", "1000"},
};

static fm_table *data(void)
{
  return fm_test_table(columns, 6, cells, 4);
}

START_TEST(test_rule)
{
  const struct rule *c = &rules[_i];
  fm_error err = FM_ERROR_INIT;
  fm__filter *f;
  uint8_t *keep;
  fm_table *t = data();
  fm_assert_ok(fm__filter_compile(&f, c->rule, &err), &err);
  fm_assert_ok(fm__filter_apply(&keep, f, t, &err), &err);
  for (size_t i = 0; i < 4; i++)
    ck_assert_msg(keep[i] == c->keep[i] - '0', "%s: row %zu is %d", c->rule, i, keep[i]);
  fm__free(keep);
  fm__filter_destroy(f);
  fm_table_destroy(t);
}
END_TEST

static const struct unclear {
  const char *rule, *message;
} unclear[] = {
    {"", "the rule is not clear at character 1: expected the name of a column"},
    {"   ", "the rule is not clear at character 4: expected the name of a column"},
    {"kind", "the rule is not clear at character 5: expected an operator: = != < <= > >="},
    {"kind is x", "the rule is not clear at character 5: expected an operator: = != < <= > >="},
    {"kind !x", "the rule is not clear at character 6: expected an operator: = != < <= > >="},
    {"kind =", "the rule is not clear at character 7: expected a value"},
    {"kind = & x = 1", "the rule is not clear at character 8: expected a value"},
    {"kind == x", "the rule is not clear at character 7: expected a value"},
    {"kind = \"x", "the rule is not clear at character 8: expected a closing quote"},
    {"kind = \"x\" y = 1", "the rule is not clear at character 12: expected & or | or the end"},
    {"kind = x = y", "the rule is not clear at character 10: expected & or | or the end"},
    {"kind = x &", "the rule is not clear at character 11: expected the name of a column"},
    {"| kind = x", "the rule is not clear at character 1: expected the name of a column"},
    {"= x", "the rule is not clear at character 1: expected the name of a column"},
};

START_TEST(test_unclear)
{
  fm_error err = FM_ERROR_INIT;
  fm__filter *f;
  ck_assert_msg(fm__filter_compile(&f, unclear[_i].rule, &err) == FM_ERR_FORMAT, "%s", unclear[_i].rule);
  ck_assert_ptr_null(f);
  ck_assert_str_eq(err.message, unclear[_i].message);
  ck_assert_str_eq(err.detail, "FM-X01");
}
END_TEST

static const struct unsuited {
  const char *rule;
  fm_status status;
  const char *part;
} unsuited[] = {
    {"hour = 1", FM_ERR_NOT_FOUND, "hour"},
    {"kind < x", FM_ERR_TYPE, "column kind (code) with \"x\", expected = or != for text"},
    {"hours = many", FM_ERR_TYPE, "column hours (f64) with \"many\", expected a number"},
    {"hours = \"1\"", FM_ERR_TYPE, "expected a number"},
    {"hours = nan", FM_ERR_TYPE, "expected a number"},
    {"n = inf", FM_ERR_TYPE, "expected a number"},
    {"start > 2024-02-30", FM_ERR_TYPE, "expected a date such as 2025-12-31"},
    {"start > 2024", FM_ERR_TYPE, "expected a date such as 2025-12-31"},
    {"work = maybe", FM_ERR_TYPE, "expected = or != and true, false, yes, no, 1 or 0"},
    {"work > 0", FM_ERR_TYPE, "expected = or !="},
};

START_TEST(test_unsuited)
{
  const struct unsuited *c = &unsuited[_i];
  fm_error err = FM_ERROR_INIT;
  fm__filter *f;
  uint8_t *keep;
  fm_table *t = data();
  fm_assert_ok(fm__filter_compile(&f, c->rule, &err), &err);
  ck_assert_msg(fm__filter_apply(&keep, f, t, &err) == c->status, "%s: %s", c->rule, err.message);
  ck_assert_ptr_null(keep);
  ck_assert_msg(strstr(err.message, c->part) != NULL, "%s: %s", c->rule, err.message);
  fm__filter_destroy(f);
  fm_table_destroy(t);
}
END_TEST

START_TEST(test_columns)
{
  fm_error err = FM_ERROR_INIT;
  fm__filter *f;
  fm_assert_ok(fm__filter_compile(&f, "a = 1 & b = 2 | a = 3", &err), &err);
  ck_assert_uint_eq(fm__filter_n_columns(f), 2);
  ck_assert_str_eq(fm__filter_column(f, 0), "a");
  ck_assert_str_eq(fm__filter_column(f, 1), "b");
  ck_assert_ptr_null(fm__filter_column(f, 2));
  fm__filter_destroy(f);
  fm__filter_destroy(NULL);
}
END_TEST

START_TEST(test_not_a_number_in_the_data)
{
  static const double values[] = {1, 0.0 / 0.0};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm__filter *f;
  uint8_t *keep;
  fm_assert_ok(fm_table_create(&t, "t", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "x", values, NULL, 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm__filter_compile(&f, "x != 2", &err), &err);
  ck_assert_int_eq(fm__filter_apply(&keep, f, t, &err), FM_ERR_STATE);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_assert_ok(fm__filter_apply(&keep, f, t, &err), &err);
  ck_assert_int_eq(keep[0], 1);
  ck_assert_int_eq(keep[1], 0);
  fm__free(keep);
  fm__filter_destroy(f);
  fm_table_destroy(t);
}
END_TEST

static fm_status run_once(void *ctx, fm_error *err)
{
  fm__filter *f;
  uint8_t *keep;
  fm_status status = fm__filter_compile(&f, "kind = fleksjob & hours >= 10 | kind = \"x \"\" y\"", err);
  if (status != FM_OK)
    return status;
  status = fm__filter_apply(&keep, f, ctx, err);
  fm__free(keep);
  fm__filter_destroy(f);
  return status;
}

START_TEST(test_memory)
{
  fm_table *t = data();
  ck_assert_int_gt(fm_test_allocations(run_once, t), 5);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-filter");
  TCase *tc = tcase_create("filter");
  tcase_add_loop_test(tc, test_rule, 0, FM_COUNT(rules));
  tcase_add_loop_test(tc, test_unclear, 0, FM_COUNT(unclear));
  tcase_add_loop_test(tc, test_unsuited, 0, FM_COUNT(unsuited));
  tcase_add_test(tc, test_columns);
  tcase_add_test(tc, test_not_a_number_in_the_data);
  tcase_add_test(tc, test_memory);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
