/* Packing, dealing and sorting words of spells. */
#include "spell/packed_priv.h"

#include <string.h>

enum {
  DIGIT_BITS = 13,
  FEW_BITS = 8, /* of a digit where there are fewer than FEW words */
  FEW = 4096,
  INSERTED = 32,
  LOOK_ROWS = 2048,
  PAGE = 4096,
  CACHE_ROWS = 1 << 16, /* more words than this are dealt once more before they are sorted */
  DEAL_BITS = 10
};

static uint32_t bits_of(uint64_t x)
{
  uint32_t bits = 0;
  for (; x != 0; x >>= 1)
    bits++;
  return bits;
}

/* Without branches, for the compiler to make vectors of it; in pieces that stay in the cache for the second loop. */
static void look_at(fm__packed_scan *k, const fm__spells *s, size_t from, size_t to)
{
  const int32_t *person = s->person, *start = s->start, *end = s->end, as_of = s->as_of;
  int32_t least = k->least_person, most = k->most_person, first = k->least_start;
  int32_t last = first, least_end = end[from] == FM_SPELL_OPEN ? 0 : end[from], last_end = least_end;
  int32_t idle = 0, disorder = 0, changes = 0;
  for (size_t i = from; i < to; i++) {
    int32_t p = person[i], d = start[i], e = end[i];
    idle |= (d >= as_of) | (e <= d);
    e = e == FM_SPELL_OPEN ? 0 : e;
    least = p < least ? p : least;
    most = p > most ? p : most;
    first = d < first ? d : first;
    last = d > last ? d : last;
    least_end = e < least_end ? e : least_end;
    last_end = e > last_end ? e : last_end;
  }
  for (size_t i = from > 0 ? from : 1; i < to; i++) {
    int32_t same = person[i] == person[i - 1];
    disorder |= (person[i] < person[i - 1]) | (same & (start[i] < start[i - 1]));
    changes += 1 - same;
  }
  k->least_person = least;
  k->most_person = most;
  k->least_start = first;
  k->n_persons += (size_t)changes;
  k->wrong |= first < FM__DATE_MIN || last > FM__DATE_MAX || least_end < FM__DATE_MIN || last_end > FM__DATE_MAX;
  k->disorder |= disorder != 0;
  k->idle |= idle != 0;
}

fm__packed_scan fm__packed_look(const fm__spells *s, size_t from, size_t to)
{
  fm__packed_scan k = {s->person[from], s->person[from], s->start[from], from == 0, false, false, false};
  for (; from < to; from += LOOK_ROWS)
    look_at(&k, s, from, to - from < LOOK_ROWS ? to : from + LOOK_ROWS);
  return k;
}

bool fm__layout_make(fm__layout *l, const fm__packed_scan *scan, size_t n, int32_t as_of)
{
  uint64_t persons = (uint32_t)scan->most_person - (uint32_t)scan->least_person;
  *l = (fm__layout){.person = scan->least_person, .day = scan->least_start, .range = as_of - scan->least_start};
  l->day_bits = bits_of((uint64_t)l->range);
  l->day_bits = l->day_bits < 2 ? 2 : l->day_bits;
  size_t buckets = 1;
  while (buckets < FM__PACKED_BUCKETS && buckets * FM__PACKED_BUCKET_ROWS < n)
    buckets *= 2;
  while (persons >> l->bucket_shift >= buckets)
    l->bucket_shift++;
  l->n_buckets = (size_t)(persons >> l->bucket_shift) + 1;
  l->width = (l->bucket_shift + 2 * l->day_bits + 7) / 8;
  l->width = l->width < 4 ? 4 : l->width;
  return l->day_bits <= 16;
}

typedef struct deal {
  const fm__spells *s;
  const fm__layout *l;
  uint8_t *words;
  uint32_t *at; /* block by block: words of each bucket, then where the next one goes */
  size_t block_rows;
} deal;

/* Rows that did not take place go to a bucket of their own behind the others: counted, never written. */
static inline size_t bucket_of(const deal *d, size_t i)
{
  const fm__spells *s = d->s;
  size_t bucket = (size_t)(fm__person_number(d->l, s->person[i]) >> d->l->bucket_shift);
  return s->start[i] < s->as_of && s->end[i] > s->start[i] ? bucket : d->l->n_buckets;
}

static fm_status count_block(void *ctx, size_t block)
{
  const deal *d = ctx;
  uint32_t *at = d->at + block * (d->l->n_buckets + 1);
  size_t from = block * d->block_rows, to = d->s->n - from < d->block_rows ? d->s->n : from + d->block_rows;
  memset(at, 0, (d->l->n_buckets + 1) * sizeof *at);
  for (size_t i = from; i < to; i++)
    at[bucket_of(d, i)]++;
  /* Each task enters its share of the memory, in order; otherwise the first one to scatter would enter all of it. */
  for (size_t i = from * d->l->width; i < to * d->l->width; i += PAGE)
    d->words[i] = 0;
  return FM_OK;
}

static fm_status scatter_block(void *ctx, size_t block)
{
  const deal *d = ctx;
  const fm__spells *s = d->s;
  const fm__layout l = *d->l;
  uint32_t *at = d->at + block * (l.n_buckets + 1);
  uint8_t *words = d->words;
  size_t from = block * d->block_rows, to = s->n - from < d->block_rows ? s->n : from + d->block_rows;
  for (size_t i = from; i < to; i++) {
    uint64_t person = fm__person_number(&l, s->person[i]);
    if (s->start[i] < s->as_of && s->end[i] > s->start[i])
      fm__word_put(words + (size_t)at[person >> l.bucket_shift]++ * l.width, l.width,
                   fm__pack(&l, person, s->start[i], s->end[i]));
  }
  return FM_OK;
}

fm_status fm__packed_create(fm__packed *p, const fm__layout *l, const fm__spells *s, const fm_run *run, fm_error *err)
{
  size_t rows = s->n / FM__PACKED_BLOCKS + 1;
  rows = rows < FM__PACKED_BLOCK_ROWS ? FM__PACKED_BLOCK_ROWS : rows;
  size_t n_blocks = (s->n + rows - 1) / rows, width = l->n_buckets + 1;
  deal d = {.s = s, .l = l, .block_rows = rows, .words = fm__many(s->n, l->width)};
  *p = (fm__packed){.layout = *l, .words = d.words, .begin = fm__array(width, sizeof *p->begin)};
  d.at = fm__array(n_blocks * width, sizeof *d.at);
  fm_status status = FM_OK;
  if (d.words == NULL || p->begin == NULL || d.at == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__run_tasks(run, count_block, &d, n_blocks, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.2, err);
  if (status != FM_OK)
    goto done;
  uint32_t sum = 0;
  for (size_t b = 0; b < l->n_buckets; b++) {
    p->begin[b] = sum;
    for (size_t k = 0; k < n_blocks; k++) {
      uint32_t count = d.at[k * width + b];
      d.at[k * width + b] = sum;
      sum += count;
    }
  }
  p->begin[l->n_buckets] = sum;
  status = fm__run_tasks(run, scatter_block, &d, n_blocks, err);
done:
  fm__free(d.at);
  if (status != FM_OK)
    fm__packed_free(p);
  return status;
}

void fm__packed_free(fm__packed *p)
{
  fm__free(p->words);
  fm__free(p->begin);
  *p = (fm__packed){0};
}

/* Moves words by the digit of `bits` bits from `shift` on, stably; at[d] is then the place after digit d's last. */
static void move(uint64_t *to, const uint64_t *from, size_t n, uint32_t shift, uint32_t bits, uint32_t *at)
{
  const uint64_t mask = (UINT64_C(1) << bits) - 1;
  memset(at, 0, ((size_t)mask + 1) * sizeof *at);
  for (size_t i = 0; i < n; i++)
    at[from[i] >> shift & mask]++;
  uint32_t sum = 0;
  for (size_t b = 0; b <= mask; b++) {
    uint32_t count = at[b];
    at[b] = sum;
    sum += count;
  }
  for (size_t i = 0; i < n; i++)
    to[at[from[i] >> shift & mask]++] = from[i];
}

static void insert_all(uint64_t *words, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    uint64_t x = words[i];
    size_t k = i;
    for (; k > 0 && words[k - 1] > x; k--)
      words[k] = words[k - 1];
    words[k] = x;
  }
}

/* Sorts by the bits from `low` to `top`. */
static void sort_bits(uint64_t **words, uint64_t **scratch, size_t n, uint32_t low, uint32_t top)
{
  uint32_t at[1 << DIGIT_BITS], most = n < FEW ? FEW_BITS : DIGIT_BITS, passes = (top - low + most - 1) / most;
  for (uint32_t k = 0; k < passes; k++) {
    uint32_t bits = (top - low + passes - k - 1) / (passes - k);
    move(*scratch, *words, n, low, bits, at);
    uint64_t *swap = *words;
    *words = *scratch;
    *scratch = swap;
    low += bits;
  }
}

static uint64_t *sort_in_cache(uint64_t *words, uint64_t *scratch, size_t n, uint32_t day_bits, uint32_t person_bits)
{
  if (n <= INSERTED) {
    insert_all(words, n);
    return words;
  }
  sort_bits(&words, &scratch, n, day_bits, 2 * day_bits + person_bits);
  return words;
}

uint64_t *fm__packed_sort(uint64_t *words, uint64_t *scratch, size_t n, uint32_t day_bits, uint32_t person_bits)
{
  if (n <= CACHE_ROWS)
    return sort_in_cache(words, scratch, n, day_bits, person_bits);
  /* Few bits may be in use: nothing is dealt where all are of one person. */
  uint64_t differ = 0;
  for (size_t i = 1; i < n; i++)
    differ |= words[i] ^ words[0];
  uint32_t used = bits_of(differ >> 2 * day_bits);
  if (used == 0)
    return sort_in_cache(words, scratch, n, day_bits, 0);
  uint32_t bits = used < DEAL_BITS ? used : DEAL_BITS, at[1 << DEAL_BITS], from = 0;
  move(scratch, words, n, 2 * day_bits + used - bits, bits, at);
  for (size_t b = 0; b < (size_t)1 << bits; b++) {
    size_t count = at[b] - from;
    const uint64_t *sorted = fm__packed_sort(scratch + from, words + from, count, day_bits, used - bits);
    if (sorted != words + from && count > 0)
      memcpy(words + from, sorted, count * sizeof *words);
    from = at[b];
  }
  return words;
}
