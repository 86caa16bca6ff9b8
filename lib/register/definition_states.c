/* What everybody's days hold under a definition: placements and spells, each sorted into a class. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "register/definition_priv.h"

/* ---- definitions by name ---- */

void fm__rules_release(fm__rules *rules)
{
  fm_codes_destroy(rules->builtin);
  fm__free(rules->items);
  fm__free(rules->names);
  *rules = (fm__rules){0};
}

static fm_status read_one(fm__rules *rules, const fm__frame *f, const char *name, fm_error *err)
{
  const fm_codes *list = fm_register_codes(f->r, "retention_definition");
  fm_spell_definition *d = &rules->items[rules->n];
  if (list == NULL || (fm_codes_find(list, name, strlen(name), FM_NO_DATE) < 0 &&
                       fm_codes_find(rules->builtin, name, strlen(name), FM_NO_DATE) >= 0))
    list = rules->builtin;
  fm_status status = fm_spell_definition_read(d, sizeof *d, list, name, err);
  for (size_t k = 0; status == FM_OK && k < rules->n; k++)
    if (strcmp(rules->items[k].name, d->name) == 0)
      return fm__fail(err, FM_ERR_ARGUMENT, "definition %s is named twice", d->name);
  rules->n += status == FM_OK;
  return status;
}

static fm_status choose(int32_t *out, const char *text, const char *(*name)(int32_t), const char *what, fm_error *err)
{
  char known[96] = "";
  for (int32_t i = 0; name(i) != NULL; i++) {
    if (strcmp(text, name(i)) == 0) {
      *out = i;
      return FM_OK;
    }
    strcat(strcat(known, i == 0 ? "" : ", "), name(i)); /* the longest list has 46 letters */
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "%s is \"%.40s\", expected one of %s", what, text, known);
}

/* The caller's rule, clock and horizons. What belongs to the rule replaced alone goes with it. */
static fm_status replace(fm_spell_definition *d, const fm_frame_spec *s, fm_error *err)
{
  fm_status status = FM_OK;
  if (s->rule != NULL)
    status = choose(&d->rule, s->rule, fm_spell_rule_name, "rule", err);
  if (status == FM_OK && s->clock != NULL)
    status = choose(&d->clock, s->clock, fm_spell_clock_name, "clock", err);
  if (s->rule != NULL && d->rule != FM_SPELL_K_OF_N) {
    d->whole_periods = 0;
    d->needed = d->rule == FM_SPELL_CUMULATIVE ? d->needed : 0;
  }
  if (s->clock != NULL && d->clock != FM_SPELL_CALENDAR_MONTHS)
    d->first_month = 0;
  if (s->horizons != NULL)
    d->horizons = s->horizons;
  return status == FM_OK ? fm_spell_definition_check(d, err) : status;
}

fm_status fm__rules_read(fm__rules *rules, const fm__frame *f, const char *names, fm_error *err)
{
  size_t most = 1;
  for (const char *p = names; *p != '\0'; p++)
    most += *p == ',';
  fm_status status = fm_codes_builtin(&rules->builtin, "retention_definition", err);
  if (status != FM_OK)
    return status;
  rules->items = fm__array(most, sizeof *rules->items);
  rules->names = fm__copy_text(names, strlen(names));
  if (rules->items == NULL || rules->names == NULL)
    return fm__no_memory(err);
  for (char *p = rules->names; status == FM_OK && p != NULL;) {
    char *comma = strchr(p, ',');
    if (comma != NULL)
      *comma = '\0';
    p += strspn(p, " ");
    for (size_t n = strlen(p); n > 0 && p[n - 1] == ' ';)
      p[--n] = '\0';
    status = p[0] != '\0'
                 ? read_one(rules, f, p, err)
                 : fm__fail(err, FM_ERR_ARGUMENT, "definitions: expected names separated by commas, got \"%s\"", names);
    if (status == FM_OK)
      status = replace(&rules->items[rules->n - 1], f->spec, err);
    p = comma == NULL ? NULL : comma + 1;
  }
  return status;
}

/* ---- states ---- */

int32_t fm__definition_employer(const fm_register *r, size_t placement)
{
  const fm__part *p = &r->part[FM__PLACEMENTS];
  if (p->employer != NULL && p->employer[placement] != FM__NO_ROW)
    return (int32_t)p->employer[placement];
  return (int32_t)(r->part[FM__EMPLOYERS].n_rows + placement);
}

typedef struct states {
  fm_spell_state *items;
  size_t n;
  const fm_spell_definition *d;
  uint8_t *of[2]; /* of each entry: states, kinds */
} states;

static double hours_at(const fm_register *r, int table, size_t column, size_t row)
{
  const fm_table *t = r->part[table].table;
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

static void put_table(states *s, const fm__frame *f, int table)
{
  const fm_register *r = f->r;
  const fm__part *p = &r->part[table];
  bool placements = table == FM__PLACEMENTS;
  size_t hours = fm__register_column(r, table, "hours_per_week");
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++) {
    fm__days days = fm__register_days(r, table, i);
    if (p->person[i] == FM__NO_ROW || !fm__date_is_valid(days.first))
      continue;
    int64_t entry = fm__register_entry(r, table, p->code_column, i, days.first, NULL);
    int32_t state = placements ? FM_SPELL_STATE_IGNORED : FM_SPELL_STATE_OTHER; /* an unknown word never counts */
    if (entry >= 0)
      state = s->of[placements][entry];
    state = fm_spell_definition_with_hours(s->d, state, hours_at(r, table, hours, i));
    if (state != FM_SPELL_STATE_IGNORED)
      s->items[s->n++] = (fm_spell_state){(int32_t)p->person[i], days.first, days.end,
                                          placements ? fm__definition_employer(r, i) : -1, state};
  }
}

static fm_status sort_states(states *s, fm_error *err)
{
  fm__item *items = fm__array(2 * s->n, sizeof *items);
  fm_spell_state *sorted = fm__array(s->n, sizeof *sorted);
  if (items == NULL || sorted == NULL) {
    fm__free(items);
    fm__free(sorted);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < s->n; i++)
    items[i] =
        (fm__item){(uint64_t)(uint32_t)s->items[i].person << 32 | ((uint32_t)s->items[i].start ^ 0x80000000U), i};
  fm__sort_items(items, items + s->n, s->n);
  for (size_t i = 0; i < s->n; i++)
    sorted[i] = s->items[items[i].value];
  fm__free(items);
  fm__free(s->items);
  s->items = sorted;
  return FM_OK;
}

fm_status fm__definition_states(fm_spell_state **out, size_t *n, int32_t *none, const fm__frame *f,
                                const fm_spell_definition *d, fm_error *err)
{
  const fm_codes *codes = fm_register_codes(f->r, "benefit_state"), *kinds = fm_register_codes(f->r, "placement_kind");
  size_t room = f->r->part[FM__PLACEMENTS].n_rows + f->r->part[FM__SPELLS].n_rows;
  states s = {.d = d};
  fm_status status = FM_OK;
  *out = NULL;
  if (room + f->r->part[FM__EMPLOYERS].n_rows > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d rows", INT32_MAX);
  s.of[0] = fm__array(fm_codes_n(codes), 1);
  s.of[1] = fm__array(fm_codes_n(kinds), 1);
  s.items = fm__array(room, sizeof *s.items);
  if (s.of[0] == NULL || s.of[1] == NULL || s.items == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm_spell_definition_states(s.of[0], s.of[1], none, d, codes, kinds, err);
  if (status == FM_OK && *none == FM_SPELL_STATE_COUNTS && f->r->part[FM__SPELLS].table == NULL)
    status = fm__fail(err, FM_ERR_NOT_FOUND,
                      "definition %s counts days without a record, so it needs the table spells, which the data do "
                      "not have",
                      d->name);
  if (status == FM_OK) {
    put_table(&s, f, FM__PLACEMENTS);
    put_table(&s, f, FM__SPELLS);
    status = sort_states(&s, err);
  }
  fm__free(s.of[0]);
  fm__free(s.of[1]);
  if (status == FM_OK) {
    *out = s.items;
    *n = s.n;
  } else {
    fm__free(s.items);
  }
  return status;
}
