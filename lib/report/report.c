/* A report: collected, protected, one table with its facts as notes. The page is made from that table alone. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "register/make_priv.h"
#include "report/page_priv.h"
#include "report/rows_priv.h"
#include "table/table_priv.h"

struct fm_report {
  fm_table *table;
};

static const fm_report_spec defaults = FM_REPORT_SPEC_INIT;

void fm_report_spec_init(fm_report_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static fm_status take_spec(fm_report_spec *s, const fm_report_spec *spec, const fm_register *r, fm_error *err)
{
  static const char *const taken[] = {"goal_id",   "kind",     "part",  "horizon_months",
                                      "indicator", "quantity", "value", "state"};
  static const char *const ids[] = {"person_id", "household_id"};
  *s = defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_report_spec", err);
  if (status != FM_OK)
    return status;
  if (s->by == NULL)
    s->by = "";
  for (size_t k = 0; k < FM__COUNT(taken); k++)
    if (strcmp(s->by, taken[k]) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "by: expected a column of people, got \"%s\"", s->by);
  if (s->merge != NULL && s->by[0] == '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "merge: the report has no breakdown whose groups could be merged");
  const char *dot = strchr(s->by, '.');
  for (size_t k = 0; k < FM__COUNT(ids); k++) /* each of its groups would be a person or a household, by its id */
    if (strcmp(dot != NULL ? dot + 1 : s->by, ids[k]) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "by: expected a column that groups people, got the ids of \"%.60s\"",
                      s->by);
  if (strchr(s->by, ',') != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "by: expected one column, got \"%.60s\"", s->by);
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (s->threshold < 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "threshold: expected a whole number from 1, got %d", (int)s->threshold);
  if (s->as_of == FM_NO_DATE)
    s->as_of = fm_register_data_end(r);
  if (s->as_of == FM_NO_DATE)
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of: the data have no dates; expected one");
  return FM_OK;
}

/* ---- rows to table ---- */

enum {
  INDICATOR,
  DEFINITION,
  GOAL,
  GROUP,
  KIND,
  PART,
  HORIZON,
  START,
  END,
  QUANTITY,
  VALUE,
  UNIT,
  STD_ERROR,
  LOW,
  HIGH,
  LEVEL,
  N,
  PEOPLE,
  WEIGHT,
  STATE,
  N_COLUMNS
};

static void put_text(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, text != NULL ? strlen(text) : 0);
}

static void put_real(fm__builder *b, size_t column, double value)
{
  if (isnan(value))
    fm__builder_null(b, column);
  else
    fm__builder_f64(b, column, value);
}

static void put_whole(fm__builder *b, size_t column, int64_t value)
{
  if (value < 0)
    fm__builder_null(b, column);
  else
    fm__builder_i64(b, column, value);
}

static void put_i32(fm__builder *b, size_t column, int32_t value, int32_t none)
{
  if (value == none)
    fm__builder_null(b, column);
  else
    fm__builder_i32(b, column, value);
}

static void put_row(fm__builder *b, const size_t *at, const fm__entry *row)
{
  put_text(b, at[INDICATOR], row->indicator);
  put_text(b, at[DEFINITION], row->definition);
  put_text(b, at[GOAL], row->goal);
  if (at[GROUP] != FM__NO_COLUMN) /* "" is a group that is not known, null is the total */
    put_text(b, at[GROUP], row->by_group && row->group == NULL ? "" : row->group);
  put_text(b, at[KIND], row->kind);
  put_text(b, at[PART], row->part);
  put_i32(b, at[HORIZON], row->horizon, -1);
  put_i32(b, at[START], row->period_start, FM_NO_DATE);
  put_i32(b, at[END], row->period_end, FM_NO_DATE);
  put_text(b, at[QUANTITY], row->quantity);
  put_real(b, at[VALUE], row->value);
  put_text(b, at[UNIT], row->unit);
  put_real(b, at[STD_ERROR], row->std_error);
  put_real(b, at[LOW], row->low);
  put_real(b, at[HIGH], row->high);
  put_real(b, at[LEVEL], row->level);
  put_whole(b, at[N], row->n);
  put_whole(b, at[PEOPLE], row->people);
  put_real(b, at[WEIGHT], row->weight);
  put_text(b, at[STATE], row->state);
}

static fm_status add_columns(fm__builder *b, size_t *at, const char *by, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } columns[N_COLUMNS] = {
      {"indicator", FM_CODE},  {"definition", FM_CODE}, {"goal_id", FM_CODE},       {NULL, FM_CODE},
      {"kind", FM_CODE},       {"part", FM_CODE},       {"horizon_months", FM_I32}, {"period_start", FM_DATE},
      {"period_end", FM_DATE}, {"quantity", FM_CODE},   {"value", FM_F64},          {"unit", FM_CODE},
      {"std_error", FM_F64},   {"ci_low", FM_F64},      {"ci_high", FM_F64},        {"level", FM_F64},
      {"n", FM_I64},           {"people", FM_I64},      {"weight", FM_F64},         {"state", FM_CODE}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < N_COLUMNS && status == FM_OK; k++) {
    const char *name = columns[k].name != NULL ? columns[k].name : by;
    at[k] = FM__NO_COLUMN;
    if (name[0] != '\0')
      status = fm__builder_column(b, name, columns[k].type, &at[k], err);
  }
  return status;
}

/* ---- notes: facts of the data, and the words for its codes ---- */

static void note_facts(fm__builder *b, const fm_register *r)
{
  static const char *const facts[] = {"title",    "title_da",      "organisation",   "organisation_da",
                                      "invented", "observed_from", "income_currency"};
  for (size_t k = 0; k < FM__COUNT(facts); k++) {
    const char *value = fm_register_fact(r, facts[k]);
    if (value != NULL)
      fm__builder_note(b, facts[k], value);
  }
}

static void note_code(fm__builder *b, const fm_codes *codes, const char *column, const char *code, int32_t date)
{
  static const char *const languages[] = {"en", "da"};
  int64_t entry =
      codes != NULL && code != NULL && code[0] != '\0' ? fm_codes_find(codes, code, strlen(code), date) : -1;
  if (entry < 0 && codes != NULL && code != NULL)
    entry = fm_codes_find(codes, code, strlen(code), FM_NO_DATE);
  for (size_t k = 0; k < FM__COUNT(languages) && entry >= 0; k++) {
    char key[200];
    const char *label = fm_codes_label(codes, entry, languages[k]);
    if (label == NULL || strlen(column) + strlen(code) + 16 > sizeof key)
      continue;
    snprintf(key, sizeof key, "code.%s.%s.%s", languages[k], column, code);
    fm__builder_note(b, key, label);
  }
}

/* An initiative has one name for both languages. */
static void note_name(fm__builder *b, const fm_table *initiatives, const char *id)
{
  int64_t ids = fm_table_column_index(initiatives, "initiative_id"), names = fm_table_column_index(initiatives, "name");
  for (size_t i = 0; ids >= 0 && names >= 0 && i < fm_table_n_rows(initiatives); i++) {
    char key[200];
    const char *name = fm_table_text(initiatives, (size_t)names, i, NULL);
    if (name == NULL || !fm__same_text(fm_table_text(initiatives, (size_t)ids, i, NULL), id) ||
        strlen(id) + 32 > sizeof key || fm__looks_personal(name, strlen(name)))
      continue;
    snprintf(key, sizeof key, "code.en.initiative_id.%s", id);
    fm__builder_note(b, key, name);
    snprintf(key, sizeof key, "code.da.initiative_id.%s", id);
    fm__builder_note(b, key, name);
  }
}

static void note_codes(fm__builder *b, const fm__entries *rows, const fm_register *r, const fm_report_spec *spec)
{
  const fm_codes *groups = spec->by[0] != '\0' ? fm_register_codes(r, spec->by) : NULL;
  const fm_codes *kinds = fm_register_codes(r, "placement_kind");
  for (size_t i = 0; i < rows->n; i++) {
    const fm__entry *row = &rows->items[i];
    bool fresh = row->kind != NULL || row->group != NULL;
    for (size_t k = 0; k < i && fresh; k++)
      fresh = !fm__same_text(rows->items[k].kind, row->kind) || !fm__same_text(rows->items[k].group, row->group);
    if (fresh && row->kind != NULL)
      note_code(b, kinds, "kind", row->kind, spec->as_of - 1);
    else if (fresh)
      note_code(b, groups, spec->by, row->group, spec->as_of - 1);
  }
}

static void note_parts(fm__builder *b, const fm__entries *rows, const fm_register *r, int32_t day)
{
  for (size_t i = 0; i < rows->n; i++) {
    const fm__entry *row = &rows->items[i];
    if (row->part == NULL || (i > 0 && fm__same_text(rows->items[i - 1].part, row->part)))
      continue;
    if (strcmp(row->indicator, FM__OF_SUPPORT) == 0)
      note_code(b, fm_register_codes(r, "support_kind"), "support", row->part, day);
    else if (strcmp(row->indicator, FM__OF_PARITY) == 0)
      note_code(b, fm_register_codes(r, "sex"), "sex", row->part, day);
    else if (strcmp(row->indicator, FM__OF_INITIATIVES) == 0)
      note_name(b, fm_register_table(r, "initiatives"), row->part);
  }
}

/* What the groups of the breakdown were merged from, as the results say. */
static const char *merged_of(const fm__entries *rows)
{
  const char *merged = NULL;
  for (size_t k = 0; merged == NULL && k < rows->n_tables; k++)
    merged = fm_table_note(rows->tables[k], "merged");
  return merged;
}

static void note_settings(fm__builder *b, const fm__entries *rows, const fm_report_spec *spec)
{
  char text[32];
  size_t hidden = 0;
  fm_date_format(text, spec->as_of);
  fm__builder_note(b, "as_of", text);
  fm_date_format(text, spec->as_of - 1);
  fm__builder_note(b, "last_observed", text);
  fm__builder_note(b, "by", spec->by);
  snprintf(text, sizeof text, "%d", (int)spec->threshold);
  fm__builder_note(b, "threshold", text);
  for (size_t i = 0; i < rows->n; i++)
    hidden += fm__is_hidden(&rows->items[i]);
  snprintf(text, sizeof text, "%zu", hidden);
  fm__builder_note(b, "hidden", text);
  if (merged_of(rows) != NULL)
    fm__builder_note(b, "merged", merged_of(rows));
  if (rows->groups_overlap)
    fm__builder_note(b, "groups_overlap", "true");
}

static fm_status make_table(fm_table **out, const fm__entries *rows, const fm_register *r, const fm_report_spec *spec,
                            fm_error *err)
{
  fm__builder *b;
  size_t at[N_COLUMNS];
  fm_status status = fm__builder_create(&b, "report", err);
  if (status != FM_OK)
    return status;
  status = add_columns(b, at, spec->by, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < rows->n; i++)
    put_row(b, at, &rows->items[i]);
  note_facts(b, r);
  note_settings(b, rows, spec);
  note_codes(b, rows, r, spec);
  note_parts(b, rows, r, spec->as_of - 1);
  return fm__builder_finish(b, out, err);
}

fm_status fm_report_create(fm_report **out, const fm_register *r, const fm_report_spec *spec, const fm_run *run,
                           fm_error *err)
{
  fm_report_spec s;
  fm__entries rows = {0};
  *out = NULL;
  fm_status status = take_spec(&s, spec, r, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__collect(&rows, r, &s, run, err);
  if (status == FM_OK)
    status = fm__complete_groups(&rows, err);
  if (status == FM_OK)
    status = fm__protect(&rows, s.threshold, err);
  fm_report *report = NULL;
  if (status == FM_OK && (report = fm__array(1, sizeof *report)) == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = make_table(&report->table, &rows, r, &s, err);
  fm__entries_free(&rows);
  if (status != FM_OK) {
    fm__free(report);
    return status;
  }
  *out = report;
  return FM_OK;
}

void fm_report_destroy(fm_report *report)
{
  if (report == NULL)
    return;
  fm_table_destroy(report->table);
  fm__free(report);
}

const fm_table *fm_report_table(const fm_report *report)
{
  return report->table;
}

fm_status fm_report_text(char **out, const fm_report *report, const char *lang, int32_t all, fm_error *err)
{
  *out = NULL;
  fm_status status = fm__check_lang(lang, err);
  return status == FM_OK ? fm__page_text(out, report->table, lang, all != 0, err) : status;
}
