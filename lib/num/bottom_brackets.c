/* The bottom p of a few groups of many rows. A sample of all rows gives each group a bracket around its cut; one pass
 * adds every row to its group and copies those inside their bracket; the copies are searched as those of one group are.
 * As there, the sample decides how much work is done and never what comes out. */
#include "num/bottom_groups_priv.h"

#if defined(FM__SUM_SSE2)
#include "num/bottom_brackets_priv.h"

#include <math.h>
#include <string.h>

enum { CLUMP = 8, AHEAD = 16, MOST_TASKS = 64, FEWEST = 48, HEADROOM = 3 };
#define SAMPLED 6.0 /* times the root of a group's mean number of rows */
#define ERRORS 4    /* a miss, about once in 10^4 groups, costs a little more than the group's rows alone */

typedef struct search {
  const double *x, *w;
  const int32_t *group;
  size_t n, n_groups, n_p;
  double p;
  fm__bottom *out; /* of group k at k * n_p */
  double *low_high;
  fm__brackets brackets;
  double *drawn, *sample; /* x, w of rows as drawn; n_drawn x by group, then w by group */
  uint32_t *of_drawn;     /* their groups */
  size_t n_drawn, *start; /* start: of each group in `sample` */
  fm__slice *slice;
  size_t slice_rows, n_slices, n_tasks;
  uint8_t *missed;
} search;

bool fm__bottom_brackets_suit(size_t n, size_t n_groups, size_t n_p)
{
  enum { MOST_GROUPS = 8192, FEWEST_ROWS = 1000 };
  return n_groups > 0 && n_groups <= MOST_GROUPS && n / n_groups >= FEWEST_ROWS && n_p <= 2;
}

/* ---- the sample ---- */

/* The first row of each clump: at a place that varies from stretch to stretch, so that periodic data do no harm. */
static size_t place_of(size_t k, size_t stretch)
{
  uint64_t mixed = ((uint64_t)k + 1) * UINT64_C(0x9e3779b97f4a7c15);
  mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  return k * stretch + (size_t)((mixed >> 32) % (stretch - CLUMP + 1));
}

static inline void take(search *s, size_t i)
{
  int32_t k = s->group[i];
  double w = s->w == NULL ? 1 : s->w[i];
  s->drawn[2 * s->n_drawn] = s->x[i];
  s->drawn[2 * s->n_drawn + 1] = w;
  s->of_drawn[s->n_drawn] = (uint32_t)k;
  s->n_drawn += (uint32_t)k < s->n_groups && w > 0;
}

static void fetch(const search *s, size_t i)
{
  for (size_t k = i; k < i + CLUMP; k += CLUMP - 1) { /* a clump may lie in two lines */
    _mm_prefetch((const char *)(s->x + k), _MM_HINT_T0);
    _mm_prefetch((const char *)(s->group + k), _MM_HINT_T0);
    if (s->w != NULL)
      _mm_prefetch((const char *)(s->w + k), _MM_HINT_T0);
  }
}

static bool draw(search *s)
{
  size_t wanted = (size_t)(SAMPLED * sqrt((double)s->n / (double)s->n_groups)) * s->n_groups;
  size_t n_clumps = wanted / CLUMP, stretch = s->n / n_clumps, places[AHEAD] = {0}, most = n_clumps * CLUMP;
  s->drawn = fm__many(most + 1, 4 * sizeof *s->drawn + sizeof *s->of_drawn);
  s->start = fm__array(s->n_groups + 2, sizeof *s->start);
  if (s->drawn == NULL || s->start == NULL)
    return false;
  s->sample = s->drawn + 2 * (most + 1);
  s->of_drawn = (uint32_t *)(void *)(s->sample + 2 * (most + 1));
  for (size_t k = 0; k < n_clumps + AHEAD; k++) {
    size_t i = places[k % AHEAD];
    for (size_t j = 0; k >= AHEAD && j < CLUMP; j++)
      take(s, i + j);
    if (k < n_clumps) {
      places[k % AHEAD] = place_of(k, stretch);
      fetch(s, places[k % AHEAD]);
    }
  }
  return true;
}

/* A grid that takes terms up to 2^HEADROOM times the largest seen. */
static fm__term_grid grid_of(int32_t exponent)
{
  const int32_t least = FM__SUM_ULP + FM__TERM_FINE_BITS;
  int32_t coarse = exponent + 1 + HEADROOM - FM__TERM_COARSE_BITS;
  return (fm__term_grid){.coarse = coarse < least ? least : coarse > FM__SUM_COARSEST ? FM__SUM_COARSEST : coarse};
}

static int32_t exponent_of(double largest)
{
  return (int32_t)(fm__bits_of(largest) >> 52 & 0x7ff) - 1023;
}

/* The sample by group, and the grids. */
static void sort_sample(search *s)
{
  size_t *start = s->start;
  double weight = 0, total = 0;
  for (size_t i = 0; i < s->n_drawn; i++) {
    double w = s->drawn[2 * i + 1], t = fabs(s->drawn[2 * i] * w);
    weight = w > weight ? w : weight;
    total = t > total ? t : total;
    start[s->of_drawn[i] + 2]++;
  }
  for (size_t k = 0; k < s->n_groups; k++)
    start[k + 2] += start[k + 1];
  for (size_t i = 0; i < s->n_drawn; i++) {
    size_t at = start[s->of_drawn[i] + 1]++;
    s->sample[at] = s->drawn[2 * i];
    s->sample[s->n_drawn + at] = s->drawn[2 * i + 1];
  }
  s->brackets = (fm__brackets){.low_high = s->low_high,
                               .n_groups = s->n_groups,
                               .weight = grid_of(exponent_of(weight)),
                               .total = grid_of(exponent_of(total))};
}

/* Values of the sample around share p, by ERRORS standard errors; what was drawn is not needed any more. */
static void place(double *low_high, const search *s, size_t from, size_t n)
{
  const double *x = s->sample + from, *w = x + s->n_drawn;
  double *room = s->drawn + 2 * from, weight = 0, squares = 0;
  low_high[0] = -INFINITY;
  low_high[1] = INFINITY;
  if (n < FEWEST)
    return;
  for (size_t i = 0; i < n; i++)
    weight += w[i];
  const double part = 1 / weight;
  for (size_t i = 0; i < n; i++)
    squares += (w[i] * part) * (w[i] * part);
  double half = ERRORS * sqrt(s->p * (1 - s->p) * squares) + squares;
  if (s->p > half)
    (void)fm__bottom_guess(&low_high[0], room, room + n, x, w, n, (s->p - half) * weight);
  if (s->p + half < 1)
    (void)fm__bottom_guess(&low_high[1], room, room + n, x, w, n, (s->p + half) * weight);
}

static void task_range(const search *s, size_t task, size_t *from, size_t *end)
{
  *from = s->n_groups * task / s->n_tasks;
  *end = s->n_groups * (task + 1) / s->n_tasks;
}

static fm_status bracket_task(void *ctx, size_t task)
{
  search *s = ctx;
  size_t from, end;
  task_range(s, task, &from, &end);
  for (size_t k = from; k < end; k++) {
    size_t n = s->start[k + 1] - s->start[k];
    place(s->low_high + 2 * k, s, s->start[k], n);
  }
  return FM_OK;
}

/* ---- the pass ---- */

static fm_status slice_task(void *ctx, size_t task)
{
  search *s = ctx;
  size_t from = task * s->slice_rows, n = s->n - from < s->slice_rows ? s->n - from : s->slice_rows;
  const double *w = s->w == NULL ? NULL : s->w + from;
  return fm__slice_add(&s->slice[task], &s->brackets, s->x + from, w, s->group + from, n) ? FM_OK : FM_ERR_MEMORY;
}

/* ---- each group ---- */

static void add_cell(fm__group *to, const fm__brackets *b, const fm__cell *c)
{
  if (c->coarse_w == 0 && c->fine_w == 0 && c->coarse_t == 0 && c->fine_t == 0)
    return;
  fm__sum_add_scaled(&to->weight, c->coarse_w, b->weight.coarse);
  fm__sum_add_scaled(&to->weight, c->fine_w, b->weight.coarse - FM__TERM_FINE_BITS);
  fm__sum_add_scaled(&to->total, c->coarse_t, b->total.coarse);
  fm__sum_add_scaled(&to->total, c->fine_t, b->total.coarse - FM__TERM_FINE_BITS);
}

static void add_odd(fm__bottom_parts *to, const fm__slice *s, size_t k)
{
  for (size_t i = s->odd_last != NULL ? s->odd_last[k] : 0; i != 0; i = s->odd[i - 1].before) {
    const fm__odd *odd = &s->odd[i - 1];
    fm__group *part = odd->place == FM__BELOW     ? &to->below
                      : odd->place == FM__AT_LOW  ? &to->at_low
                      : odd->place == FM__AT_HIGH ? &to->at_high
                                                  : NULL;
    fm__sum_add(&to->all.weight, odd->w);
    fm__sum_add(&to->all.total, odd->t);
    if (part != NULL) {
      fm__sum_add(&part->weight, odd->w);
      fm__sum_add(&part->total, odd->t);
    }
  }
}

static void sums_of(fm__bottom_parts *to, const search *s, size_t k)
{
  *to = (fm__bottom_parts){.n = 0};
  for (size_t i = 0; i < s->n_slices; i++) {
    const fm__cell *cell = s->slice[i].cell + 2 * k, *ends = cell + 2 * (s->n_groups + 1);
    add_cell(&to->below, &s->brackets, &cell[0]);
    add_cell(&to->all, &s->brackets, &cell[0]);
    add_cell(&to->all, &s->brackets, &cell[1]);
    add_cell(&to->at_low, &s->brackets, &ends[0]);
    add_cell(&to->all, &s->brackets, &ends[0]);
    add_cell(&to->at_high, &s->brackets, &ends[1]);
    add_cell(&to->all, &s->brackets, &ends[1]);
    add_odd(to, &s->slice[i], k);
  }
}

static void fetch_chunk(const fm__chunk *c)
{
  if (c != NULL)
    for (size_t at = 0; at < sizeof *c; at += 64)
      _mm_prefetch((const char *)c + at, _MM_HINT_T0);
}

/* The rows inside; zero weights leave no trace. */
static bool rows_of(fm__rows *to, const search *s, size_t k)
{
  size_t n = 0;
  for (size_t i = 0; i < s->n_slices; i++) {
    const fm__chunk *last = s->slice[i].inside.tail[k].last;
    n += last != NULL ? last->n_before + FM__CHUNK_ROWS : 0;
  }
  to->n = 0;
  if (!fm__rows_reserve(to, n + 1, true))
    return false;
  n = 0;
  for (size_t i = 0; i < s->n_slices; i++) {
    const fm__tail *tail = &s->slice[i].inside.tail[k];
    const double *end = tail->next;
    for (const fm__chunk *c = tail->last; c != NULL; c = c->before[0]) {
      fetch_chunk(c->before[1]);
      for (const double *row = c->row; row < end; row += 2) {
        to->x[n] = row[0];
        to->w[n] = row[1];
        n += row[1] > 0;
      }
      end = c->before[0] != NULL ? c->before[0]->row + (ptrdiff_t)2 * FM__CHUNK_ROWS : NULL;
    }
  }
  to->n = n;
  return true;
}

static fm_status finish_task(void *ctx, size_t task)
{
  search *s = ctx;
  size_t from, end;
  fm__rows inside = {.n = 0}, room = {.n = 0};
  fm__bottom_parts parts;
  fm__grids grids = {.weight = {0}};
  fm_status status = FM_OK;
  task_range(s, task, &from, &end);
  for (size_t k = from; k < end && status == FM_OK; k++) {
    fm__bracket b = {.low = s->low_high[2 * k], .high = s->low_high[2 * k + 1]};
    bool found = false;
    sums_of(&parts, s, k);
    if (!rows_of(&inside, s, k) || !fm__rows_reserve(&room, inside.capacity, true))
      status = FM_ERR_MEMORY;
    parts.grids = &grids;
    parts.room_x = room.x;
    parts.room_w = room.w;
    parts.x = inside.x;
    parts.w = inside.w;
    parts.n = inside.n;
    if (status == FM_OK)
      status = fm__bottom_of_parts(&s->out[k * s->n_p], &found, &parts, b, s->p, NULL);
    s->missed[k] = !found;
  }
  fm__rows_free(&inside);
  fm__rows_free(&room);
  return status;
}

/* ---- groups whose bracket missed ---- */

static fm_status again(const search *s, fm_error *err)
{
  int32_t *group = fm__many(s->n, sizeof *group);
  fm__bottom *out = NULL;
  size_t n_missed = 0, *index = fm__array(s->n_groups, sizeof *index);
  fm_status status = FM_OK;
  for (size_t k = 0; index != NULL && k < s->n_groups; k++)
    if (s->missed[k])
      index[k] = n_missed++;
  if (n_missed > 0)
    out = fm__array(n_missed, sizeof *out);
  if (group == NULL || index == NULL || (n_missed > 0 && out == NULL))
    status = fm__no_memory(err);
  for (size_t i = 0; status == FM_OK && i < s->n; i++) {
    int32_t k = s->group[i];
    group[i] = (uint32_t)k < s->n_groups && s->missed[k] ? (int32_t)index[k] : -1;
  }
  if (status == FM_OK)
    status = fm__bottom_groups_moved(out, s->x, s->w, group, s->n, n_missed, &s->p, 1, NULL, err);
  for (size_t k = 0; status == FM_OK && k < s->n_groups; k++)
    if (s->missed[k])
      s->out[k * s->n_p] = out[index[k]];
  fm__free(group);
  fm__free(index);
  fm__free(out);
  return status;
}

static fm_status run_passes(search *s, const fm_run *run, fm_error *err)
{
  fm_status status = draw(s) ? FM_OK : fm__no_memory(err);
  if (status != FM_OK)
    return status;
  sort_sample(s);
  s->n_tasks = s->n_groups < MOST_TASKS ? s->n_groups : MOST_TASKS;
  status = fm__run_tasks(run, bracket_task, s, s->n_tasks, err);
  if (status == FM_OK)
    status = fm__run_tasks(run, slice_task, s, s->n_slices, err);
  bool too_odd = false;
  for (size_t i = 0; status == FM_OK && i < s->n_slices; i++)
    too_odd = too_odd || s->slice[i].too_odd;
  if (too_odd)
    memset(s->missed, 1, s->n_groups);
  else if (status == FM_OK)
    status = fm__run_tasks(run, finish_task, s, s->n_tasks, err);
  if (status == FM_OK && memchr(s->missed, 1, s->n_groups) != NULL)
    status = again(s, err);
  return status;
}

/* As few slices as can be without an executor: each has its own sums. */
static size_t slice_rows_of(size_t n, const fm_run *run)
{
  enum { LEAST = 1 << 15, FOR_THREADS = 16 };
  if (run == NULL || run->execute == NULL)
    return FM__SLICE_ROWS;
  size_t rows = n / FOR_THREADS + 1;
  return rows < LEAST ? LEAST : rows < FM__SLICE_ROWS ? rows : FM__SLICE_ROWS;
}

fm_status fm__bottom_groups_brackets(fm__bottom *out, const double *x, const double *w, const int32_t *group, size_t n,
                                     size_t n_groups, double p, size_t n_p, const fm_run *run, fm_error *err)
{
  search s = {.x = x, .w = w, .group = group, .n = n, .n_groups = n_groups, .p = p, .n_p = n_p, .out = out};
  s.slice_rows = slice_rows_of(n, run);
  s.n_slices = (n - 1) / s.slice_rows + 1;
  s.slice = fm__array(s.n_slices, sizeof *s.slice);
  s.low_high = fm__array(n_groups + 1, 2 * sizeof *s.low_high);
  s.missed = fm__array(n_groups, sizeof *s.missed);
  fm_status status = FM_OK;
  if (s.slice == NULL || s.low_high == NULL || s.missed == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK) {
    s.low_high[2 * n_groups] = s.low_high[2 * n_groups + 1] = INFINITY; /* rows of no group */
    status = run_passes(&s, run, err);
  }
  for (size_t i = 0; s.slice != NULL && i < s.n_slices; i++)
    fm__slice_free(&s.slice[i]);
  fm__free(s.slice);
  fm__free(s.low_high);
  fm__free(s.missed);
  fm__free(s.drawn);
  fm__free(s.start);
  return status;
}
#else
typedef int fm__bottom_brackets_is_empty; /* a file of C must not be empty */
#endif
