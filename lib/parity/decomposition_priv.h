/* Oaxaca and Blinder: sums of cells, regressions of two groups, and what a gap is made of. */
#ifndef FM_PARITY_DECOMPOSITION_PRIV_H
#define FM_PARITY_DECOMPOSITION_PRIV_H

#include "num/dense_priv.h"
#include "num/special_priv.h"
#include "parity/parity_priv.h"

/* ---- sums ---- */
typedef struct fm__parity_gram {
  int64_t n;
  fm__sum *sums; /* of weight x_i x_k, k <= i, by i */
} fm__parity_gram;
typedef struct fm__parity_grams {
  fm__parity_gram *items;
  size_t n, capacity;
  size_t n_numbers; /* the constant, covariates, the outcome */
} fm__parity_grams;
void fm__parity_grams_close(fm__parity_grams *g);
bool fm__parity_grams_grow(fm__parity_grams *g, size_t n); /* room for n cells, new ones empty */
void fm__parity_grams_add(fm__parity_grams *g, size_t cell, const double *x, double weight);
void fm__parity_grams_merge(fm__parity_grams *g, const fm__parity_grams *other, const uint32_t *map);
void fm__parity_grams_save(const fm__parity_grams *g, const uint32_t *order, fm__bytes *b);
bool fm__parity_grams_load(fm__parity_grams *g, fm__reader *r); /* the number of cells stands */
fm__dd fm__parity_grams_value(const fm__parity_grams *g, size_t cell, size_t i, size_t k);

/* ---- the regression of one group ---- */
typedef struct fm__parity_fit {
  size_t k;      /* coefficients, the constant first */
  double n;      /* rows */
  double weight; /* their sum */
  double y;      /* mean of the outcome */
  double y_error;
  double *memory;
  double *mean, *b; /* of covariates less the shift, 1 first */
  double *v, *s;    /* k x k: covariance of b, and of the means */
  double *centred;  /* k x k: weighted sums of products about the means; 0 for the constant */
  bool known;       /* false: covariates depend on each other, or there are no more rows than coefficients */
} fm__parity_fit;
/* Creates the fit of sums (k + 1) x (k + 1), the outcome last; covariates are taken less `shift`. */
fm_status fm__parity_fit_of(fm__parity_fit *out, const fm__dd *sums, size_t k, int64_t n, const double *shift,
                            fm_error *err);
void fm__parity_fit_close(fm__parity_fit *f);
/* The same in covariates as they are. */
void fm__parity_fit_unshift(fm__parity_fit *f, const double *shift);

/* ---- the parts of a gap ---- */
enum {
  FM__PARITY_GROUP,
  FM__PARITY_OF_REFERENCE,
  FM__PARITY_POOLED,
  FM__PARITY_NEUMARK,
  FM__PARITY_COTTON,
  FM__PARITY_REIMERS,
  FM__PARITY_N_PRICES
};
typedef struct fm__parity_part {
  double value, error;
} fm__parity_part;
/* Creates the k x k matrix W of b* = W b_group + (1 - W) b_reference; *out is NULL when it cannot be found. */
fm_status fm__parity_prices(double **out, int32_t of, const fm__parity_fit *a, const fm__parity_fit *b, fm_error *err);
/* W in covariates as they are. */
void fm__parity_prices_unshift(double *w, size_t k, const double *shift);
/* In all: what means explain, and the rest. `scratch`: 6 k. */
void fm__parity_two_parts(fm__parity_part out[2], const fm__parity_fit *a, const fm__parity_fit *b, const double *w,
                          double *scratch);
/* The same of coefficient j. */
void fm__parity_two_parts_of(fm__parity_part out[2], size_t j, const fm__parity_fit *a, const fm__parity_fit *b,
                             const double *w, double *scratch);
/* Variance of the mean outcome, by means and coefficients. */
double fm__parity_mean_variance(const fm__parity_fit *f);
/* Interaction of means and coefficients: of all (j = SIZE_MAX), of one. */
fm__parity_part fm__parity_interaction(size_t j, const fm__parity_fit *a, const fm__parity_fit *b, double *scratch);

#endif
