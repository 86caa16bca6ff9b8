/* Each indicator through the catalogue is the measure called by hand: same frame, same spec, same bits. */
#include "catalogue/bare.h"

#include <stdio.h>
#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *reg;

static void open_register(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_assert_ok(fm_register_read(&reg, NULL, DEMO, NULL, NULL, &err), &err);
}

static void close_register(void)
{
  fm_register_destroy(reg);
}

static fm_table *frame_of(fm_frame_spec f)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame;
  f.as_of = fm_date_from_ymd(2026, 1, 1);
  fm_assert_ok(fm_register_frame(&frame, reg, &f, NULL, &err), &err);
  return frame;
}

static fm_table *computed(const char *id, const char *by, const char *options, double level)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.by = by;
  spec.options = options;
  spec.level = level;
  spec.as_of = fm_date_from_ymd(strcmp(id, "economy.fleksloentilskud") == 0 ? 2025 : 2026, 1, 1); /* no rates of 2025 */
  if (is_bare(id)) {
    fm_table *frame = bare_frame(id);
    fm_assert_ok(fm_catalogue_compute_frame(&out, frame, id, &spec, NULL, &err), &err);
    fm_table_destroy(frame);
  } else {
    fm_assert_ok(fm_catalogue_compute(&out, reg, id, &spec, NULL, &err), &err);
  }
  return out;
}

/* Compares and drops all three; `frame` may be NULL. */
static void same(const char *label, fm_table *made, fm_table *by_hand, fm_table *frame)
{
  ck_assert_uint_gt(fm_table_n_rows(made), 0);
  fm_assert_same_table(label, made, by_hand);
  fm_table_destroy(made);
  fm_table_destroy(by_hand);
  fm_table_destroy(frame);
}

START_TEST(people)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_programme_spec s = FM_PROGRAMME_SPEC_INIT;
  fm_table *out;
  f.kind = "people";
  f.by = s.by = "sex";
  s.level = 0.5;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_programme_people(&out, frame, &s, NULL, &err), &err);
  same("people", computed("programme.people", "sex", NULL, 0.5), out, frame);
}
END_TEST

START_TEST(placements)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_programme_spec s = FM_PROGRAMME_SPEC_INIT;
  fm_table *out;
  f.kind = "placements";
  f.by = s.by = "kind";
  s.full_time_hours = 30;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_programme_placements(&out, frame, &s, NULL, &err), &err);
  same("placements", computed("programme.placements", "kind", "full_time_hours=30", 0.95), out, frame);
}
END_TEST

START_TEST(status)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_retention_status_spec s = FM_RETENTION_STATUS_SPEC_INIT;
  fm_table *out;
  f.kind = "status";
  f.by = s.by = "target_group";
  f.index = "first";
  f.horizons = "1,24";
  f.same_employer = 1;
  f.gap_days = 14;
  s.cluster = "";
  s.level = 0.9;
  fm_table *frame = frame_of(f);
  s.definition = fm_table_note(frame, "definition");
  fm_assert_ok(fm_retention_status(&out, frame, &s, NULL, &err), &err);
  same("status",
       computed("retention.status", "target_group",
                "index=first; horizons=1,24; employer=same; gap_days=14; cluster=none", 0.9),
       out, frame);
}
END_TEST

START_TEST(status_by_cluster)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_retention_status_spec s = FM_RETENTION_STATUS_SPEC_INIT;
  fm_table *out;
  f.kind = "status";
  fm_table *frame = frame_of(f);
  s.definition = fm_table_note(frame, "definition");
  fm_assert_ok(fm_retention_status(&out, frame, &s, NULL, &err), &err);
  same("cluster", computed("retention.status", NULL, "cluster=person_id;index=placement;employer=any", 0.95), out,
       frame);
}
END_TEST

static const struct {
  const char *options;
  int32_t conf_type, curve;
} curves[] = {{NULL, 3, 1},
              {"conf_type=plain", 1, 1},
              {"conf_type=log", 2, 1},
              {"conf_type=log-log", 3, 1},
              {"conf_type=logit", 4, 1},
              {"conf_type=arcsine", 5, 1},
              {"curve=no", 3, 0},
              {"curve=yes", 3, 1}};

START_TEST(survival)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_retention_survival_spec s = FM_RETENTION_SURVIVAL_SPEC_INIT;
  fm_table *out;
  f.kind = "survival";
  f.by = s.by = "sex";
  s.conf_type = curves[_i].conf_type;
  s.curve = curves[_i].curve;
  fm_table *frame = frame_of(f);
  s.definition = fm_table_note(frame, "definition");
  fm_assert_ok(fm_retention_survival(&out, frame, &s, NULL, &err), &err);
  same("survival", computed("retention.survival", "sex", curves[_i].options, 0.95), out, frame);
}
END_TEST

START_TEST(bottom40)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_bottom40_spec s = FM_INCOME_BOTTOM40_SPEC_INIT;
  fm_table *incomes = fm_table_retain(fm_register_table(reg, "incomes")), *out;
  double first = fm_test_number(incomes, "period", 0), last = first;
  for (size_t i = 0; i < fm_table_n_rows(incomes); i++) {
    double period = fm_test_number(incomes, "period", i);
    first = period < first ? period : first;
    last = period > last ? period : last;
  }
  fm_table_destroy(incomes);
  f.kind = "incomes";
  s.p_share = 0.3;
  s.line = 150000;
  s.population = 1;
  s.period_0 = first; /* the frame's default periods are noted, so that growth is a year's */
  s.period_1 = last;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_income_bottom40(&out, frame, &s, NULL, &err), &err);
  same("bottom40", computed("income.bottom40", NULL, "p_share=0.3;line=150000;population=yes", 0.95), out, frame);
}
END_TEST

START_TEST(distribution)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_distribution_spec s = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_rules rules;
  fm_table *out;
  f.kind = "income";
  f.period_1 = 2023;
  s.by = "sex";
  s.level = 0.9;
  s.measures = "gini,quantile(0.1)";
  s.imputed = "imputed";
  s.reference = "female";
  s.total = 1;
  s.rules = &rules;
  s.design = &design;
  fm_assert_ok(fm_income_rules_preset(&rules, sizeof rules, "laeken", &err), &err);
  rules.quantile = FM_INCOME_QUANTILE_LEFT;
  rules.line = 100000;
  rules.line_kind = FM_INCOME_LINE_ABSOLUTE;
  design.psu = "household_id";
  design.method = FM_SURVEY_BOOTSTRAP;
  design.n_replicates = 10;
  design.seed = 7;
  f.by = "sex";
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_income_distribution(&out, frame, &s, NULL, &err), &err);
  same("distribution",
       computed("income.distribution", "sex",
                "measures=gini,quantile(0.1);preset=laeken;quantile=left;line=100000;psu=household_id;se=bootstrap;"
                "n_replicates=10;seed=7;imputed=imputed;reference=female;total=yes;period=2023",
                0.9),
       out, frame);
}
END_TEST

START_TEST(gap)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_gap_spec s = FM_INCOME_GAP_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  f.kind = "income";
  f.period_1 = 2023;
  f.by = "disability,sex,household_id";
  s.by = "disability";
  s.level = 0.9;
  s.group = "sex";
  s.reference = "male";
  s.compared = "female";
  s.measures = "mean,at_risk_of_poverty(0.5)";
  s.rules = &rules;
  s.design = &design;
  rules.poor = FM_INCOME_POOR_LE;
  design.psu = "household_id";
  fm_table *out, *frame = frame_of(f);
  fm_assert_ok(fm_income_gap(&out, frame, &s, NULL, &err), &err);
  same("gap",
       computed("income.gap", "disability",
                "group=sex;reference=male;compared=female;measures=mean,at_risk_of_poverty(0.5);poor=le;"
                "psu=household_id;period=2023",
                0.9),
       out, frame);
}
END_TEST

START_TEST(decomposition)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_decomposition_spec s = FM_INCOME_DECOMPOSITION_SPEC_INIT;
  f.kind = "income";
  f.by = "sex,education";
  s.by = "sex";
  s.group = "education";
  s.measures = "gini,ge(2)";
  fm_table *out, *frame = frame_of(f);
  fm_assert_ok(fm_income_decomposition(&out, frame, &s, NULL, &err), &err);
  same("parts", computed("income.decomposition", "sex", "group=education;measures=gini,ge(2)", 0.95), out, frame);
}
END_TEST

START_TEST(dominance)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_dominance_spec s = FM_INCOME_DOMINANCE_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  f.kind = "income";
  f.by = "target_group,sex";
  s.group = "sex";
  s.by = "target_group";
  s.reference = "female";
  s.compared = "male";
  s.curve = FM_INCOME_DOMINANCE_TIP;
  s.n_points = 4;
  s.first_row = "first_row"; /* a person of two target groups is one of the file's people */
  s.rules = &rules;
  s.design = &design;
  design.psu = "person_id";
  rules.line_share = 0.8;
  fm_table *out, *frame = frame_of(f);
  fm_assert_ok(fm_income_dominance(&out, frame, &s, NULL, &err), &err);
  same("dominance",
       computed("income.dominance", "target_group",
                "group=sex;reference=female;compared=male;curve=tip;n_points=4;line_share=0.8", 0.95),
       out, frame);
}
END_TEST

/* Persons of several target groups: one unit each, once in the whole. */
START_TEST(distribution_by_target_group)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_distribution_spec s = FM_INCOME_DISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *out;
  f.kind = "income";
  f.by = s.by = "target_group";
  s.total = 1;
  s.first_row = "first_row";
  s.design = &design;
  design.psu = "person_id";
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_income_distribution(&out, frame, &s, NULL, &err), &err);
  same("by target group", computed("income.distribution", "target_group", "total=yes", 0.95), out, frame);
}
END_TEST

static const struct option_error {
  const char *options, *said;
} option_errors[] = {
    {"preset=laekn", "laeken_0_5"},
    {"quantile=middle", "avg, left, right, interp"},
    {"se=jackknife", "taylor, replicates, bootstrap, none"},
    {"rscales=1,x", "rscales"},
    {"n_replicates=1", "n_replicates"},
    {"measures=ginny", "gini"},
    {"replicates=r1:r4;replicate_kind=jkn", "rscales"},
};

START_TEST(distribution_refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = option_errors[_i].options;
  ck_assert_int_ne(fm_catalogue_tally(&t, "income.distribution", &spec, &err), FM_OK);
  ck_assert_msg(strstr(err.message, option_errors[_i].said) != NULL, "%s: %s", spec.options, err.message);
  ck_assert_ptr_null(t);
}
END_TEST

START_TEST(change)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_change_spec s = FM_INCOME_CHANGE_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_income_rules rules = FM_INCOME_RULES_INIT;
  fm_table *out;
  f.kind = "income_periods";
  f.by = s.by = "sex";
  s.weight = "weight";
  s.measures = "growth_premium(0.2),gini";
  s.level = 0.9;
  s.overlap = FM_INCOME_OVERLAP_PERSONS;
  s.person = "person_id";
  s.deflator_1 = 1.5;
  s.rules = &rules;
  s.design = &design;
  rules.gini = FM_INCOME_GINI_N_MINUS_1;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = "sex";
  spec.weight = "weight";
  spec.level = 0.9;
  spec.as_of = fm_date_from_ymd(2026, 1, 1);
  spec.options = "measures=growth_premium(0.2),gini;overlap=persons;deflator_1=1.5;gini=n_minus_1";
  fm_table *frame = frame_of(f), *made;
  fm_assert_ok(fm_income_change(&out, frame, &s, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute(&made, reg, "income.change", &spec, NULL, &err), &err);
  same("change", made, out, frame);
}
END_TEST

/* Those in several target groups are one unit, and once in the line of all. */
START_TEST(incidence)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_incidence_spec s = FM_INCOME_INCIDENCE_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *out;
  f.kind = "income_periods";
  f.by = s.by = "target_group";
  s.person = design.psu = "person_id";
  s.first_row = "first_row";
  s.n_points = 3;
  s.total = 1;
  s.design = &design;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_income_incidence(&out, frame, &s, NULL, &err), &err);
  same("incidence", computed("income.incidence", "target_group", "n_points=3;total=yes;panel=yes", 0.95), out, frame);
}
END_TEST

START_TEST(mobility)
{
  fm_error err = FM_ERROR_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_income_mobility_spec s = FM_INCOME_MOBILITY_SPEC_INIT;
  fm_survey_design_spec design = FM_SURVEY_DESIGN_SPEC_INIT;
  fm_table *out;
  f.kind = "income_periods";
  f.by = "household_id,age";
  s.n_classes = 3;
  s.bottom = 0.3;
  s.covariates = "age";
  s.design = &design;
  design.psu = "household_id";
  design.lonely = FM_SURVEY_LONELY_REMOVE;
  fm_table *frame = frame_of(f);
  fm_assert_ok(fm_income_mobility(&out, frame, &s, NULL, &err), &err);
  same("mobility",
       computed("income.mobility", NULL, "n_classes=3;bottom=0.3;covariates=age;psu=household_id;lonely=remove", 0.95),
       out, frame);
}
END_TEST

static const struct change_error {
  const char *id, *options, *said;
} change_errors[] = {
    {"income.change", "overlap=some", "independent, units, persons"},
    {"income.change", "overlap=persons;psu=household_id", "overlap = units"},
    {"income.change", "measures=growth_top", "growth_premium"},
    {"income.change", "deflator_0=0", "deflator_0"},
    {"income.change", "spell=best;negative=keep", "no, sdg"},
    {"income.change", "spell=sdg", "option negative: expected keep"},
    {"income.change", "spell=sdg;negative=keep;breaks=2012,x", "breaks: expected decimal years"},
    {"income.change", "spell=sdg;negative=keep;spell_tolerance=5", "tolerance: expected"},
    {"income.change", "spell=sdg;negative=keep;not_before=2015;not_after=2014", "not_before, not_after"},
    {"income.change", "spell=sdg;negative=keep;period_0=2012", "expected none where a rule chooses"},
    {"income.change", "spell=sdg;negative=keep;deflator_1=2", "deflate the incomes before"},
    {"income.incidence", "n_points=1", "n_points"},
    {"income.incidence", "total=perhaps", "no, yes"},
    {"income.mobility", "n_classes=1", "n_classes"},
    {"income.mobility", "bottom=1", "bottom"},
};

START_TEST(change_refused)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.options = change_errors[_i].options;
  ck_assert_int_ne(fm_catalogue_tally(&t, change_errors[_i].id, &spec, &err), FM_OK);
  ck_assert_msg(strstr(err.message, change_errors[_i].said) != NULL, "%s: %s", spec.options, err.message);
  ck_assert_ptr_null(t);
}
END_TEST

/* Every option with its own default is the same as none, and can be given. */
START_TEST(grouped)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz_spec how = FM_INCOME_LORENZ_SPEC_INIT;
  fm_income_grouped_spec s = FM_INCOME_GROUPED_SPEC_INIT;
  fm_table *out, *frame = bare_frame("income.grouped");
  how.percent = 1;
  how.tolerance = 0.001;
  how.mode = FM_INCOME_GROUPED_PIP;
  how.curve = FM_INCOME_CURVE_QUADRATIC;
  s.curves = &how;
  s.period = "period";
  s.mean = "mean";
  s.lines = "20,30";
  s.p_share = 0.3;
  fm_assert_ok(fm_income_grouped(&out, frame, &s, NULL, &err), &err);
  same("grouped",
       computed("income.grouped", NULL,
                "percent=yes;tolerance=0.001;mode=pip;curve=quadratic;period=yes;mean=column;lines=20,30;p_share=0.3",
                0.95),
       out, frame);
}
END_TEST

START_TEST(grouped_means)
{
  static const char *const columns[] = {"people:f64", "income:f64"};
  static const char *const cells[] = {"3", "1.7", "5", "2.9", "7", "3.6", "6", "4.4", "4", "6.3"};
  fm_error err = FM_ERROR_INIT;
  fm_income_lorenz_spec how = FM_INCOME_LORENZ_SPEC_INIT;
  fm_income_grouped_spec s = FM_INCOME_GROUPED_SPEC_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out, *made, *frame = fm_test_table(columns, 2, cells, 5);
  how.input = FM_INCOME_GROUPED_MEANS;
  how.mean = 4;
  s.curves = &how;
  fm_assert_ok(fm_income_grouped(&out, frame, &s, NULL, &err), &err);
  spec.options = "input=means;mean=4";
  fm_assert_ok(fm_catalogue_compute_frame(&made, frame, "income.grouped", &spec, NULL, &err), &err);
  same("means", made, out, frame);
}
END_TEST

START_TEST(defaults)
{
  const char *id = fm_catalogue_id((size_t)_i), *needed = "";
  static const struct {
    const char *id, *options;
  } needs[] = {{"income.grouped", "percent=yes;period=yes;"},
               {"income.gap", "group=sex;reference=male;compared=female;"},
               {"income.dominance", "group=sex;reference=male;compared=female;"},
               {"retention.cox", "covariates=sex:female;"},
               {"retention.discrete_hazard", "covariates=sex:female;bands=1,3,6;"},
               {"sdg.totals", "indicator=10.1.1;"},
               {"economy.social_return", "inputs=1000;"},
               {"parity.", "group=sex;reference=m;"},
               {"parity.decomposition", "group=sex;reference=m;covariates=age;"},
               {"retention.fine_gray", "covariates=sex:female;"},
               {"labour.", "icls=19;hours_threshold=35;"},
               {"income.decomposition", "group=sex;"}};
  for (int n = 0; n < FM_COUNT(needs); n++)
    needed = strncmp(id, needs[n].id, strlen(needs[n].id)) == 0 ? needs[n].options : needed;
  for (size_t k = 0; k < fm_catalogue_n_options((size_t)_i); k++) {
    char options[160], given[40];
    const char *name = fm_catalogue_option((size_t)_i, k, "name", "en");
    snprintf(given, sizeof given, "%s=", name);
    if (strstr(needed, given) != NULL)
      continue;
    snprintf(options, sizeof options, "%s%s=%s", needed, name, fm_catalogue_option((size_t)_i, k, "default", "en"));
    same(options, computed(id, NULL, options, 0.95), computed(id, NULL, needed, 0.95), NULL);
  }
}
END_TEST

static const struct refused {
  const char *id, *by, *weight, *message;
} refusals[] = {
    {"programme.people", NULL, "weight", "programme.people counts people and takes no weight; found \"weight\""},
    {"programme.placements", NULL, "weight", "programme.placements counts people and takes no weight"},
    {"target.track", NULL, "weight", "target.track counts people and takes no weight"},
    {"income.grouped", NULL, "weight", "income.grouped takes its weights from people and no others; found \"weight\""},
    {"target.track", "sex", NULL, "target.track is always by goal_id; found by \"sex\""},
};

START_TEST(refused)
{
  const struct refused *q = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t;
  spec.by = q->by;
  spec.weight = q->weight;
  ck_assert_int_eq(fm_catalogue_tally(&t, q->id, &spec, &err), FM_ERR_ARGUMENT);
  ck_assert_msg(strstr(err.message, q->message) != NULL, "%s", err.message);
  ck_assert_ptr_null(t);
  spec.by = spec.weight = ""; /* blank is nothing */
  fm_error_clear(&err);
  fm_assert_ok(fm_catalogue_tally(&t, q->id, &spec, &err), &err);
  ck_assert_str_eq(fm_tally_measure(t), q->id);
  fm_tally_destroy(t);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("recipes");
  TCase *c = tcase_create("recipes");
  tcase_add_checked_fixture(c, open_register, close_register);
  tcase_add_test(c, people);
  tcase_add_test(c, placements);
  tcase_add_test(c, status);
  tcase_add_test(c, status_by_cluster);
  tcase_add_loop_test(c, survival, 0, FM_COUNT(curves));
  tcase_add_test(c, bottom40);
  tcase_add_test(c, grouped);
  tcase_add_test(c, grouped_means);
  tcase_add_test(c, distribution);
  tcase_add_test(c, distribution_by_target_group);
  tcase_add_test(c, gap);
  tcase_add_test(c, decomposition);
  tcase_add_test(c, dominance);
  tcase_add_loop_test(c, distribution_refused, 0, FM_COUNT(option_errors));
  tcase_add_test(c, change);
  tcase_add_test(c, incidence);
  tcase_add_test(c, mobility);
  tcase_add_loop_test(c, change_refused, 0, FM_COUNT(change_errors));
  tcase_add_loop_test(c, defaults, 0, (int)fm_catalogue_n());
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
