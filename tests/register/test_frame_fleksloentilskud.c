/* Frames of fleksloentilskud: whole months of a fleksjob with the wages of all jobs, and the subsidy by hand. */
#include "economy/look.h"
#include "flexmetrics/catalogue.h"
#include "register/frame_data.h"

/* As of 1 July 2024. A has two fleksjob on end and a small job in February, B is seen until 15 May, the data do not
 * tell C's wage, D has no fleksjob. */
static const source tables[] = {
    {"persons", "person_id,observed_to\nA,\nB,2024-05-15\nC,\nD,\n"},
    {"placements", "placement_id,person_id,kind,start,end,hours_per_week,hourly_wage,full_time_wage\n"
                   "1,A,fleksjob,2024-01-01,2024-03-31,12,150,28000\n"
                   "2,A,fleksjob,2024-04-01,2024-05-15,10,150,\n"
                   "3,A,small_job,2024-02-10,2024-02-29,5,120,\n"
                   "4,B,fleksjob,2024-03-15,,20,150,\n"
                   "5,C,fleksjob,2024-05-01,,20,,\n"
                   "6,D,ordinary,2024-01-01,,37,150,\n"
                   "7,A,internship,2024-01-01,2024-01-31,37,,\n"
                   "8,D,fleksjob,2024-08-01,,37,150,\n"},
};

static const struct {
  const char *label;
  source tables[3];
  size_t n;
  const char *expected;
} lacking[] = {
    {"no placements", {{"persons", "person_id\nA\n"}}, 1, "needs the table placements"},
    {"no hours",
     {{"persons", "person_id\nA\n"}, {"placements", "placement_id,person_id,kind,start\n1,A,fleksjob,2024-01-01\n"}},
     2,
     "the column hours_per_week of placements"},
    {"no wage",
     {{"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,hours_per_week\n1,A,fleksjob,2024-01-01,37\n"}},
     2,
     "a frame of fleksloentilskud needs the column hourly_wage of placements, which the data do not have"},
};

START_TEST(rows)
{
  fm_frame_spec s = frame_spec("fleksloentilskud", 2024, 7, 1);
  expect_frame("all", tables, FM_COUNT(tables), &s,
               "placement_id,person_id,month,wage,full_time_wage\n"
               "1,A,2024-01-01,7800,28000\n"
               "1,A,2024-02-01,7800,28000\n"
               "1,A,2024-03-01,7800,28000\n"
               "2,A,2024-04-01,6500,-\n"
               "3,A,2024-02-01,1793.1,-\n"
               "4,B,2024-04-01,13000,-\n");
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "months_in_part", "3");
  expect_note(t, "months_without_wage", "2");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* More months than placements. */
START_TEST(long_job)
{
  const source some[] = {
      {"persons", "person_id\nA\n"},
      {"placements", "placement_id,person_id,kind,start,hours_per_week,hourly_wage\n1,A,fleksjob,2020-01-01,10,150\n"}};
  fm_register *r = register_of(some, 2, false);
  fm_frame_spec s = frame_spec("fleksloentilskud", 2024, 7, 1);
  fm_table *t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 54);
  fm_table_destroy(t);
  s.states = "ordinary";
  t = frame_of(r, &s);
  ck_assert_uint_eq(fm_table_n_rows(t), 0);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("fleksloentilskud", 2024, 7, 1);
  expect_memory(tables, FM_COUNT(tables), &s);
}
END_TEST

START_TEST(wrong)
{
  fm_register *r = register_of(lacking[_i].tables, lacking[_i].n, false);
  fm_frame_spec s = frame_spec("fleksloentilskud", 2024, 7, 1);
  expect_refused(lacking[_i].label, r, &s, FM_ERR_NOT_FOUND, lacking[_i].expected);
  fm_register_destroy(r);
}
END_TEST

/* A in 2024: 19,952 - 0.30 x 7,800 = 17,612 in January and March; with the small job 7,800 + 2,600 x 20 / 29 in
 * February: 17,074.07; 19,952 - 0.30 x 6,500 = 18,002 in April. */
START_TEST(result)
{
  fm_register *r = register_of(tables, FM_COUNT(tables), false);
  fm_table *t = computed_of(r, "economy.fleksloentilskud", fm_date_from_ymd(2024, 7, 1), "person_id = A");
  ck_assert(value_with(t, "months", "") == 4);
  fm_assert_close("subsidy", value_with(t, "subsidy", ""),
                  2 * 17612 + (19952 - 0.3 * (7800 + 2600 * 20 / 29.0)) + 18002, 1e-13, 0);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_fleksloentilskud");
  TCase *t = tcase_create("fleksloentilskud");
  tcase_add_test(t, rows);
  tcase_add_test(t, long_job);
  tcase_add_test(t, result);
  tcase_add_loop_test(t, wrong, 0, FM_COUNT(lacking));
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
