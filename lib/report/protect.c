/* Hiding small counts among the totals, with all that reveals them: complements, parts of a known whole, shares,
 * intervals and numbers of units. The breakdown follows in protect_groups.c. */
#include "report/rows_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/disclose.h"

void fm__hide(fm__entry *row)
{
  if (row == NULL)
    return;
  row->state = "suppressed";
  row->value = row->std_error = row->low = row->high = row->level = row->weight = NAN;
  row->n = row->people = -1;
}

bool fm__is_hidden(const fm__entry *row)
{
  return row != NULL && strcmp(row->state, "suppressed") == 0;
}

int64_t fm__count(const fm__entry *row)
{
  return row != NULL && row->value >= 0 && row->value < 9e15 ? (int64_t)row->value : 0;
}

typedef struct sieve {
  fm__entries *rows;
  int64_t threshold;
} sieve;

static bool small(const sieve *s, int64_t count)
{
  return fm__is_small(count, s->threshold);
}

/* Two counts of which one is part of the other, or nearly the same people: their difference is a count, too. */
static bool near(const sieve *s, int64_t a, int64_t b)
{
  return small(s, a > b ? a - b : b - a);
}

static fm__entry *total(const sieve *s, const char *indicator, const char *quantity)
{
  return fm__entries_total(s->rows, indicator, quantity, -1);
}

/* Every row of an indicator, or only those of totals. */
static void hide_all(const sieve *s, const char *indicator)
{
  for (size_t i = 0; i < s->rows->n; i++)
    if (strcmp(s->rows->items[i].indicator, indicator) == 0 && strcmp(s->rows->items[i].state, "not_given") != 0)
      fm__hide(&s->rows->items[i]);
}

/* Whether the parts of a published whole may be hidden all at once: an outsider must neither narrow a small part to
 * fewer than `threshold` values nor see that it is below the threshold. */
static fm_status parts_are_safe(const sieve *s, bool *safe, const int64_t *parts, size_t n, fm_error *err)
{
  int64_t low[8], high[8], all[8] = {0}; /* one more part of nobody: any of them may be zero */
  uint8_t hidden[8];
  memset(hidden, 1, sizeof hidden);
  memcpy(all, parts, n * sizeof *all);
  fm_status status = fm_disclose_audit(low, high, all, hidden, 1, n + 1, err);
  *safe = status == FM_OK;
  for (size_t k = 0; k < n && *safe; k++)
    *safe = !small(s, parts[k]) || (high[k] >= s->threshold && high[k] - low[k] + 1 >= s->threshold);
  return status;
}

static bool any_small(const sieve *s, const int64_t *parts, size_t n)
{
  for (size_t k = 0; k < n; k++)
    if (small(s, parts[k]))
      return true;
  return false;
}

/* ---- people ---- */

static void protect_people(const sieve *s)
{
  fm__entry *people = total(s, FM__PEOPLE, "people"), *began = total(s, FM__PEOPLE, "began");
  static const char *const of_people[] = {FM__PEOPLE, FM__STATUS, FM__SURVIVAL, FM__JOBS, FM__BOTTOM40};
  int64_t n = fm__count(people), b = fm__count(began);
  for (size_t k = 0; k < FM__COUNT(of_people) && small(s, n); k++)
    hide_all(s, of_people[k]);
  if (small(s, b) || small(s, n - b)) {
    fm__hide(began);
    fm__hide(total(s, FM__PEOPLE, "began_share"));
  }
}

static void hide_horizon(const sieve *s, int32_t horizon)
{
  for (size_t i = 0; i < s->rows->n; i++) {
    fm__entry *row = &s->rows->items[i];
    if (!row->by_group && row->horizon == horizon && strcmp(row->indicator, FM__STATUS) == 0 &&
        strcmp(row->state, "not_given") != 0)
      fm__hide(row);
  }
}

/* The next horizon of the totals after `after`, -1 when there is none. */
static int32_t next_horizon(const sieve *s, int32_t after)
{
  int32_t best = -1;
  for (size_t i = 0; i < s->rows->n; i++) {
    const fm__entry *row = &s->rows->items[i];
    if (strcmp(row->indicator, FM__STATUS) == 0 && !row->by_group && row->horizon > after &&
        (best < 0 || row->horizon < best))
      best = row->horizon;
  }
  return best;
}

static void counts_at(const sieve *s, int32_t horizon, int64_t parts[3])
{
  static const char *const names[] = {"yes", "no", "unknown"};
  for (size_t k = 0; k < 3; k++)
    parts[k] = fm__count(fm__entries_total(s->rows, FM__STATUS, names[k], horizon));
}

static bool is_shown(const sieve *s, int32_t horizon)
{
  const fm__entry *row = fm__entries_total(s->rows, FM__STATUS, "yes", horizon);
  return row != NULL && !fm__is_hidden(row);
}

/* Hides `horizon` when the answers not known yet there and at another shown milestone differ by few people. */
static void protect_step(const sieve *s, int32_t horizon, bool main_only)
{
  for (int32_t h = next_horizon(s, -1); h >= 0 && is_shown(s, horizon); h = next_horizon(s, h)) {
    int64_t here[3], there[3];
    if (h == horizon || !is_shown(s, h) || (main_only && h != 6 && h != 12))
      continue;
    counts_at(s, horizon, here);
    counts_at(s, h, there);
    if (near(s, here[2], there[2]))
      hide_horizon(s, horizon);
  }
}

/* Who is not known yet at one milestone is not known at later ones: the difference is a count of people. Six and twelve
 * months are kept where they can be. */
static void protect_steps(const sieve *s)
{
  for (int32_t h = next_horizon(s, -1); h >= 0; h = next_horizon(s, h))
    if (h != 6 && h != 12)
      protect_step(s, h, true);
  for (int32_t h = next_horizon(s, -1); h >= 0; h = next_horizon(s, h))
    if (h != 6)
      protect_step(s, h, false);
}

static fm_status protect_status(const sieve *s, fm_error *err)
{
  fm__entry *began = total(s, FM__PEOPLE, "began"), *share = total(s, FM__PEOPLE, "began_share");
  bool safe = true;
  int64_t all = 0;
  for (int32_t h = next_horizon(s, -1); h >= 0; h = next_horizon(s, h)) {
    int64_t parts[3];
    counts_at(s, h, parts);
    const fm__entry *rate = fm__entries_total(s->rows, FM__STATUS, "rate", h);
    bool odd = rate != NULL && rate->n >= 0 && near(s, rate->n, parts[0] + parts[1]), here = true;
    all = parts[0] + parts[1] + parts[2];
    fm_status status = any_small(s, parts, 3) ? parts_are_safe(s, &here, parts, 3, err) : FM_OK;
    if (status != FM_OK)
      return status;
    safe = safe && here;
    if (odd || any_small(s, parts, 3))
      hide_horizon(s, h);
  }
  protect_steps(s);
  if (!safe) {
    fm__hide(began);
    fm__hide(share);
  }
  if (fm__is_hidden(began) || near(s, fm__count(began), all))
    for (int32_t h = next_horizon(s, -1); h >= 0; h = next_horizon(s, h))
      hide_horizon(s, h);
  return FM_OK;
}

static void protect_median(const sieve *s)
{
  fm__entry *median = total(s, FM__SURVIVAL, "median"), *began = total(s, FM__PEOPLE, "began");
  if (median == NULL)
    return;
  if (median->n >= 0 && median->n < s->threshold)
    fm__hide(median);
  else if (fm__is_hidden(began) || near(s, median->n, fm__count(began)))
    median->n = median->people = -1;
}

static void protect_income(const sieve *s)
{
  fm__entry *known = total(s, FM__BOTTOM40, "panel_people"), *poor = total(s, FM__BOTTOM40, "panel_bottom_people");
  fm__entry *gains[] = {total(s, FM__BOTTOM40, "panel_gain"), total(s, FM__BOTTOM40, "panel_bottom_gain")};
  if (known == NULL)
    return;
  int64_t n = known->n, in = gains[1] != NULL ? gains[1]->n : 0, people = fm__count(total(s, FM__PEOPLE, "people"));
  bool hidden = small(s, n) || near(s, n, people);
  if (hidden || small(s, in) || small(s, n - in)) {
    fm__hide(poor);
    fm__hide(gains[1]);
  }
  if (hidden) { /* the mean of all tells their number: as the denominator of its digits, and by the width of its limits
                 */
    fm__hide(known);
    fm__hide(gains[0]);
  }
}

/* ---- placements ---- */

static void hide_jobs(const sieve *s, const char *const *quantities, size_t n)
{
  for (size_t k = 0; k < n; k++)
    fm__hide(total(s, FM__JOBS, quantities[k]));
}

static const char *const sector_quantities[] = {"private",       "public", "unknown_sector",
                                                "private_share", "sme",    "size_unknown"};

static fm_status protect_sectors(const sieve *s, fm_error *err)
{
  const char *const *all = sector_quantities;
  int64_t parts[3], sizes[3];
  bool safe;
  if (total(s, FM__JOBS, "private") == NULL)
    return FM_OK;
  for (size_t k = 0; k < 3; k++)
    parts[k] = fm__count(total(s, FM__JOBS, all[k]));
  sizes[0] = fm__count(total(s, FM__JOBS, "sme"));
  sizes[1] = fm__count(total(s, FM__JOBS, "size_unknown"));
  sizes[2] = parts[0] - sizes[0] - sizes[1];
  bool from_goal = false;
  for (size_t i = 0; i < s->rows->n; i++) {
    const fm__entry *row = &s->rows->items[i];
    if (row->goal != NULL && strcmp(row->quantity, "private") == 0 && !isnan(row->value))
      from_goal = from_goal || near(s, fm__count(row), parts[0]);
  }
  bool lost = fm__is_hidden(total(s, FM__JOBS, "placements")); /* the parts would add up to it */
  if (any_small(s, parts, 3) || from_goal || lost) {
    fm_status status = parts_are_safe(s, &safe, parts, 3, err);
    hide_jobs(s, all, FM__COUNT(sector_quantities));
    if (!safe)
      fm__hide(total(s, FM__JOBS, "placements"));
    return status;
  }
  if (any_small(s, sizes, 3))
    hide_jobs(s, all + 4, 2);
  return FM_OK;
}

static bool is_kind(const fm__entry *row)
{
  return row->kind != NULL && strcmp(row->indicator, FM__JOBS) == 0;
}

static bool has_goals(const sieve *s)
{
  for (size_t i = 0; i < s->rows->n; i++)
    if (s->rows->items[i].goal != NULL)
      return true;
  return false;
}

/* A goal counts some of the kinds, so that its figures could undo hidden ones: then all kinds are hidden. */
static fm_status protect_kinds(const sieve *s, fm_error *err)
{
  size_t n = 0;
  int64_t *counts = fm__array(s->rows->n + 1, sizeof *counts);
  uint8_t *hidden = fm__array(s->rows->n + 1, 1);
  int32_t safe = 1;
  fm_status status = counts != NULL && hidden != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; i < s->rows->n && status == FM_OK; i++)
    if (is_kind(&s->rows->items[i]))
      counts[n++] = fm__count(&s->rows->items[i]);
  if (status == FM_OK && n > 0)
    status = fm_disclose_table(hidden, &safe, counts, n, 1, s->threshold, err);
  if (status == FM_OK && n > 0) {
    fm__entry *all = total(s, FM__JOBS, "placements");
    bool every = safe == 0 || fm__is_hidden(all) || (memchr(hidden, 1, n) != NULL && has_goals(s));
    /* A kind that is listed has at least one job: too few jobs for that many kinds tell that all are small. */
    if (every && fm__count(all) < s->threshold + (int64_t)n - 1) {
      fm__hide(all);
      hide_jobs(s, sector_quantities, FM__COUNT(sector_quantities));
    }
    n = 0;
    for (size_t i = 0; i < s->rows->n; i++)
      if (is_kind(&s->rows->items[i]) && (hidden[n++] != 0 || every))
        fm__hide(&s->rows->items[i]);
  }
  fm__free(counts);
  fm__free(hidden);
  return status;
}

/* All digits of a mean of whole hours tell how many they are, as a denominator. One decimal fits every number from ten
 * on; below FEW_HOURS some of the numbers near it are not that large. */
enum { FEW_HOURS = 20 };

static void blur_mean(fm__entry *mean)
{
  if (mean == NULL)
    return;
  mean->n = mean->people = -1;
  mean->value = round(10 * mean->value) / 10;
}

/* People at work, their placements, and those with known hours: each shown only when it tells no small difference. */
static void protect_running(const sieve *s)
{
  fm__entry *people = total(s, FM__JOBS, "running_people"), *jobs = total(s, FM__JOBS, "running");
  fm__entry *known = total(s, FM__JOBS, "hours_known"), *mean = total(s, FM__JOBS, "hours_mean");
  fm__entry *fte = total(s, FM__JOBS, "fte");
  if (people == NULL || known == NULL || jobs == NULL)
    return;
  int64_t p = fm__count(people), r = fm__count(jobs), k = fm__count(known);
  int64_t n = fm__count(total(s, FM__PEOPLE, "people")), began = fm__count(total(s, FM__PEOPLE, "began"));
  bool hide_people = small(s, p) || near(s, p, n) || near(s, p, began);
  bool hide_known = small(s, k) || hide_people || near(s, k, p);
  if (hide_people)
    fm__hide(people);
  if (hide_known) {
    fm__hide(known);
    fm__hide(fte); /* with the mean it tells the number */
    blur_mean(mean);
  }
  if (k < s->threshold || p < s->threshold || (hide_known && k < FEW_HOURS))
    fm__hide(mean);
  if (hide_people || small(s, r) || near(s, r, p) || near(s, r, k) ||
      near(s, r, fm__count(total(s, FM__JOBS, "placements")))) {
    fm__hide(jobs);
    people->n = -1;
    known->n = -1;
  }
}

static void protect_placements(const sieve *s)
{
  fm__entry *all = total(s, FM__JOBS, "placements");
  int64_t n = fm__count(all), began = fm__count(total(s, FM__PEOPLE, "began"));
  bool hidden = small(s, n) || (began >= 0 && near(s, n, began)); /* a few people with several */
  for (size_t i = 0; i < s->rows->n; i++) {
    const fm__entry *row = &s->rows->items[i];
    if (row->goal != NULL && strcmp(row->quantity, "done") == 0 && !isnan(row->value))
      hidden = hidden || near(s, fm__count(row), n);
  }
  if (hidden)
    fm__hide(all);
  for (size_t i = 0; i < s->rows->n; i++) { /* people with several jobs: another difference */
    fm__entry *row = &s->rows->items[i];
    if (strcmp(row->indicator, FM__JOBS) == 0 && strcmp(row->quantity, "running_people") != 0)
      row->people = -1;
  }
}

/* Units behind a figure of placements, when the total they are is hidden. */
static void forget_units(const sieve *s)
{
  if (!fm__is_hidden(total(s, FM__JOBS, "placements")))
    return;
  for (size_t i = 0; i < s->rows->n; i++) {
    fm__entry *row = &s->rows->items[i];
    if (strcmp(row->indicator, FM__JOBS) == 0)
      row->n = -1;
  }
}

/* ---- goals ---- */

static bool is_plan(const char *quantity)
{
  static const char *const plan[] = {"goal", "elapsed_days", "total_days", "share_of_time", "plan"};
  for (size_t k = 0; k < FM__COUNT(plan); k++)
    if (strcmp(plan[k], quantity) == 0)
      return true;
  return false;
}

/* Two goals that differ by few starts, or a goal and all who began, tell a small count: the smaller goal is hidden. */
static bool tells_difference(const sieve *s, const char *goal, int64_t n)
{
  int64_t began = fm__count(total(s, FM__PEOPLE, "began"));
  if (began >= 0 && near(s, n, began))
    return true;
  for (size_t i = 0; i < s->rows->n; i++) {
    const fm__entry *row = &s->rows->items[i];
    if (row->goal != NULL && strcmp(row->quantity, "done") == 0 && !fm__same_text(row->goal, goal) &&
        !isnan(row->value) && fm__count(row) > n && near(s, fm__count(row), n))
      return true;
  }
  return false;
}

static void protect_goal(const sieve *s, const char *goal)
{
  fm__entry *done = fm__entries_goal(s->rows, goal, "done"), *part = fm__entries_goal(s->rows, goal, "private");
  fm__entry *share = fm__entries_goal(s->rows, goal, "private_share"),
            *firms = fm__entries_goal(s->rows, goal, "employers");
  int64_t n = fm__count(done), in = fm__count(part), known = share != NULL ? share->n : -1;
  bool hidden = small(s, n) || tells_difference(s, goal, n);
  for (size_t i = 0; i < s->rows->n; i++) {
    fm__entry *row = &s->rows->items[i];
    if (!fm__same_text(row->goal, goal) || row->goal == NULL)
      continue;
    if (near(s, row->people, row->n)) /* few with more than one start */
      row->people = -1;
    if (!hidden)
      continue;
    if (is_plan(row->quantity) || strcmp(row->state, "not_given") == 0)
      row->n = row->people = -1;
    else
      fm__hide(row);
  }
  bool given = part != NULL && !isnan(part->value);
  if (given && (small(s, in) || small(s, known - in) || near(s, known, n))) {
    fm__hide(part);
    fm__hide(share);
  }
  if (firms != NULL && small(s, fm__count(firms)))
    fm__hide(firms);
}

static void protect_goals(const sieve *s)
{
  for (size_t i = 0; i < s->rows->n; i++)
    if (s->rows->items[i].goal != NULL && strcmp(s->rows->items[i].quantity, "done") == 0)
      protect_goal(s, s->rows->items[i].goal);
}

fm_status fm__protect(fm__entries *r, int64_t threshold, fm_error *err)
{
  sieve s = {r, threshold};
  fm__entries before = *r;
  before.items = fm__array(r->n + 1, sizeof *before.items);
  if (before.items == NULL)
    return fm__no_memory(err);
  memcpy(before.items, r->items, r->n * sizeof *before.items);
  protect_people(&s);
  protect_goals(&s);
  protect_placements(&s);
  protect_income(&s);
  fm_status status = protect_status(&s, err);
  protect_median(&s);
  if (status == FM_OK)
    status = protect_sectors(&s, err);
  if (status == FM_OK)
    status = protect_kinds(&s, err);
  protect_running(&s);
  forget_units(&s);
  if (status == FM_OK)
    status = fm__protect_groups(r, &before, threshold, err);
  fm__free(before.items);
  return status;
}
