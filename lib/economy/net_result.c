/* economy.net_result: what jobs change for municipality, state, insurance fund and person, by year. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"

enum { START, END, BEFORE, AFTER, WAGE, TAX, STATE_BEFORE, STATE_AFTER, FUND_BEFORE, FUND_AFTER, COST, N_NUMBERS };
enum { BY, PERSON, N_IDS };
enum { KEY_PAYER, KEY_CASE, N_KEYS };
enum { MUNICIPALITY, STATE, FUND, SELF, TAXES, N_PAYERS };

enum { FLOW_BEFORE, FLOW_AFTER, FLOW_WAGE, N_FLOWS }; /* what the results are made of */

static const char *const flows[N_FLOWS] = {"benefit_before", "benefit_after", "wage"};
static const char *const payers[N_PAYERS] = {"municipality", "state", "fund", "person", "tax"};
static const fm__rows_number numbers[N_NUMBERS] = {{"start", 0},
                                                   {"end", FM__OPTIONAL},
                                                   {"before", 0},
                                                   {"after", 0},
                                                   {"wage", 0},
                                                   {"tax", FM__OPTIONAL},
                                                   {"state_before", FM__OPTIONAL},
                                                   {"state_after", FM__OPTIONAL},
                                                   {"fund_before", FM__OPTIONAL},
                                                   {"fund_after", FM__OPTIONAL},
                                                   {"cost", FM__OPTIONAL}};

typedef struct net {
  fm__rows *rows;
  fm_codes *rates;
  char *schedule;                  /* NULL: no discounting */
  fm_economy_net_result_spec spec; /* without what it points to */
  size_t cost_payer;
} net;

static const fm_economy_net_result_spec defaults = FM_ECONOMY_NET_RESULT_SPEC_INIT;

static void destroy(void *state)
{
  net *t = state;
  fm_codes_destroy(t->rates);
  fm__free(t->schedule);
  fm__kept_destroy(t);
}

/* ---- rows: kept with an end, and with all shares ---- */

static const char *expected_of(size_t k, const double *x)
{
  if ((k == STATE_BEFORE || k == STATE_AFTER) && isnan(x[k]))
    return "the state's share of the benefit, or state_share for all";
  if (k >= STATE_BEFORE && k <= FUND_AFTER)
    return "a share from 0 to 1, such as 0.20 for 20 per cent; with the fund's at most 1";
  return k == TAX ? "an amount from -1e15 to 1e15" : FM__ECONOMY_AMOUNT;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = START;
  if (!fm__economy_is_day(x[START]))
    return "a date from 1900 to 2199";
  *at = END;
  if (!fm__economy_is_day(x[END]) || x[END] < x[START])
    return "a date on or after the start, or as_of where it is still running";
  for (*at = BEFORE; *at < N_NUMBERS; ++*at) {
    bool share = *at >= STATE_BEFORE && *at <= FUND_AFTER;
    if (!fm__economy_is_amount(*at == TAX ? fabs(x[*at]) : x[*at]) || (share && x[*at] > 1))
      return expected_of(*at, x);
  }
  *at = x[STATE_BEFORE] + x[FUND_BEFORE] > 1 ? FUND_BEFORE : FUND_AFTER;
  return *at == FUND_BEFORE || x[STATE_AFTER] + x[FUND_AFTER] > 1 ? expected_of(*at, x) : NULL;
}

static bool fill(const void *state, double *x)
{
  static const size_t none[] = {TAX, FUND_BEFORE, FUND_AFTER, COST};
  const net *t = state;
  int32_t as_of = t->spec.as_of;
  for (size_t k = 0; k < FM__COUNT(none); k++)
    x[none[k]] = isnan(x[none[k]]) ? 0 : x[none[k]];
  x[STATE_BEFORE] = isnan(x[STATE_BEFORE]) ? t->spec.state_share : x[STATE_BEFORE];
  x[STATE_AFTER] = isnan(x[STATE_AFTER]) ? t->spec.state_share : x[STATE_AFTER];
  if (as_of == FM_NO_DATE)
    return true;
  if (!(x[END] < x[START]))
    x[END] = fmin(x[END], (double)as_of - 1); /* fmin takes the number where there is no end */
  return !(x[START] >= as_of);
}

static const fm__rows_kind kind = {
    .measure = "economy.net_result", .wrong = wrong, .fill = fill, .id_expected = "the id of a person", .id = PERSON};

/* ---- years ---- */

typedef struct year_sum {
  fm__sum change[N_PAYERS], flow[N_FLOWS], cost;
  int64_t placements, people;
  uint64_t last_person;
} year_sum;

typedef struct book {
  const net *t;
  int32_t first;
  size_t n; /* years; the last cell is all of them */
  year_sum *years;
  double *factors;
} book;

/* What a month of the job changes for each. */
static void changes(double *out, const double *x)
{
  out[MUNICIPALITY] =
      x[BEFORE] * (1 - x[STATE_BEFORE] - x[FUND_BEFORE]) - x[AFTER] * (1 - x[STATE_AFTER] - x[FUND_AFTER]);
  out[STATE] = x[BEFORE] * x[STATE_BEFORE] - x[AFTER] * x[STATE_AFTER];
  out[FUND] = x[BEFORE] * x[FUND_BEFORE] - x[AFTER] * x[FUND_AFTER];
  out[SELF] = x[WAGE] + x[AFTER] - x[BEFORE] - x[TAX];
  out[TAXES] = x[TAX];
}

static void count(year_sum *y, uint64_t person, uint64_t times)
{
  y->placements += (int64_t)times;
  y->people += y->last_person != person;
  y->last_person = person;
}

static int32_t year_of(double date)
{
  int32_t y;
  fm_date_to_ymd((int32_t)date, &y, NULL, NULL);
  return y;
}

static void add_placement(book *b, size_t row)
{
  const double *x = fm__rows_numbers(b->t->rows, row);
  uint64_t times = fm__rows_count(b->t->rows, row), person = (uint64_t)fm__rows_id(b->t->rows, row, PERSON) + 1;
  double each[N_PAYERS];
  int32_t from = year_of(x[START]), to = year_of(x[END]);
  changes(each, x);
  for (int32_t at = from; at <= to; at++) {
    int32_t first = fm_date_from_ymd(at, 1, 1), next = fm_date_from_ymd(at + 1, 1, 1);
    first = (int32_t)x[START] > first ? (int32_t)x[START] : first;
    next = (int32_t)x[END] + 1 < next ? (int32_t)x[END] + 1 : next;
    double months = fm__economy_months(first, next);
    year_sum *y = &b->years[at - b->first];
    for (size_t k = 0; k < N_PAYERS; k++)
      fm__economy_add_times(&y->change[k], each[k] * months, times);
    for (size_t k = 0; k < N_FLOWS; k++)
      fm__economy_add_times(&y->flow[k], x[BEFORE + k] * months, times);
    count(y, person, times);
  }
  fm__economy_add_times(&b->years[from - b->first].cost, x[COST], times);
  count(&b->years[b->n], person, times);
}

/* ---- figures ---- */

typedef struct page {
  const book *b;
  fm__result *r;
  size_t key;
  double effect; /* share of the jobs that counts as the programme's; NaN: not given */
  double error;
} page;

/* Before and after the effect is known: what one payer has from a year. N_PAYERS: all of them. */
static void of_payer(double *change, double *cost, const page *p, size_t payer, const year_sum *y)
{
  fm__sum all = {.pending = 0};
  for (size_t k = 0; k < N_PAYERS; k++)
    if (payer == N_PAYERS || payer == k)
      fm__sum_add(&all, fm__sum_value(&y->change[k]));
  *change = fm__sum_value(&all);
  *cost = payer == N_PAYERS || payer == p->b->t->cost_payer ? fm__sum_value(&y->cost) : 0;
}

static void put(const page *p, const char *quantity, double value, double error, const year_sum *y, int32_t first,
                int32_t last)
{
  fm__figure f = fm__figure_of(quantity, "currency");
  double z = -fm__normal_quantile((1 - p->b->t->spec.level) / 2);
  f.value = value;
  f.n = y->placements;
  f.people = y->people;
  f.period_start = first;
  f.period_end = last;
  if (isnan(value))
    f.state = FM__NOT_GIVEN;
  if (error > 0) {
    f.std_error = error;
    f.ci_low = value - z * error;
    f.ci_high = value + z * error;
    f.level = p->b->t->spec.level;
  }
  fm__result_add(p->r, &f);
}

/* A payer's years and all of them: results are linear in the effect, so that its error is a factor. */
static void put_payer(const page *p, size_t payer)
{
  const book *b = p->b;
  fm__sum change = {.pending = 0}, cost = {.pending = 0}, now_change = {.pending = 0}, now_cost = {.pending = 0};
  for (size_t k = 0; k < b->n; k++) {
    const year_sum *y = &b->years[k];
    int32_t first = fm_date_from_ymd(b->first + (int32_t)k, 1, 1),
            last = fm_date_from_ymd(b->first + (int32_t)k, 12, 31);
    double c, paid, factor = b->factors[k];
    of_payer(&c, &paid, p, payer, y);
    fm__sum_add(&change, c);
    fm__sum_add(&cost, paid);
    fm__sum_add(&now_change, c * factor);
    fm__sum_add(&now_cost, paid * factor);
    double so_far = fm__sum_value(&now_change);
    if (y->placements == 0)
      continue;
    put(p, "result", p->effect * c - paid, p->error * fabs(c), y, first, last);
    put(p, "present_value", (p->effect * c - paid) * factor, p->error * fabs(c * factor), y, first, last);
    put(p, "cumulated", p->effect * so_far - fm__sum_value(&now_cost), p->error * fabs(so_far), y, first, last);
  }
  const year_sum *all = &b->years[b->n];
  double c = fm__sum_value(&change), paid = fm__sum_value(&cost), now = fm__sum_value(&now_change);
  double result = p->effect * c - paid, n = (double)all->placements;
  put(p, "result", result, p->error * fabs(c), all, FM_NO_DATE, FM_NO_DATE);
  put(p, "present_value", p->effect * now - fm__sum_value(&now_cost), p->error * fabs(now), all, FM_NO_DATE,
      FM_NO_DATE);
  put(p, "per_placement", result / n, p->error * fabs(c) / n, all, FM_NO_DATE, FM_NO_DATE);
}

/* Benefits and wages of the jobs, whoever pays and whatever they would have been without. */
static void put_flows(const page *p)
{
  const book *b = p->b;
  for (size_t f = 0; f < N_FLOWS; f++) {
    fm__sum all = {.pending = 0};
    for (size_t k = 0; k < b->n; k++) {
      const year_sum *y = &b->years[k];
      double amount = fm__sum_value(&y->flow[f]);
      int32_t year = b->first + (int32_t)k;
      fm__sum_add(&all, amount);
      if (y->placements > 0)
        put(p, flows[f], amount, 0, y, fm_date_from_ymd(year, 1, 1), fm_date_from_ymd(year, 12, 31));
    }
    put(p, flows[f], fm__sum_value(&all), 0, &b->years[b->n], FM_NO_DATE, FM_NO_DATE);
  }
}

static void put_book(fm__result *r, const book *b, size_t key)
{
  const fm_economy_net_result_spec *s = &b->t->spec;
  bool told = !isnan(s->effect);
  const struct {
    const char *name;
    double effect, error;
  } cases[] = {{"gross", 1, 0}, {"net", told ? s->effect : 1 - s->deadweight, told ? s->effect_error : 0}};
  for (size_t c = 0; c < FM__COUNT(cases); c++)
    for (size_t k = 0; k <= N_PAYERS; k++) {
      page p = {.b = b, .r = r, .key = key, .effect = cases[c].effect, .error = cases[c].error};
      const char *payer = k < N_PAYERS ? payers[k] : NULL;
      fm__result_key_text(r, key + KEY_CASE, cases[c].name, strlen(cases[c].name));
      fm__result_key_text(r, key + KEY_PAYER, payer, payer != NULL ? strlen(payer) : 0);
      put_payer(&p, k);
      if (c == 0 && payer == NULL)
        put_flows(&p);
    }
}

/* The years from the first start to the last end, and their factors: year 0 is base_year, and earlier ones 1. */
static fm_status list_years(book *b, fm_error *err)
{
  const net *t = b->t;
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < fm__rows_n(t->rows); i++) {
    low = fmin(low, fm__rows_numbers(t->rows, i)[START]);
    high = fmax(high, fm__rows_numbers(t->rows, i)[END]);
  }
  if (low <= high) {
    b->first = year_of(low);
    b->n = (size_t)(year_of(high) - b->first + 1);
  }
  int32_t base = t->spec.base_year > 0 ? t->spec.base_year : b->first;
  size_t after = b->n > 0 && b->first > base ? (size_t)(b->first - base) : 0, n = after + b->n;
  double *factors = fm__array(n, sizeof *factors);
  b->factors = fm__array(b->n, sizeof *b->factors);
  b->years = fm__array(b->n + 1, sizeof *b->years);
  fm_status status = factors != NULL && b->factors != NULL && b->years != NULL ? FM_OK : fm__no_memory(err);
  int32_t on = t->spec.as_of != FM_NO_DATE ? t->spec.as_of - 1 : b->n > 0 ? (int32_t)high : 0;
  if (status == FM_OK && t->schedule != NULL && b->n > 0)
    status = fm_economy_discount(factors, n, t->schedule, on, t->rates, err);
  for (size_t k = 0; k < b->n && status == FM_OK; k++) {
    int64_t year = (int64_t)b->first + (int64_t)k - base;
    b->factors[k] = t->schedule == NULL || year < 0 ? 1 : factors[year];
  }
  fm__free(factors);
  return status;
}

static fm_status put_groups(fm__result *r, book *b, const fm_run *run, fm_error *err)
{
  const net *t = b->t;
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  size_t n = fm__rows_n(t->rows);
  fm_status status = FM_OK;
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint32_t group = fm__rows_id(t->rows, i, BY);
    memset(b->years, 0, (b->n + 1) * sizeof *b->years);
    for (; i < n && fm__rows_id(t->rows, i, BY) == group; i++)
      add_placement(b, i);
    fm__result_group(r, by, group);
    put_book(r, b, fm__groups_n_columns(by));
    status = fm__run_progress(run, (double)i / (double)n, err);
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[N_KEYS] = {{"payer", FM_CODE}, {"case", FM_CODE}};
  net *t = state;
  book b = {.t = t};
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = list_years(&b, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "economy.net_result", t->schedule != NULL ? t->schedule : "not_discounted",
                                       fm__rows_ids(t->rows, BY), keys, N_KEYS, err);
  if (status == FM_OK)
    status = put_groups(r, &b, run, err);
  fm__free(b.years);
  fm__free(b.factors);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  if (t->rates != NULL)
    fm__result_note(r, "rates", fm_codes_digest(t->rates));
  return fm__result_finish(r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_economy_net_result_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_net_result_spec, cost_payer, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_net_result_spec, schedule, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_net_result_spec, state_share, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_net_result_spec, deadweight, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_net_result_spec, effect, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_net_result_spec, effect_error, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_net_result_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_net_result_spec, as_of, FM__FIELD_I32),
                                   FM__FIELD(fm_economy_net_result_spec, base_year, FM__FIELD_I32)};

static bool is_share_or_none(double x)
{
  return isnan(x) || (x >= 0 && x <= 1);
}

static fm_status check(const fm_economy_net_result_spec *s, fm_error *err)
{
  if (!is_share_or_none(s->deadweight) || !is_share_or_none(s->state_share))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "deadweight and state_share: expected shares from 0 to 1, such as 0.32 for 32 per cent");
  if (!isnan(s->deadweight) && !isnan(s->effect))
    return fm__fail(err, FM_ERR_ARGUMENT, "deadweight and effect say the same; expected one of them");
  if (fabs(s->effect) > 1 || !(s->effect_error >= 0 && s->effect_error <= 1) ||
      (isnan(s->effect) && s->effect_error > 0))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "effect: expected a share from -1 to 1, such as 0.17 for 17 per cent, with an error from 0 to 1");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  if (s->as_of != FM_NO_DATE && !fm__economy_is_day(s->as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of: expected a date from 1900 to 2199");
  if (s->base_year != 0 && (s->base_year < 1900 || s->base_year > 2199))
    return fm__fail(err, FM_ERR_ARGUMENT, "base_year: expected a year from 1900 to 2199");
  return FM_OK;
}

static fm_status check_schedule(const net *t, fm_error *err)
{
  for (int64_t i = 0; i < (int64_t)fm_codes_n(t->rates); i++) {
    const char *of = fm_codes_attribute(t->rates, i, "schedule");
    if (of != NULL && strcmp(of, t->schedule) == 0)
      return FM_OK;
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "schedule: discount_rate.csv has no row of the schedule \"%s\"", t->schedule);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  net *t = state;
  const fm_economy_net_result_spec *s = spec;
  const char *const ids[N_IDS] = {s->by, "person_id"};
  fm_status status = check(s, err);
  if (status != FM_OK)
    return status;
  t->cost_payer = N_PAYERS;
  for (size_t k = 0; k <= FUND && s->cost_payer != NULL; k++)
    t->cost_payer = strcmp(s->cost_payer, payers[k]) == 0 ? k : t->cost_payer;
  if (t->cost_payer == N_PAYERS)
    return fm__fail(err, FM_ERR_ARGUMENT, "cost_payer: expected municipality, state or fund");
  t->spec = *s;
  t->spec.by = t->spec.cost_payer = t->spec.schedule = NULL;
  t->spec.rates = NULL;
  if (s->schedule != NULL) {
    t->schedule = fm__copy_text(s->schedule, strlen(s->schedule));
    status = t->schedule != NULL ? fm__economy_list(&t->rates, s->rates, "discount_rate", err) : fm__no_memory(err);
    if (status == FM_OK)
      status = check_schedule(t, err);
    if (status != FM_OK)
      return status;
    fm__spec_text_text(text, "rates", fm_codes_digest(t->rates), "");
  }
  return fm__rows_keep(&t->rows, &kind, numbers, N_NUMBERS, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "economy.net_result",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_economy_net_result_spec, net),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_economy_net_result)
