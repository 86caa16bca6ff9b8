/* Figures of one person's sequence of states: changes, entropy, turbulence, complexity. */
#include <math.h>
#include <string.h>

#include "retention/sequences/sequences_priv.h"

fm_status fm__sequences_check(const char *name, const int32_t *state, size_t n, size_t n_periods, int32_t n_states,
                              fm_error *err)
{
  size_t cells;
  if (n_states < 1 || n_states > FM__MOST_STATES)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: n_states is %d, expected 1 to %d", name, (int)n_states, FM__MOST_STATES);
  if (n_periods > FM__MOST_PERIODS)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: n_periods is %zu, expected up to %d", name, n_periods, FM__MOST_PERIODS);
  if (!fm__multiply(n, n_periods, &cells) || (cells > 0 && state == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: state is NULL, or n too large", name);
  for (size_t k = 0; k < cells; k++)
    if (state[k] >= n_states) {
      fm__fail(err, FM_ERR_VALUE, "row %zu, period %zu: state %d, expected below %d", k / n_periods, k % n_periods,
               (int)state[k], (int)n_states);
      fm__error_place(err, NULL, NULL, -1, (int64_t)(k / n_periods), -1);
      return FM_ERR_VALUE;
    }
  return FM_OK;
}

/* Number of distinct subsequences of the states so far, the empty one among them: a further state doubles it, less
 * those that ended in its last occurrence already (Elzinga and Liefbroer 2007). It outgrows a double after 1,000
 * spells, so it is kept as count x 2^halvings, with all counts scaled alike. */
typedef struct subsequences {
  double count, before[FM__MOST_STATES]; /* the count before the last occurrence of each state */
  int64_t halvings;
} subsequences;

static void follow(subsequences *s, size_t state)
{
  double count = 2 * s->count - s->before[state];
  s->before[state] = s->count;
  s->count = count;
  if (count < 0x1p500)
    return;
  s->count *= 0x1p-500;
  for (size_t j = 0; j < FM__MOST_STATES; j++)
    s->before[j] *= 0x1p-500;
  s->halvings += 500;
}

/* log2(phi (s_max + 1) / (s + 1)) with the variance s of the lengths of l spells over n periods and its largest value
 * s_max = (l - 1) (n / l - 1)²; both times l², which makes them whole. */
static double turbulence(const subsequences *sub, double spells, double squares, double n)
{
  double most = (spells - 1) * (n - spells) * (n - spells), variance = squares * spells - n * n;
  double ratio = (most + spells * spells) / (variance + spells * spells);
  return (double)sub->halvings + fm__log(sub->count * ratio) / fm__log(2);
}

static double entropy(const int32_t *time, size_t n_states, double n)
{
  fm__sum sum = {0};
  for (size_t j = 0; j < n_states; j++)
    if (time[j] > 0)
      fm__sum_add(&sum, time[j] / n * fm__log(n / time[j]));
  return n_states > 1 ? fm__sum_value(&sum) / fm__log((double)n_states) : NAN;
}

void fm__sequence_measure(fm__sequence_figures *out, const int32_t *state, size_t n_periods, size_t n_states)
{
  subsequences sub = {.count = 1};
  double squares = 0, length = 0, spells = 0;
  int32_t last = -1;
  *out = (fm__sequence_figures){0};
  for (size_t t = 0; t < n_periods; t++) {
    if (state[t] < 0)
      continue;
    out->n_seen++;
    out->time[state[t]]++;
    if (state[t] != last) {
      squares += length * length;
      length = 0;
      spells++;
      follow(&sub, (size_t)state[t]);
      last = state[t];
    }
    length++;
  }
  if (out->n_seen == 0)
    return;
  double n = (double)out->n_seen;
  squares += length * length;
  out->n_change = (int32_t)spells - 1;
  out->entropy = entropy(out->time, n_states, n);
  out->turbulence = turbulence(&sub, spells, squares, n);
  out->complexity = n > 1 ? sqrt((spells - 1) / (n - 1) * out->entropy) : NAN;
}

fm_status fm_retention_sequence_figures(int32_t *n_transition, double *entropy_share, double *turbulence_bits,
                                        double *complexity, int32_t *time_in_state, const int32_t *state, size_t n,
                                        size_t n_periods, int32_t n_states, const fm_run *run, fm_error *err)
{
  fm_status status = fm__sequences_check("fm_retention_sequence_figures", state, n, n_periods, n_states, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    fm__sequence_figures f;
    fm__sequence_measure(&f, n_periods > 0 ? state + i * n_periods : NULL, n_periods, (size_t)n_states);
    bool seen = f.n_seen > 0;
    if (n_transition != NULL)
      n_transition[i] = seen ? f.n_change : -1;
    if (entropy_share != NULL)
      entropy_share[i] = seen ? f.entropy : NAN;
    if (turbulence_bits != NULL)
      turbulence_bits[i] = seen ? f.turbulence : NAN;
    if (complexity != NULL)
      complexity[i] = seen ? f.complexity : NAN;
    if (time_in_state != NULL)
      memcpy(time_in_state + i * (size_t)n_states, f.time, (size_t)n_states * sizeof *f.time);
    if (i % 4096 == 0)
      status = fm__run_progress(run, (double)i / (double)n, err);
  }
  return status;
}
