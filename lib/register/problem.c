/* Where in the source a fault is, in the words of the source: its header names, its lines, its cells. */
#include <string.h>

#include "num/num_priv.h"
#include "register/make_priv.h"

const char *fm__show_f64(char out[48], double v)
{
  fm__print_f64(out, v);
  return out;
}

const char *fm__show_date(char out[48], int32_t date)
{
  fm_date_format(out, date);
  return out;
}

bool fm__looks_personal(const char *text, size_t length)
{
  char digits[10];
  size_t n = 0, hyphens = 0;
  for (size_t i = 0; i < length; i++) {
    bool digit = text[i] >= '0' && text[i] <= '9';
    if (digit && n == sizeof digits)
      return false;
    if (digit)
      digits[n++] = text[i];
    else if (text[i] == '-' && hyphens == 0 && length - i == 5)
      hyphens++;
    else
      return false;
  }
  if (n == 9) { /* the first 0 is lost */
    memmove(digits + 1, digits, 9);
    digits[0] = '0';
  } else if (n != 10) {
    return false;
  }
  int32_t day = 10 * (digits[0] - '0') + digits[1] - '0', month = 10 * (digits[2] - '0') + digits[3] - '0';
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

const char *fm__make_header(const fm__make *m, int t, const char *column)
{
  char name[160];
  size_t a = strlen(fm__schema[t].name), b = strlen(column);
  if (a + b + 2 > sizeof name)
    return column;
  memcpy(name, fm__schema[t].name, a);
  name[a] = '.';
  memcpy(name + a + 1, column, b + 1);
  int64_t k = fm__texts_find(m->mapped, name, a + b + 1);
  return k < 0 ? column : m->headers[k];
}

/* Rows the CSV reader left out are not counted in the table: then the line alone tells the place. */
static void place_of_row(const fm__given *g, int64_t row, fm__problem *p)
{
  if (row < 0)
    return;
  p->row = g->kept != NULL ? (int64_t)g->kept[row] : row;
  p->line = fm_table_line(g->table, (size_t)row);
  if (!g->from_file || p->line < 0)
    return;
  if (g->left_out > 0)
    p->row = p->line - 2;
  p->sheet_row = p->line == p->row + 2 ? p->line : -1;
}

int64_t fm__make_problem(fm__make *m, int t, const char *column, int64_t row, const fm__finding *f)
{
  fm__given *g = &m->given[t];
  fm__problem p = FM__PROBLEM_INIT;
  p.code = f->code;
  p.severity = f->severity;
  p.table = fm__schema[t].name;
  p.what = f->what;
  p.expected = f->expected;
  p.hint = f->hint;
  if (column != NULL) {
    p.column = fm__make_header(m, t, column);
    p.column_index = g->labels != NULL ? fm_table_column_index(g->labels, p.column) : -1;
    if (row < 0 && g->from_file && p.column_index >= 0) {
      p.line = 1;
      p.sheet_row = 1;
    }
  }
  if (f->value != NULL && !fm__looks_personal(f->value, f->value_length)) {
    p.value = f->value;
    p.value_length = f->value_length;
  }
  place_of_row(g, row, &p);
  if (f->severity == FM__ERROR) {
    g->partial = true;
    m->fatal = m->fatal || row < 0;
    if (row >= 0 && g->bad != NULL && !g->bad[row]) {
      g->bad[row] = 1;
      g->n_bad++;
    }
  }
  return fm__problems_add(m->problems, &p);
}

void fm__make_file_problem(fm__make *m, const char *place, int64_t line, const fm__finding *f)
{
  fm__problem p = FM__PROBLEM_INIT;
  m->fatal = m->fatal || f->severity == FM__ERROR;
  p.code = f->code;
  p.severity = f->severity;
  p.table = place;
  p.line = line;
  p.value = f->value;
  p.value_length = f->value_length;
  p.what = f->what;
  p.expected = f->expected;
  p.hint = f->hint;
  fm__problems_add(m->problems, &p);
}
