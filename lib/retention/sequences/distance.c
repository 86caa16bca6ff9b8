/* Distances between the sequences of states of all pairs of people. */
#include <math.h>
#include <string.h>

#include "retention/sequences/sequences_priv.h"

static const fm_retention_distance_spec defaults = FM_RETENTION_DISTANCE_SPEC_INIT;
static const char name[] = "fm_retention_sequence_distances";

void fm_retention_distance_spec_init(fm_retention_distance_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

enum { BITS = 64, ROWS = 16 };

/* People with the periods not seen taken out; Hamming keeps them in. */
typedef struct pairs {
  fm_retention_distance_spec spec;
  double *out;
  const int32_t *state; /* as given */
  int32_t *seen;        /* n x n_periods, the first `length` of each row */
  size_t *length;
  size_t n, n_periods, n_states, words, first; /* words: of a set of periods; first person of the present round */
} pairs;

/* ---- the longest common subsequence, 64 periods at a time (Hyyrö 2004) ----
 * Bit t of `open` is 0 when period t adds one to the longest common subsequence with what was read of the other. */

static void mark(uint64_t *at, const int32_t *a, size_t n_a, size_t words, size_t n_states)
{
  memset(at, 0, n_states * words * sizeof *at);
  for (size_t t = 0; t < n_a; t++)
    at[(size_t)a[t] * words + t / BITS] |= UINT64_C(1) << t % BITS;
}

static size_t common(uint64_t *open, const uint64_t *at, size_t n_a, size_t words, const int32_t *b, size_t n_b)
{
  size_t used = (n_a + BITS - 1) / BITS, zeros = 0;
  memset(open, 0xff, used * sizeof *open);
  for (size_t t = 0; t < n_b; t++) {
    const uint64_t *match = at + (size_t)b[t] * words;
    uint64_t carry = 0;
    for (size_t k = 0; k < used; k++) {
      uint64_t v = open[k], u = v & match[k], sum = v + u, all = sum + carry;
      carry = (sum < v ? 1U : 0U) | (all < sum ? 1U : 0U);
      open[k] = all | (v - u);
    }
  }
  for (size_t t = 0; t < n_a; t++)
    zeros += (~open[t / BITS] >> t % BITS) & 1;
  return zeros;
}

/* ---- the other distances ---- */

static double cheapest(double *row, const pairs *p, const int32_t *a, size_t n_a, const int32_t *b, size_t n_b)
{
  double indel = p->spec.indel, other = p->spec.substitution;
  for (size_t j = 0; j <= n_b; j++)
    row[j] = (double)j * indel;
  for (size_t i = 1; i <= n_a; i++) {
    double corner = row[0]; /* of the row before, one to the left */
    row[0] = (double)i * indel;
    for (size_t j = 1; j <= n_b; j++) {
      double best = corner + (a[i - 1] == b[j - 1] ? 0 : other);
      double step = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + indel;
      corner = row[j];
      row[j] = step < best ? step : best;
    }
  }
  return row[n_b];
}

static double differing(const int32_t *a, const int32_t *b, size_t n)
{
  size_t differ = 0;
  for (size_t t = 0; t < n; t++) {
    if ((a[t] < 0) != (b[t] < 0))
      return NAN;
    differ += a[t] >= 0 && a[t] != b[t];
  }
  return (double)differ;
}

static double beyond_prefix(const int32_t *a, size_t n_a, const int32_t *b, size_t n_b)
{
  size_t t = 0;
  while (t < n_a && t < n_b && a[t] == b[t])
    t++;
  return (double)(n_a + n_b - 2 * t);
}

/* A substitution of two indels or more is never cheaper than they are: then all that counts is what is kept. */
static bool by_common(const fm_retention_distance_spec *spec)
{
  return spec->method == FM_RETENTION_DISTANCE_LCS ||
         (spec->method == FM_RETENTION_DISTANCE_OPTIMAL_MATCHING && spec->substitution >= 2 * spec->indel);
}

typedef struct room {
  uint64_t *at, *open;
  double *row;
} room;

static double distance(const pairs *p, const room *r, size_t i, size_t j)
{
  size_t n_a = p->length[i], n_b = p->length[j];
  const int32_t *a = p->seen + i * p->n_periods, *b = p->seen + j * p->n_periods;
  if (n_a == 0 || n_b == 0)
    return NAN;
  if (by_common(&p->spec)) {
    double unit = p->spec.method == FM_RETENTION_DISTANCE_LCS ? 1 : p->spec.indel;
    return unit * (double)(n_a + n_b - 2 * common(r->open, r->at, n_a, p->words, b, n_b));
  }
  if (p->spec.method == FM_RETENTION_DISTANCE_HAMMING)
    return differing(p->state + i * p->n_periods, p->state + j * p->n_periods, p->n_periods);
  if (p->spec.method == FM_RETENTION_DISTANCE_LCP)
    return beyond_prefix(a, n_a, b, n_b);
  return cheapest(r->row, p, a, n_a, b, n_b);
}

static fm_status one_person(void *context, size_t index)
{
  const pairs *p = context;
  size_t i = p->first + index;
  room r = {fm__array(p->n_states * p->words, sizeof *r.at), fm__array(p->words, sizeof *r.open),
            fm__array(p->n_periods + 1, sizeof *r.row)};
  fm_status status = r.at == NULL || r.open == NULL || r.row == NULL ? FM_ERR_MEMORY : FM_OK;
  double *out = p->out + (i * (2 * p->n - i - 1)) / 2;
  if (status == FM_OK && by_common(&p->spec))
    mark(r.at, p->seen + i * p->n_periods, p->length[i], p->words, p->n_states);
  for (size_t j = i + 1; j < p->n && status == FM_OK; j++)
    out[j - i - 1] = distance(p, &r, i, j);
  fm__free(r.at);
  fm__free(r.open);
  fm__free(r.row);
  return status;
}

/* ---- */

static void take_seen(pairs *p)
{
  for (size_t i = 0; i < p->n; i++)
    for (size_t t = 0; t < p->n_periods; t++)
      if (p->state[i * p->n_periods + t] >= 0)
        p->seen[i * p->n_periods + p->length[i]++] = p->state[i * p->n_periods + t];
}

static fm_status check_spec(const fm_retention_distance_spec *spec, fm_error *err)
{
  if (spec->method < FM_RETENTION_DISTANCE_OPTIMAL_MATCHING || spec->method > FM_RETENTION_DISTANCE_LCP)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: method is %d, expected 1 to %d", name, (int)spec->method,
                    FM_RETENTION_DISTANCE_LCP);
  if (!(spec->indel > 0) || isinf(spec->indel))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: indel is expected above 0 and finite", name);
  if (!(spec->substitution >= 0) || isinf(spec->substitution))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: substitution is expected to be 0 or more and finite", name);
  return FM_OK;
}

fm_status fm_retention_sequence_distances(double *out, const int32_t *state, size_t n, size_t n_periods,
                                          int32_t n_states, const fm_retention_distance_spec *spec, const fm_run *run,
                                          fm_error *err)
{
  pairs p = {.out = out, .state = state, .n = n, .n_periods = n_periods, .n_states = (size_t)n_states};
  size_t items;
  p.spec = defaults;
  fm_status status = fm__spec_take(&p.spec, sizeof p.spec, spec, "fm_retention_distance_spec", err);
  if (status == FM_OK)
    status = check_spec(&p.spec, err);
  if (status == FM_OK)
    status = fm__sequences_check(name, state, n, n_periods, n_states, err);
  if (status == FM_OK && (!fm__multiply(n, n, &items) || (n > 1 && out == NULL)))
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s: out is NULL, or n too large", name);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status != FM_OK)
    return status;
  p.words = n_periods / BITS + 1;
  p.seen = fm__array(n * n_periods, sizeof *p.seen);
  p.length = fm__array(n, sizeof *p.length);
  if (p.seen == NULL || p.length == NULL)
    status = fm__no_memory(err);
  else
    take_seen(&p);
  for (; p.first + 1 < n && status == FM_OK; p.first += ROWS) {
    size_t left = n - 1 - p.first;
    status = fm__run_tasks(run, one_person, &p, left < ROWS ? left : ROWS, err);
    if (status == FM_OK)
      status = fm__run_progress(run, 1 - (double)left / (double)n * ((double)left / (double)n), err);
  }
  fm__free(p.seen);
  fm__free(p.length);
  return status;
}
