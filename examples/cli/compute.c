/* flexmetrics compute: one indicator, with all its options. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* The options without going_on, which is for all rows at once: a tally refuses it. */
static bool drop_going_on(buffer *out, const char *given)
{
  static const char name[] = "going_on=";
  bool dropped = false;
  for (const char *p = given; *p != '\0';) {
    size_t n = strcspn(p, ";");
    bool is_it = strncmp(p, name, sizeof name - 1) == 0;
    dropped |= is_it;
    put(out, !is_it && out->size > 0 ? ";" : "");
    put_bytes(out, p, is_it ? 0 : n);
    p += n + (p[n] == ';');
  }
  return dropped;
}

/* What a tally of this request says of ids and options; of option names first, where going_on is taken out. */
static fm_status try_request(const char *id, fm_compute_spec spec, fm_error *err)
{
  fm_table *columns = NULL;
  fm_tally *t = NULL;
  fm_status status = FM_OK;
  buffer kept = {0};
  spec.merge = NULL; /* read with the rows */
  if (spec.options != NULL && drop_going_on(&kept, spec.options)) {
    status = fm_catalogue_columns(&columns, id, &spec, err);
    spec.options = kept.size > 0 ? kept.data : NULL;
  }
  if (status == FM_OK)
    status = fm_catalogue_tally(&t, id, &spec, err);
  fm_table_destroy(columns);
  fm_tally_destroy(t);
  free(kept.data);
  return status;
}

/* Ids and options are wrong before any data are read. */
static int check_request(const char *id, const fm_compute_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  const char *names[64];
  size_t n = 0;
  for (; n < fm_catalogue_n() && n < COUNT(names); n++)
    names[n] = fm_catalogue_id(n);
  if (fm_catalogue_find(id) < 0 && fm_sdg_find(id) < 0)
    return misuse("compute", "compute.unknown", id, suggestion(id, names, n), NULL);
  fm_status status = try_request(id, *spec, &err);
  if (status == FM_OK)
    return EXIT_DONE;
  int code = fail(&err);
  return status == FM_ERR_MEMORY ? code : EXIT_USAGE;
}

/* The table of --national; all that it may have is read as what it is. */
static int read_national(fm_table **out, const args *a)
{
  static const fm_csv_column columns[] = {
      {"indicator", NULL, FM_CODE, 1, 1, 0}, {"quantity", NULL, FM_CODE, 1, 1, 0},
      {"value", NULL, FM_F64, 1, 1, 0},      {"unit", NULL, FM_CODE, 0, 0, 0},
      {"concept", NULL, FM_CODE, 0, 0, 0},   {"since", NULL, FM_F64, 0, 0, 0},
      {"year", NULL, FM_F64, 0, 0, 0},       {"prices", NULL, FM_CODE, 0, 0, 0},
      {"currency", NULL, FM_CODE, 0, 0, 0},  {"period_months", NULL, FM_F64, 0, 0, 0},
      {"source", NULL, FM_CODE, 1, 1, 0}};
  fm_error err = FM_ERROR_INIT;
  fm_csv_schema want = FM_CSV_SCHEMA_INIT;
  reading r;
  data d = {0};
  buffer said = {0};
  want.columns = columns;
  want.n_columns = COUNT(columns);
  want.others = FM_CSV_SKIP;
  int code = reading_make(&r, a, a->given[O_NATIONAL]);
  if (code == EXIT_DONE) {
    work_begin(&d.work, a);
    fm_status status = fm_csv_read_file(out, &d.problems, r.path, &want, &r.format, 0, &d.work.run, &err);
    work_end(&d.work);
    code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
  }
  put_problems(&said, &d);
  if (said.size > 0)
    fputs(said.data, stderr);
  free(said.data);
  free(r.columns.data);
  data_close(&d);
  return code;
}

/* Something the data do not have: what was asked for, or what the indicator always needs? */
static int fail_missing(const fm_register *r, const char *kind, const fm_run *run, const fm_error *err)
{
  fm_frame_spec plain = FM_FRAME_SPEC_INIT;
  fm_table *frame = NULL;
  plain.kind = kind;
  fm_status status = fm_register_frame(&frame, r, &plain, run, NULL);
  fm_table_destroy(frame);
  fail(err);
  return status == FM_OK ? EXIT_USAGE : EXIT_DATA;
}

/* One figure table from a file that is no register. */
static int compute_file(fm_table **out, const args *a, const char *id, const fm_compute_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *frame = NULL;
  data d = {0};
  int code = frame_open_telling(&frame, &d, a, id, spec);
  if (code == EXIT_DONE) {
    fm_status status = fm_catalogue_compute_frame(out, frame, id, spec, &d.work.run, &err);
    work_end(&d.work);
    code = status == FM_OK ? EXIT_DONE : fail(&err);
    if ((status == FM_ERR_NOT_FOUND && spec->merge == NULL) || status == FM_ERR_VALUE)
      code = EXIT_DATA;
    else if (status == FM_ERR_NOT_FOUND)
      code = EXIT_USAGE; /* a group to merge that no row has */
    else if (status == FM_ERR_FORMAT || status == FM_ERR_TYPE)
      code = EXIT_USAGE; /* the filter, or a column named by an option */
  }
  fm_table_destroy(frame);
  data_close(&d);
  return code;
}

static int compute_register(fm_table **out, const args *a, const char *id, const fm_compute_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  data d = {0};
  int code = data_open_telling(&d, a, a->words[1]);
  if (code == EXIT_DONE) {
    fm_status status = fm_catalogue_compute(out, d.reg, id, spec, &d.work.run, &err);
    work_end(&d.work);
    const char *kind = fm_catalogue_text((size_t)fm_catalogue_find(id), "frame", language);
    if (status == FM_ERR_NOT_FOUND)
      code = fail_missing(d.reg, kind, &d.work.run, &err);
    else if (status == FM_ERR_FORMAT || status == FM_ERR_TYPE)
      code = (fail(&err), EXIT_USAGE); /* the filter, or a column named by an option */
    else if (status != FM_OK)
      code = fail(&err);
  }
  data_close(&d);
  if (code == EXIT_DATA && path_kind(a->words[1]) == PATH_FILE)
    complain("compute.own_table", a->words[1], NULL);
  return code;
}

/* The option of says what of a register an indicator of tables takes. */
static bool takes_register(const char *text)
{
  for (const char *p = text; p != NULL; p = strchr(p, ';') != NULL ? strchr(p, ';') + 1 : NULL)
    if (strncmp(p, "of=", 3) == 0)
      return true;
  return false;
}

/* Is the indicator computed from one file that is no table of the register? */
static bool is_of_file(const args *a, const char *id)
{
  int64_t index = fm_catalogue_find(id);
  const char *frame = index >= 0 ? fm_catalogue_text((size_t)index, "frame", language) : "";
  const char *given = a->measure_options.size > 0 ? a->measure_options.data : NULL;
  return (strcmp(frame, "table") == 0 && !takes_register(given)) || is_bare(a->words[1]);
}

int run_compute(const args *a)
{
  fm_table *out = NULL, *national = NULL;
  own_lists own = {0};
  const char *id = a->words[0];
  bool file = is_of_file(a, id);
  fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
  spec.by = a->given[O_BY];
  spec.weight = a->given[O_WEIGHT];
  spec.filter = a->given[O_FILTER];
  spec.options = a->measure_options.size > 0 ? a->measure_options.data : NULL;
  spec.merge = a->merges.size > 0 ? a->merges.data : NULL;
  spec.level = a->level;
  spec.as_of = a->as_of;
  int code = a->given[O_NATIONAL] != NULL ? read_national(&national, a) : EXIT_DONE;
  spec.national = national;
  if (code == EXIT_DONE && file) /* a register reads them with its tables */
    code = lists_read(&own, a);
  spec.codes = own.items;
  spec.n_codes = own.n;
  if (code == EXIT_DONE)
    code = check_request(id, &spec);
  if (code == EXIT_DONE)
    code = (file ? compute_file : compute_register)(&out, a, id, &spec);
  if (code == EXIT_DONE)
    code = protect_table(a, &out);
  if (code == EXIT_DONE)
    code = write_table(a, out);
  fm_table_destroy(out);
  fm_table_destroy(national);
  lists_free(&own);
  return code;
}
