/* Household rules: scales, totals, ages, policies, and the table that comes out. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "flexmetrics/income_household.h"

static const char *const columns[] = {"household_id:code", "age:i32", "income:f64", "weight:f64"};
enum { N_COLUMNS = 4 };

/* One row a person, rows separated by ";": household, age, income, weight; "-" is missing. */
static fm_table *people_of(const char *text)
{
  static char copy[1024];
  const char *cells[128];
  size_t n = 0;
  ck_assert_uint_lt(strlen(text), sizeof copy);
  strcpy(copy, text);
  for (char *cell = strtok(copy, " ;"); cell != NULL; cell = strtok(NULL, " ;"))
    cells[n++] = strcmp(cell, "-") == 0 ? "" : cell;
  ck_assert_uint_eq(n % N_COLUMNS, 0);
  return fm_test_table(columns, N_COLUMNS, cells, n / N_COLUMNS);
}

static fm_income_household_spec spec_of(int32_t scale)
{
  fm_income_household_spec spec;
  fm_income_household_spec_init(&spec, sizeof spec);
  spec.scale = scale;
  return spec;
}

static fm_table *compute(const char *people, const fm_income_household_spec *spec)
{
  fm_table *in = people_of(people), *out;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_household(&out, in, spec, NULL, &err), &err);
  fm_table_destroy(in);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_check(out, &err), &err);
  return out;
}

/* a: two adults and two children of 13 and 5, 400 + 100; b: one person of 14. */
static const char family[] = "a 40 400 1;b 14 90 2;a 38 100 1;a 13 0 1;a 5 0 1";

static const struct scale {
  const char *label;
  int32_t scale;
  double a, b;
} scales[] = {
    {"OECD-modified: 1 + 0.5 + 0.3 + 0.3", FM_INCOME_SCALE_OECD_MODIFIED, 2.1, 1},
    {"per head", FM_INCOME_SCALE_PER_HEAD, 4, 1},
    {"square root", FM_INCOME_SCALE_SQUARE_ROOT, 2, 1},
};

START_TEST(by_hand)
{
  const struct scale *s = &scales[_i];
  fm_income_household_spec spec = spec_of(s->scale);
  fm_table *out = compute(family, &spec);
  static const size_t of_a[] = {0, 2, 3, 4};
  for (int i = 0; i < FM_COUNT(of_a); i++) {
    fm_assert_close(s->label, fm_test_number(out, "household_size", of_a[i]), 4, 0, 0);
    fm_assert_close(s->label, fm_test_number(out, "equivalence_scale", of_a[i]), s->a, 0, 0);
    fm_assert_close(s->label, fm_test_number(out, "household_income", of_a[i]), 500, 0, 0);
    fm_assert_close(s->label, fm_test_number(out, "equivalised_income", of_a[i]), 500 / s->a, 0, 0);
  }
  fm_assert_close(s->label, fm_test_number(out, "equivalised_income", 1), 90 / s->b, 0, 0);
  ck_assert_str_eq(fm_test_text(out, "household_id", 2), "a"); /* the rows as they were */
  fm_assert_close("age", fm_test_number(out, "age", 3), 13, 0, 0);
  ck_assert_str_eq(fm_table_note(out, "persons"), "5");
  ck_assert_str_eq(fm_table_note(out, "households"), "2");
  fm_table_destroy(out);
}
END_TEST

static const struct members {
  const char *label, *people;
  double scale;
} members[] = {
    {"one person", "a 30 1 1", 1},
    {"three adults: 1 + 2 x 0.5", "a 30 1 1;a 31 1 1;a 90 1 1", 2},
    {"at 14 one is an adult", "a 30 1 1;a 14 1 1", 1.5},
    {"children alone: the first counts 1", "a 13 1 1;a 3 1 1;a 0 1 1", 1.6},
    {"whole numbers of tenths: 1 + 6 x 0.3", "a 30 1 1;a 1 1 1;a 1 1 1;a 1 1 1;a 1 1 1;a 1 1 1;a 1 1 1", 2.8},
};

START_TEST(oecd_modified)
{
  fm_table *out = compute(members[_i].people, NULL);
  for (size_t i = 0; i < fm_table_n_rows(out); i++)
    fm_assert_close(members[_i].label, fm_test_number(out, "equivalence_scale", i), members[_i].scale, 0, 0);
  fm_table_destroy(out);
}
END_TEST

/* What a policy makes of the first household's income, and its count in the notes. */
static const struct policy {
  const char *label, *people;
  int32_t total, missing, negative, zero;
  double income; /* NAN: missing */
  const char *note, *count;
} policies[] = {
    {"a member's income is missing", "a 30 100 1;a 31 - 1", 0, 0, 0, 0, NAN, "missing_incomes", "1"},
    {"the household is unknown then", "a 30 100 1;a 31 - 1", 0, 0, 0, 0, NAN, "unknown_households", "1"},
    {"a member without income", "a 30 100 1;a 31 - 1", 0, FM_INCOME_MEMBER_ZERO, 0, 0, 100, "missing_incomes", "1"},
    {"nobody has one", "a 30 - 1;a 31 - 1", 0, FM_INCOME_MEMBER_ZERO, 0, FM_INCOME_ZERO_DROP, NAN, "zero_households",
     "1"},
    {"totals as given", "a 30 100 1;a 31 100 1", FM_INCOME_TOTAL_GIVEN, 0, 0, 0, 100, "missing_incomes", "0"},
    {"no total", "a 30 - 1;a 31 - 1", FM_INCOME_TOTAL_GIVEN, 0, 0, 0, NAN, "missing_incomes", "2"},
    {"no total is none", "a 30 - 1;a 31 - 1", FM_INCOME_TOTAL_GIVEN, FM_INCOME_MEMBER_ZERO, 0, 0, 0, "zero_households",
     "1"},
    {"one member's loss", "a 30 100 1;a 31 -40 1", 0, 0, FM_INCOME_NEGATIVE_ERROR, 0, 60, "negative_households", "0"},
    {"a loss is kept", "a 30 10 1;a 31 -40 1", 0, 0, 0, 0, -30, "negative_households", "1"},
    {"a loss is left out", "a 30 10 1;a 31 -40 1", 0, 0, FM_INCOME_NEGATIVE_DROP, 0, NAN, "negative_households", "1"},
    {"a loss is nothing", "a 30 10 1;a 31 -40 1", 0, 0, FM_INCOME_NEGATIVE_ZERO, 0, 0, "negative_households", "1"},
    {"0 is kept", "a 30 40 1;a 31 -40 1", 0, 0, 0, 0, 0, "zero_households", "1"},
    {"0 is left out", "a 30 0 1", 0, 0, 0, FM_INCOME_ZERO_DROP, NAN, "zero_households", "1"},
    {"tenths add exactly", "a 30 1e17 1;a 31 0.5 1;a 32 -1e17 1", 0, 0, 0, 0, 0.5, "negative_households", "0"},
};

START_TEST(by_policy)
{
  const struct policy *p = &policies[_i];
  fm_income_household_spec spec = spec_of(FM_INCOME_SCALE_PER_HEAD);
  spec.total = p->total;
  spec.missing = p->missing;
  spec.negative = p->negative;
  spec.zero = p->zero;
  fm_table *out = compute(p->people, &spec);
  double n = (double)fm_table_n_rows(out);
  for (size_t i = 0; i < fm_table_n_rows(out); i++) {
    fm_assert_close(p->label, fm_test_number(out, "household_income", i), p->income, 0, 0);
    fm_assert_close(p->label, fm_test_number(out, "equivalised_income", i), p->income / n, 0, 0);
  }
  ck_assert_msg(strcmp(fm_table_note(out, p->note), p->count) == 0, "%s: %s %s", p->label, p->note,
                fm_table_note(out, p->note));
  fm_table_destroy(out);
}
END_TEST

START_TEST(ages_and_weights)
{
  fm_income_household_spec spec = spec_of(FM_INCOME_SCALE_OECD_MODIFIED);
  spec.missing_age = FM_INCOME_AGE_ADULT;
  spec.weight = "weight";
  fm_table *out = compute("a 30 100 2;a - - 2;b - 10 0.5", &spec);
  fm_assert_close("two adults", fm_test_number(out, "equivalence_scale", 0), 1.5, 0, 0);
  ck_assert_str_eq(fm_table_note(out, "missing_ages"), "2");
  ck_assert_str_eq(fm_table_note(out, "weight_persons"), "4.5");
  ck_assert_str_eq(fm_table_note(out, "weight_with_income"), "0.5");
  fm_table_destroy(out);
}
END_TEST

static const struct bad {
  const char *label, *people;
  fm_status status;
  int64_t row;
  const char *message;
  fm_income_household_spec spec;
} bad[] = {
    {"no household", "a 1 1 1;- 1 1 1", FM_ERR_VALUE, 1, "household_id, row 1: expected a household", {0}},
    {"no age", "a 1 1 1;b - 1 1", FM_ERR_VALUE, 1, "age, row 1: expected an age", {0}},
    {"an age below 0", "a -1 1 1", FM_ERR_VALUE, 0, "a finite age of at least 0", {0}},
    {"an infinite income", "a 1 inf 1", FM_ERR_VALUE, 0, "a finite income", {0}},
    {"a sum beyond range", "a 1 1e308 1;a 1 1e308 1", FM_ERR_VALUE, 0, "incomes with a finite sum", {0}},
    {"a negative weight", "a 1 1 -1", FM_ERR_VALUE, 0, "a finite weight of at least 0", {.weight = "weight"}},
    {"no weight", "a 1 1 1;a 1 1 -", FM_ERR_VALUE, 1, "a finite weight", {.weight = "weight"}},
    {"two totals",
     "a 1 10 1;b 1 7 1;a 1 11 1",
     FM_ERR_VALUE,
     2,
     "the same for all its members",
     {.total = FM_INCOME_TOTAL_GIVEN}},
    {"a total and none", "a 1 10 1;a 1 - 1", FM_ERR_VALUE, 1, "the same for all", {.total = FM_INCOME_TOTAL_GIVEN}},
    {"no income", "a 1 - 1", FM_ERR_VALUE, 0, "an income", {.missing = FM_INCOME_MEMBER_ERROR}},
    {"no total",
     "a 1 - 1",
     FM_ERR_VALUE,
     0,
     "an income",
     {.missing = FM_INCOME_MEMBER_ERROR, .total = FM_INCOME_TOTAL_GIVEN}},
    {"a loss", "a 1 -1 1", FM_ERR_VALUE, 0, "at least 0", {.negative = FM_INCOME_NEGATIVE_ERROR}},
    {"nothing", "a 1 0 1", FM_ERR_VALUE, 0, "other than 0", {.zero = FM_INCOME_ZERO_ERROR}},
    {"no such column", "a 1 1 1", FM_ERR_NOT_FOUND, -1, "wage", {.income = "wage"}},
    {"text for numbers", "a 1 1 1", FM_ERR_TYPE, -1, "expected numbers", {.income = "household_id"}},
    {"scale", "a 1 1 1", FM_ERR_ARGUMENT, -1, "scale", {.scale = 3}},
    {"total", "a 1 1 1", FM_ERR_ARGUMENT, -1, "total", {.total = -1}},
    {"missing age", "a 1 1 1", FM_ERR_ARGUMENT, -1, "missing_age", {.missing_age = 2}},
    {"adult age", "a 1 1 1", FM_ERR_ARGUMENT, -1, "adult_age", {.adult_age = -1}},
};

START_TEST(refused)
{
  const struct bad *b = &bad[_i];
  fm_income_household_spec spec = spec_of(b->spec.scale);
  spec.weight = b->spec.weight;
  spec.total = b->spec.total;
  spec.missing = b->spec.missing;
  spec.negative = b->spec.negative;
  spec.zero = b->spec.zero;
  spec.missing_age = b->spec.missing_age;
  spec.income = b->spec.income != NULL ? b->spec.income : spec.income;
  spec.adult_age = b->spec.adult_age != 0 ? b->spec.adult_age : spec.adult_age;
  fm_table *in = people_of(b->people), *out;
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_income_household(&out, in, &spec, NULL, &err);
  ck_assert_msg(status == b->status, "%s: %s, %s", b->label, fm_status_name(status), err.message);
  ck_assert_msg(err.row == b->row, "%s: row %lld", b->label, (long long)err.row);
  ck_assert_msg(strstr(err.message, b->message) != NULL, "%s: %s", b->label, err.message);
  ck_assert_ptr_null(out);
  fm_table_destroy(in);
}
END_TEST

START_TEST(taken_name)
{
  fm_table *in = people_of("a 1 1 1"), *out, *again;
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_income_household(&out, in, NULL, NULL, &err), &err);
  fm_table_destroy(in); /* the new table holds what it shares */
  ck_assert_int_eq(fm_income_household(&again, out, NULL, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(again);
  fm_table_destroy(out);
  in = people_of("");
  fm_assert_ok(fm_income_household(&out, in, NULL, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 0);
  fm_table_destroy(in);
  fm_table_destroy(out);
}
END_TEST

/* The same household's figures whatever the order of its members and of the table. */
START_TEST(any_order)
{
  static const char *const orders[] = {"a 40 0.1 1;a 9 0.2 1;b 20 5 1;a 30 0.3 1;b 21 -1 1",
                                       "b 21 -1 1;a 30 0.3 1;a 9 0.2 1;b 20 5 1;a 40 0.1 1"};
  double a[2], b[2];
  for (int k = 0; k < 2; k++) {
    fm_table *out = compute(orders[k], NULL);
    for (size_t i = 0; i < fm_table_n_rows(out); i++)
      *(fm_test_text(out, "household_id", i)[0] == 'a' ? &a[k] : &b[k]) = fm_test_number(out, "equivalised_income", i);
    fm_table_destroy(out);
  }
  ck_assert(a[0] == a[1] && b[0] == b[1]);
}
END_TEST

static fm_status once(void *ctx, fm_error *err)
{
  fm_table *out;
  fm_income_household_spec spec = spec_of(FM_INCOME_SCALE_OECD_MODIFIED);
  spec.weight = "weight";
  fm_status status = fm_income_household(&out, ctx, &spec, NULL, err);
  ck_assert((status == FM_OK) == (out != NULL));
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  fm_table *in = people_of("a 30 100 2;a 31 - 2;b 30 10 0.5");
  ck_assert_int_gt(fm_test_allocations(once, in), 15);
  fm_table_destroy(in);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("income-household");
  TCase *t = tcase_create("household");
  tcase_add_loop_test(t, by_hand, 0, FM_COUNT(scales));
  tcase_add_loop_test(t, oecd_modified, 0, FM_COUNT(members));
  tcase_add_loop_test(t, by_policy, 0, FM_COUNT(policies));
  tcase_add_test(t, ages_and_weights);
  tcase_add_loop_test(t, refused, 0, FM_COUNT(bad));
  tcase_add_test(t, taken_name);
  tcase_add_test(t, any_order);
  tcase_add_test(t, allocations);
  suite_add_tcase(s, t);
  return fm_test_main(s);
}
