/* Observations from a result table: which series a figure is, which code a group has, what its state says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/num_priv.h"
#include "sdg/sdmx_priv.h"

enum {
  INDICATOR,
  DEFINITION,
  QUANTITY,
  VALUE,
  UNIT,
  STATE,
  CI_LOW,
  CI_HIGH,
  PERIOD_START,
  PERIOD_END,
  SINCE,
  PERIOD,
  N_READ
};
static const char *const read_names[N_READ] = {"indicator",    "definition", "quantity", "value",
                                               "unit",         "state",      "ci_low",   "ci_high",
                                               "period_start", "period_end", "since",    "period"};
static const char *const other_names[] = {"std_error", "level", "n", "people", "weight"};

enum { GROUP, READ, CUSTOM, NO_BREAKDOWN };

typedef struct result {
  fm__sdmx *s;
  size_t columns[N_READ]; /* SIZE_MAX: not there */
  uint8_t *role;          /* of each column of the table */
  size_t row;             /* of the table */
  size_t n_left_out, first_left_out;
} result;

static fm__slice text_at(const result *r, size_t column, char scratch[48])
{
  fm__slice out = {NULL, 0};
  if (column != SIZE_MAX)
    out.text = fm__sdmx_plain(r->s->t, column, r->row, scratch, &out.length);
  if (out.text != NULL)
    fm__trim(&out.text, &out.length);
  return out;
}

/* A figure; NaN where there is none. Text that is no number is listed. */
static double number_at(const result *r, size_t column)
{
  char scratch[48];
  double v = NAN;
  fm__slice text = text_at(r, column, scratch);
  if (text.text != NULL && fm_table_column_type(r->s->t, column) == FM_F64)
    return fm_table_f64(r->s->t, column)[r->row];
  if (text.text != NULL && !fm__parse_f64(text.text, text.length, '.', &v))
    fm__sdmx_problem(r->s, "FM-N01", r->row, fm_table_column_name(r->s->t, column), text, "not a number",
                     "a number with a point", NULL);
  return v;
}

/* ---- columns ---- */

static fm_status find_columns(result *r, fm_error *err)
{
  static const int needed[] = {INDICATOR, DEFINITION, QUANTITY, VALUE};
  const fm_table *t = r->s->t;
  for (int k = 0; k < N_READ; k++) {
    int64_t column = fm_table_column_index(t, read_names[k]);
    r->columns[k] = column >= 0 ? (size_t)column : SIZE_MAX;
  }
  for (size_t i = 0; i < FM__COUNT(needed); i++) {
    size_t column;
    fm_status status = fm__table_find(t, read_names[needed[i]], needed[i] == VALUE ? 0 : FM_CODE, &column, err);
    if (status != FM_OK)
      return status;
  }
  return FM_OK;
}

static bool is_read(const char *name)
{
  for (int k = 0; k < N_READ; k++)
    if (strcmp(name, read_names[k]) == 0)
      return true;
  for (size_t k = 0; k < FM__COUNT(other_names); k++)
    if (strcmp(name, other_names[k]) == 0)
      return true;
  return false;
}

/* Row by row of own and built-in sdmx_groups or sdmx_measures; false at the end. */
static bool next_rule(const fm_sdmx_codes *c, int kind, size_t *which, size_t *row, const fm__sheet **sheet)
{
  for (++*row; *which < 2; ++*which, *row = 0) {
    *sheet = &c->sheets[kind][*which];
    if ((*sheet)->t != NULL && *row < fm_table_n_rows((*sheet)->t))
      return true;
  }
  return false;
}

/* Rules are walked from the one before the first. */
#define FIRST_RULE SIZE_MAX

static bool is_no_breakdown(const fm_sdmx_codes *c, const char *name)
{
  const fm__sheet *g;
  fm__slice itself = {name, strlen(name)};
  for (size_t which = 0, row = FIRST_RULE; next_rule(c, FM__SDMX_GROUPS, &which, &row, &g);)
    if (fm__in_list(fm__sheet_cell(g, row, FM__G_COLUMN), '|', itself))
      return strcmp(fm__sheet_cell(g, row, FM__G_COMPONENT), "-") == 0 ||
             strcmp(fm__sheet_cell(g, row, FM__G_COMPONENT), "OBS_STATUS") == 0;
  return false;
}

static fm_status find_roles(result *r, fm_error *err)
{
  const fm_table *t = r->s->t;
  const char *custom = r->s->spec->custom;
  fm__slice name;
  r->role = fm__array(fm_table_n_columns(t), sizeof *r->role);
  if (r->role == NULL)
    return fm__no_memory(err);
  while (fm__slice_next(&custom, ',', &name)) {
    size_t k = 0;
    while (k < fm_table_n_columns(t) && !fm__slice_is(name, fm_table_column_name(t, k)))
      k++;
    if (name.length > 0 && (k == fm_table_n_columns(t) || is_read(fm_table_column_name(t, k))))
      return fm__fail(err, FM_ERR_NOT_FOUND, "custom: table %s has no group column %.*s", fm_table_name(t),
                      (int)(name.length < 60 ? name.length : 60), name.text);
  }
  if (r->s->spec->custom != NULL && r->s->codes->custom == FM__SDMX_NO_PART)
    return fm__fail(err, FM_ERR_ARGUMENT, "custom: the structure has no component CUST_BREAKDOWN");
  for (size_t k = 0; k < fm_table_n_columns(t); k++) {
    const char *column = fm_table_column_name(t, k);
    r->role[k] = is_read(column)                                                             ? READ
                 : fm__in_list(r->s->spec->custom, ',', (fm__slice){column, strlen(column)}) ? CUSTOM
                 : is_no_breakdown(r->s->codes, column)                                      ? NO_BREAKDOWN
                                                                                             : GROUP;
  }
  return FM_OK;
}

/* ---- groups ---- */

/* Component and code of a group's value by the table sdmx_groups; FM__SDMX_NO_PART: none. */
static size_t find_group(const result *r, const char *column, fm__slice value, char code[64])
{
  const fm_sdmx_codes *c = r->s->codes;
  const fm__sheet *g;
  fm__slice itself = {column, strlen(column)};
  size_t of_column = FM__SDMX_NO_PART;
  fm__places places;
  for (size_t which = 0, row = FIRST_RULE; next_rule(c, FM__SDMX_GROUPS, &which, &row, &g);) {
    const char *component = fm__sheet_cell(g, row, FM__G_COMPONENT);
    if (!fm__in_list(fm__sheet_cell(g, row, FM__G_COLUMN), '|', itself))
      continue;
    size_t part = fm__sdmx_part_called(c, component, strlen(component));
    of_column = of_column == FM__SDMX_NO_PART ? part : of_column;
    if (part != FM__SDMX_NO_PART && fm__pattern_match(fm__sheet_cell(g, row, FM__G_VALUE), value, &places) &&
        fm__pattern_fill(code, 64, fm__sheet_cell(g, row, FM__G_CODE), &places))
      return part;
  }
  if (of_column != FM__SDMX_NO_PART && c->parts[of_column].list != SIZE_MAX && value.length < 64 &&
      fm__sdmx_find(c, c->parts[of_column].list, value.text, value.length) >= 0) { /* the code itself */
    memcpy(code, value.text, value.length);
    code[value.length] = '\0';
    return of_column;
  }
  return FM__SDMX_NO_PART;
}

/* Label of a national breakdown: "municipality: Aarhus; target_group: refugee". */
static void put_label(fm__sdmx *s, size_t row, const char *column, fm__slice value)
{
  char label[1024];
  size_t before;
  const char *now = fm__sdmx_cell(s, row, s->codes->label, &before);
  int n = snprintf(label, sizeof label, "%.*s%s%s: %.*s", (int)(before < 900 ? before : 900), now != NULL ? now : "",
                   now != NULL ? "; " : "", column, (int)(value.length < 400 ? value.length : 400), value.text);
  fm__sdmx_put(s, row, s->codes->label, label, (size_t)n < sizeof label ? (size_t)n : sizeof label - 1);
}

static void put_groups(result *r, size_t row, bool tell)
{
  fm__sdmx *s = r->s;
  for (size_t k = 0; k < fm_table_n_columns(s->t); k++) {
    char scratch[48], code[64];
    const char *column = fm_table_column_name(s->t, k);
    fm__slice value = text_at(r, k, scratch);
    if (value.text == NULL || value.length == 0 || r->role[k] == READ || r->role[k] == NO_BREAKDOWN)
      continue;
    size_t part = find_group(r, column, value, code);
    if (r->role[k] == CUSTOM) {
      put_label(s, row, column, value);
      part = part == s->codes->custom ? part : FM__SDMX_NO_PART;
    } else if (part == FM__SDMX_NO_PART && tell) {
      fm__sdmx_problem(s, "FM-K04", r->row, column, value, "a group without a code of the structure",
                       "a column and value of the table sdmx_groups",
                       "add it there, or name the column as a national breakdown (custom)");
    } else if (part != FM__SDMX_NO_PART && !fm__sdmx_is_empty(s, row, part) && tell) {
      fm__sdmx_problem(s, "FM-K04", r->row, column, value, "a second breakdown of one component",
                       s->codes->parts[part].name, "leave one of the columns out");
    }
    if (part != FM__SDMX_NO_PART)
      fm__sdmx_put(s, row, part, code, strlen(code));
  }
}

/* ---- which series ---- */

static bool is_word(char c)
{
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/* Is the word one of those in the text, which are parted by anything but letters, digits, _ and -? */
static bool has_word(fm__slice text, fm__slice word)
{
  size_t i = 0;
  while (text.text != NULL && i < text.length) {
    size_t n = 0;
    while (i + n < text.length && is_word(text.text[i + n]))
      n++;
    if (n == word.length && memcmp(text.text + i, word.text, n) == 0)
      return true;
    i += n + 1;
  }
  return false;
}

static bool has_any_word(fm__slice text, const char *words)
{
  fm__slice word;
  while (fm__slice_next(&words, '|', &word))
    if (has_word(text, word))
      return true;
  return false;
}

static bool same_number(fm__slice a, fm__slice b)
{
  double x, y;
  return a.text != NULL && b.text != NULL && fm__parse_f64(a.text, a.length, '.', &x) &&
         fm__parse_f64(b.text, b.length, '.', &y) && x == y;
}

/* All conditions column=value; numbers are compared as numbers, a blank value asks for a missing cell. */
static bool conditions_hold(const result *r, const char *when)
{
  fm__slice pair, name, wanted;
  while (fm__slice_next(&when, ';', &pair)) {
    char column[64], scratch[48];
    fm__slice_pair(pair, &name, &wanted);
    if (pair.length == 0)
      continue;
    snprintf(column, sizeof column, "%.*s", (int)(name.length < 63 ? name.length : 63), name.text);
    int64_t k = fm_table_column_index(r->s->t, column);
    fm__slice found = text_at(r, k >= 0 ? (size_t)k : SIZE_MAX, scratch);
    bool same =
        found.length == wanted.length && (found.length == 0 || memcmp(found.text, wanted.text, found.length) == 0);
    if (!same && !same_number(found, wanted))
      return false;
  }
  return true;
}

static bool is_broken_down(const fm__sdmx *s, size_t row, const char *component)
{
  size_t part = fm__sdmx_part_called(s->codes, component, strlen(component)), length;
  const char *text = fm__sdmx_cell(s, row, part, &length);
  return text != NULL && strcmp(text, s->codes->parts[part].fallback) != 0;
}

typedef struct rule {
  const fm__sheet *sheet; /* NULL: none */
  size_t row;
} rule;

static bool may_be(const result *r, const rule *candidate, size_t row)
{
  char scratch[48];
  const char *quantity = fm__sheet_cell(candidate->sheet, candidate->row, FM__M_QUANTITY);
  const char *needs = fm__sheet_cell(candidate->sheet, candidate->row, FM__M_NEEDS);
  fm__slice indicator = text_at(r, r->columns[INDICATOR], scratch), is = text_at(r, r->columns[QUANTITY], scratch);
  return fm__slice_is(indicator, fm__sheet_cell(candidate->sheet, candidate->row, FM__M_INDICATOR)) &&
         (quantity[0] == '\0' || fm__in_list(quantity, '|', is)) &&
         conditions_hold(r, fm__sheet_cell(candidate->sheet, candidate->row, FM__M_WHEN)) &&
         (needs[0] == '\0' || is_broken_down(r->s, row, needs));
}

/* The first rule for the row; *undecided: the first that only its definition keeps from being it. */
static rule find_series(const result *r, size_t row, rule *undecided)
{
  const fm_sdmx_codes *c = r->s->codes;
  char scratch[48];
  fm__slice own = text_at(r, r->columns[DEFINITION], scratch);
  const char *given = r->s->spec->definition;
  rule found = {NULL, 0}, by_spec = {NULL, 0}, at;
  *undecided = (rule){NULL, 0};
  at.row = FIRST_RULE;
  for (size_t which = 0; found.sheet == NULL && next_rule(c, FM__SDMX_MEASURES, &which, &at.row, &at.sheet);) {
    if (!may_be(r, &at, row))
      continue;
    const char *words = fm__sheet_cell(at.sheet, at.row, FM__M_DEFINITION);
    if (words[0] == '\0' || has_any_word(own, words))
      found = at;
    else if (by_spec.sheet == NULL && given != NULL && has_any_word((fm__slice){given, strlen(given)}, words))
      by_spec = at;
    else if (undecided->sheet == NULL)
      *undecided = at;
  }
  return found.sheet != NULL ? found : by_spec;
}

/* Words of definitions that would decide the row's series. */
static void list_definitions(const result *r, size_t row, char *out, size_t size)
{
  rule at = {NULL, FIRST_RULE};
  size_t n = (size_t)snprintf(out, size, "a definition that says");
  for (size_t which = 0; next_rule(r->s->codes, FM__SDMX_MEASURES, &which, &at.row, &at.sheet);)
    if (may_be(r, &at, row) && n + 80 < size)
      n += (size_t)snprintf(out + n, size - n, "%s %.60s", n > 22 ? " or" : "",
                            fm__sheet_cell(at.sheet, at.row, FM__M_DEFINITION));
}

/* ---- a row ---- */

/* The first rule of sdmx_groups for OBS_STATUS that a column of the row fulfils. */
static void put_status(result *r, size_t row)
{
  const fm_sdmx_codes *c = r->s->codes;
  const fm__sheet *g;
  fm__places places;
  for (size_t which = 0, at = FIRST_RULE; next_rule(c, FM__SDMX_GROUPS, &which, &at, &g);) {
    const char *columns = fm__sheet_cell(g, at, FM__G_COLUMN);
    fm__slice name;
    if (strcmp(fm__sheet_cell(g, at, FM__G_COMPONENT), "OBS_STATUS") != 0)
      continue;
    while (fm__slice_next(&columns, '|', &name)) {
      char scratch[48], column[64];
      snprintf(column, sizeof column, "%.*s", (int)(name.length < 63 ? name.length : 63), name.text);
      int64_t k = fm_table_column_index(r->s->t, column);
      fm__slice value = text_at(r, k >= 0 ? (size_t)k : SIZE_MAX, scratch);
      const char *code = fm__sheet_cell(g, at, FM__G_CODE);
      if (value.text != NULL && fm__pattern_match(fm__sheet_cell(g, at, FM__G_VALUE), value, &places)) {
        fm__sdmx_put(r->s, row, c->status, code, strlen(code));
        return;
      }
    }
  }
}

static bool says_no_value(const fm__sdmx *s, size_t row)
{
  const fm_sdmx_codes *c = s->codes;
  size_t length;
  const char *status = fm__sdmx_cell(s, row, c->status, &length);
  int64_t e = status != NULL ? fm__sdmx_find(c, c->parts[c->status].list, status, length) : -1;
  return e >= 0 && c->entries[e].kind == FM__SDMX_CODES &&
         strcmp(fm__sheet_cell(&c->sheets[FM__SDMX_CODES][c->entries[e].which], c->entries[e].row, FM__C_VALUE),
                "no") == 0;
}

static void put_figures(result *r, size_t row, int32_t shift)
{
  const fm_sdmx_codes *c = r->s->codes;
  const size_t parts[] = {c->value, c->upper, c->lower};
  const int columns[] = {VALUE, CI_HIGH, CI_LOW};
  if (says_no_value(r->s, row)) /* nothing that would tell a hidden figure */
    return;
  for (size_t k = 0; k < FM__COUNT(parts); k++) {
    char text[48];
    double v = number_at(r, r->columns[columns[k]]);
    if (isfinite(v))
      fm__sdmx_put(r->s, row, parts[k], text, fm__sdmx_number(text, v, shift));
  }
}

/* The year of the last day, or of a decimal year (its floor); two years as a range in TIME_DETAIL. */
static void put_period(result *r, size_t row)
{
  char years[2][48];
  fm__slice start, end;
  if (r->s->spec->period != NULL || !fm__sdmx_is_empty(r->s, row, r->s->codes->period))
    return;
  start = text_at(r, r->columns[PERIOD_START], years[0]);
  end = text_at(r, r->columns[PERIOD_END], years[1]);
  if (start.text == NULL && end.text == NULL) {
    start = text_at(r, r->columns[SINCE], years[0]);
    end = text_at(r, r->columns[PERIOD], years[1]);
  }
  if (end.text == NULL)
    end = start;
  if (end.length < 4)
    return;
  fm__sdmx_put(r->s, row, r->s->codes->period, end.text, 4);
  if (start.length >= 4 && memcmp(start.text, end.text, 4) != 0) {
    char range[16];
    snprintf(range, sizeof range, "%.4s-%.4s", start.text, end.text);
    fm__sdmx_put(r->s, row, r->s->codes->detail, range, 9);
  }
}

/* What the caller sets for all rows comes before what the series is set to. */
static void put_row(result *r, size_t row, const rule *series)
{
  fm__sdmx *s = r->s;
  const char *name = fm__sheet_cell(series->sheet, series->row, FM__M_SERIES);
  long shift = strtol(fm__sheet_cell(series->sheet, series->row, FM__M_SHIFT), NULL, 10);
  char scratch[48];
  if (fm__slice_is(text_at(r, r->columns[UNIT], scratch), "percent")) /* its point has moved already */
    shift = 0;
  fm__sdmx_put(s, row, s->codes->series, name, strlen(name));
  put_status(r, row);
  put_figures(r, row, (int32_t)shift);
  put_period(r, row);
  fm__sdmx_set(s, row, s->spec->set);
  fm__sdmx_set(s, row, fm__sheet_cell(series->sheet, series->row, FM__M_SET));
}

static void leave_out(result *r)
{
  r->s->n_rows--;
  r->first_left_out = r->n_left_out++ == 0 ? r->row : r->first_left_out;
}

static void take_row(result *r)
{
  fm__sdmx *s = r->s;
  rule undecided, found;
  size_t row = fm__sdmx_add_row(s, r->row);
  if (row == SIZE_MAX)
    return;
  put_groups(r, row, false);
  found = find_series(r, row, &undecided);
  const rule *meant = found.sheet != NULL ? &found : &undecided;
  const char *name = meant->sheet != NULL ? fm__sheet_cell(meant->sheet, meant->row, FM__M_SERIES) : "";
  if (name[0] == '\0' ||
      (s->spec->series != NULL && !fm__in_list(s->spec->series, ',', (fm__slice){name, strlen(name)}))) {
    leave_out(r);
    return;
  }
  if (found.sheet == NULL) {
    char expected[400], scratch[48];
    list_definitions(r, row, expected, sizeof expected);
    fm__sdmx_problem(s, "FM-K03", r->row, "definition", text_at(r, r->columns[DEFINITION], scratch),
                     "a definition that does not decide the series", expected,
                     "the published series differ by it; say which one was used (definition)");
    return;
  }
  for (size_t k = 0; k < s->codes->n_parts; k++)
    s->cells[row * s->codes->n_parts + k] = -1;
  put_groups(r, row, true);
  put_row(r, row, &found);
}

static void tell_left_out(const result *r)
{
  fm__problem p = FM__PROBLEM_INIT;
  char what[80];
  if (r->n_left_out == 0)
    return;
  if (r->n_left_out == 1)
    snprintf(what, sizeof what, "a row that belongs to no series asked for is left out");
  else
    snprintf(what, sizeof what, "%zu rows that belong to no series asked for are left out", r->n_left_out);
  p.code = "FM-K06";
  p.severity = FM__NOTE;
  p.table = fm_table_name(r->s->t);
  p.what = what;
  p.row = (int64_t)r->first_left_out;
  p.line = fm_table_line(r->s->t, r->first_left_out);
  fm__problems_add(r->s->problems, &p);
}

/* ---- national breakdowns ---- */

typedef struct label {
  char *text;     /* a copy: texts move as codes are added */
  int32_t number; /* among the texts */
} label;

static int by_bytes(const void *a, const void *b)
{
  return strcmp(((const label *)a)->text, ((const label *)b)->text);
}

static bool is_taken(const fm__sdmx *s, const char *code)
{
  for (size_t i = 0; i < s->n_rows; i++) {
    size_t length;
    const char *text = fm__sdmx_cell(s, i, s->codes->custom, &length);
    if (text != NULL && strcmp(text, code) == 0)
      return true;
  }
  return false;
}

/* The label of a row that has no code yet, -1 for none. */
static int32_t open_label(const fm__sdmx *s, size_t row)
{
  return fm__sdmx_is_empty(s, row, s->codes->custom) && s->codes->label != FM__SDMX_NO_PART
             ? s->cells[row * s->codes->n_parts + s->codes->label]
             : -1;
}

/* Distinct labels without a code; `seen` has a flag for each text. */
static bool collect_labels(const fm__sdmx *s, label *labels, uint32_t *seen, size_t *n)
{
  for (size_t i = 0; i < s->n_rows; i++) {
    int32_t number = open_label(s, i);
    size_t length;
    if (number < 0 || seen[number] != 0)
      continue;
    const char *text = fm__texts_at(s->texts, (size_t)number, &length);
    labels[*n] = (label){fm__copy_text(text, length), number};
    if (labels[*n].text == NULL)
      return false;
    seen[number] = 1;
    ++*n;
  }
  return true;
}

/* Labels without a code get C01, C02, ... in the order of their bytes. */
static fm_status number_labels(fm__sdmx *s, fm_error *err)
{
  size_t n = 0;
  uint32_t next = 1;
  label *labels = fm__array(s->n_rows, sizeof *labels);
  uint32_t *code_of = fm__array(fm__texts_count(s->texts), sizeof *code_of);
  bool ok = labels != NULL && code_of != NULL && collect_labels(s, labels, code_of, &n);
  char code[16];
  if (ok && n > 1)
    qsort(labels, n, sizeof *labels, by_bytes);
  for (size_t i = 0; i < n && ok; i++) {
    do
      snprintf(code, sizeof code, "C%02u", (unsigned)next++);
    while (is_taken(s, code));
    code_of[labels[i].number] = next - 1;
  }
  for (size_t i = 0; i < s->n_rows && ok; i++) {
    int32_t number = open_label(s, i);
    if (number >= 0)
      fm__sdmx_put(s, i, s->codes->custom, code,
                   (size_t)snprintf(code, sizeof code, "C%02u", (unsigned)code_of[number]));
  }
  for (size_t i = 0; i < n; i++)
    fm__free(labels[i].text);
  fm__free(labels);
  fm__free(code_of);
  return ok ? FM_OK : fm__no_memory(err);
}

fm_status fm__sdmx_from_result(fm__sdmx *s, fm_error *err)
{
  result r = {.s = s};
  s->action = SIZE_MAX;
  fm_status status = find_columns(&r, err);
  if (status == FM_OK)
    status = find_roles(&r, err);
  for (; status == FM_OK && r.row < fm_table_n_rows(s->t) && !s->failed; r.row++)
    take_row(&r);
  if (status == FM_OK) {
    tell_left_out(&r);
    if (s->n_rows == 0 && !s->failed)
      fm__sdmx_problem(s, "FM-K03", SIZE_MAX, "indicator", (fm__slice){NULL, 0}, "no row belongs to a series asked for",
                       "an indicator and quantity of the table sdmx_measures", NULL);
    if (s->codes->custom != FM__SDMX_NO_PART)
      status = number_labels(s, err);
  }
  fm__free(r.role);
  return s->failed ? fm__no_memory(err) : status;
}
