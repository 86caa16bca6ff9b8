/* The arithmetic of one goal, apart from tables and tallies. */
#ifndef FM_TARGET_TRACK_PRIV_H
#define FM_TARGET_TRACK_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/target.h"

/* Reference: a homogeneous Poisson process whose rate has a gamma prior (shape a, exposure b); after k starts in t of T
 * days the rest of the period is negative binomial with size k + a and probability (t + b) / (T + b). */
typedef struct fm__pace {
  double goal, done, elapsed, total; /* N, k, t, T; t > 0, T >= t */
  double prior_shape, prior_exposure, level;
} fm__pace;

typedef struct fm__forecast {
  double run_rate, run_low, run_high;          /* k / t with its exact Poisson interval */
  double required_rate, required_over_run;     /* NaN where there is no time or no pace */
  double projection, total_sd;                 /* k + rate * rest; standard deviation of the predicted total */
  double total_low, total_high, total_median, total_mean;
  double probability;                          /* of at least N by the end */
  double finish, finish_low, finish_high;      /* days after the start; NaN when met already or never at this pace */
} fm__forecast;
fm__forecast fm__forecast_of(const fm__pace *p);

#endif
