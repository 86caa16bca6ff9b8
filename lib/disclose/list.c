/* A list of parts of a published total: what the hidden parts can fall together must reach a sum. */
#include <math.h>
#include <string.h>

#include "disclose/cover_priv.h"
#include "disclose/list_priv.h"

enum { MOST_STEPS = 100000000 };

static bool is_better(double cost, double people, double than_cost, double than_people)
{
  return cost < than_cost || (cost == than_cost && people < than_people);
}

/* The cheapest free cell (a zero, if asked): fewest people among equals, then the first. */
static size_t cheapest(const fm__cover *c, bool zero)
{
  size_t best = SIZE_MAX;
  for (size_t i = 0; i < c->net.n; i++)
    if (c->net.kind[i] == FM__FREE && c->best[i] == 0 && (!zero || c->counts[i] == 0) &&
        (best == SIZE_MAX || is_better(c->cost[i], (double)c->counts[i], c->cost[best], (double)c->counts[best])))
      best = i;
  return best;
}

/* What is still missing when c->best is hidden. */
static double missing(const fm__cover *c)
{
  double need = 0, has = 0;
  for (size_t k = 0; k < c->net.n_small; k++) {
    double whole = c->net.reach[k] + c->net.fall[c->net.small[k]];
    need = whole > need ? whole : need;
  }
  for (size_t i = 0; i < c->net.n; i++)
    has += c->best[i] != 0 && c->net.kind[i] != FM__SHOWN ? c->net.fall[i] : 0;
  return need - has;
}

typedef struct step {
  double cost, people;
} step;

/* The cheapest cells that together fall by `need`, each step of the way kept in `taken` (n x (need + 1)). */
static fm_status choose(fm__cover *c, size_t need, fm_error *err)
{
  step *best = fm__array(need + 1, sizeof *best);
  uint8_t *taken = fm__array(c->net.n * (need + 1), 1);
  if (best == NULL || taken == NULL) {
    fm__free(best);
    fm__free(taken);
    return fm__no_memory(err);
  }
  for (size_t r = 1; r <= need; r++)
    best[r].cost = INFINITY;
  for (size_t i = 0; i < c->net.n; i++) {
    if (c->net.kind[i] != FM__FREE || c->best[i] != 0)
      continue;
    size_t fall = c->net.fall[i] < (double)need ? (size_t)c->net.fall[i] : need;
    for (size_t r = need; r > 0 && fall > 0; r--) {
      step from = best[r > fall ? r - fall : 0];
      step next = {from.cost + c->cost[i], from.people + (double)c->counts[i]};
      if (is_better(next.cost, next.people, best[r].cost, best[r].people)) {
        best[r] = next;
        taken[i * (need + 1) + r] = 1;
      }
    }
  }
  for (size_t i = c->net.n, r = need; i-- > 0 && r > 0;)
    if (taken[i * (need + 1) + r] != 0) {
      c->best[i] = 1;
      r = c->net.fall[i] < (double)r ? r - (size_t)c->net.fall[i] : 0;
    }
  fm__free(best);
  fm__free(taken);
  return FM_OK;
}

/* Too long for the steps of choose(): the cells that fall most for their cost; proved is what parts of cells would
 * cost.
 */
static double choose_quickly(fm__cover *c, double need)
{
  double bound = 0;
  while (need > 0) {
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < c->net.n; i++)
      if (c->net.kind[i] == FM__FREE && c->best[i] == 0 && c->net.fall[i] > 0 &&
          (best == SIZE_MAX || c->net.fall[i] * c->cost[best] > c->net.fall[best] * c->cost[i]))
        best = i;
    if (best == SIZE_MAX)
      break;
    double fall = c->net.fall[best];
    bound += fall < need ? c->cost[best] : c->cost[best] * (need / fall);
    c->best[best] = 1;
    need -= fall;
  }
  return ceil(bound * (1 - 1e-9));
}

static double cost_of(const fm__cover *c)
{
  double cost = 0;
  for (size_t i = 0; i < c->net.n; i++)
    cost += c->best[i] != 0 && c->net.kind[i] == FM__FREE ? c->cost[i] : 0;
  return cost;
}

bool fm__list_can_hold(fm__cover *c)
{
  size_t n = 0;
  bool zero = !c->needs_zero;
  for (size_t i = 0; i < c->net.n; i++) {
    c->best[i] = c->net.kind[i] != FM__SHOWN;
    zero = zero || (c->net.kind[i] == FM__FREE && c->counts[i] == 0);
    n += c->best[i];
  }
  return zero && missing(c) <= 0 && n > 1;
}

fm_status fm__list_search(fm__cover *c, fm_error *err)
{
  size_t n_hidden = 0;
  for (size_t i = 0; i < c->net.n; i++) {
    c->best[i] = c->net.kind[i] == FM__HIDDEN;
    n_hidden += c->best[i];
  }
  size_t zero = c->needs_zero ? cheapest(c, true) : SIZE_MAX;
  if (zero != SIZE_MAX) {
    c->best[zero] = 1;
    n_hidden++;
  }
  double need = missing(c), proved = NAN;
  if (need <= 0 && n_hidden == 1) {
    c->best[cheapest(c, false)] = 1;
  } else if (need > 0 && (need + 1) * (double)c->net.n < MOST_STEPS) {
    fm_status status = choose(c, (size_t)need, err);
    if (status != FM_OK)
      return status;
  } else if (need > 0) {
    proved = choose_quickly(c, need);
  }
  c->best_cost = cost_of(c);
  c->bound = isnan(proved) ? c->best_cost : proved;
  return FM_OK;
}
