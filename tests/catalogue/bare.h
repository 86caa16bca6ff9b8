/* Tables for the indicators that no register makes a frame for. */
#ifndef FM_TESTS_CATALOGUE_BARE_H
#define FM_TESTS_CATALOGUE_BARE_H

#include "support/support.h"

/* Computed from a table of its own instead of a register. */
bool is_bare(const char *id);
/* income.grouped: two years of cumulated shares in per cent; retention.states: three people's stays;
 * retention.transitions and retention.sequences: two people's periods; sdg.totals: four years of a country;
 * target.charts: four months; target.compare: eleven units;
 * sdg.redistribution: incomes before and after taxes; parity.*: answers and values of two groups; economy: two jobs;
 * sdg.contribution: two participants before and after;
 * labour: seven people. */
fm_table *bare_frame(const char *id);
/* The measure that computes an indicator: journeys are curves of survival. */
const char *measure_of(const char *id);

#endif
