/* Lasting work on plain arrays. Outputs are arrays of the caller, filled in place. */
%inline %{
/* given: time, event, entry, weight; out: at risk, events, censored, survival, standard error, each max_time + 1 */
static void retention_km(PyObject *out, PyObject *given, int max_time, int threads, PyObject *progress)
{
  running r;
  arrays a, to;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "ibid", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "ddddd", (Py_ssize_t)max_time + 1, 1) == 0) {
    run_open(&r, threads, progress);
    FM_CALL(status, err, fm_retention_km(to.at[0], to.at[1], to.at[2], to.at[3], to.at[4], a.at[0], a.at[1], a.at[2],
                                         a.at[3], a.rows, max_time, &r.run, &err));
    arrays_close(&to);
  }
  arrays_close(&a);
}

/* given: time, cause, entry, weight; out: survival and its error, each max_time + 1; curves: incidence and its error,
   n_causes at each time */
static void retention_incidence(PyObject *out, PyObject *curves, PyObject *given, int n_causes, int max_time,
                                int variance, int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "ibid", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "dd", (Py_ssize_t)max_time + 1, 1) == 0) {
    if (arrays_open(&of, curves, "dd", ((Py_ssize_t)max_time + 1) * (n_causes > 0 ? n_causes : 0), 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err,
              fm_retention_incidence(to.at[0], to.at[1], of.at[0], of.at[1], a.at[0], a.at[1], a.at[2], a.at[3],
                                     a.rows, n_causes, max_time, variance, &r.run, &err));
      arrays_close(&of);
    }
    arrays_close(&to);
  }
  arrays_close(&a);
}

/* given: time, cause, entry, group, stratum; out: statistic, p-value; df: degrees of freedom, each of n_causes */
static void retention_gray(PyObject *out, PyObject *df, PyObject *given, int n_causes, int n_groups, int n_strata,
                           double rho, int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  if (arrays_open(&a, given, "ibiii", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "dd", n_causes > 0 ? n_causes : 0, 1) == 0) {
    if (arrays_open(&of, df, "i", n_causes > 0 ? n_causes : 0, 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err,
              fm_retention_gray_test(to.at[0], of.at[0], to.at[1], a.at[0], a.at[1], a.at[2], a.at[3], a.at[4], a.rows,
                                     n_causes, n_groups, n_strata, rho, &r.run, &err));
      arrays_close(&of);
    }
    arrays_close(&to);
  }
  arrays_close(&a);
}

/* given: from, to, entry, time, weight; out: probabilities, n_states squared; covariance, n_states to the fourth */
static void retention_transition(PyObject *out, PyObject *covariance, PyObject *given, int n_states, int s, int t,
                                 int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  fm_error err = FM_ERROR_INIT;
  fm_status status;
  Py_ssize_t items = n_states > 0 && n_states <= 32 ? (Py_ssize_t)n_states * n_states : 0;
  if (arrays_open(&a, given, "iiiid", -1, 0) != 0)
    return;
  if (arrays_open(&to, out, "d", items, 1) == 0) {
    if (arrays_open(&of, covariance, "d", items * items, 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err,
              fm_retention_transition_matrix(to.at[0], of.at[0], a.at[0], a.at[1], a.at[2], a.at[3], a.at[4], a.rows,
                                             n_states, s, t, &r.run, &err));
      arrays_close(&of);
    }
    arrays_close(&to);
  }
  arrays_close(&a);
}
%}

%{
/* Columns of covariates, lent; NULL when it has raised. */
typedef struct covariates {
  Py_buffer *view;
  const double **at;
  const char **names;
  size_t n;
} covariates;

static void covariates_close(covariates *c)
{
  for (size_t k = 0; k < c->n; k++)
    PyBuffer_Release(&c->view[k]);
  PyMem_Free(c->view);
  PyMem_Free(c->at);
  PyMem_Free(c->names);
}

/* Two tuples of one length; the columns have `rows` items each. */
static int covariates_open(covariates *c, PyObject *columns, PyObject *names, size_t rows)
{
  memset(c, 0, sizeof *c);
  size_t n = PyTuple_Check(columns) && PyTuple_Check(names) ? (size_t)PyTuple_GET_SIZE(columns) : 0;
  if (n == 0 || (size_t)PyTuple_GET_SIZE(names) != n) {
    PyErr_SetString(PyExc_TypeError, "covariates: expected a tuple of arrays, and one of their names");
    return -1;
  }
  c->view = PyMem_Calloc(n, sizeof *c->view);
  c->at = PyMem_Calloc(n, sizeof *c->at);
  c->names = PyMem_Calloc(n, sizeof *c->names);
  if (c->view == NULL || c->at == NULL || c->names == NULL)
    PyErr_NoMemory();
  for (size_t k = 0; k < n && PyErr_Occurred() == NULL; k++) {
    c->names[k] = text_of(PyTuple_GET_ITEM(names, (Py_ssize_t)k));
    if (c->names[k] == NULL ||
        lend(&c->view[k], PyTuple_GET_ITEM(columns, (Py_ssize_t)k), "d", 8, "float64", c->names[k]) != 0)
      break;
    c->n++;
    c->at[k] = c->view[k].buf;
    if ((size_t)c->view[k].shape[0] != rows)
      PyErr_Format(PyExc_ValueError, "%s: %zd for %zu times", c->names[k], c->view[k].shape[0], rows);
  }
  if (PyErr_Occurred() == NULL)
    return 0;
  covariates_close(c);
  return -1;
}

static PyObject *model_of(const fm_retention_cox_model *m)
{
  return Py_BuildValue("(iLLddddddddi)", (int)m->state, (long long)m->n, (long long)m->n_events, m->loglik_null,
                       m->loglik, m->likelihood_ratio, m->wald, m->score, m->score_robust, m->concordance,
                       m->concordance_error, (int)m->iterations);
}
%}

%inline %{
/* given: time, event, entry, group, stratum; out: observed, expected, score, each n_groups; covariance, n_groups
   squared. (chi-square, p-value, degrees of freedom) */
static PyObject *retention_logrank(PyObject *out, PyObject *covariance, PyObject *given, int n_groups, int n_strata,
                                   int weights, double rho, double gamma, int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  fm_logrank found;
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  Py_ssize_t items = n_groups > 0 ? n_groups : 0;
  if (arrays_open(&a, given, "ibiii", -1, 0) != 0)
    return NULL;
  if (arrays_open(&to, out, "ddd", items, 1) == 0) {
    if (arrays_open(&of, covariance, "d", items * items, 1) == 0) {
      run_open(&r, threads, progress);
      FM_CALL(status, err,
              fm_retention_logrank_arrays(&found, to.at[0], to.at[1], to.at[2], of.at[0], a.at[0], a.at[1], a.at[3],
                                          (size_t)items, a.at[2], a.at[4], n_strata > 0 ? (size_t)n_strata : 0, a.rows,
                                          weights, rho, gamma, &r.run, &err));
      arrays_close(&of);
    }
    arrays_close(&to);
  }
  arrays_close(&a);
  return status == FM_OK ? Py_BuildValue("(ddi)", found.chi_square, found.p_value, (int)found.df) : NULL;
}

/* given: time, event, entry, weight, stratum, cluster; columns and names: tuples of covariates; out: coefficients and
   errors, one a covariate; variance, their number squared. (state, n, events, ...) as model_of */
static PyObject *retention_cox(PyObject *out, PyObject *variance, PyObject *given, PyObject *columns, PyObject *names,
                               int n_strata, int n_clusters, PyObject *options, int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  covariates x;
  fm_retention_cox_spec spec;
  fm_retention_cox_model model = {.struct_size = sizeof model};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  fm_retention_cox_spec_init(&spec, sizeof spec);
  if (take_whole(&spec.ties, options, "ties") != 0 || take_whole(&spec.weights, options, "weights") != 0 ||
      take_whole(&spec.robust, options, "robust") != 0 || take_whole(&spec.concordance, options, "concordance") != 0 ||
      arrays_open(&a, given, "ibidii", -1, 0) != 0)
    return NULL;
  if (covariates_open(&x, columns, names, a.rows) == 0) {
    Py_ssize_t k = (Py_ssize_t)x.n;
    if (arrays_open(&to, out, "dd", k, 1) == 0) {
      if (arrays_open(&of, variance, "d", k * k, 1) == 0) {
        fm_retention_cox_rows rows = {sizeof rows, a.rows, x.n, (size_t)n_strata, (size_t)n_clusters, a.at[0], a.at[2],
                                      a.at[1], x.at, x.names, a.at[3], a.at[4], a.at[5]};
        run_open(&r, threads, progress);
        FM_CALL(status, err,
                fm_retention_cox_fit(&model, to.at[0], to.at[1], of.at[0], &rows, &spec, &r.run, &err));
        arrays_close(&of);
      }
      arrays_close(&to);
    }
    covariates_close(&x);
  }
  arrays_close(&a);
  return status == FM_OK ? model_of(&model) : NULL;
}

/* given: time, cause, weight, stratum, cluster, group of censoring; columns and names: tuples of covariates; out:
   coefficients, one a covariate; variance, their number squared. (state, n, events, ...) as model_of */
static PyObject *retention_fine_gray(PyObject *out, PyObject *variance, PyObject *given, PyObject *columns,
                                     PyObject *names, int n_strata, int n_clusters, int n_groups, int weights,
                                     int threads, PyObject *progress)
{
  running r;
  arrays a, to, of;
  covariates x;
  fm_retention_fine_gray_spec spec;
  fm_retention_cox_model model = {.struct_size = sizeof model};
  fm_error err = FM_ERROR_INIT;
  fm_status status = FM_ERR_ARGUMENT;
  fm_retention_fine_gray_spec_init(&spec, sizeof spec);
  spec.weights = weights;
  if (arrays_open(&a, given, "ibdiii", -1, 0) != 0)
    return NULL;
  if (covariates_open(&x, columns, names, a.rows) == 0) {
    Py_ssize_t k = (Py_ssize_t)x.n;
    if (arrays_open(&to, out, "d", k, 1) == 0) {
      if (arrays_open(&of, variance, "d", k * k, 1) == 0) {
        fm_retention_fine_gray_rows rows = {sizeof rows, a.rows, x.n, (size_t)n_strata, (size_t)n_clusters,
                                            (size_t)n_groups, a.at[0], a.at[1], x.at, x.names, a.at[2], a.at[3],
                                            a.at[4], a.at[5]};
        run_open(&r, threads, progress);
        FM_CALL(status, err,
                fm_retention_fine_gray_fit(&model, to.at[0], of.at[0], &rows, &spec, &r.run, &err));
        arrays_close(&of);
      }
      arrays_close(&to);
    }
    covariates_close(&x);
  }
  arrays_close(&a);
  return status == FM_OK ? model_of(&model) : NULL;
}
%}
