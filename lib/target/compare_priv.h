/* The arithmetic of comparing units, apart from tables and tallies. */
#ifndef FM_TARGET_COMPARE_PRIV_H
#define FM_TARGET_COMPARE_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/target_compare.h"
#include "tally/rows_priv.h"

/* Rates have Poisson counts with a gamma between units, shares binomial counts with a beta; `base` is the exposure, the
 * people or the count expected. */
typedef struct fm__unit_counts {
  double count, base;
} fm__unit_counts;

/* ---- one unit ---- */

/* Exact limits of a rate (Garwood) or share (Clopper and Pearson). */
void fm__unit_interval(double limits[2], int32_t kind, fm__unit_counts u, double level);
/* The smallest counts that leave (1 - level) / 2 and 1 - that at or below them at a rate, as the quantiles of R. */
void fm__funnel_counts(double counts[2], int32_t kind, double base, double rate, double level);

/* One stratum of a unit beside the standard's weight of it, which sum to 1. */
typedef struct fm__standard_cell {
  double count, base, weight;
  size_t stratum;
} fm__standard_cell;
/* The directly standardised rate, its error and limits: Dobson's for rates, Wilson's at the effective number for
 * shares. NaN where a stratum with a weight has nobody of the unit. */
typedef struct fm__standardised {
  double rate, error, low, high;
} fm__standardised;
fm__standardised fm__standardise(int32_t kind, const fm__standard_cell *cells, size_t n, double level);

/* ---- units together ---- */

/* Rates between units: gamma of this mean and shape `size`, or beta of this mean and sum of parameters `size`.
 * size 0: no spread beyond chance. */
typedef struct fm__unit_prior {
  int32_t kind;
  double mean, size;
} fm__unit_prior;
/* The likeliest, over units with a base above 0, at least one of them. */
fm__unit_prior fm__fit_units(int32_t kind, const fm__unit_counts *units, size_t n);
/* Standard deviation of the rates between units. */
double fm__prior_deviation(const fm__unit_prior *prior);

/* What is known of a unit's rate: gamma with shape a and rate b, or beta with a and b. */
typedef struct fm__posterior {
  int32_t kind;
  double a, b;
} fm__posterior;
fm__posterior fm__posterior_of(const fm__unit_prior *prior, fm__unit_counts u);
double fm__posterior_mean(const fm__posterior *p);
double fm__posterior_deviation(const fm__posterior *p);
double fm__posterior_quantile(const fm__posterior *p, double q);
double fm__posterior_above(const fm__posterior *p, double rate); /* chance of a higher rate; NaN for NaN */

/* ---- ranks ---- */

enum { FM__MOST_RANKED = 1000 };
typedef struct fm__unit_rank {
  double mean, low, high; /* 1 is the best */
  double upper_half;      /* chance of a better rank than the median unit's */
  double beats;           /* chance of being better than unit `against` */
} fm__unit_rank;
/* Ranks of n units, at most FM__MOST_RANKED. `against` is one of them, or SIZE_MAX. No draws: the chance of each rank
 * is integrated over the unit's rate, by the number of the other units above each (Poisson binomial). */
fm_status fm__rank_units(fm__unit_rank *out, const fm__posterior *units, size_t n, bool fewer_is_better, size_t against,
                         double level, const fm_run *run, fm_error *err);

/* ---- a comparison ---- */

/* A unit with what its rows add up to. */
typedef struct fm__compared {
  uint32_t id;
  size_t first_cell, n_cells; /* of the comparison's cells, by stratum */
  double count, exposure, expected;
  double covered;           /* by its strata, of the standard */
  fm__unit_counts modelled; /* on the exposure, or on the count expected */
} fm__compared;

typedef struct fm__comparison {
  const fm_target_compare_spec *spec; /* its texts are not read */
  const fm__rows *rows;
  fm__compared *units;
  size_t n;
  size_t reference;         /* place of the unit; SIZE_MAX: none */
  fm__standard_cell *cells; /* of all units; `weight` is the standard's */
  fm__unit_counts all;      /* of all units, as modelled */
  double reference_rate;
  int32_t model; /* FM_TARGET_SHARE, or FM_TARGET_RATE, as with a case mix */
  bool case_mix, strata;
} fm__comparison;
/* Rows have id sets by, unit and stratum, in that order, and numbers count, exposure and, `expected`, expected. */
enum { FM__COMPARED_BY, FM__COMPARED_UNIT, FM__COMPARED_STRATUM, FM__COMPARED_SETS };
enum { FM__COMPARED_COUNT, FM__COMPARED_EXPOSURE, FM__COMPARED_EXPECTED, FM__COMPARED_NUMBERS };
/* Creates the comparison that begins at row `first` of reduced rows; *end is where the next begins. `reference` names a
 * unit or is NULL. */
fm_status fm__comparison_open(fm__comparison *out, size_t *end, const fm__rows *rows,
                              const fm_target_compare_spec *spec, const char *reference, bool strata, size_t first,
                              fm_error *err);
void fm__comparison_close(fm__comparison *c);

#endif
