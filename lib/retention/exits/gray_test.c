/* retention.gray: Gray's test of each reason of exit between groups as a mergeable tally. */
#include <math.h>
#include <string.h>

#include "flexmetrics/retention_exits.h"
#include "retention/exits/exits_priv.h"
#include "retention/retention_priv.h"

static const char id[] = "retention.gray";

typedef struct state {
  fm__follow *follow;          /* first: see FM__MEASURE_FOLLOWS */
  fm_retention_gray_spec spec; /* texts point to those of the follow-up and the copy */
  char *definition;
} state;

static const fm_retention_gray_spec defaults = FM_RETENTION_GRAY_SPEC_INIT;

static void destroy(void *of)
{
  state *s = of;
  if (s == NULL)
    return;
  fm__follow_destroy(s->follow);
  fm__free(s->definition);
  fm__free(s);
}

/* ---- result ---- */

typedef struct page {
  fm__result *r;
  const state *s;
  fm__gray gray;
  int64_t exits[FM__MOST_CAUSES];
} page;

static void add_figure(const page *p, const char *name, const char *unit, double value, int64_t n)
{
  fm__figure f = fm__figure_of(name, unit);
  f.value = value;
  f.n = n;
  if (isnan(value))
    f.state = FM__UNDEFINED;
  fm__result_add(p->r, &f);
}

static fm_status add_cause(const page *p, size_t cause, fm_error *err)
{
  fm__gray_result found;
  fm_status status = fm__gray_test(&found, &p->gray, cause, err);
  if (status != FM_OK)
    return status;
  const char *text = fm__follow_cause(p->s->follow, cause);
  fm__result_key_text(p->r, 0, text, strlen(text));
  add_figure(p, "gray_statistic", "index", found.statistic, p->exits[cause]);
  add_figure(p, "gray_df", "count", found.df > 0 ? (double)found.df : NAN, p->exits[cause]);
  add_figure(p, "gray_p_value", "index", found.p_value, p->exits[cause]);
  return FM_OK;
}

/* No cause at all: nobody, or nobody who left. */
static void add_nothing(const page *p)
{
  fm__figure f = fm__figure_of("gray_statistic", "index");
  f.n = 0;
  f.state = fm__follow_is_empty(p->s->follow) ? FM__EMPTY : FM__UNDEFINED;
  fm__result_key_null(p->r, 0);
  fm__result_add(p->r, &f);
}

/* `of` is room for the moments of the groups. */
static fm_status add_stratum(page *p, fm__moments *of, size_t stratum, fm_error *err)
{
  size_t n = p->gray.n_groups;
  fm_status status = FM_OK;
  for (size_t g = 0; g < n && status == FM_OK; g++)
    status = fm__follow_moments(&of[g], p->s->follow, (uint32_t)g, (uint32_t)stratum, err);
  if (status == FM_OK)
    fm__gray_add(&p->gray, of);
  for (size_t g = 0; g < n; g++) {
    for (size_t k = 0; k < of[g].n * p->gray.n_causes; k++)
      p->exits[k % p->gray.n_causes] += of[g].rows_exit[k];
    fm__moments_free(&of[g]);
  }
  return status;
}

static fm_status add_strata(page *p, const fm_run *run, fm_error *err)
{
  size_t n = fm__follow_n_strata(p->s->follow);
  fm__moments *of = fm__array(p->gray.n_groups, sizeof *of);
  fm_status status = of != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    status = add_stratum(p, of, k, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(k + 1) / (double)n, err);
  }
  fm__free(of);
  return status;
}

static fm_status fill(page *p, const fm_run *run, fm_error *err)
{
  size_t n_groups = fm__groups_count(fm__follow_groups(p->s->follow)), n_causes = fm__follow_n_causes(p->s->follow);
  if (n_causes == 0) {
    add_nothing(p);
    return FM_OK;
  }
  if (n_groups > FM__GRAY_MOST_GROUPS)
    return fm__fail(err, FM_ERR_LIMIT, "%s: %zu groups, expected at most %d", id, n_groups, FM__GRAY_MOST_GROUPS);
  fm_status status = fm__gray_create(&p->gray, n_groups, n_causes, p->s->spec.rho, err);
  if (status == FM_OK)
    status = add_strata(p, run, err);
  for (size_t j = 0; j < n_causes && status == FM_OK; j++)
    status = add_cause(p, j, err);
  fm__gray_free(&p->gray);
  return status;
}

static fm_status result(void *of, fm_table **out, const fm_run *run, fm_error *err)
{
  const state *s = of;
  const fm__key key = {"cause", FM_CODE};
  page p = {.s = s};
  fm_status status = fm__follow_reduce(s->follow, err);
  if (status == FM_OK)
    status = fm__result_create(&p.r, id, s->definition, &key, 1, err);
  if (status != FM_OK)
    return status;
  status = fill(&p, run, err);
  if (status != FM_OK) {
    fm__result_destroy(p.r);
    return status;
  }
  return fm__result_finish(p.r, out, err);
}

/* ---- creating ---- */

static fm_status open(void *of, const void *given_spec, fm__bytes *text, fm_error *err)
{
  state *s = of;
  const fm_retention_gray_spec *spec = given_spec;
  (void)text;
  if (!isfinite(spec->rho))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: rho is expected to be finite", id);
  s->spec = *spec;
  fm__follow_spec follow = {.by = spec->by, .strata = spec->strata, .clock = spec->clock, .by_cause = true};
  fm_status status = fm__retention_text(&s->definition, spec->definition, defaults.definition, err);
  if (status == FM_OK)
    status = fm__follow_create(&s->follow, &follow, id, err);
  if (status != FM_OK)
    return status;
  s->spec.by = fm__follow_spec_of(s->follow)->by;
  s->spec.strata = fm__follow_spec_of(s->follow)->strata;
  s->spec.clock = fm__follow_spec_of(s->follow)->clock;
  return FM_OK;
}

static const fm__field fields[] = {
    FM__FIELD(fm_retention_gray_spec, by, FM__FIELD_TEXT), FM__FIELD(fm_retention_gray_spec, strata, FM__FIELD_TEXT),
    FM__FIELD(fm_retention_gray_spec, definition, FM__FIELD_TEXT),
    FM__FIELD(fm_retention_gray_spec, clock, FM__FIELD_TEXT), FM__FIELD(fm_retention_gray_spec, rho, FM__FIELD_F64)};

static const fm__measure measure = {
    .id = id,
    .state_version = 1,
    FM__MEASURE_OPENS(fm_retention_gray_spec, state),
    FM__MEASURE_FOLLOWS,
    .result = result,
    .destroy = destroy,
};

FM__MEASURE_FUNCTIONS(fm_retention_gray)
