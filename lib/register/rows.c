/* Reading a register row by row: days, codes on a date, rows of each person. */
#include <stdlib.h>
#include <string.h>

#include "register/make_priv.h"

enum { WORK = 1, SUBSIDISED = 2 };

struct fm__lookup {
  const fm_codes *codes; /* NULL: no list */
  int64_t *newest;       /* newest entry of each text, or FM_CODE_UNKNOWN */
  uint8_t *flags;        /* of each entry */
};

size_t fm__register_column(const fm_register *r, int table, const char *column)
{
  int64_t k = r->part[table].table != NULL ? fm_table_column_index(r->part[table].table, column) : -1;
  return k >= 0 ? (size_t)k : FM__NO_COLUMN;
}

int32_t fm__date_at(const fm_table *t, size_t column, size_t row)
{
  if (column == FM__NO_COLUMN || fm_table_is_null(t, column, row))
    return FM_NO_DATE;
  return fm_table_i32(t, column)[row];
}

fm__days fm__register_days(const fm_register *r, int table, size_t row)
{
  const fm__part *p = &r->part[table];
  int32_t last = fm__date_at(p->table, p->end_column, row);
  return (fm__days){fm__date_at(p->table, p->start_column, row), last != FM_NO_DATE ? last + 1 : INT32_MAX};
}

/* ---- codes ---- */

void fm__part_free(fm__part *p)
{
  for (size_t k = 0; p->lookups != NULL && k < p->n_lookups; k++) {
    fm__free(p->lookups[k].newest);
    fm__free(p->lookups[k].flags);
  }
  fm__free(p->lookups);
  fm__free(p->person);
  fm__free(p->employer);
  fm__free(p->initiative);
  fm__free(p->placement);
  fm__free(p->goal);
  fm_table_destroy(p->table);
  *p = (fm__part){0};
}

static fm_status make_lookup(struct fm__lookup *l, const fm_table *t, size_t k, const fm_codes *codes, fm_error *err)
{
  size_t n = fm_table_n_texts(t, k), length;
  l->newest = fm__array(n, sizeof *l->newest);
  l->flags = fm__array(fm_codes_n(codes), 1);
  if (l->newest == NULL || l->flags == NULL)
    return fm__no_memory(err);
  l->codes = codes;
  for (size_t i = 0; i < n; i++) {
    const char *text = fm_table_dictionary_text(t, k, i, &length);
    l->newest[i] = fm_codes_find(codes, text, length, FM_NO_DATE);
  }
  for (size_t i = 0; i < fm_codes_n(codes); i++)
    l->flags[i] = (uint8_t)((fm_codes_is_yes(codes, (int64_t)i, "work") ? WORK : 0) |
                            (fm_codes_is_yes(codes, (int64_t)i, "subsidised") ? SUBSIDISED : 0));
  return FM_OK;
}

fm_status fm__make_lookups(fm__make *m, int t, fm_error *err)
{
  fm__part *p = &m->r->part[t];
  size_t n = fm_table_n_columns(p->table);
  p->lookups = fm__array(n, sizeof *p->lookups);
  if (p->lookups == NULL)
    return fm__no_memory(err);
  p->n_lookups = n;
  for (size_t k = 0; k < n; k++) {
    int at = fm__schema_column(&fm__schema[t], fm_table_column_name(p->table, k));
    const fm_codes *codes = at >= 0 ? fm__make_list(m, fm__schema[t].columns[at].list) : NULL;
    fm_status status = codes != NULL ? make_lookup(&p->lookups[k], p->table, k, codes, err) : FM_OK;
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

static bool is_valid_on(const fm_codes *codes, int64_t entry, int32_t date)
{
  int32_t from = fm_codes_valid_from(codes, entry), to = fm_codes_valid_to(codes, entry);
  return date == FM_NO_DATE || (from <= date && (to == FM_NO_DATE || date <= to));
}

int64_t fm__register_entry(const fm_register *r, int table, size_t column, size_t row, int32_t date,
                           const fm_codes **codes)
{
  const fm__part *p = &r->part[table];
  const struct fm__lookup *l = column < p->n_lookups ? &p->lookups[column] : NULL;
  size_t length;
  if (codes != NULL)
    *codes = l != NULL ? l->codes : NULL;
  if (l == NULL || l->codes == NULL || fm_table_is_null(p->table, column, row))
    return FM_CODE_UNKNOWN;
  int64_t entry = l->newest[fm_table_code(p->table, column)[row]];
  if (entry < 0 || is_valid_on(l->codes, entry, date))
    return entry;
  const char *text = fm_table_text(p->table, column, row, &length);
  return fm_codes_find(l->codes, text, length, date);
}

static bool has_flag(const fm_register *r, int table, size_t row, uint8_t flag)
{
  const fm__part *p = &r->part[table];
  if (p->table == NULL || p->code_column == FM__NO_COLUMN)
    return false;
  int32_t start = fm__date_at(p->table, p->start_column, row);
  int64_t entry = fm__register_entry(r, table, p->code_column, row, start, NULL);
  return entry >= 0 && (p->lookups[p->code_column].flags[entry] & flag) != 0;
}

bool fm__placement_is_work(const fm_register *r, size_t placement)
{
  return has_flag(r, FM__PLACEMENTS, placement, WORK);
}

bool fm__placement_is_subsidised(const fm_register *r, size_t placement)
{
  return has_flag(r, FM__PLACEMENTS, placement, SUBSIDISED);
}

bool fm__spell_is_work(const fm_register *r, size_t spell)
{
  return has_flag(r, FM__SPELLS, spell, WORK);
}

bool fm__spell_is_subsidised(const fm_register *r, size_t spell)
{
  return has_flag(r, FM__SPELLS, spell, SUBSIDISED);
}

/* ---- rows of each person ---- */
typedef struct place {
  fm__days days;
  uint32_t row;
} place;

static int by_days(const void *pa, const void *pb)
{
  const place *a = pa, *b = pb;
  if (a->days.first != b->days.first)
    return a->days.first < b->days.first ? -1 : 1;
  if (a->days.end != b->days.end)
    return a->days.end < b->days.end ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* Sorts the rows of one person; `places` has room for them. */
static void sort_person(const fm_register *r, int table, uint32_t *rows, size_t n, place *places)
{
  bool sorted = true;
  for (size_t i = 0; i < n; i++) {
    places[i] = (place){fm__register_days(r, table, rows[i]), rows[i]};
    sorted = sorted && (i == 0 || by_days(&places[i - 1], &places[i]) < 0);
  }
  if (sorted)
    return;
  qsort(places, n, sizeof *places, by_days);
  for (size_t i = 0; i < n; i++)
    rows[i] = places[i].row;
}

fm_status fm__rows_by_person(uint32_t **first, uint32_t **rows, const fm_register *r, int table, fm_error *err)
{
  const fm__part *p = &r->part[table];
  size_t n_people = r->part[FM__PERSONS].n_rows, n = p->person != NULL ? p->n_rows : 0, most = 0;
  *rows = NULL;
  *first = fm__array(n_people + 2, sizeof **first);
  *rows = fm__array(n, sizeof **rows);
  place *places = NULL;
  if (*first == NULL || *rows == NULL)
    goto fail;
  uint32_t *next = *first + 1; /* one place ahead: after the rows are put, first[p] is where person p begins */
  for (size_t i = 0; i < n; i++)
    if (p->person[i] != FM__NO_ROW)
      next[p->person[i] + 1]++;
  for (size_t k = 1; k <= n_people; k++) {
    most = next[k] > most ? next[k] : most;
    next[k] += next[k - 1];
  }
  for (size_t i = 0; i < n; i++)
    if (p->person[i] != FM__NO_ROW)
      (*rows)[next[p->person[i]]++] = (uint32_t)i;
  places = fm__array(most, sizeof *places);
  if (places == NULL)
    goto fail;
  for (size_t k = 0; k < n_people; k++)
    sort_person(r, table, *rows + (*first)[k], (*first)[k + 1] - (*first)[k], places);
  fm__free(places);
  return FM_OK;
fail:
  fm__free(*first);
  fm__free(*rows);
  *first = *rows = NULL;
  return fm__no_memory(err);
}
