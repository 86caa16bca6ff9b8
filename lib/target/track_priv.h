/* The arithmetic of one goal, apart from tables and tallies. Formulas: docs/methods/target.md. */
#ifndef FM_TARGET_TRACK_PRIV_H
#define FM_TARGET_TRACK_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/target.h"
#include "table/table_priv.h"

/* Counts and goals beyond this are refused. */
#define FM__LARGEST 1000000000000
/* Searches for counts end here. */
#define FM__MANY 1e13

/* ---- facts of a goal: what rows said, in order whatever the order of the rows ---- */

typedef struct fm__version { /* the goal as it stood from a day on */
  int32_t changed_on;        /* FM_NO_DATE: from its start */
  int32_t start, deadline;   /* deadline: last day */
  double goal;
} fm__version;
typedef struct fm__dated_count { /* cumulative at the start of a day; -1 unknown */
  int32_t as_of;
  int64_t done, is_private, employers, people, ended;
} fm__dated_count;
typedef struct fm__month_count {
  int32_t month; /* 12 * year + month - 1 */
  int64_t done;
} fm__month_count;
typedef struct fm__known_part { /* a sum, and of how many starts it is known */
  int64_t sum, known;
} fm__known_part;
typedef struct fm__facts {
  fm__version *versions;   /* by changed_on, at least one */
  fm__dated_count *counts; /* by as_of */
  fm__month_count *months; /* by month */
  size_t n_versions, n_counts, n_months, version_room, count_room, month_room;
  int64_t starts, dated; /* single starts, and those of them with a day */
  fm__known_part is_private, employers, people, ended;
} fm__facts;
void fm__facts_free(fm__facts *f);
bool fm__facts_copy(fm__facts *to, const fm__facts *from); /* false: no memory; `to` is empty then */
bool fm__facts_month(fm__facts *f, int32_t month, int64_t done);
/* Takes what `from` knows too. What is in the way is told in *why ("two counts for one day", ...), else NULL; a part of
 * `from` may have been taken then. `once`: an equal count of one day is in the way as well. FM_ERR_MEMORY or FM_OK. */
fm_status fm__facts_merge(fm__facts *to, const fm__facts *from, bool once, const char **why);
void fm__facts_save(const fm__facts *f, fm__bytes *b);
fm_status fm__facts_load(fm__facts *f, fm__reader *r); /* FM_ERR_FORMAT: damaged */
int32_t fm__month_of(int32_t date);
int32_t fm__month_first(int32_t month); /* FM_NO_DATE outside the years 1 to 9999 */

/* ---- time as a goal sees it: days, or the seasonal shares of the months ---- */

typedef struct fm__season {
  int32_t years;     /* earlier years told; 0: none, and nothing else is known */
  double starts;     /* in them */
  double count[12];  /* in each calendar month */
  double share[12];  /* of the year; NaN when there were no starts */
  double dispersion; /* Pearson's chi2 / df around the shares; NaN with fewer than two years */
  int32_t df;
} fm__season;
fm__season fm__season_of(const fm__facts *f, int32_t start);
/* Of n whole months of this year around their shares, n - 1 degrees of freedom; NaN below two months. */
double fm__dispersion_of(const double *count, const double *share, size_t n);

typedef struct fm__clock {
  int32_t start;
  bool seasonal;
  double share[12], before[12]; /* of the calendar months, and of those before each in the year */
} fm__clock;
fm__clock fm__clock_of(int32_t start, const fm__season *season); /* season NULL: days */
double fm__clock_at(const fm__clock *c, double days); /* passed `days` days after the start; units of its own */
double fm__months_at(int32_t start, double days);     /* calendar months passed */
/* The plan `days` days after the start: straight by the clock, through each change before `as_of` to the goal then. */
double fm__plan_at(const fm__facts *f, const fm__clock *c, int32_t as_of, double days);
const fm__version *fm__version_at(const fm__facts *f, int32_t as_of); /* in force the day before as_of */

/* ---- forecast ---- */

/* Reference: a homogeneous Poisson process whose rate has a gamma prior (shape a, exposure b); after k starts in t of T
 * days the rest of the period is negative binomial with size k + a and probability (t + b) / (T + b). */
typedef struct fm__pace {
  double goal, done, elapsed, total; /* N, k, t, T; t > 0, T >= t */
  double prior_shape, prior_exposure, level;
} fm__pace;

typedef struct fm__forecast {
  double pace_index, time_ahead;           /* (k / N) / (t / T); k T / N - t */
  double run_rate, run_low, run_high;      /* k / t with its exact Poisson interval */
  double required_rate, required_over_run; /* NaN where there is no time or no pace */
  double projection, total_sd;             /* k + rate * rest; standard deviation of the predicted total */
  double total_low, total_high, total_median, total_mean;
  double probability;                     /* of at least N by the end */
  double finish, finish_low, finish_high; /* days after the start; NaN when met already or never at this pace */
  double known_probability, known_low, known_high; /* with the pace taken as known */
  double exact_low, exact_high;                    /* conditional exact: no prior */
} fm__forecast;
fm__forecast fm__forecast_of(const fm__pace *p);
/* Normal approximation with the variance of a quasi-Poisson process; *sd of the total. */
double fm__normal_probability(double *sd, const fm__pace *p, double dispersion);

/* The pace changes on a day: by a factor, and by further starts a month. */
typedef struct fm__scenario {
  const char *name; /* not terminated */
  size_t length;
  int32_t from;
  double factor, per_month;
} fm__scenario;
/* Reads "name@2019-08-01*1.5,other@2019-08-01+10" into a created array; NULL or "" is none. Names are borrowed. */
fm_status fm__scenarios_read(fm__scenario **out, size_t *n, const char *text, fm_error *err);

#define FM__NODES 100
/* A forecast by a seasonal clock with uncertain shares, dispersion, or a change of pace. */
typedef struct fm__outlook {
  fm__pace pace; /* elapsed and total in days of even pace: elapsed is the passed share of the total */
  const fm__clock *clock;
  double now, end;              /* calendar days after the start */
  double share_a, share_b;      /* beta distribution of the passed share; 0: it is known */
  double dispersion;            /* above 1: widens */
  const fm__scenario *scenario; /* NULL: none */
} fm__outlook;
/* Replaces projection, total, probability and finish of a forecast. */
void fm__outlook_put(fm__forecast *f, const fm__outlook *o);

/* ---- beta-binomial: successes among n further ones, chance beta(a, b) ---- */
double fm__beta_binomial_at_least(double r, double n, double a, double b);
double fm__beta_binomial_quantile(double p, double n, double a, double b); /* smallest whole number with cdf >= p */

/* ---- the measure's state ---- */
typedef struct fm__track {
  fm_target_track_spec spec;
  char *scenario_text; /* own; spec.scenarios points to it */
  fm__scenario *scenarios;
  size_t n_scenarios;
  fm__groups *groups;
  fm__facts *goals;
  size_t n, capacity;
} fm__track;
fm_status fm__track_rows(void *fresh, const fm_table *frame, fm_error *err);
fm_status fm__track_take(fm__track *t, size_t group, const fm__facts *from, bool once, fm_error *err);
fm_status fm__track_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
