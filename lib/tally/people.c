/* An open-addressing set of (group, person). */
#include "tally/people_priv.h"

#include <stdio.h>
#include <string.h>

#include "table/table_priv.h"

static fm_status open_ids(fm__ids *ids, const fm_table *frame, const char *column, bool all, fm_error *err)
{
  *ids = (fm__ids){0};
  size_t k, n = fm_table_n_rows(frame);
  fm_status status = fm__table_find(frame, column, 0, &k, err);
  if (status != FM_OK)
    return status;
  int32_t type = fm_table_column_type(frame, k);
  if (type != FM_CODE && type != FM_I64 && type != FM_I32)
    return fm__fail(err, FM_ERR_TYPE, "column %s is of type %s, expected text or whole numbers for ids", column,
                    fm_column_type_name(type));
  ids->validity = fm_table_validity(frame, k);
  for (size_t i = 0; all && ids->validity != NULL && i < n; i++) {
    if (!fm__bit(ids->validity, i)) {
      fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: an id is expected, the cell is empty", column, i);
      fm__error_place(err, fm_table_name(frame), column, (int64_t)k, (int64_t)i, fm_table_line(frame, i));
      return FM_ERR_VALUE;
    }
  }
  ids->codes = fm_table_code(frame, k);
  size_t n_hashes = type == FM_CODE ? fm_table_n_texts(frame, k) : n;
  ids->hashes = fm__array(n_hashes, sizeof *ids->hashes);
  if (ids->hashes == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n_hashes; i++) {
    if (type == FM_CODE) {
      size_t length;
      const char *text = fm_table_dictionary_text(frame, k, i, &length);
      ids->hashes[i] = fm__hash(text, length);
    } else {
      int64_t v = type == FM_I64 ? fm_table_i64(frame, k)[i] : fm_table_i32(frame, k)[i];
      char text[24]; /* the same person whether the id came as text or as a number */
      ids->hashes[i] = fm__hash(text, (size_t)snprintf(text, sizeof text, "%lld", (long long)v));
    }
  }
  return FM_OK;
}

fm_status fm__ids_open(fm__ids *ids, const fm_table *frame, const char *column, fm_error *err)
{
  return open_ids(ids, frame, column, true, err);
}

fm_status fm__ids_open_some(fm__ids *ids, const fm_table *frame, const char *column, fm_error *err)
{
  return open_ids(ids, frame, column, false, err);
}

void fm__ids_close(fm__ids *ids)
{
  fm__free(ids->hashes);
  *ids = (fm__ids){0};
}

void fm__people_free(fm__people *p)
{
  fm__free(p->items);
  fm__free(p->slots);
  *p = (fm__people){0};
}

static size_t slot_of(const fm__people *p, uint32_t group, fm__hash128 id)
{
  size_t slot = (size_t)(id.low ^ (uint64_t)group * 0x9E3779B97F4A7C15U) & (p->n_slots - 1);
  for (; p->slots[slot] != 0; slot = (slot + 1) & (p->n_slots - 1)) {
    const fm__person *q = &p->items[p->slots[slot] - 1];
    if (q->id.low == id.low && q->id.high == id.high && q->group == group)
      break;
  }
  return slot;
}

bool fm__people_reserve(fm__people *p, size_t n)
{
  size_t need;
  if (!fm__add(p->n, n, &need) || need >= UINT32_MAX / 2 ||
      !fm__grow((void **)&p->items, &p->capacity, need, sizeof *p->items))
    return false;
  size_t wanted = p->n_slots < 16 ? 16 : p->n_slots;
  while (wanted < 2 * need + 1)
    wanted *= 2;
  if (wanted == p->n_slots)
    return true;
  uint32_t *slots = fm__array(wanted, sizeof *slots);
  if (slots == NULL)
    return false;
  fm__free(p->slots);
  p->slots = slots;
  p->n_slots = wanted;
  for (size_t i = 0; i < p->n; i++)
    p->slots[slot_of(p, p->items[i].group, p->items[i].id)] = (uint32_t)i + 1;
  return true;
}

bool fm__people_add(fm__people *p, uint32_t group, fm__hash128 id, uint32_t flags)
{
  if (p->n_slots < 2 * (p->n + 1) + 1 && !fm__people_reserve(p, p->n / 2 + 8))
    return false;
  size_t slot = slot_of(p, group, id);
  if (p->slots[slot] == 0) {
    p->items[p->n++] = (fm__person){.id = id, .group = group, .flags = flags};
    p->slots[slot] = (uint32_t)p->n;
  } else {
    p->items[p->slots[slot] - 1].flags |= flags;
  }
  return true;
}

static bool before(const fm__person *a, const fm__person *b)
{
  if (a->group != b->group)
    return a->group < b->group;
  return a->id.high != b->id.high ? a->id.high < b->id.high : a->id.low < b->id.low;
}

static void sort_people(fm__person *items, fm__person *scratch, size_t n)
{
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t low = 0; low < n; low += 2 * width) {
      size_t middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
      size_t a = low, b = middle;
      for (size_t at = low; at < high; at++)
        scratch[at] = a < middle && (b >= high || !before(&items[b], &items[a])) ? items[a++] : items[b++];
    }
    memcpy(items, scratch, n * sizeof *items);
  }
}

fm_status fm__people_save(const fm__people *p, const uint32_t *order, size_t n_groups, fm__bytes *b, fm_error *err)
{
  uint32_t *rank = fm__array(n_groups, sizeof *rank);
  fm__person *sorted = fm__array(p->n, sizeof *sorted), *scratch = fm__array(p->n, sizeof *scratch);
  fm_status status = rank != NULL && sorted != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    for (size_t i = 0; i < n_groups; i++)
      rank[order[i]] = (uint32_t)i;
    for (size_t i = 0; i < p->n; i++) {
      sorted[i] = p->items[i];
      sorted[i].group = rank[p->items[i].group];
    }
    sort_people(sorted, scratch, p->n);
    fm__bytes_u64(b, p->n);
    for (size_t i = 0; i < p->n; i++) {
      fm__bytes_u32(b, sorted[i].group);
      fm__bytes_u32(b, sorted[i].flags);
      fm__bytes_u64(b, sorted[i].id.low);
      fm__bytes_u64(b, sorted[i].id.high);
    }
  }
  fm__free(rank);
  fm__free(sorted);
  fm__free(scratch);
  return status;
}

fm_status fm__people_load(fm__people *p, size_t n_groups, fm__reader *r, fm_error *err)
{
  uint64_t n = fm__read_u64(r);
  if (r->failed || n > (r->size - r->at) / 24)
    return fm__fail(err, FM_ERR_FORMAT, "saved people are damaged: they end too early");
  if (!fm__people_reserve(p, (size_t)n))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    uint32_t group = fm__read_u32(r), flags = fm__read_u32(r);
    fm__hash128 id;
    id.low = fm__read_u64(r);
    id.high = fm__read_u64(r);
    if (group >= n_groups)
      return fm__fail(err, FM_ERR_FORMAT, "saved people are damaged: group %u of %zu", (unsigned)group, n_groups);
    if (!fm__people_add(p, group, id, flags))
      return fm__no_memory(err);
  }
  return p->n == n ? FM_OK : fm__fail(err, FM_ERR_FORMAT, "saved people are damaged: the same person twice");
}
