#include "support/support.h"

#include <stdio.h>
#include <string.h>

#include "tally/people_priv.h"

START_TEST(each_once_per_group)
{
  fm__people p = {0};
  char id[16];
  for (int i = 0; i < 10000; i++) {
    size_t n = (size_t)snprintf(id, sizeof id, "p%d", i % 3000);
    ck_assert(fm__people_add(&p, (uint32_t)(i % 2), fm__hash(id, n), i % 3000 == 7 ? 2 : 1));
  }
  ck_assert_uint_eq(p.n, 3000); /* 3000 is even: each person always falls in the same group */
  fm__people_add(&p, 1, fm__hash("p0", 2), 0);
  ck_assert_uint_eq(p.n, 3001);
  fm__people_free(&p);
}
END_TEST

START_TEST(a_number_and_its_text_are_one_person)
{
  static const char *const as_text[] = {"id:code"}, *const as_number[] = {"id:i64"}, *const short_number[] = {"id:i32"};
  static const char *const cells[] = {"12", "-7"};
  fm_error err = FM_ERROR_INIT;
  fm__ids a, b, c;
  fm_table *t = fm_test_table(as_text, 1, cells, 2), *u = fm_test_table(as_number, 1, cells, 2);
  fm_table *v = fm_test_table(short_number, 1, cells, 2);
  fm_assert_ok(fm__ids_open(&a, t, "id", &err), &err);
  fm_assert_ok(fm__ids_open(&b, u, "id", &err), &err);
  fm_assert_ok(fm__ids_open(&c, v, "id", &err), &err);
  for (size_t i = 0; i < 2; i++) {
    ck_assert(fm__ids_at(&a, i).low == fm__ids_at(&b, i).low);
    ck_assert(fm__ids_at(&a, i).high == fm__ids_at(&c, i).high);
  }
  fm__ids_close(&a);
  fm__ids_close(&b);
  fm__ids_close(&c);
  fm_table_destroy(t);
  fm_table_destroy(u);
  fm_table_destroy(v);
}
END_TEST

START_TEST(ids_are_checked)
{
  static const char *const real[] = {"id:f64"}, *const text[] = {"id:code"}, *const cells[] = {"1", ""};
  fm_error err = FM_ERROR_INIT;
  fm__ids ids;
  fm_table *t = fm_test_table(real, 1, cells, 1);
  ck_assert_int_eq(fm__ids_open(&ids, t, "id", &err), FM_ERR_TYPE);
  fm_table_destroy(t);
  fm_error_clear(&err);
  t = fm_test_table(text, 1, cells, 2);
  ck_assert_int_eq(fm__ids_open(&ids, t, "id", &err), FM_ERR_VALUE);
  ck_assert_int_eq(err.row, 1);
  ck_assert_int_eq(fm__ids_open(&ids, t, "other", NULL), FM_ERR_NOT_FOUND);
  fm_table_destroy(t);
}
END_TEST

START_TEST(damaged_bytes)
{
  static const struct {
    uint64_t n;
    uint32_t group;
    size_t copies;
  } cases[] = {{5, 0, 1}, {1, 9, 1}, {2, 0, 2}, {UINT64_MAX, 0, 1}};
  fm__bytes b = {0};
  fm__bytes_u64(&b, cases[_i].n);
  for (size_t i = 0; i < cases[_i].copies; i++) {
    fm__bytes_u32(&b, cases[_i].group);
    fm__bytes_u32(&b, 0);
    fm__bytes_u64(&b, 1);
    fm__bytes_u64(&b, 2);
  }
  fm__people p = {0};
  fm__reader r = {.data = b.data, .size = b.size};
  ck_assert_int_eq(fm__people_load(&p, 3, &r, NULL), FM_ERR_FORMAT);
  fm__people_free(&p);
  fm__bytes_free(&b);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("tally-people");
  TCase *t = tcase_create("people");
  tcase_add_test(t, each_once_per_group);
  tcase_add_test(t, a_number_and_its_text_are_one_person);
  tcase_add_test(t, ids_are_checked);
  tcase_add_loop_test(t, damaged_bytes, 0, 4);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
