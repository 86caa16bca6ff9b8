/* Work person by person: rows cut into pieces between people, each piece with its own output, put together in order, so
 * that neither threads nor pieces show. */
#ifndef FM_SPELL_PEOPLE_PRIV_H
#define FM_SPELL_PEOPLE_PRIV_H

#include "num/num_priv.h"
#include "spell/spell_priv.h"

/* Spells with a state, sorted by person and start. */
typedef struct fm__stays {
  const int32_t *person, *start, *end, *state; /* state NULL: 0 everywhere */
  size_t n;
  int32_t as_of;
} fm__stays;

static inline int32_t fm__stay_state(const fm__stays *s, size_t i)
{
  return s->state == NULL ? 0 : s->state[i];
}

static inline bool fm__stay_took_place(const fm__stays *s, size_t i)
{
  return s->start[i] < s->as_of && s->end[i] > s->start[i];
}

static inline int32_t fm__stay_end(const fm__stays *s, size_t i)
{
  return s->end[i] < s->as_of ? s->end[i] : s->as_of;
}

/* Dates, order, as_of, states, run. */
fm_status fm__stays_check(const fm__stays *s, const fm_run *run, fm_error *err);

/* FM_ERR_VALUE with the row of the first spell that begins before the one before it has ended. */
fm_status fm__stays_apart(const fm__stays *s, fm_error *err);

/* States by name: sorted, with their place in the list given. */
typedef struct fm__state_list {
  fm__item *items; /* key: the state; value: its place */
  size_t n;
  bool all; /* no list was given */
} fm__state_list;
/* FM_ERR_ARGUMENT for a state named twice when `once`. NULL and 0: all. */
fm_status fm__state_list_make(fm__state_list *list, const int32_t *states, size_t n, bool once, fm_error *err);
void fm__state_list_free(fm__state_list *list);
/* The place of a state; SIZE_MAX: not in the list. 0 in a list of all. */
size_t fm__state_list_find(const fm__state_list *list, int32_t state);

/* Numbers sort as keys. */
static inline uint64_t fm__day_key(int32_t x)
{
  return (uint32_t)x ^ UINT32_C(0x80000000);
}

static inline int32_t fm__day_of_key(uint64_t key)
{
  return (int32_t)((uint32_t)key ^ UINT32_C(0x80000000));
}

typedef struct fm__piece {
  int32_t start, end, state, rank;
} fm__piece;

/* Memory that one task uses for person after person. */
typedef struct fm__work {
  fm__piece *pieces, *swept;
  fm__item *items, *spare;
  size_t *heap;
  size_t room, swept_room, items_room, spare_room, heap_room;
} fm__work;
void fm__work_free(fm__work *w);
/* Room for n pieces, items and so on; false when there is no memory. */
bool fm__work_reserve(fm__work *w, size_t n);
bool fm__work_reserve_items(fm__work *w, size_t n);
/* Sorts w->items. */
void fm__work_sort_items(fm__work *w, size_t n);

/* Rows of output, `width` numbers each. */
typedef struct fm__rows_out {
  int32_t *numbers;
  size_t n, capacity, width;
  bool counts; /* only their number is wanted */
} fm__rows_out;
/* false when there is no memory. */
bool fm__rows_put(fm__rows_out *out, const int32_t *row);

/* One person's rows, from .. to - 1. An error carries its row. */
typedef fm_status (*fm__person_body)(const void *ctx, fm__rows_out *out, fm__work *w, const fm__stays *s, size_t from,
                                     size_t to, fm_error *err);
enum { FM__ROWS_WIDTH = 5 };
/* Calls `body` for each person; columns (any may be NULL) get the rows. Checks the spells first. */
fm_status fm__by_person(size_t *n_out, int32_t *const *columns, size_t width, const fm__stays *s, fm__person_body body,
                        const void *ctx, const fm_run *run, fm_error *err);

/* Next stretch of days in the states of the list, each day once, up to as_of; rows *at .. to - 1 are of one person. */
bool fm__cover_next(const fm__stays *s, const fm__state_list *list, size_t *at, size_t to, int32_t *from_day,
                    int32_t *to_day);

/* What a resolve spec comes to. */
typedef struct fm__resolve {
  fm_spell_resolve_spec spec;
  fm__state_list ranking;
} fm__resolve;
fm_status fm__resolve_take(fm__resolve *r, const fm_spell_resolve_spec *spec, fm_error *err);
/* Resolved spells of one person as w->pieces; rows need be in no order. */
fm_status fm__resolve_person(fm__work *w, size_t *n_pieces, const fm__stays *s, size_t from, size_t to,
                             const fm__resolve *r, fm_error *err);
/* Each state's days of one person joined over pauses of at most `gap` days, by state and start, as w->pieces. */
bool fm__join_by_state(fm__work *w, size_t *n_pieces, const fm__stays *s, size_t from, size_t to, bool one_state,
                       int32_t gap);

#endif
