/* Runs of unemployment of a person, and how long one has lasted on a day. */
#ifndef FM_REGISTER_UNEMPLOYED_PRIV_H
#define FM_REGISTER_UNEMPLOYED_PRIV_H

#include "register/frame_priv.h"

typedef struct fm__unemployed {
  const fm__frame *f;
  uint8_t *states;               /* of each entry of the list: is it unemployment? */
  uint32_t *first[2], *rows[2];  /* spells and placements of each person, by first day */
  int32_t *person, *start, *end; /* runs of one person: room for all spells and two more; person is 0 */
  double *hours;                 /* paid in the pause before each run; NaN: not told, and it matters */
  double most_hours;             /* of a bridged pause */
} fm__unemployed;

/* `states`: words as in spell_definition.h; NULL: "unemployment counts_toward_duration=yes !work=yes".
 * FM_ERR_NOT_FOUND: no table of spells, no such state. Close it after a failure too. */
fm_status fm__unemployed_open(fm__unemployed *u, const fm__frame *f, const char *states, double most_hours,
                              fm_error *err);
void fm__unemployed_close(fm__unemployed *u);
/* Runs on the days seen, with the hours paid before each, from place `n` on; returns their end. */
size_t fm__unemployed_runs(fm__unemployed *u, size_t person, fm__days seen, size_t n);

/* How days on end are counted. */
enum { FM__ON_END, FM__STATISTICS_DENMARK, FM__SINCE, FM__N_DURATIONS };
extern const char *const fm__duration_names[FM__N_DURATIONS]; /* continuous, statistics_denmark, unemployed_since */
/* Days of unemployment up to and with `day`, on which the person is observed: at least and at most (INT32_MAX: not
 * known); both 0 for somebody not unemployed that day. Of FM__SINCE `u` is not read. */
typedef struct fm__span {
  int32_t least, most;
} fm__span;
fm__span fm__unemployed_days(fm__unemployed *u, const fm__frame *f, int how, size_t person, int32_t day);

#endif
