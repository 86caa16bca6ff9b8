/* The lists that were compiled into the library from data/. */
#include "code/code_priv.h"

#include <string.h>

size_t fm_codes_n_builtin(void)
{
  return fm__n_code_lists;
}

const char *fm_codes_builtin_name(size_t i)
{
  return i < fm__n_code_lists ? fm__code_lists[i].name : NULL;
}

static fm_status load(fm_codes **out, const fm__code_list *list, fm_error *err)
{
  fm_codes *c = NULL;
  fm_status status = fm__codes_start(&c, list->name, list->n_columns, list->n_rows, err);
  if (status != FM_OK)
    return status;
  const char *cell = (const char *)list->cells;
  bool ok = true;
  for (size_t k = 0; k < list->n_columns; k++, cell += strlen(cell) + 1)
    ok = ok && fm__codes_put_column(c, k, cell);
  for (size_t i = 0; i < list->n_rows * list->n_columns; i++, cell += strlen(cell) + 1)
    ok = ok && fm__codes_put(c, i / list->n_columns, i % list->n_columns, cell, strlen(cell));
  status = ok ? fm__codes_finish(c, NULL, err) : fm__no_memory(err);
  if (status != FM_OK) {
    fm_codes_destroy(c);
    return status;
  }
  *out = c;
  return FM_OK;
}

fm_status fm_codes_builtin(fm_codes **out, const char *list, fm_error *err)
{
  *out = NULL;
  for (size_t i = 0; list != NULL && i < fm__n_code_lists; i++)
    if (strcmp(fm__code_lists[i].name, list) == 0)
      return load(out, &fm__code_lists[i], err);
  char names[400] = "";
  for (size_t i = 0; i < fm__n_code_lists; i++) {
    size_t n = strlen(names), room = sizeof names - n;
    if (strlen(fm__code_lists[i].name) + 3 < room) {
      memcpy(names + n, i > 0 ? ", " : "", i > 0 ? 3 : 1);
      strcat(names, fm__code_lists[i].name);
    }
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "there is no built-in code list %s; expected one of %s",
                  list != NULL ? list : "NULL", names);
}
