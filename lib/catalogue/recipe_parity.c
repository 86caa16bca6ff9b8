/* Parity between groups: options become specs. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/parity.h"

static fm_status rates_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_parity_rates_spec s = FM_PARITY_RATES_SPEC_INIT;
  (void)made;
  if (fm__options_text(o, "outcome") != NULL)
    s.outcome = fm__options_text(o, "outcome");
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.strata = fm__options_text(o, "strata");
  s.by = spec->by;
  s.level = spec->level;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "parity.rates counts people and takes no weight; found \"%s\"", spec->weight);
  fm_status status = fm__options_real(o, "least_ratio", &s.least_ratio, err);
  return status == FM_OK ? fm_parity_rates_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_parity[] = {{"parity.rates", NULL, rates_tally}, {NULL, NULL, NULL}};
