/* What the measures of this folder share. */
#include "retention/retention_priv.h"

#include <math.h>
#include <string.h>

fm_status fm__retention_column(const fm_table *frame, const char *name, int32_t type, size_t *column, fm_error *err)
{
  fm_status status = fm__table_find(frame, name, type, column, err);
  if (status != FM_OK)
    return status;
  const uint8_t *validity = fm_table_validity(frame, *column);
  size_t n = fm_table_n_rows(frame);
  for (size_t i = 0; validity != NULL && i < n; i++)
    if (!fm__bit(validity, i)) {
      fm__fail(err, FM_ERR_VALUE, "column %s, row %zu: a value is expected, the cell is empty", name, i);
      fm__error_place(err, fm_table_name(frame), name, (int64_t)*column, (int64_t)i, fm_table_line(frame, i));
      return FM_ERR_VALUE;
    }
  return FM_OK;
}

void fm__retention_place(const fm_table *frame, fm_error *err)
{
  if (err != NULL && err->row >= 0)
    fm__error_place(err, fm_table_name(frame), NULL, -1, err->row, fm_table_line(frame, (size_t)err->row));
}

fm_status fm__retention_text(char **out, const char *text, const char *fallback, fm_error *err)
{
  const char *from = text != NULL && text[0] != '\0' ? text : fallback;
  *out = from != NULL ? fm__copy_text(from, strlen(from)) : NULL;
  return from == NULL || *out != NULL ? FM_OK : fm__no_memory(err);
}

fm_status fm__retention_ranks(const fm__groups *g, uint32_t **order, uint32_t **rank, fm_error *err)
{
  size_t n = fm__groups_count(g);
  *rank = NULL;
  fm_status status = fm__groups_order(g, order, err);
  if (status != FM_OK)
    return status;
  *rank = fm__array(n, sizeof **rank);
  if (*rank == NULL) {
    fm__free(*order);
    *order = NULL;
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n; i++)
    (*rank)[(*order)[i]] = (uint32_t)i;
  return FM_OK;
}

size_t fm__retention_until(const int32_t *times, size_t n, int32_t time)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (times[middle] <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void fm__retention_add_times(fm__sum *s, double x, uint64_t count)
{
  for (double power = 1; count != 0; count >>= 1, power *= 2)
    if ((count & 1) != 0)
      fm__sum_add(s, x * power);
}

static bool read_number(double *out, const char *text, size_t length)
{
  while (length > 0 && text[0] == ' ') {
    text++;
    length--;
  }
  while (length > 0 && text[length - 1] == ' ')
    length--;
  return length > 0 && fm__parse_f64(text, length, '.', out);
}

fm_status fm__retention_numbers(fm__numbers *out, const char *text, double low, double high, bool whole,
                                const char *what, fm_error *err)
{
  size_t most = 1;
  *out = (fm__numbers){0};
  if (text == NULL || text[0] == '\0')
    return FM_OK;
  for (const char *p = text; *p != '\0'; p++)
    most += *p == ',';
  out->of = fm__array(most, sizeof *out->of);
  if (out->of == NULL)
    return fm__no_memory(err);
  bool good = true;
  for (const char *p = text; good && out->n < most; p += strcspn(p, ",") + 1) {
    double x = NAN;
    good = read_number(&x, p, strcspn(p, ",")) && x >= low && x <= high && (!whole || floor(x) == x) &&
           (out->n == 0 || x > out->of[out->n - 1]);
    out->of[out->n++] = x;
  }
  if (good)
    return FM_OK;
  char from[32], to[32];
  fm__free(out->of);
  *out = (fm__numbers){0};
  fm__print_f64(from, low);
  fm__print_f64(to, high);
  return fm__fail(err, FM_ERR_ARGUMENT, "%s is \"%s\", expected rising %snumbers from %s to %s separated by commas",
                  what, text, whole ? "whole " : "", from, to);
}
