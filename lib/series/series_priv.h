/* Published series: what a text means. */
#ifndef FM_SERIES_PRIV_H
#define FM_SERIES_PRIV_H

#include "csv/csv_priv.h"
#include "flexmetrics/series.h"

enum { FM__FIGURE_NUMBER, FM__FIGURE_NOT_GIVEN, FM__FIGURE_SUPPRESSED, FM__FIGURE_OTHER };
/* What a cell of figures is; *value for a number. `hidden` is a further text for a hidden figure, NULL for none. */
int fm__series_figure(const fm__csv_format *f, const char *hidden, const char *text, size_t length, double *value);
/* Is a value of a dimension or an area a sum of others? */
bool fm__series_is_total(const char *text, size_t length);
/* Does a value choose what is measured, persons or full-time equivalents? */
bool fm__series_is_measure(const char *text, size_t length);
/* Equal in upper or lower case, also of æ, ø and å. */
bool fm__series_same(const char *text, size_t length, const char *word);

#endif
