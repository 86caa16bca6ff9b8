/* Registers from a few lines of text, and frames as lines of text. */
#ifndef FM_TESTS_REGISTER_FRAME_DATA_H
#define FM_TESTS_REGISTER_FRAME_DATA_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "support/support.h"
#include "table/table_priv.h"

typedef struct source {
  const char *name, *text; /* header and rows, comma-separated, each line ended */
} source;

#define MAX_CELLS 4000
#define MAX_LINES 400

static inline const char *type_of_column(const char *name)
{
  static const char *const known[][2] = {
      {"start", "date"},         {"end", "date"},
      {"birth_date", "date"},    {"observed_from", "date"},
      {"observed_to", "date"},   {"joined_on", "date"},
      {"as_of", "date"},         {"deadline", "date"},
      {"changed_on", "date"},    {"unemployed_since", "date"},
      {"weight", "f64"},         {"income", "f64"},
      {"period", "f64"},         {"goal", "f64"},
      {"hours_per_week", "f64"}, {"headcount", "i64"},
      {"done", "i64"},           {"private", "i64"},
      {"employers", "i64"},      {"disability", "bool"},
      {"value", "f64"},          {"wage_share", "f64"},
      {"agreed", "f64"},         {"ended", "i64"},
      {"hourly_wage", "f64"},    {"weekly_amount", "f64"},
      {"state_share", "f64"},    {"cost", "f64"},
      {"granted", "date"},       {"weeks_before", "i64"},
      {"full_time_wage", "f64"}, {"quantity", "f64"},
      {"deadweight", "f64"},     {"attribution", "f64"},
      {"drop_off", "f64"},       {"years", "i64"},
  };
  for (int i = 0; i < FM_COUNT(known); i++)
    if (strcmp(known[i][0], name) == 0)
      return known[i][1];
  return "code";
}

/* One table of the text; `backwards` turns the rows round. */
static inline fm_table *table_of(const source *s, bool backwards)
{
  static char text[60000], heads[40][64];
  static const char *columns[40], *cells[MAX_CELLS], *turned[MAX_CELLS];
  size_t n_columns = 0, n = 0;
  ck_assert_uint_lt(strlen(s->text), sizeof text);
  strcpy(text, s->text);
  bool head = true;
  for (char *p = text; *p != '\0';) {
    size_t length = strcspn(p, ",\n");
    bool ends = p[length] == '\n';
    p[length] = '\0';
    if (head) {
      ck_assert_uint_lt(length, 48);
      snprintf(heads[n_columns], sizeof heads[0], "%.48s:%s", p, type_of_column(p));
      columns[n_columns] = heads[n_columns];
      n_columns++;
    } else {
      ck_assert_uint_lt(n, MAX_CELLS);
      cells[n++] = p;
    }
    head = head && !ends;
    p += length + 1;
  }
  size_t n_rows = n / n_columns;
  ck_assert_msg(n == n_rows * n_columns, "%s: ragged", s->name);
  for (size_t i = 0; i < n; i++)
    turned[i] = cells[(backwards ? n_rows - 1 - i / n_columns : i / n_columns) * n_columns + i % n_columns];
  fm_error err = FM_ERROR_INIT;
  fm_table *plain = fm_test_table(columns, n_columns, turned, n_rows), *t = NULL;
  fm_assert_ok(fm_table_create(&t, s->name, &err), &err);
  for (size_t k = 0; k < n_columns; k++)
    fm_assert_ok(fm__table_share(t, fm_table_column_name(plain, k), plain, k, &err), &err);
  fm_assert_ok(fm_table_seal(t, &err), &err);
  fm_table_destroy(plain);
  return t;
}

static inline fm_register *register_of(const source *sources, size_t n, bool backwards)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *tables[16], *problems = NULL;
  const fm_table *given[16] = {NULL};
  fm_register_spec spec = FM_REGISTER_SPEC_INIT;
  fm_register *r = NULL;
  spec.skip_bad = 1;
  for (size_t k = 0; k < n; k++)
    given[k] = tables[k] = table_of(&sources[k], backwards);
  fm_assert_ok(fm_register_from_tables(&r, &problems, given, n, &spec, NULL, &err), &err);
  for (size_t k = 0; k < n; k++)
    fm_table_destroy(tables[k]);
  fm_table_destroy(problems);
  return r;
}

static inline fm_frame_spec frame_spec(const char *kind, int32_t year, int32_t month, int32_t day)
{
  fm_frame_spec s = FM_FRAME_SPEC_INIT;
  s.kind = kind;
  s.as_of = fm_date_from_ymd(year, month, day);
  return s;
}

static inline fm_table *frame_of(const fm_register *r, const fm_frame_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  fm_assert_ok(fm_register_frame(&t, r, spec, NULL, &err), &err);
  fm_assert_ok(fm_table_check(t, &err), &err);
  return t;
}

static inline void put_cell(char *out, size_t room, const fm_table *t, size_t column, size_t row)
{
  int32_t type = fm_table_column_type(t, column);
  if (fm_table_is_null(t, column, row))
    snprintf(out, room, "-");
  else if (type == FM_CODE)
    snprintf(out, room, "%s", fm_table_text(t, column, row, NULL));
  else if (type == FM_F64)
    snprintf(out, room, "%g", fm_table_f64(t, column)[row]);
  else if (type == FM_I64)
    snprintf(out, room, "%lld", (long long)fm_table_i64(t, column)[row]);
  else if (type == FM_I32)
    snprintf(out, room, "%d", fm_table_i32(t, column)[row]);
  else if (type == FM_DATE)
    fm_date_format(out, fm_table_i32(t, column)[row]);
  else
    snprintf(out, room, "%s", fm_table_bool(t, column)[row] != 0 ? "yes" : "no");
}

static inline int compare_lines(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Header and rows of a frame, cells separated by commas, rows in order of their text. The caller frees it. */
static inline char *lines_of(const fm_table *t)
{
  size_t n = fm_table_n_rows(t), room = 200 * (n + 1), used = 0;
  char *out = calloc(room, 1), *line[MAX_LINES];
  ck_assert_uint_lt(n, MAX_LINES);
  for (size_t k = 0; k < fm_table_n_columns(t); k++)
    used += (size_t)snprintf(out + used, room - used, "%s%s", k == 0 ? "" : ",", fm_table_column_name(t, k));
  used += (size_t)snprintf(out + used, room - used, "\n");
  for (size_t i = 0; i < n; i++) {
    size_t length = 0;
    line[i] = calloc(200, 1);
    for (size_t k = 0; k < fm_table_n_columns(t); k++) {
      char cell[64];
      put_cell(cell, sizeof cell, t, k, i);
      length += (size_t)snprintf(line[i] + length, 200 - length, "%s%s", k == 0 ? "" : ",", cell);
    }
  }
  qsort(line, n, sizeof line[0], compare_lines);
  for (size_t i = 0; i < n; i++) {
    used += (size_t)snprintf(out + used, room - used, "%s\n", line[i]);
    free(line[i]);
  }
  return out;
}

/* The frame must be these lines, also when every table has its rows turned round. */
static inline void expect_frame(const char *label, const source *sources, size_t n, const fm_frame_spec *spec,
                                const char *expected)
{
  for (int backwards = 0; backwards < 2; backwards++) {
    fm_register *r = register_of(sources, n, backwards != 0);
    fm_table *t = frame_of(r, spec);
    char *got = lines_of(t);
    ck_assert_msg(strcmp(got, expected) == 0, "%s%s: got\n%sexpected\n%s", label, backwards ? " (backwards)" : "", got,
                  expected);
    free(got);
    fm_table_destroy(t);
    fm_register_destroy(r);
  }
}

/* The frame is refused with this status and a message that has `text`. */
static inline void expect_refused(const char *label, const fm_register *r, const fm_frame_spec *spec, fm_status status,
                                  const char *text)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  ck_assert_msg(fm_register_frame(&t, r, spec, NULL, &err) == status, "%s: %s", label, err.message);
  ck_assert_msg(strstr(err.message, text) != NULL, "%s: %s", label, err.message);
  ck_assert_ptr_null(t);
}

typedef struct frame_asked {
  const fm_register *r;
  const fm_frame_spec *spec;
} frame_asked;

static inline fm_status make_frame_asked(void *ctx, fm_error *err)
{
  const frame_asked *asked = ctx;
  fm_table *t = NULL;
  fm_status status = fm_register_frame(&t, asked->r, asked->spec, NULL, err);
  fm_table_destroy(t);
  return status;
}

/* Each allocation fails in turn: the frame says so and leaks nothing. */
static inline void expect_memory(const source *sources, size_t n, const fm_frame_spec *spec)
{
  fm_register *r = register_of(sources, n, false);
  frame_asked asked = {r, spec};
  ck_assert_int_gt(fm_test_allocations(make_frame_asked, &asked), 10);
  fm_register_destroy(r);
}

/* The figures of an indicator of the rows that pass the filter. */
static inline fm_table *computed_of(const fm_register *r, const char *indicator, int32_t as_of, const char *filter)
{
  fm_error err = FM_ERROR_INIT;
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  fm_table *t = NULL;
  spec.as_of = as_of;
  spec.filter = filter;
  fm_assert_ok(fm_catalogue_compute(&t, r, indicator, &spec, NULL, &err), &err);
  return t;
}

static inline void expect_note(const fm_table *t, const char *key, const char *value)
{
  const char *got = fm_table_note(t, key);
  ck_assert_msg(value == NULL ? got == NULL : got != NULL && strcmp(got, value) == 0, "note %s: got %s, expected %s",
                key, got == NULL ? "none" : got, value == NULL ? "none" : value);
}

/* A small programme. As of 2025-01-01: placement 6 is in the future, B is seen until June 2024, C from March 2024, D
 * only from as-of on; A is in two groups at once from 2024. */
static const source programme[] = {
    {"persons", "person_id,sex,target_group,birth_date,weight,observed_from,observed_to,district\n"
                "A,female,fleksjob_granted,1990-02-28,2,,,north\n"
                "B,male,cash_benefit,1960-12-31,1,,2024-06-30,south\n"
                "C,female,,2004-02-29,1.5,2024-03-01,,south\n"
                "D,male,long_term_unemployed,,1,2025-01-01,,south\n"
                "E,male,other_unemployed,,1,,,north\n"},
    {"group_spells", "person_id,target_group,start,end\n"
                     "A,refugee,2023-01-01,\n"
                     "A,cash_benefit,2024-01-01,\n"
                     "A,refugee,2024-05-01,\n"
                     "B,refugee,2020-01-01,2020-12-31\n"},
    {"employers", "employer_id,sector,headcount,industry\n"
                  "E1,private,249,Q\n"
                  "E2,public,250,P\n"
                  "E3,,,\n"
                  "E4,private,9,G\n"},
    {"placements", "placement_id,person_id,employer_id,kind,start,end,hours_per_week\n"
                   "1,A,E1,ordinary,2024-01-31,2024-04-29,37\n"
                   "2,A,E2,fleksjob,2024-05-10,,12\n"
                   "3,A,E4,internship,2023-11-01,2023-11-30,37\n"
                   "4,B,E1,ordinary,2024-03-01,,20\n"
                   "5,C,E3,wage_subsidy,2024-02-01,2024-12-31,\n"
                   "6,C,,ordinary,2025-01-01,,30\n"
                   "7,B,E4,small_job,2024-03-01,2024-03-31,5\n"},
};

#endif
