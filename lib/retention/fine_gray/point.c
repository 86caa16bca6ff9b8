/* Fine and Gray's log pseudo-likelihood with its first two derivatives.
 *
 * On a day with events of total weight W: S0 = sum of r over those whose time has not come, and over those with another
 * exit before it r G(t-) / G(T-); S1 the same of r x. The day's hazard is W / S0, its mean S1 / S0. The second
 * derivative needs each row's x x' once: r times the sum of the hazards that the row has met. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "retention/fine_gray/fine_gray_priv.h"

static fm_status evaluate(fm__cox_point *q, const fm_run *run, fm_error *err);
static const fm__cox_likelihood likelihood = {evaluate, fm__fg_meat};

fm_status fm__fg_point_create(fm__fg_point *v, const fm__fg *f, fm_error *err)
{
  const fm__cox *c = &f->c;
  fm__cox_point *q = &v->q;
  size_t row = c->wide + 1, square = c->wide * c->wide, chunks = c->n_blocks / FM__COX_CHUNK + 1;
  size_t all;
  *v = (fm__fg_point){.q = {.c = c, .likelihood = &likelihood}, .f = f};
  if (!fm__multiply(f->n_slots * f->n_groups, row, &all))
    return fm__no_memory(err);
  q->beta = fm__array(c->wide, sizeof(double));
  q->score = fm__array(c->wide, sizeof(double));
  q->info = fm__array(square, sizeof(double));
  q->gram = fm__array(chunks * square, sizeof(double));
  q->risk = fm__array(c->n_blocks * FM__COX_BLOCK, sizeof(double));
  v->sums = fm__array(f->n_slots * row, sizeof(double));
  v->late_sums = fm__array(all, sizeof(double));
  v->heads = fm__array(chunks * 2 * row, sizeof(double));
  v->at_risk = fm__array(f->n_slots * row, sizeof(double));
  v->hazard = fm__array(f->n_slots, sizeof(double));
  v->until = fm__array(f->n_slots, sizeof(double));
  v->after = fm__array(f->n_slots * f->n_groups, sizeof(double));
  v->mean = fm__array(f->n_slots * c->wide, sizeof(double));
  v->moved = fm__array(f->n_slots * c->wide, sizeof(double));
  v->moved_after = fm__array(f->n_slots * f->n_groups * c->wide, sizeof(double));
  if (q->beta != NULL && q->score != NULL && q->info != NULL && q->gram != NULL && q->risk != NULL && v->sums != NULL &&
      v->late_sums != NULL && v->heads != NULL && v->at_risk != NULL && v->hazard != NULL && v->until != NULL &&
      v->after != NULL && v->mean != NULL && v->moved != NULL && v->moved_after != NULL)
    return FM_OK;
  fm__fg_point_free(v);
  return fm__no_memory(err);
}

void fm__fg_point_free(fm__fg_point *v)
{
  double *const all[] = {v->sums,  v->late_sums, v->heads, v->at_risk, v->hazard,
                         v->until, v->after,     v->mean,  v->moved,   v->moved_after};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  fm__cox_point_free(&v->q);
  *v = (fm__fg_point){.f = NULL};
}

/* ---- first pass: risks and their sums ---- */

typedef struct pass {
  fm__fg_point *v;
  const fm__cox_kernel *kernel;
} pass;

static size_t last_row(const fm__cox *c, size_t chunk)
{
  size_t end = (chunk + 1) * FM__COX_CHUNK * FM__COX_BLOCK;
  return end < c->n ? end : c->n;
}

static size_t slot_start(const fm__fg *f, size_t slot)
{
  return f->c.cell[slot * FM__FG_KINDS * f->n_groups];
}

/* What a chunk adds to a slot or cell that began in an earlier chunk stands apart, in its heads. */
static fm_status sum_chunk(void *context, size_t chunk)
{
  const pass *p = context;
  fm__fg_point *v = p->v;
  const fm__fg *f = v->f;
  const fm__cox *c = v->q.c;
  size_t first = chunk * FM__COX_CHUNK * FM__COX_BLOCK, end = last_row(c, chunk), row = c->wide + 1;
  double *head = v->heads + chunk * 2 * row, late[FM__COX_BLOCK];
  for (size_t start = first; start < end; start += FM__COX_BLOCK)
    p->kernel->risk(v->q.risk + start, fm__cox_block(c, start / FM__COX_BLOCK), c->weight + start, v->q.beta, c->wide);
  fm__fg_piece at = fm__fg_start(f, first);
  while (fm__fg_next(f, &at, end)) {
    size_t start = at.row / FM__COX_BLOCK * FM__COX_BLOCK, from = at.row - start, to = from + at.n;
    size_t slot = fm__fg_slot(f, at.cell), place = slot * f->n_groups + fm__fg_group(f, at.cell);
    const double *x = fm__cox_block(c, start / FM__COX_BLOCK), *risk = v->q.risk + start;
    p->kernel->add(slot_start(f, slot) < first ? head : v->sums + slot * row, x, risk, from, to, c->wide);
    if (fm__fg_kind(f, at.cell) != FM__FG_OTHER)
      continue;
    for (size_t i = from; i < to; i++)
      late[i] = risk[i] * f->late[start + i];
    p->kernel->add(c->cell[at.cell] < first ? head + row : v->late_sums + place * row, x, late, from, to, c->wide);
  }
  return FM_OK;
}

static fm_status sum_rows(pass *p, const fm_run *run, fm_error *err)
{
  fm__fg_point *v = p->v;
  const fm__fg *f = v->f;
  const fm__cox *c = v->q.c;
  size_t chunks = (c->n_blocks + FM__COX_CHUNK - 1) / FM__COX_CHUNK, row = c->wide + 1;
  memset(v->sums, 0, f->n_slots * row * sizeof *v->sums);
  memset(v->late_sums, 0, f->n_slots * f->n_groups * row * sizeof *v->late_sums);
  memset(v->heads, 0, chunks * 2 * row * sizeof *v->heads);
  fm_status status = fm__run_tasks(run, sum_chunk, p, chunks, err);
  for (size_t chunk = 1; status == FM_OK && chunk < chunks; chunk++) {
    size_t cell = fm__fg_start(f, chunk * FM__COX_CHUNK * FM__COX_BLOCK).cell, slot = fm__fg_slot(f, cell);
    const double *head = v->heads + chunk * 2 * row;
    double *to = v->sums + slot * row, *late = v->late_sums + (slot * f->n_groups + fm__fg_group(f, cell)) * row;
    for (size_t j = 0; j < row; j++) { /* 0 unless they began before */
      to[j] += head[j];
      late[j] += head[row + j];
    }
  }
  return status;
}

/* ---- days ---- */

static void add_row(double *to, const double *from, double factor, size_t n)
{
  for (size_t j = 0; j < n; j++)
    to[j] += factor * from[j];
}

/* at_risk of each slot: of those whose time has not come, from the last day back; then of those with another exit
 * before, from the first day on. `others` has n_groups rows. */
static void sum_at_risk(fm__fg_point *v, size_t stratum, double *others)
{
  const fm__fg *f = v->f;
  size_t row = f->c.wide + 1, groups = f->n_groups;
  size_t first = f->c.first[stratum] + stratum, end = f->c.first[stratum + 1] + stratum + 1;
  for (size_t slot = end; slot-- > first;) {
    double *s = v->at_risk + slot * row;
    memcpy(s, v->sums + slot * row, row * sizeof *s);
    if (slot + 1 < end)
      add_row(s, s + row, 1, row);
  }
  memset(others, 0, groups * row * sizeof *others);
  for (size_t slot = first; slot < end; slot++)
    for (size_t g = 0; g < groups; g++) {
      double *o = others + g * row;
      add_row(v->at_risk + slot * row, o, f->left[slot * groups + g], row);
      add_row(o, v->late_sums + (slot * groups + g) * row, 1, row);
    }
}

static void add_days(fm__fg_point *v, size_t stratum)
{
  const fm__fg *f = v->f;
  fm__cox_point *q = &v->q;
  size_t wide = f->c.wide, groups = f->n_groups;
  size_t first = f->c.first[stratum] + stratum, end = f->c.first[stratum + 1] + stratum + 1;
  v->hazard[first] = v->until[first] = 0;
  for (size_t slot = first + 1; slot < end; slot++) {
    const double *s = v->at_risk + slot * (wide + 1);
    double w = f->slot_sum[slot], *mean = v->mean + slot * wide;
    q->loglik -= w * fm__log(s[0]);
    v->hazard[slot] = w / s[0];
    v->until[slot] = v->until[slot - 1] + v->hazard[slot];
    for (size_t j = 0; j < wide; j++) {
      mean[j] = s[1 + j] / s[0];
      q->score[j] -= w * mean[j];
      for (size_t k = 0; k <= j; k++)
        q->info[j * wide + k] -= w * mean[j] * mean[k];
    }
  }
  memset(v->after + (end - 1) * groups, 0, groups * sizeof *v->after);
  for (size_t slot = end - 1; slot-- > first;)
    for (size_t g = 0; g < groups; g++) {
      size_t next = (slot + 1) * groups + g;
      v->after[slot * groups + g] = v->after[next] + f->left[next] * v->hazard[slot + 1];
    }
}

/* ---- second pass: one weighted Gram matrix ---- */

static fm_status gram_chunk(void *context, size_t chunk)
{
  const pass *p = context;
  const fm__fg_point *v = p->v;
  const fm__fg *f = v->f;
  const fm__cox *c = &f->c;
  size_t first = chunk * FM__COX_CHUNK * FM__COX_BLOCK, end = last_row(c, chunk), wide = c->wide;
  double g[FM__COX_BLOCK] = {0}, *out = v->q.gram + chunk * wide * wide;
  memset(out, 0, wide * wide * sizeof *out);
  fm__fg_piece at = fm__fg_start(f, first);
  while (fm__fg_next(f, &at, end)) {
    size_t start = at.row / FM__COX_BLOCK * FM__COX_BLOCK, slot = fm__fg_slot(f, at.cell);
    double until = v->until[slot], after = v->after[slot * f->n_groups + fm__fg_group(f, at.cell)];
    for (size_t i = at.row; i < at.row + at.n; i++)
      g[i - start] = v->q.risk[i] * (until + f->late[i] * after);
    if (at.row + at.n == end || (at.row + at.n) % FM__COX_BLOCK == 0) {
      for (size_t i = at.row + at.n - start; i < FM__COX_BLOCK; i++)
        g[i] = 0;
      p->kernel->gram(out, fm__cox_block(c, start / FM__COX_BLOCK), g, wide);
    }
  }
  return FM_OK;
}

static fm_status add_gram(const pass *p, const fm_run *run, fm_error *err)
{
  fm__cox_point *q = &p->v->q;
  size_t chunks = (q->c->n_blocks + FM__COX_CHUNK - 1) / FM__COX_CHUNK, wide = q->c->wide;
  pass again = *p;
  fm_status status = fm__run_tasks(run, gram_chunk, &again, chunks, err);
  for (size_t j = 0; status == FM_OK && j < wide; j++)
    for (size_t k = 0; k <= j; k++) {
      double sum = 0;
      for (size_t chunk = 0; chunk < chunks; chunk++)
        sum += q->gram[chunk * wide * wide + j * wide + k];
      q->info[j * wide + k] += sum;
      q->info[k * wide + j] = q->info[j * wide + k];
    }
  return status;
}

static fm_status evaluate(fm__cox_point *q, const fm_run *run, fm_error *err)
{
  fm__fg_point *v = (fm__fg_point *)(void *)q;
  const fm__cox *c = q->c;
  pass p = {v, fm__cox_kernel_best()};
  double *others = fm__array(v->f->n_groups * (c->wide + 1), sizeof *others);
  fm_status status = others != NULL ? sum_rows(&p, run, err) : fm__no_memory(err);
  if (status == FM_OK) {
    q->loglik = 0;
    for (size_t j = 0; j < c->wide; j++) {
      q->score[j] = c->event_x[j];
      q->loglik += q->beta[j] * c->event_x[j];
    }
    memset(q->info, 0, c->wide * c->wide * sizeof *q->info);
    for (size_t s = 0; s < c->n_strata; s++) {
      sum_at_risk(v, s, others);
      add_days(v, s);
    }
    status = add_gram(&p, run, err);
  }
  fm__free(others);
  return status;
}
