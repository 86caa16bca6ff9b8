/* Spells on arrays of 32-bit numbers; outputs are arrays of the caller, filled in place. */
%{
/* Rows of spells: person, start, end, state. */
static int spells_open(calling *c, PyObject *given, int threads, PyObject *progress)
{
  return calling_open(c, given, "iiii", 0, threads, progress);
}

/* A list of states that count, or None. */
static int states_open(calling *c, PyObject *states)
{
  PyObject *tuple = PyTuple_Pack(1, states);
  int failed = tuple == NULL ? -1 : calling_more(c, tuple, "i");
  if (tuple == NULL)
    calling_close(c);
  Py_XDECREF(tuple);
  return failed;
}
%}

%inline %{
/* given: start, end, which become half-open; out: verdict. Number of spells. */
static PyObject *spell_from_closed(PyObject *given, PyObject *out, int as_of)
{
  calling c;
  if (calling_open(&c, given, "ii", 1, 1, Py_None) != 0 || calling_out(&c, out, "b", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_from_closed(c.in.at[0], c.in.at[1], c.out.at[0], &c.n, c.in.rows, as_of, &c.err));
  return calling_end(&c);
}

/* In place. */
static PyObject *spell_sort(PyObject *given, int threads, PyObject *progress)
{
  calling c;
  if (calling_open(&c, given, "iiii", 1, threads, progress) != 0)
    return NULL;
  c.n = c.in.rows;
  FM_CALL(c.status, c.err,
          fm_spell_sort(c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, &c.r.run, &c.err));
  return calling_end(&c);
}

/* In place. Number of spells kept. */
static PyObject *spell_same_label(PyObject *given, int as_of, int threads, PyObject *progress)
{
  calling c;
  if (calling_open(&c, given, "iiii", 1, threads, progress) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_same_label(&c.n, c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, as_of,
                                               &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: one array of six numbers an episode: person, start, end, covered days, spells, undetermined */
static PyObject *spell_join(PyObject *out, PyObject *given, int gap_days, int as_of, int threads, PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "i", c.in.rows * 6) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_join(&c.n, c.out.at[0], c.in.at[0], c.in.at[1], c.in.at[2], c.in.rows, gap_days,
                                         as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: one array of eight numbers a person: person, first start, last end, spells, overlaps, gaps, days in gaps, days
   covered */
static PyObject *spell_summarise(PyObject *out, PyObject *given, int as_of, int threads, PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "i", c.in.rows * 8) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_summarise(&c.n, c.out.at[0], c.in.at[0], c.in.at[1], c.in.at[2], c.in.rows, as_of,
                                              &c.r.run, &c.err));
  return calling_end(&c);
}

/* asked: person, day; out: answer and, with states, the state. Number of answers. */
static PyObject *spell_status(PyObject *out, PyObject *asked, PyObject *given, int gap_days, int as_of, int threads,
                              PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_more(&c, asked, "ii") != 0 ||
      calling_out(&c, out, "bi", c.more.rows) != 0)
    return NULL;
  c.n = c.more.rows;
  if (c.out.at[1] != NULL)
    FM_CALL(c.status, c.err, fm_spell_state_on(c.out.at[0], c.out.at[1], c.more.at[0], c.more.at[1], c.n, c.in.at[0],
                                               c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, as_of, &c.r.run,
                                               &c.err));
  else
    FM_CALL(c.status, c.err, fm_spell_status(c.out.at[0], c.more.at[0], c.more.at[1], c.n, c.in.at[0], c.in.at[1],
                                             c.in.at[2], c.in.rows, gap_days, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* asked: person, from, to; out: days, days not seen yet; states: one array or None. Number of answers. */
static PyObject *spell_days_in(PyObject *out, PyObject *asked, PyObject *given, PyObject *states, int as_of,
                               int threads, PyObject *progress)
{
  calling c;
  arrays q;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, states) != 0)
    return NULL;
  if (arrays_open(&q, asked, "iii", -1, 0) != 0) {
    calling_close(&c);
    return NULL;
  }
  if (calling_out(&c, out, "ii", q.rows) != 0) {
    arrays_close(&q);
    return NULL;
  }
  c.n = q.rows;
  FM_CALL(c.status, c.err,
          fm_spell_days_in(c.out.at[0], c.out.at[1], q.at[0], q.at[1], q.at[2], q.rows, c.in.at[0], c.in.at[1],
                           c.in.at[2], c.in.at[3], c.in.rows, c.more.at[0], c.more.rows, as_of, &c.r.run, &c.err));
  arrays_close(&q);
  return calling_end(&c);
}

/* out: persons, first day, answer, counts in the rate. Number of people. */
static PyObject *spell_milestone(PyObject *out, PyObject *given, int gap_days, int clock, int after, int as_of,
                                 int threads, PyObject *progress)
{
  calling c;
  fm_spell_milestone_spec spec;
  fm_spell_milestone_spec_init(&spec, sizeof spec);
  spec.as_of = as_of;
  spec.gap_days = gap_days;
  spec.clock = clock;
  spec.after = after;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "iibb", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_milestone(&c.n, NULL, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.in.at[0], c.in.at[1],
                             c.in.at[2], c.in.rows, &spec, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: persons, target day, answer, counts in the rate. Number of people. */
static PyObject *spell_retained(PyObject *out, PyObject *given, int months, int gap_days, int as_of, int threads,
                                PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "iibb", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_retained(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.in.at[0], c.in.at[1],
                            c.in.at[2], c.in.rows, months, gap_days, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: persons, answer for the first episode and its day, answer for any and its day. Number of people. */
static PyObject *spell_sustained(PyObject *out, PyObject *given, int weeks, int gap_days, int as_of, int threads,
                                 PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "ibibi", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_sustained(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.out.at[4], c.in.at[0],
                             c.in.at[1], c.in.at[2], c.in.rows, weeks, gap_days, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: persons, reached, day, longest. Number of people. */
static PyObject *spell_weeks(PyObject *out, PyObject *given, PyObject *states, int n_weeks, int least_days, int as_of,
                             int threads, PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, states) != 0 ||
      calling_out(&c, out, "iiii", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_weeks(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.in.at[0], c.in.at[1], c.in.at[2],
                         c.in.at[3], c.in.rows, c.more.at[0], c.more.rows, n_weeks, least_days, as_of, &c.r.run,
                         &c.err));
  return calling_end(&c);
}

/* out: persons, days, reason. Number of records. The fourth array of given is a label. */
static PyObject *spell_survival(PyObject *out, PyObject *given, int gap_days, int as_of, int threads,
                                PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "iib", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_survival(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.in.at[0], c.in.at[1], c.in.at[2],
                            c.in.at[3], c.in.rows, gap_days, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: person, start, end, state with room for twice the rows. Number of spells. */
static PyObject *spell_resolve(PyObject *out, PyObject *given, PyObject *ranking, int policy, int gap_days, int as_of,
                               int threads, PyObject *progress)
{
  calling c;
  fm_spell_resolve_spec spec;
  fm_spell_resolve_spec_init(&spec, sizeof spec);
  spec.policy = policy;
  spec.gap_days = gap_days;
  spec.as_of = as_of;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, ranking) != 0 ||
      calling_out(&c, out, "iiii", c.in.rows * 2) != 0)
    return NULL;
  spec.ranking = c.more.at[0];
  spec.n_ranking = c.more.rows;
  FM_CALL(c.status, c.err,
          fm_spell_resolve(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.in.at[0], c.in.at[1],
                           c.in.at[2], c.in.at[3], c.in.rows, &spec, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: person, day, from, to with room for twice the rows. Number of changes. */
static PyObject *spell_transitions(PyObject *out, PyObject *given, int gap_days, int as_of, int threads,
                                   PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "iiii", c.in.rows * 2) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_transitions(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.in.at[0], c.in.at[1],
                               c.in.at[2], c.in.at[3], c.in.rows, gap_days, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: rows. Number of them. */
static PyObject *spell_pick(PyObject *out, PyObject *given, PyObject *states, int which, int as_of, int threads,
                            PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, states) != 0 ||
      calling_out(&c, out, "i", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_pick(&c.n, c.out.at[0], c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows,
                                         c.more.at[0], c.more.rows, which, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: person, state, days, spells, open. Number of them. */
static PyObject *spell_totals(PyObject *out, PyObject *given, int as_of, int threads, PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || calling_out(&c, out, "iiiii", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_totals(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.out.at[4], c.in.at[0],
                          c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: row, start, end, each of `room`; None: only count. days: one array to cut at, or None. Number of pieces. */
static PyObject *spell_split(PyObject *out, int room, PyObject *given, PyObject *days, int clock, int as_of,
                             int threads, PyObject *progress)
{
  calling c;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, days) != 0 ||
      calling_out(&c, out, "iii", room > 0 ? (size_t)room : 0) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_spell_split(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.in.at[0], c.in.at[1], c.in.at[2], c.in.rows,
                         clock, c.more.at[0], c.more.rows, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* out: person, period, state, days, unseen, each of `room`; None: only count. Number of rows. */
static PyObject *spell_periods(PyObject *out, int room, PyObject *given, PyObject *states, int clock, int by_state,
                               int from_day, int to_day, int as_of, int threads, PyObject *progress)
{
  calling c;
  fm_spell_periods_spec spec;
  fm_spell_periods_spec_init(&spec, sizeof spec);
  spec.clock = clock;
  spec.as_of = as_of;
  spec.from = from_day;
  spec.to = to_day;
  spec.by_state = by_state;
  if (spells_open(&c, given, threads, progress) != 0 || states_open(&c, states) != 0 ||
      calling_out(&c, out, "iiiii", room > 0 ? (size_t)room : 0) != 0)
    return NULL;
  spec.states = c.more.at[0];
  spec.n_states = c.more.rows;
  FM_CALL(c.status, c.err,
          fm_spell_periods(&c.n, c.out.at[0], c.out.at[1], c.out.at[2], c.out.at[3], c.out.at[4], c.in.at[0],
                           c.in.at[1], c.in.at[2], c.in.at[3], c.in.rows, &spec, &c.r.run, &c.err));
  return calling_end(&c);
}

/* given: days; out: first day of the period of each, first day after it. Number of days. */
static PyObject *spell_period(PyObject *out, PyObject *given, int clock)
{
  calling c;
  if (calling_open(&c, given, "i", 0, 1, Py_None) != 0 || calling_out(&c, out, "ii", c.in.rows) != 0)
    return NULL;
  const int32_t *day = c.in.at[0];
  int32_t *start = c.out.at[0], *end = c.out.at[1];
  for (c.n = 0; c.n < c.in.rows; c.n++) {
    start[c.n] = fm_spell_period_start(day[c.n], clock);
    end[c.n] = fm_spell_period_end(day[c.n], clock);
  }
  c.status = FM_OK;
  return calling_end(&c);
}

/* given: person, start, end, hours before; out: person, day reached, ever, now, one array of four numbers each. Number
   of people. */
static PyObject *spell_long_term(PyObject *out, PyObject *given, PyObject *options, int as_of, int threads,
                                 PyObject *progress)
{
  calling c;
  fm_spell_long_term_spec spec;
  fm_spell_long_term_spec_init(&spec, sizeof spec);
  if (take_number(&spec.max_gap_hours, options, "max_gap_hours") != 0 ||
      take_number(&spec.share, options, "share") != 0 || take_whole(&spec.min_days, options, "min_days") != 0 ||
      take_whole(&spec.max_gap_days, options, "max_gap_days") != 0 ||
      take_whole(&spec.gap_counts, options, "gap_counts") != 0 ||
      take_whole(&spec.window_days, options, "window_days") != 0 ||
      calling_open(&c, given, "iiid", 0, threads, progress) != 0 || calling_out(&c, out, "i", c.in.rows * 4) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_long_term(&c.n, c.out.at[0], c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3],
                                              c.in.rows, &spec, as_of, &c.r.run, &c.err));
  return calling_end(&c);
}

/* given: codes; out: starts. Number of runs. */
static PyObject *spell_runs(PyObject *out, PyObject *given)
{
  calling c;
  if (calling_open(&c, given, "h", 0, 1, Py_None) != 0 || calling_out(&c, out, "i", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err, fm_spell_runs(&c.n, c.out.at[0], c.in.at[0], c.in.rows, &c.err));
  return calling_end(&c);
}
%}
