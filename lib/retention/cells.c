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

fm_status fm__cells_renumber(fm__cells *out, const fm__cells *cells, const uint32_t *map, fm_error *err)
{
  const uint64_t in_group = (UINT64_C(1) << 33) - 1;
  fm__item *items = fm__array(cells->n, sizeof *items), *scratch = fm__array(cells->n, sizeof *scratch);
  *out = (fm__cells){0};
  fm_status status = items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK)
    status = fm__cells_create(out, cells->n, cells->sums != NULL, err);
  if (status == FM_OK) {
    for (size_t i = 0; i < cells->n; i++) {
      uint64_t key = cells->keys[i];
      items[i] = (fm__item){.key = (uint64_t)map[key >> 33] << 33 | (key & in_group), .value = i};
    }
    fm__sort_items(items, scratch, cells->n);
    for (size_t i = 0; i < cells->n; i++) {
      out->keys[i] = items[i].key;
      out->counts[i] = cells->counts[items[i].value];
      if (cells->sums != NULL)
        out->sums[i] = cells->sums[items[i].value];
    }
    out->n = cells->n;
  }
  fm__free(items);
  fm__free(scratch);
  return status;
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

static bool load_cell(fm__cells *cells, size_t i, size_t n_groups, fm__reader *r)
{
  uint64_t key = fm__read_u64(r), count = fm__read_u64(r);
  uint32_t kind = key & 3;
  if (r->failed || kind >= FM__CELL_KINDS || key >> 33 >= n_groups || count == 0 || count > INT64_MAX / 4 ||
      (i > 0 && key <= cells->keys[i - 1]))
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

fm_status fm__cells_load(fm__cells *cells, bool weighted, size_t n_groups, fm__reader *r, fm_error *err)
{
  uint64_t n = fm__read_u64(r);
  *cells = (fm__cells){0};
  if (r->failed || n > (r->size - r->at) / 16)
    return fm__fail(err, FM_ERR_FORMAT, "saved day table is damaged: it ends too early");
  fm_status status = fm__cells_create(cells, (size_t)n, weighted, err);
  for (size_t i = 0; i < n && status == FM_OK; i++)
    if (!load_cell(cells, i, n_groups, r))
      status = fm__fail(err, FM_ERR_FORMAT, "saved day table is damaged at cell %zu", i);
  if (status != FM_OK) {
    fm__cells_free(cells);
    return status;
  }
  cells->n = (size_t)n;
  return FM_OK;
}
