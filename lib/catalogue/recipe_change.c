/* Incomes of two periods: change, growth incidence, mobility. */
#include <string.h>

#include "catalogue/catalogue_priv.h"

static const char *const no_yes[] = {"no", "yes"};

/* ---- what the three share ---- */

static fm_status periods_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const named[] = {"income", "person", "longitudinal", "attrition", "covariates"};
  fm_status status = fm__options_real(o, "period_0", &frame->period_0, err);
  if (status == FM_OK)
    status = fm__options_real(o, "period_1", &frame->period_1, err);
  return status == FM_OK ? fm__options_columns(frame, o, named, FM__COUNT(named), err) : status;
}

static const char *income_column(const fm__options *o, const char *default_name)
{
  const char *text = fm__options_text(o, "income");
  return text != NULL ? text : default_name;
}

static const char *first_row_column(const fm_table *made)
{
  return made != NULL && fm_table_column_index(made, "first_row") >= 0 ? "first_row" : NULL;
}

typedef struct real {
  const char *name;
  double *out;
} real;

static fm_status take_reals(const real *reals, size_t n, const fm__options *o, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < n && status == FM_OK; k++)
    status = fm__options_real(o, reals[k].name, reals[k].out, err);
  return status;
}

/* What a spec points at while its tally is made. */
typedef struct parts {
  fm_income_rules rules;
  fm_survey_design_spec design;
  double *rscales;
  int32_t overlap;
} parts;

/* `rscales` is freed by the caller, after a failure too. */
static fm_status take_parts(parts *p, const fm__options *o, const fm_table *made, fm_error *err)
{
  static const char *const overlaps[] = {"independent", "units", "persons"};
  *p = (parts){.overlap = FM_INCOME_OVERLAP_INDEPENDENT};
  fm_status status = fm__options_rules(&p->rules, o, err);
  if (status == FM_OK)
    status = fm__options_design(&p->design, &p->rscales, o, made, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "overlap", overlaps, FM__COUNT(overlaps), &p->overlap, err);
  if (p->overlap == FM_INCOME_OVERLAP_PERSONS && fm__options_text(o, "psu") == NULL)
    p->design.psu = NULL; /* people are the units, not those of the frame */
  return status;
}

/* ---- income.change ---- */

static bool asks_for_spell(const fm__options *o)
{
  const char *text = fm__options_text(o, "spell");
  return text != NULL && strcmp(text, "no") != 0;
}

static fm_status change_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  if (asks_for_spell(o))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "option spell chooses among the periods of a bare table of incomes; of a "
                    "register give period_0 and period_1");
  return periods_frame(frame, o, err);
}

/* The rule of SDG 10.1.1; *out is NULL without it. What becomes of losses belongs to the figure and is never silent. */
static fm_status take_spell(const fm_income_spell_spec **out, fm_income_spell_spec *spell, const fm__options *o,
                            fm_error *err)
{
  static const char *const rules[] = {"no", "sdg"};
  int32_t rule = 0;
  fm_status status = fm__options_choice(o, "spell", rules, FM__COUNT(rules), &rule, err);
  *out = rule == 1 ? spell : NULL;
  if (status == FM_OK && rule == 1 && fm__options_text(o, "negative") == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "option negative: expected keep (as in Europe), drop (as elsewhere), zero or "
                    "error; the growth of the bottom depends on it");
  return status == FM_OK ? fm__options_spell(spell, o, err) : status;
}

static fm_status change_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  fm_income_change_spec s;
  fm_income_spell_spec spell;
  parts p;
  fm_income_change_spec_init(&s, sizeof s);
  const real reals[] = {{"period_0", &s.period_0},
                        {"period_1", &s.period_1},
                        {"deflator_0", &s.deflator_0},
                        {"deflator_1", &s.deflator_1},
                        {"ppp", &s.ppp}};
  fm_status status = take_parts(&p, o, made, err);
  if (status == FM_OK)
    status = take_reals(reals, FM__COUNT(reals), o, err);
  if (status == FM_OK)
    status = take_spell(&s.spell, &spell, o, err);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.income = income_column(o, s.income);
  s.first_row = first_row_column(made);
  s.measures = fm__options_text(o, "measures");
  s.person = fm__options_text(o, "person") != NULL ? fm__options_text(o, "person") : "person_id";
  s.overlap = p.overlap;
  s.rules = &p.rules;
  s.design = &p.design;
  if (status == FM_OK)
    status = fm_income_change_tally(out, &s, err);
  fm__free(p.rscales);
  return status;
}

/* ---- income.incidence ---- */

static fm_status incidence_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  fm_income_incidence_spec s;
  parts p;
  int32_t panel = 0;
  fm_income_incidence_spec_init(&s, sizeof s);
  const real reals[] = {{"period_0", &s.period_0},
                        {"period_1", &s.period_1},
                        {"deflator_0", &s.deflator_0},
                        {"deflator_1", &s.deflator_1},
                        {"ppp", &s.ppp}};
  fm_status status = take_parts(&p, o, made, err);
  if (status == FM_OK)
    status = take_reals(reals, FM__COUNT(reals), o, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "n_points", &s.n_points, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "total", no_yes, FM__COUNT(no_yes), &s.total, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "curve_only", no_yes, FM__COUNT(no_yes), &s.curve_only, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "panel", no_yes, FM__COUNT(no_yes), &panel, err);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.income = income_column(o, s.income);
  s.first_row = first_row_column(made);
  if (panel != 0 || p.overlap == FM_INCOME_OVERLAP_PERSONS)
    s.person = fm__options_text(o, "person") != NULL ? fm__options_text(o, "person") : "person_id";
  s.overlap = p.overlap;
  s.rules = &p.rules;
  s.design = &p.design;
  if (status == FM_OK)
    status = fm_income_incidence_tally(out, &s, err);
  fm__free(p.rscales);
  return status;
}

/* ---- income.mobility ---- */

static fm_status mobility_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  fm_income_mobility_spec s;
  parts p;
  fm_income_mobility_spec_init(&s, sizeof s);
  const real reals[] = {{"period_0", &s.period_0}, {"period_1", &s.period_1}, {"bottom", &s.bottom}};
  fm_status status = take_parts(&p, o, made, err);
  if (status == FM_OK)
    status = take_reals(reals, FM__COUNT(reals), o, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "n_classes", &s.n_classes, err);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.income = income_column(o, s.income);
  s.first_row = first_row_column(made);
  if (fm__options_text(o, "person") != NULL)
    s.person = fm__options_text(o, "person");
  s.longitudinal = fm__options_text(o, "longitudinal");
  s.attrition = fm__options_text(o, "attrition");
  s.covariates = fm__options_text(o, "covariates");
  s.rules = &p.rules;
  s.design = &p.design;
  if (status == FM_OK)
    status = fm_income_mobility_tally(out, &s, err);
  fm__free(p.rscales);
  return status;
}

const fm__recipe fm__recipes_change[] = {{"income.change", change_frame, change_tally},
                                         {"income.incidence", periods_frame, incidence_tally},
                                         {"income.mobility", periods_frame, mobility_tally},
                                         {.id = NULL}};
