/* What measures of jobs, steps, offers and employers share: rows of cases, pooled, and figures of them by group.
 *
 * A case is a row of the frame. Counts, shares (Wilson) and ratios of sums (linearised error, people as clusters) all
 * say how many cases and distinct people they rest on. A case without the answer is in none of them: it is counted
 * apart, and where no case has the answer the figure is not_given. */
#ifndef FM_PROGRAMME_CASES_PRIV_H
#define FM_PROGRAMME_CASES_PRIV_H

#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* What one measure reads of a case. */
typedef struct fm__cases_kind {
  fm__rows_kind rows; /* id set 0 is that of the groups */
  const char *definition;
  const fm__rows_number *numbers;
  size_t n_numbers;
  const char *keys; /* group columns after those of `by`; NULL: none */
  bool horizons;    /* number 0 is a horizon, and the last key of the result */
  const char *const *ids;
  size_t n_ids;  /* columns of ids; at most FM__CASES_IDS */
  size_t person; /* which of the ids is the person's */
} fm__cases_kind;
enum { FM__CASES_IDS = 3 };

/* First member of the state of a measure. */
typedef struct fm__cases {
  fm__rows *rows; /* first: see FM__MEASURE_KEEPS_ROWS; ids: groups, then the kind's */
  const fm__cases_kind *kind;
  char *definition;
  double level, full_time_hours;
} fm__cases;

/* `definition` is copied; NULL: the kind's. */
fm_status fm__cases_open(fm__cases *c, const fm__cases_kind *kind, const char *by, const char *definition, double level,
                         fm_error *err);
void fm__cases_destroy(void *state); /* and the state */
bool fm__is_flag(double x);          /* yes, no or missing */
fm_status fm__check_full_time(double hours, fm_error *err);

/* ---- results ---- */
/* The cases of one group (and horizon), those of one first id together. */
typedef struct fm__case_set {
  const fm__cases *cases;
  fm__result *result;
  size_t *rows, n;
  uint32_t *seen, stamp; /* last stamp of each person's number */
} fm__case_set;
/* Runs `each` for all sets in canonical order; `extra` are further keys after those of the groups. */
fm_status fm__cases_result(fm_table **out, fm__cases *c, fm_status (*each)(fm__case_set *s, fm_error *err),
                           const fm__key *extra, size_t n_extra, const fm_run *run, fm_error *err);
const double *fm__case_numbers(const fm__case_set *s, size_t k);
int64_t fm__case_times(const fm__case_set *s, size_t k); /* equal cases pooled in this one */
uint32_t fm__case_id(const fm__case_set *s, size_t k, size_t id);
bool fm__case_has_id(const fm__case_set *s, size_t k, size_t id);
/* 1 when the person of a case has not been asked about since the stamp was last raised; 0 again, and without a person.
 */
int64_t fm__case_newcomer(fm__case_set *s, size_t k);
/* Place of the first key in `extra`. */
size_t fm__case_extra(const fm__case_set *s);

/* Value of a case; NaN: not known, or not one of those meant. */
typedef double (*fm__case_value)(const fm__cases *c, const double *numbers);
typedef struct fm__case_sum {
  int64_t n, people; /* cases with a value, and their people */
  double total;
} fm__case_sum;
fm__case_sum fm__case_sum_of(fm__case_set *s, fm__case_value value);
int64_t fm__case_all(const fm__case_set *s); /* cases, known or not */

/* A figure of `n` cases and `people`; a value of NaN is not_given, or empty without any case. */
fm__figure fm__case_figure(const fm__case_set *s, const char *quantity, const char *unit, double value, int64_t n,
                           int64_t people);
void fm__case_put(fm__case_set *s, const char *quantity, const char *unit, double value, int64_t n, int64_t people);
void fm__case_put_share(fm__case_set *s, const char *quantity, int64_t part, int64_t whole, int64_t people);
/* Adds the number of yes, that of cases without an answer, and the share of yes among those with one. */
void fm__case_put_answer(fm__case_set *s, const char *yes, const char *unknown, const char *share,
                         fm__case_value value);
/* Adds the sum of one value over that of another, its error with people, the first of the ids, as clusters, and t
 * limits between low and high. Cases without either are in neither; `none` is the state when all cases are like that.
 */
void fm__case_put_ratio(fm__case_set *s, const char *quantity, const char *unit, fm__case_value above,
                        fm__case_value below, double low, double high, const char *none);

#endif
