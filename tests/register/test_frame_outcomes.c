/* Frames of outcomes: the impact map as it stands, and the social return by hand. */
#include "flexmetrics/catalogue.h"
#include "register/frame_data.h"

static const source tables[] = {{"outcomes", "outcome,quantity,value,deadweight,attribution,drop_off,years\n"
                                             "work,10,1000,0.25,0.2,0.5,2\n"
                                             "harm,2,-500,,,,\n"}};

START_TEST(rows)
{
  fm_frame_spec s = FM_FRAME_SPEC_INIT;
  s.kind = "outcomes";
  expect_frame("map", tables, 1, &s,
               "outcome,quantity,value,deadweight,displacement,attribution,drop_off,years,first_year\n"
               "harm,2,-500,-,-,-,-,-,-\n"
               "work,10,1000,0.25,-,0.2,0.5,2,-\n");
}
END_TEST

/* 10 x 1,000 x 0.75 x 0.8 = 6,000 and half of it a year later, over 8,000: 1.125. */
START_TEST(result)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(tables, 1, false);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.options = "inputs=8000;rate=0";
  spec.filter = "outcome = work";
  fm_assert_ok(fm_catalogue_compute(&t, r, "economy.social_return", &spec, NULL, &err), &err);
  size_t row = fm_test_row(t, "quantity", "ratio", "case", NULL, NULL, NULL);
  fm_assert_close("ratio", fm_test_number(t, "value", row), 1.125, 1e-15, 0);
  fm_table_destroy(t);
  spec.options = NULL;
  ck_assert_int_eq(fm_catalogue_compute(&t, r, "economy.social_return", &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "inputs"));
  fm_register_destroy(r);
}
END_TEST

START_TEST(wrong)
{
  const source people[] = {{"persons", "person_id\nA\n"}};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = register_of(people, 1, false);
  fm_frame_spec s = FM_FRAME_SPEC_INIT;
  fm_table *t = NULL;
  s.kind = "outcomes";
  ck_assert_int_eq(fm_register_frame(&t, r, &s, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_str_eq(err.message, "a frame of outcomes needs the table outcomes, which the data do not have");
  fm_register_destroy(r);
}
END_TEST

static fm_status make_frame(void *ctx, fm_error *err)
{
  fm_frame_spec s = FM_FRAME_SPEC_INIT;
  fm_table *t = NULL;
  s.kind = "outcomes";
  fm_status status = fm_register_frame(&t, ctx, &s, NULL, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(memory)
{
  fm_register *r = register_of(tables, 1, false);
  ck_assert_int_gt(fm_test_allocations(make_frame, r), 5);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-frame_outcomes");
  TCase *t = tcase_create("outcomes");
  tcase_add_test(t, rows);
  tcase_add_test(t, result);
  tcase_add_test(t, wrong);
  tcase_add_test(t, memory);
  suite_add_tcase(suite, t);
  return fm_test_main(suite);
}
