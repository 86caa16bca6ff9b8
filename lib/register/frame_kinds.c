/* The kinds of frames: their columns, where further ones are looked for, and which kind a spec asks for. */
#include <string.h>

#include "register/frame_priv.h"

static const fm__frame_column people_columns[] = {
    {"person_id", FM_CODE, 0}, {"began", FM_BOOL, 0}, {"weight", FM_F64, FM__FRAME_OPTIONAL}};
static const fm__frame_column placement_columns[] = {
    {"placement_id", FM_CODE, 0}, {"person_id", FM_CODE, 0},  {"kind", FM_CODE, 0},   {"work", FM_BOOL, 0},
    {"sector", FM_CODE, 0},       {"size_class", FM_CODE, 0}, {"sme", FM_BOOL, 0},    {"hours_per_week", FM_F64, 0},
    {"start", FM_DATE, 0},        {"end", FM_DATE, 0},        {"running", FM_BOOL, 0}};
static const fm__frame_column status_columns[] = {{"person_id", FM_CODE, 0},
                                                  {"horizon_months", FM_I32, 0},
                                                  {"status", FM_BOOL, 0},
                                                  {"in_rate", FM_BOOL, 0},
                                                  {"weight", FM_F64, 0}};
static const fm__frame_column definition_columns[] = {
    {"person_id", FM_CODE, 0}, {"definition", FM_CODE, 0}, {"clock", FM_CODE, 0},  {"horizon", FM_I32, 0},
    {"status", FM_BOOL, 0},    {"in_rate", FM_BOOL, 0},    {"reason", FM_CODE, 0}, {"weight", FM_F64, 0}};
static const fm__frame_column survival_columns[] = {{"person_id", FM_CODE, 0}, {"entry_days", FM_I32, 0},
                                                    {"time_days", FM_I32, 0},  {"event", FM_BOOL, 0},
                                                    {"cause", FM_CODE, 0},     {"weight", FM_F64, 0}};
/* Survival under definitions. */
static const fm__frame_column duration_columns[] = {
    {"person_id", FM_CODE, 0}, {"definition", FM_CODE, 0}, {"entry_days", FM_I32, 0}, {"time_days", FM_I32, 0},
    {"event", FM_BOOL, 0},     {"cause", FM_CODE, 0},      {"weight", FM_F64, 0}};
static const fm__frame_column week_columns[] = {
    {"person_id", FM_CODE, 0}, {"definition", FM_CODE, 0}, {"horizon", FM_I32, 0}, {"weeks_good", FM_I32, 0},
    {"weeks_seen", FM_I32, 0}, {"in_rate", FM_BOOL, 0},    {"reason", FM_CODE, 0}, {"weight", FM_F64, 0}};
static const fm__frame_column hour_columns[] = {
    {"person_id", FM_CODE, 0}, {"horizon_months", FM_I32, 0}, {"hours", FM_F64, 0}, {"hours_later", FM_F64, 0},
    {"in_work", FM_BOOL, 0},   {"same_employer", FM_BOOL, 0}, {"weight", FM_F64, 0}};
static const fm__frame_column unemployment_columns[] = {{"person_id", FM_CODE, 0},
                                                        {"definition", FM_CODE, 0},
                                                        {"unemployed", FM_BOOL, 0},
                                                        {"long_term", FM_BOOL, 0},
                                                        {"weight", FM_F64, 0}};
static const fm__frame_column goal_columns[] = {
    {"goal_id", FM_CODE, 0}, {"goal", FM_F64, 0},  {"start", FM_DATE, 0},  {"deadline", FM_DATE, 0},
    {"as_of", FM_DATE, 0},   {"done", FM_I64, 0},  {"private", FM_I64, 0}, {"employers", FM_I64, 0},
    {"people", FM_I64, 0},   {"ended", FM_I64, 0}, {"day", FM_DATE, 0},    {"changed_on", FM_DATE, 0}};
static const fm__frame_column contract_columns[] = {
    {"contract_id", FM_CODE, 0}, {"clause", FM_CODE, 0},  {"value", FM_F64, 0},      {"start", FM_DATE, 0},
    {"end", FM_DATE, 0},         {"days", FM_I32, 0},     {"wage_share", FM_F64, 0}, {"agreed", FM_F64, 0},
    {"started", FM_F64, 0},      {"delivered", FM_F64, 0}};
static const fm__frame_column income_columns[] = {{"person_id", FM_CODE, 0}, {"income_0", FM_F64, 0},
                                                  {"income_1", FM_F64, 0},   {"weight_0", FM_F64, 0},
                                                  {"weight_1", FM_F64, 0},   {"participant", FM_BOOL, 0}};
static const fm__frame_column progress_columns[] = {{"person_id", FM_CODE, 0},  {"date", FM_DATE, 0},
                                                    {"instrument", FM_CODE, 0}, {"item", FM_CODE, 0},
                                                    {"score", FM_F64, 0},       {"job_start", FM_DATE, 0}};
static const fm__frame_column gain_columns[] = {
    {"person_id", FM_CODE, 0}, {"gain", FM_F64, 0}, {"participant", FM_BOOL, 0}, {"weight", FM_F64, 0}};
static const fm__frame_column contribution_columns[] = {
    {"person_id", FM_CODE, 0},  {"income_0", FM_F64, 0},     {"income_1", FM_F64, 0},
    {"employed_0", FM_BOOL, 0}, {"employed_1", FM_BOOL, 0},  {"hours_0", FM_F64, 0},
    {"hours_1", FM_F64, 0},     {"participant", FM_BOOL, 0}, {"weight", FM_F64, 0}};
/* `period` only of the kind that has two. */
static const fm__frame_column period_columns[] = {{"period", FM_F64, 0},
                                                  {"person_id", FM_CODE, 0},
                                                  {"income", FM_F64, 0},
                                                  {"weight", FM_F64, 0},
                                                  {"stratum", FM_CODE, FM__FRAME_OPTIONAL},
                                                  {"psu", FM_CODE, FM__FRAME_OPTIONAL},
                                                  {"fpc", FM_F64, FM__FRAME_OPTIONAL},
                                                  {"household_id", FM_CODE, FM__FRAME_OPTIONAL},
                                                  {"imputed", FM_BOOL, FM__FRAME_OPTIONAL},
                                                  {"top_coded", FM_BOOL, FM__FRAME_OPTIONAL}};

static const fm__frame_column initiative_columns[] = {{"initiative_id", FM_CODE, 0},
                                                      {"person_id", FM_CODE, 0},
                                                      {"begun", FM_BOOL, 0},
                                                      {"eligible", FM_BOOL, 0},
                                                      {"joined_eligible", FM_BOOL, 0},
                                                      {"reached", FM_BOOL, 0},
                                                      {"referred", FM_BOOL, 0},
                                                      {"invited", FM_BOOL, 0},
                                                      {"contacted", FM_BOOL, 0},
                                                      {"joined", FM_BOOL, 0},
                                                      {"left", FM_BOOL, 0},
                                                      {"placed", FM_BOOL, 0},
                                                      {"placed_otherwise", FM_BOOL, 0},
                                                      {"members", FM_I64, 0},
                                                      {"placement_id", FM_CODE, 0},
                                                      {"employer_id", FM_CODE, 0},
                                                      {"work", FM_BOOL, 0},
                                                      {"member", FM_BOOL, 0},
                                                      {"sector", FM_CODE, 0},
                                                      {"sme", FM_BOOL, 0},
                                                      {"horizon_months", FM_I32, 0},
                                                      {"retained", FM_BOOL, 0},
                                                      {"in_rate", FM_BOOL, 0}};
static const fm__frame_column participant_columns[] = {{"initiative_id", FM_CODE, 0},
                                                       {"person_id", FM_CODE, 0},
                                                       {"applied", FM_BOOL, 0},
                                                       {"decision", FM_CODE, 0},
                                                       {"decisions_given", FM_BOOL, 0}};

static const fm__frame_column journey_columns[] = {{"person_id", FM_CODE, 0}, {"leg", FM_CODE, 0},
                                                   {"entry_days", FM_I32, 0}, {"time_days", FM_I32, 0},
                                                   {"event", FM_BOOL, 0},     {"weight", FM_F64, 0}};

static const fm__frame_column support_columns[] = {
    {"person_id", FM_CODE, 0}, {"support", FM_CODE, 0}, {"days", FM_I32, 0}, {"hours", FM_F64, 0}, {"cost", FM_F64, 0}};
static const fm__frame_column support_status_columns[] = {
    {"person_id", FM_CODE, 0}, {"support", FM_CODE, 0}, {"horizon_months", FM_I32, 0}, {"received", FM_BOOL, 0},
    {"dose_above", FM_I32, 0}, {"supports", FM_I32, 0}, {"days", FM_I32, 0},           {"hours", FM_F64, 0},
    {"status", FM_BOOL, 0},    {"in_rate", FM_BOOL, 0}};

#define PLACEMENT_TABLES                                                                                               \
  {                                                                                                                    \
    FM__PLACEMENTS, FM__PERSONS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES                                          \
  }
/* Kinds whose units need not have a placement: the person comes first. */
#define PERSON_TABLES                                                                                                  \
  {                                                                                                                    \
    FM__PERSONS, FM__PLACEMENTS, FM__EMPLOYERS, FM__INITIATIVES, FM__N_TABLES                                          \
  }
static const fm__frame_kind kinds[] = {
    {"people", fm__frame_people, people_columns, FM__COUNT(people_columns), {FM__PERSONS, FM__N_TABLES}, true, false},
    {"placements", fm__frame_placements, placement_columns, FM__COUNT(placement_columns), PLACEMENT_TABLES, true,
     false},
    {"status", fm__frame_status, status_columns, FM__COUNT(status_columns), PLACEMENT_TABLES, true, false},
    {"survival", fm__frame_survival, survival_columns, FM__COUNT(survival_columns), PLACEMENT_TABLES, true, false},
    {"weeks", fm__frame_weeks, week_columns, FM__COUNT(week_columns), PERSON_TABLES, true, false},
    {"hours", fm__frame_hours, hour_columns, FM__COUNT(hour_columns), PLACEMENT_TABLES, true, false},
    {"unemployment",
     fm__frame_unemployment,
     unemployment_columns,
     FM__COUNT(unemployment_columns),
     {FM__PERSONS, FM__N_TABLES},
     true,
     false},
    {"goals", fm__frame_goals, goal_columns, FM__COUNT(goal_columns), {FM__GOALS, FM__N_TABLES}, true, false},
    {"contracts",
     fm__frame_contracts,
     contract_columns,
     FM__COUNT(contract_columns),
     {FM__CONTRACTS, FM__N_TABLES},
     false,
     false},
    {"incomes",
     fm__frame_incomes,
     income_columns,
     FM__COUNT(income_columns),
     {FM__PERSONS, FM__INCOMES, FM__N_TABLES},
     false,
     false},
    {"contribution",
     fm__frame_contribution,
     contribution_columns,
     FM__COUNT(contribution_columns),
     {FM__PERSONS, FM__N_TABLES},
     true,
     false},
    {"income",
     fm__frame_income,
     period_columns + 1,
     FM__COUNT(period_columns) - 1,
     {FM__INCOMES, FM__PERSONS, FM__N_TABLES},
     false,
     true},
    {"progress",
     fm__frame_progress,
     progress_columns,
     FM__COUNT(progress_columns),
     {FM__PROGRESS, FM__PERSONS, FM__N_TABLES},
     true,
     false},
    {"income_gain",
     fm__frame_income_gain,
     gain_columns,
     FM__COUNT(gain_columns),
     {FM__PERSONS, FM__INCOMES, FM__N_TABLES},
     false,
     false},
    {"income_periods",
     fm__frame_income_periods,
     period_columns,
     FM__COUNT(period_columns),
     {FM__INCOMES, FM__PERSONS, FM__N_TABLES},
     false,
     true},
    {"initiatives",
     fm__frame_initiatives,
     initiative_columns,
     FM__COUNT(initiative_columns),
     {FM__INITIATIVES, FM__PERSONS, FM__PLACEMENTS, FM__EMPLOYERS, FM__N_TABLES},
     true,
     false},
    {"journeys",
     fm__frame_journeys,
     journey_columns,
     FM__COUNT(journey_columns),
     {FM__PARTICIPANTS, FM__PERSONS, FM__INITIATIVES, FM__N_TABLES},
     true,
     false},
    {"supports",
     fm__frame_supports,
     support_columns,
     FM__COUNT(support_columns),
     {FM__PERSONS, FM__SUPPORTS, FM__N_TABLES},
     true,
     false},
    {"support_status", fm__frame_support_status, support_status_columns, FM__COUNT(support_status_columns),
     PLACEMENT_TABLES, true, false},
    {"participants",
     fm__frame_participants,
     participant_columns,
     FM__COUNT(participant_columns),
     {FM__PARTICIPANTS, FM__PERSONS, FM__INITIATIVES, FM__N_TABLES},
     true,
     false},
};
/* A frame of status whose spec names definitions. */
static const fm__frame_kind kind_definitions = {
    "status", fm__frame_definitions, definition_columns, FM__COUNT(definition_columns), PERSON_TABLES, true, false};
/* A frame of survival whose spec names definitions. */
static const fm__frame_kind kind_durations = {
    "survival", fm__frame_durations, duration_columns, FM__COUNT(duration_columns), PERSON_TABLES, true, false};
/* A frame of survival from referral to start. */
static const fm__frame_kind kind_referral = {
    "survival", fm__frame_referral, survival_columns, FM__COUNT(survival_columns), PERSON_TABLES, true, false};
/* Those that stand with what makes them. */
static const fm__frame_kind *const further[] = {&fm__frame_kind_employers,        &fm__frame_kind_steps,
                                                &fm__frame_kind_offers,           &fm__frame_kind_jobs,
                                                &fm__frame_kind_net_result,       &fm__frame_kind_reimbursement,
                                                &fm__frame_kind_fleksloentilskud, &fm__frame_kind_outcomes};
enum { N_OWN = FM__COUNT(kinds), N_KINDS = N_OWN + FM__COUNT(further) };
const int fm__frame_placement_tables[5] = PLACEMENT_TABLES;

static const fm__frame_kind *kind_at(size_t k)
{
  return k < N_OWN ? &kinds[k] : further[k - N_OWN];
}

static fm_status check_definitions(const fm_frame_spec *s, fm_error *err)
{
  bool status = strcmp(s->kind, "status") == 0, survival = strcmp(s->kind, "survival") == 0;
  bool weeks = strcmp(s->kind, "weeks") == 0, unemployment = strcmp(s->kind, "unemployment") == 0;
  bool initiatives = strcmp(s->kind, "initiatives") == 0;
  if (s->definitions != NULL && !status && !survival && !weeks && !unemployment && !initiatives)
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "definitions belong to a frame of status or survival, weeks, unemployment or initiatives");
  if ((s->support != NULL || s->dose != NULL || s->cuts != NULL || s->earlier != 0) &&
      strcmp(s->kind, "support_status") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "support, dose, cuts and earlier belong to a frame of support_status");
  if (s->eligible_on != NULL && !initiatives)
    return fm__fail(err, FM_ERR_ARGUMENT, "eligible_on belongs to a frame of initiatives");
  if ((weeks || unemployment || initiatives) &&
      (s->rule != NULL || s->clock != NULL || ((unemployment || initiatives) && s->start != NULL)))
    return fm__fail(err, FM_ERR_ARGUMENT, "a frame of %s has a rule and clock of its own", s->kind);
  if (s->definitions == NULL && (s->rule != NULL || s->clock != NULL || s->start != NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "rule, clock and start belong to definitions");
  if (survival && (s->rule != NULL || s->clock != NULL))
    return fm__fail(err, FM_ERR_ARGUMENT,
                    "a frame of survival follows days on end: rule and clock belong to a frame of status");
  if (s->definitions != NULL && s->index != NULL && strcmp(s->index, "referral") == 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "index referral has no definitions");
  return FM_OK;
}

const fm__frame_kind *fm__frame_kind_named(const char *name)
{
  for (size_t k = 0; k < N_KINDS; k++)
    if (strcmp(kind_at(k)->name, name) == 0)
      return kind_at(k);
  return NULL;
}

static fm_status no_such_kind(const char *name, fm_error *err)
{
  char names[500] = "";
  for (size_t k = 0; k < N_KINDS; k++) {
    strcat(names, k == 0 ? "" : k + 1 < N_KINDS ? ", " : " or ");
    strcat(names, kind_at(k)->name);
  }
  if (name == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "a frame needs a kind: %s", names);
  return fm__fail(err, FM_ERR_ARGUMENT, "kind is \"%s\", it must be %s", name, names);
}

fm_status fm__frame_kind_of(const fm__frame_kind **out, const fm_frame_spec *s, fm_error *err)
{
  const fm__frame_kind *kind = s->kind != NULL ? fm__frame_kind_named(s->kind) : NULL;
  if (kind == NULL)
    return no_such_kind(s->kind, err);
  fm_status status = check_definitions(s, err);
  if (kind->make == fm__frame_survival && s->index != NULL && strcmp(s->index, "referral") == 0)
    kind = &kind_referral;
  if (s->definitions != NULL && kind->make == fm__frame_status)
    kind = &kind_definitions;
  else if (s->definitions != NULL && kind->make == fm__frame_survival)
    kind = &kind_durations;
  *out = kind;
  return status;
}
