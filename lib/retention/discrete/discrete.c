/* retention.discrete_hazard: life tables by period and their regression as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "retention/discrete/discrete_priv.h"
#include "retention/retention_priv.h"

static const char measure_id[] = "retention.discrete_hazard";
static const fm_retention_discrete_hazard_spec defaults = FM_RETENTION_DISCRETE_HAZARD_SPEC_INIT;

static void destroy(void *state)
{
  fm__discrete_state *s = state;
  if (s == NULL)
    return;
  fm__cox_state_free(&s->rows);
  fm__free(s->bands);
  fm__free(s->definition);
  fm__free(s);
}

/* ---- rows on their way in: times become whole periods ---- */

static fm_status take(void *context, double *n, bool *keep, const fm__rows_place *place, fm_error *err)
{
  fm__discrete_state *s = context;
  fm_status status = fm__cox_take(&s->rows, n, keep, place, err);
  if (status != FM_OK || !*keep)
    return status;
  if (s->spec.cause != NULL && n[FM__COX_EVENT] == 1 && fm__rows_lacks_id(place, FM__COX_STRATA))
    return fm__rows_bad_id(place, FM__COX_STRATA, "the cause of the exit", err);
  double length = s->spec.length;
  n[FM__COX_TIME] = n[FM__COX_TIME] > 0 ? ceil(n[FM__COX_TIME] / length) : 1;
  n[FM__COX_ENTRY] = n[FM__COX_ENTRY] > 0 ? floor(n[FM__COX_ENTRY] / length) : 0;
  for (size_t k = 0; k < s->rows.terms.n; k++) {
    const fm__cox_term *t = &s->rows.terms.items[k];
    if (t->kind >= FM__COX_DATED && !isnan(n[t->place])) /* begun when a period begins */
      n[t->place] = n[t->place] > 0 ? ceil(n[t->place] / length) : 0;
  }
  return FM_OK;
}

static bool fits(const void *context, const double *n)
{
  const fm__discrete_state *s = context;
  return n[FM__COX_TIME] >= 1 && n[FM__COX_ENTRY] >= 0 && fm__cox_fits(&s->rows, n);
}

static fm_status check_frame(const void *state, const fm_table *frame, fm_error *err)
{
  return fm__cox_terms_check(&((const fm__discrete_state *)state)->rows.terms, frame, err);
}

static const fm__rows_kind kind = {.measure = measure_id, .check = check_frame, .take = take, .fits = fits};

/* ---- result ---- */

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const fm__discrete_state *s = state;
  const fm__key keys[FM__DISCRETE_KEYS] = {{"term", FM_CODE}, {"cause", FM_CODE}, {"period", FM_I32}};
  const fm__cox_output of = {measure_id, s->spec.definition, keys, FM__DISCRETE_KEYS, fm__discrete_report};
  return fm__cox_result(out, state, &of, run, err);
}

/* ---- creating ---- */

static fm_status check(const fm_retention_discrete_hazard_spec *spec, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value, low, high;
  } numbers[] = {
      {"length", spec->length, 0, INT32_MAX},
      {"link", spec->link, FM_RETENTION_LOGIT, FM_RETENTION_PROBIT},
      {"weights", spec->weights, 1, 2},
      {"robust", spec->robust, 0, 2},
  };
  for (size_t k = 0; k < FM__COUNT(numbers); k++)
    if (numbers[k].value < numbers[k].low || numbers[k].value > numbers[k].high)
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: %s is %d, expected %d to %d", measure_id, numbers[k].name,
                      (int)numbers[k].value, (int)numbers[k].low, (int)numbers[k].high);
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", measure_id);
  if (spec->cause != NULL && strchr(spec->cause, ',') != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: cause is \"%s\", expected one column", measure_id, spec->cause);
  fm__bands bands; /* of one period: the list alone is checked */
  fm_status status = fm__bands_create(&bands, spec->bands, 1, err);
  fm__bands_free(&bands);
  return status;
}

static fm_status open_rows(fm__discrete_state *s, fm_error *err)
{
  fm_retention_discrete_hazard_spec *p = &s->spec;
  s->rows.spec = (fm_retention_cox_spec){.struct_size = sizeof s->rows.spec,
                                         .covariates = p->covariates,
                                         .dated = p->dated,
                                         .ever = p->ever,
                                         .accepted = p->accepted,
                                         .by = p->by,
                                         .strata = p->cause,
                                         .weight = p->weight,
                                         .cluster = p->cluster,
                                         .clock = p->clock,
                                         .weights = p->weights,
                                         .landmark = -1};
  fm_status status = fm__cox_state_open(&s->rows, &kind, err);
  if (status == FM_OK && p->length == 0)
    p->length = strcmp(s->rows.terms.clock, "days") == 0 ? 30 : 1;
  p->cause = s->rows.spec.strata;
  p->definition = s->definition;
  p->bands = s->bands;
  return status;
}

#define FIELD(member, type) FM__FIELD(fm_retention_discrete_hazard_spec, member, FM__FIELD_##type)
static const fm__field fields[] = {
    FIELD(covariates, TEXT), FIELD(dated, TEXT),      FIELD(ever, TEXT),    FIELD(accepted, TEXT),
    FIELD(by, TEXT),         FIELD(weight, TEXT),     FIELD(cluster, TEXT), FIELD(cause, TEXT),
    FIELD(clock, TEXT),      FIELD(definition, TEXT), FIELD(bands, TEXT),   FIELD(level, F64),
    FIELD(length, I32),      FIELD(link, I32),        FIELD(weights, I32),  FIELD(robust, I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__discrete_state *s = state;
  (void)text;
  s->spec = *(const fm_retention_discrete_hazard_spec *)spec;
  fm_status status = check(&s->spec, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->bands, s->spec.bands, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, s->spec.definition, defaults.definition, err);
  return status == FM_OK ? open_rows(s, err) : status;
}

static const fm__measure measure = {
    .id = measure_id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_discrete_hazard_spec, fm__discrete_state),
    FM__MEASURE_KEEPS_ROWS,
    .result = result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_discrete_hazard)
