/* Ranks of units whose rates are known up to a distribution: no draws, so the same bits on every machine.
 *
 * Given its rate, unit i has the rank 1 + the number of others that are better, which is Poisson binomial; that is
 * integrated over i's distribution by Gauss and Legendre's rule on panels that all units share. Densities are of
 * t = log(rate), for shares of t = log(rate / (1 - rate)), where they are smooth and their derivatives known. A panel
 * is no wider than every density in it is smooth, and short enough for the number of better units to change little
 * beside its deviation. Chances of higher rates are integrals of the same densities at the nodes: by the identity w(j)
 * q(j, l) + w(l) q(l, j) = w(j) w(l) of the rule, the chances that i is better than k and k than i add up to 1. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "target/compare_priv.h"

enum { NODES = 8, HALF = NODES / 2, LANES = 4 };
/* Abramowitz and Stegun 25.4.30, table 25.4. */
static const double abscissas[HALF] = {0.183434642495650, 0.525532409916329, 0.796666477413627, 0.960289856497536};
static const double abscissa_weights[HALF] = {0.362683783378362, 0.313706645877887, 0.222381034453374,
                                              0.101228536290376};
#define EDGE (-34) /* log density beyond which there is nothing, from that at the mode: 2e-15 */
#define WIDTH 2.0  /* of panels, in units of what densities change in */
#define STEP 3.0   /* ... and in deviations of the number of better units */
#define SURE 1e-13 /* chances nearer to 0 or 1 than this are 0 or 1 */
#define NOTHING 1e-18

/* log(rate) and log of what is not the rate, as the log density a u + b v needs them. */
typedef struct place {
  double t, u, v;
} place;

typedef struct density {
  double a, b, peak; /* peak: a u + b v at the mode */
  double total;      /* integral of exp(a u + b v - peak) by the rule */
  place from, to;    /* where the density begins and ends */
} density;

typedef struct panel {
  double from, to;
} panel;

typedef struct ranking {
  const fm__posterior *units;
  size_t n, against;
  bool fewer_is_better;
  density *densities;
  double node[NODES], weight[NODES], part[NODES][NODES]; /* part[j][l]: of node l in the integral up to node j */
  panel *panels;
  size_t n_panels, room;
  double *chance;        /* of each rank, n a unit */
  double *above;         /* chance of a rate above where the panel begins */
  double *mass;          /* NODES a unit: what the density has at the node */
  double *higher;        /* NODES a unit: chance of a higher rate at the node */
  double *better;        /* at one node */
  double *counts, *next; /* chance that 0, 1 ... of those not sure are better */
  size_t low, high;      /* of counts that are something */
} ranking;

/* ---- the rule ---- */

/* P0 to P(NODES) of Legendre at x. */
static void legendre(double *p, double x)
{
  p[0] = 1;
  p[1] = x;
  for (int k = 2; k <= NODES; k++)
    p[k] = ((2 * k - 1) * x * p[k - 1] - (k - 1) * p[k - 2]) / k;
}

/* The nodes' polynomials are sums of Legendre's, whose integrals from -1 are differences of two of them. */
static void make_rule(ranking *r)
{
  double p[NODES][NODES + 1];
  for (int k = 0; k < HALF; k++) {
    r->node[HALF + k] = abscissas[k];
    r->node[HALF - 1 - k] = -abscissas[k];
    r->weight[HALF + k] = r->weight[HALF - 1 - k] = abscissa_weights[k];
  }
  for (int j = 0; j < NODES; j++)
    legendre(p[j], r->node[j]);
  for (int j = 0; j < NODES; j++)
    for (int l = 0; l < NODES; l++) {
      double sum = (1 + r->node[j]) / 2;
      for (int k = 1; k < NODES; k++)
        sum += p[l][k] * (p[j][k + 1] - p[j][k - 1]) / 2;
      r->part[j][l] = r->weight[l] * sum;
    }
}

/* ---- densities ---- */

static place place_of(const ranking *r, double t)
{
  if (r->units[0].kind == FM_TARGET_RATE)
    return (place){t, t, -fm__exp(t)};
  double small = fm__log1p(fm__exp(-fabs(t)));
  return (place){t, t < 0 ? t - small : -small, t < 0 ? -small : -t - small};
}

static double log_density(const density *d, const place *p)
{
  return d->a * p->u + d->b * p->v - d->peak;
}

/* How wide a panel at p may be for this density: by its slope and its bend. */
static double smooth_width(const ranking *r, const density *d, const place *p)
{
  double slope, bend;
  if (r->units[0].kind == FM_TARGET_RATE) {
    bend = -d->b * p->v;
    slope = d->a - bend;
  } else {
    double rate = fm__exp(p->u), rest = fm__exp(p->v);
    bend = (d->a + d->b) * rate * rest;
    slope = d->a * rest - d->b * rate;
  }
  return WIDTH / sqrt(bend + slope * slope / 16);
}

/* Where the density ends on one side of its mode (step below 0: on the left). */
static place end_of(const ranking *r, const density *d, double mode, double step)
{
  double near = 0, far = step;
  place p = place_of(r, mode + far);
  for (; log_density(d, &p) > EDGE; p = place_of(r, mode + far)) {
    near = far;
    far *= 2;
  }
  for (int i = 0; i < 6; i++) {
    double middle = (near + far) / 2;
    p = place_of(r, mode + middle);
    if (log_density(d, &p) > EDGE)
      near = middle;
    else
      far = middle;
  }
  return place_of(r, mode + far);
}

static void make_density(const ranking *r, density *d, const fm__posterior *u)
{
  double mode = fm__log(u->a / u->b), bend = u->kind == FM_TARGET_RATE ? u->a : u->a * u->b / (u->a + u->b);
  place p = place_of(r, mode);
  *d = (density){.a = u->a, .b = u->b};
  d->peak = log_density(d, &p);
  d->from = end_of(r, d, mode, -1 / sqrt(bend));
  d->to = end_of(r, d, mode, 1 / sqrt(bend));
}

/* ---- panels ---- */

static bool is_in(const density *d, double from, double to)
{
  return d->from.t < to && d->to.t > from;
}

/* The widest panel that all densities between two places allow. */
static double allowed(const ranking *r, const place *from, const place *to)
{
  double least = INFINITY;
  for (size_t i = 0; i < r->n; i++) {
    const density *d = &r->densities[i];
    if (!is_in(d, from->t, to->t))
      continue;
    least = fmin(least, smooth_width(r, d, d->from.t > from->t ? &d->from : from));
    least = fmin(least, smooth_width(r, d, d->to.t < to->t ? &d->to : to));
  }
  return least;
}

static fm_status add_panel(ranking *r, double from, double to, fm_error *err)
{
  if (r->n_panels == r->room) {
    size_t room = r->room * 2 + 64;
    panel *more = fm__resize(r->panels, room, sizeof *more);
    if (more == NULL)
      return fm__no_memory(err);
    r->panels = more;
    r->room = room;
  }
  r->panels[r->n_panels++] = (panel){from, to};
  return FM_OK;
}

/* From the first density to the last, over gaps between them. */
static fm_status make_panels(ranking *r, fm_error *err)
{
  double t = INFINITY, last = -INFINITY, width = INFINITY;
  for (size_t i = 0; i < r->n; i++) {
    t = fmin(t, r->densities[i].from.t);
    last = fmax(last, r->densities[i].to.t);
  }
  while (t < last) {
    bool covered = false;
    double begins = last;
    for (size_t i = 0; i < r->n && !covered; i++) {
      covered = r->densities[i].from.t <= t && r->densities[i].to.t > t;
      begins = r->densities[i].from.t > t ? fmin(begins, r->densities[i].from.t) : begins;
    }
    t = covered ? t : begins;
    if (t >= last)
      break;
    width = fmin(2 * width, last - t);
    place from = place_of(r, t), to = place_of(r, t + width);
    for (double most = allowed(r, &from, &to); width > most; most = allowed(r, &from, &to)) {
      width = fmax(most, width / 2);
      to = place_of(r, t + width);
    }
    fm_status status = add_panel(r, t, to.t, err);
    if (status != FM_OK)
      return status;
    t = to.t;
  }
  return FM_OK;
}

/* What each density has at the nodes of a panel; of its total once that is known. */
static void weigh(ranking *r, const panel *p)
{
  place at[NODES];
  double half = (p->to - p->from) / 2;
  for (int j = 0; j < NODES; j++)
    at[j] = place_of(r, p->from + half * (1 + r->node[j]));
  for (size_t i = 0; i < r->n; i++) {
    const density *d = &r->densities[i];
    double *mass = r->mass + i * NODES, scale = d->total > 0 ? half / d->total : half;
    bool in = is_in(d, p->from, p->to);
    for (int j = 0; j < NODES; j++)
      mass[j] = in ? scale * fm__exp(log_density(d, &at[j])) : 0;
  }
}

static double sum_of(const ranking *r, const double *mass)
{
  double sum = 0;
  for (int j = 0; j < NODES; j++)
    sum += r->weight[j] * mass[j];
  return sum;
}

static void find_totals(ranking *r, double *total)
{
  memset(total, 0, r->n * sizeof *total);
  for (size_t i = 0; i < r->n; i++)
    r->densities[i].total = 0;
  for (size_t k = 0; k < r->n_panels; k++) {
    weigh(r, &r->panels[k]);
    for (size_t i = 0; i < r->n; i++)
      total[i] += sum_of(r, r->mass + i * NODES);
  }
  for (size_t i = 0; i < r->n; i++)
    r->densities[i].total = total[i];
}

/* Cuts panels in which the number of better units changes by more than some deviations. */
static fm_status cut_panels(ranking *r, fm_error *err)
{
  panel *wide = r->panels;
  size_t n = r->n_panels;
  fm_status status = FM_OK;
  r->panels = NULL;
  r->n_panels = r->room = 0;
  for (size_t i = 0; i < r->n; i++)
    r->above[i] = 1;
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    double passed = 0, variance = 0, from = wide[k].from, width = wide[k].to - from;
    weigh(r, &wide[k]);
    for (size_t i = 0; i < r->n; i++) {
      double mass = sum_of(r, r->mass + i * NODES), rest = r->above[i] - mass;
      passed += mass;
      variance += (r->above[i] * (1 - r->above[i]) + rest * (1 - rest)) / 2;
      r->above[i] = rest;
    }
    double pieces = fmax(1, ceil(passed / (STEP * sqrt(fmax(variance, 0) + 0.25))));
    for (double piece = 0; piece < pieces && status == FM_OK; piece++)
      status = add_panel(r, from + width * (piece / pieces), from + width * ((piece + 1) / pieces), err);
  }
  fm__free(wide);
  return status;
}

/* ---- one node ---- */

/* Chances of how many are better, each with its own chance; returns how many are for sure. */
static size_t count_better(ranking *r)
{
  size_t sure = 0;
  r->low = r->high = 0;
  r->counts[0] = 1;
  for (size_t i = 0; i < r->n; i++) {
    double p = r->better[i];
    sure += p == 1;
    if (p == 0 || p == 1)
      continue;
    double *restrict out = r->next, q = 1 - p;
    const double *restrict in = r->counts;
    size_t low = r->low, high = ++r->high;
    out[low] = in[low] * q;
    out[high] = in[high - 1] * p;
    for (size_t k = low + 1; k < high; k++)
      out[k] = in[k] * q + in[k - 1] * p;
    for (; out[r->low] < NOTHING && r->low < r->high; r->low++)
      ;
    for (; out[r->high] < NOTHING && r->high > r->low; r->high--)
      ;
    r->next = r->counts;
    r->counts = out;
  }
  return sure;
}

/* Takes each of some units out of the count again and adds what is left to its chances: a recursion from the end where
 * errors shrink. Four at once, since each waits for its own last step. */
static void add_lanes(const ranking *r, double *const *chance, const double *p, const double *weight, bool up)
{
  double last[LANES] = {0}, scale[LANES], ratio[LANES];
  for (int l = 0; l < LANES; l++) {
    double q = up ? 1 - p[l] : p[l];
    scale[l] = 1 / q;
    ratio[l] = (1 - q) / q;
  }
  size_t n = r->high - r->low + 1;
  for (size_t s = 0; s < n; s++) {
    size_t k = up ? r->low + s : r->high - s;
    for (int l = 0; l < LANES; l++) {
      last[l] = r->counts[k] * scale[l] - ratio[l] * last[l];
      chance[l][k] += weight[l] * last[l];
    }
  }
}

typedef struct lanes {
  double *chance[LANES], p[LANES], weight[LANES];
  int n;
} lanes;

/* Lanes without a unit go where the first one goes, with weight 0. */
static void flush(const ranking *r, lanes *x, bool up)
{
  if (x->n == 0)
    return;
  for (int l = x->n; l < LANES; l++) {
    x->chance[l] = x->chance[0];
    x->p[l] = x->p[0];
    x->weight[l] = 0;
  }
  add_lanes(r, x->chance, x->p, x->weight, up);
  x->n = 0;
}

static void add_node(ranking *r, fm__unit_rank *out, int j)
{
  lanes up = {.n = 0}, down = {.n = 0};
  double all = 0;
  for (size_t i = 0; i < r->n; i++) {
    double p = r->higher[i * NODES + (size_t)j];
    p = r->fewer_is_better ? 1 - p : p;
    all += p;
    r->better[i] = p < SURE ? 0 : p > 1 - SURE ? 1 : p;
  }
  size_t sure = count_better(r);
  for (size_t i = 0; i < r->n; i++) {
    double weight = r->weight[j] * r->mass[i * NODES + (size_t)j], p = r->better[i];
    double mine = r->higher[i * NODES + (size_t)j];
    if (weight == 0)
      continue;
    out[i].mean += weight * (1 + all - (r->fewer_is_better ? 1 - mine : mine));
    if (r->against != SIZE_MAX) {
      double other = r->higher[r->against * NODES + (size_t)j];
      out[i].beats += weight * (r->fewer_is_better ? other : 1 - other);
    }
    double *chance = r->chance + i * (r->n + 1) + 1 + sure;
    if (p == 0 || p == 1) {
      chance -= p == 1 ? 1 : 0;
      for (size_t k = r->low; k <= r->high; k++)
        chance[k] += weight * r->counts[k];
      continue;
    }
    lanes *x = p <= 0.5 ? &up : &down;
    x->chance[x->n] = chance - (p <= 0.5 ? 0 : 1);
    x->p[x->n] = p;
    x->weight[x->n++] = weight;
    if (x->n == LANES)
      flush(r, x, p <= 0.5);
  }
  flush(r, &up, true);
  flush(r, &down, false);
}

static void take_panel(ranking *r, fm__unit_rank *out, const panel *p)
{
  weigh(r, p);
  for (size_t i = 0; i < r->n; i++) {
    const double *mass = r->mass + i * NODES;
    for (int j = 0; j < NODES; j++) {
      double below = 0;
      for (int l = 0; l < NODES; l++)
        below += r->part[j][l] * mass[l];
      r->higher[i * NODES + (size_t)j] = fmin(fmax(r->above[i] - below, 0), 1);
    }
    r->above[i] -= sum_of(r, mass);
  }
  for (int j = 0; j < NODES; j++)
    add_node(r, out, j);
}

/* ---- figures of the chances ---- */

static void summarise(fm__unit_rank *out, const double *chance, size_t n, double level)
{
  double tail = (1 - level) / 2, sum = 0;
  out->low = out->high = 0;
  for (size_t k = 0; k < n; k++) {
    sum += fmax(0, chance[k]);
    out->upper_half += k < n / 2 ? fmax(0, chance[k]) : 0;
    if (out->low == 0 && sum >= tail)
      out->low = (double)(k + 1);
    if (out->high == 0 && (sum >= 1 - tail || k + 1 == n))
      out->high = (double)(k + 1);
  }
}

static void close_ranking(ranking *r)
{
  fm__free(r->densities);
  fm__free(r->panels);
  fm__free(r->chance);
  fm__free(r->above);
  fm__free(r->mass);
}

/* A row of chances has a place before its first rank, for what a recursion has left at its end. */
static fm_status open_ranking(ranking *r, fm_error *err)
{
  size_t n = r->n;
  make_rule(r);
  r->densities = fm__array(n, sizeof *r->densities);
  r->chance = fm__array(n * (n + 1) + n + 2, sizeof *r->chance);
  r->above = fm__array(n + 2, 4 * sizeof *r->above);
  r->mass = fm__array(n, 2 * NODES * sizeof *r->mass);
  if (r->densities == NULL || r->chance == NULL || r->above == NULL || r->mass == NULL)
    return fm__no_memory(err);
  r->better = r->above + n + 2;
  r->counts = r->better + n + 2;
  r->next = r->counts + n + 2;
  r->higher = r->mass + n * NODES;
  for (size_t i = 0; i < n; i++)
    make_density(r, &r->densities[i], &r->units[i]);
  fm_status status = make_panels(r, err);
  if (status == FM_OK) {
    find_totals(r, r->better);
    status = cut_panels(r, err);
  }
  if (status == FM_OK)
    find_totals(r, r->better);
  for (size_t i = 0; i < n; i++)
    r->above[i] = 1;
  return status;
}

fm_status fm__rank_units(fm__unit_rank *out, const fm__posterior *units, size_t n, bool fewer_is_better, size_t against,
                         double level, const fm_run *run, fm_error *err)
{
  ranking r = {.units = units, .n = n, .against = against, .fewer_is_better = fewer_is_better};
  fm_status status = open_ranking(&r, err);
  memset(out, 0, n * sizeof *out);
  for (size_t k = 0; k < r.n_panels && status == FM_OK; k++) {
    take_panel(&r, out, &r.panels[k]);
    status = fm__run_progress(run, (double)k / (double)r.n_panels, err);
  }
  for (size_t i = 0; i < n && status == FM_OK; i++)
    summarise(&out[i], r.chance + i * (n + 1) + 1, n, level);
  close_ranking(&r);
  return status;
}
