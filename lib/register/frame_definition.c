/* One row a unit, definition and horizon: several definitions of lasting work side by side. */
#include <string.h>

#include "register/definition_priv.h"

enum { DEFINITION, CLOCK, HORIZON, STATUS, IN_RATE, REASON, WEIGHT, N_COLUMNS };

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

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const fm__answer *one, size_t unit, size_t k)
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

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, const fm__answers *a)
{
  size_t not_asked = 0;
  for (const fm__answer *one = a->items; one < a->items + a->n; one++)
    for (size_t unit = 0; unit < one->n_units; unit++)
      for (size_t k = 0; k < one->n_horizons; k++) {
        bool asked = one->outcomes[k * one->n_units + unit].reason != FM_SPELL_NOT_ASKED;
        not_asked += !asked;
        if (asked)
          put_row(f, b, column, one, unit, k);
      }
  fm__frame_left_out(f, "rows_not_asked", not_asked);
}

fm_status fm__frame_definitions(fm__frame *f, fm_error *err)
{
  fm__rules rules = {0};
  fm__answers answers = {0};
  fm__builder *b = NULL;
  size_t column[N_COLUMNS];
  fm_status status = fm__rules_check_spec(f->spec, err);
  if (status == FM_OK)
    status = fm__rules_read(&rules, f, f->spec->definitions, err);
  if (status == FM_OK)
    status = fm__answers_make(&answers, f, &rules, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK) {
    put_all(f, b, column, &answers);
    fm__rules_note(f, &rules);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__answers_release(&answers);
  fm__rules_release(&rules);
  return status;
}
