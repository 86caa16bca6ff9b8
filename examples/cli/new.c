/* flexmetrics new: empty tables with their headers, and what they may hold in two languages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* One file to write. */
typedef struct sheet {
  buffer path, content;
  bool written;
} sheet;

static void set_path(sheet *s, const char *folder, const char *name, const char *suffix)
{
  put(&s->path, folder);
  put(&s->path, "/");
  put(&s->path, name);
  put(&s->path, suffix);
}

static void put_header(buffer *b, const fm_table *schema, const char *table)
{
  for (size_t i = 0; i < fm_table_n_rows(schema); i++) {
    if (strcmp(cell(schema, "table", i), table) != 0)
      continue;
    put(b, b->size > 0 ? "," : "");
    put(b, cell(schema, "column", i));
  }
  put(b, "\n");
}

/* One table of the explanation. */
static void put_section(buffer *b, const fm_table *schema, const char *table, const char *description)
{
  int64_t required = fm_table_column_index(schema, "required");
  put(b, "\n## ");
  put(b, table);
  put(b, ".csv\n\n");
  put(b, text("new.columns"));
  for (size_t i = 0; i < fm_table_n_rows(schema); i++) {
    buffer type = {0};
    if (strcmp(cell(schema, "table", i), table) != 0)
      continue;
    put(&type, "type.");
    put(&type, cell(schema, "type", i));
    put(b, "| `");
    put(b, cell(schema, "column", i));
    put(b, "` | ");
    put(b, fm_table_bool(schema, (size_t)required)[i] != 0 ? text("new.yes") : "");
    put(b, " | ");
    put(b, text(type.data));
    put(b, " | ");
    put(b, cell(schema, description, i));
    if (cell(schema, "list", i)[0] != '\0')
      put_text(b, is_built_in(cell(schema, "list", i)) ? "new.list" : "new.own_list", cell(schema, "list", i), NULL);
    put(b, " |\n");
    free(type.data);
  }
}

static void put_explanation(buffer *b, const fm_table *schema, const char *lang)
{
  const char *before = language;
  language = lang;
  put(b, text("new.readme"));
  for (size_t i = 0; i < fm_schema_n_tables(); i++)
    put_section(b, schema, fm_schema_table_name(i), strcmp(lang, "da") == 0 ? "description_da" : "description_en");
  language = before;
}

/* Writes one file that must not be there yet; 0 or errno. */
static int write_sheet(sheet *s)
{
  errno = 0;
  FILE *stream = open_file(s->path.data, "wbx");
  if (stream == NULL)
    return errno != 0 ? errno : EIO;
  s->written = true;
  bool all = fwrite(s->content.data, 1, s->content.size, stream) == s->content.size;
  int error = all ? 0 : errno;
  if (fclose(stream) != 0 && error == 0)
    error = errno;
  return error == 0 && !all ? EIO : error;
}

/* All files or none. */
static int write_sheets(const char *folder, sheet *sheets, size_t n)
{
  int error = make_folder(folder);
  bool made = error == 0;
  size_t i = 0;
  if (error != 0 && !(error == EEXIST && path_kind(folder) == PATH_FOLDER)) {
    complain("out.failed", folder, text(reason_key(error == EEXIST ? ENOTDIR : error)), NULL);
    return EXIT_SYSTEM;
  }
  for (size_t k = 0; k < n; k++)
    if (path_kind(sheets[k].path.data) != PATH_NOTHING)
      return misuse("new", "new.exists", sheets[k].path.data, NULL);
  for (error = 0; i < n && error == 0 && !was_stopped(); i++)
    error = write_sheet(&sheets[i]);
  if (error == 0 && i == n)
    return EXIT_DONE;
  complain("out.failed", sheets[i > 0 ? i - 1 : 0].path.data, text(reason_key(error)), NULL);
  for (size_t k = 0; k < n; k++)
    if (sheets[k].written)
      remove_file(sheets[k].path.data);
  if (made)
    remove_folder(folder);
  return EXIT_SYSTEM;
}

int run_new(const args *a)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL;
  const char *folder = a->words[0];
  size_t n_tables = fm_schema_n_tables(), n = n_tables + 2;
  if (fm_schema_table(&schema, &err) != FM_OK)
    return fail(&err);
  sheet *sheets = need(NULL, n * sizeof *sheets);
  memset(sheets, 0, n * sizeof *sheets);
  for (size_t i = 0; i < n_tables; i++) {
    set_path(&sheets[i], folder, fm_schema_table_name(i), ".csv");
    put_header(&sheets[i].content, schema, fm_schema_table_name(i));
  }
  set_path(&sheets[n_tables], folder, "README", ".md");
  put_explanation(&sheets[n_tables].content, schema, "en");
  set_path(&sheets[n_tables + 1], folder, "LAESMIG", ".md");
  put_explanation(&sheets[n_tables + 1].content, schema, "da");
  int code = write_sheets(folder, sheets, n);
  if (code == EXIT_DONE) {
    buffer b = {0};
    put_text(&b, "new.done", folder, NULL);
    code = write_out(a, b.data, b.size);
    free(b.data);
  }
  for (size_t k = 0; k < n; k++) {
    free(sheets[k].path.data);
    free(sheets[k].content.data);
  }
  free(sheets);
  fm_table_destroy(schema);
  return code;
}
