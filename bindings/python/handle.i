/* Opaque handles: Python owns what a call creates and destroys it with the object. */
%define FM_HANDLE(type)
%nodefaultctor type;
struct type {};
%extend type {
  ~type() { type ## _destroy($self); }
}
%enddef

FM_HANDLE(fm_table)
FM_HANDLE(fm_register)
FM_HANDLE(fm_report)
FM_HANDLE(fm_tally)

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
%}
