/* The frame of the page: heading, sections in their order, what is not known, and definitions of the words used. */
#include "report/page_priv.h"

#include <math.h>
#include <string.h>

#include "table/table_priv.h"

fm__bytes *fm__page_next(fm__page *p)
{
  fm__bytes *b = &p->scratch[p->turn];
  p->turn = (p->turn + 1) % FM__COUNT(p->scratch);
  b->size = 0;
  return b;
}

const char *fm__page_whole(fm__page *p, int64_t value)
{
  fm__bytes *b = fm__page_next(p);
  fm__say_whole(b, value, p->lang);
  return fm__text_of(b);
}

const char *fm__page_count(fm__page *p, const fm__entry *row)
{
  if (row == NULL)
    return "";
  return isnan(row->value) ? fm__label("state", row->state, p->lang) : fm__page_whole(p, fm__count(row));
}

const char *fm__page_word(const fm__page *p, const char *key)
{
  return fm_catalogue_label(key, p->lang);
}

static fm__shown shown_of(const fm__entry *row)
{
  return (fm__shown){.quantity = row->quantity,
                     .unit = row->unit,
                     .state = row->state,
                     .value = row->value,
                     .low = row->low,
                     .high = row->high,
                     .n = row->n};
}

const char *fm__page_share(fm__page *p, const fm__entry *row)
{
  if (row == NULL)
    return "";
  fm__bytes *b = fm__page_next(p);
  fm__shown f = shown_of(row);
  fm__say_value(b, &f, false, p->lang);
  return fm__text_of(b);
}

const char *fm__page_range(fm__page *p, const fm__entry *row)
{
  if (row == NULL)
    return "";
  fm__bytes *b = fm__page_next(p);
  fm__shown f = shown_of(row);
  fm__say_interval(b, &f, false, p->lang);
  return fm__text_of(b);
}

/* First letter as a capital; the letters of both languages. */
static void put_capital(fm__bytes *b, const char *text, size_t n)
{
  for (size_t i = 0; text[i] != '\0'; i++) {
    unsigned char c = (unsigned char)text[i];
    if (i < n && c >= 'a' && c <= 'z')
      c = (unsigned char)(c - 'a' + 'A');
    else if (i > 0 && i <= n && (unsigned char)text[i - 1] == 0xC3U && c >= 0xA0U && c <= 0xBEU && c != 0xB7U)
      c = (unsigned char)(c - 0x20U);
    fm__bytes_raw(b, &c, 1);
  }
}

const char *fm__page_capital(fm__page *p, const char *text)
{
  fm__bytes *b = fm__page_next(p);
  put_capital(b, text, 1);
  return fm__text_of(b);
}

const char *fm__page_code(fm__page *p, const char *column, const char *code)
{
  char key[200];
  fm__bytes *b = fm__page_next(p);
  const char *label = NULL;
  if (code == NULL || code[0] == '\0')
    label = fm__page_word(p, "page.group_unknown");
  else if (strlen(column) + strlen(code) + 10 < sizeof key) {
    memcpy(key, "code.", 5);
    memcpy(key + 5, p->lang, 2);
    key[7] = '.';
    memcpy(key + 8, column, strlen(column));
    key[8 + strlen(column)] = '.';
    memcpy(key + 9 + strlen(column), code, strlen(code) + 1);
    label = fm_table_note(p->t, key);
  }
  put_capital(b, label != NULL ? label : code, 1);
  return fm__text_of(b);
}

void fm__page_say(fm__page *p, const char *key, const char *const *args, size_t n)
{
  fm__say(&p->out, p->lang, key, args, n);
}

void fm__page_left(fm__page *p, const char *text, size_t width)
{
  size_t full = fm__width(text);
  if (full <= width) {
    fm__put(&p->out, text);
    fm__put_spaces(&p->out, width - full);
    return;
  }
  size_t bytes = 0;
  while (fm__width_of(text, bytes + 1) + 3 <= width || ((unsigned char)text[bytes] & 0xC0U) == 0x80U)
    bytes++;
  fm__bytes_raw(&p->out, text, bytes);
  fm__put(&p->out, "...");
  fm__put_spaces(&p->out, width - fm__width_of(text, bytes) - 3);
}

void fm__page_right(fm__page *p, const char *text, size_t width)
{
  size_t full = fm__width(text);
  fm__put_spaces(&p->out, full < width ? width - full : 1);
  fm__put(&p->out, text);
}

void fm__page_line(fm__page *p)
{
  while (p->out.size > 0 && !p->out.failed && p->out.data[p->out.size - 1] == ' ')
    p->out.size--;
  fm__put(&p->out, "\n");
}

void fm__page_item(fm__page *p, const char *label, const char *text, size_t indent)
{
  if (fm__width(label) < indent) {
    fm__page_left(p, label, indent);
  } else { /* a count of millions: the label has a line of its own */
    fm__put(&p->out, label);
    fm__page_line(p);
    fm__put_spaces(&p->out, indent);
  }
  fm__put_wrapped(&p->out, text, indent, indent);
}

/* ---- heading ---- */

static const char *fact(const fm__page *p, const char *english, const char *danish)
{
  const char *text = strcmp(p->lang, "da") == 0 ? fm_table_note(p->t, danish) : NULL;
  return text != NULL ? text : fm_table_note(p->t, english);
}

static const char *first_goal(const fm__page *p)
{
  for (size_t i = 0; i < p->rows.n; i++)
    if (p->rows.items[i].goal != NULL)
      return p->rows.items[i].goal;
  return NULL;
}

static bool one_goal(const fm__page *p)
{
  const char *goal = first_goal(p);
  for (size_t i = 0; i < p->rows.n; i++)
    if (p->rows.items[i].goal != NULL && strcmp(p->rows.items[i].goal, goal) != 0)
      return false;
  return goal != NULL;
}

/* Two texts at the ends of a line, or on two lines. */
static void put_ends(fm__page *p, const char *left, const char *right)
{
  size_t width = fm__width(left) + fm__width(right);
  if (width + 2 <= FM__PAGE_WIDTH) {
    fm__put(&p->out, left);
    fm__put_spaces(&p->out, FM__PAGE_WIDTH - width);
    fm__put(&p->out, right);
    fm__page_line(p);
    return;
  }
  fm__put_wrapped(&p->out, left, 0, 0);
  fm__put_wrapped(&p->out, right, 0, 0);
}

static int32_t last_observed(const fm__page *p)
{
  int32_t date = FM_NO_DATE;
  const char *text = fm_table_note(p->t, "last_observed");
  if (text == NULL || fm_date_parse(&date, text, strlen(text), NULL, NULL) != FM_OK)
    return FM_NO_DATE;
  return date;
}

void fm__page_heading(fm__page *p, bool programme)
{
  fm__bytes title = {0}, line = {0}, date = {0};
  const char *name = fact(p, "title", "title_da"), *who = fact(p, "organisation", "organisation_da");
  const char *invented = fm_table_note(p->t, "invented");
  const fm__entry *people = fm__entries_total(&p->rows, FM__PEOPLE, "people", -1);
  put_capital(&title, name != NULL ? name : fm__page_word(p, "page.title"), SIZE_MAX - 1);
  bool made_up = invented != NULL && strcmp(invented, "true") == 0;
  put_ends(p, fm__text_of(&title), made_up ? fm__page_word(p, "page.invented") : who != NULL ? who : "");
  fm__say_date(&date, last_observed(p), p->lang);
  const char *day[] = {fm__text_of(&date)};
  fm__say(&line, p->lang, "page.until", day, 1);
  const fm__entry *gone = NULL, *all = NULL;
  if (!programme && one_goal(p)) {
    gone = fm__entries_goal(&p->rows, first_goal(p), "elapsed_days");
    all = fm__entries_goal(&p->rows, first_goal(p), "total_days");
  }
  if (gone != NULL && all != NULL) {
    const char *days[] = {fm__page_whole(p, fm__count(gone)), fm__page_whole(p, fm__count(all))};
    fm__say(&line, p->lang, fm__count(all) == 365 || fm__count(all) == 366 ? "page.days_of_year" : "page.days", days,
            2);
  }
  const char *number[] = {fm__page_count(p, people)};
  fm__bytes *right = fm__page_next(p);
  if (programme)
    fm__say(right, p->lang, "page.people", number, 1);
  put_ends(p, fm__text_of(&line), fm__text_of(right));
  p->out.failed = p->out.failed || title.failed || line.failed || date.failed;
  fm__bytes_free(&title);
  fm__bytes_free(&line);
  fm__bytes_free(&date);
}

/* ---- what is not known, and definitions ---- */

static bool is_not_given(const fm__entry *row)
{
  return row != NULL && strcmp(row->state, "not_given") == 0;
}

static void put_unknown(fm__page *p, bool programme)
{
  enum { INDENT = 24 };
  const char *goal = first_goal(p);
  bool jobs = is_not_given(fm__entries_total(&p->rows, FM__STATUS, "rate", -1));
  bool firms = !programme && goal != NULL && is_not_given(fm__entries_goal(&p->rows, goal, "employers"));
  bool incomes = is_not_given(fm__entries_total(&p->rows, FM__BOTTOM40, "panel_bottom_gain", -1));
  bool rest = !programme && goal != NULL,
       others = is_not_given(fm__entries_total(&p->rows, FM__TRACK, "other_goals", -1));
  if (!jobs && !firms && !incomes && !rest && !others)
    return;
  fm__put(&p->out, "\n");
  fm__put(&p->out, fm__page_word(p, "page.unknown"));
  fm__page_line(p);
  const struct {
    bool tell;
    const char *label, *text;
  } items[] = {{jobs && !programme, "page.unknown.ended", "page.unknown.ended.text"},
               {jobs && programme, "page.unknown.work", "page.unknown.work.text"},
               {firms, "page.unknown.firms", "page.unknown.firms.text"},
               {incomes, "page.unknown.income", "page.unknown.income.text"},
               {others, "page.unknown.goals", "page.unknown.goals.text"},
               {rest, "page.unknown.earlier", "page.unknown.earlier.text"}};
  for (size_t k = 0; k < FM__COUNT(items); k++) {
    if (!items[k].tell)
      continue;
    const fm__entry *days = rest ? fm__entries_goal(&p->rows, goal, "elapsed_days") : NULL;
    const char *args[] = {fm__page_count(p, rest ? fm__entries_goal(&p->rows, goal, "done") : NULL),
                          fm__page_count(p, days)};
    fm__bytes *b = fm__page_next(p);
    fm__put(b, fm__page_word(p, "state.not_given"));
    fm__put(b, ". ");
    const fm__entry *done = goal != NULL ? fm__entries_goal(&p->rows, goal, "done") : NULL;
    bool untold = k == 0 && (done == NULL || isnan(done->value));
    fm__say(b, p->lang, untold ? "page.unknown.ended.hidden" : items[k].text, args, 2);
    fm__put_spaces(&p->out, 2);
    fm__page_left(p, fm__page_word(p, items[k].label), INDENT - 2);
    fm__put_wrapped(&p->out, fm__text_of(b), INDENT, INDENT);
  }
}

static void put_definition(fm__page *p, const char *key, const char *argument)
{
  fm__bytes *b = fm__page_next(p);
  const char *args[] = {argument};
  fm__say(b, p->lang, key, args, 1);
  fm__put_spaces(&p->out, 2);
  fm__put_wrapped(&p->out, fm__text_of(b), 2, 2);
}

/* Of the sections beside the jobs, when they have a figure. */
static void put_section_definitions(fm__page *p)
{
  const fm__entry *fresh = fm__entries_total(&p->rows, FM__OF_EMPLOYERS, "new_employers", -1);
  const fm__entry *change = fm__entries_part(&p->rows, FM__OF_PROGRESS, "who5", "change_mean", -1);
  const fm__entry *agreed = fm__entries_total(&p->rows, FM__OF_CONTRACTS, "agreed", -1);
  if (fm__page_initiative(p, 0) != SIZE_MAX)
    put_definition(p, "page.def.initiatives", "");
  if (fm__page_initiative(p, 0) != SIZE_MAX && fm__page_has_later(p))
    put_definition(p, "page.def.initiatives_later", "");
  if (fresh != NULL && fresh->value > 0)
    put_definition(p, "page.def.employers", "");
  if (p->all && agreed != NULL && !isnan(agreed->value))
    put_definition(p, "page.def.clauses", "");
  if (change != NULL && !isnan(change->value))
    put_definition(p, "page.def.wellbeing", "");
}

/* Of the lines below the jobs, when they have a figure. */
static void put_job_definitions(fm__page *p)
{
  const fm__entry *wait = fm__entries_part(&p->rows, FM__OF_JOURNEYS, "referral_to_start", "median", -1);
  const fm__entry *gain = fm__entries_total(&p->rows, FM__BOTTOM40, "panel_bottom_gain", -1);
  const fm__entry *worth = fm__entries_part(&p->rows, FM__OF_ECONOMY, "person", "result", -1);
  if (wait != NULL && !fm__is_hidden(wait))
    put_definition(p, "page.def.waiting", "");
  if (gain != NULL && !is_not_given(gain))
    put_definition(p, "page.def.income", "");
  if (worth != NULL && !isnan(worth->value))
    put_definition(p, "page.def.economy", "");
}

static void put_definitions(fm__page *p, bool programme)
{
  const char *hidden = fm_table_note(p->t, "hidden"), *threshold = fm_table_note(p->t, "threshold");
  const fm__entry *rate = fm__entries_total(&p->rows, FM__STATUS, "rate", -1);
  bool milestones = programme && !is_not_given(rate) && fm__entries_total(&p->rows, FM__PEOPLE, "began", -1) != NULL;
  fm__put(&p->out, "\n");
  fm__put(&p->out, fm__page_word(p, "page.definitions"));
  fm__page_line(p);
  if (milestones) {
    put_definition(p, "page.def.work", "");
    put_definition(p, "page.def.unknown", "");
  }
  if (first_goal(p) != NULL) {
    put_definition(p, "page.def.start", "");
    put_definition(p, "page.def.forecast", "");
  }
  put_job_definitions(p);
  put_section_definitions(p);
  put_definition(p, "page.def.uncertainty", "");
  if (hidden != NULL && strcmp(hidden, "0") != 0)
    put_definition(p, "page.def.hidden", threshold != NULL ? threshold : "");
  else
    put_definition(p, "page.def.nothing_hidden", "");
  if (programme)
    put_definition(p, "page.def.happened", "");
}

fm_status fm__page_give(char **out, fm__page *p, fm_status status, fm_error *err)
{
  for (size_t k = 0; k < FM__COUNT(p->scratch); k++)
    p->out.failed = p->out.failed || p->scratch[k].failed;
  if (status == FM_OK)
    status = fm__give_text(out, &p->out, err);
  for (size_t k = 0; k < FM__COUNT(p->scratch); k++)
    fm__bytes_free(&p->scratch[k]);
  fm__bytes_free(&p->out);
  fm__entries_free(&p->rows);
  return status;
}

fm_status fm__page_text(char **out, const fm_table *t, const char *lang, bool all, fm_error *err)
{
  fm__page p = {.t = t, .lang = lang, .all = all};
  const char *by = fm_table_note(t, "by");
  fm_status status = fm__entries_read(&p.rows, t, by != NULL ? by : "", err);
  if (status == FM_OK) {
    bool programme = fm__entries_total(&p.rows, FM__PEOPLE, "people", -1) != NULL;
    fm__page_heading(&p, programme);
    if (programme)
      fm__page_programme(&p);
    for (size_t i = 0; i < p.rows.n && (!programme || all); i++)
      if (p.rows.items[i].goal != NULL && strcmp(p.rows.items[i].quantity, "goal") == 0)
        fm__page_goal(&p, p.rows.items[i].goal);
    put_unknown(&p, programme);
    put_definitions(&p, programme);
  }
  return fm__page_give(out, &p, status, err);
}
