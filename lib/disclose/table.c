/* The short form: fewest people hidden, the rule of reports. */
#include "disclose/disclose_priv.h"

fm_status fm_disclose_table(uint8_t *hidden, int32_t *safe, const int64_t *counts, size_t n_rows, size_t n_columns,
                            int64_t threshold, fm_error *err)
{
  fm_disclose_protect_spec spec = FM_DISCLOSE_PROTECT_SPEC_INIT;
  fm_disclose_protected out = {.struct_size = sizeof out};
  spec.threshold = threshold;
  spec.objective = FM_DISCLOSE_SUM;
  fm_status status = fm_disclose_protect(&out, hidden, counts, n_rows, n_columns, &spec, err);
  *safe = out.safe;
  return status;
}
