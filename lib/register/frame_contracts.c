/* One row a contract. */
#include "register/frame_priv.h"

fm_status fm__frame_contracts(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__CONTRACTS, FM__N_TABLES};
  size_t column, n = f->r->part[FM__CONTRACTS].n_rows;
  fm__builder *b = NULL;
  fm_status status = fm__frame_require(f, FM__CONTRACTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "contracts", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "days", FM_I32, &column, err);
  for (size_t i = 0; status == FM_OK && i < n; i++) {
    fm__days days = fm__register_days(f->r, FM__CONTRACTS, i);
    f->rows[FM__CONTRACTS][f->n] = (uint32_t)i;
    f->day[f->n++] = days.first;
    fm__builder_i32(b, column, days.end - days.first);
  }
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  return fm__builder_finish(b, &f->core, err);
}
