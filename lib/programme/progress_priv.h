/* Instruments, scores of people, and the state of programme.progress. */
#ifndef FM_PROGRAMME_PROGRESS_PRIV_H
#define FM_PROGRAMME_PROGRESS_PRIV_H

#include "code/instrument_priv.h"
#include "flexmetrics/programme_progress.h"
#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* ---- people ---- */
typedef struct fm__measured {
  int32_t first_day, last_day, job_start; /* FM__NO_DATE: no job */
  double first, last;
  int64_t n; /* measurements */
} fm__measured;

enum { FM__PROGRESS_BY, FM__PROGRESS_INSTRUMENT, FM__PROGRESS_PERSON, FM__PROGRESS_ITEM, FM__PROGRESS_IDS };
enum { FM__PROGRESS_DATE, FM__PROGRESS_SCORE, FM__PROGRESS_JOB, FM__PROGRESS_NUMBERS };
typedef struct fm__progress {
  fm__rows *rows;
  fm_codes *codes; /* retained */
  fm__instrument *instruments;
  double level, reliability;
} fm__progress;

/* The people of one instrument and group, and what their answers come to. */
typedef struct fm__progress_set {
  const fm__instrument *rule; /* which holds on the latest day of the instrument's answers */
  fm__measured *people;
  size_t n, n_twice;
  int64_t measurements, incomplete, incomparable; /* the last: scored by a rule of another scale */
  double alpha;                                   /* Cronbach's, of first measurements with all items */
} fm__progress_set;
/* Creates the people of the rows from `first` to `end`, those measured twice before the others. latest: the last day on
 * which anybody answered the instrument; the rule of that day is the one that scores must be comparable with. */
fm_status fm__progress_measure(fm__progress_set *out, const fm__progress *t, size_t first, size_t end, int32_t latest,
                               fm_error *err);
fm_status fm__progress_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
