/* income.distribution: what is asked for, and the state: rows of incomes. */
#include "income/distribution/distribution_priv.h"

#include "income/distribution/bounded_priv.h"

#include <math.h>
#include <string.h>

const fm_income_distribution_spec fm__distribution_defaults = FM_INCOME_DISTRIBUTION_SPEC_INIT;

void fm_income_distribution_spec_init(fm_income_distribution_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &fm__distribution_defaults, sizeof fm__distribution_defaults);
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

/* ---- spec ---- */

static size_t n_keys(const char *by)
{
  size_t n = fm__is_given(by) ? 1 : 0;
  for (; n > 0 && *by != '\0'; by++)
    n += *by == ',';
  return n;
}

fm_status fm__distribution_check(const fm_income_distribution_spec *s, fm_error *err)
{
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (s->bounded != 0 && s->bounded != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "bounded: expected 0 or 1, got %d", (int)s->bounded);
  if (s->total != 0 && s->total != 1)
    return fm__fail(err, FM_ERR_ARGUMENT, "total: expected 0 or 1, got %d", (int)s->total);
  if (fm__is_given(s->reference) && !fm__is_given(s->by))
    return fm__fail(err, FM_ERR_ARGUMENT, "reference: a group to compare with needs groups; by is not given");
  if (fm__is_given(s->reference) && strcmp(s->reference, "total") != 0 && n_keys(s->reference) != n_keys(s->by))
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

static const fm__field fields[] = {FM__FIELD(fm_income_distribution_spec, income, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, domain, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, first_row, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, measures, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, reference, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, imputed, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, top_coded, FM__FIELD_TEXT),
                                   FM__FIELD(fm_income_distribution_spec, level, FM__FIELD_F64),
                                   FM__FIELD(fm_income_distribution_spec, total, FM__FIELD_I32)};

static fm_status open(void *state, const void *spec_given, fm__bytes *text, fm_error *err)
{
  fm__distribution *t = state;
  const fm_income_distribution_spec *s = spec_given;
  fm_status status = fm__distribution_check(s, err);
  if (status != FM_OK)
    return status;
  fm__rows_number more[4] = {{NULL, 0}};
  const char *const ids[] = {s->by};
  fm__records_spec spec = {.measure = "income.distribution",
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
  size_t first = fm__is_given(s->weight) ? 2 : 1;
  for (size_t k = 0; k < FM__COUNT(marks); k++) {
    *marks[k].place = fm__is_given(marks[k].name) ? first + spec.n_more : SIZE_MAX;
    if (fm__is_given(marks[k].name))
      more[spec.n_more++].name = marks[k].name;
  }
  t->level = s->level;
  t->total = s->total == 1 && fm__is_given(s->by);
  status = fm__records_create(&t->records, &spec, err);
  if (status == FM_OK)
    status = fm__calls_create(&t->calls, &t->n_calls, s->measures, err);
  if (status == FM_OK)
    status = add_lines(t, err);
  if (status == FM_OK)
    fm__records_text(&t->records, text);
  if (status == FM_OK && fm__is_given(s->reference)) {
    t->reference = fm__copy_text(s->reference, strlen(s->reference));
    if (t->reference == NULL)
      status = fm__no_memory(err);
  }
  return status;
}

static const fm__measure measure = {.id = "income.distribution",
                                    .state_version = 1,
                                    FM__MEASURE_KEEPS_ROWS,
                                    .spec_name = "fm_income_distribution_spec",
                                    .defaults = &fm__distribution_defaults,
                                    .spec_size = sizeof fm__distribution_defaults,
                                    .state_size = sizeof(fm__distribution),
                                    .fields = fields,
                                    .n_fields = FM__COUNT(fields),
                                    .open = open,
                                    .result = fm__distribution_result,
                                    .destroy = destroy};

/* With `bounded` another measure computes it: `*s` is the spec as taken. */
static fm_status choose(const fm__measure **out, fm_income_distribution_spec *s,
                        const fm_income_distribution_spec *spec, fm_error *err)
{
  *s = fm__distribution_defaults;
  fm_status status = fm__spec_take(s, sizeof *s, spec, measure.spec_name, err);
  *out = s->bounded == 1 ? &fm__bounded_measure : &measure;
  return status;
}

fm_status fm_income_distribution_tally(fm_tally **out, const fm_income_distribution_spec *spec, fm_error *err)
{
  fm_income_distribution_spec s;
  const fm__measure *chosen;
  *out = NULL;
  fm_status status = choose(&chosen, &s, spec, err);
  return status == FM_OK ? fm__measure_tally(out, chosen, &s, err) : status;
}

fm_status fm_income_distribution(fm_table **out, const fm_table *frame, const fm_income_distribution_spec *spec,
                                 const fm_run *run, fm_error *err)
{
  fm_income_distribution_spec s;
  const fm__measure *chosen;
  *out = NULL;
  fm_status status = choose(&chosen, &s, spec, err);
  return status == FM_OK ? fm__measure_once(out, chosen, frame, &s, run, err) : status;
}
