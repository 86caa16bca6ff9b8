/* Code lists of one's own for a bare table: the rates of a year, in place of the built-in ones. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Reads one list, called as its file is; all problems go to stderr. */
static int add_list(own_lists *l, const args *a, const char *path, const char *name)
{
  data d = {0};
  buffer said = {0};
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_codes *codes = NULL;
  fm_table *t = NULL;
  work_begin(&d.work, a);
  schema.table = name;
  fm_status status = fm_csv_read_file(&t, &d.problems, path, &schema, NULL, 0, &d.work.run, &err);
  work_end(&d.work);
  int code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
  if (status == FM_ERR_DATA)
    put_problems(&said, &d);
  if (said.size > 0)
    fputs(said.data, stderr);
  if (status == FM_OK && fm_codes_from_table(&codes, name, t, &err) != FM_OK)
    code = fail(&err);
  if (codes != NULL) {
    l->items = need((void *)l->items, (l->n + 1) * sizeof *l->items);
    l->items[l->n++] = codes;
  }
  fm_table_destroy(t);
  free(said.data);
  data_close(&d);
  return code;
}

static int add_folder(own_lists *l, const args *a, const char *folder)
{
  int code = EXIT_DONE;
  for (size_t k = 0; k < fm_codes_n_builtin() && code == EXIT_DONE; k++) {
    buffer path = {0};
    put(&path, folder);
    put(&path, "/");
    put(&path, fm_codes_builtin_name(k));
    put(&path, ".csv");
    if (path_kind(path.data) == PATH_FILE)
      code = add_list(l, a, path.data, fm_codes_builtin_name(k));
    free(path.data);
  }
  return code;
}

/* A list of no built-in name, or a folder without any list, is a slip: its rates would go unused. */
static int unknown_list(const char *key, const char *given, const char *name)
{
  const char *names[64];
  buffer known = {0};
  size_t n = 0;
  for (; n < fm_codes_n_builtin() && n < COUNT(names); n++) {
    names[n] = fm_codes_builtin_name(n);
    put(&known, n > 0 ? ", " : "");
    put(&known, names[n]);
    put(&known, ".csv");
  }
  int code = misuse("compute", key, given, text_of(&known), suggestion(name, names, n), NULL);
  free(known.data);
  return code;
}

int lists_read(own_lists *l, const args *a)
{
  const char *given = a->given[O_CODES];
  char name[64];
  *l = (own_lists){0};
  if (given == NULL)
    return EXIT_DONE;
  if (path_kind(given) == PATH_FOLDER) {
    int code = add_folder(l, a, given);
    return code == EXIT_DONE && l->n == 0 ? unknown_list("codes.empty", given, "") : code;
  }
  table_of(name, sizeof name, given);
  return is_built_in(name) ? add_list(l, a, given, name) : unknown_list("codes.unknown", given, name);
}

void lists_free(own_lists *l)
{
  for (size_t k = 0; k < l->n; k++)
    fm_codes_destroy((fm_codes *)l->items[k]);
  free((void *)l->items);
  *l = (own_lists){0};
}
