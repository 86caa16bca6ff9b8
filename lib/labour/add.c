/* Adding a table: groups of its rows, then their masks, chunk by chunk. */
#include <math.h>
#include <string.h>

#include "labour/quick_priv.h"

/* ---- groups ---- */

/* The band of each row's age as a text column "age"; ages outside all bands are missing there. */
static fm_status add_bands(fm_table *t, const fm__labour_reader *r, fm__labour_chunk *c, fm_error *err)
{
  const fm__age_bands *b = &r->plan->bands;
  size_t n = fm_table_n_rows(r->frame),
         n_bytes = (size_t)(b->label[b->n - 1] - b->text) + strlen(b->label[b->n - 1]) + 1;
  int32_t *codes = fm__many(n, sizeof *codes);
  uint8_t *validity = fm__array(n / 8 + 1, 1);
  int64_t *offsets = fm__array(b->n + 1, sizeof *offsets);
  char *bytes = fm__alloc(n_bytes);
  fm_status status = codes != NULL && validity != NULL && offsets != NULL && bytes != NULL ? FM_OK : fm__no_memory(err);
  for (size_t first = 0; first < n && status == FM_OK; first += FM__CHUNK) {
    size_t now = n - first < FM__CHUNK ? n - first : FM__CHUNK;
    status = fm__labour_reader_ages(c, r, first, now, err);
    for (size_t i = 0; i < now && status == FM_OK; i++) {
      int32_t band = r->plan->age_band[c->age[i] + 1];
      codes[first + i] = band < 0 ? 0 : band;
      validity[(first + i) >> 3] |= (uint8_t)((band >= 0) << ((first + i) & 7));
    }
  }
  if (status == FM_OK) {
    memcpy(bytes, b->text, n_bytes);
    for (size_t k = 0; k < b->n; k++)
      offsets[k] = b->label[k] - b->text;
    offsets[b->n] = (int64_t)n_bytes;
    status = fm__table_own_code(t, "age", codes, validity, n, offsets, bytes, b->n, err);
  }
  if (status != FM_OK) {
    fm__free(codes);
    fm__free(validity);
    fm__free(offsets);
    fm__free(bytes);
  }
  return status;
}

/* Single years: whole numbers whatever the column's type. */
static fm_status add_years(fm_table *t, const fm__labour_reader *r, fm__labour_chunk *c, fm_error *err)
{
  size_t n = fm_table_n_rows(r->frame);
  int32_t *years = fm__many(n, sizeof *years);
  uint8_t *validity = fm__array(n / 8 + 1, 1);
  fm_status status = years != NULL && validity != NULL ? FM_OK : fm__no_memory(err);
  for (size_t first = 0; first < n && status == FM_OK; first += FM__CHUNK) {
    size_t now = n - first < FM__CHUNK ? n - first : FM__CHUNK;
    status = fm__labour_reader_ages(c, r, first, now, err);
    for (size_t i = 0; i < now && status == FM_OK; i++) {
      bool known = c->age[i] >= 0;
      years[first + i] = known ? c->age[i] : 0;
      validity[(first + i) >> 3] |= (uint8_t)(known << ((first + i) & 7));
    }
  }
  if (status == FM_OK)
    status = fm__table_own(t, "age", FM_I32, years, validity, n, err);
  if (status != FM_OK) {
    fm__free(years);
    fm__free(validity);
  }
  return status;
}

/* Shares a column of the frame unless the table has one of that name. */
static fm_status share(fm_table *t, const char *name, const fm_table *frame, const char *column, fm_error *err)
{
  size_t at;
  if (fm_table_column_index(t, name) >= 0)
    return FM_OK;
  fm_status status = fm__table_find(frame, column, 0, &at, err);
  return status == FM_OK ? fm__table_share(t, name, frame, at, err) : status;
}

static fm_status add_groups(fm_table *t, const fm__labour_reader *r, fm__labour_chunk *c, fm_error *err)
{
  const fm__labour_plan *plan = r->plan;
  fm_status status = FM_OK;
  for (size_t k = 0; k < plan->n_by && status == FM_OK; k++) {
    const char *name = plan->by[k];
    if (strcmp(name, "age") != 0)
      status = share(t, name, r->frame, fm__labour_column(plan, name), err);
    else
      status = plan->bands.n > 0 ? add_bands(t, r, c, err) : add_years(t, r, c, err);
  }
  return status;
}

/* ---- rows ---- */

/* The numbers of the rows for a measure that keeps them. */
typedef struct kept {
  double *number[2 + FM__N_VALUES]; /* mask, weight, values by slot */
  size_t n;
} kept;

static void keep_rows(const kept *k, const fm__labour *t, const fm__labour_chunk *c, size_t first, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    k->number[FM__ROW_MASK][first + i] = (double)c->mask[i];
    k->number[FM__ROW_WEIGHT][first + i] = c->weight[i];
  }
  for (size_t v = 0; v < FM__N_VALUES; v++)
    if ((t->plan.values >> v & 1) != 0) {
      double *to = k->number[2 + t->plan.slot[v]];
      for (size_t i = 0; i < n; i++)
        to[first + i] = (c->mask[i] & t->bits[t->plan.slot[v]]) != 0 ? c->value[v][i] : 0;
    }
}

/* Into `k`, or counted by `q`. */
static fm_status read_rows(fm__labour *t, const fm__labour_reader *r, fm__labour_chunk *c, const uint32_t *groups,
                           const kept *k, fm__labour_quick *q, const fm_run *run, fm_error *err)
{
  enum { ROUND = 256 * FM__CHUNK }; /* rows between two looks at whether to go on */
  size_t n = fm_table_n_rows(r->frame);
  bool job_found = r->source[FM__ROLE_JOB_FOUND].column != FM__NO_COLUMN;
  fm_status status = FM_OK;
  for (size_t first = 0; first < n && status == FM_OK; first += FM__CHUNK) {
    size_t now = n - first < FM__CHUNK ? n - first : FM__CHUNK;
    if (first % ROUND == 0)
      status = fm__run_progress(run, (double)first / (double)n, err);
    if (status == FM_OK)
      status = fm__labour_reader_read(c, r, first, now, err);
    if (status != FM_OK)
      break;
    fm__labour_derive(c, &t->plan, job_found, now);
    fm__labour_masks(c, &t->plan, now);
    for (size_t i = 0; t->plan.bands.n > 0 && i < now; i++)
      c->mask[i] |= (uint64_t)(c->age[i] >= 0 && t->plan.age_band[c->age[i] + 1] < 0) << FM__AGE_OUTSIDE;
    if (k != NULL)
      keep_rows(k, t, c, first, now);
    else if (!fm__labour_quick_add(q, c, groups != NULL ? groups + first : NULL, now))
      status = fm__no_memory(err);
  }
  return status;
}

/* ---- with a design: the rows themselves ---- */

static void kept_free(kept *k)
{
  for (size_t i = 0; i < FM__COUNT(k->number); i++)
    fm__free(k->number[i]);
}

static fm_status kept_create(kept *k, size_t n_numbers, size_t n, fm_error *err)
{
  *k = (kept){.n = n_numbers};
  for (size_t i = 0; i < n_numbers; i++) {
    k->number[i] = fm__array(n, sizeof(double));
    if (k->number[i] == NULL)
      return fm__no_memory(err);
  }
  return FM_OK;
}

static fm_status own_lines(fm_table *t, const fm_table *frame, fm_error *err)
{
  size_t n = fm_table_n_rows(frame);
  if (n == 0 || fm_table_line(frame, 0) < 0)
    return FM_OK;
  int64_t *lines = fm__array(n, sizeof *lines);
  if (lines == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    lines[i] = fm_table_line(frame, i);
  fm_status status = fm__table_own_lines(t, lines, n, err);
  if (status != FM_OK)
    fm__free(lines);
  return status;
}

static fm_status take_row(void *context, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__labour *t = context;
  *keep = numbers[FM__ROW_WEIGHT] > 0;
  return *keep ? fm__design_columns_take(t->columns, numbers, place, err) : FM_OK;
}

/* Adds what was read, and the design's columns, to the table of groups. */
static fm_status complete(fm_table *made, kept *k, const fm__labour *t, const fm_table *frame, fm_error *err)
{
  const fm__design_columns *d = t->columns;
  size_t n = fm_table_n_rows(frame);
  fm_status status = FM_OK;
  for (size_t i = 0; i < k->n && status == FM_OK; i++) {
    status = fm__table_own(made, fm__labour_number_name(i), FM_F64, k->number[i], NULL, n, err);
    if (status == FM_OK)
      k->number[i] = NULL;
  }
  for (size_t i = 0; i < d->n_numbers && status == FM_OK; i++)
    status = share(made, d->numbers[i].name, frame, d->numbers[i].name, err);
  for (size_t i = 0; i < d->n_ids && status == FM_OK; i++)
    status = share(made, d->ids[i], frame, d->ids[i], err);
  return status == FM_OK ? own_lines(made, frame, err) : status;
}

static fm_status add_sampled(fm__labour *t, fm_table *made, const fm__labour_reader *r, fm__labour_chunk *c,
                             const fm_run *run, fm_error *err)
{
  kept k;
  fm_status status = kept_create(&k, 2 + t->plan.n_values, fm_table_n_rows(r->frame), err);
  if (status == FM_OK)
    status = read_rows(t, r, c, NULL, &k, NULL, run, err);
  if (status == FM_OK)
    status = complete(made, &k, t, r->frame, err);
  if (status == FM_OK)
    status = fm_table_seal(made, err);
  if (status == FM_OK)
    status = fm__rows_add(t->rows, made, take_row, t, err);
  kept_free(&k);
  return status;
}

static fm_status add_counted(fm__labour *t, fm_table *made, const fm__labour_reader *r, fm__labour_chunk *c,
                             const fm_run *run, fm_error *err)
{
  uint32_t *groups = NULL;
  fm__labour_quick q;
  fm_status status = fm__labour_quick_create(&q, &t->plan, t->bits, &t->cells, err);
  if (status == FM_OK)
    status = fm_table_seal(made, err);
  if (status == FM_OK)
    status = fm__groups_map(t->groups, made, &groups, err);
  if (status == FM_OK)
    status = read_rows(t, r, c, groups, NULL, &q, run, err);
  if (status == FM_OK && !fm__labour_quick_finish(&q))
    status = fm__no_memory(err);
  fm__labour_quick_free(&q);
  fm__free(groups);
  return status;
}

fm_status fm__labour_add_rows(fm__labour *t, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm__labour_reader r;
  fm_table *made = NULL;
  fm__labour_chunk *c = fm__array(1, sizeof *c);
  fm_status status = fm__labour_reader_open(&r, &t->plan, frame, err);
  if (status == FM_OK && c == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm_table_create(&made, fm_table_name(frame), err);
  if (status == FM_OK)
    status = add_groups(made, &r, c, err);
  if (status == FM_OK)
    status = t->rows != NULL ? add_sampled(t, made, &r, c, run, err) : add_counted(t, made, &r, c, run, err);
  fm_table_destroy(made);
  fm__labour_reader_close(&r);
  fm__free(c);
  return status;
}
