/* Fine and Gray's variance: what each row says of the coefficients, and of the censoring that they rest on.
 *
 * Row i, with risk r and event e, in the derivative of the likelihood in its weight: eta = weight e (x - mean on its
 * day)
 * - r (x H - M), H and M sums of hazard and hazard * mean over the days it was at risk, those after another exit times
 * G(t-) / G(T-). Censoring at u takes a share of all who left otherwise before u from the days u and after: with
 * q(u) = sum over those T < u <= t of r G(t-) / G(T-) (x - mean) hazard(t), and n(u) at risk of it, c(u) censored,
 * psi = weight (q(T) / n(T) if censored - sum over u <= T of q(u) c(u) / n(u)^2). */
#include <string.h>

#include "retention/fine_gray/fine_gray_priv.h"

typedef struct residuals {
  const fm__fg_point *v;
  const fm__fg *f;
  double *out;      /* a block, column after column */
  double *clusters; /* n_clusters x wide */
  double *jump;     /* steps x wide: q / n */
  double *drop;     /* steps x wide: sum of q c / n^2 up to the step */
  double *others;   /* n_groups x (wide + 1) */
} residuals;

/* ---- sums over days ---- */

static void set_moved(fm__fg_point *v, size_t stratum)
{
  const fm__fg *f = v->f;
  size_t wide = f->c.wide, groups = f->n_groups;
  size_t first = f->c.first[stratum] + stratum, end = f->c.first[stratum + 1] + stratum + 1;
  memset(v->moved + first * wide, 0, wide * sizeof *v->moved);
  for (size_t slot = first + 1; slot < end; slot++)
    for (size_t j = 0; j < wide; j++)
      v->moved[slot * wide + j] = v->moved[(slot - 1) * wide + j] + v->hazard[slot] * v->mean[slot * wide + j];
  memset(v->moved_after + (end - 1) * groups * wide, 0, groups * wide * sizeof *v->moved_after);
  for (size_t slot = end - 1; slot-- > first;)
    for (size_t g = 0; g < groups; g++) {
      size_t at = slot * groups + g, next = at + groups;
      double h = f->left[next] * v->hazard[slot + 1];
      for (size_t j = 0; j < wide; j++)
        v->moved_after[at * wide + j] = v->moved_after[next * wide + j] + h * v->mean[(slot + 1) * wide + j];
    }
}

/* ---- q ---- */

/* What a row with another exit adds after it, to all steps after its time. */
static void add_entering(const residuals *r)
{
  const fm__fg *f = r->f;
  size_t wide = f->c.wide;
  fm__fg_piece at = fm__fg_start(f, 0);
  while (fm__fg_next(f, &at, f->c.n)) {
    if (fm__fg_kind(f, at.cell) != FM__FG_OTHER)
      continue;
    size_t group = fm__fg_group(f, at.cell), place = fm__fg_slot(f, at.cell) * f->n_groups + group;
    const double *x = fm__cox_block(&f->c, at.row / FM__COX_BLOCK), *moved = r->v->moved_after + place * wide;
    for (size_t i = at.row; i < at.row + at.n; i++) {
      if (f->step[i] == f->censoring.first[group + 1])
        continue;
      double risk = r->v->q.risk[i] * f->late[i], *to = r->jump + f->step[i] * wide;
      for (size_t j = 0; j < wide; j++)
        to[j] += risk * (x[j * FM__COX_BLOCK + i % FM__COX_BLOCK] * r->v->after[place] - moved[j]);
    }
  }
}

/* Takes away each day from the steps after it. */
static void take_days(const residuals *r, size_t stratum)
{
  const fm__fg *f = r->f;
  const fm__fg_point *v = r->v;
  size_t wide = f->c.wide, row = wide + 1, groups = f->n_groups;
  memset(r->others, 0, groups * row * sizeof *r->others);
  for (size_t slot = f->c.first[stratum] + stratum; slot <= f->c.first[stratum + 1] + stratum; slot++)
    for (size_t g = 0; g < groups; g++) {
      double *o = r->others + g * row;
      double h = f->left[slot * groups + g] * v->hazard[slot]; /* 0 before the first day */
      if (h > 0) {
        size_t step = fm__censoring_after(&f->censoring, g, f->c.day_time[slot - stratum - 1]);
        for (size_t j = 0; step < f->censoring.first[g + 1] && j < wide; j++)
          r->jump[step * wide + j] -= h * (o[1 + j] - o[0] * v->mean[slot * wide + j]);
      }
      const double *s = v->late_sums + (slot * groups + g) * row;
      for (size_t j = 0; j < row; j++)
        o[j] += s[j];
    }
}

static void finish_steps(const residuals *r)
{
  const fm__censoring *k = &r->f->censoring;
  size_t wide = r->f->c.wide;
  for (size_t g = 0; g < r->f->n_groups; g++)
    for (size_t i = k->first[g]; i < k->first[g + 1]; i++)
      for (size_t j = 0; j < wide; j++) {
        double before = i > k->first[g] ? r->drop[(i - 1) * wide + j] : 0, *q = &r->jump[i * wide + j];
        if (i > k->first[g]) /* its q, again from what is kept */
          *q += r->jump[(i - 1) * wide + j] * k->at_risk[i - 1];
        *q /= k->at_risk[i];
        r->drop[i * wide + j] = before + *q * (k->censored[i] / k->at_risk[i]);
      }
}

/* ---- rows ---- */

static void fill_piece(const residuals *r, const fm__fg_piece *at)
{
  const fm__fg *f = r->f;
  const fm__fg_point *v = r->v;
  const fm__cox *c = &f->c;
  size_t wide = c->wide, start = at->row / FM__COX_BLOCK * FM__COX_BLOCK, slot = fm__fg_slot(f, at->cell);
  size_t group = fm__fg_group(f, at->cell), kind = fm__fg_kind(f, at->cell), place = slot * f->n_groups + group;
  const double *x = fm__cox_block(c, start / FM__COX_BLOCK);
  double until = v->until[slot], after = v->after[place];
  for (size_t j = 0; j < wide; j++) {
    const double *xj = x + j * FM__COX_BLOCK;
    double *out = r->out + j * FM__COX_BLOCK, moved = v->moved[slot * wide + j];
    double mean = v->mean[slot * wide + j], moved_after = v->moved_after[place * wide + j];
    for (size_t i = at->row - start; i < at->row - start + at->n; i++) {
      size_t row = start + i, step = f->step[row];
      double w = c->weight[row], u = -v->q.risk[row] * (xj[i] * until - moved);
      if (kind == FM__FG_OTHER)
        u -= v->q.risk[row] * f->late[row] * (xj[i] * after - moved_after);
      if (kind == FM__FG_EVENT)
        u += w * (xj[i] - mean);
      if (step > f->censoring.first[group])
        u -= w * r->drop[(step - 1) * wide + j];
      if (kind == FM__FG_CENSORED)
        u += w * r->jump[(step - 1) * wide + j];
      out[i] = u;
    }
  }
}

static void add_clusters(const residuals *r, size_t start, size_t stop)
{
  const fm__cox *c = &r->f->c;
  for (size_t i = start; i < stop; i++)
    for (size_t j = 0; j < c->wide; j++)
      r->clusters[c->cluster[i] * c->wide + j] += r->out[j * FM__COX_BLOCK + (i - start)];
}

/* Adds the squares of `n` rows of a block. */
static void square(double *meat, const residuals *r, const double *factor, size_t n)
{
  double g[FM__COX_BLOCK];
  for (size_t i = 0; i < FM__COX_BLOCK; i++)
    g[i] = i < n ? factor == NULL ? 1 : 1 / factor[i] : 0;
  for (size_t j = 0; j < r->f->c.wide; j++)
    for (size_t i = n; i < FM__COX_BLOCK; i++)
      r->out[j * FM__COX_BLOCK + i] = 0;
  fm__cox_kernel_best()->gram(meat, r->out, g, r->f->c.wide);
}

static void walk(double *meat, const residuals *r)
{
  const fm__cox *c = &r->f->c;
  fm__fg_piece at = fm__fg_start(r->f, 0);
  while (fm__fg_next(r->f, &at, c->n)) {
    size_t start = at.row / FM__COX_BLOCK * FM__COX_BLOCK, stop = at.row + at.n;
    fill_piece(r, &at);
    if (stop != c->n && stop % FM__COX_BLOCK != 0)
      continue;
    if (c->cluster != NULL)
      add_clusters(r, start, stop);
    else /* with frequencies, count times the square of one of them */
      square(meat, r, c->count != NULL ? c->count + start : NULL, stop - start);
  }
  for (size_t start = 0; start < c->n_clusters; start += FM__COX_BLOCK) {
    size_t n = c->n_clusters - start < FM__COX_BLOCK ? c->n_clusters - start : FM__COX_BLOCK;
    for (size_t i = 0; i < n; i++)
      for (size_t j = 0; j < c->wide; j++)
        r->out[j * FM__COX_BLOCK + i] = r->clusters[(start + i) * c->wide + j];
    square(meat, r, NULL, n);
  }
}

fm_status fm__fg_meat(double *out, fm__cox_point *q, const fm_run *run, fm_error *err)
{
  fm__fg_point *v = (fm__fg_point *)(void *)q;
  const fm__fg *f = v->f;
  size_t wide = f->c.wide, steps = f->censoring.first[f->n_groups];
  residuals r = {.v = v, .f = f};
  r.out = fm__array(wide * FM__COX_BLOCK, sizeof *r.out);
  r.clusters = fm__array(f->c.n_clusters * wide, sizeof *r.clusters);
  r.jump = fm__array(steps * wide, sizeof *r.jump);
  r.drop = fm__array(steps * wide, sizeof *r.drop);
  r.others = fm__array(f->n_groups * (wide + 1), sizeof *r.others);
  bool made = r.out != NULL && r.clusters != NULL && r.jump != NULL && r.drop != NULL && r.others != NULL;
  if (made) {
    for (size_t s = 0; s < f->c.n_strata; s++)
      set_moved(v, s);
    add_entering(&r);
    for (size_t s = 0; s < f->c.n_strata; s++)
      take_days(&r, s);
    finish_steps(&r);
    memset(out, 0, wide * wide * sizeof *out);
    walk(out, &r);
    for (size_t j = 0; j < wide; j++)
      for (size_t k = 0; k < j; k++)
        out[k * wide + j] = out[j * wide + k];
  }
  double *const all[] = {r.out, r.clusters, r.jump, r.drop, r.others};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  return made ? fm__run_check(run, err) : fm__no_memory(err);
}
