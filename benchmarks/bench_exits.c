/* Cumulative incidence of four reasons on whole days up to three years, against R of the same bytes, and Gray's test of
 * six groups against the curves of the same rows. */
#include "bench.h"
#include "flexmetrics.h"

#include <stdlib.h>

enum { LAST = 1095, CAUSES = 4, GROUPS = 6 };

typedef struct data {
  const int32_t *time, *entry;
  const uint8_t *cause;
  const uint32_t *group;
  size_t n;
} data;

static double curves(void *ctx)
{
  const data *d = ctx;
  static double survival[LAST + 1], incidence[(LAST + 1) * CAUSES], error[(LAST + 1) * CAUSES];
  if (fm_retention_incidence(survival, NULL, incidence, error, d->time, d->cause, d->entry, NULL, d->n, CAUSES, LAST,
                             FM_RETENTION_GREENWOOD, NULL, NULL) != FM_OK)
    exit(2);
  return incidence[LAST * CAUSES] + error[LAST * CAUSES];
}

/* The definition: count, then add up. */
static double simple(void *ctx)
{
  const data *d = ctx;
  static int64_t ends[LAST + 1][CAUSES + 1];
  for (int32_t t = 0; t <= LAST; t++)
    for (int j = 0; j <= CAUSES; j++)
      ends[t][j] = 0;
  for (size_t i = 0; i < d->n; i++)
    ends[d->time[i]][d->cause[i]]++;
  double survival = 1, gone = 0;
  int64_t risk = (int64_t)d->n;
  for (int32_t t = 0; t <= LAST; t++) {
    int64_t exits = 0;
    for (int j = 1; j <= CAUSES; j++)
      exits += ends[t][j];
    if (exits > 0) {
      gone += survival * ((double)ends[t][1] / (double)risk);
      survival *= (double)(risk - exits) / (double)risk;
    }
    risk -= exits + ends[t][0];
  }
  return gone;
}

static double curve_alone(void *ctx)
{
  const data *d = ctx;
  static double incidence[(LAST + 1) * CAUSES];
  if (fm_retention_incidence(NULL, NULL, incidence, NULL, d->time, d->cause, NULL, NULL, d->n, CAUSES, LAST,
                             FM_RETENTION_GREENWOOD, NULL, NULL) != FM_OK)
    exit(2);
  return incidence[LAST * CAUSES];
}

static double gray(void *ctx)
{
  const data *d = ctx;
  double statistic[CAUSES];
  if (fm_retention_gray_test(statistic, NULL, NULL, d->time, d->cause, NULL, d->group, NULL, d->n, CAUSES, GROUPS, 1, 0,
                             NULL, NULL) != FM_OK)
    exit(2);
  return statistic[0];
}

static int32_t day(uint64_t *state)
{
  double left = bench_unit(state), days = 0;
  while (left > 0.5 && days < LAST) { /* halved every 100 days */
    left = 2 * left - 1;
    days += 100;
  }
  days += 100 * bench_unit(state);
  return days < LAST ? (int32_t)days + 1 : LAST;
}

int main(int argc, char **argv)
{
  static bench b;
  static data any, late;
  static bench_bytes bytes;
  uint64_t state = 7;
  bench_start(&b, "Exits by reason", argc, argv);
  int32_t *time = bench_memory(b.n * sizeof *time), *entry = bench_memory(b.n * sizeof *entry);
  uint8_t *cause = bench_memory(b.n);
  uint32_t *group = bench_memory(b.n * sizeof *group);
  for (size_t i = 0; i < b.n; i++) {
    time[i] = day(&state);
    cause[i] = (uint8_t)(time[i] < LAST ? bench_random(&state) % (CAUSES + 1) : 0);
    entry[i] = bench_unit(&state) < 0.2 ? time[i] / 2 : 0;
    group[i] = (uint32_t)(bench_random(&state) % GROUPS);
  }
  any = (data){time, NULL, cause, group, b.n};
  late = (data){time, entry, cause, group, b.n};
  bytes = (bench_bytes){.data = {time, cause}, .size = {b.n * sizeof *time, b.n}};
  size_t read = bench_add(&b, "R of time and cause", bench_read, &bytes);
  size_t pass = bench_add(&b, "curves of 4 reasons", curves, &any);
  size_t loop = bench_add(&b, "plain loop", simple, &any), alone = bench_add(&b, "one curve", curve_alone, &any);
  /* A million rows stay in the cache, where R is no measure of anything; the gate takes the plain loop instead. */
  size_t reference = b.gate ? loop : read;
  bench_must(&b, pass, reference, b.gate ? 2.5 : 5);
  bench_must(&b, bench_add(&b, "curves, late entry", curves, &late), reference, b.gate ? 12 : 30);
  bench_must(&b, bench_add(&b, "Gray's test, 6 groups", gray, &any), pass, b.gate ? 4 : 2);
  bench_same(&b, loop, alone);
  return bench_run(&b);
}
