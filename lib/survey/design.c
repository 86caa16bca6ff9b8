/* From rows to strata and clusters. */
#include "survey/design_priv.h"

#include <math.h>
#include <string.h>

void fm__design_destroy(fm__design *d)
{
  if (d == NULL)
    return;
  for (size_t k = 0; k < FM__MAX_STAGES; k++) {
    fm__stage *s = &d->stage[k];
    fm__free(s->first);
    fm__free(s->parent);
    fm__free(s->cells);
    fm__free(s->sampled);
    fm__free(s->rest);
    fm__free(s->fraction);
  }
  fm__free(d->cell_count);
  fm__free(d->count);
  fm__free(d->cell);
  fm__free(d->order);
  fm__free(d->rscales);
  fm__auxiliaries_destroy(d->auxiliaries);
  fm__free(d);
}

/* ---- rows in the order of their strata and clusters ---- */

static uint64_t key_of(const fm__design_input *in, size_t k, size_t row)
{
  uint64_t stratum = in->stratum[k] != NULL ? in->stratum[k][row] : 0;
  return stratum << 32 | (in->cluster[k] != NULL ? in->cluster[k][row] : 0);
}

static bool in_order(const fm__design_input *in, size_t n_stages)
{
  for (size_t i = 1; i < in->n; i++)
    for (size_t k = 0; k < n_stages; k++) {
      uint64_t before = key_of(in, k, i - 1), here = key_of(in, k, i);
      if (before > here)
        return false;
      if (before < here)
        break;
    }
  return true;
}

/* Creates the row numbers by stratum and cluster of each stage; within a cell rows keep their order. */
static fm_status sort_rows(uint32_t **out, const fm__design_input *in, size_t n_stages, fm_error *err)
{
  uint32_t *order = fm__array(in->n, sizeof *order);
  fm__item *items = NULL;
  bool sorted = in_order(in, n_stages);
  if (!sorted)
    items = fm__array(in->n, 2 * sizeof *items);
  if (order == NULL || (!sorted && items == NULL)) {
    fm__free(order);
    fm__free(items);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < in->n; i++)
    order[i] = (uint32_t)i;
  for (size_t i = 0; !sorted && i < in->n; i++)
    items[i].value = i;
  for (size_t k = n_stages; !sorted && k-- > 0;) {
    for (size_t i = 0; i < in->n; i++)
      items[i].key = key_of(in, k, (size_t)items[i].value);
    fm__sort_items(items, items + in->n, in->n);
  }
  for (size_t i = 0; !sorted && i < in->n; i++)
    order[i] = (uint32_t)items[i].value;
  fm__free(items);
  *out = order;
  return FM_OK;
}

/* ---- the walk: done twice, first to count, then to fill ---- */

typedef struct walk {
  fm__design *d;
  const fm__design_input *in;
  const uint32_t *order;
  uint32_t *cell; /* of each row; NULL while counting */
} walk;

static fm_status start_stratum(walk *w, size_t k, size_t row, fm_error *err)
{
  fm__stage *s = &w->d->stage[k];
  if (w->cell == NULL)
    return FM_OK;
  s->first[s->n_strata] = s->n_clusters;
  if (w->in->fpc[k] == NULL)
    return FM_OK;
  double fpc = w->in->fpc[k][row];
  bool share = w->d->spec.fpc_kind == FM_SURVEY_FPC_SHARE;
  if (!(fpc > 0 && fpc < INFINITY) || (share && fpc > 1))
    return fm__fail(err, FM_ERR_VALUE, "a population size (fpc) of stage %zu is not %s", k + 1,
                    share ? "a share above 0 and at most 1" : "a number above 0");
  s->rest[s->n_strata] = fpc; /* as given, until the stratum's clusters are counted */
  return FM_OK;
}

static fm_status same_fpc(const walk *w, size_t k, size_t row, fm_error *err)
{
  const fm__stage *s = &w->d->stage[k];
  if (w->cell != NULL && w->in->fpc[k] != NULL && w->in->fpc[k][row] != s->rest[s->n_strata - 1])
    return fm__fail(err, FM_ERR_VALUE,
                    "the population sizes (fpc) of stage %zu differ within a stratum; "
                    "expected one number for all rows of a stratum",
                    k + 1);
  return FM_OK;
}

static void start_cluster(walk *w, size_t k)
{
  fm__stage *s = &w->d->stage[k], *below = s + 1;
  size_t last = w->d->n_stages - 1;
  if (w->cell != NULL && k < last) {
    s->cells[s->n_clusters] = w->d->stage[last].n_clusters;
    below->parent[s->n_clusters] = below->n_strata;
  }
  s->n_clusters++;
}

static bool differs(const uint32_t *ids, size_t a, size_t b)
{
  return ids != NULL && ids[a] != ids[b];
}

static fm_status go(walk *w, fm_error *err)
{
  const fm__design_input *in = w->in;
  fm__design *d = w->d;
  fm_status status = FM_OK;
  for (size_t k = 0; k < d->n_stages; k++)
    d->stage[k].n_strata = d->stage[k].n_clusters = 0;
  for (size_t i = 0; i < in->n && status == FM_OK; i++) {
    size_t row = w->order[i], before = i > 0 ? w->order[i - 1] : row;
    bool fresh = i == 0;
    for (size_t k = 0; k < d->n_stages && status == FM_OK; k++) {
      bool stratum = fresh || differs(in->stratum[k], row, before);
      if (stratum) {
        status = start_stratum(w, k, row, err);
        d->stage[k].n_strata++;
      } else {
        status = same_fpc(w, k, row, err);
      }
      fresh = stratum || in->cluster[k] == NULL || differs(in->cluster[k], row, before);
      if (fresh)
        start_cluster(w, k);
    }
    if (w->cell != NULL)
      w->cell[row] = (uint32_t)(d->stage[d->n_stages - 1].n_clusters - 1);
  }
  return status;
}

static fm_status make_room(fm__design *d, fm_error *err)
{
  for (size_t k = 0; k < d->n_stages; k++) {
    fm__stage *s = &d->stage[k];
    bool last = k + 1 == d->n_stages;
    s->first = fm__array(s->n_strata + 1, sizeof *s->first);
    s->sampled = fm__array(s->n_strata, sizeof *s->sampled);
    s->rest = fm__array(s->n_strata, sizeof *s->rest);
    s->fraction = fm__array(s->n_strata, sizeof *s->fraction);
    s->cells = last ? NULL : fm__array(s->n_clusters + 1, sizeof *s->cells);
    s->parent = k == 0 ? NULL : fm__array(d->stage[k - 1].n_clusters + 1, sizeof *s->parent);
    if (s->first == NULL || s->sampled == NULL || s->rest == NULL || s->fraction == NULL ||
        (!last && s->cells == NULL) || (k > 0 && s->parent == NULL))
      return fm__no_memory(err);
  }
  return FM_OK;
}

static void close_ranges(fm__design *d)
{
  d->n_cells = d->stage[d->n_stages - 1].n_clusters;
  for (size_t k = 0; k < d->n_stages; k++) {
    fm__stage *s = &d->stage[k];
    s->first[s->n_strata] = s->n_clusters;
    if (k + 1 < d->n_stages) {
      s->cells[s->n_clusters] = d->n_cells;
      s[1].parent[s->n_clusters] = s[1].n_strata;
    }
  }
}

/* ---- sizes and sampling fractions ---- */

static double sampled_in(const fm__design *d, size_t k, size_t stratum)
{
  const fm__stage *s = &d->stage[k];
  double n = (double)(s->first[stratum + 1] - s->first[stratum]);
  if (k + 1 < d->n_stages || d->cell_count == NULL)
    return n;
  n = 0;
  for (size_t c = s->first[stratum]; c < s->first[stratum + 1]; c++)
    n += d->cell_count[c]; /* whole numbers: exact */
  return n;
}

static fm_status set_fraction(fm__design *d, size_t k, size_t stratum, double above, bool fpc, fm_error *err)
{
  fm__stage *s = &d->stage[k];
  double n = sampled_in(d, k, stratum), given = s->rest[stratum], share = 0;
  s->sampled[stratum] = n;
  s->rest[stratum] = 1;
  if (fpc && d->spec.fpc_kind == FM_SURVEY_FPC_SHARE) {
    share = given;
    s->rest[stratum] = 1 - given;
  } else if (fpc && given < n) {
    return fm__fail(err, FM_ERR_VALUE,
                    "a stratum of stage %zu has %.0f units in the sample, more than its population "
                    "size (fpc) says there are",
                    k + 1, n);
  } else if (fpc) {
    share = n / given;
    s->rest[stratum] = (given - n) / given;
  }
  s->fraction[stratum] = above * share;
  d->n_lonely += n == 1 && s->rest[stratum] > 0;
  return FM_OK;
}

static fm_status set_fractions(fm__design *d, const fm__design_input *in, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < d->n_stages; k++) {
    const fm__stage *s = &d->stage[k], *up = k > 0 ? s - 1 : NULL;
    size_t n_above = k > 0 ? up->n_clusters : 1, stratum = 0;
    for (size_t c = 0; c < n_above; c++) {
      size_t end = k > 0 ? s->parent[c + 1] : s->n_strata, from = k > 0 ? s->parent[c] : 0;
      while (k > 0 && up->first[stratum + 1] <= c)
        stratum++;
      for (size_t i = from; i < end && status == FM_OK; i++)
        status = set_fraction(d, k, i, k > 0 ? up->fraction[stratum] : 1, in->fpc[k] != NULL, err);
    }
  }
  return status;
}

static fm_status count_cells(fm__design *d, const fm__design_input *in, const uint32_t *cell, fm_error *err)
{
  if (in->count == NULL || in->cluster[d->n_stages - 1] != NULL)
    return FM_OK;
  d->cell_count = fm__array(d->n_cells, sizeof *d->cell_count);
  if (d->cell_count == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < in->n; i++)
    d->cell_count[cell[i]] = (double)in->count[i];
  return FM_OK;
}

/* A single unit in all says nothing under any rule; that is no error here. */
static fm_status check_lonely(const fm__design *d, fm_error *err)
{
  if (d->n_lonely == 0 || d->spec.lonely != FM_SURVEY_LONELY_FAIL || d->spec.method != FM_SURVEY_TAYLOR ||
      (d->n_stages == 1 && d->stage[0].n_strata == 1))
    return FM_OK;
  return fm__fail(err, FM_ERR_VALUE,
                  "%zu of the design's strata %s a single sampled unit, expected at least 2; merge strata, or choose "
                  "lonely = remove, adjust or average",
                  d->n_lonely, d->n_lonely == 1 ? "has" : "have");
}

/* ---- creating ---- */

static fm_status build(fm__design *d, uint32_t *cell, const fm__design_input *in, fm_error *err)
{
  walk w = {.d = d, .in = in};
  fm_status status = sort_rows(&d->order, in, d->n_stages, err);
  w.order = d->order;
  if (status == FM_OK)
    status = go(&w, err);
  if (status == FM_OK)
    status = make_room(d, err);
  w.cell = cell;
  if (status == FM_OK)
    status = go(&w, err);
  if (status != FM_OK)
    return status;
  close_ranges(d);
  status = count_cells(d, in, cell, err);
  if (status == FM_OK)
    status = set_fractions(d, in, err);
  return status == FM_OK ? check_lonely(d, err) : status;
}

/* Whether the design must tell single rows apart. */
static bool rows_are_units(const fm__design *d, size_t n_auxiliaries)
{
  const fm_survey_design_spec *s = &d->spec;
  return s->method == FM_SURVEY_REPLICATES || (s->method == FM_SURVEY_TAYLOR && n_auxiliaries > 0) ||
         (s->method == FM_SURVEY_BOOTSTRAP && s->bootstrap != FM_SURVEY_RAO_WU);
}

static bool has_design(const fm__design_input *in)
{
  for (size_t k = 0; k < in->n_stages; k++)
    if (in->stratum[k] != NULL || in->cluster[k] != NULL || in->fpc[k] != NULL)
      return true;
  return false;
}

static fm_status take_spec(fm__design *d, const fm__design_input *in, const fm_survey_design_spec *spec, fm_error *err)
{
  fm_status status = fm__design_spec_check(spec, err);
  if (status != FM_OK)
    return status;
  d->spec = *spec;
  d->spec.strata = d->spec.psu = d->spec.fpc = d->spec.replicates = NULL;
  d->spec.auxiliaries = d->spec.base_weight = NULL;
  d->spec.rscales = NULL;
  if (spec->bootstrap == FM_SURVEY_AUTO)
    d->spec.bootstrap = has_design(in) ? FM_SURVEY_RAO_WU : FM_SURVEY_MULTINOMIAL;
  if (in->n_auxiliaries > 0 && spec->method == FM_SURVEY_REPLICATES)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "auxiliaries go with linearisation (method taylor) only; calibrate the "
                    "replicate weights instead, one by one");
  d->n_stages = 1; /* later stages add only while the share sampled above them is known */
  bool by_rows = spec->method == FM_SURVEY_BOOTSTRAP && d->spec.bootstrap != FM_SURVEY_RAO_WU;
  while (!by_rows && d->n_stages < in->n_stages && in->fpc[d->n_stages - 1] != NULL)
    d->n_stages++;
  return FM_OK;
}

static fm_status keep_rows(fm__design *d, uint32_t **unit, const fm__design_input *in, fm_error *err)
{
  d->n_units = in->n;
  d->cell = *unit;
  *unit = fm__array(in->n, sizeof **unit);
  if (in->count != NULL)
    d->count = fm__array(in->n, sizeof *d->count);
  if (*unit == NULL || (in->count != NULL && d->count == NULL))
    return fm__no_memory(err);
  for (size_t i = 0; i < in->n; i++)
    (*unit)[i] = (uint32_t)i;
  if (in->count != NULL && in->n > 0)
    memcpy(d->count, in->count, in->n * sizeof *d->count);
  return FM_OK;
}

fm_status fm__design_create(fm__design **out, uint32_t **unit, const fm__design_input *in,
                            const fm_survey_design_spec *spec, fm_error *err)
{
  fm__design *d = fm__array(1, sizeof *d);
  *out = NULL;
  *unit = NULL;
  if (d == NULL)
    return fm__no_memory(err);
  fm_status status = take_spec(d, in, spec, err);
  if (status == FM_OK && in->n >= UINT32_MAX)
    status = fm__fail(err, FM_ERR_LIMIT, "a design has at most %lu rows", (unsigned long)UINT32_MAX - 1);
  if (status == FM_OK && (*unit = fm__array(in->n, sizeof **unit)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = build(d, *unit, in, err);
  if (status == FM_OK && rows_are_units(d, in->n_auxiliaries)) {
    status = keep_rows(d, unit, in, err);
  } else if (status == FM_OK) {
    d->n_units = d->n_cells;
    fm__free(d->order);
    d->order = NULL;
  }
  if (status == FM_OK && spec->method == FM_SURVEY_BOOTSTRAP)
    status = fm__bootstrap_check(d, has_design(in), in->n_auxiliaries, err);
  if (status == FM_OK && spec->method == FM_SURVEY_REPLICATES)
    status = fm__design_take_replicates(d, in, spec, err);
  if (status == FM_OK && in->n_auxiliaries > 0 && spec->method == FM_SURVEY_TAYLOR)
    status = fm__design_take_auxiliaries(d, in, err);
  if (status != FM_OK) {
    fm__design_destroy(d);
    fm__free(*unit);
    *unit = NULL;
    return status;
  }
  *out = d;
  return FM_OK;
}
