/* One row a person, and one a support that began before as-of: reach and dose. */
#include "register/frame_priv.h"

enum { SUPPORT, DAYS, HOURS, COST, N_COLUMNS };

typedef struct supports {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_COLUMNS];
  uint32_t *first, *rows; /* supports of each person */
} supports;

/* Of a support without end the days so far. */
static int32_t days_of(const fm__frame *f, size_t row)
{
  fm__days days = fm__register_days(f->r, FM__SUPPORTS, row);
  return (days.end < f->as_of ? days.end : f->as_of) - days.first;
}

static void put_number(supports *x, size_t k, const char *name, size_t row)
{
  size_t column = fm__register_column(x->f->r, FM__SUPPORTS, name);
  const fm_table *t = x->f->r->part[FM__SUPPORTS].table;
  if (column == FM__NO_COLUMN || row == FM__NO_ROW || fm_table_is_null(t, column, row))
    fm__builder_null(x->b, x->column[k]);
  else
    fm__builder_f64(x->b, x->column[k], fm_table_f64(t, column)[row]);
}

static void put_row(supports *x, size_t person, size_t row)
{
  fm__frame *f = x->f;
  f->rows[FM__PERSONS][f->n] = (uint32_t)person;
  f->rows[FM__SUPPORTS][f->n] = (uint32_t)row;
  f->day[f->n++] = f->as_of - 1;
  size_t length = 0;
  const char *kind = NULL;
  if (row != FM__NO_ROW)
    kind = fm_table_text(f->r->part[FM__SUPPORTS].table, fm__register_column(f->r, FM__SUPPORTS, "kind"), row, &length);
  fm__builder_text(x->b, x->column[SUPPORT], kind, length);
  if (row == FM__NO_ROW)
    fm__builder_null(x->b, x->column[DAYS]);
  else
    fm__builder_i32(x->b, x->column[DAYS], days_of(f, row));
  put_number(x, HOURS, "hours", row);
  put_number(x, COST, "cost", row);
}

static void put_all(supports *x)
{
  fm__frame *f = x->f;
  size_t later = 0, unseen = 0;
  for (size_t p = 0; p < f->r->part[FM__PERSONS].n_rows; p++) {
    if (fm__register_days(f->r, FM__PERSONS, p).first >= f->as_of) {
      unseen += 1 + x->first[p + 1] - x->first[p];
      continue;
    }
    put_row(x, p, FM__NO_ROW);
    for (uint32_t k = x->first[p]; k < x->first[p + 1]; k++) {
      if (fm__register_days(f->r, FM__SUPPORTS, x->rows[k]).first < f->as_of)
        put_row(x, p, x->rows[k]);
      else
        later++;
    }
  }
  fm__frame_left_out(f, "rows_not_observed", unseen);
  fm__frame_left_out(f, "rows_after_as_of", later);
}

fm_status fm__frame_supports(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[N_COLUMNS] = {
      {"support", FM_CODE, 0}, {"days", FM_I32, 0}, {"hours", FM_F64, 0}, {"cost", FM_F64, 0}};
  static const int tables[] = {FM__PERSONS, FM__SUPPORTS, FM__N_TABLES};
  supports x = {.f = f};
  fm_status status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__SUPPORTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first, &x.rows, f->r, FM__SUPPORTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PERSONS].n_rows + f->r->part[FM__SUPPORTS].n_rows, tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&x.b, x.column, f, own, N_COLUMNS, err);
  if (status == FM_OK) {
    put_all(&x);
    status = fm__builder_finish(x.b, &f->core, err);
  } else {
    fm__builder_destroy(x.b);
  }
  fm__free(x.first);
  fm__free(x.rows);
  return status;
}
