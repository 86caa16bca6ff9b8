/* One row a person and calendar month: days on benefit or in a company-directed offer, and days in such an offer. */
#include <stdlib.h>
#include <string.h>

#include "register/frame_priv.h"

enum { MONTH, FIRST, BENEFIT, OFFER, N_OWN };
static const fm__frame_column own[N_OWN] = {
    {"month", FM_CODE, 0}, {"month_start", FM_DATE, 0}, {"benefit_days", FM_I32, 0}, {"offer_days", FM_I32, 0}};
static const fm__frame_column columns[] = {{"person_id", FM_CODE, 0},
                                           {"month", FM_CODE, 0},
                                           {"month_start", FM_DATE, 0},
                                           {"benefit_days", FM_I32, 0},
                                           {"offer_days", FM_I32, 0}};
static const char usual_offers[] = "internship wage_subsidy";
static const int tables[] = {FM__PERSONS, FM__N_TABLES};

typedef struct month {
  int32_t first; /* first day of it that counts */
  int32_t days[2];
} month;

typedef struct offers {
  uint8_t *states, *active, *kinds; /* entries that are benefit; with an offer in them; of placements that are offers */
  uint32_t *first[2], *rows[2];     /* spells and placements of each person */
  fm__days *runs[2];                /* of one person: days that count, days of offers */
  size_t n[2];
  month *months; /* from the first one of the person */
  size_t n_months, room;
} offers;

/* ---- days of one person ---- */

static void add_run(offers *x, int which, fm__days days, fm__days seen)
{
  fm__days run = {days.first > seen.first ? days.first : seen.first, days.end < seen.end ? days.end : seen.end};
  if (run.first < run.end && fm__date_is_valid(run.first))
    x->runs[which][x->n[which]++] = run;
}

static void collect(offers *x, const fm__frame *f, size_t person, fm__days seen)
{
  const fm_register *r = f->r;
  x->n[0] = x->n[1] = 0;
  for (uint32_t k = x->first[0][person]; k < x->first[0][person + 1]; k++) {
    size_t i = x->rows[0][k];
    fm__days days = fm__register_days(r, FM__SPELLS, i);
    int64_t entry = fm__register_entry(r, FM__SPELLS, r->part[FM__SPELLS].code_column, i, days.first, NULL);
    if (entry >= 0 && x->active[entry] != 0)
      add_run(x, 1, days, seen);
    if (entry >= 0 && (x->states[entry] != 0 || x->active[entry] != 0))
      add_run(x, 0, days, seen);
  }
  for (uint32_t k = x->first[1][person]; k < x->first[1][person + 1]; k++) {
    size_t i = x->rows[1][k];
    if (fm__placement_asked(r, x->kinds, i) < 0)
      continue;
    add_run(x, 0, fm__register_days(r, FM__PLACEMENTS, i), seen);
    add_run(x, 1, fm__register_days(r, FM__PLACEMENTS, i), seen);
  }
}

static int compare_runs(const void *a, const void *b)
{
  const fm__days *p = a, *q = b;
  return p->first != q->first ? (p->first < q->first ? -1 : 1) : (p->end > q->end) - (p->end < q->end);
}

/* Sorted, and joined where they touch or overlap: no day counts twice. */
static void join(offers *x, int which)
{
  fm__days *runs = x->runs[which];
  size_t n = 0;
  if (x->n[which] > 1)
    qsort(runs, x->n[which], sizeof *runs, compare_runs);
  for (size_t k = 0; k < x->n[which]; k++) {
    if (n > 0 && runs[k].first <= runs[n - 1].end)
      runs[n - 1].end = runs[k].end > runs[n - 1].end ? runs[k].end : runs[n - 1].end;
    else
      runs[n++] = runs[k];
  }
  x->n[which] = n;
}

static int32_t month_of(int32_t day)
{
  int32_t y, m;
  fm_date_to_ymd(day, &y, &m, NULL);
  return y * 12 + m - 1;
}

static int32_t first_day(int32_t m)
{
  return fm_date_from_ymd(m / 12, m % 12 + 1, 1);
}

static void spread(offers *x, int which, int32_t base)
{
  for (size_t k = 0; k < x->n[which]; k++) {
    fm__days run = x->runs[which][k];
    for (int32_t m = month_of(run.first); run.first < run.end; m++) {
      int32_t next = first_day(m + 1), to = next < run.end && next != FM_NO_DATE ? next : run.end;
      month *of = &x->months[m - base];
      if (of->days[which] == 0 && which == 0)
        of->first = run.first;
      of->days[which] += to - run.first;
      run.first = to;
    }
  }
}

static fm_status count_person(offers *x, const fm__frame *f, size_t person, int32_t *base, fm_error *err)
{
  collect(x, f, person, fm__frame_observed(f, person));
  x->n_months = 0;
  if (x->n[0] == 0)
    return FM_OK;
  join(x, 0);
  join(x, 1);
  *base = month_of(x->runs[0][0].first);
  size_t n = (size_t)(month_of(x->runs[0][x->n[0] - 1].end - 1) - *base + 1);
  if (!fm__grow((void **)&x->months, &x->room, n, sizeof *x->months))
    return fm__no_memory(err);
  memset(x->months, 0, n * sizeof *x->months);
  x->n_months = n;
  spread(x, 0, *base);
  spread(x, 1, *base);
  return FM_OK;
}

/* ---- all ---- */

static size_t filled(const offers *x)
{
  size_t n = 0;
  for (size_t k = 0; k < x->n_months; k++)
    n += x->months[k].days[0] > 0;
  return n;
}

static fm_status put_all(offers *x, fm__frame *f, fm__builder *b, const size_t *column, fm_error *err)
{
  size_t n_people = f->r->part[FM__PERSONS].n_rows, n = 0;
  int32_t base = 0;
  char text[12];
  fm_status status = FM_OK;
  for (size_t person = 0; status == FM_OK && person < n_people; person++) {
    status = count_person(x, f, person, &base, err);
    n += filled(x);
  }
  if (status == FM_OK && n >= FM__NO_ROW)
    status = fm__fail(err, FM_ERR_LIMIT, "people and their months are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  for (size_t person = 0; status == FM_OK && person < n_people; person++) {
    status = count_person(x, f, person, &base, err);
    for (size_t k = 0; status == FM_OK && k < x->n_months; k++) {
      const month *m = &x->months[k];
      if (m->days[0] == 0)
        continue;
      f->rows[FM__PERSONS][f->n] = (uint32_t)person;
      f->day[f->n++] = m->first;
      fm_date_format(text, first_day(base + (int32_t)k));
      fm__builder_text(b, column[MONTH], text, 7); /* YYYY-MM */
      fm__builder_i32(b, column[FIRST], first_day(base + (int32_t)k));
      fm__builder_i32(b, column[BENEFIT], m->days[0]);
      fm__builder_i32(b, column[OFFER], m->days[1]);
    }
    if (status == FM_OK && person % 4096 == 0)
      status = fm__run_progress(f->run, 0.5 * (double)person / (double)n_people, err);
  }
  return status;
}

/* States whose measure, such as "internship" of the weekly code 737, is one of the kinds that are offers. */
static fm_status match_active(offers *x, const fm__frame *f, fm_error *err)
{
  const fm_codes *states = fm_register_codes(f->r, "benefit_state"), *kinds = fm_register_codes(f->r, "placement_kind");
  x->active = fm__array(fm_codes_n(states), 1);
  if (x->active == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < fm_codes_n(states); k++) {
    const char *activity = fm_codes_attribute(states, (int64_t)k, "activity");
    for (size_t j = 0; activity != NULL && j < fm_codes_n(kinds); j++)
      if (x->kinds[j] != 0 && strcmp(fm_codes_code(kinds, (int64_t)j), activity) == 0)
        x->active[k] = 1;
  }
  return FM_OK;
}

static fm_status prepare(offers *x, fm__frame *f, fm_error *err)
{
  fm_status status = fm__frame_require(f, FM__SPELLS, err);
  if (status == FM_OK)
    status =
        fm__frame_match(&x->states, f, "benefit_state",
                        f->spec->states != NULL ? f->spec->states : "unemployment counts_toward_duration=yes", err);
  if (status == FM_OK)
    status =
        fm__frame_match(&x->kinds, f, "placement_kind", f->spec->offers != NULL ? f->spec->offers : usual_offers, err);
  if (status == FM_OK)
    status = match_active(x, f, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first[0], &x->rows[0], f->r, FM__SPELLS, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&x->first[1], &x->rows[1], f->r, FM__PLACEMENTS, err);
  for (size_t k = 0; status == FM_OK && k < 2; k++) {
    x->runs[k] = fm__array(f->r->part[FM__SPELLS].n_rows + f->r->part[FM__PLACEMENTS].n_rows, sizeof **x->runs);
    status = x->runs[k] != NULL ? FM_OK : fm__no_memory(err);
  }
  return status;
}

static fm_status make(fm__frame *f, fm_error *err)
{
  size_t column[N_OWN];
  offers x = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(&x, f, err);
  if (status == FM_OK)
    status = fm__frame_build(&b, column, f, own, N_OWN, err);
  if (status == FM_OK)
    status = put_all(&x, f, b, column, err);
  fm__frame_set_note(f, "definition", f->spec->offers != NULL ? f->spec->offers : usual_offers);
  if (status == FM_OK)
    status = fm__builder_finish(b, &f->core, err);
  else
    fm__builder_destroy(b);
  for (size_t k = 0; k < 2; k++) {
    fm__free(x.first[k]);
    fm__free(x.rows[k]);
    fm__free(x.runs[k]);
  }
  fm__free(x.states);
  fm__free(x.active);
  fm__free(x.kinds);
  fm__free(x.months);
  return status;
}

const fm__frame_kind fm__frame_kind_offers = {"offers", make, columns, FM__COUNT(columns), {FM__PERSONS, FM__N_TABLES},
                                              true,     false};
