/* Observations from a table whose columns are components, and what rows leave to others to say. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/sdmx_priv.h"

bool fm__sdmx_is_21(const fm__sdmx *s)
{
  return s->spec->version != NULL && strcmp(s->spec->version, "2.1") == 0;
}

bool fm__sdmx_is_bare(const fm__sdmx *s, size_t row)
{
  size_t length;
  const char *action = s->action != SIZE_MAX ? fm_table_text(s->t, s->action, s->source[row], &length) : NULL;
  if (action != NULL && strcmp(action, "D") == 0)
    return true;
  for (size_t k = 0; k < s->codes->n_parts && fm__sdmx_is_21(s); k++) {
    const char *text = fm__sdmx_cell(s, row, k, &length);
    if (s->codes->parts[k].role == FM__SDMX_DIMENSION && text != NULL && strcmp(text, "~") == 0 &&
        fm__sdmx_is_empty(s, row, s->codes->value))
      return true;
  }
  return false;
}

/* Columns of SDMX-CSV that are no components. */
static bool is_frame(const char *name)
{
  static const char *const names[] = {"DATAFLOW", "STRUCTURE",  "STRUCTURE_ID", "STRUCTURE_NAME",
                                      "ACTION",   "SERIES_KEY", "OBS_KEY"};
  for (size_t i = 0; i < FM__COUNT(names); i++)
    if (strcmp(name, names[i]) == 0)
      return true;
  return false;
}

static void put_number(fm__sdmx *s, size_t row, size_t part, size_t column, fm__slice cell)
{
  char text[48];
  double v = NAN;
  if (fm_table_column_type(s->t, column) == FM_F64)
    v = fm_table_f64(s->t, column)[row];
  else if (!fm__parse_f64(cell.text, cell.length, '.', &v) && !fm__slice_is(cell, "NaN")) {
    fm__sdmx_problem(s, "FM-N01", row, s->codes->parts[part].name, cell, "not a number", "a number with a point", NULL);
    return;
  }
  if (isinf(v))
    fm__sdmx_problem(s, "FM-N02", row, s->codes->parts[part].name, cell, "number out of range", "a finite number",
                     NULL);
  else if (!isnan(v))
    fm__sdmx_put(s, row, part, text, fm__sdmx_number(text, v, 0));
}

static void put_column(fm__sdmx *s, size_t column, size_t part)
{
  bool number = s->codes->parts[part].type == FM__SDMX_NUMBER, is_text = s->codes->parts[part].type == FM__SDMX_TEXT;
  s->shown[part] = 1;
  for (size_t i = 0; i < s->n_rows && !s->failed; i++) {
    char scratch[48];
    size_t length;
    const char *text = fm__sdmx_plain(s->t, column, i, scratch, &length);
    fm__slice cell = {text, length};
    if (text == NULL)
      continue;
    fm__trim(&cell.text, &cell.length);
    if (number)
      put_number(s, i, part, column, cell);
    else if (strcmp(text, "#N/A") != 0 || fm__sdmx_is_21(s))
      fm__sdmx_put(s, i, part, is_text ? text : cell.text, is_text ? length : cell.length);
  }
}

fm_status fm__sdmx_from_observations(fm__sdmx *s, fm_error *err)
{
  int64_t action = fm_table_column_index(s->t, "ACTION");
  const char *keep = s->spec->keep;
  fm__slice name;
  while (fm__slice_next(&keep, ',', &name)) {
    size_t k = 0;
    while (k < fm_table_n_columns(s->t) && !fm__slice_is(name, fm_table_column_name(s->t, k)))
      k++;
    if (name.length > 0 && k == fm_table_n_columns(s->t))
      return fm__fail(err, FM_ERR_NOT_FOUND, "keep: table %s has no column %.*s", fm_table_name(s->t),
                      (int)(name.length < 60 ? name.length : 60), name.text);
  }
  s->action = action >= 0 && fm_table_column_type(s->t, (size_t)action) == FM_CODE ? (size_t)action : SIZE_MAX;
  for (size_t i = 0; i < fm_table_n_rows(s->t); i++)
    fm__sdmx_add_row(s, i);
  for (size_t k = 0; k < fm_table_n_columns(s->t) && !s->failed; k++) {
    const char *column = fm_table_column_name(s->t, k);
    size_t part = fm__sdmx_part_called(s->codes, column, strlen(column));
    fm__slice itself = {column, strlen(column)};
    if (part != FM__SDMX_NO_PART)
      put_column(s, k, part);
    else if (!is_frame(column) && !fm__in_list(s->spec->keep, ',', itself))
      fm__sdmx_problem(s, "FM-K05", SIZE_MAX, column, itself, "a column that is no component of the structure",
                       "a dimension, measure or attribute", "take it out, or name it among those to keep");
  }
  return s->failed ? fm__no_memory(err) : FM_OK;
}

/* ---- what no row has said ---- */

/* "2013-2018": the last year, and the range in TIME_DETAIL. */
static void fill_period(fm__sdmx *s, size_t row)
{
  const char *period = s->spec->period;
  fm__places places;
  if (period == NULL || !fm__sdmx_is_empty(s, row, s->codes->period))
    return;
  size_t length = strlen(period);
  bool range = length == 9 && fm__pattern_match("{0000-9999}-{0000-9999}", (fm__slice){period, length}, &places);
  fm__sdmx_put(s, row, s->codes->period, range ? period + 5 : period, range ? 4 : length);
  if (range)
    fm__sdmx_fill(s, row, s->codes->detail, period, length);
}

static void fill_text(fm__sdmx *s, size_t row, size_t part, const char *text)
{
  fm__sdmx_fill(s, row, part, text, text != NULL ? strlen(text) : 0);
}

void fm__sdmx_set(fm__sdmx *s, size_t row, const char *set)
{
  fm__slice pair, name, value;
  while (fm__slice_next(&set, ';', &pair)) {
    fm__slice_pair(pair, &name, &value);
    size_t part = fm__sdmx_part_called(s->codes, name.text, name.length);
    if (part != s->codes->status || !fm__sdmx_is_empty(s, row, s->codes->value)) /* a status is that of values */
      fm__sdmx_fill(s, row, part, value.text, value.length);
  }
}

static void fill_row(fm__sdmx *s, size_t row)
{
  const fm_sdmx_codes *c = s->codes;
  size_t length;
  fm__sdmx_set(s, row, s->spec->set);
  fill_period(s, row);
  fill_text(s, row, c->area, s->spec->area);
  fill_text(s, row, c->reporting, s->spec->reporting_type != NULL ? s->spec->reporting_type : "N");
  fill_text(s, row, c->source, s->spec->source);
  const char *series = fm__sdmx_cell(s, row, c->series, &length);
  int64_t entry = series != NULL ? fm__sdmx_find(c, c->parts[c->series].list, series, length) : -1;
  if (entry >= 0 && c->entries[entry].kind == FM__SDMX_SERIES && c->unit != FM__SDMX_NO_PART) {
    const char *unit = fm__sdmx_limit(c, entry, c->unit);
    fill_text(s, row, c->unit, strchr(unit, ';') == NULL ? unit : NULL);
  }
  for (size_t k = 0; k < c->n_parts; k++)
    if (k != c->status || !fm__sdmx_is_empty(s, row, c->value))
      fill_text(s, row, k, c->parts[k].fallback);
}

fm_status fm__sdmx_complete(fm__sdmx *s, fm_error *err)
{
  for (size_t i = 0; i < s->n_rows && !s->failed; i++)
    if (!fm__sdmx_is_bare(s, i))
      fill_row(s, i);
  return s->failed ? fm__no_memory(err) : FM_OK;
}
