/* A definition read from a row of its list, and whether its fields go together. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "spell/definition_priv.h"

static const fm_spell_definition defaults = FM_SPELL_DEFINITION_INIT;
static const char *const rules[] = {"point", "k_of_n", "continuous", "cumulative"};
static const char *const clocks[] = {"days", "weeks", "months", "calendar_months", "quarters"};
static const char *const indexes[] = {"placement", "ordinary", "exit", "benefit_end", "work"};
static const char *const reasons[] = {"met", "failed", "left", "not_yet", "censored", "untold", "not_asked"};
static const char *const no_yes[] = {"no", "yes"};
static const char *const employers[] = {"any", "same"};
static const char *const periods[] = {"any_day", "every_day"};
static const char *const episodes[] = {"first", "any"};
static const char *const income_periods[] = {"none", "month", "week_month", "quarter"};

void fm_spell_definition_init(fm_spell_definition *d, size_t size)
{
  fm__spec_init(d, size, &defaults, sizeof defaults);
}

static const char *name_of(const char *const *names, size_t n, int32_t i)
{
  return i >= 0 && (size_t)i < n ? names[i] : NULL;
}

const char *fm_spell_rule_name(int32_t rule)
{
  return name_of(rules, FM__COUNT(rules), rule);
}

const char *fm_spell_clock_name(int32_t clock)
{
  return name_of(clocks, FM__COUNT(clocks), clock);
}

const char *fm_spell_index_name(int32_t index)
{
  return name_of(indexes, FM__COUNT(indexes), index);
}

const char *fm_spell_income_period_name(int32_t period)
{
  return name_of(income_periods, FM__COUNT(income_periods), period);
}

const char *fm_spell_reason_name(int32_t reason)
{
  return name_of(reasons, FM__COUNT(reasons), reason);
}

/* ---- reading a row ---- */

static fm_status bad_cell(const fm_codes *list, int64_t row, const char *column, const char *text, const char *expected,
                          fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "definition %s: %s is \"%s\", expected %s", fm_codes_code(list, row), column, text,
           expected);
  fm__error_place(err, fm_codes_list_name(list), column, -1, row, -1);
  return FM_ERR_VALUE;
}

typedef struct choice {
  const char *column;
  const char *const *words;
  size_t n;
  int32_t *out;
} choice;

static fm_status read_choice(const fm_codes *list, int64_t row, const choice *c, fm_error *err)
{
  const char *text = fm_codes_attribute(list, row, c->column);
  char known[96] = "one of";
  if (text == NULL)
    return FM_OK;
  for (size_t k = 0; k < c->n; k++) {
    if (strcmp(c->words[k], text) == 0) {
      *c->out = (int32_t)k;
      return FM_OK;
    }
    strcat(strcat(known, k == 0 ? " " : ", "), c->words[k]); /* the longest of the lists has 57 letters */
  }
  return bad_cell(list, row, c->column, text, known, err);
}

static fm_status read_number(const fm_codes *list, int64_t row, const char *column, double most, double *out,
                             fm_error *err)
{
  const char *text = fm_codes_attribute(list, row, column);
  if (text == NULL)
    return FM_OK;
  if (!fm__parse_f64(text, strlen(text), '.', out) || !(*out >= 0 && *out <= most))
    return bad_cell(list, row, column, text, "a number from 0", err);
  return FM_OK;
}

static fm_status read_whole(const fm_codes *list, int64_t row, const char *column, int32_t *out, fm_error *err)
{
  double value = *out;
  fm_status status = read_number(list, row, column, FM_SPELL_GAP_MAX, &value, err);
  if (status != FM_OK)
    return status;
  *out = (int32_t)value;
  return value == (double)*out
             ? FM_OK
             : bad_cell(list, row, column, fm_codes_attribute(list, row, column), "a whole number", err);
}

static fm_status read_fields(fm_spell_definition *d, const fm_codes *list, int64_t row, fm_error *err)
{
  const choice choices[] = {{"rule", rules, FM__COUNT(rules), &d->rule},
                            {"clock", clocks, FM__COUNT(clocks), &d->clock},
                            {"index", indexes, FM__COUNT(indexes), &d->index},
                            {"periods", periods, FM__COUNT(periods), &d->whole_periods},
                            {"episode", episodes, FM__COUNT(episodes), &d->any_episode},
                            {"employer", employers, FM__COUNT(employers), &d->same_employer},
                            {"subsidised", no_yes, FM__COUNT(no_yes), &d->subsidised},
                            {"income_period", income_periods, FM__COUNT(income_periods), &d->income_period}};
  const struct {
    const char *column;
    int32_t *out;
  } numbers[] = {{"needed", &d->needed},     {"first_month", &d->first_month}, {"base", &d->base},
                 {"gap_days", &d->gap_days}, {"grace_days", &d->grace_days},   {"least_run_days", &d->least_run_days}};
  const struct {
    const char *column;
    const char **out;
  } texts[] = {{"success", &d->success}, {"grace", &d->grace},   {"barring", &d->barring},   {"leaves", &d->leaves},
               {"censors", &d->censors}, {"course", &d->course}, {"horizons", &d->horizons}, {"untold", &d->untold}};
  fm_status status = FM_OK;
  for (size_t k = 0; k < FM__COUNT(texts); k++)
    *texts[k].out = fm_codes_attribute(list, row, texts[k].column);
  for (size_t k = 0; k < FM__COUNT(choices) && status == FM_OK; k++)
    status = read_choice(list, row, &choices[k], err);
  for (size_t k = 0; k < FM__COUNT(numbers) && status == FM_OK; k++)
    status = read_whole(list, row, numbers[k].column, numbers[k].out, err);
  if (status == FM_OK)
    status = read_number(list, row, "hours_least", 168, &d->hours_least, err);
  return status == FM_OK ? read_number(list, row, "income_least", DBL_MAX, &d->income_least, err) : status;
}

static fm_status no_such(const fm_codes *list, const char *name, fm_error *err)
{
  char known[260] = "";
  size_t used = 0;
  for (size_t i = 0; i < fm_codes_n(list); i++) {
    const char *code = fm_codes_code(list, (int64_t)i);
    size_t n = strlen(code);
    if (used + n + 3 >= sizeof known)
      break;
    memcpy(known + used, ", ", used > 0 ? 2 : 0);
    used += used > 0 ? 2 : 0;
    memcpy(known + used, code, n + 1);
    used += n;
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "there is no definition \"%.60s\"; there are %s", name, known);
}

fm_status fm_spell_definition_read(fm_spell_definition *out, size_t size, const fm_codes *list, const char *name,
                                   fm_error *err)
{
  fm_spell_definition d = defaults;
  if (out == NULL || list == NULL || name == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out, the list and the name must be given");
  int64_t row = fm_codes_find(list, name, strlen(name), FM_NO_DATE);
  if (row < 0)
    return no_such(list, name, err);
  d.name = fm_codes_code(list, row);
  fm_status status = read_fields(&d, list, row, err);
  if (status == FM_OK)
    status = fm_spell_definition_check(&d, err);
  if (status == FM_OK)
    fm__spec_init(out, size, &d, sizeof d);
  return status;
}

/* ---- fields together ---- */

static bool is_calendar(int32_t clock)
{
  return clock == FM_SPELL_CALENDAR_MONTHS || clock == FM_SPELL_QUARTERS;
}

/* What is wrong, NULL when nothing is. */
static const char *check_fields(const fm_spell_definition *d)
{
  bool lengths = d->rule == FM_SPELL_CUMULATIVE || d->any_episode == 1, counts = lengths || d->rule == FM_SPELL_K_OF_N;
  if (d->name == NULL || d->name[0] == '\0')
    return "a name is needed";
  if (d->success == NULL)
    return "success is blank: no state counts";
  if (fm_spell_rule_name(d->rule) == NULL || fm_spell_clock_name(d->clock) == NULL ||
      fm_spell_index_name(d->index) == NULL)
    return "rule, clock or index is out of range";
  if (d->gap_days < 0 || d->gap_days > FM_SPELL_GAP_MAX || d->grace_days < 0 || d->grace_days > FM_SPELL_GAP_MAX ||
      d->least_run_days < 0 || d->least_run_days > FM_SPELL_GAP_MAX)
    return "gap_days, grace_days and least_run_days must be from 0 to 36525";
  if ((d->grace != NULL) != (d->grace_days > 0))
    return "grace and grace_days go together";
  if (d->any_episode < 0 || d->any_episode > 1 || (d->any_episode == 1 && d->rule != FM_SPELL_CONTINUOUS))
    return "episode is first or any, and any belongs to continuous";
  if (counts != (d->needed > 0))
    return counts ? "k_of_n, cumulative and any episode need needed"
                  : "needed belongs to k_of_n, cumulative and any episode";
  if (lengths && d->clock != FM_SPELL_DAYS && d->clock != FM_SPELL_WEEKS)
    return "cumulative and any episode are by the clock days or weeks";
  if (d->whole_periods != 0 && d->rule != FM_SPELL_K_OF_N)
    return "periods belongs to k_of_n";
  if (d->first_month < 0 || d->first_month > 12 || (d->first_month > 0 && d->clock != FM_SPELL_CALENDAR_MONTHS))
    return "first_month is from 1 to 12 and belongs to the clock calendar_months";
  if (d->base < 0 || (d->base > 0 && (d->rule != FM_SPELL_POINT || !is_calendar(d->clock))))
    return "base belongs to point by calendar_months or quarters";
  if (d->same_employer != 0 && d->base == 0 && d->index != FM_SPELL_FROM_PLACEMENT &&
      d->index != FM_SPELL_FROM_ORDINARY)
    return "the same employer needs a placement as index, or a base period";
  if ((d->course != NULL) != (d->index == FM_SPELL_FROM_BENEFIT_END))
    return "course and the index benefit_end go together";
  if (!(d->hours_least >= 0 && d->hours_least <= 168))
    return "hours_least must be from 0 to 168";
  if (fm_spell_income_period_name(d->income_period) == NULL || !(d->income_least >= 0 && d->income_least <= DBL_MAX))
    return "income_period is out of range, or income_least below 0";
  if (d->income_least > 0 && d->income_period == FM_SPELL_INCOME_NONE)
    return "income_least needs income_period";
  if (d->same_employer < 0 || d->same_employer > 1 || d->subsidised < 0 || d->subsidised > 1 || d->whole_periods < 0 ||
      d->whole_periods > 1)
    return "same_employer, subsidised and whole_periods must be 0 or 1";
  return NULL;
}

fm_status fm_spell_definition_check(const fm_spell_definition *d, fm_error *err)
{
  fm_spell_definition taken = defaults;
  fm_status status = fm__spec_take(&taken, sizeof taken, d, "fm_spell_definition", err);
  const char *wrong = status == FM_OK ? check_fields(&taken) : NULL;
  if (wrong != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "definition %.60s: %s", taken.name == NULL ? "" : taken.name, wrong);
  return status == FM_OK ? fm_spell_definition_horizons(NULL, &(size_t){0}, &taken, err) : status;
}

/* Largest horizon of each clock: a hundred years. */
static const int32_t most[] = {36525, 5218, 1200, 1200, 400};

bool fm__definition_fits(const fm_spell_definition *d, int32_t horizon)
{
  bool zero = d->rule == FM_SPELL_POINT && (d->clock == FM_SPELL_MONTHS || is_calendar(d->clock));
  if (horizon < (zero ? 0 : 1) || horizon > most[d->clock] || horizon < d->base)
    return false;
  return d->needed <= horizon;
}

fm_status fm_spell_definition_horizons(int32_t *out, size_t *n, const fm_spell_definition *d, fm_error *err)
{
  int32_t values[FM__MAX_HORIZONS];
  const char *p = d->horizons == NULL ? "" : d->horizons;
  *n = 0;
  for (;; p++) {
    int32_t value = 0;
    size_t digits = 0;
    bool again = false;
    p += strspn(p, " ");
    for (; *p >= '0' && *p <= '9' && digits < 6; p++, digits++)
      value = 10 * value + (*p - '0');
    p += strspn(p, " ");
    for (size_t k = 0; k < *n; k++)
      again |= values[k] == value;
    if (digits == 0 || again || (*p != ',' && *p != '\0') || *n == FM__MAX_HORIZONS || !fm__definition_fits(d, value))
      return fm__fail(err, FM_ERR_ARGUMENT,
                      "definition %.60s: horizons is \"%s\", expected up to %d different whole numbers of %s, at most "
                      "%d and at least what the definition needs",
                      d->name, d->horizons == NULL ? "" : d->horizons, FM__MAX_HORIZONS, fm_spell_clock_name(d->clock),
                      (int)most[d->clock]);
    values[(*n)++] = value;
    if (*p == '\0')
      break;
  }
  if (out != NULL)
    memcpy(out, values, *n * sizeof *out);
  return FM_OK;
}
