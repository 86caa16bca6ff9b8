/* The functions of measures whose state begins with its rows. */
#include "tally/rows_state_priv.h"

static fm__rows *rows_of(const void *state)
{
  return *(fm__rows *const *)state;
}

fm_status fm__rows_keep(fm__rows **out, const fm__rows_kind *kind, const fm__rows_number *numbers, size_t n_numbers,
                        const char *const *ids, size_t n_ids, fm_error *err)
{
  fm_status status = fm__rows_create(out, numbers, n_numbers, ids, n_ids, err);
  if (status == FM_OK)
    (*out)->kind = kind;
  return status;
}

/* ---- one row ---- */

static fm_status take(void *state, double *numbers, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__rows_kind *kind = rows_of(state)->kind;
  size_t at = 0;
  *keep = kind->fill == NULL || kind->fill(state, numbers);
  if (!*keep)
    return FM_OK;
  const char *expected = kind->wrong(state, numbers, &at);
  if (expected != NULL)
    return fm__rows_bad(place, at, expected, err);
  if (kind->id_expected != NULL && fm__rows_lacks_id(place, kind->id))
    return fm__rows_bad_id(place, kind->id, kind->id_expected, err);
  return FM_OK;
}

static bool fits(const void *state, const double *numbers)
{
  size_t at = 0;
  return rows_of(state)->kind->wrong(state, numbers, &at) == NULL;
}

/* ---- the functions ---- */

fm_status fm__kept_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm__rows *rows = rows_of(state);
  const fm__rows_kind *kind = rows->kind;
  (void)run;
  fm_status status = kind->check != NULL ? kind->check(state, frame, err) : FM_OK;
  return status == FM_OK ? fm__rows_add(rows, frame, kind->take != NULL ? kind->take : take, state, err) : status;
}

fm_status fm__kept_merge(void *state, const void *other, fm_error *err)
{
  return fm__rows_merge(rows_of(state), rows_of(other), err);
}

fm_status fm__kept_save(void *state, fm__bytes *b, fm_error *err)
{
  return fm__rows_save(rows_of(state), b, err);
}

fm_status fm__kept_load(void *state, fm__reader *r, fm_error *err)
{
  fm__rows *rows = rows_of(state);
  return fm__rows_load(rows, r, rows->kind->fits != NULL ? rows->kind->fits : fits, state, rows->kind->measure, err);
}

bool fm__kept_is_empty(const void *state)
{
  return fm__rows_is_empty(rows_of(state));
}

void fm__kept_destroy(void *state)
{
  if (state != NULL)
    fm__rows_destroy(rows_of(state));
  fm__free(state);
}
