/* Jobs by kind and sector, what runs on the last day, how long jobs last and are waited for, incomes, economy. */
#include "report/page_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/table_priv.h"

enum { INDENT = 17 };

static const fm__entry *job(const fm__page *p, const char *quantity)
{
  return fm__entries_total(&p->rows, FM__JOBS, quantity, -1);
}

static bool is_shown(const fm__entry *row)
{
  return row != NULL && !isnan(row->value);
}

static int by_size(const void *pa, const void *pb)
{
  const fm__entry *a = *(const fm__entry *const *)pa, *b = *(const fm__entry *const *)pb;
  if (is_shown(a) != is_shown(b))
    return is_shown(a) ? -1 : 1;
  if (is_shown(a) && a->value != b->value)
    return a->value > b->value ? -1 : 1;
  return strcmp(a->kind, b->kind);
}

static void put_part(fm__page *p, fm__bytes *b, const char *name, const fm__entry *row)
{
  if (row == NULL || (is_shown(row) && row->value <= 0))
    return;
  fm__put(b, b->size > 0 ? " \xC2\xB7 " : "");
  fm__put(b, name);
  fm__put(b, " ");
  fm__put(b, fm__page_count(p, row));
}

static void put_kinds(fm__page *p, fm__bytes *b)
{
  const fm__entry **kinds = fm__array(p->rows.n + 1, sizeof *kinds);
  size_t n = 0;
  if (kinds == NULL) {
    b->failed = true;
    return;
  }
  for (size_t i = 0; i < p->rows.n; i++)
    if (p->rows.items[i].kind != NULL && strcmp(p->rows.items[i].indicator, FM__JOBS) == 0)
      kinds[n++] = &p->rows.items[i];
  qsort(kinds, n, sizeof *kinds, by_size);
  for (size_t i = 0; i < n; i++) {
    char key[200];
    const char *label = NULL;
    if (strlen(kinds[i]->kind) + 16 < sizeof key) {
      memcpy(key, "code.", 5);
      memcpy(key + 5, p->lang, 2);
      memcpy(key + 7, ".kind.", 6);
      memcpy(key + 13, kinds[i]->kind, strlen(kinds[i]->kind) + 1);
      label = fm_table_note(p->t, key);
    }
    put_part(p, b, label != NULL ? label : kinds[i]->kind, kinds[i]);
  }
  fm__free(kinds);
}

static void put_sectors(fm__page *p, fm__bytes *b)
{
  const fm__entry *in = job(p, "private"), *out = job(p, "public"), *sme = job(p, "sme");
  if (in == NULL || (is_shown(in) && in->value + out->value <= 0))
    return;
  put_part(p, b, fm__page_word(p, "quantity.private"), in);
  if (is_shown(sme) && sme->value > 0) {
    const char *args[] = {fm__page_count(p, sme)};
    fm__say(b, p->lang, "page.sme", args, 1);
  }
  put_part(p, b, fm__page_word(p, "quantity.public"), out);
  put_part(p, b, fm__page_word(p, "page.sector_unknown"), job(p, "unknown_sector"));
}

/* Writes the text beside its label and empties it; nothing when there is no text. */
static void flush(fm__page *p, fm__bytes *b, const char *label)
{
  if (b->size > 0)
    fm__page_item(p, label, fm__text_of(b), INDENT);
  p->out.failed = p->out.failed || b->failed;
  b->size = 0;
}

static void put_running(fm__page *p, fm__bytes *b)
{
  const fm__entry *people = job(p, "running_people"), *hours = job(p, "hours_mean"), *fte = job(p, "fte");
  if (people == NULL)
    return;
  const char *number[] = {fm__page_count(p, people), fm__page_share(p, hours), fm__page_share(p, fte)};
  fm__say(b, p->lang, isnan(people->value) ? "page.running.hidden" : "page.running.people", number, 3);
  if (is_shown(hours))
    fm__say(b, p->lang, "page.running.hours", number, 3);
  if (is_shown(hours) && is_shown(fte))
    fm__say(b, p->lang, "page.running.fte", number, 3);
  flush(p, b, fm__page_word(p, "page.running"));
}

static void put_median(fm__page *p, fm__bytes *b)
{
  const fm__entry *median = fm__entries_total(&p->rows, FM__SURVIVAL, "median", -1);
  if (median == NULL || strcmp(median->state, "empty") == 0)
    return;
  const char *range = fm__page_range(p, median);
  const char *args[] = {fm__page_share(p, median), range};
  if (strcmp(median->state, "undefined") == 0)
    fm__say(b, p->lang, "page.median.never", NULL, 0);
  else if (isnan(median->value))
    fm__put(b, args[0]);
  else
    fm__say(b, p->lang, range[0] != '\0' ? "page.median.range" : "page.median", args, 2);
  flush(p, b, fm__page_word(p, "page.median.label"));
}

/* ---- waiting, income, economy ---- */

static const char *currency(const fm__page *p)
{
  const char *code = fm_table_note(p->t, "income_currency");
  return code == NULL ? "" : strcmp(code, "DKK") == 0 ? fm__page_word(p, "number.kroner") : code;
}

static void put_waiting(fm__page *p, fm__bytes *b)
{
  enum { WEEKS_FROM = 56 };
  const fm__entry *median = fm__entries_part(&p->rows, FM__OF_JOURNEYS, "referral_to_start", "median", -1);
  if (median == NULL)
    return;
  bool weeks = median->value >= WEEKS_FROM;
  fm__bytes *time = fm__page_next(p);
  if (is_shown(median))
    fm__say_fixed(time, weeks ? median->value / 7 : median->value, 0, p->lang);
  const char *args[] = {fm__text_of(time)};
  if (is_shown(median))
    fm__say(b, p->lang, weeks ? "page.waiting.weeks" : "page.waiting.days", args, 1);
  else if (strcmp(median->state, "undefined") == 0)
    fm__say(b, p->lang, "page.waiting.most", NULL, 0);
  else
    fm__put(b, fm__label("state", median->state, p->lang));
  flush(p, b, fm__page_word(p, "page.waiting"));
}

static void put_economy(fm__page *p, fm__bytes *b)
{
  enum { PAYERS = 3 };
  static const char *const payers[PAYERS] = {"municipality", "state", "person"};
  const char *money = currency(p);
  fm__bytes *after = fm__page_next(p);
  fm__put(after, money[0] != '\0' ? " " : "");
  fm__put(after, money);
  const char *args[PAYERS + 1] = {[PAYERS] = fm__text_of(after)};
  for (size_t k = 0; k < PAYERS; k++) {
    const fm__entry *row = fm__entries_part(&p->rows, FM__OF_ECONOMY, payers[k], "result", -1);
    fm__bytes *amount = fm__page_next(p);
    if (row == NULL)
      return;
    if (!is_shown(row)) {
      fm__put(b, fm__label("state", row->state, p->lang));
      break;
    }
    fm__put(amount, row->value > 0 ? "+" : "");
    fm__say_rounded(amount, row->value, fm__leading(row->value), p->lang);
    args[k] = fm__text_of(amount);
  }
  if (b->size == 0)
    fm__say(b, p->lang, "page.economy.split", args, PAYERS + 1);
  flush(p, b, fm__page_word(p, "page.economy"));
}

static void put_income(fm__page *p, fm__bytes *b)
{
  const fm__entry *poor = fm__entries_total(&p->rows, FM__BOTTOM40, "panel_bottom_people", -1);
  const fm__entry *gain = fm__entries_total(&p->rows, FM__BOTTOM40, "panel_bottom_gain", -1);
  const fm__entry *known = fm__entries_total(&p->rows, FM__BOTTOM40, "panel_people", -1);
  if (poor == NULL || gain == NULL || strcmp(gain->state, "empty") == 0)
    return;
  const char *money = currency(p);
  fm__bytes *amount = fm__page_next(p);
  if (is_shown(gain)) {
    fm__shown f = {gain->quantity, gain->unit, gain->state, fabs(gain->value), NAN, NAN, gain->n};
    int32_t exponent = isnan(gain->low) ? 0 : fm__rounding(gain->low, gain->high);
    fm__say_rounded(amount, f.value, exponent, p->lang);
  }
  const char *args[] = {fm__page_share(p, poor), fm__page_count(p, known), fm__text_of(amount), money,
                        fm__page_range(p, gain)};
  if (is_shown(gain)) {
    fm__say(b, p->lang, is_shown(poor) && is_shown(known) ? "page.income.people" : "page.income.some", args, 5);
    fm__say(b, p->lang, gain->value < 0 ? "page.income.loss" : "page.income.gain", args, 5);
    if (args[4][0] != '\0')
      fm__say(b, p->lang, "page.income.range", args, 5);
    fm__put(b, ".");
  } else
    fm__put(b, fm__label("state", gain->state, p->lang));
  flush(p, b, fm__page_word(p, "page.income"));
}

void fm__page_jobs(fm__page *p)
{
  fm__bytes b = {0};
  const fm__entry *all = job(p, "placements");
  fm__put(&p->out, "\n");
  if (all != NULL && !(is_shown(all) && all->value <= 0)) {
    fm__bytes *label = fm__page_next(p);
    const char *number[] = {fm__page_count(p, all)};
    fm__say(label, p->lang, is_shown(all) ? "page.placements" : "page.placements_hidden", number, 1);
    put_kinds(p, &b);
    flush(p, &b, fm__text_of(label));
    put_sectors(p, &b);
    flush(p, &b, "");
    put_running(p, &b);
    put_median(p, &b);
    put_waiting(p, &b);
  }
  put_income(p, &b);
  put_economy(p, &b);
  fm__bytes_free(&b);
}
