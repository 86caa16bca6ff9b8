/* One z that many figures have in common: its covariance with each is a sum over the units of that figure alone.
 *
 * The covariance is linear in y, so that it is sum y g for one g by unit: at each stage, for a cluster of total t in a
 * stratum of mean m, F (1 - f) n / (n - 1) (t - m), in the terms of variance.c. */
#include <math.h>

#include "survey/design_priv.h"

void fm__common_free(fm__common *c)
{
  fm__free(c->gradient);
  *c = (fm__common){.std_error = NAN};
}

/* ---- the gradient ---- */

/* One stage: the total of each cluster, and what has been found. */
typedef struct pass {
  const fm__design *d;
  const fm__stage *s;
  const double *total; /* scaled */
  const double *count; /* rows pooled in each cluster; NULL: all 1 */
  double mean;         /* over all clusters, for lonely ones */
  double *gradient;
  fm__sum adjusted; /* of what lonely clusters have: the mean that they are compared with moves with every y */
} pass;

static double add_cluster(pass *p, size_t c, double mean, double factor)
{
  double moved = factor * (p->total[c] / (p->count != NULL ? p->count[c] : 1) - mean);
  size_t from = p->s->cells != NULL ? p->s->cells[c] : c, end = p->s->cells != NULL ? p->s->cells[c + 1] : c + 1;
  for (size_t i = from; i < end; i++)
    p->gradient[i] += moved;
  return moved;
}

static void add_stratum(pass *p, size_t h, double factor)
{
  size_t from = p->s->first[h], end = p->s->first[h + 1];
  double n = p->s->sampled[h], by = factor * p->s->rest[h];
  if (n > 1) {
    double mean = fm__scaled_sum(p->total, 1, from, end) / n;
    for (size_t c = from; c < end; c++)
      add_cluster(p, c, mean, by * (n / (n - 1)));
  } else if (by > 0 && p->d->spec.lonely == FM_SURVEY_LONELY_ADJUST) {
    fm__sum_add(&p->adjusted, add_cluster(p, from, p->mean, by));
  }
}

/* The strata within one cluster of the stage above. */
static void add_strata(pass *p, size_t from, size_t end, double factor)
{
  size_t n_lonely = 0, n = end - from;
  for (size_t h = from; h < end; h++)
    n_lonely += p->s->rest[h] > 0 && !(p->s->sampled[h] > 1);
  if (p->d->spec.lonely == FM_SURVEY_LONELY_AVERAGE && n_lonely > 0)
    factor *= (double)n / (double)(n - n_lonely); /* were all of them lonely, there would be no variance */
  for (size_t h = from; h < end; h++)
    add_stratum(p, h, factor);
}

static void add_stage(pass *p, size_t k)
{
  const fm__stage *s = p->s, *up = s - 1;
  double n = fm__stage_sampled(s);
  p->mean = fm__scaled_sum(p->total, 1, 0, s->n_clusters) / n;
  if (k == 0)
    add_strata(p, 0, s->n_strata, 1);
  for (size_t h = 0; k > 0 && h < up->n_strata; h++)
    for (size_t c = up->first[h]; c < up->first[h + 1]; c++)
      add_strata(p, s->parent[c], s->parent[c + 1], up->fraction[h]);
  double adjusted = fm__sum_value(&p->adjusted) / n;
  for (size_t i = 0; i < p->d->n_cells && adjusted != 0; i++)
    p->gradient[i] -= adjusted;
}

/* z by cell. */
static fm_status fill(fm__common *c, const fm__design *d, const double *z, double scale, fm_error *err)
{
  for (size_t k = 0; k < d->n_stages; k++) {
    pass p = {.d = d, .s = &d->stage[k], .gradient = c->gradient};
    bool last = k + 1 == d->n_stages;
    double *total = fm__array(p.s->n_clusters, sizeof *total);
    if (total == NULL)
      return fm__no_memory(err);
    for (size_t i = 0; i < p.s->n_clusters; i++)
      total[i] = last ? z[i] * scale : fm__scaled_sum(z, scale, p.s->cells[i], p.s->cells[i + 1]);
    p.total = total;
    p.count = last ? d->cell_count : NULL;
    add_stage(&p, k);
    fm__free(total);
  }
  return FM_OK;
}

fm_status fm__common_make(fm__common *c, const fm__design *d, const double *z, fm_error *err)
{
  *c = (fm__common){.std_error = NAN};
  fm_status status = fm__design_std_error(&c->std_error, d, z, err);
  if (status != FM_OK || d->auxiliaries != NULL || isnan(c->std_error))
    return status;
  c->gradient = fm__array(d->n_cells, sizeof *c->gradient);
  if (c->gradient == NULL)
    return fm__no_memory(err);
  fm__exponent_of(&c->exponent, z, d->n_cells);
  return fill(c, d, z, ldexp(1, -c->exponent), err);
}

/* ---- sums ---- */

/* Covariance / 2^exponent. */
static double covariance(int *exponent, const fm__common *c, const fm__touched *y)
{
  enum { BLOCK = 512 };
  double term[BLOCK];
  fm__sum sum = {0};
  fm__exponent_of(exponent, y->z, y->n);
  double scale = ldexp(1, -*exponent);
  for (size_t i = 0; i < y->n; i += BLOCK) {
    size_t n = y->n - i < BLOCK ? y->n - i : BLOCK;
    for (size_t j = 0; j < n; j++)
      term[j] = y->z[i + j] * scale * c->gradient[y->unit != NULL ? y->unit[i + j] : i + j];
    fm__sum_add_n(&sum, term, n);
  }
  *exponent += c->exponent;
  return fm__sum_value(&sum);
}

fm_status fm__common_std_error(double *std_error, bool *cancels, const fm__common *c, double factor,
                               const fm__design *d, const fm__touched *y, fm_error *err)
{
  const double kept = 0.125; /* of the variances of both: then no more than 4 bits are lost */
  int exponent, factor_exponent, e = 0;
  double a, b = fabs(factor) * c->std_error;
  *cancels = false;
  fm_status status = fm__design_std_error_of(&a, d, y, err);
  *std_error = NAN;
  if (status != FM_OK || !isfinite(a) || !isfinite(b))
    return status;
  frexp(a > b ? a : b, &e);
  double size = frexp(factor, &factor_exponent), product = size * covariance(&exponent, c, y);
  a = ldexp(a, -e);
  b = ldexp(b, -e);
  double variance = a * a + b * b + 2 * ldexp(product, exponent + factor_exponent - 2 * e);
  *cancels = variance < kept * (a * a + b * b);
  if (!*cancels)
    *std_error = ldexp(sqrt(variance), e);
  return FM_OK;
}
