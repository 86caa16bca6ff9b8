/* Any table as aligned text. A result table shows its keys, figures, uncertainty and states; others all columns that
 * have a value. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/report_priv.h"
#include "table/table_priv.h"

enum { QUANTITY, VALUE, UNIT, LOW, HIGH, N, PEOPLE, STATE, LEVEL, INDICATOR, DEFINITION, N_KNOWN };
static const char *const known_names[N_KNOWN] = {"quantity", "value", "unit",  "ci_low",    "ci_high",   "n",
                                                 "people",   "state", "level", "indicator", "definition"};
static const int32_t known_types[N_KNOWN] = {FM_CODE, FM_F64,  FM_CODE, FM_F64,  FM_F64, FM_I64,
                                             FM_I64,  FM_CODE, FM_F64,  FM_CODE, FM_CODE};

/* Where the cells of one shown column begin in the pool of texts. */
typedef struct shown {
  size_t column; /* of the table; LOW of a result stands for its interval */
  size_t *at;    /* of heading and rows, n_rows + 2 places in the pool */
  size_t width;
  bool right;
} shown;

typedef struct grid {
  const fm_table *t;
  const char *lang;
  bool full, is_result;
  size_t known[N_KNOWN];
  shown *columns;
  size_t n;
  fm__bytes pool;
} grid;

static bool is_result(grid *g)
{
  for (size_t k = 0; k < N_KNOWN; k++) {
    int64_t index = fm_table_column_index(g->t, known_names[k]);
    if (index < 0 || fm_table_column_type(g->t, (size_t)index) != known_types[k])
      return false;
    g->known[k] = (size_t)index;
  }
  return true;
}

static bool is_blank(const fm_table *t, size_t column)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (!fm_table_is_null(t, column, i))
      return false;
  return fm_table_n_rows(t) > 0;
}

/* One text in all rows. */
static bool is_constant(const fm_table *t, size_t column)
{
  const char *first = fm_table_n_rows(t) > 0 ? fm_table_text(t, column, 0, NULL) : NULL;
  for (size_t i = 1; i < fm_table_n_rows(t); i++) {
    const char *text = fm_table_text(t, column, i, NULL);
    if (text == NULL || first == NULL || strcmp(text, first) != 0)
      return false;
  }
  return first != NULL;
}

static bool is_known(const grid *g, size_t column, size_t which)
{
  return g->is_result && column == g->known[which];
}

static bool is_left_out(const grid *g, size_t column)
{
  if (is_known(g, column, VALUE)) /* where all are hidden, that is told in it */
    return false;
  if (is_blank(g->t, column))
    return true;
  if (!g->is_result)
    return false;
  static const char *const further[] = {"std_error", "weight", "period_start", "deff",
                                        "n_eff",     "df",     "band_low",     "band_high"};
  const char *name = fm_table_column_name(g->t, column);
  for (size_t k = 0; k < FM__COUNT(further); k++)
    if (strcmp(name, further[k]) == 0)
      return true;
  return is_known(g, column, UNIT) || is_known(g, column, HIGH) || is_known(g, column, LEVEL) ||
         is_known(g, column, STATE) ||
         ((is_known(g, column, INDICATOR) || is_known(g, column, DEFINITION)) && is_constant(g->t, column));
}

static fm__shown figure_at(const grid *g, size_t row)
{
  const fm_table *t = g->t;
  const double *value = fm_table_f64(t, g->known[VALUE]), *low = fm_table_f64(t, g->known[LOW]);
  const double *high = fm_table_f64(t, g->known[HIGH]);
  return (fm__shown){
      .quantity = fm_table_text(t, g->known[QUANTITY], row, NULL),
      .unit = fm_table_text(t, g->known[UNIT], row, NULL),
      .state = fm_table_text(t, g->known[STATE], row, NULL),
      .value = fm_table_is_null(t, g->known[VALUE], row) ? NAN : value[row],
      .low = fm_table_is_null(t, g->known[LOW], row) ? NAN : low[row],
      .high = fm_table_is_null(t, g->known[HIGH], row) ? NAN : high[row],
      .n = fm_table_is_null(t, g->known[N], row) ? -1 : fm_table_i64(t, g->known[N])[row],
  };
}

/* Text as it stands, but no control character: a cell stays one cell on one line. */
static void put_plain(fm__bytes *b, const char *text, size_t length)
{
  for (size_t i = 0; i < length; i++)
    fm__bytes_raw(b, (unsigned char)text[i] < 0x20 ? " " : text + i, 1);
}

/* A figure's name; where one indicator means something else by it, quantity.ID.NAME goes before quantity.NAME. */
static const char *quantity_label(const grid *g, size_t row)
{
  const char *id = fm_table_text(g->t, g->known[INDICATOR], row, NULL);
  const char *name = fm_table_text(g->t, g->known[QUANTITY], row, NULL);
  char own[128];
  int n = snprintf(own, sizeof own, "%s.%s", id != NULL ? id : "", name);
  const char *label = n > 0 && (size_t)n < sizeof own ? fm__label("quantity", own, g->lang) : own;
  return label != own ? label : fm__label("quantity", name, g->lang);
}

static void put_cell(grid *g, size_t column, size_t row)
{
  const fm_table *t = g->t;
  int32_t type = fm_table_column_type(t, column);
  if (is_known(g, column, VALUE) || is_known(g, column, LOW)) {
    fm__shown f = figure_at(g, row);
    (is_known(g, column, VALUE) ? fm__say_value : fm__say_interval)(&g->pool, &f, g->full, g->lang);
    if (is_known(g, column, VALUE) && !isnan(f.value) && f.state != NULL && strcmp(f.state, "censored") == 0)
      fm__put(&g->pool, fm_catalogue_label("number.bound", g->lang));
  } else if (fm_table_is_null(t, column, row)) {
    return;
  } else if (is_known(g, column, QUANTITY)) {
    fm__put(&g->pool, quantity_label(g, row));
  } else if (type == FM_CODE) {
    size_t length;
    const char *text = fm_table_text(t, column, row, &length);
    put_plain(&g->pool, text, length);
  } else if (g->is_result && !g->full && strcmp(fm_table_column_name(t, column), "p_value") == 0) {
    fm__say_p_value(&g->pool, fm_table_f64(t, column)[row], g->lang);
  } else if (type == FM_F64) {
    fm__say_exact(&g->pool, fm_table_f64(t, column)[row], g->lang);
  } else if (type == FM_DATE) {
    fm__say_date_short(&g->pool, fm_table_i32(t, column)[row], g->lang);
  } else if (type == FM_BOOL) {
    fm__put(&g->pool, fm_catalogue_label(fm_table_bool(t, column)[row] != 0 ? "word.yes" : "word.no", g->lang));
  } else {
    fm__say_whole(&g->pool, type == FM_I64 ? fm_table_i64(t, column)[row] : fm_table_i32(t, column)[row], g->lang);
  }
}

/* Writes heading and cells of a column into the pool and measures them. */
static void fill(grid *g, shown *c)
{
  const char *name = fm_table_column_name(g->t, c->column);
  size_t n_rows = fm_table_n_rows(g->t);
  int32_t type = fm_table_column_type(g->t, c->column);
  c->right = type != FM_CODE && type != FM_BOOL;
  for (size_t i = 0; i <= n_rows; i++) {
    c->at[i] = g->pool.size;
    if (i == 0)
      fm__put(&g->pool, is_known(g, c->column, LOW) ? fm_catalogue_label("column.interval", g->lang)
                                                    : fm__label("column", name, g->lang));
    else
      put_cell(g, c->column, i - 1);
    if (g->pool.failed)
      return;
    size_t width = fm__width_of((const char *)g->pool.data + c->at[i], g->pool.size - c->at[i]);
    c->width = width > c->width ? width : c->width;
  }
  c->at[n_rows + 1] = g->pool.size;
}

static void put_row(const grid *g, fm__bytes *b, size_t row)
{
  size_t due = 0;
  for (size_t k = 0; k < g->n; k++) {
    const shown *c = &g->columns[k];
    const char *text = (const char *)g->pool.data + c->at[row];
    size_t size = c->at[row + 1] - c->at[row], pad = c->width - fm__width_of(text, size);
    due += k > 0 ? 2 : 0;
    if (size > 0) {
      fm__put_spaces(b, due + (c->right ? pad : 0));
      fm__bytes_raw(b, text, size);
      due = c->right ? 0 : pad;
    } else {
      due += c->width;
    }
  }
  fm__put(b, "\n");
}

/* What holds for all rows of a result stands once above them. */
static void put_heading(const grid *g, fm__bytes *b)
{
  const fm_table *t = g->t;
  if (!g->is_result || fm_table_n_rows(t) == 0 || !is_constant(t, g->known[INDICATOR]))
    return;
  const char *id = fm_table_text(t, g->known[INDICATOR], 0, NULL);
  int64_t index = fm_catalogue_find(id);
  const char *name = index >= 0 ? fm_catalogue_text((size_t)index, "name", g->lang) : id;
  const char *definition = fm_table_text(t, g->known[DEFINITION], 0, NULL);
  const char *args[] = {name, id, definition != NULL ? definition : ""};
  bool one = is_constant(t, g->known[DEFINITION]); /* else the rules are a column */
  fm__say(b, g->lang, one ? "grid.heading" : "grid.heading_rules", args, FM__COUNT(args));
  fm__put(b, "\n\n");
}

static fm_status open_columns(grid *g, fm_error *err)
{
  size_t n_rows = fm_table_n_rows(g->t), n_columns = fm_table_n_columns(g->t);
  g->columns = fm__array(n_columns, sizeof *g->columns);
  if (g->columns == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n_columns; k++) {
    if (is_left_out(g, k))
      continue;
    shown *c = &g->columns[g->n];
    c->column = k;
    c->at = fm__array(n_rows + 2, sizeof *c->at);
    if (c->at == NULL)
      return fm__no_memory(err);
    g->n++;
    fill(g, c);
    if (g->pool.failed)
      return fm__no_memory(err);
  }
  return FM_OK;
}

fm_status fm_report_grid(char **out, const fm_table *t, const char *lang, int32_t full_digits, fm_error *err)
{
  fm__bytes b = {0};
  grid g = {.t = t, .lang = lang, .full = full_digits != 0};
  *out = NULL;
  fm_status status = fm__check_lang(lang, err);
  if (status == FM_OK)
    status = fm__table_require_sealed(t, err);
  if (status != FM_OK)
    return status;
  g.is_result = is_result(&g);
  status = open_columns(&g, err);
  if (status == FM_OK) {
    put_heading(&g, &b);
    if (g.is_result && fm_table_n_rows(t) == 0) {
      fm__put(&b, fm_catalogue_label("grid.no_rows", lang));
      fm__put(&b, "\n");
    } else {
      for (size_t i = 0; i <= fm_table_n_rows(t) && g.n > 0; i++)
        put_row(&g, &b, i);
    }
    status = fm__give_text(out, &b, err);
  }
  for (size_t k = 0; k < g.n; k++)
    fm__free(g.columns[k].at);
  fm__free(g.columns);
  fm__bytes_free(&g.pool);
  return status;
}
