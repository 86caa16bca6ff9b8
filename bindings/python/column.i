/* Columns in by the buffer protocol, without a copy; columns out by address, for numpy's array interface. */
%{
typedef struct loan {
  Py_buffer values, validity;
  int has_values, has_validity;
} loan;

static long long loans; /* borrowed columns not yet given back; tests look at it */

static void loan_close(loan *l)
{
  if (l->has_values)
    PyBuffer_Release(&l->values);
  if (l->has_validity)
    PyBuffer_Release(&l->validity);
  PyMem_Free(l);
}

/* The library gives a column back, maybe from a thread without the lock, maybe after the interpreter has ended. */
static void loan_end(void *owner)
{
  if (!Py_IsInitialized())
    return;
  PyGILState_STATE lock = PyGILState_Ensure();
  loans--;
  loan_close(owner);
  PyGILState_Release(lock);
}

/* A one-dimensional contiguous buffer of one format; the message names what was expected and what came. */
static int lend(Py_buffer *view, PyObject *object, const char *formats, Py_ssize_t size, const char *expected,
                const char *column)
{
  if (PyObject_GetBuffer(object, view, PyBUF_FORMAT | PyBUF_STRIDES) != 0) {
    PyErr_Format(PyExc_TypeError, "column %s: expected a buffer of %s, got %s", column, expected,
                 Py_TYPE(object)->tp_name);
    return -1;
  }
  const char *format = view->format != NULL ? view->format : "B";
  if (*format == '@' || *format == '=' || *format == '<')
    format++;
  if (view->ndim != 1 || view->itemsize != size || format[0] == '\0' || format[1] != '\0' ||
      strchr(formats, format[0]) == NULL) {
    PyErr_Format(PyExc_TypeError, "column %s: expected a one-dimensional buffer of %s, got format %s with %d dimensions",
                 column, expected, view->format != NULL ? view->format : "B", view->ndim);
    PyBuffer_Release(view);
    return -1;
  }
  if (view->strides != NULL && view->shape[0] > 1 && view->strides[0] != size) {
    PyErr_Format(PyExc_TypeError, "column %s: expected contiguous values, got a stride of %zd bytes", column,
                 view->strides[0]);
    PyBuffer_Release(view);
    return -1;
  }
  return 0;
}

static const struct {
  int32_t type;
  const char *formats;
  Py_ssize_t size;
  const char *name;
} kinds[] = {{FM_F64, "d", 8, "float64"},    {FM_I64, "lq", 8, "int64"}, {FM_I32, "il", 4, "int32"},
             {FM_DATE, "il", 4, "int32 days"}, {FM_BOOL, "?Bb", 1, "bool"}, {FM_CODE, "il", 4, "int32 codes"}};

static loan *loan_open(PyObject *values, PyObject *validity, int type, const char *column)
{
  loan *l = PyMem_Calloc(1, sizeof *l);
  size_t k = (size_t)type - 1;
  if (l == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  if (lend(&l->values, values, kinds[k].formats, kinds[k].size, kinds[k].name, column) == 0) {
    l->has_values = 1;
    if (validity == Py_None)
      return l;
    if (lend(&l->validity, validity, "B", 1, "uint8 (validity bits)", column) == 0) {
      l->has_validity = 1;
      if (l->validity.shape[0] * 8 >= l->values.shape[0])
        return l;
      PyErr_Format(PyExc_ValueError, "column %s: %zd validity bytes for %zd rows", column, l->validity.shape[0],
                   l->values.shape[0]);
    }
  }
  loan_close(l);
  return NULL;
}

static fm_status add_lent(fm_table *t, const char *name, int type, loan *l, const Py_buffer *offsets,
                          const Py_buffer *bytes, fm_error *err)
{
  const void *v = l->values.buf;
  const uint8_t *valid = l->has_validity ? l->validity.buf : NULL;
  size_t n = (size_t)l->values.shape[0];
  switch (type) {
  case FM_F64:
    return fm_table_add_f64(t, name, v, valid, n, loan_end, l, err);
  case FM_I64:
    return fm_table_add_i64(t, name, v, valid, n, loan_end, l, err);
  case FM_I32:
    return fm_table_add_i32(t, name, v, valid, n, loan_end, l, err);
  case FM_DATE:
    return fm_table_add_date(t, name, v, valid, n, loan_end, l, err);
  case FM_BOOL:
    return fm_table_add_bool(t, name, v, valid, n, loan_end, l, err);
  default:
    return fm_table_add_code(t, name, v, valid, n, offsets->buf, bytes->buf, (size_t)offsets->shape[0] - 1, loan_end,
                             l, err);
  }
}

static size_t width_of(int32_t type)
{
  return type >= FM_F64 && type <= FM_CODE ? (size_t)kinds[type - 1].size : 0;
}

static const void *values_of(const fm_table *t, size_t k)
{
  switch (fm_table_column_type(t, k)) {
  case FM_F64:
    return fm_table_f64(t, k);
  case FM_I64:
    return fm_table_i64(t, k);
  case FM_BOOL:
    return fm_table_bool(t, k);
  case FM_CODE:
    return fm_table_code(t, k);
  default:
    return fm_table_i32(t, k);
  }
}

/* Arrays lent for one call, as a tuple: each letter of `kinds` one of them; None is NULL. */
enum { MOST_ARRAYS = 12 };
typedef struct arrays {
  Py_buffer view[MOST_ARRAYS];
  void *at[MOST_ARRAYS];
  size_t rows; /* of the first */
} arrays;

static void arrays_close(arrays *a)
{
  for (size_t k = 0; k < MOST_ARRAYS; k++)
    if (a->view[k].obj != NULL)
      PyBuffer_Release(&a->view[k]);
}

/* i int32, b bytes, d double, h uint16, q int64; `rows`: least number of items, negative: all as many as the first. Arrays that
 * are written (`writable`) must be lent for that. */
static int arrays_open(arrays *a, PyObject *tuple, const char *kinds, Py_ssize_t rows, int writable)
{
  static const struct {
    char kind;
    const char *formats, *expected;
    Py_ssize_t size;
  } forms[] = {{'i', "iIlL", "int32", 4}, {'b', "?Bb", "bytes", 1}, {'d', "d", "float64", 8}, {'h', "H", "uint16", 2},
               {'q', "lqLQ", "int64", 8}};
  memset(a, 0, sizeof *a);
  size_t n = strlen(kinds);
  if (!PyTuple_Check(tuple) || (size_t)PyTuple_GET_SIZE(tuple) != n || n > MOST_ARRAYS) {
    PyErr_Format(PyExc_TypeError, "expected a tuple of %zu arrays", n);
    return -1;
  }
  for (size_t k = 0, f = 0; k < n; k++, f = 0) {
    PyObject *item = PyTuple_GET_ITEM(tuple, (Py_ssize_t)k);
    if (item == Py_None)
      continue;
    while (forms[f].kind != kinds[k])
      f++;
    char place[32];
    snprintf(place, sizeof place, "%zu", k + 1);
    if (lend(&a->view[k], item, forms[f].formats, forms[f].size, forms[f].expected, place) != 0) {
      a->view[k].obj = NULL;
      break;
    }
    Py_ssize_t least = rows >= 0 ? rows : a->view[0].obj != NULL ? a->view[0].shape[0] : 0;
    if (rows >= 0 ? a->view[k].shape[0] < least : a->view[k].shape[0] != least)
      PyErr_Format(PyExc_ValueError, "array %zu has %zd items, expected %zd", k + 1, a->view[k].shape[0], least);
    else if (writable && a->view[k].readonly)
      PyErr_Format(PyExc_TypeError, "array %zu cannot be written to", k + 1);
    if (PyErr_Occurred() != NULL)
      break;
    a->at[k] = a->view[k].buf;
  }
  if (PyErr_Occurred() != NULL) {
    arrays_close(a);
    return -1;
  }
  a->rows = a->view[0].obj != NULL ? (size_t)a->view[0].shape[0] : 0;
  return 0;
}

/* One call on lent arrays: rows in, maybe more beside them, arrays of the caller out. The first two steps and the third
 * give everything back themselves when they have raised. */
typedef struct calling {
  arrays in, more, out;
  running r;
  size_t n; /* what the call counts */
  fm_error err;
  fm_status status;
} calling;

static void calling_close(calling *c)
{
  arrays_close(&c->in);
  arrays_close(&c->more);
  arrays_close(&c->out);
}

/* `writable`: 1 when the rows are changed in place. */
static int calling_open(calling *c, PyObject *given, const char *kinds, int writable, int threads, PyObject *progress)
{
  memset(c, 0, sizeof *c);
  c->err = (fm_error)FM_ERROR_INIT;
  c->status = FM_ERR_ARGUMENT;
  run_open(&c->r, threads, progress);
  return arrays_open(&c->in, given, kinds, -1, writable);
}

static int calling_more(calling *c, PyObject *given, const char *kinds)
{
  if (arrays_open(&c->more, given, kinds, -1, 0) == 0)
    return 0;
  calling_close(c);
  return -1;
}

/* `room`: items of each output. */
static int calling_out(calling *c, PyObject *out, const char *kinds, size_t room)
{
  if (arrays_open(&c->out, out, kinds, (Py_ssize_t)room, 1) == 0)
    return 0;
  calling_close(c);
  return -1;
}

/* The number counted, or NULL when the call has raised. */
static PyObject *calling_end(calling *c)
{
  calling_close(c);
  return c->status == FM_OK ? PyLong_FromSize_t(c->n) : NULL;
}
%}

%newobject table_create;
%inline %{
static long long outstanding_loans(void)
{
  return loans;
}

static fm_table *table_create(const char *name)
{
  fm_error err = FM_ERROR_INIT;
  fm_table *t = NULL;
  fm_status status = fm_table_create(&t, name, &err);
  if (status != FM_OK)
    raise_status(status, &err);
  return t;
}

/* values: a buffer of the type; validity: bits or None; offsets and text: the dictionary of a code column, else None. */
static void table_add(fm_table *t, const char *name, int type, PyObject *values, PyObject *validity, PyObject *offsets,
                      PyObject *text)
{
  fm_error err = FM_ERROR_INIT;
  Py_buffer starts = {0}, bytes = {0};
  if (type < FM_F64 || type > FM_CODE) {
    PyErr_Format(PyExc_ValueError, "column %s: unknown type %d", name, type);
    return;
  }
  loan *l = loan_open(values, validity, type, name);
  if (l == NULL)
    return;
  if (type == FM_CODE && (lend(&starts, offsets, "lq", 8, "int64 offsets", name) != 0 ||
                          PyObject_GetBuffer(text, &bytes, PyBUF_SIMPLE) != 0)) {
    if (starts.obj != NULL)
      PyBuffer_Release(&starts);
    loan_close(l);
    return;
  }
  fm_status status = FM_OK;
  if (type == FM_CODE && (starts.shape[0] < 1 || ((const int64_t *)starts.buf)[starts.shape[0] - 1] > bytes.len)) {
    PyErr_Format(PyExc_ValueError, "column %s: the offsets of its dictionary do not fit its %zd bytes", name, bytes.len);
    loan_close(l);
  } else {
    status = add_lent(t, name, type, l, &starts, &bytes, &err);
    if (status == FM_OK)
      loans++;
    else
      loan_close(l);
  }
  if (type == FM_CODE) {
    PyBuffer_Release(&starts);
    PyBuffer_Release(&bytes);
  }
  if (status != FM_OK)
    raise_status(status, &err);
}

static void table_note(fm_table *t, const char *key, const char *value)
{
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_table_set_note(t, key, value, &err);
  if (status != FM_OK)
    raise_status(status, &err);
}

static void table_seal(fm_table *t)
{
  fm_error err = FM_ERROR_INIT;
  fm_status status = fm_table_seal(t, &err);
  if (status == FM_OK)
    status = fm_table_check(t, &err);
  if (status != FM_OK)
    raise_status(status, &err);
}

static PyObject *table_name(const fm_table *t)
{
  return PyUnicode_FromString(fm_table_name(t));
}

static long long table_n_rows(const fm_table *t)
{
  return (long long)fm_table_n_rows(t);
}

/* [(name, type), ...] */
static PyObject *table_columns(const fm_table *t)
{
  PyObject *out = PyList_New(0);
  for (size_t k = 0; out != NULL && k < fm_table_n_columns(t); k++) {
    PyObject *pair = Py_BuildValue("(si)", fm_table_column_name(t, k), (int)fm_table_column_type(t, k));
    if (pair == NULL || PyList_Append(out, pair) != 0)
      Py_CLEAR(out);
    Py_XDECREF(pair);
  }
  return out;
}

static PyObject *table_notes(const fm_table *t)
{
  PyObject *out = PyDict_New();
  for (size_t i = 0; out != NULL && i < fm_table_n_notes(t); i++) {
    const char *key = fm_table_note_key(t, i);
    PyObject *value = PyUnicode_FromString(fm_table_note(t, key));
    if (value == NULL || PyDict_SetItemString(out, key, value) != 0)
      Py_CLEAR(out);
    Py_XDECREF(value);
  }
  return out;
}

/* Address of a column's values; the table must stay alive while it is read. */
static PyObject *table_address(const fm_table *t, int k)
{
  return PyLong_FromVoidPtr((void *)(uintptr_t)values_of(t, (size_t)k));
}

/* A copy of a column's bytes, for use without numpy. */
static PyObject *table_bytes(const fm_table *t, int k)
{
  size_t width = width_of(fm_table_column_type(t, (size_t)k));
  return PyBytes_FromStringAndSize(values_of(t, (size_t)k), (Py_ssize_t)(width * fm_table_n_rows(t)));
}

/* A copy of the validity bits; None when every row has a value. */
static PyObject *table_validity(const fm_table *t, int k)
{
  const uint8_t *bits = fm_table_validity(t, (size_t)k);
  if (bits == NULL)
    Py_RETURN_NONE;
  return PyBytes_FromStringAndSize((const char *)bits, (Py_ssize_t)((fm_table_n_rows(t) + 7) / 8));
}

/* The dictionary of a code column. */
static PyObject *table_texts(const fm_table *t, int k)
{
  size_t n = fm_table_n_texts(t, (size_t)k), length;
  PyObject *out = PyList_New((Py_ssize_t)n);
  for (size_t i = 0; out != NULL && i < n; i++) {
    const char *text = fm_table_dictionary_text(t, (size_t)k, i, &length);
    PyObject *item = PyUnicode_DecodeUTF8(text, (Py_ssize_t)length, "replace");
    if (item == NULL)
      Py_CLEAR(out);
    else
      PyList_SET_ITEM(out, (Py_ssize_t)i, item);
  }
  return out;
}
%}
