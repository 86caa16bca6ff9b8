/* Ids that name a row of another table. */
#include <stdio.h>
#include <string.h>

#include "register/make_priv.h"

/* Numbers the keys of a table that others refer to. The first row of an id stands for it. */
static fm_status number_ids(fm__make *m, int t, fm_error *err)
{
  fm__given *g = &m->given[t];
  if (g->ids != NULL)
    return FM_OK;
  size_t n = fm_table_n_rows(g->table), length;
  size_t key = (size_t)fm_table_column_index(g->table, fm__schema[t].columns[0].name);
  g->ids = fm__texts_create();
  g->row_of_id = fm__array(n, sizeof *g->row_of_id);
  if (g->ids == NULL || g->row_of_id == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    const char *id = fm_table_text(g->table, key, i, &length);
    if (id == NULL)
      continue;
    size_t before = fm__texts_count(g->ids);
    int64_t number = fm__texts_add(g->ids, id, length);
    if (number < 0)
      return fm__no_memory(err);
    if (fm__texts_count(g->ids) > before)
      g->row_of_id[number] = (uint32_t)i;
  }
  return FM_OK;
}

/* Whether the id is found with one to five zeros more, or without its leading zeros. */
static int zeros_missing(const fm__texts *ids, const char *id, size_t length)
{
  char padded[256];
  size_t skipped = 0;
  for (size_t zeros = 1; zeros <= 5 && length + zeros <= sizeof padded; zeros++) {
    memset(padded, '0', zeros);
    memcpy(padded + zeros, id, length);
    if (fm__texts_find(ids, padded, length + zeros) >= 0)
      return (int)zeros;
  }
  while (skipped + 1 < length && id[skipped] == '0') {
    skipped++;
    if (fm__texts_find(ids, id + skipped, length - skipped) >= 0)
      return -(int)skipped;
  }
  return 0;
}

static void dangling(fm__make *m, int t, const fm__column_def *c, size_t row, const char *id, size_t length)
{
  const fm__given *target = &m->given[c->references];
  const char *name = fm__schema[c->references].name;
  bool secret = (c->flags & FM__SECRET) != 0;
  char what[160], expected[96], hint[320] = "";
  int zeros = zeros_missing(target->ids, id, length);
  snprintf(what, sizeof what, "unknown: this %s is not in %s", c->references == FM__PERSONS ? "person" : "id", name);
  snprintf(expected, sizeof expected, "one of the %zu ids in %s", fm__texts_count(target->ids), name);
  if (zeros > 0)
    snprintf(
        hint, sizeof hint,
        "the id has %zu characters, in %s it has %zu: a spreadsheet may have dropped a leading 0; format the column "
        "as text and save again, or use --id-width %zu",
        length, name, length + (size_t)zeros, length + (size_t)zeros);
  else if (zeros < 0)
    snprintf(
        hint, sizeof hint,
        "the id has %zu characters, in %s it has %zu: a spreadsheet may have dropped a leading 0 there; format the "
        "column as text and save again, or use --id-width %zu",
        length, name, length - (size_t)-zeros, length);
  else if (target->left_out > 0 || target->n_bad > 0)
    snprintf(hint, sizeof hint, "rows of %s that have errors were left out", name);
  fm__make_problem(m, t, c->name, (int64_t)row,
                   &(fm__finding){.code = "FM-R02",
                                  .what = what,
                                  .expected = expected,
                                  .hint = hint[0] != '\0' ? hint : NULL,
                                  .value = secret ? NULL : id,
                                  .value_length = length});
}

static uint32_t **link_of(fm__part *part, int references)
{
  switch (references) {
  case FM__PERSONS:
    return &part->person;
  case FM__EMPLOYERS:
    return &part->employer;
  case FM__INITIATIVES:
    return &part->initiative;
  case FM__PLACEMENTS:
    return &part->placement;
  default:
    return &part->goal;
  }
}

static fm_status resolve(fm__make *m, int t, const fm__column_def *c, size_t k, fm_error *err)
{
  fm__given *target = &m->given[c->references];
  const fm_table *table = m->given[t].table;
  size_t n_texts = fm_table_n_texts(table, k), n = fm_table_n_rows(table), length;
  const int32_t *codes = fm_table_code(table, k);
  fm_status status = number_ids(m, c->references, err);
  if (status != FM_OK)
    return status;
  uint32_t *rows = fm__array(n_texts, sizeof *rows), *link = fm__array(n, sizeof *link);
  if (rows == NULL || link == NULL) {
    fm__free(rows);
    fm__free(link);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < n_texts; i++) {
    const char *id = fm_table_dictionary_text(table, k, i, &length);
    int64_t number = fm__texts_find(target->ids, id, length);
    rows[i] = number >= 0 ? target->row_of_id[number] : FM__NO_ROW;
  }
  /* Ids of rows that could not be read are not known here; to call them unknown would be a false alarm. */
  bool sure = !target->partial || m->spec.skip_bad != 0;
  size_t n_unknown = 0;
  for (size_t i = 0; i < n; i++) {
    bool given = !fm_table_is_null(table, k, i);
    link[i] = given ? rows[codes[i]] : FM__NO_ROW;
    if (given && sure && link[i] == FM__NO_ROW && n_unknown++ >= FM__PROBLEMS_KEPT) {
      fm__make_problem(m, t, c->name, (int64_t)i, &(fm__finding){.code = "FM-R02"}); /* counted, not shown */
    } else if (given && sure && link[i] == FM__NO_ROW) {
      const char *id = fm_table_text(table, k, i, &length);
      dangling(m, t, c, i, id, length);
    }
  }
  fm__free(rows);
  *link_of(&m->r->part[t], c->references) = link;
  return FM_OK;
}

/* Without the table of people nobody can be counted. */
static void no_persons(fm__make *m, int t, const fm__column_def *c)
{
  fm__make_problem(m, t, c->name, -1,
                   &(fm__finding){.code = "FM-R03",
                                  .what = "there is no table persons",
                                  .expected = "a table persons with the column person_id, one row a person",
                                  .hint = "list every person of this table once in persons"});
}

static fm_status unlinked(fm__make *m, int t, const fm__column_def *c, fm_error *err)
{
  size_t n = fm_table_n_rows(m->given[t].table);
  uint32_t *link = fm__array(n, sizeof *link);
  if (link == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    link[i] = FM__NO_ROW;
  *link_of(&m->r->part[t], c->references) = link;
  return FM_OK;
}

fm_status fm__check_links(fm__make *m, int t, fm_error *err)
{
  fm_status status = FM_OK;
  const fm_table *table = m->given[t].table;
  for (size_t k = 0; k < fm_table_n_columns(table) && status == FM_OK; k++) {
    int at = fm__schema_column(&fm__schema[t], fm_table_column_name(table, k));
    const fm__column_def *c = at >= 0 ? &fm__schema[t].columns[at] : NULL;
    if (c == NULL || c->references < 0)
      continue;
    if (m->given[c->references].table != NULL) {
      status = resolve(m, t, c, k, err);
      continue;
    }
    if (c->references == FM__PERSONS && !m->given[FM__PERSONS].given)
      no_persons(m, t, c);
    status = unlinked(m, t, c, err);
  }
  return status;
}
