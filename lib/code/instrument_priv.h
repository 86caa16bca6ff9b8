/* Questionnaires: what the rows of a list of instruments say of items, scores and cut-offs. */
#ifndef FM_CODE_INSTRUMENT_PRIV_H
#define FM_CODE_INSTRUMENT_PRIV_H

#include <stdbool.h>

#include "flexmetrics/code.h"

enum { FM__MOST_BANDS = 8, FM__MOST_ITEMS = 200 };
typedef struct fm__band {
  char name[40];
  double upto;
} fm__band;
typedef struct fm__instrument {
  int32_t items, needed;
  double least, most, factor, relevant, reliability; /* NaN: none */
  bool mean, lower_better;
  fm__band bands[FM__MOST_BANDS];
  size_t n_bands;
} fm__instrument;
/* Creates one for each row of the list. A fault has the row, counted from 0, and the column in its error. */
fm_status fm__instruments_read(fm__instrument **out, const fm_codes *codes, fm_error *err);
/* Of the answers to n different items; NaN: too few. */
double fm__instrument_score(const fm__instrument *m, const double *answers, size_t n);
/* The highest score: what all items at their most come to. */
double fm__instrument_top(const fm__instrument *m);
/* Whether scores of both stand on one scale: the same items, ranges and total. */
bool fm__instrument_is_alike(const fm__instrument *a, const fm__instrument *b);

#endif
