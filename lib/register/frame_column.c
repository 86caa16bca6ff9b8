/* Columns of a frame: copied from the register's tables along the units' links, or derived. */
#include <string.h>

#include "register/frame_priv.h"

/* Small and medium-sized by head count alone, Recommendation 2003/361/EC: fewer than 250 employees. */
#define SME_BELOW 250

static bool clear_bit(uint8_t **validity, size_t i, size_t n)
{
  if (*validity == NULL) {
    *validity = fm__alloc(n / 8 + 1);
    if (*validity == NULL)
      return false;
    memset(*validity, 0xff, n / 8 + 1);
  }
  (*validity)[i >> 3] &= (uint8_t) ~(1U << (i & 7));
  return true;
}

static inline bool is_missing(const uint8_t *validity, const uint32_t *rows, size_t i, size_t *row)
{
  *row = rows == NULL ? i : rows[i];
  return *row == FM__NO_ROW || !fm__bit(validity, *row);
}

static const void *values_of(const fm_table *t, size_t column, size_t *width)
{
  int32_t type = fm_table_column_type(t, column);
  *width = type == FM_BOOL ? 1 : type == FM_F64 || type == FM_I64 ? 8 : 4;
  switch (type) {
  case FM_F64:
    return fm_table_f64(t, column);
  case FM_I64:
    return fm_table_i64(t, column);
  case FM_BOOL:
    return fm_table_bool(t, column);
  case FM_CODE:
    return fm_table_code(t, column);
  default:
    return fm_table_i32(t, column);
  }
}

/* Adds codes with a dictionary of the texts in use; takes codes and validity in every case. */
static fm_status own_used_texts(fm_table *to, const char *name, const fm_table *from, size_t column, int32_t *codes,
                                uint8_t *validity, size_t n, fm_error *err)
{
  size_t n_old = fm_table_n_texts(from, column), n_new = 0, size = 0, length;
  int32_t *number = fm__array(n_old, sizeof *number); /* new number + 1 */
  int64_t *offsets = NULL;
  char *bytes = NULL;
  fm_status status = FM_ERR_MEMORY;
  if (number == NULL)
    goto fail;
  for (size_t i = 0; i < n; i++) {
    if (!fm__bit(validity, i))
      continue;
    int32_t old = codes[i];
    if (number[old] == 0) {
      number[old] = (int32_t)++n_new;
      fm_table_dictionary_text(from, column, (size_t)old, &length);
      size += length + 1;
    }
    codes[i] = number[old] - 1;
  }
  offsets = fm__array(n_new + 1, sizeof *offsets);
  bytes = fm__alloc(size);
  if (offsets == NULL || bytes == NULL)
    goto fail;
  for (size_t k = 0; k < n_old; k++)
    if (number[k] > 0) {
      fm_table_dictionary_text(from, column, k, &length);
      offsets[number[k]] = (int64_t)length + 1;
    }
  for (size_t k = 0; k < n_new; k++)
    offsets[k + 1] += offsets[k];
  for (size_t k = 0; k < n_old; k++)
    if (number[k] > 0) {
      const char *text = fm_table_dictionary_text(from, column, k, &length);
      memcpy(bytes + offsets[number[k] - 1], text, length + 1);
    }
  status = fm__table_own_code(to, name, codes, validity, n, offsets, bytes, n_new, err);
  if (status != FM_OK)
    goto fail;
  fm__free(number);
  return FM_OK;
fail:
  if (status == FM_ERR_MEMORY)
    fm__no_memory(err);
  fm__free(number);
  fm__free(offsets);
  fm__free(bytes);
  fm__free(codes);
  fm__free(validity);
  return status;
}

fm_status fm__frame_gather(fm_table *to, const char *name, const fm_table *from, size_t column, const uint32_t *rows,
                           size_t n, fm_error *err)
{
  size_t width, row;
  const unsigned char *source = values_of(from, column, &width);
  const uint8_t *given = fm_table_validity(from, column);
  unsigned char *values = fm__array(n, width);
  uint8_t *validity = NULL;
  bool ok = values != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    if (is_missing(given, rows, i, &row))
      ok = clear_bit(&validity, i, n);
    else
      memcpy(values + i * width, source + row * width, width);
  }
  fm_status status = ok ? FM_OK : fm__no_memory(err);
  if (ok && fm_table_column_type(from, column) == FM_CODE)
    return own_used_texts(to, name, from, column, (int32_t *)(void *)values, validity, n, err);
  if (ok)
    status = fm__table_own(to, name, fm_table_column_type(from, column), values, validity, n, err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  return status;
}

/* ---- derived columns ---- */

const char *fm__frame_sector(const fm_register *r, uint32_t employer, int32_t day)
{
  size_t column = fm__register_column(r, FM__EMPLOYERS, "sector");
  const fm_codes *codes = NULL;
  int64_t entry = FM_CODE_UNKNOWN;
  if (employer != FM__NO_ROW && column != FM__NO_COLUMN)
    entry = fm__register_entry(r, FM__EMPLOYERS, column, employer, day, &codes);
  return entry < 0 ? "unknown" : fm_codes_code(codes, entry);
}

static fm_status add_sector(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  const char **texts = fm__array(f->n, sizeof *texts);
  if (texts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < f->n; i++)
    texts[i] = fm__frame_sector(f->r, f->rows[FM__EMPLOYERS][i], f->day[i]);
  fm_status status = fm_table_add_text(to, name, texts, f->n, err);
  fm__free(texts);
  return status;
}

/* Head count of a unit's employer, -1 when unknown. */
static int64_t headcount(const fm__frame *f, size_t column, size_t i)
{
  uint32_t employer = f->rows[FM__EMPLOYERS][i];
  const fm_table *t = f->r->part[FM__EMPLOYERS].table;
  if (column == FM__NO_COLUMN || employer == FM__NO_ROW || fm_table_is_null(t, column, employer))
    return -1;
  return fm_table_i64(t, column)[employer];
}

static fm_status add_size_class(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  const fm_codes *sizes = fm_register_codes(f->r, "firm_size");
  size_t column = fm__register_column(f->r, FM__EMPLOYERS, "headcount");
  const char **texts = fm__array(f->n, sizeof *texts);
  if (texts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < f->n; i++) {
    int64_t count = headcount(f, column, i);
    int64_t entry = count < 0 || sizes == NULL ? -1 : fm_codes_find_band(sizes, "headcount_below", count, f->day[i]);
    texts[i] = entry < 0 ? NULL : fm_codes_code(sizes, entry);
  }
  fm_status status = fm_table_add_text(to, name, texts, f->n, err);
  fm__free(texts);
  return status;
}

static fm_status add_sme(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  size_t column = fm__register_column(f->r, FM__EMPLOYERS, "headcount");
  uint8_t *values = fm__array(f->n, 1), *validity = NULL;
  bool ok = values != NULL;
  for (size_t i = 0; ok && i < f->n; i++) {
    int64_t count = headcount(f, column, i);
    if (count < 0)
      ok = clear_bit(&validity, i, f->n);
    else
      values[i] = count < SME_BELOW;
  }
  fm_status status = ok ? fm__table_own(to, name, FM_BOOL, values, validity, f->n, err) : fm__no_memory(err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  return status;
}

/* Whole years from `birth` to `day`. Somebody born on 29 February is a year older on 1 March. */
static int32_t age_on(int32_t birth, int32_t day)
{
  int32_t y0, m0, d0, y1, m1, d1;
  fm_date_to_ymd(birth, &y0, &m0, &d0);
  fm_date_to_ymd(day, &y1, &m1, &d1);
  return y1 - y0 - (m1 < m0 || (m1 == m0 && d1 < d0));
}

static fm_status add_age(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  size_t column = fm__register_column(f->r, FM__PERSONS, "birth_date");
  int32_t *values = fm__array(f->n, sizeof *values);
  uint8_t *validity = NULL;
  bool ok = values != NULL;
  for (size_t i = 0; ok && i < f->n; i++) {
    uint32_t person = f->rows[FM__PERSONS][i];
    int32_t birth = person == FM__NO_ROW ? FM_NO_DATE : fm__date_at(f->r->part[FM__PERSONS].table, column, person);
    if (birth == FM_NO_DATE || !fm__date_is_valid(f->day[i]) || birth > f->day[i])
      ok = clear_bit(&validity, i, f->n);
    else
      values[i] = age_on(birth, f->day[i]);
  }
  fm_status status = ok ? fm__table_own(to, name, FM_I32, values, validity, f->n, err) : fm__no_memory(err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  return status;
}

typedef fm_status (*derive)(const fm__frame *f, fm_table *to, const char *name, fm_error *err);

static derive derived(const fm__frame *f, const char *name)
{
  bool employers = f->rows[FM__EMPLOYERS] != NULL;
  if (employers && strcmp(name, "sector") == 0)
    return add_sector;
  if (employers && strcmp(name, "size_class") == 0)
    return add_size_class;
  if (employers && strcmp(name, "sme") == 0)
    return add_sme;
  if (employers && strcmp(name, "industry_section") == 0)
    return fm__frame_add_section;
  if (f->rows[FM__PERSONS] != NULL && strcmp(name, "age") == 0 &&
      fm__register_column(f->r, FM__PERSONS, "birth_date") != FM__NO_COLUMN)
    return add_age;
  return fm__frame_is_dated(f, name) ? fm__frame_dated : NULL;
}

/* ---- by name ---- */

/* Numbers, dates and bools: the text columns of every kind are required in the data. */
static fm_status add_missing(fm_table *to, const char *name, int32_t type, size_t n, fm_error *err)
{
  void *values = fm__array(n, 8);
  uint8_t *validity = fm__array(n / 8 + 1, 1);
  fm_status status =
      values == NULL || validity == NULL ? fm__no_memory(err) : fm__table_own(to, name, type, values, validity, n, err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  return status;
}

/* Table and column of a plain name, or of table.column. */
static size_t look_up(const fm__frame *f, const fm__frame_kind *kind, const char *name, int *table)
{
  const char *dot = strchr(name, '.');
  for (size_t k = 0; kind->tables[k] != FM__N_TABLES; k++) {
    *table = kind->tables[k];
    const fm_table *t = f->r->part[*table].table;
    if (f->rows[*table] == NULL || t == NULL)
      continue;
    size_t column = fm__register_column(f->r, *table, name);
    if (column == FM__NO_COLUMN && dot != NULL && strlen(fm_table_name(t)) == (size_t)(dot - name) &&
        strncmp(fm_table_name(t), name, (size_t)(dot - name)) == 0)
      column = fm__register_column(f->r, *table, dot + 1);
    if (column != FM__NO_COLUMN)
      return column;
  }
  return FM__NO_COLUMN;
}

static fm_status no_such_column(const fm__frame *f, const fm__frame_kind *kind, const char *name, fm_error *err)
{
  char tables[120] = "";
  for (size_t k = 0; kind->tables[k] != FM__N_TABLES; k++) {
    const fm_table *t = f->r->part[kind->tables[k]].table;
    if (t == NULL || strlen(tables) + strlen(fm_table_name(t)) + 3 > sizeof tables)
      continue;
    if (tables[0] != '\0')
      strcat(tables, ", ");
    strcat(tables, fm_table_name(t));
  }
  fm__fail(err, FM_ERR_NOT_FOUND, "a frame of %s cannot have the column %s: it is in none of %s", kind->name, name,
           tables[0] == '\0' ? "the tables" : tables);
  fm__error_place(err, NULL, name, -1, -1, -1);
  return FM_ERR_NOT_FOUND;
}

fm_status fm__frame_resolve(const fm__frame *f, const fm__frame_kind *kind, fm_table *to, const char *name,
                            int32_t type, fm_error *err)
{
  int64_t own = fm_table_column_index(f->core, name);
  if (own >= 0)
    return fm__table_share(to, name, f->core, (size_t)own, err);
  derive add = derived(f, name);
  if (add != NULL)
    return add(f, to, name, err);
  int table;
  size_t column = look_up(f, kind, name, &table);
  if (column != FM__NO_COLUMN)
    return fm__frame_gather(to, name, f->r->part[table].table, column, f->rows[table], f->n, err);
  if (type != 0)
    return add_missing(to, name, type, f->n, err);
  return no_such_column(f, kind, name, err);
}
