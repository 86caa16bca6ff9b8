/* The rule by which two surveys are chosen, taken from its spec. */
#ifndef FM_INCOME_SPELL_PRIV_H
#define FM_INCOME_SPELL_PRIV_H

#include "base/base_priv.h"
#include "flexmetrics/income_spell.h"

typedef struct fm__spell_rule {
  fm_income_spell_spec spec; /* without its text */
  double *breaks;            /* n_breaks, rising; owned */
  size_t n_breaks;
} fm__spell_rule;
/* Checks and copies. fm__spell_rule_free follows, after a failure, too. */
fm_status fm__spell_rule_take(fm__spell_rule *rule, const fm_income_spell_spec *spec, fm_error *err);
void fm__spell_rule_free(fm__spell_rule *rule);
/* The two among n finite years. */
fm_status fm__spell_find(double chosen[2], const fm__spell_rule *rule, const double *periods, size_t n, fm_error *err);

#endif
