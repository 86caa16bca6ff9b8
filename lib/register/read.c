/* A folder of CSV files as typed tables. */
#include <string.h>

#include "code/code_priv.h"
#include "register/make_priv.h"

#define HEADER_BYTES ((size_t)1 << 16)

static char *join_path(const char *folder, const char *name, const char *suffix)
{
  size_t a = strlen(folder), b = strlen(name), c = strlen(suffix);
  char *path = fm__alloc(a + b + c + 2);
  if (path == NULL)
    return NULL;
  memcpy(path, folder, a);
  path[a] = '/';
  memcpy(path + a + 1, name, b);
  memcpy(path + a + 1 + b, suffix, c + 1);
  return path;
}

/* Bytes up to the end of the first line that is not empty, 0 when the end is not among them. */
static size_t header_end(const char *data, size_t n, bool whole)
{
  bool quoted = false, any = false;
  for (size_t i = 0; i < n; i++) {
    bool end = data[i] == '\n' || data[i] == '\r';
    if (data[i] == '"')
      quoted = !quoted;
    if (end && !quoted && any)
      return i + 1;
    any = any || !end;
  }
  return whole ? n : 0;
}

/* The names in the header line, as a table without rows; NULL when the header is not in order: reading will say so. */
static fm_status read_labels(fm_table **out, fm__make *m, const char *path, fm_error *err)
{
  fm__file *file = NULL;
  size_t n = 0, got = 1;
  *out = NULL;
  char *data = fm__alloc(HEADER_BYTES);
  if (data == NULL)
    return fm__no_memory(err);
  fm_status status = fm__file_open(&file, path, err);
  while (status == FM_OK && n < HEADER_BYTES && got > 0) {
    status = fm__file_read(file, data + n, HEADER_BYTES - n, &got, err);
    n += status == FM_OK ? got : 0;
  }
  fm__file_close(file);
  size_t end = status == FM_OK ? header_end(data, n, n < HEADER_BYTES) : 0;
  if (end > 0) {
    fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
    fm__problems *unheard = fm__problems_create();
    fm_error ignored = FM_ERROR_INIT;
    status = unheard == NULL
                 ? FM_ERR_MEMORY
                 : fm__csv_read_memory(out, unheard, data, end, NULL, &schema, &m->format, 0, 0, NULL, &ignored);
    if (status == FM_OK && fm__problems_count(unheard, FM__NOTE) > 0) { /* a column without a name shifts the places */
      fm_table_destroy(*out);
      *out = NULL;
    }
    fm__problems_destroy(unheard);
    status = status == FM_ERR_MEMORY ? fm__no_memory(err) : FM_OK;
  }
  fm__free(data);
  return status;
}

static bool is_alike(const char *a, const char *b)
{
  char x[FM__CODE_KEY_MAX], y[FM__CODE_KEY_MAX];
  size_t n = fm__code_fold(x, a, strlen(a));
  return n == fm__code_fold(y, b, strlen(b)) && memcmp(x, y, n) == 0;
}

/* A column that the schema does not have, and does not nearly have. */
static bool is_extra(const fm__make *m, int t, const char *label)
{
  const fm__table_def *def = &fm__schema[t];
  if (fm__schema_column(def, label) >= 0)
    return false;
  for (size_t k = 0; k < def->n_columns; k++)
    if (is_alike(label, fm__make_header(m, t, def->columns[k].name)))
      return false;
  return true;
}

/* Whether the first line names a column of the schema; else it may be data, which must not be shown as names. */
static bool is_header(const fm__make *m, int t, const fm_table *labels)
{
  for (size_t k = 0; k < fm_table_n_columns(labels); k++)
    for (size_t i = 0; i < fm__schema[t].n_columns; i++)
      if (strcmp(fm_table_column_name(labels, k), fm__make_header(m, t, fm__schema[t].columns[i].name)) == 0)
        return true;
  return false;
}

/* The columns to read: those of the schema, then the caller's own. */
static fm_status make_columns(fm_csv_column **out, size_t *n, const fm__make *m, int t, fm_error *err)
{
  const fm__table_def *def = &fm__schema[t];
  const fm_table *labels = m->given[t].labels;
  size_t n_labels = labels != NULL && def->extra && is_header(m, t, labels) ? fm_table_n_columns(labels) : 0;
  fm_csv_column *columns = fm__array(def->n_columns + n_labels, sizeof *columns);
  if (columns == NULL)
    return fm__no_memory(err);
  *n = 0;
  for (size_t k = 0; k < def->n_columns; k++) {
    const fm__column_def *c = &def->columns[k];
    int32_t required = (c->flags & FM__REQUIRED) != 0;
    columns[(*n)++] = (fm_csv_column){.name = c->name,
                                      .header = fm__make_header(m, t, c->name),
                                      .type = c->type,
                                      .required = required,
                                      .filled = required,
                                      .is_id = (c->flags & FM__SECRET) != 0};
  }
  for (size_t k = 0; k < n_labels; k++) {
    const char *label = fm_table_column_name(labels, k);
    if (is_extra(m, t, label))
      columns[(*n)++] = (fm_csv_column){.name = label, .type = FM_CODE, .is_id = 1};
  }
  *out = columns;
  return FM_OK;
}

/* Reads one file. Rows with errors are always left out here, so that the rest can be checked too. */
static fm_status read_table(fm__make *m, const char *folder, int t, const fm_run *run, fm_error *err)
{
  fm__given *g = &m->given[t];
  fm_csv_column *columns = NULL;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  char *path = join_path(folder, fm__schema[t].name, ".csv");
  if (path == NULL)
    return fm__no_memory(err);
  g->given = true;
  g->from_file = true;
  fm_status status = read_labels(&g->labels, m, path, err);
  if (status == FM_OK)
    status = make_columns(&columns, &schema.n_columns, m, t, err);
  if (status == FM_OK) {
    int64_t before = fm__problems_count(m->problems, FM__ERROR);
    schema.table = fm__schema[t].name;
    schema.columns = columns;
    status = fm__csv_read_file(&g->table, m->problems, path, &schema, &m->format, 1, run, err);
    g->partial = fm__problems_count(m->problems, FM__ERROR) > before;
    const char *left_out = g->table != NULL ? fm_table_note(g->table, "rows_left_out") : NULL;
    for (; left_out != NULL && *left_out != '\0'; left_out++)
      g->left_out = 10 * g->left_out + (*left_out - '0');
    if (status == FM_ERR_DATA) { /* listed; the other tables are read all the same */
      m->fatal = true;
      status = FM_OK;
      if (err != NULL)
        fm_error_clear(err);
    }
  }
  fm__free(columns);
  fm__free(path);
  return status;
}

/* ---- which files ---- */
static bool has_suffix(const char *name, const char *suffix)
{
  size_t n = strlen(name), k = strlen(suffix);
  if (n < k)
    return false;
  for (size_t i = 0; i < k; i++) {
    char c = name[n - k + i];
    if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != suffix[i])
      return false;
  }
  return true;
}

/* The table a file is for, -1 when its name is not exactly one of the schema's. */
static int table_of_file(const char *name)
{
  size_t n = strlen(name);
  for (int t = 0; t < FM__N_TABLES; t++) {
    size_t k = strlen(fm__schema[t].name);
    if (n == k + 4 && memcmp(name, fm__schema[t].name, k) == 0 && strcmp(name + k, ".csv") == 0)
      return t;
  }
  return -1;
}

static void note_other_file(fm__make *m, const char *name)
{
  static const char *const suffixes[] = {".csv", ".xlsx", ".xls", ".ods"};
  static const char expected[] = "persons.csv, placements.csv or another name of the schema";
  char stem[64], hint[160];
  size_t kind = 0, n = strlen(name);
  while (kind < FM__COUNT(suffixes) && !has_suffix(name, suffixes[kind]))
    kind++;
  if (kind == FM__COUNT(suffixes))
    return;
  n -= strlen(suffixes[kind]);
  fm__finding f = {.code = "FM-F02", .severity = FM__NOTE, .what = "this file is not read", .expected = expected};
  f.hint = kind > 0 ? "save the sheets as CSV files" : NULL;
  for (int t = 0; t < FM__N_TABLES && n < sizeof stem && kind == 0; t++) {
    memcpy(stem, name, n);
    stem[n] = '\0';
    size_t k = strlen(fm__schema[t].name);
    bool near = is_alike(stem, fm__schema[t].name) || (n + 1 == k && memcmp(stem, fm__schema[t].name, n) == 0);
    if (near) {
      memcpy(hint, "rename it to ", 13);
      memcpy(hint + 13, fm__schema[t].name, k);
      memcpy(hint + 13 + k, ".csv", 5);
      f.hint = hint;
    }
  }
  fm__make_file_problem(m, name, -1, &f);
}

static fm_status find_files(fm__make *m, char *const *names, const char *folder, bool found[FM__N_TABLES],
                            fm_error *err)
{
  size_t n = 0;
  for (size_t i = 0; names[i] != NULL; i++) {
    int t = table_of_file(names[i]);
    n += t >= 0;
    if (t >= 0)
      found[t] = true;
  }
  if (n == 0) {
    fm__fail(err, FM_ERR_NOT_FOUND,
             "%.100s: no table found, expected persons.csv, placements.csv or another file of "
             "the schema",
             fm__path_name(folder));
    fm__error_detail(err, "FM-F03");
    return FM_ERR_NOT_FOUND;
  }
  for (size_t i = 0; names[i] != NULL; i++)
    if (table_of_file(names[i]) < 0)
      note_other_file(m, names[i]);
  return FM_OK;
}

/* ---- progress of one file as a part of the whole ---- */
typedef struct part {
  const fm_run *run;
  double done, share;
} part;

static int32_t show_part(void *ctx, double done)
{
  part *p = ctx;
  return p->run->progress(p->run->progress_ctx, p->done + p->share * done);
}

static fm_status read_tables(fm__make *m, const char *folder, const bool found[FM__N_TABLES], fm_error *err)
{
  fm_run scaled = FM_RUN_INIT;
  part p = {.run = m->run};
  size_t n = 0;
  fm_status status = FM_OK;
  for (int t = 0; t < FM__N_TABLES; t++)
    n += found[t];
  p.share = 0.8 / (double)n;
  if (m->run != NULL) {
    scaled = *m->run;
    if (m->run->progress != NULL) {
      scaled.progress = show_part;
      scaled.progress_ctx = &p;
    }
  }
  for (int t = 0; t < FM__N_TABLES && status == FM_OK; t++)
    if (found[t]) {
      status = read_table(m, folder, t, m->run != NULL ? &scaled : NULL, err);
      p.done += p.share;
    }
  return status;
}

static fm_status read_all(fm__make *m, const char *folder, fm_error *err)
{
  bool found[FM__N_TABLES] = {false};
  char **names = NULL;
  fm_status status = fm__folder_names(&names, folder, err);
  if (status == FM_OK)
    status = find_files(m, names, folder, found, err);
  if (status == FM_OK)
    status = fm__make_package(m, folder, err);
  if (status == FM_OK)
    status = fm__make_columns(m, m->spec.columns, err);
  if (status == FM_OK)
    status = fm__make_lists(m, folder, err);
  if (status == FM_OK)
    status = read_tables(m, folder, found, err);
  fm__names_free(names);
  return status;
}

fm_status fm_register_read(fm_register **out, fm_table **problems, const char *folder, const fm_register_spec *spec,
                           const fm_run *run, fm_error *err)
{
  fm__make m = {0};
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  if (folder == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the folder is NULL");
  fm_status status = fm__make_start(&m, spec, run, err);
  if (status == FM_OK)
    status = read_all(&m, folder, err);
  return fm__make_finish(&m, status, out, problems, err);
}
