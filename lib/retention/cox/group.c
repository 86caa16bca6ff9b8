/* The rows of one group as plain arrays: texts become contrasts, dated covariates split rows where they begin. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "retention/cox/tally_state_priv.h"

void fm__cox_group_free(fm__cox_group *g)
{
  for (size_t j = 0; j < g->p; j++) {
    fm__free(g->x != NULL ? g->x[j] : NULL);
    fm__free(g->names != NULL ? g->names[j] : NULL);
  }
  void *const all[] = {g->time,  g->entry, g->stratum, g->cluster, g->event,        g->weight,
                       g->count, g->x,     g->names,   g->term,    (void *)g->text, g->row};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *g = (fm__cox_group){.n = 0};
}

/* ---- which rows are complete ---- */

static bool is_complete(const fm__cox_state *s, size_t row)
{
  const double *numbers = fm__rows_numbers(s->rows, row);
  for (size_t k = 0; k < s->terms.n; k++) {
    const fm__cox_term *t = &s->terms.items[k];
    if (t->kind == FM__COX_NUMBER && isnan(numbers[t->place]))
      return false;
    size_t length;
    if (t->kind == FM__COX_TEXT &&
        fm__groups_text(fm__rows_ids(s->rows, t->place), fm__rows_id(s->rows, row, t->place), 0, &length) == NULL)
      return false;
  }
  return true;
}

static bool is_seen(const fm__cox_state *s, size_t row) /* at a landmark only those who are still at risk */
{
  return s->spec.landmark < 0 || fm__rows_numbers(s->rows, row)[FM__COX_TIME] > s->spec.landmark;
}

/* ---- columns ---- */

static fm_status add_column(fm__cox_group *g, size_t term, const char *prefix, const char *text, fm_error *err)
{
  size_t n = g->p + 1, length = strlen(prefix) + (text != NULL ? strlen(text) + 1 : 0) + 1;
  double **x = fm__resize(g->x, n, sizeof *x);
  g->x = x != NULL ? x : g->x;
  char **names = fm__resize(g->names, n, sizeof *names);
  g->names = names != NULL ? names : g->names;
  size_t *terms = fm__resize(g->term, n, sizeof *terms);
  g->term = terms != NULL ? terms : g->term;
  const char **texts = fm__resize((void *)g->text, n, sizeof *texts);
  g->text = texts != NULL ? texts : g->text;
  char *name = fm__array(length, 1);
  if (x == NULL || names == NULL || terms == NULL || texts == NULL || name == NULL) {
    fm__free(name);
    return fm__no_memory(err);
  }
  snprintf(name, length, text != NULL ? "%s=%s" : "%s", prefix, text);
  g->x[g->p] = NULL;
  g->names[g->p] = name;
  g->term[g->p] = term;
  g->text[g->p] = text;
  g->p = n;
  return FM_OK;
}

/* A column for each text that occurs in a complete row, but for the reference. */
static fm_status add_contrasts(fm__cox_group *g, const fm__cox_state *s, size_t term, size_t from, size_t to,
                               fm_error *err)
{
  const fm__cox_term *t = &s->terms.items[term];
  const fm__groups *set = fm__rows_ids(s->rows, t->place);
  uint8_t *there = fm__array(fm__groups_count(set), 1);
  if (there == NULL)
    return fm__no_memory(err);
  bool found = false;
  fm_status status = FM_OK;
  for (size_t row = from; row < to; row++)
    if (is_complete(s, row) && is_seen(s, row))
      there[fm__rows_id(s->rows, row, t->place)] = 1;
  for (size_t k = 0; k < fm__groups_count(set) && status == FM_OK; k++) {
    size_t length;
    const char *text = fm__groups_text(set, k, 0, &length);
    if (there[k] == 0)
      continue;
    if (strcmp(text, t->reference) == 0)
      found = true;
    else
      status = add_column(g, term, t->name, text, err);
  }
  fm__free(there);
  if (status == FM_OK && !found && to > from)
    status = fm__fail(err, FM_ERR_VALUE, "%s: no row has the reference \"%s\"", t->name, t->reference);
  return status;
}

static fm_status add_columns(fm__cox_group *g, const fm__cox_state *s, size_t from, size_t to, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < s->terms.n && status == FM_OK; k++) {
    const fm__cox_term *t = &s->terms.items[k];
    if (t->kind == FM__COX_TEXT)
      status = add_contrasts(g, s, k, from, to, err);
    else
      status =
          add_column(g, k, t->kind == FM__COX_EVER ? "ever" : t->name, t->kind == FM__COX_EVER ? t->name : NULL, err);
    if (status == FM_OK && g->p > FM__COX_MOST_COVARIATES)
      status = fm__fail(err, FM_ERR_LIMIT, "%s takes up to %d covariates", s->terms.id, FM__COX_MOST_COVARIATES);
  }
  return status;
}

/* ---- rows ---- */

static bool reserve(fm__cox_group *g, size_t n)
{
  g->capacity = n;
  g->time = fm__many(n, sizeof *g->time);
  g->entry = fm__many(n, sizeof *g->entry);
  g->stratum = fm__many(n, sizeof *g->stratum);
  g->cluster = fm__many(n, sizeof *g->cluster);
  g->event = fm__many(n, sizeof *g->event);
  g->weight = fm__many(n, sizeof *g->weight);
  g->count = fm__many(n, sizeof *g->count);
  g->row = fm__many(n, sizeof *g->row);
  bool made = g->time != NULL && g->entry != NULL && g->stratum != NULL && g->cluster != NULL && g->event != NULL &&
              g->weight != NULL && g->count != NULL && g->row != NULL;
  for (size_t j = 0; j < g->p && made; j++) {
    g->x[j] = fm__many(n, sizeof **g->x);
    made = g->x[j] != NULL;
  }
  return made;
}

static double value_of(const fm__cox_state *s, const fm__cox_group *g, size_t row, size_t j, int32_t from)
{
  const fm__cox_term *t = &s->terms.items[g->term[j]];
  const double *numbers = fm__rows_numbers(s->rows, row);
  size_t length;
  switch (t->kind) {
  case FM__COX_TEXT:
    return strcmp(fm__groups_text(fm__rows_ids(s->rows, t->place), fm__rows_id(s->rows, row, t->place), 0, &length),
                  g->text[j]) == 0;
  case FM__COX_DATED: /* began by the start of this piece; NaN is never */
    return numbers[t->place] <= from;
  case FM__COX_EVER:
    return !isnan(numbers[t->place]);
  default:
    return numbers[t->place];
  }
}

static void put(fm__cox_group *g, const fm__cox_state *s, size_t row, int32_t from, int32_t to, bool event)
{
  size_t i = g->n++;
  g->row[i] = row;
  g->time[i] = to;
  g->entry[i] = from;
  g->event[i] = event;
  g->stratum[i] = (int32_t)fm__rows_id(s->rows, row, FM__COX_STRATA);
  g->cluster[i] = (int32_t)fm__rows_id(s->rows, row, FM__COX_CLUSTER);
  g->weight[i] = s->weight != 0 ? fm__rows_numbers(s->rows, row)[s->weight] : 1;
  g->count[i] = fm__rows_count(s->rows, row);
  for (size_t j = 0; j < g->p; j++)
    g->x[j][i] = value_of(s, g, row, j, from);
}

/* The next time after `from` and before `to` at which a dated covariate begins; `to` when there is none. */
static int32_t next_start(const fm__cox_state *s, const double *numbers, int32_t from, int32_t to)
{
  int32_t next = to;
  for (size_t k = 0; k < s->terms.n; k++) {
    const fm__cox_term *t = &s->terms.items[k];
    if (t->kind == FM__COX_DATED && numbers[t->place] > from && numbers[t->place] < next)
      next = (int32_t)numbers[t->place];
  }
  return next;
}

/* `only_count` tells how many pieces there would be. */
static size_t split(fm__cox_group *g, const fm__cox_state *s, size_t row, bool only_count)
{
  const double *numbers = fm__rows_numbers(s->rows, row);
  int32_t entry = isnan(numbers[FM__COX_ENTRY]) ? 0 : (int32_t)numbers[FM__COX_ENTRY];
  int32_t time = (int32_t)numbers[FM__COX_TIME], landmark = s->spec.landmark;
  bool event = numbers[FM__COX_EVENT] != 0;
  size_t pieces = 0;
  if (landmark >= 0) {
    if (!only_count)
      put(g, s, row, entry > landmark ? entry : landmark, time, event);
    for (size_t j = 0; j < g->p && !only_count; j++)
      g->x[j][g->n - 1] = value_of(s, g, row, j, landmark);
    return 1;
  }
  for (int32_t from = entry;; pieces++) {
    int32_t to = next_start(s, numbers, from, time);
    if (!only_count)
      put(g, s, row, from, to, event && to == time);
    if (to == time)
      return pieces + 1;
    from = to;
  }
}

/* Clusters of the group count from 0. */
static fm_status number_clusters(fm__cox_group *g, const fm__cox_state *s, fm_error *err)
{
  size_t all = fm__groups_count(fm__rows_ids(s->rows, FM__COX_CLUSTER)), n = 0;
  uint32_t *number = fm__array(all, sizeof *number); /* 1 and more */
  if (number == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < g->n; i++) {
    uint32_t *of = &number[g->cluster[i]];
    if (*of == 0)
      *of = (uint32_t)++n;
    g->cluster[i] = (int32_t)(*of - 1);
  }
  fm__free(number);
  g->rows.n_clusters = n;
  g->rows.cluster = g->cluster;
  return FM_OK;
}

static fm_status view(fm__cox_group *g, const fm__cox_state *s, fm_error *err)
{
  g->rows = (fm__cox_rows){.n = g->n,
                           .p = g->p,
                           .time = g->time,
                           .entry = g->entry,
                           .event = g->event,
                           .x = (const double *const *)g->x,
                           .names = (const char *const *)g->names,
                           .weight = s->weight != 0 ? g->weight : NULL,
                           .count = g->count,
                           .n_strata = 1,
                           .breslow = s->spec.ties == 2};
  if (fm__groups_n_columns(fm__rows_ids(s->rows, FM__COX_STRATA)) > 0) {
    g->rows.stratum = g->stratum;
    g->rows.n_strata = fm__groups_count(fm__rows_ids(s->rows, FM__COX_STRATA));
  }
  if (fm__groups_n_columns(fm__rows_ids(s->rows, FM__COX_CLUSTER)) == 0)
    return FM_OK;
  return number_clusters(g, s, err);
}

fm_status fm__cox_group_create(fm__cox_group *g, const fm__cox_state *s, size_t from, size_t to, fm_error *err)
{
  size_t pieces = 0;
  *g = (fm__cox_group){.n = 0};
  fm_status status = add_columns(g, s, from, to, err);
  for (size_t row = from; row < to; row++) {
    int64_t count = (int64_t)fm__rows_count(s->rows, row);
    bool complete = is_complete(s, row);
    g->n_missing += complete ? 0 : count;
    g->n_given += complete && is_seen(s, row) ? count : 0;
    if (complete && is_seen(s, row))
      pieces += split(g, s, row, true);
  }
  if (status == FM_OK && !reserve(g, pieces))
    status = fm__no_memory(err);
  for (size_t row = from; row < to && status == FM_OK; row++)
    if (is_complete(s, row) && is_seen(s, row))
      split(g, s, row, false);
  if (status == FM_OK)
    status = view(g, s, err);
  if (status != FM_OK)
    fm__cox_group_free(g);
  return status;
}
