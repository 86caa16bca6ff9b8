/* flexmetrics dream: the wide weekly file to spells. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

int read_own_states(fm_codes **out, data *d, const args *a)
{
  const char *given = a->given[O_CODES];
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  buffer path = {0};
  if (given == NULL)
    return EXIT_DONE;
  put(&path, given);
  put(&path, path_kind(given) == PATH_FOLDER ? "/benefit_state.csv" : "");
  schema.table = "benefit_state";
  fm_status status = fm_csv_read_file(&t, &d->problems, path.data, &schema, NULL, 0, &d->work.run, &err);
  int code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
  if (status == FM_OK) {
    fm_table_destroy(d->problems);
    d->problems = NULL;
    code = fm_codes_from_table(out, "benefit_state", t, &err) == FM_OK ? EXIT_DONE : fail(&err);
  }
  fm_table_destroy(t);
  free(path.data);
  return code;
}

static int32_t take_carry(const char *given)
{
  if (given == NULL)
    return 0;
  return strcmp(given, "industry") == 0 ? FM_DREAM_INDUSTRY
         : strcmp(given, "rate") == 0   ? FM_DREAM_RATE
                                        : FM_DREAM_INDUSTRY | FM_DREAM_RATE;
}

static void tell_done(const fm_dream_summary *s, const char *out)
{
  char persons[24], spells[24], weeks[24], left_out[24];
  buffer b = {0}, from = {0}, to = {0};
  snprintf(persons, sizeof persons, "%lld", (long long)s->n_persons);
  snprintf(spells, sizeof spells, "%lld", (long long)s->n_spells);
  snprintf(weeks, sizeof weeks, "%lld", (long long)s->n_weeks);
  snprintf(left_out, sizeof left_out, "%lld", (long long)s->n_left_out);
  put_date(&from, s->first_monday);
  put_date(&to, s->as_of);
  put_text(&b, "dream.done", out, persons, spells, weeks, text_of(&from), text_of(&to), left_out, NULL);
  fputs(text_of(&b), stderr);
  free(b.data);
  free(from.data);
  free(to.data);
}

static int convert(data *d, const args *a, const reading *r, const fm_codes *codes)
{
  fm_error err = FM_ERROR_INIT;
  fm_dream_spec spec = FM_DREAM_SPEC_INIT;
  fm_dream_summary summary;
  spec.format = &r->format;
  spec.codes = codes;
  spec.id_column = a->given[O_ID];
  spec.as_of = a->as_of;
  spec.carry = take_carry(a->given[O_CARRY]);
  spec.skip_bad = r->spec.skip_bad;
  fm_status status = fm_dream_write(a->given[O_OUT], &summary, &d->problems, r->path, &spec, &d->work.run, &err);
  work_end(&d->work);
  d->framed = status == FM_OK;
  if (status == FM_OK)
    tell_done(&summary, a->given[O_OUT]);
  return status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(&err);
}

int run_dream(const args *a)
{
  reading r;
  buffer said = {0};
  fm_codes *codes = NULL;
  data d = {0};
  if (a->given[O_OUT] == NULL)
    return misuse("dream", "dream.no_out", NULL);
  work_begin(&d.work, a);
  int code = reading_make(&r, a, a->words[0]);
  if (code == EXIT_DONE)
    code = read_own_states(&codes, &d, a);
  if (code == EXIT_DONE)
    code = convert(&d, a, &r, codes);
  put_problems(&said, &d);
  if (said.size > 0)
    fputs(said.data, stderr);
  free(said.data);
  free(r.columns.data);
  fm_codes_destroy(codes);
  data_close(&d);
  return code;
}
