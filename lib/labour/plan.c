/* What a call asks for: its spec checked, its indicators as items of a mask, the columns to read. */
#include <math.h>
#include <string.h>

#include "labour/labour_priv.h"

#define R(role) FM__ROLE(FM__ROLE_##role)

/* The usual column of each role; a role of another name has its own first. */
static const struct {
  const char *name, *column;
} roles[FM__N_ROLES] = {
    [FM__ROLE_AGE] = {"age", NULL},
    [FM__ROLE_PAID_HOURS] = {"paid_hours", NULL},
    [FM__ROLE_OWN_USE_HOURS] = {"own_use_hours", NULL},
    [FM__ROLE_ABSENT_JOB] = {"absent_job", NULL},
    [FM__ROLE_SEEKING] = {"seeking", NULL},
    [FM__ROLE_AVAILABLE] = {"available", NULL},
    [FM__ROLE_JOB_FOUND] = {"job_found", NULL},
    [FM__ROLE_IN_EDUCATION] = {"in_education", NULL},
    [FM__ROLE_IN_TRAINING] = {"in_training", NULL},
    [FM__ROLE_STATUS] = {"status", NULL},
    [FM__ROLE_SECTOR_REGISTERED] = {"sector_registered", NULL},
    [FM__ROLE_SOCIAL_INSURANCE] = {"social_insurance", NULL},
    [FM__ROLE_PAID_LEAVE] = {"paid_leave", NULL},
    [FM__ROLE_SICK_LEAVE] = {"sick_leave", NULL},
    [FM__ROLE_ACTIVITY] = {"activity", "isic"},
    [FM__ROLE_CHORE_HOURS] = {"chore_hours", NULL},
    [FM__ROLE_WANTS_WORK] = {"wants_work", NULL},
    [FM__ROLE_WANTS_HOURS] = {"wants_hours", NULL},
    [FM__ROLE_AVAILABLE_HOURS] = {"available_hours", NULL},
    [FM__ROLE_SEARCH_MONTHS] = {"search_months", NULL},
    [FM__ROLE_ACCOUNT] = {"account", NULL},
    [FM__ROLE_DISCRIMINATED] = {"discriminated", NULL},
    [FM__ROLE_HOURLY_EARNINGS] = {"hourly_earnings", NULL},
    [FM__ROLE_FATAL] = {"fatal_injuries", NULL},
    [FM__ROLE_NON_FATAL] = {"non_fatal_injuries", NULL},
    [FM__ROLE_INJURIES] = {"injuries", NULL},
    [FM__ROLE_HOURS_WORKED] = {"hours_worked", NULL},
    [FM__ROLE_WORKERS] = {"workers", NULL},
    [FM__ROLE_RECRUITMENT_COST] = {"recruitment_cost", NULL},
    [FM__ROLE_MONTHLY_EARNINGS] = {"monthly_earnings", NULL},
    [FM__ROLE_REGISTERED] = {"registered", NULL},
    [FM__ROLE_ACTIVATED] = {"activated", NULL},
    [FM__ROLE_LABOUR_FORCE] = {"labour_force", NULL},
    [FM__ROLE_SEX] = {"sex", NULL},
    [FM__ROLE_DISABILITY] = {"disability", NULL},
    [FM__ROLE_MIGRANT] = {"migrant", NULL},
    [FM__ROLE_OCCUPATION] = {"occupation", "isco1"},
};

const char *fm__labour_role_name(size_t role)
{
  return roles[role].name;
}

const char *fm__labour_column(const fm__labour_plan *plan, const char *group)
{
  for (size_t k = 0; k < FM__N_ROLES; k++)
    if (strcmp(roles[k].name, group) == 0)
      return plan->column[k];
  return group;
}

void fm__labour_plan_free(fm__labour_plan *p)
{
  for (size_t k = 0; k < FM__LABOUR_TEXTS; k++)
    fm__free(p->owned[k]);
  fm__free(p->renamed);
  fm__free(p->by_names);
  fm__age_bands_free(&p->bands);
  *p = (fm__labour_plan){.n_items = 0};
}

/* ---- the spec ---- */

static fm_status own_texts(fm__labour_plan *p, const fm_labour_spec *given, fm_error *err)
{
  fm_labour_spec *s = &p->spec;
  const char **texts[FM__LABOUR_TEXTS] = {&s->indicators, &s->columns,   &s->labour_status, &s->weight,
                                          &s->by,         &s->age_bands, &s->working_age,   &s->youth,
                                          &s->group,      &s->reference, &s->compared};
  *s = *given;
  p->sampled = s->design != NULL;
  s->design = NULL;
  for (size_t k = 0; k < FM__LABOUR_TEXTS; k++) {
    if (*texts[k] != NULL && (*texts[k])[0] != '\0') {
      p->owned[k] = fm__copy_text(*texts[k], strlen(*texts[k]));
      if (p->owned[k] == NULL)
        return fm__no_memory(err);
    }
    *texts[k] = p->owned[k];
  }
  return FM_OK;
}

static fm_status check(const fm_labour_spec *s, fm_error *err)
{
  const struct {
    const char *name;
    int32_t value;
  } flags[] = {{"margins", s->margins}, {"totals", s->totals}, {"percent", s->percent}};
  for (size_t k = 0; k < FM__COUNT(flags); k++)
    if (flags[k].value != 0 && flags[k].value != 1)
      return fm__fail(err, FM_ERR_ARGUMENT, "%s: expected 0 or 1, got %d", flags[k].name, (int)flags[k].value);
  if (!(s->level > 0 && s->level < 1))
    return fm__fail(err, FM_ERR_ARGUMENT, "level: expected a number between 0 and 1");
  if (s->icls != 0 && s->icls != FM_LABOUR_ICLS_13 && s->icls != FM_LABOUR_ICLS_19)
    return fm__fail(err, FM_ERR_ARGUMENT, "icls: expected 13 or 19, got %d", (int)s->icls);
  if (s->unknown_insurance < FM_LABOUR_INSURANCE_LEAVE || s->unknown_insurance > FM_LABOUR_INSURANCE_DROP)
    return fm__fail(err, FM_ERR_ARGUMENT, "unknown_insurance: expected leave, informal, formal or drop");
  if (!isnan(s->hours_threshold) && !(s->hours_threshold > 0 && s->hours_threshold <= 168))
    return fm__fail(err, FM_ERR_ARGUMENT, "hours_threshold: expected hours a week, above 0 and at most 168");
  return FM_OK;
}

static fm_status take_band(fm__age_band *out, const char *text, const char *what, fm_error *err)
{
  fm__age_bands b = {.n = 0};
  fm_status status = text != NULL ? fm__age_bands_take(&b, text, what, err)
                                  : fm__fail(err, FM_ERR_ARGUMENT, "%s: expected ages such as 15-24 or 15+", what);
  if (status == FM_OK && b.n != 1)
    status = fm__fail(err, FM_ERR_ARGUMENT, "%s: expected one band of ages, got \"%s\"", what, text);
  if (status == FM_OK)
    *out = b.band[0];
  fm__age_bands_free(&b);
  return status;
}

/* ---- columns of other names ---- */

static int32_t role_of(const char *name, size_t length)
{
  for (int32_t k = 0; k < FM__N_ROLES; k++)
    if (strlen(roles[k].name) == length && memcmp(roles[k].name, name, length) == 0)
      return k;
  return -1;
}

static char *trim(char *p)
{
  p += strspn(p, " ");
  for (size_t n = strlen(p); n > 0 && p[n - 1] == ' ';)
    p[--n] = '\0';
  return p;
}

/* "paid_hours=hours,activity=nace" */
static fm_status take_columns(fm__labour_plan *p, fm_error *err)
{
  const char *text = p->spec.columns;
  for (size_t k = 0; k < FM__N_ROLES; k++)
    p->column[k] = roles[k].column != NULL ? roles[k].column : roles[k].name;
  if (text == NULL)
    return FM_OK;
  p->renamed = fm__copy_text(text, strlen(text));
  if (p->renamed == NULL)
    return fm__no_memory(err);
  for (char *at = p->renamed; at != NULL;) {
    char *end = strchr(at, ','), *equals = strchr(at, '=');
    if (end != NULL)
      *end = '\0';
    if (equals == NULL || (end != NULL && equals > end))
      return fm__fail(err, FM_ERR_ARGUMENT, "columns: expected name=column separated by commas, got \"%s\"", text);
    *equals = '\0';
    const char *name = trim(at), *column = trim(equals + 1);
    int32_t role = role_of(name, strlen(name));
    if (role < 0)
      return fm__fail(err, FM_ERR_NOT_FOUND,
                      "columns: there is no \"%s\" to rename; fm_labour_indicators lists what each indicator reads",
                      name);
    if (column[0] == '\0')
      return fm__fail(err, FM_ERR_ARGUMENT, "columns: expected a column after \"%s=\"", name);
    p->column[role] = column;
    at = end != NULL ? end + 1 : NULL;
  }
  return FM_OK;
}

/* ---- groups ---- */

static fm_status take_by(fm__labour_plan *p, fm_error *err)
{
  const char *text = p->spec.by;
  if (text != NULL) {
    p->by_names = fm__copy_text(text, strlen(text));
    if (p->by_names == NULL)
      return fm__no_memory(err);
  }
  for (char *at = p->by_names; at != NULL;) {
    char *end = strchr(at, ',');
    if (end != NULL)
      *end = '\0';
    const char *name = trim(at);
    if (name[0] == '\0' || p->n_by == FM__MOST_BY)
      return fm__fail(err, FM_ERR_ARGUMENT, "by: expected one to %d columns separated by commas, got \"%s\"",
                      FM__MOST_BY, text);
    p->by[p->n_by++] = name;
    p->by_age |= strcmp(name, "age") == 0;
    at = end != NULL ? end + 1 : NULL;
  }
  if (p->spec.age_bands == NULL)
    return FM_OK;
  if (!p->by_age)
    return fm__fail(err, FM_ERR_ARGUMENT, "age_bands: expected age among the groups of by, got by \"%s\"",
                    text != NULL ? text : "");
  return fm__age_bands_take(&p->bands, p->spec.age_bands, "age_bands", err);
}

/* ---- indicators ---- */

static fm_status unknown(const char *name, size_t length, fm_error *err)
{
  char known[400] = "";
  size_t at = 0;
  for (size_t i = 0; i < fm__labour_n_indicators(); i++) {
    const char *other = fm__labour_indicator_at(i)->name;
    size_t n = strlen(other);
    if (at + n + 3 > sizeof known)
      break;
    memcpy(known + at, at > 0 ? ", " : "", at > 0 ? 2 : 0);
    at += at > 0 ? 2 : 0;
    memcpy(known + at, other, n + 1);
    at += n;
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "indicators: there is no \"%.*s\"; there are %s",
                  (int)(length < 40 ? length : 40), name, known);
}

static void add_item(fm__labour_plan *p, const fm__labour_indicator *a, int32_t population)
{
  fm__labour_item *item = &p->item[p->n_items++];
  *item = (fm__labour_item){a, population, a->counted, a->value, a->divisor};
  if (p->spec.totals == 1 && a->kind == FM__KIND_CASES && a->divisor == FM__V_NONE)
    item->divisor = FM__V_WORKERS;
  const int32_t values[] = {item->value, item->divisor};
  for (size_t k = 0; k < FM__COUNT(values); k++)
    if (values[k] != FM__V_NONE && (p->values >> values[k] & 1) == 0) {
      p->values |= UINT64_C(1) << values[k];
      p->slot[values[k]] = (int32_t)p->n_values++;
    }
}

/* The columns that an indicator reads under the plan. */
static uint64_t roles_of(const fm__labour_plan *p, const fm__labour_indicator *a)
{
  uint64_t read = a->roles;
  if (a->employed && p->spec.labour_status != NULL)
    return read & ~(R(PAID_HOURS) | R(WANTS_HOURS) | R(AVAILABLE_HOURS) | R(WANTS_WORK));
  if (a->employed)
    read |= R(PAID_HOURS) | R(ABSENT_JOB) | (p->spec.icls == FM_LABOUR_ICLS_13 ? R(OWN_USE_HOURS) : 0);
  if (a->unemployed)
    read |= R(SEEKING) | R(AVAILABLE) | R(JOB_FOUND);
  if (p->spec.totals == 1 && a->kind == FM__KIND_CASES && a->divisor == FM__V_NONE)
    read |= R(WORKERS);
  if (p->spec.unknown_insurance != FM_LABOUR_INSURANCE_LEAVE)
    read &= ~(R(PAID_LEAVE) | R(SICK_LEAVE));
  return read;
}

static fm_status take_one(fm__labour_plan *p, const char *name, size_t length, fm_error *err)
{
  const fm__labour_indicator *a = NULL;
  for (size_t i = 0; i < fm__labour_n_indicators() && a == NULL; i++)
    if (strlen(fm__labour_indicator_at(i)->name) == length &&
        memcmp(fm__labour_indicator_at(i)->name, name, length) == 0)
      a = fm__labour_indicator_at(i);
  if (a == NULL)
    return unknown(name, length, err);
  for (size_t k = 0; k < p->n_items; k++) {
    const fm__labour_indicator *other = p->item[k].indicator;
    if (other == a)
      return fm__fail(err, FM_ERR_ARGUMENT, "indicators: expected each once, got %s twice", a->name);
    if (other->source != a->source)
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "indicators: %s is counted in a register, %s in a survey of people: they measure different "
                      "things and are never in one table; ask for each by itself",
                      a->source == FM__FROM_REGISTER ? a->name : other->name,
                      a->source == FM__FROM_REGISTER ? other->name : a->name);
  }
  bool gap = a->kind == FM__KIND_GAP;
  add_item(p, a, a->population);
  if (gap)
    add_item(p, a, FM__Q_PAID_COMPARED);
  p->grouped_pay |= gap;
  p->children |= a->population == FM__Q_CHILD;
  p->roles |= roles_of(p, a);
  return FM_OK;
}

static fm_status need_icls(const fm__labour_plan *p, const char *what, fm_error *err)
{
  return p->spec.icls != 0
             ? FM_OK
             : fm__fail(err, FM_ERR_ARGUMENT,
                        "icls: %s needs a definition of employment, 13 or 19, and there is no default: under the 13th "
                        "ICLS (1982) producing goods for own use is employment, under the 19th (2013) only work for "
                        "others for pay or profit is, so that fewer are employed and more unemployed",
                        what);
}

static fm_status check_items(fm__labour_plan *p, fm_error *err)
{
  bool totals = false;
  for (size_t k = 0; k < p->n_items; k++) {
    const fm__labour_indicator *a = p->item[k].indicator;
    fm_status status = a->employed ? need_icls(p, a->name, err) : FM_OK;
    if (status != FM_OK)
      return status;
    if ((roles_of(p, a) & R(WANTS_HOURS)) != 0 && isnan(p->spec.hours_threshold))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "hours_threshold: %s needs the weekly hours below which someone who wants more is underemployed; "
                      "it is a national choice without default",
                      a->name);
    if (p->spec.totals == 1 && a->kind != FM__KIND_CASES)
      return fm__fail(err, FM_ERR_ARGUMENT, "totals: %s is computed from rows of people, not of totals", a->name);
    totals |= p->spec.totals == 1 || a->source == FM__FROM_REGISTER;
  }
  if (totals && (p->spec.weight != NULL || p->sampled))
    return fm__fail(err, FM_ERR_ARGUMENT, "%s: rows of totals and of registers have no weights and no design",
                    p->spec.weight != NULL ? "weight" : "design");
  return FM_OK;
}

static fm_status take_indicators(fm__labour_plan *p, fm_error *err)
{
  const char *text =
      p->spec.indicators != NULL ? p->spec.indicators : "employment_rate,participation_rate,unemployment_rate";
  fm_status status = FM_OK;
  for (const char *at = text; at != NULL && status == FM_OK;) {
    size_t length = strcspn(at, ","), from = strspn(at, " ");
    const char *next = at[length] == ',' ? at + length + 1 : NULL;
    while (length > from && at[length - 1] == ' ')
      length--;
    from = from < length ? from : length;
    status = take_one(p, at + from, length - from, err);
    at = next;
  }
  return status == FM_OK ? check_items(p, err) : status;
}

/* Pay and costs are those of everyone given where a survey has only employees. */
static void set_optional(fm__labour_plan *p)
{
  bool status = false, age = p->by_age;
  for (size_t k = 0; k < p->n_items; k++) {
    const fm__labour_indicator *a = p->item[k].indicator;
    bool pay = a->kind == FM__KIND_MEAN || a->kind == FM__KIND_GAP;
    status |= !pay && (a->roles & R(STATUS)) != 0;
    age |= !pay && (a->roles & R(AGE)) != 0;
  }
  p->optional = R(JOB_FOUND) | (status ? 0 : R(STATUS)) | (age ? 0 : R(AGE));
  p->roles |= p->by_age ? R(AGE) : 0;
}

/* ---- all of it ---- */

static fm_status take_status(fm__labour_plan *p, fm_error *err)
{
  fm_status status = need_icls(p, "labour-force status", err);
  uint64_t items = R(PAID_HOURS) | R(ABSENT_JOB) | (p->spec.icls == FM_LABOUR_ICLS_13 ? R(OWN_USE_HOURS) : 0);
  items |= R(SEEKING) | R(AVAILABLE);
  p->optional = R(AGE) | R(OWN_USE_HOURS) | R(PAID_HOURS) | R(JOB_FOUND) | R(IN_EDUCATION) | R(IN_TRAINING) |
                R(STATUS) | R(SECTOR_REGISTERED) | R(SOCIAL_INSURANCE) | R(PAID_LEAVE) | R(SICK_LEAVE) | R(WANTS_WORK) |
                R(WANTS_HOURS) | R(AVAILABLE_HOURS) | R(SEARCH_MONTHS);
  p->children = true;
  p->roles = p->optional | (p->spec.labour_status == NULL ? items : 0);
  p->optional &= p->spec.labour_status == NULL ? ~items : ~UINT64_C(0);
  return status;
}

fm_status fm__labour_plan_take(fm__labour_plan *p, const fm_labour_spec *spec, bool for_status, fm_error *err)
{
  *p = (fm__labour_plan){.n_items = 0};
  fm_status status = own_texts(p, spec, err);
  if (status == FM_OK)
    status = check(&p->spec, err);
  if (status == FM_OK)
    status = take_band(&p->adult, p->spec.working_age, "working_age", err);
  if (status == FM_OK)
    status = take_band(&p->youth, p->spec.youth, "youth", err);
  if (status == FM_OK)
    status = take_columns(p, err);
  if (status == FM_OK && !for_status)
    status = take_by(p, err);
  fm__labour_plan_ages(p);
  if (status != FM_OK || for_status)
    return status == FM_OK ? take_status(p, err) : status;
  if (status == FM_OK)
    status = take_indicators(p, err);
  if (status == FM_OK)
    set_optional(p);
  if (status == FM_OK && p->grouped_pay &&
      (p->spec.group == NULL || p->spec.reference == NULL || p->spec.compared == NULL ||
       strcmp(p->spec.reference, p->spec.compared) == 0))
    status = fm__fail(err, FM_ERR_ARGUMENT,
                      "group: pay_gap needs a column and two different values of it, reference and compared");
  return status;
}
