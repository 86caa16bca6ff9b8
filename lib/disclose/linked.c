/* Audit and protection of figures that count the same people. */
#include <math.h>
#include <string.h>

#include "disclose/joint_priv.h"
#include "disclose/linked_priv.h"

/* Duals below this come from the little of every cell that breaks ties. */
#define IN_THE_WAY 0.02

fm_status fm_disclose_linked_audit(int64_t *low, int64_t *high, uint8_t *exact, const fm_disclose_figures *figures,
                                   const uint8_t *hidden, const fm_disclose_protect_spec *spec, fm_error *err)
{
  fm_disclose_protect_spec s;
  fm__joint j;
  fm_status status = fm__protect_spec(&s, spec, err);
  if (status == FM_OK)
    status = fm__joint_open(&j, figures, &s, hidden, err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < figures->n_figures && !j.failed; i++) {
    int64_t ends[2] = {j.value[i], j.value[i]};
    if (!fm__joint_is_shown(&j, i))
      for (int most = 0; most < 2; most++)
        ends[most] = fm__joint_extreme(&j, i, most != 0);
    fm__joint_seen(&j, i, &low[i], &high[i]);
    exact[i] = low[i] == ends[0] && high[i] == ends[1];
  }
  status = j.failed ? fm__no_memory(err) : FM_OK;
  fm__joint_close(&j);
  return status;
}

typedef struct guard {
  fm__joint j;
  const fm_disclose_protect_spec *spec;
  uint8_t *was; /* hidden when the call was made, or small */
} guard;

static bool is_small(const guard *g, size_t i)
{
  int64_t value = g->j.value[i] < 0 ? -g->j.value[i] : g->j.value[i];
  return value > 0 && value < g->spec->threshold;
}

/* Figures to protect: small ones that are hidden or secret. */
static bool is_sensitive(const guard *g, size_t i)
{
  uint8_t kind = fm__joint_kind(&g->j, i);
  return is_small(g, i) && (kind == FM_DISCLOSE_FIGURE || kind == FM_DISCLOSE_SECRET);
}

/* 0: protected; 1: the threshold is out of reach; 2: too few values. */
static int lacks(const guard *g, size_t i)
{
  int64_t low, high, values = g->spec->n_values > 0 ? g->spec->n_values : g->spec->threshold;
  fm__joint_seen(&g->j, i, &low, &high);
  if (g->spec->reaches_threshold != 0 && high < g->spec->threshold && low > -g->spec->threshold)
    return 1;
  return high - low + 1 < values ? 2 : 0;
}

/* Looks for tables that protect the figure, upwards (for a negative one downwards) first. */
static int search(guard *g, size_t i)
{
  bool up = g->j.value[i] > 0;
  if (lacks(g, i) != 0 && !fm__joint_spent(&g->j))
    (void)fm__joint_extreme(&g->j, i, up);
  if (lacks(g, i) != 0 && !fm__joint_spent(&g->j))
    (void)fm__joint_extreme(&g->j, i, !up);
  return lacks(g, i);
}

static double cost_of(const guard *g, size_t i)
{
  if (g->j.value[i] == 0) /* a hidden zero tells an outsider less: last */
    return 1e15;
  return g->spec->objective == FM_DISCLOSE_SUM ? (double)g->j.value[i] : 1 + 1e-13 * (double)g->j.value[i];
}

static bool may_hide(const guard *g, size_t i)
{
  return fm__joint_kind(&g->j, i) == FM_DISCLOSE_FIGURE && g->j.hidden[i] == 0 &&
         (g->j.value[i] != 0 || (g->spec->hides_zeros != 0 && g->spec->floor != 1));
}

/* The cheapest figure that the program's duals name; with `any` the cheapest of all. SIZE_MAX: none. */
static size_t in_the_way(const guard *g, bool any)
{
  size_t best = SIZE_MAX;
  for (size_t i = 0; i < g->j.figures->n_figures; i++)
    if (may_hide(g, i) && (any || fabs(fm__lp_dual(&g->j.lp, i)) > IN_THE_WAY) &&
        (best == SIZE_MAX || cost_of(g, i) < cost_of(g, best)))
      best = i;
  return best;
}

/* Hides one figure more for figure i; false when nothing is left to hide. */
static bool hide_one(guard *g, size_t i, int lack)
{
  size_t best = SIZE_MAX;
  bool up = g->j.value[i] > 0;
  if (!fm__joint_spent(&g->j)) {
    (void)fm__joint_extreme(&g->j, i, up);
    best = in_the_way(g, false);
    if (lack == 2) {
      (void)fm__joint_extreme(&g->j, i, !up);
      size_t other = in_the_way(g, false);
      best = best == SIZE_MAX || (other != SIZE_MAX && cost_of(g, other) < cost_of(g, best)) ? other : best;
    }
  }
  if (best == SIZE_MAX)
    best = in_the_way(g, true);
  if (best == SIZE_MAX)
    return false;
  g->j.hidden[best] = 1;
  fm__joint_bound(&g->j);
  return true;
}

static bool all_protected(guard *g)
{
  for (size_t i = 0; i < g->j.figures->n_figures; i++)
    if (is_sensitive(g, i) && search(g, i) != 0)
      return false;
  return !g->j.failed;
}

/* Many figures are protected by few tables: those are looked for first, as long as they help. */
static void explore(guard *g, uint8_t *open)
{
  size_t n = g->j.figures->n_figures, before = SIZE_MAX;
  for (uint32_t draw = 1;; draw++) {
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
      open[i] = is_sensitive(g, i) && lacks(g, i) != 0;
      left += open[i];
    }
    if (left < 2 || left >= before || fm__joint_spent(&g->j))
      return;
    before = left;
    fm__joint_explore(&g->j, open, draw);
  }
}

/* With all hidden that may be: can the figure be protected at all? */
static bool is_possible(guard *g, size_t i, uint8_t *hidden)
{
  size_t n = g->j.figures->n_figures;
  memcpy(hidden, g->j.hidden, n);
  for (size_t k = 0; k < n; k++)
    if (may_hide(g, k))
      g->j.hidden[k] = 1;
  fm__joint_bound(&g->j);
  bool possible = search(g, i) == 0;
  memcpy(g->j.hidden, hidden, n);
  fm__joint_bound(&g->j);
  return possible;
}

static bool protect(guard *g, uint8_t *scratch)
{
  explore(g, scratch);
  for (size_t i = 0; i < g->j.figures->n_figures; i++)
    for (bool first = true; is_sensitive(g, i); first = false) {
      int lack = search(g, i);
      if (lack == 0)
        break;
      if (g->j.failed || (first && !is_possible(g, i, scratch)) || !hide_one(g, i, lack))
        return false;
    }
  return all_protected(g);
}

/* Shows again what was not needed, the dearest first; among equals the last. */
static void show_again(guard *g, uint8_t *tried)
{
  size_t n = g->j.figures->n_figures;
  for (size_t i = 0; i < n; i++)
    tried[i] = g->was[i] != 0 || g->j.hidden[i] == 0;
  while (!fm__joint_spent(&g->j)) {
    size_t worst = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
      if (tried[i] == 0 && (worst == SIZE_MAX || cost_of(g, i) >= cost_of(g, worst)))
        worst = i;
    if (worst == SIZE_MAX)
      return;
    tried[worst] = 1;
    g->j.hidden[worst] = 0;
    fm__joint_bound(&g->j);
    if (!all_protected(g)) {
      g->j.hidden[worst] = 1;
      fm__joint_bound(&g->j);
    }
  }
}

static void hide_small(guard *g, const uint8_t *hidden)
{
  for (size_t i = 0; i < g->j.figures->n_figures; i++) {
    bool small = is_small(g, i) && fm__joint_kind(&g->j, i) == FM_DISCLOSE_FIGURE;
    g->j.hidden[i] = g->was[i] = hidden[i] != 0 || small;
  }
  fm__joint_bound(&g->j);
}

static void report(const guard *g, fm_disclose_protected *out, uint8_t *hidden)
{
  for (size_t i = 0; i < g->j.figures->n_figures; i++) {
    bool figure = fm__joint_kind(&g->j, i) == FM_DISCLOSE_FIGURE;
    out->n_small += figure && is_small(g, i);
    if (figure && out->safe == 0 && may_hide(g, i))
      g->j.hidden[i] = 1;
    if (figure && g->j.hidden[i] != 0 && g->was[i] == 0) {
      out->n_further++;
      out->sum_further += g->j.value[i];
      out->reached += g->spec->objective == FM_DISCLOSE_SUM && g->j.value[i] > 1 ? g->j.value[i] : 1;
    }
    hidden[i] = g->j.hidden[i];
  }
  out->optimal = out->safe != 0 && out->n_further == 0;
}

fm_status fm_disclose_linked_protect(fm_disclose_protected *out, uint8_t *hidden, const fm_disclose_figures *figures,
                                     const fm_disclose_protect_spec *spec, fm_error *err)
{
  fm_disclose_protect_spec s;
  if (out->struct_size < sizeof(size_t) || out->struct_size > sizeof *out)
    return fm__fail(err, FM_ERR_ARGUMENT, "out: expected struct_size of fm_disclose_protected");
  fm_disclose_protected found = {.struct_size = out->struct_size};
  guard g = {.spec = &s};
  fm_status status = fm__protect_spec(&s, spec, err);
  if (status == FM_OK)
    status = fm__joint_open(&g.j, figures, &s, hidden, err);
  if (status != FM_OK)
    return status;
  uint8_t *tried = fm__array(figures->n_figures, 1);
  g.was = fm__array(figures->n_figures, 1);
  if (tried != NULL && g.was != NULL) {
    hide_small(&g, hidden);
    found.safe = protect(&g, tried);
    if (found.safe != 0)
      show_again(&g, tried);
  }
  if (tried == NULL || g.was == NULL || g.j.failed) {
    status = fm__no_memory(err);
  } else {
    report(&g, &found, hidden);
    memcpy(out, &found, out->struct_size);
  }
  fm__free(tried);
  fm__free(g.was);
  fm__joint_close(&g.j);
  return status;
}
