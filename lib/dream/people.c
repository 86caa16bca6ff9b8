/* Who was seen: 128-bit hashes in an open table, so that a person who is there twice is found in bounded memory. */
#include "dream/dream_priv.h"

static bool is_free(const fm__hash128 *h)
{
  return h->low == 0 && h->high == 0;
}

static fm__hash128 *find(fm__hash128 *slots, size_t n_slots, const fm__hash128 *h)
{
  size_t i = (size_t)h->low & (n_slots - 1);
  while (!is_free(&slots[i]) && (slots[i].low != h->low || slots[i].high != h->high))
    i = (i + 1) & (n_slots - 1);
  return &slots[i];
}

static bool reserve(fm__dream_people *p)
{
  if (p->n_slots > 0 && p->n < p->n_slots / 4 * 3)
    return true;
  size_t n_slots = p->n_slots > 0 ? 2 * p->n_slots : 1024;
  fm__hash128 *slots = fm__array(n_slots, sizeof *slots);
  if (slots == NULL)
    return false;
  for (size_t i = 0; i < p->n_slots; i++)
    if (!is_free(&p->slots[i]))
      *find(slots, n_slots, &p->slots[i]) = p->slots[i];
  fm__free(p->slots);
  p->slots = slots;
  p->n_slots = n_slots;
  return true;
}

fm_status fm__dream_people_add(fm__dream_people *p, const char *id, size_t length, bool *again, fm_error *err)
{
  fm__hash128 h = fm__hash(id, length);
  if (is_free(&h))
    h.low = 1;
  if (!reserve(p))
    return fm__no_memory(err);
  fm__hash128 *slot = find(p->slots, p->n_slots, &h);
  *again = !is_free(slot);
  p->n += !*again;
  *slot = h;
  return FM_OK;
}

void fm__dream_people_free(fm__dream_people *p)
{
  fm__free(p->slots);
  *p = (fm__dream_people){0};
}
