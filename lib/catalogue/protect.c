/* Disclosure control of the result of any indicator. */
#include "catalogue/protect_priv.h"
#include "table/table_priv.h"

static const fm_protect_spec defaults = FM_PROTECT_SPEC_INIT;

void fm_protect_spec_init(fm_protect_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm_catalogue_protect(fm_table **out, const fm_table *result, const fm_protect_spec *spec, fm_error *err)
{
  fm_protect_spec s = defaults;
  fm__guard g;
  *out = NULL;
  fm_status status = fm__spec_take(&s, sizeof s, spec, "fm_protect_spec", err);
  if (status == FM_OK)
    status = fm__table_require_sealed(result, err);
  if (status == FM_OK && s.threshold < 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a whole number from 1, got %d", (int)s.threshold);
  if (status == FM_OK && s.full < 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "full: expected a whole number from 1, got %d", (int)s.full);
  if (status == FM_OK && s.threshold == 1) {
    *out = fm_table_retain(result);
    return FM_OK;
  }
  if (status == FM_OK)
    status = fm__guard_open(&g, result, &s, err);
  if (status != FM_OK)
    return status;
  status = fm__guard_curves(&g, err);
  if (status == FM_OK)
    status = fm__guard_steps(&g, err);
  if (status == FM_OK)
    status = fm__guard_families(&g, err);
  if (status == FM_OK && s.earlier != NULL)
    status = fm__table_require_sealed(s.earlier, err);
  if (status == FM_OK && s.earlier != NULL)
    status = fm__guard_earlier(&g, s.earlier, &s, err);
  if (status == FM_OK)
    status = fm__guard_periods(&g, err);
  if (status == FM_OK)
    status = fm__guard_write(out, &g, err);
  fm__guard_close(&g);
  return status;
}
