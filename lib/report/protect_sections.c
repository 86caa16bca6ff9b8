/* Sections beside the totals. Each of their tables is protected by itself; here goes what would tell of few people only
 * together with the totals of the page. */
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

static bool is_about_people(const fm__entry *row)
{
  static const char *const ids[] = {FM__OF_INITIATIVES, FM__OF_SUPPORT, FM__OF_PROGRESS};
  for (size_t k = 0; k < FM__COUNT(ids); k++)
    if (strcmp(row->indicator, ids[k]) == 0)
      return true;
  return false;
}

static void hide_part(fm__entries *r, const fm__entry *like)
{
  for (size_t i = 0; i < r->n; i++)
    if (strcmp(r->items[i].indicator, like->indicator) == 0 && fm__same_text(r->items[i].part, like->part) &&
        strcmp(r->items[i].state, "not_given") != 0)
      fm__hide(&r->items[i]);
}

/* A count of people that lacks few of a total: those few are a count, too. */
static bool tells(const fm__entry *row, const fm__entry *total, int64_t threshold)
{
  if (total == NULL || isnan(total->value) || isnan(row->value))
    return false;
  int64_t rest = fm__count(total) - fm__count(row);
  return fm__is_small(rest < 0 ? -rest : rest, threshold);
}

/* Counts of people in a section, each set beside the total that it may be part of. */
static const struct {
  const char *indicator, *quantity, *total;
} beside[] = {{FM__OF_INITIATIVES, "joined", "people"}, {FM__OF_INITIATIVES, "placed", "began"},
              {FM__OF_SUPPORT, "people", "people"},     {FM__OF_SUPPORT, "reached", "people"},
              {FM__OF_SUPPORT, "reached", "began"},     {FM__OF_PROGRESS, "measured", "people"}};

static void protect_row(fm__entries *r, const fm__entry *row, int64_t threshold)
{
  for (size_t k = 0; k < FM__COUNT(beside); k++) {
    const fm__entry *total = fm__entries_total(r, FM__PEOPLE, beside[k].total, -1);
    if (strcmp(row->indicator, beside[k].indicator) == 0 && strcmp(row->quantity, beside[k].quantity) == 0 &&
        (fm__is_hidden(total) || tells(row, total, threshold))) {
      hide_part(r, row);
      return;
    }
  }
}

static bool is_retention(const fm__entry *row)
{
  return strcmp(row->indicator, FM__OF_INITIATIVES) == 0 && row->horizon >= 0;
}

void fm__protect_sections(fm__entries *r, int64_t threshold)
{
  bool status = false; /* a milestone of all is hidden: those of an initiative, perhaps of the same people, too */
  for (size_t i = 0; i < r->n; i++)
    status = status ||
             (strcmp(r->items[i].indicator, FM__STATUS) == 0 && !r->items[i].by_group && fm__is_hidden(&r->items[i]));
  for (size_t i = 0; i < r->n; i++)
    if (is_about_people(&r->items[i]))
      protect_row(r, &r->items[i], threshold);
  for (size_t i = 0; i < r->n; i++) {
    fm__entry *row = &r->items[i];
    if (status && is_retention(row) && strcmp(row->state, "not_given") != 0)
      fm__hide(row);
    if (strcmp(row->indicator, FM__OF_EMPLOYERS) == 0) /* their starts are people of other figures */
      row->people = -1;
  }
}
