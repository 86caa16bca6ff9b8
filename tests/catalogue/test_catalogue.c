/* The catalogue as data: every indicator, option and label is there, in both languages. */
#include "support/support.h"

#include <string.h>

static const char *const languages[] = {"en", "da"};

START_TEST(ids_are_found)
{
  ck_assert_uint_ge(fm_catalogue_n(), 6);
  for (size_t i = 0; i < fm_catalogue_n(); i++)
    ck_assert_int_eq(fm_catalogue_find(fm_catalogue_id(i)), (int64_t)i);
  ck_assert_int_eq(fm_catalogue_find("retention"), -1);
  ck_assert_int_eq(fm_catalogue_find(""), -1);
  ck_assert_int_eq(fm_catalogue_find(NULL), -1);
  ck_assert_ptr_null(fm_catalogue_id(fm_catalogue_n()));
}
END_TEST

static const struct field {
  const char *name;
  bool filled;    /* never blank */
  bool has_words; /* another text in each language */
} fields[] = {{"name", true, true},     {"definition", true, true}, {"unit", true, false}, {"frame", true, false},
              {"columns", true, false}, {"source", true, false},    {"sdg", false, false}};

START_TEST(every_field)
{
  const struct field *f = &fields[_i];
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    const char *en = fm_catalogue_text(i, f->name, "en"), *da = fm_catalogue_text(i, f->name, "da");
    ck_assert_msg(en != NULL && da != NULL, "%s: %s", fm_catalogue_id(i), f->name);
    ck_assert_msg(!f->filled || (en[0] != '\0' && da[0] != '\0'), "%s: %s is blank", fm_catalogue_id(i), f->name);
    ck_assert_msg((strcmp(en, da) != 0) == f->has_words, "%s: %s in two languages", fm_catalogue_id(i), f->name);
    ck_assert_str_eq(fm_catalogue_text(i, f->name, NULL), en);
    ck_assert_str_eq(fm_catalogue_text(i, f->name, "sv"), en);
  }
  ck_assert_ptr_null(fm_catalogue_text(fm_catalogue_n(), f->name, "en"));
}
END_TEST

START_TEST(unknown_fields)
{
  ck_assert_ptr_null(fm_catalogue_text(0, "colour", "en"));
  ck_assert_ptr_null(fm_catalogue_text(0, NULL, "en"));
  size_t i = (size_t)fm_catalogue_find("retention.status");
  ck_assert_ptr_null(fm_catalogue_option(i, 0, "colour", "en"));
  ck_assert_ptr_null(fm_catalogue_option(i, 0, NULL, "en"));
  ck_assert_ptr_null(fm_catalogue_option(i, fm_catalogue_n_options(i), "name", "en"));
  ck_assert_ptr_null(fm_catalogue_option(fm_catalogue_n(), 0, "name", "en"));
  ck_assert_uint_eq(fm_catalogue_n_options(fm_catalogue_n()), 0);
}
END_TEST

START_TEST(every_option)
{
  size_t n = 0;
  for (size_t i = 0; i < fm_catalogue_n(); i++)
    for (size_t k = 0; k < fm_catalogue_n_options(i); k++, n++) {
      const char *name = fm_catalogue_option(i, k, "name", "en");
      ck_assert_str_eq(fm_catalogue_option(i, k, "name", "da"), name);
      ck_assert_ptr_nonnull(fm_catalogue_option(i, k, "default", "en"));
      for (int l = 0; l < FM_COUNT(languages); l++)
        ck_assert_msg(strlen(fm_catalogue_option(i, k, "about", languages[l])) > 5, "%s", name);
      for (size_t other = 0; other < k; other++)
        ck_assert_str_ne(fm_catalogue_option(i, other, "name", "en"), name);
    }
  ck_assert_uint_ge(n, 20);
  ck_assert_uint_eq(fm_catalogue_n_options((size_t)fm_catalogue_find("programme.people")), 0);
  ck_assert_uint_eq(fm_catalogue_n_options((size_t)fm_catalogue_find("retention.status")), 9);
}
END_TEST

/* Every key of the file gives the words of the file. */
START_TEST(every_label)
{
  fm_error err = FM_ERROR_INIT;
  fm_csv_schema all = FM_CSV_SCHEMA_INIT;
  fm_table *t;
  fm_assert_ok(fm_csv_read_file(&t, NULL, FM_PROJECT_DIR "/data/catalogue/labels.csv", &all, NULL, 0, NULL, &err),
               &err);
  ck_assert_uint_ge(fm_table_n_rows(t), 300);
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    const char *key = fm_test_text(t, "key", i);
    for (int l = 0; l < FM_COUNT(languages); l++) {
      const char *words = fm_test_text(t, languages[l], i);
      ck_assert_msg(strcmp(fm_catalogue_label(key, languages[l]), words != NULL ? words : "") == 0, "%s", key);
    }
  }
  fm_table_destroy(t);
}
END_TEST

START_TEST(unknown_labels)
{
  static const char key[] = "quantity.nothing_of_the_kind";
  ck_assert_ptr_eq(fm_catalogue_label(key, "en"), key);
  ck_assert_str_eq(fm_catalogue_label("", "da"), "");
  ck_assert_str_eq(fm_catalogue_label("zzz", "da"), "zzz");
  ck_assert_ptr_null(fm_catalogue_label(NULL, "en"));
  ck_assert_str_eq(fm_catalogue_label("state.censored", "en"), "not known yet");
  ck_assert_str_eq(fm_catalogue_label("state.censored", "da"), "ved ikke endnu");
  ck_assert_str_eq(fm_catalogue_label("state.censored", NULL), "not known yet");
}
END_TEST

START_TEST(as_a_table)
{
  static const struct {
    const char *column, *field, *lang;
  } same[] = {{"name_en", "name", "en"},
              {"name_da", "name", "da"},
              {"unit", "unit", "en"},
              {"source", "source", "en"},
              {"definition_en", "definition", "en"},
              {"sdg", "sdg", "en"},
              {"frame", "frame", "en"}};
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_catalogue_table(&t, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  ck_assert_uint_eq(fm_table_n_rows(t), fm_catalogue_n());
  ck_assert_uint_eq(fm_table_n_columns(t), 8);
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    ck_assert_str_eq(fm_test_text(t, "id", i), fm_catalogue_id(i));
    for (int k = 0; k < FM_COUNT(same); k++)
      ck_assert_str_eq(fm_test_text(t, same[k].column, i), fm_catalogue_text(i, same[k].field, same[k].lang));
  }
  fm_table_destroy(t);
}
END_TEST

static fm_status make_table(void *ctx, fm_error *err)
{
  fm_table *t;
  (void)ctx;
  fm_status status = fm_catalogue_table(&t, err);
  ck_assert(status == FM_OK || t == NULL);
  fm_table_destroy(t);
  return status;
}

START_TEST(table_without_memory)
{
  ck_assert_int_gt(fm_test_allocations(make_table, NULL), 8);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("catalogue");
  TCase *c = tcase_create("catalogue");
  tcase_add_test(c, ids_are_found);
  tcase_add_loop_test(c, every_field, 0, FM_COUNT(fields));
  tcase_add_test(c, unknown_fields);
  tcase_add_test(c, every_option);
  tcase_add_test(c, every_label);
  tcase_add_test(c, unknown_labels);
  tcase_add_test(c, as_a_table);
  tcase_add_test(c, table_without_memory);
  suite_add_tcase(suite, c);
  return fm_test_main(suite);
}
