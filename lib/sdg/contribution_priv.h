/* Inside of sdg.contribution: the figures of a country that are cited, and those of the participants. */
#ifndef FM_SDG_CONTRIBUTION_PRIV_H
#define FM_SDG_CONTRIBUTION_PRIV_H

#include <math.h>

#include "flexmetrics/sdg_contribution.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* ---- cited figures ---- */
enum {
  FM__CITED_LINE,
  FM__CITED_BOTTOM_MEAN,
  FM__CITED_MEAN,
  FM__CITED_GROWTH_BOTTOM,
  FM__CITED_GROWTH_MEAN,
  FM__CITED_PREMIUM,
  FM__CITED_UNEMPLOYMENT,
  FM__CITED_EMPLOYMENT,
  FM__N_CITED
};
/* What a figure says of itself. */
enum { FM__CITED_UNIT, FM__CITED_CONCEPT, FM__CITED_PRICES, FM__CITED_CURRENCY, FM__CITED_SOURCE, FM__N_CITED_TEXTS };
typedef struct fm__cited {
  int64_t row; /* of the table that gave it; -1: not given */
  double value, since, year, months;
  char *texts[FM__N_CITED_TEXTS]; /* NULL: not said */
} fm__cited;

/* Reads the table into FM__N_CITED figures; NULL: none is given. What was made is the caller's on failure, too. */
fm_status fm__cited_read(fm__cited *out, const fm_table *national, fm_error *err);
void fm__cited_free(fm__cited *figures);
/* Adds all that the figures say to a tally's text. */
void fm__cited_describe(fm__bytes *text, const fm__cited *figures);
/* Checks them against what the spec says of the participants' incomes. The first difference is FM_ERR_VALUE; with
 * `force` all of them are written to `differences` instead. */
fm_status fm__cited_check(const fm__cited *figures, const fm_sdg_contribution_spec *spec, fm__bytes *differences,
                          fm_error *err);
/* A row for each figure given; `n_keys` keys become missing. */
void fm__cited_put(fm__result *r, const fm__cited *figures, size_t n_keys);

/* ---- the participants ---- */
enum {
  FM__CONTRIBUTION_INCOME_0,
  FM__CONTRIBUTION_INCOME_1,
  FM__CONTRIBUTION_EMPLOYED_0,
  FM__CONTRIBUTION_EMPLOYED_1,
  FM__CONTRIBUTION_HOURS_0,
  FM__CONTRIBUTION_HOURS_1,
  FM__CONTRIBUTION_PARTICIPANT,
  FM__CONTRIBUTION_WEIGHT, /* when the spec names one */
  FM__CONTRIBUTION_NUMBERS
};
/* Columns of the result after those that every measure has. */
enum { FM__CONTRIBUTION_GOAL, FM__CONTRIBUTION_SOURCE, FM__CONTRIBUTION_MORE };

typedef struct fm__contribution_rows {
  const fm__rows *rows;
  size_t first, end; /* one group's */
  bool weighted;
  double line, years, level; /* NaN: not given; years between the incomes */
} fm__contribution_rows;

/* Writes all figures of one group. */
void fm__contribution_figures(fm__result *r, const fm__contribution_rows *rows);

#endif
