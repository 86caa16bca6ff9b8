/* What frames of initiatives are made from: rules of eligibility, rows by initiative, answers at horizons. */
#ifndef FM_REGISTER_INITIATIVES_PRIV_H
#define FM_REGISTER_INITIATIVES_PRIV_H

#include "register/unemployed_priv.h"

/* Rows of a table that name initiative i: rows[first[i] .. first[i + 1]), in the order of the table. Without such
 * links all ranges are empty. */
typedef struct fm__by_initiative {
  uint32_t *first, *rows;
} fm__by_initiative;
fm_status fm__by_initiative_make(fm__by_initiative *out, const fm_register *r, int table, fm_error *err);
void fm__by_initiative_free(fm__by_initiative *b);

/* ---- eligibility ---- */
enum { FM__RULE_NOT_MET, FM__RULE_MET, FM__RULE_UNKNOWN, FM__RULE_UNSAID }; /* the answers come first */
typedef struct fm__eligibility {
  const fm__frame *f;
  fm__unemployed runs;
  int how;               /* FM__ON_END ... */
  bool told;             /* the data can tell how long somebody has been unemployed */
  size_t n_not_readable; /* rules on days of unemployment in data that do not tell them */
} fm__eligibility;
/* FM_ERR_ARGUMENT: definitions is none of fm__duration_names. Close it after a failure too. */
fm_status fm__eligibility_open(fm__eligibility *e, const fm__frame *f, fm_error *err);
void fm__eligibility_close(fm__eligibility *e);
/* answers[person]: does the person meet the initiative's rule on day on[person] (FM_NO_DATE: not asked)? UNSAID: not
 * asked, or not observed that day. *readable: there is a rule that the data can answer; else answers is not written.
 * Errors of the rule tell its table, column and line. */
fm_status fm__eligibility_read(uint8_t *answers, bool *readable, fm__eligibility *e, size_t initiative,
                               const int32_t *on, fm_error *err);

enum { FM__LANDMARK_MAX = 36525 }; /* days: a hundred years */

/* ---- in work at horizons, as in a frame of status ---- */
enum { FM__KEPT_KNOWN = 1, FM__KEPT_YES = 2, FM__KEPT_IN_RATE = 4 };
typedef struct fm__kept {
  size_t n_horizons;
  int32_t *months;
  uint8_t *answers; /* n_horizons of each placement */
} fm__kept;
/* Without placements there are no horizons. */
fm_status fm__kept_open(fm__kept *k, const fm__frame *f, fm_error *err);
void fm__kept_close(fm__kept *k);
static inline int fm__kept_at(const fm__kept *k, size_t placement, size_t horizon)
{
  return k->answers[placement * k->n_horizons + horizon];
}

#endif
