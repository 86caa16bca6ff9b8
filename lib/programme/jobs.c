/* programme.jobs: contracts, hours wanted and had, and the hours of those who need fewer than full time. */
#include "flexmetrics/programme_jobs.h"
#include "programme/cases_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { HOURS, WANTED, PERMANENT, AGREEMENT, NEW, SHORTAGE, SERVICES, REDUCED, N_NUMBERS };
enum { MOST_BANDS = 16, MOST_HOURS = 168 };

typedef struct jobs {
  fm__cases cases;
  double limits[MOST_BANDS]; /* each band holds its limit; the last band has none */
  size_t n_limits;
} jobs;

static const fm_programme_jobs_spec defaults = FM_PROGRAMME_JOBS_SPEC_INIT;

static const char *wrong(const void *state, const double *x, size_t *at)
{
  (void)state;
  for (*at = HOURS; *at <= WANTED; ++*at)
    if (!isnan(x[*at]) && !(x[*at] >= 0 && x[*at] <= MOST_HOURS))
      return "hours from 0 to 168";
  for (; *at < N_NUMBERS; ++*at)
    if (!fm__is_flag(x[*at]))
      return "yes, no, or a blank where it is not told";
  return NULL;
}

/* ---- answers ---- */

#define ANSWER(name, number)                                                                                           \
  static double name(const fm__cases *c, const double *x)                                                              \
  {                                                                                                                    \
    (void)c;                                                                                                           \
    return x[number];                                                                                                  \
  }
ANSWER(is_permanent, PERMANENT)
ANSWER(has_agreement, AGREEMENT)
ANSWER(is_new, NEW)
ANSWER(is_short, SHORTAGE)
ANSWER(is_service, SERVICES)
ANSWER(hours, HOURS)

static double any(const fm__cases *c, const double *x)
{
  (void)c;
  (void)x;
  return 1;
}

static double is_underemployed(const fm__cases *c, const double *x)
{
  (void)c;
  return isnan(x[HOURS]) || isnan(x[WANTED]) ? (double)NAN : (double)(x[WANTED] > x[HOURS]);
}

static double missed(const fm__cases *c, const double *x)
{
  return is_underemployed(c, x) == 1 ? x[WANTED] - x[HOURS] : (double)NAN;
}

/* A fleksjob is granted to those who cannot work full time; others say so by the hours they want. */
static double needs_fewer(const fm__cases *c, const double *x)
{
  if (x[REDUCED] == 1)
    return 1;
  return isnan(x[WANTED]) ? (double)NAN : (double)(x[WANTED] < c->full_time_hours);
}

static double reduced_hours(const fm__cases *c, const double *x)
{
  return needs_fewer(c, x) == 1 ? x[HOURS] : (double)NAN;
}

/* ---- the hours of those who need fewer ---- */

typedef struct spread {
  fm__item *items, *scratch; /* hours as sort keys, and how many have them */
  size_t n;
  int64_t total;
} spread;

static void spread_free(spread *d)
{
  fm__free(d->items);
  fm__free(d->scratch);
}

static fm_status spread_open(spread *d, const fm__case_set *s, fm_error *err)
{
  *d = (spread){.items = fm__array(s->n, sizeof *d->items), .scratch = fm__array(s->n, sizeof *d->scratch)};
  if (d->items == NULL || d->scratch == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < s->n; k++) {
    double y = reduced_hours(s->cases, fm__case_numbers(s, k));
    if (isnan(y))
      continue;
    d->items[d->n++] = (fm__item){fm__order_key(y), (uint64_t)fm__case_times(s, k)};
    d->total += fm__case_times(s, k);
  }
  fm__sort_items(d->items, d->scratch, d->n);
  return FM_OK;
}

/* The value in place `rank`, counted from 0. */
static double at_rank(const spread *d, int64_t rank)
{
  size_t k = 0;
  for (int64_t before = (int64_t)d->items[0].value; before <= rank; before += (int64_t)d->items[k].value)
    k++;
  return fm__order_value(d->items[k].key);
}

/* Between the two nearest in order: type 7 of Hyndman and Fan (1996), as R and numpy have it. */
static double quantile(const spread *d, double p)
{
  if (d->total == 0)
    return (double)NAN;
  double place = (double)(d->total - 1) * p, low = floor(place);
  double a = at_rank(d, (int64_t)low), b = low < (double)(d->total - 1) ? at_rank(d, (int64_t)low + 1) : a;
  return a + (place - low) * (b - a);
}

static size_t band_of(const jobs *j, double y)
{
  size_t k = 0;
  while (k < j->n_limits && y > j->limits[k])
    k++;
  return k;
}

static void band_name(char out[80], const jobs *j, size_t band)
{
  char low[32], high[32];
  fm__print_f64(low, band > 0 ? j->limits[band - 1] : 0);
  fm__print_f64(high, band < j->n_limits ? j->limits[band] : 0);
  if (band == j->n_limits)
    snprintf(out, 80, ">%s", low);
  else
    snprintf(out, 80, band == 0 ? "<=%s%s" : "%s-%s", band == 0 ? "" : low, high);
}

static double in_band(const fm__cases *c, const double *x, size_t band)
{
  double y = reduced_hours(c, x);
  return !isnan(y) && band_of((const jobs *)c, y) == band;
}

static void put_bands(fm__case_set *s, const jobs *j, bool known, const char *none)
{
  char name[80];
  for (size_t band = 0; band <= j->n_limits; band++) {
    int64_t n = 0, people = 0;
    uint32_t last = UINT32_MAX;
    for (size_t k = 0; k < s->n; k++) {
      if (in_band(s->cases, fm__case_numbers(s, k), band) == 0)
        continue;
      n += fm__case_times(s, k);
      people += fm__case_id(s, k, 0) != last; /* those of one person stand together */
      last = fm__case_id(s, k, 0);
    }
    band_name(name, j, band);
    fm__result_key_text(s->result, fm__case_extra(s), name, strlen(name));
    fm__figure f = fm__case_figure(s, "reduced_jobs", "count", known ? (double)n : (double)NAN, n, people);
    if (!known && s->n > 0)
      f.state = none;
    fm__result_add(s->result, &f);
  }
}

static fm_status put_reduced(fm__case_set *s, fm_error *err)
{
  static const struct {
    const char *quantity;
    double p;
  } quartiles[] = {{"reduced_hours_p25", 0.25}, {"reduced_hours_p50", 0.5}, {"reduced_hours_p75", 0.75}};
  spread d;
  fm_status status = spread_open(&d, s, err);
  if (status == FM_OK) {
    fm__case_sum need = fm__case_sum_of(s, needs_fewer), known = fm__case_sum_of(s, reduced_hours);
    const char *none = need.n > 0 && need.total == 0 ? FM__EMPTY : FM__NOT_GIVEN;
    fm__case_put_answer(s, "reduced", "reduced_unknown", "reduced_share", needs_fewer);
    fm__case_put(s, "reduced_hours_known", "count", (double)known.n, known.n, known.people);
    fm__case_put_ratio(s, "reduced_hours_mean", "hours_per_week", reduced_hours, any, 0, MOST_HOURS, none);
    for (size_t k = 0; k < FM__COUNT(quartiles); k++) {
      fm__figure f = fm__case_figure(s, quartiles[k].quantity, "hours_per_week", quantile(&d, quartiles[k].p), known.n,
                                     known.people);
      if (known.n == 0 && s->n > 0)
        f.state = none;
      fm__result_add(s->result, &f);
    }
    put_bands(s, (const jobs *)s->cases, known.n > 0, none);
  }
  spread_free(&d);
  return status;
}

/* ---- all figures ---- */

static void put_hours(fm__case_set *s)
{
  fm__case_sum had = fm__case_sum_of(s, hours), asked = fm__case_sum_of(s, is_underemployed);
  fm__case_sum lacking = fm__case_sum_of(s, missed);
  fm__case_put(s, "hours_missed", "hours_per_week", asked.n > 0 ? lacking.total : (double)NAN, lacking.n,
               lacking.people);
  fm__case_put_ratio(s, "hours_missed_mean", "hours_per_week", missed, any, 0, MOST_HOURS,
                     asked.n > 0 ? FM__EMPTY : FM__NOT_GIVEN);
  fm__case_put(s, "hours_known", "count", (double)had.n, had.n, had.people);
  fm__case_put_ratio(s, "hours_mean", "hours_per_week", hours, any, 0, MOST_HOURS, FM__NOT_GIVEN);
  fm__case_put(s, "fte", "fte", had.n > 0 ? had.total / s->cases->full_time_hours : (double)NAN, had.n, had.people);
}

static fm_status each(fm__case_set *s, fm_error *err)
{
  static const struct {
    const char *yes, *unknown, *share;
    fm__case_value value;
  } answers[] = {{"permanent", "permanent_unknown", "permanent_share", is_permanent},
                 {"agreement", "agreement_unknown", "agreement_share", has_agreement},
                 {"new_position", "new_position_unknown", "new_position_share", is_new},
                 {"shortage", "shortage_unknown", "shortage_share", is_short},
                 {"services", "services_unknown", "services_share", is_service},
                 {"underemployed", "underemployed_unknown", "underemployed_share", is_underemployed}};
  fm__case_sum all = fm__case_sum_of(s, any);
  fm__result_key_null(s->result, fm__case_extra(s));
  fm__case_put(s, "jobs", "count", (double)all.n, all.n, all.people);
  fm__case_put(s, "people", "count", (double)all.people, all.n, all.people);
  for (size_t k = 0; k < FM__COUNT(answers); k++)
    fm__case_put_answer(s, answers[k].yes, answers[k].unknown, answers[k].share, answers[k].value);
  put_hours(s);
  return put_reduced(s, err);
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key band = {"band", FM_CODE};
  return fm__cases_result(out, state, each, &band, 1, run, err);
}

/* ---- the measure ---- */

static fm_status read_bands(jobs *j, const char *text, fm_error *err)
{
  double last = 0;
  bool fits = text != NULL && text[0] != '\0';
  for (const char *p = text; fits && *p != '\0';) {
    size_t length = strcspn(p, ",");
    double limit = 0;
    fits = j->n_limits < MOST_BANDS && fm__parse_f64(p, length, '.', &limit) && limit > last && limit <= MOST_HOURS;
    if (fits)
      j->limits[j->n_limits++] = last = limit;
    p += length + (p[length] == ',');
  }
  if (fits)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT,
                  "bands: expected 1 to %d rising hours above 0 and up to 168, such as \"10,20,30\"; found \"%.60s\"",
                  MOST_BANDS, text != NULL ? text : "");
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {{"hours_per_week", 0},          {"hours_wanted", FM__OPTIONAL},
                                                     {"permanent", FM__OPTIONAL},    {"agreement", FM__OPTIONAL},
                                                     {"new_position", FM__OPTIONAL}, {"shortage", FM__OPTIONAL},
                                                     {"services", FM__OPTIONAL},     {"reduced", FM__OPTIONAL}};
  static const char *const ids[] = {"person_id"};
  static const fm__cases_kind kind = {
      .rows = {.measure = "programme.jobs", .wrong = wrong, .id_expected = "a person", .id = 1},
      .definition = "job_quality",
      .numbers = numbers,
      .n_numbers = N_NUMBERS,
      .ids = ids,
      .n_ids = FM__COUNT(ids)};
  const fm_programme_jobs_spec *s = spec;
  jobs *j = state;
  (void)text;
  j->cases.full_time_hours = s->full_time_hours;
  fm_status status = fm__check_full_time(s->full_time_hours, err);
  if (status == FM_OK)
    status = read_bands(j, s->bands, err);
  return status == FM_OK ? fm__cases_open(&j->cases, &kind, s->by, NULL, s->level, err) : status;
}

static const fm__field fields[] = {FM__FIELD(fm_programme_jobs_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_jobs_spec, bands, FM__FIELD_TEXT),
                                   FM__FIELD(fm_programme_jobs_spec, full_time_hours, FM__FIELD_F64),
                                   FM__FIELD(fm_programme_jobs_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "programme.jobs",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_programme_jobs_spec, jobs),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__cases_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_programme_jobs)
