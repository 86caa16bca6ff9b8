/* Results of several imputations as one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/num_priv.h"
#include "survey/rubin_priv.h"
#include "survey/survey_priv.h"

/* Columns that are combined; all before `unit`, `unit` itself and `level` tell rows apart. */
enum { VALUE, STD_ERROR, CI_LOW, CI_HIGH, LEVEL, N, PEOPLE, WEIGHT, STATE, N_MEASURED };
static const struct {
  const char *name;
  int32_t type;
} measured[N_MEASURED] = {
    [VALUE] = {"value", FM_F64},     [STD_ERROR] = {"std_error", FM_F64}, [CI_LOW] = {"ci_low", FM_F64},
    [CI_HIGH] = {"ci_high", FM_F64}, [LEVEL] = {"level", FM_F64},         [N] = {"n", FM_I64},
    [PEOPLE] = {"people", FM_I64},   [WEIGHT] = {"weight", FM_F64},       [STATE] = {"state", FM_CODE}};

typedef struct combining {
  const fm_table *const *results;
  size_t m;
  size_t n_keys;               /* columns 0 to n_keys - 1 and those measured, in the order of `measured` */
  size_t at[N_MEASURED];       /* places of the measured ones, the same in all */
  int64_t df;                  /* place of `df`, -1: none */
  size_t *row;                 /* row of each result for the figure at hand */
  double *estimate, *variance; /* m each */
  fm__texts *figures;          /* keys as text, by row of the first result */
  uint64_t **rows;             /* for each result but the first, the row of each figure */
  double degrees_of_freedom;
} combining;

static void free_combining(combining *c)
{
  for (size_t k = 0; c->rows != NULL && k < c->m; k++)
    fm__free(c->rows[k]);
  fm__free(c->rows);
  fm__free(c->row);
  fm__free(c->estimate);
  fm__free(c->variance);
  fm__texts_destroy(c->figures);
}

/* ---- the columns ---- */

/* Whether a column tells rows apart: those of the head up to `unit`, without `value`. */
static bool is_key(const combining *c, size_t column)
{
  return column < c->n_keys && column != c->at[VALUE];
}

static fm_status find_columns(combining *c, fm_error *err)
{
  const fm_table *t = c->results[0];
  fm_status status = fm__table_require_sealed(t, err);
  for (size_t k = 0; k < N_MEASURED && status == FM_OK; k++)
    status = fm__table_find(t, measured[k].name, measured[k].type, &c->at[k], err);
  size_t unit = 0;
  if (status == FM_OK)
    status = fm__table_find(t, "unit", FM_CODE, &unit, err);
  c->n_keys = unit + 1;
  c->df = fm_table_column_index(t, "df");
  if (status == FM_OK && c->df >= 0)
    status = fm__table_find(t, "df", FM_F64, &unit, err);
  return status;
}

static fm_status same_columns(const combining *c, const fm_table *other, size_t k, fm_error *err)
{
  const fm_table *t = c->results[0];
  fm_status status = fm__table_require_sealed(other, err);
  if (status != FM_OK)
    return status;
  bool same = fm_table_n_columns(t) == fm_table_n_columns(other) && fm_table_n_rows(t) == fm_table_n_rows(other);
  for (size_t i = 0; i < fm_table_n_columns(t) && same; i++)
    same = strcmp(fm_table_column_name(t, i), fm_table_column_name(other, i)) == 0 &&
           fm_table_column_type(t, i) == fm_table_column_type(other, i);
  if (same)
    return FM_OK;
  return fm__fail(err, FM_ERR_MISMATCH,
                  "combining imputations: result %zu has other columns or another number of rows than the first; "
                  "expected results of one measure with the same groups",
                  k + 1);
}

/* ---- the rows ---- */

/* A cell as bytes that no other value shares. */
static void put_cell(fm__bytes *b, const fm_table *t, size_t column, size_t row)
{
  size_t length = 0;
  const char *text;
  bool given = fm_table_is_null(t, column, row) == 0;
  fm__bytes_u8(b, given ? 1 : 0);
  if (!given)
    return;
  switch (fm_table_column_type(t, column)) {
  case FM_CODE:
    text = fm_table_text(t, column, row, &length);
    fm__bytes_text(b, text, length);
    break;
  case FM_F64:
    fm__bytes_f64(b, fm_table_f64(t, column)[row] + 0.0);
    break;
  case FM_I64:
    fm__bytes_i64(b, fm_table_i64(t, column)[row]);
    break;
  case FM_BOOL:
    fm__bytes_u8(b, fm_table_bool(t, column)[row]);
    break;
  default:
    fm__bytes_i64(b, fm_table_i32(t, column)[row]);
  }
}

static bool key_of(fm__bytes *b, const combining *c, const fm_table *t, size_t row)
{
  b->size = 0;
  for (size_t k = 0; k < c->n_keys; k++)
    if (is_key(c, k))
      put_cell(b, t, k, row);
  put_cell(b, t, c->at[LEVEL], row);
  return !b->failed;
}

static fm_status bad_row(size_t result, size_t row, const char *what, fm_error *err)
{
  fm__fail(err, FM_ERR_MISMATCH, "combining imputations: result %zu, row %zu: %s", result + 1, row, what);
  fm__error_place(err, NULL, NULL, -1, (int64_t)row, -1);
  return FM_ERR_MISMATCH;
}

static fm_status number_first(combining *c, fm__bytes *b, fm_error *err)
{
  const fm_table *t = c->results[0];
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    if (!key_of(b, c, t, i))
      return fm__no_memory(err);
    int64_t number = fm__texts_add(c->figures, (const char *)b->data, b->size);
    if (number < 0)
      return fm__no_memory(err);
    if ((size_t)number != i)
      return bad_row(0, i, "this figure is there twice", err);
  }
  return FM_OK;
}

static fm_status match(combining *c, fm__bytes *b, size_t k, fm_error *err)
{
  const fm_table *t = c->results[k];
  size_t n = fm_table_n_rows(t);
  c->rows[k] = fm__array(n, sizeof *c->rows[k]);
  if (c->rows[k] == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++)
    c->rows[k][i] = UINT64_MAX;
  for (size_t i = 0; i < n; i++) {
    if (!key_of(b, c, t, i))
      return fm__no_memory(err);
    int64_t number = fm__texts_find(c->figures, (const char *)b->data, b->size);
    if (number < 0)
      return bad_row(k, i, "the first result has no such figure", err);
    if (c->rows[k][number] != UINT64_MAX)
      return bad_row(k, i, "this figure is there twice", err);
    c->rows[k][number] = i;
  }
  return FM_OK;
}

static fm_status match_all(combining *c, fm_error *err)
{
  fm__bytes b = {0};
  c->figures = fm__texts_create();
  c->rows = fm__array(c->m, sizeof *c->rows);
  c->row = fm__array(c->m, sizeof *c->row);
  c->estimate = fm__array(c->m, sizeof *c->estimate);
  c->variance = fm__array(c->m, sizeof *c->variance);
  if (c->figures == NULL || c->rows == NULL || c->row == NULL || c->estimate == NULL || c->variance == NULL)
    return fm__no_memory(err);
  fm_status status = number_first(c, &b, err);
  for (size_t k = 1; k < c->m && status == FM_OK; k++) {
    status = same_columns(c, c->results[k], k, err);
    if (status == FM_OK)
      status = match(c, &b, k, err);
  }
  fm__bytes_free(&b);
  return status;
}

/* ---- one figure ---- */

static double number(const combining *c, size_t k, size_t column)
{
  const fm_table *t = c->results[k];
  return fm_table_is_null(t, column, c->row[k]) ? FM_NAN : fm_table_f64(t, column)[c->row[k]];
}

static const char *state(const combining *c, size_t k)
{
  const char *text = fm_table_text(c->results[k], c->at[STATE], c->row[k], NULL);
  return text != NULL ? text : FM__UNDEFINED;
}

/* The state all share; `suppressed` when any is; else the first that is not "ok" when each has a value. */
static const char *state_of(const combining *c, bool *hidden, bool *complete)
{
  const char *first = state(c, 0), *odd = NULL;
  bool same = true;
  *hidden = false;
  *complete = true;
  for (size_t k = 0; k < c->m; k++) {
    const char *here = state(c, k);
    *hidden = *hidden || strcmp(here, FM__SUPPRESSED) == 0;
    *complete = *complete && isfinite(number(c, k, c->at[VALUE]));
    same = same && strcmp(here, first) == 0;
    if (odd == NULL && strcmp(here, FM__OK) != 0)
      odd = here;
  }
  *complete = *complete && !*hidden;
  if (*hidden)
    return FM__SUPPRESSED;
  if (same && (*complete || strcmp(first, FM__OK) != 0))
    return first;
  return *complete ? odd : FM__UNDEFINED;
}

/* The smallest of the counts; -1 when any is missing. */
static int64_t least_of(const combining *c, size_t column)
{
  int64_t least = INT64_MAX;
  for (size_t k = 0; k < c->m; k++) {
    if (fm_table_is_null(c->results[k], column, c->row[k]))
      return -1;
    int64_t v = fm_table_i64(c->results[k], column)[c->row[k]];
    least = v < least ? v : least;
  }
  return least;
}

static double mean_of(const combining *c, size_t column)
{
  fm__sum sum = {0};
  for (size_t k = 0; k < c->m; k++)
    fm__sum_add(&sum, number(c, k, column) / (double)c->m);
  return fm__sum_value(&sum);
}

/* Whether the inputs' limits lie inside 0 and 1 and not symmetrically, as those of rates do. */
static bool is_rate(const combining *c)
{
  bool skewed = false;
  for (size_t k = 0; k < c->m; k++) {
    double value = number(c, k, c->at[VALUE]), low = number(c, k, c->at[CI_LOW]);
    double high = number(c, k, c->at[CI_HIGH]);
    if (!(low >= 0 && high <= 1))
      return false;
    skewed = skewed || fabs((high - value) - (value - low)) > 1e-9 * (high - low);
  }
  return skewed;
}

/* The least degrees of freedom of the inputs, or those given. */
static double complete_df(const combining *c)
{
  double least = INFINITY;
  for (size_t k = 0; k < c->m && c->df >= 0; k++) {
    double v = number(c, k, (size_t)c->df);
    if (isnan(v))
      return c->degrees_of_freedom;
    least = fmin(least, v);
  }
  return c->df >= 0 ? least : c->degrees_of_freedom;
}

/* Powers of two keep squares within the range of doubles. */
static double unit_of(const combining *c)
{
  double most = 0;
  int exponent = 0;
  for (size_t k = 0; k < c->m; k++)
    most = fmax(most, fmax(fabs(number(c, k, c->at[VALUE])), fabs(number(c, k, c->at[STD_ERROR]))));
  if (most > 0)
    frexp(most, &exponent);
  return ldexp(1, exponent < -1000 ? 1000 : -exponent);
}

typedef struct figure {
  double value, std_error, low, high, df, missing_share;
} figure;

static figure combine_figure(const combining *c)
{
  figure f = {FM_NAN, FM_NAN, FM_NAN, FM_NAN, FM_NAN, FM_NAN};
  double unit = unit_of(c), level = number(c, 0, c->at[LEVEL]), complete = complete_df(c);
  bool errors = true;
  for (size_t k = 0; k < c->m; k++) {
    double error = number(c, k, c->at[STD_ERROR]) * unit;
    errors = errors && error >= 0 && error < INFINITY;
    c->estimate[k] = number(c, k, c->at[VALUE]) * unit;
    c->variance[k] = errors ? error * error : 0;
  }
  fm__rubin r = fm__rubin_of(c->estimate, c->variance, c->m, complete > 0 ? complete : INFINITY);
  f.value = r.estimate / unit;
  if (!errors || !(complete > 0))
    return f;
  f.std_error = sqrt(r.variance) / unit;
  f.df = r.degrees_of_freedom;
  f.missing_share = r.missing_share;
  fm__survey_limits(&f.low, &f.high, f.value, f.std_error, f.df, level, is_rate(c));
  return f;
}

/* ---- the table ---- */

static void copy_cell(fm__builder *b, size_t to, const fm_table *t, size_t column, size_t row)
{
  size_t length = 0;
  const char *text;
  if (fm_table_is_null(t, column, row)) {
    fm__builder_null(b, to);
    return;
  }
  switch (fm_table_column_type(t, column)) {
  case FM_CODE:
    text = fm_table_text(t, column, row, &length);
    fm__builder_text(b, to, text, length);
    break;
  case FM_F64:
    fm__builder_f64(b, to, fm_table_f64(t, column)[row]);
    break;
  case FM_I64:
    fm__builder_i64(b, to, fm_table_i64(t, column)[row]);
    break;
  case FM_BOOL:
    fm__builder_bool(b, to, fm_table_bool(t, column)[row] != 0);
    break;
  default:
    fm__builder_i32(b, to, fm_table_i32(t, column)[row]);
  }
}

static void put_number(fm__builder *b, size_t to, double v)
{
  if (isnan(v))
    fm__builder_null(b, to);
  else
    fm__builder_f64(b, to, v);
}

static void put_count(fm__builder *b, size_t to, int64_t v)
{
  if (v < 0)
    fm__builder_null(b, to);
  else
    fm__builder_i64(b, to, v);
}

static void add_row(fm__builder *b, const combining *c, size_t row)
{
  bool hidden, complete;
  const char *name = state_of(c, &hidden, &complete);
  figure f = {FM_NAN, FM_NAN, FM_NAN, FM_NAN, FM_NAN, FM_NAN};
  if (complete)
    f = combine_figure(c);
  size_t to = c->n_keys;
  for (size_t k = 0; k < c->n_keys; k++)
    if (is_key(c, k))
      copy_cell(b, k, c->results[0], k, row);
  put_number(b, c->at[VALUE], f.value);
  put_number(b, to++, f.std_error);
  put_number(b, to++, f.low);
  put_number(b, to++, f.high);
  copy_cell(b, to++, c->results[0], c->at[LEVEL], row);
  put_count(b, to++, hidden ? -1 : least_of(c, c->at[N]));
  put_count(b, to++, hidden ? -1 : least_of(c, c->at[PEOPLE]));
  put_number(b, to++, hidden ? FM_NAN : mean_of(c, c->at[WEIGHT]));
  fm__builder_text(b, to++, name, strlen(name));
  put_number(b, to++, f.df);
  put_number(b, to, f.missing_share);
}

static fm_status make_columns(fm__builder *b, const combining *c, fm_error *err)
{
  const fm_table *t = c->results[0];
  fm_status status = FM_OK;
  for (size_t k = 0; k < c->n_keys && status == FM_OK; k++)
    status = fm__builder_column(b, fm_table_column_name(t, k), fm_table_column_type(t, k), NULL, err);
  for (size_t k = STD_ERROR; k < N_MEASURED && status == FM_OK; k++)
    status = fm__builder_column(b, measured[k].name, measured[k].type, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "df", FM_F64, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(b, "missing_share", FM_F64, NULL, err);
  return status;
}

/* Those that all results share. */
static void copy_notes(fm__builder *b, const combining *c)
{
  const fm_table *t = c->results[0];
  for (size_t i = 0; i < fm_table_n_notes(t); i++) {
    const char *key = fm_table_note_key(t, i), *value = fm_table_note(t, key);
    bool same = true;
    for (size_t k = 1; k < c->m && same; k++) {
      const char *other = fm_table_note(c->results[k], key);
      same = other != NULL && strcmp(other, value) == 0;
    }
    if (same)
      fm__builder_note(b, key, value);
  }
}

static fm_status write_out(fm_table **out, const combining *c, fm_error *err)
{
  const fm_table *t = c->results[0];
  fm__builder *b = NULL;
  char text[24];
  fm_status status = fm__builder_create(&b, fm_table_name(t), err);
  if (status == FM_OK)
    status = make_columns(b, c, err);
  if (status != FM_OK) {
    fm__builder_destroy(b);
    return status;
  }
  for (size_t i = 0; i < fm_table_n_rows(t); i++) {
    c->row[0] = i;
    for (size_t k = 1; k < c->m; k++)
      c->row[k] = (size_t)c->rows[k][i];
    add_row(b, c, i);
  }
  copy_notes(b, c);
  snprintf(text, sizeof text, "%zu", c->m);
  fm__builder_note(b, "imputations", text);
  return fm__builder_finish(b, out, err);
}

fm_status fm_survey_combine(fm_table **out, const fm_table *const *results, size_t m, double degrees_of_freedom,
                            fm_error *err)
{
  combining c = {.results = results, .m = m, .degrees_of_freedom = degrees_of_freedom};
  *out = NULL;
  fm_status status = fm__rubin_check(m, &c.degrees_of_freedom, err);
  if (status == FM_OK)
    status = find_columns(&c, err);
  if (status == FM_OK)
    status = match_all(&c, err);
  if (status == FM_OK)
    status = write_out(out, &c, err);
  free_combining(&c);
  return status;
}
