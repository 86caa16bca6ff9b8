/* Questions about days and windows, each about one person. */
#include "spell/people_priv.h"

enum { PIECES = 64, PIECE_ASKED = 4096 };

typedef struct asked {
  const fm__stays *s;
  const int32_t *person, *from, *to;
  size_t n, piece;
  fm__state_list list;
  uint8_t *status;
  int32_t *state, *days, *unseen;
} asked;

/* Rows whose person is below, or with `day` whose person and start are not beyond. */
static size_t rows_before(const fm__stays *s, int32_t person, const int32_t *day)
{
  size_t low = 0, high = s->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (s->person[middle] < person || (day != NULL && s->person[middle] == person && s->start[middle] <= *day))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static fm_status state_task(void *ctx, size_t piece)
{
  const asked *a = ctx;
  const fm__stays *s = a->s;
  size_t to = (piece + 1) * a->piece < a->n ? (piece + 1) * a->piece : a->n;
  for (size_t k = piece * a->piece; k < to; k++) {
    int32_t day = a->from[k], state = FM_SPELL_NO_STATE;
    uint8_t status = day >= s->as_of || day == FM_NO_DATE ? FM_SPELL_UNKNOWN : FM_SPELL_NO;
    if (status == FM_SPELL_NO) {
      size_t i = rows_before(s, a->person[k], &day);
      while (i > 0 && s->person[i - 1] == a->person[k] && !fm__stay_took_place(s, i - 1))
        i--;
      if (i > 0 && s->person[i - 1] == a->person[k] && day < s->end[i - 1]) {
        status = FM_SPELL_YES;
        state = fm__stay_state(s, i - 1);
      }
    }
    if (a->status != NULL)
      a->status[k] = status;
    if (a->state != NULL)
      a->state[k] = state;
  }
  return FM_OK;
}

static fm_status days_task(void *ctx, size_t piece)
{
  const asked *a = ctx;
  const fm__stays *s = a->s;
  size_t end = (piece + 1) * a->piece < a->n ? (piece + 1) * a->piece : a->n;
  for (size_t k = piece * a->piece; k < end; k++) {
    int32_t from = a->from[k], to = a->to[k], days = 0, unseen = 0, first, last;
    if (!fm__date_is_valid(from) || !fm__date_is_valid(to)) {
      days = unseen = -1;
    } else if (from < to) {
      unseen = to <= s->as_of ? 0 : to - (from > s->as_of ? from : s->as_of);
      size_t at = rows_before(s, a->person[k], NULL), stop = rows_before(s, a->person[k], &to);
      while (fm__cover_next(s, &a->list, &at, stop, &first, &last) && first < to) {
        int32_t low = first > from ? first : from, high = last < to ? last : to;
        days += high > low ? high - low : 0;
      }
    }
    if (a->days != NULL)
      a->days[k] = days;
    if (a->unseen != NULL)
      a->unseen[k] = unseen;
  }
  return FM_OK;
}

static fm_status ask_all(asked *a, fm_task task, const fm_run *run, fm_error *err)
{
  a->piece = a->n / PIECES + 1;
  a->piece = a->piece < PIECE_ASKED ? PIECE_ASKED : a->piece;
  fm_status status = fm__run_tasks(run, task, a, (a->n + a->piece - 1) / a->piece, err);
  return status == FM_OK ? fm__run_progress(run, 1.0, err) : status;
}

fm_status fm__stays_apart(const fm__stays *s, fm_error *err)
{
  int32_t end = 0;
  bool begun = false;
  for (size_t i = 0; i < s->n; i++) {
    if (i > 0 && s->person[i] != s->person[i - 1])
      begun = false;
    if (!fm__stay_took_place(s, i))
      continue;
    if (begun && s->start[i] < end) {
      fm__fail(err, FM_ERR_VALUE, "two spells on one day, expected one: call fm_spell_resolve first");
      fm__error_place(err, NULL, NULL, -1, (int64_t)i, -1);
      return FM_ERR_VALUE;
    }
    end = s->end[i];
    begun = true;
  }
  return FM_OK;
}

fm_status fm_spell_state_on(uint8_t *status, int32_t *out_state, const int32_t *ask_person, const int32_t *ask_day,
                            size_t n_asked, const int32_t *person, const int32_t *start, const int32_t *end,
                            const int32_t *state, size_t n, int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__stays s = {person, start, end, state, n, as_of};
  if (n_asked > 0 && (ask_person == NULL || ask_day == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "ask_person and ask_day must be given");
  fm_status made = fm__stays_check(&s, run, err);
  if (made == FM_OK)
    made = fm__stays_apart(&s, err);
  if (made != FM_OK)
    return made;
  asked a = {.s = &s, .person = ask_person, .from = ask_day, .n = n_asked, .status = status, .state = out_state};
  return ask_all(&a, state_task, run, err);
}

fm_status fm_spell_days_in(int32_t *out_days, int32_t *out_unseen, const int32_t *ask_person, const int32_t *ask_from,
                           const int32_t *ask_to, size_t n_asked, const int32_t *person, const int32_t *start,
                           const int32_t *end, const int32_t *state, size_t n, const int32_t *states, size_t n_states,
                           int32_t as_of, const fm_run *run, fm_error *err)
{
  fm__stays s = {person, start, end, state, n, as_of};
  if (n_asked > 0 && (ask_person == NULL || ask_from == NULL || ask_to == NULL))
    return fm__fail(err, FM_ERR_ARGUMENT, "ask_person, ask_from and ask_to must be given");
  asked a = {.s = &s, .person = ask_person, .from = ask_from, .to = ask_to, .n = n_asked};
  a.days = out_days;
  a.unseen = out_unseen;
  fm_status made = fm__stays_check(&s, run, err);
  if (made == FM_OK)
    made = fm__state_list_make(&a.list, states, n_states, false, err);
  if (made == FM_OK)
    made = ask_all(&a, days_task, run, err);
  fm__state_list_free(&a.list);
  return made;
}
