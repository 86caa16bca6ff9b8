/* Files of other registers: the weekly file of DREAM, settlement files, published series. */
%{
/* Memory that grows. */
typedef struct growing {
  char *data;
  size_t size, room;
} growing;

static void *growing_add(growing *g, const void *bytes, size_t n)
{
  if (g->room - g->size < n) {
    size_t room = (g->room + n) * 2 + 1024;
    char *data = PyMem_RawRealloc(g->data, room);
    if (data == NULL)
      return NULL;
    g->data = data;
    g->room = room;
  }
  memcpy(g->data + g->size, bytes, n);
  g->size += n;
  return g->data + g->size - n;
}

/* Different texts, each with a number: texts one after the other, where each begins, and places by hash. */
typedef struct words {
  growing text, start; /* of char; of int64 */
  int32_t *slot;       /* number of the text, -1 free; a power of two, at most half full */
  size_t n_slots;
} words;

static size_t words_n(const words *w)
{
  return w->start.size / sizeof(int64_t);
}

static const char *words_text(const words *w, size_t k)
{
  return w->text.data + ((const int64_t *)w->start.data)[k];
}

static size_t words_place(const words *w, const char *text)
{
  uint64_t h = 14695981039346656037u;
  for (const char *p = text; *p != '\0'; p++)
    h = (h ^ (uint8_t)*p) * 1099511628211u;
  size_t at = (size_t)(h ^ h >> 29) & (w->n_slots - 1);
  while (w->slot[at] >= 0 && strcmp(words_text(w, (size_t)w->slot[at]), text) != 0)
    at = (at + 1) & (w->n_slots - 1);
  return at;
}

static int words_widen(words *w)
{
  size_t n = w->n_slots == 0 ? 64 : w->n_slots * 2;
  int32_t *slot = PyMem_RawMalloc(n * sizeof *slot);
  if (slot == NULL)
    return -1;
  memset(slot, 0xff, n * sizeof *slot);
  PyMem_RawFree(w->slot);
  w->slot = slot;
  w->n_slots = n;
  for (size_t k = 0; k < words_n(w); k++)
    slot[words_place(w, words_text(w, k))] = (int32_t)k;
  return 0;
}

/* Number of a text, -1 without memory. */
static int32_t words_number(words *w, const char *text)
{
  if (words_n(w) * 2 >= w->n_slots && words_widen(w) != 0)
    return -1;
  size_t at = words_place(w, text);
  if (w->slot[at] >= 0)
    return w->slot[at];
  int64_t start = (int64_t)w->text.size;
  if (growing_add(&w->text, text, strlen(text) + 1) == NULL || growing_add(&w->start, &start, sizeof start) == NULL)
    return -1;
  w->slot[at] = (int32_t)words_n(w) - 1;
  return w->slot[at];
}

static void words_close(words *w)
{
  PyMem_RawFree(w->text.data);
  PyMem_RawFree(w->start.data);
  PyMem_RawFree(w->slot);
}

static PyObject *words_list(const words *w)
{
  PyObject *out = PyList_New((Py_ssize_t)words_n(w));
  for (size_t k = 0; out != NULL && k < words_n(w); k++) {
    PyObject *text = PyUnicode_DecodeUTF8(words_text(w, k), (Py_ssize_t)strlen(words_text(w, k)), "replace");
    if (text == NULL)
      Py_CLEAR(out);
    else
      PyList_SET_ITEM(out, (Py_ssize_t)k, text);
  }
  return out;
}

/* Spells of a weekly file, collected without the interpreter's lock. */
enum { SPELL_PERSON, SPELL_START, SPELL_END, SPELL_STATE, SPELL_INDUSTRY, SPELL_RATE, SPELL_COLUMNS };
typedef struct collected {
  growing ids, offsets, column[SPELL_COLUMNS];
  words text[3]; /* states, industries, rates */
  int no_memory;
} collected;

static int32_t collect(void *ctx, const fm_dream_person *p)
{
  collected *c = ctx;
  int32_t person = (int32_t)(c->offsets.size / sizeof(int64_t)) - 1;
  int failed = growing_add(&c->ids, p->id, p->id_length) == NULL;
  int64_t end = (int64_t)c->ids.size;
  failed = failed || growing_add(&c->offsets, &end, sizeof end) == NULL;
  for (size_t i = 0; i < p->n_spells && !failed; i++) {
    const fm_dream_spell *s = &p->spells[i];
    const char *texts[] = {s->state, s->industry, s->rate};
    int32_t row[SPELL_COLUMNS] = {person, s->start, s->end, 0, 0, 0};
    for (size_t k = 0; k < 3; k++)
      if (texts[k] != NULL && (row[SPELL_STATE + k] = words_number(&c->text[k], texts[k])) < 0)
        failed = 1;
    for (size_t k = 0; k < SPELL_COLUMNS && !failed; k++)
      if (k <= SPELL_STATE || texts[k - SPELL_STATE] != NULL)
        failed = growing_add(&c->column[k], &row[k], sizeof row[k]) == NULL;
  }
  c->no_memory = failed;
  return failed;
}

static void collected_close(collected *c)
{
  PyMem_RawFree(c->ids.data);
  PyMem_RawFree(c->offsets.data);
  for (size_t k = 0; k < SPELL_COLUMNS; k++)
    PyMem_RawFree(c->column[k].data);
  for (size_t k = 0; k < 3; k++)
    words_close(&c->text[k]);
}

static PyObject *bytes_of(const growing *g)
{
  return PyByteArray_FromStringAndSize(g->data != NULL ? g->data : "", (Py_ssize_t)g->size);
}

/* (ids, their offsets, person, start, end, state, industry, rate, states, industries, rates) */
static PyObject *collected_tuple(const collected *c)
{
  PyObject *columns[SPELL_COLUMNS] = {0};
  for (size_t k = 0; k < SPELL_COLUMNS; k++)
    columns[k] = bytes_of(&c->column[k]);
  return Py_BuildValue("(NNNNNNNNNNN)", bytes_of(&c->ids), bytes_of(&c->offsets), columns[0], columns[1], columns[2],
                       columns[3], columns[4], columns[5], words_list(&c->text[0]), words_list(&c->text[1]),
                       words_list(&c->text[2]));
}

/* A code list in place of the built-in one, or None. */
static int codes_open(fm_codes **out, PyObject *table)
{
  void *t = NULL;
  fm_error err = FM_ERROR_INIT;
  *out = NULL;
  if (table == Py_None)
    return 0;
  if (!SWIG_IsOK(SWIG_ConvertPtr(table, &t, SWIGTYPE_p_fm_table, 0))) {
    PyErr_SetString(PyExc_TypeError, "codes: expected a table");
    return -1;
  }
  fm_status status = fm_codes_from_table(out, "benefit_state", t, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return status != FM_OK;
}

static PyObject *table_or_none(fm_table *t)
{
  if (t == NULL)
    Py_RETURN_NONE;
  return owned(t, SWIGTYPE_p_fm_table);
}

static PyObject *dream_summary_of(const fm_dream_summary *s)
{
  return Py_BuildValue("{s:L,s:L,s:L,s:L,s:L,s:L,s:L,s:L,s:i,s:i,s:i}", "n_rows", (long long)s->n_rows, "n_persons",
                       (long long)s->n_persons, "n_spells", (long long)s->n_spells, "n_left_out",
                       (long long)s->n_left_out, "n_weeks", (long long)s->n_weeks, "n_unknown_codes",
                       (long long)s->n_unknown_codes, "n_unknown_weeks", (long long)s->n_unknown_weeks, "n_bytes",
                       (long long)s->n_bytes, "first_monday", (int)s->first_monday, "as_of", (int)s->as_of, "last_code",
                       (int)s->last_code);
}

static int dream_open(fm_dream_spec *spec, reading *how, PyObject *options)
{
  fm_dream_spec_init(spec, sizeof *spec);
  spec->format = PyDict_GetItemString(options, "format_given") != NULL ? &how->format : NULL;
  return reading_open(how, options) != 0 || take_text(&spec->id_column, options, "id_column") != 0 ||
         take_whole(&spec->as_of, options, "as_of") != 0 ||
         take_whole(&spec->employment_from, options, "employment_from") != 0 ||
         take_whole(&spec->carry, options, "carry") != 0 || take_whole(&spec->skip_bad, options, "skip_bad") != 0;
}
%}

%inline %{
/* (collected spells or None, summary, problems or None, message); with `out` they go into that file */
static PyObject *dream_read(const char *path, const char *out, PyObject *codes, PyObject *options, int threads,
                            PyObject *progress)
{
  running r;
  reading how;
  fm_dream_spec spec;
  fm_dream_summary summary = {0};
  fm_codes *own = NULL;
  fm_table *problems = NULL;
  collected c;
  PyObject *found = NULL;
  int64_t zero = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (dream_open(&spec, &how, options) != 0 || codes_open(&own, codes) != 0)
    return NULL;
  spec.codes = own;
  memset(&c, 0, sizeof c);
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  if (out != NULL)
    status = fm_dream_write(out, &summary, &problems, path, &spec, &r.run, &err);
  else if (growing_add(&c.offsets, &zero, sizeof zero) == NULL)
    status = FM_ERR_MEMORY;
  else
    status = fm_dream_stream(collect, &c, &summary, &problems, path, &spec, &r.run, &err);
  Py_END_ALLOW_THREADS
  if (status == FM_ERR_CANCELLED && c.no_memory)
    status = FM_ERR_MEMORY;
  fm_codes_destroy(own);
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, &err);
  if (PyErr_Occurred() == NULL) {
    int whole = status == FM_OK && out == NULL;
    found = Py_BuildValue("(NNNs)", whole ? collected_tuple(&c) : Py_BuildValue("O", status == FM_OK ? Py_True : Py_None),
                          dream_summary_of(&summary), table_or_none(problems), err.message);
  } else
    fm_table_destroy(problems);
  collected_close(&c);
  return found;
}

/* (weeks, contributions, spells, summary, problems or None, message); tables are None when the data have errors */
static PyObject *settlement_read(PyObject *paths, PyObject *codes, PyObject *options, int threads, PyObject *progress)
{
  running r;
  reading how;
  fm_settlement_spec spec;
  fm_settlement_summary s = {0};
  fm_codes *own = NULL;
  fm_table *weeks = NULL, *contributions = NULL, *spells = NULL, *problems = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  Py_ssize_t n = PyList_Size(paths);
  const char **texts = n >= 0 ? PyMem_Calloc((size_t)n + 1, sizeof *texts) : NULL;
  if (n < 0)
    return NULL;
  if (texts == NULL)
    return PyErr_NoMemory();
  for (Py_ssize_t i = 0; i < n && PyErr_Occurred() == NULL; i++)
    texts[i] = text_of(PyList_GET_ITEM(paths, i));
  fm_settlement_spec_init(&spec, sizeof spec);
  if (PyErr_Occurred() != NULL || reading_open(&how, options) != 0 || take_whole(&spec.as_of, options, "as_of") != 0 ||
      take_whole(&spec.skip_bad, options, "skip_bad") != 0 || codes_open(&own, codes) != 0) {
    PyMem_Free(texts);
    return NULL;
  }
  spec.format = PyDict_GetItemString(options, "format_given") != NULL ? &how.format : NULL;
  spec.codes = own;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = fm_settlement_read(&weeks, &contributions, &spells, &s, &problems, texts, (size_t)n, &spec, &r.run, &err);
  Py_END_ALLOW_THREADS
  PyMem_Free(texts);
  fm_codes_destroy(own);
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, &err);
  if (PyErr_Occurred() != NULL) {
    fm_table_destroy(weeks);
    fm_table_destroy(contributions);
    fm_table_destroy(spells);
    fm_table_destroy(problems);
    return NULL;
  }
  PyObject *summary = Py_BuildValue(
      "{s:L,s:L,s:L,s:L,s:L,s:i,s:i,s:d,s:d,s:d,s:d}", "n_rows", (long long)s.n_rows, "n_left_out",
      (long long)s.n_left_out, "n_duplicates", (long long)s.n_duplicates, "n_zero_sums", (long long)s.n_zero_sums,
      "n_restored", (long long)s.n_restored, "first_week", (int)s.first_week, "last_week", (int)s.last_week, "paid",
      s.paid, "refund", s.refund, "municipal_cost", s.municipal_cost, "contributions", s.contributions);
  return Py_BuildValue("(NNNNNs)", table_or_none(weeks), table_or_none(contributions), table_or_none(spells), summary,
                       table_or_none(problems), err.message);
}

/* (table or None, problems or None, message) */
static PyObject *series_read(const char *path, PyObject *options, int threads, PyObject *progress)
{
  running r;
  reading how;
  fm_series_spec spec;
  fm_table *out = NULL, *problems = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  fm_series_spec_init(&spec, sizeof spec);
  if (reading_open(&how, options) != 0 || take_text(&spec.area, options, "area") != 0 ||
      take_text(&spec.period, options, "period") != 0 || take_text(&spec.dimensions, options, "dimensions") != 0 ||
      take_text(&spec.suppressed, options, "suppressed") != 0 ||
      take_whole(&spec.preliminary, options, "preliminary") != 0)
    return NULL;
  spec.format = PyDict_GetItemString(options, "format_given") != NULL ? &how.format : NULL;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = fm_series_read(&out, &problems, path, &spec, &r.run, &err);
  Py_END_ALLOW_THREADS
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, &err);
  if (PyErr_Occurred() != NULL) {
    fm_table_destroy(out);
    fm_table_destroy(problems);
    return NULL;
  }
  return Py_BuildValue("(NNs)", table_or_none(out), table_or_none(problems), err.message);
}
%}
