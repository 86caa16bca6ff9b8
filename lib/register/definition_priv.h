/* Units and states of a register under a definition. */
#ifndef FM_REGISTER_DEFINITION_PRIV_H
#define FM_REGISTER_DEFINITION_PRIV_H

#include "flexmetrics/spell_definition.h"
#include "register/frame_priv.h"

enum { FM__DEFINITION_HORIZONS = 64 };

/* A definition of the register's list "retention_definition", or of the built-in one where that has no such name. */
typedef struct fm__rules {
  fm_codes *builtin; /* owns the texts of a built-in definition */
  fm_spell_definition *items;
  size_t n;
  char *names; /* owns the names as given */
} fm__rules;
/* `names` separated by commas; rule, clock and horizons (NULL: as defined) replace those of every definition. */
fm_status fm__rules_read(fm__rules *rules, const fm__frame *f, const char *names, fm_error *err);
void fm__rules_release(fm__rules *rules);

/* One that is followed: the rows it comes from (FM__NO_ROW: none) and what the definition needs to know. */
typedef struct fm__indexed {
  uint32_t placement, initiative;
  uint32_t row; /* tells units of one person and day apart */
  fm_spell_unit unit;
} fm__indexed;
/* What a definition says of the codes in force, and everybody's states by it in order of person and start. */
typedef struct fm__classes {
  const fm_spell_definition *d;
  uint8_t *of[2]; /* FM_SPELL_STATE_ of each entry: states, kinds */
  int32_t none;   /* of a day without a record */
  fm_spell_state *states;
  size_t n_states;
  int32_t income_end; /* the day after the last whose income is known; INT32_MAX without a test of incomes */
} fm__classes;
fm_status fm__classes_make(fm__classes *c, const fm__frame *f, const fm_spell_definition *d, fm_error *err);
void fm__classes_release(fm__classes *c);
/* Applies the definition's test of incomes to the states. */
fm_status fm__definition_incomes(fm__classes *c, const fm__frame *f, fm_error *err);
/* Half-open days on which the person is observed under the definition. */
fm__days fm__definition_observed(const fm__classes *c, const fm__frame *f, size_t person);
/* FM_SPELL_STATE_ of a row of placements or spells on its first day. */
int32_t fm__definition_class(const fm__classes *c, const fm_register *r, int table, size_t row);
/* Creates the units, in order of their rows; notes those left out. */
fm_status fm__index_units(fm__indexed **out, size_t *n, fm__frame *f, const fm__classes *c, fm_error *err);

/* What one definition says of its units at each horizon. */
typedef struct fm__answer {
  const fm_spell_definition *d;
  fm__indexed *units;
  fm_spell_outcome *outcomes; /* horizon by horizon */
  size_t n_units, n_horizons;
  int32_t horizons[FM__DEFINITION_HORIZONS];
} fm__answer;
typedef struct fm__answers {
  fm__answer *items; /* one a definition */
  size_t n;
} fm__answers;
/* Asks all definitions; makes room in the frame for a row of each unit and horizon. `a` is to be released after a
 * failure, too. */
fm_status fm__answers_make(fm__answers *a, fm__frame *f, const fm__rules *rules, fm_error *err);
void fm__answers_release(fm__answers *a);

/* Appends the unit to the frame. */
void fm__frame_put_indexed(fm__frame *f, const fm__indexed *u);
/* Notes the names of the definitions and where they begin. */
void fm__rules_note(fm__frame *f, const fm__rules *rules);
/* FM_ERR_ARGUMENT when the spec names what definitions have of their own. */
fm_status fm__rules_check_spec(const fm_frame_spec *s, fm_error *err);
/* A number for a placement's employer; one that is not known is nobody else's. */
int32_t fm__definition_employer(const fm_register *r, size_t placement);

#endif
