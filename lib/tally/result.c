/* The long result table that every measure writes: one figure a row. */
#include "tally/tally_priv.h"

#include <math.h>
#include <string.h>

enum { INDICATOR, DEFINITION, N_HEAD };
enum {
  PERIOD_START,
  PERIOD_END,
  QUANTITY,
  VALUE,
  UNIT,
  STD_ERROR,
  CI_LOW,
  CI_HIGH,
  LEVEL,
  N,
  PEOPLE,
  WEIGHT,
  STATE,
  N_TAIL
};

static const fm__key tail[N_TAIL] = {
    [PERIOD_START] = {"period_start", FM_DATE},
    [PERIOD_END] = {"period_end", FM_DATE},
    [QUANTITY] = {"quantity", FM_CODE},
    [VALUE] = {"value", FM_F64},
    [UNIT] = {"unit", FM_CODE},
    [STD_ERROR] = {"std_error", FM_F64},
    [CI_LOW] = {"ci_low", FM_F64},
    [CI_HIGH] = {"ci_high", FM_F64},
    [LEVEL] = {"level", FM_F64},
    [N] = {"n", FM_I64},
    [PEOPLE] = {"people", FM_I64},
    [WEIGHT] = {"weight", FM_F64},
    [STATE] = {"state", FM_CODE},
};

typedef struct current {
  char *text; /* copy; NULL is a null unless the key is a number */
  size_t length;
  int64_t whole;
  double real;
  bool given;
} current;

enum { MOST_ADDED = 8 };

/* A cell of an added column in the next row. */
typedef struct added {
  int32_t type;
  double real;
  const char *text;
} added;

struct fm__result {
  fm__builder *builder;
  char *indicator, *definition;
  fm__key *keys;
  current *now;
  size_t n_keys;
  size_t own; /* the key that is the column definition itself; SIZE_MAX: none */
  added more[MOST_ADDED];
  size_t n_more;
  bool failed;
};

fm__figure fm__figure_of(const char *quantity, const char *unit)
{
  return (fm__figure){.quantity = quantity,
                      .unit = unit,
                      .state = FM__OK,
                      .value = NAN,
                      .std_error = NAN,
                      .ci_low = NAN,
                      .ci_high = NAN,
                      .level = NAN,
                      .weight = NAN,
                      .n = -1,
                      .people = -1,
                      .period_start = FM__NO_DATE,
                      .period_end = FM__NO_DATE};
}

void fm__result_destroy(fm__result *r)
{
  if (r == NULL)
    return;
  for (size_t k = 0; r->now != NULL && k < r->n_keys; k++)
    fm__free(r->now[k].text);
  fm__builder_destroy(r->builder);
  fm__free(r->indicator);
  fm__free(r->definition);
  fm__free(r->keys);
  fm__free(r->now);
  fm__free(r);
}

fm_status fm__result_create(fm__result **out, const char *indicator, const char *definition, const fm__key *keys,
                            size_t n_keys, fm_error *err)
{
  *out = NULL;
  fm__result *r = fm__array(1, sizeof *r);
  if (r == NULL)
    return fm__no_memory(err);
  r->n_keys = n_keys;
  r->own = SIZE_MAX;
  r->indicator = fm__copy_text(indicator, strlen(indicator));
  r->definition = fm__copy_text(definition, strlen(definition));
  r->keys = fm__array(n_keys, sizeof *r->keys);
  r->now = fm__array(n_keys, sizeof *r->now);
  fm_status status = fm__builder_create(&r->builder, indicator, err);
  if (status == FM_OK && (r->indicator == NULL || r->definition == NULL || r->keys == NULL || r->now == NULL))
    status = fm__no_memory(err);
  if (status == FM_OK)
    status = fm__builder_column(r->builder, "indicator", FM_CODE, NULL, err);
  if (status == FM_OK)
    status = fm__builder_column(r->builder, "definition", FM_CODE, NULL, err);
  for (size_t k = 0, n = 0; k < n_keys && status == FM_OK; k++) {
    if (keys[k].type == FM_CODE && strcmp(keys[k].name, "definition") == 0) {
      r->own = k;
      r->n_keys--;
      continue;
    }
    r->keys[n++] = keys[k];
    status = fm__builder_column(r->builder, keys[k].name, keys[k].type, NULL, err);
  }
  for (size_t k = 0; k < N_TAIL && status == FM_OK; k++)
    status = fm__builder_column(r->builder, tail[k].name, tail[k].type, NULL, err);
  if (status != FM_OK) {
    fm__result_destroy(r);
    return status;
  }
  *out = r;
  return FM_OK;
}

fm_status fm__result_create_grouped(fm__result **out, const char *indicator, const char *definition,
                                    const fm__groups *groups, const fm__key *extra, size_t n_extra, fm_error *err)
{
  size_t n_groups = fm__groups_n_columns(groups);
  fm__key *keys = fm__array(n_groups + n_extra, sizeof *keys);
  *out = NULL;
  if (keys == NULL)
    return fm__no_memory(err);
  for (size_t k = 0; k < n_groups; k++)
    keys[k] = (fm__key){fm__groups_column(groups, k), FM_CODE};
  for (size_t k = 0; k < n_extra; k++)
    keys[n_groups + k] = extra[k];
  fm_status status = fm__result_create(out, indicator, definition, keys, n_groups + n_extra, err);
  fm__free(keys);
  return status;
}

/* Keys are numbered with the definition among them. */
static current *now_of(fm__result *r, size_t key)
{
  return &r->now[key > r->own ? key - 1 : key];
}

void fm__result_key_text(fm__result *r, size_t key, const char *text, size_t length)
{
  if (key == r->own) {
    fm__result_definition(r, text != NULL ? text : "", text != NULL ? length : 0);
    return;
  }
  current *c = now_of(r, key);
  fm__free(c->text);
  c->text = text != NULL ? fm__copy_text(text, length) : NULL;
  c->length = length;
  c->given = text != NULL;
  if (text != NULL && c->text == NULL)
    r->failed = true;
}

void fm__result_key_i64(fm__result *r, size_t key, int64_t value)
{
  current *c = now_of(r, key);
  c->whole = value;
  c->given = true;
}

void fm__result_key_f64(fm__result *r, size_t key, double value)
{
  current *c = now_of(r, key);
  c->real = value;
  c->given = true;
}

void fm__result_key_null(fm__result *r, size_t key)
{
  now_of(r, key)->given = false;
}

void fm__result_group(fm__result *r, const fm__groups *groups, size_t group)
{
  for (size_t k = 0; k < fm__groups_n_columns(groups); k++) {
    size_t length = 0;
    const char *text = fm__groups_text(groups, group, k, &length);
    fm__result_key_text(r, k, text, length);
  }
}

void fm__result_definition(fm__result *r, const char *definition, size_t length)
{
  char *copy = fm__copy_text(definition, length);
  r->failed |= copy == NULL;
  if (copy == NULL)
    return;
  fm__free(r->definition);
  r->definition = copy;
}

void fm__result_indicator(fm__result *r, const char *indicator)
{
  char *copy = fm__copy_text(indicator, strlen(indicator));
  r->failed |= copy == NULL;
  if (copy == NULL)
    return;
  fm__free(r->indicator);
  r->indicator = copy;
}

static void add_key(fm__result *r, size_t k, size_t column)
{
  const current *c = &r->now[k];
  if (!c->given)
    fm__builder_null(r->builder, column);
  else if (r->keys[k].type == FM_CODE)
    fm__builder_text(r->builder, column, c->text, c->length);
  else if (r->keys[k].type == FM_F64)
    fm__builder_f64(r->builder, column, c->real);
  else if (r->keys[k].type == FM_I64)
    fm__builder_i64(r->builder, column, c->whole);
  else if (r->keys[k].type == FM_BOOL)
    fm__builder_bool(r->builder, column, c->whole != 0);
  else
    fm__builder_i32(r->builder, column, (int32_t)c->whole);
}

static void add_text(fm__builder *b, size_t column, const char *text)
{
  fm__builder_text(b, column, text, text != NULL ? strlen(text) : 0);
}

static void add_real(fm__builder *b, size_t column, double v)
{
  if (isnan(v))
    fm__builder_null(b, column);
  else
    fm__builder_f64(b, column, v);
}

static void add_whole(fm__builder *b, size_t column, int64_t v)
{
  if (v < 0)
    fm__builder_null(b, column);
  else
    fm__builder_i64(b, column, v);
}

static void add_date(fm__builder *b, size_t column, int32_t v)
{
  if (v == FM__NO_DATE)
    fm__builder_null(b, column);
  else
    fm__builder_i32(b, column, v);
}

void fm__result_add(fm__result *r, const fm__figure *f)
{
  fm__builder *b = r->builder;
  add_text(b, INDICATOR, r->indicator);
  add_text(b, DEFINITION, r->definition);
  for (size_t k = 0; k < r->n_keys; k++)
    add_key(r, k, N_HEAD + k);
  size_t at = N_HEAD + r->n_keys;
  add_date(b, at + PERIOD_START, f->period_start);
  add_date(b, at + PERIOD_END, f->period_end);
  add_text(b, at + QUANTITY, f->quantity);
  add_real(b, at + VALUE, f->value);
  add_text(b, at + UNIT, f->unit);
  add_real(b, at + STD_ERROR, f->std_error);
  add_real(b, at + CI_LOW, f->ci_low);
  add_real(b, at + CI_HIGH, f->ci_high);
  add_real(b, at + LEVEL, f->level);
  add_whole(b, at + N, f->n);
  add_whole(b, at + PEOPLE, f->people);
  add_real(b, at + WEIGHT, f->weight);
  add_text(b, at + STATE, f->state);
  for (size_t k = 0; k < r->n_more; k++) {
    added *m = &r->more[k];
    if (m->type == FM_CODE)
      add_text(b, at + N_TAIL + k, m->text);
    else
      add_real(b, at + N_TAIL + k, m->real);
    *m = (added){.type = m->type, .real = NAN};
  }
}

fm_status fm__result_extend(fm__result *r, const fm__key *columns, size_t n, fm_error *err)
{
  fm_status status = FM_OK;
  if (n > MOST_ADDED - r->n_more)
    return fm__fail(err, FM_ERR_LIMIT, "a result has at most %d columns of its own", MOST_ADDED);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    status = fm__builder_column(r->builder, columns[k].name, columns[k].type, NULL, err);
    if (status == FM_OK)
      r->more[r->n_more++] = (added){.type = columns[k].type, .real = NAN};
  }
  return status;
}

void fm__result_more_f64(fm__result *r, size_t column, double value)
{
  r->more[column].real = value;
}

void fm__result_more_text(fm__result *r, size_t column, const char *text)
{
  r->more[column].text = text;
}

void fm__result_note(fm__result *r, const char *key, const char *value)
{
  fm__builder_note(r->builder, key, value);
}

fm_status fm__result_finish(fm__result *r, fm_table **out, fm_error *err)
{
  fm__builder *b = r->builder;
  bool failed = r->failed;
  r->builder = NULL;
  fm__result_destroy(r);
  if (!failed)
    return fm__builder_finish(b, out, err);
  *out = NULL;
  fm__builder_destroy(b);
  return fm__no_memory(err);
}
