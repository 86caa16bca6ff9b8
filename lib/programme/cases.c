/* The rows of cases: read, checked, pooled, saved, and handed out set by set. */
#include "programme/cases_priv.h"

#include <math.h>
#include <string.h>

bool fm__is_flag(double x)
{
  return isnan(x) || x == 0 || x == 1;
}

fm_status fm__check_full_time(double hours, fm_error *err)
{
  if (hours > 0 && hours <= 168)
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "full_time_hours: expected hours a week above 0 and up to 168");
}

/* ---- state ---- */

static fm_status group_names(char **out, const char *by, const char *keys, fm_error *err)
{
  size_t n = by != NULL ? strlen(by) : 0, more = keys != NULL ? strlen(keys) : 0;
  char *p = *out = fm__alloc(n + more + 2);
  if (p == NULL)
    return fm__no_memory(err);
  if (n > 0)
    memcpy(p, by, n);
  p += n;
  if (n > 0 && more > 0)
    *p++ = ',';
  if (more > 0)
    memcpy(p, keys, more);
  p[more] = '\0';
  return FM_OK;
}

fm_status fm__cases_open(fm__cases *c, const fm__cases_kind *kind, const char *by, const char *definition, double level,
                         fm_error *err)
{
  const char *ids[FM__CASES_IDS + 1];
  char *groups = NULL;
  c->kind = kind;
  c->level = level;
  if (!(level > 0 && level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: level is expected between 0 and 1", kind->rows.measure);
  definition = definition != NULL ? definition : kind->definition;
  c->definition = fm__copy_text(definition, strlen(definition));
  fm_status status = c->definition != NULL ? group_names(&groups, by, kind->keys, err) : fm__no_memory(err);
  if (status != FM_OK)
    return status;
  ids[0] = groups;
  for (size_t k = 0; k < kind->n_ids; k++)
    ids[k + 1] = kind->ids[k];
  status = fm__rows_keep(&c->rows, &kind->rows, kind->numbers, kind->n_numbers, ids, kind->n_ids + 1, err);
  fm__free(groups);
  return status;
}

void fm__cases_destroy(void *state)
{
  fm__free(((fm__cases *)state)->definition);
  fm__kept_destroy(state);
}

/* ---- one set ---- */

const double *fm__case_numbers(const fm__case_set *s, size_t k)
{
  return fm__rows_numbers(s->cases->rows, s->rows[k]);
}

int64_t fm__case_times(const fm__case_set *s, size_t k)
{
  return (int64_t)fm__rows_count(s->cases->rows, s->rows[k]);
}

uint32_t fm__case_id(const fm__case_set *s, size_t k, size_t id)
{
  return fm__rows_id(s->cases->rows, s->rows[k], id + 1);
}

bool fm__case_has_id(const fm__case_set *s, size_t k, size_t id)
{
  return fm__groups_text(fm__rows_ids(s->cases->rows, id + 1), fm__case_id(s, k, id), 0, NULL) != NULL;
}

size_t fm__case_extra(const fm__case_set *s)
{
  return fm__groups_n_columns(fm__rows_ids(s->cases->rows, 0)) + s->cases->kind->horizons;
}

/* ---- all sets ---- */

static fm_status create_result(fm__result **out, const fm__cases *c, const fm__key *extra, size_t n_extra,
                               fm_error *err)
{
  fm__key *keys = fm__array(n_extra + 1, sizeof *keys);
  if (keys == NULL)
    return fm__no_memory(err);
  keys[0] = (fm__key){c->kind->numbers[0].name, FM_I32};
  for (size_t k = 0; k < n_extra; k++)
    keys[k + c->kind->horizons] = extra[k];
  fm_status status = fm__result_create_grouped(out, c->kind->rows.measure, c->definition, fm__rows_ids(c->rows, 0),
                                               keys, n_extra + c->kind->horizons, err);
  fm__free(keys);
  return status;
}

/* The smallest horizon above `after` of the rows from .. to - 1; infinite: none. */
static double next_horizon(const fm__cases *c, size_t from, size_t to, double after)
{
  double least = (double)INFINITY;
  for (size_t i = from; i < to; i++) {
    double h = fm__rows_numbers(c->rows, i)[0];
    if (h > after && h < least)
      least = h;
  }
  return least;
}

/* The sets of the group whose rows are from .. to - 1. */
static fm_status each_set(fm__case_set *s, size_t from, size_t to, fm_status (*each)(fm__case_set *s, fm_error *err),
                          fm_error *err)
{
  const fm__cases *c = s->cases;
  size_t key = fm__groups_n_columns(fm__rows_ids(c->rows, 0));
  fm_status status = FM_OK;
  s->n = 0;
  if (!c->kind->horizons || from == to) {
    for (size_t i = from; i < to; i++)
      s->rows[s->n++] = i;
    if (c->kind->horizons)
      fm__result_key_null(s->result, key);
    return each(s, err);
  }
  for (double h = next_horizon(c, from, to, -1); status == FM_OK && !isinf(h); h = next_horizon(c, from, to, h)) {
    s->n = 0;
    for (size_t i = from; i < to; i++)
      if (fm__rows_numbers(c->rows, i)[0] == h)
        s->rows[s->n++] = i;
    fm__result_key_i64(s->result, key, (int64_t)h);
    status = each(s, err);
  }
  return status;
}

static fm_status open_set(fm__case_set *s, const fm__key *extra, size_t n_extra, fm_error *err)
{
  const fm__cases *c = s->cases;
  s->rows = fm__array(fm__rows_n(c->rows), sizeof *s->rows);
  s->seen = fm__array(fm__groups_count(fm__rows_ids(c->rows, c->kind->person + 1)), sizeof *s->seen);
  if (s->rows == NULL || s->seen == NULL)
    return fm__no_memory(err);
  return create_result(&s->result, c, extra, n_extra, err);
}

fm_status fm__cases_result(fm_table **out, fm__cases *c, fm_status (*each)(fm__case_set *s, fm_error *err),
                           const fm__key *extra, size_t n_extra, const fm_run *run, fm_error *err)
{
  fm__case_set s = {.cases = c};
  fm_status status = fm__rows_reduce(c->rows, err);
  size_t n = fm__rows_n(c->rows);
  if (status == FM_OK)
    status = open_set(&s, extra, n_extra, err);
  size_t n_groups = fm__groups_count(fm__rows_ids(c->rows, 0)), from = 0;
  for (size_t g = 0; status == FM_OK && g < n_groups; g++) {
    size_t to = from;
    while (to < n && fm__rows_id(c->rows, to, 0) == g)
      to++;
    fm__result_group(s.result, fm__rows_ids(c->rows, 0), g);
    status = each_set(&s, from, to, each, err);
    from = to;
    if (status == FM_OK)
      status = fm__run_progress(run, (double)(g + 1) / (double)n_groups, err);
  }
  fm__free(s.rows);
  fm__free(s.seen);
  if (status != FM_OK) {
    fm__result_destroy(s.result);
    return status;
  }
  return fm__result_finish(s.result, out, err);
}
