/**
 * @file tally.h
 * Mergeable partial results: one interface for every measure.
 *
 * A measure's own header creates the tally from a spec (`fm_retention_survival_tally` and so on). Then: add frames,
 * in any number and order; merge tallies made from the same spec; save to bytes and load into a tally freshly
 * created from the same spec; read the result, as often as wanted. The result and the saved bytes are the same bits
 * for any row order, split of the frames, merge order and number of threads.
 */
#ifndef FLEXMETRICS_TALLY_H
#define FLEXMETRICS_TALLY_H

#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A partial result; opaque. Not for use by two threads at once. */
typedef struct fm_tally fm_tally;

/** Measure id, such as "retention.survival". */
FM_API const char *fm_tally_measure(const fm_tally *t);

/**
 * Adds the rows of a sealed `frame`. May keep a reference to it until the tally is saved, merged or destroyed.
 * Errors: FM_ERR_STATE not sealed; FM_ERR_NOT_FOUND, FM_ERR_TYPE a column the spec names; FM_ERR_VALUE a value
 * against the rules, with row and column. After an error the tally is as before the call.
 */
FM_API FM_NODISCARD fm_status fm_tally_add(fm_tally *t, const fm_table *frame, const fm_run *run, fm_error *err);

/** Adds all that `other` holds to `t`; `other` is not changed. FM_ERR_MISMATCH: another measure or spec. */
FM_API FM_NODISCARD fm_status fm_tally_merge(fm_tally *t, const fm_tally *other, fm_error *err);

/** **Creates** the canonical bytes of the state (`*bytes`, freed by fm_free) and their number. */
FM_API FM_NODISCARD fm_status fm_tally_save(void **bytes, size_t *n_bytes, const fm_tally *t, fm_error *err);

/**
 * Reads saved bytes into an empty tally. FM_ERR_FORMAT: damaged or not ours; FM_ERR_MISMATCH: another measure, spec,
 * code list or state version (named in the message); FM_ERR_STATE: the tally is not empty.
 */
FM_API FM_NODISCARD fm_status fm_tally_load(fm_tally *t, const void *bytes, size_t n_bytes, fm_error *err);

/** **Creates** the sealed result table. Does not change the state. */
FM_API FM_NODISCARD fm_status fm_tally_result(fm_table **out, const fm_tally *t, const fm_run *run, fm_error *err);

/** Destroys the tally. NULL is accepted. */
FM_API void fm_tally_destroy(fm_tally *t);

#ifdef __cplusplus
}
#endif
#endif
