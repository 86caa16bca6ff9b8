/* Spells as words of 64 bits: 32 of the person, 16 of the first day and 16 of the end, counted from the least in use,
 * so that sorting the words sorts the spells. Words are dealt to buckets by the leading bits of the person; a bucket is
 * sorted in the cache. */
#ifndef FM_SPELL_PACKED_PRIV_H
#define FM_SPELL_PACKED_PRIV_H

#include "spell/spell_priv.h"

enum {
  FM__PACKED_BLOCKS = 64,       /* pieces of the rows at most: tasks of scan, count and scatter */
  FM__PACKED_BLOCK_ROWS = 8192, /* rows in a piece at least */
  FM__PACKED_BUCKETS = 4096,    /* at most */
  FM__PACKED_BUCKET_ROWS = 1 << 14
};

/* What a first look at the rows finds. Dates outside the calendar show as `wrong`, without their place. */
typedef struct fm__packed_scan {
  int32_t least_person, most_person, least_start;
  size_t n_persons; /* rows whose person differs from the row before: people, when in order */
  bool wrong, disorder;
  bool idle; /* some rows did not take place */
} fm__packed_scan;
fm__packed_scan fm__packed_look(const fm__spells *s, size_t from, size_t to);

typedef struct fm__layout {
  int32_t person, day;   /* least in use */
  int32_t range;         /* as_of - day: ends are cut at as_of, so that it is the greatest */
  uint32_t day_bits;     /* of range */
  uint32_t bucket_shift; /* of a person, to its bucket */
  size_t n_buckets;
} fm__layout;
/* false: days do not fit into a word. */
bool fm__layout_make(fm__layout *l, const fm__packed_scan *scan, size_t n, int32_t as_of);

static inline uint64_t fm__pack(const fm__layout *l, int32_t person, int32_t start, int32_t end)
{
  uint64_t p = (uint32_t)person - (uint32_t)l->person, s = (uint32_t)(start - l->day);
  int32_t cut = end - l->day < l->range ? end - l->day : l->range;
  return p << 32 | s << 16 | (uint32_t)cut;
}

/* Words by bucket, not sorted inside; what did not take place is left out. */
typedef struct fm__packed {
  fm__layout layout;
  uint64_t *words;
  uint32_t *begin; /* n_buckets + 1 */
} fm__packed;
fm_status fm__packed_create(fm__packed *p, const fm__layout *l, const fm__spells *s, const fm_run *run, fm_error *err);
void fm__packed_free(fm__packed *p);

/* Sorts words by person and first day, whose bits from `person_bits` and `day_bits` on are the same in all; ends stay
 * in any order. `scratch` has room for n; gives the one of the two that holds the result. */
uint64_t *fm__packed_sort(uint64_t *words, uint64_t *scratch, size_t n, uint32_t day_bits, uint32_t person_bits);

#endif
