/* A result protected against one that was published before: by hand, two-way, large, what is refused, without memory.
 */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static const char *const columns[] = {"indicator:code", "team:code", "sex:code",   "quantity:code", "value:f64",
                                      "unit:code",      "n:i64",     "people:i64", "state:code"};
enum { N_COLUMNS = 9, MOST = 400 };

#define P "programme.people"

/* One figure of each group; a count below 0 is a hidden one. */
typedef struct cell {
  const char *team, *sex, *quantity;
  int count, n;
} cell;

static fm_table *table_of(const cell *cells, size_t n)
{
  static char text[MOST][2][32];
  static const char *all[MOST * N_COLUMNS];
  for (size_t i = 0; i < n; i++) {
    const cell *c = &cells[i];
    bool share = strcmp(c->quantity, "began_share") == 0;
    snprintf(text[i][0], 32, share ? "0.%04d" : "%d", share ? 10000 * c->count / (c->n > 0 ? c->n : 1) : c->count);
    snprintf(text[i][1], 32, "%d", c->n);
    const char *const of_row[N_COLUMNS] = {P,
                                           c->team,
                                           c->sex,
                                           c->quantity,
                                           c->count >= 0 ? text[i][0] : NULL,
                                           share ? "share" : "count",
                                           c->count >= 0 ? text[i][1] : NULL,
                                           c->count >= 0 ? text[i][1] : NULL,
                                           c->count >= 0 ? "ok" : "suppressed"};
    memcpy((void *)&all[i * N_COLUMNS], of_row, sizeof of_row);
  }
  return fm_test_table(columns, N_COLUMNS, all, n);
}

static fm_status protect(fm_table **out, const fm_table *now, const fm_table *then, fm_error *err)
{
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT;
  spec.earlier = then;
  return fm_catalogue_protect(out, now, &spec, err);
}

static bool is_hidden(const fm_table *t, size_t i)
{
  return strcmp(fm_test_text(t, "state", i), "suppressed") == 0;
}

static const struct {
  const char *label;
  cell now[6], then[6];
  const char *hidden; /* a sign for each row of now: x hidden, . shown, ? either */
  int least;          /* rows hidden */
} by_hand[] = {
    {"many came", {{"a", NULL, "people", 60, 60}}, {{"a", NULL, "people", 45, 45}}, ".", 0},
    {"nobody came", {{"a", NULL, "people", 45, 45}}, {{"a", NULL, "people", 45, 45}}, ".", 0},
    {"two came", {{"a", NULL, "people", 47, 47}}, {{"a", NULL, "people", 45, 45}}, "x", 1},
    {"two left", {{"a", NULL, "people", 43, 43}}, {{"a", NULL, "people", 45, 45}}, "x", 1},
    {"five came", {{"a", NULL, "people", 50, 50}}, {{"a", NULL, "people", 45, 45}}, ".", 0},
    {"it was hidden then", {{"a", NULL, "people", 47, 47}}, {{"a", NULL, "people", -1, 45}}, ".", 0},
    {"a group that is new",
     {{"a", NULL, "people", 47, 47}, {"b", NULL, "people", 9, 9}},
     {{"a", NULL, "people", 47, 47}},
     "..",
     0},
    /* 187 in all: the 47 alone would be 187 less 60 and 80 */
    {"a partner of the one that changed little",
     {{"a", NULL, "people", 47, 47}, {"b", NULL, "people", 60, 60}, {"c", NULL, "people", 80, 80}},
     {{"a", NULL, "people", 45, 45}, {"b", NULL, "people", 30, 30}, {"c", NULL, "people", 70, 70}},
     "x??",
     2},
    /* what is under a whole goes with it, in that group alone */
    {"all that is under a whole",
     {{NULL, NULL, "people", 102, 102}, {NULL, NULL, "began", 60, 102}, {NULL, NULL, "began_share", 60, 102}},
     {{NULL, NULL, "people", 100, 100}, {NULL, NULL, "began", 40, 100}, {NULL, NULL, "began_share", 40, 100}},
     "xxx",
     3},
    /* 60 of 100 and 62 of 110: the numerator of the share tells as much as the count, which was hidden then */
    {"the numerator of a share",
     {{NULL, NULL, "people", 110, 110}, {NULL, NULL, "began_share", 62, 110}},
     {{NULL, NULL, "people", 100, 100}, {NULL, NULL, "began_share", 60, 100}},
     "?x",
     1},
};

START_TEST(small_differences_are_hidden)
{
  fm_error err = FM_ERROR_INIT;
  size_t n_now = strlen(by_hand[_i].hidden), n_then = 0;
  char said[32];
  int hidden = 0;
  while (n_then < 6 && by_hand[_i].then[n_then].quantity != NULL)
    n_then++;
  fm_table *now = table_of(by_hand[_i].now, n_now), *then = table_of(by_hand[_i].then, n_then), *out;
  fm_assert_ok(protect(&out, now, then, &err), &err);
  for (size_t i = 0; i < n_now; i++) {
    hidden += is_hidden(out, i);
    if (by_hand[_i].hidden[i] != '?')
      ck_assert_msg(is_hidden(out, i) == (by_hand[_i].hidden[i] == 'x'), "%s: row %zu", by_hand[_i].label, i);
  }
  ck_assert_msg(hidden >= by_hand[_i].least, "%s: %d hidden", by_hand[_i].label, hidden);
  snprintf(said, sizeof said, "%d", hidden);
  ck_assert_str_eq(fm_table_note(out, "hidden_by_earlier"), said);
  fm_table_destroy(out);
  fm_table_destroy(now);
  fm_table_destroy(then);
}
END_TEST

/* In a table of two group columns the sums of rows and columns are known, so that a rectangle goes. */
START_TEST(two_group_columns)
{
  fm_error err = FM_ERROR_INIT;
  static const char *const teams[] = {"a", "b", "c"}, *const sexes[] = {"f", "m"};
  cell now[6], then[6];
  fm_table *out;
  for (size_t k = 0; k < 6; k++) {
    now[k] = (cell){teams[k / 2], sexes[k % 2], "people", 40 + (int)k * 10, 40 + (int)k * 10};
    then[k] = now[k];
    then[k].count = then[k].n = now[k].n - (k == 0 ? 2 : 20);
  }
  fm_table *a = table_of(now, 6), *b = table_of(then, 6);
  fm_assert_ok(protect(&out, a, b, &err), &err);
  ck_assert(is_hidden(out, 0));
  ck_assert(is_hidden(out, 1));
  ck_assert((is_hidden(out, 2) && is_hidden(out, 3)) || (is_hidden(out, 4) && is_hidden(out, 5)));
  fm_table_destroy(out);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* Of more groups than are audited, all that changed are hidden. */
START_TEST(many_groups)
{
  fm_error err = FM_ERROR_INIT;
  static char names[MOST][8];
  static cell now[MOST], then[MOST];
  fm_table *out;
  for (size_t k = 0; k < 350; k++) {
    snprintf(names[k], sizeof names[k], "t%zu", k);
    now[k] = (cell){names[k], NULL, "people", 100, 100};
    then[k] = now[k];
    then[k].count = then[k].n = k == 7 ? 98 : k % 2 == 0 ? 100 : 50;
  }
  fm_table *a = table_of(now, 350), *b = table_of(then, 350);
  fm_assert_ok(protect(&out, a, b, &err), &err);
  for (size_t k = 0; k < 350; k++)
    ck_assert(is_hidden(out, k) == (k % 2 == 1));
  fm_table_destroy(out);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

/* What compares groups goes with a group that is hidden; what is about no person keeps its value and loses its n. */
START_TEST(what_compares_groups)
{
  fm_error err = FM_ERROR_INIT;
  static const char *const names[] = {"indicator:code", "group:code", "quantity:code", "value:f64",
                                      "unit:code",      "n:i64",      "people:i64",    "state:code"};
  const char *const now[] = {"parity.rates", "a", "rate",       "0.5", "share", "102", "102", "ok",
                             "parity.rates", "b", "rate",       "0.5", "share", "200", "200", "ok",
                             "parity.rates", "a", "difference", "0",   "share", "302", "302", "ok"};
  const char *const then[] = {"parity.rates", "a", "rate", "0.5", "share", "100", "100", "ok"};
  fm_table *a = fm_test_table(names, 8, now, 3), *b = fm_test_table(names, 8, then, 1), *out;
  fm_assert_ok(protect(&out, a, b, &err), &err);
  ck_assert(is_hidden(out, 0));
  ck_assert(is_hidden(out, 2));
  fm_table_destroy(out);
  fm_table_destroy(a);
  fm_table_destroy(b);
}
END_TEST

static const struct {
  const char *label, *columns[9], *cells[9], *message;
  size_t n_columns, n_rows;
  fm_status status;
} bad[] = {
    {"no result", {"a:code"}, {"x"}, "has no column indicator", 1, 1, FM_ERR_NOT_FOUND},
    {"another breakdown",
     {"indicator:code", "region:code", "quantity:code", "value:f64", "state:code"},
     {P, "x", "people", "45", "ok"},
     "earlier: it has the column \"region\", which the new one has not",
     5,
     1,
     FM_ERR_NOT_FOUND},
    {"without the breakdown",
     {"indicator:code", "quantity:code", "value:f64", "state:code"},
     {P, "people", "45", "ok"},
     "earlier: the table has no column \"team\", by which the new one is broken down",
     4,
     1,
     FM_ERR_NOT_FOUND},
    {"another type",
     {"indicator:code", "team:i64", "sex:code", "quantity:code", "value:f64", "state:code"},
     {P, "1", "f", "people", "45", "ok"},
     "earlier: column \"team\" has another type than in the new result",
     6,
     1,
     FM_ERR_TYPE},
    {"nothing in common",
     {"indicator:code", "team:code", "sex:code", "quantity:code", "value:f64", "state:code"},
     {"programme.jobs", "a", NULL, "jobs", "45", "ok"},
     "earlier: it has none of the figures of the new result: expected a result of the same indicator and groups",
     6,
     1,
     FM_ERR_VALUE},
};

START_TEST(other_tables_are_refused)
{
  fm_error err = FM_ERROR_INIT;
  cell one = {"a", NULL, "people", 47, 47};
  fm_table *now = table_of(&one, 1), *out;
  fm_table *then = fm_test_table(bad[_i].columns, bad[_i].n_columns, bad[_i].cells, bad[_i].n_rows);
  ck_assert_msg(protect(&out, now, then, &err) == bad[_i].status, "%s: %s", bad[_i].label, err.message);
  ck_assert_msg(strstr(err.message, bad[_i].message) != NULL, "%s: %s", bad[_i].label, err.message);
  ck_assert_ptr_null(out);
  fm_table_destroy(now);
  fm_table_destroy(then);
}
END_TEST

START_TEST(a_table_that_is_not_sealed)
{
  fm_error err = FM_ERROR_INIT;
  cell one = {"a", NULL, "people", 47, 47};
  fm_table *now = table_of(&one, 1), *then, *out;
  fm_assert_ok(fm_table_create(&then, "then", &err), &err);
  ck_assert_int_eq(protect(&out, now, then, &err), FM_ERR_STATE);
  fm_table_destroy(now);
  fm_table_destroy(then);
}
END_TEST

static fm_table *both[2];

static fm_status run(void *ctx, fm_error *err)
{
  fm_table *out;
  (void)ctx;
  fm_status status = protect(&out, both[0], both[1], err);
  fm_table_destroy(out);
  return status;
}

START_TEST(memory_may_run_out)
{
  both[0] = table_of(by_hand[7].now, 3);
  both[1] = table_of(by_hand[7].then, 3);
  ck_assert_int_gt(fm_test_allocations(run, NULL), 50);
  fm_table_destroy(both[0]);
  fm_table_destroy(both[1]);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("catalogue-protect-earlier");
  TCase *c = tcase_create("earlier");
  tcase_set_timeout(c, 60);
  tcase_add_loop_test(c, small_differences_are_hidden, 0, FM_COUNT(by_hand));
  tcase_add_test(c, two_group_columns);
  tcase_add_test(c, many_groups);
  tcase_add_test(c, what_compares_groups);
  tcase_add_loop_test(c, other_tables_are_refused, 0, FM_COUNT(bad));
  tcase_add_test(c, a_table_that_is_not_sealed);
  tcase_add_test(c, memory_may_run_out);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
