/* From answers to people's first and last scores. */
#include <math.h>
#include <string.h>

#include "programme/progress_priv.h"

/* An answer of one person: sorted by day, then by item. */
typedef struct answer {
  int32_t day;
  uint32_t item;
  double score, job;
} answer;

/* Items of first measurements, for Cronbach's alpha: sums and squares of each, and of all together. */
typedef struct consistency {
  fm__sum *sums; /* of each item: x, x^2; behind them the total's */
  uint32_t *items;
  size_t n_items, n;
} consistency;

static size_t place_of(consistency *c, uint32_t item)
{
  size_t k = 0;
  while (k < c->n_items && c->items[k] != item)
    k++;
  if (k == c->n_items && k < FM__MOST_ITEMS)
    c->items[c->n_items++] = item;
  return k;
}

static void take_items(consistency *c, const answer *a, size_t n)
{
  double total = 0;
  for (size_t i = 0; i < n; i++)
    if (place_of(c, a[i].item) == FM__MOST_ITEMS)
      return; /* more items than an instrument has: their words differ */
  for (size_t i = 0; i < n; i++) {
    size_t k = place_of(c, a[i].item);
    fm__sum_add(&c->sums[2 * k], a[i].score);
    fm__sum_add(&c->sums[2 * k + 1], a[i].score * a[i].score);
    total += a[i].score;
  }
  fm__sum_add(&c->sums[2 * FM__MOST_ITEMS], total);
  fm__sum_add(&c->sums[2 * FM__MOST_ITEMS + 1], total * total);
  c->n++;
}

static double variance(const fm__sum *s, double n)
{
  double sum = fm__sum_value(&s[0]);
  return (fm__sum_value(&s[1]) - sum * sum / n) / (n - 1);
}

/* Cronbach (1951); NaN unless all answered the same items, two people at least. */
static double alpha_of(const consistency *c, int32_t items)
{
  double n = (double)c->n, k = (double)c->n_items, parts = 0;
  if (c->n < 2 || c->n_items < 2 || c->n_items != (size_t)items)
    return (double)NAN;
  for (size_t i = 0; i < c->n_items; i++)
    parts += variance(&c->sums[2 * i], n);
  double whole = variance(&c->sums[2 * FM__MOST_ITEMS], n);
  return whole > 0 ? k / (k - 1) * (1 - parts / whole) : (double)NAN;
}

/* ---- one person ---- */

typedef struct work {
  const fm__progress *t;
  fm__progress_set *set;
  consistency c;
  answer *answers;
  fm__item *order;
  double *scores;
} work;

static const fm__instrument *instrument_on(const fm__progress *t, size_t row, int32_t day)
{
  size_t length = 0;
  const char *text = fm__groups_text(fm__rows_ids(t->rows, FM__PROGRESS_INSTRUMENT),
                                     fm__rows_id(t->rows, row, FM__PROGRESS_INSTRUMENT), 0, &length);
  int64_t entry = fm_codes_find(t->codes, text, length, day);
  return entry >= 0 ? &t->instruments[entry] : NULL;
}

static fm_status twice(fm_error *err)
{
  return fm__fail(err, FM_ERR_VALUE,
                  "item: expected one answer of a person to an item of an instrument on a day, found two that differ");
}

/* The person's answers by day; of those equal in day by item, as the rows come. */
static fm_status sort_answers(work *w, size_t first, size_t end, fm_error *err)
{
  size_t n = end - first;
  for (size_t i = 0; i < n; i++) {
    const double *x = fm__rows_numbers(w->t->rows, first + i);
    w->order[i] = (fm__item){fm__order_key(x[FM__PROGRESS_DATE]), first + i};
  }
  fm__sort_items(w->order, w->order + n, n);
  for (size_t i = 0; i < n; i++) {
    const double *x = fm__rows_numbers(w->t->rows, (size_t)w->order[i].value);
    uint32_t item = fm__rows_id(w->t->rows, (size_t)w->order[i].value, FM__PROGRESS_ITEM);
    w->answers[i] = (answer){(int32_t)x[FM__PROGRESS_DATE], item, x[FM__PROGRESS_SCORE], x[FM__PROGRESS_JOB]};
    if (i > 0 && w->answers[i].day == w->answers[i - 1].day && w->answers[i].item == w->answers[i - 1].item)
      return twice(err);
  }
  return FM_OK;
}

static fm_status too_many(const work *w, size_t row, const answer *a, size_t n, int32_t items, fm_error *err)
{
  char day[11];
  size_t length = 0;
  const char *text = fm__groups_text(fm__rows_ids(w->t->rows, FM__PROGRESS_INSTRUMENT),
                                     fm__rows_id(w->t->rows, row, FM__PROGRESS_INSTRUMENT), 0, &length);
  fm_date_format(day, a->day);
  return fm__fail(err, FM_ERR_VALUE, "item: expected at most %d items of %.*s by a person on a day, found %zu on %s",
                  items, (int)(length < 60 ? length : 60), text, n, day);
}

static fm_status take_measurement(work *w, fm__measured *p, size_t row, const answer *a, size_t n, fm_error *err)
{
  const fm__instrument *m = instrument_on(w->t, row, a->day);
  if (n > (size_t)m->items)
    return too_many(w, row, a, n, m->items, err);
  for (size_t i = 0; i < n; i++)
    w->scores[i] = a[i].score;
  double score = fm__instrument_score(m, w->scores, n);
  bool alike = fm__instrument_is_alike(m, w->set->rule);
  w->set->incomplete += isnan(score);
  w->set->measurements += !isnan(score);
  w->set->incomparable += !isnan(score) && !alike;
  if (isnan(score) || !alike)
    return FM_OK;
  if (p->n++ == 0) {
    p->first = score;
    p->first_day = a->day;
    if (n == (size_t)m->items)
      take_items(&w->c, a, n);
  }
  p->last = score;
  p->last_day = a->day;
  return FM_OK;
}

/* The earliest start of a job that any of the rows tells. */
static int32_t job_of(const answer *a, size_t n)
{
  int32_t day = FM__NO_DATE;
  for (size_t i = 0; i < n; i++)
    if (!isnan(a[i].job) && (day == FM__NO_DATE || (int32_t)a[i].job < day))
      day = (int32_t)a[i].job;
  return day;
}

static fm_status take_person(work *w, size_t first, size_t end, fm_error *err)
{
  size_t n = end - first;
  fm_status status = sort_answers(w, first, end, err);
  if (status != FM_OK)
    return status;
  fm__measured p = {.job_start = job_of(w->answers, n)};
  for (size_t i = 0, to; i < n && status == FM_OK; i = to) {
    for (to = i; to < n && w->answers[to].day == w->answers[i].day;)
      to++;
    status = take_measurement(w, &p, first, w->answers + i, to - i, err);
  }
  if (p.n == 0 || status != FM_OK)
    return status;
  fm__measured *put = &w->set->people[w->set->n++];
  *put = p;
  if (p.n > 1) { /* before those measured once */
    fm__measured once = w->set->people[w->set->n_twice];
    w->set->people[w->set->n_twice++] = p;
    if (put != &w->set->people[w->set->n_twice - 1])
      *put = once;
  }
  return FM_OK;
}

fm_status fm__progress_measure(fm__progress_set *out, const fm__progress *t, size_t first, size_t end, int32_t latest,
                               fm_error *err)
{
  size_t n = end - first;
  *out = (fm__progress_set){
      .rule = instrument_on(t, first, latest), .people = fm__array(n, sizeof *out->people), .alpha = (double)NAN};
  work w = {.t = t,
            .set = out,
            .c = {fm__array(2 * FM__MOST_ITEMS + 2, sizeof(fm__sum)), fm__array(FM__MOST_ITEMS, 4), 0, 0},
            .answers = fm__array(n, sizeof(answer)),
            .order = fm__array(n, 2 * sizeof(fm__item)),
            .scores = fm__array(n, sizeof(double))};
  bool whole = out->people != NULL && w.c.sums != NULL && w.c.items != NULL && w.answers != NULL && w.order != NULL &&
               w.scores != NULL;
  fm_status status = whole ? FM_OK : fm__no_memory(err);
  for (size_t i = first, to; i < end && status == FM_OK; i = to) {
    uint32_t person = fm__rows_id(t->rows, i, FM__PROGRESS_PERSON);
    for (to = i; to < end && fm__rows_id(t->rows, to, FM__PROGRESS_PERSON) == person;)
      to++;
    status = take_person(&w, i, to, err);
  }
  if (status == FM_OK)
    out->alpha = alpha_of(&w.c, out->rule->items);
  fm__free(w.c.sums);
  fm__free(w.c.items);
  fm__free(w.answers);
  fm__free(w.order);
  fm__free(w.scores);
  return status;
}
