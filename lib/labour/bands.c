/* Age bands given as text: "15-24,25-54,65+". */
#include <string.h>

#include "labour/labour_priv.h"

enum { OLDEST = 200 };

void fm__age_bands_free(fm__age_bands *b)
{
  fm__free(b->band);
  fm__free(b->text);
  fm__free(b->label);
  *b = (fm__age_bands){.n = 0};
}

static bool take_years(int32_t *out, const char **p)
{
  int32_t years = 0;
  const char *start = *p;
  for (; **p >= '0' && **p <= '9' && years <= OLDEST; (*p)++)
    years = 10 * years + (**p - '0');
  *out = years;
  return *p > start && years <= OLDEST;
}

/* "15-24", "65+" or "18". */
static bool take_band(fm__age_band *out, const char *text)
{
  const char *p = text;
  if (!take_years(&out->low, &p))
    return false;
  out->high = out->low;
  if (*p == '+') {
    out->high = INT32_MAX;
    p++;
  } else if (*p == '-') {
    p++;
    if (!take_years(&out->high, &p))
      return false;
  }
  return *p == '\0' && out->low <= out->high;
}

static bool overlaps(const fm__age_bands *b, size_t k)
{
  for (size_t i = 0; i < k; i++)
    if (b->band[i].low <= b->band[k].high && b->band[k].low <= b->band[i].high)
      return true;
  return false;
}

static fm_status fill(fm__age_bands *b, const char *text, const char *what, fm_error *err)
{
  size_t at = 0;
  for (const char *p = text; p != NULL;) {
    size_t length = strcspn(p, ","), from = strspn(p, " ");
    const char *next = p[length] == ',' ? p + length + 1 : NULL;
    while (length > from && p[length - 1] == ' ')
      length--;
    from = from < length ? from : length;
    b->label[b->n] = b->text + at;
    memcpy(b->text + at, p + from, length - from);
    at += length - from;
    b->text[at++] = '\0';
    if (!take_band(&b->band[b->n], b->label[b->n]))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected ages such as 15-24 or 65+ separated by commas, got \"%s\"",
                      what, text);
    if (overlaps(b, b->n))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected bands that do not overlap, got \"%s\"", what, text);
    b->n++;
    p = next;
  }
  return FM_OK;
}

fm_status fm__age_bands_take(fm__age_bands *b, const char *text, const char *what, fm_error *err)
{
  size_t most = strlen(text) + 2; /* each band takes a letter and a comma at least */
  *b = (fm__age_bands){
      .band = fm__array(most, sizeof *b->band), .text = fm__array(most, 1), .label = fm__array(most, sizeof *b->label)};
  if (b->band == NULL || b->text == NULL || b->label == NULL)
    return fm__no_memory(err);
  return fill(b, text, what, err);
}

int32_t fm__age_bands_find(const fm__age_bands *b, int32_t age)
{
  for (size_t i = 0; i < b->n; i++)
    if (age >= b->band[i].low && age <= b->band[i].high)
      return (int32_t)i;
  return -1;
}
