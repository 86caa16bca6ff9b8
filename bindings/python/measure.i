/* Measures by id, tallies, and the functions on plain arrays. */
%{
/* What is asked for, and the code lists it points to. */
typedef struct asking {
  fm_compute_spec spec;
  const fm_codes *codes[32];
} asking;

static int lists_open(asking *a, PyObject *list)
{
  Py_ssize_t n = PyList_Size(list);
  if (n < 0 || n > 32) {
    PyErr_SetString(PyExc_ValueError, "codes: expected at most 32 lists");
    return -1;
  }
  for (Py_ssize_t k = 0; k < n; k++) {
    void *p = NULL;
    if (!SWIG_IsOK(SWIG_ConvertPtr(PyList_GET_ITEM(list, k), &p, SWIGTYPE_p_fm_codes, 0))) {
      PyErr_SetString(PyExc_TypeError, "codes: expected code lists");
      return -1;
    }
    a->codes[k] = p;
  }
  a->spec.codes = a->codes;
  a->spec.n_codes = (size_t)n;
  return 0;
}

static int compute_open(asking *a, PyObject *options)
{
  PyObject *v;
  fm_compute_spec *spec = &a->spec;
  fm_compute_spec_init(spec, sizeof *spec);
  const struct {
    const char *key;
    const char **out;
  } texts[] = {{"by", &spec->by}, {"weight", &spec->weight}, {"filter", &spec->filter}, {"options", &spec->options},
               {"merge", &spec->merge}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if ((v = PyDict_GetItemString(options, texts[i].key)) != NULL)
      *texts[i].out = text_of(v);
  if ((v = PyDict_GetItemString(options, "national")) != NULL) {
    void *t = NULL;
    if (!SWIG_IsOK(SWIG_ConvertPtr(v, &t, SWIGTYPE_p_fm_table, 0))) {
      PyErr_SetString(PyExc_TypeError, "national: expected a table");
      return -1;
    }
    spec->national = t;
  }
  if ((v = PyDict_GetItemString(options, "codes")) != NULL && lists_open(a, v) != 0)
    return -1;
  if ((v = PyDict_GetItemString(options, "level")) != NULL)
    spec->level = PyFloat_AsDouble(v);
  if ((v = PyDict_GetItemString(options, "as_of")) != NULL)
    spec->as_of = (int32_t)PyLong_AsLong(v);
  return PyErr_Occurred() != NULL ? -1 : 0;
}

/* Doubles lent for one call; weights may be None. */
static int lend_pair(Py_buffer *x, Py_buffer *w, PyObject *values, PyObject *weights)
{
  w->obj = NULL;
  if (lend(x, values, "d", 8, "float64", "x") != 0)
    return -1;
  if (weights == Py_None)
    return 0;
  if (lend(w, weights, "d", 8, "float64", "weights") != 0) {
    PyBuffer_Release(x);
    return -1;
  }
  if (w->shape[0] == x->shape[0])
    return 0;
  PyErr_Format(PyExc_ValueError, "weights: %zd for %zd values", w->shape[0], x->shape[0]);
  PyBuffer_Release(x);
  PyBuffer_Release(w);
  return -1;
}
%}

%newobject compute;
%newobject compute_frame;
%newobject catalogue;
%newobject catalogue_columns;
%newobject codes_table;
%newobject codes_made;
%newobject schema_table;
%newobject tally_create;
%newobject tally_result;
%inline %{
static fm_table *compute(const fm_register *reg, const char *id, PyObject *options, int threads, PyObject *progress)
{
  running r;
  asking q;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (compute_open(&q, options) != 0)
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_catalogue_compute(&out, reg, id, &q.spec, &r.run, &err));
  return out;
}

static fm_table *compute_frame(const fm_table *frame, const char *id, PyObject *options, int threads,
                               PyObject *progress)
{
  running r;
  asking q;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  if (compute_open(&q, options) != 0)
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_catalogue_compute_frame(&out, frame, id, &q.spec, &r.run, &err));
  return out;
}

static fm_table *catalogue(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_catalogue_table(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static fm_table *catalogue_columns(const char *id, PyObject *options)
{
  asking q;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  if (compute_open(&q, options) != 0)
    return NULL;
  fm_status status = fm_catalogue_columns(&out, id, &q.spec, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static PyObject *catalogue_text(const char *id, const char *field, const char *lang)
{
  int64_t i = fm_catalogue_find(id);
  return text_or_none(i < 0 ? NULL : fm_catalogue_text((size_t)i, field, lang));
}

/* [(name, default, about), ...]; None for an unknown id */
static PyObject *catalogue_options(const char *id, const char *lang)
{
  int64_t i = fm_catalogue_find(id);
  if (i < 0)
    Py_RETURN_NONE;
  PyObject *out = PyList_New(0);
  for (size_t k = 0; out != NULL && k < fm_catalogue_n_options((size_t)i); k++) {
    PyObject *item = Py_BuildValue("(sss)", fm_catalogue_option((size_t)i, k, "name", lang),
                                   fm_catalogue_option((size_t)i, k, "default", lang),
                                   fm_catalogue_option((size_t)i, k, "about", lang));
    if (item == NULL || PyList_Append(out, item) != 0)
      Py_CLEAR(out);
    Py_XDECREF(item);
  }
  return out;
}

static PyObject *sdg_text(const char *id, const char *field, const char *lang)
{
  int64_t i = fm_sdg_find(id);
  return text_or_none(i < 0 ? NULL : fm_sdg_text((size_t)i, field, lang));
}

static fm_table *sdg_table(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_sdg_table(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static PyObject *label(const char *key, const char *lang)
{
  return text_or_none(fm_catalogue_label(key, lang));
}

static PyObject *library_version(void)
{
  return PyUnicode_FromString(fm_version());
}

static fm_table *codes_table(const char *list)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *codes = NULL;
  fm_table *out = NULL;
  fm_status status = fm_codes_builtin(&codes, list, &err);
  if (status == FM_OK)
    status = fm_codes_table(&out, codes, &err);
  fm_codes_destroy(codes);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static fm_codes *codes_made(const char *list, const fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  fm_codes *out = NULL;
  fm_status status = fm_codes_from_table(&out, list, t, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static PyObject *codes_names(void)
{
  size_t n = fm_codes_n_builtin();
  PyObject *out = PyList_New((Py_ssize_t)n);
  for (size_t k = 0; out != NULL && k < n; k++)
    PyList_SET_ITEM(out, (Py_ssize_t)k, PyUnicode_FromString(fm_codes_builtin_name(k)));
  return out;
}

static fm_table *schema_table(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_schema_table(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static fm_tally *tally_create(const char *id, PyObject *options)
{
  asking q;
  fm_error err = FM_ERROR_INIT;
  fm_tally *out = NULL;
  if (compute_open(&q, options) != 0)
    return NULL;
  fm_status status = fm_catalogue_tally(&out, id, &q.spec, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static void tally_add(fm_tally *t, const fm_table *frame, int threads, PyObject *progress)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_tally_add(t, frame, &r.run, &err));
}

static void tally_merge(fm_tally *t, const fm_tally *other)
{
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  FM_CALL(status, err, fm_tally_merge(t, other, &err));
}

static PyObject *tally_save(const fm_tally *t)
{
  fm_error err = FM_ERROR_INIT;
  void *bytes = NULL;
  size_t n = 0;
  fm_status status;
  FM_CALL(status, err, fm_tally_save(&bytes, &n, t, &err));
  if (status != FM_OK)
    return NULL;
  PyObject *out = PyBytes_FromStringAndSize(bytes, (Py_ssize_t)n);
  fm_free(bytes);
  return out;
}

static void tally_load(fm_tally *t, PyObject *saved)
{
  fm_error err = FM_ERROR_INIT;
  Py_buffer view;
  fm_status status;
  if (PyObject_GetBuffer(saved, &view, PyBUF_SIMPLE) != 0)
    return;
  FM_CALL(status, err, fm_tally_load(t, view.buf, (size_t)view.len, &err));
  PyBuffer_Release(&view);
}

static fm_table *tally_result(const fm_tally *t, int threads, PyObject *progress)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_tally_result(&out, t, &r.run, &err));
  return out;
}

/* (mean, share, cut) of the bottom p */
static PyObject *income_bottom(PyObject *values, PyObject *weights, double p_share, int threads, PyObject *progress)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  Py_buffer x, w;
  double mean, share, cut;
  fm_status status;
  if (lend_pair(&x, &w, values, weights) != 0)
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_income_bottom(&mean, &share, &cut, x.buf, w.obj != NULL ? w.buf : NULL, (size_t)x.shape[0],
                                        p_share, &r.run, &err));
  PyBuffer_Release(&x);
  if (w.obj != NULL)
    PyBuffer_Release(&w);
  return status == FM_OK ? Py_BuildValue("(ddd)", mean, share, cut) : NULL;
}
%}
