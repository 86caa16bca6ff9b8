/* One contract, apart from tables and tallies. */
#ifndef FM_ECONOMY_CONTRACT_PRIV_H
#define FM_ECONOMY_CONTRACT_PRIV_H

#include "economy/economy_priv.h"

fm_status fm__contract_check(const fm_economy_contracts_spec *s, fm_error *err);
/* Everything but the spec's own checks; the arguments are in range. `end` is the last day. */
fm_status fm__contract_fill(fm_economy_contract *c, double value, double wage_share, int32_t start, int32_t end,
                            const fm_economy_contracts_spec *s, const fm_codes *list, fm_error *err);

#endif
