/**
 * @file sdg.h
 * The indicators of the Sustainable Development Goals 8 and 10: what each one is, and whether it can be computed.
 */
#ifndef FLEXMETRICS_SDG_H
#define FLEXMETRICS_SDG_H

#include "flexmetrics/sdg_contribution.h"
#include "flexmetrics/sdg_redistribution.h"
#include "flexmetrics/sdg_sdmx.h"
#include "flexmetrics/sdg_totals.h"
#include "flexmetrics/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Number of indicators of goals 8 and 10, in the order of the framework. */
FM_API size_t fm_sdg_n(void);
/** Number of indicator `i` in the framework, such as "10.1.1"; NULL outside. */
FM_API const char *fm_sdg_id(size_t i);
/** Index of a number such as "8.5.2", -1 when unknown. */
FM_API int64_t fm_sdg_find(const char *id);
/**
 * A field of indicator `i` in a language ("en", "da"):
 * - "target", "name", "unit", "definition", "population", "note": words
 * - "custodian": who gathers it in the United Nations
 * - "input": what it is computed from, one or more of "microdata", "grouped", "totals"; "none": it cannot be computed
 *   from such data, and the note says why
 * - "breakdowns": columns it is asked for by, separated by ", "
 * - "series": codes of its published series, separated by spaces
 * - "computed_by", "options": the indicator of the catalogue that computes it, and its options; "" when none does
 * - "edition": year of the metadata read; "source"; "status": "verified" in the source or "unverified"
 *
 * NULL for an unknown field; "" when there is nothing to say.
 */
FM_API const char *fm_sdg_text(size_t i, const char *field, const char *lang);
/** **Creates** all of it as a table: id and a column for each field, those of words for each language (name_en, name_da
 * ...). */
FM_API FM_NODISCARD fm_status fm_sdg_table(fm_table **out, fm_error *err);

#ifdef __cplusplus
}
#endif
#endif
