/* Time in work: retention.survival, retention.logrank. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/retention.h"
#include "flexmetrics/retention_tests.h"

static const char *const no_yes[] = {"no", "yes"};

static fm_status survival_figures(fm_retention_survival_spec *s, const fm__options *o, fm_error *err)
{
  const char *taus = fm__options_text(o, "taus");
  s->quantiles = fm__options_text(o, "quantiles");
  s->times = fm__options_text(o, "times");
  s->taus = taus;
  s->reference = fm__options_text(o, "reference");
  fm_status status = fm__options_choice(o, "rmst", no_yes, FM__COUNT(no_yes), &s->rmst, err);
  if (status == FM_OK && taus != NULL && fm__options_text(o, "rmst") == NULL)
    s->rmst = 1;
  return status == FM_OK ? fm__options_whole(o, "start_time", &s->start_time, err) : status;
}

static fm_status survival_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  static const char *const types[] = {"", "plain", "log", "log-log", "logit", "arcsine"};
  static const char *const estimators[] = {"", "kaplan_meier", "nelson_aalen", "fleming_harrington"};
  static const char *const variances[] = {"auto", "greenwood", "robust"};
  fm_retention_survival_spec s = FM_RETENTION_SURVIVAL_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.cluster = fm__options_text(o, "cluster");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  if (fm__options_text(o, "times") != NULL) /* those alone, unless the curve is asked for */
    s.curve = 0;
  fm_status status = fm__options_choice(o, "conf_type", types, FM__COUNT(types), &s.conf_type, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "curve", no_yes, FM__COUNT(no_yes), &s.curve, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "estimator", estimators, FM__COUNT(estimators), &s.estimator, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "variance", variances, FM__COUNT(variances), &s.variance, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "hazard", no_yes, FM__COUNT(no_yes), &s.hazard, err);
  if (status == FM_OK)
    status = survival_figures(&s, o, err);
  return status == FM_OK ? fm_retention_survival_tally(out, &s, err) : status;
}

static fm_status logrank_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                               fm_error *err)
{
  static const char *const variances[] = {"auto", "hypergeometric", "robust"};
  fm_retention_logrank_spec s = FM_RETENTION_LOGRANK_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.definition = fm__definition_of(made, s.definition);
  s.group = fm__options_text(o, "group");
  s.strata = fm__options_text(o, "strata");
  s.cluster = fm__options_text(o, "cluster");
  if (fm__options_text(o, "clock") != NULL)
    s.clock = fm__options_text(o, "clock");
  if (fm__options_text(o, "tests") != NULL)
    s.tests = fm__options_text(o, "tests");
  fm_status status = fm__options_choice(o, "variance", variances, FM__COUNT(variances), &s.variance, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "detail", no_yes, FM__COUNT(no_yes), &s.detail, err);
  return status == FM_OK ? fm_retention_logrank_tally(out, &s, err) : status;
}

/* The columns that are compared and those of strata go into the frame beside the groups. */
static fm_status logrank_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const named[] = {"group", "strata"};
  fm_status status = fm__outcome_frame(frame, o, err);
  return status == FM_OK ? fm__options_columns(frame, o, named, FM__COUNT(named), err) : status;
}

const fm__recipe fm__recipes_survival[] = {{"retention.survival", fm__outcome_frame, survival_tally},
                                           {"retention.logrank", logrank_frame, logrank_tally},
                                           {.id = NULL}};
