/* What the two measures share: the spec and the state's outer part. */
#ifndef FM_PROGRAMME_PRIV_H
#define FM_PROGRAMME_PRIV_H

#include "flexmetrics/programme.h"
#include "num/num_priv.h"
#include "tally/people_priv.h"
#include "tally/tally_priv.h"

/* Takes and checks the spec; writes its text into `text` (ended, to be freed). */
fm_status fm__programme_spec(fm_programme_spec *out, const fm_programme_spec *spec, fm__bytes *text, fm_error *err);
/* A bool or text column by name. */
typedef struct fm__flag_column {
  const uint8_t *values, *validity;
} fm__flag_column;
fm_status fm__flag_open(fm__flag_column *c, const fm_table *frame, const char *name, fm_error *err);
/* A count with its n and people. */
void fm__put_count(fm__result *r, const char *quantity, int64_t value, int64_t n, int64_t people);
/* A share with Wilson limits; state empty when there is nobody. */
void fm__put_share(fm__result *r, const char *quantity, int64_t part, int64_t whole, int64_t people, double level);

#endif
