/* How frames are made. A kind lists its units (people, placements, goals ...) with the rows of the register they belong
 * to and the columns it computes; everything else is joined here by name, grouped, filtered and put in order. */
#ifndef FM_REGISTER_FRAME_PRIV_H
#define FM_REGISTER_FRAME_PRIV_H

#include "calendar/calendar_priv.h"
#include "register/filter_priv.h"
#include "register/register_priv.h"

#define FM__FRAME_NOTES 12

typedef struct fm__frame_note {
  char key[32], value[64];
} fm__frame_note;

typedef struct fm__frame {
  const fm_register *r;
  const struct fm__frame_kind *kind;
  const fm_frame_spec *spec;
  const fm_run *run;
  int32_t as_of; /* start of the first day not observed; INT32_MAX for a kind without dates */
  /* Units. */
  size_t n;
  uint32_t *rows[FM__N_TABLES]; /* row of each unit in a table; NULL: the kind has no such link */
  int32_t *day;                 /* day on which dated groups and codes are read, of each unit */
  fm_table *core;               /* the columns the kind computes; sealed, n rows */
  fm__frame_note notes[FM__FRAME_NOTES];
  size_t n_notes, n_left_out;
} fm__frame;

enum {
  FM__FRAME_GIVEN = 0,   /* the column is always there: all missing when the data do not have it */
  FM__FRAME_OPTIONAL = 1 /* only when the data have it */
};

typedef struct fm__frame_column {
  const char *name;
  int32_t type, how;
} fm__frame_column;

typedef struct fm__frame_kind {
  const char *name;
  fm_status (*make)(fm__frame *f, fm_error *err);
  const fm__frame_column *columns; /* in the order of the frame */
  size_t n_columns;
  int tables[5];   /* where further columns are looked for, in this order; FM__N_TABLES ends the list */
  bool dated;      /* has no meaning without as-of */
  bool first_rows; /* with target_group, first_row tells each unit's first row from its others */
} fm__frame_kind;

const fm__frame_kind *fm__frame_kind_named(const char *name); /* NULL: none */
/* The kind a spec asks for, definitions and index considered. FM_ERR_ARGUMENT what does not go together. */
fm_status fm__frame_kind_of(const fm__frame_kind **out, const fm_frame_spec *s, fm_error *err);

extern const fm__frame_kind fm__frame_kind_employers, fm__frame_kind_steps, fm__frame_kind_offers, fm__frame_kind_jobs;
extern const fm__frame_kind fm__frame_kind_net_result, fm__frame_kind_reimbursement, fm__frame_kind_fleksloentilskud;
extern const fm__frame_kind fm__frame_kind_outcomes;
fm_status fm__frame_people(fm__frame *f, fm_error *err);
fm_status fm__frame_placements(fm__frame *f, fm_error *err);
fm_status fm__frame_status(fm__frame *f, fm_error *err);
fm_status fm__frame_referral(fm__frame *f, fm_error *err);
fm_status fm__frame_definitions(fm__frame *f, fm_error *err);
fm_status fm__frame_weeks(fm__frame *f, fm_error *err);
fm_status fm__frame_hours(fm__frame *f, fm_error *err);
fm_status fm__frame_unemployment(fm__frame *f, fm_error *err);
fm_status fm__frame_survival(fm__frame *f, fm_error *err);
fm_status fm__frame_durations(fm__frame *f, fm_error *err);
fm_status fm__frame_goals(fm__frame *f, fm_error *err);
fm_status fm__frame_contracts(fm__frame *f, fm_error *err);
fm_status fm__frame_incomes(fm__frame *f, fm_error *err);
fm_status fm__frame_contribution(fm__frame *f, fm_error *err);
fm_status fm__frame_income(fm__frame *f, fm_error *err);
fm_status fm__frame_progress(fm__frame *f, fm_error *err);
fm_status fm__frame_income_gain(fm__frame *f, fm_error *err);
fm_status fm__frame_income_periods(fm__frame *f, fm_error *err);

fm_status fm__frame_initiatives(fm__frame *f, fm_error *err);
fm_status fm__frame_journeys(fm__frame *f, fm_error *err);
fm_status fm__frame_supports(fm__frame *f, fm_error *err);
fm_status fm__frame_support_status(fm__frame *f, fm_error *err);
fm_status fm__frame_participants(fm__frame *f, fm_error *err);

/* ---- for the kinds ---- */
/* FM_ERR_NOT_FOUND naming the table when the data have none. */
fm_status fm__frame_require(const fm__frame *f, int table, fm_error *err);
/* The place of a column in a table of the data; FM_ERR_NOT_FOUND naming both when they have none. */
fm_status fm__frame_require_column(size_t *out, const fm__frame *f, int table, const char *column, fm_error *err);
void fm__frame_set_note(fm__frame *f, const char *key, const char *value);
/* A reason and the rows left out for it; nothing when there are none. */
void fm__frame_left_out(fm__frame *f, const char *reason, size_t n);
/* Room for `n` units: their day, and their rows in each of the given tables (ended by FM__N_TABLES). */
fm_status fm__frame_reserve(fm__frame *f, size_t n, const int *tables, fm_error *err);
/* Creates the builder of a kind with its own columns; column[]: their places. */
fm_status fm__frame_build(fm__builder **b, size_t *column, const fm__frame *f, const fm__frame_column *own, size_t n,
                          fm_error *err);
/* Creates the builder of a kind whose columns are person_id, those it computes, and the weight. column[]: its places of
 * the computed ones, then of the weight, which is FM__NO_COLUMN where the persons have one. */
fm_status fm__frame_begin(fm__builder **b, size_t *column, const fm__frame *f, fm_error *err);
/* Appends placement `row` as a unit, with the person, employer and initiative it names, read on its first day. */
void fm__frame_put_placement(fm__frame *f, size_t row);
extern const int fm__frame_placement_tables[5];
/* Half-open days on which the person is observed, at most up to as-of. */
fm__days fm__frame_observed(const fm__frame *f, size_t person);
/* First of two placements: by start, then by id (shorter first, then by bytes), never by row. */
bool fm__placement_before(const fm_register *r, size_t a, size_t b);
void fm__frame_release(fm__frame *f);
/* Whether the placement of a unit, over the day before `end`, runs on the last observed day as far as is seen. */
bool fm__frame_runs(const fm__frame *f, size_t unit, int32_t end);
/* Creates one byte an entry of a code list: 1 when `words` names it (spell_definition.h). FM_ERR_NOT_FOUND: none. */
fm_status fm__frame_match(uint8_t **out, const fm__frame *f, const char *list, const char *words, fm_error *err);
/* Entry of the kind of a placement when it is one of those marked; -1 when not. */
int64_t fm__placement_asked(const fm_register *r, const uint8_t *kinds, size_t placement);
/* Number of the text in placements.employer_id, -1 for a blank: also known without a table of employers. */
int32_t fm__placement_employer(const fm_register *r, size_t placement);

/* ---- why work ended ---- */
typedef struct fm__exits {
  const fm__frame *f;
  uint32_t *first[2], *rows[2];      /* placements and spells of each person */
  const struct fm__classes *classes; /* what a definition says of a row; NULL: work as the code lists say */
  int32_t gap_days;                  /* how long after the end what follows may begin */
} fm__exits;
fm_status fm__exits_open(fm__exits *x, const fm__frame *f, fm_error *err);
void fm__exits_close(fm__exits *x);
/* Of work that ended the day before `end`: "other_job" (only of the employer of a placement, else SIZE_MAX), the family
 * of the state that follows, or "not_employed" when no row says more. Borrowed from the register. */
const char *fm__exit_cause(const fm__exits *x, size_t person, size_t placement, int32_t end);

/* ---- columns ---- */
/* The employer's sector on a day: private, public, or unknown also for a blank and a word no list knows. */
const char *fm__frame_sector(const fm_register *r, uint32_t employer, int32_t day);
/* Section of the employer's industry, an entry of *codes; -1 when it is not known. */
int64_t fm__frame_industry(const fm_register *r, uint32_t employer, int32_t day, const fm_codes **codes);
int64_t fm__industry_section(const fm_codes *codes, const char *text, size_t length, int32_t day);
fm_status fm__frame_add_section(const fm__frame *f, fm_table *to, const char *name, fm_error *err);
/* Adds the column `name` of all units to `to`; `type` (0: none) is that of a column which may be all missing. */
fm_status fm__frame_resolve(const fm__frame *f, const fm__frame_kind *kind, fm_table *to, const char *name,
                            int32_t type, fm_error *err);
/* Is `name` a support kind with _days, in a frame of survival? */
bool fm__frame_is_dated(const fm__frame *f, const char *name);
/* Adds the day, counted from the unit's first, on which the first support of that kind began: missing when none did
 * before as-of. Supports that had ended by then, or name another placement, do not count. */
fm_status fm__frame_dated(const fm__frame *f, fm_table *to, const char *name, fm_error *err);
/* True when the units' persons can have a target group at all. */
bool fm__frame_has_groups(const fm__frame *f);
/* Adds rows[i] of a column (rows NULL: row i; FM__NO_ROW: missing). Only texts in use are copied. */
fm_status fm__frame_gather(fm_table *to, const char *name, const fm_table *from, size_t column, const uint32_t *rows,
                           size_t n, fm_error *err);
/* Creates one row for each target group of each unit on its day (one without text for none): unit numbers in order, and
 * the texts, borrowed from the register, in order of bytes. */
fm_status fm__frame_expand(const fm__frame *f, uint32_t **units, const char ***texts, size_t *n, fm_error *err);
/* Creates keep[unit]: does the unit meet the rule, in any of its target groups? */
fm_status fm__frame_meets(const fm__frame *f, const fm__frame_kind *kind, const char *rule, uint8_t **keep,
                          fm_error *err);

#endif
