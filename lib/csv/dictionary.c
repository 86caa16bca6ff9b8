/* Texts numbered by first arrival. A batch of cells is hashed first, so that the memory each needs is on its way
 * before it is looked at: with one cell at a time the wait for memory is most of the cost. */
#include "csv/csv_priv.h"

#include <string.h>

#if defined(__GNUC__)
#define PREFETCH(p) __builtin_prefetch(p)
#else
#define PREFETCH(p) ((void)(p))
#endif

/* The first 15 bytes of a text in two words: behind the end of a short text stands a 1, then zeros; the last byte of a
 * longer one is 2. Equal heads of short texts are equal texts, without a look at the texts. */
#define SHORT 15

static uint64_t load8(const char *p)
{
  uint64_t w;
  memcpy(&w, p, sizeof w);
  return w;
}

static inline fm__head head_of(const char *text, size_t length)
{
  char bytes[16] = {0};
  fm__head h;
  memcpy(bytes, text, length > SHORT ? SHORT : length);
  bytes[length > SHORT ? SHORT : length] = length > SHORT ? 2 : 1;
  memcpy(&h, bytes, sizeof h);
  return h;
}

/* The same where 16 bytes can be read, without a copy whose length is not known before. */
static inline fm__head head_in_buffer(const char *text, size_t length)
{
  static const char keep[32] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", end[32] = {[SHORT] = 1},
                    of_long[16] = {[SHORT] = 2};
  size_t skip = length > SHORT ? 0 : SHORT - length;
  const char *mask = keep + skip, *behind = length > SHORT ? of_long : end + skip;
  return (fm__head){(load8(text) & load8(mask)) | load8(behind),
                    (load8(text + 8) & load8(mask + 8)) | load8(behind + 8)};
}

static inline uint64_t mix(uint64_t h, uint64_t w)
{
  h = (h ^ w) * 0x9E3779B97F4A7C15ULL;
  return h ^ h >> 32;
}

/* Only for places in this table: never saved, so that the byte order of the machine does not matter. */
static inline uint32_t hash_text(fm__head head, const char *text, size_t length)
{
  uint64_t h = mix(mix(0, head.low), head.high);
  if (length > SHORT) {
    const char *last = text + length;
    for (text += SHORT; text + 8 < last; text += 8)
      h = mix(h, load8(text));
    h = mix(h ^ length, load8(last - 8));
  }
  h *= 0xA0761D6478BD642FULL;
  return (uint32_t)(h >> 32);
}

fm_status fm__dictionary_init(fm__dictionary *d)
{
  *d = (fm__dictionary){0};
  if (!fm__grow((void **)&d->offsets, &d->offsets_capacity, 16, sizeof *d->offsets))
    return FM_ERR_MEMORY;
  d->offsets[0] = 0;
  return FM_OK;
}

void fm__dictionary_free(fm__dictionary *d)
{
  fm__free(d->slots);
  fm__free(d->heads);
  fm__free(d->offsets);
  fm__free(d->bytes);
  *d = (fm__dictionary){0};
}

static inline bool is_text(const fm__dictionary *d, int32_t code, fm__head head, const char *text, size_t length)
{
  const fm__head *kept = &d->heads[code];
  if (((kept->low ^ head.low) | (kept->high ^ head.high)) != 0)
    return false;
  if (length <= SHORT)
    return true;
  int64_t start = d->offsets[code];
  return (size_t)(d->offsets[code + 1] - start) == length + 1 &&
         memcmp(d->bytes + start + SHORT, text + SHORT, length - SHORT) == 0;
}

/* Slot that holds the text, or the free slot where it belongs. */
static inline size_t place(const fm__dictionary *d, uint32_t hash, fm__head head, const char *text, size_t length)
{
  size_t mask = d->n_slots - 1;
  for (size_t i = hash & mask;; i = (i + 1) & mask) {
    const fm__slot *slot = &d->slots[i];
    if (slot->code < 0 || (slot->hash == hash && is_text(d, slot->code, head, text, length)))
      return i;
  }
}

/* Makes room for `more` texts so that the table stays at most half full. */
static bool reserve(fm__dictionary *d, size_t more)
{
  size_t need = (d->n_texts + more) * 2;
  if (need <= d->n_slots)
    return true;
  size_t n = d->n_slots < 1024 ? 1024 : d->n_slots;
  while (n < need)
    n *= 2;
  fm__slot *slots = fm__array(n, sizeof *slots);
  if (slots == NULL)
    return false;
  for (size_t i = 0; i < n; i++)
    slots[i].code = -1;
  for (size_t i = 0; i < d->n_slots; i++) {
    if (d->slots[i].code < 0)
      continue;
    size_t k = d->slots[i].hash & (n - 1);
    while (slots[k].code >= 0)
      k = (k + 1) & (n - 1);
    slots[k] = d->slots[i];
  }
  fm__free(d->slots);
  d->slots = slots;
  d->n_slots = n;
  return true;
}

static fm_status append(fm__dictionary *d, fm__head head, const char *text, size_t length)
{
  size_t at = (size_t)d->offsets[d->n_texts], need;
  if (d->n_texts >= INT32_MAX)
    return FM_ERR_LIMIT;
  if (!fm__add(at, length + 1, &need) || !fm__grow((void **)&d->bytes, &d->bytes_capacity, need, 1) ||
      !fm__grow((void **)&d->heads, &d->heads_capacity, d->n_texts + 1, sizeof *d->heads) ||
      !fm__grow((void **)&d->offsets, &d->offsets_capacity, d->n_texts + 2, sizeof *d->offsets))
    return FM_ERR_MEMORY;
  memcpy(d->bytes + at, text, length);
  d->bytes[at + length] = '\0';
  d->heads[d->n_texts] = head;
  d->offsets[++d->n_texts] = (int64_t)need;
  return FM_OK;
}

static inline fm_status resolve_one(fm__dictionary *d, uint32_t hash, fm__head head, const char *text, size_t length,
                                    int32_t *code)
{
  fm__slot *slot = &d->slots[place(d, hash, head, text, length)];
  if (slot->code < 0) {
    fm_status status = append(d, head, text, length);
    if (status != FM_OK)
      return status;
    *slot = (fm__slot){hash, (int32_t)d->n_texts - 1};
  }
  *code = slot->code;
  return FM_OK;
}

fm_status fm__dictionary_resolve(fm__dictionary *d, const uint8_t *data, const fm__field *cells, size_t stride,
                                 const uint8_t *wanted, size_t n, int32_t *codes)
{
  uint32_t hashes[FM__BATCH];
  fm__head heads[FM__BATCH];
  if (!reserve(d, n))
    return FM_ERR_MEMORY;
  size_t mask = d->n_slots - 1;
  for (size_t i = 0; i < n; i++) {
    const fm__field *cell = &cells[i * stride];
    const char *text = (const char *)data + cell->start;
    size_t length = cell->size & ~FM__FIELD_FLAGS;
    heads[i] = head_in_buffer(text, length);
    hashes[i] = hash_text(heads[i], text, length);
    PREFETCH(&d->slots[hashes[i] & mask]);
  }
  for (size_t i = 0; i < n; i++) {
    int32_t code = d->slots[hashes[i] & mask].code;
    if (code >= 0)
      PREFETCH(&d->heads[code]);
  }
  fm_status status = FM_OK;
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const fm__field *cell = &cells[i * stride];
    codes[i] = 0;
    if (wanted[i])
      status = resolve_one(d, hashes[i], heads[i], (const char *)data + cell->start, cell->size & ~FM__FIELD_FLAGS,
                           &codes[i]);
  }
  return status;
}

fm_status fm__dictionary_add(fm__dictionary *d, const char *text, size_t length, int32_t *code)
{
  fm__head head = head_of(text, length);
  return reserve(d, 1) ? resolve_one(d, hash_text(head, text, length), head, text, length, code) : FM_ERR_MEMORY;
}

int32_t fm__dictionary_find(const fm__dictionary *d, const char *text, size_t length)
{
  fm__head head = head_of(text, length);
  return d->n_slots == 0 ? -1 : d->slots[place(d, hash_text(head, text, length), head, text, length)].code;
}
