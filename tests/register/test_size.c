/* A register of 100 000 people from memory: right, and not slow by a power of the size. */
#include <string.h>
#include <time.h>

#include "register/register_priv.h"
#include "support/support.h"

enum { PEOPLE = 100000, SPELLS = 5 * PEOPLE };

static int32_t start_of(size_t i)
{
  return 15000 + (int32_t)(i / PEOPLE) * 200;
}

static fm_table *persons(int64_t *ids)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_table_create(&t, "persons", &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "person_id", ids, NULL, PEOPLE, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

/* Row i is of person i * 7919 mod n, so that the rows of a person lie far apart. */
static fm_table *spells(int64_t *ids, int32_t *starts, int32_t *ends, int32_t *codes)
{
  static const int64_t offsets[] = {0, 10, 22, 28};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (size_t i = 0; i < SPELLS; i++) {
    ids[i] = (int64_t)(i * 7919 % PEOPLE) + 1000000;
    starts[i] = start_of(i);
    ends[i] = start_of(i) + 100;
    codes[i] = (int32_t)(i % 3);
  }
  fm_assert_ok(fm_table_create(&t, "spells", &err), &err);
  fm_assert_ok(fm_table_add_i64(t, "person_id", ids, NULL, SPELLS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "start", starts, NULL, SPELLS, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_add_date(t, "end", ends, NULL, SPELLS, NULL, NULL, &err), &err);
  fm_assert_ok(
      fm_table_add_code(t, "state", codes, NULL, SPELLS, offsets, "employmentcash_benefitschool", 3, NULL, NULL, &err),
      &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  return t;
}

START_TEST(test_size)
{
  int64_t *people = malloc(PEOPLE * sizeof *people), *ids = malloc(SPELLS * sizeof *ids);
  int32_t *numbers = malloc(3 * SPELLS * sizeof *numbers);
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  uint32_t *first, *rows;
  for (size_t i = 0; i < PEOPLE; i++)
    people[i] = (int64_t)i + 1000000;
  const fm_table *tables[] = {persons(people), spells(ids, numbers, numbers + SPELLS, numbers + 2 * SPELLS)};
  clock_t begun = clock();
  fm_assert_ok(fm_register_from_tables(&r, &problems, tables, 2, NULL, NULL, &err), &err);
  double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
  ck_assert_msg(seconds < 20, "%g seconds", seconds);
  ck_assert_uint_eq(fm_table_n_rows(problems), 0);
  for (size_t i = 0; i < SPELLS; i++)
    ck_assert_uint_eq(r->part[FM__SPELLS].person[i], i * 7919 % PEOPLE);
  fm_assert_ok(fm__rows_by_person(&first, &rows, r, FM__SPELLS, &err), &err);
  for (size_t p = 0; p < PEOPLE; p++) {
    ck_assert_uint_eq(first[p], 5 * p);
    for (size_t k = 0; k < 5; k++)
      ck_assert_int_eq(fm__register_days(r, FM__SPELLS, rows[5 * p + k]).first, 15000 + (int32_t)k * 200);
  }
  ck_assert_int_eq(fm_register_data_end(r), 15000 + 4 * 200 + 101);
  fm__free(first);
  fm__free(rows);
  fm_table_destroy(problems);
  fm_register_destroy(r);
  for (size_t k = 0; k < 2; k++)
    fm_table_destroy((fm_table *)(uintptr_t)tables[k]);
  free(people);
  free(ids);
  free(numbers);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-size");
  TCase *tc = tcase_create("size");
  tcase_add_test(tc, test_size);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
