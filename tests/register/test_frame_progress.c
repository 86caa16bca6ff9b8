/* Frames of answers: by hand, jobs, what is left out, no table. */
#include "register/frame_data.h"

static const source data[] = {
    {"persons", "person_id,sex\nA,female\nB,male\n"},
    {"placements", "placement_id,person_id,kind,start,end\n1,A,internship,2024-01-10,2024-02-01\n"
                   "2,A,ordinary,2024-03-01,\n3,A,fleksjob,2024-02-15,2024-02-20\n4,B,ordinary,2025-03-01,\n"},
    {"progress", "person_id,date,instrument,item,score\nA,2024-01-01,WHO-5,1,3\nA,2024-06-01,who5,2,5\n"
                 "B,2024-01-01,bip,1,4\nB,2024-01-01,zodiac,1,12\nB,2025-01-01,who5,1,4\n"}};

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("progress", 2025, 1, 1);
  s.by = "sex";
  expect_frame("answers", data, 3, &s,
               "person_id,date,instrument,item,score,job_start,sex\n"
               "A,2024-01-01,who5,1,3,2024-02-15,female\n"
               "A,2024-06-01,who5,2,5,2024-02-15,female\n"
               "B,2024-01-01,bip,1,4,-,male\n");
  fm_register *r = register_of(data, 3, false);
  fm_table *t = frame_of(r, &s);
  expect_note(t, "rows_after_as_of", "1");
  expect_note(t, "rows_of_unknown_instruments", "1");
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(without_answers)
{
  fm_frame_spec s = frame_spec("progress", 2026, 1, 1);
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(data, 2, false);
  fm_table *t;
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  fm_register_destroy(r);
}
END_TEST

static fm_status make(void *ctx, fm_error *err)
{
  fm_frame_spec s = frame_spec("progress", 2025, 1, 1);
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  fm_register *r = register_of(data, 3, false);
  ck_assert_int_gt(fm_test_allocations(make, r), 10);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("frame progress");
  TCase *c = tcase_create("progress");
  tcase_add_test(c, by_hand);
  tcase_add_test(c, without_answers);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
