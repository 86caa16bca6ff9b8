/* The clocks of definitions: periods and days after an index day. */
#include "spell/definition_priv.h"

int32_t fm__definition_from(const fm_spell_definition *d, int32_t index)
{
  return index + (d->index == FM_SPELL_FROM_EXIT || d->index == FM_SPELL_FROM_BENEFIT_END ? 1 : 0);
}

/* First day of the calendar month `months` after year 0's first. */
static int32_t month_start(int32_t months)
{
  return months < 12 || months >= 12 * 10000 ? FM_NO_DATE : fm_date_from_ymd(months / 12, months % 12 + 1, 1);
}

static bool calendar_months(fm__span *out, int32_t first, int32_t n)
{
  *out = (fm__span){month_start(first), month_start(first + n)};
  return out->start != FM_NO_DATE && out->end != FM_NO_DATE;
}

bool fm__definition_period(fm__span *out, const fm_spell_definition *d, int32_t index, int32_t k)
{
  int32_t from = fm__definition_from(d, index), year, month, day;
  fm_date_to_ymd(index, &year, &month, &day);
  int32_t own = 12 * year + month - 1;
  switch (d->clock) {
  case FM_SPELL_DAYS:
    *out = (fm__span){from + k - 1, from + k};
    break;
  case FM_SPELL_WEEKS:
    *out = (fm__span){from + 7 * (k - 1), from + 7 * k};
    break;
  case FM_SPELL_MONTHS:
    *out = (fm__span){fm_date_add_months(index, k - 1), fm_date_add_months(index, k)};
    if (out->start == FM_NO_DATE || out->end == FM_NO_DATE)
      return false;
    out->start += from - index;
    out->end += from - index;
    break;
  case FM_SPELL_QUARTERS:
    return calendar_months(out, own / 3 * 3 + 3 * k, 3);
  default:
    if (d->first_month > 0 && k > 0) /* the next month of that number is the first */
      own += (d->first_month - 1 - month + 12) % 12;
    return calendar_months(out, own + k, 1);
  }
  return fm__date_is_valid(out->start) && fm__date_is_valid(out->end);
}

int32_t fm__definition_target(const fm_spell_definition *d, int32_t index, int32_t horizon)
{
  fm__span period;
  if (d->clock == FM_SPELL_MONTHS)
    return fm_date_add_months(index, horizon);
  return fm__definition_period(&period, d, index, horizon) ? period.end - 1 : FM_NO_DATE;
}
