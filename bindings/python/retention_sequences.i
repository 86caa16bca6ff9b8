/* Histories of states on plain arrays: a matrix with a row a person and a column a period. */
%inline %{
/* given: state, one after the other; weights: one array or None; out: counts as bytes of int64; sums: weighted,
   probability. */
static PyObject *retention_transition_counts(PyObject *sums, PyObject *given, PyObject *weights, int n_periods,
                                             int n_states, int threads, PyObject *progress)
{
  calling c;
  PyObject *count = NULL;
  size_t items = n_states > 0 && n_states <= 32 ? (size_t)n_states * (size_t)n_states : 0;
  if (calling_open(&c, given, "i", 0, threads, progress) != 0 || calling_more(&c, weights, "d") != 0 ||
      calling_out(&c, sums, "dd", items) != 0)
    return NULL;
  c.n = n_periods > 0 ? c.in.rows / (size_t)n_periods : 0;
  count = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)(items * sizeof(int64_t)));
  if (count != NULL && c.more.at[0] != NULL && c.more.rows != c.n)
    PyErr_Format(PyExc_ValueError, "weights: %zu for %zu people", c.more.rows, c.n);
  else if (count != NULL)
    FM_CALL(c.status, c.err,
            fm_retention_transition_counts((int64_t *)(void *)PyBytes_AS_STRING(count), c.out.at[0], c.out.at[1],
                                           c.in.at[0], c.more.at[0], c.n, n_periods > 0 ? (size_t)n_periods : 0,
                                           n_states, &c.r.run, &c.err));
  calling_close(&c);
  if (c.status == FM_OK)
    return count;
  Py_XDECREF(count);
  return NULL;
}

/* given: probabilities; out: their power. Number of states. */
static PyObject *retention_transition_power(PyObject *out, PyObject *given, int n_states, int steps)
{
  calling c;
  if (calling_open(&c, given, "d", 0, 1, Py_None) != 0 || calling_out(&c, out, "d", c.in.rows) != 0)
    return NULL;
  c.n = n_states > 0 ? (size_t)n_states : 0;
  if (c.in.rows != c.n * c.n) {
    PyErr_Format(PyExc_ValueError, "probability: %zu items for %d states", c.in.rows, n_states);
    calling_close(&c);
    return NULL;
  }
  FM_CALL(c.status, c.err, fm_retention_transition_power(c.out.at[0], c.in.at[0], n_states, steps, &c.err));
  return calling_end(&c);
}

/* given: state; out: changes, entropy, turbulence, complexity, each one a person; times: periods in each state. Number
   of people. */
static PyObject *retention_sequence_figures(PyObject *out, PyObject *times, PyObject *given, int n_periods,
                                            int n_states, int threads, PyObject *progress)
{
  calling c;
  arrays in_state;
  if (calling_open(&c, given, "i", 0, threads, progress) != 0)
    return NULL;
  c.n = n_periods > 0 ? c.in.rows / (size_t)n_periods : 0;
  if (calling_out(&c, out, "iddd", c.n) != 0)
    return NULL;
  if (arrays_open(&in_state, times, "i", n_states > 0 ? (Py_ssize_t)c.n * n_states : 0, 1) != 0) {
    calling_close(&c);
    return NULL;
  }
  FM_CALL(c.status, c.err,
          fm_retention_sequence_figures(c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], in_state.at[0],
                                        c.in.at[0], c.n, n_periods > 0 ? (size_t)n_periods : 0, n_states, &c.r.run,
                                        &c.err));
  arrays_close(&in_state);
  return calling_end(&c);
}

/* given: state; out: a distance for each pair of people. Number of people. */
static PyObject *retention_sequence_distances(PyObject *out, PyObject *given, int n_periods, int n_states,
                                              PyObject *options, int threads, PyObject *progress)
{
  calling c;
  fm_retention_distance_spec spec;
  fm_retention_distance_spec_init(&spec, sizeof spec);
  if (take_whole(&spec.method, options, "method") != 0 || take_number(&spec.indel, options, "indel") != 0 ||
      take_number(&spec.substitution, options, "substitution") != 0 ||
      calling_open(&c, given, "i", 0, threads, progress) != 0)
    return NULL;
  c.n = n_periods > 0 ? c.in.rows / (size_t)n_periods : 0;
  if (calling_out(&c, out, "d", c.n > 1 ? c.n * (c.n - 1) / 2 : 0) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_retention_sequence_distances(c.out.at[0], c.in.at[0], c.n, n_periods > 0 ? (size_t)n_periods : 0,
                                          n_states, &spec, &c.r.run, &c.err));
  return calling_end(&c);
}
%}
