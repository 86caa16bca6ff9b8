/* Reading the catalogue: indicators, their options, and the words that people see. */
#include "catalogue/catalogue_priv.h"

#include <string.h>

#include "flexmetrics/sdg.h"
#include "table/table_priv.h"

static bool danish(const char *lang)
{
  return lang != NULL && strcmp(lang, "da") == 0;
}

size_t fm_catalogue_n(void)
{
  return fm__catalogue_n_indicators;
}

const char *fm_catalogue_id(size_t i)
{
  return i < fm__catalogue_n_indicators ? fm__catalogue_indicators[i].id : NULL;
}

int64_t fm_catalogue_find(const char *id)
{
  for (size_t i = 0; id != NULL && i < fm__catalogue_n_indicators; i++)
    if (strcmp(fm__catalogue_indicators[i].id, id) == 0)
      return (int64_t)i;
  int64_t goal = fm_sdg_find(id);
  return goal >= 0 ? fm_catalogue_find(fm_sdg_text((size_t)goal, "computed_by", "en")) : -1;
}

const char *fm_catalogue_text(size_t i, const char *field, const char *lang)
{
  if (i >= fm__catalogue_n_indicators || field == NULL)
    return NULL;
  const fm__catalogue_indicator *c = &fm__catalogue_indicators[i];
  const struct {
    const char *field, *text;
  } fields[] = {{"name", danish(lang) ? c->name_da : c->name_en},
                {"definition", danish(lang) ? c->definition_da : c->definition_en},
                {"unit", c->unit},
                {"frame", c->frame},
                {"columns", c->columns},
                {"sdg", c->sdg},
                {"source", c->source}};
  for (size_t k = 0; k < FM__COUNT(fields); k++)
    if (strcmp(fields[k].field, field) == 0)
      return fields[k].text;
  return NULL;
}

/* First option of an indicator and their number. */
static size_t options_of(size_t i, size_t *first)
{
  size_t n = 0;
  const char *compared = NULL; /* lines of one indicator mostly share its text */
  bool same = false;
  for (size_t k = 0; k < fm__catalogue_n_options; k++) {
    if (fm__catalogue_options[k].id != compared) {
      compared = fm__catalogue_options[k].id;
      same = strcmp(compared, fm__catalogue_indicators[i].id) == 0;
    }
    if (!same)
      continue;
    if (n++ == 0)
      *first = k;
  }
  return n;
}

size_t fm_catalogue_n_options(size_t i)
{
  size_t first;
  return i < fm__catalogue_n_indicators ? options_of(i, &first) : 0;
}

const char *fm_catalogue_option(size_t i, size_t k, const char *field, const char *lang)
{
  size_t first = 0;
  if (i >= fm__catalogue_n_indicators || k >= options_of(i, &first) || field == NULL)
    return NULL;
  const fm__catalogue_option *o = &fm__catalogue_options[first + k];
  if (strcmp(field, "name") == 0)
    return o->option;
  if (strcmp(field, "default") == 0)
    return o->default_value;
  if (strcmp(field, "about") == 0)
    return danish(lang) ? o->about_da : o->about_en;
  return NULL;
}

const char *fm_catalogue_label(const char *key, const char *lang)
{
  size_t low = 0, high = key != NULL ? fm__catalogue_n_labels : 0;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    int order = strcmp(key, fm__catalogue_labels[middle].key);
    if (order == 0)
      return danish(lang) ? fm__catalogue_labels[middle].da : fm__catalogue_labels[middle].en;
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return key;
}

fm_status fm_catalogue_table(fm_table **out, fm_error *err)
{
  static const char *const names[] = {"id", "name_en", "name_da", "unit", "definition_en", "source", "sdg", "frame"};
  fm__builder *b;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "catalogue", err);
  if (status != FM_OK)
    return status;
  for (size_t k = 0; k < FM__COUNT(names) && status == FM_OK; k++)
    status = fm__builder_column(b, names[k], FM_CODE, NULL, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < fm__catalogue_n_indicators; i++) {
    const fm__catalogue_indicator *c = &fm__catalogue_indicators[i];
    const char *cells[] = {c->id, c->name_en, c->name_da, c->unit, c->definition_en, c->source, c->sdg, c->frame};
    for (size_t k = 0; k < FM__COUNT(cells); k++)
      fm__builder_text(b, k, cells[k], strlen(cells[k]));
  }
  return fm__builder_finish(b, out, err);
}
