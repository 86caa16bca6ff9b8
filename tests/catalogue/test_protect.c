/* Disclosure control of results: what each role hides, by hand; then an outsider on many small tables. */
#include "catalogue/bare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const columns[] = {"indicator:code", "definition:code", "team:code",  "quantity:code", "value:f64",
                                      "unit:code",      "n:i64",           "people:i64", "state:code",    "deff:f64"};
enum { N_COLUMNS = 10, MOST = 40 };

typedef struct row {
  const char *indicator, *team, *quantity, *value, *unit, *n, *people;
  bool hidden;
} row;

static fm_table *table_of(const row *rows, size_t n)
{
  const char *cells[MOST * N_COLUMNS];
  for (size_t i = 0; i < n; i++) {
    const row *r = &rows[i];
    const char *const of_row[N_COLUMNS] = {r->indicator, "d",  r->team,   r->quantity, r->value,
                                           r->unit,      r->n, r->people, "ok",        "1.5"};
    memcpy((void *)&cells[i * N_COLUMNS], of_row, sizeof of_row);
  }
  return fm_test_table(columns, N_COLUMNS, cells, n);
}

static fm_table *protected_of(const fm_table *t, int32_t threshold)
{
  fm_error err = FM_ERROR_INIT;
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT;
  fm_table *out;
  spec.threshold = threshold;
  fm_assert_ok(fm_catalogue_protect(&out, t, &spec, &err), &err);
  return out;
}

static bool is_hidden(const fm_table *t, size_t i)
{
  return strcmp(fm_test_text(t, "state", i), "suppressed") == 0;
}

#define P "programme.people"
#define J "programme.placements"
static const struct {
  const char *label;
  row rows[12];
} by_hand[] = {
    /* 45 people, 42 began: 45 - 42 = 3 did not, so that the 42 and the share go; the 45 stay */
    {"few are left",
     {{P, NULL, "people", "45", "count", "45", "45", false},
      {P, NULL, "began", "42", "count", "45", "45", true},
      {P, NULL, "began_share", "0.9333333333", "share", "45", "45", true}}},
    {"enough on both sides",
     {{P, NULL, "people", "45", "count", "45", "45", false},
      {P, NULL, "began", "40", "count", "45", "45", false},
      {P, NULL, "began_share", "0.8888888889", "share", "45", "45", false}}},
    {"all of a small group, all of a large one",
     {{P, "a", "people", "12", "count", "12", "12", false},
      {P, "a", "began", "12", "count", "12", "12", true},
      {P, "a", "began_share", "1", "share", "12", "12", true},
      {P, "b", "people", "20", "count", "20", "20", false},
      {P, "b", "began", "20", "count", "20", "20", false},
      {P, "b", "began_share", "1", "share", "20", "20", false}}},
    /* 2 + 8 + 9 = 19: the 2 alone would be 19 - 17; with the 8 hidden the two add up to 10 */
    {"a partner of a small group",
     {{P, "a", "people", "2", "count", "2", "2", true},
      {P, "b", "people", "8", "count", "8", "8", true},
      {P, "c", "people", "9", "count", "9", "9", false}}},
    /* the parts of b are 0, as everyone sees by its whole: hiding them would protect nothing */
    {"parts of nobody",
     {{J, "a", "placements", "20", "count", "20", "15", false},
      {J, "a", "private", "12", "count", "20", NULL, true},
      {J, "a", "public", "5", "count", "20", NULL, true},
      {J, "a", "unknown_sector", "3", "count", "20", NULL, true},
      {J, "b", "placements", "0", "count", "0", "0", false},
      {J, "b", "private", "0", "count", "0", NULL, false},
      {J, "b", "public", "0", "count", "0", NULL, false},
      {J, "b", "unknown_sector", "0", "count", "0", NULL, false},
      {J, "c", "placements", "30", "count", "30", "25", false},
      {J, "c", "private", "10", "count", "30", NULL, true},
      {J, "c", "public", "10", "count", "30", NULL, true},
      {J, "c", "unknown_sector", "10", "count", "30", NULL, true}}},
    {"parts of nobody, and no other group",
     {{J, "a", "placements", "20", "count", "20", "15", false},
      {J, "a", "private", "12", "count", "20", NULL, true},
      {J, "a", "public", "5", "count", "20", NULL, true},
      {J, "a", "unknown_sector", "3", "count", "20", NULL, true},
      {J, "b", "placements", "0", "count", "0", "0", false},
      {J, "b", "private", "0", "count", "0", NULL, false},
      {J, "b", "public", "0", "count", "0", NULL, false},
      {J, "b", "unknown_sector", "0", "count", "0", NULL, false}}},
    {"nobody is shown",
     {{P, "a", "people", "0", "count", "0", "0", false}, {P, "b", "people", "9", "count", "9", "9", false}}},
    /* parts: 20 = 12 + 5 + 3; one small part hides all parts, since the whole is shown; sme is a part of private */
    {"parts",
     {{J, NULL, "placements", "20", "count", "20", "15", false},
      {J, NULL, "private", "12", "count", "20", NULL, true},
      {J, NULL, "public", "5", "count", "20", NULL, true},
      {J, NULL, "unknown_sector", "3", "count", "20", NULL, true},
      {J, NULL, "sme", "6", "count", "12", NULL, true},
      {J, NULL, "running", "10", "count", "20", "10", false},
      {J, NULL, "running_people", "10", "count", "10", "10", false},
      {J, NULL, "hours_known", "10", "count", "10", NULL, false},
      {J, NULL, "hours_mean", "20", "hours_per_week", "10", NULL, false}}},
    /* 10 - 7 = 3 of them without known hours */
    {"a mean of nearly all",
     {{J, NULL, "running_people", "10", "count", "10", "10", false},
      {J, NULL, "hours_known", "7", "count", "7", NULL, true},
      {J, NULL, "hours_mean", "20", "hours_per_week", "7", NULL, true}}},
    {"a mean of few, a sum of nobody", /* and what is not known to be of many */
     {{"income.distribution", "a", "mean", "100", "money", "4", NULL, true},
      {"income.distribution", "b", "mean", NULL, "money", "0", NULL, false},
      {"income.distribution", "c", "mean", "100", "money", "14", NULL, true},
      {"income.distribution", "d", "mean", "100", "money", "15", NULL, false},
      {"income.change", "a", "mean", "100", "money", NULL, NULL, true}}},
    {"quantiles want the threshold on each side",
     {{"income.distribution", NULL, "median", "100", "money", "10", NULL, false},
      {"income.change", NULL, "median", "100", "money", "9", NULL, true},
      {"retention.survival", NULL, "quartile_1", "100", "days", "20", NULL, false},
      {"retention.survival", NULL, "quartile_3", "100", "days", "19", NULL, true}, /* 4.75 on one side */
      {"retention.survival", NULL, "quantile_0.1", "100", "days", "50", NULL, false},
      {"retention.survival", NULL, "quantile_0.05", "100", "days", "50", NULL, true}}},
    {"derived goes with its source",
     {{"target.track", NULL, "goal", "10", "count", NULL, NULL, false},
      {"target.track", NULL, "done", "4", "count", "4", NULL, true},
      {"target.track", NULL, "remaining", "6", "count", "4", NULL, true},
      {"target.track", NULL, "run_rate", "0.2", "per_day", "4", NULL, true},
      {"target.track", NULL, "elapsed_days", "20", "days", "4", NULL, false}}},
    {"between groups: none when one is hidden",
     {{"parity.rates", "a", "share", "0.5", "share", "40", NULL, false},
      {"parity.rates", "b", "share", "0.1", "share", "40", NULL, true},
      {"parity.rates", "c", "share", "0.5", "share", "60", NULL, false},
      {"parity.rates", "d", "share", "0.5", "share", "12", NULL, true},
      {"parity.rates", "b", "difference", "0.4", "share", "80", NULL, true}}},
    /* 32 of 80 and 20 of 80: 0.4 - 0.25 = 0.15 says no more than the two; h = 2 asin sqrt 0.4 - 2 asin sqrt 0.25 */
    {"between groups that are shown",
     {{"parity.rates", "a", "share", "0.4", "share", "80", "80", false},
      {"parity.rates", "b", "share", "0.25", "share", "80", "80", false},
      {"parity.rates", "a", "difference", "0.15", "share", "80", "80", false},
      {"parity.rates", "a", "cohen_h", "0.3222", "index", "80", "80", false},
      {"parity.rates", "a", "p_value", "0.04", "share", "80", "80", false},
      {"parity.rates", NULL, "range", "0.15", "share", "160", "160", false}}},
    /* 3 of 80: with the 0.4 shown, the difference of 0.3625 would give 0.0375, and so would h */
    {"between groups of which one is hidden",
     {{"parity.rates", "a", "share", "0.4", "share", "80", "80", true},
      {"parity.rates", "b", "share", "0.0375", "share", "80", "80", true},
      {"parity.rates", "a", "difference", "0.3625", "share", "80", "80", true},
      {"parity.rates", "a", "cohen_h", "0.979", "index", "80", "80", true},
      {"parity.rates", NULL, "range", "0.3625", "share", "160", "160", true}}},
    {"totals of a country hold no people",
     {{"sdg.totals", NULL, "growth_mean", "0.01", "per_year", NULL, NULL, false},
      {"labour.employment_rate", NULL, "share", "0.7", "share", NULL, NULL, false},
      {"labour.neet_rate", NULL, "share", "0.1", "share", "40", NULL, true}}},
    {"not in the list", {{P, NULL, "something_else", "100", "count", "100", "100", true}}},
    {"several units a person, few more than people",
     {{J, NULL, "placements", "40", "count", "40", "38", false}, {J, NULL, "people", "38", "count", "40", "38", true}}},
};

START_TEST(roles)
{
  size_t n = 0;
  while (n < 12 && by_hand[_i].rows[n].indicator != NULL)
    n++;
  fm_table *t = table_of(by_hand[_i].rows, n), *out = protected_of(t, 5);
  ck_assert_uint_eq(fm_table_n_rows(out), n);
  size_t hidden = 0;
  for (size_t i = 0; i < n; i++) {
    const row *r = &by_hand[_i].rows[i];
    ck_assert_msg(is_hidden(out, i) == r->hidden, "%s, row %zu: %s", by_hand[_i].label, i, r->quantity);
    ck_assert_str_eq(fm_test_text(out, "quantity", i), r->quantity);
    ck_assert_str_eq(fm_test_text(out, "unit", i), r->unit);
    hidden += r->hidden;
    if (r->hidden) {
      ck_assert(isnan(fm_test_number(out, "value", i)) && isnan(fm_test_number(out, "n", i)));
      ck_assert(isnan(fm_test_number(out, "people", i)) && isnan(fm_test_number(out, "deff", i)));
    } else if (r->value != NULL) {
      ck_assert_double_eq(fm_test_number(out, "value", i), fm_test_number(t, "value", i));
      ck_assert_double_eq(fm_test_number(out, "deff", i), 1.5);
      double more = fm_test_number(t, "n", i) - fm_test_number(t, "people", i);
      ck_assert_int_eq(isnan(fm_test_number(out, "people", i)), isnan(more) || (more > 0 && more < 5));
    }
  }
  char text[32];
  snprintf(text, sizeof text, "%zu", hidden);
  ck_assert_str_eq(fm_table_note(out, "hidden"), text);
  ck_assert_str_eq(fm_table_note(out, "threshold"), "5");
  ck_assert_int_eq(fm_table_note(out, "hidden_why") != NULL, hidden > 0);
  fm_table_destroy(out);
  out = protected_of(t, 1);
  fm_assert_same_table("threshold 1", t, out);
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

/* ---- an outsider ---- */

static unsigned seed;
static unsigned draw(unsigned n)
{
  seed = seed * 1103515245U + 12345U;
  return (seed >> 16) % n;
}

static const char *const as[] = {"a1", "a2", "a3", "a4"}, *const bs[] = {"b1", "b2", "b3"};

enum { T = 5, A = 4, B = 3, PEOPLE = 200 };
typedef struct world {
  const char *cells[PEOPLE * 4];
  char ids[PEOPLE][8];
  size_t n;
  int64_t people[A][B], began[A][B];
  bool known[A + B][2];
} world;

static void invent(world *w, unsigned columns_of_groups)
{
  memset(w, 0, sizeof *w);
  unsigned share = draw(10), last = 1 + draw(A);
  w->n = 5 + draw(draw(2) == 0 ? 40 : PEOPLE - 5);
  for (size_t i = 0; i < w->n; i++) {
    size_t a = draw(3) != 0 ? draw(last) : 0, b = columns_of_groups > 1 ? draw(draw(3) == 0 ? B : 1 + draw(2)) : 0;
    bool began = draw(10) < share;
    snprintf(w->ids[i], sizeof w->ids[i], "P%03d", (int)i);
    const char *of_row[] = {w->ids[i], began ? "1" : "0", as[a], bs[b]};
    memcpy((void *)&w->cells[4 * i], of_row, sizeof of_row);
    w->people[a][b]++;
    w->began[a][b] += began;
  }
}

/* What is shown of a cell; -1: hidden. */
static int64_t shown(const fm_table *t, const char *a, const char *b, const char *quantity)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if ((a == NULL || strcmp(fm_test_text(t, "area", i), a) == 0) &&
        (b == NULL || strcmp(fm_test_text(t, "branch", i), b) == 0) &&
        strcmp(fm_test_text(t, "quantity", i), quantity) == 0)
      return is_hidden(t, i) ? -1 : (int64_t)fm_test_number(t, "value", i);
  return 0;
}

/* The outsider knows the sums of lines that are shown when published by themselves. In a list of two hidden cells or
 * more any of them may be all or nothing of their sum, so a line with a hidden small cell must hide at least two, with
 * the threshold of people together. */
static void check_line(const world *w, int64_t view[A][B], int64_t count[A][B], size_t line, const char *label)
{
  int64_t together = 0, small = 0, n = 0;
  for (size_t k = 0; k < (line < A ? B : A); k++) {
    size_t a = line < A ? line : k, b = line < A ? k : line - A;
    n += view[a][b] < 0;
    together += view[a][b] < 0 ? count[a][b] : 0;
    small += view[a][b] < 0 && count[a][b] > 0 && count[a][b] < T;
  }
  bool known = w->known[line][strcmp(label, "people") == 0 ? 0 : 1];
  ck_assert_msg(small == 0 || !known || (n >= 2 && together >= T), "%s, line %zu: %d hidden, %d together", label, line,
                (int)n, (int)together);
}

static void check_lines(const world *w, int64_t view[A][B], int64_t count[A][B], const char *label)
{
  for (size_t a = 0; a < A; a++)
    for (size_t b = 0; b < B; b++)
      ck_assert_msg(view[a][b] <= 0 || view[a][b] >= T, "%s: %d is shown", label, (int)view[a][b]);
  for (size_t line = 0; line < A + B; line++)
    check_line(w, view, count, line, label);
}

static fm_table *published(const fm_table *frame, const char *by)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *made, *out;
  spec.by = by;
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, P, &spec, NULL, &err), &err);
  out = protected_of(made, T);
  fm_table_destroy(made);
  return out;
}

/* Which sums are known: of a list its total, of a table those of its rows and columns. */
static void look_at_lines(world *w, const fm_table *frame, bool two)
{
  fm_table *by_a = published(frame, "area"), *by_b = published(frame, "branch"), *all = published(frame, NULL);
  for (size_t line = 0; line < A + B; line++)
    for (size_t q = 0; q < 2; q++) {
      const fm_table *t = !two ? all : line < A ? by_a : by_b;
      const char *a = two && line < A ? as[line] : NULL, *b = two && line >= A ? bs[line - A] : NULL;
      int64_t sum = shown(t, a, b, q == 0 ? "people" : "began");
      w->known[line][q] = sum >= 0 && (two || line == A);
    }
  fm_table_destroy(by_a);
  fm_table_destroy(by_b);
  fm_table_destroy(all);
}

START_TEST(outsider)
{
  static const char *const named[] = {"person_id:code", "began:bool", "area:code", "branch:code"};
  static world w;
  size_t n_shown = 0;
  for (unsigned k = 0; k < 400; k++) {
    int64_t people[A][B], began[A][B], rest[A][B], others[A][B];
    seed = 7919U * (unsigned)_i + 104729U * k;
    invent(&w, _i == 0 ? 1 : 2);
    fm_table *frame = fm_test_table(named, 4, w.cells, w.n);
    fm_table *out = published(frame, _i == 0 ? "area" : "area,branch");
    for (size_t a = 0; a < A; a++)
      for (size_t b = 0; b < B; b++) {
        const char *branch = _i == 0 ? NULL : bs[b];
        bool there = w.people[a][b] > 0;
        people[a][b] = there ? shown(out, as[a], branch, "people") : 0;
        began[a][b] = there ? shown(out, as[a], branch, "began") : 0;
        rest[a][b] = people[a][b] < 0 || began[a][b] < 0 ? -1 : people[a][b] - began[a][b];
        others[a][b] = w.people[a][b] - w.began[a][b];
        n_shown += began[a][b] > 0;
      }
    look_at_lines(&w, frame, _i == 1);
    check_lines(&w, people, w.people, "people");
    check_lines(&w, began, w.began, "began");
    check_lines(&w, rest, others, "did not");
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
  ck_assert_uint_gt(n_shown, 60);
}
END_TEST

/* ---- refusals, memory, words ---- */

/* One of ten people is left in the second period: the sum over both less the first period is that person's amount. In
 * reimbursement the sum goes; in the net result, where figures run up, the periods, all of them. With ten people in
 * both nothing is hidden. What has no periods stays. */
static const struct {
  const char *label, *indicator, *people;
  const char *quantity[6], *start[6];
  bool hidden[6];
} of_periods[] = {
    {"the sum goes",
     "economy.reimbursement",
     "1",
     {"amount", "amount", "amount", "weeks", "weeks", "weeks"},
     {"2024-01-01", "2024-02-01", "", "2024-01-01", "2024-02-01", ""},
     {false, true, true, false, true, true}},
    {"the periods go",
     "economy.net_result",
     "1",
     {"result", "result", "result", "cumulated", "cumulated", "per_placement"},
     {"2024-01-01", "2025-01-01", "", "2024-01-01", "2025-01-01", ""},
     {true, true, false, true, true, false}},
    {"enough in each",
     "economy.net_result",
     "10",
     {"result", "result", "result", "cumulated", "cumulated", "per_placement"},
     {"2024-01-01", "2025-01-01", "", "2024-01-01", "2025-01-01", ""},
     {false, false, false, false, false, false}},
    {"no sum",
     "economy.reimbursement",
     "1",
     {"amount", "amount", "weeks", "weeks", "state", "state"},
     {"2024-01-01", "2024-02-01", "2024-01-01", "2024-02-01", "2024-01-01", "2024-02-01"},
     {false, true, false, true, false, true}},
};

static fm_table *table_of_periods(size_t k)
{
  static const char *const with_periods[] = {
      "indicator:code", "definition:code", "period_start:date", "period_end:date", "quantity:code", "value:f64",
      "unit:code",      "n:i64",           "people:i64",        "state:code"};
  const char *cells[6 * 10];
  for (size_t i = 0; i < 6; i++) {
    const char *start = of_periods[k].start[i];
    bool second = strcmp(start, "2024-02-01") == 0 || strcmp(start, "2025-01-01") == 0;
    const char *people = second ? of_periods[k].people : "10";
    const char *const of_row[] = {of_periods[k].indicator,
                                  "d",
                                  start,
                                  start,
                                  of_periods[k].quantity[i],
                                  "84022",
                                  "currency",
                                  people,
                                  people,
                                  "ok"};
    memcpy((void *)&cells[i * 10], of_row, sizeof of_row);
  }
  return fm_test_table(with_periods, 10, cells, 6);
}

START_TEST(periods)
{
  fm_table *t = table_of_periods((size_t)_i), *out = protected_of(t, 5);
  for (size_t i = 0; i < 6; i++)
    ck_assert_msg(is_hidden(out, i) == of_periods[_i].hidden[i], "%s: row %zu", of_periods[_i].label, i);
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

START_TEST(refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT, by_call;
  fm_table *out, *t = table_of(by_hand[0].rows, 3);
  fm_protect_spec_init(&by_call, sizeof by_call);
  ck_assert_mem_eq(&spec, &by_call, sizeof spec);
  spec.threshold = 0;
  ck_assert_int_eq(fm_catalogue_protect(&out, t, &spec, &err), FM_ERR_ARGUMENT);
  spec.threshold = 5;
  spec.full = 0;
  ck_assert_int_eq(fm_catalogue_protect(&out, t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(out);
  spec = (fm_protect_spec){0};
  ck_assert_int_eq(fm_catalogue_protect(&out, t, &spec, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(t);
  t = fm_test_table(columns, 4, (const char *const[]){P, "d", "a", "people"}, 1);
  ck_assert_int_eq(fm_catalogue_protect(&out, t, NULL, &err), FM_ERR_NOT_FOUND);
  fm_table_destroy(t);
  ck_assert_str_eq(fm_catalogue_role(P, "began"), "count");
  ck_assert_str_eq(fm_catalogue_role("labour.lu3", "share"), "share");
  ck_assert_str_eq(fm_catalogue_role("income.distribution", "gini_difference"), "between");
  ck_assert_str_eq(fm_catalogue_role("sdg.totals", "branches"), "none");
  ck_assert_str_eq(fm_catalogue_role(P, "x"), "");
  ck_assert_str_eq(fm_catalogue_role(NULL, NULL), "");
}
END_TEST

static fm_status protect(void *ctx, fm_error *err)
{
  fm_table *out;
  fm_status status = fm_catalogue_protect(&out, ctx, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(memory_of_periods)
{
  fm_table *t = table_of_periods(1);
  ck_assert_int_gt(fm_test_allocations(protect, t), 4);
  fm_table_destroy(t);
}
END_TEST

START_TEST(memory)
{
  fm_table *t = table_of(by_hand[_i].rows, 3);
  ck_assert_int_gt(fm_test_allocations(protect, t), 10);
  fm_table_destroy(t);
}
END_TEST

/* People beside n: told where they are 5 or more fewer, or as many in a table where no row is near; blank is 0 to 4. */
START_TEST(people_beside_units)
{
  static const row rows[] = {{J, "a", "placements", "60", "count", "60", "40", false},
                             {J, "b", "placements", "50", "count", "50", "50", false},
                             {J, "c", "placements", "40", "count", "40", "38", false}};
  for (size_t n = 2; n <= 3; n++) {
    fm_table *t = table_of(rows, n), *out = protected_of(t, 5);
    ck_assert_double_eq(fm_test_number(out, "people", 0), 40);
    ck_assert_int_eq(isnan(fm_test_number(out, "people", 1)), n == 3);
    for (size_t i = 0; i < n; i++)
      ck_assert_double_eq(fm_test_number(out, "n", i), fm_test_number(t, "n", i));
    ck_assert(n == 2 || isnan(fm_test_number(out, "people", 2)));
    fm_table_destroy(out);
    fm_table_destroy(t);
  }
}
END_TEST

/* Words and settings stay, counts of rows are told from the threshold on, other numbers never. */
START_TEST(notes)
{
  static const struct {
    const char *key, *value, *shown; /* NULL: gone */
  } of[] = {{"reference", "2", "2"},
            {"level", "0.95", "0.95"},
            {"interval", "wilson", "wilson"},
            {"youth", "15-74", "15-74"},
            {"spell_from", "2026-01-01", "2026-01-01"},
            {"missing_income", "5", "5"},
            {"missing_outcome", "4", "fewer than 5"},
            {"missing_value", "0", "fewer than 5"},
            {"negative_dropped", "-1", "fewer than 5"},
            {"last_time", "812", NULL},
            {"mean_of_all", "-1.5e-3", NULL},
            {"largest", "1e+20", NULL}};
  static const char *const indicator = P, *const quantity = "people", *const state = "ok";
  static const double value = 45;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "result", &err), &err);
  fm_assert_ok(fm_table_add_text(t, "indicator", &indicator, 1, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "quantity", &quantity, 1, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "value", &value, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "n", &value, NULL, 1, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_text(t, "state", &state, 1, &err), &err);
  for (size_t k = 0; k < sizeof of / sizeof of[0]; k++)
    fm_assert_ok(fm_table_set_note(t, of[k].key, of[k].value, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_table *out = protected_of(t, 5);
  for (size_t k = 0; k < sizeof of / sizeof of[0]; k++) {
    const char *shown = fm_table_note(out, of[k].key);
    ck_assert_msg((shown == NULL) == (of[k].shown == NULL), "%s", of[k].key);
    if (shown != NULL)
      ck_assert_str_eq(shown, of[k].shown);
  }
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

/* Every figure of every indicator that the demo's register or the small tables give has a role. */
START_TEST(every_quantity)
{
  static const char *const options[] = {"retention.cox=covariates=sex:female",
                                        "retention.fine_gray=covariates=sex:female;baseline=yes",
                                        "retention.discrete_hazard=covariates=sex:female;bands=3,6,12;length=90",
                                        "income.gap=group=sex;reference=male;compared=female",
                                        "income.dominance=group=sex;reference=male;compared=female",
                                        "income.decomposition=group=education",
                                        "income.incidence=panel=yes",
                                        "parity.rates=group=sex;reference=m",
                                        "parity.means=group=sex;reference=m",
                                        "parity.decomposition=group=sex;reference=m;covariates=age"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_assert_ok(fm_register_read(&r, NULL, FM_PROJECT_DIR "/examples/data/demo-municipality", NULL, NULL, &err), &err);
  size_t n_rows = 0;
  for (size_t k = 0; k < fm_catalogue_n(); k++) {
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    const char *id = fm_catalogue_id(k);
    fm_table *out = NULL;
    spec.by = is_bare(id) ? NULL : "sex";
    for (size_t o = 0; o < sizeof options / sizeof options[0]; o++)
      if (strncmp(options[o], id, strlen(id)) == 0 && options[o][strlen(id)] == '=')
        spec.options = options[o] + strlen(id) + 1;
    fm_table *frame = is_bare(id) ? bare_frame(id) : NULL;
    fm_error quiet = FM_ERROR_INIT;
    fm_status status = frame != NULL ? fm_catalogue_compute_frame(&out, frame, id, &spec, NULL, &quiet)
                                     : fm_catalogue_compute(&out, r, id, &spec, NULL, &quiet);
    for (size_t i = 0; status == FM_OK && i < fm_table_n_rows(out); i++, n_rows++)
      ck_assert_msg(fm_catalogue_role(fm_test_text(out, "indicator", i), fm_test_text(out, "quantity", i))[0] != '\0',
                    "%s %s has no role: add it to data/catalogue/quantities.csv", id, fm_test_text(out, "quantity", i));
    if (status == FM_OK) {
      fm_table *safe = protected_of(out, T);
      for (size_t i = 0; i < fm_table_n_rows(safe); i++) {
        double n = fm_test_number(safe, "n", i), people = fm_test_number(safe, "people", i);
        ck_assert_msg(!(n > 0 && n < T) && !(people > 0 && people < T), "%s: few people are told", id);
      }
      fm_table_destroy(safe);
    }
    fm_table_destroy(out);
    fm_table_destroy(frame);
  }
  ck_assert_uint_gt(n_rows, 1000);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("catalogue-protect");
  TCase *c = tcase_create("protect");
  tcase_set_timeout(c, 60);
  tcase_add_loop_test(c, roles, 0, (int)(sizeof by_hand / sizeof by_hand[0]));
  tcase_add_loop_test(c, outsider, 0, 2);
  tcase_add_loop_test(c, periods, 0, FM_COUNT(of_periods));
  tcase_add_test(c, memory_of_periods);
  tcase_add_test(c, refused);
  tcase_add_loop_test(c, memory, 0, 6);
  tcase_add_test(c, people_beside_units);
  tcase_add_test(c, notes);
  tcase_add_test(c, every_quantity);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
