/* The design of reduced rows. */
#include "survey/design_priv.h"

typedef struct arrays {
  uint32_t *ids[2 * FM__MAX_STAGES];
  double *fpc[FM__MAX_STAGES];
  uint64_t *count;
} arrays;

static void free_arrays(arrays *a)
{
  for (size_t k = 0; k < 2 * FM__MAX_STAGES; k++)
    fm__free(a->ids[k]);
  for (size_t k = 0; k < FM__MAX_STAGES; k++)
    fm__free(a->fpc[k]);
  fm__free(a->count);
}

/* Creates the ids of one set; a row without one has no place in the design. */
static fm_status take_ids(uint32_t **out, const fm__rows *rows, size_t set, const char *column, const char *what,
                          fm_error *err)
{
  const fm__groups *groups = fm__rows_ids(rows, set);
  size_t n = fm__rows_n(rows);
  *out = fm__array(n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    (*out)[i] = fm__rows_id(rows, i, set);
    if (fm__groups_text(groups, (*out)[i], 0, NULL) == NULL) {
      fm__fail(err, FM_ERR_VALUE, "column %s has a missing value: expected the %s of each row of the sample", column,
               what);
      fm__error_place(err, NULL, column, -1, -1, -1);
      return FM_ERR_VALUE;
    }
  }
  return FM_OK;
}

static fm_status take_fpc(double **out, const fm__rows *rows, size_t number, fm_error *err)
{
  size_t n = fm__rows_n(rows);
  *out = fm__array(n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    (*out)[i] = fm__rows_numbers(rows, i)[number];
  return FM_OK;
}

static fm_status take_stage(fm__design_input *in, arrays *a, const fm__design_columns *c, const fm__rows *rows,
                            size_t k, fm_error *err)
{
  fm_status status = FM_OK;
  size_t s = c->stratum_id[k], u = c->cluster_id[k];
  if (s != SIZE_MAX)
    status = take_ids(&a->ids[2 * k], rows, c->first_id + s, c->ids[s], "stratum", err);
  if (status == FM_OK && u != SIZE_MAX)
    status = take_ids(&a->ids[2 * k + 1], rows, c->first_id + u, c->ids[u], "sampling unit", err);
  if (status == FM_OK && c->fpc_number[k] != SIZE_MAX)
    status = take_fpc(&a->fpc[k], rows, c->first_number + c->fpc_number[k], err);
  in->stratum[k] = a->ids[2 * k];
  in->cluster[k] = a->ids[2 * k + 1];
  in->fpc[k] = a->fpc[k];
  return status;
}

static fm_status take_counts(fm__design_input *in, arrays *a, const fm__rows *rows, fm_error *err)
{
  bool pooled = false;
  for (size_t i = 0; i < in->n && !pooled; i++)
    pooled = fm__rows_count(rows, i) > 1;
  if (!pooled)
    return FM_OK;
  a->count = fm__array(in->n, sizeof *a->count);
  if (a->count == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < in->n; i++)
    a->count[i] = fm__rows_count(rows, i);
  in->count = a->count;
  return FM_OK;
}

fm_status fm__design_of_rows(fm__design **out, uint32_t **unit, const fm__design_columns *c, const fm__rows *rows,
                             size_t weight, fm_error *err)
{
  fm__design_input in = {.n = fm__rows_n(rows), .n_stages = c->n_stages, .rows = rows, .weight_at = weight};
  arrays a = {.count = NULL};
  fm_status status = FM_OK;
  *out = NULL;
  *unit = NULL;
  in.n_replicates = c->n_replicates;
  in.n_auxiliaries = c->n_auxiliaries;
  in.replicate_at = c->first_number;
  for (size_t k = 0; k < FM__MAX_STAGES && c->fpc_number[k] != SIZE_MAX; k++)
    in.replicate_at++;
  in.auxiliary_at = in.replicate_at + c->n_replicates;
  in.base_at = c->has_base_weight ? in.auxiliary_at + c->n_auxiliaries : SIZE_MAX;
  for (size_t k = 0; k < c->n_stages && status == FM_OK; k++)
    status = take_stage(&in, &a, c, rows, k, err);
  if (status == FM_OK)
    status = take_counts(&in, &a, rows, err);
  if (status == FM_OK)
    status = fm__design_create(out, unit, &in, &c->spec, err);
  free_arrays(&a);
  return status;
}
