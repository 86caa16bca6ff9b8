/* CSV to eight typed columns, one of them a dictionary of 100,000 names, about 74 bytes a row. Measured against libcsv
 * with callbacks that only count, and against one read of the same bytes. libcsv is a peer here and nothing else: no
 * part of the library uses it. */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "flexmetrics.h"

typedef struct file {
  char *text;
  size_t size, n_rows;
} file;

static const fm_csv_column columns[] = {
    {"person_id", NULL, FM_CODE, 1, 1, 1}, {"start", NULL, FM_DATE, 1, 0, 0},  {"end", NULL, FM_DATE, 1, 0, 0},
    {"hours", NULL, FM_I32, 1, 0, 0},      {"income", NULL, FM_F64, 1, 0, 0},  {"weight", NULL, FM_F64, 1, 0, 0},
    {"firm", NULL, FM_I64, 1, 0, 0},       {"active", NULL, FM_BOOL, 1, 0, 0},
};

static void make(file *f, size_t n)
{
  uint64_t state = 42;
  f->n_rows = n;
  f->text = malloc(n * 96 + 100);
  if (f->text == NULL)
    exit(2);
  size_t size = (size_t)sprintf(f->text, "person_id,start,end,hours,income,weight,firm,active\n");
  for (size_t i = 0; i < n; i++) {
    uint64_t r = bench_random(&state), s = bench_random(&state);
    size += (size_t)sprintf(f->text + size, "person-%06u,20%02u-%02u-%02u,20%02u-%02u-%02u,%u,%u.%02u,%u.%04u,%u,%u\n",
                            (unsigned)(r % 100000), (unsigned)(r >> 20) % 30, (unsigned)(r >> 25) % 12 + 1,
                            (unsigned)(r >> 30) % 28 + 1, (unsigned)(r >> 35) % 30, (unsigned)(r >> 40) % 12 + 1,
                            (unsigned)(r >> 45) % 28 + 1, (unsigned)(r >> 50) % 38, (unsigned)(s >> 8) % 600000,
                            (unsigned)(s >> 30) % 100, (unsigned)(s >> 36) % 10, (unsigned)(s >> 40) % 10000,
                            (unsigned)(s & 0x7FFFFFF) + 10000000, (unsigned)(s >> 60) & 1);
  }
  f->size = size;
}

static double read_typed(void *ctx)
{
  const file *f = ctx;
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  schema.columns = columns;
  schema.n_columns = sizeof columns / sizeof columns[0];
  if (fm_csv_read_memory(&t, NULL, f->text, f->size, "bench", &schema, NULL, 0, NULL, &err) != FM_OK) {
    fprintf(stderr, "%s\n", err.message);
    exit(2);
  }
  double cells = (double)(fm_table_n_rows(t) * fm_table_n_columns(t));
  fm_table_destroy(t);
  return cells;
}

static double read_texts(void *ctx)
{
  const file *f = ctx;
  fm_error err = FM_ERROR_INIT;
  fm_table *t;
  if (fm_csv_read_memory(&t, NULL, f->text, f->size, "bench", NULL, NULL, 0, NULL, &err) != FM_OK)
    exit(2);
  double cells = (double)(fm_table_n_rows(t) * fm_table_n_columns(t));
  fm_table_destroy(t);
  return cells;
}

static void count_cell(void *cell, size_t length, void *ctx)
{
  (void)cell;
  (void)length;
  ++*(size_t *)ctx;
}

static void count_row(int end, void *ctx)
{
  (void)end;
  (void)ctx;
}

static double read_libcsv(void *ctx)
{
  const file *f = ctx;
  struct csv_parser parser;
  size_t cells = 0;
  csv_init(&parser, 0);
  for (size_t at = 0; at < f->size;) {
    size_t piece = f->size - at < 1 << 20 ? f->size - at : 1 << 20;
    if (csv_parse(&parser, f->text + at, piece, count_cell, count_row, &cells) != piece)
      exit(2);
    at += piece;
  }
  csv_fini(&parser, count_cell, count_row, &cells);
  csv_free(&parser);
  return (double)(cells - sizeof columns / sizeof columns[0]);
}

int main(int argc, char **argv)
{
  static bench b;
  static file f;
  bench_start(&b, "csv", argc, argv);
  make(&f, b.n);
  bench_bytes bytes = {.data = {f.text}, .size = {f.size}};
  printf("%zu bytes, %.1f a row\n", f.size, (double)f.size / (double)f.n_rows);
  bench_add(&b, "one read of the bytes", bench_read, &bytes);
  size_t peer = bench_add(&b, "libcsv, callbacks that count", read_libcsv, &f);
  size_t typed = bench_add(&b, "eight typed columns", read_typed, &f);
  size_t texts = bench_add(&b, "all columns as text", read_texts, &f);
  bench_must(&b, typed, peer, 0.5);
  bench_same(&b, typed, peer);
  bench_same(&b, texts, peer);
  int status = bench_run(&b);
  free(f.text);
  return status;
}
