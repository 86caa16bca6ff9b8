/* Follow-up as a state: moments of groups, strata and causes; kept rows; merging, bytes, edges, errors. */
#include <stdio.h>
#include <string.h>

#include "retention/follow_priv.h"
#include "support/support.h"

static const char *const columns[] = {"time_weeks:i32", "entry_weeks:i32", "event:bool", "cause:code",
                                      "weight:f64",     "group:code",      "centre:i32", "person:code"};
enum { N_COLUMNS = FM_COUNT(columns), N_ROWS = 7 };
static const char *const cells[] = {
    "4", "0", "1", "unemployed", "2",   "b", "2", "p1", /**/
    "4", "0", "1", "education",  "1",   "b", "2", "p2", /**/
    "4", "0", "0", "",           "0.5", "b", "2", "p1", /**/
    "6", "3", "0", "",           "1",   "b", "2", "p3", /**/
    "9", "0", "1", "unemployed", "0",   "b", "2", "p4", /**/
    "5", "0", "1", "unemployed", "3",   "b", "1", "p1", /**/
    "2", "0", "1", "retired",    "1",   "a", "2", "p2", /**/
};

static fm__follow *follow_of(const fm__follow_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm__follow *f;
  fm_assert_ok(fm__follow_create(&f, spec, "test.follow", &err), &err);
  return f;
}

static void add_to(fm__follow *f, const size_t *rows, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = rows != NULL ? fm_test_rows(columns, N_COLUMNS, cells, rows, n)
                                 : fm_test_table(columns, N_COLUMNS, cells, N_ROWS);
  fm_assert_ok(fm__follow_add(f, frame, NULL, &err), &err);
  fm_table_destroy(frame);
}

static fm__follow_spec spec_at(int i)
{
  return (fm__follow_spec){.by = "group",
                           .strata = i & 1 ? "centre" : NULL,
                           .weight = i & 2 ? "weight" : NULL,
                           .by_cause = (i & 4) != 0,
                           .cluster = i & 8 ? "person" : NULL,
                           .keep = (i & 16) != 0,
                           .clock = "weeks"};
}

/* Group b, centre 2 in weeks: p1 out of work at 4 with weight 2, p2 in education at 4 with weight 1, p1 once more
 * censored at 4 with 0.5, p3 seen from 3 to 6 with 1. week 3: at risk 2 + 1 + 0.5 = 3.5, p3 enters week 4: at risk 4.5;
 * education takes 1, unemployment 2; 0.5 is censored; 4.5 - 3 = 1.5 stay week 6: p3's 1 is censored */
START_TEST(test_worked_example)
{
  fm__follow_spec spec = spec_at(7 + (_i != 0 ? 8 : 0));
  fm__follow *f = follow_of(&spec);
  fm_error err = FM_ERROR_INIT;
  fm__moments m;
  add_to(f, NULL, 0);
  fm_assert_ok(fm__follow_reduce(f, &err), &err);
  ck_assert_uint_eq(fm__groups_count(fm__follow_groups(f)), 2);
  ck_assert_uint_eq(fm__follow_n_strata(f), 2);
  ck_assert_uint_eq(fm__follow_n_causes(f), 3);
  ck_assert_str_eq(fm__follow_cause(f, 0), "education");
  ck_assert_str_eq(fm__follow_cause(f, 1), "retired");
  ck_assert_str_eq(fm__follow_cause(f, 2), "unemployed");
  ck_assert_str_eq(fm__follow_time_column(f), "time_weeks");
  fm_assert_ok(fm__follow_moments(&m, f, 1, 1, &err), &err);
  static const struct {
    int32_t time;
    int64_t rows_risk, rows_censor, rows_enter, rows_exit[3];
    double n_risk, n_censor, n_stay, n_exit[3];
  } moments[] = {{3, 3, 0, 1, {0, 0, 0}, 3.5, 0, 3.5, {0, 0, 0}},
                 {4, 4, 1, 0, {1, 0, 1}, 4.5, 0.5, 1.5, {1, 0, 2}},
                 {6, 1, 1, 0, {0, 0, 0}, 1, 1, 1, {0, 0, 0}}};
  ck_assert_uint_eq(m.n, 3);
  ck_assert_uint_eq(m.n_causes, 3);
  for (size_t k = 0; k < 3; k++) {
    ck_assert_int_eq(m.time[k], moments[k].time);
    ck_assert_int_eq(m.rows_risk[k], moments[k].rows_risk);
    ck_assert_int_eq(m.rows_censor[k], moments[k].rows_censor);
    ck_assert_int_eq(m.rows_enter[k], moments[k].rows_enter);
    ck_assert(m.n_risk[k] == moments[k].n_risk && m.n_censor[k] == moments[k].n_censor);
    ck_assert(m.n_stay[k] == moments[k].n_stay);
    ck_assert(fm__moments_n_exit(&m, k) == moments[k].n_exit[0] + moments[k].n_exit[2]);
    for (size_t c = 0; c < 3; c++) {
      ck_assert_int_eq(m.rows_exit[k * 3 + c], moments[k].rows_exit[c]);
      ck_assert(m.n_exit[k * 3 + c] == moments[k].n_exit[c]);
    }
  }
  fm__moments_free(&m);
  fm_assert_ok(fm__follow_group_moments(&m, f, 1, &err), &err); /* centre 1 adds one who leaves at 5 */
  ck_assert_uint_eq(m.n, 4);
  ck_assert(m.n_risk[1] == 7.5 && m.n_risk[2] == 4 && m.n_exit[2 * 3 + 2] == 3);
  fm__moments_free(&m);
  fm__follow_destroy(f);
}
END_TEST

/* Rows of group b in the order of people: p1 has three, of two centres. */
START_TEST(test_rows)
{
  fm__follow_spec spec = spec_at(15);
  fm__follow *f = follow_of(&spec);
  fm_error err = FM_ERROR_INIT;
  fm__followed rows;
  static const size_t order[] = {3, 0, 6, 2, 4, 5, 1, 0};
  static const uint32_t cluster[] = {0, 0, 0, 0, 1, 2}, stratum[] = {0, 1, 1, 1, 1, 1};
  static const int32_t time[] = {5, 4, 4, 4, 4, 6}, cause[] = {2, 2, 2, -1, 0, -1};
  add_to(f, order, 8); /* row 0 twice */
  fm_assert_ok(fm__follow_reduce(f, &err), &err);
  ck_assert_uint_eq(fm__follow_n_units(f), 4);
  fm_assert_ok(fm__follow_rows(&rows, f, 1, &err), &err);
  ck_assert_uint_eq(rows.n, 5);
  ck_assert_uint_eq(rows.n_clusters, 3);
  for (size_t i = 0, at = 0; i < 5; at += rows.count[i++]) {
    ck_assert_uint_eq(rows.cluster[i], cluster[at]);
    ck_assert_uint_eq(rows.stratum[i], stratum[at]);
    ck_assert_int_eq(rows.time[i], time[at]);
    ck_assert_int_eq(rows.cause[i], i == 2 ? -1 : cause[at]);
    ck_assert_uint_eq(rows.count[i], rows.cause[i] == 2 && rows.time[i] == 4 ? 2 : 1);
    ck_assert_int_eq(rows.entry[i], rows.time[i] == 6 ? 3 : 0);
  }
  fm__followed_free(&rows);
  fm_assert_ok(fm__follow_rows(&rows, f, 0, &err), &err);
  ck_assert_uint_eq(rows.n, 1);
  ck_assert_uint_eq(rows.unit[0], 1); /* p2 is second of all */
  fm__followed_free(&rows);
  fm__follow_destroy(f);
}
END_TEST

static void save_to(fm__bytes *b, fm__follow *f)
{
  fm_error err = FM_ERROR_INIT;
  *b = (fm__bytes){0};
  fm_assert_ok(fm__follow_save(f, b, &err), &err);
}

/* Any order, split and merge gives the same bytes, loaded ones too; cut bytes are refused. */
START_TEST(test_merge)
{
  static const size_t orders[][N_ROWS] = {{6, 5, 4, 3, 2, 1, 0}, {3, 1, 5, 0, 6, 4, 2}, {4, 6, 0, 1, 2, 3, 5}};
  fm__follow_spec spec = spec_at(_i);
  fm_error err = FM_ERROR_INIT;
  fm__bytes whole, bytes;
  fm__follow *f = follow_of(&spec);
  ck_assert(fm__follow_is_empty(f));
  add_to(f, NULL, 0);
  ck_assert(!fm__follow_is_empty(f));
  save_to(&whole, f);
  fm__follow_destroy(f);
  for (int k = 0; k < 2 * FM_COUNT(orders); k++) {
    const size_t *order = orders[k / 2], half = 1 + (size_t)k;
    fm__follow *a = follow_of(&spec), *b = follow_of(&spec), *c = follow_of(&spec);
    add_to(a, order, half);
    add_to(b, order + half, N_ROWS - half);
    if (k % 2 == 1) {
      save_to(&bytes, b);
      fm__reader r = {.data = bytes.data, .size = bytes.size};
      fm_assert_ok(fm__follow_load(c, &r, &err), &err);
      fm__bytes_free(&bytes);
    }
    fm_assert_ok(fm__follow_merge(a, k % 2 == 1 ? c : b, &err), &err);
    save_to(&bytes, a);
    ck_assert_uint_eq(bytes.size, whole.size);
    ck_assert_int_eq(memcmp(bytes.data, whole.data, whole.size), 0);
    fm__bytes_free(&bytes);
    fm__follow_destroy(a);
    fm__follow_destroy(b);
    fm__follow_destroy(c);
  }
  for (size_t size = 0; size < whole.size; size++) {
    fm__reader r = {.data = whole.data, .size = size};
    fm__follow *cut = follow_of(&spec);
    ck_assert_int_eq(fm__follow_load(cut, &r, &err), FM_ERR_FORMAT);
    fm__follow_destroy(cut);
  }
  fm__bytes_free(&whole);
}
END_TEST

/* Changed bytes are refused, or give a state whose moments are possible. */
START_TEST(test_changed_bytes)
{
  fm__follow_spec spec = spec_at(_i);
  fm__follow *f = follow_of(&spec);
  fm__bytes bytes;
  add_to(f, NULL, 0);
  save_to(&bytes, f);
  fm__follow_destroy(f);
  for (size_t at = 0; at < bytes.size; at++)
    for (int bit = 0; bit < 8; bit++) {
      fm_error err = FM_ERROR_INIT;
      bytes.data[at] ^= (uint8_t)(1 << bit);
      fm__reader r = {.data = bytes.data, .size = bytes.size};
      fm__follow *changed = follow_of(&spec);
      fm_status status = fm__follow_load(changed, &r, &err);
      if (status == FM_OK)
        status = fm__follow_reduce(changed, &err);
      for (uint32_t g = 0; status == FM_OK && g < fm__groups_count(fm__follow_groups(changed)); g++) {
        fm__moments m;
        status = fm__follow_group_moments(&m, changed, g, &err);
        for (size_t k = 0; status == FM_OK && k < m.n; k++)
          ck_assert(m.rows_risk[k] >= 0 && m.n_risk[k] >= 0 && m.n_stay[k] >= 0);
        if (status == FM_OK)
          fm__moments_free(&m);
      }
      ck_assert(status == FM_OK || status == FM_ERR_FORMAT || status == FM_ERR_LIMIT || status == FM_ERR_MEMORY);
      fm__follow_destroy(changed);
      bytes.data[at] ^= (uint8_t)(1 << bit);
    }
  fm__bytes_free(&bytes);
}
END_TEST

START_TEST(test_errors)
{
  static const struct {
    const char *label, *time, *entry, *weight, *person, *column;
  } rows[] = {{"negative time", "-1", "-3", "1", "p", "time_weeks"},
              {"entry at time", "4", "4", "1", "p", "entry_weeks"},
              {"negative weight", "4", "0", "-1", "p", "weight"},
              {"infinite weight", "4", "0", "inf", "p", "weight"},
              {"weight not a number", "4", "0", "nan", "p", "weight"},
              {"no time", "", "0", "1", "p", "time_weeks"},
              {"no person", "4", "0", "1", "", "person"}};
  for (int clustered = 0; clustered < 2; clustered++) {
    fm__follow_spec spec = spec_at(clustered != 0 ? 15 : 7);
    if (clustered == 0 && strcmp(rows[_i].column, "person") == 0)
      continue;
    const char *const bad[] = {"4",
                               "0",
                               "1",
                               "new",
                               "1",
                               "new",
                               "7",
                               "q", /**/
                               rows[_i].time,
                               rows[_i].entry,
                               "1",
                               "new",
                               rows[_i].weight,
                               "new",
                               "7",
                               rows[_i].person};
    fm_error err = FM_ERROR_INIT;
    fm__bytes before, after;
    fm__follow *f = follow_of(&spec);
    fm_table *frame = fm_test_table(columns, N_COLUMNS, bad, 2);
    add_to(f, NULL, 0);
    save_to(&before, f);
    fm_status status = fm__follow_add(f, frame, NULL, &err);
    ck_assert_msg(status == FM_ERR_VALUE, "%s: %s", rows[_i].label, fm_status_name(status));
    ck_assert_int_eq(err.row, 1);
    ck_assert_str_eq(err.column, rows[_i].column);
    ck_assert_str_eq(err.table, "test");
    save_to(&after, f);
    ck_assert_uint_eq(before.size, after.size);
    ck_assert_int_eq(memcmp(before.data, after.data, before.size), 0);
    fm__bytes_free(&before);
    fm__bytes_free(&after);
    fm_table_destroy(frame);
    fm__follow_destroy(f);
  }
}
END_TEST

START_TEST(test_spec)
{
  fm_error err = FM_ERROR_INIT;
  fm__follow *f;
  ck_assert_int_eq(fm__follow_create(&f, &(fm__follow_spec){.clock = "hours"}, "test.follow", &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(f);
  ck_assert_ptr_nonnull(strstr(err.message, "hours"));
  f = follow_of(&(fm__follow_spec){.clock = ""});
  ck_assert_str_eq(fm__follow_spec_of(f)->clock, "days");
  ck_assert_uint_eq(fm__follow_n_strata(f), 1);
  ck_assert_uint_eq(fm__follow_n_causes(f), 1);
  ck_assert_ptr_null(fm__follow_cause(f, 0));
  fm__follow_destroy(f);
}
END_TEST

/* One cause more than can be told apart; numbers are causes as well as texts. */
START_TEST(test_most_causes)
{
  static const char *const few[] = {"time_days:i32", "cause:i32"};
  static char text[2 * 256][8];
  static const char *many[2 * 256];
  for (int i = 0; i < 256; i++) {
    snprintf(text[2 * i], sizeof *text, "%d", i + 1);
    snprintf(text[2 * i + 1], sizeof *text, "%d", i + 1000);
    many[2 * i] = text[2 * i];
    many[2 * i + 1] = i == 255 ? "" : text[2 * i + 1];
  }
  for (size_t n = FM__MOST_CAUSES; n <= FM__MOST_CAUSES + 1; n++)
    for (int clustered = 0; clustered < 2; clustered++) {
      fm_error err = FM_ERROR_INIT;
      fm__follow *f = follow_of(&(fm__follow_spec){.by_cause = true, .cluster = clustered != 0 ? "time_days" : NULL});
      fm_table *frame = fm_test_table(few, 2, many, n);
      fm_status status = fm__follow_add(f, frame, NULL, &err);
      if (status == FM_OK)
        status = fm__follow_reduce(f, &err);
      ck_assert_int_eq(status, n > FM__MOST_CAUSES ? FM_ERR_LIMIT : FM_OK);
      if (status == FM_OK)
        ck_assert_uint_eq(fm__follow_n_causes(f), FM__MOST_CAUSES);
      fm__follow_destroy(f);
      fm_table_destroy(frame);
    }
}
END_TEST

/* ---- memory ---- */
typedef struct life {
  fm__follow_spec spec;
  fm_table *frame;
} life;

static fm_status views(const fm__follow *f, fm_error *err)
{
  fm__moments m;
  fm__followed rows;
  fm_status status = fm__follow_group_moments(&m, f, 0, err);
  if (status != FM_OK)
    return status;
  fm__moments_free(&m);
  if (!fm__follow_spec_of(f)->keep)
    return FM_OK;
  status = fm__follow_rows(&rows, f, 0, err);
  if (status == FM_OK)
    fm__followed_free(&rows);
  return status;
}

static fm_status live(void *ctx, fm_error *err)
{
  const life *l = ctx;
  fm__follow *f, *other = NULL;
  fm__bytes b = {0};
  fm_status status = fm__follow_create(&f, &l->spec, "test.follow", err);
  if (status == FM_OK)
    status = fm__follow_create(&other, &l->spec, "test.follow", err);
  if (status == FM_OK)
    status = fm__follow_add(f, l->frame, NULL, err);
  if (status == FM_OK)
    status = fm__follow_save(f, &b, err);
  if (status == FM_OK && b.failed)
    status = FM_ERR_MEMORY;
  if (status == FM_OK) {
    fm__reader r = {.data = b.data, .size = b.size};
    status = fm__follow_load(other, &r, err);
  }
  if (status == FM_OK)
    status = fm__follow_merge(f, other, err);
  if (status == FM_OK)
    status = fm__follow_reduce(f, err);
  if (status == FM_OK)
    status = views(f, err);
  fm__bytes_free(&b);
  fm__follow_destroy(f);
  fm__follow_destroy(other);
  return status;
}

START_TEST(test_allocations)
{
  life l = {.spec = spec_at(_i), .frame = fm_test_table(columns, N_COLUMNS, cells, N_ROWS)};
  ck_assert_int_gt(fm_test_allocations(live, &l), 30);
  fm_table_destroy(l.frame);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("retention-follow");
  TCase *tests = tcase_create("follow");
  tcase_add_loop_test(tests, test_worked_example, 0, 2);
  tcase_add_test(tests, test_rows);
  tcase_add_loop_test(tests, test_merge, 0, 24);
  tcase_add_loop_test(tests, test_changed_bytes, 0, 24);
  tcase_add_loop_test(tests, test_errors, 0, 7);
  tcase_add_test(tests, test_spec);
  tcase_add_test(tests, test_most_causes);
  tcase_add_loop_test(tests, test_allocations, 0, 24);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
