#define _DEFAULT_SOURCE
#include "bench.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { GATE_TRIES = 5 };

static void stop(const char *what, const char *value)
{
  fprintf(stderr, "%s%s\n", what, value);
  exit(2);
}

void bench_start(bench *b, const char *name, int argc, char **argv)
{
  *b = (bench){.name = name, .n = 10000000};
  for (int i = 1; i < argc; i++) {
    char *end;
    if (strcmp(argv[i], "--gate") == 0) {
      b->gate = true;
      b->n = 1000000;
      continue;
    }
    b->n = (size_t)strtoull(argv[i], &end, 10);
    if (*end != '\0' || b->n < 1000)
      stop("expected --gate or a number of rows from 1000, got ", argv[i]);
  }
}

size_t bench_add_prepared(bench *b, const char *name, bench_body prepare, bench_body body, void *ctx)
{
  if (b->n_cases == BENCH_CASES)
    stop("too many cases at ", name);
  size_t k = b->n_cases++;
  b->cases[k] = (bench_case){.name = name, .prepare = prepare, .body = body, .ctx = ctx, .reference = k, .same_as = k};
  return k;
}

/* R is a read of main memory: few rows would else come from a cache, whose size differs between machines. */
static double evict(void *ctx)
{
#if defined(__SSE2__)
  const bench_bytes *b = ctx;
  for (size_t k = 0; k < 4 && b->data[k] != NULL; k++)
    for (size_t i = 0; i < b->size[k]; i += 64)
      _mm_clflush((const char *)b->data[k] + i);
  _mm_mfence();
#else
  (void)ctx;
#endif
  return 0;
}

size_t bench_add(bench *b, const char *name, bench_body body, void *ctx)
{
  return bench_add_prepared(b, name, body == bench_read ? evict : NULL, body, ctx);
}

void bench_must(bench *b, size_t subject, size_t reference, double must)
{
  b->cases[subject].reference = reference;
  b->cases[subject].must = must;
}

void bench_same(bench *b, size_t subject, size_t other)
{
  b->cases[subject].same_as = other;
}

static int by_value(const void *a, const void *b)
{
  double p = *(const double *)a, q = *(const double *)b;
  return p < q ? -1 : p > q;
}

static double seconds_of(const bench_case *c, bool smallest)
{
  double sorted[BENCH_ROUNDS];
  if (smallest)
    return c->smallest;
  memcpy(sorted, c->seconds, sizeof sorted);
  qsort(sorted, BENCH_ROUNDS, sizeof *sorted, by_value);
  return sorted[BENCH_ROUNDS / 2];
}

static double ratio_of(const bench *b, const bench_case *c)
{
  return seconds_of(c, b->gate) / seconds_of(&b->cases[c->reference], b->gate);
}

static double limit_of(const bench *b, const bench_case *c)
{
  return b->gate ? 1.5 * c->must : c->must;
}

static size_t n_over(const bench *b)
{
  size_t n = 0;
  for (size_t k = 0; k < b->n_cases; k++)
    n += b->cases[k].reference != k && ratio_of(b, &b->cases[k]) > limit_of(b, &b->cases[k]);
  return n;
}

static int differing(const bench *b)
{
  int n = 0;
  for (size_t k = 0; k < b->n_cases; k++) {
    const bench_case *c = &b->cases[k], *other = &b->cases[c->same_as];
    if (memcmp(&c->result, &other->result, sizeof c->result) == 0)
      continue;
    fprintf(stderr, "%s: %s gives %.17g, %s gives %.17g\n", b->name, c->name, c->result, other->name, other->result);
    n++;
  }
  return n;
}

static void measure(bench *b)
{
  for (int round = -1; round < BENCH_ROUNDS; round++) /* the first round warms up */
    for (size_t k = 0; k < b->n_cases; k++) {
      bench_case *c = &b->cases[k];
      if (c->prepare != NULL)
        c->prepare(c->ctx);
      clock_t from = clock();
      c->result = c->body(c->ctx);
      double spent = (double)(clock() - from) / (double)CLOCKS_PER_SEC;
      if (round < 0)
        continue;
      c->seconds[round] = spent;
      c->smallest = c->smallest > 0 && c->smallest < spent ? c->smallest : spent;
    }
}

int bench_run(bench *b)
{
  /* Others may use the machine for a while: a gate that is missed is measured again, and the smallest of all counts. */
  int tries = b->gate ? GATE_TRIES : 1;
  do
    measure(b);
  while (--tries > 0 && n_over(b) > 0);
  if (differing(b) > 0)
    return 1;
  printf("%-44s %10s %8s %8s %6s  %s\n", b->name, "rows", "ns/row", "ratio", "must", "verdict");
  for (size_t k = 0; k < b->n_cases; k++) {
    const bench_case *c = &b->cases[k];
    double ns = seconds_of(c, false) * 1e9 / (double)b->n, ratio = ratio_of(b, c);
    if (c->reference == k)
      printf("%-44s %10zu %8.3f\n", c->name, b->n, ns);
    else
      printf("%-44s %10zu %8.3f %8.2f %6.1f  %s (in %s)\n", c->name, b->n, ns, ratio, c->must,
             ratio <= limit_of(b, c) ? "ok" : "MISSED", b->cases[c->reference].name);
  }
  return b->gate && n_over(b) > 0 ? 1 : 0;
}

void *bench_memory(size_t size)
{
  const size_t page = (size_t)2 << 20;
  size = (size + page - 1) / page * page;
  void *p = aligned_alloc(page, size);
  if (p == NULL)
    stop("out of memory", "");
#if defined(__linux__)
  madvise(p, size, MADV_HUGEPAGE);
#endif
  memset(p, 1, size);
  return p;
}

double bench_read(void *ctx)
{
  const bench_bytes *b = ctx;
  uint64_t all = 0;
  for (size_t k = 0; k < 4 && b->data[k] != NULL; k++) {
    const char *p = b->data[k];
    size_t i = 0;
#if defined(__SSE2__)
    __m128i a[4] = {_mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128(), _mm_setzero_si128()};
    for (; i + 64 <= b->size[k]; i += 64)
      for (size_t j = 0; j < 4; j++)
        a[j] = _mm_xor_si128(a[j], _mm_loadu_si128((const __m128i *)(const void *)(p + i + 16 * j)));
    uint64_t lane[2];
    _mm_storeu_si128((__m128i *)(void *)lane, _mm_xor_si128(_mm_xor_si128(a[0], a[1]), _mm_xor_si128(a[2], a[3])));
    all ^= lane[0] ^ lane[1];
#endif
    for (; i + 8 <= b->size[k]; i += 8) {
      uint64_t v;
      memcpy(&v, p + i, sizeof v);
      all ^= v;
    }
  }
  return (double)(all >> 11);
}

uint64_t bench_random(uint64_t *state)
{
  uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
  z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
  return z ^ z >> 31;
}

double bench_unit(uint64_t *state)
{
  return (double)(bench_random(state) >> 11) * 0x1p-53;
}

double bench_normal(uint64_t *state)
{
  double u = 1 - bench_unit(state), v = bench_unit(state);
  return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

const char *bench_distribution_name(int distribution)
{
  static const char *const names[BENCH_DISTRIBUTIONS] = {
      "lognormal",       "rounded to 0.01", "whole",  "zeros, negatives, tail", "constant",
      "thousand values", "normal around 0", "sorted", "cluster with outliers",
  };
  return names[distribution];
}

void bench_fill(double *x, size_t n, int distribution, uint64_t seed)
{
  uint64_t s = seed;
  for (size_t i = 0; i < n; i++) {
    double u = bench_unit(&s);
    switch (distribution) {
    case BENCH_LOGNORMAL:
      x[i] = exp(12.5 + 0.6 * bench_normal(&s));
      break;
    case BENCH_CENTS:
      x[i] = floor(100 * exp(12.5 + 0.6 * bench_normal(&s))) / 100;
      break;
    case BENCH_WHOLE:
      x[i] = floor(exp(12.5 + 0.6 * bench_normal(&s)));
      break;
    case BENCH_ZEROS_AND_TAIL:
      x[i] = u < 0.3 ? 0 : u < 0.35 ? -1e4 * bench_unit(&s) : 1e4 / sqrt(1 - bench_unit(&s));
      break;
    case BENCH_CONSTANT:
      x[i] = 250000.5;
      break;
    case BENCH_THOUSAND_VALUES:
      x[i] = 1000 + 250.25 * floor(1000 * u);
      break;
    case BENCH_NORMAL:
      x[i] = bench_normal(&s);
      break;
    case BENCH_SORTED:
      x[i] = 1e4 + (double)i * 0.37;
      break;
    default:
      x[i] = bench_random(&s) % 100000 == 0 ? (u - 0.5) * 1e12 : 1e6 + u * 1e-3;
    }
  }
}

void bench_fill_weights(double *w, size_t n, uint64_t seed)
{
  for (size_t i = 0; i < n; i++)
    w[i] = 0.5 + 10 * bench_unit(&seed);
}

/* ---- two threads ---- */
typedef struct dealt {
  double in_tasks, longest; /* seconds; `longest`: of the two threads, over all rounds of tasks */
} dealt;

static double cpu_now(void)
{
  return (double)clock() / (double)CLOCKS_PER_SEC;
}

static fm_status deal(void *ctx, fm_task task, void *task_ctx, size_t n_tasks)
{
  dealt *d = ctx;
  double busy[2] = {0, 0};
  for (size_t k = 0; k < n_tasks; k++) {
    double from = cpu_now();
    fm_status status = task(task_ctx, k);
    double spent = cpu_now() - from;
    if (status != FM_OK)
      return status;
    busy[busy[1] < busy[0]] += spent;
    d->in_tasks += spent;
  }
  d->longest += busy[0] > busy[1] ? busy[0] : busy[1];
  return FM_OK;
}

void bench_two_threads(bench_body body, void *ctx, const fm_run **run)
{
  dealt d = {0, 0};
  fm_run own = FM_RUN_INIT;
  own.execute = deal;
  own.execute_ctx = &d;
  *run = &own;
  double from = cpu_now();
  body(ctx);
  double all = cpu_now() - from;
  *run = NULL;
  printf("two threads, by CPU time of the tasks: %.0f %% of the work in tasks, %.2f times one thread\n",
         100 * d.in_tasks / all, all / (all - d.in_tasks + d.longest));
}
