/* Discrete-time hazards: retention.discrete_hazard. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_discrete.h"

static fm_status discrete_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  static const char *const links[] = {"", "logit", "cloglog", "probit"}, *const weights[] = {"", "sampling",
                                                                                             "frequency"};
  static const char *const robust[] = {"auto", "yes", "no"};
  fm_retention_discrete_hazard_spec s = FM_RETENTION_DISCRETE_HAZARD_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.covariates = fm__options_text(o, "covariates");
  s.dated = fm__options_text(o, "dated");
  s.ever = fm__options_text(o, "ever");
  s.accepted = fm__options_text(o, "accepted");
  s.cluster = fm__options_text(o, "cluster");
  s.cause = fm__options_text(o, "cause");
  s.bands = fm__options_text(o, "bands");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  fm_status status = fm__options_choice(o, "link", links, FM__COUNT(links), &s.link, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "weights", weights, FM__COUNT(weights), &s.weights, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "robust", robust, FM__COUNT(robust), &s.robust, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "length", &s.length, err);
  return status == FM_OK ? fm_retention_discrete_hazard_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_discrete[] = {{"retention.discrete_hazard", fm__cox_frame, discrete_tally}, {.id = NULL}};
