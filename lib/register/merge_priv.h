/* Groups put together before anything is counted: "refugee,cash_benefit=newcomers;x,y". */
#ifndef FM_REGISTER_MERGE_PRIV_H
#define FM_REGISTER_MERGE_PRIV_H

#include "table/table_priv.h"

typedef struct fm__merge_request {
  const char *merge, *by;       /* what is merged, in which columns: those of text that are not ids of people */
  const fm_table *const *words; /* tables in whose columns of these names a word may stand, though no row has it */
  size_t n_words;
  const uint32_t *units; /* of the rows; NULL: rows of one person_id that differ in nothing else are of one unit */
} fm__merge_request;

/* Creates the sealed table with the groups merged, where rows of one unit that came to be the same are one, and
 * (*keep)[row of t], whether it stayed. Notes are those of `t`, and "merged". FM_ERR_FORMAT the text of merge;
 * FM_ERR_NOT_FOUND a word that is nowhere; FM_ERR_ARGUMENT no column to merge in. */
fm_status fm__merge_groups(fm_table **out, uint8_t **keep, const fm_table *t, const fm__merge_request *q,
                           fm_error *err);
/* Creates the table with all columns and notes of `t` and the note "merged", which says what `merge` put together. */
fm_status fm__merge_note(fm_table **out, const fm_table *t, const char *merge, fm_error *err);

#endif
