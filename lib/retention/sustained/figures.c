/* Counts, means and shares of units, group by group. */
#include "retention/sustained/units_priv.h"

#include <math.h>

/* ---- one unit ---- */

static const double *numbers_of(const fm__unit_set *s, size_t k)
{
  return fm__rows_numbers(s->units->rows, s->rows[k]);
}

static double weight_at(const fm__unit_set *s, size_t k)
{
  return s->units->weighted ? numbers_of(s, k)[s->units->kind->n_numbers] : 1;
}

static uint64_t count_at(const fm__unit_set *s, size_t k)
{
  return fm__rows_count(s->units->rows, s->rows[k]);
}

/* The unit after the last one of the person at k; independent units are each by themselves. */
static size_t person_end(const fm__unit_set *s, size_t k)
{
  const fm__rows *rows = s->units->rows;
  size_t end = k + 1;
  while (s->units->people && end < s->n && fm__rows_id(rows, s->rows[end], 1) == fm__rows_id(rows, s->rows[k], 1))
    end++;
  return end;
}

/* ---- sums ---- */

typedef struct sums {
  int64_t n, people;
  double weight, mean;
} sums;

static sums sums_of(const fm__unit_set *s, fm__units_value value)
{
  sums out = {0};
  fm__sum weight = {0}, total = {0};
  for (size_t k = 0, end; k < s->n; k = end) {
    int64_t before = out.n;
    end = person_end(s, k);
    for (size_t i = k; i < end; i++) {
      double y = value(numbers_of(s, i));
      if (isnan(y))
        continue;
      out.n += (int64_t)count_at(s, i);
      fm__retention_add_times(&weight, weight_at(s, i), count_at(s, i));
      fm__retention_add_times(&total, weight_at(s, i) * y, count_at(s, i));
    }
    out.people += out.n > before;
  }
  out.weight = fm__sum_value(&weight);
  out.mean = out.n > 0 ? fm__sum_value(&total) / out.weight : (double)NAN;
  return out;
}

static fm_status check(const sums *all, fm_error *err)
{
  if (isfinite(all->weight) && (all->n == 0 || isfinite(all->mean)))
    return FM_OK;
  return fm__fail(err, FM_ERR_LIMIT, "the weights of a group add up to more than a double can hold");
}

/* A power of two that brings weights near 1, so that no square overflows. */
static double scale_of(double total)
{
  int exponent = 0;
  frexp(total, &exponent);
  return ldexp(1, exponent > 1000 ? -1000 : exponent < -1000 ? 1000 : -exponent);
}

/* The linearised variance of the mean with people as clusters; NaN with fewer than two. */
static double variance_of(const fm__unit_set *s, fm__units_value value, const sums *all)
{
  double scale = scale_of(all->weight), clusters = (double)(s->units->people ? all->people : all->n);
  fm__sum squares = {0};
  for (size_t k = 0, end; k < s->n; k = end) {
    fm__sum deviation = {0};
    uint64_t times = s->units->people ? 1 : count_at(s, k);
    end = person_end(s, k);
    for (size_t i = k; i < end; i++) {
      double y = value(numbers_of(s, i));
      if (!isnan(y))
        fm__retention_add_times(&deviation, weight_at(s, i) * scale * (y - all->mean),
                                s->units->people ? count_at(s, i) : 1);
    }
    double d = fm__sum_value(&deviation);
    fm__retention_add_times(&squares, d * d, times);
  }
  double total = all->weight * scale;
  return clusters >= 2 ? fm__sum_value(&squares) / total / total * (clusters / (clusters - 1)) : (double)NAN;
}

/* ---- figures ---- */

static fm__figure figure(const fm__unit_set *s, const char *quantity, const char *unit, const sums *all)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.n = all->n;
  f.people = s->units->people ? all->people : -1;
  f.weight = s->units->weighted ? all->weight : (double)NAN;
  f.state = s->n == 0 ? FM__EMPTY : all->n == 0 ? FM__CENSORED : FM__OK;
  return f;
}

void fm__unit_set_count(const fm__unit_set *s, const char *quantity, fm__units_value value)
{
  sums all = sums_of(s, value);
  fm__figure f = figure(s, quantity, "count", &all);
  f.value = all.weight;
  f.state = s->n == 0 ? FM__EMPTY : FM__OK;
  fm__result_add(s->result, &f);
}

fm_status fm__unit_set_bound(const fm__unit_set *s, const char *quantity, fm__units_value value, fm_error *err)
{
  sums all = sums_of(s, value);
  fm__figure f = figure(s, quantity, "share", &all);
  f.value = all.mean;
  fm__result_add(s->result, &f);
  return check(&all, err);
}

fm_status fm__unit_set_mean(const fm__unit_set *s, const char *quantity, const char *unit, fm__units_value value,
                            double low, double high, fm_error *err)
{
  sums all = sums_of(s, value);
  fm_status status = check(&all, err);
  if (status != FM_OK)
    return status;
  fm__figure f = figure(s, quantity, unit, &all);
  if (all.n > 0) {
    double clusters = (double)(s->units->people ? all.people : all.n);
    f.value = all.mean;
    f.std_error = sqrt(variance_of(s, value, &all));
    f.level = s->units->level;
    double half = clusters >= 2 ? fm__t_quantile(clusters - 1, (1 + f.level) / 2) * f.std_error : (double)NAN;
    f.ci_low = f.value - half < low ? low : f.value - half;
    f.ci_high = f.value + half > high ? high : f.value + half;
  }
  fm__result_add(s->result, &f);
  return FM_OK;
}

/* ---- shares ---- */

/* Answers of the units from .. to - 1, which are one person's or one by itself. */
static size_t answers_of(fm__answer *out, const fm__unit_set *s, size_t from, size_t to, fm__units_value value)
{
  size_t n = 0;
  for (size_t i = from; i < to; i++) {
    double y = value(numbers_of(s, i));
    if (isnan(y))
      continue;
    out[n] = (fm__answer){.weight = weight_at(s, i), .count = count_at(s, i)};
    out[n++].tag = fm__answer_tag(0, 0, y > 0 ? FM__YES_IN_RATE : FM__NO_IN_RATE);
  }
  return n;
}

fm_status fm__unit_set_share(const fm__unit_set *s, const char *quantity, fm__units_value value, fm_error *err)
{
  static void (*const passes[])(fm__poll *, const fm__answer *, size_t, bool) = {fm__poll_count, fm__poll_deviate};
  sums all = sums_of(s, value);
  fm__poll poll = {0};
  fm__answer *answers = fm__array(s->n, sizeof *answers);
  fm_status status = answers != NULL ? check(&all, err) : fm__no_memory(err);
  for (size_t pass = 0; status == FM_OK && pass < FM__COUNT(passes); pass++) {
    for (size_t k = 0, end; k < s->n; k = end) {
      end = person_end(s, k);
      size_t n = answers_of(answers, s, k, end, value);
      if (n > 0)
        passes[pass](&poll, answers, n, s->units->people);
    }
    fm__poll_share(&poll);
  }
  fm__free(answers);
  if (status != FM_OK)
    return status;
  fm__figure f = figure(s, quantity, "share", &all);
  if (all.n > 0) {
    fm__rate rate = fm__poll_rate(&poll, s->units->weighted, s->units->people);
    f.value = rate.share;
    f.std_error = rate.std_error;
    f.level = s->units->level;
    fm__wilson(rate.share * rate.n_effective, rate.n_effective, f.level, &f.ci_low, &f.ci_high);
  }
  fm__result_add(s->result, &f);
  return FM_OK;
}

/* ---- all groups ---- */

static fm_status create_result(fm__result **out, const fm__units *u, fm_error *err)
{
  const fm__groups *groups = fm__rows_ids(u->rows, 0);
  size_t first = u->kind->definition == NULL, n = fm__groups_n_columns(groups) - first;
  fm__key *keys = fm__array(n + 1, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    keys[k] = (fm__key){fm__groups_column(groups, first + k), FM_CODE};
  keys[n] = (fm__key){u->kind->numbers[0].name, FM_I32};
  const char *definition = u->kind->definition != NULL ? u->kind->definition : ""; /* set for each group */
  fm_status status = fm__result_create(out, u->kind->measure, definition, keys, n + u->kind->horizons, err);
  fm__free(keys);
  return status;
}

static void put_keys(const fm__unit_set *s, size_t group)
{
  const fm__groups *groups = fm__rows_ids(s->units->rows, 0);
  size_t first = s->units->kind->definition == NULL, length = 0;
  if (first > 0) {
    const char *text = fm__groups_text(groups, group, 0, &length);
    fm__result_definition(s->result, text != NULL ? text : "", text != NULL ? length : 0);
  }
  for (size_t k = first; k < fm__groups_n_columns(groups); k++) {
    const char *text = fm__groups_text(groups, group, k, &length);
    fm__result_key_text(s->result, k - first, text, length);
  }
}

/* The smallest horizon above `after` of the rows from .. to - 1; infinite: none. */
static double next_horizon(const fm__units *u, size_t from, size_t to, double after)
{
  double least = (double)INFINITY;
  for (size_t i = from; i < to; i++) {
    double h = fm__rows_numbers(u->rows, i)[0];
    if (h > after && h < least)
      least = h;
  }
  return least;
}

/* The slices of the group whose rows are from .. to - 1. */
static fm_status each_set(fm__unit_set *s, size_t from, size_t to,
                          fm_status (*each)(const fm__unit_set *s, fm_error *err), fm_error *err)
{
  const fm__units *u = s->units;
  size_t key = fm__groups_n_columns(fm__rows_ids(u->rows, 0)) - (u->kind->definition == NULL);
  fm_status status = FM_OK;
  if (!u->kind->horizons || from == to) {
    s->n = 0;
    for (size_t i = from; i < to; i++)
      s->rows[s->n++] = i;
    if (u->kind->horizons)
      fm__result_key_null(s->result, key);
    return each(s, err);
  }
  for (double h = next_horizon(u, from, to, -1); status == FM_OK && !isinf(h); h = next_horizon(u, from, to, h)) {
    s->n = 0;
    for (size_t i = from; i < to; i++)
      if (fm__rows_numbers(u->rows, i)[0] == h)
        s->rows[s->n++] = i;
    fm__result_key_i64(s->result, key, (int64_t)h);
    status = each(s, err);
  }
  return status;
}

fm_status fm__units_result(fm_table **out, fm__units *u, fm_status (*each)(const fm__unit_set *s, fm_error *err),
                           const char *interval, const fm_run *run, fm_error *err)
{
  fm__unit_set s = {.units = u};
  fm_status status = fm__rows_reduce(u->rows, err);
  size_t n = fm__rows_n(u->rows);
  if (status == FM_OK) {
    s.rows = fm__array(n, sizeof *s.rows);
    status = s.rows != NULL ? create_result(&s.result, u, err) : fm__no_memory(err);
  }
  size_t n_groups = fm__groups_count(fm__rows_ids(u->rows, 0)), from = 0;
  for (size_t g = 0; status == FM_OK && g < n_groups; g++) {
    size_t to = from;
    while (to < n && fm__rows_id(u->rows, to, 0) == g)
      to++;
    put_keys(&s, g);
    status = each_set(&s, from, to, each, err);
    from = to;
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(g + 1) / (double)n_groups, err);
  }
  fm__free(s.rows);
  if (status != FM_OK) {
    fm__result_destroy(s.result);
    return status;
  }
  fm__result_note(s.result, "interval", interval);
  return fm__result_finish(s.result, out, err);
}
