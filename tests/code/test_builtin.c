#include "support/support.h"

#include <stdio.h>
#include <string.h>

static fm_codes *builtin(const char *list)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_assert_ok(fm_codes_builtin(&c, list, &err), &err);
  return c;
}

static const struct {
  const char *list, *file;
} files[] = {
    {"benefit_rate", "benefit_rates"},
    {"benefit_state", "benefit_states"},
    {"contract_type", "contract_types"},
    {"discount_rate", "discount_rates"},
    {"firm_size", "firm_sizes"},
    {"fleksloentilskud", "fleksloentilskud"},
    {"industry_section", "industry_sections"},
    {"instrument", "instruments"},
    {"migration_status", "migration_statuses"},
    {"observation_end", "observation_ends"},
    {"placement_kind", "placement_kinds"},
    {"procurement_clause", "procurement_clauses"},
    {"reimbursement_step", "reimbursement_steps"},
    {"retention_definition", "retention_definitions"},
    {"sector", "sectors"},
    {"sex", "sexes"},
    {"support_kind", "support_kinds"},
    {"target_group", "target_groups"},
};

START_TEST(names)
{
  ck_assert_uint_eq(fm_codes_n_builtin(), sizeof files / sizeof files[0]);
  for (size_t k = 0; k < fm_codes_n_builtin(); k++)
    ck_assert_str_eq(fm_codes_builtin_name(k), files[k].list);
  ck_assert_ptr_null(fm_codes_builtin_name(fm_codes_n_builtin()));
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = (fm_codes *)&err;
  ck_assert_int_eq(fm_codes_builtin(&c, "placements", &err), FM_ERR_NOT_FOUND);
  ck_assert_ptr_null(c);
  ck_assert_ptr_nonnull(strstr(err.message, "benefit_state, "));
  ck_assert_ptr_nonnull(strstr(err.message, "target_group"));
  ck_assert_int_eq(fm_codes_builtin(&c, NULL, NULL), FM_ERR_NOT_FOUND);
}
END_TEST

/* ---- the files in data/ against the lists in the library ---- */

/* One cell of a CSV file into `out`; returns the byte that ended it. */
static int read_cell(FILE *file, char *out, size_t size)
{
  size_t n = 0;
  int c = getc(file);
  bool quoted = c == '"';
  if (quoted)
    c = getc(file);
  for (;; c = getc(file)) {
    if (quoted && c == '"') {
      c = getc(file);
      if (c != '"')
        break;
    } else if (!quoted && (c == ',' || c == '\n' || c == EOF)) {
      break;
    }
    ck_assert_uint_lt(n + 1, size);
    out[n++] = (char)c;
  }
  out[n] = '\0';
  return c;
}

enum { MAX_COLUMNS = 40, MAX_CELL = 1024 };

static void reach_row(const fm_codes *c, int64_t i, char header[][MAX_CELL], char cells[][MAX_CELL], int n)
{
  for (int k = 0; k < n; k++) {
    const char *text = fm_codes_attribute(c, i, header[k]);
    ck_assert_msg(strcmp(text != NULL ? text : "", cells[k]) == 0, "row %d, %s: %s", (int)i, header[k], cells[k]);
    if (strcmp(header[k], "code") == 0)
      ck_assert_str_eq(fm_codes_code(c, i), cells[k]);
    char *word = strcmp(header[k], "code") == 0 || strcmp(header[k], "aliases") == 0 ? strtok(cells[k], "|") : NULL;
    for (; word != NULL; word = strtok(NULL, "|")) {
      int32_t first = fm_codes_valid_from(c, i), last = fm_codes_valid_to(c, i);
      int32_t on = first != FM_NO_DATE ? first : last != FM_NO_DATE ? last : 0;
      ck_assert_msg(fm_codes_find(c, word, strlen(word), on) == i, "%s", word);
      ck_assert_msg(last == FM_NO_DATE || fm_codes_find(c, word, strlen(word), last) == i, "%s at its end", word);
      ck_assert_msg(last != FM_NO_DATE || fm_codes_find(c, word, strlen(word), FM_NO_DATE) == i, "%s newest", word);
      ck_assert_msg(last == FM_NO_DATE || fm_codes_find(c, word, strlen(word), last + 1) != i, "%s after it", word);
      ck_assert_msg(first == FM_NO_DATE || fm_codes_find(c, word, strlen(word), first - 1) != i, "%s before", word);
    }
  }
}

START_TEST(every_row_of_data)
{
  static char header[MAX_COLUMNS][MAX_CELL], cells[MAX_COLUMNS][MAX_CELL];
  for (size_t k = 0; k < fm_codes_n_builtin(); k++) {
    char path[1024];
    fm_codes *c = builtin(fm_codes_builtin_name(k));
    snprintf(path, sizeof path, "%s/data/%s.csv", FM_PROJECT_DIR, files[k].file);
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    int n = 0, end;
    while ((end = read_cell(file, header[n++], MAX_CELL)) == ',')
      ck_assert_int_lt(n, MAX_COLUMNS);
    int64_t i = 0;
    for (;; i++) {
      int at = 0;
      while ((end = read_cell(file, cells[at++], MAX_CELL)) == ',')
        ck_assert_int_lt(at, n);
      if (end == EOF && at == 1 && cells[0][0] == '\0')
        break;
      ck_assert_int_eq(at, n);
      ck_assert_uint_lt((size_t)i, fm_codes_n(c));
      reach_row(c, i, header, cells, n);
    }
    ck_assert_uint_eq((size_t)i, fm_codes_n(c));
    fclose(file);
    fm_codes_destroy(c);
  }
}
END_TEST

/* ---- what words mean ---- */

START_TEST(oracle)
{
  fm_error err = FM_ERROR_INIT;
  fm_oracle *o = fm_oracle_open("code/resolve.csv");
  ck_assert_uint_gt(fm_oracle_n_rows(o), 180);
  for (size_t i = 0; i < fm_oracle_n_rows(o); i++) {
    static const char *const attributes[] = {"work", "subsidised", "family"};
    const char *text = fm_oracle_text(o, i, "text");
    fm_codes *c = builtin(fm_oracle_text(o, i, "list"));
    int32_t date;
    fm_assert_ok(fm_date_parse(&date, fm_oracle_text(o, i, "date"), 10, NULL, &err), &err);
    int64_t entry = fm_codes_find(c, text, strlen(text), date);
    ck_assert_msg(entry >= 0, "%s: %d", text, (int)entry);
    ck_assert_str_eq(fm_codes_code(c, entry), fm_oracle_text(o, i, "code"));
    for (int k = 0; k < FM_COUNT(attributes); k++) {
      const char *expected = fm_oracle_text(o, i, attributes[k]);
      if (expected[0] != '\0')
        ck_assert_msg(strcmp(fm_codes_attribute(c, entry, attributes[k]), expected) == 0, "%s: %s", text,
                      attributes[k]);
    }
    fm_codes_destroy(c);
  }
  fm_oracle_close(o);
}
END_TEST

/* The reform of 1 July 2025 and the renumbering of 1 January 2020, a day before and on the day. */
START_TEST(reforms)
{
  static const struct {
    const char *list, *text;
    int32_t y, m, d;
    int64_t miss; /* 0: an entry is found */
    const char *column, *value;
  } row[] = {
      {"target_group", "refugee", 2025, 6, 30, 0, "benefit", "integration_benefit"},
      {"target_group", "refugee", 2025, 7, 1, 0, "benefit", "cash_benefit"},
      {"target_group", "Flygtning", 2019, 1, 1, 0, "benefit", "integration_benefit integration_cash_benefit"},
      {"target_group", "6.4", 2025, 6, 30, 0, "part_of", "education_benefit"},
      {"target_group", "6.4", 2025, 7, 1, 0, "part_of", "cash_benefit"},
      {"target_group", "6.5", 2025, 7, 1, 0, "part_of", "cash_benefit"},
      {"target_group", "uddannelseshjælp", 2025, 6, 30, 0, "code", "education_benefit"},
      {"target_group", "uddannelseshjælp", 2025, 7, 1, FM_CODE_NOT_VALID, NULL, NULL},
      {"target_group", "6.9", 2019, 12, 31, FM_CODE_NOT_VALID, NULL, NULL},
      {"target_group", "6.9", 2020, 1, 1, 0, "law_ref", "LAB § 6 nr. 9"},
      {"target_group", "2.7", 2019, 12, 31, 0, "law_ref", "LAB (2014) § 2 nr. 7"},
      {"target_group", "2.7", 2020, 1, 1, FM_CODE_NOT_VALID, NULL, NULL},
      {"target_group", "6.99", 2026, 1, 1, FM_CODE_UNKNOWN, NULL, NULL},
      {"benefit_state", "education_benefit", 2025, 7, 1, FM_CODE_NOT_VALID, NULL, NULL},
      {"benefit_state", "140", 2013, 12, 31, FM_CODE_NOT_VALID, NULL, NULL},
      {"benefit_state", "140", 2014, 1, 1, 0, "family", "education_benefit_job_ready"},
      {"placement_kind", "arbejdspligt", 2024, 12, 31, FM_CODE_NOT_VALID, NULL, NULL},
      {"placement_kind", "arbejdspligt", 2025, 1, 1, 0, "work", "no"},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_codes *c = builtin(row[i].list);
    int64_t entry = fm_codes_find(c, row[i].text, strlen(row[i].text), fm_date_from_ymd(row[i].y, row[i].m, row[i].d));
    if (row[i].miss != 0)
      ck_assert_msg(entry == row[i].miss, "%s: %d", row[i].text, (int)entry);
    else
      ck_assert_str_eq(fm_codes_attribute(c, entry, row[i].column), row[i].value);
    fm_codes_destroy(c);
  }
}
END_TEST

START_TEST(labels)
{
  static const struct {
    const char *list, *code, *en, *da;
  } row[] = {
      {"target_group", "refugee", "refugees", "flygtninge"},
      {"target_group", "disability_pension", "disability pensioners", "førtidspensionister"},
      {"placement_kind", "internship", "work placement (unpaid)", "virksomhedspraktik"},
      {"sector", "public", "public", "offentlig"},
      {"sex", "kvinde", "women", "kvinder"},
      {"observation_end", "death", "death", "død"},
  };
  for (int i = 0; i < FM_COUNT(row); i++) {
    fm_codes *c = builtin(row[i].list);
    int64_t entry = fm_codes_find(c, row[i].code, strlen(row[i].code), FM_NO_DATE);
    ck_assert_str_eq(fm_codes_label(c, entry, "en"), row[i].en);
    ck_assert_str_eq(fm_codes_label(c, entry, "da"), row[i].da);
    fm_codes_destroy(c);
  }
}
END_TEST

static fm_status make(void *ctx, fm_error *err)
{
  fm_codes *c = NULL;
  fm_status status = fm_codes_builtin(&c, ctx, err);
  ck_assert_int_eq(status == FM_OK, c != NULL);
  fm_codes_destroy(c);
  return status;
}

START_TEST(allocations)
{
  static char list[] = "sector";
  ck_assert_int_gt(fm_test_allocations(make, list), 20);
}
END_TEST

int main(void)
{
  Suite *suite = suite_create("code-builtin");
  TCase *tests = tcase_create("builtin");
  tcase_add_test(tests, names);
  tcase_add_test(tests, every_row_of_data);
  tcase_add_test(tests, oracle);
  tcase_add_test(tests, reforms);
  tcase_add_test(tests, labels);
  tcase_add_test(tests, allocations);
  suite_add_tcase(suite, tests);
  return fm_test_main(suite);
}
