/* One row a unit, definition and horizon: in how many weeks in work. */
#include <string.h>

#include "register/definition_priv.h"

enum { MAX_HORIZONS = 64 };
enum { DEFINITION, HORIZON, GOOD, SEEN, IN_RATE, REASON, WEIGHT, N_COLUMNS };

/* What one definition gives. */
typedef struct batch {
  fm_spell_definition *d;
  fm__indexed *units;
  fm_spell_outcome *outcomes; /* horizon by horizon */
  size_t n_units, n_horizons;
  int32_t horizons[MAX_HORIZONS];
} batch;

/* The definition's states, asked in how many weeks. */
static fm_status by_weeks(fm_spell_definition *d, const char *horizons, fm_error *err)
{
  if (d->base > 0)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "definition %s asks only those in work in an earlier period, so it has no share of weeks", d->name);
  if (d->rule != FM_SPELL_K_OF_N)
    d->whole_periods = 0;
  d->rule = FM_SPELL_K_OF_N;
  d->any_episode = 0;
  d->clock = FM_SPELL_WEEKS;
  d->needed = 1;
  d->first_month = 0;
  d->horizons = horizons != NULL ? horizons : "13,26,52";
  return fm_spell_definition_check(d, err);
}

static fm_status ask(batch *b, fm__frame *f, fm_error *err)
{
  fm__classes classes = {0};
  fm_spell_unit *units = NULL;
  size_t n = 0;
  fm_status status = by_weeks(b->d, f->spec->horizons, err);
  if (status == FM_OK)
    status = fm_spell_definition_horizons(b->horizons, &b->n_horizons, b->d, err);
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

static fm_status begin(fm__builder **b, const fm__frame *f, size_t *column, fm_error *err)
{
  static const fm__frame_column own[N_COLUMNS] = {
      {"definition", FM_CODE, 0}, {"horizon", FM_I32, 0}, {"weeks_good", FM_I32, 0}, {"weeks_seen", FM_I32, 0},
      {"in_rate", FM_BOOL, 0},    {"reason", FM_CODE, 0}, {"weight", FM_F64, 0}};
  bool add_weight = fm__register_column(f->r, FM__PERSONS, "weight") == FM__NO_COLUMN;
  fm_status status = fm__builder_create(b, f->spec->kind, err);
  for (size_t k = 0; status == FM_OK && k < (add_weight ? N_COLUMNS : WEIGHT); k++)
    status = fm__builder_column(*b, own[k].name, own[k].type, &column[k], err);
  if (!add_weight)
    column[WEIGHT] = FM__NO_COLUMN;
  return status;
}

/* All weeks are seen, or why not. With one week needed an answer is also there when some are not. */
static const char *reason_of(const fm_spell_outcome *o, bool complete)
{
  if (complete)
    return "observed";
  int32_t reason = o->status == FM_SPELL_UNKNOWN ? o->reason : FM_SPELL_NOT_YET;
  return fm_spell_reason_name(reason);
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const batch *one, size_t unit, size_t k)
{
  const fm_spell_outcome *o = &one->outcomes[k * one->n_units + unit];
  bool complete = o->in_rate == 1 && o->n_yes + o->n_no == one->horizons[k];
  const char *reason = reason_of(o, complete);
  fm__frame_put_indexed(f, &one->units[unit]);
  fm__builder_text(b, column[DEFINITION], one->d->name, strlen(one->d->name));
  fm__builder_i32(b, column[HORIZON], one->horizons[k]);
  fm__builder_i32(b, column[GOOD], o->n_yes);
  fm__builder_i32(b, column[SEEN], o->n_yes + o->n_no);
  fm__builder_bool(b, column[IN_RATE], complete);
  fm__builder_text(b, column[REASON], reason, strlen(reason));
  if (column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(b, column[WEIGHT], 1.0);
}

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, const batch *batches, size_t n)
{
  for (size_t i = 0; i < n; i++)
    for (size_t unit = 0; unit < batches[i].n_units; unit++)
      for (size_t k = 0; k < batches[i].n_horizons; k++)
        put_row(f, b, column, &batches[i], unit, k);
}

/* Creates the answers of all definitions; *rows is how many there are. */
static fm_status ask_all(batch **out, size_t *rows, const fm__rules *rules, fm__frame *f, fm_error *err)
{
  batch *batches = fm__array(rules->n, sizeof *batches);
  fm_status status = batches == NULL ? fm__no_memory(err) : FM_OK;
  *rows = 0;
  for (size_t i = 0; status == FM_OK && i < rules->n; i++) {
    batches[i].d = &rules->items[i];
    status = ask(&batches[i], f, err);
    *rows += batches[i].n_units * batches[i].n_horizons;
  }
  if (status == FM_OK && *rows >= FM__NO_ROW)
    status = fm__fail(err, FM_ERR_LIMIT, "units times horizons are more than %u rows", FM__NO_ROW - 1);
  *out = batches;
  return status;
}

fm_status fm__frame_weeks(fm__frame *f, fm_error *err)
{
  const fm_frame_spec *given = f->spec;
  fm_frame_spec plain = *given; /* definitions are read as they are: their horizons are by clocks of their own */
  fm__rules rules = {0};
  batch *batches = NULL;
  fm__builder *b = NULL;
  size_t column[N_COLUMNS], rows = 0;
  fm_status status = fm__rules_check_spec(given, err);
  if (status != FM_OK)
    return status;
  plain.horizons = NULL;
  f->spec = &plain;
  status = fm__rules_read(&rules, f, given->definitions != NULL ? given->definitions : "strict", err);
  f->spec = given;
  if (status == FM_OK)
    status = ask_all(&batches, &rows, &rules, f, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = begin(&b, f, column, err);
  if (status == FM_OK) {
    put_all(f, b, column, batches, rules.n);
    fm__frame_set_note(f, "index", given->index == NULL ? "placement" : given->index);
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
