/* Shares of answers with the variance between people. */
#ifndef FM_RETENTION_RATE_PRIV_H
#define FM_RETENTION_RATE_PRIV_H

#include "retention/answers_priv.h"

/* All answers of one group and horizon; all zero bytes is none. */
typedef struct fm__poll {
  int64_t n[FM__ANSWER_KINDS]; /* units */
  int64_t n_yes_people, n_no_people, n_unknown_people, n_rate_people, n_people;
  fm__sum weight[FM__ANSWER_KINDS];
  double share;       /* of yes in the rate; set between the two passes */
  double scale;       /* power of two that brings weights near 1, so that no square overflows; set with it */
  fm__sum deviations; /* sum over people of (sum of w (y - share))^2, w scaled */
  fm__sum squares;    /* sum over people of (sum of w)^2, w scaled */
} fm__poll;

typedef struct fm__rate {
  double share, std_error, n_effective; /* NaN when nobody is in the rate */
} fm__rate;

/* First and second pass over the answers `a` .. `a + n - 1` of one person, or over one item of independent units. */
void fm__poll_count(fm__poll *p, const fm__answer *a, size_t n, bool people);
void fm__poll_deviate(fm__poll *p, const fm__answer *a, size_t n, bool people);
/* Weight and units of the kinds in `kinds`, a sum of 1 << kind. */
double fm__poll_weight(const fm__poll *p, uint32_t kinds);
int64_t fm__poll_units(const fm__poll *p, uint32_t kinds);
/* After the first pass: sets p->share and p->scale. */
void fm__poll_share(fm__poll *p);
/* After the second pass. `weighted`, `people`: as the spec says. */
fm__rate fm__poll_rate(const fm__poll *p, bool weighted, bool people);

#endif
