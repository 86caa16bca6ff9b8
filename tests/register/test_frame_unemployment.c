/* Frames of unemployment: three definitions by hand, days not observed, what is refused. */
#include "register/frame_data.h"

/* As of 1 January 2025; the year before has 366 days, 80 per cent of which are 292.8, and 52 weeks are 364.
 * A: the whole year and more: yes to all. B: 21 days away from 5 August (3 weeks of 3 hours: 9 hours), since November
 * 2023: bridged under the first, not under the second; 366 - 21 = 345 days under the third. C: the same with 4 hours,
 * 12 in all: not bridged. D: the same, hours not told: not known under the first. E: unemployed to 30 November 2024,
 * 335 of 366 days, then in work: only under the third. F: since 1 June 2024: no. G: as F, but observed from then on:
 * before that nothing is known. H is no longer observed. I: a subsidised job in the pause is no ordinary work. */
static const source lives[] = {
    {"persons",
     "person_id,observed_from,observed_to\nA,,\nB,,\nC,,\nD,,\nE,,\nF,,\nG,2024-06-01,\nH,,2024-11-30\nI,,\n"},
    {"placements", "placement_id,person_id,kind,start,end,hours_per_week\n"
                   "1,B,ordinary,2024-08-05,2024-08-25,3\n"
                   "2,C,ordinary,2024-08-05,2024-08-25,4\n"
                   "3,D,ordinary,2024-08-05,2024-08-25,\n"
                   "4,I,wage_subsidy,2024-08-05,2024-08-25,37\n"},
    {"spells", "person_id,start,end,state,hours_per_week\n"
               "A,2023-05-01,2024-03-31,unemployment_benefit,\n"
               "A,2024-04-01,,cash_benefit,\n"
               "B,2023-11-01,2024-08-04,cash_benefit,\n"
               "B,2024-08-05,2024-08-25,employment,3\n"
               "B,2024-08-26,,cash_benefit,\n"
               "C,2023-11-01,2024-08-04,cash_benefit,\n"
               "C,2024-08-26,,cash_benefit,\n"
               "D,2023-11-01,2024-08-04,cash_benefit,\n"
               "D,2024-08-26,,cash_benefit,\n"
               "E,2023-05-01,2024-11-30,unemployment,\n"
               "E,2024-12-01,,employment,37\n"
               "F,2024-06-01,,cash_benefit,\n"
               "G,2024-06-01,,cash_benefit,\n"
               "H,2023-01-01,,cash_benefit,\n"
               "I,2023-11-01,2024-08-04,cash_benefit,\n"
               "I,2024-08-26,,cash_benefit,\n"},
};
#define LIVES lives, FM_COUNT(lives)

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("unemployment", 2025, 1, 1);
  expect_frame("three definitions", LIVES, &s,
               "person_id,definition,unemployed,long_term,weight\n"
               "A,continuous_year,yes,yes,1\n"
               "A,share_of_time,yes,yes,1\n"
               "A,statistics_denmark,yes,yes,1\n"
               "B,continuous_year,yes,no,1\n"
               "B,share_of_time,yes,yes,1\n"
               "B,statistics_denmark,yes,yes,1\n"
               "C,continuous_year,yes,no,1\n"
               "C,share_of_time,yes,yes,1\n"
               "C,statistics_denmark,yes,no,1\n"
               "D,continuous_year,yes,no,1\n"
               "D,share_of_time,yes,yes,1\n"
               "D,statistics_denmark,yes,-,1\n"
               "E,continuous_year,no,no,1\n"
               "E,share_of_time,no,yes,1\n"
               "E,statistics_denmark,no,no,1\n"
               "F,continuous_year,yes,no,1\n"
               "F,share_of_time,yes,no,1\n"
               "F,statistics_denmark,yes,no,1\n"
               "G,continuous_year,yes,-,1\n"
               "G,share_of_time,yes,-,1\n"
               "G,statistics_denmark,yes,-,1\n"
               "I,continuous_year,yes,no,1\n"
               "I,share_of_time,yes,yes,1\n"
               "I,statistics_denmark,yes,yes,1\n");
  fm_register *r = register_of(LIVES, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_not_observed", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* B and I to 18 November 2024: from 1 November 2023 384 days, of which 21 are the pause: 363 without it. */
START_TEST(pauses_not_counted)
{
  fm_register *r = register_of(LIVES, false);
  for (int32_t skipped = 0; skipped < 2; skipped++)
    for (int later = 0; later < 2; later++) {
      fm_frame_spec s = frame_spec("unemployment", 2024, 11, 19 + later);
      s.definitions = "statistics_denmark";
      s.gap_skipped = skipped;
      s.filter = "person_id = B";
      fm_table *t = frame_of(r, &s);
      ck_assert_uint_eq(fm_table_n_rows(t), 1);
      ck_assert(fm_test_number(t, "long_term", 0) == (skipped == 0 || later == 1));
      fm_table_destroy(t);
    }
  fm_register_destroy(r);
}
END_TEST

/* Only insurance benefit: of A 91 days of 2024. */
START_TEST(own_states)
{
  fm_register *r = register_of(LIVES, false);
  fm_frame_spec s = frame_spec("unemployment", 2025, 1, 1);
  s.states = "unemployment_benefit";
  s.definitions = "share_of_time, continuous_year";
  s.filter = "person_id = A";
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 2);
  for (size_t i = 0; i < 2; i++)
    ck_assert(fm_test_number(t, "unemployed", i) == 0 && fm_test_number(t, "long_term", i) == 0);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *definitions, *states, *message;
    int32_t skipped;
  } row[] = {
      {"eurostat", NULL, "there is no definition \"eurostat\" of long-term unemployment", 0},
      {"share_of_time,share_of_time", NULL, "definition share_of_time is named twice", 0},
      {"share_of_time continuous_year", NULL, "expected names separated by commas", 0},
      {"", NULL, "there is no definition \"\"", 0},
      {NULL, "joblesness", "no code list has \"joblesness\"", 0},
      {NULL, "employment !work=yes", "no state of benefit is called \"employment !work=yes\"", 0},
      {NULL, NULL, "gap_skipped must be 0 or 1", 2},
  };
  fm_register *r = register_of(LIVES, false), *without = register_of(lives, 2, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_frame_spec s = frame_spec("unemployment", 2025, 1, 1);
    s.definitions = row[k].definitions;
    s.states = row[k].states;
    s.gap_skipped = row[k].skipped;
    ck_assert_int_ne(fm_register_frame(&t, r, &s, NULL, &err), FM_OK);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  fm_frame_spec s = frame_spec("unemployment", 2025, 1, 1);
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table spells"));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("unemployment", 2025, 1, 1);
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(LIVES, false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 20);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_unemployment");
  TCase *t = tcase_create("unemployment");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, pauses_not_counted);
  tcase_add_test(t, own_states);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
