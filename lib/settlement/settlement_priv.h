/* Lines of settlement files in whole oere, sorted and added up. */
#ifndef FM_SETTLEMENT_PRIV_H
#define FM_SETTLEMENT_PRIV_H

#include "csv/csv_priv.h"
#include "flexmetrics/settlement.h"

enum { FM__REPORTED, FM__PAID, FM__REFUND_RATE, FM__REFUND, FM__SHARE_RATE, FM__SHARE, FM__N_AMOUNTS };

/* Texts are numbered by their bytes, so that the order of lines is that of the texts. */
typedef struct fm__line {
  int32_t person, week, benefit, financed_by; /* financed_by -1: not told */
  int64_t amounts[FM__N_AMOUNTS];             /* hundredths; INT64_MIN: blank */
} fm__line;

typedef struct fm__lines {
  fm__line *list;
  size_t n, capacity;
  int64_t size;            /* of all amounts added up without their signs */
  fm__dictionary texts[3]; /* persons, benefits, names of municipalities */
  fm_settlement_summary *sum;
} fm__lines;

fm_status fm__lines_init(fm__lines *l);
void fm__lines_free(fm__lines *l);
/* Adds the rows of a file; problems of single amounts are listed under `table`. *failed: a row was bad. */
fm_status fm__lines_add(fm__lines *l, const fm_table *t, fm__problems *problems, bool *failed, fm_error *err);
/* New numbers of texts in the order of their bytes; the dictionary itself is made anew in that order. */
fm_status fm__rank_texts(fm__dictionary *d, int32_t *rank);
/* Numbers the texts by their bytes, sorts, drops repeated lines. */
fm_status fm__lines_sort(fm__lines *l, fm_error *err);

fm_status fm__settlement_weeks(fm_table **out, const fm__lines *l, bool contributions, fm_error *err);
fm_status fm__settlement_spells(fm_table **out, const fm__lines *l, const fm_codes *codes, int32_t as_of,
                                fm__problems *problems, fm_error *err);
bool fm__is_contribution(const fm__lines *l, const fm__line *line);
const char *fm__line_text(const fm__lines *l, int which, int32_t number, size_t *length);
/* Lines from `from` on that belong to its week, person, benefit and (with `financed`) municipality; sums of paid,
 * refund and the municipality's part. */
size_t fm__line_group(const fm__lines *l, size_t from, bool financed, int64_t sums[3]);

#endif
