/* Pooled answers: sorting, merging, bytes. */
#include "retention/answers_priv.h"

#include <math.h>

void fm__answers_free(fm__answers *answers)
{
  fm__free(answers->items);
  *answers = (fm__answers){0};
}

static int compare_u64(uint64_t a, uint64_t b)
{
  return a < b ? -1 : a > b;
}

static int compare(const fm__answer *a, const fm__answer *b)
{
  int order = compare_u64(a->person.low, b->person.low);
  if (order == 0)
    order = compare_u64(a->person.high, b->person.high);
  if (order == 0)
    order = compare_u64(a->tag, b->tag);
  return order != 0 ? order : compare_u64(fm__order_key(a->weight), fm__order_key(b->weight));
}

enum { BY_WEIGHT, BY_TAG, BY_HIGH, BY_LOW, N_PASSES };

static uint64_t key_of(const fm__answer *a, int32_t pass)
{
  switch (pass) {
  case BY_WEIGHT:
    return fm__order_key(a->weight);
  case BY_TAG:
    return a->tag;
  case BY_HIGH:
    return a->person.high;
  default:
    return a->person.low;
  }
}

/* Puts the numbers of the answers in order, from the least to the most important key. */
static void sort_numbers(fm__item *items, fm__item *scratch, const fm__answer *answers, size_t n, bool high)
{
  for (size_t i = 0; i < n; i++)
    items[i].value = i;
  for (int32_t pass = 0; pass < N_PASSES; pass++) {
    if (pass == BY_HIGH && !high)
      continue;
    for (size_t i = 0; i < n; i++)
      items[i].key = key_of(&answers[items[i].value], pass);
    fm__sort_items(items, scratch, n);
  }
}

/* The lower half of a hash almost always tells people apart; if not, the upper half is sorted by as well. */
static bool needs_high(const fm__item *items, const fm__answer *answers, size_t n)
{
  for (size_t i = 1; i < n; i++)
    if (items[i].key == items[i - 1].key &&
        answers[items[i].value].person.high != answers[items[i - 1].value].person.high)
      return true;
  return false;
}

static void append(fm__answers *out, const fm__answer *a)
{
  if (out->n > 0 && compare(&out->items[out->n - 1], a) == 0)
    out->items[out->n - 1].count += a->count;
  else
    out->items[out->n++] = *a;
}

fm_status fm__answers_order(fm__answers *answers, fm_error *err)
{
  size_t n = answers->n;
  fm__answers out = {.items = fm__array(n, sizeof *out.items)};
  fm__item *items = fm__array(n, sizeof *items), *scratch = fm__array(n, sizeof *scratch);
  fm_status status = out.items != NULL && items != NULL && scratch != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    sort_numbers(items, scratch, answers->items, n, false);
    if (needs_high(items, answers->items, n))
      sort_numbers(items, scratch, answers->items, n, true);
    for (size_t i = 0; i < n; i++)
      append(&out, &answers->items[items[i].value]);
    fm__answers held = *answers;
    *answers = out;
    out = held;
  }
  fm__answers_free(&out);
  fm__free(items);
  fm__free(scratch);
  return status;
}

fm_status fm__answers_merge(fm__answers *out, const fm__answers *a, const fm__answers *b, fm_error *err)
{
  *out = (fm__answers){.items = fm__array(a->n + b->n, sizeof *out->items)};
  if (out->items == NULL)
    return fm__no_memory(err);
  for (size_t i = 0, j = 0; i < a->n || j < b->n;) {
    if (j == b->n || (i < a->n && compare(&a->items[i], &b->items[j]) <= 0))
      append(out, &a->items[i++]);
    else
      append(out, &b->items[j++]);
  }
  return FM_OK;
}

fm_status fm__answers_renumber(fm__answers *out, const fm__answers *answers, const uint32_t *map, fm_error *err)
{
  *out = (fm__answers){.items = fm__array(answers->n, sizeof *out->items), .n = answers->n};
  if (out->items == NULL) {
    out->n = 0;
    return fm__no_memory(err);
  }
  for (size_t i = 0; i < answers->n; i++) {
    const fm__answer *a = &answers->items[i];
    out->items[i] = *a;
    out->items[i].tag = fm__answer_tag(map[fm__answer_group(a)], fm__answer_months(a), fm__answer_kind(a));
  }
  fm_status status = fm__answers_order(out, err);
  if (status != FM_OK)
    fm__answers_free(out);
  return status;
}

void fm__answers_save(const fm__answers *answers, bool weighted, fm__bytes *b)
{
  fm__bytes_u64(b, answers->n);
  for (size_t i = 0; i < answers->n; i++) {
    const fm__answer *a = &answers->items[i];
    fm__bytes_u64(b, a->person.low);
    fm__bytes_u64(b, a->person.high);
    fm__bytes_u64(b, a->tag);
    fm__bytes_u64(b, a->count);
    if (weighted)
      fm__bytes_f64(b, a->weight);
  }
}

static bool load_answer(fm__answers *answers, bool weighted, size_t n_groups, fm__reader *r)
{
  fm__answer *a = &answers->items[answers->n];
  a->person.low = fm__read_u64(r);
  a->person.high = fm__read_u64(r);
  a->tag = fm__read_u64(r);
  a->count = fm__read_u64(r);
  a->weight = weighted ? fm__read_f64(r) : 1;
  return !r->failed && a->count > 0 && a->count <= INT64_MAX / 4 && fm__answer_group(a) < n_groups &&
         fm__answer_kind(a) < FM__ANSWER_KINDS && a->weight > 0 && !isinf(a->weight) &&
         (answers->n == 0 || compare(a - 1, a) < 0);
}

fm_status fm__answers_load(fm__answers *answers, bool weighted, size_t n_groups, fm__reader *r, fm_error *err)
{
  uint64_t n = fm__read_u64(r);
  *answers = (fm__answers){0};
  if (r->failed || n > (r->size - r->at) / (weighted ? 40 : 32))
    return fm__fail(err, FM_ERR_FORMAT, "saved answers are damaged: they end too early");
  answers->items = fm__array((size_t)n, sizeof *answers->items);
  if (answers->items == NULL)
    return fm__no_memory(err);
  for (; answers->n < n; answers->n++)
    if (!load_answer(answers, weighted, n_groups, r)) {
      fm_status status = fm__fail(err, FM_ERR_FORMAT, "saved answers are damaged at item %zu", answers->n);
      fm__answers_free(answers);
      return status;
    }
  return FM_OK;
}
