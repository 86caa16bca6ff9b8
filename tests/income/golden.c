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

static void population(fm__dist *d, const fm_golden_sample *s, const uint32_t *unit, bool all)
{
  fm_error err = FM_ERROR_INIT;
  fm__member *members = fm__array(s->n, sizeof *members);
  size_t n = 0;
  for (size_t i = 0; i < s->n; i++)
    if (all || s->in[i])
      members[n++] = (fm__member){s->x[i], s->w[i], unit[i], 1};
  fm_assert_ok(fm__dist_of_members(d, members, n, NULL, &err), &err);
}

static void make_design(fm__design **design, uint32_t **unit, const fm_golden_sample *s, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_design_spec spec = FM_SURVEY_DESIGN_SPEC_INIT;
  fm__design_input input = {.n = s->n, .n_stages = 1, .weight = s->w};
  bool both = strncmp(name, "stclus", 6) == 0;
  if (both || strcmp(name, "strat") == 0) {
    input.stratum[0] = s->stratum;
    spec.strata = "stratum";
  }
  if (both || strcmp(name, "clus") == 0) {
    input.cluster[0] = s->psu;
    spec.psu = "psu";
  }
  if (strcmp(name, "stclusfpc") == 0) {
    input.fpc[0] = s->fpc;
    spec.fpc = "Nh";
  }
  spec.lonely = strstr(name, "remove") != NULL    ? FM_SURVEY_LONELY_REMOVE
                : strstr(name, "adjust") != NULL  ? FM_SURVEY_LONELY_ADJUST
                : strstr(name, "average") != NULL ? FM_SURVEY_LONELY_AVERAGE
                                                  : FM_SURVEY_LONELY_FAIL;
  fm_assert_ok(fm__design_create(design, unit, &input, &spec, &err), &err);
}

double fm_golden_taylor(const fm_golden_sample *s, const fm__call *call, const fm_income_rules *rules, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm__design *design;
  uint32_t *unit;
  fm__dist own, all;
  fm__influence mine, line;
  double error;
  make_design(&design, &unit, s, name);
  population(&own, s, unit, false);
  population(&all, s, unit, true);
  fm__income_context c = {.rules = rules, .own = &own, .line_from = &all};
  double *z = fm__array(fm__design_n_units(design), sizeof *z);
  fm_assert_ok(fm__call_influence(&mine, &line, call, &c, &err), &err);
  ck_assert_uint_gt(mine.n + line.n, 0);
  fm__influence_spread(z, &mine, &own, 1);
  fm__influence_spread(z, &line, &all, 1);
  fm_assert_ok(fm__design_std_error(&error, design, z, &err), &err);
  fm__free(z);
  fm__free(unit);
  fm__design_destroy(design);
  fm__dist_free(&own);
  fm__dist_free(&all);
  return error;
}

double fm_golden_value(const fm_golden_sample *s, const fm__call *call, const fm_income_rules *rules)
{
  static const uint32_t no_unit[FM_GOLDEN_ROWS];
  const char *state;
  fm__dist own, all;
  population(&own, s, no_unit, false);
  population(&all, s, no_unit, true);
  double value = fm__call_value(call, &(fm__income_context){.rules = rules, .own = &own, .line_from = &all}, &state);
  ck_assert_str_eq(state, "ok");
  fm__dist_free(&own);
  fm__dist_free(&all);
  return value;
}
