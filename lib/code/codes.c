/* The life of a code list, its texts, and looking words up. */
#include "code/code_priv.h"

#include <string.h>

fm_codes *fm_codes_retain(const fm_codes *codes)
{
  fm_codes *shared = (fm_codes *)(uintptr_t)codes; /* the count is the one field that changes behind a const handle */
  if (shared != NULL)
    atomic_fetch_add(&shared->references, 1);
  return shared;
}

void fm_codes_destroy(fm_codes *codes)
{
  if (codes == NULL || atomic_fetch_sub(&codes->references, 1) != 1)
    return;
  fm__texts_destroy(codes->texts);
  fm__texts_destroy(codes->keys);
  fm__free(codes->name);
  fm__free(codes->columns);
  fm__free(codes->cells);
  fm__free(codes->from);
  fm__free(codes->to);
  fm__free(codes->uses);
  fm__free(codes->first_use);
  fm__free(codes->digest);
  fm__free(codes);
}

int64_t fm__codes_column(const fm_codes *c, const char *column)
{
  for (size_t k = 0; k < c->n_columns; k++)
    if (strcmp(fm__texts_at(c->texts, (size_t)c->columns[k], NULL), column) == 0)
      return (int64_t)k;
  return -1;
}

const char *fm__codes_cell(const fm_codes *c, size_t row, size_t column, size_t *length)
{
  int64_t text = c->cells[row * c->n_columns + column];
  return text < 0 ? NULL : fm__texts_at(c->texts, (size_t)text, length);
}

const char *fm_codes_list_name(const fm_codes *codes)
{
  return codes->name;
}

size_t fm_codes_n(const fm_codes *codes)
{
  return codes->n;
}

const char *fm_codes_attribute(const fm_codes *codes, int64_t i, const char *column)
{
  int64_t k = fm__codes_column(codes, column);
  if (k < 0 || i < 0 || (uint64_t)i >= codes->n)
    return NULL;
  return fm__codes_cell(codes, (size_t)i, (size_t)k, NULL);
}

const char *fm_codes_code(const fm_codes *codes, int64_t i)
{
  return fm_codes_attribute(codes, i, "code");
}

const char *fm_codes_label(const fm_codes *codes, int64_t i, const char *language)
{
  bool danish = language != NULL && strcmp(language, "da") == 0;
  const char *label = fm_codes_attribute(codes, i, danish ? "label_da" : "label_en");
  if (label == NULL)
    label = fm_codes_attribute(codes, i, danish ? "label_en" : "label_da");
  return label != NULL ? label : fm_codes_code(codes, i);
}

int32_t fm_codes_is_yes(const fm_codes *codes, int64_t i, const char *column)
{
  const char *text = fm_codes_attribute(codes, i, column);
  return text != NULL && strcmp(text, "yes") == 0;
}

int32_t fm_codes_valid_from(const fm_codes *codes, int64_t i)
{
  return i < 0 || (uint64_t)i >= codes->n ? FM_NO_DATE : codes->from[i];
}

int32_t fm_codes_valid_to(const fm_codes *codes, int64_t i)
{
  return i < 0 || (uint64_t)i >= codes->n ? FM_NO_DATE : codes->to[i];
}

const char *fm_codes_digest(const fm_codes *codes)
{
  return codes->digest;
}

/* An open start is FM_NO_DATE, which is below every date. */
static bool is_valid_on(const fm_codes *c, size_t entry, int32_t date)
{
  return c->from[entry] <= date && (c->to[entry] == FM_NO_DATE || date <= c->to[entry]);
}

int64_t fm_codes_find(const fm_codes *codes, const char *text, size_t length, int32_t date)
{
  char word[FM__CODE_KEY_MAX];
  size_t n = fm__code_fold(word, text, length);
  int64_t key = n == 0 ? -1 : fm__texts_find(codes->keys, word, n);
  if (key < 0)
    return FM_CODE_UNKNOWN;
  for (size_t u = codes->first_use[key]; u < codes->first_use[key + 1]; u++)
    if (date == FM_NO_DATE || is_valid_on(codes, codes->uses[u].entry, date))
      return (int64_t)codes->uses[u].entry;
  return FM_CODE_NOT_VALID;
}

bool fm__code_whole_number(const char *text, int64_t *out)
{
  size_t n = strlen(text);
  if (n < 1 || n > 18 || strspn(text, "0123456789") != n)
    return false;
  *out = 0;
  for (size_t i = 0; i < n; i++)
    *out = *out * 10 + (text[i] - '0');
  return true;
}

int64_t fm_codes_find_band(const fm_codes *codes, const char *column, int64_t value, int32_t date)
{
  int64_t best = -1, best_limit = 0, limit, k = fm__codes_column(codes, column);
  bool best_is_open = false;
  for (size_t i = 0; k >= 0 && i < codes->n; i++) {
    if (date == FM_NO_DATE ? codes->to[i] != FM_NO_DATE : !is_valid_on(codes, i, date))
      continue;
    const char *text = fm__codes_cell(codes, i, (size_t)k, NULL);
    if (text != NULL && (!fm__code_whole_number(text, &limit) || limit <= value))
      continue;
    if (best < 0 || (text != NULL && (best_is_open || limit < best_limit))) {
      best = (int64_t)i;
      best_is_open = text == NULL;
      best_limit = text == NULL ? 0 : limit;
    }
  }
  return best;
}
