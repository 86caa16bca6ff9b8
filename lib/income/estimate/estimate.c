/* Figures with sampling errors: by linearisation, or by computing all of them anew with each replicate's weights. */
#include "income/estimate/estimate_priv.h"

#include <math.h>
#include <string.h>

#include "income/estimate/bootstrap_priv.h"
#include "num/num_priv.h"

/* One call of fm__estimate_all. */
typedef struct job {
  const fm__estimator *e;
  const fm__dist *const *populations;
  size_t n_populations;
  const fm__design *design;
  fm__estimate *out;
  double *replicates; /* n_replicates a figure */
  bool *done;         /* figures whose replicates are there */
  size_t n_replicates;
  size_t first; /* of the replicates in hand */
} job;

/* ---- the variance that independent drawing would have ---- */

/* Sums over rows of t and t^2, t = w u scaled to stay within doubles. */
typedef struct spread {
  fm__sum sum, squares;
  double scale;
} spread;

static void add_row(spread *s, double t, double without, double count)
{
  double a = t * s->scale, b = without * s->scale;
  fm__sum_add(&s->sum, count * (a - b));
  fm__sum_add(&s->squares, count * (a * a - b * b));
}

/* The members of one income, whose influence is u; `beside` is what the rows have from another population. */
static void add_members(spread *s, const fm__dist *d, const fm__atom *a, double u, double beside)
{
  for (size_t i = a->first; i < a->end; i++) {
    const fm__member *m = fm__dist_member(d, i);
    double w = m->w * d->w_scale;
    add_row(s, w * u + m->w * beside, m->w * beside, m->count);
  }
}

/* The rows of `whole`, some of which are those of `part`, too: part's influence comes on top. `part` may be NULL. */
static void add_nested(spread *s, const fm__part *whole, const fm__dist *all, const fm__part *part,
                       const fm__dist *some)
{
  fm__influence_pass pass, inner;
  fm__atom a, b;
  bool more = false;
  fm__influence_start(&pass, &whole->influence);
  if (part != NULL) {
    fm__influence_start(&inner, &part->influence);
    fm__dist_start(&b, some);
    more = fm__dist_next(&b);
  }
  for (fm__dist_start(&a, all); fm__dist_next(&a);) {
    double u = fm__influence_next(&pass, &a), x = fm__dist_member(all, a.first)->x;
    add_members(s, all, &a, u, 0);
    if (!more || fm__dist_member(some, b.first)->x != x)
      continue;
    add_members(s, some, &b, fm__influence_next(&inner, &b), u * all->w_scale);
    more = fm__dist_next(&b);
  }
}

/* The same where whole's influence is shared: only the rows of `part` are read. */
static void add_shared(spread *s, const fm__shared *shared, double factor, const fm__part *part, const fm__dist *some)
{
  fm__influence_pass pass, inner;
  fm__atom b;
  double by = factor * (s->scale / shared->scale);
  fm__sum_add(&s->sum, by * shared->sum);
  fm__sum_add(&s->squares, by * by * shared->squares);
  if (part == NULL)
    return;
  fm__influence_start(&pass, &shared->part.influence);
  fm__influence_start(&inner, &part->influence);
  for (fm__dist_start(&b, some); fm__dist_next(&b);) {
    double u = factor * fm__influence_next(&pass, &b);
    add_members(s, some, &b, fm__influence_next(&inner, &b), u * shared->dist->w_scale);
  }
}

static double design_effect(const job *j, const fm__part *parts, size_t n_parts, double std_error)
{
  size_t last = j->n_populations - 1;
  int exponent;
  double factor;
  if (!(std_error > 0) || isinf(std_error) || n_parts == 0 || n_parts > 2)
    return NAN;
  frexp(std_error, &exponent);
  spread s = {.scale = ldexp(1, exponent < -1000 ? 1000 : -exponent)};
  const fm__part *whole = &parts[n_parts - 1], *part = NULL;
  if (n_parts == 2) {
    whole = parts[0].population == last ? &parts[0] : &parts[1];
    part = whole == parts ? &parts[1] : &parts[0];
    if (!j->e->nested || whole->population != last || part->population == last)
      return NAN;
  }
  const fm__dist *all = j->populations[whole->population],
                 *some = part != NULL ? j->populations[part->population] : NULL;
  const fm__shared *shared = fm__shared_of(&factor, j->e, whole);
  if (shared != NULL && (some == NULL || some->x_scale == all->x_scale))
    add_shared(&s, shared, factor, part, some);
  else
    add_nested(&s, whole, all, part, some);
  double n = (double)(j->e->n_rows > 0 ? j->e->n_rows : all->n);
  double sum = fm__sum_value(&s.sum), se = std_error * s.scale;
  double independent = n / (n - 1) * (fm__sum_value(&s.squares) - sum * sum / n);
  return independent > 0 ? se * se / independent : NAN;
}

/* ---- linearisation ---- */

static bool is_difference(const fm__estimator *e, size_t figure)
{
  return e->is_difference != NULL && e->is_difference(e->context, figure);
}

/* `errors` NULL: replicates have given the standard error. `parts` has room. */
static fm_status one_error(const job *j, size_t figure, fm__errors *errors, fm__part *parts, fm_error *err)
{
  fm__estimate *out = &j->out[figure];
  size_t n_parts = 0;
  if (isnan(out->value) || j->e->influence == NULL || (errors == NULL && j->e->errors_only))
    return FM_OK;
  fm_status status = j->e->influence(parts, &n_parts, j->e->context, figure, j->populations, out->value, err);
  if (status != FM_OK || n_parts == 0)
    return status;
  if (errors != NULL)
    status = fm__errors_of_parts(&out->std_error, errors, parts, n_parts, err);
  if (status == FM_OK && !j->e->errors_only && !is_difference(j->e, figure))
    out->design_effect = design_effect(j, parts, n_parts, out->std_error);
  return status;
}

/* Standard errors, unless replicates have given them, and design effects. */
static fm_status linearise(const job *j, fm__errors *errors, fm_error *err)
{
  fm__part *parts = fm__array(j->e->max_parts, sizeof *parts);
  fm_status status = parts != NULL ? FM_OK : fm__no_memory(err);
  for (size_t f = 0; f < j->e->n_figures && status == FM_OK; f++)
    status = one_error(j, f, j->n_replicates == 0 ? errors : NULL, parts, err);
  fm__free(parts);
  return status;
}

/* ---- replicates ---- */

static fm_status one_replicate(void *ctx, size_t i)
{
  const job *j = ctx;
  size_t r = j->first + i, n_made = 0;
  double *factor = fm__array(fm__design_n_units(j->design), sizeof *factor);
  fm__dist *made = fm__array(j->n_populations, sizeof *made);
  const fm__dist **populations = fm__array(j->n_populations, sizeof *populations);
  fm_status status = factor != NULL && made != NULL && populations != NULL
                         ? fm__design_replicate(factor, j->design, r, NULL)
                         : FM_ERR_MEMORY;
  while (n_made < j->n_populations && status == FM_OK) {
    status = fm__dist_reweighted(&made[n_made], j->populations[n_made], factor, NULL);
    populations[n_made] = &made[n_made];
    n_made += status == FM_OK;
  }
  for (size_t f = 0; f < j->e->n_figures && status == FM_OK; f++) {
    const char *state = FM__OK;
    if (j->done[f])
      continue;
    j->replicates[f * j->n_replicates + r] = j->e->value(j->e->context, f, populations, &state);
  }
  while (n_made > 0)
    fm__dist_free(&made[--n_made]);
  fm__free(factor);
  fm__free(made);
  fm__free(populations);
  return status;
}

/* The figures that need no populations of their own. */
static fm_status replicate_ginis(size_t *n_done, job *j, const fm_run *run, fm_error *err)
{
  fm__resample rows;
  fm__subrun part;
  double each = 1 / (double)j->e->n_figures;
  fm_status status = FM_OK;
  bool by_rows = j->e->is_gini != NULL && fm__design_resample(&rows, j->design);
  for (size_t f = 0; by_rows && f < j->e->n_figures && status == FM_OK; f++) {
    size_t population = 0, n = j->n_replicates;
    double factor = 1, *to = j->replicates + f * n;
    j->done[f] = j->e->is_gini(&population, &factor, j->e->context, f);
    if (!j->done[f])
      continue;
    double before = (double)(*n_done)++ * each;
    status = fm__gini_replicates(to, j->populations[population], &rows, n,
                                 fm__run_within(&part, run, before, before + each), err);
    for (size_t r = 0; r < n && status == FM_OK; r++)
      to[r] *= factor;
  }
  return status;
}

static fm_status replicate_others(job *j, size_t n_done, const fm_run *run, fm_error *err)
{
  enum { ROUND = 64 }; /* replicates between two looks at whether to go on */
  size_t n = j->n_replicates;
  double before = (double)n_done / (double)j->e->n_figures;
  fm_status status = FM_OK;
  for (j->first = 0; j->first < n && status == FM_OK; j->first += ROUND) {
    size_t now = n - j->first < ROUND ? n - j->first : ROUND;
    status = fm__run_tasks(run, one_replicate, j, now, err);
    if (status == FM_OK)
      status = fm__run_progress(run, before + (1 - before) * ((double)(j->first + now) / (double)n), err);
  }
  return status;
}

static fm_status replicate(job *j, const fm_run *run, fm_error *err)
{
  size_t n_cells, n = j->n_replicates, n_done = 0;
  fm_status status = FM_OK;
  if (!fm__multiply(j->e->n_figures, n, &n_cells))
    return fm__no_memory(err);
  j->replicates = fm__array(n_cells, sizeof(double));
  j->done = fm__array(j->e->n_figures, sizeof *j->done);
  if (j->replicates == NULL || j->done == NULL)
    status = fm__no_memory(err);
  else
    status = replicate_ginis(&n_done, j, run, err);
  if (status == FM_OK && n_done < j->e->n_figures)
    status = replicate_others(j, n_done, run, err);
  for (size_t f = 0; f < j->e->n_figures && status == FM_OK; f++)
    if (!isnan(j->out[f].value))
      j->out[f].std_error = fm__design_combine_std_error(j->design, j->out[f].value, j->replicates + f * n);
  fm__free(j->replicates);
  fm__free(j->done);
  return status;
}

static fm_status check_totals(const job *j, fm_error *err)
{
  if (j->e->is_total == NULL || strcmp(fm__design_name(j->design), "poisson") != 0)
    return FM_OK;
  for (size_t f = 0; f < j->e->n_figures; f++)
    if (j->e->is_total(j->e->context, f))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "bootstrap: a Poisson bootstrap does not keep the size of the sample and gives no error of a "
                      "total; choose rao_wu or multinomial");
  return FM_OK;
}

/* ---- limits ---- */

static void set_limits(fm__estimate *out, const fm__estimator *e, size_t figure, double level)
{
  bool rate = e->is_rate != NULL && e->is_rate(e->context, figure);
  double unit = rate && e->rate_unit != 0 ? e->rate_unit : 1;
  if (isnan(out->value) || isnan(out->std_error))
    return;
  fm__survey_limits(&out->ci_low, &out->ci_high, out->value / unit, out->std_error / unit, out->df, level, rate);
  out->ci_low *= unit;
  out->ci_high *= unit;
}

fm_status fm__estimate_all(fm__estimate *out, const fm__estimator *e, const fm__dist *const *populations,
                           size_t n_populations, size_t domain, const fm__design *design, double level,
                           const fm_run *run, fm_error *err)
{
  job j = {.e = e,
           .populations = populations,
           .n_populations = n_populations,
           .design = design,
           .out = out,
           .n_replicates = fm__design_n_replicates(design)};
  fm__errors errors = {e, populations, n_populations, design, NULL};
  double df = NAN;
  fm_status status = check_totals(&j, err);
  for (size_t f = 0; f < e->n_figures && status == FM_OK; f++) {
    out[f] = (fm__estimate){NAN, NAN, NAN, NAN, NAN, NAN, FM__OK};
    out[f].value = e->value(e->context, f, populations, &out[f].state);
  }
  if (status != FM_OK || fm__design_method(design) == FM_SURVEY_NONE)
    return status;
  if (j.n_replicates > 0)
    status = replicate(&j, run, err);
  if (status == FM_OK)
    status = fm__errors_make(&errors, err);
  if (status == FM_OK)
    status = linearise(&j, &errors, err);
  if (status == FM_OK)
    status = fm__errors_df(&df, &errors, domain, err);
  fm__errors_free(&errors);
  for (size_t f = 0; f < e->n_figures && status == FM_OK; f++) {
    out[f].df = isnan(out[f].std_error) ? NAN : df;
    set_limits(&out[f], e, f, level);
  }
  return status;
}

fm__figure fm__estimate_figure(const char *quantity, const char *unit, const fm__estimate *e, const fm__dist *d,
                               double level)
{
  fm__figure f = fm__figure_of(quantity, unit);
  f.state = e->state;
  f.value = e->value;
  f.std_error = e->std_error;
  f.ci_low = e->ci_low;
  f.ci_high = e->ci_high;
  f.level = isnan(e->ci_low) && isnan(e->ci_high) ? NAN : level;
  f.n = d->n;
  f.weight = d->weight / d->w_scale;
  return f;
}
