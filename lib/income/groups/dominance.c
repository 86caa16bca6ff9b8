/* income.dominance: Lorenz, generalised Lorenz and TIP curves of two groups at a grid of shares, and a joint test. */
#include <math.h>
#include <string.h>

#include "flexmetrics/income_groups.h"
#include "income/groups/pair_priv.h"
#include "num/num_priv.h"

static const fm_income_dominance_spec defaults = FM_INCOME_DOMINANCE_SPEC_INIT;

static const char *const curves[] = {"lorenz", "generalised_lorenz", "tip"};

typedef struct dominance {
  fm__pair_state pair; /* first */
  const fm__income_measure *measure;
  int32_t curve;
  size_t n_points;
} dominance;

enum { REFERENCE, COMPARED, DIFFERENCE, N_KINDS };
static const char *const kind_names[N_KINDS] = {"reference", "compared", "difference"};

/* ---- one figure: number point * N_KINDS + kind ---- */

static double share_of(const dominance *d, size_t point)
{
  return (double)(point + 1) / (double)d->n_points;
}

static size_t points_of(const dominance *d)
{
  return d->curve == FM_INCOME_DOMINANCE_LORENZ ? d->n_points - 1 : d->n_points; /* L(1) is always 1 */
}

static fm__call call_of(const dominance *d, size_t figure)
{
  return (fm__call){.measure = d->measure, .p = {share_of(d, figure / N_KINDS), NAN}};
}

static double side_value(const dominance *d, size_t figure, const fm__dist *const *populations, size_t side,
                         const char **state)
{
  fm__income_context c = fm__pair_context(&d->pair, populations, side);
  fm__call call = call_of(d, figure);
  return fm__call_value(&call, &c, state);
}

static double value(const void *context, size_t figure, const fm__dist *const *populations, const char **state)
{
  const dominance *d = context;
  size_t kind = figure % N_KINDS;
  double of[2] = {0, 0};
  *state = FM__OK;
  for (size_t side = 0; side < 2; side++) {
    if ((kind == REFERENCE && side == 1) || (kind == COMPARED && side == 0))
      continue;
    of[side] = side_value(d, figure, populations, side, state);
    if (isnan(of[side]))
      return NAN;
  }
  return kind == REFERENCE ? of[0] : of[1] - of[0];
}

static fm_status influence(fm__part *parts, size_t *n_parts, const void *context, size_t figure,
                           const fm__dist *const *populations, double at, fm_error *err)
{
  const dominance *d = context;
  size_t kind = figure % N_KINDS;
  const double slope[2] = {kind == REFERENCE ? 1 : kind == DIFFERENCE ? -1 : 0, kind == REFERENCE ? 0 : 1};
  fm__call call = call_of(d, figure);
  (void)at;
  *n_parts = 0;
  return fm__pair_parts(parts, n_parts, &d->pair, &call, populations, slope, err);
}

/* ---- the joint test ---- */

typedef struct verdict {
  double largest, smallest, critical; /* NaN: unknown */
} verdict;

static verdict judge(const dominance *d, const fm__estimate *estimates)
{
  size_t n = points_of(d);
  verdict v = {-INFINITY, INFINITY, NAN};
  double df = INFINITY;
  for (size_t i = 0; i < n; i++) {
    const fm__estimate *e = &estimates[i * N_KINDS + DIFFERENCE];
    if (isnan(e->value) || isnan(e->std_error))
      return (verdict){NAN, NAN, NAN};
    double t = e->std_error > 0 ? e->value / e->std_error : e->value == 0 ? 0 : copysign(INFINITY, e->value);
    v.largest = t > v.largest ? t : v.largest;
    v.smallest = t < v.smallest ? t : v.smallest;
    df = e->df;
  }
  double p = 0.5 + 0.5 * fm__pow(d->pair.level, 1 / (double)n);
  v.critical = isnan(df) || isinf(df) ? fm__normal_quantile(p) : fm__t_quantile(df, p);
  return v;
}

static void add_verdict(fm__result *r, const dominance *d, const fm__estimate *estimates, int64_t n)
{
  verdict v = judge(d, estimates);
  bool known = !isnan(v.critical), up = v.largest > v.critical, down = v.smallest < -v.critical;
  const struct {
    const char *quantity, *unit;
    double value;
  } figures[] = {{"largest_t", "ratio", v.largest},
                 {"smallest_t", "ratio", v.smallest},
                 {"critical_t", "ratio", v.critical},
                 {"compared_above", "indicator", up && !down},
                 {"reference_above", "indicator", down && !up},
                 {"crossing", "indicator", up && down}};
  for (size_t k = 0; k < FM__COUNT(figures); k++) {
    fm__figure f = fm__figure_of(figures[k].quantity, figures[k].unit);
    f.value = known ? figures[k].value : NAN;
    f.state = known ? FM__OK : FM__UNDEFINED;
    f.n = n;
    fm__result_add(r, &f);
  }
}

static fm_status each(void *context, fm__result *r, const fm__dist *const *populations, const fm__design *design,
                      const fm_run *run, fm_error *err)
{
  const dominance *d = context;
  size_t n = points_of(d) * N_KINDS, key = fm__groups_n_columns(fm__rows_ids(d->pair.records.rows, 0));
  fm__estimator e = {.context = d, .n_figures = n, .value = value, .influence = influence, .max_parts = FM__PAIR_PARTS};
  fm__estimate *estimates = fm__array(n, sizeof *estimates);
  if (estimates == NULL)
    return fm__no_memory(err);
  size_t n_populations = d->pair.n_populations;
  fm__call call = call_of(d, 0);
  const char *unit = fm__call_unit(&call, &d->pair.records.rules);
  int64_t n_both = populations[0]->n + populations[1]->n;
  fm_status status =
      fm__estimate_all(estimates, &e, populations, n_populations, n_populations, design, d->pair.level, run, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    size_t kind = i % N_KINDS;
    fm__result_key_f64(r, key, share_of(d, i / N_KINDS));
    fm__figure f = fm__estimate_figure(kind_names[kind], unit, &estimates[i], populations[kind == REFERENCE ? 0 : 1],
                                       d->pair.level);
    if (kind == DIFFERENCE) {
      f.n = n_both;
      f.weight = NAN;
    }
    fm__result_add(r, &f);
  }
  if (status == FM_OK) {
    fm__result_key_null(r, key);
    add_verdict(r, d, estimates, n_both);
  }
  fm__free(estimates);
  return status;
}

/* ---- the measure ---- */

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  dominance *d = state;
  const fm__key key = {"p", FM_F64};
  bool everyone = fm__pair_needs_everyone(&d->pair, d->measure);
  return fm__pair_result(out, &d->pair, curves[d->curve], &key, 1, everyone, each, d, run, err);
}

static void destroy(void *state)
{
  dominance *d = state;
  if (d == NULL)
    return;
  fm__pair_free(&d->pair);
  fm__free(d);
}

static fm_status check(const fm_income_dominance_spec *s, fm_error *err)
{
  if (s->curve < 0 || s->curve >= (int32_t)FM__COUNT(curves))
    return fm__fail(err, FM_ERR_ARGUMENT, "curve: expected 0 to %d, got %d", (int)FM__COUNT(curves) - 1, (int)s->curve);
  if (s->n_points < 2 || s->n_points > 1000)
    return fm__fail(err, FM_ERR_ARGUMENT, "n_points: expected 2 to 1000, got %d", (int)s->n_points);
  return FM_OK;
}

static const fm__field fields[] = {FM__FIELD(fm_income_dominance_spec, curve, FM__FIELD_I32),
                                   FM__FIELD(fm_income_dominance_spec, n_points, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  dominance *d = state;
  const fm_income_dominance_spec *s = spec;
  fm_status status = check(s, err);
  if (status != FM_OK)
    return status;
  d->curve = s->curve;
  d->n_points = (size_t)s->n_points;
  d->measure = fm__income_measure_of(curves[s->curve]);
  const fm__pair_spec pair = {.measure = "income.dominance",
                              .income = s->income,
                              .weight = s->weight,
                              .by = s->by,
                              .group = s->group,
                              .reference = s->reference,
                              .compared = s->compared,
                              .first_row = s->first_row,
                              .rules = s->rules,
                              .design = s->design,
                              .level = s->level};
  status = fm__pair_create(&d->pair, &pair, err);
  if (status == FM_OK)
    fm__pair_text(&pair, &d->pair, text);
  return status;
}

static const fm__measure measure = {.id = "income.dominance",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_income_dominance_spec, dominance),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .result = result,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_income_dominance)
