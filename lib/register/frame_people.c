/* One row a person: has a job begun? */
#include "register/frame_priv.h"

/* Creates began[person]: a placement of a kind that is work started before as-of. */
static fm_status mark_began(const fm__frame *f, uint8_t **out, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  *out = fm__array(f->r->part[FM__PERSONS].n_rows, 1);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++)
    if (p->person[i] != FM__NO_ROW && fm__register_days(f->r, FM__PLACEMENTS, i).first < f->as_of &&
        fm__placement_is_work(f->r, i))
      (*out)[p->person[i]] = 1;
  return FM_OK;
}

fm_status fm__frame_people(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__N_TABLES};
  uint8_t *began = NULL;
  fm__builder *b = NULL;
  size_t column, n = f->r->part[FM__PERSONS].n_rows, unseen = 0;
  fm_status status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  if (status == FM_OK)
    status = mark_began(f, &began, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "people", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "began", FM_BOOL, &column, err);
  for (size_t i = 0; status == FM_OK && i < n; i++) {
    if (fm__register_days(f->r, FM__PERSONS, i).first >= f->as_of) {
      unseen++;
      continue;
    }
    f->rows[FM__PERSONS][f->n] = (uint32_t)i;
    f->day[f->n++] = f->as_of - 1;
    fm__builder_bool(b, column, began[i] != 0);
  }
  fm__free(began);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  fm__frame_left_out(f, "rows_not_observed", unseen);
  return fm__builder_finish(b, &f->core, err);
}
