/* The text that tells two specs apart: only fields that differ from their defaults, in a fixed order. */
#include "tally/tally_priv.h"

#include <stdio.h>
#include <string.h>

static void begin(fm__bytes *b, const char *name)
{
  if (b->size > 0)
    fm__bytes_raw(b, ";", 1);
  fm__bytes_raw(b, name, strlen(name));
  fm__bytes_raw(b, "=", 1);
}

void fm__spec_text_i64(fm__bytes *b, const char *name, int64_t value, int64_t default_value)
{
  if (value == default_value)
    return;
  char text[24];
  int n = snprintf(text, sizeof text, "%lld", (long long)value);
  begin(b, name);
  fm__bytes_raw(b, text, (size_t)n);
}

void fm__spec_text_f64(fm__bytes *b, const char *name, double value, double default_value)
{
  uint64_t bits, default_bits;
  memcpy(&bits, &value, sizeof bits);
  memcpy(&default_bits, &default_value, sizeof default_bits);
  if (bits == default_bits || (value != value && default_value != default_value))
    return; /* every NaN says "not given" */
  char text[24];
  int n = snprintf(text, sizeof text, "0x%016llx", (unsigned long long)bits);
  begin(b, name);
  fm__bytes_raw(b, text, (size_t)n);
}

/* Separators inside a value are escaped, so that no two specs share a text. */
void fm__spec_text_text(fm__bytes *b, const char *name, const char *value, const char *default_value)
{
  const char *v = value != NULL ? value : "", *d = default_value != NULL ? default_value : "";
  if (strcmp(v, d) == 0)
    return;
  begin(b, name);
  for (; *v != '\0'; v++) {
    if (*v == ';' || *v == '=' || *v == '\\')
      fm__bytes_raw(b, "\\", 1);
    fm__bytes_raw(b, v, 1);
  }
}

void fm__spec_text_fields(fm__bytes *b, const fm__field *fields, size_t n, const void *spec, const void *defaults)
{
  for (size_t k = 0; k < n; k++) {
    const fm__field *f = &fields[k];
    const void *value = (const char *)spec + f->offset, *usual = (const char *)defaults + f->offset;
    if (f->type == FM__FIELD_TEXT)
      fm__spec_text_text(b, f->name, *(const char *const *)value, *(const char *const *)usual);
    else if (f->type == FM__FIELD_I32)
      fm__spec_text_i64(b, f->name, *(const int32_t *)value, *(const int32_t *)usual);
    else
      fm__spec_text_f64(b, f->name, *(const double *)value, *(const double *)usual);
  }
}

const char *fm__spec_text_end(fm__bytes *b)
{
  fm__bytes_u8(b, 0);
  return b->failed ? NULL : (const char *)b->data;
}
