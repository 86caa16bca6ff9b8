/* Indicators of totals as data: their columns and figures. */
#ifndef FM_SDG_TOTALS_PRIV_H
#define FM_SDG_TOTALS_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/sdg_totals.h"

enum { FM__TOTALS_COLUMNS = 3, FM__TOTALS_FIGURES = 2 };

enum {
  FM__TOTAL_OPTIONAL = 1, /* the frame need not have it, as long as some figure has all its columns */
  FM__TOTAL_SIGNED = 2,   /* may be below 0 */
  FM__TOTAL_SHARE = 4     /* at most 1 */
};
typedef struct fm__total_column {
  const char *name; /* NULL: no more */
  int32_t flags;
} fm__total_column;

typedef struct fm__total_figure {
  const char *quantity; /* NULL: no more */
  const char *unit;
  double (*level)(const double *x); /* from the cells of one period; NaN: undefined */
  bool growth;                      /* of that level, from the period before */
  uint32_t uses;                    /* bit k: column k */
} fm__total_figure;

typedef struct fm__total {
  const char *indicator;
  fm__total_column columns[FM__TOTALS_COLUMNS];
  fm__total_figure figures[FM__TOTALS_FIGURES];
  bool spell; /* growth is over the spell that a rule chooses, and the first less the second is a premium */
} fm__total;

/* NULL when it is not computed from totals; then `known` (of `size`) gets the list of those that are. */
const fm__total *fm__total_of(const char *indicator, char *known, size_t size);
static inline size_t fm__total_n_columns(const fm__total *t)
{
  size_t n = 0;
  while (n < FM__TOTALS_COLUMNS && t->columns[n].name != NULL)
    n++;
  return n;
}

#endif
