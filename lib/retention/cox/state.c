/* Rows of a regression of the time to an exit: what they hold, what is refused, and where it is kept. */
#include <math.h>

#include "retention/cox/tally_state_priv.h"
#include "retention/retention_priv.h"

static const fm_retention_cox_spec usual = FM_RETENTION_COX_SPEC_INIT;

void fm__cox_state_free(fm__cox_state *s)
{
  for (size_t k = 0; k < FM__COUNT(s->texts); k++)
    fm__free(s->texts[k]);
  fm__cox_terms_free(&s->terms);
  fm__rows_destroy(s->rows);
}

/* ---- rows on their way in ---- */

static bool is_time(double v, double low)
{
  return v >= low && v <= INT32_MAX && v == floor(v);
}

bool fm__cox_fits(const void *context, const double *n)
{
  const fm__cox_state *s = context;
  bool good = is_time(n[FM__COX_TIME], 0) && (n[FM__COX_EVENT] == 0 || n[FM__COX_EVENT] == 1);
  double entry = isnan(n[FM__COX_ENTRY]) ? 0 : n[FM__COX_ENTRY];
  good = good && is_time(entry, INT32_MIN) && (entry < n[FM__COX_TIME] || (n[FM__COX_TIME] == 0 && entry <= 0));
  good = good && (s->weight == 0 || (n[s->weight] > 0 && n[s->weight] <= 1e100));
  for (size_t k = 0; k < s->terms.n && good; k++) {
    const fm__cox_term *t = &s->terms.items[k];
    double v = t->kind == FM__COX_TEXT ? NAN : n[t->place];
    good = isnan(v) || (t->kind == FM__COX_NUMBER ? fabs(v) <= 1e100 : is_time(v, INT32_MIN));
  }
  return good;
}

fm_status fm__cox_take(void *context, double *n, bool *keep, const fm__rows_place *place, fm_error *err)
{
  const fm__cox_state *s = context;
  if (!is_time(n[FM__COX_TIME], 0))
    return fm__rows_bad(place, FM__COX_TIME, "a whole time of 0 or more", err);
  if (n[FM__COX_EVENT] != 0 && n[FM__COX_EVENT] != 1)
    return fm__rows_bad(place, FM__COX_EVENT, "true or false", err);
  double entry = isnan(n[FM__COX_ENTRY]) ? 0 : n[FM__COX_ENTRY];
  if (!is_time(entry, INT32_MIN) || (entry >= n[FM__COX_TIME] && !(n[FM__COX_TIME] == 0 && entry <= 0)))
    return fm__rows_bad(place, FM__COX_ENTRY, "a whole time before the exit", err);
  n[FM__COX_ENTRY] = entry;
  if (s->weight != 0) {
    double w = n[s->weight];
    if (!(w >= 0 && w <= 1e100))
      return fm__rows_bad(place, s->weight, "a weight of 0 or more, up to 1e100", err);
    if (s->spec.weights == 2 && (w != floor(w) || w > 1e9))
      return fm__rows_bad(place, s->weight, "a frequency, a whole number up to 1e9", err);
    *keep = w > 0;
  }
  for (size_t k = 0; k < s->terms.n; k++) {
    const fm__cox_term *t = &s->terms.items[k];
    if (t->kind == FM__COX_NUMBER && fabs(n[t->place]) > 1e100)
      return fm__rows_bad(place, t->place, "a finite number up to 1e100", err);
    if (t->kind >= FM__COX_DATED && !isnan(n[t->place]) && !is_time(n[t->place], INT32_MIN))
      return fm__rows_bad(place, t->place, "a whole time, or no value for never", err);
  }
  return FM_OK;
}

/* ---- creating ---- */

static fm_status keep_texts(fm__cox_state *s, fm_error *err)
{
  fm_retention_cox_spec *p = &s->spec;
  const struct {
    const char **text, *fallback;
  } of[] = {{&p->covariates, NULL}, {&p->dated, NULL},
            {&p->ever, NULL},       {&p->accepted, NULL},
            {&p->by, NULL},         {&p->strata, NULL},
            {&p->weight, NULL},     {&p->cluster, NULL},
            {&p->profiles, NULL},   {&p->definition, usual.definition}};
  for (size_t k = 0; k < FM__COUNT(of); k++) {
    fm_status status = fm__retention_text(&s->texts[k], *of[k].text, of[k].fallback, err);
    if (status != FM_OK)
      return status;
    *of[k].text = s->texts[k];
  }
  p->clock = s->terms.clock;
  return FM_OK;
}

static fm_status make_rows(fm__cox_state *s, const fm__rows_kind *kind, fm_error *err)
{
  size_t n_numbers = FM__COX_FIRST_NUMBER, n_sets = FM__COX_FIRST_SET;
  fm__rows_number *numbers = fm__array(s->terms.n + FM__COX_FIRST_NUMBER + 1, sizeof *numbers);
  const char **sets = fm__array(s->terms.n + FM__COX_FIRST_SET + s->n_more, sizeof *sets);
  fm_status status = FM_OK;
  if (numbers == NULL || sets == NULL) {
    status = fm__no_memory(err);
    goto done;
  }
  numbers[FM__COX_TIME] = (fm__rows_number){s->terms.time, 0};
  numbers[FM__COX_ENTRY] = (fm__rows_number){s->terms.entry, FM__OPTIONAL};
  numbers[FM__COX_EVENT] = (fm__rows_number){"event", s->eventless ? FM__OPTIONAL : 0};
  sets[FM__COX_BY] = s->spec.by;
  sets[FM__COX_STRATA] = s->spec.strata;
  sets[FM__COX_CLUSTER] = s->spec.cluster;
  if (s->spec.weight != NULL) {
    s->weight = n_numbers;
    numbers[n_numbers++] = (fm__rows_number){s->spec.weight, 0};
  }
  for (size_t k = 0; k < s->terms.n; k++) {
    fm__cox_term *t = &s->terms.items[k];
    t->place = t->kind == FM__COX_TEXT ? n_sets : n_numbers;
    if (t->kind == FM__COX_TEXT)
      sets[n_sets++] = t->column;
    else
      numbers[n_numbers++] = (fm__rows_number){t->column, 0};
  }
  s->first_more = n_sets;
  for (size_t k = 0; k < s->n_more; k++)
    sets[n_sets++] = s->more[k];
  status = fm__rows_keep(&s->rows, kind, numbers, n_numbers, sets, n_sets, err);
done:
  fm__free(numbers);
  fm__free((void *)sets);
  return status;
}

fm_status fm__cox_state_open(fm__cox_state *s, const fm__rows_kind *kind, fm_error *err)
{
  fm_status status = fm__cox_terms_create(&s->terms, &s->spec, kind->measure, err);
  if (status == FM_OK)
    status = keep_texts(s, err);
  return status == FM_OK ? make_rows(s, kind, err) : status;
}

/* ---- result ---- */

static fm_status report_groups(fm__result *r, const fm__cox_state *s, const fm__cox_output *of, const fm_run *run,
                               fm_error *err)
{
  size_t from = 0, n = fm__rows_n(s->rows), groups = fm__groups_count(fm__rows_ids(s->rows, FM__COX_BY));
  fm_status status = FM_OK;
  for (size_t g = 0; g < groups && status == FM_OK; g++) {
    size_t to = from;
    while (to < n && fm__rows_id(s->rows, to, FM__COX_BY) == g)
      to++;
    fm__cox_group group;
    fm__subrun part;
    fm__result_group(r, fm__rows_ids(s->rows, FM__COX_BY), g);
    status = fm__cox_group_create(&group, s, from, to, err);
    if (status == FM_OK) {
      status = of->report(
          r, s, &group, fm__run_within(&part, run, (double)g / (double)groups, (double)(g + 1) / (double)groups), err);
      fm__cox_group_free(&group);
    }
    from = to;
  }
  return status;
}

fm_status fm__cox_result(fm_table **out, void *state, const fm__cox_output *of, const fm_run *run, fm_error *err)
{
  fm__cox_state *s = state;
  const fm__key more[] = {{"df", FM_F64}, {"p_value", FM_F64}};
  fm__result *r = NULL;
  fm_status status = fm__rows_reduce(s->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, of->indicator, of->definition, fm__rows_ids(s->rows, FM__COX_BY), of->keys,
                                       of->n_keys, err);
  if (status == FM_OK)
    status = fm__result_extend(r, more, FM__COUNT(more), err);
  if (status == FM_OK)
    status = report_groups(r, s, of, run, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  if (s->terms.n_accepted > 0)
    fm__result_note(r, "immortal_time", s->spec.accepted);
  return fm__result_finish(r, out, err);
}
