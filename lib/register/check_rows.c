/* Checks of one row at a time, and of keys: ranges, intervals, rules, ids that stand twice. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "register/filter_priv.h"
#include "register/make_priv.h"

/* Somebody wrote 40 for 40 per cent; six decimals and fewer are told without the rounding of a division. */
static void hint_share(char out[120], double v)
{
  char share[48], percent[48];
  double shifted = round(v * 1e6);
  fm__show_f64(percent, v);
  fm__show_f64(share, fabs(shifted - v * 1e6) < 1e-3 ? shifted / 1e8 : v / 100);
  snprintf(out, 120, "write %s for %s per cent", share, percent);
}

static void bad_number(fm__make *m, int t, const fm__column_def *c, size_t row, double v)
{
  char value[48], expected[64], hint[120];
  double min, max;
  fm__schema_range(c, &min, &max);
  bool weight = (c->flags & FM__WEIGHT) != 0;
  fm__show_f64(value, v);
  snprintf(expected, sizeof expected, "%s",
           weight       ? "a weight of 0 or more"
           : max == 1   ? "a share from 0 to 1"
           : max == 168 ? "hours from 0 to 168"
           : min > 0    ? "a number above 0"
                        : "0 or more");
  bool percent = max == 1 && v > 1 && v <= 100;
  if (percent)
    hint_share(hint, v);
  fm__make_problem(m, t, c->name, (int64_t)row,
                   &(fm__finding){.code = weight ? "FM-N04" : "FM-N05",
                                  .what = weight && v < 0 ? "a negative weight"
                                          : isnan(v)      ? "not a number"
                                                          : "number outside its range",
                                  .expected = expected,
                                  .hint = percent ? hint : NULL,
                                  .value = value,
                                  .value_length = strlen(value)});
}

static void check_ranges(fm__make *m, int t, const fm__column_def *c, size_t k)
{
  const fm_table *table = m->given[t].table;
  const double *real = fm_table_f64(table, k);
  const int64_t *whole = fm_table_i64(table, k);
  const uint8_t *valid = fm_table_validity(table, k);
  double min, max;
  if (!fm__schema_range(c, &min, &max))
    return;
  for (size_t i = 0; i < fm_table_n_rows(table); i++) {
    double v = real != NULL ? real[i] : (double)whole[i];
    if (!(v >= min && v <= max) && fm__bit(valid, i))
      bad_number(m, t, c, i, v);
  }
}

/* Parts of a count are not more than the count itself. */
static void check_parts(fm__make *m, int t, const char *name, const char *part)
{
  const fm_table *table = m->given[t].table;
  int64_t whole = fm_table_column_index(table, name), k = fm_table_column_index(table, part);
  if (whole < 0 || k < 0)
    return;
  const int64_t *done = fm_table_i64(table, (size_t)whole), *in = fm_table_i64(table, (size_t)k);
  for (size_t i = 0; i < fm_table_n_rows(table); i++) {
    if (fm_table_is_null(table, (size_t)whole, i) || fm_table_is_null(table, (size_t)k, i) || in[i] <= done[i])
      continue;
    char value[48], expected[120];
    fm__show_f64(value, (double)in[i]);
    snprintf(expected, sizeof expected, "at most the count in \"%.60s\" of the same row", fm__make_header(m, t, name));
    fm__make_problem(m, t, part, (int64_t)i,
                     &(fm__finding){.code = "FM-N05",
                                    .what = "number outside its range",
                                    .expected = expected,
                                    .value = value,
                                    .value_length = strlen(value)});
  }
}

static void bad_interval(fm__make *m, int t, size_t row, int32_t start, int32_t end)
{
  char value[48], expected[96], from[48], hint[160];
  const fm__table_def *def = &fm__schema[t];
  snprintf(expected, sizeof expected, "%s or later, the day in \"%.40s\"", fm__show_date(from, start),
           fm__make_header(m, t, def->start));
  snprintf(hint, sizeof hint, "correct one of the dates%s",
           strcmp(def->end, "deadline") == 0 || t == FM__CONTRACTS ? "" : "; leave the end empty while it is running");
  fm__show_date(value, end);
  fm__make_problem(m, t, def->end, (int64_t)row,
                   &(fm__finding){.code = "FM-D04",
                                  .what = "before the start",
                                  .expected = expected,
                                  .hint = hint,
                                  .value = value,
                                  .value_length = strlen(value)});
}

static void check_intervals(fm__make *m, int t)
{
  const fm__table_def *def = &fm__schema[t];
  const fm_table *table = m->given[t].table;
  int64_t a = def->start != NULL ? fm_table_column_index(table, def->start) : -1;
  int64_t b = def->end != NULL ? fm_table_column_index(table, def->end) : -1;
  if (a < 0 || b < 0)
    return;
  for (size_t i = 0; i < fm_table_n_rows(table); i++) {
    int32_t start = fm__date_at(table, (size_t)a, i), end = fm__date_at(table, (size_t)b, i);
    if (end != FM_NO_DATE && end < start)
      bad_interval(m, t, i, start, end);
  }
}

/* A goal is changed while it runs: from its first day to its last. */
static void check_changes(fm__make *m, int t)
{
  const fm_table *table = m->given[t].table;
  int64_t a = fm_table_column_index(table, "start"), b = fm_table_column_index(table, "deadline");
  int64_t c = fm_table_column_index(table, "changed_on");
  if (t != FM__GOALS || a < 0 || b < 0 || c < 0)
    return;
  for (size_t i = 0; i < fm_table_n_rows(table); i++) {
    int32_t on = fm__date_at(table, (size_t)c, i), start = fm__date_at(table, (size_t)a, i);
    int32_t deadline = fm__date_at(table, (size_t)b, i);
    bool late = deadline != FM_NO_DATE && on > deadline;
    if (on == FM_NO_DATE || start == FM_NO_DATE || (on >= start && !late))
      continue;
    char value[48], expected[96], from[48];
    fm__show_date(value, on);
    snprintf(expected, sizeof expected, "%s or %s, the day in \"%.40s\"", fm__show_date(from, late ? deadline : start),
             late ? "earlier" : "later", fm__make_header(m, t, late ? "deadline" : "start"));
    fm__make_problem(m, t, "changed_on", (int64_t)i,
                     &(fm__finding){.code = "FM-D04",
                                    .what = late ? "after the deadline" : "before the start",
                                    .expected = expected,
                                    .hint = "leave the day empty in the first row of a goal",
                                    .value = value,
                                    .value_length = strlen(value)});
  }
}

/* Each rule once, however many rows have it. */
static fm_status check_rules(fm__make *m, int t, const fm__column_def *c, size_t k, fm_error *err)
{
  const fm_table *table = m->given[t].table;
  const int32_t *codes = fm_table_code(table, k);
  size_t n = fm_table_n_texts(table, k);
  fm_status status = FM_OK;
  for (size_t text = 0; text < n && status == FM_OK; text++) {
    fm__filter *filter = NULL;
    fm_error why = FM_ERROR_INIT;
    size_t length;
    const char *rule = fm_table_dictionary_text(table, k, text, &length);
    status = fm__filter_compile(&filter, rule, &why);
    fm__filter_destroy(filter);
    if (status == FM_ERR_MEMORY)
      return fm__no_memory(err);
    for (size_t i = 0; status != FM_OK && i < fm_table_n_rows(table); i++)
      if (!fm_table_is_null(table, k, i) && (size_t)codes[i] == text)
        fm__make_problem(m, t, c->name, (int64_t)i,
                         &(fm__finding){.code = "FM-X01",
                                        .what = why.message,
                                        .expected = "column op value, joined by & and |",
                                        .hint = "such as kind = fleksjob & hours_per_week >= 10",
                                        .value = rule,
                                        .value_length = length});
    status = FM_OK;
  }
  return status;
}

fm_status fm__check_rows(fm__make *m, int t, fm_error *err)
{
  const fm_table *table = m->given[t].table;
  for (size_t k = 0; k < fm_table_n_columns(table); k++) {
    int at = fm__schema_column(&fm__schema[t], fm_table_column_name(table, k));
    if (at < 0)
      continue;
    const fm__column_def *c = &fm__schema[t].columns[at];
    check_ranges(m, t, c, k);
    fm_status status = (c->flags & FM__RULE) != 0 ? check_rules(m, t, c, k, err) : FM_OK;
    if (status != FM_OK)
      return status;
  }
  if (t == FM__COUNTS) {
    check_parts(m, t, "done", "private");
    check_parts(m, t, "done", "employers");
    check_parts(m, t, "done", "ended");
  }
  if (t == FM__EMPLOYERS)
    check_parts(m, t, "headcount", "target_group_staff");
  check_intervals(m, t);
  check_changes(m, t);
  return FM_OK;
}

/* ---- keys ---- */

static size_t key_columns(const fm__table_def *def, const fm_table *table, size_t out[8], const char **last)
{
  size_t n = 0;
  for (const char *name = def->key; name != NULL && *name != '\0';) {
    char column[64];
    size_t length = strcspn(name, ",");
    memcpy(column, name, length);
    column[length] = '\0';
    int64_t k = fm_table_column_index(table, column);
    if (k >= 0) {
      out[n++] = (size_t)k;
      *last = fm_table_column_name(table, (size_t)k);
    }
    name += length + (name[length] == ',');
  }
  return n;
}

static void put_earlier(char *out, size_t size, const fm_table *table, int64_t row)
{
  int64_t line = fm_table_line(table, (size_t)row);
  if (line >= 0)
    snprintf(out, size, "the first is in line %lld", (long long)line);
  else
    snprintf(out, size, "the first is in row %lld, from 0", (long long)row);
}

fm_status fm__check_keys(fm__make *m, int t, fm_error *err)
{
  const fm__table_def *def = &fm__schema[t];
  fm__given *g = &m->given[t];
  size_t columns[8], n;
  const char *last = NULL;
  char expected[96], what[128];
  fm__row_set *set;
  n = key_columns(def, g->table, columns, &last);
  if (n == 0)
    return FM_OK;
  fm_status status = fm__row_set_create(&set, g->table, columns, n, err);
  if (status != FM_OK)
    return status;
  bool single = strchr(def->key, ',') == NULL;
  for (size_t i = 0; i < fm_table_n_rows(g->table); i++) {
    if (g->bad[i])
      continue; /* a bad row takes nobody's place */
    int64_t earlier = fm__row_set_add(set, i);
    if (earlier < 0)
      continue;
    put_earlier(expected, sizeof expected, g->table, earlier);
    if (single)
      snprintf(what, sizeof what, "this id is there twice");
    else
      snprintf(what, sizeof what, "a second row with the same %.80s", def->key);
    char wanted[128];
    snprintf(wanted, sizeof wanted, "each %s; %s", single ? "id once" : "once", expected);
    fm__make_problem(m, t, single ? def->key : last, (int64_t)i,
                     &(fm__finding){.code = "FM-R01",
                                    .what = what,
                                    .expected = wanted,
                                    .hint = "take out one of the rows, or give it an id of its own"});
  }
  fm__row_set_destroy(set);
  return FM_OK;
}
