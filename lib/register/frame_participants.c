/* One row a row of participants: applied, and what was decided. */
#include "register/frame_priv.h"

enum { APPLIED, DECISION, GIVEN, N_COLUMNS };

/* A row none of whose days has come is not known yet. */
static bool is_later(const fm__frame *f, size_t row)
{
  static const char *const days[] = {"applied_on", "referred_on", "invited_on", "first_contact_on", "joined_on"};
  bool later = false;
  for (size_t k = 0; k < FM__COUNT(days); k++) {
    size_t column = fm__register_column(f->r, FM__PARTICIPANTS, days[k]);
    int32_t day = column == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(f->r->part[FM__PARTICIPANTS].table, column, row);
    if (day != FM_NO_DATE && day < f->as_of)
      return false;
    later |= day != FM_NO_DATE;
  }
  return later;
}

static void fill(fm__frame *f, fm__builder *b, const size_t *column)
{
  const fm__part *p = &f->r->part[FM__PARTICIPANTS];
  size_t decision = fm__register_column(f->r, FM__PARTICIPANTS, "decision"), later = 0;
  size_t applied = fm__register_column(f->r, FM__PARTICIPANTS, "applied_on");
  for (size_t i = 0; i < p->n_rows; i++) {
    if (is_later(f, i)) {
      later++;
      continue;
    }
    int32_t day = applied == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(p->table, applied, i);
    size_t length = 0;
    bool decided = decision != FM__NO_COLUMN && !fm_table_is_null(p->table, decision, i);
    f->rows[FM__PARTICIPANTS][f->n] = (uint32_t)i;
    f->rows[FM__PERSONS][f->n] = p->person[i];
    f->rows[FM__INITIATIVES][f->n] = p->initiative[i];
    f->day[f->n++] = day != FM_NO_DATE && day < f->as_of ? day : f->as_of - 1;
    fm__builder_bool(b, column[APPLIED], day != FM_NO_DATE && day < f->as_of);
    const char *text = decided ? fm_table_text(p->table, decision, i, &length) : NULL;
    fm__builder_text(b, column[DECISION], text, length);
    fm__builder_bool(b, column[GIVEN], decision != FM__NO_COLUMN);
  }
  fm__frame_left_out(f, "rows_after_as_of", later);
}

fm_status fm__frame_participants(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[] = {
      {"applied", FM_BOOL, 0}, {"decision", FM_CODE, 0}, {"decisions_given", FM_BOOL, 0}};
  static const int tables[] = {FM__PARTICIPANTS, FM__PERSONS, FM__INITIATIVES, FM__N_TABLES};
  size_t column[N_COLUMNS];
  fm__builder *b = NULL;
  fm_status status = fm__frame_require(f, FM__PARTICIPANTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PARTICIPANTS].n_rows, tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&b, column, f, own, N_COLUMNS, err);
  if (status == FM_OK)
    fill(f, b, column);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  return fm__builder_finish(b, &f->core, err);
}
