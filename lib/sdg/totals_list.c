/* The indicators of totals: definitions of the metadata, each a few lines. */
#include "sdg/totals_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double over(double part, double whole)
{
  return whole > 0 ? part / whole : NAN;
}

static double first_over_second(const double *x)
{
  return over(x[0], x[1]);
}

static double first(const double *x)
{
  return x[0] > 0 ? x[0] : NAN;
}

static double second(const double *x)
{
  return x[1] > 0 ? x[1] : NAN;
}

static double second_per_100000(const double *x)
{
  return over(100000 * x[1], x[0]);
}

static double third_per_100000(const double *x)
{
  return over(100000 * x[2], x[0]);
}

static double labour_share(const double *x)
{
  return over(x[1] + x[2], x[0]);
}

static double unadjusted_share(const double *x)
{
  return over(x[1], x[0]);
}

static double to_disposable(const double *x)
{
  return x[0] - x[1];
}

static double to_consumable(const double *x)
{
  return x[0] - x[2];
}

/* Refugees over the people of the country of origin and them (metadata 10.7.4). */
static double refugees(const double *x)
{
  return over(100000 * x[0], x[0] + x[1]);
}

enum { FIRST = 1, SECOND = 2, THIRD = 4 };

static const fm__total totals[] = {
    {"8.1.1",
     {{"gdp", 0}, {"population", 0}},
     {{"growth_per_head", "per_year", first_over_second, true, FIRST | SECOND}},
     false},
    {"8.2.1",
     {{"gdp", 0}, {"employed", 0}},
     {{"growth_per_employed", "per_year", first_over_second, true, FIRST | SECOND}},
     false},
    {"8.9.1",
     {{"tourism_gdp", 0}, {"gdp", FM__TOTAL_OPTIONAL}},
     {{"tourism_share", "share", first_over_second, false, FIRST | SECOND},
      {"tourism_growth", "per_year", first, true, FIRST}},
     false},
    {"8.10.1",
     {{"adults", 0}, {"branches", FM__TOTAL_OPTIONAL}, {"machines", FM__TOTAL_OPTIONAL}},
     {{"branches", "per_100000", second_per_100000, false, FIRST | SECOND},
      {"machines", "per_100000", third_per_100000, false, FIRST | THIRD}},
     false},
    {"10.1.1",
     {{"bottom_mean", FM__TOTAL_SIGNED}, {"mean", FM__TOTAL_SIGNED}},
     {{"growth_bottom", "per_year", first, true, FIRST}, {"growth_mean", "per_year", second, true, SECOND}},
     true},
    {"10.4.1",
     {{"gdp", 0}, {"compensation", 0}, {"self_employed_income", FM__TOTAL_OPTIONAL | FM__TOTAL_SIGNED}},
     {{"labour_share", "share", labour_share, false, FIRST | SECOND | THIRD},
      {"unadjusted_labour_share", "share", unadjusted_share, false, FIRST | SECOND}},
     false},
    {"10.4.2",
     {{"gini_prefiscal", FM__TOTAL_SHARE},
      {"gini_disposable", FM__TOTAL_OPTIONAL | FM__TOTAL_SHARE},
      {"gini_consumable", FM__TOTAL_OPTIONAL | FM__TOTAL_SHARE}},
     {{"redistribution_disposable", "index", to_disposable, false, FIRST | SECOND},
      {"redistribution_consumable", "index", to_consumable, false, FIRST | THIRD}},
     false},
    {"10.7.4",
     {{"refugees", 0}, {"population", 0}},
     {{"refugees", "per_100000", refugees, false, FIRST | SECOND}},
     false},
};

const fm__total *fm__total_of(const char *indicator, char *known, size_t size)
{
  size_t at = 0;
  for (size_t i = 0; i < FM__COUNT(totals); i++) {
    if (indicator != NULL && strcmp(totals[i].indicator, indicator) == 0)
      return &totals[i];
    int n = snprintf(known + at, size - at, "%s%s", i > 0 ? ", " : "", totals[i].indicator);
    at += n > 0 && (size_t)n < size - at ? (size_t)n : 0;
  }
  return NULL;
}
