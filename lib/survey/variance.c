/* The variance of a weighted total by linearisation, at each stage within strata.
 *
 * V = sum over stages and their strata of F (1 - f) n / (n - 1) sum (t - mean t)^2: t the total of z by cluster, n / N
 * = f the sampled share of the stratum, F the product of f over the stages above (Cochran 1977, section 11.21;
 * Saerndal, Swensson and Wretman 1992, section 4.3.2). */
#include <math.h>

#include "survey/design_priv.h"

/* ---- one stratum ---- */

/* One total by cluster, or two; count NULL: all 1. A pooled cluster's total is that of all its rows together. */
typedef struct totals {
  const double *a, *b;
  double a_scale, b_scale; /* powers of two */
  const double *count;
} totals;

static double sum_of(const double *z, double scale, size_t from, size_t end)
{
  enum { BLOCK = 512 };
  double scaled[BLOCK];
  fm__sum sum = {0};
  for (size_t i = from; i < end; i += BLOCK) {
    size_t n = end - i < BLOCK ? end - i : BLOCK;
    for (size_t j = 0; j < n; j++)
      scaled[j] = z[i + j] * scale;
    fm__sum_add_n(&sum, scaled, n);
  }
  return fm__sum_value(&sum);
}

/* Sum of (a - a_mean)(b - b_mean) over clusters; each pooled row as if it stood alone. */
static double around(const totals *t, size_t from, size_t end, double a_mean, double b_mean)
{
  enum { BLOCK = 256 };
  double term[2 * BLOCK];
  fm__sum sum = {0};
  for (size_t i = from; i < end; i += BLOCK) {
    size_t n = end - i < BLOCK ? end - i : BLOCK;
    for (size_t j = 0; j < n; j++) {
      double count = t->count != NULL ? t->count[i + j] : 1;
      double a = t->a[i + j] * t->a_scale / count - a_mean;
      double b = t->a == t->b ? a : t->b[i + j] * t->b_scale / count - b_mean;
      term[j] = a * b;
      if (t->count != NULL) { /* count times the rounded product, exactly */
        double whole = count * term[j];
        term[n + j] = fma(count, term[j], -whole);
        term[j] = whole;
      }
    }
    fm__sum_add_n(&sum, term, t->count != NULL ? 2 * n : n);
  }
  return fm__sum_value(&sum);
}

static double of_stratum(const fm__stage *s, size_t stratum, const totals *t)
{
  size_t from = s->first[stratum], end = s->first[stratum + 1];
  double n = s->sampled[stratum], a_mean = sum_of(t->a, t->a_scale, from, end) / n;
  double b_mean = t->a == t->b ? a_mean : sum_of(t->b, t->b_scale, from, end) / n;
  return around(t, from, end, a_mean, b_mean) * (n / (n - 1));
}

/* ---- the strata within one cluster of the stage above ---- */

typedef struct means { /* over all clusters of the stage */
  double a, b;
} means;

static double of_strata(const fm__design *d, const fm__stage *s, size_t from, size_t end, const totals *t, means mean)
{
  fm__sum sum = {0};
  size_t n_lonely = 0, n = end - from;
  for (size_t i = from; i < end; i++) {
    double product = 0;
    if (s->rest[i] == 0)
      continue;
    if (s->sampled[i] > 1)
      product = of_stratum(s, i, t);
    else if (d->spec.lonely == FM_SURVEY_LONELY_ADJUST)
      product = around(t, s->first[i], s->first[i + 1], mean.a, mean.b);
    else
      n_lonely++;
    fm__sum_add(&sum, s->rest[i] * product);
  }
  if (d->spec.lonely != FM_SURVEY_LONELY_AVERAGE || n_lonely == 0)
    return fm__sum_value(&sum);
  return n_lonely == n ? NAN : fm__sum_value(&sum) * ((double)n / (double)(n - n_lonely));
}

static means stage_means(const fm__stage *s, const totals *t)
{
  double n = 0;
  for (size_t i = 0; i < s->n_strata; i++)
    n += s->sampled[i];
  return (means){sum_of(t->a, t->a_scale, 0, s->n_clusters) / n, sum_of(t->b, t->b_scale, 0, s->n_clusters) / n};
}

static double of_stage(const fm__design *d, size_t k, const totals *t)
{
  const fm__stage *s = &d->stage[k];
  means mean = {0, 0};
  if (d->spec.lonely == FM_SURVEY_LONELY_ADJUST && d->n_lonely > 0)
    mean = stage_means(s, t);
  if (k == 0)
    return of_strata(d, s, 0, s->n_strata, t, mean);
  fm__sum sum = {0};
  const fm__stage *up = s - 1;
  for (size_t h = 0; h < up->n_strata; h++)
    for (size_t c = up->first[h]; c < up->first[h + 1]; c++)
      fm__sum_add(&sum, up->fraction[h] * of_strata(d, s, s->parent[c], s->parent[c + 1], t, mean));
  return fm__sum_value(&sum);
}

/* ---- all stages ---- */

/* Creates the totals by cluster of a stage above the last. */
static fm_status by_cluster(double **out, const fm__stage *s, const double *z, double scale, fm_error *err)
{
  *out = fm__array(s->n_clusters, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t c = 0; c < s->n_clusters; c++)
    (*out)[c] = sum_of(z, scale, s->cells[c], s->cells[c + 1]);
  return FM_OK;
}

static fm_status of_upper_stage(double *out, const fm__design *d, size_t k, const totals *t, fm_error *err)
{
  double *a = NULL, *b = NULL;
  fm_status status = by_cluster(&a, &d->stage[k], t->a, t->a_scale, err);
  if (status == FM_OK && t->a != t->b)
    status = by_cluster(&b, &d->stage[k], t->b, t->b_scale, err);
  if (status == FM_OK) {
    totals summed = {.a = a, .b = t->a != t->b ? b : a, .a_scale = 1, .b_scale = 1};
    *out = of_stage(d, k, &summed);
  }
  fm__free(a);
  fm__free(b);
  return status;
}

/* Whether any first-stage stratum can tell of its own variation, or has none. */
static bool says_something(const fm__design *d)
{
  const fm__stage *s = &d->stage[0];
  double n = 0;
  for (size_t i = 0; i < s->n_strata; i++) {
    if (s->sampled[i] > 1 || s->rest[i] == 0)
      return true;
    n += s->sampled[i];
  }
  return d->spec.lonely == FM_SURVEY_LONELY_ADJUST && n > 1;
}

fm_status fm__design_product(double *out, const fm__design *d, const double *a, double a_scale, const double *b,
                             double b_scale, fm_error *err)
{
  *out = NAN;
  if (!says_something(d))
    return FM_OK;
  totals t = {.a = a, .b = b, .a_scale = a_scale, .b_scale = b_scale, .count = d->cell_count};
  fm__sum sum = {0};
  fm_status status = FM_OK;
  for (size_t k = 0; k < d->n_stages && status == FM_OK; k++) {
    double product = 0;
    if (k + 1 < d->n_stages)
      status = of_upper_stage(&product, d, k, &t, err);
    else
      product = of_stage(d, k, &t);
    fm__sum_add(&sum, product);
  }
  if (status == FM_OK)
    *out = fm__sum_value(&sum);
  return status;
}

/* ---- scales: products near 1, so that squares neither overflow nor vanish; powers of two keep all bits ---- */

/* The exponent of the largest magnitude; false when there is a number that is not finite. */
static bool exponent_of(int *exponent, const double *z, size_t n)
{
  double largest = 0;
  bool finite = true;
  for (size_t i = 0; i < n; i++) {
    double size = fabs(z[i]);
    finite = finite && size < INFINITY;
    largest = size > largest ? size : largest;
  }
  *exponent = 0;
  if (finite && largest > 0)
    frexp(largest, exponent);
  if (*exponent < -1000)
    *exponent = -1000; /* the scale itself must be finite */
  return finite;
}

static double unit_of(int exponent)
{
  return ldexp(1, -exponent);
}

/* Creates the residuals by cell, with the exponents they then have. */
static fm_status to_residuals(double **out, int *exponent, const fm__design *d, const double *z, fm_error *err)
{
  int rest = 0;
  fm_status status = fm__design_residuals(out, d, z, unit_of(*exponent), err);
  if (status != FM_OK)
    return status;
  exponent_of(&rest, *out, d->n_cells);
  for (size_t i = 0; i < d->n_cells; i++)
    (*out)[i] *= unit_of(rest);
  *exponent += rest;
  return FM_OK;
}

static fm_status residual_product(double *product, int *e, int *f, const fm__design *d, const double *a,
                                  const double *b, fm_error *err)
{
  double *u = NULL, *v = NULL;
  fm_status status = to_residuals(&u, e, d, a, err);
  if (status == FM_OK && a != b)
    status = to_residuals(&v, f, d, b, err);
  if (status == FM_OK && a == b)
    *f = *e;
  if (status == FM_OK)
    status = fm__design_product(product, d, u, 1, a == b ? u : v, 1, err);
  fm__free(u);
  fm__free(v);
  return status;
}

static fm_status scaled_product(double *product, int *exponent, const fm__design *d, const double *a, const double *b,
                                fm_error *err)
{
  int e = 0, f = 0;
  *product = NAN;
  *exponent = 0;
  if (d->spec.method == FM_SURVEY_NONE)
    return FM_OK;
  if (d->spec.method != FM_SURVEY_TAYLOR)
    return fm__fail(err, FM_ERR_STATE, "a design with replicates has no linearised variance");
  if (!exponent_of(&e, a, d->n_units) || (a != b && !exponent_of(&f, b, d->n_units)))
    return FM_OK;
  if (a == b)
    f = e;
  fm_status status = d->auxiliaries != NULL ? residual_product(product, &e, &f, d, a, b, err)
                                            : fm__design_product(product, d, a, unit_of(e), b, unit_of(f), err);
  *exponent = e + f;
  return status;
}

fm_status fm__design_covariance(double *covariance, const fm__design *d, const double *a, const double *b,
                                fm_error *err)
{
  double product;
  int exponent;
  fm_status status = scaled_product(&product, &exponent, d, a, b, err);
  *covariance = ldexp(product, exponent);
  return status;
}

fm_status fm__design_variance(double *variance, const fm__design *d, const double *z, fm_error *err)
{
  return fm__design_covariance(variance, d, z, z, err);
}

fm_status fm__design_std_error(double *std_error, const fm__design *d, const double *z, fm_error *err)
{
  double product;
  int exponent;
  fm_status status = scaled_product(&product, &exponent, d, z, z, err);
  *std_error = ldexp(sqrt(product), exponent / 2);
  return status;
}
