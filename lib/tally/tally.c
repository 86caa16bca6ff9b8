/* One interface for every measure's partial result, and the frame around its saved bytes. */
#include "tally/tally_priv.h"

#include <string.h>

/* "FMTALLY" and the version of this frame. The measure, its state version and its spec text follow, then the length and
 * hash of the state, then the state. */
static const char magic[8] = {'F', 'M', 'T', 'A', 'L', 'L', 'Y', '1'};

struct fm_tally {
  const fm__measure *measure;
  void *state;
  char *spec_text;
};

/* Takes `state` on success only. */
static fm_status make(fm_tally **out, const fm__measure *measure, void *state, fm__bytes *text, fm_error *err)
{
  const char *spec_text = fm__spec_text_end(text);
  char *copy = spec_text != NULL ? fm__copy_text(spec_text, strlen(spec_text)) : NULL;
  fm_tally *t = fm__array(1, sizeof *t);
  if (t == NULL || copy == NULL) {
    fm__free(t);
    fm__free(copy);
    return fm__no_memory(err);
  }
  *t = (fm_tally){.measure = measure, .state = state, .spec_text = copy};
  *out = t;
  return FM_OK;
}

fm_status fm__measure_tally(fm_tally **out, const fm__measure *measure, const void *spec, fm_error *err)
{
  *out = NULL;
  fm__bytes text = {0};
  void *taken = fm__alloc(measure->spec_size), *state = fm__array(1, measure->state_size);
  fm_status status = taken != NULL && state != NULL ? FM_OK : fm__no_memory(err);
  if (status == FM_OK) {
    memcpy(taken, measure->defaults, measure->spec_size);
    status = fm__spec_take(taken, measure->spec_size, spec, measure->spec_name, err);
  }
  if (status == FM_OK) {
    fm__spec_text_fields(&text, measure->fields, measure->n_fields, taken, measure->defaults);
    status = measure->open(state, taken, &text, err);
  }
  if (status == FM_OK)
    status = make(out, measure, state, &text, err);
  if (status != FM_OK && state != NULL)
    measure->destroy(state);
  fm__free(taken);
  fm__bytes_free(&text);
  return status;
}

fm_status fm__measure_add_apart(void *state, const fm__measure *measure, const void *spec,
                                fm_status (*rows)(void *fresh, const fm_table *frame, fm_error *err),
                                const fm_table *frame, fm_error *err)
{
  fm__bytes text = {0};
  void *fresh = fm__array(1, measure->state_size);
  if (fresh == NULL)
    return fm__no_memory(err);
  fm_status status = measure->open(fresh, spec, &text, err);
  if (status == FM_OK)
    status = rows(fresh, frame, err);
  if (status == FM_OK)
    status = measure->merge(state, fresh, err);
  measure->destroy(fresh);
  fm__bytes_free(&text);
  return status;
}

fm_status fm__measure_once(fm_table **out, const fm__measure *measure, const fm_table *frame, const void *spec,
                           const fm_run *run, fm_error *err)
{
  fm_tally *t;
  *out = NULL;
  fm_status status = fm__measure_tally(&t, measure, spec, err);
  return status == FM_OK ? fm__tally_once(t, out, frame, run, err) : status;
}

void *fm__tally_state(const fm_tally *t)
{
  return t->state;
}

void fm_tally_destroy(fm_tally *t)
{
  if (t == NULL)
    return;
  t->measure->destroy(t->state);
  fm__free(t->spec_text);
  fm__free(t);
}

const char *fm_tally_measure(const fm_tally *t)
{
  return t->measure->id;
}

bool fm__tally_is_empty(const fm_tally *t)
{
  return t->measure->is_empty(t->state);
}

const char *fm__tally_spec_text(const fm_tally *t)
{
  return t->spec_text;
}

fm_status fm_tally_add(fm_tally *t, const fm_table *frame, const fm_run *run, fm_error *err)
{
  fm_status status = fm__table_require_sealed(frame, err);
  if (status == FM_OK)
    status = fm__run_check(run, err);
  return status == FM_OK ? t->measure->add(t->state, frame, run, err) : status;
}

fm_status fm_tally_merge(fm_tally *t, const fm_tally *other, fm_error *err)
{
  if (t->measure != other->measure)
    return fm__fail(err, FM_ERR_MISMATCH, "a tally of %s cannot take one of %s", t->measure->id, other->measure->id);
  if (strcmp(t->spec_text, other->spec_text) != 0)
    return fm__fail(err, FM_ERR_MISMATCH, "the tallies of %s have different specs: \"%s\" and \"%s\"", t->measure->id,
                    t->spec_text, other->spec_text);
  if (t == other)
    return fm__fail(err, FM_ERR_ARGUMENT, "a tally cannot be merged with itself");
  return t->measure->merge(t->state, other->state, err);
}

fm_status fm_tally_save(void **bytes, size_t *n_bytes, const fm_tally *t, fm_error *err)
{
  fm__bytes state = {0}, all = {0};
  *bytes = NULL;
  *n_bytes = 0;
  fm_status status = t->measure->save(t->state, &state, err);
  if (status == FM_OK) {
    fm__hash128 hash = fm__hash(state.size > 0 ? state.data : (const void *)"", state.size);
    fm__bytes_raw(&all, magic, sizeof magic);
    fm__bytes_text(&all, t->measure->id, strlen(t->measure->id));
    fm__bytes_u32(&all, t->measure->state_version);
    fm__bytes_text(&all, t->spec_text, strlen(t->spec_text));
    fm__bytes_u64(&all, state.size);
    fm__bytes_u64(&all, hash.low);
    fm__bytes_u64(&all, hash.high);
    fm__bytes_raw(&all, state.data, state.size);
    if (state.failed || all.failed)
      status = fm__no_memory(err);
  }
  fm__bytes_free(&state);
  if (status != FM_OK) {
    fm__bytes_free(&all);
    return status;
  }
  *bytes = all.data;
  *n_bytes = all.size;
  return FM_OK;
}

static bool same_text(const char *a, size_t length, const char *b)
{
  return a != NULL && strlen(b) == length && memcmp(a, b, length) == 0;
}

static fm_status check_head(const fm_tally *t, fm__reader *r, fm_error *err)
{
  const uint8_t *head = fm__read_raw(r, sizeof magic);
  if (head == NULL || memcmp(head, magic, sizeof magic) != 0)
    return fm__fail(err, FM_ERR_FORMAT, "these bytes are not a saved tally of this version");
  size_t length;
  const char *id = fm__read_text(r, &length);
  if (id == NULL)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally is damaged: it ends inside its head");
  if (!same_text(id, length, t->measure->id))
    return fm__fail(err, FM_ERR_MISMATCH, "the saved tally is of measure %.*s, expected %s",
                    (int)(length < 64 ? length : 64), id, t->measure->id);
  uint32_t version = fm__read_u32(r);
  if (!r->failed && version != t->measure->state_version)
    return fm__fail(err, FM_ERR_MISMATCH, "the saved tally of %s has state version %u, this library reads %u",
                    t->measure->id, (unsigned)version, (unsigned)t->measure->state_version);
  const char *spec = fm__read_text(r, &length);
  if (spec != NULL && !same_text(spec, length, t->spec_text))
    return fm__fail(err, FM_ERR_MISMATCH, "the saved tally of %s has spec \"%.*s\", expected \"%s\"", t->measure->id,
                    (int)(length < 120 ? length : 120), spec, t->spec_text);
  return spec != NULL ? FM_OK : fm__fail(err, FM_ERR_FORMAT, "the saved tally is damaged: it ends inside its head");
}

fm_status fm_tally_load(fm_tally *t, const void *bytes, size_t n_bytes, fm_error *err)
{
  if (!t->measure->is_empty(t->state))
    return fm__fail(err, FM_ERR_STATE, "a saved tally is loaded into an empty one; this one of %s holds data",
                    t->measure->id);
  fm__reader r = {.data = bytes, .size = n_bytes};
  fm_status status = check_head(t, &r, err);
  if (status != FM_OK)
    return status;
  uint64_t size = fm__read_u64(&r), low = fm__read_u64(&r), high = fm__read_u64(&r);
  if (r.failed || size != r.size - r.at)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: %zu bytes, its head promises %llu more",
                    t->measure->id, n_bytes, (unsigned long long)size);
  fm__hash128 hash = fm__hash(r.data + r.at, (size_t)size);
  if (hash.low != low || hash.high != high)
    return fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: its check sum does not agree",
                    t->measure->id);
  status = t->measure->load(t->state, &r, err);
  if (status == FM_OK && (r.failed || r.at != r.size))
    status =
        fm__fail(err, FM_ERR_FORMAT, "the saved tally of %s is damaged: its state has another length", t->measure->id);
  return status;
}

fm_status fm_tally_result(fm_table **out, const fm_tally *t, const fm_run *run, fm_error *err)
{
  *out = NULL;
  fm_status status = fm__run_check(run, err);
  return status == FM_OK ? t->measure->result(t->state, out, run, err) : status;
}

fm_status fm__tally_once(fm_tally *t, fm_table **out, const fm_table *frame, const fm_run *run, fm_error *err)
{
  *out = NULL;
  fm_status status = fm_tally_add(t, frame, run, err);
  if (status == FM_OK)
    status = fm_tally_result(out, t, run, err);
  fm_tally_destroy(t);
  return status;
}
