/* Small readers of text: versions, lists, name=value, patterns; numbers as text. */
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/sdmx_priv.h"

static int64_t number_at(const char **at)
{
  int64_t n = 0;
  while (**at >= '0' && **at <= '9' && n < INT64_C(1000000000000))
    n = 10 * n + (*(*at)++ - '0');
  return n;
}

int fm__version_compare(const char *a, const char *b)
{
  while (*a != '\0' && *b != '\0') {
    int64_t x = number_at(&a), y = number_at(&b);
    if (x != y)
      return x < y ? -1 : 1;
    a += *a != '\0';
    b += *b != '\0';
  }
  return (*a != '\0') - (*b != '\0');
}

bool fm__slice_is(fm__slice s, const char *text)
{
  return s.text != NULL && strlen(text) == s.length && memcmp(s.text, text, s.length) == 0;
}

bool fm__slice_next(const char **at, char separator, fm__slice *out)
{
  if (*at == NULL)
    return false;
  const char *end = strchr(*at, separator);
  out->text = *at;
  out->length = end != NULL ? (size_t)(end - *at) : strlen(*at);
  fm__trim(&out->text, &out->length);
  *at = end != NULL ? end + 1 : NULL;
  return true;
}

void fm__slice_pair(fm__slice pair, fm__slice *name, fm__slice *value)
{
  const char *equals = memchr(pair.text, '=', pair.length);
  *name = pair;
  *value = (fm__slice){NULL, 0};
  if (equals != NULL) {
    name->length = (size_t)(equals - pair.text);
    *value = (fm__slice){equals + 1, pair.length - name->length - 1};
    fm__trim(&name->text, &name->length);
    fm__trim(&value->text, &value->length);
  }
}

bool fm__in_list(const char *list, char separator, fm__slice wanted)
{
  fm__slice part;
  while (fm__slice_next(&list, separator, &part))
    if (part.length > 0 && part.length == wanted.length && memcmp(part.text, wanted.text, part.length) == 0)
      return true;
  return false;
}

/* ---- patterns ---- */

static char lower(char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_letter(char c)
{
  return lower(c) >= 'a' && lower(c) <= 'z';
}

static size_t n_digits(fm__slice s, size_t most)
{
  size_t n = 0;
  while (n < s.length && n < most && s.text[n] >= '0' && s.text[n] <= '9')
    n++;
  return n;
}

static int64_t whole(const char *text, size_t length)
{
  int64_t n = 0;
  for (size_t i = 0; i < length; i++)
    n = 10 * n + (text[i] - '0');
  return n;
}

/* How many bytes of the text a place takes, 0 for none. `name` is what stands between the braces. */
static size_t take_place(fm__slice name, fm__slice text)
{
  const char *dash = memchr(name.text, '-', name.length);
  if (dash != NULL) {
    size_t width = (size_t)(dash - name.text);
    if (n_digits(text, width) < width)
      return 0;
    int64_t n = whole(text.text, width), low = whole(name.text, width), high = whole(dash + 1, name.length - width - 1);
    return n >= low && n <= high ? width : 0;
  }
  if (name.length == 1 && name.text[0] >= 'A' && name.text[0] <= 'Z')
    return text.length > 0 && is_letter(text.text[0]);
  return n_digits(text, 4);
}

static bool match_one(fm__slice pattern, fm__slice text, fm__places *places)
{
  places->n = 0;
  if (fm__slice_is(pattern, "*"))
    return true;
  while (pattern.length > 0) {
    const char *close = pattern.text[0] == '{' ? memchr(pattern.text, '}', pattern.length) : NULL;
    size_t used = 1, taken = 1;
    if (close != NULL && places->n < FM__PLACES) {
      fm__slice name = {pattern.text + 1, (size_t)(close - pattern.text) - 1};
      used = name.length + 2;
      taken = take_place(name, text);
      places->name[places->n] = name;
      places->found[places->n++] = (fm__slice){text.text, taken};
    } else if (text.length == 0 || lower(text.text[0]) != lower(pattern.text[0])) {
      taken = 0;
    }
    if (taken == 0)
      return false;
    pattern = (fm__slice){pattern.text + used, pattern.length - used};
    text = (fm__slice){text.text + taken, text.length - taken};
  }
  return text.length == 0;
}

bool fm__pattern_match(const char *pattern, fm__slice text, fm__places *places)
{
  fm__slice one;
  while (fm__slice_next(&pattern, '|', &one))
    if (one.length > 0 && match_one(one, text, places))
      return true;
  return false;
}

/* What stands in a place; letters as capitals, numbers without leading zeros. */
static size_t put_place(char *out, size_t room, fm__slice name, const fm__places *places)
{
  for (size_t k = 0; k < places->n; k++) {
    fm__slice found = places->found[k];
    if (places->name[k].length != name.length || memcmp(places->name[k].text, name.text, name.length) != 0)
      continue;
    while (found.length > 1 && found.text[0] == '0') {
      found.text++;
      found.length--;
    }
    if (found.length > room)
      return SIZE_MAX;
    for (size_t i = 0; i < found.length; i++)
      out[i] = is_letter(found.text[i]) ? (char)(lower(found.text[i]) - 32) : found.text[i];
    return found.length;
  }
  return 0;
}

bool fm__pattern_fill(char *out, size_t size, const char *template_text, const fm__places *places)
{
  size_t n = 0;
  for (const char *p = template_text; *p != '\0'; p++) {
    const char *close = *p == '{' ? strchr(p, '}') : NULL;
    size_t used = 1;
    if (n + 1 >= size)
      return false;
    if (close != NULL) {
      used = put_place(out + n, size - n - 1, (fm__slice){p + 1, (size_t)(close - p) - 1}, places);
      p = close;
    } else {
      out[n] = *p;
    }
    if (used == SIZE_MAX)
      return false;
    n += used;
  }
  out[n] = '\0';
  return true;
}

/* ---- numbers ---- */

size_t fm__sdmx_number(char out[48], double v, int32_t shift)
{
  char text[48];
  size_t length = fm__print_f64(text, v);
  const char *e = memchr(text, 'e', length);
  if (shift != 0) {
    int32_t exponent = 0;
    if (e != NULL) {
      const char *digits = e + 2;
      exponent = (int32_t)number_at(&digits) * (e[1] == '-' ? -1 : 1);
      length = (size_t)(e - text);
    }
    length += (size_t)snprintf(text + length, sizeof text - length, "e%d", (int)(exponent + shift));
    fm__parse_f64(text, length, '.', &v);
  }
  return fm__print_f64(out, v);
}

const char *fm__sdmx_plain(const fm_table *t, size_t column, size_t row, char scratch[48], size_t *length)
{
  *length = 0;
  if (fm_table_is_null(t, column, row))
    return NULL;
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    *length = fm__print_f64(scratch, fm_table_f64(t, column)[row]);
    return scratch;
  case FM_I64:
    *length = (size_t)snprintf(scratch, 48, "%lld", (long long)fm_table_i64(t, column)[row]);
    return scratch;
  case FM_I32:
    *length = (size_t)snprintf(scratch, 48, "%ld", (long)fm_table_i32(t, column)[row]);
    return scratch;
  case FM_DATE:
    fm_date_format(scratch, fm_table_i32(t, column)[row]);
    *length = strlen(scratch);
    return scratch;
  case FM_BOOL:
    *length = (size_t)snprintf(scratch, 48, "%s", fm_table_bool(t, column)[row] ? "true" : "false");
    return scratch;
  default:
    return fm_table_text(t, column, row, length);
  }
}
