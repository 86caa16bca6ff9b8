/* economy.reimbursement: who pays weekly benefits, by weeks accumulated. */
#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "economy/economy_priv.h"
#include "economy/weeks_priv.h"

enum { START, END, AMOUNT, COUNTS, GRANTED, WEEKS_BEFORE, N_NUMBERS };
enum { BY, PERSON, N_IDS };

static const fm__rows_number numbers[N_NUMBERS] = {{"start", 0},
                                                   {"end", FM__OPTIONAL},
                                                   {"amount", 0},
                                                   {"counts", FM__OPTIONAL},
                                                   {"granted", FM__OPTIONAL},
                                                   {"weeks_before", FM__OPTIONAL}};

typedef struct reimbursement {
  fm__rows *rows;
  fm__ladder ladder;
  fm_economy_reimbursement_spec spec; /* without what it points to */
  int period;
} reimbursement;

static const fm_economy_reimbursement_spec defaults = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;

static void destroy(void *state)
{
  fm__ladder_close(&((reimbursement *)state)->ladder);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  *at = START;
  if (!fm__economy_is_day(x[START]))
    return "a date from 1900 to 2199";
  *at = END;
  if (!isnan(x[END]) && (!fm__economy_is_day(x[END]) || x[END] < x[START]))
    return "a date on or after the start";
  *at = AMOUNT;
  if (!isnan(x[AMOUNT]) && !fm__economy_is_amount(x[AMOUNT]))
    return FM__ECONOMY_AMOUNT;
  *at = COUNTS;
  if (!isnan(x[COUNTS]) && x[COUNTS] != 0 && x[COUNTS] != 1)
    return "yes or no";
  *at = GRANTED;
  if (!isnan(x[GRANTED]) && !fm__economy_is_day(x[GRANTED]))
    return "a date from 1900 to 2199";
  *at = WEEKS_BEFORE;
  bool whole = x[WEEKS_BEFORE] >= 0 && x[WEEKS_BEFORE] <= 10000 && floor(x[WEEKS_BEFORE]) == x[WEEKS_BEFORE];
  return isnan(x[WEEKS_BEFORE]) || whole ? NULL : "a whole number from 0 to 10000";
}

static const fm__rows_kind kind = {
    .measure = "economy.reimbursement", .wrong = wrong, .id_expected = "the id of a person", .id = PERSON};

/* ---- cells: a period and a step ---- */

typedef struct cell {
  fm__sum amount, state, municipality;
  int64_t weeks, people, without_amount, without_share;
  uint64_t last_person; /* + 1 */
} cell;

typedef struct book {
  const reimbursement *t;
  int32_t first, n_periods; /* number of the first period */
  size_t n_steps;           /* of the ladder; then those before it, then all */
  cell *cells;              /* by period, the last is all; by step */
  uint64_t person;
} book;

/* A number that rises by one from period to period. */
static int32_t number_of(int period, int32_t thursday)
{
  int32_t year, month;
  fm_date_to_ymd(thursday, &year, &month, NULL);
  return period == FM__PERIOD_WEEK    ? fm__week_number(thursday)
         : period == FM__PERIOD_MONTH ? year * 12 + month
         : period == FM__PERIOD_YEAR  ? year
                                      : 0;
}

static void enter(cell *c, uint64_t person, double amount, bool known, double share, bool again)
{
  c->weeks += !again;
  c->people += c->last_person != person;
  c->last_person = person;
  c->without_amount += !known;
  c->without_share += known && isnan(share);
  if (!known)
    return;
  fm__sum_add(&c->amount, amount);
  if (!isnan(share)) {
    fm__sum_add(&c->state, amount * share);
    fm__sum_add(&c->municipality, amount * (1 - share));
  }
}

/* One person's amount of one week and step: into the step and all of the period, and of all periods. `again`: all have
 * counted the week. */
static void enter_week(book *b, int32_t week, size_t step, double amount, bool known, double share, bool again)
{
  int32_t period = number_of(b->t->period, fm__week_thursday(week)) - b->first;
  size_t width = b->n_steps + 2;
  const size_t rows[] = {(size_t)period, (size_t)b->n_periods};
  for (size_t k = 0; k < (b->t->period == FM__PERIOD_ALL ? 1U : 2U); k++) {
    enter(&b->cells[rows[k] * width + step], b->person, amount, known, share, false);
    enter(&b->cells[rows[k] * width + b->n_steps + 1], b->person, amount, known, share, again);
  }
}

/* ---- one person ---- */

static bool on_ladder(const reimbursement *t, const double *x)
{
  return t->spec.granted_from == FM_NO_DATE || !(x[GRANTED] < t->spec.granted_from);
}

/* What the rows of one person come to in one week. */
typedef struct week_sum {
  fm__sum on, before;
  bool any_on, any_before, counts, on_known, before_known;
} week_sum;

static void add_row(week_sum *w, const reimbursement *t, const double *x, uint64_t count)
{
  bool on = on_ladder(t, x), known = !isnan(x[AMOUNT]);
  if (x[COUNTS] == 0 && !known)
    return; /* no self-support, and nothing to pay */
  fm__sum *sum = on ? &w->on : &w->before;
  bool *all_known = on ? &w->on_known : &w->before_known;
  w->any_on = w->any_on || on;
  w->any_before = w->any_before || !on;
  w->counts = w->counts || (on && x[COUNTS] != 0);
  *all_known = *all_known && known;
  if (known)
    fm__economy_add_times(sum, x[AMOUNT], count);
}

static int64_t weeks_before(const reimbursement *t, size_t from, size_t to)
{
  double most = 0, start = fm__rows_numbers(t->rows, from)[START];
  for (size_t i = from; i < to && fm__rows_numbers(t->rows, i)[START] == start; i++)
    most = fmax(most, fm__rows_numbers(t->rows, i)[WEEKS_BEFORE]);
  return (int64_t)most;
}

static fm_status put_week(book *b, fm__week_count *count, int32_t week, const week_sum *w, fm_error *err)
{
  const reimbursement *t = b->t;
  int64_t nth = fm__week_count_next(count, week, w->counts);
  size_t step = 0;
  if (w->any_before)
    enter_week(b, week, b->n_steps, fm__sum_value(&w->before), w->before_known, t->spec.share_before, false);
  if (!w->any_on)
    return FM_OK;
  fm_status status = fm__ladder_find(&step, &t->ladder, nth, fm__week_monday(week), err);
  if (status == FM_OK)
    enter_week(b, week, step, fm__sum_value(&w->on), w->on_known, t->ladder.steps[step].share, w->any_before);
  return status;
}

/* Rows from .. to - 1 are one person's, by start. Each week is looked at once; rows are dropped when they have ended.
 */
static fm_status put_person(book *b, size_t from, size_t to, size_t *open, fm_error *err)
{
  const reimbursement *t = b->t;
  fm__week_count count = {
      .weeks = weeks_before(t, from, to), .reset = t->spec.reset_weeks, .window = t->spec.window_weeks};
  size_t n_open = 0, next = from;
  fm_status status = FM_OK;
  for (int32_t week = INT32_MIN; status == FM_OK && (n_open > 0 || next < to); week++) {
    week_sum w = {.on_known = true, .before_known = true};
    if (n_open == 0)
      week = fm__week_number((int32_t)fm__rows_numbers(t->rows, next)[START]);
    while (next < to && fm__week_number((int32_t)fm__rows_numbers(t->rows, next)[START]) <= week)
      open[n_open++] = next++;
    size_t n = 0;
    for (size_t k = 0; k < n_open; k++) {
      const double *x = fm__rows_numbers(t->rows, open[k]);
      add_row(&w, t, x, fm__rows_count(t->rows, open[k]));
      if (fm__week_number((int32_t)(isnan(x[END]) ? x[START] : x[END])) > week)
        open[n++] = open[k];
    }
    n_open = n;
    status = put_week(b, &count, week, &w, err);
  }
  fm__week_count_close(&count);
  return count.failed && status == FM_OK ? fm__no_memory(err) : status;
}

/* ---- figures ---- */

static void put_cell(fm__result *r, const cell *c, int32_t first, int32_t last)
{
  double amount = c->without_amount == 0 ? fm__sum_value(&c->amount) : NAN;
  bool split = c->without_amount == 0 && c->without_share == 0;
  double state = split ? fm__sum_value(&c->state) : NAN;
  const struct {
    const char *quantity, *unit;
    double value;
  } figures[] = {{"weeks", "weeks", (double)c->weeks},
                 {"amount", "currency", amount},
                 {"state", "currency", state},
                 {"municipality", "currency", split ? fm__sum_value(&c->municipality) : NAN},
                 {"state_share", "share", amount > 0 ? state / amount : NAN}};
  for (size_t k = 0; k < FM__COUNT(figures); k++)
    fm__economy_put(r, figures[k].quantity, figures[k].unit, figures[k].value, split ? FM__UNDEFINED : FM__NOT_GIVEN,
                    c->weeks, c->people, first, last);
}

static void put_book(fm__result *r, const book *b, size_t key, const int32_t *firsts, const int32_t *lasts)
{
  size_t width = b->n_steps + 2;
  for (size_t p = 0; p <= (size_t)b->n_periods; p++)
    for (size_t s = 0; s < width; s++) {
      const cell *c = &b->cells[p * width + s];
      const char *name = s < b->n_steps    ? fm_codes_code(b->t->ladder.list, b->t->ladder.steps[s].entry)
                         : s == b->n_steps ? "before_ladder"
                                           : NULL;
      if (c->weeks == 0)
        continue;
      fm__result_key_text(r, key, name, name != NULL ? strlen(name) : 0);
      put_cell(r, c, firsts[p], lasts[p]);
    }
}

/* First and last day of every period, then open ones for all of them. */
static fm_status list_periods(book *b, int32_t **firsts, int32_t **lasts, fm_error *err)
{
  const reimbursement *t = b->t;
  int32_t low = INT32_MAX, high = INT32_MIN;
  for (size_t i = 0; i < fm__rows_n(t->rows); i++) {
    const double *x = fm__rows_numbers(t->rows, i);
    int32_t start = fm__week_number((int32_t)x[START]);
    int32_t end = isnan(x[END]) ? start : fm__week_number((int32_t)x[END]);
    low = start < low ? start : low;
    high = end > high ? end : high;
  }
  b->n_periods = 0;
  if (low <= high) {
    b->first = number_of(t->period, fm__week_thursday(low));
    b->n_periods = t->period == FM__PERIOD_ALL ? 0 : number_of(t->period, fm__week_thursday(high)) - b->first + 1;
  }
  size_t n = (size_t)b->n_periods + 1;
  *firsts = fm__array(n, sizeof **firsts);
  *lasts = fm__array(n, sizeof **lasts);
  if (*firsts == NULL || *lasts == NULL)
    return fm__no_memory(err);
  (*firsts)[n - 1] = (*lasts)[n - 1] = FM_NO_DATE;
  for (int32_t week = low; week <= high && b->n_periods > 0; week++) {
    size_t p = (size_t)(number_of(t->period, fm__week_thursday(week)) - b->first);
    fm__economy_period_days(t->period, fm__week_thursday(week), &(*firsts)[p], &(*lasts)[p]);
  }
  return FM_OK;
}

static fm_status put_groups(fm__result *r, book *b, const int32_t *firsts, const int32_t *lasts, const fm_run *run,
                            fm_error *err)
{
  const reimbursement *t = b->t;
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  size_t n = fm__rows_n(t->rows), n_cells = ((size_t)b->n_periods + 1) * (b->n_steps + 2);
  size_t *open = fm__array(n, sizeof *open);
  b->cells = fm__array(n_cells, sizeof *b->cells);
  fm_status status = open != NULL && b->cells != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK;) {
    uint32_t group = fm__rows_id(t->rows, i, BY);
    memset(b->cells, 0, n_cells * sizeof *b->cells);
    while (i < n && fm__rows_id(t->rows, i, BY) == group && status == FM_OK) {
      size_t from = i;
      uint32_t person = fm__rows_id(t->rows, i, PERSON);
      while (i < n && fm__rows_id(t->rows, i, BY) == group && fm__rows_id(t->rows, i, PERSON) == person)
        i++;
      b->person = (uint64_t)person + 1;
      status = put_person(b, from, i, open, err);
    }
    fm__result_group(r, by, group);
    if (status == FM_OK)
      put_book(r, b, fm__groups_n_columns(by), firsts, lasts);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  fm__free(open);
  fm__free(b->cells);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key keys[] = {{"step", FM_CODE}};
  reimbursement *t = state;
  book b = {.t = t, .n_steps = t->ladder.n};
  int32_t *firsts = NULL, *lasts = NULL;
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = list_periods(&b, &firsts, &lasts, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "economy.reimbursement", "accumulated_weeks", fm__rows_ids(t->rows, BY),
                                       keys, FM__COUNT(keys), err);
  if (status == FM_OK)
    status = put_groups(r, &b, firsts, lasts, run, err);
  fm__free(firsts);
  fm__free(lasts);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  fm__result_note(r, "steps", fm_codes_digest(t->ladder.list));
  return fm__result_finish(r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_economy_reimbursement_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_reimbursement_spec, scheme, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_reimbursement_spec, period, FM__FIELD_TEXT),
                                   FM__FIELD(fm_economy_reimbursement_spec, share_before, FM__FIELD_F64),
                                   FM__FIELD(fm_economy_reimbursement_spec, granted_from, FM__FIELD_I32),
                                   FM__FIELD(fm_economy_reimbursement_spec, reset_weeks, FM__FIELD_I32),
                                   FM__FIELD(fm_economy_reimbursement_spec, window_weeks, FM__FIELD_I32)};

static fm_status check(const fm_economy_reimbursement_spec *s, fm_error *err)
{
  if (fm__economy_period(s->period) < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "period: expected all, week, month or year");
  if (s->scheme == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "scheme: expected one of reimbursement_step.csv, such as ladder");
  if (!isnan(s->share_before) && !(s->share_before >= 0 && s->share_before <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "share_before: expected a share from 0 to 1, such as 0.40 for 40 per cent");
  if (s->reset_weeks < 0 || s->window_weeks < s->reset_weeks)
    return fm__fail(err, FM_ERR_ARGUMENT, "reset_weeks: expected from 0 to window_weeks");
  if (s->granted_from != FM_NO_DATE && !fm__date_is_valid(s->granted_from))
    return fm__fail(err, FM_ERR_ARGUMENT, "granted_from: expected a date");
  return FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  reimbursement *t = state;
  const fm_economy_reimbursement_spec *s = spec;
  const char *const ids[N_IDS] = {s->by, "person_id"};
  fm_status status = check(s, err);
  if (status == FM_OK)
    status = fm__ladder_open(&t->ladder, s->steps, s->scheme, err);
  if (status != FM_OK)
    return status;
  t->spec = *s;
  t->spec.by = t->spec.scheme = t->spec.period = NULL;
  t->spec.steps = NULL;
  t->period = fm__economy_period(s->period);
  fm__spec_text_text(text, "steps", fm_codes_digest(t->ladder.list), "");
  return fm__rows_keep(&t->rows, &kind, numbers, N_NUMBERS, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "economy.reimbursement",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_economy_reimbursement_spec, reimbursement),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_economy_reimbursement)
