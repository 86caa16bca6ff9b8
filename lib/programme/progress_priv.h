/* Instruments, scores of people, and the state of programme.progress. */
#ifndef FM_PROGRAMME_PROGRESS_PRIV_H
#define FM_PROGRAMME_PROGRESS_PRIV_H

#include "flexmetrics/programme_progress.h"
#include "num/num_priv.h"
#include "tally/rows_priv.h"
#include "tally/tally_priv.h"

/* ---- instruments ---- */
enum { FM__MOST_BANDS = 8, FM__MOST_ITEMS = 200 };
typedef struct fm__band {
  char name[40];
  double upto;
} fm__band;
typedef struct fm__instrument {
  int32_t items, needed;
  double least, most, factor, relevant, reliability; /* NaN: none */
  bool mean, lower_better;
  fm__band bands[FM__MOST_BANDS];
  size_t n_bands;
} fm__instrument;
/* Creates one for each row of the list. */
fm_status fm__instruments_read(fm__instrument **out, const fm_codes *codes, fm_error *err);
/* Of the answers to n different items; NaN: too few. */
double fm__instrument_score(const fm__instrument *m, const double *answers, size_t n);

/* ---- people ---- */
typedef struct fm__measured {
  int32_t first_day, last_day, job_start; /* FM__NO_DATE: no job */
  double first, last;
  int64_t n;                     /* measurements */
  const fm__instrument *last_by; /* which holds on the last day */
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
  fm__measured *people;
  size_t n, n_twice;
  int64_t measurements, incomplete;
  double alpha; /* Cronbach's, of first measurements with all items */
} fm__progress_set;
/* Creates the people of the rows from `first` to `end`, those measured twice before the others. */
fm_status fm__progress_measure(fm__progress_set *out, const fm__progress *t, size_t first, size_t end, fm_error *err);
fm_status fm__progress_result(void *state, fm_table **out, const fm_run *run, fm_error *err);

#endif
