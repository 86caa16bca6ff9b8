/* income.distribution with bounded = 1: what may be asked for, and the table of bounds. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/distribution/bounded_priv.h"

/* ---- populations ---- */

/* Creates the bars of the given parts of one group, or of all (group SIZE_MAX). */
static fm_status make_bars(fm__bars *out, const fm__bounded *t, size_t group, const bool *parts, fm_error *err)
{
  fm__prefix sum = FM__PREFIX_INIT(FM__PREFIX_BITS);
  fm_status status = FM_OK;
  for (size_t g = group != SIZE_MAX ? group : 0; g < (group != SIZE_MAX ? group + 1 : t->n_made); g++)
    for (size_t k = 0; k < FM__N_BOUNDED_PARTS && status == FM_OK; k++)
      if (parts[k])
        status = fm__prefix_merge(&sum, &t->group[g].part[k], err);
  if (status == FM_OK)
    status = fm__bars_create(out, &sum, err);
  fm__prefix_free(&sum);
  return status;
}

static const bool own_parts[FM__N_BOUNDED_PARTS] = {[FM__BOUNDED_FIRST] = true, [FM__BOUNDED_FURTHER] = true};
static const bool whole_parts[FM__N_BOUNDED_PARTS] = {[FM__BOUNDED_FIRST] = true};
static const bool everyone_parts[FM__N_BOUNDED_PARTS] = {[FM__BOUNDED_FIRST] = true, [FM__BOUNDED_OUTSIDE] = true};

/* ---- the table ---- */

/* Columns that results from rows have; bounds leave them empty. */
static const fm__key added[] = {{"deff", FM_F64}, {"n_eff", FM_F64}, {"df", FM_F64}, {"reliability", FM_CODE}};

static void put_figure(fm__result *r, const fm__bounded *t, const fm__call *call, const fm__bounded_context *c)
{
  const char *parameter = call->parameter;
  fm__figure f = fm__figure_of(call->measure->name, fm__call_unit(call, &t->rules));
  fm__range range = fm__bounded_value(call, c, &f.state);
  f.value = range.low + 0.5 * (range.high - range.low);
  f.ci_low = range.low;
  f.ci_high = range.high;
  f.n = c->own->count;
  f.weight = ldexp(c->own->weight, c->own->w_scale);
  fm__result_key_text(r, fm__groups_n_columns(t->groups), parameter[0] != '\0' ? parameter : NULL, strlen(parameter));
  fm__result_add(r, &f);
}

static fm_status put_population(fm__result *r, const fm__bounded *t, size_t group, const fm__bars *everyone,
                                fm_error *err)
{
  fm__bars own;
  fm_status status = make_bars(&own, t, group, group != SIZE_MAX ? own_parts : whole_parts, err);
  if (status != FM_OK)
    return status;
  if (group != SIZE_MAX)
    fm__result_group(r, t->groups, group);
  for (size_t k = 0; group == SIZE_MAX && k < fm__groups_n_columns(t->groups); k++)
    fm__result_key_null(r, k);
  fm__bounded_context c = {&t->rules, &own, everyone};
  for (size_t i = 0; i < t->n_calls; i++)
    put_figure(r, t, &t->calls[i], &c);
  fm__bars_free(&own);
  return FM_OK;
}

static void note_count(fm__result *r, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  fm__result_note(r, key, text);
}

static void add_notes(fm__result *r, const fm__bounded *t)
{
  char text[64];
  snprintf(text, sizeof text, "prefix histogram of %d bits", (int)FM__PREFIX_BITS);
  fm__result_note(r, "bounded", text);
  fm__result_note(r, "ci_low",
                  "ci_low and ci_high are certified bounds of the exact value of these rows, and value is "
                  "their middle; they are no confidence interval and leave sampling out, so level and "
                  "std_error are missing");
  fm__rules_notes(r, &t->rules);
  if (t->name[FM__BOUNDED_WEIGHT] == NULL)
    fm__result_note(r, "weight", "each row counts 1");
  note_count(r, "missing_income", t->dropped.missing);
  note_count(r, "negative_dropped", t->dropped.negative);
  note_count(r, "negative_zeroed", t->dropped.zeroed);
}

fm_status fm__bounded_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key extra[] = {{"parameter", FM_CODE}};
  fm__bounded *t = state;
  uint32_t *order = NULL;
  fm__bars everyone = {.n = 0};
  fm__result *r = NULL;
  fm_status status = fm__bounded_make_groups(t) ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__groups_order(t->groups, &order, err);
  if (status == FM_OK)
    status = make_bars(&everyone, t, SIZE_MAX, everyone_parts, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "income.distribution", "bounded", t->groups, extra, 1, err);
  if (status == FM_OK)
    status = fm__result_extend(r, added, FM__COUNT(added), err);
  for (size_t g = 0; g < t->n_made && status == FM_OK; g++) {
    status = put_population(r, t, order[g], &everyone, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(g + 1) / (double)t->n_made, err);
  }
  if (status == FM_OK && t->total)
    status = put_population(r, t, SIZE_MAX, &everyone, err);
  fm__free(order);
  fm__bars_free(&everyone);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  add_notes(r, t);
  return fm__result_finish(r, out, err);
}

/* ---- spec ---- */

static fm_status refuse_rest(const fm_income_distribution_spec *s, fm_error *err)
{
  const struct {
    const char *name;
    bool used;
  } needs_rows[] = {{"design", s->design != NULL},
                    {"reference", fm__is_given(s->reference)},
                    {"imputed", fm__is_given(s->imputed)},
                    {"top_coded", fm__is_given(s->top_coded)}};
  for (size_t k = 0; k < FM__COUNT(needs_rows); k++)
    if (needs_rows[k].used)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "%s: needs the rows themselves; with bounded = 1 there are bounds and no standard errors",
                      needs_rows[k].name);
  return fm__is_given(s->income) ? FM_OK
                                 : fm__fail(err, FM_ERR_ARGUMENT, "income: expected the name of the column of incomes");
}

/* The rules' part of the spec text is that of records, which hold nothing here. */
static fm_status write_rules(fm__bytes *text, const fm_income_distribution_spec *s, fm_error *err)
{
  const char *const ids[] = {s->by};
  fm__records_spec spec = {
      .measure = "income.distribution", .income = s->income, .ids = ids, .n_ids = 1, .rules = s->rules};
  fm__records rules;
  fm_status status = fm__records_create(&rules, &spec, err);
  if (status != FM_OK)
    return status;
  fm__records_text(&rules, text);
  fm__records_free(&rules);
  return FM_OK;
}

fm_status fm__bounded_open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  fm__bounded *t = state;
  const fm_income_distribution_spec *s = spec;
  const char *names[FM__N_BOUNDED_NAMES] = {[FM__BOUNDED_INCOME] = s->income,
                                            [FM__BOUNDED_WEIGHT] = s->weight,
                                            [FM__BOUNDED_DOMAIN] = s->domain,
                                            [FM__BOUNDED_FIRST_ROW] = s->first_row};
  fm_status status = fm__distribution_check(s, err);
  if (status == FM_OK)
    status = refuse_rest(s, err);
  if (status != FM_OK)
    return status;
  t->total = s->total == 1 && fm__is_given(s->by);
  for (size_t k = 0; k < FM__N_BOUNDED_NAMES; k++)
    if (fm__is_given(names[k]) && (t->name[k] = fm__copy_text(names[k], strlen(names[k]))) == NULL)
      return fm__no_memory(err);
  status = fm__income_rules_take(&t->rules, s->rules, err);
  if (status == FM_OK)
    status = fm__calls_create(&t->calls, &t->n_calls, s->measures, err);
  if (status == FM_OK)
    status = fm__bounded_check(t->calls, t->n_calls, &t->rules, err);
  if (status == FM_OK)
    status = fm__groups_create(&t->groups, s->by, err);
  return status == FM_OK ? write_rules(text, s, err) : status;
}
