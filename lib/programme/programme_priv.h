/* What the two measures share: the spec and the state's outer part. */
#ifndef FM_PROGRAMME_PRIV_H
#define FM_PROGRAMME_PRIV_H

#include "flexmetrics/programme.h"
#include "num/num_priv.h"
#include "tally/people_priv.h"
#include "tally/tally_priv.h"

/* The first part of both states: the spec (with its own copy of `by`), the groups, and distinct people per group. */
typedef struct fm__programme {
  fm_programme_spec spec;
  char *by;
  fm__groups *groups;
  fm__people people;
} fm__programme;
extern const fm_programme_spec fm__programme_defaults;
enum { FM__PROGRAMME_N_FIELDS = 3 };
extern const fm__field fm__programme_fields[FM__PROGRAMME_N_FIELDS];
fm_status fm__programme_open(void *state, const void *spec, fm__bytes *text, fm_error *err); /* of both measures */
void fm__programme_close(fm__programme *p);
/* Creates, for each of `n_groups` groups, the people and behind them those of flag 1; NULL when out of memory. */
int64_t *fm__programme_people(const fm__programme *p, size_t n_groups);
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
