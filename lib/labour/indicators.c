/* The indicators: what each counts, among whom, and the columns it reads. Sources: docs/methods/labour.md. */
#include <string.h>

#include "labour/labour_priv.h"

#define R(role) FM__ROLE(FM__ROLE_##role)
#define SHARE .unit = "share", .kind = FM__KIND_SHARE, .value = FM__V_NONE, .divisor = FM__V_NONE, .per = 1
#define ADULT .population = FM__Q_ADULT
#define STATUS_ITEMS .employed = true
#define JOBLESS_ITEMS .employed = true, .unemployed = true
#define SECTOR R(AGE) | R(STATUS) | R(SECTOR_REGISTERED) | R(SOCIAL_INSURANCE) | R(PAID_LEAVE) | R(SICK_LEAVE)

static const fm__labour_indicator indicators[] = {
    {SHARE, ADULT, STATUS_ITEMS, .name = "employment_rate", .sdg = "", .counted = FM__Q_EMPLOYED, .roles = R(AGE),
     .about = "employed among people of working age"},
    {SHARE, ADULT, JOBLESS_ITEMS, .name = "participation_rate", .sdg = "", .counted = FM__Q_LABOUR_FORCE,
     .roles = R(AGE), .about = "employed or unemployed among people of working age"},
    {SHARE, JOBLESS_ITEMS, .name = "unemployment_rate", .sdg = "8.5.2", .population = FM__Q_LABOUR_FORCE,
     .counted = FM__Q_UNEMPLOYED, .roles = R(AGE), .about = "LU1: unemployed among the labour force"},
    {SHARE, JOBLESS_ITEMS, .name = "lu2", .sdg = "", .population = FM__Q_LABOUR_FORCE, .counted = FM__Q_SLACK,
     .roles = R(AGE) | R(PAID_HOURS) | R(WANTS_HOURS) | R(AVAILABLE_HOURS),
     .about = "LU2: time-related underemployed and unemployed among the labour force"},
    {SHARE, JOBLESS_ITEMS, .name = "lu3", .sdg = "", .population = FM__Q_EXTENDED, .counted = FM__Q_WANTING,
     .roles = R(AGE) | R(WANTS_WORK),
     .about = "LU3: unemployed and potential labour force among the extended labour force"},
    {SHARE, JOBLESS_ITEMS, .name = "lu4", .sdg = "", .population = FM__Q_EXTENDED, .counted = FM__Q_ALL_SLACK,
     .roles = R(AGE) | R(PAID_HOURS) | R(WANTS_HOURS) | R(AVAILABLE_HOURS) | R(WANTS_WORK),
     .about = "LU4: time-related underemployed, unemployed and potential among the extended labour force"},
    {SHARE, JOBLESS_ITEMS, .name = "long_term_unemployment_rate", .sdg = "", .population = FM__Q_LABOUR_FORCE,
     .counted = FM__Q_LONG_UNEMPLOYED, .roles = R(AGE) | R(SEARCH_MONTHS),
     .about = "unemployed who have sought work for 12 months or more among the labour force"},
    {SHARE, JOBLESS_ITEMS, .name = "long_term_unemployment_share", .sdg = "", .population = FM__Q_UNEMPLOYED_ADULT,
     .counted = FM__Q_LONG_UNEMPLOYED, .roles = R(AGE) | R(SEARCH_MONTHS),
     .about = "those who have sought work for 12 months or more among the unemployed"},
    {SHARE, STATUS_ITEMS, .name = "informal_share", .sdg = "8.3.1", .population = FM__Q_EMPLOYED_ADULT,
     .counted = FM__Q_INFORMAL, .roles = SECTOR, .about = "informal employment among the employed"},
    {SHARE, STATUS_ITEMS, .name = "informal_share_agriculture", .sdg = "8.3.1", .population = FM__Q_AGRICULTURE_ADULT,
     .counted = FM__Q_INFORMAL, .roles = SECTOR | R(ACTIVITY),
     .about = "informal employment among those employed in agriculture (ISIC A)"},
    {SHARE, STATUS_ITEMS, .name = "informal_share_non_agriculture", .sdg = "8.3.1", .population = FM__Q_OTHER_ADULT,
     .counted = FM__Q_INFORMAL, .roles = SECTOR | R(ACTIVITY),
     .about = "informal employment among those employed outside agriculture"},
    {SHARE, STATUS_ITEMS, .name = "neet_rate", .sdg = "8.6.1", .population = FM__Q_YOUTH, .counted = FM__Q_NEET,
     .roles = R(AGE) | R(IN_EDUCATION) | R(IN_TRAINING),
     .about = "young people neither employed nor in education nor in training"},
    {SHARE, .name = "child_labour", .sdg = "8.7.1", .definition = "economic_activity", .population = FM__Q_CHILD,
     .counted = FM__Q_CHILD_LABOUR, .roles = R(AGE) | R(PAID_HOURS) | R(OWN_USE_HOURS),
     .about = "children of 5 to 17 years above the hours of economic work for their age"},
    {SHARE, .name = "child_labour_chores", .sdg = "8.7.1", .definition = "economic_activity_and_chores",
     .population = FM__Q_CHILD, .counted = FM__Q_CHILD_LABOUR_CHORES,
     .roles = R(AGE) | R(PAID_HOURS) | R(OWN_USE_HOURS) | R(CHORE_HOURS),
     .about = "the same, or more than 21 hours of household chores at 5 to 14 years"},
    {.name = "hourly_earnings",
     .sdg = "8.5.1",
     .unit = "money",
     .definition = "gross_hourly",
     .kind = FM__KIND_MEAN,
     .population = FM__Q_PAID_EMPLOYEE,
     .value = FM__V_EARNINGS,
     .divisor = FM__V_NONE,
     .per = 1,
     .roles = R(AGE) | R(STATUS) | R(HOURLY_EARNINGS),
     .about = "mean of the hourly earnings of employees"},
    {.name = "pay_gap",
     .sdg = "8.5.1",
     .unit = "share",
     .definition = "gross_hourly",
     .kind = FM__KIND_GAP,
     .population = FM__Q_PAID_REFERENCE,
     .value = FM__V_EARNINGS,
     .divisor = FM__V_NONE,
     .per = 1,
     .roles = R(AGE) | R(STATUS) | R(HOURLY_EARNINGS),
     .about = "difference of the mean hourly earnings of two groups over that of the reference group"},
    {.name = "fatal_injuries",
     .sdg = "8.8.1",
     .unit = "per_100000",
     .definition = "occupational_injuries",
     .kind = FM__KIND_CASES,
     .population = FM__Q_EVERYONE,
     .value = FM__V_FATAL,
     .divisor = FM__V_NONE,
     .per = 1e5,
     .roles = R(FATAL),
     .about = "fatal occupational injuries per 100,000 workers"},
    {.name = "non_fatal_injuries",
     .sdg = "8.8.1",
     .unit = "per_100000",
     .definition = "occupational_injuries",
     .kind = FM__KIND_CASES,
     .population = FM__Q_EVERYONE,
     .value = FM__V_NON_FATAL,
     .divisor = FM__V_NONE,
     .per = 1e5,
     .roles = R(NON_FATAL),
     .about = "non-fatal occupational injuries per 100,000 workers"},
    {.name = "injury_frequency",
     .sdg = "",
     .unit = "per_1000000_hours",
     .definition = "occupational_injuries",
     .kind = FM__KIND_CASES,
     .population = FM__Q_EVERYONE,
     .value = FM__V_INJURIES,
     .divisor = FM__V_HOURS,
     .per = 1e6,
     .roles = R(INJURIES) | R(HOURS_WORKED),
     .about = "injuries per 1,000,000 hours worked, 8.8.1 as it was before"},
    {SHARE, ADULT, .name = "account_share", .sdg = "8.10.2", .definition = "account_or_mobile_money",
     .counted = FM__Q_ACCOUNT, .roles = R(AGE) | R(ACCOUNT), .about = "adults with an account"},
    {SHARE, .name = "discriminated_share", .sdg = "10.3.1", .definition = "felt_discriminated_12_months",
     .population = FM__Q_EVERYONE, .counted = FM__Q_DISCRIMINATED, .roles = R(DISCRIMINATED),
     .about = "people who felt discriminated against or harassed"},
    {.name = "recruitment_cost",
     .sdg = "10.7.1",
     .unit = "months",
     .definition = "person_ratios",
     .kind = FM__KIND_COST,
     .population = FM__Q_EVERYONE,
     .value = FM__V_RECRUITMENT,
     .divisor = FM__V_NONE,
     .per = 1,
     .roles = R(RECRUITMENT_COST) | R(MONTHLY_EARNINGS),
     .about = "recruitment cost in months of earnings: mean, median and 4th quintile of the persons' ratios"},
    {.name = "registered_unemployment_rate",
     .sdg = "",
     .unit = "share",
     .definition = "register",
     .source = FM__FROM_REGISTER,
     .kind = FM__KIND_SHARE,
     .value = FM__V_REGISTERED,
     .divisor = FM__V_LABOUR_FORCE,
     .per = 1,
     .population = FM__Q_EVERYONE,
     .about = "people registered as unemployed over the labour force",
     .roles = R(REGISTERED) | R(LABOUR_FORCE)},
    {.name = "gross_unemployment_rate",
     .sdg = "",
     .unit = "share",
     .definition = "register",
     .source = FM__FROM_REGISTER,
     .kind = FM__KIND_SHARE,
     .value = FM__V_GROSS,
     .divisor = FM__V_LABOUR_FORCE,
     .per = 1,
     .population = FM__Q_EVERYONE,
     .about = "registered unemployed and activated over the labour force",
     .roles = R(REGISTERED) | R(ACTIVATED) | R(LABOUR_FORCE)},
};

size_t fm__labour_n_indicators(void)
{
  return FM__COUNT(indicators);
}

const fm__labour_indicator *fm__labour_indicator_at(size_t i)
{
  return &indicators[i];
}

/* ---- the table ---- */

static void add_needs(fm__bytes *b, const fm__labour_indicator *a)
{
  uint64_t roles = a->roles;
  if (a->employed)
    roles |= R(PAID_HOURS) | R(OWN_USE_HOURS) | R(ABSENT_JOB);
  if (a->unemployed)
    roles |= R(SEEKING) | R(AVAILABLE);
  for (size_t k = 0; k < FM__N_READ_ROLES; k++) {
    if ((roles >> k & 1) == 0)
      continue;
    if (b->size > 0)
      fm__bytes_raw(b, ", ", 2);
    fm__bytes_raw(b, fm__labour_role_name(k), strlen(fm__labour_role_name(k)));
  }
}

static fm_status add_row(fm__builder *b, const fm__labour_indicator *a, fm_error *err)
{
  const char *const texts[] = {a->name, a->sdg, a->unit, a->about};
  fm__bytes needs = {0};
  for (size_t k = 0; k < FM__COUNT(texts); k++)
    fm__builder_text(b, k, texts[k], strlen(texts[k]));
  add_needs(&needs, a);
  fm_status status = needs.failed ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK)
    fm__builder_text(b, FM__COUNT(texts), (const char *)needs.data, needs.size);
  fm__bytes_free(&needs);
  return status;
}

fm_status fm_labour_indicators(fm_table **out, fm_error *err)
{
  static const char *const names[] = {"name", "sdg", "unit", "definition", "needs"};
  fm__builder *b = NULL;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "labour_indicators", err);
  for (size_t k = 0; k < FM__COUNT(names) && status == FM_OK; k++)
    status = fm__builder_column(b, names[k], FM_CODE, NULL, err);
  for (size_t i = 0; i < FM__COUNT(indicators) && status == FM_OK; i++)
    status = add_row(b, &indicators[i], err);
  if (status == FM_OK)
    return fm__builder_finish(b, out, err);
  fm__builder_destroy(b);
  return status;
}
