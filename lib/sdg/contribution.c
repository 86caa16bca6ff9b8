/* sdg.contribution: rows of participants with what they had before and after. */
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/contribution_priv.h"

typedef struct contribution {
  fm__rows *rows;
  fm_sdg_contribution_spec spec; /* its texts are those below */
  char *texts[4];                /* concept, unit, currency, prices; NULL: not said */
  fm__cited cited[FM__N_CITED];
  int64_t n_others, n_unknown; /* rows left out: no participants, not known whether they are */
} contribution;

static const fm_sdg_contribution_spec defaults = FM_SDG_CONTRIBUTION_SPEC_INIT;

static void destroy(void *state)
{
  contribution *t = state;
  if (t == NULL)
    return;
  fm__rows_destroy(t->rows);
  fm__cited_free(t->cited);
  for (size_t k = 0; k < FM__COUNT(t->texts); k++)
    fm__free(t->texts[k]);
  fm__free(t);
}

static bool is_empty(const void *state)
{
  const contribution *t = state;
  return fm__rows_is_empty(t->rows) && t->n_others == 0 && t->n_unknown == 0;
}

/* ---- rows ---- */

enum { N_PAIRS = 3 };

static bool is_flag(double x)
{
  return isnan(x) || x == 0 || x == 1;
}

static bool is_hours(double x)
{
  return isnan(x) || (x >= 0 && x <= 168);
}

/* What column `k` may hold; NULL when x is that. */
static const char *expected_of(size_t k, double x)
{
  if (k == FM__CONTRIBUTION_WEIGHT)
    return x >= 0 && isfinite(x) ? NULL : "a finite weight of at least 0";
  if (k <= FM__CONTRIBUTION_INCOME_1)
    return isnan(x) || isfinite(x) ? NULL : "a finite income";
  if (k == FM__CONTRIBUTION_HOURS_0 || k == FM__CONTRIBUTION_HOURS_1)
    return is_hours(x) ? NULL : "hours a week from 0 to 168";
  return is_flag(x) ? NULL : "true or false (1 or 0)";
}

typedef struct taking {
  contribution *t;
  bool told; /* the frame tells participants from others */
  int64_t n_others, n_unknown;
} taking;

static size_t n_numbers(const contribution *t)
{
  return t->spec.weight != NULL ? FM__CONTRIBUTION_NUMBERS : FM__CONTRIBUTION_WEIGHT;
}

static fm_status take(void *context, double *x, bool *keep, const fm__rows_place *place, fm_error *err)
{
  taking *c = context;
  for (size_t k = 0; k < n_numbers(c->t); k++) {
    const char *expected = expected_of(k, x[k]);
    if (expected != NULL)
      return fm__rows_bad(place, k, expected, err);
  }
  double *participant = &x[FM__CONTRIBUTION_PARTICIPANT];
  *keep = n_numbers(c->t) == FM__CONTRIBUTION_WEIGHT || x[FM__CONTRIBUTION_WEIGHT] > 0;
  if (*keep && c->told && *participant != 1) {
    c->n_others += *participant == 0;
    c->n_unknown += isnan(*participant);
    *keep = false;
  }
  *participant = 1;
  for (size_t k = 0; k < 2; k++)
    if (x[FM__CONTRIBUTION_EMPLOYED_0 + k] == 0 && isnan(x[FM__CONTRIBUTION_HOURS_0 + k]))
      x[FM__CONTRIBUTION_HOURS_0 + k] = 0;
  return FM_OK;
}

static bool fits(const void *context, const double *x)
{
  const contribution *t = context;
  bool good = x[FM__CONTRIBUTION_PARTICIPANT] == 1;
  for (size_t k = 0; k < n_numbers(t); k++)
    good = good && expected_of(k, x[k]) == NULL;
  return good && (t->spec.weight == NULL || x[FM__CONTRIBUTION_WEIGHT] > 0);
}

static fm_status add(void *state, const fm_table *frame, const fm_run *run, fm_error *err)
{
  static const char *const pairs[N_PAIRS][2] = {
      {"income_0", "income_1"}, {"employed_0", "employed_1"}, {"hours_0", "hours_1"}};
  contribution *t = state;
  taking c = {.t = t, .told = fm_table_column_index(frame, "participant") >= 0};
  size_t n_pairs = 0;
  (void)run;
  for (size_t k = 0; k < N_PAIRS; k++) {
    bool there[2] = {fm_table_column_index(frame, pairs[k][0]) >= 0, fm_table_column_index(frame, pairs[k][1]) >= 0};
    if (there[0] != there[1])
      return fm__fail(err, FM_ERR_NOT_FOUND, "no column %s beside %s: sdg.contribution compares before and after",
                      pairs[k][there[0] ? 1 : 0], pairs[k][there[0] ? 0 : 1]);
    n_pairs += there[0];
  }
  if (n_pairs == 0)
    return fm__fail(err, FM_ERR_NOT_FOUND,
                    "sdg.contribution needs columns of before and after: income_0 and income_1, employed_0 and "
                    "employed_1, or hours_0 and hours_1");
  fm_status status = fm__rows_add(t->rows, frame, take, &c, err);
  if (status == FM_OK) {
    t->n_others += c.n_others;
    t->n_unknown += c.n_unknown;
  }
  return status;
}

static fm_status merge(void *state, const void *other, fm_error *err)
{
  contribution *t = state;
  const contribution *more = other;
  fm_status status = fm__rows_merge(t->rows, more->rows, err);
  if (status == FM_OK) {
    t->n_others += more->n_others;
    t->n_unknown += more->n_unknown;
  }
  return status;
}

static fm_status save(void *state, fm__bytes *b, fm_error *err)
{
  contribution *t = state;
  fm__bytes_i64(b, t->n_others);
  fm__bytes_i64(b, t->n_unknown);
  return fm__rows_save(t->rows, b, err);
}

static fm_status load(void *state, fm__reader *r, fm_error *err)
{
  contribution *t = state;
  t->n_others = fm__read_i64(r);
  t->n_unknown = fm__read_i64(r);
  if (r->failed || t->n_others < 0 || t->n_unknown < 0)
    return fm__fail(err, FM_ERR_FORMAT, "the saved state of sdg.contribution is short or impossible");
  return fm__rows_load(t->rows, r, fits, t, "sdg.contribution", err);
}

/* ---- the result ---- */

static void note_count(fm__result *r, const char *key, int64_t value)
{
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  fm__result_note(r, key, text);
}

static void note_number(fm__result *r, const char *key, double value)
{
  char text[32];
  if (isnan(value))
    return;
  fm__print_f64(text, value);
  fm__result_note(r, key, text);
}

static void note_text(fm__result *r, const char *key, const char *text)
{
  if (text != NULL)
    fm__result_note(r, key, text);
}

static void add_notes(fm__result *r, const contribution *t, const fm__bytes *differences)
{
  const fm_sdg_contribution_spec *s = &t->spec;
  fm__result_note(r, "contribution",
                  "of the programme's own participants, beside figures of the country as cited: not the indicator of "
                  "the country, and the two do not add up");
  fm__result_note(r, "association",
                  "what changed from before to after, not what the programme caused; incomes of people under a line "
                  "rise by themselves on average (regression to the mean)");
  note_text(r, "income_concept", s->concept);
  note_text(r, "income_unit", s->unit);
  note_text(r, "income_currency", s->currency);
  note_text(r, "income_prices", s->prices);
  note_number(r, "income_period_months", s->period_months);
  note_number(r, "period_0", s->period_0);
  note_number(r, "period_1", s->period_1);
  if (differences->size > 0)
    fm__result_note(r, "differences", (const char *)differences->data);
  note_count(r, "others_left_out", t->n_others);
  note_count(r, "unknown_left_out", t->n_unknown);
}

static void put_groups(fm__result *r, const contribution *t)
{
  const fm__groups *groups = fm__rows_ids(t->rows, 0);
  size_t n = fm__rows_n(t->rows);
  fm__contribution_rows people = {.rows = t->rows,
                                  .weighted = t->spec.weight != NULL,
                                  .line = t->cited[FM__CITED_LINE].value,
                                  .years = t->spec.period_1 - t->spec.period_0,
                                  .level = t->spec.level};
  if (n == 0 && fm__groups_n_columns(groups) == 0)
    fm__contribution_figures(r, &people);
  for (size_t first = 0; first < n; first = people.end) {
    uint32_t group = fm__rows_id(t->rows, first, 0);
    people.first = people.end = first;
    while (people.end < n && fm__rows_id(t->rows, people.end, 0) == group)
      people.end++;
    fm__result_group(r, groups, group);
    fm__contribution_figures(r, &people);
  }
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  static const fm__key more[FM__CONTRIBUTION_MORE] = {{"goal", FM_CODE}, {"source", FM_CODE}};
  contribution *t = state;
  fm__result *r = NULL;
  fm__bytes differences = {0};
  fm_status status = fm__cited_check(t->cited, &t->spec, &differences, err);
  fm__bytes_u8(&differences, 0);
  differences.size -= differences.size > 0;
  if (status == FM_OK && differences.failed)
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__rows_reduce(t->rows, err);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, "sdg.contribution", "contribution", fm__rows_ids(t->rows, 0), NULL, 0, err);
  if (status == FM_OK)
    status = fm__result_extend(r, more, FM__CONTRIBUTION_MORE, err);
  if (status == FM_OK)
    status = fm__run_progress(run, 0.5, err);
  if (status == FM_OK) {
    put_groups(r, t);
    fm__cited_put(r, t->cited, fm__groups_n_columns(fm__rows_ids(t->rows, 0)));
    add_notes(r, t, &differences);
    status = fm__result_finish(r, out, err);
  } else {
    fm__result_destroy(r);
  }
  fm__bytes_free(&differences);
  return status;
}

/* ---- the measure ---- */

static const fm__field fields[] = {FM__FIELD(fm_sdg_contribution_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, concept, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, unit, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, currency, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, prices, FM__FIELD_TEXT),
                                   FM__FIELD(fm_sdg_contribution_spec, period_months, FM__FIELD_F64),
                                   FM__FIELD(fm_sdg_contribution_spec, period_0, FM__FIELD_F64),
                                   FM__FIELD(fm_sdg_contribution_spec, period_1, FM__FIELD_F64),
                                   FM__FIELD(fm_sdg_contribution_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_sdg_contribution_spec, force, FM__FIELD_I32)};

static fm_status check(const fm_sdg_contribution_spec *s, fm_error *err)
{
  if (isnan(s->period_0) != isnan(s->period_1))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_0, period_1: expected both or neither");
  if (!isnan(s->period_0) && (!isfinite(s->period_0) || !isfinite(s->period_1) || !(s->period_1 > s->period_0)))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_1: expected a year after period_0");
  if (!isnan(s->period_months) && !(s->period_months > 0 && isfinite(s->period_months)))
    return fm__fail(err, FM_ERR_ARGUMENT, "period_months: expected a number of months above 0");
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (s->force != 0 && s->force != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "force: expected 0 or 1, got %d", (int)s->force);
  return FM_OK;
}

/* The tally's own copies of what is said of the incomes. */
static fm_status copy_texts(contribution *t, fm_error *err)
{
  const char **const said[] = {&t->spec.concept, &t->spec.unit, &t->spec.currency, &t->spec.prices};
  for (size_t k = 0; k < FM__COUNT(said); k++) {
    const char *text = *said[k];
    *said[k] = NULL;
    if (text == NULL || text[0] == '\0')
      continue;
    *said[k] = t->texts[k] = fm__copy_text(text, strlen(text));
    if (t->texts[k] == NULL)
      return fm__no_memory(err);
  }
  return FM_OK;
}

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  contribution *t = state;
  const fm_sdg_contribution_spec *s = spec;
  bool weighted = s->weight != NULL && s->weight[0] != '\0';
  const fm__rows_number numbers[FM__CONTRIBUTION_NUMBERS] = {
      [FM__CONTRIBUTION_INCOME_0] = {"income_0", FM__OPTIONAL},
      [FM__CONTRIBUTION_INCOME_1] = {"income_1", FM__OPTIONAL},
      [FM__CONTRIBUTION_EMPLOYED_0] = {"employed_0", FM__OPTIONAL},
      [FM__CONTRIBUTION_EMPLOYED_1] = {"employed_1", FM__OPTIONAL},
      [FM__CONTRIBUTION_HOURS_0] = {"hours_0", FM__OPTIONAL},
      [FM__CONTRIBUTION_HOURS_1] = {"hours_1", FM__OPTIONAL},
      [FM__CONTRIBUTION_PARTICIPANT] = {"participant", FM__OPTIONAL},
      [FM__CONTRIBUTION_WEIGHT] = {s->weight, 0}};
  const char *ids[] = {s->by};
  fm_status status = fm__cited_read(t->cited, s->national, err);
  if (status == FM_OK)
    status = check(s, err);
  if (status != FM_OK)
    return status;
  t->spec = *s;
  t->spec.by = NULL; /* the caller's */
  t->spec.weight = weighted ? "weight" : NULL;
  t->spec.national = NULL;
  status = copy_texts(t, err);
  if (status == FM_OK)
    status = fm__rows_create(&t->rows, numbers, n_numbers(t), ids, 1, err);
  if (status == FM_OK)
    fm__cited_describe(text, t->cited);
  return status;
}

static const fm__measure measure = {.id = "sdg.contribution",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_sdg_contribution_spec, contribution),
                                    .add = add,
                                    .merge = merge,
                                    .save = save,
                                    .load = load,
                                    .result = result,
                                    .is_empty = is_empty,
                                    .destroy = destroy};

FM__MEASURE_FUNCTIONS(fm_sdg_contribution)
