/* One row a small job and horizon: its hours, and those of the job some months later. */
#include <math.h>
#include <string.h>

#include "flexmetrics/spell_definition.h"
#include "register/frame_priv.h"

enum { MAX_HORIZONS = 64 };
enum { HORIZON, HOURS, LATER, IN_WORK, SAME, WEIGHT, N_COLUMNS };

typedef struct jobs {
  uint8_t *kinds;                 /* of each entry of the list: is it one of those asked for? */
  uint32_t *first[2], *rows[2];   /* placements and spells of each person, by first day */
  int32_t horizons[MAX_HORIZONS]; /* months */
  size_t n_horizons;
  size_t other, later, no_hours, more_hours; /* left out */
} jobs;

static double hours_at(const fm_register *r, int table, size_t row)
{
  const fm_table *t = r->part[table].table;
  size_t column = fm__register_column(r, table, "hours_per_week");
  return column == FM__NO_COLUMN || fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

static bool covers(const fm_register *r, int table, size_t row, int32_t day)
{
  fm__days days = fm__register_days(r, table, row);
  return days.first <= day && day < days.end;
}

/* With one employer: a job is its own row, or one that names the same employer. */
static bool same_employer(const fm_register *r, size_t a, size_t b)
{
  const uint32_t *employer = r->part[FM__PLACEMENTS].employer;
  return a == b || (employer != NULL && employer[a] != FM__NO_ROW && employer[a] == employer[b]);
}

typedef struct later {
  bool in_work, same;
  double hours;
} later;

/* The job on the day: with the employer of `placement` before others, of several rows the one begun last; where no
 * placement covers the day a state of work. */
static later on_day(const fm__frame *f, const jobs *x, size_t placement, size_t person, int32_t day)
{
  const fm_register *r = f->r;
  size_t best = SIZE_MAX;
  for (uint32_t k = x->first[0][person]; k < x->first[0][person + 1]; k++) {
    size_t row = x->rows[0][k];
    if (!fm__placement_is_work(r, row) || !covers(r, FM__PLACEMENTS, row, day))
      continue;
    bool same = same_employer(r, placement, row), before = best != SIZE_MAX && same_employer(r, placement, best);
    if (best == SIZE_MAX || (same && !before) || (same == before && fm__placement_before(r, best, row)))
      best = row;
  }
  if (best != SIZE_MAX)
    return (later){true, same_employer(r, placement, best), hours_at(r, FM__PLACEMENTS, best)};
  later out = {false, false, (double)NAN};
  for (uint32_t k = x->first[1][person]; k < x->first[1][person + 1]; k++) {
    size_t row = x->rows[1][k];
    if (!fm__spell_is_work(r, row) || !covers(r, FM__SPELLS, row, day))
      continue;
    double hours = hours_at(r, FM__SPELLS, row);
    if (isnan(out.hours) || hours > out.hours) /* the most that is told: no order of rows matters */
      out.hours = hours;
    out.in_work = true;
  }
  return out;
}

/* ---- units ---- */

static bool is_asked(const fm__frame *f, const jobs *x, size_t i)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  int32_t first = fm__register_days(f->r, FM__PLACEMENTS, i).first;
  int64_t entry = fm__register_entry(f->r, FM__PLACEMENTS, p->code_column, i, first, NULL);
  return p->person != NULL && p->person[i] != FM__NO_ROW && entry >= 0 && x->kinds[entry] != 0 &&
         fm__placement_is_work(f->r, i);
}

static bool takes(const fm__frame *f, jobs *x, size_t i)
{
  double hours = hours_at(f->r, FM__PLACEMENTS, i);
  bool asked = is_asked(f, x, i), begun = fm__register_days(f->r, FM__PLACEMENTS, i).first < f->as_of;
  x->other += !asked;
  x->later += asked && !begun;
  x->no_hours += asked && begun && isnan(hours);
  x->more_hours += asked && begun && hours > f->spec->most_hours;
  return asked && begun && hours <= f->spec->most_hours;
}

static void put_flag(fm__builder *b, size_t column, bool known, bool value)
{
  if (known)
    fm__builder_bool(b, column, value);
  else
    fm__builder_null(b, column);
}

static void put_row(fm__frame *f, fm__builder *b, const size_t *column, const jobs *x, size_t i, int32_t months)
{
  size_t person = f->r->part[FM__PLACEMENTS].person[i];
  fm__days seen = fm__frame_observed(f, person);
  int32_t day = fm_date_add_months(fm__register_days(f->r, FM__PLACEMENTS, i).first, months);
  bool known = day != FM_NO_DATE && day >= seen.first && day < seen.end;
  later then = {false, false, (double)NAN};
  if (known)
    then = on_day(f, x, i, person, day);
  fm__frame_put_placement(f, i);
  fm__builder_i32(b, column[HORIZON], months);
  fm__builder_f64(b, column[HOURS], hours_at(f->r, FM__PLACEMENTS, i));
  if (isnan(then.hours))
    fm__builder_null(b, column[LATER]);
  else
    fm__builder_f64(b, column[LATER], then.hours);
  put_flag(b, column[IN_WORK], known, then.in_work);
  put_flag(b, column[SAME], known && then.in_work, then.same);
  if (column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(b, column[WEIGHT], 1.0);
}

static void put_all(fm__frame *f, fm__builder *b, const size_t *column, jobs *x)
{
  for (size_t i = 0; i < f->r->part[FM__PLACEMENTS].n_rows; i++)
    if (takes(f, x, i))
      for (size_t k = 0; k < x->n_horizons; k++)
        put_row(f, b, column, x, i, x->horizons[k]);
  fm__frame_left_out(f, "rows_of_other_kinds", x->other);
  fm__frame_left_out(f, "rows_after_as_of", x->later);
  fm__frame_left_out(f, "rows_without_hours", x->no_hours);
  fm__frame_left_out(f, "rows_of_more_hours", x->more_hours);
}

/* ---- the kind ---- */

static fm_status prepare(jobs *x, fm__frame *f, fm_error *err)
{
  const fm_codes *kinds = fm_register_codes(f->r, "placement_kind");
  fm_spell_definition d; /* reads the horizons: months, of which 0 is one */
  fm_spell_definition_init(&d, sizeof d);
  d.name = "hours";
  d.horizons = f->spec->horizons != NULL ? f->spec->horizons : "12";
  if (!(f->spec->most_hours > 0 && f->spec->most_hours <= 168))
    return fm__fail(err, FM_ERR_ARGUMENT, "most_hours is expected above 0 and up to 168");
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm_spell_definition_horizons(x->horizons, &x->n_horizons, &d, err);
  if (status == FM_OK) {
    x->kinds = fm__array(fm_codes_n(kinds), 1);
    status = x->kinds == NULL ? fm__no_memory(err) : FM_OK;
  }
  if (status == FM_OK)
    status = fm_spell_words_match(x->kinds, f->spec->states != NULL ? f->spec->states : "fleksjob", kinds, err);
  bool some = false;
  for (size_t k = 0; status == FM_OK && k < fm_codes_n(kinds); k++)
    some |= x->kinds[k] != 0;
  if (status == FM_OK && !some)
    status = fm__fail(err, FM_ERR_NOT_FOUND, "no kind of placement is called \"%.60s\"", f->spec->states);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first[0], &x->rows[0], f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first[1], &x->rows[1], f->r, FM__SPELLS, err);
  return status;
}

fm_status fm__frame_hours(fm__frame *f, fm_error *err)
{
  size_t column[N_COLUMNS], n = 0;
  jobs x = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(&x, f, err);
  if (status == FM_OK && (!fm__multiply(f->r->part[FM__PLACEMENTS].n_rows, x.n_horizons, &n) || n >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "placements times horizons are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK) {
    put_all(f, b, column, &x);
    status = fm__builder_finish(b, &f->core, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(x.kinds);
  for (size_t k = 0; k < 2; k++) {
    fm__free(x.first[k]);
    fm__free(x.rows[k]);
  }
  return status;
}
