/* The rows a measure of sampled incomes keeps, and populations made of them. */
#include "income/estimate/records_priv.h"

#include "income/measure/measure_priv.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"

static const fm_income_rules default_rules = FM_INCOME_RULES_INIT;

void fm__records_free(fm__records *r)
{
  fm__rows_destroy(r->rows);
  fm__design_columns_destroy(r->columns);
  *r = (fm__records){.weight = SIZE_MAX};
}

/* ---- reading ---- */

static fm_status take(void *context, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err)
{
  fm__records *r = context;
  double x = numbers[0], w = r->weight != SIZE_MAX ? numbers[r->weight] : 1;
  if (isinf(x))
    return fm__rows_bad(place, 0, "a finite income", err);
  if (isnan(w) && !isnan(x))
    return fm__rows_bad(place, r->weight, "a weight, as there is an income", err);
  if (w < 0 || isinf(w))
    return fm__rows_bad(place, r->weight, "a finite weight of at least 0", err);
  *keep = w > 0;
  if (!*keep) /* a missing weight beside a missing income, too, leaves no trace */
    return FM_OK;
  if (isnan(x) && r->rules.missing == FM_INCOME_MISSING_ERROR)
    return fm__rows_bad(place, 0, "an income (missing = error)", err);
  if (x < 0 && r->rules.negative == FM_INCOME_NEGATIVE_ERROR)
    return fm__rows_bad(place, 0, "an income of at least 0 (negative = error)", err);
  fm_status status = r->take != NULL ? r->take(r->context, numbers + r->more, place, err) : FM_OK;
  return status == FM_OK ? fm__design_columns_take(r->columns, numbers, place, err) : status;
}

static bool fits(const void *context, const double *numbers)
{
  const fm__records *r = context;
  if (isinf(numbers[0]))
    return false;
  return r->weight == SIZE_MAX || (numbers[r->weight] > 0 && isfinite(numbers[r->weight]));
}

/* ---- creating ---- */

/* Names of all number columns and id sets: the measure's own, then the design's. */
static fm_status make_rows(fm__records *r, const fm__records_spec *spec, fm_error *err)
{
  const fm__design_columns *c = r->columns;
  size_t own = r->more + spec->n_more;
  fm__rows_number *numbers = fm__array(own + c->n_numbers, sizeof *numbers);
  const char **ids = fm__array(spec->n_ids + c->n_ids, sizeof *ids);
  fm_status status = numbers != NULL && ids != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    numbers[0].name = spec->income;
    if (r->weight != SIZE_MAX)
      numbers[r->weight].name = spec->weight;
    for (size_t k = 0; k < spec->n_more; k++)
      numbers[r->more + k] = spec->more[k];
    for (size_t k = 0; k < c->n_numbers; k++)
      numbers[own + k] = c->numbers[k];
    for (size_t k = 0; k < spec->n_ids; k++)
      ids[k] = spec->ids[k];
    for (size_t k = 0; k < c->n_ids; k++)
      ids[spec->n_ids + k] = c->ids[k];
    status = fm__rows_keep(&r->rows, &r->kind, numbers, own + c->n_numbers, ids, spec->n_ids + c->n_ids, err);
  }
  fm__free(numbers);
  fm__free(ids);
  return status;
}

fm_status fm__records_create(fm__records *r, const fm__records_spec *spec, fm_error *err)
{
  *r = (fm__records){.kind = {.measure = spec->measure, .take = take, .fits = fits},
                     .weight = SIZE_MAX,
                     .n_more = spec->n_more,
                     .take = spec->take,
                     .context = spec->context};
  fm_status status = FM_OK;
  if (spec->income == NULL || spec->income[0] == '\0')
    status = fm__fail(err, FM_ERR_ARGUMENT, "income: expected the name of the column of incomes");
  if (status == FM_OK)
    status = fm__income_rules_take(&r->rules, spec->rules, err);
  if (spec->weight != NULL && spec->weight[0] != '\0')
    r->weight = 1;
  r->more = r->weight != SIZE_MAX ? 2 : 1;
  if (status == FM_OK)
    status = fm__design_columns_create(&r->columns, spec->design, r->more + spec->n_more, spec->n_ids, err);
  if (status == FM_OK)
    status = make_rows(r, spec, err);
  if (status != FM_OK)
    fm__records_free(r);
  return status;
}

fm_status fm__records_check_group(const fm__records *r, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(r->rows, 0), *group = fm__rows_ids(r->rows, 1);
  for (size_t i = 0; i < fm__groups_n_columns(by); i++)
    for (size_t k = 0; k < fm__groups_n_columns(group); k++)
      if (strcmp(fm__groups_column(by, i), fm__groups_column(group, k)) == 0)
        return fm__fail(err, FM_ERR_ARGUMENT, "group: expected columns that are not in by, got \"%s\"",
                        fm__groups_column(by, i));
  return FM_OK;
}

void fm__records_text(const fm__records *r, fm__bytes *b)
{
  const fm_income_rules *a = &r->rules, *d = &default_rules;
  const struct {
    const char *name;
    int32_t value, default_value;
  } choices[] = {{"quantile", a->quantile, d->quantile},
                 {"poor", a->poor, d->poor},
                 {"share", a->share, d->share},
                 {"gini", a->gini, d->gini},
                 {"nonpos", a->nonpos, d->nonpos},
                 {"negative", a->negative, d->negative},
                 {"missing", a->missing, d->missing},
                 {"density", a->density, d->density},
                 {"line_kind", a->line_kind, d->line_kind},
                 {"percent", a->percent, d->percent}};
  for (size_t k = 0; k < FM__COUNT(choices); k++)
    fm__spec_text_i64(b, choices[k].name, choices[k].value, choices[k].default_value);
  fm__spec_text_f64(b, "nonpos_floor", a->nonpos_floor, d->nonpos_floor);
  fm__spec_text_f64(b, "hit_tolerance", a->hit_tolerance, d->hit_tolerance);
  fm__spec_text_f64(b, "line_share", a->line_share, d->line_share);
  fm__spec_text_f64(b, "line", a->line, d->line);
  fm__design_columns_text(r->columns, b);
}

/* ---- results ---- */

fm_status fm__records_prepare(fm__prepared *p, fm__records *r, fm_error *err)
{
  *p = (fm__prepared){.records = r};
  fm_status status = fm__rows_reduce(r->rows, err);
  return status == FM_OK ? fm__design_of_rows(&p->design, &p->unit, r->columns, r->rows, r->weight, err) : status;
}

void fm__prepared_free(fm__prepared *p)
{
  fm__design_destroy(p->design);
  fm__free(p->unit);
  *p = (fm__prepared){.records = NULL};
}

double fm__prepared_income(const fm__prepared *p, size_t row, fm__dropped *dropped)
{
  const fm_income_rules *rules = &p->records->rules;
  double x = fm__rows_numbers(p->records->rows, row)[0];
  int64_t count = (int64_t)fm__rows_count(p->records->rows, row);
  if (isnan(x))
    dropped->missing += count;
  if (p->doubled > 0 && fm__rows_numbers(p->records->rows, row)[p->doubled] == 1)
    x = fabs(x) < DBL_MAX / 2 ? 2 * x : x;
  if (!(x < 0) || rules->negative == FM_INCOME_NEGATIVE_KEEP)
    return p->prices != 0 ? x / p->prices : x;
  if (rules->negative == FM_INCOME_NEGATIVE_ZERO) {
    dropped->zeroed += count;
    return 0;
  }
  dropped->negative += count;
  return NAN;
}

fm_status fm__prepared_population(fm__dist *out, fm__dropped *dropped, const fm__prepared *p, size_t first, size_t end,
                                  fm__belongs belongs, const void *context, const fm_run *run, fm_error *err)
{
  const fm__records *r = p->records;
  fm__dropped ignored = {0, 0, 0}, *left_out = dropped != NULL ? dropped : &ignored;
  fm__member *members = NULL;
  size_t n = 0, capacity = 0;
  for (size_t i = first; i < end; i++) {
    const double *numbers = fm__rows_numbers(r->rows, i);
    uint64_t count = fm__rows_count(r->rows, i);
    if (belongs != NULL && !belongs(context, r, i))
      continue;
    double x = fm__prepared_income(p, i, left_out);
    if (isnan(x))
      continue;
    if (isinf(x)) {
      fm__free(members);
      return fm__fail(err, FM_ERR_LIMIT, "an income divided by its price level is beyond the range of doubles");
    }
    for (uint64_t part; count > 0; count -= part) {
      part = count < UINT32_MAX ? count : UINT32_MAX;
      if (!fm__grow((void **)&members, &capacity, n + 1, sizeof *members)) {
        fm__free(members);
        return fm__no_memory(err);
      }
      members[n++] = (fm__member){x, r->weight != SIZE_MAX ? numbers[r->weight] : 1, p->unit[i], (uint32_t)part};
    }
  }
  if (members == NULL && (members = fm__array(0, sizeof *members)) == NULL)
    return fm__no_memory(err);
  return fm__dist_of_members(out, members, n, run, err);
}

fm_status fm__prepared_starts(size_t **start, const fm__prepared *p, fm_error *err)
{
  const fm__rows *rows = p->records->rows;
  size_t n_groups = fm__groups_count(fm__rows_ids(rows, 0)), n = fm__rows_n(rows);
  *start = fm__array(n_groups + 1, sizeof **start);
  if (*start == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    (*start)[fm__rows_id(rows, i, 0) + 1]++;
  for (size_t g = 0; g < n_groups; g++)
    (*start)[g + 1] += (*start)[g];
  return FM_OK;
}

/* ---- notes ---- */

static void note_count(fm__result *r, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  fm__result_note(r, key, text);
}

static void note_number(fm__result *r, const char *key, double value)
{
  char text[32];
  fm__print_f64(text, value);
  fm__result_note(r, key, text);
}

/* The words of each choice, as the options have them. */
static const struct {
  const char *name, *words[5];
} choices[] = {{"quantile", {"avg", "left", "right", "interp"}},
               {"poor", {"lt", "le"}},
               {"share", {"fractional", "step"}},
               {"gini", {"population", "n_minus_1", "unit_block"}},
               {"nonpos", {"error", "drop", "limit", "floor"}},
               {"negative", {"keep", "error", "drop", "zero"}},
               {"missing", {"drop", "error"}},
               {"density", {"silverman", "osier"}},
               {"line_kind", {"national", "domain", "absolute", "national_mean", "domain_mean"}}};

void fm__rules_notes(fm__result *r, const fm_income_rules *a)
{
  const int32_t chosen[] = {a->quantile, a->poor,    a->share,   a->gini,     a->nonpos,
                            a->negative, a->missing, a->density, a->line_kind};
  for (size_t k = 0; k < FM__COUNT(choices); k++)
    fm__result_note(r, choices[k].name, choices[k].words[chosen[k]]);
  if (a->line_kind == FM_INCOME_LINE_ABSOLUTE)
    note_number(r, "line", a->line);
  else
    note_number(r, "line_share", a->line_share);
  if (a->nonpos == FM_INCOME_NONPOS_FLOOR)
    note_number(r, "nonpos_floor", a->nonpos_floor);
}

void fm__prepared_notes(fm__result *r, const fm__prepared *p, const fm__dropped *dropped)
{
  const fm__records *records = p->records;
  size_t n_strata, n_primary;
  fm__rules_notes(r, &records->rules);
  fm__result_note(r, "std_error", fm__design_name(p->design));
  fm__design_size(p->design, &n_strata, &n_primary);
  note_count(r, "strata", (int64_t)n_strata);
  note_count(r, "primary_units", (int64_t)n_primary);
  if (records->weight == SIZE_MAX)
    fm__result_note(r, "weight", "each row counts 1");
  else
    fm__result_note(r, "weight",
                    records->columns->n_auxiliaries > 0
                        ? "calibrated: errors are those of the residuals on the auxiliaries"
                        : "weights were treated as fixed: errors leave out that they were calibrated or modelled");
  note_count(r, "missing_income", dropped->missing);
  note_count(r, "negative_dropped", dropped->negative);
  note_count(r, "negative_zeroed", dropped->zeroed);
}
