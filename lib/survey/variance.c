/* The variance of a weighted total by linearisation, at each stage within strata.
 *
 * V = sum over stages and their strata of F (1 - f) n / (n - 1) sum (t - mean t)^2: t the total of z by cluster, n / N
 * = f the sampled share of the stratum, F the product of f over the stages above (Cochran 1977, section 11.21;
 * Saerndal, Swensson and Wretman 1992, section 4.3.2). */
#include <math.h>

#include "survey/design_priv.h"

/* ---- one stratum ---- */

/* One total by cluster, or two, of all clusters or of those listed; the others have 0. A pooled cluster's total is that
 * of all its rows together. */
typedef struct totals {
  size_t n;
  const uint32_t *at; /* the n clusters, rising; NULL: all */
  const double *a, *b;
  double a_scale, b_scale; /* powers of two */
  const double *count;     /* by cluster; NULL: all 1 */
} totals;

static double count_of(const totals *t, size_t i)
{
  return t->count == NULL ? 1 : t->count[t->at != NULL ? t->at[i] : i];
}

double fm__scaled_sum(const double *z, double scale, size_t from, size_t end)
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

/* Adds times * term, exactly. */
static void add_times(fm__sum *sum, double times, double term)
{
  double whole = times * term;
  fm__sum_add(sum, whole);
  fm__sum_add(sum, fma(times, term, -whole));
}

/* Sum of (a - a_mean)(b - b_mean) over the clusters sampled, those from to end and others of 0; each pooled row as if
 * it stood alone. */
static double around(const totals *t, size_t from, size_t end, double sampled, double a_mean, double b_mean)
{
  enum { BLOCK = 256 };
  double term[2 * BLOCK], listed = 0;
  fm__sum sum = {0};
  for (size_t i = from; i < end; i += BLOCK) {
    size_t n = end - i < BLOCK ? end - i : BLOCK;
    for (size_t j = 0; j < n; j++) {
      double count = count_of(t, i + j);
      listed += count; /* whole numbers: exact */
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
  if (listed < sampled)
    add_times(&sum, sampled - listed, (0 - a_mean) * (0 - b_mean));
  return fm__sum_value(&sum);
}

/* The totals of the stratum are those from to end. */
static double of_stratum(const fm__stage *s, size_t stratum, const totals *t, size_t from, size_t end)
{
  double n = s->sampled[stratum], a_mean = fm__scaled_sum(t->a, t->a_scale, from, end) / n;
  double b_mean = t->a == t->b ? a_mean : fm__scaled_sum(t->b, t->b_scale, from, end) / n;
  return around(t, from, end, n, a_mean, b_mean) * (n / (n - 1));
}

/* ---- the strata within one cluster of the stage above ---- */

typedef struct means { /* over all clusters of the stage */
  double a, b;
} means;

/* The first of the totals i to end whose cluster is not below `cluster`. */
static size_t totals_below(const totals *t, size_t i, size_t end, size_t cluster)
{
  if (t->at == NULL)
    return cluster;
  while (i < end && t->at[i] < cluster)
    i++;
  return i;
}

/* Clusters alone in their stratum count through the mean of all clusters, even with a total of 0. */
static bool adjusts(const fm__design *d)
{
  return d->spec.lonely == FM_SURVEY_LONELY_ADJUST && d->n_lonely > 0;
}

/* The strata from to end, whose totals are those from i to last. */
static double of_strata(const fm__design *d, const fm__stage *s, size_t from, size_t end, const totals *t, size_t i,
                        size_t last, means mean)
{
  fm__sum sum = {0};
  bool all = t->at == NULL || adjusts(d);
  size_t n_lonely = all ? 0 : d->n_lonely, n = end - from; /* lists of several stages are for designs without */
  for (size_t h = from; h < end && (all || i < last); h++) {
    if (!all)
      h = fm__range_of(s->first, h, end, t->at[i]);
    size_t first = i;
    i = totals_below(t, first, last, s->first[h + 1]);
    double product = 0;
    if (s->rest[h] == 0)
      continue;
    if (s->sampled[h] > 1)
      product = of_stratum(s, h, t, first, i);
    else if (d->spec.lonely == FM_SURVEY_LONELY_ADJUST)
      product = around(t, first, i, 1, mean.a, mean.b);
    else
      n_lonely += all;
    fm__sum_add(&sum, s->rest[h] * product);
  }
  if (d->spec.lonely != FM_SURVEY_LONELY_AVERAGE || n_lonely == 0)
    return fm__sum_value(&sum);
  return n_lonely == n ? NAN : fm__sum_value(&sum) * ((double)n / (double)(n - n_lonely));
}

double fm__stage_sampled(const fm__stage *s)
{
  double n = 0;
  for (size_t i = 0; i < s->n_strata; i++)
    n += s->sampled[i];
  return n;
}

static double of_stage(const fm__design *d, size_t k, const totals *t)
{
  const fm__stage *s = &d->stage[k];
  means mean = {0, 0};
  if (adjusts(d)) {
    double n = fm__stage_sampled(s);
    mean = (means){fm__scaled_sum(t->a, t->a_scale, 0, t->n) / n, fm__scaled_sum(t->b, t->b_scale, 0, t->n) / n};
  }
  if (k == 0)
    return of_strata(d, s, 0, s->n_strata, t, 0, t->n, mean);
  fm__sum sum = {0};
  const fm__stage *up = s - 1;
  size_t i = 0, h = 0;
  for (size_t c = 0; c < up->n_clusters && (t->at == NULL || i < t->n); c++) {
    if (t->at != NULL) /* the next cluster of the stage above with a total */
      c = fm__range_of(s->parent, c, up->n_clusters, fm__range_of(s->first, s->parent[c], s->n_strata, t->at[i]));
    size_t from = s->parent[c], end = s->parent[c + 1], first = i;
    i = totals_below(t, first, t->n, s->first[end]);
    h = fm__range_of(up->first, h, up->n_strata, c);
    fm__sum_add(&sum, up->fraction[h] * of_strata(d, s, from, end, t, first, i, mean));
  }
  return fm__sum_value(&sum);
}

/* ---- all stages ---- */

/* Creates the totals by cluster of a stage above the last; `at` (NULL: all cells) has the clusters, too. */
static fm_status by_cluster(double **out, uint32_t *at, size_t *n, const fm__stage *s, const totals *t, const double *z,
                            double scale, fm_error *err)
{
  *n = 0;
  *out = fm__array(t->at != NULL ? t->n : s->n_clusters, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t c = 0, i = 0; c < s->n_clusters && (t->at == NULL || i < t->n); c++) {
    if (t->at != NULL) {
      c = fm__range_of(s->cells, c, s->n_clusters, t->at[i]);
      at[*n] = (uint32_t)c;
    }
    size_t first = i;
    i = totals_below(t, first, t->n, s->cells[c + 1]);
    (*out)[(*n)++] = fm__scaled_sum(z, scale, first, i);
  }
  return FM_OK;
}

static fm_status of_upper_stage(double *out, const fm__design *d, size_t k, const totals *t, fm_error *err)
{
  double *a = NULL, *b = NULL;
  totals summed = {.a_scale = 1, .b_scale = 1};
  uint32_t *at = t->at != NULL ? fm__array(t->n, sizeof *at) : NULL;
  fm_status status = t->at == NULL || at != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = by_cluster(&a, at, &summed.n, &d->stage[k], t, t->a, t->a_scale, err);
  if (status == FM_OK && t->a != t->b)
    status = by_cluster(&b, at, &summed.n, &d->stage[k], t, t->b, t->b_scale, err);
  if (status == FM_OK) {
    summed.at = at;
    summed.a = a;
    summed.b = t->a != t->b ? b : a;
    *out = of_stage(d, k, &summed);
  }
  fm__free(at);
  fm__free(a);
  fm__free(b);
  return status;
}

/* Whether any first-stage stratum can tell of its own variation, or has none. */
bool fm__design_says_something(const fm__design *d)
{
  const fm__stage *s = &d->stage[0];
  for (size_t i = 0; i < s->n_strata; i++)
    if (s->sampled[i] > 1 || s->rest[i] == 0)
      return true;
  return d->spec.lonely == FM_SURVEY_LONELY_ADJUST && fm__stage_sampled(s) > 1;
}

static fm_status product_of(double *out, const fm__design *d, const totals *t, fm_error *err)
{
  *out = NAN;
  if (!fm__design_says_something(d))
    return FM_OK;
  fm__sum sum = {0};
  fm_status status = FM_OK;
  for (size_t k = 0; k < d->n_stages && status == FM_OK; k++) {
    double product = 0;
    if (k + 1 < d->n_stages)
      status = of_upper_stage(&product, d, k, t, err);
    else
      product = of_stage(d, k, t);
    fm__sum_add(&sum, product);
  }
  if (status == FM_OK)
    *out = fm__sum_value(&sum);
  return status;
}

/* ---- scales: products near 1, so that squares neither overflow nor vanish; powers of two keep all bits ---- */

bool fm__exponent_of(int *exponent, const double *z, size_t n)
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
  fm__exponent_of(&rest, *out, d->n_cells);
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
  totals t = {.n = d->n_cells, .a = u, .b = a == b ? u : v, .a_scale = 1, .b_scale = 1, .count = d->cell_count};
  if (status == FM_OK)
    status = product_of(product, d, &t, err);
  fm__free(u);
  fm__free(v);
  return status;
}

/* Of `touched` units; their list is NULL when they are all. */
static fm_status scaled_product(double *product, int *exponent, const fm__design *d, const fm__touched *a,
                                const double *b, fm_error *err)
{
  int e = 0, f = 0;
  *product = NAN;
  *exponent = 0;
  if (d->spec.method == FM_SURVEY_NONE)
    return FM_OK;
  if (d->spec.method != FM_SURVEY_TAYLOR)
    return fm__fail(err, FM_ERR_STATE, "a design with replicates has no linearised variance");
  if (!fm__exponent_of(&e, a->z, a->n) || (a->z != b && !fm__exponent_of(&f, b, a->n)))
    return FM_OK;
  if (a->z == b)
    f = e;
  totals t = {.n = a->n,
              .at = a->unit,
              .a = a->z,
              .b = b,
              .a_scale = unit_of(e),
              .b_scale = unit_of(f),
              .count = d->cell_count};
  fm_status status =
      d->auxiliaries != NULL ? residual_product(product, &e, &f, d, a->z, b, err) : product_of(product, d, &t, err);
  *exponent = e + f;
  return status;
}

fm_status fm__design_covariance(double *covariance, const fm__design *d, const double *a, const double *b,
                                fm_error *err)
{
  double product;
  int exponent;
  fm_status status = scaled_product(&product, &exponent, d, &(fm__touched){d->n_units, NULL, a}, b, err);
  *covariance = ldexp(product, exponent);
  return status;
}

fm_status fm__design_variance(double *variance, const fm__design *d, const double *z, fm_error *err)
{
  return fm__design_covariance(variance, d, z, z, err);
}

fm_status fm__design_std_error(double *std_error, const fm__design *d, const double *z, fm_error *err)
{
  return fm__design_std_error_of(std_error, d, &(fm__touched){d->n_units, NULL, z}, err);
}

/* Units that are not listed do count in a regression, and at a later stage where lonely clusters do. */
static bool needs_all(const fm__design *d)
{
  bool all_lonely = d->spec.lonely == FM_SURVEY_LONELY_ADJUST || d->spec.lonely == FM_SURVEY_LONELY_AVERAGE;
  return d->auxiliaries != NULL || (d->n_stages > 1 && d->n_lonely > 0 && all_lonely);
}

fm_status fm__design_std_error_of(double *std_error, const fm__design *d, const fm__touched *z, fm_error *err)
{
  double product, *full = NULL;
  int exponent;
  fm__touched all = *z;
  *std_error = NAN;
  if (z->unit != NULL && needs_all(d)) {
    full = fm__array(d->n_units, sizeof *full);
    if (full == NULL)
      return fm__no_memory(err);
    for (size_t i = 0; i < z->n; i++)
      full[z->unit[i]] = z->z[i];
    all = (fm__touched){d->n_units, NULL, full};
  }
  fm_status status = scaled_product(&product, &exponent, d, &all, all.z, err);
  fm__free(full);
  *std_error = ldexp(sqrt(product), exponent / 2);
  return status;
}
