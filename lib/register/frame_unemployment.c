/* One row a person and definition: long-term unemployed on the last observed day? */
#include <string.h>

#include "flexmetrics/spell_definition.h"
#include "flexmetrics/spell_long_term.h"
#include "register/unemployed_priv.h"

enum { STATISTICS_DENMARK, CONTINUOUS_YEAR, SHARE_OF_TIME, N_DEFINITIONS };
static const char *const names[N_DEFINITIONS] = {"statistics_denmark", "continuous_year", "share_of_time"};
enum { DEFINITION, UNEMPLOYED, LONG_TERM, WEIGHT, N_COLUMNS };

typedef struct unemployment {
  fm_spell_long_term_spec specs[N_DEFINITIONS];
  bool asked[N_DEFINITIONS];
  fm__unemployed runs;
  size_t unseen;
} unemployment;

/* ---- definitions ---- */

static void fill_specs(unemployment *u, const fm__frame *f)
{
  int32_t back = fm_date_add_months(f->as_of, -12), year = back == FM_NO_DATE ? 365 : f->as_of - back;
  for (size_t k = 0; k < N_DEFINITIONS; k++)
    fm_spell_long_term_spec_init(&u->specs[k], sizeof u->specs[k]);
  u->specs[STATISTICS_DENMARK].gap_counts = f->spec->gap_skipped == 0;
  u->specs[CONTINUOUS_YEAR].min_days = year;
  u->specs[CONTINUOUS_YEAR].max_gap_days = 0;
  u->specs[SHARE_OF_TIME].share = 0.8;
  u->specs[SHARE_OF_TIME].window_days = year;
}

static fm_status choose(unemployment *u, const char *text, fm_error *err)
{
  for (size_t k = 0; text == NULL && k < N_DEFINITIONS; k++)
    u->asked[k] = true;
  for (const char *p = text; p != NULL;) {
    p += strspn(p, " ");
    size_t length = strcspn(p, ", "), k = 0;
    while (k < N_DEFINITIONS && (strlen(names[k]) != length || memcmp(names[k], p, length) != 0))
      k++;
    if (k == N_DEFINITIONS)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "there is no definition \"%.*s\" of long-term unemployment; there are statistics_denmark, "
                      "continuous_year, share_of_time",
                      length < 40 ? (int)length : 40, p);
    if (u->asked[k])
      return fm__fail(err, FM_ERR_ARGUMENT, "definition %s is named twice", names[k]);
    u->asked[k] = true;
    p += length;
    p += strspn(p, " ");
    if (*p != ',' && *p != '\0')
      return fm__fail(err, FM_ERR_ARGUMENT, "definitions: expected names separated by commas, got \"%.60s\"", text);
    p = *p == ',' ? p + 1 : NULL;
  }
  return FM_OK;
}

/* ---- one person ---- */

/* FM_SPELL_NO, _YES or _UNKNOWN from runs first .. n - 1. */
static fm_status ask(int32_t *now, const unemployment *u, size_t first, size_t n, size_t k, int32_t as_of,
                     fm_error *err)
{
  fm_spell_long_term_result result = {.now = FM_SPELL_NO};
  size_t n_results = 0;
  fm_status status = FM_OK;
  if (n > first)
    status = fm_spell_long_term(&n_results, &result, u->runs.person + first, u->runs.start + first, u->runs.end + first,
                                u->runs.hours + first, n - first, &u->specs[k], as_of, NULL, err);
  *now = n_results > 0 ? result.now : FM_SPELL_NO;
  return status;
}

/* Before the first day observed somebody may or may not have been unemployed: the answer is known when it is the same
 * either way. */
static fm_status answer(int32_t *now, unemployment *u, const fm__frame *f, size_t n, fm__days seen, size_t k,
                        fm_error *err)
{
  int32_t other;
  int32_t window = u->specs[k].share > 0 ? u->specs[k].window_days : u->specs[k].min_days;
  fm_status status = ask(now, u, 1, n, k, f->as_of, err);
  if (status != FM_OK || seen.first == INT32_MIN || !fm__date_is_valid(seen.first - window))
    return status;
  u->runs.start[0] = seen.first - window;
  u->runs.end[0] = seen.first;
  u->runs.hours[0] = 0;
  status = ask(&other, u, 0, n, k, f->as_of, err);
  if (other != *now)
    *now = FM_SPELL_UNKNOWN;
  return status;
}

static fm_status put_person(unemployment *u, fm__frame *f, fm__builder *b, const size_t *column, size_t person,
                            fm_error *err)
{
  fm__days seen = fm__frame_observed(f, person);
  fm_status status = FM_OK;
  if (seen.first >= f->as_of || seen.end < f->as_of) {
    u->unseen++;
    return FM_OK;
  }
  size_t n = fm__unemployed_runs(&u->runs, person, seen, 1); /* place 0 is for what may have been before */
  bool unemployed = n > 1 && u->runs.end[n - 1] == f->as_of;
  for (size_t k = 0; status == FM_OK && k < N_DEFINITIONS; k++) {
    int32_t now = FM_SPELL_NO;
    if (!u->asked[k])
      continue;
    status = answer(&now, u, f, n, seen, k, err);
    f->rows[FM__PERSONS][f->n] = (uint32_t)person;
    f->day[f->n++] = f->as_of - 1;
    fm__builder_text(b, column[DEFINITION], names[k], strlen(names[k]));
    fm__builder_bool(b, column[UNEMPLOYED], unemployed);
    if (now == FM_SPELL_UNKNOWN)
      fm__builder_null(b, column[LONG_TERM]);
    else
      fm__builder_bool(b, column[LONG_TERM], now == FM_SPELL_YES);
    if (column[WEIGHT] != FM__NO_COLUMN)
      fm__builder_f64(b, column[WEIGHT], 1.0);
  }
  return status;
}

/* ---- the kind ---- */

static fm_status prepare(unemployment *u, fm__frame *f, fm_error *err)
{
  if (f->spec->gap_skipped != 0 && f->spec->gap_skipped != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "gap_skipped must be 0 or 1");
  fill_specs(u, f);
  fm_status status = choose(u, f->spec->definitions, err);
  if (status == FM_OK)
    status = fm__unemployed_open(&u->runs, f, f->spec->states, u->specs[STATISTICS_DENMARK].max_gap_hours, err);
  return status;
}

static fm_status put_all(unemployment *u, fm__frame *f, fm__builder *b, const size_t *column, fm_error *err)
{
  size_t n = f->r->part[FM__PERSONS].n_rows;
  fm_status status = FM_OK;
  for (size_t person = 0; status == FM_OK && person < n; person++) {
    status = put_person(u, f, b, column, person, err);
    if (status == FM_OK && person % 4096 == 0)
      status = fm__run_progress(f->run, 0.5 * (double)person / (double)n, err);
  }
  fm__frame_left_out(f, "rows_not_observed", u->unseen);
  return status;
}

fm_status fm__frame_unemployment(fm__frame *f, fm_error *err)
{
  static const int tables[] = {FM__PERSONS, FM__N_TABLES};
  size_t column[N_COLUMNS], n = 0;
  unemployment u = {0};
  fm__builder *b = NULL;
  fm_status status = prepare(&u, f, err);
  if (status == FM_OK && (!fm__multiply(f->r->part[FM__PERSONS].n_rows, N_DEFINITIONS, &n) || n >= FM__NO_ROW))
    status = fm__fail(err, FM_ERR_LIMIT, "people times definitions are more than %u rows", FM__NO_ROW - 1);
  if (status == FM_OK)
    status = fm__frame_reserve(f, n, tables, err);
  if (status == FM_OK)
    status = fm__frame_begin(&b, column, f, err);
  if (status == FM_OK)
    status = put_all(&u, f, b, column, err);
  if (status == FM_OK)
    status = fm__builder_finish(b, &f->core, err);
  else
    fm__builder_destroy(b);
  fm__unemployed_close(&u.runs);
  return status;
}
