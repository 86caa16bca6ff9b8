/* Periods beside their sum: what is hidden in one of them is the sum less the others.
 *
 * Where a period of a result is hidden, the sums over periods are, too; where figures run up from year to year
 * ("cumulated"), whose steps would tell the same, the periods are instead, all of them. Groups and other keys are not
 * told apart: sums over groups are published as well. */
#include <string.h>

#include "catalogue/protect_priv.h"

enum { HAS_PERIOD = 1, HAS_SUM = 2, HIDES = 4, RUNS_UP = 8 };

static uint8_t of_row(const fm__guard *g, int64_t start, size_t row)
{
  bool period = !fm_table_is_null(g->t, (size_t)start, row);
  return (uint8_t)(!period ? HAS_SUM : g->hidden[row] != 0 ? HAS_PERIOD | HIDES : HAS_PERIOD);
}

/* What the rows of each id have. */
static void gather(uint8_t *out, const fm__guard *g, const uint32_t *ids, int64_t start)
{
  for (size_t i = 0; i < g->n; i++) {
    out[ids[i]] |= of_row(g, start, i);
    if (strcmp(g->quantity[i], "cumulated") == 0)
      out[ids[i]] |= RUNS_UP;
  }
}

fm_status fm__guard_periods(fm__guard *g, fm_error *err)
{
  int64_t start = fm_table_column_index(g->t, "period_start");
  if (start < 0 || g->n == 0)
    return FM_OK;
  uint32_t *set = fm__array(g->n, sizeof *set), *one = fm__array(g->n, sizeof *one);
  uint8_t *sets = fm__array(g->n, sizeof *sets), *ones = fm__array(g->n, sizeof *ones);
  bool made = set != NULL && one != NULL && sets != NULL && ones != NULL;
  fm_status status = made ? FM_OK : fm__no_memory(err);
  if (made) {
    memcpy(one, g->set, g->n * sizeof *one);
    memcpy(set, g->set, g->n * sizeof *set);
    status = fm__guard_pair(set, g->set, g->n, NULL, err); /* numbered from 0 */
  }
  if (status == FM_OK)
    status = fm__guard_pair(one, g->name, g->n, NULL, err);
  if (status == FM_OK) {
    gather(sets, g, set, start);
    gather(ones, g, one, start);
  }
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    bool both = (ones[one[i]] & (HAS_PERIOD | HAS_SUM)) == (HAS_PERIOD | HAS_SUM);
    bool period = !fm_table_is_null(g->t, (size_t)start, i), runs_up = (sets[set[i]] & RUNS_UP) != 0;
    if ((sets[set[i]] & HIDES) == 0 || g->rule[i]->role == FM__ROLE_NONE)
      continue;
    if (runs_up ? period : both && !period)
      g->hidden[i] = 1;
  }
  fm__free(set);
  fm__free(one);
  fm__free(sets);
  fm__free(ones);
  return status;
}
