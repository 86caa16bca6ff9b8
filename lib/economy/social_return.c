/* economy.social_return: an impact map with every number on the way. */
#include <math.h>
#include <string.h>

#include "economy/return_priv.h"

enum { QUANTITY, VALUE, DEADWEIGHT, DISPLACEMENT, ATTRIBUTION, DROP_OFF, YEARS, FIRST_YEAR, N_NUMBERS };
enum { BY, OUTCOME, N_IDS };
enum { KEY_OUTCOME, KEY_YEAR, KEY_CASE, N_KEYS };
enum { MOST_INPUTS = 100 };

static const fm__rows_number numbers[N_NUMBERS] = {{"quantity", 0},
                                                   {"value", 0},
                                                   {"deadweight", FM__OPTIONAL},
                                                   {"displacement", FM__OPTIONAL},
                                                   {"attribution", FM__OPTIONAL},
                                                   {"drop_off", FM__OPTIONAL},
                                                   {"years", FM__OPTIONAL},
                                                   {"first_year", FM__OPTIONAL}};

typedef struct map {
  fm__rows *rows;
  double rate, inputs[MOST_INPUTS];
  size_t n_inputs;
} map;

static const fm_economy_social_return_spec defaults = FM_ECONOMY_SOCIAL_RETURN_SPEC_INIT;

/* ---- rows ---- */

static bool fill(const void *state, double *x)
{
  (void)state;
  for (size_t k = DEADWEIGHT; k < N_NUMBERS; k++)
    if (isnan(x[k]))
      x[k] = k >= YEARS ? 1 : 0;
  return true;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = QUANTITY;
  if (!fm__economy_is_amount(x[QUANTITY]))
    return "a number from 0 to 1e15";
  *at = VALUE;
  if (!fm__economy_is_amount(fabs(x[VALUE])))
    return "an amount from -1e15 to 1e15";
  for (*at = DEADWEIGHT; *at <= DROP_OFF; ++*at)
    if (!(x[*at] >= 0 && x[*at] <= 1))
      return "a share from 0 to 1, such as 0.40 for 40 per cent";
  for (*at = YEARS; *at <= FIRST_YEAR; ++*at)
    if (!(x[*at] >= 1 && x[*at] <= 100 && floor(x[*at]) == x[*at]))
      return "a whole number from 1 to 100";
  return NULL;
}

static const fm__rows_kind kind = {.measure = "economy.social_return",
                                   .wrong = wrong,
                                   .fill = fill,
                                   .id_expected = "the name of an outcome",
                                   .id = OUTCOME};

/* ---- figures ---- */

/* The outcomes of one map: rows `from` .. of the tally. */
typedef struct page {
  const map *t;
  fm__result *r;
  size_t from, n, n_years, key;
  fm_economy_outcome *outcomes;
} page;

static fm_economy_outcome outcome_of(const map *t, size_t row)
{
  const double *x = fm__rows_numbers(t->rows, row);
  return (fm_economy_outcome){.quantity = x[QUANTITY] * (double)fm__rows_count(t->rows, row),
                              .value = x[VALUE],
                              .deadweight = x[DEADWEIGHT],
                              .displacement = x[DISPLACEMENT],
                              .attribution = x[ATTRIBUTION],
                              .drop_off = x[DROP_OFF],
                              .years = (int64_t)x[YEARS],
                              .first_year = (int64_t)x[FIRST_YEAR]};
}

static void set_case(const page *p, const char *name)
{
  fm__result_key_text(p->r, p->key + KEY_CASE, name, name != NULL ? strlen(name) : 0);
}

static void set_year(const page *p, size_t year)
{
  if (year == 0)
    fm__result_key_null(p->r, p->key + KEY_YEAR);
  else
    fm__result_key_i64(p->r, p->key + KEY_YEAR, (int64_t)year);
}

static void put(const page *p, const char *quantity, const char *unit, double value)
{
  fm__economy_put(p->r, quantity, unit, value, FM__UNDEFINED, -1, -1, FM_NO_DATE, FM_NO_DATE);
}

static void put_years(const page *p, const double *undiscounted, const double *present, size_t first, size_t last)
{
  for (size_t y = first; y <= last; y++) {
    set_year(p, y);
    put(p, "year_value", "currency", undiscounted[y - 1]);
    put(p, "present_value", "currency", present[y - 1]);
  }
  set_year(p, 0);
}

static void put_all(const page *p, const fm_economy_return *f)
{
  const struct {
    const char *quantity, *unit;
    double value;
  } figures[] = {{"present_value", "currency", f->present_value},
                 {"inputs", "currency", f->inputs},
                 {"net", "currency", f->net},
                 {"ratio", "ratio", f->ratio},
                 {"net_ratio", "ratio", f->net_ratio},
                 {"payback_year", "count", f->payback_year},
                 {"payback_years", "years", f->payback_years},
                 {"break_even", "share", f->break_even}};
  for (size_t k = 0; k < FM__COUNT(figures); k++)
    put(p, figures[k].quantity, figures[k].unit, figures[k].value);
  set_case(p, "deadweight x 0.8");
  put(p, "present_value", "currency", f->ratio_high * f->inputs);
  put(p, "ratio", "ratio", f->ratio_high);
  set_case(p, "deadweight x 1.2");
  put(p, "present_value", "currency", f->ratio_low * f->inputs);
  put(p, "ratio", "ratio", f->ratio_low);
  set_case(p, NULL);
}

/* One outcome, or all: n of them from `first` on. */
static fm_status compute(const page *p, fm_economy_return *f, double *impact, double *undiscounted, double *present,
                         size_t first, size_t n, fm_error *err)
{
  const map *t = p->t;
  f->struct_size = sizeof *f;
  return fm_economy_return_of(f, impact, undiscounted, present, p->n_years, p->outcomes + first, n, t->inputs,
                              t->n_inputs, t->rate, err);
}

/* An outcome: its rows, n of them from `first` on, add up. */
static fm_status put_outcome(const page *p, double *undiscounted, double *present, size_t first, size_t n,
                             fm_error *err)
{
  fm_economy_return f;
  fm__sum impact = {.pending = 0};
  size_t from = SIZE_MAX, to = 0;
  double *impacts = fm__array(n, sizeof *impacts);
  fm_status status =
      impacts != NULL ? compute(p, &f, impacts, undiscounted, present, first, n, err) : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm_economy_outcome *o = &p->outcomes[first + i];
    fm__sum_add(&impact, impacts[i]);
    from = (size_t)o->first_year < from ? (size_t)o->first_year : from;
    to = fm__outcome_last(o) > to ? fm__outcome_last(o) : to;
  }
  fm__free(impacts);
  if (status != FM_OK)
    return status;
  set_year(p, 0);
  put(p, "impact", "currency", fm__sum_value(&impact));
  put_years(p, undiscounted, present, from, to);
  put(p, "present_value", "currency", f.present_value);
  return FM_OK;
}

static fm_status put_map(const page *p, fm_error *err)
{
  const fm__rows *rows = p->t->rows;
  fm_economy_return f;
  double *undiscounted = fm__array(p->n_years, sizeof *undiscounted);
  double *present = fm__array(p->n_years, sizeof *present);
  fm_status status = undiscounted != NULL && present != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0, next; i < p->n && status == FM_OK; i = next) {
    size_t length = 0;
    uint32_t outcome = fm__rows_id(rows, p->from + i, OUTCOME);
    const char *name = fm__groups_text(fm__rows_ids(rows, OUTCOME), outcome, 0, &length);
    for (next = i + 1; next < p->n && fm__rows_id(rows, p->from + next, OUTCOME) == outcome;)
      next++;
    fm__result_key_text(p->r, p->key + KEY_OUTCOME, name, length);
    status = put_outcome(p, undiscounted, present, i, next - i, err);
  }
  fm__result_key_text(p->r, p->key + KEY_OUTCOME, NULL, 0);
  if (status == FM_OK)
    status = compute(p, &f, NULL, undiscounted, present, 0, p->n, err);
  if (status == FM_OK) {
    put_years(p, undiscounted, present, 1, p->n_years);
    put_all(p, &f);
  }
  fm__free(undiscounted);
  fm__free(present);
  return status;
}

static fm_status put_groups(fm__result *r, const map *t, const fm_run *run, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  size_t n = fm__rows_n(t->rows);
  page p = {.t = t, .r = r, .key = fm__groups_n_columns(by), .outcomes = fm__array(n, sizeof *p.outcomes)};
  fm_status status = p.outcomes != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint32_t group = fm__rows_id(t->rows, i, BY);
    p.from = i;
    p.n_years = 0;
    for (p.n = 0; i < n && fm__rows_id(t->rows, i, BY) == group; i++, p.n++) {
      p.outcomes[p.n] = outcome_of(t, i);
      size_t last = fm__outcome_last(&p.outcomes[p.n]);
      p.n_years = last > p.n_years ? last : p.n_years;
    }
    fm__result_group(r, by, group);
    set_case(&p, NULL);
    status = put_map(&p, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  fm__free(p.outcomes);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[N_KEYS] = {{"outcome", FM_CODE}, {"year", FM_I64}, {"case", FM_CODE}};
  map *t = state;
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status =
        fm__result_create_grouped(&r, "economy.social_return", "sroi", fm__rows_ids(t->rows, BY), keys, N_KEYS, err);
  if (status == FM_OK)
    status = put_groups(r, t, run, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  char rate[32];
  fm__print_f64(rate, t->rate);
  fm__result_note(r, "rate", rate);
  return fm__result_finish(r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_economy_social_return_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_social_return_spec, inputs, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_social_return_spec, rate, FM__FIELD_F64)};

static fm_status read_inputs(map *t, const char *text, fm_error *err)
{
  for (const char *p = text; p != NULL;) {
    size_t length = strcspn(p, ",");
    const char *next = p[length] != '\0' ? p + length + 1 : NULL;
    double value;
    if (t->n_inputs == MOST_INPUTS || !fm__parse_f64(p, length, '.', &value) || !fm__economy_is_amount(value)) {
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "inputs: expected amounts from 0 to 1e15 by year from year 0, separated by commas, such as "
                      "1200000,900000");
    }
    t->inputs[t->n_inputs++] = value;
    p = next;
  }
  double sum = 0;
  for (size_t i = 0; i < t->n_inputs; i++)
    sum += t->inputs[i];
  return sum > 0
             ? FM_OK
             : fm__fail(err, FM_ERR_ARGUMENT, "inputs: expected what was put in, above 0 in all; there is no default");
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  map *t = state;
  const fm_economy_social_return_spec *s = spec;
  const char *const ids[N_IDS] = {s->by, "outcome"};
  (void)text;
  t->rate = s->rate;
  if (!(s->rate >= 0 && s->rate < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "rate: expected a share from 0 to below 1, such as 0.035");
  fm_status status = read_inputs(t, s->inputs, err);
  return status == FM_OK ? fm__rows_keep(&t->rows, &kind, numbers, N_NUMBERS, ids, N_IDS, err) : status;
}

static const fm__measure measure = {.id = "economy.social_return",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_economy_social_return_spec, map),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = fm__kept_destroy};

FM__MEASURE_FUNCTIONS(fm_economy_social_return)
