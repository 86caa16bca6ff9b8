/* Who meets an initiative's rule on a day, rows by initiative, and answers at horizons. */
#include "register/initiatives_priv.h"

#include <string.h>

#include "flexmetrics/spell_long_term.h"

/* ---- rows by initiative ---- */

fm_status fm__by_initiative_make(fm__by_initiative *out, const fm_register *r, int table, fm_error *err)
{
  const fm__part *p = &r->part[table];
  size_t n = r->part[FM__INITIATIVES].n_rows;
  out->first = fm__array(n + 2, sizeof *out->first);
  out->rows = fm__array(p->n_rows, sizeof *out->rows);
  if (out->first == NULL || out->rows == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; p->initiative != NULL && i < p->n_rows; i++)
    if (p->initiative[i] != FM__NO_ROW)
      out->first[p->initiative[i] + 2]++;
  for (size_t i = 2; i < n + 2; i++)
    out->first[i] += out->first[i - 1];
  for (size_t i = 0; p->initiative != NULL && i < p->n_rows; i++)
    if (p->initiative[i] != FM__NO_ROW)
      out->rows[out->first[p->initiative[i] + 1]++] = (uint32_t)i;
  return FM_OK;
}

void fm__by_initiative_free(fm__by_initiative *b)
{
  fm__free(b->first);
  fm__free(b->rows);
  *b = (fm__by_initiative){0};
}

/* ---- eligibility ---- */

static const char days_of[] = "unemployed_days";

fm_status fm__eligibility_open(fm__eligibility *e, const fm__frame *f, fm_error *err)
{
  const char *name = f->spec->definitions;
  bool spells = f->r->part[FM__SPELLS].table != NULL;
  bool since = fm__register_column(f->r, FM__PERSONS, "unemployed_since") != FM__NO_COLUMN;
  int how = name == NULL ? spells ? FM__ON_END : FM__SINCE : 0;
  *e = (fm__eligibility){.f = f};
  while (name != NULL && how < FM__N_DURATIONS && strcmp(name, fm__duration_names[how]) != 0)
    how++;
  if (how == FM__N_DURATIONS)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "there is no way \"%.60s\" of counting days of unemployment; there are continuous, "
                    "statistics_denmark, unemployed_since",
                    name);
  e->how = how;
  e->told = how == FM__SINCE ? since : spells;
  fm_spell_long_term_spec rule;
  fm_spell_long_term_spec_init(&rule, sizeof rule);
  return how == FM__SINCE || !spells ? FM_OK
                                     : fm__unemployed_open(&e->runs, f, f->spec->states, rule.max_gap_hours, err);
}

void fm__eligibility_close(fm__eligibility *e)
{
  fm__unemployed_close(&e->runs);
}

/* Does the rule ask for days of unemployment? */
static fm_status asks_days(bool *asks, const char *rule, fm_error *err)
{
  fm__filter *filter = NULL;
  fm_status status = fm__filter_compile(&filter, rule, err);
  *asks = false;
  for (size_t k = 0; status == FM_OK && k < fm__filter_n_columns(filter); k++)
    *asks |= strcmp(fm__filter_column(filter, k), days_of) == 0;
  fm__filter_destroy(filter);
  return status;
}

/* The persons asked as units of a frame of their own; days[0]: at least, days[1]: at most. */
static fm_status make_units(fm__frame *g, const fm__frame *f, const int32_t *on, fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__N_TABLES};
  size_t n = f->r->part[FM__PERSONS].n_rows;
  fm_status status = fm__frame_reserve(g, n, tables, err);
  for (size_t p = 0; p < n && status == FM_OK; p++) {
    fm__days seen = fm__frame_observed(f, p);
    if (on[p] == FM_NO_DATE || on[p] < seen.first || on[p] >= seen.end)
      continue;
    g->rows[FM__PERSONS][g->n] = (uint32_t)p;
    g->day[g->n++] = on[p];
  }
  return status;
}

/* Creates keep[unit] with the days of unemployment as given (NULL: the rule does not ask). */
static fm_status meet(uint8_t **keep, fm__frame *g, const char *rule, const int32_t *days, fm_error *err)
{
  fm__builder *b = NULL;
  size_t column;
  fm_table_destroy(g->core);
  g->core = NULL;
  fm_status status = fm__builder_create(&b, "eligible", err);
  if (status == FM_OK)
    status = fm__builder_column(b, days_of, FM_I32, &column, err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++) {
    if (days != NULL)
      fm__builder_i32(b, column, days[i]);
    else
      fm__builder_null(b, column);
  }
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  status = fm__builder_finish(b, &g->core, err);
  return status == FM_OK ? fm__frame_meets(g, fm__frame_kind_named("people"), rule, keep, err) : status;
}

static fm_status answer(uint8_t *answers, fm__eligibility *e, fm__frame *g, const char *rule, bool days, fm_error *err)
{
  int32_t *least = fm__array(g->n, sizeof *least), *most = fm__array(g->n, sizeof *most);
  uint8_t *keep = NULL, *other = NULL;
  bool same = true;
  fm_status status = least != NULL && most != NULL ? FM_OK : fm__no_memory(err);
  for (size_t i = 0; days && i < g->n && status == FM_OK; i++) {
    fm__span span = fm__unemployed_days(&e->runs, e->f, e->how, g->rows[FM__PERSONS][i], g->day[i]);
    least[i] = span.least;
    most[i] = span.most;
    same = same && span.least == span.most;
  }
  if (status == FM_OK)
    status = meet(&keep, g, rule, days ? least : NULL, err);
  if (status == FM_OK && !same)
    status = meet(&other, g, rule, most, err);
  for (size_t i = 0; i < g->n && status == FM_OK; i++)
    answers[g->rows[FM__PERSONS][i]] = other != NULL && other[i] != keep[i] ? FM__RULE_UNKNOWN
                                       : keep[i] != 0                       ? FM__RULE_MET
                                                                            : FM__RULE_NOT_MET;
  fm__free(keep);
  fm__free(other);
  fm__free(least);
  fm__free(most);
  return status;
}

fm_status fm__eligibility_read(uint8_t *answers, bool *readable, fm__eligibility *e, size_t initiative,
                               const int32_t *on, fm_error *err)
{
  const fm__frame *f = e->f;
  const fm_table *t = f->r->part[FM__INITIATIVES].table;
  size_t column = fm__register_column(f->r, FM__INITIATIVES, "eligibility"), n = f->r->part[FM__PERSONS].n_rows;
  const char *rule = column == FM__NO_COLUMN || fm_table_is_null(t, column, initiative)
                         ? NULL
                         : fm_table_text(t, column, initiative, NULL);
  bool days = false;
  *readable = false;
  if (rule == NULL || rule[0] == '\0')
    return FM_OK;
  fm_status status = asks_days(&days, rule, err);
  if (status == FM_OK && days && !e->told) {
    e->n_not_readable++;
    return FM_OK;
  }
  fm__frame g = {.r = f->r, .kind = f->kind, .spec = f->spec, .run = f->run, .as_of = f->as_of};
  memset(answers, FM__RULE_UNSAID, n);
  *readable = true;
  if (status == FM_OK)
    status = make_units(&g, f, on, err);
  if (status == FM_OK)
    status = answer(answers, e, &g, rule, days, err);
  if (status != FM_OK && status != FM_ERR_MEMORY)
    fm__error_place(err, "initiatives", "eligibility", -1, (int64_t)initiative, fm_table_line(t, initiative));
  fm__frame_release(&g);
  return status;
}

/* ---- in work at horizons ---- */

fm_status fm__kept_open(fm__kept *k, const fm__frame *f, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  fm_frame_spec spec = *f->spec;
  *k = (fm__kept){0};
  if (p->table == NULL)
    return FM_OK;
  spec.kind = "status";
  spec.index = spec.definitions = NULL;
  fm__frame g = {.r = f->r, .kind = fm__frame_kind_named("status"), .spec = &spec, .run = f->run, .as_of = f->as_of};
  fm_status status = fm__frame_status(&g, err);
  if (status == FM_OK) {
    const int32_t *months = fm_table_i32(g.core, 0);
    while (k->n_horizons < g.n &&
           (k->n_horizons == 0 || g.rows[FM__PLACEMENTS][k->n_horizons] == g.rows[FM__PLACEMENTS][0]))
      k->n_horizons++;
    k->months = fm__array(k->n_horizons, sizeof *k->months);
    k->answers = fm__array(p->n_rows * k->n_horizons, 1);
    if (k->months == NULL || k->answers == NULL)
      status = fm__no_memory(err);
    for (size_t i = 0; i < g.n && status == FM_OK; i++) {
      uint8_t *answer = &k->answers[g.rows[FM__PLACEMENTS][i] * k->n_horizons + i % k->n_horizons];
      k->months[i % k->n_horizons] = months[i];
      *answer = (uint8_t)((fm_table_is_null(g.core, 1, i) ? 0 : FM__KEPT_KNOWN) |
                          (fm_table_bool(g.core, 1)[i] != 0 ? FM__KEPT_YES : 0) |
                          (fm_table_bool(g.core, 2)[i] != 0 ? FM__KEPT_IN_RATE : 0));
    }
  }
  fm__frame_release(&g);
  return status;
}

void fm__kept_close(fm__kept *k)
{
  fm__free(k->months);
  fm__free(k->answers);
}
