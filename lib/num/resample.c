/* Bootstrap of rows: scalar forms, exact multinomial totals, replicates as tasks. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "num/resample_priv.h"

/* ---- Poisson draws from 16 bits ---- */

void fm__poisson_table_make(fm__poisson_table *t, double mean)
{
  double p[FM__POISSON_RARE] = {fm__exp(-mean)};
  uint32_t cells[FM__POISSON_CELLS], end = 0;
  int32_t most = 0;
  for (int32_t k = 1; k < FM__POISSON_RARE; k++) {
    p[k] = p[k - 1] * mean / k;
    if (p[k] >= 0x1p-64)
      most = k;
  }
  for (int32_t k = 0; k < FM__POISSON_CELLS; k++) {
    cells[k] = (uint32_t)(p[k] * 65536);
    end += cells[k];
    t->last[k] = (int16_t)((int32_t)end - 1 - 32768);
  }
  /* From the largest count down, so that what rounding leaves goes to 0. */
  uint64_t upto = 0;
  t->n_rare = 0;
  for (int32_t k = most; k >= 0; k--) {
    upto += (uint64_t)(ldexp(p[k], 64) - (k < FM__POISSON_CELLS ? ldexp((double)cells[k], 48) : 0));
    t->rare[t->n_rare] = upto;
    t->count[t->n_rare++] = (uint8_t)k;
  }
}

/* ---- lanes ---- */

void fm__lanes_start(fm__lanes *l, uint64_t seed, uint32_t group, uint32_t block)
{
  *l = (fm__lanes){.seed = seed, .group = group, .block = block};
  for (uint32_t lane = 0; lane < FM__RESAMPLE_LANES; lane++) {
    uint32_t word[4];
    fm__philox(word, (const uint32_t[4]){lane, FM__RANDOM_LANES, group, block}, seed);
    for (int k = 0; k < 4; k++)
      l->state[k][lane] = word[k];
    if ((word[0] | word[1] | word[2] | word[3]) == 0)
      l->state[0][lane] = 1; /* the one state that xoshiro never leaves */
  }
}

uint8_t fm__lanes_rare(const fm__lanes *l, const fm__poisson_table *t, uint32_t cell, uint32_t replicate)
{
  uint32_t word[4];
  const uint32_t counter[4] = {l->row * FM__RESAMPLE_GROUP + replicate, FM__RANDOM_REFINE, l->group, l->block};
  fm__philox(word, counter, l->seed);
  uint64_t at = (uint64_t)cell << 48 | (uint64_t)(word[1] & 0xffff) << 32 | word[0];
  int32_t k = 0;
  while (k < t->n_rare - 1 && at >= t->rare[k])
    k++;
  return t->count[k];
}

static uint32_t rotated(uint32_t v, int32_t by)
{
  return v << by | v >> (32 - by);
}

uint32_t fm__lanes_word(uint32_t state[4][FM__RESAMPLE_LANES], size_t lane)
{
  uint32_t s0 = state[0][lane], s1 = state[1][lane], s2 = state[2][lane], s3 = state[3][lane];
  uint32_t word = rotated(s0 + s3, 7) + s0, t = s1 << 9;
  s2 ^= s0;
  s3 ^= s1;
  state[1][lane] = s1 ^ s2;
  state[0][lane] = s0 ^ s3;
  state[2][lane] = s2 ^ t;
  state[3][lane] = rotated(s3, 11);
  return word;
}

void fm__lanes_draw_scalar(uint8_t *count, fm__lanes *l, const fm__poisson_table *t, size_t n)
{
  for (size_t i = 0; i < n; i++, l->row++)
    for (uint32_t lane = 0; lane < FM__RESAMPLE_LANES; lane++) {
      uint32_t word = fm__lanes_word(l->state, lane);
      for (uint32_t half = 0; half < 2; half++, word >>= 16) {
        /* the bits as a signed number, as the vector form compares them */
        int32_t cell = (int32_t)((word & 0xffff) ^ 0x8000) - 32768;
        uint8_t k = 0;
        while (k < FM__POISSON_CELLS && cell > t->last[k])
          k++;
        if (k == FM__POISSON_CELLS)
          k = fm__lanes_rare(l, t, (uint32_t)(cell - t->last[k - 1] - 1), 2 * lane + half);
        count[i * FM__RESAMPLE_GROUP + 2 * lane + half] = k;
      }
    }
}

void fm__gini_add_scalar(fm__gini_sums *s, const uint8_t *count, const double *w_dx, size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < FM__RESAMPLE_GROUP; k++) {
      s->above[k] += count[i * FM__RESAMPLE_GROUP + k] * w_dx[4 * i];
      double step = s->above[k] * w_dx[4 * i + 2];
      s->a[k] += step;
      s->b[k] += s->above[k] * step;
    }
}

void fm__lanes_total_scalar(uint32_t total[FM__RESAMPLE_GROUP], uint8_t most[FM__RESAMPLE_GROUP], const uint8_t *count,
                            size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < FM__RESAMPLE_GROUP; k++) {
      uint8_t c = count[i * FM__RESAMPLE_GROUP + k];
      total[k] += c;
      most[k] = c > most[k] ? c : most[k];
    }
}

/* ---- Poisson counts ---- */

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Counts of the next n rows. */
static void draw_rows(uint8_t *count, const fm__resample_counts *c, size_t n)
{
  fm__lanes lanes;
  for (size_t done = 0, rows; done < n; done += rows) {
    rows = smaller(FM__RESAMPLE_BLOCK, n - done);
    fm__lanes_start(&lanes, c->r->seed, c->group, (uint32_t)((c->first + done) / FM__RESAMPLE_BLOCK));
    fm__lanes_draw(count + done * FM__RESAMPLE_GROUP, &lanes, &c->table, rows);
  }
}

/* ---- multinomial counts, a stretch of rows at a time ----
 * How many of a replicate's draws fall into a stretch is binomial given those before. Within it Poisson counts are
 * drawn with a mean somewhat below 1; given its total such a vector is multinomial, and stays so when draws are added,
 * each to any row, or taken away, each draw as likely. So the total is made up to the one wanted, and the counts are
 * those of as many draws among the rows, independent and with equal chances. */

/* With a margin of 2 / sqrt(rows) 8 totals of 100 are too large, and taking away costs more than adding. */
#define MARGIN 2.0

/* A row comes from 16 bits; the few that would make some rows likelier are passed over. No count comes near 255: a
 * Poisson draw has at most 31, and as many added ones on one row have a chance below 1e-300. */
void fm__resample_settle(uint8_t *count, uint64_t total, uint64_t wanted, uint32_t most, size_t n, fm__random *stream)
{
  uint32_t rows = (uint32_t)n, least = 65536 % rows, word = 0;
  for (bool half = false; total != wanted; half = !half) {
    word = half ? word >> 16 : fm__random_u32(stream);
    uint32_t product = (word & 0xffff) * rows;
    if ((product & 0xffff) < least)
      continue;
    uint8_t *at = count + (size_t)(product >> 16) * FM__RESAMPLE_GROUP;
    if (total < wanted) {
      ++*at;
      total++;
    } else if (*at > 0 && fm__random_below(stream, most) < *at) { /* a draw, not a row: in proportion to its count */
      --*at;
      total--;
    }
  }
}

void fm__resample_start(fm__resample_counts *c, const fm__resample *r, uint32_t group)
{
  *c = (fm__resample_counts){.r = r, .group = group, .rest_rows = r->n + r->n_beside};
  for (size_t k = 0; k < FM__RESAMPLE_GROUP; k++)
    c->rest_draws[k] = c->rest_rows;
  fm__poisson_table_make(&c->table, 1);
}

static void draw_multinomial(uint8_t *count, fm__resample_counts *c, size_t n)
{
  uint32_t total[FM__RESAMPLE_GROUP] = {0}, stretch = (uint32_t)(c->first / FM__RESAMPLE_STRETCH);
  uint8_t most[FM__RESAMPLE_GROUP] = {0};
  double mean = 1 - MARGIN / sqrt((double)n);
  if (mean > 0) {
    fm__poisson_table_make(&c->table, mean);
    draw_rows(count, c, n);
    for (size_t i = 0; i < n; i += FM__RESAMPLE_BLOCK)
      fm__lanes_total(total, most, count + i * FM__RESAMPLE_GROUP, smaller(FM__RESAMPLE_BLOCK, n - i));
  } else {
    memset(count, 0, n * FM__RESAMPLE_GROUP);
  }
  for (uint32_t k = 0; k < FM__RESAMPLE_GROUP; k++) {
    fm__random stream;
    fm__random_start(&stream, c->r->seed, FM__RANDOM_TOTALS, c->group * FM__RESAMPLE_GROUP + k, stretch);
    uint64_t wanted = c->rest_draws[k];
    if (c->rest_rows > n)
      wanted = fm__random_binomial(&stream, wanted, (double)n / (double)c->rest_rows);
    c->rest_draws[k] -= wanted;
    fm__resample_settle(count + k, total[k], wanted, most[k], n, &stream);
  }
}

size_t fm__resample_next(uint8_t *count, fm__resample_counts *c)
{
  bool whole = c->r->kind == FM__RESAMPLE_POISSON; /* nothing to settle: by block, which the first cache holds */
  size_t n = smaller(whole ? FM__RESAMPLE_BLOCK : FM__RESAMPLE_STRETCH, c->r->n - c->first);
  if (n > 0 && whole)
    draw_rows(count, c, n);
  else if (n > 0)
    draw_multinomial(count, c, n);
  c->first += n;
  c->rest_rows -= n;
  return n;
}

/* ---- the Gini of each replicate ---- */

typedef struct job {
  const fm__resample *r;
  const fm__resample_rows *rows;
  double *gini;
  size_t n_replicates, first_group;
} job;

/* A place among the rows, from the largest income down. */
typedef struct place {
  const unsigned char *record;
  size_t n_records, n_rows; /* from here on: records, rows of this record */
  double x, w;
} place;

static void look(place *p, const fm__resample_rows *rows)
{
  double cell[2] = {NAN, NAN};
  uint32_t count = 1;
  if (p->n_records > 0)
    memcpy(cell, p->record, sizeof cell);
  if (p->n_records > 0 && rows->count_at != 0)
    memcpy(&count, p->record + rows->count_at, sizeof count);
  p->x = cell[0] * rows->x_scale;
  p->w = cell[1] * rows->w_scale;
  p->n_rows = count;
}

static place start(const fm__resample_rows *rows)
{
  place p = {.record = rows->data, .n_records = rows->n_records};
  if (p.n_records > 0)
    p.record += (p.n_records - 1) * rows->stride;
  look(&p, rows);
  return p;
}

/* w and the step down to the next row, each twice. Below the last row there is no step. */
static void lay_out(double *w_dx, place *p, const fm__resample_rows *rows, size_t n)
{
  for (size_t i = 0; i < n; i++, w_dx += 4) {
    double x = p->x;
    w_dx[0] = w_dx[1] = p->w;
    if (--p->n_rows == 0 && --p->n_records > 0) {
      p->record -= rows->stride;
      look(p, rows);
    }
    w_dx[2] = w_dx[3] = x - p->x;
  }
}

static void add_rows(fm__gini_sums *s, const uint8_t *count, place *p, const fm__resample_rows *rows, size_t n)
{
  double w_dx[4 * FM__RESAMPLE_STEP];
  for (size_t done = 0, now; done < n; done += now) {
    now = smaller(FM__RESAMPLE_STEP, n - done);
    lay_out(w_dx, p, rows, now);
    fm__gini_add(s, count + done * FM__RESAMPLE_GROUP, w_dx, now);
  }
}

static fm_status one_group(void *ctx, size_t index)
{
  const job *j = ctx;
  size_t group = j->first_group + index, at = group * FM__RESAMPLE_GROUP;
  fm__gini_sums s = {.above = {0}};
  fm__resample_counts counts;
  uint8_t *count = fm__alloc(FM__RESAMPLE_STRETCH * FM__RESAMPLE_GROUP);
  if (count == NULL)
    return FM_ERR_MEMORY;
  fm__resample_start(&counts, j->r, (uint32_t)group);
  place p = start(j->rows);
  for (size_t n; (n = fm__resample_next(count, &counts)) > 0;)
    add_rows(&s, count, &p, j->rows, n);
  fm__free(count);
  for (size_t k = 0; k < FM__RESAMPLE_GROUP && at + k < j->n_replicates; k++) {
    double weight = s.above[k], total = weight * p.x + s.a[k]; /* p: the smallest income */
    j->gini[at + k] = weight > 0 && total > 0 ? (weight * s.a[k] - s.b[k]) / (weight * total) : NAN;
  }
  return FM_OK;
}

fm_status fm__resample_gini(double *gini, const fm__resample *r, const fm__resample_rows *rows, size_t n_replicates,
                            const fm_run *run, fm_error *err)
{
  enum { WAVE = 16 }; /* groups between two looks at progress */
  job j = {.r = r, .rows = rows, .gini = gini, .n_replicates = n_replicates};
  size_t n_groups = n_replicates / FM__RESAMPLE_GROUP + (n_replicates % FM__RESAMPLE_GROUP > 0);
  size_t wave = run != NULL && run->progress != NULL ? WAVE : n_groups;
  fm_status status = fm__run_check(run, err);
  for (size_t n; j.first_group < n_groups && status == FM_OK; j.first_group += n) {
    n = smaller(wave, n_groups - j.first_group);
    status = fm__run_tasks(run, one_group, &j, n, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(j.first_group + n) / (double)n_groups, err);
  }
  return status;
}
