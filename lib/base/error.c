/* Status names and the caller-owned error struct. The first error written stays. */
#include "base/base_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *fm_status_name(fm_status status)
{
  static const char *const names[] = {
      [FM_OK] = "FM_OK",
      [FM_ERR_MEMORY] = "FM_ERR_MEMORY",
      [FM_ERR_ARGUMENT] = "FM_ERR_ARGUMENT",
      [FM_ERR_STATE] = "FM_ERR_STATE",
      [FM_ERR_NOT_FOUND] = "FM_ERR_NOT_FOUND",
      [FM_ERR_TYPE] = "FM_ERR_TYPE",
      [FM_ERR_VALUE] = "FM_ERR_VALUE",
      [FM_ERR_FORMAT] = "FM_ERR_FORMAT",
      [FM_ERR_LIMIT] = "FM_ERR_LIMIT",
      [FM_ERR_IO] = "FM_ERR_IO",
      [FM_ERR_CANCELLED] = "FM_ERR_CANCELLED",
      [FM_ERR_MISMATCH] = "FM_ERR_MISMATCH",
      [FM_ERR_DATA] = "FM_ERR_DATA",
  };
  if (status < 0 || (size_t)status >= FM__COUNT(names))
    return "FM_STATUS_UNKNOWN";
  return names[status];
}

/* True when a field of the caller's (possibly older and shorter) struct exists. */
#define HAS(err, field) ((err)->struct_size >= offsetof(fm_error, field) + sizeof((err)->field))

static const fm_error empty_error = FM_ERROR_INIT;

void fm_error_init(fm_error *err, size_t size)
{
  fm__spec_init(err, size, &empty_error, sizeof empty_error);
}

void fm_error_clear(fm_error *err)
{
  if (err != NULL)
    fm_error_init(err, err->struct_size);
}

/* Copies at most size - 1 bytes, never cutting a UTF-8 character, line breaks and control bytes as spaces. */
static void copy_clean(char *out, size_t size, const char *text, size_t length)
{
  size_t n = length < size - 1 ? length : size - 1;
  while (n > 0 && n < length && ((unsigned char)text[n] & 0xC0U) == 0x80U)
    n--;
  for (size_t i = 0; i < n; i++)
    out[i] = (unsigned char)text[i] < 0x20 || text[i] == 0x7F ? ' ' : text[i];
  out[n] = '\0';
}

static void set_text(char *out, size_t size, const char *text)
{
  if (text != NULL)
    copy_clean(out, size, text, strlen(text));
}

fm_status fm__fail(fm_error *err, fm_status code, const char *format, ...)
{
  if (err == NULL || !HAS(err, message) || err->code != FM_OK)
    return code;
  char text[sizeof err->message + 4]; /* a little more, so that the copy sees a character that is cut */
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  size_t n = length < 0 ? 0 : (size_t)length;
  copy_clean(err->message, sizeof err->message, text, n < sizeof text ? n : sizeof text - 1);
  err->code = code;
  return code;
}

fm_status fm__no_memory(fm_error *err)
{
  return fm__fail(err, FM_ERR_MEMORY, "out of memory");
}

void fm__error_place(fm_error *err, const char *table, const char *column, int64_t column_index, int64_t row,
                     int64_t line)
{
  if (err == NULL || !HAS(err, message) || err->code == FM_OK)
    return;
  if (err->table[0] == '\0')
    set_text(err->table, sizeof err->table, table);
  if (err->column[0] == '\0')
    set_text(err->column, sizeof err->column, column);
  if (err->column_index < 0)
    err->column_index = column_index;
  if (err->row < 0)
    err->row = row;
  if (err->line < 0)
    err->line = line;
}

void fm__error_value(fm_error *err, const char *value, size_t length)
{
  if (err != NULL && HAS(err, message) && err->code != FM_OK && err->value[0] == '\0')
    copy_clean(err->value, sizeof err->value, value, length);
}

void fm__error_detail(fm_error *err, const char *detail)
{
  if (err != NULL && HAS(err, message) && err->code != FM_OK && err->detail[0] == '\0')
    set_text(err->detail, sizeof err->detail, detail);
}
