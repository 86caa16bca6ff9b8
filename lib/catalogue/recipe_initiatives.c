/* Initiatives: programme.initiatives, programme.decisions, programme.journeys. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/programme_initiatives.h"
#include "flexmetrics/retention.h"

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s counts people and takes no weight; found \"%s\"", id, spec->weight);
}

static fm_status initiatives_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const employers[] = {"any", "same"};
  frame->definitions = fm__options_text(o, "unemployment");
  frame->states = fm__options_text(o, "states");
  frame->eligible_on = fm__options_text(o, "eligible_on");
  if (fm__options_text(o, "horizons") != NULL)
    frame->horizons = fm__options_text(o, "horizons");
  fm_status status = fm__options_choice(o, "employer", employers, FM__COUNT(employers), &frame->same_employer, err);
  return status == FM_OK ? fm__options_whole(o, "gap_days", &frame->gap_days, err) : status;
}

static fm_status initiatives_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                   const fm_table *made, fm_error *err)
{
  (void)o;
  (void)made;
  fm_programme_initiatives_spec s = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  fm_status status = no_weight(spec, "programme.initiatives", err);
  return status == FM_OK ? fm_programme_initiatives_tally(out, &s, err) : status;
}

static fm_status plain_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)frame;
  (void)o;
  (void)err;
  return FM_OK;
}

static fm_status decisions_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  (void)o;
  (void)made;
  fm_programme_initiatives_spec s = FM_PROGRAMME_INITIATIVES_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  fm_status status = no_weight(spec, "programme.decisions", err);
  return status == FM_OK ? fm_programme_decisions_tally(out, &s, err) : status;
}

/* Journeys are curves of waiting: the tally of retention.survival under their own name, a curve for each leg. */
static fm_status journeys_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"};
  static const char *const types[] = {"", "plain", "log", "log-log", "logit", "arcsine"};
  fm_retention_survival_spec s = FM_RETENTION_SURVIVAL_SPEC_INIT;
  const char *by = spec->by != NULL ? spec->by : "", *cluster = fm__options_text(o, "cluster");
  char *keys = fm__alloc(strlen(by) + sizeof "leg,");
  if (keys == NULL)
    return fm__no_memory(err);
  strcat(strcpy(keys, by[0] != '\0' ? "leg," : "leg"), by);
  (void)made;
  s.by = keys;
  s.indicator = "programme.journeys";
  s.definition = "journeys";
  s.weight = spec->weight;
  s.level = spec->level;
  s.cluster = cluster == NULL ? "person_id" : strcmp(cluster, "none") == 0 ? NULL : cluster;
  s.quantiles = fm__options_text(o, "quantiles");
  s.times = fm__options_text(o, "times");
  s.curve = 0;
  fm_status status = fm__options_choice(o, "curve", no_yes, FM__COUNT(no_yes), &s.curve, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "conf_type", types, FM__COUNT(types), &s.conf_type, err);
  if (status == FM_OK)
    status = fm_retention_survival_tally(out, &s, err);
  fm__free(keys);
  return status;
}

const fm__recipe fm__recipes_initiatives[] = {{"programme.initiatives", initiatives_frame, initiatives_tally},
                                              {"programme.decisions", plain_frame, decisions_tally},
                                              {"programme.journeys", plain_frame, journeys_tally},
                                              {NULL, NULL, NULL}};
