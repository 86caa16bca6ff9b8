/* Clocks and their periods. */
#ifndef FM_SPELL_PERIOD_PRIV_H
#define FM_SPELL_PERIOD_PRIV_H

#include "spell/people_priv.h"

static inline bool fm__clock_is_known(int32_t clock)
{
  return clock >= FM_SPELL_BY_DAY && clock <= FM_SPELL_BY_YEAR_OF_WEEKS;
}

#endif
