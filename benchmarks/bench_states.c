/* Spells with states, person by person: one state a day (at once and as a stream), rows per person and period, what
 * came of people under a definition, and how long it lasted; against R of the same bytes. Ten spells a person, in
 * order, of five states that lie over each other. The same again with a thousand spells a person: work that grew with
 * the square of a person's spells would show there. */
#include "bench.h"
#include "flexmetrics.h"

#include <stdio.h>
#include <stdlib.h>

enum { FROM = 10957, AS_OF = 18262, STATES = 5, FEW = 10, MANY = 1000, BATCH = 1 << 16, HORIZON = 12 };

typedef struct data {
  int32_t *person, *start, *end, *state;
  fm_spell_state *states; /* the same as records */
  fm_spell_unit *units;
  size_t n, n_units;
  /* outputs, entered before the clock starts; room for what the resolved spells and periods need */
  int32_t *out[5];
  size_t room;
  fm_spell_outcome *outcomes;
  fm_spell_duration *durations;
  const fm_run *run;
} data;

static void expect(fm_status status, const fm_error *err)
{
  if (status == FM_OK)
    return;
  fprintf(stderr, "%s\n", err->message);
  exit(2);
}

static double sum_of(int32_t *const *columns, size_t n_columns, size_t n)
{
  double sum = (double)n;
  for (size_t c = 0; c < n_columns; c++)
    for (size_t i = 0; i < n; i += 61)
      sum += columns[c][i] % 1000 * (double)(c + 1);
  return sum;
}

static fm_spell_resolve_spec ranked(void)
{
  static const int32_t ranking[STATES] = {2, 0, 4, 1, 3};
  fm_spell_resolve_spec spec = FM_SPELL_RESOLVE_SPEC_INIT;
  spec.policy = FM_SPELL_OVERLAP_PRIORITY;
  spec.as_of = AS_OF;
  spec.ranking = ranking;
  spec.n_ranking = STATES;
  return spec;
}

static double resolve(void *ctx)
{
  const data *d = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_spell_resolve_spec spec = ranked();
  size_t n = 0;
  expect(fm_spell_resolve(&n, d->out[0], d->out[1], d->out[2], d->out[3], d->person, d->start, d->end, d->state, d->n,
                          &spec, d->run, &err),
         &err);
  return sum_of(d->out, 4, n);
}

/* Batches of 65,536 rows, taken as they become ready. */
static double stream(void *ctx)
{
  const data *d = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_spell_resolve_spec spec = ranked();
  fm_spell_stream *s;
  size_t n = 0;
  expect(fm_spell_stream_create(&s, &spec, &err), &err);
  for (size_t i = 0; i <= d->n; i += BATCH) {
    size_t rows = d->n - i < BATCH ? d->n - i : BATCH, ready = 0, taken = 0;
    expect(fm_spell_stream_add(s, &ready, d->person + i, d->start + i, d->end + i, d->state + i, rows, &err), &err);
    if (rows < BATCH)
      expect(fm_spell_stream_finish(s, &ready, &err), &err);
    expect(
        fm_spell_stream_take(s, &taken, d->out[0] + n, d->out[1] + n, d->out[2] + n, d->out[3] + n, d->room - n, &err),
        &err);
    n += taken;
  }
  fm_spell_stream_destroy(s);
  return sum_of(d->out, 4, n);
}

static double periods_of(const data *d, int32_t by_state)
{
  fm_error err = FM_ERROR_INIT;
  fm_spell_periods_spec spec = FM_SPELL_PERIODS_SPEC_INIT;
  size_t n = 0;
  spec.clock = FM_SPELL_BY_YEAR;
  spec.as_of = AS_OF;
  spec.by_state = by_state;
  expect(fm_spell_periods(&n, d->out[0], d->out[1], d->out[2], d->out[3], d->out[4], d->person, d->start, d->end,
                          d->state, d->n, &spec, d->run, &err),
         &err);
  return sum_of(d->out, 5, n);
}

static double periods(void *ctx)
{
  return periods_of(ctx, 0);
}

static double periods_by_state(void *ctx)
{
  return periods_of(ctx, 1);
}

static fm_spell_definition definition(void)
{
  fm_spell_definition d = FM_SPELL_DEFINITION_INIT;
  d.rule = FM_SPELL_CONTINUOUS;
  d.gap_days = 14;
  d.index = FM_SPELL_FROM_PLACEMENT;
  return d;
}

static double outcomes(void *ctx)
{
  const data *d = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_spell_definition asked = definition();
  expect(fm_spell_outcomes(d->outcomes, &asked, HORIZON, FM_SPELL_STATE_OTHER, d->units, d->n_units, d->states, d->n,
                           d->run, &err),
         &err);
  double sum = 0;
  for (size_t i = 0; i < d->n_units; i++)
    sum += d->outcomes[i].status * (double)(i % 1000 + 1) + d->outcomes[i].in_rate;
  return sum;
}

static double durations(void *ctx)
{
  const data *d = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_spell_definition asked = definition();
  expect(fm_spell_durations(d->durations, &asked, FM_SPELL_STATE_OTHER, d->units, d->n_units, d->states, d->n, d->run,
                            &err),
         &err);
  double sum = 0;
  for (size_t i = 0; i < d->n_units; i++)
    sum += d->durations[i].days * (double)(i % 1000 + 1);
  return sum;
}

/* `each` spells a person, on average 200 days long; their first days lie over twenty years. */
static data make(size_t n, size_t each)
{
  data d = {.n = n, .n_units = (n + each - 1) / each, .room = 4 * n + 64};
  uint64_t state = 11;
  int32_t **columns[] = {&d.person, &d.start, &d.end, &d.state};
  for (size_t c = 0; c < 4; c++)
    *columns[c] = bench_memory(n * sizeof(int32_t));
  for (size_t i = 0; i < n; i++) {
    d.person[i] = (int32_t)(i / each);
    d.start[i] = FROM + (int32_t)(bench_random(&state) % (AS_OF - FROM));
    d.state[i] = (int32_t)(bench_random(&state) % STATES);
    d.end[i] = bench_random(&state) % 20 == 0 ? FM_SPELL_OPEN : d.start[i] + 1 + (int32_t)(bench_random(&state) % 400);
  }
  expect(fm_spell_sort(d.person, d.start, d.end, d.state, n, NULL, NULL), &(fm_error){0});
  d.states = bench_memory(n * sizeof *d.states);
  d.units = bench_memory(d.n_units * sizeof *d.units);
  for (size_t i = 0; i < n; i++)
    d.states[i] = (fm_spell_state){d.person[i], d.start[i], d.end[i], -1,
                                   d.state[i] < 3 ? FM_SPELL_STATE_COUNTS : FM_SPELL_STATE_OTHER};
  for (size_t i = 0; i < d.n_units; i++)
    d.units[i] = (fm_spell_unit){(int32_t)i, d.start[i * each], -1, INT32_MIN, AS_OF};
  for (size_t c = 0; c < 5; c++)
    d.out[c] = bench_memory(d.room * sizeof(int32_t));
  d.outcomes = bench_memory(d.n_units * sizeof *d.outcomes);
  d.durations = bench_memory(d.n_units * sizeof *d.durations);
  return d;
}

int main(int argc, char **argv)
{
  static const struct {
    const char *few, *many;
    bench_body body;
    double must, must_many;
  } row[] = {{"one state a day", "one state a day, 1,000 spells each", resolve, 200, 1},
             {"the same as a stream", "the same as a stream, 1,000 each", stream, 200, 1},
             {"person and year", "person and year, 1,000 spells each", periods, 220, 1},
             {"person, year and state", "person, year and state, 1,000 each", periods_by_state, 320, 1},
             {"outcomes at 12 months", "outcomes at 12 months, 1,000 each", outcomes, 80, 1},
             {"durations", "durations, 1,000 spells each", durations, 80, 1}};
  static bench b;
  static data few, many;
  static bench_bytes bytes;
  size_t at[2] = {0, 0};
  bench_start(&b, "spells with states", argc, argv);
  few = make(b.n, FEW);
  many = make(b.n, MANY);
  size_t size = b.n * sizeof(int32_t);
  bytes = (bench_bytes){.data = {few.person, few.start, few.end, few.state}, .size = {size, size, size, size}};
  size_t read = bench_add(&b, "R of spells with a state", bench_read, &bytes);
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    size_t one = bench_add(&b, row[k].few, row[k].body, &few);
    size_t other = bench_add(&b, row[k].many, row[k].body, &many);
    bench_must(&b, one, read, row[k].must);
    bench_must(&b, other, one, row[k].must_many);
    if (k == 1) {
      bench_same(&b, one, at[0]);
      bench_same(&b, other, at[1]);
    }
    at[0] = one;
    at[1] = other;
  }
  int verdict = bench_run(&b);
  bench_two_threads(resolve, &few, &few.run);
  return verdict;
}
