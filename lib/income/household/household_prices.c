/* Incomes in the same prices, or the same purchasing power: each row divided by the factor of its keys. */
#include <stdio.h>
#include <string.h>

#include "income/household/household_priv.h"

static const fm_income_deflate_spec defaults = FM_INCOME_DEFLATE_SPEC_INIT;

void fm_income_deflate_spec_init(fm_income_deflate_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static fm_status take_spec(fm_income_deflate_spec *s, const fm_income_deflate_spec *spec, fm_error *err)
{
  *s = defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_income_deflate_spec", err);
  if (status == FM_OK && (s->incomes == NULL || s->incomes[0] == '\0' || s->index == NULL))
    status = fm__fail(err, FM_ERR_ARGUMENT, "incomes, index: expected names of columns");
  if (status == FM_OK && (s->by == NULL || s->by[0] == '\0'))
    status = fm__fail(err, FM_ERR_ARGUMENT, "by: expected names of key columns");
  if (status == FM_OK && !(s->base > 0 && isfinite(s->base)))
    status = fm__fail(err, FM_ERR_ARGUMENT, "base: expected a finite number above 0");
  return status;
}

/* The factors by the number of their keys. */
typedef struct factor_list {
  fm__groups *keys;
  double *factor; /* index / base */
  size_t n;
} factor_list;

static void factors_free(factor_list *f)
{
  fm__groups_destroy(f->keys);
  fm__free(f->factor);
}

/* Every key column of every row is filled. */
static fm_status check_keys(const fm_table *t, const fm__groups *keys, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < fm__groups_n_columns(keys) && status == FM_OK; k++) {
    size_t column;
    status = fm__table_find(t, fm__groups_column(keys, k), 0, &column, err);
    for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(t); i++)
      if (!fm__bit(fm_table_validity(t, column), i))
        status = fm__column_bad(t, column, i, "a value, as it is a key", err);
  }
  return status;
}

static fm_status read_factors(factor_list *f, const fm_table *factors, const fm_income_deflate_spec *s, fm_error *err)
{
  fm__numbers index = {0};
  uint32_t *key = NULL;
  fm_status status = fm__table_require_sealed(factors, err);
  if (status == FM_OK)
    status = fm__groups_create(&f->keys, s->by, err);
  if (status == FM_OK)
    status = check_keys(factors, f->keys, err);
  if (status == FM_OK)
    status = fm__numbers_find(&index, factors, s->index, err);
  if (status == FM_OK)
    status = fm__groups_map(f->keys, factors, &key, err);
  f->n = status == FM_OK ? fm__groups_count(f->keys) : 0;
  f->factor = fm__array(f->n, sizeof *f->factor);
  if (status == FM_OK && f->factor == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(factors); i++) {
    double x = fm__numbers_at(&index, i);
    double factor = x / s->base;
    if (!(x > 0 && factor > 0 && isfinite(factor)))
      status = fm__column_bad(factors, index.column, i, "a finite number above 0", err);
    else if (f->factor[key[i]] > 0)
      status = fm__column_bad(factors, index.column, i, "one row for each key; this one's stands twice", err);
    else
      f->factor[key[i]] = factor;
  }
  fm__free(key);
  return status;
}

/* "no factor for year 2019, region north": keys are years and places, never people. */
static fm_status no_factor(const factor_list *f, uint32_t key, const fm_table *t, const fm_table *factors, size_t row,
                           fm_error *err)
{
  char what[256] = "";
  size_t at = 0;
  for (size_t k = 0; k < fm__groups_n_columns(f->keys) && at < sizeof what; k++) {
    const char *text = fm__groups_text(f->keys, key, k, NULL);
    int n = snprintf(what + at, sizeof what - at, "%s%s %s", k > 0 ? ", " : "", fm__groups_column(f->keys, k), text);
    at += n > 0 ? (size_t)n : 0;
  }
  const char *first = fm__groups_column(f->keys, 0);
  fm__fail(err, FM_ERR_VALUE, "row %zu: no factor for %s; expected one in the table %s", row, what,
           fm_table_name(factors));
  fm__error_place(err, fm_table_name(t), first, fm_table_column_index(t, first), (int64_t)row, fm_table_line(t, row));
  return FM_ERR_VALUE;
}

/* Adds NAME_real for the column called name[0 .. length). */
static fm_status add_real(fm_table *out, const fm_table *incomes, const char *name, size_t length, const uint32_t *key,
                          const factor_list *f, fm_error *err)
{
  char column[256], real[272];
  fm__numbers x = {0};
  size_t n = fm_table_n_rows(incomes);
  if (length == 0 || length >= sizeof column)
    return fm__fail(err, FM_ERR_ARGUMENT, "incomes: expected names of 1 to 255 bytes, separated by commas");
  snprintf(column, sizeof column, "%.*s", (int)length, name);
  snprintf(real, sizeof real, "%s_real", column);
  fm_status status = fm__numbers_find(&x, incomes, column, err);
  double *values = status == FM_OK ? fm__array(n, sizeof *values) : NULL;
  if (status == FM_OK && values == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double income = fm__numbers_at(&x, i);
    if (isinf(income))
      status = fm__column_bad(incomes, x.column, i, "a finite income", err);
    else
      values[i] = income / f->factor[key[i]];
  }
  if (status == FM_OK)
    return fm__table_take_f64(out, real, values, n, err);
  fm__free(values);
  return status;
}

static fm_status add_all(fm_table *out, const fm_table *incomes, const char *names, const uint32_t *key,
                         const factor_list *f, fm_error *err)
{
  fm_status status = FM_OK;
  for (const char *p = names; status == FM_OK; p++) {
    size_t length = strcspn(p, ","), skip = strspn(p, " ");
    size_t end = length;
    while (end > skip && p[end - 1] == ' ')
      end--;
    status = add_real(out, incomes, p + skip, end > skip ? end - skip : 0, key, f, err);
    p += length;
    if (*p == '\0')
      break;
  }
  return status;
}

fm_status fm_income_deflate(fm_table **out, const fm_table *incomes, const fm_table *factors,
                            const fm_income_deflate_spec *spec, const fm_run *run, fm_error *err)
{
  fm_income_deflate_spec s;
  fm_table *made = NULL;
  factor_list f = {0};
  uint32_t *key = NULL;
  *out = NULL;
  fm_status status = take_spec(&s, spec, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__table_extend(&made, incomes, err);
  if (status == FM_OK)
    status = read_factors(&f, factors, &s, err);
  if (status == FM_OK)
    status = check_keys(incomes, f.keys, err);
  if (status == FM_OK)
    status = fm__groups_map(f.keys, incomes, &key, err);
  for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(incomes); i++)
    if (key[i] >= f.n)
      status = no_factor(&f, key[i], incomes, factors, i, err);
  if (status == FM_OK)
    status = add_all(made, incomes, s.incomes, key, &f, err);
  if (status == FM_OK)
    status = fm_table_set_note(made, "prices_by", s.by, err);
  if (status == FM_OK)
    status = fm__table_note_number(made, "prices_base", s.base, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 1, err);
  fm__free(key);
  factors_free(&f);
  return fm__table_done(out, made, status, err);
}
