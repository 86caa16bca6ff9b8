/* Options of the labour indicators against their spec: the same bits; what is refused; the columns that they read. */
#include <string.h>

#include "catalogue/bare.h"
#include "flexmetrics/csv.h"

/* Every option away from its default, one way or another. */
START_TEST(same_bits)
{
  fm_table *frame = bare_frame("labour.rates"), *made, *hand;
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_labour_spec s = FM_LABOUR_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  spec.by = "sex,age";
  spec.weight = "hours_worked";
  spec.level = 0.9;
  spec.options =
      "indicators=unemployment_rate,lu2,informal_share,neet_rate,pay_gap;icls=13;columns=age=age;margins=yes;"
      "age_bands=15-24,25+;working_age=16+;youth=16-29;hours_threshold=30;unknown_insurance=drop;group=isic;"
      "reference=A;compared=C;percent=yes;psu=status;lonely=remove;totals=no";
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, "labour.rates", &spec, NULL, &err), &err);
  design.psu = "status";
  design.lonely = FM_SURVEY_LONELY_REMOVE;
  s.indicators = "unemployment_rate,lu2,informal_share,neet_rate,pay_gap";
  s.columns = "age=age";
  s.by = "sex,age";
  s.weight = "hours_worked";
  s.age_bands = "15-24,25+";
  s.working_age = "16+";
  s.youth = "16-29";
  s.group = "isic";
  s.reference = "A";
  s.compared = "C";
  s.design = &design;
  s.hours_threshold = 30;
  s.level = 0.9;
  s.icls = 13;
  s.unknown_insurance = FM_LABOUR_INSURANCE_DROP;
  s.margins = s.percent = 1;
  fm_assert_ok(fm_labour(&hand, frame, &s, NULL, &err), &err);
  fm_assert_same_table("labour.rates", made, hand);
  fm_table_destroy(made);
  fm_table_destroy(hand);
  fm_table_destroy(frame);
}
END_TEST

/* An id of its own is the option of that name; the number of a goal's indicator is that id. */
START_TEST(one_indicator)
{
  fm_table *frame = bare_frame("labour.rates"), *one, *named, *numbered;
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = "icls=19;percent=yes";
  fm_assert_ok(fm_catalogue_compute_frame(&one, frame, "labour.unemployment_rate", &spec, NULL, &err), &err);
  spec.options = "icls=19";
  fm_assert_ok(fm_catalogue_compute_frame(&numbered, frame, "8.5.2", &spec, NULL, &err), &err);
  spec.options = "indicators=unemployment_rate;icls=19;percent=yes;labour_status=none";
  ck_assert_int_eq(fm_catalogue_compute_frame(&named, frame, "labour.rates", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.options = "indicators=unemployment_rate;icls=19;percent=yes";
  fm_assert_ok(fm_catalogue_compute_frame(&named, frame, "labour.rates", &spec, NULL, &err), &err);
  fm_assert_same_table("by id", one, named);
  fm_assert_same_table("by number", one, numbered);
  fm_table_destroy(one);
  fm_table_destroy(named);
  fm_table_destroy(numbered);
  fm_table_destroy(frame);
}
END_TEST

static const struct {
  const char *id, *options;
  fm_status code;
  const char *says;
} refusals[] = {
    {"labour.neet_rate", "icls=thirteen", FM_ERR_ARGUMENT, "icls"},
    {"labour.neet_rate", NULL, FM_ERR_ARGUMENT, "13 or 19"},
    {"labour.neet_rate", "icls=19;indicators=lu2", FM_ERR_NOT_FOUND, "no option \"indicators\""},
    {"labour.neet_rate", "icls=19;margins=maybe", FM_ERR_ARGUMENT, "margins"},
    {"labour.informal_share", "icls=19;unknown_insurance=maybe", FM_ERR_ARGUMENT, "unknown_insurance"},
    {"labour.lu2", "icls=19;hours_threshold=full", FM_ERR_ARGUMENT, "hours_threshold"},
    {"labour.fatal_injuries", "totals=maybe", FM_ERR_ARGUMENT, "totals"},
    {"labour.neet_rate", "icls=19;percent=maybe", FM_ERR_ARGUMENT, "percent"},
    {"labour.neet_rate", "icls=19;se=guess", FM_ERR_ARGUMENT, "se"},
};

START_TEST(refused)
{
  fm_table *frame = bare_frame("labour.rates"), *t;
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = refusals[_i].options;
  ck_assert_int_eq(fm_catalogue_compute_frame(&t, frame, refusals[_i].id, &spec, NULL, &err), refusals[_i].code);
  ck_assert_msg(strstr(err.message, refusals[_i].says) != NULL, "%s", err.message);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

/* Columns follow from the indicators and options: their types, and whether they must be there. */
START_TEST(columns)
{
  static const struct {
    const char *name;
    double type, required;
  } expected[] = {{"alder", FM_F64, 1},      {"paid_hours", FM_F64, 1}, {"absent_job", FM_BOOL, 1},
                  {"job_found", FM_BOOL, 0}, {"isic", FM_CSV_KEY, 1},   {"w", FM_F64, 1},
                  {"h", FM_CSV_KEY, 1},      {"status", FM_CODE, 1}};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  spec.by = "age, activity";
  spec.weight = "w";
  spec.options = "indicators=unemployment_rate,informal_share;icls=19;columns=age=alder;strata=h";
  fm_assert_ok(fm_catalogue_columns(&t, "labour.rates", &spec, &err), &err);
  for (int i = 0; i < FM_COUNT(expected); i++) {
    size_t row = fm_test_row(t, "name", expected[i].name, NULL, NULL, NULL, NULL);
    ck_assert_msg(fm_test_number(t, "type", row) == expected[i].type, "%s: type", expected[i].name);
    ck_assert_msg(fm_test_number(t, "required", row) == expected[i].required, "%s: required", expected[i].name);
  }
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    ck_assert_str_ne(fm_test_text(t, "name", i), "own_use_hours"); /* the 19th does not ask */
  fm_table_destroy(t);
  spec.options = "icls=19;labour_status=ls;group=g";
  ck_assert_int_eq(fm_catalogue_columns(&t, "labour.unemployment_rate", &spec, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.options = "indicators=unemployment_rate,pay_gap;icls=19;labour_status=ls;group=g";
  fm_assert_ok(fm_catalogue_columns(&t, "labour.rates", &spec, &err), &err);
  fm_assert_close("ls", fm_test_number(t, "type", fm_test_row(t, "name", "ls", NULL, NULL, NULL, NULL)), FM_CODE, 0, 0);
  fm_test_row(t, "name", "g", NULL, NULL, NULL, NULL);
  fm_table_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipe-labour");
  TCase *c = tcase_create("labour");
  tcase_add_test(c, same_bits);
  tcase_add_test(c, one_indicator);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, columns);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
