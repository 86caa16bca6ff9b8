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

static void note_accepted(fm__result *r, const fm__cox_state *s)
{
  if (s->terms.n_accepted > 0)
    fm__result_note(r, "immortal_time", s->spec.accepted);
}

static fm_status report_groups(fm__result *r, fm__cox_state *s, const fm_run *run, fm_error *err)
{
  size_t from = 0, n = fm__rows_n(s->rows), groups = fm__groups_count(fm__rows_ids(s->rows, FM__COX_BY));
  fm_status status = FM_OK;
  for (size_t g = 0; g < groups && status == FM_OK; g++) {
    size_t to = from;
    while (to < n && fm__rows_id(s->rows, to, FM__COX_BY) == g)
      to++;
    fm__cox_group group;
    fm__subrun part;
    fm__result_group(r, fm__rows_ids(s->rows, FM__COX_BY), g);
    status = fm__cox_group_create(&group, s, from, to, err);
    if (status == FM_OK) {
      status = fm__cox_report(
          r, s, &group, fm__run_within(&part, run, (double)g / (double)groups, (double)(g + 1) / (double)groups), err);
      fm__cox_group_free(&group);
    }
    from = to;
  }
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__cox_state *s = state;
  char time[16] = "time_";
  memcpy(time + 5, s->terms.clock, strlen(s->terms.clock) + 1);
  const fm__key keys[FM__COX_KEYS] = {{"term", FM_CODE}, {"profile", FM_CODE}, {"stratum", FM_CODE}, {time, FM_I32}};
  const fm__key more[] = {{"df", FM_F64}, {"p_value", FM_F64}};
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(s->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "retention.cox", s->spec.definition, fm__rows_ids(s->rows, FM__COX_BY), keys,
                                       FM__COX_KEYS, err);
  if (status == FM_OK)
    status = fm__result_extend(r, more, FM__COUNT(more), err);
  if (status == FM_OK)
    status = report_groups(r, s, run, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  note_accepted(r, s);
  return fm__result_finish(r, out, err);
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
