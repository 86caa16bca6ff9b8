/* The indicators of goals 8 and 10 as built in from data/sdg/indicators.csv. */
#ifndef FM_SDG_INDICATORS_PRIV_H
#define FM_SDG_INDICATORS_PRIV_H

#include <stddef.h>

enum { FM__SDG_FIELDS = 22 };
extern const char *const fm__sdg_columns[FM__SDG_FIELDS]; /* "id" first; words end in "_en" and "_da" */
extern const char *const fm__sdg_cells[][FM__SDG_FIELDS];
extern const size_t fm__sdg_n;

#endif
