/* Groups in which nobody began have no status rows, which would tell that where it is hidden: they get rows of nobody.
 */
#include <math.h>
#include <string.h>

#include "report/rows_priv.h"

static bool is_status(const fm__entry *row)
{
  return row->by_group && strcmp(row->indicator, FM__STATUS) == 0;
}

static bool is_group(const fm__entry *row)
{
  return row->by_group && strcmp(row->indicator, FM__PEOPLE) == 0 && strcmp(row->quantity, "began") == 0;
}

static fm__entry nobody(const fm__entry *like, const char *group)
{
  bool count = strcmp(like->unit, "count") == 0;
  fm__entry row = *like;
  row.group = group;
  row.state = count ? "ok" : "empty";
  row.value = count ? 0 : NAN;
  row.std_error = row.low = row.high = row.level = row.weight = NAN;
  row.n = row.people = 0;
  return row;
}

/* Status rows of one group, or as many of nobody as group `like` has. */
static size_t put_group(fm__entry *out, const fm__entries *r, const char *group, const char *like)
{
  size_t n = 0;
  for (size_t i = 0; i < r->n; i++)
    if (is_status(&r->items[i]) && fm__same_text(r->items[i].group, group))
      out[n++] = r->items[i];
  bool none = n == 0;
  for (size_t i = 0; i < r->n && none; i++)
    if (is_status(&r->items[i]) && fm__same_text(r->items[i].group, like))
      out[n++] = nobody(&r->items[i], group);
  return n;
}

fm_status fm__complete_groups(fm__entries *r, fm_error *err)
{
  size_t room = 0, n = 0, groups = 0, rows = 0, first = SIZE_MAX;
  fm__entry *all = NULL;
  for (size_t i = 0; i < r->n; i++) {
    groups += is_group(&r->items[i]);
    first = first == SIZE_MAX && is_status(&r->items[i]) ? i : first;
    rows += is_status(&r->items[i]) && fm__same_text(r->items[i].group, r->items[first].group);
  }
  if (first == SIZE_MAX)
    return FM_OK;
  if (!fm__grow((void **)&all, &room, r->n + groups * rows, sizeof *all))
    return fm__no_memory(err);
  for (size_t i = 0; i < r->n; i++) {
    for (size_t k = 0; k < r->n && i == first; k++)
      if (is_group(&r->items[k]))
        n += put_group(&all[n], r, r->items[k].group, r->items[first].group);
    if (!is_status(&r->items[i]))
      all[n++] = r->items[i];
  }
  fm__free(r->items);
  r->items = all;
  r->n = n;
  r->capacity = room;
  return FM_OK;
}
