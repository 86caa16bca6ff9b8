/* The design's spec. */
#include <math.h>

#include "survey/design_priv.h"

static const fm_survey_design_spec defaults = FM_SURVEY_DESIGN_SPEC_INIT;

void fm_survey_design_spec_init(fm_survey_design_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

static fm_status check_replicates(const fm_survey_design_spec *s, fm_error *err)
{
  if (!(s->fay_rho >= 0 && s->fay_rho < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's fay_rho must be at least 0 and below 1");
  if (s->fay_rho > 0 && s->replicate_kind != FM_SURVEY_FAY)
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's fay_rho belongs to replicate_kind fay");
  if (s->replicate_kind == FM_SURVEY_OTHER && (isnan(s->scale) || s->rscales == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's replicate weights need scale and rscales, or a replicate_kind");
  if (s->replicate_kind == FM_SURVEY_JKN && s->rscales == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "stratified jackknife weights (JKn) need rscales: (n - 1) / n of the stratum of each replicate");
  return FM_OK;
}

static fm_status check_factors(const fm_survey_design_spec *s, fm_error *err)
{
  if (!isnan(s->scale) && !(s->scale > 0 && s->scale < INFINITY))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's scale must be a number above 0");
  if (!isnan(s->degrees_of_freedom) && !(s->degrees_of_freedom > 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's degrees_of_freedom must be above 0");
  if ((s->rscales == NULL) != (s->n_rscales == 0))
    return fm__fail(err, FM_ERR_ARGUMENT, "the design's rscales and n_rscales must be given together");
  for (size_t i = 0; i < s->n_rscales; i++)
    if (!(s->rscales[i] >= 0 && s->rscales[i] < INFINITY))
      return fm__fail(err, FM_ERR_ARGUMENT, "the design's rscales must be finite and at least 0: number %zu is not",
                      i + 1);
  return FM_OK;
}

fm_status fm__design_spec_check(const fm_survey_design_spec *s, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value, least, most;
  } ranges[] = {{"method", s->method, FM_SURVEY_TAYLOR, FM_SURVEY_NONE},
                {"lonely", s->lonely, FM_SURVEY_LONELY_FAIL, FM_SURVEY_LONELY_AVERAGE},
                {"fpc_kind", s->fpc_kind, FM_SURVEY_FPC_COUNT, FM_SURVEY_FPC_SHARE},
                {"replicate_kind", s->replicate_kind, FM_SURVEY_OTHER, FM_SURVEY_BOOT},
                {"mse", s->mse, 0, 1},
                {"combined", s->combined, 0, 1},
                {"bootstrap", s->bootstrap, FM_SURVEY_AUTO, FM_SURVEY_POISSON},
                {"n_replicates", s->n_replicates, 2, INT32_MAX}};
  for (size_t k = 0; k < FM__COUNT(ranges); k++)
    if (ranges[k].value < ranges[k].least || ranges[k].value > ranges[k].most)
      return fm__fail(err, FM_ERR_ARGUMENT, "the design's %s must be %d to %d, not %d", ranges[k].name, ranges[k].least,
                      ranges[k].most, ranges[k].value);
  fm_status status = check_factors(s, err);
  return status != FM_OK || s->method != FM_SURVEY_REPLICATES ? status : check_replicates(s, err);
}
