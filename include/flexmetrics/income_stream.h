/**
 * @file income_stream.h
 * Measures of one income distribution from a stream of arrays, in bounded memory: certified bounds after one pass,
 * exact after one more; the Gini coefficient by as many as the memory allowed needs.
 *
 * docs/methods/income_bounded.md says which measures there are and what the bounds mean.
 */
#ifndef FLEXMETRICS_INCOME_STREAM_H
#define FLEXMETRICS_INCOME_STREAM_H

#include "flexmetrics/income_distribution.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What a stream has left; opaque. */
typedef struct fm_income_stream fm_income_stream;

/** **Creates** an empty stream for the measures of the text (NULL: the default list), in its first pass.
 * FM_ERR_ARGUMENT names a measure or rule without bounds. */
FM_API FM_NODISCARD fm_status fm_income_stream_create(fm_income_stream **out, const char *measures,
                                                      const fm_income_rules *rules, fm_error *err);
FM_API void fm_income_stream_destroy(fm_income_stream *s);
/** Adds n incomes to the pass in hand; w NULL: all 1. Every pass must be given the same rows, in any order and any
 * pieces. Weight 0 leaves no trace; the rules for missing (NaN) and negative incomes apply. Errors: FM_ERR_VALUE
 * infinite income, weight negative or not finite (row in err). On failure the stream is as before. */
FM_API FM_NODISCARD fm_status fm_income_stream_add(fm_income_stream *s, const double *x, const double *w, size_t n,
                                                   const fm_run *run, fm_error *err);
/** Adds what another stream of the same measures and rules has seen; FM_ERR_STATE: not both in their first pass. */
FM_API FM_NODISCARD fm_status fm_income_stream_merge(fm_income_stream *s, const fm_income_stream *other, fm_error *err);
/** Lower and upper bound of each measure, in the order of the text, from the passes that have ended, or from the first
 * one so far; NaN: no value. Equal when the figure is exact. `capacity` is the room in both arrays, FM_ERR_ARGUMENT
 * when too small. */
FM_API FM_NODISCARD fm_status fm_income_stream_bounds(double *low, double *high, size_t capacity,
                                                      const fm_income_stream *s, fm_error *err);
/**
 * Ends the pass in hand and begins another one, in which `*n_rows` rows are kept, 16 bytes each and as much while it
 * ends; 0: no pass would tell more, and none begins. `most_rows` bounds them, but a single cell is always kept whole.
 * The pass after the first settles all that depends on places (quantiles, shares, poverty); the others a Gini, range by
 * range. Errors: FM_ERR_LIMIT the places need more than most_rows rows (the message says how many); FM_ERR_MISMATCH the
 * pass had other rows than the first: it begins again.
 */
FM_API FM_NODISCARD fm_status fm_income_stream_again(size_t *n_rows, fm_income_stream *s, size_t most_rows,
                                                     fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
