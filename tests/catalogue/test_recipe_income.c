/* The options of samples through the catalogue, on a table of its own: same figures as the measure called by hand. */
#include <string.h>

#include "support/support.h"

static const char *const columns[] = {"region:code", "pay:f64", "weight:f64", "base:f64", "size:f64",
                                      "area:i32",    "r1:f64",  "r2:f64",     "age:f64"};
static const char *const cells[] = {
    "n", "10", "1.5", "1", "40", "1", "2", "0", "20", /**/
    "n", "25", "2",   "1", "40", "1", "0", "4", "31", /**/
    "n", "13", "1",   "2", "40", "1", "2", "1", "44", /**/
    "s", "44", "3",   "2", "60", "2", "3", "3", "38", /**/
    "s", "31", "1",   "2", "60", "2", "0", "2", "52", /**/
    "s", "27", "2.5", "1", "60", "2", "5", "0", "61", /**/
};

typedef struct set_up {
  fm_income_distribution_spec spec;
  fm_survey_design_spec design;
  fm_income_rules rules;
} set_up;

static void strata_by_hand(set_up *s)
{
  s->design.strata = "area";
  s->design.fpc = "size";
}

static void base_weight_by_hand(set_up *s)
{
  s->design.auxiliaries = "age";
  s->design.base_weight = "base";
}

static void jkn_by_hand(set_up *s)
{
  static const double rscales[] = {0.5, 0.75};
  s->design.method = FM_SURVEY_REPLICATES;
  s->design.replicates = "r1,r2";
  s->design.replicate_kind = FM_SURVEY_JKN;
  s->design.rscales = rscales;
  s->design.n_rscales = 2;
  s->design.mse = 1;
}

static void fay_by_hand(set_up *s)
{
  s->design.method = FM_SURVEY_REPLICATES;
  s->design.replicates = "r1:r2";
  s->design.replicate_kind = FM_SURVEY_FAY;
  s->design.fay_rho = 0.3;
  s->design.combined = 0;
}

static void other_by_hand(set_up *s)
{
  static const double rscales[] = {1, 2};
  s->design.method = FM_SURVEY_REPLICATES;
  s->design.replicates = "r1,r2";
  s->design.rscales = rscales;
  s->design.n_rscales = 2;
  s->design.scale = 0.25;
  s->design.degrees_of_freedom = 7;
}

static void none_by_hand(set_up *s)
{
  s->design.method = FM_SURVEY_NONE;
}

static void rules_by_hand(set_up *s)
{
  s->rules.nonpos = FM_INCOME_NONPOS_FLOOR;
  s->rules.nonpos_floor = 0.5;
  s->rules.line_kind = FM_INCOME_LINE_NATIONAL_MEAN;
  s->rules.line_share = 0.7;
  s->rules.percent = 1;
}

static void line_by_hand(set_up *s)
{
  s->rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  s->rules.line = 26;
}

static void bounded_by_hand(set_up *s)
{
  s->spec.bounded = 1;
  s->spec.design = NULL;
}

static const struct same {
  const char *options;
  void (*by_hand)(set_up *s);
} same[] = {
    {"strata=area;fpc=size;psu=none", strata_by_hand},
    {"auxiliaries=age;base_weight=base", base_weight_by_hand},
    {"replicates=r1,r2;replicate_kind=jkn;rscales=0.5, 0.75;mse=yes", jkn_by_hand},
    {"replicates=r1:r2;replicate_kind=fay;fay_rho=0.3;combined=no", fay_by_hand},
    {"replicates=r1,r2;scale=0.25;rscales=1,2;df=7", other_by_hand},
    {"se=none", none_by_hand},
    {"nonpos=floor;nonpos_floor=0.5;line_kind=national_mean;line_share=0.7;percent=yes", rules_by_hand},
    {"line=26", line_by_hand},
    {"bounded=yes", bounded_by_hand},
    {"bounded=yes;se=none;strata=none", bounded_by_hand},
};

START_TEST(options)
{
  char text[256] = "income=pay;measures=gini,at_risk_of_poverty,mean;";
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec compute = FM_COMPUTE_SPEC_INIT;
  set_up s = {FM_INCOME_DISTRIBUTION_SPEC_INIT, FM_SURVEY_DESIGN_SPEC_INIT, FM_INCOME_RULES_INIT};
  fm_table *frame = fm_test_table(columns, FM_COUNT(columns), cells, 6), *expected, *out;
  s.spec.income = "pay";
  s.spec.weight = compute.weight = "weight";
  s.spec.by = compute.by = "region";
  s.spec.measures = "gini,at_risk_of_poverty,mean";
  s.spec.design = &s.design;
  s.spec.rules = &s.rules;
  same[_i].by_hand(&s);
  compute.options = strcat(text, same[_i].options);
  fm_assert_ok(fm_income_distribution(&expected, frame, &s.spec, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute_frame(&out, frame, "income.distribution", &compute, NULL, &err), &err);
  ck_assert_uint_ge(fm_table_n_rows(out), 6);
  fm_assert_same_table(same[_i].options, out, expected);
  fm_table_destroy(out);
  fm_table_destroy(expected);
  fm_table_destroy(frame);
}
END_TEST

static const struct refused {
  const char *id, *options, *said;
} refused[] = {
    {"income.distribution", "bounded=yes;psu=area", "design: needs the rows themselves"},
    {"income.distribution", "bounded=yes;se=taylor", "design: needs the rows themselves"},
    {"income.distribution", "bounded=yes;replicates=r1,r2", "design: needs the rows themselves"},
    {"income.distribution", "rscales=0.5,,1", "option rscales"},
    {"income.distribution", "line=low", "option line"},
    {"income.distribution", "line_share=much", "option line_share"},
    {"income.distribution", "nonpos_floor=x", "option nonpos_floor"},
    {"income.distribution", "scale=x", "option scale"},
    {"income.distribution", "fay_rho=x", "option fay_rho"},
    {"income.distribution", "df=x", "option df"},
    {"income.distribution", "seed=-1", "option seed"},
    {"income.gap", "group=region;reference=n;compared=s;preset=x", "no preset is named"},
    {"income.decomposition", "group=region;se=x", "taylor, replicates, bootstrap, none"},
    {"income.dominance", "group=region;reference=n;compared=s;n_points=x", "option n_points"},
    {"income.change", "quantile=x", "avg, left, right, interp"},
    {"income.incidence", "n_points=x", "option n_points"},
    {"income.mobility", "n_classes=x", "option n_classes"},
};

START_TEST(refuses)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec compute = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  compute.options = refused[_i].options;
  ck_assert_int_eq(fm_catalogue_tally(&t, refused[_i].id, &compute, &err),
                   strstr(refused[_i].said, "preset") != NULL ? FM_ERR_NOT_FOUND : FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, refused[_i].said) != NULL, "%s: %s", compute.options, err.message);
  ck_assert_ptr_null(t);
}
END_TEST

/* Parts of groups that overlap do not add up. */
START_TEST(decomposition_of_target_groups)
{
  static const char *const names[] = {"g:code", "income:f64", "first_row:bool", "person_id:code"};
  static const char *const rows[] = {"a", "10", "1", "p", "b", "10", "0", "p", "b", "30", "1", "q"};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec compute = FM_COMPUTE_SPEC_INIT;
  fm_table *frame = fm_test_table(names, 4, rows, 3), *out;
  compute.options = "group=g";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "income.decomposition", &compute, NULL, &err),
                   FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, "groups that do not overlap") != NULL, "%s", err.message);
  fm_table_destroy(frame);
}
END_TEST

static fm_status life(void *ctx, fm_error *err)
{
  fm_compute_spec compute = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  compute.weight = "weight";
  compute.options = "income=pay;measures=mean;replicates=r1,r2;replicate_kind=jkn;rscales=1,2";
  fm_status status = fm_catalogue_compute_frame(&out, ctx, "income.distribution", &compute, NULL, err);
  fm_table_destroy(out);
  return status;
}

START_TEST(allocations)
{
  fm_table *frame = fm_test_table(columns, FM_COUNT(columns), cells, 6);
  ck_assert_int_ge(fm_test_allocations(life, frame), 5);
  fm_table_destroy(frame);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("catalogue recipe income");
  TCase *c = tcase_create("recipe income");
  tcase_add_loop_test(c, options, 0, FM_COUNT(same));
  tcase_add_loop_test(c, refuses, 0, FM_COUNT(refused));
  tcase_add_test(c, decomposition_of_target_groups);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
