/* Rubin's rules: the estimates of m completed data sets as one (Rubin 1987, chapter 3), with the degrees of freedom of
 * Barnard and Rubin (1999). */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "survey/rubin_priv.h"

static double sum_of(const double *x, size_t n)
{
  fm__sum sum = {0};
  fm__sum_add_n(&sum, x, n);
  return fm__sum_value(&sum);
}

/* lambda: between imputations' share of the variance. nu_m = (m - 1) / lambda^2; nu_obs = (nu + 1) / (nu + 3) nu
 * (1 - lambda). */
static double degrees_of_freedom(double m, double lambda, double complete)
{
  double large = (m - 1) / (lambda * lambda);
  if (isinf(complete))
    return large;
  double observed = (complete + 1) / (complete + 3) * complete * (1 - lambda);
  return 1 / (1 / large + 1 / observed);
}

fm__rubin fm__rubin_of(const double *estimates, const double *variances, size_t m, double complete)
{
  fm__rubin r = {0};
  fm__sum squares = {0};
  double n = (double)m;
  r.estimate = sum_of(estimates, m) / n;
  r.within = sum_of(variances, m) / n;
  for (size_t i = 0; i < m; i++)
    fm__sum_add(&squares, (estimates[i] - r.estimate) * (estimates[i] - r.estimate));
  r.between = fm__sum_value(&squares) / (n - 1);
  double added = (1 + 1 / n) * r.between;
  r.variance = r.within + added;
  double lambda = r.variance > 0 ? added / r.variance : 0;
  r.degrees_of_freedom = degrees_of_freedom(n, lambda, complete);
  /* (r + 2 / (nu_m + 3)) / (r + 1), r = added / within (Rubin 1987, 3.1.10) */
  double nu = degrees_of_freedom(n, lambda, INFINITY);
  r.missing_share = lambda + (1 - lambda) * (2 / (nu + 3));
  return r;
}

fm_status fm__rubin_check(size_t m, double *complete, fm_error *err)
{
  if (m < 2)
    return fm__fail(err, FM_ERR_ARGUMENT, "combining imputations needs at least 2 of them, not %zu", m);
  if (isnan(*complete))
    *complete = INFINITY;
  if (!(*complete > 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "combining imputations: degrees_of_freedom must be above 0");
  return FM_OK;
}

fm_status fm_survey_combine_values(fm_survey_combined *out, const double *estimates, const double *variances, size_t m,
                                   double complete, fm_error *err)
{
  fm_status status = fm__rubin_check(m, &complete, err);
  for (size_t i = 0; i < m && status == FM_OK; i++)
    if (!isfinite(estimates[i]) || !(variances[i] >= 0 && variances[i] < INFINITY))
      status = fm__fail(err, FM_ERR_VALUE,
                        "combining imputations: expected finite estimates and variances of at least "
                        "0; number %zu is not",
                        i + 1);
  if (status != FM_OK)
    return status;
  fm__rubin r = fm__rubin_of(estimates, variances, m, complete);
  fm_survey_combined all = {.estimate = r.estimate,
                            .variance = r.variance,
                            .within = r.within,
                            .between = r.between,
                            .degrees_of_freedom = r.degrees_of_freedom,
                            .missing_share = r.missing_share};
  size_t size = out->struct_size;
  if (size < sizeof size)
    return fm__fail(err, FM_ERR_ARGUMENT, "fm_survey_combined: struct_size is not set; expected sizeof of the struct");
  fm__spec_init(out, size, &all, sizeof all);
  return FM_OK;
}
