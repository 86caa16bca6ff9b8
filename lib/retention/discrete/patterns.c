/* Rows with equal covariates, and their person-periods and exits by band: person-periods are counted, never made. */
#include <math.h>
#include <string.h>

#include "retention/discrete/discrete_priv.h"

void fm__patterns_free(fm__patterns *c)
{
  void *const all[] = {c->x,     c->centre, c->scale,       c->first, c->low,    c->risk,
                       c->exits, c->total,  c->total_exits, c->place, c->pattern};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *c = (fm__patterns){.n = 0};
}

/* ---- patterns, numbered as they come in the canonical order of rows ---- */

static void take_row(double *row, const fm__cox_group *g, size_t i)
{
  for (size_t j = 0; j < g->p; j++)
    row[j] = g->x[j][i] + 0.0; /* -0 is 0 */
}

static fm_status find_patterns(fm__patterns *c, const fm__cox_group *g, fm_error *err)
{
  size_t slots = 16, size = c->p * sizeof(double);
  while (slots < 2 * g->n)
    slots *= 2;
  size_t *slot = fm__array(slots, sizeof *slot); /* number + 1 */
  double *row = fm__array(c->p + 1, sizeof *row);
  fm_status status = slot != NULL && row != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    take_row(row, g, i);
    size_t at = fm__hash(row, size).low & (slots - 1);
    while (slot[at] != 0 && memcmp(c->x + (slot[at] - 1) * c->p, row, size) != 0)
      at = (at + 1) & (slots - 1);
    if (slot[at] == 0) {
      memcpy(c->x + c->n * c->p, row, size);
      slot[at] = ++c->n;
    }
    c->pattern[i] = slot[at] - 1;
  }
  fm__free(slot);
  fm__free(row);
  return status;
}

/* Covariates to -1 .. 1 about the middle of their range. */
static void scale(fm__patterns *c)
{
  for (size_t j = 0; j < c->p; j++) {
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; k < c->n; k++) {
      double v = c->x[k * c->p + j];
      low = v < low ? v : low;
      high = v > high ? v : high;
    }
    c->centre[j] = c->n > 0 ? low + (high - low) / 2 : 0;
    c->scale[j] = high > low ? (high - low) / 2 : 1;
    for (size_t k = 0; k < c->n; k++)
      c->x[k * c->p + j] = (c->x[k * c->p + j] - c->centre[j]) / c->scale[j];
  }
}

/* ---- cells ---- */

static fm_status lay_out(fm__patterns *c, const fm__cox_group *g, const fm__bands *bands, fm_error *err)
{
  for (size_t k = 0; k < c->n; k++)
    c->low[k] = UINT32_MAX;
  for (size_t i = 0; i < g->n; i++) { /* first[k + 1] is the band after the last at first */
    size_t k = c->pattern[i], from = fm__bands_of(bands, g->entry[i] + 1), to = fm__bands_of(bands, g->time[i]) + 1;
    c->low[k] = from < c->low[k] ? (uint32_t)from : c->low[k];
    c->first[k + 1] = to > c->first[k + 1] ? to : c->first[k + 1];
  }
  for (size_t k = 0; k < c->n; k++)
    c->first[k + 1] = c->first[k] + c->first[k + 1] - c->low[k];
  c->risk = fm__array(c->first[c->n], sizeof *c->risk);
  c->exits = fm__array(c->first[c->n], sizeof *c->exits);
  return c->risk != NULL && c->exits != NULL ? FM_OK : fm__no_memory(err);
}

static void fill(fm__patterns *c, const fm__units *u, const fm__bands *bands)
{
  const fm__cox_group *g = u->g;
  for (size_t i = 0; i < g->n; i++) {
    size_t k = c->pattern[i], b = fm__bands_of(bands, g->entry[i] + 1);
    double w = u->weight[i] * u->times[i];
    for (int32_t from = g->entry[i]; from < g->time[i]; b++) {
      int32_t to = bands->last[b] < g->time[i] ? bands->last[b] : g->time[i];
      size_t cell = c->first[k] + b - c->low[k];
      double exits = to == g->time[i] && g->event[i] ? w : 0;
      c->risk[cell] += w * (double)(to - from);
      c->exits[cell] += exits;
      c->total[b] += w * (double)(to - from);
      c->total_exits[b] += exits;
      from = to;
    }
  }
}

/* A band in which nobody leaves, or everybody at once, has its baseline at minus or plus infinity whatever the
 * covariates: it adds 0 to the log-likelihood, and says nothing of them. */
static void number_bands(fm__patterns *c)
{
  for (size_t b = 0; b < c->n_bands; b++) {
    bool open = c->total_exits[b] > 0 && c->total[b] > c->total_exits[b];
    c->place[b] = open ? (int32_t)c->n_fitted++ : -1;
  }
}

fm_status fm__patterns_create(fm__patterns *c, const fm__units *u, const fm__bands *bands, fm_error *err)
{
  const fm__cox_group *g = u->g;
  *c = (fm__patterns){.p = g->p, .n_bands = bands->n};
  c->x = fm__array(g->n * g->p, sizeof *c->x);
  c->centre = fm__array(g->p, sizeof *c->centre);
  c->scale = fm__array(g->p, sizeof *c->scale);
  c->first = fm__array(g->n + 1, sizeof *c->first);
  c->low = fm__array(g->n, sizeof *c->low);
  c->total = fm__array(bands->n, sizeof *c->total);
  c->total_exits = fm__array(bands->n, sizeof *c->total_exits);
  c->place = fm__array(bands->n, sizeof *c->place);
  c->pattern = fm__array(g->n, sizeof *c->pattern);
  bool made = c->x != NULL && c->centre != NULL && c->scale != NULL && c->first != NULL && c->low != NULL &&
              c->total != NULL && c->total_exits != NULL && c->place != NULL && c->pattern != NULL;
  fm_status status = made ? find_patterns(c, g, err) : fm__no_memory(err);
  if (status == FM_OK) {
    scale(c);
    status = lay_out(c, g, bands, err);
  }
  if (status == FM_OK) {
    fill(c, u, bands);
    number_bands(c);
  } else {
    fm__patterns_free(c);
  }
  return status;
}
