/* What each piece of a row counts, and who is independent of whom. */
#include "retention/discrete/discrete_priv.h"

void fm__units_free(fm__units *u)
{
  fm__free(u->weight);
  fm__free(u->times);
  fm__free(u->of);
  fm__free(u->square);
  fm__free(u->inner);
  *u = (fm__units){.n = 0};
}

static fm_status fill(fm__units *u, const fm__discrete_state *s, fm_error *err)
{
  const fm__cox_group *g = u->g;
  bool frequencies = s->spec.weights == 2;
  size_t last = 0;
  for (size_t i = 0; i < g->n; i++) {
    u->weight[i] = frequencies ? 1 : g->weight[i];
    u->times[i] = (double)g->count[i] * (frequencies ? g->weight[i] : 1);
    if (g->time[i] > FM__DISCRETE_MOST_PERIODS)
      return fm__fail(err, FM_ERR_LIMIT, "a time of %d periods: expected up to %d, or a greater length of periods",
                      (int)g->time[i], (int)FM__DISCRETE_MOST_PERIODS);
    u->n_periods = g->time[i] > u->n_periods ? g->time[i] : u->n_periods;
    if (g->rows.cluster != NULL) {
      u->of[i] = (uint32_t)g->cluster[i];
      u->inner[i] = u->times[i];
      u->square[u->of[i]] = 1;
      continue;
    }
    u->n += i == 0 || g->row[i] != last;
    last = g->row[i];
    u->of[i] = (uint32_t)(u->n - 1);
    u->inner[i] = 1;
    u->square[u->of[i]] = u->times[i];
  }
  if (g->rows.cluster != NULL)
    u->n = g->rows.n_clusters;
  return FM_OK;
}

fm_status fm__units_create(fm__units *u, const fm__discrete_state *s, const fm__cox_group *g, fm_error *err)
{
  *u = (fm__units){.g = g};
  u->robust = s->spec.robust != 0 ? s->spec.robust == 1
                                  : g->rows.cluster != NULL || (s->rows.weight != 0 && s->spec.weights == 1);
  u->weight = fm__array(g->n, sizeof *u->weight);
  u->times = fm__array(g->n, sizeof *u->times);
  u->of = fm__array(g->n, sizeof *u->of);
  u->square = fm__array(g->n, sizeof *u->square); /* as many units as pieces at most */
  u->inner = fm__array(g->n, sizeof *u->inner);
  bool made = u->weight != NULL && u->times != NULL && u->of != NULL && u->square != NULL && u->inner != NULL;
  fm_status status = made ? fill(u, s, err) : fm__no_memory(err);
  if (status != FM_OK)
    fm__units_free(u);
  return status;
}
