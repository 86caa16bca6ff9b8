/* flexmetrics describe: what an indicator is and how to ask for it, of the catalogue or of the goals, or what a
 * table holds. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { NAME = 2, ABOUT = 20 };

/* A name in the left column, words in the right one. */
static void put_entry(buffer *b, const char *name, const char *about)
{
  put_padded(b, "", NAME);
  put_padded(b, name, ABOUT - NAME);
  if (width_of(name) >= ABOUT - NAME) {
    put(b, "\n");
    put_padded(b, "", ABOUT);
  }
  put_wrapped(b, about, ABOUT, ABOUT);
}

static void put_options_of(buffer *b, size_t i)
{
  put(b, fm_catalogue_n_options(i) > 0 ? text("describe.options") : "");
  for (size_t k = 0; k < fm_catalogue_n_options(i); k++) {
    buffer about = {0};
    const char *initial = fm_catalogue_option(i, k, "default", language);
    put(&about, fm_catalogue_option(i, k, "about", language));
    if (initial[0] != '\0')
      put_text(&about, "describe.default", initial, NULL);
    put_entry(b, fm_catalogue_option(i, k, "name", language), about.data);
    free(about.data);
  }
}

static void put_indicator(buffer *b, size_t i)
{
  static const char *const fields[] = {"unit", "frame", "columns", "sdg", "source"};
  put(b, fm_catalogue_text(i, "name", language));
  put(b, "  (");
  put(b, fm_catalogue_id(i));
  put(b, ")\n\n  ");
  put_wrapped(b, fm_catalogue_text(i, "definition", language), 2, 2);
  put(b, "\n");
  for (size_t k = 0; k < COUNT(fields); k++) {
    const char *about = fm_catalogue_text(i, fields[k], language);
    buffer key = {0};
    put(&key, "describe.");
    put(&key, fields[k]);
    if (about[0] != '\0')
      put_entry(b, text(key.data), about);
    free(key.data);
  }
  put_options_of(b, i);
  put_text(b, "describe.example", fm_catalogue_id(i), NULL);
}

/* An indicator of the Sustainable Development Goals by its number. */
static void put_goal(buffer *b, size_t i)
{
  static const char *const fields[] = {"target",      "custodian", "unit",   "population", "input",  "breakdowns",
                                       "computed_by", "options",   "series", "edition",    "source", "status"};
  put(b, fm_sdg_id(i));
  put(b, "  ");
  put_wrapped(b, fm_sdg_text(i, "name", language), width_of(fm_sdg_id(i)) + 2, 2);
  put(b, "\n  ");
  put_wrapped(b, fm_sdg_text(i, "definition", language), 2, 2);
  if (fm_sdg_text(i, "note", language)[0] != '\0') {
    put(b, "  ");
    put_wrapped(b, fm_sdg_text(i, "note", language), 2, 2);
  }
  put(b, "\n");
  for (size_t k = 0; k < COUNT(fields); k++) {
    const char *about = fm_sdg_text(i, fields[k], language);
    buffer key = {0};
    put(&key, strcmp(fields[k], "unit") == 0 || strcmp(fields[k], "source") == 0 ? "describe." : "goal.");
    put(&key, fields[k]);
    if (about[0] != '\0')
      put_entry(b, text(key.data), about);
    free(key.data);
  }
  if (fm_sdg_text(i, "computed_by", language)[0] != '\0')
    put_text(b, "describe.example", fm_sdg_id(i), NULL);
}

static void put_column(buffer *b, const fm_table *schema, size_t row)
{
  buffer about = {0}, key = {0};
  bool required = fm_table_bool(schema, (size_t)fm_table_column_index(schema, "required"))[row] != 0;
  put(&key, "type.");
  put(&key, cell(schema, "type", row));
  put(&about, cell(schema, strcmp(language, "da") == 0 ? "description_da" : "description_en", row));
  put(&about, "; ");
  put(&about, text(key.data));
  put(&about, required ? text("describe.required") : "");
  if (cell(schema, "references", row)[0] != '\0')
    put_text(&about, "describe.references", cell(schema, "references", row), NULL);
  if (cell(schema, "list", row)[0] != '\0')
    put_text(&about, is_built_in(cell(schema, "list", row)) ? "describe.list" : "describe.own_list",
             cell(schema, "list", row), NULL);
  put_entry(b, cell(schema, "column", row), about.data);
  free(about.data);
  free(key.data);
}

static int put_table(buffer *b, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *schema = NULL;
  if (fm_schema_table(&schema, &err) != FM_OK)
    return fail(&err);
  put_text(b, "describe.table", name, NULL);
  for (size_t i = 0; i < fm_table_n_rows(schema); i++)
    if (strcmp(cell(schema, "table", i), name) == 0)
      put_column(b, schema, i);
  put(b, text("describe.table_end"));
  fm_table_destroy(schema);
  return EXIT_DONE;
}

int run_describe(const args *a)
{
  enum { MOST = 160 };
  const char *names[MOST], *id = a->words[0], *table = NULL;
  size_t n = 0;
  buffer b = {0};
  int64_t goal = fm_sdg_find(id), indicator = fm_catalogue_find(id);
  for (size_t i = 0; i < fm_catalogue_n() && n < MOST; i++)
    names[n++] = fm_catalogue_id(i);
  for (size_t i = 0; i < fm_sdg_n() && n < MOST; i++)
    names[n++] = fm_sdg_id(i);
  for (size_t i = 0; i < fm_schema_n_tables() && n < MOST; i++) {
    names[n++] = fm_schema_table_name(i);
    table = strcmp(fm_schema_table_name(i), id) == 0 ? fm_schema_table_name(i) : table;
  }
  int code = EXIT_DONE;
  if (goal >= 0)
    put_goal(&b, (size_t)goal);
  else if (indicator >= 0)
    put_indicator(&b, (size_t)indicator);
  else if (table != NULL)
    code = put_table(&b, table);
  else
    code = misuse("describe", "describe.unknown", id, suggestion(id, names, n), NULL);
  if (code == EXIT_DONE)
    code = write_out(a, b.data, b.size);
  free(b.data);
  return code;
}
