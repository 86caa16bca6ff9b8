/**
 * @file programme_progress.h
 * Progress toward work and well-being: answers to questionnaires, scored, and how they changed.
 */
#ifndef FLEXMETRICS_PROGRAMME_PROGRESS_H
#define FLEXMETRICS_PROGRAMME_PROGRESS_H

#include "flexmetrics/code.h"
#include "flexmetrics/tally.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * programme.progress: a row an answer, as a frame of kind "progress" has them: person_id, date, instrument, item,
 * score, and job_start (date, may be missing or not be there). Key columns: those of `by`, `instrument`, `job`,
 * `score_band`.
 *
 * The list `instruments` says how answers make a score (columns items, least, most, total, factor, needed), which way
 * is better, `bands` ("low:35 high:100", each up to its number), `relevant`, the change taken as relevant, and
 * `reliability`. Its rows may be dated. For each instrument: `measured` (people with a score), `measurements`,
 * `incomplete` (too few items), `incomparable` (scores on another scale than that of the latest day), `measured_twice`
 * (share, Wilson), `first_mean_all`, and of those measured twice `first_mean`, `last_mean`, `change_mean` (Student's
 * t), `months_between`, `relevant_better`, `relevant_worse`; `reliability` (of the list, else Cronbach's alpha of the
 * first measurements), `reliable_better`, `reliable_worse` (change beyond its error, Jacobson and Truax 1991); with
 * bands `band_first` and `band_last`. By `job`: "started" (a job began after the first and by the last measurement),
 * "waiting" (none by the last), "in_work" (by the first): `people`, `months_between`, `change_mean`; and `association`,
 * the change of those who started less that of those who waited (Welch): no effect.
 */
typedef struct fm_programme_progress_spec {
  size_t struct_size;          /**< set by FM_PROGRAMME_PROGRESS_SPEC_INIT or the init function */
  const fm_codes *instruments; /**< the list; **borrowed** until the call ends; NULL: the one built in */
  const char *by;              /**< group columns, separated by commas; NULL: none */
  double level;                /**< of intervals and of reliable change; default 0.95 */
  double reliability;          /**< in place of the list's, 0 to below 1; NaN (default): not given */
} fm_programme_progress_spec;

#ifndef __cplusplus
/** Initial value. */
#define FM_PROGRAMME_PROGRESS_SPEC_INIT                                                                                \
  {                                                                                                                    \
    .struct_size = sizeof(fm_programme_progress_spec), .level = 0.95, .reliability = FM_NAN                            \
  }
#endif
/** Does what the INIT macro does. */
FM_API void fm_programme_progress_spec_init(fm_programme_progress_spec *spec, size_t size);
/**
 * **Creates** an empty tally; it keeps every answer with the id of the person. Errors: FM_ERR_ARGUMENT a level or
 * reliability outside its range, a list that is none of instruments (which row and column). Adding: FM_ERR_NOT_FOUND,
 * FM_ERR_TYPE a column; FM_ERR_VALUE no person, day or item, an instrument that the list does not have on the day, a
 * score outside its range. The result: FM_ERR_VALUE two different answers to an item
 * on a day, or more items of a person on a day than the instrument has.
 */
FM_API FM_NODISCARD fm_status fm_programme_progress_tally(fm_tally **out, const fm_programme_progress_spec *spec,
                                                          fm_error *err);
/** create, add, result in one. */
FM_API FM_NODISCARD fm_status fm_programme_progress(fm_table **out, const fm_table *frame,
                                                    const fm_programme_progress_spec *spec, const fm_run *run,
                                                    fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
