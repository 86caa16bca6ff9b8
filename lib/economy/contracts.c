/* economy.contracts: clauses and quotas over a register's contracts. */
#include <math.h>
#include <string.h>

#include "economy/contract_priv.h"

enum { VALUE, START, END, WAGE_SHARE, AGREED, STARTED, DELIVERED, N_NUMBERS };

static const fm__rows_number numbers[N_NUMBERS] = {{"value", 0},
                                                   {"start", 0},
                                                   {"end", 0},
                                                   {"wage_share", FM__OPTIONAL},
                                                   {"agreed", FM__OPTIONAL},
                                                   {"started", FM__OPTIONAL},
                                                   {"delivered", FM__OPTIONAL}};

typedef struct contracts {
  fm__rows *rows;
  fm_economy_contracts_spec spec; /* its texts and list are owned */
  char *rule;
  fm_codes *list;
} contracts;

static const fm_economy_contracts_spec defaults = FM_ECONOMY_CONTRACTS_SPEC_INIT;

static void destroy(void *state)
{
  contracts *t = state;
  fm_codes_destroy(t->list);
  fm__free(t->rule);
  fm__kept_destroy(t);
}

/* ---- rows ---- */

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = VALUE;
  if (!fm__economy_is_amount(x[VALUE]))
    return FM__ECONOMY_AMOUNT;
  *at = START;
  if (!fm__economy_is_day(x[START]))
    return "a date";
  *at = END;
  if (!fm__economy_is_day(x[END]) || x[END] < x[START])
    return "a date on or after the start";
  *at = WAGE_SHARE;
  if (x[WAGE_SHARE] < 0 || x[WAGE_SHARE] > 1)
    return "a share from 0 to 1, such as 0.40 for 40 per cent";
  for (*at = AGREED; *at < N_NUMBERS; ++*at)
    if (!isnan(x[*at]) && !fm__economy_is_amount(x[*at]))
      return "hours from 0 to 1e15";
  return NULL;
}

static const fm__rows_kind kind = {.measure = "economy.contracts", .wrong = wrong};

/* ---- figures ---- */

enum { SUM_VALUE, WAGES, FTE, EXPECTED, PERSON_YEARS, PLACES, HOURS_AGREED, HOURS_STARTED, HOURS_DELIVERED, N_SUMS };

typedef struct totals {
  fm__sum sum[N_SUMS];
  int64_t with[N_SUMS]; /* contracts that have the figure */
  int64_t n, met, unknown;
  int32_t first, last;
} totals;

static void put_in(totals *t, size_t k, double value, uint64_t count)
{
  if (isnan(value))
    return;
  fm__economy_add_times(&t->sum[k], value, count);
  t->with[k] += (int64_t)count;
}

static fm_status add_contract(totals *t, const contracts *c, size_t row, fm_error *err)
{
  const double *x = fm__rows_numbers(c->rows, row);
  uint64_t count = fm__rows_count(c->rows, row);
  fm_economy_contract one;
  int32_t start = (int32_t)x[START], end = (int32_t)x[END];
  fm_status status = fm__contract_fill(&one, x[VALUE], x[WAGE_SHARE], start, end, &c->spec, c->list, err);
  if (status != FM_OK)
    return status;
  bool met = one.trigger == 1;
  const double figures[N_SUMS] = {x[VALUE],
                                  one.wage_sum,
                                  one.fte_years,
                                  met ? one.expected : NAN,
                                  met ? one.person_years : NAN,
                                  met ? one.places : NAN,
                                  x[AGREED] / c->spec.full_time_year,
                                  x[STARTED] / c->spec.full_time_year,
                                  x[DELIVERED] / c->spec.full_time_year};
  for (size_t k = 0; k < N_SUMS; k++)
    put_in(t, k, figures[k], count);
  t->first = t->n == 0 || start < t->first ? start : t->first;
  t->last = t->n == 0 || end > t->last ? end : t->last;
  t->n += (int64_t)count;
  t->met += met ? (int64_t)count : 0;
  t->unknown += one.trigger < 0 ? (int64_t)count : 0;
  return FM_OK;
}

static double sum_of(const totals *t, size_t k)
{
  return t->with[k] > 0 ? fm__sum_value(&t->sum[k]) : NAN;
}

static double over(double part, double whole)
{
  return whole > 0 ? part / whole : NAN;
}

static void put(fm__result *r, const totals *t, const char *quantity, const char *unit, double value,
                const char *missing, int64_t n)
{
  fm__economy_put(r, quantity, unit, value, missing, n, -1, t->first, t->last);
}

/* Nothing is expected where no contract meets the trigger; without a quota, or where a missing wage share decides,
 * nobody can say. */
static double expected_of(const totals *t, size_t k, bool told)
{
  return told && t->met + t->unknown == 0 ? 0 : sum_of(t, k);
}

/* The quota given, or that of the rule when the first contract starts; NaN: none. */
static fm_status find_quota(double *out, const contracts *c, const totals *t, fm_error *err)
{
  int64_t rule = -1;
  fm_status status = fm__economy_entry(&rule, c->list, c->spec.rule, t->first, err);
  *out = !isnan(c->spec.quota) || status != FM_OK ? c->spec.quota : fm__economy_number(c->list, rule, "quota");
  return status;
}

static fm_status put_totals(fm__result *r, const totals *t, const contracts *c, fm_error *err)
{
  static const struct {
    const char *quantity;
    size_t sum;
  } hours[] = {{"agreed", HOURS_AGREED}, {"started", HOURS_STARTED}, {"delivered", HOURS_DELIVERED}};
  const fm_economy_contracts_spec *s = &c->spec;
  double quota;
  fm_status status = find_quota(&quota, c, t, err);
  if (status != FM_OK)
    return status;
  bool told = !isnan(quota);
  put(r, t, "contracts", "count", (double)t->n, FM__OK, t->n);
  put(r, t, "contract_value", "currency", sum_of(t, SUM_VALUE), FM__OK, t->n);
  put(r, t, "wage_sum", "currency", sum_of(t, WAGES), FM__NOT_GIVEN, t->with[WAGES]);
  put(r, t, "trigger_met", "count", (double)t->met, FM__OK, t->n);
  put(r, t, "trigger_unknown", "count", (double)t->unknown, FM__OK, t->n);
  put(r, t, "fte_years", "fte_years", sum_of(t, FTE), FM__NOT_GIVEN, t->with[FTE]);
  put(r, t, "expected_fte_years", "fte_years", expected_of(t, EXPECTED, told), FM__NOT_GIVEN, t->with[EXPECTED]);
  put(r, t, "expected_person_years", "years", expected_of(t, PERSON_YEARS, told), FM__NOT_GIVEN, t->with[PERSON_YEARS]);
  put(r, t, "expected_places", "places", expected_of(t, PLACES, told), FM__NOT_GIVEN, t->with[PLACES]);
  for (size_t k = 0; k < FM__COUNT(hours); k++)
    put(r, t, hours[k].quantity, "fte_years", sum_of(t, hours[k].sum), FM__NOT_GIVEN, t->with[hours[k].sum]);
  double agreed = sum_of(t, HOURS_AGREED);
  const char *why = isnan(agreed) ? FM__NOT_GIVEN : FM__UNDEFINED;
  bool no_started = t->with[HOURS_STARTED] == 0, no_delivered = t->with[HOURS_DELIVERED] == 0;
  put(r, t, "started_share", "share", over(sum_of(t, HOURS_STARTED), agreed), no_started ? FM__NOT_GIVEN : why,
      t->with[HOURS_STARTED]);
  put(r, t, "delivered_share", "share", over(sum_of(t, HOURS_DELIVERED), agreed), no_delivered ? FM__NOT_GIVEN : why,
      t->with[HOURS_DELIVERED]);
  double wages = s->purchasing * s->wage_share * s->clause_share;
  put(r, t, "potential_places", "places", wages / s->fte_cost * quota * s->full_time_hours / s->hours, FM__NOT_GIVEN,
      -1);
  return FM_OK;
}

static fm_status put_groups(fm__result *r, const contracts *c, const fm_run *run, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(c->rows, 0);
  size_t n = fm__rows_n(c->rows);
  totals *t = fm__array(1, sizeof *t);
  fm_status status = t != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint32_t group = fm__rows_id(c->rows, i, 0);
    memset(t, 0, sizeof *t);
    for (; i < n && fm__rows_id(c->rows, i, 0) == group && status == FM_OK; i++)
      status = add_contract(t, c, i, err);
    fm__result_group(r, by, group);
    if (status == FM_OK)
      status = put_totals(r, t, c, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  fm__free(t);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  contracts *t = state;
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "economy.contracts", t->rule, fm__rows_ids(t->rows, 0), NULL, 0, err);
  if (status == FM_OK)
    status = put_groups(r, t, run, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  char cost[32];
  fm__print_f64(cost, t->spec.fte_cost);
  fm__result_note(r, "fte_cost", cost);
  fm__result_note(r, "clauses", fm_codes_digest(t->list));
  return fm__result_finish(r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_economy_contracts_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_contracts_spec, rule, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_contracts_spec, quota, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, fte_cost, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, full_time_year, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, full_time_hours, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, hours, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, purchasing, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, wage_share, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_contracts_spec, clause_share, FM__FIELD_F64)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  contracts *t = state;
  t->spec = *(const fm_economy_contracts_spec *)spec;
  const char *by = t->spec.by;
  t->spec.by = NULL;
  fm_status status = fm__contract_check(&t->spec, err);
  if (status == FM_OK)
    status = fm__economy_list(&t->list, t->spec.clauses, "procurement_clause", err);
  if (status != FM_OK)
    return status;
  t->spec.clauses = t->list;
  t->rule = fm__copy_text(t->spec.rule, strlen(t->spec.rule));
  if (t->rule == NULL)
    return fm__no_memory(err);
  t->spec.rule = t->rule;
  fm__spec_text_text(text, "clauses", fm_codes_digest(t->list), "");
  return fm__rows_keep(&t->rows, &kind, numbers, N_NUMBERS, &by, 1, err);
}

static const fm__measure measure = {.id = "economy.contracts",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_economy_contracts_spec, contracts),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_economy_contracts)
