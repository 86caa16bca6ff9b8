/* RFC 8259, and nothing beside it: no comments, no trailing commas, no names twice. */
#include "register/json_priv.h"

#include <stdio.h>
#include <string.h>

#include "csv/csv_priv.h"
#include "table/table_priv.h"

#define LONGEST_PATH 400

typedef struct json {
  const char *at, *end;
  int64_t line;
  int depth;
  char path[LONGEST_PATH];
  size_t path_length;
  fm__bytes text; /* of the string just read, with a NUL */
  const fm__json_visit *visit;
  fm_error *err;
} json;

static fm_status read_value(json *j);

static fm_status unclear(json *j, const char *expected)
{
  fm__fail(j->err, FM_ERR_FORMAT, "not JSON in line %lld: expected %s", (long long)j->line, expected);
  fm__error_place(j->err, NULL, NULL, -1, -1, j->line);
  return FM_ERR_FORMAT;
}

static void skip_space(json *j)
{
  for (; j->at < j->end && strchr(" \t\r\n", *j->at) != NULL && *j->at != '\0'; j->at++)
    j->line += *j->at == '\n';
}

static bool take(json *j, char c)
{
  if (j->at == j->end || *j->at != c)
    return false;
  j->at++;
  return true;
}

static int hex_digit(char c)
{
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits; -1 when they are not there. */
static int32_t read_unit(json *j)
{
  int32_t unit = 0;
  if (j->end - j->at < 4)
    return -1;
  for (int i = 0; i < 4; i++) {
    int digit = hex_digit(*j->at++);
    if (digit < 0)
      return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

static void put_utf8(fm__bytes *b, uint32_t c)
{
  if (c < 0x80U) {
    fm__bytes_u8(b, (uint8_t)c);
    return;
  }
  if (c < 0x800U) {
    fm__bytes_u8(b, (uint8_t)(0xC0U | c >> 6));
  } else {
    if (c < 0x10000U) {
      fm__bytes_u8(b, (uint8_t)(0xE0U | c >> 12));
    } else {
      fm__bytes_u8(b, (uint8_t)(0xF0U | c >> 18));
      fm__bytes_u8(b, (uint8_t)(0x80U | (c >> 12 & 0x3FU)));
    }
    fm__bytes_u8(b, (uint8_t)(0x80U | (c >> 6 & 0x3FU)));
  }
  fm__bytes_u8(b, (uint8_t)(0x80U | (c & 0x3FU)));
}

static fm_status read_unicode(json *j)
{
  int32_t unit = read_unit(j), low;
  if (unit < 0)
    return unclear(j, "four hexadecimal digits after \\u");
  if (unit == 0)
    return unclear(j, "text without NUL");
  if (unit >= 0xD800 && unit < 0xDC00) {
    if (!take(j, '\\') || !take(j, 'u') || (low = read_unit(j)) < 0xDC00 || low > 0xDFFF)
      return unclear(j, "the second half of a surrogate pair");
    unit = 0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00);
  } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
    return unclear(j, "the first half of a surrogate pair before the second");
  }
  put_utf8(&j->text, (uint32_t)unit);
  return FM_OK;
}

static fm_status read_escape(json *j)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  if (j->at == j->end)
    return unclear(j, "a closing quote");
  char c = *j->at++;
  if (c == 'u')
    return read_unicode(j);
  const char *name = c != '\0' ? strchr(names, c) : NULL;
  if (name == NULL)
    return unclear(j, "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
  fm__bytes_u8(&j->text, (uint8_t)values[name - names]);
  return FM_OK;
}

static fm_status read_string(json *j)
{
  j->text.size = 0;
  if (!take(j, '"'))
    return unclear(j, "a name or text in double quotes");
  for (;;) {
    const char *from = j->at;
    while (j->at < j->end && *j->at != '"' && *j->at != '\\' && (unsigned char)*j->at >= 0x20)
      j->at++;
    fm__bytes_raw(&j->text, from, (size_t)(j->at - from));
    if (j->at == j->end || (unsigned char)*j->at < 0x20)
      return unclear(j, "a closing quote");
    if (*j->at++ == '"')
      break;
    fm_status status = read_escape(j);
    if (status != FM_OK)
      return status;
  }
  fm__bytes_u8(&j->text, 0);
  return j->text.failed ? fm__no_memory(j->err) : FM_OK;
}

static void skip_digits(json *j)
{
  while (j->at < j->end && *j->at >= '0' && *j->at <= '9')
    j->at++;
}

static fm_status read_number(json *j)
{
  const char *from = j->at, *digits;
  take(j, '-');
  digits = j->at;
  skip_digits(j);
  if (j->at == digits || (*digits == '0' && j->at - digits > 1))
    return unclear(j, "a value");
  if (take(j, '.')) {
    digits = j->at;
    skip_digits(j);
    if (j->at == digits)
      return unclear(j, "digits after the point");
  }
  if (take(j, 'e') || take(j, 'E')) {
    if (!take(j, '+'))
      take(j, '-');
    digits = j->at;
    skip_digits(j);
    if (j->at == digits)
      return unclear(j, "digits in the exponent");
  }
  return j->visit->value(j->visit->ctx, j->path, from, (size_t)(j->at - from), j->line, j->err);
}

static fm_status read_word(json *j)
{
  static const char *const words[] = {"true", "false", "null"};
  for (size_t k = 0; k < FM__COUNT(words); k++) {
    size_t n = strlen(words[k]);
    if ((size_t)(j->end - j->at) < n || memcmp(j->at, words[k], n) != 0)
      continue;
    j->at += n;
    return k == 2 ? FM_OK : j->visit->value(j->visit->ctx, j->path, words[k], n, j->line, j->err);
  }
  return read_number(j);
}

/* Adds a name to the path; gives the length before, or SIZE_MAX when it grows too long. */
static size_t push(json *j, const char *name, size_t length)
{
  size_t before = j->path_length;
  if (before + length + 2 > sizeof j->path)
    return SIZE_MAX;
  if (before > 0)
    j->path[j->path_length++] = '.';
  memcpy(j->path + j->path_length, name, length);
  j->path_length += length;
  j->path[j->path_length] = '\0';
  return before;
}

static void pop(json *j, size_t before)
{
  j->path_length = before;
  j->path[before] = '\0';
}

static fm_status read_member(json *j, fm__texts *names)
{
  skip_space(j);
  fm_status status = read_string(j);
  if (status != FM_OK)
    return status;
  size_t length = j->text.size - 1, known = fm__texts_count(names);
  if (fm__texts_add(names, (const char *)j->text.data, length) < 0)
    return fm__no_memory(j->err);
  if (fm__texts_count(names) == known)
    return unclear(j, "each name once in an object");
  size_t before = push(j, (const char *)j->text.data, length);
  if (before == SIZE_MAX)
    return unclear(j, "shorter names");
  skip_space(j);
  if (!take(j, ':'))
    return unclear(j, "a colon after the name");
  status = read_value(j);
  pop(j, before);
  return status;
}

static fm_status read_object(json *j)
{
  fm_status status = FM_OK;
  fm__texts *names = fm__texts_create();
  if (names == NULL)
    return fm__no_memory(j->err);
  skip_space(j);
  if (!take(j, '}'))
    for (;;) {
      status = read_member(j, names);
      skip_space(j);
      if (status != FM_OK || take(j, '}'))
        break;
      if (!take(j, ',')) {
        status = unclear(j, "a comma or a closing brace");
        break;
      }
    }
  fm__texts_destroy(names);
  return status;
}

static fm_status read_array(json *j)
{
  char number[24];
  skip_space(j);
  if (take(j, ']'))
    return FM_OK;
  for (size_t i = 0;; i++) {
    int n = snprintf(number, sizeof number, "%zu", i);
    size_t before = push(j, number, (size_t)n);
    if (before == SIZE_MAX)
      return unclear(j, "shorter names");
    fm_status status = read_value(j);
    pop(j, before);
    skip_space(j);
    if (status != FM_OK || take(j, ']'))
      return status;
    if (!take(j, ','))
      return unclear(j, "a comma or a closing bracket");
  }
}

static fm_status read_value(json *j)
{
  fm_status status;
  skip_space(j);
  if (j->at == j->end)
    return unclear(j, "a value");
  if (*j->at == '"') {
    status = read_string(j);
    if (status != FM_OK)
      return status;
    return j->visit->value(j->visit->ctx, j->path, (const char *)j->text.data, j->text.size - 1, j->line, j->err);
  }
  if (*j->at != '{' && *j->at != '[')
    return read_word(j);
  if (j->depth == FM__JSON_DEPTH)
    return unclear(j, "fewer levels of nesting");
  j->depth++;
  status = *j->at++ == '{' ? read_object(j) : read_array(j);
  j->depth--;
  return status;
}

fm_status fm__json_read(const char *text, size_t length, const fm__json_visit *visit, fm_error *err)
{
  json j = {.at = text, .end = text + length, .line = 1, .visit = visit, .err = err};
  if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
    j.at += 3;
  size_t good = fm__utf8_span(j.at, (size_t)(j.end - j.at));
  if (good < (size_t)(j.end - j.at)) {
    for (size_t i = 0; i < good; i++)
      j.line += j.at[i] == '\n';
    return unclear(&j, "UTF-8 without NUL bytes");
  }
  skip_space(&j);
  fm_status status = j.at < j.end && *j.at == '{' ? read_value(&j) : unclear(&j, "an object in braces");
  skip_space(&j);
  if (status == FM_OK && j.at < j.end)
    status = unclear(&j, "nothing after the closing brace");
  fm__bytes_free(&j.text);
  return status;
}
