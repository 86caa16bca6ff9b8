/* retention.survival: survival curves by group, and figures of them, as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "retention/curve_priv.h"
#include "retention/survival_priv.h"

static const fm_retention_survival_spec defaults = FM_RETENTION_SURVIVAL_SPEC_INIT;

static void destroy(void *state)
{
  fm__survival *s = state;
  if (s == NULL)
    return;
  fm__follow_destroy(s->follow);
  fm__free(s->definition);
  fm__free(s->quantile_text);
  fm__free(s->time_text);
  fm__free(s->tau_text);
  fm__free(s->reference);
  fm__free(s->indicator);
  fm__free(s->quantiles.of);
  fm__free(s->times.of);
  fm__free(s->taus.of);
  fm__free(s);
}

/* ---- creating ---- */

static bool has_text(const char *text)
{
  return text != NULL && text[0] != '\0';
}

static fm_status check_spec(const fm_retention_survival_spec *spec, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value, low, high;
  } choices[] = {{"conf_type", spec->conf_type, FM__CONF_PLAIN, FM__CONF_ARCSIN},
                 {"curve", spec->curve, 0, 1},
                 {"estimator", spec->estimator, FM__KAPLAN_MEIER, FM__FLEMING_HARRINGTON},
                 {"variance", spec->variance, 0, 2},
                 {"hazard", spec->hazard, 0, 1},
                 {"start_time", spec->start_time, 0, INT32_MAX},
                 {"rmst", spec->rmst, 0, 1}};
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: level is expected between 0 and 1");
  for (size_t k = 0; k < FM__COUNT(choices); k++)
    if (choices[k].value < choices[k].low || choices[k].value > choices[k].high)
      return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: %s is %d, expected %d to %d", choices[k].name,
                      (int)choices[k].value, (int)choices[k].low, (int)choices[k].high);
  if (spec->variance == 1 && has_text(spec->cluster))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "retention.survival: cluster \"%s\" needs the robust variance, Greenwood's knows no clusters",
                    spec->cluster);
  if (has_text(spec->reference) && !has_text(spec->by))
    return fm__fail(err, FM_ERR_ARGUMENT, "retention.survival: reference \"%s\" needs group columns in by",
                    spec->reference);
  if (has_text(spec->reference) && !has_text(spec->times) && spec->rmst == 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "retention.survival: reference \"%s\" needs times or rmst, there is nothing to compare",
                    spec->reference);
  return FM_OK;
}

static fm_status copy_texts(fm__survival *s, const fm_retention_survival_spec *spec, fm_error *err)
{
  const struct {
    char **to;
    const char *from, *fallback;
  } texts[] = {{&s->definition, spec->definition, defaults.definition},
               {&s->quantile_text, spec->quantiles, NULL},
               {&s->time_text, spec->times, NULL},
               {&s->tau_text, spec->taus, NULL},
               {&s->reference, spec->reference, NULL},
               {&s->indicator, spec->indicator, defaults.indicator}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(texts) && status == FM_OK; k++)
    status = fm__retention_text(texts[k].to, texts[k].from, texts[k].fallback, err);
  return status;
}

static fm_status take_lists(fm__survival *s, fm_error *err)
{
  const char *quantiles = s->quantile_text != NULL ? s->quantile_text : "0.25,0.5,0.75";
  fm_status status = fm__retention_numbers(&s->quantiles, quantiles, 0, 1, false, "quantiles", err);
  if (status == FM_OK)
    status = fm__retention_numbers(&s->times, s->time_text, 0, INT32_MAX, true, "times", err);
  if (status == FM_OK)
    status = fm__retention_numbers(&s->taus, s->tau_text, 0, INT32_MAX, true, "taus", err);
  return status;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_survival_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_retention_survival_spec, conf_type, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, curve, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, estimator, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, variance, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, hazard, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, start_time, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, quantiles, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, times, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, rmst, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_survival_spec, taus, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_survival_spec, indicator, FM__FIELD_TEXT)};

static fm_status open(void *state, const void *given, fm__bytes *text, fm_error *err)
{
  fm__survival *s = state;
  const fm_retention_survival_spec *spec = given;
  fm_status status = check_spec(spec, err);
  if (status != FM_OK)
    return status;
  s->spec = *spec;
  fm__follow_spec follow = {.by = spec->by,
                            .weight = spec->weight,
                            .cluster = spec->cluster,
                            .clock = spec->clock,
                            .keep = spec->variance == 2};
  status = copy_texts(s, spec, err);
  if (status == FM_OK)
    status = take_lists(s, err);
  if (status == FM_OK)
    status = fm__follow_create(&s->follow, &follow, "retention.survival", err);
  if (status != FM_OK)
    return status;
  const fm__follow_spec *taken = fm__follow_spec_of(s->follow);
  s->spec.by = taken->by;
  s->spec.weight = taken->weight;
  s->spec.cluster = taken->cluster;
  s->spec.clock = taken->clock;
  s->spec.definition = s->definition;
  s->spec.quantiles = s->quantile_text;
  s->spec.times = s->time_text;
  s->spec.taus = s->tau_text;
  s->spec.reference = s->reference;
  s->spec.indicator = s->indicator;
  fm__spec_text_fields(text, fields, FM__COUNT(fields), &s->spec, &defaults);
  return FM_OK;
}

static const fm__measure measure = {.id = "retention.survival",
                                    .state_version = 2,
                                    .spec_name = "fm_retention_survival_spec",
                                    .defaults = &defaults,
                                    .spec_size = sizeof defaults,
                                    .state_size = sizeof(fm__survival),
                                    .open = open,
                                    FM__MEASURE_FOLLOWS,
                                    .result = fm__survival_result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_retention_survival)
