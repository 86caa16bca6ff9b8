/* Who is followed from when: starts of placements and of runs of work, last days in a programme, ends of courses. */
#include <string.h>

#include "register/definition_priv.h"

typedef struct units {
  fm__indexed *items;
  size_t n, capacity;
  size_t other, later, still; /* left out: not of the kind; begun or ended after as-of; not ended yet */
  bool no_memory;
} units;

fm__days fm__definition_observed(const fm__classes *c, const fm__frame *f, size_t person)
{
  fm__days seen = fm__frame_observed(f, person);
  seen.end = seen.end < c->income_end ? seen.end : c->income_end;
  return seen;
}

static void put(units *u, const fm__frame *f, const fm__classes *c, size_t person, int32_t index, fm__indexed one)
{
  fm__days seen = fm__definition_observed(c, f, person);
  if (!fm__grow((void **)&u->items, &u->capacity, u->n + 1, sizeof *u->items)) {
    u->no_memory = true;
    return;
  }
  one.unit.person = (int32_t)person;
  one.unit.index = index;
  one.unit.observed_from = seen.first;
  one.unit.observed_to = seen.end;
  u->items[u->n++] = one;
}

/* ---- starts ---- */

static fm_status from_placements(units *u, const fm__frame *f, const fm__classes *c, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  for (size_t i = 0; status == FM_OK && i < p->n_rows; i++) {
    bool fits = p->person != NULL && p->person[i] != FM__NO_ROW && fm__placement_is_work(f->r, i);
    if (c->d->index == FM_SPELL_FROM_ORDINARY && fits)
      fits = !fm__placement_is_subsidised(f->r, i);
    int32_t start = fm__register_days(f->r, FM__PLACEMENTS, i).first;
    if (!fits)
      u->other++;
    else if (start >= f->as_of)
      u->later++;
    else
      put(u, f, c, p->person[i], start,
          (fm__indexed){(uint32_t)i,
                        p->initiative == NULL ? FM__NO_ROW : p->initiative[i],
                        (uint32_t)i,
                        {.employer = fm__definition_employer(f->r, i)}});
  }
  return status;
}

/* ---- last days in a programme ---- */

static fm_status from_exits(units *u, const fm__frame *f, const fm__classes *c, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PARTICIPANTS];
  fm_status status = fm__frame_require(f, FM__PARTICIPANTS, err);
  for (size_t i = 0; status == FM_OK && i < p->n_rows; i++) {
    int32_t end = fm__register_days(f->r, FM__PARTICIPANTS, i).end;
    if (p->person == NULL || p->person[i] == FM__NO_ROW)
      u->other++;
    else if (end == INT32_MAX)
      u->still++;
    else if (end > f->as_of)
      u->later++;
    else
      put(u, f, c, p->person[i], end - 1,
          (fm__indexed){
              FM__NO_ROW, p->initiative == NULL ? FM__NO_ROW : p->initiative[i], (uint32_t)i, {.employer = -1}});
  }
  return status;
}

/* ---- ends of courses ---- */

/* The day after the first whole calendar month from `day` on. */
static int32_t month_without(int32_t day)
{
  int32_t year, month, of_month;
  fm_date_to_ymd(day, &year, &month, &of_month);
  int32_t first = fm_date_from_ymd(year, month, 1);
  return fm_date_add_months(first, of_month == 1 ? 1 : 2);
}

/* The courses of one person whose rows of spells are rows[0 .. n), by first day. */
static void courses_of(units *u, const fm__frame *f, const fm__classes *c, size_t person, const uint32_t *rows,
                       size_t n, const uint8_t *of)
{
  const fm__part *p = &f->r->part[FM__SPELLS];
  fm__days seen = fm__frame_observed(f, person);
  int32_t end = INT32_MIN;
  for (size_t k = 0; k <= n; k++) {
    fm__days days = {INT32_MAX, INT32_MAX};
    if (k < n) {
      days = fm__register_days(f->r, FM__SPELLS, rows[k]);
      int64_t entry = fm__register_entry(f->r, FM__SPELLS, p->code_column, rows[k], days.first, NULL);
      if (entry < 0 || of[entry] == 0 || days.first >= seen.end)
        continue;
    }
    if (end != INT32_MIN) { /* has the course before ended? */
      int32_t gone = end < seen.end ? month_without(end) : FM_NO_DATE;
      if (k == n && (gone == FM_NO_DATE || gone > seen.end))
        u->still++;
      else if (gone != FM_NO_DATE && gone <= days.first)
        put(u, f, c, person, end - 1, (fm__indexed){FM__NO_ROW, FM__NO_ROW, (uint32_t)end, {.employer = -1}});
      else
        days.end = days.end > end ? days.end : end;
    }
    end = k == n ? end : days.end;
  }
}

static fm_status from_courses(units *u, const fm__frame *f, const fm__classes *c, fm_error *err)
{
  const fm_codes *codes = fm_register_codes(f->r, "benefit_state");
  uint8_t *of = fm__array(fm_codes_n(codes), 1);
  uint32_t *first = NULL, *rows = NULL;
  fm_status status = fm__frame_require(f, FM__SPELLS, err);
  if (status == FM_OK && of == NULL)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm_spell_words_match(of, c->d->course, codes, err);
  if (status == FM_OK)
    status = fm__rows_by_person(&first, &rows, f->r, FM__SPELLS, err);
  for (size_t person = 0; status == FM_OK && person < f->r->part[FM__PERSONS].n_rows; person++)
    courses_of(u, f, c, person, rows + first[person], first[person + 1] - first[person], of);
  fm__free(first);
  fm__free(rows);
  fm__free(of);
  return status;
}

/* ---- runs of days that count ---- */

/* Without a day of one's own, everybody is observed from the fact observed_from, else from the first day in the data.
 */
static int32_t first_day(const fm_register *r)
{
  static const int tables[] = {FM__PLACEMENTS, FM__SPELLS};
  const char *fact = fm_register_fact(r, "observed_from");
  int32_t first = FM_NO_DATE;
  if (fact != NULL && fm_date_parse(&first, fact, strlen(fact), NULL, NULL) == FM_OK)
    return first;
  for (size_t k = 0; k < FM__COUNT(tables); k++)
    for (size_t i = 0; i < r->part[tables[k]].n_rows; i++) {
      int32_t day = fm__register_days(r, tables[k], i).first;
      if (fm__date_is_valid(day) && (first == FM_NO_DATE || day < first))
        first = day;
    }
  return first;
}

static fm_status from_work(units *u, const fm__frame *f, const fm__classes *c, fm_error *err)
{
  size_t n_people = f->r->part[FM__PERSONS].n_rows, n = 0;
  int32_t first = first_day(f->r);
  if (f->r->part[FM__PLACEMENTS].table == NULL && f->r->part[FM__SPELLS].table == NULL)
    return fm__frame_require(f, FM__SPELLS, err);
  fm_spell_unit *people = fm__array(n_people, sizeof *people);
  fm_spell_unit *starts = fm__array(n_people + c->n_states, sizeof *starts);
  fm_status status = people == NULL || starts == NULL ? fm__no_memory(err) : FM_OK;
  for (size_t i = 0; status == FM_OK && i < n_people; i++) {
    fm__days seen = fm__definition_observed(c, f, i);
    people[i] = (fm_spell_unit){
        .person = (int32_t)i, .observed_from = seen.first == FM_NO_DATE ? first : seen.first, .observed_to = seen.end};
  }
  if (status == FM_OK)
    status = fm_spell_starts(starts, &n, c->d, c->none, people, n_people, c->states, c->n_states, f->run, err);
  for (size_t i = 0; status == FM_OK && i < n; i++) {
    put(u, f, c, (size_t)starts[i].person, starts[i].index,
        (fm__indexed){FM__NO_ROW, FM__NO_ROW, (uint32_t)i, {.employer = -1}});
    if (!u->no_memory)
      u->items[u->n - 1].unit.observed_from = starts[i].observed_from;
  }
  fm__free(people);
  fm__free(starts);
  return status;
}

/* ---- the first of each person ---- */

static int compare_texts(const fm_table *t, size_t column, size_t a, size_t b)
{
  size_t n = 0, m = 0;
  const char *x = column == FM__NO_COLUMN ? NULL : fm_table_text(t, column, a, &n);
  const char *y = column == FM__NO_COLUMN ? NULL : fm_table_text(t, column, b, &m);
  if (x == NULL || y == NULL)
    return (x == NULL) - (y == NULL);
  int order = memcmp(x, y, n < m ? n : m);
  return order != 0 ? order : (n > m) - (n < m);
}

static bool before(const fm__frame *f, const fm__indexed *a, const fm__indexed *b)
{
  if (a->unit.index != b->unit.index)
    return a->unit.index < b->unit.index;
  if (a->placement != FM__NO_ROW)
    return fm__placement_before(f->r, a->placement, b->placement);
  if (a->initiative == FM__NO_ROW)
    return false;
  return compare_texts(f->r->part[FM__PARTICIPANTS].table, fm__register_column(f->r, FM__PARTICIPANTS, "initiative_id"),
                       a->row, b->row) < 0;
}

static fm_status keep_first(units *u, fm__frame *f, fm_error *err)
{
  size_t *best = fm__array(f->r->part[FM__PERSONS].n_rows, sizeof *best), n = 0; /* unit + 1 */
  if (best == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < u->n; i++) {
    size_t *one = &best[u->items[i].unit.person];
    if (*one == 0 || before(f, &u->items[i], &u->items[*one - 1]))
      *one = i + 1;
  }
  for (size_t i = 0; i < u->n; i++)
    if (best[u->items[i].unit.person] == i + 1)
      u->items[n++] = u->items[i]; /* n <= i: what `best` still needs has not moved */
  fm__frame_left_out(f, "rows_not_first", u->n - n);
  u->n = n;
  fm__free(best);
  return FM_OK;
}

/* The last day whose income is known; of several definitions the earliest. */
static void note_incomes(fm__frame *f, const fm__classes *c)
{
  char day[16];
  if (c->income_end == INT32_MAX)
    return;
  fm_date_format(day, c->income_end - 1);
  for (size_t i = 0; i < f->n_notes; i++)
    if (strcmp(f->notes[i].key, "incomes_to") == 0) {
      if (strcmp(day, f->notes[i].value) < 0)
        strcpy(f->notes[i].value, day);
      return;
    }
  fm__frame_set_note(f, "incomes_to", day);
}

fm_status fm__index_units(fm__indexed **out, size_t *n, fm__frame *f, const fm__classes *c, fm_error *err)
{
  const fm_spell_definition *d = c->d;
  units u = {0};
  fm_status status;
  *out = NULL;
  *n = 0;
  if (d->index == FM_SPELL_FROM_EXIT)
    status = from_exits(&u, f, c, err);
  else if (d->index == FM_SPELL_FROM_BENEFIT_END)
    status = from_courses(&u, f, c, err);
  else if (d->index == FM_SPELL_FROM_WORK)
    status = from_work(&u, f, c, err);
  else
    status = from_placements(&u, f, c, err);
  if (status == FM_OK && u.no_memory)
    status = fm__no_memory(err);
  note_incomes(f, c);
  fm__frame_left_out(f, "rows_not_work", u.other);
  fm__frame_left_out(f, "rows_after_as_of", u.later);
  fm__frame_left_out(f, "rows_not_ended", u.still);
  if (status == FM_OK && f->spec->index != NULL && strcmp(f->spec->index, "first") == 0)
    status = keep_first(&u, f, err);
  if (status != FM_OK) {
    fm__free(u.items);
    return status;
  }
  *out = u.items;
  *n = u.n;
  return FM_OK;
}
