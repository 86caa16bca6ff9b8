/* The shape behind fm_tally, the text that identifies a spec, and the result table every measure writes. */
#ifndef FM_TALLY_PRIV_H
#define FM_TALLY_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/tally.h"
#include "table/table_priv.h"

/* A field of a spec by its name in the tally's spec text, which says what differs from the default. */
enum { FM__FIELD_TEXT, FM__FIELD_I32, FM__FIELD_F64 };
typedef struct fm__field {
  const char *name;
  size_t offset;
  int32_t type;
} fm__field;
#define FM__FIELD(spec, member, field_type)                                                                            \
  {                                                                                                                    \
#member, offsetof(spec, member), field_type                                                                        \
  }

/* ---- a measure is one of these, static and constant ---- */
typedef struct fm__measure {
  const char *id;         /* "retention.survival" */
  uint32_t state_version; /* raised when the saved bytes change their meaning */
  /* ---- creating: see fm__measure_tally ---- */
  const char *spec_name; /* "fm_retention_survival_spec" */
  const void *defaults;
  size_t spec_size, state_size;
  const fm__field *fields; /* in the order of the text */
  size_t n_fields;
  /* Checks the spec, of which only what it points to is the caller's, and fills a state of zero bytes. What the fields
   * do not say of it is added to `text`. `destroy` follows a failure. */
  fm_status (*open)(void *state, const void *spec, fm__bytes *text, fm_error *err);
  /* ---- using ---- */
  /* On failure the state is as before. `frame` is sealed; a state may retain it. */
  fm_status (*add)(void *state, const fm_table *frame, const fm_run *run, fm_error *err);
  fm_status (*merge)(void *state, const void *other, fm_error *err);
  /* Writes the canonical state; bytes failures are told by b->failed. May reduce the state to its canonical form. */
  fm_status (*save)(void *state, fm__bytes *b, fm_error *err);
  /* The state is empty before. A short or impossible input is FM_ERR_FORMAT. */
  fm_status (*load)(void *state, fm__reader *r, fm_error *err);
  fm_status (*result)(void *state, fm_table **out, const fm_run *run, fm_error *err);
  bool (*is_empty)(const void *state);
  void (*destroy)(void *state); /* not NULL; `open` may have failed on it */
} fm__measure;
/* The fields for creating, of a measure with `defaults`, `fields` and `open` in its file. */
#define FM__MEASURE_OPENS(spec_type, state_type)                                                                       \
  .spec_name = #spec_type, .defaults = &defaults, .spec_size = sizeof(spec_type), .state_size = sizeof(state_type),    \
  .fields = fields, .n_fields = FM__COUNT(fields), .open = open

/* **Creates** an empty tally by a spec whose struct_size is set; NULL: the defaults. */
fm_status fm__measure_tally(fm_tally **out, const fm__measure *measure, const void *spec, fm_error *err);
/* create, add, result in one. */
fm_status fm__measure_once(fm_table **out, const fm__measure *measure, const fm_table *frame, const void *spec,
                           const fm_run *run, fm_error *err);
/* Defines name_tally and name, which every measure has, by the constant `measure` of the file. */
#define FM__MEASURE_CALLS(name, spec_type)                                                                             \
  fm_status name##_tally(fm_tally **out, const spec_type *spec, fm_error *err)                                         \
  {                                                                                                                    \
    return fm__measure_tally(out, &measure, spec, err);                                                                \
  }                                                                                                                    \
  fm_status name(fm_table **out, const fm_table *frame, const spec_type *spec, const fm_run *run, fm_error *err)       \
  {                                                                                                                    \
    return fm__measure_once(out, &measure, frame, spec, run, err);                                                     \
  }
/* And name_spec_init by its `defaults`. */
#define FM__MEASURE_FUNCTIONS(name)                                                                                    \
  void name##_spec_init(name##_spec *spec, size_t size)                                                                \
  {                                                                                                                    \
    fm__spec_init(spec, size, &defaults, sizeof defaults);                                                             \
  }                                                                                                                    \
  FM__MEASURE_CALLS(name, name##_spec)

/* For a measure's `add`: `rows` reads the frame into a fresh state of the same spec, which is merged, so that a failure
 * changes nothing. */
fm_status fm__measure_add_apart(void *state, const fm__measure *measure, const void *spec,
                                fm_status (*rows)(void *fresh, const fm_table *frame, fm_error *err),
                                const fm_table *frame, fm_error *err);
void *fm__tally_state(const fm_tally *t);
/* For a measure that keeps a tally of another one in its state. */
bool fm__tally_is_empty(const fm_tally *t);
const char *fm__tally_spec_text(const fm_tally *t);
/* add + result in one. Takes the tally in every case. */
fm_status fm__tally_once(fm_tally *t, fm_table **out, const fm_table *frame, const fm_run *run, fm_error *err);

/* ---- spec text: name=value;name=value in a fixed order, numbers in their exact form ---- */
void fm__spec_text_i64(fm__bytes *b, const char *name, int64_t value, int64_t default_value);
void fm__spec_text_f64(fm__bytes *b, const char *name, double value, double default_value); /* hex of the bits */
void fm__spec_text_text(fm__bytes *b, const char *name, const char *value, const char *default_value);
/* The fields of a spec that differ from the defaults. */
void fm__spec_text_fields(fm__bytes *b, const fm__field *fields, size_t n, const void *spec, const void *defaults);
const char *fm__spec_text_end(fm__bytes *b); /* terminates; NULL when out of memory; free with fm__bytes_free */

/* ---- result table: the columns of the long format, in this order ----
 * indicator, definition, [keys], period_start, period_end, quantity, value, unit, std_error, ci_low, ci_high, level,
 * n, people, weight, state */
typedef struct fm__result fm__result;
typedef struct fm__key {
  const char *name;
  int32_t type; /* FM_CODE, FM_I64, FM_I32, FM_DATE, FM_BOOL or FM_F64 */
} fm__key;

/* States of a figure. */
#define FM__OK "ok"
#define FM__EMPTY "empty"
#define FM__NOT_AT_RISK "not_at_risk"
#define FM__CENSORED "censored"
#define FM__UNDEFINED "undefined"
#define FM__SUPPRESSED "suppressed"
#define FM__PRELIMINARY "preliminary"
#define FM__NOT_GIVEN "not_given"

typedef struct fm__figure {
  const char *quantity, *unit, *state;
  double value, std_error, ci_low, ci_high, level; /* NaN is null */
  double weight;                                   /* NaN is null */
  int64_t n, people;                               /* -1 is null */
  int32_t period_start, period_end;                /* FM__NO_DATE is null; period_end is the last day, closed */
} fm__figure;
/* All null, state "ok", quantity and unit as given. */
fm__figure fm__figure_of(const char *quantity, const char *unit);

/* A key "definition" fills the column of that name and is none of its own; the numbers of the other keys stay. */
fm_status fm__result_create(fm__result **out, const char *indicator, const char *definition, const fm__key *keys,
                            size_t n_keys, fm_error *err);
/* The same with the groups' columns as text keys, then `extra`. */
fm_status fm__result_create_grouped(fm__result **out, const char *indicator, const char *definition,
                                    const fm__groups *groups, const fm__key *extra, size_t n_extra, fm_error *err);
/* Keys stay set for all following rows until set again. text NULL is a null. */
void fm__result_key_text(fm__result *r, size_t key, const char *text, size_t length);
void fm__result_key_i64(fm__result *r, size_t key, int64_t value); /* all whole-number types */
void fm__result_key_f64(fm__result *r, size_t key, double value);
void fm__result_key_null(fm__result *r, size_t key);
void fm__result_group(fm__result *r, const fm__groups *groups, size_t group); /* sets keys 0 .. n_columns-1 */
void fm__result_add(fm__result *r, const fm__figure *f);
/* The indicator of all following rows, until set again. */
void fm__result_indicator(fm__result *r, const char *indicator);
/* The definition of all following rows, until set again. */
void fm__result_definition(fm__result *r, const char *definition, size_t length);
/* Adds columns after `state`, before the first row; FM_F64 or FM_CODE. */
fm_status fm__result_extend(fm__result *r, const fm__key *columns, size_t n, fm_error *err);
/* Cells of added columns in the next row alone; NaN and NULL, as well as not set, are null. `text` is borrowed. */
void fm__result_more_f64(fm__result *r, size_t column, double value);
void fm__result_more_text(fm__result *r, size_t column, const char *text);
void fm__result_note(fm__result *r, const char *key, const char *value);
/* Creates the sealed table; r is destroyed, on failure too. */
fm_status fm__result_finish(fm__result *r, fm_table **out, fm_error *err);
void fm__result_destroy(fm__result *r);

#endif
