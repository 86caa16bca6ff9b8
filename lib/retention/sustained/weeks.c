/* retention.weeks: the share of weeks in work up to a horizon. */
#include "flexmetrics/retention_sustained.h"
#include "retention/sustained/units_priv.h"

#include <math.h>

enum { HORIZON, GOOD, SEEN, IN_RATE, N_NUMBERS };

static const fm_retention_weeks_spec defaults = FM_RETENTION_WEEKS_SPEC_INIT;

static const char *wrong(const double *x, size_t *at)
{
  *at = HORIZON;
  if (!(x[HORIZON] >= 1 && x[HORIZON] <= FM__MOST_MONTHS) || x[HORIZON] != floor(x[HORIZON]))
    return "a whole number of weeks from 1 to 65535";
  *at = SEEN;
  if (!(x[SEEN] >= 0 && x[SEEN] <= x[HORIZON]) || x[SEEN] != floor(x[SEEN]))
    return "a whole number of weeks, at most the horizon";
  *at = GOOD;
  if (!(x[GOOD] >= 0 && x[GOOD] <= x[SEEN]) || x[GOOD] != floor(x[GOOD]))
    return "a whole number of weeks, at most weeks_seen";
  *at = IN_RATE;
  if (x[IN_RATE] != 0 && !(x[IN_RATE] == 1 && x[SEEN] == x[HORIZON]))
    return "yes or no, and yes only where all weeks are seen";
  return NULL;
}

/* ---- figures ---- */

static double any(const double *x)
{
  (void)x;
  return 1;
}

static double share(const double *x)
{
  return x[IN_RATE] == 1 ? x[GOOD] / x[HORIZON] : (double)NAN;
}

static double weeks(const double *x)
{
  return x[IN_RATE] == 1 ? x[GOOD] : (double)NAN;
}

static double every_week(const double *x)
{
  return x[IN_RATE] == 1 ? (double)(x[GOOD] == x[HORIZON]) : (double)NAN;
}

static double not_observed(const double *x)
{
  return x[IN_RATE] == 1 ? (double)NAN : 1;
}

static double lowest(const double *x)
{
  return x[GOOD] / x[HORIZON];
}

static double highest(const double *x)
{
  return (x[GOOD] + (x[HORIZON] - x[SEEN])) / x[HORIZON];
}

static fm_status each(const fm__unit_set *s, fm_error *err)
{
  fm__unit_set_count(s, "units", any);
  fm__unit_set_count(s, "not_observed", not_observed);
  fm_status status = fm__unit_set_mean(s, "share_of_weeks", "share", share, 0, 1, err);
  if (status == FM_OK)
    status = fm__unit_set_mean(s, "mean_weeks", "weeks", weeks, 0, FM__MOST_MONTHS, err);
  if (status == FM_OK)
    status = fm__unit_set_share(s, "every_week", every_week, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_lowest", lowest, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_highest", highest, err);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  return fm__units_result(out, state, each, "t_clusters;wilson", run, err);
}

/* ---- the measure ---- */

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {
      {"horizon", 0}, {"weeks_good", 0}, {"weeks_seen", 0}, {"in_rate", 0}};
  static const fm__units_kind kind = {"retention.weeks", numbers, N_NUMBERS, true, NULL, wrong};
  const fm_retention_weeks_spec *s = spec;
  (void)text;
  return fm__units_open(state, &kind, s->by, s->weight, s->cluster, s->level, err);
}

static const fm__field fields[] = {FM__FIELD(fm_retention_weeks_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_weeks_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_weeks_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_weeks_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "retention.weeks",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_retention_weeks_spec, fm__units),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__kept_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_retention_weeks)
