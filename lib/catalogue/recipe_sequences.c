/* States period by period: retention.transitions, retention.sequences. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention_sequences.h"
#include "flexmetrics/retention_transitions.h"

static fm_status transitions_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                   const fm_table *made, fm_error *err)
{
  static const char *const types[] = {"", "plain", "log", "log-log", "logit", "arcsine"};
  static const char *const errors[] = {"people", "moves"};
  fm_retention_transitions_spec s = FM_RETENTION_TRANSITIONS_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.clock = fm__options_text(o, "clock");
  if (fm__options_text(o, "person") != NULL)
    s.person = fm__options_text(o, "person");
  if (fm__options_text(o, "steps") != NULL)
    s.steps = fm__options_text(o, "steps");
  fm_status status = fm__options_choice(o, "conf_type", types, FM__COUNT(types), &s.conf_type, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "errors", errors, FM__COUNT(errors), &s.independent, err);
  return status == FM_OK ? fm_retention_transitions_tally(out, &s, err) : status;
}

static fm_status sequences_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  fm_retention_sequences_spec s = FM_RETENTION_SEQUENCES_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.clock = fm__options_text(o, "clock");
  if (fm__options_text(o, "person") != NULL)
    s.person = fm__options_text(o, "person");
  return fm_retention_sequences_tally(out, &s, err);
}

const fm__recipe fm__recipes_sequences[] = {
    {"retention.transitions", NULL, transitions_tally}, {"retention.sequences", NULL, sequences_tally}, {.id = NULL}};
