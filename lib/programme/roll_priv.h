/* Rolls: for each group counts, sums and the distinct people with what was seen of them. A measure of this folder that
 * needs more than people and placements is a state of one or more rolls, which add, merge, save and load alike. */
#ifndef FM_PROGRAMME_ROLL_PRIV_H
#define FM_PROGRAMME_ROLL_PRIV_H

#include "num/num_priv.h"
#include "tally/people_priv.h"
#include "tally/tally_priv.h"

enum { FM__ROLLS = 4, FM__ROLL_SUMS = 4 };

typedef struct fm__roll_kind {
  const char *before, *after; /* key columns before and after those of `by`, separated by commas; NULL: none */
  size_t n_counts, n_most;    /* counts that add up, and behind them those of which the largest holds */
  size_t n_sums;              /* up to FM__ROLL_SUMS */
} fm__roll_kind;

typedef struct fm__roll {
  const fm__roll_kind *kind;
  fm__groups *groups;
  int64_t *counts; /* of each group n_counts + n_most */
  fm__sum *sums;   /* of each group n_sums */
  size_t n, counts_capacity, sums_capacity;
  fm__people people;
} fm__roll;

typedef struct fm__rolls_kind {
  const char *id; /* of the measure, for errors */
  size_t n;
  fm__roll_kind rolls[FM__ROLLS];
  fm_status (*add_rows)(void *fresh, const fm_table *frame, fm_error *err);
} fm__rolls_kind;

/* The state of a measure. */
typedef struct fm__rolls {
  const fm__rolls_kind *kind;
  char *by;
  double level;
  fm__roll roll[FM__ROLLS];
} fm__rolls;

/* ---- of a measure ---- */
/* FM_ERR_ARGUMENT: level; a key column named in by that the measure adds itself. */
fm_status fm__rolls_open(fm__rolls *s, const fm__rolls_kind *kind, const char *by, double level, fm_error *err);
void fm__rolls_destroy(void *state);
bool fm__rolls_is_empty(const void *state);
/* The kind's add_rows reads the frame apart, so that a failure changes nothing. */
fm_status fm__rolls_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err);
fm_status fm__rolls_merge(void *state, const void *other, fm_error *err);
fm_status fm__rolls_save(void *state, fm__bytes *b, fm_error *err);
fm_status fm__rolls_load(void *state, fm__reader *r, fm_error *err);
#define FM__MEASURE_ROLLS                                                                                              \
  .add = fm__rolls_add, .merge = fm__rolls_merge, .save = fm__rolls_save, .load = fm__rolls_load,                      \
  .is_empty = fm__rolls_is_empty, .destroy = fm__rolls_destroy

/* ---- adding ---- */
/* Creates the group of each row (NULL without key columns), and room for all of them. */
fm_status fm__roll_map(fm__roll *r, const fm_table *frame, uint32_t **map, fm_error *err);
/* Room for every group known to the key columns, new ones empty; false when out of memory. */
bool fm__roll_grow(fm__roll *r);
static inline int64_t *fm__roll_counts(const fm__roll *r, uint32_t group)
{
  return r->counts + (size_t)group * (r->kind->n_counts + r->kind->n_most);
}
static inline fm__sum *fm__roll_sums(const fm__roll *r, uint32_t group)
{
  return r->sums + (size_t)group * r->kind->n_sums;
}

/* A bool column by name: FM__UNSAID, 0 or 1 in a row. */
enum { FM__UNSAID = -1 };
typedef struct fm__said {
  const uint8_t *values, *validity;
} fm__said;
fm_status fm__said_open(fm__said *c, const fm_table *frame, const char *name, fm_error *err);
static inline int fm__said_at(const fm__said *c, size_t row)
{
  return fm__bit(c->validity, row) ? c->values[row] != 0 : FM__UNSAID;
}
/* Number of a text in a dictionary, -1 when it is not there. */
int32_t fm__word_of(const fm_table *t, size_t column, const char *text);

/* ---- results ---- */
/* People with all flags of `all` and none of `none`. */
typedef struct fm__roll_ask {
  uint32_t all, none;
} fm__roll_ask;
/* Creates the answers, with room for every group: those of group g begin at n_asks * g. */
fm_status fm__roll_people(int64_t **out, fm__roll *r, const fm__roll_ask *asks, size_t n_asks, fm_error *err);
/* Creates the groups of `r` that stand under `group` of `base` (whose key columns are the first ones of r's), by their
 * last key: as a number, or as text. */
fm_status fm__roll_under(uint32_t **out, size_t *n, const fm__roll *r, const fm__roll *base, uint32_t group,
                         bool numbers, fm_error *err);
/* A count, and a share with Wilson limits. `state` NULL: ok (a share of nobody: empty); else there is no value. */
void fm__roll_put_count(fm__result *r, const char *quantity, int64_t value, int64_t people, const char *state);
void fm__roll_put_share(fm__result *r, const char *quantity, int64_t part, int64_t whole, int64_t people, double level,
                        const char *state);

#endif
