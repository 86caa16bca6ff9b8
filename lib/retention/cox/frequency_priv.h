/* Frequencies: weights that say how many equal rows a row stands for. */
#ifndef FM_RETENTION_COX_FREQUENCY_PRIV_H
#define FM_RETENTION_COX_FREQUENCY_PRIV_H

#include "retention/cox/cox_priv.h"

/* Creates counts from the weights, times the counts there are, and gives them to `rows` in place of both.
 * FM_ERR_VALUE: a weight that is not a whole number up to 1e9. */
fm_status fm__cox_frequencies(uint64_t **counts, fm__cox_rows *rows, fm_error *err);

#endif
