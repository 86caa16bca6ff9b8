/* Columns of a frame of survival that say when something began: aftercare_days, upskilling_days, mentor_days. */
#include <string.h>

#include "register/frame_priv.h"

#define SUFFIX "_days"

/* The column without its suffix; false when it has another. */
static bool kind_of(char *kind, size_t size, const char *name)
{
  size_t length = strlen(name), suffix = strlen(SUFFIX);
  if (length <= suffix || length - suffix >= size || strcmp(name + length - suffix, SUFFIX) != 0)
    return false;
  memcpy(kind, name, length - suffix);
  kind[length - suffix] = '\0';
  return true;
}

bool fm__frame_is_dated(const fm__frame *f, const char *name)
{
  char kind[64];
  if (strcmp(f->spec->kind, "survival") != 0 || f->r->part[FM__SUPPORTS].table == NULL ||
      !kind_of(kind, sizeof kind, name))
    return false;
  for (size_t k = 0; k < f->r->n_codes; k++)
    if (strcmp(fm_codes_list_name(f->r->codes[k]), "support_kind") == 0)
      return fm_codes_find(f->r->codes[k], kind, strlen(kind), FM_NO_DATE) >= 0;
  return false;
}

/* First day of a support row of the kind that the unit in `row` of persons has; FM_NO_DATE for another kind. */
static int32_t began(const fm__frame *f, size_t support, const char *kind)
{
  size_t column = fm__register_column(f->r, FM__SUPPORTS, "kind");
  const fm_codes *codes = NULL;
  int32_t first = fm__register_days(f->r, FM__SUPPORTS, support).first;
  int64_t entry = fm__register_entry(f->r, FM__SUPPORTS, column, support, first, &codes);
  if (entry < 0 || strcmp(fm_codes_code(codes, entry), kind) != 0 || first >= f->as_of)
    return FM_NO_DATE;
  return first;
}

/* Of the supports of a person, the first of the kind that had not ended when the unit began and belongs to no other
 * placement. */
static bool first_day(int32_t *out, const fm__frame *f, size_t unit, const uint32_t *first, const uint32_t *rows,
                      const char *kind)
{
  uint32_t person = f->rows[FM__PERSONS][unit];
  bool found = false;
  for (uint32_t k = first[person]; k < first[person + 1]; k++) {
    int32_t day = began(f, rows[k], kind);
    uint32_t job =
        f->r->part[FM__SUPPORTS].placement != NULL ? f->r->part[FM__SUPPORTS].placement[rows[k]] : FM__NO_ROW;
    if (job != FM__NO_ROW && job != f->rows[FM__PLACEMENTS][unit])
      continue;
    if (day == FM_NO_DATE || fm__register_days(f->r, FM__SUPPORTS, rows[k]).end <= f->day[unit])
      continue;
    if (!found || day - f->day[unit] < *out)
      *out = day - f->day[unit];
    found = true;
  }
  return found;
}

fm_status fm__frame_dated(const fm__frame *f, fm_table *to, const char *name, fm_error *err)
{
  char kind[64];
  uint32_t *first = NULL, *rows = NULL;
  int32_t *values = fm__array(f->n, sizeof *values);
  uint8_t *validity = fm__array(f->n / 8 + 1, 1);
  kind_of(kind, sizeof kind, name);
  fm_status status = values != NULL && validity != NULL ? fm__rows_by_person(&first, &rows, f->r, FM__SUPPORTS, err)
                                                        : fm__no_memory(err);
  for (size_t i = 0; status == FM_OK && i < f->n; i++)
    if (f->rows[FM__PERSONS][i] != FM__NO_ROW && first_day(&values[i], f, i, first, rows, kind))
      validity[i >> 3] |= (uint8_t)(1U << (i & 7));
  if (status == FM_OK)
    status = fm__table_own(to, name, FM_I32, values, validity, f->n, err);
  if (status != FM_OK) {
    fm__free(values);
    fm__free(validity);
  }
  fm__free(first);
  fm__free(rows);
  return status;
}
