/* The search for the parts of a published total to hide. */
#ifndef FM_DISCLOSE_LIST_PRIV_H
#define FM_DISCLOSE_LIST_PRIV_H

#include "disclose/cover_priv.h"

bool fm__list_can_hold(fm__cover *c); /* with all parts hidden; writes c->best */
fm_status fm__list_search(fm__cover *c, fm_error *err);

#endif
