#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct fm_oracle {
  char *text;
  char **cells;
  size_t n_columns, n_rows;
};

static char *read_all(const char *path)
{
  FILE *f = fopen(path, "rb");
  ck_assert_msg(f != NULL, "cannot open %s", path);
  fseek(f, 0, SEEK_END);
  long size = ftell(f);
  rewind(f);
  char *text = malloc((size_t)size + 1);
  size_t n = fread(text, 1, (size_t)size, f);
  fclose(f);
  text[n] = '\0';
  return text;
}

fm_oracle *fm_oracle_open(const char *name)
{
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", FM_ORACLE_DIR, name);
  fm_oracle *o = calloc(1, sizeof *o);
  o->text = read_all(path);
  size_t commas = 0, lines = 0;
  for (const char *p = o->text; *p != '\0'; p++) {
    if (*p == '"') /* an assertion that holds writes to check's file, too: slow for each character */
      ck_abort_msg("%s: quotes are not read here", name);
    commas += *p == ',';
    lines += *p == '\n';
  }
  o->cells = calloc(commas + lines + 2, sizeof *o->cells);
  size_t n = 0;
  bool first = true;
  for (char *p = o->text; *p != '\0';) {
    o->cells[n++] = p;
    p += strcspn(p, ",\r\n");
    bool end = *p != ',';
    if (first && end) {
      o->n_columns = n;
      first = false;
    }
    while (*p == '\r')
      *p++ = '\0';
    if (*p != '\0')
      *p++ = '\0';
  }
  ck_assert_msg(o->n_columns > 0 && n % o->n_columns == 0, "%s: ragged rows", name);
  o->n_rows = n / o->n_columns - 1;
  return o;
}

void fm_oracle_close(fm_oracle *o)
{
  free(o->cells);
  free(o->text);
  free(o);
}

size_t fm_oracle_n_rows(const fm_oracle *o)
{
  return o->n_rows;
}

const char *fm_oracle_text(const fm_oracle *o, size_t row, const char *column)
{
  for (size_t k = 0; k < o->n_columns; k++)
    if (strcmp(o->cells[k], column) == 0)
      return o->cells[(row + 1) * o->n_columns + k];
  ck_abort_msg("no oracle column %s", column);
  return NULL;
}

double fm_oracle_number(const fm_oracle *o, size_t row, const char *column)
{
  const char *text = fm_oracle_text(o, row, column);
  if (strcmp(text, "NA") == 0 || text[0] == '\0')
    return NAN;
  if (strcmp(text, "Inf") == 0)
    return INFINITY;
  if (strcmp(text, "-Inf") == 0)
    return -INFINITY;
  return strtod(text, NULL);
}
