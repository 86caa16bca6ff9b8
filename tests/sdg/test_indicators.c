/* The indicators of goals 8 and 10 as data: all are there, in both languages, and each is computed or says why not. */
#include "support/support.h"

#include <string.h>

static const char *const languages[] = {"en", "da"};

START_TEST(numbers_are_found)
{
  /* goal 8 has 17 indicators and one that left the framework; goal 10 has 14 */
  ck_assert_uint_eq(fm_sdg_n(), 31);
  for (size_t i = 0; i < fm_sdg_n(); i++)
    ck_assert_int_eq(fm_sdg_find(fm_sdg_id(i)), (int64_t)i);
  ck_assert_ptr_null(fm_sdg_id(fm_sdg_n()));
  ck_assert_int_eq(fm_sdg_find("8.5"), -1);
  ck_assert_int_eq(fm_sdg_find(""), -1);
  ck_assert_int_eq(fm_sdg_find(NULL), -1);
}
END_TEST

static const struct field {
  const char *name;
  bool filled; /* never blank */
  bool words;  /* in two languages */
} fields[] = {{"target", true, true},      {"name", true, true},     {"custodian", false, false},
              {"input", true, false},      {"unit", true, true},     {"definition", true, true},
              {"population", false, true}, {"note", false, true},    {"breakdowns", false, false},
              {"series", false, false},    {"edition", true, false}, {"computed_by", false, false},
              {"options", false, false},   {"source", true, false},  {"status", true, false}};

START_TEST(every_field)
{
  const struct field *f = &fields[_i];
  for (size_t i = 0; i < fm_sdg_n(); i++) {
    const char *en = fm_sdg_text(i, f->name, "en"), *da = fm_sdg_text(i, f->name, "da");
    ck_assert_msg(en != NULL && da != NULL, "%s: %s", fm_sdg_id(i), f->name);
    ck_assert_msg(!f->filled || en[0] != '\0', "%s: %s is blank", fm_sdg_id(i), f->name);
    ck_assert_msg((en[0] == '\0') == (da[0] == '\0'), "%s: %s in one language", fm_sdg_id(i), f->name);
    ck_assert_msg(f->words || strcmp(en, da) == 0, "%s: %s differs", fm_sdg_id(i), f->name);
    ck_assert_str_eq(fm_sdg_text(i, f->name, NULL), en);
  }
  ck_assert_ptr_null(fm_sdg_text(fm_sdg_n(), f->name, "en"));
}
END_TEST

START_TEST(unknown_fields)
{
  ck_assert_ptr_null(fm_sdg_text(0, "colour", "en"));
  ck_assert_ptr_null(fm_sdg_text(0, "nam", "en"));
  ck_assert_ptr_null(fm_sdg_text(0, "id", "en"));
  ck_assert_ptr_null(fm_sdg_text(0, NULL, "en"));
}
END_TEST

/* What computes an indicator is in the catalogue and takes the options; what cannot be computed says why. */
START_TEST(computed_or_not)
{
  for (size_t i = 0; i < fm_sdg_n(); i++) {
    const char *id = fm_sdg_id(i), *by = fm_sdg_text(i, "computed_by", "en");
    fm_error err = FM_ERROR_INIT;
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_table *columns;
    if (by[0] != '\0') {
      ck_assert_msg(fm_catalogue_find(by) >= 0, "%s is computed by %s", id, by);
      ck_assert_int_eq(fm_catalogue_find(id), fm_catalogue_find(by));
      spec.options = strncmp(by, "labour.", 7) == 0 ? "icls=19" : NULL; /* a choice without default */
      fm_assert_ok(fm_catalogue_columns(&columns, id, &spec, &err), &err);
      fm_table_destroy(columns);
      continue;
    }
    ck_assert_int_eq(fm_catalogue_find(id), -1);
    ck_assert_int_eq(fm_catalogue_columns(&columns, id, &spec, &err), FM_ERR_NOT_FOUND);
    ck_assert_ptr_null(columns);
    ck_assert_ptr_nonnull(strstr(err.message, id));
    if (strcmp(fm_sdg_text(i, "input", "en"), "none") == 0)
      ck_assert_ptr_nonnull(strstr(err.message, fm_sdg_text(i, "note", "en")));
  }
}
END_TEST

/* Incomes 10, 20, 30, 40, 100: the median is 30, half of it 15, and one of five is below. */
START_TEST(by_its_number)
{
  static const double income[] = {10, 20, 30, 40, 100};
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t, *out;
  fm_assert_ok(fm_table_create(&t, "incomes", &err), &err);
  fm_assert_ok(fm_table_add_f64(t, "income", income, NULL, 5, NULL, NULL, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_assert_ok(fm_catalogue_compute_frame(&out, t, "10.2.1", &spec, NULL, &err), &err);
  ck_assert_str_eq(fm_test_text(out, "indicator", 0), "income.distribution");
  ck_assert_double_eq_tol(fm_test_number(out, "value", 0), 20, 1e-12); /* per cent */
  fm_table_destroy(out);
  spec.options = "percent=no"; /* a further option of the caller's */
  fm_assert_ok(fm_catalogue_compute_frame(&out, t, "10.2.1", &spec, NULL, &err), &err);
  ck_assert_double_eq_tol(fm_test_number(out, "value", 0), 0.2, 1e-15);
  fm_table_destroy(out);
  spec.options = "preset=eurostat"; /* what the definition fixes stays */
  ck_assert_int_eq(fm_catalogue_compute_frame(&out, t, "10.2.1", &spec, NULL, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_nonnull(strstr(err.message, "preset"));
  fm_table_destroy(t);
}
END_TEST

START_TEST(as_a_table)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_sdg_table(&t, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), fm_sdg_n());
  for (size_t i = 0; i < fm_sdg_n(); i++) {
    ck_assert_str_eq(fm_test_text(t, "id", i), fm_sdg_id(i));
    for (size_t k = 0; k < FM_COUNT(languages); k++)
      ck_assert_str_eq(fm_test_text(t, k == 0 ? "name_en" : "name_da", i), fm_sdg_text(i, "name", languages[k]));
  }
  fm_table_destroy(t);
}
END_TEST

static fm_status make_table(void *ctx, fm_error *err)
{
  fm_table *t;
  (void)ctx;
  fm_status status = fm_sdg_table(&t, err);
  ck_assert(status == FM_OK || t == NULL);
  fm_table_destroy(t);
  return status;
}

START_TEST(without_memory)
{
  ck_assert_int_gt(fm_test_allocations(make_table, NULL), 8);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("sdg indicators");
  TCase *c = tcase_create("indicators");
  tcase_add_test(c, numbers_are_found);
  tcase_add_loop_test(c, every_field, 0, FM_COUNT(fields));
  tcase_add_test(c, unknown_fields);
  tcase_add_test(c, computed_or_not);
  tcase_add_test(c, by_its_number);
  tcase_add_test(c, as_a_table);
  tcase_add_test(c, without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
