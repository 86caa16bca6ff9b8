/* A table made row by row. Memory failure is remembered, so that callers append without looking at each cell. */
#include "table/store_priv.h"

#include <string.h>

typedef struct growing {
  char *name;
  int32_t type;
  void *values;
  uint8_t *validity; /* made at the first null */
  size_t n, capacity, validity_capacity;
  fm__texts *texts;
} growing;

struct fm__builder {
  fm_table *table;
  growing *columns;
  size_t n_columns, capacity;
  bool failed;
};

fm_status fm__builder_create(fm__builder **out, const char *name, fm_error *err)
{
  *out = NULL;
  fm__builder *b = fm__array(1, sizeof *b);
  if (b == NULL)
    return fm__no_memory(err);
  fm_status status = fm_table_create(&b->table, name, err);
  if (status != FM_OK) {
    fm__free(b);
    return status;
  }
  *out = b;
  return FM_OK;
}

void fm__builder_destroy(fm__builder *b)
{
  if (b == NULL)
    return;
  for (size_t k = 0; k < b->n_columns; k++) {
    fm__free(b->columns[k].name);
    fm__free(b->columns[k].values);
    fm__free(b->columns[k].validity);
    fm__texts_destroy(b->columns[k].texts);
  }
  fm__free(b->columns);
  fm_table_destroy(b->table);
  fm__free(b);
}

static size_t width_of(int32_t type)
{
  if (type == FM_BOOL)
    return 1;
  return type == FM_F64 || type == FM_I64 ? 8 : 4;
}

fm_status fm__builder_column(fm__builder *b, const char *name, int32_t type, size_t *column, fm_error *err)
{
  if (!fm__grow((void **)&b->columns, &b->capacity, b->n_columns + 1, sizeof *b->columns))
    return fm__no_memory(err);
  growing g = {.type = type, .name = fm__copy_text(name, strlen(name))};
  if (g.name != NULL && type == FM_CODE)
    g.texts = fm__texts_create();
  if (g.name == NULL || (type == FM_CODE && g.texts == NULL)) {
    fm__free(g.name);
    return fm__no_memory(err);
  }
  b->columns[b->n_columns] = g;
  if (column != NULL)
    *column = b->n_columns;
  b->n_columns++;
  return FM_OK;
}

/* Room for one more cell; NULL when out of memory. */
static growing *next_cell(fm__builder *b, size_t column)
{
  growing *g = &b->columns[column];
  if (b->failed || !fm__grow(&g->values, &g->capacity, g->n + 1, width_of(g->type)) ||
      (g->validity != NULL && !fm__grow((void **)&g->validity, &g->validity_capacity, g->n / 8 + 1, 1))) {
    b->failed = true;
    return NULL;
  }
  if (g->validity != NULL) {
    if (g->n % 8 == 0)
      g->validity[g->n / 8] = 0;
    g->validity[g->n / 8] |= (uint8_t)(1U << (g->n % 8));
  }
  return g;
}

void fm__builder_null(fm__builder *b, size_t column)
{
  growing *g = next_cell(b, column);
  if (g == NULL)
    return;
  if (g->validity == NULL) {
    if (!fm__grow((void **)&g->validity, &g->validity_capacity, g->n / 8 + 1, 1)) {
      b->failed = true;
      return;
    }
    memset(g->validity, 0xFF, g->n / 8 + 1);
    g->validity[g->n / 8] = (uint8_t)((1U << (g->n % 8)) - 1U);
  }
  g->validity[g->n / 8] &= (uint8_t) ~(1U << (g->n % 8));
  memset((char *)g->values + g->n * width_of(g->type), 0, width_of(g->type));
  g->n++;
}

void fm__builder_f64(fm__builder *b, size_t column, double v)
{
  growing *g = next_cell(b, column);
  if (g != NULL)
    ((double *)g->values)[g->n++] = v;
}

void fm__builder_i64(fm__builder *b, size_t column, int64_t v)
{
  growing *g = next_cell(b, column);
  if (g != NULL)
    ((int64_t *)g->values)[g->n++] = v;
}

void fm__builder_i32(fm__builder *b, size_t column, int32_t v)
{
  growing *g = next_cell(b, column);
  if (g != NULL)
    ((int32_t *)g->values)[g->n++] = v;
}

void fm__builder_bool(fm__builder *b, size_t column, bool v)
{
  growing *g = next_cell(b, column);
  if (g != NULL)
    ((uint8_t *)g->values)[g->n++] = v ? 1 : 0;
}

void fm__builder_text(fm__builder *b, size_t column, const char *text, size_t length)
{
  if (text == NULL) {
    fm__builder_null(b, column);
    return;
  }
  growing *g = next_cell(b, column);
  if (g == NULL)
    return;
  int64_t k = fm__texts_add(g->texts, text, length);
  if (k < 0)
    b->failed = true;
  else
    ((int32_t *)g->values)[g->n++] = (int32_t)k;
}

void fm__builder_note(fm__builder *b, const char *key, const char *value)
{
  if (!b->failed && fm_table_set_note(b->table, key, value, NULL) != FM_OK)
    b->failed = true;
}

/* Moves one finished column into the table. */
static fm_status move_column(fm__builder *b, growing *g, fm_error *err)
{
  if (g->values == NULL && (g->values = fm__alloc(1)) == NULL)
    return fm__no_memory(err);
  fm_status status;
  if (g->type != FM_CODE) {
    status = fm__table_own(b->table, g->name, g->type, g->values, g->validity, g->n, err);
  } else {
    size_t n = fm__texts_count(g->texts), length;
    int64_t *offsets = fm__array(n + 1, sizeof *offsets);
    size_t total = n > 0 ? (size_t)(fm__texts_at(g->texts, n - 1, &length) - fm__texts_at(g->texts, 0, NULL)) : 0;
    total += n > 0 ? length + 1 : 0;
    char *bytes = n > 0 ? fm__copy_text(fm__texts_at(g->texts, 0, NULL), total - 1) : fm__alloc(1);
    if (offsets == NULL || bytes == NULL) {
      status = fm__no_memory(err);
    } else {
      for (size_t k = 0; k < n; k++)
        offsets[k] = fm__texts_at(g->texts, k, NULL) - fm__texts_at(g->texts, 0, NULL);
      offsets[n] = (int64_t)total;
      status = fm__table_own_code(b->table, g->name, g->values, g->validity, g->n, offsets, bytes, n, err);
    }
    if (status != FM_OK) {
      fm__free(offsets);
      fm__free(bytes);
    }
  }
  if (status == FM_OK) {
    g->values = NULL;
    g->validity = NULL;
  }
  return status;
}

fm_status fm__builder_finish(fm__builder *b, fm_table **out, fm_error *err)
{
  *out = NULL;
  fm_status status = b->failed ? fm__no_memory(err) : FM_OK;
  for (size_t k = 0; k < b->n_columns && status == FM_OK; k++)
    status = move_column(b, &b->columns[k], err);
  if (status == FM_OK)
    status = fm_table_seal(b->table, err);
  if (status == FM_OK) {
    *out = b->table;
    b->table = NULL;
  }
  fm__builder_destroy(b);
  return status;
}

fm_status fm_table_add_text(fm_table *t, const char *name, const char *const *texts, size_t n, fm_error *err)
{
  fm__builder *b;
  fm_status status = fm__builder_create(&b, "", err);
  if (status != FM_OK)
    return status;
  size_t column;
  status = fm__builder_column(b, name != NULL ? name : "", FM_CODE, &column, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < n; i++)
    fm__builder_text(b, column, texts[i], texts[i] != NULL ? strlen(texts[i]) : 0);
  fm_table *made = NULL;
  if (name == NULL || name[0] == '\0') {
    fm__builder_destroy(b);
    return fm__fail(err, FM_ERR_ARGUMENT, "a column needs a name");
  }
  status = fm__builder_finish(b, &made, err);
  if (status == FM_OK)
    status = fm__table_share(t, name, made, 0, err);
  fm_table_destroy(made);
  return status;
}
