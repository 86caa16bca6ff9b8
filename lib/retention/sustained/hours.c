/* retention.hours: what became of the hours of small jobs. */
#include "flexmetrics/retention_sustained.h"
#include "retention/sustained/units_priv.h"

#include <math.h>

enum { HORIZON, HOURS, LATER, IN_WORK, SAME, N_NUMBERS };

static const fm_retention_hours_spec defaults = FM_RETENTION_HOURS_SPEC_INIT;

static bool is_flag(double x)
{
  return isnan(x) || x == 0 || x == 1;
}

static const char *wrong(const double *x, size_t *at)
{
  *at = HORIZON;
  if (!(x[HORIZON] >= 0 && x[HORIZON] <= FM__MOST_MONTHS) || x[HORIZON] != floor(x[HORIZON]))
    return "a whole number of months from 0 to 65535";
  *at = HOURS;
  if (!(x[HOURS] >= 0 && x[HOURS] <= 168))
    return "hours from 0 to 168";
  *at = IN_WORK;
  if (!is_flag(x[IN_WORK]))
    return "yes, no, or a blank where it is not known";
  *at = LATER;
  if (!isnan(x[LATER]) && !(x[LATER] >= 0 && x[LATER] <= 168 && x[IN_WORK] == 1))
    return "hours from 0 to 168 of those in work, else a blank";
  *at = SAME;
  if (!is_flag(x[SAME]) || isnan(x[SAME]) != (x[IN_WORK] != 1))
    return "yes or no of those in work, else a blank";
  return NULL;
}

/* ---- figures ---- */

static double any(const double *x)
{
  (void)x;
  return 1;
}

static double one_if(bool yes)
{
  return yes ? 1 : (double)NAN;
}

static double more(const double *x)
{
  return one_if(x[SAME] == 1 && x[LATER] > x[HOURS]);
}

static double as_many(const double *x)
{
  return one_if(x[SAME] == 1 && x[LATER] == x[HOURS]);
}

static double fewer(const double *x)
{
  return one_if(x[SAME] == 1 && x[LATER] < x[HOURS]);
}

static double not_told(const double *x)
{
  return one_if(x[SAME] == 1 && isnan(x[LATER]));
}

static double other_job(const double *x)
{
  return one_if(x[SAME] == 0);
}

static double no_job(const double *x)
{
  return one_if(x[IN_WORK] == 0);
}

static double unknown(const double *x)
{
  return one_if(isnan(x[IN_WORK]));
}

/* Without work nobody has more hours; NaN where it is not known. */
static double has_more(const double *x)
{
  return x[IN_WORK] == 0 ? 0 : isnan(x[LATER]) ? (double)NAN : (double)(x[LATER] > x[HOURS]);
}

static double lowest(const double *x)
{
  return has_more(x) == 1;
}

static double highest(const double *x)
{
  return has_more(x) != 0;
}

static double hours(const double *x)
{
  return x[HOURS];
}

static double change(const double *x)
{
  return x[LATER] - x[HOURS];
}

static fm_status each(const fm__unit_set *s, fm_error *err)
{
  static const struct {
    const char *quantity;
    fm__units_value value;
  } counts[] = {{"placements", any},
                {"same_job_more_hours", more},
                {"same_job_same_hours", as_many},
                {"same_job_fewer_hours", fewer},
                {"same_job_hours_not_told", not_told},
                {"other_job", other_job},
                {"no_job", no_job},
                {"unknown", unknown}};
  for (size_t k = 0; k < FM__COUNT(counts); k++)
    fm__unit_set_count(s, counts[k].quantity, counts[k].value);
  fm_status status = fm__unit_set_share(s, "share_more_hours", has_more, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_lowest", lowest, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_highest", highest, err);
  if (status == FM_OK)
    status = fm__unit_set_mean(s, "mean_hours_at_start", "hours", hours, 0, 168, err);
  if (status == FM_OK)
    status = fm__unit_set_mean(s, "mean_change_in_hours", "hours", change, -168, 168, err);
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
      {"horizon_months", 0}, {"hours", 0}, {"hours_later", 0}, {"in_work", 0}, {"same_employer", 0}};
  static const fm__units_kind kind = {"retention.hours", numbers, N_NUMBERS, true, "small_jobs", wrong};
  const fm_retention_hours_spec *s = spec;
  (void)text;
  return fm__units_open(state, &kind, s->by, s->weight, s->cluster, s->level, err);
}

static const fm__field fields[] = {FM__FIELD(fm_retention_hours_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_hours_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_hours_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_hours_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "retention.hours",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_retention_hours_spec, fm__units),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__kept_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_retention_hours)
