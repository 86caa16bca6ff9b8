/* Spells in batches: rows of one person at a time, resolved when the next one begins. */
#include "spell/people_priv.h"

struct fm_spell_stream {
  fm__resolve resolve;
  int32_t *person, *start, *end, *state; /* rows of the person under way */
  size_t n, room[4];
  fm__work work;
  fm__rows_out ready;
  int64_t n_before; /* rows of people before */
  fm_status failed;
  bool finished;
};

fm_status fm_spell_stream_create(fm_spell_stream **out, const fm_spell_resolve_spec *spec, fm_error *err)
{
  if (out == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "out must be given");
  *out = NULL;
  fm_spell_stream *s = fm__array(1, sizeof *s);
  if (s == NULL)
    return fm__no_memory(err);
  s->ready.width = 4;
  fm_status status = fm__resolve_take(&s->resolve, spec, err);
  if (status != FM_OK) {
    fm__free(s);
    return status;
  }
  s->resolve.spec.ranking = NULL; /* the list holds what it said */
  *out = s;
  return FM_OK;
}

void fm_spell_stream_destroy(fm_spell_stream *s)
{
  if (s == NULL)
    return;
  fm__state_list_free(&s->resolve.ranking);
  fm__free(s->person);
  fm__free(s->start);
  fm__free(s->end);
  fm__free(s->state);
  fm__free(s->ready.numbers);
  fm__work_free(&s->work);
  fm__free(s);
}

/* Resolves the person under way. */
static fm_status finish_person(fm_spell_stream *s, fm_error *err)
{
  fm__stays rows = {s->person, s->start, s->end, s->state, s->n, s->resolve.spec.as_of};
  fm_error own;
  size_t n = 0;
  fm_error_init(&own, sizeof own);
  fm_status status = s->n == 0 ? FM_OK : fm__resolve_person(&s->work, &n, &rows, 0, s->n, &s->resolve, &own);
  if (status == FM_ERR_MEMORY)
    return fm__no_memory(err);
  if (status != FM_OK) {
    fm__fail(err, status, "%s", own.message);
    fm__error_place(err, NULL, NULL, -1, s->n_before + own.row, -1);
    return status;
  }
  for (size_t i = 0; i < n; i++) {
    const fm__piece *p = &s->work.pieces[i];
    int32_t row[] = {s->person[0], p->start, p->end, p->state};
    if (!fm__rows_put(&s->ready, row))
      return fm__no_memory(err);
  }
  s->n_before += (int64_t)s->n;
  s->n = 0;
  return FM_OK;
}

static fm_status wrong_row(const fm_spell_stream *s, const char *message, fm_error *err)
{
  fm__fail(err, FM_ERR_VALUE, "%s", message);
  fm__error_place(err, NULL, NULL, -1, s->n_before + (int64_t)s->n, -1);
  return FM_ERR_VALUE;
}

static fm_status add_row(fm_spell_stream *s, int32_t person, int32_t start, int32_t end, int32_t state, fm_error *err)
{
  if (!fm__date_is_valid(start) || (!fm__date_is_valid(end) && end != FM_SPELL_OPEN))
    return wrong_row(s, "a spell must have a date as start, and a date or FM_SPELL_OPEN as end", err);
  if (state == FM_SPELL_NO_STATE)
    return wrong_row(s, "a spell must have another state than FM_SPELL_NO_STATE", err);
  if (s->n > 0 && person < s->person[0])
    return wrong_row(s, "spells must be sorted by person, over all batches", err);
  fm_status status = s->n > 0 && person != s->person[0] ? finish_person(s, err) : FM_OK;
  if (status != FM_OK)
    return status;
  int32_t **columns[] = {&s->person, &s->start, &s->end, &s->state};
  const int32_t row[] = {person, start, end, state};
  for (size_t c = 0; c < FM__COUNT(columns); c++) {
    if (!fm__grow((void **)columns[c], &s->room[c], s->n + 1, sizeof(int32_t)))
      return fm__no_memory(err);
    (*columns[c])[s->n] = row[c];
  }
  s->n++;
  return FM_OK;
}

fm_status fm_spell_stream_add(fm_spell_stream *s, size_t *n_ready, const int32_t *person, const int32_t *start,
                              const int32_t *end, const int32_t *state, size_t n, fm_error *err)
{
  if (s == NULL || (n > 0 && (person == NULL || start == NULL || end == NULL)))
    return fm__fail(err, FM_ERR_ARGUMENT, "stream, person, start and end must be given");
  if (s->finished || s->failed != FM_OK)
    return fm__fail(err, FM_ERR_STATE, "the stream is %s, it takes no more rows",
                    s->failed != FM_OK ? "broken by an error" : "finished");
  for (size_t i = 0; i < n && s->failed == FM_OK; i++)
    s->failed = add_row(s, person[i], start[i], end[i], state == NULL ? 0 : state[i], err);
  if (s->failed == FM_OK && n_ready != NULL)
    *n_ready = s->ready.n;
  return s->failed;
}

fm_status fm_spell_stream_finish(fm_spell_stream *s, size_t *n_ready, fm_error *err)
{
  if (s == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "stream must be given");
  if (s->failed != FM_OK)
    return fm__fail(err, FM_ERR_STATE, "the stream is broken by an error, it cannot be finished");
  if (!s->finished)
    s->failed = finish_person(s, err);
  if (s->failed != FM_OK)
    return s->failed;
  s->finished = true;
  if (n_ready != NULL)
    *n_ready = s->ready.n;
  return FM_OK;
}

fm_status fm_spell_stream_take(fm_spell_stream *s, size_t *n_taken, int32_t *out_person, int32_t *out_start,
                               int32_t *out_end, int32_t *out_state, size_t room, fm_error *err)
{
  if (s == NULL || n_taken == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "stream and n_taken must be given");
  if (room < s->ready.n)
    return fm__fail(err, FM_ERR_ARGUMENT, "room is %zu, it must be at least the %zu spells that are ready", room,
                    s->ready.n);
  int32_t *columns[] = {out_person, out_start, out_end, out_state};
  for (size_t c = 0; c < FM__COUNT(columns); c++)
    for (size_t i = 0; columns[c] != NULL && i < s->ready.n; i++)
      columns[c][i] = s->ready.numbers[i * s->ready.width + c];
  *n_taken = s->ready.n;
  s->ready.n = 0;
  return FM_OK;
}
