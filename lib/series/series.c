/* A published table, wide or long, as one row a figure. */
#include "series/series_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const fm_series_spec defaults = FM_SERIES_SPEC_INIT;

void fm_series_spec_init(fm_series_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

enum { DIMENSION, AREA, PERIOD, FIGURES, SELECTOR };

typedef struct series {
  const fm_table *t;
  const fm_series_spec *spec;
  fm__csv_format format;
  fm__problems *problems;
  uint8_t *role; /* of each column */
  int32_t *start, *end;
  const char **kind; /* of each row's period; NULL: bad */
  size_t area, period, selector;
  bool jobindsats;
  int32_t preliminary_from; /* figures of periods that end on this day or later are preliminary */
  size_t n_errors;
} series;

static const char *cell(const series *s, size_t column, size_t row, size_t *length)
{
  const char *text = fm_table_text(s->t, column, row, length);
  if (text == NULL) {
    *length = 0;
    return "";
  }
  fm__trim(&text, length);
  return text;
}

static void problem(series *s, const char *code, const char *column, int64_t index, int64_t row, const char *what,
                    const char *expected, const char *hint)
{
  fm__problem p = FM__PROBLEM_INIT;
  p.code = code;
  p.table = fm_table_note(s->t, "file");
  p.column = column;
  p.what = what;
  p.expected = expected;
  p.hint = hint;
  if (row >= 0) {
    size_t length;
    p.row = row;
    p.line = fm_table_line(s->t, (size_t)row);
    p.value = cell(s, (size_t)index, (size_t)row, &length);
    p.value_length = length;
  }
  fm__problems_add(s->problems, &p);
  s->n_errors++;
}

/* ---- which column is what ---- */

static size_t find_column(const series *s, const char *given, const char *const *names, size_t n)
{
  size_t columns = fm_table_n_columns(s->t);
  for (size_t i = 0; i < (given != NULL ? 1 : n); i++)
    for (size_t k = 0; k < columns; k++) {
      const char *name = fm_table_column_name(s->t, k), *wanted = given != NULL ? given : names[i];
      if (given != NULL ? strcmp(name, wanted) == 0 : fm__series_same(name, strlen(name), wanted))
        return k;
    }
  return columns;
}

static bool is_listed(const char *list, const char *name)
{
  for (const char *p = list; p != NULL && *p != '\0';) {
    size_t n = strcspn(p, ","), length = n;
    const char *word = p;
    fm__trim(&word, &length);
    if (strlen(name) == length && memcmp(name, word, length) == 0)
      return true;
    p += n + (p[n] == ',');
  }
  return false;
}

/* A column is looked at by its different texts. */
static void look_at_column(series *s, size_t k)
{
  size_t n = fm_table_n_texts(s->t, k), count[4] = {0}, n_measures = 0, length;
  double value;
  for (size_t i = 0; i < n; i++) {
    const char *text = fm_table_dictionary_text(s->t, k, i, &length);
    count[fm__series_figure(&s->format, s->spec->suppressed, text, length, &value)]++;
    n_measures += fm__series_is_measure(text, length);
  }
  bool words = count[FM__FIGURE_OTHER] > 0 && count[FM__FIGURE_NUMBER] == 0;
  const char *name = fm_table_column_name(s->t, k);
  if (is_listed(s->spec->dimensions, name) || n == 0 || words) {
    s->role[k] = DIMENSION;
    if (n > 0 && n_measures == n && s->selector == fm_table_n_columns(s->t))
      s->selector = k;
    return;
  }
  s->role[k] = FIGURES;
  for (size_t row = 0; row < fm_table_n_rows(s->t) && count[FM__FIGURE_OTHER] > 0; row++) {
    const char *text = cell(s, k, row, &length);
    if (fm__series_figure(&s->format, s->spec->suppressed, text, length, &value) == FM__FIGURE_OTHER)
      problem(s, "FM-N01", name, (int64_t)k, (int64_t)row, "not a number",
              s->format.f.decimal == ',' ? "digits with a decimal comma such as 0,5"
                                         : "digits with a decimal point such as 0.5",
              "name the text of hidden figures, the decimal sign, or the column among the dimensions");
  }
}

/* Each of the columns named as dimensions must be there. */
static void check_dimensions(series *s)
{
  for (const char *p = s->spec->dimensions; p != NULL && *p != '\0';) {
    char name[256];
    size_t n = strcspn(p, ","), length = n, k = 0;
    const char *word = p;
    fm__trim(&word, &length);
    snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : (int)sizeof name - 1, word);
    while (length > 0 && k < fm_table_n_columns(s->t) && !is_listed(name, fm_table_column_name(s->t, k)))
      k++;
    if (length > 0 && k == fm_table_n_columns(s->t))
      problem(s, "FM-H01", name, -1, -1, "the column is not there", "the column of a dimension", "name the column");
    p += n + (p[n] == ',');
  }
}

static fm_status find_roles(series *s)
{
  static const char *const areas[] = {"område"}, *const periods[] = {"periode", "tid", "time"};
  size_t n = fm_table_n_columns(s->t), n_figures = 0;
  s->selector = n;
  s->area = find_column(s, s->spec->area, areas, FM__COUNT(areas));
  s->period = find_column(s, s->spec->period, periods, FM__COUNT(periods));
  if (s->period == n || (s->area == n && s->spec->area != NULL)) {
    const char *given = s->period == n ? s->spec->period : s->spec->area;
    problem(s, "FM-H01", given != NULL ? given : "Periode", -1, -1, "the column is not there",
            s->period == n ? "a column of periods" : "the column of areas", "name the column");
    return FM_OK;
  }
  check_dimensions(s);
  const char *name = fm_table_column_name(s->t, s->period);
  s->jobindsats = fm__series_same(name, strlen(name), "periode");
  for (size_t k = 0; k < n; k++) {
    if (k == s->area || k == s->period)
      s->role[k] = k == s->area ? AREA : PERIOD;
    else
      look_at_column(s, k);
    n_figures += s->role[k] == FIGURES;
  }
  if (s->selector < n && n_figures == 1)
    s->role[s->selector] = SELECTOR;
  else
    s->selector = n; /* the columns of figures say what they measure */
  if (n_figures == 0 && fm_table_n_rows(s->t) > 0)
    problem(s, "FM-H01", NULL, -1, -1, "no column holds figures", "a column of numbers", NULL);
  return FM_OK;
}

static void check_names(series *s)
{
  static const char *const own[] = {"area",       "measure", "period", "period_kind", "period_start",
                                    "period_end", "value",   "state",  "subtotal"};
  for (size_t k = 0; k < fm_table_n_columns(s->t); k++)
    for (size_t i = 0; i < FM__COUNT(own) && s->role[k] == DIMENSION; i++)
      if (strcmp(fm_table_column_name(s->t, k), own[i]) == 0)
        problem(s, "FM-H02", own[i], -1, -1, "a column name that is there twice", "each name once",
                "rename one of the columns or take it out");
}

/* ---- periods ---- */

static void read_periods(series *s)
{
  for (size_t i = 0; i < fm_table_n_rows(s->t); i++) {
    size_t length;
    const char *text = cell(s, s->period, i, &length);
    fm_status status = fm_series_period(&s->start[i], &s->end[i], &s->kind[i], text, length, NULL);
    if (status != FM_OK)
      problem(s, status == FM_ERR_VALUE ? "FM-D02" : "FM-D03", fm_table_column_name(s->t, s->period),
              (int64_t)s->period, (int64_t)i, status == FM_ERR_VALUE ? "no such period" : "not a time code",
              "a time code such as 2024, 2024Q1, 2024M03", NULL);
  }
}

static int by_day(const void *a, const void *b)
{
  int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
  return (x > y) - (x < y);
}

/* The newest periods are told by their last days. */
static fm_status find_preliminary(series *s, fm_error *err)
{
  size_t n = fm_table_n_rows(s->t);
  int32_t wanted = s->spec->preliminary >= 0 ? s->spec->preliminary : s->jobindsats;
  s->preliminary_from = INT32_MAX;
  if (n == 0 || wanted == 0)
    return FM_OK;
  int32_t *days = fm__array(n, sizeof *days);
  if (days == NULL)
    return fm__no_memory(err);
  memcpy(days, s->end, n * sizeof *days);
  qsort(days, n, sizeof *days, by_day);
  for (size_t i = n; i-- > 0 && wanted > 0;)
    if (days[i] != s->preliminary_from) {
      s->preliminary_from = days[i];
      wanted--;
    }
  fm__free(days);
  return FM_OK;
}

/* ---- rows ---- */

enum { C_AREA, C_MEASURE, C_PERIOD, C_KIND, C_START, C_END, C_VALUE, C_STATE, C_SUBTOTAL, N_OWN };

static fm_status make_columns(const series *s, fm__builder *b, size_t *own, size_t *dimension, fm_error *err)
{
  static const struct {
    const char *name;
    int32_t type;
  } columns[N_OWN] = {{"area", FM_CODE},        {"measure", FM_CODE},      {"period", FM_CODE},
                      {"period_kind", FM_CODE}, {"period_start", FM_DATE}, {"period_end", FM_DATE},
                      {"value", FM_F64},        {"state", FM_CODE},        {"subtotal", FM_BOOL}};
  fm_status status = fm__builder_column(b, columns[C_AREA].name, columns[C_AREA].type, &own[C_AREA], err);
  for (size_t k = 0; k < fm_table_n_columns(s->t) && status == FM_OK; k++)
    if (s->role[k] == DIMENSION)
      status = fm__builder_column(b, fm_table_column_name(s->t, k), FM_CODE, &dimension[k], err);
  for (size_t i = C_MEASURE; i < N_OWN && status == FM_OK; i++)
    status = fm__builder_column(b, columns[i].name, columns[i].type, &own[i], err);
  return status;
}

static void put_cell(const series *s, fm__builder *b, size_t column, size_t from, size_t row)
{
  size_t length = 0;
  const char *text = from < fm_table_n_columns(s->t) ? cell(s, from, row, &length) : NULL;
  fm__builder_text(b, column, length > 0 ? text : NULL, length);
}

static void put_word(fm__builder *b, size_t column, const char *word)
{
  fm__builder_text(b, column, word, strlen(word));
}

static void put_figure(const series *s, fm__builder *b, const size_t *own, size_t k, size_t row)
{
  size_t length;
  double value = 0;
  const char *text = cell(s, k, row, &length);
  int kind = fm__series_figure(&s->format, s->spec->suppressed, text, length, &value);
  if (kind == FM__FIGURE_NUMBER)
    fm__builder_f64(b, own[C_VALUE], value);
  else
    fm__builder_null(b, own[C_VALUE]);
  put_word(b, own[C_STATE],
           kind == FM__FIGURE_SUPPRESSED        ? "suppressed"
           : kind == FM__FIGURE_NOT_GIVEN       ? "not_given"
           : s->end[row] >= s->preliminary_from ? "preliminary"
                                                : "ok");
}

static void put_row(const series *s, fm__builder *b, const size_t *own, const size_t *dimension, size_t k, size_t row)
{
  size_t n = fm_table_n_columns(s->t), length;
  bool total = false;
  put_cell(s, b, own[C_AREA], s->area, row);
  for (size_t i = 0; i < n; i++) {
    if (s->role[i] == DIMENSION)
      put_cell(s, b, dimension[i], i, row);
    if (s->role[i] == DIMENSION || s->role[i] == AREA) {
      const char *text = cell(s, i, row, &length);
      total = total || fm__series_is_total(text, length);
    }
  }
  if (s->selector < n)
    put_cell(s, b, own[C_MEASURE], s->selector, row);
  else
    put_word(b, own[C_MEASURE], fm_table_column_name(s->t, k));
  put_cell(s, b, own[C_PERIOD], s->period, row);
  put_word(b, own[C_KIND], s->kind[row]);
  fm__builder_i32(b, own[C_START], s->start[row]);
  fm__builder_i32(b, own[C_END], s->end[row]);
  put_figure(s, b, own, k, row);
  fm__builder_bool(b, own[C_SUBTOTAL], total);
}

static fm_status make_table(const series *s, fm_table **out, fm_error *err)
{
  fm__builder *b;
  size_t own[N_OWN], n = fm_table_n_columns(s->t), *dimension = fm__array(n, sizeof *dimension);
  if (dimension == NULL)
    return fm__no_memory(err);
  fm_status status = fm__builder_create(&b, "series", err);
  if (status == FM_OK)
    status = make_columns(s, b, own, dimension, err);
  if (status == FM_OK) {
    for (size_t row = 0; row < fm_table_n_rows(s->t); row++)
      for (size_t k = 0; k < n; k++)
        if (s->role[k] == FIGURES)
          put_row(s, b, own, dimension, k, row);
    status = fm__builder_finish(b, out, err);
  } else {
    fm__builder_destroy(b);
  }
  fm__free(dimension);
  return status;
}

static fm_status make(series *s, fm_table **out, fm_error *err)
{
  size_t n = fm_table_n_rows(s->t);
  s->role = fm__array(fm_table_n_columns(s->t), sizeof *s->role);
  s->start = fm__array(n, sizeof *s->start);
  s->end = fm__array(n, sizeof *s->end);
  s->kind = fm__array(n, sizeof *s->kind);
  fm_status status = s->role != NULL && s->start != NULL && s->end != NULL && s->kind != NULL ? FM_OK : FM_ERR_MEMORY;
  if (status != FM_OK)
    return fm__no_memory(err);
  status = find_roles(s);
  if (status == FM_OK && s->n_errors == 0) {
    check_names(s);
    read_periods(s);
  }
  if (status == FM_OK && s->n_errors > 0)
    return fm__problems_fail(s->problems, err);
  if (status == FM_OK)
    status = find_preliminary(s, err);
  return status == FM_OK ? make_table(s, out, err) : status;
}

static fm_status read_series(fm_table **out, fm__problems *problems, const char *path, const fm_series_spec *spec,
                             const fm_run *run, fm_error *err)
{
  fm_csv_format format = FM_CSV_FORMAT_INIT;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_table *t = NULL;
  series s = {.spec = spec, .problems = problems};
  format.delimiter = ';';
  format.decimal = ',';
  const fm_csv_format *used = spec->format != NULL ? spec->format : &format;
  fm_status status = fm__csv_format_take(&s.format, used, err);
  if (status == FM_OK)
    status = fm__csv_read_file(&t, problems, path, &schema, used, 0, run, err);
  s.t = t;
  if (status == FM_OK)
    status = make(&s, out, err);
  fm__free(s.role);
  fm__free(s.start);
  fm__free(s.end);
  fm__free(s.kind);
  fm_table_destroy(t);
  return status;
}

fm_status fm_series_read(fm_table **out, fm_table **problems, const char *path, const fm_series_spec *spec,
                         const fm_run *run, fm_error *err)
{
  fm_series_spec taken = defaults;
  *out = NULL;
  if (problems != NULL)
    *problems = NULL;
  fm_status status = fm__spec_take(&taken, sizeof taken, spec, "fm_series_spec", err);
  if (status == FM_OK && (taken.preliminary < -1 || taken.preliminary > 12))
    status = fm__fail(err, FM_ERR_ARGUMENT, "preliminary is %d, expected -1 to 12", taken.preliminary);
  if (status != FM_OK)
    return status;
  fm__problems *list = fm__problems_create();
  if (list == NULL)
    return fm__no_memory(err);
  status = read_series(out, list, path, &taken, run, err);
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA)) {
    fm_error again = FM_ERROR_INIT;
    if (fm__problems_table(list, problems, &again) != FM_OK) {
      if (err != NULL)
        fm_error_clear(err);
      fm_table_destroy(*out);
      *out = NULL;
      status = fm__no_memory(err);
    }
  }
  fm__problems_destroy(list);
  return status;
}
