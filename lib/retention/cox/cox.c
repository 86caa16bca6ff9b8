/* retention.cox: proportional hazards regression as a mergeable tally. */
#include <string.h>

#include "retention/cox/tally_state_priv.h"

static const char measure_id[] = "retention.cox";
static const fm_retention_cox_spec defaults = FM_RETENTION_COX_SPEC_INIT;

static void destroy(void *state)
{
  if (state != NULL)
    fm__cox_state_free(state);
  fm__free(state);
}

/* ---- rows ---- */

static fm_status check_frame(const void *state, const fm_table *frame, fm_error *err)
{
  return fm__cox_terms_check(&((const fm__cox_state *)state)->terms, frame, err);
}

static const fm__rows_kind kind = {
    .measure = measure_id, .check = check_frame, .take = fm__cox_take, .fits = fm__cox_fits};

/* ---- result ---- */

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  const fm__cox_state *s = state;
  const fm__key keys[FM__COX_KEYS] = {
      {"term", FM_CODE}, {"profile", FM_CODE}, {"stratum", FM_CODE}, {s->terms.time, FM_I32}};
  const fm__cox_output of = {measure_id, s->spec.definition, keys, FM__COX_KEYS, fm__cox_report};
  return fm__cox_result(out, state, &of, run, err);
}

#define FIELD(member, type) FM__FIELD(fm_retention_cox_spec, member, FM__FIELD_##type)
static const fm__field fields[] = {
    FIELD(covariates, TEXT),  FIELD(dated, TEXT),      FIELD(ever, TEXT),      FIELD(accepted, TEXT),
    FIELD(by, TEXT),          FIELD(strata, TEXT),     FIELD(weight, TEXT),    FIELD(cluster, TEXT),
    FIELD(clock, TEXT),       FIELD(definition, TEXT), FIELD(profiles, TEXT),  FIELD(level, F64),
    FIELD(ties, I32),         FIELD(weights, I32),     FIELD(robust, I32),     FIELD(landmark, I32),
    FIELD(proportional, I32), FIELD(baseline, I32),    FIELD(concordance, I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__cox_state *s = state;
  (void)text;
  s->spec = *(const fm_retention_cox_spec *)spec;
  fm_status status = fm__cox_spec_check(&s->spec, err);
  if (status == FM_OK)
    status = fm__cox_state_open(s, &kind, err);
  if (status == FM_OK && s->terms.n == 0)
    status = fm__fail(err, FM_ERR_ARGUMENT, "retention.cox: expected covariates or dated, such as covariates=age");
  return status;
}

static const fm__measure measure = {
    .id = measure_id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_cox_spec, fm__cox_state),
    FM__MEASURE_KEEPS_ROWS,
    .result = result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_cox)
