/* The library's own bootstraps of a design: factors of the weights for each replicate.
 *
 * rao_wu, one stage: of the n units of a stratum n - 1 are drawn anew, with replacement, and a unit drawn k times gets
 * the factor 1 - c + c n / (n - 1) k with c^2 = 1 - f, f the sampled share (Rao and Wu 1988; Rao, Wu and Yue 1992). A
 * factor has mean 1 and variance c^2, is never negative, and the variance of a weighted total over all replicates is
 * that of linearisation.
 *
 * Further stages: units are drawn likewise within each unit above, and factors multiply. By linearisation stage s adds
 * F (1 - f) times the variance between its units, F being the product of the shares above. Draws above change a unit's
 * part by the square of its factor so far, whose mean is the product M of (1 + c^2) over the stages above. So c^2 =
 * F (1 - f) / M, at most 1, gives each stage its part exactly. */
#include <math.h>

#include "num/random_priv.h"
#include "survey/design_priv.h"

/* ---- what can be drawn ---- */

fm_status fm__bootstrap_check(const fm__design *d, bool has_design, size_t n_auxiliaries, fm_error *err)
{
  if (n_auxiliaries > 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the bootstrap takes weights as fixed; with auxiliaries choose linearisation, or give replicate "
                    "weights that were calibrated");
  if (d->spec.bootstrap != FM_SURVEY_RAO_WU && has_design)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the %s bootstrap draws single rows and would leave strata, units and population sizes out; "
                    "choose rao_wu",
                    fm__design_name(d));
  bool lone = d->n_stages == 1 && d->stage[0].n_strata == 1; /* it says nothing under any rule */
  if (d->n_lonely > 0 && !lone && d->spec.lonely != FM_SURVEY_LONELY_REMOVE)
    return fm__fail(err, FM_ERR_VALUE,
                    "%zu of the design's strata %s a single sampled unit, of which nothing can be drawn anew; merge "
                    "strata, or choose lonely = remove",
                    d->n_lonely, d->n_lonely == 1 ? "has" : "have");
  return FM_OK;
}

/* Whether replicates can differ, or are known not to. */
static bool says_something(const fm__design *d)
{
  const fm__stage *s = &d->stage[0];
  for (size_t i = 0; i < s->n_strata; i++)
    if (s->sampled[i] > 1 || s->rest[i] == 0)
      return true;
  return false;
}

/* ---- rao_wu ---- */

/* The clusters of a stage in one replicate. */
typedef struct drawn {
  double *factor, *square; /* of the weights, and the mean of its square over replicates */
} drawn;

static void free_drawn(drawn *x)
{
  fm__free(x->factor);
  fm__free(x->square);
  *x = (drawn){NULL, NULL};
}

/* What a stratum lies in. */
typedef struct above {
  double factor, square, fraction;
} above;

typedef struct drawing {
  const fm__design *d;
  uint32_t replicate;
  uint64_t *count, *size; /* clusters of one stratum; size only where rows are pooled */
} drawing;

static void draw_stratum(drawn *to, const drawing *w, size_t k, size_t stratum, const above *up)
{
  const fm__stage *s = &w->d->stage[k];
  size_t from = s->first[stratum], n_clusters = s->first[stratum + 1] - from;
  bool pooled = k + 1 == w->d->n_stages && w->d->cell_count != NULL;
  double n = s->sampled[stratum], squared = up->fraction * s->rest[stratum] / up->square;
  if (n < 2 || squared == 0) {
    for (size_t i = 0; i < n_clusters; i++) {
      to->factor[from + i] = up->factor;
      to->square[from + i] = up->square;
    }
    return;
  }
  fm__random r;
  fm__random_start(&r, w->d->spec.seed, FM__RANDOM_UNITS + (uint32_t)k, w->replicate, (uint32_t)stratum);
  for (size_t i = 0; pooled && i < n_clusters; i++)
    w->size[i] = (uint64_t)w->d->cell_count[from + i];
  fm__random_multinomial(w->count, &r, (uint64_t)n - 1, pooled ? w->size : NULL, n_clusters);
  double c = sqrt(squared), each = n / (n - 1);
  for (size_t i = 0; i < n_clusters; i++) {
    double times = pooled ? (double)w->count[i] / (double)w->size[i] : (double)w->count[i];
    to->factor[from + i] = up->factor * ((1 - c) + c * (each * times));
    to->square[from + i] = up->square * (1 + squared);
  }
}

/* Draws within the clusters of the stage above. */
static void draw_stage(drawn *to, const drawing *w, size_t k, const drawn *over)
{
  const fm__stage *s = &w->d->stage[k], *up = s - 1;
  if (k == 0) {
    for (size_t i = 0; i < s->n_strata; i++)
      draw_stratum(to, w, k, i, &(above){1, 1, 1});
    return;
  }
  for (size_t h = 0; h < up->n_strata; h++)
    for (size_t c = up->first[h]; c < up->first[h + 1]; c++) {
      const above in = {over->factor[c], over->square[c], up->fraction[h]};
      for (size_t i = s->parent[c]; i < s->parent[c + 1]; i++)
        draw_stratum(to, w, k, i, &in);
    }
}

static size_t largest_stratum(const fm__design *d)
{
  size_t most = 0;
  for (size_t k = 0; k < d->n_stages; k++)
    for (size_t i = 0; i < d->stage[k].n_strata; i++) {
      size_t n = d->stage[k].first[i + 1] - d->stage[k].first[i];
      most = n > most ? n : most;
    }
  return most;
}

static fm_status rao_wu(double *factor, const fm__design *d, uint32_t replicate, fm_error *err)
{
  drawn over = {NULL, NULL}, here = {NULL, NULL};
  size_t most = largest_stratum(d);
  drawing w = {.d = d, .replicate = replicate};
  w.count = fm__array(most, sizeof *w.count);
  w.size = fm__array(d->cell_count != NULL ? most : 0, sizeof *w.size);
  fm_status status = w.count != NULL && w.size != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < d->n_stages && status == FM_OK; k++) {
    size_t n = d->stage[k].n_clusters;
    here = (drawn){fm__array(n, sizeof *here.factor), fm__array(n, sizeof *here.square)};
    if (here.factor == NULL || here.square == NULL) {
      status = fm__no_memory(err);
      break;
    }
    draw_stage(&here, &w, k, &over);
    free_drawn(&over);
    over = here;
    here = (drawn){NULL, NULL};
  }
  for (size_t i = 0; status == FM_OK && i < d->n_units; i++)
    factor[i] = over.factor[i];
  free_drawn(&over);
  free_drawn(&here);
  fm__free(w.count);
  fm__free(w.size);
  return status;
}

/* ---- rows ---- */

bool fm__design_resample(fm__resample *out, const fm__design *d)
{
  enum { MOST_POOLED = 16 }; /* rows a unit on average, up to which drawing each is faster than drawing their number */
  uint64_t rows = 0;
  if (d->spec.method != FM_SURVEY_BOOTSTRAP || d->spec.bootstrap == FM_SURVEY_RAO_WU || !says_something(d))
    return false;
  for (size_t i = 0; i < d->n_units; i++)
    rows += d->count != NULL ? d->count[i] : 1;
  if (rows / MOST_POOLED > d->n_units)
    return false;
  bool poisson = d->spec.bootstrap == FM_SURVEY_POISSON;
  *out = (fm__resample){
      .kind = poisson ? FM__RESAMPLE_POISSON : FM__RESAMPLE_MULTINOMIAL, .seed = d->spec.seed, .n = (size_t)rows};
  return true;
}

/* Each row by itself. */
static fm_status single_rows(double *factor, const fm__design *d, const fm__resample *rows, uint32_t replicate,
                             fm_error *err)
{
  fm__resample_counts counts;
  uint8_t *count = fm__alloc(FM__RESAMPLE_STRETCH * FM__RESAMPLE_GROUP);
  if (count == NULL)
    return fm__no_memory(err);
  size_t unit = 0;
  uint64_t times = 0, n_rows = 0; /* of this unit so far */
  fm__resample_start(&counts, rows, replicate / FM__RESAMPLE_GROUP);
  for (size_t n; (n = fm__resample_next(count, &counts)) > 0;)
    for (size_t i = 0; i < n; i++) {
      uint64_t pooled = d->count != NULL ? d->count[unit] : 1;
      times += count[i * FM__RESAMPLE_GROUP + replicate % FM__RESAMPLE_GROUP];
      if (++n_rows == pooled) {
        factor[unit++] = (double)times / (double)pooled;
        times = n_rows = 0;
      }
    }
  fm__free(count);
  return FM_OK;
}

/* The number of draws of each unit. */
static fm_status pooled_rows(double *factor, const fm__design *d, uint32_t replicate, fm_error *err)
{
  fm__random r;
  fm__random_start(&r, d->spec.seed, FM__RANDOM_UNITS, replicate, 0);
  if (d->spec.bootstrap == FM_SURVEY_POISSON) {
    for (size_t i = 0; i < d->n_units; i++)
      factor[i] = (double)fm__random_poisson(&r, (double)d->count[i]) / (double)d->count[i];
    return FM_OK;
  }
  uint64_t *times = fm__array(d->n_units, sizeof *times), rows = 0;
  if (times == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < d->n_units; i++)
    rows += d->count[i];
  fm__random_multinomial(times, &r, rows, d->count, d->n_units);
  for (size_t i = 0; i < d->n_units; i++)
    factor[i] = (double)times[i] / (double)d->count[i];
  fm__free(times);
  return FM_OK;
}

fm_status fm__bootstrap_replicate(double *factor, const fm__design *d, size_t r, fm_error *err)
{
  if (!says_something(d)) {
    for (size_t i = 0; i < d->n_units; i++)
      factor[i] = NAN;
    return FM_OK;
  }
  if (d->spec.bootstrap == FM_SURVEY_RAO_WU)
    return rao_wu(factor, d, (uint32_t)r, err);
  fm__resample rows;
  if (fm__design_resample(&rows, d))
    return single_rows(factor, d, &rows, (uint32_t)r, err);
  return pooled_rows(factor, d, (uint32_t)r, err);
}
