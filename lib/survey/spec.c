/* The design's spec. */
#include "survey/survey_priv.h"

static const fm_survey_design_spec defaults = FM_SURVEY_DESIGN_SPEC_INIT;

void fm_survey_design_spec_init(fm_survey_design_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}
