/* One row a job and month of people who had a fleksjob on every day of the month: wage of that month by its days, from
 * all the person's jobs together. Nothing is filled in: months that a fleksjob or what is observed covers in part, and
 * months of a job without a wage, are left out and counted. */
#include <math.h>
#include <string.h>

#include "register/frame_priv.h"

#define WEEKS_A_MONTH (52 / 12.0) /* 37 hours a week are 1,924 a year */

enum { MONTH, WAGE, FULL, N_OWN };
static const fm__frame_column own[N_OWN] = {{"month", FM_DATE, 0}, {"wage", FM_F64, 0}, {"full_time_wage", FM_F64, 0}};
static const fm__frame_column columns[] = {{"placement_id", FM_CODE, 0},
                                           {"person_id", FM_CODE, 0},
                                           {"month", FM_DATE, 0},
                                           {"wage", FM_F64, 0},
                                           {"full_time_wage", FM_F64, 0}};

typedef struct months {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_OWN];
  size_t hours, wage, full;
  uint8_t *flex, *work; /* entries of the list of kinds */
  uint32_t *first, *job;
  size_t room;
  size_t part, without_wage; /* months of people left out */
} months;

static int32_t month_after(int32_t day)
{
  int32_t year, month;
  fm_date_to_ymd(day, &year, &month, NULL);
  return month == 12 ? fm_date_from_ymd(year + 1, 1, 1) : fm_date_from_ymd(year, month + 1, 1);
}

static int32_t month_of(int32_t day)
{
  int32_t year, month;
  fm_date_to_ymd(day, &year, &month, NULL);
  return fm_date_from_ymd(year, month, 1);
}

static double cell(const months *x, size_t column, size_t row)
{
  const fm_table *t = x->f->r->part[FM__PLACEMENTS].table;
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

/* The days of a placement within some others; first == end: none. */
static fm__days within(const fm_register *r, uint32_t row, fm__days some)
{
  fm__days d = fm__register_days(r, FM__PLACEMENTS, row);
  d.first = d.first > some.first ? d.first : some.first;
  d.end = d.end < some.end ? d.end : some.end;
  d.end = d.end > d.first ? d.end : d.first;
  return d;
}

/* Whether the person's fleksjobs, by first day, cover every day; *any: or at least one. */
static bool is_covered(const months *x, size_t person, fm__days month, bool *any)
{
  int32_t told = month.first;
  *any = false;
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    fm__days d = within(x->f->r, x->job[k], month);
    if (d.first == d.end || fm__placement_asked(x->f->r, x->flex, x->job[k]) < 0)
      continue;
    *any = true;
    told = d.first <= told && d.end > told ? d.end : told;
  }
  return told == month.end;
}

static fm_status put_row(months *x, uint32_t row, int32_t month, double wage, fm_error *err)
{
  fm__frame *f = x->f;
  if (f->n == x->room) {
    size_t room = x->room * 2;
    int32_t *day = fm__resize(f->day, room, sizeof *day);
    f->day = day != NULL ? day : f->day;
    bool ok = day != NULL;
    for (const int *t = fm__frame_placement_tables; ok && *t != FM__N_TABLES; t++) {
      uint32_t *rows = fm__resize(f->rows[*t], room, sizeof *rows);
      ok = rows != NULL;
      f->rows[*t] = ok ? rows : f->rows[*t];
    }
    if (!ok)
      return fm__no_memory(err);
    x->room = room;
  }
  fm__frame_put_placement(f, row);
  f->day[f->n - 1] = month;
  double full = cell(x, x->full, row);
  fm__builder_i32(x->b, x->column[MONTH], month);
  fm__builder_f64(x->b, x->column[WAGE], wage);
  if (isnan(full))
    fm__builder_null(x->b, x->column[FULL]);
  else
    fm__builder_f64(x->b, x->column[FULL], full);
  return FM_OK;
}

static double wage_of(const months *x, uint32_t row, fm__days month)
{
  fm__days d = within(x->f->r, row, month);
  return cell(x, x->wage, row) * cell(x, x->hours, row) * WEEKS_A_MONTH * (d.end - d.first) / (month.end - month.first);
}

static bool is_paid(const months *x, uint32_t row, fm__days month)
{
  fm__days d = within(x->f->r, row, month);
  return d.first < d.end && fm__placement_asked(x->f->r, x->work, row) >= 0;
}

static fm_status put_month(months *x, size_t person, fm__days month, fm_error *err)
{
  bool any, told = true, covered = is_covered(x, person, month, &any);
  for (uint32_t k = x->first[person]; k < x->first[person + 1] && covered; k++)
    told = told && (!is_paid(x, x->job[k], month) || !isnan(wage_of(x, x->job[k], month)));
  x->part += any && !covered;
  x->without_wage += !told;
  fm_status status = FM_OK;
  for (uint32_t k = x->first[person]; k < x->first[person + 1] && covered && told && status == FM_OK; k++)
    if (is_paid(x, x->job[k], month))
      status = put_row(x, x->job[k], month.first, wage_of(x, x->job[k], month), err);
  return status;
}

/* Months from the first to the last day that a fleksjob was observed on. */
static fm_status put_person(months *x, size_t person, fm_error *err)
{
  fm__days seen = fm__frame_observed(x->f, person), span = {INT32_MAX, INT32_MIN};
  fm_status status = FM_OK;
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    fm__days d = within(x->f->r, x->job[k], seen);
    if (d.first == d.end || fm__placement_asked(x->f->r, x->flex, x->job[k]) < 0)
      continue;
    span.first = d.first < span.first ? d.first : span.first;
    span.end = d.end > span.end ? d.end : span.end;
  }
  for (int32_t m = span.first < span.end ? month_of(span.first) : span.end; m < span.end && status == FM_OK;) {
    fm__days month = {m, month_after(m)};
    m = month.end;
    if (month.first >= seen.first && month.end <= seen.end)
      status = put_month(x, person, month, err);
    else
      x->part++;
  }
  return status;
}

static fm_status put_all(months *x, fm_error *err)
{
  fm__frame *f = x->f;
  fm_status status = FM_OK;
  for (size_t p = 0; p < f->r->part[FM__PERSONS].n_rows && status == FM_OK; p++)
    status = put_person(x, p, err);
  if (status != FM_OK)
    return status;
  fm__frame_left_out(f, "months_in_part", x->part);
  fm__frame_left_out(f, "months_without_wage", x->without_wage);
  fm__builder *b = x->b;
  x->b = NULL;
  return fm__builder_finish(b, &f->core, err);
}

static fm_status make(fm__frame *f, fm_error *err)
{
  months x = {.f = f, .room = f->r->part[FM__PLACEMENTS].n_rows + 1};
  const char *words = f->spec->states != NULL ? f->spec->states : "fleksjob";
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_require_column(&x.hours, f, FM__PLACEMENTS, "hours_per_week", err);
  if (status == FM_OK)
    status = fm__frame_require_column(&x.wage, f, FM__PLACEMENTS, "hourly_wage", err);
  x.full = fm__register_column(f->r, FM__PLACEMENTS, "full_time_wage");
  if (status == FM_OK)
    status = fm__frame_match(&x.flex, f, "placement_kind", words, err);
  if (status == FM_OK)
    status = fm__frame_match(&x.work, f, "placement_kind", "work=yes", err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first, &x.job, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, x.room, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&x.b, x.column, f, own, N_OWN, err);
  if (status == FM_OK)
    status = put_all(&x, err);
  fm__builder_destroy(x.b);
  fm__free(x.flex);
  fm__free(x.work);
  fm__free(x.first);
  fm__free(x.job);
  return status;
}

const fm__frame_kind fm__frame_kind_fleksloentilskud = {
    "fleksloentilskud",
    make,
    columns,
    FM__COUNT(columns),
    {FM__PLACEMENTS, FM__PERSONS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES},
    true,
    false};
