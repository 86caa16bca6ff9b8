/* Rows kept in three plain arrays: numbers, ids, counts. */
#include <math.h>
#include <string.h>

#include "flexmetrics/calendar.h"
#include "num/num_priv.h"
#include "tally/rows_state_priv.h"

/* A number's column in a frame. */
typedef struct source {
  size_t column; /* FM__NO_COLUMN: not there */
  int32_t type;
  const void *values;
  const uint8_t *validity;
} source;

struct fm__rows_place {
  const fm_table *frame;
  const fm__rows *rows;
  const source *sources;
  uint32_t *const *maps; /* ids of each set by row of the frame; NULL: one for all */
  size_t row;
};

void fm__rows_destroy(fm__rows *rows)
{
  if (rows == NULL)
    return;
  for (size_t k = 0; rows->names != NULL && k < rows->n_numbers; k++)
    fm__free(rows->names[k]);
  for (size_t k = 0; rows->sets != NULL && k < rows->n_sets; k++)
    fm__groups_destroy(rows->sets[k]);
  fm__free(rows->names);
  fm__free(rows->flags);
  fm__free(rows->sets);
  fm__free(rows->numbers);
  fm__free(rows->ids);
  fm__free(rows->counts);
  fm__free(rows);
}

fm_status fm__rows_create(fm__rows **out, const fm__rows_number *numbers, size_t n_numbers, const char *const *ids,
                          size_t n_ids, fm_error *err)
{
  *out = NULL;
  fm__rows *rows = fm__array(1, sizeof *rows);
  if (rows == NULL)
    return fm__no_memory(err);
  rows->n_numbers = n_numbers;
  rows->n_sets = n_ids;
  rows->reduced = true;
  rows->names = fm__array(n_numbers, sizeof *rows->names);
  rows->flags = fm__array(n_numbers, sizeof *rows->flags);
  rows->sets = fm__array(n_ids, sizeof *rows->sets);
  fm_status status = rows->names != NULL && rows->flags != NULL && rows->sets != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < n_numbers && status == FM_OK; k++) {
    rows->flags[k] = numbers[k].flags;
    rows->names[k] = fm__copy_text(numbers[k].name, strlen(numbers[k].name));
    if (rows->names[k] == NULL)
      status = fm__no_memory(err);
  }
  for (size_t k = 0; k < n_ids && status == FM_OK; k++)
    status = fm__groups_create(&rows->sets[k], ids[k], err);
  if (status != FM_OK) {
    fm__rows_destroy(rows);
    return status;
  }
  *out = rows;
  return FM_OK;
}

bool fm__rows_is_empty(const fm__rows *rows)
{
  for (size_t k = 0; k < rows->n_sets; k++)
    if (fm__groups_n_columns(rows->sets[k]) > 0 && fm__groups_count(rows->sets[k]) > 0)
      return false;
  return rows->n == 0;
}

size_t fm__rows_n(const fm__rows *rows)
{
  return rows->n;
}

const double *fm__rows_numbers(const fm__rows *rows, size_t row)
{
  return rows->numbers + row * rows->n_numbers;
}

uint32_t fm__rows_id(const fm__rows *rows, size_t row, size_t k)
{
  return rows->ids[row * rows->n_sets + k];
}

uint64_t fm__rows_count(const fm__rows *rows, size_t row)
{
  return rows->counts[row];
}

const fm__groups *fm__rows_ids(const fm__rows *rows, size_t k)
{
  return rows->sets[k];
}

/* Without id sets `ids` is still a place. */
bool fm__rows_room(fm__rows *rows, size_t more)
{
  size_t need, numbers, ids;
  return fm__add(rows->n, more, &need) && fm__multiply(need, rows->n_numbers, &numbers) &&
         fm__multiply(need, rows->n_sets, &ids) &&
         fm__grow((void **)&rows->numbers, &rows->numbers_capacity, numbers, sizeof *rows->numbers) &&
         fm__grow((void **)&rows->ids, &rows->ids_capacity, ids > 0 ? ids : 1, sizeof *rows->ids) &&
         fm__grow((void **)&rows->counts, &rows->counts_capacity, need, sizeof *rows->counts);
}

/* ---- reading a frame ---- */

static double cell(const source *s, size_t row)
{
  if (s->column == FM__NO_COLUMN || !fm__bit(s->validity, row))
    return fm__order_value(FM__MISSING_KEY);
  switch (s->type) {
  case FM_F64:
    return ((const double *)s->values)[row];
  case FM_I64:
    return (double)((const int64_t *)s->values)[row];
  case FM_BOOL:
    return ((const uint8_t *)s->values)[row];
  default:
    return ((const int32_t *)s->values)[row];
  }
}

static fm_status bad_cell(const fm__rows_place *place, const char *name, int64_t column, const char *expected,
                          const char *found, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: expected %s; found %s", name, place->row, expected, found);
  fm__error_place(err, fm_table_name(place->frame), name, column, (int64_t)place->row,
                  fm_table_line(place->frame, place->row));
  return FM_ERR_VALUE;
}

fm_status fm__rows_bad(const fm__rows_place *place, size_t k, const char *expected, fm_error *err)
{
  const source *from = &place->sources[k];
  double value = cell(from, place->row);
  char found[32] = "no value";
  if (!isnan(value) && from->type == FM_DATE)
    fm_date_format(found, (int32_t)value);
  else if (!isnan(value))
    fm__print_f64(found, value);
  return bad_cell(place, place->rows->names[k], from->column == FM__NO_COLUMN ? -1 : (int64_t)from->column, expected,
                  found, err);
}

/* The first column of the set that the row has no cell in; SIZE_MAX: none. */
static size_t missing_column(const fm__rows_place *p, size_t set)
{
  for (size_t k = 0; p->maps[set] != NULL && k < fm__groups_n_columns(p->rows->sets[set]); k++)
    if (fm__groups_text(p->rows->sets[set], p->maps[set][p->row], k, NULL) == NULL)
      return k;
  return SIZE_MAX;
}

bool fm__rows_lacks_id(const fm__rows_place *place, size_t set)
{
  return missing_column(place, set) != SIZE_MAX;
}

const char *fm__rows_place_text(const fm__rows_place *place, size_t set, size_t *length)
{
  return fm__groups_text(place->rows->sets[set], place->maps[set][place->row], 0, length);
}

fm_status fm__rows_bad_id(const fm__rows_place *place, size_t set, const char *expected, fm_error *err)
{
  size_t k = missing_column(place, set);
  const char *name = fm__groups_column(place->rows->sets[set], k != SIZE_MAX ? k : 0);
  return bad_cell(place, name, fm_table_column_index(place->frame, name), expected, "no value", err);
}

static fm_status open_source(source *to, const char *name, int32_t flags, const fm_table *frame, fm_error *err)
{
  *to = (source){.column = FM__NO_COLUMN};
  if ((flags & FM__OPTIONAL) != 0 && fm_table_column_index(frame, name) < 0)
    return FM_OK;
  fm_status status = fm__table_find(frame, name, 0, &to->column, err);
  if (status != FM_OK)
    return status;
  to->type = fm_table_column_type(frame, to->column);
  to->validity = fm_table_validity(frame, to->column);
  if (to->type == FM_F64)
    to->values = fm_table_f64(frame, to->column);
  else if (to->type == FM_I64)
    to->values = fm_table_i64(frame, to->column);
  else if (to->type == FM_BOOL)
    to->values = fm_table_bool(frame, to->column);
  else if (to->type != FM_CODE)
    to->values = fm_table_i32(frame, to->column);  /* dates too */
  else if (!fm__table_is_blank(frame, to->column)) /* without a value it is of no type */
    return fm__fail(err, FM_ERR_TYPE, "column %s is of type code, expected numbers", name);
  return FM_OK;
}

static fm_status open_sources(source *sources, const fm__rows *rows, const fm_table *frame, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < rows->n_numbers && status == FM_OK; k++)
    status = open_source(&sources[k], rows->names[k], rows->flags[k], frame, err);
  return status;
}

/* One canonical form of each number: no -0, one NaN. */
static fm_status settle(double *numbers, const fm__rows_place *place, fm_error *err)
{
  for (size_t k = 0; k < place->rows->n_numbers; k++) {
    if (isinf(numbers[k]))
      return fm__rows_bad(place, k, "a finite number", err);
    numbers[k] = isnan(numbers[k]) ? fm__order_value(FM__MISSING_KEY) : numbers[k] + 0.0;
  }
  return FM_OK;
}

/* Is the row after the last one equal to one of the few before it, from `first` on? That one then counts it. */
static bool pool_last(fm__rows *rows, size_t first)
{
  enum { NEAR = 4 };
  for (size_t i = rows->n; i > first && rows->n - i < NEAR; i--) {
    const uint32_t *ids = rows->ids + (i - 1) * rows->n_sets, *last = rows->ids + rows->n * rows->n_sets;
    for (size_t k = 0; k < rows->n_sets; k++)
      if (ids[k] != last[k])
        return false;
    if (fm__rows_compare(rows, i - 1, rows->n) != 0)
      continue;
    rows->counts[i - 1]++;
    return true;
  }
  return false;
}

static fm_status take_rows(fm__rows *rows, const source *sources, uint32_t *const *maps, const fm_table *frame,
                           fm__rows_take take, void *context, fm_error *err)
{
  fm__rows_place place = {.frame = frame, .rows = rows, .sources = sources, .maps = maps};
  size_t n_rows = fm_table_n_rows(frame), first = rows->n;
  for (; place.row < n_rows; place.row++) {
    double *numbers = rows->numbers + rows->n * rows->n_numbers;
    bool keep = true;
    for (size_t k = 0; k < rows->n_numbers; k++)
      numbers[k] = cell(&sources[k], place.row);
    fm_status status = take != NULL ? take(context, numbers, &keep, &place, err) : FM_OK;
    if (status == FM_OK && keep)
      status = settle(numbers, &place, err);
    if (status != FM_OK)
      return status;
    if (!keep)
      continue;
    for (size_t k = 0; k < rows->n_sets; k++)
      rows->ids[rows->n * rows->n_sets + k] = maps[k] != NULL ? maps[k][place.row] : 0;
    if (rows->kind == NULL || !rows->kind->repeats || !pool_last(rows, first))
      rows->counts[rows->n++] = 1;
  }
  return FM_OK;
}

fm_status fm__rows_add(fm__rows *rows, const fm_table *frame, fm__rows_take take, void *context, fm_error *err)
{
  size_t n = rows->n;
  source *sources = fm__array(rows->n_numbers, sizeof *sources);
  size_t *before = fm__array(rows->n_sets, sizeof *before);
  uint32_t **maps = fm__array(rows->n_sets, sizeof *maps);
  fm_status status = sources != NULL && before != NULL && maps != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = open_sources(sources, rows, frame, err);
  size_t n_mapped = 0;
  while (n_mapped < rows->n_sets && status == FM_OK) {
    before[n_mapped] = fm__groups_count(rows->sets[n_mapped]);
    status = fm__groups_map(rows->sets[n_mapped], frame, &maps[n_mapped], err);
    n_mapped += status == FM_OK;
  }
  if (status == FM_OK && !fm__rows_room(rows, fm_table_n_rows(frame)))
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = take_rows(rows, sources, maps, frame, take, context, err);
  if (status != FM_OK)
    rows->n = n;
  rows->reduced = rows->reduced && status != FM_OK;
  for (size_t k = 0; k < n_mapped; k++) {
    if (status != FM_OK)
      fm__groups_truncate(rows->sets[k], before[k]);
    fm__free(maps[k]);
  }
  fm__free(sources);
  fm__free(before);
  fm__free(maps);
  return status;
}

/* ---- the canonical form: sorted rows, equal ones pooled ---- */

int fm__rows_compare(const fm__rows *rows, size_t a, size_t b)
{
  const uint32_t *p = rows->ids + a * rows->n_sets, *q = rows->ids + b * rows->n_sets;
  for (size_t k = 0; k < rows->n_sets; k++)
    if (p[k] != q[k])
      return p[k] < q[k] ? -1 : 1;
  const double *x = fm__rows_numbers(rows, a), *y = fm__rows_numbers(rows, b);
  for (size_t k = 0; k < rows->n_numbers; k++) {
    uint64_t u = fm__order_key(x[k]), v = fm__order_key(y[k]);
    if (u != v)
      return u < v ? -1 : 1;
  }
  return 0;
}

static bool is_canonical(const fm__rows *rows)
{
  for (size_t i = 1; i < rows->n; i++)
    if (fm__rows_compare(rows, i - 1, i) >= 0)
      return false;
  return true;
}

/* A sort key: as many id sets as fit into 64 bits together, or one number. */
typedef struct field {
  size_t from, to; /* id sets; from == to: number `from` */
} field;

static uint64_t key_of(const fm__rows *rows, const field *f, size_t row)
{
  if (f->from == f->to)
    return fm__order_key(rows->numbers[row * rows->n_numbers + f->from]);
  uint64_t key = 0;
  for (size_t k = f->from; k < f->to; k++)
    key = key * fm__groups_count(rows->sets[k]) + rows->ids[row * rows->n_sets + k];
  return key;
}

static size_t list_fields(field *fields, const fm__rows *rows)
{
  size_t n = 0;
  for (size_t k = 0; k < rows->n_sets; n++) {
    uint64_t product = 1;
    fields[n].from = k;
    for (; k < rows->n_sets && product <= UINT64_MAX / (fm__groups_count(rows->sets[k]) + 1); k++)
      product *= fm__groups_count(rows->sets[k]);
    fields[n].to = k;
  }
  for (size_t k = 0; k < rows->n_numbers; k++)
    fields[n++] = (field){k, k};
  return n;
}

typedef struct span {
  size_t from, to;
} span;

/* Few rows: moved one by one. */
static void sort_few(const fm__rows *rows, fm__item *items, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    fm__item moved = items[i];
    size_t at = i;
    for (; at > 0 && fm__rows_compare(rows, (size_t)items[at - 1].value, (size_t)moved.value) > 0; at--)
      items[at] = items[at - 1];
    items[at] = moved;
  }
}

enum { FEW = 16 };

/* Sorts one run of rows that are equal so far by one field more; adds the runs left equal to `next`. */
static void sort_run(const fm__rows *rows, const field *f, fm__item *items, fm__item *scratch, span run, span *next,
                     size_t *n_next)
{
  bool sorted = true;
  for (size_t i = run.from; i < run.to; i++) {
    items[i].key = key_of(rows, f, (size_t)items[i].value);
    sorted = sorted && (i == run.from || items[i - 1].key <= items[i].key);
  }
  if (!sorted)
    fm__sort_items(items + run.from, scratch, run.to - run.from);
  for (size_t i = run.from, end; i < run.to; i = end) {
    end = i + 1;
    while (end < run.to && items[end].key == items[i].key)
      end++;
    if (end - i > FEW)
      next[(*n_next)++] = (span){i, end};
    else
      sort_few(rows, items + i, end - i);
  }
}

/* From the first field on, each run of rows that are still equal is sorted by the next: most runs end early. */
static fm_status sort_rows(fm__item *items, const fm__rows *rows, fm_error *err)
{
  size_t n = rows->n, n_runs = 1, n_next = 0;
  field *fields = fm__array(rows->n_sets + rows->n_numbers, sizeof *fields);
  fm__item *scratch = fm__array(n, sizeof *scratch);
  span *runs = fm__array(n / FEW + 1, sizeof *runs), *next = fm__array(n / FEW + 1, sizeof *next);
  fm_status status = fields != NULL && scratch != NULL && runs != NULL && next != NULL ? FM_OK : fm__no_memory(err);
  size_t n_fields = status == FM_OK ? list_fields(fields, rows) : 0;
  for (size_t i = 0; i < n; i++)
    items[i].value = i;
  if (status == FM_OK)
    runs[0] = (span){0, n};
  for (size_t f = 0; f < n_fields && n_runs > 0; f++) {
    for (size_t r = 0; r < n_runs; r++)
      sort_run(rows, &fields[f], items, scratch, runs[r], next, &n_next);
    span *swap = runs;
    runs = next;
    next = swap;
    n_runs = n_next;
    n_next = 0;
  }
  fm__free(fields);
  fm__free(scratch);
  fm__free(runs);
  fm__free(next);
  return status;
}

/* Puts the rows in the order of the items, equal ones pooled. */
static fm_status pool(fm__rows *rows, const fm__item *items, fm_error *err)
{
  size_t n_numbers = rows->n_numbers, n_sets = rows->n_sets, n = 0, last = 0;
  double *numbers = fm__array(rows->n, n_numbers * sizeof *numbers);
  uint32_t *ids = fm__array(rows->n, n_sets * sizeof *ids);
  uint64_t *counts = fm__array(rows->n, sizeof *counts);
  if (numbers == NULL || ids == NULL || counts == NULL) {
    fm__free(numbers);
    fm__free(ids);
    fm__free(counts);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < rows->n; i++) {
    size_t row = (size_t)items[i].value;
    if (n > 0 && fm__rows_compare(rows, last, row) == 0) {
      counts[n - 1] += rows->counts[row];
      continue;
    }
    memcpy(numbers + n * n_numbers, rows->numbers + row * n_numbers, n_numbers * sizeof *numbers);
    memcpy(ids + n * n_sets, rows->ids + row * n_sets, n_sets * sizeof *ids);
    counts[n++] = rows->counts[row];
    last = row;
  }
  fm__free(rows->numbers);
  fm__free(rows->ids);
  fm__free(rows->counts);
  rows->numbers = numbers;
  rows->ids = ids;
  rows->counts = counts;
  rows->numbers_capacity = rows->n * n_numbers;
  rows->ids_capacity = rows->n * n_sets;
  rows->counts_capacity = rows->n;
  rows->n = n;
  return FM_OK;
}

/* Makes the ids of set k their places in the order of texts. */
static fm_status renumber(fm__rows *rows, size_t k, fm_error *err)
{
  uint32_t *rank;
  fm_status status = fm__groups_sort(rows->sets[k], &rank, err);
  for (size_t i = k; rank != NULL && i < rows->n * rows->n_sets; i += rows->n_sets)
    rows->ids[i] = rank[rows->ids[i]];
  fm__free(rank);
  return status;
}

fm_status fm__rows_reduce(fm__rows *rows, fm_error *err)
{
  fm_status status = FM_OK;
  if (rows->reduced)
    return FM_OK;
  for (size_t k = 0; k < rows->n_sets && status == FM_OK; k++)
    status = renumber(rows, k, err);
  if (status == FM_OK && !is_canonical(rows)) {
    fm__item *items = fm__array(rows->n, sizeof *items);
    status = items != NULL ? sort_rows(items, rows, err) : fm__no_memory(err);
    if (status == FM_OK)
      status = pool(rows, items, err);
    fm__free(items);
  }
  if (status == FM_OK) {
    rows->reduced = true;
    rows->n_reduced = rows->n;
  }
  return status;
}

/* Adds other's rows, of at least one; maps[k]: the new numbers of its ids of set k. */
static void append(fm__rows *rows, const fm__rows *other, uint32_t *const *maps)
{
  memcpy(rows->counts + rows->n, other->counts, other->n * sizeof *rows->counts);
  if (rows->n_numbers > 0)
    memcpy(rows->numbers + rows->n * rows->n_numbers, other->numbers,
           other->n * rows->n_numbers * sizeof *rows->numbers);
  for (size_t i = 0; i < other->n; i++)
    for (size_t k = 0; k < rows->n_sets; k++)
      rows->ids[(rows->n + i) * rows->n_sets + k] = maps[k][other->ids[i * rows->n_sets + k]];
  rows->n += other->n;
}

fm_status fm__rows_merge(fm__rows *rows, const fm__rows *other, fm_error *err)
{
  enum { WORTH_POOLING = 1 << 16 };
  fm_status status = FM_OK;
  /* Merging many states keeps only twice as many rows as differ. */
  if (rows->n > WORTH_POOLING && rows->n / 2 > rows->n_reduced)
    status = fm__rows_reduce(rows, err);
  uint32_t **maps = fm__array(rows->n_sets, sizeof *maps);
  size_t *before = fm__array(rows->n_sets, sizeof *before), n_mapped = 0;
  if (status == FM_OK && (maps == NULL || before == NULL || !fm__rows_room(rows, other->n)))
    status = fm__no_memory(err);
  while (n_mapped < rows->n_sets && status == FM_OK) {
    before[n_mapped] = fm__groups_count(rows->sets[n_mapped]);
    status = fm__groups_absorb(rows->sets[n_mapped], other->sets[n_mapped], &maps[n_mapped], err);
    n_mapped += status == FM_OK;
  }
  if (status == FM_OK && other->n > 0)
    append(rows, other, maps);
  rows->reduced = rows->reduced && status != FM_OK;
  for (size_t k = 0; k < n_mapped; k++) {
    if (status != FM_OK)
      fm__groups_truncate(rows->sets[k], before[k]);
    fm__free(maps[k]);
  }
  fm__free(maps);
  fm__free(before);
  return status;
}
