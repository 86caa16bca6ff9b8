/* The table of figures: item by item, margin by margin. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "labour/figures_priv.h"
#include "tally/tally_priv.h"

typedef struct work {
  fm__labour *t;
  const fm__groups *groups;      /* in canonical order */
  const fm__labour_cells *cells; /* their numbers are those of `groups` */
  fm__labour_cells of_rows;
  fm__labour_margins margins;
  fm__labour_sums sums;
  fm__labour_sample sample;
  fm__labour_figure *figures;
  size_t n_figures;
} work;

/* ---- cells ---- */

static fm_status sort_groups(work *w, fm_error *err)
{
  fm__labour *t = w->t;
  uint32_t *rank = NULL;
  fm_status status = FM_OK;
  if (fm__groups_n_columns(t->groups) > 0)
    status = fm__groups_sort(t->groups, &rank, err);
  if (rank != NULL)
    fm__labour_cells_renumber(&t->cells, rank);
  fm__free(rank);
  w->groups = t->groups;
  w->cells = &t->cells;
  return status;
}

/* The rows of a state that keeps them, counted, and their design. */
static fm_status count_rows(work *w, fm_error *err)
{
  fm__labour *t = w->t;
  fm__labour_sample *s = &w->sample;
  fm_status status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = fm__labour_cells_create(&w->of_rows, &t->plan, err);
  if (status == FM_OK)
    status = fm__design_of_rows(&s->design, &s->unit, t->columns, t->rows, FM__ROW_WEIGHT, err);
  w->groups = fm__rows_ids(t->rows, 0);
  w->cells = &w->of_rows;
  size_t n = fm__rows_n(t->rows), n_groups = fm__groups_count(w->groups);
  s->start = status == FM_OK ? fm__array(n_groups + 1, sizeof *s->start) : NULL;
  if (status == FM_OK && s->start == NULL)
    status = fm__no_memory(err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    const double *numbers = fm__rows_numbers(t->rows, i);
    uint64_t count = fm__rows_count(t->rows, i);
    uint32_t group = fm__rows_id(t->rows, i, 0);
    s->start[group + 1]++;
    s->n_rows += (int64_t)count;
    if (!fm__labour_cells_add(&w->of_rows, &t->plan, t->bits, group, (uint64_t)numbers[FM__ROW_MASK],
                              numbers[FM__ROW_WEIGHT], numbers + 2, count))
      status = fm__no_memory(err);
  }
  for (size_t g = 0; g < n_groups && status == FM_OK; g++)
    s->start[g + 1] += s->start[g];
  s->t = t;
  s->margins = &w->margins;
  return status;
}

/* ---- the list of figures ---- */

/* The figures of an item at one margin. */
static size_t figures_of(fm__labour_figure *f, const work *w, size_t k, size_t margin)
{
  const fm__labour_indicator *a = w->t->plan.item[k].indicator;
  const fm__labour_figure blank = {.item = k,
                                   .margin = margin,
                                   .p = NAN,
                                   .value = NAN,
                                   .std_error = NAN,
                                   .df = NAN,
                                   .low = NAN,
                                   .high = NAN,
                                   .design_effect = NAN};
  size_t n = 0;
  f[n] = blank;
  f[n++].kind = FM__FIGURE_RATIO;
  if (a->population == FM__Q_CHILD) {
    f[n] = blank;
    f[n++].kind = FM__FIGURE_NUMBER;
  }
  if (a->kind == FM__KIND_GAP && w->t->plan.item[k].population == a->population) {
    f[n] = blank;
    f[n++].kind = FM__FIGURE_GAP;
  }
  for (size_t q = 0; a->kind == FM__KIND_COST && q < 2; q++) {
    f[n] = blank;
    f[n].p = q == 0 ? 0.5 : 0.8;
    f[n++].kind = FM__FIGURE_QUANTILE;
  }
  return n;
}
enum { MOST_FIGURES = 3 };

static fm_status list_figures(work *w, fm_error *err)
{
  size_t n;
  fm__labour_total *before = fm__array(w->margins.n, sizeof *before);
  if (fm__multiply(w->margins.n * w->t->plan.n_items, MOST_FIGURES, &n))
    w->figures = fm__array(n, sizeof *w->figures);
  fm_status status = w->figures != NULL && before != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = w->t->plan.n_items; k > 0 && status == FM_OK; k--) { /* the compared side before its gap */
    fm__labour_sums_item(&w->sums, k - 1);
    for (size_t m = 0; m < w->margins.n; m++) {
      const fm__labour_margin *g = &w->margins.margin[m];
      fm__labour_total total =
          fm__labour_sums_over(&w->sums, g->first < g->end ? w->margins.group + g->first : NULL, g->end - g->first);
      fm__labour_figure *f = w->figures + w->n_figures;
      size_t n_new = figures_of(f, w, k - 1, m);
      for (size_t i = 0; i < n_new; i++) {
        f[i].total = total;
        f[i].other = before[m];
        f[i].value = fm__labour_value(&f[i], &w->t->plan);
      }
      before[m] = total;
      w->n_figures += n_new;
    }
  }
  fm__free(before);
  return status;
}

/* Poisson limits of the cases of totals (Garwood 1936). */
static void poisson_limits(work *w)
{
  const fm__labour_plan *plan = &w->t->plan;
  double tail = 0.5 * (1 - plan->spec.level);
  for (size_t i = 0; i < w->n_figures; i++) {
    fm__labour_figure *f = &w->figures[i];
    double cases = f->total.numerator, per = plan->item[f->item].indicator->per / f->total.denominator;
    if (isnan(f->value))
      continue;
    f->std_error = sqrt(cases) * per;
    f->low = cases > 0 ? fm__gamma_quantile(cases, tail) * per : 0;
    f->high = fm__gamma_quantile(cases + 1, 1 - tail) * per;
  }
}

/* ---- the table ---- */

enum { NUMERATOR, DENOMINATOR, DROPPED, DESIGN_EFFECT, N_EFFECTIVE, DF, RELIABILITY, N_ADDED };
static const fm__key added[N_ADDED] = {
    [NUMERATOR] = {"numerator", FM_F64},     [DENOMINATOR] = {"denominator", FM_F64}, [DROPPED] = {"dropped", FM_F64},
    [DESIGN_EFFECT] = {"deff", FM_F64},      [N_EFFECTIVE] = {"n_eff", FM_F64},       [DF] = {"df", FM_F64},
    [RELIABILITY] = {"reliability", FM_CODE}};

static const char *quantity_of(const work *w, const fm__labour_figure *f)
{
  const fm__labour_item *item = &w->t->plan.item[f->item];
  int32_t kind = item->indicator->kind;
  if (f->kind == FM__FIGURE_NUMBER)
    return "number";
  if (f->kind == FM__FIGURE_GAP)
    return "gap";
  if (f->kind == FM__FIGURE_QUANTILE)
    return f->p == 0.5 ? "median_ratio" : "fourth_quintile";
  if (kind == FM__KIND_GAP)
    return item->population == item->indicator->population ? "reference" : "compared";
  if (kind == FM__KIND_CASES)
    return "frequency";
  return kind == FM__KIND_MEAN || kind == FM__KIND_COST ? "mean" : "share";
}

static const char *unit_of(const work *w, const fm__labour_figure *f)
{
  const fm__labour_indicator *a = w->t->plan.item[f->item].indicator;
  if (f->kind == FM__FIGURE_NUMBER)
    return "count";
  if (f->kind == FM__FIGURE_RATIO && a->kind == FM__KIND_GAP)
    return "money";
  return strcmp(a->unit, "share") == 0 && w->t->plan.spec.percent == 1 ? "percent" : a->unit;
}

/* Too few rows, or an error too large beside the figure; NULL: nothing can be said. */
static const char *reliability(const fm__labour_figure *f, int64_t n)
{
  const int64_t few = 30;
  const double large = 0.3;
  if (isnan(f->value))
    return NULL;
  if (n < few || f->std_error > large * fabs(f->value))
    return "unreliable";
  return isnan(f->std_error) ? NULL : "ok";
}

static void put_figure(fm__result *r, const work *w, const fm__labour_figure *f)
{
  const fm__labour_margin *g = &w->margins.margin[f->margin];
  fm__figure out = fm__figure_of(quantity_of(w, f), unit_of(w, f));
  bool gap = f->kind == FM__FIGURE_GAP;
  double scale = strcmp(out.unit, "percent") == 0 ? 100 : 1;
  out.value = f->value * scale;
  out.std_error = f->std_error * scale;
  out.ci_low = f->low * scale;
  out.ci_high = f->high * scale;
  out.level = isnan(f->low) ? NAN : w->t->plan.spec.level;
  out.n = f->total.n + (gap ? f->other.n : 0);
  out.weight = gap ? NAN : f->total.denominator;
  out.state = !isnan(f->value) ? FM__OK : g->first == g->end ? FM__EMPTY : FM__UNDEFINED;
  fm__result_more_f64(r, NUMERATOR, gap ? NAN : f->total.numerator);
  fm__result_more_f64(r, DENOMINATOR, gap ? NAN : f->total.denominator);
  fm__result_more_f64(r, DROPPED, (double)f->total.dropped);
  fm__result_more_f64(r, DESIGN_EFFECT, f->design_effect);
  fm__result_more_f64(r, N_EFFECTIVE, (double)out.n / f->design_effect);
  fm__result_more_f64(r, DF, isnan(f->std_error) ? NAN : f->df);
  fm__result_more_text(r, RELIABILITY, reliability(f, out.n));
  fm__result_add(r, &out);
}

static void put_keys(fm__result *r, const work *w, size_t margin)
{
  const fm__labour_margin *g = &w->margins.margin[margin];
  for (size_t k = 0; k < w->margins.n_columns; k++) {
    size_t length = 0;
    bool total = (g->columns >> k & 1) == 0;
    const char *text = total ? NULL : fm__groups_text(w->groups, w->margins.group[g->first], k, &length);
    fm__result_key_text(r, k, text, length);
  }
}

/* Figures of the items in the order they were asked for. */
static void put_items(fm__result *r, const work *w)
{
  const fm__labour_plan *plan = &w->t->plan;
  char indicator[64];
  for (size_t k = 0, end = w->n_figures; k < plan->n_items; k++) {
    const fm__labour_indicator *a = plan->item[k].indicator;
    const char *icls = plan->spec.icls == FM_LABOUR_ICLS_13 ? "icls_13" : "icls_19";
    const char *definition = a->definition != NULL ? a->definition : icls;
    size_t first = end;
    snprintf(indicator, sizeof indicator, "labour.%s", a->name);
    fm__result_indicator(r, indicator);
    fm__result_definition(r, definition, strlen(definition));
    while (first > 0 && w->figures[first - 1].item == k)
      first--;
    for (size_t i = first; i < end; i++) {
      put_keys(r, w, w->figures[i].margin);
      put_figure(r, w, &w->figures[i]);
    }
    end = first;
  }
}

/* ---- notes ---- */

static void note_count(fm__result *r, const char *key, uint64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%llu", (unsigned long long)value);
  fm__result_note(r, key, text);
}

/* Rows without a value of each group, and ages outside all bands. */
static void note_missing(fm__result *r, const work *w)
{
  char key[96];
  uint64_t n = 0, outside = 0;
  for (size_t i = 0; i < w->cells->n; i++) {
    n += w->cells->cell[i].count;
    outside += (w->cells->cell[i].mask >> FM__AGE_OUTSIDE & 1) != 0 ? w->cells->cell[i].count : 0;
  }
  note_count(r, "rows", n);
  for (size_t k = 0; k < w->margins.n_columns; k++) {
    uint64_t missing = 0;
    const char *name = fm__groups_column(w->groups, k);
    for (size_t i = 0; i < w->cells->n; i++)
      if (fm__groups_text(w->groups, w->cells->cell[i].group, k, NULL) == NULL)
        missing += w->cells->cell[i].count;
    if (strcmp(name, "age") == 0) {
      missing -= outside;
      note_count(r, "age_outside_bands", outside);
    }
    snprintf(key, sizeof key, "missing_%s", name);
    note_count(r, key, missing);
  }
}

static void add_notes(fm__result *r, const work *w)
{
  static const char *const insurance[] = {"leave", "informal", "formal", "drop"};
  const fm__labour_plan *plan = &w->t->plan;
  bool informal = false;
  for (size_t k = 0; k < plan->n_items; k++)
    informal |= plan->item[k].counted == FM__Q_INFORMAL && plan->item[k].value == FM__V_NONE;
  if (informal)
    fm__result_note(r, "unknown_insurance", insurance[plan->spec.unknown_insurance]);
  fm__result_note(r, "working_age", plan->spec.working_age);
  fm__result_note(r, "youth", plan->spec.youth);
  if (plan->spec.labour_status != NULL)
    fm__result_note(r, "labour_status", "as given");
  if (plan->sampled)
    fm__result_note(r, "std_error", fm__design_name(w->sample.design));
  else
    fm__result_note(r, "std_error", plan->spec.totals == 1 ? "poisson" : "none: no design was given");
  fm__result_note(r, "weight", plan->spec.weight != NULL ? "weights were treated as fixed" : "each row counts 1");
  note_missing(r, w);
}

static fm_status put_table(fm_table **out, const work *w, fm_error *err)
{
  fm__result *r = NULL;
  fm_status status = fm__result_create_grouped(&r, "labour.rates", "", w->groups, NULL, 0, err);
  if (status == FM_OK)
    status = fm__result_extend(r, added, N_ADDED, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  put_items(r, w);
  add_notes(r, w);
  return fm__result_finish(r, out, err);
}

static void work_free(work *w)
{
  fm__labour_sums_free(&w->sums); /* reads the cells */
  fm__labour_cells_free(&w->of_rows);
  fm__labour_margins_free(&w->margins);
  fm__design_destroy(w->sample.design);
  fm__free(w->sample.unit);
  fm__free(w->sample.start);
  fm__free(w->figures);
}

fm_status fm__labour_result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  fm__labour *t = state;
  work w = {.t = t};
  fm_status status = t->rows != NULL ? count_rows(&w, err) : sort_groups(&w, err);
  if (status == FM_OK)
    status = fm__labour_margins_make(&w.margins, w.groups, t->plan.spec.margins == 1, err);
  if (status == FM_OK)
    status = fm__labour_sums_make(&w.sums, &t->plan, w.cells, w.margins.n_groups, err);
  if (status == FM_OK)
    status = list_figures(&w, err);
  if (status == FM_OK && t->rows != NULL)
    status = fm__labour_errors(w.figures, w.n_figures, &w.sample, run, err);
  if (status == FM_OK && t->plan.spec.totals == 1)
    poisson_limits(&w);
  if (status == FM_OK)
    status = put_table(out, &w, err);
  work_free(&w);
  return status;
}
