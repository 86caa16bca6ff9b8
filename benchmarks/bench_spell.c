/* Spells sorted, joined over a gap of 14 days and read 180 days after the first day, against R of the same bytes; ten
 * spells a person, in any order and in order. Weekly codes of 1,800 weeks a person to runs, about 40 weeks each. */
#include "bench.h"
#include "flexmetrics.h"

#include <stdio.h>
#include <stdlib.h>

enum { FROM = 10957, AS_OF = 18262, GAP = 14, AFTER = 180, WEEKS = 1800 }; /* 2000-01-01 to 2020-01-01 */

typedef struct data {
  int32_t *person, *start, *end;
  size_t n;
  /* outputs, entered before the clock starts */
  int32_t *persons, *first_start;
  uint8_t *status, *in_rate;
  const fm_run *run;
} data;

/* Shown at the end, for peers to agree with. */
static size_t people, joined, held;

static double result(const data *d, size_t n_persons, size_t n_episodes)
{
  double sum = (double)n_persons * 3 + (double)n_episodes;
  people = n_persons;
  joined = n_episodes;
  held = 0;
  for (size_t i = 0; i < n_persons; i++)
    held += d->status[i] == FM_SPELL_YES;
  for (size_t i = 0; i < n_persons; i++)
    sum += d->status[i] * (double)(d->persons[i] % 1000 + 1);
  return sum;
}

static double milestone(void *ctx)
{
  const data *d = ctx;
  size_t n_persons = 0, n_episodes = 0;
  fm_spell_milestone_spec spec = FM_SPELL_MILESTONE_SPEC_INIT;
  spec.as_of = AS_OF;
  spec.gap_days = GAP;
  spec.after = AFTER;
  if (fm_spell_milestone(&n_persons, &n_episodes, d->persons, d->first_start, d->status, d->in_rate, d->person,
                         d->start, d->end, d->n, &spec, d->run, NULL) != FM_OK)
    exit(2);
  return result(d, n_persons, n_episodes);
}

/* The same by the functions one after another, on spells in order. */
static double apart(void *ctx)
{
  const data *d = ctx;
  size_t n_episodes = 0, n = 0;
  fm_spell_episode *episodes = malloc(d->n * sizeof *episodes);
  int32_t *day = malloc(d->n * sizeof *day);
  if (episodes == NULL || day == NULL ||
      fm_spell_join(&n_episodes, episodes, d->person, d->start, d->end, d->n, GAP, AS_OF, NULL, NULL) != FM_OK)
    exit(2);
  for (size_t i = 0; i < n_episodes; i++)
    if (i == 0 || episodes[i].person != episodes[i - 1].person) {
      d->persons[n] = episodes[i].person;
      day[n++] = episodes[i].start + AFTER;
    }
  if (fm_spell_status(d->status, d->persons, day, n, d->person, d->start, d->end, d->n, GAP, AS_OF, NULL, NULL) !=
      FM_OK)
    exit(2);
  free(day);
  free(episodes);
  return result(d, n, n_episodes);
}

typedef struct weeks {
  uint16_t *codes;
  uint32_t *starts;
  size_t n;
} weeks;

static double runs(void *ctx)
{
  const weeks *w = ctx;
  size_t sum = 0;
  for (size_t i = 0; i < w->n; i += WEEKS) {
    size_t n_runs = 0;
    if (fm_spell_runs(&n_runs, w->starts, w->codes + i, WEEKS, NULL) != FM_OK)
      exit(2);
    sum += n_runs + w->starts[n_runs - 1];
  }
  return (double)sum;
}

static double runs_loop(void *ctx)
{
  const weeks *w = ctx;
  size_t sum = 0;
  for (size_t i = 0; i < w->n; i += WEEKS) {
    const uint16_t *c = w->codes + i;
    size_t n_runs = 0;
    w->starts[n_runs++] = 0;
    for (uint32_t k = 1; k < WEEKS; k++)
      if (c[k] != c[k - 1])
        w->starts[n_runs++] = k;
    sum += n_runs + w->starts[n_runs - 1];
  }
  return (double)sum;
}

static data spells(size_t n)
{
  data d = {.n = n};
  int32_t **columns[] = {&d.person, &d.start, &d.end, &d.persons, &d.first_start};
  for (size_t c = 0; c < 5; c++)
    *columns[c] = bench_memory(n * sizeof(int32_t));
  d.status = bench_memory(n);
  d.in_rate = bench_memory(n);
  return d;
}

/* Ten spells a person on average, of up to 400 days, one in twenty still running; four draws a row, so that
 * peers_spell.py can make the same ones. */
static void fill(data *d)
{
  uint64_t state = 7;
  for (size_t i = 0; i < d->n; i++) {
    d->person[i] = (int32_t)(bench_random(&state) % (d->n / 10));
    d->start[i] = FROM + (int32_t)(bench_random(&state) % (AS_OF - FROM));
    int32_t days = 1 + (int32_t)(bench_random(&state) % 400);
    d->end[i] = bench_random(&state) % 20 == 0 ? FM_SPELL_OPEN : d->start[i] + days;
  }
}

static void fill_weeks(weeks *w)
{
  uint64_t state = 8;
  uint16_t code = 0;
  for (size_t i = 0; i < w->n; i++) {
    if (i % WEEKS == 0 || bench_random(&state) % 40 == 0)
      code = (uint16_t)(bench_random(&state) % 900);
    w->codes[i] = code;
  }
}

int main(int argc, char **argv)
{
  static bench b;
  static data any, sorted;
  static weeks w;
  static bench_bytes bytes, sorted_bytes, code_bytes;
  bench_start(&b, "spells", argc, argv);
  any = spells(b.n);
  fill(&any);
  sorted = any;
  int32_t **columns[] = {&sorted.person, &sorted.start, &sorted.end};
  for (size_t c = 0; c < 3; c++) {
    const int32_t *from = *columns[c];
    *columns[c] = bench_memory(b.n * sizeof(int32_t));
    for (size_t i = 0; i < b.n; i++)
      (*columns[c])[i] = from[i];
  }
  if (fm_spell_sort(sorted.person, sorted.start, sorted.end, NULL, b.n, NULL, NULL) != FM_OK)
    return 2;
  w.n = b.n * 4 / WEEKS * WEEKS;
  w.codes = bench_memory(w.n * sizeof *w.codes);
  w.starts = bench_memory(WEEKS * sizeof *w.starts);
  fill_weeks(&w);
  size_t size = b.n * sizeof(int32_t);
  bytes = (bench_bytes){.data = {any.person, any.start, any.end}, .size = {size, size, size}};
  sorted_bytes = (bench_bytes){.data = {sorted.person, sorted.start, sorted.end}, .size = {size, size, size}};
  code_bytes = (bench_bytes){.data = {w.codes}, .size = {w.n * sizeof *w.codes}};
  size_t read = bench_add(&b, "R of spells", bench_read, &bytes);
  size_t read_sorted = bench_add(&b, "R of spells in order", bench_read, &sorted_bytes);
  size_t read_codes = bench_add(&b, "R of weekly codes", bench_read, &code_bytes);
  size_t fast = bench_add(&b, "milestone, any order", milestone, &any);
  size_t fast_sorted = bench_add(&b, "milestone, in order", milestone, &sorted);
  /* Its gigabytes of small pages would leave no large ones to the others. */
  size_t slow = b.n <= 10000000 ? bench_add(&b, "join and status, in order", apart, &sorted) : fast;
  size_t vector = bench_add(&b, "weekly codes to runs", runs, &w);
  size_t loop = bench_add(&b, "weekly codes, plain loop", runs_loop, &w);
  bench_must(&b, fast, read, 50);
  bench_must(&b, fast_sorted, read_sorted, 25);
  bench_must(&b, vector, read_codes, 6);
  bench_same(&b, fast, fast_sorted);
  bench_same(&b, slow, fast);
  bench_same(&b, loop, vector);
  int verdict = bench_run(&b);
  printf("%zu people, %zu joined spells, %zu people in one of them on day %d\n", people, joined, held, AFTER);
  bench_two_threads(milestone, &any, &any.run);
  bench_two_threads(milestone, &sorted, &sorted.run);
  return verdict;
}
