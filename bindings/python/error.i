/* A status becomes an exception: always on, never a mode. flexmetrics.error gives the class at import. */
%{
static PyObject *error_class;

/* Raises what `status` says; the place and the sentence come from `err`. */
static void raise_status(fm_status status, const fm_error *err)
{
  if (PyErr_Occurred())
    return; /* a signal handler or a progress function has raised already */
  if (status == FM_ERR_MEMORY) {
    PyErr_NoMemory();
    return;
  }
  PyObject *value = error_class == NULL ? NULL
                    : PyObject_CallFunction(error_class, "sisLLLsss", err->message, (int)status, fm_status_name(status),
                                            (long long)err->row, (long long)err->line, (long long)err->column_index,
                                            err->column, err->table, err->detail);
  if (value != NULL)
    PyErr_SetObject(error_class, value);
  else if (!PyErr_Occurred())
    PyErr_SetString(PyExc_ValueError, err->message);
  Py_XDECREF(value);
}
%}

/* Every wrapped function either returns a value or has raised. */
%exception {
  $action
  if (PyErr_Occurred())
    SWIG_fail;
}

%inline %{
static void set_error_class(PyObject *cls)
{
  Py_INCREF(cls);
  Py_XDECREF(error_class);
  error_class = cls;
}
%}
