/* The income test of a definition: what counts only in months or quarters that hold an income. */
#include <math.h>

#include "spell/definition_priv.h"

/* ---- periods, numbered by months or quarters ---- */

static int32_t period_of(const fm_spell_definition *d, int32_t day)
{
  int32_t year, month;
  fm_date_to_ymd(day, &year, &month, NULL);
  int32_t number = 12 * year + month - 1;
  return d->income_period == FM_SPELL_INCOME_QUARTER ? number / 3 : number;
}

/* The first of the days whose income lies in the period; INT32_MAX beyond year 9999. */
static int32_t first_day(const fm_spell_definition *d, int32_t number)
{
  int32_t month = d->income_period == FM_SPELL_INCOME_QUARTER ? 3 * number : number;
  int32_t day = fm_date_from_ymd(month / 12, month % 12 + 1, 1);
  if (day == FM_NO_DATE)
    return INT32_MAX;
  if (d->income_period == FM_SPELL_INCOME_WEEK_MONTH) /* the Monday before the month's first Thursday */
    day += (4 - fm_date_weekday(day) + 7) % 7 - 3;
  return day;
}

int32_t fm_spell_income_end(const fm_spell_definition *d, int32_t day)
{
  if (d == NULL || d->income_period == FM_SPELL_INCOME_NONE || !fm__date_is_valid(day))
    return FM_NO_DATE;
  int32_t end = first_day(d, period_of(d, day) + 1);
  return end == INT32_MAX ? FM_NO_DATE : end;
}

/* ---- one person ---- */

typedef struct testing {
  const fm_spell_definition *d;
  fm__span known; /* days whose income is known */
  fm__span *paid; /* the person's days in periods with the income; in order, apart */
  size_t n_paid, paid_capacity;
  fm_spell_state *out;
  size_t n, capacity;
  bool no_memory;
} testing;

static void put_paid(testing *t, int32_t number)
{
  fm__span days = {first_day(t->d, number), first_day(t->d, number + 1)};
  if (t->n_paid > 0 && t->paid[t->n_paid - 1].end == days.start) {
    t->paid[t->n_paid - 1].end = days.end;
    return;
  }
  if (!fm__grow((void **)&t->paid, &t->paid_capacity, t->n_paid + 1, sizeof *t->paid))
    t->no_memory = true;
  else
    t->paid[t->n_paid++] = days;
}

/* Days in periods with the income, from the person's n records. */
static void find_paid(testing *t, const fm_spell_income *rows, size_t n)
{
  t->n_paid = 0;
  for (size_t i = 0, k; i < n && !t->no_memory; i = k) {
    int32_t number = period_of(t->d, rows[i].period);
    fm__sum sum = {0};
    for (k = i; k < n && period_of(t->d, rows[k].period) == number; k++)
      fm__sum_add(&sum, rows[k].amount);
    if (t->d->income_least == 0 || fm__sum_value(&sum) >= t->d->income_least)
      put_paid(t, number);
  }
}

static void put(testing *t, fm_spell_state s)
{
  if (!fm__grow((void **)&t->out, &t->capacity, t->n + 1, sizeof *t->out))
    t->no_memory = true;
  else
    t->out[t->n++] = s;
}

/* What the state is on `day`, and up to which day (at most `end`) that holds; *next: spans before have ended. */
static int32_t state_on(const testing *t, int32_t state, int32_t day, int32_t end, size_t *next, int32_t *until)
{
  *until = end;
  if (day < t->known.start || day >= t->known.end) {
    if (day < t->known.start && t->known.start < t->known.end && t->known.start < end)
      *until = t->known.start;
    return FM_SPELL_STATE_UNTOLD;
  }
  while (*next < t->n_paid && t->paid[*next].end <= day)
    ++*next;
  bool paid = *next < t->n_paid && t->paid[*next].start <= day;
  int32_t change = paid ? t->paid[*next].end : *next < t->n_paid ? t->paid[*next].start : t->known.end;
  change = change < t->known.end ? change : t->known.end;
  *until = change < end ? change : end;
  return paid ? state : FM_SPELL_STATE_OTHER;
}

static void put_tested(testing *t, fm_spell_state s)
{
  size_t next = 0;
  if ((s.state != FM_SPELL_STATE_COUNTS && s.state != FM_SPELL_STATE_UNTOLD) || s.start >= s.end) {
    put(t, s);
    return;
  }
  fm_spell_state piece = s;
  for (int32_t day = s.start; day < s.end; day = piece.end) {
    piece.start = day;
    piece.state = state_on(t, s.state, day, s.end, &next, &piece.end);
    put(t, piece);
  }
}

/* Days without a record, of a person whose rows are states[0 .. n), in order of start. */
static void put_gaps(testing *t, int32_t person, int32_t none, const fm_spell_state *states, size_t n)
{
  int32_t at = t->known.start;
  for (size_t i = 0; i <= n; i++) {
    fm_spell_state s = {.start = t->known.end, .end = INT32_MAX};
    if (i < n)
      s = states[i];
    if (s.start >= s.end || (i < n && s.state == FM_SPELL_STATE_IGNORED))
      continue;
    int32_t end = s.start < t->known.end ? s.start : t->known.end;
    if (end > at)
      put_tested(t, (fm_spell_state){person, at, end, -1, none});
    at = s.end > at ? s.end : at;
  }
}

/* ---- all of them ---- */

static fm_status check_incomes(const fm_spell_incomes *x, fm_error *err)
{
  if (x == NULL || (x->n > 0 && x->rows == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "the incomes must be given");
  if (!fm__date_is_valid(x->first) || !fm__date_is_valid(x->last))
    return fm__fail(err, FM_ERR_ARGUMENT, "incomes: first and last must be dates");
  for (size_t i = 0; i < x->n; i++) {
    const fm_spell_income *a = &x->rows[i];
    const char *wrong = NULL;
    if (!fm__date_is_valid(a->period))
      wrong = "period must be a date";
    else if (!isfinite(a->amount))
      wrong = "amount must be a finite number";
    else if (i > 0 && (a[-1].person > a->person || (a[-1].person == a->person && a[-1].period > a->period)))
      wrong = "the rows must be in order of person and period";
    if (wrong == NULL)
      continue;
    fm__fail(err, FM_ERR_VALUE, "incomes: %s", wrong);
    fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
    return FM_ERR_VALUE;
  }
  return FM_OK;
}

static fm_status check_people(const int32_t *people, size_t n, fm_error *err)
{
  if (n > 0 && people == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the people must be given");
  for (size_t i = 1; i < n; i++)
    if (people[i - 1] >= people[i]) {
      fm__fail(err, FM_ERR_VALUE, "people: they must be in order, each once");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
  return FM_OK;
}

static void test_all(testing *t, int32_t none, const int32_t *people, size_t n_people, const fm_spell_state *states,
                     size_t n_states, const fm_spell_incomes *x)
{
  size_t record = 0, row = 0;
  for (size_t i = 0; i < n_people && !t->no_memory; i++) {
    while (record < x->n && x->rows[record].person < people[i])
      record++;
    size_t first = record;
    while (record < x->n && x->rows[record].person == people[i])
      record++;
    find_paid(t, x->rows == NULL ? NULL : x->rows + first, record - first);
    while (row < n_states && states[row].person < people[i])
      row++;
    size_t from = row;
    for (; row < n_states && states[row].person == people[i]; row++)
      put_tested(t, states[row]);
    if (none == FM_SPELL_STATE_COUNTS || none == FM_SPELL_STATE_UNTOLD)
      put_gaps(t, people[i], none, states == NULL ? NULL : states + from, row - from);
  }
}

/* In order of person and start. */
static fm_status sort(testing *t, fm_spell_state **out, fm_error *err)
{
  fm__item *items = fm__array(2 * t->n, sizeof *items);
  fm_spell_state *sorted = fm__array(t->n, sizeof *sorted);
  *out = sorted;
  if (items == NULL || sorted == NULL) {
    fm__free(items);
    fm__free(sorted);
    *out = NULL;
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < t->n; i++)
    items[i] = (fm__item){
        (uint64_t)((uint32_t)t->out[i].person ^ 0x80000000U) << 32 | ((uint32_t)t->out[i].start ^ 0x80000000U), i};
  fm__sort_items(items, items + t->n, t->n);
  for (size_t i = 0; i < t->n; i++)
    sorted[i] = t->out[items[i].value];
  fm__free(items);
  return FM_OK;
}

fm_status fm_spell_definition_with_incomes(fm_spell_state **out, size_t *n, int32_t *none, const fm_spell_definition *d,
                                           const int32_t *people, size_t n_people, const fm_spell_state *states,
                                           size_t n_states, const fm_spell_incomes *incomes, fm_error *err)
{
  fm_spell_definition taken;
  testing t = {.d = &taken};
  if (out == NULL || n == NULL || none == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out, n and none must be given");
  *out = NULL;
  fm_status status = fm__definition_take(&taken, d, false, NULL, 0, states, n_states, NULL, err);
  if (status == FM_OK && taken.income_period == FM_SPELL_INCOME_NONE)
    status = fm__fail(err, FM_ERR_ARGUMENT, "definition %.60s: it has no test of incomes", taken.name);
  if (status == FM_OK)
    status = check_people(people, n_people, err);
  if (status == FM_OK)
    status = check_incomes(incomes, err);
  if (status == FM_OK) {
    t.known = (fm__span){first_day(&taken, period_of(&taken, incomes->first)),
                         first_day(&taken, period_of(&taken, incomes->last) + 1)};
    test_all(&t, *none, people, n_people, states, n_states, incomes);
    status = t.no_memory ? fm__no_memory(err) : sort(&t, out, err);
  }
  if (status == FM_OK) {
    *n = t.n;
    if (*none == FM_SPELL_STATE_COUNTS)
      *none = FM_SPELL_STATE_UNTOLD;
  }
  fm__free(t.out);
  fm__free(t.paid);
  return status;
}
