/* Frames of steps: by hand from start and from end, between sectors, not known yet, what is refused. */
#include "register/frame_data.h"

/* As of 1 July 2024. A: an internship in 2023, eleven months later a job with the same employer; the second internship
 * is no first one. B: begins a job within a year of the internship's end, but not of its start. C's internship is too
 * late for a year to be known. D leaves the data before the year is over. E is observed from a day after the start. F
 * goes from a fleksjob to an internship of unknown employer; the internship still runs. */
static const source courses[] = {
    {"persons", "person_id,observed_from,observed_to\nA,,\nB,,\nC,,\nD,,2023-06-30\nE,2023-06-01,\nF,,\n"},
    {"employers", "employer_id,sector\nP,private\nQ,public\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end\n"
                   "1,A,P,internship,2023-01-01,2023-01-28\n"
                   "2,A,P,ordinary,2023-12-01,\n"
                   "3,A,Q,internship,2023-03-01,2023-03-28\n"
                   "4,B,P,internship,2023-01-01,2023-02-28\n"
                   "5,B,Q,ordinary,2024-01-01,\n"
                   "6,C,P,internship,2024-01-01,2024-01-28\n"
                   "7,C,Q,ordinary,2024-02-01,\n"
                   "8,D,Q,internship,2023-02-01,2023-02-28\n"
                   "9,E,Q,internship,2023-05-01,2023-05-28\n"
                   "10,F,Q,fleksjob,2022-01-01,2022-03-31\n"
                   "11,F,,internship,2022-06-01,\n"},
};
#define COURSES courses, FM_COUNT(courses)
#define HEAD "person_id,from,to,horizon_months,moved,same_employer\n"

START_TEST(by_hand)
{
  fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
  s.states = "internship ordinary";
  s.filter = "from = internship";
  expect_frame("from the start", COURSES, &s,
               HEAD "A,internship,any_other,12,yes,yes\n"
                    "A,internship,internship,12,yes,no\n"
                    "A,internship,ordinary,12,yes,yes\n"
                    "B,internship,any_other,12,no,-\n"
                    "B,internship,internship,12,no,-\n"
                    "B,internship,ordinary,12,no,-\n"
                    "C,internship,any_other,12,-,-\n"
                    "C,internship,internship,12,-,-\n"
                    "C,internship,ordinary,12,-,-\n"
                    "D,internship,any_other,12,-,-\n"
                    "D,internship,internship,12,-,-\n"
                    "D,internship,ordinary,12,-,-\n"
                    "F,internship,any_other,12,no,-\n"
                    "F,internship,internship,12,no,-\n"
                    "F,internship,ordinary,12,no,-\n");
  s.count_from = "end";
  s.filter = "from = internship & to = ordinary";
  s.horizons = "3,12";
  expect_frame("from the end", COURSES, &s,
               HEAD "A,internship,ordinary,12,yes,yes\n"
                    "A,internship,ordinary,3,no,-\n"
                    "B,internship,ordinary,12,yes,no\n"
                    "B,internship,ordinary,3,no,-\n"
                    "C,internship,ordinary,12,-,-\n"
                    "C,internship,ordinary,3,yes,no\n"
                    "D,internship,ordinary,12,-,-\n"
                    "D,internship,ordinary,3,no,-\n");
}
END_TEST

/* The default kinds: F goes on from a fleksjob, to which employer is not told. */
START_TEST(between_sectors)
{
  fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
  s.filter = "from = fleksjob & to = any_other";
  expect_frame("kinds", COURSES, &s, HEAD "F,fleksjob,any_other,12,yes,-\n");
  s.between = "sector";
  s.filter = "from = private & to = public";
  expect_frame("sectors", COURSES, &s,
               HEAD "A,private,public,12,yes,no\n"
                    "B,private,public,12,no,-\n"
                    "C,private,public,12,-,-\n");
  s.filter = "from = public & to = unknown";
  expect_frame("to unknown", COURSES, &s,
               HEAD "A,public,unknown,12,no,-\n"
                    "B,public,unknown,12,-,-\n"
                    "C,public,unknown,12,-,-\n"
                    "D,public,unknown,12,-,-\n"
                    "F,public,unknown,12,yes,-\n");
}
END_TEST

START_TEST(notes)
{
  fm_register *r = register_of(COURSES, false);
  fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
  s.count_from = "end";
  s.between = "kind";
  fm_table *t = frame_of(r, &s);
  expect_note(t, "definition", "first_of_each_kind_from_end");
  expect_note(t, "firsts_not_observed", "1");
  expect_note(t, "firsts_still_running", "4"); /* F's internship; the jobs of A, B and C */
  fm_table_destroy(t);
  s.count_from = "start";
  t = frame_of(r, &s);
  expect_note(t, "definition", "first_of_each_kind_from_start");
  expect_note(t, "firsts_still_running", NULL);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  static const struct {
    const char *between, *count_from, *states, *horizons, *message;
    fm_status status;
  } row[] = {
      {"person", NULL, NULL, NULL, "between is \"person\", it must be kind or sector", FM_ERR_ARGUMENT},
      {NULL, "middle", NULL, NULL, "count_from is \"middle\", it must be start or end", FM_ERR_ARGUMENT},
      {NULL, NULL, "flexyjob", NULL, "no code list has \"flexyjob\"", FM_ERR_NOT_FOUND},
      {NULL, NULL, NULL, "12;24", "horizons", FM_ERR_ARGUMENT},
  };
  fm_register *r = register_of(COURSES, false), *without = register_of(courses, 2, false);
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  for (int k = 0; k < FM_COUNT(row); k++) {
    fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
    s.between = row[k].between;
    s.count_from = row[k].count_from;
    s.states = row[k].states;
    s.horizons = row[k].horizons;
    ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), row[k].status);
    ck_assert_msg(strstr(err.message, row[k].message) != NULL, "%d: %s", k, err.message);
    fm_error_clear(&err);
  }
  fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
  ck_assert_int_eq(fm_register_frame(&t, without, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_nonnull(strstr(err.message, "needs the table placements"));
  fm_register_destroy(r);
  fm_register_destroy(without);
}
END_TEST

START_TEST(memory)
{
  fm_frame_spec s = frame_spec("steps", 2024, 7, 1);
  s.states = "internship ordinary";
  expect_memory(COURSES, &s);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_steps");
  TCase *t = tcase_create("steps");
  tcase_add_test(t, by_hand);
  tcase_add_test(t, between_sectors);
  tcase_add_test(t, notes);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
