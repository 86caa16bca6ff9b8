/* Labour indicators: one recipe for each name, and one for several at once. */
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/csv.h"
#include "labour/labour_priv.h"
#include "survey/survey_priv.h"

static const char *const no_yes[] = {"no", "yes"};

/* What the options say; `indicators` is the id's own name, NULL: the option of that name. */
static fm_status take_spec(fm_labour_spec *s, const char *indicators, const fm_compute_spec *spec, const fm__options *o,
                           fm_error *err)
{
  static const char *const insurance[] = {"leave", "informal", "formal", "drop"};
  fm_labour_spec_init(s, sizeof *s);
  const struct {
    const char *name, **out;
  } texts[] = {{"columns", &s->columns},         {"labour_status", &s->labour_status},
               {"age_bands", &s->age_bands},     {"group", &s->group},
               {"working_age", &s->working_age}, {"youth", &s->youth},
               {"reference", &s->reference},     {"compared", &s->compared}};
  for (size_t k = 0; k < FM__COUNT(texts); k++)
    if (fm__options_text(o, texts[k].name) != NULL)
      *texts[k].out = fm__options_text(o, texts[k].name);
  s->indicators = indicators != NULL ? indicators : fm__options_text(o, "indicators");
  s->by = spec->by;
  s->weight = spec->weight;
  s->level = spec->level;
  fm_status status = fm__options_whole(o, "icls", &s->icls, err);
  if (status == FM_OK)
    status = fm__options_real(o, "hours_threshold", &s->hours_threshold, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "unknown_insurance", insurance, FM__COUNT(insurance), &s->unknown_insurance, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "margins", no_yes, FM__COUNT(no_yes), &s->margins, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "totals", no_yes, FM__COUNT(no_yes), &s->totals, err);
  return status == FM_OK ? fm__options_choice(o, "percent", no_yes, FM__COUNT(no_yes), &s->percent, err) : status;
}

static fm_status labour_tally(fm_tally **out, const char *indicators, const fm_compute_spec *spec, const fm__options *o,
                              fm_error *err)
{
  fm_labour_spec s;
  fm_survey_design_spec design;
  double *rscales = NULL;
  *out = NULL;
  fm_status status = take_spec(&s, indicators, spec, o, err);
  if (status == FM_OK)
    status = fm__options_design(&design, &rscales, o, NULL, err);
  if (status == FM_OK) {
    s.design = fm__options_ask_errors(o) ? &design : NULL;
    status = fm_labour_tally(out, &s, err);
  }
  fm__free(rscales);
  return status;
}

/* ---- columns ---- */

static const char *own_name(const char *id)
{
  const char *name = id + strlen("labour.");
  return strcmp(name, "rates") == 0 ? NULL : name;
}

static fm_status add_groups(fm__add_column add, void *list, const fm__labour_plan *plan, fm_error *err)
{
  fm_status status = FM_OK;
  if (plan->grouped_pay) /* its values are compared with texts; first, since the first type of a column holds */
    status = add(list, plan->spec.group, FM_CODE, true, err);
  for (size_t k = 0; k < plan->n_by && status == FM_OK; k++)
    if (strcmp(plan->by[k], "age") != 0) /* read as a number, with the other roles */
      status = add(list, fm__labour_column(plan, plan->by[k]), FM_CSV_KEY, true, err);
  if (status == FM_OK && plan->spec.labour_status != NULL)
    status = add(list, plan->spec.labour_status, FM_CODE, true, err);
  return status;
}

fm_status fm__labour_columns(fm__add_column add, void *list, const char *id, const fm_compute_spec *spec,
                             const fm__options *o, fm_error *err)
{
  fm_labour_spec s;
  fm__labour_plan plan = {.n_items = 0};
  fm_status status = take_spec(&s, own_name(id), spec, o, err);
  if (status == FM_OK)
    status = fm__labour_plan_take(&plan, &s, false, err);
  for (size_t k = 0; k < FM__N_READ_ROLES && status == FM_OK; k++)
    if ((plan.roles >> k & 1) != 0)
      status = add(list, plan.column[k], fm__labour_role_type(k), (plan.optional >> k & 1) == 0, err);
  if (status == FM_OK)
    status = add_groups(add, list, &plan, err);
  fm__labour_plan_free(&plan);
  return status;
}

/* ---- recipes ---- */

#define TALLY(name, indicators)                                                                                        \
  static fm_status name##_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,                     \
                                const fm_table *made, fm_error *err)                                                   \
  {                                                                                                                    \
    (void)made;                                                                                                        \
    return labour_tally(out, indicators, spec, o, err);                                                                \
  }
TALLY(rates, NULL)
TALLY(employment_rate, "employment_rate")
TALLY(participation_rate, "participation_rate")
TALLY(unemployment_rate, "unemployment_rate")
TALLY(lu2, "lu2")
TALLY(lu3, "lu3")
TALLY(lu4, "lu4")
TALLY(long_term_unemployment_rate, "long_term_unemployment_rate")
TALLY(long_term_unemployment_share, "long_term_unemployment_share")
TALLY(informal_share, "informal_share")
TALLY(informal_share_agriculture, "informal_share_agriculture")
TALLY(informal_share_non_agriculture, "informal_share_non_agriculture")
TALLY(neet_rate, "neet_rate")
TALLY(child_labour, "child_labour")
TALLY(child_labour_chores, "child_labour_chores")
TALLY(hourly_earnings, "hourly_earnings")
TALLY(pay_gap, "pay_gap")
TALLY(fatal_injuries, "fatal_injuries")
TALLY(non_fatal_injuries, "non_fatal_injuries")
TALLY(injury_frequency, "injury_frequency")
TALLY(account_share, "account_share")
TALLY(discriminated_share, "discriminated_share")
TALLY(recruitment_cost, "recruitment_cost")
TALLY(registered_unemployment_rate, "registered_unemployment_rate")
TALLY(gross_unemployment_rate, "gross_unemployment_rate")

#define RECIPE(name)                                                                                                   \
  {                                                                                                                    \
    "labour." #name, NULL, name##_tally                                                                                \
  }
const fm__recipe fm__recipes_labour[] = {RECIPE(rates),
                                         RECIPE(employment_rate),
                                         RECIPE(participation_rate),
                                         RECIPE(unemployment_rate),
                                         RECIPE(lu2),
                                         RECIPE(lu3),
                                         RECIPE(lu4),
                                         RECIPE(long_term_unemployment_rate),
                                         RECIPE(long_term_unemployment_share),
                                         RECIPE(informal_share),
                                         RECIPE(informal_share_agriculture),
                                         RECIPE(informal_share_non_agriculture),
                                         RECIPE(neet_rate),
                                         RECIPE(child_labour),
                                         RECIPE(child_labour_chores),
                                         RECIPE(hourly_earnings),
                                         RECIPE(pay_gap),
                                         RECIPE(fatal_injuries),
                                         RECIPE(non_fatal_injuries),
                                         RECIPE(injury_frequency),
                                         RECIPE(account_share),
                                         RECIPE(discriminated_share),
                                         RECIPE(recruitment_cost),
                                         RECIPE(registered_unemployment_rate),
                                         RECIPE(gross_unemployment_rate),
                                         {NULL, NULL, NULL}};
