/* The life of a register: from tables as read to one that is checked, linked and final. */
#include <stdlib.h>
#include <string.h>

#include "register/make_priv.h"

#define LONGEST_ID 64

void fm_register_spec_init(fm_register_spec *spec, size_t size)
{
  const fm_register_spec defaults = FM_REGISTER_SPEC_INIT;
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

void fm_register_destroy(fm_register *r)
{
  if (r == NULL)
    return;
  for (int t = 0; t < FM__N_TABLES; t++)
    fm__part_free(&r->part[t]);
  for (size_t i = 0; i < r->n_codes; i++)
    fm_codes_destroy(r->codes[i]);
  fm__free(r->codes);
  for (size_t i = 0; r->fact_keys != NULL && i < fm__texts_count(r->fact_keys); i++)
    fm__free(r->facts[i]);
  fm__texts_destroy(r->fact_keys);
  fm__free(r->facts);
  fm__free(r);
}

const fm_table *fm_register_table(const fm_register *r, const char *name)
{
  int t = name != NULL ? fm__table_number(name) : -1;
  return t >= 0 ? r->part[t].table : NULL;
}

const fm_codes *fm_register_codes(const fm_register *r, const char *list)
{
  for (size_t i = 0; list != NULL && i < r->n_codes; i++)
    if (strcmp(fm_codes_list_name(r->codes[i]), list) == 0)
      return r->codes[i];
  return NULL;
}

const char *fm_register_fact(const fm_register *r, const char *key)
{
  int64_t k = key != NULL ? fm__texts_find(r->fact_keys, key, strlen(key)) : -1;
  return k >= 0 ? r->facts[k] : NULL;
}

int32_t fm_register_data_end(const fm_register *r)
{
  return r->data_end;
}

fm_status fm__make_fact(fm__make *m, const char *key, const char *value, fm_error *err)
{
  fm_register *r = m->r;
  char *copy = fm__copy_text(value, strlen(value));
  char **grown = fm__resize(r->facts, fm__texts_count(r->fact_keys) + 1, sizeof *grown);
  if (grown != NULL)
    r->facts = grown;
  size_t before = fm__texts_count(r->fact_keys);
  int64_t k = copy != NULL && grown != NULL ? fm__texts_add(r->fact_keys, key, strlen(key)) : -1;
  if (k < 0) {
    fm__free(copy);
    return fm__no_memory(err);
  }
  if ((size_t)k < before)
    fm__free(r->facts[k]);
  r->facts[k] = copy;
  return FM_OK;
}

fm_status fm__make_start(fm__make *m, const fm_register_spec *spec, const fm_run *run, fm_error *err)
{
  const fm_register_spec defaults = FM_REGISTER_SPEC_INIT;
  const fm_csv_format format = FM_CSV_FORMAT_INIT;
  m->spec = defaults;
  m->format = format;
  m->run = run;
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__spec_take(&m->spec, sizeof m->spec, spec, "fm_register_spec", err);
  if (status == FM_OK && (m->spec.id_width < 0 || m->spec.id_width > LONGEST_ID))
    status = fm__fail(err, FM_ERR_ARGUMENT, "id_width is %d, expected 0 to %d", (int)m->spec.id_width, LONGEST_ID);
  if (status == FM_OK && m->spec.skip_bad != 0 && m->spec.skip_bad != 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "skip_bad is %d, expected 0 or 1", (int)m->spec.skip_bad);
  if (status == FM_OK && m->spec.format != NULL)
    status = fm__spec_take(&m->format, sizeof m->format, m->spec.format, "fm_csv_format", err);
  if (status != FM_OK)
    return status;
  m->problems = fm__problems_create();
  m->mapped = fm__texts_create();
  m->r = fm__array(1, sizeof *m->r);
  if (m->r != NULL)
    m->r->fact_keys = fm__texts_create();
  if (m->problems == NULL || m->mapped == NULL || m->r == NULL || m->r->fact_keys == NULL)
    return fm__no_memory(err);
  bool ordered = fm__problems_order(m->problems, "datapackage.json");
  for (int t = 0; t < FM__N_TABLES && ordered; t++)
    ordered = fm__problems_order(m->problems, fm__schema[t].name);
  return ordered ? FM_OK : fm__no_memory(err);
}

static void free_make(fm__make *m)
{
  for (int t = 0; t < FM__N_TABLES; t++) {
    fm__given *g = &m->given[t];
    fm_table_destroy(g->table);
    fm_table_destroy(g->labels);
    fm__texts_destroy(g->ids);
    fm__free(g->row_of_id);
    fm__free(g->bad);
    fm__free(g->kept);
  }
  for (size_t k = 0; m->mapped != NULL && m->headers != NULL && k < fm__texts_count(m->mapped); k++)
    fm__free(m->headers[k]);
  fm__free(m->headers);
  fm__texts_destroy(m->mapped);
  fm__problems_destroy(m->problems);
  fm__bytes_free(&m->format_texts);
  fm_register_destroy(m->r);
}

fm_status fm__make_mark(fm__make *m, int t, fm_error *err)
{
  fm__given *g = &m->given[t];
  if (g->bad == NULL)
    g->bad = fm__array(fm_table_n_rows(g->table), 1);
  return g->bad != NULL ? FM_OK : fm__no_memory(err);
}

static void keep_links(uint32_t *link, const uint32_t *rows, size_t n)
{
  for (size_t i = 0; link != NULL && i < n; i++)
    link[i] = link[rows[i]];
}

fm_status fm__make_drop_bad(fm__make *m, int t, fm_error *err)
{
  fm__given *g = &m->given[t];
  fm__part *p = &m->r->part[t];
  fm_table *kept = NULL;
  size_t n = fm_table_n_rows(g->table), n_kept = 0;
  if (g->n_bad == 0 || m->spec.skip_bad == 0)
    return FM_OK;
  uint32_t *rows = fm__array(n, sizeof *rows);
  if (rows == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    if (!g->bad[i])
      rows[n_kept++] = (uint32_t)i;
  fm_status status = fm__table_rows(&kept, g->table, rows, n_kept, err);
  if (status == FM_OK) {
    keep_links(p->person, rows, n_kept);
    keep_links(p->employer, rows, n_kept);
    keep_links(p->initiative, rows, n_kept);
    keep_links(p->placement, rows, n_kept);
    keep_links(p->goal, rows, n_kept);
    fm_table_destroy(g->table);
    g->table = kept;
    g->kept = rows;
    memset(g->bad, 0, n);
    return FM_OK;
  }
  fm__free(rows);
  return status;
}

static void take_part(fm__make *m, int t)
{
  fm__part *p = &m->r->part[t];
  const fm__table_def *def = &fm__schema[t];
  p->table = fm_table_retain(m->given[t].table);
  p->n_rows = fm_table_n_rows(p->table);
  p->start_column = def->start != NULL ? fm__register_column(m->r, t, def->start) : FM__NO_COLUMN;
  p->end_column = def->end != NULL ? fm__register_column(m->r, t, def->end) : FM__NO_COLUMN;
  p->code_column = t == FM__PLACEMENTS ? fm__register_column(m->r, t, "kind")
                   : t == FM__SPELLS   ? fm__register_column(m->r, t, "state")
                                       : FM__NO_COLUMN;
}

static fm_status check_table(fm__make *m, int t, fm_error *err)
{
  fm_status status = fm__make_mark(m, t, err);
  if (status == FM_OK)
    status = fm__check_rows(m, t, err);
  if (status == FM_OK)
    status = fm__check_links(m, t, err);
  if (status == FM_OK)
    status = fm__check_keys(m, t, err);
  if (status == FM_OK)
    status = fm__check_answers(m, t, err);
  if (status == FM_OK)
    status = fm__make_drop_bad(m, t, err);
  if (status != FM_OK)
    return status;
  take_part(m, t);
  return fm__check_notes(m, t, err);
}

/* Tables that others refer to come first. */
static fm_status check_all(fm__make *m, fm_error *err)
{
  static const int order[FM__N_TABLES] = {FM__PERSONS,    FM__EMPLOYERS,    FM__INITIATIVES,  FM__GOALS,
                                          FM__PLACEMENTS, FM__GROUP_SPELLS, FM__SPELLS,       FM__SUPPORTS,
                                          FM__INCOMES,    FM__MEMBERS,      FM__PARTICIPANTS, FM__COUNTS,
                                          FM__CONTRACTS,  FM__PROGRESS,     FM__OUTCOMES};
  fm_status status = FM_OK;
  for (int t = 0; t < FM__N_TABLES && status == FM_OK; t++)
    if (m->given[t].table != NULL)
      status = fm__make_normal(m, t, err);
  for (int k = 0; k < FM__N_TABLES && status == FM_OK; k++) {
    if (m->given[order[k]].table != NULL)
      status = check_table(m, order[k], err);
    if (status == FM_OK)
      status = fm__run_progress(m->run, 0.8 + 0.2 * (k + 1) / FM__N_TABLES, err);
  }
  return status;
}

/* The day after the last day on which anything happened; datapackage.json knows better when it says so. */
static int32_t find_data_end(const fm_register *r)
{
  int32_t end = FM_NO_DATE, told;
  const char *fact = fm_register_fact(r, "observed_to");
  if (fact != NULL && fm_date_parse(&told, fact, strlen(fact), NULL, NULL) == FM_OK)
    return told + 1;
  for (int t = 0; t < FM__N_TABLES; t++)
    for (size_t k = 0; k < fm__schema[t].n_columns; k++) {
      const fm__column_def *c = &fm__schema[t].columns[k];
      size_t column = fm__register_column(r, t, c->name);
      if ((c->flags & (FM__HAPPENED | FM__AS_OF)) == 0 || column == FM__NO_COLUMN)
        continue;
      for (size_t i = 0; i < r->part[t].n_rows; i++) {
        int32_t day = fm__date_at(r->part[t].table, column, i);
        if (day != FM_NO_DATE && day + ((c->flags & FM__HAPPENED) != 0) > end)
          end = day + ((c->flags & FM__HAPPENED) != 0);
      }
    }
  return end;
}

static fm_status complete(fm__make *m, fm_error *err)
{
  fm_status status = check_all(m, err);
  if (status != FM_OK)
    return status;
  if (fm__problems_count(m->problems, FM__ERROR) > 0 && (m->spec.skip_bad == 0 || m->fatal))
    return fm__problems_fail(m->problems, err);
  for (int t = 0; t < FM__N_TABLES && status == FM_OK; t++)
    if (m->r->part[t].table != NULL)
      status = fm__make_lookups(m, t, err);
  if (status == FM_OK)
    m->r->data_end = find_data_end(m->r);
  return status;
}

fm_status fm__make_finish(fm__make *m, fm_status status, fm_register **out, fm_table **problems, fm_error *err)
{
  fm_table *listed = NULL;
  if (status == FM_OK)
    status = complete(m, err);
  if (status == FM_OK || status == FM_ERR_DATA) {
    fm_error why = FM_ERROR_INIT;
    fm_status made = fm__problems_table(m->problems, &listed, &why);
    if (made != FM_OK) {
      if (err != NULL)
        fm_error_clear(err);
      status = fm__no_memory(err);
    }
  }
  if (status == FM_OK) {
    *out = m->r;
    m->r = NULL;
  }
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA))
    *problems = listed;
  else
    fm_table_destroy(listed);
  free_make(m);
  return status;
}
