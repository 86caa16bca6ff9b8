/* One row an answer to a questionnaire, with the day on which the person's first job began. */
#include "register/frame_priv.h"

typedef struct answers {
  int32_t *job; /* first day of each person's first placement that is work; FM_NO_DATE: none */
  size_t date, instrument;
  size_t later, unknown; /* left out */
} answers;

static fm_status find_jobs(const fm__frame *f, int32_t **out, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  size_t n = f->r->part[FM__PERSONS].n_rows;
  *out = fm__array(n, sizeof **out);
  if (*out == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    (*out)[i] = FM_NO_DATE;
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++) {
    int32_t start = fm__register_days(f->r, FM__PLACEMENTS, i).first;
    if (p->person[i] == FM__NO_ROW || start >= f->as_of || !fm__placement_is_work(f->r, i))
      continue;
    int32_t *first = &(*out)[p->person[i]];
    *first = *first == FM_NO_DATE || start < *first ? start : *first;
  }
  return FM_OK;
}

static void put_answer(fm__frame *f, answers *x, fm__builder *b, size_t row, size_t column)
{
  uint32_t person = f->r->part[FM__PROGRESS].person[row];
  int32_t day = fm__date_at(f->r->part[FM__PROGRESS].table, x->date, row);
  int64_t entry = fm__register_entry(f->r, FM__PROGRESS, x->instrument, row, day, NULL);
  x->later += day >= f->as_of;
  x->unknown += day < f->as_of && entry < 0;
  if (day >= f->as_of || entry < 0 || person == FM__NO_ROW)
    return;
  f->rows[FM__PROGRESS][f->n] = (uint32_t)row;
  f->rows[FM__PERSONS][f->n] = person;
  f->day[f->n++] = day;
  if (x->job[person] == FM_NO_DATE)
    fm__builder_null(b, column);
  else
    fm__builder_i32(b, column, x->job[person]);
}

fm_status fm__frame_progress(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__PROGRESS, FM__PERSONS, FM__N_TABLES};
  const fm__part *p = &f->r->part[FM__PROGRESS];
  fm__builder *b = NULL;
  size_t column;
  answers x = {.job = NULL};
  fm_status status = fm__frame_require(f, FM__PROGRESS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = find_jobs(f, &x.job, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, p->n_rows, tables, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "progress", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "job_start", FM_DATE, &column, err);
  if (status == FM_OK) {
    x.date = fm__register_column(f->r, FM__PROGRESS, "date");
    x.instrument = fm__register_column(f->r, FM__PROGRESS, "instrument");
  }
  for (size_t i = 0; status == FM_OK && p->person != NULL && i < p->n_rows; i++)
    put_answer(f, &x, b, i, column);
  fm__free(x.job);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  fm__frame_left_out(f, "rows_after_as_of", x.later);
  fm__frame_left_out(f, "rows_of_unknown_instruments", x.unknown);
  return fm__builder_finish(b, &f->core, err);
}
