/* Rows of people and periods in order: where each person is, and where next. */
#include "retention/histories/histories_priv.h"

/* Rows on their way into order. */
typedef struct ordering {
  const fm__histories *h;
  int32_t *of; /* number of each state of the texts; -1: no row is there */
  fm__item *items, *scratch;
} ordering;

static fm_status find_states(fm__places *p, const ordering *o, fm_error *err)
{
  const fm__rows *rows = o->h->rows;
  size_t n = fm__groups_count(p->states);
  for (size_t i = 0; i < fm__rows_n(rows); i++)
    o->of[fm__rows_id(rows, i, FM__HISTORIES_STATE)] = 1;
  for (size_t k = 0; k < n; k++) {
    bool used = o->of[k] == 1;
    if (used && p->n_states == FM__MOST_STATES)
      return fm__fail(err, FM_ERR_LIMIT, "%s: more than %d states", o->h->id, FM__MOST_STATES);
    o->of[k] = used ? (int32_t)p->n_states : -1;
    if (used)
      p->names[p->n_states++] = (uint32_t)k;
  }
  return FM_OK;
}

static fm__place place_of(const ordering *o, size_t row)
{
  const fm__rows *rows = o->h->rows;
  const double *v = fm__rows_numbers(rows, row);
  return (fm__place){.person = fm__rows_id(rows, row, FM__HISTORIES_PERSON),
                     .group = fm__rows_id(rows, row, FM__HISTORIES_BY),
                     .period = (int32_t)v[FM__HISTORIES_PERIOD_NUMBER],
                     .from = o->of[fm__rows_id(rows, row, FM__HISTORIES_STATE)],
                     .to = -1,
                     .weight = v[FM__HISTORIES_WEIGHT_NUMBER]};
}

/* One person's rows, numbers `from` to `to`, into items by period; the rows after them in `places` know where next. */
static fm_status link_person(fm__places *p, const ordering *o, size_t from, size_t to, fm_error *err)
{
  bool twice = false;
  for (size_t i = from; i < to; i++) {
    twice = twice || fm__rows_count(o->h->rows, i) > 1;
    o->items[i - from] = (fm__item){(uint64_t)((int64_t)place_of(o, i).period - INT32_MIN), i};
  }
  fm__sort_items(o->items, o->scratch, to - from);
  for (size_t i = from; i < to; i++) {
    p->items[i] = place_of(o, (size_t)o->items[i - from].value);
    if (i == from)
      continue;
    fm__place *before = &p->items[i - 1];
    twice = twice || before->period == p->items[i].period;
    if (before->period + 1 == p->items[i].period)
      before->to = p->items[i].from;
  }
  if (twice)
    return fm__fail(err, FM_ERR_VALUE, "%s: a person has two rows in one period; expected one state", o->h->id);
  return FM_OK;
}

/* Puts the rows in the order of groups, in which people and periods keep theirs. */
static fm_status by_group(fm__places *p, const ordering *o, fm_error *err)
{
  fm__place *sorted = fm__array(p->n, sizeof *sorted);
  if (sorted == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < p->n; i++)
    o->items[i] = (fm__item){p->items[i].group, i};
  fm__sort_items(o->items, o->scratch, p->n);
  for (size_t i = 0; i < p->n; i++)
    sorted[i] = p->items[o->items[i].value];
  fm__free(p->items);
  p->items = sorted;
  return FM_OK;
}

static fm_status make_items(fm__places *p, const ordering *o, fm_error *err)
{
  const fm__rows *rows = o->h->rows;
  fm_status status = FM_OK;
  for (size_t i = 0, to; i < p->n && status == FM_OK; i = to) {
    uint32_t person = fm__rows_id(rows, i, FM__HISTORIES_PERSON);
    for (to = i + 1; to < p->n && fm__rows_id(rows, to, FM__HISTORIES_PERSON) == person;)
      to++;
    status = link_person(p, o, i, to, err);
  }
  return status == FM_OK ? by_group(p, o, err) : status;
}

fm_status fm__places_make(fm__places *out, fm__histories *h, fm_error *err)
{
  ordering o = {.h = h};
  *out = (fm__places){0};
  fm_status status = fm__rows_reduce(h->rows, err);
  if (status != FM_OK)
    return status;
  out->states = fm__rows_ids(h->rows, FM__HISTORIES_STATE);
  out->n = fm__rows_n(h->rows);
  out->items = fm__array(out->n, sizeof *out->items);
  o.items = fm__array(out->n, sizeof *o.items);
  o.scratch = fm__array(out->n, sizeof *o.scratch);
  o.of = fm__array(fm__groups_count(out->states), sizeof *o.of);
  status = out->items != NULL && o.items != NULL && o.scratch != NULL && o.of != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = find_states(out, &o, err);
  if (status == FM_OK)
    status = make_items(out, &o, err);
  fm__free(o.items);
  fm__free(o.scratch);
  fm__free(o.of);
  if (status != FM_OK)
    fm__places_free(out);
  return status;
}

void fm__places_free(fm__places *p)
{
  fm__free(p->items);
  *p = (fm__places){0};
}

size_t fm__places_group_end(const fm__places *p, size_t at, uint32_t group)
{
  while (at < p->n && p->items[at].group == group)
    at++;
  return at;
}

void fm__places_key(const fm__places *p, fm__result *r, size_t key, size_t state)
{
  size_t length = 0;
  const char *text = state < p->n_states ? fm__groups_text(p->states, p->names[state], 0, &length) : NULL;
  fm__result_key_text(r, key, text, length);
}
