/* Distinct texts numbered by first arrival: an open-addressing table over one run of bytes. */
#include "table/table_priv.h"

#include <string.h>

struct fm__texts {
  char *bytes; /* each text followed by a NUL */
  size_t n_bytes, bytes_capacity;
  int64_t *offsets; /* start of each text; offsets[count] is the end */
  uint64_t *hashes;
  size_t count, offsets_capacity, hashes_capacity;
  int32_t *slots; /* text number + 1; 0 is free */
  size_t n_slots; /* power of two */
};

fm__texts *fm__texts_create(void)
{
  fm__texts *t = fm__array(1, sizeof *t);
  if (t == NULL)
    return NULL;
  t->n_slots = 16;
  t->slots = fm__array(t->n_slots, sizeof *t->slots);
  if (t->slots == NULL || !fm__grow((void **)&t->offsets, &t->offsets_capacity, 16, sizeof *t->offsets)) {
    fm__texts_destroy(t);
    return NULL;
  }
  t->offsets[0] = 0;
  return t;
}

void fm__texts_destroy(fm__texts *t)
{
  if (t == NULL)
    return;
  fm__free(t->bytes);
  fm__free(t->offsets);
  fm__free(t->hashes);
  fm__free(t->slots);
  fm__free(t);
}

size_t fm__texts_count(const fm__texts *t)
{
  return t->count;
}

const char *fm__texts_at(const fm__texts *t, size_t k, size_t *length)
{
  if (length != NULL)
    *length = (size_t)(t->offsets[k + 1] - t->offsets[k] - 1);
  return t->bytes + t->offsets[k];
}

static size_t slot_of(const fm__texts *t, uint64_t hash, const char *text, size_t length)
{
  size_t slot = (size_t)hash & (t->n_slots - 1);
  for (; t->slots[slot] != 0; slot = (slot + 1) & (t->n_slots - 1)) {
    size_t k = (size_t)t->slots[slot] - 1, have;
    if (t->hashes[k] != hash)
      continue;
    const char *at = fm__texts_at(t, k, &have);
    if (have == length && (length == 0 || memcmp(at, text, length) == 0))
      break;
  }
  return slot;
}

int64_t fm__texts_find(const fm__texts *t, const char *text, size_t length)
{
  return (int64_t)t->slots[slot_of(t, fm__hash(text, length).low, text, length)] - 1;
}

static bool widen(fm__texts *t)
{
  size_t n = t->n_slots * 2;
  int32_t *slots = fm__array(n, sizeof *slots);
  if (slots == NULL)
    return false;
  for (size_t k = 0; k < t->count; k++) {
    size_t slot = (size_t)t->hashes[k] & (n - 1);
    while (slots[slot] != 0)
      slot = (slot + 1) & (n - 1);
    slots[slot] = (int32_t)k + 1;
  }
  fm__free(t->slots);
  t->slots = slots;
  t->n_slots = n;
  return true;
}

int64_t fm__texts_add(fm__texts *t, const char *text, size_t length)
{
  uint64_t hash = fm__hash(text, length).low;
  size_t slot = slot_of(t, hash, text, length);
  if (t->slots[slot] != 0)
    return (int64_t)t->slots[slot] - 1;
  size_t need;
  if (t->count >= INT32_MAX - 1 || !fm__add(t->n_bytes, length, &need) || !fm__add(need, 1, &need) ||
      !fm__grow((void **)&t->bytes, &t->bytes_capacity, need, 1) ||
      !fm__grow((void **)&t->offsets, &t->offsets_capacity, t->count + 2, sizeof *t->offsets) ||
      !fm__grow((void **)&t->hashes, &t->hashes_capacity, t->count + 1, sizeof *t->hashes))
    return -1;
  if (2 * (t->count + 1) > t->n_slots) {
    if (!widen(t))
      return -1;
    slot = slot_of(t, hash, text, length);
  }
  if (length > 0)
    memcpy(t->bytes + t->n_bytes, text, length);
  t->bytes[need - 1] = '\0';
  t->n_bytes = need;
  t->hashes[t->count] = hash;
  t->slots[slot] = (int32_t)t->count + 1;
  t->offsets[++t->count] = (int64_t)need;
  return (int64_t)t->count - 1;
}
