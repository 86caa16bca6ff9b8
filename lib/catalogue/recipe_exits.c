/* Exits by reason and states: retention.cumulative_incidence, retention.gray, retention.states. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_exits.h"
#include "flexmetrics/retention_states.h"

static fm_status incidence_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  static const char *const types[] = {"", "plain", "log", "log-log", "logit", "arcsine"};
  static const char *const variances[] = {"", "greenwood", "aalen"}, *const no_yes[] = {"no", "yes"};
  fm_retention_cumulative_incidence_spec s = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.cluster = fm__options_text(o, "cluster");
  s.times = fm__options_text(o, "times");
  s.reference = fm__options_text(o, "reference");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  if (fm__options_text(o, "times") != NULL) /* those alone, unless the curve is asked for */
    s.curve = 0;
  fm_status status = fm__options_choice(o, "conf_type", types, FM__COUNT(types), &s.conf_type, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "variance", variances, FM__COUNT(variances), &s.variance, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "curve", no_yes, FM__COUNT(no_yes), &s.curve, err);
  return status == FM_OK ? fm_retention_cumulative_incidence_tally(out, &s, err) : status;
}

static fm_status gray_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                            fm_error *err)
{
  fm_retention_gray_spec s = FM_RETENTION_GRAY_SPEC_INIT;
  s.by = spec->by;
  s.strata = fm__options_text(o, "strata");
  s.definition = fm__definition_of(made, s.definition);
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  if (spec->weight != NULL && spec->weight[0] != '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.gray counts rows and takes no weight; found \"%s\"", spec->weight);
  fm_status status = fm__options_real(o, "rho", &s.rho, err);
  return status == FM_OK ? fm_retention_gray_tally(out, &s, err) : status;
}

/* The columns of strata go into the frame beside the groups. */
static fm_status gray_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const named[] = {"strata"};
  fm_status status = fm__outcome_frame(frame, o, err);
  return status == FM_OK ? fm__options_columns(frame, o, named, FM__COUNT(named), err) : status;
}

static fm_status states_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  static const char *const types[] = {"", "plain", "log", "log-log", "logit", "arcsine"};
  static const char *const no_yes[] = {"no", "yes"};
  fm_retention_states_spec s = FM_RETENTION_STATES_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.times = fm__options_text(o, "times");
  if (fm__options_text(o, "person") != NULL)
    s.person = fm__options_text(o, "person");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  fm_status status = fm__options_choice(o, "conf_type", types, FM__COUNT(types), &s.conf_type, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "start", &s.start, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "until", &s.until, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "fixed_start", no_yes, FM__COUNT(no_yes), &s.fixed_start, err);
  return status == FM_OK ? fm_retention_states_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_exits[] = {{"retention.cumulative_incidence", fm__outcome_frame, incidence_tally},
                                        {"retention.gray", gray_frame, gray_tally},
                                        {"retention.states", NULL, states_tally},
                                        {.id = NULL}};
