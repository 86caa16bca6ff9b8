/* Kaplan-Meier on whole days up to three years, against R of the same bytes. */
#include "bench.h"
#include "flexmetrics.h"

#include <math.h>
#include <stdlib.h>

enum { LAST = 1095 };

typedef struct data {
  int32_t *time;
  const uint8_t *event;
  const int32_t *entry;
  const double *weight;
  size_t n;
} data;

static double curve(void *ctx)
{
  const data *d = ctx;
  double survival[LAST + 1], std_error[LAST + 1];
  if (fm_retention_km(NULL, NULL, NULL, survival, std_error, d->time, d->event, d->entry, d->weight, d->n, LAST, NULL,
                      NULL) != FM_OK)
    exit(2);
  return survival[LAST] + std_error[LAST];
}

typedef struct groups {
  const data *d;
  uint32_t *group;
} groups;

static double logrank(void *ctx)
{
  const groups *g = ctx;
  fm_logrank out;
  if (fm_retention_logrank_arrays(&out, NULL, NULL, NULL, NULL, g->d->time, g->d->event, g->group, 6, g->d->entry, NULL,
                                  1, g->d->n, FM_LOGRANK_FLEMING_HARRINGTON, 0, 0, NULL, NULL) != FM_OK)
    exit(2);
  return out.chi_square;
}

/* The definition: count, then multiply. */
static double simple(void *ctx)
{
  const data *d = ctx;
  static int64_t ends[LAST + 1][2];
  for (int32_t t = 0; t <= LAST; t++)
    ends[t][0] = ends[t][1] = 0;
  for (size_t i = 0; i < d->n; i++)
    ends[d->time[i]][d->event[i]]++;
  double survival = 1, variance = 0;
  int64_t risk = (int64_t)d->n;
  for (int32_t t = 0; t <= LAST; t++) {
    double n = (double)risk, events = (double)ends[t][1], rest = n - events;
    if (events > 0) {
      survival *= rest / n;
      variance += events / n / rest;
    }
    risk -= ends[t][0] + ends[t][1];
  }
  return survival + survival * sqrt(variance);
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
  static data any, same, rising, late, weighted;
  static bench_bytes bytes;
  static groups six;
  uint64_t state = 5;
  bench_start(&b, "Kaplan-Meier", argc, argv);
  uint8_t *event = bench_memory(b.n);
  int32_t *entry = bench_memory(b.n * sizeof *entry);
  double *weight = bench_memory(b.n * sizeof *weight);
  any = (data){.time = bench_memory(b.n * sizeof *any.time), .event = event, .n = b.n};
  same = (data){.time = bench_memory(b.n * sizeof *any.time), .event = event, .n = b.n};
  rising = (data){.time = bench_memory(b.n * sizeof *any.time), .event = event, .n = b.n};
  bench_fill_weights(weight, b.n, 2);
  for (size_t i = 0; i < b.n; i++) {
    any.time[i] = day(&state);
    same.time[i] = 365;
    rising.time[i] = (int32_t)(i / (b.n / LAST + 1));
    event[i] = any.time[i] < LAST && bench_unit(&state) < 0.7;
    entry[i] = bench_unit(&state) < 0.2 ? any.time[i] / 2 : 0;
  }
  late = any;
  late.entry = entry;
  weighted = any;
  weighted.weight = weight;
  six = (groups){.d = &any, .group = bench_memory(b.n * sizeof *six.group)};
  for (size_t i = 0; i < b.n; i++)
    six.group[i] = (uint32_t)(6 * bench_unit(&state));
  bytes = (bench_bytes){.data = {any.time, event}, .size = {b.n * sizeof *any.time, b.n}};
  size_t read = bench_add(&b, "R of time and event", bench_read, &bytes);
  size_t random = bench_add(&b, "any order", curve, &any), loop = bench_add(&b, "any order, plain loop", simple, &any);
  /* A million rows stay in the cache, where R is no measure of anything; the gate takes the plain loop instead. */
  size_t reference = b.gate ? loop : read;
  bench_must(&b, random, reference, b.gate ? 1.5 : 5);
  bench_must(&b, bench_add(&b, "one day", curve, &same), reference, b.gate ? 2 : 5);
  bench_must(&b, bench_add(&b, "rising days", curve, &rising), reference, b.gate ? 2 : 5);
  bench_must(&b, bench_add(&b, "late entry", curve, &late), reference, b.gate ? 11 : 30);
  bench_must(&b, bench_add(&b, "weights", curve, &weighted), reference, b.gate ? 25 : 60);
  bench_must(&b, bench_add(&b, "log-rank, six groups", logrank, &six), random, b.gate ? 4 : 2);
  bench_same(&b, loop, random);
  return bench_run(&b);
}
