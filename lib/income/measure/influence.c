/* Influences as data: adding, reading in order of income, spreading over sampling units. */
#include "income/measure/influence_priv.h"

#include <math.h>

#include "num/num_priv.h"

/* The same bits, or both NaN. */
static bool same(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

static bool alike(const fm__term *a, const fm__term *b)
{
  return a->kind == b->kind && a->closed == b->closed && same(a->at, b->at) && same(a->power, b->power) &&
         same(a->nonpos, b->nonpos);
}

void fm__influence_add(fm__influence *sum, const fm__influence *more, double factor)
{
  for (size_t i = 0; i < more->n; i++) {
    fm__term term = more->term[i];
    size_t k = 0;
    term.a *= factor;
    while (k < sum->n && !alike(&sum->term[k], &term))
      k++;
    if (k < sum->n)
      sum->term[k].a += term.a;
    else if (sum->n < FM__MAX_TERMS)
      sum->term[sum->n++] = term;
    else
      sum->term[0].a = NAN; /* no room: no error rather than a wrong one */
  }
}

fm__term *fm__influence_term(fm__influence *f, int32_t kind, double a, double at)
{
  if (f->n == FM__MAX_TERMS) {
    f->term[0].a = NAN;
    return &f->term[FM__MAX_TERMS - 1];
  }
  f->term[f->n] = (fm__term){.kind = kind, .a = a, .at = at};
  return &f->term[f->n++];
}

void fm__influence_start(fm__influence_pass *pass, const fm__influence *f)
{
  *pass = (fm__influence_pass){.f = f};
}

/* x C - S from the unrounded running sums: incomes far from 0 keep their digits. */
static double area(const fm__atom *a)
{
  double product = a->x * a->c;
  return (product - a->s) + (fma(a->x, a->c, -product) + a->x * a->c_low - a->s_low);
}

/* The terms of Zenga's sum at one income: see measures_inequality.c. */
static double zenga(fm__influence_pass *pass, const fm__atom *a)
{
  const fm__dist *d = a->d;
  double c = a->upto_weight, s = a->upto_total;
  double above = fm__atom_weight_above(a), above_total = fm__atom_total_above(a);
  bool last = a->end == d->n_members;
  double ratio = last ? d->total / d->weight / a->x : (s / c) * (above / above_total);
  double moved = ratio + pass->integral[0] - a->x * pass->integral[1];
  if (!last) {
    pass->integral[0] += a->w * ratio * (1 / c + 1 / above);
    pass->integral[1] += a->w * (above / above_total / c + ratio / above_total);
  }
  return moved;
}

static double term_at(const fm__term *t, const fm__atom *atom, fm__influence_pass *pass)
{
  double x = atom->x;
  if (x <= 0 && t->nonpos != 0) {
    if (isnan(t->nonpos))
      return 0;
    x = t->nonpos;
  }
  bool below = x < t->at || (t->closed && x == t->at);
  switch (t->kind) {
  case FM__TERM_ONE:
    return t->a;
  case FM__TERM_X:
    return t->a * x;
  case FM__TERM_BELOW:
    return below ? t->a : 0;
  case FM__TERM_X_BELOW:
    return below ? t->a * x : 0;
  case FM__TERM_AREA:
    return t->a * area(atom);
  case FM__TERM_GAP:
    return t->a * (x - t->at);
  case FM__TERM_GAP_BELOW:
    return below ? t->a * (x - t->at) : 0;
  case FM__TERM_AREA_BELOW:
    return below ? t->a * area(atom) : 0;
  case FM__TERM_ENTROPY:
    return t->a * fm__entropy_term(t->power, (x - t->at) / t->at);
  case FM__TERM_GAP_POWER:
    return below ? t->a * fm__pow((t->at - x) / t->at, t->power) : 0;
  case FM__TERM_LOG_BELOW:
    return below ? t->a * fm__log(t->at / x) : 0;
  default: /* FM__TERM_ZENGA */
    return t->a * zenga(pass, atom);
  }
}

double fm__influence_next(fm__influence_pass *pass, const fm__atom *atom)
{
  double u = 0;
  for (size_t i = 0; i < pass->f->n; i++)
    u += term_at(&pass->f->term[i], atom, pass);
  return u;
}

/* Whether only the income itself is looked at, so that no sums have to be kept. */
static bool is_of_income(const fm__influence *f)
{
  for (size_t i = 0; i < f->n; i++) {
    int32_t kind = f->term[i].kind;
    if (kind == FM__TERM_AREA || kind == FM__TERM_AREA_BELOW || kind == FM__TERM_ZENGA)
      return false;
  }
  return true;
}

static void spread_of_income(double *z, const uint32_t *place, const fm__influence *f, const fm__dist *d, double factor)
{
  fm__influence_pass pass;
  fm__atom a = {.d = d, .x = NAN};
  double before = NAN, u = 0;
  fm__influence_start(&pass, f);
  for (size_t i = 0; i < d->n_members; i++) {
    const fm__member *m = fm__dist_member(d, i);
    if (m->x != before) {
      before = m->x;
      a.x = m->x * d->x_scale;
      u = fm__influence_next(&pass, &a) * factor;
    }
    z[place != NULL ? place[i] : m->unit] += m->w * d->w_scale * (double)m->count * u;
  }
}

void fm__influence_spread(double *z, const fm__influence *f, const fm__dist *d, double factor)
{
  fm__influence_spread_at(z, NULL, f, d, factor);
}

void fm__influence_spread_at(double *z, const uint32_t *place, const fm__influence *f, const fm__dist *d, double factor)
{
  fm__influence_pass pass;
  fm__atom a;
  if (is_of_income(f)) {
    spread_of_income(z, place, f, d, factor);
    return;
  }
  fm__influence_start(&pass, f);
  for (fm__dist_start(&a, d); fm__dist_next(&a);) {
    double u = fm__influence_next(&pass, &a) * factor;
    for (size_t i = a.first; i < a.end; i++) {
      const fm__member *m = fm__dist_member(d, i);
      z[place != NULL ? place[i] : m->unit] += m->w * d->w_scale * (double)m->count * u;
    }
  }
}
