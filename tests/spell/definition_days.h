/* What the tests of definitions share: lists, definitions by name, one unit's outcome. */
#ifndef FM_TESTS_SPELL_DEFINITION_DAYS_H
#define FM_TESTS_SPELL_DEFINITION_DAYS_H

#include "flexmetrics/spell_definition.h"
#include "spell/people.h"

static inline fm_codes *list_of(const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *c = NULL;
  fm_assert_ok(fm_codes_builtin(&c, name, &err), &err);
  return c;
}

/* Its texts live as long as the list. */
static inline fm_spell_definition definition_of(const fm_codes *list, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_definition d;
  fm_assert_ok(fm_spell_definition_read(&d, sizeof d, list, name, &err), &err);
  return d;
}

static inline fm_spell_outcome outcome_of(const fm_spell_definition *d, int32_t horizon, int32_t none,
                                          const fm_spell_unit *unit, const fm_spell_state *states, size_t n)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_outcome out;
  fm_assert_ok(fm_spell_outcomes(&out, d, horizon, none, unit, 1, states, n, NULL, &err), &err);
  return out;
}

/* y, n or ? */
static inline int32_t letter(char c)
{
  return c == 'y' ? FM_SPELL_YES : c == 'n' ? FM_SPELL_NO : FM_SPELL_UNKNOWN;
}

#endif
