/**
 * @file settlement.h
 * Settlement files of the Danish refund system for municipal benefits (Ydelsesrefusion): person by week by benefit,
 * what was paid, what the state refunds, what is left to the municipality; and the weekly spells they imply.
 *
 * Later files hold corrections: lines of the same week, person and benefit are added up over all files given, in whole
 * oere; a line equal to an earlier one in every column read counts once; sums that are zero in every amount are
 * dropped. Results do not depend on the order of files and lines.
 *
 * Columns read: `Uge` (YYYY-MM-DD), `CPR nummer`, `Ydelse`, `Finansiering Kommunenavn` (may be missing), `Beregnet
 * udbetalingsbeløb`, `Refusionssats`, `Refusionsbeløb`, `Medfinansieringssats`, `Medfinansieringsbeløb`, and, only to
 * tell equal lines, `Indberetning udbetalingsbeløb`.
 */
#ifndef FLEXMETRICS_SETTLEMENT_H
#define FLEXMETRICS_SETTLEMENT_H

#include "flexmetrics/code.h"
#include "flexmetrics/csv.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the files are read. */
typedef struct fm_settlement_spec {
  size_t struct_size;          /**< set by FM_SETTLEMENT_SPEC_INIT or fm_settlement_spec_init */
  const fm_csv_format *format; /**< **borrowed**; NULL: delimiter `;`, decimal comma, YYYY-MM-DD, UTF-8 */
  const fm_codes *codes;       /**< **borrowed**; words of `Ydelse` to states; NULL: built-in "benefit_state" */
  int32_t as_of;    /**< weeks that end on this day or later are left out of the spells; FM_NO_DATE (default):
                         none are, and a run that reaches the last week of the files is still running */
  int32_t skip_bad; /**< non-zero: rows with errors are left out and listed */
} fm_settlement_spec;

#ifndef __cplusplus
/** Initial value of an fm_settlement_spec. */
#define FM_SETTLEMENT_SPEC_INIT                                                                                        \
  {                                                                                                                    \
    .struct_size = sizeof(fm_settlement_spec), .as_of = FM_NO_DATE                                                     \
  }
#endif

/** Does what FM_SETTLEMENT_SPEC_INIT does; `size` is sizeof(fm_settlement_spec) as the caller's header knew it. */
FM_API void fm_settlement_spec_init(fm_settlement_spec *spec, size_t size);

/** What the files held. */
typedef struct fm_settlement_summary {
  int64_t n_rows;       /**< lines of all files that could be read */
  int64_t n_left_out;   /**< lines with errors, with skip_bad */
  int64_t n_duplicates; /**< lines equal to an earlier one, counted once */
  int64_t n_zero_sums;  /**< weeks of a person and benefit that add up to nothing */
  int64_t n_restored;   /**< lines whose civil registration number had lost its leading zero */
  int32_t first_week;   /**< first Monday; FM_NO_DATE when there is no line */
  int32_t last_week;    /**< last Monday */
  double paid;          /**< of the weeks, contributions not among them; likewise below */
  double refund;        /**< by the state */
  double municipal_cost;  /**< left to the municipality */
  double contributions; /**< "Fleksbidrag fra staten", paid to the municipality */
} fm_settlement_summary;

/**
 * Reads files into tables; each output may be NULL, the others are **created** (sealed).
 * - `*weeks`: `person_id`, `week` (its Monday), `benefit` (as it stands), `financed_by` (missing where not told),
 * `paid` (calculated payment), `refund`, `municipal_cost`: paid less refund, or for lines with a co-financing rate the
 *   co-financing amount alone, because another office pays the benefit. In order of person, week, benefit.
 * - `*contributions`: the same columns for the lines "Fleksbidrag fra staten", which are no benefit of a person.
 * - `*spells`: `person_id`, `start`, `end`, `state`, as the register's table spells: runs of weeks in which a positive
 * sum was paid for a benefit. `state` is the code of the list, or the benefit's words when the list has none, noted as
 * FM-C01.
 * - `*problems`: as fm_csv_read_file, of all files; further FM-R04, a note of lines equal to earlier ones, and FM-N05,
 * an amount that is not in whole oere or beyond 10^13.
 *
 * A key of nine digits gets back its leading zero. No message shows a key. Errors: as fm_csv_read_file; FM_ERR_LIMIT
 * amounts that come, without their signs, to more than 2^53 oere. Memory: 80 bytes a line besides one file as a table.
 */
FM_API FM_NODISCARD fm_status fm_settlement_read(fm_table **weeks, fm_table **contributions, fm_table **spells,
                                                 fm_settlement_summary *summary, fm_table **problems,
                                                 const char *const *paths, size_t n_paths,
                                                 const fm_settlement_spec *spec, const fm_run *run, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
