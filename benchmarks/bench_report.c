/* A whole register, from the folder of CSV files to the report: seconds of CPU for each step, and peak memory.
 *
 * Arguments: a folder that make_register.py made, the number of threads (default 1: no executor), --gate. The limit is
 * 10 seconds of CPU and 1.5 GiB for a million people, and in proportion for fewer; with --gate the status is 1 above
 * 1.5 times the limit. */
#define _DEFAULT_SOURCE
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "flexmetrics.h"

static const double LIMIT_SECONDS = 10, LIMIT_GIB = 1.5; /* per million people */

typedef struct clocks {
  double cpu, wall;
} clocks;

static clocks now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (clocks){(double)clock() / (double)CLOCKS_PER_SEC, (double)t.tv_sec + (double)t.tv_nsec * 1e-9};
}

static double peak_gib(void)
{
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)usage.ru_maxrss / (1 << 20); /* kilobytes on Linux */
}

static void print_step(const char *step, const char *detail, size_t rows, clocks from)
{
  clocks to = now();
  printf("%-22s %-14s %10zu %8.2f %8.2f %8.2f\n", step, detail, rows, to.cpu - from.cpu, to.wall - from.wall,
         peak_gib());
  fflush(stdout);
}

static void stop(const char *what, const fm_error *err)
{
  fprintf(stderr, "%s: %s\n", what, err->message);
  exit(2);
}

/* The groups of the measures that are nothing without; NULL: they need none. */
static const char *options_of(const char *id)
{
  if (strcmp(id, "income.decomposition") == 0)
    return "group=sex";
  return strcmp(id, "income.gap") == 0 || strcmp(id, "income.dominance") == 0
             ? "group=sex;reference=male;compared=female"
             : NULL;
}

/* Every measure of the catalogue that the data allow, alone: reads nothing, makes its own frame. */
static void measures(const fm_register *r, const char *by, const fm_run *run)
{
  for (size_t i = 0; i < fm_catalogue_n(); i++) {
    const char *id = fm_catalogue_id(i);
    fm_compute_spec spec = FM_COMPUTE_SPEC_INIT;
    fm_error err = FM_ERROR_INIT;
    fm_table *result;
    const char *kind = fm_catalogue_text(i, "frame", "en");
    if (strcmp(kind, "table") == 0 || strcmp(id, "retention.cox") == 0 || strcmp(id, "retention.fine_gray") == 0)
      continue; /* no register makes the one; the others have covariates of their own in their benchmarks */
    if (by != NULL && (strcmp(kind, "goals") == 0 || strcmp(id, "income.decomposition") == 0))
      continue; /* goals have no groups; parts of groups that overlap do not add up */
    spec.by = by;
    spec.options = options_of(id);
    clocks from = now();
    fm_status status = fm_catalogue_compute(&result, r, id, &spec, run, &err);
    if (status == FM_ERR_NOT_FOUND)
      continue;
    if (status != FM_OK)
      stop(id, &err);
    print_step(id, by == NULL ? "total" : by, fm_table_n_rows(result), from);
    fm_table_destroy(result);
  }
}

/* What a user waits for: reading, all figures, disclosure control, the page. */
static void report(const fm_register *r, const fm_run *run)
{
  fm_error err = FM_ERROR_INIT;
  fm_report *made;
  char *text;
  clocks from = now();
  if (fm_report_create(&made, r, NULL, run, &err) != FM_OK)
    stop("report", &err);
  print_step("report", "all figures", fm_table_n_rows(fm_report_table(made)), from);
  from = now();
  if (fm_report_text(&text, made, "en", 1, &err) != FM_OK)
    stop("page", &err);
  print_step("page", "long form", 0, from);
  fm_free(text);
  fm_report_destroy(made);
}

static fm_register *read_folder(const char *folder, const fm_run *run)
{
  fm_error err = FM_ERROR_INIT;
  fm_register *r;
  fm_table *problems = NULL;
  clocks from = now();
  if (fm_register_read(&r, &problems, folder, NULL, run, &err) != FM_OK)
    stop(folder, &err);
  size_t rows = 0;
  for (size_t i = 0; i < fm_schema_n_tables(); i++) {
    const fm_table *t = fm_register_table(r, fm_schema_table_name(i));
    rows += t != NULL ? fm_table_n_rows(t) : 0;
  }
  print_step("read", "all tables", rows, from);
  fm_table_destroy(problems);
  return r;
}

static double people_of(const fm_register *r)
{
  const fm_table *persons = fm_register_table(r, "persons");
  return persons != NULL ? (double)fm_table_n_rows(persons) : 0;
}

int main(int argc, char **argv)
{
  fm_threads threads = {.struct_size = sizeof threads, .n_threads = 1};
  fm_run run = FM_RUN_INIT;
  const char *folder = NULL;
  bool gate = false;
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--gate") == 0)
      gate = true;
    else if (folder == NULL)
      folder = argv[i];
    else
      threads.n_threads = (size_t)strtoull(argv[i], NULL, 10);
  }
  if (folder == NULL) {
    fprintf(stderr, "expected the folder of a register\n");
    return 2;
  }
  run.execute_ctx = &threads;
  run.execute = threads.n_threads > 1 ? fm_execute_threads : NULL;
  printf("%-22s %-14s %10s %8s %8s %8s\n", "step", "", "rows", "cpu s", "wall s", "peak GiB");
  fm_register *r = read_folder(folder, &run);
  report(r, &run);

  double cpu = now().cpu, gib = peak_gib(), millions = people_of(r) / 1e6, gate_factor = gate ? 1.5 : 1;
  double seconds = LIMIT_SECONDS * millions, room = LIMIT_GIB * millions;
  bool over = cpu > gate_factor * seconds || gib > gate_factor * room;
  printf("whole report: %.2f s of %.2f, %.2f GiB of %.2f: %s\n", cpu, seconds, gib, room, over ? "MISSED" : "ok");
  measures(r, NULL, &run);
  measures(r, "target_group", &run);
  fm_register_destroy(r);
  return gate && over ? 1 : 0;
}
