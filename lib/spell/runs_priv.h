/* Runs of codes: the vector form and the loop that defines it. */
#ifndef FM_SPELL_RUNS_PRIV_H
#define FM_SPELL_RUNS_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/spell.h"

/* The definition: starts of runs among codes[from .. to), put from the k-th place on; gives their number in all. NULL
 * only counts. */
size_t fm__runs_scalar(uint32_t *starts, const uint16_t *codes, size_t from, size_t to, size_t k);
size_t fm__runs(uint32_t *starts, const uint16_t *codes, size_t n);

#endif
