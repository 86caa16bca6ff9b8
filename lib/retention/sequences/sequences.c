/* retention.sequences: means over people of the figures of their histories, from a row a person and period.
 *
 * A mean is a ratio of sums, sum of w x / sum of w; each person adds w (x - m) to its error, and the variance is the
 * sum of their squares over the squared sum of w. */
#include <math.h>
#include <string.h>

#include "retention/sequences/sequences_priv.h"

#include "retention/histories/histories_priv.h"

static const char id[] = "retention.sequences";
static const fm_retention_sequences_spec defaults = FM_RETENTION_SEQUENCES_SPEC_INIT;

typedef struct sequences {
  fm__histories h;
  double level;
} sequences;

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  sequences *s = of;
  const fm_retention_sequences_spec *spec = given_spec;
  const fm__histories_spec rows = {id,          spec->by,    spec->weight,       spec->person, spec->definition,
                                   spec->clock, spec->level, defaults.definition};
  (void)text;
  s->level = spec->level;
  return fm__histories_open(&s->h, &rows, err);
}

/* ---- figures ---- */

/* Figures of one history, then the periods in each state. */
enum { PERIODS, CHANGES, ENTROPY, TURBULENCE, COMPLEXITY, TIME };
static const struct {
  const char *quantity, *unit;
} names[] = {{"periods_seen", "count"}, {"changes_of_state", "count"}, {"history_entropy", "index"},
             {"turbulence", "bits"},    {"complexity", "index"},       {"time_in_state", "periods"}};

typedef struct mean {
  fm__sum weight, sum, squares;
  int64_t n;
  double value;
} mean;

typedef struct page {
  fm__result *r;
  const sequences *s;
  fm__places places;
  int32_t *states; /* of the places, one after the other */
  mean *means;     /* of a group, TIME + FM__MOST_STATES */
  size_t state_key;
  double z;
} page;

static size_t person_end(const page *p, size_t from, size_t to)
{
  uint32_t person = p->places.items[from].person;
  while (from < to && p->places.items[from].person == person)
    from++;
  return from;
}

/* Those of a person: PERIODS .. COMPLEXITY, NaN where not defined, and TIME + j. */
static void measure_person(double *x, const page *p, size_t from, size_t to)
{
  fm__sequence_figures f;
  fm__sequence_measure(&f, p->states + from, to - from, p->places.n_states);
  x[PERIODS] = (double)f.n_seen;
  x[CHANGES] = f.n_change;
  x[ENTROPY] = f.entropy;
  x[TURBULENCE] = f.turbulence;
  x[COMPLEXITY] = f.complexity;
  for (size_t j = 0; j < p->places.n_states; j++)
    x[TIME + j] = f.time[j];
}

/* A person has the weight of the first period seen. */
static void add_sums(const page *p, size_t from, size_t to, bool squares)
{
  mean *m = p->means;
  double x[TIME + FM__MOST_STATES];
  for (size_t i = from, end; i < to; i = end) {
    double w = p->places.items[i].weight;
    end = person_end(p, i, to);
    measure_person(x, p, i, end);
    for (size_t k = 0; k < TIME + p->places.n_states; k++) {
      double rest = w * (x[k] - m[k].value);
      if (isnan(x[k]))
        continue;
      if (squares) {
        fm__sum_add(&m[k].squares, rest * rest);
        continue;
      }
      m[k].n++;
      fm__sum_add(&m[k].weight, w);
      fm__sum_add(&m[k].sum, w * x[k]);
    }
  }
}

static void put_mean(const page *p, const mean *m, size_t k)
{
  size_t name = k < TIME ? k : TIME;
  fm__figure f = fm__figure_of(names[name].quantity, names[name].unit);
  double total = fm__sum_value(&m->weight);
  f.n = f.people = m->n;
  f.weight = p->s->h.weight != NULL ? total : NAN;
  if (total > 0) {
    f.value = m->value;
    f.std_error = sqrt(fm__sum_value(&m->squares)) / total;
    f.ci_low = f.value - p->z * f.std_error;
    f.ci_high = f.value + p->z * f.std_error;
    f.level = p->s->level;
  } else {
    f.state = FM__UNDEFINED;
  }
  fm__places_key(&p->places, p->r, p->state_key, k < TIME ? SIZE_MAX : k - TIME);
  fm__result_add(p->r, &f);
}

static void put_people(const page *p, const mean *m)
{
  fm__figure f = fm__figure_of("people", "count");
  f.n = f.people = m->n;
  if (m->n == 0) {
    f.state = FM__EMPTY;
  } else {
    f.value = p->s->h.weight != NULL ? fm__sum_value(&m->weight) : (double)m->n;
    f.weight = p->s->h.weight != NULL ? f.value : NAN;
  }
  fm__places_key(&p->places, p->r, p->state_key, SIZE_MAX);
  fm__result_add(p->r, &f);
}

static void put_group(const page *p, size_t from, size_t to)
{
  mean *m = p->means;
  size_t n = TIME + p->places.n_states;
  memset(m, 0, n * sizeof *m);
  add_sums(p, from, to, false);
  for (size_t k = 0; k < n; k++) {
    double total = fm__sum_value(&m[k].weight);
    m[k].value = total > 0 ? fm__sum_value(&m[k].sum) / total : 0;
  }
  add_sums(p, from, to, true);
  put_people(p, &m[PERIODS]);
  for (size_t k = 0; k < n && from < to; k++)
    put_mean(p, &m[k], k);
}

static fm_status fill(page *p, const fm_run *run, fm_error *err)
{
  const fm__groups *groups = fm__rows_ids(p->s->h.rows, FM__HISTORIES_BY);
  size_t n = fm__groups_count(groups), at = 0;
  fm_status status = FM_OK;
  if (n == 0)
    put_group(p, 0, 0);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    size_t from = at;
    at = fm__places_group_end(&p->places, at, (uint32_t)i);
    fm__result_group(p->r, groups, i);
    put_group(p, from, at);
    status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  sequences *s = state;
  const fm__key key = {"to_state", FM_CODE};
  page p = {.s = s, .z = fm__normal_quantile(0.5 + s->level / 2)};
  fm_status status = fm__places_make(&p.places, &s->h, err);
  if (status != FM_OK)
    return status;
  const fm__groups *groups = fm__rows_ids(s->h.rows, FM__HISTORIES_BY);
  p.state_key = fm__groups_n_columns(groups);
  p.states = fm__array(p.places.n, sizeof *p.states);
  p.means = fm__array(TIME + FM__MOST_STATES, sizeof *p.means);
  if (p.states == NULL || p.means == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < p.places.n && status == FM_OK; i++)
    p.states[i] = p.places.items[i].from;
  if (status == FM_OK)
    status = fm__result_create_grouped(&p.r, id, s->h.definition, groups, &key, 1, err);
  if (status == FM_OK)
    status = fill(&p, run, err);
  fm__places_free(&p.places);
  fm__free(p.states);
  fm__free(p.means);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_retention_sequences_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_sequences_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_sequences_spec, person, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_sequences_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_sequences_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_sequences_spec, level, FM__FIELD_F64)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_sequences_spec, sequences),
    FM__MEASURE_KEEPS_ROWS,
    .result = result,
    .destroy = fm__histories_destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_sequences)
