/* Income distribution on plain arrays: a sample is made, asked, and gone. */
%{
/* Number of measures that a text names: commas outside of brackets, and one. */
static size_t measures_in(const char *text)
{
  size_t n = 1, depth = 0;
  for (; *text != '\0'; text++) {
    depth += *text == '(';
    depth -= *text == ')' && depth > 0;
    n += *text == ',' && depth == 0;
  }
  return n;
}

static int take_number(double *out, PyObject *options, const char *key)
{
  PyObject *v = PyDict_GetItemString(options, key);
  if (v != NULL)
    *out = PyFloat_AsDouble(v);
  return PyErr_Occurred() != NULL ? -1 : 0;
}

static int take_whole(int32_t *out, PyObject *options, const char *key)
{
  PyObject *v = PyDict_GetItemString(options, key);
  long number = v != NULL ? PyLong_AsLong(v) : 0;
  if (v == NULL || PyErr_Occurred() != NULL)
    return v == NULL ? 0 : -1;
  if (number < INT32_MIN || number > INT32_MAX) {
    PyErr_Format(PyExc_ValueError, "%s: %ld is too large", key, number);
    return -1;
  }
  *out = (int32_t)number;
  return 0;
}

/* "preset": its name; choices by number; "line", "line_share", "nonpos_floor". */
static int rules_open(fm_income_rules *rules, PyObject *options)
{
  fm_error err = FM_ERROR_INIT;
  PyObject *preset = PyDict_GetItemString(options, "preset");
  fm_income_rules_init(rules, sizeof *rules);
  if (preset != NULL) {
    const char *name = text_of(preset);
    fm_status status = name == NULL ? FM_OK : fm_income_rules_preset(rules, sizeof *rules, name, &err);
    if (status != FM_OK)
      raise_status(status, &err);
  }
  const struct {
    const char *key;
    int32_t *out;
  } wholes[] = {{"quantile", &rules->quantile}, {"poor", &rules->poor},         {"share", &rules->share},
                {"gini", &rules->gini},         {"nonpos", &rules->nonpos},     {"negative", &rules->negative},
                {"missing", &rules->missing},   {"density", &rules->density},   {"line_kind", &rules->line_kind},
                {"percent", &rules->percent}};
  for (size_t i = 0; i < sizeof wholes / sizeof wholes[0] && PyErr_Occurred() == NULL; i++)
    take_whole(wholes[i].out, options, wholes[i].key);
  if (PyErr_Occurred() == NULL)
    take_number(&rules->line, options, "line");
  if (PyErr_Occurred() == NULL)
    take_number(&rules->line_share, options, "line_share");
  if (PyErr_Occurred() == NULL)
    take_number(&rules->nonpos_floor, options, "nonpos_floor");
  return PyErr_Occurred() != NULL ? -1 : 0;
}

static int design_open(fm_survey_design_spec *design, PyObject *options)
{
  PyObject *seed = PyDict_GetItemString(options, "seed");
  fm_survey_design_spec_init(design, sizeof *design);
  const struct {
    const char *key;
    int32_t *out;
  } wholes[] = {{"method", &design->method},
                {"lonely", &design->lonely},
                {"fpc_kind", &design->fpc_kind},
                {"bootstrap", &design->bootstrap},
                {"n_replicates", &design->n_replicates}};
  for (size_t i = 0; i < sizeof wholes / sizeof wholes[0] && PyErr_Occurred() == NULL; i++)
    take_whole(wholes[i].out, options, wholes[i].key);
  if (PyErr_Occurred() == NULL)
    take_number(&design->degrees_of_freedom, options, "df");
  if (seed != NULL && PyErr_Occurred() == NULL)
    design->seed = PyLong_AsUnsignedLongLong(seed);
  return PyErr_Occurred() != NULL ? -1 : 0;
}

/* Columns lent for one call; a column that is None has no object. */
enum { X, W, STRATUM, PSU, FPC, N_LENT };
typedef struct lending {
  Py_buffer column[N_LENT];
} lending;

static void lending_close(lending *l)
{
  for (size_t k = 0; k < N_LENT; k++)
    if (l->column[k].obj != NULL)
      PyBuffer_Release(&l->column[k]);
}

static int lending_open(lending *l, PyObject *x, PyObject *w, PyObject *stratum, PyObject *psu, PyObject *fpc)
{
  PyObject *objects[] = {x, w, stratum, psu, fpc};
  static const char *const names[] = {"x", "weights", "strata", "psu", "fpc"};
  memset(l, 0, sizeof *l);
  for (size_t k = 0; k < N_LENT; k++) {
    int whole = k == STRATUM || k == PSU;
    if (k > 0 && objects[k] == Py_None)
      continue;
    if (lend(&l->column[k], objects[k], whole ? "il" : "d", whole ? 4 : 8, whole ? "int32" : "float64", names[k]) != 0) {
      l->column[k].obj = NULL;
      lending_close(l);
      return -1;
    }
    if (l->column[k].shape[0] != l->column[0].shape[0]) {
      PyErr_Format(PyExc_ValueError, "%s: %zd for %zd values", names[k], l->column[k].shape[0], l->column[0].shape[0]);
      lending_close(l);
      return -1;
    }
  }
  return 0;
}

static const void *lent(const lending *l, int k)
{
  return l->column[k].obj != NULL ? l->column[k].buf : NULL;
}

static size_t lent_rows(const lending *l)
{
  return (size_t)l->column[X].shape[0];
}

/* A sample of the lent columns; NULL when it has raised. `design` may be None: no errors. */
static fm_income_sample *sample_of(const lending *l, const fm_income_rules *rules, PyObject *design, running *r)
{
  fm_error err = FM_ERROR_INIT;
  fm_income_sample *sample = NULL;
  fm_survey_design_spec spec;
  fm_status status;
  if (design == Py_None)
    FM_CALL(status, err, fm_income_sample_create(&sample, lent(l, X), lent(l, W), lent_rows(l), rules, &r->run, &err));
  else if (design_open(&spec, design) == 0)
    FM_CALL(status, err,
            fm_income_sample_create_design(&sample, lent(l, X), lent(l, W), lent(l, STRATUM), lent(l, PSU),
                                           lent(l, FPC), lent_rows(l), rules, &spec, &r->run, &err));
  return sample;
}

static PyObject *list_of(const double *values, size_t n)
{
  PyObject *out = PyList_New((Py_ssize_t)n);
  for (size_t i = 0; out != NULL && i < n; i++) {
    PyObject *item = PyFloat_FromDouble(values[i]);
    if (item == NULL)
      Py_CLEAR(out);
    else
      PyList_SET_ITEM(out, (Py_ssize_t)i, item);
  }
  return out;
}

static PyObject *values_of_sample(const fm_income_sample *sample, const char *measures, running *r)
{
  fm_error err = FM_ERROR_INIT;
  size_t n = measures_in(measures);
  double *values = PyMem_Calloc(2 * n, sizeof *values);
  fm_status status = FM_ERR_MEMORY;
  if (values == NULL)
    return PyErr_NoMemory();
  FM_CALL(status, err, fm_income_sample_values(values, values + n, n, sample, measures, &r->run, &err));
  PyObject *out = status == FM_OK ? Py_BuildValue("(NN)", list_of(values, n), list_of(values + n, n)) : NULL;
  PyMem_Free(values);
  return out;
}
%}

%newobject income_measures;
%newobject income_presets;
%inline %{
/* ([value], [standard error]) of the measures in a text; design: a dict, or None */
static PyObject *income_values(PyObject *x, PyObject *w, PyObject *stratum, PyObject *psu, PyObject *fpc,
                               const char *measures, PyObject *rules, PyObject *design, int threads,
                               PyObject *progress)
{
  running r;
  lending l;
  fm_income_rules chosen;
  PyObject *out = NULL;
  if (rules_open(&chosen, rules) != 0 || lending_open(&l, x, w, stratum, psu, fpc) != 0)
    return NULL;
  run_open(&r, threads, progress);
  fm_income_sample *sample = sample_of(&l, &chosen, design, &r);
  if (sample != NULL)
    out = values_of_sample(sample, measures, &r);
  fm_income_sample_destroy(sample);
  lending_close(&l);
  return out;
}

/* Bytes of the influence of each row, as doubles */
static PyObject *income_influence(PyObject *x, PyObject *w, const char *measure, PyObject *rules, int threads,
                                  PyObject *progress)
{
  running r;
  lending l;
  fm_income_rules chosen;
  fm_error err = FM_ERROR_INIT;
  PyObject *out = NULL;
  if (rules_open(&chosen, rules) != 0 || lending_open(&l, x, w, Py_None, Py_None, Py_None) != 0)
    return NULL;
  run_open(&r, threads, progress);
  fm_income_sample *sample = sample_of(&l, &chosen, Py_None, &r);
  size_t n = lent_rows(&l);
  if (sample != NULL && (out = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(n * sizeof(double)))) != NULL) {
    fm_status status;
    double *u = (double *)(void *)PyBytes_AS_STRING(out);
    FM_CALL(status, err, fm_income_sample_influence(u, sample, measure, lent(&l, X), lent(&l, W), n, &err));
    if (status != FM_OK)
      Py_CLEAR(out);
  }
  fm_income_sample_destroy(sample);
  lending_close(&l);
  return out;
}

/* [Lorenz ordinate] at each p */
static PyObject *income_lorenz(PyObject *x, PyObject *w, PyObject *p, PyObject *rules, int threads, PyObject *progress)
{
  running r;
  lending l;
  Py_buffer shares;
  fm_income_rules chosen;
  fm_error err = FM_ERROR_INIT;
  PyObject *out = NULL;
  if (rules_open(&chosen, rules) != 0 || lend(&shares, p, "d", 8, "float64", "p") != 0)
    return NULL;
  if (lending_open(&l, x, w, Py_None, Py_None, Py_None) != 0) {
    PyBuffer_Release(&shares);
    return NULL;
  }
  run_open(&r, threads, progress);
  fm_income_sample *sample = sample_of(&l, &chosen, Py_None, &r);
  size_t n = (size_t)shares.shape[0];
  double *ordinates = sample != NULL ? PyMem_Calloc(n + 1, sizeof *ordinates) : NULL;
  if (ordinates != NULL) {
    fm_status status;
    FM_CALL(status, err, fm_income_sample_lorenz(ordinates, sample, shares.buf, n, &err));
    out = status == FM_OK ? list_of(ordinates, n) : NULL;
  } else if (sample != NULL) {
    PyErr_NoMemory();
  }
  PyMem_Free(ordinates);
  fm_income_sample_destroy(sample);
  lending_close(&l);
  PyBuffer_Release(&shares);
  return out;
}

/* [[value of each measure] of each group]; group: int32 numbers from 0 */
static PyObject *income_group_values(PyObject *x, PyObject *w, PyObject *group, int n_groups, const char *measures,
                                     PyObject *rules, int threads, PyObject *progress)
{
  running r;
  lending l;
  fm_income_rules chosen;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  size_t n = measures_in(measures);
  if (rules_open(&chosen, rules) != 0 || lending_open(&l, x, w, group, Py_None, Py_None) != 0)
    return NULL;
  double *values = n_groups >= 0 ? PyMem_Calloc((size_t)n_groups * n + 1, sizeof *values) : NULL;
  PyObject *out = NULL;
  if (values == NULL) {
    lending_close(&l);
    return PyErr_NoMemory();
  }
  run_open(&r, threads, progress);
  FM_CALL(status, err,
          fm_income_grouped_values(values, n, lent(&l, X), lent(&l, W), lent(&l, STRATUM), lent_rows(&l),
                                   (size_t)n_groups, measures, &chosen, &r.run, &err));
  if (status == FM_OK && (out = PyList_New(n_groups)) != NULL)
    for (int g = 0; g < n_groups; g++)
      PyList_SET_ITEM(out, g, list_of(values + (size_t)g * n, n));
  PyMem_Free(values);
  lending_close(&l);
  return out;
}

static fm_table *income_measures(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_income_measures(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}

static fm_table *income_presets(void)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status = fm_income_presets(&out, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return out;
}
%}
