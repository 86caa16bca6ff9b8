/* Sums a week, and runs of weeks with a payment. */
#include "settlement/settlement_priv.h"

#include <stdlib.h>
#include <string.h>

static double crowns(int64_t oere)
{
  return (double)oere / 100;
}

static void put_text(fm__builder *b, size_t column, const fm__lines *l, int which, int32_t number)
{
  size_t length = 0;
  const char *text = fm__line_text(l, which, number, &length);
  fm__builder_text(b, column, text, length);
}

static void count(const fm__lines *l, bool contributions, const int64_t sums[3])
{
  fm_settlement_summary *s = l->sum;
  if (contributions) {
    s->contributions += crowns(sums[0]);
    return;
  }
  s->paid += crowns(sums[0]);
  s->refund += crowns(sums[1]);
  s->municipal_cost += crowns(sums[2]);
}

fm_status fm__settlement_weeks(fm_table **out, const fm__lines *l, bool contributions, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } columns[] = {{"person_id", FM_CODE}, {"week", FM_DATE},  {"benefit", FM_CODE},      {"financed_by", FM_CODE},
                 {"paid", FM_F64},       {"refund", FM_F64}, {"municipal_cost", FM_F64}};
  fm__builder *b;
  int64_t sums[3], totals[3] = {0};
  size_t column;
  fm_status status = fm__builder_create(&b, contributions ? "contributions" : "weeks", err);
  for (size_t k = 0; k < FM__COUNT(columns) && status == FM_OK; k++)
    status = fm__builder_column(b, columns[k].name, columns[k].type, &column, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0, next; i < l->n; i = next) {
    const fm__line *line = &l->list[i];
    next = fm__line_group(l, i, true, sums);
    if (fm__is_contribution(l, line) != contributions)
      continue;
    if (sums[0] == 0 && sums[1] == 0 && sums[2] == 0) {
      l->sum->n_zero_sums++;
      continue;
    }
    put_text(b, 0, l, 0, line->person);
    fm__builder_i32(b, 1, line->week);
    put_text(b, 2, l, 1, line->benefit);
    put_text(b, 3, l, 2, line->financed_by);
    for (size_t k = 0; k < 3; k++) {
      fm__builder_f64(b, 4 + k, crowns(sums[k]));
      totals[k] += sums[k];
    }
  }
  count(l, contributions, totals);
  return fm__builder_finish(b, out, err);
}

/* ---- spells ---- */

/* A week in which a positive sum was paid. */
typedef struct paid_week {
  int32_t person, state, week;
} paid_week;

static int by_spell(const void *pa, const void *pb)
{
  const paid_week *a = pa, *b = pb;
  if (a->person != b->person)
    return a->person < b->person ? -1 : 1;
  if (a->state != b->state)
    return a->state < b->state ? -1 : 1;
  return (a->week > b->week) - (a->week < b->week);
}

typedef struct states {
  const fm_codes *codes;
  fm__dictionary names;
  int64_t *n_unknown; /* lines of each benefit that the list does not have */
} states;

/* The state of a benefit in a week; in the list's order of days. */
static fm_status state_of(states *s, const fm__lines *l, const fm__line *line, int32_t *state)
{
  size_t length;
  const char *text = fm__line_text(l, 1, line->benefit, &length);
  int64_t entry = fm_codes_find(s->codes, text, length, line->week);
  if (entry == FM_CODE_NOT_VALID)
    entry = fm_codes_find(s->codes, text, length, FM_NO_DATE);
  if (entry < 0)
    s->n_unknown[line->benefit]++;
  else
    text = fm_codes_code(s->codes, entry);
  return fm__dictionary_add(&s->names, text, strlen(text), state);
}

static void tell_unknown(const states *s, const fm__lines *l, fm__problems *problems)
{
  for (int32_t k = 0; k < (int32_t)l->texts[1].n_texts; k++) {
    size_t length;
    fm__problem problem = FM__PROBLEM_INIT;
    if (s->n_unknown[k] == 0)
      continue;
    problem.code = "FM-C01";
    problem.severity = FM__NOTE;
    problem.table = "spells";
    problem.column = "Ydelse";
    problem.value = fm__line_text(l, 1, k, &length);
    problem.value_length = length;
    problem.what = "unknown code";
    problem.expected = "a code of the list";
    fm__problems_add(problems, &problem);
  }
}

static fm_status collect(paid_week *weeks, size_t *n_weeks, const fm__lines *l, states *s, int32_t as_of)
{
  int64_t sums[3];
  size_t n = 0;
  for (size_t i = 0, next; i < l->n; i = next) {
    const fm__line *line = &l->list[i];
    next = fm__line_group(l, i, false, sums);
    if (sums[0] <= 0 || fm__is_contribution(l, line) || (as_of != FM_NO_DATE && line->week + 7 > as_of))
      continue;
    weeks[n] = (paid_week){.person = line->person, .week = line->week};
    if (state_of(s, l, line, &weeks[n].state) != FM_OK)
      return FM_ERR_MEMORY;
    n++;
  }
  *n_weeks = n;
  return FM_OK;
}

/* Last Monday that is observed: of the files, or the last that has ended before as_of. */
static int32_t last_observed(const fm__lines *l, int32_t as_of)
{
  int32_t last = l->sum->last_week;
  if (as_of == FM_NO_DATE || last == FM_NO_DATE || last + 7 <= as_of)
    return last;
  return as_of - 7 - (fm_date_weekday(as_of) - 1);
}

static void put_spells(fm__builder *b, const paid_week *weeks, size_t n, const fm__lines *l, const states *s,
                       int32_t last)
{
  for (size_t i = 0, next; i < n; i = next) {
    int32_t end = weeks[i].week;
    for (next = i + 1; next < n && weeks[next].person == weeks[i].person && weeks[next].state == weeks[i].state &&
                       weeks[next].week <= end + 7;
         next++)
      end = weeks[next].week;
    const char *state = s->names.bytes + s->names.offsets[weeks[i].state];
    put_text(b, 0, l, 0, weeks[i].person);
    fm__builder_i32(b, 1, weeks[i].week);
    if (end < last)
      fm__builder_i32(b, 2, end + 6);
    else
      fm__builder_null(b, 2);
    fm__builder_text(b, 3, state, strlen(state));
  }
}

/* Numbers of states in the order of their names, so that the rows do not depend on which came first. */
static fm_status order_states(states *s, paid_week *weeks, size_t n)
{
  int32_t *rank = fm__array(s->names.n_texts, sizeof *rank);
  fm_status status = rank != NULL ? fm__rank_texts(&s->names, rank) : FM_ERR_MEMORY;
  for (size_t i = 0; i < n && status == FM_OK; i++)
    weeks[i].state = rank[weeks[i].state];
  fm__free(rank);
  return status;
}

fm_status fm__settlement_spells(fm_table **out, const fm__lines *l, const fm_codes *codes, int32_t as_of,
                                fm__problems *problems, fm_error *err)
{
  states s = {.codes = codes};
  fm__builder *b = NULL;
  size_t n = 0, column;
  static const char *const names[] = {"person_id", "start", "end", "state"};
  paid_week *weeks = fm__array(l->n, sizeof *weeks);
  s.n_unknown = fm__array(l->texts[1].n_texts, sizeof *s.n_unknown);
  fm_status status = weeks != NULL && s.n_unknown != NULL ? fm__dictionary_init(&s.names) : FM_ERR_MEMORY;
  if (status == FM_OK)
    status = collect(weeks, &n, l, &s, as_of);
  if (status == FM_OK)
    status = order_states(&s, weeks, n);
  if (status != FM_OK)
    fm__no_memory(err);
  if (status == FM_OK && n > 1)
    qsort(weeks, n, sizeof *weeks, by_spell);
  if (status == FM_OK)
    status = fm__builder_create(&b, "spells", err);
  for (size_t k = 0; k < FM__COUNT(names) && status == FM_OK; k++)
    status = fm__builder_column(b, names[k], k == 1 || k == 2 ? FM_DATE : FM_CODE, &column, err);
  if (status == FM_OK) {
    put_spells(b, weeks, n, l, &s, last_observed(l, as_of));
    tell_unknown(&s, l, problems);
    status = fm__builder_finish(b, out, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__dictionary_free(&s.names);
  fm__free(s.n_unknown);
  fm__free(weeks);
  return status;
}
