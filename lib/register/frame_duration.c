/* One row a unit and definition: days until the first that does not count, and what followed. */
#include <string.h>

#include "register/definition_priv.h"

/* What one definition gives. */
typedef struct batch {
  fm__classes classes;
  fm__indexed *units;
  fm_spell_duration *durations;
  size_t n;
} batch;

static fm_status ask(batch *b, fm__frame *f, const fm_spell_definition *d, fm_error *err)
{
  fm_status status = fm__classes_make(&b->classes, f, d, err);
  if (status == FM_OK)
    status = fm__index_units(&b->units, &b->n, f, &b->classes, err);
  fm_spell_unit *units = fm__array(b->n, sizeof *units);
  b->durations = fm__array(b->n, sizeof *b->durations);
  if (status == FM_OK && (units == NULL || b->durations == NULL))
    status = fm__no_memory(err);
  for (size_t i = 0; status == FM_OK && i < b->n; i++)
    units[i] = b->units[i].unit;
  if (status == FM_OK) {
    fm__subrun part;
    status = fm_spell_durations(b->durations, d, b->classes.none, units, b->n, b->classes.states, b->classes.n_states,
                                fm__run_within(&part, f->run, 0, 0.5), err);
  }
  fm__free(units);
  return status;
}

static void release(batch *batches, size_t n)
{
  for (size_t i = 0; batches != NULL && i < n; i++) {
    fm__classes_release(&batches[i].classes);
    fm__free(batches[i].units);
    fm__free(batches[i].durations);
  }
  fm__free(batches);
}

/* ---- rows ---- */

enum { DEFINITION, ENTRY, TIME, EVENT, CAUSE, WEIGHT, N_COLUMNS };

typedef struct left_out {
  size_t unseen, recent, cut, untold, not_in_work;
} left_out;

/* Is there something to follow? Counts why not. */
static bool is_followed(left_out *out, const fm_spell_duration *o)
{
  if (o->days > o->entry_days)
    return true;
  if (o->ended == 1 && o->days == 0)
    out->not_in_work++;
  else if (o->days > 0)
    out->unseen++;
  else if (o->reason == FM_SPELL_CUT)
    out->cut++;
  else if (o->reason == FM_SPELL_UNTOLD)
    out->untold++;
  else
    out->recent++;
  return false;
}

static void put_text(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, text == NULL ? 0 : strlen(text));
}

static void put_batch(fm__frame *f, fm__builder *b, const size_t *column, const batch *one, fm__exits *exits,
                      left_out *out)
{
  const fm_spell_definition *d = one->classes.d;
  bool same = d->same_employer == 1 && d->base == 0;
  exits->classes = &one->classes;
  exits->gap_days = d->gap_days > d->grace_days ? d->gap_days : d->grace_days;
  for (size_t i = 0; i < one->n; i++) {
    const fm__indexed *u = &one->units[i];
    const fm_spell_duration *o = &one->durations[i];
    if (!is_followed(out, o))
      continue;
    int32_t from = u->unit.index + (d->index == FM_SPELL_FROM_EXIT || d->index == FM_SPELL_FROM_BENEFIT_END ? 1 : 0);
    fm__frame_put_indexed(f, u);
    put_text(b, column[DEFINITION], d->name);
    fm__builder_i32(b, column[ENTRY], o->entry_days);
    fm__builder_i32(b, column[TIME], o->days);
    fm__builder_bool(b, column[EVENT], o->ended == 1);
    put_text(b, column[CAUSE],
             o->ended == 1
                 ? fm__exit_cause(exits, (size_t)u->unit.person, same ? u->placement : SIZE_MAX, from + o->days)
                 : NULL);
    if (column[WEIGHT] != FM__NO_COLUMN)
      fm__builder_f64(b, column[WEIGHT], 1.0);
  }
}

static void note_left_out(fm__frame *f, const left_out *out)
{
  fm__frame_left_out(f, "rows_not_in_work", out->not_in_work);
  fm__frame_left_out(f, "rows_too_recent", out->recent);
  fm__frame_left_out(f, "rows_censored_at_start", out->cut);
  fm__frame_left_out(f, "rows_untold_at_start", out->untold);
  fm__frame_left_out(f, "rows_not_observed", out->unseen);
}

static fm_status make(fm__frame *f, const fm__rules *rules, batch *batches, size_t rows, fm_error *err)
{
  size_t column[N_COLUMNS];
  fm__exits exits = {0};
  fm__builder *b = NULL;
  left_out out = {0};
  fm_status status = fm__frame_reserve(f, rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__exits_open(&exits, f, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  for (size_t i = 0; status == FM_OK && i < rules->n; i++)
    put_batch(f, b, column, &batches[i], &exits, &out);
  if (status == FM_OK) {
    note_left_out(f, &out);
    fm__rules_note(f, rules);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__exits_close(&exits);
  return status;
}

fm_status fm__frame_durations(fm__frame *f, fm_error *err)
{
  fm__rules rules = {0};
  batch *batches = NULL;
  size_t rows = 0;
  fm_status status = fm__rules_check_spec(f->spec, err);
  if (status == FM_OK)
    status = fm__rules_read(&rules, f, f->spec->definitions, err);
  if (status == FM_OK) {
    batches = fm__array(rules.n, sizeof *batches);
    status = batches == NULL ? fm__no_memory(err) : FM_OK;
  }
  for (size_t i = 0; status == FM_OK && i < rules.n; i++) {
    status = ask(&batches[i], f, &rules.items[i], err);
    rows += batches[i].n;
  }
  if (status == FM_OK && rows >= FM__NO_ROW)
    status = fm__fail(err, FM_ERR_LIMIT, "units times definitions are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = make(f, &rules, batches, rows, err);
  release(batches, rules.n);
  fm__rules_release(&rules);
  return status;
}
