/* One row a placement that began before as-of. */
#include "register/frame_priv.h"

enum { WORK, END, RUNNING, N_COLUMNS };

/* What is not seen of the person, before or after the observed days, is not known to run. */
bool fm__frame_runs(const fm__frame *f, size_t unit, int32_t end)
{
  uint32_t person = f->rows[FM__PERSONS][unit];
  if (end < f->as_of || person == FM__NO_ROW)
    return end >= f->as_of;
  fm__days seen = fm__frame_observed(f, person);
  return seen.first < f->as_of && seen.end == f->as_of;
}

static void fill(fm__frame *f, fm__builder *b, const size_t *column)
{
  const fm_register *r = f->r;
  size_t later = 0, unseen = 0;
  for (size_t i = 0; i < r->part[FM__PLACEMENTS].n_rows; i++) {
    fm__days days = fm__register_days(r, FM__PLACEMENTS, i);
    if (days.first >= f->as_of) {
      later++;
      continue;
    }
    fm__frame_put_placement(f, i);
    bool running = fm__frame_runs(f, f->n - 1, days.end);
    unseen += days.end >= f->as_of && !running;
    fm__builder_bool(b, column[WORK], fm__placement_is_work(r, i));
    if (days.end > f->as_of)
      fm__builder_null(b, column[END]);
    else
      fm__builder_i32(b, column[END], days.end - 1);
    fm__builder_bool(b, column[RUNNING], running);
  }
  fm__frame_left_out(f, "rows_after_as_of", later);
  if (unseen > 0) {
    size_t kept = f->n_left_out; /* these rows stay */
    fm__frame_left_out(f, "running_not_observed", unseen);
    f->n_left_out = kept;
  }
}

fm_status fm__frame_placements(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[] = {{"work", FM_BOOL, 0}, {"end", FM_DATE, 0}, {"running", FM_BOOL, 0}};
  size_t column[N_COLUMNS];
  fm__builder *b = NULL;
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PLACEMENTS].n_rows, fm__frame_placement_tables, err);
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
