/* Figures of a country, as a user cites them: read from a table, compared in kind with the participants' incomes. */
#include <stdio.h>
#include <string.h>

#include "flexmetrics/calendar.h"
#include "num/num_priv.h"
#include "sdg/contribution_priv.h"

enum { MONEY, GROWTH, RATE };
static const struct known {
  const char *indicator, *quantity, *cited;
  int32_t kind;
} known[FM__N_CITED] = {[FM__CITED_LINE] = {"10.1.1", "bottom40_line", "cited_bottom40_line", MONEY},
                        [FM__CITED_BOTTOM_MEAN] = {"10.1.1", "bottom40_mean", "cited_bottom40_mean", MONEY},
                        [FM__CITED_MEAN] = {"10.1.1", "mean", "cited_mean", MONEY},
                        [FM__CITED_GROWTH_BOTTOM] = {"10.1.1", "growth_bottom", "cited_growth_bottom", GROWTH},
                        [FM__CITED_GROWTH_MEAN] = {"10.1.1", "growth_mean", "cited_growth_mean", GROWTH},
                        [FM__CITED_PREMIUM] = {"10.1.1", "premium", "cited_premium", GROWTH},
                        [FM__CITED_UNEMPLOYMENT] = {"8.5.2", "unemployment_rate", "cited_unemployment_rate", RATE},
                        [FM__CITED_EMPLOYMENT] = {"8.5.2", "employment_rate", "cited_employment_rate", RATE}};

static const char *const text_names[FM__N_CITED_TEXTS] = {"unit", "concept", "prices", "currency", "source"};

void fm__cited_free(fm__cited *figures)
{
  for (size_t i = 0; i < FM__N_CITED; i++)
    for (size_t k = 0; k < FM__N_CITED_TEXTS; k++)
      fm__free(figures[i].texts[k]);
}

/* ---- cells, of whatever type the table has them in ---- */

static fm_status bad_cell(const fm_table *t, const char *column, size_t row, const char *expected, fm_error *err)
{
  fm_status status =
      fm__fail(err, FM_ERR_VALUE, "national figures, column %s, row %zu: expected %s", column, row, expected);
  fm__error_place(err, fm_table_name(t), column, fm_table_column_index(t, column), (int64_t)row, fm_table_line(t, row));
  return status;
}

static bool has_cell(const fm_table *t, const char *name, size_t row, size_t *column)
{
  int64_t found = fm_table_column_index(t, name);
  *column = (size_t)found;
  return found >= 0 && fm_table_is_null(t, *column, row) == 0;
}

/* NaN when there is none. */
static fm_status number_at(double *out, const fm_table *t, const char *name, size_t row, fm_error *err)
{
  size_t column, length = 0;
  bool good = true;
  *out = NAN;
  if (!has_cell(t, name, row, &column))
    return FM_OK;
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    *out = fm_table_f64(t, column)[row];
    good = !isinf(*out);
    break;
  case FM_I64:
    *out = (double)fm_table_i64(t, column)[row];
    break;
  case FM_I32:
    *out = fm_table_i32(t, column)[row];
    break;
  case FM_CODE: {
    const char *text = fm_table_text(t, column, row, &length);
    good = length == 0 || (fm__parse_f64(text, length, '.', out) && isfinite(*out));
    break;
  }
  default:
    good = false;
  }
  return good ? FM_OK : bad_cell(t, name, row, "a finite number", err);
}

/* Creates the text; NULL when there is none. Numbers in their plain form. */
static fm_status text_at(char **out, const fm_table *t, const char *name, size_t row, fm_error *err)
{
  size_t column, length = 0;
  char plain[32];
  const char *text = plain;
  *out = NULL;
  if (!has_cell(t, name, row, &column))
    return FM_OK;
  if (fm_table_column_type(t, column) == FM_CODE) {
    text = fm_table_text(t, column, row, &length);
  } else {
    double value;
    fm_status status = number_at(&value, t, name, row, err);
    if (status != FM_OK || isnan(value))
      return status;
    fm__print_f64(plain, value);
    length = strlen(plain);
  }
  if (length == 0)
    return FM_OK;
  *out = fm__copy_text(text, length);
  return *out != NULL ? FM_OK : fm__no_memory(err);
}

/* ---- reading ---- */

/* The place of a row's figure among those known, FM__N_CITED when it is none of them. */
static fm_status find_figure(size_t *out, const fm_table *t, size_t row, fm_error *err)
{
  char *indicator = NULL, *quantity = NULL;
  fm_status status = text_at(&indicator, t, "indicator", row, err);
  if (status == FM_OK)
    status = text_at(&quantity, t, "quantity", row, err);
  *out = 0;
  while (status == FM_OK && *out < FM__N_CITED &&
         (indicator == NULL || quantity == NULL || strcmp(known[*out].indicator, indicator) != 0 ||
          strcmp(known[*out].quantity, quantity) != 0))
    ++*out;
  if (status == FM_OK && *out == FM__N_CITED)
    status = bad_cell(t, "quantity", row,
                      "10.1.1 bottom40_line, bottom40_mean, mean, growth_bottom, growth_mean or premium, or 8.5.2 "
                      "unemployment_rate or employment_rate",
                      err);
  fm__free(indicator);
  fm__free(quantity);
  return status;
}

static fm_status check_values(const fm__cited *c, int32_t kind, const fm_table *t, size_t row, fm_error *err)
{
  if (isnan(c->value))
    return bad_cell(t, "value", row, "a number", err);
  if (kind == RATE && !(c->value >= 0 && c->value <= 1))
    return bad_cell(t, "value", row, "a rate as a share from 0 to 1, such as 0.752 for 75.2 per cent", err);
  if (kind == GROWTH && !(fabs(c->value) < 1))
    return bad_cell(t, "value", row, "growth a year as a share of 1, such as 0.0149 for 1.49 per cent", err);
  if (c->texts[FM__CITED_SOURCE] == NULL)
    return bad_cell(t, "source", row, "where the figure was published", err);
  return FM_OK;
}

static fm_status read_row(fm__cited *out, const fm_table *t, size_t row, fm_error *err)
{
  size_t i;
  fm_status status = find_figure(&i, t, row, err);
  if (status != FM_OK)
    return status;
  fm__cited *c = &out[i];
  if (c->row >= 0)
    return bad_cell(t, "quantity", row, "each figure once", err);
  c->row = (int64_t)row;
  const struct {
    const char *name;
    double *out;
  } numbers[] = {{"value", &c->value}, {"since", &c->since}, {"year", &c->year}, {"period_months", &c->months}};
  for (size_t k = 0; k < FM__COUNT(numbers) && status == FM_OK; k++)
    status = number_at(numbers[k].out, t, numbers[k].name, row, err);
  for (size_t k = 0; k < FM__N_CITED_TEXTS && status == FM_OK; k++)
    status = text_at(&c->texts[k], t, text_names[k], row, err);
  return status == FM_OK ? check_values(c, known[i].kind, t, row, err) : status;
}

fm_status fm__cited_read(fm__cited *out, const fm_table *national, fm_error *err)
{
  static const char *const required[] = {"indicator", "quantity", "value", "source"};
  fm_status status = FM_OK;
  for (size_t i = 0; i < FM__N_CITED; i++)
    out[i] = (fm__cited){.row = -1, .value = NAN, .since = NAN, .year = NAN, .months = NAN};
  if (national == NULL)
    return FM_OK;
  status = fm__table_require_sealed(national, err);
  for (size_t k = 0; k < FM__COUNT(required) && status == FM_OK; k++) {
    size_t column;
    status = fm__table_find(national, required[k], 0, &column, err);
  }
  for (size_t row = 0; status == FM_OK && row < fm_table_n_rows(national); row++)
    status = read_row(out, national, row, err);
  return status;
}

void fm__cited_describe(fm__bytes *text, const fm__cited *figures)
{
  for (size_t i = 0; i < FM__N_CITED; i++) {
    const fm__cited *c = &figures[i];
    if (c->row < 0)
      continue;
    fm__spec_text_f64(text, known[i].cited, c->value, NAN);
    fm__spec_text_f64(text, "since", c->since, NAN);
    fm__spec_text_f64(text, "year", c->year, NAN);
    fm__spec_text_f64(text, "months", c->months, NAN);
    for (size_t k = 0; k < FM__N_CITED_TEXTS; k++)
      fm__spec_text_text(text, text_names[k], c->texts[k], NULL);
  }
}

/* ---- likeness ---- */

typedef struct comparison {
  const fm__cited *cited;
  const struct known *known;
  bool force;
  fm__bytes *differences;
  fm_error *err;
} comparison;

static fm_status differ(const comparison *c, const char *field, const char *theirs, const char *ours)
{
  char text[256];
  const char *unknown = "not said";
  snprintf(text, sizeof text, "%s of the cited %s %s is %.60s, of the participants' incomes %.60s", field,
           c->known->indicator, c->known->quantity, theirs != NULL ? theirs : unknown, ours != NULL ? ours : unknown);
  if (c->force) {
    fm__bytes_raw(c->differences, "; ", c->differences->size > 0 ? 2 : 0);
    fm__bytes_raw(c->differences, text, strlen(text));
    return FM_OK;
  }
  fm_status status =
      fm__fail(c->err, FM_ERR_VALUE, "%s; the same is expected, or force=yes to show them side by side", text);
  fm__error_place(c->err, "national", field, -1, c->cited->row, -1);
  return status;
}

static fm_status compare_texts(const comparison *c, const char *field, const char *theirs, const char *ours)
{
  return theirs != NULL && ours != NULL && strcmp(theirs, ours) == 0 ? FM_OK : differ(c, field, theirs, ours);
}

/* Years are compared without their fractions. */
static fm_status compare_numbers(const comparison *c, const char *field, double theirs, double ours, bool years)
{
  char texts[2][32];
  if (theirs == ours || (years && floor(theirs) == floor(ours)))
    return FM_OK;
  fm__print_f64(texts[0], theirs);
  fm__print_f64(texts[1], ours);
  return differ(c, field, isnan(theirs) ? NULL : texts[0], isnan(ours) ? NULL : texts[1]);
}

/* Growth does not depend on the year of fixed prices nor on the currency, but on whether prices are fixed. */
static const char *fixed_or_current(const char *prices)
{
  if (prices == NULL)
    return NULL;
  return strcmp(prices, "current") == 0 || strcmp(prices, "nominal") == 0 ? "current" : "fixed";
}

static fm_status check_money(const comparison *c, const fm_sdg_contribution_spec *s)
{
  const fm__cited *f = c->cited;
  fm_status status = compare_texts(c, "prices", f->texts[FM__CITED_PRICES], s->prices);
  if (status == FM_OK)
    status = compare_texts(c, "currency", f->texts[FM__CITED_CURRENCY], s->currency);
  if (status == FM_OK)
    status = compare_numbers(c, "period_months", f->months, s->period_months, false);
  return status == FM_OK ? compare_numbers(c, "year", f->year, s->period_0, true) : status;
}

static fm_status check_growth(const comparison *c, const fm_sdg_contribution_spec *s)
{
  const fm__cited *f = c->cited;
  fm_status status =
      compare_texts(c, "prices", fixed_or_current(f->texts[FM__CITED_PRICES]), fixed_or_current(s->prices));
  if (status == FM_OK)
    status = compare_numbers(c, "since", f->since, s->period_0, true);
  return status == FM_OK ? compare_numbers(c, "year", f->year, s->period_1, true) : status;
}

/* Who is in work is counted by person. */
static fm_status check_rate(const comparison *c)
{
  const char *unit = c->cited->texts[FM__CITED_UNIT];
  return unit == NULL || strcmp(unit, "person") == 0 ? FM_OK : differ(c, "unit", unit, "person");
}

fm_status fm__cited_check(const fm__cited *figures, const fm_sdg_contribution_spec *spec, fm__bytes *differences,
                          fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t i = 0; i < FM__N_CITED && status == FM_OK; i++) {
    const fm__cited *f = &figures[i];
    comparison c = {.cited = f, .known = &known[i], .force = spec->force == 1, .differences = differences, .err = err};
    if (f->row < 0)
      continue;
    if (known[i].kind == RATE) {
      status = check_rate(&c);
      continue;
    }
    status = compare_texts(&c, "unit", f->texts[FM__CITED_UNIT], spec->unit);
    if (status == FM_OK)
      status = compare_texts(&c, "concept", f->texts[FM__CITED_CONCEPT], spec->concept);
    if (status == FM_OK)
      status = known[i].kind == MONEY ? check_money(&c, spec) : check_growth(&c, spec);
  }
  return status;
}

/* ---- the result ---- */

static int32_t day_of(double year, int32_t month, int32_t day)
{
  return year >= 1 && year < 9999 ? fm_date_from_ymd((int32_t)floor(year), month, day) : FM__NO_DATE;
}

void fm__cited_put(fm__result *r, const fm__cited *figures, size_t n_keys)
{
  static const char *const units[] = {[MONEY] = "money", [GROWTH] = "per_year", [RATE] = "share"};
  for (size_t k = 0; k < n_keys; k++)
    fm__result_key_null(r, k);
  fm__result_definition(r, "cited", strlen("cited"));
  for (size_t i = 0; i < FM__N_CITED; i++) {
    const fm__cited *c = &figures[i];
    fm__figure f = fm__figure_of(known[i].cited, units[known[i].kind]);
    f.value = c->value;
    if (c->row < 0) {
      f.state = FM__NOT_GIVEN;
    } else {
      f.period_start = day_of(isnan(c->since) ? c->year : c->since, 1, 1);
      f.period_end = day_of(c->year, 12, 31);
    }
    fm__result_more_text(r, FM__CONTRIBUTION_GOAL, known[i].indicator);
    fm__result_more_text(r, FM__CONTRIBUTION_SOURCE, c->texts[FM__CITED_SOURCE]);
    fm__result_add(r, &f);
  }
}
