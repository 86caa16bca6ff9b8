/* A goal: how far, how fast, and where it ends at this pace. */
#include "report/page_priv.h"

#include <math.h>
#include <string.h>

enum { NAME = 24, NUMBER = 6, FIRMS = 24, LABEL = 12, BAR = 50 };

typedef struct goal {
  fm__page *p;
  const char *id;
} goal;

static const fm__entry *row_of(const goal *g, const char *quantity)
{
  return fm__entries_goal(&g->p->rows, g->id, quantity);
}

static double value_of(const goal *g, const char *quantity)
{
  const fm__entry *row = row_of(g, quantity);
  return row != NULL ? row->value : NAN;
}

static const char *fixed(fm__page *p, double value, int32_t decimals)
{
  fm__bytes *b = fm__page_next(p);
  fm__say_fixed(b, value, decimals, p->lang);
  return fm__text_of(b);
}

static int32_t year_of(double day)
{
  int32_t year;
  fm_date_to_ymd((int32_t)day, &year, NULL, NULL);
  return year;
}

/* The year is told only when it is not that of `near_by`. */
static const char *date_text(fm__page *p, double day, int32_t near_by)
{
  fm__bytes *b = fm__page_next(p);
  if (year_of(day) == year_of(near_by))
    fm__say_day(b, (int32_t)day, p->lang);
  else
    fm__say_date(b, (int32_t)day, p->lang);
  return fm__text_of(b);
}

/* "late August", in which third of the month an uncertain day lies. */
static const char *about_when(fm__page *p, double day)
{
  fm__bytes *b = fm__page_next(p);
  int32_t y, m, d;
  char number[4] = {0};
  fm_date_to_ymd((int32_t)day, &y, &m, &d);
  number[0] = (char)(m >= 10 ? '1' : '0' + m);
  number[1] = (char)(m >= 10 ? '0' + m - 10 : 0);
  const char *month[] = {fm__label("month", number, p->lang)};
  fm__say(b, p->lang, d <= 10 ? "page.early" : d <= 20 ? "page.mid" : "page.late", month, 1);
  return fm__text_of(b);
}

static void put_line(goal *g, const char *name, const char *number, const char *more)
{
  fm__put_spaces(&g->p->out, 2);
  fm__page_left(g->p, fm__page_capital(g->p, name), NAME);
  fm__page_right(g->p, number, NUMBER);
  fm__put_spaces(&g->p->out, 3);
  fm__put(&g->p->out, more);
  fm__page_line(g->p);
}

static bool is_year(const fm__entry *goal_row)
{
  int32_t y, m, d, y_end, m_end, d_end;
  fm_date_to_ymd(goal_row->period_start, &y, &m, &d);
  fm_date_to_ymd(goal_row->period_end, &y_end, &m_end, &d_end);
  return y == y_end && m == 1 && d == 1 && m_end == 12 && d_end == 31;
}

static void put_numbers(goal *g)
{
  fm__page *p = g->p;
  const fm__entry *aim = row_of(g, "goal"), *done = row_of(g, "done");
  double ahead = value_of(g, "ahead_of_plan"), total = value_of(g, "total_days"), gone = value_of(g, "elapsed_days");
  fm__bytes until = {0}, more = {0};
  fm__say_date_short(&until, aim->period_end, p->lang);
  const char *date[] = {fm__text_of(&until)};
  fm__say(&more, p->lang, is_year(aim) ? "page.goal.year" : "page.goal.until", date, 1);
  put_line(g, fm__text_of(&more), fm__page_count(p, aim), "");
  more.size = 0;
  const char *shares[] = {fm__page_share(p, row_of(g, "share_of_goal")), fm__page_share(p, row_of(g, "share_of_time"))};
  if (!isnan(done->value))
    fm__say(&more, p->lang, "page.goal.shares", shares, 2);
  put_line(g, fm__page_word(p, "quantity.done"), fm__page_count(p, done), fm__text_of(&more));
  more.size = 0;
  const char *distance[] = {fixed(p, fabs(ahead), 0)};
  if (!isnan(ahead))
    fm__say(&more, p->lang,
            fabs(ahead) < 0.5 ? "page.goal.on_plan"
            : ahead > 0       ? "page.goal.ahead"
                              : "page.goal.behind",
            distance, 1);
  put_line(g, fm__page_word(p, "quantity.plan"), fixed(p, value_of(g, "plan"), 0), fm__text_of(&more));
  more.size = 0;
  const char *days[] = {fixed(p, total - gone, 0)};
  fm__say(&more, p->lang, "page.goal.days_left", days, 1);
  put_line(g, fm__page_word(p, "quantity.remaining"), fm__page_count(p, row_of(g, "remaining")),
           total > gone ? fm__text_of(&more) : "");
  p->out.failed = p->out.failed || until.failed || more.failed;
  fm__bytes_free(&until);
  fm__bytes_free(&more);
}

static void put_bar(goal *g)
{
  fm__page *p = g->p;
  double aim = value_of(g, "goal"), done = value_of(g, "done"), plan = value_of(g, "plan");
  char bar[BAR + 1];
  if (isnan(done) || !(aim > 0))
    return;
  double filled = floor(fmin(done / aim, 1) * BAR), mark = ceil(fmin(plan / aim, 1) * BAR) - 1;
  for (int i = 0; i < BAR; i++)
    bar[i] = i == (int)mark - (mark > 0 && floor(plan / aim * BAR) < mark + 1) ? '|' : i < (int)filled ? '#' : '.';
  bar[BAR] = '\0';
  const char *args[] = {bar, fm__page_count(p, row_of(g, "goal"))};
  fm__put(&p->out, "\n");
  fm__page_say(p, "page.goal.bar", args, 2);
  fm__page_line(p);
}

static void put_pace(goal *g)
{
  fm__page *p = g->p;
  double run = value_of(g, "run_rate"), needed = value_of(g, "required_rate"), ratio = value_of(g, "required_over_run");
  if (isnan(run))
    return;
  fm__bytes *b = fm__page_next(p);
  double fall = 1 - ratio;
  const char *args[] = {fixed(p, 7 * run, 1), fixed(p, 7 * needed, 1), fixed(p, 100 * fabs(fall), 0)};
  fm__say(b, p->lang, "page.pace.so_far", args, 3);
  bool open = !isnan(needed) && value_of(g, "remaining") > 0;
  if (open)
    fm__say(b, p->lang, "page.pace.needed", args, 3);
  if (open && !isnan(ratio) && fabs(fall) >= 0.005) {
    const char *key = fall < 0                   ? "page.pace.rise"
                      : fabs(fall - 0.25) < 0.03 ? "page.pace.quarter"
                      : fabs(fall - 0.5) < 0.03  ? "page.pace.half"
                                                 : "page.pace.fall";
    fm__say(b, p->lang, key, args, 3);
  }
  fm__page_item(p, fm__page_word(p, "page.pace"), fm__text_of(b), LABEL);
}

static void put_forecast_line(goal *g, const char *label, const char *key, const char *const *args, size_t n)
{
  fm__bytes *b = fm__page_next(g->p);
  fm__say(b, g->p->lang, key, args, n);
  fm__page_item(g->p, label, fm__text_of(b), LABEL);
}

static void put_forecast(goal *g)
{
  fm__page *p = g->p;
  const fm__entry *projection = row_of(g, "projection"), *date = row_of(g, "finish_date");
  if (projection == NULL || isnan(projection->value) || value_of(g, "remaining") <= 0 ||
      value_of(g, "elapsed_days") >= value_of(g, "total_days"))
    return;
  int32_t exponent = fm__rounding(projection->low, projection->high);
  fm__bytes *about = fm__page_next(p), *low = fm__page_next(p), *high = fm__page_next(p), *chance = fm__page_next(p);
  fm__say_rounded(about, projection->value, exponent, p->lang);
  fm__say_rounded(low, projection->low, exponent, p->lang);
  fm__say_rounded(high, projection->high, exponent, p->lang);
  fm__say_chance(chance, value_of(g, "probability"), p->lang);
  const char *end[] = {fm__text_of(about), fm__text_of(low), fm__text_of(high)};
  put_forecast_line(g, fm__page_word(p, "page.forecast"),
                    is_year(row_of(g, "goal")) ? "page.forecast.year" : "page.forecast.end", end, 3);
  const char *odds[] = {fm__page_count(p, row_of(g, "goal")), fm__text_of(chance)};
  double p_goal = value_of(g, "probability");
  put_forecast_line(g, "", p_goal > 0.99 || p_goal < 0.01 ? "page.forecast.sure" : "page.forecast.chance", odds, 2);
  if (date == NULL || !(fabs(date->value) < 3e6))
    return;
  bool known = fabs(date->low) < 3e6 && fabs(date->high) < 3e6;
  const char *when[] = {date_text(p, date->value, date->period_start), known ? about_when(p, date->low) : "",
                        known ? about_when(p, date->high) : ""};
  put_forecast_line(g, "",
                    known && year_of(date->high) <= year_of(date->value) + 1 ? "page.forecast.date"
                                                                             : "page.forecast.date_alone",
                    when, 3);
}

static void put_employers_line(goal *g, const char *name, const char *count, const char *share, const char *range)
{
  fm__page *p = g->p;
  fm__put_spaces(&p->out, 2);
  fm__page_left(p, name, FIRMS);
  fm__page_right(p, count, 6);
  if (share[0] != '\0')
    fm__page_right(p, share, 8);
  if (range[0] != '\0') {
    const char *args[] = {range};
    fm__page_say(p, "page.uncertainty", args, 1);
  }
  fm__page_line(p);
}

/* Those of `known` that are not private; their share when all of `n` are known (0: no share). */
static void put_rest(goal *g, const char *name, const fm__entry *in, int64_t known, int64_t n)
{
  fm__page *p = g->p;
  fm__entry rest = *in, share = *in;
  rest.value = (double)known - in->value;
  share.quantity = "share_of_goal";
  share.unit = "share";
  share.value = rest.value / (double)known;
  share.n = n;
  put_employers_line(g, fm__page_word(p, name), fm__page_count(p, &rest),
                     n > 0 || isnan(rest.value) ? fm__page_share(p, &share) : "", "");
}

static void put_employers(goal *g)
{
  fm__page *p = g->p;
  const fm__entry *in = row_of(g, "private"), *share = row_of(g, "private_share"), *done = row_of(g, "done");
  if (in == NULL || strcmp(in->state, "not_given") == 0 || isnan(done->value) || done->value <= 0)
    return;
  fm__put(&p->out, "\n");
  fm__page_left(p, fm__page_word(p, "page.employers"), FIRMS + 2);
  fm__page_right(p, fm__page_word(p, "page.count"), 6);
  fm__page_right(p, fm__page_word(p, "page.share"), 8);
  fm__page_line(p);
  put_employers_line(g, fm__page_word(p, "page.private"), fm__page_count(p, in), fm__page_share(p, share),
                     fm__page_range(p, share));
  int64_t n = fm__count(done), known = share != NULL && share->n >= 0 ? share->n : n;
  put_rest(g, known < n ? "page.public" : "page.not_private", in, known, known < n ? 0 : n);
  if (known < n && !isnan(in->value)) {
    fm__entry unknown = *in;
    unknown.value = (double)(n - known);
    put_employers_line(g, fm__page_word(p, "page.sector_not_known"), fm__page_count(p, &unknown), "", "");
  }
}

void fm__page_goal(fm__page *p, const char *id)
{
  goal g = {p, id};
  bool several = false;
  for (size_t i = 0; i < p->rows.n; i++)
    several = several || (p->rows.items[i].goal != NULL && strcmp(p->rows.items[i].goal, id) != 0);
  if (row_of(&g, "goal") == NULL || row_of(&g, "done") == NULL)
    return;
  fm__put(&p->out, "\n");
  if (several) {
    fm__put(&p->out, id);
    fm__page_line(p);
  }
  put_numbers(&g);
  put_bar(&g);
  if (!isnan(value_of(&g, "run_rate")))
    fm__put(&p->out, "\n");
  put_pace(&g);
  put_forecast(&g);
  if (value_of(&g, "remaining") <= 0)
    put_forecast_line(&g, fm__page_word(p, "page.result"), "page.goal.met", NULL, 0);
  else if (value_of(&g, "elapsed_days") >= value_of(&g, "total_days"))
    put_forecast_line(&g, fm__page_word(p, "page.result"), "page.goal.not_met", NULL, 0);
  put_employers(&g);
}

static const char *verdict(fm__page *p, const goal *g)
{
  const fm__entry *row = row_of(g, "verdict");
  if (row == NULL)
    return "";
  const char *word = fm__page_share(p, row);
  if (isnan(row->value) || row->value < 2)
    return word;
  if (value_of(g, "elapsed_days") >= value_of(g, "total_days"))
    return fm__page_word(p, "page.goals.not_met");
  fm__bytes *chance = fm__page_next(p), *b = fm__page_next(p);
  fm__say_chance(chance, value_of(g, "probability"), p->lang);
  const char *args[] = {word, fm__text_of(chance)};
  fm__say(b, p->lang, "page.goals.chance", args, 2);
  return fm__text_of(b);
}

void fm__page_goals(fm__page *p)
{
  bool begun = false;
  for (size_t i = 0; i < p->rows.n; i++) {
    const fm__entry *row = &p->rows.items[i];
    if (row->goal == NULL || strcmp(row->quantity, "goal") != 0)
      continue;
    if (!begun) {
      fm__put(&p->out, "\n");
      fm__page_left(p, fm__page_word(p, "page.goals"), 26);
      fm__page_right(p, fm__page_word(p, "quantity.goal.short"), 8);
      fm__page_right(p, fm__page_capital(p, fm__page_word(p, "quantity.done")), 9);
      fm__put_spaces(&p->out, 2);
      fm__put(&p->out, fm__page_word(p, "page.goals.status"));
      fm__page_line(p);
      begun = true;
    }
    goal g = {p, row->goal};
    fm__put_spaces(&p->out, 2);
    fm__page_left(p, row->goal, 24);
    fm__page_right(p, fm__page_count(p, row), 8);
    fm__page_right(p, fm__page_count(p, row_of(&g, "done")), 9);
    fm__put_spaces(&p->out, 2);
    fm__put(&p->out, verdict(p, &g));
    fm__page_line(p);
  }
}
