/* Control charts and comparisons of units: options become specs. */
#include "catalogue/catalogue_priv.h"
#include "flexmetrics/target_charts.h"
#include "flexmetrics/target_compare.h"

static const char *const no_yes[] = {"no", "yes"}, *const sides[] = {"more", "less"};

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s takes counts and values and no weight; found \"%s\"", id, spec->weight);
}

static fm_status chart_rules(fm_target_charts_spec *s, const fm__options *o, fm_error *err)
{
  const struct {
    const char *name;
    int32_t *out;
  } wholes[] = {
      {"preliminary", &s->n_preliminary}, {"baseline", &s->n_baseline}, {"run", &s->run}, {"trend", &s->trend},
      {"near", &s->near_limit},           {"near_of", &s->near_of}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(wholes) && status == FM_OK; k++)
    status = fm__options_whole(o, wholes[k].name, wholes[k].out, err);
  return status == FM_OK ? fm__options_real(o, "target", &s->target, err) : status;
}

static fm_status charts_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  static const char *const charts[] = {"xmr", "c", "u"}, *const limits[] = {"normal", "exact"};
  fm_target_charts_spec s = FM_TARGET_CHARTS_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  fm_status status = no_weight(spec, "target.charts", err);
  if (status == FM_OK)
    status = fm__options_choice(o, "chart", charts, FM__COUNT(charts), &s.chart, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "screened", no_yes, FM__COUNT(no_yes), &s.screened, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "limits", limits, FM__COUNT(limits), &s.exact, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "floor", no_yes, FM__COUNT(no_yes), &s.floor, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "better", sides, FM__COUNT(sides), &s.fewer_is_better, err);
  if (status == FM_OK)
    status = chart_rules(&s, o, err);
  return status == FM_OK ? fm_target_charts_tally(out, &s, err) : status;
}

static fm_status compare_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                               fm_error *err)
{
  static const char *const kinds[] = {"rate", "share"};
  fm_target_compare_spec s = FM_TARGET_COMPARE_SPEC_INIT;
  int32_t expected = 0;
  (void)made;
  s.by = spec->by;
  s.level = spec->level;
  s.strata = fm__options_text(o, "strata");
  s.reference = fm__options_text(o, "reference");
  const struct {
    const char *name;
    double *out;
  } reals[] = {{"reference_rate", &s.reference_rate}, {"inner", &s.funnel_inner}, {"outer", &s.funnel_outer}};
  fm_status status = no_weight(spec, "target.compare", err);
  if (status == FM_OK)
    status = fm__options_choice(o, "kind", kinds, FM__COUNT(kinds), &s.kind, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "expected", no_yes, FM__COUNT(no_yes), &expected, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "better", sides, FM__COUNT(sides), &s.fewer_is_better, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "least_units", &s.least_units, err);
  for (size_t k = 0; k < FM__COUNT(reals) && status == FM_OK; k++)
    status = fm__options_real(o, reals[k].name, reals[k].out, err);
  s.expected = expected == 1 ? "expected" : NULL;
  return status == FM_OK ? fm_target_compare_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_target[] = {
    {"target.charts", NULL, charts_tally}, {"target.compare", NULL, compare_tally}, {NULL, NULL, NULL}};
