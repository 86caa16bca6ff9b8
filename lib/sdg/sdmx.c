/* Observations: rows of texts by component, and the table made of them. */
#include <math.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/sdmx_priv.h"

static const fm_sdmx_spec defaults = FM_SDMX_SPEC_INIT;

void fm_sdmx_spec_init(fm_sdmx_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

/* ---- rows ---- */

size_t fm__sdmx_add_row(fm__sdmx *s, size_t source)
{
  size_t n = s->codes->n_parts, need = 0;
  if (s->failed || !fm__multiply(s->n_rows + 1, n, &need) ||
      !fm__grow((void **)&s->cells, &s->capacity, need, sizeof *s->cells) ||
      !fm__grow((void **)&s->source, &s->source_capacity, s->n_rows + 1, sizeof *s->source)) {
    s->failed = true;
    return SIZE_MAX;
  }
  for (size_t k = 0; k < n; k++)
    s->cells[s->n_rows * n + k] = -1;
  s->source[s->n_rows] = source;
  return s->n_rows++;
}

void fm__sdmx_put(fm__sdmx *s, size_t row, size_t part, const char *text, size_t length)
{
  if (s->failed || part == FM__SDMX_NO_PART || text == NULL || length == 0)
    return;
  int64_t number = fm__texts_add(s->texts, text, length);
  s->failed = number < 0 || number > INT32_MAX;
  if (!s->failed)
    s->cells[row * s->codes->n_parts + part] = (int32_t)number;
}

const char *fm__sdmx_cell(const fm__sdmx *s, size_t row, size_t part, size_t *length)
{
  int32_t number = part == FM__SDMX_NO_PART ? -1 : s->cells[row * s->codes->n_parts + part];
  if (number >= 0)
    return fm__texts_at(s->texts, (size_t)number, length);
  *length = 0;
  return NULL;
}

bool fm__sdmx_is_empty(const fm__sdmx *s, size_t row, size_t part)
{
  return part == FM__SDMX_NO_PART || s->cells[row * s->codes->n_parts + part] < 0;
}

void fm__sdmx_fill(fm__sdmx *s, size_t row, size_t part, const char *text, size_t length)
{
  if (fm__sdmx_is_empty(s, row, part))
    fm__sdmx_put(s, row, part, text, length);
}

void fm__sdmx_problem(fm__sdmx *s, const char *code, size_t source, const char *column, fm__slice value,
                      const char *what, const char *expected, const char *hint)
{
  fm__problem p = FM__PROBLEM_INIT;
  const char *file = fm_table_note(s->t, "file");
  p.code = code;
  p.table = file != NULL ? file : fm_table_name(s->t);
  p.column = column;
  p.value = value.text;
  p.value_length = value.length;
  p.what = what;
  p.expected = expected;
  p.hint = hint;
  if (source != SIZE_MAX) {
    p.row = (int64_t)source;
    p.line = fm_table_line(s->t, source);
  }
  fm__problems_add(s->problems, &p);
  s->n_errors++;
}

bool fm__sdmx_is_shown(const fm__sdmx *s, size_t part)
{
  const fm__sdmx_part *p = &s->codes->parts[part];
  if (p->role != FM__SDMX_ATTRIBUTE || p->required || s->shown[part])
    return true;
  for (size_t i = 0; i < s->n_rows; i++)
    if (!fm__sdmx_is_empty(s, i, part))
      return true;
  return false;
}

/* ---- from a table to checked rows ---- */

static fm_status check_spec(const fm__sdmx *s, fm_error *err)
{
  const char *set = s->spec->set, *version = s->spec->version;
  fm__slice pair, name, value;
  if (version != NULL && strcmp(version, "1.0") != 0 && strcmp(version, "2.0") != 0 && strcmp(version, "2.1") != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "there is no version %.20s of SDMX-CSV; expected 1.0, 2.0 or 2.1", version);
  bool observations = fm_table_column_index(s->t, "SERIES") >= 0;
  const char *not_here = !observations                 ? (s->spec->keep != NULL ? "keep" : NULL)
                         : s->spec->custom != NULL     ? "custom"
                         : s->spec->series != NULL     ? "series"
                         : s->spec->definition != NULL ? "definition"
                                                       : NULL;
  if (not_here != NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s is not for a table of %s", not_here,
                    observations ? "observations, which has the column SERIES" : "results");
  while (fm__slice_next(&set, ';', &pair)) {
    fm__slice_pair(pair, &name, &value);
    if (pair.length == 0)
      continue;
    size_t part = fm__sdmx_part_called(s->codes, name.text, name.length);
    if (value.text == NULL || part == FM__SDMX_NO_PART || s->codes->parts[part].role == FM__SDMX_MEASURE)
      return fm__fail(err, FM_ERR_ARGUMENT, "set: \"%.*s\"; expected COMPONENT=value, parted by ;",
                      (int)(pair.length < 60 ? pair.length : 60), pair.text);
  }
  return FM_OK;
}

fm_status fm__sdmx_open(fm__sdmx *s, const fm_table *t, const fm_sdmx_spec *spec, fm_sdmx_codes **made, fm_error *err)
{
  fm_status status = fm__table_require_sealed(t, err);
  if (status == FM_OK && spec->codes == NULL)
    status = fm_sdmx_codes_create(made, NULL, 0, NULL, err);
  if (status != FM_OK)
    return status;
  s->codes = spec->codes != NULL ? spec->codes : *made;
  s->spec = spec;
  s->t = t;
  s->texts = fm__texts_create();
  s->shown = fm__array(s->codes->n_parts, sizeof *s->shown);
  if (s->texts == NULL || s->shown == NULL)
    return fm__no_memory(err);
  status = check_spec(s, err);
  if (status == FM_OK)
    status = (fm_table_column_index(t, "SERIES") >= 0 ? fm__sdmx_from_observations : fm__sdmx_from_result)(s, err);
  if (status == FM_OK && s->n_errors == 0)
    status = fm__sdmx_complete(s, err);
  if (status == FM_OK && !s->failed && s->n_errors == 0)
    status = fm__sdmx_check(s, err);
  if (status == FM_OK && s->failed)
    status = fm__no_memory(err);
  return status == FM_OK && s->n_errors > 0 ? fm__problems_fail(s->problems, err) : status;
}

void fm__sdmx_close(fm__sdmx *s)
{
  fm__texts_destroy(s->texts);
  fm__free(s->cells);
  fm__free(s->source);
  fm__free(s->shown);
}

/* ---- the table of observations ---- */

static fm_status make_table(const fm__sdmx *s, fm_table **out, fm_error *err)
{
  fm__builder *b = NULL;
  fm_status status = fm__builder_create(&b, "observations", err);
  for (size_t k = 0; k < s->codes->n_parts && status == FM_OK; k++) {
    size_t column = 0;
    bool number = s->codes->parts[k].type == FM__SDMX_NUMBER;
    if (!fm__sdmx_is_shown(s, k))
      continue;
    status = fm__builder_column(b, s->codes->parts[k].name, number ? FM_F64 : FM_CODE, &column, err);
    for (size_t i = 0; i < s->n_rows && status == FM_OK; i++) {
      size_t length;
      double v = 0;
      const char *text = fm__sdmx_cell(s, i, k, &length);
      if (!number)
        fm__builder_text(b, column, text, length);
      else if (text != NULL && fm__parse_f64(text, length, '.', &v))
        fm__builder_f64(b, column, v);
      else
        fm__builder_null(b, column);
    }
  }
  if (status == FM_OK)
    return fm__builder_finish(b, out, err);
  fm__builder_destroy(b);
  return status;
}

fm_status fm_sdmx_observations(fm_table **out, fm_table **problems, const fm_table *t, const fm_sdmx_spec *spec,
                               fm_error *err)
{
  fm_sdmx_spec taken = defaults;
  fm_sdmx_codes *made = NULL;
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  if (t == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the table is NULL");
  fm_status status = fm__spec_take(&taken, sizeof taken, spec, "fm_sdmx_spec", err);
  if (status != FM_OK)
    return status;
  fm__sdmx s = {.problems = fm__problems_create()};
  status = s.problems != NULL ? fm__sdmx_open(&s, t, &taken, &made, err) : fm__no_memory(err);
  if (status == FM_OK)
    status = make_table(&s, out, err);
  status = fm__sdmx_tell(&s, status, problems, err);
  if (status != FM_OK) {
    fm_table_destroy(*out);
    *out = NULL;
  }
  fm__sdmx_close(&s);
  fm_sdmx_codes_destroy(made);
  return status;
}

fm_status fm__sdmx_tell(fm__sdmx *s, fm_status status, fm_table **problems, fm_error *err)
{
  fm_error again = FM_ERROR_INIT;
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA) &&
      fm__problems_table(s->problems, problems, &again) != FM_OK) {
    fm_error_clear(err);
    status = fm__no_memory(err);
  }
  fm__problems_destroy(s->problems);
  s->problems = NULL;
  return status;
}
