/**
 * @file report.h
 * Several indicators of one register, disclosed and in words.
 *
 * A report is a long result table after disclosure control, and a page of text in Danish or English made from that
 * table alone. Counts of 1 to 4 people, what would reveal them, and what cannot be shown to be safe are hidden.
 */
#ifndef FLEXMETRICS_REPORT_H
#define FLEXMETRICS_REPORT_H

#include "flexmetrics/catalogue.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A finished report; opaque, immutable. */
typedef struct fm_report fm_report;

/** What to report. */
typedef struct fm_report_spec {
  size_t struct_size; /**< set by FM_REPORT_SPEC_INIT or fm_report_spec_init */
  const char *by;     /**< breakdown column; default "target_group"; "" for none */
  double level;       /**< coverage of intervals; default 0.95 */
  int32_t as_of;      /**< start of the first day not observed; FM_NO_DATE (default): from the data */
  int32_t threshold;  /**< smallest count of people shown; default 5, at least 1; 1 hides nothing */
  const char *merge;  /**< groups of the breakdown that become one, as in fm_frame_spec; NULL: none */
} fm_report_spec;

#ifndef __cplusplus
/** Initial value of an fm_report_spec. */
#define FM_REPORT_SPEC_INIT { .struct_size = sizeof(fm_report_spec), .by = "target_group", .level = 0.95, \
                              .as_of = INT32_MIN, .threshold = 5 }
#endif
/** Does what FM_REPORT_SPEC_INIT does. */
FM_API void fm_report_spec_init(fm_report_spec *spec, size_t size);

/** **Creates** a report of everything the register's tables allow. */
FM_API FM_NODISCARD fm_status fm_report_create(fm_report **out, const fm_register *r, const fm_report_spec *spec,
                                               const fm_run *run, fm_error *err);
/** Destroys the report. NULL is accepted. */
FM_API void fm_report_destroy(fm_report *report);

/** The figures after disclosure control. **Borrowed** until the report is destroyed. */
FM_API const fm_table *fm_report_table(const fm_report *report);

/** **Creates** the page as UTF-8 text (freed by fm_free); `lang` "en" or "da"; `all` 1 for the long form. */
FM_API FM_NODISCARD fm_status fm_report_text(char **out, const fm_report *report, const char *lang, int32_t all,
                                             fm_error *err);

/** **Creates** the one-page statement of a registered social enterprise as UTF-8 text (freed by fm_free): people and
 *  full-time jobs, share of staff, moves to ordinary jobs with another employer, retention at 3, 6 and 12 months, hours
 *  grown, support. What the report of the same register and spec hides is hidden here too. What the data do not tell is
 *  "not given", never 0. */
FM_API FM_NODISCARD fm_status fm_report_statement(char **out, const fm_register *r, const fm_report_spec *spec,
                                                  const char *lang, const fm_run *run, fm_error *err);

/** **Creates** a page of every indicator in the report as UTF-8 text (freed by fm_free): name, definition, and source,
 *  which is a citation and the same in both languages. */
FM_API FM_NODISCARD fm_status fm_report_definitions(char **out, const fm_report *report, const char *lang,
                                                    fm_error *err);

/** **Creates** any table as JSON text (freed by fm_free): {"notes": {...}, "rows": [{column: value, ...}, ...]};
 *  missing cells are null, dates "YYYY-MM-DD", doubles with all digits. */
FM_API FM_NODISCARD fm_status fm_report_json(char **out, const fm_table *t, fm_error *err);

/** **Creates** any table as aligned text in a language (freed by fm_free); `full_digits` 1 prints all digits. */
FM_API FM_NODISCARD fm_status fm_report_grid(char **out, const fm_table *t, const char *lang, int32_t full_digits,
                                             fm_error *err);

/** **Creates** the text of a problems table (see fm_register_read): place, what was found and expected, how to mend it;
 *  the last line counts. Ids are never in it. `*out` is "" when there are no problems. */
FM_API FM_NODISCARD fm_status fm_report_problems(char **out, const fm_table *problems, const char *lang, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
