/* Opaque handles: Python owns what a call creates and destroys it with the object. */
%define FM_HANDLE(type)
%nodefaultctor type;
struct type {};
%extend type {
  ~type() { type ## _destroy($self); }
}
%enddef

FM_HANDLE(fm_table)
FM_HANDLE(fm_codes)
FM_HANDLE(fm_register)
FM_HANDLE(fm_report)
FM_HANDLE(fm_tally)
FM_HANDLE(fm_spell_stream)

%{
/* A new Python object that owns the handle. */
static PyObject *owned(void *handle, swig_type_info *type)
{
  return SWIG_NewPointerObj(handle, type, SWIG_POINTER_OWN);
}

/* Text that the library created, as a Python string; frees it. */
static PyObject *taken_text(char *text)
{
  PyObject *out = PyUnicode_FromString(text);
  fm_free(text);
  return out;
}

static PyObject *text_or_none(const char *text)
{
  if (text == NULL)
    Py_RETURN_NONE;
  return PyUnicode_FromString(text);
}

/* The tables of a list, borrowed; free with PyMem_Free. NULL when it has raised. */
static const fm_table **tables_of(PyObject *list, size_t *n)
{
  Py_ssize_t length = PyList_Size(list);
  const fm_table **out = length >= 0 ? PyMem_Calloc((size_t)length + 1, sizeof *out) : NULL;
  if (out == NULL) {
    if (length >= 0)
      PyErr_NoMemory();
    return NULL;
  }
  for (Py_ssize_t i = 0; i < length; i++) {
    void *p = NULL;
    if (!SWIG_IsOK(SWIG_ConvertPtr(PyList_GET_ITEM(list, i), &p, SWIGTYPE_p_fm_table, 0))) {
      PyMem_Free(out);
      PyErr_SetString(PyExc_TypeError, "expected a list of tables");
      return NULL;
    }
    out[i] = p;
  }
  *n = (size_t)length;
  return out;
}
%}
