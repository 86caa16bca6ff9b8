/* sdg.totals: rows of totals by period, and the indicators that follow from them. */
#include "sdg/totals_priv.h"

#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { PERIOD, FIRST_TOTAL }; /* numbers of a row */

typedef struct totals {
  fm__rows *rows; /* first: see FM__MEASURE_KEEPS_ROWS */
  const fm__total *total;
  fm_income_spell_spec spell;
  char *breaks; /* the spell's text */
} totals;

static const fm_sdg_totals_spec defaults = FM_SDG_TOTALS_SPEC_INIT;

static void destroy(void *state)
{
  fm__free(((totals *)state)->breaks);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

static bool fits_column(const fm__total_column *c, double x)
{
  bool low = (c->flags & FM__TOTAL_SIGNED) == 0 && x < 0, high = (c->flags & FM__TOTAL_SHARE) != 0 && x > 1;
  return isnan(x) || (isfinite(x) && !low && !high);
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  const totals *t = state;
  *at = PERIOD;
  if (!isfinite(x[PERIOD]))
    return "a decimal year";
  for (size_t k = 0; k < fm__total_n_columns(t->total); k++) {
    const fm__total_column *c = &t->total->columns[k];
    *at = FIRST_TOTAL + k;
    if (!fits_column(c, x[*at]))
      return (c->flags & FM__TOTAL_SHARE) != 0    ? "a Gini coefficient from 0 to 1"
             : (c->flags & FM__TOTAL_SIGNED) != 0 ? "a finite number"
                                                  : "a finite number of at least 0";
  }
  return NULL;
}

/* Some figure has all its columns. */
static fm_status check_columns(const void *state, const fm_table *frame, fm_error *err)
{
  const totals *t = state;
  uint32_t there = 0;
  size_t n = fm__total_n_columns(t->total);
  fm__bytes names = {0};
  for (size_t k = 0; k < n; k++) {
    const char *name = t->total->columns[k].name;
    there |= fm_table_column_index(frame, name) >= 0 ? 1U << k : 0;
    fm__bytes_raw(&names, ", ", k > 0 ? 2 : 0);
    fm__bytes_raw(&names, name, strlen(name));
  }
  fm__bytes_raw(&names, "", 1);
  bool some = false;
  for (size_t k = 0; k < FM__TOTALS_FIGURES && t->total->figures[k].quantity != NULL; k++)
    some |= (t->total->figures[k].uses & ~there) == 0;
  fm_status status = FM_OK;
  if (names.failed)
    status = fm__no_memory(err);
  else if (!some)
    status = fm__fail(err, FM_ERR_NOT_FOUND, "%s needs more columns than there are; it is computed from %s",
                      t->total->indicator, (const char *)names.data);
  fm__bytes_free(&names);
  return status;
}

static const fm__rows_kind kind = {.measure = "sdg.totals", .check = check_columns, .wrong = wrong};

/* ---- figures ---- */

enum { SINCE, UNTIL, N_KEYS };
static const fm__key keys[N_KEYS] = {{"since", FM_F64}, {"period", FM_F64}};

typedef struct page {
  fm__result *r;
  const totals *t;
  size_t key;
} page;

static const double *cells(const totals *t, size_t row)
{
  return fm__rows_numbers(t->rows, row) + FIRST_TOTAL;
}

static double period_of(const totals *t, size_t row)
{
  return fm__rows_numbers(t->rows, row)[PERIOD];
}

/* A figure's level in one period, and its state. */
static double level(const totals *t, const fm__total_figure *f, size_t row, const char **state)
{
  const double *x = cells(t, row);
  *state = FM__OK;
  for (size_t k = 0; k < FM__TOTALS_COLUMNS; k++)
    if ((f->uses & (1U << k)) != 0 && isnan(x[k]))
      *state = FM__NOT_GIVEN;
  double value = strcmp(*state, FM__OK) == 0 ? f->level(x) : NAN;
  if (strcmp(*state, FM__OK) == 0 && !isfinite(value))
    *state = FM__UNDEFINED;
  return isfinite(value) ? value : NAN;
}

static void put(const page *p, const char *quantity, const char *unit, double since, double period, double value,
                const char *state)
{
  fm__figure figure = fm__figure_of(quantity, unit);
  figure.value = value;
  figure.state = state;
  if (isnan(since))
    fm__result_key_null(p->r, p->key + SINCE);
  else
    fm__result_key_f64(p->r, p->key + SINCE, since);
  if (isnan(period))
    fm__result_key_null(p->r, p->key + UNTIL);
  else
    fm__result_key_f64(p->r, p->key + UNTIL, period);
  fm__result_add(p->r, &figure);
}

/* Growth from one row to another, a year. */
static double growth(const totals *t, const fm__total_figure *f, size_t from, size_t to, const char **state)
{
  const char *before;
  double last = level(t, f, to, state), first = level(t, f, from, &before);
  if (isnan(last) || isnan(first)) {
    *state = isnan(last) ? *state : before;
    return NAN;
  }
  double years = t->total->spell ? period_of(t, to) - period_of(t, from) : 1;
  double whole = (last - first) / first, value = years == 1 ? whole : fm__expm1(fm__log1p(whole) / years);
  if (!isfinite(value))
    *state = FM__UNDEFINED;
  return isfinite(value) ? value : NAN;
}

/* The row of the year before; SIZE_MAX: none. Rows are in the order of their periods. */
static size_t year_before(const totals *t, size_t first, size_t row)
{
  for (size_t i = row; i-- > first;) {
    double years = period_of(t, row) - period_of(t, i);
    if (fabs(years - 1) < 1e-6)
      return i;
    if (years > 1)
      break;
  }
  return SIZE_MAX;
}

static void put_years(const page *p, size_t first, size_t end)
{
  for (size_t k = 0; k < FM__TOTALS_FIGURES && p->t->total->figures[k].quantity != NULL; k++) {
    const fm__total_figure *f = &p->t->total->figures[k];
    for (size_t row = first; row < end; row++) {
      const char *state = FM__NOT_GIVEN;
      double period = period_of(p->t, row), value = NAN;
      size_t before = f->growth ? year_before(p->t, first, row) : SIZE_MAX;
      if (!f->growth)
        value = level(p->t, f, row, &state);
      else if (before != SIZE_MAX)
        value = growth(p->t, f, before, row, &state);
      put(p, f->quantity, f->unit, before != SIZE_MAX ? period_of(p->t, before) : NAN, period, value, state);
    }
  }
}

/* A country without two surveys that fit has no growth; others beside it have. */
static void put_no_spell(const page *p)
{
  for (size_t k = 0; k < FM__TOTALS_FIGURES; k++)
    put(p, p->t->total->figures[k].quantity, "per_year", NAN, NAN, NAN, FM__NOT_GIVEN);
  put(p, "growth_premium", "per_year", NAN, NAN, NAN, FM__NOT_GIVEN);
}

static fm_status put_spell(const page *p, size_t first, size_t end, fm_error *err)
{
  const totals *t = p->t;
  double chosen[2], value[FM__TOTALS_FIGURES];
  size_t row[2] = {first, first};
  const char *state = FM__OK;
  double *periods = fm__array(end - first, sizeof *periods);
  if (periods == NULL)
    return fm__no_memory(err);
  for (size_t i = first; i < end; i++)
    periods[i - first] = period_of(t, i);
  fm_error found = FM_ERROR_INIT;
  fm_status status = fm_income_spell(&chosen[0], &chosen[1], periods, end - first, &t->spell, &found);
  fm__free(periods);
  if (status == FM_ERR_NOT_FOUND) {
    put_no_spell(p);
    return FM_OK;
  }
  if (status != FM_OK)
    return fm__fail(err, status, "%s", found.message);
  for (size_t i = first; i < end; i++)
    for (size_t k = 0; k < 2; k++)
      row[k] = period_of(t, i) == chosen[k] ? i : row[k];
  for (size_t k = 0; k < FM__TOTALS_FIGURES; k++) {
    const char *own;
    value[k] = growth(t, &t->total->figures[k], row[0], row[1], &own);
    state = isnan(value[k]) ? own : state;
    put(p, t->total->figures[k].quantity, "per_year", chosen[0], chosen[1], value[k], own);
  }
  put(p, "growth_premium", "per_year", chosen[0], chosen[1], value[0] - value[1], state);
  return FM_OK;
}

static fm_status check_twice(const totals *t, size_t first, size_t end, fm_error *err)
{
  for (size_t i = first; i < end; i++)
    if (fm__rows_count(t->rows, i) > 1 || (i > first && period_of(t, i) == period_of(t, i - 1))) {
      char text[32];
      fm__print_f64(text, period_of(t, i));
      return fm__fail(err, FM_ERR_VALUE, "period %s is there twice; expected a row for each period%s", text,
                      fm__groups_n_columns(fm__rows_ids(t->rows, 0)) > 0 ? " of a group" : "");
    }
  return FM_OK;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  totals *t = state;
  page p = {.t = t};
  fm_status status = fm__rows_reduce(t->rows, err);
  const fm__groups *groups = fm__rows_ids(t->rows, 0);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "sdg.totals", t->total->indicator, groups, keys, N_KEYS, err);
  if (status != FM_OK)
    return status;
  p.key = fm__groups_n_columns(groups);
  size_t n = fm__rows_n(t->rows);
  for (size_t first = 0, end; first < n && status == FM_OK; first = end) {
    uint32_t group = fm__rows_id(t->rows, first, 0);
    for (end = first; end < n && fm__rows_id(t->rows, end, 0) == group;)
      end++;
    fm__result_group(p.r, groups, group);
    status = check_twice(t, first, end, err);
    if (status == FM_OK && t->total->spell)
      status = put_spell(&p, first, end, err);
    else if (status == FM_OK)
      put_years(&p, first, end);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)n, err);
  }
  if (status == FM_OK)
    return fm__result_finish(p.r, out, err);
  fm__result_destroy(p.r);
  return status;
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_sdg_totals_spec, indicator, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_totals_spec, period, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_totals_spec, by, FM__FIELD_TEXT)};

/* A copy of the rule with its own text, and what differs from the default, for the tally's text. */
static fm_status take_spell(totals *t, const fm_income_spell_spec *given, fm__bytes *text, fm_error *err)
{
  double first, last;
  fm_income_spell_spec plain;
  fm_income_spell_spec_init(&plain, sizeof plain);
  t->spell = plain;
  if (given == NULL)
    return FM_OK;
  fm_status status = fm__spec_take(&t->spell, sizeof t->spell, given, "fm_income_spell_spec", err);
  if (status == FM_OK && t->spell.breaks != NULL) {
    t->breaks = fm__copy_text(t->spell.breaks, strlen(t->spell.breaks));
    if (t->breaks == NULL)
      status = fm__no_memory(err);
    t->spell.breaks = t->breaks;
  }
  if (status != FM_OK)
    return status;
  /* Of no surveys none are found: only the rule is checked. */
  fm_error found = FM_ERROR_INIT;
  status = fm_income_spell(&first, &last, NULL, 0, &t->spell, &found);
  if (status != FM_ERR_NOT_FOUND)
    return fm__fail(err, status, "%s", found.message);
  fm__spec_text_text(text, "breaks", t->spell.breaks, NULL);
  fm__spec_text_f64(text, "spell_years", t->spell.years, plain.years);
  fm__spec_text_f64(text, "tolerance", t->spell.tolerance, plain.tolerance);
  fm__spec_text_f64(text, "not_before", t->spell.not_before, plain.not_before);
  fm__spec_text_f64(text, "not_after", t->spell.not_after, plain.not_after);
  return FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  totals *t = state;
  const fm_sdg_totals_spec *s = spec;
  char known[96] = "";
  fm__rows_number numbers[FIRST_TOTAL + FM__TOTALS_COLUMNS] = {{s->period, 0}};
  const char *ids[] = {s->by};
  t->total = fm__total_of(s->indicator, known, sizeof known);
  if (t->total == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "indicator: expected one that is computed from totals, %s; found \"%s\"",
                    known, s->indicator != NULL ? s->indicator : "");
  if (s->period == NULL || s->period[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "period: expected the name of the column of periods");
  if (s->spell != NULL && !t->total->spell)
    return fm__fail(err, FM_ERR_ARGUMENT, "spell: %s takes each year and the one before", t->total->indicator);
  size_t n = fm__total_n_columns(t->total);
  for (size_t k = 0; k < n; k++)
    numbers[FIRST_TOTAL + k] = (fm__rows_number){
        t->total->columns[k].name, (t->total->columns[k].flags & FM__TOTAL_OPTIONAL) != 0 ? FM__OPTIONAL : 0};
  fm_status status = fm__rows_keep(&t->rows, &kind, numbers, FIRST_TOTAL + n, ids, 1, err);
  return status == FM_OK ? take_spell(t, s->spell, text, err) : status;
}

static const fm__measure measure = {.id = "sdg.totals",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_sdg_totals_spec, totals),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_sdg_totals)
