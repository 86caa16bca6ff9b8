/* Disclosure control of tables and figures on plain arrays. Outputs are arrays of the caller, filled in place. */
%{
static int take_long(int64_t *out, PyObject *options, const char *key)
{
  PyObject *v = PyDict_GetItemString(options, key);
  long long number = v != NULL ? PyLong_AsLongLong(v) : 0;
  if (v == NULL || PyErr_Occurred() != NULL)
    return v == NULL ? 0 : -1;
  *out = number;
  return 0;
}

static int protect_open(fm_disclose_protect_spec *s, PyObject *options, const uint8_t *structural)
{
  fm_disclose_protect_spec_init(s, sizeof *s);
  s->structural = structural;
  return take_long(&s->threshold, options, "threshold") != 0 || take_long(&s->n_values, options, "n_values") != 0 ||
         take_long(&s->effort, options, "effort") != 0 || take_whole(&s->floor, options, "floor") != 0 ||
         take_whole(&s->reaches_threshold, options, "reaches_threshold") != 0 ||
         take_whole(&s->objective, options, "objective") != 0 ||
         take_whole(&s->hides_zeros, options, "hides_zeros") != 0;
}

static PyObject *protected_of(const fm_disclose_protected *p)
{
  return Py_BuildValue("(iiLLLLL)", (int)p->safe, (int)p->optimal, (long long)p->n_small, (long long)p->n_further,
                       (long long)p->sum_further, (long long)p->reached, (long long)p->lower_bound);
}

/* cells; then start, cell, coefficient, kind, at_least, at_most as they stand in the struct; what is empty: none. */
typedef struct figures_lent {
  arrays cells, starts, terms, marks;
  fm_disclose_figures f;
} figures_lent;

static void figures_close(figures_lent *l)
{
  arrays_close(&l->cells);
  arrays_close(&l->starts);
  arrays_close(&l->terms);
  arrays_close(&l->marks);
}

static int figures_open(figures_lent *l, PyObject *given)
{
  PyObject *cells, *starts, *terms, *marks;
  memset(l, 0, sizeof *l);
  if (!PyArg_ParseTuple(given, "OOOO", &cells, &starts, &terms, &marks))
    return -1;
  if (arrays_open(&l->cells, cells, "q", -1, 0) != 0 || arrays_open(&l->starts, starts, "q", -1, 0) != 0 ||
      arrays_open(&l->terms, terms, "qi", -1, 0) != 0 || arrays_open(&l->marks, marks, "bqq", -1, 0) != 0) {
    figures_close(l);
    return -1;
  }
  l->f = (fm_disclose_figures){.struct_size = sizeof l->f,
                               .n_cells = l->cells.rows,
                               .cells = l->cells.at[0],
                               .n_figures = l->marks.rows,
                               .start = l->starts.at[0],
                               .cell = l->terms.at[0],
                               .coefficient = l->terms.at[1],
                               .kind = l->marks.at[0],
                               .at_least = l->marks.at[1],
                               .at_most = l->marks.at[2]};
  return 0;
}

/* Texts of a list, borrowed as long as it lives; NULL when it has raised. Free with PyMem_Free. */
static const char **texts_of(PyObject *list)
{
  Py_ssize_t n = PyList_Check(list) ? PyList_GET_SIZE(list) : 0;
  const char **texts = PyMem_Calloc((size_t)n + 1, sizeof *texts);
  if (texts == NULL) {
    PyErr_NoMemory();
    return NULL;
  }
  for (Py_ssize_t i = 0; i < n; i++)
    if ((texts[i] = PyUnicode_AsUTF8(PyList_GET_ITEM(list, i))) == NULL) {
      PyMem_Free(texts);
      return NULL;
    }
  return texts;
}
%}

%inline %{
static PyObject *disclose_protect(PyObject *hidden, PyObject *given, long long n_rows, long long n_columns,
                                  PyObject *options)
{
  arrays a, to;
  fm_disclose_protect_spec spec;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (arrays_open(&a, given, "qb", -1, 0) != 0)
    return NULL;
  if (arrays_open(&to, hidden, "b", (Py_ssize_t)a.rows, 1) == 0) {
    if (protect_open(&spec, options, a.at[1]) == 0)
      FM_CALL(status, err, fm_disclose_protect(&out, to.at[0], a.at[0], (size_t)n_rows, (size_t)n_columns, &spec, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return status == FM_OK ? protected_of(&out) : NULL;
}

static void disclose_ranges(PyObject *out, PyObject *given, long long n_rows, long long n_columns, int floor)
{
  arrays a, to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "qbb", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "qq", (Py_ssize_t)a.rows, 1) == 0) {
    FM_CALL(status, err, fm_disclose_ranges(to.at[0], to.at[1], a.at[0], a.at[1], (size_t)n_rows, (size_t)n_columns,
                                            a.at[2], floor, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
}

static void disclose_bridges(PyObject *out, PyObject *given, long long n_rows, long long n_columns, int floor)
{
  arrays a, to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "qb", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "b", (Py_ssize_t)a.rows, 1) == 0) {
    FM_CALL(status, err, fm_disclose_bridges(to.at[0], a.at[0], a.at[1], (size_t)n_rows, (size_t)n_columns, floor,
                                             &err));
    arrays_close(&to);
  }
  arrays_close(&a);
}

static void disclose_additive(PyObject *given, PyObject *rows, PyObject *columns, long long n_rows, long long n_columns,
                              long long total)
{
  arrays a, r, c;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "q", -1, 0) != 0)
    return;
  if (arrays_open(&r, rows, "q", (Py_ssize_t)n_rows, 0) == 0) {
    if (arrays_open(&c, columns, "q", (Py_ssize_t)n_columns, 0) == 0) {
      FM_CALL(status, err, fm_disclose_additive(a.at[0], (size_t)n_rows, (size_t)n_columns, r.at[0], c.at[0], total,
                                                &err));
      arrays_close(&c);
    }
    arrays_close(&r);
  }
  arrays_close(&a);
}

static PyObject *disclose_linked(PyObject *hidden, PyObject *given, PyObject *options)
{
  figures_lent l;
  arrays to;
  fm_disclose_protect_spec spec;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (figures_open(&l, given) != 0)
    return NULL;
  if (arrays_open(&to, hidden, "b", (Py_ssize_t)l.f.n_figures, 1) == 0) {
    if (protect_open(&spec, options, NULL) == 0)
      FM_CALL(status, err, fm_disclose_linked_protect(&out, to.at[0], &l.f, &spec, &err));
    arrays_close(&to);
  }
  figures_close(&l);
  return status == FM_OK ? protected_of(&out) : NULL;
}

static void disclose_linked_audit(PyObject *out, PyObject *exact, PyObject *given, PyObject *hidden, PyObject *options)
{
  figures_lent l;
  arrays to, flag, in;
  fm_disclose_protect_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (figures_open(&l, given) != 0)
    return;
  Py_ssize_t n = (Py_ssize_t)l.f.n_figures;
  if (arrays_open(&to, out, "qq", n, 1) == 0) {
    if (arrays_open(&flag, exact, "b", n, 1) == 0) {
      if (arrays_open(&in, hidden, "b", n, 0) == 0) {
        if (protect_open(&spec, options, NULL) == 0)
          FM_CALL(status, err, fm_disclose_linked_audit(to.at[0], to.at[1], flag.at[0], &l.f, in.at[0], &spec, &err));
        arrays_close(&in);
      }
      arrays_close(&flag);
    }
    arrays_close(&to);
  }
  figures_close(&l);
}

/* now, then: figures and their keys; change: int32 by cell of now, or None. */
static PyObject *disclose_between(PyObject *hidden_now, PyObject *now, PyObject *now_keys, PyObject *then,
                                  PyObject *then_keys, PyObject *hidden_then, PyObject *change, PyObject *options)
{
  figures_lent a, b;
  arrays to, was, how;
  fm_disclose_protect_spec spec;
  fm_disclose_protected out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  memset(&was, 0, sizeof was);
  memset(&how, 0, sizeof how);
  memset(&to, 0, sizeof to);
  memset(&b, 0, sizeof b);
  const char **a_keys = texts_of(now_keys), **b_keys = a_keys != NULL ? texts_of(then_keys) : NULL;
  if (b_keys == NULL || figures_open(&a, now) != 0) {
    PyMem_Free(a_keys);
    PyMem_Free(b_keys);
    return NULL;
  }
  if (figures_open(&b, then) == 0 && arrays_open(&to, hidden_now, "b", (Py_ssize_t)a.f.n_figures, 1) == 0 &&
      arrays_open(&was, hidden_then, "b", (Py_ssize_t)b.f.n_figures, 0) == 0 &&
      arrays_open(&how, change, "i", (Py_ssize_t)a.f.n_cells, 0) == 0 && protect_open(&spec, options, NULL) == 0) {
    fm_disclose_release new_one = {.struct_size = sizeof new_one, .figures = &a.f, .keys = a_keys};
    fm_disclose_release old_one = {.struct_size = sizeof old_one, .figures = &b.f, .keys = b_keys};
    if (PyList_GET_SIZE(now_keys) != (Py_ssize_t)a.f.n_cells || PyList_GET_SIZE(then_keys) != (Py_ssize_t)b.f.n_cells)
      PyErr_SetString(PyExc_ValueError, "keys: expected one for each cell");
    else
      FM_CALL(status, err, fm_disclose_between(&out, to.at[0], &new_one, &old_one, was.at[0], how.at[0], &spec, &err));
  }
  arrays_close(&how);
  arrays_close(&was);
  arrays_close(&to);
  figures_close(&b);
  figures_close(&a);
  PyMem_Free(a_keys);
  PyMem_Free(b_keys);
  return status == FM_OK ? protected_of(&out) : NULL;
}

static PyObject *disclose_sum(PyObject *given, PyObject *options)
{
  arrays a;
  fm_disclose_sum_spec spec;
  fm_disclose_sum_answer out = {.struct_size = sizeof out};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  fm_disclose_sum_spec_init(&spec, sizeof spec);
  if (take_long(&spec.least_contributors, options, "least_contributors") != 0 ||
      take_long(&spec.n, options, "n") != 0 || take_number(&spec.k_share, options, "k_share") != 0 ||
      take_number(&spec.p_share, options, "p_share") != 0 || arrays_open(&a, given, "d", -1, 0) != 0)
    return NULL;
  FM_CALL(status, err, fm_disclose_sum(&out, a.at[0], a.rows, &spec, &err));
  arrays_close(&a);
  return status != FM_OK ? NULL
                         : Py_BuildValue("(dddiiii)", out.total, out.largest_share, out.remainder, (int)out.few,
                                         (int)out.dominated, (int)out.within_p, (int)out.is_shown);
}

static void disclose_curve(PyObject *out, PyObject *given, long long threshold)
{
  arrays a, to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "qqq", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "b", (Py_ssize_t)a.rows, 1) == 0) {
    FM_CALL(status, err, fm_disclose_curve(to.at[0], a.at[0], a.at[1], a.at[2], a.rows, threshold, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
}

static PyObject *disclose_round(long long count, int base, const char *key, PyObject *secret)
{
  fm_error err = FM_ERROR_INIT;
  int64_t to = 0;
  char *bytes;
  Py_ssize_t size;
  if (PyBytes_AsStringAndSize(secret, &bytes, &size) != 0)
    return NULL;
  fm_status status = fm_disclose_round(&to, count, base, key, bytes, (size_t)size, &err);
  if (status != FM_OK) {
    raise_status(status, &err);
    return NULL;
  }
  return PyLong_FromLongLong(to);
}

static long long disclose_round_nearest(long long count, long long base)
{
  return fm_disclose_round_nearest(count, base);
}

static int disclose_count_is_shown(long long count, long long threshold)
{
  return fm_disclose_count_is_shown(count, threshold);
}

static int disclose_share_is_shown(long long part, long long whole, long long threshold, long long least_whole)
{
  return fm_disclose_share_is_shown(part, whole, threshold, least_whole);
}

static int disclose_quantile_is_shown(long long n, double p, long long threshold)
{
  return fm_disclose_quantile_is_shown(n, p, threshold);
}

static int disclose_pair_is_shown(long long a, long long b, long long threshold)
{
  return fm_disclose_pair_is_shown(a, b, threshold);
}

static long long disclose_at_least(long long count, long long whole, long long threshold, long long step)
{
  return fm_disclose_at_least(count, whole, threshold, step);
}

static long long disclose_at_most(long long count, long long whole, long long threshold, long long step)
{
  return fm_disclose_at_most(count, whole, threshold, step);
}
%}
