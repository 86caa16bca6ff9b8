/* What the library itself reads in a built-in list: which columns, with which words. A replacement must have them. */
#include "code/code_priv.h"

#include <string.h>

#include "num/num_priv.h"

enum { WORDS, NUMBER, CODE, REAL, SHARE };

static const struct rule {
  const char *list, *column;
  int kind;
  bool required; /* the column must be there; with `filled` no cell may be blank */
  bool filled;
  const char *words; /* of kind WORDS, separated by |; NULL: any */
} rules[] = {
    {"benefit_rate", "amount", REAL, true, false, NULL},
    {"benefit_state", "work", WORDS, true, true, "yes|no"},
    {"benefit_state", "subsidised", WORDS, false, false, "yes|no"},
    {"benefit_state", "grace", WORDS, false, false, "yes|no"},
    {"benefit_state", "ends", WORDS, false, false, "education|censor"},
    {"benefit_state", "counts_toward_duration", WORDS, false, false, "yes|no"},
    {"benefit_state", "resets_duration", WORDS, false, false, "yes|no"},
    {"benefit_state", "family", CODE, false, false, NULL},
    {"discount_rate", "schedule", WORDS, true, true, NULL},
    {"discount_rate", "year_from", NUMBER, true, true, NULL},
    {"discount_rate", "year_to", NUMBER, true, false, NULL},
    {"discount_rate", "rate", SHARE, true, true, NULL},
    {"fleksloentilskud", "max_subsidy", REAL, true, false, NULL},
    {"fleksloentilskud", "threshold", REAL, true, false, NULL},
    {"fleksloentilskud", "rate_below", SHARE, true, true, NULL},
    {"fleksloentilskud", "rate_above", SHARE, true, true, NULL},
    {"firm_size", "headcount_below", NUMBER, true, false, NULL},
    {"firm_size", "sme", WORDS, false, false, "yes|no"},
    {"industry_section", "division_from", NUMBER, true, false, NULL},
    {"industry_section", "division_below", NUMBER, true, false, NULL},
    {"industry_section", "services", WORDS, false, false, "yes|no"},
    {"placement_kind", "work", WORDS, true, true, "yes|no"},
    {"placement_kind", "subsidised", WORDS, false, false, "yes|no"},
    {"placement_kind", "self_support", WORDS, false, false, "yes|no|partly"},
    {"procurement_clause", "min_months", REAL, true, false, NULL},
    {"procurement_clause", "min_contract", REAL, true, false, NULL},
    {"procurement_clause", "min_wage_sum", REAL, true, false, NULL},
    {"procurement_clause", "trigger", WORDS, true, false, "and|or"},
    {"procurement_clause", "quota", SHARE, true, false, NULL},
    {"reimbursement_step", "scheme", WORDS, true, true, NULL},
    {"reimbursement_step", "week_from", NUMBER, true, true, NULL},
    {"reimbursement_step", "week_to", NUMBER, true, false, NULL},
    {"reimbursement_step", "state_share", SHARE, true, true, NULL},
    {"sector", "code", WORDS, true, true, "private|public|unknown"},
    {"target_group", "part_of", CODE, false, false, NULL},
};

/* Rows of one name may not have days and numbers in common; a blank end is open. */
static const struct steps {
  const char *list, *name, *from, *to;
} all_steps[] = {{"discount_rate", "schedule", "year_from", "year_to"},
                 {"reimbursement_step", "scheme", "week_from", "week_to"}};

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
  double real;
  const char *text = fm__codes_cell(c, row, column, &length);
  if (text == NULL)
    return !rule->filled         ? FM_OK
           : rule->words != NULL ? fm__fail(err, FM_ERR_VALUE, "the cell is blank; expected one of %s", rule->words)
                                 : fm__fail(err, FM_ERR_VALUE, "the cell is blank");
  if (rule->kind == WORDS && rule->words != NULL && !is_one_of(rule->words, text, length))
    return fm__fail(err, FM_ERR_VALUE, "expected one of %s", rule->words);
  if (rule->kind == NUMBER && !fm__code_whole_number(text, &number))
    return fm__fail(err, FM_ERR_VALUE, "expected a whole number or a blank");
  bool is_real = fm__parse_f64(text, length, '.', &real) && real >= 0 && real <= 1e15;
  if (rule->kind == REAL && !is_real)
    return fm__fail(err, FM_ERR_VALUE, "expected a number of at least 0, with a point before decimals, or a blank");
  if (rule->kind == SHARE && (!is_real || real > 1))
    return fm__fail(err, FM_ERR_VALUE, "expected a share from 0 to 1, with a point, such as 0.40 for 40 per cent");
  if (rule->kind == CODE && !is_code(c, text))
    return fm__fail(err, FM_ERR_VALUE, "expected a code of the same list");
  return FM_OK;
}

/* 20.670 in a text: a point before exactly three decimals may stand between thousands. */
static fm_status check_point(const fm_codes *c, size_t row, size_t column, fm_error *err)
{
  size_t length;
  const char *text = fm__codes_cell(c, row, column, &length);
  const char *point = text != NULL ? memchr(text, '.', length) : NULL;
  if (point == NULL || text[0] == '0' || point == text || point - text > 3 || text + length - point != 4)
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE, "expected a number without a sign between thousands; three decimals may be one");
}

/* Ends of the numbers of a row; their cells have been checked. */
static void step_of(const fm_codes *c, const struct steps *s, size_t row, int64_t *from, int64_t *to)
{
  const char *first = fm_codes_attribute(c, (int64_t)row, s->from), *last = fm_codes_attribute(c, (int64_t)row, s->to);
  *to = INT64_MAX;
  if (!fm__code_whole_number(first, from) || (last != NULL && !fm__code_whole_number(last, to)))
    *from = INT64_MAX;
}

/* The order of the two rows does not matter: the later one is blamed. */
static bool in_common(const fm_codes *c, const struct steps *s, size_t a, size_t b)
{
  int64_t from_a, to_a, from_b, to_b;
  const char *of_a = fm_codes_attribute(c, (int64_t)a, s->name), *of_b = fm_codes_attribute(c, (int64_t)b, s->name);
  step_of(c, s, a, &from_a, &to_a);
  step_of(c, s, b, &from_b, &to_b);
  bool days = (c->to[a] == FM_NO_DATE || c->from[b] <= c->to[a]) && (c->to[b] == FM_NO_DATE || c->from[a] <= c->to[b]);
  return strcmp(of_a, of_b) == 0 && days && from_a <= to_b && from_b <= to_a;
}

static fm_status check_steps(const fm_codes *c, const fm_table *t, fm_error *err)
{
  for (size_t k = 0; k < FM__COUNT(all_steps); k++) {
    const struct steps *s = &all_steps[k];
    if (strcmp(s->list, c->name) != 0)
      continue;
    for (size_t i = 0; i < c->n; i++) {
      int64_t from, to;
      step_of(c, s, i, &from, &to);
      if (to < from) {
        fm__fail(err, FM_ERR_VALUE, "%s lies below %s; expected the same number or a larger one", s->to, s->from);
        return fm__codes_at(c, t, i, (size_t)fm__codes_column(c, s->to), err, FM_ERR_VALUE);
      }
      for (size_t j = 0; j < i; j++) {
        char place[40];
        if (!in_common(c, s, i, j))
          continue;
        fm__codes_place(place, t, j);
        fm__fail(err, FM_ERR_VALUE, "the row on %s has days and numbers from %s to %s in common with this one", place,
                 s->from, s->to);
        return fm__codes_at(c, t, i, (size_t)fm__codes_column(c, s->from), err, FM_ERR_VALUE);
      }
    }
  }
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
    bool texts = column >= 0 && t != NULL && fm_table_column_type(t, (size_t)column) == FM_CODE;
    for (size_t i = 0; column >= 0 && i < c->n; i++)
      if (check_cell(c, rule, i, (size_t)column, err) != FM_OK ||
          (texts && rule->kind == REAL && check_point(c, i, (size_t)column, err) != FM_OK))
        return fm__codes_at(c, t, i, (size_t)column, err, FM_ERR_VALUE);
  }
  return check_steps(c, t, err);
}
