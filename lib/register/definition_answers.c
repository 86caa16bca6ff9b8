/* What definitions say of everybody they follow, at every horizon. */
#include "register/definition_priv.h"

static fm_status ask(fm__answer *a, fm__frame *f, fm_error *err)
{
  fm__classes classes = {0};
  fm_spell_unit *units = NULL;
  size_t n = 0;
  fm_status status = fm_spell_definition_horizons(a->horizons, &a->n_horizons, a->d, err);
  if (status == FM_OK)
    status = fm__classes_make(&classes, f, a->d, err);
  if (status == FM_OK)
    status = fm__index_units(&a->units, &a->n_units, f, &classes, err);
  if (status == FM_OK && (!fm__multiply(a->n_units, a->n_horizons, &n) || n >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "units times horizons are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK) {
    units = fm__array(a->n_units, sizeof *units);
    a->outcomes = fm__array(n, sizeof *a->outcomes);
    status = units == NULL || a->outcomes == NULL ? fm__no_memory(err) : FM_OK;
  }
  for (size_t i = 0; status == FM_OK && i < a->n_units; i++)
    units[i] = a->units[i].unit;
  for (size_t k = 0; status == FM_OK && k < a->n_horizons; k++) {
    fm__subrun part;
    const fm_run *run = fm__run_within(&part, f->run, 0, 0.5);
    status = fm_spell_outcomes(a->outcomes + k * a->n_units, a->d, a->horizons[k], classes.none, units, a->n_units,
                               classes.states, classes.n_states, run, err);
  }
  fm__classes_release(&classes);
  fm__free(units);
  return status;
}

void fm__answers_release(fm__answers *a)
{
  for (size_t i = 0; i < a->n; i++) {
    fm__free(a->items[i].units);
    fm__free(a->items[i].outcomes);
  }
  fm__free(a->items);
  *a = (fm__answers){0};
}

fm_status fm__answers_make(fm__answers *a, fm__frame *f, const fm__rules *rules, fm_error *err)
{
  size_t rows = 0;
  a->items = fm__array(rules->n, sizeof *a->items);
  if (a->items == NULL)
    return fm__no_memory(err);
  fm_status status = FM_OK;
  for (; status == FM_OK && a->n < rules->n; a->n++) {
    fm__answer *one = &a->items[a->n];
    one->d = &rules->items[a->n];
    status = ask(one, f, err);
    rows += one->n_units * one->n_horizons;
  }
  if (status == FM_OK && rows >= FM__NO_ROW)
    status = fm__fail(err, FM_ERR_LIMIT, "units times horizons are more than %u rows", FM__NO_ROW - 1);
  return status == FM_OK ? fm__frame_reserve(f, rows, fm__frame_placement_tables, err) : status;
}
