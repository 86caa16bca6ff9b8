/* Finds the fields of one row: bytes in, places out. It never looks behind data[end], whose '\n' is a sentinel. */
#include "csv/csv_priv.h"

#include <string.h>

void fm__scan_init(fm__scan *s, uint8_t delimiter)
{
  *s = (fm__scan){.delimiter = delimiter};
  s->stop[delimiter] = 1;
  s->stop['\n'] = 1;
  s->stop['\r'] = 1;
}

/* Reads a quoted field whose opening quote stands at `open`; gives the place behind it, or SIZE_MAX when the data end
 * inside it. */
static size_t scan_quoted(const fm__scan *s, size_t open, fm__field *field, fm__row *row)
{
  const uint8_t *data = s->data;
  uint32_t flags = 0;
  int64_t lines = 0;
  size_t p = open + 1;
  for (; p < s->end; p++) {
    uint8_t c = data[p];
    if (c == '"') {
      if (p + 1 == s->end || data[p + 1] != '"')
        break;
      flags = FM__FIELD_ESCAPED;
      p++;
    } else if (c == '\n' || (c == '\r' && (p + 1 == s->end || data[p + 1] != '\n'))) {
      lines++;
    }
  }
  if (p == s->end) {
    row->quote_at = open;
    row->quote_lines = row->n_lines;
    return SIZE_MAX;
  }
  row->n_lines += lines;
  size_t next = p + 1;
  *field = (fm__field){(uint32_t)(open + 1), (uint32_t)(p - open - 1) | flags};
  row->flags |= flags;
  if (!s->stop[data[next]]) {
    while (!s->stop[data[next]])
      next++;
    *field = (fm__field){(uint32_t)open, (uint32_t)(next - open) | FM__FIELD_DAMAGED};
    row->flags |= FM__FIELD_DAMAGED;
  }
  return next;
}

int fm__scan_row(fm__scan *s, fm__field *fields, size_t room, fm__row *row)
{
  const uint8_t *data = s->data;
  const uint8_t *stop = s->stop;
  size_t p = s->at, n = 0;
  *row = (fm__row){.quote_at = SIZE_MAX};
  for (;; p++) {
    size_t start = p;
    fm__field field;
    if (data[p] == '"' && p < s->end) {
      p = scan_quoted(s, start, &field, row);
      row->n_fields = n;
      if (p == SIZE_MAX)
        return s->at_end ? FM__ROW_OPEN : FM__ROW_MORE;
    } else {
      while (!stop[data[p]])
        p++;
      field = (fm__field){(uint32_t)start, (uint32_t)(p - start)};
    }
    if (n < room)
      fields[n] = field;
    n++;
    if (data[p] != s->delimiter)
      break;
  }
  row->n_fields = n;
  if (p >= s->end) { /* the sentinel */
    if (!s->at_end)
      return FM__ROW_MORE;
    if (p == s->at)
      return FM__ROW_NONE;
    s->at = p;
    return FM__ROW_FOUND;
  }
  size_t first = s->at;
  if (data[p] == '\r') {
    if (p + 1 == s->end && !s->at_end)
      return FM__ROW_MORE;
    s->at = p + 1 < s->end && data[p + 1] == '\n' ? p + 2 : p + 1;
  } else {
    s->at = p + 1;
  }
  row->n_lines++;
  return p == first ? FM__ROW_BLANK : FM__ROW_FOUND;
}

size_t fm__unescape(char *text, size_t length)
{
  size_t n = 0;
  for (size_t i = 0; i < length; i++) {
    text[n++] = text[i];
    if (text[i] == '"')
      i++; /* inside a quoted field each quote is followed by another */
  }
  return n;
}
