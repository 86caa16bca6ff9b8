/* retention.transitions: a row a person and period as a mergeable tally. */
#include "retention/curve_priv.h"
#include "retention/retention_priv.h"
#include "retention/transitions/transitions_priv.h"

static const char id[] = "retention.transitions";
static const fm_retention_transitions_spec defaults = FM_RETENTION_TRANSITIONS_SPEC_INIT;

static fm_status check_spec(const fm_retention_transitions_spec *spec, fm_error *err)
{
  if (spec->conf_type < FM__CONF_PLAIN || spec->conf_type > FM__CONF_ARCSIN)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: conf_type is %d, expected 1 to 5", id, (int)spec->conf_type);
  if (spec->independent != 0 && spec->independent != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: independent is %d, expected 0 or 1", id, (int)spec->independent);
  return FM_OK;
}

static fm_status read_steps(fm__transitions *s, const char *text, fm_error *err)
{
  fm__numbers steps = {0};
  fm_status status = fm__retention_numbers(&steps, text != NULL && text[0] != '\0' ? text : defaults.steps, 1,
                                           FM__MOST_STEPS, true, "retention.transitions: steps", err);
  if (status == FM_OK && steps.n > FM__COUNT(s->steps))
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s: %zu steps, expected up to %zu", id, steps.n, FM__COUNT(s->steps));
  for (size_t k = 0; k < steps.n && status == FM_OK; k++)
    s->steps[s->n_steps++] = (int32_t)steps.of[k];
  fm__free(steps.of);
  return status;
}

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  fm__transitions *s = of;
  const fm_retention_transitions_spec *spec = given_spec;
  const fm__histories_spec rows = {id,          spec->by,    spec->weight,       spec->person, spec->definition,
                                   spec->clock, spec->level, defaults.definition};
  (void)text;
  s->level = spec->level;
  s->conf_type = spec->conf_type;
  s->independent = spec->independent;
  fm_status status = check_spec(spec, err);
  if (status == FM_OK)
    status = read_steps(s, spec->steps, err);
  return status == FM_OK ? fm__histories_open(&s->h, &rows, err) : status;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_transitions_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, person, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, steps, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_transitions_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_retention_transitions_spec, conf_type, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_transitions_spec, independent, FM__FIELD_I32)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_transitions_spec, fm__transitions),
    FM__MEASURE_KEEPS_ROWS,
    .result = fm__transitions_result,
    .destroy = fm__histories_destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_transitions)
