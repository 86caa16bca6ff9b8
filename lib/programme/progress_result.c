/* The figures of programme.progress. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "programme/progress_priv.h"

enum { KEY_INSTRUMENT, KEY_JOB, KEY_BAND, N_KEYS };
static const fm__key keys[N_KEYS] = {{"instrument", FM_CODE}, {"job", FM_CODE}, {"score_band", FM_CODE}};

#define DAYS_OF_MONTH (365.2425 / 12)

typedef struct page {
  fm__result *r;
  const fm__progress *t;
  const fm__progress_set *set;
  size_t key;
} page;

static void set_key(const page *p, size_t key, const char *text)
{
  fm__result_key_text(p->r, p->key + key, text, text != NULL ? strlen(text) : 0);
}

/* ---- moments ---- */

typedef struct moments {
  int64_t n;
  double mean, variance; /* of the mean; NaN: fewer than two */
} moments;

typedef double (*figure_of)(const fm__measured *m);

static double first_of(const fm__measured *m)
{
  return m->first;
}

static double last_of(const fm__measured *m)
{
  return m->last;
}

static double change_of(const fm__measured *m)
{
  return m->last - m->first;
}

static double months_of(const fm__measured *m)
{
  return (m->last_day - m->first_day) / DAYS_OF_MONTH;
}

enum { STARTED, WAITING, IN_WORK, N_JOBS, ALL = N_JOBS };

static int job_of(const fm__measured *m)
{
  if (m->job_start == FM__NO_DATE || m->job_start > m->last_day)
    return WAITING;
  return m->job_start > m->first_day ? STARTED : IN_WORK;
}

/* Of the first n people, those of a job status. */
static moments moments_of(const page *p, size_t n, figure_of x, int job)
{
  fm__sum total = {0}, squares = {0};
  moments m = {.mean = NAN, .variance = NAN};
  for (size_t i = 0; i < n; i++)
    if (job == ALL || job_of(&p->set->people[i]) == job) {
      fm__sum_add(&total, x(&p->set->people[i]));
      m.n++;
    }
  if (m.n == 0)
    return m;
  m.mean = fm__sum_value(&total) / (double)m.n;
  for (size_t i = 0; i < n; i++)
    if (job == ALL || job_of(&p->set->people[i]) == job) {
      double d = x(&p->set->people[i]) - m.mean;
      fm__sum_add(&squares, d * d);
    }
  if (m.n > 1)
    m.variance = fm__sum_value(&squares) / (double)(m.n - 1) / (double)m.n;
  return m;
}

/* ---- rows ---- */

static fm__figure figure(const char *quantity, const char *unit, double value, int64_t n)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.value = value;
  f.n = n;
  f.people = n;
  f.state = n == 0 ? FM__EMPTY : isnan(value) ? FM__UNDEFINED : FM__OK;
  return f;
}

static void put(const page *p, const char *quantity, const char *unit, double value, int64_t n)
{
  fm__figure f = figure(quantity, unit, value, n);
  fm__result_add(p->r, &f);
}

static void put_mean(const page *p, const char *quantity, moments m)
{
  fm__figure f = figure(quantity, "points", m.mean, m.n);
  if (m.n > 1) {
    double reach = fm__t_quantile((double)(m.n - 1), (1 + p->t->level) / 2) * sqrt(m.variance);
    f.std_error = sqrt(m.variance);
    f.ci_low = m.mean - reach;
    f.ci_high = m.mean + reach;
    f.level = p->t->level;
  }
  fm__result_add(p->r, &f);
}

static void put_share(const page *p, const char *quantity, int64_t part, int64_t whole)
{
  fm__figure f = figure(quantity, "share", whole > 0 ? (double)part / (double)whole : NAN, whole);
  if (whole > 0) {
    fm__wilson((double)part, (double)whole, p->t->level, &f.ci_low, &f.ci_high);
    f.level = p->t->level;
  }
  fm__result_add(p->r, &f);
}

/* People whose change for the better is beyond `least`, and for the worse; NaN: the instrument has no such number. At
 * the number itself a change is relevant (`at`), but not beyond an error. */
static void put_changes(const page *p, const char *better, const char *worse, double least, bool at, bool not_given)
{
  const fm__progress_set *s = p->set;
  int64_t n[2] = {0, 0};
  for (size_t i = 0; i < s->n_twice; i++) {
    double change = change_of(&s->people[i]) * (s->rule->lower_better ? -1 : 1);
    n[0] += change > least || (at && change == least);
    n[1] += -change > least || (at && -change == least);
  }
  for (size_t k = 0; k < 2; k++) {
    fm__figure f = figure(k == 0 ? better : worse, "people", isnan(least) || s->n_twice == 0 ? NAN : (double)n[k],
                          (int64_t)s->n_twice);
    if (isnan(least) && not_given && s->n_twice > 0)
      f.state = FM__NOT_GIVEN;
    fm__result_add(p->r, &f);
  }
}

static void put_reliable(const page *p)
{
  const fm__progress_set *s = p->set;
  double given = p->t->reliability;
  moments first = moments_of(p, s->n, first_of, ALL);
  if (isnan(given))
    given = s->rule->reliability;
  double r = isnan(given) ? s->alpha : given, spread = sqrt(first.variance * (double)first.n);
  bool usable = r >= 0 && r <= 1;
  put(p, "reliability", "index", r, (int64_t)s->n);
  double error = usable ? spread * sqrt(2 * (1 - r)) : NAN;
  put_changes(p, "reliable_better", "reliable_worse", -fm__normal_quantile((1 - p->t->level) / 2) * error, false,
              false);
}

/* ---- bands ---- */

static int band_of(const fm__instrument *m, double score)
{
  for (size_t k = 0; k < m->n_bands; k++)
    if (score <= m->bands[k].upto)
      return (int)k;
  return -1;
}

static void put_bands(const page *p)
{
  const fm__progress_set *s = p->set;
  const fm__instrument *m = s->rule;
  for (size_t k = 0; k < m->n_bands; k++) {
    int64_t first = 0, last = 0;
    for (size_t i = 0; i < s->n_twice; i++) {
      first += band_of(m, s->people[i].first) == (int)k;
      last += band_of(m, s->people[i].last) == (int)k;
    }
    set_key(p, KEY_BAND, m->bands[k].name);
    put(p, "band_first", "people", s->n_twice > 0 ? (double)first : NAN, (int64_t)s->n_twice);
    put(p, "band_last", "people", s->n_twice > 0 ? (double)last : NAN, (int64_t)s->n_twice);
  }
  set_key(p, KEY_BAND, NULL);
}

/* ---- work ---- */

static void put_association(const page *p, moments a, moments b)
{
  double v = a.variance + b.variance;
  fm__figure f = figure("association", "points", a.mean - b.mean, a.n + b.n);
  if (a.n == 0 || b.n == 0)
    f.state = FM__EMPTY;
  if (!isnan(v)) {
    double degrees =
        v > 0 ? v * v / (a.variance * a.variance / (double)(a.n - 1) + b.variance * b.variance / (double)(b.n - 1)) : 1;
    double reach = fm__t_quantile(degrees, (1 + p->t->level) / 2) * sqrt(v);
    f.std_error = sqrt(v);
    f.ci_low = f.value - reach;
    f.ci_high = f.value + reach;
    f.level = p->t->level;
  }
  fm__result_add(p->r, &f);
}

static void put_jobs(const page *p)
{
  static const char *const names[N_JOBS] = {"started", "waiting", "in_work"};
  size_t n = p->set->n_twice;
  moments change[N_JOBS];
  for (int job = 0; job < N_JOBS; job++) {
    change[job] = moments_of(p, n, change_of, job);
    set_key(p, KEY_JOB, names[job]);
    put(p, "people", "people", (double)change[job].n, (int64_t)n);
    put(p, "months_between", "months", moments_of(p, n, months_of, job).mean, change[job].n);
    put_mean(p, "change_mean", change[job]);
  }
  set_key(p, KEY_JOB, NULL);
  put_association(p, change[STARTED], change[WAITING]);
}

/* ---- all ---- */

static void put_set(const page *p)
{
  const fm__progress_set *s = p->set;
  int64_t n = (int64_t)s->n, twice = (int64_t)s->n_twice;
  put(p, "measured", "people", (double)n, n);
  fm__figure f = figure("measurements", "count", (double)s->measurements, s->measurements);
  f.people = n;
  fm__result_add(p->r, &f);
  f = figure("incomplete", "count", (double)s->incomplete, s->measurements + s->incomplete);
  f.people = -1;
  fm__result_add(p->r, &f);
  f = figure("incomparable", "count", (double)s->incomparable, s->measurements);
  f.people = -1;
  fm__result_add(p->r, &f);
  put_share(p, "measured_twice", twice, n);
  put_mean(p, "first_mean_all", moments_of(p, s->n, first_of, ALL));
  put_mean(p, "first_mean", moments_of(p, s->n_twice, first_of, ALL));
  put_mean(p, "last_mean", moments_of(p, s->n_twice, last_of, ALL));
  put_mean(p, "change_mean", moments_of(p, s->n_twice, change_of, ALL));
  put(p, "months_between", "months", moments_of(p, s->n_twice, months_of, ALL).mean, twice);
  put_changes(p, "relevant_better", "relevant_worse", s->rule->relevant, true, true);
  put_reliable(p);
  put_bands(p);
  put_jobs(p);
}

/* Rows of one group and instrument. */
static size_t end_of(const fm__rows *rows, size_t first)
{
  size_t end = first;
  while (end < fm__rows_n(rows) &&
         fm__rows_id(rows, end, FM__PROGRESS_BY) == fm__rows_id(rows, first, FM__PROGRESS_BY) &&
         fm__rows_id(rows, end, FM__PROGRESS_INSTRUMENT) == fm__rows_id(rows, first, FM__PROGRESS_INSTRUMENT))
    end++;
  return end;
}

/* Of each instrument the last day with an answer, in any group; creates them. */
static fm_status find_latest(int32_t **out, const fm__rows *rows, fm_error *err)
{
  size_t n = fm__groups_count(fm__rows_ids(rows, FM__PROGRESS_INSTRUMENT));
  *out = fm__array(n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    (*out)[k] = FM__NO_DATE;
  for (size_t i = 0; i < fm__rows_n(rows); i++) {
    int32_t *latest = &(*out)[fm__rows_id(rows, i, FM__PROGRESS_INSTRUMENT)];
    int32_t day = (int32_t)fm__rows_numbers(rows, i)[FM__PROGRESS_DATE];
    *latest = *latest == FM__NO_DATE || day > *latest ? day : *latest;
  }
  return FM_OK;
}

fm_status fm__progress_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__progress *t = state;
  fm_status status = fm__rows_reduce(t->rows, err);
  const fm__groups *by = fm__rows_ids(t->rows, FM__PROGRESS_BY);
  page p = {.t = t, .key = fm__groups_n_columns(by)};
  int32_t *latest = NULL;
  if (status == FM_OK)
    status = find_latest(&latest, t->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, "programme.progress", "first_to_last", by, keys, N_KEYS, err);
  for (size_t first = 0, end; status == FM_OK && first < fm__rows_n(t->rows); first = end) {
    fm__progress_set set;
    size_t length = 0;
    end = end_of(t->rows, first);
    status =
        fm__progress_measure(&set, t, first, end, latest[fm__rows_id(t->rows, first, FM__PROGRESS_INSTRUMENT)], err);
    p.set = &set;
    fm__result_group(p.r, by, fm__rows_id(t->rows, first, FM__PROGRESS_BY));
    const char *name = fm__groups_text(fm__rows_ids(t->rows, FM__PROGRESS_INSTRUMENT),
                                       fm__rows_id(t->rows, first, FM__PROGRESS_INSTRUMENT), 0, &length);
    fm__result_key_text(p.r, p.key + KEY_INSTRUMENT, name, length);
    if (status == FM_OK)
      put_set(&p);
    fm__free(set.people);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)end / (double)fm__rows_n(t->rows), err);
  }
  fm__free(latest);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  fm__result_note(p.r, "instruments", fm_codes_digest(t->codes));
  return fm__result_finish(p.r, out, err);
}
