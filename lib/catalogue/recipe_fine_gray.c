/* Regression of the cumulative incidence of a reason of exit: retention.fine_gray. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_fine_gray.h"

static fm_status fine_gray_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"}, *const weights[] = {"", "sampling", "frequency"};
  fm_retention_fine_gray_spec s = FM_RETENTION_FINE_GRAY_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.covariates = fm__options_text(o, "covariates");
  s.dated = fm__options_text(o, "dated");
  s.ever = fm__options_text(o, "ever");
  s.accepted = fm__options_text(o, "accepted");
  s.strata = fm__options_text(o, "strata");
  s.censoring = fm__options_text(o, "censoring");
  s.cluster = fm__options_text(o, "cluster");
  s.causes = fm__options_text(o, "causes");
  s.profiles = fm__options_text(o, "profiles");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  fm_status status = fm__options_choice(o, "weights", weights, FM__COUNT(weights), &s.weights, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "baseline", no_yes, FM__COUNT(no_yes), &s.baseline, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "landmark", &s.landmark, err);
  return status == FM_OK ? fm_retention_fine_gray_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_fine_gray[] = {{"retention.fine_gray", fm__cox_frame, fine_gray_tally}, {.id = NULL}};
