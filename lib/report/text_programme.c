/* A programme: the short answer, goals, lasting work, then groups and jobs. */
#include "report/page_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const fm__entry *people_row(const fm__page *p, const char *quantity)
{
  return fm__entries_total(&p->rows, FM__PEOPLE, quantity, -1);
}

static void put_sentence(fm__page *p, const char *key, const char *const *args, size_t n)
{
  fm__bytes *b = fm__page_next(p);
  fm__say(b, p->lang, key, args, n);
  fm__put_spaces(&p->out, 2);
  fm__put_wrapped(&p->out, fm__text_of(b), 2, 4);
}

static void put_began(fm__page *p)
{
  const fm__entry *people = people_row(p, "people"), *began = people_row(p, "began");
  const fm__entry *share = people_row(p, "began_share");
  if (began == NULL || isnan(began->value) || isnan(people->value) || share == NULL || isnan(share->value)) {
    const char *args[] = {fm__page_count(p, people)};
    put_sentence(p, isnan(people->value) ? "page.short.hidden" : "page.short.people", args, 1);
    return;
  }
  fm__bytes *percent = fm__page_next(p);
  fm__say_percent(percent, share->value, 0, p->lang);
  const char *args[] = {fm__page_count(p, began), fm__page_count(p, people), fm__text_of(percent)};
  put_sentence(p, people->value < 20 ? "page.short.began_few" : "page.short.began", args, 3);
}

static void put_rate(fm__page *p, int32_t horizon, const char *key)
{
  const fm__entry *rate = fm__entries_total(&p->rows, FM__STATUS, "rate", horizon);
  if (rate == NULL || isnan(rate->value) || isnan(rate->low))
    return;
  fm__bytes *share = fm__page_next(p);
  fm__say_fixed(share, 100 * rate->value, 0, p->lang);
  const char *args[] = {fm__text_of(share), fm__page_whole(p, horizon), fm__page_range(p, rate)};
  put_sentence(p, key, args, 3);
}

/* Milestones of the totals in order. */
static int32_t next_horizon(const fm__page *p, int32_t after)
{
  int32_t best = -1;
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (strcmp(row->indicator, FM__STATUS) == 0 && !row->by_group && row->horizon > after &&
        (best < 0 || row->horizon < best))
      best = row->horizon;
  }
  return best;
}

static void put_milestones(fm__page *p)
{
  if (next_horizon(p, -1) < 0)
    return;
  fm__put(&p->out, "\n");
  fm__page_left(p, fm__page_word(p, "page.status"), 27);
  fm__page_right(p, fm__page_word(p, "page.yes"), 7);
  fm__page_right(p, fm__page_word(p, "page.no"), 8);
  fm__page_right(p, fm__page_word(p, "page.not_yet"), 16);
  fm__page_right(p, fm__page_word(p, "page.share_yes"), 12);
  fm__page_line(p);
  for (int32_t h = next_horizon(p, -1); h >= 0; h = next_horizon(p, h)) {
    static const struct {
      const char *quantity;
      size_t width;
    } cells[] = {{"yes", 7}, {"no", 8}, {"unknown", 16}};
    const char *args[] = {fm__page_whole(p, h)};
    fm__bytes *name = fm__page_next(p);
    fm__say(name, p->lang, h == 1 ? "page.month" : "page.months", args, 1);
    fm__put_spaces(&p->out, 2);
    fm__page_left(p, fm__text_of(name), 25);
    for (size_t k = 0; k < FM__COUNT(cells); k++)
      fm__page_right(p, fm__page_count(p, fm__entries_total(&p->rows, FM__STATUS, cells[k].quantity, h)),
                     cells[k].width);
    const fm__entry *rate = fm__entries_total(&p->rows, FM__STATUS, "rate", h);
    const char *range[] = {fm__page_range(p, rate)};
    fm__page_right(p, fm__page_share(p, rate), 7);
    if (range[0][0] != '\0')
      fm__page_say(p, "page.brackets", range, 1);
    fm__page_line(p);
  }
}

void fm__page_programme(fm__page *p)
{
  fm__put(&p->out, "\n");
  put_began(p);
  put_rate(p, 6, "page.short.rate");
  put_rate(p, 12, "page.short.rate_later");
  fm__page_goals(p);
  put_milestones(p);
  fm__page_groups(p);
  fm__page_jobs(p);
  fm__page_sections(p);
}
