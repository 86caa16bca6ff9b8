/* The table as it may be shown: hidden cells without numbers, curves on their grid. */
#include "catalogue/protect_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "code/code_priv.h"
#include "table/table_priv.h"

typedef struct writing {
  const fm__guard *g;
  fm__builder *b;
  size_t n_columns, value, n, people, unit, state;
} writing;

static void copy_cell(fm__builder *b, const fm_table *t, size_t column, size_t row)
{
  size_t length = 0;
  if (fm_table_is_null(t, column, row)) {
    fm__builder_null(b, column);
    return;
  }
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    fm__builder_f64(b, column, fm_table_f64(t, column)[row]);
    break;
  case FM_I64:
    fm__builder_i64(b, column, fm_table_i64(t, column)[row]);
    break;
  case FM_BOOL:
    fm__builder_bool(b, column, fm_table_bool(t, column)[row] != 0);
    break;
  case FM_CODE: {
    const char *text = fm_table_text(t, column, row, &length);
    fm__builder_text(b, column, text, length);
    break;
  }
  default:
    fm__builder_i32(b, column, fm_table_i32(t, column)[row]);
  }
}

static void put_number(fm__builder *b, const fm_table *t, size_t column, double value)
{
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    fm__builder_f64(b, column, value);
    break;
  case FM_I64:
    fm__builder_i64(b, column, (int64_t)value);
    break;
  default:
    fm__builder_i32(b, column, (int32_t)value);
  }
}

/* A hidden row keeps what names the figure, and its unit. */
static void hide_cell(const writing *w, size_t column, size_t row)
{
  const fm__guard *g = w->g;
  if (column == w->state)
    fm__builder_text(w->b, column, "suppressed", 10);
  else if (column == w->unit || column <= g->quantity_column)
    copy_cell(w->b, g->t, column, row);
  else
    fm__builder_null(w->b, column);
}

static void write_cell(const writing *w, size_t column, size_t row)
{
  const fm__guard *g = w->g;
  bool counts = column == w->n || (column == w->value && g->rule[row]->role != FM__ROLE_CURVE);
  if (column == g->time && !isnan(g->new_at[row])) {
    if (isinf(g->new_at[row]))
      fm__builder_null(w->b, column);
    else
      put_number(w->b, g->t, column, g->new_at[row]);
  } else if (g->hidden[row] != 0) {
    hide_cell(w, column, row);
  } else if (g->new_count[row] >= 0 && counts) {
    put_number(w->b, g->t, column, (double)g->new_count[row]);
  } else if ((column == w->people && (g->quiet[row] != 0 || g->new_count[row] >= 0)) ||
             (column == w->n && g->quiet[row] != 0 && g->rule[row]->role == FM__ROLE_NONE)) {
    fm__builder_null(w->b, column);
  } else {
    copy_cell(w->b, g->t, column, row);
  }
}

/* What fm__print_f64 writes: 12, -0.5, 1e+20; no date, no "15-74". */
static bool is_number(const char *text)
{
  static const char digits[] = "0123456789";
  text += *text == '-';
  size_t whole = strspn(text, digits);
  text += whole;
  text += *text == '.' ? 1 + strspn(text + 1, digits) : 0;
  if (*text == 'e') {
    text += text[1] == '-' || text[1] == '+' ? 2 : 1;
    text += strspn(text, digits);
  }
  return whole > 0 && *text == '\0';
}

/* Words are shown, and settings. A number from the data is a count of rows, shown from the threshold on; or it is not
 * in data/catalogue/notes.csv and never shown, such as the longest time, which is that of one person. */
static void write_note(const writing *w, const char *key, const char *value)
{
  const fm__catalogue_note *note = fm__catalogue_note_of(key);
  char text[64];
  int64_t count = 0;
  if (!is_number(value) || (note != NULL && !note->is_count)) {
    fm__builder_note(w->b, key, value);
  } else if (note != NULL && fm__code_whole_number(value, &count) && count >= w->g->threshold) {
    fm__builder_note(w->b, key, value);
  } else if (note != NULL) {
    snprintf(text, sizeof text, "fewer than %lld", (long long)w->g->threshold);
    fm__builder_note(w->b, key, text);
  }
}

static void write_notes(const writing *w)
{
  const fm__guard *g = w->g;
  char text[32];
  size_t hidden = 0, earlier = 0;
  bool curve = false;
  for (size_t i = 0; i < g->n; i++) {
    hidden += g->hidden[i] != 0 && g->dropped[i] == 0;
    earlier += g->by_earlier[i] != 0 && g->dropped[i] == 0;
    curve = curve || !isnan(g->new_at[i]);
  }
  for (size_t k = 0; k < fm_table_n_notes(g->t); k++) {
    const char *key = fm_table_note_key(g->t, k);
    if (strcmp(key, "threshold") != 0 && strcmp(key, "hidden") != 0)
      write_note(w, key, fm_table_note(g->t, key));
  }
  snprintf(text, sizeof text, "%lld", (long long)g->threshold);
  fm__builder_note(w->b, "threshold", text);
  snprintf(text, sizeof text, "%zu", hidden);
  fm__builder_note(w->b, "hidden", text);
  if (hidden > 0)
    fm__builder_note(w->b, "hidden_why",
                     "fewer people than the threshold, or a figure that would give such a count away");
  if (g->by_earlier_asked) {
    snprintf(text, sizeof text, "%zu", earlier);
    fm__builder_note(w->b, "hidden_by_earlier", text);
  }
  if (curve)
    fm__builder_note(w->b, "curve", "ends of months, steps of at least the threshold");
}

static size_t column_of(const fm_table *t, const char *name)
{
  int64_t column = fm_table_column_index(t, name);
  return column >= 0 ? (size_t)column : FM__NO_COLUMN;
}

/* Rows read from a file keep their lines, for messages. */
static fm_status keep_lines(fm_table *out, const fm__guard *g, fm_error *err)
{
  size_t n = 0;
  if (g->n == 0 || fm_table_line(g->t, 0) < 0)
    return FM_OK;
  int64_t *lines = fm__array(g->n, sizeof *lines);
  if (lines == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < g->n; i++)
    if (g->dropped[i] == 0)
      lines[n++] = fm_table_line(g->t, i);
  fm_status status = fm__table_own_lines(out, lines, n, err);
  if (status != FM_OK)
    fm__free(lines);
  return status;
}

fm_status fm__guard_write(fm_table **out, const fm__guard *g, fm_error *err)
{
  writing w = {.g = g, .n_columns = fm_table_n_columns(g->t)};
  *out = NULL;
  w.value = column_of(g->t, "value");
  w.n = column_of(g->t, "n");
  w.people = column_of(g->t, "people");
  w.unit = column_of(g->t, "unit");
  w.state = column_of(g->t, "state");
  fm_status status = fm__builder_create(&w.b, fm_table_name(g->t), err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < w.n_columns && status == FM_OK; k++)
    status = fm__builder_column(w.b, fm_table_column_name(g->t, k), fm_table_column_type(g->t, k), NULL, err);
  if (status != FM_OK) {
    fm__builder_destroy(w.b);
    return status;
  }
  for (size_t i = 0; i < g->n; i++)
    for (size_t k = 0; k < w.n_columns && g->dropped[i] == 0; k++)
      write_cell(&w, k, i);
  write_notes(&w);
  status = fm__builder_finish(w.b, out, err);
  if (status == FM_OK)
    status = keep_lines(*out, g, err);
  if (status == FM_OK)
    return FM_OK;
  fm_table_destroy(*out);
  *out = NULL;
  return status;
}
