/* The sums of a population in order of income, over blocks of FM__MARK distinct incomes, each of four strips.
 *
 * Strips are counted in distinct incomes, so that they do not depend on how records are split, on buckets or on
 * threads; within a strip sums run in order of income, and strips are joined in order. The four strips of a block run
 * side by side. With B the weight before a strip, A the weight after it, c and u the strip's own weight before and from
 * an income on, and dx the step to the income from the one before, the Gini area of the strip is
 *   sum (B + c) (u + A) dx = B A sum dx + B sum u dx + A sum c dx + sum c u dx:
 * no term is negative, so nothing cancels, and what needs the whole population comes last. */
#include <string.h>

#include "income/dist/dist_build_priv.h"

enum { STRIPS = 4, STRIP = FM__MARK / STRIPS };

/* All strips of a block: one vector where the compiler has them. */
#if defined(__GNUC__)
#define INLINE static inline __attribute__((always_inline))
typedef double strips __attribute__((vector_size(STRIPS * sizeof(double))));
enum { WIDTH = STRIPS };
#define AT(v, j) ((v)[j])
#else
#define INLINE static inline
typedef double strips;
enum { WIDTH = 1 };
#define AT(v, j) (v)
#endif

typedef struct block {
  double weight[STRIPS], weight_low[STRIPS], total[STRIPS], total_low[STRIPS];
  double step[STRIPS], below[STRIPS], above[STRIPS], both[STRIPS]; /* sums of dx, c dx, u dx, c u dx */
} block;

/* The k-th income of each strip side by side; x[0] are the incomes before the strips. What a strip lacks has no weight
 * and no step. */
typedef struct rows {
  double x[STRIP + 1][STRIPS], w[STRIP][STRIPS];
} rows;

/* Vectors go by pointer: passed by value they would need one calling convention on all machines. */
INLINE void load(strips *to, const double *from)
{
  memcpy(to, from, sizeof *to);
}

/* Adds a term to high, and what rounding leaves to low. */
INLINE void run(strips *high, strips *low, const strips *term)
{
  strips sum = *high + *term, part = sum - *high;
  *low += (*high - (sum - part)) + (*term - part);
  *high = sum;
}

INLINE void sum_strips(block *out, const rows *r, size_t j)
{
  strips c, w, x, before, high[STRIP], low[STRIP];
  load(&c, (const double[STRIPS]){0});
  strips c_low = c, s = c, s_low = c, rest = c, step = c, below = c, above = c, both = c;
  for (size_t i = 0; i < STRIP; i++) {
    load(&w, &r->w[i][j]);
    load(&x, &r->x[i + 1][j]);
    high[i] = c;
    low[i] = c_low;
    run(&c, &c_low, &w);
    strips product = w * x;
    for (int k = 0; k < WIDTH; k++)
      AT(rest, k) = fma(AT(w, k), AT(x, k), -AT(product, k));
    run(&s, &s_low, &product);
    s_low += rest;
  }
  for (size_t i = 0; i < STRIP; i++) {
    load(&before, &r->x[i][j]);
    load(&x, &r->x[i + 1][j]);
    strips dx = x - before, own = high[i] + low[i], u = (c - high[i]) + (c_low - low[i]), down = own * dx;
    step += dx;
    below += down;
    above += u * dx;
    both += u * down;
  }
  const strips *const all[] = {&c, &c_low, &s, &s_low, &step, &below, &above, &both};
  double *const to[] = {out->weight, out->weight_low, out->total, out->total_low,
                        out->step,   out->below,      out->above, out->both};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    memcpy(to[k] + j, all[k], sizeof *all[k]);
}

INLINE void sum_block(block *out, const rows *r)
{
  for (size_t j = 0; j < STRIPS; j += WIDTH)
    sum_strips(out, r, j);
}

static void sum_block_plain(block *out, const rows *r)
{
  sum_block(out, r);
}

/* The same operations, hence the same bits, on wider vectors; fma is one instruction instead of a call. */
#if defined(__x86_64__) && defined(__GNUC__)
__attribute__((target("avx2,fma"))) static void sum_block_fma(block *out, const rows *r)
{
  sum_block(out, r);
}
#endif

typedef void (*block_function)(block *out, const rows *r);

static block_function fastest(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return sum_block_fma;
#endif
  return sum_block_plain;
}

/* ---- distinct incomes ---- */

double fm__dist_pool(const fm__member *members, size_t n, double scale)
{
  double high = 0, low = 0, lost = 0;
  if (n == 1 && members->count == 1)
    return members->w * scale;
  for (size_t i = 0; i < n; i++) {
    double w = members[i].w * scale, count = members[i].count, product = w * count, rounded = 0, gone = 0;
    fm__running(&high, &rounded, product);
    fm__running(&low, &gone, rounded);
    if (count != 1)
      fm__running(&low, &gone, fma(w, count, -product));
    lost = gone != 0 ? 1 : lost;
  }
  if (lost == 0) /* all of it is in the two */
    return high + low;
  fm__sum sum = {.pending = 0};
  for (size_t i = 0; i < n; i++) {
    double w = members[i].w * scale, count = members[i].count, product = w * count;
    fm__sum_add(&sum, product);
    fm__sum_add(&sum, fma(w, count, -product));
  }
  return fm__sum_value(&sum);
}

static double income_at(const fm__dist *d, size_t i)
{
  double x;
  memcpy(&x, d->data + i * d->stride, sizeof x);
  return x;
}

/* The place after the members that share the income of member `first`. */
static size_t end_of(const fm__dist *d, size_t first)
{
  size_t end = first + 1;
  double x = income_at(d, first);
  while (end < d->n_members && income_at(d, end) == x)
    end++;
  return end;
}

typedef struct summing {
  fm__dist *d;
  const fm__piece *pieces;
  size_t n_pieces, n_tasks, n_blocks;
  block *blocks;
  block_function sum;
} summing;

/* Reads a block's incomes from member *at on; gives their number. */
static size_t read_block(const fm__dist *d, size_t *at, rows *r)
{
  size_t n = 0, first = *at;
  if (d->stride == sizeof(fm__xw)) {
    const fm__xw *from = (const fm__xw *)(const void *)d->data + first;
    n = d->n_members - first < FM__MARK ? d->n_members - first : FM__MARK;
    for (size_t j = 0, i = 0; i < n; j++)
      for (size_t k = 0; k < STRIP && i < n; k++, i++) {
        r->x[k + 1][j] = from[i].x;
        r->w[k][j] = from[i].w;
      }
    *at = first + n;
    return n;
  }
  for (size_t end; n < FM__MARK && first < d->n_members; n++, first = end) {
    const fm__member *m = fm__dist_member(d, first);
    end = end_of(d, first);
    r->x[n % STRIP + 1][n / STRIP] = m->x * d->x_scale;
    r->w[n % STRIP][n / STRIP] = fm__dist_pool(m, end - first, d->w_scale);
  }
  *at = first;
  return n;
}

/* Fills in the incomes before the strips, the first of them `before`, and what the n incomes leave empty. */
static void complete(rows *r, size_t n, double before)
{
  for (size_t j = 0; j < STRIPS; j++) {
    r->x[0][j] = j == 0 ? before : r->x[STRIP][j - 1];
    for (size_t k = n > j * STRIP ? n - j * STRIP : 0; k < STRIP; k++) {
      r->x[k + 1][j] = r->x[k][j];
      r->w[k][j] = 0;
    }
  }
}

static double scale_of(const fm__dist *d)
{
  return d->stride == sizeof(fm__xw) ? 1 : d->x_scale;
}

/* The blocks that begin in one piece. */
static void sum_piece(summing *s, const fm__piece *piece, rows *r)
{
  fm__dist *d = s->d;
  size_t at = piece->from, skip = (FM__MARK - piece->atom % FM__MARK) % FM__MARK;
  size_t k = (piece->atom + skip) / FM__MARK;
  if (d->stride == sizeof(fm__xw))
    at += skip;
  for (size_t i = 0; i < skip && at < piece->end && d->stride != sizeof(fm__xw); i++)
    at = end_of(d, at);
  for (; at < piece->end; k++) {
    double before = income_at(d, at > 0 ? at - 1 : 0) * scale_of(d);
    d->marks[k].member = at;
    complete(r, read_block(d, &at, r), before);
    s->sum(&s->blocks[k], r);
  }
}

static fm_status sum_task(void *ctx, size_t task)
{
  summing *s = ctx;
  rows r;
  for (size_t k = task * s->n_pieces / s->n_tasks; k < (task + 1) * s->n_pieces / s->n_tasks; k++)
    sum_piece(s, &s->pieces[k], &r);
  return FM_OK;
}

/* Adds strip j of a block to the running sums. */
static void add_strip(fm__mark *sums, const block *b, size_t j)
{
  fm__running(&sums->weight, &sums->weight_low, b->weight[j]);
  sums->weight_low += b->weight_low[j];
  fm__running(&sums->total, &sums->total_low, b->total[j]);
  sums->total_low += b->total_low[j];
}

/* Joins the blocks in order. */
static void join(summing *s)
{
  fm__dist *d = s->d;
  double area = 0, area_low = 0;
  fm__mark all = {0}, sums = {0};
  for (size_t k = 0; k < s->n_blocks * STRIPS; k++)
    add_strip(&all, &s->blocks[k / STRIPS], k % STRIPS);
  d->weight = all.weight + all.weight_low;
  d->weight_low = (all.weight - d->weight) + all.weight_low;
  d->total = all.total + all.total_low;
  d->total_low = (all.total - d->total) + all.total_low;
  for (size_t k = 0; k < s->n_blocks * STRIPS; k++) {
    const block *b = &s->blocks[k / STRIPS];
    size_t j = k % STRIPS;
    double before = sums.weight + sums.weight_low;
    if (j == 0) {
      sums.member = d->marks[k / STRIPS].member;
      d->marks[k / STRIPS] = sums;
    }
    add_strip(&sums, b, j);
    double after = (all.weight - sums.weight) + (all.weight_low - sums.weight_low);
    after = after > 0 ? after : 0;
    fm__running(&area, &area_low, before * after * b->step[j]);
    fm__running(&area, &area_low, before * b->above[j]);
    fm__running(&area, &area_low, after * b->below[j]);
    fm__running(&area, &area_low, b->both[j]);
  }
  d->gini_area = area + area_low;
}

fm_status fm__dist_sum_up(fm__dist *d, const fm__piece *pieces, size_t n_pieces, const fm_run *run, fm_error *err)
{
  enum { MOST_TASKS = 64 };
  summing s = {.d = d, .pieces = pieces, .n_pieces = n_pieces, .sum = fastest()};
  s.n_tasks = n_pieces < MOST_TASKS ? n_pieces : MOST_TASKS;
  s.blocks = fm__alloc((d->n_members / FM__MARK + 1) * sizeof *s.blocks);
  fm_status status = s.blocks == NULL ? fm__no_memory(err) : FM_OK;
  for (size_t k = 0; k < d->n_members / FM__MARK + 1; k++)
    d->marks[k].member = d->n_members; /* until a block is found to begin there */
  if (status == FM_OK)
    status = fm__run_tasks(d->n_members < FM__FEW_ROWS ? NULL : run, sum_task, &s, s.n_tasks, err);
  if (status == FM_OK) {
    while (s.n_blocks < d->n_members / FM__MARK + 1 && d->marks[s.n_blocks].member < d->n_members)
      s.n_blocks++;
    d->n_marks = s.n_blocks;
    join(&s);
    d->mean = d->n_members > 0 ? d->total / d->weight : NAN;
    d->least = d->n_members > 0 ? income_at(d, 0) * scale_of(d) : NAN;
    d->most = d->n_members > 0 ? income_at(d, d->n_members - 1) * scale_of(d) : NAN;
  }
  fm__free(s.blocks);
  return status;
}
