/* The small rule language: read once, then one pass over the rows a condition. */
#include "register/filter_priv.h"

#include <math.h>
#include <string.h>

#include "calendar/calendar_priv.h"
#include "num/num_priv.h"
#include "table/table_priv.h"

#define LONGEST_NAME 128

enum { EQUAL, NOT_EQUAL, BELOW, AT_MOST, ABOVE, AT_LEAST };

typedef struct condition {
  int64_t column; /* in the filter's names */
  int64_t value;  /* in the filter's values */
  int op;
  bool quoted;      /* the value is text, whatever it looks like */
  bool alternative; /* an alternative begins here */
} condition;

struct fm__filter {
  condition *list;
  size_t n, capacity;
  fm__texts *names, *values;
};

void fm__filter_destroy(fm__filter *f)
{
  if (f == NULL)
    return;
  fm__texts_destroy(f->names);
  fm__texts_destroy(f->values);
  fm__free(f->list);
  fm__free(f);
}

size_t fm__filter_n_columns(const fm__filter *f)
{
  return fm__texts_count(f->names);
}

const char *fm__filter_column(const fm__filter *f, size_t k)
{
  return k < fm__texts_count(f->names) ? fm__texts_at(f->names, k, NULL) : NULL;
}

/* ---- reading ---- */
typedef struct rule_text {
  const char *all, *at;
  fm_error *err;
} rule_text;

static fm_status unclear(const rule_text *s, const char *expected)
{
  fm__fail(s->err, FM_ERR_FORMAT, "the rule is not clear at character %zu: expected %s", (size_t)(s->at - s->all) + 1,
           expected);
  fm__error_detail(s->err, "FM-X01");
  return FM_ERR_FORMAT;
}

static void skip_space(rule_text *s)
{
  while (*s->at == ' ' || *s->at == '\t')
    s->at++;
}

static bool is_sign(char c)
{
  return c != '\0' && strchr("=!<>&|\"", c) != NULL;
}

/* Up to the next sign, without the spaces at the end. */
static size_t word_length(const rule_text *s)
{
  size_t n = 0;
  while (s->at[n] != '\0' && !is_sign(s->at[n]))
    n++;
  while (n > 0 && (s->at[n - 1] == ' ' || s->at[n - 1] == '\t'))
    n--;
  return n;
}

static fm_status read_column(fm__filter *f, rule_text *s, condition *c)
{
  size_t n = word_length(s);
  for (size_t i = 0; i < n; i++)
    if (s->at[i] == ' ' || s->at[i] == '\t') {
      s->at += i;
      return unclear(s, "an operator: = != < <= > >=");
    }
  if (n == 0)
    return unclear(s, "the name of a column");
  if (n > LONGEST_NAME)
    return unclear(s, "a name of at most 128 bytes");
  c->column = fm__texts_add(f->names, s->at, n);
  s->at += n;
  return c->column >= 0 ? FM_OK : fm__no_memory(s->err);
}

static fm_status read_operator(rule_text *s, condition *c)
{
  static const struct {
    const char *sign;
    int op;
  } signs[] = {{"!=", NOT_EQUAL}, {"<=", AT_MOST}, {">=", AT_LEAST}, {"=", EQUAL}, {"<", BELOW}, {">", ABOVE}};
  for (size_t k = 0; k < FM__COUNT(signs); k++)
    if (strncmp(s->at, signs[k].sign, strlen(signs[k].sign)) == 0) {
      c->op = signs[k].op;
      s->at += strlen(signs[k].sign);
      return FM_OK;
    }
  return unclear(s, "an operator: = != < <= > >=");
}

static fm_status read_quoted(fm__filter *f, rule_text *s, condition *c)
{
  size_t n = 0;
  const char *p = s->at + 1;
  char *copy = fm__alloc(strlen(s->at));
  if (copy == NULL)
    return fm__no_memory(s->err);
  for (; *p != '\0' && !(*p == '"' && p[1] != '"'); p++) {
    p += *p == '"';
    copy[n++] = *p;
  }
  if (*p == '\0') {
    fm__free(copy);
    return unclear(s, "a closing quote");
  }
  c->quoted = true;
  c->value = fm__texts_add(f->values, copy, n);
  fm__free(copy);
  s->at = p + 1;
  return c->value >= 0 ? FM_OK : fm__no_memory(s->err);
}

static fm_status read_value(fm__filter *f, rule_text *s, condition *c)
{
  if (*s->at == '"')
    return read_quoted(f, s, c);
  size_t n = word_length(s);
  if (n == 0)
    return unclear(s, "a value");
  c->value = fm__texts_add(f->values, s->at, n);
  s->at += n;
  return c->value >= 0 ? FM_OK : fm__no_memory(s->err);
}

static fm_status read_condition(fm__filter *f, rule_text *s, bool alternative)
{
  condition c = {.alternative = alternative};
  skip_space(s);
  fm_status status = read_column(f, s, &c);
  skip_space(s);
  if (status == FM_OK)
    status = read_operator(s, &c);
  skip_space(s);
  if (status == FM_OK)
    status = read_value(f, s, &c);
  skip_space(s);
  if (status != FM_OK)
    return status;
  if (!fm__grow((void **)&f->list, &f->capacity, f->n + 1, sizeof *f->list))
    return fm__no_memory(s->err);
  f->list[f->n++] = c;
  return FM_OK;
}

static fm_status read_rule(fm__filter *f, rule_text *s)
{
  bool alternative = true;
  for (;;) {
    fm_status status = read_condition(f, s, alternative);
    if (status != FM_OK || *s->at == '\0')
      return status;
    if (*s->at != '&' && *s->at != '|')
      return unclear(s, "& or | or the end");
    alternative = *s->at == '|';
    s->at++;
  }
}

fm_status fm__filter_compile(fm__filter **out, const char *rule, fm_error *err)
{
  *out = NULL;
  fm__filter *f = fm__array(1, sizeof *f);
  if (f == NULL)
    return fm__no_memory(err);
  rule_text s = {rule, rule, err};
  f->names = fm__texts_create();
  f->values = fm__texts_create();
  fm_status status = f->names == NULL || f->values == NULL ? fm__no_memory(err) : read_rule(f, &s);
  if (status != FM_OK) {
    fm__filter_destroy(f);
    return status;
  }
  *out = f;
  return FM_OK;
}

/* ---- applying ---- */

/* a against b: -1, 0, 1; 2 when they cannot be compared (NaN). */
static bool holds(int op, int order)
{
  switch (op) {
  case EQUAL:
    return order == 0;
  case NOT_EQUAL:
    return order != 0 && order != 2;
  case BELOW:
    return order == -1;
  case AT_MOST:
    return order == -1 || order == 0;
  case ABOVE:
    return order == 1;
  default:
    return order == 1 || order == 0;
  }
}

static int order_f64(double a, double b)
{
  return isnan(a) ? 2 : (a > b) - (a < b);
}

/* The exact order of a whole number and a double. */
static int order_i64(int64_t a, double b)
{
  if (b >= 9223372036854775808.0)
    return -1;
  if (b < -9223372036854775808.0)
    return 1;
  double whole = floor(b);
  int64_t w = (int64_t)whole;
  if (a != w)
    return a > w ? 1 : -1;
  return b > whole ? -1 : 0;
}

typedef struct wanted {
  double number;
  int64_t day_or_flag;
} wanted;

static fm_status unsuited(const fm_table *t, size_t column, const char *value, const char *expected, fm_error *err)
{
  const char *name = fm_table_column_name(t, column);
  fm__fail(err, FM_ERR_TYPE, "the rule compares column %.60s (%s) with \"%.60s\", expected %s", name,
           fm_column_type_name(fm_table_column_type(t, column)), value, expected);
  fm__error_place(err, fm_table_name(t), name, (int64_t)column, -1, -1);
  fm__error_detail(err, "FM-X01");
  return FM_ERR_TYPE;
}

static bool read_flag(const char *value, int64_t *out)
{
  static const char *const words[] = {"0", "1", "no", "yes", "false", "true", "nej", "ja"};
  for (size_t k = 0; k < FM__COUNT(words); k++)
    if (strcmp(words[k], value) == 0) {
      *out = (int64_t)(k & 1);
      return true;
    }
  return false;
}

/* The value of a condition in the type of its column. */
static fm_status take_value(const fm__filter *f, const condition *c, const fm_table *t, size_t column, wanted *out,
                            fm_error *err)
{
  size_t length;
  int32_t date;
  const char *value = fm__texts_at(f->values, (size_t)c->value, &length);
  bool ordered = c->op != EQUAL && c->op != NOT_EQUAL;
  switch (fm_table_column_type(t, column)) {
  case FM_CODE:
    return ordered ? unsuited(t, column, value, "= or != for text", err) : FM_OK;
  case FM_BOOL:
    if (ordered || c->quoted || !read_flag(value, &out->day_or_flag))
      return unsuited(t, column, value, "= or != and true, false, yes, no, 1 or 0", err);
    return FM_OK;
  case FM_DATE:
    date = length == 10 && !c->quoted ? fm__date_parse_iso(value) : FM_NO_DATE;
    out->day_or_flag = date;
    return date != FM_NO_DATE ? FM_OK : unsuited(t, column, value, "a date such as 2025-12-31", err);
  default:
    if (c->quoted || !fm__parse_f64(value, length, '.', &out->number) || !isfinite(out->number))
      return unsuited(t, column, value, "a number", err);
    return FM_OK;
  }
}

static int order_of(const fm_table *t, size_t column, size_t row, const wanted *w)
{
  switch (fm_table_column_type(t, column)) {
  case FM_F64:
    return order_f64(fm_table_f64(t, column)[row], w->number);
  case FM_I64:
    return order_i64(fm_table_i64(t, column)[row], w->number);
  case FM_I32:
    return order_i64(fm_table_i32(t, column)[row], w->number);
  case FM_BOOL:
    return fm_table_bool(t, column)[row] != w->day_or_flag;
  default: {
    int32_t day = fm_table_i32(t, column)[row];
    return (day > w->day_or_flag) - (day < w->day_or_flag);
  }
  }
}

/* Takes met[row] to 0 where the condition does not hold. */
static fm_status apply_text(const fm__filter *f, const condition *c, const fm_table *t, size_t column, uint8_t *met,
                            fm_error *err)
{
  size_t n = fm_table_n_texts(t, column), length, have;
  const char *value = fm__texts_at(f->values, (size_t)c->value, &length);
  const int32_t *codes = fm_table_code(t, column);
  uint8_t *equal = fm__array(n, 1);
  if (equal == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n; k++) {
    const char *text = fm_table_dictionary_text(t, column, k, &have);
    equal[k] = have == length && memcmp(text, value, length) == 0;
  }
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    met[i] &= !fm_table_is_null(t, column, i) && holds(c->op, equal[codes[i]] ? 0 : 1);
  fm__free(equal);
  return FM_OK;
}

static fm_status apply_condition(const fm__filter *f, const condition *c, const fm_table *t, uint8_t *met,
                                 fm_error *err)
{
  size_t column;
  wanted w = {0, 0};
  fm_status status = fm__table_find(t, fm__texts_at(f->names, (size_t)c->column, NULL), 0, &column, err);
  if (status == FM_OK)
    status = take_value(f, c, t, column, &w, err);
  if (status != FM_OK)
    return status;
  if (fm_table_column_type(t, column) == FM_CODE)
    return apply_text(f, c, t, column, met, err);
  const uint8_t *valid = fm_table_validity(t, column);
  for (size_t i = 0; i < fm_table_n_rows(t); i++)
    met[i] &= fm__bit(valid, i) && holds(c->op, order_of(t, column, i, &w));
  return FM_OK;
}

fm_status fm__filter_apply(uint8_t **keep, const fm__filter *f, const fm_table *t, fm_error *err)
{
  size_t n = fm_table_n_rows(t);
  *keep = NULL;
  fm_status status = fm__table_require_sealed(t, err);
  if (status != FM_OK)
    return status;
  uint8_t *any = fm__array(n, 1), *all = fm__array(n, 1);
  if (any == NULL || all == NULL)
    status = fm__no_memory(err);
  for (size_t k = 0; k < f->n && status == FM_OK; k++) {
    if (f->list[k].alternative)
      memset(all, 1, n);
    status = apply_condition(f, &f->list[k], t, all, err);
    bool last = k + 1 == f->n || f->list[k + 1].alternative;
    for (size_t i = 0; status == FM_OK && last && i < n; i++)
      any[i] |= all[i];
  }
  fm__free(all);
  if (status != FM_OK) {
    fm__free(any);
    return status;
  }
  *keep = any;
  return FM_OK;
}
