/* Two periods of one frame of incomes: what income.change, income.incidence and income.mobility have in common. */
#ifndef FM_INCOME_WAVES_PRIV_H
#define FM_INCOME_WAVES_PRIV_H

#include "flexmetrics/income_change.h"
#include "income/change/spell_priv.h"
#include "income/estimate/records_priv.h"

typedef struct fm__waves_spec {
  const char *measure;                                            /* id, static */
  const char *income, *period, *weight, *by, *first_row, *person; /* person NULL or "": not needed */
  const fm__rows_number *more;                                    /* the measure's own numbers */
  size_t n_more;
  const fm_income_rules *rules;
  const fm_survey_design_spec *design;
  const fm_income_spell_spec *spell; /* NULL: the first and the last */
  double period_0, period_1, deflator_0, deflator_1, ppp, level;
  int32_t overlap;
} fm__waves_spec;

/* Begins the state of each measure, itself begun by its records. */
typedef struct fm__waves {
  fm__records records;
  double period[2]; /* as asked; NaN: of the data */
  fm__spell_rule spell;
  bool has_spell;    /* the rule chooses among the data's periods */
  double divisor[2]; /* of the incomes: deflator times PPP */
  double deflator[2], ppp;
  int32_t overlap;
  bool grouped, has_person; /* people are id set 1 */
  size_t first_row;         /* place among the numbers; SIZE_MAX: every row is a first one */
  size_t own;               /* place of the measure's own numbers */
} fm__waves;

/* Checks what the specs have in common. `*w` stays where it is until fm__waves_free. */
fm_status fm__waves_create(fm__waves *w, const fm__waves_spec *spec, fm_error *err);
void fm__waves_free(fm__waves *w);
void fm__waves_text(const fm__waves *w, const fm__waves_spec *spec, fm__bytes *b);

/* ---- for the result ---- */
enum { FM__OTHER_WAVE = 2 };
typedef struct fm__two {
  const fm__waves *waves;
  fm__prepared prepared; /* design and units of the rows of both periods */
  uint8_t *wave;         /* of each row: 0, 1, FM__OTHER_WAVE */
  size_t *start;         /* of the rows of each group, n_groups + 1 */
  size_t n_groups;
  double period[2], years; /* NaN when there are no rows at all */
  int64_t n_other;         /* rows of other periods */
  bool bases_only;         /* the design is that of the first period's rows */
  fm__dropped dropped[2];
  void *kept[3]; /* what the design reads */
} fm__two;
/* Reduces the rows, finds the periods, makes one design of both. `bases_only`: the design of the first period's rows.
 */
fm_status fm__two_prepare(fm__two *t, fm__waves *w, bool bases_only, fm_error *err);
void fm__two_free(fm__two *t);
/* Whether a row is not one that gives a person in a further group. */
bool fm__two_is_first(const fm__two *t, size_t row);
/* Whether it counts in the figures of its group: without groups only first rows do. */
bool fm__two_counts(const fm__two *t, size_t row);
/* Creates the population of one period; group FM__EVERY_GROUP: of all first rows, whose dropped ones are counted. */
#define FM__EVERY_GROUP SIZE_MAX
fm_status fm__two_population(fm__dist *out, fm__two *t, size_t group, int32_t wave, const fm_run *run, fm_error *err);
void fm__two_notes(fm__result *r, const fm__two *t);
const fm__groups *fm__two_groups(const fm__two *t);
/* Income of a row of one of the periods, in the prices asked for; NaN: missing or left out by the rules, and counted.
 */
double fm__two_income(fm__two *t, size_t row);
/* Creates the design of the rows of both periods, and their units (waves_design.c). */
fm_status fm__two_design(fm__two *t, fm_error *err);

void fm__note_number(fm__result *r, const char *key, double value);
void fm__note_count(fm__result *r, const char *key, int64_t value);

#endif
