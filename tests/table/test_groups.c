#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "table/table_priv.h"

static const char *const columns[] = {"sex:code", "year:i32", "day:date", "flag:bool", "big:i64", "x:f64"};
static const char *const cells[] = {
    "f", "2024", "2024-01-01", "1", "5",  "1", /**/
    "m", "2024", "2024-01-02", "0", "-5", "1", /**/
    "f", "2025", "",           "1", "5",  "1", /**/
    "",  "2024", "2024-01-01", "1", "5",  "1", /**/
    "f", "2024", "2024-01-01", "1", "5",  "1",
};

static fm__groups *groups_of(const char *by)
{
  fm__groups *g;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm__groups_create(&g, by, &err), &err);
  return g;
}

START_TEST(mapping)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  fm__groups *g = groups_of("sex,year");
  uint32_t *map, *order;
  fm_assert_ok(fm__groups_map(g, t, &map, &err), &err);
  ck_assert_uint_eq(fm__groups_count(g), 4);
  ck_assert(map[0] == map[4] && map[0] != map[1] && map[3] != map[0]);
  fm_assert_ok(fm__groups_order(g, &order, &err), &err);
  ck_assert_str_eq(fm__groups_text(g, order[0], 1, NULL), "2024");
  ck_assert_str_eq(fm__groups_text(g, order[1], 1, NULL), "2025");
  ck_assert_str_eq(fm__groups_text(g, order[2], 0, NULL), "m");
  ck_assert_ptr_null(fm__groups_text(g, order[3], 0, NULL)); /* missing last */
  ck_assert_str_eq(fm__groups_column(g, 1), "year");
  fm__free(map);
  fm__free(order);
  fm__groups_destroy(g);
  fm_table_destroy(t);
}
END_TEST

START_TEST(renumbering)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  fm__groups *g = groups_of("sex,year");
  uint32_t *map, *again, *rank;
  ck_assert(fm__groups_is_sorted(g));
  fm_assert_ok(fm__groups_map(g, t, &map, &err), &err);
  ck_assert(!fm__groups_is_sorted(g)); /* f 2024, m 2024, f 2025, none 2024 */
  fm_assert_ok(fm__groups_sort(g, &rank, &err), &err);
  ck_assert(fm__groups_is_sorted(g));
  ck_assert(rank[0] == 0 && rank[1] == 2 && rank[2] == 1 && rank[3] == 3);
  fm_assert_ok(fm__groups_map(g, t, &again, &err), &err);
  for (size_t i = 0; i < 5; i++)
    ck_assert_uint_eq(again[i], rank[map[i]]);
  fm__free(rank);
  fm_assert_ok(fm__groups_sort(g, &rank, &err), &err);
  ck_assert_ptr_null(rank);
  fm__free(map);
  fm__free(again);
  fm__groups_destroy(g);
  fm_table_destroy(t);
}
END_TEST

START_TEST(spaces_between_names)
{
  fm__groups *g = groups_of(" sex ,  year");
  ck_assert_uint_eq(fm__groups_n_columns(g), 2);
  ck_assert_str_eq(fm__groups_column(g, 0), "sex");
  ck_assert_str_eq(fm__groups_column(g, 1), "year");
  fm__groups_destroy(g);
  static const char *const wrong[] = {" ", "sex, ,year", "sex, "};
  for (size_t i = 0; i < 3; i++) {
    fm_error err = FM_ERROR_INIT;
    ck_assert_int_eq(fm__groups_create(&g, wrong[i], &err), FM_ERR_ARGUMENT);
    ck_assert_ptr_null(g);
  }
}
END_TEST

START_TEST(every_kind_of_key)
{
  static const struct {
    const char *by;
    size_t n;
    const char *first;
  } cases[] = {{"day", 3, "19723"}, {"flag", 2, "0"}, {"big", 2, "-5"}, {"year", 2, "2024"}};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  for (size_t i = 0; i < 4; i++) {
    fm__groups *g = groups_of(cases[i].by);
    uint32_t *map, *order;
    fm_assert_ok(fm__groups_map(g, t, &map, &err), &err);
    fm_assert_ok(fm__groups_order(g, &order, &err), &err);
    ck_assert_msg(fm__groups_count(g) == cases[i].n, "%s: %zu groups", cases[i].by, fm__groups_count(g));
    ck_assert_str_eq(fm__groups_text(g, order[0], 0, NULL), cases[i].first);
    fm__free(map);
    fm__free(order);
    fm__groups_destroy(g);
  }
  fm_table_destroy(t);
}
END_TEST

START_TEST(no_keys_is_one_group)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  fm__groups *g = groups_of(NULL);
  uint32_t *map, *order;
  fm_assert_ok(fm__groups_map(g, t, &map, &err), &err);
  ck_assert_ptr_null(map);
  ck_assert_uint_eq(fm__groups_count(g), 1);
  fm_assert_ok(fm__groups_order(g, &order, &err), &err);
  ck_assert_uint_eq(order[0], 0);
  fm__groups_truncate(g, 0);
  ck_assert_uint_eq(fm__groups_count(g), 1);
  fm__free(order);
  fm__groups_destroy(g);
  fm_table_destroy(t);
}
END_TEST

START_TEST(refusals)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  fm__groups *g = groups_of("sex,nothing");
  uint32_t *map;
  ck_assert_int_eq(fm__groups_map(g, t, &map, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(map);
  fm__groups_destroy(g);
  fm_error_clear(&err);
  g = groups_of("x");
  ck_assert_int_eq(fm__groups_map(g, t, &map, &err), FM_ERR_TYPE);
  ck_assert_str_eq(err.message, "column x is of type f64; groups need text, whole numbers, dates or bools");
  fm__groups_destroy(g);
  fm_error_clear(&err);
  ck_assert_int_eq(fm__groups_create(&g, "sex, year,sex", &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "by: expected each column once, got \"sex\" twice");
  ck_assert_ptr_null(g);
  fm_table_destroy(t);
}
END_TEST

/* Dictionaries that number the same texts otherwise still make the same groups. */
START_TEST(absorbing)
{
  static const char *const column[] = {"k:code"};
  static const char *const first[] = {"a", "b", "c"}, *const second[] = {"d", "c", "", "a"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(column, 1, first, 3), *u = fm_test_table(column, 1, second, 4);
  fm__groups *g = groups_of("k"), *h = groups_of("k");
  uint32_t *map, *ignored;
  fm_assert_ok(fm__groups_map(g, t, &ignored, &err), &err);
  fm__free(ignored);
  fm_assert_ok(fm__groups_map(h, u, &ignored, &err), &err);
  fm__free(ignored);
  fm_assert_ok(fm__groups_absorb(g, h, &map, &err), &err);
  ck_assert(map[0] == 3 && map[1] == 2 && map[2] == 4 && map[3] == 0);
  fm__groups_truncate(g, 3);
  ck_assert_uint_eq(fm__groups_count(g), 3);
  fm__free(map);
  fm_assert_ok(fm__groups_absorb(g, h, &map, &err), &err); /* the forgotten ones come again */
  ck_assert(fm__groups_count(g) == 5 && map[0] == 3);
  fm__free(map);
  fm__groups_destroy(g);
  fm__groups_destroy(h);
  fm_table_destroy(t);
  fm_table_destroy(u);
}
END_TEST

/* More combinations than a look-up table holds. */
START_TEST(many_values)
{
  enum { N = 3000 };
  static const char *const column[] = {"a:i64", "b:i64"};
  static char text[N][16];
  const char **many = calloc(2 * N, sizeof *many);
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < N; i++) {
    snprintf(text[i], sizeof text[i], "%zu", i * 7919 % 2503);
    many[2 * i] = text[i];
    many[2 * i + 1] = text[N - 1 - i];
  }
  for (size_t i = 0; i < N; i++)
    many[2 * i + 1] = text[i];
  fm_table *t = fm_test_table(column, 2, many, N);
  fm__groups *g = groups_of("a,b");
  uint32_t *map;
  fm_assert_ok(fm__groups_map(g, t, &map, &err), &err);
  ck_assert_uint_eq(fm__groups_count(g), 2503);
  for (size_t i = 2503; i < N; i++)
    ck_assert_uint_eq(map[i], map[i - 2503]);
  fm__free(map);
  fm__groups_destroy(g);
  fm_table_destroy(t);
  free(many);
}
END_TEST

static fm_status everything(void *ctx, fm_error *err)
{
  fm__groups *g = NULL, *h = NULL;
  uint32_t *map = NULL, *order = NULL, *other = NULL;
  fm__bytes b = {0};
  fm_status status = fm__groups_create(&g, "sex,big", err);
  if (status == FM_OK)
    status = fm__groups_create(&h, "sex,big", err);
  if (status == FM_OK)
    status = fm__groups_map(g, ctx, &map, err);
  if (status == FM_OK)
    status = fm__groups_order(g, &order, err);
  if (status == FM_OK) {
    fm__groups_save(g, order, &b);
    fm__reader r = {.data = b.data, .size = b.size};
    status = b.failed ? fm__no_memory(err) : fm__groups_load(h, &r, err);
  }
  if (status == FM_OK)
    status = fm__groups_absorb(h, g, &other, err);
  fm__bytes_free(&b);
  fm__free(map);
  fm__free(order);
  fm__free(other);
  fm__groups_destroy(g);
  fm__groups_destroy(h);
  return status;
}

START_TEST(allocations)
{
  fm_table *t = fm_test_table(columns, 6, cells, 5);
  ck_assert_int_gt(fm_test_allocations(everything, t), 20);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("table-groups");
  TCase *t = tcase_create("groups");
  tcase_add_test(t, mapping);
  tcase_add_test(t, renumbering);
  tcase_add_test(t, spaces_between_names);
  tcase_add_test(t, every_kind_of_key);
  tcase_add_test(t, no_keys_is_one_group);
  tcase_add_test(t, refusals);
  tcase_add_test(t, absorbing);
  tcase_add_test(t, many_values);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
