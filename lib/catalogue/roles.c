/* What each quantity is to disclosure control, as data/catalogue/quantities.csv says. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/catalogue_protect.h"

/* A star at an end stands for any text. */
static bool is_like(const char *pattern, const char *text)
{
  size_t n = strlen(pattern), m = strlen(text);
  if (n > 0 && pattern[n - 1] == '*')
    return strncmp(pattern, text, n - 1) == 0;
  if (pattern[0] == '*')
    return m >= n - 1 && strcmp(text + m - (n - 1), pattern + 1) == 0;
  return strcmp(pattern, text) == 0;
}

/* A line that names the quantity and the indicator goes before one with a star. Lines of one indicator stand together
 * and mostly share its text, so that it is compared once. */
const fm__catalogue_quantity *fm__catalogue_quantity_of(const char *id, const char *quantity)
{
  static const fm__catalogue_quantity unknown = {"", "", "", FM__ROLE_UNKNOWN, false};
  const fm__catalogue_quantity *found = &unknown;
  const char *compared = NULL;
  bool same = false, like = false;
  for (size_t k = 0; id != NULL && quantity != NULL && k < fm__catalogue_n_quantities; k++) {
    const fm__catalogue_quantity *q = &fm__catalogue_quantities[k];
    if (q->id != compared) {
      compared = q->id;
      same = strcmp(q->id, id) == 0;
      like = is_like(q->id, id);
    }
    if (same && strcmp(q->quantity, quantity) == 0)
      return q;
    if (like && found == &unknown && is_like(q->quantity, quantity))
      found = q;
  }
  return found;
}

const fm__catalogue_note *fm__catalogue_note_of(const char *name)
{
  for (size_t k = 0; k < fm__catalogue_n_notes; k++)
    if (is_like(fm__catalogue_notes[k].name, name))
      return &fm__catalogue_notes[k];
  return NULL;
}

const char *fm_catalogue_role(const char *id, const char *quantity)
{
  static const char *const names[] = {
      [FM__ROLE_UNKNOWN] = "",      [FM__ROLE_NONE] = "none",         [FM__ROLE_COUNT] = "count",
      [FM__ROLE_PART] = "part",     [FM__ROLE_NESTED] = "nested",     [FM__ROLE_SHARE] = "share",
      [FM__ROLE_MEAN] = "mean",     [FM__ROLE_QUANTILE] = "quantile", [FM__ROLE_SLICE] = "slice",
      [FM__ROLE_MATRIX] = "matrix", [FM__ROLE_DERIVED] = "derived",   [FM__ROLE_BETWEEN] = "between",
      [FM__ROLE_CURVE] = "curve",   [FM__ROLE_AT_RISK] = "at_risk",   [FM__ROLE_EVENTS] = "events",
      [FM__ROLE_POINT] = "point"};
  return names[fm__catalogue_quantity_of(id, quantity)->role];
}
