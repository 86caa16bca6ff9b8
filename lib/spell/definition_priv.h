/* What the files about definitions share. */
#ifndef FM_SPELL_DEFINITION_PRIV_H
#define FM_SPELL_DEFINITION_PRIV_H

#include "calendar/calendar_priv.h"
#include "flexmetrics/spell_definition.h"
#include "num/num_priv.h"

#define FM__MAX_HORIZONS 64

/* Is the horizon in range of the clock and of what the rule needs? */
bool fm__definition_fits(const fm_spell_definition *d, int32_t horizon);

/* Half-open days. */
typedef struct fm__span {
  int32_t start, end;
} fm__span;

/* The k-th period after an index day (calendar periods: 0 is the index day's own). false beyond year 9999. */
bool fm__definition_period(fm__span *out, const fm_spell_definition *d, int32_t index, int32_t k);
/* The first day that is followed: the index day, or the day after it when the index is a last day. */
int32_t fm__definition_from(const fm_spell_definition *d, int32_t index);
/* The day that a point by days, weeks or months is about, and the last that continuous needs; FM_NO_DATE. */
int32_t fm__definition_target(const fm_spell_definition *d, int32_t index, int32_t horizon);

/* ---- a person's days under a definition ---- */
enum { FM__DAY_NO, FM__DAY_LEFT, FM__DAY_GRACE, FM__DAY_UNTOLD, FM__DAY_OPEN, FM__DAY_BRIDGED, FM__DAY_YES };

typedef struct fm__stretch {
  fm__span days;
  int32_t kind;
} fm__stretch;

/* The unit's observed days in order and without holes; made anew for each unit in the same room. */
typedef struct fm__timeline {
  fm__stretch *items;
  size_t n, capacity;
  fm__item *edges;
  size_t edge_capacity;
  fm__span seen; /* observed days, cut where a state censors */
  bool cut;
  bool untold, mixed; /* an untold state may matter to the answer; one decides on a day that has a grace state too */
} fm__timeline;
void fm__timeline_free(fm__timeline *t);
/* From the person's states (n of them); untold ones are taken as the state `untold`. */
fm_status fm__timeline_make(fm__timeline *t, const fm_spell_definition *d, int32_t none, int32_t untold,
                            const fm_spell_unit *unit, const fm_spell_state *states, size_t n, fm_error *err);
/* Index of the first stretch that ends after the day; t->n when there is none. */
size_t fm__timeline_find(const fm__timeline *t, int32_t day);
static inline bool fm__day_counts(int32_t kind)
{
  return kind == FM__DAY_YES || kind == FM__DAY_BRIDGED;
}
/* Days after one that may still change what it is. */
int32_t fm__definition_pause(const fm_spell_definition *d);
/* May stretches from .. to be a bridged pause? */
bool fm__timeline_can_bridge(const fm__timeline *t, const fm_spell_definition *d, size_t from, size_t to);
/* Does the state count for this unit? */
int32_t fm__timeline_state(const fm_spell_definition *d, const fm_spell_unit *unit, const fm_spell_state *s);

/* Days of each answer in a span: those that count, those not known, and the rest; `first_no` is the first of the rest
 * (FM_NO_DATE: none) and first_left whether it was an exit of its own; any_left: some day was; untold: of some day a
 * fact is missing. */
typedef struct fm__tally_days {
  int32_t yes, unknown, no, first_no;
  bool first_left, any_left, untold;
} fm__tally_days;
fm__tally_days fm__timeline_count(const fm__timeline *t, fm__span span);
/* Days of the longest run in a span: that is sure, and that may be. */
void fm__timeline_longest(int32_t *sure, int32_t *possible, const fm__timeline *t, fm__span span);

/* ---- people and their rows ---- */
/* Takes and checks all that the calls have in common; `taken` is set. `people`: units without an index day. */
fm_status fm__definition_take(fm_spell_definition *taken, const fm_spell_definition *d, bool people,
                              const fm_spell_unit *units, size_t n_units, const fm_spell_state *states, size_t n_states,
                              const fm_run *run, fm_error *err);
/* The person's rows: *n of them from *first on. */
void fm__definition_rows(size_t *first, size_t *n, const fm_spell_state *states, size_t n_states, int32_t person);

#endif
