/* The breakdown: a row for each group, largest first; hidden sizes after them by name, so that the order tells nothing.
 */
#include "report/page_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/table_priv.h"

enum { NAME = 27 };

typedef struct entry {
  const fm__entry *people;
  const char *name;
  bool last; /* "not known" */
} entry;

static int by_size(const void *pa, const void *pb)
{
  const entry *a = pa, *b = pb;
  if (a->last != b->last)
    return a->last ? 1 : -1;
  bool shown_a = !isnan(a->people->value), shown_b = !isnan(b->people->value);
  if (shown_a != shown_b)
    return shown_a ? -1 : 1;
  if (shown_a && a->people->value > b->people->value)
    return -1;
  if (shown_a && a->people->value < b->people->value)
    return 1;
  return strcmp(a->name, b->name);
}

static fm_status list_groups(fm__page *p, entry **out, size_t *n)
{
  entry *list = fm__array(p->rows.n + 1, sizeof *list);
  *out = list;
  *n = 0;
  if (list == NULL)
    return FM_ERR_MEMORY;
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (row->by_group && strcmp(row->indicator, FM__PEOPLE) == 0 && strcmp(row->quantity, "people") == 0)
      list[(*n)++] = (entry){row, row->group != NULL ? row->group : "", row->group == NULL};
  }
  qsort(list, *n, sizeof *list, by_size);
  return FM_OK;
}

/* Six months when there are such figures, else the first milestone; -1: none. */
static int32_t main_horizon(const fm__page *p)
{
  int32_t best = -1;
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (strcmp(row->indicator, FM__STATUS) != 0 || !row->by_group || row->horizon < 0)
      continue;
    if (row->horizon == 6)
      return 6;
    best = best < 0 || row->horizon < best ? row->horizon : best;
  }
  return best;
}

static void put_heading(fm__page *p, int32_t horizon)
{
  fm__bytes *title = fm__page_next(p);
  const char *by = fm_table_note(p->t, "by");
  const char *months[] = {fm__page_whole(p, horizon), fm__label("column", by, p->lang)};
  fm__say(title, p->lang,
          horizon < 0    ? "page.groups"
          : horizon == 1 ? "page.after_month"
                         : "page.after_months",
          months, 2);
  fm__put(&p->out, "\n");
  fm__page_left(p, fm__text_of(title), NAME);
  fm__page_right(p, fm__page_word(p, "page.all"), 7);
  if (horizon >= 0) {
    fm__page_right(p, fm__page_word(p, "page.began"), 6);
    fm__page_right(p, fm__page_word(p, "page.yes"), 7);
    fm__page_right(p, fm__page_word(p, "page.no"), 7);
    fm__page_right(p, fm__page_word(p, "page.not_yet_short"), 9);
    fm__page_right(p, fm__page_word(p, "page.share_short"), 8);
  }
  fm__page_line(p);
}

static void put_group(fm__page *p, const entry *e, int32_t horizon)
{
  const fm__entries *r = &p->rows;
  const char *group = e->people->group, *by = fm_table_note(p->t, "by");
  fm__put_spaces(&p->out, 2);
  fm__page_left(p, fm__page_code(p, by, group), NAME - 2);
  fm__page_right(p, fm__page_count(p, e->people), 7);
  if (horizon >= 0) {
    const fm__entry *rate = fm__entries_group(r, FM__STATUS, group, "rate", horizon);
    const char *range[] = {fm__page_range(p, rate)};
    const fm__entry *began = fm__entries_group(r, FM__PEOPLE, group, "began", -1);
    bool none = rate == NULL || (began != NULL && began->value == 0); /* nobody has begun */
    fm__page_right(p, fm__page_count(p, began), 6);
    fm__page_right(p, none ? "-" : fm__page_count(p, fm__entries_group(r, FM__STATUS, group, "yes", horizon)), 7);
    fm__page_right(p, none ? "-" : fm__page_count(p, fm__entries_group(r, FM__STATUS, group, "no", horizon)), 7);
    fm__page_right(p, none ? "-" : fm__page_count(p, fm__entries_group(r, FM__STATUS, group, "unknown", horizon)), 9);
    fm__page_right(p, none ? "-" : fm__page_share(p, rate), 7);
    if (range[0][0] != '\0' && fm__width(range[0]) <= FM__PAGE_WIDTH - 70 - 4)
      fm__page_say(p, "page.brackets", range, 1);
  }
  fm__page_line(p);
}

static void put_table(fm__page *p, const entry *list, size_t n, int32_t horizon)
{
  put_heading(p, horizon);
  for (size_t i = 0; i < n; i++)
    put_group(p, &list[i], horizon);
}

/* ---- women and men ---- */

/* A lower or upper limit in points, with its sign. */
static const char *points(fm__page *p, double share)
{
  fm__bytes *b = fm__page_next(p);
  fm__put(b, share > 0 ? "+" : "");
  fm__say_fixed(b, 100 * share, 0, p->lang);
  return fm__text_of(b);
}

static const char *plain_code(const fm__page *p, const char *code)
{
  char key[64];
  if (strlen(code) + 16 > sizeof key)
    return code;
  strcat(strcat(strcat(strcpy(key, "code."), p->lang), ".sex."), code);
  const char *label = fm_table_note(p->t, key);
  return label != NULL ? label : code;
}

/* The gap between two groups, when there are two and both are shown. */
static void put_gap(fm__page *p, const char *before)
{
  const fm__entry *share[2] = {NULL, NULL};
  size_t n = 0;
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (strcmp(row->indicator, FM__OF_PARITY) != 0 || strcmp(row->quantity, "share") != 0)
      continue;
    if (n < 2)
      share[n] = row;
    n++;
  }
  if (n != 2 || share[0]->part == NULL || share[1]->part == NULL)
    return;
  const fm__entry *gap = fm__entries_part(&p->rows, FM__OF_PARITY, share[0]->part, "difference", -1);
  const fm__entry *fifths = fm__entries_part(&p->rows, FM__OF_PARITY, share[0]->part, "impact_ratio", -1);
  if (gap == NULL || isnan(gap->value) || isnan(share[0]->value) || isnan(share[1]->value))
    return;
  fm__bytes text = {0};
  const char *args[] = {fm__page_code(p, "sex", share[0]->part),
                        plain_code(p, share[1]->part),
                        fm__page_share(p, share[0]),
                        fm__page_share(p, share[1]),
                        points(p, gap->low),
                        points(p, gap->high)};
  fm__say(&text, p->lang, "page.parity", args, FM__COUNT(args));
  fm__say(&text, p->lang, gap->low <= 0 && gap->high >= 0 ? "page.parity.chance" : "page.parity.gap", args,
          FM__COUNT(args));
  if (fifths != NULL && fifths->value < 0.8)
    fm__put(&text, fm__page_word(p, "page.parity.fifths"));
  fm__put(&p->out, before);
  fm__put_spaces(&p->out, 2);
  fm__put_wrapped(&p->out, fm__text_of(&text), 2, 2);
  p->out.failed = p->out.failed || text.failed;
  fm__bytes_free(&text);
}

void fm__page_groups(fm__page *p)
{
  entry *list;
  size_t n;
  if (list_groups(p, &list, &n) != FM_OK) {
    p->out.failed = true;
    return;
  }
  int32_t first = main_horizon(p);
  bool any = false;
  for (size_t i = 0; i < n; i++)
    any = any || !isnan(list[i].people->value);
  if (n > 0 && !any) {
    fm__put(&p->out, "\n");
    fm__put_wrapped(&p->out, fm__page_word(p, "page.groups_hidden"), 0, 0);
  } else if (n > 0) {
    put_table(p, list, n, first);
    if (fm_table_note(p->t, "groups_overlap") != NULL) {
      fm__put_spaces(&p->out, 2);
      fm__put_wrapped(&p->out, fm__page_word(p, "page.overlap"), 2, 2);
    }
    put_gap(p, "");
    for (int32_t h = 1; p->all && first >= 0 && h <= 1200; h++)
      if (h != first && fm__entries_group(&p->rows, FM__STATUS, list[0].people->group, "rate", h) != NULL)
        put_table(p, list, n, h);
  }
  if (n == 0 || !any)
    put_gap(p, "\n");
  fm__free(list);
}
