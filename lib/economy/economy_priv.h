/* What the measures of economy share: dated parameters, the ladder, months. */
#ifndef FM_ECONOMY_PRIV_H
#define FM_ECONOMY_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/economy.h"
#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* The list given, or the built-in one; the caller drops one reference. */
fm_status fm__economy_list(fm_codes **out, const fm_codes *given, const char *name, fm_error *err);
/* The number in a column of an entry; NaN for a blank. */
double fm__economy_number(const fm_codes *list, int64_t entry, const char *column);
/* The entry of `code` on a date; FM_ERR_NOT_FOUND names the file and the year. */
fm_status fm__economy_entry(int64_t *out, const fm_codes *list, const char *code, int32_t date, fm_error *err);
/* The same number, which must be there; `what` is its name in the message. */
fm_status fm__economy_needed(double *out, const fm_codes *list, int64_t entry, const char *column, int32_t date,
                             fm_error *err);

/* Fills a caller's struct as much as its struct_size says; FM_ERR_ARGUMENT when that is not set. */
fm_status fm__economy_fill(void *out, const void *from, size_t size, const char *name, fm_error *err);

/* An amount, a quantity or hours: 0 to 1e15, so that products and sums of them stay finite. */
bool fm__economy_is_amount(double x);
#define FM__ECONOMY_AMOUNT "an amount from 0 to 1e15"
/* A date from 1900 to 2199: what cells of days may hold. */
bool fm__economy_is_day(double x);

/* Calendar months in the days from `first` to before `end`; a part of a month by its days. */
double fm__economy_months(int32_t first, int32_t end);
int32_t fm__economy_month_start(int32_t date);
/* First and last day of the period that a date is in. */
enum { FM__PERIOD_ALL, FM__PERIOD_WEEK, FM__PERIOD_MONTH, FM__PERIOD_YEAR };
int fm__economy_period(const char *name); /* -1 for another word */
void fm__economy_period_days(int period, int32_t date, int32_t *first, int32_t *last);

/* ---- the ladder: steps of the state's share, by accumulated week and date ---- */
typedef struct fm__ladder_step {
  int64_t from, to, entry;
  int32_t valid_from, valid_to;
  double share;
} fm__ladder_step;
typedef struct fm__ladder {
  fm_codes *list;
  fm__ladder_step *steps;
  size_t n;
} fm__ladder;
fm_status fm__ladder_open(fm__ladder *l, const fm_codes *given, const char *scheme, fm_error *err);
void fm__ladder_close(fm__ladder *l);
/* The step of the week-th week, which begins on `date`. */
fm_status fm__ladder_find(size_t *out, const fm__ladder *l, int64_t week, int32_t date, fm_error *err);

/* ---- fleksløntilskud ---- */
typedef struct fm__flex_params {
  double most, threshold, below, above;
} fm__flex_params;
fm_status fm__flex_params_on(fm__flex_params *out, const fm_codes *list, int32_t date, fm_error *err);
void fm__flex_of(fm_economy_flex *out, const fm__flex_params *p, double wage, double full_time_wage);

/* ---- figures ---- */
/* Adds x n times, exactly. */
void fm__economy_add_times(fm__sum *s, double x, uint64_t n);
/* A figure whose value may be missing: then its state says so. n and people -1 are null. */
void fm__economy_put(fm__result *r, const char *quantity, const char *unit, double value, const char *missing,
                     int64_t n, int64_t people, int32_t first, int32_t last);

#endif
