/* income.distribution: what is asked for, and the state: rows of incomes. */
#include "income/distribution/distribution_priv.h"

#include "income/distribution/bounded_priv.h"

#include <math.h>
#include <string.h>

static const fm_income_distribution_spec defaults = FM_INCOME_DISTRIBUTION_SPEC_INIT;

void fm_income_distribution_spec_init(fm_income_distribution_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static void destroy(void *state)
{
  fm__distribution *t = state;
  if (t == NULL)
    return;
  fm__records_free(&t->records);
  fm__free(t->calls);
  fm__free(t->reference);
  fm__free(t);
}

/* Domain, imputed and top coded are yes, no or missing. */
static fm_status take(void *context, double *more, const fm__rows_place *place, fm_error *err)
{
  const fm__records *r = context;
  for (size_t k = 0; k < r->n_more; k++)
    if (!isnan(more[k]) && more[k] != 0 && more[k] != 1)
      return fm__rows_bad(place, r->more + k, "true or false", err);
  return FM_OK;
}

static const fm__measure measure = {.id = "income.distribution",
                                    .state_version = 1,
                                    .add = fm__records_state_add,
                                    .merge = fm__records_state_merge,
                                    .save = fm__records_state_save,
                                    .load = fm__records_state_load,
                                    .result = fm__distribution_result,
                                    .is_empty = fm__records_state_is_empty,
                                    .destroy = destroy};

/* ---- spec ---- */

static bool given(const char *text)
{
  return text != NULL && text[0] != '\0';
}

static size_t n_keys(const char *by)
{
  size_t n = given(by) ? 1 : 0;
  for (; n > 0 && *by != '\0'; by++)
    n += *by == ',';
  return n;
}

static fm_status take_spec(fm_income_distribution_spec *s, const fm_income_distribution_spec *spec, fm_error *err)
{
  *s = defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, "fm_income_distribution_spec", err);
  if (status != FM_OK)
    return status;
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (s->bounded != 0 && s->bounded != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "bounded: expected 0 or 1, got %d", (int)s->bounded);
  if (s->total != 0 && s->total != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "total: expected 0 or 1, got %d", (int)s->total);
  if (given(s->reference) && !given(s->by))
    return fm__fail(err, FM_ERR_ARGUMENT, "reference: a group to compare with needs groups; by is not given");
  if (given(s->reference) && strcmp(s->reference, "total") != 0 && n_keys(s->reference) != n_keys(s->by))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "reference: expected total, or one key for each column of by (%s), got \"%s\"", s->by,
                    s->reference);
  return FM_OK;
}

/* Adds the poverty line that each call reads, unless it is asked for already. */
static fm_status add_lines(fm__distribution *t, fm_error *err)
{
  size_t n = t->n_asked = t->n_calls;
  fm__call *calls = fm__resize(t->calls, 2 * n, sizeof *calls);
  if (calls == NULL)
    return fm__no_memory(err);
  t->calls = calls;
  for (size_t i = 0; i < n; i++) {
    fm__call line = {.p = {NAN, NAN}};
    if (calls[i].measure->optional) /* the share of the line is the measure's own parameter */
      line = calls[i];
    line.measure = fm__income_measure_of("poverty_line");
    bool known = !calls[i].measure->uses_line;
    for (size_t k = 0; k < t->n_calls && !known; k++)
      known = calls[k].measure == line.measure && strcmp(calls[k].parameter, line.parameter) == 0;
    if (!known)
      calls[t->n_calls++] = line;
  }
  return FM_OK;
}

static fm_status create_state(fm__distribution **out, const fm_income_distribution_spec *s, fm_error *err)
{
  fm__distribution *t = fm__array(1, sizeof *t);
  *out = t;
  if (t == NULL)
    return fm__no_memory(err);
  fm__rows_number more[4] = {{NULL, 0}};
  const char *const ids[] = {s->by};
  fm__records_spec spec = {.measure = measure.id,
                           .income = s->income,
                           .weight = s->weight,
                           .more = more,
                           .ids = ids,
                           .n_ids = 1,
                           .rules = s->rules,
                           .design = s->design,
                           .take = take,
                           .context = &t->records};
  const struct {
    const char *name;
    size_t *place;
  } marks[] = {
      {s->domain, &t->domain}, {s->first_row, &t->first_row}, {s->imputed, &t->imputed}, {s->top_coded, &t->top_coded}};
  size_t first = given(s->weight) ? 2 : 1;
  for (size_t k = 0; k < FM__COUNT(marks); k++) {
    *marks[k].place = given(marks[k].name) ? first + spec.n_more : SIZE_MAX;
    if (given(marks[k].name))
      more[spec.n_more++].name = marks[k].name;
  }
  t->level = s->level;
  t->total = s->total == 1 && given(s->by);
  fm_status status = fm__records_create(&t->records, &spec, err);
  if (status == FM_OK)
    status = fm__calls_create(&t->calls, &t->n_calls, s->measures, err);
  if (status == FM_OK)
    status = add_lines(t, err);
  if (status == FM_OK && given(s->reference)) {
    t->reference = fm__copy_text(s->reference, strlen(s->reference));
    if (t->reference == NULL)
      status = fm__no_memory(err);
  }
  return status;
}

fm_status fm_income_distribution_tally(fm_tally **out, const fm_income_distribution_spec *spec, fm_error *err)
{
  *out = NULL;
  fm_income_distribution_spec s;
  fm__distribution *t = NULL;
  fm_status status = take_spec(&s, spec, err);
  if (status == FM_OK && s.bounded == 1)
    return fm__bounded_tally(out, &s, err);
  if (status == FM_OK)
    status = create_state(&t, &s, err);
  if (status != FM_OK) {
    destroy(t);
    return status;
  }
  fm__bytes text = {0};
  const struct {
    const char *name, *value;
  } texts[] = {{"weight", s.weight},     {"by", s.by},
               {"domain", s.domain},     {"first_row", s.first_row},
               {"measures", s.measures}, {"reference", s.reference},
               {"imputed", s.imputed},   {"top_coded", s.top_coded}};
  fm__spec_text_text(&text, "income", s.income, defaults.income);
  for (size_t k = 0; k < FM__COUNT(texts); k++)
    fm__spec_text_text(&text, texts[k].name, texts[k].value, NULL);
  fm__spec_text_f64(&text, "level", s.level, defaults.level);
  fm__spec_text_i64(&text, "total", s.total, defaults.total);
  fm__records_text(&t->records, &text);
  const char *line = fm__spec_text_end(&text);
  status = line != NULL ? fm__tally_create(out, &measure, t, line, err) : fm__no_memory(err);
  if (status != FM_OK)
    destroy(t);
  fm__bytes_free(&text);
  return status;
}

fm_status fm_income_distribution(fm_table **out, const fm_table *frame, const fm_income_distribution_spec *spec,
                                 const fm_run *run, fm_error *err)
{
  fm_tally *t;
  *out = NULL;
  fm_status status = fm_income_distribution_tally(&t, spec, err);
  return status == FM_OK ? fm__tally_once(t, out, frame, run, err) : status;
}
