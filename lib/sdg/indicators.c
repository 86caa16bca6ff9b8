/* What each indicator of goals 8 and 10 is, read from the built-in table. */
#include "sdg/indicators_priv.h"

#include <string.h>

#include "base/base_priv.h"
#include "flexmetrics/sdg.h"
#include "table/table_priv.h"

size_t fm_sdg_n(void)
{
  return fm__sdg_n;
}

const char *fm_sdg_id(size_t i)
{
  return i < fm__sdg_n ? fm__sdg_cells[i][0] : NULL;
}

int64_t fm_sdg_find(const char *id)
{
  for (size_t i = 0; id != NULL && i < fm__sdg_n; i++)
    if (strcmp(fm__sdg_cells[i][0], id) == 0)
      return (int64_t)i;
  return -1;
}

/* True when `column` is the field itself, or its words in the language. */
static bool is_field(const char *column, const char *field, const char *suffix)
{
  size_t length = strlen(field);
  return strncmp(column, field, length) == 0 && (column[length] == '\0' || strcmp(column + length, suffix) == 0);
}

const char *fm_sdg_text(size_t i, const char *field, const char *lang)
{
  const char *suffix = lang != NULL && strcmp(lang, "da") == 0 ? "_da" : "_en";
  for (size_t k = 1; field != NULL && i < fm__sdg_n && k < FM__SDG_FIELDS; k++)
    if (is_field(fm__sdg_columns[k], field, suffix))
      return fm__sdg_cells[i][k];
  return NULL;
}

fm_status fm_sdg_table(fm_table **out, fm_error *err)
{
  fm__builder *b;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "sdg", err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < FM__SDG_FIELDS && status == FM_OK; k++)
    status = fm__builder_column(b, fm__sdg_columns[k], FM_CODE, NULL, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < fm__sdg_n; i++)
    for (size_t k = 0; k < FM__SDG_FIELDS; k++)
      fm__builder_text(b, k, fm__sdg_cells[i][k], strlen(fm__sdg_cells[i][k]));
  return fm__builder_finish(b, out, err);
}
