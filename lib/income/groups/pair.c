/* Two groups of one sample: their spec, their populations, one result for each group of `by`. */
#include "income/groups/pair_priv.h"

#include <math.h>
#include <string.h>

void fm__pair_free(fm__pair_state *p)
{
  fm__records_free(&p->records);
  fm__free(p->names[0]);
  fm__free(p->names[1]);
  p->names[0] = p->names[1] = NULL;
}

static bool blank(const char *text)
{
  return text == NULL || text[0] == '\0';
}

static fm_status check(const fm__pair_spec *s, fm_error *err)
{
  if (blank(s->group) || strchr(s->group, ',') != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "group: expected the name of the one column that tells the two groups apart");
  if (blank(s->reference))
    return fm__fail(err, FM_ERR_ARGUMENT, "reference: expected the value of column %s for the reference group",
                    s->group);
  if (blank(s->compared))
    return fm__fail(err, FM_ERR_ARGUMENT, "compared: expected the value of column %s for the compared group", s->group);
  if (strcmp(s->reference, s->compared) == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "reference, compared: expected two different values of column %s", s->group);
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  return FM_OK;
}

fm_status fm__pair_create(fm__pair_state *p, const fm__pair_spec *spec, fm_error *err)
{
  fm_status status = check(spec, err);
  if (status != FM_OK)
    return status;
  const char *names[] = {spec->reference, spec->compared}, *ids[] = {spec->by, spec->group};
  const fm__rows_number more = {.name = spec->first_row};
  p->level = spec->level;
  for (size_t k = 0; k < 2 && status == FM_OK; k++)
    if ((p->names[k] = fm__copy_text(names[k], strlen(names[k]))) == NULL)
      status = fm__no_memory(err);
  fm__records_spec records = {.measure = spec->measure,
                              .income = spec->income,
                              .weight = spec->weight,
                              .ids = ids,
                              .n_ids = 2,
                              .more = &more,
                              .n_more = blank(spec->first_row) ? 0 : 1,
                              .rules = spec->rules,
                              .design = spec->design};
  if (status == FM_OK)
    status = fm__records_create(&p->records, &records, err);
  if (status == FM_OK)
    status = fm__records_check_group(&p->records, err);
  p->first_row = records.n_more > 0 ? p->records.more : SIZE_MAX;
  return status;
}

void fm__pair_text(const fm__pair_spec *s, const fm__pair_state *p, fm__bytes *b)
{
  fm__spec_text_text(b, "income", s->income, "income");
  fm__spec_text_text(b, "weight", s->weight, NULL);
  fm__spec_text_text(b, "by", s->by, NULL);
  fm__spec_text_text(b, "group", s->group, NULL);
  fm__spec_text_text(b, "reference", s->reference, NULL);
  fm__spec_text_text(b, "compared", s->compared, NULL);
  fm__spec_text_text(b, "first_row", s->first_row, NULL);
  fm__spec_text_f64(b, "level", s->level, 0.95);
  fm__records_text(&p->records, b);
}

/* Number of the id with this text; UINT32_MAX when no row has it. */
static uint32_t id_of(const fm__rows *rows, const char *text)
{
  const fm__groups *g = fm__rows_ids(rows, 1);
  for (size_t i = 0; i < fm__groups_count(g); i++) {
    size_t length;
    const char *t = fm__groups_text(g, i, 0, &length);
    if (t != NULL && length == strlen(text) && memcmp(t, text, length) == 0)
      return (uint32_t)i;
  }
  return UINT32_MAX;
}

static bool has_id(const void *context, const fm__records *r, size_t row)
{
  return fm__rows_id(r->rows, row, 1) == *(const uint32_t *)context;
}

static bool is_first(const void *context, const fm__records *r, size_t row)
{
  const fm__pair_state *p = context;
  return p->first_row == SIZE_MAX || fm__rows_numbers(r->rows, row)[p->first_row] != 0;
}

/* The figures of one group of `by`. */
static fm_status one_group(fm__result *r, fm__dropped *dropped, const fm__pair_state *p, const fm__prepared *ready,
                           const fm__dist *everyone, size_t first, size_t end, fm__pair_each each, void *context,
                           const fm_run *run, fm_error *err)
{
  fm__dist two[2] = {{.owned = NULL}, {.owned = NULL}};
  const fm__dist *populations[FM__N_PAIR] = {&two[0], &two[1], everyone};
  fm_status status = FM_OK;
  for (size_t k = 0; k < 2 && status == FM_OK; k++) {
    uint32_t id = id_of(p->records.rows, p->names[k]);
    status = fm__prepared_population(&two[k], dropped, ready, first, end, has_id, &id, run, err);
  }
  if (status == FM_OK)
    status = each(context, r, populations, ready->design, run, err);
  fm__dist_free(&two[0]);
  fm__dist_free(&two[1]);
  return status;
}

/* A name that no row has is a slip of the pen more often than an empty group. */
static fm_status check_names(const fm__pair_state *p, fm_error *err)
{
  const fm__rows *rows = p->records.rows;
  for (size_t k = 0; k < 2; k++)
    if (fm__rows_n(rows) > 0 && id_of(rows, p->names[k]) == UINT32_MAX)
      return fm__fail(err, FM_ERR_NOT_FOUND, "%s: no row has the value \"%s\" in column %s",
                      k == 0 ? "reference" : "compared", p->names[k], fm__groups_column(fm__rows_ids(rows, 1), 0));
  return FM_OK;
}

fm_status fm__pair_result(fm_table **out, fm__pair_state *p, const char *definition, const fm__key *keys, size_t n_keys,
                          bool with_everyone, fm__pair_each each, void *context, const fm_run *run, fm_error *err)
{
  fm__prepared ready = {.records = NULL};
  fm__dist everyone = {.owned = NULL};
  fm__dropped dropped = {0, 0, 0};
  fm__result *r = NULL;
  size_t *start = NULL;
  fm__subrun part;
  p->n_populations = with_everyone ? FM__N_PAIR : FM__EVERYONE;
  fm_status status = fm__records_prepare(&ready, &p->records, err);
  if (status == FM_OK)
    status = check_names(p, err);
  if (status == FM_OK)
    status = fm__prepared_starts(&start, &ready, err);
  if (status == FM_OK && with_everyone)
    status = fm__prepared_population(&everyone, NULL, &ready, 0, fm__rows_n(p->records.rows), is_first, p, run, err);
  const fm__groups *by = fm__rows_ids(p->records.rows, 0);
  size_t n_groups = fm__groups_count(by);
  if (status == FM_OK)
    status = fm__result_create_grouped(&r, p->records.kind.measure, definition, by, keys, n_keys, err);
  for (size_t g = 0; g < n_groups && status == FM_OK; g++) {
    fm__result_group(r, by, g);
    const fm_run *one = fm__run_within(&part, run, (double)g / (double)n_groups, (double)(g + 1) / (double)n_groups);
    status = one_group(r, &dropped, p, &ready, with_everyone ? &everyone : NULL, start[g], start[g + 1], each, context,
                       one, err);
    if (status == FM_OK)
      status = fm__run_progress(one, 1, err);
  }
  if (status == FM_OK) {
    fm__result_note(r, "reference", p->names[0]);
    fm__result_note(r, "compared", p->names[1]);
    fm__prepared_notes(r, &ready, &dropped);
    status = fm__result_finish(r, out, err);
  } else {
    fm__result_destroy(r);
  }
  fm__free(start);
  fm__dist_free(&everyone);
  fm__prepared_free(&ready);
  return status;
}

/* ---- measures of the two groups ---- */

fm__income_context fm__pair_context(const fm__pair_state *p, const fm__dist *const *populations, size_t side)
{
  const fm_income_rules *rules = &p->records.rules;
  bool own_line = rules->line_kind == FM_INCOME_LINE_DOMAIN || rules->line_kind == FM_INCOME_LINE_DOMAIN_MEAN;
  size_t line_from = own_line || p->n_populations <= FM__EVERYONE ? side : FM__EVERYONE;
  return (fm__income_context){.rules = rules, .own = populations[side], .line_from = populations[line_from]};
}

fm_status fm__pair_parts(fm__part *parts, size_t *n_parts, const fm__pair_state *p, const fm__call *call,
                         const fm__dist *const *populations, const double slope[2], fm_error *err)
{
  for (size_t side = 0; side < 2; side++) {
    fm__income_context c = fm__pair_context(p, populations, side);
    fm__influence own = {.n = 0}, line = {.n = 0};
    fm_status status = slope[side] != 0 ? fm__call_influence(&own, &line, call, &c, err) : FM_OK;
    if (status != FM_OK)
      return status;
    const fm__influence *both[] = {&own, &line};
    const size_t of_population[] = {side, FM__EVERYONE};
    for (size_t k = 0; k < 2; k++)
      if (both[k]->n > 0) {
        fm__part *part = &parts[(*n_parts)++];
        *part = (fm__part){.population = of_population[k], .influence = {.n = 0}};
        fm__influence_add(&part->influence, both[k], slope[side]);
      }
  }
  return FM_OK;
}

bool fm__pair_needs_everyone(const fm__pair_state *p, const fm__income_measure *measure)
{
  int32_t kind = p->records.rules.line_kind;
  return measure->uses_line && (kind == FM_INCOME_LINE_NATIONAL || kind == FM_INCOME_LINE_NATIONAL_MEAN);
}
