/* Spells on arrays of 32-bit numbers; outputs are arrays of the caller, filled in place. */
%{
/* Rows of spells: person, start, end, state. */
static int spells_open(arrays *a, PyObject *given)
{
  return arrays_open(a, given, "iiii", -1, 0);
}

/* A list of states that count, or None. */
static int states_open(arrays *a, PyObject *states)
{
  PyObject *tuple = PyTuple_Pack(1, states);
  int failed = tuple == NULL || arrays_open(a, tuple, "i", -1, 0) != 0;
  Py_XDECREF(tuple);
  return failed;
}

/* Numbers of outputs, or NULL when the call has raised. */
static PyObject *count_of(fm_status status, size_t n)
{
  return status == FM_OK ? PyLong_FromSize_t(n) : NULL;
}
%}

%inline %{
/* given: start, end, which become half-open; out: verdict. Number of spells. */
static PyObject *spell_from_closed(PyObject *given, PyObject *out, int as_of)
{
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (arrays_open(&a, given, "ii", -1, 1) != 0)
    return NULL;
  if (arrays_open(&to, out, "b", (Py_ssize_t)a.rows, 1) == 0) {
    FM_CALL(status, err, fm_spell_from_closed(a.at[0], a.at[1], to.at[0], &n, a.rows, as_of, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* In place. */
static void spell_sort(PyObject *given, int threads, PyObject *progress)
{
  running r;
  arrays a;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "iiii", -1, 1) != 0)
    return;
  run_open(&r, threads, progress);
  FM_CALL(status, err, fm_spell_sort(a.at[0], a.at[1], a.at[2], a.at[3], a.rows, &r.run, &err));
  arrays_close(&a);
}

/* out: one array of six numbers an episode: person, start, end, covered days, spells, undetermined */
static PyObject *spell_join(PyObject *out, PyObject *given, int gap_days, int as_of, int threads, PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "i", (Py_ssize_t)a.rows * 6, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_join(&n, to.at[0], a.at[0], a.at[1], a.at[2], a.rows, gap_days, as_of, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* asked: person, day; out: answer and, with states, the state */
static void spell_status(PyObject *out, PyObject *asked, PyObject *given, int gap_days, int as_of, int threads,
                         PyObject *progress)
{
  running r;
  arrays a, q, to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (spells_open(&a, given) != 0)
    return;
  if (arrays_open(&q, asked, "ii", -1, 0) == 0) {
    if (arrays_open(&to, out, "bi", (Py_ssize_t)q.rows, 1) == 0) {
      run_open(&r, threads, progress);
      if (to.at[1] != NULL)
        FM_CALL(status, err, fm_spell_state_on(to.at[0], to.at[1], q.at[0], q.at[1], q.rows, a.at[0], a.at[1],
                                               a.at[2], a.at[3], a.rows, as_of, &r.run, &err));
      else
        FM_CALL(status, err, fm_spell_status(to.at[0], q.at[0], q.at[1], q.rows, a.at[0], a.at[1], a.at[2], a.rows,
                                             gap_days, as_of, &r.run, &err));
      arrays_close(&to);
    }
    arrays_close(&q);
  }
  arrays_close(&a);
}

/* asked: person, from, to; out: days, days not seen yet */
static void spell_days_in(PyObject *out, PyObject *asked, PyObject *given, PyObject *states, int as_of, int threads,
                          PyObject *progress)
{
  running r;
  arrays a, q, to, s;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (states_open(&s, states) != 0)
    return;
  if (spells_open(&a, given) == 0) {
    if (arrays_open(&q, asked, "iii", -1, 0) == 0) {
      if (arrays_open(&to, out, "ii", (Py_ssize_t)q.rows, 1) == 0) {
        run_open(&r, threads, progress);
        FM_CALL(status, err, fm_spell_days_in(to.at[0], to.at[1], q.at[0], q.at[1], q.at[2], q.rows, a.at[0], a.at[1],
                                              a.at[2], a.at[3], a.rows, s.at[0], s.rows, as_of, &r.run, &err));
        arrays_close(&to);
      }
      arrays_close(&q);
    }
    arrays_close(&a);
  }
  arrays_close(&s);
}

/* out: persons, first day, answer, counts in the rate. Number of people. */
static PyObject *spell_milestone(PyObject *out, PyObject *given, int gap_days, int clock, int after, int as_of,
                                 int threads, PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_spell_milestone_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  fm_spell_milestone_spec_init(&spec, sizeof spec);
  spec.as_of = as_of;
  spec.gap_days = gap_days;
  spec.clock = clock;
  spec.after = after;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "iibb", (Py_ssize_t)a.rows, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_milestone(&n, NULL, to.at[0], to.at[1], to.at[2], to.at[3], a.at[0], a.at[1],
                                            a.at[2], a.rows, &spec, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* out: persons, answer for the first episode and its day, answer for any and its day. Number of people. */
static PyObject *spell_sustained(PyObject *out, PyObject *given, int weeks, int gap_days, int as_of, int threads,
                                 PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "ibibi", (Py_ssize_t)a.rows, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_sustained(&n, to.at[0], to.at[1], to.at[2], to.at[3], to.at[4], a.at[0], a.at[1],
                                            a.at[2], a.rows, weeks, gap_days, as_of, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* out: persons, days, reason. Number of records. The fourth array of given is a label. */
static PyObject *spell_survival(PyObject *out, PyObject *given, int gap_days, int as_of, int threads,
                                PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "iib", (Py_ssize_t)a.rows, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_survival(&n, to.at[0], to.at[1], to.at[2], a.at[0], a.at[1], a.at[2], a.at[3],
                                           a.rows, gap_days, as_of, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* out: person, start, end, state with room for twice the rows. Number of spells. */
static PyObject *spell_resolve(PyObject *out, PyObject *given, PyObject *ranking, int policy, int gap_days, int as_of,
                               int threads, PyObject *progress)
{
  running r;
  arrays a, to, s;
  size_t n = 0;
  fm_spell_resolve_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (states_open(&s, ranking) != 0)
    return NULL;
  fm_spell_resolve_spec_init(&spec, sizeof spec);
  spec.policy = policy;
  spec.gap_days = gap_days;
  spec.as_of = as_of;
  spec.ranking = s.at[0];
  spec.n_ranking = s.rows;
  if (spells_open(&a, given) == 0) {
    if (arrays_open(&to, out, "iiii", (Py_ssize_t)a.rows * 2, 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err, fm_spell_resolve(&n, to.at[0], to.at[1], to.at[2], to.at[3], a.at[0], a.at[1], a.at[2],
                                            a.at[3], a.rows, &spec, &r.run, &err));
      arrays_close(&to);
    }
    arrays_close(&a);
  }
  arrays_close(&s);
  return count_of(status, n);
}

/* out: person, day, from, to with room for twice the rows. Number of changes. */
static PyObject *spell_transitions(PyObject *out, PyObject *given, int gap_days, int as_of, int threads,
                                   PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "iiii", (Py_ssize_t)a.rows * 2, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_transitions(&n, to.at[0], to.at[1], to.at[2], to.at[3], a.at[0], a.at[1], a.at[2],
                                              a.at[3], a.rows, gap_days, as_of, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* out: person, state, days, spells, open. Number of them. */
static PyObject *spell_totals(PyObject *out, PyObject *given, int as_of, int threads, PyObject *progress)
{
  running r;
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (spells_open(&a, given) != 0)
    return NULL;
  if (arrays_open(&to, out, "iiiii", (Py_ssize_t)a.rows, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_spell_totals(&n, to.at[0], to.at[1], to.at[2], to.at[3], to.at[4], a.at[0], a.at[1],
                                         a.at[2], a.at[3], a.rows, as_of, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}

/* out: person, period, state, days, unseen, each of `room`; None: only count. Number of rows. */
static PyObject *spell_periods(PyObject *out, int room, PyObject *given, PyObject *states, int clock, int by_state,
                               int from_day, int to_day, int as_of, int threads, PyObject *progress)
{
  running r;
  arrays a, to, s;
  size_t n = 0;
  fm_spell_periods_spec spec;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (states_open(&s, states) != 0)
    return NULL;
  fm_spell_periods_spec_init(&spec, sizeof spec);
  spec.clock = clock;
  spec.as_of = as_of;
  spec.from = from_day;
  spec.to = to_day;
  spec.by_state = by_state;
  spec.states = s.at[0];
  spec.n_states = s.rows;
  if (spells_open(&a, given) == 0) {
    if (arrays_open(&to, out, "iiiii", room, 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err, fm_spell_periods(&n, to.at[0], to.at[1], to.at[2], to.at[3], to.at[4], a.at[0], a.at[1],
                                            a.at[2], a.at[3], a.rows, &spec, &r.run, &err));
      arrays_close(&to);
    }
    arrays_close(&a);
  }
  arrays_close(&s);
  return count_of(status, n);
}

/* given: codes; out: starts. Number of runs. */
static PyObject *spell_runs(PyObject *out, PyObject *given)
{
  arrays a, to;
  size_t n = 0;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  if (arrays_open(&a, given, "h", -1, 0) != 0)
    return NULL;
  if (arrays_open(&to, out, "i", (Py_ssize_t)a.rows, 1) == 0) {
    FM_CALL(status, err, fm_spell_runs(&n, to.at[0], a.at[0], a.rows, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
  return count_of(status, n);
}
%}
