/* The types of columns that their cells decide: what each distinct text can be, taken together over all rows, so that
 * no order of rows changes a type. */
#include "csv/reader_priv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define EXACT_WHOLE 9007199254740992.0 /* 2^53 */

/* true, false and the words Danish spreadsheets write for them; yes, no, 1 and 0 have other meanings too. */
static bool is_truth(const char *text, size_t length)
{
  static const char *const words[] = {"false", "true", "falsk", "sand"};
  for (size_t k = 0; k < FM__COUNT(words); k++) {
    size_t i = 0;
    while (i < length && (text[i] | 0x20) == words[k][i])
      i++;
    if (i == length && words[k][i] == '\0')
      return true;
  }
  return false;
}

/* 0127, -01: a sign of an id, whose zeros a number would lose. */
static bool has_leading_zero(const char *text, size_t length)
{
  size_t i = length > 0 && (text[0] == '-' || text[0] == '+');
  return length > i + 1 && text[i] == '0' && text[i + 1] >= '0' && text[i + 1] <= '9';
}

static int32_t can_be_number(const fm__csv_format *f, const char *text, size_t length, double *value)
{
  int64_t whole;
  if (has_leading_zero(text, length))
    return 0;
  int form = fm__cell_i64(f, text, length, &whole);
  if (form == FM__CELL_OK)
    return FM__CAN_I64 | FM__CAN_F64;
  return form == FM__CELL_NOT_WHOLE && fm__cell_f64(f, text, length, value) == FM__CELL_OK ? FM__CAN_F64 : 0;
}

static bool is_blank(const fm__csv_reader *r, const char *text, size_t length)
{
  const char *missing = r->format.f.missing;
  fm__trim(&text, &length);
  return length == 0 || (missing != NULL && strlen(missing) == length && memcmp(missing, text, length) == 0);
}

/* What a text that is not blank can be; *value is set when it is a number but no whole one. */
static int32_t can_be(const fm__csv_reader *r, const char *text, size_t length, double *value)
{
  int32_t date;
  fm__trim(&text, &length);
  int32_t can = can_be_number(&r->format, text, length, value);
  if (is_truth(text, length))
    can |= FM__CAN_BOOL;
  if (fm__cell_date(&r->format, text, length, &date) == FM__CELL_OK)
    can |= FM__CAN_DATE;
  return can;
}

static const char *text_of(const fm__target *t, size_t k, size_t *length)
{
  *length = (size_t)(t->texts.offsets[k + 1] - t->texts.offsets[k]) - 1;
  return t->texts.bytes + t->texts.offsets[k];
}

/* Keeps where in the batch text k stands first. */
static void keep_place(const fm__csv_reader *r, fm__target *t, int32_t k)
{
  const int32_t *codes = (const int32_t *)t->values + r->n_rows;
  for (size_t i = 0; i < r->n_batch; i++)
    if (t->valid[i] && r->state[i] == FM__ROW_GOOD && codes[i] == k) {
      t->deciding.row = r->rows[i];
      t->deciding.line = r->lines[i];
      t->deciding.sheet_row = r->sheet_rows[i];
      t->deciding.code = k;
      return;
    }
}

void fm__csv_look(fm__csv_reader *r, fm__target *t, size_t before)
{
  fm__deciding *d = &t->deciding;
  for (size_t k = before; k < t->texts.n_texts && d->can != 0; k++) {
    size_t length;
    double value = 0;
    const char *text = text_of(t, k, &length);
    if (is_blank(r, text, length))
      continue;
    int32_t can = can_be(r, text, length, &value);
    d->any = true;
    d->can &= can;
    if (can == FM__CAN_F64 && d->wanted == FM_CSV_KEY && d->line == 0 &&
        (value != floor(value) || fabs(value) > EXACT_WHOLE))
      keep_place(r, t, (int32_t)k);
  }
}

static int32_t type_of(const fm__deciding *d)
{
  if (!d->any || d->can == 0)
    return FM_CODE;
  if ((d->can & FM__CAN_BOOL) != 0)
    return FM_BOOL;
  if ((d->can & FM__CAN_DATE) != 0)
    return FM_DATE;
  return (d->can & FM__CAN_I64) != 0 || d->wanted == FM_CSV_KEY ? FM_I64 : FM_F64;
}

/* The value of a text known to be of the type. */
static void put_value(const fm__csv_format *f, int32_t type, const char *text, size_t length, void *values, size_t at)
{
  double real = 0;
  fm__trim(&text, &length);
  if (type == FM_BOOL)
    (void)fm__cell_bool(text, length, (uint8_t *)values + at);
  else if (type == FM_DATE)
    (void)fm__cell_date(f, text, length, (int32_t *)values + at);
  else if (type == FM_F64)
    (void)fm__cell_f64(f, text, length, (double *)values + at);
  else if (fm__cell_i64(f, text, length, (int64_t *)values + at) != FM__CELL_OK) {
    (void)fm__cell_f64(f, text, length, &real); /* 1.0 in a key */
    ((int64_t *)values)[at] = (int64_t)real;
  }
}

/* Clears the rows whose text is blank: there it stands for no value. */
static fm_status clear_blanks(fm__csv_reader *r, fm__target *t, const uint8_t *blank, fm_error *err)
{
  const int32_t *codes = t->values;
  if (t->validity == NULL) {
    if (!fm__grow((void **)&t->validity, &t->validity_capacity, r->n_rows / 8 + 1, 1))
      return fm__no_memory(err);
    memset(t->validity, 0xFF, r->n_rows / 8 + 1);
  }
  for (size_t i = 0; i < r->n_rows; i++)
    if (fm__bit(t->validity, i) && blank[codes[i]])
      t->validity[i >> 3] = (uint8_t)(t->validity[i >> 3] & ~(1U << (i & 7)));
  return FM_OK;
}

static fm_status retype(fm__csv_reader *r, fm__target *t, int32_t type, fm_error *err)
{
  size_t width = type == FM_BOOL ? 1 : type == FM_DATE ? 4 : 8, n = t->texts.n_texts;
  const int32_t *codes = t->values;
  bool any_blank = false;
  fm_status status = FM_OK;
  uint8_t *blank = fm__array(n, 1), *of_text = fm__array(n, width), *values = fm__array(r->n_rows, width);
  if (blank == NULL || of_text == NULL || values == NULL)
    status = fm__no_memory(err);
  for (size_t k = 0; k < n && status == FM_OK; k++) {
    size_t length;
    const char *text = text_of(t, k, &length);
    blank[k] = is_blank(r, text, length);
    any_blank = any_blank || blank[k];
    if (!blank[k])
      put_value(&r->format, type, text, length, of_text, k);
  }
  if (status == FM_OK && any_blank)
    status = clear_blanks(r, t, blank, err);
  for (size_t i = 0; i < r->n_rows && status == FM_OK; i++)
    if (fm__bit(t->validity, i))
      memcpy(values + i * width, of_text + (size_t)codes[i] * width, width);
  fm__free(blank);
  fm__free(of_text);
  if (status != FM_OK) {
    fm__free(values);
    return status;
  }
  fm__free(t->values);
  fm__dictionary_free(&t->texts);
  t->texts = (fm__dictionary){0};
  t->values = values;
  t->capacity = r->n_rows;
  t->type = type;
  return FM_OK;
}

/* Numbers with fractions tell no groups apart; the column is meant for something else. */
static void refuse_key(fm__csv_reader *r, const fm__target *t)
{
  const fm__deciding *d = &t->deciding;
  size_t length;
  const char *text = text_of(t, (size_t)d->code, &length);
  bool shown = !t->is_id && !fm__csv_may_be_personal(text, length);
  fm__csv_problem(r, &(fm__problem){.code = "FM-N03",
                                    .column = t->label,
                                    .value = shown ? text : NULL,
                                    .value_length = length,
                                    .what = "not a whole number",
                                    .expected = "whole numbers, text or dates, which tell groups or units apart",
                                    .row = d->row,
                                    .line = d->line,
                                    .sheet_row = d->sheet_row,
                                    .column_index = (int64_t)t->index});
  r->stop = true;
}

fm_status fm__csv_decide(fm__csv_reader *r, fm_error *err)
{
  fm_status status = FM_OK;
  for (size_t k = 0; k < r->n_targets && status == FM_OK; k++) {
    fm__target *t = &r->targets[k];
    int32_t type = t->deciding.wanted != 0 ? type_of(&t->deciding) : t->type;
    if (type == t->type)
      continue;
    if (t->deciding.line > 0 && t->deciding.can == FM__CAN_F64)
      refuse_key(r, t);
    else
      status = retype(r, t, type, err);
  }
  return status;
}
