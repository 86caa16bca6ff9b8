/* The share of each group not yet censored: the Kaplan-Meier estimate in which censoring is what happens. */
#include "num/num_priv.h"
#include "retention/fine_gray/fine_gray_priv.h"

void fm__censoring_free(fm__censoring *k)
{
  fm__free(k->first);
  fm__free(k->time);
  fm__free(k->left);
  fm__free(k->at_risk);
  fm__free(k->censored);
  *k = (fm__censoring){.first = NULL};
}

static size_t count_steps(const fm__item *items, const fm__censored_row *rows, size_t n)
{
  size_t steps = 0;
  for (size_t i = 0, end; i < n; i = end) {
    bool any = false;
    for (end = i; end < n && items[end].key == items[i].key; end++)
      any |= rows[items[end].value].censored;
    steps += any;
  }
  return steps;
}

static bool reserve(fm__censoring *k, size_t n_groups, size_t steps)
{
  k->first = fm__array(n_groups + 1, sizeof *k->first);
  k->time = fm__array(steps, sizeof *k->time);
  k->left = fm__array(steps, sizeof *k->left);
  k->at_risk = fm__array(steps, sizeof *k->at_risk);
  k->censored = fm__array(steps, sizeof *k->censored);
  return k->first != NULL && k->time != NULL && k->left != NULL && k->at_risk != NULL && k->censored != NULL;
}

/* From the last time back; `left` becomes the factor of each step. */
static void fill_steps(fm__censoring *k, size_t n_groups, const fm__item *items, const fm__censored_row *rows, size_t n,
                       size_t steps)
{
  size_t group = n_groups, at = steps;
  double rest = 0;
  k->first[n_groups] = steps;
  for (size_t end = n, start; end > 0; end = start) {
    uint64_t key = items[end - 1].key;
    double gone = 0;
    bool any = false;
    for (; group > key >> 32; rest = 0)
      k->first[--group] = at;
    for (start = end; start > 0 && items[start - 1].key == key; start--) {
      const fm__censored_row *row = &rows[items[start - 1].value];
      any |= row->censored;
      *(row->censored ? &gone : &rest) += row->weight;
    }
    if (any) {
      k->first[group] = --at;
      k->time[at] = (int32_t)(uint32_t)key;
      k->left[at] = rest / (rest + gone);
      k->at_risk[at] = rest + gone;
      k->censored[at] = gone;
    }
    rest += gone;
  }
  while (group > 0)
    k->first[--group] = at;
}

fm_status fm__censoring_create(fm__censoring *k, size_t n_groups, const fm__item *items, const fm__censored_row *rows,
                               size_t n, fm_error *err)
{
  size_t steps = count_steps(items, rows, n);
  *k = (fm__censoring){.first = NULL};
  if (!reserve(k, n_groups, steps)) {
    fm__censoring_free(k);
    return fm__no_memory(err);
  }
  fill_steps(k, n_groups, items, rows, n, steps);
  for (size_t g = 0; g < n_groups; g++)
    for (size_t i = k->first[g] + 1; i < k->first[g + 1]; i++)
      k->left[i] *= k->left[i - 1];
  return FM_OK;
}

/* The first step of a group at or after `time`, or after it. */
static size_t search(const fm__censoring *k, size_t group, int64_t time)
{
  size_t low = k->first[group], high = k->first[group + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (k->time[middle] < time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

size_t fm__censoring_after(const fm__censoring *k, size_t group, int32_t time)
{
  return search(k, group, (int64_t)time + 1);
}

double fm__censoring_left(const fm__censoring *k, size_t group, int32_t time)
{
  size_t step = search(k, group, time);
  return step > k->first[group] ? k->left[step - 1] : 1;
}
