/* What everyone knows of the counts of a page: which are parts of which. Parts that make up their whole sum to it; the
 * rest of a whole is never negative, and counts people as well, so that it is kept secret when it is few. */
#include "report/counts_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/disclose_linked.h"

#define NONE SIZE_MAX

static void term(fm__counts *c, size_t count, int32_t coefficient)
{
  if (fm__grow((void **)&c->terms, &c->room_terms, c->n_terms + 1, sizeof *c->terms))
    c->terms[c->n_terms++] = (fm__term){count, coefficient};
  else
    c->failed = true;
}

/* Ends the sum of the terms since the last one; one that is below what it should be at least is none. */
static void sum(fm__counts *c, uint8_t kind, int64_t at_least)
{
  size_t first = c->n_sums > 0 ? c->sums[c->n_sums - 1].end : 0;
  int64_t value = 0;
  for (size_t k = first; k < c->n_terms; k++)
    value += c->terms[k].coefficient * (c->terms[k].count == FM__ONE ? 1 : c->value[c->terms[k].count]);
  if (value < at_least)
    c->n_terms = first;
  else if (fm__grow((void **)&c->sums, &c->room_sums, c->n_sums + 1, sizeof *c->sums))
    c->sums[c->n_sums++] = (fm__sum){first, c->n_terms, kind, at_least};
  else
    c->failed = true;
}

/* A whole and disjoint parts of it, some of which may not be there: they are all of it, or leave a rest. */
static void parts(fm__counts *c, size_t whole, const size_t *part, size_t n, bool all)
{
  int64_t rest = whole != NONE ? c->value[whole] : -1;
  for (size_t k = 0; k < n; k++)
    rest -= part[k] != NONE ? c->value[part[k]] : 0;
  if (rest < 0) /* not parts after all */
    return;
  term(c, whole, 1);
  for (size_t k = 0; k < n; k++)
    if (part[k] != NONE)
      term(c, part[k], -1);
  all = all && rest == 0;
  sum(c, all ? FM_DISCLOSE_FIXED : FM_DISCLOSE_SECRET, all ? INT64_MIN : 0);
}

static void part(fm__counts *c, size_t whole, size_t of)
{
  if (of != NONE)
    parts(c, whole, &of, 1, false);
}

/* Counts of nearly the same people, though neither is part of the other by what it is: few more are a count, too. */
static void beside(fm__counts *c, size_t a, size_t b)
{
  int64_t more = a != NONE && b != NONE ? c->value[a] - c->value[b] : 0;
  if (!fm__is_small(more < 0 ? -more : more, c->threshold))
    return;
  term(c, a, 1);
  term(c, b, -1);
  sum(c, FM_DISCLOSE_SECRET, INT64_MIN);
}

/* A whole whose parts may overlap: what they count more than once is a count, too. */
static void cover(fm__counts *c, size_t whole, const size_t *some, size_t n)
{
  if (whole == NONE || n == 0)
    return;
  for (size_t k = 0; k < n; k++)
    term(c, some[k], 1);
  term(c, whole, -1);
  sum(c, FM_DISCLOSE_SECRET, 0);
  for (size_t k = 0; k < n; k++)
    part(c, whole, some[k]);
}

void fm__counts_keep_empty(fm__counts *c, size_t count, size_t whole)
{
  if (count == NONE)
    return;
  term(c, FM__ONE, 1);
  if (whole != NONE)
    term(c, whole, 1);
  term(c, count, whole != NONE ? -1 : 1);
  sum(c, FM_DISCLOSE_SECRET, 1);
}

/* ---- who began, and what became of them ---- */

static size_t at(const fm__counts *c, size_t place, fm__what what)
{
  return fm__counts_at(c, place, what);
}

/* At a later milestone those not known yet are more: the step is a count of people. */
static void know_steps(fm__counts *c, size_t place, fm__what what)
{
  const fm__place *p = &c->places[place];
  for (size_t k = 0; k < c->n_places; k++)
    if (c->places[k].base == p->base && c->places[k].horizon > p->horizon)
      part(c, at(c, k, what), at(c, place, what));
}

static void know_place(fm__counts *c, size_t k)
{
  const fm__place *p = &c->places[k];
  if (p->horizon < 0) {
    part(c, at(c, k, FM__W_PEOPLE), at(c, k, FM__W_BEGAN));
    return;
  }
  const size_t status[] = {at(c, k, FM__W_YES), at(c, k, FM__W_NO), at(c, k, FM__W_UNKNOWN)};
  const size_t kept[] = {at(c, k, FM__W_KEPT), at(c, k, FM__W_NOT_KEPT), at(c, k, FM__W_KEPT_UNKNOWN)};
  if (status[2] != NONE) {
    parts(c, at(c, k, FM__W_BEGAN), status, 3, true);
    know_steps(c, k, FM__W_UNKNOWN);
  }
  if (kept[2] == NONE)
    return;
  parts(c, at(c, k, FM__W_PLACED), kept, 3, true);
  know_steps(c, k, FM__W_KEPT_UNKNOWN);
  size_t all = fm__counts_everybody(c, p->horizon);
  for (fm__what w = 0; w < 3 && all != NONE; w++)
    part(c, at(c, all, (fm__what)(FM__W_YES + w)), kept[w]);
}

/* ---- groups: parts of the total, or overlapping ---- */

static size_t groups_of(const fm__counts *c, size_t total, fm__what what, size_t *out, int64_t *rest)
{
  size_t n = 0;
  *rest = at(c, total, what) != NONE ? c->value[at(c, total, what)] : 0;
  for (size_t k = 0; k < c->n_places; k++)
    if (c->places[k].by_group && c->places[k].total == total && at(c, k, what) != NONE) {
      *rest -= c->value[at(c, k, what)];
      out[n++] = at(c, k, what);
    }
  return n;
}

static void know_groups(fm__counts *c, size_t *some)
{
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < c->n_places; k++)
      for (fm__what w = FM__W_PEOPLE; w <= FM__W_UNKNOWN; w++) {
        int64_t rest;
        size_t n = c->places[k].by_group ? 0 : groups_of(c, k, w, some, &rest);
        if (n == 0 || (w <= FM__W_BEGAN) != (c->places[k].horizon < 0))
          continue;
        if (pass == 0)
          c->rows->groups_overlap = c->rows->groups_overlap || rest != 0;
        else if (c->rows->groups_overlap)
          cover(c, at(c, k, w), some, n);
        else
          parts(c, at(c, k, w), some, n, true);
      }
}

/* ---- sections ---- */

/* All counts of one kind under everybody: kinds of support, kinds of jobs. */
static size_t under(const fm__counts *c, fm__what what, size_t *out)
{
  size_t n = 0;
  for (size_t k = 0; k < c->n_places; k++)
    if ((c->places[k].part != NULL || c->places[k].kind != NULL) && c->at[k * FM__N_COUNTS + what] != NONE)
      out[n++] = c->at[k * FM__N_COUNTS + what];
  return n;
}

static void know_part(fm__counts *c, size_t k, size_t everybody)
{
  size_t people = at(c, everybody, FM__W_PEOPLE), began = at(c, everybody, FM__W_BEGAN);
  size_t joined = at(c, k, FM__W_JOINED), placed = at(c, k, FM__W_PLACED), other = at(c, k, FM__W_OTHERWISE);
  const size_t both[] = {placed, other}, change[] = {at(c, k, FM__W_BETTER), at(c, k, FM__W_WORSE)};
  size_t measured = at(c, k, FM__W_MEASURED), twice = at(c, k, FM__W_TWICE);
  part(c, people, joined);
  part(c, joined, placed);
  part(c, joined, other);
  part(c, began, placed);
  parts(c, joined, both, 2, false);
  parts(c, began, both, 2, false);
  part(c, people, at(c, k, FM__W_ASKED));
  part(c, people, at(c, k, FM__W_REACHED));
  part(c, at(c, k, FM__W_SUPPORTS), at(c, k, FM__W_REACHED));
  part(c, people, measured);
  part(c, measured, twice);
  parts(c, twice, change, 2, false);
  part(c, twice, change[0]);
  part(c, twice, change[1]);
}

static void know_jobs(fm__counts *c, size_t k, size_t *some)
{
  size_t all = at(c, k, FM__W_PLACEMENTS), running = at(c, k, FM__W_RUNNING), hours = at(c, k, FM__W_HOURS);
  size_t people = at(c, k, FM__W_AT_WORK), began = at(c, k, FM__W_BEGAN);
  const size_t sectors[] = {at(c, k, FM__W_PRIVATE), at(c, k, FM__W_PUBLIC), at(c, k, FM__W_NO_SECTOR)};
  const size_t sizes[] = {at(c, k, FM__W_SME), at(c, k, FM__W_NO_SIZE)};
  size_t n = under(c, FM__W_PLACEMENTS, some);
  if (n > 0)
    parts(c, all, some, n, true);
  if (sectors[0] != NONE)
    parts(c, all, sectors, 3, true);
  parts(c, sectors[0], sizes, 2, false);
  part(c, sectors[0], sizes[0]);
  part(c, all, running);
  part(c, running, people);
  part(c, running, hours);
  beside(c, people, hours);
  part(c, at(c, k, FM__W_PEOPLE), people);
  beside(c, began, people);
  beside(c, all, began);
}

static void know_goal(fm__counts *c, size_t k, size_t everybody)
{
  size_t done = at(c, k, FM__W_DONE), known = at(c, k, FM__W_DONE_SECTOR), in = at(c, k, FM__W_DONE_PRIVATE);
  const size_t net[] = {at(c, k, FM__W_ENDED), at(c, k, FM__W_DONE_NET)};
  if (done == NONE)
    return;
  part(c, done, known);
  part(c, known != NONE ? known : done, in);
  part(c, done, at(c, k, FM__W_DONE_PEOPLE));
  parts(c, done, net, 2, true);
  beside(c, done, at(c, everybody, FM__W_BEGAN));
  beside(c, at(c, everybody, FM__W_BEGAN), at(c, k, FM__W_DONE_PEOPLE));
  beside(c, at(c, everybody, FM__W_PLACEMENTS), done);
  beside(c, at(c, everybody, FM__W_PRIVATE), in);
  for (size_t other = k + 1; other < c->n_places; other++)
    beside(c, done, at(c, other, FM__W_DONE));
}

/* Women and men make up everybody after six months, and are the groups of a breakdown by sex. */
static void know_alike(fm__counts *c, size_t *some)
{
  size_t all = fm__counts_everybody(c, 6);
  for (fm__what w = 0; w < 2; w++) {
    size_t n = 0;
    for (size_t k = 0; k < c->n_places; k++) {
      size_t alike = c->at[k * FM__N_COUNTS + FM__W_ALIKE_YES + w];
      if (alike == NONE)
        continue;
      some[n++] = alike;
      for (size_t g = 0; g < c->n_places; g++) {
        const fm__place *p = &c->places[g];
        bool same = p->by_group && p->horizon == 6 && fm__same_text(p->group, c->places[k].part);
        if (same && at(c, g, (fm__what)(FM__W_YES + w)) != NONE)
          parts(c, at(c, g, (fm__what)(FM__W_YES + w)), &alike, 1, true);
      }
    }
    if (n > 0 && all != NONE)
      parts(c, at(c, all, (fm__what)(FM__W_YES + w)), some, n, true);
  }
}

static void know_sections(fm__counts *c, size_t *some)
{
  size_t all = fm__counts_everybody(c, -1);
  part(c, at(c, all, FM__W_PEOPLE), at(c, all, FM__W_KNOWN));
  part(c, at(c, all, FM__W_KNOWN), at(c, all, FM__W_LOWEST));
  part(c, at(c, all, FM__W_BEGAN), at(c, all, FM__W_FOLLOWED));
  know_jobs(c, all, some);
  know_alike(c, some);
  beside(c, at(c, all, FM__W_REACHED), at(c, all, FM__W_BEGAN));
  size_t n = under(c, FM__W_REACHED, some);
  cover(c, at(c, all, FM__W_REACHED), some, n);
  n = under(c, FM__W_SUPPORTS, some);
  if (n > 0)
    parts(c, at(c, all, FM__W_SUPPORTS), some, n, true);
  for (size_t k = 0; k < c->n_places; k++) {
    if (c->places[k].goal != NULL)
      know_goal(c, k, all);
    else if (c->places[k].horizon < 0 && !c->places[k].by_group && c->places[k].kind == NULL)
      know_part(c, k, all);
  }
}

fm_status fm__counts_know(fm__counts *c, fm_error *err)
{
  size_t *some = fm__array(c->n + 1, sizeof *some);
  if (some == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < c->n_places; k++)
    know_place(c, k);
  know_groups(c, some);
  know_sections(c, some);
  fm__free(some);
  return c->failed ? fm__no_memory(err) : FM_OK;
}
