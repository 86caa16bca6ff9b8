/* The catalogue is complete in both languages, and computing by id gives what the measure itself gives. */
#include "support/support.h"

#include <stdio.h>
#include <string.h>

static const char *const languages[] = {"en", "da"};

START_TEST(every_indicator_is_told_in_both_languages)
{
  static const char *const needed[] = {"name", "unit", "definition", "source", "frame", "columns"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_catalogue_table(&t, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), fm_catalogue_n());
  ck_assert_uint_gt(fm_catalogue_n(), 5);
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    const char *id = fm_catalogue_id(i);
    ck_assert_str_eq(fm_test_text(t, "id", i), id);
    ck_assert_int_eq(fm_catalogue_find(id), (int64_t)i);
    ck_assert_str_eq(fm_test_text(t, "name_en", i), fm_catalogue_text(i, "name", "en"));
    ck_assert_str_eq(fm_test_text(t, "name_da", i), fm_catalogue_text(i, "name", "da"));
    ck_assert_str_ne(fm_catalogue_text(i, "definition", "en"), fm_catalogue_text(i, "definition", "da"));
    for (size_t l = 0; l < 2; l++)
      for (int k = 0; k < FM_COUNT(needed); k++)
        ck_assert_msg(strlen(fm_catalogue_text(i, needed[k], languages[l])) > 0, "%s: no %s", id, needed[k]);
    ck_assert_ptr_null(fm_catalogue_text(i, "colour", "en"));
  }
  fm_table_destroy(t);
}
END_TEST

START_TEST(outside_there_is_nothing)
{
  size_t n = fm_catalogue_n();
  ck_assert_ptr_null(fm_catalogue_id(n));
  ck_assert_int_eq(fm_catalogue_find("retention.statu"), -1);
  ck_assert_ptr_null(fm_catalogue_text(n, "name", "en"));
  ck_assert_uint_eq(fm_catalogue_n_options(n), 0);
  ck_assert_ptr_null(fm_catalogue_option(n, 0, "name", "en"));
  ck_assert_ptr_null(fm_catalogue_option(0, 99, "name", "en"));
  ck_assert_str_eq(fm_catalogue_label("no.such.label", "en"), "no.such.label");
  ck_assert_str_eq(fm_catalogue_label("state.suppressed", "en"), "hidden");
  ck_assert_str_eq(fm_catalogue_label("state.suppressed", "da"), "skjult");
}
END_TEST

/* Each option written out with its default, all together, must be taken and change nothing. */
START_TEST(defaults_written_out_are_the_defaults)
{
  fm_error err = FM_ERROR_INIT;
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    const char *id = fm_catalogue_id(i);
    char options[512] = "";
    for (size_t k = 0; k < fm_catalogue_n_options(i); k++) {
      const char *name = fm_catalogue_option(i, k, "name", "en"), *value = fm_catalogue_option(i, k, "default", "en");
      ck_assert(strlen(fm_catalogue_option(i, k, "about", "en")) > 0);
      ck_assert(strlen(fm_catalogue_option(i, k, "about", "da")) > 0);
      size_t used = strlen(options);
      snprintf(options + used, sizeof options - used, "%s%s=%s", k > 0 ? " ; " : "", name, value);
    }
    fm_compute_spec plain = FM_COMPUTE_SPEC_INIT, written = FM_COMPUTE_SPEC_INIT;
    fm_tally *a, *b;
    void *bytes[2];
    size_t size[2];
    written.options = options;
    fm_assert_ok(fm_catalogue_tally(&a, id, &plain, &err), &err);
    fm_assert_ok(fm_catalogue_tally(&b, id, &written, &err), &err);
    ck_assert_str_eq(fm_tally_measure(a), id);
    fm_assert_ok(fm_tally_save(a, &bytes[0], &size[0], &err), &err);
    fm_assert_ok(fm_tally_save(b, &bytes[1], &size[1], &err), &err);
    ck_assert_msg(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0, "%s: %s", id, options);
    fm_free(bytes[0]);
    fm_free(bytes[1]);
    fm_tally_destroy(a);
    fm_tally_destroy(b);
  }
}
END_TEST

static const struct wrong {
  const char *label, *id, *options;
  double level;
  fm_status code;
  const char *says; /* a part of the message */
} wrongs[] = {
    {"unknown id", "retention.statu", NULL, 0.95, FM_ERR_NOT_FOUND, "retention.status"},
    {"no id", NULL, NULL, 0.95, FM_ERR_NOT_FOUND, "programme.people"},
    {"unknown option", "retention.status", "horizon=3", 0.95, FM_ERR_NOT_FOUND, "horizons"},
    {"no option at all", "programme.people", "x=1", 0.95, FM_ERR_NOT_FOUND, "no options"},
    {"no value", "retention.status", "horizons", 0.95, FM_ERR_ARGUMENT, "name=value"},
    {"twice", "target.track", "behind=0.1;behind=0.1", 0.95, FM_ERR_ARGUMENT, "twice"},
    {"not a number", "target.track", "behind=few", 0.95, FM_ERR_ARGUMENT, "behind"},
    {"a word of another option", "retention.survival", "conf_type=loglog", 0.95, FM_ERR_ARGUMENT, "log-log"},
    {"out of range", "target.track", "prior_shape=-1", 0.95, FM_ERR_ARGUMENT, "prior"},
    {"level", "programme.people", NULL, 1.5, FM_ERR_ARGUMENT, "level"},
};

START_TEST(wrong_calls_say_what_is_wrong)
{
  const struct wrong *w = &wrongs[_i];
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_tally *t = NULL;
  spec.options = w->options;
  spec.level = w->level;
  ck_assert_msg(fm_catalogue_tally(&t, w->id, &spec, &err) == w->code, "%s: %s", w->label, err.message);
  ck_assert_ptr_null(t);
  ck_assert_msg(strstr(err.message, w->says) != NULL, "%s: %s", w->label, err.message);
}
END_TEST

static fm_register *school(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems;
  fm_assert_ok(fm_register_read(&r, &problems, FM_PROJECT_DIR "/examples/data/school-to-work", NULL, NULL, &err), &err);
  fm_table_destroy(problems);
  return r;
}

/* By id on the register, by id on the frame, and by the measure's own function: the same table. */
START_TEST(three_ways_give_one_result)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = school();
  fm_compute_spec spec, on_frame = FM_COMPUTE_SPEC_INIT;
  fm_frame_spec f = FM_FRAME_SPEC_INIT;
  fm_retention_status_spec own = FM_RETENTION_STATUS_SPEC_INIT;
  fm_table *frame, *a, *b, *c;
  fm_compute_spec_init(&spec, sizeof spec);
  spec.by = on_frame.by = own.by = f.by = "sex";
  spec.weight = on_frame.weight = own.weight = "weight";
  spec.options = "horizons=6,24; index=first";
  spec.as_of = f.as_of = fm_date_from_ymd(1999, 7, 1);
  f.kind = "status";
  f.horizons = "6,24";
  f.index = "first";
  fm_assert_ok(fm_register_frame(&frame, r, &f, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute(&a, r, "retention.status", &spec, NULL, &err), &err);
  fm_assert_ok(fm_catalogue_compute_frame(&b, frame, "retention.status", &on_frame, NULL, &err), &err);
  fm_assert_ok(fm_retention_status(&c, frame, &own, NULL, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(a), 2 * 2 * 6);
  fm_assert_same_table("register and frame", a, b);
  fm_assert_same_table("frame and measure", b, c);
  fm_table_destroy(a);
  fm_table_destroy(b);
  fm_table_destroy(c);
  on_frame.filter = "sex = female";
  ck_assert_int_eq(fm_catalogue_compute_frame(&a, frame, "retention.status", &on_frame, NULL, &err), FM_ERR_ARGUMENT);
  fm_table_destroy(frame);
  fm_register_destroy(r);
}
END_TEST

/* examples/data/school-to-work/README.md: 547 first jobs of 712 people, 342 women. */
START_TEST(known_figures_with_and_without_a_filter)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r = school();
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t;
  fm_assert_ok(fm_catalogue_compute(&t, r, "programme.people", NULL, NULL, &err), &err);
  ck_assert_double_eq(fm_test_number(t, "value", fm_test_row(t, "quantity", "people", NULL, NULL, NULL, NULL)), 712);
  ck_assert_double_eq(fm_test_number(t, "value", fm_test_row(t, "quantity", "began", NULL, NULL, NULL, NULL)), 547);
  fm_table_destroy(t);
  spec.filter = "sex = female";
  fm_assert_ok(fm_catalogue_compute(&t, r, "programme.people", &spec, NULL, &err), &err);
  ck_assert_double_eq(fm_test_number(t, "value", fm_test_row(t, "quantity", "people", NULL, NULL, NULL, NULL)), 342);
  fm_table_destroy(t);
  ck_assert_int_eq(fm_catalogue_compute(&t, r, "income.bottom40", NULL, NULL, &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(t);
  fm_register_destroy(r);
}
END_TEST

static fm_status compute_all(void *ctx, fm_error *err)
{
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.by = "target_group";
  spec.options = "horizons=6";
  fm_status status = fm_catalogue_compute(&t, ctx, "retention.status", &spec, NULL, err);
  fm_table_destroy(t);
  if (status == FM_OK)
    status = fm_catalogue_table(&t, err);
  if (status == FM_OK)
    fm_table_destroy(t);
  return status;
}

START_TEST(memory_may_run_out_anywhere)
{
  fm_register *r = school();
  ck_assert_int_gt(fm_test_allocations(compute_all, r), 10);
  fm_register_destroy(r);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("catalogue");
  TCase *c = tcase_create("catalogue");
  tcase_add_test(c, every_indicator_is_told_in_both_languages);
  tcase_add_test(c, outside_there_is_nothing);
  tcase_add_test(c, defaults_written_out_are_the_defaults);
  tcase_add_loop_test(c, wrong_calls_say_what_is_wrong, 0, FM_COUNT(wrongs));
  tcase_add_test(c, three_ways_give_one_result);
  tcase_add_test(c, known_figures_with_and_without_a_filter);
  tcase_add_test(c, memory_may_run_out_anywhere);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
