/* Bottom p of a weighted distribution by bracket selection (a weighted Floyd-Rivest): a sample gives a narrow bracket
 * around the cut, one pass sums what lies below it and copies what lies inside, and the copy is treated the same way.
 *
 * The cut is the smallest value whose cumulated weight C reaches p W. |C - p W| <= 1e-12 W counts as reaching it: 0.4
 * as a double times W is seldom exactly the weight that was meant. All comparisons use correctly rounded exact sums, so
 * the sample decides how much work is done and never what comes out: no result depends on the order of the rows.
 *
 * bottom_total = below_total + (cut_share * cut_weight) * cut, in this order, where below_total is the exact sum of the
 * rounded products below the cut and cut_weight the exact weight of the rows at the cut, each rounded once. */
#include "num/bottom_priv.h"

#include <math.h>

#define HIT 1e-12

enum {
  FEW = 1024,      /* rows that are sorted at once */
  SMALL = 1 << 18, /* rows in the cache: a pass costs little beside the sort of a sample */
  CHUNK = 1 << 17, /* rows of a task */
  MANY_TIES = 16,  /* more than 1 in 16 of the sample equal to the low end: worth a mask of their own */
  LEVELS = 6,      /* brackets inside brackets before sorting takes over */
};
/* Half width of the bracket in standard errors of the sample's share: a miss costs a sort, about once in 10^7. */
#define ERRORS 5.5
#define FEWER_ERRORS 4 /* of few rows: a miss, about once in 10^4, costs less */

typedef struct search {
  double p, weight, target, slack; /* slack: what counts as a hit */
  fm__sum below_weight, below_total;
} search;

static void set_target(search *s, double weight)
{
  s->weight = weight;
  s->target = s->p * weight;
  s->slack = HIT * weight;
}

static bool reached(const search *s, double cumulated)
{
  return cumulated > 0 && cumulated >= s->target - s->slack;
}

static double value_of_both(const fm__sum *a, const fm__sum *b)
{
  fm__sum both = *a;
  fm__sum_merge(&both, b);
  return fm__sum_value(&both);
}

static void finish(fm__bottom *out, const search *s, double cut, const fm__sum *group)
{
  double through = value_of_both(&s->below_weight, group);
  out->cut = cut + 0.0; /* -0 becomes +0 */
  out->below_weight = fm__sum_value(&s->below_weight);
  out->below_total = fm__sum_value(&s->below_total);
  out->cut_weight = fm__sum_value(group);
  double share = (s->target - out->below_weight) / out->cut_weight;
  if (share < 0)
    share = 0;
  if (share > 1 || fabs(through - s->target) <= s->slack)
    share = 1;
  out->cut_share = share;
  out->bottom_total = out->below_total + share * out->cut_weight * out->cut;
}

static void add_rows(fm__sum *weight, fm__sum *total, double x, const fm__pair *rows, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    fm__sum_add(weight, rows[i].value);
    fm__sum_add(total, rows[i].value * x);
  }
}

static void group_merge(fm__group *g, const fm__group *other)
{
  fm__sum_merge(&g->weight, &other->weight);
  fm__sum_merge(&g->total, &other->total);
}

static void pass_group(search *s, const fm__group *g)
{
  fm__sum_merge(&s->below_weight, &g->weight);
  fm__sum_merge(&s->below_total, &g->total);
}

/* Walks sorted rows from the value after s->below; false when the cut is not among them. `near` is the cumulated weight
 * in plain doubles: wrong by far less than `far`, it saves rounding the exact sum at groups that cannot be the cut. */
static bool walk(fm__bottom *out, search *s, const fm__pair *pairs, size_t n)
{
  double near = fm__sum_value(&s->below_weight), far = s->slack + s->weight * ((double)n * 0x1p-50);
  for (size_t i = 0, end; i < n; i = end) {
    double x = fm__order_value(pairs[i].key);
    for (end = i; end < n && pairs[end].key == pairs[i].key; end++)
      near += pairs[end].value;
    if (near < s->target - far) {
      add_rows(&s->below_weight, &s->below_total, x, pairs + i, end - i);
      continue;
    }
    fm__group g = {0};
    add_rows(&g.weight, &g.total, x, pairs + i, end - i);
    if (reached(s, value_of_both(&s->below_weight, &g.weight))) {
      finish(out, s, x, &g.weight);
      return true;
    }
    pass_group(s, &g);
  }
  return false;
}

/* Sorts the rows and looks for the cut among them. */
static fm_status sort_and_walk(fm__bottom *out, search *s, const double *x, const double *w, size_t n, bool *found,
                               fm_error *err)
{
  fm__pair *pairs = fm__array(n, 2 * sizeof *pairs);
  size_t used = 0;
  if (pairs == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (w == NULL || w[i] > 0)
      pairs[used++] = (fm__pair){.key = fm__order_key(x[i]), .value = w == NULL ? 1 : w[i]};
  fm__sort_pairs(pairs, pairs + n, used);
  *found = walk(out, s, pairs, used);
  fm__free(pairs);
  return FM_OK;
}

static void set_empty(fm__bottom *out)
{
  *out = (fm__bottom){.weight = 0,
                      .total = NAN,
                      .cut = NAN,
                      .below_weight = NAN,
                      .below_total = NAN,
                      .cut_weight = NAN,
                      .cut_share = NAN,
                      .bottom_total = NAN};
}

/* Fills the totals and the target; false when there is no weight. */
static bool begin(fm__bottom *out, search *s, double p, const fm__sum *weight, const fm__sum *total)
{
  *s = (search){.p = p};
  set_empty(out);
  set_target(s, fm__sum_value(weight));
  if (!(s->weight > 0))
    return false;
  out->weight = s->weight;
  out->total = fm__sum_value(total);
  return true;
}

fm_status fm__bottom_sorted(fm__bottom *out, const double *x, const double *w, size_t n, double p, fm_error *err)
{
  fm__sum weight = {0}, total = {0};
  search s;
  bool found;
  for (size_t i = 0; i < n; i++) {
    fm__sum_add(&weight, w == NULL ? 1 : w[i]);
    fm__sum_add(&total, w == NULL ? x[i] : w[i] * x[i]);
  }
  return begin(out, &s, p, &weight, &total) ? sort_and_walk(out, &s, x, w, n, &found, err) : FM_OK;
}

/* One row from each of n_sample equal stretches, at a place that varies from stretch to stretch so that periodic data
 * do no harm. */
static size_t place_in(size_t k, size_t n_sample, size_t n)
{
  size_t stretch = n / n_sample, rest = n % n_sample;
  uint64_t mixed = ((uint64_t)k + 1) * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  return k * stretch + (size_t)((uint64_t)k * rest / n_sample) + (size_t)((mixed >> 32) % stretch);
}

#if defined(__GNUC__)
#define FETCH(p) __builtin_prefetch(p)
#else
#define FETCH(p) ((void)(p))
#endif

/* Rows to fetch ahead: each is far from the last one. */
#define AHEAD 16

static size_t draw(fm__pair *sample, size_t n_sample, const double *x, const double *w, size_t n)
{
  size_t used = 0, places[AHEAD] = {0};
  for (size_t k = 0; k < n_sample + AHEAD; k++) {
    size_t i = places[k % AHEAD];
    if (k >= AHEAD && (w == NULL || w[i] > 0))
      sample[used++] = (fm__pair){.key = fm__order_key(x[i]), .value = w == NULL ? 1 : w[i]};
    if (k >= n_sample)
      continue;
    i = places[k % AHEAD] = place_in(k, n_sample, n);
    FETCH(x + i);
    if (w != NULL)
      FETCH(w + i);
  }
  return used;
}

void fm__bracket_place(fm__bracket *b, const fm__pair *sample, size_t n, double p, double errors)
{
  double weight = 0, squares = 0, cumulated = 0;
  for (size_t i = 0; i < n; i++)
    weight += sample[i].value;
  for (size_t i = 0; i < n; i++)
    squares += sample[i].value / weight * (sample[i].value / weight);
  double half = errors * sqrt(p * (1 - p) * squares) + squares;
  for (size_t i = 0; i < n; i++) {
    if (cumulated / weight <= p - half)
      b->low = fm__order_value(sample[i].key);
    cumulated += sample[i].value;
    if (cumulated / weight >= p + half) {
      b->high = fm__order_value(sample[i].key);
      break;
    }
  }
}

static fm_status find_bracket(fm__bracket *b, const double *x, const double *w, size_t n, double p, fm_error *err)
{
  size_t n_sample = (size_t)((n < SMALL ? 5 : 12) * sqrt((double)n));
  *b = (fm__bracket){.low = -INFINITY, .high = INFINITY};
  fm__pair *sample = fm__array(n_sample, 2 * sizeof *sample);
  if (sample == NULL)
    return fm__no_memory(err);
  size_t used = draw(sample, n_sample, x, w, n);
  fm__sort_pairs(sample, sample + n_sample, used);
  fm__bracket_place(b, sample, used, p, n < SMALL ? FEWER_ERRORS : ERRORS);
  size_t ties = 0;
  for (size_t i = 0; i < used; i++)
    ties += fm__order_value(sample[i].key) == b->low;
  b->ties = ties > used / MANY_TIES;
  fm__free(sample);
  return FM_OK;
}

/* The rows in hand: the caller's at first, then copies of ever fewer rows. */
typedef struct level {
  const double *x, *w;
  size_t n;
  fm__bracket b;
  size_t chunk;    /* rows of a part */
  fm__part *parts; /* one a task */
  size_t n_parts;
} level;

static fm_status pass_task(void *ctx, size_t index)
{
  level *l = ctx;
  size_t from = index * l->chunk, n = l->n - from < l->chunk ? l->n - from : l->chunk;
  const double *w = l->w == NULL ? NULL : l->w + from;
  return fm__bottom_pass(&l->parts[index], l->x + from, w, n, &l->b) ? FM_OK : FM_ERR_MEMORY;
}

static void level_free(level *l)
{
  for (size_t i = 0; i < l->n_parts; i++)
    fm__rows_free(&l->parts[i].inside);
  fm__free(l->parts);
  l->parts = NULL;
  l->n_parts = 0;
}

/* Passes over the rows of the level; the sums of all parts end up in the first one. */
static fm_status level_run(level *l, double p, const fm_run *run, fm_error *err)
{
  fm_status status = find_bracket(&l->b, l->x, l->w, l->n, p, err);
  if (status != FM_OK)
    return status;
  /* One part without an executor: the copied rows are then where they are wanted. */
  l->chunk = run != NULL && run->execute != NULL ? CHUNK : l->n;
  size_t n_parts = (l->n + l->chunk - 1) / l->chunk;
  l->parts = fm__array(n_parts, sizeof *l->parts);
  if (l->parts == NULL)
    return fm__no_memory(err);
  l->n_parts = n_parts;
  status = fm__run_tasks(run, pass_task, l, n_parts, err);
  for (size_t i = 1; status == FM_OK && i < n_parts; i++) {
    group_merge(&l->parts[0].all, &l->parts[i].all);
    group_merge(&l->parts[0].below, &l->parts[i].below);
    group_merge(&l->parts[0].at_low, &l->parts[i].at_low);
  }
  return status;
}

/* What lies inside the bracket, divided: rows at its two ends, and rows between them. */
typedef struct inside {
  fm__group low;
  fm__sum between_weight, high_weight;
  fm__rows rows; /* between */
} inside;

/* Leaves in `rows` those between the ends. */
static void divide(inside *to, fm__rows *rows, const fm__bracket *b)
{
  double low_x[FM__SUM_BLOCK], low_w[FM__SUM_BLOCK], high_w[FM__SUM_BLOCK];
  size_t kept = 0;
  for (size_t from = 0; from < rows->n; from += FM__SUM_BLOCK) {
    size_t n = rows->n - from < FM__SUM_BLOCK ? rows->n - from : FM__SUM_BLOCK, n_low = 0, n_high = 0;
    for (size_t i = from; i < from + n; i++) {
      double x = rows->x[i], w = rows->w == NULL ? 1 : rows->w[i];
      if (x == b->low) {
        low_x[n_low] = x;
        low_w[n_low++] = w;
      } else if (x == b->high) {
        high_w[n_high++] = w;
      } else if (w > 0) {
        rows->x[kept] = x;
        if (rows->w != NULL)
          rows->w[kept] = w;
        kept++;
      }
    }
    fm__sum_add_n(&to->low.weight, low_w, n_low);
    fm__sum_add_products(&to->low.total, low_x, low_w, n_low);
    fm__sum_add_n(&to->high_weight, high_w, n_high);
  }
  rows->n = kept;
}

/* Takes the rows of the first part and appends those of the others. */
static fm_status divide_all(inside *to, level *l, fm_error *err)
{
  size_t n = 0;
  for (size_t i = 0; i < l->n_parts; i++) {
    divide(to, &l->parts[i].inside, &l->b);
    n += l->parts[i].inside.n;
  }
  to->rows = l->parts[0].inside;
  l->parts[0].inside = (fm__rows){0};
  if (!fm__rows_reserve(&to->rows, n, l->w != NULL))
    return fm__no_memory(err);
  for (size_t i = 1; i < l->n_parts; i++) {
    const fm__rows *from = &l->parts[i].inside;
    for (size_t k = 0; k < from->n; k++)
      to->rows.x[to->rows.n + k] = from->x[k];
    for (size_t k = 0; l->w != NULL && k < from->n; k++)
      to->rows.w[to->rows.n + k] = from->w[k];
    to->rows.n += from->n;
  }
  if (l->w == NULL)
    fm__sum_add_scaled(&to->between_weight, (int64_t)to->rows.n, 0);
  else
    fm__sum_add_n(&to->between_weight, to->rows.w, to->rows.n);
  return FM_OK;
}

typedef enum outcome { FOUND, BETWEEN, MISSED } outcome;

/* Decides where the cut is; s->below then ends before the place. */
static outcome decide(fm__bottom *out, search *s, const inside *in, fm__bracket b)
{
  if (reached(s, fm__sum_value(&s->below_weight)))
    return MISSED;
  if (reached(s, value_of_both(&s->below_weight, &in->low.weight))) {
    finish(out, s, b.low, &in->low.weight);
    return FOUND;
  }
  pass_group(s, &in->low);
  if (reached(s, value_of_both(&s->below_weight, &in->between_weight)))
    return BETWEEN;
  fm__sum_merge(&s->below_weight, &in->between_weight);
  if (in->rows.w == NULL)
    fm__sum_add_n(&s->below_total, in->rows.x, in->rows.n);
  else
    fm__sum_add_products(&s->below_total, in->rows.x, in->rows.w, in->rows.n);
  if (!reached(s, value_of_both(&s->below_weight, &in->high_weight)))
    return MISSED;
  finish(out, s, b.high, &in->high_weight);
  return FOUND;
}

/* The rows of the level become those between the ends; gives the share of them that the cut is at. */
static double descend(level *l, fm__rows *kept, const search *s, const inside *in)
{
  double share = (s->target - fm__sum_value(&s->below_weight)) / fm__sum_value(&in->between_weight);
  l->x = kept->x;
  l->w = kept->w;
  l->n = kept->n;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* Narrows the rows in hand until the cut is found. `kept` has the rows of the level; on a miss they do not matter. */
static fm_status narrow(fm__bottom *out, search *s, level *l, fm__rows *kept, double share, int32_t depth,
                        const fm_run *run, bool *found, fm_error *err)
{
  for (; depth < LEVELS && l->n > FEW; depth++) {
    inside in = {0};
    fm_status status = level_run(l, share, depth == 0 ? run : NULL, err);
    if (status == FM_OK)
      status = divide_all(&in, l, err);
    if (status != FM_OK) {
      fm__rows_free(&in.rows);
      return status;
    }
    *found = depth == 0 && !begin(out, s, share, &l->parts[0].all.weight, &l->parts[0].all.total);
    pass_group(s, &l->parts[0].below);
    group_merge(&in.low, &l->parts[0].at_low);
    outcome o = *found ? FOUND : decide(out, s, &in, l->b);
    level_free(l);
    fm__rows_free(kept);
    *kept = in.rows;
    *found = o == FOUND;
    if (o != BETWEEN)
      return FM_OK;
    share = descend(l, kept, s, &in);
  }
  return sort_and_walk(out, s, l->x, l->w, l->n, found, err);
}

/* Rows below `cut` into s->below, those at it into the group. */
static void add_up_to(search *s, fm__sum *at_cut, const fm__bottom_parts *parts, double cut)
{
  double below_w[FM__SUM_BLOCK], below_t[FM__SUM_BLOCK];
  for (size_t from = 0; from < parts->n; from += FM__SUM_BLOCK) {
    size_t end = parts->n - from < FM__SUM_BLOCK ? parts->n : from + FM__SUM_BLOCK, n = 0;
    for (size_t i = from; i < end; i++) {
      double x = parts->x[i], w = parts->w[i];
      below_w[n] = w;
      below_t[n] = w * x;
      n += x < cut;
      if (x == cut)
        fm__sum_add(at_cut, w);
    }
    fm__sum_add_block(&s->below_weight, below_w, n, &parts->grids->below_weight);
    fm__sum_add_block(&s->below_total, below_t, n, &parts->grids->below_total);
  }
}

/* Guesses the cut between the ends; true if exact sums show that it is there. */
static bool guess(fm__bottom *out, const search *begun, const fm__bottom_parts *parts)
{
  search s = *begun;
  fm__sum at_cut = {0};
  double cut, wanted = s.target - s.slack - fm__sum_value(&s.below_weight);
  if (!(wanted > 0) || !fm__bottom_guess(&cut, parts->room_x, parts->room_w, parts->x, parts->w, parts->n, wanted))
    return false;
  add_up_to(&s, &at_cut, parts, cut);
  if (reached(&s, fm__sum_value(&s.below_weight)) || !reached(&s, value_of_both(&s.below_weight, &at_cut)))
    return false;
  finish(out, &s, cut, &at_cut);
  return true;
}

fm_status fm__bottom_of_parts(fm__bottom *out, bool *found, const fm__bottom_parts *parts, fm__bracket b, double p,
                              fm_error *err)
{
  search s;
  inside in = {.low = parts->at_low, .high_weight = parts->at_high.weight};
  level l = {.n = 0};
  fm__rows kept = {0}, given = {.x = (double *)(uintptr_t)parts->x, .w = (double *)(uintptr_t)parts->w, .n = parts->n};
  *found = !begin(out, &s, p, &parts->all.weight, &parts->all.total);
  if (*found)
    return FM_OK;
  pass_group(&s, &parts->below);
  search with_low = s;
  pass_group(&with_low, &parts->at_low);
  *found = guess(out, &with_low, parts);
  if (*found)
    return FM_OK;
  in.rows = given;
  fm__sum_add_n(&in.between_weight, given.w, given.n);
  outcome o = decide(out, &s, &in, b);
  *found = o == FOUND;
  if (o != BETWEEN)
    return FM_OK;
  double share = descend(&l, &given, &s, &in);
  fm_status status = narrow(out, &s, &l, &kept, share, 1, NULL, found, err);
  level_free(&l);
  fm__rows_free(&kept);
  return status;
}

fm_status fm__bottom_share(fm__bottom *out, const double *x, const double *w, size_t n, double p, const fm_run *run,
                           fm_error *err)
{
  set_empty(out);
  if (n <= FEW)
    return fm__bottom_sorted(out, x, w, n, p, err);
  level l = {.x = x, .w = w, .n = n};
  fm__rows kept = {0};
  search s = {0};
  bool found = false;
  fm_status status = narrow(out, &s, &l, &kept, p, 0, run, &found, err);
  level_free(&l);
  fm__rows_free(&kept);
  return status == FM_OK && !found ? fm__bottom_sorted(out, x, w, n, p, err) : status;
}
