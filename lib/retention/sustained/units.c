/* The rows of units: columns read, checked, pooled, saved. */
#include "retention/sustained/units_priv.h"

#include <math.h>
#include <string.h>

static double weight_of(const fm__units *u, const double *numbers)
{
  return u->weighted ? numbers[u->kind->n_numbers] : 1;
}

static fm_status take(void *context, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__units *u = context;
  size_t at = 0;
  double weight = weight_of(u, numbers);
  const char *expected = u->kind->wrong(numbers, &at);
  if (expected != NULL)
    return fm__rows_bad(place, at, expected, err);
  if (!(weight >= 0) || isinf(weight))
    return fm__rows_bad(place, u->kind->n_numbers, "a weight of 0 or more", err);
  if (u->people && fm__rows_lacks_id(place, 1))
    return fm__rows_bad_id(place, 1, "a person", err);
  *keep = weight > 0;
  return FM_OK;
}

static bool fits(const void *context, const double *numbers)
{
  const fm__units *u = context;
  size_t at;
  double weight = weight_of(u, numbers);
  return weight > 0 && !isinf(weight) && u->kind->wrong(numbers, &at) == NULL;
}

/* The group columns, after that of definitions. */
static fm_status group_names(char **out, const fm__units_kind *kind, const char *by, fm_error *err)
{
  static const char definition[] = "definition";
  size_t first = kind->definition == NULL ? sizeof definition - 1 : 0, more = fm__is_given(by) ? strlen(by) : 0;
  *out = fm__alloc(first + more + 2);
  if (*out == NULL)
    return fm__no_memory(err);
  char *p = *out;
  memcpy(p, definition, first);
  p += first;
  if (first > 0 && more > 0)
    *p++ = ',';
  if (more > 0)
    memcpy(p, by, more);
  p[more] = '\0';
  return FM_OK;
}

fm_status fm__units_open(fm__units *u, const fm__units_kind *kind, const char *by, const char *weight,
                         const char *cluster, double level, fm_error *err)
{
  fm__rows_number numbers[FM__UNITS_NUMBERS + 1];
  char *groups = NULL;
  *u = (fm__units){.kind = kind, .level = level, .weighted = fm__is_given(weight), .people = fm__is_given(cluster)};
  u->rows_kind = (fm__rows_kind){.measure = kind->measure, .take = take, .fits = fits};
  if (!(level > 0 && level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", kind->measure);
  memcpy(numbers, kind->numbers, kind->n_numbers * sizeof *numbers);
  numbers[kind->n_numbers] = (fm__rows_number){weight, 0};
  fm_status status = group_names(&groups, kind, by, err);
  if (status == FM_OK) {
    const char *const ids[] = {groups, cluster};
    status = fm__rows_keep(&u->rows, &u->rows_kind, numbers, kind->n_numbers + u->weighted, ids, FM__COUNT(ids), err);
  }
  fm__free(groups);
  return status;
}
