/* The definitional choices: checking them, presets, and both tables in print. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "income/measure/influence_priv.h"
#include "num/num_priv.h"
#include "table/table_priv.h"

static const fm_income_rules default_rules = FM_INCOME_RULES_INIT;

void fm_income_rules_init(fm_income_rules *rules, size_t size)
{
  fm__spec_init(rules, size, &default_rules, sizeof default_rules);
}

/* ---- the choices by name: as messages and tables print them ---- */

enum { MOST_NAMES = 5 };
typedef struct choice {
  const char *field;
  size_t offset;
  int32_t n;
  const char *names[MOST_NAMES];
} choice;

#define CHOICE(FIELD, N, ...)                                                                                          \
  {                                                                                                                    \
#FIELD, offsetof(fm_income_rules, FIELD), N,                                                                       \
    {                                                                                                                  \
      __VA_ARGS__                                                                                                      \
    }                                                                                                                  \
  }
static const choice choices[] = {
    CHOICE(quantile, 4, "avg", "left", "right", "interp"),
    CHOICE(poor, 2, "lt", "le"),
    CHOICE(share, 2, "fractional", "step"),
    CHOICE(gini, 3, "population", "n_minus_1", "unit_block"),
    CHOICE(nonpos, 4, "error", "drop", "limit", "floor"),
    CHOICE(negative, 4, "keep", "error", "drop", "zero"),
    CHOICE(missing, 2, "drop", "error"),
    CHOICE(density, 2, "silverman", "osier"),
    CHOICE(line_kind, 5, "national", "domain", "absolute", "national_mean", "domain_mean"),
    CHOICE(percent, 2, "fraction", "percent"),
};

static int32_t choice_in(const fm_income_rules *rules, const choice *c)
{
  int32_t v;
  memcpy(&v, (const char *)rules + c->offset, sizeof v);
  return v;
}

static fm_status check_numbers(const fm_income_rules *r, fm_error *err)
{
  if (r->nonpos == FM_INCOME_NONPOS_FLOOR && !(r->nonpos_floor > 0 && isfinite(r->nonpos_floor)))
    return fm__fail(err, FM_ERR_ARGUMENT, "rules.nonpos is floor, so rules.nonpos_floor must be a number above 0");
  if (!(r->hit_tolerance >= 0 && r->hit_tolerance < 0.01))
    return fm__fail(err, FM_ERR_ARGUMENT, "rules.hit_tolerance must be from 0 to below 0.01, a share of the weight");
  if (r->line_kind == FM_INCOME_LINE_ABSOLUTE && !isfinite(r->line))
    return fm__fail(err, FM_ERR_ARGUMENT, "rules.line_kind is absolute, so rules.line must be a number");
  if (!(r->line_share > 0 && isfinite(r->line_share)))
    return fm__fail(err, FM_ERR_ARGUMENT, "rules.line_share must be a number above 0, such as 0.6");
  return FM_OK;
}

fm_status fm__income_rules_take(fm_income_rules *dst, const fm_income_rules *src, fm_error *err)
{
  *dst = default_rules;
  fm_status status = src != NULL ? fm__spec_take(dst, sizeof *dst, src, "fm_income_rules", err) : FM_OK;
  for (size_t i = 0; i < FM__COUNT(choices) && status == FM_OK; i++) {
    int32_t v = choice_in(dst, &choices[i]);
    if (v < 0 || v >= choices[i].n)
      status = fm__fail(err, FM_ERR_ARGUMENT, "rules.%s is %d: expected 0 (%s) to %d (%s)", choices[i].field, (int)v,
                        choices[i].names[0], (int)choices[i].n - 1, choices[i].names[choices[i].n - 1]);
  }
  return status == FM_OK ? check_numbers(dst, err) : status;
}

/* ---- presets ---- */

typedef struct preset {
  const char *name, *used_by;
  fm_income_rules rules;
} preset;

#define RULES .struct_size = sizeof(fm_income_rules), .hit_tolerance = 1e-12, .line = FM_NAN
#define NO_FLOOR .nonpos_floor = FM_NAN
static const preset presets[] = {
    {"default",
     "this library: results that do not move when weights are rescaled or records split",
     {RULES, NO_FLOOR, .line_share = 0.6}},
    {"eurostat",
     "Eurostat's EU-SILC indicators, read through laeken and its vignette",
     {RULES, NO_FLOOR, .line_share = 0.6, .share = FM_INCOME_SHARE_STEP, .percent = 1}},
    {"sdg",
     "SDG 10.1.1 and 10.2.1: household income per head, below half of the median, in per cent",
     {RULES, NO_FLOOR, .line_share = 0.5, .percent = 1}},
    {"pip",
     "World Bank, Poverty and Inequality Platform (wbpip): negative incomes dropped, logarithms of 0 as of 1",
     {RULES, .nonpos_floor = 1, .line_share = 0.6, .quantile = FM_INCOME_QUANTILE_LEFT,
      .nonpos = FM_INCOME_NONPOS_FLOOR, .negative = FM_INCOME_NEGATIVE_DROP}},
    {"convey",
     "R package convey",
     {RULES, NO_FLOOR, .line_share = 0.6, .quantile = FM_INCOME_QUANTILE_LEFT, .poor = FM_INCOME_POOR_LE,
      .share = FM_INCOME_SHARE_STEP, .gini = FM_INCOME_GINI_UNIT_BLOCK, .density = FM_INCOME_DENSITY_OSIER}},
    {"laeken",
     "R package laeken up to 0.4.6",
     {RULES, NO_FLOOR, .line_share = 0.6, .share = FM_INCOME_SHARE_STEP, .percent = 1}},
    {"laeken_0_5",
     "R package laeken from 0.5.0 on, vardpoor: the quantile above a hit",
     {RULES, NO_FLOOR, .line_share = 0.6, .quantile = FM_INCOME_QUANTILE_RIGHT, .share = FM_INCOME_SHARE_STEP,
      .percent = 1}},
};

fm_status fm_income_rules_preset(fm_income_rules *rules, size_t size, const char *name, fm_error *err)
{
  char all[160] = "";
  for (size_t i = 0; i < FM__COUNT(presets); i++) {
    if (name != NULL && strcmp(name, presets[i].name) == 0) {
      fm__spec_init(rules, size, &presets[i].rules, sizeof presets[i].rules);
      return FM_OK;
    }
    size_t used = strlen(all);
    snprintf(all + used, sizeof all - used, "%s%s", used > 0 ? ", " : "", presets[i].name);
  }
  return fm__fail(err, FM_ERR_NOT_FOUND, "no preset is named \"%.60s\": expected one of %s", name != NULL ? name : "",
                  all);
}

static void text_cell(fm__builder *b, size_t *column, const char *text)
{
  fm__builder_text(b, (*column)++, text, strlen(text));
}

static void number_cell(fm__builder *b, size_t *column, double v)
{
  if (isnan(v))
    fm__builder_null(b, (*column)++);
  else
    fm__builder_f64(b, (*column)++, v);
}

static fm_status columns(fm__builder *b, const char *const *names, size_t n, int32_t type, fm_error *err)
{
  fm_status status = FM_OK;
  size_t column;
  for (size_t i = 0; i < n && status == FM_OK; i++)
    status = fm__builder_column(b, names[i], type, &column, err);
  return status;
}

fm_status fm_income_presets(fm_table **out, fm_error *err)
{
  static const char *const numbers[] = {"nonpos_floor", "hit_tolerance", "line_share"}, *const first[] = {"preset"},
                           *const last[] = {"used_by"};
  fm__builder *b = NULL;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "income presets", err);
  if (status == FM_OK)
    status = columns(b, first, 1, FM_CODE, err);
  for (size_t i = 0; i < FM__COUNT(choices) && status == FM_OK; i++)
    status = columns(b, &choices[i].field, 1, FM_CODE, err);
  if (status == FM_OK)
    status = columns(b, numbers, FM__COUNT(numbers), FM_F64, err);
  if (status == FM_OK)
    status = columns(b, last, 1, FM_CODE, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t k = 0; k < FM__COUNT(presets); k++) {
    size_t column = 0;
    text_cell(b, &column, presets[k].name);
    for (size_t i = 0; i < FM__COUNT(choices); i++)
      text_cell(b, &column, choices[i].names[choice_in(&presets[k].rules, &choices[i])]);
    number_cell(b, &column, presets[k].rules.nonpos_floor);
    number_cell(b, &column, presets[k].rules.hit_tolerance);
    number_cell(b, &column, presets[k].rules.line_share);
    text_cell(b, &column, presets[k].used_by);
  }
  return fm__builder_finish(b, out, err);
}

fm_status fm_income_measures(fm_table **out, fm_error *err)
{
  static const char *const names[] = {"measure", "parameters", "unit", "definition"}, *const flag[] = {"linearised"};
  fm__builder *b = NULL;
  const fm__income_measure *m;
  *out = NULL;
  fm_status status = fm__builder_create(&b, "income measures", err);
  if (status == FM_OK)
    status = columns(b, names, FM__COUNT(names), FM_CODE, err);
  if (status == FM_OK)
    status = columns(b, flag, 1, FM_BOOL, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t k = 0; (m = fm__income_measure_at(k)) != NULL; k++) {
    size_t column = 0;
    text_cell(b, &column, m->name);
    text_cell(b, &column, m->names);
    text_cell(b, &column, m->unit);
    text_cell(b, &column, m->text);
    fm__builder_bool(b, column, m->influence != NULL);
  }
  return fm__builder_finish(b, out, err);
}
