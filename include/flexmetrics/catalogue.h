/**
 * @file catalogue.h
 * Every indicator as data: its names, unit, definition, source and options, and how it is computed.
 *
 * The catalogue is the one place where an indicator's id meets its frame, its spec and its function; the command line
 * and the Python package call measures through fm_catalogue_compute. It also holds every word that people see.
 */
#ifndef FLEXMETRICS_CATALOGUE_H
#define FLEXMETRICS_CATALOGUE_H

#include "flexmetrics/register.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Number of indicators. */
FM_API size_t fm_catalogue_n(void);
/** Id of indicator `i`, such as "retention.status"; NULL outside. */
FM_API const char *fm_catalogue_id(size_t i);
/** Index of an id, or of the indicator that computes the number of a goal's indicator such as "10.2.1" (sdg.h); -1 when
 * there is none. All functions below take such a number for an id, too, and then its options are those of sdg.h; the
 * caller adds further ones. */
FM_API int64_t fm_catalogue_find(const char *id);
/** A field of indicator `i` in a language ("en", "da"): "name", "unit", "definition", "source", "sdg", "frame",
 *  "columns" (of the frame), "options". The frame "table" is a table of its own: no register makes it. NULL for an
 * unknown field; "" when there is nothing to say. */
FM_API const char *fm_catalogue_text(size_t i, const char *field, const char *lang);
/** Options of indicator `i`: number, and name, default and explanation of option `k` ("name", "default", "about"). */
FM_API size_t fm_catalogue_n_options(size_t i);
FM_API const char *fm_catalogue_option(size_t i, size_t k, const char *field, const char *lang);

/** A word or phrase that people see, such as "state.censored" or "quantity.rate"; the key itself when unknown. */
FM_API const char *fm_catalogue_label(const char *key, const char *lang);

/** **Creates** the catalogue as a table: id, name_en, name_da, unit, definition_en, source, sdg, frame. */
FM_API FM_NODISCARD fm_status fm_catalogue_table(fm_table **out, fm_error *err);

/** What to compute. */
typedef struct fm_compute_spec {
  size_t struct_size;  /**< set by FM_COMPUTE_SPEC_INIT or fm_compute_spec_init */
  const char *by;      /**< group columns, separated by commas; NULL: everything as one */
  const char *weight;  /**< name of the weight column; NULL: each unit counts 1 */
  const char *filter;  /**< rows to keep, as in fm_frame_spec; NULL: all */
  const char *options; /**< the indicator's own options: "name=value;name=value"; NULL: defaults */
  double level;        /**< coverage of intervals, between 0 and 1; default 0.95 */
  int32_t as_of;       /**< start of the first day not observed; FM_NO_DATE (default): from the data */
  int32_t reserved0;   /**< 0 */
  const fm_table *national; /**< figures of the country, for sdg.contribution alone (sdg_contribution.h); NULL: none */
  const fm_codes *const *codes; /**< code lists in place of the built-in ones of their names, **borrowed** for the call:
                                     those with rates of a year (economy.h). A register's own need not be given */
  size_t n_codes;      /**< number of `codes` */
  const char *merge;   /**< groups that become one, as in fm_frame_spec; NULL: none */
} fm_compute_spec;

#ifndef __cplusplus
/** Initial value of an fm_compute_spec. */
#define FM_COMPUTE_SPEC_INIT                                                                                           \
  {                                                                                                                    \
    .struct_size = sizeof(fm_compute_spec), .level = 0.95, .as_of = INT32_MIN                                          \
  }
#endif
/** Does what FM_COMPUTE_SPEC_INIT does. */
FM_API void fm_compute_spec_init(fm_compute_spec *spec, size_t size);

/** **Creates** the result of indicator `id` on a register: makes the frame, runs the measure. Nothing is suppressed.
 *  Errors: FM_ERR_NOT_FOUND unknown id or option (the message lists those there are); those of frame and measure. */
FM_API FM_NODISCARD fm_status fm_catalogue_compute(fm_table **out, const fm_register *r, const char *id,
                                                   const fm_compute_spec *spec, const fm_run *run, fm_error *err);
/**
 * **Creates** the columns of a bare frame that indicator `id` reads with these options, for reading them from a file:
 * - `name`: as options, by, weight and filter name it, or the indicator's own name
 * - `type` (i32): what it must be read as, a type of table.h, or FM_CSV_KEY for what tells groups, strata and units
 *   apart, or FM_CSV_ANY
 * - `required` (bool): there is no figure without it
 * - `is_id` (bool): it names people, and no message may show its cells.
 * Errors: those of fm_catalogue_tally about id and options; FM_ERR_FORMAT the filter.
 */
FM_API FM_NODISCARD fm_status fm_catalogue_columns(fm_table **out, const char *id, const fm_compute_spec *spec,
                                                   fm_error *err);

/** The same as fm_catalogue_compute on a bare frame that has the indicator's columns. A filter leaves rows out before
 *  anything is measured: for a group within a sample, whose other rows belong to the design, use an option such as
 *  domain, or by. Rows in messages are then those that were kept; the error's line is that of the file. */
FM_API FM_NODISCARD fm_status fm_catalogue_compute_frame(fm_table **out, const fm_table *frame, const char *id,
                                                         const fm_compute_spec *spec, const fm_run *run, fm_error *err);
/** **Creates** an empty tally of indicator `id`. */
FM_API FM_NODISCARD fm_status fm_catalogue_tally(fm_tally **out, const char *id, const fm_compute_spec *spec,
                                                 fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
