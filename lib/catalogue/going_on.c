/* The option going_on: texts of a column that stand for no exit, such as "ongoing", are taken as missing. */
#include "catalogue/catalogue_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "table/table_priv.h"

/* A cell as text, into `room` where it is a number; NULL when it is missing. */
static const char *cell(char room[32], size_t *length, const fm_table *t, size_t column, size_t row)
{
  int32_t type = fm_table_column_type(t, column);
  if (fm_table_is_null(t, column, row))
    return NULL;
  if (type == FM_CODE)
    return fm_table_text(t, column, row, length);
  *length = (size_t)snprintf(room, 32, "%" PRId64,
                             type == FM_I32 ? (int64_t)fm_table_i32(t, column)[row] : fm_table_i64(t, column)[row]);
  return room;
}

/* As many of the column's different values as there is room for. */
static fm_status no_such(const char *word, size_t n, const fm_table *t, size_t column, fm_error *err)
{
  fm__texts *seen = fm__texts_create();
  char known[160] = "", room[32];
  size_t used = 0, length = 0;
  bool failed = seen == NULL;
  for (size_t i = 0; i < fm_table_n_rows(t) && !failed; i++) {
    const char *text = cell(room, &length, t, column, i);
    if (text == NULL || length == 0 || fm__texts_find(seen, text, length) >= 0 || used + length + 3 > sizeof known)
      continue;
    failed = fm__texts_add(seen, text, length) < 0;
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%.*s", used > 0 ? ", " : "", (int)length, text);
  }
  fm__texts_destroy(seen);
  if (failed)
    return fm__no_memory(err);
  return fm__fail(err, FM_ERR_NOT_FOUND, "option going_on: \"%.*s\" is no value of column %s, which has %s",
                  (int)(n < 60 ? n : 60), word, fm_table_column_name(t, column), used > 0 ? known : "none");
}

static fm_status mark_word(uint8_t *blank, const char *word, size_t n, const fm_table *t, size_t column, fm_error *err)
{
  bool found = false;
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    char room[32];
    size_t length = 0;
    const char *text = cell(room, &length, t, column, i);
    if (text == NULL || length != n || memcmp(text, word, n) != 0)
      continue;
    blank[i] = 1;
    found = true;
  }
  return found || fm_table_n_rows(t) == 0 ? FM_OK : no_such(word, n, t, column, err);
}

static fm_status mark_words(uint8_t *blank, const char *words, const fm_table *t, size_t column, fm_error *err)
{
  fm_status status = FM_OK;
  for (const char *p = words; p != NULL && status == FM_OK;) {
    size_t n = strcspn(p, ",");
    const char *next = p[n] != '\0' ? p + n + 1 : NULL;
    for (; n > 0 && *p == ' '; n--)
      p++;
    while (n > 0 && p[n - 1] == ' ')
      n--;
    status = n > 0 ? mark_word(blank, p, n, t, column, err)
                   : fm__fail(err, FM_ERR_ARGUMENT,
                              "option going_on: expected values separated by commas, found \"%s\"", words);
    p = next;
  }
  return status;
}

fm_status fm__going_on(fm_table **out, const fm_table *frame, const char *id, const fm__options *o, fm_error *err)
{
  const char *words = fm__options_text(o, "going_on");
  const char *name = strcmp(id, "retention.states") == 0 ? "to" : "cause";
  size_t column;
  *out = NULL;
  if (words == NULL)
    return FM_OK;
  fm_status status = fm__table_find(frame, name, 0, &column, err);
  if (status != FM_OK)
    return status;
  int32_t type = fm_table_column_type(frame, column);
  if (type != FM_CODE && type != FM_I32 && type != FM_I64)
    return fm__fail(err, FM_ERR_TYPE, "option going_on: column %s is expected to hold texts or whole numbers", name);
  uint8_t *blank = fm__array(fm_table_n_rows(frame), 1);
  if (blank == NULL)
    return fm__no_memory(err);
  status = mark_words(blank, words, frame, column, err);
  if (status == FM_OK)
    status = fm__table_blank(out, frame, column, blank, err);
  fm__free(blank);
  return status;
}
