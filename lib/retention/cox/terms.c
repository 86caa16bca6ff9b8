/* Names of covariates, and the refusal of those that begin on a date but are taken as fixed. */
#include "retention/cox/terms_priv.h"

#include <stdio.h>
#include <string.h>

static const char *const clocks[] = {"days", "weeks", "months"};

void fm__cox_terms_free(fm__cox_terms *t)
{
  for (size_t k = 0; k < t->n; k++) {
    fm__free(t->items[k].name);
    fm__free(t->items[k].reference);
    fm__free(t->items[k].column);
  }
  for (size_t k = 0; k < t->n_accepted; k++)
    fm__free(t->accepted[k]);
  fm__free(t->items);
  fm__free(t->accepted);
  fm__free(t->time);
  fm__free(t->entry);
  *t = (fm__cox_terms){.n = 0};
}

bool fm__cox_terms_accept(const fm__cox_terms *t, const char *name)
{
  for (size_t k = 0; k < t->n_accepted; k++)
    if (strcmp(t->accepted[k], name) == 0)
      return true;
  return false;
}

/* Copy of "<name>_<clock>"; NULL when out of memory. */
static char *with_clock(const char *name, const char *clock)
{
  size_t length = strlen(name) + strlen(clock) + 2;
  char *out = fm__array(length, 1);
  if (out != NULL)
    snprintf(out, length, "%s_%s", name, clock);
  return out;
}

/* The next name of a list without the spaces around it; false at its end. */
static bool next_name(const char **list, const char **name, size_t *length)
{
  while (*list != NULL && **list != '\0') {
    const char *from = *list;
    size_t n = strcspn(from, ",");
    *list = from + n + (from[n] == ',');
    while (n > 0 && *from == ' ') {
      from++;
      n--;
    }
    while (n > 0 && from[n - 1] == ' ')
      n--;
    if (n > 0) {
      *name = from;
      *length = n;
      return true;
    }
  }
  return false;
}

static fm_status refuse_fixed(const char *name, const char *clock, fm_error *err)
{
  return fm__fail(err, FM_ERR_ARGUMENT,
                  "%s begins on a date: taken as fixed from the first day it seems to make people stay, because who "
                  "stays longer has more time to get it (immortal time). Expected dated=%s (column %s_%s), or a "
                  "landmark with it; accepted=%s takes it as fixed all the same",
                  name, name, name, clock, name);
}

static fm_status add_term(fm__cox_terms *t, const char *name, size_t length, int32_t kind, fm_error *err)
{
  const char *colon = kind == FM__COX_NUMBER ? memchr(name, ':', length) : NULL;
  size_t bare = colon != NULL ? (size_t)(colon - name) : length;
  fm__cox_term *grown = fm__resize(t->items, t->n + 1, sizeof *grown);
  if (grown == NULL)
    return fm__no_memory(err);
  t->items = grown;
  fm__cox_term *item = &t->items[t->n++];
  *item = (fm__cox_term){.kind = colon != NULL ? FM__COX_TEXT : kind};
  item->name = fm__copy_text(name, bare);
  if (item->name == NULL)
    return fm__no_memory(err);
  if (colon != NULL)
    item->reference = fm__copy_text(colon + 1, length - bare - 1);
  bool dated = kind == FM__COX_DATED || kind == FM__COX_EVER;
  item->column = dated ? with_clock(item->name, t->clock) : fm__copy_text(item->name, bare);
  if (item->column == NULL || (colon != NULL && item->reference == NULL))
    return fm__no_memory(err);
  if (kind == FM__COX_EVER && !fm__cox_terms_accept(t, item->name))
    return refuse_fixed(item->name, t->clock, err);
  for (size_t k = 0; k + 1 < t->n; k++) {
    if (strcmp(t->items[k].name, item->name) != 0)
      continue;
    if (t->items[k].kind == FM__COX_NUMBER && dated)
      return refuse_fixed(item->name, t->clock, err);
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: \"%s\" is named twice", t->id, item->name);
  }
  return FM_OK;
}

static fm_status add_list(fm__cox_terms *t, const char *list, int32_t kind, fm_error *err)
{
  const char *name;
  size_t length;
  fm_status status = FM_OK;
  while (status == FM_OK && next_name(&list, &name, &length))
    status = add_term(t, name, length, kind, err);
  return status;
}

static fm_status add_accepted(fm__cox_terms *t, const char *list, fm_error *err)
{
  const char *name;
  size_t length;
  while (next_name(&list, &name, &length)) {
    char **grown = fm__resize(t->accepted, t->n_accepted + 1, sizeof *grown);
    if (grown == NULL)
      return fm__no_memory(err);
    t->accepted = grown;
    t->accepted[t->n_accepted] = fm__copy_text(name, length);
    if (t->accepted[t->n_accepted] == NULL)
      return fm__no_memory(err);
    t->n_accepted++;
  }
  return FM_OK;
}

static fm_status create(fm__cox_terms *t, const fm_retention_cox_spec *spec, fm_error *err)
{
  const char *clock = spec->clock != NULL ? spec->clock : "days";
  for (size_t k = 0; k < FM__COUNT(clocks); k++)
    if (strcmp(clock, clocks[k]) == 0)
      t->clock = clocks[k];
  if (t->clock == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: clock is \"%s\", expected days, weeks or months", t->id, clock);
  t->time = with_clock("time", t->clock);
  t->entry = with_clock("entry", t->clock);
  if (t->time == NULL || t->entry == NULL)
    return fm__no_memory(err);
  fm_status status = add_accepted(t, spec->accepted, err);
  if (status == FM_OK)
    status = add_list(t, spec->covariates, FM__COX_NUMBER, err);
  if (status == FM_OK)
    status = add_list(t, spec->dated, FM__COX_DATED, err);
  if (status == FM_OK)
    status = add_list(t, spec->ever, FM__COX_EVER, err);
  return status;
}

fm_status fm__cox_terms_create(fm__cox_terms *t, const fm_retention_cox_spec *spec, const char *id, fm_error *err)
{
  *t = (fm__cox_terms){.id = id};
  fm_status status = create(t, spec, err);
  if (status != FM_OK)
    fm__cox_terms_free(t);
  return status;
}

fm_status fm__cox_terms_check(const fm__cox_terms *t, const fm_table *frame, fm_error *err)
{
  for (size_t k = 0; k < t->n; k++) {
    const fm__cox_term *item = &t->items[k];
    int64_t column = fm_table_column_index(frame, item->column);
    if (item->kind == FM__COX_NUMBER && column >= 0 && fm_table_column_type(frame, (size_t)column) == FM_CODE)
      return fm__fail(err, FM_ERR_TYPE,
                      "column %s holds text: expected the text that others are compared with, as covariates=%s:TEXT",
                      item->column, item->column);
    for (size_t c = 0; item->kind <= FM__COX_TEXT && c < FM__COUNT(clocks); c++) {
      char *dated = with_clock(item->name, clocks[c]);
      if (dated == NULL)
        return fm__no_memory(err);
      bool there = fm_table_column_index(frame, dated) >= 0;
      fm__free(dated);
      if (there && !fm__cox_terms_accept(t, item->name))
        return refuse_fixed(item->name, clocks[c], err);
    }
  }
  return FM_OK;
}
