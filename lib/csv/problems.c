/* The list of faults: of each kind the first 20 are kept and all are counted, so that a file with a million bad cells
 * costs no more memory than one with twenty. */
#include "csv/csv_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_TABLE, TEXT_COLUMN, TEXT_VALUE, TEXT_WHAT, TEXT_EXPECTED, TEXT_HINT, N_TEXTS };

typedef struct kept {
  const char *code;
  int64_t row, line, sheet_row, column_index, arrival, table;
  int64_t text[N_TEXTS]; /* place in the pool, -1: none */
  int32_t kind, severity;
} kept;

typedef struct kind {
  int64_t count, hint; /* hint: place in the pool, -1: each problem has its own */
} kind;

struct fm__problems {
  kept *list;
  size_t n, capacity;
  kind *kinds;
  size_t kinds_capacity;
  fm__dictionary names, tables; /* kinds by "code, table, column"; tables by order of arrival */
  fm__bytes pool, key;
  int64_t count[2];
  bool failed;
};

fm__problems *fm__problems_create(void)
{
  fm__problems *p = fm__array(1, sizeof *p);
  if (p == NULL)
    return NULL;
  if (fm__dictionary_init(&p->names) != FM_OK || fm__dictionary_init(&p->tables) != FM_OK) {
    fm__problems_destroy(p);
    return NULL;
  }
  return p;
}

void fm__problems_destroy(fm__problems *p)
{
  if (p == NULL)
    return;
  fm__free(p->list);
  fm__free(p->kinds);
  fm__dictionary_free(&p->names);
  fm__dictionary_free(&p->tables);
  fm__bytes_free(&p->pool);
  fm__bytes_free(&p->key);
  fm__free(p);
}

/* Copies a text, making it UTF-8 without NUL and at most 120 bytes long. */
static int64_t pool_text(fm__problems *p, const char *text, size_t length, size_t longest)
{
  if (text == NULL)
    return -1;
  int64_t at = (int64_t)p->pool.size;
  size_t done = 0;
  while (done < length) {
    size_t good = fm__utf8_span(text + done, length - done);
    if (done + good > longest) {
      good = longest - done;
      while (good > 0 && ((unsigned char)text[done + good] & 0xC0U) == 0x80U)
        good--;
    }
    fm__bytes_raw(&p->pool, text + done, good);
    done += good;
    if (done < length && fm__utf8_span(text + done, length - done) == 0) {
      fm__bytes_raw(&p->pool, "?", 1);
      done++;
    }
    if (done + 4 > longest && done < length) {
      fm__bytes_raw(&p->pool, "...", 3);
      break;
    }
  }
  fm__bytes_u8(&p->pool, 0);
  return at;
}

static int64_t pool_string(fm__problems *p, const char *text)
{
  return pool_text(p, text, text != NULL ? strlen(text) : 0, 2000);
}

static const char *pooled(const fm__problems *p, int64_t at)
{
  return at < 0 ? NULL : (const char *)p->pool.data + at;
}

static int64_t kind_of(fm__problems *p, const fm__problem *problem)
{
  const char *const parts[] = {problem->code, problem->table, problem->column};
  int32_t code;
  p->key.size = 0;
  for (size_t k = 0; k < FM__COUNT(parts); k++) {
    if (parts[k] != NULL)
      fm__bytes_raw(&p->key, parts[k], strlen(parts[k]));
    fm__bytes_u8(&p->key, 0);
  }
  size_t before = p->names.n_texts;
  if (p->key.failed || fm__dictionary_add(&p->names, (const char *)p->key.data, p->key.size, &code) != FM_OK)
    return -1;
  if (p->names.n_texts > before) {
    if (!fm__grow((void **)&p->kinds, &p->kinds_capacity, p->names.n_texts, sizeof *p->kinds))
      return -1;
    p->kinds[code] = (kind){0, -1};
  }
  return code;
}

static bool keep(fm__problems *p, const fm__problem *problem, int64_t of_kind)
{
  int32_t table = 0;
  const char *name = problem->table != NULL ? problem->table : "";
  if (!fm__grow((void **)&p->list, &p->capacity, p->n + 1, sizeof *p->list) ||
      fm__dictionary_add(&p->tables, name, strlen(name), &table) != FM_OK)
    return false;
  p->list[p->n] = (kept){
      .code = problem->code,
      .row = problem->row,
      .line = problem->line,
      .sheet_row = problem->sheet_row,
      .column_index = problem->column_index,
      .arrival = (int64_t)p->n,
      .table = table,
      .text = {pool_string(p, problem->table), pool_string(p, problem->column),
               pool_text(p, problem->value, problem->value_length, 120), pool_string(p, problem->what),
               pool_string(p, problem->expected), pool_string(p, problem->hint)},
      .kind = (int32_t)of_kind,
      .severity = problem->severity,
  };
  p->n++;
  return !p->pool.failed;
}

int64_t fm__problems_add(fm__problems *p, const fm__problem *problem)
{
  int64_t of_kind = p->failed ? -1 : kind_of(p, problem);
  p->failed = p->failed || of_kind < 0;
  if (p->failed)
    return -1;
  p->count[problem->severity != FM__ERROR]++;
  if (p->kinds[of_kind].count++ < FM__PROBLEMS_KEPT && !keep(p, problem, of_kind))
    p->failed = true;
  return p->failed ? -1 : of_kind;
}

bool fm__problems_order(fm__problems *p, const char *table)
{
  int32_t number;
  p->failed = p->failed || fm__dictionary_add(&p->tables, table, strlen(table), &number) != FM_OK;
  return !p->failed;
}

void fm__problems_hint(fm__problems *p, int64_t of_kind, const char *hint)
{
  if (p->failed || of_kind < 0)
    return;
  p->kinds[of_kind].hint = pool_string(p, hint);
  p->failed = p->pool.failed;
}

int64_t fm__problems_count(const fm__problems *p, int32_t severity)
{
  return p->count[severity != FM__ERROR];
}

static int compare_i64(int64_t a, int64_t b)
{
  return (a > b) - (a < b);
}

static int by_place(const void *pa, const void *pb)
{
  const kept *a = pa, *b = pb;
  int order = compare_i64(a->table, b->table);
  if (order == 0)
    order = compare_i64(a->row, b->row);
  if (order == 0)
    order = compare_i64(a->line, b->line);
  if (order == 0)
    order = compare_i64(a->column_index, b->column_index);
  return order != 0 ? order : compare_i64(a->arrival, b->arrival);
}

/* "E14": letters count 1 to 26 without a zero. Empty when the problem has no cell. */
static void cell_name(char out[40], const kept *k)
{
  char letters[16];
  size_t n = 0;
  out[0] = '\0';
  if (k->column_index < 0 || k->sheet_row < 0)
    return;
  for (int64_t c = k->column_index + 1; c > 0; c = (c - 1) / 26)
    letters[n++] = (char)('A' + (c - 1) % 26);
  for (size_t i = 0; i < n / 2; i++) {
    char swap = letters[i];
    letters[i] = letters[n - 1 - i];
    letters[n - 1 - i] = swap;
  }
  snprintf(out, 40, "%.*s%lld", (int)n, letters, (long long)k->sheet_row);
}

fm_status fm__problems_fail(const fm__problems *p, fm_error *err)
{
  const kept *first = NULL;
  char place[200] = "", cell[40], more[40] = "", found[160] = "";
  size_t n = 0;
  if (p->failed)
    return fm__no_memory(err);
  for (size_t i = 0; i < p->n; i++)
    if (p->list[i].severity == FM__ERROR && (first == NULL || by_place(&p->list[i], first) < 0))
      first = &p->list[i];
  if (first == NULL)
    return fm__fail(err, FM_ERR_DATA, "the data have problems");
  const char *table = pooled(p, first->text[TEXT_TABLE]), *column = pooled(p, first->text[TEXT_COLUMN]);
  const char *value = pooled(p, first->text[TEXT_VALUE]), *expected = pooled(p, first->text[TEXT_EXPECTED]);
  const char *what = pooled(p, first->text[TEXT_WHAT]);
  cell_name(cell, first);
  if (first->line >= 0)
    n += (size_t)snprintf(place, sizeof place, ", line %lld", (long long)first->line);
  if (column != NULL)
    n += (size_t)snprintf(place + n, sizeof place - n, ", column \"%.*s\"", fm__fit(column, 60), column);
  if (cell[0] != '\0')
    snprintf(place + n, sizeof place - n, " (cell %s)", cell);
  if (value != NULL)
    snprintf(found, sizeof found, ", found %.*s", fm__fit(value, 60), value);
  if (p->count[0] > 1)
    snprintf(more, sizeof more, "; %lld more", (long long)p->count[0] - 1);
  table = table != NULL ? table : "";
  what = what != NULL ? what : "";
  const char *but = expected != NULL ? ", expected " : "";
  expected = expected != NULL ? expected : "";
  fm__fail(err, FM_ERR_DATA, "%.*s%s: %.*s%s%s%.*s%s", fm__fit(table, 60), table, place, fm__fit(what, 100), what,
           found, but, fm__fit(expected, 80), expected, more);
  fm__error_place(err, table, column, first->column_index, first->row, first->line);
  if (value != NULL)
    fm__error_value(err, value, strlen(value));
  fm__error_detail(err, first->code);
  return FM_ERR_DATA;
}

enum {
  COL_SEVERITY,
  COL_CODE,
  COL_TABLE,
  COL_ROW,
  COL_LINE,
  COL_COLUMN,
  COL_CELL,
  COL_VALUE,
  COL_WHAT,
  COL_EXPECTED,
  COL_HINT,
  COL_COUNT,
  N_COLUMNS
};

static void put_text(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, text != NULL ? strlen(text) : 0);
}

static void put_number(fm__builder *b, size_t column, int64_t v)
{
  if (v < 0)
    fm__builder_null(b, column);
  else
    fm__builder_i64(b, column, v);
}

static void put_problem(const fm__problems *p, const kept *k, fm__builder *b)
{
  char cell[40];
  const kind *of_kind = &p->kinds[k->kind];
  cell_name(cell, k);
  put_text(b, COL_SEVERITY, k->severity == FM__ERROR ? "error" : "note");
  put_text(b, COL_CODE, k->code);
  put_text(b, COL_TABLE, pooled(p, k->text[TEXT_TABLE]));
  put_number(b, COL_ROW, k->row);
  put_number(b, COL_LINE, k->line);
  put_text(b, COL_COLUMN, pooled(p, k->text[TEXT_COLUMN]));
  put_text(b, COL_CELL, cell[0] != '\0' ? cell : NULL);
  put_text(b, COL_VALUE, pooled(p, k->text[TEXT_VALUE]));
  put_text(b, COL_WHAT, pooled(p, k->text[TEXT_WHAT]));
  put_text(b, COL_EXPECTED, pooled(p, k->text[TEXT_EXPECTED]));
  put_text(b, COL_HINT, pooled(p, of_kind->hint >= 0 ? of_kind->hint : k->text[TEXT_HINT]));
  put_number(b, COL_COUNT, of_kind->count);
}

fm_status fm__problems_table(const fm__problems *p, fm_table **out, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } columns[N_COLUMNS] = {{"severity", FM_CODE}, {"code", FM_CODE},     {"table", FM_CODE}, {"row", FM_I64},
                          {"line", FM_I64},      {"column", FM_CODE},   {"cell", FM_CODE},  {"value", FM_CODE},
                          {"what", FM_CODE},     {"expected", FM_CODE}, {"hint", FM_CODE},  {"count", FM_I64}};
  *out = NULL;
  if (p->failed)
    return fm__no_memory(err);
  kept *ordered = fm__array(p->n, sizeof *ordered);
  if (ordered == NULL)
    return fm__no_memory(err);
  if (p->n > 0) {
    memcpy(ordered, p->list, p->n * sizeof *ordered);
    qsort(ordered, p->n, sizeof *ordered, by_place);
  }
  fm__builder *b = NULL;
  fm_status status = fm__builder_create(&b, "problems", err);
  for (size_t k = 0; status == FM_OK && k < N_COLUMNS; k++) {
    size_t column;
    status = fm__builder_column(b, columns[k].name, columns[k].type, &column, err);
  }
  if (status != FM_OK) {
    fm__builder_destroy(b);
    goto done;
  }
  for (size_t i = 0; i < p->n; i++)
    put_problem(p, &ordered[i], b);
  status = fm__builder_finish(b, out, err);
done:
  fm__free(ordered);
  return status;
}
