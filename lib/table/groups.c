/* Distinct tuples of key columns. Within one frame rows are told apart by small local numbers; only tuples that occur
 * are turned into texts, so that dictionaries of different frames never need to agree. */
#include "table/table_priv.h"

#include <string.h>

#define FM__MAX_KEYS 8
#define FM__LOOKUP_LIMIT ((size_t)1 << 22)

struct fm__groups {
  char *by; /* names, cut by NULs */
  const char *names[FM__MAX_KEYS];
  size_t n_columns;
  fm__texts *texts[FM__MAX_KEYS];
  int32_t *tuples; /* count x n_columns text numbers, -1 for missing */
  size_t count, capacity;
  uint32_t *slots; /* group + 1; 0 is free */
  size_t n_slots;
};

static fm_status add_column(fm__groups *g, const char *name, fm_error *err)
{
  for (size_t k = 0; k < g->n_columns; k++)
    if (strcmp(g->names[k], name) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "by: expected each column once, got \"%s\" twice", name);
  g->texts[g->n_columns] = fm__texts_create();
  if (g->texts[g->n_columns] == NULL)
    return FM_ERR_MEMORY;
  g->names[g->n_columns++] = name;
  return FM_OK;
}

fm_status fm__groups_create(fm__groups **out, const char *by, fm_error *err)
{
  *out = NULL;
  fm__groups *g = fm__array(1, sizeof *g);
  if (g == NULL)
    return fm__no_memory(err);
  fm_status status = FM_ERR_MEMORY;
  const char *names = by != NULL ? by : "";
  g->by = fm__copy_text(names, strlen(names));
  g->n_slots = 16;
  g->slots = fm__array(g->n_slots, sizeof *g->slots);
  if (g->by == NULL || g->slots == NULL)
    goto fail;
  for (char *p = g->by; *p != '\0';) {
    while (*p == ' ')
      p++;
    char *end = p + strcspn(p, ","), *next = *end != '\0' ? end + 1 : end;
    while (end > p && end[-1] == ' ')
      end--;
    *end = '\0';
    if (g->n_columns == FM__MAX_KEYS || p == end) {
      status = fm__fail(err, FM_ERR_ARGUMENT, "by: expected one to %d column names separated by commas, got \"%s\"",
                        FM__MAX_KEYS, names);
      goto fail;
    }
    status = add_column(g, p, err);
    if (status != FM_OK)
      goto fail;
    p = next;
  }
  *out = g;
  return FM_OK;
fail:
  fm__groups_destroy(g);
  return status == FM_ERR_MEMORY ? fm__no_memory(err) : status;
}

void fm__groups_destroy(fm__groups *g)
{
  if (g == NULL)
    return;
  for (size_t k = 0; k < FM__MAX_KEYS; k++)
    fm__texts_destroy(g->texts[k]);
  fm__free(g->tuples);
  fm__free(g->slots);
  fm__free(g->by);
  fm__free(g);
}

size_t fm__groups_n_columns(const fm__groups *g)
{
  return g->n_columns;
}

const char *fm__groups_column(const fm__groups *g, size_t k)
{
  return g->names[k];
}

size_t fm__groups_count(const fm__groups *g)
{
  return g->n_columns == 0 ? 1 : g->count;
}

const char *fm__groups_text(const fm__groups *g, size_t group, size_t k, size_t *length)
{
  int32_t text = g->tuples[group * g->n_columns + k];
  return text < 0 ? NULL : fm__texts_at(g->texts[k], (size_t)text, length);
}

static size_t slot_of(const fm__groups *g, const int32_t *tuple)
{
  size_t width = g->n_columns * sizeof *tuple;
  size_t slot = (size_t)fm__hash(tuple, width).low & (g->n_slots - 1);
  while (g->slots[slot] != 0 && memcmp(g->tuples + (g->slots[slot] - 1) * g->n_columns, tuple, width) != 0)
    slot = (slot + 1) & (g->n_slots - 1);
  return slot;
}

static bool rebuild_slots(fm__groups *g, size_t n)
{
  uint32_t *slots = fm__array(n, sizeof *slots);
  if (slots == NULL)
    return false;
  fm__free(g->slots);
  g->slots = slots;
  g->n_slots = n;
  for (size_t i = 0; i < g->count; i++)
    g->slots[slot_of(g, g->tuples + i * g->n_columns)] = (uint32_t)i + 1;
  return true;
}

/* Number of the group with these texts, made when new; false when out of memory. */
static bool group_of(fm__groups *g, const int32_t *tuple, uint32_t *group)
{
  size_t slot = slot_of(g, tuple);
  if (g->slots[slot] == 0) {
    if (g->count >= UINT32_MAX - 1 ||
        !fm__grow((void **)&g->tuples, &g->capacity, (g->count + 1) * g->n_columns, sizeof *g->tuples))
      return false;
    if (2 * (g->count + 1) > g->n_slots) {
      if (!rebuild_slots(g, g->n_slots * 2))
        return false;
      slot = slot_of(g, tuple);
    }
    memcpy(g->tuples + g->count * g->n_columns, tuple, g->n_columns * sizeof *tuple);
    g->slots[slot] = (uint32_t)++g->count;
  }
  *group = g->slots[slot] - 1;
  return true;
}

/* Makes the slots again in place. */
static void fill_slots(fm__groups *g)
{
  memset(g->slots, 0, g->n_slots * sizeof *g->slots);
  for (size_t i = 0; i < g->count; i++)
    g->slots[slot_of(g, g->tuples + i * g->n_columns)] = (uint32_t)i + 1;
}

void fm__groups_truncate(fm__groups *g, size_t count)
{
  if (g->n_columns == 0 || count >= g->count)
    return;
  g->count = count;
  fill_slots(g);
}

/* ---- one key column of one frame: rows as small numbers, 0 for missing ---- */
typedef struct local {
  const int32_t *codes; /* code columns: dictionary numbers */
  const uint8_t *validity;
  uint32_t *numbers; /* other columns: local text number + 1 */
  fm__texts *texts;
  const fm_table *frame;
  size_t column, n; /* distinct local numbers, missing included */
} local;

static size_t whole_text(char out[24], int64_t v)
{
  char reversed[24];
  size_t n = 0, length = 0;
  uint64_t rest = v < 0 ? (uint64_t)0 - (uint64_t)v : (uint64_t)v;
  do {
    reversed[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (v < 0)
    out[length++] = '-';
  while (n > 0)
    out[length++] = reversed[--n];
  out[length] = '\0';
  return length;
}

static int64_t whole_value(const fm_table *frame, size_t column, size_t row)
{
  if (fm_table_i64(frame, column) != NULL)
    return fm_table_i64(frame, column)[row];
  if (fm_table_i32(frame, column) != NULL)
    return fm_table_i32(frame, column)[row];
  return fm_table_bool(frame, column)[row];
}

static fm_status number_rows(local *l, size_t n_rows, fm_error *err)
{
  l->texts = fm__texts_create();
  l->numbers = fm__array(n_rows, sizeof *l->numbers);
  if (l->texts == NULL || l->numbers == NULL)
    return fm__no_memory(err);
  int64_t last = 0;
  uint32_t last_number = 0;
  for (size_t i = 0; i < n_rows; i++) {
    if (!fm__bit(l->validity, i))
      continue;
    int64_t v = whole_value(l->frame, l->column, i);
    if (last_number == 0 || v != last) {
      char text[24];
      int64_t k = fm__texts_add(l->texts, text, whole_text(text, v));
      if (k < 0)
        return fm__no_memory(err);
      last = v;
      last_number = (uint32_t)k + 1;
    }
    l->numbers[i] = last_number;
  }
  l->n = fm__texts_count(l->texts) + 1;
  return FM_OK;
}

static fm_status local_open(local *l, const fm_table *frame, const char *name, fm_error *err)
{
  *l = (local){.frame = frame};
  fm_status status = fm__table_find(frame, name, 0, &l->column, err);
  if (status != FM_OK)
    return status;
  l->validity = fm_table_validity(frame, l->column);
  l->codes = fm_table_code(frame, l->column);
  if (l->codes != NULL) {
    l->n = fm_table_n_texts(frame, l->column) + 1;
    return FM_OK;
  }
  if (fm_table_column_type(frame, l->column) == FM_F64)
    return fm__fail(err, FM_ERR_TYPE, "column %s is of type f64; groups need text, whole numbers, dates or bools",
                    name);
  return number_rows(l, fm_table_n_rows(frame), err);
}

static void local_close(local *l)
{
  fm__texts_destroy(l->texts);
  fm__free(l->numbers);
}

static uint32_t local_number(const local *l, size_t row)
{
  if (l->numbers != NULL)
    return l->numbers[row];
  return fm__bit(l->validity, row) ? (uint32_t)l->codes[row] + 1 : 0;
}

/* Text number in g of local number `number` of key k; -2 when out of memory. */
static int32_t global_text(fm__groups *g, size_t k, const local *l, uint32_t number)
{
  size_t length;
  if (number == 0)
    return -1;
  const char *text = l->texts != NULL ? fm__texts_at(l->texts, number - 1, &length)
                                      : fm_table_dictionary_text(l->frame, l->column, number - 1, &length);
  int64_t global = fm__texts_add(g->texts[k], text, length);
  return global < 0 ? -2 : (int32_t)global;
}

static bool group_of_row(fm__groups *g, const local *locals, size_t row, uint32_t *group)
{
  int32_t tuple[FM__MAX_KEYS];
  for (size_t k = 0; k < g->n_columns; k++) {
    tuple[k] = global_text(g, k, &locals[k], local_number(&locals[k], row));
    if (tuple[k] == -2)
      return false;
  }
  return group_of(g, tuple, group);
}

static fm_status map_rows(fm__groups *g, const local *locals, uint32_t *groups, size_t n_rows, fm_error *err)
{
  size_t product = 1;
  bool small = true;
  for (size_t k = 0; k < g->n_columns; k++)
    small = small && fm__multiply(product, locals[k].n, &product) && product <= FM__LOOKUP_LIMIT;
  uint32_t *lookup = small ? fm__array(product, sizeof *lookup) : NULL;
  bool done = true;
  for (size_t i = 0; i < n_rows && done; i++) {
    size_t at = 0;
    for (size_t k = 0; lookup != NULL && k < g->n_columns; k++)
      at = at * locals[k].n + local_number(&locals[k], i);
    if (lookup != NULL && lookup[at] != 0) {
      groups[i] = lookup[at] - 1;
      continue;
    }
    done = group_of_row(g, locals, i, &groups[i]);
    if (lookup != NULL)
      lookup[at] = groups[i] + 1;
  }
  fm__free(lookup);
  return done ? FM_OK : fm__no_memory(err);
}

fm_status fm__groups_map(fm__groups *g, const fm_table *frame, uint32_t **out, fm_error *err)
{
  *out = NULL;
  if (g->n_columns == 0)
    return FM_OK;
  local locals[FM__MAX_KEYS] = {{0}};
  size_t n_rows = fm_table_n_rows(frame), before = g->count;
  uint32_t *groups = fm__many(n_rows, sizeof *groups);
  fm_status status = groups != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < g->n_columns && status == FM_OK; k++)
    status = local_open(&locals[k], frame, g->names[k], err);
  if (status == FM_OK)
    status = map_rows(g, locals, groups, n_rows, err);
  for (size_t k = 0; k < g->n_columns; k++)
    local_close(&locals[k]);
  if (status != FM_OK) {
    fm__groups_truncate(g, before);
    fm__free(groups);
    return status;
  }
  *out = groups;
  return FM_OK;
}

/* ---- canonical order: by bytes, missing last ---- */
static int compare_groups(const fm__groups *g, uint32_t a, uint32_t b)
{
  for (size_t k = 0; k < g->n_columns; k++) {
    size_t na = 0, nb = 0;
    const char *ta = fm__groups_text(g, a, k, &na), *tb = fm__groups_text(g, b, k, &nb);
    if (ta == NULL || tb == NULL) {
      if (ta != tb)
        return ta == NULL ? 1 : -1;
      continue;
    }
    int order = memcmp(ta, tb, na < nb ? na : nb);
    if (order != 0)
      return order;
    if (na != nb)
      return na < nb ? -1 : 1;
  }
  return 0;
}

/* Bottom-up merge sort: groups are distinct, so any stable or unstable order is the same order. */
static void sort_groups(const fm__groups *g, uint32_t *order, uint32_t *scratch, size_t n)
{
  for (size_t width = 1; width < n; width *= 2) {
    for (size_t low = 0; low < n; low += 2 * width) {
      size_t middle = low + width < n ? low + width : n, high = low + 2 * width < n ? low + 2 * width : n;
      size_t a = low, b = middle;
      for (size_t at = low; at < high; at++)
        scratch[at] = a < middle && (b >= high || compare_groups(g, order[a], order[b]) <= 0) ? order[a++] : order[b++];
    }
    memcpy(order, scratch, n * sizeof *order);
  }
}

fm_status fm__groups_order(const fm__groups *g, uint32_t **out, fm_error *err)
{
  size_t n = fm__groups_count(g);
  uint32_t *order = fm__array(n, sizeof *order), *scratch = fm__array(n, sizeof *scratch);
  *out = NULL;
  if (order == NULL || scratch == NULL) {
    fm__free(order);
    fm__free(scratch);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++)
    order[i] = (uint32_t)i;
  if (g->n_columns > 0)
    sort_groups(g, order, scratch, n);
  fm__free(scratch);
  *out = order;
  return FM_OK;
}

bool fm__groups_is_sorted(const fm__groups *g)
{
  for (size_t i = 1; g->n_columns > 0 && i < g->count; i++)
    if (compare_groups(g, (uint32_t)i - 1, (uint32_t)i) > 0)
      return false;
  return true;
}

fm_status fm__groups_sort(fm__groups *g, uint32_t **rank, fm_error *err)
{
  uint32_t *order = NULL;
  *rank = NULL;
  if (fm__groups_is_sorted(g))
    return FM_OK;
  int32_t *tuples = fm__array(g->count, g->n_columns * sizeof *tuples);
  uint32_t *place = fm__array(g->count, sizeof *place);
  fm_status status = tuples != NULL && place != NULL ? fm__groups_order(g, &order, err) : fm__no_memory(err);
  if (status != FM_OK) {
    fm__free(tuples);
    fm__free(place);
    return status;
  }
  for (size_t i = 0; i < g->count; i++) {
    memcpy(tuples + i * g->n_columns, g->tuples + order[i] * g->n_columns, g->n_columns * sizeof *tuples);
    place[order[i]] = (uint32_t)i;
  }
  fm__free(order);
  fm__free(g->tuples);
  g->tuples = tuples;
  g->capacity = g->count * g->n_columns;
  fill_slots(g);
  *rank = place;
  return FM_OK;
}

fm_status fm__groups_absorb(fm__groups *g, const fm__groups *other, uint32_t **map, fm_error *err)
{
  size_t n = fm__groups_count(other), before = g->count;
  *map = fm__array(n, sizeof **map);
  bool done = *map != NULL;
  for (size_t i = 0; done && g->n_columns > 0 && i < n; i++) {
    int32_t tuple[FM__MAX_KEYS];
    for (size_t k = 0; k < g->n_columns && done; k++) {
      size_t length = 0;
      const char *text = fm__groups_text(other, i, k, &length);
      int64_t number = text == NULL ? -1 : fm__texts_add(g->texts[k], text, length);
      done = text == NULL || number >= 0;
      tuple[k] = (int32_t)number;
    }
    done = done && group_of(g, tuple, &(*map)[i]);
  }
  if (done)
    return FM_OK;
  fm__groups_truncate(g, before);
  fm__free(*map);
  *map = NULL;
  return fm__no_memory(err);
}

void fm__groups_save(const fm__groups *g, const uint32_t *order, fm__bytes *b)
{
  fm__bytes_u32(b, (uint32_t)g->n_columns);
  fm__bytes_u32(b, (uint32_t)fm__groups_count(g));
  for (size_t i = 0; g->n_columns > 0 && i < g->count; i++) {
    for (size_t k = 0; k < g->n_columns; k++) {
      size_t length = 0;
      const char *text = fm__groups_text(g, order != NULL ? order[i] : i, k, &length);
      fm__bytes_u8(b, text != NULL);
      if (text != NULL)
        fm__bytes_text(b, text, length);
    }
  }
}

fm_status fm__groups_load(fm__groups *g, fm__reader *r, fm_error *err)
{
  size_t n_columns = fm__read_u32(r), n = fm__read_u32(r);
  if (r->failed || n_columns != g->n_columns || (n_columns == 0 && n != 1))
    return fm__fail(err, FM_ERR_FORMAT, "saved groups are damaged: %zu key columns, expected %zu", n_columns,
                    g->n_columns);
  for (size_t i = 0; n_columns > 0 && i < n; i++) {
    int32_t tuple[FM__MAX_KEYS];
    uint32_t group;
    for (size_t k = 0; k < n_columns; k++) {
      tuple[k] = -1;
      if (fm__read_u8(r) == 0)
        continue;
      size_t length;
      const char *text = fm__read_text(r, &length);
      if (text == NULL || memchr(text, '\0', length) != NULL)
        return fm__fail(err, FM_ERR_FORMAT, "saved groups are damaged: a key text cannot be read");
      int64_t number = fm__texts_add(g->texts[k], text, length);
      if (number < 0)
        return fm__no_memory(err);
      tuple[k] = (int32_t)number;
    }
    if (r->failed)
      return fm__fail(err, FM_ERR_FORMAT, "saved groups are damaged: they end too early");
    if (!group_of(g, tuple, &group))
      return fm__no_memory(err);
    if (group != i)
      return fm__fail(err, FM_ERR_FORMAT, "saved groups are damaged: the same group twice");
  }
  return FM_OK;
}
