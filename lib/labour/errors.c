/* Sampling errors: the influence of each row on a figure, or all figures anew with each replicate's weights. */
#include <math.h>
#include <string.h>

#include "labour/figures_priv.h"

/* ---- rows ---- */

typedef struct row {
  double w, count, numerator, denominator; /* of one item; both 0 outside its population */
  bool in;
} row;

static row row_of(const fm__labour_sample *s, size_t i, size_t k)
{
  const fm__labour *t = s->t;
  const fm__labour_item *item = &t->plan.item[k];
  const double *numbers = fm__rows_numbers(t->rows, i);
  uint32_t code = fm__labour_code((uint64_t)numbers[FM__ROW_MASK], k);
  row r = {.w = numbers[FM__ROW_WEIGHT], .count = (double)fm__rows_count(t->rows, i)};
  r.in = code == FM__CODE_IN || code == FM__CODE_COUNTED;
  if (!r.in)
    return r;
  r.numerator = item->value != FM__V_NONE ? numbers[2 + t->plan.slot[item->value]] : code == FM__CODE_COUNTED;
  r.denominator = item->divisor != FM__V_NONE ? numbers[2 + t->plan.slot[item->divisor]] : 1;
  return r;
}

/* The gradient of the figure in the row's weight. */
static double influence_of(const fm__labour_figure *f, const fm__labour_sample *s, size_t i)
{
  const fm__labour_total *a = &f->total, *b = &f->other;
  row r = row_of(s, i, f->item);
  if (f->kind == FM__FIGURE_NUMBER)
    return r.numerator;
  if (f->kind == FM__FIGURE_RATIO)
    return r.in ? s->t->plan.item[f->item].indicator->per *
                      (r.numerator - a->numerator / a->denominator * r.denominator) / a->denominator
                : 0;
  if (f->kind == FM__FIGURE_QUANTILE) /* of the share at or below it */
    return r.in ? ((r.numerator <= f->value ? 1 : 0) - f->p) / a->denominator : 0;
  row other = row_of(s, i, f->item + 1);
  double reference = a->numerator / a->denominator, compared = b->numerator / b->denominator;
  double u = 0;
  if (r.in)
    u += compared / reference / reference * (r.numerator - reference * r.denominator) / a->denominator;
  if (other.in)
    u -= (other.numerator - compared * other.denominator) / b->denominator / reference;
  return u;
}

static bool reaches(const fm__labour_figure *f, const fm__labour_sample *s, size_t i)
{
  return row_of(s, i, f->item).in || (f->kind == FM__FIGURE_GAP && row_of(s, i, f->item + 1).in);
}

/* ---- linearisation ---- */

/* Room for one figure at a time: the units it reaches, and their sums. */
typedef struct room {
  double *z;       /* by unit */
  uint8_t *seen;   /* by unit */
  uint64_t *units; /* twice as many as units */
  uint32_t *unit;
  double *value; /* of those */
  size_t n;
} room;

static void room_free(room *m)
{
  fm__free(m->z);
  fm__free(m->seen);
  fm__free(m->units);
  fm__free(m->unit);
  fm__free(m->value);
}

static fm_status room_create(room *m, const fm__design *d, fm_error *err)
{
  size_t n = fm__design_n_units(d);
  *m = (room){.z = fm__array(n, sizeof *m->z),
              .seen = fm__array(n, 1),
              .units = fm__array(n, 2 * sizeof *m->units),
              .unit = fm__array(n, sizeof *m->unit),
              .value = fm__array(n, sizeof *m->value)};
  if (m->z != NULL && m->seen != NULL && m->units != NULL && m->unit != NULL && m->value != NULL)
    return FM_OK;
  return fm__no_memory(err);
}

/* Sums of rows for the variance of as many rows drawn independently. */
typedef struct spread {
  double sum, squares;
} spread;

/* z of the units that the figure reaches, in order. */
static spread spread_figure(room *m, const fm__labour_figure *f, const fm__labour_sample *s)
{
  const fm__labour_margin *g = &s->margins->margin[f->margin];
  spread out = {0, 0};
  m->n = 0;
  for (size_t j = g->first; j < g->end; j++) {
    uint32_t group = s->margins->group[j];
    for (size_t i = s->start[group]; i < s->start[group + 1]; i++) {
      if (!reaches(f, s, i))
        continue;
      uint32_t unit = s->unit[i];
      row r = row_of(s, i, f->item);
      double t = r.w * influence_of(f, s, i);
      if (m->seen[unit] == 0)
        m->units[m->n++] = unit;
      m->seen[unit] = 1;
      m->z[unit] += r.count * t;
      out.sum += r.count * t;
      out.squares += r.count * t * t;
    }
  }
  fm__sort_u64(m->units, m->units + fm__design_n_units(s->design), m->n);
  for (size_t j = 0; j < m->n; j++) {
    m->unit[j] = (uint32_t)m->units[j];
    m->value[j] = m->z[m->unit[j]];
    m->z[m->unit[j]] = 0;
    m->seen[m->unit[j]] = 0;
  }
  return out;
}

static double effect_of(const spread *p, double std_error, double n)
{
  double independent = n / (n - 1) * (p->squares - p->sum * p->sum / n);
  return independent > 0 && std_error > 0 ? std_error * std_error / independent : NAN;
}

static fm_status linearise(fm__labour_figure *f, const fm__labour_sample *s, room *m, bool error, fm_error *err)
{
  spread p = spread_figure(m, f, s);
  fm__touched touched = {m->n, m->unit, m->value};
  fm_status status = fm__design_degrees_of_freedom_of(&f->df, s->design, m->unit, m->n, err);
  if (status == FM_OK && error)
    status = fm__design_std_error_of(&f->std_error, s->design, &touched, err);
  f->design_effect = effect_of(&p, f->std_error, (double)s->n_rows);
  return status;
}

/* ---- quantiles ---- */

/* The rows of a figure in order of their values, with weights. */
typedef struct sorted {
  fm__item *items, *scratch; /* key: the value; value: the row */
  double *w;
  size_t n;
} sorted;

static void sorted_free(sorted *o)
{
  fm__free(o->items);
  fm__free(o->scratch);
  fm__free(o->w);
}

static fm_status sorted_create(sorted *o, const fm__labour_sample *s, fm_error *err)
{
  size_t n = fm__rows_n(s->t->rows);
  *o = (sorted){.items = fm__array(n, sizeof *o->items),
                .scratch = fm__array(n, sizeof *o->scratch),
                .w = fm__array(n, sizeof *o->w)};
  return o->items != NULL && o->scratch != NULL && o->w != NULL ? FM_OK : fm__no_memory(err);
}

static void sort_rows(sorted *o, const fm__labour_figure *f, const fm__labour_sample *s)
{
  const fm__labour_margin *g = &s->margins->margin[f->margin];
  o->n = 0;
  for (size_t j = g->first; j < g->end; j++)
    for (size_t i = s->start[s->margins->group[j]]; i < s->start[s->margins->group[j] + 1]; i++) {
      row r = row_of(s, i, f->item);
      if (r.in)
        o->items[o->n++] = (fm__item){fm__order_key(r.numerator), i};
    }
  fm__sort_items(o->items, o->scratch, o->n);
}

/* Weights of the sorted rows, times a factor by unit (NULL: 1); their sum. */
static double weigh(sorted *o, const fm__labour_sample *s, const double *factor)
{
  double total = 0;
  for (size_t i = 0; i < o->n; i++) {
    size_t at = (size_t)o->items[i].value;
    double w = fm__rows_numbers(s->t->rows, at)[FM__ROW_WEIGHT] * (double)fm__rows_count(s->t->rows, at);
    o->w[i] = factor != NULL ? w * factor[s->unit[at]] : w;
    total += o->w[i];
  }
  return total;
}

/* The smallest value whose cumulated weight is above p of all; at p exactly the mean of it and the next. */
static double quantile(const sorted *o, double total, double p)
{
  const double tolerance = 1e-12 * total;
  double sum = 0;
  if (o->n == 0 || !(total > 0) || isnan(p))
    return NAN;
  for (size_t i = 0; i < o->n; i++) {
    sum += o->w[i];
    if (fabs(sum - p * total) <= tolerance) {
      size_t next = i + 1;
      while (next < o->n && !(o->w[next] > 0))
        next++;
      double at = fm__order_value(o->items[i].key);
      return next < o->n ? 0.5 * (at + fm__order_value(o->items[next].key)) : at;
    }
    if (sum > p * total)
      return fm__order_value(o->items[i].key);
  }
  return fm__order_value(o->items[o->n - 1].key);
}

/* Woodruff: limits of the share below, turned into quantiles. */
static void woodruff(fm__labour_figure *f, const sorted *o, double total, double level)
{
  double low, high;
  fm__survey_limits(&low, &high, f->p, f->std_error, f->df, level, false);
  f->std_error = NAN;
  if (isnan(low))
    return;
  f->low = quantile(o, total, low > 0 ? low : 0);
  f->high = quantile(o, total, high < 1 ? high : 1);
  double tail = 0.5 * (1 - level), t = isfinite(f->df) ? -fm__t_quantile(f->df, tail) : -fm__normal_quantile(tail);
  f->std_error = (f->high - f->low) / (2 * t);
}

static fm_status find_quantiles(fm__labour_figure *figure, size_t n, const fm__labour_sample *s, room *m, fm_error *err)
{
  sorted o;
  fm_status status = sorted_create(&o, s, err);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    fm__labour_figure *f = &figure[k];
    if (f->kind != FM__FIGURE_QUANTILE)
      continue;
    sort_rows(&o, f, s);
    double total = weigh(&o, s, NULL);
    f->value = quantile(&o, total, f->p);
    if (isnan(f->value) || fm__design_method(s->design) != FM_SURVEY_TAYLOR)
      continue;
    status = linearise(f, s, m, true, err);
    woodruff(f, &o, total, s->t->plan.spec.level);
  }
  sorted_free(&o);
  return status;
}

/* ---- replicates ---- */

typedef struct replicates {
  double *factor;          /* by unit */
  double *sums;            /* of an item by group: numerator, denominator */
  double *values;          /* n a figure */
  fm__labour_total *other; /* the compared side of each margin */
  size_t n;
} replicates;

static void item_sums(replicates *p, const fm__labour_sample *s, size_t k)
{
  for (size_t g = 0; g < s->margins->n_groups; g++) {
    double numerator = 0, denominator = 0;
    for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
      row r = row_of(s, i, k);
      double w = r.w * r.count * p->factor[s->unit[i]];
      numerator += w * r.numerator;
      denominator += w * r.denominator;
    }
    p->sums[2 * g] = numerator;
    p->sums[2 * g + 1] = denominator;
  }
}

static fm__labour_total over(const replicates *p, const fm__labour_sample *s, size_t margin)
{
  const fm__labour_margin *g = &s->margins->margin[margin];
  fm__labour_total t = {.n = 0};
  for (size_t j = g->first; j < g->end; j++) {
    t.numerator += p->sums[2 * s->margins->group[j]];
    t.denominator += p->sums[2 * s->margins->group[j] + 1];
  }
  return t;
}

/* All figures with the weights of one replicate; figures of an item stand together. */
static void one_replicate(replicates *p, const fm__labour_figure *figure, size_t n, const fm__labour_sample *s,
                          sorted *o, size_t replicate)
{
  size_t item = SIZE_MAX;
  for (size_t k = 0; k < n; k++) {
    fm__labour_figure f = figure[k];
    const fm__labour_item *now = &s->t->plan.item[f.item];
    if (f.item != item && now->indicator->kind == FM__KIND_GAP && now->population == now->indicator->population) {
      item_sums(p, s, f.item + 1);
      for (size_t g = 0; g < s->margins->n; g++)
        p->other[g] = over(p, s, g);
    }
    if (f.item != item)
      item_sums(p, s, item = f.item);
    f.total = over(p, s, f.margin);
    f.other = p->other[f.margin];
    if (f.kind == FM__FIGURE_QUANTILE) {
      sort_rows(o, &f, s);
      f.value = quantile(o, weigh(o, s, p->factor), f.p);
    }
    p->values[k * p->n + replicate] = fm__labour_value(&f, &s->t->plan);
  }
}

static void replicates_free(replicates *p)
{
  fm__free(p->factor);
  fm__free(p->sums);
  fm__free(p->values);
  fm__free(p->other);
}

static fm_status replicates_create(replicates *p, size_t n, const fm__labour_sample *s, fm_error *err)
{
  size_t n_values;
  *p = (replicates){.n = fm__design_n_replicates(s->design)};
  p->factor = fm__array(fm__design_n_units(s->design), sizeof *p->factor);
  p->sums = fm__array(s->margins->n_groups, 2 * sizeof *p->sums);
  p->other = fm__array(s->margins->n, sizeof *p->other);
  if (fm__multiply(n, p->n, &n_values))
    p->values = fm__array(n_values, sizeof *p->values);
  return p->factor != NULL && p->sums != NULL && p->other != NULL && p->values != NULL ? FM_OK : fm__no_memory(err);
}

static fm_status replicate(fm__labour_figure *figure, size_t n, const fm__labour_sample *s, room *m, const fm_run *run,
                           fm_error *err)
{
  replicates p;
  sorted o;
  fm_status status = sorted_create(&o, s, err);
  fm_status made = replicates_create(&p, n, s, status == FM_OK ? err : NULL);
  status = status == FM_OK ? made : status;
  for (size_t r = 0; r < p.n && status == FM_OK; r++) {
    status = fm__design_replicate(p.factor, s->design, r, err);
    if (status == FM_OK) {
      one_replicate(&p, figure, n, s, &o, r);
      status = fm__run_progress(run, (double)(r + 1) / (double)p.n, err);
    }
  }
  for (size_t k = 0; k < n && status == FM_OK; k++)
    if (!isnan(figure[k].value)) {
      figure[k].std_error = fm__design_combine_std_error(s->design, figure[k].value, p.values + k * p.n);
      status = linearise(&figure[k], s, m, false, err);
    }
  replicates_free(&p);
  sorted_free(&o);
  return status;
}

/* ---- all figures ---- */

static void set_limits(fm__labour_figure *f, const fm__labour_plan *plan)
{
  const fm__labour_indicator *a = plan->item[f->item].indicator;
  bool rate = f->kind == FM__FIGURE_RATIO && a->kind == FM__KIND_SHARE;
  if (!isnan(f->value) && !isnan(f->std_error) && isnan(f->low))
    fm__survey_limits(&f->low, &f->high, f->value, f->std_error, f->df, plan->spec.level, rate);
}

fm_status fm__labour_errors(fm__labour_figure *figure, size_t n, const fm__labour_sample *s, const fm_run *run,
                            fm_error *err)
{
  room m;
  int32_t method = fm__design_method(s->design);
  fm_status status = room_create(&m, s->design, err);
  if (status == FM_OK)
    status = find_quantiles(figure, n, s, &m, err);
  for (size_t k = 0; k < n && method == FM_SURVEY_TAYLOR && status == FM_OK; k++) {
    if (figure[k].kind != FM__FIGURE_QUANTILE && !isnan(figure[k].value))
      status = linearise(&figure[k], s, &m, true, err);
    if (k % 64 == 0 && status == FM_OK)
      status = fm__run_progress(run, (double)k / (double)n, err);
  }
  if (status == FM_OK && (method == FM_SURVEY_REPLICATES || method == FM_SURVEY_BOOTSTRAP))
    status = replicate(figure, n, s, &m, run, err);
  for (size_t k = 0; k < n && status == FM_OK; k++)
    set_limits(&figure[k], &s->t->plan);
  room_free(&m);
  return status;
}
