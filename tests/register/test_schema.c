/* The schema on disk is that of the code; as a table it says the same; both can be read back. */
#include <stdio.h>
#include <string.h>

#include "register/json_priv.h"
#include "register/schema_priv.h"
#include "support/support.h"

START_TEST(test_equal_to_file)
{
  char path[1024], *json, *file = calloc(1, 1 << 16);
  fm_error err = FM_ERROR_INIT;
  const char *name = fm_schema_table_name((size_t)_i);
  snprintf(path, sizeof path, "%s/schemas/%s.json", FM_PROJECT_DIR, name);
  FILE *in = fopen(path, "rb");
  ck_assert_msg(in != NULL, "%s: missing; see schemas/README.md", path);
  size_t n = fread(file, 1, 1 << 16, in);
  fclose(in);
  fm_assert_ok(fm_schema_json(&json, (size_t)_i, &err), &err);
  ck_assert_msg(strlen(json) == n && memcmp(json, file, n) == 0, "%s differs; see schemas/README.md", path);
  fm_free(json);
  free(file);
}
END_TEST

typedef struct seen {
  char text[1 << 16];
  size_t n;
} seen;

static fm_status keep(void *ctx, const char *path, const char *text, size_t length, int64_t line, fm_error *err)
{
  seen *s = ctx;
  (void)line;
  (void)err;
  s->n += (size_t)snprintf(s->text + s->n, sizeof s->text - s->n, "%s=%.*s\n", path, (int)length, text);
  return FM_OK;
}

static void has(const seen *s, const char *line)
{
  ck_assert_msg(strstr(s->text, line) != NULL, "no %s", line);
}

/* Read by the library's own strict reader: what the texts of the schema hold needs no escapes. */
START_TEST(test_is_json)
{
  static seen s;
  fm_error err = FM_ERROR_INIT;
  char *json;
  for (size_t i = 0; i < fm_schema_n_tables(); i++) {
    fm__json_visit visit = {&s, keep};
    s.n = 0;
    fm_assert_ok(fm_schema_json(&json, i, &err), &err);
    fm_assert_ok(fm__json_read(json, strlen(json), &visit, &err), &err);
    for (size_t k = 0; k < fm__schema[i].n_columns; k++) {
      char line[128];
      snprintf(line, sizeof line, "fields.%zu.name=%s\n", k, fm__schema[i].columns[k].name);
      has(&s, line);
    }
    if (i == FM__PERSONS) {
      has(&s, "name=persons\n");
      has(&s, "primaryKey.0=person_id\n");
      has(&s, "fields.0.constraints.required=true\n");
      has(&s, "fields.0.constraints.unique=true\n");
      has(&s, "fields.3.codeList=target_group\n");
      has(&s, "fields.10.constraints.minimum=0\n");
    }
    if (i == FM__GOALS)
      has(&s, "uniqueKeys.0.1=changed_on\n");
    if (i == FM__PLACEMENTS)
      has(&s, "foreignKeys.1.reference.resource=employers\n");
    if (i == FM__CONTRACTS)
      has(&s, "fields.4.constraints.maximum=1\n");
    fm_free(json);
  }
}
END_TEST

START_TEST(test_names)
{
  static const char *const names[] = {"persons",  "group_spells", "spells",      "employers", "placements",
                                      "supports", "incomes",      "initiatives", "members",   "participants",
                                      "goals",    "counts",       "contracts",   "progress",  "outcomes"};
  fm_error err = FM_ERROR_INIT;
  char *json;
  ck_assert_uint_eq(fm_schema_n_tables(), FM_COUNT(names));
  for (size_t i = 0; i < FM_COUNT(names); i++) {
    ck_assert_str_eq(fm_schema_table_name(i), names[i]);
    ck_assert_int_eq(fm__table_number(names[i]), (int)i);
  }
  ck_assert_ptr_null(fm_schema_table_name(15));
  ck_assert_int_eq(fm__table_number("people"), -1);
  ck_assert_int_eq(fm_schema_json(&json, 15, &err), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(json);
}
END_TEST

static void column_is(const fm_table *t, const char *table, const char *column, const char *type, bool required,
                      const char *list, bool unique, const char *references)
{
  size_t row = fm_test_row(t, "table", table, "column", column, NULL, NULL);
  const char *text = fm_test_text(t, "list", row), *target = fm_test_text(t, "references", row);
  ck_assert_str_eq(fm_test_text(t, "type", row), type);
  ck_assert(fm_test_number(t, "required", row) == required);
  ck_assert(fm_test_number(t, "unique", row) == unique);
  ck_assert_str_eq(text != NULL ? text : "", list);
  ck_assert_str_eq(target != NULL ? target : "", references);
  ck_assert_ptr_nonnull(fm_test_text(t, "description_en", row));
  ck_assert_ptr_nonnull(fm_test_text(t, "description_da", row));
}

START_TEST(test_as_table)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  fm_assert_ok(fm_schema_table(&t, &err), &err);
  column_is(t, "persons", "person_id", "code", true, "", true, "");
  column_is(t, "placements", "kind", "code", true, "placement_kind", false, "");
  column_is(t, "placements", "employer_id", "code", false, "", false, "employers");
  column_is(t, "incomes", "person_id", "code", true, "", false, "persons");
  column_is(t, "employers", "headcount", "i64", false, "", false, "");
  column_is(t, "goals", "deadline", "date", true, "", false, "");
  column_is(t, "progress", "score", "f64", true, "", false, "");
  column_is(t, "placements", "agreement", "bool", false, "", false, "");
  fm_table_destroy(t);
}
END_TEST

/* What the description promises by itself: keys and intervals name columns, the first column of a table that others
 * refer to is its key, every list exists or is the caller's. */
START_TEST(test_is_sound)
{
  for (int i = 0; i < FM__N_TABLES; i++) {
    const fm__table_def *t = &fm__schema[i];
    for (size_t k = 0; k < t->n_columns; k++) {
      const fm__column_def *c = &t->columns[k];
      ck_assert_msg(fm__schema_column(t, c->name) == (int)k, "%s.%s twice", t->name, c->name);
      ck_assert_msg(c->list == NULL || c->type == FM_CODE, "%s.%s", t->name, c->name);
      ck_assert_msg(c->words == NULL || c->list != NULL, "%s.%s", t->name, c->name);
      if (c->references >= 0)
        ck_assert_str_eq(fm__schema[c->references].columns[0].name, c->name);
    }
    ck_assert(t->start == NULL || fm__schema_column(t, t->start) >= 0);
    ck_assert(t->end == NULL || fm__schema_column(t, t->end) >= 0);
    ck_assert(t->code_date == NULL || fm__schema_column(t, t->code_date) >= 0);
    ck_assert_int_lt((int)strlen(t->name), 32);
  }
}
END_TEST

static fm_status write_all(void *ctx, fm_error *err)
{
  char *json;
  fm_table *t;
  (void)ctx;
  fm_status status = fm_schema_json(&json, FM__PLACEMENTS, err);
  fm_free(json);
  if (status != FM_OK)
    return status;
  status = fm_schema_table(&t, err);
  fm_table_destroy(t);
  return status;
}

START_TEST(test_memory)
{
  ck_assert_int_gt(fm_test_allocations(write_all, NULL), 5);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("register-schema");
  TCase *tc = tcase_create("schema");
  tcase_add_loop_test(tc, test_equal_to_file, 0, 14);
  tcase_add_test(tc, test_is_json);
  tcase_add_test(tc, test_names);
  tcase_add_test(tc, test_as_table);
  tcase_add_test(tc, test_is_sound);
  tcase_add_test(tc, test_memory);
  suite_add_tcase(suite, tc);
  return fm_test_main(suite);
}
