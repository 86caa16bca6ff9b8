/* retention.cumulative_incidence: Aalen-Johansen by group and reason of exit as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "flexmetrics/retention_exits.h"
#include "num/num_priv.h"
#include "retention/curve_priv.h"
#include "retention/exits/exits_priv.h"
#include "retention/retention_priv.h"

static const char id[] = "retention.cumulative_incidence";

typedef struct state {
  fm__follow *follow;                          /* first: see FM__MEASURE_FOLLOWS */
  fm_retention_cumulative_incidence_spec spec; /* texts point to those of the follow-up and the copies */
  char *definition, *reference;
  int32_t horizons[FM__MOST_HORIZONS];
  size_t n_horizons;
} state;

static const fm_retention_cumulative_incidence_spec defaults = FM_RETENTION_CUMULATIVE_INCIDENCE_SPEC_INIT;

static void destroy(void *of)
{
  state *s = of;
  if (s == NULL)
    return;
  fm__follow_destroy(s->follow);
  fm__free(s->definition);
  fm__free(s->reference);
  fm__free(s);
}

/* ---- the result of one group ---- */

typedef struct group {
  fm__moments moments;
  fm__incidence curves;
} group;

static void group_free(group *g)
{
  fm__moments_free(&g->moments);
  fm__incidence_free(&g->curves);
}

static fm_status group_create(group *out, const state *s, uint32_t number, fm_error *err)
{
  *out = (group){{0}, {0}};
  fm_status status = fm__follow_moments(&out->moments, s->follow, number, 0, err);
  if (status == FM_OK)
    status = fm__incidence_create(&out->curves, &out->moments, s->spec.variance, err);
  if (status == FM_OK && s->spec.cluster != NULL) {
    fm__followed rows = {0};
    status = fm__follow_rows(&rows, s->follow, number, err);
    if (status == FM_OK)
      status = fm__incidence_robust(&out->curves, &out->moments, &rows, err);
    fm__followed_free(&rows);
  }
  if (status != FM_OK)
    group_free(out);
  return status;
}

typedef struct page {
  fm__result *r;
  const state *s;
  size_t time_key, cause_key, n_causes;
  double z;
} page;

static void set_cause(const page *p, size_t cause)
{
  if (cause == SIZE_MAX) {
    fm__result_key_null(p->r, p->cause_key);
    return;
  }
  const char *text = fm__follow_cause(p->s->follow, cause);
  fm__result_key_text(p->r, p->cause_key, text, strlen(text));
}

/* A share at moment k (SIZE_MAX: before the first); the cause is SIZE_MAX for those still in. */
static fm__figure share_of(const page *p, const char *quantity, const group *g, size_t k, size_t cause)
{
  const fm__incidence *c = &g->curves;
  fm__figure f = fm__figure_of(quantity, "share");
  bool in = cause == SIZE_MAX;
  f.value = k == SIZE_MAX ? (double)in : in ? c->stay[k] : c->gone[k * c->n_causes + cause];
  f.std_error = k == SIZE_MAX ? 0 : sqrt(in ? c->stay_variance[k] : c->gone_variance[k * c->n_causes + cause]);
  if (in && !(f.value > 0))
    f.std_error = NAN; /* as for retention.survival */
  fm__survival_limits(f.value, f.std_error / f.value, p->s->spec.conf_type, p->z, &f.ci_low, &f.ci_high);
  f.level = p->s->spec.level;
  return f;
}

static void add_share(const page *p, const fm__figure *f, size_t cause)
{
  set_cause(p, cause);
  fm__result_add(p->r, f);
}

static void add_count(const page *p, const char *name, double value, int64_t rows, size_t cause)
{
  fm__figure f = fm__figure_of(name, "count");
  f.value = value;
  f.n = rows;
  f.weight = p->s->spec.weight != NULL ? value : NAN;
  set_cause(p, cause);
  fm__result_add(p->r, &f);
}

static void add_moment(const page *p, const group *g, size_t k)
{
  const fm__moments *m = &g->moments;
  fm__result_key_i64(p->r, p->time_key, m->time[k]);
  for (size_t j = SIZE_MAX; j == SIZE_MAX || j < p->n_causes; j++) {
    fm__figure f = share_of(p, j == SIZE_MAX ? "survival" : "cumulative_incidence", g, k, j);
    f.n = m->rows_risk[k];
    f.weight = p->s->spec.weight != NULL ? m->n_risk[k] : NAN;
    add_share(p, &f, j);
    if (j != SIZE_MAX)
      add_count(p, "n_event", m->n_exit[k * m->n_causes + j], m->rows_exit[k * m->n_causes + j], j);
  }
  add_count(p, "n_risk", m->n_risk[k], m->rows_risk[k], SIZE_MAX);
  add_count(p, "n_censor", m->n_censor[k], m->rows_censor[k], SIZE_MAX);
}

static void add_curve(const page *p, const group *g)
{
  const fm__moments *m = &g->moments;
  for (size_t k = 0; k < m->n; k++)
    if (fm__moments_rows_exit(m, k) + m->rows_censor[k] > 0)
      add_moment(p, g, k);
}

/* What is known at a horizon: the state of a figure there. */
static const char *horizon_state(const group *g, int32_t horizon)
{
  const fm__moments *m = &g->moments;
  if (m->n == 0)
    return FM__EMPTY;
  bool all_gone = !(g->curves.stay[m->n - 1] > 0);
  return horizon <= m->time[m->n - 1] || all_gone ? FM__OK : FM__CENSORED;
}

/* Rows at risk at a time. Between moments nobody joins or leaves. */
static int64_t at_risk(const fm__moments *m, int32_t time)
{
  size_t k = fm__moments_at(m, time);
  k += k == SIZE_MAX || m->time[k] != time;
  return k < m->n ? m->rows_risk[k] : 0;
}

static fm__figure figure_at(const page *p, const char *quantity, const group *g, int32_t horizon, size_t cause)
{
  const char *known = horizon_state(g, horizon);
  fm__figure f = fm__figure_of(quantity, "share");
  if (strcmp(known, FM__OK) == 0)
    f = share_of(p, quantity, g, fm__moments_at(&g->moments, horizon), cause);
  f.state = known;
  f.n = at_risk(&g->moments, horizon);
  return f;
}

static void add_horizons(const page *p, const group *g, const group *reference)
{
  for (size_t h = 0; h < p->s->n_horizons; h++) {
    int32_t horizon = p->s->horizons[h];
    fm__result_key_i64(p->r, p->time_key, horizon);
    fm__figure f = figure_at(p, "survival_at", g, horizon, SIZE_MAX);
    add_share(p, &f, SIZE_MAX);
    for (size_t j = 0; j < p->n_causes; j++) {
      f = figure_at(p, "cumulative_incidence_at", g, horizon, j);
      add_share(p, &f, j);
      if (reference == NULL)
        continue;
      fm__figure other = figure_at(p, "cumulative_incidence_at", reference, horizon, j);
      fm__figure d = fm__figure_of("incidence_difference", "share");
      d.state = strcmp(f.state, FM__OK) != 0 ? f.state : other.state;
      d.value = f.value - other.value;
      d.std_error = sqrt(f.std_error * f.std_error + other.std_error * other.std_error);
      d.ci_low = d.value - p->z * d.std_error;
      d.ci_high = d.value + p->z * d.std_error;
      d.level = p->s->spec.level;
      d.n = f.n + other.n;
      add_share(p, &d, j);
    }
  }
}

static void add_nobody(const page *p)
{
  fm__figure f = fm__figure_of("survival", "share");
  f.state = FM__EMPTY;
  f.n = 0;
  fm__result_key_null(p->r, p->time_key);
  add_share(p, &f, SIZE_MAX);
}

static fm_status add_group(const page *p, uint32_t number, const group *reference, bool is_reference, fm_error *err)
{
  group g;
  fm_status status = group_create(&g, p->s, number, err);
  if (status != FM_OK)
    return status;
  fm__result_group(p->r, fm__follow_groups(p->s->follow), number);
  if (g.moments.n == 0)
    add_nobody(p);
  if (p->s->spec.curve != 0)
    add_curve(p, &g);
  add_horizons(p, &g, is_reference ? NULL : reference);
  group_free(&g);
  return FM_OK;
}

static fm_status find_reference(uint32_t *out, const state *s, fm_error *err)
{
  const fm__groups *groups = fm__follow_groups(s->follow);
  *out = UINT32_MAX;
  if (s->reference == NULL)
    return FM_OK;
  for (size_t g = 0; g < fm__groups_count(groups); g++) {
    size_t length;
    const char *text = fm__groups_text(groups, g, 0, &length);
    if (text != NULL && length == strlen(s->reference) && memcmp(text, s->reference, length) == 0)
      *out = (uint32_t)g;
  }
  if (*out == UINT32_MAX && fm__groups_count(groups) > 0)
    return fm__fail(err, FM_ERR_NOT_FOUND, "%s: reference \"%s\" is no value of %s in the data", id, s->reference,
                    s->spec.by);
  return FM_OK;
}

static fm_status fill(page *p, const fm_run *run, fm_error *err)
{
  uint32_t number;
  group reference = {{0}, {0}};
  size_t n = fm__groups_count(fm__follow_groups(p->s->follow));
  fm_status status = find_reference(&number, p->s, err);
  if (status == FM_OK && number != UINT32_MAX)
    status = group_create(&reference, p->s, number, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    status = add_group(p, (uint32_t)i, number != UINT32_MAX ? &reference : NULL, i == number, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(i + 1) / (double)n, err);
  }
  group_free(&reference);
  return status;
}

static fm_status result(void *of, fm_table **out, const fm_run *run, fm_error *err)
{
  const state *s = of;
  const fm__key keys[] = {{fm__follow_time_column(s->follow), FM_I32}, {"cause", FM_CODE}};
  const fm__groups *groups = fm__follow_groups(s->follow);
  page p = {.s = s, .z = fm__normal_quantile(0.5 + s->spec.level / 2)};
  fm_status status = fm__follow_reduce(s->follow, err);
  if (status != FM_OK)
    return status;
  p.time_key = fm__groups_n_columns(groups);
  p.cause_key = p.time_key + 1;
  p.n_causes = fm__follow_n_causes(s->follow);
  status = fm__result_create_grouped(&p.r, id, s->definition, groups, keys, FM__COUNT(keys), err);
  if (status == FM_OK)
    status = fill(&p, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  fm__result_note(p.r, "variance",
                  s->spec.cluster != NULL                      ? "jackknife"
                  : s->spec.variance == FM_RETENTION_GREENWOOD ? "greenwood"
                                                               : "aalen");
  return fm__result_finish(p.r, out, err);
}

/* ---- creating ---- */

static fm_status check_spec(const fm_retention_cumulative_incidence_spec *spec, fm_error *err)
{
  if (!(spec->level > 0 && spec->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", id);
  if (spec->conf_type < FM__CONF_PLAIN || spec->conf_type > FM__CONF_ARCSIN)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: conf_type is %d, expected 1 to 5", id, (int)spec->conf_type);
  if (spec->curve != 0 && spec->curve != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: curve is %d, expected 0 or 1", id, (int)spec->curve);
  if (spec->variance != FM_RETENTION_GREENWOOD && spec->variance != FM_RETENTION_AALEN)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: variance is %d, expected 1 or 2", id, (int)spec->variance);
  if (spec->variance == FM_RETENTION_AALEN && (fm__is_given(spec->weight) || fm__is_given(spec->cluster)))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: Aalen's variance takes no weight and no cluster", id);
  if (fm__is_given(spec->reference) && (!fm__is_given(spec->by) || strchr(spec->by, ',') != NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: reference needs one by column", id);
  if (fm__is_given(spec->reference) && !fm__is_given(spec->times))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: reference needs times to compare at", id);
  return FM_OK;
}

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  state *s = of;
  const fm_retention_cumulative_incidence_spec *spec = given_spec;
  (void)text;
  s->spec = *spec;
  fm__follow_spec follow = {
      .by = spec->by, .weight = spec->weight, .cluster = spec->cluster, .clock = spec->clock, .by_cause = true};
  fm_status status = check_spec(spec, err);
  if (status == FM_OK)
    status = fm__horizons_read(s->horizons, &s->n_horizons, spec->times, id, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = fm__retention_text(&s->reference, spec->reference, NULL, err);
  if (status == FM_OK)
    status = fm__follow_create(&s->follow, &follow, id, err);
  if (status != FM_OK)
    return status;
  s->spec.by = fm__follow_spec_of(s->follow)->by;
  s->spec.weight = fm__follow_spec_of(s->follow)->weight;
  s->spec.cluster = fm__follow_spec_of(s->follow)->cluster;
  s->spec.clock = fm__follow_spec_of(s->follow)->clock;
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_retention_cumulative_incidence_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, definition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, clock, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, times, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, conf_type, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, variance, FM__FIELD_I32),
                                   FM__FIELD(fm_retention_cumulative_incidence_spec, curve, FM__FIELD_I32)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_cumulative_incidence_spec, state),
    FM__MEASURE_FOLLOWS,
    .result = result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_cumulative_incidence)
