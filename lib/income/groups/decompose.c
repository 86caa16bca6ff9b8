/* income.decomposition: the state, and its figures for each domain. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "flexmetrics/income_groups.h"
#include "income/estimate/records_priv.h"
#include "income/groups/decomposition_priv.h"

static const fm_income_decomposition_spec defaults = FM_INCOME_DECOMPOSITION_SPEC_INIT;

typedef struct decompose {
  fm__records records; /* first */
  fm__call *calls;
  size_t n_calls;
  double level;
} decompose;

static const char *const whole_names[] = {"total", "within", "between", "overlap", "between_share"};
static const char *const group_names[] = {"population_share", "income_share", "value", "within_part"};

/* ---- the populations of one domain ---- */

typedef struct domain {
  fm__dist *dists; /* of the groups, then of the whole */
  const fm__dist **populations;
  uint32_t *ids; /* of the groups */
  size_t n_groups;
} domain;

static void domain_free(domain *d)
{
  for (size_t k = 0; d->dists != NULL && k <= d->n_groups; k++)
    fm__dist_free(&d->dists[k]);
  fm__free(d->dists);
  fm__free((void *)d->populations);
  fm__free(d->ids);
}

/* The rows of a domain stand together by group. */
static fm_status domain_make(domain *d, fm__dropped *dropped, const fm__prepared *ready, size_t first, size_t end,
                             const fm_run *run, fm_error *err)
{
  const fm__rows *rows = ready->records->rows;
  *d = (domain){.n_groups = 0};
  for (size_t i = first; i < end; i++)
    d->n_groups += i == first || fm__rows_id(rows, i, 1) != fm__rows_id(rows, i - 1, 1);
  d->dists = fm__array(d->n_groups + 1, sizeof *d->dists);
  d->populations = fm__array(d->n_groups + 1, sizeof *d->populations);
  d->ids = fm__array(d->n_groups, sizeof *d->ids);
  if (d->dists == NULL || d->populations == NULL || d->ids == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k <= d->n_groups; k++)
    d->populations[k] = &d->dists[k];
  fm_status status = fm__prepared_population(&d->dists[d->n_groups], dropped, ready, first, end, NULL, NULL, run, err);
  for (size_t i = first, g = 0, stop; i < end && status == FM_OK; i = stop, g++) {
    d->ids[g] = fm__rows_id(rows, i, 1);
    for (stop = i + 1; stop < end && fm__rows_id(rows, stop, 1) == d->ids[g]; stop++)
      continue;
    status = fm__prepared_population(&d->dists[g], NULL, ready, i, stop, NULL, NULL, run, err);
  }
  return status;
}

/* ---- figures ---- */

static const char *unit_of(const fm__call *call, size_t kind)
{
  if (kind == FM__BETWEEN_SHARE || kind == FM__N_WHOLE + FM__POPULATION_SHARE || kind == FM__N_WHOLE + FM__INCOME_SHARE)
    return "share";
  return call->measure->unit;
}

static void set_group(fm__result *r, size_t key, const fm__groups *groups, const domain *d, size_t g)
{
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    size_t length = 0;
    const char *text = g < d->n_groups ? fm__groups_text(groups, d->ids[g], k, &length) : NULL;
    fm__result_key_text(r, key + k, text, length);
  }
}

static void add_figures(fm__result *r, const decompose *t, const domain *d, const fm__estimate *estimates, size_t key)
{
  const fm__groups *groups = fm__rows_ids(t->records.rows, 1);
  size_t per_call = FM__N_WHOLE + FM__N_GROUP * d->n_groups;
  for (size_t i = 0; i < t->n_calls * per_call; i++) {
    const fm__call *call = &t->calls[i / per_call];
    size_t kind = i % per_call, g = d->n_groups;
    bool gini;
    char name[96];
    fm__decomposition_alpha(call, &gini);
    if (kind == FM__OVERLAP && !gini)
      continue;
    if (kind >= FM__N_WHOLE) {
      g = (kind - FM__N_WHOLE) / FM__N_GROUP;
      kind = FM__N_WHOLE + (kind - FM__N_WHOLE) % FM__N_GROUP;
    }
    int length =
        snprintf(name, sizeof name, call->parameter[0] != '\0' ? "%s(%s)" : "%s", call->measure->name, call->parameter);
    fm__result_key_text(r, key, name, (size_t)length);
    set_group(r, key + 1, groups, d, g);
    fm__figure f = fm__estimate_figure(kind < FM__N_WHOLE ? whole_names[kind] : group_names[kind - FM__N_WHOLE],
                                       unit_of(call, kind), &estimates[i], d->populations[g], t->level);
    fm__result_add(r, &f);
  }
}

static fm_status one_domain(fm__result *r, fm__dropped *dropped, const decompose *t, const fm__prepared *ready,
                            size_t first, size_t end, const fm_run *run, fm_error *err)
{
  domain d;
  fm_status status = domain_make(&d, dropped, ready, first, end, run, err);
  fm__decomposition context = {.calls = t->calls, .n_groups = d.n_groups, .rules = t->records.rules};
  size_t n = t->n_calls * (FM__N_WHOLE + FM__N_GROUP * d.n_groups);
  fm__estimator e = {.context = &context,
                     .n_figures = n,
                     .value = fm__decomposition_value,
                     .influence = fm__decomposition_influence,
                     .max_parts = d.n_groups + 1,
                     .nested = true};
  fm__estimate *estimates = fm__array(n, sizeof *estimates);
  if (estimates == NULL && status == FM_OK)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status =
        fm__estimate_all(estimates, &e, d.populations, d.n_groups + 1, d.n_groups, ready->design, t->level, run, err);
  if (status == FM_OK)
    add_figures(r, t, &d, estimates, fm__groups_n_columns(fm__rows_ids(t->records.rows, 0)));
  fm__free(estimates);
  domain_free(&d);
  return status;
}

/* Keys after those of `by`: the measure, then the group's columns. */
static fm_status create_result(fm__result **r, const decompose *t, fm_error *err)
{
  const fm__groups *by = fm__rows_ids(t->records.rows, 0), *groups = fm__rows_ids(t->records.rows, 1);
  size_t n = fm__groups_n_columns(groups);
  fm__key *keys = fm__array(n + 1, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  keys[0] = (fm__key){"measure", FM_CODE};
  for (size_t k = 0; k < n; k++)
    keys[k + 1] = (fm__key){fm__groups_column(groups, k), FM_CODE};
  fm_status status =
      fm__result_create_grouped(r, t->records.kind.measure, "by_population_subgroup", by, keys, n + 1, err);
  fm__free(keys);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  decompose *t = state;
  fm__prepared ready = {.records = NULL};
  fm__dropped dropped = {0, 0, 0};
  fm__result *r = NULL;
  size_t *start = NULL;
  fm__subrun part;
  fm_status status = fm__records_prepare(&ready, &t->records, err);
  if (status == FM_OK)
    status = fm__prepared_starts(&start, &ready, err);
  const fm__groups *by = fm__rows_ids(t->records.rows, 0);
  if (status == FM_OK)
    status = create_result(&r, t, err);
  for (size_t g = 0, n = fm__groups_count(by); g < n && status == FM_OK; g++) {
    const fm_run *one = fm__run_within(&part, run, (double)g / (double)n, (double)(g + 1) / (double)n);
    fm__result_group(r, by, g);
    status = one_domain(r, &dropped, t, &ready, start[g], start[g + 1], one, err);
    if (status == FM_OK)
      status = fm__run_progress(one, 1, err);
  }
  if (status == FM_OK) {
    fm__prepared_notes(r, &ready, &dropped);
    status = fm__result_finish(r, out, err);
  } else {
    fm__result_destroy(r);
  }
  fm__free(start);
  fm__prepared_free(&ready);
  return status;
}

/* ---- the measure ---- */

static void destroy(void *state)
{
  decompose *t = state;
  if (t == NULL)
    return;
  fm__records_free(&t->records);
  fm__free(t->calls);
  fm__free(t);
}

static fm_status check(const decompose *t, const fm_income_decomposition_spec *s, fm_error *err)
{
  static const char *const known[] = {"mld", "theil", "ge", "gini"};
  if (s->group == NULL || s->group[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "group: expected the columns whose groups are taken apart");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  for (size_t i = 0; i < t->n_calls; i++) {
    bool found = false;
    for (size_t k = 0; k < FM__COUNT(known); k++)
      found |= strcmp(t->calls[i].measure->name, known[k]) == 0;
    if (!found)
      return fm__fail(err, FM_ERR_ARGUMENT, "measures: expected mld, theil, ge(alpha) or gini, got %s",
                      t->calls[i].measure->name);
  }
  return FM_OK;
}

/* The parts add up only for the population form of the Gini and for incomes that all enter. */
static fm_status check_rules(const fm_income_rules *rules, fm_error *err)
{
  if (rules->gini != FM_INCOME_GINI_POPULATION)
    return fm__fail(err, FM_ERR_ARGUMENT, "gini: a decomposition needs the population form");
  if (rules->nonpos == FM_INCOME_NONPOS_DROP || rules->nonpos == FM_INCOME_NONPOS_FLOOR)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "nonpos: a decomposition needs error or limit; leave such incomes out before");
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_income_decomposition_spec, income, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_decomposition_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_decomposition_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_decomposition_spec, group, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_decomposition_spec, measures, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_decomposition_spec, level, FM__FIELD_F64)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  decompose *t = state;
  const fm_income_decomposition_spec *s = spec;
  const char *ids[] = {s->by, s->group};
  fm__records_spec records = {.measure = "income.decomposition",
                              .income = s->income,
                              .weight = s->weight,
                              .ids = ids,
                              .n_ids = 2,
                              .rules = s->rules,
                              .design = s->design};
  t->level = s->level;
  fm_status status =
      fm__calls_create(&t->calls, &t->n_calls, s->measures != NULL ? s->measures : "mld,theil,gini", err);
  if (status == FM_OK)
    status = check(t, s, err);
  if (status == FM_OK)
    status = fm__records_create(&t->records, &records, err);
  if (status == FM_OK)
    status = fm__records_check_group(&t->records, err);
  if (status == FM_OK)
    status = check_rules(&t->records.rules, err);
  if (status == FM_OK)
    fm__records_text(&t->records, text);
  t->records.rules.percent = 0; /* the parts are fractions */
  return status;
}

static const fm__measure measure = {.id = "income.decomposition",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_decomposition_spec, decompose),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_decomposition)
