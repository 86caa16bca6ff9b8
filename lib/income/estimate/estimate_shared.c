/* An influence that many figures share: its sums over a large population are done once. */
#include <math.h>

#include "income/estimate/estimate_priv.h"
#include "income/measure/influence_priv.h"
#include "num/num_priv.h"

void fm__shared_free(fm__shared *s)
{
  fm__common_free(&s->common);
  *s = (fm__shared){.dist = NULL};
}

/* Terms that can be asked at any income, in any population. */
static bool is_plain(const fm__influence *f)
{
  for (size_t i = 0; i < f->n; i++) {
    int32_t kind = f->term[i].kind;
    if (kind != FM__TERM_ONE && kind != FM__TERM_X && kind != FM__TERM_BELOW && kind != FM__TERM_GAP)
      return false;
  }
  return f->n > 0;
}

static void add_rows(fm__shared *s)
{
  fm__influence_pass pass;
  fm__atom a;
  fm__sum sum = {.pending = 0}, squares = {.pending = 0};
  fm__influence_start(&pass, &s->part.influence);
  for (fm__dist_start(&a, s->dist); fm__dist_next(&a);) {
    double u = fm__influence_next(&pass, &a);
    for (size_t i = a.first; i < a.end; i++) {
      const fm__member *m = fm__dist_member(s->dist, i);
      double t = m->w * s->dist->w_scale * u * s->scale;
      fm__sum_add(&sum, m->count * t);
      fm__sum_add(&squares, m->count * (t * t));
    }
  }
  s->sum = fm__sum_value(&sum);
  s->squares = fm__sum_value(&squares);
}

fm_status fm__shared_make(fm__shared *s, const fm__part *part, const fm__dist *dist, const fm__design *design,
                          fm_error *err)
{
  int exponent = 0;
  *s = (fm__shared){.dist = dist, .common = {.std_error = NAN}};
  if (!is_plain(&part->influence))
    return FM_OK;
  double *z = fm__array(fm__design_n_units(design), sizeof *z);
  if (z == NULL)
    return fm__no_memory(err);
  fm__influence_spread(z, &part->influence, dist, 1);
  fm_status status = fm__common_make(&s->common, design, z, err);
  fm__free(z);
  if (status != FM_OK || !(s->common.std_error > 0 && s->common.std_error < INFINITY))
    return status;
  frexp(s->common.std_error, &exponent);
  s->scale = ldexp(1, exponent < -1000 ? 1000 : -exponent);
  s->part = *part;
  add_rows(s);
  return FM_OK;
}

/* f as a multiple of the shared influence; NaN: it is none. */
static double multiple(const fm__influence *f, const fm__influence *shared)
{
  const double rounding = 0x1p-50;
  double factor = NAN;
  if (f->n != shared->n)
    return NAN;
  for (size_t i = 0; i < f->n; i++) {
    const fm__term *a = &f->term[i], *b = &shared->term[i];
    if (a->kind != b->kind || a->closed != b->closed || a->at != b->at || a->power != b->power ||
        a->nonpos != b->nonpos)
      return NAN;
    if (i == 0)
      factor = a->a / b->a;
    if (!(fabs(a->a - factor * b->a) <= rounding * fabs(a->a)))
      return NAN;
  }
  return factor;
}

const fm__shared *fm__shared_of(double *factor, const fm__estimator *e, const fm__part *part)
{
  for (size_t k = 0; k < e->n_shared; k++) {
    const fm__shared *s = &e->shared[k];
    *factor = s->part.population == part->population ? multiple(&part->influence, &s->part.influence) : NAN;
    if (isfinite(*factor) && s->part.influence.n > 0)
      return s;
  }
  return NULL;
}
