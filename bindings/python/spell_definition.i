/* Definitions of lasting work: read from a list, asked of states; and spells that come in batches. */
%{
/* A definition with what its texts are borrowed from. */
typedef struct defined {
  fm_codes *list, *states, *kinds;
  fm_spell_definition d;
} defined;

static void defined_close(defined *x)
{
  fm_codes_destroy(x->list);
  fm_codes_destroy(x->states);
  fm_codes_destroy(x->kinds);
}

/* A list of one's own, or the built-in one for NULL. */
static fm_status codes_of(fm_codes **out, const char *list, const fm_table *own, fm_error *err)
{
  return own != NULL ? fm_codes_from_table(out, list, own, err) : fm_codes_builtin(out, list, err);
}

/* The definition called `name`; -1 when it has raised. */
static int defined_open(defined *x, const fm_table *list, const char *name)
{
  fm_error err = FM_ERROR_INIT;
  memset(x, 0, sizeof *x);
  fm_status status = codes_of(&x->list, "retention_definition", list, &err);
  if (status == FM_OK)
    status = fm_spell_definition_read(&x->d, sizeof x->d, x->list, name, &err);
  if (status == FM_OK)
    status = fm_spell_definition_check(&x->d, &err);
  if (status == FM_OK)
    return 0;
  defined_close(x);
  raise_status(status, &err);
  return -1;
}

/* The lists of states and kinds too, and what each entry counts as; free with PyMem_Free. NULL when it has raised. */
static uint8_t *defined_states(defined *x, const fm_table *states, const fm_table *kinds, int32_t *none)
{
  fm_error err = FM_ERROR_INIT;
  uint8_t *of = NULL;
  fm_status status = codes_of(&x->states, "benefit_state", states, &err);
  if (status == FM_OK)
    status = codes_of(&x->kinds, "placement_kind", kinds, &err);
  if (status == FM_OK) {
    size_t n = fm_codes_n(x->states);
    of = PyMem_Malloc(n + fm_codes_n(x->kinds) + 1);
    status = of == NULL ? FM_ERR_MEMORY
                        : fm_spell_definition_states(of, of + n, none, &x->d, x->states, x->kinds, &err);
  }
  if (status == FM_OK)
    return of;
  PyMem_Free(of);
  raise_status(status, &err);
  return NULL;
}

static PyObject *words_of(const char *(*name)(int32_t))
{
  PyObject *out = PyList_New(0);
  for (int32_t i = 0; out != NULL && name(i) != NULL; i++) {
    PyObject *word = PyUnicode_FromString(name(i));
    if (word == NULL || PyList_Append(out, word) != 0)
      Py_CLEAR(out);
    Py_XDECREF(word);
  }
  return out;
}

/* Five numbers a row: fm_spell_unit and fm_spell_state hold nothing else. */
static size_t fives(const arrays *a, int k)
{
  return a->view[k].obj != NULL ? (size_t)a->view[k].shape[0] / 5 : 0;
}

/* units and states, which may differ in length */
static int asked_open(calling *c, PyObject *units, PyObject *states, int threads, PyObject *progress)
{
  PyObject *first = PyTuple_Pack(1, units), *second = PyTuple_Pack(1, states);
  int failed = first == NULL || second == NULL || calling_open(c, first, "i", 0, threads, progress) != 0 ||
               calling_more(c, second, "i") != 0;
  Py_XDECREF(first);
  Py_XDECREF(second);
  return failed ? -1 : 0;
}
%}

%newobject spell_stream_create;
%inline %{
/* (rules, clocks, indexes, reasons) in the order of their numbers */
static PyObject *definition_words(void)
{
  return Py_BuildValue("(NNNN)", words_of(fm_spell_rule_name), words_of(fm_spell_clock_name),
                       words_of(fm_spell_index_name), words_of(fm_spell_reason_name));
}

/* list: a table of definitions, or None for the built-in ones. The definition's fields, and its horizons as numbers. */
static PyObject *definition_read(const fm_table *list, const char *name)
{
  defined x;
  int32_t horizons[64];
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  fm_status status = fm_spell_definition_horizons(horizons, &n, &x.d, &err);
  const fm_spell_definition *d = &x.d;
  PyObject *out = NULL, *numbers = status == FM_OK ? PyList_New((Py_ssize_t)n) : NULL;
  for (size_t k = 0; numbers != NULL && k < n; k++)
    PyList_SET_ITEM(numbers, (Py_ssize_t)k, PyLong_FromLong(horizons[k]));
  if (status != FM_OK)
    raise_status(status, &err);
  else if (numbers != NULL)
    out = Py_BuildValue("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:d,s:i,s:i,s:i"
                        ",s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:i,s:d,s:i,s:N}", "name", d->name, "success", d->success,
                        "grace", d->grace, "barring", d->barring, "leaves", d->leaves, "censors", d->censors, "course",
                        d->course, "untold", d->untold, "horizons_text", d->horizons, "hours_least", d->hours_least,
                        "rule", (int)d->rule, "clock", (int)d->clock, "index", (int)d->index, "needed", (int)d->needed,
                        "whole_periods", (int)d->whole_periods, "first_month", (int)d->first_month, "base",
                        (int)d->base, "gap_days", (int)d->gap_days, "grace_days", (int)d->grace_days, "least_run_days",
                        (int)d->least_run_days, "same_employer", (int)d->same_employer, "subsidised",
                        (int)d->subsidised, "any_episode", (int)d->any_episode, "income_least", d->income_least,
                        "income_period", (int)d->income_period, "horizons", numbers);
  defined_close(&x);
  return out;
}

/* What each entry of the two lists counts as, as bytes, and a day without a record. */
static PyObject *definition_states(const fm_table *list, const char *name, const fm_table *states,
                                   const fm_table *kinds)
{
  defined x;
  int32_t none = 0;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  PyObject *out = NULL;
  uint8_t *of = defined_states(&x, states, kinds, &none);
  if (of != NULL) {
    size_t n = fm_codes_n(x.states);
    out = Py_BuildValue("(y#y#i)", (const char *)of, (Py_ssize_t)n, (const char *)of + n,
                        (Py_ssize_t)fm_codes_n(x.kinds), (int)none);
  }
  PyMem_Free(of);
  defined_close(&x);
  return out;
}

/* given: number of its word, its first day, whether the word is a kind of placement, hours a week (may be None); words:
   a tuple of texts; out: what each row counts as, and its entry in the list (negative: fm_codes_find). What a day
   without a record counts as. */
static PyObject *definition_rows(PyObject *out, const fm_table *list, const char *name, const fm_table *states,
                                 const fm_table *kinds, PyObject *words, PyObject *given)
{
  defined x;
  calling c;
  int32_t none = 0;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  uint8_t *of = defined_states(&x, states, kinds, &none);
  if (of == NULL || calling_open(&c, given, "iibd", 0, 1, Py_None) != 0 ||
      calling_out(&c, out, "ii", c.in.rows) != 0) {
    PyMem_Free(of);
    defined_close(&x);
    return NULL;
  }
  const int32_t *word = c.in.at[0], *day = c.in.at[1];
  const uint8_t *is_kind = c.in.at[2];
  const double *hours = c.in.at[3];
  int32_t *counts = c.out.at[0], *entry = c.out.at[1];
  for (c.n = 0; c.n < c.in.rows; c.n++) {
    size_t i = c.n;
    Py_ssize_t length = 0;
    PyObject *item = word[i] >= 0 && PyTuple_Check(words) && word[i] < PyTuple_GET_SIZE(words)
                         ? PyTuple_GET_ITEM(words, word[i])
                         : Py_None;
    const char *text = PyUnicode_AsUTF8AndSize(item, &length);
    if (text == NULL)
      break;
    const fm_codes *codes = is_kind[i] ? x.kinds : x.states;
    entry[i] = (int32_t)fm_codes_find(codes, text, (size_t)length, day[i]);
    int32_t state = entry[i] < 0  ? is_kind[i] ? FM_SPELL_STATE_IGNORED : FM_SPELL_STATE_OTHER
                    : is_kind[i] ? of[fm_codes_n(x.states) + (size_t)entry[i]]
                                 : of[entry[i]];
    counts[i] = hours == NULL ? state : fm_spell_definition_with_hours(&x.d, state, hours[i]);
  }
  calling_close(&c);
  PyMem_Free(of);
  defined_close(&x);
  return PyErr_Occurred() != NULL ? NULL : PyLong_FromLong(none);
}

/* One byte an entry of the list: 1 when `words` names it. */
static PyObject *definition_match(const char *words, const fm_table *own, const char *list)
{
  fm_codes *codes = NULL;
  fm_error err = FM_ERROR_INIT;
  PyObject *out = NULL;
  fm_status status = codes_of(&codes, list, own, &err);
  if (status == FM_OK) {
    out = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)fm_codes_n(codes));
    if (out != NULL)
      status = fm_spell_words_match((uint8_t *)PyBytes_AS_STRING(out), words, codes, &err);
  }
  fm_codes_destroy(codes);
  if (status == FM_OK)
    return out;
  Py_XDECREF(out);
  raise_status(status, &err);
  return NULL;
}

/* units, states: arrays of five numbers a row; out: six numbers a unit. Number of units. */
static PyObject *definition_outcomes(PyObject *out, const fm_table *list, const char *name, int horizon, int none,
                                     PyObject *units, PyObject *states, int threads, PyObject *progress)
{
  defined x;
  calling c;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  if (asked_open(&c, units, states, threads, progress) != 0 || calling_out(&c, out, "i", fives(&c.in, 0) * 6) != 0) {
    defined_close(&x);
    return NULL;
  }
  c.n = fives(&c.in, 0);
  FM_CALL(c.status, c.err, fm_spell_outcomes(c.out.at[0], &x.d, horizon, none, c.in.at[0], c.n, c.more.at[0],
                                             fives(&c.more, 0), &c.r.run, &c.err));
  defined_close(&x);
  return calling_end(&c);
}

/* The same; out: four numbers a unit. */
static PyObject *definition_durations(PyObject *out, const fm_table *list, const char *name, int none, PyObject *units,
                                      PyObject *states, int threads, PyObject *progress)
{
  defined x;
  calling c;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  if (asked_open(&c, units, states, threads, progress) != 0 || calling_out(&c, out, "i", fives(&c.in, 0) * 4) != 0) {
    defined_close(&x);
    return NULL;
  }
  c.n = fives(&c.in, 0);
  FM_CALL(c.status, c.err, fm_spell_durations(c.out.at[0], &x.d, none, c.in.at[0], c.n, c.more.at[0],
                                              fives(&c.more, 0), &c.r.run, &c.err));
  defined_close(&x);
  return calling_end(&c);
}

/* people: five numbers each; out: five numbers for each of the people and states. Number of starts. */
static PyObject *definition_starts(PyObject *out, const fm_table *list, const char *name, int none, PyObject *people,
                                   PyObject *states, int threads, PyObject *progress)
{
  defined x;
  calling c;
  if (defined_open(&x, list, name) != 0)
    return NULL;
  if (asked_open(&c, people, states, threads, progress) != 0 ||
      calling_out(&c, out, "i", 5 * (fives(&c.in, 0) + fives(&c.more, 0))) != 0) {
    defined_close(&x);
    return NULL;
  }
  FM_CALL(c.status, c.err, fm_spell_starts(c.out.at[0], &c.n, &x.d, none, c.in.at[0], fives(&c.in, 0), c.more.at[0],
                                           fives(&c.more, 0), &c.r.run, &c.err));
  defined_close(&x);
  return calling_end(&c);
}

static fm_spell_stream *spell_stream_create(PyObject *ranking, int policy, int gap_days, int as_of)
{
  calling c;
  fm_spell_stream *stream = NULL;
  fm_spell_resolve_spec spec;
  fm_spell_resolve_spec_init(&spec, sizeof spec);
  spec.policy = policy;
  spec.gap_days = gap_days;
  spec.as_of = as_of;
  if (calling_open(&c, ranking, "i", 0, 1, Py_None) != 0)
    return NULL;
  spec.ranking = c.in.at[0];
  spec.n_ranking = c.in.rows;
  FM_CALL(c.status, c.err, fm_spell_stream_create(&stream, &spec, &c.err));
  calling_close(&c);
  return stream;
}

/* Number of spells that can be taken. */
static PyObject *spell_stream_add(fm_spell_stream *stream, PyObject *given)
{
  calling c;
  if (spells_open(&c, given, 1, Py_None) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_stream_add(stream, &c.n, c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, &c.err));
  return calling_end(&c);
}

static PyObject *spell_stream_finish(fm_spell_stream *stream)
{
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  FM_CALL(status, err, fm_spell_stream_finish(stream, &n, &err));
  return status == FM_OK ? PyLong_FromSize_t(n) : NULL;
}

/* out: person, start, end, state. Number of spells. */
static PyObject *spell_stream_take(PyObject *out, fm_spell_stream *stream)
{
  arrays to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&to, out, "iiii", -1, 1) != 0)
    return NULL;
  FM_CALL(status, err,
          fm_spell_stream_take(stream, &n, to.at[0], to.at[1], to.at[2], to.at[3], to.rows, &err));
  arrays_close(&to);
  return status == FM_OK ? PyLong_FromSize_t(n) : NULL;
}
%}
