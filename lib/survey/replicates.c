/* Replicate weights that came with the data, and the variance from replicate estimates. */
#include <math.h>
#include <string.h>

#include "survey/design_priv.h"

static double replicate_at(const fm__design *d, size_t r, size_t row)
{
  return d->rows != NULL ? fm__rows_numbers(d->rows, row)[d->replicate_at + r] : d->replicate[r][row];
}

static double weight_at(const fm__design *d, size_t row)
{
  if (d->rows != NULL)
    return d->weight_at == SIZE_MAX ? 1 : fm__rows_numbers(d->rows, row)[d->weight_at];
  return d->weight != NULL ? d->weight[row] : 1;
}

/* ---- taking them ---- */

static double scale_of(const fm_survey_design_spec *s, double n)
{
  double kept = 1 - s->fay_rho;
  if (!isnan(s->scale))
    return s->scale;
  switch (s->replicate_kind) {
  case FM_SURVEY_BRR:
    return 1 / n;
  case FM_SURVEY_FAY:
    return 1 / (n * kept * kept);
  case FM_SURVEY_JK1:
    return (n - 1) / n;
  case FM_SURVEY_BOOT:
    return 1 / (n - 1);
  default:
    return 1; /* JKn; FM_SURVEY_OTHER has its own */
  }
}

/* A weight of 0 cannot become another one by a factor. */
static fm_status check_factors(const fm__design *d, fm_error *err)
{
  for (size_t i = 0; i < d->n_units && d->spec.combined == 1; i++) {
    double w = weight_at(d, i);
    for (size_t r = 0; r < d->n_given; r++) {
      double v = replicate_at(d, r, i);
      if (v != 0 && !(v / w < INFINITY))
        return fm__fail(err, FM_ERR_VALUE,
                        "replicate %zu has a weight above 0 in a row whose weight is 0 or out of proportion to it; "
                        "expected factors of the weight",
                        r + 1);
    }
  }
  return FM_OK;
}

fm_status fm__design_take_replicates(fm__design *d, const fm__design_input *in, const fm_survey_design_spec *spec,
                                     fm_error *err)
{
  d->n_given = in->n_replicates;
  d->replicate = in->replicate;
  d->weight = in->weight;
  d->rows = in->rows;
  d->replicate_at = in->replicate_at;
  d->weight_at = in->weight_at;
  if (d->n_given < 2)
    return fm__fail(err, FM_ERR_ARGUMENT, "a design with replicate weights needs at least 2 of them, not %zu",
                    d->n_given);
  if (spec->n_rscales != 0 && spec->n_rscales != d->n_given)
    return fm__fail(err, FM_ERR_ARGUMENT, "the design has %zu replicate weights and %zu rscales; expected as many",
                    d->n_given, spec->n_rscales);
  d->spec.scale = scale_of(spec, (double)d->n_given);
  if (spec->n_rscales > 0) {
    d->rscales = fm__array(d->n_given, sizeof *d->rscales);
    if (d->rscales == NULL)
      return fm__no_memory(err);
    memcpy(d->rscales, spec->rscales, d->n_given * sizeof *d->rscales);
  }
  return check_factors(d, err);
}

/* ---- using them ---- */

size_t fm__design_n_replicates(const fm__design *d)
{
  return d->spec.method == FM_SURVEY_BOOTSTRAP ? (size_t)d->spec.n_replicates : d->n_given;
}

fm_status fm__design_replicate(double *factor, const fm__design *d, size_t r, fm_error *err)
{
  if (r >= fm__design_n_replicates(d))
    return fm__fail(err, FM_ERR_STATE, "the design has %zu replicates; there is no replicate %zu",
                    fm__design_n_replicates(d), r + 1);
  if (d->spec.method == FM_SURVEY_BOOTSTRAP)
    return fm__bootstrap_replicate(factor, d, r, err);
  for (size_t i = 0; i < d->n_units; i++) {
    double v = replicate_at(d, r, i);
    factor[i] = d->spec.combined == 1 && v != 0 ? v / weight_at(d, i) : v;
  }
  return FM_OK;
}

/* ---- scale * sum of rscale (estimate - centre)^2, the centre the mean of replicates of rscale above 0 ---- */

static double rscale_of(const fm__design *d, size_t r)
{
  return d->rscales != NULL ? d->rscales[r] : 1;
}

/* The largest distance from `from`; NaN when any is not finite. */
static double farthest(const double *x, size_t n, double from)
{
  double most = 0;
  for (size_t r = 0; r < n; r++) {
    double size = fabs(x[r] - from);
    if (!(size < INFINITY))
      return NAN;
    most = size > most ? size : most;
  }
  return most;
}

static double mean_of(const fm__design *d, const double *x, size_t n)
{
  fm__sum sum = {0};
  double used = 0;
  for (size_t r = 0; r < n; r++)
    if (rscale_of(d, r) > 0) {
      fm__sum_add(&sum, x[r]);
      used++;
    }
  return fm__sum_value(&sum) / used;
}

/* The variance is *scaled * 4^exponent. */
static void combine(double *scaled, int *exponent, const fm__design *d, double estimate, const double *x)
{
  size_t n = fm__design_n_replicates(d);
  double scale = d->spec.method == FM_SURVEY_REPLICATES ? d->spec.scale : 1 / ((double)n - 1);
  double centre = d->spec.mse == 1 ? estimate : mean_of(d, x, n), most = farthest(x, n, centre);
  fm__sum sum = {0};
  *exponent = 0;
  *scaled = NAN;
  if (n == 0 || isnan(most))
    return;
  if (most > 0)
    frexp(most, exponent);
  if (*exponent < -1000)
    *exponent = -1000;
  double unit = ldexp(1, -*exponent);
  for (size_t r = 0; r < n; r++) {
    double away = (x[r] - centre) * unit;
    fm__sum_add(&sum, rscale_of(d, r) * (away * away));
  }
  *scaled = scale * fm__sum_value(&sum);
}

double fm__design_combine(const fm__design *d, double estimate, const double *replicate)
{
  double scaled;
  int exponent;
  combine(&scaled, &exponent, d, estimate, replicate);
  return ldexp(scaled, 2 * exponent);
}

double fm__design_combine_std_error(const fm__design *d, double estimate, const double *replicate)
{
  double scaled;
  int exponent;
  combine(&scaled, &exponent, d, estimate, replicate);
  return ldexp(sqrt(scaled), exponent);
}
