/* The canonical order of the rows of a Cox regression: it depends on what the rows say alone. */
#ifndef FM_RETENTION_COX_ORDER_PRIV_H
#define FM_RETENTION_COX_ORDER_PRIV_H

#include "retention/cox/days_priv.h"
#include "retention/cox/kernel_priv.h"

#define FM__COX_NOWHERE UINT32_MAX

typedef struct fm__cox_places {
  uint32_t *row;        /* of the n rows in order, the row given */
  uint32_t *place;      /* of each row given, its place in order; NOWHERE: never at risk at an event */
  uint32_t *from;       /* of each row given, its first day at risk, 0 from the start; NULL: no row has an entry */
  fm__cox_range *range; /* of each column, over the rows in order */
  size_t n, n_late;
} fm__cox_places;

/* Sets n_given, n_events and cell of `c`. FM_ERR_VALUE: a covariate that is not finite. */
fm_status fm__cox_places_create(fm__cox_places *o, fm__cox *c, const fm__cox_rows *rows, const fm__cox_days *days,
                                fm_error *err);
/* Sets the ranges from the places. */
void fm__cox_places_reach(fm__cox_places *o, const fm__cox_rows *rows);
void fm__cox_places_free(fm__cox_places *o);

/* Lays covariates, weights and what else tells rows apart into blocks in that order, centred and scaled, and adds up
 * what is known of events. FM_ERR_VALUE: a column that is constant, by its name. */
fm_status fm__cox_lay(fm__cox *c, const fm__cox_rows *rows, const fm__cox_places *o, fm_error *err);

/* A value of `row` and `what` that is not as expected. */
fm_status fm__cox_bad(fm_error *err, size_t row, const char *what, const char *expected);

#endif
