/* Person by person: pieces of rows as tasks, lists of states, days covered. */
#include "spell/people_priv.h"

enum { PIECES = 64, PIECE_ROWS = 4096, SHORT = 24 };

fm_status fm__stays_check(const fm__stays *s, const fm_run *run, fm_error *err)
{
  fm__spells spells = {s->person, s->start, s->end, NULL, s->n, 0, s->as_of};
  fm_status status = fm__spells_check(&spells, run, err);
  for (size_t i = 0; status == FM_OK && s->state != NULL && i < s->n; i++)
    if (s->state[i] == FM_SPELL_NO_STATE) {
      status = fm__fail(err, FM_ERR_VALUE, "a spell must have another state than FM_SPELL_NO_STATE");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
    }
  return status;
}

fm_status fm__state_list_make(fm__state_list *list, const int32_t *states, size_t n, bool once, fm_error *err)
{
  *list = (fm__state_list){.all = states == NULL && n == 0};
  if (list->all)
    return FM_OK;
  if (states == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "a list of %zu states is NULL", n);
  list->items = fm__array(n, sizeof *list->items);
  fm__item *scratch = fm__array(n, sizeof *scratch);
  fm_status status = list->items == NULL || scratch == NULL ? fm__no_memory(err) : FM_OK;
  if (status == FM_OK) {
    list->n = n;
    for (size_t i = 0; i < n; i++)
      list->items[i] = (fm__item){fm__day_key(states[i]), i};
    fm__sort_items(list->items, scratch, n);
  }
  for (size_t i = 1; once && i < list->n && status == FM_OK; i++)
    if (list->items[i].key == list->items[i - 1].key)
      status = fm__fail(err, FM_ERR_ARGUMENT, "state %d stands twice in the ranking, expected once",
                        (int)fm__day_of_key(list->items[i].key));
  fm__free(scratch);
  if (status != FM_OK)
    fm__state_list_free(list);
  return status;
}

void fm__state_list_free(fm__state_list *list)
{
  fm__free(list->items);
  *list = (fm__state_list){0};
}

size_t fm__state_list_find(const fm__state_list *list, int32_t state)
{
  if (list->all)
    return 0;
  uint64_t key = fm__day_key(state);
  size_t low = 0, high = list->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (list->items[middle].key < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low < list->n && list->items[low].key == key ? (size_t)list->items[low].value : SIZE_MAX;
}

void fm__work_free(fm__work *w)
{
  fm__free(w->pieces);
  fm__free(w->swept);
  fm__free(w->items);
  fm__free(w->spare);
  fm__free(w->heap);
  *w = (fm__work){0};
}

bool fm__work_reserve_items(fm__work *w, size_t n)
{
  return fm__grow((void **)&w->items, &w->items_room, n, sizeof *w->items) &&
         fm__grow((void **)&w->spare, &w->spare_room, n, sizeof *w->spare);
}

bool fm__work_reserve(fm__work *w, size_t n)
{
  return fm__grow((void **)&w->pieces, &w->room, 2 * n, sizeof *w->pieces) &&
         fm__grow((void **)&w->swept, &w->swept_room, 2 * n, sizeof *w->swept) &&
         fm__grow((void **)&w->heap, &w->heap_room, n, sizeof *w->heap) && fm__work_reserve_items(w, n);
}

void fm__work_sort_items(fm__work *w, size_t n)
{
  if (n > SHORT) {
    fm__sort_items(w->items, w->spare, n);
    return;
  }
  for (size_t i = 1; i < n; i++) {
    fm__item x = w->items[i];
    size_t k = i;
    for (; k > 0 && w->items[k - 1].key > x.key; k--)
      w->items[k] = w->items[k - 1];
    w->items[k] = x;
  }
}

bool fm__rows_put(fm__rows_out *out, const int32_t *row)
{
  if (!out->counts) {
    if (!fm__grow((void **)&out->numbers, &out->capacity, (out->n + 1) * out->width, sizeof *out->numbers))
      return false;
    for (size_t c = 0; c < out->width; c++)
      out->numbers[out->n * out->width + c] = row[c];
  }
  out->n++;
  return true;
}

/* One piece of the rows; its error waits, so that the first one in the order of the rows is told. */
typedef struct piece_result {
  fm__rows_out out;
  fm_error err;
  fm_status status;
} piece_result;

typedef struct by_person {
  const fm__stays *s;
  fm__person_body body;
  const void *ctx;
  piece_result *results;
  size_t piece_rows;
} by_person;

static size_t person_from(const fm__stays *s, size_t row)
{
  row = row < s->n ? row : s->n;
  while (row > 0 && row < s->n && s->person[row] == s->person[row - 1])
    row++;
  return row;
}

static fm_status piece_task(void *ctx, size_t piece)
{
  const by_person *b = ctx;
  const fm__stays *s = b->s;
  piece_result *r = &b->results[piece];
  fm__work w = {0};
  size_t to = person_from(s, (piece + 1) * b->piece_rows);
  for (size_t i = person_from(s, piece * b->piece_rows); i < to && r->status == FM_OK;) {
    size_t from = i;
    for (i++; i < to && s->person[i] == s->person[from]; i++)
      continue;
    r->status = b->body(b->ctx, &r->out, &w, s, from, i, &r->err);
  }
  fm__work_free(&w);
  return FM_OK;
}

static void tell(const piece_result *r, fm_error *err)
{
  if (r->status == FM_ERR_MEMORY) {
    fm__no_memory(err);
    return;
  }
  fm__fail(err, r->status, "%s", r->err.message);
  fm__error_place(err, NULL, NULL, -1, r->err.row, -1);
}

static void put_together(int32_t *const *columns, size_t width, const piece_result *results, size_t n_pieces)
{
  for (size_t c = 0; c < width; c++) {
    int32_t *to = columns[c];
    if (to == NULL)
      continue;
    for (size_t p = 0; p < n_pieces; p++)
      for (size_t i = 0; i < results[p].out.n; i++)
        *to++ = results[p].out.numbers[i * width + c];
  }
}

fm_status fm__by_person(size_t *n_out, int32_t *const *columns, size_t width, const fm__stays *s, fm__person_body body,
                        const void *ctx, const fm_run *run, fm_error *err)
{
  if (n_out == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "the number of rows of output must be given");
  fm_status status = fm__stays_check(s, run, err);
  if (status != FM_OK)
    return status;
  by_person b = {.s = s, .body = body, .ctx = ctx, .piece_rows = s->n / PIECES + 1};
  b.piece_rows = b.piece_rows < PIECE_ROWS ? PIECE_ROWS : b.piece_rows;
  size_t n_pieces = (s->n + b.piece_rows - 1) / b.piece_rows, sum = 0;
  bool counts = true;
  for (size_t c = 0; c < width; c++)
    counts &= columns[c] == NULL;
  b.results = fm__array(n_pieces, sizeof *b.results);
  if (b.results == NULL)
    return fm__no_memory(err);
  for (size_t p = 0; p < n_pieces; p++) {
    b.results[p].out = (fm__rows_out){.width = width, .counts = counts};
    fm_error_init(&b.results[p].err, sizeof b.results[p].err);
  }
  status = fm__run_tasks(run, piece_task, &b, n_pieces, err);
  for (size_t p = 0; p < n_pieces && status == FM_OK; p++) {
    status = b.results[p].status;
    sum += b.results[p].out.n;
    if (status != FM_OK)
      tell(&b.results[p], err);
  }
  if (status == FM_OK)
    status = fm__run_progress(run, 1.0, err);
  if (status == FM_OK) {
    put_together(columns, width, b.results, n_pieces);
    *n_out = sum;
  }
  for (size_t p = 0; p < n_pieces; p++)
    fm__free(b.results[p].out.numbers);
  fm__free(b.results);
  return status;
}

bool fm__cover_next(const fm__stays *s, const fm__state_list *list, size_t *at, size_t to, int32_t *from_day,
                    int32_t *to_day)
{
  size_t i = *at;
  bool found = false;
  for (; i < to; i++) {
    if (!fm__stay_took_place(s, i) || fm__state_list_find(list, fm__stay_state(s, i)) == SIZE_MAX)
      continue;
    int32_t end = fm__stay_end(s, i);
    if (!found) {
      *from_day = s->start[i];
      *to_day = end;
      found = true;
    } else if (s->start[i] > *to_day) {
      break;
    } else {
      *to_day = end > *to_day ? end : *to_day;
    }
  }
  *at = i;
  return found;
}
