/* What is refused: specs, unknown names, cells against the rules, each with what was expected and where. */
#include "lfs.h"

#include <math.h>
#include <string.h>

/* ---- specs ---- */

typedef void (*change)(fm_labour_spec *s);
static void no_icls(fm_labour_spec *s)
{
  s->icls = 0;
}
static void other_icls(fm_labour_spec *s)
{
  s->icls = 20;
}
static void unknown_name(fm_labour_spec *s)
{
  s->indicators = "unemployment_rate, joblessness";
}
static void twice(fm_labour_spec *s)
{
  s->indicators = "lu3,lu3";
}
static void mixed(fm_labour_spec *s)
{
  s->indicators = "unemployment_rate,gross_unemployment_rate";
}
static void no_threshold(fm_labour_spec *s)
{
  s->indicators = "lu4";
}
static void odd_threshold(fm_labour_spec *s)
{
  s->hours_threshold = 169;
}
static void unknown_role(fm_labour_spec *s)
{
  s->columns = "hours=h";
}
static void no_equals(fm_labour_spec *s)
{
  s->columns = "age,paid_hours=h";
}
static void no_column(fm_labour_spec *s)
{
  s->columns = "age= ";
}
static void bands_without_age(fm_labour_spec *s)
{
  s->age_bands = "15-24";
}
static void bad_bands(fm_labour_spec *s)
{
  s->by = "age";
  s->age_bands = "15-24,young";
}
static void falling_band(fm_labour_spec *s)
{
  s->by = "age";
  s->age_bands = "24-15";
}
static void overlapping(fm_labour_spec *s)
{
  s->by = "age";
  s->age_bands = "15-24, 20-64";
}
static void two_bands(fm_labour_spec *s)
{
  s->working_age = "15-64,65+";
}
static void no_youth(fm_labour_spec *s)
{
  s->youth = "";
}
static void odd_level(fm_labour_spec *s)
{
  s->level = 95;
}
static void odd_margins(fm_labour_spec *s)
{
  s->margins = 2;
}
static void odd_insurance(fm_labour_spec *s)
{
  s->unknown_insurance = 9;
}
static void empty_group(fm_labour_spec *s)
{
  s->by = "sex,,age";
}
static void same_group_twice(fm_labour_spec *s)
{
  s->by = "sex,sex";
}
static void same_sides(fm_labour_spec *s)
{
  s->indicators = "pay_gap";
  s->compared = "M";
}
static void totals_of_people(fm_labour_spec *s)
{
  s->totals = 1;
}
static void weighted_totals(fm_labour_spec *s)
{
  s->indicators = "fatal_injuries";
  s->totals = 1;
  s->weight = "weight";
}
static void weighted_register(fm_labour_spec *s)
{
  s->indicators = "registered_unemployment_rate";
  s->weight = "weight";
}
static void no_such_group(fm_labour_spec *s)
{
  s->by = "sex,municipality";
}
static void no_such_column(fm_labour_spec *s)
{
  s->columns = "seeking=looks_for_work";
}
static void text_hours(fm_labour_spec *s)
{
  s->columns = "paid_hours=status";
}
static void number_status(fm_labour_spec *s)
{
  s->indicators = "informal_share";
  s->columns = "status=age";
}
static void text_weight(fm_labour_spec *s)
{
  s->weight = "sex";
}

static const struct {
  const char *label;
  change make;
  fm_status code;
  const char *says;
} specs[] = {
    {"no ICLS", no_icls, FM_ERR_ARGUMENT, "13 or 19, and there is no default"},
    {"another ICLS", other_icls, FM_ERR_ARGUMENT, "got 20"},
    {"unknown name", unknown_name, FM_ERR_NOT_FOUND, "there is no \"joblessness\"; there are employment_rate"},
    {"an indicator twice", twice, FM_ERR_ARGUMENT, "lu3 twice"},
    {"register and survey", mixed, FM_ERR_ARGUMENT, "gross_unemployment_rate is counted in a register"},
    {"no threshold", no_threshold, FM_ERR_ARGUMENT, "hours_threshold: lu4 needs"},
    {"a threshold of more than a week", odd_threshold, FM_ERR_ARGUMENT, "at most 168"},
    {"an unknown role", unknown_role, FM_ERR_NOT_FOUND, "there is no \"hours\" to rename"},
    {"a name without a column", no_equals, FM_ERR_ARGUMENT, "name=column"},
    {"an empty column", no_column, FM_ERR_ARGUMENT, "a column after \"age=\""},
    {"bands without age", bands_without_age, FM_ERR_ARGUMENT, "expected age among the groups"},
    {"bands of words", bad_bands, FM_ERR_ARGUMENT, "ages such as 15-24"},
    {"a falling band", falling_band, FM_ERR_ARGUMENT, "ages such as 15-24"},
    {"bands that overlap", overlapping, FM_ERR_ARGUMENT, "do not overlap"},
    {"two working ages", two_bands, FM_ERR_ARGUMENT, "one band"},
    {"no youth", no_youth, FM_ERR_ARGUMENT, "youth: expected"},
    {"a level in per cent", odd_level, FM_ERR_ARGUMENT, "level"},
    {"margins of 2", odd_margins, FM_ERR_ARGUMENT, "margins: expected 0 or 1"},
    {"an insurance rule of 9", odd_insurance, FM_ERR_ARGUMENT, "unknown_insurance"},
    {"an empty group", empty_group, FM_ERR_ARGUMENT, "by: expected"},
    {"a group twice", same_group_twice, FM_ERR_ARGUMENT, "\"sex\" twice"},
    {"a gap of one group", same_sides, FM_ERR_ARGUMENT, "two different values"},
    {"rates of totals", totals_of_people, FM_ERR_ARGUMENT, "rows of people"},
    {"weighted totals", weighted_totals, FM_ERR_ARGUMENT, "have no weights"},
    {"a weighted register", weighted_register, FM_ERR_ARGUMENT, "have no weights"},
    {"a group that is not there", no_such_group, FM_ERR_NOT_FOUND, "municipality"},
    {"a column that is not there", no_such_column, FM_ERR_NOT_FOUND, "looks_for_work"},
    {"hours as text", text_hours, FM_ERR_TYPE, "expected numbers"},
    {"status as a number", number_status, FM_ERR_TYPE, "expected texts"},
    {"weights as text", text_weight, FM_ERR_TYPE, "column sex"},
};

START_TEST(specs_out_of_range)
{
  fm_table *frame = fm_lfs_table();
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  spec.icls = 13;
  specs[_i].make(&spec);
  ck_assert_msg(fm_labour(&t, frame, &spec, NULL, &err) == specs[_i].code, "%s: %s", specs[_i].label, err.message);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, specs[_i].says) != NULL, "%s: %s", specs[_i].label, err.message);
  fm_table_destroy(frame);
}
END_TEST

/* ---- cells ---- */

static const char *const columns[] = {"age:f64",
                                      "paid_hours:f64",
                                      "absent_job:i64",
                                      "seeking:bool",
                                      "available:code",
                                      "w:f64",
                                      "status:code",
                                      "hourly_earnings:f64",
                                      "fatal_injuries:f64",
                                      "recruitment_cost:f64",
                                      "monthly_earnings:f64",
                                      "search_months:f64",
                                      "ls:code",
                                      "isic:code",
                                      "age_text:code"};
enum { N_COLUMNS = 15 };
static const char *const fine[N_COLUMNS] = {"30", "0",  "0",  "1", "yes",      "1", "", "10",
                                            "0",  "10", "10", "3", "employed", "A", ""};

static const struct {
  const char *label, *cell, *says, *columns, *labour_status;
  size_t column;
} cells[] = {
    {"age as text", "thirty", "in whole years as a number, not a text", "age=age_text", NULL, 14},
    {"age with months", "30.5", "an age in whole years", NULL, NULL, 0},
    {"age below 0", "-1", "an age in whole years", NULL, NULL, 0},
    {"age of 151", "151", "an age in whole years, 0 to 150", NULL, NULL, 0},
    {"negative hours", "-2", "hours a week, 0 to 168", NULL, NULL, 1},
    {"more hours than a week has", "170", "hours a week, 0 to 168", NULL, NULL, 1},
    {"an answer of 2", "2", "yes or no", NULL, NULL, 2},
    {"an answer of maybe", "maybe", "yes or no", NULL, NULL, 4},
    {"negative weight", "-1", "a finite weight of at least 0", NULL, NULL, 5},
    {"missing weight", "", "a finite weight of at least 0", NULL, NULL, 5},
    {"weight NaN", "nan", "a finite weight of at least 0", NULL, NULL, 5},
    {"another status", "boss", "employee, own_account", NULL, NULL, 6},
    {"negative earnings", "-1", "a finite number of at least 0", NULL, NULL, 7},
    {"infinite earnings", "inf", "a finite number of at least 0", NULL, NULL, 7},
    {"half an injury", "0.5", "a whole number of at least 0", NULL, NULL, 8},
    {"negative months", "-3", "months of at least 0", NULL, NULL, 11},
    {"another labour-force status", "retired", "employed, underemployed", NULL, "ls", 12},
    {"another activity", "?", "a section of ISIC", NULL, NULL, 13},
    {"a word for an activity", "Administration", "a section of ISIC", NULL, NULL, 13},
    {"a section beyond U", "V", "a section of ISIC", NULL, NULL, 13},
    {"a division without its 0", "1", "a division of two digits", NULL, NULL, 13},
    {"no division", "00", "a division of two digits", NULL, NULL, 13},
    {"a division and a letter", "01a", "a division of two digits", NULL, NULL, 13},
    {"too many digits", "01111", "a division of two digits", NULL, NULL, 13},
};

START_TEST(cells_against_the_rules)
{
  const char *two[2 * N_COLUMNS];
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  memcpy(two, fine, sizeof fine);
  memcpy(two + N_COLUMNS, fine, sizeof fine);
  two[N_COLUMNS + cells[_i].column] = cells[_i].cell;
  spec.icls = 19;
  spec.weight = "w";
  spec.indicators = "long_term_unemployment_rate,informal_share_agriculture,hourly_earnings,fatal_injuries";
  spec.columns = cells[_i].columns;
  spec.labour_status = cells[_i].labour_status;
  if (spec.columns == NULL)
    spec.columns = "sector_registered=seeking, social_insurance=seeking, paid_leave=seeking, sick_leave=seeking";
  else
    spec.indicators = "unemployment_rate";
  fm_table *frame = fm_test_table(columns, N_COLUMNS, two, 2);
  ck_assert_msg(fm_labour(&t, frame, &spec, NULL, &err) == FM_ERR_VALUE, "%s: %s", cells[_i].label, err.message);
  ck_assert_msg(strstr(err.message, cells[_i].says) != NULL, "%s: %s", cells[_i].label, err.message);
  ck_assert_msg(strstr(err.message, "row 1") != NULL && err.row == 1, "%s: %s", cells[_i].label, err.message);
  ck_assert_ptr_null(t);
  fm_table_destroy(frame);
}
END_TEST

/* Sections and divisions, in agriculture or not, as often as they are told. */
START_TEST(activities)
{
  static const struct {
    const char *activity;
    double agriculture, other;
  } told[] = {{"A", 1, 0},   {"A01", 1, 0}, {"ISIC4_A", 1, 0}, {"01", 1, 0},        {"0311", 1, 0}, {"U", 0, 1},
              {"C10", 0, 1}, {"05", 0, 1},  {"99", 0, 1},      {"ISIC4_BTU", 0, 1}, {"BTU", 0, 1},  {"", 0, 0}};
  for (size_t i = 0; i < FM_COUNT(told); i++) {
    const char *one[N_COLUMNS];
    fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *t;
    memcpy(one, fine, sizeof fine);
    one[1] = "10"; /* hours: employed, and as family informally */
    one[6] = "family";
    one[13] = told[i].activity;
    spec.icls = 19;
    spec.indicators = "informal_share_agriculture,informal_share_non_agriculture";
    spec.columns = "sector_registered=seeking, social_insurance=seeking, paid_leave=seeking, sick_leave=seeking";
    fm_table *frame = fm_test_table(columns, N_COLUMNS, one, 1);
    fm_assert_ok(fm_labour(&t, frame, &spec, NULL, &err), &err);
    fm_assert_close(told[i].activity, fm_test_number(t, "denominator", 0), told[i].agriculture, 0, 0);
    fm_assert_close(told[i].activity, fm_test_number(t, "denominator", 1), told[i].other, 0, 0);
    fm_table_destroy(t);
    fm_table_destroy(frame);
  }
}
END_TEST

/* A failed add leaves the tally as it was. */
START_TEST(failed_adds_change_nothing)
{
  const char *bad[N_COLUMNS];
  fm_labour_spec spec = FM_LABOUR_SPEC_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_tally *t;
  fm_table *a, *b;
  memcpy(bad, fine, sizeof fine);
  bad[1] = "-1";
  spec.icls = 19;
  fm_table *frame = fm_test_table(columns, N_COLUMNS, fine, 1), *wrong = fm_test_table(columns, N_COLUMNS, bad, 1);
  fm_assert_ok(fm_labour_tally(&t, &spec, &err), &err);
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&a, t, NULL, &err), &err);
  ck_assert_int_eq(fm_tally_add(t, wrong, NULL, &err), FM_ERR_VALUE);
  fm_error_clear(&err);
  fm_assert_ok(fm_tally_result(&b, t, NULL, &err), &err);
  fm_assert_same_table("after a failure", a, b);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(frame);
  fm_table_destroy(wrong);
  fm_tally_destroy(t);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("labour-refused");
  TCase *c = tcase_create("refused");
  tcase_add_loop_test(c, specs_out_of_range, 0, FM_COUNT(specs));
  tcase_add_test(c, activities);
  tcase_add_loop_test(c, cells_against_the_rules, 0, FM_COUNT(cells));
  tcase_add_test(c, failed_adds_change_nothing);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
