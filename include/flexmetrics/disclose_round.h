/**
 * @file disclose_round.h
 * Rounding counts instead of hiding them.
 */
#ifndef FLEXMETRICS_DISCLOSE_ROUND_H
#define FLEXMETRICS_DISCLOSE_ROUND_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Random rounding: a count with remainder r modulo `base` goes up with chance r / base, else down, so that it is right
 * on average; multiples stay. The chance is drawn from `secret` and `key`, what the count is of (such as
 * "group=women;month=2024-06"): the same count of the same cell is rounded alike every time, so that asking twice tells
 * nothing more, and equal cells of two tables agree. Each cell and each sum is rounded by itself: rounded cells need
 * not add up to the rounded total. The secret is at least 16 bytes, belongs in no report, and is in no result. Errors:
 * FM_ERR_ARGUMENT base not 3 or 5, a negative count, a count above 9e18, a secret below 16 bytes; FM_ERR_MEMORY.
 */
FM_API FM_NODISCARD fm_status fm_disclose_round(int64_t *rounded, int64_t count, int32_t base, const char *key,
                                                const void *secret, size_t secret_size, fm_error *err);

/** The nearest multiple of `base`, halves up; -1 for a negative count, a base below 1, or when it would be above 9e18.
 * It protects less than random rounding: a small count is always rounded the same way. */
FM_API int64_t fm_disclose_round_nearest(int64_t count, int64_t base);

#ifdef __cplusplus
}
#endif
#endif
