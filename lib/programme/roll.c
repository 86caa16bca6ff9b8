/* Rolls: groups with counts, sums and distinct people, as the state of several measures. */
#include "programme/roll_priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- creating ---- */

static bool names(const char *list, const char *name)
{
  size_t length = strlen(name);
  for (const char *p = list; p != NULL && *p != '\0';) {
    size_t n = strcspn(p, ","), from = strspn(p, " "), to = n;
    while (to > from && p[to - 1] == ' ')
      to--;
    if (to - from == length && strncmp(p + from, name, length) == 0)
      return true;
    p += n + (p[n] == ',');
  }
  return false;
}

/* None of a measure's own key columns may be named in by. */
static fm_status check_own(const char *id, const char *own, const char *by, fm_error *err)
{
  char name[32];
  while (own != NULL && *own != '\0') {
    size_t n = strcspn(own, ",");
    memcpy(name, own, n);
    name[n] = '\0';
    if (names(by, name))
      return fm__fail(err, FM_ERR_ARGUMENT, "%s is always by %s; found by \"%s\"", id, name, by);
    own += n + (own[n] == ',');
  }
  return FM_OK;
}

static fm_status open_roll(fm__roll *r, const fm__roll_kind *kind, const char *by, fm_error *err)
{
  const char *parts[] = {kind->before, by[0] != '\0' ? by : NULL, kind->after};
  fm__bytes all = {0};
  r->kind = kind;
  for (size_t k = 0; k < FM__COUNT(parts); k++)
    if (parts[k] != NULL) {
      fm__bytes_raw(&all, ",", all.size > 0);
      fm__bytes_raw(&all, parts[k], strlen(parts[k]));
    }
  fm__bytes_u8(&all, 0);
  fm_status status = all.failed ? fm__no_memory(err) : fm__groups_create(&r->groups, (const char *)all.data, err);
  fm__bytes_free(&all);
  return status;
}

fm_status fm__rolls_open(fm__rolls *s, const fm__rolls_kind *kind, const char *by, double level, fm_error *err)
{
  by = by != NULL ? by : "";
  s->kind = kind;
  s->level = level;
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  for (size_t k = 0; k < kind->n; k++) {
    const char *own[] = {kind->rolls[k].before, kind->rolls[k].after};
    for (size_t i = 0; i < FM__COUNT(own); i++) {
      fm_status status = check_own(kind->id, own[i], by, err);
      if (status != FM_OK)
        return status;
    }
  }
  s->by = fm__copy_text(by, strlen(by));
  fm_status status = s->by != NULL ? FM_OK : fm__no_memory(err);
  for (size_t k = 0; k < kind->n && status == FM_OK; k++)
    status = open_roll(&s->roll[k], &kind->rolls[k], s->by, err);
  return status;
}

void fm__rolls_destroy(void *state)
{
  fm__rolls *s = state;
  for (size_t k = 0; s != NULL && k < FM__ROLLS; k++) {
    fm__groups_destroy(s->roll[k].groups);
    fm__people_free(&s->roll[k].people);
    fm__free(s->roll[k].counts);
    fm__free(s->roll[k].sums);
  }
  if (s != NULL)
    fm__free(s->by);
  fm__free(s);
}

/* Without key columns there is one group from the start: its counts tell whether anything was added. */
static bool holds_nothing(const fm__roll *r)
{
  if (r->people.n > 0 || (fm__groups_n_columns(r->groups) > 0 && fm__groups_count(r->groups) > 0))
    return false;
  for (size_t k = 0; k < r->n * (r->kind->n_counts + r->kind->n_most); k++)
    if (r->counts[k] != 0)
      return false;
  return true;
}

bool fm__rolls_is_empty(const void *state)
{
  const fm__rolls *s = state;
  for (size_t k = 0; k < s->kind->n; k++)
    if (!holds_nothing(&s->roll[k]))
      return false;
  return true;
}

/* ---- adding ---- */

bool fm__roll_grow(fm__roll *r)
{
  size_t n = fm__groups_count(r->groups), wide = r->kind->n_counts + r->kind->n_most, counts, sums;
  if (!fm__multiply(n, wide, &counts) || !fm__multiply(n, r->kind->n_sums, &sums) ||
      !fm__grow((void **)&r->counts, &r->counts_capacity, counts + 1, sizeof *r->counts) ||
      !fm__grow((void **)&r->sums, &r->sums_capacity, sums + 1, sizeof *r->sums))
    return false;
  if (n > r->n) {
    memset(r->counts + r->n * wide, 0, (n - r->n) * wide * sizeof *r->counts);
    memset(r->sums + r->n * r->kind->n_sums, 0, (n - r->n) * r->kind->n_sums * sizeof *r->sums);
    r->n = n;
  }
  return true;
}

fm_status fm__roll_map(fm__roll *r, const fm_table *frame, uint32_t **map, fm_error *err)
{
  fm_status status = fm__groups_map(r->groups, frame, map, err);
  return status == FM_OK && !fm__roll_grow(r) ? fm__no_memory(err) : status;
}

fm_status fm__said_open(fm__said *c, const fm_table *frame, const char *name, fm_error *err)
{
  size_t k;
  fm_status status = fm__table_find(frame, name, FM_BOOL, &k, err);
  if (status == FM_OK)
    *c = (fm__said){.values = fm_table_bool(frame, k), .validity = fm_table_validity(frame, k)};
  return status;
}

int32_t fm__word_of(const fm_table *t, size_t column, const char *text)
{
  for (size_t k = 0; k < fm_table_n_texts(t, column); k++)
    if (strcmp(fm_table_dictionary_text(t, column, k, NULL), text) == 0)
      return (int32_t)k;
  return -1;
}

/* ---- merging ---- */

static void take_groups(fm__roll *r, const fm__roll *o, const uint32_t *map)
{
  size_t added = r->kind->n_counts, wide = added + r->kind->n_most;
  for (size_t i = 0; i < o->n; i++) {
    int64_t *to = fm__roll_counts(r, map[i]);
    const int64_t *from = fm__roll_counts(o, (uint32_t)i);
    for (size_t k = 0; k < wide; k++)
      to[k] = k < added ? to[k] + from[k] : to[k] > from[k] ? to[k] : from[k];
    for (size_t k = 0; k < r->kind->n_sums; k++)
      fm__sum_merge(&fm__roll_sums(r, map[i])[k], &fm__roll_sums(o, (uint32_t)i)[k]);
  }
  for (size_t i = 0; i < o->people.n; i++) /* room was reserved */
    fm__people_add(&r->people, map[o->people.items[i].group], o->people.items[i].id, o->people.items[i].flags);
}

fm_status fm__rolls_merge(void *state, const void *other, fm_error *err)
{
  fm__rolls *s = state;
  const fm__rolls *o = other;
  uint32_t *map[FM__ROLLS] = {NULL};
  size_t before[FM__ROLLS];
  fm_status status = FM_OK;
  for (size_t k = 0; k < s->kind->n; k++) {
    fm__roll *r = &s->roll[k];
    before[k] = fm__groups_count(r->groups);
    if (status == FM_OK && !fm__people_reserve(&r->people, o->roll[k].people.n))
      status = fm__no_memory(err);
    if (status == FM_OK)
      status = fm__groups_absorb(r->groups, o->roll[k].groups, &map[k], err);
  }
  for (size_t k = 0; k < s->kind->n && status == FM_OK; k++) {
    size_t known = s->roll[k].n;
    if (!fm__roll_grow(&s->roll[k])) {
      s->roll[k].n = known;
      status = fm__no_memory(err);
    }
  }
  for (size_t k = 0; k < s->kind->n; k++) {
    if (status == FM_OK) {
      take_groups(&s->roll[k], &o->roll[k], map[k]);
    } else {
      fm__groups_truncate(s->roll[k].groups, before[k]);
      s->roll[k].n = s->roll[k].n < before[k] ? s->roll[k].n : before[k];
    }
    fm__free(map[k]);
  }
  return status;
}

fm_status fm__rolls_add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm__rolls *s = state, *fresh = fm__array(1, sizeof *fresh);
  (void)run;
  fm_status status = fresh != NULL ? fm__rolls_open(fresh, s->kind, s->by, s->level, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = s->kind->add_rows(fresh, frame, err);
  if (status == FM_OK)
    status = fm__rolls_merge(s, fresh, err);
  fm__rolls_destroy(fresh);
  return status;
}

/* ---- saving ---- */

static fm_status save_roll(fm__roll *r, fm__bytes *b, fm_error *err)
{
  uint32_t *order;
  fm_status status = fm__roll_grow(r) ? fm__groups_order(r->groups, &order, err) : fm__no_memory(err);
  if (status != FM_OK)
    return status;
  fm__groups_save(r->groups, order, b);
  for (size_t i = 0; i < r->n; i++) {
    for (size_t k = 0; k < r->kind->n_counts + r->kind->n_most; k++)
      fm__bytes_i64(b, fm__roll_counts(r, order[i])[k]);
    for (size_t k = 0; k < r->kind->n_sums; k++)
      fm__sum_save(&fm__roll_sums(r, order[i])[k], b);
  }
  status = fm__people_save(&r->people, order, r->n, b, err);
  fm__free(order);
  return status;
}

fm_status fm__rolls_save(void *state, fm__bytes *b, fm_error *err)
{
  fm__rolls *s = state;
  fm_status status = FM_OK;
  for (size_t k = 0; k < s->kind->n && status == FM_OK; k++)
    status = save_roll(&s->roll[k], b, err);
  return status;
}

static fm_status load_roll(fm__roll *r, const char *id, fm__reader *reader, fm_error *err)
{
  fm_status status = fm__groups_load(r->groups, reader, err);
  if (status == FM_OK && !fm__roll_grow(r))
    status = fm__no_memory(err);
  for (size_t i = 0; i < r->n && status == FM_OK; i++) {
    bool fits = true;
    for (size_t k = 0; k < r->kind->n_counts + r->kind->n_most; k++) {
      int64_t *count = &fm__roll_counts(r, (uint32_t)i)[k];
      *count = fm__read_i64(reader);
      fits = fits && *count >= 0 && *count <= INT64_MAX / 4;
    }
    for (size_t k = 0; k < r->kind->n_sums; k++)
      fits = fits && fm__sum_load(&fm__roll_sums(r, (uint32_t)i)[k], reader);
    if (reader->failed || !fits)
      status = fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: group %zu", id, i);
  }
  return status == FM_OK ? fm__people_load(&r->people, r->n, reader, err) : status;
}

fm_status fm__rolls_load(void *state, fm__reader *r, fm_error *err)
{
  fm__rolls *s = state;
  fm_status status = FM_OK;
  for (size_t k = 0; k < s->kind->n && status == FM_OK; k++)
    status = load_roll(&s->roll[k], s->kind->id, r, err);
  return status;
}

/* ---- results ---- */

fm_status fm__roll_people(int64_t **out, fm__roll *r, const fm__roll_ask *asks, size_t n_asks, fm_error *err)
{
  size_t n;
  *out = fm__multiply(fm__groups_count(r->groups), n_asks, &n) ? fm__array(n, sizeof **out) : NULL;
  if (*out == NULL || !fm__roll_grow(r))
    return fm__no_memory(err);
  for (size_t i = 0; i < r->people.n; i++) {
    const fm__person *p = &r->people.items[i];
    for (size_t k = 0; k < n_asks; k++)
      (*out)[p->group * n_asks + k] += (p->flags & asks[k].all) == asks[k].all && (p->flags & asks[k].none) == 0;
  }
  return FM_OK;
}

static bool same_text(const fm__groups *a, size_t group_a, const fm__groups *b, size_t group_b, size_t key)
{
  size_t n = 0, m = 0;
  const char *x = fm__groups_text(a, group_a, key, &n), *y = fm__groups_text(b, group_b, key, &m);
  return x == NULL || y == NULL ? x == y : n == m && memcmp(x, y, n) == 0;
}

static long number_of(const fm__roll *r, uint32_t group)
{
  const char *text = fm__groups_text(r->groups, group, fm__groups_n_columns(r->groups) - 1, NULL);
  return text != NULL ? strtol(text, NULL, 10) : -1;
}

fm_status fm__roll_under(uint32_t **out, size_t *n, const fm__roll *r, const fm__roll *base, uint32_t group,
                         bool numbers, fm_error *err)
{
  size_t keys = fm__groups_n_columns(base->groups), n_groups = fm__groups_count(r->groups);
  fm_status status = fm__groups_order(r->groups, out, err);
  *n = 0;
  for (size_t i = 0; i < n_groups && status == FM_OK; i++) {
    uint32_t one = (*out)[i];
    bool same = true;
    for (size_t k = 0; k < keys && same; k++)
      same = same_text(r->groups, one, base->groups, group, k);
    if (!same)
      continue;
    size_t at = (*n)++;
    for (; numbers && at > 0 && number_of(r, (*out)[at - 1]) > number_of(r, one); at--)
      (*out)[at] = (*out)[at - 1];
    (*out)[at] = one;
  }
  return status;
}

void fm__roll_put_count(fm__result *r, const char *quantity, int64_t value, int64_t people, const char *state)
{
  fm__figure f = fm__figure_of(quantity, "count");
  if (state != NULL) {
    f.state = state;
  } else {
    f.value = (double)value;
    f.n = value;
    f.people = people;
  }
  fm__result_add(r, &f);
}

void fm__roll_put_share(fm__result *r, const char *quantity, int64_t part, int64_t whole, int64_t people, double level,
                        const char *state)
{
  fm__figure f = fm__figure_of(quantity, "share");
  if (state == NULL) {
    f.n = whole;
    f.people = people;
  }
  if (state != NULL) {
    f.state = state;
  } else if (whole > 0) {
    f.value = (double)part / (double)whole;
    f.level = level;
    fm__wilson((double)part, (double)whole, level, &f.ci_low, &f.ci_high);
  } else {
    f.state = FM__EMPTY;
  }
  fm__result_add(r, &f);
}
