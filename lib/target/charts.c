/* target.charts: control charts of series in a table. Formulas: docs/methods/target_charts.md. */
#include "target/charts_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { BY, PERIOD, N_IDS };
enum { VALUE, EXPOSURE, MOST_NUMBERS };

typedef struct charts {
  fm__rows *rows;
  fm_target_charts_spec spec; /* its texts are not kept */
} charts;

static const fm_target_charts_spec defaults = FM_TARGET_CHARTS_SPEC_INIT;

/* ---- rows ---- */

static bool counts_fit(double count)
{
  return isnan(count) || (count >= 0 && count <= 1e9 && count == floor(count));
}

#define MOST_VALUE 1e15 /* with it sums and limits stay finite */

static bool exposures_fit(const double *x)
{
  return isnan(x[EXPOSURE]) ? isnan(x[VALUE]) : x[EXPOSURE] >= 1 / MOST_VALUE && x[EXPOSURE] <= MOST_VALUE;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  const charts *t = state;
  *at = VALUE;
  if (t->spec.chart != FM_TARGET_XMR && !counts_fit(x[VALUE]))
    return "a whole number from 0 to 1e9";
  if (fabs(x[VALUE]) > MOST_VALUE)
    return "a number from -1e15 to 1e15";
  *at = EXPOSURE;
  return t->spec.chart == FM_TARGET_U && !exposures_fit(x) ? "a number from 1e-15 to 1e15" : NULL;
}

static const fm__rows_kind kind = {.measure = "target.charts", .wrong = wrong, .id_expected = "a period", .id = PERIOD};

/* ---- a series in the order of its periods ---- */

typedef struct point {
  const char *period;
  size_t length;
  double value, exposure;
} point;

typedef struct series {
  point *points;
  double *x, *centre, *lower, *upper; /* of one block of memory */
  int32_t *signals;
  size_t n, n_settled, n_base; /* points, without those preliminary, in the limits */
  fm_target_limits limits;
} series;

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static size_t digits_at(const point *p, size_t at)
{
  size_t n = 0;
  while (at + n < p->length && is_digit(p->period[at + n]))
    n++;
  return n;
}

static int compare_bytes(const point *p, const point *q)
{
  int by = memcmp(p->period, q->period, p->length < q->length ? p->length : q->length);
  return by != 0 ? by : (p->length > q->length) - (p->length < q->length);
}

/* By characters, whole numbers in them by their size: 2 before 10, 2024-9 before 2024-10. */
static int compare_periods(const void *a, const void *b)
{
  const point *p = a, *q = b;
  size_t i = 0, k = 0;
  while (i < p->length && k < q->length) {
    size_t n = digits_at(p, i), m = digits_at(q, k);
    if (n == 0 || m == 0) {
      if (p->period[i] != q->period[k])
        return (unsigned char)p->period[i] < (unsigned char)q->period[k] ? -1 : 1;
      i++;
      k++;
      continue;
    }
    for (; n > 1 && p->period[i] == '0'; n--)
      i++;
    for (; m > 1 && q->period[k] == '0'; m--)
      k++;
    int by = n != m ? (n > m) - (n < m) : memcmp(p->period + i, q->period + k, n);
    if (by != 0)
      return by;
    i += n;
    k += m;
  }
  return i < p->length ? 1 : k < q->length ? -1 : compare_bytes(p, q);
}

static void close_series(series *s)
{
  fm__free(s->points);
  fm__free(s->x);
  fm__free(s->signals);
}

/* Creates the series that begins at row `first`; *end is where the next begins. */
static fm_status open_series(series *s, size_t *end, const charts *t, size_t first, fm_error *err)
{
  const fm__groups *periods = fm__rows_ids(t->rows, PERIOD);
  size_t n = fm__rows_n(t->rows);
  for (*end = first; *end < n && fm__rows_id(t->rows, *end, BY) == fm__rows_id(t->rows, first, BY);)
    ++*end;
  *s = (series){.n = *end - first, .limits = {.struct_size = sizeof s->limits}};
  s->points = fm__array(s->n, sizeof *s->points);
  s->x = fm__array(s->n, 4 * sizeof *s->x);
  s->signals = fm__array(s->n, sizeof *s->signals);
  if (s->points == NULL || s->x == NULL || s->signals == NULL)
    return fm__no_memory(err);
  s->centre = s->x + s->n;
  s->lower = s->centre + s->n;
  s->upper = s->lower + s->n;
  for (size_t i = 0; i < s->n; i++) {
    const double *x = fm__rows_numbers(t->rows, first + i);
    point *p = &s->points[i];
    p->value = x[VALUE];
    p->exposure = t->spec.chart == FM_TARGET_U ? x[EXPOSURE] : 1;
    p->period = fm__groups_text(periods, fm__rows_id(t->rows, first + i, PERIOD), 0, &p->length);
    if (i > 0 && fm__rows_id(t->rows, first + i, PERIOD) == fm__rows_id(t->rows, first + i - 1, PERIOD))
      return fm__fail(err, FM_ERR_VALUE, "period %.*s has two rows that differ in one series; one was expected",
                      (int)p->length, p->period);
  }
  qsort(s->points, s->n, sizeof *s->points, compare_periods);
  size_t preliminary = (size_t)t->spec.n_preliminary, base = (size_t)t->spec.n_baseline;
  s->n_settled = s->n > preliminary ? s->n - preliminary : 0;
  s->n_base = base > 0 && base < s->n_settled ? base : s->n_settled;
  return FM_OK;
}

/* ---- limits and signals of a series ---- */

static fm_status rate_limits(series *s, const charts *t, fm_error *err)
{
  double *count = s->lower, *exposure = s->upper; /* until they are filled */
  for (size_t i = 0; i < s->n; i++) {
    count[i] = s->points[i].value;
    exposure[i] = s->points[i].exposure;
    s->x[i] = count[i] / exposure[i];
  }
  fm_status status =
      fm_target_u_limits(&s->limits.centre, s->lower, s->upper, count, exposure, s->n_base, t->spec.exact, err);
  for (size_t i = 0; i < s->n; i++) {
    s->centre[i] = s->limits.centre;
    fm__target_u_limit(&s->lower[i], &s->upper[i], s->limits.centre, s->points[i].exposure, t->spec.exact != 0);
  }
  return status;
}

static fm_status find_limits(series *s, const charts *t, fm_error *err)
{
  if (t->spec.chart == FM_TARGET_U)
    return rate_limits(s, t, err);
  for (size_t i = 0; i < s->n; i++)
    s->x[i] = s->points[i].value;
  fm_status status = t->spec.chart == FM_TARGET_XMR
                         ? fm_target_xmr_limits(&s->limits, s->x, s->n_base, t->spec.screened, err)
                         : fm_target_c_limits(&s->limits, s->x, s->n_base, err);
  bool exact = t->spec.chart == FM_TARGET_C && t->spec.exact != 0;
  for (size_t i = 0; i < s->n; i++) {
    s->centre[i] = s->limits.centre;
    s->lower[i] = exact ? s->limits.exact_lower : s->limits.lower;
    s->upper[i] = exact ? s->limits.exact_upper : s->limits.upper;
  }
  return status;
}

static fm_status find_signals(series *s, const charts *t, fm_error *err)
{
  fm_target_signal_rules rules = {sizeof rules, t->spec.run, t->spec.trend, t->spec.near_limit, t->spec.near_of};
  return fm_target_signals(s->signals, s->x, s->centre, s->lower, s->upper, s->n_settled, &rules, err);
}

static size_t longest_run(const series *s, int side)
{
  size_t longest = 0, run = 0;
  for (size_t i = 0; i < s->n_settled; i++) {
    run = side > 0 ? (s->x[i] > s->centre[i] ? run + 1 : 0) : (s->x[i] < s->centre[i] ? run + 1 : 0);
    longest = run > longest ? run : longest;
  }
  return longest;
}

/* ---- figures ---- */

static const fm__key keys[] = {{"period", FM_CODE}};

typedef struct page {
  fm__result *r;
  const charts *t;
  const series *s;
  const point *at; /* NULL: the series */
  const char *unit;
  size_t key;
} page;

/* How many cases a figure is about: those of its period or of the series; of values nothing is known. */
static int64_t cases_of(const page *p)
{
  double n = 0;
  if (p->t->spec.chart == FM_TARGET_XMR || (p->at != NULL && isnan(p->at->value)))
    return -1;
  if (p->at != NULL)
    return (int64_t)p->at->value;
  for (size_t i = 0; i < p->s->n_base; i++)
    n += isnan(p->s->points[i].value) ? 0 : p->s->points[i].value;
  return (int64_t)n;
}

static void put(const page *p, const char *quantity, const char *unit, double value, const char *state)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = cases_of(p);
  f.weight = p->at != NULL && p->t->spec.chart == FM_TARGET_U ? p->at->exposure : NAN;
  f.state = state != NULL ? state : isnan(value) ? FM__UNDEFINED : FM__OK;
  fm__result_add(p->r, &f);
}

static double shown_lower(const page *p, double lower)
{
  bool counts = p->t->spec.chart != FM_TARGET_XMR;
  return (counts || p->t->spec.floor != 0) && lower < 0 ? 0 : lower;
}

static void put_signals(const page *p, size_t i)
{
  static const struct {
    const char *quantity;
    int32_t up, down;
  } signals[] = {{"outside", FM_TARGET_ABOVE, FM_TARGET_BELOW},
                 {"run", FM_TARGET_RUN_ABOVE, FM_TARGET_RUN_BELOW},
                 {"trend", FM_TARGET_RISING, FM_TARGET_FALLING},
                 {"near_limit", FM_TARGET_NEAR_UPPER, FM_TARGET_NEAR_LOWER}};
  const series *s = p->s;
  const char *state = isnan(s->x[i])       ? FM__NOT_GIVEN
                      : i >= s->n_settled  ? FM__PRELIMINARY
                      : isnan(s->upper[i]) ? FM__UNDEFINED
                                           : FM__OK;
  for (size_t k = 0; k < FM__COUNT(signals); k++) {
    /* the point where a row turns is of two rows: told by the later one, which the next point goes on with */
    bool up = (s->signals[i] & signals[k].up) != 0, down = (s->signals[i] & signals[k].down) != 0;
    double value = up && down ? (s->x[i + 1] > s->x[i] ? 1 : -1) : (double)up - (double)down;
    put(p, signals[k].quantity, "code", strcmp(state, FM__OK) == 0 ? value : NAN, state);
  }
}

static void put_period(page *p, size_t i)
{
  const series *s = p->s;
  p->at = &s->points[i];
  fm__result_key_text(p->r, p->key, p->at->period, p->at->length);
  put(p, "measured", p->unit, s->x[i], isnan(s->x[i]) ? FM__NOT_GIVEN : i >= s->n_settled ? FM__PRELIMINARY : NULL);
  put(p, "centre", p->unit, s->centre[i], NULL);
  put(p, "lower_limit", p->unit, shown_lower(p, s->lower[i]), NULL);
  put(p, "upper_limit", p->unit, s->upper[i], NULL);
  if (p->t->spec.chart == FM_TARGET_XMR)
    put(p, "moving_range", p->unit, i > 0 ? fabs(s->x[i] - s->x[i - 1]) : NAN, NULL);
  put_signals(p, i);
}

/* Against the limits of the last settled period: a process is to be relied on from now on. */
static double assurance(const page *p)
{
  const series *s = p->s;
  double target = p->t->spec.target;
  if (s->n_settled == 0 || isnan(s->upper[s->n_settled - 1]))
    return NAN;
  double better = p->t->spec.fewer_is_better != 0 ? -1 : 1;
  double above = target<s->lower[s->n_settled - 1], below = target> s->upper[s->n_settled - 1];
  return better * (above - below) + 0.0;
}

static void put_series(page *p)
{
  const series *s = p->s;
  const fm_target_limits *l = &s->limits;
  size_t outside = 0;
  for (size_t i = 0; i < s->n_settled; i++)
    outside += (s->signals[i] & (FM_TARGET_ABOVE | FM_TARGET_BELOW)) != 0;
  bool known = s->n_base > 0 && !isnan(s->upper[s->n_base - 1]);
  p->at = NULL;
  fm__result_key_null(p->r, p->key);
  put(p, "centre", p->unit, l->centre, NULL);
  if (p->t->spec.chart == FM_TARGET_XMR) {
    put(p, "mean_moving_range", p->unit, l->mean_moving_range, NULL);
    put(p, "moving_range_limit", p->unit, l->moving_range_limit, NULL);
    put(p, "screened_ranges", "count", (double)l->n_screened, NULL);
  }
  if (p->t->spec.chart != FM_TARGET_U) {
    put(p, "lower_limit", p->unit, shown_lower(p, l->lower), NULL);
    put(p, "upper_limit", p->unit, l->upper, NULL);
  }
  if (p->t->spec.chart == FM_TARGET_C) {
    put(p, "exact_lower_limit", p->unit, l->exact_lower, NULL);
    put(p, "exact_upper_limit", p->unit, l->exact_upper, NULL);
  }
  put(p, "periods_outside", "count", known ? (double)outside : NAN, NULL);
  put(p, "longest_run_above", "count", isnan(l->centre) ? NAN : (double)longest_run(s, 1), NULL);
  put(p, "longest_run_below", "count", isnan(l->centre) ? NAN : (double)longest_run(s, -1), NULL);
  if (!isnan(p->t->spec.target)) {
    put(p, "target", p->unit, p->t->spec.target, NULL);
    put(p, "assurance", "code", assurance(p), NULL);
  }
}

static fm_status put_all(page *p, const fm_run *run, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(p->t->rows, BY);
  size_t n = fm__rows_n(p->t->rows);
  fm_status status = FM_OK;
  for (size_t first = 0, end; first < n && status == FM_OK; first = end) {
    series s;
    status = open_series(&s, &end, p->t, first, err);
    if (status == FM_OK)
      status = find_limits(&s, p->t, err);
    if (status == FM_OK)
      status = find_signals(&s, p->t, err);
    p->s = &s;
    fm__result_group(p->r, by, fm__rows_id(p->t->rows, first, BY));
    for (size_t i = 0; i < s.n && status == FM_OK; i++)
      put_period(p, i);
    if (status == FM_OK)
      put_series(p);
    close_series(&s);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)n, err);
  }
  return status;
}

static const char *definition_of(const fm_target_charts_spec *s)
{
  if (s->chart == FM_TARGET_XMR)
    return s->screened != 0 ? "xmr_screened" : "xmr";
  if (s->chart == FM_TARGET_C)
    return s->exact != 0 ? "c_exact" : "c";
  return s->exact != 0 ? "u_exact" : "u";
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const char *const units[] = {"value", "count", "rate"};
  charts *t = state;
  page p = {.t = t, .unit = units[t->spec.chart]};
  fm_status status = fm__rows_reduce(t->rows, err);
  const fm__groups *by = fm__rows_ids(t->rows, BY);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "target.charts", definition_of(&t->spec), by, keys, FM__COUNT(keys), err);
  p.key = fm__groups_n_columns(by);
  if (status == FM_OK)
    status = put_all(&p, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_target_charts_spec, period, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_charts_spec, value, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_charts_spec, exposure, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_charts_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_target_charts_spec, chart, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, screened, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, exact, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, floor, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, n_preliminary, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, n_baseline, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, run, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, trend, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, near_limit, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, near_of, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, fewer_is_better, FM__FIELD_I32),
                                   FM__FIELD(fm_target_charts_spec, target, FM__FIELD_F64)};

static fm_status check(const fm_target_charts_spec *s, fm_error *err)
{
  if (!fm__is_given(s->period) || strchr(s->period, ',') != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "period: expected the name of one column");
  if (!fm__is_given(s->value))
    return fm__fail(err, FM_ERR_ARGUMENT, "value: expected the name of a column of values or counts");
  if (s->chart < FM_TARGET_XMR || s->chart > FM_TARGET_U)
    return fm__fail(err, FM_ERR_ARGUMENT, "chart: expected FM_TARGET_XMR, FM_TARGET_C or FM_TARGET_U");
  if (s->chart == FM_TARGET_U && !fm__is_given(s->exposure))
    return fm__fail(err, FM_ERR_ARGUMENT, "exposure: expected the name of a column for a u chart");
  if ((s->chart == FM_TARGET_XMR && s->exact != 0) || (s->chart != FM_TARGET_XMR && s->screened != 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "screened is for XmR charts, exact for c and u charts");
  if (s->n_preliminary < 0 || s->n_baseline < 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_preliminary, n_baseline: expected whole numbers from 0");
  if (s->run < 0 || s->trend < 0 || s->near_limit < 0 || s->near_limit > s->near_of)
    return fm__fail(err, FM_ERR_ARGUMENT, "rules: expected 0 <= run, 0 <= trend and 0 <= near_limit <= near_of");
  return isinf(s->target) ? fm__fail(err, FM_ERR_ARGUMENT, "target: expected a finite number, or NaN for none") : FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  charts *t = state;
  const fm_target_charts_spec *s = spec;
  fm_status status = check(s, err);
  (void)text;
  if (status != FM_OK)
    return status;
  const fm__rows_number numbers[MOST_NUMBERS] = {{s->value, 0}, {s->exposure, 0}};
  const char *const ids[N_IDS] = {s->by, s->period};
  t->spec = *s;
  return fm__rows_keep(&t->rows, &kind, numbers, s->chart == FM_TARGET_U ? 2 : 1, ids, N_IDS, err);
}

static const fm__measure measure = {.id = "target.charts",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_target_charts_spec, charts),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = fm__kept_destroy};

FM__MEASURE_FUNCTIONS(fm_target_charts)
