/* The standard error of a figure from its parts, reading only the units that their populations touch. */
#include <math.h>

#include "income/estimate/estimate_priv.h"
#include "num/num_priv.h"

fm_status fm__errors_make(fm__errors *s, fm_error *err)
{
  s->reach = fm__array(s->n_populations, sizeof *s->reach);
  return s->reach != NULL ? FM_OK : fm__no_memory(err);
}

void fm__errors_free(fm__errors *s)
{
  for (size_t k = 0; s->reach != NULL && k < s->n_populations; k++) {
    fm__free(s->reach[k].unit);
    fm__free(s->reach[k].place);
  }
  fm__free(s->reach);
  s->reach = NULL;
}

/* ---- the units of a population ---- */

/* Member numbers by unit; keys have room for twice as many. */
static void sort_units(uint64_t *keys, const fm__dist *d)
{
  size_t n = d->n_members;
  bool sorted = true;
  for (size_t i = 0; i < n; i++) {
    keys[i] = (uint64_t)fm__dist_member(d, i)->unit << 32 | i;
    sorted = sorted && (i == 0 || keys[i - 1] <= keys[i]);
  }
  if (!sorted)
    fm__sort_u64(keys, keys + n, n);
}

static fm_status find_reach(fm__reach *r, const fm__dist *d, size_t n_units, fm_error *err)
{
  size_t n = d->n_members;
  *r = (fm__reach){.known = true, .n = n_units};
  if (n >= n_units) /* a list would be no shorter */
    return FM_OK;
  uint64_t *keys = fm__array(n, 2 * sizeof *keys);
  r->unit = fm__array(n, sizeof *r->unit);
  r->place = fm__array(n, sizeof *r->place);
  if (keys == NULL || r->unit == NULL || r->place == NULL) {
    fm__free(keys);
    return fm__no_memory(err);
  }
  sort_units(keys, d);
  r->n = 0;
  for (size_t i = 0; i < n; i++) {
    uint32_t unit = (uint32_t)(keys[i] >> 32);
    if (r->n == 0 || r->unit[r->n - 1] != unit)
      r->unit[r->n++] = unit;
    r->place[keys[i] & UINT32_MAX] = (uint32_t)(r->n - 1);
  }
  fm__free(keys);
  return FM_OK;
}

static fm_status reach_of(const fm__reach **out, fm__errors *s, size_t population, fm_error *err)
{
  fm__reach *r = &s->reach[population];
  *out = r;
  return r->known ? FM_OK : find_reach(r, s->populations[population], fm__design_n_units(s->design), err);
}

/* ---- the sum of parts by unit ---- */

typedef struct sum {
  fm__touched touched;
  size_t population; /* its reach lists the units; SIZE_MAX: of several */
  uint32_t *units;   /* owned, of several */
  double *z;
} sum;

static void sum_free(sum *a)
{
  fm__free(a->units);
  fm__free(a->z);
}

static fm_status of_part(sum *out, fm__errors *s, const fm__part *part, fm_error *err)
{
  const fm__reach *r;
  *out = (sum){.population = part->population};
  fm_status status = reach_of(&r, s, part->population, err);
  if (status != FM_OK)
    return status;
  out->z = fm__array(r->n, sizeof *out->z);
  if (out->z == NULL)
    return fm__no_memory(err);
  fm__influence_spread_at(out->z, r->place, &part->influence, s->populations[part->population], 1);
  out->touched = (fm__touched){r->n, r->unit, out->z};
  return FM_OK;
}

/* `to` becomes the sum of both. */
static fm_status join(sum *to, const sum *a, const sum *b, fm_error *err)
{
  const fm__touched *p = &a->touched, *q = &b->touched;
  size_t i = 0, j = 0, n = 0;
  *to = (sum){.population = SIZE_MAX,
              .units = fm__array(p->n + q->n, sizeof *to->units),
              .z = fm__array(p->n + q->n, sizeof *to->z)};
  if (to->units == NULL || to->z == NULL)
    return fm__no_memory(err);
  while (i < p->n || j < q->n) {
    bool first = j == q->n || (i < p->n && p->unit[i] <= q->unit[j]);
    bool second = i == p->n || (j < q->n && q->unit[j] <= p->unit[i]);
    to->units[n] = first ? p->unit[i] : q->unit[j];
    to->z[n++] = (first ? p->z[i] : 0) + (second ? q->z[j] : 0);
    i += first;
    j += second;
  }
  to->touched = (fm__touched){n, to->units, to->z};
  return FM_OK;
}

/* Adds b to a. */
static fm_status add(sum *a, sum *b, fm_error *err)
{
  sum joined = {.population = SIZE_MAX};
  bool swapped = a->touched.unit != NULL && b->touched.unit == NULL;
  fm_status status = FM_OK;
  if (a->touched.unit != NULL && b->touched.unit != NULL) {
    status = join(&joined, a, b, err);
    sum_free(a);
    *a = joined;
    return status;
  }
  if (swapped) {
    joined = *a;
    *a = *b;
    *b = joined;
  }
  for (size_t i = 0; i < b->touched.n; i++)
    a->z[b->touched.unit != NULL ? b->touched.unit[i] : i] += b->z[i];
  a->population = SIZE_MAX;
  return status;
}

/* Adds one part. */
static fm_status add_part(sum *a, fm__errors *s, const fm__part *part, fm_error *err)
{
  sum more;
  if (a->z == NULL)
    return of_part(a, s, part, err);
  if (a->population == part->population) {
    fm__influence_spread_at(a->z, s->reach[part->population].place, &part->influence, s->populations[part->population],
                            1);
    return FM_OK;
  }
  fm_status status = of_part(&more, s, part, err);
  if (status == FM_OK)
    status = add(a, &more, err);
  sum_free(&more);
  return status;
}

/* ---- errors ---- */

static fm_status sum_error(double *std_error, fm__errors *s, const fm__part *parts, size_t n_parts, fm_error *err)
{
  sum all = {.population = SIZE_MAX};
  fm_status status = FM_OK;
  for (size_t k = 0; k < n_parts && status == FM_OK; k++)
    status = add_part(&all, s, &parts[k], err);
  if (status == FM_OK)
    status = fm__design_std_error_of(std_error, s->design, &all.touched, err);
  sum_free(&all);
  return status;
}

/* The shared influence among the parts, whose factors are added up; NULL: none, or more than one. */
static const fm__shared *shared_among(double *factor, size_t *n_own, const fm__errors *s, const fm__part *parts,
                                      size_t n_parts)
{
  const fm__shared *found = NULL;
  *factor = 0;
  *n_own = 0;
  for (size_t k = 0; k < n_parts; k++) {
    double by;
    const fm__shared *shared = fm__shared_of(&by, s->e, &parts[k]);
    *n_own += shared == NULL;
    if (shared == NULL)
      continue;
    if (found != NULL && found != shared)
      return NULL;
    found = shared;
    *factor += by;
  }
  return found;
}

fm_status fm__errors_of_parts(double *std_error, fm__errors *s, const fm__part *parts, size_t n_parts, fm_error *err)
{
  double factor, by;
  size_t n_own;
  const fm__shared *shared = shared_among(&factor, &n_own, s, parts, n_parts);
  if (shared == NULL || (n_own > 0 && shared->common.gradient == NULL))
    return sum_error(std_error, s, parts, n_parts, err);
  if (n_own == 0) {
    *std_error = fabs(factor) * shared->common.std_error;
    return FM_OK;
  }
  sum own = {.population = SIZE_MAX};
  bool cancels = false;
  fm_status status = FM_OK;
  for (size_t k = 0; k < n_parts && status == FM_OK; k++)
    if (fm__shared_of(&by, s->e, &parts[k]) == NULL)
      status = add_part(&own, s, &parts[k], err);
  if (status == FM_OK)
    status = fm__common_std_error(std_error, &cancels, &shared->common, factor, s->design, &own.touched, err);
  sum_free(&own);
  return status == FM_OK && cancels ? sum_error(std_error, s, parts, n_parts, err) : status;
}

fm_status fm__errors_df(double *df, fm__errors *s, size_t population, fm_error *err)
{
  const fm__reach *r;
  *df = NAN;
  if (population >= s->n_populations) {
    *df = fm__design_degrees_of_freedom(s->design, NULL);
    return FM_OK;
  }
  const fm__dist *d = s->populations[population];
  fm_status status = reach_of(&r, s, population, err);
  if (status != FM_OK || r->unit != NULL)
    return status == FM_OK ? fm__design_degrees_of_freedom_of(df, s->design, r->unit, r->n, err) : status;
  uint8_t *in_domain = fm__array(fm__design_n_units(s->design), sizeof *in_domain);
  if (in_domain == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < d->n_members; i++)
    in_domain[fm__dist_member(d, i)->unit] = 1;
  *df = fm__design_degrees_of_freedom(s->design, in_domain);
  fm__free(in_domain);
  return FM_OK;
}
