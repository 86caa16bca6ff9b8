/* What is known of one goal on the day it is looked at, and how its rows are written. */
#ifndef FM_TARGET_RESULT_PRIV_H
#define FM_TARGET_RESULT_PRIV_H

#include "tally/tally_priv.h"
#include "target/track_priv.h"

enum { FM__KEY_GOAL, FM__KEY_SCENARIO, FM__KEY_MONTH };

typedef struct fm__known {
  const fm__track *track;
  const fm__facts *facts;
  const fm__version *version;                     /* in force */
  double elapsed, total;                          /* calendar days; elapsed below 0 before the start */
  int64_t n, people;                              /* starts counted; people behind them or -1 */
  int64_t is_private, n_private_known, employers; /* -1: the data do not say */
  int64_t ended, n_ended_known;
  int32_t as_of;
  bool counted; /* from a cumulative count */
  fm__season season;
  fm__clock clock;
  double passed; /* share of the time by the clock */
  double prior_shape, prior_days;
  double dispersion; /* what widens intervals; 1: nothing */
} fm__known;

typedef struct fm__writer {
  fm__result *r;
  const fm__known *k;
} fm__writer;

fm__figure fm__goal_figure(const fm__known *k, const char *quantity, const char *unit);
/* A figure of the goal on the as-of day; NaN has state "undefined". */
void fm__put_value(const fm__writer *w, const char *quantity, const char *unit, double value);
void fm__put_limits(const fm__writer *w, const char *quantity, const char *unit, double value, double low, double high);
void fm__put_state(const fm__writer *w, const char *quantity, const char *unit, const char *state);

void fm__put_forecast(const fm__writer *w);
void fm__put_parts(const fm__writer *w);   /* private, employers, and net of what has ended */
void fm__put_earlier(const fm__writer *w); /* prior, earlier years and dispersion */
void fm__put_months(const fm__writer *w);

#endif
