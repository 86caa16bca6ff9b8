/* Spells as words: the person, the first day and the end, counted from the least in use, so that sorting the words
 * sorts the spells. Words are dealt to buckets by the leading bits of the person, which need not be kept then; the
 * others lie in as few bytes as hold them, since memory entered for the first time may cost more than all the rest. A
 * bucket is sorted in the cache. */
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
  uint32_t day_bits;     /* of range; 2 at least */
  uint32_t bucket_shift; /* of a person, to its bucket: bits of a person that a word keeps */
  uint32_t width;        /* bytes of a word where it lies: 4 to 8 */
  size_t n_buckets;
} fm__layout;
/* false: days do not fit into a word. */
bool fm__layout_make(fm__layout *l, const fm__packed_scan *scan, size_t n, int32_t as_of);

static inline uint64_t fm__person_number(const fm__layout *l, int32_t person)
{
  return (uint32_t)person - (uint32_t)l->person;
}

static inline uint64_t fm__pack(const fm__layout *l, uint64_t person, int32_t start, int32_t end)
{
  uint64_t kept = person & ((UINT64_C(1) << l->bucket_shift) - 1), first = (uint32_t)(start - l->day);
  int32_t as_of = l->day + l->range, cut = (end < as_of ? end : as_of) - l->day; /* an open end less a day overflows */
  return (kept << l->day_bits | first) << l->day_bits | (uint32_t)cut;
}

static inline void fm__half_put(uint8_t *to, uint64_t half)
{
  to[0] = (uint8_t)half;
  to[1] = (uint8_t)(half >> 8);
  to[2] = (uint8_t)(half >> 16);
  to[3] = (uint8_t)(half >> 24);
}

static inline uint64_t fm__half(const uint8_t *from)
{
  return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* A word where it lies: its first four bytes and its last four, which may be the same ones in part. */
static inline void fm__word_put(uint8_t *to, uint32_t width, uint64_t word)
{
  fm__half_put(to, word);
  fm__half_put(to + width - 4, word >> 8 * (width - 4));
}

static inline uint64_t fm__word(const uint8_t *from, uint32_t width)
{
  return fm__half(from) | fm__half(from + width - 4) << 8 * (width - 4);
}

/* Words by bucket, not sorted inside; what did not take place is left out. */
typedef struct fm__packed {
  fm__layout layout;
  uint8_t *words;
  uint32_t *begin; /* n_buckets + 1 */
} fm__packed;
fm_status fm__packed_create(fm__packed *p, const fm__layout *l, const fm__spells *s, const fm_run *run, fm_error *err);
void fm__packed_free(fm__packed *p);

/* Sorts words by person and first day, of `person_bits` and `day_bits` bits; ends stay in any order. `scratch` has room
 * for n; gives the one of the two that holds the result. */
uint64_t *fm__packed_sort(uint64_t *words, uint64_t *scratch, size_t n, uint32_t day_bits, uint32_t person_bits);

#endif
