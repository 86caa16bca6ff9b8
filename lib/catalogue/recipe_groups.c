/* Incomes of groups: income.gap, income.decomposition, income.dominance. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/income_groups.h"

/* What the three share: rules, design and the columns of the frame. */
typedef struct shared {
  fm_income_rules rules;
  fm_survey_design_spec design;
  double *rscales;
  const char *income, *first_row;
} shared;

static fm_status take_shared(shared *s, const fm__options *o, const fm_table *made, fm_error *err)
{
  const char *income = fm__options_text(o, "income");
  *s = (shared){.income = income != NULL ? income : "income"};
  if (made != NULL && fm_table_column_index(made, "first_row") >= 0)
    s->first_row = "first_row";
  fm_status status = fm__options_rules(&s->rules, o, err);
  return status == FM_OK ? fm__options_design(&s->design, &s->rscales, o, made, err) : status;
}

static fm_status groups_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const named[] = {"income", "group"};
  fm_status status = fm__options_real(o, "period", &frame->period_1, err);
  return status == FM_OK ? fm__options_columns(frame, o, named, FM__COUNT(named), err) : status;
}

static fm_status gap_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                           fm_error *err)
{
  shared own;
  fm_income_gap_spec s;
  fm_income_gap_spec_init(&s, sizeof s);
  fm_status status = take_shared(&own, o, made, err);
  s.income = own.income;
  s.first_row = own.first_row;
  s.weight = spec->weight;
  s.by = spec->by;
  s.level = spec->level;
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.compared = fm__options_text(o, "compared");
  s.measures = fm__options_text(o, "measures");
  s.rules = &own.rules;
  s.design = &own.design;
  if (status == FM_OK)
    status = fm_income_gap_tally(out, &s, err);
  fm__free(own.rscales);
  return status;
}

static fm_status decomposition_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                     const fm_table *made, fm_error *err)
{
  shared own;
  fm_income_decomposition_spec s;
  fm_income_decomposition_spec_init(&s, sizeof s);
  fm_status status = take_shared(&own, o, made, err);
  s.income = own.income;
  s.weight = spec->weight;
  s.by = spec->by;
  s.level = spec->level;
  s.group = fm__options_text(o, "group");
  s.measures = fm__options_text(o, "measures");
  s.rules = &own.rules;
  s.design = &own.design;
  if (status == FM_OK && own.first_row != NULL)
    status = fm__fail(err, FM_ERR_ARGUMENT,
                      "group, by: people may be in several target groups at once, and inequality is taken apart by "
                      "groups that do not overlap");
  if (status == FM_OK)
    status = fm_income_decomposition_tally(out, &s, err);
  fm__free(own.rscales);
  return status;
}

static fm_status dominance_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  static const char *const curves[] = {"lorenz", "generalised_lorenz", "tip"};
  shared own;
  fm_income_dominance_spec s;
  fm_income_dominance_spec_init(&s, sizeof s);
  fm_status status = take_shared(&own, o, made, err);
  s.income = own.income;
  s.first_row = own.first_row;
  s.weight = spec->weight;
  s.by = spec->by;
  s.level = spec->level;
  s.group = fm__options_text(o, "group");
  s.reference = fm__options_text(o, "reference");
  s.compared = fm__options_text(o, "compared");
  s.rules = &own.rules;
  s.design = &own.design;
  if (status == FM_OK)
    status = fm__options_choice(o, "curve", curves, FM__COUNT(curves), &s.curve, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "n_points", &s.n_points, err);
  if (status == FM_OK)
    status = fm_income_dominance_tally(out, &s, err);
  fm__free(own.rscales);
  return status;
}

const fm__recipe fm__recipes_groups[] = {{"income.gap", groups_frame, gap_tally},
                                         {"income.decomposition", groups_frame, decomposition_tally},
                                         {"income.dominance", groups_frame, dominance_tally},
                                         {.id = NULL}};
