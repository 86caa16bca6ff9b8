/* Bootstrap of rows: how often each row is drawn in each replicate, and the Gini of every replicate, with the rows in
 * order once and no weights kept.
 *
 * 16 replicates go side by side as a group, rows in blocks of 1,024. The draws of a block are a function of seed, group
 * and block: Philox seeds eight lanes of xoshiro128++ (Blackman and Vigna 2021), each word of which serves two
 * replicates with 16 bits each. The scalar forms define the result; the vector forms give the same bits. */
#ifndef FM_NUM_RESAMPLE_PRIV_H
#define FM_NUM_RESAMPLE_PRIV_H

#include "num/random_priv.h"

enum {
  FM__RESAMPLE_GROUP = 16,   /* replicates side by side */
  FM__RESAMPLE_BLOCK = 1024, /* rows for which lanes are seeded */
  FM__RESAMPLE_STEP = 256,   /* rows whose weights and steps are laid out at a time: fits the first cache */
  FM__RESAMPLE_STRETCH = 16 * FM__RESAMPLE_BLOCK, /* rows whose counts are kept: fits the second cache */
  FM__RESAMPLE_LANES = 8
};

/* ---- one Poisson draw from 16 bits ----
 * Of the 65,536 cells, floor(65536 p_k) stand for k = 0 to 6, in order. The few cells left over stand for what is
 * missing of these and for all larger k; 48 more bits tell which. The draw has its probabilities to 2^-53. */
enum { FM__POISSON_CELLS = 7, FM__POISSON_RARE = 32 };
typedef struct fm__poisson_table {
  int16_t last[FM__POISSON_CELLS]; /* last cell of k, less 32768 */
  int32_t n_rare;                  /* counts that the cells left over can stand for */
  uint64_t rare[FM__POISSON_RARE]; /* upper ends of their parts, in 2^-48 of a cell; the last takes the rest */
  uint8_t count[FM__POISSON_RARE];
} fm__poisson_table;
void fm__poisson_table_make(fm__poisson_table *t, double mean); /* 0 < mean <= 1 */

/* ---- the draws of one block ---- */
typedef struct fm__lanes {
  uint32_t state[4][FM__RESAMPLE_LANES];
  uint64_t seed;
  uint32_t group, block, row;
} fm__lanes;
void fm__lanes_start(fm__lanes *l, uint64_t seed, uint32_t group, uint32_t block);
/* The next word of one lane: xoshiro128++ 1.0. */
uint32_t fm__lanes_word(uint32_t state[4][FM__RESAMPLE_LANES], size_t lane);
/* Counts of the next n rows, 16 a row. */
void fm__lanes_draw(uint8_t *count, fm__lanes *l, const fm__poisson_table *t, size_t n);
void fm__lanes_draw_scalar(uint8_t *count, fm__lanes *l, const fm__poisson_table *t, size_t n);
/* Adds the counts of up to 2,048 rows to the total of each replicate; `most` keeps the largest count. */
void fm__lanes_total(uint32_t total[FM__RESAMPLE_GROUP], uint8_t most[FM__RESAMPLE_GROUP], const uint8_t *count,
                     size_t n);
void fm__lanes_total_scalar(uint32_t total[FM__RESAMPLE_GROUP], uint8_t most[FM__RESAMPLE_GROUP], const uint8_t *count,
                            size_t n);
/* The draw of the cell that is left over (`cell` from 0) for one replicate of the lanes' present row. */
uint8_t fm__lanes_rare(const fm__lanes *l, const fm__poisson_table *t, uint32_t cell, uint32_t replicate);

/* ---- sums of the Gini, rows from the largest income down ----
 * T is the weight drawn so far; a the sum of T dx, b of T T dx, dx being the step down to the next row. Nothing is
 * subtracted, so that a replicate without the largest incomes owes nothing to them. */
typedef struct fm__gini_sums {
  double above[FM__RESAMPLE_GROUP], a[FM__RESAMPLE_GROUP], b[FM__RESAMPLE_GROUP];
} fm__gini_sums;
/* w and dx of n rows, each twice: w, w, dx, dx. */
void fm__gini_add(fm__gini_sums *s, const uint8_t *count, const double *w_dx, size_t n);
void fm__gini_add_scalar(fm__gini_sums *s, const uint8_t *count, const double *w_dx, size_t n);

/* ---- whole replicates ---- */
enum { FM__RESAMPLE_MULTINOMIAL, FM__RESAMPLE_POISSON };
typedef struct fm__resample {
  int32_t kind; /* FM__RESAMPLE_MULTINOMIAL or FM__RESAMPLE_POISSON */
  uint64_t seed;
  size_t n;          /* rows of the population */
  uint64_t n_beside; /* further rows of the sample, which take draws but are in no sum */
} fm__resample;
/* Counts of the rows in the 16 replicates of a group, a stretch at a time. */
typedef struct fm__resample_counts {
  const fm__resample *r;
  uint32_t group;
  size_t first; /* row of the next stretch */
  uint64_t rest_rows, rest_draws[FM__RESAMPLE_GROUP];
  fm__poisson_table table;
} fm__resample_counts;
/* Makes the counts of one replicate, count[16 i] for up to 65,536 rows, add up to `wanted`: draws are added to any row,
 * or taken away, each as likely. `most` is the largest count. */
void fm__resample_settle(uint8_t *count, uint64_t total, uint64_t wanted, uint32_t most, size_t n, fm__random *stream);
void fm__resample_start(fm__resample_counts *c, const fm__resample *r, uint32_t group);
/* Writes the counts of the next rows, 16 a row, up to FM__RESAMPLE_STRETCH rows; returns their number, 0 at the end. */
size_t fm__resample_next(uint8_t *count, fm__resample_counts *c);

/* Records in rising order of income: each begins with x and w as doubles. */
typedef struct fm__resample_rows {
  const unsigned char *data;
  size_t stride, n_records;
  size_t count_at;         /* where in a record its number of equal rows stands, as uint32_t; 0: one row each */
  double x_scale, w_scale; /* powers of two */
} fm__resample_rows;
/* Gini of each replicate, r->n being the rows of all records; NaN where the drawn weight is 0 or the drawn income not
 * positive. Memory: 256 KiB for each task that runs at a time, whatever the number of rows. */
fm_status fm__resample_gini(double *gini, const fm__resample *r, const fm__resample_rows *rows, size_t n_replicates,
                            const fm_run *run, fm_error *err);

#endif
