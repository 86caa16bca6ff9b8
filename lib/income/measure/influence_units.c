/* An influence summed by sampling unit, from a population whose rows have their units beside them: the influence of a
 * block of incomes at once, then the rows that have them. */
#include <math.h>
#include <string.h>

#include "income/dist/dist_build_priv.h"
#include "income/measure/influence_priv.h"

#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
#else
#define INLINE static inline
#endif

/* Incomes between two marks. */
typedef struct block {
  size_t n;
  double x[FM__MARK], w[FM__MARK], area[FM__MARK], u[FM__MARK];
} block;

/* ---- the influence of a block's incomes ---- */

/* x C - S from the unrounded running sums, as in influence.c. What is lost is added up before it joins a running sum,
 * whose last addition every income waits for. */
INLINE void add_areas(block *b, const fm__mark *m)
{
  double c = m->weight, c_low = m->weight_low, s = m->total, s_low = m->total_low;
  for (size_t i = 0; i < b->n; i++) {
    double x = b->x[i], w = b->w[i], product = w * x;
    double lost = fma(w, x, -product);
    fm__running(&c, &c_low, w);
    fm__running(&s, &lost, product);
    s_low += lost;
    double area = x * c;
    b->area[i] = (area - s) + (fma(x, c, -area) + x * c_low - s_low);
  }
}

/* Incomes of the block below the term's threshold. */
INLINE size_t n_below(const block *b, const fm__term *t)
{
  size_t low = 0, high = b->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (b->x[middle] < t->at || (t->closed && b->x[middle] == t->at))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

INLINE void add_term(block *b, const fm__term *t)
{
  const double a = t->a, at = t->at;
  double *restrict u = b->u;
  const double *restrict x = b->x, *restrict area = b->area;
  switch (t->kind) {
  case FM__TERM_ONE:
    for (size_t i = 0; i < b->n; i++)
      u[i] += a;
    break;
  case FM__TERM_X:
    for (size_t i = 0; i < b->n; i++)
      u[i] += a * x[i];
    break;
  case FM__TERM_GAP:
    for (size_t i = 0; i < b->n; i++)
      u[i] += a * (x[i] - at);
    break;
  case FM__TERM_AREA:
    for (size_t i = 0; i < b->n; i++)
      u[i] += a * area[i];
    break;
  default: {
    size_t n = n_below(b, t);
    for (size_t i = 0; i < n; i++)
      u[i] += t->kind == FM__TERM_BELOW       ? a
              : t->kind == FM__TERM_X_BELOW   ? a * x[i]
              : t->kind == FM__TERM_GAP_BELOW ? a * (x[i] - at)
                                              : a * area[i];
  }
  }
}

typedef struct sweep {
  const fm__influence *f;
  bool has_area;
} sweep;

INLINE void fill(block *b, const sweep *s, const fm__mark *m)
{
  memset(b->u, 0, sizeof b->u);
  if (s->has_area)
    add_areas(b, m);
  for (size_t k = 0; k < s->f->n; k++)
    add_term(b, &s->f->term[k]);
}

static void fill_plain(block *b, const sweep *s, const fm__mark *m)
{
  fill(b, s, m);
}

/* The same operations on wider vectors, with fma as one instruction. */
#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2,fma"))) static void fill_fma(block *b, const sweep *s, const fm__mark *m)
{
  fill(b, s, m);
}
#endif

typedef void (*filler)(block *b, const sweep *s, const fm__mark *m);

static filler fastest(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return fill_fma;
#endif
  return fill_plain;
}

/* Whether the terms are those of add_term. */
static bool is_plain(sweep *s, const fm__influence *f)
{
  *s = (sweep){.f = f};
  for (size_t k = 0; k < f->n; k++) {
    const fm__term *t = &f->term[k];
    bool area = t->kind == FM__TERM_AREA || t->kind == FM__TERM_AREA_BELOW;
    if (t->nonpos != 0 || !(area || t->kind == FM__TERM_ONE || t->kind == FM__TERM_X || t->kind == FM__TERM_BELOW ||
                            t->kind == FM__TERM_X_BELOW || t->kind == FM__TERM_GAP || t->kind == FM__TERM_GAP_BELOW))
      return false;
    s->has_area = s->has_area || area;
  }
  return true;
}

/* ---- rows ---- */

/* Where reading the rows has come to. */
typedef struct place {
  const fm__dist_units *units;
  size_t stretch, row, atom; /* row and income within the stretch */
} place;

/* Adds the rows of n incomes of one stretch that has weights; gives the row after them. */
static size_t add_weighted(double *z, const fm__stretch *s, const uint32_t *unit, size_t row, const double *u, size_t n)
{
  size_t k = SIZE_MAX; /* of the income */
  for (; row < s->n; row++) {
    k += unit[row] / FM__UNIT_FIRST;
    if (k == n)
      break;
    z[unit[row] & ~FM__UNIT_FIRST] += s->w[row] * u[k];
  }
  return row;
}

static void add_rows(double *z, place *p, const block *b)
{
  for (size_t i = 0, n; i < b->n; i += n) {
    const fm__stretch *s = &p->units->stretch[p->stretch];
    const uint32_t *unit = p->units->unit + s->from;
    n = s->n_atoms - p->atom < b->n - i ? s->n_atoms - p->atom : b->n - i;
    if (s->w != NULL)
      p->row = add_weighted(z, s, unit, p->row, b->u + i, n);
    else
      for (size_t k = 0; k < n; k++)
        z[unit[p->atom + k]] += b->w[i + k] * b->u[i + k];
    p->atom += n;
    if (p->atom == s->n_atoms)
      *p = (place){.units = p->units, .stretch = p->stretch + 1};
  }
}

void fm__influence_spread_units(double *z, const fm__influence *f, const fm__dist *d, const fm__dist_units *units)
{
  sweep s;
  block b;
  place p = {.units = units};
  bool plain = is_plain(&s, f);
  filler fill_block = fastest();
  fm__influence_pass pass;
  fm__atom a;
  fm__influence_start(&pass, f);
  fm__dist_start(&a, d);
  for (size_t k = 0, at = 0; k < d->n_marks; k++) {
    b.n = fm__dist_read(b.x, b.w, FM__MARK, d, &at);
    if (plain)
      fill_block(&b, &s, &d->marks[k]);
    for (size_t i = 0; i < b.n && !plain; i++) {
      fm__dist_next(&a);
      b.u[i] = fm__influence_next(&pass, &a);
    }
    add_rows(z, &p, &b);
  }
}
