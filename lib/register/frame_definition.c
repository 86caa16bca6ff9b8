/* One row a unit, definition and horizon: several definitions of lasting work side by side. */
#include <string.h>

#include "register/definition_priv.h"

enum { MAX_HORIZONS = 64 };

/* What one definition gives. */
typedef struct batch {
  const fm_spell_definition *d;
  fm__indexed *units;
  fm_spell_outcome *outcomes; /* horizon by horizon */
  size_t n_units, n_horizons;
  int32_t horizons[MAX_HORIZONS];
} batch;

static fm_status ask(batch *b, fm__frame *f, fm_error *err)
{
  fm__classes classes = {0};
  fm_spell_unit *units = NULL;
  size_t n = 0;
  fm_status status = fm_spell_definition_horizons(b->horizons, &b->n_horizons, b->d, err);
  if (status == FM_OK)
    status = fm__classes_make(&classes, f, b->d, err);
  if (status == FM_OK)
    status = fm__index_units(&b->units, &b->n_units, f, &classes, err);
  if (status == FM_OK && (!fm__multiply(b->n_units, b->n_horizons, &n) || n >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "units times horizons are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK) {
    units = fm__array(b->n_units, sizeof *units);
    b->outcomes = fm__array(n, sizeof *b->outcomes);
    status = units == NULL || b->outcomes == NULL ? fm__no_memory(err) : FM_OK;
  }
  for (size_t i = 0; status == FM_OK && i < b->n_units; i++)
    units[i] = b->units[i].unit;
  for (size_t k = 0; status == FM_OK && k < b->n_horizons; k++) {
    fm__subrun part;
    const fm_run *run = fm__run_within(&part, f->run, 0, 0.5);
    status = fm_spell_outcomes(b->outcomes + k * b->n_units, b->d, b->horizons[k], classes.none, units, b->n_units,
                               classes.states, classes.n_states, run, err);
  }
  fm__classes_release(&classes);
  fm__free(units);
  return status;
}

/* ---- rows ---- */

enum { DEFINITION, CLOCK, HORIZON, STATUS, IN_RATE, REASON, WEIGHT, N_COLUMNS };

static fm_status begin(fm__builder **b, const fm__frame *f, size_t *column, fm_error *err)
{
  static const fm__frame_column own[N_COLUMNS] = {
      {"definition", FM_CODE, 0}, {"clock", FM_CODE, 0},  {"horizon", FM_I32, 0}, {"status", FM_BOOL, 0},
      {"in_rate", FM_BOOL, 0},    {"reason", FM_CODE, 0}, {"weight", FM_F64, 0}};
  bool add_weight = fm__register_column(f->r, FM__PERSONS, "weight") == FM__NO_COLUMN;
  fm_status status = fm__builder_create(b, f->spec->kind, err);
  for (size_t k = 0; status == FM_OK && k < (add_weight ? N_COLUMNS : WEIGHT); k++)
    status = fm__builder_column(*b, own[k].name, own[k].type, &column[k], err);
  if (!add_weight)
    column[WEIGHT] = FM__NO_COLUMN;
  return status;
}

void fm__frame_put_indexed(fm__frame *f, const fm__indexed *u)
{
  if (u->placement != FM__NO_ROW) {
    fm__frame_put_placement(f, u->placement);
    return;
  }
  f->rows[FM__PLACEMENTS][f->n] = FM__NO_ROW;
  f->rows[FM__PERSONS][f->n] = (uint32_t)u->unit.person;
  f->rows[FM__EMPLOYERS][f->n] = FM__NO_ROW;
  f->rows[FM__INITIATIVES][f->n] = u->initiative;
  f->day[f->n++] = u->unit.index;
}

static void put_text(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, strlen(text));
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const batch *one, size_t unit, size_t k)
{
  const fm_spell_outcome *o = &one->outcomes[k * one->n_units + unit];
  fm__frame_put_indexed(f, &one->units[unit]);
  put_text(b, column[DEFINITION], one->d->name);
  put_text(b, column[CLOCK], fm_spell_clock_name(one->d->clock));
  fm__builder_i32(b, column[HORIZON], one->horizons[k]);
  if (o->status == FM_SPELL_UNKNOWN)
    fm__builder_null(b, column[STATUS]);
  else
    fm__builder_bool(b, column[STATUS], o->status == FM_SPELL_YES);
  fm__builder_bool(b, column[IN_RATE], o->in_rate == 1);
  put_text(b, column[REASON], fm_spell_reason_name(o->reason));
  if (column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(b, column[WEIGHT], 1.0);
}

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, const batch *batches, size_t n)
{
  size_t not_asked = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t unit = 0; unit < batches[i].n_units; unit++)
      for (size_t k = 0; k < batches[i].n_horizons; k++) {
        bool asked = batches[i].outcomes[k * batches[i].n_units + unit].reason != FM_SPELL_NOT_ASKED;
        not_asked += !asked;
        if (asked)
          put_row(f, b, column, &batches[i], unit, k);
      }
  fm__frame_left_out(f, "rows_not_asked", not_asked);
}

fm_status fm__frame_definitions(fm__frame *f, fm_error *err)
{
  fm__rules rules = {0};
  batch *batches = NULL;
  fm__builder *b = NULL;
  size_t column[N_COLUMNS], rows = 0;
  fm_status status = fm__rules_check_spec(f->spec, err);
  if (status == FM_OK)
    status = fm__rules_read(&rules, f, f->spec->definitions, err);
  if (status == FM_OK) {
    batches = fm__array(rules.n, sizeof *batches);
    status = batches == NULL ? fm__no_memory(err) : FM_OK;
  }
  for (size_t i = 0; status == FM_OK && i < rules.n; i++) {
    batches[i].d = &rules.items[i];
    status = ask(&batches[i], f, err);
    rows += batches[i].n_units * batches[i].n_horizons;
  }
  if (status == FM_OK && rows >= FM__NO_ROW)
    status = fm__fail(err, FM_ERR_LIMIT, "units times horizons are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = begin(&b, f, column, err);
  if (status == FM_OK) {
    put_all(f, b, column, batches, rules.n);
    fm__rules_note(f, &rules);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  for (size_t i = 0; batches != NULL && i < rules.n; i++) {
    fm__free(batches[i].units);
    fm__free(batches[i].outcomes);
  }
  fm__free(batches);
  fm__rules_release(&rules);
  return status;
}
