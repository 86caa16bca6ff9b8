/* retention.fine_gray: proportional subdistribution hazards as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "retention/fine_gray/state_priv.h"
#include "retention/retention_priv.h"

static const char measure_id[] = "retention.fine_gray";
static const fm_retention_fine_gray_spec defaults = FM_RETENTION_FINE_GRAY_SPEC_INIT;

static void destroy(void *state)
{
  fm__fg_state *s = state;
  if (s == NULL)
    return;
  fm__cox_state_free(&s->rows);
  fm__free(s->cause);
  fm__free(s->causes);
  fm__free(s->censoring);
  fm__free(s);
}

/* ---- rows on their way in ---- */

static fm_status take(void *context, double *n, bool *keep, const fm__rows_place *place, fm_error *err)
{
  fm__fg_state *s = context;
  n[FM__COX_EVENT] = fm__rows_lacks_id(place, s->rows.first_more) ? 0 : 1;
  fm_status status = fm__cox_take(&s->rows, n, keep, place, err);
  if (status != FM_OK || !*keep)
    return status;
  if (n[FM__COX_ENTRY] > 0 && n[FM__COX_ENTRY] > s->spec.landmark)
    return fm__rows_bad(place, FM__COX_ENTRY,
                        "everyone from 0 on, or from the landmark: with later entries the weights of those with "
                        "another exit would need the distribution of entries as well",
                        err);
  n[FM__COX_ENTRY] = 0;
  return FM_OK;
}

static bool fits(const void *context, const double *n)
{
  const fm__fg_state *s = context;
  return n[FM__COX_ENTRY] == 0 && fm__cox_fits(&s->rows, n);
}

static fm_status check_frame(const void *state, const fm_table *frame, fm_error *err)
{
  return fm__cox_terms_check(&((const fm__fg_state *)state)->rows.terms, frame, err);
}

static const fm__rows_kind kind = {.measure = measure_id, .check = check_frame, .take = take, .fits = fits};

/* ---- result ---- */

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const fm__fg_state *s = state;
  const fm__key keys[FM__FG_KEYS] = {
      {"term", FM_CODE}, {"profile", FM_CODE}, {"stratum", FM_CODE}, {s->rows.terms.time, FM_I32}, {"cause", FM_CODE}};
  const fm__cox_output of = {measure_id, s->rows.spec.definition, keys, FM__FG_KEYS, fm__fg_report};
  return fm__cox_result(out, state, &of, run, err);
}

/* ---- creating ---- */

static fm_status check(const fm_retention_fine_gray_spec *spec, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value, low, high;
  } numbers[] = {{"weights", spec->weights, 1, 2},
                 {"landmark", spec->landmark, -1, INT32_MAX},
                 {"baseline", spec->baseline, 0, 1}};
  for (size_t k = 0; k < FM__COUNT(numbers); k++)
    if (numbers[k].value < numbers[k].low || numbers[k].value > numbers[k].high)
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: %s is %d, expected %d to %d", measure_id, numbers[k].name,
                      (int)numbers[k].value, (int)numbers[k].low, (int)numbers[k].high);
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", measure_id);
  if (spec->cause != NULL && (*spec->cause == '\0' || strchr(spec->cause, ',') != NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: cause is \"%s\", expected one column", measure_id, spec->cause);
  if (spec->dated != NULL && *spec->dated != '\0' && spec->landmark < 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "%s: dated is \"%s\", expected a landmark with it: who has left for another cause stays in the "
                    "risk set, and what would have begun since is not known",
                    measure_id, spec->dated);
  return FM_OK;
}

static fm_status open_rows(fm__fg_state *s, fm_error *err)
{
  const fm_retention_fine_gray_spec *p = &s->spec;
  s->rows.spec = (fm_retention_cox_spec){.struct_size = sizeof s->rows.spec,
                                         .covariates = p->covariates,
                                         .dated = p->dated,
                                         .ever = p->ever,
                                         .accepted = p->accepted,
                                         .by = p->by,
                                         .strata = p->strata,
                                         .weight = p->weight,
                                         .cluster = p->cluster,
                                         .clock = p->clock,
                                         .definition = p->definition,
                                         .profiles = p->profiles,
                                         .level = p->level,
                                         .ties = 2,
                                         .weights = p->weights,
                                         .landmark = p->landmark,
                                         .baseline = p->baseline};
  s->rows.more[0] = s->cause;
  s->rows.more[1] = s->censoring;
  s->rows.n_more = 2;
  s->rows.eventless = true;
  return fm__cox_state_open(&s->rows, &kind, err);
}

#define FIELD(member, type) FM__FIELD(fm_retention_fine_gray_spec, member, FM__FIELD_##type)
static const fm__field fields[] = {
    FIELD(covariates, TEXT), FIELD(dated, TEXT),     FIELD(ever, TEXT),       FIELD(accepted, TEXT), FIELD(by, TEXT),
    FIELD(strata, TEXT),     FIELD(censoring, TEXT), FIELD(weight, TEXT),     FIELD(cluster, TEXT),  FIELD(cause, TEXT),
    FIELD(causes, TEXT),     FIELD(clock, TEXT),     FIELD(definition, TEXT), FIELD(profiles, TEXT), FIELD(level, F64),
    FIELD(weights, I32),     FIELD(landmark, I32),   FIELD(baseline, I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__fg_state *s = state;
  (void)text;
  s->spec = *(const fm_retention_fine_gray_spec *)spec;
  fm_status status = check(&s->spec, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->cause, s->spec.cause, defaults.cause, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->causes, s->spec.causes, NULL, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->censoring, s->spec.censoring, NULL, err);
  if (status == FM_OK)
    status = open_rows(s, err);
  if (status == FM_OK && s->rows.terms.n == 0)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s: expected covariates, such as covariates=age", measure_id);
  return status;
}

static const fm__measure measure = {
    .id = measure_id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_fine_gray_spec, fm__fg_state),
    FM__MEASURE_KEEPS_ROWS,
    .result = result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_fine_gray)
