/* One outcome, apart from tables and tallies. */
#ifndef FM_ECONOMY_RETURN_PRIV_H
#define FM_ECONOMY_RETURN_PRIV_H

#include "economy/economy_priv.h"

bool fm__outcome_fits(const fm_economy_outcome *o);
double fm__outcome_impact(const fm_economy_outcome *o, double deadweight); /* in its first year */
size_t fm__outcome_last(const fm_economy_outcome *o);                      /* its last year, from 1 */

#endif
