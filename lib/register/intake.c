/* Tables in memory as typed tables: whatever type holds the values exactly will do. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "code/code_priv.h"
#include "num/num_priv.h"
#include "register/make_priv.h"

#define EXACT 9007199254740992.0 /* 2^53: whole numbers up to here are doubles */

/* One cell on its way: what the schema wants, from what is there. */
typedef struct cell {
  double f64;
  int64_t i64; /* whole numbers, dates and bools */
} cell;

static const fm_csv_format iso = {.struct_size = sizeof(fm_csv_format), .decimal = '.'};

static int from_text(const fm__csv_format *f, int32_t type, const char *text, size_t length, cell *out)
{
  int32_t date;
  uint8_t flag;
  int form;
  switch (type) {
  case FM_F64:
    return fm__cell_f64(f, text, length, &out->f64);
  case FM_I64:
    return fm__cell_i64(f, text, length, &out->i64);
  case FM_DATE:
    form = fm__cell_date(f, text, length, &date);
    out->i64 = form == FM__CELL_OK ? date : 0;
    return form;
  default:
    form = fm__cell_bool(text, length, &flag);
    out->i64 = form == FM__CELL_OK ? flag : 0;
    return form;
  }
}

static int from_f64(int32_t type, double v, cell *out)
{
  out->f64 = v;
  if (type == FM_F64)
    return isfinite(v) || isnan(v) ? FM__CELL_OK : FM__CELL_RANGE;
  if (v != floor(v))
    return isfinite(v) ? FM__CELL_NOT_WHOLE : FM__CELL_RANGE;
  if (!(fabs(v) <= EXACT))
    return FM__CELL_RANGE;
  out->i64 = (int64_t)v;
  return type == FM_BOOL && (out->i64 < 0 || out->i64 > 1) ? FM__CELL_BAD : FM__CELL_OK;
}

static int from_whole(int32_t type, int64_t v, cell *out)
{
  out->i64 = v;
  out->f64 = (double)v;
  if (type == FM_F64 && (v > (int64_t)EXACT || v < -(int64_t)EXACT))
    return FM__CELL_RANGE;
  return type == FM_BOOL && (v < 0 || v > 1) ? FM__CELL_BAD : FM__CELL_OK;
}

static int64_t whole_at(const fm_table *s, size_t k, size_t row)
{
  switch (fm_table_column_type(s, k)) {
  case FM_I64:
    return fm_table_i64(s, k)[row];
  case FM_BOOL:
    return fm_table_bool(s, k)[row];
  default:
    return fm_table_i32(s, k)[row];
  }
}

static void bad_cell(fm__make *m, int t, const fm__column_def *c, size_t row, int form, const char *value,
                     size_t length)
{
  fm__finding f = {
      .code = "FM-N01", .what = "not a number", .expected = "a number", .value = value, .value_length = length};
  if (c->type == FM_DATE) {
    f.code = form == FM__CELL_NO_DAY ? "FM-D02" : "FM-D01";
    f.what = form == FM__CELL_NO_DAY ? "no such day" : "not a date";
    f.expected = form == FM__CELL_NO_DAY ? "a day of the calendar" : "a date, or text such as 2025-12-31";
  } else if (c->type == FM_BOOL) {
    f.code = "FM-B01";
    f.what = "not yes or no";
    f.expected = "1 or 0, true or false, yes or no";
  } else if (form == FM__CELL_RANGE) {
    f.code = "FM-N02";
    f.what = "number out of range";
    f.expected = "a number that can be held exactly";
  } else if (form == FM__CELL_NOT_WHOLE) {
    f.code = "FM-N03";
    f.what = "not a whole number";
    f.expected = "a whole number such as 37";
  }
  fm__make_problem(m, t, c->name, (int64_t)row, &f);
}

static void no_value(fm__make *m, int t, const fm__column_def *c, size_t row)
{
  fm__make_problem(
      m, t, c->name, (int64_t)row,
      &(fm__finding){.code = "FM-V01", .what = "no value", .expected = "a value in every row of this column"});
}

/* ---- numbers, dates, bools ---- */
typedef struct target {
  void *values;
  uint8_t *validity;
  size_t n;
} target;

static fm_status make_target(target *out, size_t n, fm_error *err)
{
  out->n = n;
  out->values = fm__array(n, 8);
  out->validity = fm__array(n / 8 + 1, 1);
  return out->values != NULL && out->validity != NULL ? FM_OK : fm__no_memory(err);
}

static void put_value(const target *out, int32_t type, size_t row, const cell *v)
{
  switch (type) {
  case FM_F64:
    ((double *)out->values)[row] = v->f64;
    break;
  case FM_I64:
    ((int64_t *)out->values)[row] = v->i64;
    break;
  case FM_DATE:
    ((int32_t *)out->values)[row] = (int32_t)v->i64;
    break;
  default:
    ((uint8_t *)out->values)[row] = (uint8_t)v->i64;
    break;
  }
  out->validity[row >> 3] |= (uint8_t)(1U << (row & 7));
}

/* Reads one cell. *missing: the cell is blank, or not a number where that means the same. */
static int read_cell(const fm__csv_format *f, const fm_table *s, size_t k, size_t row, const fm__column_def *c,
                     cell *out, bool *missing)
{
  int32_t from = fm_table_column_type(s, k);
  *missing = fm_table_is_null(s, k, row) != 0;
  if (*missing)
    return FM__CELL_OK;
  if (from == FM_CODE) {
    size_t length;
    const char *text = fm_table_text(s, k, row, &length);
    fm__trim(&text, &length);
    *missing = length == 0;
    return *missing ? FM__CELL_OK : from_text(f, c->type, text, length, out);
  }
  if (from == FM_F64) {
    double v = fm_table_f64(s, k)[row];
    *missing = isnan(v) && (c->flags & FM__WEIGHT) == 0;
    return *missing ? FM__CELL_OK : from_f64(c->type, v, out);
  }
  if (from == FM_DATE) {
    out->i64 = fm_table_i32(s, k)[row];
    return fm__date_is_valid((int32_t)out->i64) ? FM__CELL_OK : FM__CELL_NO_DAY;
  }
  return from_whole(c->type, whole_at(s, k, row), out);
}

static fm_status take_values(fm__make *m, int t, const fm__column_def *c, const fm_table *s, size_t k, fm_table *made,
                             fm_error *err)
{
  target out = {0};
  fm__csv_format f;
  fm_status status = fm__csv_format_take(&f, &iso, err);
  if (status == FM_OK)
    status = make_target(&out, fm_table_n_rows(s), err);
  for (size_t i = 0; i < out.n && status == FM_OK; i++) {
    cell v = {0, 0};
    bool missing;
    int form = read_cell(&f, s, k, i, c, &v, &missing);
    if (missing && (c->flags & FM__REQUIRED) != 0) {
      no_value(m, t, c, i);
    } else if (form != FM__CELL_OK) {
      char shown[48] = "";
      size_t length = 0;
      const char *value = fm_table_text(s, k, i, &length);
      if (value == NULL && fm_table_column_type(s, k) == FM_F64)
        value = fm__show_f64(shown, fm_table_f64(s, k)[i]);
      else if (value == NULL)
        snprintf(shown, sizeof shown, "%lld", (long long)whole_at(s, k, i));
      bad_cell(m, t, c, i, form, value != NULL ? value : shown,
               value != NULL && shown[0] == '\0' ? length : strlen(shown));
    } else if (!missing) {
      put_value(&out, c->type, i, &v);
    }
  }
  if (status == FM_OK)
    status = fm__table_own(made, c->name, c->type, out.values, out.validity, out.n, err);
  if (status != FM_OK) {
    fm__free(out.values);
    fm__free(out.validity);
  }
  return status;
}

/* ---- texts ---- */

/* A cell of any type as text; NULL when it cannot be an id or a code. */
static const char *as_text(char out[48], const fm_table *s, size_t k, size_t row, size_t *length)
{
  int32_t from = fm_table_column_type(s, k);
  if (from == FM_CODE)
    return fm_table_text(s, k, row, length);
  if (from == FM_F64) {
    double v = fm_table_f64(s, k)[row];
    if (v != floor(v) || !(fabs(v) <= EXACT))
      return NULL;
    snprintf(out, 48, "%lld", (long long)v);
  } else if (from == FM_BOOL) {
    memcpy(out, fm_table_bool(s, k)[row] ? "true" : "false", fm_table_bool(s, k)[row] ? 5 : 6);
  } else if (from == FM_DATE) {
    fm__show_date(out, fm_table_i32(s, k)[row]);
  } else {
    snprintf(out, 48, "%lld", (long long)whole_at(s, k, row));
  }
  *length = strlen(out);
  return out;
}

/* New number of each dictionary text: equal texts become one, the empty text a missing value (-1). */
static fm_status map_texts(int32_t **map, fm__texts *texts, const fm_table *s, size_t k, fm_error *err)
{
  size_t n = fm_table_n_texts(s, k), length;
  *map = fm__array(n, sizeof **map);
  if (*map == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    const char *text = fm_table_dictionary_text(s, k, i, &length);
    (*map)[i] = length > 0 ? (int32_t)fm__texts_add(texts, text, length) : -1;
    if (length > 0 && (*map)[i] < 0)
      return fm__no_memory(err);
  }
  return FM_OK;
}

static bool is_blank(const fm_table *s, size_t k, size_t row)
{
  return fm_table_is_null(s, k, row) || (fm_table_column_type(s, k) == FM_F64 && isnan(fm_table_f64(s, k)[row]));
}

static void not_text(fm__make *m, int t, const fm__column_def *c, size_t row)
{
  fm__make_problem(m, t, c->name, (int64_t)row,
                   &(fm__finding){.code = "FM-N03",
                                  .what = "not a whole number",
                                  .expected = "text or a whole number of at most 2^53"});
}

enum { NO_TEXT = -1, NO_MEMORY = -2, NOT_TEXT = -3 };

/* The number of a cell's text, or one of the above; NOT_TEXT has been listed. */
static int64_t take_text(fm__make *m, int t, const fm__column_def *c, const fm_table *s, size_t k, size_t row,
                         const int32_t *map, fm__texts *texts)
{
  char shown[48];
  size_t length;
  if (is_blank(s, k, row))
    return NO_TEXT;
  if (map != NULL)
    return map[fm_table_code(s, k)[row]];
  const char *text = as_text(shown, s, k, row, &length);
  if (text == NULL) {
    not_text(m, t, c, row);
    return NOT_TEXT;
  }
  int64_t number = fm__texts_add(texts, text, length);
  return number >= 0 ? number : NO_MEMORY;
}

static fm_status take_texts(fm__make *m, int t, const fm__column_def *c, const fm_table *s, size_t k, fm_table *made,
                            fm_error *err)
{
  size_t n = fm_table_n_rows(s);
  int32_t *map = NULL, *codes = fm__array(n, sizeof *codes);
  uint8_t *validity = fm__array(n / 8 + 1, 1);
  fm__texts *texts = fm__texts_create();
  fm_table *column = NULL;
  fm_status status = codes == NULL || validity == NULL || texts == NULL ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK && fm_table_column_type(s, k) == FM_CODE)
    status = map_texts(&map, texts, s, k, err);
  for (size_t i = 0; i < n && status == FM_OK; i++) {
    int64_t number = take_text(m, t, c, s, k, i, map, texts);
    if (number == NO_MEMORY)
      status = fm__no_memory(err);
    else if (number == NO_TEXT && (c->flags & FM__REQUIRED) != 0)
      no_value(m, t, c, i);
    codes[i] = number > 0 ? (int32_t)number : 0;
    if (number >= 0)
      validity[i >> 3] |= (uint8_t)(1U << (i & 7));
  }
  if (status == FM_OK) {
    status = fm__text_column(&column, c->name, codes, validity, n, texts, err);
    codes = NULL;
    validity = NULL;
  }
  if (status == FM_OK)
    status = fm__table_share(made, c->name, column, 0, err);
  fm_table_destroy(column);
  fm__free(codes);
  fm__free(validity);
  fm__free(map);
  fm__texts_destroy(texts);
  return status;
}

/* ---- columns ---- */

static bool types_agree(int32_t wanted, int32_t given)
{
  if (wanted == FM_CODE || given == FM_CODE)
    return true;
  return (wanted == FM_DATE) == (given == FM_DATE);
}

static void wrong_type(fm__make *m, int t, const fm__column_def *c, int32_t given)
{
  char what[64];
  snprintf(what, sizeof what, "a column of type %s", fm_column_type_name(given));
  fm__make_problem(m, t, c->name, -1,
                   &(fm__finding){.code = "FM-T01",
                                  .what = what,
                                  .expected = c->type == FM_DATE ? "dates, or text such as 2025-12-31"
                                                                 : "numbers, or text that holds numbers"});
}

static void missing_column(fm__make *m, int t, const fm__column_def *c, const fm_table *s)
{
  char what[128], hint[300] = "the table has:";
  size_t n = strlen(hint);
  snprintf(what, sizeof what, "the column \"%.60s\" is not there", fm__make_header(m, t, c->name));
  for (size_t k = 0; k < fm_table_n_columns(s) && n < 220; k++)
    n += (size_t)snprintf(hint + n, sizeof hint - n, "%s %.60s", k > 0 ? "," : "", fm_table_column_name(s, k));
  fm__make_problem(m, t, c->name, -1,
                   &(fm__finding){.code = "FM-H01", .what = what, .expected = "this column", .hint = hint});
}

static fm_status take_column(fm__make *m, int t, const fm__column_def *c, const fm_table *s, fm_table *made,
                             fm_error *err)
{
  int64_t at = fm_table_column_index(s, fm__make_header(m, t, c->name));
  if (at < 0) {
    if ((c->flags & FM__REQUIRED) != 0)
      missing_column(m, t, c, s);
    return FM_OK;
  }
  size_t k = (size_t)at;
  if (!types_agree(c->type, fm_table_column_type(s, k))) {
    wrong_type(m, t, c, fm_table_column_type(s, k));
    return FM_OK;
  }
  return c->type == FM_CODE ? take_texts(m, t, c, s, k, made, err) : take_values(m, t, c, s, k, made, err);
}

/* Columns that the schema does not have stay as they are, for grouping. */
static fm_status take_extra(fm__make *m, int t, const fm_table *s, size_t k, fm_table *made, fm_error *err)
{
  const fm__table_def *def = &fm__schema[t];
  const char *name = fm_table_column_name(s, k);
  for (size_t i = 0; i < def->n_columns; i++)
    if (strcmp(fm__make_header(m, t, def->columns[i].name), name) == 0 || strcmp(def->columns[i].name, name) == 0)
      return FM_OK;
  if (fm_table_column_type(s, k) != FM_CODE)
    return fm__table_share(made, name, s, k, err);
  fm__column_def any = {.name = name, .type = FM_CODE, .references = -1};
  return take_texts(m, t, &any, s, k, made, err);
}

fm_status fm__make_take(fm__make *m, int t, const fm_table *s, fm_error *err)
{
  fm__given *g = &m->given[t];
  const fm__table_def *def = &fm__schema[t];
  fm_table *made = NULL;
  g->given = true;
  g->labels = fm_table_retain(s);
  g->table = fm_table_retain(s); /* for the marks and lines of the problems found here */
  fm_status status = fm__make_mark(m, t, err);
  if (status == FM_OK)
    status = fm_table_create(&made, def->name, err);
  for (size_t k = 0; k < def->n_columns && status == FM_OK; k++)
    status = take_column(m, t, &def->columns[k], s, made, err);
  for (size_t k = 0; k < fm_table_n_columns(s) && status == FM_OK; k++)
    status = take_extra(m, t, s, k, made, err);
  if (status == FM_OK)
    status = fm_table_seal(made, err);
  if (status != FM_OK) {
    fm_table_destroy(made);
    return status;
  }
  fm_table_destroy(g->table);
  g->table = made;
  for (size_t k = 0; k < def->n_columns; k++) /* without a required column nothing more can be said */
    if ((def->columns[k].flags & FM__REQUIRED) != 0 && fm_table_column_index(made, def->columns[k].name) < 0) {
      fm_table_destroy(g->table);
      g->table = NULL;
      break;
    }
  return FM_OK;
}

/* What datapackage.json says of a folder, notes may say of a table. */
static fm_status take_facts(fm__make *m, const fm_table *s, fm_error *err)
{
  static const char *const keys[] = {"name",
                                     "title",
                                     "title_da",
                                     "organisation",
                                     "organisation_da",
                                     "invented",
                                     "licence",
                                     "weight",
                                     "observed_from",
                                     "observed_to",
                                     "income_concept",
                                     "income_unit",
                                     "income_year",
                                     "income_prices",
                                     "income_currency",
                                     "income_period_months",
                                     "income_observed_from",
                                     "income_observed_to"};
  for (size_t k = 0; k < FM__COUNT(keys); k++) {
    const char *value = fm_table_note(s, keys[k]);
    fm_status status = value != NULL ? fm__make_fact(m, keys[k], value, err) : FM_OK;
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

/* ---- the call ---- */
static fm_status take_tables(fm__make *m, const fm_table *const *tables, size_t n_tables, fm_error *err)
{
  size_t known = 0;
  for (size_t i = 0; i < n_tables; i++) {
    fm_status status = fm__table_require_sealed(tables[i], err);
    if (status != FM_OK)
      return status;
    int t = fm__table_number(fm_table_name(tables[i]));
    if (t >= 0 && m->given[t].given)
      return fm__fail(err, FM_ERR_ARGUMENT, "the table %s is given twice", fm__schema[t].name);
    if (t < 0) {
      fm__make_file_problem(m, fm_table_name(tables[i]), -1,
                            &(fm__finding){.code = "FM-F02",
                                           .severity = FM__NOTE,
                                           .what = "this table is not read",
                                           .expected = "persons, placements or another name of the schema"});
      continue;
    }
    known++;
    if (fm_table_n_rows(tables[i]) >= UINT32_MAX)
      return fm__fail(err, FM_ERR_LIMIT, "the table %s has more rows than 2^32 - 2", fm__schema[t].name);
    status = take_facts(m, tables[i], err);
    if (status == FM_OK)
      status = fm__make_take(m, t, tables[i], err);
    if (status != FM_OK)
      return status;
  }
  if (known > 0)
    return FM_OK;
  fm__fail(err, FM_ERR_NOT_FOUND, "no table found, expected persons, placements or another name of the schema");
  fm__error_detail(err, "FM-F03");
  return FM_ERR_NOT_FOUND;
}

fm_status fm_register_from_tables(fm_register **out, fm_table **problems, const fm_table *const *tables,
                                  size_t n_tables, const fm_register_spec *spec, const fm_run *run, fm_error *err)
{
  fm__make m = {0};
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  if (tables == NULL && n_tables > 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "tables is NULL but n_tables is %zu", n_tables);
  fm_status status = fm__make_start(&m, spec, run, err);
  if (status == FM_OK)
    status = fm__make_columns(&m, m.spec.columns, err);
  if (status == FM_OK)
    status = fm__make_lists(&m, NULL, err);
  if (status == FM_OK)
    status = take_tables(&m, tables, n_tables, err);
  return fm__make_finish(&m, status, out, problems, err);
}
