/* Indicators of goals 8 and 10 that are composed from others. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/sdg_redistribution.h"
#include "flexmetrics/sdg_totals.h"

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

const fm__recipe fm__recipes_sdg[] = {
    {"sdg.totals", NULL, totals_tally}, {"sdg.redistribution", NULL, redistribution_tally}, {NULL, NULL, NULL}};
