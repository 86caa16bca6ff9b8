/* One row a job that began before as-of: its wage, what supports linked to it cost, and the person's benefit without
 * and beside it. Nothing is filled in: a job of which the data lack one of these is left out and counted. */
#include <math.h>
#include <stdio.h>

#include "num/num_priv.h"
#include "register/frame_priv.h"

/* 37 hours a week are 1,924 a year and 160.33 a month. */
#define WEEKS_A_MONTH (52 / 12.0)

enum { START, END, BEFORE, AFTER, WAGE, STATE_BEFORE, STATE_AFTER, COST, N_OWN };
static const fm__frame_column own[N_OWN] = {
    {"start", FM_DATE, 0}, {"end", FM_DATE, 0},         {"before", FM_F64, 0},      {"after", FM_F64, 0},
    {"wage", FM_F64, 0},   {"state_before", FM_F64, 0}, {"state_after", FM_F64, 0}, {"cost", FM_F64, 0}};
static const fm__frame_column columns[] = {
    {"placement_id", FM_CODE, 0}, {"person_id", FM_CODE, 0},  {"kind", FM_CODE, 0}, {"start", FM_DATE, 0},
    {"end", FM_DATE, 0},          {"before", FM_F64, 0},      {"after", FM_F64, 0}, {"wage", FM_F64, 0},
    {"state_before", FM_F64, 0},  {"state_after", FM_F64, 0}, {"cost", FM_F64, 0}};

/* A benefit a month, and the state's share of it; NaN: not known. */
typedef struct benefit {
  double amount, state;
} benefit;

typedef struct jobs {
  fm__frame *f;
  fm__builder *b;
  size_t column[N_OWN];
  size_t hours, wage, amount, share; /* columns of the register; only share may be FM__NO_COLUMN */
  uint8_t *kinds;                    /* entries of the list of kinds that are jobs */
  uint32_t *first_job, *job, *first_spell, *spell;
  uint32_t *first_support, *support; /* linked to each placement, with a cost */
  size_t other, later, without_wage, without_before, without_after;
} jobs;

/* ---- benefits ---- */

/* Over the days from `first` to before `end`, every one of which must be in a spell whose amount is told: the mean, and
 * the state's share of it all. */
static benefit benefit_in(const jobs *x, size_t person, fm__days days)
{
  const fm_register *r = x->f->r;
  const fm_table *t = r->part[FM__SPELLS].table;
  fm__sum all = {.pending = 0}, state = {.pending = 0};
  bool shared = true;
  int32_t told = days.first; /* all days before are told */
  for (uint32_t k = x->first_spell[person]; k < x->first_spell[person + 1]; k++) {
    size_t row = x->spell[k];
    fm__days s = fm__register_days(r, FM__SPELLS, row);
    int32_t from = s.first > days.first ? s.first : days.first, to = s.end < days.end ? s.end : days.end;
    if (from >= to)
      continue;
    if (from > told || fm_table_is_null(t, x->amount, row))
      return (benefit){(double)NAN, (double)NAN};
    told = to > told ? to : told;
    double paid = fm_table_f64(t, x->amount)[row] * (to - from);
    fm__sum_add(&all, paid);
    if (!(paid > 0))
      continue;
    shared = shared && x->share != FM__NO_COLUMN && !fm_table_is_null(t, x->share, row);
    if (shared)
      fm__sum_add(&state, paid * fm_table_f64(t, x->share)[row]);
  }
  if (told < days.end)
    return (benefit){(double)NAN, (double)NAN};
  double paid = fm__sum_value(&all);
  double part = !(paid > 0) ? 0 : shared ? fmin(fm__sum_value(&state) / paid, 1) : (double)NAN;
  return (benefit){paid / (days.end - days.first) * WEEKS_A_MONTH, part};
}

/* ---- one job ---- */

static double number(const jobs *x, size_t column, size_t row)
{
  const fm_table *t = x->f->r->part[FM__PLACEMENTS].table;
  return fm_table_is_null(t, column, row) ? (double)NAN : fm_table_f64(t, column)[row];
}

static void put_share(const jobs *x, size_t column, double share)
{
  if (isnan(share))
    fm__builder_null(x->b, x->column[column]);
  else
    fm__builder_f64(x->b, x->column[column], share);
}

static void put_cost(const jobs *x, size_t row)
{
  size_t column = fm__register_column(x->f->r, FM__SUPPORTS, "cost");
  fm__sum all = {.pending = 0};
  for (uint32_t k = x->first_support[row]; k < x->first_support[row + 1]; k++)
    fm__sum_add(&all, fm_table_f64(x->f->r->part[FM__SUPPORTS].table, column)[x->support[k]]);
  if (x->first_support[row] < x->first_support[row + 1])
    fm__builder_f64(x->b, x->column[COST], fm__sum_value(&all));
  else
    fm__builder_null(x->b, x->column[COST]);
}

/* `alone_until`: the day before it is the last without a job; FM_NO_DATE: an earlier job runs beside this one, and has
 * the change of the benefit. */
static void put_job(jobs *x, size_t person, size_t row, int32_t alone_until)
{
  fm__frame *f = x->f;
  fm__days days = fm__register_days(f->r, FM__PLACEMENTS, row);
  int32_t seen = fm__frame_observed(f, person).end;
  double wage = number(x, x->wage, row) * number(x, x->hours, row) * WEEKS_A_MONTH;
  benefit before = {0, 0}, after = {0, 0};
  days.end = days.end < seen ? days.end : seen;
  if (alone_until != FM_NO_DATE) {
    before = benefit_in(x, person, (fm__days){alone_until - 1, alone_until});
    after = benefit_in(x, person, days);
  }
  bool no_wage = isnan(wage), no_before = !no_wage && isnan(before.amount);
  bool no_after = !no_wage && !no_before && isnan(after.amount);
  x->without_wage += no_wage;
  x->without_before += no_before;
  x->without_after += no_after;
  if (no_wage || no_before || no_after)
    return;
  fm__frame_put_placement(f, row);
  fm__builder_i32(x->b, x->column[START], days.first);
  fm__builder_i32(x->b, x->column[END], days.end - 1);
  fm__builder_f64(x->b, x->column[BEFORE], before.amount);
  fm__builder_f64(x->b, x->column[AFTER], after.amount);
  fm__builder_f64(x->b, x->column[WAGE], wage);
  put_share(x, STATE_BEFORE, before.state);
  put_share(x, STATE_AFTER, after.state);
  put_cost(x, row);
}

/* ---- all jobs of one person, by first day ---- */

static bool is_asked(jobs *x, uint32_t row)
{
  const fm__frame *f = x->f;
  int32_t first = fm__register_days(f->r, FM__PLACEMENTS, row).first;
  bool asked = fm__placement_asked(f->r, x->kinds, row) >= 0;
  bool known = asked && first < f->as_of && first < fm__frame_observed(f, f->r->part[FM__PLACEMENTS].person[row]).end;
  x->other += !asked;
  x->later += asked && !known;
  return known;
}

/* Jobs that follow each other without a day between belong together: the benefit without them is that of the last day
 * before the first of them. */
static void put_person(jobs *x, size_t person)
{
  const fm_register *r = x->f->r;
  uint32_t *some = x->job + x->first_job[person];
  size_t n = 0;
  int32_t chain = 0, end = INT32_MIN; /* first day of the chain, and the day after its last */
  for (size_t k = 0; k < x->first_job[person + 1] - x->first_job[person]; k++)
    if (is_asked(x, some[k]))
      some[n++] = some[k];
  for (size_t k = 0; k < n;) {
    int32_t first = fm__register_days(r, FM__PLACEMENTS, some[k]).first, last = end;
    size_t same = k, lead = k;
    for (; same < n && fm__register_days(r, FM__PLACEMENTS, some[same]).first == first; same++) {
      int32_t until = fm__register_days(r, FM__PLACEMENTS, some[same]).end;
      lead = fm__placement_before(r, some[same], some[lead]) ? same : lead;
      last = until > last ? until : last;
    }
    bool beside = end > first;
    chain = end >= first ? chain : first;
    for (; k < same; k++)
      put_job(x, person, some[k], k == lead && !beside ? chain : FM_NO_DATE);
    end = last;
  }
}

/* ---- the frame ---- */

/* Lists the supports of each placement that began before as-of and whose cost is told. */
static fm_status list_supports(jobs *x, fm_error *err)
{
  const fm_register *r = x->f->r;
  const fm__part *p = &r->part[FM__SUPPORTS];
  size_t column = fm__register_column(r, FM__SUPPORTS, "cost"), n = r->part[FM__PLACEMENTS].n_rows, untold = 0;
  x->first_support = fm__array(n + 2, sizeof *x->first_support);
  x->support = fm__array(p->n_rows, sizeof *x->support);
  if (x->first_support == NULL || x->support == NULL)
    return fm__no_memory(err);
  uint32_t *next = x->first_support + 1; /* one place ahead: afterwards first_support[i] is where those of i begin */
  for (int pass = 0; pass < 2 && p->placement != NULL; pass++) {
    for (size_t i = 0; i < p->n_rows; i++) {
      if (p->placement[i] == FM__NO_ROW || fm__register_days(r, FM__SUPPORTS, i).first >= x->f->as_of)
        continue;
      bool told = column != FM__NO_COLUMN && !fm_table_is_null(p->table, column, i);
      untold += pass == 0 && !told;
      if (told && pass == 0)
        next[p->placement[i] + 1]++;
      else if (told)
        x->support[next[p->placement[i]]++] = (uint32_t)i;
    }
    for (size_t k = 1; k <= n && pass == 0; k++)
      next[k] += next[k - 1];
  }
  if (untold > 0) {
    char text[24];
    snprintf(text, sizeof text, "%zu", untold);
    fm__frame_set_note(x->f, "supports_without_cost", text);
  }
  return FM_OK;
}

static fm_status find_columns(jobs *x, fm_error *err)
{
  const fm__frame *f = x->f;
  fm_status status = fm__frame_require_column(&x->hours, f, FM__PLACEMENTS, "hours_per_week", err);
  if (status == FM_OK)
    status = fm__frame_require_column(&x->wage, f, FM__PLACEMENTS, "hourly_wage", err);
  if (status == FM_OK)
    status = fm__frame_require(f, FM__SPELLS, err);
  if (status == FM_OK)
    status = fm__frame_require_column(&x->amount, f, FM__SPELLS, "weekly_amount", err);
  x->share = fm__register_column(f->r, FM__SPELLS, "state_share");
  return status;
}

static fm_status put_all(jobs *x, fm_error *err)
{
  fm__frame *f = x->f;
  size_t n = f->r->part[FM__PERSONS].n_rows;
  for (size_t p = 0; p < n; p++)
    put_person(x, p);
  fm__frame_left_out(f, "rows_of_other_kinds", x->other);
  fm__frame_left_out(f, "rows_after_as_of", x->later);
  fm__frame_left_out(f, "rows_without_wage", x->without_wage);
  fm__frame_left_out(f, "rows_without_benefit_before", x->without_before);
  fm__frame_left_out(f, "rows_without_benefit_after", x->without_after);
  fm__builder *b = x->b;
  x->b = NULL;
  return fm__builder_finish(b, &f->core, err);
}

static fm_status make(fm__frame *f, fm_error *err)
{
  jobs x = {.f = f};
  const char *words = f->spec->states != NULL ? f->spec->states : "work=yes";
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = find_columns(&x, err);
  if (status == FM_OK)
    status = fm__frame_match(&x.kinds, f, "placement_kind", words, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first_job, &x.job, f->r, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x.first_spell, &x.spell, f->r, FM__SPELLS, err);
  if (status == FM_OK)
    status = list_supports(&x, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, f->r->part[FM__PLACEMENTS].n_rows, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = fm__frame_build(&x.b, x.column, f, own, N_OWN, err);
  if (status == FM_OK)
    status = put_all(&x, err);
  fm__builder_destroy(x.b);
  fm__free(x.kinds);
  fm__free(x.first_job);
  fm__free(x.job);
  fm__free(x.first_spell);
  fm__free(x.spell);
  fm__free(x.first_support);
  fm__free(x.support);
  return status;
}

const fm__frame_kind fm__frame_kind_net_result = {
    "net_result",
    make,
    columns,
    FM__COUNT(columns),
    {FM__PLACEMENTS, FM__PERSONS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES},
    true,
    false};
