/* Control charts of plain arrays. */
%inline %{
/* given: values; out: centre, lower, upper, mean moving range, its limit, exact lower, exact upper, n, ranges, screened.
   chart: FM_TARGET_XMR or FM_TARGET_C. */
static PyObject *target_limits(PyObject *out, PyObject *given, int chart, int screened)
{
  calling c;
  fm_target_limits l = {.struct_size = sizeof l};
  if (calling_open(&c, given, "d", 0, 1, Py_None) != 0 || calling_out(&c, out, "d", 10) != 0)
    return NULL;
  c.n = c.in.rows;
  FM_CALL(c.status, c.err,
          chart == FM_TARGET_C ? fm_target_c_limits(&l, c.in.at[0], c.n, &c.err)
                               : fm_target_xmr_limits(&l, c.in.at[0], c.n, screened, &c.err));
  const double made[] = {l.centre,      l.lower,       l.upper,     l.mean_moving_range,  l.moving_range_limit,
                         l.exact_lower, l.exact_upper, (double)l.n, (double)l.n_ranges, (double)l.n_screened};
  if (c.status == FM_OK)
    memcpy(c.out.at[0], made, sizeof made);
  return calling_end(&c);
}

/* given: counts, exposures; out: lower, upper. The centre. */
static PyObject *target_u_limits(PyObject *out, PyObject *given, int exact)
{
  calling c;
  double centre = 0;
  if (calling_open(&c, given, "dd", 0, 1, Py_None) != 0 || calling_out(&c, out, "dd", c.in.rows) != 0)
    return NULL;
  FM_CALL(c.status, c.err,
          fm_target_u_limits(&centre, c.out.at[0], c.out.at[1], c.in.at[0], c.in.at[1], c.in.rows, exact, &c.err));
  calling_close(&c);
  return c.status == FM_OK ? PyFloat_FromDouble(centre) : NULL;
}

/* given: values, centre, lower, upper; out: signals. */
static PyObject *target_signals(PyObject *out, PyObject *given, int run, int trend, int near_limit, int near_of)
{
  calling c;
  fm_target_signal_rules rules = {sizeof rules, run, trend, near_limit, near_of};
  if (calling_open(&c, given, "dddd", 0, 1, Py_None) != 0 || calling_out(&c, out, "i", c.in.rows) != 0)
    return NULL;
  c.n = c.in.rows;
  FM_CALL(c.status, c.err, fm_target_signals(c.out.at[0], c.in.at[0], c.in.at[1], c.in.at[2], c.in.at[3], c.n, &rules,
                                             &c.err));
  return calling_end(&c);
}
%}
