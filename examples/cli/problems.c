/* The list of problems in words, with the options of the command that may mend them. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- lists made of lists ---- */

static size_t put_cells(const char **cells, const fm_table *t, const char *column, size_t at)
{
  size_t n = t != NULL ? fm_table_n_rows(t) : 0;
  int64_t k = t != NULL ? fm_table_column_index(t, column) : -1;
  for (size_t i = 0; i < n; i++)
    cells[at + i] = k >= 0 ? fm_table_text(t, (size_t)k, i, NULL) : NULL;
  return at + n;
}

static size_t put_numbers(int64_t *values, uint8_t *valid, const fm_table *t, const char *column, size_t at)
{
  size_t n = t != NULL ? fm_table_n_rows(t) : 0;
  int64_t k = t != NULL ? fm_table_column_index(t, column) : -1;
  const int64_t *from = k >= 0 ? fm_table_i64(t, (size_t)k) : NULL;
  for (size_t i = 0; i < n; i++) {
    bool is = from != NULL && fm_table_is_null(t, (size_t)k, i) == 0;
    values[at + i] = is ? from[i] : 0;
    if (is)
      valid[(at + i) / 8] = (uint8_t)(valid[(at + i) / 8] | 1u << (at + i) % 8);
  }
  return at + n;
}

/* A column of both lists one after the other, copied. */
static fm_status join_column(fm_table *out, const fm_table *a, const fm_table *b, size_t k, size_t n, fm_error *err)
{
  const char *name = fm_table_column_name(a, k);
  if (fm_table_column_type(a, k) == FM_CODE) {
    const char **cells = need(NULL, (n + 1) * sizeof *cells);
    put_cells(cells, b, name, put_cells(cells, a, name, 0));
    fm_status status = fm_table_add_text(out, name, cells, n, err);
    free(cells);
    return status;
  }
  /* values and the bits of which are there, in one piece that the table gives back */
  size_t bits = n / 8 + 1;
  int64_t *values = need(NULL, n * sizeof *values + bits);
  uint8_t *valid = (uint8_t *)(values + n);
  memset(valid, 0, bits);
  put_numbers(values, valid, b, name, put_numbers(values, valid, a, name, 0));
  fm_status status = fm_table_add_i64(out, name, values, valid, n, free, values, err);
  if (status != FM_OK)
    free(values);
  return status;
}

/* Puts both lists into *a and drops them; *a stays as it is when there is nothing to join. */
fm_status join_problems(fm_table **a, fm_table *b, fm_error *err)
{
  fm_table *out = NULL;
  size_t n = (*a != NULL ? fm_table_n_rows(*a) : 0) + (b != NULL ? fm_table_n_rows(b) : 0);
  if (b == NULL)
    return FM_OK;
  if (*a == NULL || fm_table_n_rows(*a) == 0) {
    fm_table_destroy(*a);
    *a = b;
    return FM_OK;
  }
  fm_status status = fm_table_create(&out, "problems", err);
  for (size_t k = 0; k < fm_table_n_columns(*a) && status == FM_OK; k++)
    status = join_column(out, *a, b, k, n, err);
  if (status == FM_OK)
    status = fm_table_seal(out, err);
  fm_table_destroy(b);
  if (status == FM_OK) {
    fm_table_destroy(*a);
    *a = out;
    return FM_OK;
  }
  fm_table_destroy(out);
  return status;
}

fm_status name_files(fm_table **problems, fm_error *err)
{
  fm_table *t = *problems, *out = NULL;
  size_t n = t != NULL ? fm_table_n_rows(t) : 0;
  if (n == 0)
    return FM_OK;
  const char **names = need(NULL, n * sizeof *names);
  buffer *files = need(NULL, n * sizeof *files);
  memset(files, 0, n * sizeof *files);
  for (size_t i = 0; i < n; i++) {
    put(&files[i], cell(t, "table", i));
    put(&files[i], is_table(cell(t, "table", i)) ? ".csv" : "");
    names[i] = files[i].data;
  }
  fm_status status = fm_table_create(&out, "problems", err);
  for (size_t k = 0; k < fm_table_n_columns(t) && status == FM_OK; k++)
    status = strcmp(fm_table_column_name(t, k), "table") == 0 ? fm_table_add_text(out, "table", names, n, err)
                                                              : join_column(out, t, NULL, k, n, err);
  if (status == FM_OK)
    status = fm_table_seal(out, err);
  for (size_t i = 0; i < n; i++)
    free(files[i].data);
  free(files);
  free(names);
  fm_table_destroy(status == FM_OK ? t : out);
  *problems = status == FM_OK ? out : t;
  return status;
}

/* ---- in words ---- */

/* Which option may mend which problem. */
static const struct {
  const char *code;
  int which;
  const char *option, *key;
} mends[] = {{"FM-D01", O_DATE_FORMAT, "--date-format DD-MM-YYYY", "mend.date"},
             {"FM-N01", O_DECIMAL, "--decimal comma", "mend.decimal"},
             {"FM-N01", O_THOUSANDS, "--thousands point", "mend.thousands"},
             {"FM-E01", O_ENCODING, "--encoding windows-1252", "mend.encoding"},
             {"FM-S05", O_DELIMITER, "--delimiter semicolon", "mend.delimiter"},
             {"FM-S04", O_MAX_ROW_BYTES, "--max-row-bytes 16777216", "mend.row_bytes"},
             {"FM-H01", O_COLUMNS, "--columns FILE|MAPPING", "mend.columns"},
             {"FM-H01", O_ID, "--id COLUMN", "mend.id"},
             {"FM-H01", O_PERIOD, "--period COLUMN", "mend.period"},
             {"FM-R02", O_ID_WIDTH, "--id-width N", "mend.id_width"},
             {"FM-C01", O_CODES, "--codes FOLDER", NULL}};

/* First problem of a kind, the number of rows when there is none. */
static size_t find_problem(const fm_table *problems, const char *code)
{
  size_t i = 0;
  while (i < fm_table_n_rows(problems) && strcmp(cell(problems, "code", i), code) != 0)
    i++;
  return i;
}

static bool has_errors(const fm_table *problems)
{
  for (size_t i = 0; i < fm_table_n_rows(problems); i++)
    if (strcmp(cell(problems, "severity", i), "error") == 0)
      return true;
  return false;
}

/* Which list the words of a column come from; those of weekly codes and settlements are states of benefits. */
static void put_mending_list(buffer *b, const char *table, const char *column)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL;
  const char *list = "benefit_state";
  if (fm_schema_table(&schema, &err) != FM_OK) {
    fail(&err);
    return;
  }
  for (size_t i = 0; i < fm_table_n_rows(schema); i++)
    if (strcmp(cell(schema, "table", i), table) == 0 && strcmp(cell(schema, "column", i), column) == 0)
      list = cell(schema, "list", i);
  put_text(b, is_built_in(list) ? "mend.codes" : "mend.own_codes", list, NULL);
  fm_table_destroy(schema);
}

/* Only options that the command has. */
static void put_mends(buffer *b, const fm_table *problems, int id)
{
  enum { AT = 30 };
  bool any = false;
  for (size_t k = 0; k < COUNT(mends); k++) {
    size_t row = find_problem(problems, mends[k].code);
    if (row == fm_table_n_rows(problems) || (options[mends[k].which].commands & id) == 0)
      continue;
    const char *file = cell(problems, "table", row), *column = cell(problems, "column", row);
    buffer table = {0}, about = {0};
    put_bytes(&table, file, strcspn(file, "."));
    bool bare = mends[k].which == O_COLUMNS && !is_table(table.data);
    if (mends[k].which == O_CODES)
      put_mending_list(&about, table.data, column);
    else
      put_text(&about, bare ? "mend.bare" : mends[k].key, table.data, column, NULL);
    put(b, any ? "" : text("mend.heading"));
    put(b, "  ");
    put_padded(b, mends[k].option, AT - 2);
    put_wrapped(b, about.data, AT, AT);
    any = true;
    free(table.data);
    free(about.data);
  }
}

void put_problems(buffer *b, const data *d)
{
  fm_error err = FM_ERROR_INIT;
  char *list = NULL;
  if (d->problems == NULL || fm_table_n_rows(d->problems) == 0)
    return;
  if (fm_report_problems(&list, d->problems, language, &err) != FM_OK) {
    fail(&err);
    return;
  }
  /* The library ends with what holds when nothing was read; with --skip-bad something was. */
  const char *nothing = fm_catalogue_label("problems.nothing", language);
  size_t n = strlen(list), m = strlen(nothing);
  bool ends = n > m && strncmp(list + n - m - 1, nothing, m) == 0 && list[n - 1] == '\n';
  if (ends && (d->reg != NULL || d->framed)) {
    put_bytes(b, list, n - m - 1);
    put(b, has_errors(d->problems) ? text("left_out") : "");
    put(b, "\n");
  } else {
    put(b, list);
  }
  fm_free(list);
  put_mends(b, d->problems, d->work.command);
}

int data_open_telling(data *d, const args *a, const char *path)
{
  buffer b = {0};
  int code = data_open(d, a, path);
  put_problems(&b, d);
  if (b.size > 0)
    fputs(b.data, stderr);
  free(b.data);
  return code;
}
