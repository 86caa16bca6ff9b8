/* Indicators of goals 8 and 10 that are composed from others. */
#include "catalogue/catalogue_priv.h"

#include <string.h>

#include "flexmetrics/sdg_contribution.h"
#include "flexmetrics/sdg_redistribution.h"
#include "flexmetrics/sdg_totals.h"
#include "num/num_priv.h"

fm_status fm__options_spell(fm_income_spell_spec *spell, const fm__options *o, fm_error *err)
{
  fm_income_spell_spec_init(spell, sizeof *spell);
  spell->breaks = fm__options_text(o, "breaks");
  const struct {
    const char *name;
    double *out;
  } reals[] = {{"spell_years", &spell->years},
               {"spell_tolerance", &spell->tolerance},
               {"not_before", &spell->not_before},
               {"not_after", &spell->not_after}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(reals) && status == FM_OK; k++)
    status = fm__options_real(o, reals[k].name, reals[k].out, err);
  return status;
}

static bool any_given(const fm__options *o)
{
  static const char *const names[] = {"breaks", "spell_years", "spell_tolerance", "not_before", "not_after"};
  bool any = false;
  for (size_t k = 0; k < FM__COUNT(names); k++)
    any |= fm__options_text(o, names[k]) != NULL;
  return any;
}

static fm_status totals_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  fm_sdg_totals_spec s = FM_SDG_TOTALS_SPEC_INIT;
  fm_income_spell_spec spell;
  (void)made;
  s.indicator = fm__options_text(o, "indicator");
  s.by = spec->by;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    return fm__fail(err, FM_ERR_ARGUMENT, "sdg.totals has no weights; found \"%s\"", spec->weight);
  fm_status status = fm__options_spell(&spell, o, err);
  s.spell = any_given(o) ? &spell : NULL;
  return status == FM_OK ? fm_sdg_totals_tally(out, &s, err) : status;
}

static const char *text_or(const fm__options *o, const char *name, const char *otherwise)
{
  const char *text = fm__options_text(o, name);
  return text != NULL ? text : otherwise;
}

static fm_status redistribution_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                      const fm_table *made, fm_error *err)
{
  static const char *const concepts[] = {"disposable", "consumable"};
  static const char *const negatives[] = {"keep", "error", "drop", "zero"};
  fm_sdg_redistribution_spec s = FM_SDG_REDISTRIBUTION_SPEC_INIT;
  fm_survey_design_spec design;
  double *rscales = NULL;
  fm_status status = fm__options_design(&design, &rscales, o, made, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "concept", concepts, FM__COUNT(concepts), &s.concept, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "negative", negatives, FM__COUNT(negatives), &s.negative, err);
  s.prefiscal = text_or(o, "prefiscal", s.prefiscal);
  s.postfiscal = text_or(o, "postfiscal", s.postfiscal);
  s.person = text_or(o, "person", s.person);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.design = &design;
  if (status == FM_OK)
    status = fm_sdg_redistribution_tally(out, &s, err);
  fm__free(rscales);
  return status;
}

/* ---- sdg.contribution ---- */

static fm_status contribution_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  frame->participants = fm__options_text(o, "participants");
  fm_status status = fm__options_real(o, "period_0", &frame->period_0, err);
  return status == FM_OK ? fm__options_real(o, "period_1", &frame->period_1, err) : status;
}

/* What an option says, or else the frame. */
static const char *said(const fm__options *o, const char *option, const fm_table *made, const char *note)
{
  const char *text = fm__options_text(o, option);
  return text == NULL && made != NULL ? fm_table_note(made, note) : text;
}

static fm_status said_number(double *out, const fm__options *o, const char *option, const fm_table *made,
                             const char *note, fm_error *err)
{
  const char *text = said(o, option, made, note);
  if (text == NULL || fm__parse_f64(text, strlen(text), '.', out))
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "option %s: expected a number, found \"%s\"", option, text);
}

static fm_status contribution_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                    const fm_table *made, fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"};
  fm_sdg_contribution_spec s = FM_SDG_CONTRIBUTION_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.national = spec->national;
  s.concept = said(o, "concept", made, "income_concept");
  s.unit = said(o, "unit", made, "income_unit");
  s.currency = said(o, "currency", made, "income_currency");
  s.prices = said(o, "prices", made, "income_prices");
  fm_status status = said_number(&s.period_months, o, "period_months", made, "income_period_months", err);
  if (status == FM_OK)
    status = said_number(&s.period_0, o, "period_0", made, "period_0", err);
  if (status == FM_OK)
    status = said_number(&s.period_1, o, "period_1", made, "period_1", err);
  if (status == FM_OK)
    status = fm__options_choice(o, "force", no_yes, FM__COUNT(no_yes), &s.force, err);
  return status == FM_OK ? fm_sdg_contribution_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_sdg[] = {{"sdg.totals", NULL, totals_tally},
                                      {"sdg.redistribution", NULL, redistribution_tally},
                                      {"sdg.contribution", contribution_frame, contribution_tally},
                                      {NULL, NULL, NULL}};
