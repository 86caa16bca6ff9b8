/* One row an outcome of the programme's impact map. */
#include "register/frame_priv.h"

static const fm__frame_column columns[] = {
    {"outcome", FM_CODE, 0},   {"quantity", FM_F64, 0},     {"value", FM_F64, 0},
    {"deadweight", FM_F64, 0}, {"displacement", FM_F64, 0}, {"attribution", FM_F64, 0},
    {"drop_off", FM_F64, 0},   {"years", FM_I64, 0},        {"first_year", FM_I64, 0}};

static fm_status make(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__OUTCOMES, FM__N_TABLES};
  size_t n = f->r->part[FM__OUTCOMES].n_rows;
  fm_status status = fm__frame_require(f, FM__OUTCOMES, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  if (status == FM_OK)
    status = fm_table_create(&f->core, "outcomes", err);
  if (status != FM_OK)
    return status;
  for (size_t i = 0; i < n; i++) {
    f->rows[FM__OUTCOMES][f->n] = (uint32_t)i;
    f->day[f->n++] = FM_NO_DATE;
  }
  return fm_table_seal(f->core, err);
}

const fm__frame_kind fm__frame_kind_outcomes = {
    "outcomes", make, columns, FM__COUNT(columns), {FM__OUTCOMES, FM__N_TABLES}, false, false};
