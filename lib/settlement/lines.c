/* From rows of text and numbers to sorted lines in whole oere. */
#include "settlement/settlement_priv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const amount_columns[FM__N_AMOUNTS] = {"reported", "paid",       "refund_rate",
                                                          "refund",   "share_rate", "share"};
static const char *const amount_headers[FM__N_AMOUNTS] = {
    "Indberetning udbetalingsbeløb", "Beregnet udbetalingsbeløb", "Refusionssats", "Refusionsbeløb",
    "Medfinansieringssats",          "Medfinansieringsbeløb"};

fm_status fm__lines_init(fm__lines *l)
{
  fm_status status = FM_OK;
  for (int i = 0; i < 3 && status == FM_OK; i++)
    status = fm__dictionary_init(&l->texts[i]);
  return status;
}

void fm__lines_free(fm__lines *l)
{
  for (int i = 0; i < 3; i++)
    fm__dictionary_free(&l->texts[i]);
  fm__free(l->list);
}

/* Nine digits: a civil registration number that a spreadsheet took for a number. */
static fm_status add_person(fm__lines *l, const char *text, size_t length, int32_t *number)
{
  char ten[10] = {'0'};
  bool digits = length == 9;
  for (size_t i = 0; i < length && digits; i++)
    digits = text[i] >= '0' && text[i] <= '9';
  if (!digits)
    return fm__dictionary_add(&l->texts[0], text, length, number);
  memcpy(ten + 1, text, 9);
  l->sum->n_restored++;
  return fm__dictionary_add(&l->texts[0], ten, 10, number);
}

static void bad_amount(fm__problems *problems, const fm_table *t, size_t row, int which)
{
  fm__problem problem = FM__PROBLEM_INIT;
  problem.code = "FM-N05";
  problem.table = fm_table_note(t, "file");
  problem.column = amount_headers[which];
  problem.what = "number outside its range";
  problem.expected = "an amount with at most two decimals";
  problem.row = (int64_t)row;
  problem.line = fm_table_line(t, row);
  fm__problems_add(problems, &problem);
}

/* False when it is no number of whole hundredths. */
static bool hundredths(double v, int64_t *out)
{
  double h = round(v * 100);
  if (!(fabs(v) <= 1e13) || fabs(v * 100 - h) > 1e-6 * (1 + fabs(h) * 1e-9))
    return false;
  *out = (int64_t)h;
  return true;
}

/* Sums are exact only as long as all amounts, whatever their sign, stay within what a double holds to the oere. */
static bool add_size(fm__lines *l, int64_t amount)
{
  const int64_t most = INT64_C(1) << 53;
  l->size += amount < 0 ? -amount : amount;
  return l->size <= most;
}

static fm_status add_text(fm__lines *l, int which, const fm_table *t, const char *column, size_t row, int32_t *number)
{
  size_t length;
  int64_t k = fm_table_column_index(t, column);
  const char *text = k >= 0 ? fm_table_text(t, (size_t)k, row, &length) : NULL;
  *number = -1;
  if (text == NULL)
    return FM_OK;
  fm__trim(&text, &length);
  return which == 0 ? add_person(l, text, length, number) : fm__dictionary_add(&l->texts[which], text, length, number);
}

fm_status fm__lines_add(fm__lines *l, const fm_table *t, fm__problems *problems, bool *failed, fm_error *err)
{
  size_t n = fm_table_n_rows(t), need;
  const int32_t *weeks = fm_table_i32(t, (size_t)fm_table_column_index(t, "week"));
  if (!fm__add(l->n, n, &need) || !fm__grow((void **)&l->list, &l->capacity, need, sizeof *l->list))
    return fm__no_memory(err);
  for (size_t i = 0; i < n; i++) {
    fm__line *line = &l->list[l->n];
    bool good = true;
    *line = (fm__line){.week = weeks[i] - fm_date_weekday(weeks[i]) + 1};
    for (int k = 0; k < FM__N_AMOUNTS; k++) {
      int64_t column = fm_table_column_index(t, amount_columns[k]);
      line->amounts[k] = INT64_MIN;
      if (column < 0 || fm_table_is_null(t, (size_t)column, i))
        continue;
      if (!hundredths(fm_table_f64(t, (size_t)column)[i], &line->amounts[k])) {
        bad_amount(problems, t, i, k);
        good = false;
      } else if (!add_size(l, line->amounts[k])) {
        return fm__fail(err, FM_ERR_LIMIT, "the amounts come to more than 90,071,992,547,409.92 in all");
      }
    }
    if (add_text(l, 0, t, "person_id", i, &line->person) != FM_OK ||
        add_text(l, 1, t, "benefit", i, &line->benefit) != FM_OK ||
        add_text(l, 2, t, "financed_by", i, &line->financed_by) != FM_OK)
      return fm__no_memory(err);
    *failed = *failed || !good;
    l->n += good;
    l->sum->n_left_out += !good;
    l->sum->n_rows++;
  }
  return FM_OK;
}

/* ---- order ---- */

typedef struct named {
  const char *text;
  int32_t number;
} named;

static int by_text(const void *a, const void *b)
{
  return strcmp(((const named *)a)->text, ((const named *)b)->text);
}

fm_status fm__rank_texts(fm__dictionary *d, int32_t *rank)
{
  fm__dictionary sorted;
  named *names = fm__array(d->n_texts, sizeof *names);
  fm_status status = names != NULL ? fm__dictionary_init(&sorted) : FM_ERR_MEMORY;
  if (status != FM_OK) {
    fm__free(names);
    return status;
  }
  for (size_t i = 0; i < d->n_texts; i++)
    names[i] = (named){d->bytes + d->offsets[i], (int32_t)i};
  if (d->n_texts > 1)
    qsort(names, d->n_texts, sizeof *names, by_text);
  for (size_t i = 0; i < d->n_texts && status == FM_OK; i++)
    status = fm__dictionary_add(&sorted, names[i].text, strlen(names[i].text), &rank[names[i].number]);
  fm__free(names);
  if (status != FM_OK) {
    fm__dictionary_free(&sorted);
    return status;
  }
  fm__dictionary_free(d);
  *d = sorted;
  return FM_OK;
}

static int compare(int64_t a, int64_t b)
{
  return (a > b) - (a < b);
}

static int by_line(const void *pa, const void *pb)
{
  const fm__line *a = pa, *b = pb;
  int order = compare(a->person, b->person);
  order = order != 0 ? order : compare(a->week, b->week);
  order = order != 0 ? order : compare(a->benefit, b->benefit);
  order = order != 0 ? order : compare(a->financed_by, b->financed_by);
  for (int k = 0; k < FM__N_AMOUNTS && order == 0; k++)
    order = compare(a->amounts[k], b->amounts[k]);
  return order;
}

static void drop_repeated(fm__lines *l)
{
  size_t n = 0;
  for (size_t i = 0; i < l->n; i++) {
    if (i == 0 || by_line(&l->list[i], &l->list[n - 1]) != 0)
      l->list[n++] = l->list[i];
    else
      l->sum->n_duplicates++;
  }
  l->n = n;
}

fm_status fm__lines_sort(fm__lines *l, fm_error *err)
{
  int32_t *ranks[3] = {NULL};
  fm_status status = FM_OK;
  for (int k = 0; k < 3 && status == FM_OK; k++) {
    ranks[k] = fm__array(l->texts[k].n_texts, sizeof *ranks[k]);
    status = ranks[k] != NULL ? fm__rank_texts(&l->texts[k], ranks[k]) : FM_ERR_MEMORY;
  }
  for (size_t i = 0; i < l->n && status == FM_OK; i++) {
    fm__line *line = &l->list[i];
    line->person = ranks[0][line->person];
    line->benefit = ranks[1][line->benefit];
    line->financed_by = line->financed_by >= 0 ? ranks[2][line->financed_by] : -1;
  }
  for (int k = 0; k < 3; k++)
    fm__free(ranks[k]);
  if (status != FM_OK)
    return fm__no_memory(err);
  if (l->n > 1)
    qsort(l->list, l->n, sizeof *l->list, by_line);
  drop_repeated(l);
  return FM_OK;
}

/* ---- reading them ---- */

const char *fm__line_text(const fm__lines *l, int which, int32_t number, size_t *length)
{
  const fm__dictionary *d = &l->texts[which];
  if (number < 0)
    return NULL;
  *length = (size_t)(d->offsets[number + 1] - d->offsets[number]) - 1;
  return d->bytes + d->offsets[number];
}

bool fm__is_contribution(const fm__lines *l, const fm__line *line)
{
  size_t length;
  const char *text = fm__line_text(l, 1, line->benefit, &length);
  return strcmp(text, "Fleksbidrag fra staten") == 0;
}

static int64_t amount(const fm__line *line, int which)
{
  return line->amounts[which] == INT64_MIN ? 0 : line->amounts[which];
}

size_t fm__line_group(const fm__lines *l, size_t from, bool financed, int64_t sums[3])
{
  const fm__line *first = &l->list[from];
  size_t i = from;
  sums[0] = sums[1] = sums[2] = 0;
  for (; i < l->n; i++) {
    const fm__line *line = &l->list[i];
    if (line->person != first->person || line->week != first->week || line->benefit != first->benefit ||
        (financed && line->financed_by != first->financed_by))
      break;
    bool shared = amount(line, FM__SHARE_RATE) != 0 || amount(line, FM__SHARE) != 0;
    sums[0] += amount(line, FM__PAID);
    sums[1] += amount(line, FM__REFUND);
    sums[2] += shared ? amount(line, FM__SHARE) : amount(line, FM__PAID) - amount(line, FM__REFUND);
  }
  return i;
}
