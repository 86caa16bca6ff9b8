/**
 * @file disclose_protect.h
 * Which further cells of a table must be hidden, as few or with as few people as can be, and what an outsider can still
 * work out of it.
 */
#ifndef FLEXMETRICS_DISCLOSE_PROTECT_H
#define FLEXMETRICS_DISCLOSE_PROTECT_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is kept small. */
enum {
  FM_DISCLOSE_CELLS = 0, /**< the number of further cells hidden */
  FM_DISCLOSE_SUM = 1    /**< the people in them */
};

/** What an outsider takes a hidden count to be at least. */
enum { FM_DISCLOSE_FLOOR_AUTO = -1 /**< 1 as long as no zero is hidden, since then a zero would be shown; else 0 */ };

/** How a table is protected. */
typedef struct fm_disclose_protect_spec {
  size_t struct_size; /**< set by FM_DISCLOSE_PROTECT_SPEC_INIT or the init function */
  int64_t threshold;  /**< counts from 1 to threshold - 1 are hidden and protected; default 5, at most 1,000,000 */
  int64_t n_values;   /**< values that an outsider must leave possible for each of them; 2: it is not exactly
                           known; 0, the default: `threshold`; at most 1,000,000 */
  int32_t
      reaches_threshold; /**< 1, the default: the threshold must be among them, or it shows that the count is small */
  int32_t floor;         /**< FM_DISCLOSE_FLOOR_AUTO (default), 0 or 1 */
  int32_t objective;     /**< FM_DISCLOSE_CELLS (default) or FM_DISCLOSE_SUM */
  int32_t hides_zeros;   /**< 1, the default: zeros may be hidden where nothing else helps; 0: never */
  const uint8_t *structural; /**< cells that everyone knows to be 0, in the shape of the table: never hidden, for they
                                  protect nothing; NULL: none. **Borrowed** during the call */
  int64_t effort;            /**< steps of the search for the best pattern, each about a nanosecond; never a clock, so
                                  that a table has one answer; default 2,000,000,000 */
} fm_disclose_protect_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_DISCLOSE_PROTECT_SPEC_INIT                                                                                  \
  {                                                                                                                    \
    .struct_size = sizeof(fm_disclose_protect_spec), .threshold = 5, .reaches_threshold = 1,                           \
    .floor = FM_DISCLOSE_FLOOR_AUTO, .hides_zeros = 1, .effort = 2000000000                                            \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_disclose_protect_spec_init(fm_disclose_protect_spec *spec, size_t size);

/** What came out. */
typedef struct fm_disclose_protected {
  size_t struct_size;  /**< set by the caller to sizeof(fm_disclose_protected) */
  int32_t safe;        /**< 1: every small count is protected; 0: no pattern protects them, all cells are hidden, and
                            the sums must not be published either */
  int32_t optimal;     /**< 1: proved that no pattern has less of the objective; 0: a good one, see lower_bound */
  int64_t n_small;     /**< counts from 1 to threshold - 1 */
  int64_t n_further;   /**< further cells hidden, not counting those that were hidden when the call was made */
  int64_t sum_further; /**< people in them */
  int64_t reached;     /**< the objective: their number, or their people with each hidden zero counted as 1 */
  int64_t lower_bound; /**< proved: no safe pattern has less of the objective */
} fm_disclose_protected;

/**
 * Decides which cells of a table of counts of people are hidden when row sums, column sums and total are published; a
 * table with one row or one column is a list of parts of a published total. `counts` is n_rows x n_columns, row by row;
 * `hidden` (same shape) is read and written: a cell already 1 stays hidden. Among equal patterns the one found first in
 * the order of cells is taken: the same table gives the same pattern. On tables to about 20 x 20 the answer is
 * nearly always the best one or within 10 per cent of it, as `optimal` and `lower_bound` prove; beyond 2,500 cells only
 * simple bounds are worked out.
 * Errors: FM_ERR_ARGUMENT an option outside its range, a negative count, counts above 9e15 in all, a structural zero
 * that is not 0; FM_ERR_LIMIT; FM_ERR_MEMORY.
 */
FM_API FM_NODISCARD fm_status fm_disclose_protect(fm_disclose_protected *out, uint8_t *hidden, const int64_t *counts,
                                                  size_t n_rows, size_t n_columns, const fm_disclose_protect_spec *spec,
                                                  fm_error *err);

/**
 * What an outsider can work out of a pattern: `low` and `high` (same shape as `counts`) get each cell's exact bounds,
 * given the shown cells, all sums, `floor` (FM_DISCLOSE_FLOOR_AUTO, 0 or 1) and `structural` (may be NULL). A list has
 * one row or one column. Largest flows: the bounds are reached by whole tables.
 */
FM_API FM_NODISCARD fm_status fm_disclose_ranges(int64_t *low, int64_t *high, const int64_t *counts,
                                                 const uint8_t *hidden, size_t n_rows, size_t n_columns,
                                                 const uint8_t *structural, int32_t floor, fm_error *err);

/**
 * Which hidden cells are exactly known: `known` (same shape) gets 1 for them, 0 for all others. When every hidden count
 * is above `floor` (0 or 1) these are the bridges of the graph whose nodes are rows and columns and whose edges are
 * hidden cells (Gusfield 1988), found in one depth-first search; cells on the floor cannot fall, and then each cell is
 * looked at by itself. For a table with margins; a list is fm_disclose_ranges' work.
 */
FM_API FM_NODISCARD fm_status fm_disclose_bridges(uint8_t *known, const int64_t *counts, const uint8_t *hidden,
                                                  size_t n_rows, size_t n_columns, int32_t floor, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
