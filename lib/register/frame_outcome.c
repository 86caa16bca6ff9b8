/* One row a job start (and horizon): still in work after some months, and for how long.
 *
 * All spells of work become episodes at once, keyed by person, or by person and employer. A person's own last observed
 * day cuts them: from there on nothing is known. */
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "register/frame_priv.h"
#include "spell/spell_priv.h"

#define MAX_HORIZONS 64

typedef struct outcome {
  int32_t *key; /* of each placement: who (and where) its work belongs to */
  fm_spell_episode *episodes;
  size_t n_episodes;
  uint32_t *index; /* the placements that are units */
  size_t n_index;
  bool add_weight; /* the persons have none: each counts 1 */
} outcome;

static void outcome_release(outcome *o)
{
  fm__free(o->key);
  fm__free(o->episodes);
  fm__free(o->index);
}

/* A placement without a person cannot be followed. */
static bool is_index(const fm__frame *f, size_t row)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  return p->person != NULL && p->person[row] != FM__NO_ROW && fm__placement_is_work(f->r, row);
}

/* ---- whose work: the person's, or the person's with one employer ---- */

static fm_status make_keys(const fm__frame *f, outcome *o, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  size_t n = p->n_rows;
  fm__item *items = NULL, *scratch = NULL;
  fm_status status = FM_OK;
  o->key = fm__array(n, sizeof *o->key);
  if (o->key == NULL)
    return fm__no_memory(err);
  if (n > INT32_MAX || f->r->part[FM__PERSONS].n_rows > INT32_MAX)
    return fm__fail(err, FM_ERR_LIMIT, "more than %d rows", INT32_MAX);
  if (f->spec->same_employer == 0) {
    for (size_t i = 0; p->person != NULL && i < n; i++)
      o->key[i] = (int32_t)p->person[i];
    return FM_OK;
  }
  items = fm__array(n, sizeof *items);
  scratch = fm__array(n, sizeof *scratch);
  if (items == NULL || scratch == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  for (size_t i = 0; i < n; i++) {
    uint64_t person = p->person == NULL ? FM__NO_ROW : p->person[i];
    uint64_t employer = p->employer == NULL ? FM__NO_ROW : p->employer[i];
    items[i] = (fm__item){person << 32 | employer, i};
  }
  fm__sort_items(items, scratch, n);
  int32_t key = 0;
  for (size_t i = 0; i < n; i++) { /* an unknown employer is nobody else's employer */
    bool same = i > 0 && items[i].key == items[i - 1].key && (uint32_t)items[i].key != FM__NO_ROW;
    key += i > 0 && !same;
    o->key[items[i].value] = key;
  }
done:
  fm__free(items);
  fm__free(scratch);
  return status;
}

/* ---- the episodes ---- */

typedef struct work {
  int32_t *key, *start, *end;
  size_t n;
} work;

static void put(work *w, int32_t key, fm__days days, fm__days seen)
{
  if (days.first >= seen.end)
    return;
  w->key[w->n] = key;
  w->start[w->n] = days.first;
  w->end[w->n++] = days.end < seen.end ? days.end : seen.end;
}

static fm_status make_episodes(const fm__frame *f, outcome *o, fm_error *err)
{
  const fm__part *placements = &f->r->part[FM__PLACEMENTS], *spells = &f->r->part[FM__SPELLS];
  size_t room = placements->n_rows + spells->n_rows;
  work w = {fm__array(room, 4), fm__array(room, 4), fm__array(room, 4), 0};
  fm_status status = FM_OK;
  if (w.key == NULL || w.start == NULL || w.end == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  for (size_t i = 0; i < placements->n_rows; i++)
    if (is_index(f, i))
      put(&w, o->key[i], fm__register_days(f->r, FM__PLACEMENTS, i), fm__frame_observed(f, placements->person[i]));
  for (size_t i = 0; f->spec->same_employer == 0 && spells->person != NULL && i < spells->n_rows; i++)
    if (spells->person[i] != FM__NO_ROW && fm__spell_is_work(f->r, i))
      put(&w, (int32_t)spells->person[i], fm__register_days(f->r, FM__SPELLS, i),
          fm__frame_observed(f, spells->person[i]));
  status = fm_spell_sort(w.key, w.start, w.end, NULL, w.n, f->run, err);
  if (status != FM_OK)
    goto done;
  o->episodes = fm__array(w.n, sizeof *o->episodes);
  if (o->episodes == NULL)
    status = fm__no_memory(err);
  else
    status = fm_spell_join(&o->n_episodes, o->episodes, w.key, w.start, w.end, w.n, f->spec->gap_days, f->as_of, f->run,
                           err);
done:
  fm__free(w.key);
  fm__free(w.start);
  fm__free(w.end);
  return status;
}

/* ---- the units ---- */

static fm_status make_index(fm__frame *f, outcome *o, fm_error *err)
{
  const fm__part *p = &f->r->part[FM__PLACEMENTS];
  bool first_only = f->spec->index != NULL && strcmp(f->spec->index, "first") == 0;
  uint32_t *first = fm__array(f->r->part[FM__PERSONS].n_rows, sizeof *first);
  size_t later = 0, other = 0, repeated = 0, k = 0;
  o->index = fm__array(p->n_rows, sizeof *o->index);
  if (first == NULL || o->index == NULL) {
    fm__free(first);
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < p->n_rows; i++) {
    if (!is_index(f, i)) {
      other++;
      continue;
    }
    if (fm__register_days(f->r, FM__PLACEMENTS, i).first >= f->as_of) {
      later++;
      continue;
    }
    uint32_t *best = &first[p->person[i]]; /* row + 1 */
    if (*best == 0 || fm__placement_before(f->r, i, *best - 1))
      *best = (uint32_t)i + 1;
    o->index[k++] = (uint32_t)i;
  }
  for (size_t i = 0; i < k; i++) {
    if (!first_only || first[p->person[o->index[i]]] == o->index[i] + 1)
      o->index[o->n_index++] = o->index[i];
    else
      repeated++;
  }
  fm__free(first);
  fm__frame_left_out(f, "rows_not_work", other);
  fm__frame_left_out(f, "rows_after_as_of", later);
  fm__frame_left_out(f, "rows_not_first", repeated);
  return FM_OK;
}

static fm_status prepare(fm__frame *f, outcome *o, fm_error *err)
{
  char definition[48];
  fm_status status = fm__frame_require(f, FM__PLACEMENTS, err);
  if (status == FM_OK)
    status = make_keys(f, o, err);
  if (status == FM_OK)
    status = make_episodes(f, o, err);
  if (status == FM_OK)
    status = make_index(f, o, err);
  snprintf(definition, sizeof definition, "%s_employer", f->spec->same_employer == 1 ? "same" : "any");
  if (f->spec->gap_days > 0)
    snprintf(definition + strlen(definition), 16, "_gap%d", (int)f->spec->gap_days);
  fm__frame_set_note(f, "definition", definition);
  fm__frame_set_note(f, "index", f->spec->index == NULL ? "placement" : f->spec->index);
  return status;
}

/* Creates the builder with `n` columns, and the weight after them when it is not in the data. */
static fm_status begin(const fm__frame *f, outcome *o, fm__builder **b, const fm__frame_column *own, size_t n,
                       size_t *column, fm_error *err)
{
  fm_status status = fm__builder_create(b, f->spec->kind, err);
  for (size_t k = 0; status == FM_OK && k < n; k++)
    status = fm__builder_column(*b, own[k].name, own[k].type, &column[k], err);
  o->add_weight = fm__register_column(f->r, FM__PERSONS, "weight") == FM__NO_COLUMN;
  if (status == FM_OK && o->add_weight)
    status = fm__builder_column(*b, "weight", FM_F64, &column[n], err);
  return status;
}

/* ---- status ---- */

static fm_status read_horizons(int32_t *months, size_t *n, const char *text, fm_error *err)
{
  *n = 0;
  for (const char *p = text;; p++) {
    int32_t value = 0;
    size_t digits = 0;
    while (*p == ' ')
      p++;
    for (; *p >= '0' && *p <= '9' && digits < 5; p++, digits++)
      value = 10 * value + (*p - '0');
    while (*p == ' ')
      p++;
    bool again = false;
    for (size_t k = 0; k < *n; k++)
      again |= months[k] == value;
    if (digits == 0 || value > 1200 || again || (*p != ',' && *p != '\0') || *n == MAX_HORIZONS)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "horizons is \"%s\", expected up to %d different whole months from 0 to 1200 such as 3,6,12",
                      text, MAX_HORIZONS);
    months[(*n)++] = value;
    if (*p == '\0')
      return FM_OK;
  }
}

static uint8_t status_on(const fm__frame *f, outcome *o, fm__asked *a, size_t row, int32_t target, fm__days seen)
{
  if (target == FM_NO_DATE || target >= seen.end || target < seen.first)
    return FM_SPELL_UNKNOWN;
  const fm_spell_episode *e = fm__asked_find(a, o->key[row], target);
  if (e == NULL)
    return FM_SPELL_NO;
  if (target < e->end)
    return FM_SPELL_YES;
  return fm__spell_undetermined(e->end, f->spec->gap_days, seen.end) ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
}

enum { HORIZON, STATUS, IN_RATE, N_STATUS };

static void put_status(fm__frame *f, outcome *o, fm__builder *b, const size_t *column, size_t row, int32_t months,
                       fm__asked *a)
{
  fm__frame_put_placement(f, row);
  int32_t gap = f->spec->gap_days, target = fm_date_add_months(f->day[f->n - 1], months);
  fm__days seen = fm__frame_observed(f, f->rows[FM__PERSONS][f->n - 1]);
  uint8_t status = status_on(f, o, a, row, target, seen);
  bool known = target != FM_NO_DATE && target >= seen.first;
  /* On the day itself without a gap; else the pause that might bridge it must be seen to its end too. */
  known = known && (gap == 0 ? target < seen.end : fm__spell_in_rate(target, gap, seen.end));
  fm__builder_i32(b, column[HORIZON], months);
  if (status == FM_SPELL_UNKNOWN)
    fm__builder_null(b, column[STATUS]);
  else
    fm__builder_bool(b, column[STATUS], status == FM_SPELL_YES);
  fm__builder_bool(b, column[IN_RATE], known);
  if (o->add_weight)
    fm__builder_f64(b, column[N_STATUS], 1.0);
}

fm_status fm__frame_status(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[] = {
      {"horizon_months", FM_I32, 0}, {"status", FM_BOOL, 0}, {"in_rate", FM_BOOL, 0}};
  int32_t months[MAX_HORIZONS];
  size_t n = 0, all = 0, column[N_STATUS + 1];
  outcome o = {0};
  fm__builder *b = NULL;
  fm_status status = read_horizons(months, &n, f->spec->horizons == NULL ? "3,6,12" : f->spec->horizons, err);
  if (status == FM_OK)
    status = prepare(f, &o, err);
  if (status == FM_OK && (!fm__multiply(o.n_index, n, &all) || all >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "job starts times horizons are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, all, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = begin(f, &o, &b, own, N_STATUS, column, err);
  fm__asked a = {o.episodes, o.n_episodes, 0};
  for (size_t i = 0; status == FM_OK && i < o.n_index; i++)
    for (size_t k = 0; k < n; k++)
      put_status(f, &o, b, column, o.index[i], months[k], &a);
  if (status == FM_OK)
    status = fm__builder_finish(b, &f->core, err);
  else
    fm__builder_destroy(b);
  outcome_release(&o);
  return status;
}

/* ---- survival ---- */

enum { ENTRY, TIME, EVENT, CAUSE, N_SURVIVAL };

typedef struct record {
  int32_t entry, time, end;
  bool event, too_recent, unseen;
} record;

static record follow(const fm__frame *f, outcome *o, size_t row, fm__asked *a)
{
  int32_t start = fm__register_days(f->r, FM__PLACEMENTS, row).first, gap = f->spec->gap_days;
  fm__days seen = fm__frame_observed(f, f->r->part[FM__PLACEMENTS].person[row]);
  record out = {.entry = seen.first > start ? seen.first - start : 0};
  const fm_spell_episode *e = start >= seen.end ? NULL : fm__asked_find(a, o->key[row], start);
  if (e == NULL) {
    out.unseen = true;
    return out;
  }
  out.event = !fm__spell_undetermined(e->end, gap, seen.end);
  out.end = e->end;
  out.time = out.event ? e->end - start : seen.end - gap - 1 - start;
  out.too_recent = out.time <= 0;
  out.unseen = !out.too_recent && out.time <= out.entry;
  return out;
}

static void put_cause(fm__builder *b, size_t column, const char *cause)
{
  fm__builder_text(b, column, cause, cause != NULL ? strlen(cause) : 0);
}

fm_status fm__frame_survival(fm__frame *f, fm_error *err)
{
  static const fm__frame_column own[] = {
      {"entry_days", FM_I32, 0}, {"time_days", FM_I32, 0}, {"event", FM_BOOL, 0}, {"cause", FM_CODE, 0}};
  size_t column[N_SURVIVAL + 1], recent = 0, unseen = 0;
  outcome o = {0};
  fm__exits exits = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(f, &o, err);
  if (status == FM_OK)
    status = fm__exits_open(&exits, f, err);
  if (status == FM_OK)
    status = fm__frame_reserve(f, o.n_index, fm__frame_placement_tables, err);
  if (status == FM_OK)
    status = begin(f, &o, &b, own, N_SURVIVAL, column, err);
  fm__asked a = {o.episodes, o.n_episodes, 0};
  for (size_t i = 0; status == FM_OK && i < o.n_index; i++) {
    record one = follow(f, &o, o.index[i], &a);
    recent += one.too_recent;
    unseen += one.unseen;
    if (one.too_recent || one.unseen)
      continue;
    fm__frame_put_placement(f, o.index[i]);
    fm__builder_i32(b, column[ENTRY], one.entry);
    fm__builder_i32(b, column[TIME], one.time);
    fm__builder_bool(b, column[EVENT], one.event);
    size_t person = f->r->part[FM__PLACEMENTS].person[o.index[i]];
    size_t placement = f->spec->same_employer == 1 ? o.index[i] : SIZE_MAX;
    put_cause(b, column[CAUSE], one.event ? fm__exit_cause(&exits, person, placement, one.end) : NULL);
    if (o.add_weight)
      fm__builder_f64(b, column[N_SURVIVAL], 1.0);
  }
  fm__frame_left_out(f, "rows_too_recent", recent);
  fm__frame_left_out(f, "rows_not_observed", unseen);
  if (status == FM_OK)
    status = fm__builder_finish(b, &f->core, err);
  else
    fm__builder_destroy(b);
  fm__exits_close(&exits);
  outcome_release(&o);
  return status;
}
