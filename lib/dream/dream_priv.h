/* The reader of wide weekly files: what its columns are, what its cells mean, who was seen. */
#ifndef FM_DREAM_PRIV_H
#define FM_DREAM_PRIV_H

#include "csv/reader_priv.h"
#include "flexmetrics/dream.h"

/* States are numbered: these four first, then what the file holds. */
enum { FM__EMPLOYED, FM__SELF_SUPPORT, FM__OTHER_BENEFIT, FM__NOT_KNOWN, FM__N_OWN_STATES };
/* Not states: a blank week before its month is looked at; a week without a column. */
#define FM__BLANK 0xFFFFU
#define FM__ABSENT 0xFFFEU
#define FM__MOST_CODES 4096
#define FM__MOST_CARRIED 60000

/* ---- columns ---- */
enum { FM__COLUMN_OTHER, FM__COLUMN_ID, FM__COLUMN_WEEK, FM__COLUMN_INDUSTRY, FM__COLUMN_RATE };

typedef struct fm__dream_plan {
  uint8_t *kind;   /* of each column of the file */
  uint32_t *place; /* week or month of each column, from the first one */
  uint32_t *same;  /* first column behind this one that is of another kind, or not the next week or month */
  size_t id;       /* column of the key */
  size_t n_weeks;  /* from the first to the last with a column, those without one between them too */
  size_t n_months;
  int32_t first_monday;
  int32_t first_month;     /* months since year 0 */
  uint32_t *month_start;   /* first week of each month, n_months + 1 of them; clipped to the weeks */
  bool *has_employment;    /* of each month: a column that tells, and not before employment_from */
  uint8_t *absent;         /* of each week: no column */
  size_t n_absent, n_seen; /* weeks without a column; observed weeks: those before as_of */
  uint16_t *blank;         /* of each week: what a blank is when its month has no record */
} fm__dream_plan;
/* What the header names; problems of it go to the reader, which then stops. */
fm_status fm__dream_plan_make(fm__dream_plan *p, fm__csv_reader *r, const fm_dream_spec *spec, fm_error *err);
void fm__dream_plan_free(fm__dream_plan *p);
/* "y_2053", "branche_2020_12": what the name of a column says. FM__COLUMN_OTHER when nothing; *exists false when the
 * calendar has no such week or month. number: Monday of the week, months since year 0. */
int fm__dream_column(const char *name, int32_t *number, bool *exists);

/* ---- cells ---- */
typedef struct fm__dream_word {
  uint16_t state;
  bool known;
  int64_t n_weeks, line; /* weeks with it in observed weeks, and the first place, when it is not known */
  size_t column;
} fm__dream_word;

typedef struct fm__dream_words {
  const fm_codes *codes;
  fm_codes *own;         /* destroyed with this */
  uint16_t number[1000]; /* word of the numbers 0 to 999 without zeros before them, plus 1; 0: not met yet */
  fm__dictionary texts;  /* words by the text of the cell */
  fm__dream_word *words;
  size_t words_capacity;
  const char *states[FM__N_OWN_STATES + FM__MOST_CODES]; /* borrowed from codes */
  size_t n_states;
} fm__dream_words;
fm_status fm__dream_words_make(fm__dream_words *w, const fm_codes *codes, fm_error *err);
void fm__dream_words_free(fm__dream_words *w);
enum { FM__WORD_CODE, FM__WORD_BLANK, FM__WORD_BAD };
/* What a cell of a week says; *word is the number of its word. FM_ERR_LIMIT, FM_ERR_MEMORY. */
fm_status fm__dream_word_of(fm__dream_words *w, const char *text, size_t length, int *kind, size_t *word,
                            fm_error *err);

/* ---- people seen ---- */
typedef struct fm__dream_people {
  fm__hash128 *slots;
  size_t n_slots, n; /* a power of two */
} fm__dream_people;
/* *again is true when the id was added before. */
fm_status fm__dream_people_add(fm__dream_people *p, const char *id, size_t length, bool *again, fm_error *err);
void fm__dream_people_free(fm__dream_people *p);

/* ---- reading ---- */
typedef fm_status (*fm__dream_sink)(void *ctx, const fm__dream_plan *plan, const fm_dream_person *person,
                                    fm_error *err);
fm_status fm__dream_read(fm__dream_sink sink, void *ctx, fm_dream_summary *summary, fm__problems *problems,
                         fm__csv_source source, const char *name, const fm_dream_spec *spec, size_t chunk,
                         const fm_run *run, fm_error *err);
fm_status fm__dream_spec_take(fm_dream_spec *out, const fm_dream_spec *spec, fm_error *err);
/* The same from memory in pieces of `chunk` bytes (0: the default), for tests. */
fm_status fm__dream_read_memory(fm_dream_take take, void *ctx, fm_dream_summary *summary, fm_table **problems,
                                const void *data, size_t size, const fm_dream_spec *spec, size_t chunk, fm_error *err);

#endif
