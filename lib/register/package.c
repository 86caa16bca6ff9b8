/* datapackage.json beside the data: what it is, how it is written, under which headers. */
#include <string.h>

#include "register/json_priv.h"
#include "register/make_priv.h"

#define FILE_NAME "datapackage.json"
#define LARGEST ((size_t)1 << 20)

static fm_status odd(fm__make *m, int64_t line, const char *key, const char *what, const char *expected)
{
  fm__make_file_problem(
      m, FILE_NAME, line,
      &(fm__finding){.code = "FM-F04", .what = what, .expected = expected, .value = key, .value_length = strlen(key)});
  return FM_OK;
}

/* A text the format points to, kept until the register is made. Only two are kept, so a fixed room will do. */
static const char *keep_text(fm__make *m, const char *text, size_t length)
{
  enum { ROOM = 256 };
  if (m->format_texts.capacity < ROOM) {
    m->format_texts.data = fm__alloc(ROOM);
    m->format_texts.capacity = m->format_texts.data != NULL ? ROOM : 0;
  }
  if (m->format_texts.size + length + 1 > m->format_texts.capacity)
    return NULL;
  char *at = (char *)m->format_texts.data + m->format_texts.size;
  memcpy(at, text, length);
  at[length] = '\0';
  m->format_texts.size += length + 1;
  return at;
}

/* One sign, or its name as on the command line; -1 when it is none of `allowed`. */
static int32_t sign_of(const char *text, const char *allowed)
{
  static const struct {
    const char *name;
    char sign;
  } names[] = {{"comma", ','}, {"point", '.'}, {"semicolon", ';'}, {"tab", '\t'}, {"space", ' '}};
  char sign = text[0] != '\0' && text[1] == '\0' ? text[0] : '\0';
  for (size_t k = 0; k < FM__COUNT(names); k++)
    if (strcmp(names[k].name, text) == 0)
      sign = names[k].sign;
  return sign != '\0' && strchr(allowed, sign) != NULL ? sign : -1;
}

static fm_status take_sign(fm__make *m, int32_t *out, const char *path, const char *text, const char *allowed,
                           const char *expected, int64_t line)
{
  int32_t sign = sign_of(text, allowed);
  if (sign < 0)
    return odd(m, line, path, "a sign that is not known", expected);
  *out = sign;
  return FM_OK;
}

static fm_status take_format(fm__make *m, const char *path, const char *text, size_t length, int64_t line,
                             fm_error *err)
{
  const char *key = path + strlen("format.");
  const char **kept = strcmp(key, "date_pattern") == 0 ? &m->format.date_pattern
                      : strcmp(key, "encoding") == 0   ? &m->format.encoding
                      : strcmp(key, "missing") == 0    ? &m->format.missing
                                                       : NULL;
  if (m->spec.format != NULL)
    return FM_OK; /* the caller knows better */
  if (strcmp(key, "delimiter") == 0)
    return take_sign(m, &m->format.delimiter, path, text, ",;\t", "one of , ; tab", line);
  if (strcmp(key, "decimal") == 0)
    return take_sign(m, &m->format.decimal, path, text, ".,", "one of . ,", line);
  if (strcmp(key, "thousands") == 0)
    return take_sign(m, &m->format.thousands, path, text, "., ", "one of . , space", line);
  if (kept == NULL)
    return odd(m, line, path, "a part of the format that is not known",
               "delimiter, decimal, thousands, date_pattern, encoding or missing");
  if (length > 63)
    return odd(m, line, path, "a text that is too long", "at most 63 bytes");
  *kept = keep_text(m, text, length);
  return *kept != NULL ? FM_OK : fm__no_memory(err);
}

static fm_status take_header(fm__make *m, const char *path, const char *text, int64_t line, fm_error *err)
{
  const char *name = path + strlen("columns.");
  bool known;
  fm_status status = fm__make_map_column(m, name, strlen(name), text, &known, err);
  if (status != FM_OK || known)
    return status;
  return odd(m, line, path, "a column that the schema does not have", "a column such as columns.placements.start");
}

static fm_status take_value(void *ctx, const char *path, const char *text, size_t length, int64_t line, fm_error *err)
{
  fm__make *m = ctx;
  int32_t day;
  char *copy = fm__copy_text(text, length);
  if (copy == NULL)
    return fm__no_memory(err);
  fm_status status;
  if (strncmp(path, "format.", strlen("format.")) == 0)
    status = take_format(m, path, copy, length, line, err);
  else if (strncmp(path, "columns.", strlen("columns.")) == 0)
    status = take_header(m, path, copy, line, err);
  else if ((strcmp(path, "observed_to") == 0 || strcmp(path, "observed_from") == 0) &&
           fm_date_parse(&day, copy, length, NULL, NULL) != FM_OK)
    status = odd(m, line, path, "not a date", "year-month-day such as 2025-12-31");
  else
    status = fm__make_fact(m, path, copy, err);
  fm__free(copy);
  return status;
}

/* The format as a whole: signs that contradict each other, an unknown encoding. */
static fm_status check_format(fm__make *m, fm_error *err)
{
  fm__csv_format checked;
  fm_error why = FM_ERROR_INIT;
  fm_status status = fm__csv_format_take(&checked, &m->format, &why);
  if (status == FM_ERR_MEMORY)
    return fm__no_memory(err);
  if (status == FM_OK)
    return FM_OK;
  if (m->spec.format != NULL)
    return fm__fail(err, status, "%s", why.message);
  const fm_csv_format plain = FM_CSV_FORMAT_INIT;
  m->format = plain;
  return odd(m, -1, "format", why.message, "a format that can be read");
}

fm_status fm__make_package_text(fm__make *m, const char *text, size_t length, fm_error *err)
{
  const fm__json_visit visit = {m, take_value};
  fm_error why = FM_ERROR_INIT;
  fm_status status = fm__json_read(text, length, &visit, &why);
  if (status == FM_ERR_MEMORY)
    return fm__no_memory(err);
  if (status != FM_OK)
    fm__make_file_problem(m, FILE_NAME, why.line,
                          &(fm__finding){.code = "FM-F04",
                                         .what = why.message,
                                         .hint = "mend the file, or take it away: it is not required"});
  return check_format(m, err);
}

static fm_status read_file(fm__bytes *b, const char *path, fm_error *err)
{
  fm__file *file;
  size_t got = 1;
  fm_status status = fm__file_open(&file, path, err);
  char chunk[4096];
  while (status == FM_OK && got > 0 && b->size <= LARGEST) {
    status = fm__file_read(file, chunk, sizeof chunk, &got, err);
    if (status == FM_OK)
      fm__bytes_raw(b, chunk, got);
  }
  fm__file_close(file);
  if (status == FM_OK && b->failed)
    status = fm__no_memory(err);
  return status;
}

fm_status fm__make_package(fm__make *m, const char *folder, fm_error *err)
{
  fm__bytes b = {0};
  size_t n = strlen(folder);
  char *path = fm__alloc(n + sizeof FILE_NAME + 1);
  if (path == NULL)
    return fm__no_memory(err);
  memcpy(path, folder, n);
  path[n] = '/';
  memcpy(path + n + 1, FILE_NAME, sizeof FILE_NAME);
  fm_status status = FM_OK;
  if (fm__file_exists(path)) {
    status = read_file(&b, path, err);
    if (status == FM_OK && b.size > LARGEST)
      odd(m, -1, FILE_NAME, "the file is too large", "at most 1 MiB");
    else if (status == FM_OK)
      status = fm__make_package_text(m, b.data != NULL ? (const char *)b.data : "", b.size, err);
  }
  fm__bytes_free(&b);
  fm__free(path);
  return status;
}
