/* Robust variance: each row's derivative of the likelihood in its own weight, added up by cluster, in one pass.
 *
 * Row i with risk r at risk on the days (from, to]: weight * event * (x - mean on its day) - r * (x * hazard - moved),
 * where hazard and moved are sums over its days (Lin and Wei 1989). Both are differences of sums up to a day, so a row
 * costs p steps whatever the number of days. */
#include <string.h>

#include "retention/cox/kernel_priv.h"

typedef struct residuals {
  const fm__cox_point *q;
  double *out;      /* a block, column after column */
  double *clusters; /* n_clusters x wide */
} residuals;

static void fill_cell(const residuals *r, size_t cell, size_t start, size_t from, size_t to)
{
  const fm__cox_point *q = r->q;
  const fm__cox *c = q->c;
  size_t d = cell / 2, wide = c->wide;
  bool event = (cell & 1) != 0;
  const double *x = fm__cox_block(c, start / FM__COX_BLOCK), *risk = q->risk + start, *weight = c->weight + start;
  double hazard = event ? q->until_own[d] : q->until[d];
  for (size_t j = 0; j < wide; j++) {
    const double *xj = x + j * FM__COX_BLOCK;
    double *out = r->out + j * FM__COX_BLOCK, moved = (event ? q->moved_own : q->moved)[d * wide + j];
    double mean = q->mean[d * wide + j];
    for (size_t i = from - start; i < to - start; i++)
      out[i] = -risk[i] * (xj[i] * hazard - moved);
    for (size_t i = from - start; event && i < to - start; i++)
      out[i] += weight[i] * (xj[i] - mean);
  }
}

/* Takes away the days before a late entry. */
static void correct_late(const residuals *r, size_t start, size_t stop)
{
  const fm__cox_point *q = r->q;
  const fm__cox *c = q->c;
  const double *x = fm__cox_block(c, start / FM__COX_BLOCK);
  for (size_t i = start; i < stop; i++) {
    if (c->from[i] == 0)
      continue;
    size_t d = c->from[i] - 1, at = i - start;
    for (size_t j = 0; j < c->wide; j++)
      r->out[j * FM__COX_BLOCK + at] +=
          q->risk[i] * (x[j * FM__COX_BLOCK + at] * q->until[d] - q->moved[d * c->wide + j]);
  }
}

static void add_clusters(const residuals *r, size_t start, size_t stop)
{
  enum { AHEAD = 24 };
  const fm__cox *c = r->q->c;
  for (size_t i = start; i < stop; i++) {
    double *to = r->clusters + (size_t)c->cluster[i] * c->wide;
#if defined(__GNUC__)
    if (i + AHEAD < c->n)
      for (size_t j = 0; j < c->wide; j += 8) /* clusters lie anywhere: ask for them before they are needed */
        __builtin_prefetch(r->clusters + (size_t)c->cluster[i + AHEAD] * c->wide + j, 1);
#endif
    for (size_t j = 0; j < c->wide; j++)
      to[j] += r->out[j * FM__COX_BLOCK + (i - start)];
  }
}

/* Adds the clusters' squares, a block of clusters at a time. */
static void square_clusters(double *meat, const residuals *r, const fm__cox_kernel *kernel, const double *ones)
{
  const fm__cox *c = r->q->c;
  for (size_t start = 0; start < c->n_clusters; start += FM__COX_BLOCK) {
    size_t n = c->n_clusters - start < FM__COX_BLOCK ? c->n_clusters - start : FM__COX_BLOCK;
    memset(r->out, 0, c->wide * FM__COX_BLOCK * sizeof(double));
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < c->wide; j++)
        r->out[j * FM__COX_BLOCK + i] = r->clusters[(start + i) * c->wide + j];
    kernel->gram(meat, r->out, ones, c->wide);
  }
}

static void walk(double *meat, const residuals *r, const fm__cox_kernel *kernel)
{
  const fm__cox *c = r->q->c;
  double ones[FM__COX_BLOCK];
  for (size_t i = 0; i < FM__COX_BLOCK; i++)
    ones[i] = 1;
  for (size_t row = 0, cell = 0; row < c->n;) {
    size_t start = row, stop = row + FM__COX_BLOCK < c->n ? row + FM__COX_BLOCK : c->n;
    fm__cox_fetch(c, start / FM__COX_BLOCK + 1);
    while (row < stop) {
      size_t to = fm__cox_piece(c, &cell, row, stop);
      fill_cell(r, cell, start, row, to);
      row = to;
    }
    if (c->from != NULL)
      correct_late(r, start, stop);
    if (c->cluster != NULL) {
      add_clusters(r, start, stop);
      continue;
    }
    for (size_t j = 0; j < c->wide; j++)
      for (size_t i = stop - start; i < FM__COX_BLOCK; i++)
        r->out[j * FM__COX_BLOCK + i] = 0;
    for (size_t i = 0; c->count != NULL && i < stop - start; i++)
      ones[i] = 1 / c->count[start + i]; /* count times the square of one of them */
    kernel->gram(meat, r->out, ones, c->wide);
  }
  if (c->cluster != NULL)
    square_clusters(meat, r, kernel, ones);
}

fm_status fm__cox_meat(double *out, const fm__cox_point *q, const fm_run *run, fm_error *err)
{
  const fm__cox *c = q->c;
  residuals r = {.q = q};
  r.out = fm__array(c->wide * FM__COX_BLOCK, sizeof *r.out);
  r.clusters = fm__many(c->n_clusters * c->wide, sizeof *r.clusters); /* met in any order: large pages */
  bool made = r.out != NULL && r.clusters != NULL;
  if (made) {
    memset(out, 0, c->wide * c->wide * sizeof *out);
    memset(r.clusters, 0, c->n_clusters * c->wide * sizeof *r.clusters);
    walk(out, &r, fm__cox_kernel_best());
    for (size_t j = 0; j < c->wide; j++)
      for (size_t k = 0; k < j; k++)
        out[k * c->wide + j] = out[j * c->wide + k];
  }
  fm__free(r.out);
  fm__free(r.clusters);
  return made ? fm__run_check(run, err) : fm__no_memory(err);
}
