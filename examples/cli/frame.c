/* One CSV file as a bare frame: the columns that an indicator reads, with the types it needs. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

bool is_stdin(const char *path)
{
  return strcmp(path, "-") == 0;
}

bool is_bare(const char *path)
{
  char table[64];
  int kind = is_stdin(path) ? PATH_FILE : path_kind(path);
  size_t n = strlen(path);
  bool named = n > 4 && strcmp(path + n - 4, ".csv") == 0;
  if (kind == PATH_FOLDER || (kind == PATH_NOTHING && !named))
    return false;
  table_of(table, sizeof table, path);
  return !is_table(table);
}

/* The columns as the reader wants them; `headers` are freed by the caller. */
static void fill_columns(fm_csv_column *columns, char **headers, const fm_table *wanted, const reading *r,
                         const char *table)
{
  int64_t type = fm_table_column_index(wanted, "type"), required = fm_table_column_index(wanted, "required");
  int64_t is_id = fm_table_column_index(wanted, "is_id");
  for (size_t i = 0; i < fm_table_n_rows(wanted); i++) {
    const char *name = cell(wanted, "name", i);
    headers[i] = header_of(&r->columns, table, name);
    columns[i] = (fm_csv_column){.name = name,
                                 .header = headers[i],
                                 .type = fm_table_i32(wanted, (size_t)type)[i],
                                 .required = fm_table_bool(wanted, (size_t)required)[i],
                                 .is_id = fm_table_bool(wanted, (size_t)is_id)[i]};
  }
}

int read_stdin(buffer *b)
{
  char piece[65536];
  size_t n;
  errno = 0;
  while (!was_stopped() && (n = fread(piece, 1, sizeof piece, stdin)) > 0)
    put_bytes(b, piece, n);
  if (ferror(stdin) == 0)
    return EXIT_DONE;
  complain("in.failed", text("in.stdin"), text(reason_key(errno)), NULL);
  return EXIT_SYSTEM;
}

static int read_columns(fm_table **out, data *d, const reading *r, const fm_csv_schema *want)
{
  fm_error err = FM_ERROR_INIT;
  buffer bytes = {0};
  fm_status status;
  if (is_stdin(r->path)) {
    int code = read_stdin(&bytes);
    if (code != EXIT_DONE) {
      free(bytes.data);
      return code;
    }
    status = fm_csv_read_memory(out, &d->problems, bytes.data, bytes.size, want->table, want, &r->format,
                                r->spec.skip_bad, &d->work.run, &err);
    free(bytes.data);
  } else {
    status = fm_csv_read_file(out, &d->problems, r->path, want, &r->format, r->spec.skip_bad, &d->work.run, &err);
  }
  work_end(&d->work);
  d->framed = status == FM_OK;
  return status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
}

static int read_frame(fm_table **out, data *d, const reading *r, const char *id, const fm_compute_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_csv_schema want = FM_CSV_SCHEMA_INIT;
  fm_table *wanted = NULL;
  char table[64];
  fm_status status = fm_catalogue_columns(&wanted, id, spec, &err);
  if (status != FM_OK) {
    int code = fail(&err);
    return status == FM_ERR_MEMORY ? code : EXIT_USAGE; /* the filter */
  }
  size_t n = fm_table_n_rows(wanted);
  fm_csv_column *columns = need(NULL, (n + 1) * sizeof *columns);
  char **headers = need(NULL, (n + 1) * sizeof *headers);
  table_of(table, sizeof table, is_stdin(r->path) ? "stdin" : r->path);
  fill_columns(columns, headers, wanted, r, table);
  want.table = table;
  want.columns = columns;
  want.n_columns = n;
  want.others = FM_CSV_SKIP;
  int code = read_columns(out, d, r, &want);
  for (size_t k = 0; k < n; k++)
    free(headers[k]);
  free(headers);
  free(columns);
  fm_table_destroy(wanted);
  return code;
}

int frame_open_telling(fm_table **out, data *d, const args *a, const char *id, const fm_compute_spec *spec)
{
  reading r;
  buffer said = {0};
  const char *path = a->words[1];
  *d = (data){0};
  if (!is_stdin(path) && path_kind(path) == PATH_FOLDER) {
    complain("in.one_file", path, id, NULL);
    return EXIT_USAGE;
  }
  work_begin(&d->work, a);
  int code = reading_make(&r, a, path);
  if (code == EXIT_DONE)
    code = read_frame(out, d, &r, id, spec);
  put_problems(&said, d);
  if (said.size > 0)
    fputs(said.data, stderr);
  free(said.data);
  free(r.columns.data);
  return code;
}
