#include "support/support.h"

#include <string.h>

static const char *const columns[] = {"code:code",  "label_en:code", "label_da:code",
                                      "limit:code", "valid_to:code", "work:bool"};
static const char *const cells[] = {
    "a", "first", "første", "10",   "",           "1", /* */
    "b", "",      "anden",  "200",  "",           "0", /* */
    "c", "third", "",       "",     "",           "",  /* */
    "d", "",      "",       "50",   "2019-12-31", "1", /* */
    "e", "",      "",       "many", "",           "0", /* */
};

static fm_codes *make(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  fm_assert_ok(fm_codes_from_table(&c, "own", t, &err), &err);
  fm_table_destroy(t);
  return c;
}

START_TEST(texts)
{
  fm_codes *c = make();
  ck_assert_str_eq(fm_codes_list_name(c), "own");
  ck_assert_uint_eq(fm_codes_n(c), 5);
  static const struct {
    int64_t entry;
    const char *language, *label;
  } row[] = {{0, "en", "first"}, {0, "da", "første"}, {1, "en", "anden"}, {1, "da", "anden"}, {2, "en", "third"},
             {2, "da", "third"}, {3, "en", "d"},      {3, "da", "d"},     {0, NULL, "first"}, {0, "kl", "first"}};
  for (int i = 0; i < FM_COUNT(row); i++)
    ck_assert_str_eq(fm_codes_label(c, row[i].entry, row[i].language), row[i].label);
  ck_assert_str_eq(fm_codes_code(c, 4), "e");
  ck_assert_str_eq(fm_codes_attribute(c, 1, "limit"), "200");
  ck_assert_ptr_null(fm_codes_attribute(c, 2, "limit"));
  ck_assert_ptr_null(fm_codes_attribute(c, 2, "height"));
  ck_assert_int_eq(fm_codes_is_yes(c, 0, "work"), 1);
  ck_assert_int_eq(fm_codes_is_yes(c, 1, "work"), 0);
  ck_assert_int_eq(fm_codes_is_yes(c, 2, "work"), 0);
  static const int64_t outside[] = {-2, -1, 5, INT64_MAX, INT64_MIN};
  for (int i = 0; i < FM_COUNT(outside); i++) {
    ck_assert_ptr_null(fm_codes_code(c, outside[i]));
    ck_assert_ptr_null(fm_codes_label(c, outside[i], "en"));
    ck_assert_ptr_null(fm_codes_attribute(c, outside[i], "limit"));
    ck_assert_int_eq(fm_codes_is_yes(c, outside[i], "work"), 0);
    ck_assert_int_eq(fm_codes_valid_from(c, outside[i]), FM_NO_DATE);
    ck_assert_int_eq(fm_codes_valid_to(c, outside[i]), FM_NO_DATE);
  }
  fm_codes_destroy(c);
}
END_TEST

START_TEST(bands)
{
  fm_codes *c = make();
  int32_t then = fm_date_from_ymd(2019, 12, 31), now = fm_date_from_ymd(2020, 1, 1);
  static const struct {
    int64_t value, then, now;
  } row[] = {{0, 0, 0},   {9, 0, 0},   {10, 3, 1},        {49, 3, 1},       {50, 1, 1},
             {199, 1, 1}, {200, 2, 2}, {INT64_MAX, 2, 2}, {INT64_MIN, 0, 0}};
  for (int i = 0; i < FM_COUNT(row); i++) {
    ck_assert_int_eq(fm_codes_find_band(c, "limit", row[i].value, then), row[i].then);
    ck_assert_int_eq(fm_codes_find_band(c, "limit", row[i].value, now), row[i].now);
    ck_assert_int_eq(fm_codes_find_band(c, "limit", row[i].value, FM_NO_DATE), row[i].now);
  }
  ck_assert_int_eq(fm_codes_find_band(c, "height", 1, now), -1);
  ck_assert_int_eq(fm_codes_find_band(c, "code", 1, now), -1);
  fm_codes_destroy(c);
}
END_TEST

START_TEST(firm_sizes)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_assert_ok(fm_codes_builtin(&c, "firm_size", &err), &err);
  static const struct {
    int64_t headcount;
    const char *code;
    int32_t sme;
  } row[] = {{0, "micro", 1},   {1, "micro", 1},    {9, "micro", 1},   {10, "small", 1},    {49, "small", 1},
             {50, "medium", 1}, {249, "medium", 1}, {250, "large", 0}, {100000, "large", 0}};
  for (int i = 0; i < FM_COUNT(row); i++) {
    int64_t entry = fm_codes_find_band(c, "headcount_below", row[i].headcount, fm_date_from_ymd(2026, 1, 1));
    ck_assert_str_eq(fm_codes_code(c, entry), row[i].code);
    ck_assert_int_eq(fm_codes_is_yes(c, entry, "sme"), row[i].sme);
  }
  fm_codes_destroy(c);
}
END_TEST

START_TEST(references)
{
  fm_codes *c = make(), *d = fm_codes_retain(c);
  ck_assert_ptr_eq(c, d);
  fm_codes_destroy(c);
  ck_assert_str_eq(fm_codes_code(d, 0), "a");
  fm_codes_destroy(d);
  fm_codes_destroy(NULL);
  ck_assert_ptr_null(fm_codes_retain(NULL));
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-codes");
  TCase *tests = tcase_create("codes");
  tcase_add_test(tests, texts);
  tcase_add_test(tests, bands);
  tcase_add_test(tests, firm_sizes);
  tcase_add_test(tests, references);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
