/* An outsider with the published table alone, on many small registers: no count of 1 to 4 people is shown, and none
 * that is hidden can be narrowed to fewer than five values or shown to be below five. The outsider here knows nothing
 * of the library's flows: he bounds each cell by hand from sums. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 260, GROUPS = 4, HORIZONS = 3, CELLS = 3, T = 5 };

static unsigned seed;
static unsigned draw(unsigned n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 16) % n;
}

/* ---- a random register ---- */

static const char *const group_names[] = {"refugee", "cash_benefit", "other_unemployed", "disability_pension"};
typedef struct world {
  size_t n, jobs, in_two;
  char ids[MOST][8], job_ids[MOST][8];
  const char *person[MOST], *group[MOST], *job[MOST], *worker[MOST], *kind[MOST], *employer[MOST];
  const char *twice[2 * MOST], *twice_group[2 * MOST];
  int32_t start[MOST], end[MOST], from[2 * MOST];
  uint8_t ended[MOST / 8 + 1];
  double hours[MOST];
  bool began[MOST];
  int of[MOST];
} world;

static void invent_job(world *w, size_t i)
{
  static const char *const kinds[] = {"ordinary", "ordinary", "fleksjob", "wage_subsidy", "internship"};
  static const char *const employers[] = {"E1", "E1", "E2", "E3", NULL};
  static const int32_t ages[] = {700, 600, 300, 120, 45}, lengths[] = {30, 130, 250};
  size_t k = w->jobs++;
  snprintf(w->job_ids[k], sizeof w->job_ids[k], "J%03d", (int)k);
  w->job[k] = w->job_ids[k];
  w->worker[k] = w->ids[i];
  w->kind[k] = kinds[draw(draw(4) == 0 ? 5 : 3)];
  w->employer[k] = employers[draw(draw(3) == 0 ? 5 : 2)];
  w->start[k] = fm_date_from_ymd(2025, 1, 1) - ages[draw(5)] - (int32_t)draw(20);
  bool ends = draw(3) == 0;
  w->end[k] = ends ? w->start[k] + lengths[draw(3)] : 0;
  if (ends && w->end[k] >= fm_date_from_ymd(2025, 1, 1))
    ends = false;
  if (ends)
    w->ended[k / 8] |= (uint8_t)(1U << (k % 8));
  w->hours[k] = 10 + draw(27);
  w->began[i] = w->began[i] || strcmp(w->kind[k], "internship") != 0;
}

static void invent(world *w, bool in_two)
{
  memset(w, 0, sizeof *w);
  unsigned share = 1 + draw(9), last = 2 + draw(GROUPS - 1), uneven = draw(3);
  w->n = 8 + draw(draw(2) == 0 ? 80 : MOST - 8);
  for (size_t i = 0; i < w->n; i++) {
    snprintf(w->ids[i], sizeof w->ids[i], "P%03d", (int)i);
    w->person[i] = w->ids[i];
    w->of[i] = (int)(uneven > 0 && draw(10) < 3 * uneven ? 0 : draw(last));
    w->group[i] = group_names[w->of[i]];
    if (w->jobs < MOST && draw(10) < share)
      invent_job(w, i);
    for (size_t k = 0; in_two && k < 2 && (k == 0 || draw(5) == 0); k++) {
      w->twice[w->in_two] = w->ids[i];
      w->twice_group[w->in_two++] = group_names[(size_t)(w->of[i] + (int)k) % last];
    }
  }
}

static fm_table *table(const char *name, const char *const *columns, const char *const *const *texts, size_t n_texts,
                       size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, name, &err), &err);
  for (size_t k = 0; k < n_texts; k++)
    fm_assert_ok(fm_table_add_text(t, columns[k], texts[k], n, &err), &err);
  return t;
}

static fm_register *register_of(world *w)
{
  static const char *const firms[] = {"E1", "E2", "E3"}, *const sectors[] = {"private", "public", "private"};
  static const int64_t staff[] = {12, 900, 700};
  const char *const *people[] = {w->person, w->group}, *const * jobs[] = {w->job, w->worker, w->kind, w->employer};
  const char *const *twice[] = {w->twice, w->twice_group}, *const * employers[] = {firms, sectors};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems, *tables[4];
  tables[0] = table("persons", (const char *const[]){"person_id", "target_group"}, people, 2, w->n);
  tables[1] =
      table("placements", (const char *const[]){"placement_id", "person_id", "kind", "employer_id"}, jobs, 4, w->jobs);
  fm_assert_ok(fm_table_add_date(tables[1], "start", w->start, NULL, w->jobs, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(tables[1], "end", w->end, w->ended, w->jobs, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(tables[1], "hours_per_week", w->hours, NULL, w->jobs, NULL, NULL, &err), &err);
  tables[2] = table("employers", (const char *const[]){"employer_id", "sector"}, employers, 2, 3);
  fm_assert_ok(fm_table_add_i64(tables[2], "headcount", staff, NULL, 3, NULL, NULL, &err), &err);
  tables[3] = table("group_spells", (const char *const[]){"person_id", "target_group"}, twice, 2, w->in_two);
  for (size_t i = 0; i < w->in_two; i++)
    w->from[i] = fm_date_from_ymd(2020, 1, 1);
  fm_assert_ok(fm_table_add_date(tables[3], "start", w->from, NULL, w->in_two, NULL, NULL, &err), &err);
  for (size_t k = 0; k < 4; k++)
    fm_assert_ok(fm_table_seal(tables[k], &err), &err);
  fm_assert_ok(
      fm_register_from_tables(&r, &problems, (const fm_table *const *)tables, w->in_two > 0 ? 4 : 3, NULL, NULL, &err),
      &err);
  fm_table_destroy(problems);
  for (size_t k = 0; k < 4; k++)
    fm_table_destroy(tables[k]);
  return r;
}

/* ---- what is published; -1: not shown ---- */

typedef struct view {
  int64_t people, began, status[HORIZONS][CELLS];
  bool there; /* the group is in the table */
} view;

static bool is_text(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *cell = fm_test_text(t, column, row);
  return text == NULL ? cell == NULL : cell != NULL && strcmp(cell, text) == 0;
}

static int64_t shown(const fm_table *t, const char *indicator, const char *group, const char *quantity, int horizon)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double months = fm_test_number(t, "horizon_months", i), value = fm_test_number(t, "value", i);
    if (is_text(t, "indicator", i, indicator) && is_text(t, "quantity", i, quantity) &&
        is_text(t, "target_group", i, group) && is_text(t, "kind", i, NULL) &&
        (horizon == 0 ? isnan(months) : months == horizon))
      return isnan(value) ? -1 : (int64_t)value;
  }
  return -2;
}

static view look(const fm_table *t, const char *group)
{
  static const char *const cells[] = {"yes", "no", "unknown"};
  static const int horizons[] = {3, 6, 12};
  view v = {.people = shown(t, "programme.people", group, "people", 0),
            .began = shown(t, "programme.people", group, "began", 0)};
  v.there = v.people != -2;
  for (size_t h = 0; h < HORIZONS; h++)
    for (size_t c = 0; c < CELLS; c++)
      v.status[h][c] = shown(t, "retention.status", group, cells[c], horizons[h]);
  return v;
}

static bool small(int64_t n)
{
  return n >= 1 && n < T;
}

/* ---- every row by itself: nothing of a hidden row is left, no shown one tells a small count ---- */

static void check_rows(const char *label, const fm_table *t)
{
  static const char *const numbers[] = {"value", "std_error", "ci_low", "ci_high", "level", "n", "people", "weight"};
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *quantity = fm_test_text(t, "quantity", i);
    double value = fm_test_number(t, "value", i), n = fm_test_number(t, "n", i);
    if (is_text(t, "state", i, "suppressed"))
      for (size_t k = 0; k < FM_COUNT(numbers); k++)
        ck_assert_msg(isnan(fm_test_number(t, numbers[k], i)), "%s: row %zu %s is hidden, but not its %s", label, i,
                      quantity, numbers[k]);
    ck_assert_msg(!is_text(t, "unit", i, "count") || isnan(value) || !small((int64_t)value),
                  "%s: row %zu shows %s = %g", label, i, quantity, value);
    ck_assert_msg(isnan(n) || !small((int64_t)n), "%s: row %zu %s has n = %g", label, i, quantity, n);
    ck_assert_msg(isnan(fm_test_number(t, "people", i)) || !small((int64_t)fm_test_number(t, "people", i)),
                  "%s: row %zu %s tells its people", label, i, quantity);
    if (is_text(t, "unit", i, "share") && !isnan(value) && !isnan(n))
      ck_assert_msg(!small((int64_t)(value * n + 0.5)) && !small((int64_t)(n - value * n + 0.5)),
                    "%s: row %zu %s = %g of %g", label, i, quantity, value, n);
  }
}

/* ---- complements, and steps from one milestone to the next ---- */

static void check_one(const char *label, const view *v)
{
  ck_assert_msg(v->people < 0 || v->began < 0 || !small(v->people - v->began), "%s: %d of %d", label, (int)v->began,
                (int)v->people);
  for (size_t a = 0; a < HORIZONS; a++)
    for (size_t b = 0; b < a; b++)
      if (v->status[a][2] >= 0 && v->status[b][2] >= 0)
        ck_assert_msg(!small(v->status[a][2] - v->status[b][2]), "%s: not known yet %d and %d", label,
                      (int)v->status[b][2], (int)v->status[a][2]);
}

/* ---- bounds by hand, for people in one group each ---- */

typedef struct bounds {
  int64_t low, high;
} bounds;

static void judge(const char *label, const char *what, size_t g, int64_t truth, bounds b)
{
  ck_assert_msg(b.low <= truth && truth <= b.high, "%s: group %zu %s is %d, bounds %d to %d", label, g, what,
                (int)truth, (int)b.low, (int)b.high);
  ck_assert_msg(!small(truth) || (b.high >= T && b.high - b.low + 1 >= T), "%s: group %zu %s is %d, known as %d to %d",
                label, g, what, (int)truth, (int)b.low, (int)b.high);
}

static int64_t least(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* How many people a group has, and how many of them began, as far as the page tells. */
static void know_sizes(const view *all, const view *v, bounds *people, bounds *began)
{
  int64_t rest = all->people, rest_began = all->began;
  for (size_t g = 0; g < GROUPS; g++) {
    rest -= v[g].people > 0 ? v[g].people : 0;
    rest_began -= v[g].began > 0 ? v[g].began : 0;
  }
  for (size_t g = 0; g < GROUPS; g++) {
    bool hidden = v[g].there && v[g].people < 0;
    size_t others = 0;
    for (size_t k = 0; k < GROUPS; k++)
      others += k != g && v[k].there && v[k].people < 0;
    people[g] = v[g].people >= 0 ? (bounds){v[g].people, v[g].people}
                : !hidden        ? (bounds){0, 0}
                : others == 0    ? (bounds){rest, rest}
                                 : (bounds){1, rest - (int64_t)others};
  }
  for (size_t g = 0; g < GROUPS; g++) {
    int64_t room = 0;
    for (size_t k = 0; k < GROUPS; k++)
      if (k != g && v[k].there && v[k].began < 0)
        room += people[k].high;
    bool joint = v[g].there && v[g].people < 0; /* sizes of hidden groups are exchangeable: their sum bounds them */
    int64_t low = rest_began - room;
    began[g] = v[g].began >= 0  ? (bounds){v[g].began, v[g].began}
               : !v[g].there    ? (bounds){0, 0}
               : all->began < 0 ? (bounds){0, people[g].high}
                                : (bounds){low > 0 && !joint ? low : 0, least(people[g].high, rest_began)};
  }
}

/* A hidden status cell lies between what the other hidden groups cannot take and the smaller of its two sums. */
static bounds know_cell(const view *all, const view *v, const bounds *began, size_t g, size_t h, size_t c)
{
  int64_t rest = all->status[h][c], room = 0;
  for (size_t k = 0; k < GROUPS; k++) {
    if (v[k].status[h][c] >= 0)
      rest -= v[k].status[h][c];
    else if (k != g)
      room += began[k].high;
  }
  return (bounds){rest > room ? rest - room : 0, least(rest, began[g].high)};
}

static void check_groups(const char *label, const view *all, const view *v, const view *truth)
{
  static const char *const names[] = {"yes", "no", "unknown"};
  bounds people[GROUPS], began[GROUPS];
  if (all->people < 0)
    return;
  know_sizes(all, v, people, began);
  for (size_t g = 0; g < GROUPS; g++) {
    if (!v[g].there)
      continue;
    judge(label, "people", g, truth[g].people, people[g]);
    if (all->began < 0 || truth[g].people == 0)
      continue;
    judge(label, "began", g, truth[g].began, began[g]);
    if (v[g].people >= 0)
      judge(label, "not begun", g, truth[g].people - truth[g].began,
            (bounds){v[g].people - began[g].high, v[g].people - began[g].low});
    for (size_t h = 0; h < HORIZONS; h++)
      for (size_t c = 0; c < CELLS; c++)
        if (all->status[h][c] >= 0 && v[g].status[h][c] < 0 && truth[g].status[h][c] >= 0)
          judge(label, names[c], g, truth[g].status[h][c], know_cell(all, v, began, g, h, c));
  }
}

/* Totals: a milestone is shown or hidden in whole, and then a hidden part can be small or not. */
static void check_totals(const char *label, const view *all, const view *truth)
{
  for (size_t h = 0; h < HORIZONS; h++) {
    int hidden = 0;
    for (size_t c = 0; c < CELLS; c++)
      hidden += all->status[h][c] < 0;
    ck_assert_msg(hidden == 0 || hidden == CELLS, "%s: milestone %zu has %d hidden figures", label, h, hidden);
    if (hidden != 0 && all->began >= 0 && truth->began > 0)
      ck_assert_msg(all->began >= T, "%s: %d began", label, (int)all->began);
  }
}

static void check_jobs(const char *label, const fm_table *t)
{
  int64_t all = shown(t, "programme.placements", NULL, "placements", 0), rest = all;
  static const char *const sectors[] = {"private", "public", "unknown_sector"};
  size_t hidden = 0, kinds = 0;
  for (size_t k = 0; k < 3; k++)
    hidden += shown(t, "programme.placements", NULL, sectors[k], 0) == -1;
  ck_assert_msg(hidden == 0 || hidden == 3, "%s: %zu sectors hidden", label, hidden);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    double value = fm_test_number(t, "value", i);
    if (fm_test_text(t, "kind", i) == NULL)
      continue;
    kinds += isnan(value) ? 1 : 0;
    rest -= isnan(value) ? 0 : (int64_t)value;
  }
  if (all >= 0 && kinds > 0)
    ck_assert_msg(kinds >= 2 && rest - (int64_t)kinds + 1 >= T, "%s: %zu hidden kinds together %d", label, kinds,
                  (int)rest);
  int64_t people = shown(t, "programme.placements", NULL, "running_people", 0);
  int64_t running = shown(t, "programme.placements", NULL, "running", 0);
  int64_t known = shown(t, "programme.placements", NULL, "hours_known", 0);
  ck_assert_msg(people < 0 || running < 0 || !small(running - people), "%s: %d people in %d jobs", label, (int)people,
                (int)running);
  ck_assert_msg(running < 0 || known < 0 || !small(running - known), "%s: hours of %d of %d", label, (int)known,
                (int)running);
  ck_assert_msg(all < 0 || running < 0 || !small(all - running), "%s: %d of %d run", label, (int)running, (int)all);
}

static fm_table *publish(const fm_register *r, int32_t threshold)
{
  fm_error err = FM_ERROR_INIT;
  fm_report_spec spec = FM_REPORT_SPEC_INIT;
  fm_report *report;
  spec.as_of = fm_date_from_ymd(2025, 1, 1);
  spec.threshold = threshold;
  fm_assert_ok(fm_report_create(&report, r, &spec, NULL, &err), &err);
  fm_table *t = fm_table_retain(fm_report_table(report));
  fm_report_destroy(report);
  return t;
}

static int n_shown, n_hidden;

START_TEST(nothing_small_can_be_worked_out)
{
  seed = (unsigned)_i * 2654435761U + 11;
  world *w = malloc(sizeof *w);
  char label[64];
  bool in_two = _i % 4 == 3;
  snprintf(label, sizeof label, "register %d", _i);
  invent(w, in_two);
  fm_register *r = register_of(w);
  fm_table *t = publish(r, 5), *open = publish(r, 1);
  view all = look(t, NULL), all_truth = look(open, NULL), v[GROUPS], truth[GROUPS];
  check_rows(label, t);
  check_one(label, &all);
  check_totals(label, &all, &all_truth);
  check_jobs(label, t);
  for (size_t g = 0; g < GROUPS; g++) {
    v[g] = look(t, group_names[g]);
    truth[g] = look(open, group_names[g]);
    check_one(label, &v[g]);
    if (in_two && all.people >= 0 && v[g].people >= 0)
      ck_assert_msg(!small(all.people - v[g].people), "%s: all but %d", label, (int)(all.people - v[g].people));
    n_shown += v[g].there && v[g].status[1][0] >= 0;
    n_hidden += v[g].there && v[g].status[1][0] == -1;
  }
  if (!in_two)
    check_groups(label, &all, v, truth);
  fm_table_destroy(t);
  fm_table_destroy(open);
  fm_register_destroy(r);
  free(w);
}
END_TEST

/* The test would be worthless if everything were hidden, or nothing had to be. */
START_TEST(some_figures_are_shown_and_some_hidden)
{
  n_shown = n_hidden = 0;
  for (int i = 0; i < 60; i++)
    nothing_small_can_be_worked_out_fn(i);
  ck_assert_int_gt(n_shown, 2);
  ck_assert_int_gt(n_hidden, 30);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("report-disclosure");
  TCase *c = tcase_create("disclosure");
  tcase_add_loop_test(c, nothing_small_can_be_worked_out, 0, 160);
  tcase_add_test(c, some_figures_are_shown_and_some_hidden);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
