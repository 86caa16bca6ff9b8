/* Weights that meet known totals; several imputations as one result. */
%{
/* "low", "high", "tolerance", "distance" (a number), "max_iterations". */
static int calibrate_open(fm_survey_calibrate_spec *spec, PyObject *options)
{
  fm_survey_calibrate_spec_init(spec, sizeof *spec);
  return take_number(&spec->low, options, "low") != 0 || take_number(&spec->high, options, "high") != 0 ||
         take_number(&spec->tolerance, options, "tolerance") != 0 ||
         take_whole(&spec->distance, options, "distance") != 0 ||
         take_whole(&spec->max_iterations, options, "max_iterations") != 0;
}

/* Columns of one length lent for a call: a list of buffers of doubles. */
typedef struct lent_columns {
  Py_buffer *views;
  const double **columns;
  size_t n;
} lent_columns;

static void lent_columns_close(lent_columns *l)
{
  for (size_t k = 0; k < l->n; k++)
    PyBuffer_Release(&l->views[k]);
  PyMem_Free(l->views);
  PyMem_Free(l->columns);
}

static int lent_columns_open(lent_columns *l, PyObject *list, const char *name, Py_ssize_t rows)
{
  Py_ssize_t n = PyList_Size(list);
  memset(l, 0, sizeof *l);
  if (n < 0)
    return -1;
  l->views = PyMem_Calloc((size_t)n + 1, sizeof *l->views);
  l->columns = PyMem_Calloc((size_t)n + 1, sizeof *l->columns);
  if (l->views == NULL || l->columns == NULL) {
    PyErr_NoMemory();
    lent_columns_close(l);
    return -1;
  }
  for (Py_ssize_t k = 0; k < n; k++) {
    if (lend(&l->views[k], PyList_GET_ITEM(list, k), "d", 8, "float64", name) != 0) {
      lent_columns_close(l);
      return -1;
    }
    l->columns[k] = l->views[k].buf;
    l->n = (size_t)k + 1;
    if (l->views[k].shape[0] != rows) {
      PyErr_Format(PyExc_ValueError, "%s: column %zd has %zd rows, expected %zd", name, k, l->views[k].shape[0], rows);
      lent_columns_close(l);
      return -1;
    }
  }
  return 0;
}

/* (weights, g) of lent columns, as bytes of doubles. */
static PyObject *calibrated(const Py_buffer *w, const lent_columns *x, const Py_buffer *totals,
                            const fm_survey_calibrate_spec *spec)
{
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  size_t n = (size_t)w->shape[0];
  PyObject *out = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(n * sizeof(double)));
  PyObject *g = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(n * sizeof(double)));
  if (out != NULL && g != NULL) {
    double *weights = (double *)(void *)PyBytes_AS_STRING(out), *factors = (double *)(void *)PyBytes_AS_STRING(g);
    FM_CALL(status, err, fm_survey_calibrate(weights, factors, w->buf, x->columns, totals->buf, x->n, n, spec, &err));
    if (status == FM_OK)
      return Py_BuildValue("(NN)", out, g);
  }
  Py_XDECREF(out);
  Py_XDECREF(g);
  return NULL;
}
%}

%newobject survey_rake;
%newobject survey_combine;
%inline %{
/* (weights, g), bytes of doubles */
static PyObject *survey_calibrate(PyObject *weights, PyObject *auxiliaries, PyObject *totals, PyObject *options)
{
  fm_survey_calibrate_spec spec;
  Py_buffer w, t;
  lent_columns x;
  PyObject *out = NULL;
  if (calibrate_open(&spec, options) || lend(&w, weights, "d", 8, "float64", "weights") != 0)
    return NULL;
  if (lend(&t, totals, "d", 8, "float64", "totals") == 0) {
    if (lent_columns_open(&x, auxiliaries, "auxiliaries", w.shape[0]) == 0) {
      if ((size_t)t.shape[0] != x.n)
        PyErr_Format(PyExc_ValueError, "totals: %zd for %zd auxiliaries", t.shape[0], (Py_ssize_t)x.n);
      else
        out = calibrated(&w, &x, &t, &spec);
      lent_columns_close(&x);
    }
    PyBuffer_Release(&t);
  }
  PyBuffer_Release(&w);
  return out;
}

static fm_table *survey_rake(const fm_table *sample, PyObject *weight, PyObject *margins, PyObject *options)
{
  fm_survey_calibrate_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  size_t n = 0;
  const char *name = text_of(weight);
  if (PyErr_Occurred() != NULL || calibrate_open(&spec, options))
    return NULL;
  const fm_table **list = tables_of(margins, &n);
  if (list == NULL)
    return NULL;
  FM_CALL(status, err, fm_survey_rake(&out, sample, name, list, n, &spec, &err));
  PyMem_Free(list);
  return out;
}

static fm_table *survey_combine(PyObject *results, double df)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  size_t n = 0;
  const fm_table **list = tables_of(results, &n);
  if (list == NULL)
    return NULL;
  FM_CALL(status, err, fm_survey_combine(&out, list, n, df, &err));
  PyMem_Free(list);
  return out;
}

/* (estimate, variance, within, between, degrees of freedom, missing share) */
static PyObject *survey_combine_values(PyObject *estimates, PyObject *variances, double df)
{
  fm_error err = FM_ERROR_INIT;
  fm_survey_combined c = {.struct_size = sizeof c};
  Py_buffer e, v;
  fm_status status = FM_ERR_ARGUMENT;
  if (lend(&e, estimates, "d", 8, "float64", "estimates") != 0)
    return NULL;
  if (lend(&v, variances, "d", 8, "float64", "variances") == 0) {
    if (e.shape[0] != v.shape[0])
      PyErr_Format(PyExc_ValueError, "variances: %zd for %zd estimates", v.shape[0], e.shape[0]);
    else
      FM_CALL(status, err, fm_survey_combine_values(&c, e.buf, v.buf, (size_t)e.shape[0], df, &err));
    PyBuffer_Release(&v);
  }
  PyBuffer_Release(&e);
  return status == FM_OK ? Py_BuildValue("(dddddd)", c.estimate, c.variance, c.within, c.between,
                                         c.degrees_of_freedom, c.missing_share)
                         : NULL;
}
%}
