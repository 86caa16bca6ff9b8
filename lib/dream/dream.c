/* The calls: a file to a function of the caller, or to a file of spells. */
#include "dream/dream_priv.h"

#include <string.h>

#define FLUSH ((size_t)1 << 20)

static const fm_dream_spec defaults = FM_DREAM_SPEC_INIT;

void fm_dream_spec_init(fm_dream_spec *spec, size_t size)
{
  fm__spec_init(spec, size, &defaults, sizeof defaults);
}

fm_status fm__dream_spec_take(fm_dream_spec *out, const fm_dream_spec *spec, fm_error *err)
{
  *out = defaults;
  fm_status status = fm__spec_take(out, sizeof *out, spec, "fm_dream_spec", err);
  if (status != FM_OK)
    return status;
  if ((out->carry & ~(FM_DREAM_INDUSTRY | FM_DREAM_RATE)) != 0)
    return fm__fail(err, FM_ERR_ARGUMENT, "carry is %d, expected FM_DREAM_INDUSTRY and FM_DREAM_RATE", out->carry);
  if (!fm__date_is_valid(out->employment_from))
    return fm__fail(err, FM_ERR_ARGUMENT, "employment_from is not a day");
  if (out->as_of != FM_NO_DATE && !fm__date_is_valid(out->as_of))
    return fm__fail(err, FM_ERR_ARGUMENT, "as_of is not a day");
  return FM_OK;
}

/* ---- from a source to a sink, with the list of problems as a table ---- */

static fm_status read_telling(fm__dream_sink sink, void *ctx, fm_dream_summary *summary, fm_table **problems,
                              fm__csv_source source, const char *name, const fm_dream_spec *spec, size_t chunk,
                              const fm_run *run, fm_error *err)
{
  fm_dream_summary own;
  fm__problems *list = fm__problems_create();
  if (list == NULL) {
    fm__file_close(source.file);
    return fm__no_memory(err);
  }
  fm_status status =
      fm__dream_read(sink, ctx, summary != NULL ? summary : &own, list, source, name, spec, chunk, run, err);
  if (problems != NULL && (status == FM_OK || status == FM_ERR_DATA)) {
    fm_error again = FM_ERROR_INIT;
    if (fm__problems_table(list, problems, &again) != FM_OK) {
      if (err != NULL)
        fm_error_clear(err);
      status = fm__no_memory(err);
    }
  }
  fm__problems_destroy(list);
  return status;
}

static fm_status read_file(fm__dream_sink sink, void *ctx, fm_dream_summary *summary, fm_table **problems,
                           const char *path, const fm_dream_spec *spec, const fm_run *run, fm_error *err)
{
  fm__csv_source source = {0};
  fm_status status = fm__run_check(run, err);
  if (status == FM_OK)
    status = fm__file_open(&source.file, path, err);
  if (status != FM_OK)
    return status;
  source.total = fm__file_size(source.file);
  return read_telling(sink, ctx, summary, problems, source, fm__path_name(path), spec, 0, run, err);
}

/* ---- to a function ---- */

typedef struct taker {
  fm_dream_take take;
  void *ctx;
} taker;

static fm_status call_taker(void *ctx, const fm__dream_plan *plan, const fm_dream_person *person, fm_error *err)
{
  const taker *t = ctx;
  (void)plan;
  if (t->take(t->ctx, person) == 0)
    return FM_OK;
  return fm__fail(err, FM_ERR_CANCELLED, "stopped by the function that takes the spells");
}

fm_status fm_dream_stream(fm_dream_take take, void *ctx, fm_dream_summary *summary, fm_table **problems,
                          const char *path, const fm_dream_spec *spec, const fm_run *run, fm_error *err)
{
  fm_dream_spec taken;
  taker t = {take, ctx};
  if (problems != NULL)
    *problems = NULL;
  if (take == NULL || path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s is NULL", take == NULL ? "take" : "the path");
  fm_status status = fm__dream_spec_take(&taken, spec, err);
  return status == FM_OK ? read_file(call_taker, &t, summary, problems, path, &taken, run, err) : status;
}

fm_status fm__dream_read_memory(fm_dream_take take, void *ctx, fm_dream_summary *summary, fm_table **problems,
                                const void *data, size_t size, const fm_dream_spec *spec, size_t chunk, fm_error *err)
{
  fm_dream_spec taken;
  taker t = {take, ctx};
  *problems = NULL;
  fm__csv_source source = {.data = data, .size = size, .total = (int64_t)size};
  fm_status status = fm__dream_spec_take(&taken, spec, err);
  if (status != FM_OK)
    return status;
  return read_telling(call_taker, &t, summary, problems, source, "memory", &taken, chunk, NULL, err);
}

/* ---- to a file ---- */

typedef struct writer {
  fm__output *output;
  char *text; /* lines not written yet */
  size_t size, capacity;
  char *days; /* ten bytes a day: the Monday and the Sunday of each week */
  size_t n_weeks;
} writer;

static fm_status make_days(writer *w, const fm__dream_plan *plan, fm_error *err)
{
  char day[11];
  w->n_weeks = plan->n_weeks;
  w->days = fm__array(2 * plan->n_weeks, 10);
  if (w->days == NULL)
    return fm__no_memory(err);
  for (size_t i = 0; i < 2 * plan->n_weeks; i++) {
    fm_date_format(day, plan->first_monday + 7 * (int32_t)(i / 2) + (i % 2 == 0 ? 0 : 6));
    memcpy(w->days + 10 * i, day, 10);
  }
  return FM_OK;
}

/* A cell, in quotes where it needs them; room is there for twice its length and two. */
static char *put_cell(char *p, const char *text, size_t length)
{
  bool quoted = false;
  for (size_t i = 0; i < length && !quoted; i++)
    quoted = text[i] == ',' || text[i] == '"' || text[i] == '\n' || text[i] == '\r';
  if (!quoted) {
    memcpy(p, text, length);
    return p + length;
  }
  *p++ = '"';
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '"')
      *p++ = '"';
    *p++ = text[i];
  }
  *p++ = '"';
  return p;
}

static char *put_carried(char *p, const char *text)
{
  if (text == NULL)
    return p;
  *p++ = ',';
  return put_cell(p, text, strlen(text));
}

static size_t length_of(const char *text)
{
  return text != NULL ? 2 * strlen(text) + 3 : 0;
}

static fm_status flush(writer *w, fm_error *err)
{
  fm_status status = fm__output_write(w->output, w->text, w->size, err);
  w->size = 0;
  return status;
}

static fm_status write_person(void *ctx, const fm__dream_plan *plan, const fm_dream_person *person, fm_error *err)
{
  writer *w = ctx;
  fm_status status = w->days == NULL ? make_days(w, plan, err) : FM_OK;
  for (size_t i = 0; i < person->n_spells && status == FM_OK; i++) {
    const fm_dream_spell *s = &person->spells[i];
    size_t need = 2 * person->id_length + length_of(s->state) + length_of(s->industry) + length_of(s->rate) + 32;
    if (!fm__grow((void **)&w->text, &w->capacity, w->size + need, 1))
      return fm__no_memory(err);
    char *p = put_cell(w->text + w->size, person->id, person->id_length);
    *p++ = ',';
    memcpy(p, w->days + 20 * (size_t)((s->start - plan->first_monday) / 7), 10);
    p += 10;
    *p++ = ',';
    if (s->end != FM_SPELL_OPEN) {
      memcpy(p, w->days + 20 * (size_t)((s->end - plan->first_monday) / 7 - 1) + 10, 10);
      p += 10;
    }
    *p++ = ',';
    p = put_cell(p, s->state, strlen(s->state));
    p = put_carried(put_carried(p, s->industry), s->rate);
    *p++ = '\n';
    w->size = (size_t)(p - w->text);
    if (w->size >= FLUSH)
      status = flush(w, err);
  }
  return status;
}

static fm_status write_header(writer *w, int32_t carry, fm_error *err)
{
  static const char *const texts[] = {"person_id,start,end,state", ",industry", ",employment_rate", "\n"};
  const bool used[] = {true, (carry & FM_DREAM_INDUSTRY) != 0, (carry & FM_DREAM_RATE) != 0, true};
  fm_status status = FM_OK;
  for (size_t i = 0; i < FM__COUNT(texts) && status == FM_OK; i++)
    if (used[i])
      status = fm__output_write(w->output, texts[i], strlen(texts[i]), err);
  return status;
}

fm_status fm_dream_write(const char *out_path, fm_dream_summary *summary, fm_table **problems, const char *path,
                         const fm_dream_spec *spec, const fm_run *run, fm_error *err)
{
  fm_dream_spec taken;
  writer w = {0};
  if (problems != NULL)
    *problems = NULL;
  if (out_path == NULL || path == NULL)
    return fm__fail(err, FM_ERR_ARGUMENT, "%s is NULL", path == NULL ? "the path" : "out_path");
  if (strcmp(out_path, path) == 0 || fm__file_same(out_path, path))
    return fm__fail(err, FM_ERR_ARGUMENT, "the spells would be written over the file they are read from");
  fm_status status = fm__dream_spec_take(&taken, spec, err);
  if (status == FM_OK)
    status = fm__output_open(&w.output, out_path, err);
  if (status == FM_OK)
    status = write_header(&w, taken.carry, err);
  if (status == FM_OK)
    status = read_file(write_person, &w, summary, problems, path, &taken, run, err);
  if (status == FM_OK)
    status = flush(&w, err);
  fm__free(w.text);
  fm__free(w.days);
  if (status == FM_OK) {
    status = fm__output_commit(w.output, err);
    w.output = NULL;
  }
  fm__output_abandon(w.output);
  if (status != FM_OK && status != FM_ERR_DATA && problems != NULL) {
    fm_table_destroy(*problems);
    *problems = NULL;
  }
  return status;
}
