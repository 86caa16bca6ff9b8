/* Logit, complementary log-log and probit, without loss far out. */
#include <math.h>

#include "num/num_priv.h"
#include "retention/discrete/discrete_priv.h"

#define LOG_ROOT_2PI 0.91893853320467274178

static fm__link logit_at(double eta)
{
  double low = fm__log1p(fm__exp(-fabs(eta))), e = fm__exp(-fabs(eta));
  double p = (eta < 0 ? e : 1) / (1 + e), q = (eta < 0 ? 1 : e) / (1 + e);
  return (fm__link){(eta < 0 ? eta : 0) - low, (eta < 0 ? 0 : -eta) - low, q, -p, p * q};
}

/* With u = exp(eta): 1 - p = exp(-u). */
static fm__link cloglog_at(double eta)
{
  fm__link at;
  double u = fm__exp(eta < 700 ? eta : 700), rest = u < 700 ? fm__expm1(u) : INFINITY;
  at.log_q = -u;
  at.slope_q = -u;
  at.log_p = eta < -30 ? eta - u / 2 : u < 1 ? fm__log(-fm__expm1(-u)) : fm__log1p(-fm__exp(-u));
  at.slope_p = eta < -30 ? 1 - u / 2 : u / rest;
  at.info = at.slope_p * u;
  return at;
}

/* log of the normal distribution at z, and its derivative. Far below, by the asymptotic series of Mills' ratio
 * (Abramowitz and Stegun 26.2.13), whose first term left out is below 3e-14 at -30. */
static void normal_log(double *value, double *slope, double z)
{
  if (z > -30) {
    *value = z > 0 ? fm__log1p(-fm__normal_cdf(-z)) : fm__log(fm__normal_cdf(z));
    *slope = fm__exp(-z * z / 2 - LOG_ROOT_2PI - *value);
    return;
  }
  double r = 1 / (z * z), series = -r * (1 - r * (3 - r * (15 - r * (105 - r * (945 - r * 10395)))));
  *value = -z * z / 2 - LOG_ROOT_2PI - fm__log(-z) + fm__log1p(series);
  *slope = -z / (1 + series);
}

static fm__link probit_at(double eta)
{
  fm__link at;
  normal_log(&at.log_p, &at.slope_p, eta);
  normal_log(&at.log_q, &at.slope_q, -eta);
  at.info = at.slope_p * at.slope_q;
  at.slope_q = -at.slope_q;
  return at;
}

fm__link fm__link_at(int32_t link, double eta)
{
  return link == FM_RETENTION_LOGIT ? logit_at(eta) : link == FM_RETENTION_CLOGLOG ? cloglog_at(eta) : probit_at(eta);
}

double fm__link_of(int32_t link, double p)
{
  if (link == FM_RETENTION_PROBIT)
    return fm__normal_quantile(p);
  return link == FM_RETENTION_LOGIT ? fm__log(p) - fm__log1p(-p) : fm__log(-fm__log1p(-p));
}
