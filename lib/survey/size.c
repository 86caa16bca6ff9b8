/* What a design says of itself: sizes, degrees of freedom, its name, and limits around an estimate. */
#include <math.h>

#include "survey/design_priv.h"

size_t fm__design_n_units(const fm__design *d)
{
  return d->n_units;
}

int32_t fm__design_method(const fm__design *d)
{
  return d->spec.method;
}

const char *fm__design_name(const fm__design *d)
{
  static const char *const replicates[] = {
      [FM_SURVEY_OTHER] = "replicates", [FM_SURVEY_BRR] = "brr", [FM_SURVEY_FAY] = "fay",
      [FM_SURVEY_JK1] = "jk1",          [FM_SURVEY_JKN] = "jkn", [FM_SURVEY_BOOT] = "bootstrap_weights"};
  static const char *const bootstraps[] = {
      [FM_SURVEY_RAO_WU] = "rao_wu", [FM_SURVEY_MULTINOMIAL] = "multinomial", [FM_SURVEY_POISSON] = "poisson"};
  switch (d->spec.method) {
  case FM_SURVEY_REPLICATES:
    return replicates[d->spec.replicate_kind];
  case FM_SURVEY_BOOTSTRAP:
    return bootstraps[d->spec.bootstrap];
  case FM_SURVEY_NONE:
    return "none";
  default:
    return "taylor";
  }
}

/* ---- sizes ---- */

void fm__design_size(const fm__design *d, size_t *n_strata, size_t *n_primary)
{
  const fm__stage *s = &d->stage[0];
  double n = 0;
  for (size_t i = 0; i < s->n_strata; i++)
    n += s->sampled[i];
  *n_strata = s->n_strata;
  *n_primary = (size_t)n;
}

/* Where the cells of primary unit c end. */
static size_t end_of_primary(const fm__stage *s, size_t c)
{
  return s->cells != NULL ? s->cells[c + 1] : c + 1;
}

static double primary_minus_strata(const fm__design *d, const uint8_t *in_domain)
{
  const fm__stage *s = &d->stage[0];
  size_t c = 0, stratum = 0;
  bool met = false, stratum_met = false; /* the cluster or stratum has been counted */
  double df = 0;
  for (size_t i = 0; i < d->n_units; i++) {
    size_t unit = d->order != NULL ? d->order[i] : i, cell = d->cell != NULL ? d->cell[unit] : unit;
    for (; cell >= end_of_primary(s, c); c++)
      met = false;
    for (; c >= s->first[stratum + 1]; stratum++)
      stratum_met = false;
    if ((in_domain != NULL && in_domain[unit] == 0) || met)
      continue;
    df += s->cells == NULL && d->cell_count != NULL ? d->cell_count[cell] : 1;
    df -= stratum_met ? 0 : 1;
    met = stratum_met = true;
  }
  return df;
}

/* What does not depend on the units; NaN: nothing. */
static double known_df(const fm__design *d)
{
  if (!isnan(d->spec.degrees_of_freedom))
    return d->spec.degrees_of_freedom;
  return d->spec.method == FM_SURVEY_REPLICATES ? (double)fm__design_n_replicates(d) - 1 : NAN;
}

double fm__design_degrees_of_freedom(const fm__design *d, const uint8_t *in_domain)
{
  double df = known_df(d);
  return isnan(df) && d->spec.method != FM_SURVEY_NONE ? primary_minus_strata(d, in_domain) : df;
}

static fm_status df_of_all(double *df, const fm__design *d, const uint32_t *unit, size_t n, fm_error *err)
{
  uint8_t *in_domain = fm__array(d->n_units, sizeof *in_domain);
  if (in_domain == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    in_domain[unit[i]] = 1;
  *df = fm__design_degrees_of_freedom(d, in_domain);
  fm__free(in_domain);
  return FM_OK;
}

fm_status fm__design_degrees_of_freedom_of(double *df, const fm__design *d, const uint32_t *unit, size_t n,
                                           fm_error *err)
{
  const fm__stage *s = &d->stage[0];
  *df = known_df(d);
  if (!isnan(*df) || d->spec.method == FM_SURVEY_NONE)
    return FM_OK;
  if (d->cell != NULL) /* rows are units, in another order than the strata's */
    return df_of_all(df, d, unit, n, err);
  size_t cluster_end = 0, stratum_end = 0, c = 0, h = 0; /* cells and clusters from there on have not been counted */
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    if (unit[i] < cluster_end)
      continue;
    c = s->cells != NULL ? fm__range_of(s->cells, c, s->n_clusters, unit[i]) : unit[i];
    cluster_end = end_of_primary(s, c);
    sum += s->cells == NULL && d->cell_count != NULL ? d->cell_count[c] : 1;
    if (c < stratum_end)
      continue;
    h = fm__range_of(s->first, h, s->n_strata, c);
    stratum_end = s->first[h + 1];
    sum -= 1;
  }
  *df = sum;
  return FM_OK;
}

/* ---- limits ---- */

void fm__survey_limits(double *low, double *high, double estimate, double std_error, double df, double level, bool rate)
{
  *low = *high = NAN;
  if (!isfinite(estimate) || !(std_error >= 0 && std_error < INFINITY) || !(level > 0 && level < 1) || df <= 0)
    return;
  double tail = 0.5 * (1 - level);
  double t = isnan(df) || isinf(df) ? -fm__normal_quantile(tail) : -fm__t_quantile(df, tail);
  if (!rate) {
    *low = estimate - t * std_error;
    *high = estimate + t * std_error;
    return;
  }
  if (!(estimate > 0 && estimate < 1))
    return; /* at 0 and 1 linearisation says nothing */
  double rest = 1 - estimate, step = fm__exp(t * std_error / (estimate * rest));
  *low = estimate / (estimate + rest * step);
  *high = step == INFINITY ? 1 : estimate * step / (estimate * step + rest);
}
