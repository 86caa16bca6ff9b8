/* Streams of incomes beyond memory: a histogram in the first pass, rows of some of its cells in the following ones. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_stream.h"
#include "income/distribution/bounded_priv.h"

/* What the pass in hand collects. */
typedef enum pass { PASS_FIRST, PASS_PLACES, PASS_AREA, PASS_NONE } pass;

struct fm_income_stream {
  fm_income_rules rules;
  fm__call *calls;
  size_t n_calls;
  fm__prefix prefix;
  fm__bars bars; /* from the end of the first pass on */
  pass pass;
  fm__second second;
};

void fm_income_stream_destroy(fm_income_stream *s)
{
  if (s == NULL)
    return;
  fm__free(s->calls);
  fm__prefix_free(&s->prefix);
  fm__bars_free(&s->bars);
  fm__second_free(&s->second);
  fm__free(s);
}

fm_status fm_income_stream_create(fm_income_stream **out, const char *measures, const fm_income_rules *rules,
                                  fm_error *err)
{
  *out = NULL;
  fm_income_stream *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  s->prefix = (fm__prefix)FM__PREFIX_INIT(FM__PREFIX_BITS);
  s->second.bits = FM__PREFIX_BITS;
  fm_status status = fm__income_rules_take(&s->rules, rules, err);
  if (status == FM_OK)
    status = fm__calls_create(&s->calls, &s->n_calls, measures, err);
  if (status == FM_OK)
    status = fm__bounded_check(s->calls, s->n_calls, &s->rules, err);
  if (status != FM_OK) {
    fm_income_stream_destroy(s);
    return status;
  }
  *out = s;
  return FM_OK;
}

/* ---- rows ---- */

/* Checks the rows; creates copies when the rules leave some out or change them, otherwise *own_x stays NULL. */
static fm_status take_rows(double **own_x, double **own_w, size_t *n_kept, const fm_income_stream *s, const double *x,
                           const double *w, size_t n, fm_error *err)
{
  bool changed = false;
  double income;
  fm_status status = FM_OK;
  *own_x = *own_w = NULL;
  *n_kept = n;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double weight = w != NULL ? w[i] : 1;
    status = fm__income_take(&income, x[i], weight, i, &s->rules, err);
    changed = changed || !(income == x[i]);
  }
  if (status != FM_OK || !changed)
    return status;
  *own_x = fm__array(n, sizeof **own_x);
  *own_w = fm__array(n, sizeof **own_w);
  if (*own_x == NULL || *own_w == NULL)
    return fm__no_memory(err);
  *n_kept = 0;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    double weight = w != NULL ? w[i] : 1;
    status = fm__income_take(&income, x[i], weight, i, &s->rules, err);
    if (isnan(income))
      continue;
    (*own_x)[*n_kept] = income;
    (*own_w)[(*n_kept)++] = weight;
  }
  return status;
}

fm_status fm_income_stream_add(fm_income_stream *s, const double *x, const double *w, size_t n, const fm_run *run,
                               fm_error *err)
{
  if (s->pass == PASS_NONE)
    return fm__fail(err, FM_ERR_STATE, "the last pass has ended: no other one has begun");
  double *own_x, *own_w;
  size_t n_kept;
  fm_status status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  status = take_rows(&own_x, &own_w, &n_kept, s, x, w, n, err);
  const double *taken_x = own_x != NULL ? own_x : x, *taken_w = own_x != NULL ? own_w : w;
  if (status == FM_OK && s->pass == PASS_FIRST)
    status = fm__prefix_add(&s->prefix, taken_x, taken_w, n_kept, run, err);
  else if (status == FM_OK)
    status = fm__second_add(&s->second, taken_x, taken_w, n_kept, err);
  fm__free(own_x);
  fm__free(own_w);
  return status;
}

fm_status fm_income_stream_merge(fm_income_stream *s, const fm_income_stream *other, fm_error *err)
{
  if (s == other)
    return fm__fail(err, FM_ERR_ARGUMENT, "a stream cannot be merged with itself");
  if (s->pass != PASS_FIRST || other->pass != PASS_FIRST)
    return fm__fail(err, FM_ERR_STATE, "streams are merged in their first pass");
  if (s->rules.negative != other->rules.negative || s->rules.missing != other->rules.missing)
    return fm__fail(err, FM_ERR_MISMATCH, "the streams have different rules for missing or negative incomes");
  return fm__prefix_merge(&s->prefix, &other->prefix, err);
}

/* ---- figures ---- */

fm_status fm_income_stream_bounds(double *low, double *high, size_t capacity, const fm_income_stream *s, fm_error *err)
{
  if (capacity < s->n_calls)
    return fm__fail(err, FM_ERR_ARGUMENT, "capacity is %zu, but there are %zu measures", capacity, s->n_calls);
  fm__bars first = {.n = 0};
  fm_status status = s->pass == PASS_FIRST ? fm__bars_create(&first, &s->prefix, err) : FM_OK;
  const fm__bars *bars = s->pass == PASS_FIRST ? &first : &s->bars;
  fm__bounded_context c = {&s->rules, bars, bars};
  for (size_t k = 0; k < s->n_calls && status == FM_OK; k++) {
    const char *state;
    fm__range r = fm__bounded_value(&s->calls[k], &c, &state);
    low[k] = r.low;
    high[k] = r.high;
  }
  fm__bars_free(&first);
  return status;
}

/* ---- the next pass ---- */

static bool wants(const fm__second *s, uint32_t cell)
{
  return (s->wanted[cell / 64] >> cell % 64 & 1) != 0;
}

static fm_status want_places(size_t *n_rows, fm_income_stream *s, size_t most_rows, fm__second *next, fm_error *err)
{
  fm__bounded_context c = {&s->rules, &s->bars, &s->bars};
  size_t n = 0, n_cells = 0;
  for (size_t k = 0; k < s->n_calls; k++)
    fm__bounded_wanted(next, &s->calls[k], &c);
  for (size_t i = 0; i < s->bars.n; i++)
    if (wants(next, s->bars.bar[i].cell)) {
      n += (size_t)s->bars.bar[i].count;
      n_cells++;
    }
  *n_rows = n;
  if (n > most_rows && n_cells > 1)
    return fm__fail(err, FM_ERR_LIMIT, "the next pass has to keep %zu rows, most_rows is %zu", n, most_rows);
  return FM_OK;
}

/* Cells whose part of the Gini is not known yet, as many as fit and at least one. */
static void want_area(size_t *n_rows, const fm_income_stream *s, size_t most_rows, fm__second *next)
{
  bool needed = false;
  size_t n = 0;
  for (size_t k = 0; k < s->n_calls; k++)
    needed = needed || fm__bounded_needs_area(&s->calls[k]);
  for (size_t i = 0; i < s->bars.n && needed; i++) {
    const fm__bar *bar = &s->bars.bar[i];
    if (bar->is_read || !(bar->inner.high > bar->inner.low))
      continue;
    if (n > 0 && n + (size_t)bar->count > most_rows)
      break;
    n += (size_t)bar->count;
    fm__second_want(next, bar->cell);
  }
  *n_rows = n;
}

/* What the pass in hand has left. */
static fm_status end_pass(fm_income_stream *s, fm_error *err)
{
  if (s->pass == PASS_FIRST) {
    fm__bars_free(&s->bars); /* of an attempt that failed */
    return fm__bars_create(&s->bars, &s->prefix, err);
  }
  fm_status status =
      s->pass != PASS_NONE ? fm__bars_refine(&s->bars, &s->prefix, &s->second, s->pass == PASS_PLACES, err) : FM_OK;
  if (status == FM_ERR_MISMATCH)
    s->second.n = 0;
  return status;
}

fm_status fm_income_stream_again(size_t *n_rows, fm_income_stream *s, size_t most_rows, fm_error *err)
{
  fm__second next = {.n = 0};
  pass kind = PASS_PLACES;
  *n_rows = 0;
  fm_status status = fm__second_create(&next, FM__PREFIX_BITS, err);
  if (status == FM_OK)
    status = end_pass(s, err);
  if (status == FM_OK && s->pass == PASS_FIRST)
    status = want_places(n_rows, s, most_rows, &next, err);
  if (status == FM_OK && *n_rows == 0) {
    kind = PASS_AREA;
    want_area(n_rows, s, most_rows, &next);
  }
  if (status == FM_OK) {
    fm__second swap = s->second;
    s->second = next;
    next = swap;
    s->pass = *n_rows > 0 ? kind : PASS_NONE;
  } else {
    *n_rows = 0;
  }
  fm__second_free(&next);
  return status;
}
