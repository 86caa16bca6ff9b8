/* From cells to figures: the margins of the groups, sums over them, and the errors of a design. */
#ifndef FM_LABOUR_FIGURES_PRIV_H
#define FM_LABOUR_FIGURES_PRIV_H

#include "labour/cells_priv.h"

/* ---- the margins: each set of group columns, and its combinations of values ---- */
typedef struct fm__labour_margin {
  uint32_t columns;  /* bits of the columns that count; the others are totals */
  size_t first, end; /* its groups, among the lists of all margins */
} fm__labour_margin;
typedef struct fm__labour_margins {
  fm__labour_margin *margin;
  uint32_t *group; /* of all margins, one after another */
  size_t n, n_columns;
  size_t n_groups;
} fm__labour_margins;
/* Into *m, which is empty before; fm__labour_margins_free after a failure, too. `groups` are in canonical order.
 * Without `all` only the combinations of all columns. */
fm_status fm__labour_margins_make(fm__labour_margins *m, const fm__groups *groups, bool all, fm_error *err);
void fm__labour_margins_free(fm__labour_margins *m);

/* ---- sums over the groups of a margin ---- */
typedef struct fm__labour_total {
  int64_t n, n_counted, dropped; /* rows in the denominator, in the numerator, without an answer */
  double numerator, denominator; /* weighted */
} fm__labour_total;

/* Sums of all cells in one slot, cut to the 32-bit digits in use: adding them is adding a few numbers. */
typedef struct fm__labour_digits {
  size_t low, width;
  int64_t *digit; /* width a cell */
} fm__labour_digits;
typedef struct fm__labour_sums {
  const fm__labour_plan *plan;
  const fm__labour_cells *cells;
  size_t n_groups;
  fm__labour_digits *slot; /* n_sums */
  size_t width;            /* the largest */
  size_t item;             /* taken up last */
  int64_t *counts;         /* room by group: n, n_counted, dropped, then digits of numerator and denominator */
} fm__labour_sums;
/* Into *s, which is empty before; fm__labour_sums_free after a failure, too. */
fm_status fm__labour_sums_make(fm__labour_sums *s, const fm__labour_plan *plan, const fm__labour_cells *cells,
                               size_t n_groups, fm_error *err);
void fm__labour_sums_free(fm__labour_sums *s);
/* Takes up an item: its sums by group. */
void fm__labour_sums_item(fm__labour_sums *s, size_t item);
/* Its sums over groups. */
fm__labour_total fm__labour_sums_over(const fm__labour_sums *s, const uint32_t *group, size_t n);

/* ---- figures ---- */
enum { FM__FIGURE_RATIO, FM__FIGURE_NUMBER, FM__FIGURE_GAP, FM__FIGURE_QUANTILE };
typedef struct fm__labour_figure {
  int32_t kind;
  size_t item, margin;
  double p;               /* of a quantile */
  fm__labour_total total; /* of the item; of a gap, that of both sides with the means as sums */
  fm__labour_total other; /* of a gap: the compared side; total is the reference */
  double value, std_error, df, low, high, design_effect;
} fm__labour_figure;
/* The figure's value from its totals; NaN: none. Quantiles are not from totals. */
double fm__labour_value(const fm__labour_figure *f, const fm__labour_plan *plan);

/* What the errors of a design need. */
typedef struct fm__labour_sample {
  const fm__labour *t;
  const fm__labour_margins *margins;
  fm__design *design;
  uint32_t *unit; /* of each row */
  size_t *start;  /* rows of each group */
  int64_t n_rows; /* of the whole sample */
} fm__labour_sample;
/* Quantiles, where there are any, then errors and limits of all figures. */
fm_status fm__labour_errors(fm__labour_figure *figure, size_t n, const fm__labour_sample *s, const fm_run *run,
                            fm_error *err);

#endif
