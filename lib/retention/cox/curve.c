/* Predicted cumulative hazards. */
#include <math.h>

#include "num/num_priv.h"
#include "retention/cox/cox_priv.h"

double fm__cox_relative_risk(const fm__cox_point *q, const double *x)
{
  const fm__cox *c = q->c;
  double eta = 0;
  for (size_t j = 0; j < c->p; j++)
    eta += q->beta[j] * (((x != NULL ? x[j] : 0) - c->centre[j]) * c->scale[j]);
  return fm__exp(eta);
}

/* v' m v, v = x * hazard - moved in columns as given. */
static double slope_variance(const fm__cox_point *q, const fm__cox_fit *fit, const double *x, size_t d, double *v)
{
  const fm__cox *c = q->c;
  const double *m = fm__cox_variance(fit);
  double sum = 0;
  for (size_t j = 0; j < c->p; j++) {
    double scaled = ((x != NULL ? x[j] : 0) - c->centre[j]) * c->scale[j];
    v[j] = (scaled * q->until[d] - q->moved[d * c->wide + j]) / c->scale[j];
  }
  for (size_t j = 0; j < c->p; j++)
    for (size_t k = 0; k < c->p; k++)
      sum += v[j] * m[j * c->p + k] * v[k];
  return sum;
}

void fm__cox_curve(double *cumulative, double *std_error, const fm__cox_point *q, const fm__cox_fit *fit,
                   const double *x)
{
  const fm__cox *c = q->c;
  double v[FM__COX_MOST_COVARIATES], risk = fm__cox_relative_risk(q, x);
  for (size_t s = 0; s < c->n_strata; s++) {
    double squares = 0;
    for (size_t d = c->first[s]; d < c->first[s + 1]; d++) {
      cumulative[d] = q->until[d] * risk;
      squares += q->squares[d] / fm__cox_unit(c);
      if (std_error != NULL)
        std_error[d] = risk * sqrt(squares + slope_variance(q, fit, x, d, v));
    }
  }
}
