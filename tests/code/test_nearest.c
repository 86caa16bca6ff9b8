#include "support/support.h"

#include <string.h>

START_TEST(suggestions)
{
  static const struct {
    const char *list, *text, *code; /* NULL: nothing is near */
  } row[] = {
      {"placement_kind", "flex", "fleksjob"},
      {"placement_kind", "fleks", "fleksjob"},
      {"placement_kind", "fleskjob", "fleksjob"},
      {"placement_kind", "fleksjobb", "fleksjob"},
      {"placement_kind", "Fleksjob (12 timer)", "fleksjob"},
      {"placement_kind", "fleksjob, nyt", "fleksjob"},
      {"placement_kind", "ordin", "ordinary"},
      {"placement_kind", "ordinray", "ordinary"},
      {"placement_kind", "wagesubsidy", "wage_subsidy"},
      {"placement_kind", "loentilskd", "wage_subsidy"},
      {"placement_kind", "virksomhedspraktk", "internship"},
      {"placement_kind", "iggu", "igu"},
      {"placement_kind", "zebra", NULL},
      {"placement_kind", "fl", NULL},
      {"placement_kind", "", NULL},
      {"target_group", "refuge", "refugee"},
      {"target_group", "Refugess", "refugee"},
      {"target_group", "fleksjob", "fleksjob_granted"},
      {"target_group", "kontanthjælpsmodtage", "cash_benefit"},
      {"target_group", "long-term", "long_term_unemployed"},
      {"sector", "privat sektor", "private"},
      {"sector", "ofentlig", "public"},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_error err = FM_ERROR_INIT;
    fm_codes *c = NULL;
    fm_assert_ok(fm_codes_builtin(&c, row[i].list, &err), &err);
    int64_t entry = fm_codes_nearest(c, row[i].text, strlen(row[i].text));
    const char *code = fm_codes_code(c, entry);
    if (row[i].code == NULL)
      ck_assert_msg(entry == -1, "%s: %s", row[i].text, code);
    else
      ck_assert_msg(code != NULL && strcmp(code, row[i].code) == 0, "%s: %s", row[i].text, code ? code : "nothing");
    fm_codes_destroy(c);
  }
}
END_TEST

/* A known word is its own nearest; among versions the newest is meant. */
START_TEST(known_words)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t k = 0; k < fm_codes_n_builtin(); k++) {
    fm_codes *c = NULL;
    fm_assert_ok(fm_codes_builtin(&c, fm_codes_builtin_name(k), &err), &err);
    for (int64_t i = 0; i < (int64_t)fm_codes_n(c); i++) {
      const char *code = fm_codes_code(c, i);
      if (strlen(code) >= 3)
        ck_assert_int_eq(fm_codes_nearest(c, code, strlen(code)), fm_codes_find(c, code, strlen(code), FM_NO_DATE));
    }
    fm_codes_destroy(c);
  }
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-nearest");
  TCase *tests = tcase_create("nearest");
  tcase_add_test(tests, suggestions);
  tcase_add_test(tests, known_words);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
