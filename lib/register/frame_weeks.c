/* One row a unit, definition and horizon: in how many weeks in work. */
#include <string.h>

#include "register/definition_priv.h"

enum { DEFINITION, HORIZON, GOOD, SEEN, IN_RATE, REASON, WEIGHT, N_COLUMNS };

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

/* ---- rows ---- */

/* All weeks are seen, or why not. With one week needed an answer is also there when some are not. */
static const char *reason_of(const fm_spell_outcome *o, bool complete)
{
  if (complete)
    return "observed";
  int32_t reason = o->status == FM_SPELL_UNKNOWN ? o->reason : FM_SPELL_NOT_YET;
  return fm_spell_reason_name(reason);
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const fm__answer *one, size_t unit, size_t k)
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

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, const fm__answers *a)
{
  for (const fm__answer *one = a->items; one < a->items + a->n; one++)
    for (size_t unit = 0; unit < one->n_units; unit++)
      for (size_t k = 0; k < one->n_horizons; k++)
        put_row(f, b, column, one, unit, k);
}

fm_status fm__frame_weeks(fm__frame *f, fm_error *err)
{
  const fm_frame_spec *given = f->spec;
  fm_frame_spec plain = *given; /* definitions are read as they are: their horizons are by clocks of their own */
  fm__rules rules = {0};
  fm__answers answers = {0};
  fm__builder *b = NULL;
  size_t column[N_COLUMNS];
  fm_status status = fm__rules_check_spec(given, err);
  if (status != FM_OK)
    return status;
  plain.horizons = NULL;
  f->spec = &plain;
  status = fm__rules_read(&rules, f, given->definitions != NULL ? given->definitions : "strict", err);
  f->spec = given;
  for (size_t i = 0; status == FM_OK && i < rules.n; i++)
    status = by_weeks(&rules.items[i], given->horizons, err);
  if (status == FM_OK)
    status = fm__answers_make(&answers, f, &rules, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK) {
    put_all(f, b, column, &answers);
    fm__frame_set_note(f, "index", given->index == NULL ? "placement" : given->index);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__answers_release(&answers);
  fm__rules_release(&rules);
  return status;
}
