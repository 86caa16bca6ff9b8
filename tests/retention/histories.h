/* What tests of measures of histories share. */
#ifndef FM_TESTS_RETENTION_HISTORIES_H
#define FM_TESTS_RETENTION_HISTORIES_H

#include "support/support.h"

/* States of 712 people in 72 months, examples/data/school-to-work. */
enum { PEOPLE = 712 };

extern const char monthly_file[]; /* for fm_oracle_open: a row a person */
/* Person_id, period, state and w: a row a person and month, of the first n people; `person` weighs (1 + change) times
 * as much. */
fm_table *monthly_states(const fm_oracle *o, size_t n, size_t person, double change);

/* fm_test_tally_allocations without a merge of the frame with itself, in which everybody has two rows in a period. */
int history_allocations(fm_test_create_tally create, void *ctx, const fm_table *frame);

#endif
