/* The spec that the measures of initiatives share. */
#ifndef FM_PROGRAMME_INITIATIVES_PRIV_H
#define FM_PROGRAMME_INITIATIVES_PRIV_H

#include "flexmetrics/programme_initiatives.h"
#include "programme/roll_priv.h"

extern const fm_programme_initiatives_spec fm__initiatives_defaults;
enum { FM__INITIATIVES_N_FIELDS = 2 };
extern const fm__field fm__initiatives_fields[FM__INITIATIVES_N_FIELDS];
#define FM__INITIATIVES_SPEC                                                                                           \
  .spec_name = "fm_programme_initiatives_spec", .defaults = &fm__initiatives_defaults,                                 \
  .spec_size = sizeof fm__initiatives_defaults, .state_size = sizeof(fm__rolls), .fields = fm__initiatives_fields,     \
  .n_fields = FM__INITIATIVES_N_FIELDS

fm_status fm__initiatives_open(void *state, const fm__rolls_kind *kind, const void *spec, fm_error *err);

#endif
