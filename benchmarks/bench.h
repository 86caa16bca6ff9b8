/* What all benchmark programs share: seeded data, references measured in the same run, interleaved timing, verdicts.
 *
 * A program adds cases (bench_add), says which case is measured against which (bench_must) and which must give the same
 * result (bench_same), and returns bench_run(). Cases run in turn, several rounds, by process CPU time. Results are
 * compared before a time is looked at. Printed: kernel, rows, ratio of medians, must, verdict.
 *
 * Arguments: number of rows (default 10 million); --gate: 1 million rows, status 1 if a ratio of minima is above 1.5
 * times its must level; measured up to five times before that is said. R, one sequential SSE2 read of the same bytes
 * from main memory, is bench_read. */
#ifndef FM_BENCH_H
#define FM_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flexmetrics.h"

enum { BENCH_CASES = 64, BENCH_ROUNDS = 7 };

typedef double (*bench_body)(void *ctx); /* does the work, returns a number that shows its result */

typedef struct bench_case {
  const char *name;
  bench_body prepare; /* before each round, not timed; may be NULL */
  bench_body body;
  void *ctx;
  double result, smallest; /* smallest: seconds of all rounds ever */
  double seconds[BENCH_ROUNDS];
  size_t reference; /* case it is measured against; itself: none */
  double must;
  size_t same_as;
} bench_case;

typedef struct bench {
  const char *name;
  size_t n; /* rows */
  bool gate;
  size_t n_cases;
  bench_case cases[BENCH_CASES];
} bench;

/* Reads the arguments; exits with status 2 and a line on stderr when they are wrong. */
void bench_start(bench *b, const char *name, int argc, char **argv);
size_t bench_add(bench *b, const char *name, bench_body body, void *ctx);
size_t bench_add_prepared(bench *b, const char *name, bench_body prepare, bench_body body, void *ctx);
void bench_must(bench *b, size_t subject, size_t reference, double must); /* time of subject / time of reference */
void bench_same(bench *b, size_t subject, size_t other);                  /* results equal to the bit */
int bench_run(bench *b);                                                  /* the program's exit status */

/* Prints what two threads can gain, which needs no quiet machine: the CPU time of the tasks, each dealt to the one of
 * two threads that is free first. `*run` is where the body takes its fm_run from. */
void bench_two_threads(bench_body body, void *ctx, const fm_run **run);

/* Memory advised to huge pages where the system knows them, and written once; freed at exit. Exits when there is none.
 */
void *bench_memory(size_t size);

/* R, from main memory: ctx is a bench_bytes. */
typedef struct bench_bytes {
  const void *data[4]; /* up to four arrays, NULL ends */
  size_t size[4];
} bench_bytes;
double bench_read(void *ctx);

/* ---- data ---- */
uint64_t bench_random(uint64_t *state); /* splitmix64 */
double bench_unit(uint64_t *state);     /* 0 up to, not including, 1 */
double bench_normal(uint64_t *state);

/* The distributions that show quadratic corners. */
enum {
  BENCH_LOGNORMAL,
  BENCH_CENTS,
  BENCH_WHOLE,
  BENCH_ZEROS_AND_TAIL,
  BENCH_CONSTANT,
  BENCH_THOUSAND_VALUES,
  BENCH_NORMAL,
  BENCH_SORTED,
  BENCH_CLUSTER,
  BENCH_DISTRIBUTIONS
};
const char *bench_distribution_name(int distribution);
void bench_fill(double *x, size_t n, int distribution, uint64_t seed);
void bench_fill_weights(double *w, size_t n, uint64_t seed); /* uniform, 0.5 to 10.5 */

#endif
