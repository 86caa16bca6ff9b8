/* retention.unemployment: long-term unemployment under several definitions side by side. */
#include "flexmetrics/retention_sustained.h"
#include "retention/sustained/units_priv.h"

#include <math.h>

enum { UNEMPLOYED, LONG_TERM, N_NUMBERS };

static const fm_retention_unemployment_spec defaults = FM_RETENTION_UNEMPLOYMENT_SPEC_INIT;

static const char *wrong(const double *x, size_t *at)
{
  *at = UNEMPLOYED;
  if (x[UNEMPLOYED] != 0 && x[UNEMPLOYED] != 1)
    return "yes or no";
  *at = LONG_TERM;
  if (!isnan(x[LONG_TERM]) && x[LONG_TERM] != 0 && x[LONG_TERM] != 1)
    return "yes, no, or a blank where it is not known";
  return NULL;
}

/* ---- figures ---- */

static double any(const double *x)
{
  (void)x;
  return 1;
}

static double unemployed(const double *x)
{
  return x[UNEMPLOYED] == 1 ? 1 : (double)NAN;
}

static double long_term(const double *x)
{
  return x[LONG_TERM] == 1 ? 1 : (double)NAN;
}

static double unknown(const double *x)
{
  return isnan(x[LONG_TERM]) ? 1 : (double)NAN;
}

static double of_unemployed(const double *x)
{
  return x[UNEMPLOYED] == 1 ? x[LONG_TERM] : (double)NAN;
}

static double of_registered(const double *x)
{
  return x[LONG_TERM];
}

static double lowest(const double *x)
{
  return x[UNEMPLOYED] == 1 ? (double)(x[LONG_TERM] == 1) : (double)NAN;
}

static double highest(const double *x)
{
  return x[UNEMPLOYED] == 1 ? (double)(x[LONG_TERM] != 0) : (double)NAN;
}

static fm_status each(const fm__unit_set *s, fm_error *err)
{
  fm__unit_set_count(s, "registered", any);
  fm__unit_set_count(s, "unemployed", unemployed);
  fm__unit_set_count(s, "long_term", long_term);
  fm__unit_set_count(s, "unknown", unknown);
  fm_status status = fm__unit_set_share(s, "share_of_unemployed", of_unemployed, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_lowest", lowest, err);
  if (status == FM_OK)
    status = fm__unit_set_bound(s, "share_highest", highest, err);
  if (status == FM_OK)
    status = fm__unit_set_share(s, "share_of_registered", of_registered, err);
  return status;
}

static fm_status result(void *state, fm_table **out, const fm_run *run, fm_error *err)
{
  return fm__units_result(out, state, each, "wilson", run, err);
}

/* ---- the measure ---- */

static fm_status open(void *state, const void *spec, fm__bytes *text, fm_error *err)
{
  static const fm__rows_number numbers[N_NUMBERS] = {{"unemployed", 0}, {"long_term", 0}};
  static const fm__units_kind kind = {"retention.unemployment", numbers, N_NUMBERS, false, NULL, wrong};
  const fm_retention_unemployment_spec *s = spec;
  (void)text;
  return fm__units_open(state, &kind, s->by, s->weight, s->cluster, s->level, err);
}

static const fm__field fields[] = {FM__FIELD(fm_retention_unemployment_spec, by, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_unemployment_spec, weight, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_unemployment_spec, cluster, FM__FIELD_TEXT),
                                   FM__FIELD(fm_retention_unemployment_spec, level, FM__FIELD_F64)};
static const fm__measure measure = {.id = "retention.unemployment",
                                    .state_version = 1,
                                    FM__MEASURE_OPENS(fm_retention_unemployment_spec, fm__units),
                                    FM__MEASURE_KEEPS_ROWS,
                                    .destroy = fm__kept_destroy,
                                    .result = result};

FM__MEASURE_FUNCTIONS(fm_retention_unemployment)
