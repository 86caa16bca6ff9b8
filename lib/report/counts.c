/* The counts that rows tell, and what becomes of the rows when some of the counts are hidden. */
#include "report/counts_priv.h"

#include <math.h>
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/disclose_rules.h"
#include "table/table_priv.h"

#define B(what) FM__BIT(FM__W_##what)
#define STATUS_ALL (B(YES) | B(NO) | B(UNKNOWN))
#define SECTORS (B(PRIVATE) | B(PUBLIC) | B(NO_SECTOR))
#define KEPT_ALL (B(KEPT) | B(NOT_KEPT) | B(KEPT_UNKNOWN))

enum { BY_VALUE, BY_N, BY_SHARE }; /* what of its row a count is */

/* `needs`: shown only with these; `of`: its n or people may be one of these as well. */
static const struct {
  const char *indicator, *quantity;
  fm__what what;
  int by;
  uint64_t needs, of;
} rules[] = {
    {FM__PEOPLE, "people", FM__W_PEOPLE, BY_VALUE, B(PEOPLE), 0},
    {FM__PEOPLE, "began", FM__W_BEGAN, BY_VALUE, B(BEGAN), B(PEOPLE)},
    {FM__PEOPLE, "began_share", FM__W_OTHER, 0, B(BEGAN) | B(PEOPLE), 0},
    {FM__STATUS, "yes", FM__W_YES, BY_VALUE, STATUS_ALL, 0},
    {FM__STATUS, "no", FM__W_NO, BY_VALUE, STATUS_ALL, 0},
    {FM__STATUS, "unknown", FM__W_UNKNOWN, BY_VALUE, STATUS_ALL, 0},
    {FM__STATUS, "rate", FM__W_OTHER, 0, STATUS_ALL, 0},
    {FM__STATUS, "rate_lowest", FM__W_OTHER, 0, STATUS_ALL, 0},
    {FM__STATUS, "rate_highest", FM__W_OTHER, 0, STATUS_ALL, 0},
    {FM__SURVIVAL, "median", FM__W_FOLLOWED, BY_N, 0, B(FOLLOWED)},
    {FM__BOTTOM40, "panel_people", FM__W_KNOWN, BY_N, B(KNOWN), 0},
    {FM__BOTTOM40, "panel_gain", FM__W_OTHER, 0, B(KNOWN), 0},
    {FM__BOTTOM40, "panel_bottom_people", FM__W_LOWEST, BY_N, B(LOWEST), 0},
    {FM__BOTTOM40, "panel_bottom_gain", FM__W_OTHER, 0, B(LOWEST), 0},
    {FM__JOBS, "placements", FM__W_PLACEMENTS, BY_VALUE, B(PLACEMENTS), 0},
    {FM__JOBS, "private", FM__W_PRIVATE, BY_VALUE, SECTORS, B(PLACEMENTS)},
    {FM__JOBS, "public", FM__W_PUBLIC, BY_VALUE, SECTORS, B(PLACEMENTS)},
    {FM__JOBS, "unknown_sector", FM__W_NO_SECTOR, BY_VALUE, SECTORS, B(PLACEMENTS)},
    {FM__JOBS, "private_share", FM__W_OTHER, 0, SECTORS, 0},
    {FM__JOBS, "sme", FM__W_SME, BY_VALUE, SECTORS | B(SME) | B(NO_SIZE), 0},
    {FM__JOBS, "size_unknown", FM__W_NO_SIZE, BY_VALUE, SECTORS | B(SME) | B(NO_SIZE), 0},
    {FM__JOBS, "running", FM__W_RUNNING, BY_VALUE, B(RUNNING), B(PLACEMENTS)},
    {FM__JOBS, "running_people", FM__W_AT_WORK, BY_VALUE, B(AT_WORK), B(RUNNING)},
    {FM__JOBS, "hours_known", FM__W_HOURS, BY_VALUE, B(HOURS), B(RUNNING)},
    {FM__JOBS, "hours_mean", FM__W_OTHER, 0, 0, B(HOURS) | B(AT_WORK)},
    {FM__JOBS, "fte", FM__W_OTHER, 0, B(HOURS), 0},
    {FM__OF_INITIATIVES, "joined", FM__W_JOINED, BY_VALUE, B(JOINED), 0},
    {FM__OF_INITIATIVES, "placed", FM__W_PLACED, BY_VALUE, B(PLACED), 0},
    {FM__OF_INITIATIVES, "placed_otherwise", FM__W_OTHERWISE, BY_VALUE, B(OTHERWISE), 0},
    {FM__OF_INITIATIVES, "joined_placed_share", FM__W_OTHER, 0, B(PLACED) | B(JOINED), 0},
    {FM__OF_INITIATIVES, "retained", FM__W_KEPT, BY_VALUE, KEPT_ALL, 0},
    {FM__OF_INITIATIVES, "not_retained", FM__W_NOT_KEPT, BY_VALUE, KEPT_ALL, 0},
    {FM__OF_INITIATIVES, "retention_unknown", FM__W_KEPT_UNKNOWN, BY_VALUE, KEPT_ALL, 0},
    {FM__OF_INITIATIVES, "retained_share", FM__W_OTHER, 0, KEPT_ALL, 0},
    {FM__OF_SUPPORT, "people", FM__W_ASKED, BY_VALUE, B(ASKED), 0},
    {FM__OF_SUPPORT, "reached", FM__W_REACHED, BY_VALUE, B(REACHED), 0},
    {FM__OF_SUPPORT, "reached_share", FM__W_OTHER, 0, B(REACHED) | B(ASKED), 0},
    {FM__OF_SUPPORT, "supports", FM__W_SUPPORTS, BY_VALUE, B(SUPPORTS) | B(REACHED), 0},
    {FM__OF_SUPPORT, "days_mean", FM__W_OTHER, 0, B(REACHED), B(SUPPORTS)},
    {FM__OF_SUPPORT, "hours_mean", FM__W_OTHER, 0, B(REACHED), B(SUPPORTS)},
    {FM__OF_PROGRESS, "measured", FM__W_MEASURED, BY_VALUE, B(MEASURED), 0},
    {FM__OF_PROGRESS, "measured_twice", FM__W_OTHER, 0, B(TWICE) | B(MEASURED), 0},
    {FM__OF_PROGRESS, "first_mean", FM__W_TWICE, BY_N, B(TWICE), 0},
    {FM__OF_PROGRESS, "last_mean", FM__W_OTHER, 0, B(TWICE), 0},
    {FM__OF_PROGRESS, "change_mean", FM__W_OTHER, 0, B(TWICE), 0},
    {FM__OF_PROGRESS, "months_between", FM__W_OTHER, 0, B(TWICE), 0},
    {FM__OF_PROGRESS, "relevant_better", FM__W_BETTER, BY_VALUE, B(BETTER) | B(WORSE), B(TWICE)},
    {FM__OF_PROGRESS, "relevant_worse", FM__W_WORSE, BY_VALUE, B(BETTER) | B(WORSE), B(TWICE)},
    {FM__TRACK, "done", FM__W_DONE, BY_VALUE, B(DONE), B(DONE_PEOPLE)},
    {FM__TRACK, "private", FM__W_DONE_PRIVATE, BY_VALUE, B(DONE_PRIVATE) | B(DONE_SECTOR), B(DONE) | B(DONE_PEOPLE)},
    {FM__TRACK, "private_share", FM__W_DONE_SECTOR, BY_N, B(DONE_PRIVATE) | B(DONE_SECTOR), 0},
    {FM__TRACK, "employers", FM__W_DONE_EMPLOYERS, BY_VALUE, B(DONE_EMPLOYERS) | B(DONE), B(DONE) | B(DONE_PEOPLE)},
    {FM__TRACK, "ended", FM__W_ENDED, BY_VALUE, B(ENDED) | B(DONE_NET), B(DONE) | B(DONE_PEOPLE)},
    {FM__TRACK, "done_net", FM__W_DONE_NET, BY_VALUE, B(ENDED) | B(DONE_NET), B(DONE) | B(DONE_PEOPLE)},
    {FM__OF_PARITY, "share", FM__W_ALIKE_YES, BY_SHARE, B(ALIKE_YES) | B(ALIKE_NO), 0},
    {FM__OF_PARITY, "difference", FM__W_OTHER, 0, B(ALIKE_YES) | B(ALIKE_NO), 0},
    {FM__OF_PARITY, "impact_ratio", FM__W_OTHER, 0, B(ALIKE_YES) | B(ALIKE_NO), 0},
    {FM__TRACK, "earlier_starts", FM__W_EARLIER, BY_VALUE, B(EARLIER), 0},
};

static size_t rule_of(const char *indicator, const char *quantity, size_t length)
{
  for (size_t k = 0; k < FM__COUNT(rules); k++)
    if (strcmp(rules[k].indicator, indicator) == 0 && strlen(rules[k].quantity) == length &&
        memcmp(rules[k].quantity, quantity, length) == 0)
      return k;
  return SIZE_MAX;
}

static uint64_t of_row(const fm__entry *row)
{
  size_t rule = rule_of(row->indicator, row->quantity, strlen(row->quantity));
  return rule != SIZE_MAX ? rules[rule].of : row->goal != NULL ? B(DONE) | B(DONE_PEOPLE) : 0;
}

/* What the catalogue says of a quantity without a rule: derived from one that has one, about nobody, or never shown. */
static void judge_by_catalogue(fm__counts *c, size_t row)
{
  fm__entry *e = &c->rows->items[row];
  const fm__catalogue_quantity *q = fm__catalogue_quantity_of(e->indicator, e->quantity);
  size_t rule = q->role == FM__ROLE_DERIVED ? rule_of(e->indicator, q->of, strcspn(q->of, ": ")) : SIZE_MAX;
  if (rule != SIZE_MAX)
    c->needs[row] = rules[rule].needs;
  else if (q->role != FM__ROLE_NONE && strcmp(e->state, "not_given") != 0)
    fm__hide(e);
}

/* ---- places ---- */

static void put_key(fm__bytes *b, const char *text)
{
  fm__bytes_u8(b, text != NULL);
  if (text != NULL)
    fm__bytes_text(b, text, strlen(text));
}

static size_t find_place(fm__counts *c, fm__texts *known, const fm__place *p)
{
  fm__bytes b = {0};
  put_key(&b, p->group);
  put_key(&b, p->part);
  put_key(&b, p->goal);
  put_key(&b, p->kind);
  fm__bytes_u8(&b, p->by_group);
  fm__bytes_u32(&b, (uint32_t)p->horizon);
  int64_t id = b.failed ? -1 : fm__texts_add(known, (const char *)b.data, b.size);
  fm__bytes_free(&b);
  if (id >= 0 && (size_t)id == c->n_places) {
    if (fm__grow((void **)&c->places, &c->room_places, c->n_places + 1, sizeof *c->places))
      c->places[c->n_places++] = *p;
    else
      id = -1;
  }
  c->failed = c->failed || id < 0;
  return id >= 0 ? (size_t)id : 0;
}

static void find_places(fm__counts *c, fm__texts *known)
{
  const fm__place everybody = {.horizon = -1};
  (void)find_place(c, known, &everybody);
  for (size_t i = 0; i < c->rows->n && !c->failed; i++) {
    const fm__entry *e = &c->rows->items[i];
    fm__place p = {.group = e->group,
                   .part = e->part,
                   .goal = e->goal,
                   .kind = e->kind,
                   .by_group = e->by_group,
                   .horizon = e->horizon};
    c->place[i] = find_place(c, known, &p);
  }
  for (size_t k = 0; k < c->n_places && !c->failed; k++) { /* grows */
    fm__place base = c->places[k], total = base;
    base.horizon = -1;
    total.group = NULL;
    total.by_group = false;
    size_t at = find_place(c, known, &base), all = find_place(c, known, &total);
    c->places[k].base = at;
    c->places[k].total = all;
  }
}

size_t fm__counts_at(const fm__counts *c, size_t place, fm__what what)
{
  size_t at = c->at[place * FM__N_COUNTS + what];
  return at != SIZE_MAX ? at : c->at[c->places[place].base * FM__N_COUNTS + what];
}

size_t fm__counts_everybody(const fm__counts *c, int32_t horizon)
{
  for (size_t k = 0; k < c->n_places; k++) {
    const fm__place *p = &c->places[k];
    if (!p->by_group && p->part == NULL && p->goal == NULL && p->kind == NULL && p->horizon == horizon)
      return k;
  }
  return SIZE_MAX;
}

/* ---- counts ---- */

static void add_count(fm__counts *c, size_t place, fm__what what, int64_t value)
{
  size_t *at = &c->at[place * FM__N_COUNTS + what];
  if (*at != SIZE_MAX)
    return;
  *at = c->n;
  c->home[c->n] = place;
  c->value[c->n++] = value;
}

/* -1: none. */
static int64_t told(const fm__entry *e)
{
  return isnan(e->value) ? -1 : fm__count(e);
}

static int64_t numerator(const fm__entry *e)
{
  return isnan(e->value) || e->n < 0 ? -1 : (int64_t)(e->value * (double)e->n + 0.5);
}

static void add_counts(fm__counts *c)
{
  for (size_t i = 0; i < c->rows->n; i++) {
    const fm__entry *e = &c->rows->items[i];
    if (c->what[i] == FM__W_APART || c->what[i] == FM__W_ASIDE)
      continue;
    size_t rule = rule_of(e->indicator, e->quantity, strlen(e->quantity));
    if (rule == SIZE_MAX) {
      judge_by_catalogue(c, i);
      continue;
    }
    c->needs[i] = rules[rule].needs;
    c->what[i] = (uint8_t)rules[rule].what;
    if (rules[rule].what == FM__W_OTHER)
      continue;
    int64_t count = rules[rule].by == BY_N ? e->n : rules[rule].by == BY_SHARE ? numerator(e) : told(e);
    if (count >= 0)
      add_count(c, c->place[i], rules[rule].what, count);
    if (rules[rule].by == BY_SHARE && count >= 0)
      add_count(c, c->place[i], FM__W_ALIKE_NO, e->n - count);
    if (rules[rule].what == FM__W_DONE && e->people >= 0)
      add_count(c, c->place[i], FM__W_DONE_PEOPLE, e->people);
  }
}

fm_status fm__counts_open(fm__counts *c, fm__entries *rows, int64_t threshold, int64_t full, fm_error *err)
{
  size_t n = rows->n + 1;
  fm__texts *known = fm__texts_create();
  *c = (fm__counts){.rows = rows, .threshold = threshold, .full = full};
  c->what = fm__array(n, 1);
  c->needs = fm__array(n, sizeof *c->needs);
  c->place = fm__array(n, sizeof *c->place);
  c->value = fm__array(2 * n, sizeof *c->value);
  c->home = fm__array(2 * n, sizeof *c->home);
  c->hidden = fm__array(2 * n, 1);
  c->failed = known == NULL || c->what == NULL || c->needs == NULL || c->place == NULL || c->value == NULL ||
              c->home == NULL || c->hidden == NULL;
  for (size_t i = 0; i < rows->n && !c->failed; i++) {
    const char *id = rows->items[i].indicator;
    bool apart = strcmp(id, FM__OF_EMPLOYERS) == 0 || strcmp(id, FM__OF_CONTRACTS) == 0;
    bool aside = strcmp(id, FM__OF_ECONOMY) == 0 || strcmp(id, FM__OF_JOURNEYS) == 0;
    c->what[i] = apart ? FM__W_APART : aside ? FM__W_ASIDE : FM__W_OTHER;
  }
  if (!c->failed)
    find_places(c, known);
  fm__texts_destroy(known);
  if (!c->failed)
    c->at = fm__array(c->n_places * FM__N_COUNTS + 1, sizeof *c->at);
  if (c->failed || c->at == NULL) {
    fm__counts_close(c);
    return fm__no_memory(err);
  }
  for (size_t k = 0; k < c->n_places * FM__N_COUNTS; k++)
    c->at[k] = SIZE_MAX;
  add_counts(c);
  return FM_OK;
}

void fm__counts_close(fm__counts *c)
{
  void *const all[] = {c->what, c->needs, c->place, c->places, c->at, c->value, c->home, c->hidden, c->sums, c->terms};
  for (size_t k = 0; k < FM__COUNT(all); k++)
    fm__free(all[k]);
  *c = (fm__counts){0};
}

/* ---- shares ---- */

/* A share is of `part`; the other side of it is a count, or the rest of a whole. */
static const struct {
  const char *indicator, *quantity;
  fm__what part, other;
  bool is_whole;
} shares[] = {{FM__PEOPLE, "began_share", FM__W_BEGAN, FM__W_PEOPLE, true},
              {FM__STATUS, "rate", FM__W_YES, FM__W_NO, false},
              {FM__JOBS, "private_share", FM__W_PRIVATE, FM__W_PUBLIC, false},
              {FM__OF_INITIATIVES, "joined_placed_share", FM__W_PLACED, FM__W_JOINED, true},
              {FM__OF_INITIATIVES, "retained_share", FM__W_KEPT, FM__W_NOT_KEPT, false},
              {FM__OF_SUPPORT, "reached_share", FM__W_REACHED, FM__W_ASKED, true},
              {FM__OF_PROGRESS, "measured_twice", FM__W_TWICE, FM__W_MEASURED, true},
              {FM__OF_PARITY, "share", FM__W_ALIKE_YES, FM__W_ALIKE_NO, false},
              {FM__TRACK, "private_share", FM__W_DONE_PRIVATE, FM__W_DONE_SECTOR, true}};

static void judge_share(fm__counts *c, size_t row, size_t share)
{
  size_t part = fm__counts_at(c, c->place[row], shares[share].part);
  size_t other = fm__counts_at(c, c->place[row], shares[share].other);
  if (part == SIZE_MAX || other == SIZE_MAX)
    return;
  int64_t n = c->value[part], whole = c->value[other] + (shares[share].is_whole ? 0 : n);
  if (whole <= 0 || fm_disclose_share_is_shown(n, whole, c->threshold, c->full) != 0)
    return;
  c->hidden[part] = 1;
  if (n == 0)
    fm__counts_keep_empty(c, part, SIZE_MAX);
  else if (n == whole)
    fm__counts_keep_empty(c, shares[share].is_whole ? part : other, shares[share].is_whole ? other : SIZE_MAX);
}

void fm__counts_judge_shares(fm__counts *c)
{
  for (size_t i = 0; i < c->rows->n; i++)
    for (size_t k = 0; k < FM__COUNT(shares); k++)
      if (strcmp(c->rows->items[i].indicator, shares[k].indicator) == 0 &&
          strcmp(c->rows->items[i].quantity, shares[k].quantity) == 0)
        judge_share(c, i, k);
}

/* ---- hiding ---- */

/* Is a count hidden that the row is shown only with? */
static bool lacks(const fm__counts *c, size_t row)
{
  for (fm__what w = 0; w < FM__N_COUNTS; w++) {
    size_t at = (c->needs[row] & FM__BIT(w)) != 0 ? fm__counts_at(c, c->place[row], w) : SIZE_MAX;
    if (at != SIZE_MAX && c->hidden[at] != 0)
      return true;
  }
  return false;
}

static size_t own_count(const fm__counts *c, size_t row)
{
  return c->what[row] < FM__N_COUNTS ? c->at[c->place[row] * FM__N_COUNTS + c->what[row]] : SIZE_MAX;
}

void fm__counts_spread(fm__counts *c)
{
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < c->rows->n; i++) {
      size_t own = own_count(c, i);
      if (own != SIZE_MAX && c->hidden[own] == 0 && lacks(c, i)) {
        c->hidden[own] = 1;
        more = true;
      }
    }
  }
}

/* A number of units stays when it is one of the counts shown, or a sum of them. */
static bool is_told(const fm__counts *c, size_t row, int64_t number)
{
  enum { MOST = 6 };
  int64_t shown[MOST];
  size_t n = 0;
  uint64_t may = c->needs[row] | of_row(&c->rows->items[row]);
  for (fm__what w = 0; w < FM__N_COUNTS && n < MOST; w++) {
    size_t at = (may & FM__BIT(w)) != 0 ? fm__counts_at(c, c->place[row], w) : SIZE_MAX;
    if (at != SIZE_MAX && c->hidden[at] == 0)
      shown[n++] = c->value[at];
  }
  for (size_t set = 1; set < (size_t)1 << n; set++) {
    int64_t sum = 0;
    for (size_t k = 0; k < n; k++)
      sum += (set >> k & 1) != 0 ? shown[k] : 0;
    if (sum == number)
      return true;
  }
  return false;
}

/* Does one of the counts that may be its n stand for few people? */
static bool of_few(const fm__counts *c, size_t row)
{
  uint64_t may = of_row(&c->rows->items[row]);
  for (fm__what w = 0; w < FM__N_COUNTS; w++) {
    size_t at = (may & FM__BIT(w)) != 0 ? fm__counts_at(c, c->place[row], w) : SIZE_MAX;
    if (at != SIZE_MAX && fm__is_small(c->value[at], c->threshold))
      return true;
  }
  return false;
}

/* All digits of a mean of whole hours or days tell how many they are, as a denominator. One decimal fits every number
 * from ten on; below FEW some of the numbers near it are not that large. */
enum { FEW = 20 };

static void forget_units(const fm__counts *c, size_t row)
{
  fm__entry *e = &c->rows->items[row];
  int64_t n = e->n;
  if (n >= 0 && !is_told(c, row, n))
    e->n = -1;
  if (e->people >= 0 && e->people != e->n && !is_told(c, row, e->people))
    e->people = -1;
  if (fm__catalogue_quantity_of(e->indicator, e->quantity)->role != FM__ROLE_MEAN || n < 0)
    return;
  if (e->n < 0)
    e->value = round(10 * e->value) / 10;
  if (of_few(c, row) || (e->n < 0 && (n < FEW || !isnan(e->std_error))))
    fm__hide(e);
}

/* A sum of money or a waiting time goes without its units and limits, the sum without its last digits, so that it tells
 * nothing of how many there are; where they or those around them are few, or hidden, it goes with them. */
static void judge_aside(const fm__counts *c, fm__entry *e)
{
  static const fm__what around[] = {FM__W_PEOPLE, FM__W_BEGAN, FM__W_PLACEMENTS};
  bool time = strcmp(e->indicator, FM__OF_JOURNEYS) == 0;
  bool few = e->people < FEW || e->people < c->threshold;
  few = few || (time && fm_disclose_quantile_is_shown(e->people, 0.5, c->threshold) == 0);
  for (size_t k = 0; k < FM__COUNT(around); k++) {
    size_t at = c->at[around[k]];
    few = few || (at != SIZE_MAX && c->hidden[at] != 0);
  }
  if (few) {
    fm__hide(e);
    return;
  }
  if (!time)
    e->value = fm__round_to(e->value, fm__leading(e->value));
  e->std_error = e->low = e->high = e->level = e->weight = NAN;
  e->n = e->people = -1;
}

/* One group without a name stands for all. */
static void drop_names(fm__entries *r)
{
  size_t n = 0, first = 0;
  while (first < r->n && !r->items[first].by_group)
    first++;
  const char *kept = first < r->n ? r->items[first].group : NULL;
  for (size_t i = 0; i < r->n; i++)
    if (!r->items[i].by_group || fm__same_text(r->items[i].group, kept))
      r->items[n++] = r->items[i];
  r->n = n;
  for (size_t i = 0; i < n; i++)
    r->items[i].group = r->items[i].by_group ? NULL : r->items[i].group;
}

void fm__counts_write(fm__counts *c)
{
  for (size_t i = 0; i < c->rows->n; i++) {
    fm__entry *e = &c->rows->items[i];
    bool not_given = strcmp(e->state, "not_given") == 0;
    if (c->what[i] == FM__W_APART) {
      if (strcmp(e->indicator, FM__OF_EMPLOYERS) == 0) /* their starts are people of other figures */
        e->people = -1;
      continue;
    }
    if (c->what[i] == FM__W_ASIDE)
      judge_aside(c, e);
    else if (!not_given && lacks(c, i))
      fm__hide(e);
    else if (c->what[i] == FM__W_FOLLOWED && !isnan(e->value) &&
             fm_disclose_quantile_is_shown(e->n, 0.5, c->threshold) == 0)
      fm__hide(e);
    else
      forget_units(c, i);
  }
  if (c->nameless)
    drop_names(c->rows);
}
