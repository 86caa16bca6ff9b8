/* What the searches of one table and of many share. */
#ifndef FM_DISCLOSE_LINKED_PRIV_H
#define FM_DISCLOSE_LINKED_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/disclose_linked.h"

/* Defaults, what was given over them, and checked. */
fm_status fm__protect_spec(fm_disclose_protect_spec *out, const fm_disclose_protect_spec *spec, fm_error *err);

#endif
