/* What the library itself reads in a built-in list: which columns, with which words. A replacement must have them. */
#include "code/code_priv.h"

#include <string.h>

enum { WORDS, NUMBER, CODE };

static const struct rule {
  const char *list, *column;
  int kind;
  bool required; /* the column must be there; with `filled` no cell may be blank */
  bool filled;
  const char *words; /* of kind WORDS, separated by | */
} rules[] = {
    {"benefit_state", "work", WORDS, true, true, "yes|no"},
    {"benefit_state", "subsidised", WORDS, false, false, "yes|no"},
    {"benefit_state", "grace", WORDS, false, false, "yes|no"},
    {"benefit_state", "ends", WORDS, false, false, "education|censor"},
    {"benefit_state", "counts_toward_duration", WORDS, false, false, "yes|no"},
    {"benefit_state", "resets_duration", WORDS, false, false, "yes|no"},
    {"benefit_state", "family", CODE, false, false, NULL},
    {"firm_size", "headcount_below", NUMBER, true, false, NULL},
    {"firm_size", "sme", WORDS, false, false, "yes|no"},
    {"industry_section", "division_from", NUMBER, true, false, NULL},
    {"industry_section", "division_below", NUMBER, true, false, NULL},
    {"industry_section", "services", WORDS, false, false, "yes|no"},
    {"placement_kind", "work", WORDS, true, true, "yes|no"},
    {"placement_kind", "subsidised", WORDS, false, false, "yes|no"},
    {"placement_kind", "self_support", WORDS, false, false, "yes|no|partly"},
    {"sector", "code", WORDS, true, true, "private|public|unknown"},
    {"target_group", "part_of", CODE, false, false, NULL},
};

static bool is_one_of(const char *words, const char *text, size_t length)
{
  while (*words != '\0') {
    size_t n = strcspn(words, "|");
    if (n == length && memcmp(words, text, n) == 0)
      return true;
    words += n + (words[n] == '|');
  }
  return false;
}

static bool is_code(const fm_codes *c, const char *text)
{
  for (size_t i = 0; i < c->n; i++)
    if (strcmp(fm_codes_code(c, (int64_t)i), text) == 0)
      return true;
  return false;
}

static fm_status check_cell(const fm_codes *c, const struct rule *rule, size_t row, size_t column, fm_error *err)
{
  size_t length;
  int64_t number;
  const char *text = fm__codes_cell(c, row, column, &length);
  if (text == NULL)
    return rule->filled ? fm__fail(err, FM_ERR_VALUE, "the cell is blank; expected one of %s", rule->words) : FM_OK;
  if (rule->kind == WORDS && !is_one_of(rule->words, text, length))
    return fm__fail(err, FM_ERR_VALUE, "expected one of %s", rule->words);
  if (rule->kind == NUMBER && !fm__code_whole_number(text, &number))
    return fm__fail(err, FM_ERR_VALUE, "expected a whole number or a blank");
  if (rule->kind == CODE && !is_code(c, text))
    return fm__fail(err, FM_ERR_VALUE, "expected a code of the same list");
  return FM_OK;
}

fm_status fm__codes_check_rules(const fm_codes *c, const fm_table *t, fm_error *err)
{
  for (size_t r = 0; r < FM__COUNT(rules); r++) {
    const struct rule *rule = &rules[r];
    if (strcmp(rule->list, c->name) != 0)
      continue;
    int64_t column = fm__codes_column(c, rule->column);
    if (column < 0 && rule->required)
      return fm__fail(err, FM_ERR_NOT_FOUND, "code list %s has no column %s, which the library reads", c->name,
                      rule->column);
    for (size_t i = 0; column >= 0 && i < c->n; i++)
      if (check_cell(c, rule, i, (size_t)column, err) != FM_OK)
        return fm__codes_at(c, t, i, (size_t)column, err, FM_ERR_VALUE);
  }
  return FM_OK;
}
