/**
 * @file dream.h
 * The wide weekly file of the Danish DREAM register, read in one pass to spells: one row a person in, one row a run of
 * weeks in the same state out. Bounded memory however long the file is.
 *
 * Columns of the file, by their names (upper or lower case):
 * - the person's key: `pnr`, `lobenr`, `person_id`, or the column that the spec names;
 * - `y_YYWW`: the code of one ISO week. Years 90 to 99 are 1990 to 1999, all others 2000 to 2089. An empty cell, also
 *   one of spaces, is a week without benefit; codes are numbers (730, also 730.0 or in quotes) or words of the code
 * list;
 * - `branche_YYYY_MM`, `grad_YYYY_MM`: industry and employment rate of a month. A month with an industry, or with a
 * rate above 0, has a record of employment. A week belongs to the month of its Thursday. All other columns are passed
 * over.
 *
 * States: the code of the list, or for a week without benefit `100` (employed: a record of employment in its month),
 * `0` (self-supporting: none) or `not_known` (a month that the file has no such column for, or one before
 * `employment_from`). A number that the list does not know is the state `other_benefit`, never work, and is a note.
 *
 * Weeks with a column are observed up to the last that has ended before `as_of`; a run that reaches the last observed
 * week is still running. Weeks without a column between others are observed by nobody: a run ends before them.
 */
#ifndef FLEXMETRICS_DREAM_H
#define FLEXMETRICS_DREAM_H

#include "flexmetrics/code.h"
#include "flexmetrics/csv.h"
#include "flexmetrics/spell.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  FM_DREAM_INDUSTRY = 1, /**< spells are also cut where the industry of the month changes, and carry it */
  FM_DREAM_RATE = 2      /**< the same for the employment rate */
};

/** How a file is read. */
typedef struct fm_dream_spec {
  size_t struct_size;          /**< set by FM_DREAM_SPEC_INIT or fm_dream_spec_init */
  const fm_csv_format *format; /**< **borrowed**; NULL: the defaults of fm_csv_format */
  const fm_codes *codes;       /**< **borrowed**; NULL: the built-in list "benefit_state". It must hold 0, 100,
                                    other_benefit and not_known */
  const char *id_column;       /**< header of the person's key; NULL: as above */
  int32_t as_of;               /**< first day that is not known; FM_NO_DATE (default): the day after the last week */
  int32_t employment_from;     /**< months before this day have no usable record of employment; default 2008-01-01 */
  int32_t carry;               /**< FM_DREAM_INDUSTRY, FM_DREAM_RATE, both or 0 (default) */
  int32_t skip_bad;            /**< non-zero: rows with errors are left out and listed, instead of failing the call */
} fm_dream_spec;

#ifndef __cplusplus
/** Initial value of an fm_dream_spec. */
#define FM_DREAM_SPEC_INIT                                                                                             \
  {                                                                                                                    \
    .struct_size = sizeof(fm_dream_spec), .as_of = FM_NO_DATE, .employment_from = 13879                                \
  }
#endif

/** Does what FM_DREAM_SPEC_INIT does; `size` is sizeof(fm_dream_spec) as the caller's header knew it. */
FM_API void fm_dream_spec_init(fm_dream_spec *spec, size_t size);

/** One run of weeks. Texts are **borrowed** until the call that shows them returns, and end with a NUL. */
typedef struct fm_dream_spell {
  int32_t start;        /**< its first Monday */
  int32_t end;          /**< the Monday after its last week; FM_SPELL_OPEN when it reaches the last observed week */
  const char *state;    /**< as above */
  const char *industry; /**< with FM_DREAM_INDUSTRY: as it stands in the file, "" for none; otherwise NULL */
  const char *rate;     /**< with FM_DREAM_RATE, likewise */
} fm_dream_spell;

/** One row of the file. */
typedef struct fm_dream_person {
  const char *id;               /**< the key; not ended by a NUL */
  size_t id_length;             /**< its bytes */
  int64_t line;                 /**< line in the file, from 1 */
  const fm_dream_spell *spells; /**< in order of time, without overlaps */
  size_t n_spells;              /**< 0 when no week is observed */
} fm_dream_person;

/** Called for each person in the order of the file; returns non-zero to stop, which makes FM_ERR_CANCELLED. */
typedef int32_t (*fm_dream_take)(void *ctx, const fm_dream_person *person);

/** What a file held. */
typedef struct fm_dream_summary {
  int64_t n_rows;          /**< rows of the file */
  int64_t n_persons;       /**< given as spells */
  int64_t n_spells;        /**< given */
  int64_t n_left_out;      /**< rows with errors, with skip_bad */
  int64_t n_weeks;         /**< observed weeks, those without a column not counted */
  int64_t n_unknown_codes; /**< different codes that the list does not know */
  int64_t n_unknown_weeks; /**< weeks of people with such a code */
  int64_t n_bytes;         /**< read */
  int32_t first_monday;    /**< of the first observed week; FM_NO_DATE when none is */
  int32_t as_of;           /**< the Monday after the last observed week; FM_NO_DATE when none is */
  int32_t last_code;       /**< Monday of the last week in which anybody has a code; FM_NO_DATE when nobody has */
  int32_t reserved0;       /**< 0 */
} fm_dream_summary;

/**
 * Reads a file and shows the spells of each person to `take`. `*problems` (may be NULL) is **created** as by
 * fm_csv_read_file, whose codes hold here too; further
 * - errors: FM-R01 a person who is there twice; FM-V01 no key; FM-C05 a cell that is no code; FM-N01 a rate that is no
 *   number; FM-H01 no key or no week; FM-H05 a column named after a week or month that the calendar does not have;
 * - notes: FM-C01 a number that the code list does not know (weeks, first line and column); FM-H06 weeks without a
 *   column; FM-C06 weeks at the end in which nobody has a code: give `as_of`.
 *
 * On an error `take` is not called again, the rest is read to list what else is wrong, and the result is FM_ERR_DATA:
 * what was shown must be thrown away. With `skip_bad` bad rows are left out and listed. `*summary` may be NULL.
 * Memory: 2 MiB, at most 48 bytes a person, 20 bytes a column. Errors: as fm_csv_read_file; FM_ERR_LIMIT more than 4096
 * different codes, or 60,000 industries or rates with `carry`; FM_ERR_NOT_FOUND a list without 0, 100, other_benefit or
 * not_known.
 */
FM_API FM_NODISCARD fm_status fm_dream_stream(fm_dream_take take, void *ctx, fm_dream_summary *summary,
                                              fm_table **problems, const char *path, const fm_dream_spec *spec,
                                              const fm_run *run, fm_error *err);

/** The same into a CSV file that the register reads as its table `spells`: `person_id,start,end,state`, with `carry`
 *  also `industry` and `employment_rate`. `end` is the last Sunday, empty while running. The file appears whole or not
 *  at all. Further error: FM_ERR_IO. */
FM_API FM_NODISCARD fm_status fm_dream_write(const char *out_path, fm_dream_summary *summary, fm_table **problems,
                                             const char *path, const fm_dream_spec *spec, const fm_run *run,
                                             fm_error *err);

/** Codes of a matrix in memory that are none. */
#define FM_DREAM_BLANK 65535     /**< a week without benefit */
#define FM_DREAM_NOT_KNOWN 65534 /**< without benefit, work not known: only in the output */
#define FM_DREAM_ABSENT 65533    /**< a week that is not observed */

/**
 * Spells from codes in memory: `codes` holds `n_weeks` codes a person (0 to 9999, FM_DREAM_BLANK or FM_DREAM_ABSENT),
 * row by row; the first is the week of `first_monday`. `employed` holds `n_months` bytes a person, 1 for a record of
 * employment in the month and 0 for none, the first of them the month that begins on `first_month`; NULL: nothing is
 * known of work. Blank weeks become 100, 0 or FM_DREAM_NOT_KNOWN as above, whatever the year.
 *
 * `*n_spells` gets the number of spells; `person` (row of the matrix), `start`, `end` and `code` get them in order when
 * not NULL: call once with all four NULL, then with room for that many. A run that reaches the last week ends with
 * FM_SPELL_OPEN. Errors: FM_ERR_ARGUMENT; FM_ERR_VALUE a code, or an `employed` above 1, with its row.
 */
FM_API FM_NODISCARD fm_status fm_dream_spells(size_t *n_spells, int32_t *person, int32_t *start, int32_t *end,
                                              int32_t *code, const uint16_t *codes, size_t n_persons, size_t n_weeks,
                                              int32_t first_monday, const uint8_t *employed, size_t n_months,
                                              int32_t first_month, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
