/* Limits of control charts and signals of points, on plain arrays. Formulas: docs/methods/target_charts.md. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/charts_priv.h"

/* Shewhart's factors for moving ranges of two: 3 / 1.128 and 1 + 3 * 0.853 / 1.128, as Wheeler (1993) rounds them. */
#define LIMIT_OF_RANGE 2.66
#define LIMIT_FOR_RANGES 3.267
#define TAIL 0.00135 /* beyond three standard deviations of a normal distribution */
#define MOST_COUNT 1e9

static const fm_target_signal_rules default_rules = FM_TARGET_SIGNAL_RULES_INIT;

void fm_target_signal_rules_init(fm_target_signal_rules *rules, size_t size)
{
  fm__spec_init(rules, size, &default_rules, sizeof default_rules);
}

/* ---- limits ---- */

static fm_status give(fm_target_limits *out, fm_target_limits *made, fm_error *err)
{
  if (out->struct_size < sizeof(size_t) || out->struct_size > sizeof *out)
    return fm__fail(err, FM_ERR_ARGUMENT, "out: expected struct_size of fm_target_limits");
  made->struct_size = out->struct_size;
  memcpy(out, made, out->struct_size);
  return FM_OK;
}

static fm_target_limits no_limits(void)
{
  return (fm_target_limits){
      .centre = NAN,
      .lower = NAN,
      .upper = NAN,
      .mean_moving_range = NAN,
      .moving_range_limit = NAN,
      .exact_lower = NAN,
      .exact_upper = NAN,
  };
}

/* The mean of the known values, and their number. */
static double mean_of(const double *x, size_t n, int64_t *known)
{
  fm__sum sum = {0};
  *known = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(x[i])) {
      fm__sum_add(&sum, x[i]);
      ++*known;
    }
  return *known > 0 ? fm__sum_value(&sum) / (double)*known : NAN;
}

/* The mean moving range without those above `most`, and their number. */
static double mean_range(const double *x, size_t n, double most, int64_t *used, int64_t *left_out)
{
  fm__sum sum = {0};
  *used = *left_out = 0;
  for (size_t i = 1; i < n; i++) {
    double range = fabs(x[i] - x[i - 1]);
    if (isnan(range))
      continue;
    if (range > most) {
      ++*left_out;
      continue;
    }
    fm__sum_add(&sum, range);
    ++*used;
  }
  return *used > 0 ? fm__sum_value(&sum) / (double)*used : NAN;
}

fm_status fm_target_xmr_limits(fm_target_limits *out, const double *x, size_t n, int32_t screened, fm_error *err)
{
  fm_target_limits l = no_limits();
  for (size_t i = 0; i < n; i++)
    if (isinf(x[i]))
      return fm__fail(err, FM_ERR_ARGUMENT, "value %zu: expected a finite number, or NaN for a gap", i);
  l.centre = mean_of(x, n, &l.n);
  l.mean_moving_range = mean_range(x, n, INFINITY, &l.n_ranges, &l.n_screened);
  if (screened != 0 && l.n_ranges > 0)
    l.mean_moving_range = mean_range(x, n, LIMIT_FOR_RANGES * l.mean_moving_range, &l.n_ranges, &l.n_screened);
  l.lower = l.centre - LIMIT_OF_RANGE * l.mean_moving_range;
  l.upper = l.centre + LIMIT_OF_RANGE * l.mean_moving_range;
  l.moving_range_limit = LIMIT_FOR_RANGES * l.mean_moving_range;
  return give(out, &l, err);
}

static fm_status check_counts(const double *count, size_t n, fm_error *err)
{
  for (size_t i = 0; i < n; i++)
    if (!isnan(count[i]) && !(count[i] >= 0 && count[i] <= MOST_COUNT && count[i] == floor(count[i])))
      return fm__fail(err, FM_ERR_ARGUMENT, "count %zu: expected a whole number from 0 to 1e9, or NaN for a gap", i);
  return FM_OK;
}

static void exact_limits(double *lower, double *upper, double mean)
{
  *lower = fm__poisson_quantile(TAIL, mean);
  *upper = fm__poisson_quantile(1 - TAIL, mean);
}

fm_status fm_target_c_limits(fm_target_limits *out, const double *count, size_t n, fm_error *err)
{
  fm_target_limits l = no_limits();
  fm_status status = check_counts(count, n, err);
  if (status != FM_OK)
    return status;
  l.centre = mean_of(count, n, &l.n);
  l.lower = l.centre - 3 * sqrt(l.centre);
  l.upper = l.centre + 3 * sqrt(l.centre);
  if (l.n > 0)
    exact_limits(&l.exact_lower, &l.exact_upper, l.centre);
  return give(out, &l, err);
}

static fm_status check_exposures(const double *count, const double *exposure, size_t n, fm_error *err)
{
  for (size_t i = 0; i < n; i++)
    if (isnan(exposure[i]) ? !isnan(count[i]) : !(exposure[i] > 0 && exposure[i] < INFINITY))
      return fm__fail(err, FM_ERR_ARGUMENT, "exposure %zu: expected a number above 0%s", i,
                      isnan(count[i]) ? ", or NaN for a gap" : "");
  return FM_OK;
}

void fm__target_u_limit(double *lower, double *upper, double centre, double exposure, bool exact)
{
  double error = sqrt(centre / exposure);
  *lower = centre - 3 * error;
  *upper = centre + 3 * error;
  if (!exact || isnan(error))
    return;
  exact_limits(lower, upper, centre * exposure);
  *lower /= exposure;
  *upper /= exposure;
}

fm_status fm_target_u_limits(double *centre, double *lower, double *upper, const double *count, const double *exposure,
                             size_t n, int32_t exact, fm_error *err)
{
  fm__sum events = {0}, at_risk = {0};
  fm_status status = check_counts(count, n, err);
  if (status == FM_OK)
    status = check_exposures(count, exposure, n, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < n; i++)
    if (!isnan(count[i])) {
      fm__sum_add(&events, count[i]);
      fm__sum_add(&at_risk, exposure[i]);
    }
  double all = fm__sum_value(&at_risk);
  *centre = all > 0 ? fm__sum_value(&events) / all : NAN;
  for (size_t i = 0; i < n; i++)
    fm__target_u_limit(&lower[i], &upper[i], *centre, exposure[i], exact != 0);
  return FM_OK;
}

/* ---- signals ---- */

/* -1 below, 1 above, 0 neither; NaN is neither. */
static int side_of(double x, double of)
{
  return (x > of) - (x < of);
}

static void mark(int32_t *out, size_t from, size_t to, int32_t signal)
{
  for (size_t i = from; i < to; i++)
    out[i] |= signal;
}

/* Stretches of points on one side of the centre. */
static void mark_runs(int32_t *out, const double *x, const double *centre, size_t n, size_t least)
{
  for (size_t from = 0, to; from < n; from = to) {
    int side = side_of(x[from], centre[from]);
    for (to = from + 1; to < n && side_of(x[to], centre[to]) == side;)
      to++;
    if (side != 0 && to - from >= least)
      mark(out, from, to, side > 0 ? FM_TARGET_RUN_ABOVE : FM_TARGET_RUN_BELOW);
  }
}

/* Stretches of points that rise or fall; the point where it turns belongs to both. */
static void mark_trends(int32_t *out, const double *x, size_t n, size_t least)
{
  for (size_t from = 0, to; from + 1 < n; from = to) {
    int side = side_of(x[from + 1], x[from]);
    for (to = from + 1; to + 1 < n && side_of(x[to + 1], x[to]) == side;)
      to++;
    if (side != 0 && to + 1 - from >= least)
      mark(out, from, to + 1, side > 0 ? FM_TARGET_RISING : FM_TARGET_FALLING);
  }
}

static bool is_near(double x, double centre, double limit)
{
  double way = (limit - centre) * 2 / 3;
  return way > 0 ? x > centre + way : way < 0 && x < centre + way;
}

static void mark_near(int32_t *out, const double *x, const double *centre, const double *limit, size_t n, size_t least,
                      size_t of, int32_t signal)
{
  for (size_t last = 0; last < n; last++) {
    size_t first = last + 1 > of ? last + 1 - of : 0, found = 0;
    for (size_t i = first; i <= last; i++)
      found += is_near(x[i], centre[i], limit[i]);
    for (size_t i = first; i <= last && found >= least; i++)
      out[i] |= is_near(x[i], centre[i], limit[i]) ? signal : 0;
  }
}

fm_status fm_target_signals(int32_t *out, const double *x, const double *centre, const double *lower,
                            const double *upper, size_t n, const fm_target_signal_rules *rules, fm_error *err)
{
  fm_target_signal_rules r = default_rules;
  fm_status status = fm__spec_take(&r, sizeof r, rules, "fm_target_signal_rules", err);
  if (status != FM_OK)
    return status;
  if (r.run < 0 || r.trend < 0 || r.near_limit < 0 || r.near_limit > r.near_of)
    return fm__fail(err, FM_ERR_ARGUMENT, "rules: expected 0 <= run, 0 <= trend and 0 <= near_limit <= near_of");
  for (size_t i = 0; i < n; i++)
    out[i] = x[i] > upper[i] ? FM_TARGET_ABOVE : x[i] < lower[i] ? FM_TARGET_BELOW : 0;
  if (r.run > 0)
    mark_runs(out, x, centre, n, (size_t)r.run);
  if (r.trend > 0)
    mark_trends(out, x, n, (size_t)r.trend);
  if (r.near_limit > 0) {
    mark_near(out, x, centre, upper, n, (size_t)r.near_limit, (size_t)r.near_of, FM_TARGET_NEAR_UPPER);
    mark_near(out, x, centre, lower, n, (size_t)r.near_limit, (size_t)r.near_of, FM_TARGET_NEAR_LOWER);
  }
  return FM_OK;
}
