/* Choosing the two surveys of SDG 10.1.1. */
#include "income/change/spell_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"

static const fm_income_spell_spec defaults = FM_INCOME_SPELL_SPEC_INIT;

void fm_income_spell_spec_init(fm_income_spell_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

/* ---- the rule ---- */

static fm_status check(const fm_income_spell_spec *s, fm_error *err)
{
  if (!(s->years > 0) || isinf(s->years))
    return fm__fail(err, FM_ERR_ARGUMENT, "years: expected a finite number above 0");
  if (!(s->tolerance >= 0 && s->tolerance < s->years))
    return fm__fail(err, FM_ERR_ARGUMENT, "tolerance: expected at least 0 and less than years");
  if (isinf(s->not_before) || isinf(s->not_after) || s->not_before > s->not_after)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "not_before, not_after: expected decimal years, the first not after the second");
  return FM_OK;
}

static fm_status read_breaks(fm__spell_rule *rule, const char *text, fm_error *err)
{
  if (text == NULL || text[0] == '\0')
    return FM_OK;
  rule->breaks = fm__array(strlen(text) / 2 + 1, sizeof *rule->breaks);
  if (rule->breaks == NULL)
    return fm__no_memory(err);
  for (const char *p = text; p != NULL;) {
    size_t cell = strcspn(p, ","), blank = strspn(p, " "), length = cell;
    double year;
    while (length > 0 && p[length - 1] == ' ')
      length--;
    if (blank >= length || !fm__parse_f64(p + blank, length - blank, '.', &year) || !isfinite(year))
      return fm__fail(err, FM_ERR_ARGUMENT, "breaks: expected decimal years separated by commas, found \"%s\"", text);
    rule->breaks[rule->n_breaks++] = year;
    p = p[cell] == ',' ? p + cell + 1 : NULL;
  }
  return FM_OK;
}

fm_status fm__spell_rule_take(fm__spell_rule *rule, const fm_income_spell_spec *spec, fm_error *err)
{
  *rule = (fm__spell_rule){.spec = defaults};
  fm_status status = fm__spec_take(&rule->spec, sizeof rule->spec, spec, "fm_income_spell_spec", err);
  if (status == FM_OK)
    status = check(&rule->spec, err);
  if (status == FM_OK)
    status = read_breaks(rule, rule->spec.breaks, err);
  rule->spec.breaks = NULL;
  return status;
}

void fm__spell_rule_free(fm__spell_rule *rule)
{
  fm__free(rule->breaks);
  *rule = (fm__spell_rule){.spec = defaults};
}

/* ---- the choice ---- */

static bool comparable(const fm__spell_rule *rule, double first, double last)
{
  for (size_t k = 0; k < rule->n_breaks; k++)
    if (first < rule->breaks[k] && last >= rule->breaks[k])
      return false;
  return true;
}

static double distance_of(const fm__spell_rule *rule, double first, double last)
{
  return comparable(rule, first, last) ? fabs(last - first - rule->spec.years) : INFINITY;
}

/* The first survey for a last one; NaN when there is none. Differences of decimal years are rounded: a millionth of a
 * year, half a minute, is no difference. */
static double first_for(const fm__spell_rule *rule, double last, const double *periods, size_t n)
{
  const double hair = 1e-6;
  double least = INFINITY, best = NAN;
  for (size_t i = 0; i < n; i++)
    least = fmin(least, distance_of(rule, periods[i], last));
  for (size_t i = 0; i < n && least <= rule->spec.tolerance + hair; i++)
    if (distance_of(rule, periods[i], last) <= least + hair)
      best = fmax(best, periods[i]);
  return best;
}

fm_status fm__spell_find(double chosen[2], const fm__spell_rule *rule, const double *periods, size_t n, fm_error *err)
{
  chosen[0] = chosen[1] = NAN;
  for (size_t i = 0; i < n; i++) {
    double last = periods[i];
    if (last < rule->spec.not_before || last > rule->spec.not_after || last <= chosen[1])
      continue;
    double first = first_for(rule, last, periods, n);
    if (isnan(first))
      continue;
    chosen[0] = first;
    chosen[1] = last;
  }
  if (!isnan(chosen[1]))
    return FM_OK;
  char from[32], to[32];
  fm__print_f64(from, rule->spec.years - rule->spec.tolerance);
  fm__print_f64(to, rule->spec.years + rule->spec.tolerance);
  return fm__fail(err, FM_ERR_NOT_FOUND,
                  "no spell: expected two comparable surveys %s to %s years apart, the last within the years asked for",
                  from, to);
}

fm_status fm_income_spell(double *period_0, double *period_1, const double *periods, size_t n,
                          const fm_income_spell_spec *spec, fm_error *err)
{
  fm__spell_rule rule;
  double chosen[2] = {NAN, NAN};
  fm_status status = fm__spell_rule_take(&rule, spec, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    if (!isfinite(periods[i])) {
      status = fm__fail(err, FM_ERR_VALUE, "period, row %zu: expected a decimal year", i);
      fm__error_place(err, "", "period", -1, (int64_t)i, -1);
    }
  if (status == FM_OK)
    status = fm__spell_find(chosen, &rule, periods, n, err);
  fm__spell_rule_free(&rule);
  *period_0 = chosen[0];
  *period_1 = chosen[1];
  return status;
}
