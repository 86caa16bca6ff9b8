/* What everybody's days hold under a definition: placements and spells, each sorted into a class. */
#include <math.h>
#include <stdio.h>
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

/* The names in the order given, as far as there is room; where they begin when that is the same for all. */
void fm__rules_note(fm__frame *f, const fm__rules *rules)
{
  char text[64] = "";
  const char *index = fm_spell_index_name(rules->items[0].index);
  for (size_t i = 0; i < rules->n; i++) {
    size_t used = strlen(text), more = strlen(rules->items[i].name);
    if (rules->items[i].index != rules->items[0].index)
      index = "several";
    if (used + more + 5 > sizeof text) {
      strcat(text, used + 4 < sizeof text ? "..." : "");
      break;
    }
    snprintf(text + used, sizeof text - used, "%s%s", i == 0 ? "" : ",", rules->items[i].name);
  }
  fm__frame_set_note(f, "definition", text);
  fm__frame_set_note(f, "index", f->spec->index == NULL ? index : f->spec->index);
}

fm_status fm__rules_check_spec(const fm_frame_spec *s, fm_error *err)
{
  if (s->same_employer != 0 || s->gap_days != 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "definitions have an employer rule and a gap of their own; same_employer and gap_days must be 0");
  return FM_OK;
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
    strcat(strcat(known, i == 0 ? "" : ", "), name(i)); /* the longest list has 51 letters */
  }
  return fm__fail(err, FM_ERR_ARGUMENT, "%s is \"%.40s\", expected one of %s", what, text, known);
}

/* The caller's rule, clock, start and horizons. What belongs to the rule replaced alone goes with it. */
static fm_status replace(fm_spell_definition *d, const fm_frame_spec *s, fm_error *err)
{
  fm_status status = FM_OK;
  if (s->rule != NULL)
    status = choose(&d->rule, s->rule, fm_spell_rule_name, "rule", err);
  if (status == FM_OK && s->clock != NULL)
    status = choose(&d->clock, s->clock, fm_spell_clock_name, "clock", err);
  if (status == FM_OK && s->start != NULL)
    status = choose(&d->index, s->start, fm_spell_index_name, "start", err);
  if (s->start != NULL && d->index != FM_SPELL_FROM_BENEFIT_END)
    d->course = NULL;
  if (s->rule != NULL && d->rule != FM_SPELL_K_OF_N)
    d->whole_periods = 0;
  if (s->rule != NULL && d->rule != FM_SPELL_CONTINUOUS)
    d->any_episode = 0;
  if (s->rule != NULL && (d->rule == FM_SPELL_POINT || (d->rule == FM_SPELL_CONTINUOUS && d->any_episode == 0)))
    d->needed = 0;
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

static double hours_at(const fm_register *r, int table, size_t column, size_t row)
{
  const fm_table *t = r->part[table].table;
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

int32_t fm__definition_class(const fm__classes *c, const fm_register *r, int table, size_t row)
{
  bool placements = table == FM__PLACEMENTS;
  size_t hours = fm__register_column(r, table, "hours_per_week");
  int64_t entry =
      fm__register_entry(r, table, r->part[table].code_column, row, fm__register_days(r, table, row).first, NULL);
  int32_t state = placements ? FM_SPELL_STATE_IGNORED : FM_SPELL_STATE_OTHER; /* an unknown word never counts */
  if (entry >= 0)
    state = c->of[placements][entry];
  return fm_spell_definition_with_hours(c->d, state, hours_at(r, table, hours, row));
}

static void put_table(fm__classes *c, const fm_register *r, int table)
{
  const fm__part *p = &r->part[table];
  bool placements = table == FM__PLACEMENTS;
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++) {
    fm__days days = fm__register_days(r, table, i);
    if (p->person[i] == FM__NO_ROW || !fm__date_is_valid(days.first))
      continue;
    int32_t state = fm__definition_class(c, r, table, i);
    if (state != FM_SPELL_STATE_IGNORED)
      c->states[c->n_states++] = (fm_spell_state){(int32_t)p->person[i], days.first, days.end,
                                                  placements ? fm__definition_employer(r, i) : -1, state};
  }
}

static fm_status sort_states(fm__classes *c, fm_error *err)
{
  fm__item *items = fm__array(2 * c->n_states, sizeof *items);
  fm_spell_state *sorted = fm__array(c->n_states, sizeof *sorted);
  if (items == NULL || sorted == NULL) {
    fm__free(items);
    fm__free(sorted);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < c->n_states; i++)
    items[i] =
        (fm__item){(uint64_t)(uint32_t)c->states[i].person << 32 | ((uint32_t)c->states[i].start ^ 0x80000000U), i};
  fm__sort_items(items, items + c->n_states, c->n_states);
  for (size_t i = 0; i < c->n_states; i++)
    sorted[i] = c->states[items[i].value];
  fm__free(items);
  fm__free(c->states);
  c->states = sorted;
  return FM_OK;
}

void fm__classes_release(fm__classes *c)
{
  fm__free(c->of[0]);
  fm__free(c->of[1]);
  fm__free(c->states);
  *c = (fm__classes){0};
}

fm_status fm__classes_make(fm__classes *c, const fm__frame *f, const fm_spell_definition *d, fm_error *err)
{
  const fm_codes *codes = fm_register_codes(f->r, "benefit_state"), *kinds = fm_register_codes(f->r, "placement_kind");
  size_t room = f->r->part[FM__PLACEMENTS].n_rows + f->r->part[FM__SPELLS].n_rows;
  fm_status status = FM_OK;
  *c = (fm__classes){.d = d, .none = FM_SPELL_STATE_OTHER, .income_end = INT32_MAX};
  if (room + f->r->part[FM__EMPLOYERS].n_rows > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d rows", INT32_MAX);
  c->of[0] = fm__array(fm_codes_n(codes), 1);
  c->of[1] = fm__array(fm_codes_n(kinds), 1);
  c->states = fm__array(room, sizeof *c->states);
  if (c->of[0] == NULL || c->of[1] == NULL || c->states == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm_spell_definition_states(c->of[0], c->of[1], &c->none, d, codes, kinds, err);
  if (status == FM_OK && c->none == FM_SPELL_STATE_COUNTS && f->r->part[FM__SPELLS].table == NULL)
    status = fm__fail(err, FM_ERR_NOT_FOUND,
                      "definition %s counts days without a record, so it needs the table spells, which the data do "
                      "not have",
                      d->name);
  if (status == FM_OK) {
    put_table(c, f->r, FM__PLACEMENTS);
    put_table(c, f->r, FM__SPELLS);
    status = sort_states(c, err);
  }
  if (status == FM_OK)
    status = fm__definition_incomes(c, f, err);
  if (status != FM_OK)
    fm__classes_release(c);
  return status;
}
