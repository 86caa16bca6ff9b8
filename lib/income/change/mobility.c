/* income.mobility: the same people in both periods, and those who left in between. */
#include <math.h>
#include <string.h>

#include "income/change/mobility_priv.h"
#include "num/num_priv.h"

typedef struct mobility {
  fm__waves waves; /* first: the outer functions of records read it */
  double level, bottom;
  size_t n_classes;
  fm__pair_weights weights;
  char *covariates; /* owned; the names lie in it, each ended by a NUL */
  const char **names;
  size_t n_covariates, first_covariate; /* place among the numbers of a row */
} mobility;

static const fm_income_mobility_spec defaults = FM_INCOME_MOBILITY_SPEC_INIT;

static void destroy(void *state)
{
  mobility *m = state;
  if (m == NULL)
    return;
  fm__waves_free(&m->waves);
  fm__free(m->covariates);
  fm__free(m->names);
  fm__free(m);
}

/* ---- the result ---- */

enum { FROM, TO, PARAMETER, DF, N_KEYS };
static const fm__key keys[N_KEYS] = {{"from", FM_I64}, {"to", FM_I64}, {"parameter", FM_CODE}, {"df", FM_F64}};

typedef struct page {
  fm__result *r;
  size_t first_key;
  const mobility *c;
  fm__two *two;
  const fm__match *match;
} page;

typedef struct at {
  size_t from, to;       /* classes from 1; 0: missing */
  const char *parameter; /* NULL: missing */
} at;

static void put(const page *p, const char *quantity, const char *unit, at keys_of, const fm__estimate *e, size_t n,
                double weight)
{
  fm__figure f = fm__sampled_figure(quantity, unit, e, n, weight, p->c->level);
  const size_t numbers[2] = {keys_of.from, keys_of.to};
  for (size_t k = FROM; k <= TO; k++)
    if (numbers[k] > 0)
      fm__result_key_i64(p->r, p->first_key + k, (int64_t)numbers[k]);
    else
      fm__result_key_null(p->r, p->first_key + k);
  fm__result_key_text(p->r, p->first_key + PARAMETER, keys_of.parameter,
                      keys_of.parameter != NULL ? strlen(keys_of.parameter) : 0);
  if (isnan(e->df) || isnan(e->std_error))
    fm__result_key_null(p->r, p->first_key + DF);
  else
    fm__result_key_f64(p->r, p->first_key + DF, e->df);
  fm__result_add(p->r, &f);
}

static void put_mobility(const page *p, const fm__mobility *m, const fm__estimate *e)
{
  static const struct {
    const char *name, *unit;
  } rest[FM__N_MOBILITY] = {
      [FM__SHORROCKS] = {"shorrocks", "index"},     [FM__RANK_CORRELATION] = {"rank_correlation", "index"},
      [FM__RANK_CHANGE] = {"rank_change", "share"}, [FM__BOTTOM_STAYED] = {"bottom_stayed", "share"},
      [FM__BOTTOM_LEFT] = {"bottom_left", "share"}, [FM__BOTTOM_ENTERED] = {"bottom_entered", "share"}};
  size_t n = m->n_classes, people = m->people.n;
  double weight = m->people.weight;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      put(p, "transition", "share", (at){i + 1, j + 1, NULL}, &e[i * n + j], people, weight);
  for (size_t k = 0; k < n; k++)
    put(p, "class_rank_change", "share", (at){k + 1, 0, NULL}, &e[n * n + k], people, weight);
  for (size_t k = 0; k < FM__N_MOBILITY; k++)
    put(p, rest[k].name, rest[k].unit, (at){0, 0, NULL}, &e[n * n + n + k], people, weight);
}

static fm_status put_people(const page *p, size_t group, const fm_run *run, fm_error *err)
{
  fm__pairs people;
  fm__mobility m;
  fm_status status = fm__pairs_create(&people, p->two, p->match, group, &p->c->weights, err);
  if (status != FM_OK)
    return status;
  status = fm__mobility_create(&m, &people, p->c->n_classes, p->c->bottom, err);
  if (status != FM_OK)
    return status;
  const fm__sampled s = fm__mobility_sampled(&m);
  fm__estimate *estimates = fm__array(s.n_figures, sizeof *estimates);
  status = estimates != NULL ? fm__sampled_estimates(estimates, &s, p->two->prepared.design, p->c->level, run, err)
                             : fm__no_memory(err);
  if (status == FM_OK)
    put_mobility(p, &m, estimates);
  fm__free(estimates);
  fm__mobility_free(&m);
  return status;
}

static double weight_at(const page *p, size_t row)
{
  const fm__records *r = &p->c->waves.records;
  return r->weight != SIZE_MAX ? fm__rows_numbers(r->rows, row)[r->weight] : 1;
}

static bool is_known(const page *p, size_t row)
{
  return fm__two_counts(p->two, row) && !isnan(p->match->income[row]) && p->match->named[row] != 0;
}

/* How many of each period's people with a known income are in both. */
static void put_matched(const page *p, size_t group)
{
  static const char *const names[2][2] = {{"matched_0", "matched_weight_0"}, {"matched_1", "matched_weight_1"}};
  for (int32_t wave = 0; wave < 2; wave++) {
    fm__sum all = {.pending = 0}, both = {.pending = 0};
    size_t n = 0, n_both = 0;
    for (size_t i = p->two->start[group]; i < p->two->start[group + 1]; i++) {
      if (p->two->wave[i] != wave || !is_known(p, i))
        continue;
      bool full = fm__match_is_full(p->match, i);
      n++;
      n_both += full;
      fm__sum_add(&all, weight_at(p, i));
      if (full)
        fm__sum_add(&both, weight_at(p, i));
    }
    const double shares[2] = {(double)n_both / (double)n, fm__sum_value(&both) / fm__sum_value(&all)};
    for (size_t k = 0; k < 2; k++) {
      fm__estimate e = {shares[k], NAN, NAN, NAN, NAN, NAN, FM__OK};
      if (n == 0)
        e = (fm__estimate){NAN, NAN, NAN, NAN, NAN, NAN, FM__EMPTY};
      put(p, names[wave][k], "share", (at){0, 0, NULL}, &e, n, fm__sum_value(&all));
    }
  }
}

static void fill_leavers(fm__leavers *l, const page *p, size_t group)
{
  const fm__records *r = &p->c->waves.records;
  for (size_t i = p->two->start[group]; i < p->two->start[group + 1]; i++) {
    if (p->two->wave[i] != 0 || !is_known(p, i))
      continue;
    double *y = l->y + l->n * l->n_variables;
    y[0] = p->match->income[i];
    for (size_t k = 0; k < p->c->n_covariates; k++)
      y[k + 1] = fm__rows_numbers(r->rows, i)[p->c->first_covariate + k];
    l->w[l->n] = weight_at(p, i);
    l->unit[l->n] = p->two->prepared.unit[i];
    l->left[l->n++] = !fm__match_is_full(p->match, i);
  }
}

static void put_variables(const page *p, const fm__leavers *l, const fm__estimate *e)
{
  size_t n_left = 0;
  fm__sum weight = {.pending = 0};
  for (size_t i = 0; i < l->n; i++)
    if (l->left[i] != 0) {
      n_left++;
      fm__sum_add(&weight, l->w[i]);
    }
  for (size_t k = 0; k < l->n_variables; k++) {
    const char *name = k > 0 ? p->c->names[k - 1] : "income";
    fm__estimate both[2] = {e[2 * k], e[2 * k + 1]};
    for (size_t j = 0; j < 2 && n_left == 0; j++)
      both[j].state = FM__EMPTY; /* nobody left */
    put(p, "leaver_difference", k > 0 ? "number" : "money", (at){0, 0, name}, &both[0], n_left, fm__sum_value(&weight));
    put(p, "leaver_difference_standardised", "index", (at){0, 0, name}, &both[1], n_left, fm__sum_value(&weight));
  }
}

static fm_status put_leavers(const page *p, size_t group, const fm_run *run, fm_error *err)
{
  fm__leavers l;
  size_t n = p->two->start[group + 1] - p->two->start[group];
  fm_status status = fm__leavers_create(&l, n, 1 + p->c->n_covariates, err);
  if (status != FM_OK)
    return status;
  fill_leavers(&l, p, group);
  const fm__sampled s = fm__leavers_sampled(&l);
  fm__estimate *estimates = fm__array(s.n_figures, sizeof *estimates);
  status = estimates != NULL ? fm__sampled_estimates(estimates, &s, p->two->prepared.design, p->c->level, run, err)
                             : fm__no_memory(err);
  if (status == FM_OK)
    put_variables(p, &l, estimates);
  fm__free(estimates);
  fm__leavers_free(&l);
  return status;
}

static void add_notes(fm__result *r, const mobility *c, const fm__two *t, const fm__match *m)
{
  int64_t unnamed = 0;
  for (size_t i = 0; i < fm__rows_n(c->waves.records.rows); i++)
    unnamed += t->wave[i] != FM__OTHER_WAVE && m->named[i] == 0 ? (int64_t)fm__rows_count(c->waves.records.rows, i) : 0;
  fm__two_notes(r, t);
  fm__note_count(r, "rows_without_person", unnamed);
  fm__result_note(
      r, "panel",
      "people with both incomes; ranks and classes are taken among them, low first incomes tend back to the "
      "middle");
  fm__result_note(r, "panel_weight",
                  c->weights.longitudinal != SIZE_MAX
                      ? (c->weights.attrition != SIZE_MAX ? "longitudinal weight times the attrition factor"
                                                          : "longitudinal weight")
                  : c->weights.attrition != SIZE_MAX
                      ? "weight of the first period times the attrition factor"
                      : "weight of the first period: those who left are not made up for");
  fm__note_number(r, "bottom", c->bottom);
}

static fm_status put_all(fm__result *r, const mobility *c, fm__two *t, const fm_run *run, fm_error *err)
{
  fm__match m;
  fm__subrun part;
  fm_status status = fm__match_create(&m, t, err);
  if (status != FM_OK)
    return status;
  page p = {.r = r, .first_key = fm__groups_n_columns(fm__two_groups(t)), .c = c, .two = t, .match = &m};
  for (size_t g = 0; g < t->n_groups && status == FM_OK; g++) {
    fm__result_group(r, fm__two_groups(t), g);
    double done = (double)g / (double)t->n_groups, half = 0.5 / (double)t->n_groups;
    status = put_people(&p, g, fm__run_within(&part, run, done, done + half), err);
    if (status == FM_OK) {
      put_matched(&p, g);
      status = put_leavers(&p, g, fm__run_within(&part, run, done + half, done + 2 * half), err);
    }
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(g + 1) / (double)t->n_groups, err);
  }
  if (status == FM_OK)
    add_notes(r, c, t, &m);
  fm__match_free(&m);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  mobility *c = state;
  fm__two t;
  fm__result *r = NULL;
  fm_status status = fm__two_prepare(&t, &c->waves, true, err);
  if (status != FM_OK)
    return status;
  status = fm__result_create_grouped(&r, "income.mobility", "panel", fm__two_groups(&t), keys, N_KEYS, err);
  if (status == FM_OK)
    status = put_all(r, c, &t, run, err);
  if (status == FM_OK)
    status = fm__result_finish(r, out, err);
  else
    fm__result_destroy(r);
  fm__two_free(&t);
  return status;
}

/* ---- the measure ---- */

static fm_status check(const fm_income_mobility_spec *s, fm_error *err)
{
  if (s->n_classes < 2 || s->n_classes > 100)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_classes: expected 2 to 100");
  if (!(s->bottom > 0 && s->bottom < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "bottom: expected a share between 0 and 1");
  if (!fm__is_given(s->person))
    return fm__fail(err, FM_ERR_ARGUMENT, "person: expected the column with the ids of people");
  return FM_OK;
}

/* Cuts "a, b" into its names. */
static fm_status read_covariates(mobility *c, const char *text, fm_error *err)
{
  size_t length = fm__is_given(text) ? strlen(text) : 0, n = 0;
  c->covariates = fm__alloc(length + 1);
  c->names = fm__array(length / 2 + 1, sizeof *c->names);
  if (c->covariates == NULL || c->names == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < length; i++)
    if (text[i] != ' ')
      c->covariates[n++] = text[i];
  c->covariates[n] = '\0';
  for (char *name = c->covariates, *end; n > 0; name = end + 1) {
    end = name + strcspn(name, ",");
    bool last = *end == '\0';
    *end = '\0';
    if (*name == '\0')
      return fm__fail(err, FM_ERR_ARGUMENT, "covariates: expected a column name between two commas");
    c->names[c->n_covariates++] = name;
    if (last)
      break;
  }
  return FM_OK;
}

static fm_status make_waves(mobility *c, fm__waves_spec *w, const fm_income_mobility_spec *s, fm_error *err)
{
  bool replicates = s->design != NULL && s->design->method == FM_SURVEY_REPLICATES;
  size_t n = 0;
  fm__rows_number *more = fm__array(c->n_covariates + 2, sizeof *more);
  if (more == NULL)
    return fm__no_memory(err);
  c->weights = (fm__pair_weights){SIZE_MAX, SIZE_MAX};
  if (fm__is_given(s->longitudinal)) {
    c->weights.longitudinal = n;
    more[n++].name = s->longitudinal;
  }
  if (fm__is_given(s->attrition)) {
    c->weights.attrition = n;
    more[n++].name = s->attrition;
  }
  c->first_covariate = n;
  for (size_t k = 0; k < c->n_covariates; k++)
    more[n++].name = c->names[k];
  *w = (fm__waves_spec){.measure = "income.mobility",
                        .income = s->income,
                        .period = s->period,
                        .weight = s->weight,
                        .by = s->by,
                        .first_row = s->first_row,
                        .person = s->person,
                        .more = more,
                        .n_more = n,
                        .rules = s->rules,
                        .design = s->design,
                        .period_0 = s->period_0,
                        .period_1 = s->period_1,
                        .deflator_0 = 1,
                        .deflator_1 = 1,
                        .ppp = 1,
                        .level = s->level,
                        .overlap = replicates ? FM_INCOME_OVERLAP_UNITS : FM_INCOME_OVERLAP_INDEPENDENT};
  fm_status status = fm__waves_create(&c->waves, w, err);
  w->more = NULL;
  c->first_covariate += c->waves.own; /* places among the numbers of a row */
  if (c->weights.longitudinal != SIZE_MAX)
    c->weights.longitudinal += c->waves.own;
  if (c->weights.attrition != SIZE_MAX)
    c->weights.attrition += c->waves.own;
  fm__free(more);
  return status;
}

static const fm__field fields[] = {FM__FIELD(fm_income_mobility_spec, longitudinal, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_mobility_spec, attrition, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_mobility_spec, covariates, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_mobility_spec, bottom, FM__FIELD_F64),
                                   FM__FIELD(fm_income_mobility_spec, n_classes, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  mobility *c = state;
  const fm_income_mobility_spec *s = spec;
  fm__waves_spec waves;
  fm_status status = check(s, err);
  if (status != FM_OK)
    return status;
  c->level = s->level;
  c->bottom = s->bottom;
  c->n_classes = (size_t)s->n_classes;
  status = read_covariates(c, s->covariates, err);
  if (status == FM_OK)
    status = make_waves(c, &waves, s, err);
  if (status == FM_OK)
    fm__waves_text(&c->waves, &waves, text);
  return status;
}

static const fm__measure measure = {.id = "income.mobility",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_mobility_spec, mobility),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_mobility)
