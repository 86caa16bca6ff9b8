/**
 * @file disclose.h
 * Disclosure control of small counts: which cells of a table must be hidden so that none can be worked out. These are
 * the short forms; disclose_protect.h has every option.
 */
#ifndef FLEXMETRICS_DISCLOSE_H
#define FLEXMETRICS_DISCLOSE_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Decides which cells of a two-way table of counts of people are hidden when its row and column sums and its total are
 * published; a table with one row or one column is a list of parts of a published total. `counts` is n_rows x
 * n_columns, row by row. `hidden` (same shape) is read and written: a cell already 1 stays hidden; cells from 1 to
 * threshold - 1 are hidden, then further ones until the exact audit shows that an outsider who knows every shown
 * figure, and that hidden counts are whole and at least 1 (at least 0 when a zero is hidden), can narrow no small
 * cell to fewer than `threshold` values or show that it is below the threshold. As few people are hidden as can be.
 * `*safe` is 0 when there is no such pattern: then all cells are hidden, and the sums must be, too. Zeros are shown
 * unless hiding them is needed.
 * Errors: FM_ERR_ARGUMENT threshold outside 1 to 1,000,000 or a negative count; FM_ERR_MEMORY.
 */
FM_API FM_NODISCARD fm_status fm_disclose_table(uint8_t *hidden, int32_t *safe, const int64_t *counts, size_t n_rows,
                                                size_t n_columns, int64_t threshold, fm_error *err);

/** What an outsider can work out of a hidden pattern: `low` and `high` (same shape as `counts`) get each cell's exact
 *  bounds given the shown cells and all sums. */
FM_API FM_NODISCARD fm_status fm_disclose_audit(int64_t *low, int64_t *high, const int64_t *counts,
                                                const uint8_t *hidden, size_t n_rows, size_t n_columns, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
