/* A wide file of weekly codes to spells, against one plain read of the same file and against its cells found one by
 * one.
 *
 * Arguments: a file that make_dream.py made, --gate. Printed: CPU seconds, MB a second, ratio to the cells one by one,
 * spells, peak memory, and the time that 5.3 million people would take. Must: not slower than the cells one by one, and
 * below 1 GiB; with --gate the status is 1 above 1.5 times the first or above the second. */
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "csv/reader_priv.h"
#include "flexmetrics.h"

enum { ROUNDS = 3, PIECE = 1 << 20 };
static const double NATION = 5.3e6;

typedef struct work {
  const char *path, *out;
  double bytes, people, spells;
  volatile uint64_t sum;
} work;

static void stop(const char *what, const fm_error *err)
{
  fprintf(stderr, "%s: %s\n", what, err != NULL ? err->message : "");
  exit(2);
}

static void read_plain(work *w)
{
  static uint64_t piece[PIECE / 8];
  uint64_t s = 0;
  size_t n;
  FILE *f = fopen(w->path, "rb");
  if (f == NULL)
    stop(w->path, NULL);
  setvbuf(f, NULL, _IONBF, 0);
  w->bytes = 0;
  while ((n = fread(piece, 1, sizeof piece, f)) > 0) {
    for (size_t i = 0; i < n / 8; i++)
      s += piece[i];
    w->bytes += (double)n;
  }
  w->sum = s;
  fclose(f);
}

static void scan_cells(work *w)
{
  fm__csv_format format;
  fm__csv_source source = {0};
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm__csv_reader *r;
  fm__row row;
  fm_error err = FM_ERROR_INIT;
  fm__problems *list = fm__problems_create();
  schema.others = FM_CSV_SKIP;
  if (list == NULL || fm__csv_format_take(&format, NULL, &err) != FM_OK ||
      fm__file_open(&source.file, w->path, &err) != FM_OK ||
      fm__csv_begin(&r, list, source, "bench", &format, &schema, 0, 0, NULL, &err) != FM_OK)
    stop("scan", &err);
  fm__field *fields = malloc(r->n_columns * sizeof *fields);
  for (w->people = 0;;) {
    int outcome = fm__scan_row(&r->scan, fields, r->n_columns, &row);
    if (outcome == FM__ROW_NONE)
      break;
    if (outcome == FM__ROW_MORE && fm__csv_fill(r, &err) != FM_OK)
      stop("scan", &err);
    w->people += outcome == FM__ROW_FOUND;
  }
  free(fields);
  fm__csv_end(r);
  fm__problems_destroy(list);
}

static int32_t count(void *ctx, const fm_dream_person *person)
{
  *(double *)ctx += (double)person->n_spells;
  return 0;
}

static void stream(work *w)
{
  fm_error err = FM_ERROR_INIT;
  fm_dream_summary s;
  w->spells = 0;
  if (fm_dream_stream(count, &w->spells, &s, NULL, w->path, NULL, NULL, &err) != FM_OK)
    stop("stream", &err);
}

static void write_spells(work *w)
{
  fm_error err = FM_ERROR_INIT;
  fm_dream_summary s;
  if (fm_dream_write(w->out, &s, NULL, w->path, NULL, NULL, &err) != FM_OK)
    stop("write", &err);
  remove(w->out);
}

int main(int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*body)(work *w);
  } cases[] = {{"one plain read", read_plain},
               {"cells one by one", scan_cells},
               {"to spells", stream},
               {"to a file of spells", write_spells}};
  enum { N = sizeof cases / sizeof cases[0], CELLS = 1, SPELLS = 2 };
  double best[N];
  char out[1024];
  struct rusage usage;
  if (argc < 2)
    stop("usage: bench-dream FILE [--gate]", NULL);
  snprintf(out, sizeof out, "%s.spells", argv[1]);
  work w = {.path = argv[1], .out = out};
  for (int round = 0; round < ROUNDS; round++)
    for (int i = 0; i < N; i++) {
      clock_t from = clock();
      cases[i].body(&w);
      double spent = (double)(clock() - from) / (double)CLOCKS_PER_SEC;
      best[i] = round == 0 || spent < best[i] ? spent : best[i];
    }
  printf("%.0f people, %.0f spells, %.0f MB\n", w.people, w.spells, w.bytes / 1e6);
  printf("%-22s %8s %8s %8s %14s\n", "", "CPU s", "MB/s", "ratio", "5.3 million: s");
  for (int i = 0; i < N; i++)
    printf("%-22s %8.2f %8.0f %8.2f %14.0f\n", cases[i].name, best[i], w.bytes / 1e6 / best[i], best[i] / best[CELLS],
           best[i] * NATION / w.people);
  getrusage(RUSAGE_SELF, &usage);
  double mib = (double)usage.ru_maxrss / 1024;
  printf("peak memory %.0f MiB\n", mib);
  bool gate = argc > 2 && strcmp(argv[2], "--gate") == 0;
  return gate && (best[SPELLS] > 1.5 * best[CELLS] || mib > 1024);
}
