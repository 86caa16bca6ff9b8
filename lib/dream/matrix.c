/* Spells from codes in memory. */
#include "dream/dream_priv.h"

/* What the weeks of one person are, week by week. */
typedef struct matrix {
  const uint16_t *codes;
  const uint8_t *employed;
  size_t n_weeks, n_months;
  int32_t first_monday, first_month; /* months since year 0 */
} matrix;

static int32_t month_number(int32_t date)
{
  int32_t year, month;
  fm_date_to_ymd(date, &year, &month, NULL);
  return 12 * year + month - 1;
}

static uint16_t code_of(const matrix *m, size_t person, size_t week)
{
  uint16_t code = m->codes[person * m->n_weeks + week];
  if (code != FM_DREAM_BLANK)
    return code;
  int32_t month = month_number(m->first_monday + 7 * (int32_t)week + 3) - m->first_month;
  if (m->employed == NULL || month < 0 || month >= (int32_t)m->n_months)
    return FM_DREAM_NOT_KNOWN;
  return m->employed[person * m->n_months + (size_t)month] ? 100 : 0;
}

static fm_status check(const matrix *m, size_t n_persons, fm_error *err)
{
  for (size_t i = 0; i < n_persons; i++) {
    for (size_t w = 0; w < m->n_weeks; w++) {
      uint16_t code = m->codes[i * m->n_weeks + w];
      if (code <= 9999 || code == FM_DREAM_BLANK || code == FM_DREAM_ABSENT)
        continue;
      fm__fail(err, FM_ERR_VALUE, "row %zu, week %zu: %d is no code; expected 0 to 9999, blank or absent", i, w,
               (int)code);
      fm__error_place(err, NULL, "codes", -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
    for (size_t k = 0; m->employed != NULL && k < m->n_months; k++) {
      if (m->employed[i * m->n_months + k] <= 1)
        continue;
      fm__fail(err, FM_ERR_VALUE, "row %zu, month %zu: employed is %d; expected 0 or 1", i, k,
               (int)m->employed[i * m->n_months + k]);
      fm__error_place(err, NULL, "employed", -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  }
  return FM_OK;
}

static fm_status check_arguments(const matrix *m, size_t n_persons, int32_t first_month, fm_error *err)
{
  int32_t day = 0;
  size_t cells;
  if (!fm__date_is_valid(m->first_monday) || fm_date_weekday(m->first_monday) != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "first_monday is not a Monday");
  if (n_persons > INT32_MAX || m->n_weeks > 100000 || m->n_months > 30000 ||
      !fm__multiply(n_persons, m->n_weeks + m->n_months, &cells))
    return fm__fail(err, FM_ERR_LIMIT, "more people, weeks or months than fit");
  if (m->codes == NULL && n_persons * m->n_weeks > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "codes is NULL");
  fm_date_to_ymd(first_month, NULL, NULL, &day);
  if (m->employed != NULL && (!fm__date_is_valid(first_month) || day != 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "first_month is not the first day of a month");
  if (!fm__date_is_valid(m->first_monday + 7 * (int32_t)m->n_weeks))
    return fm__fail(err, FM_ERR_ARGUMENT, "the weeks go beyond year 9999");
  return FM_OK;
}

/* Where the spells go; each array may be NULL. */
typedef struct spells {
  int32_t *person, *start, *end, *code;
  size_t n;
} spells;

static void add_spell(spells *out, const matrix *m, size_t person, size_t from, size_t to, int32_t code)
{
  size_t n = out->n++;
  if (out->person != NULL)
    out->person[n] = (int32_t)person;
  if (out->start != NULL)
    out->start[n] = m->first_monday + 7 * (int32_t)from;
  if (out->end != NULL)
    out->end[n] = to < m->n_weeks ? m->first_monday + 7 * (int32_t)to : FM_SPELL_OPEN;
  if (out->code != NULL)
    out->code[n] = code;
}

fm_status fm_dream_spells(size_t *n_spells, int32_t *person, int32_t *start, int32_t *end, int32_t *code,
                          const uint16_t *codes, size_t n_persons, size_t n_weeks, int32_t first_monday,
                          const uint8_t *employed, size_t n_months, int32_t first_month, fm_error *err)
{
  matrix m = {codes, employed, n_weeks, n_months, first_monday, month_number(first_month)};
  spells out = {person, start, end, code, 0};
  *n_spells = 0;
  fm_status status = check_arguments(&m, n_persons, first_month, err);
  if (status == FM_OK)
    status = check(&m, n_persons, err);
  if (status != FM_OK)
    return status;
  uint16_t *weeks = fm__array(n_weeks, sizeof *weeks);
  uint32_t *starts = fm__array(n_weeks, sizeof *starts);
  if (weeks == NULL || starts == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n_persons && status == FM_OK; i++) {
    size_t n_runs = 0;
    for (size_t w = 0; w < n_weeks; w++)
      weeks[w] = code_of(&m, i, w);
    status = fm_spell_runs(&n_runs, starts, weeks, n_weeks, err);
    for (size_t k = 0; k < n_runs && status == FM_OK; k++)
      if (weeks[starts[k]] != FM_DREAM_ABSENT)
        add_spell(&out, &m, i, starts[k], k + 1 < n_runs ? starts[k + 1] : n_weeks, weeks[starts[k]]);
  }
  fm__free(weeks);
  fm__free(starts);
  *n_spells = status == FM_OK ? out.n : 0;
  return status;
}
