/* programme.progress: by hand, another instrument of one's own, what is refused, promises of a tally. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"

static fm_table *computed(const fm_table *frame, const fm_programme_progress_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_programme_progress(&t, frame, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static bool is(const fm_table *t, const char *column, size_t row, const char *text)
{
  const char *found = fm_test_text(t, column, row);
  return text == NULL ? found == NULL : found != NULL && strcmp(found, text) == 0;
}

static size_t row_of(const fm_table *t, const char *instrument, const char *quantity, const char *job, const char *band)
{
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (is(t, "instrument", i, instrument) && is(t, "quantity", i, quantity) && is(t, "job", i, job) &&
        is(t, "score_band", i, band))
      return i;
  ck_abort_msg("no %s of %s", quantity, instrument);
  return 0;
}

static double value(const fm_table *t, const char *quantity, const char *job, const char *band)
{
  return fm_test_number(t, "value", row_of(t, "who5", quantity, job, band));
}

/* ---- by hand ----
 * WHO-5, sum of five items times 4. A: 5 then 10 (20, 40), B: 10 then 15 (40, 60), C: 15 then 14 (60, 56), D: 10 once
 * (40), E: 4 items, no score. A's job began between its measurements, C waits, B worked before. Of the three measured
 * twice: first mean 40, last 52, change 12; of all four first 40. Variance of the changes 20, 20, -4 is 192: error 8.
 */
typedef struct measurement {
  const char *person, *date, *job;
  int items[5]; /* -1: not answered */
} measurement;
static const measurement plan[] = {
    {"A", "2024-01-01", "2024-03-01", {1, 1, 1, 1, 1}}, {"A", "2024-07-01", "2024-03-01", {2, 2, 2, 2, 2}},
    {"B", "2024-01-01", "2023-06-01", {2, 2, 2, 2, 2}}, {"B", "2024-07-01", "2023-06-01", {3, 3, 3, 3, 3}},
    {"C", "2024-01-01", "2025-01-01", {3, 3, 3, 3, 3}}, {"C", "2024-04-01", "2025-01-01", {3, 3, 3, 3, 2}},
    {"C", "2024-07-01", "2025-01-01", {3, 3, 3, 3, 2}}, {"D", "2024-01-01", "", {2, 2, 2, 2, 2}},
    {"E", "2024-01-01", "", {2, 2, 2, 2, -1}}};
enum { MOST = 60 };
static const char *const columns[] = {"person_id:code", "date:date",      "instrument:code", "item:code",
                                      "score:f64",      "job_start:date", "sex:code"};

static size_t answers(const char **cells)
{
  static const char *const items[] = {"1", "2", "3", "4", "5"}, *const scores[] = {"0", "1", "2", "3", "4", "5"};
  size_t n = 0;
  for (int m = 0; m < FM_COUNT(plan); m++)
    for (int k = 0; k < 5; k++)
      if (plan[m].items[k] >= 0) {
        const char *const row[] = {plan[m].person, plan[m].date,          "who5", items[k], scores[plan[m].items[k]],
                                   plan[m].job,    m % 2 == 0 ? "f" : "m"};
        memcpy(cells + 7 * n++, row, sizeof row);
      }
  return n;
}

START_TEST(by_hand)
{
  const char *cells[7 * MOST];
  fm_programme_progress_spec spec;
  fm_programme_progress_spec_init(&spec, sizeof spec);
  fm_table *frame = fm_test_table(columns, 7, cells, answers(cells)), *t;
  spec.reliability = 0.9;
  t = computed(frame, &spec);
  const struct {
    const char *quantity, *job, *band;
    double expected;
  } cases[] = {{"measured", NULL, NULL, 4},
               {"measurements", NULL, NULL, 8},
               {"incomplete", NULL, NULL, 1},
               {"measured_twice", NULL, NULL, 0.75},
               {"first_mean_all", NULL, NULL, 40},
               {"first_mean", NULL, NULL, 40},
               {"last_mean", NULL, NULL, 52},
               {"change_mean", NULL, NULL, 12},
               {"months_between", NULL, NULL, 182 / (365.2425 / 12)},
               {"relevant_better", NULL, NULL, 2},
               {"relevant_worse", NULL, NULL, 0},
               {"reliability", NULL, NULL, 0.9},
               /* sd of 20, 40, 60, 40 is sqrt(800/3) = 16.33; 1.96 16.33 sqrt(2 0.1) = 14.3 */
               {"reliable_better", NULL, NULL, 2},
               {"reliable_worse", NULL, NULL, 0},
               {"band_first", NULL, "high_risk", 1},
               {"band_first", NULL, "some_risk", 1},
               {"band_first", NULL, "no_risk", 1},
               {"band_last", NULL, "high_risk", 0},
               {"band_last", NULL, "some_risk", 1},
               {"band_last", NULL, "no_risk", 2},
               {"people", "started", NULL, 1},
               {"change_mean", "started", NULL, 20},
               {"change_mean", "waiting", NULL, -4},
               {"change_mean", "in_work", NULL, 20},
               {"association", NULL, NULL, 24}};
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(cases[k].quantity, value(t, cases[k].quantity, cases[k].job, cases[k].band), cases[k].expected,
                    1e-14, 0);
  size_t change = row_of(t, "who5", "change_mean", NULL, NULL);
  fm_assert_close("error", fm_test_number(t, "std_error", change), 8, 1e-14, 0);
  fm_assert_close("limit", fm_test_number(t, "ci_high", change), 12 + 8 * 4.302652729749464, 1e-10, 0);
  fm_assert_close("people", fm_test_number(t, "people", change), 3, 0, 0);
  ck_assert(isnan(fm_test_number(t, "std_error", row_of(t, "who5", "association", NULL, NULL))));
  fm_table_destroy(t);
  /* Cronbach: items are alike in the first measurements but for their level: alpha is 1, and any change is reliable. */
  spec.reliability = NAN;
  t = computed(frame, &spec);
  fm_assert_close("alpha", value(t, "reliability", NULL, NULL), 1, 1e-12, 0);
  fm_assert_close("better", value(t, "reliable_better", NULL, NULL), 2, 0, 0);
  fm_table_destroy(t);
  fm_table_destroy(frame);
}
END_TEST

/* ---- a list of one's own: dated, less is better, answers may be missing ---- */

static const char *const list_columns[] = {"code:code",     "label_en:code", "label_da:code",   "valid_from:date",
                                           "valid_to:date", "items:i32",     "least:i32",       "most:i32",
                                           "total:code",    "factor:code",   "needed:i32",      "better:code",
                                           "bands:code",    "relevant:code", "reliability:code"};
enum { LIST = 15 };
static const char *const own[] = {"lonely", "Lonely", "Ensom",  "",      "2023-12-31", "3",     "1",
                                  "3",      "sum",    "1",      "2",     "lower",      "",      "2",
                                  "0.75",   "lonely", "Lonely", "Ensom", "2024-01-01", "",      "3",
                                  "1",      "3",      "mean",   "10",    "2",          "lower", "few:15 many:30",
                                  "5",      ""};

static fm_codes *list_of(const char *const *cells, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c;
  fm_table *t = fm_test_table(list_columns, LIST, cells, n);
  fm_assert_ok(fm_codes_from_table(&c, "instrument", t, &err), &err);
  fm_table_destroy(t);
  return c;
}

static const char *const lonely[] = {
    /* before 2024 the sum, then ten times the mean: another scale, so that A has one score that counts */
    "A", "2023-06-01", "lonely", "a", "2", "", "f", "A", "2023-06-01", "lonely", "b", "3", "", "f", /**/
    "A", "2024-06-01", "lonely", "a", "1", "", "f", "A", "2024-06-01", "lonely", "b", "2", "", "f", /**/
    "A", "2024-06-01", "lonely", "c", "3", "", "f", "B", "2024-01-01", "lonely", "a", "3", "", "m", /**/
    "B", "2024-01-01", "lonely", "b", "3", "", "m", "B", "2024-01-01", "lonely", "c", "3", "", "m", /**/
    "B", "2024-06-01", "lonely", "a", "1", "", "m", "B", "2024-06-01", "lonely", "c", "1", "", "m"};

START_TEST(own_list)
{
  fm_codes *codes = list_of(own, 2);
  fm_programme_progress_spec spec = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 7, lonely, 10);
  spec.instruments = codes;
  spec.by = "sex";
  fm_table *t = computed(frame, &spec);
  const struct {
    const char *sex, *quantity;
    double expected;
  } cases[] = {{"f", "incomparable", 1},    {"f", "measurements", 2},   {"f", "measured", 1},
               {"f", "first_mean_all", 20}, {"f", "measured_twice", 0}, {"m", "incomparable", 0},
               {"m", "first_mean", 30},     {"m", "last_mean", 10},     {"m", "relevant_better", 1},
               {"m", "relevant_worse", 0},  {"m", "measured_twice", 1}, {"m", "incomplete", 0}};
  for (int k = 0; k < FM_COUNT(cases); k++)
    fm_assert_close(
        cases[k].quantity,
        fm_test_number(t, "value", fm_test_row(t, "sex", cases[k].sex, "quantity", cases[k].quantity, NULL, NULL)),
        cases[k].expected, 1e-14, 0);
  ck_assert(isnan(fm_test_number(t, "value", fm_test_row(t, "sex", "f", "quantity", "relevant_worse", NULL, NULL))));
  /* one person has neither an error nor a reliability */
  ck_assert(isnan(fm_test_number(t, "value", fm_test_row(t, "sex", "m", "quantity", "reliable_better", NULL, NULL))));
  ck_assert_str_eq(fm_table_note(t, "instruments"), fm_codes_digest(codes));
  fm_table_destroy(t);
  fm_table_destroy(frame);
  fm_codes_destroy(codes);
}
END_TEST

static const struct list_fault {
  size_t at;
  const char *cell, *said;
} list_faults[] = {{5, "0", "has items \"0\", expected a whole number from 1 to 200"},
                   {5, "201", "has items"},
                   {5, "", "has items \"\""},
                   {6, "", "has least"},
                   {7, "1", "has most \"1\", expected a number above least"},
                   {8, "median", "has total \"median\", expected sum or mean"},
                   {9, "0", "has factor"},
                   {10, "4", "has needed \"4\", expected a whole number from 1 to items"},
                   {11, "", "has better \"\", expected higher or lower"},
                   {12, "few", "has bands"},
                   {12, ":3", "has bands"},
                   {12, "few: many:3", "has bands"},
                   {12, "few:3 many:3", "has bands"},
                   {12, "few:3 many:8", "expected the last one up to the highest score"},
                   {12, "a:1 b:2 c:3 d:4 e:5 f:6 g:7 h:8 i:9", "has bands"},
                   {13, "-1", "has relevant"},
                   {14, "1", "has reliability"}};

START_TEST(list_refused)
{
  const char *cells[LIST];
  fm_error err = FM_ERROR_INIT;
  fm_programme_progress_spec spec = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  fm_tally *t;
  memcpy(cells, own, sizeof cells);
  cells[list_faults[_i].at] = list_faults[_i].cell;
  fm_codes *codes = list_of(cells, 1);
  spec.instruments = codes;
  ck_assert_int_eq(fm_programme_progress_tally(&t, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, list_faults[_i].said) != NULL, "%s", err.message);
  fm_codes_destroy(codes);
}
END_TEST

/* ---- what is refused ---- */

static const struct refusal {
  const char *row[7], *said;
  double level, reliability;
} refusals[] = {
    {{"A", "2024-01-01", "who5", "1", "6", "", "f"}, "column score, row 1: expected a number from 0 to 5", 0.95, NAN},
    {{"A", "2024-01-01", "who5", "1", "-1", "", "f"}, "column score, row 1: expected a number from 0 to 5", 0.95, NAN},
    {{"A", "2024-01-01", "who5", "1", "", "", "f"}, "column score, row 1", 0.95, NAN},
    {{"A", "2024-01-01", "who6", "1", "1", "", "f"},
     "column instrument, row 1: expected an instrument that the list",
     0.95,
     NAN},
    {{"A", "", "who5", "1", "1", "", "f"}, "column date, row 1: expected a day", 0.95, NAN},
    {{"", "2024-01-01", "who5", "1", "1", "", "f"}, "column person_id, row 1: expected a person", 0.95, NAN},
    {{"A", "2024-01-01", "", "1", "1", "", "f"}, "column instrument, row 1: expected an instrument", 0.95, NAN},
    {{"A", "2024-01-01", "who5", "", "1", "", "f"}, "column item, row 1: expected an item", 0.95, NAN},
    {{"B", "2024-01-01", "who5", "1", "2", "", "f"}, "expected one answer of a person", 0.95, NAN},
    {{"A", "2024-01-01", "who5", "1", "1", "", "f"}, "level", 0, NAN},
    {{"A", "2024-01-01", "who5", "1", "1", "", "f"}, "reliability", 0.95, 1}};

/* A total that stands among the items would count as one of them. */
START_TEST(too_many_items)
{
  static const char *const items[] = {"1", "2", "3", "4", "5", "total"};
  const char *cells[7 * 6];
  fm_error err = FM_ERROR_INIT;
  for (int k = 0; k < 6; k++) {
    const char *const row[] = {"A", "2024-02-29", "who5", items[k], "2", "", "f"};
    memcpy(cells + 7 * k, row, sizeof row);
  }
  fm_table *frame = fm_test_table(columns, 7, cells, 6), *t;
  ck_assert_int_eq(fm_programme_progress(&t, frame, NULL, NULL, &err), FM_ERR_VALUE);
  ck_assert_str_eq(err.message, "item: expected at most 5 items of who5 by a person on a day, found 6 on 2024-02-29");
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused)
{
  static const char *const before[] = {"B", "2024-01-01", "who5", "1", "1", "", "f"};
  const char *cells[14];
  fm_error err = FM_ERROR_INIT;
  fm_programme_progress_spec spec = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  memcpy(cells, before, sizeof before);
  memcpy(cells + 7, refusals[_i].row, sizeof before);
  fm_table *frame = fm_test_table(columns, 7, cells, 2), *t;
  spec.level = refusals[_i].level;
  spec.reliability = refusals[_i].reliability;
  ck_assert_int_ne(fm_programme_progress(&t, frame, &spec, NULL, &err), FM_OK);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, refusals[_i].said) != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

/* ---- properties ---- */

/* 5 less every answer: scores are 100 less, changes the other way round, the rest alike. */
START_TEST(turned_round)
{
  static const char *const scores[] = {"5", "4", "3", "2", "1", "0"};
  const char *cells[7 * MOST], *turned[7 * MOST];
  size_t n = answers(cells);
  memcpy(turned, cells, sizeof cells);
  for (size_t i = 0; i < n; i++)
    turned[7 * i + 4] = scores[cells[7 * i + 4][0] - '0'];
  fm_programme_progress_spec spec = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  fm_table *frame = fm_test_table(columns, 7, cells, n), *other = fm_test_table(columns, 7, turned, n);
  fm_table *a = computed(frame, &spec), *b = computed(other, &spec);
  fm_assert_close("first", value(b, "first_mean", NULL, NULL), 100 - value(a, "first_mean", NULL, NULL), 1e-14, 0);
  fm_assert_close("change", value(b, "change_mean", NULL, NULL), -value(a, "change_mean", NULL, NULL), 1e-14, 0);
  fm_assert_close("better", value(b, "relevant_worse", NULL, NULL), value(a, "relevant_better", NULL, NULL), 0, 0);
  fm_assert_close("alpha", value(b, "reliability", NULL, NULL), value(a, "reliability", NULL, NULL), 1e-12, 0);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(frame);
  fm_table_destroy(other);
}
END_TEST

/* ---- a tally ---- */

static fm_status create(fm_tally **out, void *ctx, fm_error *err)
{
  fm_programme_progress_spec spec = FM_PROGRAMME_PROGRESS_SPEC_INIT;
  spec.by = ctx;
  return fm_programme_progress_tally(out, &spec, err);
}

START_TEST(promises)
{
  const char *cells[7 * MOST];
  size_t n = answers(cells);
  fm_test_promises(&(fm_test_measure){create, NULL, columns, 7, cells, n < 24 ? n : 24});
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("programme progress");
  TCase *c = tcase_create("progress");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, own_list);
  tcase_add_loop_test(c, list_refused, 0, FM_COUNT(list_faults));
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, too_many_items);
  tcase_add_test(c, turned_round);
  tcase_add_test(c, promises);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
