/* Inside of the bottom-p selection: the pass over the rows and the form by sorting that defines the result. */
#ifndef FM_NUM_BOTTOM_PRIV_H
#define FM_NUM_BOTTOM_PRIV_H

#include "num/sum_priv.h"

/* Rows copied aside; w is NULL while all weights are 1. */
typedef struct fm__rows {
  double *x, *w;
  size_t n, capacity;
} fm__rows;
void fm__rows_free(fm__rows *rows);
/* Makes room for `need` rows in all. */
bool fm__rows_reserve(fm__rows *rows, size_t need, bool weighted);

/* What one pass over rows finds for a bracket low <= high. */
typedef struct fm__part {
  fm__sum weight, total;             /* all rows */
  fm__sum below_weight, below_total; /* rows with x < low */
  fm__rows inside;                   /* rows with low <= x <= high and w > 0 */
} fm__part;
/* Adds rows to a part; false when out of memory. */
bool fm__bottom_pass_scalar(fm__part *part, const double *x, const double *w, size_t n, double low, double high);
bool fm__bottom_pass(fm__part *part, const double *x, const double *w, size_t n, double low, double high);

/* The definition: all rows with w > 0, sorted. */
fm_status fm__bottom_sorted(fm__bottom *out, const double *x, const double *w, size_t n, double p, fm_error *err);

#endif
