/* How each indicator is computed: its options become a frame and a spec. */
#include "catalogue/catalogue_priv.h"

#include <math.h>
#include <string.h>

#include "flexmetrics/income.h"
#include "flexmetrics/income_grouped.h"
#include "flexmetrics/programme.h"
#include "flexmetrics/retention.h"
#include "num/num_priv.h"

static fm_status plain_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)frame;
  (void)o;
  (void)err;
  return FM_OK;
}

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s counts people and takes no weight; found \"%s\"", id, spec->weight);
}

/* ---- programme ---- */

static fm_status people_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  (void)o;
  (void)made;
  fm_programme_spec s = FM_PROGRAMME_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  fm_status status = no_weight(spec, "programme.people", err);
  return status == FM_OK ? fm_programme_people_tally(out, &s, err) : status;
}

static fm_status placements_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                  const fm_table *made, fm_error *err)
{
  (void)made;
  fm_programme_spec s = FM_PROGRAMME_SPEC_INIT;
  s.by = spec->by;
  s.level = spec->level;
  fm_status status = no_weight(spec, "programme.placements", err);
  if (status == FM_OK)
    status = fm__options_real(o, "full_time_hours", &s.full_time_hours, err);
  return status == FM_OK ? fm_programme_placements_tally(out, &s, err) : status;
}

/* ---- retention ---- */

fm_status fm__outcome_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const indexes[] = {"placement", "first", "referral"};
  static const char *const employers[] = {"any", "same"};
  int32_t index = 0;
  fm_status status = fm__options_choice(o, "index", indexes, FM__COUNT(indexes), &index, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "employer", employers, FM__COUNT(employers), &frame->same_employer, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "gap_days", &frame->gap_days, err);
  frame->definitions = fm__options_text(o, "definition");
  frame->start = fm__options_text(o, "start");
  if (frame->definitions == NULL || fm__options_text(o, "index") != NULL)
    frame->index = indexes[index];
  if (fm__options_text(o, "horizons") != NULL)
    frame->horizons = fm__options_text(o, "horizons");
  if (status == FM_OK && frame->definitions != NULL && (frame->same_employer != 0 || frame->gap_days != 0))
    status = fm__fail(err, FM_ERR_ARGUMENT,
                      "definitions have an employer rule and a gap of their own; leave employer and gap_days out");
  return status;
}

const char *fm__definition_of(const fm_table *made, const char *default_name)
{
  const char *name = made != NULL ? fm_table_note(made, "definition") : NULL;
  return name != NULL ? name : default_name;
}

static fm_status status_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  frame->rule = fm__options_text(o, "rule");
  frame->clock = fm__options_text(o, "clock");
  return fm__outcome_frame(frame, o, err);
}

static fm_status status_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  fm_retention_status_spec s = FM_RETENTION_STATUS_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  s.definition = fm__definition_of(made, s.definition);
  s.definitions = fm__options_text(o, "definition") != NULL;
  if (made != NULL)
    s.definitions = fm_table_column_index(made, "horizon") >= 0;
  const char *cluster = fm__options_text(o, "cluster");
  if (cluster != NULL)
    s.cluster = strcmp(cluster, "none") == 0 ? "" : cluster;
  return fm_retention_status_tally(out, &s, err);
}

/* ---- income ---- */

static fm_status income_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  frame->participants = fm__options_text(o, "participants");
  fm_status status = fm__options_real(o, "period_0", &frame->period_0, err);
  return status == FM_OK ? fm__options_real(o, "period_1", &frame->period_1, err) : status;
}

static double noted_number(const fm_table *made, const char *key)
{
  const char *text = made != NULL ? fm_table_note(made, key) : NULL;
  double value;
  return text != NULL && fm__parse_f64(text, strlen(text), '.', &value) ? value : NAN;
}

static fm_status bottom40_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                                fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"};
  fm_income_bottom40_spec s = FM_INCOME_BOTTOM40_SPEC_INIT;
  s.by = spec->by;
  s.weight = spec->weight;
  s.period_0 = noted_number(made, "period_0");
  s.period_1 = noted_number(made, "period_1");
  fm_status status = fm__options_real(o, "p_share", &s.p_share, err);
  if (status == FM_OK)
    status = fm__options_real(o, "line", &s.line, err);
  if (status == FM_OK)
    status = fm__options_real(o, "period_0", &s.period_0, err);
  if (status == FM_OK)
    status = fm__options_real(o, "period_1", &s.period_1, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "population", no_yes, FM__COUNT(no_yes), &s.population, err);
  return status == FM_OK ? fm_income_bottom40_tally(out, &s, err) : status;
}

static fm_status grouped_curves(fm_income_lorenz_spec *c, const char **mean, const fm__options *o, fm_error *err)
{
  static const char *const inputs[] = {"cumulative", "shares", "means"}, *const modes[] = {"exact", "pip"};
  static const char *const curves[] = {"chosen", "quadratic", "beta"}, *const no_yes[] = {"no", "yes"};
  static const int32_t input_of[] = {FM_INCOME_GROUPED_CUMULATIVE, FM_INCOME_GROUPED_SHARES, FM_INCOME_GROUPED_MEANS};
  int32_t input = 0;
  fm_status status = fm__options_choice(o, "input", inputs, FM__COUNT(inputs), &input, err);
  c->input = input_of[input];
  if (status == FM_OK)
    status = fm__options_choice(o, "percent", no_yes, FM__COUNT(no_yes), &c->percent, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "mode", modes, FM__COUNT(modes), &c->mode, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "curve", curves, FM__COUNT(curves), &c->curve, err);
  if (status == FM_OK)
    status = fm__options_real(o, "tolerance", &c->tolerance, err);
  const char *given = fm__options_text(o, "mean");
  *mean = given != NULL && strcmp(given, "column") == 0 ? "mean" : NULL;
  return status == FM_OK && *mean == NULL ? fm__options_real(o, "mean", &c->mean, err) : status;
}

static fm_status grouped_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                               fm_error *err)
{
  static const char *const no_yes[] = {"no", "yes"};
  fm_income_grouped_spec s = FM_INCOME_GROUPED_SPEC_INIT;
  fm_income_lorenz_spec curves = FM_INCOME_LORENZ_SPEC_INIT;
  int32_t period = 0;
  (void)made;
  s.by = spec->by;
  s.curves = &curves;
  s.lines = fm__options_text(o, "lines");
  fm_status status = FM_OK;
  if (spec->weight != NULL && spec->weight[0] != '\0')
    status = fm__fail(err, FM_ERR_ARGUMENT, "income.grouped takes its weights from people and no others; found \"%s\"",
                      spec->weight);
  if (status == FM_OK)
    status = grouped_curves(&curves, &s.mean, o, err);
  if (status == FM_OK)
    status = fm__options_choice(o, "period", no_yes, FM__COUNT(no_yes), &period, err);
  if (status == FM_OK)
    status = fm__options_real(o, "p_share", &s.p_share, err);
  s.period = period == 1 ? "period" : NULL;
  return status == FM_OK ? fm_income_grouped_tally(out, &s, err) : status;
}

static const fm__recipe recipes[] = {
    {"programme.people", plain_frame, people_tally},  {"programme.placements", plain_frame, placements_tally},
    {"retention.status", status_frame, status_tally}, {"income.bottom40", income_frame, bottom40_tally},
    {"income.grouped", NULL, grouped_tally},
};
/* Each ended by one without an id. */
static const fm__recipe *const further[] = {
    fm__recipes_economy,   fm__recipes_labour,      fm__recipes_income,  fm__recipes_change,   fm__recipes_groups,
    fm__recipes_exits,     fm__recipes_survival,    fm__recipes_cox,     fm__recipes_discrete, fm__recipes_fine_gray,
    fm__recipes_sequences, fm__recipes_sustained,   fm__recipes_sdg,     fm__recipes_parity,   fm__recipes_target,
    fm__recipes_jobs,      fm__recipes_initiatives, fm__recipes_support, fm__recipes_progress, fm__recipes_track};

const fm__recipe *fm__recipe_of(const char *id)
{
  for (size_t i = 0; id != NULL && i < FM__COUNT(recipes); i++)
    if (strcmp(recipes[i].id, id) == 0)
      return &recipes[i];
  for (size_t i = 0; id != NULL && i < FM__COUNT(further); i++)
    for (const fm__recipe *r = further[i]; r->id != NULL; r++)
      if (strcmp(r->id, id) == 0)
        return r;
  return NULL;
}
