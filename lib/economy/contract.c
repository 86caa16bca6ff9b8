/* Social clauses: the arithmetic of one contract, and what a workplace may host. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/contract_priv.h"

fm_status fm_economy_host_capacity(int64_t *out, int64_t employees, fm_error *err)
{
  *out = 0;
  if (employees < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "employees: expected at least 0; found %lld", (long long)employees);
  *out = employees > 50 ? 10 + (employees - 50) / 10 : employees < 5 ? 1 : employees / 5;
  return FM_OK;
}

static bool is_share(double x)
{
  return x >= 0 && x <= 1;
}

static bool is_positive(double x)
{
  return x > 0 && x <= 1e15;
}

fm_status fm__contract_check(const fm_economy_contracts_spec *s, fm_error *err)
{
  const struct {
    const char *name;
    double value;
    bool known;
  } shares[] = {{"quota", s->quota, false},
                {"wage_share", s->wage_share, false},
                {"clause_share", s->clause_share, true}},
    amounts[] = {{"fte_cost", s->fte_cost, true},
                 {"full_time_year", s->full_time_year, true},
                 {"full_time_hours", s->full_time_hours, true},
                 {"hours", s->hours, true},
                 {"purchasing", s->purchasing, false}};
  if (s->rule == NULL || s->rule[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "rule: expected a row of the list procurement_clause, such as common");
  for (size_t k = 0; k < FM__COUNT(shares); k++)
    if (!is_share(shares[k].value) && (shares[k].known || !isnan(shares[k].value)))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a share from 0 to 1, such as 0.40 for 40 per cent",
                      shares[k].name);
  for (size_t k = 0; k < FM__COUNT(amounts); k++)
    if (!is_positive(amounts[k].value) && (amounts[k].known || !isnan(amounts[k].value)))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected a number above 0, at most 1e15", amounts[k].name);
  return FM_OK;
}

/* Is a limit reached? 1 yes, 0 no, -1 not known; a blank limit is no limit: `none`. */
static int reaches(double value, double limit, int none)
{
  if (isnan(limit))
    return none;
  return isnan(value) ? -1 : value >= limit;
}

/* At least so many months, and a large contract or (and) a large sum of wages. */
static int32_t triggered(const fm_codes *list, int64_t rule, const fm_economy_contract *c, double value)
{
  const char *how = fm_codes_attribute(list, rule, "trigger");
  bool either = how == NULL || strcmp(how, "or") == 0;
  double min_contract = fm__economy_number(list, rule, "min_contract");
  double min_wage = fm__economy_number(list, rule, "min_wage_sum");
  int months = reaches(c->months, fm__economy_number(list, rule, "min_months"), 1);
  bool one_limit = isnan(min_contract) || isnan(min_wage);
  int none = one_limit && either && !(isnan(min_contract) && isnan(min_wage)) ? 0 : 1;
  int size = reaches(value, min_contract, none), wages = reaches(c->wage_sum, min_wage, none);
  if (wages < 0 && value < min_wage)
    wages = 0; /* the wages are a part of the value */
  int both = either ? (size == 1 || wages == 1     ? 1
                       : size == -1 || wages == -1 ? -1
                                                   : 0)
                    : (size == 0 || wages == 0     ? 0
                       : size == -1 || wages == -1 ? -1
                                                   : 1);
  return months == 0 || both == 0 ? 0 : both;
}

fm_status fm__contract_fill(fm_economy_contract *c, double value, double wage_share, int32_t start, int32_t end,
                            const fm_economy_contracts_spec *s, const fm_codes *list, fm_error *err)
{
  int64_t rule = -1;
  fm_status status = fm__economy_entry(&rule, list, s->rule, start, err);
  if (status != FM_OK)
    return status;
  double share = isnan(wage_share) ? s->wage_share : wage_share;
  double quota = isnan(s->quota) ? fm__economy_number(list, rule, "quota") : s->quota;
  *c = (fm_economy_contract){.struct_size = sizeof *c, .months = fm__economy_months(start, end + 1)};
  c->wage_sum = value * share;
  c->fte_years = c->wage_sum / s->fte_cost;
  c->expected = c->fte_years * quota;
  c->person_years = c->expected * s->full_time_hours / s->hours;
  c->places = c->person_years / (c->months / 12);
  c->trigger = triggered(list, rule, c, value);
  return FM_OK;
}

fm_status fm_economy_contract_of(fm_economy_contract *out, double value, double wage_share, int32_t start, int32_t end,
                                 const fm_economy_contracts_spec *spec, fm_error *err)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  fm_economy_contract c;
  fm_codes *list = NULL;
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_economy_contracts_spec", err);
  if (status == FM_OK)
    status = fm__contract_check(&s, err);
  if (status == FM_OK && !fm__economy_is_amount(value))
    status = fm__fail(err, FM_ERR_ARGUMENT, "value: expected an amount from 0 to 1e15");
  if (status == FM_OK && !isnan(wage_share) && !is_share(wage_share))
    status = fm__fail(err, FM_ERR_ARGUMENT, "wage_share: expected a share from 0 to 1, such as 0.40 for 40 per cent");
  if (status == FM_OK && (!fm__date_is_valid(start) || !fm__date_is_valid(end) || end < start))
    status = fm__fail(err, FM_ERR_ARGUMENT, "expected a start, and an end on that day or later");
  if (status == FM_OK)
    status = fm__economy_list(&list, s.clauses, "procurement_clause", err);
  if (status == FM_OK)
    status = fm__contract_fill(&c, value, wage_share, start, end, &s, list, err);
  fm_codes_destroy(list);
  return status == FM_OK ? fm__economy_fill(out, &c, sizeof c, "fm_economy_contract", err) : status;
}
