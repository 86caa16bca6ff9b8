/* The columns a design needs of a measure's rows, and the design of reduced rows. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "survey/design_priv.h"

enum { MAX_REPLICATES = 100000 };

/* ---- lists of names ---- */

typedef struct names {
  char **items;
  size_t n, capacity;
} names;

static void free_names(char **items, size_t n)
{
  for (size_t k = 0; items != NULL && k < n; k++)
    fm__free(items[k]);
  fm__free(items);
}

static fm_status add_name(names *to, const char *text, size_t length, fm_error *err)
{
  if (!fm__grow((void **)&to->items, &to->capacity, to->n + 1, sizeof *to->items))
    return fm__no_memory(err);
  to->items[to->n] = fm__copy_text(text, length);
  return to->items[to->n++] != NULL ? FM_OK : fm__no_memory(err);
}

static size_t digits_at_end(const char *text, size_t length)
{
  size_t n = 0;
  while (n < length && n < 9 && text[length - n - 1] >= '0' && text[length - n - 1] <= '9')
    n++;
  return n;
}

static int32_t number_at_end(const char *text, size_t length, size_t digits)
{
  int32_t v = 0;
  for (size_t i = length - digits; i < length; i++)
    v = v * 10 + (text[i] - '0');
  return v;
}

/* "r1:r48" or "w001:w120": the same letters, rising numbers, as many digits as the first has. */
static fm_status add_range(names *to, const char *first, size_t length, const char *last, size_t last_length,
                           fm_error *err)
{
  size_t digits = digits_at_end(first, length), last_digits = digits_at_end(last, last_length);
  size_t letters = length - digits;
  char name[256];
  bool fits = digits > 0 && last_digits > 0 && letters < sizeof name - 16 && letters == last_length - last_digits &&
              memcmp(first, last, letters) == 0;
  int32_t from = fits ? number_at_end(first, length, digits) : 0;
  int32_t end = fits ? number_at_end(last, last_length, last_digits) : 0;
  fm_status status = FM_OK;
  if (!fits || from >= end || end - from >= MAX_REPLICATES)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the design's replicates: expected a range as in r1:r48, one prefix and rising numbers, got "
                    "\"%.*s:%.*s\"",
                    (int)length, first, (int)last_length, last);
  memcpy(name, first, letters);
  for (int32_t v = from; v <= end && status == FM_OK; v++) {
    int n = snprintf(name + letters, sizeof name - letters, "%0*d", (int)digits, v);
    status = add_name(to, name, letters + (size_t)n, err);
  }
  return status;
}

/* Creates the names of "a, b, c"; NULL: none. */
static fm_status split(names *to, const char *field, const char *text, bool ranges, fm_error *err)
{
  fm_status status = FM_OK;
  for (const char *p = text; p != NULL && status == FM_OK;) {
    size_t length = strcspn(p, ",");
    const char *next = p[length] != '\0' ? p + length + 1 : NULL, *end = p + length;
    while (p < end && *p == ' ')
      p++;
    while (end > p && end[-1] == ' ')
      end--;
    const char *colon = ranges && end > p ? memchr(p, ':', (size_t)(end - p)) : NULL;
    if (p == end)
      status = fm__fail(err, FM_ERR_ARGUMENT, "the design's %s: expected column names separated by commas, got \"%s\"",
                        field, text);
    else if (colon != NULL)
      status = add_range(to, p, (size_t)(colon - p), colon + 1, (size_t)(end - colon - 1), err);
    else
      status = add_name(to, p, (size_t)(end - p), err);
    p = next;
  }
  return status;
}

/* ---- creating ---- */

void fm__design_columns_destroy(fm__design_columns *c)
{
  if (c == NULL)
    return;
  for (size_t k = 0; c->numbers != NULL && k < c->n_numbers; k++)
    fm__free((void *)(uintptr_t)c->numbers[k].name);
  fm__free(c->numbers);
  free_names(c->ids, c->n_ids);
  fm__free((void *)(uintptr_t)c->spec.strata);
  fm__free((void *)(uintptr_t)c->spec.psu);
  fm__free((void *)(uintptr_t)c->spec.fpc);
  fm__free((void *)(uintptr_t)c->spec.replicates);
  fm__free((void *)(uintptr_t)c->spec.auxiliaries);
  fm__free((void *)(uintptr_t)c->spec.base_weight);
  fm__free((void *)(uintptr_t)c->spec.rscales);
  fm__free(c);
}

static fm_status own_text(const char **text, fm_error *err)
{
  if (*text == NULL)
    return FM_OK;
  *text = fm__copy_text(*text, strlen(*text));
  return *text != NULL ? FM_OK : fm__no_memory(err);
}

static fm_status own_spec(fm__design_columns *c, const fm_survey_design_spec *s, fm_error *err)
{
  const char *texts[] = {s->strata, s->psu, s->fpc, s->replicates, s->auxiliaries, s->base_weight};
  const char **to[] = {&c->spec.strata,     &c->spec.psu,         &c->spec.fpc,
                       &c->spec.replicates, &c->spec.auxiliaries, &c->spec.base_weight};
  fm_status status = FM_OK;
  double *rscales = NULL;
  c->spec = *s;
  c->spec.rscales = NULL;
  for (size_t k = 0; k < FM__COUNT(texts); k++)
    *to[k] = NULL;
  for (size_t k = 0; k < FM__COUNT(texts) && status == FM_OK; k++) {
    *to[k] = texts[k];
    status = own_text(to[k], err);
  }
  if (status != FM_OK || s->n_rscales == 0)
    return status;
  rscales = fm__array(s->n_rscales, sizeof *rscales);
  if (rscales == NULL)
    return fm__no_memory(err);
  memcpy(rscales, s->rscales, s->n_rscales * sizeof *rscales);
  c->spec.rscales = rscales;
  return FM_OK;
}

enum { STRATA, PSU, FPC, REPLICATES, AUXILIARIES, N_LISTS };

static fm_status check_stages(const names *lists, size_t n_stages, fm_error *err)
{
  if (n_stages > FM__MAX_STAGES)
    return fm__fail(err, FM_ERR_ARGUMENT, "a design has at most %d stages, not %zu", FM__MAX_STAGES, n_stages);
  for (size_t k = 0; k < lists[PSU].n; k++)
    if (strcmp(lists[PSU].items[k], "-") == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "the design's psu: each stage named needs a unit column, got \"-\"");
  for (size_t k = 0; k < lists[FPC].n; k++)
    if (strcmp(lists[FPC].items[k], "-") == 0)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "the design's fpc: expected columns for the first stages, without gaps, got \"-\"");
  if (lists[PSU].n + 1 < n_stages)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the design has %zu stages but %zu unit columns in psu; only at the last stage rows may be units",
                    n_stages, lists[PSU].n);
  return FM_OK;
}

static fm_status check_lists(const fm_survey_design_spec *s, const names *lists, fm_error *err)
{
  size_t n = lists[REPLICATES].n;
  if ((n > 0) != (s->method == FM_SURVEY_REPLICATES))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's replicates and its method, replicates, must be given together");
  if (n == 1 || (s->n_rscales != 0 && n != 0 && s->n_rscales != n))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "the design has %zu replicate weights and %zu rscales; expected at least 2, and as many or no "
                    "rscales",
                    n, s->n_rscales);
  if (lists[AUXILIARIES].n > 0 && s->method != FM_SURVEY_TAYLOR && s->method != FM_SURVEY_NONE)
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's auxiliaries go with the method taylor only");
  if (s->base_weight != NULL && lists[AUXILIARIES].n == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's base_weight goes with auxiliaries only");
  return FM_OK;
}

/* Moves a name into the numbers or ids. */
static size_t take_number(fm__design_columns *c, names *from, size_t k)
{
  c->numbers[c->n_numbers] = (fm__rows_number){.name = from->items[k]};
  from->items[k] = NULL;
  return c->n_numbers++;
}

static size_t take_id(fm__design_columns *c, names *from, size_t k)
{
  if (k >= from->n || strcmp(from->items[k], "-") == 0)
    return SIZE_MAX;
  c->ids[c->n_ids] = from->items[k];
  from->items[k] = NULL;
  return c->n_ids++;
}

static fm_status place(fm__design_columns *c, names *lists, fm_error *err)
{
  size_t n_ids = lists[STRATA].n + lists[PSU].n;
  size_t n = lists[FPC].n + lists[REPLICATES].n + lists[AUXILIARIES].n + 1;
  c->numbers = fm__array(n, sizeof *c->numbers);
  c->ids = fm__array(n_ids, sizeof *c->ids);
  if (c->numbers == NULL || c->ids == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < FM__MAX_STAGES; k++) {
    c->fpc_number[k] = k < lists[FPC].n ? take_number(c, &lists[FPC], k) : SIZE_MAX;
    c->stratum_id[k] = take_id(c, &lists[STRATA], k);
    c->cluster_id[k] = take_id(c, &lists[PSU], k);
  }
  c->n_replicates = lists[REPLICATES].n;
  c->n_auxiliaries = lists[AUXILIARIES].n;
  for (size_t k = 0; k < c->n_replicates; k++)
    take_number(c, &lists[REPLICATES], k);
  for (size_t k = 0; k < c->n_auxiliaries; k++)
    take_number(c, &lists[AUXILIARIES], k);
  if (c->spec.base_weight == NULL)
    return FM_OK;
  c->numbers[c->n_numbers].name = fm__copy_text(c->spec.base_weight, strlen(c->spec.base_weight));
  c->has_base_weight = true;
  return c->numbers[c->n_numbers++].name != NULL ? FM_OK : fm__no_memory(err);
}

fm_status fm__design_columns_create(fm__design_columns **out, const fm_survey_design_spec *spec, size_t first_number,
                                    size_t first_id, fm_error *err)
{
  fm_survey_design_spec given = FM_SURVEY_DESIGN_SPEC_INIT;
  names lists[N_LISTS] = {{NULL, 0, 0}};
  *out = NULL;
  fm_status status = fm__spec_take(&given, sizeof given, spec, "fm_survey_design_spec", err);
  if (status == FM_OK)
    status = fm__design_spec_check(&given, err);
  if (status != FM_OK)
    return status;
  fm__design_columns *c = fm__array(1, sizeof *c);
  if (c == NULL)
    return fm__no_memory(err);
  const char *fields[] = {"strata", "psu", "fpc", "replicates", "auxiliaries"};
  const char *texts[] = {given.strata, given.psu, given.fpc, given.replicates, given.auxiliaries};
  status = own_spec(c, &given, err);
  for (size_t k = 0; k < N_LISTS && status == FM_OK; k++)
    status = split(&lists[k], fields[k], texts[k], k == REPLICATES, err);
  c->n_stages = 1;
  for (size_t k = STRATA; k <= FPC; k++)
    c->n_stages = lists[k].n > c->n_stages ? lists[k].n : c->n_stages;
  if (status == FM_OK)
    status = check_stages(lists, c->n_stages, err);
  if (status == FM_OK)
    status = check_lists(&c->spec, lists, err);
  c->first_number = first_number;
  c->first_id = first_id;
  if (status == FM_OK)
    status = place(c, lists, err);
  for (size_t k = 0; k < N_LISTS; k++)
    free_names(lists[k].items, lists[k].n);
  if (status != FM_OK) {
    fm__design_columns_destroy(c);
    return status;
  }
  *out = c;
  return FM_OK;
}

/* ---- one row ---- */

/* A row without a stratum or unit has no place in the design. */
static fm_status check_ids(const fm__design_columns *c, const fm__rows_place *place, fm_error *err)
{
  for (size_t k = 0; k < c->n_stages; k++) {
    size_t s = c->stratum_id[k], u = c->cluster_id[k];
    if (s != SIZE_MAX && fm__rows_lacks_id(place, c->first_id + s))
      return fm__rows_bad_id(place, c->first_id + s, "the stratum of each row of the sample", err);
    if (u != SIZE_MAX && fm__rows_lacks_id(place, c->first_id + u))
      return fm__rows_bad_id(place, c->first_id + u, "the sampling unit of each row of the sample", err);
  }
  return FM_OK;
}

fm_status fm__design_columns_take(const fm__design_columns *c, const double *numbers, const fm__rows_place *place,
                                  fm_error *err)
{
  bool share = c->spec.fpc_kind == FM_SURVEY_FPC_SHARE;
  size_t n_fpc = 0;
  while (n_fpc < FM__MAX_STAGES && c->fpc_number[n_fpc] != SIZE_MAX)
    n_fpc++;
  for (size_t k = 0; k < c->n_numbers; k++) {
    double v = numbers[c->first_number + k];
    const char *expected = NULL;
    if (k < n_fpc && (!(v > 0 && v < INFINITY) || (share && v > 1)))
      expected = share ? "a sampled share above 0 and at most 1" : "a population size above 0";
    else if (k >= n_fpc && k < n_fpc + c->n_replicates && !(v >= 0 && v < INFINITY))
      expected = "a finite replicate weight of at least 0";
    else if (!isfinite(v))
      expected = "a finite number";
    else if (c->has_base_weight && k + 1 == c->n_numbers && v < 0)
      expected = "a weight of at least 0";
    if (expected != NULL)
      return fm__rows_bad(place, c->first_number + k, expected, err);
  }
  return check_ids(c, place, err);
}

void fm__design_columns_text(const fm__design_columns *c, fm__bytes *b)
{
  static const fm_survey_design_spec defaults = FM_SURVEY_DESIGN_SPEC_INIT;
  const fm_survey_design_spec *s = &c->spec, *d = &defaults;
  fm__spec_text_text(b, "design_strata", s->strata, d->strata);
  fm__spec_text_text(b, "design_psu", s->psu, d->psu);
  fm__spec_text_text(b, "design_fpc", s->fpc, d->fpc);
  fm__spec_text_text(b, "design_replicates", s->replicates, d->replicates);
  for (size_t k = 0; k < s->n_rscales; k++)
    fm__spec_text_f64(b, "design_rscale", s->rscales[k], FM_NAN);
  fm__spec_text_text(b, "design_auxiliaries", s->auxiliaries, d->auxiliaries);
  fm__spec_text_text(b, "design_base_weight", s->base_weight, d->base_weight);
  fm__spec_text_f64(b, "design_scale", s->scale, d->scale);
  fm__spec_text_f64(b, "design_fay_rho", s->fay_rho, d->fay_rho);
  fm__spec_text_f64(b, "design_degrees_of_freedom", s->degrees_of_freedom, d->degrees_of_freedom);
  fm__spec_text_i64(b, "design_seed", (int64_t)s->seed, (int64_t)d->seed);
  fm__spec_text_i64(b, "design_method", s->method, d->method);
  fm__spec_text_i64(b, "design_lonely", s->lonely, d->lonely);
  fm__spec_text_i64(b, "design_fpc_kind", s->fpc_kind, d->fpc_kind);
  fm__spec_text_i64(b, "design_replicate_kind", s->replicate_kind, d->replicate_kind);
  fm__spec_text_i64(b, "design_mse", s->mse, d->mse);
  fm__spec_text_i64(b, "design_combined", s->combined, d->combined);
  fm__spec_text_i64(b, "design_bootstrap", s->bootstrap, d->bootstrap);
  fm__spec_text_i64(b, "design_n_replicates", s->n_replicates, d->n_replicates);
}
