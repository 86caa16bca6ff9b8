/* Sampled incomes: options become rules, a design, and the columns of the frame. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "catalogue/catalogue_priv.h"
#include "num/num_priv.h"
#include "survey/survey_priv.h"

static const char *const no_yes[] = {"no", "yes"};

/* A choice by words, into the field at *out. */
typedef struct choice {
  const char *name;
  int32_t *out;
  const char *const *words;
  size_t n;
} choice;

static fm_status take_choices(const choice *choices, size_t n, const fm__options *o, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < n && status == FM_OK; k++)
    status = fm__options_choice(o, choices[k].name, choices[k].words, choices[k].n, choices[k].out, err);
  return status;
}

/* ---- rules ---- */

fm_status fm__options_rules(fm_income_rules *out, const fm__options *o, fm_error *err)
{
  static const char *const quantile[] = {"avg", "left", "right", "interp"}, *const poor[] = {"lt", "le"};
  static const char *const share[] = {"fractional", "step"}, *const missing[] = {"drop", "error"};
  static const char *const gini[] = {"population", "n_minus_1", "unit_block"};
  static const char *const nonpos[] = {"error", "drop", "limit", "floor"};
  static const char *const negative[] = {"keep", "error", "drop", "zero"}, *const density[] = {"silverman", "osier"};
  static const char *const line_kind[] = {"national", "domain", "absolute", "national_mean", "domain_mean"};
  const char *preset = fm__options_text(o, "preset");
  fm_income_rules_init(out, sizeof *out);
  if (preset != NULL) {
    fm_status status = fm_income_rules_preset(out, sizeof *out, preset, err);
    if (status != FM_OK)
      return status;
  }
  const choice choices[] = {{"quantile", &out->quantile, quantile, FM__COUNT(quantile)},
                            {"poor", &out->poor, poor, FM__COUNT(poor)},
                            {"share", &out->share, share, FM__COUNT(share)},
                            {"gini", &out->gini, gini, FM__COUNT(gini)},
                            {"nonpos", &out->nonpos, nonpos, FM__COUNT(nonpos)},
                            {"negative", &out->negative, negative, FM__COUNT(negative)},
                            {"missing", &out->missing, missing, FM__COUNT(missing)},
                            {"density", &out->density, density, FM__COUNT(density)},
                            {"line_kind", &out->line_kind, line_kind, FM__COUNT(line_kind)},
                            {"percent", &out->percent, no_yes, FM__COUNT(no_yes)}};
  /* A line of the caller's is an absolute one unless another kind is named. */
  if (fm__options_text(o, "line") != NULL)
    out->line_kind = FM_INCOME_LINE_ABSOLUTE;
  fm_status status = take_choices(choices, FM__COUNT(choices), o, err);
  if (status == FM_OK)
    status = fm__options_real(o, "line", &out->line, err);
  if (status == FM_OK)
    status = fm__options_real(o, "line_share", &out->line_share, err);
  return status == FM_OK ? fm__options_real(o, "nonpos_floor", &out->nonpos_floor, err) : status;
}

/* ---- design ---- */

/* The column an option names; without one that of the frame of incomes, if it has it; "none": none. */
static const char *column_of(const fm__options *o, const char *option, const fm_table *made, const char *column)
{
  const char *text = fm__options_text(o, option), *kind = made != NULL ? fm_table_note(made, "kind") : NULL;
  if (text != NULL)
    return strcmp(text, "none") == 0 ? NULL : text;
  return kind != NULL && (strcmp(kind, "income") == 0 || strcmp(kind, "income_periods") == 0) &&
                 fm_table_column_index(made, column) >= 0
             ? column
             : NULL;
}

/* Creates the numbers of "0.5,0.5,0.75". */
static fm_status take_rscales(double **out, size_t *n, const char *text, fm_error *err)
{
  *out = NULL;
  *n = 0;
  if (text == NULL)
    return FM_OK;
  double *numbers = fm__array(strlen(text) + 1, sizeof *numbers);
  if (numbers == NULL)
    return fm__no_memory(err);
  for (const char *p = text; p != NULL; (*n)++) {
    size_t length = strcspn(p, ",");
    while (*p == ' ' && length > 0) {
      p++;
      length--;
    }
    if (!fm__parse_f64(p, length, '.', &numbers[*n])) {
      fm__free(numbers);
      return fm__fail(err, FM_ERR_ARGUMENT, "option rscales: expected numbers separated by commas, found \"%s\"", text);
    }
    p = p[length] == ',' ? p + length + 1 : NULL;
  }
  *out = numbers;
  return FM_OK;
}

static fm_status take_method(fm_survey_design_spec *out, const fm__options *o, fm_error *err)
{
  static const char *const se[] = {"taylor", "replicates", "bootstrap", "none"};
  static const char *const lonely[] = {"fail", "remove", "adjust", "average"}, *const fpc_kind[] = {"count", "share"};
  static const char *const kind[] = {"other", "brr", "fay", "jk1", "jkn", "boot"};
  static const char *const bootstrap[] = {"auto", "rao_wu", "multinomial", "poisson"};
  const choice choices[] = {{"se", &out->method, se, FM__COUNT(se)},
                            {"lonely", &out->lonely, lonely, FM__COUNT(lonely)},
                            {"fpc_kind", &out->fpc_kind, fpc_kind, FM__COUNT(fpc_kind)},
                            {"replicate_kind", &out->replicate_kind, kind, FM__COUNT(kind)},
                            {"combined", &out->combined, no_yes, FM__COUNT(no_yes)},
                            {"mse", &out->mse, no_yes, FM__COUNT(no_yes)},
                            {"bootstrap", &out->bootstrap, bootstrap, FM__COUNT(bootstrap)}};
  int32_t seed = (int32_t)out->seed;
  fm_status status = take_choices(choices, FM__COUNT(choices), o, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "n_replicates", &out->n_replicates, err);
  if (status == FM_OK)
    status = fm__options_whole(o, "seed", &seed, err);
  if (status == FM_OK)
    status = fm__options_real(o, "scale", &out->scale, err);
  if (status == FM_OK)
    status = fm__options_real(o, "fay_rho", &out->fay_rho, err);
  if (status == FM_OK)
    status = fm__options_real(o, "df", &out->degrees_of_freedom, err);
  out->seed = (uint64_t)seed;
  return status;
}

fm_status fm__options_design(fm_survey_design_spec *out, double **rscales, const fm__options *o, const fm_table *made,
                             fm_error *err)
{
  fm_survey_design_spec_init(out, sizeof *out);
  *rscales = NULL;
  out->replicates = fm__options_text(o, "replicates");
  out->auxiliaries = fm__options_text(o, "auxiliaries");
  out->base_weight = fm__options_text(o, "base_weight");
  if (out->replicates != NULL)
    out->method = FM_SURVEY_REPLICATES;
  fm_status status = take_method(out, o, err);
  if (status == FM_OK)
    status = take_rscales(rscales, &out->n_rscales, fm__options_text(o, "rscales"), err);
  out->rscales = *rscales;
  out->strata = column_of(o, "strata", made, "stratum");
  out->psu = column_of(o, "psu", made, "psu");
  out->fpc = column_of(o, "fpc", made, "fpc");
  /* Someone with several rows, one for each target group, is one unit all the same. */
  if (out->psu == NULL && made != NULL && fm_table_column_index(made, "first_row") >= 0)
    out->psu = "person_id";
  return status;
}

/* ---- columns of the frame ---- */

static void add_column(fm__bytes *b, const char *name)
{
  if (name == NULL || name[0] == '\0' || strcmp(name, "none") == 0 || strcmp(name, "-") == 0)
    return;
  if (b->size > 0)
    fm__bytes_raw(b, ",", 1);
  fm__bytes_raw(b, name, strlen(name));
}

fm_status fm__options_columns(fm_frame_spec *frame, fm__options *o, const char *const *named, size_t n, fm_error *err)
{
  fm_survey_design_spec design;
  fm__design_columns *columns = NULL;
  double *rscales = NULL;
  fm__bytes b = {0};
  fm_status status = fm__options_design(&design, &rscales, o, NULL, err);
  if (status == FM_OK)
    status = fm__design_columns_create(&columns, &design, 0, 0, err);
  add_column(&b, frame->by);
  for (size_t k = 0; k < n; k++)
    add_column(&b, fm__options_text(o, named[k]));
  for (size_t k = 0; status == FM_OK && k < columns->n_numbers; k++)
    add_column(&b, columns->numbers[k].name);
  for (size_t k = 0; status == FM_OK && k < columns->n_ids; k++)
    add_column(&b, columns->ids[k]);
  if (status == FM_OK && b.size > 0) {
    o->by = fm__copy_text((const char *)b.data, b.failed ? 0 : b.size);
    if (o->by == NULL || b.failed)
      status = fm__no_memory(err);
    frame->by = o->by;
  }
  fm__design_columns_destroy(columns);
  fm__free(rscales);
  fm__bytes_free(&b);
  return status;
}

/* ---- income.distribution ---- */

static fm_status distribution_frame(fm_frame_spec *frame, fm__options *o, fm_error *err)
{
  static const char *const named[] = {"income", "domain", "imputed", "top_coded"};
  fm_status status = fm__options_real(o, "period", &frame->period_1, err);
  return status == FM_OK ? fm__options_columns(frame, o, named, FM__COUNT(named), err) : status;
}

bool fm__options_ask_errors(const fm__options *o)
{
  static const char *const named[] = {"se", "strata", "psu", "fpc", "replicates", "auxiliaries"};
  for (size_t k = 0; k < FM__COUNT(named); k++) {
    const char *text = fm__options_text(o, named[k]);
    if (text != NULL && strcmp(text, "none") != 0)
      return true;
  }
  return false;
}

static fm_status distribution_tally(fm_tally **out, const fm_compute_spec *spec, const fm__options *o,
                                    const fm_table *made, fm_error *err)
{
  fm_income_distribution_spec s;
  fm_income_rules rules;
  fm_survey_design_spec design;
  double *rscales = NULL;
  const choice choices[] = {{"total", &s.total, no_yes, FM__COUNT(no_yes)},
                            {"bounded", &s.bounded, no_yes, FM__COUNT(no_yes)}};
  fm_survey_design_spec_init(&design, sizeof design);
  fm_income_distribution_spec_init(&s, sizeof s);
  s.by = spec->by;
  s.weight = spec->weight;
  s.level = spec->level;
  if (fm__options_text(o, "income") != NULL)
    s.income = fm__options_text(o, "income");
  s.measures = fm__options_text(o, "measures");
  s.reference = fm__options_text(o, "reference");
  s.domain = fm__options_text(o, "domain");
  s.imputed = fm__options_text(o, "imputed");
  s.top_coded = fm__options_text(o, "top_coded");
  if (made != NULL && fm_table_column_index(made, "first_row") >= 0)
    s.first_row = "first_row";
  s.rules = &rules;
  s.design = &design;
  fm_status status = take_choices(choices, FM__COUNT(choices), o, err);
  if (status == FM_OK)
    status = fm__options_rules(&rules, o, err);
  if (status == FM_OK)
    status = fm__options_design(&design, &rscales, o, made, err);
  if (s.bounded == 1 && !fm__options_ask_errors(o))
    s.design = NULL; /* bounds stand in the place of errors */
  if (status == FM_OK)
    status = fm_income_distribution_tally(out, &s, err);
  fm__free(rscales);
  return status;
}

const fm__recipe fm__recipes_income[] = {{"income.distribution", distribution_frame, distribution_tally}, {.id = NULL}};
