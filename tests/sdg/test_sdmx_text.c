/* Versions, lists, patterns, and numbers whose decimal point moves. */
#include <math.h>
#include <string.h>

#include "sdg/sdg_support.h"
#include "sdg/sdmx_priv.h"

START_TEST(test_versions)
{
  static const struct {
    const char *a, *b;
    int order;
  } cases[] = {{"1.4", "1.10", -1}, {"1.10", "1.4", 1}, {"1.1", "1.1", 0},  {"1", "1.1", -1},
               {"2", "1.25", 1},    {"", "1.0", -1},    {"1.0.1", "1.0", 1}};
  for (int i = 0; i < FM_COUNT(cases); i++)
    ck_assert_int_eq(fm__version_compare(cases[i].a, cases[i].b), cases[i].order);
}
END_TEST

/* pattern, text, template, filled; NULL: no match */
START_TEST(test_patterns)
{
  static const char *const cases[][4] = {
      {"{n}-{m}", "15-24", "Y{n}T{m}", "Y15T24"},
      {"{n}-{m}", "05-09", "Y{n}T{m}", "Y5T9"},
      {"{n}-{m}", "15-", NULL, NULL},
      {"{n}-{m}", "15-24 years", NULL, NULL},
      {"{n}+|{n} and over", "15 AND over", "Y_GE{n}", "Y_GE15"},
      {"{A}", "c", "ISIC4_{A}", "ISIC4_C"},
      {"{A}", "7", NULL, NULL},
      {"C{01-99}", "C07", "x", "x"},
      {"C{01-99}", "C00", NULL, NULL},
      {"C{100-999}", "C99", NULL, NULL},
      {"{0-9}", "0", "ISCO08_{0-9}", "ISCO08_0"},
      {"{1-5}", "6", NULL, NULL},
      {"female|f|k", "K", "F", "F"},
      {"*", "anything", "-", "-"},
      {"a{n}", "a", NULL, NULL},
      {"{n}", "2024", "{n}-{x}", "2024-"},
      {"", "a", NULL, NULL},
      {"{a}{b}{c}{d}{e}", "x", NULL, NULL},
      {"a{", "a{", "x", "x"},
  };
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm__places places;
    char out[16];
    bool matched = fm__pattern_match(cases[i][0], (fm__slice){cases[i][1], strlen(cases[i][1])}, &places);
    ck_assert_msg(matched == (cases[i][2] != NULL), "case %d", i);
    if (matched) {
      ck_assert(fm__pattern_fill(out, sizeof out, cases[i][2], &places));
      ck_assert_str_eq(out, cases[i][3]);
    }
  }
  fm__places places;
  char out[5];
  ck_assert(fm__pattern_match("{n}", (fm__slice){"1234", 4}, &places));
  ck_assert(fm__pattern_fill(out, sizeof out, "{n}", &places));
  ck_assert(!fm__pattern_fill(out, sizeof out, "Y{n}", &places));
  ck_assert(!fm__pattern_fill(out, sizeof out, "12345", &places));
}
END_TEST

/* The shortest decimal, moved: 0.07 * 100 in doubles would be 7.000000000000001. */
START_TEST(test_numbers)
{
  static const struct {
    double v;
    int32_t shift;
    const char *text;
  } cases[] = {{0.07, 2, "7"},     {0.06645786596667738, 2, "6.645786596667738"},
               {1e-7, 2, "1e-05"}, {1.5e20, 2, "1.5e+22"},
               {-0.29, 2, "-29"},  {0.1, 0, "0.1"},
               {0, 2, "0"},        {3, 5, "300000"}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    char out[48];
    size_t length = fm__sdmx_number(out, cases[i].v, cases[i].shift);
    ck_assert_str_eq(out, cases[i].text);
    ck_assert_uint_eq(length, strlen(out));
  }
}
END_TEST

/* Per cent read back and divided is the share, for any share of few digits. */
START_TEST(test_shares)
{
  for (int i = 0; i <= 1000; i++) {
    char out[48];
    fm__sdmx_number(out, i / 1000.0, 2);
    double v = strtod(out, NULL);
    ck_assert_msg(v == i / 10.0, "%d: %s", i, out);
  }
}
END_TEST

START_TEST(test_lists)
{
  const char *at = " a ; b=c d ;; e= ";
  fm__slice part, name, value;
  static const char *const parts[][2] = {{"a", NULL}, {"b", "c d"}, {"", NULL}, {"e", ""}};
  for (int i = 0; i < FM_COUNT(parts); i++) {
    ck_assert(fm__slice_next(&at, ';', &part));
    fm__slice_pair(part, &name, &value);
    ck_assert(fm__slice_is(name, parts[i][0]));
    ck_assert((value.text != NULL) == (parts[i][1] != NULL));
    if (value.text != NULL)
      ck_assert(fm__slice_is(value, parts[i][1]));
  }
  ck_assert(!fm__slice_next(&at, ';', &part));
  ck_assert(fm__in_list("A;BB;C", ';', (fm__slice){"BB", 2}));
  ck_assert(!fm__in_list("A;BB;C", ';', (fm__slice){"B", 1}));
  ck_assert(!fm__in_list(NULL, ';', (fm__slice){"B", 1}));
  ck_assert(!fm__in_list("A;;C", ';', (fm__slice){"", 0}));
}
END_TEST

START_TEST(test_cells)
{
  static const char *const columns[] = {"a:f64", "b:i64", "c:i32", "d:date", "e:bool", "f:code"};
  static const char *const cells[] = {"1.5", "-7", "8", "2024-02-29", "1", "x", "", "", "", "", "0", ""};
  static const char *const texts[] = {"1.5", "-7", "8",  "2024-02-29", "true",  "x",
                                      NULL,  NULL, NULL, NULL,         "false", NULL};
  fm_table *t = fm_test_table(columns, FM_COUNT(columns), cells, 2);
  for (size_t i = 0; i < 12; i++) {
    char scratch[48];
    size_t length;
    const char *text = fm__sdmx_plain(t, i % 6, i / 6, scratch, &length);
    ck_assert_msg((text == NULL) == (texts[i] == NULL), "cell %zu", i);
    if (text != NULL)
      ck_assert(fm__slice_is((fm__slice){text, length}, texts[i]));
  }
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdmx_text");
  TCase *tcase = tcase_create("text");
  tcase_add_test(tcase, test_versions);
  tcase_add_test(tcase, test_patterns);
  tcase_add_test(tcase, test_numbers);
  tcase_add_test(tcase, test_shares);
  tcase_add_test(tcase, test_lists);
  tcase_add_test(tcase, test_cells);
  suite_add_tcase(suite, tcase);
  return fm_test_main(suite);
}
