/* flexmetrics list: the indicators, the tables that data may have, and the words they may hold. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Writes rows of text cells as a table; the column names are labels of the catalogue. */
static int write_cells(const args *a, const char *name, const char *const *columns, size_t n_columns,
                       const char *const *cells, size_t n_rows)
{
  fm_table *t = make_table(name, columns, n_columns, cells, n_rows);
  int code = t != NULL ? write_table(a, t) : EXIT_SYSTEM;
  fm_table_destroy(t);
  return code;
}

static int write_made(const args *a, fm_status status, fm_table *t, const fm_error *err)
{
  int code = status == FM_OK ? write_table(a, t) : fail(err);
  fm_table_destroy(t);
  return code;
}

static int list_indicators(const args *a)
{
  enum { N = 4 };
  static const char *const fields[N] = {"id", "name", "unit", "frame"};
  const char *const columns[N] = {"id", strcmp(language, "da") == 0 ? "name_da" : "name_en", "unit", "frame"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  if (a->format != FORMAT_TABLE) {
    fm_status status = fm_catalogue_table(&t, &err);
    return write_made(a, status, t, &err);
  }
  size_t n = fm_catalogue_n();
  const char **cells = need(NULL, N * n * sizeof *cells);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < N; k++)
      cells[N * i + k] = k == 0 ? fm_catalogue_id(i) : fm_catalogue_text(i, fields[k], language);
  int code = write_cells(a, "catalogue", columns, N, cells, n);
  free(cells);
  return code;
}

/* ---- indicators of the goals ---- */

static int list_goals(const args *a)
{
  enum { N = 5 };
  static const char *const fields[N] = {"id", "input", "computed_by", "custodian", "name"};
  const char *const columns[N] = {"id", "input", "computed_by", "custodian",
                                  strcmp(language, "da") == 0 ? "name_da" : "name_en"};
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  if (a->format != FORMAT_TABLE) {
    fm_status status = fm_sdg_table(&t, &err);
    return write_made(a, status, t, &err);
  }
  size_t n = fm_sdg_n();
  const char **cells = need(NULL, N * n * sizeof *cells);
  for (size_t i = 0; i < n; i++) {
    cells[N * i] = fm_sdg_id(i);
    for (size_t k = 1; k < N; k++)
      cells[N * i + k] = fm_sdg_text(i, fields[k], language);
  }
  int code = write_cells(a, "sdg", columns, N, cells, n);
  free(cells);
  return code;
}

/* ---- tables ---- */

static int list_tables(const args *a)
{
  enum { N = 3 };
  static const char *const columns[N] = {"table", "required", "columns"};
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL;
  fm_status status = fm_schema_table(&schema, &err);
  if (status != FM_OK || a->format != FORMAT_TABLE)
    return write_made(a, status, schema, &err);
  size_t n = fm_schema_n_tables();
  int64_t is_required = fm_table_column_index(schema, "required");
  const char **cells = need(NULL, N * n * sizeof *cells);
  buffer *lists = need(NULL, 2 * n * sizeof *lists);
  memset(lists, 0, 2 * n * sizeof *lists);
  for (size_t i = 0; i < n; i++) {
    buffer *must = &lists[2 * i], *number = &lists[2 * i + 1];
    int64_t n_columns = 0;
    for (size_t row = 0; row < fm_table_n_rows(schema); row++) {
      if (strcmp(cell(schema, "table", row), fm_schema_table_name(i)) != 0)
        continue;
      n_columns++;
      if (fm_table_bool(schema, (size_t)is_required)[row] == 0)
        continue;
      put(must, must->size > 0 ? ", " : "");
      put(must, cell(schema, "column", row));
    }
    put_whole(number, n_columns);
    cells[N * i] = fm_schema_table_name(i);
    cells[N * i + 1] = text_of(must);
    cells[N * i + 2] = number->data;
  }
  int code = write_cells(a, "tables", columns, N, cells, n);
  for (size_t k = 0; k < 2 * n; k++)
    free(lists[k].data);
  free(lists);
  free(cells);
  fm_table_destroy(schema);
  return code;
}

/* ---- code lists ---- */

/* Puts the columns of the schema that hold words of a list, as table.column. */
static void put_users(buffer *b, const fm_table *schema, const char *list)
{
  for (size_t i = 0; i < fm_table_n_rows(schema); i++) {
    if (strcmp(cell(schema, "list", i), list) != 0)
      continue;
    put(b, b->size > 0 ? ", " : "");
    put(b, cell(schema, "table", i));
    put(b, ".");
    put(b, cell(schema, "column", i));
  }
}

static int list_lists(const args *a)
{
  enum { N = 2 };
  static const char *const columns[N] = {"list", "column"};
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL;
  if (fm_schema_table(&schema, &err) != FM_OK)
    return fail(&err);
  size_t n = fm_codes_n_builtin();
  const char **cells = need(NULL, N * n * sizeof *cells);
  buffer *users = need(NULL, n * sizeof *users);
  memset(users, 0, n * sizeof *users);
  for (size_t i = 0; i < n; i++) {
    put_users(&users[i], schema, fm_codes_builtin_name(i));
    cells[N * i] = fm_codes_builtin_name(i);
    cells[N * i + 1] = users[i].size > 0 ? users[i].data : NULL;
  }
  int code = write_cells(a, "lists", columns, N, cells, n);
  for (size_t i = 0; i < n; i++)
    free(users[i].data);
  free(users);
  free(cells);
  fm_table_destroy(schema);
  return code;
}

bool is_built_in(const char *list)
{
  for (size_t i = 0; i < fm_codes_n_builtin(); i++)
    if (strcmp(fm_codes_builtin_name(i), list) == 0)
      return true;
  return false;
}

/* The list that a name means: a list itself, or a column such as placements.kind. NULL when neither. */
static const char *list_called(const fm_table *schema, const char *name)
{
  for (size_t i = 0; i < fm_codes_n_builtin(); i++)
    if (strcmp(fm_codes_builtin_name(i), name) == 0)
      return fm_codes_builtin_name(i);
  for (size_t i = 0; i < fm_table_n_rows(schema); i++) {
    if (strcmp(cell(schema, "list", i), name) == 0)
      return cell(schema, "list", i);
    const char *table = cell(schema, "table", i);
    size_t n = strlen(table);
    if (strncmp(table, name, n) == 0 && name[n] == '.' && strcmp(cell(schema, "column", i), name + n + 1) == 0)
      return cell(schema, "list", i)[0] != '\0' ? cell(schema, "list", i) : NULL;
  }
  return NULL;
}

/* The list in FOLDER/NAME.csv of --codes when there is one, else the built-in one. */
static fm_status open_list(fm_codes **out, const args *a, const char *name, fm_error *err)
{
  fm_csv_schema all = FM_CSV_SCHEMA_INIT;
  fm_table *t = NULL;
  buffer path = {0};
  if (a->given[O_CODES] == NULL)
    return fm_codes_builtin(out, name, err);
  put(&path, a->given[O_CODES]);
  put(&path, "/");
  put(&path, name);
  put(&path, ".csv");
  if (path_kind(path.data) == PATH_NOTHING) {
    free(path.data);
    return fm_codes_builtin(out, name, err);
  }
  fm_status status = fm_csv_read_file(&t, NULL, path.data, &all, NULL, 0, NULL, err);
  if (status == FM_OK)
    status = fm_codes_from_table(out, name, t, err);
  fm_table_destroy(t);
  free(path.data);
  return status;
}

/* On a page: the code, its label, other words for it, and its days. */
static int write_list(const args *a, const fm_codes *codes)
{
  enum { N = 5 };
  static const char *const columns[N] = {"code", "label", "valid_from", "valid_to", "aliases"};
  size_t n = fm_codes_n(codes);
  const char **cells = need(NULL, (N * n + 1) * sizeof *cells);
  buffer *aliases = need(NULL, (n + 1) * sizeof *aliases);
  char(*days)[2][11] = need(NULL, (n + 1) * sizeof *days);
  memset(aliases, 0, (n + 1) * sizeof *aliases);
  for (size_t i = 0; i < n; i++) {
    const char *other = fm_codes_attribute(codes, (int64_t)i, "aliases");
    for (; other != NULL && *other != '\0'; other++)
      put_bytes(&aliases[i], *other == '|' ? ", " : other, *other == '|' ? 2 : 1);
    fm_date_format(days[i][0], fm_codes_valid_from(codes, (int64_t)i));
    fm_date_format(days[i][1], fm_codes_valid_to(codes, (int64_t)i));
    cells[N * i] = fm_codes_code(codes, (int64_t)i);
    cells[N * i + 1] = fm_codes_label(codes, (int64_t)i, language);
    cells[N * i + 2] = days[i][0][0] != '\0' ? days[i][0] : NULL;
    cells[N * i + 3] = days[i][1][0] != '\0' ? days[i][1] : NULL;
    cells[N * i + 4] = aliases[i].size > 0 ? aliases[i].data : NULL;
  }
  int code = write_cells(a, fm_codes_list_name(codes), columns, N, cells, n);
  for (size_t i = 0; i < n; i++)
    free(aliases[i].data);
  free(days);
  free(aliases);
  free(cells);
  return code;
}

static int unknown_list(const char *typed)
{
  const char *names[64];
  buffer known = {0};
  size_t n = 0;
  for (; n < fm_codes_n_builtin() && n < COUNT(names); n++) {
    names[n] = fm_codes_builtin_name(n);
    put(&known, n > 0 ? ", " : "");
    put(&known, names[n]);
  }
  int code = misuse("list", "list.unknown", typed, text_of(&known), suggestion(typed, names, n), NULL);
  free(known.data);
  return code;
}

/* A table behind SDMX files; false when it is none of them. */
static bool list_sdmx(const args *a, const char *typed, int *code)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  size_t i = 0;
  while (fm_sdmx_builtin_name(i) != NULL && strcmp(fm_sdmx_builtin_name(i), typed) != 0)
    i++;
  if (fm_sdmx_builtin_name(i) == NULL)
    return false;
  *code = fm_sdmx_builtin(&t, typed, &err) == FM_OK ? write_table(a, t) : fail(&err);
  fm_table_destroy(t);
  return true;
}

static int list_codes(const args *a, const char *typed)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL, *t = NULL;
  fm_codes *codes = NULL;
  int sdmx;
  if (list_sdmx(a, typed, &sdmx))
    return sdmx;
  if (fm_schema_table(&schema, &err) != FM_OK)
    return fail(&err);
  const char *name = list_called(schema, typed);
  int code = name == NULL ? unknown_list(typed) : EXIT_DONE;
  if (code == EXIT_DONE && open_list(&codes, a, name, &err) != FM_OK)
    code = err.code == FM_ERR_NOT_FOUND && !is_built_in(name) ? misuse("list", "list.own", name, NULL) : fail(&err);
  if (code == EXIT_DONE && a->format == FORMAT_TABLE) {
    code = write_list(a, codes);
  } else if (code == EXIT_DONE) {
    fm_status status = fm_codes_table(&t, codes, &err);
    code = write_made(a, status, t, &err);
  }
  fm_codes_destroy(codes);
  fm_table_destroy(schema);
  return code;
}

int run_list(const args *a)
{
  static const char *const what[] = {"codes", "tables", "sdg"};
  if (a->n_words == 0)
    return list_indicators(a);
  if (strcmp(a->words[0], "tables") == 0)
    return a->n_words == 1 ? list_tables(a) : misuse("list", "list.tables", a->words[1], NULL);
  if (strcmp(a->words[0], "sdg") == 0)
    return a->n_words == 1 ? list_goals(a) : misuse("list", "list.sdg", a->words[1], NULL);
  if (strcmp(a->words[0], "codes") == 0)
    return a->n_words == 1 ? list_lists(a) : list_codes(a, a->words[1]);
  return misuse("list", "list.what", a->words[0], suggestion(a->words[0], what, COUNT(what)), NULL);
}
