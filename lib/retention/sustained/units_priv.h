/* The state of measures of sustained employment: what each unit came to, pooled, with means and shares whose errors
 * hang together within people. */
#ifndef FM_RETENTION_SUSTAINED_UNITS_PRIV_H
#define FM_RETENTION_SUSTAINED_UNITS_PRIV_H

#include "retention/rate_priv.h"
#include "retention/retention_priv.h"
#include "tally/rows_priv.h"

/* What one measure reads of a unit. */
typedef struct fm__units_kind {
  const char *measure;
  const fm__rows_number *numbers; /* columns of the frame */
  size_t n_numbers;               /* at most FM__UNITS_NUMBERS */
  bool horizons;                  /* number 0 is a horizon, and a key of the result */
  const char *definition;         /* printed with the result; NULL: the frame has rows of several, told apart by its
                                     column definition */
  /* What was expected of number *at; NULL: all of them are possible. */
  const char *(*wrong)(const double *numbers, size_t *at);
} fm__units_kind;
enum { FM__UNITS_NUMBERS = 7 };

/* First member of the state of a measure. */
typedef struct fm__units {
  fm__rows *rows; /* first: see FM__MEASURE_KEEPS_ROWS; ids: groups, people; numbers: the kind's, the weight */
  fm__rows_kind rows_kind;
  const fm__units_kind *kind;
  double level;
  bool weighted, people; /* people: units of one person hang together */
} fm__units;

fm_status fm__units_open(fm__units *u, const fm__units_kind *kind, const char *by, const char *weight,
                         const char *cluster, double level, fm_error *err);

/* ---- results ---- */
/* The units of one group and horizon, those of a person together. */
typedef struct fm__unit_set {
  const fm__units *units;
  fm__result *result;
  size_t *rows, n;
} fm__unit_set;
/* Runs `each` for all sets in canonical order. */
fm_status fm__units_result(fm_table **out, fm__units *u, fm_status (*each)(const fm__unit_set *s, fm_error *err),
                           const char *interval, const fm_run *run, fm_error *err);

/* Numbers of a unit to a value; NaN: not one of those meant. */
typedef double (*fm__units_value)(const double *numbers);
/* Adds their number, in weight. */
void fm__unit_set_count(const fm__unit_set *s, const char *quantity, fm__units_value value);
/* Adds the mean of the values there are, with linearised error and t limits kept between low and high. FM_ERR_LIMIT:
 * weights that add up to more than a double holds. */
fm_status fm__unit_set_mean(const fm__unit_set *s, const char *quantity, const char *unit, fm__units_value value,
                            double low, double high, fm_error *err);
/* Adds the mean without an error, for a bound. */
fm_status fm__unit_set_bound(const fm__unit_set *s, const char *quantity, fm__units_value value, fm_error *err);
/* Adds the share of ones among the values there are, each 0 or 1, with Wilson's interval as in retention.status. */
fm_status fm__unit_set_share(const fm__unit_set *s, const char *quantity, fm__units_value value, fm_error *err);

#endif
