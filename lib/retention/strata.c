/* Rows are numbered by stratum and group, so that their cells come stratum by stratum. */
#include "retention/strata_priv.h"

static fm_status check_range(const char *name, const uint32_t *numbers, size_t n, size_t n_numbers, fm_error *err)
{
  if (!fm__any_beyond(numbers, n, (uint32_t)n_numbers - 1))
    return FM_OK;
  size_t i = 0;
  while (numbers[i] < n_numbers)
    i++;
  fm__fail(err, FM_ERR_VALUE, "row %zu: %s is %lu, expected 0 to %zu", i, name, (unsigned long)numbers[i],
           n_numbers - 1);
  fm__error_place(err, NULL, name, -1, (int64_t)i, -1);
  return FM_ERR_VALUE;
}

/* Creates one number for stratum and group. */
static fm_status cross(uint32_t **out, const fm__day_rows *rows, const uint32_t *stratum, size_t n_strata,
                       fm_error *err)
{
  fm_status status = check_range("group", rows->groups, rows->n, rows->n_groups, err);
  if (status == FM_OK)
    status = check_range("stratum", stratum, rows->n, n_strata, err);
  if (status != FM_OK)
    return status;
  *out = fm__many(rows->n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < rows->n; i++)
    (*out)[i] = stratum[i] * (uint32_t)rows->n_groups + rows->groups[i];
  return FM_OK;
}

fm_status fm__strata_count(fm__strata *out, const fm__day_rows *rows, const uint32_t *stratum, size_t n_strata,
                           const fm_run *run, fm_error *err)
{
  fm__day_rows numbered = *rows;
  uint32_t *numbers = NULL;
  fm_status status = FM_OK;
  *out = (fm__strata){.n_groups = rows->n_groups, .n_causes = rows->n_causes};
  if (n_strata > FM__MOST_CELL_GROUPS / rows->n_groups)
    return fm__fail(err, FM_ERR_LIMIT, "%zu groups in %zu strata; at most %d can be told apart", rows->n_groups,
                    n_strata, (int)FM__MOST_CELL_GROUPS);
  if (stratum != NULL) {
    status = cross(&numbers, rows, stratum, n_strata, err);
    numbered.groups = numbers;
    numbered.n_groups *= n_strata;
  }
  if (status == FM_OK)
    status = fm__cells_count(&out->cells, &numbered, run, err);
  fm__free(numbers);
  if (status == FM_OK) {
    out->of = fm__array(rows->n_groups, sizeof *out->of);
    status = out->of != NULL ? FM_OK : fm__no_memory(err);
  }
  if (status != FM_OK)
    fm__strata_free(out);
  return status;
}

static void free_moments(fm__strata *s)
{
  for (size_t g = 0; s->of != NULL && g < s->n_groups; g++)
    fm__moments_free(&s->of[g]);
}

fm_status fm__strata_next(bool *found, fm__strata *s, fm_error *err)
{
  const fm__cells *cells = &s->cells;
  fm_status status = FM_OK;
  free_moments(s);
  *found = s->next < cells->n;
  uint64_t first = *found ? fm__cell_group(cells->keys[s->next]) / s->n_groups * s->n_groups : 0;
  for (size_t g = 0; g < s->n_groups && *found && status == FM_OK; g++) {
    size_t from = s->next;
    while (s->next < cells->n && fm__cell_group(cells->keys[s->next]) == first + g)
      s->next++;
    status = fm__moments_of_cells(&s->of[g], cells, from, s->next, s->n_causes, err);
  }
  return status;
}

void fm__strata_free(fm__strata *s)
{
  free_moments(s);
  fm__free(s->of);
  fm__cells_free(&s->cells);
  *s = (fm__strata){0};
}
