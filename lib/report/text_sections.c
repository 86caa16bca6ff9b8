/* What surrounds the jobs: initiatives, support, employers, contracts with clauses, well-being. */
#include "report/page_priv.h"

#include <math.h>
#include <string.h>

enum { INDENT = 17, NAME = 34 };

static const fm__entry *total(const fm__page *p, const char *indicator, const char *quantity)
{
  return fm__entries_total(&p->rows, indicator, quantity, -1);
}

static bool is_shown(const fm__entry *row)
{
  return row != NULL && !isnan(row->value);
}

static bool is_more(const fm__entry *row)
{
  return is_shown(row) && row->value > 0;
}

/* Writes the text beside its label and empties it; nothing when there is no text. */
static void flush(fm__page *p, fm__bytes *b, const char *key)
{
  if (b->size > 0)
    fm__page_item(p, fm__page_word(p, key), fm__text_of(b), INDENT);
  p->out.failed = p->out.failed || b->failed;
  b->size = 0;
}

/* The next part after row `i` that has `quantity` once; SIZE_MAX: no more. Parts come in the order of the table. */
static size_t next_part(const fm__page *p, const char *indicator, const char *quantity, size_t i)
{
  for (; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (row->part != NULL && strcmp(row->indicator, indicator) == 0 && strcmp(row->quantity, quantity) == 0)
      return i;
  }
  return SIZE_MAX;
}

static void put_cell(fm__page *p, const fm__entry *row, size_t width)
{
  fm__page_right(p, row == NULL || strcmp(row->state, "not_given") == 0 ? "-" : fm__page_share(p, row), width);
}

static void put_heads(fm__page *p, const char *const *keys, const size_t *widths, size_t n)
{
  fm__put(&p->out, "\n");
  fm__page_left(p, fm__page_word(p, keys[0]), NAME);
  for (size_t k = 1; k < n; k++)
    fm__page_right(p, fm__page_word(p, keys[k]), widths[k]);
  fm__page_line(p);
}

static void put_name(fm__page *p, const char *column, const char *part)
{
  fm__put_spaces(&p->out, 2);
  fm__page_left(p, fm__page_code(p, column, part), NAME - 2);
}

/* ---- initiatives ---- */

static void put_retained(fm__page *p, const char *part)
{
  static const int32_t horizons[] = {3, 6, 12};
  for (size_t k = 0; k < FM__COUNT(horizons); k++) {
    const fm__entry *share = fm__entries_part(&p->rows, FM__OF_INITIATIVES, part, "retained_share", horizons[k]);
    const fm__entry *yes = fm__entries_part(&p->rows, FM__OF_INITIATIVES, part, "retained", horizons[k]);
    if (!is_shown(share))
      continue;
    fm__bytes *months = fm__page_next(p), *name = fm__page_next(p);
    const char *number[] = {fm__page_whole(p, horizons[k])};
    fm__say(months, p->lang, "page.months", number, 1);
    const char *after[] = {fm__text_of(months)}, *range[] = {fm__page_range(p, share)};
    fm__say(name, p->lang, "page.initiatives.after", after, 1);
    fm__put_spaces(&p->out, 4);
    fm__page_left(p, fm__text_of(name), NAME - 4);
    fm__page_right(p, fm__page_count(p, yes), 26);
    put_cell(p, share, 7);
    if (range[0][0] != '\0')
      fm__page_say(p, "page.brackets", range, 1);
    fm__page_line(p);
  }
}

/* Still in work after twelve months stands on the short page, when any initiative has it or hides it. */
bool fm__page_has_later(const fm__page *p)
{
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (row->part != NULL && row->horizon == 12 && strcmp(row->indicator, FM__OF_INITIATIVES) == 0 &&
        strcmp(row->quantity, "retained_share") == 0 && (is_shown(row) || fm__is_hidden(row)))
      return true;
  }
  return false;
}

/* An initiative that nobody joined has no line. */
size_t fm__page_initiative(const fm__page *p, size_t i)
{
  do
    i = next_part(p, FM__OF_INITIATIVES, "joined", i);
  while (i != SIZE_MAX && !is_more(&p->rows.items[i]) && !fm__is_hidden(&p->rows.items[i]) && ++i != 0);
  return i;
}

static void put_initiatives(fm__page *p)
{
  static const char *const keys[] = {"page.initiatives", "page.initiatives.joined", "page.initiatives.placed",
                                     "page.share_short", "page.initiatives.later"};
  static const size_t widths[] = {0, 10, 16, 7, 13};
  size_t i = fm__page_initiative(p, 0);
  bool later = fm__page_has_later(p);
  if (i == SIZE_MAX)
    return;
  put_heads(p, keys, widths, later ? 5 : 4);
  for (; i != SIZE_MAX; i = fm__page_initiative(p, i + 1)) {
    const fm__entry *row = &p->rows.items[i];
    const char *part = row->part;
    put_name(p, "initiative_id", part);
    put_cell(p, row, 10);
    put_cell(p, fm__entries_part(&p->rows, FM__OF_INITIATIVES, part, "placed", -1), 16);
    put_cell(p, fm__entries_part(&p->rows, FM__OF_INITIATIVES, part, "joined_placed_share", -1), 7);
    if (later)
      put_cell(p, fm__entries_part(&p->rows, FM__OF_INITIATIVES, part, "retained_share", 12), 13);
    fm__page_line(p);
    if (p->all)
      put_retained(p, part);
  }
}

/* ---- support ---- */

static void put_support(fm__page *p, fm__bytes *b)
{
  const fm__entry *people = total(p, FM__OF_SUPPORT, "people"), *reached = total(p, FM__OF_SUPPORT, "reached");
  if (reached == NULL || !is_more(people))
    return;
  const char *of[] = {fm__page_count(p, reached), fm__page_count(p, people)};
  if (is_shown(reached))
    fm__say(b, p->lang, "page.support.of", of, 2);
  else
    fm__put(b, of[0]);
  for (size_t i = next_part(p, FM__OF_SUPPORT, "reached", 0); i != SIZE_MAX;
       i = next_part(p, FM__OF_SUPPORT, "reached", i + 1)) {
    const fm__entry *row = &p->rows.items[i];
    char key[200];
    const char *label = NULL;
    if (strlen(row->part) + 20 < sizeof key) {
      strcat(strcat(strcat(strcpy(key, "code."), p->lang), ".support."), row->part);
      label = fm_table_note(p->t, key);
    }
    fm__put(b, " \xC2\xB7 ");
    fm__put(b, label != NULL ? label : row->part);
    fm__put(b, " ");
    fm__put(b, fm__page_count(p, row));
  }
  flush(p, b, "page.support");
}

static void put_kinds_of_support(fm__page *p)
{
  static const char *const keys[] = {"page.support.kinds", "page.support.reached", "page.share_short",
                                     "page.support.days", "page.support.hours"};
  static const char *const cells[] = {"reached", "reached_share", "days_mean", "hours_mean"};
  static const size_t widths[] = {0, 10, 7, 14, 15};
  size_t i = next_part(p, FM__OF_SUPPORT, "reached", 0);
  if (i == SIZE_MAX)
    return;
  put_heads(p, keys, widths, FM__COUNT(keys));
  for (; i != SIZE_MAX; i = next_part(p, FM__OF_SUPPORT, "reached", i + 1)) {
    put_name(p, "support", p->rows.items[i].part);
    for (size_t k = 0; k < FM__COUNT(cells); k++)
      put_cell(p, fm__entries_part(&p->rows, FM__OF_SUPPORT, p->rows.items[i].part, cells[k], -1), widths[k + 1]);
    fm__page_line(p);
  }
}

/* ---- employers ---- */

static void put_employers(fm__page *p, fm__bytes *b)
{
  const fm__entry *firms = total(p, FM__OF_EMPLOYERS, "employers"),
                  *fresh = total(p, FM__OF_EMPLOYERS, "new_employers");
  const fm__entry *again = total(p, FM__OF_EMPLOYERS, "hiring_again"), *sme = total(p, FM__OF_EMPLOYERS, "sme");
  if (!is_more(firms))
    return;
  const char *args[] = {fm__page_count(p, firms), fm__page_count(p, fresh), fm__page_count(p, again),
                        fm__page_count(p, sme)};
  fm__say(b, p->lang, "page.employers.count", args, 4);
  if (is_more(fresh))
    fm__say(b, p->lang, "page.employers.new", args, 4);
  if (is_more(again))
    fm__say(b, p->lang, "page.employers.again", args, 4);
  if (is_more(fresh) && is_more(again) && fresh->value + again->value > firms->value)
    fm__say(b, p->lang, "page.employers.both", args, 4);
  if (is_more(sme))
    fm__say(b, p->lang, "page.employers.sme", args, 4);
  flush(p, b, "page.employers.label");
}

/* ---- contracts ---- */

static void put_fte(fm__page *p, fm__bytes *b, const char *quantity, const char *share, const char *key,
                    const char *alone)
{
  const fm__entry *fte = total(p, FM__OF_CONTRACTS, quantity), *part = total(p, FM__OF_CONTRACTS, share);
  if (!is_shown(fte))
    return;
  fm__bytes *percent = fm__page_next(p);
  if (is_shown(part))
    fm__say_percent(percent, part->value, 0, p->lang);
  const char *args[] = {fm__page_share(p, fte), fm__text_of(percent)};
  fm__say(b, p->lang, is_shown(part) ? key : alone, args, 2);
}

static void put_contracts(fm__page *p, fm__bytes *b)
{
  const fm__entry *all = total(p, FM__OF_CONTRACTS, "contracts"), *agreed = total(p, FM__OF_CONTRACTS, "agreed");
  if (!is_more(all) || !is_shown(agreed))
    return;
  const char *args[] = {fm__page_count(p, all), fm__page_share(p, agreed)};
  fm__say(b, p->lang, "page.clauses.agreed", args, 2);
  put_fte(p, b, "started", "started_share", "page.clauses.started", "page.clauses.started_only");
  put_fte(p, b, "delivered", "delivered_share", "page.clauses.delivered", "page.clauses.delivered_only");
  flush(p, b, "page.clauses");
}

/* ---- well-being ---- */

static const fm__entry *answer(const fm__page *p, const char *quantity)
{
  return fm__entries_part(&p->rows, FM__OF_PROGRESS, "who5", quantity, -1);
}

static void put_wellbeing(fm__page *p, fm__bytes *b)
{
  const fm__entry *first = answer(p, "first_mean"), *last = answer(p, "last_mean");
  const fm__entry *change = answer(p, "change_mean"), *twice = answer(p, "measured_twice");
  const fm__entry *better = answer(p, "relevant_better"), *worse = answer(p, "relevant_worse");
  if (!is_shown(first) || !is_shown(last) || !is_shown(change) || first->n <= 0)
    return;
  fm__bytes *from = fm__page_next(p), *to = fm__page_next(p), *by = fm__page_next(p), *once = fm__page_next(p);
  fm__say_fixed(from, first->value, 0, p->lang);
  fm__say_fixed(to, last->value, 0, p->lang);
  fm__put(by, change->value > 0 ? "+" : "");
  fm__say_fixed(by, change->value, 0, p->lang);
  const char *args[] = {fm__text_of(from), fm__text_of(to), fm__text_of(by), fm__page_range(p, change),
                        fm__page_whole(p, first->n)};
  fm__say(b, p->lang, args[3][0] != '\0' ? "page.wellbeing.change" : "page.wellbeing.change_alone", args, 5);
  if (is_shown(twice)) {
    fm__say_percent(once, 1 - twice->value, 0, p->lang);
    const char *rest[] = {fm__text_of(once), fm__page_whole(p, twice->n)};
    fm__say(b, p->lang, "page.wellbeing.once", rest, 2);
  }
  if (p->all && is_shown(better) && is_shown(worse)) {
    const char *counts[] = {fm__page_count(p, better), fm__page_count(p, worse)};
    fm__say(b, p->lang, "page.wellbeing.better", counts, 2);
  }
  flush(p, b, "page.wellbeing");
}

void fm__page_sections(fm__page *p)
{
  fm__bytes b = {0}, lines = p->out;
  p->out = (fm__bytes){0};
  put_support(p, &b);
  put_employers(p, &b);
  put_contracts(p, &b);
  put_wellbeing(p, &b);
  fm__bytes text = p->out;
  p->out = lines;
  p->out.failed = p->out.failed || text.failed;
  put_initiatives(p);
  if (text.size > 0) {
    fm__put(&p->out, "\n");
    fm__put(&p->out, fm__text_of(&text));
  }
  p->out.failed = p->out.failed || text.failed;
  if (p->all)
    put_kinds_of_support(p);
  fm__bytes_free(&b);
  fm__bytes_free(&text);
}
