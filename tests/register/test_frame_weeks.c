/* Frames of weeks: the example of docs/methods/definitions.md, weeks that are not known, what is refused. */
#include "register/frame_data.h"

/* 11 weeks of work from Monday 30 November 2020, 2 of sickness benefit, 12 of work, 1 of holiday benefit, 9 of work,
 * then cash benefit. Strict: 11 + 12 of the first 26 weeks, 11 + 12 + 9 of 39; holiday benefit counts in non_benefit:
 * one more; both pauses are bridged in grace_4_weeks: 11 + 2 + 12 + 1 = 26, and 9 more of 39. */
static const source lives[] = {
    {"persons", "person_id\nA\n"},
    {"placements", "placement_id,person_id,kind,start,end\n"
                   "1,A,ordinary,2020-11-30,2021-02-14\n"
                   "2,A,ordinary,2021-03-01,2021-05-23\n"
                   "3,A,ordinary,2021-05-31,2021-08-01\n"},
    {"spells", "person_id,start,end,state\n"
               "A,2020-01-06,2020-11-29,130\n"
               "A,2021-02-15,2021-02-28,890\n"
               "A,2021-05-24,2021-05-30,121\n"
               "A,2021-08-02,,130\n"},
};

START_TEST(three_definitions)
{
  fm_frame_spec s = frame_spec("weeks", 2021, 8, 30);
  s.definitions = "strict,non_benefit,grace_4_weeks";
  s.horizons = "26,39";
  s.index = "first";
  /* on 30 August 28 days after week 39 are not seen yet, as a pause that may be bridged needs */
  expect_frame("to week 39", lives, 3, &s,
               "person_id,definition,horizon,weeks_good,weeks_seen,in_rate,reason,weight\n"
               "A,grace_4_weeks,26,26,26,yes,observed,1\n"
               "A,grace_4_weeks,39,35,39,no,not_yet,1\n"
               "A,non_benefit,26,24,26,yes,observed,1\n"
               "A,non_benefit,39,33,39,yes,observed,1\n"
               "A,strict,26,23,26,yes,observed,1\n"
               "A,strict,39,32,39,yes,observed,1\n");
  s.as_of = fm_date_from_ymd(2021, 10, 1);
  s.definitions = "grace_4_weeks";
  s.horizons = "26,39,52";
  expect_frame("later", lives, 3, &s,
               "person_id,definition,horizon,weeks_good,weeks_seen,in_rate,reason,weight\n"
               "A,grace_4_weeks,26,26,26,yes,observed,1\n"
               "A,grace_4_weeks,39,35,39,yes,observed,1\n"
               "A,grace_4_weeks,52,35,43,no,not_yet,1\n");
}
END_TEST

/* 23/26 = 88.46 per cent, 24/26, 26/26; 32/39, 33/39, 35/39. */
START_TEST(shares)
{
  static const struct {
    const char *definition;
    double good[2];
  } row[] = {{"strict", {23, 32}}, {"non_benefit", {24, 33}}, {"grace_4_weeks", {26, 35}}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(lives, 3, false);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.as_of = fm_date_from_ymd(2021, 10, 1);
  spec.options = "definition=strict,non_benefit,grace_4_weeks;horizons=26,39;index=first";
  fm_assert_ok(fm_catalogue_compute(&t, r, "retention.weeks", &spec, NULL, &err), &err);
  for (int k = 0; k < FM_COUNT(row); k++)
    for (int h = 0; h < 2; h++) {
      double weeks = h == 0 ? 26 : 39;
      size_t i = 0;
      while (strcmp(fm_test_text(t, "definition", i), row[k].definition) != 0 ||
             strcmp(fm_test_text(t, "quantity", i), "share_of_weeks") != 0 || fm_test_number(t, "horizon", i) != weeks)
        i++;
      fm_assert_close(row[k].definition, fm_test_number(t, "value", i), row[k].good[h] / weeks, 1e-15, 0);
    }
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *definitions, *horizons, *message;
    int32_t gap;
  } row[] = {
      {"wioa_same_employer", NULL, "it has no share of weeks", 0},
      {"strict", "0", "horizons", 0},
      {"stric", NULL, "there is no definition \"stric\"", 0},
      {"strict", NULL, "gap_days must be 0", 7},
  };
  fm_register *r = register_of(lives, 3, false);
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_error err = FM_ERROR_INIT;
    fm_frame_spec s = frame_spec("weeks", 2021, 10, 1);
    fm_table *t = NULL;
    s.definitions = row[k].definitions;
    s.horizons = row[k].horizons;
    s.gap_days = row[k].gap;
    ck_assert_int_ne(fm_register_frame(&t, r, &s, NULL, &err), FM_OK);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    ck_assert_ptr_null(t);
    fm_error_clear(&err);
  }
  fm_register_destroy(r);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("weeks", 2021, 10, 1);
  fm_table *t = NULL;
  s.definitions = "strict,grace_4_weeks";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(lives, 3, false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 20);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_weeks");
  TCase *t = tcase_create("weeks");
  tcase_add_test(t, three_definitions);
  tcase_add_test(t, shares);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
