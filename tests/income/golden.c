#include "income/golden.h"

#include <stdio.h>
#include <string.h>

static const struct known {
  const char *name, *measure;
  bool with_parameter;
} known[] = {
    {"mean", "mean", false},
    {"quantile", "quantile", true},
    {"lorenz", "lorenz", true},
    {"b40share", "bottom_share", true},
    {"b40mean", "bottom_mean", true},
    {"gini", "gini", false},
    {"pietra", "hoover", false},
    {"s80s20", "s80s20", false},
    {"palma", "palma", false},
    {"arpt", "poverty_line", true},
    {"arpr", "at_risk_of_poverty", true},
    {"poormed", "median_of_poor", true},
    {"rmpg", "relative_median_gap", true},
    {"mld", "mld", false},
    {"theil", "theil", false},
    {"atkinson", "atkinson", true},
};

static bool has(const char *text, const char *part)
{
  return strstr(text, part) != NULL;
}

static void set_rules(fm_income_rules *r, const char *convention, const char *se_method)
{
  *r = (fm_income_rules)FM_INCOME_RULES_INIT;
  r->quantile = has(convention, "q_left") || has(convention, "qrule_math") ? FM_INCOME_QUANTILE_LEFT
                : has(convention, "q_right")                               ? FM_INCOME_QUANTILE_RIGHT
                                                                           : FM_INCOME_QUANTILE_AVG;
  r->share = has(convention, "step") ? FM_INCOME_SHARE_STEP : FM_INCOME_SHARE_FRACTIONAL;
  r->poor = strcmp(convention, "le") == 0 || has(convention, ";le") ? FM_INCOME_POOR_LE : FM_INCOME_POOR_LT;
  r->gini = has(convention, "gini_n1")       ? FM_INCOME_GINI_N_MINUS_1
            : has(convention, "gini_block1") ? FM_INCOME_GINI_UNIT_BLOCK
                                             : FM_INCOME_GINI_POPULATION;
  r->nonpos = has(convention, "drop_nonpos")   ? FM_INCOME_NONPOS_DROP
              : has(convention, "zero_limit")  ? FM_INCOME_NONPOS_LIMIT
              : has(convention, "nonpos_to_1") ? FM_INCOME_NONPOS_FLOOR
                                               : FM_INCOME_NONPOS_ERROR;
  if (r->nonpos == FM_INCOME_NONPOS_FLOOR)
    r->nonpos_floor = 1;
  r->density = has(se_method, "osier") ? FM_INCOME_DENSITY_OSIER : FM_INCOME_DENSITY_SILVERMAN;
}

bool fm_golden_call(char measure[64], fm_income_rules *rules, const char *name, const char *param,
                    const char *convention, const char *se_method)
{
  set_rules(rules, convention, se_method);
  if (strcmp(name, "fgt") == 0) { /* "1;abs=10000", "1;relq=0.6" */
    const char *line = strchr(param, ';') + 1;
    snprintf(measure, 64, "fgt(%.*s)", (int)(line - param) - 1, param);
    if (has(line, "abs=")) {
      rules->line_kind = FM_INCOME_LINE_ABSOLUTE;
      rules->line = strtod(line + strlen("abs="), NULL);
    } else
      rules->line_share = strtod(line + strlen("relq="), NULL);
    return true;
  }
  for (int i = 0; i < FM_COUNT(known); i++)
    if (strcmp(name, known[i].name) == 0) {
      if (known[i].with_parameter)
        snprintf(measure, 64, "%s(%s)", known[i].measure, param);
      else
        snprintf(measure, 64, "%s", known[i].measure);
      return true;
    }
  return false;
}
