/* Figures of goals 8 and 10 as SDMX-CSV, and such files. */
%{
static int sdmx_open(fm_sdmx_spec *spec, PyObject *options)
{
  fm_sdmx_spec_init(spec, sizeof *spec);
  return take_text(&spec->version, options, "version") != 0 || take_text(&spec->structure, options, "structure") != 0 ||
         take_text(&spec->structure_type, options, "structure_type") != 0 ||
         take_text(&spec->action, options, "action") != 0 || take_text(&spec->area, options, "area") != 0 ||
         take_text(&spec->period, options, "period") != 0 ||
         take_text(&spec->reporting_type, options, "reporting_type") != 0 ||
         take_text(&spec->source, options, "source") != 0 || take_text(&spec->set, options, "set") != 0 ||
         take_text(&spec->definition, options, "definition") != 0 || take_text(&spec->series, options, "series") != 0 ||
         take_text(&spec->custom, options, "custom") != 0 || take_text(&spec->keep, options, "keep") != 0;
}

/* (what was made, problems or None, message); takes both */
static PyObject *sdmx_answer(fm_status status, PyObject *made, fm_table *problems, const fm_error *err)
{
  if (status != FM_OK && status != FM_ERR_DATA)
    raise_status(status, err);
  if (PyErr_Occurred() != NULL) {
    Py_XDECREF(made);
    fm_table_destroy(problems);
    return NULL;
  }
  return Py_BuildValue("(NNs)", made, table_or_none(problems), err->message);
}
%}

%inline %{
/* (bytes, True when they went into a file, or None, problems or None, message) */
static PyObject *sdmx_write(fm_table *table, const char *out, const char *folder, const char *lists, PyObject *options)
{
  fm_sdmx_spec spec;
  fm_sdmx_codes *codes = NULL;
  fm_table *problems = NULL;
  char *bytes = NULL;
  size_t size = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (sdmx_open(&spec, options) != 0)
    return NULL;
  Py_BEGIN_ALLOW_THREADS
  status = fm_sdmx_codes_read(&codes, folder, lists, &err);
  spec.codes = codes;
  if (status == FM_OK && out != NULL)
    status = fm_sdmx_write_file(&problems, table, out, &spec, &err);
  else if (status == FM_OK)
    status = fm_sdmx_write_memory(&bytes, &size, &problems, table, &spec, &err);
  Py_END_ALLOW_THREADS
  PyObject *made = status != FM_OK ? Py_BuildValue("")
                   : out != NULL   ? Py_BuildValue("O", Py_True)
                                   : PyBytes_FromStringAndSize(bytes, (Py_ssize_t)size);
  fm_free(bytes);
  fm_sdmx_codes_destroy(codes);
  return sdmx_answer(status, made, problems, &err);
}

/* (table or None, problems or None, message) */
static PyObject *sdmx_observations(fm_table *table, const char *folder, const char *lists, PyObject *options)
{
  fm_sdmx_spec spec;
  fm_sdmx_codes *codes = NULL;
  fm_table *out = NULL, *problems = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (sdmx_open(&spec, options) != 0)
    return NULL;
  Py_BEGIN_ALLOW_THREADS
  status = fm_sdmx_codes_read(&codes, folder, lists, &err);
  spec.codes = codes;
  if (status == FM_OK)
    status = fm_sdmx_observations(&out, &problems, table, &spec, &err);
  Py_END_ALLOW_THREADS
  fm_sdmx_codes_destroy(codes);
  return sdmx_answer(status, table_or_none(out), problems, &err);
}

/* (table or None, problems or None, message) of a file, or of bytes in memory */
static PyObject *sdmx_read(const char *path, PyObject *bytes, int threads, PyObject *progress)
{
  running r;
  fm_table *out = NULL, *problems = NULL;
  char *data = NULL;
  Py_ssize_t size = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (path == NULL && PyBytes_AsStringAndSize(bytes, &data, &size) != 0)
    return NULL;
  run_open(&r, threads, progress);
  Py_BEGIN_ALLOW_THREADS
  status = path != NULL ? fm_sdmx_read_file(&out, &problems, path, &r.run, &err)
                        : fm_sdmx_read_memory(&out, &problems, data, (size_t)size, "memory", &r.run, &err);
  Py_END_ALLOW_THREADS
  return sdmx_answer(status, table_or_none(out), problems, &err);
}

/* Names of the built-in tables. */
static PyObject *sdmx_builtin_names(void)
{
  PyObject *out = PyList_New(0);
  for (size_t i = 0; out != NULL && fm_sdmx_builtin_name(i) != NULL; i++) {
    PyObject *name = PyUnicode_FromString(fm_sdmx_builtin_name(i));
    if (name == NULL || PyList_Append(out, name) != 0)
      Py_CLEAR(out);
    Py_XDECREF(name);
  }
  return out;
}

static PyObject *sdmx_builtin(const char *name)
{
  fm_table *out = NULL;
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_sdmx_builtin(&out, name, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return status == FM_OK ? owned(out, SWIGTYPE_p_fm_table) : NULL;
}
%}
