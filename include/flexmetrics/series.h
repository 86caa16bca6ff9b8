/**
 * @file series.h
 * Published time series as one tidy table: CSV of Jobindsats (columns Område, Periode, dimensions, measures) and of
 * StatBank Denmark (dimensions, TID, INDHOLD). One row a figure.
 *
 * A figure that the publisher hides stays hidden: its state says so, and it is neither missing nor 0. Sums that stand
 * beside their parts are marked, so that nobody adds them to these.
 */
#ifndef FLEXMETRICS_SERIES_H
#define FLEXMETRICS_SERIES_H

#include "flexmetrics/calendar.h"
#include "flexmetrics/csv.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How a file is read. */
typedef struct fm_series_spec {
  size_t struct_size;          /**< set by FM_SERIES_SPEC_INIT or fm_series_spec_init */
  const fm_csv_format *format; /**< **borrowed**; NULL: delimiter `;`, decimal comma, UTF-8 */
  const char *area;            /**< column of the area; NULL: Område or OMRÅDE, where there is one */
  const char *period;          /**< column of the period; NULL: Periode, TID or Tid */
  const char *dimensions; /**< further columns that are no figures although all their cells are numbers, separated by
                               commas; NULL: none */
  const char *suppressed; /**< a further text that means a hidden figure; NULL: none */
  int32_t preliminary;    /**< newest periods whose figures are preliminary, 0 to 12; -1 (default): 1 in files with a
                               column Periode, otherwise 0 */
  int32_t reserved0;      /**< 0 */
} fm_series_spec;

#ifndef __cplusplus
/** Initial value of an fm_series_spec. */
#define FM_SERIES_SPEC_INIT                                                                                            \
  {                                                                                                                    \
    .struct_size = sizeof(fm_series_spec), .preliminary = -1                                                           \
  }
#endif

/** Does what FM_SERIES_SPEC_INIT does; `size` is sizeof(fm_series_spec) as the caller's header knew it. */
FM_API void fm_series_spec_init(fm_series_spec *spec, size_t size);

/**
 * Reads a time code: 1982, 2004H1, 1982Q4 or 1982K4, 2024QMAT03 (three months that end with the month), 1982M12,
 * 2004U27 (ISO week), 1982M12D09. `*start` and `*end` get its first and last day (both count), `*kind` (static storage)
 * "year", "half_year", "quarter", "rolling_quarter", "month", "week" or "day"; each may be NULL. FM_ERR_FORMAT: another
 * form; FM_ERR_VALUE: no such period, such as week 53 of a year that has 52.
 */
FM_API FM_NODISCARD fm_status fm_series_period(int32_t *start, int32_t *end, const char **kind, const char *text,
                                               size_t length, fm_error *err);

/**
 * Reads a file into a table, sealed. **Creates** `*out` and `*problems` (may be NULL; as fm_csv_read_file). Columns:
 * `area` (missing where the file has none), the dimensions under their own names, `measure` (header of the column of
 * figures; in StatBank files the value of the dimension that chooses between persons (DEL) and full-time equivalents
 * (FTM), otherwise INDHOLD), `period` as it stands, `period_kind`, `period_start`, `period_end`, `value` (missing
 * unless the state is ok or preliminary), `state` (ok, preliminary, suppressed, not_given), `subtotal` (true when the
 * area or a dimension is a sum of others).
 *
 * Columns of figures are those in which some cell is a number or a mark and none is anything else; blank, `..`, `.` and
 * `...` are not given; `*`, `**`, `x`, `<5` (any number), "Diskretioneret" and "Skjult" are suppressed. A column with
 * both numbers and other texts is an error, FM-N01: name the text as `suppressed`, or the column among the
 * `dimensions`. FM-D03: not a time code; FM-D02: no such period; FM-H01: no period, no figures, a dimension that is no
 * column; FM-H02: a name twice, also one of the table above.
 */
FM_API FM_NODISCARD fm_status fm_series_read(fm_table **out, fm_table **problems, const char *path,
                                             const fm_series_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
