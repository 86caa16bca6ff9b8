/* flexmetrics settlement: settlement files to sums a week, or to spells. flexmetrics series: published tables as one.
 */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Danish files: semicolon and decimal comma, unless the options say otherwise. */
static void make_danish(fm_csv_format *f, const args *a)
{
  f->delimiter = a->given[O_DELIMITER] == NULL ? ';' : f->delimiter;
  f->decimal = a->given[O_DECIMAL] == NULL ? ',' : f->decimal;
}

static void say_problems(const data *d)
{
  buffer said = {0};
  put_problems(&said, d);
  if (said.size > 0)
    fputs(said.data, stderr);
  free(said.data);
}

/* What a library call gave: the exit code, problems told. */
static int tell(data *d, fm_status status, const fm_error *err)
{
  work_end(&d->work);
  d->framed = status == FM_OK;
  int code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(err);
  say_problems(d);
  return code;
}

static void tell_sums(const fm_settlement_summary *s)
{
  const int64_t counts[] = {s->n_rows, s->n_duplicates, s->n_zero_sums, s->n_restored, s->n_left_out};
  char numbers[COUNT(counts)][24];
  buffer b = {0};
  for (size_t i = 0; i < COUNT(counts); i++)
    snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)counts[i]);
  put_text(&b, "settlement.done", numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], NULL);
  fputs(text_of(&b), stderr);
  free(b.data);
}

static int settle(data *d, const args *a, const reading *r, const fm_codes *codes)
{
  fm_error err = FM_ERROR_INIT;
  fm_settlement_spec spec = FM_SETTLEMENT_SPEC_INIT;
  fm_settlement_summary sum;
  fm_table *out = NULL;
  const char *wanted = a->given[O_TABLE] != NULL ? a->given[O_TABLE] : "weeks";
  spec.format = &r->format;
  spec.codes = codes;
  spec.as_of = a->as_of;
  spec.skip_bad = r->spec.skip_bad;
  fm_status status = fm_settlement_read(
      strcmp(wanted, "weeks") == 0 ? &out : NULL, strcmp(wanted, "contributions") == 0 ? &out : NULL,
      strcmp(wanted, "spells") == 0 ? &out : NULL, &sum, &d->problems, a->words, a->n_words, &spec, &d->work.run, &err);
  int code = tell(d, status, &err);
  if (code == EXIT_DONE)
    code = write_table(a, out);
  if (code == EXIT_DONE)
    tell_sums(&sum);
  fm_table_destroy(out);
  return code;
}

int run_settlement(const args *a)
{
  reading r;
  fm_codes *codes = NULL;
  data d = {0};
  work_begin(&d.work, a);
  int code = reading_make(&r, a, a->words[0]);
  make_danish(&r.format, a);
  if (code == EXIT_DONE)
    code = read_own_states(&codes, &d, a);
  if (code == EXIT_DONE)
    code = settle(&d, a, &r, codes);
  else
    say_problems(&d);
  free(r.columns.data);
  fm_codes_destroy(codes);
  data_close(&d);
  return code;
}

int run_series(const args *a)
{
  reading r;
  data d = {0};
  fm_error err = FM_ERROR_INIT;
  fm_series_spec spec = FM_SERIES_SPEC_INIT;
  fm_table *out = NULL;
  work_begin(&d.work, a);
  int code = reading_make(&r, a, a->words[0]);
  make_danish(&r.format, a);
  spec.format = &r.format;
  spec.area = a->given[O_AREA];
  spec.period = a->given[O_PERIOD];
  spec.dimensions = a->given[O_DIMENSIONS];
  spec.suppressed = a->given[O_SUPPRESSED];
  spec.preliminary = a->preliminary;
  if (code == EXIT_DONE)
    code = tell(&d, fm_series_read(&out, &d.problems, r.path, &spec, &d.work.run, &err), &err);
  if (code == EXIT_DONE)
    code = write_table(a, out);
  fm_table_destroy(out);
  free(r.columns.data);
  data_close(&d);
  return code;
}
