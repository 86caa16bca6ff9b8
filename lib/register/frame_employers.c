/* One row a start, and one an employer without any. */
#include "register/frame_priv.h"

static const fm__frame_column columns[] = {{"employer_id", FM_CODE, 0},
                                           {"person_id", FM_CODE, 0},
                                           {"start", FM_DATE, 0},
                                           {"employer_since", FM_DATE, 0},
                                           {"sector", FM_CODE, 0},
                                           {"size_class", FM_CODE, 0},
                                           {"sme", FM_BOOL, 0},
                                           {"headcount", FM_I64, 0},
                                           {"social_enterprise", FM_BOOL, 0},
                                           {"target_group_staff", FM_I64, 0}};

typedef struct employers {
  uint8_t *kinds; /* of each entry of the list: is it one of those asked for? */
  int32_t *since; /* first start of each employer that placements name; INT32_MAX: none yet */
  uint8_t *hires; /* of each row of employers */
  size_t other, later;
} employers;

static bool takes(const fm__frame *f, const employers *x, size_t i)
{
  return fm__placement_asked(f->r, x->kinds, i) >= 0 && fm__register_days(f->r, FM__PLACEMENTS, i).first < f->as_of;
}

static fm_status prepare(employers *x, fm__frame *f, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status =
        fm__frame_match(&x->kinds, f, "placement_kind", f->spec->states != NULL ? f->spec->states : "work=yes", err);
  if (status != FM_OK)
    return status;
  size_t column = fm__register_column(f->r, FM__PLACEMENTS, "employer_id");
  size_t n = column != FM__NO_COLUMN ? fm_table_n_texts(p->table, column) : 0;
  x->since = fm__array(n, sizeof *x->since);
  x->hires = fm__array(f->r->part[FM__EMPLOYERS].n_rows, 1);
  if (x->since == NULL || x->hires == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++)
    x->since[k] = INT32_MAX;
  for (size_t i = 0; i < p->n_rows; i++) {
    int32_t employer = fm__placement_employer(f->r, i), first = fm__register_days(f->r, FM__PLACEMENTS, i).first;
    if (!takes(f, x, i))
      continue;
    if (employer >= 0 && first < x->since[employer])
      x->since[employer] = first;
    if (p->employer != NULL && p->employer[i] != FM__NO_ROW)
      x->hires[p->employer[i]] = 1;
  }
  return FM_OK;
}

static void put_all(fm__frame *f, fm__builder *b, size_t since, employers *x)
{
  for (size_t i = 0; i < f->r->part[FM__PLACEMENTS].n_rows; i++) {
    int32_t employer = fm__placement_employer(f->r, i);
    bool asked = fm__placement_asked(f->r, x->kinds, i) >= 0;
    x->other += !asked;
    x->later += asked && !takes(f, x, i);
    if (!takes(f, x, i))
      continue;
    fm__frame_put_placement(f, i);
    if (employer >= 0)
      fm__builder_i32(b, since, x->since[employer]);
    else
      fm__builder_null(b, since);
  }
  for (size_t i = 0; i < f->r->part[FM__EMPLOYERS].n_rows; i++) {
    if (x->hires[i] != 0)
      continue;
    f->rows[FM__PLACEMENTS][f->n] = f->rows[FM__PERSONS][f->n] = f->rows[FM__INITIATIVES][f->n] = FM__NO_ROW;
    f->rows[FM__EMPLOYERS][f->n] = (uint32_t)i;
    f->day[f->n++] = f->as_of - 1;
    fm__builder_null(b, since);
  }
  fm__frame_left_out(f, "rows_of_other_kinds", x->other);
  fm__frame_left_out(f, "rows_after_as_of", x->later);
}

static fm_status make(fm__frame *f, fm_error *err)
{
  employers x = {0};
  fm__builder *b = NULL;
  size_t since = 0;
  fm_status status = prepare(&x, f, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PLACEMENTS].n_rows + f->r->part[FM__EMPLOYERS].n_rows,
                               fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__builder_create(&b, "employers", err);
  if (status == FM_OK)
    status = fm__builder_column(b, "employer_since", FM_DATE, &since, err);
  if (status == FM_OK) {
    put_all(f, b, since, &x);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(x.kinds);
  fm__free(x.since);
  fm__free(x.hires);
  return status;
}

const fm__frame_kind fm__frame_kind_employers = {
    "employers",
    make,
    columns,
    FM__COUNT(columns),
    {FM__EMPLOYERS, FM__PLACEMENTS, FM__PERSONS, FM__INITIATIVES, FM__N_TABLES},
    true,
    false};
