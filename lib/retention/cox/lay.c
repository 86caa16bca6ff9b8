/* Rows of a Cox regression laid into blocks: centred, scaled, their events added up.
 *
 * Each row given is first written whole to its place, in one or two lines of the cache, and each block is then turned
 * into columns where it lies: taking the values of each column from where they are would touch a line for each. */
#include <math.h>
#include <string.h>

#include "retention/cox/order_priv.h"

/* ---- centre and scale ---- */

/* Mean of up to SAMPLE rows that are spread evenly over the order: a centre has to be near the mean, no more. */
static double middle(const double *x, const fm__cox_places *o)
{
  enum { SAMPLE = 4096 };
  size_t m = o->n < SAMPLE ? o->n : SAMPLE;
  double sum = 0;
  for (size_t k = 0; k < m; k++)
    sum += x[o->row[k * o->n / m]];
  return sum / (double)m;
}

/* A centre of few digits near the mean, so that the difference of a whole number and it is exact, and a power of 2. */
static fm_status choose_scale(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o, size_t j, fm_error *err)
{
  double width = o->range[j].high - o->range[j].low;
  if (!(width > 1e-250))
    return fm__fail(err, FM_ERR_VALUE,
                    "covariate %zu%s%s is the same in every row at risk at an event: no coefficient can be told for a "
                    "constant column",
                    j + 1, rows->names != NULL ? " " : "", rows->names != NULL ? rows->names[j] : "");
  int exponent;
  frexp(width, &exponent);
  double unit = ldexp(1, exponent - 8);
  c->centre[j] = floor(middle(rows->x[j], o) / unit + 0.5) * unit;
  c->scale[j] = ldexp(1, 1 - exponent);
  return FM_OK;
}

/* ---- rows to their places ---- */

static void spread_rows(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o)
{
  enum { AHEAD = 32 };
  for (size_t i = 0; i < rows->n; i++) {
#if defined(__GNUC__)
    size_t later = i + AHEAD < rows->n ? o->place[i + AHEAD] : 0;
    if (later < o->n) {
      __builtin_prefetch(c->x + later * c->wide, 1);
      __builtin_prefetch(c->x + (later + 1) * c->wide - 1, 1);
    }
#endif
    if (o->place[i] == FM__COX_NOWHERE)
      continue;
    double *to = c->x + o->place[i] * c->wide;
    for (size_t j = 0; j < c->p; j++)
      to[j] = rows->x[j][i];
  }
}

/* Turns the n rows of a block into columns. */
static void turn_block(double *x, double *scratch, const fm__cox *c, size_t n)
{
  size_t wide = c->wide;
  memcpy(scratch, x, n * wide * sizeof *x);
  for (size_t j = 0; j < wide; j++) {
    double *to = x + j * FM__COX_BLOCK, centre = c->centre[j], scale = c->scale[j];
    size_t filled = j < c->p ? n : 0;
    for (size_t i = 0; i < filled; i++)
      to[i] = (scratch[i * wide + j] - centre) * scale;
    for (size_t i = filled; i < FM__COX_BLOCK; i++)
      to[i] = 0;
  }
}

void fm__cox_set_power(fm__cox *c, const fm__cox_rows *rows, const uint32_t *row)
{
  double most = 0;
  int exponent;
  for (size_t i = 0; rows->weight != NULL && i < c->n; i++)
    most = rows->weight[row[i]] > most ? rows->weight[row[i]] : most;
  frexp(most, &exponent);
  c->power = most > 0 && (exponent < 1 || exponent > 20) ? exponent - 1 : 0;
}

static void place_numbers(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o)
{
  size_t padded = c->n_blocks * FM__COX_BLOCK;
  fm__cox_set_power(c, rows, o->row);
  double unit = fm__cox_unit(c);
  for (size_t i = 0; i < c->n; i++) {
    size_t row = o->row[i];
    double count = rows->count != NULL ? (double)rows->count[row] : 1;
    c->weight[i] = rows->weight != NULL ? rows->weight[row] / unit * count : count;
    if (c->count != NULL)
      c->count[i] = count;
    if (c->from != NULL)
      c->from[i] = o->from[row];
    if (c->cluster != NULL)
      c->cluster[i] = (uint32_t)rows->cluster[row];
  }
  for (size_t i = c->n; i < padded; i++)
    c->weight[i] = 0;
}

/* ---- events: what is known of them whatever the coefficients ---- */

/* Adds the events of rows from .. to - 1 of a block, which begins at row `start`. */
static void add_events(fm__cox *c, size_t d, const double *x, size_t start, size_t from, size_t to, double *sums)
{
  memset(sums, 0, (c->wide + 1) * sizeof *sums);
  fm__cox_kernel_best()->add(sums, x, c->weight + start, from - start, to - start, c->wide);
  c->day_weight[d] += sums[0];
  for (size_t j = 0; j < c->p; j++)
    c->event_x[j] += sums[1 + j];
  for (size_t i = from; c->count != NULL && i < to; i++)
    c->day_events[d] += c->count[i];
  c->day_events[d] += c->count == NULL ? (double)(to - from) : 0;
}

/* Turns each block, and adds up the events in it while it is in the cache: c->cell has them in its odd cells. `scratch`
 * has room for a block. */
static void turn_with_events(fm__cox *c, double *scratch)
{
  for (size_t row = 0, cell = 0; row < c->n;) {
    size_t start = row, stop = start + FM__COX_BLOCK < c->n ? start + FM__COX_BLOCK : c->n;
    double *x = c->x + start * c->wide;
    turn_block(x, scratch, c, stop - start);
    while (row < stop) {
      size_t to = fm__cox_piece(c, &cell, row, stop);
      if ((cell & 1) != 0)
        add_events(c, cell / 2, x, start, row, to, scratch);
      row = to;
    }
  }
}

static void turn_alone(fm__cox *c, double *scratch)
{
  for (size_t start = 0; start < c->n; start += FM__COX_BLOCK)
    turn_block(c->x + start * c->wide, scratch, c, c->n - start < FM__COX_BLOCK ? c->n - start : FM__COX_BLOCK);
}

static fm_status lay_columns(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o,
                             void (*turn)(fm__cox *c, double *scratch), fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t j = 0; j < c->p && o->n > 0 && status == FM_OK; j++)
    status = choose_scale(c, rows, o, j, err);
  if (status != FM_OK)
    return status;
  double *scratch = fm__array((FM__COX_BLOCK + 1) * c->wide, sizeof *scratch);
  if (scratch == NULL)
    return fm__no_memory(err);
  spread_rows(c, rows, o);
  turn(c, scratch);
  fm__free(scratch);
  return FM_OK;
}

fm_status fm__cox_place_columns(fm__cox *c, const fm__cox_rows *rows, const uint32_t *row, fm_error *err)
{
  fm__cox_places o = {.n = c->n};
  o.row = fm__many(c->n, sizeof *o.row);
  o.place = fm__many(rows->n, sizeof *o.place);
  o.range = fm__array(rows->p, sizeof *o.range);
  fm_status status = o.row != NULL && o.place != NULL && o.range != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    memcpy(o.row, row, c->n * sizeof *row);
    for (size_t i = 0; i < rows->n; i++)
      o.place[i] = FM__COX_NOWHERE;
    for (size_t i = 0; i < c->n; i++)
      o.place[row[i]] = (uint32_t)i;
    fm__cox_places_reach(&o, rows);
    status = lay_columns(c, rows, &o, turn_alone, err);
  }
  fm__cox_places_free(&o);
  return status;
}

/* Efron's form takes a step for each of the exits at one time. */
static fm_status check_ties(const fm__cox *c, fm_error *err)
{
  for (size_t d = 0; d < c->n_days && !c->breslow; d++)
    if (c->day_events[d] > FM__COX_MOST_TIED)
      return fm__fail(err, FM_ERR_LIMIT, "more than %d exits at one time: Efron's ties take no more, Breslow's do",
                      FM__COX_MOST_TIED);
  return FM_OK;
}

static fm_status reserve(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o, fm_error *err)
{
  size_t padded, cells;
  c->n = o->n;
  c->n_blocks = (o->n + FM__COX_BLOCK - 1) / FM__COX_BLOCK;
  padded = c->n_blocks * FM__COX_BLOCK;
  if (!fm__multiply(padded, c->wide, &cells))
    return fm__no_memory(err);
  c->x = fm__many(cells, sizeof *c->x);
  c->weight = fm__many(padded, sizeof *c->weight);
  c->centre = fm__array(c->wide, sizeof *c->centre);
  c->scale = fm__array(c->wide, sizeof *c->scale);
  c->event_x = fm__array(c->wide, sizeof *c->event_x);
  c->day_weight = fm__array(c->n_days, sizeof *c->day_weight);
  c->day_events = fm__array(c->n_days, sizeof *c->day_events);
  c->count = rows->count != NULL ? fm__many(padded, sizeof *c->count) : NULL;
  c->from = o->n_late > 0 ? fm__many(padded, sizeof *c->from) : NULL;
  c->cluster = rows->cluster != NULL ? fm__many(padded, sizeof *c->cluster) : NULL;
  bool made = c->x != NULL && c->weight != NULL && c->centre != NULL && c->scale != NULL && c->event_x != NULL &&
              c->day_weight != NULL && c->day_events != NULL && (rows->count == NULL || c->count != NULL) &&
              (o->n_late == 0 || c->from != NULL) && (rows->cluster == NULL || c->cluster != NULL);
  return made ? FM_OK : fm__no_memory(err);
}

fm_status fm__cox_lay(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o, fm_error *err)
{
  fm_status status = reserve(c, rows, o, err);
  if (status != FM_OK)
    return status;
  place_numbers(c, rows, o);
  status = lay_columns(c, rows, o, turn_with_events, err);
  return status == FM_OK ? check_ties(c, err) : status;
}
