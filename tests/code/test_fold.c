#include "code/code_priv.h"
#include "support/support.h"

#include <string.h>

START_TEST(folds)
{
  static const struct {
    const char *text, *word;
  } row[] = {
      {"fleksjob", "fleksjob"},
      {"Fleksjob", "fleksjob"},
      {"  WAGE subsidy ", "wage_subsidy"},
      {"wage-subsidy", "wage_subsidy"},
      {"wage _ subsidy", "wage_subsidy"},
      {"wage\tsubsidy", "wage_subsidy"},
      {"Løntilskud", "loentilskud"},
      {"LØNTILSKUD", "loentilskud"},
      {"kontanthjælp", "kontanthjaelp"},
      {"KONTANTHJÆLP", "kontanthjaelp"},
      {"småjob", "smaajob"},
      {"Åben", "aaben"},
      {"é", "é"},
      {"\xc3", "\xc3"},
      {"6.9", "6.9"},
      {"(blank)", "(blank)"},
      {"", ""},
      {" - _ ", ""},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    char out[FM__CODE_KEY_MAX];
    size_t n = fm__code_fold(out, row[i].text, strlen(row[i].text));
    ck_assert_msg(n == strlen(row[i].word) && memcmp(out, row[i].word, n) == 0, "%s: %.*s", row[i].text, (int)n, out);
  }
}
END_TEST

/* Folding twice changes nothing, and a word of 255 bytes is the longest. */
START_TEST(lengths)
{
  char text[FM__CODE_KEY_MAX + 2], out[FM__CODE_KEY_MAX], again[FM__CODE_KEY_MAX];
  memset(text, 'Q', sizeof text);
  ck_assert_uint_eq(fm__code_fold(out, text, FM__CODE_KEY_MAX), FM__CODE_KEY_MAX);
  ck_assert_uint_eq(fm__code_fold(again, out, FM__CODE_KEY_MAX), FM__CODE_KEY_MAX);
  ck_assert_mem_eq(out, again, FM__CODE_KEY_MAX);
  ck_assert_uint_eq(fm__code_fold(out, text, FM__CODE_KEY_MAX + 1), 0);
  memcpy(text + FM__CODE_KEY_MAX - 1, "æ", 2);
  ck_assert_uint_eq(fm__code_fold(out, text, FM__CODE_KEY_MAX + 1), 0);
  memcpy(text + FM__CODE_KEY_MAX - 1, " x", 2);
  ck_assert_uint_eq(fm__code_fold(out, text, FM__CODE_KEY_MAX + 1), 0);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-fold");
  TCase *tests = tcase_create("fold");
  tcase_add_test(tests, folds);
  tcase_add_test(tests, lengths);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
