/* Output: to stdout and seen to arrive, or to a file, whole or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <flexmetrics_xlsx.h>

#include "cli.h"

static int tell(const char *path, int error)
{
  complain("out.failed", path, text(reason_key(error)), NULL);
  return EXIT_SYSTEM;
}

/* Writes all bytes and closes; 0 or errno. */
static int pour(FILE *stream, const char *bytes, size_t size)
{
  errno = 0;
  bool all = fwrite(bytes, 1, size, stream) == size && fflush(stream) == 0;
  int error = all ? 0 : errno != 0 ? errno : EIO;
  if (stream != stdout && fclose(stream) != 0 && error == 0)
    error = errno != 0 ? errno : EIO;
  return error;
}

static int write_file(const char *path, const char *bytes, size_t size)
{
  buffer part = {0};
  int kind = path_kind(path), error = 0;
  if (kind == PATH_FOLDER)
    return tell(path, EISDIR);
  put(&part, path);
  put(&part, kind == PATH_OTHER ? "" : ".part"); /* a device or a pipe is written as it is */
  errno = 0;
  FILE *stream = open_file(part.data, "wb");
  if (stream == NULL) {
    error = errno;
  } else {
    error = pour(stream, bytes, size);
    if (error == 0 && kind != PATH_OTHER && rename_file(part.data, path) != 0)
      error = errno;
    if (error != 0 && kind != PATH_OTHER)
      remove_file(part.data);
  }
  free(part.data);
  return error == 0 ? EXIT_DONE : tell(path, error);
}

int write_out(const args *a, const char *bytes, size_t size)
{
  if (was_stopped()) {
    complain("stopped", NULL);
    return EXIT_SYSTEM;
  }
  if (a->given[O_OUT] != NULL)
    return write_file(a->given[O_OUT], bytes, size);
  int error = pour(stdout, bytes, size);
  if (error != 0)
    complain("out.lost", text(reason_key(error)), NULL);
  return error == 0 ? EXIT_DONE : EXIT_SYSTEM;
}

/* Danish files have Danish headers where a word is known. */
static const char **make_headers(const fm_table *t)
{
  size_t n = fm_table_n_columns(t);
  const char **headers = need(NULL, (n + 1) * sizeof *headers);
  for (size_t k = 0; k < n; k++) {
    buffer key = {0};
    put(&key, "column.");
    put(&key, fm_table_column_name(t, k));
    const char *label = fm_catalogue_label(key.data, language);
    headers[k] = label != key.data ? label : NULL;
    free(key.data);
  }
  return headers;
}

static int write_csv(const args *a, const fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  fm_csv_style style = FM_CSV_STYLE_INIT;
  const char **headers = NULL;
  char *bytes = NULL;
  size_t size = 0;
  if (a->danish_csv) {
    fm_csv_style_init_danish(&style, sizeof style);
    headers = strcmp(language, "da") == 0 ? make_headers(t) : NULL;
    style.headers = headers;
  }
  fm_status status = fm_csv_write_memory(&bytes, &size, t, &style, &err);
  int code = status == FM_OK ? write_out(a, bytes, size) : fail(&err);
  fm_free(bytes);
  free(headers);
  return code;
}

int write_book(const args *a, const fm_table *t, const char *page)
{
  fm_error err = FM_ERROR_INIT;
  buffer part = {0};
  const char *path = a->given[O_OUT];
  if (was_stopped()) {
    complain("stopped", NULL);
    return EXIT_SYSTEM;
  }
  if (path_kind(path) == PATH_FOLDER)
    return tell(path, EISDIR);
  put(&part, path);
  put(&part, ".part");
  errno = 0;
  FILE *stream = open_file(part.data, "wb"); /* told here what mostly fails: by the file's own name */
  int code = stream == NULL || fclose(stream) != 0 ? tell(path, errno) : EXIT_DONE;
  if (code == EXIT_DONE && fm_xlsx_write(part.data, t, page, language, &err) != FM_OK) {
    code = fail(&err);
    remove_file(part.data);
  } else if (code == EXIT_DONE && rename_file(part.data, path) != 0) {
    code = tell(path, errno);
    remove_file(part.data);
  }
  free(part.data);
  return err.code == FM_ERR_STATE ? EXIT_USAGE : code;
}

int write_table(const args *a, const fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  char *out = NULL;
  if (a->format == FORMAT_CSV)
    return write_csv(a, t);
  fm_status status = a->format == FORMAT_JSON ? fm_report_json(&out, t, &err)
                                              : fm_report_grid(&out, t, language, a->full_digits, &err);
  int code = status != FM_OK            ? fail(&err)
             : a->format == FORMAT_XLSX ? write_book(a, t, out)
                                        : write_out(a, out, strlen(out));
  fm_free(out);
  return code;
}

/* Is it a result of a measure, one figure a row? */
static bool is_result(const fm_table *t)
{
  static const char *const columns[] = {"indicator", "quantity", "value", "state"};
  for (size_t k = 0; k < COUNT(columns); k++)
    if (fm_table_column_index(t, columns[k]) < 0)
      return false;
  return true;
}

static size_t count_hidden(const fm_table *t)
{
  size_t n = 0;
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    n += strcmp(cell(t, "state", i), "suppressed") == 0;
  return n;
}

/* The result that was published before, with the columns that `now` has. */
static int read_earlier(fm_table **out, const args *a, const fm_table *now)
{
  fm_error err = FM_ERROR_INIT;
  fm_csv_schema want = FM_CSV_SCHEMA_INIT;
  data d = {0};
  buffer said = {0};
  size_t n = fm_table_n_columns(now);
  fm_csv_column *columns = need(NULL, n * sizeof *columns);
  for (size_t k = 0; k < n; k++)
    columns[k] =
        (fm_csv_column){.name = fm_table_column_name(now, k), .type = fm_table_column_type(now, k), .required = 1};
  want.columns = columns;
  want.n_columns = n;
  want.others = FM_CSV_READ; /* a breakdown that the new one has not is told */
  work_begin(&d.work, a);
  fm_status status = fm_csv_read_file(out, &d.problems, a->given[O_EARLIER], &want, NULL, 0, &d.work.run, &err);
  work_end(&d.work);
  int code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
  if (code == EXIT_DATA) {
    if (d.problems != NULL && strcmp(cell(d.problems, "code", 0), "FM-H01") != 0) /* a column that is not there */
      put_problems(&said, &d);
    fputs(text_of(&said), stderr);
    complain("protect.not_earlier", a->given[O_EARLIER], a->words[0], NULL);
  }
  free(said.data);
  free(columns);
  data_close(&d);
  return code;
}

static void tell_protected(const args *a, const fm_table *before, const fm_table *shown)
{
  const char *by_earlier = fm_table_note(shown, "hidden_by_earlier");
  char hidden[32];
  size_t more = count_hidden(shown) - count_hidden(before);
  size_t besides = by_earlier != NULL ? (size_t)strtoull(by_earlier, NULL, 10) : 0;
  snprintf(hidden, sizeof hidden, "%zu", more > besides ? more - besides : 0);
  if (more > besides)
    complain("protect.hidden", hidden, fm_table_note(shown, "threshold"), NULL);
  if (a->given[O_EARLIER] != NULL)
    complain("protect.earlier", by_earlier, NULL);
}

int protect_table(const args *a, fm_table **t)
{
  fm_error err = FM_ERROR_INIT;
  fm_protect_spec spec = FM_PROTECT_SPEC_INIT;
  fm_table *shown = NULL, *earlier = NULL;
  if (!is_result(*t))
    return EXIT_DONE;
  if (a->threshold == 1) {
    complain("protect.off", NULL);
    return EXIT_DONE;
  }
  spec.by = a->given[O_BY];
  spec.threshold = a->threshold;
  if (a->given[O_EARLIER] != NULL) {
    int code = read_earlier(&earlier, a, *t);
    if (code != EXIT_DONE)
      return code;
  }
  spec.earlier = earlier;
  fm_status status = fm_catalogue_protect(&shown, *t, &spec, &err);
  fm_table_destroy(earlier);
  if (status != FM_OK) {
    int code = fail(&err);
    return earlier != NULL ? EXIT_DATA : code;
  }
  tell_protected(a, *t, shown);
  fm_table_destroy(*t);
  *t = shown;
  return EXIT_DONE;
}

fm_table *make_table(const char *name, const char *const *columns, size_t n_columns, const char *const *cells,
                     size_t n_rows)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  const char **column = need(NULL, (n_rows + 1) * sizeof *column);
  fm_status status = fm_table_create(&t, name, &err);
  for (size_t k = 0; k < n_columns && status == FM_OK; k++) {
    for (size_t i = 0; i < n_rows; i++)
      column[i] = cells[i * n_columns + k];
    status = fm_table_add_text(t, columns[k], column, n_rows, &err);
  }
  if (status == FM_OK)
    status = fm_table_seal(t, &err);
  free(column);
  if (status == FM_OK)
    return t;
  fail(&err);
  fm_table_destroy(t);
  return NULL;
}

const char *cell(const fm_table *t, const char *column, size_t row)
{
  int64_t k = fm_table_column_index(t, column);
  const char *found = k >= 0 ? fm_table_text(t, (size_t)k, row, NULL) : NULL;
  return found != NULL ? found : "";
}
