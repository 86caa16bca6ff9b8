/* Comparing units with ranks and all else (target.compare): seconds of CPU for 98, 300 and 1,000 units.
 *
 * Arguments: --gate: status 1 when 98 units take 0.05 seconds or more, or 1,000 take 2, measured up to three times
 * before that is said. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench.h"

enum { MOST = 1000, TRIES = 3, ROUNDS = 3 };

static void stop(const fm_error *err)
{
  fprintf(stderr, "%s\n", err->message);
  exit(2);
}

/* Exposures from 100 to 30,000, true rates a fifth apart, and what chance makes of them. */
static fm_table *units_of(size_t n)
{
  static int64_t unit[MOST];
  static double count[MOST], exposure[MOST];
  uint64_t seed = 1;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  for (size_t i = 0; i < n; i++) {
    unit[i] = (int64_t)i;
    exposure[i] = floor(pow(10, 2 + 2.5 * bench_unit(&seed)));
    double mean = 0.05 * exp(0.2 * bench_normal(&seed)) * exposure[i];
    count[i] = floor(fmin(fmax(mean + sqrt(mean) * bench_normal(&seed), 0), exposure[i]));
  }
  if (fm_table_create(&t, "units", &err) != FM_OK ||
      fm_table_add_i64(t, "unit", unit, NULL, n, NULL, NULL, &err) != FM_OK ||
      fm_table_add_f64(t, "count", count, NULL, n, NULL, NULL, &err) != FM_OK ||
      fm_table_add_f64(t, "exposure", exposure, NULL, n, NULL, NULL, &err) != FM_OK || fm_table_seal(t, &err) != FM_OK)
    stop(&err);
  return t;
}

static double seconds_of(const fm_table *units, int32_t kind)
{
  double least = INFINITY;
  for (int k = 0; k < ROUNDS; k++) {
    fm_target_compare_spec spec = FM_TARGET_COMPARE_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *out;
    spec.kind = kind;
    clock_t from = clock();
    if (fm_target_compare(&out, units, &spec, NULL, &err) != FM_OK)
      stop(&err);
    least = fmin(least, (double)(clock() - from) / (double)CLOCKS_PER_SEC);
    fm_table_destroy(out);
  }
  return least;
}

int main(int argc, char **argv)
{
  static const struct {
    size_t n;
    double limit; /* NAN: none */
  } sizes[] = {{98, 0.05}, {300, NAN}, {MOST, 2}};
  bool gate = argc > 1 && strcmp(argv[1], "--gate") == 0, good = true;
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
    for (int32_t kind = FM_TARGET_RATE; kind <= FM_TARGET_SHARE; kind++) {
      fm_table *units = units_of(sizes[s].n);
      double seconds = seconds_of(units, kind);
      for (int t = 1; t < TRIES && seconds >= sizes[s].limit; t++)
        seconds = fmin(seconds, seconds_of(units, kind));
      bool missed = seconds >= sizes[s].limit;
      printf("%4zu units, %-6s %.3f s%s\n", sizes[s].n, kind == FM_TARGET_RATE ? "rates" : "shares", seconds,
             missed ? ": MISSED" : "");
      good = good && !missed;
      fm_table_destroy(units);
    }
  return gate && !good ? 1 : 0;
}
