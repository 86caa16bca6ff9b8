/**
 * @file spell_states.h
 * States in time: where a run of equal codes begins. Part of spell.h.
 */
#ifndef FLEXMETRICS_SPELL_STATES_H
#define FLEXMETRICS_SPELL_STATES_H

#include "flexmetrics/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Positions at which a new run of equal codes begins: `starts` (room for n; NULL only counts) gets them in rising
 * order, the first always 0, and `*n_runs` their number. A run ends where the next one starts, the last at n. One
 * person's weekly codes a call gives that person's spells; runs go on across people when the codes of several are
 * handed over at once. n up to UINT32_MAX.
 */
FM_API FM_NODISCARD fm_status fm_spell_runs(size_t *n_runs, uint32_t *starts, const uint16_t *codes, size_t n,
                                            fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
