/* One row a referral: days until the next start of work. */
#include <string.h>

#include "register/frame_priv.h"

enum { ENTRY, TIME, EVENT, CAUSE, WEIGHT, N_COLUMNS };

typedef struct referrals {
  uint32_t *first, *rows; /* placements of each person, by first day */
  size_t later, undated, unseen;
} referrals;

typedef struct record {
  int32_t entry, time;
  size_t placement; /* SIZE_MAX: none yet */
} record;

/* The next start on or after the day of referral; false when nothing of it is observed. */
static bool follow(record *out, const fm__frame *f, const referrals *x, size_t person, int32_t day)
{
  fm__days seen = fm__frame_observed(f, person);
  if (day >= seen.end)
    return false;
  *out = (record){seen.first > day ? seen.first - day : 0, seen.end - 1 - day, SIZE_MAX};
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    int32_t start = fm__register_days(f->r, FM__PLACEMENTS, x->rows[k]).first;
    if (start < day || !fm__placement_is_work(f->r, x->rows[k]))
      continue;
    if (start >= seen.end)
      break;
    if (out->placement != SIZE_MAX &&
        (start - day > out->time || fm__placement_before(f->r, out->placement, x->rows[k])))
      continue;
    out->time = start - day;
    out->placement = x->rows[k];
  }
  return out->entry == 0 || out->time > out->entry;
}

static void put_unit(fm__frame *f, size_t row, int32_t day, size_t placement)
{
  const fm__part *p = &f->r->part[FM__PARTICIPANTS], *q = &f->r->part[FM__PLACEMENTS];
  f->rows[FM__PLACEMENTS][f->n] = placement == SIZE_MAX ? FM__NO_ROW : (uint32_t)placement;
  f->rows[FM__EMPLOYERS][f->n] = placement == SIZE_MAX || q->employer == NULL ? FM__NO_ROW : q->employer[placement];
  f->rows[FM__PERSONS][f->n] = p->person[row];
  f->rows[FM__INITIATIVES][f->n] = p->initiative == NULL ? FM__NO_ROW : p->initiative[row];
  f->day[f->n++] = day;
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const record *one)
{
  const fm__part *q = &f->r->part[FM__PLACEMENTS];
  bool started = one->placement != SIZE_MAX;
  fm__builder_i32(b, column[ENTRY], one->entry);
  fm__builder_i32(b, column[TIME], one->time);
  fm__builder_bool(b, column[EVENT], started);
  size_t length = 0;
  const char *kind = started ? fm_table_text(q->table, q->code_column, one->placement, &length) : NULL;
  fm__builder_text(b, column[CAUSE], kind, length);
  if (column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(b, column[WEIGHT], 1.0);
}

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, referrals *x)
{
  const fm__part *p = &f->r->part[FM__PARTICIPANTS];
  size_t referred = fm__register_column(f->r, FM__PARTICIPANTS, "referred_on");
  for (size_t i = 0; i < p->n_rows; i++) {
    int32_t day = referred == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(p->table, referred, i);
    record one;
    if (day == FM_NO_DATE || p->person == NULL || p->person[i] == FM__NO_ROW) {
      x->undated++;
    } else if (day >= f->as_of) {
      x->later++;
    } else if (!follow(&one, f, x, p->person[i], day)) {
      x->unseen++;
    } else {
      put_unit(f, i, day, one.placement);
      put_row(f, b, column, &one);
    }
  }
  fm__frame_left_out(f, "rows_not_referred", x->undated);
  fm__frame_left_out(f, "rows_after_as_of", x->later);
  fm__frame_left_out(f, "rows_not_observed", x->unseen);
  fm__frame_set_note(f, "definition", "referral_to_start");
  fm__frame_set_note(f, "index", "referral");
}

fm_status fm__frame_referral(fm__frame *f, fm_error *err)
{
  size_t column[N_COLUMNS];
  referrals x = {0};
  fm__builder *b = NULL;
  fm_status status = fm__frame_require(f, FM__PARTICIPANTS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first, &x.rows, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PARTICIPANTS].n_rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK) {
    put_all(f, b, column, &x);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(x.first);
  fm__free(x.rows);
  return status;
}
