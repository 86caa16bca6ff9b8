/* flexmetrics sdmx: figures as SDMX-CSV, and such files as tables. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* Does the file begin as SDMX-CSV does? */
static bool begins_as_sdmx(const char *bytes, size_t size)
{
  static const char *const names[] = {"DATAFLOW", "STRUCTURE"};
  size_t at = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  at += at < size && bytes[at] == '"';
  for (size_t i = 0; i < COUNT(names); i++)
    if (size - at >= strlen(names[i]) && memcmp(bytes + at, names[i], strlen(names[i])) == 0)
      return true;
  return false;
}

/* The file as it is, or the columns of a result or of observations as text. */
static fm_status read_file(fm_table **out, data *d, const reading *r, bool sdmx, fm_error *err)
{
  fm_csv_schema schema = FM_CSV_SCHEMA_INIT;
  const char *name = is_stdin(r->path) ? "stdin" : NULL;
  buffer bytes = {0};
  fm_status status = FM_OK;
  if (is_stdin(r->path) && read_stdin(&bytes) != EXIT_DONE)
    status = FM_ERR_CANCELLED;
  else if (name != NULL && begins_as_sdmx(bytes.data != NULL ? bytes.data : "", bytes.size))
    status = fm_sdmx_read_memory(out, &d->problems, bytes.data, bytes.size, name, &d->work.run, err);
  else if (name != NULL)
    status =
        fm_csv_read_memory(out, &d->problems, bytes.data, bytes.size, name, &schema, &r->format, 0, &d->work.run, err);
  else if (sdmx)
    status = fm_sdmx_read_file(out, &d->problems, r->path, &d->work.run, err);
  else
    status = fm_csv_read_file(out, &d->problems, r->path, &schema, &r->format, 0, &d->work.run, err);
  free(bytes.data);
  return status;
}

static bool is_sdmx(const char *path)
{
  char start[16];
  FILE *stream = is_stdin(path) || path_kind(path) != PATH_FILE ? NULL : open_file(path, "rb");
  size_t n = stream != NULL ? fread(start, 1, sizeof start, stream) : 0;
  if (stream != NULL)
    fclose(stream);
  return begins_as_sdmx(start, n);
}

static void fill_spec(fm_sdmx_spec *spec, const args *a, const fm_sdmx_codes *codes)
{
  fm_sdmx_spec_init(spec, sizeof *spec);
  spec->codes = codes;
  spec->version = a->given[O_SDMX_VERSION];
  spec->structure = a->given[O_STRUCTURE];
  spec->structure_type = a->given[O_STRUCTURE_TYPE];
  spec->action = a->given[O_ACTION];
  spec->area = a->given[O_SDMX_AREA];
  spec->period = a->given[O_YEAR];
  spec->reporting_type = a->given[O_REPORTING_TYPE];
  spec->source = a->given[O_SOURCE];
  spec->set = a->measure_options.size > 0 ? a->measure_options.data : NULL;
  spec->definition = a->given[O_DEFINITION];
  spec->series = a->given[O_SERIES];
  spec->custom = a->given[O_CUSTOM];
  spec->keep = a->given[O_KEEP];
}

static void say_problems(const data *d)
{
  buffer said = {0};
  put_problems(&said, d);
  if (said.size > 0)
    fputs(said.data, stderr);
  free(said.data);
}

/* What a call gave, problems told; the old list goes. */
static int tell(data *d, fm_status status, const fm_error *err)
{
  work_end(&d->work);
  d->framed = status == FM_OK;
  int code = status == FM_OK ? EXIT_DONE : status == FM_ERR_DATA ? EXIT_DATA : fail(err);
  say_problems(d);
  fm_table_destroy(d->problems);
  d->problems = NULL;
  return code;
}

/* With a version the file, without it the observations; what was read of another structure is shown as it is. */
static int hand_over(data *d, const args *a, const fm_table *t, bool as_read, const fm_sdmx_codes *codes)
{
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_spec spec;
  fm_table *out = NULL;
  char *bytes = NULL;
  size_t size = 0;
  int code;
  fill_spec(&spec, a, codes);
  if (spec.version != NULL) {
    code = tell(d, fm_sdmx_write_memory(&bytes, &size, &d->problems, t, &spec, &err), &err);
    if (code == EXIT_DONE)
      code = write_out(a, bytes, size);
    fm_free(bytes);
    return code;
  }
  if (as_read)
    return write_table(a, t);
  code = tell(d, fm_sdmx_observations(&out, &d->problems, t, &spec, &err), &err);
  if (code == EXIT_DONE)
    code = write_table(a, out);
  fm_table_destroy(out);
  return code;
}

int run_sdmx(const args *a)
{
  reading r;
  data d = {0};
  fm_error err = FM_ERROR_INIT;
  fm_sdmx_codes *codes = NULL;
  fm_table *t = NULL;
  work_begin(&d.work, a);
  int code = reading_make(&r, a, a->words[0]);
  if (code == EXIT_DONE && fm_sdmx_codes_read(&codes, a->given[O_CODES], a->given[O_LISTS], &err) != FM_OK)
    code = fail(&err);
  if (code == EXIT_DONE)
    code = tell(&d, read_file(&t, &d, &r, is_sdmx(r.path), &err), &err);
  if (code == EXIT_DONE)
    code = protect_table(a, &t);
  if (code == EXIT_DONE)
    code = hand_over(&d, a, t, fm_table_note(t, "sdmx_csv") != NULL, codes);
  fm_table_destroy(t);
  fm_sdmx_codes_destroy(codes);
  free(r.columns.data);
  data_close(&d);
  return code;
}
