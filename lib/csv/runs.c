/* Rows as runs of equal cells, one at a time, for readers of wide files that make no table. */
#include "csv/reader_priv.h"

/* The row just scanned as it goes to the caller; false when it is left out. */
static bool take(fm__csv_reader *r, fm__csv_runs *runs, const fm__row *row)
{
  if (row->n_fields != r->n_columns) {
    fm__csv_ragged(r, row->n_fields);
    return false;
  }
  bool good = true;
  for (size_t k = 0, column = 0; (row->flags & FM__FIELD_DAMAGED) != 0 && k < runs->n; column += runs->counts[k++])
    if ((runs->cells[k].size & FM__FIELD_DAMAGED) != 0) {
      fm__csv_text_after_quote(r, column);
      good = false;
    }
  r->n_left_out += !good;
  runs->row = r->row;
  runs->line = r->line;
  runs->sheet_row = r->sheet_row;
  return good;
}

fm_status fm__csv_next(fm__csv_reader *r, fm__csv_runs *runs, fm_error *err)
{
  fm__row row;
  while (!r->stop) {
    size_t at = r->scan.at;
    int outcome = fm__scan_runs(&r->scan, runs->cells, runs->counts, r->n_columns, &row, &runs->n);
    if (outcome == FM__ROW_NONE)
      break;
    if (fm__csv_is_long(r, at, outcome)) {
      fm__csv_too_long(r, at);
      break;
    }
    if (outcome == FM__ROW_OPEN) {
      fm__csv_unclosed(r, &row, true);
      break;
    }
    if (outcome == FM__ROW_MORE) {
      fm_status status = fm__csv_fill(r, err);
      if (status != FM_OK)
        return status;
      continue;
    }
    bool good = outcome == FM__ROW_FOUND && take(r, runs, &row);
    r->row += outcome == FM__ROW_FOUND;
    r->line += row.n_lines;
    r->sheet_row++;
    if (good)
      return FM_OK;
  }
  runs->n = 0;
  return FM_OK;
}
