/* The catalogue's data as built in, options as text, and how each indicator is computed. */
#ifndef FM_CATALOGUE_PRIV_H
#define FM_CATALOGUE_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/catalogue.h"
#include "flexmetrics/income_change.h"

typedef struct fm__catalogue_indicator {
  const char *id, *name_en, *name_da, *unit, *frame, *columns, *sdg, *definition_en, *definition_da, *source;
} fm__catalogue_indicator;
extern const fm__catalogue_indicator fm__catalogue_indicators[];
extern const size_t fm__catalogue_n_indicators;

typedef struct fm__catalogue_option {
  const char *id, *option, *default_value, *about_en, *about_da;
} fm__catalogue_option;
extern const fm__catalogue_option fm__catalogue_options[]; /* those of one indicator stand together */
extern const size_t fm__catalogue_n_options;

typedef struct fm__catalogue_label {
  const char *key, *en, *da;
} fm__catalogue_label;
extern const fm__catalogue_label fm__catalogue_labels[]; /* by key */
extern const size_t fm__catalogue_n_labels;

/* What a quantity is to disclosure control: docs/methods/disclosure.md. */
typedef enum fm__role {
  FM__ROLE_UNKNOWN, /* not in the list: never shown */
  FM__ROLE_NONE,
  FM__ROLE_COUNT,
  FM__ROLE_PART,
  FM__ROLE_NESTED,
  FM__ROLE_SHARE,
  FM__ROLE_MEAN,
  FM__ROLE_QUANTILE,
  FM__ROLE_SLICE,
  FM__ROLE_MATRIX,
  FM__ROLE_DERIVED,
  FM__ROLE_BETWEEN,
  FM__ROLE_CURVE,
  FM__ROLE_AT_RISK,
  FM__ROLE_EVENTS,
  FM__ROLE_POINT
} fm__role;
typedef struct fm__catalogue_quantity {
  const char *id, *quantity, *of;
  fm__role role;
  bool shown_without_n; /* figures without n are of totals, not of people */
} fm__catalogue_quantity;
extern const fm__catalogue_quantity fm__catalogue_quantities[];
extern const size_t fm__catalogue_n_quantities;
/* The line of a quantity; one of role FM__ROLE_UNKNOWN when there is none. */
const fm__catalogue_quantity *fm__catalogue_quantity_of(const char *id, const char *quantity);

/* A number among the notes of a result: a setting, or a count of rows in the data. */
typedef struct fm__catalogue_note {
  const char *name; /* a star at the end stands for any text */
  bool is_count;
} fm__catalogue_note;
extern const fm__catalogue_note fm__catalogue_notes[];
extern const size_t fm__catalogue_n_notes;
/* NULL when there is none of that name: a number of which nothing is known. */
const fm__catalogue_note *fm__catalogue_note_of(const char *name);

/* A column that a bare frame of an indicator has whatever its options; a name that ends in _ goes on with the clock,
 * days without that option. */
typedef struct fm__catalogue_column {
  const char *id, *column;
  int32_t type; /* of flexmetrics/csv.h */
  bool required, is_id;
} fm__catalogue_column;
extern const fm__catalogue_column fm__catalogue_columns[];
extern const size_t fm__catalogue_n_columns;

/* ---- options of one call: a copy of the text, cut into names and values ---- */
enum { FM__MAX_OPTIONS = 64 };
typedef struct fm__options {
  char *text;
  const char *names[FM__MAX_OPTIONS], *values[FM__MAX_OPTIONS];
  size_t n;
  const fm_register *made_from; /* the register that is computed from; NULL: a table */
  const char *keep;             /* rule on the rows of the frame made; NULL: all */
  char *by;                     /* group columns with those that options name, for a frame; NULL: none made */
} fm__options;
/* FM_ERR_NOT_FOUND for a name the indicator does not have, FM_ERR_ARGUMENT for text of another form or a name twice. */
fm_status fm__options_take(fm__options *o, const char *id, const char *text, fm_error *err);
void fm__options_free(fm__options *o);
const char *fm__options_text(const fm__options *o, const char *name); /* NULL when not given or blank */
/* Leave *out alone when the option is not given; FM_ERR_ARGUMENT names the option and what was expected. */
fm_status fm__options_real(const fm__options *o, const char *name, double *out, fm_error *err);
fm_status fm__options_whole(const fm__options *o, const char *name, int32_t *out, fm_error *err);
/* The value's place in `words` (n of them) is written to *out. */
fm_status fm__options_choice(const fm__options *o, const char *name, const char *const *words, size_t n, int32_t *out,
                             fm_error *err);

/* ---- one way to compute an indicator ---- */
typedef struct fm__recipe {
  const char *id;
  /* Sets the fields of the frame that the options name. NULL: a register makes no such frame; a table is given. */
  fm_status (*frame)(fm_frame_spec *frame, fm__options *o, fm_error *err);
  /* Creates the tally; `made` is the frame when there is one already, for the facts it notes. */
  fm_status (*tally)(fm_tally **out, const fm_compute_spec *spec, const fm__options *o, const fm_table *made,
                     fm_error *err);
} fm__recipe;
const fm__recipe *fm__recipe_of(const char *id); /* NULL when unknown */

/* The table of fm_catalogue_columns. */
fm_status fm__columns_table(fm_table **out, const char *id, const fm_compute_spec *spec, const fm__options *o,
                            fm_error *err);

/* Creates the frame in which the values that the option going_on names are missing; *out is NULL without that option.
 * FM_ERR_NOT_FOUND: the column has no such value. */
fm_status fm__going_on(fm_table **out, const fm_table *frame, const char *id, const fm__options *o, fm_error *err);

/* ---- what the measures of sampled incomes share ---- */
/* A design from the options se, strata, psu ...; `made` gives the columns stratum, psu and fpc of a frame of incomes to
 * those not named ("none": without). Texts are borrowed; `rscales` is created. */
fm_status fm__options_design(fm_survey_design_spec *out, double **rscales, const fm__options *o, const fm_table *made,
                             fm_error *err);
/* True when an option asks for errors; a column that the frame happens to have does not. */
bool fm__options_ask_errors(const fm__options *o);
/* Rules from the options preset, quantile, poor ... */
fm_status fm__options_rules(fm_income_rules *out, const fm__options *o, fm_error *err);
/* The rule that chooses two surveys, from the options breaks, spell_years ...; its text is borrowed. */
fm_status fm__options_spell(fm_income_spell_spec *spell, const fm__options *o, fm_error *err);
/* Adds the columns that the design needs, and those of the `named` options, to the frame's group columns. */
fm_status fm__options_columns(fm_frame_spec *frame, fm__options *o, const char *const *named, size_t n, fm_error *err);
/* ---- what the measures of lasting employment share ---- */
fm_status fm__outcome_frame(fm_frame_spec *frame, fm__options *o, fm_error *err);
/* The same with the columns of covariates, strata, clusters and dated things. */
fm_status fm__cox_frame(fm_frame_spec *frame, fm__options *o, fm_error *err);
/* The rule's name: the frame states it; a bare frame without that note is of the default rule. */
const char *fm__definition_of(const fm_table *made, const char *default_name);

/* ---- labour indicators: the columns that they read follow from their options ---- */
typedef fm_status (*fm__add_column)(void *list, const char *name, int32_t type, bool required, fm_error *err);
fm_status fm__labour_columns(fm__add_column add, void *list, const char *id, const fm_compute_spec *spec,
                             const fm__options *o, fm_error *err);

/* Lists of recipes, each ended by one without an id. */
extern const fm__recipe fm__recipes_economy[];
extern const fm__recipe fm__recipes_track[];
extern const fm__recipe fm__recipes_jobs[]; /* employers, steps, offers, jobs */
extern const fm__recipe fm__recipes_labour[], fm__recipes_income[], fm__recipes_change[], fm__recipes_groups[],
    fm__recipes_exits[], fm__recipes_survival[], fm__recipes_sustained[], fm__recipes_cox[], fm__recipes_discrete[],
    fm__recipes_fine_gray[], fm__recipes_sequences[], fm__recipes_sdg[], fm__recipes_parity[], fm__recipes_target[];
extern const fm__recipe fm__recipes_initiatives[], fm__recipes_support[];
extern const fm__recipe fm__recipes_progress[];

#endif
