/* The section of an industry: its letter, or the division that its digits begin with. */
#include <string.h>

#include "register/frame_priv.h"

/* The two digits of the division; -1 when the text is no number of a division, group, class or Danish branch (2, 3, 4
 * or 6 digits, points between them). Five may be six without their first 0. */
static int64_t division_of(const char *text, size_t length)
{
  size_t n = 0;
  int64_t division = 0;
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.')
      continue;
    if (text[i] < '0' || text[i] > '9')
      return -1;
    if (n < 2)
      division = division * 10 + (text[i] - '0');
    n++;
  }
  return n == 2 || n == 3 || n == 4 || n == 6 ? division : -1;
}

static int64_t lower_limit(const fm_codes *codes, int64_t entry)
{
  const char *text = fm_codes_attribute(codes, entry, "division_from");
  int64_t limit = 0;
  for (; text != NULL && *text >= '0' && *text <= '9'; text++)
    limit = limit * 10 + (*text - '0');
  return limit;
}

int64_t fm__industry_section(const fm_codes *codes, const char *text, size_t length, int32_t day)
{
  int64_t division = division_of(text, length);
  if (division < 0) {
    bool lettered = length > 1 && text[1] >= '0' && text[1] <= '9'; /* G47: the letter says it */
    return fm_codes_find(codes, text, lettered ? 1 : length, day);
  }
  int64_t entry = fm_codes_find_band(codes, "division_below", division, day);
  return entry >= 0 && division >= lower_limit(codes, entry) ? entry : -1;
}

int64_t fm__frame_industry(const fm_register *r, uint32_t employer, int32_t day, const fm_codes **codes)
{
  size_t column = fm__register_column(r, FM__EMPLOYERS, "industry"), length;
  const fm_table *t = r->part[FM__EMPLOYERS].table;
  *codes = fm_register_codes(r, "industry_section");
  if (column == FM__NO_COLUMN || employer == FM__NO_ROW || fm_table_is_null(t, column, employer))
    return -1;
  const char *text = fm_table_text(t, column, employer, &length);
  return fm__industry_section(*codes, text, length, day);
}

fm_status fm__frame_add_section(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  const fm_codes *codes;
  const char **texts = fm__array(f->n, sizeof *texts);
  if (texts == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < f->n; i++) {
    int64_t entry = fm__frame_industry(f->r, f->rows[FM__EMPLOYERS][i], f->day[i], &codes);
    texts[i] = entry < 0 ? NULL : fm_codes_code(codes, entry);
  }
  fm_status status = fm_table_add_text(to, name, texts, f->n, err);
  fm__free((void *)texts);
  return status;
}
