/* Own headers: "table.column=header;..." */
#include <string.h>

#include "register/make_priv.h"

fm_status fm__make_map_column(fm__make *m, const char *name, size_t length, const char *header, bool *known,
                              fm_error *err)
{
  char table[64];
  size_t dot = 0;
  *known = false;
  while (dot < length && name[dot] != '.')
    dot++;
  if (dot == length || dot >= sizeof table || length - dot >= sizeof table)
    return FM_OK;
  memcpy(table, name, dot);
  table[dot] = '\0';
  int t = fm__table_number(table);
  if (t < 0)
    return FM_OK;
  memcpy(table, name + dot + 1, length - dot - 1);
  table[length - dot - 1] = '\0';
  if (fm__schema_column(&fm__schema[t], table) < 0)
    return FM_OK;
  *known = true;
  size_t before = fm__texts_count(m->mapped);
  int64_t k = fm__texts_add(m->mapped, name, length);
  if (k < 0 || !fm__grow((void **)&m->headers, &m->headers_capacity, (size_t)k + 1, sizeof *m->headers))
    return fm__no_memory(err);
  if ((size_t)k == before)
    m->headers[k] = NULL;
  char *copy = fm__copy_text(header, strlen(header));
  if (copy == NULL)
    return fm__no_memory(err);
  fm__free(m->headers[k]);
  m->headers[k] = copy;
  return FM_OK;
}

static fm_status take_pair(fm__make *m, const char *pair, size_t length, fm_error *err)
{
  const char *sign = memchr(pair, '=', length);
  size_t name = sign != NULL ? (size_t)(sign - pair) : length, from = name + 1, end = length;
  bool known;
  if (sign == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "columns: \"%.*s\" has no =, expected table.column=header", (int)length,
                    pair);
  while (name > 0 && pair[name - 1] == ' ')
    name--;
  while (from < end && pair[from] == ' ')
    from++;
  while (end > from && pair[end - 1] == ' ')
    end--;
  if (from == end)
    return fm__fail(err, FM_ERR_ARGUMENT, "columns: no header after %.*s=", (int)name, pair);
  char *header = fm__copy_text(pair + from, end - from);
  if (header == NULL)
    return fm__no_memory(err);
  fm_status status = fm__make_map_column(m, pair, name, header, &known, err);
  fm__free(header);
  if (status == FM_OK && !known)
    return fm__fail(err, FM_ERR_NOT_FOUND,
                    "columns: the schema has no column \"%.*s\", expected such as "
                    "placements.start",
                    (int)(name < 100 ? name : 100), pair);
  return status;
}

fm_status fm__make_columns(fm__make *m, const char *text, fm_error *err)
{
  while (text != NULL && *text != '\0') {
    size_t length = strcspn(text, ";\n");
    const char *next = text + length + (text[length] != '\0');
    while (length > 0 && (*text == ' ' || *text == '\r')) {
      text++;
      length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\r'))
      length--;
    fm_status status = length > 0 ? take_pair(m, text, length, err) : FM_OK;
    if (status != FM_OK)
      return status;
    text = next;
  }
  return FM_OK;
}
