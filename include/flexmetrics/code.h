/**
 * @file code.h
 * Dated code lists: which words a file may hold, what they mean on which date.
 *
 * A list has one entry a row: a code, other words for it (aliases), the days on which it is valid, labels in English
 * and Danish, and further columns of its own, such as `work` = yes or no. A code may have several entries whose days
 * do not overlap, so that a reform is a row, not a program. The shipped lists are built in; any of them can be
 * replaced by a table. A list never changes once made and may be read by any number of threads.
 *
 * Words are compared without regard to capital letters, to space, hyphen or underscore between words, and to
 * ae, oe, aa written for the Danish letters: "Ordinær ansættelse" and "ordinaer_ansaettelse" are one word.
 */
#ifndef FLEXMETRICS_CODE_H
#define FLEXMETRICS_CODE_H

#include "flexmetrics/calendar.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One code list; opaque. */
typedef struct fm_codes fm_codes;

enum {
  FM_CODE_UNKNOWN = -1,  /**< the list does not have this word */
  FM_CODE_NOT_VALID = -2 /**< the list has it, but not on that date */
};

/** Number of lists built into the library. */
FM_API size_t fm_codes_n_builtin(void);
/** Name of built-in list `i`, in alphabetical order: "benefit_rate", "benefit_state", "contract_type", "discount_rate",
 *  "firm_size", "fleksloentilskud", "industry_section", "migration_status", "observation_end", "placement_kind",
 *  "procurement_clause", "reimbursement_step", "retention_definition", "sector", "sex", "support_kind",
 *  "target_group"; NULL outside. Static storage. */
FM_API const char *fm_codes_builtin_name(size_t i);

/** **Creates** the built-in list called `list`. FM_ERR_NOT_FOUND: no such list. */
FM_API FM_NODISCARD fm_status fm_codes_builtin(fm_codes **out, const char *list, fm_error *err);

/**
 * **Creates** a list from a sealed table (**copied**), to be used in place of the built-in list called `list`, or
 * under a name of its own. Columns: `code` (required), `aliases` (separated by |),
 * `valid_from` and `valid_to` (both days count, blank is open; dates or text YYYY-MM-DD), `label_en`, `label_da`, and
 * any others. Columns may be text, numbers, dates or bool (read as yes and no); codes are no decimal numbers.
 * Errors: FM_ERR_NOT_FOUND a column is missing that the library reads in this list (such as `work` in
 * "placement_kind"); FM_ERR_TYPE codes of decimal numbers; FM_ERR_VALUE no rows, no code, a bad date, a word
 * that two entries claim for the same day, steps that overlap, a value the library cannot read. Row, line and column
 * are in the error.
 */
FM_API FM_NODISCARD fm_status fm_codes_from_table(fm_codes **out, const char *list, const fm_table *t, fm_error *err);

/** Adds one reference and returns `codes`. */
FM_API fm_codes *fm_codes_retain(const fm_codes *codes);
/** Drops one reference. NULL is accepted. */
FM_API void fm_codes_destroy(fm_codes *codes);

/** Index of the entry that `text` names, by code or alias, on `date`; FM_NO_DATE: its newest entry. Otherwise
 *  FM_CODE_UNKNOWN or FM_CODE_NOT_VALID (both negative). */
FM_API int64_t fm_codes_find(const fm_codes *codes, const char *text, size_t length, int32_t date);

/** Index of the entry most likely meant by an unknown word (newest, by code or alias), -1 when nothing is near. */
FM_API int64_t fm_codes_nearest(const fm_codes *codes, const char *text, size_t length);

/** Index of the entry, valid on `date`, whose whole number in `column` is the smallest above `value`; a blank is no
 *  limit: fm_codes_find_band(firm_sizes, "headcount_below", 249, date) is medium. FM_NO_DATE: entries without an end.
 *  -1 when there is none. */
FM_API int64_t fm_codes_find_band(const fm_codes *codes, const char *column, int64_t value, int32_t date);

/** Name of the list. **Borrowed** until the list is destroyed, like all texts below. */
FM_API const char *fm_codes_list_name(const fm_codes *codes);
/** Entries, in the order of the file; an index is 0 .. n-1. */
FM_API size_t fm_codes_n(const fm_codes *codes);
/** Code of entry `i`; NULL outside. */
FM_API const char *fm_codes_code(const fm_codes *codes, int64_t i);
/** Label of entry `i` in "en" or "da"; the other language, then the code, where it is blank. NULL outside. */
FM_API const char *fm_codes_label(const fm_codes *codes, int64_t i, const char *language);
/** Text of entry `i` in `column`; NULL for a blank, outside, or when there is no such column. */
FM_API const char *fm_codes_attribute(const fm_codes *codes, int64_t i, const char *column);
/** 1 when the text of entry `i` in `column` is "yes", otherwise 0. */
FM_API int32_t fm_codes_is_yes(const fm_codes *codes, int64_t i, const char *column);
/** First day of entry `i`; FM_NO_DATE when open or outside. */
FM_API int32_t fm_codes_valid_from(const fm_codes *codes, int64_t i);
/** Last day of entry `i` (it still counts); FM_NO_DATE when open or outside. */
FM_API int32_t fm_codes_valid_to(const fm_codes *codes, int64_t i);

/** "name:" and 32 hexadecimal digits. Equal for equal lists; differs when codes, aliases, days or attributes do; the
 *  order of rows and columns, labels and the columns source, status and note leave it alone. */
FM_API const char *fm_codes_digest(const fm_codes *codes);

/** **Creates** the list as a sealed table: its columns as in the file, valid_from and valid_to as dates. */
FM_API FM_NODISCARD fm_status fm_codes_table(fm_table **out, const fm_codes *codes, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
