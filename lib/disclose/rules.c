/* Single figures: few people, shares near none or all, quantiles, sums that one contributor fills. */
#include <math.h>
#include <string.h>

#include "disclose/disclose_priv.h"
#include "flexmetrics/disclose_rules.h"
#include "num/num_priv.h"

int32_t fm_disclose_count_is_shown(int64_t count, int64_t threshold)
{
  return count == 0 || (count > 0 && count >= threshold);
}

int32_t fm_disclose_share_is_shown(int64_t part, int64_t whole, int64_t threshold, int64_t least_whole)
{
  if (part < 0 || whole <= 0 || part > whole)
    return 0;
  if ((part == 0 || part == whole) && whole < least_whole)
    return 0;
  return fm_disclose_count_is_shown(part, threshold) && fm_disclose_count_is_shown(whole - part, threshold);
}

int32_t fm_disclose_quantile_is_shown(int64_t n, double p, int64_t threshold)
{
  if (n <= 0 || !(p > 0 && p < 1))
    return 0;
  double below = floor((double)n * p), above = (double)n - ceil((double)n * p);
  return below >= (double)threshold && above >= (double)threshold;
}

int32_t fm_disclose_pair_is_shown(int64_t a, int64_t b, int64_t threshold)
{
  return a >= 0 && b >= 0 && fm_disclose_count_is_shown(a > b ? a - b : b - a, threshold);
}

static const fm_disclose_sum_spec defaults = FM_DISCLOSE_SUM_SPEC_INIT;

void fm_disclose_sum_spec_init(fm_disclose_sum_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static fm_status check_sum(const fm_disclose_sum_answer *out, const double *x, size_t n, const fm_disclose_sum_spec *s,
                           fm_error *err)
{
  if (out->struct_size < sizeof(size_t) || out->struct_size > sizeof *out)
    return fm__fail(err, FM_ERR_ARGUMENT, "out: expected struct_size of fm_disclose_sum_answer");
  if (s->least_contributors < 1 || s->n < 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "least_contributors, n: expected whole numbers from 1");
  if (!(s->k_share > 0 && s->k_share <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "k_share: expected a share above 0, at most 1");
  if (!(s->p_share >= 0 && s->p_share <= 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "p_share: expected a share from 0 to 1");
  for (size_t i = 0; i < n; i++)
    if (!(x[i] >= 0 && x[i] < INFINITY))
      return fm__fail(err, FM_ERR_ARGUMENT, "contribution %zu: expected a finite number from 0", i);
  return FM_OK;
}

/* Sums of a run of contributions in falling order. */
static double sum_of(const uint64_t *keys, size_t from, size_t to)
{
  fm__sum sum = {0};
  for (size_t i = from; i < to; i++)
    fm__sum_add(&sum, fm__order_value(keys[i]));
  return fm__sum_value(&sum);
}

/* All keys turned over, so that sorting puts the largest first. */
static bool sort_falling(uint64_t *keys, const double *x, size_t n)
{
  uint64_t *scratch = fm__array(n, sizeof *scratch);
  if (scratch == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    keys[i] = ~fm__order_key(x[i]);
  fm__sort_u64(keys, scratch, n);
  for (size_t i = 0; i < n; i++)
    keys[i] = ~keys[i];
  fm__free(scratch);
  return true;
}

fm_status fm_disclose_sum(fm_disclose_sum_answer *out, const double *contribution, size_t n,
                          const fm_disclose_sum_spec *spec, fm_error *err)
{
  fm_disclose_sum_spec s = defaults;
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_disclose_sum_spec", err);
  if (status == FM_OK)
    status = check_sum(out, contribution, n, &s, err);
  if (status != FM_OK)
    return status;
  uint64_t *keys = fm__array(n, sizeof *keys);
  if (keys == NULL || !sort_falling(keys, contribution, n)) {
    fm__free(keys);
    return fm__no_memory(err);
  }
  fm_disclose_sum_answer a = {.struct_size = out->struct_size};
  size_t n_above = 0, top = (uint64_t)s.n < n ? (size_t)s.n : n;
  while (n_above < n && fm__order_value(keys[n_above]) > 0)
    n_above++;
  double largest = n > 0 ? fm__order_value(keys[0]) : 0, most = sum_of(keys, 0, top);
  a.total = sum_of(keys, 0, n);
  a.largest_share = a.total > 0 ? most / a.total : NAN;
  a.remainder = sum_of(keys, n < 2 ? n : 2, n);
  a.few = n_above > 0 && (uint64_t)s.least_contributors > n_above;
  a.dominated = most > s.k_share * a.total;
  a.within_p = a.remainder < s.p_share * largest;
  a.is_shown = a.few == 0 && a.dominated == 0 && a.within_p == 0;
  memcpy(out, &a, out->struct_size);
  fm__free(keys);
  return FM_OK;
}

fm_status fm_disclose_curve(uint8_t *shown, const int64_t *n_risk, const int64_t *n_event, const int64_t *n_censored,
                            size_t n_months, int64_t threshold, fm_error *err)
{
  if (threshold < 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a whole number from 1");
  for (size_t t = 0; t < n_months; t++)
    if (n_event[t] < 0 || n_censored[t] < 0 || n_risk[t] < n_event[t] || n_risk[t] - n_event[t] < n_censored[t])
      return fm__fail(err, FM_ERR_ARGUMENT, "month %zu: expected from 0 to as many leaving as are at risk", t);
  int64_t events = 0, censored = 0;
  bool cut = false;
  memset(shown, 0, n_months);
  for (size_t t = 0; t < n_months && !cut; t++) {
    events += n_event[t];
    censored += n_censored[t];
    cut = n_risk[t] - n_event[t] - n_censored[t] < threshold;
    if (cut || !fm_disclose_count_is_shown(events, threshold) || !fm_disclose_count_is_shown(censored, threshold))
      continue;
    shown[t] = 1;
    events = censored = 0;
  }
  return FM_OK;
}

int64_t fm_disclose_at_least(int64_t count, int64_t whole, int64_t threshold, int64_t step)
{
  if (count < 0 || count > whole || threshold < 1 || step < 1)
    return -1;
  int64_t most = whole - threshold < count ? whole - threshold : count;
  return most >= step ? most - most % step : -1;
}

int64_t fm_disclose_at_most(int64_t count, int64_t whole, int64_t threshold, int64_t step)
{
  if (count < 0 || count > whole || threshold < 1 || step < 1)
    return -1;
  int64_t least = threshold > count ? threshold : count, over = least % step;
  if (over != 0 && least > INT64_MAX - step)
    return -1;
  int64_t bound = over == 0 ? least : least - over + step;
  return bound < whole ? bound : -1;
}
