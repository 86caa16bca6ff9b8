/* Groups merged before anything is counted. */
#include "register/frame_data.h"
#include "register/merge_priv.h"

#define PROGRAMME programme, FM_COUNT(programme)

/* A is in cash_benefit and refugee, B in cash_benefit alone: 2 + 1 - 1 = 2 people in both together, and A has one row.
 * Nobody is a refugee alone. */
START_TEST(counted_once)
{
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  s.by = "target_group";
  s.merge = "refugee, cash_benefit";
  expect_frame("a name made", PROGRAMME, &s,
               "person_id,began,weight,target_group\n"
               "A,yes,2,refugee + cash_benefit\nB,yes,1,refugee + cash_benefit\nC,yes,1.5,-\n"
               "E,no,1,other_unemployed\n");
  s.merge = "cash_benefit,other_unemployed=rest";
  expect_frame("a name given", PROGRAMME, &s,
               "person_id,began,weight,target_group\n"
               "A,yes,2,refugee\nA,yes,2,rest\nB,yes,1,rest\nC,yes,1.5,-\nE,no,1,rest\n");
  s.by = "sex,target_group";
  s.merge = "cash_benefit,refugee=cash_benefit;male,female=all";
  s.filter = "target_group = refugee";
  expect_frame("two columns, filtered by the groups before", PROGRAMME, &s,
               "person_id,began,weight,sex,target_group\nA,yes,2,all,cash_benefit\n");
}
END_TEST

/* A word may be of a group that none of these people is in on the day: the data have it. */
START_TEST(absent_today)
{
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  s.by = "target_group";
  s.merge = "fleksjob_granted,other_unemployed=f";
  fm_register *r = register_of(PROGRAMME, false);
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 5);
  expect_note(t, "merged", "f: fleksjob_granted, other_unemployed");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(refused)
{
  static const struct {
    const char *by, *merge;
    fm_status status;
    const char *message;
  } cases[] = {
      {"target_group", "", FM_ERR_FORMAT, "expected two or more groups"},
      {"target_group", "refugee", FM_ERR_FORMAT, "got \"refugee\""},
      {"target_group", "refugee,", FM_ERR_FORMAT, "got \"refugee,\""},
      {"target_group", "refugee,cash_benefit=", FM_ERR_FORMAT, "expected two or more groups"},
      {"target_group", "refugee,cash_benefit=a,b", FM_ERR_FORMAT, "expected two or more groups"},
      {"target_group", "refugee,refugee", FM_ERR_FORMAT, "\"refugee\" is there twice"},
      {"target_group", "a,b=x;c,d=x", FM_ERR_FORMAT, "the name \"x\" is there twice"},
      {"target_group", "refugee,refuge", FM_ERR_NOT_FOUND,
       "no row has the group \"refuge\"; there are cash_benefit, fleksjob_granted, long_term_unemployed, "
       "other_unemployed, refugee"},
      {"target_group", "refugee,cash_benefit=other_unemployed", FM_ERR_ARGUMENT, "another group with the name"},
      {"target_group", "refugee,cash_benefit=x;fleksjob_granted,other_unemployed=refugee", FM_ERR_ARGUMENT,
       "another group with the name \"refugee\""},
      {"person_id", "A,B", FM_ERR_ARGUMENT, "expected a group column of text"},
      {"age", "34,64", FM_ERR_ARGUMENT, "expected a group column of text"},
      {NULL, "refugee,cash_benefit", FM_ERR_ARGUMENT, "expected a group column of text"},
  };
  fm_register *r = register_of(PROGRAMME, false);
  for (int k = 0; k < FM_COUNT(cases); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_frame_spec s = frame_spec("people", 2025, 1, 1);
    fm_table *t;
    s.by = cases[k].by;
    s.merge = cases[k].merge;
    fm_status status = fm_register_frame(&t, r, &s, NULL, &err);
    ck_assert_msg(status == cases[k].status && strstr(err.message, cases[k].message) != NULL, "%s: %s, %s",
                  cases[k].merge, fm_status_name(status), err.message);
    ck_assert_ptr_null(t);
  }
  fm_register_destroy(r);
}
END_TEST

START_TEST(too_many)
{
  fm_register *r = register_of(PROGRAMME, false);
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec s = frame_spec("people", 2025, 1, 1);
  char text[4000] = "";
  size_t used = 0;
  for (int k = 0; k < 300; k++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%sw%d", k > 0 ? "," : "", k);
  fm_table *t;
  s.by = "target_group";
  s.merge = text;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_LIMIT);
  fm_register_destroy(r);
}
END_TEST

/* Two rows of one group stay two; those of a person in both groups are one; other people and incomes are their own. */
static const source bare = {"frame", "person_id,target_group,income\n"
                                     "A,a,1.5\nA,a,1.5\nA,b,1.5\nA,c,1.5\nB,a,\nB,b,\nC,b,2\nC,a,3\n"};

START_TEST(bare_table)
{
  for (int backwards = 0; backwards < 2; backwards++) {
    fm_error err = FM_ERROR_INIT;
    fm_table *t = table_of(&bare, backwards != 0), *out;
    uint8_t *keep;
    const fm_table *words[] = {t, NULL};
    fm__merge_request q = {"a,b=ab", "target_group", words, 2, NULL};
    fm_assert_ok(fm__merge_groups(&out, &keep, t, &q, &err), &err);
    char *got = lines_of(out);
    ck_assert_str_eq(got, "person_id,target_group,income\n"
                          "A,ab,1.5\nA,ab,1.5\nA,c,1.5\nB,ab,-\nC,ab,2\nC,ab,3\n");
    free(got);
    fm__free(keep);
    fm_table_destroy(out);
    fm_table_destroy(t);
  }
}
END_TEST

/* The row that was a person's first is the one that stays. */
START_TEST(first_row)
{
  static const char *const columns[] = {"person_id:code", "g:code", "first_row:bool"};
  static const char *const cells[] = {"A", "b", "0", "A", "a", "1", "B", "c", "1"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 3, cells, 3), *out;
  uint8_t *keep;
  fm__merge_request q = {"a,b", "g", NULL, 0, NULL};
  fm_assert_ok(fm__merge_groups(&out, &keep, t, &q, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 2);
  ck_assert(keep[0] == 0 && keep[1] == 1 && keep[2] == 1);
  fm__free(keep);
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

/* Without ids each row is a unit. */
START_TEST(without_ids)
{
  static const char *const columns[] = {"g:code", "income:f64"}, *const cells[] = {"a", "1", "b", "1"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = fm_test_table(columns, 2, cells, 2), *out;
  uint8_t *keep;
  fm__merge_request q = {"a,b", "g", NULL, 0, NULL};
  fm_assert_ok(fm__merge_groups(&out, &keep, t, &q, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), 2);
  fm__free(keep);
  fm_table_destroy(out);
  fm_table_destroy(t);
}
END_TEST

static fm_status run_merge(void *ctx, fm_error *err)
{
  fm_table *out, *noted;
  uint8_t *keep;
  const fm_table *t = ctx;
  fm__merge_request q = {"a,b=ab", "target_group", NULL, 0, NULL};
  fm_status status = fm__merge_groups(&out, &keep, t, &q, err);
  if (status == FM_OK)
    status = fm__merge_note(&noted, t, q.merge, err);
  if (status == FM_OK)
    fm_table_destroy(noted);
  fm__free(keep);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  fm_table *t = table_of(&bare, false);
  ck_assert_int_gt(fm_test_allocations(run_merge, t), 10);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-merge");
  TCase *t = tcase_create("merge");
  tcase_add_test(t, counted_once);
  tcase_add_test(t, absent_today);
  tcase_add_test(t, refused);
  tcase_add_test(t, too_many);
  tcase_add_test(t, bare_table);
  tcase_add_test(t, first_row);
  tcase_add_test(t, without_ids);
  tcase_add_test(t, allocations);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
