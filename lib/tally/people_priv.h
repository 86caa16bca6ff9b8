/* Distinct people per group, known by a 128-bit hash of their id: exact counts that merge in any order. */
#ifndef FM_TALLY_PEOPLE_PRIV_H
#define FM_TALLY_PEOPLE_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/table.h"

/* Hashes of the ids in a column of text or whole numbers: one per dictionary text or per row. */
typedef struct fm__ids {
  fm__hash128 *hashes;
  const int32_t *codes; /* NULL: one hash per row */
  const uint8_t *validity;
} fm__ids;
/* FM_ERR_NOT_FOUND, FM_ERR_TYPE as fm__table_find; FM_ERR_VALUE a row without an id. */
fm_status fm__ids_open(fm__ids *ids, const fm_table *frame, const char *column, fm_error *err);
/* The same where rows may be without an id: those of which fm__bit(ids->validity, row) is false have no hash. */
fm_status fm__ids_open_some(fm__ids *ids, const fm_table *frame, const char *column, fm_error *err);
void fm__ids_close(fm__ids *ids);
static inline fm__hash128 fm__ids_at(const fm__ids *ids, size_t row)
{
  return ids->hashes[ids->codes != NULL ? (size_t)ids->codes[row] : row];
}

typedef struct fm__person {
  fm__hash128 id;
  uint32_t group;
  uint32_t flags; /* or of all flags given for this person and group */
} fm__person;

/* All zero bytes is an empty set. */
typedef struct fm__people {
  fm__person *items;
  size_t n, capacity;
  uint32_t *slots; /* item + 1; 0 is free */
  size_t n_slots;
} fm__people;
void fm__people_free(fm__people *p);
/* Room for n more; false when out of memory. After it n calls of fm__people_add cannot fail. */
bool fm__people_reserve(fm__people *p, size_t n);
/* Adds a person to a group, or its flags to those known; false when out of memory. */
bool fm__people_add(fm__people *p, uint32_t group, fm__hash128 id, uint32_t flags);
/* Canonical: by group in `order`, then by hash. `order` has one number per group; groups are renumbered 0, 1, ... */
fm_status fm__people_save(const fm__people *p, const uint32_t *order, size_t n_groups, fm__bytes *b, fm_error *err);
fm_status fm__people_load(fm__people *p, size_t n_groups, fm__reader *r, fm_error *err);

#endif
