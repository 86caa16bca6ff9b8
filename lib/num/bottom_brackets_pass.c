/* The pass over rows of many groups. Each row's weight and product are split into two integers on grids that all rows
 * share, which is exact for nearly all data, and added to the sums of its group and place: the sums of 800 groups lie
 * in the second-level cache, so that no row has to move. */
#include "num/bottom_brackets_priv.h"

#if defined(FM__SUM_SSE2)
enum { CHUNKS_OF_BLOCK = 10240, MOST_ODD = 1 << 16 };

static bool has_avx2(void)
{
#if defined(FM__BOTTOM_AVX2)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

static bool split_block(fm__terms *to, const fm__brackets *of, const double *x, const double *w, size_t n)
{
#if defined(FM__BOTTOM_AVX2)
  if (has_avx2())
    return fm__terms_split_avx2(to, of, x, w, n);
#endif
  return fm__terms_split_sse2(to, of, x, w, n);
}

static void add_block(fm__cell *cell, fm__terms *t, const fm__brackets *of, const double *x, const int32_t *group,
                      size_t n)
{
#if defined(FM__BOTTOM_AVX2)
  if (has_avx2()) {
    fm__terms_add_avx2(cell, t, of, x, group, n);
    return;
  }
#endif
  fm__terms_add_sse2(cell, t, of, x, group, n);
}

static bool new_chunk(fm__chunks *c, fm__tail *to)
{
  if (c->n_blocks == 0 || c->used == CHUNKS_OF_BLOCK) {
    if (!fm__grow((void **)&c->block, &c->capacity, c->n_blocks + 1, sizeof *c->block))
      return false;
    void *made = fm__many(CHUNKS_OF_BLOCK, sizeof(fm__chunk));
    if (made == NULL)
      return false;
    c->block[c->n_blocks++] = made;
    c->used = 0;
  }
  fm__chunk *chunk = (fm__chunk *)c->block[c->n_blocks - 1] + c->used++, *before = to->last;
  chunk->before[0] = before;
  chunk->before[1] = before != NULL ? before->before[0] : NULL;
  chunk->n_before = before != NULL ? before->n_before + FM__CHUNK_ROWS : 0;
  *to = (fm__tail){.next = chunk->row, .end = chunk->row + 2 * FM__CHUNK_ROWS, .last = chunk};
  return true;
}

static bool keep_inside(fm__chunks *c, const fm__terms *b, const double *x, const double *w, const int32_t *group)
{
  for (size_t k = 0; k < b->n_inside; k++) {
    size_t i = b->inside[k];
    fm__tail *to = c->tail + group[i]; /* no row of no group is inside */
    if (to->next == to->end && !new_chunk(c, to))
      return false;
    to->next[0] = x[i];
    to->next[1] = w == NULL ? 1 : w[i];
    to->next += 2;
  }
  return true;
}

static bool add_odd(fm__slice *s, const fm__brackets *of, size_t k, double x, double w)
{
  if (s->odd_last == NULL)
    s->odd_last = fm__array(of->n_groups, sizeof *s->odd_last);
  if (s->odd_last == NULL || !fm__grow((void **)&s->odd, &s->odd_capacity, s->n_odd + 1, sizeof *s->odd))
    return false;
  uint32_t place = fm__place_of_code[fm__bracket_code(x, of->low_high + 2 * k)];
  s->odd[s->n_odd++] = (fm__odd){.before = s->odd_last[k], .place = place, .w = w, .t = w * x};
  s->odd_last[k] = s->n_odd;
  return true;
}

/* Terms off the grids are taken out of the block and put aside. */
static bool put_aside(fm__slice *s, fm__terms *b, const fm__brackets *of, const double *x, const double *w,
                      const int32_t *group, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    fm__terms one;
    double v = w == NULL ? 1 : w[i];
    if (fm__terms_split_sse2(&one, of, x + i, &v, 1))
      continue;
    size_t k = fm__bracket_group(group[i], of->n_groups);
    if (k < of->n_groups && !add_odd(s, of, k, x[i], v))
      return false;
    b->term[i] = (fm__cell){.coarse_w = 0};
  }
  s->too_odd = s->n_odd > MOST_ODD;
  return true;
}

/* Moves what the fine sums have of the coarse grid. */
static void carry(fm__cell *cell, size_t n)
{
  const uint64_t bias = UINT64_C(1) << 62, mask = (UINT64_C(1) << FM__TERM_FINE_BITS) - 1;
  const int64_t biased = INT64_C(1) << (62 - FM__TERM_FINE_BITS);
  for (size_t i = 0; i < n; i++) {
    uint64_t w = (uint64_t)cell[i].fine_w + bias, t = (uint64_t)cell[i].fine_t + bias;
    cell[i].coarse_w += (int64_t)(w >> FM__TERM_FINE_BITS) - biased;
    cell[i].coarse_t += (int64_t)(t >> FM__TERM_FINE_BITS) - biased;
    cell[i].fine_w = (int64_t)(w & mask);
    cell[i].fine_t = (int64_t)(t & mask);
  }
}

static bool slice_begin(fm__slice *s, size_t n_groups)
{
  size_t n = 4 * (n_groups + 1);
  s->cell_memory = fm__array(n + 2, sizeof *s->cell);
  s->inside.tail = fm__array(n_groups, sizeof *s->inside.tail);
  if (s->cell_memory == NULL || s->inside.tail == NULL)
    return false;
  s->cell = (fm__cell *)(void *)(((uintptr_t)s->cell_memory + 63) / 64 * 64); /* two cells a line */
  return true;
}

bool fm__slice_add(fm__slice *s, const fm__brackets *of, const double *x, const double *w, const int32_t *group,
                   size_t n)
{
  fm__terms b;
  if (!slice_begin(s, of->n_groups))
    return false;
  for (size_t i = 0, m; i < n && !s->too_odd; i += m) {
    const double *v = w == NULL ? NULL : w + i;
    m = n - i < FM__TERMS ? n - i : FM__TERMS;
    if (!split_block(&b, of, x + i, v, m) && !put_aside(s, &b, of, x + i, v, group + i, m))
      return false;
    add_block(s->cell, &b, of, x + i, group + i, m);
    if (!keep_inside(&s->inside, &b, x + i, v, group + i))
      return false;
    if ((i + m) % FM__TERM_CARRY_ROWS == 0)
      carry(s->cell, 4 * (of->n_groups + 1));
  }
  carry(s->cell, 4 * (of->n_groups + 1));
  return true;
}

void fm__slice_free(fm__slice *s)
{
  for (size_t i = 0; i < s->inside.n_blocks; i++)
    fm__free(s->inside.block[i]);
  fm__free(s->inside.block);
  fm__free(s->inside.tail);
  fm__free(s->cell_memory);
  fm__free(s->odd);
  fm__free(s->odd_last);
  *s = (fm__slice){.cell = NULL};
}
#else
typedef int fm__bottom_brackets_pass_is_empty; /* a file of C must not be empty */
#endif
