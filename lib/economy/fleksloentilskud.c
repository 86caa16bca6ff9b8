/* economy.fleksloentilskud: the subsidy of each person's months. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"

enum { MONTH, WAGE, FULL_TIME, ONE_OFF, ONE_OFF_MONTHS, ONE_OFF_FROM, N_NUMBERS };
enum { BY, PERSON, N_IDS };
enum { MOST_MONTHS = 120 };

static const fm__rows_number numbers[N_NUMBERS] = {{"month", 0},
                                                   {"wage", 0},
                                                   {"full_time_wage", FM__OPTIONAL},
                                                   {"one_off", FM__OPTIONAL},
                                                   {"one_off_months", FM__OPTIONAL},
                                                   {"one_off_from", FM__OPTIONAL}};

typedef struct flex {
  fm__rows *rows;
  fm_codes *list;
  int period;
} flex;

static const fm_economy_fleksloentilskud_spec defaults = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;

void fm_economy_fleksloentilskud_spec_init(fm_economy_fleksloentilskud_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  fm_codes_destroy(((flex *)state)->list);
  fm__kept_destroy(state);
}

/* ---- rows: months are kept as their first day ---- */

static bool is_month(double x)
{
  return fm__economy_is_day(x) && fm__economy_month_start((int32_t)x) == (int32_t)x;
}

static bool fill(const void *state, double *x)
{
  (void)state;
  for (size_t k = MONTH; k < N_NUMBERS; k += ONE_OFF_FROM - MONTH)
    if (fm__economy_is_day(x[k]))
      x[k] = fm__economy_month_start((int32_t)x[k]);
  return true;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  for (*at = MONTH; *at < N_NUMBERS; *at += ONE_OFF_FROM - MONTH)
    if (!is_month(x[*at]) && (*at == MONTH || !isnan(x[*at])))
      return "a date from 1900 to 2199";
  for (*at = WAGE; *at <= ONE_OFF; ++*at)
    if (!fm__economy_is_amount(x[*at]) && (*at == WAGE || !isnan(x[*at])))
      return FM__ECONOMY_AMOUNT;
  *at = ONE_OFF_MONTHS;
  double n = x[ONE_OFF_MONTHS];
  return isnan(n) || (n >= 1 && n <= MOST_MONTHS && floor(n) == n) ? NULL : "from 1 to 120 months";
}

static const fm__rows_kind kind = {.measure = "economy.fleksloentilskud",
                                   .wrong = wrong,
                                   .fill = fill,
                                   .id_expected = "the id of a person",
                                   .id = PERSON};

/* ---- a person's months ---- */

typedef struct month_sum {
  int32_t start;
  fm__sum wage;
  double full_time; /* NaN: not known */
} month_sum;

enum { SUM_WAGE, DEDUCTION, SUBSIDY, INCOME, UNSPREAD, N_SUMS };

typedef struct cell {
  fm__sum sum[N_SUMS];
  int64_t months, people, capped, without;
  uint64_t last_person;
} cell;

typedef struct book {
  const flex *t;
  int32_t first, n_periods;
  cell *cells; /* by period, the last is all */
  month_sum *months;
  uint64_t person;
} book;

static int32_t number_of(int period, int32_t date)
{
  int32_t year, month;
  fm_date_to_ymd(date, &year, &month, NULL);
  return period == FM__PERIOD_MONTH ? year * 12 + month : period == FM__PERIOD_YEAR ? year : 0;
}

/* The two cells of a month: that of its period (all, when there are none) and all. */
static void cells_of(cell **two, const book *b, int32_t date)
{
  size_t all = (size_t)b->n_periods;
  two[1] = &b->cells[all];
  two[0] = b->t->period == FM__PERIOD_ALL ? NULL : &b->cells[number_of(b->t->period, date) - b->first];
}

static void list_months(book *b, size_t from, size_t to, size_t *n)
{
  *n = 0;
  for (size_t i = from; i < to; i++) {
    const double *x = fm__rows_numbers(b->t->rows, i);
    if (*n == 0 || b->months[*n - 1].start != (int32_t)x[MONTH])
      b->months[(*n)++] = (month_sum){.start = (int32_t)x[MONTH], .full_time = NAN};
    month_sum *m = &b->months[*n - 1];
    fm__economy_add_times(&m->wage, x[WAGE], fm__rows_count(b->t->rows, i));
    m->full_time = fmax(m->full_time, x[FULL_TIME]); /* fmax takes the number where the other is NaN */
  }
}

static month_sum *find_month(const book *b, size_t n, int32_t start)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (b->months[middle].start < start)
      low = middle + 1;
    else
      high = middle;
  }
  return low < n && b->months[low].start == start ? &b->months[low] : NULL;
}

/* Equal parts to the months that a one-off pay covers. */
static void spread(book *b, size_t n, size_t row)
{
  const double *x = fm__rows_numbers(b->t->rows, row);
  uint64_t count = fm__rows_count(b->t->rows, row);
  int32_t months = isnan(x[ONE_OFF_MONTHS]) ? 1 : (int32_t)x[ONE_OFF_MONTHS];
  int32_t first = (int32_t)(isnan(x[ONE_OFF_FROM]) ? x[MONTH] : x[ONE_OFF_FROM]);
  for (int32_t k = 0; k < months && x[ONE_OFF] > 0; k++) {
    double part = x[ONE_OFF] / months;
    month_sum *m = find_month(b, n, fm_date_add_months(first, k));
    cell *two[2];
    cells_of(two, b, (int32_t)x[MONTH]);
    if (m != NULL)
      fm__economy_add_times(&m->wage, part, count);
    for (size_t c = 0; c < 2 && m == NULL; c++)
      if (two[c] != NULL)
        fm__economy_add_times(&two[c]->sum[UNSPREAD], part, count);
  }
}

static fm_status put_month(book *b, const month_sum *m, fm_error *err)
{
  fm__flex_params p;
  fm_economy_flex f;
  cell *two[2];
  double wage = fm__sum_value(&m->wage);
  fm_status status = fm__flex_params_on(&p, b->t->list, m->start, err);
  if (status != FM_OK)
    return status;
  fm__flex_of(&f, &p, wage, m->full_time);
  cells_of(two, b, m->start);
  const double figures[UNSPREAD] = {wage, f.deduction, f.subsidy, f.income};
  for (size_t c = 0; c < 2; c++) {
    if (two[c] == NULL)
      continue;
    for (size_t k = 0; k < UNSPREAD; k++)
      fm__sum_add(&two[c]->sum[k], figures[k]);
    two[c]->months++;
    two[c]->people += two[c]->last_person != b->person;
    two[c]->last_person = b->person;
    two[c]->capped += f.subsidy < f.uncapped;
    two[c]->without += f.subsidy == 0;
  }
  return FM_OK;
}

static fm_status put_person(book *b, size_t from, size_t to, fm_error *err)
{
  size_t n;
  fm_status status = FM_OK;
  list_months(b, from, to, &n);
  for (size_t i = from; i < to; i++)
    spread(b, n, i);
  for (size_t k = 0; k < n && status == FM_OK; k++)
    status = put_month(b, &b->months[k], err);
  return status;
}

/* ---- figures ---- */

static void put_cell(fm__result *r, const cell *c, int32_t first, int32_t last)
{
  double subsidy = fm__sum_value(&c->sum[SUBSIDY]);
  const struct {
    const char *quantity, *unit;
    double value;
  } figures[] = {{"months", "months", (double)c->months},
                 {"wage", "currency", fm__sum_value(&c->sum[SUM_WAGE])},
                 {"deduction", "currency", fm__sum_value(&c->sum[DEDUCTION])},
                 {"subsidy", "currency", subsidy},
                 {"income", "currency", fm__sum_value(&c->sum[INCOME])},
                 {"mean_subsidy", "currency", subsidy / (double)c->months},
                 {"capped", "months", (double)c->capped},
                 {"without_subsidy", "months", (double)c->without},
                 {"one_off_unspread", "currency", fm__sum_value(&c->sum[UNSPREAD])}};
  for (size_t k = 0; c->months > 0 && k < FM__COUNT(figures); k++)
    fm__economy_put(r, figures[k].quantity, figures[k].unit, figures[k].value, FM__UNDEFINED, c->months, c->people,
                    first, last);
}

static void put_book(fm__result *r, const book *b, int32_t low, int32_t high)
{
  for (int32_t at = low; b->n_periods > 0 && at <= high;) {
    int32_t first, last;
    fm__economy_period_days(b->t->period, at, &first, &last);
    put_cell(r, &b->cells[number_of(b->t->period, at) - b->first], first, last);
    at = last + 1;
  }
  put_cell(r, &b->cells[b->n_periods], FM_NO_DATE, FM_NO_DATE);
}

static fm_status put_groups(fm__result *r, book *b, int32_t low, int32_t high, const fm_run *run, fm_error *err)
{
  const flex *t = b->t;
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  size_t n = fm__rows_n(t->rows), n_cells = (size_t)b->n_periods + 1;
  b->months = fm__array(n, sizeof *b->months);
  b->cells = fm__array(n_cells, sizeof *b->cells);
  fm_status status = b->months != NULL && b->cells != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint32_t group = fm__rows_id(t->rows, i, BY);
    memset(b->cells, 0, n_cells * sizeof *b->cells);
    while (i < n && fm__rows_id(t->rows, i, BY) == group && status == FM_OK) {
      size_t from = i;
      uint32_t person = fm__rows_id(t->rows, i, PERSON);
      while (i < n && fm__rows_id(t->rows, i, BY) == group && fm__rows_id(t->rows, i, PERSON) == person)
        i++;
      b->person = (uint64_t)person + 1;
      status = put_person(b, from, i, err);
    }
    fm__result_group(r, by, group);
    if (status == FM_OK)
      put_book(r, b, low, high);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  fm__free(b->months);
  fm__free(b->cells);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  flex *t = state;
  book b = {.t = t};
  fm__result *r = NULL;
  int32_t low = INT32_MAX, high = INT32_MIN;
  fm_status status = fm__rows_reduce(t->rows, err);
  for (size_t i = 0; i < fm__rows_n(t->rows) && status == FM_OK; i++) {
    int32_t start = (int32_t)fm__rows_numbers(t->rows, i)[MONTH];
    low = start < low ? start : low;
    high = start > high ? start : high;
  }
  if (low <= high && t->period != FM__PERIOD_ALL) {
    b.first = number_of(t->period, low);
    b.n_periods = number_of(t->period, high) - b.first + 1;
  }
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "economy.fleksloentilskud", "subsidy_of_the_month",
                                       fm__rows_ids(t->rows, BY), NULL, 0, err);
  if (status == FM_OK)
    status = put_groups(r, &b, low, high, run, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  fm__result_note(r, "params", fm_codes_digest(t->list));
  return fm__result_finish(r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_economy_fleksloentilskud_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_fleksloentilskud_spec, period, FM__FIELD_TEXT)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  flex *t = state;
  const fm_economy_fleksloentilskud_spec *s = spec;
  const char *const ids[N_IDS] = {s->by, "person_id"};
  t->period = fm__economy_period(s->period);
  if (t->period < 0 || t->period == FM__PERIOD_WEEK)
    return fm__fail(err, FM_ERR_ARGUMENT, "period: expected all, month or year");
  fm_status status = fm__economy_list(&t->list, s->params, "fleksloentilskud", err);
  if (status != FM_OK)
    return status;
  fm__spec_text_text(text, "params", fm_codes_digest(t->list), "");
  return fm__rows_keep(&t->rows, &kind, numbers, N_NUMBERS, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "economy.fleksloentilskud",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_economy_fleksloentilskud_spec, flex),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

fm_status fm_economy_fleksloentilskud_tally(fm_tally **out, const fm_economy_fleksloentilskud_spec *spec, fm_error *err)
{
  return fm__measure_tally(out, &measure, spec, err);
}

fm_status fm_economy_fleksloentilskud_measure(fm_table **out, const fm_table *frame,
                                              const fm_economy_fleksloentilskud_spec *spec, const fm_run *run,
                                              fm_error *err)
{
  return fm__measure_once(out, &measure, frame, spec, run, err);
}
