/* Robust variances in one pass over the rows in order of their steps. */
#include "retention/retention_priv.h"
#include "retention/robust_priv.h"

#include <math.h>

void fm__presence_free(fm__presence *p)
{
  fm__free(p->first);
  fm__free(p->last);
  *p = (fm__presence){0};
}

/* First step after the entry; one that enters at 0 is at risk in the first of all. */
static size_t first_step(const fm__curve *c, int32_t entry)
{
  return entry > 0 ? fm__curve_steps_to(c, entry) : 0;
}

fm_status fm__presence_create(fm__presence *out, const fm__curve *c, const fm__followed *rows, fm_error *err)
{
  *out = (fm__presence){.rows = rows,
                        .n_steps = c->n,
                        .n_units = rows->clustered ? rows->n_clusters : rows->n,
                        .first = fm__array(rows->n, sizeof *out->first),
                        .last = fm__array(rows->n, sizeof *out->last)};
  if (out->first == NULL || out->last == NULL) {
    fm__presence_free(out);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < rows->n; i++) {
    size_t after = fm__curve_steps_to(c, rows->time[i]);
    out->first[i] = after > 0 ? (uint32_t)first_step(c, rows->entry[i]) : 1; /* ended before the curve starts */
    out->last[i] = after > 0 ? (uint32_t)after - 1 : 0;
  }
  return FM_OK;
}

static bool is_present(const fm__presence *p, size_t row)
{
  return p->first[row] <= p->last[row];
}

/* Rows by a step of theirs: those of step k are order[from[k]] .. order[from[k + 1] - 1]. */
typedef struct bins {
  size_t *from, *order;
} bins;

static void bins_free(bins *b)
{
  fm__free(b->from);
  fm__free(b->order);
}

static fm_status bins_create(bins *b, const fm__presence *p, const uint32_t *step, fm_error *err)
{
  size_t n = p->rows->n, *next = fm__array(p->n_steps + 1, sizeof *next);
  *b = (bins){.from = fm__array(p->n_steps + 1, sizeof *b->from), .order = fm__array(n, sizeof *b->order)};
  if (next == NULL || b->from == NULL || b->order == NULL) {
    fm__free(next);
    bins_free(b);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++)
    if (is_present(p, i))
      b->from[step[i] + 1]++;
  for (size_t k = 0; k < p->n_steps; k++)
    next[k + 1] = b->from[k + 1] += b->from[k];
  for (size_t i = 0; i < n; i++)
    if (is_present(p, i))
      b->order[next[step[i]]++] = i;
  fm__free(next);
  return FM_OK;
}

/* What a unit adds at a step: done + open * cum, cum the sum of risk up to there. The variance, the sum of its squares
 * over units, is then a polynomial in cum, whose coefficients change only where a row comes or goes. */
typedef struct unit {
  double done, open;
} unit;

typedef struct pass {
  const fm__presence *p;
  unit *units;
  double scale; /* power of two that brings weights near 1, so that no square overflows */
  fm__sum done, mixed, open;
} pass;

static size_t unit_of(const fm__presence *p, size_t row)
{
  return p->rows->clustered ? p->rows->cluster[row] : row;
}

static double weight_of(const fm__presence *p, size_t row)
{
  return p->rows->clustered ? p->rows->weight[row] * (double)p->rows->count[row] : p->rows->weight[row];
}

static void put(pass *s, size_t row, double sign)
{
  const unit *u = &s->units[unit_of(s->p, row)];
  uint64_t times = s->p->rows->clustered ? 1 : s->p->rows->count[row];
  fm__retention_add_times(&s->done, sign * u->done * u->done, times);
  fm__retention_add_times(&s->mixed, sign * u->done * u->open, times);
  fm__retention_add_times(&s->open, sign * u->open * u->open, times);
}

static void change(pass *s, size_t row, double done, double open)
{
  unit *u = &s->units[unit_of(s->p, row)];
  double weight = weight_of(s->p, row) * s->scale;
  put(s, row, -1);
  u->done += weight * done;
  u->open += weight * open;
  put(s, row, 1);
}

static double scale_of(const fm__presence *p)
{
  double most = 0;
  int exponent = 0;
  for (size_t i = 0; i < p->rows->n; i++)
    most = weight_of(p, i) > most ? weight_of(p, i) : most;
  frexp(most, &exponent);
  return ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

static double sum_units(const pass *s, double cum)
{
  fm__sum sum = {0};
  for (size_t u = 0; u < s->p->n_units; u++) {
    double moved = s->units[u].done + s->units[u].open * cum;
    fm__retention_add_times(&sum, moved * moved, s->p->rows->clustered ? 1 : s->p->rows->count[u]);
  }
  return fm__sum_value(&sum);
}

/* The polynomial, or the sum over units itself where terms that cancel would leave it fewer than about eight digits:
 * late entry after exits of little weight, or clusters that hold nearly everybody. */
static double variance_at(const pass *s, double cum)
{
  const double kept = 1e-8;
  double done = fm__sum_value(&s->done), mixed = 2 * cum * fm__sum_value(&s->mixed);
  double open = cum * cum * fm__sum_value(&s->open), variance = done + mixed + open;
  return variance < kept * (done + fabs(mixed) + open) ? sum_units(s, cum) : variance;
}

static void run_pass(double *out, pass *s, const bins *first, const bins *last, const double *risk, const double *exit)
{
  double cum = 0;
  for (size_t k = 0; k < s->p->n_steps; k++) {
    for (size_t i = first->from[k]; i < first->from[k + 1]; i++)
      change(s, first->order[i], -cum, 1);
    cum += risk[k] / s->scale;
    for (size_t i = last->from[k]; i < last->from[k + 1]; i++) {
      size_t row = last->order[i];
      change(s, row, cum + (s->p->rows->cause[row] >= 0 ? exit[k] / s->scale : 0), -1);
    }
    out[k] = variance_at(s, cum);
  }
}

fm_status fm__robust_variances(double *out, const fm__presence *p, const double *risk, const double *exit,
                               fm_error *err)
{
  pass s = {.p = p, .units = fm__array(p->n_units, sizeof *s.units), .scale = scale_of(p)};
  bins first = {0}, last = {0};
  fm_status status = s.units != NULL ? bins_create(&first, p, p->first, err) : fm__no_memory(err);
  if (status == FM_OK) {
    status = bins_create(&last, p, p->last, err);
    if (status == FM_OK) {
      run_pass(out, &s, &first, &last, risk, exit);
      bins_free(&last);
    }
    bins_free(&first);
  }
  fm__free(s.units);
  return status;
}

fm_status fm__robust_errors(fm__curve *c, const fm__presence *p, fm_error *err)
{
  double *risk = fm__array(c->n, sizeof *risk), *exit = fm__array(c->n, sizeof *exit);
  double *variances = fm__array(c->n, sizeof *variances);
  fm_status status = risk != NULL && exit != NULL && variances != NULL ? FM_OK : fm__no_memory(err);
  for (int32_t hazard = 0; hazard < 2 && status == FM_OK; hazard++) {
    for (size_t k = 0; k < c->n; k++) {
      risk[k] = hazard != 0 ? c->steps[k].hazard_risk : c->steps[k].log_risk;
      exit[k] = hazard != 0 ? c->steps[k].hazard_exit : c->steps[k].log_exit;
    }
    status = fm__robust_variances(variances, p, risk, exit, err);
    for (size_t k = 0; k < c->n && status == FM_OK; k++) {
      if (hazard != 0)
        c->steps[k].hazard_error = sqrt(variances[k]);
      else
        c->steps[k].log_error = c->steps[k].survival > 0 ? sqrt(variances[k]) : INFINITY;
    }
  }
  fm__free(risk);
  fm__free(exit);
  fm__free(variances);
  return status;
}

fm_status fm__robust_influence(double *out, const fm__presence *p, const double *risk, const double *exit,
                               fm_error *err)
{
  double *cum = fm__array(p->n_steps + 1, sizeof *cum);
  if (cum == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < p->n_steps; k++)
    cum[k + 1] = cum[k] + risk[k];
  for (size_t u = 0; u < p->n_units; u++)
    out[u] = 0;
  for (size_t i = 0; i < p->rows->n; i++) {
    if (!is_present(p, i))
      continue;
    double moved = cum[p->last[i] + 1] - cum[p->first[i]];
    if (p->rows->cause[i] >= 0)
      moved += exit[p->last[i]];
    out[unit_of(p, i)] += weight_of(p, i) * moved;
  }
  fm__free(cum);
  return FM_OK;
}

double fm__robust_variance(const double *influence, const fm__presence *p)
{
  fm__sum sum = {0};
  for (size_t u = 0; u < p->n_units; u++)
    fm__retention_add_times(&sum, influence[u] * influence[u], p->rows->clustered ? 1 : p->rows->count[u]);
  return fm__sum_value(&sum);
}
