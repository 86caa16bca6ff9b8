/* Spells in batches: the same bits as in one piece, wherever they are cut, and whatever is taken in between. */
#include "spell/days.h"

typedef struct taken {
  size_t n;
  int32_t *person, *start, *end, *state;
} taken;

static taken taken_new(size_t n)
{
  return (taken){0, calloc(n + 1, 4), calloc(n + 1, 4), calloc(n + 1, 4), calloc(n + 1, 4)};
}

static void taken_free(taken *t)
{
  free(t->person);
  free(t->start);
  free(t->end);
  free(t->state);
}

static void take(taken *t, fm_spell_stream *s, size_t ready)
{
  fm_error err = FM_ERROR_INIT;
  size_t n = 0;
  if (ready > 0) {
    ck_assert_int_eq(fm_spell_stream_take(s, &n, NULL, NULL, NULL, NULL, ready - 1, NULL), FM_ERR_ARGUMENT);
  }
  fm_assert_ok(
      fm_spell_stream_take(s, &n, t->person + t->n, t->start + t->n, t->end + t->n, t->state + t->n, ready, &err),
      &err);
  ck_assert_uint_eq(n, ready);
  /* whole people only: the next batch begins with another one */
  if (n > 0 && t->n > 0)
    ck_assert_int_lt(t->person[t->n - 1], t->person[t->n]);
  t->n += n;
}

/* Batches of up to `most` rows, taken now and then. */
static taken in_batches(const spells *s, const fm_spell_resolve_spec *spec, uint32_t most, uint64_t *state)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_stream *stream = NULL;
  taken t = taken_new(2 * s->n);
  size_t ready = 0;
  fm_assert_ok(fm_spell_stream_create(&stream, spec, &err), &err);
  for (size_t i = 0; i < s->n;) {
    size_t n = draw(state, most + 1);
    n = n < s->n - i ? n : s->n - i;
    fm_assert_ok(fm_spell_stream_add(stream, &ready, s->person + i, s->start + i, s->end + i, s->label + i, n, &err),
                 &err);
    i += n;
    if (draw(state, 3) == 0)
      take(&t, stream, ready);
  }
  fm_assert_ok(fm_spell_stream_finish(stream, &ready, &err), &err);
  take(&t, stream, ready);
  fm_assert_ok(fm_spell_stream_finish(stream, &ready, &err), &err); /* once more does nothing */
  ck_assert_uint_eq(ready, 0);
  ck_assert_int_eq(fm_spell_stream_add(stream, NULL, NULL, NULL, NULL, NULL, 0, NULL), FM_ERR_STATE);
  fm_spell_stream_destroy(stream);
  return t;
}

START_TEST(same_bits)
{
  static const int32_t ranking[] = {2, 0, 1};
  uint64_t state = 17;
  for (int r = 0; r < 60; r++) {
    fm_error err = FM_ERROR_INIT;
    size_t n = draw(&state, 300);
    spells s = spells_random(&state, n, 1 + draw(&state, 40));
    fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
    spec.policy = 1 + r % 5;
    spec.ranking = ranking;
    spec.n_ranking = spec.policy == FM_SPELL_OVERLAP_PRIORITY ? 3 : 0;
    spec.gap_days = r % 7;
    spec.as_of = DAY_TO;
    fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, n, NULL, &err), &err);
    taken whole = taken_new(2 * n);
    fm_assert_ok(fm_spell_resolve(&whole.n, whole.person, whole.start, whole.end, whole.state, s.person, s.start, s.end,
                                  s.label, n, &spec, NULL, &err),
                 &err);
    /* within a person any order will do */
    for (size_t i = 1; i < n; i++)
      if (s.person[i] == s.person[i - 1] && draw(&state, 2) == 0) {
        int32_t *column[] = {s.start, s.end, s.label};
        for (int c = 0; c < 3; c++) {
          int32_t x = column[c][i];
          column[c][i] = column[c][i - 1];
          column[c][i - 1] = x;
        }
      }
    static const uint32_t most[] = {1, 2, 7, 100, 1000};
    for (int k = 0; k < FM_COUNT(most); k++) {
      taken t = in_batches(&s, &spec, most[k], &state);
      ck_assert_msg(t.n == whole.n, "run %d, batches of %u: %zu and %zu", r, most[k], t.n, whole.n);
      ck_assert_mem_eq(t.person, whole.person, t.n * 4);
      ck_assert_mem_eq(t.start, whole.start, t.n * 4);
      ck_assert_mem_eq(t.end, whole.end, t.n * 4);
      ck_assert_mem_eq(t.state, whole.state, t.n * 4);
      taken_free(&t);
    }
    taken_free(&whole);
    spells_free(&s);
  }
}
END_TEST

/* Rows are counted over all batches. */
START_TEST(refuses)
{
  static const struct {
    const char *label;
    int32_t person, start, end, state;
    int64_t row;
  } row[] = {{"a person below", 0, 5, 9, 1, 4},
             {"a start that is none", 4, INT32_MAX, 9, 1, 4},
             {"an end that is none", 4, 5, FM_NO_DATE, 1, 4},
             {"no state", 4, 5, 9, FM_SPELL_NO_STATE, 4},
             {"two states on a day", 3, 9, 11, 2, 4}};
  int32_t person[] = {1, 2, 2, 3}, start[] = {1, 1, 4, 5}, end[] = {2, 4, 9, 10}, state[] = {1, 1, 2, 1};
  fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
  spec.as_of = 50;
  for (int r = 0; r < FM_COUNT(row); r++) {
    fm_error err = FM_ERROR_INIT;
    fm_spell_stream *s = NULL;
    size_t ready = 0, n;
    fm_assert_ok(fm_spell_stream_create(&s, &spec, &err), &err);
    fm_assert_ok(fm_spell_stream_add(s, NULL, person, start, end, state, 3, &err), &err);
    fm_assert_ok(fm_spell_stream_add(s, &ready, person + 3, start + 3, end + 3, state + 3, 1, &err), &err);
    ck_assert_uint_eq(ready, 3);
    fm_status status =
        fm_spell_stream_add(s, &ready, &row[r].person, &row[r].start, &row[r].end, &row[r].state, 1, &err);
    if (status == FM_OK) /* it shows when the person is finished */
      status = fm_spell_stream_finish(s, &ready, &err);
    ck_assert_msg(status == FM_ERR_VALUE && err.row == row[r].row, "%s: row %d", row[r].label, (int)err.row);
    ck_assert_int_eq(fm_spell_stream_add(s, &ready, person, start, end, state, 1, NULL), FM_ERR_STATE);
    ck_assert_int_eq(fm_spell_stream_finish(s, &ready, NULL), FM_ERR_STATE);
    fm_error_clear(&err);
    fm_assert_ok(fm_spell_stream_take(s, &n, NULL, NULL, NULL, NULL, 3, &err), &err); /* people before are there */
    ck_assert_uint_eq(n, 3);
    fm_spell_stream_destroy(s);
  }
  fm_spell_stream *s = NULL;
  ck_assert_int_eq(fm_spell_stream_create(NULL, &spec, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_stream_add(NULL, NULL, person, start, end, state, 1, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_stream_finish(NULL, NULL, NULL), FM_ERR_ARGUMENT);
  ck_assert_int_eq(fm_spell_stream_take(NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL), FM_ERR_ARGUMENT);
  spec.as_of = FM_NO_DATE;
  ck_assert_int_eq(fm_spell_stream_create(&s, &spec, NULL), FM_ERR_ARGUMENT);
  ck_assert_ptr_null(s);
  fm_spell_stream_destroy(NULL);
}
END_TEST

static fm_status all_of(void *ctx, fm_error *err)
{
  const spells *s = ctx;
  static const int32_t ranking[] = {0, 1, 2};
  fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
  spec.as_of = DAY_TO;
  spec.policy = FM_SPELL_OVERLAP_PRIORITY;
  spec.ranking = ranking;
  spec.n_ranking = 3;
  fm_spell_stream *stream = NULL;
  fm_status status = fm_spell_stream_create(&stream, &spec, err);
  if (status == FM_OK)
    status = fm_spell_stream_add(stream, NULL, s->person, s->start, s->end, s->label, s->n, err);
  if (status == FM_OK)
    status = fm_spell_stream_finish(stream, NULL, err);
  fm_spell_stream_destroy(stream);
  return status;
}

START_TEST(allocations)
{
  uint64_t state = 6;
  fm_error err = FM_ERROR_INIT;
  spells s = spells_random(&state, 90, 5);
  fm_assert_ok(fm_spell_sort(s.person, s.start, s.end, s.label, s.n, NULL, &err), &err);
  ck_assert_int_ge(fm_test_allocations(all_of, &s), 10);
  spells_free(&s);
}
END_TEST

int main(void)
{
  Suite *s = suite_create("spell-stream");
  TCase *c = tcase_create("stream");
  tcase_add_test(c, same_bits);
  tcase_add_test(c, refuses);
  tcase_add_test(c, allocations);
  suite_add_tcase(s, c);
  return fm_test_main(s);
}
