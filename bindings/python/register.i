/* Registers, frames, reports. */
%{
/* None or a text as const char *; the object keeps it alive during the call. NULL with an exception set on another type. */
static const char *text_of(PyObject *object)
{
  return object == Py_None ? NULL : PyUnicode_AsUTF8(object);
}

typedef struct reading {
  fm_register_spec spec;
  fm_csv_format format;
} reading;

static int reading_open(reading *r, PyObject *options)
{
  PyObject *v;
  fm_register_spec_init(&r->spec, sizeof r->spec);
  fm_csv_format_init(&r->format, sizeof r->format);
  const struct {
    const char *key;
    const char **out;
  } texts[] = {{"date_pattern", &r->format.date_pattern}, {"encoding", &r->format.encoding},
               {"missing", &r->format.missing},           {"codes_folder", &r->spec.codes_folder},
               {"columns", &r->spec.columns}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if ((v = PyDict_GetItemString(options, texts[i].key)) != NULL)
      *texts[i].out = text_of(v);
  const struct {
    const char *key;
    int32_t *out;
  } numbers[] = {{"delimiter", &r->format.delimiter}, {"decimal", &r->format.decimal},
                 {"thousands", &r->format.thousands}, {"skip_bad", &r->spec.skip_bad},
                 {"id_width", &r->spec.id_width}};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if ((v = PyDict_GetItemString(options, numbers[i].key)) != NULL)
      *numbers[i].out = (int32_t)PyLong_AsLong(v);
  if (PyDict_GetItemString(options, "format_given") != NULL)
    r->spec.format = &r->format;
  return PyErr_Occurred() != NULL ? -1 : 0;
}

/* (register or None, problems or None): bad data are not an exception here, the package makes one with the problems. */
static PyObject *register_pair(fm_status status, fm_register *reg, fm_table *problems, const fm_error *err)
{
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, err);
  if (PyErr_Occurred()) {
    fm_register_destroy(reg);
    fm_table_destroy(problems);
    return NULL;
  }
  PyObject *r = reg != NULL ? owned(reg, SWIGTYPE_p_fm_register) : (Py_INCREF(Py_None), Py_None);
  PyObject *p = problems != NULL ? owned(problems, SWIGTYPE_p_fm_table) : (Py_INCREF(Py_None), Py_None);
  return Py_BuildValue("(NNs)", r, p, err->message);
}
%}

%newobject register_frame;
%inline %{
/* (table or None, problems or None, message) of one CSV file, its columns typed by their cells */
static PyObject *csv_read(const char *path, PyObject *options, int threads, PyObject *progress)
{
  reading how;
  running r;
  fm_csv_schema schema;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL, *problems = NULL;
  fm_status status;
  fm_csv_schema_init(&schema, sizeof schema);
  schema.others = FM_CSV_READ;
  if (reading_open(&how, options) != 0)
    return NULL;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = fm_csv_read_file(&out, &problems, path, &schema, &how.format, 0, &r.run, &err);
  Py_END_ALLOW_THREADS
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, &err);
  if (PyErr_Occurred()) {
    fm_table_destroy(out);
    fm_table_destroy(problems);
    return NULL;
  }
  PyObject *t = out != NULL ? owned(out, SWIGTYPE_p_fm_table) : (Py_INCREF(Py_None), Py_None);
  PyObject *p = problems != NULL ? owned(problems, SWIGTYPE_p_fm_table) : (Py_INCREF(Py_None), Py_None);
  return Py_BuildValue("(NNs)", t, p, err.message);
}
%}

%newobject register_frame;
%newobject register_table;
%newobject report_create;
%newobject report_table;
%newobject table_protect;
%inline %{
static PyObject *register_read(const char *folder, PyObject *options, int threads, PyObject *progress)
{
  reading how;
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_register *reg = NULL;
  fm_table *problems = NULL;
  fm_status status;
  if (reading_open(&how, options) != 0)
    return NULL;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = fm_register_read(&reg, &problems, folder, &how.spec, &r.run, &err);
  Py_END_ALLOW_THREADS
  return register_pair(status, reg, problems, &err);
}

static PyObject *register_from_tables(PyObject *tables, PyObject *options, int threads, PyObject *progress)
{
  reading how;
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_register *reg = NULL;
  fm_table *problems = NULL;
  fm_status status;
  size_t n = 0;
  if (reading_open(&how, options) != 0)
    return NULL;
  const fm_table **list = tables_of(tables, &n);
  if (list == NULL)
    return NULL;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = fm_register_from_tables(&reg, &problems, list, n, &how.spec, &r.run, &err);
  Py_END_ALLOW_THREADS
  PyMem_Free(list);
  return register_pair(status, reg, problems, &err);
}

static fm_table *register_table(const fm_register *reg, const char *name)
{
  return fm_table_retain(fm_register_table(reg, name));
}

static PyObject *register_fact(const fm_register *reg, const char *key)
{
  return text_or_none(fm_register_fact(reg, key));
}

static int register_data_end(const fm_register *reg)
{
  return fm_register_data_end(reg);
}

static fm_table *register_frame(const fm_register *reg, PyObject *options, int threads, PyObject *progress)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_status status;
  fm_frame_spec spec;
  fm_frame_spec_init(&spec, sizeof spec);
  PyObject *v;
  const struct {
    const char *key;
    const char **out;
  } texts[] = {{"kind", &spec.kind},   {"by", &spec.by},             {"filter", &spec.filter},
               {"index", &spec.index}, {"horizons", &spec.horizons}, {"participants", &spec.participants},
               {"definitions", &spec.definitions}, {"rule", &spec.rule}, {"clock", &spec.clock},
               {"start", &spec.start}, {"states", &spec.states}, {"between", &spec.between},
               {"count_from", &spec.count_from}, {"offers", &spec.offers}, {"eligible_on", &spec.eligible_on},
               {"support", &spec.support}, {"dose", &spec.dose}, {"cuts", &spec.cuts}, {"merge", &spec.merge}};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
    if ((v = PyDict_GetItemString(options, texts[i].key)) != NULL)
      *texts[i].out = text_of(v);
  const struct {
    const char *key;
    int32_t *out;
  } numbers[] = {{"as_of", &spec.as_of}, {"same_employer", &spec.same_employer}, {"gap_days", &spec.gap_days},
               {"gap_skipped", &spec.gap_skipped}, {"landmark_days", &spec.landmark_days},
               {"earlier", &spec.earlier}};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    if ((v = PyDict_GetItemString(options, numbers[i].key)) != NULL)
      *numbers[i].out = (int32_t)PyLong_AsLong(v);
  if ((v = PyDict_GetItemString(options, "period_0")) != NULL)
    spec.period_0 = PyFloat_AsDouble(v);
  if ((v = PyDict_GetItemString(options, "period_1")) != NULL)
    spec.period_1 = PyFloat_AsDouble(v);
  if ((v = PyDict_GetItemString(options, "most_hours")) != NULL)
    spec.most_hours = PyFloat_AsDouble(v);
  if (PyErr_Occurred())
    return NULL;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_register_frame(&out, reg, &spec, &r.run, &err));
  return out;
}

static fm_report *report_create(const fm_register *reg, const char *by, const char *merge, double level, int as_of,
                                int threshold, int threads, PyObject *progress)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  fm_report *out = NULL;
  fm_status status;
  fm_report_spec spec;
  fm_report_spec_init(&spec, sizeof spec);
  spec.by = by;
  spec.level = level;
  spec.as_of = as_of;
  spec.threshold = threshold;
  spec.merge = merge;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_report_create(&out, reg, &spec, &r.run, &err));
  return out;
}

static fm_table *report_table(const fm_report *report)
{
  return fm_table_retain(fm_report_table(report));
}

static PyObject *report_text(const fm_report *report, const char *lang, int all)
{
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status = fm_report_text(&text, report, lang, all, &err);
  if (status == FM_OK)
    return taken_text(text);
  raise_status(status, &err);
  return NULL;
}

static PyObject *report_statement(const fm_register *reg, const char *by, const char *merge, double level, int as_of,
                                  int threshold, int threads, PyObject *progress, const char *lang)
{
  running r;
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status;
  fm_report_spec spec;
  fm_report_spec_init(&spec, sizeof spec);
  spec.by = by;
  spec.level = level;
  spec.as_of = as_of;
  spec.threshold = threshold;
  spec.merge = merge;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_report_statement(&text, reg, &spec, lang, &r.run, &err));
  return status == FM_OK ? taken_text(text) : NULL;
}

static PyObject *report_definitions(const fm_report *report, const char *lang)
{
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status = fm_report_definitions(&text, report, lang, &err);
  if (status == FM_OK)
    return taken_text(text);
  raise_status(status, &err);
  return NULL;
}

static fm_table *table_protect(const fm_table *t, const char *by, int threshold, int full, PyObject *earlier)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *out = NULL;
  fm_protect_spec spec;
  fm_status status;
  fm_protect_spec_init(&spec, sizeof spec);
  spec.by = by;
  spec.threshold = threshold;
  spec.full = full;
  if (earlier != Py_None) {
    void *then = NULL;
    if (!SWIG_IsOK(SWIG_ConvertPtr(earlier, &then, SWIGTYPE_p_fm_table, 0))) {
      PyErr_SetString(PyExc_TypeError, "earlier: expected a table");
      return NULL;
    }
    spec.earlier = then;
  }
  FM_CALL(status, err, fm_catalogue_protect(&out, t, &spec, &err));
  return out;
}

static PyObject *table_json(const fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status = fm_report_json(&text, t, &err);
  if (status == FM_OK)
    return taken_text(text);
  raise_status(status, &err);
  return NULL;
}

static PyObject *table_grid(const fm_table *t, const char *lang, int full_digits)
{
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status = fm_report_grid(&text, t, lang, full_digits, &err);
  if (status == FM_OK)
    return taken_text(text);
  raise_status(status, &err);
  return NULL;
}

static PyObject *problems_text(const fm_table *t, const char *lang)
{
  fm_error err = FM_ERROR_INIT;
  char *text = NULL;
  fm_status status = fm_report_problems(&text, t, lang, &err);
  if (status == FM_OK)
    return taken_text(text);
  raise_status(status, &err);
  return NULL;
}
%}
