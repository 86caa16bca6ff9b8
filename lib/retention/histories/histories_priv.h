/* Histories as a row a person and period with the state in it: what measures of such rows keep, and rows in order. */
#ifndef FM_RETENTION_HISTORIES_PRIV_H
#define FM_RETENTION_HISTORIES_PRIV_H

#include "num/num_priv.h"
#include "retention/states/states_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

enum { FM__HISTORIES_PERIOD_NUMBER, FM__HISTORIES_WEIGHT_NUMBER, FM__HISTORIES_NUMBERS };
enum { FM__HISTORIES_PERSON, FM__HISTORIES_BY, FM__HISTORIES_STATE, FM__HISTORIES_SETS };
enum { FM__NO_CLOCK, FM__BY_DAY, FM__BY_WEEK, FM__BY_MONTH, FM__BY_QUARTER, FM__BY_YEAR };

/* What a measure's spec says of the rows; texts NULL or "": none. */
typedef struct fm__histories_spec {
  const char *id; /* of the measure; stays */
  const char *by, *weight, *person, *definition, *clock;
  double level;
  const char *fallback; /* definition when there is none */
} fm__histories_spec;

/* The state of a measure begins with it. */
typedef struct fm__histories {
  fm__rows *rows; /* first: see FM__MEASURE_KEEPS_ROWS */
  fm__rows_kind kind;
  const char *id;
  char *by, *weight, *person, *definition;
  int32_t clock;
} fm__histories;
/* Checks the clock and the level, and copies the texts. */
fm_status fm__histories_open(fm__histories *h, const fm__histories_spec *spec, fm_error *err);
void fm__histories_destroy(void *state); /* and the state */

/* Number of the period a date lies in, and the first day of a period. */
int32_t fm__period_of(int32_t clock, int32_t date);
int32_t fm__period_start(int32_t clock, int32_t period);

/* ---- rows in order ---- */

/* Where a person is in a period and in the next; `to` -1: no row there. */
typedef struct fm__place {
  uint32_t person, group;
  int32_t period, from, to;
  double weight;
} fm__place;

typedef struct fm__places {
  fm__place *items; /* by group, person and period */
  size_t n, n_states;
  const fm__groups *states;
  uint32_t names[FM__MOST_STATES]; /* the numbers of the states among `states` */
} fm__places;
/* Reduces the rows. FM_ERR_LIMIT: more than FM__MOST_STATES states; FM_ERR_VALUE: two rows of one person in a period.
 */
fm_status fm__places_make(fm__places *out, fm__histories *h, fm_error *err);
void fm__places_free(fm__places *p);
/* The first item from `at` on that is not of the group. */
size_t fm__places_group_end(const fm__places *p, size_t at, uint32_t group);
/* The name of a state as a key of the result; a number that is no state is null. */
void fm__places_key(const fm__places *p, fm__result *r, size_t key, size_t state);

#endif
