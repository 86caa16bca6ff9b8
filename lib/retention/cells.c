/* Keeping cells: merging, renumbering groups, bytes. */
#include "retention/cells_priv.h"

void fm__cells_free(fm__cells *cells)
{
  fm__free(cells->keys);
  fm__free(cells->counts);
  fm__free(cells->sums);
  *cells = (fm__cells){0};
}

fm_status fm__cells_create(fm__cells *out, size_t n, bool weighted, fm_error *err)
{
  *out = (fm__cells){.keys = fm__array(n, sizeof *out->keys), .counts = fm__array(n, sizeof *out->counts)};
  if (weighted)
    out->sums = fm__array(n, sizeof *out->sums);
  if (out->keys != NULL && out->counts != NULL && (out->sums != NULL || !weighted))
    return FM_OK;
  fm__cells_free(out);
  return fm__no_memory(err);
}

size_t fm__cells_find(const fm__cells *cells, uint64_t group)
{
  uint64_t key = fm__cell_key(group, 0, 0);
  size_t low = 0, high = cells->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (cells->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* Appends cell `i` of `from`, or adds it to the last one when that has the same key. */
static void append(fm__cells *out, const fm__cells *from, size_t i)
{
  bool same = out->n > 0 && out->keys[out->n - 1] == from->keys[i];
  size_t at = same ? out->n - 1 : out->n++;
  out->keys[at] = from->keys[i];
  out->counts[at] += from->counts[i];
  if (from->sums != NULL)
    fm__sum_merge(&out->sums[at], &from->sums[i]);
}

fm_status fm__cells_merge(fm__cells *out, const fm__cells *a, const fm__cells *b, fm_error *err)
{
  fm_status status = fm__cells_create(out, a->n + b->n, a->sums != NULL || b->sums != NULL, err);
  for (size_t i = 0, j = 0; status == FM_OK && (i < a->n || j < b->n);) {
    if (j == b->n || (i < a->n && a->keys[i] <= b->keys[j]))
      append(out, a, i++);
    else
      append(out, b, j++);
  }
  return status;
}

void fm__cells_room_free(fm__cells_room *room)
{
  fm__cells_free(&room->cells);
  fm__free(room->items);
  fm__free(room->scratch);
}

fm_status fm__cells_room_create(fm__cells_room *room, const fm__cells *cells, fm_error *err)
{
  *room = (fm__cells_room){.items = fm__array(cells->n, sizeof *room->items),
                           .scratch = fm__array(cells->n, sizeof *room->scratch)};
  fm_status status = room->items != NULL && room->scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__cells_create(&room->cells, cells->n, cells->sums != NULL, err);
  if (status != FM_OK)
    fm__cells_room_free(room);
  return status;
}

void fm__cells_move(fm__cells_room *room, const fm__cells *cells)
{
  fm__cells *out = &room->cells;
  for (size_t i = 0; i < cells->n; i++)
    room->items[i].value = i;
  fm__sort_items(room->items, room->scratch, cells->n);
  for (size_t i = 0; i < cells->n; i++) {
    size_t from = (size_t)room->items[i].value;
    out->keys[i] = room->items[i].key;
    out->counts[i] = cells->counts[from];
    if (cells->sums != NULL)
      out->sums[i] = cells->sums[from];
  }
  out->n = cells->n;
}

void fm__cells_save(const fm__cells *cells, fm__bytes *b)
{
  fm__bytes_u64(b, cells->n);
  for (size_t i = 0; i < cells->n; i++) {
    fm__bytes_u64(b, cells->keys[i]);
    fm__bytes_u64(b, cells->counts[i]);
    if (cells->sums != NULL)
      fm__sum_save(&cells->sums[i], b);
  }
}

static bool load_cell(fm__cells *cells, size_t i, size_t n_groups, size_t n_causes, fm__reader *r)
{
  uint64_t key = fm__read_u64(r), count = fm__read_u64(r);
  uint32_t kind = fm__cell_kind(key);
  if (r->failed || kind >= FM__CELL_EVENT + n_causes || fm__cell_group(key) >= n_groups || count == 0 ||
      count > UINT64_C(1) << 53 || (i > 0 && key <= cells->keys[i - 1]) ||
      (kind == FM__CELL_ENTER && fm__cell_time(key) == 0))
    return false;
  cells->keys[i] = key;
  cells->counts[i] = count;
  if (cells->sums == NULL)
    return true;
  if (!fm__sum_load(&cells->sums[i], r))
    return false;
  double weight = fm__sum_value(&cells->sums[i]);
  return kind == FM__CELL_ENTER ? weight < 0 : weight > 0;
}

/* What ends after a time, and what ends at it, of one group on the way back in time. */
typedef struct tail {
  uint64_t group, later, here;
  int32_t time;
  fm__sum later_weight, here_weight;
} tail;

static void tail_move(tail *t, uint64_t key)
{
  if (fm__cell_group(key) != t->group)
    *t = (tail){.group = fm__cell_group(key), .time = fm__cell_time(key)};
  if (fm__cell_time(key) == t->time)
    return;
  t->time = fm__cell_time(key);
  t->later += t->here;
  fm__sum_merge(&t->later_weight, &t->here_weight);
  t->here = 0;
  t->here_weight = (fm__sum){0};
}

/* Whoever enters at a time ends after it: going back in time nobody may be missing. */
static bool entries_end(const fm__cells *cells)
{
  tail t = {.group = UINT64_MAX};
  for (size_t i = cells->n; i-- > 0;) {
    bool enters = fm__cell_kind(cells->keys[i]) == FM__CELL_ENTER;
    tail_move(&t, cells->keys[i]);
    if (cells->sums != NULL)
      fm__sum_merge(enters ? &t.later_weight : &t.here_weight, &cells->sums[i]);
    if (!enters) {
      t.here += cells->counts[i];
      continue;
    }
    if (cells->counts[i] > t.later || fm__sum_value(&t.later_weight) < 0)
      return false;
    t.later -= cells->counts[i];
  }
  return true;
}

fm_status fm__cells_load(fm__cells *cells, bool weighted, size_t n_groups, size_t n_causes, fm__reader *r,
                         fm_error *err)
{
  /* Bytes of a cell: key and number; a weight above 0 has flags, a length and at least one digit with its place. */
  const size_t least = weighted ? 16 + 7 : 16;
  uint64_t n = fm__read_u64(r);
  *cells = (fm__cells){0};
  if (r->failed || n > (r->size - r->at) / least)
    return fm__fail(err, FM_ERR_FORMAT, "saved day table is damaged: it ends too early");
  fm_status status = fm__cells_create(cells, (size_t)n, weighted, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    if (!load_cell(cells, i, n_groups, n_causes, r))
      status = fm__fail(err, FM_ERR_FORMAT, "saved day table is damaged at cell %zu", i);
  if (status == FM_OK) {
    cells->n = (size_t)n;
    if (!entries_end(cells))
      status = fm__fail(err, FM_ERR_FORMAT, "saved day table is damaged: more rows enter than end later");
  }
  if (status != FM_OK)
    fm__cells_free(cells);
  return status;
}
