/* Reading the data: a folder or one file, with progress, and the list of what is wrong with it. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- long work: progress on a terminal, and being stopped ---- */

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
  stopped = 1;
  signal(signal_number, SIG_DFL); /* a second time ends the program at once */
}

bool was_stopped(void)
{
  return stopped != 0;
}

static int32_t show_progress(void *ctx, double done)
{
  work *w = ctx;
  if (stderr_is_terminal() && seconds() - w->began > 1) {
    fprintf(stderr, "\r%s %3d%%", text("progress"), (int)(100 * done));
    fflush(stderr);
    w->shown = true;
  }
  return stopped != 0;
}

void work_begin(work *w, const args *a)
{
  *w = (work){
      .run = FM_RUN_INIT, .threads = {sizeof w->threads, a->n_threads}, .began = seconds(), .command = a->command->id};
  w->run.execute = a->n_threads > 1 ? fm_execute_threads : NULL;
  w->run.execute_ctx = &w->threads;
  w->run.progress = show_progress;
  w->run.progress_ctx = w;
  signal(SIGINT, stop);
  signal(SIGTERM, stop);
}

void work_end(work *w)
{
  if (w->shown)
    fprintf(stderr, "\r%*s\r", 30, "");
  w->shown = false;
}

/* ---- how to read ---- */

/* The sign that a word of an option stands for. */
static int32_t sign(const char *word_given)
{
  static const struct {
    const char *name;
    int32_t sign;
  } signs[] = {{"none", 0}, {"point", '.'}, {"comma", ','}, {"space", ' '}, {"semicolon", ';'}, {"tab", '\t'}};
  for (size_t i = 0; word_given != NULL && i < COUNT(signs); i++)
    if (strcmp(signs[i].name, word_given) == 0)
      return signs[i].sign;
  return 0;
}

/* Fills the format; false when no option speaks of it, so that datapackage.json may. */
static bool make_format(fm_csv_format *f, const args *a)
{
  bool any = false;
  fm_csv_format_init(f, sizeof *f);
  for (int k = O_DATE_FORMAT; k <= O_MAX_ROW_BYTES; k++)
    any = any || a->given[k] != NULL;
  if (a->given[O_DECIMAL] != NULL)
    f->decimal = sign(a->given[O_DECIMAL]);
  f->thousands = sign(a->given[O_THOUSANDS]);
  f->delimiter = sign(a->given[O_DELIMITER]);
  f->date_pattern = a->given[O_DATE_FORMAT];
  f->encoding = a->given[O_ENCODING];
  f->missing = a->given[O_MISSING];
  f->max_row_bytes = a->max_row_bytes;
  return any;
}

/* --columns: "table.column=header;..." itself, or a file with one table.column=header a line; # begins a remark. */
static int make_columns(buffer *b, const char *given)
{
  char line[1024];
  if (given == NULL || strchr(given, '=') != NULL) {
    put(b, given != NULL ? given : "");
    return EXIT_DONE;
  }
  errno = 0;
  FILE *stream = path_kind(given) == PATH_FOLDER ? NULL : open_file(given, "rb");
  if (stream == NULL) {
    complain("in.failed", given, text(reason_key(path_kind(given) == PATH_FOLDER ? EISDIR : errno)), NULL);
    return EXIT_SYSTEM;
  }
  put(b, "");
  while (fgets(line, sizeof line, stream) != NULL) {
    const char *start = strncmp(line, "\xEF\xBB\xBF", 3) == 0 ? line + 3 : line;
    start += strspn(start, " \t");
    size_t n = strcspn(start, "\r\n");
    while (n > 0 && start[n - 1] == ' ')
      n--;
    if (n == 0 || *start == '#')
      continue;
    put(b, b->size > 0 ? ";" : "");
    put_bytes(b, start, n);
  }
  bool whole = ferror(stream) == 0;
  fclose(stream);
  if (!whole)
    complain("in.failed", given, text("reason.other"), NULL);
  return whole ? EXIT_DONE : EXIT_SYSTEM;
}

/* ---- one file instead of a folder ---- */

/* The name of a path without folders and without ".csv". */
void table_of(char *out, size_t size, const char *path)
{
  const char *name = path;
  for (const char *p = path; *p != '\0'; p++)
    if (*p == '/' || *p == '\\')
      name = p + 1;
  size_t n = strlen(name);
  if (n > 4 && strcmp(name + n - 4, ".csv") == 0)
    n -= 4;
  snprintf(out, size, "%.*s", (int)(n < size ? n : size - 1), name);
}

static int32_t type_of(const char *name)
{
  for (int32_t type = FM_F64; type <= FM_CODE; type++)
    if (strcmp(fm_column_type_name(type), name) == 0)
      return type;
  return FM_CODE;
}

char *header_of(const buffer *mapping, const char *table, const char *column)
{
  buffer start = {0};
  char *header = NULL;
  put(&start, table);
  put(&start, ".");
  put(&start, column);
  put(&start, "=");
  for (const char *p = mapping->size > 0 ? mapping->data : ""; *p != '\0' && header == NULL;) {
    size_t length = strcspn(p, ";");
    if (length > start.size && strncmp(p, start.data, start.size) == 0) {
      buffer found = {0};
      put_bytes(&found, p + start.size, length - start.size);
      header = found.data;
    }
    p += length + (p[length] == ';');
  }
  free(start.data);
  return header;
}

static size_t fill_columns(fm_csv_column *columns, char **headers, const fm_table *schema, const char *table,
                           const buffer *mapping)
{
  size_t n = 0;
  int64_t required = fm_table_column_index(schema, "required");
  for (size_t i = 0; i < fm_table_n_rows(schema); i++) {
    if (strcmp(cell(schema, "table", i), table) != 0)
      continue;
    const char *name = cell(schema, "column", i);
    size_t length = strlen(name);
    int32_t must = required >= 0 && fm_table_bool(schema, (size_t)required)[i] != 0;
    headers[n] = header_of(mapping, table, name);
    columns[n] = (fm_csv_column){.name = name,
                                 .header = headers[n],
                                 .type = type_of(cell(schema, "type", i)),
                                 .required = must,
                                 .filled = must,
                                 .is_id = length > 3 && strcmp(name + length - 3, "_id") == 0};
    n++;
  }
  return n;
}

/* Reads the file as the table of its name. */
static fm_status read_table(fm_table **out, fm_table **problems, const reading *r, const char *table, const fm_run *run,
                            fm_error *err)
{
  fm_table *schema = NULL;
  fm_csv_schema want = FM_CSV_SCHEMA_INIT;
  fm_status status = fm_schema_table(&schema, err);
  if (status != FM_OK)
    return status;
  fm_csv_column *columns = need(NULL, fm_table_n_rows(schema) * sizeof *columns);
  char **headers = need(NULL, fm_table_n_rows(schema) * sizeof *headers);
  want.table = table;
  want.columns = columns;
  want.n_columns = fill_columns(columns, headers, schema, table, &r->columns);
  status = fm_csv_read_file(out, problems, r->path, &want, &r->format, r->spec.skip_bad, run, err);
  for (size_t k = 0; k < want.n_columns; k++)
    free(headers[k]);
  free(headers);
  free(columns);
  fm_table_destroy(schema);
  return status;
}

static int not_a_table(const char *path, const char *table)
{
  const char *names[64];
  buffer known = {0};
  size_t n = 0;
  for (; n < fm_schema_n_tables() && n < COUNT(names); n++) {
    names[n] = fm_schema_table_name(n);
    put(&known, n > 0 ? ", " : "");
    put(&known, names[n]);
    put(&known, ".csv");
  }
  complain("in.no_table", path, text_of(&known), suggestion(table, names, n), NULL);
  free(known.data);
  return EXIT_DATA;
}

bool is_table(const char *table)
{
  for (size_t i = 0; i < fm_schema_n_tables(); i++)
    if (strcmp(fm_schema_table_name(i), table) == 0)
      return true;
  return false;
}

static fm_status read_one(data *d, reading *r, const char *table, fm_error *err)
{
  fm_table *t = NULL, *more = NULL;
  fm_status status = read_table(&t, &d->problems, r, table, &d->work.run, err);
  const fm_table *const tables[] = {t};
  r->spec.columns = NULL; /* the columns have their own names now */
  if (status == FM_OK) {
    status = fm_register_from_tables(&d->reg, &more, tables, 1, &r->spec, &d->work.run, err);
    fm_error again = FM_ERROR_INIT;
    fm_status joined = join_problems(&d->problems, more, status == FM_OK ? err : &again);
    status = status == FM_OK ? joined : status;
  }
  fm_table_destroy(t);
  return status;
}

/* ---- opening ---- */

static int open_path(data *d, reading *r, fm_error *err)
{
  char table[64];
  fm_status status;
  int kind = path_kind(r->path);
  if (kind == PATH_NOTHING || kind == PATH_FOLDER) {
    status = fm_register_read(&d->reg, &d->problems, r->path, &r->spec, &d->work.run, err);
  } else {
    table_of(table, sizeof table, r->path);
    if (!is_table(table))
      return not_a_table(r->path, table);
    status = read_one(d, r, table, err);
  }
  work_end(&d->work);
  if (status == FM_OK || status == FM_ERR_DATA) {
    fm_error again = FM_ERROR_INIT;
    fm_status named = name_files(&d->problems, status == FM_OK ? err : &again);
    status = status == FM_OK ? named : status;
  }
  if (status == FM_OK)
    return EXIT_DONE;
  if (status == FM_ERR_DATA && d->problems != NULL && fm_table_n_rows(d->problems) > 0)
    return EXIT_DATA;
  return fail(err);
}

int reading_make(reading *r, const args *a, const char *path)
{
  *r = (reading){.path = path, .spec = FM_REGISTER_SPEC_INIT};
  bool any = make_format(&r->format, a);
  r->spec.format = any ? &r->format : NULL;
  r->spec.codes_folder = a->given[O_CODES];
  r->spec.skip_bad = a->given[O_SKIP_BAD] != NULL;
  r->spec.id_width = a->id_width;
  int code = make_columns(&r->columns, a->given[O_COLUMNS]);
  r->spec.columns = r->columns.size > 0 ? r->columns.data : NULL;
  return code;
}

int data_open(data *d, const args *a, const char *path)
{
  fm_error err = FM_ERROR_INIT;
  reading r;
  *d = (data){0};
  work_begin(&d->work, a);
  int code = reading_make(&r, a, path);
  if (code == EXIT_DONE)
    code = open_path(d, &r, &err);
  free(r.columns.data);
  return code;
}

void data_close(data *d)
{
  fm_register_destroy(d->reg);
  fm_table_destroy(d->problems);
  *d = (data){0};
}
