/* Concordance: of all pairs of which one has the event while the other is at risk and stays, the share in which the one
 * that leaves had the higher risk; equal risks count half (Harrell 1982). Its error follows from each row's derivative,
 * the infinitesimal jackknife, added up by cluster. Both need sums over ranks: a binary indexed tree (Fenwick 1994). */
#include <math.h>

#include "num/num_priv.h"
#include "retention/cox/cox_priv.h"

typedef struct ranks {
  uint32_t *of; /* of each row, from 1 */
  uint32_t n;
} ranks;

typedef struct tree {
  double *sum; /* n + 1 */
  uint32_t n;
  double total;
} tree;

static void tree_add(tree *t, uint32_t rank, double v)
{
  t->total += v;
  for (uint32_t k = rank; k <= t->n; k += k & (0 - k))
    t->sum[k] += v;
}

static double tree_until(const tree *t, uint32_t rank)
{
  double sum = 0;
  for (uint32_t k = rank; k > 0; k &= k - 1)
    sum += t->sum[k];
  return sum;
}

/* What the rows in a tree are worth as partners of a row of this rank: all of them, and those on the right side. */
static void partners(double *all, double *right, const tree *t, uint32_t rank, bool row_leaves)
{
  double below = tree_until(t, rank - 1), upto = tree_until(t, rank), same = upto - below;
  *all = t->total;
  *right = (row_leaves ? below : t->total - upto) + 0.5 * same;
}

static fm_status make_ranks(ranks *r, const fm__cox_point *q, fm_error *err)
{
  const fm__cox *c = q->c;
  fm__item *items = fm__many(c->n, sizeof *items), *scratch = fm__many(c->n, sizeof *scratch);
  fm_status status = FM_OK;
  r->of = fm__many(c->n, sizeof *r->of);
  if (items == NULL || scratch == NULL || r->of == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  for (size_t i = 0; i < c->n; i++) {
    const double *x = fm__cox_block(c, i / FM__COX_BLOCK) + i % FM__COX_BLOCK;
    double eta = 0;
    for (size_t j = 0; j < c->p; j++)
      eta += q->beta[j] * x[j * FM__COX_BLOCK];
    items[i] = (fm__item){fm__order_key(eta), i};
  }
  fm__sort_items(items, scratch, c->n);
  r->n = 0;
  for (size_t i = 0; i < c->n; i++) {
    r->n += i == 0 || items[i].key != items[i - 1].key;
    r->of[items[i].value] = r->n;
  }
done:
  fm__free(items);
  fm__free(scratch);
  return status;
}

/* Rows that enter late, by the day before their first. */
typedef struct late_rows {
  size_t *first; /* n_days + 1 */
  uint32_t *row;
} late_rows;

static fm_status make_late(late_rows *l, const fm__cox *c, fm_error *err)
{
  l->first = fm__array(c->n_days + 2, sizeof *l->first);
  l->row = fm__array(c->from != NULL ? c->n : 0, sizeof *l->row);
  if (l->first == NULL || l->row == NULL)
    return fm__no_memory(err);
  if (c->from == NULL)
    return FM_OK;
  for (size_t i = 0; i < c->n; i++)
    if (c->from[i] != 0)
      l->first[c->from[i] + 1]++;
  for (size_t d = 2; d < c->n_days + 2; d++)
    l->first[d] += l->first[d - 1];
  for (size_t i = 0; i < c->n; i++)
    if (c->from[i] != 0)
      l->row[l->first[c->from[i]]++] = (uint32_t)i;
  return FM_OK; /* now rows with from = d + 1 are first[d] .. first[d + 1] - 1 */
}

typedef struct walk {
  const fm__cox *c;
  const ranks *r;
  const late_rows *late;
  tree t;
  double *all, *right; /* of each row, over the other sides of its pairs */
} walk;

/* From the last day back: in the tree are those at risk beyond the day. */
static void walk_back(walk *w, size_t stratum)
{
  const fm__cox *c = w->c;
  for (size_t d = c->first[stratum + 1]; d-- > c->first[stratum];) {
    for (size_t i = c->cell[2 * d]; i < c->cell[2 * d + 1]; i++)
      tree_add(&w->t, w->r->of[i], c->weight[i]);
    for (size_t k = w->late->first[d]; k < w->late->first[d + 1]; k++)
      tree_add(&w->t, w->r->of[w->late->row[k]], -c->weight[w->late->row[k]]);
    for (size_t i = c->cell[2 * d + 1]; i < c->cell[2 * d + 2]; i++)
      partners(&w->all[i], &w->right[i], &w->t, w->r->of[i], true);
    for (size_t i = c->cell[2 * d + 1]; i < c->cell[2 * d + 2]; i++)
      tree_add(&w->t, w->r->of[i], c->weight[i]);
  }
}

static void take(walk *w, size_t row, double sign)
{
  double all, right;
  partners(&all, &right, &w->t, w->r->of[row], false);
  w->all[row] += sign * all;
  w->right[row] += sign * right;
}

/* From the first day on: in the tree are the events so far. */
static void walk_on(walk *w, size_t stratum)
{
  const fm__cox *c = w->c;
  for (size_t d = c->first[stratum]; d < c->first[stratum + 1]; d++) {
    for (size_t i = c->cell[2 * d + 1]; i < c->cell[2 * d + 2]; i++)
      take(w, i, 1);
    for (size_t i = c->cell[2 * d + 1]; i < c->cell[2 * d + 2]; i++)
      tree_add(&w->t, w->r->of[i], c->weight[i]);
    for (size_t i = c->cell[2 * d]; i < c->cell[2 * d + 1]; i++)
      take(w, i, 1);
    for (size_t k = w->late->first[d]; k < w->late->first[d + 1]; k++)
      take(w, w->late->row[k], -1);
  }
}

/* Empties the tree of the rows of a stratum. */
static void clear(walk *w, size_t stratum)
{
  const fm__cox *c = w->c;
  for (size_t i = c->cell[2 * c->first[stratum]]; i < c->cell[2 * c->first[stratum + 1]]; i++)
    for (uint32_t k = w->r->of[i]; k <= w->t.n; k += k & (0 - k))
      w->t.sum[k] = 0;
  w->t.total = 0;
}

/* Only rows that have the event have had partners after walk_back: each pair once. */
static void totals(double *all, double *right, const walk *w)
{
  const fm__cox *c = w->c;
  *all = *right = 0;
  for (size_t i = 0; i < c->n; i++) {
    *all += c->weight[i] * w->all[i];
    *right += c->weight[i] * w->right[i];
  }
}

static fm_status jackknife(double *variance, const walk *w, double all, double right, fm_error *err)
{
  const fm__cox *c = w->c;
  double sum = 0, value = right / all;
  double *clusters = fm__array(c->n_clusters, sizeof *clusters);
  if (clusters == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < c->n; i++) {
    double v = c->weight[i] * (w->right[i] - value * w->all[i]) / all;
    if (c->cluster != NULL)
      clusters[c->cluster[i]] += v;
    else
      sum += c->count != NULL ? v * v / c->count[i] : v * v;
  }
  for (size_t k = 0; k < c->n_clusters; k++)
    sum += clusters[k] * clusters[k];
  *variance = sum;
  fm__free(clusters);
  return FM_OK;
}

fm_status fm__cox_concordance(double *value, double *std_error, const fm__cox_point *q, fm_error *err)
{
  const fm__cox *c = q->c;
  ranks r = {.of = NULL};
  late_rows late = {.first = NULL};
  walk w = {.c = c, .r = &r, .late = &late};
  double all, right, variance = NAN;
  *value = *std_error = NAN;
  fm_status status = make_ranks(&r, q, err);
  if (status == FM_OK)
    status = make_late(&late, c, err);
  if (status != FM_OK)
    goto done;
  w.t = (tree){fm__array((size_t)r.n + 1, sizeof(double)), r.n, 0};
  w.all = fm__array(c->n, sizeof(double));
  w.right = fm__array(c->n, sizeof(double));
  if (w.t.sum == NULL || w.all == NULL || w.right == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  for (size_t s = 0; s < c->n_strata; s++) {
    walk_back(&w, s);
    clear(&w, s);
  }
  totals(&all, &right, &w);
  for (size_t s = 0; s < c->n_strata; s++) {
    walk_on(&w, s);
    clear(&w, s);
  }
  if (all > 0) {
    status = jackknife(&variance, &w, all, right, err);
    *value = right / all;
    *std_error = status == FM_OK ? sqrt(variance) : NAN;
  }
done:
  fm__free(r.of);
  fm__free(late.first);
  fm__free(late.row);
  fm__free(w.t.sum);
  fm__free(w.all);
  fm__free(w.right);
  return status;
}
