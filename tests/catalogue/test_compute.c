/* Computing by id: every indicator on the example data, on registers, frames and tallies, and what is refused. */
#include "catalogue/bare.h"

#include <stdio.h>
#include <string.h>

#define DEMO FM_PROJECT_DIR "/examples/data/demo-municipality"

static fm_register *read_demo(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_assert_ok(fm_register_read(&r, NULL, DEMO, NULL, NULL, &err), &err);
  return r;
}

static bool has_label(const char *prefix, const char *word)
{
  char key[128];
  snprintf(key, sizeof key, "%s.%s", prefix, word);
  return fm_catalogue_label(key, "en") != key && fm_catalogue_label(key, "da") != key;
}

/* Options without which an indicator cannot be computed. */
static const char *needed(const char *id)
{
  return strcmp(id, "income.grouped") == 0 ? "percent=yes;period=yes"
         : strcmp(id, "income.gap") == 0 || strcmp(id, "income.dominance") == 0
             ? "group=education;reference=basic;compared=vocational"
         : strncmp(id, "labour.", 7) == 0               ? "icls=19;hours_threshold=35;margins=yes"
         : strcmp(id, "sdg.totals") == 0                ? "indicator=8.1.1"
         : strcmp(id, "parity.decomposition") == 0      ? "group=sex;reference=m;covariates=age"
         : strcmp(id, "economy.net_result") == 0        ? "deadweight=0.3"
         : strcmp(id, "economy.social_return") == 0     ? "inputs=1000"
         : strncmp(id, "parity.", 7) == 0               ? "group=sex;reference=m"
         : strcmp(id, "income.decomposition") == 0      ? "group=education"
         : strcmp(id, "retention.cox") == 0             ? "covariates=education:basic"
         : strcmp(id, "retention.discrete_hazard") == 0 ? "covariates=education:basic"
         : strcmp(id, "retention.fine_gray") == 0       ? "covariates=education:basic"
                                                        : NULL;
}

/* The start of the first day not observed; FM_NO_DATE: the data's. The subsidy of 2025 has no threshold. */
static int32_t end_of(const char *id)
{
  return strcmp(id, "economy.fleksloentilskud") == 0 ? fm_date_from_ymd(2025, 1, 1) : FM_NO_DATE;
}

/* All columns of a result, and a label in both languages for all that people see. */
START_TEST(every_indicator)
{
  static const char *const columns[] = {"indicator", "definition", "quantity", "value",        "unit",
                                        "std_error", "ci_low",     "ci_high",  "level",        "n",
                                        "people",    "weight",     "state",    "period_start", "period_end"};
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  const char *id = fm_catalogue_id((size_t)_i);
  fm_table *t;
  size_t n_values = 0;
  fm_table *frame = bare_frame(id);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.options = needed(id);
  spec.as_of = end_of(id);
  bool compares = strcmp(id, "retention.gray") == 0 || strcmp(id, "retention.logrank") == 0;
  bool labour = strncmp(id, "labour.", 7) == 0, several = strcmp(id, "labour.rates") == 0;
  spec.by = compares || labour ? "sex" : NULL;
  if (is_bare(id))
    fm_assert_ok(fm_catalogue_compute_frame(&t, frame, id, &spec, NULL, &err), &err);
  else
    fm_assert_ok(fm_catalogue_compute(&t, r, id, &spec, NULL, &err), &err);
  fm_table_destroy(frame);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert_uint_gt(fm_table_n_rows(t), 2);
  for (int k = 0; k < FM_COUNT(columns); k++)
    ck_assert_msg(fm_table_column_index(t, columns[k]) >= 0, "%s: no column %s", id, columns[k]);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *quantity = fm_test_text(t, "quantity", i), *state = fm_test_text(t, "state", i);
    ck_assert_msg(several || strcmp(fm_test_text(t, "indicator", i), id) == 0, "%s", id); /* each has its own */
    ck_assert_msg(has_label("quantity", quantity), "no label for quantity.%s", quantity);
    ck_assert_msg(has_label("state", state), "no label for state.%s", state);
    ck_assert_ptr_nonnull(fm_test_text(t, "definition", i));
    n_values += strcmp(state, "ok") == 0;
  }
  ck_assert_uint_gt(n_values, 2);
  fm_table_destroy(t);
  fm_register_destroy(r);
}
END_TEST

/* A frame, a tally and a register give the same bits; the last day of the data is the default. */
START_TEST(frame_and_tally)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  const char *id = fm_catalogue_id((size_t)_i);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_table *frame, *whole, *out;
  if (is_bare(id)) {
    ck_assert_int_eq(fm_catalogue_compute(&out, r, id, NULL, NULL, &err), FM_ERR_ARGUMENT);
    ck_assert_msg(strstr(err.message, "a table of its own, not from a register") != NULL, "%s", err.message);
    ck_assert_ptr_null(out);
    fm_register_destroy(r);
    return;
  }
  f.kind = fm_catalogue_text((size_t)_i, "frame", "en");
  bool plain = strcmp(f.kind, "goals") == 0 || strcmp(f.kind, "outcomes") == 0;
  f.by = spec.by = plain ? NULL : strcmp(f.kind, "contracts") == 0 ? "clause" : "sex";
  spec.options = needed(id);
  if (spec.options != NULL && !plain)
    f.by = "sex,education";
  spec.as_of = end_of(id);
  fm_assert_ok(fm_catalogue_compute(&whole, r, id, &spec, NULL, &err), &err);
  f.as_of = spec.as_of = spec.as_of != FM_NO_DATE ? spec.as_of : fm_register_data_end(r);
  fm_assert_ok(fm_register_frame(&frame, r, &f, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute_frame(&out, frame, id, &spec, NULL, &err), &err);
  fm_assert_same_table(id, out, whole);
  fm_table_destroy(out);
  fm_tally *t;
  fm_assert_ok(fm_catalogue_tally(&t, id, &spec, &err), &err);
  ck_assert_str_eq(fm_tally_measure(t), measure_of(id));
  fm_assert_ok(fm_tally_add(t, frame, NULL, &err), &err);
  fm_assert_ok(fm_tally_result(&out, t, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(out), fm_table_n_rows(whole));
  fm_tally_destroy(t);
  fm_table_destroy(out);
  fm_table_destroy(frame);
  fm_table_destroy(whole);
  fm_register_destroy(r);
}
END_TEST

START_TEST(filter_and_date)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *all, *some, *early;
  fm_assert_ok(fm_catalogue_compute(&all, r, "programme.placements", &spec, NULL, &err), &err);
  spec.filter = "kind = fleksjob";
  fm_assert_ok(fm_catalogue_compute(&some, r, "programme.placements", &spec, NULL, &err), &err);
  spec.filter = NULL;
  spec.as_of = fm_date_from_ymd(2024, 3, 1);
  fm_assert_ok(fm_catalogue_compute(&early, r, "programme.placements", &spec, NULL, &err), &err);
  size_t row = fm_test_row(all, "quantity", "placements", NULL, NULL, NULL, NULL);
  fm_assert_close("all", fm_test_number(all, "value", row), 385, 0, 0); /* rows of placements.csv */
  double fleksjob = 0, begun = 0;
  const fm_table *p = fm_register_table(r, "placements");
  for (size_t i = 0; i < fm_table_n_rows(p); i++) {
    fleksjob += strcmp(fm_test_text(p, "kind", i), "fleksjob") == 0;
    begun += fm_test_number(p, "start", i) < fm_date_from_ymd(2024, 3, 1);
  }
  fm_assert_close("filter", fm_test_number(some, "value", row), fleksjob, 0, 0);
  fm_assert_close("as of", fm_test_number(early, "value", row), begun, 0, 0);
  fm_table_destroy(all);
  fm_table_destroy(some);
  fm_table_destroy(early);
  fm_register_destroy(r);
}
END_TEST

/* Of a register and of its frame the same; 143 and 81 people, 24 of them in both. */
START_TEST(merged)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_table *of[2], *frame;
  fm_tally *tally;
  f.kind = "people";
  f.by = spec.by = "target_group";
  f.as_of = spec.as_of = fm_register_data_end(r);
  spec.merge = "refugee,cash_benefit=newcomers";
  fm_assert_ok(fm_catalogue_compute(&of[0], r, "programme.people", &spec, NULL, &err), &err);
  fm_assert_ok(fm_register_frame(&frame, r, &f, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute_frame(&of[1], frame, "programme.people", &spec, NULL, &err), &err);
  for (int k = 0; k < 2; k++) {
    size_t row = fm_test_row(of[k], "target_group", "newcomers", "quantity", "people", NULL, NULL);
    fm_assert_close("143 + 81 - 24", fm_test_number(of[k], "value", row), 200, 0, 0);
    ck_assert_str_eq(fm_table_note(of[k], "merged"), "newcomers: refugee, cash_benefit");
    fm_table_destroy(of[k]);
  }
  ck_assert_int_eq(fm_catalogue_tally(&tally, "programme.people", &spec, &err), FM_ERR_ARGUMENT);
  ck_assert(strstr(err.message, "merge needs all rows at once") != NULL);
  spec.merge = "refugee,nobody";
  spec.filter = "began = true";
  ck_assert_int_eq(fm_catalogue_compute_frame(&of[0], frame, "programme.people", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_table_destroy(frame);
  fm_register_destroy(r);
}
END_TEST

START_TEST(spec_init)
{
  fm_compute_spec macro = FM_COMPUTE_SPEC_INIT, call;
  fm_compute_spec_init(&call, sizeof call);
  ck_assert_uint_eq(call.struct_size, macro.struct_size);
  ck_assert(call.by == NULL && call.weight == NULL && call.filter == NULL && call.options == NULL);
  ck_assert(call.level == macro.level && call.as_of == macro.as_of);
}
END_TEST

static const struct refused {
  const char *label, *id, *by, *filter, *options;
  double level;
  fm_status status;
  const char *message;
} refusals[] = {
    {"unknown id", "retention.rate", NULL, NULL, NULL, 0.95, FM_ERR_NOT_FOUND, "no indicator \"retention.rate\""},
    {"unknown option", "retention.status", NULL, NULL, "horizon=3", 0.95, FM_ERR_NOT_FOUND, "it has index, horizons"},
    {"wrong option of the frame", "retention.status", NULL, NULL, "index=last", 0.95, FM_ERR_ARGUMENT,
     "expected one of placement, first"},
    {"wrong employer", "retention.survival", NULL, NULL, "employer=mine", 0.95, FM_ERR_ARGUMENT, "any, same"},
    {"wrong gap", "retention.survival", NULL, NULL, "gap_days=few", 0.95, FM_ERR_ARGUMENT, "option gap_days"},
    {"wrong horizons", "retention.status", NULL, NULL, "horizons=3,3", 0.95, FM_ERR_ARGUMENT, "horizons is \"3,3\""},
    {"wrong period", "income.bottom40", NULL, NULL, "period_0=x", 0.95, FM_ERR_ARGUMENT, "option period_0"},
    {"a period without incomes", "income.bottom40", NULL, NULL, "period_0=1900;period_1=1901", 0.95, FM_ERR_NOT_FOUND,
     "no income of the period 1900"},
    {"unknown column", "programme.people", "colour", NULL, NULL, 0.95, FM_ERR_NOT_FOUND, "colour"},
    {"unclear filter", "programme.people", NULL, "sex", NULL, 0.95, FM_ERR_FORMAT, "the rule is not clear"},
    {"level", "programme.people", NULL, NULL, NULL, 1, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1"},
    {"level", "retention.status", NULL, NULL, NULL, 0, FM_ERR_ARGUMENT, "level is expected between 0 and 1"},
};

START_TEST(refused)
{
  const struct refused *q = &refusals[_i];
  fm_error err = FM_ERROR_INIT;
  fm_register *r = read_demo();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.by = q->by;
  spec.filter = q->filter;
  spec.options = q->options;
  spec.level = q->level;
  fm_status status = fm_catalogue_compute(&out, r, q->id, &spec, NULL, &err);
  ck_assert_msg(status == q->status, "%s: %s, %s", q->label, fm_status_name(status), err.message);
  ck_assert_msg(strstr(err.message, q->message) != NULL, "%s: %s", q->label, err.message);
  ck_assert_ptr_null(out);
  fm_register_destroy(r);
}
END_TEST

/* Mean 3 of 1, 2, 6 with weights of 2, u = (x - 3) / 6. Regression on (1, 0, 1) with the weights before, 1, 1, 2: slope
 * (-1/3 + 2 / 2) / 3 = 2/9; residuals times 2 are -10/9, -3/9, 5/9, less their mean -22/27, -1/27, 23/27: V = 3/2 x
 * 1014/729 = (13/9)^2. */
START_TEST(calibrated)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  static const char *const columns[] = {"income:f64", "w:f64", "before:f64", "a:f64"};
  static const char *const cells[] = {"1", "2", "1", "1", "2", "2", "1", "0", "6", "2", "2", "1"};
  fm_table *frame = fm_test_table(columns, 4, cells, 3), *out;
  spec.weight = "w";
  spec.options = "measures=mean;auxiliaries=a;base_weight=before";
  fm_assert_ok(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), &err);
  fm_assert_close("error", fm_test_number(out, "std_error", 0), 13 / 9.0, 1e-14, 0);
  fm_table_destroy(out);
  spec.options = "measures=mean;auxiliaries=a;base_weight=nothing";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  spec.options = "measures=mean;period=2020";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "income.distribution", &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_str_eq(err.message, "option period needs a register; of a bare frame all rows are taken");
  fm_error_clear(&err);
  fm_table_destroy(frame);
}
END_TEST

START_TEST(refused_frames)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  static const char *const columns[] = {"person_id:code", "began:bool"}, *const cells[] = {"a", "1", "b", "0"};
  fm_table *frame = fm_test_table(columns, 2, cells, 2), *open, *out;
  spec.filter = "began";
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "programme.people", &spec, NULL, &err), FM_ERR_FORMAT);
  ck_assert_ptr_nonnull(strstr(err.message, "the rule is not clear"));
  ck_assert_ptr_null(out);
  spec.filter = NULL;
  fm_error_clear(&err);
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "retention.status", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "nothing", &spec, NULL, &err), FM_ERR_NOT_FOUND);
  fm_error_clear(&err);
  fm_assert_ok(fm_table_create(&open, "open", &err), &err);
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, open, "programme.people", &spec, NULL, &err), FM_ERR_STATE);
  fm_error_clear(&err);
  spec.struct_size = 3;
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, frame, "programme.people", &spec, NULL, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(open);
  fm_table_destroy(frame);
}
END_TEST

static int32_t stop(void *ctx, double done)
{
  (void)ctx;
  (void)done;
  return 1;
}

START_TEST(cancelled)
{
  fm_error err = FM_ERROR_INIT;
  fm_run run = FM_RUN_INIT;
  fm_register *r = read_demo();
  fm_table *out;
  run.progress = stop;
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    fm_error_clear(&err);
    const char *id = fm_catalogue_id(i);
    fm_table *frame = bare_frame(id);
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    spec.options = needed(id);
    fm_status status = is_bare(id) ? fm_catalogue_compute_frame(&out, frame, id, &spec, &run, &err)
                                   : fm_catalogue_compute(&out, r, id, &spec, &run, &err);
    fm_table_destroy(frame);
    ck_assert_msg(status == FM_ERR_CANCELLED && out == NULL, "%s: %s", fm_catalogue_id(i), fm_status_name(status));
  }
  fm_register_destroy(r);
}
END_TEST

/* ---- memory: a small register, made once ---- */

typedef struct small {
  fm_register *r;
  const char *id, *options;
} small;

static fm_status compute_small(void *ctx, fm_error *err)
{
  const small *s = ctx;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *out;
  spec.options = s->options;
  spec.by = "sex";
  fm_status status = fm_catalogue_compute(&out, s->r, s->id, &spec, NULL, err);
  ck_assert(status == FM_OK || out == NULL);
  fm_table_destroy(out);
  return status;
}

static const small cases[] = {{NULL, "programme.people", NULL},
                              {NULL, "programme.placements", "full_time_hours=30"},
                              {NULL, "retention.status", "horizons=1;cluster=none"},
                              {NULL, "retention.survival", "curve=no"}};

START_TEST(without_memory)
{
  static const char *const ids[] = {"a", "b"}, *const sexes[] = {"female", "male"};
  static const char *const jobs[] = {"x", "y"}, *const kinds[] = {"fleksjob", "ordinary"};
  const int32_t starts[] = {fm_date_from_ymd(2025, 1, 1), fm_date_from_ymd(2025, 2, 1)};
  fm_error err = FM_ERROR_INIT;
  small s = cases[_i];
  fm_table *persons, *placements;
  fm_assert_ok(fm_table_create(&persons, "persons", &err), &err);
  fm_assert_ok(fm_table_add_text(persons, "person_id", ids, 2, &err), &err);
  fm_assert_ok(fm_table_add_text(persons, "sex", sexes, 2, &err), &err);
  fm_assert_ok(fm_table_seal(persons, &err), &err);
  fm_assert_ok(fm_table_create(&placements, "placements", &err), &err);
  fm_assert_ok(fm_table_add_text(placements, "placement_id", jobs, 2, &err), &err);
  fm_assert_ok(fm_table_add_text(placements, "person_id", ids, 2, &err), &err);
  fm_assert_ok(fm_table_add_text(placements, "kind", kinds, 2, &err), &err);
  fm_assert_ok(fm_table_add_date(placements, "start", starts, NULL, 2, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(placements, &err), &err);
  const fm_table *const tables[] = {persons, placements};
  fm_assert_ok(fm_register_from_tables(&s.r, NULL, tables, 2, NULL, NULL, &err), &err);
  ck_assert_int_gt(fm_test_allocations(compute_small, &s), 20);
  fm_register_destroy(s.r);
  fm_table_destroy(persons);
  fm_table_destroy(placements);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("compute");
  TCase *c = tcase_create("compute");
  tcase_add_loop_test(c, every_indicator, 0, (int)fm_catalogue_n());
  tcase_add_loop_test(c, frame_and_tally, 0, (int)fm_catalogue_n());
  tcase_add_test(c, filter_and_date);
  tcase_add_test(c, merged);
  tcase_add_test(c, spec_init);
  tcase_add_loop_test(c, refused, 0, FM_COUNT(refusals));
  tcase_add_test(c, calibrated);
  tcase_add_test(c, refused_frames);
  tcase_add_test(c, cancelled);
  tcase_add_loop_test(c, without_memory, 0, FM_COUNT(cases));
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
