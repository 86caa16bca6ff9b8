/* Two shares compared. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "parity/parity_priv.h"

/* ---- score limits ---- */

typedef struct counts {
  double x1, n1, x0, n0;
} counts;

/* The slope of the log likelihood in p0 when p1 = p0 + d: falls in p0. A count of 0 has no term. */
static double slope(const counts *c, double p0, double d)
{
  double p1 = p0 + d, s = 0;
  s += c->x1 > 0 ? c->x1 / p1 : 0;
  s -= c->n1 > c->x1 ? (c->n1 - c->x1) / (1 - p1) : 0;
  s += c->x0 > 0 ? c->x0 / p0 : 0;
  s -= c->n0 > c->x0 ? (c->n0 - c->x0) / (1 - p0) : 0;
  return s;
}

/* The likeliest p0 under the difference d, by halving: the same bits everywhere. */
static double likeliest(const counts *c, double d)
{
  double low = d < 0 ? -d : 0, high = d > 0 ? 1 - d : 1;
  for (int i = 0; i < 200; i++) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high)
      break;
    if (slope(c, middle, d) > 0)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}

/* Miettinen and Nurminen (1985), with their N / (N - 1). */
static double score(const counts *c, double d)
{
  double p0 = likeliest(c, d), p1 = p0 + d, n = c->n1 + c->n0;
  double variance = (p1 * (1 - p1) / c->n1 + p0 * (1 - p0) / c->n0) * n / (n - 1);
  double distance = c->x1 / c->n1 - c->x0 / c->n0 - d;
  return variance > 0 ? distance / sqrt(variance) : distance > 0 ? INFINITY : distance < 0 ? -INFINITY : 0;
}

/* Where the falling score passes `z` between two differences. */
static double passes(const counts *c, double low, double high, double z)
{
  for (int i = 0; i < 200; i++) {
    double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high)
      break;
    if (score(c, middle) > z)
      low = middle;
    else
      high = middle;
  }
  return low + (high - low) / 2;
}

void fm__parity_score_limits(double limits[2], double x1, double n1, double x0, double n0, double z)
{
  counts c = {x1, n1, x0, n0};
  double d = x1 / n1 - x0 / n0;
  if (n1 + n0 <= 1) {
    limits[0] = limits[1] = NAN;
    return;
  }
  limits[0] = passes(&c, -1, d, z);
  limits[1] = passes(&c, d, 1, -z);
}

/* ---- Fisher's test ---- */

/* Tables with the same margins, each by its likelihood over that of the likeliest: from it to both ends of the range,
 * as far as there are normal numbers; what lies beyond is 0. Those no likelier than the one seen, up to a rounding of
 * 1e-7 (as R counts ties), are added up. */
double fm__parity_fisher(int64_t x1, int64_t n1, int64_t x0, int64_t n0)
{
  double yes = (double)(x1 + x0), a = (double)n1, b = (double)n0;
  double least = fmax(0, yes - b), most = fmin(a, yes);
  double mode = fmin(fmax(floor((a + 1) * (yes + 1) / (a + b + 2)), least), most);
  double seen = mode == (double)x1 ? 1 : 0, all = 0, rare = 0;
  for (int pass = 0; pass < 2; pass++) {
    double up = 1, down = 1;
    all += pass == 1 ? 1 : 0;
    rare += pass == 1 && 1 <= seen * (1 + 1e-7) ? 1 : 0;
    for (double k = mode; k < most && up >= DBL_MIN; k++) {
      up *= (a - k) * (yes - k) / ((k + 1) * (b - yes + k + 1));
      seen = pass == 0 && k + 1 == (double)x1 ? up : seen;
      all += pass == 1 ? up : 0;
      rare += pass == 1 && up <= seen * (1 + 1e-7) ? up : 0;
    }
    for (double k = mode; k > least && down >= DBL_MIN; k--) {
      down *= k * (b - yes + k) / ((a - k + 1) * (yes - k + 1));
      seen = pass == 0 && k - 1 == (double)x1 ? down : seen;
      all += pass == 1 ? down : 0;
      rare += pass == 1 && down <= seen * (1 + 1e-7) ? down : 0;
    }
  }
  return fmin(1, rare / all);
}

/* ---- all figures ---- */

static fm_status check(int64_t x1, int64_t n1, int64_t x0, int64_t n0, double level, fm_error *err)
{
  const int64_t most = 1000000000;
  if (x1 < 0 || x0 < 0 || x1 > n1 || x0 > n0 || n1 < 1 || n0 < 1 || n1 > most || n0 > most)
    return fm__fail(err, FM_ERR_ARGUMENT, "counts: expected 0 <= x <= n and n from 1 to 1000000000 in both groups");
  if (!(level > 0 && level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a share between 0 and 1");
  return FM_OK;
}

/* Limits of a ratio by the error of its logarithm. */
static void log_limits(double limits[2], double ratio, double error, double z)
{
  limits[0] = ratio * fm__exp(-z * error);
  limits[1] = ratio * fm__exp(z * error);
}

static void difference(fm_parity_two *t, const counts *c, double level, double z)
{
  double p1 = t->share, p0 = t->reference, low1, high1, low0, high0;
  double wald = z * sqrt(p1 * (1 - p1) / c->n1 + p0 * (1 - p0) / c->n0);
  fm__wilson(c->x1, c->n1, level, &low1, &high1);
  fm__wilson(c->x0, c->n0, level, &low0, &high0);
  t->difference = p1 - p0;
  t->wald[0] = t->difference - wald;
  t->wald[1] = t->difference + wald;
  t->newcombe[0] = t->difference - sqrt((p1 - low1) * (p1 - low1) + (high0 - p0) * (high0 - p0));
  t->newcombe[1] = t->difference + sqrt((high1 - p1) * (high1 - p1) + (p0 - low0) * (p0 - low0));
  fm__parity_score_limits(t->score, c->x1, c->n1, c->x0, c->n0, z);
}

static void ratios(fm_parity_two *t, const counts *c, double z)
{
  double no1 = c->n1 - c->x1, no0 = c->n0 - c->x0, p1 = t->share, p0 = t->reference, most = fmax(p1, p0);
  t->ratio = p0 > 0 ? p1 / p0 : NAN;
  t->katz[0] = t->katz[1] = t->woolf[0] = t->woolf[1] = NAN;
  if (c->x1 > 0 && c->x0 > 0)
    log_limits(t->katz, t->ratio, sqrt(fmax(0, 1 / c->x1 - 1 / c->n1 + 1 / c->x0 - 1 / c->n0)), z);
  t->odds_ratio = no1 * c->x0 > 0 ? c->x1 * no0 / (no1 * c->x0) : NAN;
  if (c->x1 > 0 && no1 > 0 && c->x0 > 0 && no0 > 0)
    log_limits(t->woolf, t->odds_ratio, sqrt(1 / c->x1 + 1 / no1 + 1 / c->x0 + 1 / no0), z);
  t->impact_ratio = most > 0 ? fmin(p1, p0) / most : NAN;
}

static double cohen_h(double p1, double p0)
{
  return 2 * fm__asin(sqrt(p1)) - 2 * fm__asin(sqrt(p0));
}

/* All people's share is P = w p1 + (1 - w) p0, so p1 - P = (1 - w) (p1 - p0) and p1 / P = r / (w r + 1 - w), which
 * rises in r = p1 / p0; the odds have no such form. */
void fm__parity_of_population(fm_parity_two *t, double weight, double n1)
{
  double p1 = t->share, all = weight * p1 + (1 - weight) * t->reference, most = fmax(p1, all);
  for (int k = 0; k < 2; k++) {
    t->wald[k] *= 1 - weight;
    t->newcombe[k] *= 1 - weight;
    t->score[k] *= 1 - weight;
    t->katz[k] /= weight * t->katz[k] + 1 - weight;
    t->woolf[k] = NAN;
  }
  t->reference = all;
  t->difference *= 1 - weight;
  t->ratio = all > 0 ? p1 / all : NAN;
  t->odds_ratio = NAN;
  t->impact_ratio = most > 0 ? fmin(p1, all) / most : NAN;
  t->shortfall = n1 * (all - p1);
  t->cohen_h = cohen_h(p1, all);
}

fm_status fm_parity_compare(fm_parity_two *out, int64_t x1, int64_t n1, int64_t x0, int64_t n0, double level,
                            fm_error *err)
{
  fm_status status = check(x1, n1, x0, n0, level, err);
  if (status != FM_OK)
    return status;
  if (out->struct_size < sizeof(size_t) || out->struct_size > sizeof *out)
    return fm__fail(err, FM_ERR_ARGUMENT, "out: expected struct_size of fm_parity_two");
  counts c = {(double)x1, (double)n1, (double)x0, (double)n0};
  double z = -fm__normal_quantile((1 - level) / 2), all = (c.x1 + c.x0) / (c.n1 + c.n0);
  double error = sqrt(all * (1 - all) * (1 / c.n1 + 1 / c.n0));
  fm_parity_two t = {.struct_size = out->struct_size, .share = c.x1 / c.n1, .reference = c.x0 / c.n0};
  difference(&t, &c, level, z);
  ratios(&t, &c, z);
  t.shortfall = c.n1 * (t.reference - t.share);
  t.cohen_h = cohen_h(t.share, t.reference);
  t.z = error > 0 ? t.difference / error : NAN;
  t.p_value = 2 * fm__normal_cdf(-fabs(t.z));
  t.p_fisher = fm__parity_fisher(x1, n1, x0, n0);
  memcpy(out, &t, out->struct_size);
  return FM_OK;
}
