/* Target groups on a day. A person may be in several; dated ones win over the one in persons. */
#include <string.h>

#include "register/frame_priv.h"

typedef struct rows_out {
  uint32_t *units;
  const char **texts;
  size_t n, units_capacity, texts_capacity;
} rows_out;

bool fm__frame_has_groups(const fm__frame *f)
{
  return f->rows[FM__PERSONS] != NULL && (f->r->part[FM__GROUP_SPELLS].n_rows > 0 ||
                                          fm__register_column(f->r, FM__PERSONS, "target_group") != FM__NO_COLUMN);
}

static bool append(rows_out *o, size_t unit, const char *text)
{
  if (!fm__grow((void **)&o->units, &o->units_capacity, o->n + 1, sizeof *o->units) ||
      !fm__grow((void **)&o->texts, &o->texts_capacity, o->n + 1, sizeof *o->texts))
    return false;
  o->units[o->n] = (uint32_t)unit;
  o->texts[o->n++] = text;
  return true;
}

/* Puts `text` in order among those of the unit, which begin at `from`; a text already there is not repeated. */
static bool insert(rows_out *o, size_t unit, size_t from, const char *text)
{
  size_t k = o->n;
  while (k > from && strcmp(o->texts[k - 1], text) > 0)
    k--;
  if (k > from && strcmp(o->texts[k - 1], text) == 0)
    return true;
  if (!append(o, unit, text))
    return false;
  memmove(&o->texts[k + 1], &o->texts[k], (o->n - 1 - k) * sizeof *o->texts);
  o->texts[k] = text;
  return true;
}

fm_status fm__frame_expand(const fm__frame *f, uint32_t **units, const char ***texts, size_t *n, fm_error *err)
{
  const fm_table *groups = f->r->part[FM__GROUP_SPELLS].table, *persons = f->r->part[FM__PERSONS].table;
  size_t dated = fm__register_column(f->r, FM__GROUP_SPELLS, "target_group");
  size_t plain = fm__register_column(f->r, FM__PERSONS, "target_group");
  uint32_t *first = NULL, *rows = NULL;
  rows_out o = {0};
  fm_status status = fm__rows_by_person(&first, &rows, f->r, FM__GROUP_SPELLS, err);
  if (status != FM_OK)
    return status;
  bool ok = true;
  for (size_t i = 0; ok && i < f->n; i++) {
    uint32_t person = f->rows[FM__PERSONS][i];
    size_t from = o.n;
    for (size_t k = person == FM__NO_ROW ? 0 : first[person]; ok && person != FM__NO_ROW && k < first[person + 1];
         k++) {
      fm__days days = fm__register_days(f->r, FM__GROUP_SPELLS, rows[k]);
      if (days.first > f->day[i])
        break;
      if (f->day[i] < days.end)
        ok = insert(&o, i, from, fm_table_text(groups, dated, rows[k], NULL));
    }
    if (ok && o.n == from)
      ok = append(&o, i,
                  person == FM__NO_ROW || plain == FM__NO_COLUMN ? NULL : fm_table_text(persons, plain, person, NULL));
  }
  fm__free(first);
  fm__free(rows);
  if (!ok) {
    fm__free(o.units);
    fm__free((void *)o.texts);
    return fm__no_memory(err);
  }
  *units = o.units;
  *texts = o.texts;
  *n = o.n;
  return FM_OK;
}
