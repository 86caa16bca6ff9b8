/* Economy: options become specs, with the code lists of the call. */
#include <math.h>
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "flexmetrics/economy.h"

static const fm_codes *list_of(const fm_compute_spec *spec, const char *name)
{
  for (size_t k = 0; k < spec->n_codes; k++)
    if (strcmp(fm_codes_list_name(spec->codes[k]), name) == 0)
      return spec->codes[k];
  return NULL;
}

static fm_status no_weight(const fm_compute_spec *spec, const char *id, fm_error *err)
{
  if (spec->weight == NULL || spec->weight[0] == '\0')
    return FM_OK;
  return fm__fail(err, FM_ERR_ARGUMENT, "%s adds amounts up and takes no weight; found \"%s\"", id, spec->weight);
}

static void text(const fm__options *o, const char *name, const char **out)
{
  if (fm__options_text(o, name) != NULL)
    *out = fm__options_text(o, name);
}

typedef struct real {
  const char *name;
  double *out;
} real;

static fm_status reals(const fm__options *o, const real *r, size_t n, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < n && status == FM_OK; k++)
    status = fm__options_real(o, r[k].name, r[k].out, err);
  return status;
}

static fm_status plain_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)frame;
  (void)o;
  (void)err;
  return FM_OK;
}

static fm_status contracts_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                 const fm_table *made, fm_error *err)
{
  fm_economy_contracts_spec s = FM_ECONOMY_CONTRACTS_SPEC_INIT;
  const real numbers[] = {{"quota", &s.quota},
                          {"fte_cost", &s.fte_cost},
                          {"full_time_year", &s.full_time_year},
                          {"full_time_hours", &s.full_time_hours},
                          {"hours", &s.hours},
                          {"purchasing", &s.purchasing},
                          {"wage_share", &s.wage_share},
                          {"clause_share", &s.clause_share}};
  (void)made;
  s.by = spec->by;
  s.clauses = list_of(spec, "procurement_clause");
  text(o, "rule", &s.rule);
  fm_status status = no_weight(spec, "economy.contracts", err);
  if (status == FM_OK)
    status = reals(o, numbers, FM__COUNT(numbers), err);
  return status == FM_OK ? fm_economy_contracts_tally(out, &s, err) : status;
}

static fm_status reimbursement_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                     const fm_table *made, fm_error *err)
{
  fm_economy_reimbursement_spec s = FM_ECONOMY_REIMBURSEMENT_SPEC_INIT;
  const char *granted = fm__options_text(o, "granted_from");
  (void)made;
  s.by = spec->by;
  s.steps = list_of(spec, "reimbursement_step");
  text(o, "scheme", &s.scheme);
  text(o, "period", &s.period);
  fm_status status = no_weight(spec, "economy.reimbursement", err);
  if (status == FM_OK && granted != NULL && strcmp(granted, "none") == 0)
    s.granted_from = FM_NO_DATE;
  else if (status == FM_OK && granted != NULL &&
           fm_date_parse(&s.granted_from, granted, strlen(granted), NULL, NULL) != FM_OK)
    status = fm__fail(err, FM_ERR_ARGUMENT, "option granted_from: expected a date YYYY-MM-DD or none, found \"%s\"",
                      granted);
  if (status == FM_OK)
    status = fm__options_real(o, "share_before", &s.share_before, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "reset_weeks", &s.reset_weeks, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "window_weeks", &s.window_weeks, err);
  return status == FM_OK ? fm_economy_reimbursement_tally(out, &s, err) : status;
}

static fm_status flex_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                            fm_error *err)
{
  fm_economy_fleksloentilskud_spec s = FM_ECONOMY_FLEKSLOENTILSKUD_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  s.params = list_of(spec, "fleksloentilskud");
  text(o, "period", &s.period);
  fm_status status = no_weight(spec, "economy.fleksloentilskud", err);
  return status == FM_OK ? fm_economy_fleksloentilskud_tally(out, &s, err) : status;
}

static fm_status kinds_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  (void)err;
  frame->states = fm__options_text(o, "kind");
  return FM_OK;
}

/* Of a register's jobs each benefit needs its split, from the data or from the option. */
static fm_status need_share(const fm_table *made, double state_share, fm_error *err)
{
  static const char *const names[] = {"state_before", "state_after"};
  const char *kind = made != NULL ? fm_table_note(made, "kind") : NULL;
  if (kind == NULL || strcmp(kind, "net_result") != 0 || !isnan(state_share))
    return FM_OK;
  for (size_t k = 0; k < FM__COUNT(names); k++) {
    int64_t column = fm_table_column_index(made, names[k]);
    for (size_t i = 0; column >= 0 && i < fm_table_n_rows(made); i++)
      if (fm_table_is_null(made, (size_t)column, i))
        return fm__fail(err, FM_ERR_NOT_FOUND,
                        "economy.net_result needs the state's share of every benefit: the column state_share of "
                        "spells, or the option state_share for all that lack it");
  }
  return FM_OK;
}

static fm_status net_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                           fm_error *err)
{
  fm_economy_net_result_spec s = FM_ECONOMY_NET_RESULT_SPEC_INIT;
  const real numbers[] = {{"state_share", &s.state_share},
                          {"deadweight", &s.deadweight},
                          {"effect", &s.effect},
                          {"effect_error", &s.effect_error}};
  s.by = spec->by;
  s.level = spec->level;
  s.as_of = spec->as_of;
  s.rates = list_of(spec, "discount_rate");
  text(o, "cost_payer", &s.cost_payer);
  text(o, "schedule", &s.schedule);
  if (strcmp(s.schedule, "none") == 0)
    s.schedule = NULL;
  fm_status status = no_weight(spec, "economy.net_result", err);
  if (status == FM_OK)
    status = reals(o, numbers, FM__COUNT(numbers), err);
  if (status == FM_OK)
    status = fm__options_whole(o, "base_year", &s.base_year, err);
  if (status == FM_OK)
    status = need_share(made, s.state_share, err);
  return status == FM_OK ? fm_economy_net_result_tally(out, &s, err) : status;
}

static fm_status return_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                              fm_error *err)
{
  fm_economy_social_return_spec s = FM_ECONOMY_SOCIAL_RETURN_SPEC_INIT;
  (void)made;
  s.by = spec->by;
  text(o, "inputs", &s.inputs);
  fm_status status = no_weight(spec, "economy.social_return", err);
  if (status == FM_OK)
    status = fm__options_real(o, "rate", &s.rate, err);
  return status == FM_OK ? fm_economy_social_return_tally(out, &s, err) : status;
}

const fm__recipe fm__recipes_economy[] = {
    {"economy.contracts", plain_frame, contracts_tally},   {"economy.reimbursement", plain_frame, reimbursement_tally},
    {"economy.fleksloentilskud", kinds_frame, flex_tally}, {"economy.net_result", kinds_frame, net_tally},
    {"economy.social_return", plain_frame, return_tally},  {NULL, NULL, NULL}};
