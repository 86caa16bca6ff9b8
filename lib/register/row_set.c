/* A set of rows of one table, equal when the cells of the chosen columns are. */
#include <string.h>

#include "register/make_priv.h"

struct fm__row_set {
  const fm_table *table;
  const size_t *columns;
  size_t n_columns, n_slots;
  uint32_t *slots; /* row + 1; 0 is free */
};

fm_status fm__row_set_create(fm__row_set **out, const fm_table *t, const size_t *columns, size_t n, fm_error *err)
{
  *out = NULL;
  fm__row_set *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  s->table = t;
  s->columns = columns;
  s->n_columns = n;
  s->n_slots = 16;
  while (s->n_slots < 2 * fm_table_n_rows(t))
    s->n_slots *= 2;
  s->slots = fm__array(s->n_slots, sizeof *s->slots);
  if (s->slots == NULL) {
    fm__row_set_destroy(s);
    return fm__no_memory(err);
  }
  *out = s;
  return FM_OK;
}

void fm__row_set_destroy(fm__row_set *s)
{
  if (s == NULL)
    return;
  fm__free(s->slots);
  fm__free(s);
}

/* A cell as 64 bits, equal for equal cells of one column; dictionaries have distinct texts. */
static uint64_t cell_bits(const fm_table *t, size_t column, size_t row)
{
  uint64_t bits = 0;
  double v;
  if (fm_table_is_null(t, column, row))
    return 0x9e3779b97f4a7c15U;
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    v = fm_table_f64(t, column)[row] + 0.0; /* -0 is 0 */
    memcpy(&bits, &v, sizeof bits);
    return bits;
  case FM_I64:
    return (uint64_t)fm_table_i64(t, column)[row];
  case FM_BOOL:
    return fm_table_bool(t, column)[row];
  case FM_CODE:
    return (uint32_t)fm_table_code(t, column)[row];
  default:
    return (uint32_t)fm_table_i32(t, column)[row];
  }
}

bool fm__rows_equal(const fm_table *t, const size_t *columns, size_t n, size_t a, size_t b)
{
  for (size_t k = 0; k < n; k++)
    if (fm_table_is_null(t, columns[k], a) != fm_table_is_null(t, columns[k], b) ||
        cell_bits(t, columns[k], a) != cell_bits(t, columns[k], b))
      return false;
  return true;
}

static uint64_t mix(uint64_t h)
{
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93U;
  h ^= h >> 32;
  return h;
}

int64_t fm__row_set_add(fm__row_set *s, size_t row)
{
  uint64_t h = 0;
  for (size_t k = 0; k < s->n_columns; k++)
    h = mix(h * 0x9e3779b97f4a7c15U + cell_bits(s->table, s->columns[k], row) + k);
  size_t slot = (size_t)mix(h) & (s->n_slots - 1);
  for (; s->slots[slot] != 0; slot = (slot + 1) & (s->n_slots - 1))
    if (fm__rows_equal(s->table, s->columns, s->n_columns, s->slots[slot] - 1, row))
      return (int64_t)s->slots[slot] - 1;
  s->slots[slot] = (uint32_t)row + 1;
  return -1;
}
