/* income.grouped: tables of groups kept row by row; the curves are fitted when the result is asked for. */
#include <stdio.h>
#include <string.h>

#include "income/bottom40/bottom40_priv.h"
#include "income/grouped/lorenz_priv.h"
#include "tally/rows_priv.h"

enum { PERIOD, PEOPLE, INCOME, MEAN, N_NUMBERS }; /* of a row; a number not asked for is missing */
enum { MOST_GROUPS = 1000000 };                   /* of one table */

typedef struct grouped {
  fm__rows *rows;
  fm_income_lorenz_spec curves;
  double p_share;
  double *lines;
  size_t n_lines;
  bool by_period, by_mean;
} grouped;

static const fm_income_grouped_spec defaults = FM_INCOME_GROUPED_SPEC_INIT;

static void destroy(void *state)
{
  fm__free(((grouped *)state)->lines);
  fm__kept_destroy(state);
}

/* ---- rows ---- */

static bool fill(const void *state, double *x)
{
  const grouped *t = state;
  if (!t->by_period)
    x[PERIOD] = NAN;
  if (!t->by_mean)
    x[MEAN] = NAN;
  return true;
}

static const char *wrong(const void *state, const double *x, size_t *at)
{
  const grouped *t = state;
  bool means = t->curves.input == FM_INCOME_GROUPED_MEANS, cumulative = t->curves.input == FM_INCOME_GROUPED_CUMULATIVE;
  *at = PERIOD;
  if (t->by_period ? !isfinite(x[PERIOD]) : !isnan(x[PERIOD]))
    return "a period";
  *at = MEAN;
  if (t->by_mean ? !(isfinite(x[MEAN]) && x[MEAN] > 0) : !isnan(x[MEAN]))
    return "a mean income above 0";
  *at = INCOME;
  if (!isfinite(x[INCOME]) || x[INCOME] < 0)
    return "a finite number of at least 0";
  *at = PEOPLE;
  bool origin = x[PEOPLE] == 0 && cumulative && x[INCOME] == 0 && !means;
  return (isfinite(x[PEOPLE]) && x[PEOPLE] > 0) || origin ? NULL : "a finite number above 0";
}

static const fm__rows_kind kept = {.measure = "income.grouped", .wrong = wrong, .fill = fill};

/* ---- one table: the rows [first, end) of one group and period ---- */

typedef struct table {
  size_t first, end;
  uint32_t group;
  double period;
  fm_income_lorenz *l;
  int64_t n; /* groups of people */
} table;

typedef struct order {
  double *people, *income;
  size_t n;
} order;

/* By income per head; what is equal keeps the canonical order of people. */
static fm_status sort_groups(order *o, int32_t input, fm_error *err)
{
  fm__item *items = fm__array(o->n, 2 * sizeof *items);
  double *people = fm__array(o->n, 2 * sizeof *people);
  if (items == NULL || people == NULL) {
    fm__free(items);
    fm__free(people);
    return fm__no_memory(err);
  }
  double *income = people + o->n;
  for (size_t i = 0; i < o->n; i++) {
    double height = input == FM_INCOME_GROUPED_MEANS ? o->income[i] : o->income[i] / o->people[i];
    items[i] = (fm__item){fm__order_key(height), i};
  }
  fm__sort_items(items, items + o->n, o->n);
  for (size_t i = 0; i < o->n; i++) {
    people[i] = o->people[items[i].value];
    income[i] = o->income[items[i].value];
  }
  memcpy(o->people, people, o->n * sizeof *people);
  memcpy(o->income, income, o->n * sizeof *income);
  fm__free(items);
  fm__free(people);
  return FM_OK;
}

static void put_text(char *out, size_t size, const char *text)
{
  size_t at = strlen(out);
  if (at < size)
    snprintf(out + at, size - at, "%s", text);
}

static void put_number(char *out, size_t size, double x)
{
  char text[32];
  fm__print_f64(text, x);
  put_text(out, size, text);
}

/* "table DNK, 2018, people 0.4, income 0.41: expected ...": rows have no numbers once tables are merged. */
static fm_status say_where(const grouped *t, const table *b, const order *o, const fm_error *found, fm_error *err)
{
  const fm__groups *groups = fm__rows_ids(t->rows, 0);
  char where[256] = "the table";
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    const char *text = fm__groups_text(groups, b->group, k, NULL);
    put_text(where, sizeof where, k > 0 ? ", " : " ");
    put_text(where, sizeof where, text != NULL ? text : "(missing)");
  }
  if (t->by_period) {
    put_text(where, sizeof where, fm__groups_n_columns(groups) > 0 ? ", " : " ");
    put_number(where, sizeof where, b->period);
  }
  if (found->row >= 0 && (size_t)found->row < o->n) {
    put_text(where, sizeof where, ", people ");
    put_number(where, sizeof where, o->people[found->row]);
    put_text(where, sizeof where, ", income ");
    put_number(where, sizeof where, o->income[found->row]);
  }
  const char *what = strstr(found->message, "expected");
  return fm__fail(err, found->code, "%s: %s", where, what != NULL ? what : found->message);
}

static fm_status mean_of(double *mean, const grouped *t, const table *b, fm_error *err)
{
  *mean = t->curves.mean;
  if (!t->by_mean)
    return FM_OK;
  *mean = fm__rows_numbers(t->rows, b->first)[MEAN];
  for (size_t i = b->first; i < b->end; i++) {
    if (fm__rows_numbers(t->rows, i)[MEAN] == *mean)
      continue;
    fm_error found = FM_ERROR_INIT;
    fm__fail(&found, FM_ERR_VALUE, "expected the same mean income in all rows of a table");
    return say_where(t, b, NULL, &found, err);
  }
  return FM_OK;
}

static fm_status fit(table *b, const grouped *t, fm_error *err)
{
  size_t n = 0;
  fm_error found = FM_ERROR_INIT;
  fm_income_lorenz_spec curves = t->curves;
  for (size_t i = b->first; i < b->end; i++) {
    n = fm__rows_count(t->rows, i) > MOST_GROUPS - n ? MOST_GROUPS + 1 : n + (size_t)fm__rows_count(t->rows, i);
    if (n > MOST_GROUPS) {
      fm__fail(&found, FM_ERR_LIMIT, "expected at most 1000000 groups of people in a table");
      return say_where(t, b, NULL, &found, err);
    }
  }
  fm_status status = mean_of(&curves.mean, t, b, err);
  if (status != FM_OK)
    return status;
  order o = {fm__array(n, sizeof(double)), fm__array(n, sizeof(double)), 0};
  if (o.people == NULL || o.income == NULL)
    status = fm__no_memory(err);
  for (size_t i = b->first; i < b->end && status == FM_OK; i++)
    for (uint64_t k = 0; k < fm__rows_count(t->rows, i); k++) {
      o.people[o.n] = fm__rows_numbers(t->rows, i)[PEOPLE];
      o.income[o.n++] = fm__rows_numbers(t->rows, i)[INCOME];
    }
  if (status == FM_OK && curves.input != FM_INCOME_GROUPED_CUMULATIVE)
    status = sort_groups(&o, curves.input, err);
  if (status == FM_OK) {
    status = fm_income_lorenz_create(&b->l, o.people, o.income, o.n, &curves, &found);
    if (status == FM_ERR_VALUE)
      say_where(t, b, &o, &found, err);
    else if (status != FM_OK)
      fm__fail(err, status, "%s", found.message);
  }
  b->n = (int64_t)o.n;
  fm__free(o.people);
  fm__free(o.income);
  return status;
}

/* ---- figures ---- */

typedef struct page {
  fm__result *r;
  const grouped *t;
  size_t key; /* the first key after the groups */
} page;

enum { KEY_CURVE, KEY_CHOICE, KEY_PARAMETER, KEY_SINCE, KEY_PERIOD };

static void set_text(const page *g, size_t key, const char *text)
{
  fm__result_key_text(g->r, g->key + key, text, text != NULL ? strlen(text) : 0);
}

static void set_number(const page *g, size_t key, double x)
{
  char text[32] = "";
  if (!isnan(x))
    fm__print_f64(text, x);
  set_text(g, key, isnan(x) ? NULL : text);
}

static const char *curve_name(int32_t curve)
{
  return curve == FM_INCOME_CURVE_QUADRATIC ? "general_quadratic" : curve == FM_INCOME_CURVE_BETA ? "beta" : NULL;
}

static void put(const page *g, const char *name, const char *unit, double value, const char *state)
{
  fm__figure f = fm__figure_of(name, unit);
  f.value = value;
  f.state = state;
  fm__result_add(g->r, &f);
}

/* A figure of the curve chosen for it. */
static fm_status put_figure(const page *g, const table *b, const char *name, const char *unit, double parameter,
                            fm_error *err)
{
  const char *state = FM__EMPTY;
  double value = NAN;
  fm_status status = b->l != NULL ? fm_income_lorenz_figure(&value, &state, b->l, name, parameter, err) : FM_OK;
  if (status != FM_OK)
    return status;
  set_number(g, KEY_PARAMETER, parameter);
  put(g, name, unit, value, state);
  return FM_OK;
}

static fm_status set_choice(const page *g, const table *b, double line, fm_error *err)
{
  int32_t curve = FM_INCOME_CURVE_CHOSEN;
  const char *why = NULL;
  fm_status status = b->l != NULL ? fm_income_lorenz_choice(&curve, &why, b->l, line, err) : FM_OK;
  set_text(g, KEY_CURVE, curve_name(curve));
  set_text(g, KEY_CHOICE, why);
  return status;
}

static fm_status put_inequality(const page *g, const table *b, fm_error *err)
{
  static const struct {
    const char *name, *unit;
  } plain[] = {{"mean", "money"},  {"median", "money"},       {"gini", "index"},         {"mld", "index"},
               {"theil", "index"}, {"polarization", "index"}, {"slope_zero_at", "share"}};
  double p = g->t->p_share;
  fm_status status = set_choice(g, b, NAN, err);
  for (size_t i = 0; i < FM__COUNT(plain) && status == FM_OK; i++)
    status = put_figure(g, b, plain[i].name, plain[i].unit, NAN, err);
  if (status == FM_OK)
    status = put_figure(g, b, "bottom_share", "share", p, err);
  if (status == FM_OK)
    status = put_figure(g, b, "bottom_mean", "money", p, err);
  for (int32_t k = 1; k <= 10 && status == FM_OK; k++)
    status = put_figure(g, b, "decile_share", "share", k, err);
  return status;
}

static fm_status put_poverty(const page *g, const table *b, double line, fm_error *err)
{
  static const struct {
    const char *name, *unit;
  } poor[] = {{"headcount", "share"}, {"poverty_gap", "index"}, {"poverty_severity", "index"}, {"watts", "index"}};
  fm_status status = set_choice(g, b, line, err);
  for (size_t i = 0; i < FM__COUNT(poor) && status == FM_OK; i++)
    status = put_figure(g, b, poor[i].name, poor[i].unit, line, err);
  return status;
}

/* Both fits, so that a choice can be judged. */
static void put_fit(const page *g, const table *b, int32_t kind)
{
  const fm__lorenz_curve *c = fm__lorenz_curve_of(b->l, kind);
  const struct {
    const char *name;
    double value;
  } rows[] = {{"curve_valid", c->valid ? 1 : 0},
              {"curve_sse", c->sse},
              {"coefficient_a", c->a},
              {"coefficient_b", c->b},
              {"coefficient_c", c->c}};
  set_text(g, KEY_CURVE, curve_name(kind));
  set_text(g, KEY_CHOICE, NULL);
  set_number(g, KEY_PARAMETER, NAN);
  for (size_t i = 0; i < FM__COUNT(rows); i++)
    put(g, rows[i].name, i == 0 ? "flag" : "index", c->fitted ? rows[i].value : NAN,
        c->fitted ? FM__OK : FM__UNDEFINED);
}

static fm_status put_table(const page *g, const table *b, fm_error *err)
{
  fm__result_group(g->r, fm__rows_ids(g->t->rows, 0), b->group);
  if (g->t->by_period) {
    fm__result_key_null(g->r, g->key + KEY_SINCE);
    fm__result_key_f64(g->r, g->key + KEY_PERIOD, b->period);
  }
  set_text(g, KEY_CURVE, NULL);
  set_text(g, KEY_CHOICE, NULL);
  set_number(g, KEY_PARAMETER, NAN);
  put(g, "groups", "count", (double)b->n, FM__OK);
  fm_status status = put_inequality(g, b, err);
  for (size_t i = 0; i < g->t->n_lines && status == FM_OK; i++)
    status = put_poverty(g, b, g->t->lines[i], err);
  if (status != FM_OK || b->l == NULL)
    return status;
  put_fit(g, b, FM_INCOME_CURVE_QUADRATIC);
  put_fit(g, b, FM_INCOME_CURVE_BETA);
  return FM_OK;
}

/* From the first to the last period of a group. */
static fm_status put_growth(const page *g, const table *from, const table *to, fm_error *err)
{
  double growth[3];
  static const char *const names[] = {"bottom_growth", "mean_growth", "premium"};
  fm_status status = fm_income_lorenz_growth(&growth[0], &growth[1], &growth[2], from->l, to->l, g->t->p_share,
                                             to->period - from->period, err);
  if (status != FM_OK)
    return status;
  fm__result_key_f64(g->r, g->key + KEY_SINCE, from->period);
  set_text(g, KEY_CURVE, NULL);
  set_text(g, KEY_CHOICE, NULL);
  set_number(g, KEY_PARAMETER, g->t->p_share);
  for (size_t i = 0; i < FM__COUNT(names); i++)
    put(g, names[i], "per_year", growth[i], isnan(growth[i]) ? FM__UNDEFINED : FM__OK);
  return FM_OK;
}

static fm_status put_all(const page *g, const fm_run *run, fm_error *err)
{
  const fm__rows *rows = g->t->rows;
  size_t n = fm__rows_n(rows);
  table first = {0}, last = {0};
  const table nothing = {.period = NAN};
  fm_status status = n == 0 && g->key == 0 ? put_table(g, &nothing, err) : FM_OK;
  for (size_t i = 0; i < n && status == FM_OK; i = last.end) {
    const double *x = fm__rows_numbers(rows, i);
    table b = {.first = i, .end = i + 1, .group = fm__rows_id(rows, i, 0), .period = x[PERIOD]};
    while (b.end < n && fm__rows_id(rows, b.end, 0) == b.group &&
           (!g->t->by_period || fm__rows_numbers(rows, b.end)[PERIOD] == b.period))
      b.end++;
    bool same = first.l != NULL && first.group == b.group;
    if (last.l != first.l)
      fm_income_lorenz_destroy(last.l);
    if (!same) {
      fm_income_lorenz_destroy(first.l);
      first = (table){0};
    }
    last = b;
    status = fit(&last, g->t, err);
    if (!same)
      first = last;
    if (status == FM_OK)
      status = put_table(g, &last, err);
    bool ends = last.end == n || fm__rows_id(rows, last.end, 0) != last.group;
    if (status == FM_OK && same && ends)
      status = put_growth(g, &first, &last, err);
    if (status == FM_OK)
      status = fm__run_progress(run, (double)last.end / (double)n, err);
  }
  if (last.l != first.l)
    fm_income_lorenz_destroy(last.l);
  fm_income_lorenz_destroy(first.l);
  return status;
}

static void add_notes(fm__result *r, const grouped *t)
{
  char text[32];
  const char *input = t->curves.input == FM_INCOME_GROUPED_CUMULATIVE ? "cumulative"
                      : t->curves.input == FM_INCOME_GROUPED_SHARES   ? "shares"
                                                                      : "means";
  fm__print_f64(text, t->p_share);
  fm__result_note(r, "input", input);
  fm__result_note(r, "mode", t->curves.mode == FM_INCOME_GROUPED_PIP ? "pip" : "exact");
  fm__result_note(r, "p_share", text);
  fm__result_note(r, "n", "not known: a table of groups does not say how many people it rests on");
  fm__result_note(r, "uncertainty", "none: a table of groups says nothing of the sample behind it");
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  grouped *t = state;
  static const fm__key extra[] = {
      {"curve", FM_CODE}, {"choice", FM_CODE}, {"parameter", FM_CODE}, {"since", FM_F64}, {"period", FM_F64}};
  page g = {.t = t, .key = fm__groups_n_columns(fm__rows_ids(t->rows, 0))};
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&g.r, "income.grouped",
                                       t->curves.mode == FM_INCOME_GROUPED_PIP ? "lorenz_curves_pip" : "lorenz_curves",
                                       fm__rows_ids(t->rows, 0), extra, t->by_period ? 5 : 3, err);
  if (status == FM_OK)
    status = put_all(&g, run, err);
  if (status != FM_OK) {
    fm__result_destroy(g.r);
    return status;
  }
  add_notes(g.r, t);
  return fm__result_finish(g.r, out, err);
}

/* ---- spec ---- */

static fm_status check(const fm_income_grouped_spec *s, const fm_income_lorenz_spec *curves, fm_error *err)
{
  if (!(s->p_share > 0 && s->p_share < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "p_share: expected a number between 0 and 1");
  if (s->people == NULL || s->people[0] == '\0' || s->income == NULL || s->income[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "people, income: expected names of columns");
  if (s->mean != NULL && !isnan(curves->mean))
    return fm__fail(err, FM_ERR_ARGUMENT, "mean: expected a column or a number, not both");
  return FM_OK;
}

static fm_status read_lines(grouped *t, const char *lines, fm_error *err)
{
  size_t capacity = 0;
  for (const char *p = lines; p != NULL && *p != '\0';) {
    size_t length = strcspn(p, ","), skip = strspn(p, " "), end = length;
    while (end > skip && p[end - 1] == ' ')
      end--;
    double line;
    if (!fm__parse_f64(p + skip, end > skip ? end - skip : 0, '.', &line) || !(line > 0 && isfinite(line)))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "lines: expected poverty lines above 0, separated by commas; found \"%.40s\"", lines);
    if (!fm__grow((void **)&t->lines, &capacity, t->n_lines + 1, sizeof *t->lines))
      return fm__no_memory(err);
    t->lines[t->n_lines++] = line;
    p += length + (p[length] == ',');
  }
  return FM_OK;
}

/* `mean` alone is the number in curves. */
static const fm__field fields[] = {FM__FIELD(fm_income_grouped_spec, people, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_grouped_spec, income, FM__FIELD_TEXT),
                                   {"mean_column", offsetof(fm_income_grouped_spec, mean), FM__FIELD_TEXT},
                                   FM__FIELD(fm_income_grouped_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_grouped_spec, period, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_grouped_spec, lines, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_grouped_spec, p_share, FM__FIELD_F64)};

static void put_curves(fm__bytes *text, const fm_income_lorenz_spec *c)
{
  const fm_income_lorenz_spec d = FM_INCOME_LORENZ_SPEC_INIT;
  fm__spec_text_f64(text, "mean", c->mean, d.mean);
  fm__spec_text_f64(text, "tolerance", c->tolerance, d.tolerance);
  fm__spec_text_i64(text, "input", c->input, d.input);
  fm__spec_text_i64(text, "percent", c->percent, d.percent);
  fm__spec_text_i64(text, "mode", c->mode, d.mode);
  fm__spec_text_i64(text, "curve", c->curve, d.curve);
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  grouped *t = state;
  const fm_income_grouped_spec *s = spec;
  fm_status status = fm__lorenz_spec_take(&t->curves, s->curves, err);
  if (status == FM_OK)
    status = check(s, &t->curves, err);
  if (status != FM_OK)
    return status;
  put_curves(text, &t->curves);
  t->p_share = s->p_share;
  t->by_period = s->period != NULL && s->period[0] != '\0';
  t->by_mean = s->mean != NULL && s->mean[0] != '\0';
  const char *ids[] = {s->by};
  /* A column not asked for is given the name of one that is; `fill` blanks it. */
  const fm__rows_number numbers[N_NUMBERS] = {[PERIOD] = {t->by_period ? s->period : s->people, 0},
                                              [PEOPLE] = {s->people, 0},
                                              [INCOME] = {s->income, 0},
                                              [MEAN] = {t->by_mean ? s->mean : s->people, 0}};
  status = read_lines(t, s->lines, err);
  return status == FM_OK ? fm__rows_keep(&t->rows, &kept, numbers, N_NUMBERS, ids, 1, err) : status;
}

static const fm__measure measure = {.id = "income.grouped",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_grouped_spec, grouped),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_grouped)
