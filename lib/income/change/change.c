/* income.change: measures in two periods and how they changed; SDG 10.1.1 among them. */
#include "income/change/growth_priv.h"

#include <math.h>
#include <string.h>

/* What is asked for: a measure, or growth in one or two of them. */
enum { A_MEASURE, GROWTH_BOTTOM, GROWTH_MEAN, GROWTH_PREMIUM };
typedef struct item {
  int32_t kind;
  fm__call call, mean; /* mean: what a premium is over */
} item;

enum { FIRST, LAST, DIFFERENCE, RELATIVE, ANNUAL };
static const char *const comparisons[] = {"first", "last", "difference", "relative_change", "annual_growth"};

typedef struct figure {
  size_t item;
  int32_t comparison;
} figure;

typedef struct change {
  fm__waves waves; /* first: the outer functions of records read it */
  double level;
  item *items;
  size_t n_items;
  figure *figures;
  size_t n_figures;
} change;

static const fm_income_change_spec defaults = FM_INCOME_CHANGE_SPEC_INIT;
#define DEFAULT_MEASURES "growth_bottom(0.4),growth_mean,growth_premium(0.4),bottom_mean(0.4),mean,gini"

static void destroy(void *state)
{
  change *c = state;
  if (c == NULL)
    return;
  fm__waves_free(&c->waves);
  fm__free(c->items);
  fm__free(c->figures);
  fm__free(c);
}

/* ---- the list of measures ---- */

static fm_status one_call(fm__call *out, const char *text, fm_error *err)
{
  fm__call *calls = NULL;
  size_t n = 0;
  fm_status status = fm__calls_create(&calls, &n, text, err);
  if (status == FM_OK && n != 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "measures: expected a measure between two commas");
  if (status == FM_OK)
    *out = calls[0];
  fm__free(calls);
  return status;
}

/* A part of the list without its spaces. */
static fm_status read_item(item *to, char *text, fm_error *err)
{
  static const char *const growths[] = {
      [GROWTH_BOTTOM] = "growth_bottom", [GROWTH_MEAN] = "growth_mean", [GROWTH_PREMIUM] = "growth_premium"};
  size_t name = strcspn(text, "(");
  *to = (item){.kind = A_MEASURE};
  for (int32_t k = GROWTH_BOTTOM; k <= GROWTH_PREMIUM; k++)
    if (strlen(growths[k]) == name && strncmp(text, growths[k], name) == 0)
      to->kind = k;
  if (to->kind == A_MEASURE && strncmp(text, "growth", 6) == 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "measures: \"%s\" is unknown; expected growth_bottom(p), growth_mean or growth_premium(p)", text);
  if (to->kind == A_MEASURE || to->kind == GROWTH_MEAN)
    return one_call(&to->call, to->kind == GROWTH_MEAN ? text + strlen("growth_") : text, err);
  /* "growth_bottom(0.3)" and "growth_premium(0.3)" are of the measure bottom_mean(0.3). */
  fm__bytes b = {0};
  const char *parameter = text[name] != '\0' ? text + name : "(0.4)";
  fm__bytes_raw(&b, "bottom_mean", strlen("bottom_mean"));
  fm__bytes_raw(&b, parameter, strlen(parameter) + 1);
  fm_status status = b.failed ? fm__no_memory(err) : one_call(&to->call, (const char *)b.data, err);
  fm__bytes_free(&b);
  return status == FM_OK ? one_call(&to->mean, "mean", err) : status;
}

/* The end of a part: the next comma outside parentheses. */
static char *part_end(char *text)
{
  int32_t depth = 0;
  for (; *text != '\0' && !(*text == ',' && depth <= 0); text++)
    depth += (*text == '(') - (*text == ')');
  return text;
}

static fm_status read_items(change *c, const char *measures, fm_error *err)
{
  const char *given = measures != NULL && measures[0] != '\0' ? measures : DEFAULT_MEASURES;
  size_t length = strlen(given), n = 0, capacity = 0;
  char *text = fm__alloc(length + 1);
  fm_status status = text != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i <= length && status == FM_OK; i++) /* without spaces */
    if (given[i] != ' ')
      text[n++] = given[i];
  for (char *at = text, *end; status == FM_OK; at = end + 1) {
    end = part_end(at);
    bool last = *end == '\0';
    *end = '\0';
    if (*at == '\0')
      status = fm__fail(err, FM_ERR_ARGUMENT, "measures: expected a measure between two commas");
    else if (!fm__grow((void **)&c->items, &capacity, c->n_items + 1, sizeof *c->items))
      status = fm__no_memory(err);
    else
      status = read_item(&c->items[c->n_items++], at, err);
    if (last)
      break;
  }
  fm__free(text);
  return status;
}

static fm_status list_figures(change *c, fm_error *err)
{
  c->figures = fm__array(c->n_items, (ANNUAL + 1) * sizeof *c->figures);
  if (c->figures == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < c->n_items; i++) {
    bool level = c->items[i].call.measure->power > 0, growth = c->items[i].kind != A_MEASURE;
    for (int32_t k = growth ? ANNUAL : FIRST; k <= (level ? ANNUAL : RELATIVE); k++)
      c->figures[c->n_figures++] = (figure){i, k};
  }
  return FM_OK;
}

/* ---- the estimator ---- */

typedef struct asked {
  const change *c;
  double years;
  bool national;
} asked;

static double in_period(const asked *a, const fm__call *call, const fm__dist *const *populations, int32_t wave,
                        const char **state)
{
  fm__income_context context = fm__wave_context(&a->c->waves.records.rules, populations, wave, a->national);
  return fm__call_value(call, &context, state);
}

/* The value of one comparison of a call; NaN with its state. */
static double compare(const asked *a, const fm__call *call, int32_t comparison, const fm__dist *const *populations,
                      const char **state)
{
  double first = NAN, last = NAN, value = NAN;
  if (comparison != LAST)
    first = in_period(a, call, populations, 0, state);
  if (comparison == FIRST)
    return first;
  if (comparison == LAST || !isnan(first))
    last = in_period(a, call, populations, 1, state);
  if (comparison == LAST || isnan(first) || isnan(last))
    return comparison == LAST ? last : NAN;
  value = comparison == DIFFERENCE ? last - first : fm__growth(first, last, comparison == ANNUAL ? a->years : NAN);
  if (!isfinite(value))
    *state = FM__UNDEFINED;
  return isfinite(value) ? value : NAN;
}

static double value_of(const void *context, size_t at, const fm__dist *const *populations, const char **state)
{
  const asked *a = context;
  const figure *f = &a->c->figures[at];
  const item *i = &a->c->items[f->item];
  double value = compare(a, &i->call, f->comparison, populations, state);
  if (i->kind == GROWTH_PREMIUM && !isnan(value))
    value -= compare(a, &i->mean, f->comparison, populations, state);
  return value;
}

static fm_status add_influence(fm__part *parts, size_t *n_parts, const asked *a, const fm__call *call,
                               int32_t comparison, const fm__dist *const *populations, double sign, fm_error *err)
{
  const fm_income_rules *rules = &a->c->waves.records.rules;
  double slope[2] = {comparison == FIRST, comparison == LAST};
  if (comparison == DIFFERENCE) {
    slope[0] = -1;
    slope[1] = 1;
  } else if (comparison > DIFFERENCE) {
    const char *state = FM__OK;
    fm__growth_slopes(slope, in_period(a, call, populations, 0, &state), in_period(a, call, populations, 1, &state),
                      comparison == ANNUAL ? a->years : NAN);
  }
  fm_status status = FM_OK;
  for (int32_t wave = 0; wave < 2 && status == FM_OK; wave++)
    if (slope[wave] != 0)
      status = fm__parts_add_call(parts, n_parts, call, rules, populations, wave,
                                  a->national && call->measure->uses_line, sign * slope[wave], err);
  return status;
}

static fm_status influence_of(fm__part *parts, size_t *n_parts, const void *context, size_t at,
                              const fm__dist *const *populations, double value, fm_error *err)
{
  const asked *a = context;
  const figure *f = &a->c->figures[at];
  const item *i = &a->c->items[f->item];
  *n_parts = 0;
  if (isnan(value) || i->call.measure->influence == NULL)
    return FM_OK;
  fm_status status = add_influence(parts, n_parts, a, &i->call, f->comparison, populations, 1, err);
  if (status == FM_OK && i->kind == GROWTH_PREMIUM)
    status = add_influence(parts, n_parts, a, &i->mean, f->comparison, populations, -1, err);
  return status;
}

static bool is_rate(const void *context, size_t at)
{
  const change *c = ((const asked *)context)->c;
  const figure *f = &c->figures[at];
  const item *i = &c->items[f->item];
  return f->comparison <= LAST && i->kind == A_MEASURE && fm__call_is_rate(&i->call);
}

static bool is_total(const void *context, size_t at)
{
  const change *c = ((const asked *)context)->c;
  const figure *f = &c->figures[at];
  return f->comparison <= DIFFERENCE && c->items[f->item].call.measure->weight_power != 0;
}

/* ---- the result ---- */

enum { PARAMETER, COMPARISON, DF, N_KEYS };
static const fm__key keys[N_KEYS] = {{"parameter", FM_CODE}, {"comparison", FM_CODE}, {"df", FM_F64}};

static void put(fm__result *r, size_t first_key, const change *c, const figure *f, const fm__estimate *e,
                const fm__wave_dists *d)
{
  static const char *const names[] = {NULL, "growth_bottom", "growth_mean", "growth_premium"};
  const item *i = &c->items[f->item];
  const fm__income_measure *m = i->call.measure;
  const char *parameter = i->call.parameter;
  const fm__dist *of = f->comparison == FIRST ? &d->own[0] : f->comparison == LAST ? &d->own[1] : fm__wave_smaller(d);
  const char *unit = f->comparison == ANNUAL     ? "per_year"
                     : f->comparison == RELATIVE ? "total"
                                                 : fm__call_unit(&i->call, &c->waves.records.rules);
  fm__figure cells = fm__estimate_figure(i->kind == A_MEASURE ? m->name : names[i->kind], unit, e, of, c->level);
  fm__result_key_text(r, first_key + PARAMETER, parameter[0] != '\0' ? parameter : NULL, strlen(parameter));
  fm__result_key_text(r, first_key + COMPARISON, comparisons[f->comparison], strlen(comparisons[f->comparison]));
  if (isnan(e->df) || isnan(e->std_error))
    fm__result_key_null(r, first_key + DF);
  else
    fm__result_key_f64(r, first_key + DF, e->df);
  fm__result_add(r, &cells);
}

static fm_status put_group(fm__result *r, const change *c, fm__two *t, size_t group, const fm__dist *national,
                           fm__estimate *estimates, const fm_run *run, fm_error *err)
{
  const fm__groups *groups = fm__two_groups(t);
  fm__wave_dists d;
  asked a = {.c = c, .years = t->years, .national = national != NULL};
  fm__estimator e = {.context = &a,
                     .n_figures = c->n_figures,
                     .value = value_of,
                     .max_parts = 8,
                     .influence = influence_of,
                     .is_rate = is_rate,
                     .rate_unit = c->waves.records.rules.percent == 1 ? 100 : 1,
                     .is_total = is_total};
  fm_status status = fm__wave_dists_create(&d, t, c->waves.grouped ? group : FM__EVERY_GROUP, national, run, err);
  if (status != FM_OK)
    return status;
  status = fm__wave_estimates(estimates, &e, &d, t, c->level, run, err);
  if (status == FM_OK) {
    fm__result_group(r, groups, group);
    for (size_t i = 0; i < c->n_figures; i++)
      put(r, fm__groups_n_columns(groups), c, &c->figures[i], &estimates[i], &d);
  }
  fm__wave_dists_free(&d);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  change *c = state;
  fm__two t;
  fm__dist national[2] = {{.n = 0}, {.n = 0}};
  fm__result *r = NULL;
  fm__subrun part;
  int32_t kind = c->waves.records.rules.line_kind;
  bool lines = c->waves.grouped && (kind == FM_INCOME_LINE_NATIONAL || kind == FM_INCOME_LINE_NATIONAL_MEAN);
  fm_status status = fm__two_prepare(&t, &c->waves, false, err);
  if (status != FM_OK)
    return status;
  fm__estimate *estimates = fm__array(c->n_figures, sizeof *estimates);
  if (estimates == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "income.change", "anonymous", fm__two_groups(&t), keys, N_KEYS, err);
  if (status == FM_OK && c->waves.grouped)
    status = fm__wave_national(national, &t, run, err);
  for (size_t g = 0; g < t.n_groups && status == FM_OK; g++) {
    const fm_run *one =
        fm__run_within(&part, run, (double)g / (double)t.n_groups, (double)(g + 1) / (double)t.n_groups);
    status = put_group(r, c, &t, g, lines ? national : NULL, estimates, one, err);
    if (status == FM_OK)
      status = fm__run_progress(one, 1, err);
  }
  if (status == FM_OK) {
    fm__two_notes(r, &t);
    fm__result_note(r, "anonymous", "each period takes its own ranks: the people need not be the same (SDG 10.1.1)");
    status = fm__result_finish(r, out, err);
  } else {
    fm__result_destroy(r);
  }
  fm__dist_free(&national[0]);
  fm__dist_free(&national[1]);
  fm__free(estimates);
  fm__two_free(&t);
  return status;
}

/* ---- the measure ---- */

static fm__waves_spec waves_of(const fm_income_change_spec *s)
{
  bool people = s->overlap == FM_INCOME_OVERLAP_PERSONS;
  return (fm__waves_spec){.measure = "income.change",
                          .income = s->income,
                          .period = s->period,
                          .weight = s->weight,
                          .by = s->by,
                          .first_row = s->first_row,
                          .person = people ? s->person : NULL,
                          .rules = s->rules,
                          .design = s->design,
                          .spell = s->spell,
                          .period_0 = s->period_0,
                          .period_1 = s->period_1,
                          .deflator_0 = s->deflator_0,
                          .deflator_1 = s->deflator_1,
                          .ppp = s->ppp,
                          .level = s->level,
                          .overlap = s->overlap};
}

static const fm__field fields[] = {FM__FIELD(fm_income_change_spec, measures, FM__FIELD_TEXT)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  change *c = state;
  const fm_income_change_spec *s = spec;
  const fm__waves_spec waves = waves_of(s);
  c->level = s->level;
  fm_status status = fm__waves_create(&c->waves, &waves, err);
  if (status == FM_OK)
    status = read_items(c, s->measures, err);
  if (status == FM_OK)
    status = list_figures(c, err);
  if (status == FM_OK)
    fm__waves_text(&c->waves, &waves, text);
  return status;
}

static const fm__measure measure = {.id = "income.change",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_change_spec, change),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_change)
