/* A table as a workbook (.xlsx), by libxlsxwriter: what the command and the Python package share. The core library
 * knows nothing of it. */
#ifndef FLEXMETRICS_XLSX_H
#define FLEXMETRICS_XLSX_H

#include <flexmetrics.h>

/*
 * Writes a workbook of three sheets in a language ("en", "da"): `page`, readable text as it stands; the table with
 * typed cells; what its indicators mean, their sources, and the facts of the table. A table without indicators has no
 * third sheet. The same input gives the same bytes. `path` is written at once: the caller gives it the name of a part,
 * tried before, and renames it; on failure the part is gone.
 * Errors: FM_ERR_STATE built without libxlsxwriter; FM_ERR_LIMIT more rows, columns or characters than a sheet holds;
 * FM_ERR_IO; FM_ERR_ARGUMENT another language.
 */
fm_status fm_xlsx_write(const char *path, const fm_table *t, const char *page, const char *lang, fm_error *err);

#endif
