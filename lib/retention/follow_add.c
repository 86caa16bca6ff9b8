/* Reading frames of follow-up. */
#include <string.h>

#include "retention/follow_state_priv.h"
#include "retention/retention_priv.h"

/* A frame's columns; `made` holds what had to be computed. */
typedef struct source {
  fm__day_rows rows;
  size_t weight_column;
  uint8_t *made;
} source;

static fm_status take_columns(source *s, const fm__follow *f, const fm_table *frame, fm_error *err)
{
  size_t column;
  s->rows = (fm__day_rows){.n = fm_table_n_rows(frame), .last = -1, .n_groups = 1, .n_causes = 1};
  fm_status status = fm__retention_column(frame, f->time_column, FM_I32, &column, err);
  if (status != FM_OK)
    return status;
  s->rows.time = fm_table_i32(frame, column);
  if (!f->spec.by_cause) {
    status = fm__retention_column(frame, "event", FM_BOOL, &column, err);
    if (status != FM_OK)
      return status;
    s->rows.event = fm_table_bool(frame, column);
  }
  if (fm_table_column_index(frame, f->entry_column) >= 0) {
    status = fm__retention_column(frame, f->entry_column, FM_I32, &column, err);
    if (status != FM_OK)
      return status;
    s->rows.entry = fm_table_i32(frame, column);
  }
  if (f->weight == NULL)
    return FM_OK;
  status = fm__retention_column(frame, f->weight, FM_F64, &column, err);
  if (status == FM_OK)
    s->rows.weight = fm_table_f64(frame, column);
  return status;
}

/* Frames of a register always have entries; where nobody enters late the faster path without them will do. */
static void drop_plain_entries(fm__day_rows *rows)
{
  bool late = false;
  for (size_t i = 0; rows->entry != NULL && i < rows->n; i++)
    late = late || rows->entry[i] > 0;
  if (!late)
    rows->entry = NULL;
}

/* Adds table, line and column to an error about a row. */
static void place(const fm__follow *f, const source *s, const fm_table *frame, fm_error *err)
{
  if (err == NULL || err->row < 0)
    return;
  size_t row = (size_t)err->row;
  const char *name = f->entry_column;
  if (s->rows.time[row] < 0)
    name = f->time_column;
  else if (s->rows.weight != NULL && !(s->rows.weight[row] >= 0 && s->rows.weight[row] * 0 == 0))
    name = f->weight;
  int64_t column = fm_table_column_index(frame, name);
  fm__error_place(err, fm_table_name(frame), column < 0 ? f->time_column : name,
                  column < 0 ? fm_table_column_index(frame, f->time_column) : column, err->row,
                  fm_table_line(frame, row));
}

/* ---- the day table ---- */

/* Events of all rows from the numbers of their causes. */
static fm_status take_causes(source *s, const fm__groups *causes, const uint32_t *number, fm_error *err)
{
  uint8_t *codes;
  size_t n;
  fm_status status = fm__follow_codes(&codes, &n, causes, err);
  if (status != FM_OK)
    return status;
  s->made = fm__array(s->rows.n, sizeof *s->made);
  if (s->made != NULL)
    for (size_t i = 0; i < s->rows.n; i++)
      s->made[i] = codes[number[i]];
  else
    status = fm__no_memory(err);
  fm__free(codes);
  s->rows.event = s->made;
  s->rows.n_causes = n > 0 ? (uint32_t)n : 1;
  return status;
}

/* Groups and strata as one number. maps[k] is NULL without columns. */
static void take_groups(source *s, const fm__follow *f, uint32_t *const *maps)
{
  uint32_t *group = maps[FM__FOLLOW_BY], *stratum = maps[FM__FOLLOW_STRATUM];
  for (size_t i = 0; stratum != NULL && i < s->rows.n; i++)
    stratum[i] += group != NULL ? group[i] * (uint32_t)f->n_keyed : 0;
  for (size_t i = 0; stratum == NULL && group != NULL && f->n_keyed > 1 && i < s->rows.n; i++)
    group[i] *= (uint32_t)f->n_keyed;
  s->rows.groups = stratum != NULL ? stratum : group;
  s->rows.n_groups = fm__follow_n_cell_groups(f);
}

static fm_status count_frame(fm__cells *all, fm__follow *f, source *s, uint32_t *const *maps, const fm_run *run,
                             fm_error *err)
{
  fm__cells more = {0};
  fm_status status =
      fm__follow_widen(f, fm__groups_count(f->sets[FM__FOLLOW_BY]), fm__groups_count(f->sets[FM__FOLLOW_STRATUM]), err);
  if (status == FM_OK && f->spec.by_cause)
    status = take_causes(s, f->sets[FM__FOLLOW_CAUSE], maps[FM__FOLLOW_CAUSE], err);
  if (status != FM_OK)
    return status;
  take_groups(s, f, maps);
  status = fm__cells_count(&more, &s->rows, run, err);
  if (status == FM_OK)
    status = fm__cells_merge(all, &f->cells, &more, err);
  fm__cells_free(&more);
  return status;
}

static fm_status add_cells(fm__follow *f, source *s, const fm_table *frame, const fm_run *run, fm_error *err)
{
  uint32_t *maps[FM__FOLLOW_SETS] = {0};
  size_t before[FM__FOLLOW_SETS] = {0}, n_mapped = 0;
  fm__cells all = {0};
  fm_status status = FM_OK;
  for (; n_mapped < FM__FOLLOW_SETS && status == FM_OK; n_mapped++) {
    if (f->sets[n_mapped] == NULL)
      continue;
    before[n_mapped] = fm__groups_count(f->sets[n_mapped]);
    status = fm__groups_map(f->sets[n_mapped], frame, &maps[n_mapped], err);
  }
  if (status == FM_OK)
    status = count_frame(&all, f, s, maps, run, err);
  if (status == FM_OK) {
    fm__cells_free(&f->cells);
    f->cells = all;
    f->reduced = false;
  }
  for (size_t k = 0; k < n_mapped; k++) {
    if (status != FM_OK && f->sets[k] != NULL)
      fm__groups_truncate(f->sets[k], before[k]);
    fm__free(maps[k]);
  }
  return status;
}

/* ---- kept rows ---- */

static fm_status take_row(void *context, double *numbers, bool *keep, const fm__rows_place *at, fm_error *err)
{
  const fm__follow *f = context;
  (void)at;
  (void)err;
  if (!(numbers[FM__FOLLOW_ENTRY] > 0)) /* missing: no such column */
    numbers[FM__FOLLOW_ENTRY] = 0;
  if (f->spec.by_cause)
    numbers[FM__FOLLOW_EVENT] = 0;
  if (f->weight == NULL)
    numbers[FM__FOLLOW_WEIGHT] = 1;
  *keep = numbers[FM__FOLLOW_WEIGHT] > 0;
  return FM_OK;
}

/* Every row must name its cluster: an empty cell would be one more. */
static fm_status check_clusters(const fm__follow *f, const fm_table *frame, fm_error *err)
{
  const fm__groups *clusters = f->rows != NULL ? fm__follow_set(f, FM__FOLLOW_CLUSTER) : NULL;
  size_t column;
  fm_status status = FM_OK;
  for (size_t k = 0; clusters != NULL && k < fm__groups_n_columns(clusters) && status == FM_OK; k++)
    status = fm__retention_column(frame, fm__groups_column(clusters, k), 0, &column, err);
  return status;
}

static fm_status add_rows(fm__follow *f, source *s, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm_status status = fm__run_progress(run, 0, err);
  if (status == FM_OK)
    status = fm__day_rows_check(&s->rows, err);
  if (status == FM_OK)
    status = fm__rows_add(f->rows, frame, take_row, f, err);
  if (status == FM_OK)
    f->reduced = false;
  return status;
}

fm_status fm__follow_add(fm__follow *f, const fm_table *frame, const fm_run *run, fm_error *err)
{
  source s = {0};
  fm_status status = take_columns(&s, f, frame, err);
  if (status == FM_OK)
    status = check_clusters(f, frame, err);
  if (status != FM_OK)
    return status;
  drop_plain_entries(&s.rows);
  status = f->rows != NULL ? add_rows(f, &s, frame, run, err) : add_cells(f, &s, frame, run, err);
  if (status == FM_ERR_VALUE)
    place(f, &s, frame, err);
  fm__free(s.made);
  return status;
}
