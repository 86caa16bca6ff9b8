/* One row a spell on a benefit that began before as-of, with the amount of each week: what economy.reimbursement splits
 * between state and municipality. Work without a subsidy and self-support are no rows: they are what a counter is reset
 * by. */
#include <string.h>

#include "register/frame_priv.h"

enum { START, END, AMOUNT, COUNTS, GRANTED, BEFORE, N_OWN };
static const fm__frame_column own[N_OWN] = {{"start", FM_DATE, 0},   {"end", FM_DATE, 0},
                                            {"amount", FM_F64, 0},   {"counts", FM_BOOL, 0},
                                            {"granted", FM_DATE, 0}, {"weeks_before", FM_I64, 0}};
static const fm__frame_column columns[] = {
    {"person_id", FM_CODE, 0}, {"state", FM_CODE, 0},  {"start", FM_DATE, 0},   {"end", FM_DATE, 0},
    {"amount", FM_F64, 0},     {"counts", FM_BOOL, 0}, {"granted", FM_DATE, 0}, {"weeks_before", FM_I64, 0}};

typedef struct benefits {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_OWN];
  size_t amount, granted, before; /* columns of the register; the last two may be FM__NO_COLUMN */
  size_t later, supported;        /* left out */
} benefits;

/* Self-support, or work without a subsidy, by the list of states. A word no list knows is some benefit. */
static bool is_self_support(const fm_codes *codes, int64_t entry)
{
  return entry >= 0 && (fm_codes_is_yes(codes, entry, "resets_duration") ||
                        (fm_codes_is_yes(codes, entry, "work") && !fm_codes_is_yes(codes, entry, "subsidised")));
}

static void put_number(benefits *x, size_t k, const fm_table *t, size_t column, size_t row)
{
  if (column == FM__NO_COLUMN || fm_table_is_null(t, column, row))
    fm__builder_null(x->b, x->column[k]);
  else if (fm_table_column_type(t, column) == FM_I64)
    fm__builder_i64(x->b, x->column[k], fm_table_i64(t, column)[row]);
  else
    fm__builder_f64(x->b, x->column[k], fm_table_f64(t, column)[row]);
}

static void put_date(benefits *x, size_t k, int32_t day)
{
  if (day == FM_NO_DATE)
    fm__builder_null(x->b, x->column[k]);
  else
    fm__builder_i32(x->b, x->column[k], day);
}

static void put_spell(benefits *x, size_t row)
{
  fm__frame *f = x->f;
  const fm_register *r = f->r;
  const fm__part *p = &r->part[FM__SPELLS];
  const fm_codes *codes = NULL;
  fm__days days = fm__register_days(r, FM__SPELLS, row);
  int32_t seen = fm__frame_observed(f, p->person[row]).end;
  int64_t entry = fm__register_entry(r, FM__SPELLS, p->code_column, row, days.first, &codes);
  bool later = days.first >= seen, supported = !later && is_self_support(codes, entry);
  x->later += later;
  x->supported += supported;
  if (later || supported)
    return;
  f->rows[FM__SPELLS][f->n] = (uint32_t)row;
  f->rows[FM__PERSONS][f->n] = p->person[row];
  f->day[f->n++] = days.first;
  put_date(x, START, days.first);
  put_date(x, END, (days.end < seen ? days.end : seen) - 1);
  put_number(x, AMOUNT, p->table, x->amount, row);
  fm__builder_bool(x->b, x->column[COUNTS], entry < 0 || fm_codes_is_yes(codes, entry, "counts_toward_duration"));
  put_date(x, GRANTED, fm__date_at(p->table, x->granted, row));
  put_number(x, BEFORE, r->part[FM__PERSONS].table, x->before, p->person[row]);
}

static fm_status put_all(benefits *x, fm_error *err)
{
  const fm__part *p = &x->f->r->part[FM__SPELLS];
  for (size_t i = 0; p->person != NULL && i < p->n_rows; i++)
    if (p->person[i] != FM__NO_ROW)
      put_spell(x, i);
  fm__frame_left_out(x->f, "rows_after_as_of", x->later);
  fm__frame_left_out(x->f, "rows_of_self_support", x->supported);
  fm__builder *b = x->b;
  x->b = NULL;
  return fm__builder_finish(b, &x->f->core, err);
}

static fm_status make(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__SPELLS, FM__PERSONS, FM__N_TABLES};
  benefits x = {.f = f};
  fm_status status = fm__frame_require(f, FM__PERSONS, err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__SPELLS, err);
  if (status == FM_OK)
    status = fm__frame_require_column(&x.amount, f, FM__SPELLS, "weekly_amount", err);
  x.granted = fm__register_column(f->r, FM__SPELLS, "granted");
  x.before = fm__register_column(f->r, FM__PERSONS, "weeks_before");
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__SPELLS].n_rows, tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&x.b, x.column, f, own, N_OWN, err);
  if (status == FM_OK)
    status = put_all(&x, err);
  fm__builder_destroy(x.b);
  return status;
}

const fm__frame_kind fm__frame_kind_reimbursement = {
    "reimbursement", make, columns, FM__COUNT(columns), {FM__SPELLS, FM__PERSONS, FM__N_TABLES}, true, false};
