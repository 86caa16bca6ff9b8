/* The infinitesimal jackknife of cumulative incidence in one pass over rows and times.
 *
 * How far the estimate moves when one cluster gets a little more weight is, for the shares S and F_j and the cluster's
 * weight at risk Y, a vector z = (dS, dF_j, Y). While nothing happens in the cluster itself, a time with hazards h_j
 * changes z by the same linear map for all:
 *   dS <- (1 - h) dS + S h Y / n,   dF_j <- dF_j + h_j dS - S h_j Y / n      (S before the time, h = sum of h_j),
 * so the sums of products of z over all clusters follow without looking at them. Only the clusters in which something
 * happens are taken out before a time and put back after it; where they stand follows from sums over time:
 *   dS / S = u + Y (B - B0),   dF_j = F0_j + (u - Y B0) (F_j - F_j0) + Y (D_j - D_j0). */
#include "num/num_priv.h"
#include "retention/exits/exits_priv.h"

typedef struct cluster {
  double u, weight; /* dS / S at `since`, weight at risk after it */
  int64_t rows;     /* at risk */
  size_t since;     /* moments passed: 0 is before the first */
} cluster;

typedef struct robust {
  fm__incidence *c;
  const fm__moments *m;
  const fm__followed *rows;
  size_t n_causes;
  double *b, *d; /* n + 1 and (n + 1) x n_causes: up to and including the moments passed */
  cluster *clusters;
  double *gone;         /* n_clusters x n_causes: dF_j at `since` */
  double *now;          /* n_causes: of the cluster at hand */
  double ss, sy;        /* sums of dS dS, dS Y */
  fm__sum yy;           /* of Y Y */
  double *sj, *jy, *jj; /* of dS dF_j, dF_j Y, dF_j dF_j */
  fm__item *items, *scratch;
  size_t n_items;
} robust;

static void release(robust *r)
{
  fm__free(r->b);
  fm__free(r->d);
  fm__free(r->clusters);
  fm__free(r->gone);
  fm__free(r->now);
  fm__free(r->sj);
  fm__free(r->jy);
  fm__free(r->jj);
  fm__free(r->items);
  fm__free(r->scratch);
}

static fm_status room(robust *r, fm_error *err)
{
  size_t n = r->m->n + 1, j = r->n_causes, n_d, n_gone, n_items;
  if (!fm__multiply(n, j, &n_d) || !fm__multiply(r->rows->n_clusters, j, &n_gone) ||
      !fm__multiply(r->rows->n, 2, &n_items))
    return fm__no_memory(err);
  r->b = fm__array(n, sizeof *r->b);
  r->d = fm__array(n_d, sizeof *r->d);
  r->clusters = fm__array(r->rows->n_clusters, sizeof *r->clusters);
  r->gone = fm__array(n_gone, sizeof *r->gone);
  r->now = fm__array(j, sizeof *r->now);
  r->sj = fm__array(j, sizeof *r->sj);
  r->jy = fm__array(j, sizeof *r->jy);
  r->jj = fm__array(j, sizeof *r->jj);
  r->items = fm__array(n_items, sizeof *r->items);
  r->scratch = fm__array(n_items, sizeof *r->scratch);
  bool all = r->b != NULL && r->d != NULL && r->clusters != NULL && r->gone != NULL && r->now != NULL && r->sj != NULL;
  return all && r->jy != NULL && r->jj != NULL && r->items != NULL && r->scratch != NULL ? FM_OK : fm__no_memory(err);
}

static double stay_at(const robust *r, size_t passed)
{
  return passed > 0 ? r->c->stay[passed - 1] : 1;
}

static double gone_at(const robust *r, size_t passed, size_t j)
{
  return passed > 0 ? r->c->gone[(passed - 1) * r->n_causes + j] : 0;
}

static void put_sums(robust *r)
{
  const fm__moments *m = r->m;
  for (size_t k = 0; k < m->n; k++) {
    double n = m->n_risk[k], all = fm__moments_n_exit(m, k), before = stay_at(r, k);
    bool exits = fm__moments_rows_exit(m, k) > 0;
    r->b[k + 1] = r->b[k] + (exits && m->n_stay[k] > 0 ? all / n / m->n_stay[k] : 0);
    for (size_t j = 0; j < r->n_causes; j++) {
      double h = exits ? m->n_exit[k * r->n_causes + j] / n : 0;
      r->d[(k + 1) * r->n_causes + j] = r->d[k * r->n_causes + j] + (exits ? before * h * (r->b[k] - 1 / n) : 0);
    }
  }
}

/* dS of the cluster after `passed` moments; its dF_j are left in r->now. */
static double stands(robust *r, size_t id, size_t passed)
{
  const cluster *c = &r->clusters[id];
  double start = c->u - c->weight * r->b[c->since];
  for (size_t j = 0; j < r->n_causes; j++)
    r->now[j] = r->gone[id * r->n_causes + j] + start * (gone_at(r, passed, j) - gone_at(r, c->since, j)) +
                c->weight * (r->d[passed * r->n_causes + j] - r->d[c->since * r->n_causes + j]);
  return stay_at(r, passed) * (c->u + c->weight * (r->b[passed] - r->b[c->since]));
}

/* Adds the products of a cluster, or takes them out. */
static void pool(robust *r, double sign, double stay, double weight)
{
  r->ss += sign * (stay * stay);
  r->sy += sign * (stay * weight);
  fm__sum_add(&r->yy, sign * (weight * weight));
  for (size_t j = 0; j < r->n_causes; j++) {
    r->sj[j] += sign * (stay * r->now[j]);
    r->jy[j] += sign * (r->now[j] * weight);
    r->jj[j] += sign * (r->now[j] * r->now[j]);
  }
}

/* The map of moment k on the sums. */
static void pass(robust *r, size_t k)
{
  const fm__moments *m = r->m;
  if (fm__moments_rows_exit(m, k) == 0)
    return;
  double n = m->n_risk[k], kept = m->n_stay[k] / n, share = stay_at(r, k) / n, c = share * fm__moments_n_exit(m, k) / n;
  double ss = r->ss, sy = r->sy, yy = fm__sum_value(&r->yy);
  for (size_t j = 0; j < r->n_causes; j++) {
    double h = m->n_exit[k * r->n_causes + j] / n, g = share * h, sj = r->sj[j], jy = r->jy[j];
    r->jj[j] += h * (h * ss + 2 * sj) + g * (g * yy - 2 * jy) - 2 * h * g * sy;
    r->sj[j] = kept * (sj + h * ss - g * sy) + c * (jy + h * sy - g * yy);
    r->jy[j] = jy + h * sy - g * yy;
  }
  r->ss = kept * kept * ss + 2 * kept * c * sy + c * c * yy;
  r->sy = kept * sy + c * yy;
}

enum { ENDS = 0, ENTERS = 1 };

/* Rows in the order in which they matter: by moments passed, cluster, and what happens. */
static void put_items(robust *r)
{
  const fm__followed *rows = r->rows;
  for (size_t i = 0; i < rows->n; i++) {
    size_t end = fm__moments_at(r->m, rows->time[i]) + 1;
    size_t start = rows->entry[i] > 0 ? fm__moments_at(r->m, rows->entry[i]) + 1 : 0;
    r->items[r->n_items++] = (fm__item){(uint64_t)end << 32 | rows->cluster[i], i << 1 | ENDS};
    r->items[r->n_items++] = (fm__item){(uint64_t)start << 32 | rows->cluster[i], i << 1 | ENTERS};
  }
  fm__sort_items(r->items, r->scratch, r->n_items);
}

static void enter_or_end(robust *r, cluster *c, const fm__item *item)
{
  size_t i = (size_t)(item->value >> 1);
  double weight = r->rows->weight[i] * (double)r->rows->count[i];
  bool enters = (item->value & 1) == ENTERS;
  c->weight += enters ? weight : -weight;
  c->rows += enters ? (int64_t)r->rows->count[i] : -(int64_t)r->rows->count[i];
}

/* What happens in one cluster at moment k = passed - 1: its rows from .. to - 1 of the items. */
static void happen(robust *r, size_t from, size_t to, size_t passed)
{
  size_t id = (size_t)(r->items[from].key & UINT32_MAX), k = passed - 1;
  cluster *c = &r->clusters[id];
  double stay = 0, share = 0, own = 0;
  if (passed > 0) {
    bool exits = fm__moments_rows_exit(r->m, k) > 0;
    double n = r->m->n_risk[k], kept = exits ? r->m->n_stay[k] / n : 1;
    share = exits ? stay_at(r, k) / n : 0;
    double before = stands(r, id, k), hazard = 0;
    for (size_t j = 0; j < r->n_causes && exits; j++) {
      double h = r->m->n_exit[k * r->n_causes + j] / n;
      r->now[j] += h * (before - share * c->weight);
      hazard += h;
    }
    stay = kept * before + share * hazard * c->weight;
  }
  for (size_t at = from; at < to; at++) {
    size_t i = (size_t)(r->items[at].value >> 1);
    if ((r->items[at].value & 1) == ENDS && r->rows->cause[i] >= 0) {
      double weight = r->rows->weight[i] * (double)r->rows->count[i];
      own += weight;
      r->now[r->rows->cause[i]] += share * weight;
    }
    enter_or_end(r, c, &r->items[at]);
  }
  stay -= share * own;
  if (c->rows == 0)
    c->weight = 0;
  double left = stay_at(r, passed);
  c->u = left > 0 ? stay / left : 0;
  c->since = passed;
  for (size_t j = 0; j < r->n_causes; j++)
    r->gone[id * r->n_causes + j] = r->now[j];
  pool(r, 1, left > 0 ? stay : 0, c->weight);
}

/* Clusters of one moment stand together in the items; calls `what` for each. */
static size_t next_cluster(const robust *r, size_t from)
{
  size_t to = from;
  while (to < r->n_items && r->items[to].key == r->items[from].key)
    to++;
  return to;
}

static size_t run_moment(robust *r, size_t from, size_t passed)
{
  size_t end = from;
  for (; end < r->n_items && r->items[end].key >> 32 == passed; end = next_cluster(r, end)) {
    size_t id = (size_t)(r->items[end].key & UINT32_MAX);
    if (passed > 0) {
      double stay = stands(r, id, passed - 1);
      pool(r, -1, stay, r->clusters[id].weight);
    }
  }
  if (passed > 0)
    pass(r, passed - 1);
  for (size_t at = from; at < end;) {
    size_t to = next_cluster(r, at);
    if (passed == 0)
      for (size_t j = 0; j < r->n_causes; j++)
        r->now[j] = 0;
    happen(r, at, to, passed);
    at = to;
  }
  return end;
}

fm_status fm__incidence_robust(fm__incidence *c, const fm__moments *m, const fm__followed *rows, fm_error *err)
{
  robust r = {.c = c, .m = m, .rows = rows, .n_causes = m->n_causes};
  fm_status status = room(&r, err);
  if (status != FM_OK) {
    release(&r);
    return status;
  }
  put_sums(&r);
  put_items(&r);
  for (size_t passed = 0, at = 0; passed <= m->n; passed++) {
    at = run_moment(&r, at, passed);
    if (passed == 0)
      continue;
    c->stay_variance[passed - 1] = r.ss > 0 ? r.ss : 0;
    for (size_t j = 0; j < r.n_causes; j++)
      c->gone_variance[(passed - 1) * r.n_causes + j] = r.jj[j] > 0 ? r.jj[j] : 0;
  }
  release(&r);
  return FM_OK;
}
