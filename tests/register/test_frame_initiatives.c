/* Initiatives by hand, as of 1 July 2024; tests/register/initiative_data.h has the tables. */
#include "register/initiative_data.h"

/* A was unemployed from 1 January 2023 to 29 February 2024: on 1 February, when A joined I, for 365 + 32 = 397 days, so
 * within the rule; on 30 June not. A's job at E1 began on 1 March, when E1 was a member, and goes on on 1 June. B, on
 * benefit for 213 days, joined twice, left once, and has a job that is not I's. C is on benefit for 182 days at least,
 * longer is not known; D's days go back to 1 May 2022. F took no. G was an intern through I and nothing else. H began
 * three jobs through I, the first without an employer, one at E1 before E1 was a member, one at E3 after it was; on 15
 * April H was out of work. E's job is of 1 July, J's days are all later, K is not observed any more. L has not begun; N
 * has no rule; nobody meets Z's. E1 is a member twice over and counts once, E2 from August. */
static const char head[] =
    "initiative_id,person_id,begun,eligible,joined_eligible,reached,referred,invited,contacted,joined,left,placed,"
    "placed_otherwise,members,placement_id,employer_id,work,member,sector,sme,horizon_months,retained,in_rate\n";
static const char rows[] = "I,A,-,-,-,-,-,-,-,-,-,-,-,-,1,E1,-,-,private,yes,3,yes,yes\n"
                           "I,A,yes,no,yes,yes,yes,no,yes,yes,no,yes,no,2,1,E1,yes,yes,private,yes,-,-,-\n"
                           "I,B,yes,no,no,yes,no,yes,no,yes,no,no,yes,2,-,-,-,-,unknown,-,-,-,-\n"
                           "I,C,yes,-,-,no,no,no,no,no,no,no,-,2,-,-,-,-,unknown,-,-,-,-\n"
                           "I,D,yes,yes,-,no,no,no,no,no,no,no,-,2,-,-,-,-,unknown,-,-,-,-\n"
                           "I,F,yes,no,-,yes,no,no,no,no,no,no,-,2,-,-,-,-,unknown,-,-,-,-\n"
                           "I,G,yes,no,-,no,no,no,no,no,no,no,-,2,3,E2,no,no,public,no,-,-,-\n"
                           "I,H,-,-,-,-,-,-,-,-,-,-,-,-,4,-,-,-,unknown,-,3,no,yes\n"
                           "I,H,yes,no,no,yes,yes,no,yes,yes,yes,yes,no,2,4,-,yes,-,unknown,-,-,-,-\n"
                           "I,H,yes,no,no,yes,yes,no,yes,yes,yes,yes,no,2,5,E1,yes,no,private,yes,-,-,-\n"
                           "I,H,yes,no,no,yes,yes,no,yes,yes,yes,yes,no,2,6,E3,yes,no,private,-,-,-,-\n"
                           "L,-,no,-,-,-,-,-,-,-,-,-,-,0,-,-,-,-,unknown,-,-,-,-\n"
                           "N,-,yes,-,-,no,no,no,no,no,no,no,-,0,-,-,-,-,unknown,-,-,-,-\n"
                           "Z,-,yes,no,-,no,no,no,no,no,no,no,-,0,-,-,-,-,unknown,-,-,-,-\n";

static fm_frame_spec spec_of(void)
{
  fm_frame_spec s = frame_spec("initiatives", 2024, 7, 1);
  s.horizons = "3";
  return s;
}

START_TEST(by_hand)
{
  char expected[4000];
  fm_frame_spec s = spec_of();
  snprintf(expected, sizeof expected, "%s%s", head, rows);
  expect_frame("initiatives", BY_HAND, &s, expected);
  fm_register *r = register_of(BY_HAND, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "definition", "continuous");
  expect_note(t, "eligible_on", "last");
  expect_note(t, "rows_without_days", "1");
  expect_note(t, "rows_of_initiatives_not_begun", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

static int eligible_of(const char *person, const fm_frame_spec *s, const source *sources, size_t n)
{
  fm_register *r = register_of(sources, n, false);
  fm_table *t = frame_of(r, s);
  size_t column = (size_t)fm_table_column_index(t, "eligible"), who = (size_t)fm_table_column_index(t, "person_id");
  int out = 3; /* no row */
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    if (!fm_table_is_null(t, who, i) && !fm_table_is_null(t, 2, i) && strcmp(fm_table_text(t, 0, i, NULL), "I") == 0 &&
        strcmp(fm_table_text(t, who, i, NULL), person) == 0)
      out = fm_table_is_null(t, column, i) ? 2 : fm_table_bool(t, column)[i];
  fm_table_destroy(t);
  fm_register_destroy(r);
  return out;
}

/* On 1 January A had been unemployed for 366 days, D since 1 May 2022, K for two years. */
START_TEST(on_the_first_day)
{
  fm_frame_spec s = spec_of();
  s.eligible_on = "start";
  ck_assert_int_eq(eligible_of("A", &s, BY_HAND), 1);
  ck_assert_int_eq(eligible_of("B", &s, BY_HAND), 0);
  ck_assert_int_eq(eligible_of("C", &s, BY_HAND), 2);
  ck_assert_int_eq(eligible_of("D", &s, BY_HAND), 1);
  ck_assert_int_eq(eligible_of("E", &s, BY_HAND), 3);
  ck_assert_int_eq(eligible_of("K", &s, BY_HAND), 1);
}
END_TEST

/* By the persons' own column D alone is told; the others may or may not have been unemployed. */
START_TEST(by_the_day_since)
{
  fm_frame_spec s = spec_of();
  s.definitions = "unemployed_since";
  ck_assert_int_eq(eligible_of("D", &s, BY_HAND), 1);
  ck_assert_int_eq(eligible_of("A", &s, BY_HAND), 2);
  s.as_of = fm_date_from_ymd(2023, 1, 1); /* I has not begun */
  ck_assert_int_eq(eligible_of("D", &s, BY_HAND), 3);
}
END_TEST

/* Two runs of 200 days with a pause of 20: 420 days in all on 30 June when the pause is bridged, 200 when not. With 5
 * paid hours a week over the pause, 20 / 7 * 5 = 14.3, it is not bridged; with hours not told nobody knows. */
static const source pauses[] = {
    {"persons", "person_id\nP\nQ\nR\nS\n"},
    {"spells",
     "person_id,state,start,end,hours_per_week\n"
     "P,cash_benefit,2023-05-08,2023-11-23,\nP,cash_benefit,2023-12-14,,\n"
     "Q,cash_benefit,2023-05-08,2023-11-23,\nQ,employment,2023-11-24,2023-12-13,5\nQ,cash_benefit,2023-12-14,,\n"
     "R,cash_benefit,2023-05-08,2023-11-23,\nR,employment,2023-11-24,2023-12-13,\nR,cash_benefit,2023-12-14,,\n"
     "S,cash_benefit,2023-05-08,2023-11-23,\nS,cash_benefit,2023-12-24,,\n"},
    {"initiatives", "initiative_id,start,eligibility\nI,2024-01-01,unemployed_days >= 365\n"},
};

START_TEST(bridged)
{
  static const struct {
    const char *person;
    int on_end, denmark;
  } cases[] = {{"P", 3, 1}, {"Q", 3, 3}, {"R", 3, 2}, {"S", 3, 3}};
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_frame_spec s = spec_of();
    ck_assert_int_eq(eligible_of(cases[i].person, &s, pauses, FM_COUNT(pauses)), cases[i].on_end);
    s.definitions = "statistics_denmark";
    ck_assert_int_eq(eligible_of(cases[i].person, &s, pauses, FM_COUNT(pauses)), cases[i].denmark);
  }
}
END_TEST

/* Whatever rule a register cannot answer is told, never taken as met or not. */
START_TEST(not_told)
{
  static const source bare[] = {{"persons", "person_id,sex\nA,f\nB,m\n"},
                                {"initiatives", "initiative_id,start,eligibility\n"
                                                "I,2024-01-01,unemployed_days >= 365\nJ,2024-01-01,sex = female\n"}};
  fm_frame_spec s = spec_of();
  fm_register *r = register_of(bare, FM_COUNT(bare), false);
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 2);
  expect_note(t, "rules_not_readable", "1");
  size_t k = fm_test_row(t, "initiative_id", "J", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(t, "person_id", k), "A");
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "reached"), k)); /* no participants, no placements */
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "placed"), k));
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "members"), k));
  k = fm_test_row(t, "initiative_id", "I", NULL, NULL, NULL, NULL);
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "eligible"), k));
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* Placements that name no initiative do not tell whether a job was through one: not known, never no. */
START_TEST(no_links)
{
  static const source bare[] = {{"persons", "person_id\nA\n"},
                                {"initiatives", "initiative_id,start\nI,2024-01-01\n"},
                                {"participants", "initiative_id,person_id,joined_on\nI,A,2024-02-01\n"},
                                {"placements", "placement_id,person_id,kind,start\n1,A,ordinary,2024-03-01\n"}};
  fm_frame_spec s = spec_of();
  fm_register *r = register_of(bare, FM_COUNT(bare), false);
  fm_table *t = frame_of(r, &s);
  size_t k = fm_test_row(t, "initiative_id", "I", NULL, NULL, NULL, NULL);
  ck_assert_str_eq(fm_test_text(t, "person_id", k), "A");
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "placed"), k));
  ck_assert(fm_table_is_null(t, (size_t)fm_table_column_index(t, "placed_otherwise"), k));
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const source no_such[] = {{"persons", "person_id\nA\n"},
                                   {"initiatives", "initiative_id,start,eligibility\nI,2024-01-01,shoe_size >= 40\n"}};
  static const struct {
    const char *definitions, *on, *start, *message;
  } cases[] = {{"weekly", NULL, NULL, "no way \"weekly\" of counting days of unemployment"},
               {NULL, "today", NULL, "eligible_on is \"today\", it must be last or start"},
               {"continuous", NULL, "work", "a rule and clock of its own"}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(BY_HAND, false), *other = register_of(no_such, 2, false);
  fm_register *alone = register_of(no_such, 1, false);
  fm_table *t = NULL;
  for (int i = 0; i < FM_COUNT(cases); i++) {
    fm_frame_spec s = spec_of();
    s.definitions = cases[i].definitions;
    s.eligible_on = cases[i].on;
    s.start = cases[i].start;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, cases[i].message) != NULL, "%s", err.message);
    fm_error_clear(&err);
  }
  fm_frame_spec s = spec_of();
  ck_assert_int_eq(fm_register_frame(&t, other, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_msg(strstr(err.message, "shoe_size") != NULL, "%s", err.message);
  ck_assert_str_eq(err.table, "initiatives");
  ck_assert_int_eq(err.row, 0);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_register_frame(&t, alone, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_msg(strstr(err.message, "needs the table initiatives") != NULL, "%s", err.message);
  fm_error_clear(&err);
  s.states = "nonsense";
  ck_assert_int_ne(fm_register_frame(&t, r, &s, NULL, &err), FM_OK);
  fm_error_clear(&err);
  s = frame_spec("people", 2024, 7, 1);
  s.eligible_on = "start";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "eligible_on belongs to a frame of initiatives"));
  ck_assert_ptr_null(t);
  fm_register_destroy(r);
  fm_register_destroy(other);
  fm_register_destroy(alone);
}
END_TEST

/* A participant whom persons do not have is an error of the register; left out, nothing of it is counted. */
START_TEST(unknown_person)
{
  static const source some[] = {{"persons", "person_id\nA\n"},
                                {"initiatives", "initiative_id,start\nI,2024-01-01\n"},
                                {"participants", "initiative_id,person_id,joined_on,left_on\n"
                                                 "I,A,2024-02-01,2024-03-01\nI,nobody,2024-02-01,\n"
                                                 "I,A,2024-05-01,2024-04-01\n"}};
  fm_frame_spec s = spec_of();
  fm_register *r = register_of(some, FM_COUNT(some), false); /* bad rows are left out */
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 1);
  ck_assert(fm_table_bool(t, (size_t)fm_table_column_index(t, "left"))[0] != 0); /* left before joined is no row */
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(participants)
{
  fm_frame_spec s = frame_spec("participants", 2024, 7, 1);
  expect_frame("participants", BY_HAND, &s,
               "initiative_id,person_id,applied,decision,decisions_given\n"
               "I,A,no,accepted,yes\nI,B,no,-,yes\nI,B,no,accepted,yes\nI,F,yes,declined,yes\nI,H,yes,accepted,yes\n"
               "L,J,yes,rejected,yes\n");
  fm_register *r = register_of(BY_HAND, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = spec_of();
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

static fm_status make_participants(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("participants", 2024, 7, 1);
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(BY_HAND, false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 60);
  ck_assert_int_gt(fm_test_allocations(make_participants, r), 10);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_initiatives");
  TCase *t = tcase_create("initiatives");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, on_the_first_day);
  tcase_add_test(t, by_the_day_since);
  tcase_add_test(t, bridged);
  tcase_add_test(t, not_told);
  tcase_add_test(t, no_links);
  tcase_add_test(t, wrong);
  tcase_add_test(t, unknown_person);
  tcase_add_test(t, participants);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
