/* Files in, tables out. */
#include "settlement/settlement_priv.h"

#include <stdio.h>
#include <stdlib.h>

static const fm_settlement_spec defaults = FM_SETTLEMENT_SPEC_INIT;

/* Names in the order of the amounts follow the four keys; the last two keys may be missing. */
static const fm_csv_column columns[] = {
    {"week", "Uge", FM_DATE, 1, 1, 0},
    {"person_id", "CPR nummer", FM_CODE, 1, 1, 1},
    {"benefit", "Ydelse", FM_CODE, 1, 1, 0},
    {"financed_by", "Finansiering Kommunenavn", FM_CODE, 0, 0, 0},
    {"reported", "Indberetning udbetalingsbeløb", FM_F64, 0, 0, 0},
    {"paid", "Beregnet udbetalingsbeløb", FM_F64, 1, 1, 0},
    {"refund_rate", "Refusionssats", FM_F64, 0, 0, 0},
    {"refund", "Refusionsbeløb", FM_F64, 1, 1, 0},
    {"share_rate", "Medfinansieringssats", FM_F64, 0, 0, 0},
    {"share", "Medfinansieringsbeløb", FM_F64, 0, 0, 0},
};

void fm_settlement_spec_init(fm_settlement_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

/* All files into lines; FM_ERR_DATA when one of them cannot be used, after the others were looked at too. */
static fm_status read_files(fm__lines *l, fm__problems *problems, const char *const *paths, size_t n_paths,
                            const fm_settlement_spec *spec, const fm_csv_format *format, const fm_run *run,
                            fm_error *err)
{
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  bool failed = false, unreadable = false;
  schema.columns = columns;
  schema.n_columns = FM__COUNT(columns);
  schema.others = FM_CSV_SKIP;
  for (size_t i = 0; i < n_paths; i++) {
    fm_table *t = NULL;
    if (paths[i] == NULL)
      return fm__fail(err, FM_ERR_ARGUMENT, "path %zu is NULL", i);
    fm_error own = FM_ERROR_INIT;
    fm_status status = fm__csv_read_file(&t, problems, paths[i], &schema, format, spec->skip_bad, run, &own);
    if (status == FM_ERR_DATA) {
      unreadable = true;
      continue;
    }
    if (status == FM_OK)
      l->sum->n_left_out += strtoll(fm_table_note(t, "rows_left_out"), NULL, 10);
    if (status == FM_OK)
      status = fm__lines_add(l, t, problems, &failed, &own);
    fm_table_destroy(t);
    if (status != FM_OK) {
      if (err != NULL && err->code == FM_OK)
        *err = own;
      return status;
    }
  }
  return unreadable || (failed && !spec->skip_bad) ? fm__problems_fail(problems, err) : FM_OK;
}

static void tell_repeated(const fm__lines *l, fm__problems *problems)
{
  char what[64];
  fm__problem problem = FM__PROBLEM_INIT;
  if (l->sum->n_duplicates == 0)
    return;
  snprintf(what, sizeof what, "lines equal to an earlier one: %lld", (long long)l->sum->n_duplicates);
  problem.code = "FM-R04";
  problem.severity = FM__NOTE;
  problem.table = "weeks";
  problem.what = what;
  problem.expected = "each line once";
  problem.hint = "they are counted once";
  fm__problems_add(problems, &problem);
}

static void find_weeks(const fm__lines *l)
{
  for (size_t i = 0; i < l->n; i++) {
    int32_t week = l->list[i].week;
    l->sum->first_week = l->sum->first_week == FM_NO_DATE || week < l->sum->first_week ? week : l->sum->first_week;
    l->sum->last_week = week > l->sum->last_week ? week : l->sum->last_week; /* FM_NO_DATE is the least */
  }
}

typedef struct outputs {
  fm_table *weeks, *contributions, *spells;
} outputs;

static fm_status make_outputs(outputs *out, const fm__lines *l, fm__problems *problems, const fm_settlement_spec *spec,
                              fm_error *err)
{
  fm_codes *own = NULL;
  fm_status status = spec->codes != NULL ? FM_OK : fm_codes_builtin(&own, "benefit_state", err);
  if (status == FM_OK)
    status = fm__settlement_weeks(&out->weeks, l, false, err);
  if (status == FM_OK)
    status = fm__settlement_weeks(&out->contributions, l, true, err);
  if (status == FM_OK)
    status = fm__settlement_spells(&out->spells, l, own != NULL ? own : spec->codes, spec->as_of, problems, err);
  fm_codes_destroy(own);
  return status;
}

static fm_status make(outputs *out, fm_settlement_summary *sum, fm__problems *problems, const char *const *paths,
                      size_t n_paths, const fm_settlement_spec *spec, const fm_run *run, fm_error *err)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm__lines l = {.sum = sum};
  *sum = (fm_settlement_summary){.first_week = FM_NO_DATE, .last_week = FM_NO_DATE};
  format.delimiter = ';';
  format.decimal = ',';
  fm_status status = fm__lines_init(&l);
  if (status != FM_OK)
    fm__no_memory(err);
  if (status == FM_OK)
    status = read_files(&l, problems, paths, n_paths, spec, spec->format != NULL ? spec->format : &format, run, err);
  if (status == FM_OK)
    status = fm__lines_sort(&l, err);
  if (status == FM_OK) {
    find_weeks(&l);
    tell_repeated(&l, problems);
    status = make_outputs(out, &l, problems, spec, err);
  }
  fm__lines_free(&l);
  return status;
}

static void give(fm_table **out, fm_table *t)
{
  if (out != NULL)
    *out = t;
  else
    fm_table_destroy(t);
}

static void clear(fm_table **out)
{
  if (out != NULL)
    *out = NULL;
}

fm_status fm_settlement_read(fm_table **weeks, fm_table **contributions, fm_table **spells,
                             fm_settlement_summary *summary, fm_table **problems, const char *const *paths,
                             size_t n_paths, const fm_settlement_spec *spec, const fm_run *run, fm_error *err)
{
  fm_settlement_spec taken = defaults;
  fm_settlement_summary own;
  outputs out = {0};
  fm_table *list_table = NULL;
  clear(weeks);
  clear(contributions);
  clear(spells);
  clear(problems);
  fm_status status = fm__spec_take(&taken, sizeof taken, spec, "fm_settlement_spec", err);
  if (status == FM_OK && (paths == NULL || n_paths == 0))
    status = fm__fail(err, FM_ERR_ARGUMENT, "no path of a settlement file is given");
  if (status != FM_OK)
    return status;
  fm__problems *list = fm__problems_create();
  if (list == NULL)
    return fm__no_memory(err);
  status = make(&out, summary != NULL ? summary : &own, list, paths, n_paths, &taken, run, err);
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA)) {
    fm_error again = FM_ERROR_INIT;
    if (fm__problems_table(list, &list_table, &again) != FM_OK) {
      if (err != NULL)
        fm_error_clear(err);
      status = fm__no_memory(err);
    }
  }
  fm__problems_destroy(list);
  if (status != FM_OK) {
    fm_table_destroy(out.weeks);
    fm_table_destroy(out.contributions);
    fm_table_destroy(out.spells);
    out = (outputs){0};
  }
  give(weeks, out.weeks);
  give(contributions, out.contributions);
  give(spells, out.spells);
  give(problems, list_table);
  return status;
}
