/* Inside of income.incidence: its state, and the parts of its result. */
#ifndef FM_INCOME_INCIDENCE_PRIV_H
#define FM_INCOME_INCIDENCE_PRIV_H

#include "income/change/growth_priv.h"
#include "income/change/pairs_priv.h"

enum { FM__FGT_0, FM__FGT_1, FM__FGT_2, FM__WATTS, FM__N_POVERTY };

typedef struct fm__incidence {
  fm__waves waves; /* first: the outer functions of records read it */
  double level;
  int32_t n_points;
  bool total, curve_only;
  fm__call quantile, mean, poverty[FM__N_POVERTY];
} fm__incidence;

/* What the parts of one group's result read. */
typedef struct fm__incidence_page {
  fm__result *r;
  size_t first_key;
  const fm__incidence *c;
  fm__two *two;
  const fm__wave_dists *dists;
  bool national; /* dists hold the populations of the line, too */
  double years;  /* NaN: growth in all */
} fm__incidence_page;

typedef struct fm__incidence_keys {
  double percentile, band_low, band_high; /* NaN: missing */
  const char *parameter;                  /* NULL: missing */
} fm__incidence_keys;
void fm__incidence_put(const fm__incidence_page *p, const fm__incidence_keys *k, const fm__figure *f, double df);

/* Critical value of a band over m points at once, from replicates of the largest |t|, or (n_replicates 0) by Sidak. */
double fm__band_critical(double *largest, size_t n_replicates, size_t m, double df, double level);

fm_status fm__incidence_curve(const fm__incidence_page *p, const fm_run *run, fm_error *err);
fm_status fm__incidence_poverty(const fm__incidence_page *p, const fm_run *run, fm_error *err);
fm_status fm__incidence_panel(const fm__incidence_page *p, const fm__match *m, size_t group, const fm_run *run,
                              fm_error *err);

#endif
