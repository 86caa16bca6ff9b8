/* The legs of a journey: days from referral to first contact, from referral and from joining to the first job with
 * hours and to the first job; whoever is still waiting is there too. */
#include <string.h>

#include "register/frame_priv.h"

enum { LEG, ENTRY, TIME, EVENT, WEIGHT, N_COLUMNS };
enum { TO_CONTACT, TO_HOURS, TO_START };

static const struct {
  const char *name, *from;
  int to;
} legs[] = {{"referral_to_contact", "referred_on", TO_CONTACT},
            {"referral_to_hours", "referred_on", TO_HOURS},
            {"referral_to_start", "referred_on", TO_START},
            {"joining_to_hours", "joined_on", TO_HOURS},
            {"joining_to_start", "joined_on", TO_START}};

typedef struct journeys {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_COLUMNS];
  uint32_t *first, *rows; /* placements of each person, by first day */
  size_t days[FM__COUNT(legs)], contact, hours, decision;
  size_t later, undated, unseen, before, working;
} journeys;

static int32_t day_of(const journeys *x, size_t column, size_t row)
{
  return column == FM__NO_COLUMN ? FM_NO_DATE : fm__date_at(x->f->r->part[FM__PARTICIPANTS].table, column, row);
}

/* Declined and rejected people did not join, whatever day stands there. */
static bool turned_down(const journeys *x, size_t row)
{
  const fm_table *t = x->f->r->part[FM__PARTICIPANTS].table;
  const char *text = x->decision == FM__NO_COLUMN || fm_table_is_null(t, x->decision, row)
                         ? NULL
                         : fm_table_text(t, x->decision, row, NULL);
  return text != NULL && (strcmp(text, "declined") == 0 || strcmp(text, "rejected") == 0);
}

/* Whether the placement is a job (with hours, when asked). Hours that are not told are none. */
static bool is_job(const journeys *x, size_t row, bool with_hours)
{
  const fm_table *t = x->f->r->part[FM__PLACEMENTS].table;
  bool hours = x->hours != FM__NO_COLUMN && !fm_table_is_null(t, x->hours, row) && fm_table_f64(t, x->hours)[row] > 0;
  return fm__placement_is_work(x->f->r, row) && (hours || !with_hours);
}

/* First day on or after `day` of a job; FM_NO_DATE for none. *working: in one that began before `day` and goes on. */
static int32_t first_job(bool *working, const journeys *x, size_t person, int32_t day, bool with_hours)
{
  *working = false;
  for (uint32_t k = x->first[person]; k < x->first[person + 1]; k++) {
    fm__days days = fm__register_days(x->f->r, FM__PLACEMENTS, x->rows[k]);
    if (!is_job(x, x->rows[k], with_hours))
      continue;
    if (days.first >= day)
      return days.first;
    *working = *working || days.end > day;
  }
  return FM_NO_DATE;
}

static void put_leg(journeys *x, size_t leg, size_t row)
{
  fm__frame *f = x->f;
  uint32_t person = f->r->part[FM__PARTICIPANTS].person[row];
  int32_t day = day_of(x, x->days[leg], row);
  if (day == FM_NO_DATE || (leg > TO_START && turned_down(x, row))) {
    x->undated++;
    return;
  }
  if (day >= f->as_of) {
    x->later++;
    return;
  }
  fm__days seen = fm__frame_observed(f, person);
  bool working = false;
  int32_t then = legs[leg].to == TO_CONTACT ? day_of(x, x->contact, row)
                                            : first_job(&working, x, person, day, legs[leg].to == TO_HOURS);
  if (working) {
    x->working++;
    return;
  }
  if (then != FM_NO_DATE && then < day) {
    x->before++;
    return;
  }
  bool event = then != FM_NO_DATE && then < seen.end;
  int32_t entry = seen.first > day ? seen.first - day : 0, time = (event ? then : seen.end - 1) - day;
  if (day >= seen.end || (entry > 0 && time <= entry)) {
    x->unseen++;
    return;
  }
  f->rows[FM__PARTICIPANTS][f->n] = (uint32_t)row;
  f->rows[FM__PERSONS][f->n] = person;
  f->rows[FM__INITIATIVES][f->n] = f->r->part[FM__PARTICIPANTS].initiative[row];
  f->day[f->n++] = day;
  fm__builder_text(x->b, x->column[LEG], legs[leg].name, strlen(legs[leg].name));
  fm__builder_i32(x->b, x->column[ENTRY], entry);
  fm__builder_i32(x->b, x->column[TIME], time);
  fm__builder_bool(x->b, x->column[EVENT], event);
  if (x->column[WEIGHT] != FM__NO_COLUMN)
    fm__builder_f64(x->b, x->column[WEIGHT], 1.0);
}

/* A leg of which the data say nothing has no rows; without any there is nothing to tell. */
static fm_status open_legs(journeys *x, bool *told, fm_error *err)
{
  const fm_register *r = x->f->r;
  bool jobs = r->part[FM__PLACEMENTS].table != NULL, some = false;
  x->contact = fm__register_column(r, FM__PARTICIPANTS, "first_contact_on");
  x->hours = fm__register_column(r, FM__PLACEMENTS, "hours_per_week");
  x->decision = fm__register_column(r, FM__PARTICIPANTS, "decision");
  for (size_t k = 0; k < FM__COUNT(legs); k++) {
    x->days[k] = fm__register_column(r, FM__PARTICIPANTS, legs[k].from);
    told[k] = x->days[k] != FM__NO_COLUMN &&
              (legs[k].to == TO_CONTACT ? x->contact != FM__NO_COLUMN
                                        : jobs && (legs[k].to == TO_START || x->hours != FM__NO_COLUMN));
    some |= told[k];
  }
  return some ? FM_OK
              : fm__fail(err, FM_ERR_NOT_FOUND,
                         "a frame of journeys needs referred_on or joined_on in participants, and placements or "
                         "first_contact_on");
}

fm_status fm__frame_journeys(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__PARTICIPANTS, FM__PERSONS, FM__INITIATIVES, FM__N_TABLES};
  journeys x = {.f = f};
  bool told[FM__COUNT(legs)] = {false};
  size_t n = 0, rows = f->r->part[FM__PARTICIPANTS].n_rows;
  fm_status status = fm__frame_require(f, FM__PARTICIPANTS, err);
  if (status == FM_OK)
    status = open_legs(&x, told, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first, &x.rows, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK && (!fm__multiply(rows, FM__COUNT(legs), &n) || n >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "participants times legs are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  if (status == FM_OK)
    status = fm__frame_begin(&x.b, x.column, f, err);
  for (size_t k = 0; status == FM_OK && k < FM__COUNT(legs); k++)
    for (size_t i = 0; told[k] && i < rows; i++)
      put_leg(&x, k, i);
  fm__frame_left_out(f, "legs_without_first_day", x.undated);
  fm__frame_left_out(f, "legs_after_as_of", x.later);
  fm__frame_left_out(f, "legs_not_observed", x.unseen);
  fm__frame_left_out(f, "legs_contact_before_referral", x.before);
  fm__frame_left_out(f, "legs_in_a_job", x.working);
  fm__frame_set_note(f, "definition", "journeys");
  if (status == FM_OK)
    status = fm__builder_finish(x.b, &f->core, err);
  else
    fm__builder_destroy(x.b);
  fm__free(x.first);
  fm__free(x.rows);
  return status;
}
