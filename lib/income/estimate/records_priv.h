/* What every measure of sampled incomes keeps and how populations come out of it.
 *
 * The state is the rows themselves (fm__rows): income, weight, the measure's own numbers, the design's numbers; the
 * measure's id sets, the design's. A row whose income is missing stays: it still belongs to the design. Policies on
 * missing and negative incomes are applied, and counted, when the result is made. */
#ifndef FM_INCOME_RECORDS_PRIV_H
#define FM_INCOME_RECORDS_PRIV_H

#include "flexmetrics/income_distribution.h"
#include "income/dist/dist_priv.h"
#include "survey/survey_priv.h"
#include "tally/rows_priv.h"

typedef struct fm__records_spec {
  const char *measure;         /* id of the measure, static: for messages */
  const char *income, *weight; /* weight NULL: each row counts 1 */
  const fm__rows_number *more; /* the measure's own numbers */
  size_t n_more;
  const char *const *ids; /* the measure's id sets: groups first */
  size_t n_ids;
  const fm_income_rules *rules;        /* NULL: defaults */
  const fm_survey_design_spec *design; /* NULL: independent rows */
  /* Checks the measure's own numbers of one row; NULL: anything goes. */
  fm_status (*take)(void *context, double *more, const fm__rows_place *place, fm_error *err);
  void *context;
} fm__records_spec;

typedef struct fm__records {
  fm__rows *rows; /* first: see FM__MEASURE_KEEPS_ROWS */
  fm__rows_kind kind;
  fm__design_columns *columns;
  fm_income_rules rules;
  size_t weight; /* its place among the numbers; SIZE_MAX: none */
  size_t more;   /* place of the first of the measure's own numbers */
  size_t n_more;
  fm_status (*take)(void *context, double *more, const fm__rows_place *place, fm_error *err);
  void *context;
} fm__records;

/* Into *r, which is empty before and begins the state of a measure, where it stays; fm__records_free makes it empty
 * again, after a failure too. Rows: FM_ERR_VALUE: income infinite, or missing or negative where the rules make that an
 * error; weight negative, missing beside an income, not finite. Those of weight 0 leave no trace. */
fm_status fm__records_create(fm__records *r, const fm__records_spec *spec, fm_error *err);
void fm__records_free(fm__records *r);
/* FM_ERR_ARGUMENT: a column of id set 0, `by`, is one of set 1, `group`, too: nothing within such a group differs. */
fm_status fm__records_check_group(const fm__records *r, fm_error *err);
/* What differs from the defaults in weight, rules and design, for the spec text of the tally. */
void fm__records_text(const fm__records *r, fm__bytes *b);

/* ---- for the result ---- */
typedef struct fm__prepared {
  fm__design *design;
  uint32_t *unit; /* of each row */
  const fm__records *records;
  double prices;  /* incomes are divided by this; 0: they stay as they are */
  size_t doubled; /* place of a number that marks incomes to be doubled, to see what moves with them; 0: none */
} fm__prepared;
/* Reduces the rows and makes their design. */
fm_status fm__records_prepare(fm__prepared *p, fm__records *r, fm_error *err);
void fm__prepared_free(fm__prepared *p);

typedef struct fm__dropped {
  int64_t missing, negative, zeroed; /* incomes left out, and negative ones set to 0 */
} fm__dropped;
/* Income of one row by the rules, in the prices asked for; NaN: left out, and counted in *dropped. */
double fm__prepared_income(const fm__prepared *p, size_t row, fm__dropped *dropped);
/* Creates the population of the rows [first, end) that `belongs` keeps (NULL: all), with their counts of what the rules
 * left out added to *dropped (may be NULL). */
typedef bool (*fm__belongs)(const void *context, const fm__records *r, size_t row);
fm_status fm__prepared_population(fm__dist *out, fm__dropped *dropped, const fm__prepared *p, size_t first, size_t end,
                                  fm__belongs belongs, const void *context, const fm_run *run, fm_error *err);
/* Creates where the rows of each id of set 0 begin: start[id] to start[id + 1]. */
fm_status fm__prepared_starts(size_t **start, const fm__prepared *p, fm_error *err);
void fm__rules_notes(fm__result *r, const fm_income_rules *rules); /* adds a note for each choice */
/* Adds the notes that every such result has: weight, rules that differ from the default, design, dropped. */
void fm__prepared_notes(fm__result *r, const fm__prepared *p, const fm__dropped *dropped);

#endif
