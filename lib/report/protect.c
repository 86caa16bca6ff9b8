/* What of a page is hidden: counts of few people, shares of everybody or nobody in a small group, and whatever an
 * outsider could work them out from, looked at over the whole page at once. Every count of the page is a variable of
 * one system, with what everyone knows of their sums; what is shown is safe when whole pages are found that look the
 * same and have other counts in place of those hidden (fm_disclose_linked_protect). When no way is found, more is
 * hidden, and looked at again. */
#include <math.h>
#include <string.h>

#include "flexmetrics/catalogue_protect.h"
#include "flexmetrics/disclose_linked.h"
#include "report/counts_priv.h"

#define EFFORT INT64_C(2000000000) /* of each try, in steps of about a nanosecond */
#define MOST_CELLS 6000000

void fm__hide(fm__entry *row)
{
  if (row == NULL)
    return;
  row->state = "suppressed";
  row->value = row->std_error = row->low = row->high = row->level = row->weight = NAN;
  row->n = row->people = -1;
}

bool fm__is_hidden(const fm__entry *row)
{
  return row != NULL && strcmp(row->state, "suppressed") == 0;
}

int64_t fm__count(const fm__entry *row)
{
  return row != NULL && row->value >= 0 && row->value < 9e15 ? (int64_t)row->value : 0;
}

/* ---- the system ---- */

/* What is tried until it is safe: everybody with sections, jobs and goals, the main figures kept first; then the
 * groups, for whose sake nothing else is hidden. */
enum { KEEP_STATUS, KEEP_MAIN, KEEP_FIRST, KEEP_NONE, GROUPS };

typedef struct page_system {
  fm_disclose_figures f;
  size_t *start, *cell;
  int32_t *coefficient;
  uint8_t *kind, *hidden;
  int64_t *cells, *at_least;
  size_t *count, n_counts; /* the first figures: which count each is */
  size_t used;
} page_system;

static void system_close(page_system *s)
{
  void *const all[] = {s->start, s->cell, s->coefficient, s->kind, s->hidden, s->cells, s->at_least, s->count};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
}

static bool system_arrays(page_system *s, const fm__counts *c)
{
  size_t n = c->n + c->n_sums + 1, terms = c->n + c->n_terms + 1;
  s->start = fm__array(n + 1, sizeof *s->start);
  s->cell = fm__array(terms, sizeof *s->cell);
  s->coefficient = fm__array(terms, sizeof *s->coefficient);
  s->kind = fm__array(n, 1);
  s->hidden = fm__array(n, 1);
  s->cells = fm__array(c->n + 1, sizeof *s->cells);
  s->at_least = fm__array(n, sizeof *s->at_least);
  s->count = fm__array(c->n + 1, sizeof *s->count);
  return s->start != NULL && s->cell != NULL && s->coefficient != NULL && s->kind != NULL && s->hidden != NULL &&
         s->cells != NULL && s->at_least != NULL && s->count != NULL;
}

static void put_term(page_system *s, size_t cell, int32_t coefficient)
{
  s->cell[s->used] = cell;
  s->coefficient[s->used++] = coefficient;
}

/* Ends a figure of the terms since the last one. */
static void put_figure(page_system *s, uint8_t kind, int64_t at_least)
{
  size_t row = s->f.n_figures++;
  s->kind[row] = kind;
  s->at_least[row] = at_least;
  s->start[row + 1] = s->used;
}

/* A group, a kind of job or of support that is listed has somebody in it. */
static int64_t least_of(const fm__counts *c, size_t count)
{
  const fm__place *p = &c->places[c->home[count]];
  size_t home = c->home[count];
  bool listed = (p->by_group && c->at[home * FM__N_COUNTS + FM__W_PEOPLE] == count) ||
                (p->kind != NULL && c->at[home * FM__N_COUNTS + FM__W_PLACEMENTS] == count) ||
                (p->part != NULL && c->at[home * FM__N_COUNTS + FM__W_REACHED] == count);
  return listed && c->value[count] > 0 ? 1 : INT64_MIN;
}

static bool is_left(const fm__counts *c, size_t count, int stage)
{
  return count == FM__ONE || stage == GROUPS || !c->places[c->home[count]].by_group;
}

/* Counts of everybody that people look for first: six and twelve months before three. A breakdown by sex goes before
 * the gap between the sexes. */
static bool is_kept(const fm__counts *c, size_t count, int stage)
{
  const fm__place *p = &c->places[c->home[count]];
  bool people = c->at[FM__W_PEOPLE] == count, size = people || c->at[FM__W_BEGAN] == count;
  bool status =
      p->horizon == 6 || (p->horizon == 12 && stage <= KEEP_MAIN) || (p->horizon >= 0 && stage == KEEP_STATUS);
  size_t home = c->home[count] * FM__N_COUNTS;
  bool alike = c->at[home + FM__W_ALIKE_YES] == count || c->at[home + FM__W_ALIKE_NO] == count;
  if (c->hidden[count] != 0 || p->by_group)
    return false;
  if ((stage == GROUPS && !alike) || people)
    return true;
  return stage < KEEP_NONE && (size || (status && p->part == NULL));
}

/* Counts first, one by one. */
static void fill_counts(page_system *s, const fm__counts *c, int stage)
{
  for (size_t k = 0; k <= c->n; k++) {
    bool one = k == c->n, kept = one || is_kept(c, k, stage);
    s->cells[k] = one ? 1 : c->value[k];
    if (!is_left(c, one ? FM__ONE : k, stage))
      continue;
    s->hidden[s->n_counts] = !one && c->hidden[k] != 0;
    s->count[s->n_counts++] = k;
    put_term(s, k, 1);
    put_figure(s, kept ? FM_DISCLOSE_FIXED : FM_DISCLOSE_FIGURE, one ? INT64_MIN : least_of(c, k));
  }
}

static void fill_system(page_system *s, const fm__counts *c, int stage)
{
  fill_counts(s, c, stage);
  for (size_t k = 0; k < c->n_sums; k++) {
    const fm__sum *sum = &c->sums[k];
    bool left = true;
    for (size_t i = sum->first; i < sum->end; i++)
      left = left && is_left(c, c->terms[i].count, stage);
    for (size_t i = sum->first; i < sum->end && left; i++)
      put_term(s, c->terms[i].count == FM__ONE ? c->n : c->terms[i].count, c->terms[i].coefficient);
    if (left)
      put_figure(s, sum->kind, sum->at_least);
  }
  s->f.struct_size = sizeof s->f;
  s->f.n_cells = c->n + 1;
  s->f.cells = s->cells;
  s->f.start = s->start;
  s->f.cell = s->cell;
  s->f.coefficient = s->coefficient;
  s->f.kind = s->kind;
  s->f.at_least = s->at_least;
}

/* ---- trying ---- */

/* Hides what is needed for the counts of a stage; what is hidden stays as it is when no way is found. */
static fm_status try_stage(fm__counts *c, int stage, bool *safe, fm_error *err)
{
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected found = {.struct_size = sizeof found};
  page_system s = {.used = 0};
  spec.threshold = c->threshold;
  spec.effort = EFFORT;
  fm_status status = system_arrays(&s, c) ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    fill_system(&s, c, stage);
    if (s.n_counts * s.f.n_figures <= MOST_CELLS)
      status = fm_disclose_linked_protect(&found, s.hidden, &s.f, &spec, err);
  }
  *safe = found.safe != 0;
  if (status == FM_OK && *safe) {
    for (size_t k = 0; k < s.n_counts; k++)
      if (s.count[k] < c->n)
        c->hidden[s.count[k]] = s.hidden[k];
    fm__counts_spread(c);
  }
  system_close(&s);
  return status;
}

static void hide_all(fm__counts *c, bool groups)
{
  for (size_t k = 0; k < c->n; k++)
    c->hidden[k] |= !groups || c->places[c->home[k]].by_group;
  c->nameless = true;
}

/* A goal counts some of the kinds of jobs, so that it could undo hidden ones: then all kinds are hidden. */
static void hide_kinds(fm__counts *c)
{
  bool any = false, goals = false;
  for (size_t k = 0; k < c->n; k++) {
    any = any || (c->places[c->home[k]].kind != NULL && c->hidden[k] != 0);
    goals = goals || c->places[c->home[k]].goal != NULL;
  }
  for (size_t k = 0; k < c->n && any && goals; k++)
    c->hidden[k] |= c->places[c->home[k]].kind != NULL;
}

/* A difference tells one of two shares by the other. */
static void hide_alike(fm__counts *c)
{
  bool any = false;
  for (int pass = 0; pass < 2; pass++)
    for (size_t k = 0; k < c->n_places; k++)
      for (size_t w = FM__W_ALIKE_YES; w <= FM__W_ALIKE_NO; w++) {
        size_t count = c->at[k * FM__N_COUNTS + w];
        if (count == SIZE_MAX)
          continue;
        any = any || c->hidden[count] != 0;
        c->hidden[count] |= any && pass == 1;
      }
}

/* Of a whole and a part of it in one group that differ by few, one has to go: the part, or of two milestones the later,
 * but not six months. */
static void hide_near_in_groups(fm__counts *c)
{
  for (size_t k = 0; k < c->n_sums; k++) {
    const fm__sum *sum = &c->sums[k];
    const fm__term *t = &c->terms[sum->first];
    if (sum->kind != FM_DISCLOSE_SECRET || sum->end - sum->first != 2 || t[0].count == FM__ONE || t[1].count == FM__ONE)
      continue;
    size_t whole = t[0].count, part = t[1].count;
    const fm__place *of = &c->places[c->home[whole]], *in = &c->places[c->home[part]];
    if (!of->by_group || !in->by_group || c->hidden[whole] != 0 || c->hidden[part] != 0 ||
        !fm__is_small(c->value[whole] - c->value[part], c->threshold))
      continue;
    c->hidden[in->horizon >= 0 && of->horizon != 6 ? whole : part] = 1;
  }
}

static fm_status hide(fm__counts *c, fm_error *err)
{
  size_t people = c->at[FM__W_PEOPLE];
  fm_status status = FM_OK;
  bool few = people != SIZE_MAX && fm__is_small(c->value[people], c->threshold), safe = false;
  for (size_t k = 0; k < c->n; k++)
    c->hidden[k] = fm__is_small(c->value[k], c->threshold);
  fm__counts_judge_shares(c);
  hide_near_in_groups(c);
  fm__counts_spread(c);
  for (int stage = KEEP_STATUS; stage < GROUPS && !safe && !few && status == FM_OK; stage++)
    status = try_stage(c, stage, &safe, err);
  hide_kinds(c);
  fm__counts_spread(c);
  bool all = safe;
  if (status == FM_OK && all)
    status = try_stage(c, GROUPS, &safe, err);
  if (status == FM_OK && !safe)
    hide_all(c, all);
  hide_alike(c);
  fm__counts_spread(c);
  return status;
}

fm_status fm__protect(fm__entries *r, int64_t threshold, fm_error *err)
{
  fm_protect_spec exports = FM_PROTECT_SPEC_INIT;
  fm__counts c;
  fm_status status = fm__counts_open(&c, r, threshold, exports.full, err);
  if (status != FM_OK)
    return status;
  status = fm__counts_know(&c, err);
  if (status == FM_OK && threshold > 1) {
    status = hide(&c, err);
    if (status == FM_OK)
      fm__counts_write(&c);
  }
  fm__counts_close(&c);
  return status;
}
